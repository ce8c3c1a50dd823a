//! LOG105: whether the stated length of stay is discharge minus admission in days, a stay of one day counting 1 (0 is taken as 1).

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG105",
    name: "stated-stay-differs",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::LengthOfStay),
    message: "the stated length of stay is not the one from the dates",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.computed_stay().is_some() && encounter.stated_length_of_stay.value().is_some()
        },
        violates: |encounter, _| {
            encounter.computed_stay_as_stated() != encounter.stated_length_of_stay.value().map(|days| days.max(1))
        },
    }),
    page: include_str!("stated_stay_differs.md"),
};
