//! FLD043: whether the social security number has nine digits, with dashes or without.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD043",
    name: "social-security-number-malformed",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SocialSecurityNumber),
    message: "the social security number does not have nine digits",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.social_security_number.is_empty(),
        violates: |encounter, _| facts::social_security_digits(encounter.social_security_number).is_none(),
    }),
    page: include_str!("social_security_number_malformed.md"),
};
