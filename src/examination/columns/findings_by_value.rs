//! Findings that are reported by value: each in `findings_by_value.parquet`. The rows go to the file with their partition and are not held.

use crate::{
    edits::{by_value::ValueTally, engine::ActiveRules},
    examination::columns::{
        build::{Keyed, Numbers, Texts},
        column::{ColumnType, ColumnValues, Columns, Presence, Single, TextValues},
    },
    record::finding::Finding,
};

/// The columns of the file.
pub const COLUMNS: [(&str, ColumnType); 10] = [
    ("rule", ColumnType::Text),
    ("severity", ColumnType::Text),
    ("facility_id", ColumnType::Text),
    ("encounter_id", ColumnType::Text),
    ("field", ColumnType::Text),
    ("position", ColumnType::Number),
    ("value", ColumnType::Text),
    ("input", ColumnType::Text),
    ("row", ColumnType::Long),
    ("finding_key", ColumnType::Text),
];

/// The rows of one partition while they are built, with its values.
#[derive(Default)]
pub struct FindingsByValue {
    /// The values.
    pub tally: ValueTally,
    count: usize,
    rules: Keyed<u16>,
    severities: Keyed<u8>,
    facilities: Texts,
    encounters: Texts,
    named: Single,
    fields: Keyed<u16>,
    placed: Single,
    positions: Numbers,
    values: Texts,
    inputs: Keyed<u16>,
    rows: Vec<i64>,
    keys: TextValues,
}

impl FindingsByValue {
    /// Adds a finding; `inputs` are the names of the inputs.
    pub fn add(&mut self, finding: &Finding, rules: &ActiveRules, inputs: &[String]) {
        self.tally.add(finding);
        self.count += 1;
        let Finding { rule, severity, field, position, origin, .. } = finding;
        self.rules.push(*rule, |texts| texts.push(rules.described(usize::from(*rule)).code));
        self.severities.push(*severity as u8, |texts| texts.push(severity.name()));
        self.facilities.push(finding.subject.facility_id());
        self.encounters.push(finding.subject.encounter_id());
        if self.named.record(field.is_some())
            && let Some(field) = field
        {
            self.fields.push(*field as u16, |texts| texts.push(field.name()));
        }
        if self.placed.record(*position > 0) {
            self.positions.number((*position).into());
        }
        self.values.push(&finding.raw);
        self.inputs.push(origin.input, |names| {
            names.push(inputs.get(usize::from(origin.input)).map_or("", String::as_str));
        });
        self.rows.push(i64::try_from(origin.row).unwrap_or(i64::MAX));
        self.keys.push(&finding.key.to_string());
    }

    /// The columns of the rows, and the values.
    pub fn finish(self) -> (Columns, ValueTally) {
        let mut columns = Columns::of(self.count);
        let every = columns.present(Presence::Single(Single::of_every(self.count)));
        let named = columns.present(Presence::Single(self.named));
        let placed = columns.present(Presence::Single(self.placed));
        for (built, presence) in [
            (self.rules.finish(), every),
            (self.severities.finish(), every),
            (self.facilities.finish(), every),
            (self.encounters.finish(), every),
            (self.fields.finish(), named),
            (self.positions.finish(), placed),
            (self.values.finish(), every),
            (self.inputs.finish(), every),
            ((ColumnValues::Longs(self.rows), None), every),
            ((ColumnValues::Texts(self.keys), None), every),
        ] {
            columns.push(built, presence);
        }
        (columns, self.tally)
    }
}
