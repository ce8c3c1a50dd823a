//! Which records stand behind the figures that differ between two outputs: late, corrected and withdrawn ones.
//!
//! The later run is made once more. Of every record that changed it is asked what it adds to each figure now, and what it added with the rows of the earlier run alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    counted_for_trace,
    evaluate::{Contribution, CountedHow, TracedRun},
    held_rows,
    records::{Again, RecordSets},
};
use crate::{
    archive::own_seal::SealedInput,
    book::{
        csv::{CsvColumn, CsvTable},
        figures::FigureName,
    },
    plan::Plan,
    run::{
        compare::{FigureChange, RecordChange},
        fault::RunFault,
        options::RunOptions,
    },
};

/// What became of a record between two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhatCame {
    /// It came after the first.
    Late,
    /// A newer version of it came.
    Corrected,
    /// It was taken back.
    Withdrawn,
}

impl WhatCame {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            WhatCame::Late => "late",
            WhatCame::Corrected => "corrected",
            WhatCame::Withdrawn => "withdrawn",
        }
    }
}

/// A record behind a figure that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordBehind {
    /// The figure.
    pub name: FigureName,
    /// Facility of the record.
    pub facility_id: String,
    /// Its number.
    pub encounter_id: String,
    /// What became of it.
    pub what: WhatCame,
    /// What it adds more, or less, than before; of records that count together it stands at the first.
    pub adds: Contribution,
}

/// What is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explained {
    /// The records, in the order of the figures.
    pub records: Vec<RecordBehind>,
    /// Whether the inputs of the earlier output are all read now; else what its records were then is not known.
    pub has_earlier_inputs: bool,
}

/// Finds the records behind some figures, among those that differ between two outputs; `before`: the inputs of the earlier one.
///
/// # Errors
/// See [`RunFault`].
pub fn explain(
    plan: &Plan,
    options: &RunOptions<'_>,
    before: &[SealedInput],
    (figures, records): (&[FigureChange], &[RecordChange]),
) -> Result<Explained, RunFault> {
    let run = counted_for_trace(plan, options)?;
    let traced = held_rows(&run)?;
    let asked = TracedRun::of(plan, options.business_date, (&run, traced), None);
    let sets = RecordSets::of(traced)?;
    let again = Again::of(plan, options, &run);
    let inputs = run.accounts.inputs.as_slice();
    let was_read: Vec<bool> = inputs.iter().map(|input| before.iter().any(|sealed| sealed.is(input))).collect();
    let has_earlier_inputs = before.iter().all(|sealed| sealed.is_among(inputs));
    let differing: BTreeSet<FigureName> = figures.iter().map(name_of).collect();
    let changed: BTreeSet<(&str, &str)> =
        records.iter().map(|change| (change.facility_id.as_str(), change.encounter_id.as_str())).collect();
    let numbers: BTreeSet<&[u8]> = records.iter().map(|change| change.encounter_id.as_bytes()).collect();
    let touched = again.picked(&traced.rows, |row| numbers.contains(row.number()))?;
    let mut of_sets = BTreeSet::new();
    let mut merge = touched.merge().map_err(RunFault::Write)?;
    while let Some(row) = merge.row() {
        of_sets.insert(sets.number(row));
        merge.advance().map_err(RunFault::Write)?;
    }
    drop(merge);
    // All sets that changed, in one pass over the rows.
    let all = again.picked(&traced.rows, |row| of_sets.contains(&sets.number(row)))?;
    let mut found: BTreeMap<FigureName, Vec<RecordBehind>> = BTreeMap::new();
    for set in of_sets {
        options.go_on()?;
        let now = again.picked(&all, |row| sets.number(row) == set)?;
        let then = again.picked(&now, |row| was_read.get(usize::from(row.origin().input)).copied().unwrap_or(false))?;
        let (stand_now, stood_then) = (again.records(&now)?, again.records(&then)?);
        let keys = |records: &[(u64, super::records::TracedRecord)]| {
            records
                .iter()
                .map(|(_, record)| (record.facility_id.clone(), record.encounter_id.clone()))
                .collect::<BTreeSet<(String, String)>>()
        };
        let (stand, stood) = (keys(&stand_now), keys(&stood_then));
        let behind: Vec<(String, String, WhatCame)> = stand
            .union(&stood)
            .filter(|(facility, number)| changed.contains(&(facility.as_str(), number.as_str())))
            .map(|key| {
                let what = match (stood.contains(key), stand.contains(key)) {
                    (false, _) => WhatCame::Late,
                    (true, false) => WhatCame::Withdrawn,
                    (true, true) => WhatCame::Corrected,
                };
                (key.0.clone(), key.1.clone(), what)
            })
            .collect();
        let adds = asked.of_records(&again.outcome(&now)?, CountedHow::Twice);
        let added = asked.of_records(&again.outcome(&then)?, CountedHow::Twice);
        for name in &differing {
            let now = adds.get(name).copied().unwrap_or_default();
            let then = added.get(name).copied().unwrap_or_default();
            if now == then {
                continue;
            }
            let more = Contribution {
                numerator: now.numerator - then.numerator,
                denominator: now.denominator - then.denominator,
                is_unclear: now.is_unclear || then.is_unclear,
            };
            for (place, (facility_id, encounter_id, what)) in behind.iter().enumerate() {
                found.entry(name.clone()).or_default().push(RecordBehind {
                    name: name.clone(),
                    facility_id: facility_id.clone(),
                    encounter_id: encounter_id.clone(),
                    what: *what,
                    adds: if place == 0 { more } else { Contribution::default() },
                });
            }
        }
    }
    let records = figures.iter().flat_map(|change| found.remove(&name_of(change)).unwrap_or_default()).collect();
    Ok(Explained { records, has_earlier_inputs })
}

/// The keys of a figure that differs.
pub fn name_of(change: &FigureChange) -> FigureName {
    let figure = change.figure.clone();
    FigureName { sheet: figure.sheet, table: figure.table, row: figure.row, column: figure.column }
}

/// `figures_explained.csv`: a line a figure that differs and record behind it.
#[derive(Debug)]
pub struct FiguresExplained;

impl CsvTable for FiguresExplained {
    type Row<'r> = &'r RecordBehind;
    const PATH: &'static str = "figures_explained.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r RecordBehind>> {
        vec![
            ("sheet", |behind| behind.name.sheet.as_str().into()),
            ("table", |behind| behind.name.table.as_str().into()),
            ("row", |behind| behind.name.row.as_str().into()),
            ("column", |behind| behind.name.column.as_str().into()),
            ("facility_id", |behind| behind.facility_id.as_str().into()),
            ("encounter_id", |behind| behind.encounter_id.as_str().into()),
            ("what", |behind| behind.what.name().into()),
            ("numerator", |behind| number(behind.adds.numerator, &behind.adds).into()),
            ("denominator", |behind| number(behind.adds.denominator, &behind.adds).into()),
        ]
    }
}

fn number(number: i128, adds: &Contribution) -> String {
    match (adds.is_unclear, number) {
        (true, _) => "?".to_owned(),
        (false, 0) => String::new(),
        (false, number) => number.to_string(),
    }
}
