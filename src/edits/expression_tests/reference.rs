//! The reference interpreter: a naive walk over conditions of its own, on records of its own. It knows nothing of tokens, trees, types or parts.

use crate::record::{cell::Cell, date::Day};

/// A field of a record of the reference.
#[derive(Debug, Clone, Copy)]
pub(super) enum PlainState<T> {
    Blank,
    Garbled,
    Known(T),
}

impl<T: Copy> PlainState<T> {
    pub(super) fn known(self) -> Option<T> {
        match self {
            PlainState::Known(value) => Some(value),
            PlainState::Blank | PlainState::Garbled => None,
        }
    }

    pub(super) fn cell<U>(self, change: impl Fn(T) -> U) -> Cell<U> {
        match self {
            PlainState::Blank => Cell::Blank,
            PlainState::Garbled => Cell::Unreadable,
            PlainState::Known(value) => Cell::Value(change(value)),
        }
    }
}

/// A record of the reference.
#[derive(Debug, Clone)]
pub(super) struct Plain {
    pub(super) age: PlainState<i64>,
    pub(super) cents: PlainState<i64>,
    pub(super) admitted: PlainState<i32>,
    pub(super) discharged: PlainState<i32>,
    pub(super) zip: Option<&'static str>,
    pub(super) sex: PlainState<&'static str>,
    pub(super) dead: PlainState<bool>,
    pub(super) diagnoses: Vec<PlainDiagnosis>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PlainDiagnosis {
    pub(super) code: PlainState<&'static str>,
    pub(super) position: Option<i64>,
    pub(super) mark: PlainState<&'static str>,
}

#[derive(Debug, Clone)]
pub(super) enum Number {
    Age,
    Position,
    LengthOfZip,
    Stay,
    Count(Option<Box<PlainCondition>>),
    Constant(i64),
    Plus(Box<Number>, i64),
    Minus(Box<Number>, i64),
}

#[derive(Debug, Clone)]
pub(super) enum Date {
    Admitted,
    Discharged,
    Constant(i32),
    Later(Box<Date>, i64),
    Earlier(Box<Date>, i64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    Zip,
    Sex,
    Code,
    Mark,
}

#[derive(Debug, Clone)]
pub(super) enum PlainCondition {
    Numbers(usize, Number, Number),
    Dates(usize, Date, Date),
    Cents(usize, i64),
    Words(usize, Word, &'static str),
    Among(bool, Word, Vec<&'static str>),
    Between(bool, Number, i64, i64),
    Dead,
    Blank(bool, &'static str),
    Garbled(bool, &'static str),
    Unknown(bool, Box<PlainCondition>),
    Begins(Word, &'static str),
    Ends(Word, &'static str),
    HasDigit(Word),
    Any(Option<Box<PlainCondition>>),
    All(Box<PlainCondition>),
    Not(Box<PlainCondition>),
    And(Vec<PlainCondition>),
    Or(Vec<PlainCondition>),
}

pub(super) const SIGNS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

/// How the condition is written.
pub(super) fn written(condition: &PlainCondition) -> String {
    let not = |negated: &bool| if *negated { "not " } else { "" };
    match condition {
        PlainCondition::Numbers(sign, left, right) => {
            format!("{} {} {}", of_number(left), SIGNS[*sign], of_number(right))
        }
        PlainCondition::Dates(sign, left, right) => format!("{} {} {}", of_date(left), SIGNS[*sign], of_date(right)),
        PlainCondition::Cents(sign, cents) => {
            format!("total_charges {} {}.{:02}", SIGNS[*sign], cents / 100, cents % 100)
        }
        PlainCondition::Words(sign, word, text) => format!("{} {} {}", of_word(*word), SIGNS[*sign], quoted(text)),
        PlainCondition::Among(negated, word, texts) => {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            format!("{} {}IN ({})", of_word(*word), not(negated), texts.join(", "))
        }
        PlainCondition::Between(negated, number, low, high) => {
            format!("{} {}between {low} And {high}", of_number(number), not(negated))
        }
        PlainCondition::Dead => "death_flag".to_owned(),
        PlainCondition::Blank(negated, name) => format!("{name} is {}NULL", not(negated)),
        PlainCondition::Garbled(negated, name) => format!("{name} is {}unreadable", not(negated)),
        PlainCondition::Unknown(negated, condition) => format!("({}) IS {}UNKNOWN", written(condition), not(negated)),
        PlainCondition::Begins(word, text) => format!("starts_with({}, {})", of_word(*word), quoted(text)),
        PlainCondition::Ends(word, text) => format!("ends_with({}, {})", of_word(*word), quoted(text)),
        PlainCondition::HasDigit(word) => format!("matches({}, '[0-9]')", of_word(*word)),
        PlainCondition::Any(condition) => format!("any(diagnosis{})", of_rows(condition.as_deref(), " WHERE ")),
        PlainCondition::All(condition) => format!("ALL(diagnosis{})", of_rows(Some(condition), ", ")),
        PlainCondition::Not(condition) => format!("NOT ({})", written(condition)),
        PlainCondition::And(conditions) => joined(conditions, " AND "),
        PlainCondition::Or(conditions) => joined(conditions, " or "),
    }
}

/// Conditions joined, with parentheses around what binds looser than AND.
pub(super) fn joined(conditions: &[PlainCondition], by: &str) -> String {
    let parts: Vec<String> = conditions
        .iter()
        .map(|condition| match condition {
            PlainCondition::And(_) | PlainCondition::Or(_) => format!("({})", written(condition)),
            _ => written(condition),
        })
        .collect();
    parts.join(by)
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) fn of_rows(condition: Option<&PlainCondition>, by: &str) -> String {
    condition.map_or(String::new(), |condition| format!("{by}{}", written(condition)))
}

pub(super) fn of_number(number: &Number) -> String {
    match number {
        Number::Age => "age".to_owned(),
        Number::Position => "position".to_owned(),
        Number::LengthOfZip => "length(zip_code)".to_owned(),
        Number::Stay => "(discharge_date - admission_date)".to_owned(),
        Number::Count(condition) => format!("count(diagnosis{})", of_rows(condition.as_deref(), " where ")),
        Number::Constant(number) => number.to_string(),
        Number::Plus(number, more) => format!("({} + {more})", of_number(number)),
        Number::Minus(number, less) => format!("{} - {less}", of_number(number)),
    }
}

pub(super) fn of_date(date: &Date) -> String {
    match date {
        Date::Admitted => "admission_date".to_owned(),
        Date::Discharged => "discharge_date".to_owned(),
        Date::Constant(day) => format!("'{}'", Day(*day)),
        Date::Later(date, days) => format!("{} + {days}", of_date(date)),
        Date::Earlier(date, days) => format!("({} - {days})", of_date(date)),
    }
}

pub(super) fn of_word(word: Word) -> &'static str {
    match word {
        Word::Zip => "zip_code",
        Word::Sex => "sex",
        Word::Code => "code",
        Word::Mark => "present_on_admission",
    }
}

/// The reference: what a condition is on a record, and on one of its diagnoses where one is in hand.
pub(super) fn truth(condition: &PlainCondition, record: &Plain, row: Option<&PlainDiagnosis>) -> Option<bool> {
    let inner = |condition: &PlainCondition| truth(condition, record, row);
    let flip = |negated: bool, answer: Option<bool>| answer.map(|answer| answer != negated);
    match condition {
        PlainCondition::Numbers(sign, left, right) => {
            compare(*sign, &number(left, record, row)?, &number(right, record, row)?)
        }
        PlainCondition::Dates(sign, left, right) => compare(*sign, &date(left, record)?, &date(right, record)?),
        PlainCondition::Cents(sign, cents) => compare(*sign, &record.cents.known()?, cents),
        PlainCondition::Words(sign, asked, text) => compare(*sign, &word(*asked, record, row)?, text),
        PlainCondition::Among(negated, asked, texts) => {
            flip(*negated, word(*asked, record, row).map(|word| texts.contains(&word)))
        }
        PlainCondition::Between(negated, asked, low, high) => {
            flip(*negated, number(asked, record, row).map(|number| *low <= number && number <= *high))
        }
        PlainCondition::Dead => record.dead.known(),
        PlainCondition::Blank(negated, name) => Some(is_blank(name, record, row) != *negated),
        PlainCondition::Garbled(negated, name) => {
            let garbled = match *name {
                "age" => matches!(record.age, PlainState::Garbled),
                "sex" => matches!(record.sex, PlainState::Garbled),
                "discharge_date" => matches!(record.discharged, PlainState::Garbled),
                _ => matches!(record.cents, PlainState::Garbled),
            };
            Some(garbled != *negated)
        }
        PlainCondition::Unknown(negated, condition) => Some(inner(condition).is_none() != *negated),
        PlainCondition::Begins(asked, text) => Some(word(*asked, record, row)?.starts_with(text)),
        PlainCondition::Ends(asked, text) => Some(word(*asked, record, row)?.ends_with(text)),
        PlainCondition::HasDigit(asked) => Some(word(*asked, record, row)?.bytes().any(|byte| byte.is_ascii_digit())),
        PlainCondition::Any(condition) => one_of(over(condition.as_deref(), record)),
        PlainCondition::All(condition) => every(over(Some(condition), record)),
        PlainCondition::Not(condition) => inner(condition).map(|answer| !answer),
        PlainCondition::And(conditions) => every(conditions.iter().map(inner).collect()),
        PlainCondition::Or(conditions) => one_of(conditions.iter().map(inner).collect()),
    }
}

pub(super) fn over(condition: Option<&PlainCondition>, record: &Plain) -> Vec<Option<bool>> {
    let answer = |row| condition.map_or(Some(true), |condition| truth(condition, record, Some(row)));
    record.diagnoses.iter().map(answer).collect()
}

pub(super) fn every(answers: Vec<Option<bool>>) -> Option<bool> {
    if answers.contains(&Some(false)) {
        Some(false)
    } else if answers.contains(&None) {
        None
    } else {
        Some(true)
    }
}

pub(super) fn one_of(answers: Vec<Option<bool>>) -> Option<bool> {
    every(answers.into_iter().map(|answer| answer.map(|answer| !answer)).collect()).map(|answer| !answer)
}

pub(super) fn compare<T: PartialOrd>(sign: usize, left: &T, right: &T) -> Option<bool> {
    Some(match SIGNS[sign] {
        "=" => left == right,
        "<>" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    })
}

pub(super) fn number(asked: &Number, record: &Plain, row: Option<&PlainDiagnosis>) -> Option<i64> {
    match asked {
        Number::Age => record.age.known(),
        Number::Position => row?.position,
        Number::LengthOfZip => record.zip.map(|zip| zip.chars().count() as i64),
        Number::Stay => Some(i64::from(record.discharged.known()? - record.admitted.known()?)),
        Number::Count(condition) => {
            Some(over(condition.as_deref(), record).iter().filter(|answer| **answer == Some(true)).count() as i64)
        }
        Number::Constant(number) => Some(*number),
        Number::Plus(asked, more) => Some(number(asked, record, row)? + more),
        Number::Minus(asked, less) => Some(number(asked, record, row)? - less),
    }
}

pub(super) fn date(asked: &Date, record: &Plain) -> Option<i64> {
    match asked {
        Date::Admitted => record.admitted.known().map(i64::from),
        Date::Discharged => record.discharged.known().map(i64::from),
        Date::Constant(day) => Some(i64::from(*day)),
        Date::Later(asked, days) => Some(date(asked, record)? + days),
        Date::Earlier(asked, days) => Some(date(asked, record)? - days),
    }
}

pub(super) fn word(asked: Word, record: &Plain, row: Option<&PlainDiagnosis>) -> Option<&'static str> {
    match asked {
        Word::Zip => record.zip,
        Word::Sex => record.sex.known(),
        Word::Code => row?.code.known(),
        Word::Mark => row?.mark.known(),
    }
}

pub(super) fn is_blank(name: &str, record: &Plain, row: Option<&PlainDiagnosis>) -> bool {
    match name {
        "age" => matches!(record.age, PlainState::Blank),
        "sex" => matches!(record.sex, PlainState::Blank),
        "zip_code" => record.zip.is_none(),
        "admission_date" => matches!(record.admitted, PlainState::Blank),
        "death_flag" => matches!(record.dead, PlainState::Blank),
        "code" => row.is_some_and(|row| matches!(row.code, PlainState::Blank)),
        "position" => row.is_some_and(|row| row.position.is_none()),
        _ => row.is_some_and(|row| matches!(row.mark, PlainState::Blank)),
    }
}
