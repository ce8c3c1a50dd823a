//! LOG116: whether codes of liveborn infants stand on records of patients under one year alone.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG116",
    name: "liveborn-code-after-first-year",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a code of liveborn infant stands on a record of a patient of one year or older",
    test: asked!(Diagnosis of LIVEBORN {
        applies: |encounter, diagnosis, _| facts::is_liveborn(diagnosis) && facts::ages_asked(encounter).is_some(),
        violates: |encounter, _, _| facts::ages_asked(encounter).is_some_and(|(youngest, _)| youngest >= 1),
    }),
    page: include_str!("liveborn_code_after_first_year.md"),
};
