//! LOG133: whether a record with procedures names an operating practitioner, on the record or at a procedure.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG133",
    name: "procedures-without-operating-practitioner",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::OperatingNpi),
    message: "the record has procedures and no operating practitioner",
    test: asked!(Encounter {
        applies: |encounter, context| {
            context.is_mapped(Field::OperatingNpi)
                && encounter.procedures.iter().any(|procedure| !procedure.raw.is_empty())
        },
        violates: |encounter, _| {
            encounter.operating_npi.is_empty()
                && encounter.procedures.iter().all(|procedure| procedure.surgeon_npi.is_empty())
        },
    }),
    page: include_str!("procedures_without_operating_practitioner.md"),
};
