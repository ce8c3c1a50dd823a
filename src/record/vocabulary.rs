//! Standard value lists: sex, UB-04 admission type, point of origin and discharge status, present on admission. Where a value began or ended on a published day
//! its table has the day and the source.
//!
//! Values are read strictly: what an export writes otherwise (`1`, `male`, `f`) is translated by its layout, not guessed here.

use super::{date::Day, field::Field};

pub use super::discharge_status::DischargeStatus;

/// Whether the standard list of a field has a text; `None` for a field that has no such list.
#[inline]
pub fn has(field: Field, text: &[u8]) -> Option<bool> {
    match field {
        Field::Sex => Some(Sex::read(text).is_some()),
        Field::AdmissionType => Some(AdmissionType::read(text).is_some()),
        Field::PointOfOrigin => Some(PointOfOrigin::read(text).is_some()),
        Field::DischargeStatus => Some(DischargeStatus::read(text).is_some()),
        Field::PresentOnAdmission => Some(PresentOnAdmission::read(text).is_some()),
        _ => None,
    }
}

/// The values of the standard list of a field, in their order; empty for a field that has no such list. All of them are one letter, one digit or two digits.
pub fn values(field: Field) -> Vec<String> {
    let of_one = (b'0'..=b'9').chain(b'A'..=b'Z').map(|letter| char::from(letter).to_string());
    let of_two = (0..100).map(|number| format!("{number:02}"));
    of_one.chain(of_two).filter(|text| has(field, text.as_bytes()) == Some(true)).collect()
}

/// Sex as UB-04 and UHDDS know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// F
    Female,
    /// M
    Male,
    /// U
    Unknown,
}

impl Sex {
    /// Reads `F`, `M` or `U` exactly.
    #[inline]
    pub fn read(text: &[u8]) -> Option<Sex> {
        match text {
            b"F" => Some(Sex::Female),
            b"M" => Some(Sex::Male),
            b"U" => Some(Sex::Unknown),
            _ => None,
        }
    }

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Sex::Female => "F",
            Sex::Male => "M",
            Sex::Unknown => "U",
        }
    }
}

/// Present on admission, CMS reporting values; `1` is the exempt mark of the 4010 format, also written blank.
///
/// No value has an end here: hospitals report them to Medicare from 2007-10-01 on (CMS, Hospital-Acquired Conditions), states asked for them before, and states
/// still take the 1 that Medicare's format gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PresentOnAdmission {
    /// Y
    Yes,
    /// N
    No,
    /// U: documentation insufficient.
    Unknown,
    /// W: clinically undetermined.
    Undetermined,
    /// 1: exempt from reporting.
    Exempt,
}

impl PresentOnAdmission {
    /// Reads `Y`, `N`, `U`, `W` or `1` exactly.
    #[inline]
    pub fn read(text: &[u8]) -> Option<PresentOnAdmission> {
        match text {
            b"Y" => Some(PresentOnAdmission::Yes),
            b"N" => Some(PresentOnAdmission::No),
            b"U" => Some(PresentOnAdmission::Unknown),
            b"W" => Some(PresentOnAdmission::Undetermined),
            b"1" => Some(PresentOnAdmission::Exempt),
            _ => None,
        }
    }

    /// The letter as a character.
    pub fn mark(self) -> char {
        char::from(self.letter().as_bytes()[0])
    }

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            PresentOnAdmission::Yes => "Y",
            PresentOnAdmission::No => "N",
            PresentOnAdmission::Unknown => "U",
            PresentOnAdmission::Undetermined => "W",
            PresentOnAdmission::Exempt => "1",
        }
    }
}

/// UB-04 form locator 14, type of admission: 1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma, 9 not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdmissionType(pub u8);

impl AdmissionType {
    /// Newborn: point of origin then has its own list.
    pub const NEWBORN: AdmissionType = AdmissionType(b'4');

    /// Reads one digit of the list exactly.
    #[inline]
    pub fn read(text: &[u8]) -> Option<AdmissionType> {
        match text {
            [digit @ (b'1'..=b'5' | b'9')] => Some(AdmissionType(*digit)),
            _ => None,
        }
    }

