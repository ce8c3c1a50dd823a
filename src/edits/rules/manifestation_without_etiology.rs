//! CNV102: whether the record of a manifestation has a code that its code first note names.

use crate::{
    edits::conventions,
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "CNV102",
    name: "manifestation-without-etiology",
    severity: Severity::Warning,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "the manifestation stands without a code that its code first note names",
    test: asked!(Diagnosis of MANIFESTATION {
        applies: |encounter, diagnosis, _| {
            diagnosis.kinds.any(DiagnosisKinds::MANIFESTATION) && facts::all_have_meaning(encounter)
        },
        violates: |encounter, diagnosis, _| { conventions::missing_etiology(encounter, diagnosis).is_some() },
    }),
    page: include_str!("manifestation_without_etiology.md"),
};
