//! TAB002: whether every row of a procedures export hangs on an encounter of the run.

use crate::{
    edits::rule::{Life, Rule, Test},
    record::field::{Field, Table},
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "TAB002",
    name: "procedure-without-encounter",
    severity: Severity::Error,
    life: Life::ALWAYS,
    field: Some(Field::EncounterId),
    message: "a procedure names an encounter that no input has, or a number that several facilities have",
    test: Test::Orphan { table: Table::Procedures },
    page: include_str!("procedure_without_encounter.md"),
};
