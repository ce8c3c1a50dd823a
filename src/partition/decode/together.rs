//! Columns that are read together: an age with its unit, a date with its year, a date of two orders with what decides it. Feeds without such columns never
//! come here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    partition::{
        decode::{
            fields::{count_age_from_birth, set_age_in},
            values::{CellReading, text, whole_number},
        },
        encounter::Encounter,
    },
    record::take_away::take_away_fields,
    record::{
        cell::Cell,
        date::Moment,
        date_format::{BesideDate, in_century},
        field::Field,
        partial_date::{KnownDate, PartialDate},
    },
    rows::{
        row::Row,
        slot::{DateOrder, Feed, Says, StayCounts, lower_case},
    },
};

/// The dates that may be read with other columns.
pub const DATES: [Field; 4] = [Field::AdmissionDate, Field::DischargeDate, Field::BirthDate, Field::DeathDate];

/// What became of the dates of one row, by their place in [`DATES`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SettledCells {
    /// Had two readings, of which another column decided one.
    pub decided: [bool; 4],
    /// Has two readings of which none is decided, or is contradicted by what decides.
    pub undecided: [bool; 4],
    /// Is a month or a year.
    pub partial: [bool; 4],
}

/// Dates of the rows of one input that are read with other columns, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledDates {
    /// Two readings, of which another column decided one.
    pub decided: BTreeMap<Field, u64>,
    /// Two readings of which none is decided, or which another column contradicts.
    pub undecided: BTreeMap<Field, u64>,
    /// A month or a year alone.
    pub partial: BTreeMap<Field, u64>,
}

impl SettledDates {
    pub(super) fn count(&mut self, settled: SettledCells) {
        for (counts, flags) in [
            (&mut self.decided, settled.decided),
            (&mut self.undecided, settled.undecided),
            (&mut self.partial, settled.partial),
        ] {
            for (field, _) in DATES.iter().zip(flags).filter(|(_, flag)| *flag) {
                *counts.entry(*field).or_default() += 1;
            }
        }
    }

    /// Adds those of another partition.
    pub fn merge(&mut self, other: SettledDates) {
        for (own, theirs) in [
            (&mut self.decided, other.decided),
            (&mut self.undecided, other.undecided),
            (&mut self.partial, other.partial),
        ] {
            for (field, count) in theirs {
                *own.entry(field).or_default() += count;
            }
        }
    }
}

/// One date of a row while it is read.
#[derive(Debug, Clone, Default)]
struct Dated<'a> {
    reading: Option<CellReading<'a>>,
    beside: BesideDate,
    /// The month that it must lie in, with its year where that is named.
    month: Option<(Option<i32>, u32)>,
    readings: Vec<KnownDate>,
    /// Readings before another column was asked.
    stated: usize,
    contradicted: bool,
}

/// Reads what must be read together of a row of encounters or patients, and sets it anew.
pub fn settle<'a>(encounter: &mut Encounter<'a>, row: Row<'a>, feed: &'a Feed) -> SettledCells {
    let mut dates: [Dated<'a>; 4] = Default::default();
    let (mut age, mut unit, mut has_unit) = (None, None, false);
    for companion in &feed.companions {
        has_unit |= matches!(companion.says, Says::Unit(_));
    }
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        if let Some(slot) = feed.slots.get(usize::from(number)) {
            if let Some(place) = DATES.iter().position(|field| *field == slot.field) {
                dates[place].reading = CellReading::of(written, slot, feed);
            } else if slot.field == Field::Age {
                age = CellReading::of(written, slot, feed);
            }
            continue;
        }
        let Some(companion) = feed.companion(number) else { continue };
        let told = written.text.trim_ascii();
        if feed.is_missing(told) {
            continue;
        }
        let date = DATES.iter().position(|field| *field == companion.of);
        match (&companion.says, date) {
            (Says::Unit(units), _) => unit = units.get(&lower_case(told)).copied(),
            (Says::YearOfDate(century), Some(place)) => dates[place].beside.year = year(told, *century),
            (Says::MonthOfDate, Some(place)) => dates[place].beside.month = month(told),
            (Says::Month(formats), Some(place)) => {
                dates[place].month = formats.iter().find_map(|format| format.read_month(told));
            }
            _ => {}
        }
    }
    if let (true, Some(age)) = (has_unit, age) {
        match unit {
            Some(unit) => {
                set_age_in(encounter, age, unit);
                count_age_from_birth(encounter);
            }
            // A number without a unit that is known is no age.
            None => encounter.stated_age = Cell::Unreadable,
        }
    }
    for date in &mut dates {
        date.read();
    }
    decide_by_stay(encounter, &mut dates);
    let mut settled = SettledCells::default();
    for (place, date) in dates.iter().enumerate() {
        let Some(reading) =
            date.reading.filter(|reading| !reading.is_typed_date() && reading.slot.is_read_with_others())
        else {
            continue;
        };
        let (moment, partial) = match date.readings.as_slice() {
            [KnownDate::Day(moment)] => (Cell::Value(*moment), None),
            [KnownDate::Within(partial)] => (Cell::Blank, Some(*partial)),
            _ => (Cell::Unreadable, None),
        };
        if reading.slot.order != DateOrder::Stated {
            settled.decided[place] = date.stated > 1 && date.readings.len() == 1;
            settled.undecided[place] = date.contradicted || date.readings.len() > 1;
        }
        settled.partial[place] = partial.is_some();
        set_date(encounter, DATES[place], moment, partial);
    }
    settled
}

