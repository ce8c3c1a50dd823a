//! MCE108: whether a record with a procedure of delivery, vaginal or caesarean, has a secondary diagnosis of the outcome of delivery (Z37), for discharges from 2018-10-01.

use crate::{
    edits::mce::{edit::Edit, encounter},
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE108",
    name: "questionable-obstetric-admission",
    severity: Severity::Warning,
    life: RulePeriod::from("2018-10-01"),
    field: Some(Field::ProcedureCode),
    message: "a delivery stands without a secondary diagnosis of its outcome",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| encounter::asks_procedure(encounter, procedure),
        violates: |encounter, procedure, _| encounter::procedure_raises(
            encounter,
            procedure,
            Edit::QuestionableObstetricAdmission
        ),
    }),
    page: include_str!("mce_questionable_obstetric_admission.md"),
};
