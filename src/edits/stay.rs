//! A stay in brief: what the edits between the records of one patient need of an encounter, as a small row that can be sorted by patient.

use crate::{
    edits::{
        facts,
        name_words::{self, Names},
    },
    partition::encounter::Encounter,
    record::{
        date::{Day, Moment},
        finding::Origin,
        subject::Subject,
        vocabulary::Sex,
    },
    rows::row::{Row, RowWriter},
};

/// By what records are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Together {
    /// By the patient's number.
    PatientNumber,
    /// By the identity under it: social security number and birth date.
    Identity,
}

/// One stay, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Stay<'a> {
    /// The encounter's number.
    pub encounter_id: &'a str,
    /// The patient's number.
    pub patient_id: &'a str,
    /// Facility.
    pub facility_id: &'a str,
    /// Where the encounter's row stood.
    pub origin: Origin,
    /// Fingerprint of the row, where it states no number.
    pub unnumbered: Option<u64>,
    /// First day.
    pub admission: Option<Day>,
    /// Last day.
    pub discharge: Option<Day>,
    /// Birth.
    pub birth_date: Option<Day>,
    /// Death: as stated, or the last day of a stay that ended in it.
    pub death: Option<Day>,
    /// Sex, where it is stated.
    pub sex: Option<Sex>,
    /// An inpatient stay: the class says so or says nothing.
    pub inpatient: bool,
    /// Born in this stay.
    pub newborn: bool,
    /// What is compared of the name, in rows by identity; empty where there is none.
    pub name_words: &'a [u8],
    /// Discharged to another short-term hospital (patient discharge status 02 or 82).
    pub transferred: bool,
}

const NO_DAY: i32 = i32::MIN;

/// Appends the rows of an encounter: one by the patient's number and one by the identity, as far as the record states them. Returns whether there is one by
/// number. With `by_facility` the numbers of one facility are not those of another.
pub fn write(encounter: &Encounter<'_>, by_facility: bool, rows: &mut Vec<u8>) -> bool {
    if let Some(digits) = facts::social_security_digits(encounter.social_security_number)
        && !facts::is_default_social_security_number(&digits)
        && let Some(birth) = encounter.birth_date.value()
    {
        let mut name = Vec::new();
        name_words::write(&encounter.patient_name, &mut name);
        write_row(encounter, format!("I{digits} {}", birth.0).as_bytes(), &name, rows);
    }
    if encounter.patient_number().is_empty() {
        return false;
    }
    let mut key = vec![b'P'];
    if by_facility {
        key.extend_from_slice(encounter.facility_id.as_bytes());
        key.push(0);
    }
    key.extend_from_slice(encounter.patient_id.as_bytes());
    write_row(encounter, &key, &[], rows);
    true
}

fn write_row(encounter: &Encounter<'_>, key: &[u8], name_words: &[u8], rows: &mut Vec<u8>) {
    let day = |moment: Option<Moment>| moment.map_or(NO_DAY, |moment| moment.day.0);
    let discharge = encounter.discharge_date.value();
    let death = encounter.death_date.value().or_else(|| discharge.filter(|_| encounter.died()));
    let transferred = encounter.discharge_status.value().is_some_and(|status| status.is_to_short_term_hospital());
    let mut facts = [0; 19];
    for (place, value) in [
        day(encounter.admission_date.value()),
        day(discharge),
        encounter.birth_date.value().map_or(NO_DAY, |Day(day)| day),
        day(death),
    ]
    .into_iter()
    .enumerate()
    {
        facts[place * 4..place * 4 + 4].copy_from_slice(&value.to_le_bytes());
    }
    facts[16] = encounter.sex.value().map_or(0, |sex| match sex {
        Sex::Male => 1,
        Sex::Female => 2,
        _ => 0,
    });
    facts[17] = u8::from(encounter.is_inpatient()) | u8::from(encounter.is_newborn()) << 1;
    facts[18] = u8::from(transferred);
    let mut writer = RowWriter::begin(rows, 0, key, encounter.origin(), encounter.unnumbered().unwrap_or(0));
    writer.cell(0, encounter.facility_id.as_bytes());
    writer.cell(1, encounter.encounter_id.as_bytes());
    writer.cell(2, encounter.patient_id.as_bytes());
    writer.cell(3, &facts);
    if !name_words.is_empty() {
        writer.cell(4, name_words);
    }
    writer.end();
}

/// By what the row brings records together.
pub fn together(row: Row<'_>) -> Together {
    if row.key().first() == Some(&b'P') { Together::PatientNumber } else { Together::Identity }
}

impl<'a> Stay<'a> {
    /// Reads a row of [`write`].
    pub fn read(row: Row<'a>) -> Option<Stay<'a>> {
        let mut cells = row.cells().map(|(_, bytes)| bytes);
        let mut text = || std::str::from_utf8(cells.next()?).ok();
        let (facility_id, encounter_id, patient_id) = (text()?, text()?, text()?);
        let facts: [u8; 19] = cells.next()?.try_into().ok()?;
        let name_words = cells.next().unwrap_or_default();
        let day = |place: usize| {
            let number = i32::from_le_bytes(facts[place * 4..place * 4 + 4].try_into().ok()?);
            (number != NO_DAY).then_some(Day(number))
        };
        Some(Stay {
            encounter_id,
            patient_id,
            facility_id,
            origin: row.origin(),
            unnumbered: Some(row.fingerprint()).filter(|fingerprint| *fingerprint != 0),
            admission: day(0),
            discharge: day(1),
            birth_date: day(2),
            death: day(3),
            sex: match facts[16] {
                1 => Some(Sex::Male),
                2 => Some(Sex::Female),
                _ => None,
            },
            inpatient: facts[17] & 1 != 0,
            newborn: facts[17] & 2 != 0,
            name_words,
            transferred: facts[18] != 0,
        })
    }

    /// What a finding on it speaks of.
    pub fn subject(&self) -> Subject {
        Subject::Encounter {
            facility_id: self.facility_id.to_owned(),
            encounter_id: self.encounter_id.to_owned(),
            unnumbered: self.unnumbered,
        }
    }

    /// First and last day of an inpatient stay whose dates are in order.
    pub fn days(&self) -> Option<(Day, Day)> {
        let (admission, discharge) = (self.admission?, self.discharge?);
        (self.inpatient && admission <= discharge).then_some((admission, discharge))
    }

    /// Whether two records under one social security number and birth date are of one person: not where their sex or their names differ; and two newborns, who are
    /// twins or siblings of a number (their mother's), only where their names are the same.
    pub fn is_one_identity(&self, other: &Stay<'_>) -> bool {
        self.sex.zip(other.sex).is_none_or(|(left, right)| left == right)
            && match name_words::compare(self.name_words, other.name_words) {
                Names::Same => true,
                Names::Different => false,
                Names::Unsaid => !(self.is_of_newborn() && other.is_of_newborn()),
            }
    }

    fn is_of_newborn(&self) -> bool {
        self.newborn || self.birth_date.is_some() && self.admission == self.birth_date
    }

    /// Whether birth date or sex say that two records are of two people.
    pub fn contradicts(&self, other: &Stay<'_>) -> bool {
        let differ = |left: Option<Day>, right: Option<Day>| left.zip(right).is_some_and(|(left, right)| left != right);
        differ(self.birth_date, other.birth_date)
    }
}
