//! FLD047: whether the National Provider Identifier of the surgeon has ten digits and its check digit is right.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FLD047",
    name: "surgeon-npi-invalid",
    severity: Severity::Error,
    life: RulePeriod::from("2008-05-23"),
    field: Some(Field::SurgeonNpi),
    message: "the NPI of the surgeon does not check",
    test: asked!(Procedure {
        applies: |_, procedure, _| !procedure.surgeon_npi.is_empty(),
        violates: |_, procedure, _| !facts::is_npi(procedure.surgeon_npi),
    }),
    page: include_str!("surgeon_npi_invalid.md"),
};
