//! The rows of patients, and what an encounter takes from its own.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    partition::{
        decode::{
            fields::{blank_encounter, set},
            together::settle,
            values::CellReading,
        },
        encounter::{Encounter, PatientDiffers},
    },
    record::{field::Field, scientific::is_scientific},
    rows::{
        row::Row,
        slot::{Feed, Slot},
    },
};

/// The patients of a run: rows by patient number. The first row of a number, in the order of content, is the one used.
#[derive(Debug, Default)]
pub struct Patients {
    bytes: Vec<u8>,
    starts: FxHashMap<Vec<u8>, usize>,
    repeated: FxHashSet<Vec<u8>>,
    /// Rows whose number a spreadsheet has cut: each is a patient, and none can be found by it.
    unnamed: usize,
    /// Whether the run has rows of patients at all.
    pub given: bool,
    /// Whether an input of patients could not be used: a patient that is not here may stand there.
    pub partial: bool,
}

impl Patients {
    /// Takes one patient row.
    pub fn add(&mut self, row: Row<'_>) {
        if is_scientific(row.key()) {
            self.unnamed += 1;
            return;
        }
        let start = self.bytes.len();
        if let std::collections::hash_map::Entry::Vacant(entry) = self.starts.entry(row.key().to_vec()) {
            entry.insert(start);
            self.bytes.extend_from_slice(row.bytes());
        } else {
            self.repeated.insert(row.key().to_vec());
        }
    }

    /// Whether several rows with other content bear the number.
    pub fn is_repeated(&self, patient_id: &[u8]) -> bool {
        !self.repeated.is_empty() && self.repeated.contains(patient_id)
    }

    /// The patient's row.
    pub fn find(&self, patient_id: &[u8]) -> Option<Row<'_>> {
        self.starts.get(patient_id).and_then(|start| Row::first(&self.bytes[*start..]))
    }

    /// Number of patients.
    pub fn count(&self) -> usize {
        self.starts.len() + self.unnamed
    }
}

/// What a row says of the fields that are asked for, and what is read together with them, without its codes and what hangs on it.
pub fn read_row<'a>(row: Row<'a>, feeds: &'a [Feed], is_asked: impl Fn(Field) -> bool) -> Encounter<'a> {
    let feed = &feeds[usize::from(row.feed())];
    let mut read = blank_encounter(row, feeds);
    let asked = |slot: &&Slot| is_asked(slot.field);
    for (slot, value) in feed.constants.iter().filter(|(slot, _)| is_asked(slot.field)) {
        set(&mut read, CellReading::constant(slot, value));
    }
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let Some(slot) = feed.slots.get(usize::from(number)).filter(asked) else { continue };
        if let Some(reading) = CellReading::of(written, slot, feed) {
            set(&mut read, reading);
        }
    }
    if feed.reads_columns_together() {
        settle(&mut read, row, feed);
    }
    read
}

/// Fills what an encounter leaves blank from its patient's row, and says where the two differ.
pub fn fill_from_patient<'a>(encounter: &mut Encounter<'a>, patient: Row<'a>, feeds: &'a [Feed]) {
    encounter.patient = Some(patient);
    let of_patient = read_row(patient, feeds, |_| true);
    encounter.patient_differs = PatientDiffers {
        sex: encounter.sex.value().is_some() && of_patient.sex.value().is_some() && encounter.sex != of_patient.sex,
        birth_date: encounter.birth_date.value().is_some()
            && of_patient.birth_date.value().is_some()
            && encounter.birth_date != of_patient.birth_date,
    };
    encounter.partial.birth = encounter.partial.birth.or(of_patient.partial.birth);
    encounter.partial.death = encounter.partial.death.or(of_patient.partial.death);
    encounter.birth_date = encounter.birth_date.or(of_patient.birth_date);
    encounter.death_date = encounter.death_date.or(of_patient.death_date);
    encounter.sex = encounter.sex.or(of_patient.sex);
    encounter.reference_age = encounter.reference_age.or(of_patient.reference_age);
    encounter.reference_year = encounter.reference_year.or(of_patient.reference_year);
    encounter.unlisted.race |= of_patient.unlisted.race && encounter.race.is_empty();
    encounter.unlisted.ethnicity |= of_patient.unlisted.ethnicity && encounter.ethnicity.is_empty();
    if encounter.patient_name.iter().all(|part| part.is_empty()) {
        encounter.patient_name = of_patient.patient_name;
    }
    for (own, theirs) in [
        (&mut encounter.medical_record_number, of_patient.medical_record_number),
        (&mut encounter.social_security_number, of_patient.social_security_number),
        (&mut encounter.race, of_patient.race),
        (&mut encounter.ethnicity, of_patient.ethnicity),
        (&mut encounter.zip_code, of_patient.zip_code),
        (&mut encounter.state, of_patient.state),
        (&mut encounter.county, of_patient.county),
        (&mut encounter.employer_name, of_patient.employer_name),
    ] {
        if own.is_empty() {
            *own = theirs;
        }
    }
}
