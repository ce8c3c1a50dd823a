//! The results of a run, put together of what the desks came to.

use std::{collections::BTreeMap, io::Write as _, path::PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{
    codeset::{provenance::shipped_tables, release::exempt},
    coding::comorbidity::provenance::provenance,
    examination::outcome::Outcome,
    fs::{hexadecimal, staging::Staging},
    ingest::account::Totals,
    plan::{FeedPlan, Plan},
    record::{account::InputAccount, field::CanonicalTable, shown::in_json},
    run::{
        desks::DeskAccounts,
        fault::RunFault,
        options::RunOptions,
        results::{CodeSetAccount, EncounterAccount, RunResults, SCHEMA_VERSION},
        unusable_inputs::reasons,
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

/// The results but for the outputs, which are known later.
pub fn results_of(
    plan: &Plan,
    options: &RunOptions<'_>,
    inputs: &[InputAccount],
    total: &Outcome,
    desks: DeskAccounts,
    findings: BTreeMap<&'static str, u64>,
    patients: u64,
) -> RunResults {
    let places = total.tally.places();
    let accepted =
        inputs.iter().filter(|input| input.table == Some(CanonicalTable::Encounters)).map(|input| input.accepted).sum();
    let business_date = options.business_date.to_string();
    RunResults {
        schema_version: SCHEMA_VERSION,
        chartroom_version: env!("CARGO_PKG_VERSION").to_owned(),
        run_id: run_id(plan, inputs, &business_date),
        pipeline: plan.title.clone(),
        pipeline_sha256: plan.sources.first().map(|(_, digest)| digest.clone()).unwrap_or_default(),
        business_date,
        period: plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default(),
        source_organization: plan.archive.source_organization.clone(),
        records_of: plan.records.as_ref().map_or(String::new(), |records| records.pipeline.clone()),
        inputs: inputs.to_vec(),
        folders_not_read: folders_not_read(plan),
        unusable_inputs: reasons(inputs),
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
        findings,
        desks,
        restates: String::new(),
        audit_log: None,
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

/// Writes `run_results.json`.
///
/// # Errors
/// The file cannot be written.
pub fn write_results(staging: &Staging, results: &RunResults) -> Result<(), RunFault> {
    let mut text = serde_json::to_string_pretty(results)
        .map_err(|_| RunFault::Internal("the results cannot be written as JSON".to_owned()))?;
    text.push('\n');
    let mut file = staging.file("data/run_results.json")?;
    file.write_all(in_json(&text).as_bytes()).map_err(RunFault::Write)?;
    file.finish()?;
    Ok(())
}

/// The name of a run: everything that goes into it, digested.
pub fn run_id(plan: &Plan, inputs: &[InputAccount], business_date: &str) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(business_date);
    add(plan.period.as_ref().map_or("", |period| period.name.as_str()));
    for (name, sha256) in &plan.sources {
        add(name);
        add(sha256);
    }
    for input in inputs {
        add(&input.feed);
        add(&input.part);
        add(&input.sha256);
    }
    hexadecimal(&digest.finalize()[..8])
}
