//! COD112: whether the admitting diagnosis of an export whose leading zeros were lost has only one reading.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::code::CodeVerdict,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD112",
    name: "admitting-leading-zeros-ambiguous",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "leading zeros are lost and the text can be several codes: nothing was chosen",
    test: asked!(Encounter {
        applies: |encounter, _| facts::admitting_verdict(encounter).is_some(),
        violates: |encounter, _| facts::admitting_verdict(encounter) == Some(CodeVerdict::SeveralReadings),
    }),
    page: include_str!("admitting_leading_zeros_ambiguous.md"),
};
