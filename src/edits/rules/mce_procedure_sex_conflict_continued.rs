//! MCE305: whether procedures that are for one sex stand on records of that sex, for discharges from 2024-10-01, as the editor's tables last had it.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE305",
    name: "procedure-sex-conflict-continued",
    severity: Severity::Warning,
    life: RulePeriod::from("2024-10-01"),
    field: Some(Field::ProcedureCode),
    message: "the procedure does not go with the sex (edit until 2024-09-30)",
    test: asked!(Procedure {
        applies: |encounter, procedure, context| {
            encounter::asks_procedure(encounter, procedure) && encounter::asks_sex(encounter, context, true)
        },
        violates: |encounter, procedure, _| encounter::has_sex_conflict(encounter, procedure.judgement, true),
    }),
    page: include_str!("mce_procedure_sex_conflict_continued.md"),
};
