//! Fields of rows read and compared without decoding the rest.

use crate::{
    partition::decode::values::{CellReading, text},
    record::field::{DICTIONARY, Field},
    rows::{row::Row, slot::Feed},
};

/// What a row says of a field, in the words of its layout; empty where it says nothing.
pub fn words_of<'a>(row: Row<'a>, field: Field, feeds: &'a [Feed]) -> &'a str {
    let feed = &feeds[usize::from(row.feed())];
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let slot = feed.slots.get(usize::from(number)).filter(|slot| slot.field == field);
        if let Some(reading) = slot.and_then(|slot| CellReading::of(written, slot, feed)) {
            return reading.words();
        }
    }
    let constant = feed.constants.iter().find(|(slot, _)| slot.field == field);
    constant.map_or("", |(_, words)| text(words))
}

/// Whether rows name different facilities; one that names none is of any.
pub fn are_of_several_facilities<'a>(rows: impl Iterator<Item = Row<'a>>, feeds: &'a [Feed]) -> bool {
    let mut facilities =
        rows.map(|row| words_of(row, Field::FacilityId, feeds)).filter(|facility| !facility.is_empty());
    facilities.next().is_some_and(|first| facilities.any(|facility| facility != first))
}

/// What is said of rows that differ in no field.
pub const NOT_MAPPED: &str = "columns that are not mapped";

/// Names of the fields in which two rows differ, in the order of the data dictionary, separated by blanks.
pub fn changed_fields(left: Row<'_>, right: Row<'_>, feeds: &[Feed]) -> String {
    let (left, right) = (readings(left, feeds), readings(right, feeds));
    let only = |own: &[(Field, u8, &[u8])], other: &[(Field, u8, &[u8])]| -> Vec<Field> {
        own.iter().filter(|cell| other.binary_search(cell).is_err()).map(|cell| cell.0).collect()
    };
    let mut changed = only(&left, &right);
    changed.append(&mut only(&right, &left));
    let names: Vec<&str> =
        DICTIONARY.iter().filter(|entry| changed.contains(&entry.field)).map(|entry| entry.name).collect();
    if names.is_empty() { NOT_MAPPED.to_owned() } else { names.join(" ") }
}

/// What a row says, cell by cell, in the order of fields and positions.
fn readings<'a>(row: Row<'a>, feeds: &'a [Feed]) -> Vec<(Field, u8, &'a [u8])> {
    let feed = &feeds[usize::from(row.feed())];
    let mut said: Vec<(Field, u8, &[u8])> =
        feed.constants.iter().map(|(slot, words)| (slot.field, slot.position, words.trim_ascii())).collect();
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let slot = feed.slots.get(usize::from(number));
        if let Some(reading) = slot.and_then(|slot| CellReading::of(written, slot, feed)) {
            said.push((reading.slot.field, reading.slot.position, reading.text));
        }
    }
    said.sort_unstable();
    said
}
