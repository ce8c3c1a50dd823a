//! LOG117: whether codes of pregnancy, childbirth and the puerperium stand on records of patients from 9 to 64 years alone.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG117",
    name: "maternal-code-age",
    severity: Severity::Warning,
    life: RulePeriod::from("2019-10-01"),
    field: Some(Field::DiagnosisCode),
    message: "a code of pregnancy or childbirth stands on a record of a patient younger than 9 or older than 64",
    test: asked!(Diagnosis of MATERNAL {
        applies: |encounter, diagnosis, _| facts::is_maternal(diagnosis) && facts::ages_asked(encounter).is_some(),
        violates: |encounter, _, _| {
            facts::ages_asked(encounter).is_some_and(|(youngest, oldest)| oldest < 9 || youngest > 64)
        },
    }),
    page: include_str!("maternal_code_age.md"),
};
