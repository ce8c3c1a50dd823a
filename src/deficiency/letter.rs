//! A letter to a clinician, as the data of its template.

use serde::Serialize;

use super::examine::Deficiency;

/// Deficiencies that one letter names; of more it says how many.
const MOST_LINES: usize = 200;

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// The hospital, as the pipeline names it.
    pub organization: String,
    /// Day of the letter, `YYYY-MM-DD`.
    pub date: String,
    /// To whom.
    pub clinician: String,
    /// Name of the level.
    pub level: String,
    /// Whether the level suspends.
    pub suspends: bool,
    /// The level that comes next; empty at the last.
    pub next_level: String,
    /// The day on which it is reached, `YYYY-MM-DD`; empty at the last, and where it is reached already.
    pub next_date: String,
    /// Incomplete records.
    pub records: u64,
    /// Open deficiencies.
    pub deficiencies: u64,
    /// Of the records, delinquent ones.
    pub delinquent: u64,
    /// Days since the discharge of the oldest.
    pub oldest_days: i32,
    /// The deficiencies, the oldest first.
    pub lines: Vec<LetterLine>,
    /// Deficiencies that are not named.
    pub more: u64,
}

/// A deficiency in a letter. It names the record and no patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterLine {
    /// Facility; empty where none is named.
    pub facility_id: String,
    /// Number of the encounter.
    pub encounter_id: String,
    /// Day of discharge, `YYYY-MM-DD`.
    pub discharge_date: String,
    /// Kind of document.
    pub document_type: String,
    /// Number of the document; empty where it has none.
    pub document_id: String,
    /// What is deficient.
    pub deficiency: String,
    /// The day on which it was or is due; `-` where none is known.
    pub due_date: String,
    /// Days since discharge.
    pub age_days: i32,
    /// Whether the record is delinquent.
    pub delinquent: bool,
}

impl LetterLine {
    fn of(deficiency: &Deficiency) -> LetterLine {
        LetterLine {
            facility_id: deficiency.subject.facility_id().to_owned(),
            encounter_id: deficiency.subject.encounter_id().to_owned(),
            discharge_date: deficiency.discharged.to_string(),
            document_type: deficiency.document.replace('_', " "),
            document_id: deficiency.document_id.clone(),
            deficiency: deficiency.kind.entry().name.to_owned(),
            due_date: deficiency.due.map_or_else(|| "-".to_owned(), |due| due.to_string()),
            age_days: deficiency.age_days,
            delinquent: deficiency.delinquent,
        }
    }
}

impl Letter {
    /// The lines of deficiencies, the oldest first, and how many more there are.
    pub fn lines_of<'d>(deficiencies: impl Iterator<Item = &'d Deficiency>) -> (Vec<LetterLine>, u64) {
        let mut all: Vec<&Deficiency> = deficiencies.collect();
        all.sort_by_key(|deficiency| (deficiency.discharged, &deficiency.subject, &deficiency.document));
        let more = all.len().saturating_sub(MOST_LINES) as u64;
        (all.into_iter().take(MOST_LINES).map(LetterLine::of).collect(), more)
    }

    /// A letter that a template is tried with.
    pub fn sample() -> Letter {
        let line = LetterLine {
            facility_id: "0042".to_owned(),
            encounter_id: "S1001".to_owned(),
            discharge_date: "2026-09-01".to_owned(),
            document_type: "discharge summary".to_owned(),
            document_id: "D1".to_owned(),
            deficiency: "unsigned".to_owned(),
            due_date: "2026-10-01".to_owned(),
            age_days: 35,
            delinquent: true,
        };
        Letter {
            organization: "Hospital".to_owned(),
            date: "2026-10-06".to_owned(),
            clinician: "Cho, M".to_owned(),
            level: "first notice".to_owned(),
            suspends: false,
            next_level: "second notice".to_owned(),
            next_date: "2026-10-13".to_owned(),
            records: 1,
            deficiencies: 1,
            delinquent: 1,
            oldest_days: 35,
            lines: vec![line],
            more: 0,
        }
    }
}
