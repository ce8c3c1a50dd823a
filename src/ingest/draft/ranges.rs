//! Numbered columns: `DX1` to `DX25` are one field with positions.

use std::collections::BTreeMap;

use super::{
    column::{DraftColumn, shape},
    systems, words,
};
use crate::record::field::Field;

/// A run of numbered columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// What stands before the number.
    before: String,
    /// What stands after it.
    after: String,
    /// Digits that a number is padded to; 0 where it is not.
    width: usize,
    /// Columns by number.
    pub members: BTreeMap<u32, usize>,
}

impl Range {
    /// The run as a layout states it: `DX{1..25}`.
    pub fn text(&self) -> String {
        let width = self.width;
        let first = self.members.keys().next().copied().unwrap_or(0);
        let last = self.members.keys().next_back().copied().unwrap_or(0);
        format!("{}{{{first:0width$}..{last:0width$}}}{}", self.before, self.after)
    }

    /// The run with the numbers of another one: a name that no column has is passed over, and the positions are those of the other.
    pub fn text_over(&self, other: &Range) -> String {
        let first = other.members.keys().next().copied().unwrap_or(0);
        let last = self.members.keys().next_back().copied().unwrap_or(first);
        let width = self.width;
        format!("{}{{{first:0width$}..{last:0width$}}}{}", self.before, self.after)
    }

    /// Whether numbers between the first and the last are missing.
    pub fn has_gaps(&self) -> bool {
        let span = self.members.keys().next_back().unwrap_or(&0) - self.members.keys().next().unwrap_or(&0);
        self.members.len() as u32 != span + 1
    }

    /// Whether the name without its number has a word of this meaning.
    pub fn says(&self, meaning: &str) -> bool {
        words::meanings(&format!("{} {}", self.before, self.after)).contains(meaning)
    }

    /// The columns in the order of their numbers.
    pub fn columns<'c>(&self, all: &'c [DraftColumn]) -> Vec<&'c DraftColumn> {
        self.members.values().map(|at| &all[*at]).collect()
    }

    /// The field the columns hold, by the words of their names and by their values.
    pub fn field(&self, all: &[DraftColumn]) -> Option<Field> {
        let said = words::meanings(&format!("{} {}", self.before, self.after));
        let says = |word: &str| said.contains(word);
        let columns = self.columns(all);
        let filled: u32 = columns.iter().map(|column| column.filled).sum();
        let share = |holds: fn(&str) -> bool| {
            let of = |column: &&DraftColumn| -> u32 {
                column.values.iter().filter(|(value, _)| holds(value)).map(|(_, count)| count).sum()
            };
            super::column::percent(columns.iter().map(of).sum(), filled)
        };
        let blank = filled == 0;
        let dates: u32 = columns.iter().map(|column| column.dates.dates).sum();
        let is_code = |holds: fn(&str) -> bool| blank || share(holds) >= 50;
        let diagnosis = says("diagnosis") || (says("icd") && !says("procedure"));
        if says("poa") || (says("present") && says("admission")) {
            return Some(Field::PresentOnAdmission);
        }
        if says("procedure") || says("surgeon") {
            return if says("days") {
                // Days from admission, as HCUP counts them, are no dates and no codes.
                None
            } else if says("date") || (!blank && super::column::percent(dates, filled) >= 80) {
                Some(Field::ProcedureDate)
            } else if says("npi") || says("surgeon") {
                Some(Field::SurgeonNpi)
            } else if is_code(systems::is_like_procedure) {
                Some(Field::ProcedureCode)
            } else if says("text") || says("name") {
                Some(Field::ProcedureText)
            } else {
                None
            };
        }
        if diagnosis && !says("version") && !says("type") && !says("date") {
            return if is_code(systems::is_like_diagnosis) && !says("text") {
                Some(Field::DiagnosisCode)
            } else if says("text") || says("name") {
                Some(Field::DiagnosisText)
            } else {
                None
            };
        }
        if diagnosis && (says("version") || says("type")) {
            return Some(Field::DiagnosisRevision);
        }
        if blank {
            return None;
        }
        if share(shape::icd10pcs) >= 80 {
            Some(Field::ProcedureCode)
        } else if share(shape::icd10cm) >= 80 {
            Some(Field::DiagnosisCode)
        } else {
            None
        }
    }
}

