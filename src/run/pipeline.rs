//! A run from its inputs to its sealed output folder, step by step.

use crate::{
    archive::bag::{BagInformation, seal},
    book::{
        csv::CsvTable as _,
        figures::{SheetFigures, figures_of},
    },
    edits::{tables::RecordsToCorrect, trend::examine::asks_trends},
    fs::{FileError, commit::Remember, staging::Staging},
    plan::Plan,
    record::{account::InputAccount, finding::Severity},
    run::{
        clinicians,
        closing::{restatement, restates},
        desks::{self, DesksInForce, SheetSources},
        examine::examine,
        fault::RunFault,
        lives::{self, KeptRecordCounts, LivesEnd},
        options::RunOptions,
        prepare::{PreparedRun, prepare},
        publication::{self, Publication},
        read::{Accounts, ReadInputs, read},
        report,
        results::{CodeSetAccount, RunResults},
        results_of_run::{results_of, write_results},
        settle::{SettledRun, settle},
        stage::Ending,
        unusable_inputs::why_unusable,
        what_changed,
    },
    store::night_files::NightFile,
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
pub fn run(plan: &Plan, options: &RunOptions<'_>) -> Result<Done, RunFault> {
    // All that a run writes until it is published lies beside its output.
    let asked = options.everything.then_some("it was asked for");
    let done = match run_in_work_folder(plan, options, asked) {
        // It is known only when files are read.
        Err(RunFault::ExamineEverything(why)) => run_in_work_folder(plan, options, Some(&why)),
        // What is damaged of it can be made anew from the records.
        Err(RunFault::File(FileError::Damaged { path, .. })) if asked.is_none() && NightFile::is_any(&path) => {
            run_in_work_folder(plan, options, Some("a file that the nights left is damaged"))
        }
        done => done,
    };
    done.map_err(|fault| match fault {
        RunFault::Write(source) => RunFault::File(FileError::Write { path: plan.output.clone(), source }),
        other => other,
    })
}

/// A run of which everything is counted, and nothing is published.
pub struct CountedRun {
    /// What it writes to, and what it remembers.
    pub prepared: PreparedRun,
    /// What was read.
    pub read: ReadInputs,
    /// The accounts of the inputs.
    pub accounts: Accounts,
    /// What records are held against.
    pub in_force: DesksInForce,
    /// What it came to, in figures.
    pub settled: SettledRun,
}

/// Reads and examines; `everything`: why all kept records are examined, where it is known that they are.
///
/// # Errors
/// See [`RunFault`].
pub fn count(plan: &Plan, options: &RunOptions<'_>, everything: Option<&str>) -> Result<CountedRun, RunFault> {
    let mut prepared = prepare(plan, options, desks::tables(lives::keeps(plan), clinicians::has_levels(plan)))?;
    let (mut read, mut accounts) = read(plan, options, &mut prepared, everything)?;
    let night = lives::begin(plan, options.business_date, &prepared.state, &mut read, &accounts.inputs)?;
    let last_index = lives::documents_of_before(plan, options.business_date, &prepared.state, &accounts.inputs);
    let last_index = last_index.map(|(day, was_there)| desks::last_index(day, was_there));
    let decided = (night.decided_keys(), last_index, night.follows());
    let is_past = lives::keeps(plan) && !night.follows();
    prepared.outputs.night = night;
    prepared.outputs.clinicians = clinicians::begin(plan, options.business_date, is_past);
    let in_force = DesksInForce::of(plan, options, &prepared.feeds, &mut read, &accounts.inputs, decided)?;
    what_changed::hold(plan, &read, &in_force)?;
    let examined = examine(plan, options, &mut prepared, (&mut read, &mut accounts), &in_force)?;
    let settled = settle(plan, options, &mut prepared, (&read, &mut accounts), &in_force, examined)?;
    Ok(CountedRun { prepared, read, accounts, in_force, settled })
}

/// Runs a plan; `everything`: why all kept records are examined, where it is known that they are.
fn run_in_work_folder(plan: &Plan, options: &RunOptions<'_>, everything: Option<&str>) -> Result<Done, RunFault> {
    let CountedRun { mut prepared, mut read, accounts, in_force, mut settled } = count(plan, options, everything)?;
    let results = report(plan, options, &mut prepared, (&read, &accounts), &in_force, &settled)?;
    let new = read.new.take();
    let nothing_came = plan.period.is_some() && new.is_none();
    prepared.state.keep(plan, new);
    // A run of a period on which nothing came leaves what stands for the next night.
    if !nothing_came {
        prepared.state.leave(&read.scope, settled.left.take())?;
    }
    publish(plan, options, prepared, &accounts.inputs, (&in_force, &settled), results)
}

/// Puts the results together, and writes workbook and results.
fn report(
    plan: &Plan,
    options: &RunOptions<'_>,
    prepared: &mut PreparedRun,
    (read, accounts): (&ReadInputs, &Accounts),
    in_force: &DesksInForce,
    settled: &SettledRun,
) -> Result<RunResults, RunFault> {
    let SettledRun { total, asked, parquet, .. } = settled;
    let inputs = accounts.inputs.as_slice();
    let mut outputs = std::mem::take(&mut prepared.outputs);
    desks::write_lists_of_words(plan, &read.sets, total, &mut outputs)?;
    let registers = &in_force.context.registers;
    let of_all = (total, asked);
    let mut desks = desks::accounts(plan, options.business_date, inputs, (in_force, registers), of_all, &outputs.taken);
    let PreparedRun { state, staging, .. } = &mut *prepared;
    let set_aside = accounts.set_aside;
    let records = KeptRecordCounts {
        records: total.examined + total.excluded + set_aside.withdrawn,
        superseded: set_aside.superseded,
        withdrawn: set_aside.withdrawn,
    };
    let LivesEnd { night, clinicians, records } = lives::end(
        plan,
        options,
        (state, staging),
        &mut outputs,
        &desks,
        (read, &registers.absences),
        (records, settled.examined_tonight),
    )?;
    (desks.night, desks.clinicians, desks.records_tonight) = (night, clinicians.account.clone(), records);
    let sheet_of_clinicians = clinicians::sheet(plan, &clinicians, &desks.night.delinquency_held);
    let patients = read.patients.count() as u64;
    let mut results = results_of(plan, options, inputs, total, desks, outputs.finding_counts(), patients);
    (results.encounters.superseded, results.encounters.withdrawn) = (set_aside.superseded, set_aside.withdrawn);
    results.audit_log = prepared.state.head_before();
    let imported = &read.imported;
    results.code_sets.retain(|set| !imported.replaced.contains(&set.name.as_str()));
    results.code_sets.extend(imported.entries.iter().map(|entry| CodeSetAccount {
        name: entry.name.clone(),
        release: entry.source.clone(),
        sha256: entry.source_sha256.clone(),
    }));
    options.progress.step("writing", 3);
    results.outputs.extend(parquet.iter().cloned());
    let sources = SheetSources {
        accounts: &results.desks,
        total,
        trends: &asked.trends,
        code_tables: (&read.sets, imported),
        in_force,
        registers,
        clinicians: sheet_of_clinicians.as_ref(),
    };
    let sheets = desks::sheets(plan, sources, options.business_date, None);
    let figures = figures_of(&sheets);
    results.restates = restates(&prepared.state, plan, &figures);
    outputs.write::<SheetFigures>(&figures)?;
    results.outputs.extend(outputs.finish()?);
    results.outputs.extend(clinicians.letters);
    results.outputs.sort();
    let to_correct = results.outputs.iter().find(|output| output.path.ends_with(RecordsToCorrect::PATH));
    let in_error = to_correct.map_or(0, |output| output.rows);
    let board = desks::board(plan, &results.desks, (total, in_error), registers, options.business_date);
    let written = report::write(plan, &results, (sheets, board), options.business_date, &prepared.staging)?;
    results.outputs.extend(written);
    results.outputs.sort();
    options.progress.advance(1);
    write_results(&prepared.staging, &results)?;
    Ok(results)
}

/// Seals the folder, remembers the run, and commits both.
fn publish(
    plan: &Plan,
    options: &RunOptions<'_>,
    prepared: PreparedRun,
    inputs: &[InputAccount],
    (in_force, settled): (&DesksInForce, &SettledRun),
    results: RunResults,
) -> Result<Done, RunFault> {
    let PreparedRun { mut state, mut staging, .. } = prepared;
    seal_outputs(plan, options, &staging, &results)?;
    options.go_on()?;
    options.progress.advance(1);
    options.stage.not_used(why_unusable(inputs));
    let ending = ending(plan, inputs, &results);
    // Inputs that the store gives were taken by another pipeline.
    if plan.records.as_ref().is_none_or(|records| records.takes) {
        state.remember(inputs, &results.run_id);
        if asks_trends(&in_force.rules) {
            state.remember_months(&settled.total.trend.months, plan, options.business_date);
        }
    }
    let never_removed = state.published_outputs();
    let mut run = state.to_commit(&results.run_id);
    let remember = run.as_mut().map(|run| run as &mut dyn Remember);
    let mut publication = publication::publish(&mut staging, plan, options, ending, (remember, &never_removed))?;
    state.remove_replaced();
    publication.notes_of_state = state.notes();
    publication.notes.extend(publication.notes_of_state.iter().cloned());
    publication.notes.extend(state.kept_records(plan).ok().flatten().map_or(Vec::new(), |kept| kept.notes(plan)));
    publication.notes.extend(restatement(&state, plan, &publication.folder));
    if let Ending { gate: true, unusable: false, missing: false, .. } = ending {
        let of_severity = |key: &str, gate: Option<Severity>| {
            format!("exit code 1: {key} = \"{}\"`", gate.map_or("", Severity::name))
        };
        publication.notes.push(if reaches_gate_on_new(plan, &results) {
            of_severity("new findings reached `fail_on_new", plan.fail_on_new)
        } else if reaches_gate(plan, &results) {
            of_severity("findings reached `fail_on", plan.fail_on)
        } else {
            "exit code 1: figures do not agree, and `must_reconcile = true`; see the sheet Reconciliation".to_owned()
        });
    }
    Ok(Done { results, publication, ending })
}

fn seal_outputs(
    plan: &Plan,
    options: &RunOptions<'_>,
    staging: &Staging,
    results: &RunResults,
) -> Result<(), RunFault> {
    let information = BagInformation {
        run_id: &results.run_id,
        business_date: options.business_date,
        description: &plan.title,
        source_organization: Some(results.source_organization.as_str()).filter(|name| !name.is_empty()),
        period: plan.period.as_ref(),
    };
    seal(&staging.folder(), &information, &staging.written(), &plan.archive.algorithms)?;
    Ok(())
}

/// Whether a finding is heavy enough to end the run with 1.
fn reaches_gate(plan: &Plan, results: &RunResults) -> bool {
    plan.fail_on.is_some_and(|gate| {
        let mut weighs = Severity::ALL.iter().filter(|severity| **severity <= gate);
        weighs.any(|severity| results.findings.get(severity.name()).is_some_and(|count| *count > 0))
    })
}

/// Whether a finding that is new or reopened tonight is heavy enough to end the run with 1.
fn reaches_gate_on_new(plan: &Plan, results: &RunResults) -> bool {
    let new = &results.desks.night.findings.new_by_severity;
    plan.fail_on_new.is_some_and(|gate| new.iter().take(gate as usize + 1).any(|count| *count > 0))
}

/// Whether figures that have to agree do not, and the pipeline says that they must.
fn does_not_reconcile(plan: &Plan, results: &RunResults) -> bool {
    plan.statistics.must_reconcile && results.desks.reconciliations.iter().any(|own| own.agrees == Some(false))
}

fn ending(plan: &Plan, inputs: &[InputAccount], results: &RunResults) -> Ending {
    let gate = reaches_gate(plan, results) || reaches_gate_on_new(plan, results) || does_not_reconcile(plan, results);
    Ending {
        gate,
        unusable: inputs.iter().any(InputAccount::is_unusable),
        missing: inputs.iter().any(|input| !input.missing.is_empty()),
        cut_short: inputs.iter().any(|input| input.ends_in_mid_row),
    }
}
