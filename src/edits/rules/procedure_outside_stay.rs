//! LOG106: whether a procedure was performed between three days before admission and discharge.

use crate::{
    edits::facts,
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::{Encounter, Procedure},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG106",
    name: "procedure-outside-stay",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureDate),
    message: "the procedure lies outside the stay (from three days before admission to discharge)",
    test: asked!(Procedure {
        applies: |encounter, procedure, _| {
            procedure.date.value().is_some()
                && facts::admitted(encounter).is_some()
                && facts::discharged(encounter).is_some()
        },
        violates: |encounter, procedure, _| outside(encounter, procedure),
    }),
    page: include_str!("procedure_outside_stay.md"),
};

/// Outpatient days before the admission that belong to the stay.
const DAYS_BEFORE: i32 = 3;

fn outside(encounter: &Encounter<'_>, procedure: &Procedure<'_>) -> bool {
    let (Some(moment), Some(admitted), Some(discharged)) =
        (procedure.date.value(), facts::admitted(encounter), facts::discharged(encounter))
    else {
        return false;
    };
    moment.day.0 < admitted.0 - DAYS_BEFORE || moment.day > discharged
}
