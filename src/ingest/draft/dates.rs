//! Proves the date format of a column from its values.
//!
//! The order of day and month is proven by a value that no other order reads (a day above 12). What no value proves is asked, never guessed.

use std::collections::BTreeMap;

use crate::record::date::{DateFormat, Moment};

/// Years that a date of an export, a research shift included, can have.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2300;
/// Share of a column's dates, in per mille, from which another form of date is taken for a form of the column and not for a slip.
const FORM_PER_MILLE: u32 = 20;

/// One form of date that a column has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateForm {
    /// Only one format reads these values. `proof` counts the values that rule out the next likely one; `None` where the form alone decides.
    Proven {
        /// The format.
        format: String,
        /// Values read.
        values: u32,
        /// Values that rule out the others.
        proof: Option<u32>,
    },
    /// Several formats read them all.
    Ask {
        /// The formats that remain, with the values each reads.
        formats: Vec<(String, u32)>,
        /// Values of this form.
        values: u32,
    },
    /// No format reads them all: orders of day and month are mixed.
    Mixed {
        /// The formats, with the values that each alone reads.
        formats: Vec<(String, u32)>,
        /// Values that several of the formats read.
        either: u32,
    },
}

/// Two orders of day and month in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MixedOrders {
    /// The formats, with the values that are surely of each.
    pub formats: Vec<(String, u32)>,
    /// Values that can be of either.
    pub either: u32,
}

/// What the values of a column tell of its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateColumns {
    /// The forms, the commonest first.
    pub forms: Vec<DateForm>,
    /// Values that are dates of some form.
    pub dates: u32,
    /// Values of forms too rare to be the column's own.
    pub slips: u32,
}

impl DateColumns {
    /// Whether a question is left.
    pub fn must_ask(&self) -> bool {
        self.mixed_orders().is_some() || self.forms.iter().any(|form| matches!(form, DateForm::Ask { .. }))
    }

    /// The orders of day and month where several stand in the column, whatever stands between the parts. A value is surely of an order where the other cannot read
    /// it.
    pub fn mixed_orders(&self) -> Option<MixedOrders> {
        let mut found = MixedOrders { formats: Vec::new(), either: 0 };
        for form in &self.forms {
            match form {
                DateForm::Mixed { formats, either } => {
                    found.formats.extend(formats.iter().cloned());
                    found.either += either;
                }
                DateForm::Proven { format, values, proof } if order(format).is_some() => {
                    let sure = proof.unwrap_or(*values);
                    found.formats.push((format.clone(), sure));
                    found.either += values - sure;
                }
                DateForm::Proven { .. } | DateForm::Ask { .. } => {}
            }
        }
        let has = |wanted: Order| found.formats.iter().any(|(format, _)| order(format) == Some(wanted));
        let is_mixed = self.forms.iter().any(|form| matches!(form, DateForm::Mixed { .. }));
        (is_mixed || has(Order::DayFirst) && has(Order::MonthFirst)).then_some(found)
    }

    /// All formats, proven or to be asked.
    pub fn all_formats(&self) -> Vec<String> {
        let of = |form: &DateForm| match form {
            DateForm::Proven { format, .. } => vec![format.clone()],
            DateForm::Ask { formats, .. } | DateForm::Mixed { formats, .. } => {
                formats.iter().map(|(format, _)| format.clone()).collect()
            }
        };
        self.forms.iter().flat_map(of).collect()
    }

    /// The proven formats.
    pub fn formats(&self) -> Vec<&str> {
        self.forms
            .iter()
            .filter_map(|form| match form {
                DateForm::Proven { format, .. } => Some(format.as_str()),
                DateForm::Ask { .. } | DateForm::Mixed { .. } => None,
            })
            .collect()
    }

    /// Whether a format has years of two digits.
    pub fn two_digit_years(&self) -> bool {
        self.forms.iter().any(|form| match form {
            DateForm::Proven { format, .. } => format.contains("%y"),
            DateForm::Ask { formats, .. } | DateForm::Mixed { formats, .. } => {
                formats.iter().any(|(format, _)| format.contains("%y"))
            }
        })
    }
}

/// Which of day and month stands first in a date that ends with its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayFirst,
    MonthFirst,
}

/// The order of a format in which it could be another; `None` where the year stands first or the month is a word.
fn order(format: &str) -> Option<Order> {
    let (day, month) = (format.find("%d")?, format.find("%m")?);
    let year = format.find("%Y").or_else(|| format.find("%y"))?;
    if year < day.min(month) {
        return None;
    }
    Some(if day < month { Order::DayFirst } else { Order::MonthFirst })
}

