//! TAB014: whether the staff file has a row of every practitioner whom the records name: attending, operating, and surgeons of procedures.

use crate::{
    edits::{
        between_tables::{AskedOf, AskedOfEach},
        facts,
        rule::{Rule, RulePeriod, Test},
    },
    record::{field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB014",
    name: "practitioner-not-on-staff-file",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "the staff file has no row of a practitioner whom records name",
    test: Test::Tables {
        of: AskedOfEach::Practitioners,
        table: CanonicalTable::Staff,
        applies: |subject, _| match subject {
            AskedOf::Practitioner { number, known, .. } => *known || facts::is_npi(number),
            _ => false,
        },
        violates: |subject, _| matches!(subject, AskedOf::Practitioner { known: false, .. }),
        shows: |subject| match subject {
            AskedOf::Practitioner { number, named, .. } if named.records == 1 => format!("{number}: 1 record"),
            AskedOf::Practitioner { number, named, .. } => format!("{number}: {} records", named.records),
            _ => String::new(),
        },
    },
    page: include_str!("practitioner_not_on_staff_file.md"),
};
