//! Looks through the charts of a partition. Pure: the business date is an argument.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    index::{DocumentIndex, LastIndex, RecordedSteps},
    kind::DeficiencyKind,
    matrix::{DueFrom, Expectation, Matrix, Per, Responsible},
    tally::DeficiencyTally,
};
use crate::{
    partition::encounter::{Document, Encounter},
    record::{
        cell::Cell,
        code::CodeSystem,
        date::{Day, Moment},
        finding::{FindingKey, Found},
        life::DecidedKeys,
        month::Month,
        subject::Subject,
    },
};

/// One deficiency of one chart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deficiency {
    /// The encounter.
    pub subject: Subject,
    /// Kind of document.
    pub document: String,
    /// The day of the event, where one is expected a day of operation.
    pub event: Option<Day>,
    /// Number of the document, where there is one.
    pub document_id: String,
    /// What a document without a number is known by: event, dictation and author; empty of every other.
    pub unnumbered_document: String,
    /// Kind of deficiency.
    pub kind: DeficiencyKind,
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
    /// Somebody has decided that it need not be resolved: it makes no record incomplete.
    pub settled: bool,
    /// How many like it (kind, kind of document, event, and number or what it is known by) stand before it in the chart.
    pub again: u32,
}

impl Deficiency {
    /// Whether the record is incomplete by it.
    pub fn is_open(&self) -> bool {
        self.kind.entry().open && !self.settled
    }

    /// What it is known by from night to night: kind, chart, kind of document, event and document. Whose it is and how old it is may change.
    pub fn key(&self) -> FindingKey {
        let event = self.event.map_or(String::new(), |event| event.to_string());
        let document = if self.document_id.is_empty() { &self.unnumbered_document } else { &self.document_id };
        let place = format!("{}\0{event}\0{document}", self.document);
        FindingKey::of(self.kind.entry().code, Some(&self.subject), None, Found::Value(&place), self.again.into())
    }
}

/// The values of a deficiency as a decision knows them: it has none.
pub const NO_VALUE: u64 = 0;

/// What an examination is made against.
#[derive(Debug, Clone, Copy)]
pub struct ChartContext<'c> {
    /// The matrix.
    pub matrix: &'c Matrix,
    /// What the document index can be asked.
    pub index: &'c DocumentIndex,
    /// The day the run speaks of.
    pub business_date: Day,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
    /// What was decided on worklists.
    pub decided: &'c DecidedKeys,
    /// The index of an earlier night, where none came tonight.
    pub last_index: Option<&'c LastIndex>,
}

impl ChartContext<'_> {
    /// Whether the document index that is asked came with the record, or after it. A record that is corrected later was there before; its documents tell.
    pub fn is_known(&self, encounter: &Encounter<'_>) -> bool {
        let Some(last) = self.last_index else { return true };
        let was_there = |input: u16| last.was_there.get(usize::from(input)).copied().unwrap_or(false);
        was_there(encounter.origin().input)
            || encounter.documents.iter().any(|document| was_there(document.origin.input))
    }
}

/// A document as it stands on the business date: times after it have not come yet.
struct ChartStatus<'d> {
    document: &'d Document<'d>,
    /// Its kind in the words of the matrix, or as written where the matrix has none.
    word: &'d str,
    written: Option<Moment>,
    signed: bool,
    cosigned: bool,
    told: RecordedSteps,
}

/// A document that is expected of the chart.
struct Requirement<'r> {
    expectation: &'r Expectation,
    event: Option<Day>,
    due: Option<Moment>,
    template: Deficiency,
}

