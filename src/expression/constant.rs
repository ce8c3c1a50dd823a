//! Constants: what a text or number in an expression means beside a value of a known type.

use std::ops::Range;

use super::{
    fault::ExpressionFault,
    source::{Type, is_listed},
    tree::{Node, Tree},
};
use crate::partition::value_of::{comparable_code, what_may_be_stated};
use crate::record::{
    constant::Constant,
    date::{Day, Moment},
};

/// Whether the tree is a constant.
pub fn is_constant(tree: &Tree) -> bool {
    matches!(tree.kind, Node::Text(_) | Node::Number(_) | Node::Date(_) | Node::Truth(_))
}

/// The type a constant has of itself; beside a value a text may be a date or a code, and a number an amount.
pub fn own_type(tree: &Tree) -> Option<Type> {
    match &tree.kind {
        Node::Text(_) => Some(Type::Text),
        Node::Number(digits) if digits.contains('.') => Some(Type::Money),
        Node::Number(_) => Some(Type::Number),
        Node::Date(_) => Some(Type::Date),
        Node::Truth(_) => Some(Type::Flag),
        _ => None,
    }
}

/// The constant as a value of the type that `beside` has.
///
/// # Errors
/// It is no such value, or one that can never be met.
pub(super) fn constant(tree: &Tree, beside: Type, of: &Tree) -> Result<Constant, ExpressionFault> {
    let span = tree.span.clone();
    match (&tree.kind, beside) {
        (Node::Text(text) | Node::Date(text), Type::Date | Type::Moment) => {
            day(text, span).map(|day| Constant::Moment(Moment::on(day)))
        }
        (Node::Text(text), kind) if kind.is_text() => words(text, kind, span, of).map(Constant::Text),
        (Node::Number(digits), Type::Number) => match digits.parse() {
            Ok(number) => Ok(Constant::Number(number)),
            Err(_) => {
                Err(ExpressionFault::new("mixed-types", span, format!("`{of}` is a whole number, `{digits}` is none")))
            }
        },
        (Node::Number(digits), Type::Money) => cents(digits).map(Constant::Number).ok_or_else(|| {
            ExpressionFault::new("mixed-types", span, format!("`{digits}` is no amount of money"))
                .suggesting("write units, and a point and two digits for cents: 1250.50")
        }),
        (Node::Truth(truth), Type::Flag) => Ok(Constant::Flag(*truth)),
        (_, kind) => Err(mixed(tree, kind, of)),
    }
}

fn mixed(tree: &Tree, kind: Type, of: &Tree) -> ExpressionFault {
    let own = own_type(tree).map_or("a value", Type::name);
    let fault =
        ExpressionFault::new("mixed-types", tree.span.clone(), format!("`{of}` is {}, `{tree}` is {own}", kind.name()));
    match (&tree.kind, kind) {
        (Node::Number(digits), kind) if kind.is_text() => {
            fault.suggesting(format!("write texts and codes in single quotes: '{digits}'"))
        }
        (Node::Text(text), Type::Number | Type::Money) => {
            let number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if number { fault.suggesting(format!("write numbers without quotes: {text}")) } else { fault }
        }
        (_, Type::Date | Type::Moment) => fault.suggesting("write a day as DATE '2026-10-01'"),
        (_, Type::Flag) => fault.suggesting("compare it with TRUE or FALSE"),
        _ => fault,
    }
}

fn words(text: &str, kind: Type, span: Range<usize>, of: &Tree) -> Result<String, ExpressionFault> {
    if text.trim().is_empty() {
        return Err(ExpressionFault::new("never-true", span, "a blank field is unknown and equal to no text")
            .suggesting(format!("write `{of} IS NULL` or `{of} IS NOT NULL`")));
    }
    match kind {
        // The letters of a standard list are the same in either case.
        Type::Listed(field) if !is_listed(field, text) => {
            let upper = text.to_ascii_uppercase();
            if is_listed(field, &upper) {
                return Ok(upper);
            }
            let message = format!("`{text}` is no value of `{}`", field.name());
            Err(ExpressionFault::new("never-true", span, message).suggesting(what_may_be_stated(field)))
        }
        Type::Code => Ok(comparable_code(text)),
        _ => Ok(text.to_owned()),
    }
}

fn cents(digits: &str) -> Option<i64> {
    let (negative, digits) = digits.strip_prefix('-').map_or((false, digits), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = match part.len() {
        0 => 0,
        1 => part.parse::<i64>().ok()? * 10,
        2 => part.parse::<i64>().ok()?,
        _ => return None,
    };
    let amount = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)?;
    Some(if negative { -amount } else { amount })
}

/// A day is written `YYYY-MM-DD`; every other way of writing is refused, with the readings that it has.
fn day(text: &str, span: Range<usize>) -> Result<Day, ExpressionFault> {
    if let Some(day) = Day::from_iso(text) {
        return Ok(day);
    }
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let &[first, second, third] = numbers.as_slice() else {
        return Err(ExpressionFault::new("bad-date", span, format!("`{text}` is no day"))
            .suggesting("write it as '2026-10-01'"));
    };
    if parts.len() != 3 || parts[0].len() == 4 || parts[2].len() > 4 {
        let message = format!("there is no day `{text}`");
        return Err(ExpressionFault::new("bad-date", span, message).suggesting("write it as '2026-10-01'"));
    }
    let readings: Vec<Day> = match parts[2].len() {
        4 => [(first, second), (second, first)]
            .iter()
            .filter_map(|(month, day)| Day::from_ymd(third as i32, *month, *day))
            .collect(),
        _ => Vec::new(),
    };
    match readings.as_slice() {
        [month_first, day_first] if month_first != day_first => {
            let message = format!("`{text}` can be read as {month_first} or as {day_first}");
            Err(ExpressionFault::new("ambiguous-date", span, message)
                .suggesting(format!("write the one that is meant: '{month_first}' or '{day_first}'")))
        }
        [only, ..] => {
            Err(ExpressionFault::new("ambiguous-date", span, format!("`{text}` leaves open which number is the month"))
                .suggesting(format!("write '{only}'")))
        }
        [] => Err(ExpressionFault::new("ambiguous-date", span, format!("`{text}` is not a year, a month and a day"))
            .suggesting("write it as '2026-10-01'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_cents_and_nothing_finer() {
        for (written, expected) in [
            ("12", Some(1200)),
            ("12.5", Some(1250)),
            ("-0.05", Some(-5)),
            ("1.005", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(cents(written), expected, "{written}");
        }
    }

    #[test]
    fn only_iso_days_are_days() {
        assert_eq!(day("2024-02-29", 0..1).map(|day| day.to_string()), Ok("2024-02-29".to_owned()));
        for (written, code, words) in [
            ("10/11/2026", "ambiguous-date", "2026-10-11 or as 2026-11-10"),
            ("13/10/2026", "ambiguous-date", "which number"),
            ("10.11.26", "ambiguous-date", "not a year"),
            ("2026-02-30", "bad-date", "no day"),
            ("2026/10/01", "bad-date", "no day"),
            ("October", "bad-date", "is no day"),
            ("", "bad-date", "is no day"),
            ("2026-10-01 10:00", "bad-date", "is no day"),
        ] {
            let fault = day(written, 0..1).expect_err(written);
            assert_eq!(fault.code, code, "{written}");
            assert!(fault.message.contains(words), "{}", fault.message);
        }
    }
}
