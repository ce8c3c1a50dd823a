//! LOG124: whether a secondary diagnosis is the same code as the principal or an earlier secondary one, dots and case aside.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::{Diagnosis, Encounter},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG124",
    name: "repeated-diagnosis",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a secondary diagnosis repeats an earlier one",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| {
            !diagnosis.code.is_empty() && !facts::diagnoses_before(encounter, diagnosis).is_empty()
        },
        violates: |encounter, diagnosis, _| repeats(encounter, diagnosis),
    }),
    page: include_str!("repeated_diagnosis.md"),
};

/// Earlier diagnoses that are looked at; more stand on one record only where the export is keyed wrongly, and then each would be compared with all.
const LOOKED_AT: usize = 1000;

fn repeats(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    facts::diagnoses_before(encounter, diagnosis)
        .iter()
        .rev()
        .take(LOOKED_AT)
        .any(|earlier| earlier.code == diagnosis.code && earlier.system == diagnosis.system)
}
