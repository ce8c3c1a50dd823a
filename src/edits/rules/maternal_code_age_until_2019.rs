//! LOG126: whether patients with a code of pregnancy or childbirth are 12 to 55 years old, for discharges through 2019-09-30.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG126",
    name: "maternal-code-age-until-2019",
    severity: Severity::Warning,
    life: RulePeriod::until("2019-09-30"),
    field: Some(Field::DiagnosisCode),
    message: "a code of pregnancy or childbirth stands on a record of a patient younger than 12 or older than 55",
    test: asked!(Diagnosis of MATERNAL {
        applies: |encounter, diagnosis, _| facts::is_maternal(diagnosis) && facts::ages_asked(encounter).is_some(),
        violates: |encounter, _, _| {
            facts::ages_asked(encounter).is_some_and(|(youngest, oldest)| oldest < 12 || youngest > 55)
        },
    }),
    page: include_str!("maternal_code_age_until_2019.md"),
};
