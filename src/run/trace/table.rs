//! `trace.csv`: a line a record, or a row of a register, behind a figure.

use std::borrow::Cow;

use super::{Trace, evaluate::Contribution};
use crate::{
    book::{
        csv::{CsvColumn, CsvTable},
        value::CellValue,
    },
    record::{account::grouped, field::CanonicalTable, finding::Origin},
};

/// One record, or row of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceLine {
    /// Facility of the record.
    pub facility_id: String,
    /// Its number.
    pub encounter_id: String,
    /// The table of the row.
    pub table: &'static str,
    /// The file of the row.
    pub file: String,
    /// The row in the file.
    pub row: u64,
    /// What it adds above the line.
    pub numerator: String,
    /// What it adds below the line.
    pub denominator: String,
    /// Records with the same number count together; what they add stands at the first.
    pub together: String,
    /// Rows that hang on the record: file and rows.
    pub further_rows: String,
}

/// The table.
#[derive(Debug)]
pub struct TraceLines;

impl CsvTable for TraceLines {
    type Row<'r> = &'r TraceLine;
    const PATH: &'static str = "trace.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r TraceLine>> {
        vec![
            ("facility_id", |line| line.facility_id.as_str().into()),
            ("encounter_id", |line| line.encounter_id.as_str().into()),
            ("table", |line| line.table.into()),
            ("file", |line| line.file.as_str().into()),
            ("row", |line| Cow::Owned(line.row.to_string())),
            ("numerator", |line| line.numerator.as_str().into()),
            ("denominator", |line| line.denominator.as_str().into()),
            ("together", |line| line.together.as_str().into()),
            ("further_rows", |line| line.further_rows.as_str().into()),
        ]
    }
}

/// The lines of a trace: records that count above the line first.
pub fn lines_of(trace: &Trace) -> Vec<TraceLine> {
    let file = |origin: Origin| trace.inputs.get(usize::from(origin.input)).cloned().unwrap_or_default();
    let is_quotient = matches!(trace.value, Some(CellValue::Ratio(_)));
    let number = |number: i128, is_unclear: bool| match (is_unclear, number) {
        (true, _) => "?".to_owned(),
        (false, 0) => String::new(),
        (false, number) => number.to_string(),
    };
    let parts = |adds: &Contribution| {
        let below = if is_quotient { number(adds.denominator, adds.is_unclear) } else { String::new() };
        [number(adds.numerator, adds.is_unclear), below]
    };
    let of_records = trace.records.iter().map(|record| {
        let [numerator, denominator] = parts(&record.adds);
        TraceLine {
            facility_id: record.facility_id.clone(),
            encounter_id: record.encounter_id.clone(),
            table: CanonicalTable::Encounters.name(),
            file: file(record.origin),
            row: record.origin.row,
            numerator,
            denominator,
            together: record.together.map_or(String::new(), |number| number.to_string()),
            further_rows: further(&record.further, &file),
        }
    });
    let mut lines: Vec<TraceLine> = of_records.collect();
    lines.extend(trace.entries.iter().map(|entry| {
        let [numerator, denominator] = parts(&entry.adds);
        TraceLine {
            facility_id: String::new(),
            encounter_id: String::new(),
            table: entry.table.name(),
            file: file(entry.origin),
            row: entry.origin.row,
            numerator,
            denominator,
            together: String::new(),
            further_rows: String::new(),
        }
    }));
    // Those that count below the line alone come last; the order is else that of what was found.
    lines.sort_by_key(|line| line.numerator.is_empty() && line.together.is_empty());
    lines
}

/// Files and rows in words: `diagnoses.csv 12, 13; procedures.csv 4`.
fn further(origins: &[Origin], file: &dyn Fn(Origin) -> String) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for origin in origins {
        match words.last_mut().filter(|_| last == Some(origin.input)) {
            Some(own) => own.push_str(&format!(", {}", origin.row)),
            None => words.push(format!("{} {}", file(*origin), origin.row)),
        }
        last = Some(origin.input);
    }
    words.join("; ")
}

impl Trace {
    /// What stands behind the figure, in a line or two.
    pub fn summary(&self) -> String {
        let Some(value) = &self.value else {
            return "no figure of that name is counted now\n".to_owned();
        };
        if let Some(symbol) = value.symbol() {
            return format!("{symbol} stands in the place of a figure: nothing is counted\n");
        }
        if let CellValue::Blank = value {
            return "no figure stands there\n".to_owned();
        }
        let mut sum = Contribution::default();
        self.records.iter().map(|record| &record.adds).for_each(|adds| sum.add(adds));
        self.entries.iter().map(|entry| &entry.adds).for_each(|adds| sum.add(adds));
        let mut text = String::new();
        if let CellValue::Ratio(ratio) = value {
            let of_records = |adds: i128| if adds == 0 { ", of no record" } else { "" };
            text += &format!(
                "numerator {}{}; denominator {}{}\n",
                ratio.numerator,
                of_records(sum.numerator),
                ratio.denominator,
                of_records(sum.denominator)
            );
        }
        let many = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{} {several}", grouped(count as u64)),
        };
        let rows = match self.entries.len() {
            0 => String::new(),
            rows => format!(" and {}", many(rows, "row of a register", "rows of registers")),
        };
        let found = self.records.len() + self.entries.len();
        if found == 0 {
            text += "no record and no row of a register is found behind it\n";
            return text;
        }
        let stand = if found == 1 { "stands" } else { "stand" };
        text += &format!("{}{rows} {stand} behind it", many(self.records.len(), "record", "records"));
        text += if self.adds_up {
            ", and they add up to it\n"
        } else {
            "; it is no sum of them: each of them changes it\n"
        };
        text
    }
}
