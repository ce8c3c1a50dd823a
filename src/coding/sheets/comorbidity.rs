//! Prevalence of comorbidity, and its scores.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    coding::{
        comorbidity::{
            ahrq::AhrqTable, editions::AhrqEditions, index::ComorbidityIndex, quan::QuanTables, tally::ComorbidityTally,
        },
        judge::JudgeOn,
    },
};

/// The sheet; which version of AHRQ's software measures a discharge depends on the day that codes are judged on.
pub fn sheet(tally: &ComorbidityTally, editions: &AhrqEditions, judge_on: JudgeOn) -> Sheet {
    let versions = editions.words(judge_on == JudgeOn::AnyDate);
    let (encounters, refined, without_marks) = (tally.encounters, tally.refined_encounters, tally.without_marks);
    Sheet {
        name: "Comorbidity",
        title: "Comorbidity".to_owned(),
        summary: "Encounters with each condition of Charlson, Elixhauser and AHRQ, and their scores",
        notes: vec![
            "Population: discharges of the period, of every class, without a fatal finding.".to_owned(),
            "Charlson and Elixhauser: code lists of Quan 2005, every diagnosis, the principal one included; a graver condition silences its milder form."
                .to_owned(),
            format!("AHRQ refined: Elixhauser Comorbidity Software Refined {versions}; secondary diagnoses of ICD-10-CM. Half of its measures count only what was present on admission; without marks they are missing, and the indices are over the others."),
            format!("{encounters} encounters; AHRQ's measures apply to {refined}, of which {without_marks} have no present-on-admission marks."),
        ],
        tables: vec![conditions(tally), scores(tally)],
    }
}

fn conditions(tally: &ComorbidityTally) -> Table {
    let (quan, refined) = (QuanTables::shipped(), AhrqTable::shipped());
    let of_all = |_| tally.encounters;
    // A measure that uses marks is missing, not absent, in an encounter without them.
    let of_refined = |place: usize| {
        tally.refined_encounters - if refined.uses_marks() >> place & 1 == 1 { tally.without_marks } else { 0 }
    };
    let mut rows = rows_of("Charlson", &quan.charlson, &tally.charlson.0, of_all);
    rows.append(&mut rows_of("Elixhauser", &quan.elixhauser, &tally.elixhauser.0, of_all));
    rows.append(&mut rows_of("AHRQ refined", &refined.index, &tally.refined.0, of_refined));
    Table {
        name: "comorbid_conditions".to_owned(),
        caption: "Conditions".to_owned(),
        columns: vec![
            column("Index", 16),
            column("Condition", 80),
            column("Encounters", 12),
            column("Known in", 12),
            column("Share, %", 10),
        ],
        rows,
        chart: None,
    }
}

/// The conditions of an index; `known_in` are the encounters in which the condition of a place is known to be there or not.
fn rows_of(
    name: &str,
    index: &ComorbidityIndex,
    counts: &[u64],
    known_in: impl Fn(usize) -> u64,
) -> Vec<Vec<CellValue>> {
    index
        .conditions
        .iter()
        .zip(counts)
        .enumerate()
        .map(|(place, (condition, count))| {
            let known = known_in(place);
            vec![
                CellValue::text(name),
                CellValue::text(condition.title.clone()),
                CellValue::Count(*count),
                CellValue::Count(known),
                CellValue::percent(*count, known, 1),
            ]
        })
        .collect()
}

fn scores(tally: &ComorbidityTally) -> Table {
    Table {
        name: "comorbidity_scores".to_owned(),
        caption: "Scores".to_owned(),
        columns: vec![column("Score", 40), column("Value", 8), column("Encounters", 12)],
        rows: tally
            .scores()
            .into_iter()
            .map(|((score, value), count)| {
                vec![CellValue::text(score.title()), CellValue::code(value.to_string()), CellValue::Count(count)]
            })
            .collect(),
        chart: None,
    }
}
