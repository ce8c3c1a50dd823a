//! DOC003: whether the times of a document (event, dictated, transcribed, signed, countersigned) can be read.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::Document,
    record::{cell::Cell, date::Moment, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "DOC003",
    name: "document-time-unreadable",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "a time of a document cannot be read in a format that the layout states",
    test: asked!(Document {
        applies: |_, document, _| times(document).iter().any(|time| !time.is_blank()),
        violates: |_, document, _| times(document).iter().any(|time| time.is_unreadable()),
    }),
    page: include_str!("document_time_unreadable.md"),
};

fn times(document: &Document<'_>) -> [Cell<Moment>; 5] {
    [document.event_date, document.dictated_at, document.transcribed_at, document.signed_at, document.cosigned_at]
}
