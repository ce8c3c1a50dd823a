//! Facility and day of discharge of encounters, read from the rows of a partition without decoding the rest.

use super::{decode::values::Reading, row::Row, slot::Feed};
use crate::record::{
    date::Day,
    field::{Field, Table},
};

/// Tells the facility and the day of discharge of every encounter that a row of `table` hangs on.
pub fn discharges_with<'a>(rows: &'a [u8], feeds: &'a [Feed], table: Table, mut tell: impl FnMut(&'a str, Day)) {
    let mut head: Option<Row<'a>> = None;
    for row in Row::all(rows).filter(|row| !row.key().is_empty()) {
        let of = feeds[usize::from(row.feed())].table;
        if of == Table::Encounters {
            // What hangs on a number hangs on its first encounter.
            if head.is_none_or(|head| head.key() != row.key()) {
                head = Some(row);
            }
        } else if of == table
            && let Some(of_row) = head.take_if(|head| head.key() == row.key())
            && let (facility, Some(day)) = facility_and_discharge(of_row, feeds)
        {
            tell(facility, day);
        }
    }
}

fn facility_and_discharge<'a>(row: Row<'a>, feeds: &'a [Feed]) -> (&'a str, Option<Day>) {
    let feed = &feeds[usize::from(row.feed())];
    let (mut facility, mut discharge) = ("", None);
    let mut take = |reading: Reading<'a>| match reading.slot.field {
        Field::FacilityId => facility = reading.words(),
        Field::DischargeDate => discharge = reading.moment().value().map(|moment| moment.day),
        _ => {}
    };
    feed.constants.iter().for_each(|(slot, value)| take(Reading::constant(slot, value)));
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let slot = feed.slots.get(usize::from(number));
        let of_discharge = slot.filter(|slot| matches!(slot.field, Field::FacilityId | Field::DischargeDate));
        if let Some(reading) = of_discharge.and_then(|slot| Reading::of(written, slot, feed)) {
            take(reading);
        }
    }
    (facility, discharge)
}
