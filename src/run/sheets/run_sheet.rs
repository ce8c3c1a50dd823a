//! The run sheet: what went in, under which rules and code sets, and that nothing was lost.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    ingest::run_sheet::{by_input, of_all_inputs},
    plan::Plan,
    record::account::counted,
    run::{
        desks,
        results::{CodeSetAccount, EncounterAccount, RunResults},
    },
    store::audit_log::AuditHead,
    tracking::account::CHANGED,
};

/// The sheet.
pub fn sheet(plan: &Plan, results: &RunResults) -> Sheet {
    Sheet {
        name: "Run",
        title: "Run sheet".to_owned(),
        summary: "Inputs with their digests, conservation of rows and encounters, versions of rules and code sets",
        notes: Vec::new(),
        tables: vec![
            facts(plan, results),
            by_input(&results.inputs),
            of_all_inputs(&results.totals),
            encounters(&results.encounters),
            code_sets(&results.code_sets),
        ],
    }
}

/// That the records at rest were not examined, but counted from what the nights left.
fn counted_from_nights(results: &RunResults) -> String {
    let night = &results.desks.night;
    match night.examined == CHANGED {
        true => format!(
            "; counted from what the nights left, {} were examined",
            counted(night.records_examined, "open record")
        ),
        false => String::new(),
    }
}

fn facts(plan: &Plan, results: &RunResults) -> Table {
    let fact = |name: &str, value: &str| vec![CellValue::text(name), CellValue::text(value)];
    let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let mut rows = vec![
        fact("Run", &results.run_id),
        fact("chartroom", &results.chartroom_version),
        fact("Business date", &results.business_date),
        fact("Period", &or_none(&results.period)),
    ];
    rows.extend(desks::facts(plan, &results.desks).iter().map(|(name, value)| fact(name, value)));
    if !results.records_of.is_empty() && results.records_of != results.pipeline {
        rows.push(fact(
            "Records",
            &format!(
                "from the store, as `{}` took them; no export was read{}",
                results.records_of,
                counted_from_nights(results)
            ),
        ));
    }
    if let Some(AuditHead { number, sha256 }) = &results.audit_log {
        rows.push(fact("Audit log before the run, entries", &number.to_string()));
        rows.push(fact("Audit log before the run, head", sha256));
    }
    for (name, digest) in &plan.sources {
        rows.push(fact(&format!("SHA-256 of {name}"), digest));
    }
    Table {
        name: "run".to_owned(),
        caption: "Run".to_owned(),
        columns: vec![column("Fact", 34), column("Value", 70)],
        rows,
        chart: None,
    }
}

fn encounters(encounters: &EncounterAccount) -> Table {
    let rows = [
        ("accepted", encounters.accepted),
        ("superseded by a newer version", encounters.superseded),
        ("withdrawn", encounters.withdrawn),
        ("excluded by choice", encounters.excluded),
        ("examined", encounters.examined),
        ("in the statistics", encounters.in_statistics),
        ("rejected by a fatal finding", encounters.rejected),
        ("discharged outside the period", encounters.outside_period),
        ("without a readable discharge date", encounters.undated),
        ("undecided between versions", encounters.undecided),
    ];
    Table {
        name: "encounters".to_owned(),
        caption: "Encounters and where they went".to_owned(),
        columns: vec![column("Encounters", 34), column("Count", 12)],
        rows: rows.into_iter().map(|(name, count)| vec![CellValue::text(name), CellValue::Count(count)]).collect(),
        chart: None,
    }
}

fn code_sets(sets: &[CodeSetAccount]) -> Table {
    Table {
        name: "code_sets".to_owned(),
        caption: "Code sets".to_owned(),
        columns: vec![column("Table", 34), column("Release", 70), column("SHA-256", 67)],
        rows: sets
            .iter()
            .map(|set| vec![CellValue::text(&*set.name), CellValue::text(&*set.release), CellValue::code(&*set.sha256)])
            .collect(),
        chart: None,
    }
}
