//! FLD070: whether the age band is a band of ages.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD070",
    name: "age-band-unreadable",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AgeBand),
    message: "the age band cannot be read as a band of ages",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.age_band.is_blank(),
        violates: |encounter, _| encounter.age_band.is_unreadable(),
    }),
    page: include_str!("age_band_unreadable.md"),
};
