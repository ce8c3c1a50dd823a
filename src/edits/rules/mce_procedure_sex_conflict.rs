//! MCE105: whether procedures that are for one sex stand on records of that sex, for discharges through 2024-09-30.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE105",
    name: "procedure-sex-conflict",
    severity: Severity::Warning,
    life: RulePeriod::until("2024-09-30"),
    field: Some(Field::ProcedureCode),
    message: "the procedure does not go with the sex",
    test: asked!(Procedure {
        applies: |encounter, procedure, context| {
            encounter::asks_procedure(encounter, procedure) && encounter::asks_sex(encounter, context, false)
        },
        violates: |encounter, procedure, _| encounter::has_sex_conflict(encounter, procedure.judgement, false),
    }),
    page: include_str!("mce_procedure_sex_conflict.md"),
};
