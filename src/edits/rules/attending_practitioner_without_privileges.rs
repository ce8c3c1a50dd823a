//! LOG162: whether the attending practitioner has privileges at the facility on some day of the stay, by the staff file.

use crate::{
    edits::{
        facts,
        rule::{EditContext, Rule, RulePeriod, asked},
    },
    partition::encounter::Encounter,
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG162",
    name: "attending-practitioner-without-privileges",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::AttendingNpi),
    message: "the attending practitioner has no privileges during the stay",
    test: asked!(Encounter {
        applies: |encounter, context| attending_privileges(encounter, context).is_some(),
        violates: |encounter, context| attending_privileges(encounter, context) == Some(false),
    }),
    page: include_str!("attending_practitioner_without_privileges.md"),
};

/// Whether the attending practitioner has privileges on a day of the stay; `None` where that cannot be said.
fn attending_privileges(encounter: &Encounter<'_>, context: &EditContext) -> Option<bool> {
    let staff = context.registers.staff.as_ref()?;
    let (first, last) = (facts::admitted(encounter)?, facts::discharged(encounter)?);
    staff.has_privileges(encounter.attending_npi, encounter.facility_id, first, last)
}
