//! TAB003: whether every document of the chart index hangs on an encounter of the run.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::field::{CanonicalTable, Field},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB003",
    name: "document-without-encounter",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "a document names an encounter that no input has, or a number that several facilities have",
    test: Test::Orphan { table: CanonicalTable::Documents },
    page: include_str!("document_without_encounter.md"),
};