/// The runs of numbered columns, in the order of their first column. A column stands in one run: the longest that it fits.
pub fn ranges(columns: &[DraftColumn]) -> Vec<Range> {
    let mut runs: BTreeMap<(String, String, usize), BTreeMap<u32, usize>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        for (before, digits, after) in numbers(&column.name) {
            let width = if digits.starts_with('0') { digits.len() } else { 0 };
            let Ok(number) = digits.parse() else { continue };
            let key = (before.to_owned(), after.to_owned(), width);
            runs.entry(key).or_default().entry(number).or_insert(at);
        }
    }
    join_padded(&mut runs);
    let mut found: Vec<Range> = Vec::new();
    let mut by_length: Vec<_> = runs.into_iter().filter(|(_, members)| members.len() > 1).collect();
    by_length.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
    for ((before, after, width), mut members) in by_length {
        members.retain(|_, at| !found.iter().any(|range| range.members.values().any(|other| other == at)));
        let span = members.keys().next_back().unwrap_or(&0) - members.keys().next().unwrap_or(&0);
        if members.len() > 1 && span < 120 {
            found.push(Range { before, after, width, members });
        }
    }
    found.sort_by_key(|range| range.members.values().min().copied());
    found
}

/// `DX09` pads its number and `DX10` beside it cannot show that it does: they are one run.
fn join_padded(runs: &mut BTreeMap<(String, String, usize), BTreeMap<u32, usize>>) {
    let padded: Vec<_> = runs.keys().filter(|(_, _, width)| *width > 0).cloned().collect();
    for key in padded {
        let plain = (key.0.clone(), key.1.clone(), 0);
        let Some(rest) = runs.get(&plain).cloned() else { continue };
        let fits: Vec<(u32, usize)> =
            rest.into_iter().filter(|(number, _)| number.to_string().len() >= key.2).collect();
        if let Some(members) = runs.get_mut(&key) {
            for (number, at) in fits {
                members.entry(number).or_insert(at);
            }
        }
    }
}

/// Every run of digits of a name with what stands before and after it.
fn numbers(name: &str) -> Vec<(&str, &str, &str)> {
    let mut found = Vec::new();
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length > 0 {
            found.push((&name[..at], &name[at..at + length], &name[at + length..]));
        }
        at += length.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Vec<String> {
        let columns: Vec<DraftColumn> = names
            .iter()
            .map(|name| DraftColumn {
                name: (*name).to_owned(),
                meanings: words::meanings(name),
                foreign: false,
                values: BTreeMap::new(),
                filled: 0,
                rows: 0,
                missing: BTreeMap::new(),
                dates: crate::ingest::draft::dates::study(std::iter::empty()),
            })
            .collect();
        ranges(&columns)
            .iter()
            .map(|range| format!("{} {}", range.text(), range.field(&columns).map_or("-", Field::name)))
            .collect()
    }

    #[test]
    fn numbered_columns_are_one_field() {
        assert_eq!(
            found(&["ID", "DX1", "POA1", "DX2", "POA2"]),
            ["DX{1..2} diagnosis_code", "POA{1..2} present_on_admission"]
        );
        assert_eq!(found(&["I10_DX1", "I10_DX2", "I10_DX3"]), ["I10_DX{1..3} diagnosis_code"]);
        assert_eq!(found(&["DX1_ICD10", "DX2_ICD10"]), ["DX{1..2}_ICD10 diagnosis_code"]);
        assert_eq!(found(&["proc_08_date", "proc_09_date", "proc_10_date"]), ["proc_{08..10}_date procedure_date"]);
        assert_eq!(found(&["address1", "address2"]), ["address{1..2} -"]);
    }
}
