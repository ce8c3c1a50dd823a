//! Many small segments become one: every night leaves a file, and every run opens each of them. No row is lost, and none is changed.

use std::{collections::BTreeMap, path::Path};

use super::{
    audit_log::Deed,
    catalogue::Catalogue,
    content::Content,
    fault, lookup,
    night_files::NightFile,
    segment::{self, SEGMENTS, Segment},
    segment_files::SegmentFiles,
    upkeep::sweep_segments,
};
use crate::{
    fs::{FileError, lock::Lock},
    rows::sorter::{HELD_BYTES, Sorter, sort_rows},
};

/// What was done for one pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Title of the pipeline.
    pub pipeline: String,
    /// Segments before; afterwards there is one.
    pub segments: usize,
    /// Its rows.
    pub rows: u64,
    /// Size of the segments before, in octets.
    pub octets_before: u64,
    /// Size of the one afterwards.
    pub octets_after: u64,
}

/// Joins the segments of each pipeline whose records a state folder keeps.
///
/// # Errors
/// [`FileError::Busy`] while a run is at work; a segment is gone or was changed; [`FileError::Write`]. What stood before stands then.
pub fn compact(folder: &Path) -> Result<Vec<Compacted>, FileError> {
    let _lock = Lock::acquire(folder)?;
    let mut catalogue = Catalogue::open(folder)?;
    sweep_segments(folder, &catalogue.content)?;
    let mut of_pipelines: BTreeMap<String, Vec<Segment>> = BTreeMap::new();
    for segment in catalogue.content.segments.iter().filter(|segment| segment.holds_rows()) {
        of_pipelines.entry(segment.pipeline.clone()).or_default().push(segment.clone());
    }
    let mut done = Vec::new();
    for (pipeline, segments) in of_pipelines {
        // Rows of encounters apart from those of patients and registers, which every night reads.
        let (others, of_encounters): (Vec<Segment>, Vec<Segment>) =
            segments.into_iter().partition(|segment| segment.holds_quarantine(&catalogue.content));
        let mut next = catalogue.content.clone();
        let mut compacted = Compacted { pipeline: pipeline.clone(), ..Compacted::default() };
        for (segments, blocks) in [(of_encounters, true), (others, false)] {
            if segments.len() > 1 {
                join(folder, &mut next, (&pipeline, &segments, blocks), &mut compacted)?;
            }
        }
        if compacted.segments == 0 {
            continue;
        }
        join_stays(folder, &pipeline, &mut next.segments)?;
        next.segments.sort_by(|one, other| (one.sequence, &one.name).cmp(&(other.sequence, &other.name)));
        catalogue.commit(next, Deed { kind: "compact".to_owned(), pipeline, ..Deed::default() })?;
        // They are named no more.
        sweep_segments(folder, &catalogue.content)?;
        done.push(compacted);
    }
    Ok(done)
}

/// Joins what the nights of a pipeline left of stays.
fn join_stays(folder: &Path, pipeline: &str, segments: &mut Vec<Segment>) -> Result<(), FileError> {
    let is_own = |segment: &Segment| segment.pipeline == pipeline && NightFile::Stays.is(segment);
    let own: Vec<Segment> = segments.iter().filter(|segment| is_own(segment)).cloned().collect();
    let Some(newest) = own.last().filter(|_| own.len() > 1) else { return Ok(()) };
    let mut stays = Vec::new();
    for file in &own {
        let path = folder.join(SEGMENTS).join(&file.name);
        let read = lookup::entries(&NightFile::read(folder, file)?);
        stays.extend(read.ok_or_else(|| fault::damaged(&path, "it is not as this program writes it"))?);
    }
    let stems = (1..u32::MAX).map(|number| format!("{:06}-{number}", newest.sequence));
    let is_free = |stem: &String| folder.join(SEGMENTS).join(NightFile::Stays.name(stem)).symlink_metadata().is_err();
    let stem = stems.into_iter().find(is_free).unwrap_or_default();
    let joined = NightFile::Stays.write_as(folder, (pipeline, newest.sequence), &stem, &lookup::written(stays))?;
    segments.retain(|segment| !is_own(segment));
    segments.push(joined);
    Ok(())
}

/// Writes the rows of some segments of a pipeline as one, which takes their place. `blocks`: they are of encounters.
fn join(
    folder: &Path,
    next: &mut Content,
    (pipeline, segments, blocks): (&str, &[Segment], bool),
    compacted: &mut Compacted,
) -> Result<(), FileError> {
    let path = folder.join(SEGMENTS);
    let mut feeds: Vec<u64> = segments.iter().flat_map(|segment| &segment.feeds).copied().collect();
    feeds.sort_unstable();
    feeds.dedup();
    // Rows in hand have numbers of two bytes; the inputs of one pipeline have no more.
    let of_pipeline = next.inputs.iter().enumerate().filter(|(_, input)| input.pipeline == pipeline);
    let inputs: Vec<u32> = of_pipeline.map(|(number, _)| number as u32).collect();
    let mut sorter = Sorter::new(path.clone(), HELD_BYTES);
    for segment in segments {
        let place = |feed: u32, input: u32| {
            let number = segment.feeds.get(feed as usize)?;
            let feed = u8::try_from(feeds.binary_search(number).ok()?).ok()?;
            Some((feed, u16::try_from(inputs.binary_search(&input).ok()?).ok()?))
        };
        segment::read(&path.join(&segment.name), segment, &place, &|_, _| None, &mut |rows| {
            sorter.add(sort_rows(rows)).map_err(FileError::write(&path))
        })?;
    }
    let sequence = segments.iter().map(|segment| segment.sequence).max().unwrap_or(0);
    let stems = (1..u32::MAX).map(|number| format!("{sequence:06}-{number}"));
    let is_free = |stem: &String| path.join(format!("{stem}.parquet")).symlink_metadata().is_err();
    let stem = stems.into_iter().find(is_free).unwrap_or_default();
    let mut files = SegmentFiles::begin(folder, (pipeline, sequence), &stem, feeds, blocks)?;
    let mut merge = sorter.merge().map_err(FileError::read(&path))?;
    while let Some(row) = merge.row() {
        files.add(row, row.feed(), inputs[usize::from(row.origin().input)])?;
        merge.advance().map_err(FileError::read(&path))?;
    }
    let joined = files.end()?;
    let rows = joined[0].rows;
    if rows != segments.iter().map(|segment| segment.rows).sum::<u64>() {
        return Err(fault::damaged(&path, "rows of its segments are of inputs that the catalogue does not name"));
    }
    let octets = |of: &[Segment]| of.iter().map(|segment| segment.digest.bytes).sum::<u64>();
    // What lies beside a segment has its name.
    let is_gone = |segment: &Segment| {
        let is_its = |of: &Segment| of.stem() == segment.stem() && of.pipeline == segment.pipeline;
        let lies_beside = NightFile::Rows.is(segment) || NightFile::Records.is(segment);
        segments.contains(segment) || lies_beside && segments.iter().any(is_its)
    };
    let gone: Vec<Segment> = next.segments.extract_if(.., |segment| is_gone(segment)).collect();
    compacted.segments += segments.len();
    compacted.rows += rows;
    compacted.octets_before += octets(&gone);
    compacted.octets_after += octets(&joined);
    next.segments.extend(joined);
    Ok(())
}
