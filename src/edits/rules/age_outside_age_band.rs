//! LOG136: whether the age lies in the age band.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG136",
    name: "age-outside-age-band",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AgeBand),
    message: "the age does not lie in the stated age band",
    test: asked!(Encounter {
        applies: |encounter, _| encounter.age_band.value().is_some() && encounter.age_years().is_some(),
        violates: |encounter, _| {
            let band = encounter.age_band.value().zip(encounter.age_years());
            band.is_some_and(|(band, age)| age < band.low || age > band.high)
        },
    }),
    page: include_str!("age_outside_age_band.md"),
};
