//! What is counted of the discharges of each month, so that those of any period of whole months can be put together without examining the records again.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde::{Deserialize, Serialize};

use crate::{
    coding::comorbidity::tally::ComorbidityTally,
    edits::trend::tally::TrendTally,
    partition::encounter::Encounter,
    record::{
        date::Day,
        month::Month,
        partial_date::PartialDate,
        period::Period,
        take_away::{TakeAway as _, take_away_fields},
    },
    statistics::{clinical_groups::GroupTally, tally::Tally},
};

/// The years of which months are told apart.
pub const YEARS: RangeInclusive<i32> = 1900..=2099;

/// When encounters were discharged, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum DischargedIn {
    /// It is not known, or they are still in the house.
    NotKnown,
    /// In a year that no hospital has records of ([`YEARS`]): dates that are none, which may be of any number of months.
    FarOff,
    /// In a year of which the month is not known.
    Year(i32),
    /// In a month.
    Month(Month),
}

/// How discharges stand to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandsToPeriod {
    /// They lie in it.
    Within,
    /// They lie outside.
    Outside,
    /// They may lie in it or not.
    Undated,
}

impl DischargedIn {
    /// When an encounter was discharged.
    pub fn of(encounter: &Encounter<'_>) -> DischargedIn {
        let partial = encounter.partial.discharge;
        let day = encounter.discharge_date.value().map(|moment| moment.day);
        let day = day.or_else(|| partial.filter(|partial| partial.month.is_some()).map(PartialDate::first));
        match (day, partial) {
            (Some(day), _) if YEARS.contains(&day.ymd().0) => DischargedIn::Month(Month::of(day)),
            (None, Some(partial)) if YEARS.contains(&partial.year) => DischargedIn::Year(partial.year),
            (None, None) => DischargedIn::NotKnown,
            _ => DischargedIn::FarOff,
        }
    }

    /// How they stand to a period of whole months in [`YEARS`].
    pub fn stands_to(self, period: &Period) -> StandsToPeriod {
        let year = |year, month, day| Day::from_ymd(year, month, day).unwrap_or(Day(i32::MIN));
        let (first, last) = match self {
            DischargedIn::NotKnown => return StandsToPeriod::Undated,
            DischargedIn::FarOff => return StandsToPeriod::Outside,
            DischargedIn::Year(of) => (year(of, 1, 1), year(of, 12, 31)),
            DischargedIn::Month(month) => (month.first(), month.last()),
        };
        match (period.contains(first), period.contains(last)) {
            (true, true) => StandsToPeriod::Within,
            _ if last < period.first || period.last < first => StandsToPeriod::Outside,
            _ => StandsToPeriod::Undated,
        }
    }
}

/// What is counted of some discharges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthFigures {
    /// Statistics.
    pub tally: Tally,
    /// Figures of comorbidity.
    pub comorbidity: ComorbidityTally,
    /// Figures of clinical categories and chronic conditions.
    pub groups: GroupTally,
    /// Figures of facilities.
    pub trend: TrendTally,
    /// Encounters whose day of discharge is known, also those that do not count.
    pub dated: u64,
}

impl MonthFigures {
    /// Adds those of other discharges.
    pub fn merge(&mut self, other: MonthFigures) {
        self.tally.merge(other.tally);
        self.comorbidity.merge(other.comorbidity);
        self.groups.merge(other.groups);
        self.trend.merge(other.trend);
        self.dated += other.dated;
    }
}

take_away_fields!(MonthFigures: tally, comorbidity, groups, trend, dated);

/// By month of discharge.
pub type FiguresByMonth = BTreeMap<DischargedIn, MonthFigures>;

/// Adds figures by month to others.
pub fn add_months(own: &mut FiguresByMonth, more: FiguresByMonth) {
    for (month, figures) in more {
        own.entry(month).or_default().merge(figures);
    }
}

/// Takes figures by month out of others; whether all of them were there. A month of which no encounter is left goes.
#[must_use]
pub fn take_months(own: &mut FiguresByMonth, part: &FiguresByMonth) -> bool {
    let mut are_there = true;
    for (month, part) in part {
        let Some(figures) = own.get_mut(month) else {
            are_there &= part.tally.places().is_none();
            continue;
        };
        are_there &= figures.take_away(part);
        if figures.tally.places().is_none() {
            own.remove(month);
        }
    }
    are_there
}

/// Whether two figures are the same, whatever room they take.
pub fn are_same(one: &MonthFigures, other: &MonthFigures) -> bool {
    one.clone().take_away(other) && other.clone().take_away(one)
}

/// Which encounters of a partition are counted together: those of one month of discharge, or all of them.
pub struct CountedTogether {
    /// The months in their order, each with its encounters; `None`: all encounters.
    pub months: Vec<(Option<DischargedIn>, Vec<usize>)>,
    /// Of each encounter: the place of its month; empty where all are counted together.
    place: Vec<u16>,
}

impl CountedTogether {
    /// All together, or `by_month`.
    pub fn of(encounters: &[Encounter<'_>], by_month: bool) -> CountedTogether {
        if !by_month {
            return CountedTogether { months: vec![(None, (0..encounters.len()).collect())], place: Vec::new() };
        }
        let mut months: BTreeMap<DischargedIn, Vec<usize>> = BTreeMap::new();
        for (number, encounter) in encounters.iter().enumerate() {
            months.entry(DischargedIn::of(encounter)).or_default().push(number);
        }
        let mut place = vec![0; encounters.len()];
        for (of, own) in months.values().enumerate() {
            own.iter().for_each(|number| place[*number] = of as u16);
        }
        CountedTogether { months: months.into_iter().map(|(month, own)| (Some(month), own)).collect(), place }
    }

    /// The place of the month of an encounter.
    pub fn place(&self, encounter: usize) -> usize {
        self.place.get(encounter).map_or(0, |place| usize::from(*place))
    }
}
