//! COD118: whether the codes of a file are of the revision that they are judged under.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::field::CanonicalTable,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "COD118",
    name: "codes-fit-another-revision",
    severity: Severity::Error,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "most codes of the file are no codes of their revision, but fit another code system that the layout does not state",
    test: Test::Input {
        applies: |input| {
            input.fault.is_empty()
                && matches!(
                    input.table,
                    Some(CanonicalTable::Encounters | CanonicalTable::Diagnoses | CanonicalTable::Procedures)
                )
        },
        violates: |input| !input.fits_revision.is_empty(),
        shows: |input| input.fits_revision.clone(),
    },
    page: include_str!("codes_fit_another_revision.md"),
};
