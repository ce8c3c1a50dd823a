//! How the inputs of a run stand to each other, by what the pipeline says of their delivery.

use std::collections::BTreeMap;

use crate::{
    plan::Plan,
    record::{
        account::InputAccount,
        delivery::{DateInName, DeliveredContent, NewestBy, RecordVersion, Scale},
    },
    rows::standing::{Deliveries, InputDelivery, mark_past},
    run::kept_records::path_in_site,
};

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSource {
    /// Place of its feed among those of the plan; `None` where the feed is no longer there.
    pub feed: Option<usize>,
    /// Place of its file among those of the feed; `None` where it was kept from an earlier night.
    pub file: Option<usize>,
    /// Its place among all, those that were kept first.
    pub place: usize,
    /// The path of its file in the site.
    pub path: String,
}

/// A file of the plan, which comes at a place among those of its feed, behind so many inputs that were kept.
pub fn source_of(plan: &Plan, feed: usize, (file, place): (usize, usize), kept: usize) -> InputSource {
    let before: usize = plan.feeds[..feed].iter().map(|feed| feed.files.len()).sum();
    let path = path_in_site(&plan.feeds[feed].files[file], plan.state.as_deref());
    InputSource { feed: Some(feed), file: Some(file), place: kept + before + place, path }
}

/// Orders the inputs of a run, and says in the account of each what its delivery leaves open.
pub fn deliveries(plan: &Plan, sources: &[InputSource], inputs: &mut [InputAccount]) -> Deliveries {
    let feeds = plan.feeds.iter().map(|feed| feed.delivery.clone()).collect();
    let mut delivered = Vec::with_capacity(inputs.len());
    let mut series = Vec::with_capacity(inputs.len());
    for (source, input) in sources.iter().zip(inputs.iter_mut()) {
        let delivery = source.feed.and_then(|feed| plan.feeds[feed].delivery.as_ref());
        let Some(delivery) = delivery else {
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
            NewestBy::Order => Some(RecordVersion::of_place(source.place)),
            NewestBy::Column { .. } => None,
        };
        delivered.push(InputDelivery { version, is_past: false });
        let is_whole = input.fault.is_empty() && input.quarantined == 0 && input.read > 0;
        let is_full = delivery.content == DeliveredContent::Full;
        input.withdraws_nothing = is_full && !is_whole && input.fault.is_empty();
        let own = dated.filter(|_| by_name).map_or(String::new(), |date| date.series);
        series.push((is_full.then(|| format!("{:?} {own}", source.feed)), is_whole));
    }
    order_versions_of_files(plan, sources, inputs, &mut delivered);
    date_by_first(plan, sources, inputs, &mut delivered);
    mark_past(&mut delivered, &series);
    Deliveries { feeds, inputs: delivered }
}

/// Orders the versions of one file: a file that came again under its own name with other bytes, when the first was kept, is the newer one, although both have
/// the same date in their name, or none.
fn order_versions_of_files(
    plan: &Plan,
    sources: &[InputSource],
    inputs: &[InputAccount],
    delivered: &mut [InputDelivery],
) {
    let mut versions: BTreeMap<(Option<usize>, &str, &str), Vec<usize>> = BTreeMap::new();
    for (at, (source, input)) in sources.iter().zip(inputs).enumerate() {
        let delivery = source.feed.and_then(|feed| plan.feeds[feed].delivery.as_ref());
        if delivery.is_some_and(|delivery| delivery.newest_by == NewestBy::FileNameDate) {
            versions.entry((source.feed, &source.path, &input.part)).or_default().push(at);
        }
    }
    for mut of_file in versions.into_values().filter(|of_file| of_file.len() > 1) {
        of_file.sort_by_key(|at| sources[*at].place);
        let newest = of_file[of_file.len() - 1];
        let Some(named) = delivered[newest].version else {
            // Without a date they are known to be newer than each other alone.
            of_file.iter().for_each(|at| delivered[*at].version = Some(RecordVersion::of_place(sources[*at].place)));
            continue;
        };
        for (later, at) in (0..).zip(of_file) {
            // Each is of a second of its own from the begin of the time that the name says, the newest of all the rest of it.
            let point = named.first + later;
            let last = if at == newest { named.last.max(point) } else { point };
            delivered[at].version = Some(RecordVersion { scale: Scale::FileNameDate, first: point, last });
        }
    }
}

/// Lets a file of changes that is sent again, under another name, be as old as it was when it first came: its rows were corrected since, and are not newer than
/// their corrections. Of full files the newest is believed, whatever its bytes.
fn date_by_first(plan: &Plan, sources: &[InputSource], inputs: &[InputAccount], delivered: &mut [InputDelivery]) {
    let of_changes = |feed: Option<usize>| {
        let delivery = feed.and_then(|feed| plan.feeds[feed].delivery.as_ref());
        delivery.is_some_and(|delivery| delivery.content == DeliveredContent::Changes)
    };
    let mut first: BTreeMap<(Option<usize>, &str, &str), RecordVersion> = BTreeMap::new();
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
