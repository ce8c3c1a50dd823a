//! Values while an expression is evaluated: small, copied, borrowed from the record.

use std::cmp::Ordering;

use crate::{partition::encounter::PackedCode, record::date::Moment};

/// A value of a record or a constant. Money is a number of cents, a day a moment without a time.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text of the record.
    Text(&'a str),
    /// A text of at most seven bytes that stands nowhere as a whole: a code without its dot, a status of two digits.
    Short(PackedCode),
    /// A whole number; an amount in cents.
    Number(i64),
    /// A day, with a time where there is one.
    Moment(Moment),
    /// True or false.
    Flag(bool),
}

/// A short text of ASCII letters and digits.
pub fn short(text: &[u8]) -> Value<'static> {
    Value::Short(PackedCode::new(text).unwrap_or_default())
}

impl Value<'_> {
    /// The text, where it is one.
    #[inline]
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Short(code) => Some(code.text()),
            Value::Number(_) | Value::Moment(_) | Value::Flag(_) => None,
        }
    }

    /// The order of two values of one type; `None` where the types differ, which a checked expression never asks.
    #[inline]
    pub fn order(&self, other: &Value<'_>) -> Option<Ordering> {
        match (self, other) {
            (Value::Short(left), Value::Short(right)) => Some(left.cmp(right)),
            (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
            (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
            (Value::Moment(left), Value::Moment(right)) => Some(in_time(*left, *right)),
            _ => Some(self.text()?.cmp(other.text()?)),
        }
    }
}

/// Two moments of one day are told apart only where both have a time.
fn in_time(left: Moment, right: Moment) -> Ordering {
    if left.minute.is_some() && right.minute.is_some() {
        return if left.is_before(right) {
            Ordering::Less
        } else if right.is_before(left) {
            Ordering::Greater
        } else {
            Ordering::Equal
        };
    }
    left.day.cmp(&right.day)
}
