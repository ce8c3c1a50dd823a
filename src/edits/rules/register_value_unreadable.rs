//! TAB015: whether every date, number and flag of a row of a register (staff, census, deaths, births) can be read: dates in a format that the layout states, numbers whole and not negative, flags among the values that the layout translates.

use crate::{
    edits::{
        between_tables::{AskedOf, AskedOfEach},
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB015",
    name: "register-value-unreadable",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a date, number or flag of a register cannot be read",
    test: Test::Tables {
        of: AskedOfEach::Entries,
        table: CanonicalTable::Staff,
        applies: |subject, _| matches!(subject, AskedOf::Entry { .. }),
        violates: |subject, _| matches!(subject, AskedOf::Entry { entry, .. } if entry.unreadable.is_some()),
        shows: |subject| match subject {
            AskedOf::Entry { entry, .. } => {
                entry.unreadable.as_ref().map_or(String::new(), |(_, text)| text.to_string())
            }
            _ => String::new(),
        },
    },
    page: include_str!("register_value_unreadable.md"),
};
