//! MCE012: whether an open biopsy is coded, for discharges through 2010-09-30.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE012",
    name: "open-biopsy",
    severity: Severity::Warning,
    life: RulePeriod::until("2010-09-30"),
    field: Some(Field::ProcedureCode),
    message: "an open biopsy is coded: was it a closed one?",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| encounter::asks_procedure(encounter, procedure),
        violates: |encounter, procedure, _| encounter::procedure_raises(encounter, procedure, Edit::OpenBiopsy),
    }),
    page: include_str!("mce_open_biopsy.md"),
};
