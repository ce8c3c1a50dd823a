//! The staff file: who has privileges from when to when.

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{cell::Cell, date::Day, field::Field};

/// One term of privileges.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Term {
    number: Box<str>,
    facility_id: Box<str>,
    first: Day,
    last: Day,
    /// A day of it cannot be read, so that nothing can be said of the practitioner.
    doubtful: bool,
}

/// The staff file, by number.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    terms: Vec<Term>,
    facilities: ByFacility<()>,
}

impl Staff {
    /// Takes one row.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let (from, through) = (row.day(Field::PrivilegesFrom), row.day(Field::PrivilegesThrough));
        let facility_id = row.words(Field::FacilityId);
        self.facilities.entry(facility_id);
        self.terms.push(Term {
            number: row.words(Field::PractitionerNpi).into(),
            facility_id: facility_id.into(),
            first: from.value().unwrap_or(Day(i32::MIN)),
            last: through.value().unwrap_or(Day(i32::MAX)),
            doubtful: [from, through].iter().any(|cell: &Cell<Day>| cell.is_unreadable()),
        });
    }

    /// Puts the terms in order.
    pub fn sort(&mut self) {
        self.terms.sort_unstable();
        self.terms.dedup();
    }

    fn terms_of(&self, number: &str) -> &[Term] {
        let start = self.terms.partition_point(|term| *term.number < *number);
        let rest = &self.terms[start..];
        &rest[..rest.partition_point(|term| &*term.number == number)]
    }

    /// Whether the file has a row of the practitioner.
    pub fn knows(&self, number: &str) -> bool {
        !self.terms_of(number).is_empty()
    }

    /// Whether the file speaks of the facility.
    pub fn speaks_of(&self, facility_id: &str) -> bool {
        facility_id.is_empty() || self.facilities.of(facility_id, true).is_some()
    }

    /// Whether the practitioner has privileges at the facility on one of the days; `None` where that cannot be said: the file has no row of the
    /// practitioner or one that cannot be read, or does not speak of the facility.
    pub fn has_privileges(&self, number: &str, facility_id: &str, first: Day, last: Day) -> Option<bool> {
        let terms = self.terms_of(number);
        if terms.is_empty() || terms.iter().any(|term| term.doubtful) || !self.speaks_of(facility_id) {
            return None;
        }
        let here =
            |term: &Term| term.facility_id.is_empty() || facility_id.is_empty() || &*term.facility_id == facility_id;
        Some(terms.iter().any(|term| here(term) && term.first <= last && first <= term.last))
    }
}