    /// Whether the list had the value on a day: 5, trauma, from 2002-04-01 (American Association for the Surgery of Trauma, billing codes update of 2002-05-15).
    /// Of the others no day is published.
    pub fn in_force(self, on: Day) -> bool {
        self.0 != b'5' || on >= Day::of(2002, 4, 1)
    }

    /// The words of the list.
    pub fn title(self) -> &'static str {
        match self.0 {
            b'1' => "Emergency",
            b'2' => "Urgent",
            b'3' => "Elective",
            b'4' => "Newborn",
            b'5' => "Trauma",
            _ => "Information not available",
        }
    }
}

/// UB-04 form locator 15, point of origin; until 2007-09-30 source of admission. Newborns (type of admission 4) have a list of their own, and both lists have
/// days: see [`PointOfOrigin::in_force`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointOfOrigin(pub u8);

/// A value, first and last day in force.
type OriginRow = (u8, Day, Day);

/// From the beginning, and still.
const BEGAN: Day = Day(i32::MIN);
const STILL: Day = Day(i32::MAX);

/// The first day of D, a transfer within the hospital. CMS, CR 3881 (MLN Matters of May 2006) has the value; that it was in force from April 2006 is general
/// knowledge, not read in a source.
const SAME_HOSPITAL_FIRST: Day = Day::of(2006, 4, 1);

/// The last day of source of admission, and with it of 3 (health maintenance organization) and A (critical access hospital). A "only for discharges before
/// 10/1/2007": payers' text of the X12 list; ResDAC's code table has both reserved from March 2008.
const SOURCE_LAST: Day = Day::of(2007, 9, 30);

/// The first day of point of origin, and with it of E (ambulatory surgery) and F (hospice), "effective 10/1/2007": payers' text of the X12 list.
const ORIGIN_FIRST: Day = Day::of(2007, 10, 1);

/// The last day of 7 (emergency room), B and C (home health agencies). CMS, Transmittal 1929, CR 6801 of 2010-03-09: discontinued effective 2010-07-01.
const EMERGENCY_LAST: Day = Day::of(2010, 6, 30);

/// The first day of G, designated disaster alternate care site. Texas Medicaid's notice of 2020-10-02 of the NUBC's value: effective 2020-07-01, for emergency,
/// urgent, elective, newborn and trauma.
const DISASTER_FIRST: Day = Day::of(2020, 7, 1);

/// Values of all types of admission but newborn.
const ORIGINS: &[OriginRow] = &[
    (b'1', BEGAN, STILL),
    (b'2', BEGAN, STILL),
    (b'3', BEGAN, SOURCE_LAST),
    (b'4', BEGAN, STILL),
    (b'5', BEGAN, STILL),
    (b'6', BEGAN, STILL),
    (b'7', BEGAN, EMERGENCY_LAST),
    (b'8', BEGAN, STILL),
    (b'9', BEGAN, STILL),
    (b'A', BEGAN, SOURCE_LAST),
    (b'B', BEGAN, EMERGENCY_LAST),
    (b'C', BEGAN, EMERGENCY_LAST),
    (b'D', SAME_HOSPITAL_FIRST, STILL),
    (b'E', ORIGIN_FIRST, STILL),
    (b'F', ORIGIN_FIRST, STILL),
    (b'G', DISASTER_FIRST, STILL),
];

/// Values of newborns: normal, premature, sick, born outside, not available; then born inside, born outside (22 CCR 97222 of California has these two), disaster.
/// That the list changed with the other one is general knowledge, not read in a source.
const NEWBORN_ORIGINS: &[OriginRow] = &[
    (b'1', BEGAN, SOURCE_LAST),
    (b'2', BEGAN, SOURCE_LAST),
    (b'3', BEGAN, SOURCE_LAST),
    (b'4', BEGAN, SOURCE_LAST),
    (b'9', BEGAN, SOURCE_LAST),
    (b'5', ORIGIN_FIRST, STILL),
    (b'6', ORIGIN_FIRST, STILL),
    (b'G', DISASTER_FIRST, STILL),
];

