//! What a run will have remembered, ready to be committed with its output.

use std::path::PathBuf;

use super::{
    audit_log::Deed,
    catalogue::Catalogue,
    content::{Content, OutputPlace, RememberedRun, Taker},
    tracked::TrackedEdits,
};
use crate::fs::{
    FileError,
    commit::{Announced, Remember, Way},
};

/// A run that is to be committed.
#[derive(Debug)]
pub struct RunToCommit<'c> {
    catalogue: &'c mut Catalogue,
    taker: Taker,
    run_id: String,
    /// What is remembered from then on, but for the run itself.
    next: Content,
    /// What becomes of the findings and deficiencies that are followed.
    tracked: &'c TrackedEdits,
}

impl<'c> RunToCommit<'c> {
    /// A run of a taker; `next` is what is remembered from then on.
    pub fn new(
        catalogue: &'c mut Catalogue,
        taker: Taker,
        run_id: String,
        (next, tracked): (Content, &'c TrackedEdits),
    ) -> RunToCommit<'c> {
        RunToCommit { catalogue, taker, run_id, next, tracked }
    }
}

impl Remember for RunToCommit<'_> {
    fn folder(&self) -> PathBuf {
        self.catalogue.folder().to_owned()
    }

    fn has_nothing_new(&self, output: &Announced) -> bool {
        let own = |run: &&RememberedRun| {
            run.output.seal_sha256 == output.seal_sha256 && run.placed == OutputPlace::AtItsPlace
        };
        let known = self.catalogue.content.runs.iter().rev().find(own);
        known.is_some() && self.next == self.catalogue.content
    }

    fn commit(&mut self, output: &Announced) -> Result<(), FileError> {
        let placed = if output.way == Way::LiesThere { OutputPlace::AtItsPlace } else { OutputPlace::NotYet };
        let run = RememberedRun {
            sequence: self.catalogue.content.next_sequence(),
            run_id: self.run_id.clone(),
            taker: self.taker.clone(),
            output: self.catalogue.as_kept(output),
            placed,
        };
        let Taker { pipeline, period, business_date } = self.taker.clone();
        let deed = Deed {
            kind: "run".to_owned(),
            pipeline,
            period,
            business_date,
            run_id: self.run_id.clone(),
            seal_sha256: output.seal_sha256.clone(),
            state_sha256: String::new(),
        };
        let mut next = self.next.clone();
        next.runs.push(run);
        self.catalogue.commit_with(next, self.tracked, deed)
    }

    fn placed(&mut self, output: &Announced, name: &str) -> Result<(), FileError> {
        let own = |run: &&RememberedRun| run.output.seal_sha256 == output.seal_sha256;
        let sequence = self.catalogue.content.runs.iter().rev().find(own).map(|run| run.sequence);
        sequence.map_or(Ok(()), |sequence| self.catalogue.note(sequence, OutputPlace::AtItsPlace, name))
    }
}
