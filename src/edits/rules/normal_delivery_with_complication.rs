//! LOG154: whether normal delivery (O80) stands with another code of pregnancy and childbirth.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG154",
    name: "normal-delivery-with-complication",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "normal delivery stands with another code of pregnancy and childbirth",
    test: asked!(Encounter {
        applies: |encounter, _| { encounter.kinds.any(DiagnosisKinds::NORMAL_DELIVERY) },
        violates: |encounter, _| {
            encounter
                .diagnoses
                .iter()
                .any(|diagnosis| facts::is_maternal(diagnosis) && !facts::is_normal_delivery(diagnosis))
        },
    }),
    page: include_str!("normal_delivery_with_complication.md"),
};
