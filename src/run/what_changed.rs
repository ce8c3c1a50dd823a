//! What a night examines: everything that is kept, or what changed. What changed are the records of which rows came tonight; those that are open ([`crate::examination::at_rest`]);
//! and all other records of the same patients. Of all others it is known what they come to ([`super::at_rest`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::{
    at_rest::{RecordFigures, picked},
    desks::{self, ChartCounts, DesksInForce, add_charts, charts_of},
    fault::RunFault,
    kept_months::why_period_is_unknown,
    kept_records::KeptRecords,
    options::RunOptions,
    read::ReadInputs,
};
use crate::{
    coding::mapping::CodeMap,
    examination::at_rest::{key_of_patient, stays_of},
    partition::decode::Patients,
    plan::Plan,
    record::record_set::record_digest,
    record::{
        account::InputAccount, delivery::DeliveredContent, field::CanonicalTable, month::Month,
        take_away::TakeAway as _,
    },
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        slot::{Feed, Repair},
        sorter::{HELD_BYTES, Sorter},
        standing::Deliveries,
    },
    store::night_files::digest_of,
};

/// What a night leaves for the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFigures {
    /// Digest of all but the records that the figures come from.
    pub basis: String,
    /// The business date of the night.
    pub business_date: String,
    /// Months and facilities that the document index holds.
    pub facilities: BTreeMap<Month, BTreeSet<String>>,
    /// Whether the document index was asked.
    pub index_is_usable: bool,
    /// Digests of the keys of open records, in order.
    pub open: Vec<u64>,
    /// The records that the night examined, likewise; or why it examined all of them.
    pub examined: Result<Vec<u64>, String>,
    /// What the records at rest come to.
    pub rest: RecordFigures,
}

/// Which of the kept records a run examines.
#[derive(Debug)]
pub enum NightScope {
    /// All of them.
    Everything {
        /// Why, in words; empty where no records are kept.
        why: String,
        /// What is kept, where the run follows it.
        kept: Option<Box<KeptRecords>>,
    },
    /// Those that changed, and what could be another thing for them.
    Changed(Box<ChangedRecords>),
}

impl NightScope {
    /// What is kept, where the run follows it.
    pub fn kept(&self) -> Option<&KeptRecords> {
        match self {
            NightScope::Changed(changed) => Some(&changed.kept),
            NightScope::Everything { kept, .. } => kept.as_deref(),
        }
    }

    /// What a night that examines what changed knows of the others.
    pub fn changed(&self) -> Option<&ChangedRecords> {
        match self {
            NightScope::Changed(changed) => Some(changed),
            NightScope::Everything { .. } => None,
        }
    }
}

/// A night that examines what changed.
#[derive(Debug)]
pub struct ChangedRecords {
    /// What is kept.
    pub kept: KeptRecords,
    /// The records that are examined: digests of their keys.
    pub records: FxHashSet<u64>,
    /// The number of the first input that came tonight.
    pub first_new: usize,
    /// How the inputs stood to each other before tonight's came.
    pub deliveries: Deliveries,
    /// The patients as they were before; `None` where they are the same.
    pub patients: Option<Patients>,
}

impl ChangedRecords {
    /// Chooses the records that are examined, and brings their kept rows among those that came tonight; `deliveries` and `patients` are those before they came.
    ///
    /// # Errors
    /// A segment is gone or was changed, or a temporary file cannot be read or written.
    pub fn choose(
        plan: &Plan,
        options: &RunOptions<'_>,
        (feeds, now, patients_now): (&[Feed], &Deliveries, &Patients),
        (kept, touched): (KeptRecords, Touched),
        (sorter, scratch): (&mut Sorter, &Path),
        (deliveries, patients): (Deliveries, Option<Patients>),
    ) -> Result<ChangedRecords, RunFault> {
        let by_facility = plan.edits.patient_numbers_by_facility;
        let now = Standing { feeds, deliveries: now, patients: patients_now, by_facility };
        let patients_before = patients.as_ref().unwrap_or(patients_now);
        let before = Standing { feeds, deliveries: &deliveries, patients: patients_before, by_facility };
        let records = load(plan, options, (&now, &before), (&kept, touched), (sorter, scratch))?;
        let first_new = kept.inputs.len();
        Ok(ChangedRecords { kept, records, first_new, deliveries, patients })
    }

    /// What the last night left.
    pub fn before(&self) -> Option<&KeptFigures> {
        self.kept.figures.as_ref()
    }

    /// Whether an input that was kept is older or newer beside the others than it was before tonight.
    pub fn is_ordered_anew(&self, deliveries: &Deliveries) -> bool {
        deliveries.inputs.get(..self.first_new) != Some(&self.deliveries.inputs[..])
    }

