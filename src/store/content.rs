//! What a catalogue remembers, as plain data: read whole when a run begins, because a run holds its inputs against all of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{segment::Segment, tracked::TrackedSum};
use crate::{
    fs::commit::{Announced, Way},
    record::account::InputAccount,
};

/// Who takes inputs: what the ledger keeps of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taker {
    /// Title of the pipeline.
    pub pipeline: String,
    /// Name of the period; empty where there is none.
    pub period: String,
    /// The business date, `YYYY-MM-DD`.
    pub business_date: String,
}

/// One line of the ledger: an input, and the run that first took it for its pipeline and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenInput {
    /// Name of the feed.
    pub feed: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Sheet or member; empty where the file is one table.
    pub part: String,
    /// Name of the file.
    pub file: String,
    /// The run.
    pub run_id: String,
    /// Who took it.
    pub taker: Taker,
    /// Number of the run; 0 where an edition before the first numbered one took it.
    pub sequence: u64,
}

/// Whether the output of a run has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputPlace {
    /// Not yet: a run that was killed, or could not rename it.
    NotYet,
    /// It has.
    AtItsPlace,
    /// Somebody took it away before it had.
    Gone,
}

/// A run that is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedRun {
    /// Its number, from 1.
    pub sequence: u64,
    /// What it is called in its outputs.
    pub run_id: String,
    /// Whose it is.
    pub taker: Taker,
    /// Where its output stands; `place` is relative to the state folder where both lie in one site.
    pub output: Announced,
    /// Whether it stands there.
    pub placed: OutputPlace,
}

/// The cells of a line of a facility's month: facility, month, measure, of what, numerator, denominator.
pub type MonthLine = [String; 6];

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The runs, by their numbers.
    pub runs: Vec<RememberedRun>,
    /// The ledger, in the order of taking.
    pub taken: Vec<TakenInput>,
    /// The lines of facilities' months, by pipeline.
    pub months: BTreeMap<String, Vec<MonthLine>>,
    /// The periods that are closed, by pipeline and name of the period.
    pub closed: BTreeMap<(String, String), ClosedPeriod>,
    /// What is kept of how the feeds of a pipeline are read: by its title and a name. A pipeline is here when its records are kept.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// The feeds of rows that are kept, by their numbers from 0.
    pub feeds: Vec<KeptFeed>,
    /// The inputs whose rows are kept, by their numbers from 0.
    pub inputs: Vec<KeptInput>,
    /// The segments in which the rows lie, in the order of runs.
    pub segments: Vec<Segment>,
    /// What the findings and deficiencies that a pipeline follows come to.
    pub tracked: BTreeMap<String, TrackedSum>,
    /// The nights on which they were followed, by pipeline and business date.
    pub nights: BTreeMap<(String, String), RememberedNight>,
    /// What became of clinicians with deficiencies, by pipeline and clinician.
    pub clinicians: BTreeMap<(String, String), String>,
}

/// A night on which findings and deficiencies were followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberedNight {
    /// Digest of all but the records that findings come from: edition, settings, edits, layouts, code sets.
    pub basis: String,
    /// What was new, open and corrected, as JSON.
    pub account: String,
}

/// A period whose figures are published; what later runs say of it are restatements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPeriod {
    /// Number of the run whose figures were published.
    pub sequence: u64,
    /// The day on which it was closed, `YYYY-MM-DD`.
    pub closed_on: String,
}

/// A column of an export, as kept cells are known by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptColumn {
    /// The field that it is of.
    pub field: String,
    /// Its place among repeated columns, from 0.
    pub position: u8,
    /// What it is called in the export: any of these names; of a fixed width its place.
    pub names: Vec<String>,
}

/// A feed as it was read when rows of it were kept: the cells of a row are numbered by its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFeed {
    /// Title of the pipeline.
    pub pipeline: String,
    /// Name of the section `[[ingest]]`.
    pub name: String,
    /// The columns, by the slot numbers of cells.
    pub columns: Vec<KeptColumn>,
}

/// An input whose rows are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptInput {
    /// Title of the pipeline that took it.
    pub pipeline: String,
    /// The run that took it.
    pub sequence: u64,
    /// SHA-256 of its file, which may hold several inputs.
    pub file_sha256: String,
    /// Path of its file as seen from the folder of the site: `inbox/discharges-2026-10-05.csv`. Another file under it is a new version of it.
    pub path: String,
    /// What was read of it, as it was told when it was taken. What becomes of its rows is told anew by every run.
    pub account: InputAccount,
}

