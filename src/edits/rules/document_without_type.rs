//! DOC002: whether every document of the index has a type.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC002",
    name: "document-without-type",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DocumentType),
    message: "a document has no type",
    test: asked!(Document { applies: |_, _, _| true, violates: |_, document, _| document.document_type.is_empty() }),
    page: include_str!("document_without_type.md"),
};
