//! What may be quoted of a configuration file.
//!
//! An export that is named where a configuration belongs is read as one, and its rows are of patients; what a problem quotes goes to the terminal, to the mail of a
//! timer and to a log. So nothing is quoted of a file that is no configuration, and of a configuration only what looks like one: its own lines, and in them no
//! numbers of persons.

use std::{borrow::Cow, ops::Range};

use super::Problem;

/// Digits in a row from which a number may be one of a person or a stay. Five are a zip code, and as many days as a century has.
const LONG_NUMBER: usize = 6;
/// Characters of the longest key, with room for a slip.
const LONGEST_KEY: usize = 40;
/// Stands for each byte of what is not shown, so that places in the line stay.
const COVER: char = '#';

/// Whether a text is written as a key is: letters, digits, `_` and `-`, short, and no number of a person.
pub fn is_key(text: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    !text.is_empty()
        && text.len() <= LONGEST_KEY
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(letters)
        && longest_number(text) < LONG_NUMBER - 1
        && !has_person_number(text)
}

/// Whether a text is one word without a number of a person, as names of fields, edits and facilities are.
fn is_word(text: &str) -> bool {
    text.len() <= LONGEST_KEY
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, ',' | ';'))
        && longest_number(text) < LONG_NUMBER
        && !has_person_number(text)
        && !has_day(text)
}

fn longest_number(text: &str) -> usize {
    text.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// Three, two and four digits, as a social security number is written.
fn has_person_number(text: &str) -> bool {
    let parts: Vec<&str> = text.split(|letter: char| !letter.is_ascii_digit()).collect();
    parts.windows(3).any(|parts| [parts[0], parts[1], parts[2]].map(str::len) == [3, 2, 4])
}

/// A day: four, two and two digits with a mark between them, or the other way round.
fn has_day(text: &str) -> bool {
    let parts: Vec<usize> = text.split(|letter: char| !letter.is_alphanumeric()).map(number_length).collect();
    parts.windows(3).any(|parts| matches!(parts, [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4]))
}

/// Digits of a text of digits alone; 0 where it has others.
fn number_length(text: &str) -> usize {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.len() } else { 0 }
}

/// The key that a line of a configuration begins with, and the place of its value.
fn key_line(line: &str) -> Option<(&str, usize)> {
    let equals = line.find('=')?;
    let key = line[..equals].trim();
    key.split('.').all(|part| is_key(part.trim().trim_matches(['"', '\'']))).then_some((key, equals + 1))
}

/// `[section]` or `[[section]]`, with a comment or nothing after it.
fn is_heading(line: &str) -> bool {
    let inside = line.trim().split(']').next().unwrap_or_default();
    inside.strip_prefix('[').is_some_and(|name| {
        let name = name.trim_start_matches('[').trim();
        name.split('.').all(|part| is_key(part.trim().trim_matches(['"', '\''])))
    })
}

/// Whether a text has the shape of a configuration: most of its lines are sections and keys with their values.
pub fn is_configuration(text: &str) -> bool {
    let (mut own, mut other) = (0_usize, 0_usize);
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if is_heading(line) || key_line(line).is_some() {
            own += 1;
        // A list or a text may go on over several lines: those say nothing.
        } else if !line.is_empty() && !line.starts_with(['#', '"', '\'', ']', '}', '{']) {
            other += 1;
        }
    }
    own > 0 && other <= own
}

/// What a text that is no configuration looks like.
pub fn looks_like(text: &str) -> &'static str {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return "an empty file" };
    let second = lines.next().unwrap_or(first);
    let parted = |mark: char| first.contains(mark) && second.contains(mark);
    if text.contains('\0') {
        return "a file that is no text";
    }
    match first {
        _ if first.starts_with("MSH|") || first.starts_with("FHS|") => "HL7 messages",
        _ if first.starts_with('<') => "XML or a web page",
        _ if first.starts_with('{') || first.starts_with("[{") => "JSON",
        _ if parted('\t') => "an export (columns parted by tabs)",
        _ if parted('|') => "an export (columns parted by `|`)",
        _ if parted(';') => "an export (CSV, parted by `;`)",
        _ if parted(',') => "an export (CSV)",
        _ if first.starts_with('#') => "a file of remarks",
        _ if is_configuration(text) => "settings of another kind",
        _ => "text",
    }
}

