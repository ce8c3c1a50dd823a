//! The expected-document matrix: which documents a chart must hold, by when, and by what rule. A data file.

use crate::problem::{
    Problems,
    reader::{Section, read_file},
};

/// What the due time is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueFrom {
    /// Admission.
    Admission,
    /// Discharge.
    Discharge,
    /// The event the document tells of (the operation).
    Event,
}

/// How many documents are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// One an encounter.
    Encounter,
    /// One a day on which an operation was performed.
    OperationDay,
}

/// Who is responsible while the document is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Responsible {
    /// The attending practitioner.
    Attending,
    /// The operating practitioner, else the attending.
    Operating,
}

/// One line of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// Kind of document, as layouts name it.
    pub document: String,
    /// Only stays of at least so many days; 0: all.
    pub minimum_stay_days: i32,
    /// Only stays on which an operation was performed (or, `Some(false)`, none was).
    pub operation: Option<bool>,
    /// Only stays that ended in death, or did not.
    pub died: Option<bool>,
    /// Only newborns, or all but newborns.
    pub newborn: Option<bool>,
    /// Only discharges with one of these statuses; empty: all.
    pub discharge_status: Vec<String>,
    /// How many are expected.
    pub per: Per,
    /// Whether a signature is needed.
    pub signed: bool,
    /// Due so many hours after `due_from`.
    pub due_hours: i64,
    /// What the due time is counted from.
    pub due_from: DueFrom,
    /// Who is responsible while it is missing.
    pub responsible: Responsible,
    /// The rule, with its source.
    pub citation: String,
}

/// The matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Title for people.
    pub title: String,
    /// The lines, in the order of the file.
    pub expectations: Vec<Expectation>,
}

impl Matrix {
    /// Reads and checks a matrix; every fault is collected.
    pub fn parse(path: &str, text: &str, problems: &mut Problems) -> Option<Matrix> {
        let before = problems.len();
        let matrix = read_file(path, text, problems, |top| Matrix {
            title: top.required_text("title").map(|title| title.value).unwrap_or_default(),
            expectations: top.sections("expect", read_expectation).into_iter().flatten().collect(),
        });
        if problems.len() > before { None } else { matrix }
    }
}

fn read_expectation(section: &mut Section<'_>) -> Option<Expectation> {
    let document = section.required_text("document");
    let citation = section.required_text("citation");
    let hours = section.number("due_hours", 0);
    let days = section.number("due_days", 0);
    let from = section.word(
        "due_from",
        &[("admission", DueFrom::Admission), ("discharge", DueFrom::Discharge), ("event", DueFrom::Event)],
    );
    let per = section.word("per", &[("encounter", Per::Encounter), ("operation_day", Per::OperationDay)]);
    let responsible =
        section.word("responsible", &[("attending", Responsible::Attending), ("operating", Responsible::Operating)]);
    let due_hours = match (&hours, &days) {
        (Some(hours), None) => hours.value,
        (None, Some(days)) => days.value * 24,
        _ => {
            let span = section.span.clone();
            section.problem("due-rule", span, "an expectation needs exactly one of due_hours and due_days", None);
            0
        }
    };
    let mut flag = |key: &'static str| section.flag(key).map(|flag| flag.value);
    let (operation, died, newborn, signed) = (flag("operation"), flag("died"), flag("newborn"), flag("signed"));
    Some(Expectation {
        document: document?.value,
        minimum_stay_days: section.number("minimum_stay_days", 0).map_or(0, |days| days.value as i32),
        operation,
        died,
        newborn,
        discharge_status: section.texts("discharge_status").into_iter().map(|status| status.value).collect(),
        per: per.map_or(Per::Encounter, |per| per.value),
        signed: signed.unwrap_or(true),
        due_hours,
        due_from: from.map_or(DueFrom::Discharge, |from| from.value),
        responsible: responsible.map_or(Responsible::Attending, |responsible| responsible.value),
        citation: citation?.value,
    })
}
