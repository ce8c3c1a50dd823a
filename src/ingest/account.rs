//! The account of the inputs: the sums over them, and what their own accounts say of dates and times.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    partition::decode::{Offsets, SettledDates},
    record::{account::InputAccount, field::Field},
};

/// Sums over inputs. `read = accepted + quarantined + duplicate` holds here and for each input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Inputs.
    pub files: u64,
    /// Rows read.
    pub read: u64,
    /// Rows accepted.
    pub accepted: u64,
    /// Rows that cannot be read.
    pub quarantined: u64,
    /// Rows that repeat another.
    pub duplicate: u64,
    /// Accepted rows excluded by a declared choice.
    pub excluded: u64,
    /// Accepted rows that a newer version takes the place of.
    pub superseded: u64,
    /// Accepted rows of records that are withdrawn.
    pub withdrawn: u64,
    /// Accepted rows of which another version may be the newest as well.
    pub undecided: u64,
}

impl Totals {
    /// Adds up the inputs.
    pub fn of(inputs: &[InputAccount]) -> Totals {
        let files = inputs.iter().filter(|input| input.missing.is_empty()).count() as u64;
        let mut totals = Totals { files, ..Totals::default() };
        for input in inputs {
            totals.read += input.read;
            totals.accepted += input.accepted;
            totals.quarantined += input.quarantined;
            totals.duplicate += input.duplicate;
            totals.excluded += input.excluded;
            totals.superseded += input.superseded;
            totals.withdrawn += input.withdrawn;
            totals.undecided += input.undecided;
        }
        totals
    }
}

/// Enters into the account of an input what became of its dates that are read with other columns.
pub fn enter_dates(input: &mut InputAccount, settled: SettledDates) {
    let named = |counts: BTreeMap<Field, u64>| {
        counts.into_iter().map(|(field, count)| (field.name().to_owned(), count)).collect()
    };
    input.dates_decided = named(settled.decided);
    input.dates_undecided = named(settled.undecided);
    input.partial_dates = named(settled.partial);
}

/// Enters into the account of an input a field whose times need a time zone: all are in UTC, or they are of several clocks. A feed that states its zone needs
/// none.
pub fn enter_offsets(input: &mut InputAccount, field: Field, offsets: Offsets) {
    if input.time_zone.is_empty() && offsets.are_mixed() {
        input.times_of_several_clocks.insert(field.name().to_owned(), offsets.count());
    } else if input.time_zone.is_empty() && offsets.are_utc() {
        input.times_in_utc.insert(field.name().to_owned(), offsets.count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_did_not_come_is_no_file_of_the_run() {
        let came = InputAccount { read: 5, accepted: 3, quarantined: 1, duplicate: 1, ..InputAccount::default() };
        let missing = InputAccount { missing: "a file a day".to_owned(), ..InputAccount::default() };
        let totals = Totals::of(&[came.clone(), missing, came]);
        assert_eq!(
            totals,
            Totals { files: 2, read: 10, accepted: 6, quarantined: 2, duplicate: 2, ..Totals::default() }
        );
    }
}
