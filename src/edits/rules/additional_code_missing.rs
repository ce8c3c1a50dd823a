//! CNV104: whether the record has the further code that a use additional code note asks of every record with this diagnosis.

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
    code: "CNV104",
    name: "additional-code-missing",
    severity: Severity::Info,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "the further code that the note asks for is not on the record",
    test: asked!(Diagnosis of USE_ADDITIONAL {
        applies: |encounter, diagnosis, _| {
            diagnosis.kinds.any(DiagnosisKinds::USE_ADDITIONAL) && facts::all_have_meaning(encounter)
        },
        violates: |encounter, diagnosis, _| { conventions::missing_additional(encounter, diagnosis).is_some() },
    }),
    page: include_str!("additional_code_missing.md"),
};
