//! The tables of the deficiency desk: the worklist of deficiencies, and the kinds of document that the matrix does not name.

use std::borrow::Cow;

use crate::{
    book::csv::{CsvColumn, CsvTable},
    deficiency::{
        examine::Deficiency,
        tally::{AGE_BUCKETS, age_bucket},
    },
    record::date::Day,
};

fn day(day: Option<Day>) -> Cow<'static, str> {
    day.map_or("".into(), |day| day.to_string().into())
}

/// `worklists/deficiencies.csv`: a line a deficiency.
#[derive(Debug)]
pub struct Deficiencies;

impl CsvTable for Deficiencies {
    type Row<'r> = &'r Deficiency;
    const PATH: &'static str = "worklists/deficiencies.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r Deficiency>> {
        vec![
            ("encounter_id", |line| line.subject.encounter_id().into()),
            ("clinician", |line| line.clinician.as_str().into()),
            ("code", |line| line.kind.entry().code.into()),
            ("deficiency", |line| line.kind.entry().name.into()),
            ("document_type", |line| line.document.as_str().into()),
            ("document_id", |line| line.document_id.as_str().into()),
            ("event_date", |line| day(line.event)),
            ("discharge_date", |line| line.discharged.to_string().into()),
            ("due_date", |line| day(line.due)),
            ("age_days", |line| line.age_days.to_string().into()),
            ("age", |line| AGE_BUCKETS[age_bucket(line.age_days)].0.into()),
            ("status", |line| status(line).into()),
            ("rule", |line| line.citation.as_str().into()),
            ("facility_id", |line| line.subject.facility_id().into()),
            ("deficiency_key", |line| line.key().to_string().into()),
        ]
    }
}

fn status(deficiency: &Deficiency) -> &'static str {
    match (deficiency.kind.entry().open, deficiency.delinquent) {
        _ if deficiency.settled => "waived",
        (false, _) => "complete, late",
        (true, true) => "delinquent",
        (true, false) => "incomplete",
    }
}

/// `worklists/document_types.csv`: a line a word that the matrix does not have.
#[derive(Debug)]
pub struct DocumentTypes;

/// A line of [`DocumentTypes`]: the word, its documents, and the word of the matrix that was probably meant.
pub type DocumentTypeLine<'r> = (&'r str, u64, &'r str);

impl CsvTable for DocumentTypes {
    type Row<'r> = DocumentTypeLine<'r>;
    const PATH: &'static str = "worklists/document_types.csv";

    fn columns<'r>() -> Vec<CsvColumn<DocumentTypeLine<'r>>> {
        vec![
            ("document_type", |line| line.0.into()),
            ("documents", |line| line.1.to_string().into()),
            ("probably_meant", |line| line.2.into()),
        ]
    }
}
