//! The figures of a night that examines what changed: what the records at rest come to is kept from the night before, what those that changed came to then is taken away, and
//! what they come to now is added. Every figure is that of an examination of everything.

use std::path::Path;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::{
    coding::frequency::CodeFrequency,
    edits::conditions::ConditionTally,
    examination::{
        at_rest::Marks,
        by_month::{DischargedIn, StandsToPeriod, take_months},
        outcome::Outcome,
        partition::{Examination, examine_partition},
        patient::{PatientFindings, Stays},
    },
    parallel::in_order,
    plan::Plan,
    record::record_set::record_digest,
    record::{
        account::InputAccount,
        finding::{Finding, Origin, Severity},
        take_away::{TakeAway, take_away_fields},
    },
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        slot::Feed,
        sorter::{HELD_BYTES, Sorter},
        standing::{Deliveries, StandingRows},
    },
    run::{
        desks::{ChartCounts, DesksInForce, add_charts, charts_among, too_many_values},
        fault::RunFault,
        kept_months::{ChangedMonths, limit_to},
        lives,
        options::RunOptions,
        outputs::Outputs,
        read::ReadInputs,
        set_aside::{SetAsideCount, count_repeated},
        what_changed::{KeptFigures, NightScope, basis},
    },
};

/// Bytes of rows that are picked out before they are handed on.
const PICKED_BYTES: usize = 8 << 20;

/// Rows of encounters, and of what hangs on them, of one input, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Accepted rows.
    pub accepted: u64,
    duplicate: u64,
    repeats_itself: u64,
    superseded: u64,
    withdrawn: u64,
    undecided: u64,
}

take_away_fields!(RowCounts: accepted, duplicate, repeats_itself, superseded, withdrawn, undecided);

impl RowCounts {
    /// The counts that stand in an account.
    pub fn of(input: &InputAccount) -> RowCounts {
        let InputAccount { accepted, duplicate, repeats_itself, superseded, withdrawn, undecided, .. } = input;
        RowCounts {
            accepted: *accepted,
            duplicate: *duplicate,
            repeats_itself: *repeats_itself,
            superseded: *superseded,
            withdrawn: *withdrawn,
            undecided: *undecided,
        }
    }

    /// Adds them to an account, but for the accepted ones, which are entered there at once.
    fn enter(self, input: &mut InputAccount) {
        input.duplicate += self.duplicate;
        input.repeats_itself += self.repeats_itself;
        input.superseded += self.superseded;
        input.withdrawn += self.withdrawn;
        input.undecided += self.undecided;
    }

    fn add(&mut self, other: RowCounts) {
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        self.repeats_itself += other.repeats_itself;
        self.superseded += other.superseded;
        self.withdrawn += other.withdrawn;
        self.undecided += other.undecided;
    }
}

/// What some records come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFigures {
    /// The figures of their examination, without lists and columns.
    pub outcome: Outcome,
    /// By input: what became of their rows.
    pub rows: Vec<RowCounts>,
    /// Versions of them that are not in the figures.
    pub set_aside: SetAsideCount,
    /// Those with a document, by month of discharge and facility, where the pipeline looks at charts.
    pub charts: ChartCounts,
}

impl RecordFigures {
    /// Adds what other records come to.
    pub fn add(&mut self, other: RecordFigures) {
        self.outcome.merge(other.outcome);
        if self.rows.len() < other.rows.len() {
            self.rows.resize(other.rows.len(), RowCounts::default());
        }
        self.rows.iter_mut().zip(other.rows).for_each(|(own, more)| own.add(more));
        self.set_aside.superseded += other.set_aside.superseded;
        self.set_aside.withdrawn += other.set_aside.withdrawn;
        self.set_aside.undecided += other.set_aside.undecided;
        add_charts(&mut self.charts, other.charts);
    }

