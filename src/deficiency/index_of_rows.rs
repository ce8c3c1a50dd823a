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

/// Charts with a document, by month of discharge and facility.
pub type ChartCounts = BTreeMap<Month, BTreeMap<String, u64>>;

/// The document index of a run: unusable where there is none or a part of it could not be read, else the months and facilities that it holds. `broken`: why the
/// table of documents is not whole; empty where it is. `charts` counts those with a document, and is asked where the index is usable so far; it gives `None` where they are of too
/// many months and facilities.
///
/// # Errors
/// The error of `charts`.
pub fn document_index<E>(
    inputs: &[InputAccount],
    feeds: &[Feed],
    broken: &str,
    charts: impl FnOnce() -> Result<Option<ChartCounts>, E>,
) -> Result<DocumentIndex, E> {
    let told = inputs.iter().map(|input| told(input, feeds)).collect();
    if let Some(unusable) = why_unusable(inputs, broken) {
        return Ok(DocumentIndex { unusable: Some(unusable), told, ..DocumentIndex::default() });
    }
    let charts = charts()?;
    let unusable = match &charts {
        None => Some("the document index is not asked: its charts are of too many facilities and months; is facility_id mapped to the facility?".to_owned()),
        Some(charts) => charts.is_empty().then(|| "no document index: it has no document of any discharge of the run".to_owned()),
    };
    let names = |facilities: BTreeMap<String, u64>| facilities.into_keys().collect::<BTreeSet<String>>();
    let facilities =
        charts.unwrap_or_default().into_iter().map(|(month, facilities)| (month, names(facilities))).collect();
    Ok(DocumentIndex { unusable, facilities, told })
}

/// Counts the charts with a document among some rows; `None` where they are of too many months and facilities. `go_on` is asked after each partition.
///
/// # Errors
/// The temporary file of the sorter cannot be read, or the run is to stop.
pub fn charts_with_documents<E: From<io::Error> + Send>(
    rows: &Sorter,
    inputs: usize,
    (feeds, deliveries): (&[Feed], &Deliveries),
    go_on: impl Fn() -> Result<(), E>,
) -> Result<Option<ChartCounts>, E> {
    let mut merge = rows.merge()?;
    let (mut charts, mut is_too_much) = (ChartCounts::new(), false);
    let (mut accepted, mut last) = (vec![0; inputs], LastCut::none(deliveries.are_stated()));
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(E::from),
        |cut| charts_among(&deliveries.standing(cut, feeds).rows, feeds),
        |partition| {
            add_charts(&mut charts, partition);
            is_too_much |= charts.values().map(BTreeMap::len).sum::<usize>() > MOST_FACILITY_MONTHS;
            if is_too_much {
                charts.clear();
            }
            go_on()
        },
    )?;
    Ok((!is_too_much).then_some(charts))
}

/// The charts with a document among the rows of a partition.
pub fn charts_among(rows: &[u8], feeds: &[Feed]) -> ChartCounts {
    let mut charts = ChartCounts::new();
    discharges_with(rows, feeds, CanonicalTable::Documents, |facility, day| {
        let of_month = charts.entry(Month::of(day)).or_default();
        match of_month.get_mut(facility) {
            Some(charts) => *charts += 1,
            None => {
                of_month.insert(facility.to_owned(), 1);
            }
        }
    });
    charts
}

/// Adds charts to others.
pub fn add_charts(own: &mut ChartCounts, more: ChartCounts) {
    for (month, facilities) in more {
        let own = own.entry(month).or_default();
        for (facility, charts) in facilities {
            *own.entry(facility).or_default() += charts;
        }
    }
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
