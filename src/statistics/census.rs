//! The census of a span of days: who was in the house at each midnight, and the inpatient service days.
//!
//! Midnight census = that of the day before + admissions - discharges, deaths included. Daily inpatient census = midnight census + those admitted and discharged on the day:
//! the service days of the day. The day of admission counts, that of discharge does not, and a stay within one day is one service day. (Horton, chapter 3.)

use super::hospital_days::{ByPatients, DayCounts, FacilityDays};
use crate::record::{date::Day, month::Month};

/// First and last day of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

impl Span {
    /// Its days; 0 where it ends before it begins.
    pub fn days(self) -> u64 {
        u64::try_from(i64::from(self.last.0) - i64::from(self.first.0) + 1).unwrap_or(0)
    }

    /// The months that it is made of; `None` where it begins or ends within one.
    pub fn months(self) -> Option<(Month, Month)> {
        let (first, last) = (Month::of(self.first), Month::of(self.last));
        (first.first() == self.first && last.last() == self.last).then_some((first, last))
    }

    /// As many months, or days, just before it.
    pub fn before(self) -> Span {
        match self.months() {
            Some((first, last)) => {
                let months = last.0 - first.0 + 1;
                Span { first: first.back(months).first(), last: last.back(months).last() }
            }
            None => Span { first: Day(self.first.0 - self.days() as i32), last: Day(self.first.0 - 1) },
        }
    }

    /// The same months, or days, a year before.
    pub fn a_year_before(self) -> Span {
        match self.months() {
            Some((first, last)) => Span { first: first.back(12).first(), last: last.back(12).last() },
            None => {
                let back = |day: Day| {
                    let (year, month, of) = day.ymd();
                    Day::from_ymd(year - 1, month, of).unwrap_or(Day(day.0 - 366))
                };
                Span { first: back(self.first), last: back(self.last) }
            }
        }
    }

    /// `Oct 2026`, `Jul to Sep 2026`, or its days.
    pub fn label(self) -> String {
        const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let name = |month: Month| NAMES[month.0.rem_euclid(12) as usize];
        let year = |month: Month| month.0.div_euclid(12);
        match self.months() {
            Some((first, last)) if first == last => format!("{} {}", name(first), year(first)),
            Some((first, last)) if year(first) == year(last) => {
                format!("{} to {} {}", name(first), name(last), year(last))
            }
            Some((first, last)) => format!("{} {} to {} {}", name(first), year(first), name(last), year(last)),
            None => format!("{} to {}", self.first, self.last),
        }
    }

    /// Each of its days.
    pub fn each(self) -> impl Iterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }
}

/// The census of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CensusOfDay {
    /// The day.
    pub day: Day,
    /// What happened on it.
    pub counts: DayCounts,
    /// In the house at its last midnight.
    pub at_midnight: [i64; 2],
}

impl CensusOfDay {
    /// Inpatient service days of the day.
    pub fn service_days(&self) -> [i64; 2] {
        let same_day = self.counts.same_day;
        [0, 1].map(|own| self.at_midnight[own] + i64::from(same_day[own]))
    }
}

/// The census of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CensusOfSpan {
    /// In the house when the span begins: at the midnight before its first day.
    pub opening: [i64; 2],
    /// Day by day.
    pub days: Vec<CensusOfDay>,
}

impl CensusOfSpan {
    /// The census of a span, from all that is counted of a facility.
    pub fn of(facility: &FacilityDays, span: Span) -> CensusOfSpan {
        let mut at_midnight = [0; 2];
        for (_, counts) in facility.days.range(..span.first) {
            step(&mut at_midnight, counts);
        }
        let opening = at_midnight;
        let nothing = DayCounts::default();
        let days = span.each().map(|day| {
            let counts = *facility.days.get(&day).unwrap_or(&nothing);
            step(&mut at_midnight, &counts);
            CensusOfDay { day, counts, at_midnight }
        });
        CensusOfSpan { opening, days: days.collect() }
    }

    /// In the house when the span ends.
    pub fn closing(&self) -> [i64; 2] {
        self.days.last().map_or(self.opening, |day| day.at_midnight)
    }

    /// Inpatient service days of the span.
    pub fn service_days(&self) -> [i64; 2] {
        let mut sum = [0; 2];
        for day in &self.days {
            sum.iter_mut().zip(day.service_days()).for_each(|(sum, days)| *sum += days);
        }
        sum
    }

    /// What happened in the span.
    pub fn counts(&self) -> DayCounts {
        let mut sum = DayCounts::default();
        self.days.iter().for_each(|day| sum.add(&day.counts));
        sum
    }
}

/// A day further.
fn step(at_midnight: &mut [i64; 2], counts: &DayCounts) {
    let of = |counts: ByPatients| counts.map(i64::from);
    let (admitted, discharged, not_admitted) = (of(counts.admitted), of(counts.discharged), of(counts.not_admitted));
    for own in [0, 1] {
        at_midnight[own] += admitted[own] - (discharged[own] - not_admitted[own]);
    }
}
