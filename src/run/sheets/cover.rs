//! The cover: whose figures these are, of which period and edition, whom to ask, and what is to be known before they are read.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    plan::Plan,
    run::{
        results::{EncounterAccount, RunResults},
        unusable_inputs::why_not_whole,
    },
};

/// The hospital or programme, as the pipeline names it.
pub fn hospital(plan: &Plan) -> &str {
    let (own, of_archive) = (plan.statistics.hospital.as_str(), plan.archive.source_organization.as_str());
    if own.is_empty() { of_archive } else { own }
}

/// The sheet.
///
/// `has_board`: an inpatient was discharged, so that there are measures.
pub fn sheet(plan: &Plan, results: &RunResults, has_board: bool) -> Sheet {
    let period = if results.period.is_empty() { "all discharges of the inputs" } else { results.period.as_str() };
    let mut rows: Vec<Vec<CellValue>> = Vec::new();
    let mut say = |what: &str, text: &str| {
        if !text.is_empty() {
            rows.push(vec![CellValue::text(what), CellValue::text(text)]);
        }
    };
    say("Hospital", hospital(plan));
    say("Period", period);
    say("As of", &results.business_date);
    say(
        "Edition",
        "internal: it has small cells from which a patient could be known. Not for release outside the hospital",
    );
    say("Contact", &plan.statistics.contact);
    say(
        "What is new",
        if results.restates.is_empty() { "nothing published before is restated" } else { &results.restates },
    );
    let not_whole = why_not_whole(results.inputs.iter());
    if !not_whole.is_empty() {
        say("Not whole", &format!("{not_whole}. The figures are of what came and could be used"));
    }
    say("Undecided discharges", &undecided(&results.encounters));
    let differing: Vec<&str> = results
        .desks
        .reconciliations
        .iter()
        .filter(|own| own.agrees == Some(false))
        .map(|own| own.what.as_str())
        .collect();
    if !differing.is_empty() {
        say("Does not reconcile", &format!("{}: see the sheet Reconciliation", differing.join(", ")));
    }
    if !has_board {
        say(
            "Measures",
            "none, because no discharge is of an inpatient: map the classes of the export to inpatient (`values` of encounter_class in its layout)",
        );
    }
    say(
        "Symbols",
        "[x] not available, because what it is counted from is not held; [z] not applicable, because there are no cases",
    );
    Sheet {
        name: "Cover",
        title: plan.title.clone(),
        summary: "Period, edition, contact, and what is to be known before the figures are read",
        notes: Vec::new(),
        tables: vec![Table {
            name: "cover".to_owned(),
            caption: "About these figures".to_owned(),
            columns: vec![column("What", 22), column("In words", 60)],
            rows,
            chart: None,
        }],
    }
}

/// How many discharges are in no figure because nothing says which of their versions is the newest.
fn undecided(encounters: &EncounterAccount) -> String {
    let (discharges, records) = (encounters.undecided_discharges, encounters.undecided);
    match discharges {
        0 => "0".to_owned(),
        _ => format!(
            "{discharges}. They are in no figure: each number stands on several records with other content, {records} together, and nothing says which is the newest (superseded.csv)"
        ),
    }
}
