//! LOG131: whether the positions of procedures follow each other without a gap, the principal procedure included.

use crate::{
    edits::rule::{Rule, RulePeriod, asked},
    partition::encounter::{Encounter, Procedure},
    record::field::Field,
    record::finding::Severity,
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "LOG131",
    name: "gap-in-procedures",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: Some(Field::ProcedureCode),
    message: "the position before this procedure is empty",
    test: asked!(Procedure {
        applies: |_, procedure, _| procedure.position > 0 && !procedure.raw.is_empty(),
        violates: |encounter, procedure, _| follows_a_gap(encounter, procedure),
    }),
    page: include_str!("gap_in_procedures.md"),
};

/// Whether the position before is empty. Procedures stand by position, so the one before tells.
fn follows_a_gap(encounter: &Encounter<'_>, procedure: &Procedure<'_>) -> bool {
    let place = encounter.procedures.element_offset(procedure).unwrap_or(0);
    let before = encounter.procedures[..place].iter().rev().find(|before| !before.raw.is_empty());
    procedure.position > before.map_or(0, |before| before.position) + 1
}
