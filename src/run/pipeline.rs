//! A run from its inputs to its sealed output folder.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use thiserror::Error;

use super::{
    account::{faults, parts_not_read},
    coded_records::{self, Shape},
    conformity,
    document_index::document_index,
    dotted_columns::dotted_inputs,
    examination::{Examination, Outcome, examine_partition, frequency_of_partition},
    file_findings::file_findings,
    findings_by_value::{self, ValueTally},
    not_asked::not_asked,
    outputs::{self, Outputs},
    parquet::sink::ParquetSink,
    patients::Stays,
    places::{self, PlaceFault},
    publication::{self, Publication},
    record_sources,
    releases::{imported::Imported, store::Store},
    remembered_months::RememberedMonths,
    report,
    results::{CodeSetAccount, DeficiencyAccount, EncounterAccount, RunResults, SCHEMA_VERSION, Totals, TrendAccount},
    stage::{Ending, Stage},
    state::{State, Taker},
    state_manifest,
    taking::{Taken, is_whole, take_all},
    too_many_values::enter_too_many_values,
    trends::judged,
};
use crate::{
    archive::bag::{BagInformation, SealError, seal},
    codeset::{
        groups::Groups,
        release::exempt::{self, ExemptCodes},
        sets::CodeSets,
    },
    coding::{comorbidity::provenance::provenance, frequency::CodeFrequency, mapping::CodeMap},
    deficiency::{self, index::DocumentIndex},
    edits::{
        between::patient_rules,
        between_tables::examine_tables,
        conditions::{Conditions, Counted},
        engine::{ActiveRules, examine_inputs},
        rule,
        scorecard::Scorecard,
        trend::examine::{asks_trends, examine_figures},
    },
    fs::{
        FileDigest, FileError,
        staging::Staging,
        work_folder::{settle, settle_below},
    },
    ingest::{
        cutter::{Duplicate, LastCut, cut},
        sorter::Sorter,
        standing::{SetAside, Standing},
    },
    parallel::in_order,
    partition::{registers::Registers, slot::Feed},
    plan::{FeedPlan, Plan, check::shown},
    record::{
        account::InputAccount, code::CodeSystem, date::Day, delivery::Fate, field::Table, finding::Severity, listed,
        shown::shown as shown_text,
    },
};

/// Told how a run goes on.
pub trait Progress: Sync {
    /// A new part of the work begins, of so many units.
    fn step(&self, words: &str, total: u64);
    /// So many units more are done.
    fn advance(&self, amount: u64);
}

/// What a run is given beside its plan.
pub struct Given<'g> {
    /// The day the run speaks of.
    pub business_date: Day,
    /// The day on which it is run; nothing in the outputs depends on it.
    pub today: Day,
    /// Whether an earlier output of the same name may be replaced.
    pub replace: bool,
    /// Set to a signal's number when the run is to stop.
    pub stop: Arc<AtomicUsize>,
    /// Told how far the run has come.
    pub stage: Arc<Stage>,
    /// Told how the run goes on.
    pub progress: &'g dyn Progress,
}

