//! Diagnoses by chapter and block of the classification.

use std::collections::BTreeMap;

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    codeset::sets::CodeSets,
    record::code::CodeSystem,
    statistics::{
        sheets::printed_code::{block, chapter},
        tally::Tally,
    },
};

/// The sheet.
pub fn sheet(tally: &Tally, sets: &CodeSets) -> Sheet {
    let mut chapters: BTreeMap<(CodeSystem, usize, String), [u64; 2]> = BTreeMap::new();
    let mut blocks: BTreeMap<(CodeSystem, String, String), u64> = BTreeMap::new();
    for (place, counts) in [&tally.principal_diagnoses, &tally.all_diagnoses].into_iter().enumerate() {
        for ((system, code), group) in counts {
            let (number, title) =
                chapter(sets, *system, code).unwrap_or((usize::MAX, "not in the classification".to_owned()));
            chapters.entry((*system, number, title)).or_default()[place] += group.discharges;
            if place == 0 {
                let (name, title) =
                    block(sets, *system, code).unwrap_or(("-".to_owned(), "not in the classification".to_owned()));
                *blocks.entry((*system, name, title)).or_default() += group.discharges;
            }
        }
    }
    let number = |number: usize| if number == usize::MAX { "-".to_owned() } else { number.to_string() };
    let rows: Vec<Vec<CellValue>> = chapters
        .into_iter()
        .map(|((system, place, title), [principal, all])| {
            vec![
                CellValue::code(number(place)),
                CellValue::text(title),
                CellValue::text(system.title()),
                CellValue::Count(principal),
                CellValue::percent(principal, tally.all.discharges, 1),
                CellValue::Count(all),
            ]
        })
        .collect();
    Sheet {
        name: "Chapters",
        title: "Diagnoses by chapter and block".to_owned(),
        summary: "Principal diagnoses by chapter and block of the classification",
        notes: vec![
            super::POPULATION.to_owned(),
            "All-listed counts codes, so a record with two codes of a chapter counts there twice.".to_owned(),
        ],
        tables: vec![
            Table {
                name: "chapters".to_owned(),
                caption: "Chapters".to_owned(),
                columns: vec![
                    column("Chapter", 12),
                    column("Title", 80),
                    column("Classification", 22),
                    column("Principal diagnosis", 13),
                    column("Share, %", 10),
                    column("All-listed codes", 12),
                ],
                chart: Some(Chart {
                    kind: ChartKind::Column,
                    values: "Discharges",
                    title: "Discharges by chapter of the principal diagnosis".to_owned(),
                    categories: 0,
                    series: vec![3],
                    limits: Vec::new(),
                    rows: rows.len(),
                }),
                rows,
            },
            Table {
                name: "blocks".to_owned(),
                caption: "Blocks".to_owned(),
                columns: vec![
                    column("Block", 12),
                    column("Title", 80),
                    column("Classification", 22),
                    column("Principal diagnosis", 13),
                    column("Share, %", 10),
                ],
                rows: blocks
                    .into_iter()
                    .map(|((system, name, title), count)| {
                        vec![
                            CellValue::code(name),
                            CellValue::text(title),
                            CellValue::text(system.title()),
                            CellValue::Count(count),
                            CellValue::percent(count, tally.all.discharges, 1),
                        ]
                    })
                    .collect(),
                chart: None,
            },
        ],
    }
}
