//! What decides the order of day and month of a column of dates where its own values do not: a column that names the month, or the stated stay.

use super::{
    column::DraftColumn,
    dates::swapped,
    guess::{ColumnsOf, Guess},
    sample::DraftSample,
    stays::moments,
    write::{beside, list, quoted},
};
use crate::record::{
    date::{Day, Moment},
    field::Field,
};

/// What another column tells of a column of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftDecision {
    /// All dates have this order: the format, and why.
    Order(String, String),
    /// Both orders stand in the column, and the other column tells which: the keys of the layout, and what it decides.
    RowByRow(Vec<String>, String),
}

/// The other column: what a person calls it, the word of the layout, and what it says of each row.
struct Decider {
    name: String,
    word: String,
    /// Whether a reading of the row's date is the right one; `None` where the row says nothing.
    fits: Box<dyn Fn(usize, Day) -> Option<bool>>,
}

/// Looks for a column that decides the dates of `at` among both orders of `formats`.
pub fn decide(
    sample: &DraftSample,
    columns: &[DraftColumn],
    guess: &Guess,
    (field, at): (Field, usize),
    formats: &[String],
) -> Option<DraftDecision> {
    let mut all: Vec<String> = Vec::new();
    for format in formats.iter().flat_map(|format| [format.clone(), swapped(format)]) {
        if !all.contains(&format) {
            all.push(format);
        }
    }
    let read: Vec<Vec<Option<Moment>>> =
        all.iter().map(|format| moments(sample, at, &[format.as_str()], 1930)).collect();
    let decider = by_month(sample, columns, at).into_iter().chain(by_stay(sample, columns, guess, field));
    decider.filter_map(|decider| judge(&decider, &all, &read, sample.rows.len())).next()
}

/// What a decider makes of the readings; `None` where it contradicts the dates that have one reading, or decides nothing.
fn judge(decider: &Decider, formats: &[String], read: &[Vec<Option<Moment>>], rows: usize) -> Option<DraftDecision> {
    // Dates with one reading, and those of them that the decider agrees with; dates with two, and those that it decides.
    let (mut one, mut agreed, mut two, mut decided, mut silent) = (0u32, 0u32, 0u32, 0u32, 0u32);
    let mut by_format = vec![0u32; formats.len()];
    for row in 0..rows {
        let mut days: Vec<Day> = read.iter().filter_map(|moments| moments[row].map(|moment| moment.day)).collect();
        days.sort_unstable();
        days.dedup();
        if days.is_empty() {
            continue;
        }
        let right: Vec<Day> = days.iter().copied().filter(|day| (decider.fits)(row, *day) == Some(true)).collect();
        if (decider.fits)(row, days[0]).is_none() {
            silent += 1;
        } else if days.len() == 1 {
            one += 1;
            agreed += right.len() as u32;
        } else {
            two += 1;
            decided += u32::from(right.len() == 1);
        }
        for (count, moments) in by_format.iter_mut().zip(read) {
            *count += u32::from(moments[row].is_some_and(|moment| right.contains(&moment.day)));
        }
    }
    let nearly = |part: u32, whole: u32| u64::from(part) * 100 >= u64::from(whole) * 98;
    let dates = one + two;
    if dates < 2 || decided == 0 || !nearly(agreed, one) || !nearly(decided, two) {
        return None;
    }
    let whole = formats.iter().zip(&by_format).filter(|(_, count)| nearly(**count, dates)).collect::<Vec<_>>();
    if let [(format, count)] = whole.as_slice() {
        let why = format!("{} is proven by {}: {count} of {dates} dates agree with it", quoted(format), decider.name);
        return Some(DraftDecision::Order((*format).clone(), why));
    }
    let undecided = two - decided + silent;
    let rest =
        if undecided > 0 { format!("; {undecided} are not decided, and a run finds them") } else { String::new() };
    let why = format!(
        "both orders of day and month stand in this column; {} decides {decided} of {two} dates that have two readings, and agrees with {agreed} of {one} that have one{rest}",
        decider.name
    );
    let used: Vec<String> =
        formats.iter().zip(&by_format).filter(|(_, count)| **count > 0).map(|(format, _)| format.clone()).collect();
    let keys = vec![format!("formats = {}", list(&used)), format!("decided_by = {}", decider.word)];
    Some(DraftDecision::RowByRow(keys, why))
}

/// The columns that name a month.
fn by_month(sample: &DraftSample, columns: &[DraftColumn], at: usize) -> Vec<Decider> {
    let is_month = |(other, column): &(usize, &DraftColumn)| {
        *other != at
            && column.says("months")
            && !column.says("age")
            && column.filled > 0
            && column.share(|text| month(text).is_some()) >= 95
    };
    let of = |(other, column): (usize, &DraftColumn)| {
        let months: Vec<Option<u32>> = sample.rows.iter().map(|row| month(&row[other])).collect();
        Decider {
            name: format!("the column {}, which names the month,", quoted(&column.name)),
            word: beside(sample, columns, other),
            fits: Box::new(move |row, day| months[row].map(|month| month == day.ymd().1)),
        }
    };
    columns.iter().enumerate().filter(is_month).map(of).collect()
}

/// The stated stay, for an admission beside a discharge that is known, or the other way round.
fn by_stay(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, field: Field) -> Option<Decider> {
    let (other, sign) = match field {
        Field::AdmissionDate => (Field::DischargeDate, -1),
        Field::DischargeDate => (Field::AdmissionDate, 1),
        _ => return None,
    };
    let column = |field: Field| match guess.mapping(field)?.source {
        ColumnsOf::Column(at) => Some(at),
        _ => None,
    };
    let (other, stay) = (column(other)?, column(Field::LengthOfStay)?);
    if columns[other].dates.must_ask() {
        return None;
    }
    let others = moments(sample, other, &columns[other].dates.formats(), 1930);
    let stays: Vec<Option<i32>> = sample.rows.iter().map(|row| row[stay].parse().ok()).collect();
    let fits = move |row: usize, day: Day| -> Option<bool> {
        let (other, stay) = (others[row]?.day, stays[row]?);
        Some(other.0 + sign * stay == day.0)
    };
    let name = format!("the stated stay {}", quoted(&columns[stay].name));
    Some(Decider { name, word: quoted(Field::LengthOfStay.name()), fits: Box::new(fits) })
}

/// The month that a text names: `4`, `04`, `Apr`, `April 2024`, `2024-04`, `04/2024`.
fn month(text: &str) -> Option<u32> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| {
        let short = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|month| short && (1..=12).contains(month))
    };
    let named = |text: &str| {
        let beginning = text.get(..3)?.to_lowercase();
        NAMES.iter().position(|name| *name == beginning).map(|at| at as u32 + 1)
    };
    let is_year = |text: &str| matches!(text.len(), 2 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [one] if one.len() == 6 && one.bytes().all(|byte| byte.is_ascii_digit()) => number(&one[4..]),
        [one] => number(one).or_else(|| named(one)),
        [month, year] if is_year(year) && named(month).is_some() => named(month),
        [month, year] if year.len() == 4 && is_year(year) => number(month),
        [year, month] if year.len() == 4 && is_year(year) => number(month),
        _ => None,
    }
}
