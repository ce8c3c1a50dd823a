//! The tables of ingest: rows that cannot be read, rows that repeat others, and accepted rows that are not in the figures.

use crate::{
    book::csv::{CsvColumn, CsvTable},
    record::finding::Origin,
    rows::{cutter::Duplicate, standing::SetAside},
};

/// `quarantine.csv`: a line a row that cannot be read; a long one goes on in further lines.
#[derive(Debug)]
pub struct Quarantine;

/// A line of [`Quarantine`].
#[derive(Debug)]
pub struct QuarantineLine<'r> {
    /// Name of the input.
    pub input: &'r str,
    /// 1-based row.
    pub row: u64,
    /// Why it cannot be read.
    pub reason: &'r str,
    /// The row as it stood; see [`super::quarantine::written`].
    pub text: String,
}

impl CsvTable for Quarantine {
    type Row<'r> = QuarantineLine<'r>;
    const PATH: &'static str = "quarantine.csv";

    fn columns<'r>() -> Vec<CsvColumn<QuarantineLine<'r>>> {
        vec![
            ("input", |line| line.input.into()),
            ("row", |line| line.row.to_string().into()),
            ("reason", |line| line.reason.into()),
            ("text", |line| line.text.as_str().into()),
        ]
    }
}

/// `duplicates.csv`: a line a row that repeats another in every column.
#[derive(Debug)]
pub struct Duplicates;

/// A line of [`Duplicates`], with the names of the inputs.
pub type DuplicateLine<'r> = (&'r Duplicate, &'r [String]);

impl CsvTable for Duplicates {
    type Row<'r> = DuplicateLine<'r>;
    const PATH: &'static str = "duplicates.csv";

    fn columns<'r>() -> Vec<CsvColumn<DuplicateLine<'r>>> {
        vec![
            ("input", |(row, inputs)| name(inputs, row.origin).into()),
            ("row", |(row, _)| row.origin.row.to_string().into()),
            ("repeats_input", |(row, inputs)| name(inputs, row.of).into()),
            ("repeats_row", |(row, _)| row.of.row.to_string().into()),
            ("facility_id", |(row, _)| row.facility_id.as_deref().unwrap_or_default().into()),
        ]
    }
}

/// `superseded.csv`: a line an accepted row that is superseded, withdrawn or undecided.
#[derive(Debug)]
pub struct Superseded;

/// A line of [`Superseded`], with the names of the inputs.
pub type SupersededLine<'r> = (&'r SetAside, &'r [String]);

impl CsvTable for Superseded {
    type Row<'r> = SupersededLine<'r>;
    const PATH: &'static str = "superseded.csv";

    fn columns<'r>() -> Vec<CsvColumn<SupersededLine<'r>>> {
        vec![
            ("input", |(row, inputs)| name(inputs, row.origin).into()),
            ("row", |(row, _)| row.origin.row.to_string().into()),
            ("table", |(row, _)| row.table.name().into()),
            ("number", |(row, _)| row.number.as_str().into()),
            ("became", |(row, _)| row.fate.name().into()),
            ("why", |(row, _)| row.why.as_ref().into()),
            ("newest_input", |(row, inputs)| row.newest.map_or("", |newest| name(inputs, newest)).into()),
            ("newest_row", |(row, _)| row.newest.map_or("".into(), |newest| newest.row.to_string().into())),
            ("changed_fields", |(row, _)| row.changed.as_str().into()),
            ("facility_id", |(row, _)| row.facility_id.as_str().into()),
        ]
    }
}

fn name(inputs: &[String], origin: Origin) -> &str {
    inputs.get(usize::from(origin.input)).map_or("", String::as_str)
}
