//! Where every canonical row stood: `record_sources.parquet`.

use crate::{
    examination::columns::{
        build::{Keyed, Numbers, Texts},
        column::{ColumnType, ColumnValues, Columns, Presence, Single, TextValues},
    },
    partition::encounter::{Encounter, Orphan},
    record::{field::CanonicalTable, finding::Origin},
};

/// The columns of the file.
pub const COLUMNS: [(&str, ColumnType); 6] = [
    ("encounter_id", ColumnType::Text),
    ("table", ColumnType::Text),
    ("position", ColumnType::Number),
    ("input", ColumnType::Text),
    ("row", ColumnType::Long),
    ("facility_id", ColumnType::Text),
];

/// The sources of one partition's rows while they are built. Every encounter has a line; what stands on a row of its own (the patient, diagnoses, procedures
/// and documents of long tables, rows without an encounter) has one too, and what stands on the encounter's own row has none.
#[derive(Default)]
pub struct RecordSources {
    count: usize,
    numbers: TextValues,
    tables: Keyed<CanonicalTable>,
    placed: Single,
    positions: Numbers,
    inputs: Keyed<u16>,
    rows: Vec<i64>,
    stated: Single,
    facilities: Texts,
}

impl RecordSources {
    /// Adds the line of a row of an encounter, which is known by its facility and number.
    fn line(
        &mut self,
        (facility, number): (&str, &str),
        (table, position): (CanonicalTable, u32),
        origin: Origin,
        inputs: &[String],
    ) {
        self.count += 1;
        self.numbers.push(number);
        if self.stated.record(!facility.is_empty()) {
            self.facilities.push(facility);
        }
        self.tables.push(table, |tables| tables.push(table.name()));
        if self.placed.record(position > 0) {
            self.positions.number(i32::try_from(position).unwrap_or(i32::MAX));
        }
        self.inputs.push(origin.input, |names| {
            names.push(inputs.get(usize::from(origin.input)).map_or("", String::as_str));
        });
        self.rows.push(i64::try_from(origin.row).unwrap_or(i64::MAX));
    }

    /// Adds the lines of an encounter; `inputs` are the names of the inputs.
    pub fn add(&mut self, encounter: &Encounter<'_>, inputs: &[String]) {
        let (own, known_by) = (encounter.origin(), (encounter.facility_id, encounter.encounter_id));
        self.line(known_by, (CanonicalTable::Encounters, 0), own, inputs);
        if let Some(row) = encounter.patient {
            self.line(known_by, (CanonicalTable::Patients, 0), row.origin(), inputs);
        }
        let diagnoses =
            encounter.diagnoses.iter().map(|row| (CanonicalTable::Diagnoses, row.position.into(), row.origin));
        let procedures =
            encounter.procedures.iter().map(|row| (CanonicalTable::Procedures, row.position.into(), row.origin));
        let documents =
            (1..).zip(encounter.documents).map(|(place, row)| (CanonicalTable::Documents, place, row.origin));
        let apart = diagnoses.chain(procedures).chain(documents).filter(|(_, _, origin)| *origin != own);
        for (table, position, origin) in apart {
            self.line(known_by, (table, position), origin, inputs);
        }
    }

    /// Adds the line of a row that hangs on no encounter.
    pub fn add_orphan(&mut self, orphan: &Orphan<'_>, inputs: &[String]) {
        self.line((orphan.facility_id, orphan.encounter_id), (orphan.table, 0), orphan.origin, inputs);
    }

    /// The columns.
    pub fn finish(self) -> Columns {
        let mut columns = Columns::of(self.count);
        let every = columns.present(Presence::Single(Single::of_every(self.count)));
        let placed = columns.present(Presence::Single(self.placed));
        let stated = columns.present(Presence::Single(self.stated));
        columns.push((ColumnValues::Texts(self.numbers), None), every);
        columns.push(self.tables.finish(), every);
        columns.push(self.positions.finish(), placed);
        columns.push(self.inputs.finish(), every);
        columns.push((ColumnValues::Longs(self.rows), None), every);
        columns.push(self.facilities.finish(), stated);
        columns
    }
}
