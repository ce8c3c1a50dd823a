//! LOG103: whether the stated age is the number of completed years from birth to admission, by the calendar.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::Encounter,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG103",
    name: "age-differs-from-birth-date",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::Age),
    message: "the stated age is not the completed years from birth to admission",
    test: asked!(Encounter {
        applies: |encounter, _| {
            computed(encounter).is_some() && encounter.stated_age.value().is_some_and(|age| (0..=124).contains(&age))
        },
        violates: |encounter, _| computed(encounter) != encounter.stated_age.value(),
    }),
    page: include_str!("age_differs_from_birth_date.md"),
};

/// Completed years from birth to admission; none where they cannot be, which edits on the birth date find.
fn computed(encounter: &Encounter<'_>) -> Option<i32> {
    let years = facts::admitted(encounter)?.completed_years_since(encounter.birth_date.value()?);
    (0..=124).contains(&years).then_some(years)
}