/// What stands first in the dates of a format, in words.
pub fn order_words(format: &str) -> &'static str {
    match order(format) {
        Some(Order::DayFirst) => "day-first",
        Some(Order::MonthFirst) => "month-first",
        None => "year-first",
    }
}

/// The format with day and month in the other order.
pub fn swapped(format: &str) -> String {
    format.replace("%d", "%\u{1}").replace("%m", "%d").replace("%\u{1}", "%m")
}

/// Whether a text has the form of a date.
pub fn looks_like_a_date(text: &str) -> bool {
    candidates(text).is_some_and(|formats| formats.iter().any(|format| reads(format, text)))
}

/// Studies the values of a column, each with its count.
pub fn study<'v>(values: impl Iterator<Item = (&'v str, u32)>) -> DateColumns {
    let mut forms: BTreeMap<Vec<String>, Vec<(&str, u32)>> = BTreeMap::new();
    for (value, count) in values {
        if let Some(candidates) = candidates(value) {
            forms.entry(candidates).or_default().push((value, count));
        }
    }
    let mut found: Vec<(u32, DateForm)> =
        forms.iter().filter_map(|(formats, values)| decide(formats, values)).collect();
    let dates: u32 = found.iter().map(|(values, _)| values).sum();
    found.sort_by_key(|(values, _)| std::cmp::Reverse(*values));
    let (kept, slips): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(values, _)| u64::from(*values) * 1000 >= u64::from(dates) * u64::from(FORM_PER_MILLE));
    DateColumns {
        forms: kept.into_iter().map(|(_, form)| form).collect(),
        dates,
        slips: slips.iter().map(|(values, _)| values).sum(),
    }
}

/// Decides one form; `None` where no format reads any of its values.
fn decide(formats: &[String], values: &[(&str, u32)]) -> Option<(u32, DateForm)> {
    let compiled: Vec<DateFormat> = formats.iter().filter_map(|format| DateFormat::new(format, 1930).ok()).collect();
    let mut readable = 0;
    let mut read = vec![0; compiled.len()];
    let mut read_alone = vec![0; compiled.len()];
    for (value, count) in values {
        let fits: Vec<bool> = compiled.iter().map(|format| moment(format, value).is_some()).collect();
        if fits.contains(&true) {
            readable += count;
        }
        for (sum, fits) in read.iter_mut().zip(&fits) {
            *sum += if *fits { *count } else { 0 };
        }
        if let [only] = (0..fits.len()).filter(|at| fits[*at]).collect::<Vec<_>>().as_slice() {
            read_alone[*only] += count;
        }
    }
    let of = |at: usize| (formats[at].clone(), read[at]);
    let surviving: Vec<usize> = (0..compiled.len()).filter(|at| readable > 0 && read[*at] == readable).collect();
    let form = match surviving.as_slice() {
        _ if readable == 0 => return None,
        [only] => {
            let next = (0..compiled.len()).filter(|at| at != only).map(|at| read[at]).max();
            DateForm::Proven {
                format: formats[*only].clone(),
                values: readable,
                proof: next.map(|next| readable - next),
            }
        }
        [] => DateForm::Mixed {
            formats: (0..compiled.len())
                .filter(|at| read_alone[*at] > 0)
                .map(|at| (formats[at].clone(), read_alone[at]))
                .collect(),
            either: readable - read_alone.iter().sum::<u32>(),
        },
        several => DateForm::Ask { formats: several.iter().map(|at| of(*at)).collect(), values: readable },
    };
    Some((readable, form))
}

fn moment(format: &DateFormat, value: &str) -> Option<Moment> {
    format.read(value.as_bytes()).filter(|moment| YEARS.contains(&moment.day.ymd().0))
}

fn reads(format: &str, value: &str) -> bool {
    DateFormat::new(format, 1930).is_ok_and(|format| moment(&format, value).is_some())
}

/// A run of digits, a run of letters, or one other character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'t> {
    Digits(usize),
    Letters(&'t str),
    Mark(char),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = |is: fn(&char) -> bool| rest.chars().take_while(is).map(char::len_utf8).sum::<usize>();
        let length = if first.is_ascii_digit() {
            run(char::is_ascii_digit)
        } else if first.is_ascii_alphabetic() {
            run(char::is_ascii_alphabetic)
        } else {
            first.len_utf8()
        };
        let (piece, after) = rest.split_at(length);
        found.push(if first.is_ascii_digit() {
            Piece::Digits(length)
        } else if first.is_ascii_alphabetic() {
            Piece::Letters(piece)
        } else {
            Piece::Mark(first)
        });
        rest = after;
    }
    found
}

/// The formats that the form of a value allows; `None` where it is no form of a date.
fn candidates(text: &str) -> Option<Vec<String>> {
    if text.len() > 40 {
        return None;
    }
    let pieces = pieces(text);
    let (days, used) = day_formats(&pieces)?;
    let time = time_format(&pieces[used..])?;
    Some(days.into_iter().map(|day| format!("{day}{time}")).collect())
}

