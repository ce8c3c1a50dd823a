//! Times that state their offset where no time zone is stated: those of one record are brought to one clock, and what clocks an export writes is counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    partition::encounter::{Document, Encounter, Procedure},
    record::{
        cell::Cell,
        date::{Clock, Moment},
        field::Field,
    },
};

/// Offsets further apart than this, in minutes, are of two clocks: the change of clocks moves one by an hour.
const ONE_CLOCK: i16 = 60;

/// The offsets that a field states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offsets {
    /// Times with an offset.
    pub count: u64,
    /// Of those, in UTC.
    pub utc: u64,
    lowest: i16,
    highest: i16,
}

impl Offsets {
    fn of(offset: i16) -> Offsets {
        Offsets { count: 1, utc: u64::from(offset == 0), lowest: offset, highest: offset }
    }

    /// Adds others.
    pub fn merge(&mut self, other: Offsets) {
        self.count += other.count;
        self.utc += other.utc;
        self.lowest = self.lowest.min(other.lowest);
        self.highest = self.highest.max(other.highest);
    }

    /// Whether all of them are in UTC.
    pub fn are_utc(self) -> bool {
        self.utc == self.count
    }

    /// Whether they are of more than one clock.
    pub fn are_mixed(self) -> bool {
        self.highest - self.lowest > ONE_CLOCK
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
            let own = Offsets::of(offset);
            counts.entry((input, field)).and_modify(|known| known.merge(own)).or_insert(own);
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
