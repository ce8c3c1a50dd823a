//! LOG161: whether the operating practitioner of the record has privileges at the facility, by the staff file, on the day of the first procedure that has a date.

use crate::{
    edits::rule::{EditContext, Rule, RulePeriod, asked},
    partition::encounter::Encounter,
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG161",
    name: "operating-practitioner-without-privileges",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::OperatingNpi),
    message: "the operating practitioner has no privileges on the day of the procedure",
    test: asked!(Encounter {
        applies: |encounter, context| operating_privileges(encounter, context).is_some(),
        violates: |encounter, context| operating_privileges(encounter, context) == Some(false),
    }),
    page: include_str!("operating_practitioner_without_privileges.md"),
};

/// Whether the operating practitioner has privileges on the day of the first procedure with a date; `None` where that cannot be said.
fn operating_privileges(encounter: &Encounter<'_>, context: &EditContext) -> Option<bool> {
    let staff = context.registers.staff.as_ref()?;
    let day = encounter.procedures.iter().find_map(|procedure| procedure.date.value())?.day;
    staff.has_privileges(encounter.operating_npi, encounter.facility_id, day, day)
}
