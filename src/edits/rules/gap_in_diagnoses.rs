//! LOG125: whether the positions of secondary diagnoses follow each other without a gap.

use crate::{
    edits::rule::{Rule, Test},
    partition::encounter::Encounter,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG125",
    name: "gap-in-diagnoses",
    severity: Severity::Warning,
    field: Some(Field::DiagnosisCode),
    message: "a position between two diagnoses is empty",
    test: Test::Encounter {
        applies: |encounter, _| {
            encounter.diagnoses.iter().any(|diagnosis| diagnosis.position > 1 && !diagnosis.raw.is_empty())
        },
        violates: |encounter, _| has_gap(encounter),
    },
    page: include_str!("gap_in_diagnoses.md"),
};

/// Positions from 2 on that are empty although a later one is filled. Positions ascend, so a gap shows as a step.
fn has_gap(encounter: &Encounter<'_>) -> bool {
    let mut last = 1;
    for diagnosis in encounter.diagnoses.iter().filter(|diagnosis| !diagnosis.raw.is_empty()) {
        if diagnosis.position > last + 1 {
            return true;
        }
        last = last.max(diagnosis.position);
    }
    false
}
