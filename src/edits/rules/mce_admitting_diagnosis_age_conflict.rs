//! MCE104: whether an admitting diagnosis that is for newborns, children, mothers or adults stands on a record of that age; the ages are those of MCE004.

use crate::{
    edits::facts,
    edits::mce::encounter,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE104",
    name: "admitting-diagnosis-age-conflict",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AdmittingDiagnosis),
    message: "the admitting diagnosis does not go with the age",
    test: asked!(Encounter {
        applies: |encounter, _| encounter::asks_admitting(encounter) && facts::ages_asked(encounter).is_some(),
        violates: |encounter, _| encounter::has_age_conflict(encounter, encounter.admitting.judgement),
    }),
    page: include_str!("mce_admitting_diagnosis_age_conflict.md"),
};
