//! A stay in brief: what the edits between the records of one patient need of an encounter, as a small row that can be sorted by patient.

use crate::{
    edits::{
        facts,
        name_words::{self, NameComparison},
    },
    partition::encounter::Encounter,
    record::{
        date::{Clock, Day, Moment},
        finding::Origin,
        subject::Subject,
        vocabulary::Sex,
    },
    rows::row::{Row, RowWriter},
};

/// By what records are brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinKey {
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
    /// Begin: the day, and the minute where the record states it.
    pub admission: Option<Moment>,
    /// End, likewise.
    pub discharge: Option<Moment>,
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
    /// How it ended, as far as a return is asked about.
    pub left: HowItEnded,
    /// It stands in the statistics: no fatal finding keeps it out.
    pub counts: bool,
    /// The attending practitioner, where an error between records is told to him.
    pub attending: &'a str,
}

/// How a stay ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HowItEnded {
    /// In death.
    pub died: bool,
    /// In another hospital for acute care (patient discharge status 02, 05, 43, 66, and 82, 85, 88, 94 where a return is planned).
    pub to_hospital: bool,
    /// Against medical advice (patient discharge status 07).
    pub against_advice: bool,
    /// With a planned return (status 81 to 95, or the export's own mark).
    pub return_is_planned: bool,
}

/// What rows of stays are made with.
#[derive(Debug, Clone, Copy)]
pub struct StayRows {
    /// The numbers of one facility are not those of another.
    pub by_facility: bool,
    /// Rows name the attending practitioner.
    pub attending: bool,
}

/// The facts of a stay that have a fixed length, as they stand in its row.
struct Facts {
    admission: Option<Moment>,
    discharge: Option<Moment>,
    birth: Option<Day>,
    death: Option<Day>,
    sex: Option<Sex>,
    inpatient: bool,
    newborn: bool,
    transferred: bool,
    left: HowItEnded,
    counts: bool,
}

/// Their bytes: two moments, two days, the sex, and a bit each for what is yes or no.
const FACTS: usize = 2 * MOMENT + 2 * DAY + 2;
/// A day: its number, of which the least says that there is none.
const DAY: usize = 4;
/// A moment: its day, its minute or -1, what is known of its clock, and the clock's minutes east of UTC.
const MOMENT: usize = DAY + 5;
const INPATIENT: u8 = 1;
const NEWBORN: u8 = 2;
const TRANSFERRED: u8 = 4;
const DIED: u8 = 8;
const AGAINST_ADVICE: u8 = 16;
const RETURN_IS_PLANNED: u8 = 32;
const COUNTS: u8 = 64;
const TO_HOSPITAL: u8 = 128;

fn day_bytes(day: Option<Day>) -> [u8; DAY] {
    day.map_or(i32::MIN, |Day(day)| day).to_le_bytes()
}

fn day_of(bytes: [u8; DAY]) -> Option<Day> {
    Some(Day(i32::from_le_bytes(bytes))).filter(|day| day.0 != i32::MIN)
}

fn moment_bytes(moment: Option<Moment>) -> [u8; MOMENT] {
    let minute = moment.and_then(|moment| moment.minute).map_or(-1, |minute| minute as i16);
    let (clock, offset) = match moment.map_or(Clock::Unstated, |moment| moment.clock) {
        Clock::Unstated => (0, 0),
        Clock::Offset(offset) => (1, offset),
        Clock::Repeated(offset) => (2, offset),
    };
    let mut bytes = [0; MOMENT];
    bytes[..4].copy_from_slice(&day_bytes(moment.map(|moment| moment.day)));
    bytes[4..6].copy_from_slice(&minute.to_le_bytes());
    bytes[6] = clock;
    bytes[7..].copy_from_slice(&offset.to_le_bytes());
    bytes
}

fn moment_of([d0, d1, d2, d3, m0, m1, clock, o0, o1]: [u8; MOMENT]) -> Option<Moment> {
    let offset = i16::from_le_bytes([o0, o1]);
    let clock = match clock {
        1 => Clock::Offset(offset),
        2 => Clock::Repeated(offset),
        _ => Clock::Unstated,
    };
    let day = day_of([d0, d1, d2, d3])?;
    Some(Moment { day, minute: u16::try_from(i16::from_le_bytes([m0, m1])).ok(), clock })
}

