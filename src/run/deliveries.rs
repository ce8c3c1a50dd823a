//! How the inputs of a run stand to each other, by what the pipeline says of their delivery.

use std::collections::BTreeMap;

use crate::{
    plan::{FeedPlan, Plan},
    record::{
        account::InputAccount,
        delivery::{DateInName, DeliveredContent, NewestBy, RecordVersion},
    },
    rows::standing::{Deliveries, InputDelivery, mark_past},
};

/// Of an input: its feed among those of the plan, and its file among those of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileOfFeed {
    /// Place of the feed.
    pub feed: usize,
    /// Place of the file.
    pub file: usize,
}

/// Orders the inputs of a run, and says in the account of each what its delivery leaves open.
pub fn deliveries(plan: &Plan, sources: &[FileOfFeed], inputs: &mut [InputAccount]) -> Deliveries {
    let feeds = plan.feeds.iter().map(|feed| feed.delivery.clone()).collect();
    let mut delivered = Vec::with_capacity(inputs.len());
    let mut series = Vec::with_capacity(inputs.len());
    for (source, input) in sources.iter().zip(inputs.iter_mut()) {
        let feed = &plan.feeds[source.feed];
        let Some(delivery) = &feed.delivery else {
            delivered.push(InputDelivery::default());
            series.push((None, true));
            continue;
        };
        let dated = DateInName::find(&input.file).or_else(|| DateInName::find(&input.part));
        let by_name = delivery.newest_by == NewestBy::FileNameDate;
        input.undated = by_name && dated.is_none();
        let version = match delivery.newest_by {
            NewestBy::FileNameDate => {
                RecordVersion::of_file_name(&input.file).or_else(|| RecordVersion::of_file_name(&input.part))
            }
            NewestBy::Order => Some(RecordVersion::of_place(place_among_all(&plan.feeds, *source))),
            NewestBy::Column { .. } => None,
        };
        delivered.push(InputDelivery { version, is_past: false });
        let is_whole = input.fault.is_empty() && input.quarantined == 0 && input.read > 0;
        let is_full = delivery.content == DeliveredContent::Full;
        input.withdraws_nothing = is_full && !is_whole && input.fault.is_empty();
        let own = dated.filter(|_| by_name).map_or(String::new(), |date| date.series);
        series.push((is_full.then(|| format!("{} {own}", source.feed)), is_whole));
    }
    date_by_first(plan, sources, inputs, &mut delivered);
    mark_past(&mut delivered, &series);
    Deliveries { feeds, inputs: delivered }
}

/// Lets a file of changes that is sent again, under another name, be as old as it was when it first came: its rows were corrected since, and are not newer than
/// their corrections. Of full files the newest is believed, whatever its bytes.
fn date_by_first(plan: &Plan, sources: &[FileOfFeed], inputs: &[InputAccount], delivered: &mut [InputDelivery]) {
    let of_changes = |feed: usize| {
        let delivery = plan.feeds[feed].delivery.as_ref();
        delivery.is_some_and(|delivery| delivery.content == DeliveredContent::Changes)
    };
    let mut first: BTreeMap<(usize, &str, &str), RecordVersion> = BTreeMap::new();
    let with_bytes = || sources.iter().zip(inputs).map(|(source, input)| (source.feed, &*input.sha256, &*input.part));
    for (key, own) in with_bytes().zip(delivered.iter()) {
        if let Some(version) = own.version {
            let first = first.entry(key).or_insert(version);
            *first = (*first).min(version);
        }
    }
    for (key, own) in with_bytes().zip(delivered) {
        if let Some(version) = first.get(&key).filter(|_| of_changes(key.0)) {
            own.version = own.version.map(|_| *version);
        }
    }
}

/// The place of a file among all files of the plan.
fn place_among_all(feeds: &[FeedPlan], source: FileOfFeed) -> usize {
    feeds[..source.feed].iter().map(|feed| feed.files.len()).sum::<usize>() + source.file
}
