//! Applies rules to a partition and to inputs. Pure: plain data in, findings and scores out.

use super::{
    rule::{Context, Rule, Test},
    rules::RULES,
    scorecard::{Score, Scorecard},
};
use crate::{
    partition::encounter::{Encounter, Orphan},
    record::{
        account::InputAccount,
        field::Field,
        finding::{Finding, Origin, Severity},
    },
};

/// The rules of a run with the severities in force, in the order of the list.
#[derive(Debug, Clone)]
pub struct ActiveRules {
    /// Rule and severity.
    pub rules: Vec<(&'static Rule, Severity)>,
}

impl ActiveRules {
    /// All rules but the ignored, with the severities that a pipeline gives.
    pub fn new(ignore: &[String], severity: &[(String, Severity)]) -> ActiveRules {
        let rules = RULES
            .iter()
            .filter(|rule| !ignore.iter().any(|code| code == rule.code))
            .map(|rule| {
                let given = severity.iter().rev().find(|(code, _)| code == rule.code).map(|(_, severity)| *severity);
                (rule, given.unwrap_or(rule.severity))
            })
            .collect();
        ActiveRules { rules }
    }

    /// One rule alone, as its page runs it.
    pub fn only(code: &str) -> ActiveRules {
        ActiveRules { rules: RULES.iter().filter(|rule| rule.code == code).map(|rule| (rule, rule.severity)).collect() }
    }
}

/// What an examination found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// Findings, by encounter in the order given, then rule, then position.
    pub findings: Vec<Finding>,
    /// By encounter: findings by severity, heaviest first.
    pub by_severity: Vec<[u16; 4]>,
    /// The scores.
    pub scorecard: Scorecard,
}

/// Examines encounters and the rows that hang on none.
pub fn examine(
    encounters: &[Encounter<'_>],
    orphans: &[Orphan<'_>],
    rules: &ActiveRules,
    context: &Context,
) -> Examined {
    let mut scorecard = Scorecard::new(rules.rules.len());
    // Failing places first as integers, rule by rule; texts are made for them alone, after the loops.
    let mut failed: Vec<(u32, u16, u32)> = Vec::new();
    for (number, (rule, _)) in rules.rules.iter().enumerate() {
        let score = &mut scorecard.scores[number];
        let rule_number = number as u16;
        let mut fail = |encounter: usize, child: usize, score: &mut Score| {
            score.failed += 1;
            let again = failed.last().is_some_and(|last| (last.0, last.1) == (encounter as u32, rule_number));
            score.records_failed += u64::from(!again);
            failed.push((encounter as u32, rule_number, child as u32));
        };
        match rule.test {
            Test::Encounter { applies, violates } => {
                for (index, encounter) in encounters.iter().enumerate() {
                    if !applies(encounter, context) {
                        score.not_applicable += 1;
                        continue;
                    }
                    score.examined += 1;
                    if violates(encounter, context) {
                        fail(index, 0, score);
                    }
                }
            }
            Test::Diagnosis { applies, violates } => {
                for (index, encounter) in encounters.iter().enumerate() {
                    for (child, diagnosis) in encounter.diagnoses.iter().enumerate() {
                        if !applies(encounter, diagnosis, context) {
                            score.not_applicable += 1;
                            continue;
                        }
                        score.examined += 1;
                        if violates(encounter, diagnosis, context) {
                            fail(index, child, score);
                        }
                    }
                }
            }
            Test::Procedure { applies, violates } => {
                for (index, encounter) in encounters.iter().enumerate() {
                    for (child, procedure) in encounter.procedures.iter().enumerate() {
                        if !applies(encounter, procedure, context) {
                            score.not_applicable += 1;
                            continue;
                        }
                        score.examined += 1;
                        if violates(encounter, procedure, context) {
                            fail(index, child, score);
                        }
                    }
                }
            }
            Test::Document { applies, violates } => {
                for (index, encounter) in encounters.iter().enumerate() {
                    for (child, document) in encounter.documents.iter().enumerate() {
                        if !applies(encounter, document, context) {
                            score.not_applicable += 1;
                            continue;
                        }
                        score.examined += 1;
                        if violates(encounter, document, context) {
                            fail(index, child, score);
                        }
                    }
                }
            }
            Test::Orphan { table } => {
                score.examined += encounters.len() as u64;
                let strays = orphans.iter().filter(|orphan| orphan.table == table).count() as u64;
                score.examined += strays;
                score.failed += strays;
                score.records_failed += strays;
            }
            Test::Input { .. } => {}
        }
    }
    failed.sort_unstable();
    let mut by_severity = vec![[0u16; 4]; encounters.len()];
    let mut findings = Vec::with_capacity(failed.len());
    for (index, number, child) in failed {
        let (rule, severity) = rules.rules[usize::from(number)];
        by_severity[index as usize][severity as usize] += 1;
        findings.push(finding(&encounters[index as usize], child as usize, number, rule, severity));
    }
    for orphan in orphans {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            if matches!(rule.test, Test::Orphan { table } if table == orphan.table) {
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    encounter_id: orphan.encounter_id.to_owned(),
                    field: rule.field,
                    position: 0,
                    raw: orphan.encounter_id.to_owned(),
                    origin: orphan.origin,
                });
            }
        }
    }
    Examined { findings, by_severity, scorecard }
}

