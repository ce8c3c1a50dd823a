//! DOC004: whether a document is countersigned after its author signed it.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC004",
    name: "document-countersigned-before-signed",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::CosignedAt),
    message: "a document was countersigned before its author signed it",
    test: asked!(Document {
        applies: |_, document, _| document.cosigned_at.value().is_some() && document.signed_at.value().is_some(),
        violates: |_, document, _| {
            // A time that only says the day may be any time of it.
            document.cosigned_at.value().zip(document.signed_at.value()).is_some_and(|(cosigned, signed)| {
                match (cosigned.minute, signed.minute) {
                    (Some(_), Some(_)) => cosigned.is_before(signed),
                    _ => cosigned.day < signed.day,
                }
            })
        },
    }),
    page: include_str!("document_countersigned_before_signed.md"),
};
