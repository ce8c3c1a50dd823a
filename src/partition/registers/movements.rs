//! Moves of patients within their stays: transfers between units, leave and return.

use std::collections::BTreeMap;

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{date::Day, field::Field};

/// Kind of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Transfer,
    Leave,
    Return,
}

fn kind(text: &[u8]) -> Option<Kind> {
    let words: [(&[u8], Kind); 3] = [(b"transfer", Kind::Transfer), (b"leave", Kind::Leave), (b"return", Kind::Return)];
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, kind)| *kind)
}

/// One move, in the order of encounters and time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    encounter: Box<str>,
    /// Minutes since 1970.
    at: i64,
    kind: Kind,
    day: Day,
    from: Box<str>,
    to: Box<str>,
}

/// The moves of one facility.
#[derive(Debug, Clone, Default)]
struct FacilityMoves {
    rows: Vec<Move>,
    /// Patients on leave at midnight, by day.
    away: BTreeMap<Day, u32>,
    /// Transfers into and out of a unit, by unit and day.
    units: BTreeMap<Box<str>, BTreeMap<Day, [u32; 2]>>,
}

/// The moves of all facilities.
#[derive(Debug, Clone, Default)]
pub struct Movements {
    facilities: ByFacility<FacilityMoves>,
}

impl Movements {
    /// Takes one row. A row without a readable day or kind is no move.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let own = self.facilities.entry(row.words(Field::FacilityId));
        let kind = row.listed(Field::Movement, kind);
        let Some((at, kind)) = row.moment(Field::MovedAt).value().zip(kind.value()) else { return };
        own.rows.push(Move {
            encounter: row.words(Field::EncounterId).into(),
            at: at.minutes(),
            kind,
            day: at.day,
            from: row.words(Field::FromUnit).into(),
            to: row.words(Field::ToUnit).into(),
        });
    }

    /// Puts the moves in order, and counts them.
    pub fn sort(&mut self) {
        self.facilities.each(FacilityMoves::count);
    }

    /// Patients on leave at the midnights from a day through another, added up. A leave of which no return is known counts on no night.
    pub fn days_on_leave(&self, facility_id: &str, one: bool, (first, last): (Day, Day)) -> u64 {
        let Some(own) = self.facilities.of(facility_id, one).filter(|_| first <= last) else { return 0 };
        own.away.range(first..=last).map(|(_, patients)| u64::from(*patients)).sum()
    }

    /// Transfers into and out of each unit from a day through another.
    pub fn transfers(&self, facility_id: &str, one: bool, (first, last): (Day, Day)) -> BTreeMap<&str, [u64; 2]> {
        let Some(own) = self.facilities.of(facility_id, one).filter(|_| first <= last) else { return BTreeMap::new() };
        let of_days = |days: &BTreeMap<Day, [u32; 2]>| {
            let mut sum = [0; 2];
            for (_, counts) in days.range(first..=last) {
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += u64::from(*count));
            }
            sum
        };
        own.units.iter().map(|(unit, days)| (&**unit, of_days(days))).collect()
    }
}

impl FacilityMoves {
    fn count(&mut self) {
        self.rows.sort();
        self.rows.dedup();
        let mut leave: Option<(&str, Day)> = None;
        for row in &self.rows {
            leave = leave.filter(|(encounter, _)| *encounter == &*row.encounter);
            match (row.kind, leave) {
                (Kind::Transfer, _) => {
                    for (unit, place) in [(&row.to, 0), (&row.from, 1)] {
                        if !unit.is_empty() {
                            self.units.entry(unit.clone()).or_default().entry(row.day).or_default()[place] += 1;
                        }
                    }
                }
                // Without a number nobody knows whose return it is.
                _ if row.encounter.is_empty() => {}
                (Kind::Leave, _) => leave = Some((&row.encounter, row.day)),
                (Kind::Return, Some((_, from))) => {
                    for day in from.0..row.day.0 {
                        *self.away.entry(Day(day)).or_default() += 1;
                    }
                    leave = None;
                }
                (Kind::Return, None) => {}
            }
        }
        // A row of moves is no longer asked.
        self.rows = Vec::new();
    }
}