fn finding(encounter: &Encounter<'_>, child: usize, number: u16, rule: &Rule, severity: Severity) -> Finding {
    let field = rule.field;
    let (position, raw, origin) = match rule.test {
        Test::Diagnosis { .. } => {
            let diagnosis = &encounter.diagnoses[child];
            let raw = match field {
                Some(Field::PresentOnAdmission) => raw_mark(encounter, diagnosis.position),
                _ => diagnosis.raw,
            };
            (diagnosis.position, raw, diagnosis.origin)
        }
        Test::Procedure { .. } => {
            let procedure = &encounter.procedures[child];
            let raw = match field {
                Some(Field::ProcedureDate) => encounter.raw(Field::ProcedureDate, place(procedure.position)),
                Some(Field::SurgeonNpi) => procedure.surgeon_npi,
                _ => procedure.raw,
            };
            (procedure.position, raw, procedure.origin)
        }
        Test::Document { .. } => {
            let document = &encounter.documents[child];
            (child as u16 + 1, document.document_id, document.origin)
        }
        Test::Encounter { .. } | Test::Orphan { .. } | Test::Input { .. } => {
            let raw = match field {
                // The key is kept apart from the other cells.
                Some(Field::EncounterId) => encounter.encounter_id,
                Some(field) => encounter.raw(field, 0),
                None => "",
            };
            (0, raw, encounter.origin())
        }
    };
    Finding {
        rule: number,
        severity,
        encounter_id: encounter.encounter_id.to_owned(),
        field,
        position,
        raw: masked(field, raw),
        origin,
    }
}

fn place(position: u16) -> u8 {
    u8::try_from(position.saturating_sub(1)).unwrap_or(u8::MAX)
}

fn raw_mark<'a>(encounter: &Encounter<'a>, position: u16) -> &'a str {
    encounter.raw(Field::PresentOnAdmission, place(position))
}

/// A social security number or name is not needed to correct it: the last four characters tell the record's owner which it is.
fn masked(field: Option<Field>, raw: &str) -> String {
    match field {
        Some(Field::SocialSecurityNumber | Field::PatientName) => {
            let count = raw.chars().count();
            let kept: String = raw.chars().skip(count.saturating_sub(4)).collect();
            format!("{}{kept}", "*".repeat(count.saturating_sub(4)))
        }
        _ => raw.to_owned(),
    }
}

/// Examines the inputs of a run; adds to the scorecard of the run's rules. A finding's origin names the input, with row 0.
pub fn examine_inputs(inputs: &[InputAccount], rules: &ActiveRules, scorecard: &mut Scorecard) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            let Test::Input { applies, violates } = rule.test else { continue };
            let score = &mut scorecard.scores[number];
            if !applies(input) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            if violates(input) {
                score.failed += 1;
                score.records_failed += 1;
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    encounter_id: String::new(),
                    field: rule.field,
                    position: 0,
                    raw: String::new(),
                    origin: Origin { input: place as u16, row: 0 },
                });
            }
        }
    }
    findings
}
