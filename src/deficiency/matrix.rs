//! The expected-document matrix: which documents a chart must hold, by when, and by what rule. A data file.

use super::document_type::is_same_word;
use crate::problem::{
    Problems,
    reader::{DAYS_OF_A_CENTURY, Section, read_file},
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
    /// So many days before the admission (of an event: before its day) a document may be dated; an older one meets nothing. `None`: of any age.
    pub not_earlier_than_days: Option<i32>,
    /// Only where the chart's document of this kind is from before the day of admission: an update note of a history from before the stay.
    pub where_from_before_stay: Option<String>,
    /// Who is responsible while it is missing.
    pub responsible: Responsible,
    /// The rule, with its source.
    pub citation: String,
}

/// By when the signatures are due of a document that no line of the matrix expects of the stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authentication {
    /// Due so many hours after `due_from`.
    pub due_hours: i64,
    /// What the due time is counted from.
    pub due_from: DueFrom,
    /// The rule, with its source.
    pub citation: String,
}

impl Default for Authentication {
    /// Every entry is authenticated by the person responsible for it, orders promptly; the regulation gives no other limit than that of the record's completion.
    fn default() -> Authentication {
        Authentication {
            due_hours: 30 * 24,
            due_from: DueFrom::Discharge,
            citation: "42 CFR 482.24(c)(1)-(2): every entry authenticated by the person responsible; due with the completion of the record, 482.24(c)(4)(vii)".to_owned(),
        }
    }
}

/// The matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// Title for people.
    pub title: String,
    /// The lines, in the order of the file.
    pub expectations: Vec<Expectation>,
    /// What holds for the signatures of every other document.
    pub authentication: Authentication,
}

impl Matrix {
    /// Reads and checks a matrix; every fault is collected.
    pub fn parse(path: &str, text: &str, problems: &mut Problems) -> Option<Matrix> {
        let before = problems.len();
        let matrix = read_file(path, "expected-document matrix", text, problems, |top| Matrix {
            title: top.required_text("title").map(|title| title.value).unwrap_or_default(),
            expectations: top.sections("expect", read_expectation).into_iter().flatten().collect(),
            authentication: top.section("authentication", read_authentication).flatten().unwrap_or_default(),
        });
        if problems.len() > before { None } else { matrix }
    }

    /// The word of the matrix for a kind of document as an index writes it; `None` where no line names it.
    pub fn word_for(&self, written: &str) -> Option<&str> {
        let words = || self.expectations.iter().map(|expectation| expectation.document.as_str());
        words().find(|word| *word == written).or_else(|| words().find(|word| is_same_word(written, word)))
    }

    /// Whether documents of a kind are signed at all: not where a line of the matrix says that they are not.
    pub fn signs(&self, word: &str) -> bool {
        self.expectations.iter().all(|expectation| expectation.signed || expectation.document != word)
    }

    /// The words of the matrix, each once.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.expectations.iter().map(|expectation| expectation.document.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

fn read_authentication(section: &mut Section<'_>) -> Option<Authentication> {
    let citation = section.required_text("citation");
    let due_from = read_due_from(section);
    let due_hours = read_due_hours(section, "the rule of authentication");
    Some(Authentication { due_hours, due_from, citation: citation?.value })
}

fn read_due_from(section: &mut Section<'_>) -> DueFrom {
    let from = section.word(
        "due_from",
        &[("admission", DueFrom::Admission), ("discharge", DueFrom::Discharge), ("event", DueFrom::Event)],
    );
    from.map_or(DueFrom::Discharge, |from| from.value)
}

fn read_due_hours(section: &mut Section<'_>, of: &str) -> i64 {
    let stated = [section.has("due_hours"), section.has("due_days")];
    let hours = section.number("due_hours", 0..=DAYS_OF_A_CENTURY * 24);
    let days = section.number("due_days", 0..=DAYS_OF_A_CENTURY);
    match stated {
        [true, false] => hours.map_or(0, |hours| hours.value),
        [false, true] => days.map_or(0, |days| days.value * 24),
        _ => {
            let span = section.span.clone();
            section.problem("due-rule", span, format!("{of} needs exactly one of due_hours and due_days"), None);
            0
        }
    }
}

/// How old a document may be where a line does not say: a history and physical 30 days before admission (42 CFR 482.24(c)(4)(i)(A)); what is due from an event is
/// not older than it, and what is due from discharge not older than the stay. What else is due from admission (a consent, an order) may be from before.
fn default_window(document: &str, due_from: DueFrom) -> Option<i32> {
    match due_from {
        DueFrom::Admission => is_same_word(document, "history_and_physical").then_some(30),
        DueFrom::Discharge | DueFrom::Event => Some(0),
    }
}

fn read_expectation(section: &mut Section<'_>) -> Option<Expectation> {
    let document = section.required_text("document");
    let citation = section.required_text("citation");
    let due_from = read_due_from(section);
    let per = section.word("per", &[("encounter", Per::Encounter), ("operation_day", Per::OperationDay)]);
    let responsible =
        section.word("responsible", &[("attending", Responsible::Attending), ("operating", Responsible::Operating)]);
    let due_hours = read_due_hours(section, "an expectation");
    let mut flag = |key: &'static str| section.flag(key).map(|flag| flag.value);
    let (operation, died, newborn, signed) = (flag("operation"), flag("died"), flag("newborn"), flag("signed"));
    let window = section.number("not_earlier_than_days", 0..=DAYS_OF_A_CENTURY).map(|days| days.value as i32);
    let where_from_before_stay = section.text("where_from_before_stay").map(|kind| kind.value);
    let document = document?.value;
    Some(Expectation {
        not_earlier_than_days: window.or_else(|| default_window(&document, due_from)),
        where_from_before_stay,
        document,
        minimum_stay_days: section
            .number("minimum_stay_days", 0..=DAYS_OF_A_CENTURY)
            .map_or(0, |days| days.value as i32),
        operation,
        died,
        newborn,
        discharge_status: section.texts("discharge_status").into_iter().map(|status| status.value).collect(),
        per: per.map_or(Per::Encounter, |per| per.value),
        signed: signed.unwrap_or(true),
        due_hours,
        due_from,
        responsible: responsible.map_or(Responsible::Attending, |responsible| responsible.value),
        citation: citation?.value,
    })
}
