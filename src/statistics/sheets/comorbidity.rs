//! Prevalence of comorbidity, and its scores.

use super::{
    super::book::{Sheet, Table, Value, column},
    Report,
};

/// The sheet.
pub fn sheet(report: &Report<'_>) -> Sheet {
    let rows = &report.comorbidity;
    let [encounters, refined, without_marks] = rows.encounters;
    Sheet {
        name: "Comorbidity",
        title: "Comorbidity".to_owned(),
        summary: "Encounters with each condition of Charlson, Elixhauser and AHRQ, and their scores",
        notes: vec![
            "Charlson and Elixhauser: code lists of Quan 2005, every diagnosis, the principal one included; a graver condition silences its milder form."
                .to_owned(),
            format!("AHRQ refined: Elixhauser Comorbidity Software Refined {}; secondary diagnoses of ICD-10-CM. Half of its measures count only what was present on admission; without marks they are missing, and the indices are over the others.", rows.refined_versions),
            format!("{encounters} encounters; AHRQ's measures apply to {refined}, of which {without_marks} have no present-on-admission marks."),
        ],
        tables: vec![
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
                rows: rows
                    .conditions
                    .iter()
                    .map(|(index, title, count, known)| {
                        vec![
                            Value::text(*index),
                            Value::text(title.clone()),
                            Value::Count(*count),
                            Value::Count(*known),
                            Value::percent(*count, *known, 1),
                        ]
                    })
                    .collect(),
                chart: None,
            },
            Table {
                name: "comorbidity_scores".to_owned(),
                caption: "Scores".to_owned(),
                columns: vec![column("Score", 40), column("Value", 8), column("Encounters", 12)],
                rows: rows
                    .scores
                    .iter()
                    .map(|(score, value, count)| {
                        vec![Value::text(*score), Value::code(value.to_string()), Value::Count(*count)]
                    })
                    .collect(),
                chart: None,
            },
        ],
    }
}
