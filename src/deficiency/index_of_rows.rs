//! The document index of a run, made of its rows before the first chart is looked through.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use super::index::{DocumentIndex, RecordedSteps};
use crate::{
    parallel::in_order,
    partition::discharges::discharges_with,
    record::{
        account::InputAccount,
        field::{CanonicalTable, Field},
        month::Month,
    },
    rows::{
        cutter::{LastCut, cut},
        slot::Feed,
        sorter::Sorter,
        standing::Deliveries,
    },
};

/// Of so many rows one may be unreadable before the index is held to be broken: two in a hundred, the usual tolerance.
const READ_FOR_ONE_QUARANTINED: u64 = 50;

/// Months of facilities that the index is asked by; of more it says nothing. Five hundred hospitals have 30,000 in five years.
const MOST_FACILITY_MONTHS: usize = 100_000;

type Facilities = BTreeMap<Month, BTreeSet<String>>;

/// The document index of a run: unusable where there is none or a part of it could not be read, else the months and facilities that it holds. `broken`: why the
/// table of documents is not whole; empty where it is. `go_on` is asked after each partition.
///
/// # Errors
/// The temporary file of the sorter cannot be read, or the run is to stop.
pub fn document_index<E: From<io::Error> + Send>(
    sorter: &Sorter,
    inputs: &[InputAccount],
    (feeds, deliveries): (&[Feed], &Deliveries),
    broken: &str,
    go_on: impl Fn() -> Result<(), E>,
) -> Result<DocumentIndex, E> {
    let told = inputs.iter().map(|input| told(input, feeds)).collect();
    if let Some(unusable) = why_unusable(inputs, broken) {
        return Ok(DocumentIndex { unusable: Some(unusable), told, ..DocumentIndex::default() });
    }
    let mut merge = sorter.merge()?;
    let mut facilities = Facilities::new();
    let (mut held, mut is_too_much) = (0, false);
    let (mut accepted, mut last) = (vec![0; inputs.len()], LastCut::none(deliveries.are_stated()));
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(E::from),
        |cut| months_with_documents(&deliveries.standing(cut, feeds).rows, feeds),
        |partition| {
            for (month, mut more) in partition {
                let own = facilities.entry(month).or_default();
                let before = own.len();
                own.append(&mut more);
                held += own.len() - before;
            }
            is_too_much |= held > MOST_FACILITY_MONTHS;
            if is_too_much {
                facilities.clear();
            }
            go_on()
        },
    )?;
    let unusable = if is_too_much {
        Some("the document index is not asked: its charts are of too many facilities and months; is facility_id mapped to the facility?".to_owned())
    } else {
        facilities.is_empty().then(|| "no document index: it has no document of any discharge of the run".to_owned())
    };
    Ok(DocumentIndex { unusable, facilities, told })
}

fn months_with_documents(rows: &[u8], feeds: &[Feed]) -> Facilities {
    let mut facilities = Facilities::new();
    discharges_with(rows, feeds, CanonicalTable::Documents, |facility, day| {
        let of_month = facilities.entry(Month::of(day)).or_default();
        if !of_month.contains(facility) {
            of_month.insert(facility.to_owned());
        }
    });
    facilities
}

fn why_unusable(inputs: &[InputAccount], broken: &str) -> Option<String> {
    let documents: Vec<&InputAccount> =
        inputs.iter().filter(|input| input.table == Some(CanonicalTable::Documents)).collect();
    let (read, quarantined) = documents
        .iter()
        .fold((0, 0), |(read, quarantined), input| (read + input.read, quarantined + input.quarantined));
    match (read - quarantined, broken.is_empty()) {
        (0, true) if documents.is_empty() => Some("no document index: its file is not there".to_owned()),
        (0, true) => Some("no document index: it has no row that can be read".to_owned()),
        (0, false) => Some(format!("no document index: {broken}")),
        (_, false) => Some(format!("the document index is not whole: {broken}")),
        // A row that cannot be read may be the very document that is missed.
        (_, true) if quarantined * READ_FOR_ONE_QUARANTINED > read => {
            Some(format!("the document index is not whole: {quarantined} of {read} rows cannot be read"))
        }
        (_, true) => None,
    }
}

fn told(input: &InputAccount, feeds: &[Feed]) -> RecordedSteps {
    let Some(feed) = feeds.iter().find(|feed| feed.table == CanonicalTable::Documents && feed.name == input.feed)
    else {
        return RecordedSteps::default();
    };
    let has = |field: Field| {
        feed.slots.iter().any(|slot| slot.field == field) || feed.constants.iter().any(|(slot, _)| slot.field == field)
    };
    RecordedSteps {
        signed: has(Field::SignedAt),
        cosigned: has(Field::CosignedAt),
        written: [Field::DictatedAt, Field::TranscribedAt, Field::SignedAt].into_iter().any(has),
    }
}
