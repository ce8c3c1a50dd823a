//! Columns with so many different values that they were counted together, entered in the account of the file that has them.

use std::collections::BTreeMap;

use crate::{
    examination::outcome::Outcome,
    record::{account::InputAccount, field::Field},
    rows::slot::Feed,
    run::desks::too_many_values,
};

/// Enters each such column at the largest input of every feed that maps it: the others may be sound, and that one can have so many.
pub fn enter_too_many_values(total: &Outcome, feeds: &[Feed], inputs: &mut [InputAccount]) {
    for (field, values) in most(total) {
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
fn most(total: &Outcome) -> BTreeMap<Field, u64> {
    let mut found: BTreeMap<Field, u64> = BTreeMap::new();
    for (field, values) in too_many_values(total).into_iter().filter(|(_, values)| *values > 0) {
        let own = found.entry(field).or_default();
        *own = values.max(*own);
    }
    found
}