    /// Whether a row was kept before tonight and is of a record that was at rest.
    pub fn was_at_rest(&self, row: Row<'_>) -> bool {
        let is_open = |before: &KeptFigures| before.open.binary_search(&record_digest(row.key())).is_ok();
        usize::from(row.origin().input) < self.first_new && !self.before().is_some_and(is_open)
    }
}

/// The patients as they were before tonight: those of the first inputs, so many as were kept.
///
/// # Errors
/// A temporary file cannot be read or written.
pub fn patients_before(
    held: &Sorter,
    feeds: &[Feed],
    (deliveries, first_new): (&Deliveries, usize),
    scratch: &Path,
) -> Result<Patients, RunFault> {
    let is_of_patients = |row: Row<'_>| feeds[usize::from(row.feed())].table == CanonicalTable::Patients;
    let into = Sorter::new(scratch.to_path_buf(), HELD_BYTES / 2);
    let own = picked(held, into, |row| is_of_patients(row) && usize::from(row.origin().input) < first_new)?;
    let mut patients = Patients::default();
    let mut merge = own.merge().map_err(RunFault::Write)?;
    let (mut accepted, mut last) = (Vec::new(), LastCut::none(deliveries.are_stated()));
    while let Some(cut) = cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write)? {
        Row::all(&deliveries.standing(cut, feeds).rows).for_each(|row| patients.add(row));
    }
    (patients.given, patients.partial) = (patients.count() > 0, false);
    Ok(patients)
}

/// Why every night of a plan examines everything, so that none leaves anything for the next one; `None`: it may examine what changed.
pub fn why_always(plan: &Plan) -> Option<String> {
    let asks = |words: &str| Some(words.to_owned());
    let Some(records) = plan.records.as_ref().filter(|records| !records.examines_everything) else {
        return asks("the pipeline asks for it");
    };
    if records.takes && plan.period.is_some() {
        return asks("the night is of a period");
    }
    if let Some(feed) = plan.feeds.iter().find(|feed| is_held_against(feed.layout.table)) {
        return Some(format!("records are held against the register `{}`", feed.name));
    }
    let is_full = |feed: &&crate::plan::FeedPlan| {
        feed.delivery.as_ref().is_some_and(|delivery| delivery.content == DeliveredContent::Full)
            && feed.layout.table.is_of_encounters()
    };
    if let Some(feed) = plan.feeds.iter().find(is_full) {
        return Some(format!("`{}` is delivered in full", feed.name));
    }
    let maps = plan.coding.diagnoses.iter().chain(&plan.coding.procedures);
    let restores = |feed: &crate::plan::FeedPlan| {
        let own = feed.layout.feed(&feed.name);
        own.slots.iter().any(|slot| slot.repairs.contains(&Repair::RestoreIcd9Zeros))
    };
    if maps.into_iter().any(CodeMap::asks_frequency) || plan.feeds.iter().any(restores) {
        return asks("codes are read by what stands in all records");
    }
    let of_site = plan.edits.site.iter().flat_map(|rule| rule.applies.iter().chain([&rule.question]));
    let of_acceptances = plan.edits.acceptances.iter().filter_map(|acceptance| acceptance.condition.as_ref());
    let days = ["business_date", "period_start", "period_end"];
    for condition in of_site.chain(of_acceptances) {
        let text = condition.text.to_lowercase();
        if let Some(day) = days.iter().find(|day| text.contains(**day)) {
            return Some(format!("a condition of the pipeline asks for {day}"));
        }
    }
    None
}

/// Why a night examines everything, as far as it is known before a row is read; `None`: it examines what changed.
pub fn why_everything(
    plan: &Plan,
    options: &RunOptions<'_>,
    kept: &KeptRecords,
    inputs: &[InputAccount],
) -> Option<String> {
    let asks = |words: &str| Some(words.to_owned());
    if let Some(why) = why_always(plan) {
        return Some(why);
    }
    if kept.is_past {
        return asks("a later night has run");
    }
    if inputs.iter().any(|input| !input.taken_before && !input.fault.is_empty() && input.missing.is_empty()) {
        return asks("a file could not be used");
    }
    let Some(before) = &kept.figures else {
        return asks(if kept.inputs.is_empty() { "it is the first night" } else { "the night before left no figures" });
    };
    let today = options.business_date.to_string();
    // A night that is run again says what it said.
    before.examined.as_ref().err().filter(|_| kept.takes && before.business_date == today).cloned()
}

