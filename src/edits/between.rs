//! The edits between the records of one patient: the stays of one number, or of one identity, looked at together.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    edits::{
        acceptance::accepted,
        conditions::{ConditionTally, Conditions},
        engine::ActiveRules,
        rule::{EditContext, Rule, Test},
        scorecard::Scorecard,
        stay::{Stay, StayRows, together, write},
        tables::ToCorrect,
    },
    partition::encounter::Encounter,
    record::{
        date::{Day, Moment},
        finding::{Finding, FindingKey, Found, Severity},
        life::values_digest,
        subject::Subject,
        vocabulary::Sex,
    },
    rows::row::Row,
};

/// Records looked at together. A number with more is a placeholder, not a patient: the rest is not asked.
pub const MOST_RECORDS: usize = 10_000;

/// The records of one patient, in the order of time, with what several rules ask of all of them.
#[derive(Debug)]
pub struct PatientRecords<'a> {
    /// By the days of admission and discharge, then by their minutes, facility and encounter number.
    pub stays: Vec<Stay<'a>>,
    /// By stay: of the stays before it, the one that lasted longest into time.
    pub lasting_before: Vec<Option<usize>>,
    /// The stay that states the earliest death.
    pub death: Option<usize>,
    /// The birth date that most records have, the first of those where several are as frequent.
    pub birth_date: Option<Day>,
    /// The sex that most records have.
    pub sex: Option<Sex>,
}

impl<'a> PatientRecords<'a> {
    /// Brings the records of one patient together.
    pub fn new(mut stays: Vec<Stay<'a>>) -> PatientRecords<'a> {
        // The place of a row without a number is told last: its content does not move when rows are shuffled.
        stays.sort_by_key(|stay| {
            let number = if stay.unnumbered.is_some() { "" } else { stay.encounter_id };
            let day = |moment: Option<Moment>| moment.map(|moment| moment.day);
            let days = (day(stay.admission), day(stay.discharge));
            (days, (stay.admission, stay.discharge), stay.facility_id, number, stay.unnumbered, stay.origin)
        });
        let mut lasting: Option<usize> = None;
        let mut lasting_before = Vec::with_capacity(stays.len());
        for (place, stay) in stays.iter().enumerate() {
            lasting_before.push(lasting);
            let end = |place: usize| stays[place].days().map(|(_, discharge)| discharge);
            if stay.days().is_some() && lasting.is_none_or(|lasting| end(lasting) < end(place)) {
                lasting = Some(place);
            }
        }
        let death =
            (0..stays.len()).filter(|place| stays[*place].death.is_some()).min_by_key(|place| stays[*place].death);
        let birth_date = most_frequent(stays.iter().filter_map(|stay| stay.birth_date));
        let sex = most_frequent(stays.iter().filter_map(|stay| stay.sex));
        PatientRecords { lasting_before, death, birth_date, sex, stays }
    }
}

/// The value that stands most often; of several as frequent the one met first.
fn most_frequent<V: Ord + Copy>(values: impl Iterator<Item = V>) -> Option<V> {
    let mut counts: BTreeMap<V, (usize, Reverse<usize>)> = BTreeMap::new();
    for (place, value) in values.enumerate() {
        counts.entry(value).or_insert((0, Reverse(place))).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, rank)| *rank).map(|(value, _)| value)
}

/// Numbers of the rules that are asked of a patient's records.
pub fn patient_rules(rules: &ActiveRules) -> Vec<usize> {
    let of_patients = rules.rules.iter().enumerate();
    of_patients.filter(|(_, (rule, _))| matches!(rule.test, Test::Patient { .. })).map(|(number, _)| number).collect()
}

/// What the rows of stays need for these rules.
pub fn stay_rows(rules: &ActiveRules, context: &EditContext) -> StayRows {
    let mut severities = rules.rules.iter().filter(|(rule, _)| matches!(rule.test, Test::Patient { .. }));
    StayRows {
        by_facility: context.patient_numbers_by_facility,
        attending: severities.any(|(_, severity)| *severity <= Severity::Error),
    }
}

