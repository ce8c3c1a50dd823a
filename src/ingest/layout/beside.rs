//! What stands beside a column and says how it is to be read: the unit of an age, the year and month of a date, and what decides the order of day and month.

use std::ops::RangeInclusive;

use rustc_hash::FxHashMap;

use crate::{
    ingest::layout::{ColumnSource, FixedPosition, fixed_columns::LONGEST_RECORD, values::is_unanswered},
    problem::reader::Section,
    record::{
        date_format::{DateFormat, GivenBeside},
        field::{CanonicalTable, Field},
    },
    rows::slot::{AgeUnit, DateOrder, Says, lower_case},
};

/// The units of an age by the words of layouts.
pub(super) const UNITS: [(&str, AgeUnit); 5] = [
    ("years", AgeUnit::Years),
    ("months", AgeUnit::Months),
    ("weeks", AgeUnit::Weeks),
    ("days", AgeUnit::Days),
    ("hours", AgeUnit::Hours),
];

/// What exports write for the units where the layout states no `units`, in lower case.
const USUAL_UNITS: [(&[&str], AgeUnit); 5] = [
    (&["years", "year", "yrs", "yr", "y", "a"], AgeUnit::Years),
    (&["months", "month", "mos", "mo", "mon"], AgeUnit::Months),
    (&["weeks", "week", "wks", "wk", "w"], AgeUnit::Weeks),
    (&["days", "day", "d"], AgeUnit::Days),
    (&["hours", "hour", "hrs", "hr", "h"], AgeUnit::Hours),
];

/// What exports write for a month, with or without its year, where the layout states no formats of it. No text is two months by any two of them.
const USUAL_MONTHS: [&str; 18] = [
    "%b-%y", "%b %y", "%b-%Y", "%b %Y", "%B-%Y", "%B %Y", "%B-%y", "%B %y", "%b", "%B", "%m/%Y", "%m-%Y", "%m.%Y",
    "%Y-%m", "%Y/%m", "%Y.%m", "%Y%m", "%m",
];

/// Years as calendars write them.
pub(super) const YEARS: RangeInclusive<i64> = 1..=9999;

/// What stands beside a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// The columns, with what they say.
    pub companions: Vec<(Says, ColumnSource)>,
    /// How the order of day and month is known.
    pub order: DateOrder,
    /// What of a date stands elsewhere.
    pub given: GivenBeside,
}

/// Whether a date of this field may be a month or a year alone, or be read with other columns.
pub(super) fn takes_parts(field: Field, table: CanonicalTable) -> bool {
    let of_stay = matches!(field, Field::AdmissionDate | Field::DischargeDate | Field::BirthDate | Field::DeathDate);
    of_stay && matches!(table, CanonicalTable::Encounters | CanonicalTable::Patients)
}

/// Reads what stands beside a column; refuses it where the field has no use of it.
pub(super) fn read_beside(column: &mut Section<'_>, field: Field, table: CanonicalTable) -> Beside {
    let mut beside = Beside::default();
    for key in ["year", "year_column", "month_column", "decided_by"] {
        if let (true, Some(span)) = (!takes_parts(field, table), column.value_span(key)) {
            let why = format!("`{key}` is of the admission, discharge, birth and death of encounters and patients");
            column.problem("no-effect", span, why, None);
        }
    }
    for key in ["unit_column", "units"] {
        if let (true, Some(span)) = (field != Field::Age, column.value_span(key)) {
            column.problem("no-effect", span, format!("`{key}` is of ages, and `{}` is none", field.name()), None);
        }
    }
    read_unit(column, &mut beside);
    let century = column.number("two_digit_years_from", YEARS).map_or(1930, |year| year.value as i32);
    beside.given.year = column.number("year", YEARS).map(|year| year.value as i32);
    if let Some(source) = read_place(column, "year_column") {
        beside.given.year_column = true;
        beside.companions.push((Says::YearOfDate(century), source));
    }
    if let Some(source) = read_place(column, "month_column") {
        beside.given.month_column = true;
        beside.companions.push((Says::MonthOfDate, source));
    }
    if let (Some(_), true, Some(span)) = (beside.given.year, beside.given.year_column, column.value_span("year")) {
        column.problem("no-effect", span, "`year` is for every row, and `year_column` has one a row", None);
    }
    read_decided_by(column, field, &mut beside);
    beside
}

