//! LOG190: whether codes of pregnancy, childbirth and the puerperium stand on records of male patients, for discharges from 2024-10-01.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::Sex,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG190",
    name: "maternal-code-on-male-continued",
    severity: Severity::Warning,
    life: RulePeriod::from("2024-10-01"),
    field: Some(Field::DiagnosisCode),
    message: "a code of pregnancy or childbirth stands on the record of a male patient (edit until 2024-09-30)",
    test: asked!(Diagnosis of MATERNAL {
        applies: |encounter, diagnosis, _| facts::is_maternal(diagnosis) && encounter.sex.value().is_some(),
        violates: |encounter, _, _| encounter.sex.value() == Some(Sex::Male),
    }),
    page: include_str!("maternal_code_on_male_continued.md"),
};
