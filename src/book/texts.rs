//! The fixed words of a page, with English ones as the default, so that another language can take their place.
//!
//! Words in braces are places for what is said: `{count}`, `{name}`. A place that a text leaves out is not said.

use std::borrow::Cow;

use crate::{book::value::CellValue, record::account::grouped};

/// A fixed text.
pub type Words = Cow<'static, str>;

/// Where lines of a language begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// At the left.
    LeftToRight,
    /// At the right.
    RightToLeft,
}

/// The fixed words of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookWords {
    /// Language as BCP 47 writes it: `en`, `de-CH`.
    pub language: Words,
    /// Where its lines begin.
    pub direction: Direction,
    /// What stands between thousands.
    pub thousands: Words,
    /// What stands before decimals.
    pub decimal_point: Words,
    /// Short names of the months, January first.
    pub months: [Words; 12],
    /// The day of the book: `{day}`.
    pub as_of: Words,
    /// The link that leaves out what stands before the content.
    pub skip: Words,
    /// Heading of the contents.
    pub contents: Words,
    /// A link back to them.
    pub to_contents: Words,
    /// One row.
    pub one_row: Words,
    /// Rows: `{count}`.
    pub many_rows: Words,
    /// Heading of what the symbols mean.
    pub symbols: Words,
    /// What `[x]` means.
    pub not_available: Words,
    /// What `[z]` means.
    pub not_applicable: Words,
    /// What `[c]` means.
    pub withheld: Words,
    /// What `[low]` means.
    pub low: Words,
    /// A table without rows.
    pub no_cases: Words,
    /// A long table that is folded: `{rows}` (as in `many_rows`) and `{caption}`.
    pub folded: Words,
    /// The caption of a part of a table that is printed in parts: `{caption}`, `{part}` of `{parts}`.
    pub part: Words,
    /// The name of the part of the page that holds a table and is pushed sideways: `{caption}`.
    pub scrolled: Words,
    /// A link to the chart beneath a table: `{title}`.
    pub to_chart: Words,
    /// Beneath a chart that does not begin at zero: `{from}`.
    pub axis_from: Words,
    /// What a chart counts together: `{count}` groups.
    pub all_others: Words,
    /// Beneath a chart that shows the first of more rows: `{shown}` of `{count}`.
    pub first_rows: Words,
    /// The message of a series: `{series}`, `{first_at}`, `{first}`, `{last_at}`, `{last}`, `{least_at}`, `{least}`, `{greatest_at}`, `{greatest}`.
    pub message: Words,
    /// The message of sorted bars: `{series}`, `{first_at}`, `{first}`, `{second_at}`, `{second}`, `{last_at}`, `{last}`.
    pub message_of_bars: Words,
    /// The message of one point: `{series}`, `{first_at}`, `{first}`.
    pub message_of_one: Words,
    /// Added to a message: `{count}` points without a figure.
    pub gaps: Words,
    /// Added to a message: the limit `{series}` is last `{last}`.
    pub limit: Words,
    /// A chart without a figure.
    pub no_figures: Words,
    /// The name of the board's part of the page.
    pub board: Words,
    /// Heading of the measures.
    pub measure: Words,
    /// Heading of the small lines: `{count}` months.
    pub trend: Words,
    /// Heading of the limits.
    pub limits: Words,
    /// Heading of the verdicts.
    pub says: Words,
    /// What stands before a verdict that asks for attention, for those who hear the page.
    pub attention: Words,
    /// Heading of what changed.
    pub changes: Words,
    /// Foot of a printed page: `{page}` and `{pages}`.
    pub page_number: Words,
}

impl Default for BookWords {
    fn default() -> BookWords {
        BookWords {
            language: "en".into(),
            direction: Direction::LeftToRight,
            thousands: ",".into(),
            decimal_point: ".".into(),
            months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
                .map(Cow::Borrowed),
            as_of: "as of {day}".into(),
            skip: "Skip to the contents".into(),
            contents: "Contents".into(),
            to_contents: "Back to the contents".into(),
            one_row: "1 row".into(),
            many_rows: "{count} rows".into(),
            symbols: "Symbols".into(),
            not_available: "not available".into(),
            not_applicable: "not applicable".into(),
            withheld: "withheld, so that nobody can be found by it".into(),
            low: "more than zero, less than half of the last digit".into(),
            no_cases: "no cases".into(),
            folded: "{caption}: show all {rows}".into(),
            part: "{caption} (part {part} of {parts})".into(),
            scrolled: "Table: {caption}".into(),
            to_chart: "Chart: {title}".into(),
            axis_from: "The axis begins at {from}.".into(),
            all_others: "all others ({count})".into(),
            first_rows: "The first {shown} of {count}.".into(),
            message: "{series}: first {first} ({first_at}), last {last} ({last_at}), least {least} ({least_at}), greatest {greatest} ({greatest_at}).".into(),
            message_of_bars: "{series}: most {first} ({first_at}), then {second} ({second_at}), at the end {last} ({last_at}).".into(),
            message_of_one: "{series}: {first} ({first_at}).".into(),
            gaps: "Without a figure: {count}.".into(),
            limit: "{series}: {last}.".into(),
            no_figures: "No figures.".into(),
            board: "Board page".into(),
            measure: "Measure".into(),
            trend: "{count} months".into(),
            limits: "Limits".into(),
            says: "What it says".into(),
            attention: "look at it:".into(),
            changes: "What changed".into(),
            page_number: "Page {page} of {pages}".into(),
        }
    }
}

impl BookWords {
    /// Rows in words.
    pub fn rows(&self, count: usize) -> String {
        if count == 1 {
            return self.one_row.clone().into_owned();
        }
        fill(&self.many_rows, &[("count", &self.count(count as u64))])
    }

    /// A count with its thousands separated.
    pub fn count(&self, count: u64) -> String {
        grouped(count).replace(',', &self.thousands)
    }

    /// A value as the page prints it: counts and quotients with thousands separated, everything else as the text edition has it.
    pub fn printed(&self, value: &CellValue) -> String {
        match value {
            CellValue::Count(count) => self.count(*count),
            CellValue::Ratio(ratio) => self.number(&ratio.text()),
            _ => crate::book::text::shown(value),
        }
    }

    /// A number as it is written in digits with a point, in the way of the language.
    pub fn number(&self, digits: &str) -> String {
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |whole| self.count(whole));
        if decimals.is_empty() { whole } else { format!("{whole}{}{decimals}", self.decimal_point) }
    }
}

/// A text with its places filled; what is filled in is not looked through again, and what no value is given for stays.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('}').unwrap_or(0);
        let value = values.iter().find(|(name, _)| end > 0 && rest[1..end] == **name);
        match value {
            Some((_, value)) => {
                filled.push_str(value);
                rest = &rest[end + 1..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        assert_eq!(fill("{a} of {b}{", &[("a", "{b}"), ("b", "2")]), "{b} of 2{");
        assert_eq!(fill("{c}", &[]), "{c}");
        assert_eq!(fill("}{", &[("", "x")]), "}{");
    }

    #[test]
    fn numbers_follow_the_language() {
        let mut texts = BookWords::default();
        assert_eq!(texts.printed(&CellValue::mean(123_456_789, 100, 2)), "1,234,567.89");
        texts.thousands = "\u{a0}".into();
        texts.decimal_point = ",".into();
        assert_eq!(texts.printed(&CellValue::mean(123_456_789, 100, 2)), "1\u{a0}234\u{a0}567,89");
        assert_eq!(texts.printed(&CellValue::Count(1_000)), "1\u{a0}000");
    }
}
