//! FLD045: whether the National Provider Identifier has ten digits and its check digit is right.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD045",
    name: "attending-npi-invalid",
    severity: Severity::Error,
    life: RulePeriod::from("2008-05-23"),
    field: Some(Field::AttendingNpi),
    message: "the NPI of the attending practitioner does not check",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.attending_npi.is_empty(),
        violates: |encounter, _| !facts::is_npi(encounter.attending_npi),
    }),
    page: include_str!("attending_npi_invalid.md"),
};
