//! The deaths register: one row a death.

use super::{
    RegisterRow,
    by_facility::{ByFacility, Months},
};
use crate::record::{date::Day, field::Field, finding::Origin};

/// One death. The order is by number, patient, facility and day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Death {
    /// Number of the stay; empty where the register does not state it.
    pub encounter_id: Box<str>,
    /// Number of the patient; empty where the register does not state it.
    pub patient_id: Box<str>,
    /// The facility; empty where the register does not state it.
    pub facility_id: Box<str>,
    /// The day.
    pub day: Option<Day>,
    /// Where the row stood.
    pub origin: Origin,
}

/// The deaths register.
#[derive(Debug, Clone, Default)]
pub struct Deaths {
    entries: Vec<Death>,
    /// Number of entries without a number of the stay; they come first, and among them the order is that of the patients.
    without_number: usize,
    months: ByFacility<Months>,
}

impl Deaths {
    /// Takes one row.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let facility_id = row.words(Field::FacilityId);
        let day = row.day(Field::DeathDate).value();
        let months = self.months.entry(facility_id);
        if let Some(day) = day {
            months.add(day);
        }
        self.entries.push(Death {
            encounter_id: row.words(Field::EncounterId).into(),
            patient_id: row.words(Field::PatientId).into(),
            facility_id: facility_id.into(),
            day,
            origin: row.origin(),
        });
    }

    /// Puts the entries in order.
    pub fn sort(&mut self) {
        self.entries.sort_unstable();
        self.without_number = self.entries.partition_point(|entry| entry.encounter_id.is_empty());
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Death] {
        &self.entries
    }

    /// Whether the register speaks of the deaths of a facility on a day; see [`ByFacility::of`].
    pub fn speaks_of(&self, facility_id: &str, one: bool, day: Day) -> bool {
        self.months.of(facility_id, one).is_some_and(|months| months.have(day))
    }

    /// The place of the entry of a stay: by its number, or else by the patient's number on a day of the stay.
    pub fn of(&self, encounter_id: &str, patient_id: &str, facility_id: &str, stay: (Day, Day)) -> Option<usize> {
        let here = |entry: &Death| {
            entry.facility_id.is_empty() || facility_id.is_empty() || &*entry.facility_id == facility_id
        };
        if !encounter_id.is_empty() {
            let start = self.entries.partition_point(|entry| *entry.encounter_id < *encounter_id);
            let own = self.entries[start..].iter().take_while(|entry| &*entry.encounter_id == encounter_id);
            if let Some((place, _)) = own.enumerate().find(|(_, entry)| here(entry)) {
                return Some(start + place);
            }
        }
        if patient_id.is_empty() {
            return None;
        }
        let nameless = &self.entries[..self.without_number];
        let start = nameless.partition_point(|entry| *entry.patient_id < *patient_id);
        let own = nameless[start..].iter().take_while(|entry| &*entry.patient_id == patient_id);
        let in_stay = |entry: &Death| entry.day.is_none_or(|day| stay.0 <= day && day <= stay.1);
        own.enumerate().find(|(_, entry)| here(entry) && in_stay(entry)).map(|(place, _)| start + place)
    }
}