    /// Enters what became of rows in the accounts of the inputs.
    pub fn enter(&self, inputs: &mut [InputAccount], set_aside: &mut SetAsideCount) {
        self.rows.iter().zip(inputs).for_each(|(rows, input)| rows.enter(input));
        set_aside.superseded += self.set_aside.superseded;
        set_aside.withdrawn += self.set_aside.withdrawn;
        set_aside.undecided += self.set_aside.undecided;
    }
}

take_away_fields!(SetAsideCount: superseded, withdrawn, undecided);
take_away_fields!(RecordFigures: outcome, rows, set_aside, charts);

/// Picks rows out of those of a run.
///
/// # Errors
/// A temporary file cannot be read or written.
pub fn picked(rows: &Sorter, into: Sorter, is_picked: impl Fn(Row<'_>) -> bool) -> Result<Sorter, RunFault> {
    let mut into = into;
    let mut merge = rows.merge().map_err(RunFault::Write)?;
    let mut buffer = Vec::new();
    while let Some(row) = merge.row() {
        if is_picked(row) {
            buffer.extend_from_slice(row.bytes());
            if buffer.len() >= PICKED_BYTES {
                into.add(std::mem::take(&mut buffer)).map_err(RunFault::Write)?;
            }
        }
        merge.advance().map_err(RunFault::Write)?;
    }
    into.add(buffer).map_err(RunFault::Write)?;
    Ok(into)
}

/// What the records of some rows come to, by the very examination of a run; nothing is listed. `inputs` is how many inputs the run has.
///
/// # Errors
/// A temporary file cannot be read or written, or the run was interrupted.
pub fn figures_of(
    rows: Sorter,
    (with, deliveries): (&Examination<'_>, &Deliveries),
    in_force: &DesksInForce,
    (inputs, scratch): (usize, &Path),
    options: &RunOptions<'_>,
) -> Result<RecordFigures, RunFault> {
    let with = &Examination { deliveries, marks: false, ..*with };
    let mut accounts = vec![InputAccount::default(); inputs];
    let mut figures = RecordFigures { outcome: Outcome::of(in_force.rules.count()), ..RecordFigures::default() };
    let mut accepted = vec![0; inputs];
    let mut last = LastCut::none(deliveries.are_stated());
    let mut merge = rows.into_merge().map_err(RunFault::Write)?;
    let mut stays = Stays::new(scratch);
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| {
            let mut standing = deliveries.standing(cut, with.feeds);
            let rows = std::mem::take(&mut standing.rows);
            let mut outcome = examine_partition(&rows, standing.goes_on, with);
            // Columns take much room, and nothing is asked of them.
            (outcome.coded, outcome.sources, outcome.by_value) = Default::default();
            let charts = charts_among(&rows, with);
            (standing, outcome, charts)
        },
        |(standing, mut outcome, charts)| {
            add_charts(&mut figures.charts, charts);
            let StandingRows { duplicates, set_aside, .. } = standing;
            for rows in [&set_aside, &std::mem::take(&mut outcome.undecided)] {
                figures.set_aside.count(rows, &mut accounts);
            }
            count_repeated(&duplicates, &mut accounts);
            stays.add(std::mem::take(&mut outcome.stays)).map_err(RunFault::Write)?;
            figures.outcome.merge(without_lists(outcome));
            options.go_on()
        },
    )?;
    stays.examine(&in_force.rules, &in_force.conditions, &in_force.context, |between| {
        count_between(&mut figures.outcome, &between.map_err(RunFault::Write)?);
        options.go_on()
    })?;
    for (account, accepted) in accounts.iter_mut().zip(accepted) {
        account.accepted = accepted;
    }
    figures.rows = accounts.iter().map(RowCounts::of).collect();
    figures.outcome.sum_months();
    Ok(figures)
}

/// An outcome without its lists and columns.
fn without_lists(outcome: Outcome) -> Outcome {
    let mut outcome = outcome;
    (outcome.findings, outcome.records, outcome.stays) = Default::default();
    (outcome.coded, outcome.sources, outcome.by_value) = Default::default();
    (outcome.desks.deficiencies, outcome.desks.charts_without_index) = Default::default();
    (outcome.undecided, outcome.marks) = Default::default();
    outcome
}

/// Counts what the edits between records found of some patients.
pub fn count_between(total: &mut Outcome, between: &PatientFindings) {
    let PatientFindings { findings, scorecard, tally, readmissions, .. } = between;
    total.readmissions.merge(readmissions.clone());
    total.scorecard.merge(scorecard);
    total.conditions.merge(ConditionTally::clone(tally));
    for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
        total.found[finding.severity as usize] += 1;
        if finding.severity <= Severity::Error {
            total.errors.count(finding.origin, std::iter::once(finding.field));
        }
    }
}

