//! FLD046: whether the National Provider Identifier of the operating practitioner has ten digits and its check digit is right.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD046",
    name: "operating-npi-invalid",
    severity: Severity::Error,
    life: RulePeriod::from("2008-05-23"),
    field: Some(Field::OperatingNpi),
    message: "the NPI of the operating practitioner does not check",
    test: asked!(Encounter {
        applies: |encounter, _| !encounter.operating_npi.is_empty(),
        violates: |encounter, _| !facts::is_npi(encounter.operating_npi),
    }),
    page: include_str!("operating_npi_invalid.md"),
};
