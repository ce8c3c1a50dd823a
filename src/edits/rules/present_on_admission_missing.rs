//! POA001: whether every diagnosis has a present-on-admission mark.

use crate::{
    edits::{
        facts::discharged,
        rule::{Rule, RulePeriod, asked},
    },
    record::code::CodeSystem,
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA001",
    name: "present-on-admission-missing",
    severity: Severity::Warning,
    life: RulePeriod::from("2007-10-01"),
    field: Some(Field::PresentOnAdmission),
    message: "the present-on-admission mark is missing",
    test: asked!(Diagnosis {
        applies: |_, diagnosis, context| context.is_mapped(Field::PresentOnAdmission) && !diagnosis.raw.is_empty(),
        violates: |encounter, diagnosis, context| {
            let exempt = |on| context.exempt.nearest(on).has(diagnosis.code);
            let listed = || diagnosis.system == Some(CodeSystem::Icd10Cm) && discharged(encounter).is_some_and(exempt);
            diagnosis.present_on_admission.is_blank() && !listed()
        },
    }),
    page: include_str!("present_on_admission_missing.md"),
};
