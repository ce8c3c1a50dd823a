//! Standard value lists: sex, UB-04 admission type, point of origin and discharge status, present on admission.
//!
//! Values are read strictly: what an export writes otherwise (`1`, `male`, `f`) is translated by its layout, not guessed here.

use super::date::Day;

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
        match self {
            PresentOnAdmission::Yes => 'Y',
            PresentOnAdmission::No => 'N',
            PresentOnAdmission::Unknown => 'U',
            PresentOnAdmission::Undetermined => 'W',
            PresentOnAdmission::Exempt => '1',
        }
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

/// The last day of source of admission, 2007-09-30; the tests hold these to their dates.
const SOURCE_LAST: Day = Day(13_786);

/// The first day of point of origin, 2007-10-01.
const ORIGIN_FIRST: Day = Day(13_787);

/// The last day of the emergency room and of the home health agencies, 2010-06-30.
const EMERGENCY_LAST: Day = Day(14_790);

/// The first day of the designated disaster alternate care site, 2020-07-01.
const DISASTER_FIRST: Day = Day(18_444);

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
    (b'D', ORIGIN_FIRST, STILL),
    (b'E', ORIGIN_FIRST, STILL),
    (b'F', ORIGIN_FIRST, STILL),
    (b'G', DISASTER_FIRST, STILL),
];