/// Why a run could not be done. Nothing is published then.
#[derive(Debug, Error)]
pub enum RunFault {
    /// A file cannot be read or written, or another run holds a lock.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file cannot be written.
    #[error("an output cannot be written: {0}")]
    Write(std::io::Error),
    /// The output folder holds what another pipeline has sealed.
    #[error("{} holds the sealed output of another pipeline with a title that reads alike; give one of them another title or --out", shown(.0))]
    OtherPipeline(PathBuf),
    /// A place that the run writes to is no folder, or may not be written to.
    #[error("{}", .0.words())]
    Place(PlaceFault),
    /// A folder that inputs come into is not there or cannot be looked through.
    #[error("{0}")]
    Inbox(String),
    /// `--replace` was given, and what stands there is not to be replaced.
    #[error("{} is not replaced: {why}; leave --replace out, and the run takes the next number", shown(folder))]
    Irreplaceable {
        /// What stands there.
        folder: PathBuf,
        /// Why not, in words.
        why: String,
    },
    /// The worklists to fill in cannot be made.
    #[error("the worklists to fill in cannot be made: {0}{to_do}; nothing was published", to_do = to_do_for_worklists(.0))]
    Worklists(FileError),
    /// Interrupted by a signal.
    #[error("interrupted; nothing was published")]
    Interrupted(i32),
    /// Rows were lost or made up: the equation of an input does not hold.
    #[error("the account does not balance: {0}; nothing was published")]
    NotConserved(String),
    /// No input could be used.
    #[error("no input could be used, so nothing was published:\n{0}")]
    NothingUsable(String),
    /// A fault of the product's own.
    #[error("internal fault: {0}; nothing was published")]
    Internal(String),
}

impl RunFault {
    /// A fault of the folder of the worklists to fill in. What another holds locked is free again some time, whatever it is needed for.
    pub(super) fn of_worklists(fault: FileError) -> RunFault {
        match fault {
            FileError::Busy { .. } | FileError::Held { .. } => RunFault::File(fault),
            fault => RunFault::Worklists(fault),
        }
    }
}

/// What to do where worklists cannot be made; of a full disk the fault says it.
fn to_do_for_worklists(fault: &FileError) -> &'static str {
    match fault {
        FileError::Write { source, .. }
            if matches!(source.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) =>
        {
            ""
        }
        _ => ". Let the user of the run read and write there, or name another folder: `worklists`",
    }
}

impl From<SealError> for RunFault {
    /// What lies in the work folder is what the run wrote; where it cannot be sealed the file system is at fault, or somebody at work in it.
    fn from(error: SealError) -> RunFault {
        match error {
            SealError::File(error) => RunFault::File(error),
            other => RunFault::Write(std::io::Error::other(other.to_string())),
        }
    }
}

impl From<std::io::Error> for RunFault {
    fn from(error: std::io::Error) -> RunFault {
        RunFault::Write(error)
    }
}