/// Whether a value in a place where another belongs is surely none of a patient: small letters and short numbers.
fn is_plain_value(value: &str) -> bool {
    let plain = |letter: char| !letter.is_ascii_uppercase() && letter.is_ascii() && !letter.is_control();
    value.len() <= LONGEST_KEY
        && value.trim().chars().all(|letter| plain(letter) || letter == 'Q')
        && longest_number(value) < LONG_NUMBER - 1
        && !has_person_number(value)
        && !has_day(value)
}

/// The text of a file with covers in place of what may be of a patient, and the bytes that a problem stands at in it; `None` where nothing near it may be quoted.
/// Bytes keep their places.
pub(super) fn quoted<'t>(problem: &Problem, text: &'t str, span: Range<usize>) -> Option<(Cow<'t, str>, Range<usize>)> {
    let is_syntax = problem.code == "syntax";
    let first = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    // Where a text or a list is not closed, all that follows is at fault: the line where it begins is enough.
    let end_of_line = text[span.start..].find('\n').map_or(text.len(), |end| span.start + end);
    let span = if is_syntax { span.start..span.end.min(end_of_line) } else { span };
    let last = text[span.end..].find('\n').map_or(text.len(), |end| span.end + end);
    let lines = &text[first..last];
    let is_meant = problem.suggestion.as_deref().is_some_and(|words| words.starts_with("did you mean"));
    let is_doubtful = match problem.code {
        "syntax" => {
            // Of a line that cannot be read the key may be data as well: most keys are in small letters.
            let is_small = |key: &str| !key.contains(|letter: char| letter.is_ascii_uppercase());
            if !(is_heading(lines) || key_line(lines).is_some_and(|(key, _)| is_small(key))) {
                return None;
            }
            true
        }
        // What is missing is asked for at the first line of the file or the section, whatever stands there.
        "wrong-type" | "missing-key" | "missing-section" => true,
        "unknown-key" => !is_meant,
        "unknown-word" | "unknown-field" | "unknown-rule" => {
            !is_meant && !is_word(text[span.clone()].trim_matches(['"', '\'']))
        }
        _ => false,
    };
    let is_no_key = problem.code == "unknown-key" && !is_key(text[span.clone()].trim_matches(['"', '\'']));
    if is_no_key || problem.code == "bad-calendar" {
        return None;
    }
    let covered = if is_doubtful { cover_values(lines) } else { cover_numbers(lines) };
    Some(match covered {
        Cow::Borrowed(_) => (text.into(), span),
        Cow::Owned(lines) => ((text[..first].to_owned() + &lines + &text[last..]).into(), span),
    })
}

fn cover(text: &mut String, covered: &str) {
    for letter in covered.chars() {
        match letter.is_whitespace() || matches!(letter, '"' | '\'') {
            true => text.push(letter),
            false => text.extend(std::iter::repeat_n(COVER, letter.len_utf8())),
        }
    }
}

/// Lines without the values that may be data.
fn cover_values(lines: &str) -> Cow<'_, str> {
    let value_at = |line: &str| key_line(line).map_or(if is_heading(line) { line.len() } else { 0 }, |(_, at)| at);
    if lines.split_inclusive('\n').all(|line| is_plain_value(&line[value_at(line)..])) {
        return lines.into();
    }
    let mut text = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        let (key, value) = line.split_at(value_at(line));
        text.push_str(key);
        if is_plain_value(value) { text.push_str(value) } else { cover(&mut text, value) }
    }
    text.into()
}

/// A text without the numbers of persons. Names of files keep theirs: a day often stands in them.
pub(super) fn cover_numbers(text: &str) -> Cow<'_, str> {
    let parts_words = |letter: char| letter.is_whitespace() || "\"'`,;=[](){}".contains(letter);
    let is_covered =
        |word: &str| !word.contains(['/', '*', '.']) && longest_number(word) >= LONG_NUMBER || has_person_number(word);
    if !text.split(parts_words).any(is_covered) {
        return text.into();
    }
    let mut covered = String::with_capacity(text.len());
    for piece in text.split_inclusive(parts_words) {
        let word = piece.trim_end_matches(parts_words);
        match is_covered(word) {
            true => covered.extend(word.chars().map(|letter| if letter.is_ascii_digit() { COVER } else { letter })),
            false => covered.push_str(word),
        }
        covered.push_str(&piece[word.len()..]);
    }
    covered.into()
}

