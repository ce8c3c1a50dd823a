//! Reads a configuration file key by key and collects every problem with its position.

use std::ops::{Range, RangeInclusive};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Problems, closest,
    quoting::{is_configuration, is_key},
    written_text::written_place,
};

/// The most that a number of days may be: no rule of the field counts further, and sums of such numbers stay small.
pub const DAYS_OF_A_CENTURY: i64 = 36_525;

/// A value of a configuration file with the bytes it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Range<usize>,
}

/// Reads a file with faults as far as it can be read, and says nothing of them.
pub fn read_what_can_be_read<T>(text: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut problems = Problems::default();
    let span = table.span();
    let mut section = Section {
        name: String::new(),
        table: table.get_ref(),
        span,
        taken: Vec::new(),
        path: "",
        problems: &mut problems,
    };
    read(&mut section)
}

/// Parses a file and hands its top table to `read`; faults of the syntax are problems too. `what`: the kind of file that is wanted (`layout`); what is none,
/// such as an export, is one problem, and nothing of it is quoted.
pub fn read_file<T>(
    path: &str,
    what: &str,
    text: &str,
    problems: &mut Problems,
    read: impl FnOnce(&mut Section<'_>) -> T,
) -> Option<T> {
    let before = problems.len();
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() && !is_configuration(text) || table.get_ref().is_empty() && errors.is_empty() {
        problems.add_other_file(path, what, text);
        return None;
    }
    problems.source(path, text);
    if !errors.is_empty() {
        for error in errors {
            problems.add("syntax", path, error.span(), error.message().to_owned(), None);
        }
        return None;
    }
    let span = table.span();
    let mut section = Section { name: String::new(), table: table.get_ref(), span, taken: Vec::new(), path, problems };
    let result = read(&mut section);
    if section.is_of_others() {
        let mut found = problems.found.split_off(before);
        found.retain(|problem| problem.path != path);
        problems.found.extend(found);
        problems.add_other_file(path, what, text);
        return None;
    }
    section.finish();
    Some(result)
}

/// What a configuration file says under one key, a list of tables, as a file of its own: of each table without the keys `left_out`. Empty where the key is not there.
pub fn tables_of(text: &str, key: &str, left_out: &[&str]) -> String {
    let mut all: toml::Table = toml::from_str(text).unwrap_or_default();
    let Some(toml::Value::Array(mut tables)) = all.remove(key) else { return String::new() };
    for table in tables.iter_mut().filter_map(toml::Value::as_table_mut) {
        left_out.iter().for_each(|key| drop(table.remove(*key)));
    }
    let only = toml::Table::from_iter([(key.to_owned(), toml::Value::Array(tables))]);
    toml::to_string(&only).unwrap_or_default()
}

/// A table of a configuration file being read: keys are taken one by one, and those left over are unknown.
#[derive(Debug)]
pub struct Section<'a> {
    name: String,
    table: &'a DeTable<'a>,
    /// Where the table stands.
    pub span: Range<usize>,
    taken: Vec<&'static str>,
    path: &'a str,
    problems: &'a mut Problems,
}

impl<'a> Section<'a> {
    /// Adds a problem at a place of this file.
    pub fn problem(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.problems.add(code, self.path, Some(span), message, suggestion);
    }

    /// Where bytes of a text stand in the file: past its quotes, with its escapes counted as they are written.
    pub fn inside_text(&self, text: &At<String>, bytes: Range<usize>) -> Range<usize> {
        let source = self.problems.texts.iter().find(|(path, _)| path == self.path);
        let written = source.and_then(|(_, source)| source.get(text.span.clone())).unwrap_or("");
        let place = |byte: usize| written_place(written, byte).map_or(text.span.start, |place| text.span.start + place);
        let start = place(bytes.start);
        start..if bytes.is_empty() { start + 1 } else { place(bytes.end) }
    }

    /// The file being read.
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The problems collected so far, to hand on to a reader of another file.
    pub fn problems(&mut self) -> &mut Problems {
        self.problems
    }

