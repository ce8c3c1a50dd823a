//! FIL005: whether rows of an input repeat other rows of the same feed in every column.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::InputAccount, delivery::DeliveredContent, field::CanonicalTable, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL005",
    name: "rows-repeated",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "rows repeat other rows in every column",
    test: Test::Input {
        applies: |input| input.read > 0 && input.delivery != DeliveredContent::Full.name(),
        violates: |input| unexpected(input) > 0,
        shows: |input| unexpected(input).to_string(),
    },
    page: include_str!("rows_repeated.md"),
};

/// Repeated rows that the delivery does not explain: a corrected stay is sent with all its diagnoses and procedures, also those that were right.
fn unexpected(input: &InputAccount) -> u64 {
    let sent_whole = matches!(input.table, Some(CanonicalTable::Diagnoses | CanonicalTable::Procedures));
    if sent_whole && input.delivery == DeliveredContent::Changes.name() {
        input.repeats_itself
    } else {
        input.duplicate
    }
}