/// Values of newborns: normal, premature, sick, born outside, not available; then born inside, born outside.
const NEWBORN_ORIGINS: &[OriginRow] = &[
    (b'1', BEGAN, SOURCE_LAST),
    (b'2', BEGAN, SOURCE_LAST),
    (b'3', BEGAN, SOURCE_LAST),
    (b'4', BEGAN, SOURCE_LAST),
    (b'9', BEGAN, SOURCE_LAST),
    (b'5', ORIGIN_FIRST, STILL),
    (b'6', ORIGIN_FIRST, STILL),
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

/// UB-04 form locator 17, patient discharge status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DischargeStatus(pub u8);

/// Status, first and last day in force (`None`: still), words. Days: effective dates of NUBC, FL 17, as CMS's transmittals and ResDAC's code
/// table give them: 08, 71 and 72 ended on 2005-09-30; 65 began on 2004-04-01, 66 on 2006-01-01, 70 on 2008-04-01, 21 on 2009-10-01, 69 and 81 to 95 on 2013-10-01.
/// The Medicare Code Editor's own list has other days for some: see `edits::mce::discharge_status`.
type StatusRow = (u8, &'static str, Option<&'static str>, &'static str);

const STATUSES: &[StatusRow] = &[
    (1, "1980-10-01", None, "Home or self care"),
    (2, "1980-10-01", None, "Short-term general hospital"),
    (3, "1980-10-01", None, "Skilled nursing facility"),
    (4, "1980-10-01", None, "Custodial or supportive care"),
    (5, "1980-10-01", None, "Cancer center or children's hospital"),
    (6, "1980-10-01", None, "Home health service"),
    (7, "1980-10-01", None, "Left against medical advice"),
    (8, "1994-10-01", Some("2005-09-30"), "Home under care of a home IV provider"),
    (9, "1980-10-01", None, "Admitted as an inpatient to this hospital"),
    (20, "1980-10-01", None, "Expired"),
    (21, "2009-10-01", None, "Court or law enforcement"),
    (30, "1980-10-01", None, "Still a patient"),
    (40, "1980-10-01", None, "Expired at home"),
    (41, "1980-10-01", None, "Expired in a medical facility"),
    (42, "1980-10-01", None, "Expired, place unknown"),
    (43, "2003-10-01", None, "Federal health care facility"),
    (50, "1980-10-01", None, "Hospice, home"),
    (51, "1980-10-01", None, "Hospice, medical facility"),
    (61, "2001-10-01", None, "Swing bed in this hospital"),
    (62, "2001-10-01", None, "Inpatient rehabilitation facility"),
    (63, "2001-10-01", None, "Long-term care hospital"),
    (64, "2002-10-01", None, "Medicaid-only nursing facility"),
    (65, "2004-04-01", None, "Psychiatric hospital"),
    (66, "2006-01-01", None, "Critical access hospital"),
    (69, "2013-10-01", None, "Designated disaster alternative care site"),
    (70, "2008-04-01", None, "Another type of institution"),
    (71, "2001-10-01", Some("2005-09-30"), "Outpatient services of another institution"),
    (72, "2001-10-01", Some("2005-09-30"), "Outpatient services of this institution"),
    (81, "2013-10-01", None, "Home, planned readmission"),
    (82, "2013-10-01", None, "Short-term hospital, planned readmission"),
    (83, "2013-10-01", None, "Skilled nursing facility, planned readmission"),
    (84, "2013-10-01", None, "Custodial care, planned readmission"),
    (85, "2013-10-01", None, "Cancer center or children's hospital, planned readmission"),
    (86, "2013-10-01", None, "Home health service, planned readmission"),
    (87, "2013-10-01", None, "Court or law enforcement, planned readmission"),
    (88, "2013-10-01", None, "Federal facility, planned readmission"),
    (89, "2013-10-01", None, "Swing bed, planned readmission"),
    (90, "2013-10-01", None, "Rehabilitation facility, planned readmission"),
    (91, "2013-10-01", None, "Long-term care hospital, planned readmission"),
    (92, "2013-10-01", None, "Medicaid nursing facility, planned readmission"),
    (93, "2013-10-01", None, "Psychiatric hospital, planned readmission"),
    (94, "2013-10-01", None, "Critical access hospital, planned readmission"),
    (95, "2013-10-01", None, "Another institution, planned readmission"),
];

impl DischargeStatus {
    /// Still a patient: not a discharge.
    pub const STILL_A_PATIENT: DischargeStatus = DischargeStatus(30);
    /// Left against medical advice.
    pub const AGAINST_MEDICAL_ADVICE: DischargeStatus = DischargeStatus(7);

    /// Reads exactly two digits that the list has on some day.
    #[inline]
    pub fn read(text: &[u8]) -> Option<DischargeStatus> {
        let &[tens @ b'0'..=b'9', units @ b'0'..=b'9'] = text else {
            return None;
        };
        let number = (tens - b'0') * 10 + units - b'0';
        STATUSES.iter().any(|row| row.0 == number).then_some(DischargeStatus(number))
    }

    /// Whether the list had the status on that day.
    pub fn in_force(self, on: Day) -> bool {
        STATUSES.iter().find(|row| row.0 == self.0).is_some_and(|(_, first, last, _)| {
            let day = |text: &str| Day::from_iso(text).expect("the list's days are days");
            on >= day(first) && last.is_none_or(|last| on <= day(last))
        })
    }

    /// Two digits.
    pub fn text(self) -> String {
        format!("{:02}", self.0)
    }

    /// The words of the list.
    pub fn title(self) -> &'static str {
        STATUSES.iter().find(|row| row.0 == self.0).map_or("", |row| row.3)
    }

    /// Died: 20 here; 40 to 42 are hospice claims.
    pub fn is_death(self) -> bool {
        matches!(self.0, 20 | 40 | 41 | 42)
    }

    /// Transferred to another facility: 02 to 05, 43, 61 to 66, 70 and their planned-readmission twins.
    pub fn is_transfer(self) -> bool {
        matches!(self.0, 2..=5 | 43 | 61..=66 | 70 | 82..=85 | 88..=95)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discharge_statuses_are_two_digits_and_dated() {
        assert_eq!(DischargeStatus::read(b"1"), None);
        for never in [&b"10"[..], b"67", b"68", b"73", b"80", b"96"] {
            assert_eq!(DischargeStatus::read(never), None);
        }
        for (status, before, first, last) in [
            (8, "1994-09-30", "1994-10-01", Some(("2005-09-30", "2005-10-01"))),
            (65, "2004-03-31", "2004-04-01", None),
            (66, "2005-12-31", "2006-01-01", None),
            (70, "2008-03-31", "2008-04-01", None),
            (21, "2009-09-30", "2009-10-01", None),
            (69, "2013-09-30", "2013-10-01", None),
        ] {
            let in_force = |on| DischargeStatus(status).in_force(Day::from_iso(on).expect("day"));
            assert!(!in_force(before) && in_force(first), "{status}");
            assert!(last.is_none_or(|(last, after)| in_force(last) && !in_force(after)), "{status}");
        }
        let planned = DischargeStatus::read(b"81").expect("listed");
        assert!(!planned.in_force(Day::from_iso("2013-09-30").expect("day")));
        assert!(planned.in_force(Day::from_iso("2013-10-01").expect("day")));
        let ended = DischargeStatus::read(b"71").expect("listed");
        assert!(!ended.in_force(Day::from_iso("2005-10-01").expect("day")));
        assert!(
            DischargeStatus(20).is_death() && DischargeStatus(91).is_transfer() && !DischargeStatus(81).is_transfer()
        );
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
        for (letters, before, first) in [(&b"DEF"[..], "2007-09-30", "2007-10-01"), (b"G", "2020-06-30", "2020-07-01")]
        {
            for letter in letters {
                let origin = PointOfOrigin(*letter);
                assert!(!origin.in_force(day(before)) && origin.in_force(day(first)), "{}", *letter as char);
            }
        }
        assert_eq!((PointOfOrigin::read(b"0"), PointOfOrigin::read(b"H")), (None, None));
    }
}