    fn raw(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.taken.push(key);
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.problem("wrong-type", value.span(), format!("`{key}` must be {wanted}, not {}", article(found)), None);
    }

    /// Whether a key is written at all.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key)
    }

    /// Where the value of a key stands.
    pub fn value_span(&self, key: &str) -> Option<Range<usize>> {
        self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value.span())
    }

    /// Whether a key is written as a table.
    pub fn is_section(&self, key: &str) -> bool {
        self.table.iter().any(|(name, value)| name.get_ref().as_ref() == key && value.get_ref().is_table())
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(At { value: text.to_string(), span: value.span() }),
            _ => {
                self.wrong_type(key, value, "a text in quotes");
                None
            }
        }
    }

    /// A text, or a whole number as its text.
    pub fn text_or_number(&mut self, key: &'static str) -> Option<At<String>> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::Integer(number) => Some(At { value: number.as_str().to_owned(), span: value.span() }),
            _ => self.text(key),
        }
    }

    /// A text that must be there.
    pub fn required_text(&mut self, key: &'static str) -> Option<At<String>> {
        if !self.has(key) {
            self.taken.push(key);
            let span = self.span.start..self.span.start + 1;
            let place = if self.name.is_empty() { "the file".to_owned() } else { format!("`{}`", self.name) };
            self.problem("missing-key", span, format!("{place} needs the key `{key}`"), None);
            return None;
        }
        self.text(key)
    }

    /// A text that must be there and say something.
    pub fn required_words(&mut self, key: &'static str) -> Option<At<String>> {
        let text = self.required_text(key)?;
        if text.value.trim().is_empty() {
            self.problem("empty", text.span, format!("`{key}` says nothing"), None);
            return None;
        }
        Some(text)
    }

    /// A number of days, at least one and at most a century.
    pub fn days(&mut self, key: &'static str) -> Option<i32> {
        let number = self.number(key, 1..=DAYS_OF_A_CENTURY)?;
        i32::try_from(number.value).ok()
    }

    /// A whole number within bounds. Each has both: what is reckoned with a number of any size goes wrong.
    pub fn number(&mut self, key: &'static str, within: RangeInclusive<i64>) -> Option<At<i64>> {
        let value = self.raw(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) if within.contains(&number) => Some(At { value: number, span: value.span() }),
            Some(number) => {
                let (least, most) = (within.start(), within.end());
                let bound = if number < *least { format!("least {least}") } else { format!("most {most}") };
                self.problem("out-of-range", value.span(), format!("`{key}` must be at {bound}"), None);
                None
            }
            None => {
                self.wrong_type(key, value, "a whole number");
                None
            }
        }
    }

    /// A share in percent, in thousandths of a percent: 2 and 0.125 are 2,000 and 125.
    pub fn percent(&mut self, key: &'static str) -> Option<u64> {
        let value = self.raw(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => {
                self.wrong_type(key, value, "a number of percent");
                return None;
            }
        };
        let share = thousandths(&text);
        if share.is_none() {
            let message = format!("`{key}` must be a percentage from 0 to 1000 with at most three decimals");
            self.problem("out-of-range", value.span(), message, None);
        }
        share
    }

    /// A number of at most 1,000 with at most three decimals, in thousandths: 2 and 0.125 are 2,000 and 125.
    pub fn decimal(&mut self, key: &'static str) -> Option<At<u64>> {
        let value = self.raw(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => {
                self.wrong_type(key, value, "a number");
                return None;
            }
        };
        let number = thousandths(text);
        if number.is_none() {
            let message = format!("`{key}` must be a number from 0 to 1000 with at most three decimals");
            self.problem("out-of-range", value.span(), message, None);
        }
        number.map(|number| At { value: number, span: value.span() })
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &'static str) -> Option<At<bool>> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(At { value: *flag, span: value.span() }),
            _ => {
                self.wrong_type(key, value, "true or false");
                None
            }
        }
    }

    /// One of a fixed set of words.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<At<T>> {
        let text = self.text(key)?;
        self.one_of(key, text, words)
    }

    /// One of a fixed set of words, or a list of at least one of them. Empty where the key is not written, or nothing in it can be used.
    pub fn words<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Vec<At<T>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        if value.get_ref().as_array().is_some_and(|items| items.is_empty()) {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let suggestion = format!("write one or several of: {}", known.join(", "));
            self.problem("empty", value.span(), format!("`{key}` names nothing"), Some(suggestion));
        }
        let texts = self.texts_of(key, value);
        texts.into_iter().filter_map(|text| self.one_of(key, text, words)).collect()
    }

    fn one_of<T: Copy>(&mut self, key: &str, text: At<String>, words: &[(&str, T)]) -> Option<At<T>> {
        match words.iter().find(|(word, _)| *word == text.value) {
            Some((_, meaning)) => Some(At { value: *meaning, span: text.span }),
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let suggestion = closest(&text.value, known.iter().copied()).map_or_else(
                    || format!("write one of: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let is_meant = suggestion.starts_with("did you mean");
                let message = match is_meant || is_key(&text.value) {
                    true => format!("`{}` is no value of `{key}`", text.value),
                    false => format!("what is written is no value of `{key}`"),
                };
                self.problem("unknown-word", text.span, message, Some(suggestion));
                None
            }
        }
    }

    /// One text or a list of texts.
    pub fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        self.texts_of(key, value)
    }

    fn texts_of(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<At<String>> {
        match value.get_ref() {
            DeValue::String(text) => vec![At { value: text.to_string(), span: value.span() }],
            DeValue::Array(items) => {
                let mut texts = Vec::new();
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::String(text) => texts.push(At { value: text.to_string(), span: item.span() }),
                        _ => self.wrong_type(key, item, "a list of texts in quotes"),
                    }
                }
                texts
            }
            _ => {
                self.wrong_type(key, value, "a text in quotes or a list of them");
                Vec::new()
            }
        }
    }

    /// One text or whole number, or a list of them; a number as its text.
    pub fn texts_or_numbers(&mut self, key: &'static str) -> Vec<At<String>> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        let number = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::Integer(number) => Some(At { value: number.as_str().to_owned(), span: value.span() }),
            _ => None,
        };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .flat_map(|item| number(item).map_or_else(|| self.texts_of(key, item), |number| vec![number]))
                .collect(),
            _ => number(value).map_or_else(|| self.texts_of(key, value), |number| vec![number]),
        }
    }

    /// A table: `read` takes its keys, and the keys left over are unknown.
    pub fn section<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Section<'_>) -> T) -> Option<T> {
        let value = self.raw(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.inside(key, table, value.span(), read)),
            _ => {
                self.wrong_type(key, value, &format!("a section [{key}]"));
                None
            }
        }
    }

    /// A list of tables `[[key]]`.
    pub fn sections<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Section<'_>) -> T) -> Vec<T> {
        let Some(value) = self.raw(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) if items.iter().all(|item| item.get_ref().is_table()) => {
                let mut results = Vec::new();
                for item in items.iter() {
                    if let DeValue::Table(table) = item.get_ref() {
                        results.push(self.inside(key, table, item.span(), &mut read));
                    }
                }
                results
            }
            _ => {
                self.wrong_type(key, value, &format!("a list of sections [[{key}]]"));
                Vec::new()
            }
        }
    }

    fn inside<T>(
        &mut self,
        key: &str,
        table: &DeTable<'_>,
        span: Range<usize>,
        read: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let name = if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) };
        let mut section = Section { name, table, span, taken: Vec::new(), path: self.path, problems: self.problems };
        let result = read(&mut section);
        section.finish();
        result
    }

    /// Every key of the table as it stands, for tables whose keys are the user's own (fields, rules); none of them is unknown to this reader.
    pub fn entries(&mut self) -> Vec<Entry<'a>> {
        self.taken.push("*");
        self.table
            .iter()
            .map(|(name, value)| Entry { key: At { value: name.get_ref().to_string(), span: name.span() }, value })
            .collect()
    }

    /// The texts of an entry.
    pub fn entry_texts(&mut self, entry: &Entry<'_>) -> Vec<At<String>> {
        self.texts_of(&entry.key.value, entry.value)
    }

    /// The value of an entry as a whole number within bounds, none of them negative.
    pub fn entry_number(&mut self, entry: &Entry<'_>, within: RangeInclusive<i64>) -> Option<u64> {
        let number = match entry.value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) if within.contains(&number) => u64::try_from(number).ok(),
            _ => {
                let bound = match number {
                    Some(number) if number > *within.end() => format!("most {}", within.end()),
                    _ => format!("least {}", within.start()),
                };
                let message = format!("`{}` must be a whole number of at {bound}", entry.key.value);
                self.problem("out-of-range", entry.value.span(), message, None);
                None
            }
        }
    }

    /// The value of an entry, one of a fixed set of words.
    pub fn entry_word<T: Copy>(&mut self, entry: &Entry<'_>, words: &[(&str, T)]) -> Option<At<T>> {
        match entry.value.get_ref() {
            DeValue::String(text) => {
                let text = At { value: text.to_string(), span: entry.value.span() };
                self.one_of(&entry.key.value, text, words)
            }
            _ => {
                self.wrong_type(&entry.key.value, entry.value, "a text in quotes");
                None
            }
        }
    }

    /// The table of an entry.
    pub fn entry_section<T>(&mut self, entry: &Entry<'_>, read: impl FnOnce(&mut Section<'_>) -> T) -> Option<T> {
        match entry.value.get_ref() {
            DeValue::Table(table) => Some(self.inside(&entry.key.value, table, entry.value.span(), read)),
            _ => None,
        }
    }

    /// Whether no key of the table is one that was looked for, or is written nearly so.
    fn is_of_others(&self) -> bool {
        let is_ours = |name: &str| closest(name, self.taken.iter().copied()).is_some();
        !self.taken.contains(&"*") && !self.table.iter().any(|(name, _)| is_ours(name.get_ref().as_ref()))
    }

    /// Reports the keys that nobody took.
    fn finish(&mut self) {
        if self.taken.contains(&"*") {
            return;
        }
        let unknown: Vec<(String, Range<usize>)> = self
            .table
            .iter()
            .filter(|(name, _)| !self.taken.iter().any(|taken| *taken == name.get_ref().as_ref()))
            .map(|(name, _)| (name.get_ref().to_string(), name.span()))
            .collect();
        for (name, span) in unknown {
            let suggestion = closest(&name, self.taken.iter().copied()).map_or_else(
                || format!("the keys here are: {}", self.taken.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            let place = if self.name.is_empty() { String::new() } else { format!(" in `{}`", self.name) };
            let message = match is_key(&name) {
                true => format!("there is no key `{name}`{place}"),
                false => format!("what stands here{place} is no key"),
            };
            self.problem("unknown-key", span, message, Some(suggestion));
        }
    }
}

/// A key of the user's own with its value.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key.
    pub key: At<String>,
    value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Whether the value is a table.
    pub fn is_section(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Where the value stands.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }
}

fn article(kind: &str) -> String {
    match kind {
        "integer" | "array" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// A decimal number of percent in thousandths of a percent.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let decimals: u64 = format!("{decimals:0<3}").parse().ok()?;
    (whole <= 1000).then(|| whole * 1000 + decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_found_at_once() {
        let mut problems = Problems::default();
        let text = "title = 3\n[edits]\nignor = []\nlong_stay_days = -1\n";
        read_file("a.toml", "layout", text, &mut problems, |top| {
            top.required_text("title");
            top.required_text("period");
            top.section("edits", |edits| {
                edits.texts("ignore");
                edits.number("long_stay_days", 1..=i64::MAX);
            });
        });
        let found: Vec<(&str, String)> =
            problems.sorted().iter().map(|problem| (problem.code, problem.message.clone())).collect();
        let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["missing-key", "wrong-type", "unknown-key", "out-of-range"], "{found:?}");
    }
}