/// Asks the rules (numbered by [`patient_rules`]) of one patient's rows, which have one key. Records with an error come twice: their findings, and what is told of them to
/// whoever corrects them, a line a finding.
pub fn examine_patient(
    rows: &[u8],
    asked: &[usize],
    rules: &ActiveRules,
    context: &EditContext,
    scorecard: &mut Scorecard,
    (findings, to_correct): (&mut Vec<Finding>, &mut Vec<ToCorrect>),
    (conditions, tally): (&Conditions, &mut ConditionTally),
) {
    let Some(first) = Row::first(rows) else { return };
    let kind = together(first);
    if first.bytes().len() == rows.len() {
        // Most patients have one record, and no rule applies where there is no other.
        for number in asked.iter().copied() {
            let of_kind = matches!(rules.rules[number].0.test, Test::Patient { together, .. } if together == kind);
            scorecard.scores[number].not_applicable += u64::from(of_kind);
        }
        return;
    }
    let records = PatientRecords::new(Row::all(rows).filter_map(Stay::read).collect());
    conditions.count_patient(&records, kind, rules, context, tally);
    for number in asked.iter().copied() {
        let (rule, severity) = rules.rules[number];
        let Test::Patient { together, applies, violates } = rule.test else { continue };
        if together != kind {
            continue;
        }
        let score = &mut scorecard.scores[number];
        for (place, stay) in records.stays.iter().enumerate() {
            if !applies(&records, place, context) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            let Some(other) = violates(&records, place, context) else { continue };
            score.failed += 1;
            score.records_failed += 1;
            let facts = |stay: &Stay<'_>| {
                format!("{:?} {:?} {:?} {:?}", stay.admission, stay.discharge, stay.birth_date, stay.sex)
            };
            let beside = [facts(stay), facts(&records.stays[other])].join(" ");
            let (subject, other) = (stay.subject(), records.stays[other].subject());
            let values = values_digest(other.encounter_id(), &beside);
            let key = key_between(rule, &subject, &other);
            let accepted =
                accepted(&rules.acceptances, rule.code, &subject, None, context).or_else(|| rules.decided(key, values));
            if accepted.is_some() {
                score.accept(1);
            }
            if accepted.is_none() && severity <= Severity::Error {
                to_correct.push(ToCorrect {
                    origin: stay.origin,
                    subject: subject.clone(),
                    counts: [0; 4],
                    findings: vec![(number as u16, key)],
                    attending: stay.attending.to_owned(),
                });
            }
            findings.push(Finding {
                rule: number as u16,
                severity,
                key,
                subject,
                field: rule.field,
                position: 0,
                raw: other.encounter_id().to_owned(),
                values,
                other: Some(Box::new(other)),
                origin: stay.origin,
                accepted,
            });
        }
    }
}

/// A finding between two records is known by both.
fn key_between(rule: &Rule, subject: &Subject, other: &Subject) -> FindingKey {
    let other = FindingKey::of("", Some(other), None, Found::Once, 0).to_string();
    FindingKey::of(rule.code, Some(subject), rule.field, Found::Value(&other), 0)
}

/// Asks the rules of encounters that are all in memory: as pages and tests do.
pub fn examine_patients(
    encounters: &[Encounter<'_>],
    rules: &ActiveRules,
    context: &EditContext,
    scorecard: &mut Scorecard,
) -> Vec<Finding> {
    let mut rows = Vec::new();
    for encounter in encounters {
        write(encounter, true, stay_rows(rules, context), &mut rows);
    }
    let mut by_patient: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
    for row in Row::all(&rows) {
        by_patient.entry(row.key()).or_default().extend_from_slice(row.bytes());
    }
    let asked = patient_rules(rules);
    let mut findings = Vec::new();
    for rows in by_patient.values() {
        let none = (&Conditions::default(), &mut ConditionTally::default());
        examine_patient(rows, &asked, rules, context, scorecard, (&mut findings, &mut Vec::new()), none);
    }
    findings
}
