//! LOG157: whether a stay that begins and ends on one day is stated as 1 day, not as 0.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG157",
    name: "same-day-stay-stated-as-zero",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::LengthOfStay),
    message: "a stay of one day is stated as 0 days",
    test: asked!(Encounter {
        applies: |encounter, _| {
            let days = encounter.admission_date.value().zip(encounter.discharge_date.value());
            days.is_some_and(|(admission, discharge)| admission.day == discharge.day)
                && encounter.stated_length_of_stay.value().is_some()
        },
        violates: |encounter, _| encounter.stated_length_of_stay.value() == Some(0),
    }),
    page: include_str!("same_day_stay_stated_as_zero.md"),
};