/// The open records among those that were examined, and all that are brought together with them: digests of their keys. `followed` are findings between records that have a life.
///
/// # Errors
/// A temporary file cannot be read.
fn open_records(marks: &Marks, followed: &[Finding], rows: &Sorter) -> Result<FxHashSet<u64>, RunFault> {
    let mut open: FxHashSet<u64> = marks.open.iter().copied().collect();
    let origins: FxHashSet<Origin> = followed.iter().map(|finding| finding.origin).collect();
    if !origins.is_empty() {
        let mut merge = rows.merge().map_err(RunFault::Write)?;
        while let Some(row) = merge.row() {
            if origins.contains(&row.origin()) {
                open.insert(record_digest(row.key()));
            }
            merge.advance().map_err(RunFault::Write)?;
        }
    }
    bring_together(&mut open, &marks.stays);
    Ok(open)
}

/// Adds to some records all records that a chain of stays brings together with them.
fn bring_together(records: &mut FxHashSet<u64>, stays: &[(u64, u64)]) {
    let mut keys = FxHashSet::default();
    let mut size = usize::MAX;
    while size != records.len() + keys.len() {
        size = records.len() + keys.len();
        for (key, record) in stays {
            match (keys.contains(key), records.contains(record)) {
                (true, false) => {
                    records.insert(*record);
                }
                (false, true) => {
                    keys.insert(*key);
                }
                _ => {}
            }
        }
    }
}

/// Whether a row is of one of these records.
pub fn is_of(row: Row<'_>, records: &FxHashSet<u64>) -> bool {
    records.contains(&record_digest(row.key()))
}

/// What a night leaves for the next one.
#[derive(Debug)]
pub struct LeftByNight {
    /// What the records at rest come to.
    pub figures: KeptFigures,
    /// What it changes by month of discharge.
    pub months: ChangedMonths,
    /// What brings the records together that it examined.
    pub stays: Vec<(u64, u64)>,
    /// It examined all records.
    pub everything: bool,
}

/// What all kept records come to.
pub struct AllRecords {
    /// Their figures.
    pub total: Outcome,
    /// By input: accepted rows of encounters and of what hangs on them.
    pub accepted: Vec<u64>,
    /// What is left for the next night, where anything is.
    pub left: Option<LeftByNight>,
    /// What brings the examined records of one patient together, where it was asked for.
    pub joined: Vec<(u64, u64)>,
}

/// What of a night's examination is needed for the figures of all records.
pub struct ExaminedTonight<'n> {
    /// What the examined records come to, with their marks.
    pub figures: RecordFigures,
    /// Their rows.
    pub rows: Option<&'n Sorter>,
    /// Findings between them that have a life.
    pub followed: &'n [Finding],
}