/// The formats of the day, and how many pieces it takes.
fn day_formats(pieces: &[Piece<'_>]) -> Option<(Vec<String>, usize)> {
    use Piece::{Digits, Letters, Mark};
    let month = |word: &str| {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        names.contains(&word.to_lowercase().as_str())
    };
    let full_month = |word: &str| {
        let names = [
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        names.contains(&word.to_lowercase().as_str())
    };
    let found = match pieces {
        [Digits(8), ..] => (texts(&["%Y%m%d", "%m%d%Y", "%d%m%Y"]), 1),
        [Digits(12), ..] => (texts(&["%Y%m%d%H%M"]), 1),
        [Digits(14), ..] => (texts(&["%Y%m%d%H%M%S"]), 1),
        [Digits(4), Mark(mark), Digits(1 | 2), Mark(same), Digits(1 | 2), ..] if separates(*mark) && mark == same => {
            (vec![format!("%Y{mark}%m{mark}%d")], 5)
        }
        [Digits(1 | 2), Mark(mark), Digits(1 | 2), Mark(same), Digits(4), ..] if separates(*mark) && mark == same => {
            (vec![format!("%m{mark}%d{mark}%Y"), format!("%d{mark}%m{mark}%Y")], 5)
        }
        [Digits(1 | 2), Mark(mark), Digits(1 | 2), Mark(same), Digits(1 | 2), ..]
            if separates(*mark) && mark == same =>
        {
            let orders = ["m d y", "d m y", "y m d"];
            let of = |order: &str| {
                order.split(' ').map(|part| format!("%{part}")).collect::<Vec<_>>().join(&mark.to_string())
            };
            (orders.map(of).to_vec(), 5)
        }
        [Digits(1 | 2), Mark(mark), Letters(word), Mark(same), Digits(year @ (2 | 4)), ..]
            if month(word) && (separates(*mark) || *mark == ' ') && mark == same =>
        {
            (vec![format!("%d{mark}%b{mark}{}", year_letter(*year))], 5)
        }
        [Digits(1 | 2), Letters(word), Digits(year @ (2 | 4)), ..] if month(word) => {
            (vec![format!("%d%b{}", year_letter(*year))], 3)
        }
        [Letters(word), Mark(' '), Digits(1 | 2), Mark(','), Mark(' '), Digits(4), ..] if month(word) => {
            (texts(&["%b %d, %Y"]), 6)
        }
        [Letters(word), Mark(' '), Digits(1 | 2), Mark(','), Mark(' '), Digits(4), ..] if full_month(word) => {
            (texts(&["%B %d, %Y"]), 6)
        }
        [Letters(word), Mark(' '), Digits(1 | 2), Mark(' '), Digits(4), ..] if month(word) => (texts(&["%b %d %Y"]), 5),
        [Digits(4), Mark('-'), Letters(word), Mark('-'), Digits(1 | 2), ..] if month(word) => (texts(&["%Y-%b-%d"]), 5),
        _ => return None,
    };
    Some(found)
}

fn texts(formats: &[&str]) -> Vec<String> {
    formats.iter().map(|format| (*format).to_owned()).collect()
}

fn separates(mark: char) -> bool {
    matches!(mark, '-' | '/' | '.')
}

fn year_letter(digits: usize) -> &'static str {
    if digits == 4 { "%Y" } else { "%y" }
}

/// The format of what follows the day: nothing, or a time. `None` where it is neither.
fn time_format(pieces: &[Piece<'_>]) -> Option<String> {
    use Piece::{Digits, Letters, Mark};
    let mut format = String::new();
    let mut rest = match pieces {
        [] => return Some(format),
        [Letters("T"), rest @ ..] => {
            format.push('T');
            rest
        }
        [Mark(' '), rest @ ..] => {
            format.push(' ');
            rest
        }
        [Mark(':'), rest @ ..] => {
            format.push(':');
            rest
        }
        _ => return None,
    };
    let hour = format.len();
    if let [Digits(4)] = rest
        && format == " "
    {
        format.push_str("%H%M");
        return Some(format);
    }
    let [Digits(1 | 2), Mark(':'), Digits(2), after @ ..] = rest else { return None };
    format.push_str("%H:%M");
    rest = after;
    if let [Mark(':'), Digits(2), after @ ..] = rest {
        format.push_str(":%S");
        rest = after;
        if let [Mark('.'), Digits(_), after @ ..] = rest {
            format.push_str(".%f");
            rest = after;
        }
    }
    let (blank, after) = match rest {
        [Mark(' '), after @ ..] => (" ", after),
        _ => ("", rest),
    };
    if let [Letters(word), after @ ..] = after
        && matches!(word.to_uppercase().as_str(), "AM" | "PM")
    {
        format.replace_range(hour..hour + 2, "%I");
        format.push_str(blank);
        format.push_str("%p");
        rest = after;
    }
    match rest {
        [] => {}
        [Letters("Z")] | [Mark('+' | '-'), Digits(4)] | [Mark('+' | '-'), Digits(2), Mark(':'), Digits(2)] => {
            format.push_str("%z")
        }
        _ => return None,
    }
    Some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(values: &[&str]) -> DateColumns {
        study(values.iter().map(|value| (*value, 1)))
    }

    fn proven(values: &[&str]) -> String {
        let found = dates(values);
        assert!(!found.must_ask(), "{found:?}");
        found.formats().join(" | ")
    }

    #[test]
    fn a_day_above_twelve_proves_the_order() {
        assert_eq!(proven(&["03/04/2024", "05/13/2024"]), "%m/%d/%Y");
        assert_eq!(proven(&["03/04/2024", "13/05/2024"]), "%d/%m/%Y");
        assert_eq!(proven(&["3.4.2024 8:05", "31.12.2024 23:59"]), "%d.%m.%Y %H:%M");
        assert_eq!(proven(&["2/24/96 14:38", "3/4/04 4:02"]), "%m/%d/%y %H:%M");
    }

    #[test]
    fn without_such_a_day_it_is_asked() {
        for values in [&["03/04/2024", "05/06/2024"][..], &["1/2/03"], &["05/05/2024"], &["04052012"]] {
            assert!(dates(values).must_ask(), "{values:?}");
        }
    }

    #[test]
    fn days_above_twelve_in_both_places_are_asked_too() {
        let found = dates(&["13/05/2024", "05/13/2024", "01/02/2024"]);
        assert!(found.must_ask());
        let formats = vec![("%m/%d/%Y".to_owned(), 1), ("%d/%m/%Y".to_owned(), 1)];
        assert_eq!(found.mixed_orders(), Some(MixedOrders { formats, either: 1 }));
        // With a separator each, an order is read throughout, and its days up to 12 can be of the other.
        let found = dates(&["13.05.2024", "01.02.2024", "05/13/2024", "05/14/2024"]);
        let formats = vec![("%m/%d/%Y".to_owned(), 2), ("%d.%m.%Y".to_owned(), 1)];
        let mut mixed = found.mixed_orders().expect("two orders");
        mixed.formats.sort_by_key(|(_, sure)| std::cmp::Reverse(*sure));
        assert_eq!(mixed, MixedOrders { formats, either: 1 });
    }

    #[test]
    fn forms_that_allow_one_reading_need_no_proof() {
        assert_eq!(proven(&["2024-03-04"]), "%Y-%m-%d");
        assert_eq!(proven(&["2024/3/4 08:05:09"]), "%Y/%m/%d %H:%M:%S");
        assert_eq!(proven(&["2021-08-23T03:26:50Z"]), "%Y-%m-%dT%H:%M:%S%z");
        assert_eq!(proven(&["2021-08-23T03:26:50.123+02:00"]), "%Y-%m-%dT%H:%M:%S.%f%z");
        assert_eq!(proven(&["07-MAR-2024", "8-Mar-2024", "7 Mar 2024"]), "%d-%b-%Y | %d %b %Y");
        assert_eq!(proven(&["20241231"]), "%Y%m%d");
        assert_eq!(proven(&["04MAR2024"]), "%d%b%Y");
        assert_eq!(proven(&["October 3, 2026", "June 12, 2026"]), "%B %d, %Y");
        assert_eq!(proven(&["20261003 0905", "20261031 2359"]), "%Y%m%d %H%M");
    }

    #[test]
    fn afternoons_are_told_by_their_mark() {
        assert_eq!(proven(&["3/14/2024 1:05 PM"]), "%m/%d/%Y %I:%M %p");
    }

    #[test]
    fn a_rare_slip_is_no_form_of_the_column() {
        let mut values: Vec<(String, u32)> = (1..=28).map(|day| (format!("2024-03-{day:02}"), 10)).collect();
        values.push(("03/04/2024".to_owned(), 1));
        values.push(("2024-02-30".to_owned(), 1));
        let found = study(values.iter().map(|(value, count)| (value.as_str(), *count)));
        assert_eq!((found.formats(), found.slips, found.must_ask()), (vec!["%Y-%m-%d"], 1, false));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in ["", "12", "1.2.3.4", "A1B2", "250.00", "J18.9", "12:30", "99999999", "2024-13-01", "1.5"] {
            assert!(!looks_like_a_date(text), "{text}");
        }
    }
}
