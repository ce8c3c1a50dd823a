//! CNV101: whether the record has another diagnosis that an excludes 1 note over this one names.

use crate::{
    edits::conventions,
    edits::rule::{Rule, RulePeriod, asked},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "CNV101",
    name: "excludes-1-pair",
    severity: Severity::Warning,
    life: RulePeriod::from(conventions::IN_FORCE_FROM),
    field: Some(Field::DiagnosisCode),
    message: "an excludes 1 note says that the two codes are not reported together",
    test: asked!(Diagnosis {
        applies: |encounter, diagnosis, _| { encounter.diagnoses.len() > 1 && conventions::is_valid_icd10(diagnosis) },
        violates: |encounter, diagnosis, _| { conventions::excluded_partner(encounter, diagnosis).is_some() },
    }),
    page: include_str!("excludes1_pair.md"),
};
