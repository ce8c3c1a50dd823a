//! LOG160: whether the surgeon of a procedure has privileges at the facility on the day of the procedure, by the staff file.

use crate::{
    edits::rule::{EditContext, Rule, RulePeriod, asked},
    partition::encounter::{Encounter, Procedure},
    record::{field::Field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG160",
    name: "surgeon-without-privileges",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::SurgeonNpi),
    message: "the surgeon has no privileges on the day of the procedure",
    test: asked!(Procedure {
        applies: |encounter, procedure, context| surgical_privileges(encounter, procedure, context).is_some(),
        violates: |encounter, procedure, context| { surgical_privileges(encounter, procedure, context) == Some(false) },
    }),
    page: include_str!("surgeon_without_privileges.md"),
};

/// Whether the surgeon has privileges on the day of the procedure; `None` where that cannot be said.
fn surgical_privileges(encounter: &Encounter<'_>, procedure: &Procedure<'_>, context: &EditContext) -> Option<bool> {
    let staff = context.registers.staff.as_ref()?;
    let day = procedure.date.value()?.day;
    staff.has_privileges(procedure.surgeon_npi, encounter.facility_id, day, day)
}