impl Facts {
    fn write(&self) -> [u8; FACTS] {
        let mut bytes = [0; FACTS];
        bytes[..MOMENT].copy_from_slice(&moment_bytes(self.admission));
        bytes[MOMENT..2 * MOMENT].copy_from_slice(&moment_bytes(self.discharge));
        bytes[2 * MOMENT..][..DAY].copy_from_slice(&day_bytes(self.birth));
        bytes[2 * MOMENT + DAY..][..DAY].copy_from_slice(&day_bytes(self.death));
        bytes[FACTS - 2] = match self.sex {
            Some(Sex::Male) => 1,
            Some(Sex::Female) => 2,
            _ => 0,
        };
        for (is, bit) in [
            (self.inpatient, INPATIENT),
            (self.newborn, NEWBORN),
            (self.transferred, TRANSFERRED),
            (self.left.died, DIED),
            (self.left.to_hospital, TO_HOSPITAL),
            (self.left.against_advice, AGAINST_ADVICE),
            (self.left.return_is_planned, RETURN_IS_PLANNED),
            (self.counts, COUNTS),
        ] {
            bytes[FACTS - 1] |= if is { bit } else { 0 };
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Facts> {
        let (admission, rest) = bytes.split_first_chunk::<MOMENT>()?;
        let (discharge, rest) = rest.split_first_chunk::<MOMENT>()?;
        let (birth, rest) = rest.split_first_chunk::<DAY>()?;
        let (death, rest) = rest.split_first_chunk::<DAY>()?;
        let [sex, bits] = rest else { return None };
        Some(Facts {
            admission: moment_of(*admission),
            discharge: moment_of(*discharge),
            birth: day_of(*birth),
            death: day_of(*death),
            sex: match sex {
                1 => Some(Sex::Male),
                2 => Some(Sex::Female),
                _ => None,
            },
            inpatient: bits & INPATIENT != 0,
            newborn: bits & NEWBORN != 0,
            transferred: bits & TRANSFERRED != 0,
            left: HowItEnded {
                died: bits & DIED != 0,
                to_hospital: bits & TO_HOSPITAL != 0,
                against_advice: bits & AGAINST_ADVICE != 0,
                return_is_planned: bits & RETURN_IS_PLANNED != 0,
            },
            counts: bits & COUNTS != 0,
        })
    }
}

/// Appends the rows of an encounter: one by the patient's number and one by the identity, as far as the record states them. Returns whether there is one by
/// number.
pub fn write(encounter: &Encounter<'_>, counts: bool, with: StayRows, rows: &mut Vec<u8>) -> bool {
    if let Some(digits) = facts::social_security_digits(encounter.social_security_number)
        && !facts::is_default_social_security_number(&digits)
        && let Some(birth) = encounter.birth_date.value()
    {
        let mut name = Vec::new();
        name_words::write(&encounter.patient_name, &mut name);
        let key = format!("I{digits} {}", birth.0);
        write_row(encounter, (key.as_bytes(), counts), &name, with, rows);
    }
    if encounter.patient_number().is_empty() {
        return false;
    }
    let mut key = vec![b'P'];
    if with.by_facility {
        key.extend_from_slice(encounter.facility_id.as_bytes());
        key.push(0);
    }
    key.extend_from_slice(encounter.patient_id.as_bytes());
    write_row(encounter, (&key, counts), &[], with, rows);
    true
}

fn write_row(
    encounter: &Encounter<'_>,
    (key, counts): (&[u8], bool),
    name_words: &[u8],
    with: StayRows,
    rows: &mut Vec<u8>,
) {
    let discharge = encounter.discharge_date.value();
    let death = encounter.death_date.value().or_else(|| discharge.filter(|_| encounter.died()));
    let status = encounter.discharge_status.value();
    let transferred = status.is_some_and(|status| status.is_to_short_term_hospital());
    let left = HowItEnded {
        died: encounter.died(),
        to_hospital: status.is_some_and(|status| status.is_to_acute_hospital()),
        against_advice: status.is_some_and(|status| status.0 == 7),
        return_is_planned: status.is_some_and(|status| (81..=95).contains(&status.0))
            || encounter.planned_readmission.value() == Some(true),
    };
    let facts = Facts {
        admission: encounter.admission_date.value(),
        discharge,
        birth: encounter.birth_date.value(),
        death: death.map(|moment| moment.day),
        sex: encounter.sex.value(),
        inpatient: encounter.is_inpatient(),
        newborn: encounter.is_newborn(),
        transferred,
        left,
        counts,
    };
    let mut writer = RowWriter::begin(rows, 0, key, encounter.origin(), encounter.unnumbered().unwrap_or(0));
    writer.cell(0, encounter.facility_id.as_bytes());
    writer.cell(1, encounter.encounter_id.as_bytes());
    writer.cell(2, encounter.patient_id.as_bytes());
    writer.cell(3, &facts.write());
    if !name_words.is_empty() {
        writer.cell(NAME_WORDS, name_words);
    }
    if with.attending && !encounter.attending_name.is_empty() {
        writer.cell(ATTENDING, encounter.attending_name.as_bytes());
    }
    writer.end();
}

const NAME_WORDS: u8 = 4;
const ATTENDING: u8 = 5;

/// By what the row brings records together.
pub fn together(row: Row<'_>) -> JoinKey {
    if row.key().first() == Some(&b'P') { JoinKey::PatientNumber } else { JoinKey::Identity }
}

impl<'a> Stay<'a> {
    /// Reads a row of [`write`].
    pub fn read(row: Row<'a>) -> Option<Stay<'a>> {
        let mut cells = row.cells();
        let mut text = || std::str::from_utf8(cells.next()?.1).ok();
        let (facility_id, encounter_id, patient_id) = (text()?, text()?, text()?);
        let facts = Facts::read(cells.next()?.1)?;
        let (mut name_words, mut attending) = ([].as_slice(), "");
        for (number, bytes) in cells {
            match number {
                NAME_WORDS => name_words = bytes,
                _ => attending = std::str::from_utf8(bytes).ok()?,
            }
        }
        Some(Stay {
            encounter_id,
            patient_id,
            facility_id,
            origin: row.origin(),
            unnumbered: Some(row.fingerprint()).filter(|fingerprint| *fingerprint != 0),
            admission: facts.admission,
            discharge: facts.discharge,
            birth_date: facts.birth,
            death: facts.death,
            sex: facts.sex,
            inpatient: facts.inpatient,
            newborn: facts.newborn,
            name_words,
            transferred: facts.transferred,
            left: facts.left,
            counts: facts.counts,
            attending,
        })
    }

    /// What a finding on it speaks of.
    pub fn subject(&self) -> Subject {
        Subject::Encounter {
            facility_id: self.facility_id.into(),
            encounter_id: self.encounter_id.into(),
            unnumbered: self.unnumbered,
        }
    }

    /// First and last day of an inpatient stay whose dates are in order.
    pub fn days(&self) -> Option<(Day, Day)> {
        let (admission, discharge) = (self.admission?.day, self.discharge?.day);
        (self.inpatient && admission <= discharge).then_some((admission, discharge))
    }

    /// Whether two records under one social security number and birth date are of one person: not where their sex or their names differ; and two newborns, who are
    /// twins or siblings of a number (their mother's), only where their names are the same.
    pub fn is_one_identity(&self, other: &Stay<'_>) -> bool {
        self.sex.zip(other.sex).is_none_or(|(left, right)| left == right)
            && match name_words::compare(self.name_words, other.name_words) {
                NameComparison::Same => true,
                NameComparison::Different => false,
                NameComparison::Unsaid => !(self.is_of_newborn() && other.is_of_newborn()),
            }
    }

    fn is_of_newborn(&self) -> bool {
        self.newborn || self.birth_date.is_some() && self.admission.map(|moment| moment.day) == self.birth_date
    }

    /// Whether birth date or sex say that two records are of two people.
    pub fn contradicts(&self, other: &Stay<'_>) -> bool {
        let differ = |left: Option<Day>, right: Option<Day>| left.zip(right).is_some_and(|(left, right)| left != right);
        differ(self.birth_date, other.birth_date)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moments() -> impl Strategy<Value = Option<Moment>> {
        let clocks = prop_oneof![
            Just(Clock::Unstated),
            (-840i16..=840).prop_map(Clock::Offset),
            (-840i16..=840).prop_map(Clock::Repeated),
        ];
        let moment = (-700_000i32..3_000_000, prop::option::of(0u16..1440), clocks);
        prop::option::of(moment.prop_map(|(day, minute, clock)| Moment { day: Day(day), minute, clock }))
    }

    proptest! {
        #[test]
        fn the_facts_of_a_stay_are_read_as_they_were_written(
            (admission, discharge) in (moments(), moments()),
            (birth, death) in (prop::option::of(-700_000i32..3_000_000), prop::option::of(-700_000i32..3_000_000)),
            sex in prop_oneof![Just(None), Just(Some(Sex::Male)), Just(Some(Sex::Female))],
            (inpatient, newborn, transferred) in any::<(bool, bool, bool)>(),
            (died, to_hospital, against_advice, return_is_planned, counts) in any::<(bool, bool, bool, bool, bool)>(),
        ) {
            let (birth, death) = (birth.map(Day), death.map(Day));
            let left = HowItEnded { died, to_hospital, against_advice, return_is_planned };
            let facts = Facts { admission, discharge, birth, death, sex, inpatient, newborn, transferred, left, counts };
            let read = Facts::read(&facts.write()).expect("as many bytes");
            prop_assert_eq!((read.admission, read.discharge), (admission, discharge));
            prop_assert_eq!((read.birth, read.death, read.sex), (birth, death, sex));
            prop_assert_eq!((read.inpatient, read.newborn, read.transferred), (inpatient, newborn, transferred));
            prop_assert_eq!((read.left, read.counts), (left, counts));
        }
    }
}
