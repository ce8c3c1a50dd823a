//! MCE013: whether two different procedures on joints of the lower extremities stand on a record with a principal diagnosis of the musculoskeletal system.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE013",
    name: "bilateral-procedure",
    severity: Severity::Warning,
    life: RulePeriod::until("2015-09-30"),
    field: Some(Field::ProcedureCode),
    message: "two different procedures on joints of a pair: was it both sides?",
    test: asked!(Encounter {
        applies: |encounter, _| encounter::asked_on(encounter).is_some() && !encounter.procedures.is_empty(),
        violates: |encounter, _| encounter::is_bilateral(encounter),
    }),
    page: include_str!("mce_bilateral_procedure.md"),
};