/// Adds what the records at rest come to, and tells what is left for the next night.
///
/// # Errors
/// A temporary file cannot be read or written, or the run was interrupted.
pub fn with_those_at_rest(
    plan: &Plan,
    options: &RunOptions<'_>,
    (feeds, scratch): (&[Feed], &Path),
    (read, in_force): (&ReadInputs, &DesksInForce),
    tonight: ExaminedTonight<'_>,
    (inputs, set_aside, outputs): (&mut [InputAccount], &mut SetAsideCount, &mut Outputs),
) -> Result<AllRecords, RunFault> {
    let ExaminedTonight { figures: mut tonight, rows, followed } = tonight;
    let marks = std::mem::take(&mut tonight.outcome.marks);
    let mut accepted: Vec<u64> = tonight.rows.iter().map(|rows| rows.accepted).collect();
    let without = |total, accepted, joined| Ok(AllRecords { total, accepted, left: None, joined });
    let Some(rows) = rows else { return without(tonight.outcome, accepted, marks.stays) };
    let none = CodeFrequency::default();
    let with = in_force.examination((plan, options.business_date), feeds, read, &none);
    let picked_rows = || Sorter::new(scratch.to_path_buf(), HELD_BYTES / 4);
    let nothing = || RecordFigures { outcome: Outcome::of(in_force.rules.count()), ..RecordFigures::default() };
    let mut rest = nothing();
    let mut months = ChangedMonths { added: std::mem::take(&mut tonight.outcome.months), ..ChangedMonths::default() };
    let mut total = tonight.outcome.clone();
    if let Some(changed) = read.scope.changed() {
        rest = changed.before().map_or_else(nothing, |before| before.rest.clone());
        if let Some(period) = &plan.period {
            let wanted = |month: DischargedIn| month.stands_to(period) == StandsToPeriod::Within;
            limit_to(&mut rest.outcome, period, changed.kept.months(&wanted)?, &in_force.rules);
        }
        let were_at_rest = picked(rows, picked_rows(), |row| changed.was_at_rest(row))?;
        let with = Examination { patients: changed.patients.as_ref().unwrap_or(with.patients), ..with };
        let of = (&with, &changed.deliveries);
        let mut were = figures_of(were_at_rest, of, in_force, (changed.first_new, scratch), options)?;
        months.taken = std::mem::take(&mut were.outcome.months);
        if !rest.take_away(&were) {
            return Err(RunFault::ExamineEverything("what the night before left does not fit the records".to_owned()));
        }
        rest.enter(inputs, set_aside);
        accepted.iter_mut().zip(&rest.rows).for_each(|(all, rest)| *all += rest.accepted);
        outputs.not_listed(rest.outcome.found);
        total = rest.outcome.clone();
        total.merge(tonight.outcome.clone());
        if !total.values.are_named() {
            return Err(RunFault::ExamineEverything(
                "the encounters that were named with a value have it no more".to_owned(),
            ));
        }
    }
    if !lives::keeps(plan) {
        return without(total, accepted, marks.stays);
    }
    // Of values that are counted together none can be taken away on a later night.
    if !total.is_told_apart() || too_many_values(&total).iter().any(|(_, values)| *values > 0) {
        return without(total, accepted, marks.stays);
    }
    let open = open_records(&marks, followed, rows)?;
    let are_open = picked(rows, picked_rows(), |row| is_of(row, &open))?;
    rest.add(tonight);
    let mut are = figures_of(are_open, (&with, &read.deliveries), in_force, (inputs.len(), scratch), options)?;
    let months_of_open = std::mem::take(&mut are.outcome.months);
    if !rest.take_away(&are) || !take_months(&mut months.added, &months_of_open) {
        return without(total, accepted, marks.stays);
    }
    let sorted = |records: &FxHashSet<u64>| {
        let mut sorted: Vec<u64> = records.iter().copied().collect();
        sorted.sort_unstable();
        sorted
    };
    let changed = read.scope.changed();
    let figures = KeptFigures {
        basis: basis(plan, read, in_force),
        business_date: options.business_date.to_string(),
        facilities: in_force.index.facilities.clone(),
        index_is_usable: in_force.index.unusable.is_none(),
        open: sorted(&open),
        examined: match &read.scope {
            NightScope::Changed(changed) => Ok(sorted(&changed.records)),
            NightScope::Everything { why, .. } => Err(why.clone()),
        },
        rest,
    };
    let joined = if options.traces { marks.stays.clone() } else { Vec::new() };
    let left = Some(LeftByNight { figures, months, stays: marks.stays, everything: changed.is_none() });
    Ok(AllRecords { total, accepted, left, joined })
}