impl From<anyhow::Error> for RunFault {
    /// What the system said, wherever it stands in the chain of causes, is a fault of the system's; only what it did not say is ours.
    fn from(error: anyhow::Error) -> RunFault {
        let error = match error.downcast::<FileError>() {
            Ok(error) => return RunFault::File(error),
            Err(error) => error,
        };
        let said = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
        match said {
            Some(said) => RunFault::Write(std::io::Error::new(said.kind(), said.to_string())),
            None => RunFault::Internal(error.to_string()),
        }
    }
}

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
    let taker = Taker {
        pipeline: plan.title.clone(),
        period: plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default(),
        business_date: given.business_date.to_string(),
    };
    let inbox = plan.feeds.iter().flat_map(|feed| &feed.unmatched).find(|unmatched| !unmatched.fault.is_empty());
    if let Some(unmatched) = inbox {
        return Err(RunFault::Inbox(unmatched.fault.clone()));
    }
    if let Some(fault) = places::no_folders(plan).into_iter().next() {
        return Err(RunFault::Place(fault));
    }
    let mut state = State::open(plan.state.as_deref(), taker)?;
    let remembered = RememberedMonths::open(plan.state.as_deref(), &plan.title)?;
    state_manifest::hold(plan.state.as_deref())?;
    publication::refuse(plan, given)?;
    let mut staging = Staging::create(&plan.output.join(publication::folder_name(plan, given.business_date)))?;
    // Folders of worklists may lie elsewhere than in earlier nights.
    settle_below(&plan.output)?;
    settle_below(&plan.worklists).map_err(RunFault::of_worklists)?;
    // Before anything is published it is seen that nobody else holds the folder that is written to after it.
    settle(&plan.worklists.join(publication::family_name(plan))).map_err(RunFault::of_worklists)?;
    let scratch = staging.scratch()?;
    let store = plan.coding.codesets.as_deref().map(Store::open).transpose()?;
    let feeds: Vec<Feed> =
        plan.feeds.iter().map(|feed| Feed { only: feed.only.clone(), ..feed.layout.feed(&feed.name) }).collect();
    let mut outputs = Outputs::create(&staging)?;

    // The code tables are unpacked while the inputs are read.
    let (sets, taken) = std::thread::scope(|scope| {
        if store.is_none() {
            scope.spawn(Groups::shipped);
        }
        let sets = scope.spawn(|| -> Result<(Imported, CodeSets), FileError> {
            let mut imported = match &store {
                Some(store) => Imported::open(store, &plan.coding.map_directions())?,
                None => Imported::default(),
            };
            let sets = imported.sets();
            // Read at once the table that nearly every export asks for.
            sets.table(CodeSystem::Icd10Cm);
            sets.table(CodeSystem::Icd10Pcs);
            imported.groups();
            Ok((imported, sets))
        });
        let taken = take_all(plan, given, &feeds, &scratch, &mut outputs, &state);
        (sets.join(), taken)
    });
    let sets = sets.map_err(|_| RunFault::Internal("the code tables cannot be unpacked".to_owned()))?;
    let (mut imported, sets) = sets?;
    let Taken { mut inputs, sorter, patients, registers, held_duplicates, held_set_aside, deliveries } = taken?;
    let labels: Vec<String> = inputs.iter().map(outputs::label).collect();
    let mut came = inputs.iter().filter(|input| input.missing.is_empty()).peekable();
    if came.peek().is_some() && came.all(|input| !input.fault.is_empty()) {
        let mut words = faults(&inputs);
        words.extend(inputs.iter().flat_map(parts_not_read).map(|words| shown_text(&words).into_owned()));
        return Err(RunFault::NothingUsable(listed::lines(words).join("\n")));
    }
    count_repeated(&held_duplicates, &mut inputs);
    let mut duplicates = held_duplicates;
    let mut set_aside = SetAsideCount::default();
    outputs.superseded(&held_set_aside, &labels)?;
    set_aside.count(&held_set_aside, &mut inputs);

    let rules = ActiveRules::new(&plan.edits.ignore, &plan.edits.severity)
        .applying(&plan.edits.apply)
        .with_acceptances(&plan.edits.acceptances)
        .with_site(&plan.edits.site)
        .with_reporting(&plan.edits.by_value, plan.edits.info_findings);
    let conditions = Conditions::new(&plan.edits.profiles, &rules);
    let mut context = edit_context(plan, &feeds, &inputs, registers, given.business_date);
    context.exempt = std::mem::take(&mut imported.exempt);
    let shape = Shape::of(&feeds, (!plan.coding.diagnoses.is_empty(), !plan.coding.procedures.is_empty()));
    let (mut records, record_encoder) =
        ParquetSink::new(staging.file("data/coded_records.parquet")?, coded_records::columns(shape))?;
    let (mut sources, source_encoder) =
        ParquetSink::new(staging.file("data/record_sources.parquet")?, record_sources::COLUMNS.into_iter())?;
    let (mut by_value, value_encoder) =
        ParquetSink::new(staging.file("data/findings_by_value.parquet")?, findings_by_value::COLUMNS.into_iter())?;
    let mut values = ValueTally::default();
    let index = match &plan.deficiency {
        Some(_) => document_index(&sorter, &inputs, (&feeds, &deliveries), given)?,
        None => DocumentIndex::default(),
    };
    let dotted = dotted_inputs(&sorter, inputs.len(), &feeds, given)?;
    let with = Examination {
        feeds: &feeds,
        deliveries: &deliveries,
        dotted: &dotted,
        patients: &patients,
        sets: &sets,
        groups: imported.groups(),
        refined: &imported.refined,
        judge_on: plan.coding.judge_on,
        maps: (&plan.coding.diagnoses, &plan.coding.procedures),
        frequency: &CodeFrequency::default(),
        rules: &rules,
        conditions: &conditions,
        context: &context,
        deficiency: plan.deficiency.as_ref().map(|deficiency| deficiency::examine::Context {
            matrix: &deficiency.matrix,
            index: &index,
            business_date: given.business_date,
            delinquent_after_days: deficiency.delinquent_after_days,
        }),
        inputs: &labels,
        encoders: (&record_encoder, &source_encoder, &value_encoder),
        shape,
    };

    let asks_frequency = plan.coding.diagnoses.iter().chain(&plan.coding.procedures).any(CodeMap::asks_frequency);
    let frequency =
        if asks_frequency { count_codes(&sorter, inputs.len(), &with, given)? } else { CodeFrequency::default() };
    let with = Examination { frequency: &frequency, ..with };

    let mut total = Outcome { scorecard: Scorecard::new(rules.count()), ..Outcome::default() };
    let mut accepted: Vec<u64> = vec![0; inputs.len()];
    let mut last = LastCut::none(deliveries.are_stated());
    let mut merge = sorter.merge().map_err(RunFault::Write)?;
    given.progress.step("examining", inputs.iter().map(|input| input.read).sum());
    let mut stays = Stays::new(&scratch);
    let publish = |(standing, outcome): (Standing, anyhow::Result<Outcome>)| -> Result<(), RunFault> {
        let Standing { duplicates: repeated, set_aside: older, .. } = standing;
        let mut outcome = outcome?;
        for rows in [&older, &outcome.undecided] {
            outputs.superseded(rows, &labels)?;
            set_aside.count(rows, &mut inputs);
        }
        stays.add(std::mem::take(&mut outcome.stays)).map_err(RunFault::Write)?;
        if let Some((coded, sourced)) = &outcome.encoded {
            records.write(coded)?;
            sources.write(sourced)?;
        }
        count_repeated(&repeated, &mut inputs);
        duplicates.extend_from_slice(&repeated);
        if let Some((encoded, tally)) = outcome.by_value.take() {
            by_value.write(&encoded)?;
            values.merge(tally);
        }
        outputs.not_listed(outcome.not_listed);
        outputs.findings(&outcome.findings, &rules, &labels)?;
        outputs.deficiencies(&outcome.deficiencies)?;
        outputs.to_correct(&outcome.to_correct, &rules)?;
        given.progress.advance(outcome.examined);
        absorb(&mut total, outcome);
        stopped(&given.stop)
    };
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| {
            let mut standing = deliveries.standing(cut, &feeds);
            let rows = std::mem::take(&mut standing.rows);
            let outcome = examine_partition(&rows, standing.goes_on, &with);
            (standing, outcome)
        },
        publish,
    )?;
    drop(merge);

    for (input, accepted) in inputs.iter_mut().zip(&accepted) {
        if input.table.is_some_and(Table::is_of_encounters) {
            input.accepted = *accepted;
        }
    }
    for (input, excluded) in inputs.iter_mut().zip(&total.excluded_rows) {
        input.excluded = *excluded;
    }
    for (input, settled) in std::mem::take(&mut total.settled) {
        report::account_dates(&mut inputs[usize::from(input)], settled);
    }
    for (input, rows) in std::mem::take(&mut total.beyond_one_stay) {
        inputs[usize::from(input)].rows_beyond_one_stay = rows;
    }
    for ((input, field), offsets) in std::mem::take(&mut total.offsets) {
        report::account_offsets(&mut inputs[usize::from(input)], field, offsets);
    }
    conserve(&inputs, &total, &set_aside)?;
    // With as many not applicable as have no patient's number, a rule's figures add up to the encounters examined.
    for number in patient_rules(&rules) {
        total.scorecard.scores[number].not_applicable += total.without_patient_number;
    }
    let between = stays.examine(&rules, &conditions, &context).map_err(RunFault::Write)?;
    total.scorecard.merge(&between.scorecard);
    total.conditions.merge(between.tally);
    outputs.findings(&between.findings, &rules, &labels)?;
    outputs.patients_to_review(&between.findings, &rules)?;
    let first_input = |table: Table| inputs.iter().position(|input| input.table == Some(table)).unwrap_or(0) as u16;
    let between_tables = examine_tables(&total.tables, &rules, &context, &first_input, &mut total.scorecard);
    outputs.findings(&between_tables, &rules, &labels)?;
    for (place, input) in inputs.iter_mut().enumerate() {
        input.fits_revision = total.codes.missing_revisions(place);
    }
    enter_too_many_values(&total, &feeds, &mut inputs);
    let mut input_findings = examine_inputs(&inputs, &rules, &mut total.scorecard);
    outputs.findings(&input_findings, &rules, &labels)?;
    let file_findings = file_findings(&input_findings, &rules, &inputs);
    total.findings.append(&mut input_findings);
    let trends = judged(plan, &total.trend, &remembered.months, given.business_date);
    let trend_findings = examine_figures(&trends, &rules, &context, &mut total.scorecard);
    outputs.findings(&trend_findings, &rules, &labels)?;
    outputs.facility_months(&trends.figures)?;
    conditions.count_inputs(&inputs, &rules, &mut total.conditions);
    conditions.count_sums(&total.scorecard, &mut total.conditions);
    let counted = conditions.counted(std::mem::take(&mut total.conditions));
    let parquet = [
        records.finish()?.account("coded_records.parquet")?,
        sources.finish()?.account("record_sources.parquet")?,
        by_value.finish()?.account("findings_by_value.parquet")?,
    ];
    let values = values.sorted();
    outputs.values(&values, &rules, &labels)?;
    duplicates.sort_unstable();
    outputs.duplicates(&duplicates, &labels)?;
    outputs.code_worklists(&total.codes, &sets)?;
    if let Some(deficiency) = &plan.deficiency {
        outputs.document_types(&total.deficiency_tally.unnamed_types, &deficiency.matrix)?;
    }

    let mut results = results_of(plan, given, &inputs, &total, (&rules, &counted), &outputs, patients.count() as u64);
    (results.encounters.superseded, results.encounters.withdrawn) = (set_aside.superseded, set_aside.withdrawn);
    report::count_values(&mut results.rules, &values);
    results.file_findings = file_findings;
    results.deficiencies = plan
        .deficiency
        .as_ref()
        .map_or_else(DeficiencyAccount::default, |_| report::deficiency_account(&total.deficiency_tally, &index));
    results.trends = TrendAccount::of(&trends);
    results.code_sets.retain(|set| !imported.replaced.contains(&set.name.as_str()));
    results.code_sets.extend(imported.entries.iter().map(|entry| CodeSetAccount {
        name: entry.name.clone(),
        release: entry.source.clone(),
        sha256: entry.source_sha256.clone(),
    }));
    given.progress.step("writing", 3);
    outputs.finish(&mut results, parquet)?;
    let written = report::write(plan, &results, (&total, &trends), (&sets, &imported), &rules, &staging)?;
    results.outputs.extend(written);
    results.outputs.sort();
    given.progress.advance(1);
    outputs::write_results(&staging, &results)?;
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
    stopped(&given.stop)?;
    given.progress.advance(1);
    let gate = plan.fail_on.is_some_and(|gate| {
        Severity::ALL
            .iter()
            .filter(|severity| **severity <= gate)
            .any(|severity| results.findings.get(severity.name()).is_some_and(|count| *count > 0))
    });
    let unusable = inputs
        .iter()
        .filter(|input| input.missing.is_empty())
        .any(|input| !input.fault.is_empty() || input.is_without_readable_row());
    let ending = Ending {
        gate,
        unusable,
        missing: inputs.iter().any(|input| !input.missing.is_empty()),
        cut_short: inputs.iter().any(|input| input.ends_in_mid_row),
    };
    // Written before anything is published, and in force from the moment on when it is.
    state.remember(&inputs, &results.run_id)?;
    if asks_trends(&rules)
        && let Some(followers) = state.followers()
    {
        remembered.remember(&total.trend.months, plan.period.as_ref(), given.business_date, followers)?;
    }
    state.seal()?;
    let publication = publication::publish(&mut staging, plan, given, ending, state.followers())?;
    Ok(Done { results, publication, ending })
}

