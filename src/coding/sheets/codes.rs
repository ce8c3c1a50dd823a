//! What coding came to: codes by verdict and by system, and mapping.

use std::collections::BTreeMap;

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    codeset::other_systems::title,
    coding::account::CodeAccount,
    record::code::CodeSystem,
};

/// The sheet.
pub fn sheet(codes: &CodeAccount) -> Sheet {
    Sheet {
        name: "Coding",
        title: "Codes by verdict".to_owned(),
        summary: "Diagnosis and procedure codes by verdict on the day of discharge; mapping",
        notes: vec!["Population: all records examined, whatever the period of the statistics.".to_owned()],
        tables: vec![verdicts(codes), systems(codes), mapping(codes)],
    }
}

fn verdicts(codes: &CodeAccount) -> Table {
    let all_diagnoses: u64 = codes.diagnoses.values().sum();
    let all_procedures: u64 = codes.procedures.values().sum();
    Table {
        name: "verdicts".to_owned(),
        caption: "Verdicts".to_owned(),
        columns: vec![
            column("Verdict", 40),
            column("Diagnoses", 13),
            column("Share, %", 11),
            column("Procedures", 13),
            column("Share, % ", 11),
        ],
        rows: codes
            .diagnoses
            .iter()
            .map(|(verdict, diagnoses)| {
                let procedures = codes.procedures.get(verdict).copied().unwrap_or(0);
                vec![
                    CellValue::text(verdict.replace('_', " ")),
                    CellValue::Count(*diagnoses),
                    CellValue::percent(*diagnoses, all_diagnoses, 2),
                    CellValue::Count(procedures),
                    CellValue::percent(procedures, all_procedures, 2),
                ]
            })
            .collect(),
        chart: None,
    }
}

fn systems(codes: &CodeAccount) -> Table {
    let row = |(name, verdicts): (&String, &BTreeMap<&'static str, u64>)| {
        let shown = match CodeSystem::from_name(name) {
            Some(system) => system.title(),
            None => title(name),
        };
        let (valid, all) = (verdicts.get("valid").copied().unwrap_or(0), verdicts.values().sum());
        vec![CellValue::text(shown), CellValue::Count(all), CellValue::Count(valid), CellValue::percent(valid, all, 2)]
    };
    Table {
        name: "systems".to_owned(),
        caption: "Code systems".to_owned(),
        columns: vec![column("Code system", 40), column("Codes", 13), column("Valid", 13), column("Share, %", 11)],
        rows: codes.by_system.iter().map(row).collect(),
        chart: None,
    }
}

fn mapping(codes: &CodeAccount) -> Table {
    let rows = [
        ("leading zeros restored", codes.zeros_restored),
        ("mapped to another system", codes.mapped),
        ("of those, first ranked of several", codes.gem_ranked),
        ("of those, confirmed by the map back", codes.gem_confirmed),
        ("decided to have no target", codes.no_target),
        ("for a coder to decide", codes.to_coder),
        ("unresolved", codes.unresolved),
    ];
    Table {
        name: "mapping".to_owned(),
        caption: "Mapping".to_owned(),
        columns: vec![column("Codes", 40), column("Count", 13)],
        rows: rows.into_iter().map(|(name, count)| vec![CellValue::text(name), CellValue::Count(count)]).collect(),
        chart: None,
    }
}
