//! TAB002: whether every row of a procedures export hangs on an encounter of the run.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::field::{CanonicalTable, Field},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB002",
    name: "procedure-without-encounter",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: Some(Field::EncounterId),
    message: "a procedure names an encounter that no input has, or a number that several facilities have",
    test: Test::Orphan { table: CanonicalTable::Procedures },
    page: include_str!("procedure_without_encounter.md"),
};