fn read_unit(column: &mut Section<'_>, beside: &mut Beside) {
    let units = read_units(column);
    match read_place(column, "unit_column") {
        Some(source) => {
            if let Some(span) = column.value_span("unit") {
                column.problem("no-effect", span, "`unit` is for every row, and `unit_column` has one a row", None);
            }
            let usual = || {
                let words = |(words, unit): &(&[&str], AgeUnit)| {
                    words.iter().map(|word| (word.as_bytes().to_vec(), *unit)).collect::<Vec<_>>()
                };
                USUAL_UNITS.iter().flat_map(words).collect()
            };
            beside.companions.push((Says::Unit(units.unwrap_or_else(usual)), source));
        }
        None => {
            if let Some(span) = column.value_span("units") {
                column.problem("no-effect", span, "`units` has no meaning without `unit_column`", None);
            }
        }
    }
}

/// `units` is a table from units to the export's texts of them.
fn read_units(column: &mut Section<'_>) -> Option<FxHashMap<Vec<u8>, AgeUnit>> {
    column.section("units", |section| {
        let mut units = FxHashMap::default();
        let mut stated = |section: &mut Section<'_>, key: &'static str, unit: AgeUnit| {
            for text in section.texts(key) {
                if is_unanswered(section, &text, key) {
                    continue;
                }
                let word = lower_case(text.value.trim().as_bytes());
                if units.insert(word, unit).is_some_and(|earlier| earlier != unit) {
                    let message = format!("`{}` is two units", text.value);
                    section.problem("repeated-value", text.span, message, None);
                }
            }
        };
        for (key, unit) in UNITS {
            stated(section, key, unit);
        }
        units
    })
}

/// A column beside another: its name, the names that it may have, or its place in a fixed-width row.
fn read_place(column: &mut Section<'_>, key: &'static str) -> Option<ColumnSource> {
    if !column.is_section(key) {
        let names: Vec<String> = column.texts(key).into_iter().map(|name| name.value).collect();
        return (!names.is_empty()).then_some(ColumnSource::Named(names));
    }
    column.section(key, read_source_of_place).flatten()
}

fn read_source_of_place(place: &mut Section<'_>) -> Option<ColumnSource> {
    let span = place.span.clone();
    let names: Vec<String> = place.texts("column").into_iter().map(|name| name.value).collect();
    let (start, width) = (place.number("start", 1..=LONGEST_RECORD), place.number("width", 1..=LONGEST_RECORD));
    match (names.is_empty(), start, width) {
        (false, None, None) => Some(ColumnSource::Named(names)),
        (true, Some(start), Some(width)) => {
            Some(ColumnSource::Fixed(vec![FixedPosition { start: start.value as usize, width: width.value as usize }]))
        }
        _ => {
            place.problem(
                "column-source",
                span,
                "needs `column`, or `start` and `width` in a fixed-width layout",
                None,
            );
            None
        }
    }
}

/// `decided_by` is a column that names the month, a table that states its formats too, or the field of the stated stay.
fn read_decided_by(column: &mut Section<'_>, field: Field, beside: &mut Beside) {
    let stay = Field::LengthOfStay.name();
    let Some(span) = column.value_span("decided_by") else { return };
    let usual = || -> Vec<DateFormat> {
        USUAL_MONTHS.iter().map(|format| DateFormat::month(format, 1930).expect("a format of months")).collect()
    };
    if column.is_section("decided_by") {
        let read = column.section("decided_by", |section| {
            let century = section.number("two_digit_years_from", YEARS).map_or(1930, |year| year.value as i32);
            let mut formats = Vec::new();
            for format in section.texts("formats") {
                match DateFormat::month(&format.value, century) {
                    Ok(format) => formats.push(format),
                    Err(message) => section.problem("bad-format", format.span, message, None),
                }
            }
            (formats, read_source_of_place(section))
        });
        if let Some((formats, Some(source))) = read {
            beside.order = DateOrder::ByMonth;
            let formats = if formats.is_empty() { usual() } else { formats };
            beside.companions.push((Says::Month(formats), source));
        }
        return;
    }
    let names: Vec<String> = column.texts("decided_by").into_iter().map(|name| name.value).collect();
    if names.iter().any(|name| name == stay) {
        if matches!(field, Field::AdmissionDate | Field::DischargeDate) {
            beside.order = DateOrder::ByStay;
        } else {
            column.problem("no-effect", span, "the length of stay decides admission and discharge alone", None);
        }
    } else if let Some(other) = names.iter().find(|name| Field::from_name(name).is_some()) {
        let message = format!("`decided_by` is a column that names the month, or `{stay}`; `{other}` is neither");
        column.problem("no-effect", span, message, None);
    } else if !names.is_empty() {
        beside.order = DateOrder::ByMonth;
        beside.companions.push((Says::Month(usual()), ColumnSource::Named(names)));
    }
}
