//! Deficiencies counted: by kind, clinician and age, and the records they make incomplete.

use crate::record::take_away::{TakeAway, take_away_fields};
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    document_type::UnnamedTypes,
    examine::Deficiency,
    kind::{DeficiencyKind, KINDS},
};
use crate::record::{
    bounded::{BoundedSum, ByValue, Distinct, MOST_VALUES},
    month::Month,
};

/// Upper ends of the age buckets, in days since discharge; what is older stands in the last.
pub const AGE_BUCKETS: [(&str, i32); 6] =
    [("0-7", 7), ("8-14", 14), ("15-21", 21), ("22-30", 30), ("31-60", 60), ("over 60", i32::MAX)];

/// The bucket of an age.
pub fn age_bucket(age_days: i32) -> usize {
    AGE_BUCKETS.iter().position(|(_, last)| age_days <= *last).unwrap_or(AGE_BUCKETS.len() - 1)
}

/// Months of facilities without a document index that are told one by one; of more, the charts are counted alone.
const MOST_MONTHS: usize = 50_000;

/// Figures of one clinician.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicianCount {
    /// Open deficiencies.
    pub open: u64,
    /// Records with at least one of them.
    pub records: u64,
    /// Of those, delinquent ones.
    pub delinquent: u64,
    /// Age of the oldest, in days since discharge.
    pub oldest_days: i32,
    /// Documents that came late.
    pub late: u64,
}

impl BoundedSum for ClinicianCount {
    fn sum(&mut self, other: &ClinicianCount) {
        self.open += other.open;
        self.records += other.records;
        self.delinquent += other.delinquent;
        self.late += other.late;
        self.oldest_days = self.oldest_days.max(other.oldest_days);
    }
}

/// Deficiencies of a run. A record with five deficiencies is one incomplete record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeficiencyTally {
    /// Charts examined: those that the document index would hold, or has a document of.
    pub records: u64,
    /// Charts of which no document can be called missing, by month of discharge and facility.
    pub without_index: BTreeMap<(Month, String), u64>,
    /// Charts of which the same is so, where the months and facilities are too many to be told one by one; with the facilities.
    pub without_index_of_others: Option<Box<(u64, Distinct)>>,
    /// Kinds of document that the matrix does not name.
    pub unnamed_types: UnnamedTypes,
    /// Records with at least one open deficiency.
    pub incomplete_records: u64,
    /// Of those, records past their limit.
    pub delinquent_records: u64,
    /// Open deficiencies and, for `Late`, documents, by kind.
    pub by_kind: BTreeMap<DeficiencyKind, u64>,
    /// By clinician.
    pub by_clinician: ByValue<ClinicianCount>,
    /// Incomplete records by age.
    pub records_by_age: [u64; AGE_BUCKETS.len()],
    /// Open deficiencies by age.
    pub deficiencies_by_age: [u64; AGE_BUCKETS.len()],
}

impl DeficiencyTally {
    /// Counts the deficiencies of one chart.
    pub fn count(&mut self, of_record: &[Deficiency]) {
        self.records += 1;
        let mut clinicians: BTreeSet<&str> = BTreeSet::new();
        let mut open = 0;
        // What was waived is neither open nor late.
        for deficiency in of_record.iter().filter(|deficiency| !deficiency.settled) {
            *self.by_kind.entry(deficiency.kind).or_default() += 1;
            let clinician = self.by_clinician.of(&deficiency.clinician);
            if !deficiency.kind.entry().open {
                clinician.late += 1;
                continue;
            }
            open += 1;
            clinician.open += 1;
            clinician.oldest_days = clinician.oldest_days.max(deficiency.age_days);
            if clinicians.insert(&deficiency.clinician) {
                clinician.records += 1;
                clinician.delinquent += u64::from(deficiency.delinquent);
            }
            self.deficiencies_by_age[age_bucket(deficiency.age_days)] += 1;
        }
        if open > 0 {
            self.incomplete_records += 1;
            self.delinquent_records += u64::from(of_record.iter().any(|deficiency| deficiency.delinquent));
            self.records_by_age[age_bucket(of_record[0].age_days)] += 1;
        }
    }

    /// Counts a chart that the document index does not hold.
    pub fn count_without_index(&mut self, facility: &str, month: Month) {
        self.add_without_index(facility, month, 1);
    }

    fn add_without_index(&mut self, facility: &str, month: Month, charts: u64) {
        if self.without_index_of_others.is_none() {
            *self.without_index.entry((month, facility.to_owned())).or_default() += charts;
            if self.without_index.len() > MOST_MONTHS {
                self.tell_together();
            }
            return;
        }
        let others = self.without_index_of_others.get_or_insert_with(Box::default);
        others.0 += charts;
        others.1.enter(facility);
    }

