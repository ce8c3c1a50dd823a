//! What a register holds of each facility.

use std::collections::BTreeMap;

use crate::record::date::{Day, days_in_month};

/// A value by facility. A register of one hospital often has no column for it: its rows stand under the blank facility.
#[derive(Debug, Clone)]
pub struct ByFacility<V>(BTreeMap<Box<str>, V>);

impl<V> Default for ByFacility<V> {
    fn default() -> Self {
        ByFacility(BTreeMap::new())
    }
}

impl<V> ByFacility<V> {
    /// What is held of a facility. Where only one side names facilities and has `one` of them, or the register has one, it is that one.
    pub fn of(&self, facility_id: &str, one: bool) -> Option<&V> {
        self.0.get(facility_id).or_else(|| match self.0.first_key_value() {
            Some((name, value)) if self.0.len() == 1 && (facility_id.is_empty() || name.is_empty() && one) => {
                Some(value)
            }
            _ => None,
        })
    }
}

impl<V> ByFacility<V> {
    /// Does something with what is held of each facility.
    pub fn each(&mut self, mut what: impl FnMut(&mut V)) {
        self.0.values_mut().for_each(&mut what);
    }

    /// The facilities that are named.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name).filter(|name| !name.is_empty())
    }
}

impl<V: Default> ByFacility<V> {
    /// What is held of a facility, to be changed.
    pub fn entry(&mut self, facility_id: &str) -> &mut V {
        if !self.0.contains_key(facility_id) {
            self.0.insert(facility_id.into(), V::default());
        }
        self.0.get_mut(facility_id).expect("it was put there")
    }
}

/// The months that a register speaks of: from that of its first entry through that of its last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Months(Option<(Day, Day)>);

impl Months {
    /// Takes the day of an entry.
    pub fn add(&mut self, day: Day) {
        let (year, month, _) = day.ymd();
        let (Some(first), Some(last)) =
            (Day::from_ymd(year, month, 1), Day::from_ymd(year, month, days_in_month(year, month)))
        else {
            return;
        };
        let (from, through) = self.0.unwrap_or((first, last));
        self.0 = Some((from.min(first), through.max(last)));
    }

    /// Whether a day lies in them.
    pub fn have(self, day: Day) -> bool {
        self.0.is_some_and(|(first, last)| first <= day && day <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    #[test]
    fn a_register_speaks_of_whole_months() {
        let mut months = Months::default();
        assert!(!months.have(day("2026-10-10")));
        months.add(day("2026-10-10"));
        months.add(day("2026-12-02"));
        assert!(months.have(day("2026-10-01")) && months.have(day("2026-11-15")) && months.have(day("2026-12-31")));
        assert!(!months.have(day("2026-09-30")) && !months.have(day("2027-01-01")));
    }

    #[test]
    fn a_facility_that_one_side_does_not_name_is_the_only_one() {
        let mut of_one: ByFacility<u8> = ByFacility::default();
        *of_one.entry("0042") = 1;
        assert_eq!((of_one.of("0042", true), of_one.of("", true), of_one.of("0043", true)), (Some(&1), Some(&1), None));
        let mut blank: ByFacility<u8> = ByFacility::default();
        *blank.entry("") = 2;
        assert_eq!((blank.of("0042", true), blank.of("0042", false)), (Some(&2), None));
        *of_one.entry("0043") = 3;
        assert_eq!((of_one.of("", true), of_one.of("0043", false)), (None, Some(&3)));
    }
}
