//! TAB001: whether every row of a diagnoses export hangs on an encounter of the run.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::field::{CanonicalTable, Field},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB001",
    name: "diagnosis-without-encounter",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "a diagnosis names an encounter that no input has, or a number that several facilities have",
    test: Test::Orphan { table: CanonicalTable::Diagnoses },
    page: include_str!("diagnosis_without_encounter.md"),
};
