//! A run from its inputs to its sealed output folder, step by step.

use std::collections::BTreeMap;

use crate::{
    archive::bag::{BagInformation, seal},
    deficiency::account::DeficiencyAccount,
    edits::{
        account::{rules::count_values, trends::TrendAccount},
        trend::examine::asks_trends,
    },
    fs::{FileDigest, FileError, staging::Staging},
    plan::Plan,
    record::{account::InputAccount, finding::Severity},
    run::{
        account::why_unusable,
        examine::examine,
        fault::RunFault,
        given::Given,
        in_force::InForce,
        outputs,
        prepare::{Prepared, prepare},
        publication::{self, Publication},
        read::{Accounts, Read, read},
        report,
        results::{CodeSetAccount, RunResults},
        results_of_run::results_of,
        settle::{Settled, settle},
        stage::Ending,
    },
};

/// What a run came to.
#[derive(Debug)]
pub struct Done {
    /// Every figure.
    pub results: RunResults,
    /// Where they were published, and what was done beside it.
    pub publication: Publication,
    /// What it ends with, beside faults of what was done after the publication.
    pub ending: Ending,
}

/// Runs a plan.
///
/// # Errors
/// See [`RunFault`]; nothing is published then, and what was published before stands.
pub fn run(plan: &Plan, given: &Given<'_>) -> Result<Done, RunFault> {
    // All that a run writes until it is published lies beside its output.
    run_in_work_folder(plan, given).map_err(|fault| match fault {
        RunFault::Write(source) => RunFault::File(FileError::Write { path: plan.output.clone(), source }),
        other => other,
    })
}

fn run_in_work_folder(plan: &Plan, given: &Given<'_>) -> Result<Done, RunFault> {
    let mut prepared = prepare(plan, given)?;
    let (mut read, mut accounts) = read(plan, given, &mut prepared)?;
    let in_force = InForce::of(plan, given, &prepared.feeds, &mut read, &accounts.inputs)?;
    let examined = examine(plan, given, &mut prepared, (&mut read, &mut accounts), &in_force)?;
    let settled = settle(plan, given, &mut prepared, (&read, &mut accounts), &in_force, examined)?;
    let results = report(plan, given, &mut prepared, (&read, &accounts), &in_force, &settled)?;
    publish(plan, given, prepared, &accounts.inputs, (&in_force, &settled), results)
}

/// Puts the results together, and writes workbook and results.
fn report(
    plan: &Plan,
    given: &Given<'_>,
    prepared: &mut Prepared,
    (read, accounts): (&Read, &Accounts),
    in_force: &InForce,
    settled: &Settled,
) -> Result<RunResults, RunFault> {
    let Settled { total, counted, values, trends, file_findings, parquet } = settled;
    let (inputs, rules) = (accounts.inputs.as_slice(), &in_force.rules);
    let outputs = std::mem::take(&mut prepared.outputs);
    let patients = read.patients.count() as u64;
    let mut results = results_of(plan, given, inputs, total, (rules, counted), &outputs, patients);
    let set_aside = accounts.set_aside;
    (results.encounters.superseded, results.encounters.withdrawn) = (set_aside.superseded, set_aside.withdrawn);
    count_values(&mut results.rules, values);
    results.file_findings = file_findings.clone();
    results.deficiencies = plan
        .deficiency
        .as_ref()
        .map_or_else(DeficiencyAccount::default, |_| DeficiencyAccount::of(&total.deficiency_tally, &in_force.index));
    results.trends = TrendAccount::of(trends);
    let imported = &read.imported;
    results.code_sets.retain(|set| !imported.replaced.contains(&set.name.as_str()));
    results.code_sets.extend(imported.entries.iter().map(|entry| CodeSetAccount {
        name: entry.name.clone(),
        release: entry.source.clone(),
        sha256: entry.source_sha256.clone(),
    }));
    given.progress.step("writing", 3);
    results.outputs.extend(parquet.iter().cloned());
    results.outputs.extend(outputs.finish()?);
    results.outputs.sort();
    let staging = &prepared.staging;
    let written = report::write(plan, &results, (total, trends), (&read.sets, imported), rules, staging)?;
    results.outputs.extend(written);
    results.outputs.sort();
    given.progress.advance(1);
    outputs::write_results(staging, &results)?;
    Ok(results)
}

/// Seals the folder, remembers the run, and commits both.
fn publish(
    plan: &Plan,
    given: &Given<'_>,
    prepared: Prepared,
    inputs: &[InputAccount],
    (in_force, settled): (&InForce, &Settled),
    results: RunResults,
) -> Result<Done, RunFault> {
    let Prepared { mut state, remembered, mut staging, .. } = prepared;
    seal_outputs(plan, given, &staging, &results)?;
    given.go_on()?;
    given.progress.advance(1);
    given.stage.not_used(why_unusable(inputs));
    let ending = ending(plan, inputs, &results);
    // Written before anything is published, and in force from the moment on when it is.
    state.remember(inputs, &results.run_id)?;
    if asks_trends(&in_force.rules)
        && let Some(followers) = state.followers()
    {
        let months = &settled.total.trend.months;
        remembered.remember(months, plan.period.as_ref(), given.business_date, followers)?;
    }
    state.seal()?;
    let publication = publication::publish(&mut staging, plan, given, ending, state.followers())?;
    Ok(Done { results, publication, ending })
}

fn seal_outputs(plan: &Plan, given: &Given<'_>, staging: &Staging, results: &RunResults) -> Result<(), RunFault> {
    let known: BTreeMap<String, FileDigest> = results
        .outputs
        .iter()
        .map(|output| {
            (format!("data/{}", output.path), FileDigest { bytes: output.bytes, sha256: output.sha256.clone() })
        })
        .collect();
    let information = BagInformation {
        run_id: &results.run_id,
        business_date: given.business_date,
        description: &plan.title,
        source_organization: Some(results.source_organization.as_str()).filter(|name| !name.is_empty()),
        period: plan.period.as_ref(),
    };
    seal(&staging.folder(), &information, &known)?;
    Ok(())
}

fn ending(plan: &Plan, inputs: &[InputAccount], results: &RunResults) -> Ending {
    let gate = plan.fail_on.is_some_and(|gate| {
        let weighs = Severity::ALL.iter().filter(|severity| **severity <= gate);
        weighs.into_iter().any(|severity| results.findings.get(severity.name()).is_some_and(|count| *count > 0))
    });
    Ending {
        gate,
        unusable: inputs.iter().any(InputAccount::is_unusable),
        missing: inputs.iter().any(|input| !input.missing.is_empty()),
        cut_short: inputs.iter().any(|input| input.ends_in_mid_row),
    }
}
