//! DOC006: whether every document names the clinician responsible for it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC006",
    name: "document-without-author",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DocumentAuthor),
    message: "a document has no author",
    test: asked!(Document { applies: |_, _, _| true, violates: |_, document, _| document.author.is_empty() }),
    page: include_str!("document_without_author.md"),
};
