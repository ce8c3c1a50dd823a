//! MCE505: whether an admitting diagnosis that is for one sex stands on a record of that sex, for discharges from 2024-10-01.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE505",
    name: "admitting-diagnosis-sex-conflict-continued",
    severity: Severity::Warning,
    life: RulePeriod::from("2024-10-01"),
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis does not go with the sex (edit until 2024-09-30)",
    test: asked!(Encounter {
        applies: |encounter, context| encounter::asks_admitting(encounter)
            && encounter::asks_sex(encounter, context, true),
        violates: |encounter, _| encounter::has_sex_conflict(encounter, encounter.admitting.judgement, true),
    }),
    page: include_str!("mce_admitting_diagnosis_sex_conflict_continued.md"),
};
