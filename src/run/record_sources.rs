//! Where every canonical row stood: `record_sources.parquet`.

use super::parquet::{
    column::{Keyed, Values, write_text},
    levels::{Levels, Presence},
    sink::{EncodedPartition, Encoder, Kind},
};
use crate::{
    partition::encounter::{Encounter, Orphan},
    record::{field::Table, finding::Origin},
};

/// The columns of the file.
pub const COLUMNS: [(&str, Kind); 5] = [
    ("encounter_id", Kind::Text),
    ("table", Kind::Text),
    ("position", Kind::Number),
    ("input", Kind::Text),
    ("row", Kind::Long),
];

/// The sources of one partition's rows while they are built. Every encounter has a line; what stands on a row of its own (the patient, diagnoses, procedures
/// and documents of long tables, rows without an encounter) has one too, and what stands on the encounter's own row has none.
#[derive(Default)]
pub struct RecordSources {
    count: usize,
    numbers: Vec<u8>,
    tables: Keyed<Table>,
    placed: Presence,
    positions: Keyed<i32>,
    inputs: Keyed<u16>,
    rows: Vec<u8>,
}

impl RecordSources {
    fn line(&mut self, encounter: &str, table: Table, position: u32, origin: Origin, inputs: &[String]) {
        self.count += 1;
        write_text(encounter, &mut self.numbers);
        self.tables.push(table, |plain| write_text(table.name(), plain));
        if self.placed.record(position > 0) {
            self.positions.number(i32::try_from(position).unwrap_or(i32::MAX));
        }
        self.inputs.push(origin.input, |plain| {
            write_text(inputs.get(usize::from(origin.input)).map_or("", String::as_str), plain);
        });
        self.rows.extend_from_slice(&i64::try_from(origin.row).unwrap_or(i64::MAX).to_le_bytes());
    }

    /// Adds the lines of an encounter; `inputs` are the names of the inputs.
    pub fn add(&mut self, encounter: &Encounter<'_>, inputs: &[String]) {
        let (own, number) = (encounter.origin(), encounter.encounter_id);
        self.line(number, Table::Encounters, 0, own, inputs);
        if let Some(row) = encounter.patient {
            self.line(number, Table::Patients, 0, row.origin(), inputs);
        }
        let diagnoses = encounter.diagnoses.iter().map(|row| (Table::Diagnoses, row.position.into(), row.origin));
        let procedures = encounter.procedures.iter().map(|row| (Table::Procedures, row.position.into(), row.origin));
        let documents = (1..).zip(encounter.documents).map(|(place, row)| (Table::Documents, place, row.origin));
        let apart = diagnoses.chain(procedures).chain(documents).filter(|(_, _, origin)| *origin != own);
        for (table, position, origin) in apart {
            self.line(number, table, position, origin, inputs);
        }
    }

    /// Adds the line of a row that hangs on no encounter.
    pub fn add_orphan(&mut self, orphan: &Orphan<'_>, inputs: &[String]) {
        self.line(orphan.encounter_id, orphan.table, 0, orphan.origin, inputs);
    }

    /// Encodes and compresses all of them.
    ///
    /// # Errors
    /// A column cannot be encoded, which no data leads to.
    pub fn encode(self, encoder: &Encoder) -> anyhow::Result<EncodedPartition> {
        let (every, placed): (Levels, Levels) = (Presence::of_every(self.count).finish(), self.placed.finish());
        let columns = [
            (Values::Plain(self.numbers), &every),
            (self.tables.finish(), &every),
            (self.positions.finish(), &placed),
            (self.inputs.finish(), &every),
            (Values::Plain(self.rows), &every),
        ];
        encoder.encode(self.count, columns.into_iter())
    }
}
