//! The tables of the edits: findings, findings verified as true, and the two worklists.

use std::borrow::Cow;

use crate::{
    book::csv::{CsvColumn, CsvTable},
    edits::{
        by_value::{ValueCount, ValueSample},
        engine::{ActiveRules, Described},
    },
    record::{
        date::Day,
        field::Field,
        finding::{Finding, FindingKey, Origin, Severity},
        subject::Subject,
    },
};

fn number(number: impl Into<u64>) -> Cow<'static, str> {
    number.into().to_string().into()
}

/// A number of which 0 means that there is none.
fn number_or_blank(of: u64) -> Cow<'static, str> {
    if of == 0 { "".into() } else { number(of) }
}

fn field(field: Option<Field>) -> Cow<'static, str> {
    field.map_or("", Field::name).into()
}

/// `findings.csv`: a line a finding; of the rules that are reported by value a line a value.
#[derive(Debug)]
pub struct Findings;

/// A line of [`Findings`].
#[derive(Debug)]
pub struct FindingLine<'r> {
    rule: Described<'r>,
    severity: Severity,
    key: FindingKey,
    facility_id: &'r str,
    encounter_id: &'r str,
    field: Option<Field>,
    position: u16,
    value: &'r str,
    input: &'r str,
    row: u64,
    count: u64,
    samples: String,
}

impl CsvTable for Findings {
    type Row<'r> = FindingLine<'r>;
    const PATH: &'static str = "findings.csv";

    fn columns<'r>() -> Vec<CsvColumn<FindingLine<'r>>> {
        vec![
            ("rule", |line| line.rule.code.into()),
            ("severity", |line| line.severity.name().into()),
            ("encounter_id", |line| line.encounter_id.into()),
            ("field", |line| field(line.field)),
            ("position", |line| number_or_blank(line.position.into())),
            ("value", |line| line.value.into()),
            ("message", |line| line.rule.message.into()),
            ("input", |line| line.input.into()),
            ("row", |line| number_or_blank(line.row)),
            ("count", |line| number(line.count)),
            ("samples", |line| line.samples.as_str().into()),
            ("facility_id", |line| line.facility_id.into()),
            ("finding_key", |line| line.key.to_string().into()),
        ]
    }
}

impl<'r> FindingLine<'r> {
    /// The line of one finding; `inputs` are the names of the inputs.
    pub fn of(finding: &'r Finding, rules: &'r ActiveRules, inputs: &'r [String]) -> FindingLine<'r> {
        FindingLine {
            rule: rules.described(usize::from(finding.rule)),
            severity: finding.severity,
            key: finding.key,
            facility_id: finding.subject.facility_id(),
            encounter_id: finding.subject.encounter_id(),
            field: finding.field,
            position: finding.position,
            value: &finding.raw,
            input: name_of(inputs, finding.origin.input),
            row: finding.origin.row,
            count: 1,
            samples: String::new(),
        }
    }

    /// The line of a value; its key speaks of no record, so that the value keeps it whichever records have it. Where encounter numbers are each facility's own
    /// (`by_facility`), the samples name the facility.
    pub fn of_value(
        value: &'r ValueCount,
        by_facility: bool,
        rules: &'r ActiveRules,
        inputs: &'r [String],
    ) -> FindingLine<'r> {
        let rule = rules.described(usize::from(value.rule));
        let first = value.samples.first();
        FindingLine {
            key: value.key(&rule),
            rule,
            severity: value.severity,
            facility_id: first.map_or("", |sample| sample.subject.facility_id()),
            encounter_id: first.map_or("", |sample| sample.subject.encounter_id()),
            field: value.field,
            position: first.map_or(0, |sample| sample.position),
            value: value.value.as_deref().unwrap_or("(further values)"),
            input: first.map_or("", |sample| name_of(inputs, sample.origin.input)),
            row: first.map_or(0, |sample| sample.origin.row),
            count: value.count,
            samples: samples(&value.samples, by_facility),
        }
    }
}

fn name_of(inputs: &[String], input: u16) -> &str {
    inputs.get(usize::from(input)).map_or("", String::as_str)
}

/// The numbers of encounters, with their facilities where numbers are each facility's own.
fn samples(named: &[ValueSample], by_facility: bool) -> String {
    let of = |subject: &Subject| match by_facility {
        true => format!("{} of {}", subject.encounter_id(), subject.facility_id()),
        false => subject.encounter_id().to_owned(),
    };
    named.iter().map(|sample| of(&sample.subject)).collect::<Vec<_>>().join("; ")
}

/// `accepted.csv`: the findings that somebody has verified as true.
#[derive(Debug)]
pub struct Accepted;

/// A line of [`Accepted`].
#[derive(Debug)]
pub struct AcceptedLine<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Its rule.
    pub rule: Described<'r>,
    /// Why.
    pub reason: Cow<'r, str>,
    /// Who has accepted it.
    pub author: &'r str,
    /// Last business date on which it is accepted; `None`: no end is stated.
    pub until: Option<Day>,
}

impl CsvTable for Accepted {
    type Row<'r> = AcceptedLine<'r>;
    const PATH: &'static str = "accepted.csv";