/// Looks through one chart, and counts it; charts of patients who are in the house on the business date, or were discharged on no known day, are not due.
///
/// Every document of the index is looked at for signature, countersignature and text, whatever the matrix expects; what is missing is asked of the matrix, and
/// only where the index would hold it. Gives whether it would.
pub fn examine(
    encounter: &Encounter<'_>,
    context: &ChartContext<'_>,
    found: &mut Vec<Deficiency>,
    tally: &mut DeficiencyTally,
) -> bool {
    let Some(discharged) = encounter.discharge_date.value().map(|moment| moment.day) else { return true };
    if discharged > context.business_date {
        return true;
    }
    let start = found.len();
    let month = Month::of(discharged);
    let holds = context.is_known(encounter) && context.index.holds(encounter.facility_id, month);
    if !holds {
        tally.count_without_index(encounter.facility_id, month);
    }
    let documents: Vec<ChartStatus<'_>> =
        encounter.documents.iter().filter_map(|document| standing(document, context)).collect();
    for document in &documents {
        if context.matrix.word_for(document.document.document_type).is_none() {
            tally.unnamed_types.count(document.document.document_type, 1);
        }
    }
    let requirements = requirements(encounter, context, discharged);
    let mut looked_at = vec![false; documents.len()];
    for requirement in &requirements {
        let condition = requirement.expectation.where_from_before_stay.as_deref();
        if condition.is_some_and(|kind| !is_from_before_stay(kind, &documents, encounter, context.matrix)) {
            continue;
        }
        let is_its = |standing: &ChartStatus<'_>| {
            standing.word == requirement.expectation.document && is_of(standing.document, requirement.event)
        };
        let earliest = earliest_day(requirement, encounter);
        let mut too_old: Option<&ChartStatus<'_>> = None;
        let mut its: Vec<&ChartStatus<'_>> = Vec::new();
        for (standing, looked_at) in documents.iter().zip(&mut looked_at).filter(|(standing, _)| is_its(standing)) {
            if earliest.zip(dated(standing)).is_some_and(|(earliest, dated)| dated < earliest) {
                too_old = too_old.or(Some(standing));
            } else {
                its.push(standing);
            }
            if !std::mem::replace(looked_at, true) {
                look_at(standing, &requirement.template, context.matrix, found);
                if standing.told.written && standing.written.is_none() && !is_blank(standing.document) {
                    found.push(of_author(standing, DeficiencyKind::Undated, &requirement.template));
                }
            }
        }
        match (its.is_empty(), holds) {
            (true, true) => found.push(missing(too_old, requirement)),
            (true, false) => {}
            (false, _) => found.extend(late(&its, requirement)),
        }
    }
    for (standing, _) in documents.iter().zip(&looked_at).filter(|(_, looked_at)| !**looked_at) {
        let authentication = &context.matrix.authentication;
        let due = moment_from(authentication.due_from, encounter, standing.document.event_date.value())
            .map(|from| after(from, authentication.due_hours));
        let template = Deficiency {
            document: standing.word.to_owned(),
            event: standing.document.event_date.value().map(|moment| moment.day),
            clinician: attending(encounter).to_owned(),
            due: due.map(|due| due.day),
            citation: authentication.citation.clone(),
            ..template(encounter, context, discharged)
        };
        look_at(standing, &template, context.matrix, found);
    }
    number_alike(&mut found[start..]);
    for deficiency in &mut found[start..] {
        // Digests are made where there are decisions to be looked for.
        deficiency.settled = !context.decided.are_none() && context.decided.of(deficiency.key(), NO_VALUE).is_some();
        deficiency.delinquent &= deficiency.is_open();
    }
    if holds || !documents.is_empty() {
        tally.count(&found[start..]);
    }
    holds
}

/// The day that a document speaks of: of its event, else the first that is known of its writing.
fn dated(standing: &ChartStatus<'_>) -> Option<Day> {
    standing.document.event_date.value().or(standing.written).map(|moment| moment.day)
}

/// The first day that a document may be dated to meet a requirement.
fn earliest_day(requirement: &Requirement<'_>, encounter: &Encounter<'_>) -> Option<Day> {
    let before = requirement.expectation.not_earlier_than_days?;
    let admitted = encounter.admission_date.value().map(|moment| moment.day);
    let from = requirement.event.or(admitted)?;
    Some(Day(from.0 - before))
}

