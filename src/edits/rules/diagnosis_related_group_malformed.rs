//! FLD053: whether the diagnosis-related group is written as three digits from 001 to 999.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD053",
    name: "diagnosis-related-group-malformed",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisRelatedGroup),
    message: "the diagnosis-related group is not three digits from 001 to 999",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.diagnosis_related_group.is_empty(),
        violates: |encounter, _| !is_group(encounter.diagnosis_related_group),
    }),
    page: include_str!("diagnosis_related_group_malformed.md"),
};

fn is_group(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && text != "000"
}
