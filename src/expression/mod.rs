//! The language of conditions, for a site's own rules and its own sheets: a small typed expression over the canonical fields, asked of a record in three values.
//!
//! # What can be written
//!
//! - Comparisons `= <> < <= > >=`, `IN ('A', 'B')`, `BETWEEN low AND high` (both included), `AND`, `OR`, `NOT`, parentheses. Keywords in any case.
//! - Texts and codes in single quotes (a quote inside is doubled). Codes are compared without dots and in upper case, the class of an encounter in any case.
//!   Texts are ordered by their bytes.
//! - Whole numbers; amounts with a point and up to two decimals; `TRUE` and `FALSE`.
//! - Days as `'2026-10-01'` beside a date, or `DATE '2026-10-01'`; nothing else is a day. A moment is compared with a day by its day; two moments by their
//!   times where both have one. `date - date` is a number of days, `date + 30` a date.
//! - `length(text)` in characters, `starts_with(text, 'S')`, `ends_with(text, 'A')`, `matches(text, 'pattern')`. A pattern is found anywhere in the text
//!   unless it is anchored, takes linear time, and its classes and cases are those of ASCII.
//! - `any(diagnosis WHERE …)`, `all(…)`, `count(…)`, and the same for `procedure` and `document`; `,` does for `WHERE`. Inside, the fields of the row in hand
//!   are seen by their canonical names and by short ones (`code`, `position`, `date`, `type`, …), and the record's own fields with them.
//!   They do not stand in one another. In a rule that is itself asked of diagnoses, procedures or documents they are asked of the whole encounter.
//! - The derived `age_years`, `length_of_stay`, `business_date`, `period_start`, `period_end`.
//!
//! # Three values
//!
//! A condition is true, false or unknown, as in SQL.
//!
//! | | |
//! | --- | --- |
//! | a blank field | every comparison with it is unknown |
//! | an unreadable value (`31/13/2026` in a date) | unknown too: what stands there is not known |
//! | a derived value that cannot be made | blank |
//! | a sum that leaves the range of its type | unknown |
//! | `IS NULL` | true for blank only; false for an unreadable value; unknown for a field that no export of the run has |
//! | `IS UNREADABLE` | true for an unreadable value only |
//! | `(condition) IS UNKNOWN` | true or false, never unknown |
//! | `NOT` | unknown stays unknown |
//! | `AND` | false where one side is false, else unknown where one is unknown |
//! | `OR` | true where one side is true, else unknown where one is unknown |
//! | `IN` | unknown where the value is |
//! | `any`, `all` | the `OR` and the `AND` of the rows; over no rows `any` is false and `all` true |
//! | `count` | counts the rows for which the condition is true; never unknown |
//!
//! So `count(p)`, `count(NOT p)` and `count(p IS UNKNOWN)` add up to the rows.
//!
//! # When it is checked
//!
//! [`check::compile`] refuses, with the place: a name that is no field, types that do not go together, a date that has more than one reading, a pattern that is
//! none or too large, and comparisons that cannot come true (two constants, a value of no list, bounds the wrong way round, `= NULL`).

pub mod check;
pub mod constant;
pub mod evaluate;
pub mod fault;
pub mod parse;
pub mod source;
pub mod token;
pub mod tree;
