//! A value that a person wrote: in a condition, or in a choice of a pipeline.

use super::date::{Day, Moment};

/// A value of a field as it is written down beside it. Money is a number of cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    /// A text; of a code without its dot and in upper case.
    Text(String),
    /// A whole number, or an amount in cents.
    Number(i64),
    /// A day, with a time where one was written.
    Moment(Moment),
    /// True or false.
    Flag(bool),
}

/// What a choice of encounters takes of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This value.
    Value(Constant),
    /// These days and what lies within them: of a date that is known by its month alone, the whole month must.
    Days {
        /// The first.
        first: Day,
        /// The last, included.
        last: Day,
    },
}