fn count_repeated(duplicates: &[Duplicate], inputs: &mut [InputAccount]) {
    for duplicate in duplicates {
        let input = &mut inputs[usize::from(duplicate.origin.input)];
        input.duplicate += 1;
        input.repeats_itself += u64::from(duplicate.of.input == duplicate.origin.input);
    }
}

/// The pass before the examination: how often codes stand in the whole run.
fn count_codes(
    sorter: &Sorter,
    inputs: usize,
    with: &Examination<'_>,
    given: &Given<'_>,
) -> Result<CodeFrequency, RunFault> {
    let mut merge = sorter.again().and_then(Sorter::merge).map_err(RunFault::Write)?;
    let mut frequency = CodeFrequency::default();
    let (mut accepted, mut last) = (vec![0; inputs], LastCut::none(with.deliveries.are_stated()));
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| frequency_of_partition(&with.deliveries.standing(cut, with.feeds).rows, with),
        |partition| {
            frequency.merge(partition);
            stopped(&given.stop)
        },
    )?;
    Ok(frequency)
}

pub(super) fn stopped(stop: &AtomicUsize) -> Result<(), RunFault> {
    match stop.load(Ordering::Relaxed) {
        0 => Ok(()),
        signal => Err(RunFault::Interrupted(signal as i32)),
    }
}

