//! CNV103: whether a code that the code first note names stands after the diagnosis, and none of the list before it.

use crate::{
    edits::conventions,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "CNV103",
    name: "etiology-after-manifestation",
    severity: Severity::Warning,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "a code that the code first note names stands after the code",
    test: asked!(Diagnosis of CODE_FIRST {
        applies: |encounter, diagnosis, _| {
            diagnosis.kinds.any(DiagnosisKinds::CODE_FIRST) && conventions::is_ordered(encounter)
        },
        violates: |encounter, diagnosis, _| { conventions::etiology_after(encounter, diagnosis).is_some() },
    }),
    page: include_str!("etiology_after_manifestation.md"),
};
