//! Records of one number of which none is known to be the newest: neither is in the statistics.

use crate::{
    partition::{comparison::changed_fields, encounter::Encounter},
    record::{delivery::Fate, field::CanonicalTable},
    rows::{slot::Feed, standing::SetAside},
    statistics::tally::StatisticsPlace,
};

/// Marks the encounters that share their number with another one; those of one number are neighbours.
pub fn mark(encounters: &mut [Encounter<'_>]) {
    for of_number in encounters.chunk_by_mut(are_of_one_number).filter(|of_number| of_number.len() > 1) {
        of_number.iter_mut().for_each(|encounter| encounter.undecided = true);
    }
}

fn are_of_one_number(left: &Encounter<'_>, right: &Encounter<'_>) -> bool {
    left.same_number > 0 && right.same_number > 0 && left.row.key() == right.row.key()
}

/// Puts the undecided encounters in their place, and gives a range for each number. Where all records of a number are kept out of the statistics alike, outside
/// the period for example, it does not matter which of them stands, and they stay where they are.
pub fn place(encounters: &[Encounter<'_>], places: &mut [StatisticsPlace]) -> Vec<std::ops::Range<usize>> {
    let mut undecided = Vec::new();
    let mut start = 0;
    for of_number in encounters.chunk_by(|left, right| left.undecided && are_of_one_number(left, right)) {
        let range = start..start + of_number.len();
        start = range.end;
        let own = &mut places[range.clone()];
        let alike = own.iter().all(|place| *place == own[0]) && own[0] != StatisticsPlace::InStatistics;
        if of_number.len() > 1 && !alike {
            own.fill(StatisticsPlace::Undecided);
            undecided.push(range);
        }
    }
    undecided
}

/// The encounters of one number for the list of what is not in the figures: each with the first of the others.
pub fn listed(of_number: &[Encounter<'_>], feeds: &[Feed]) -> Vec<SetAside> {
    let of = |(place, encounter): (usize, &Encounter<'_>)| {
        let other = &of_number[usize::from(place == 0)];
        SetAside {
            fate: Fate::Undecided,
            table: CanonicalTable::Encounters,
            number: encounter.encounter_id.to_owned(),
            origin: encounter.origin(),
            newest: Some(other.origin()),
            facility_id: encounter.facility_id.to_owned(),
            changed: changed_fields(encounter.row, other.row, feeds),
            why: "nothing says which version is newer".into(),
        }
    };
    of_number.iter().enumerate().map(of).collect()
}