    fn columns<'r>() -> Vec<CsvColumn<AcceptedLine<'r>>> {
        vec![
            ("rule", |line| line.rule.code.into()),
            ("severity", |line| line.finding.severity.name().into()),
            ("encounter_id", |line| line.finding.subject.encounter_id().into()),
            ("field", |line| field(line.finding.field)),
            ("position", |line| number_or_blank(line.finding.position.into())),
            ("value", |line| line.finding.raw.as_str().into()),
            ("reason", |line| line.reason.as_ref().into()),
            ("author", |line| line.author.into()),
            ("until", |line| line.until.map_or("".into(), |until| until.to_string().into())),
            ("facility_id", |line| line.finding.subject.facility_id().into()),
            ("finding_key", |line| line.finding.key.to_string().into()),
        ]
    }
}

/// A record with an error or a fatal finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ToCorrect {
    /// Where its row stood.
    pub origin: Origin,
    /// The record.
    pub subject: Subject,
    /// Findings by severity, heaviest first.
    pub counts: [u16; 4],
    /// The rules of its errors and fatal findings in their order, each with the finding's key.
    pub findings: Vec<(u16, FindingKey)>,
    /// The attending practitioner, where the export names one.
    pub attending: String,
}

/// `worklists/records_to_correct.csv`: a line a record.
#[derive(Debug)]
pub struct RecordsToCorrect;

/// A line of [`RecordsToCorrect`].
#[derive(Debug)]
pub struct ToCorrectLine<'r> {
    /// The record.
    pub record: &'r ToCorrect,
    /// The rules of the run.
    pub rules: &'r ActiveRules,
    /// Names of the inputs.
    pub inputs: &'r [String],
}

impl ToCorrectLine<'_> {
    /// Where a record without a number is found: a list of numbered ones does not change with the order of an export.
    fn place(&self) -> Option<Origin> {
        let is_unnumbered = matches!(self.record.subject, Subject::Encounter { unnumbered: Some(_), .. });
        is_unnumbered.then_some(self.record.origin)
    }
}

/// Findings of one record of which the worklist has the keys: more stand on no record but one that is keyed wrongly, and would be cut in the middle of a key.
const MOST_KEYS: usize = 1000;

impl CsvTable for RecordsToCorrect {
    type Row<'r> = ToCorrectLine<'r>;
    const PATH: &'static str = "worklists/records_to_correct.csv";

    fn columns<'r>() -> Vec<CsvColumn<ToCorrectLine<'r>>> {
        vec![
            ("encounter_id", |line| line.record.subject.encounter_id().into()),
            ("fatal", |line| number(line.record.counts[0])),
            ("error", |line| number(line.record.counts[1])),
            ("warning", |line| number(line.record.counts[2])),
            ("info", |line| number(line.record.counts[3])),
            ("rules", |line| {
                let code = |(rule, _): &(u16, FindingKey)| line.rules.described(usize::from(*rule)).code;
                let mut codes: Vec<&str> = line.record.findings.iter().map(code).collect();
                codes.dedup();
                codes.join(" ").into()
            }),
            ("attending_name", |line| line.record.attending.as_str().into()),
            ("facility_id", |line| line.record.subject.facility_id().into()),
            ("finding_keys", |line| {
                let found = &line.record.findings;
                let mut keys: Vec<String> = found.iter().take(MOST_KEYS).map(|(_, key)| key.to_string()).collect();
                keys.extend(found.len().checked_sub(MOST_KEYS + 1).map(|more| format!("and {} more", more + 1)));
                keys.join(" ").into()
            }),
            ("input", |line| line.place().map_or("", |place| name_of(line.inputs, place.input)).into()),
            ("row", |line| number_or_blank(line.place().map_or(0, |place| place.row))),
        ]
    }
}

/// `worklists/patients_to_review.csv`: a line a finding between two records of one patient.
#[derive(Debug)]
pub struct PatientsToReview;

/// A line of [`PatientsToReview`].
#[derive(Debug)]
pub struct ToReviewLine<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// Its rule.
    pub rule: Described<'r>,
}

impl CsvTable for PatientsToReview {
    type Row<'r> = ToReviewLine<'r>;
    const PATH: &'static str = "worklists/patients_to_review.csv";

    fn columns<'r>() -> Vec<CsvColumn<ToReviewLine<'r>>> {
        vec![
            ("rule", |line| line.rule.code.into()),
            ("severity", |line| line.finding.severity.name().into()),
            ("encounter_id", |line| line.finding.subject.encounter_id().into()),
            ("field", |line| field(line.finding.field)),
            ("other_encounter_id", |line| line.finding.raw.as_str().into()),
            ("message", |line| line.rule.message.into()),
            ("facility_id", |line| line.finding.subject.facility_id().into()),
            ("other_facility_id", |line| line.finding.other.as_ref().map_or("", |other| other.facility_id()).into()),
            ("finding_key", |line| line.finding.key.to_string().into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_with_very_many_findings_has_whole_keys_and_how_many_more_there_are() {
        let rules = ActiveRules::only("FLD007");
        let keys = |count: usize| {
            let record = ToCorrect {
                origin: Origin::default(),
                subject: Subject::encounter("A", "V1"),
                counts: [0; 4],
                findings: vec![(0, FindingKey::default()); count],
                attending: String::new(),
            };
            let line = ToCorrectLine { record: &record, rules: &rules, inputs: &[] };
            let columns = RecordsToCorrect::columns();
            let (_, value) = columns.iter().find(|(name, _)| *name == "finding_keys").expect("the column");
            value(&line).into_owned()
        };
        let whole = FindingKey::default().to_string();
        assert_eq!(keys(MOST_KEYS).split(' ').filter(|key| *key == whole).count(), MOST_KEYS);
        assert!(!keys(MOST_KEYS).contains("more"));
        assert!(keys(MOST_KEYS + 500).ends_with(&format!(" {whole} and 500 more")));
    }
}
