//! DOC001: whether a document was signed after it was dictated or written.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC001",
    name: "document-signed-before-written",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SignedAt),
    message: "a document was signed before it was written",
    test: asked!(Document {
        applies: |_, document, _| document.signed_at.value().is_some() && document.dictated_at.value().is_some(),
        violates: |_, document, _| {
            document
                .signed_at
                .value()
                .zip(document.dictated_at.value())
                .is_some_and(|(signed, dictated)| signed.is_before(dictated))
        },
    }),
    page: include_str!("document_signed_before_written.md"),
};