/// Whether records are held against a table: every record may be another one by a row of it.
fn is_held_against(table: CanonicalTable) -> bool {
    matches!(
        table,
        CanonicalTable::Staff
            | CanonicalTable::Census
            | CanonicalTable::Deaths
            | CanonicalTable::Births
            | CanonicalTable::Bills
    )
}

/// What of tonight is new: records, and keys of stays.
#[derive(Debug, Default)]
pub struct Touched {
    /// Digests of the keys of records of which rows came.
    pub records: FxHashSet<u64>,
    /// Numbers of patients of whom rows came.
    patients: FxHashSet<Vec<u8>>,
}

impl Touched {
    /// Enters a row that came tonight.
    pub fn enter(&mut self, row: Row<'_>, feed: &Feed) {
        if feed.table.is_of_encounters() {
            self.records.insert(record_digest(row.key()));
        } else if feed.table == CanonicalTable::Patients {
            self.patients.insert(row.key().to_vec());
        }
    }

    /// The records, and the keys that bring records together with the patients whose rows say another thing now than before.
    fn into_sets(self, now: &Patients, before: &Patients) -> (FxHashSet<u64>, FxHashSet<u64>) {
        let said = |patients: &Patients, number: &[u8]| {
            let row = patients.find(number).map(|row| row.content().to_vec());
            (row, patients.is_repeated(number))
        };
        let others = self.patients.iter().filter(|number| said(now, number) != said(before, number));
        (self.records, others.map(|number| key_of_patient(number)).collect())
    }

    /// Enters all rows of a sorter.
    ///
    /// # Errors
    /// A temporary file cannot be read.
    pub fn enter_all(&mut self, rows: &Sorter, feeds: &[Feed]) -> Result<(), RunFault> {
        let mut merge = rows.merge().map_err(RunFault::Write)?;
        while let Some(row) = merge.row() {
            self.enter(row, &feeds[usize::from(row.feed())]);
            merge.advance().map_err(RunFault::Write)?;
        }
        Ok(())
    }
}

/// So many records are examined, and are in memory, without asking whether they are a large part of those that are kept.
const MOST_ALWAYS: u64 = 200_000;

/// Chooses the records that are examined, and brings their kept rows among those that came tonight. `now` is what stands tonight, `before` what stood before.
///
/// # Errors
/// A segment is gone or was changed, or a temporary file cannot be read or written.
fn load(
    plan: &Plan,
    options: &RunOptions<'_>,
    (now, before): (&Standing<'_>, &Standing<'_>),
    (kept, touched): (&KeptRecords, Touched),
    (sorter, scratch): (&mut Sorter, &Path),
) -> Result<FxHashSet<u64>, RunFault> {
    let (mut records, mut keys) = touched.into_sets(now.patients, before.patients);
    // These were brought together with all of theirs when the last night ended.
    let mut closed: FxHashSet<u64> = FxHashSet::default();
    if let Some(before) = &kept.figures {
        closed.extend(&before.open);
        let again = kept.takes && before.business_date == options.business_date.to_string();
        closed.extend(before.examined.iter().flatten().filter(|_| again));
    }
    records.extend(&closed);
    let before_all = kept.figures.as_ref().map_or(0, |before| before.rest.outcome.examined + before.open.len() as u64);
    keys.extend(now.stays_among(sorter)?);
    let (mut loaded, mut asked) = (FxHashSet::default(), FxHashSet::default());
    loop {
        let new: FxHashSet<u64> = keys.difference(&asked).copied().collect();
        records.extend(kept.brought_together_by(&new)?.into_iter().map(|(_, record)| record));
        asked.extend(new);
        let wanted: FxHashSet<u64> = records.difference(&loaded).copied().collect();
        if wanted.is_empty() {
            return Ok(records);
        }
        if records.len() as u64 > MOST_ALWAYS.max(before_all / 8) {
            return Err(RunFault::ExamineEverything("a large part of the records came or is open".to_owned()));
        }
        let room = || Sorter::new(scratch.to_path_buf(), HELD_BYTES / 4);
        let mut fresh = room();
        kept.load_records(plan, now.feeds, &wanted, &mut fresh, &|| options.go_on())?;
        let unknown = picked(&fresh, room(), |row| !closed.contains(&record_digest(row.key())))?;
        keys.extend(before.stays_among(&unknown)?);
        // What a patient's row says tonight may bring an open record together with others.
        if !std::ptr::eq(now.patients, before.patients) {
            keys.extend(now.stays_among(&fresh)?);
        }
        let into = std::mem::replace(sorter, Sorter::in_memory(0));
        *sorter = picked(&fresh, into, |_| true)?;
        loaded.extend(wanted);
    }
}

