//! POA004: whether the code of external cause is marked as present on admission where the principal diagnosis is an injury that was.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::{Diagnosis, Encounter},
    record::field::Field,
    record::finding::Severity,
    record::vocabulary::PresentOnAdmission,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "POA004",
    name: "external-cause-not-present-on-admission",
    severity: Severity::Warning,
    life: RulePeriod::from("2007-10-01"),
    field: Some(Field::PresentOnAdmission),
    message: "the cause of an injury that was present on admission is marked as not present",
    test: asked!(Diagnosis of EXTERNAL_CAUSE {
        applies: |encounter, diagnosis, _| {
            facts::is_external_cause(diagnosis)
                && diagnosis.present_on_admission.value().is_some()
                && injured_before(encounter)
        },
        violates: |_, diagnosis, _| is_marked(diagnosis, PresentOnAdmission::No),
    }),
    page: include_str!("external_cause_not_present_on_admission.md"),
};

/// Whether the principal diagnosis is an injury that was present on admission.
fn injured_before(encounter: &Encounter<'_>) -> bool {
    encounter
        .principal_diagnosis()
        .is_some_and(|principal| facts::is_injury(principal) && is_marked(principal, PresentOnAdmission::Yes))
}

fn is_marked(diagnosis: &Diagnosis<'_>, mark: PresentOnAdmission) -> bool {
    diagnosis.present_on_admission.value() == Some(mark)
}
