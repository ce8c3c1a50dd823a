//! LOG125: whether the positions of secondary diagnoses follow each other without a gap.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::{Diagnosis, Encounter},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG125",
    name: "gap-in-diagnoses",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the position before this diagnosis is empty",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, _| diagnosis.position > 1 && !diagnosis.raw.is_empty(),
        violates: |encounter, diagnosis, _| follows_a_gap(encounter, diagnosis),
    }),
    page: include_str!("gap_in_diagnoses.md"),
};

/// Whether the position before is empty although it is a secondary one. Diagnoses stand by position, so the one before tells.
fn follows_a_gap(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    let before = facts::diagnoses_before(encounter, diagnosis).iter().rev().find(|before| !before.raw.is_empty());
    diagnosis.position > before.map_or(1, |before| before.position.max(1)) + 1
}
