//! The edits between the records of one patient, asked after all partitions: the stays in brief are merged by patient.
//!
//! The stays lie on shelves by a hash of the patient's key, always as many, so that threads can take shelves and the findings come in one order however many
//! threads there are.

use std::{hash::Hasher as _, io, path::Path};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::{
    edits::{
        between::{MOST_RECORDS, examine_patient, patient_rules},
        conditions::{ConditionTally, Conditions},
        engine::ActiveRules,
        rule::Context,
        scorecard::Scorecard,
    },
    record::finding::Finding,
    rows::sorter::{HELD_BYTES, Sorter},
};

/// Number of shelves.
pub const SHELVES: usize = 8;

/// The shelf of a patient's key.
#[inline]
pub fn shelf(key: &[u8]) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    (hasher.finish() >> 32) as usize % SHELVES
}

/// The stays of a run.
#[derive(Debug)]
pub struct Stays {
    shelves: Vec<Sorter>,
}

impl Stays {
    /// Empty shelves that spill into the folder.
    pub fn new(scratch: &Path) -> Stays {
        let sorter = || Sorter::new(scratch.to_path_buf(), HELD_BYTES / 3 / SHELVES);
        Stays { shelves: (0..SHELVES).map(|_| sorter()).collect() }
    }

    /// Takes the sorted stays of a partition.
    ///
    /// # Errors
    /// A temporary file cannot be written.
    pub fn add(&mut self, stays: [Vec<u8>; SHELVES]) -> io::Result<()> {
        self.shelves.iter_mut().zip(stays).try_for_each(|(sorter, rows)| sorter.add(rows))
    }

    /// Asks the rules of every patient's stays; the findings shelf by shelf, patient by patient.
    ///
    /// # Errors
    /// A temporary file cannot be read.
    pub fn examine(self, rules: &ActiveRules, conditions: &Conditions, context: &Context) -> io::Result<Between> {
        let examined: Vec<io::Result<Between>> =
            self.shelves.into_par_iter().map(|shelf| examine_shelf(shelf, rules, conditions, context)).collect();
        let mut all =
            Between { findings: Vec::new(), scorecard: Scorecard::new(rules.count()), tally: conditions.tally() };
        for shelf in examined {
            let mut own = shelf?;
            all.findings.append(&mut own.findings);
            all.scorecard.merge(&own.scorecard);
            all.tally.merge(own.tally);
        }
        conditions.count_between(&all.findings, &mut all.tally);
        Ok(all)
    }
}

/// What the edits between the records of all patients came to.
#[derive(Debug)]
pub struct Between {
    /// Findings.
    pub findings: Vec<Finding>,
    /// Figures of the edits.
    pub scorecard: Scorecard,
    /// Figures of the profiles' conditions.
    pub tally: ConditionTally,
}

fn examine_shelf(
    stays: Sorter,
    rules: &ActiveRules,
    conditions: &Conditions,
    context: &Context,
) -> io::Result<Between> {
    let asked = patient_rules(rules);
    let mut scorecard = Scorecard::new(rules.count());
    let mut merge = stays.into_merge()?;
    let mut patient: Vec<u8> = Vec::new();
    let mut key: Vec<u8> = Vec::new();
    let mut records = 0;
    let mut findings = Vec::new();
    let mut tally = conditions.tally();
    while let Some(row) = merge.row() {
        if row.key() != key.as_slice() {
            let conditions = (conditions, &mut tally);
            examine_patient(&patient, &asked, rules, context, &mut scorecard, &mut findings, conditions);
            patient.clear();
            key.clear();
            key.extend_from_slice(row.key());
            records = 0;
        }
        records += 1;
        if records <= MOST_RECORDS {
            patient.extend_from_slice(row.bytes());
        }
        merge.advance()?;
    }
    examine_patient(&patient, &asked, rules, context, &mut scorecard, &mut findings, (conditions, &mut tally));
    Ok(Between { findings, scorecard, tally })
}