/// The words of a problem without what may be of a patient: what is quoted from a file stands between backticks.
pub(super) fn cover_words(code: &str, words: String) -> String {
    if !words.contains('`') {
        return words;
    }
    let is_of_wrong_kind = code.starts_with("unknown-") || matches!(code, "wrong-type" | "out-of-range");
    let covered = words.split('`').enumerate().map(|(place, part)| match place % 2 {
        1 if is_of_wrong_kind && !is_word(part) && !part.starts_with("chartroom ") && !part.contains('/') => {
            let mut covered = String::new();
            cover(&mut covered, part);
            covered.into()
        }
        1 => cover_numbers(part),
        _ => part.into(),
    });
    covered.collect::<Vec<Cow<'_, str>>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_what_stands_in_rows() {
        for key in ["title", "keep_outputs_days", "FLD007", "icd10cm", "discharge-summary", "_x", "perod"] {
            assert!(is_key(key), "{key}");
        }
        for cell in ["", "Doe, Jane", "987-65-4329", "MRN0012345", "1931-07-19", "Doe Jane", "é", "4711"] {
            assert!(!is_key(cell), "{cell}");
        }
    }

    #[test]
    fn a_configuration_with_a_slip_is_told_from_an_export() {
        for text in [
            "title = \"x\"\n",
            "perod = \"2026\"\n[[ingest]]\nfiles = [\n  \"a\",\n  \"b\",\n]\n",
            "title = \"Nightly\n[[ingest]]\nname = x\n",
            "[columns\nage = \"AGE\"\n",
        ] {
            assert!(is_configuration(text), "{text}");
        }
        for (text, like) in [
            ("visit,name\nV1,\"Doe, Jane\"\n", "an export (CSV)"),
            ("\"visit\",\"name\"\n\"V1\",\"Doe\"\n", "an export (CSV)"),
            ("visit;name\nV1;Doe\n", "an export (CSV, parted by `;`)"),
            ("visit\tname\nV1\tDoe\n", "an export (columns parted by tabs)"),
            ("MSH|^~\\&|A\nPID|1|Doe^Jane\n", "HL7 messages"),
            ("<table><tr><td>Doe\n", "XML or a web page"),
            ("[{\"name\": \"Doe\"}]\n", "JSON"),
            ("0001Doe Jane   19310719\n0002Roe Rick   19310720\n", "text"),
            ("\0\0\0", "a file that is no text"),
            ("\n \n", "an empty file"),
        ] {
            assert!(!is_configuration(text), "{text}");
            assert_eq!(looks_like(text), like, "{text}");
        }
    }

    #[test]
    fn numbers_of_persons_are_covered_and_those_of_files_days_and_codes_stay() {
        for (text, covered) in [
            ("record = \"MRN0012345\"", "record = \"MRN#######\""),
            ("ssn = '987-65-4329'", "ssn = '###-##-####'"),
            ("files = \"in/stays-20261001.csv\"", "files = \"in/stays-20261001.csv\""),
            ("period = \"2026-01-01..2026-03-31\"", "period = \"2026-01-01..2026-03-31\""),
            ("zip_code = 19801", "zip_code = 19801"),
            ("ignore = [\"FLD007\"]", "ignore = [\"FLD007\"]"),
        ] {
            assert_eq!(cover_numbers(text), covered);
        }
        assert_eq!(
            cover_words("bad-day", "`0012345` is at most 10000000000".to_owned()),
            "`#######` is at most 10000000000"
        );
    }

    #[test]
    fn a_value_that_may_be_data_is_covered_where_another_belongs() {
        for (line, covered) in [
            ("top = \"ten\"", "top = \"ten\""),
            ("period = 2026-Q4", "period = 2026-Q4"),
            ("title = Doe, Jane", "title = #### ####"),
            ("top = \"Müller\"", "top = \"#######\""),
            ("born = 1931-07-19", "born = ##########"),
        ] {
            assert_eq!(cover_values(line), covered);
            assert_eq!(cover_values(line).len(), line.len(), "places stay");
        }
    }
}
