//! Columns with so many different values that they were counted together, entered in the account of the file that has them.

use std::collections::BTreeMap;

use crate::{
    examination::outcome::Outcome,
    record::{account::InputAccount, field::Field},
    rows::slot::Feed,
    statistics::tally::Dimension,
};

/// Enters each such column at the largest input of every feed that maps it: the others may be sound, and that one can have so many.
pub fn enter_too_many_values(total: &Outcome, feeds: &[Feed], inputs: &mut [InputAccount]) {
    for (field, values) in too_many(total) {
        for feed in feeds.iter().filter(|feed| feed.slots.iter().any(|slot| slot.field == field)) {
            let of_feed = inputs.iter_mut().filter(|input| input.feed == feed.name && input.fault.is_empty());
            // Of several as large the first.
            if let Some(input) = of_feed.rev().max_by_key(|input| input.accepted) {
                input.too_many_values.insert(field.name().to_owned(), values);
            }
        }
    }
}

/// The columns, each with the most different values that any of the tallies met.
fn too_many(total: &Outcome) -> BTreeMap<Field, u64> {
    let mut found: BTreeMap<Field, u64> = BTreeMap::new();
    let mut enter = |field: Field, values: u64| {
        if values > 0 {
            let own = found.entry(field).or_default();
            *own = values.max(*own);
        }
    };
    let dimensions = [
        (Dimension::Service, Field::Service),
        (Dimension::Payer, Field::Payer),
        (Dimension::Facility, Field::FacilityId),
        (Dimension::AgeBand, Field::AgeBand),
    ];
    dimensions.into_iter().for_each(|(dimension, field)| enter(field, total.tally.too_many(dimension)));
    enter(Field::Coder, total.tally.coders.too_many());
    enter(Field::FacilityId, total.deficiency_tally.too_many_facilities());
    enter(Field::DocumentAuthor, total.deficiency_tally.by_clinician.too_many());
    enter(Field::DocumentType, total.deficiency_tally.unnamed_types.too_many());
    let (diagnoses, procedures) = (&total.tally.too_many_diagnoses, &total.tally.too_many_procedures);
    enter(Field::DiagnosisCode, diagnoses.count().max(total.codes.too_many_undecided(false)));
    enter(Field::ProcedureCode, procedures.count().max(total.codes.too_many_undecided(true)));
    for (field, values) in total.trend.too_much.told().into_iter().chain(total.tables.too_much()) {
        enter(field, values);
    }
    found
}
