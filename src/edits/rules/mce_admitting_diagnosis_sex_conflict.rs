//! MCE405: whether an admitting diagnosis that is for one sex stands on a record of that sex, for discharges through 2024-09-30.

use crate::{
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE405",
    name: "admitting-diagnosis-sex-conflict",
    severity: Severity::Warning,
    life: RulePeriod::until("2024-09-30"),
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis does not go with the sex",
    test: asked!(Encounter {
        applies: |encounter, context| encounter::asks_admitting(encounter)
            && encounter::asks_sex(encounter, context, false),
        violates: |encounter, _| encounter::has_sex_conflict(encounter, encounter.admitting.judgement, false),
    }),
    page: include_str!("mce_admitting_diagnosis_sex_conflict.md"),
};
