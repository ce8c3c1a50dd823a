//! The records that the store keeps for a pipeline: what was taken on earlier nights comes before what the inbox holds, and what is new tonight becomes a segment.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use rustc_hash::FxHashMap;

use crate::{
    fs::path::plain,
    ingest::block::RejectedRow,
    plan::Plan,
    record::{
        account::{InputAccount, grouped},
        delivery::DeliveredContent,
        finding::Origin,
    },
    rows::{
        row::{Row, RowParts, write_parts},
        sorter::Sorter,
    },
    run::{fault::RunFault, outputs::Outputs, what_changed::KeptFigures},
    store::{
        content::{Content, KeptFeed, KeptInput},
        segment::{self, SEGMENTS, Segment},
    },
};

/// What the store keeps for a pipeline, as one run sees it.
#[derive(Debug, Default)]
pub struct KeptRecords {
    /// The state folder.
    pub(super) folder: PathBuf,
    /// Whether this run takes files and keeps their records.
    pub takes: bool,
    /// Whether it follows what the nights left.
    pub follows: bool,
    /// The pipeline that keeps them.
    pub(super) pipeline: String,
    /// Whether the feeds are read otherwise than when the last rows were kept: another layout, other parts of files.
    pub is_read_otherwise: bool,
    /// The inputs that were kept, by the numbers that they have in this run.
    pub inputs: Vec<KeptInput>,
    /// Of each, whether a run of this very business date took it: that night is run again, and says what it said.
    pub of_today: Vec<bool>,
    /// By the number of an input in the catalogue: its number in this run.
    pub(super) places: FxHashMap<u32, u16>,
    pub(super) segments: Vec<Segment>,
    /// What nights left beside their rows.
    pub(super) night_files: Vec<Segment>,
    /// What the last night left, where it left its figures.
    pub figures: Option<KeptFigures>,
    /// A night after this one has run.
    pub is_past: bool,
    pub(super) feeds: Vec<KeptFeed>,
    /// By feed and digest of a file: its kept inputs.
    of_bytes: FxHashMap<(String, String), Vec<usize>>,
}

/// What a run has taken that is to be kept.
#[derive(Debug, Default)]
pub struct NewRecords {
    /// The inputs, in the order of their numbers in this run, which follow those of the inputs that were kept.
    pub inputs: Vec<NewInput>,
    /// The segments of their rows, and what lies beside them; empty where they have none.
    pub segments: Vec<Segment>,
    /// The feeds as the catalogue has them from then on.
    pub feeds: Vec<KeptFeed>,
}

/// An input that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInput {
    /// What was read of it.
    pub account: InputAccount,
    /// SHA-256 of its file.
    pub file_sha256: String,
    /// Path of its file as seen from the folder of the site.
    pub path: String,
}

/// The rows of a night that could not be read, on their way into its segment: under a feed without a name, with the reason as the key and the bytes as they stand
/// in the place of cells.
pub struct KeptQuarantine {
    rows: Sorter,
}

impl KeptQuarantine {
    /// None yet; `scratch` is a folder for what does not fit the memory.
    pub fn new(scratch: &Path) -> KeptQuarantine {
        KeptQuarantine { rows: Sorter::new(scratch.to_path_buf(), QUARANTINE_BYTES) }
    }

    /// Its feed in the catalogue.
    pub(super) fn feed(pipeline: &str) -> KeptFeed {
        KeptFeed { pipeline: pipeline.to_owned(), name: String::new(), columns: Vec::new() }
    }

    /// Adds a row of an input, by its number in this run.
    ///
    /// # Errors
    /// A temporary file cannot be written.
    pub fn add(&mut self, input: u16, row: &RejectedRow) -> Result<(), RunFault> {
        let mut bytes = Vec::new();
        let parts = RowParts {
            // Behind the feeds of the plan, of which there are at most 200.
            feed: OF_QUARANTINE,
            facility: 0,
            origin: Origin { input, row: row.number },
            fingerprint: 0,
            key: row.reason.as_bytes(),
            content: &row.raw,
        };
        write_parts(&mut bytes, &parts);
        self.rows.add(bytes).map_err(RunFault::Write)
    }

    /// The rows.
    pub fn rows(&self) -> &Sorter {
        &self.rows
    }
}

/// Bytes of rows that could not be read that are held before they go to a temporary file.
const QUARANTINE_BYTES: usize = 16 << 20;
/// The place of their feed while they are on their way; no feed of a plan has it.
pub(super) const OF_QUARANTINE: u8 = u8::MAX;

/// The path of a file as seen from the folder that the state folder lies in; a file elsewhere has its whole path. It is what a file is known by from night to
/// night, also where the site was moved.
pub fn path_in_site(file: &Path, state: Option<&Path>) -> String {
    let absolute = |path: &Path| plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let file = absolute(file);
    let site = state.map(absolute).and_then(|state| state.parent().map(Path::to_owned));
    let inside = site.and_then(|site| file.strip_prefix(site).ok().map(Path::to_owned));
    inside.unwrap_or(file).to_string_lossy().into_owned()
}

