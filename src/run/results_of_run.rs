//! The results of a run, put together of what the desks came to.

use std::path::PathBuf;

use crate::{
    codeset::{provenance::shipped_tables, release::exempt},
    coding::{
        account::CodeAccount,
        comorbidity::{account::without_exempt_list, provenance::provenance},
    },
    deficiency::account::DeficiencyAccount,
    edits::{
        account::{acceptances::acceptance_accounts, not_asked::not_asked, rules::rule_accounts, trends::TrendAccount},
        conditions::Counted,
        engine::ActiveRules,
    },
    examination::outcome::{Outcome, stray_place},
    ingest::account::Totals,
    plan::{FeedPlan, Plan},
    record::{account::InputAccount, field::Table},
    run::{
        conformity,
        given::Given,
        outputs::{self, Outputs},
        results::{CodeSetAccount, EncounterAccount, RunResults, SCHEMA_VERSION},
    },
};

/// Folders that patterns of files match, each with its feed.
fn folders_not_read(plan: &Plan) -> Vec<String> {
    let name =
        |folder: &PathBuf| folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let of_feed = |feed: &FeedPlan| {
        feed.folders.iter().map(|folder| format!("{}: {}", feed.name, name(folder))).collect::<Vec<_>>()
    };
    plan.feeds.iter().flat_map(of_feed).collect()
}

/// The results but for outputs, values, deficiencies and trends, which are known later.
pub fn results_of(
    plan: &Plan,
    given: &Given<'_>,
    inputs: &[InputAccount],
    total: &Outcome,
    (rules, counted): (&ActiveRules, &[Counted]),
    outputs: &Outputs,
    patients: u64,
) -> RunResults {
    let places = total.tally.places();
    let accepted =
        inputs.iter().filter(|input| input.table == Some(Table::Encounters)).map(|input| input.accepted).sum();
    let inputs_unusable = inputs.iter().any(|input| !input.fault.is_empty());
    let business_date = given.business_date.to_string();
    let strays = |table| stray_place(table).map_or(0, |place| total.orphans[place]);
    RunResults {
        schema_version: SCHEMA_VERSION,
        chartroom_version: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: outputs::run_id(plan, inputs, &business_date),
        pipeline: plan.title.clone(),
        pipeline_sha256: plan.sources.first().map(|(_, digest)| digest.clone()).unwrap_or_default(),
        business_date,
        period: plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default(),
        source_organization: plan.archive.source_organization.clone(),
        inputs: inputs.to_vec(),
        folders_not_read: folders_not_read(plan),
        totals: Totals::of(inputs),
        encounters: EncounterAccount {
            accepted,
            superseded: 0,
            withdrawn: 0,
            excluded: total.excluded,
            examined: total.examined,
            in_statistics: places.in_statistics,
            rejected: places.rejected,
            outside_period: places.outside_period,
            undated: places.undated,
            undecided: places.undecided,
            undecided_discharges: total.undecided_discharges,
            diagnoses: total.children[0],
            procedures: total.children[1],
            documents: total.children[2],
            patients,
            without_encounter: total.orphans.iter().sum(),
        },
        findings: outputs.finding_counts(),
        rules: rule_accounts(rules, &total.scorecard, inputs_unusable),
        conformity: conformity::conformity(plan, inputs, total, counted, given.business_date),
        file_findings: Vec::new(),
        acceptances: acceptance_accounts(&plan.edits.acceptances, &outputs.taken, given.business_date),
        not_asked: not_asked(inputs, rules, &total.scorecard, &strays),
        unmet_settings: conformity::unmet_settings(plan, total, rules),
        codes: CodeAccount::of(&total.codes),
        without_exempt_list: without_exempt_list(&total.comorbidity),
        deficiencies: DeficiencyAccount::default(),
        trends: TrendAccount::default(),
        code_sets: shipped_tables()
            .into_iter()
            .chain([exempt::provenance()])
            .chain(provenance())
            .map(|table| CodeSetAccount {
                name: table.name.to_owned(),
                release: table.release.to_owned(),
                sha256: table.sha256,
            })
            .collect(),
        outputs: Vec::new(),
    }
}