impl Dated<'_> {
    /// Reads the date in every way that its formats and the named month leave.
    fn read(&mut self) {
        let Some(reading) = self.reading else { return };
        if reading.is_typed_date() || reading.is_unlisted() {
            self.readings.extend(reading.moment().value().map(KnownDate::Day));
            return;
        }
        self.readings = reading.slot.readings(reading.text, self.beside);
        self.stated = self.readings.len();
        if reading.slot.order == DateOrder::Stated {
            // Formats are tried in order, and one that reads is right.
            self.readings.truncate(1);
        } else if let Some((year, month)) = self.month {
            self.readings.retain(|known| lies_in(known, year, month));
            self.contradicted = self.stated > 0 && self.readings.is_empty();
        }
    }

    fn days(&self) -> Vec<Moment> {
        let day = |known: &KnownDate| match known {
            KnownDate::Day(moment) => Some(*moment),
            KnownDate::Within(_) => None,
        };
        self.readings.iter().filter_map(day).collect()
    }
}

fn lies_in(known: &KnownDate, year: Option<i32>, month: u32) -> bool {
    let (own_year, own_month) = match known {
        KnownDate::Day(moment) => {
            let (year, month, _) = moment.day.ymd();
            (year, Some(month))
        }
        KnownDate::Within(partial) => (partial.year, partial.month.map(u32::from)),
    };
    own_month.is_none_or(|own| own == month) && year.is_none_or(|year| year == own_year)
}

/// Keeps the readings of admission and discharge that are as far apart as the stay is stated to be long.
fn decide_by_stay(encounter: &Encounter<'_>, dates: &mut [Dated<'_>; 4]) {
    let by_stay = |date: &Dated<'_>| date.reading.is_some_and(|reading| reading.slot.order == DateOrder::ByStay);
    if !by_stay(&dates[0]) && !by_stay(&dates[1]) || dates[0].readings.len().max(dates[1].readings.len()) < 2 {
        return;
    }
    let Some(stay) = encounter.stated_length_of_stay.value() else { return };
    let fits = |admission: &Moment, discharge: &Moment| {
        let nights = discharge.day.0 - admission.day.0;
        match encounter.stay_counts {
            // A stay that ends on its day counts one day.
            StayCounts::Exclusive => nights == stay || nights == 0 && stay == 1,
            StayCounts::Inclusive => nights + 1 == stay,
        }
    };
    let (admissions, discharges) = (dates[0].days(), dates[1].days());
    let pairs: Vec<(Moment, Moment)> = admissions
        .iter()
        .flat_map(|admission| discharges.iter().map(move |discharge| (*admission, *discharge)))
        .filter(|(admission, discharge)| fits(admission, discharge))
        .collect();
    let kept: [Vec<Moment>; 2] = [pairs.iter().map(|pair| pair.0).collect(), pairs.iter().map(|pair| pair.1).collect()];
    for (date, kept) in dates.iter_mut().zip(kept) {
        // A text with one reading is in no doubt: where the stay is at odds with it, an edit finds that.
        if by_stay(date) && date.readings.len() > 1 {
            date.readings.retain(|known| matches!(known, KnownDate::Day(moment) if kept.contains(moment)));
            date.contradicted = date.readings.is_empty();
        }
    }
}

fn set_date(encounter: &mut Encounter<'_>, field: Field, moment: Cell<Moment>, partial: Option<PartialDate>) {
    match field {
        Field::AdmissionDate => (encounter.admission_date, encounter.partial.admission) = (moment, partial),
        Field::DischargeDate => (encounter.discharge_date, encounter.partial.discharge) = (moment, partial),
        Field::DeathDate => (encounter.death_date, encounter.partial.death) = (moment, partial),
        _ => (encounter.birth_date, encounter.partial.birth) = (moment.map_value(|moment| moment.day), partial),
    }
}

/// A year of four digits, or of two in their hundred years.
fn year(told: &[u8], century: i32) -> Option<i32> {
    let year = whole_number(told).value()?;
    match text(told).trim_end_matches(".0").len() {
        4 => Some(year),
        1 | 2 => Some(in_century(year, century)),
        _ => None,
    }
}

/// A month by its number or its English name.
fn month(told: &[u8]) -> Option<u32> {
    if let Some(number @ 1..=12) = whole_number(told).value() {
        return Some(number as u32);
    }
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let told = text(told).to_ascii_lowercase();
    let place = NAMES.iter().position(|name| told.len() >= 3 && name.starts_with(told.as_str()))?;
    Some(place as u32 + 1)
}

take_away_fields!(SettledDates: decided, undecided, partial);
