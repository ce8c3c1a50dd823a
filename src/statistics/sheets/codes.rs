//! The most frequent diagnoses and procedures.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    codeset::sets::CodeSets,
    record::bounded::ALL_OTHERS,
    statistics::{
        sheets::printed_code::{printed, title},
        tally::{CodeCounts, Tally, top},
    },
};

/// Diagnoses: principal and all-listed, so many of each at the most.
pub fn diagnoses(tally: &Tally, sets: &CodeSets, most: usize) -> Sheet {
    let list = |name, caption, counts| list(name, caption, (counts, most), tally.all.discharges, sets);
    Sheet {
        name: "Diagnoses",
        title: format!("The {} most frequent diagnoses", most),
        summary: "Most frequent principal and all-listed diagnoses with titles",
        notes: vec![
            super::POPULATION.to_owned(),
            "All-listed counts a code once a record, whatever its position.".to_owned(),
        ],
        tables: vec![
            list("principal_diagnoses", "Principal diagnoses", &tally.principal_diagnoses),
            list("all_diagnoses", "All-listed diagnoses", &tally.all_diagnoses),
        ],
    }
}

/// Procedures: principal and all-listed, so many of each at the most.
pub fn procedures(tally: &Tally, sets: &CodeSets, most: usize) -> Sheet {
    let list = |name, caption, counts| list(name, caption, (counts, most), tally.all.discharges, sets);
    Sheet {
        name: "Procedures",
        title: format!("The {} most frequent procedures", most),
        summary: "Most frequent principal and all-listed procedures with titles",
        notes: vec![
            super::POPULATION.to_owned(),
            "The principal procedure is the first listed. All-listed counts a code once a record.".to_owned(),
        ],
        tables: vec![
            list("principal_procedures", "Principal procedures", &tally.principal_procedures),
            list("all_procedures", "All-listed procedures", &tally.all_procedures),
        ],
    }
}

/// `all` are the discharges that shares are of.
fn list(name: &str, caption: &str, (counts, most): (&CodeCounts, usize), all: u64, sets: &CodeSets) -> Table {
    let rows: Vec<Vec<CellValue>> = top(counts, most)
        .into_iter()
        .enumerate()
        .map(|(place, ((system, code), group))| {
            vec![
                CellValue::code(printed(sets, system, &code)),
                if code.is_empty() { CellValue::text(ALL_OTHERS) } else { CellValue::text(title(sets, system, &code)) },
                CellValue::Count(place as u64 + 1),
                CellValue::Count(group.discharges),
                CellValue::percent(group.discharges, all, 1),
                CellValue::mean(group.adults_and_children().days, group.adults_and_children().stays, 2),
                CellValue::mean(group.newborn_days, group.newborn_stays, 2),
                CellValue::Count(group.deaths),
            ]
        })
        .collect();
    Table {
        name: name.to_owned(),
        caption: caption.to_owned(),
        columns: vec![
            column("Code", 12),
            column("Title", 70),
            column("Rank", 8),
            column("Discharges", 12),
            column("Share, %", 10),
            column("Average stay, adults and children", 14),
            column("Average stay, newborns", 12),
            column("Deaths", 10),
        ],
        chart: Some(Chart {
            kind: ChartKind::Bar,
            values: "Discharges",
            title: caption.to_owned(),
            categories: 0,
            series: vec![3],
            limits: Vec::new(),
            rows: 10.min(rows.len()),
        }),
        rows,
    }
}
