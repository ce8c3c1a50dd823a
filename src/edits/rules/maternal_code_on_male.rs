//! LOG118: whether codes of pregnancy, childbirth and the puerperium stand on records of male patients, for discharges through 2024-09-30.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::Sex,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG118",
    name: "maternal-code-on-male",
    severity: Severity::Warning,
    life: RulePeriod::until("2024-09-30"),
    field: Some(Field::DiagnosisCode),
    message: "a code of pregnancy or childbirth stands on the record of a male patient",
    test: asked!(Diagnosis of MATERNAL {
        applies: |encounter, diagnosis, _| facts::is_maternal(diagnosis) && encounter.sex.value().is_some(),
        violates: |encounter, _, _| encounter.sex.value() == Some(Sex::Male),
    }),
    page: include_str!("maternal_code_on_male.md"),
};
