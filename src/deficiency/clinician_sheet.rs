//! The sheet of clinicians: levels, suspensions and letters.

use super::clinicians::ClinicianStanding;
use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    record::{bounded::NOT_STATED, date::Day},
};

/// The sheet; `None` where the pipeline has no levels.
pub fn sheet(standings: &[ClinicianStanding], notes: Vec<String>) -> Sheet {
    let day = |day: Option<Day>| day.map_or(CellValue::Blank, CellValue::Day);
    let row = |standing: &ClinicianStanding| {
        let name = if standing.clinician.is_empty() { NOT_STATED } else { &standing.clinician };
        vec![
            CellValue::text(name),
            CellValue::text(standing.level.as_str()),
            CellValue::Count(standing.records),
            CellValue::Count(standing.deficiencies),
            CellValue::Count(standing.delinquent),
            CellValue::Count(u64::try_from(standing.oldest_days).unwrap_or(0)),
            day(standing.suspended_since),
            day(standing.excused_through),
            CellValue::text(if standing.letter.is_some() { "yes" } else { "" }),
        ]
    };
    Sheet {
        name: "Clinicians",
        title: "Clinicians with incomplete records".to_owned(),
        summary: "Clinicians with incomplete records: level, suspension, absence and letter",
        notes: [vec!["Population: clinicians with an open deficiency, in whatever record.".to_owned()], notes].concat(),
        tables: vec![Table {
            name: "clinicians".to_owned(),
            caption: "By clinician".to_owned(),
            columns: vec![
                column("Clinician", 30),
                column("Level", 22),
                column("Records", 12),
                column("Deficiencies", 12),
                column("Delinquent", 12),
                column("Oldest, days", 12),
                column("Suspended since", 16),
                column("Excused through", 16),
                column("Letter tonight", 14),
            ],
            rows: standings.iter().map(row).collect(),
            chart: None,
        }],
    }
}
