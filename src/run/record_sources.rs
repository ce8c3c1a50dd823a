//! Where every canonical row stood: `record_sources.parquet`.

use anyhow::anyhow;
use polars::prelude::*;

use crate::{
    partition::encounter::{Encounter, Orphan},
    record::{field::Table, finding::Origin},
};

/// The sources of one partition's rows: encounter number, table, position, input and row. Every encounter has a line; what stands on a row of its own (the
/// patient, diagnoses, procedures and documents of long tables, rows without an encounter) has one too, and what stands on the encounter's own row has none.
pub fn source_frame(
    encounters: &[Encounter<'_>],
    orphans: &[Orphan<'_>],
    inputs: &[String],
) -> anyhow::Result<DataFrame> {
    let mut lines: Vec<(&str, Table, u16, Origin)> = Vec::with_capacity(encounters.len());
    for encounter in encounters {
        let own = encounter.origin();
        let number = encounter.encounter_id;
        lines.push((number, Table::Encounters, 0, own));
        lines.extend(encounter.patient.map(|row| (number, Table::Patients, 0, row.origin())));
        let diagnoses = encounter.diagnoses.iter().map(|row| (Table::Diagnoses, row.position, row.origin));
        let procedures = encounter.procedures.iter().map(|row| (Table::Procedures, row.position, row.origin));
        let documents = (1..).zip(encounter.documents).map(|(place, row)| (Table::Documents, place, row.origin));
        let apart = diagnoses.chain(procedures).chain(documents).filter(|(_, _, origin)| *origin != own);
        lines.extend(apart.map(|(table, position, origin)| (number, table, position, origin)));
    }
    lines.extend(orphans.iter().map(|orphan| (orphan.encounter_id, orphan.table, 0, orphan.origin)));
    let count = lines.len();
    let text = |name: &str| StringChunkedBuilder::new(name.into(), count);
    let (mut number, mut table, mut input) = (text("encounter_id"), text("table"), text("input"));
    let mut row: Vec<i64> = Vec::with_capacity(count);
    for (encounter, of_table, _, origin) in &lines {
        number.append_value(encounter);
        table.append_value(of_table.name());
        input.append_value(inputs.get(usize::from(origin.input)).map_or("", String::as_str));
        row.push(i64::try_from(origin.row).unwrap_or(i64::MAX));
    }
    let position: Int32Chunked = lines.iter().map(|line| (line.2 > 0).then_some(i32::from(line.2))).collect();
    let row = Int64Chunked::from_vec("row".into(), row);
    let columns = vec![
        number.finish().into_column(),
        table.finish().into_column(),
        position.with_name("position".into()).into_column(),
        input.finish().into_column(),
        row.into_column(),
    ];
    DataFrame::new(count, columns).map_err(|_| anyhow!("the columns of the record sources do not line up"))
}
