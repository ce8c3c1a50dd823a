//! LOG153: whether a record with the outcome of delivery (Z37) or the weeks of gestation (Z3A) has a code of pregnancy or childbirth.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule =
    Rule {
        code: "LOG153",
        name: "outcome-of-delivery-without-pregnancy",
        severity: Severity::Warning,
        life: RulePeriod::ALWAYS,
        field: Some(Field::DiagnosisCode),
        message: "the outcome of delivery or the weeks of gestation stand without a code of pregnancy or childbirth",
        test: asked!(Encounter {
            applies: |encounter, _| {
                encounter.diagnoses.iter().any(|diagnosis| {
                    facts::is_outcome_of_delivery(diagnosis) || facts::is_weeks_of_gestation(diagnosis)
                }) && facts::all_have_meaning(encounter)
            },
            violates: |encounter, _| { !encounter.kinds.any(DiagnosisKinds::MATERNAL) },
        }),
        page: include_str!("outcome_of_delivery_without_pregnancy.md"),
    };
