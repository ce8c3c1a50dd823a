//! Times that state their offset where no time zone is stated: those of one record are brought to one clock, and what clocks an export writes is counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    partition::encounter::{Document, Encounter, Procedure},
    record::take_away::take_away_fields,
    record::{
        cell::Cell,
        date::{Clock, Moment},
        field::Field,
    },
};

/// Offsets further apart than this, in minutes, are of two clocks: the change of clocks moves one by an hour.
const ONE_CLOCK: i16 = 60;

/// The offsets that a field states: by minutes east of UTC, how many times have it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offsets {
    times: BTreeMap<i16, u64>,
}

take_away_fields!(Offsets: times);

impl Offsets {
    /// Times with an offset.
    pub fn count(&self) -> u64 {
        self.times.values().sum()
    }

    /// Adds others.
    pub fn merge(&mut self, other: Offsets) {
        for (offset, times) in other.times {
            *self.times.entry(offset).or_default() += times;
        }
    }

    /// Whether all of them are in UTC.
    pub fn are_utc(&self) -> bool {
        self.times.keys().all(|offset| *offset == 0)
    }

    /// Whether they are of more than one clock.
    pub fn are_mixed(&self) -> bool {
        let ends = self.times.keys().next().zip(self.times.keys().next_back());
        ends.is_some_and(|(lowest, highest)| highest - lowest > ONE_CLOCK)
    }
}

/// The offsets of fields, by input.
pub type OffsetsOf = BTreeMap<(u16, Field), Offsets>;

/// Counts the offsets of a record, and brings its times to one clock: that of the first local offset. Times of clocks an hour apart stand as they are: the
/// hospital's clock was changed between them.
pub fn bring_to_one_clock(
    encounter: &mut Encounter<'_>,
    procedures: &mut [Procedure<'_>],
    documents: &mut [Document<'_>],
    counts: &mut OffsetsOf,
) {
    let mut local: Option<i16> = None;
    let mut see = |input: u16, field: Field, cell: &mut Cell<Moment>| {
        if let Some(Moment { clock: Clock::Offset(offset), .. }) = cell.value() {
            *counts.entry((input, field)).or_default().times.entry(offset).or_default() += 1;
            if offset != 0 {
                local.get_or_insert(offset);
            }
        }
    };
    visit(encounter, procedures, documents, &mut see);
    let Some(local) = local else { return };
    visit(encounter, procedures, documents, &mut |_, _, cell| {
        if let Some(moment @ Moment { clock: Clock::Offset(offset), .. }) = cell.value()
            && (offset - local).abs() > ONE_CLOCK
        {
            *cell = Cell::Value(moment.by_clock(local));
        }
    });
}

/// Every time of a record with its input and field: the discharge first.
fn visit(
    encounter: &mut Encounter<'_>,
    procedures: &mut [Procedure<'_>],
    documents: &mut [Document<'_>],
    see: &mut dyn FnMut(u16, Field, &mut Cell<Moment>),
) {
    let input = encounter.origin().input;
    see(input, Field::DischargeDate, &mut encounter.discharge_date);
    see(input, Field::AdmissionDate, &mut encounter.admission_date);
    see(input, Field::DeathDate, &mut encounter.death_date);
    see(input, Field::CodedDate, &mut encounter.coded_date);
    for procedure in procedures {
        see(procedure.origin.input, Field::ProcedureDate, &mut procedure.date);
    }
    for document in documents {
        let input = document.origin.input;
        see(input, Field::EventDate, &mut document.event_date);
        see(input, Field::DictatedAt, &mut document.dictated_at);
        see(input, Field::TranscribedAt, &mut document.transcribed_at);
        see(input, Field::SignedAt, &mut document.signed_at);
        see(input, Field::CosignedAt, &mut document.cosigned_at);
    }
}
