//! LOG113: whether a baby born inside this hospital (type 4, point of origin 5) has a code Z38 (ICD-10-CM) or V30 to V39 (ICD-9-CM).

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    record::diagnosis_kinds::DiagnosisKinds,
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::{AdmissionType, PointOfOrigin},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG113",
    name: "newborn-without-liveborn-code",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::DiagnosisCode),
    message: "a baby born inside has no code of liveborn infant",
    test: asked!(Encounter {
        applies: |encounter, _| {
            encounter.admission_type.value() == Some(AdmissionType::NEWBORN)
                && encounter.point_of_origin.value() == Some(PointOfOrigin(b'5'))
                && !encounter.diagnoses.is_empty()
                && facts::all_have_meaning(encounter)
        },
        violates: |encounter, _| !encounter.kinds.any(DiagnosisKinds::LIVEBORN),
    }),
    page: include_str!("newborn_without_liveborn_code.md"),
};
