//! Readmissions within 30 days, counted over the stays of one patient.
//!
//! An index discharge is an inpatient's who left alive, was not sent to another hospital for acute care, did not leave against advice, and whose return is not said to be planned
//! (patient discharge status 81 to 95, or the export's own mark). A stay that is followed by another one on the same day, or at another facility by the next day, goes on there:
//! the last of the chain is the index. A readmission is the first inpatient stay that begins within 30 days of the index discharge. Newborns are no index. A readmission may be
//! an index itself. All causes count, and nothing is adjusted (after the HCUP Nationwide Readmissions Database and the hospital-wide measure of CMS, as far as records without
//! their clinical cohorts carry them).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::{date::Day, month::Month, take_away::take_away_fields};

/// Days after an index discharge within which a stay is a readmission.
pub const WITHIN_DAYS: i32 = 30;

/// What became of the stays that ended in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadmissionCounts {
    /// Index discharges.
    pub index: u64,
    /// Of them: readmitted anywhere.
    pub readmitted: u64,
    /// Of those: to the facility of the index discharge.
    pub to_same_facility: u64,
    /// No index: died.
    pub died: u64,
    /// No index: sent to another hospital, or admitted to another facility by the next day.
    pub transferred: u64,
    /// No index: left against advice.
    pub against_advice: u64,
    /// No index: the return is planned.
    pub planned: u64,
    /// No index: continued on the day of discharge, or a newborn.
    pub other: u64,
}

take_away_fields!(
    ReadmissionCounts: index, readmitted, to_same_facility, died, transferred, against_advice, planned, other,
);

impl ReadmissionCounts {
    /// All stays that ended, index discharges and others.
    pub fn ended(&self) -> u64 {
        self.index + self.died + self.transferred + self.against_advice + self.planned + self.other
    }

    /// The discharges that are no index, by reason.
    pub fn words(&self) -> String {
        format!(
            "Readmissions: {} index discharges of {}; no index are {} who died, {} who went to another hospital, {} who left against advice, {} whose return is planned, {} newborns and stays that went on.",
            self.index,
            self.ended(),
            self.died,
            self.transferred,
            self.against_advice,
            self.planned,
            self.other
        )
    }

    /// Adds those of other stays.
    pub fn add(&mut self, other: &ReadmissionCounts) {
        self.index += other.index;
        self.readmitted += other.readmitted;
        self.to_same_facility += other.to_same_facility;
        self.died += other.died;
        self.transferred += other.transferred;
        self.against_advice += other.against_advice;
        self.planned += other.planned;
        self.other += other.other;
    }
}

/// An inpatient stay that counts, as far as a return is asked about.
#[derive(Debug, Clone, Copy)]
pub struct PatientStay<'a> {
    /// Facility.
    pub facility_id: &'a str,
    /// The encounter's number.
    pub encounter_id: &'a str,
    /// Day of admission.
    pub admitted: Day,
    /// Day of discharge; `None`: the patient is in the house.
    pub discharged: Option<Day>,
    /// It ended in death.
    pub died: bool,
    /// The patient went to another hospital for acute care.
    pub transferred: bool,
    /// The patient left against medical advice.
    pub against_advice: bool,
    /// The return is planned.
    pub return_is_planned: bool,
    /// Born in this stay.
    pub newborn: bool,
}

/// Readmissions by facility of the index discharge, and its month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readmissions {
    /// By facility and month.
    pub facilities: BTreeMap<String, BTreeMap<Month, ReadmissionCounts>>,
}

impl Readmissions {
    /// Adds those of other patients.
    pub fn merge(&mut self, other: Readmissions) {
        for (facility, months) in other.facilities {
            let own = self.facilities.entry(facility).or_default();
            for (month, counts) in months {
                own.entry(month).or_default().add(&counts);
            }
        }
    }

    /// Counts the stays of one patient, which come in any order.
    pub fn count(&mut self, mut own: Vec<PatientStay<'_>>) {
        // The longest of those that begin on one day first, so that the others lie within it.
        let end = |stay: &PatientStay<'_>| stay.discharged.unwrap_or(Day(i32::MAX));
        own.sort_by_key(|stay| (stay.admitted, std::cmp::Reverse(end(stay)), stay.facility_id, stay.encounter_id));
        let mut latest: Option<Day> = None;
        for (place, stay) in own.iter().enumerate() {
            let lies_within = latest.is_some_and(|latest| stay.admitted < latest && end(stay) <= latest);
            latest = latest.max(Some(end(stay)));
            let Some(left) = stay.discharged else { continue };
            let next = own[place + 1..].iter().find(|next| next.admitted >= left);
            let after = next.map(|next| (next.admitted.0 - left.0, next.facility_id == stay.facility_id));
            let months = self.facilities.entry(stay.facility_id.to_owned()).or_default();
            let month = months.entry(Month::of(left)).or_default();
            match after {
                // What lies within a longer stay is no stay of its own.
                _ if lies_within => month.other += 1,
                _ if stay.died => month.died += 1,
                Some((0 | 1, false)) => month.transferred += 1,
                _ if stay.transferred => month.transferred += 1,
                _ if stay.against_advice => month.against_advice += 1,
                _ if stay.return_is_planned => month.planned += 1,
                Some((0, true)) => month.other += 1,
                _ if stay.newborn => month.other += 1,
                _ => {
                    let within = after.filter(|(days, _)| *days <= WITHIN_DAYS);
                    month.index += 1;
                    month.readmitted += u64::from(within.is_some());
                    month.to_same_facility += u64::from(within.is_some_and(|(_, same)| same));
                }
            }
        }
    }
}

take_away_fields!(Readmissions: facilities);
