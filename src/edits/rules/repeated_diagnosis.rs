//! LOG124: whether a secondary diagnosis is the same code as the principal or an earlier secondary one, dots and case aside.

use crate::{
    edits::rule::{Rule, Test},
    partition::encounter::{Diagnosis, Encounter},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG124",
    name: "repeated-diagnosis",
    severity: Severity::Warning,
    field: Some(Field::DiagnosisCode),
    message: "a secondary diagnosis repeats an earlier one",
    test: Test::Diagnosis {
        applies: |_, diagnosis, _| diagnosis.position > 1 && !diagnosis.code.is_empty(),
        violates: |encounter, diagnosis, _| repeats(encounter, diagnosis),
    },
    page: include_str!("repeated_diagnosis.md"),
};

fn repeats(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    encounter.diagnoses.iter().any(|earlier| earlier.position < diagnosis.position && earlier.code == diagnosis.code)
}
