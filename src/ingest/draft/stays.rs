//! The two dates of a stay, found by what columns hold.

use super::{
    column::{DraftColumn, percent},
    guess::{ColumnsOf, KnownColumns},
    sample::DraftSample,
};
use crate::record::{
    date::{DateFormat, Moment},
    field::Field,
};

/// Takes two columns of dates as admission and discharge where the second is never before the first and follows it within a year,
/// and a third as birth where it lies before both by years.
pub fn take_stay(sample: &DraftSample, free: &[(usize, &DraftColumn)], taken: &mut KnownColumns) {
    let dates = dates_of(sample, free);
    if !taken.has(Field::AdmissionDate)
        && !taken.has(Field::DischargeDate)
        && let Some(DraftStay { from, to, held, rows }) = stay(&dates)
    {
        let doubt =
            || Some(format!("guessed from the values: {held} of {rows} look like a stay, two dates within a year"));
        taken.add(Field::AdmissionDate, ColumnsOf::Column(from), doubt());
        taken.add(Field::DischargeDate, ColumnsOf::Column(to), doubt());
    }
    let admission = taken.mappings.iter().find_map(|mapping| match (mapping.field, &mapping.source) {
        (Field::AdmissionDate, ColumnsOf::Column(at)) => dates.iter().find(|(column, _)| column == at),
        _ => None,
    });
    if !taken.has(Field::BirthDate)
        && let Some((_, admitted)) = admission
        && let Some((at, _)) = dates.iter().find(|(at, birth)| {
            let before = days_between(birth, admitted);
            !taken.columns.contains(at)
                && mostly(&before, |days| days >= 0)
                && before.iter().any(|days| *days > 365 * 40)
        })
    {
        taken.add(
            Field::BirthDate,
            ColumnsOf::Column(*at),
            Some("guessed from the values: they look like births, dates long before the stay".to_owned()),
        );
    }
}

/// Two columns of dates that may be a stay.
pub struct DraftStay {
    /// The column of admission.
    pub from: usize,
    /// The column of discharge.
    pub to: usize,
    /// Rows on which the second lies within a year after the first.
    pub held: usize,
    /// Rows with both.
    pub rows: usize,
}

/// The dates of columns, row by row.
type Dates = Vec<(usize, Vec<Option<Moment>>)>;

/// The columns that hold dates of one order, with their dates.
pub fn dates_of(sample: &DraftSample, free: &[(usize, &DraftColumn)]) -> Dates {
    free.iter()
        .filter(|(_, column)| column.date_share() >= 80 && !column.dates.must_ask())
        .map(|(at, column)| (*at, moments(sample, *at, &column.dates.formats(), 1930)))
        .collect()
}

/// The first two columns of which the second is never before the first and follows it within a year.
pub fn stay(dates: &Dates) -> Option<DraftStay> {
    let within = |days: i32| (0..366).contains(&days);
    dates.iter().enumerate().find_map(|(index, (from, first))| {
        dates[index + 1..].iter().find_map(|(to, second)| {
            let between = days_between(first, second);
            let held = between.iter().filter(|days| within(**days)).count();
            mostly(&between, within).then_some(DraftStay { from: *from, to: *to, held, rows: between.len() })
        })
    })
}

fn days_between(from: &[Option<Moment>], to: &[Option<Moment>]) -> Vec<i32> {
    from.iter().zip(to).filter_map(|(from, to)| Some(to.as_ref()?.day.0 - from.as_ref()?.day.0)).collect()
}

/// Whether something holds for nearly all numbers of days.
fn mostly(differences: &[i32], holds: fn(i32) -> bool) -> bool {
    let held = differences.iter().filter(|days| holds(**days)).count();
    !differences.is_empty() && percent(held as u32, differences.len() as u32) >= 95
}

/// The dates of a column, row by row.
pub fn moments(sample: &DraftSample, at: usize, formats: &[&str], century_from: i32) -> Vec<Option<Moment>> {
    let formats: Vec<DateFormat> =
        formats.iter().filter_map(|format| DateFormat::new(format, century_from).ok()).collect();
    let read = |text: &String| formats.iter().find_map(|format| format.read(text.as_bytes()));
    sample.rows.iter().map(|row| row.get(at).and_then(read)).collect()
}
