//! MCE004: whether diagnoses that are for newborns (age 0), children (0 to 17), mothers (9 to 64; 12 to 55 through 2019-09-30) or adults (15 to 124) stand on records of that age.

use crate::{
    edits::facts,
    edits::mce::{encounter, questions},
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "MCE004",
    name: "age-conflict",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "the diagnosis does not go with the age",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| {
            encounter::asks_diagnosis(encounter, diagnosis)
                && facts::ages_asked(encounter).is_some()
                && !facts::is_maternal(diagnosis)
                && !facts::is_liveborn(diagnosis)
        },
        violates: |encounter, diagnosis, _| encounter::has_age_conflict(encounter, diagnosis.judgement),
        passes_over: |encounter, _| match facts::ages_asked(encounter) {
            None => Some(0),
            Some(_) if encounter.kinds.any(DiagnosisKinds::MATERNAL.with(DiagnosisKinds::LIVEBORN)) => None,
            Some(_) => encounter::asks_without(encounter, questions::AGE),
        },
    }),
    page: include_str!("mce_age_conflict.md"),
};