    fn tell_together(&mut self) {
        let others = self.without_index_of_others.get_or_insert_with(Box::default);
        for ((_, facility), charts) in std::mem::take(&mut self.without_index) {
            others.0 += charts;
            others.1.enter(facility.as_str());
        }
    }

    /// Charts of which no document can be called missing.
    pub fn charts_without_index(&self) -> u64 {
        self.without_index.values().sum::<u64>() + self.without_index_of_others.as_deref().map_or(0, |others| others.0)
    }

    /// Facilities that were too many to be told one by one; 0 where they were not.
    pub fn too_many_facilities(&self) -> u64 {
        let facilities = self.without_index_of_others.as_deref().map_or(0, |others| others.1.count());
        if facilities > MOST_VALUES as u64 { facilities } else { 0 }
    }

    /// Open deficiencies of all kinds.
    pub fn open(&self) -> u64 {
        KINDS.iter().filter(|entry| entry.open).map(|entry| self.by_kind.get(&entry.kind).copied().unwrap_or(0)).sum()
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: DeficiencyTally) {
        self.records += other.records;
        if let Some(theirs) = other.without_index_of_others {
            self.tell_together();
            let own = self.without_index_of_others.get_or_insert_with(Box::default);
            own.0 += theirs.0;
            own.1.merge(theirs.1);
        }
        for ((month, facility), charts) in other.without_index {
            self.add_without_index(&facility, month, charts);
        }
        self.unnamed_types.merge(other.unnamed_types);
        self.incomplete_records += other.incomplete_records;
        self.delinquent_records += other.delinquent_records;
        for (kind, count) in other.by_kind {
            *self.by_kind.entry(kind).or_default() += count;
        }
        self.by_clinician.merge(other.by_clinician);
        for (sum, more) in self.records_by_age.iter_mut().zip(other.records_by_age) {
            *sum += more;
        }
        for (sum, more) in self.deficiencies_by_age.iter_mut().zip(other.deficiencies_by_age) {
            *sum += more;
        }
    }
}

impl TakeAway for ClinicianCount {
    /// Of open deficiencies the oldest may stay behind, but none where none is open.
    fn take_away(&mut self, part: &ClinicianCount) -> bool {
        let are_there = self.open.take_away(&part.open)
            & self.records.take_away(&part.records)
            & self.delinquent.take_away(&part.delinquent)
            & self.late.take_away(&part.late);
        if self.open == 0 {
            self.oldest_days = 0;
        }
        are_there
    }
}

take_away_fields!(
    DeficiencyTally: records, without_index, unnamed_types, incomplete_records, delinquent_records, by_kind, by_clinician,
    records_by_age, deficiencies_by_age,
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{date::Day, subject::Subject};

    fn deficiency(kind: DeficiencyKind, age_days: i32, delinquent: bool) -> Deficiency {
        Deficiency {
            subject: Subject::encounter("", "E1"),
            document: "discharge_summary".into(),
            event: None,
            document_id: String::new(),
            unnumbered_document: String::new(),
            kind,
            clinician: "CHO, M".into(),
            due: None,
            discharged: Day(0),
            age_days,
            delinquent,
            citation: String::new(),
            settled: false,
            again: 0,
        }
    }

    #[test]
    fn a_record_with_five_deficiencies_is_one_incomplete_record() {
        let mut tally = DeficiencyTally::default();
        tally.count(&vec![deficiency(DeficiencyKind::MissingDocument, 40, true); 5]);
        tally.count(&[deficiency(DeficiencyKind::Late, 3, false)]);
        tally.count(&[]);
        assert_eq!((tally.records, tally.incomplete_records, tally.delinquent_records, tally.open()), (3, 1, 1, 5));
        assert_eq!(
            tally.by_clinician.get("CHO, M"),
            Some(&ClinicianCount { open: 5, records: 1, delinquent: 1, oldest_days: 40, late: 1 })
        );
        assert_eq!(tally.records_by_age, [0, 0, 0, 0, 1, 0]);
    }

    #[test]
    fn ages_fall_into_their_buckets() {
        let names: Vec<&str> =
            [0, 7, 8, 14, 21, 22, 30, 31, 60, 61].iter().map(|age| AGE_BUCKETS[age_bucket(*age)].0).collect();
        assert_eq!(names, ["0-7", "0-7", "8-14", "8-14", "15-21", "22-30", "22-30", "31-60", "31-60", "over 60"]);
    }
}
