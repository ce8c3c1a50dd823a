//! FLD044: whether the social security number is one that was never issued, or printed and used by many, so that it identifies nobody.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD044",
    name: "social-security-number-default",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SocialSecurityNumber),
    message: "the social security number identifies nobody: it was never issued, or is a printed sample",
    test: asked!(Encounter {
        applies: |encounter, _| facts::social_security_digits(encounter.social_security_number).is_some(),
        violates: |encounter, _| {
            facts::social_security_digits(encounter.social_security_number)
                .is_some_and(|digits| facts::is_default_social_security_number(&digits))
        },
    }),
    page: include_str!("social_security_number_default.md"),
};
