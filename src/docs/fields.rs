//! The page of the canonical fields, made from the data dictionary.

use std::fmt::Write as _;

use crate::{
    ingest::draft::{known_headings, known_words},
    record::field::{CanonicalTable, DICTIONARY, FieldDefinition, FieldType},
};

const BEGIN: &str = "# The canonical fields

What a layout maps columns to; rules, conditions and outputs use the same names. Below each field stand its type, where it comes from, and the headings
by which `chartroom layout draft` finds it. Headings are in words, in any order and case, written together or apart: `birth date` is also `DateOfBirth`
and `DOB`. The spellings of the words stand at the end.
A field that identifies a patient is shown only where people need it to find the record.
";

/// A list of the fields for each kind of row, in the order of the data dictionary, and the words of headings.
pub fn page() -> String {
    let mut text = BEGIN.to_owned();
    for table in CanonicalTable::ALL {
        let _ = writeln!(text, "\n## {}\n", table.name());
        for entry in DICTIONARY.iter().filter(|entry| entry.table == table) {
            text.push_str(&lines_of(entry));
        }
    }
    text.push_str("\n## Words of headings\n\n| word | is also written |\n| --- | --- |\n");
    for (word, spellings) in known_words() {
        let _ = writeln!(text, "| {word} | {} |", spellings.join(", "));
    }
    text
}

fn lines_of(entry: &FieldDefinition) -> String {
    let identifying = if entry.identifying { " It identifies a patient." } else { "" };
    let headings = known_headings(entry.field, entry.table);
    let headings = match headings.is_empty() {
        true => "none; write it into the layout".to_owned(),
        false => headings.join(", "),
    };
    format!(
        "- `{}`: {}{identifying}\n  Type: {}. Source: {}. Headings: {headings}.\n",
        entry.name,
        entry.meaning,
        kind(entry.kind),
        entry.source
    )
}

/// A type in words.
fn kind(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Date => "day",
        FieldType::Moment => "day, with a time where there is one",
        FieldType::Number => "whole number",
        FieldType::Money => "amount of money",
        FieldType::Flag => "yes or no",
        FieldType::Listed => "value of a list",
        FieldType::Code => "code",
    }
}
