//! MCE015: whether an inpatient record says male or female, for discharges through 2024-09-30.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::Sex,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE015",
    name: "sex-unknown",
    severity: Severity::Warning,
    life: RulePeriod::until("2024-09-30"),
    field: Some(Field::Sex),
    message: "the sex is unknown",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.sex.value().is_some() && encounter::asked_on(encounter).is_some(),
        violates: |encounter, _| encounter.sex.value() == Some(Sex::Unknown),
    }),
    page: include_str!("mce_sex_unknown.md"),
};
