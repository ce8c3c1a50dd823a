//! Work of the coders in a period: records and codes by coder and day, days from discharge to coding, what is not coded yet.
//!
//! The export tells when a record was finished, not how long it took: the days and hours counted here are those in which something was finished, not
//! productive hours.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    partition::encounter::Encounter,
    record::take_away::take_away_fields,
    record::{
        bounded::{BoundedSum, ByValue, NOT_STATED},
        date::Day,
    },
};

/// Records and codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Records coded.
    pub records: u64,
    /// Their diagnosis and procedure codes.
    pub codes: u64,
}

impl Work {
    fn add(&mut self, other: Work) {
        self.records += other.records;
        self.codes += other.codes;
    }
}

/// Figures of one coder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coder {
    /// Records coded and their codes.
    pub coded: Work,
    /// Records that are the coder's and have no principal diagnosis yet.
    pub uncoded: u64,
    /// Of the coded records, those without a readable coded date.
    pub undated: u64,
    /// Of the coded records, those with a coded date before the discharge: in neither median nor longest.
    pub before_discharge: u64,
    /// Days from discharge to coded: days, records.
    pub days_to_coded: BTreeMap<i32, u64>,
    /// By day coded.
    pub by_day: BTreeMap<Day, Work>,
    /// By day and hour coded, where the coded date has a time.
    pub by_hour: BTreeMap<(Day, u16), Work>,
}

/// Work of all coders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coders {
    /// By coder, those of no stated coder apart.
    named: ByValue<Coder>,
    not_stated: Coder,
    /// Discharges that are not coded, by day of discharge.
    pub uncoded_by_discharge: BTreeMap<Day, u64>,
}

impl Coders {
    /// Counts one discharge of the period. `coded`: it has a principal diagnosis.
    pub fn count(&mut self, encounter: &Encounter<'_>, coded: bool) {
        if !coded && let Some(discharged) = encounter.discharge_date.value() {
            *self.uncoded_by_discharge.entry(discharged.day).or_default() += 1;
        }
        let coder = match encounter.coder {
            "" => &mut self.not_stated,
            name => self.named.of(name),
        };
        if !coded {
            coder.uncoded += 1;
            return;
        }
        let diagnoses = encounter.diagnoses.iter().filter(|diagnosis| !diagnosis.raw.is_empty()).count();
        let procedures = encounter.procedures.iter().filter(|procedure| !procedure.raw.is_empty()).count();
        let work = Work { records: 1, codes: (diagnoses + procedures) as u64 };
        coder.coded.add(work);
        let Some(finished) = encounter.coded_date.value() else {
            coder.undated += 1;
            return;
        };
        coder.by_day.entry(finished.day).or_default().add(work);
        if let Some(minute) = finished.minute {
            coder.by_hour.entry((finished.day, minute / 60)).or_default().add(work);
        }
        match encounter.discharge_date.value().map(|discharged| finished.day.0 - discharged.day.0) {
            Some(days) if days < 0 => coder.before_discharge += 1,
            Some(days) => *coder.days_to_coded.entry(days).or_default() += 1,
            None => {}
        }
    }

    /// Whether any discharge states a coder or a coded date.
    pub fn is_stated(&self) -> bool {
        !self.named.is_empty() || self.not_stated.undated < self.not_stated.coded.records
    }

    /// The coders in the order of names, those of no stated coder last, where there are any.
    pub fn rows(&self) -> Vec<(&str, &Coder)> {
        let mut rows = self.named.rows();
        if self.not_stated.coded.records + self.not_stated.uncoded > 0 {
            rows.push((NOT_STATED, &self.not_stated));
        }
        rows
    }

    /// How many different names of coders are counted together; 0 where every one is listed.
    pub fn too_many(&self) -> u64 {
        self.named.too_many()
    }

    /// All coders together.
    pub fn all(&self) -> Coder {
        let mut all = self.not_stated.clone();
        self.named.rows().into_iter().for_each(|(_, coder)| all.sum(coder));
        all
    }

    /// Adds the work of another partition.
    pub fn merge(&mut self, other: Coders) {
        self.named.merge(other.named);
        self.not_stated.sum(&other.not_stated);
        for (day, records) in other.uncoded_by_discharge {
            *self.uncoded_by_discharge.entry(day).or_default() += records;
        }
    }
}

impl BoundedSum for Coder {
    fn sum(&mut self, other: &Coder) {
        self.coded.add(other.coded);
        self.uncoded += other.uncoded;
        self.undated += other.undated;
        self.before_discharge += other.before_discharge;
        for (days, records) in &other.days_to_coded {
            *self.days_to_coded.entry(*days).or_default() += records;
        }
        for (day, work) in &other.by_day {
            self.by_day.entry(*day).or_default().add(*work);
        }
        for (hour, work) in &other.by_hour {
            self.by_hour.entry(*hour).or_default().add(*work);
        }
    }
}

impl Coder {
    /// Records with a readable coded date.
    pub fn dated(&self) -> Work {
        total(self.by_day.values())
    }

    /// Records with a time of coding.
    pub fn timed(&self) -> Work {
        total(self.by_hour.values())
    }
}

fn total<'w>(works: impl Iterator<Item = &'w Work>) -> Work {
    let mut all = Work::default();
    works.for_each(|work| all.add(*work));
    all
}

take_away_fields!(Work: records, codes);
take_away_fields!(Coder: coded, uncoded, undated, before_discharge, days_to_coded, by_day, by_hour);
take_away_fields!(Coders: named, not_stated, uncoded_by_discharge);