fn edit_context(
    plan: &Plan,
    feeds: &[Feed],
    inputs: &[InputAccount],
    registers: Registers,
    business_date: Day,
) -> rule::Context {
    // What stands in a table of which a part could not be read is not missing from a record. (Of patients it is asked by patient.)
    let asked_apart = |table| matches!(table, Table::Encounters | Table::Patients);
    let told = feeds.iter().filter(|feed| asked_apart(feed.table) || is_whole(feed.table, inputs));
    rule::Context {
        business_date,
        period: plan.period.clone(),
        long_stay_days: plan.edits.long_stay_days,
        longest_stay_days: plan.edits.longest_stay_days,
        mapped: rule::mapped_fields(told),
        patient_numbers_by_facility: plan.edits.patient_numbers_by_facility,
        of_patients_alone: rule::fields_of_patients_alone(feeds),
        encounters_whole: is_whole(Table::Encounters, inputs),
        registers,
        exempt: ExemptCodes::default(),
        expected_facilities: plan.feeds.iter().map(|feed| feed.expected_facility.clone()).collect(),
        expected_periods: plan.feeds.iter().map(|feed| feed.expected_period.clone()).collect(),
    }
}

fn absorb(total: &mut Outcome, outcome: Outcome) {
    total.examined += outcome.examined;
    total.excluded += outcome.excluded;
    total.undecided_discharges += outcome.undecided_discharges;
    if total.excluded_rows.len() < outcome.excluded_rows.len() {
        total.excluded_rows.resize(outcome.excluded_rows.len(), 0);
    }
    for (sum, more) in total.excluded_rows.iter_mut().zip(outcome.excluded_rows) {
        *sum += more;
    }
    for (sum, more) in total.children.iter_mut().zip(outcome.children) {
        *sum += more;
    }
    total.orphans.iter_mut().zip(outcome.orphans).for_each(|(sum, more)| *sum += more);
    total.without_patient_number += outcome.without_patient_number;
    total.tables.merge(outcome.tables);
    for (input, settled) in outcome.settled {
        total.settled.entry(input).or_default().merge(settled);
    }
    for (input, rows) in outcome.beyond_one_stay {
        *total.beyond_one_stay.entry(input).or_default() += rows;
    }
    for (place, offsets) in outcome.offsets {
        total.offsets.entry(place).and_modify(|known| known.merge(offsets)).or_insert(offsets);
    }
    total.scorecard.merge(&outcome.scorecard);
    total.errors.merge(&outcome.errors);
    total.conditions.merge(outcome.conditions);
    total.codes.merge(outcome.codes);
    total.comorbidity.merge(outcome.comorbidity);
    total.groups.merge(outcome.groups);
    total.deficiency_tally.merge(outcome.deficiency_tally);
    total.tally.merge(outcome.tally);
    total.trend.merge(outcome.trend);
}