/// Whether the chart's document of a kind is from before the day of admission, and not older than its line allows; one from within the stay needs no update.
fn is_from_before_stay(kind: &str, documents: &[ChartStatus<'_>], encounter: &Encounter<'_>, matrix: &Matrix) -> bool {
    let Some(admitted) = encounter.admission_date.value().map(|moment| moment.day) else { return false };
    let window =
        matrix.expectations.iter().find(|line| line.document == kind).and_then(|line| line.not_earlier_than_days);
    let days =
        documents.iter().filter(|standing| standing.word == kind && !is_blank(standing.document)).filter_map(dated);
    let newest = days.filter(|day| window.is_none_or(|window| day.0 >= admitted.0 - window)).max();
    newest.is_some_and(|day| day < admitted)
}

/// A missing document; where one is there that is too old to meet the line, it is named.
fn missing(too_old: Option<&ChartStatus<'_>>, requirement: &Requirement<'_>) -> Deficiency {
    let mut deficiency = requirement.template.clone();
    if let Some((standing, day)) = too_old.and_then(|standing| Some((standing, dated(standing)?))) {
        let days = requirement.expectation.not_earlier_than_days.unwrap_or(0);
        let from = if requirement.event.is_some() { "the operation" } else { "admission" };
        standing.document.document_id.clone_into(&mut deficiency.document_id);
        deficiency.citation =
            format!("the one of {day} is too old (at most {days} days before {from}); {}", deficiency.citation);
    }
    deficiency
}

/// A document as it stands on the business date; `None` where all that is known of it comes later.
fn standing<'d>(document: &'d Document<'d>, context: &'d ChartContext<'_>) -> Option<ChartStatus<'d>> {
    let has_come = |moment: &Moment| moment.day <= context.business_date;
    // A time that cannot be read is a time: an edit has found it, and nobody is told to sign again.
    let is_given = |time: Cell<Moment>| time == Cell::Unreadable || time.value().as_ref().is_some_and(has_come);
    let times = [document.dictated_at, document.transcribed_at, document.signed_at];
    let times_unreadable = times.contains(&Cell::Unreadable);
    let times = times.map(|time| time.value());
    let written = times.iter().flatten().next().copied();
    if written.is_some() && !times.iter().flatten().any(has_come) {
        return None;
    }
    let told = context.index.told(document);
    let word = context.matrix.word_for(document.document_type).unwrap_or(document.document_type);
    Some(ChartStatus {
        document,
        word,
        written: times.iter().flatten().find(|moment| has_come(moment)).copied(),
        signed: is_given(document.signed_at),
        cosigned: is_given(document.cosigned_at),
        told: RecordedSteps { written: told.written && !times_unreadable, ..told },
    })
}

/// What the matrix expects of a chart.
fn requirements<'r>(encounter: &Encounter<'_>, context: &ChartContext<'r>, discharged: Day) -> Vec<Requirement<'r>> {
    let operations = operations(encounter);
    let expectations = context.matrix.expectations.iter();
    expectations
        .filter(|expectation| applies(expectation, encounter, !operations.is_empty()))
        .flat_map(|expectation| {
            let events: Vec<Option<Operation<'_>>> = match expectation.per {
                Per::Encounter => vec![None],
                Per::OperationDay => operations.iter().copied().map(Some).collect(),
            };
            events.into_iter().map(move |event| (expectation, event))
        })
        .map(|(expectation, operation)| {
            let event = operation.map(|operation| operation.day);
            let due = moment_from(expectation.due_from, encounter, event.map(Moment::on))
                .map(|from| after(from, expectation.due_hours));
            let surgeon = operation.or(operations.first().copied()).map_or("", |operation| operation.surgeon);
            let template = Deficiency {
                document: expectation.document.clone(),
                event,
                clinician: responsible(expectation, encounter, surgeon).to_owned(),
                due: due.map(|due| due.day),
                citation: expectation.citation.clone(),
                ..template(encounter, context, discharged)
            };
            Requirement { expectation, event, due, template }
        })
        .collect()
}

/// Tells deficiencies of one chart apart that are alike in all that they are known by. They come in the order of their documents' content.
fn number_alike(of_chart: &mut [Deficiency]) {
    let mut known: BTreeMap<(DeficiencyKind, Option<Day>, [String; 3]), u32> = BTreeMap::new();
    for own in of_chart {
        let document = [own.document.clone(), own.document_id.clone(), own.unnumbered_document.clone()];
        let again = known.entry((own.kind, own.event, document)).or_default();
        own.again = *again;
        *again += 1;
    }
}

fn template(encounter: &Encounter<'_>, context: &ChartContext<'_>, discharged: Day) -> Deficiency {
    let age_days = context.business_date.0 - discharged.0;
    // Where the index did not come, nobody becomes delinquent.
    let known = context.last_index.map_or(age_days, |last| last.day.0 - discharged.0);
    Deficiency {
        subject: encounter.subject(),
        document: String::new(),
        event: None,
        document_id: String::new(),
        unnumbered_document: String::new(),
        kind: DeficiencyKind::MissingDocument,
        clinician: String::new(),
        due: None,
        discharged,
        age_days,
        delinquent: known > context.delinquent_after_days,
        citation: String::new(),
        settled: false,
        again: 0,
    }
}

/// A blank form is not the document, but it is told apart from no form at all.
fn is_blank(document: &Document<'_>) -> bool {
    document.character_count.value() == Some(0)
}

fn of_author(standing: &ChartStatus<'_>, kind: DeficiencyKind, template: &Deficiency) -> Deficiency {
    of_clinician(standing, kind, standing.document.author, template)
}

/// What a document without a number is known by from night to night: transcribing and signing it change nothing of this.
fn known_by(document: &Document<'_>) -> String {
    if !document.document_id.is_empty() {
        return String::new();
    }
    let [event, dictated] = [document.event_date, document.dictated_at].map(|time| match time.value() {
        Some(Moment { day, minute, .. }) => {
            format!("{day} {}", minute.map_or(String::new(), |minute| minute.to_string()))
        }
        None => String::new(),
    });
    [event.as_str(), &dictated, document.author].join("\0")
}

fn of_clinician(
    standing: &ChartStatus<'_>,
    kind: DeficiencyKind,
    clinician: &str,
    template: &Deficiency,
) -> Deficiency {
    Deficiency {
        kind,
        document_id: standing.document.document_id.to_owned(),
        unnumbered_document: known_by(standing.document),
        clinician: if clinician.is_empty() { template.clinician.clone() } else { clinician.to_owned() },
        ..template.clone()
    }
}

