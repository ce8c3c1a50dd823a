//! LOG151: whether a record with a code of external cause has a diagnosis of injury, poisoning or another consequence of external causes.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG151",
    name: "external-cause-without-injury",
    severity: Severity::Info,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a code of external cause stands without an injury, a poisoning or another consequence",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.kinds.any(DiagnosisKinds::EXTERNAL_CAUSE) && facts::all_have_meaning(encounter)
        },
        violates: |encounter, _| { !encounter.kinds.any(DiagnosisKinds::OF_EXTERNAL_CAUSE) },
    }),
    page: include_str!("external_cause_without_injury.md"),
};
