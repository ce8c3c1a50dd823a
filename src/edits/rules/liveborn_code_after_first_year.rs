//! LOG116: whether codes of liveborn infants stand on records of patients under one year alone.

use crate::{
    edits::facts,
    edits::rule::{Rule, Test},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG116",
    name: "liveborn-code-after-first-year",
    severity: Severity::Error,
    field: Some(Field::DiagnosisCode),
    message: "a code of liveborn infant stands on a record of a patient of one year or older",
    test: Test::Encounter {
        applies: |encounter, _| encounter.diagnoses.iter().any(facts::is_liveborn) && encounter.age_years().is_some(),
        violates: |encounter, _| encounter.age_years().is_some_and(|age| age >= 1),
    },
    page: include_str!("liveborn_code_after_first_year.md"),
};