impl KeptRecords {
    /// What the store keeps for a plan; `None` where nothing is kept for it.
    ///
    /// # Errors
    /// A run takes at most 65,535 inputs, those that were kept among them.
    pub fn of(
        plan: &Plan,
        folder: Option<&Path>,
        content: Option<&Content>,
        business_date: &str,
    ) -> Result<Option<KeptRecords>, RunFault> {
        let (Some(records), Some(folder), Some(content)) = (&plan.records, folder, content) else { return Ok(None) };
        let mut kept = KeptRecords {
            folder: folder.to_owned(),
            takes: records.takes,
            follows: records.takes || !records.examines_everything,
            pipeline: records.pipeline.clone(),
            is_read_otherwise: content.texts.get(&records.pipeline).is_some_and(|texts| *texts != records.texts),
            is_past: content
                .nights
                .keys()
                .any(|(pipeline, day)| *pipeline == records.pipeline && day.as_str() > business_date),
            feeds: content.feeds.clone(),
            ..KeptRecords::default()
        };
        let own = content.segments.iter().filter(|segment| segment.pipeline == records.pipeline).cloned();
        (kept.night_files, kept.segments) = own.partition(|segment| !segment.holds_rows());
        let of_this_date: BTreeSet<u64> = content
            .runs
            .iter()
            .filter(|run| run.taker.business_date == business_date)
            .map(|run| run.sequence)
            .collect();
        for (number, input) in content.inputs.iter().enumerate().filter(|(_, input)| input.pipeline == records.pipeline)
        {
            let place = u16::try_from(kept.inputs.len())
                .map_err(|_| RunFault::Internal("a run takes at most 65,535 inputs".to_owned()))?;
            kept.places.insert(number as u32, place);
            kept.of_today.push(records.takes && of_this_date.contains(&input.sequence));
            // A file of which no row could be read is read again: its layout may have been corrected.
            if !input.account.is_without_readable_row() {
                let key = (input.account.feed.clone(), input.file_sha256.clone());
                kept.of_bytes.entry(key).or_default().push(kept.inputs.len());
            }
            kept.inputs.push(input.clone());
        }
        Ok(Some(kept))
    }

    /// The inputs that a feed was given of a file with these bytes.
    pub fn with_bytes(&self, feed: &str, file_sha256: &str) -> Vec<&KeptInput> {
        let places = self.of_bytes.get(&(feed.to_owned(), file_sha256.to_owned()));
        places.into_iter().flatten().filter_map(|place| self.inputs.get(*place)).collect()
    }

    /// SHA-256 of the newest file that a feed was given under a path.
    pub fn newest_of(&self, feed: &str, path: &str) -> Option<&str> {
        let own = self.inputs.iter().rev().find(|input| input.account.feed == feed && input.path == path);
        own.map(|input| input.file_sha256.as_str())
    }

    /// What a person should know of records that this pipeline keeps and no longer reads, in words.
    pub fn notes(&self, plan: &Plan) -> Vec<String> {
        let mut left: BTreeMap<&str, u64> = BTreeMap::new();
        for input in self.inputs.iter().filter(|input| plan.feeds.iter().all(|feed| feed.name != input.account.feed)) {
            *left.entry(&input.account.feed).or_default() += input.account.read - input.account.quarantined;
        }
        let words = |(feed, rows): (&str, u64)| {
            format!(
                "the store keeps {} rows of the feed `{feed}`, which the pipeline no longer has: they are in no figure; write the section [[ingest]] of that name again",
                grouped(rows)
            )
        };
        left.into_iter().map(words).collect()
    }

    /// Whether a file with the bytes of a kept input is read once more all the same: of full files the newest is believed, whatever its bytes.
    pub fn reads_again(feed: &crate::plan::FeedPlan) -> bool {
        feed.delivery.as_ref().is_some_and(|delivery| delivery.content == DeliveredContent::Full)
    }

    /// Lists the rows that could not be read of inputs that were taken on this very business date: a night that is run again says the same.
    ///
    /// # Errors
    /// A segment is gone or was changed; the list cannot be written.
    pub fn quarantined_today(&self, inputs: &[InputAccount], outputs: &mut Outputs) -> Result<(), RunFault> {
        let nights: BTreeSet<u64> = self
            .inputs
            .iter()
            .zip(inputs)
            .filter(|(kept, account)| !account.taken_before && kept.account.quarantined > 0)
            .map(|(kept, _)| kept.sequence)
            .collect();
        let mut found: Vec<(u16, u64, Vec<u8>, Vec<u8>)> = Vec::new();
        for segment in self.segments.iter().filter(|segment| nights.iter().any(|night| segment.sequence >= *night)) {
            let is_quarantine = |feed: u32| {
                let number = segment.feeds.get(feed as usize).and_then(|number| usize::try_from(*number).ok());
                number.and_then(|number| self.feeds.get(number)).is_some_and(|feed| feed.name.is_empty())
            };
            let place = |feed: u32, input: u32| {
                let place = *self.places.get(&input)?;
                let is_of_today = nights.contains(&self.inputs.get(usize::from(place))?.sequence);
                (is_quarantine(feed) && is_of_today).then_some((0, place))
            };
            let path = self.folder.join(SEGMENTS).join(&segment.name);
            segment::read(&path, segment, &place, &|_, _| None, &mut |rows: Vec<u8>| -> Result<(), RunFault> {
                found.extend(
                    Row::all(&rows)
                        .map(|row| (row.origin().input, row.origin().row, row.key().to_vec(), row.content().to_vec())),
                );
                Ok(())
            })?;
        }
        found.sort();
        for (input, row, why, raw) in found {
            let label = inputs[usize::from(input)].label();
            outputs.quarantined_row((&label, row), &String::from_utf8_lossy(&why), &raw)?;
        }
        Ok(())
    }
}
