//! LOG132: whether birth date and admission date give an age of at most 124 years.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG132",
    name: "birth-date-gives-impossible-age",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::BirthDate),
    message: "the birth date gives an age of more than 124 years at admission; a stated age, where there is one, stands in its place",
    test: asked!(Encounter {
        applies: |encounter, _| {
            facts::admitted(encounter).is_some()
                && encounter.birth_date.value().is_some()
                && encounter.birth_date.value() <= facts::admitted(encounter)
        },
        violates: |encounter, _| {
            facts::admitted(encounter)
                .zip(encounter.birth_date.value())
                .is_some_and(|(admitted, birth)| admitted.completed_years_since(birth) > 124)
        },
    }),
    page: include_str!("birth_date_gives_impossible_age.md"),
};
