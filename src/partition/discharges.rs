//! Facility and day of discharge of encounters, read from the rows of a partition without decoding the rest.
//!
//! It stands apart from decoding because it comes before it: what the document index holds must be known when the first record is examined, and to decode every
//! row twice would double the work. Rows and cells are read by the same functions as there, and a test holds the two together. Of times that state several
//! clocks each keeps its own here: a record's are brought to one only with its documents in hand.

use crate::{
    partition::{comparison::are_of_several_facilities, decode::read_row},
    record::{
        date::Day,
        field::{CanonicalTable, Field},
        scientific::is_scientific,
    },
    rows::{row::Row, slot::Feed},
};

/// Tells the facility and the day of discharge of every encounter that a row of `table` hangs on.
pub fn discharges_with<'a>(
    rows: &'a [u8],
    feeds: &'a [Feed],
    table: CanonicalTable,
    mut tell: impl FnMut(&'a str, Day),
) {
    // Encounters of the number in hand; what hangs on it follows them.
    let mut heads: Vec<Row<'a>> = Vec::new();
    let mut is_told = false;
    for row in Row::all(rows).filter(|row| !row.key().is_empty()) {
        if heads.first().is_some_and(|head| head.key() != row.key()) {
            heads.clear();
            is_told = false;
        }
        let of = feeds[usize::from(row.feed())].table;
        if of == CanonicalTable::Encounters {
            heads.push(row);
        } else if of == table
            && !is_told
            && let Some(head) = owner(&heads, feeds)
        {
            is_told = true;
            let read = read_row(head, feeds, is_asked);
            if let Some(moment) = read.discharge_date.value() {
                tell(read.facility_id, moment.day);
            }
        }
    }
}

/// The encounter that what names a number hangs on: the first of it, and none where they are of different facilities or a spreadsheet has cut the number.
fn owner<'a>(heads: &[Row<'a>], feeds: &'a [Feed]) -> Option<Row<'a>> {
    let first = *heads.first()?;
    let is_one =
        heads.len() == 1 || !is_scientific(first.number()) && !are_of_several_facilities(heads.iter().copied(), feeds);
    is_one.then_some(first)
}

/// The fields that are told, and the one that decides between two readings of a discharge.
fn is_asked(field: Field) -> bool {
    matches!(field, Field::FacilityId | Field::DischargeDate | Field::LengthOfStay)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        partition::decode::{Patients, decode},
        record::{
            date_format::{DateFormat, GivenBeside},
            finding::Origin,
        },
        rows::{
            row::RowWriter,
            slot::{DateOrder, Slot, StayCounts},
        },
    };

    const FIELDS: [Field; 4] = [Field::FacilityId, Field::AdmissionDate, Field::DischargeDate, Field::LengthOfStay];

    /// Feeds of encounters that read a discharge in every way that a layout has: as it stands, of two orders that the stay decides, as a month alone, translated,
    /// and the facility as a constant; then one of documents.
    fn feeds() -> Vec<Feed> {
        let formats = |formats: &[&str]| -> Vec<DateFormat> {
            let of = |format: &&str| DateFormat::with_beside(format, 1930, GivenBeside::default()).expect("a format");
            formats.iter().map(of).collect()
        };
        let of = |change: &dyn Fn(&mut Slot)| {
            let mut slots: Vec<Slot> = FIELDS.iter().map(|field| Slot::plain(*field, 0)).collect();
            slots.iter_mut().for_each(change);
            Feed { slots, missing: vec![b"?".to_vec()], ..Feed::of(CanonicalTable::Encounters) }
        };
        let is_date = |slot: &Slot| matches!(slot.field, Field::AdmissionDate | Field::DischargeDate);
        let by_stay = of(&|slot| {
            if is_date(slot) {
                (slot.formats, slot.order) = (formats(&["%m/%d/%Y", "%d/%m/%Y"]), DateOrder::ByStay);
            }
            slot.stay_counts = StayCounts::Exclusive;
        });
        let in_months = of(&|slot| {
            if is_date(slot) {
                slot.formats = formats(&["%m/%d/%Y", "%m/%Y"]);
            }
        });
        let mut translated = of(&|slot| {
            if slot.field == Field::FacilityId {
                slot.values.insert(b"A".to_vec(), b"0042".to_vec());
                slot.only_listed = true;
            }
        });
        translated.constants.push((Slot::plain(Field::DischargeDate, 0), b"2026-10-31".to_vec()));
        vec![of(&|_| {}), by_stay, in_months, translated, Feed::of(CanonicalTable::Documents)]
    }

    const TEXTS: [&[&str]; 4] = [
        &["", "A", "B", "?", " A "],
        &["", "2026-10-01", "10/01/2026", "01/10/2026", "10/2026"],
        &["", "2026-10-05", "10/05/2026", "05/10/2026", "11/2026", "soon", "?"],
        &["", "4", "120", "many"],
    ];

    proptest! {
        #[test]
        fn what_is_told_of_a_row_is_what_decoding_reads_of_it(
            numbers in prop::collection::vec(
                (prop::collection::vec((0_u8..4, prop::array::uniform4(any::<prop::sample::Index>())), 0..3), 0_u8..3, any::<bool>()),
                1..12,
            ),
        ) {
            let feeds = feeds();
            let (mut rows, mut row) = (Vec::new(), 0);
            for (place, (heads, documents, is_cut)) in numbers.iter().enumerate() {
                // A number that a spreadsheet has cut is many records'.
                let key = if *is_cut { format!("{place}.56E+09") } else { format!("E{place}") };
                for (feed, texts) in heads {
                    row += 1;
                    let mut writer = RowWriter::begin(&mut rows, *feed, key.as_bytes(), Origin { input: 0, row }, 0);
                    for (slot, (text, texts)) in texts.iter().zip(TEXTS).enumerate() {
                        let text = texts[text.index(texts.len())];
                        if !text.is_empty() {
                            writer.cell(slot as u8, text.as_bytes());
                        }
                    }
                    writer.end();
                }
                for _ in 0..*documents {
                    row += 1;
                    RowWriter::begin(&mut rows, 4, key.as_bytes(), Origin { input: 1, row }, 1).end();
                }
            }
            let mut told = Vec::new();
            discharges_with(&rows, &feeds, CanonicalTable::Documents, |facility, day| told.push((facility.to_owned(), day)));
            let nobody = Patients::default();
            let decoded = decode(&rows, &feeds, &nobody);
            let encounters = decoded.encounters();
            let with_documents = encounters.iter().filter(|encounter| !encounter.documents.is_empty());
            let read: Vec<(String, Day)> = with_documents
                .filter_map(|encounter| Some((encounter.facility_id.to_owned(), encounter.discharge_date.value()?.day)))
                .collect();
            prop_assert_eq!(told, read);
        }
    }
}