impl PointOfOrigin {
    /// Reads one character that a list has or had for some type of admission.
    #[inline]
    pub fn read(text: &[u8]) -> Option<PointOfOrigin> {
        match text {
            [letter @ (b'1'..=b'9' | b'A'..=b'G')] => Some(PointOfOrigin(*letter)),
            _ => None,
        }
    }

    /// Whether the list of all types of admission but newborn has the value on a day.
    pub fn in_force(self, on: Day) -> bool {
        self.is_in(ORIGINS, on)
    }

    /// Whether the list of newborns has the value on a day.
    pub fn in_force_for_newborns(self, on: Day) -> bool {
        self.is_in(NEWBORN_ORIGINS, on)
    }

    /// Whether the value says of a newborn that it was born outside: 6, and on a day of source of admission 4. Without a day the list of now counts.
    pub fn is_born_outside(self, on: Option<Day>) -> bool {
        self.0 == b'6' || self.0 == b'4' && on.is_some_and(|on| self.in_force_for_newborns(on))
    }

    fn is_in(self, list: &[OriginRow], on: Day) -> bool {
        list.iter().any(|(letter, first, last)| *letter == self.0 && *first <= on && on <= *last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trauma_is_a_type_of_admission_from_april_2002_on() {
        let in_force = |letter, on| AdmissionType(letter).in_force(Day::from_iso(on).expect("day"));
        assert!(!in_force(b'5', "2002-03-31") && in_force(b'5', "2002-04-01"));
        assert!(b"12349".iter().all(|letter| in_force(*letter, "1990-01-01")));
    }

    #[test]
    fn a_newborn_is_born_inside_or_outside_and_had_four_sources_before() {
        let day = |text| Day::from_iso(text).expect("day");
        let origin = |text: &[u8]| PointOfOrigin::read(text).expect("listed");
        assert!(origin(b"5").in_force_for_newborns(day("2007-10-01")));
        assert!(!origin(b"5").in_force_for_newborns(day("2007-09-30")));
        assert!(!origin(b"1").in_force_for_newborns(day("2026-10-01")));
        assert!(origin(b"4").in_force(day("2026-10-01")));
        for letter in *b"1234" {
            assert!(PointOfOrigin(letter).in_force_for_newborns(day("2007-09-30")));
            assert!(!PointOfOrigin(letter).in_force_for_newborns(day("2007-10-01")));
        }
        assert!(!origin(b"G").in_force_for_newborns(day("2020-06-30")));
        assert!(origin(b"G").in_force_for_newborns(day("2020-07-01")));
        assert!(!origin(b"9").in_force_for_newborns(day("2007-10-01")));
        assert!(origin(b"9").in_force_for_newborns(day("2007-09-30")));
        assert!(origin(b"6").is_born_outside(None) && !origin(b"5").is_born_outside(None));
        assert!(origin(b"4").is_born_outside(Some(day("2007-09-30"))));
        assert!(!origin(b"4").is_born_outside(Some(day("2007-10-01"))));
    }

    #[test]
    fn points_of_origin_end_on_their_days() {
        let day = |text| Day::from_iso(text).expect("day");
        for (letters, last, after) in [(&b"3A"[..], "2007-09-30", "2007-10-01"), (b"7BC", "2010-06-30", "2010-07-01")] {
            for letter in letters {
                let origin = PointOfOrigin::read(&[*letter]).expect("listed");
                assert!(origin.in_force(day(last)) && !origin.in_force(day(after)), "{}", *letter as char);
            }
        }
        for (letters, before, first) in [
            (&b"D"[..], "2006-03-31", "2006-04-01"),
            (b"EF", "2007-09-30", "2007-10-01"),
            (b"G", "2020-06-30", "2020-07-01"),
        ] {
            for letter in letters {
                let origin = PointOfOrigin(*letter);
                assert!(!origin.in_force(day(before)) && origin.in_force(day(first)), "{}", *letter as char);
            }
        }
        assert_eq!((PointOfOrigin::read(b"0"), PointOfOrigin::read(b"H")), (None, None));
    }
}