/// Text, signature and countersignature of one document: a signature is looked for in the record of that very document.
fn look_at(standing: &ChartStatus<'_>, template: &Deficiency, matrix: &Matrix, found: &mut Vec<Deficiency>) {
    let document = standing.document;
    if is_blank(document) {
        found.push(of_author(standing, DeficiencyKind::Blank, template));
    } else if standing.told.signed && !standing.signed && matrix.signs(standing.word) {
        found.push(of_author(standing, DeficiencyKind::Unsigned, template));
    } else if standing.told.cosigned && !document.cosigner.is_empty() && !standing.cosigned {
        found.push(of_clinician(standing, DeficiencyKind::NotCosigned, document.cosigner, template));
    }
}

/// A requirement is met by the first document that meets it; where none was in time, the earliest was late. Of a document whose times are not known none can say
/// that it did not meet it.
fn late(documents: &[&ChartStatus<'_>], requirement: &Requirement<'_>) -> Option<Deficiency> {
    let due = requirement.due.filter(|_| documents.iter().all(|standing| standing.told.written))?;
    let dated = documents.iter().filter(|standing| !is_blank(standing.document) && standing.written.is_some());
    let earliest = dated.min_by_key(|standing| standing.written.map(Moment::minutes))?;
    is_after(earliest.written?, due).then(|| of_author(earliest, DeficiencyKind::Late, &requirement.template))
}

/// Whether a document is of an event: of any where none is asked for or the document names none, else of its day.
fn is_of(document: &Document<'_>, event: Option<Day>) -> bool {
    match (event, document.event_date.value()) {
        (Some(day), Some(moment)) => moment.day == day,
        _ => true,
    }
}

/// A day of operation and its surgeon, blank where the record names none.
#[derive(Debug, Clone, Copy)]
struct Operation<'o> {
    day: Day,
    surgeon: &'o str,
}

/// Days on which an operation was performed: section 0 of ICD-10-PCS, or categories 00 to 86 of ICD-9-CM. The surgeon of a day is that of its first operation
/// that names one.
fn operations<'o>(encounter: &Encounter<'o>) -> Vec<Operation<'o>> {
    let mut operations: Vec<Operation<'o>> = encounter
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
        .filter_map(|procedure| {
            procedure.date.value().map(|moment| Operation { day: moment.day, surgeon: procedure.surgeon_npi })
        })
        .collect();
    // The sort is stable, so the operations of a day stay in the order of their positions.
    operations.sort_by_key(|operation| (operation.day, operation.surgeon.is_empty()));
    operations.dedup_by_key(|operation| operation.day);
    operations
}

fn applies(expectation: &Expectation, encounter: &Encounter<'_>, operated: bool) -> bool {
    let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
    encounter.length_of_stay().is_some_and(|stay| stay >= expectation.minimum_stay_days)
        && is(expectation.operation, operated)
        && is(expectation.died, encounter.died())
        && is(expectation.newborn, encounter.is_newborn())
        && (expectation.discharge_status.is_empty()
            || encounter
                .discharge_status
                .value()
                .is_some_and(|status| expectation.discharge_status.contains(&status.text())))
}

fn attending<'a>(encounter: &Encounter<'a>) -> &'a str {
    if encounter.attending_name.is_empty() { encounter.attending_npi } else { encounter.attending_name }
}

/// Who owes a document that is not there: of an operation its surgeon, where none is named the operating practitioner of the record, else the attending.
fn responsible<'a>(expectation: &Expectation, encounter: &Encounter<'a>, surgeon: &'a str) -> &'a str {
    match expectation.responsible {
        Responsible::Operating if !surgeon.is_empty() => surgeon,
        Responsible::Operating if !encounter.operating_npi.is_empty() => encounter.operating_npi,
        Responsible::Operating | Responsible::Attending => attending(encounter),
    }
}

/// What a due time is counted from; an event that is not known is the admission.
fn moment_from(from: DueFrom, encounter: &Encounter<'_>, event: Option<Moment>) -> Option<Moment> {
    match from {
        DueFrom::Admission => encounter.admission_date.value(),
        DueFrom::Discharge => encounter.discharge_date.value(),
        DueFrom::Event => event.or(encounter.admission_date.value()),
    }
}

/// So many hours later. A day without a time counts to its last minute, so that nobody is late for want of a clock.
fn after(from: Moment, hours: i64) -> Moment {
    Moment { minute: Some(from.minute.unwrap_or(1439)), ..from }.after_minutes(hours * 60)
}

fn is_after(written: Moment, due: Moment) -> bool {
    match written.minute {
        Some(_) => due.is_before(written),
        None => written.day > due.day,
    }
}
