//! DOC005: whether no document is signed after the business date of the run.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC005",
    name: "document-signed-in-future",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SignedAt),
    message: "a document is signed after the business date; data with shifted dates need --as-of",
    test: asked!(Document {
        applies: |_, document, _| document.signed_at.value().is_some(),
        violates: |_, document, context| {
            document.signed_at.value().is_some_and(|moment| moment.day > context.business_date)
        },
    }),
    page: include_str!("document_signed_in_future.md"),
};
