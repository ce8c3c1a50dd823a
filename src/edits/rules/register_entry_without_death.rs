//! TAB011: whether an entry of the deaths register has a record in the run, and whether that record is of a death.

use crate::{
    edits::{
        between_tables::{AskedOf, AskedOfEach},
        rule::{Rule, RulePeriod, Test},
    },
    record::{
        field::{CanonicalTable, Field},
        finding::Severity,
    },
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB011",
    name: "register-entry-without-death",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DeathDate),
    message: "the deaths register has an entry without a record of the death",
    test: Test::Tables {
        of: AskedOfEach::Entries,
        table: CanonicalTable::Deaths,
        applies: |subject, _| match subject {
            AskedOf::Entry { death: Some(death), met, in_span, .. } => {
                let named = !death.encounter_id.is_empty() || !death.patient_id.is_empty();
                met.is_some() || *in_span && named
            }
            _ => false,
        },
        violates: |subject, _| matches!(subject, AskedOf::Entry { met, .. } if *met != Some(true)),
        shows: |subject| match subject {
            AskedOf::Entry { death: Some(death), .. } => death.day.map_or(String::new(), |day| day.to_string()),
            _ => String::new(),
        },
    },
    page: include_str!("register_entry_without_death.md"),
};
