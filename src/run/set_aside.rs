//! Accepted rows that are not in the figures, counted by input.

use serde::{Deserialize, Serialize};

use crate::{
    record::{account::InputAccount, delivery::Fate, field::CanonicalTable},
    rows::{cutter::Duplicate, standing::SetAside},
};

/// Encounters that are accepted and not in the figures, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAsideCount {
    /// Versions that a newer one has taken the place of.
    pub superseded: u64,
    /// Those that their sender took back.
    pub withdrawn: u64,
    /// Those of which none is known to be the newest.
    pub undecided: u64,
}

impl SetAsideCount {
    /// Counts rows, those of every table by input.
    pub fn count(&mut self, rows: &[SetAside], inputs: &mut [InputAccount]) {
        for row in rows {
            let input = &mut inputs[usize::from(row.origin.input)];
            let (of_input, of_encounters) = match row.fate {
                Fate::Superseded => (&mut input.superseded, &mut self.superseded),
                Fate::Withdrawn => (&mut input.withdrawn, &mut self.withdrawn),
                Fate::Undecided => (&mut input.undecided, &mut self.undecided),
                Fate::Stands => continue,
            };
            *of_input += 1;
            *of_encounters += u64::from(row.table == CanonicalTable::Encounters);
        }
    }
}

/// Counts repeated rows by input.
pub fn count_repeated(duplicates: &[Duplicate], inputs: &mut [InputAccount]) {
    for duplicate in duplicates {
        let input = &mut inputs[usize::from(duplicate.origin.input)];
        input.duplicate += 1;
        input.repeats_itself += u64::from(duplicate.of.input == duplicate.origin.input);
    }
}
