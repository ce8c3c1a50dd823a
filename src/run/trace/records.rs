//! The records of a run in sets that hang together, and what each record adds to a figure.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::evaluate::{Contribution, CountedHow, TracedRun};
use crate::{
    book::figures::FigureName,
    coding::frequency::CodeFrequency,
    examination::outcome::Outcome,
    partition::decode::decode,
    plan::Plan,
    record::{finding::Origin, record_set::record_digest},
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        sorter::{HELD_BYTES, Sorter},
    },
    run::{
        at_rest::{figures_of, picked},
        fault::RunFault,
        options::RunOptions,
        pipeline::CountedRun,
        settle::TracedRows,
    },
};

/// One record that stands behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedRecord {
    /// Its facility.
    pub facility_id: String,
    /// Its number.
    pub encounter_id: String,
    /// Where its own row stood.
    pub origin: Origin,
    /// Where the rows stood that hang on it.
    pub further: Vec<Origin>,
    /// What it adds; of records that count together the first has what all of them add.
    pub adds: Contribution,
    /// The records that count together have the same number; `None`: it counts by itself.
    pub together: Option<u32>,
}

/// The records of a run, each in the set of those that hang together with it: those of one patient, as far as stays bring them together.
pub struct RecordSets {
    /// Number of the set by digest of the record's key.
    sets: FxHashMap<u64, u32>,
    /// How many sets there are.
    pub count: u32,
}

impl RecordSets {
    /// Finds the sets; they are numbered in the order of their first records.
    ///
    /// # Errors
    /// A temporary file cannot be read.
    pub fn of(traced: &TracedRows) -> Result<RecordSets, RunFault> {
        let mut of_stay: FxHashMap<u64, u64> = FxHashMap::default();
        let mut parent: FxHashMap<u64, u64> = FxHashMap::default();
        for (stay, record) in &traced.stays {
            let first = *of_stay.entry(*stay).or_insert(*record);
            let (one, other) = (root(&mut parent, first), root(&mut parent, *record));
            if one != other {
                parent.insert(one.max(other), one.min(other));
            }
        }
        let (mut numbers, mut sets): (FxHashMap<u64, u32>, _) = Default::default();
        let mut merge = traced.rows.merge().map_err(RunFault::Write)?;
        let mut count = 0;
        while let Some(row) = merge.row() {
            let record = record_digest(row.key());
            let first = root(&mut parent, record);
            let number = *numbers.entry(first).or_insert_with(|| {
                count += 1;
                count - 1
            });
            FxHashMap::insert(&mut sets, record, number);
            merge.advance().map_err(RunFault::Write)?;
        }
        Ok(RecordSets { sets, count })
    }

    /// The number of the set that a row is in.
    pub fn number(&self, row: Row<'_>) -> u32 {
        self.sets.get(&record_digest(row.key())).copied().unwrap_or(u32::MAX)
    }
}

/// The first record of the set that a record is in.
fn root(parent: &mut FxHashMap<u64, u64>, record: u64) -> u64 {
    let mut at = record;
    while let Some(next) = parent.get(&at) {
        at = *next;
    }
    if at != record {
        parent.insert(record, at);
    }
    at
}

/// Examines some of the rows of a run again.
pub struct Again<'t> {
    plan: &'t Plan,
    options: &'t RunOptions<'t>,
    run: &'t CountedRun,
}

impl<'t> Again<'t> {
    /// Of a run.
    pub fn of(plan: &'t Plan, options: &'t RunOptions<'t>, run: &'t CountedRun) -> Again<'t> {
        Again { plan, options, run }
    }

    /// Those of some rows that are picked.
    ///
    /// # Errors
    /// A temporary file cannot be read or written.
    pub fn picked(&self, rows: &Sorter, is_picked: impl Fn(Row<'_>) -> bool) -> Result<Sorter, RunFault> {
        picked(rows, Sorter::new(self.run.prepared.scratch.clone(), HELD_BYTES / 8), is_picked)
    }

    /// What some rows come to.
    ///
    /// # Errors
    /// A temporary file cannot be read or written, or the run was interrupted.
    pub fn outcome(&self, rows: &Sorter) -> Result<Outcome, RunFault> {
        let CountedRun { prepared, read, in_force, accounts, .. } = self.run;
        let none = CodeFrequency::default();
        let with = in_force.examination((self.plan, self.options.business_date), &prepared.feeds, read, &none);
        let copy = self.picked(rows, |_| true)?;
        let of = (accounts.inputs.len(), prepared.scratch.as_path());
        Ok(figures_of(copy, (&with, &read.deliveries), in_force, of, self.options)?.outcome)
    }

    /// The records of some rows, each with the digest of its key; those that do not stand are none of them.
    ///
    /// # Errors
    /// A temporary file cannot be read.
    pub fn records(&self, rows: &Sorter) -> Result<Vec<(u64, TracedRecord)>, RunFault> {
        let CountedRun { prepared, read, .. } = self.run;
        let mut merge = rows.merge().map_err(RunFault::Write)?;
        let (mut accepted, mut last) = (Vec::new(), LastCut::none(read.deliveries.are_stated()));
        let mut records = Vec::new();
        while let Some(cut) = cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write)? {
            let standing = read.deliveries.standing(cut, &prepared.feeds);
            let decoded = decode(&standing.rows, &prepared.feeds, &read.patients);
            for encounter in decoded.encounters() {
                let diagnoses = encounter.diagnoses.iter().map(|diagnosis| diagnosis.origin);
                let procedures = encounter.procedures.iter().map(|procedure| procedure.origin);
                let documents = encounter.documents.iter().map(|document| document.origin);
                let own = encounter.origin();
                let mut further: Vec<Origin> =
                    diagnoses.chain(procedures).chain(documents).filter(|origin| *origin != own).collect();
                further.sort();
                further.dedup();
                let record = TracedRecord {
                    facility_id: encounter.facility_id.to_owned(),
                    encounter_id: encounter.encounter_id.to_owned(),
                    origin: own,
                    further,
                    adds: Contribution::default(),
                    together: None,
                };
                records.push((record_digest(encounter.row.key()), record));
            }
        }
        Ok(records)
    }
}

