//! The edits between the records of one patient, asked after all partitions: the stays in brief are merged by patient.
//!
//! The stays lie in buckets by a hash of the patient's key, always as many, so that threads can take buckets and the findings come in one order however many
//! threads there are.

use std::{hash::Hasher as _, io, path::Path};

use rustc_hash::FxHasher;

use crate::{
    edits::{
        between::{MOST_RECORDS, examine_patient, patient_rules},
        conditions::{ConditionTally, Conditions},
        engine::ActiveRules,
        rule::EditContext,
        scorecard::Scorecard,
        stay::{JoinKey, Stay, together},
        tables::ToCorrect,
    },
    parallel::in_order,
    record::finding::Finding,
    rows::{
        row::Row,
        sorter::{HELD_BYTES, Sorter},
    },
    statistics::readmissions::{PatientStay, Readmissions},
};

/// Number of buckets.
pub const BUCKETS: usize = 8;

/// The bucket of a patient's key.
#[inline]
pub fn bucket(key: &[u8]) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(key);
    (hasher.finish() >> 32) as usize % BUCKETS
}

/// The stays of a run.
#[derive(Debug)]
pub struct Stays {
    buckets: Vec<Sorter>,
}

impl Stays {
    /// Empty buckets that spill into the folder.
    pub fn new(scratch: &Path) -> Stays {
        let sorter = || Sorter::new(scratch.to_path_buf(), HELD_BYTES / 3 / BUCKETS);
        Stays { buckets: (0..BUCKETS).map(|_| sorter()).collect() }
    }

    /// Takes the sorted stays of a partition.
    ///
    /// # Errors
    /// A temporary file cannot be written.
    pub fn add(&mut self, stays: [Vec<u8>; BUCKETS]) -> io::Result<()> {
        self.buckets.iter_mut().zip(stays).try_for_each(|(sorter, rows)| sorter.add(rows))
    }

    /// Asks the rules of every patient's stays, and hands on what each bucket came to, in their order; an error where a temporary file cannot be read.
    ///
    /// # Errors
    /// The error of `take`.
    pub fn examine<E: Send>(
        self,
        rules: &ActiveRules,
        conditions: &Conditions,
        context: &EditContext,
        take: impl FnMut(io::Result<PatientFindings>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut buckets = self.buckets.into_iter();
        let examine = |bucket| examine_bucket(bucket, rules, conditions, context);
        in_order(rayon::current_num_threads(), || Ok(buckets.next()), examine, take)
    }
}

/// What the edits between the records of the patients of a bucket came to.
#[derive(Debug)]
pub struct PatientFindings {
    /// Findings.
    pub findings: Vec<Finding>,
    /// What is to be corrected by them, a record and a finding each.
    pub to_correct: Vec<ToCorrect>,
    /// Figures of the edits.
    pub scorecard: Scorecard,
    /// Figures of the profiles' conditions.
    pub tally: ConditionTally,
    /// Readmissions of the patients.
    pub readmissions: Readmissions,
}

/// What is asked of a stay where returns are counted; `None` where it is no inpatient's, or its admission is not known or lies after the discharge.
fn patient_stay<'a>(stay: &Stay<'a>) -> Option<PatientStay<'a>> {
    let admitted = stay.admission.filter(|_| stay.inpatient)?.day;
    let discharged = stay.discharge.map(|moment| moment.day);
    if discharged.is_some_and(|discharged| discharged < admitted) {
        return None;
    }
    Some(PatientStay {
        facility_id: stay.facility_id,
        encounter_id: stay.encounter_id,
        admitted,
        discharged,
        died: stay.left.died,
        transferred: stay.left.to_hospital,
        against_advice: stay.left.against_advice,
        return_is_planned: stay.left.return_is_planned,
        newborn: stay.newborn,
    })
}

/// Counts the readmissions of one patient's rows, where they are brought together by the patient's number.
fn count_returns(rows: &[u8], readmissions: &mut Readmissions) {
    if Row::first(rows).is_some_and(|row| together(row) == JoinKey::PatientNumber) {
        let stays = Row::all(rows).filter_map(Stay::read).filter(|stay| stay.counts);
        readmissions.count(stays.filter_map(|stay| patient_stay(&stay)).collect());
    }
}

fn examine_bucket(
    stays: Sorter,
    rules: &ActiveRules,
    conditions: &Conditions,
    context: &EditContext,
) -> io::Result<PatientFindings> {
    let asked = patient_rules(rules);
    let mut scorecard = Scorecard::new(rules.count());
    let mut merge = stays.into_merge()?;
    let mut patient: Vec<u8> = Vec::new();
    let mut key: Vec<u8> = Vec::new();
    let mut records = 0;
    let (mut findings, mut to_correct) = (Vec::new(), Vec::new());
    let (mut tally, mut readmissions) = (conditions.tally(), Readmissions::default());
    while let Some(row) = merge.row() {
        if row.key() != key.as_slice() {
            let conditions = (conditions, &mut tally);
            let found = (&mut findings, &mut to_correct);
            examine_patient(&patient, &asked, rules, context, &mut scorecard, found, conditions);
            count_returns(&patient, &mut readmissions);
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
    let found = (&mut findings, &mut to_correct);
    examine_patient(&patient, &asked, rules, context, &mut scorecard, found, (conditions, &mut tally));
    count_returns(&patient, &mut readmissions);
    conditions.count_between(&findings, &mut tally);
    Ok(PatientFindings { findings, to_correct, scorecard, tally, readmissions })
}
