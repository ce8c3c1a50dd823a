//! LOG122: whether a record with an injury as principal diagnosis has a code of external cause.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG122",
    name: "injury-without-external-cause",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the principal diagnosis is an injury, and no code says its cause",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.principal_diagnosis().is_some_and(facts::is_injury) && facts::all_have_meaning(encounter)
        },
        violates: |encounter, _| !encounter.kinds.any(DiagnosisKinds::EXTERNAL_CAUSE),
    }),
    page: include_str!("injury_without_external_cause.md"),
};
