//! What a night leaves for the next one in the store: the figures of the records at rest, and what brings the records of one patient together.

use rustc_hash::FxHashSet;

use super::{
    at_rest::LeftByNight, fault::RunFault, kept_records::KeptRecords, state::StateFolder, what_changed::NightScope,
};
use crate::{
    fs::FileError,
    store::{
        lookup::{self, LookupTable},
        night_files::{NightFile, digest_of},
        segment::{SEGMENTS, Segment},
        upkeep,
    },
};

impl KeptRecords {
    /// Reads what the last night left: nothing where it left nothing, or what another edition of the program writes. `everything`: the run does without what can be made anew.
    ///
    /// # Errors
    /// A segment, or unless `everything` a file that a night left, is gone or was changed.
    pub fn with_figures(mut self, everything: bool) -> Result<KeptRecords, RunFault> {
        // A night that examines what changed may not read them all.
        let of_nights: &[Segment] = if self.follows && !everything { &self.night_files } else { &[] };
        let files = self.segments.iter().chain(of_nights);
        if let Some(fault) = files.filter_map(|file| upkeep::fault_of_segment(&self.folder, file)).next() {
            return Err(fault.into());
        }
        let file = self.beside(NightFile::Figures).next().filter(|_| self.follows).cloned();
        if let Some(file) = file {
            let bytes = match NightFile::read(&self.folder, &file) {
                Err(FileError::Damaged { .. }) if everything => return Ok(self),
                bytes => bytes?,
            };
            let bytes = zstd::decode_all(bytes.as_slice()).unwrap_or_default();
            self.figures = rmp_serde::from_slice(&bytes).ok();
        }
        Ok(self)
    }

    /// What nights left of a kind.
    pub(super) fn beside(&self, kind: NightFile) -> impl Iterator<Item = &Segment> {
        self.night_files.iter().filter(move |file| kind.is(file))
    }

    /// The records that are brought together by some keys of stays: digests of both.
    ///
    /// # Errors
    /// A file is gone, or is not as this program writes it.
    pub fn brought_together_by(&self, keys: &FxHashSet<u64>) -> Result<Vec<(u64, u64)>, RunFault> {
        let mut in_order: Vec<u64> = keys.iter().copied().collect();
        in_order.sort_unstable();
        let mut found = Vec::new();
        for file in self.beside(NightFile::Stays) {
            found.extend(LookupTable::open(&self.folder.join(SEGMENTS).join(&file.name))?.of(&in_order)?);
        }
        Ok(found)
    }

    /// Writes what a night leaves, and gives the files that the catalogue names from then on beside those of segments. Of a night that examined all records, what nights before
    /// left of stays is of no use any more.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn leave(&self, sequence: u64, left: Option<LeftByNight>) -> Result<Vec<Segment>, RunFault> {
        let Some(LeftByNight { figures, months, stays, everything }) = left else { return Ok(Vec::new()) };
        let write = |kind: NightFile, bytes: &[u8]| -> Result<Segment, RunFault> {
            let digest = digest_of(bytes);
            // A night that is run again leaves what it left.
            let is_sound = |file: &Segment| NightFile::read(&self.folder, file).is_ok();
            if let Some(same) = self.beside(kind).find(|file| file.digest.sha256 == digest && is_sound(file)) {
                return Ok(same.clone());
            }
            Ok(kind.write_as(&self.folder, (&self.pipeline, sequence), &format!("{sequence:06}"), bytes)?)
        };
        let mut left: Vec<Segment> = Vec::new();
        match (self.beside(NightFile::Figures).next(), &self.figures) {
            (Some(file), Some(before)) if *before == figures => left.push(file.clone()),
            _ => {
                let bytes = rmp_serde::to_vec(&figures).ok();
                let bytes = bytes.and_then(|bytes| zstd::encode_all(bytes.as_slice(), 3).ok());
                let fault = || RunFault::Internal("the figures of a night cannot be written".to_owned());
                left.push(write(NightFile::Figures, &bytes.ok_or_else(fault)?)?);
            }
        }
        left.extend(self.leave_months(months, everything, write)?);
        let mut stays = stays;
        if !everything {
            left.extend(self.beside(NightFile::Stays).cloned());
            let known = self.brought_together_by(&stays.iter().map(|(key, _)| *key).collect())?;
            let known: FxHashSet<(u64, u64)> = known.into_iter().collect();
            stays.retain(|stay| !known.contains(stay));
        }
        if !stays.is_empty() {
            left.push(write(NightFile::Stays, &lookup::written(stays))?);
        }
        Ok(left)
    }
}

impl StateFolder {
    /// Keeps what a night leaves for the next one, from the moment on when its output is published.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn leave(&mut self, scope: &NightScope, left: Option<LeftByNight>) -> Result<(), RunFault> {
        let Some(kept) = scope.kept().filter(|kept| kept.takes) else { return Ok(()) };
        let sequence = self.catalogue.as_ref().map_or(1, |catalogue| catalogue.content.next_sequence());
        let files = kept.leave(sequence, left)?;
        let pipeline = self.taker.pipeline.clone();
        let kinds = [NightFile::Figures, NightFile::Months, NightFile::Stays];
        let is_left = |segment: &Segment| kinds.iter().any(|kind| kind.is(segment));
        self.next.segments.retain(|segment| segment.pipeline != pipeline || !is_left(segment));
        self.next.segments.extend(files);
        self.next.segments.sort_by(|one, other| (one.sequence, &one.name).cmp(&(other.sequence, &other.name)));
        Ok(())
    }

    /// Removes what nights before left and this one has replaced. What cannot be removed the next start removes.
    pub fn remove_replaced(&self) {
        if let Some(catalogue) = &self.catalogue {
            let _ = upkeep::sweep_segments(catalogue.folder(), &catalogue.content);
        }
    }
}
