//! Looks through the charts of a partition. Pure: the business date is an argument.

use super::{
    kind::Kind,
    matrix::{DueFrom, Expectation, Matrix, Per, Responsible},
};
use crate::{
    partition::encounter::{Document, Encounter},
    record::{
        code::CodeSystem,
        date::{Day, Moment},
    },
};

/// One deficiency of one chart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deficiency {
    /// The encounter.
    pub encounter_id: String,
    /// Kind of document.
    pub document: String,
    /// The day of the event, where one is expected a day of operation.
    pub event: Option<Day>,
    /// Number of the document, where there is one.
    pub document_id: String,
    /// Kind of deficiency.
    pub kind: Kind,
    /// Clinician responsible for what comes next.
    pub clinician: String,
    /// The day it was or is due.
    pub due: Option<Day>,
    /// Discharge.
    pub discharged: Day,
    /// Days since discharge on the business date.
    pub age_days: i32,
    /// The record is incomplete past its limit.
    pub delinquent: bool,
    /// The rule, with its source.
    pub citation: String,
}

/// What an examination is made against.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// The matrix.
    pub matrix: &'c Matrix,
    /// The day the run speaks of.
    pub business_date: Day,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
}

/// The deficiencies of one chart; none while the patient is still in the house on the business date.
pub fn examine(encounter: &Encounter<'_>, context: &Context<'_>, found: &mut Vec<Deficiency>) {
    let Some(discharged) = encounter.discharge_date.value().map(|moment| moment.day) else { return };
    if discharged > context.business_date {
        return;
    }
    let age_days = context.business_date.0 - discharged.0;
    let operations = operation_days(encounter);
    let start = found.len();
    for expectation in
        context.matrix.expectations.iter().filter(|expectation| applies(expectation, encounter, &operations))
    {
        let mut events: Vec<Option<Day>> = vec![None];
        if expectation.per == Per::OperationDay {
            events = operations.iter().copied().map(Some).collect();
        }
        for event in events {
            let due = due_moment(expectation, encounter, event);
            let template = Deficiency {
                encounter_id: encounter.encounter_id.to_owned(),
                document: expectation.document.clone(),
                event,
                document_id: String::new(),
                kind: Kind::MissingDocument,
                clinician: responsible(expectation, encounter),
                due: due.map(|due| due.day),
                discharged,
                age_days,
                delinquent: age_days > context.delinquent_after_days,
                citation: expectation.citation.clone(),
            };
            let documents: Vec<&Document<'_>> = encounter
                .documents
                .iter()
                .filter(|document| document.document_type == expectation.document && is_of(document, event))
                .collect();
            look_at(&documents, expectation, due, &template, found);
        }
    }
    for deficiency in &mut found[start..] {
        deficiency.delinquent &= deficiency.kind.entry().open;
    }
}

fn look_at(
    documents: &[&Document<'_>],
    expectation: &Expectation,
    due: Option<Moment>,
    template: &Deficiency,
    found: &mut Vec<Deficiency>,
) {
    let with = |document: &Document<'_>, kind: Kind, clinician: &str| Deficiency {
        kind,
        document_id: document.document_id.to_owned(),
        clinician: if clinician.is_empty() { template.clinician.clone() } else { clinician.to_owned() },
        ..template.clone()
    };
    let mut present = false;
    for document in documents {
        if document.character_count.value() == Some(0) {
            // A blank form is not the document, but it is told apart from no form at all.
            found.push(with(document, Kind::Blank, document.author));
            present = true;
            continue;
        }
        present = true;
        let written = document.dictated_at.value().or(document.transcribed_at.value()).or(document.signed_at.value());
        if expectation.signed && document.signed_at.value().is_none() {
            found.push(with(document, Kind::Unsigned, document.author));
        } else if !document.cosigner.is_empty() && document.cosigned_at.value().is_none() {
            found.push(with(document, Kind::NotCosigned, document.cosigner));
        }
        match (written, due) {
            (None, _) => found.push(with(document, Kind::Undated, document.author)),
            (Some(written), Some(due)) if is_after(written, due) => {
                found.push(with(document, Kind::Late, document.author))
            }
            _ => {}
        }
    }
    if !present {
        found.push(template.clone());
    }
}

/// Whether a document is of an event: of any where none is asked for or the document names none, else of its day.
fn is_of(document: &Document<'_>, event: Option<Day>) -> bool {
    match (event, document.event_date.value()) {
        (Some(day), Some(moment)) => moment.day == day,
        _ => true,
    }
}

/// Days on which an operation was performed: section 0 of ICD-10-PCS, or categories 00 to 86 of ICD-9-CM.
fn operation_days(encounter: &Encounter<'_>) -> Vec<Day> {
    let mut days: Vec<Day> = encounter
        .procedures
        .iter()
        .filter(|procedure| {
            let code = procedure.code.text();
            match procedure.system {
                Some(CodeSystem::Icd10Pcs) => code.starts_with('0'),
                Some(CodeSystem::Icd9Procedure) => code < "87" && !code.is_empty(),
                _ => false,
            }
        })
        .filter_map(|procedure| procedure.date.value().map(|moment| moment.day))
        .collect();
    days.sort();
    days.dedup();
    days
}

fn applies(expectation: &Expectation, encounter: &Encounter<'_>, operations: &[Day]) -> bool {
    let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
    encounter.length_of_stay().is_some_and(|stay| stay >= expectation.minimum_stay_days)
        && is(expectation.operation, !operations.is_empty())
        && is(expectation.died, encounter.died())
        && is(expectation.newborn, encounter.is_newborn())
        && (expectation.discharge_status.is_empty()
            || encounter
                .discharge_status
                .value()
                .is_some_and(|status| expectation.discharge_status.contains(&status.text())))
}

fn responsible(expectation: &Expectation, encounter: &Encounter<'_>) -> String {
    let attending =
        if encounter.attending_name.is_empty() { encounter.attending_npi } else { encounter.attending_name };
    match expectation.responsible {
        Responsible::Operating if !encounter.operating_npi.is_empty() => encounter.operating_npi.to_owned(),
        Responsible::Operating | Responsible::Attending => attending.to_owned(),
    }
}

/// When the document is due. A day without a time counts to its last minute, so that nobody is late for want of a clock.
fn due_moment(expectation: &Expectation, encounter: &Encounter<'_>, event: Option<Day>) -> Option<Moment> {
    let from = match expectation.due_from {
        DueFrom::Admission => encounter.admission_date.value(),
        DueFrom::Discharge => encounter.discharge_date.value(),
        DueFrom::Event => event.map(Moment::on).or(encounter.admission_date.value()),
    }?;
    let minutes = Moment { minute: Some(from.minute.unwrap_or(1439)), ..from }.minutes() + expectation.due_hours * 60;
    Some(Moment { day: Day(minutes.div_euclid(1440) as i32), minute: Some(minutes.rem_euclid(1440) as u16) })
}

fn is_after(written: Moment, due: Moment) -> bool {
    match written.minute {
        Some(_) => written.minutes() > due.minutes(),
        None => written.day > due.day,
    }
}