impl Content {
    /// The number of the next run.
    pub fn next_sequence(&self) -> u64 {
        let of_runs = self.runs.iter().map(|run| run.sequence);
        of_runs.chain(self.taken.iter().map(|taken| taken.sequence)).max().unwrap_or(0) + 1
    }

    /// SHA-256 of all of it, 64 hexadecimal digits: the digest that the entry of the audit log has. Whether an output has its place is not of it, because
    /// that is noted after the entry.
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        let mut line = |cells: &[&str]| {
            for cell in cells {
                hasher.update((cell.len() as u64).to_le_bytes());
                hasher.update(cell);
            }
            hasher.update([b'\n']);
        };
        for run in &self.runs {
            let RememberedRun { sequence, run_id, taker, output, placed: _ } = run;
            let Announced { place, name: _, work, way, seal, seal_sha256 } = output;
            let Taker { pipeline, period, business_date } = taker;
            let (sequence, place) = (sequence.to_string(), place.to_string_lossy());
            line(&[
                "run",
                &sequence,
                run_id,
                pipeline,
                period,
                business_date,
                &place,
                work,
                word(*way),
                seal,
                seal_sha256,
            ]);
        }
        for taken in &self.taken {
            let TakenInput { feed, sha256, part, file, run_id, taker, sequence } = taken;
            let Taker { pipeline, period, business_date } = taker;
            line(&["input", feed, sha256, part, file, run_id, pipeline, period, business_date, &sequence.to_string()]);
        }
        for (pipeline, lines) in &self.months {
            for cells in lines {
                let cells: Vec<&str> =
                    ["month", pipeline].into_iter().chain(cells.iter().map(String::as_str)).collect();
                line(&cells);
            }
        }
        for ((pipeline, period), ClosedPeriod { sequence, closed_on }) in &self.closed {
            line(&["closed", pipeline, period, &sequence.to_string(), closed_on]);
        }
        for (pipeline, texts) in &self.texts {
            for (name, text) in texts {
                line(&["text", pipeline, name, text]);
            }
        }
        for KeptFeed { pipeline, name, columns } in &self.feeds {
            line(&["feed", pipeline, name, &json(columns)]);
        }
        for KeptInput { pipeline, sequence, file_sha256, path, account } in &self.inputs {
            line(&["kept", pipeline, &sequence.to_string(), file_sha256, path, &json(account)]);
        }
        for Segment { name, pipeline, sequence, rows, digest, feeds } in &self.segments {
            let [sequence, rows, bytes] = [sequence, rows, &digest.bytes].map(u64::to_string);
            line(&["segment", name, pipeline, &sequence, &rows, &bytes, &digest.sha256, &json(feeds)]);
        }
        for (pipeline, sum) in &self.tracked {
            line(&["tracked", pipeline, &sum.rows.to_string(), &sum.hexadecimal()]);
        }
        for ((pipeline, business_date), RememberedNight { basis, account }) in &self.nights {
            line(&["night", pipeline, business_date, basis, account]);
        }
        for ((pipeline, clinician), events) in &self.clinicians {
            line(&["clinician", pipeline, clinician, events]);
        }
        hasher.finalize().iter().map(|octet| format!("{octet:02x}")).collect()
    }
}

/// Plain data as one line of JSON.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The word for a way in the catalogue.
pub(super) fn word(way: Way) -> &'static str {
    match way {
        Way::FreeName => "free name",
        Way::Replacing => "replacing",
        Way::LiesThere => "lies there",
    }
}

/// The way of a word; `None` where there is none.
pub(super) fn way_of(text: &str) -> Option<Way> {
    [Way::FreeName, Way::Replacing, Way::LiesThere].into_iter().find(|way| word(*way) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(feed: &str, part: &str) -> Content {
        let taken = TakenInput {
            feed: feed.to_owned(),
            sha256: "0".repeat(64),
            part: part.to_owned(),
            file: "a.csv".to_owned(),
            run_id: "1".to_owned(),
            taker: Taker::default(),
            sequence: 4,
        };
        Content { taken: vec![taken], ..Content::default() }
    }

    #[test]
    fn no_two_contents_have_one_digest_because_cells_ran_together() {
        assert_ne!(taken("ab", "c").sha256(), taken("a", "bc").sha256());
        assert_ne!(taken("ab", "").sha256(), taken("", "ab").sha256());
        assert_eq!(taken("ab", "c").sha256(), taken("ab", "c").sha256());
        assert_eq!((taken("ab", "c").next_sequence(), Content::default().next_sequence()), (5, 1));
    }
}
