//! Records at rest: of which an examination on a later night comes to what it came to on this one, as long as no row of theirs comes, no row of another record of
//! the same patient, and nothing that they are held against changes. All others are open: something in them is to be resolved or was decided on, the patient is still in the
//! house, or a day that they state is still to come.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::columns::coded_records::RecordOutcome;
use crate::{
    edits::stay::{self, StayRows},
    partition::{
        decode::{Patients, decode},
        encounter::{Document, Encounter, Orphan},
    },
    record::record_set::record_digest,
    record::{
        cell::Cell,
        date::{Day, Moment},
    },
    rows::{row::Row, slot::Feed},
};

/// What a night needs to know of the records it examines, so that a later one need not examine all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Digests of the keys of open records.
    pub open: Vec<u64>,
    /// What brings records of one patient together: digest of the key of a stay in brief, and of the key of its encounter.
    pub stays: Vec<(u64, u64)>,
}

impl Marks {
    /// Marks the encounters of a partition that are examined, and the rows that hang on none; `all` are the encounters, those that are excluded among them.
    pub fn of(
        rows: &[u8],
        (encounters, records): (&[Encounter<'_>], &[RecordOutcome]),
        (all, orphans): (&[Encounter<'_>], &[Orphan<'_>]),
        (patients, business_date): (&Patients, Day),
    ) -> Marks {
        let mut marks = Marks::default();
        // Also of records that are excluded: by another row of the patient they may not be.
        if patients.given {
            let named = all.iter().filter(|encounter| !encounter.patient_id.is_empty());
            let key = |encounter: &Encounter<'_>| key_of_patient(encounter.patient_id.as_bytes());
            marks.stays.extend(named.map(|encounter| (key(encounter), record_digest(encounter.row.key()))));
        }
        for (encounter, record) in encounters.iter().zip(records) {
            if record.is_open || is_of_days_to_come(encounter, business_date) {
                marks.open.push(record_digest(encounter.row.key()));
            }
        }
        if !orphans.is_empty() {
            let numbers: FxHashSet<&[u8]> = orphans.iter().map(|orphan| orphan.encounter_id.as_bytes()).collect();
            let of_orphans = Row::all(rows).filter(|row| numbers.contains(row.number()));
            marks.open.extend(of_orphans.map(|row| record_digest(row.key())));
            marks.open.dedup();
        }
        marks
    }

    /// Adds the marks of the next partition.
    pub fn merge(&mut self, next: Marks) {
        self.open.extend(next.open);
        self.stays.extend(next.stays);
    }
}

/// Whether a record has no day of discharge, or states a day after the business date: what is asked of it depends on the day on which it is asked.
fn is_of_days_to_come(encounter: &Encounter<'_>, business_date: Day) -> bool {
    let is_to_come = |cell: Cell<Moment>| cell.value().is_some_and(|moment| moment.day > business_date);
    let of_document = |document: &Document<'_>| {
        let Document { event_date, dictated_at, transcribed_at, signed_at, cosigned_at, .. } = document;
        [*event_date, *dictated_at, *transcribed_at, *signed_at, *cosigned_at].into_iter().any(is_to_come)
    };
    encounter.discharge_date.value().is_none()
        || [encounter.admission_date, encounter.discharge_date, encounter.death_date].into_iter().any(is_to_come)
        || encounter.birth_date.value().is_some_and(|day| day > business_date)
        || encounter.procedures.iter().any(|procedure| is_to_come(procedure.date))
        || encounter.documents.iter().any(of_document)
}

/// What brings records together with the row of their patient: a key, digested as those of stays are.
pub fn key_of_patient(patient_id: &[u8]) -> u64 {
    record_digest(&[b"N", patient_id].concat())
}

/// What brings the records of some rows together with others: digests of the keys of stays.
pub fn stays_of(rows: &[u8], feeds: &[Feed], patients: &Patients, by_facility: bool) -> Vec<u64> {
    let decoded = decode(rows, feeds, patients);
    let mut stays = Vec::new();
    for encounter in decoded.encounters() {
        stay::write(&encounter, true, StayRows { by_facility, attending: false }, &mut stays);
    }
    Row::all(&stays).map(|row| record_digest(row.key())).collect()
}