/// Holds every equation of the account; a run whose rows do not add up publishes nothing.
fn conserve(inputs: &[InputAccount], total: &Outcome, set_aside: &SetAsideCount) -> Result<(), RunFault> {
    for input in inputs {
        if !input.balances() {
            return Err(RunFault::NotConserved(format!(
                "{}: read {}, accepted {}, quarantined {}, duplicate {}",
                outputs::label(input),
                input.read,
                input.accepted,
                input.quarantined,
                input.duplicate
            )));
        }
    }
    let accepted: u64 =
        inputs.iter().filter(|input| input.table == Some(Table::Encounters)).map(|input| input.accepted).sum();
    let places = total.tally.places();
    let counted = places.in_statistics + places.rejected + places.outside_period + places.undated + places.undecided;
    if accepted != set_aside.superseded + set_aside.withdrawn + total.excluded + total.examined
        || total.examined != counted
        || set_aside.undecided != places.undecided
    {
        return Err(RunFault::NotConserved(
            "encounters accepted, superseded, withdrawn, undecided, excluded, examined and counted".to_owned(),
        ));
    }
    Ok(())
}

/// Encounters that are accepted and not in the figures, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct SetAsideCount {
    superseded: u64,
    withdrawn: u64,
    undecided: u64,
}

impl SetAsideCount {
    /// Counts rows, those of every table by input.
    fn count(&mut self, rows: &[SetAside], inputs: &mut [InputAccount]) {
        for row in rows {
            let input = &mut inputs[usize::from(row.origin.input)];
            let (of_input, of_encounters) = match row.fate {
                Fate::Superseded => (&mut input.superseded, &mut self.superseded),
                Fate::Withdrawn => (&mut input.withdrawn, &mut self.withdrawn),
                Fate::Undecided => (&mut input.undecided, &mut self.undecided),
                Fate::Stands => continue,
            };
            *of_input += 1;
            *of_encounters += u64::from(row.table == Table::Encounters);
        }
    }
}

/// Folders that patterns of files match, each with its feed.
fn folders_not_read(plan: &Plan) -> Vec<String> {
    let name =
        |folder: &PathBuf| folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let of_feed = |feed: &FeedPlan| {
        feed.folders.iter().map(|folder| format!("{}: {}", feed.name, name(folder))).collect::<Vec<_>>()
    };
    plan.feeds.iter().flat_map(of_feed).collect()
}

fn results_of(
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
        rules: report::rule_accounts(rules, &total.scorecard, inputs_unusable),
        conformity: conformity::conformity(plan, inputs, total, counted, given.business_date),
        file_findings: Vec::new(),
        acceptances: conformity::acceptances(plan, &outputs.taken, given.business_date),
        not_asked: not_asked(inputs, rules, &total.scorecard, total.orphans),
        unmet_settings: conformity::unmet_settings(plan, total, rules),
        codes: report::code_account(&total.codes),
        without_exempt_list: report::without_exempt_list(&total.comorbidity),
        deficiencies: DeficiencyAccount::default(),
        trends: TrendAccount::default(),
        code_sets: CodeSets::provenance()
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
