//! Many small segments become one: every night leaves a file, and every run opens each of them. No row is lost, and none is changed.

use std::{collections::BTreeMap, path::Path};

use super::{
    audit_log::Deed,
    catalogue::Catalogue,
    content::Content,
    fault,
    segment::{self, SEGMENTS, Segment, SegmentWriter},
    upkeep::sweep_segments,
};
use crate::{
    fs::{FileError, lock::Lock, sync},
    rows::sorter::{HELD_BYTES, Sorter, sort_rows},
};

/// What was done for one pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    for segment in &catalogue.content.segments {
        of_pipelines.entry(segment.pipeline.clone()).or_default().push(segment.clone());
    }
    let mut done = Vec::new();
    for (pipeline, segments) in of_pipelines.into_iter().filter(|(_, segments)| segments.len() > 1) {
        let joined = join(folder, &catalogue.content, &pipeline, &segments)?;
        done.push(Compacted {
            pipeline: pipeline.clone(),
            segments: segments.len(),
            rows: joined.rows,
            octets_before: segments.iter().map(|segment| segment.digest.bytes).sum(),
            octets_after: joined.digest.bytes,
        });
        let mut next = catalogue.content.clone();
        next.segments.retain(|segment| segment.pipeline != pipeline);
        next.segments.push(joined);
        next.segments.sort_by(|one, other| (one.sequence, &one.name).cmp(&(other.sequence, &other.name)));
        catalogue.commit(next, Deed { kind: "compact".to_owned(), pipeline, ..Deed::default() })?;
        // They are named no more.
        sweep_segments(folder, &catalogue.content)?;
    }
    Ok(done)
}

/// Writes the rows of some segments of a pipeline as one.
fn join(folder: &Path, content: &Content, pipeline: &str, segments: &[Segment]) -> Result<Segment, FileError> {
    let path = folder.join(SEGMENTS);
    let mut feeds: Vec<u64> = segments.iter().flat_map(|segment| &segment.feeds).copied().collect();
    feeds.sort_unstable();
    feeds.dedup();
    // Rows in hand have numbers of two bytes; the inputs of one pipeline have no more.
    let of_pipeline = content.inputs.iter().enumerate().filter(|(_, input)| input.pipeline == pipeline);
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
    let names = (1..u32::MAX).map(|number| format!("{sequence:06}-{number}.parquet"));
    let name = names.into_iter().find(|name| path.join(name).symlink_metadata().is_err()).unwrap_or_default();
    let mut writer = SegmentWriter::begin(&path.join(&name))?;
    let mut merge = sorter.merge().map_err(FileError::read(&path))?;
    while let Some(row) = merge.row() {
        writer.add(row, row.feed(), inputs[usize::from(row.origin().input)])?;
        merge.advance().map_err(FileError::read(&path))?;
    }
    let (rows, digest) = writer.end()?;
    sync(&path)?;
    if rows != segments.iter().map(|segment| segment.rows).sum::<u64>() {
        return Err(fault::damaged(&path, "rows of its segments are of inputs that the catalogue does not name"));
    }
    Ok(Segment { name, pipeline: pipeline.to_owned(), sequence, rows, digest, feeds })
}