/// What stands, as far as it says which records are of one patient.
struct Standing<'s> {
    feeds: &'s [Feed],
    deliveries: &'s Deliveries,
    patients: &'s Patients,
    by_facility: bool,
}

impl Standing<'_> {
    /// The keys of stays among some rows, digested.
    fn stays_among(&self, rows: &Sorter) -> Result<FxHashSet<u64>, RunFault> {
        let mut found = FxHashSet::default();
        let mut merge = rows.merge().map_err(RunFault::Write)?;
        let (mut accepted, mut last) = (Vec::new(), LastCut::none(self.deliveries.are_stated()));
        while let Some(cut) = cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write)? {
            let rows = self.deliveries.standing(cut, self.feeds).rows;
            found.extend(stays_of(&rows, self.feeds, self.patients, self.by_facility));
        }
        Ok(found)
    }
}

/// The charts with a document of all kept records: of those that are examined, `tonight`, and of those at rest.
///
/// # Errors
/// A temporary file cannot be read or written; what the night before left does not fit.
pub fn all_charts(
    read: &ReadInputs,
    inputs: usize,
    feeds: &[Feed],
    tonight: ChartCounts,
    options: &RunOptions<'_>,
) -> Result<ChartCounts, RunFault> {
    let Some((changed, before)) = read.scope.changed().and_then(|changed| Some((changed, changed.before()?))) else {
        return Ok(tonight);
    };
    let were_at_rest = picked(&read.sorter, Sorter::in_memory(usize::MAX), |row| changed.was_at_rest(row))?;
    let were = charts_of(&were_at_rest, inputs, (feeds, &changed.deliveries), options)?;
    let mut charts = before.rest.charts.clone();
    if !were.is_some_and(|were| charts.take_away(&were)) {
        return Err(RunFault::ExamineEverything("what the night before left does not fit the documents".to_owned()));
    }
    add_charts(&mut charts, tonight);
    Ok(charts)
}

/// Digest of all but the records that figures come from, the same for all pipelines that examine the records by the same settings.
pub fn basis(plan: &Plan, read: &ReadInputs, in_force: &DesksInForce) -> String {
    let imported: Vec<_> = read.imported.entries.iter().map(|entry| (&entry.name, &entry.source_sha256)).collect();
    let settings = format!("{} {} {imported:?}", env!("CARGO_PKG_VERSION"), desks::settings_of_examination(plan));
    let context = &in_force.context;
    format!(
        "{} {:?} {:?} {:?} {:?} {} {} {:?}",
        digest_of(settings.as_bytes()),
        context.mapped,
        context.of_patients_alone,
        context.expected_facilities,
        context.expected_periods,
        context.encounters_whole,
        read.patients.partial,
        read.patients.given,
    )
}

/// Holds what the last night left against what is in force tonight.
///
/// # Errors
/// Everything is to be examined: edits or settings are others, or the document index holds more.
pub fn hold(plan: &Plan, read: &ReadInputs, in_force: &DesksInForce) -> Result<(), RunFault> {
    let Some(before) = read.scope.changed().and_then(ChangedRecords::before) else { return Ok(()) };
    let is_in_set = |number| in_force.conditions.asks(number);
    let of_period = plan.period.as_ref().and_then(|period| {
        // Which of their versions lie in the period decides where they count.
        let undecided = before.rest.outcome.undecided_discharges > 0;
        let words = "of some records no version is known to be the newest";
        undecided.then(|| words.to_owned()).or_else(|| why_period_is_unknown(period, &in_force.rules, &is_in_set))
    });
    let takes = plan.records.as_ref().is_some_and(|records| records.takes);
    match of_period.or_else(|| why_not(before, &basis(plan, read, in_force), in_force, takes)) {
        Some(why) => Err(RunFault::ExamineEverything(why)),
        None => Ok(()),
    }
}

fn why_not(before: &KeptFigures, basis: &str, in_force: &DesksInForce, takes: bool) -> Option<String> {
    let index = &in_force.index;
    // The digest of the settings comes first.
    let settings = |basis: &str| basis.split(' ').next().map(str::to_owned);
    if settings(&before.basis) != settings(basis) {
        let words = match takes {
            true => "edits, code sets, layouts or settings are others than on the night before",
            false => "[edits], [coding] or [deficiency] are not those of the pipeline that takes the records",
        };
        return Some(words.to_owned());
    }
    if before.basis != basis {
        return Some("tonight or on the night before a file did not come or could not be used".to_owned());
    }
    if before.index_is_usable != index.unusable.is_none() || before.facilities != index.facilities {
        return Some("the document index holds other months or facilities than before".to_owned());
    }
    None
}
