//! The value of a field, whatever its type: small, copied, borrowed from the record.

use std::cmp::Ordering;

use crate::{
    partition::encounter::PackedCode,
    record::{constant::Constant, date::Moment},
};

/// A value of a record or a constant. Money is a number of cents, a day a moment without a time.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text of the record.
    Text(&'a str),
    /// A word that is the same in any case: the class of an encounter.
    Word(&'a str),
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

impl<'a> From<&'a Constant> for Value<'a> {
    fn from(constant: &'a Constant) -> Value<'a> {
        match constant {
            Constant::Text(text) => Value::Text(text),
            Constant::Number(number) => Value::Number(*number),
            Constant::Moment(moment) => Value::Moment(*moment),
            Constant::Flag(flag) => Value::Flag(*flag),
        }
    }
}

impl Value<'_> {
    /// The text, where it is one.
    #[inline]
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Word(text) => Some(text),
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
            (Value::Word(_), _) | (_, Value::Word(_)) => Some(letters(self.text()?).cmp(letters(other.text()?))),
            _ => Some(self.text()?.cmp(other.text()?)),
        }
    }

    /// Whether the text begins with another; `None` where it is no text.
    #[inline]
    pub fn starts_with(&self, beginning: &str) -> Option<bool> {
        let start = self.text()?.as_bytes().get(..beginning.len());
        Some(start.is_some_and(|start| self.is_alike(start, beginning.as_bytes())))
    }

    /// Whether the text ends with another; `None` where it is no text.
    #[inline]
    pub fn ends_with(&self, end: &str) -> Option<bool> {
        let text = self.text()?.as_bytes();
        let start = text.len().checked_sub(end.len());
        Some(start.is_some_and(|start| self.is_alike(&text[start..], end.as_bytes())))
    }

    fn is_alike(&self, own: &[u8], other: &[u8]) -> bool {
        if matches!(self, Value::Word(_)) { own.eq_ignore_ascii_case(other) } else { own == other }
    }
}

/// The bytes of a word that is the same in any case.
fn letters(word: &str) -> impl Iterator<Item = u8> + '_ {
    word.bytes().map(|byte| byte.to_ascii_lowercase())
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