/// Looks for the records behind one figure.
pub struct RecordSearch<'t> {
    /// The run.
    pub asked: &'t TracedRun<'t>,
    /// Examines rows again.
    pub again: &'t Again<'t>,
    /// The sets of its records.
    pub sets: &'t RecordSets,
    /// The figure.
    pub name: &'t FigureName,
    /// How it is found out what records add.
    pub way: CountedHow,
    /// What is found.
    pub found: Vec<TracedRecord>,
    /// Records that count together so far.
    pub together: u32,
}

impl RecordSearch<'_> {
    fn adds(&self, rows: &Sorter) -> Result<Contribution, RunFault> {
        let changes = self.asked.of_records(&self.again.outcome(rows)?, self.way);
        Ok(changes.get(self.name).copied().unwrap_or_default())
    }

    /// Finds those among the rows of the sets from `first` to before `end`: half by half, and nothing further of a half that adds nothing.
    ///
    /// # Errors
    /// A temporary file cannot be read or written, or the run was interrupted.
    pub fn search(&mut self, rows: &Sorter, (first, end): (u32, u32)) -> Result<(), RunFault> {
        let adds = self.adds(rows)?;
        if first >= end || adds.is_nothing() {
            return Ok(());
        }
        if first + 1 == end {
            return self.of_set(rows, adds);
        }
        let middle = first + (end - first) / 2;
        for (first, end) in [(first, middle), (middle, end)] {
            let half = self.again.picked(rows, |row| (first..end).contains(&self.sets.number(row)))?;
            self.search(&half, (first, end))?;
        }
        Ok(())
    }

    /// The records of one set: each by itself where what they add is the sum, else together.
    fn of_set(&mut self, rows: &Sorter, adds: Contribution) -> Result<(), RunFault> {
        let records = self.again.records(rows)?;
        let mut keys: Vec<u64> = records.iter().map(|(key, _)| *key).collect();
        keys.dedup();
        if keys.len() < 2 {
            self.enter(records.into_iter().map(|(_, record)| record), adds);
            return Ok(());
        }
        let mut alone = BTreeMap::new();
        let mut sum = Contribution::default();
        for key in &keys {
            let own = self.again.picked(rows, |row| record_digest(row.key()) == *key)?;
            let adds = self.adds(&own)?;
            sum.add(&adds);
            alone.insert(*key, adds);
        }
        if sum == adds {
            for (key, adds) in alone.into_iter().filter(|(_, adds)| !adds.is_nothing()) {
                self.enter(records.iter().filter(|(own, _)| *own == key).map(|(_, record)| record.clone()), adds);
            }
            return Ok(());
        }
        let mut behind = Vec::new();
        for key in keys {
            let others = self.again.picked(rows, |row| record_digest(row.key()) != key)?;
            if alone.get(&key).is_some_and(|adds| !adds.is_nothing()) || self.adds(&others)? != adds {
                behind.extend(records.iter().filter(|(own, _)| *own == key).map(|(_, record)| record.clone()));
            }
        }
        self.enter(behind.into_iter(), adds);
        Ok(())
    }

    /// Enters records that add something together; one by itself.
    fn enter(&mut self, records: impl Iterator<Item = TracedRecord>, adds: Contribution) {
        let records: Vec<TracedRecord> = records.collect();
        let together = (records.len() > 1).then(|| {
            self.together += 1;
            self.together
        });
        for (place, record) in records.into_iter().enumerate() {
            let adds = if place == 0 { adds } else { Contribution::default() };
            self.found.push(TracedRecord { adds, together, ..record });
        }
    }
}
