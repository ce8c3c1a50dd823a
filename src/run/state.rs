//! The state folder of a run: the catalogue of the store, locked while the run goes on, and what the run will have remembered. What is told from it:
//! [`TakenBefore`].

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    earlier_state,
    fault::RunFault,
    follow_up::link_to_newest,
    kept_records::{KeptRecords, NewInput, NewRecords},
    remembered_months::{lines_after, months_of},
    taken_before::TakenBefore,
};
use crate::{
    archive::own_seal::{read_changed, read_own_seal},
    edits::trend::facility_months::FacilityMonths,
    fs::{FileError, digest, link_target, lock, lock::Lock, path::shown, read_if_there, removal::is_removable},
    plan::Plan,
    record::{account::InputAccount, date::Day, finding::FindingKey},
    rows::sorter::Sorter,
    store::{
        audit_log::AuditHead,
        catalogue::Catalogue,
        content::{Content, KeptInput, RememberedNight, TakenInput, Taker},
        recovery::{self, LostOutput},
        run_to_commit::RunToCommit,
        tracked::{TrackedEdits, TrackedRow, TrackedSum},
        upkeep,
    },
};

/// The state folder of a run; without a folder nothing is remembered.
#[derive(Debug, Default)]
pub struct StateFolder {
    pub(super) catalogue: Option<Catalogue>,
    pub(super) taker: Taker,
    /// What is remembered from the moment on when the output of the run is published.
    pub(super) next: Content,
    /// Outputs that earlier runs would have had, and that somebody took away.
    pub lost: Vec<LostOutput>,
    /// A sealed folder of this pipeline that the catalogue does not remember.
    pub unknown_output: Option<PathBuf>,
    /// Whether the records of the pipeline are kept.
    pub keeps: bool,
    /// What is said where the store has records of other pipelines alone.
    other_titles: Option<String>,
    /// What becomes of the findings and deficiencies that are followed.
    tracked_edits: TrackedEdits,
    /// Whether what edition 0.1 remembered is taken over by this run.
    pub takes_over: bool,
    _lock: Option<Lock>,
}

/// The files that tell a sealed folder from every other, by the algorithms that it may be sealed with.
const SEALS: [&str; 2] = ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"];

/// Who takes the inputs of a plan.
pub fn taker(plan: &Plan, business_date: Day) -> Taker {
    Taker {
        pipeline: plan.title.clone(),
        period: plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default(),
        business_date: business_date.to_string(),
    }
}

impl StateFolder {
    /// Opens and locks the state folder; makes it where it is not there. What killed runs left in it, and in the folder of outputs, is brought to its end.
    ///
    /// # Errors
    /// Another run holds the lock; the folder cannot be read or written; the catalogue is damaged.
    pub fn open(folder: Option<&Path>, place: &Path, taker: Taker) -> Result<StateFolder, FileError> {
        let Some(folder) = folder else { return Ok(StateFolder { taker, ..StateFolder::default() }) };
        let lock = Lock::acquire(folder)?;
        let mut catalogue = Catalogue::open(folder)?;
        upkeep::sweep_segments(folder, &catalogue.content)?;
        let lost = recovery::bring_to_an_end(&mut catalogue, place, &may_replace)?;
        let takes_over = take_over(&mut catalogue, folder)?;
        let next = catalogue.content.clone();
        Ok(StateFolder {
            catalogue: Some(catalogue),
            taker,
            next,
            lost,
            unknown_output: None,
            keeps: false,
            other_titles: None,
            tracked_edits: TrackedEdits::default(),
            takes_over,
            _lock: Some(lock),
        })
    }

    /// Reads the state folder without a lock and without making it, to look at it only.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn look(folder: Option<&Path>, taker: Taker) -> Result<StateFolder, FileError> {
        let Some(folder) = folder else { return Ok(StateFolder { taker, ..StateFolder::default() }) };
        let mut catalogue = Catalogue::look(folder)?;
        let takes_over = take_over(&mut catalogue, folder)?;
        let next = catalogue.content.clone();
        Ok(StateFolder { catalogue: Some(catalogue), taker, next, takes_over, ..StateFolder::default() })
    }

    /// What the store keeps for a plan; `None` where its records are not kept.
    ///
    /// # Errors
    /// There are too many inputs.
    pub fn kept_records(&self, plan: &Plan) -> Result<Option<KeptRecords>, RunFault> {
        KeptRecords::of(plan, plan.state.as_deref(), self.content(), &self.taker.business_date)
    }

    /// Writes the rows that a run has taken as a segment; `None` where nothing new is to be kept.
    ///
    /// # Errors
    /// The segment cannot be written.
    pub fn new_records(
        &self,
        plan: &Plan,
        kept: &KeptRecords,
        inputs: Vec<NewInput>,
        sorters: [&Sorter; 3],
    ) -> Result<Option<NewRecords>, RunFault> {
        match self.content() {
            Some(content) if kept.takes && !inputs.is_empty() => {
                let first = content.inputs.len() as u32;
                kept.keep(plan, (first, content.next_sequence()), inputs, sorters).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Remembers what is kept of a run, from the moment on when its output is published.
    pub fn keep(&mut self, plan: &Plan, new: Option<NewRecords>) {
        let Some(records) = plan.records.as_ref().filter(|records| records.takes) else { return };
        let sequence = self.content().map_or(1, Content::next_sequence);
        self.next.texts.insert(records.pipeline.clone(), records.texts.clone());
        let Some(NewRecords { inputs, segments, feeds }) = new else { return };
        self.next.feeds = feeds;
        self.next.segments.extend(segments);
        self.next.inputs.extend(inputs.into_iter().map(|NewInput { account, file_sha256, path }| KeptInput {
            pipeline: records.pipeline.clone(),
            sequence,
            file_sha256,
            path,
            account,
        }));
    }

    /// What is remembered of earlier runs.
    fn content(&self) -> Option<&Content> {
        self.catalogue.as_ref().map(|catalogue| &catalogue.content)
    }

    fn taken(&self) -> &[TakenInput] {
        self.content().map_or(&[], |content| &content.taken)
    }

    /// The months that earlier runs of this pipeline counted.
    pub fn remembered_months(&self) -> FacilityMonths {
        let lines = self.content().and_then(|content| content.months.get(&self.taker.pipeline));
        lines.map_or_else(FacilityMonths::default, |lines| months_of(lines))
    }

    /// The nights on which findings were followed, in the order of days.
    pub fn nights(&self) -> Vec<(Day, &RememberedNight)> {
        let nights = self.content().into_iter().flat_map(|content| &content.nights);
        let own = nights.filter(|((pipeline, _), _)| *pipeline == self.taker.pipeline);
        own.filter_map(|((_, day), night)| Some((Day::from_iso(day)?, night))).collect()
    }

    /// The newest night before a day on which findings were followed.
    pub fn night_before(&self, day: Day) -> Option<(Day, &RememberedNight)> {
        self.nights().into_iter().rev().find(|(night, _)| *night < day)
    }

    /// Hands every finding and deficiency that the pipeline follows to `take`.
    ///
    /// # Errors
    /// They are not what the last run left.
    pub fn each_tracked(&self, take: &mut dyn FnMut(TrackedRow)) -> Result<(), FileError> {
        self.catalogue.as_ref().map_or(Ok(()), |catalogue| catalogue.each_tracked(&self.taker.pipeline, take))
    }

    /// The finding or deficiency of a key that a pipeline follows.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn tracked(&self, pipeline: &str, key: FindingKey) -> Result<Option<TrackedRow>, FileError> {
        self.catalogue.as_ref().map_or(Ok(None), |catalogue| catalogue.tracked(pipeline, key))
    }

    /// What all of them come to before the run.
    pub fn tracked_sum(&self) -> TrackedSum {
        let sum = self.content().and_then(|content| content.tracked.get(&self.taker.pipeline));
        sum.copied().unwrap_or_default()
    }

    /// Remembers a night, and what becomes of the findings that are followed, from the moment on when its output is published.
    pub fn remember_night(&mut self, day: Day, night: RememberedNight, (sum, edits): (TrackedSum, TrackedEdits)) {
        self.next.nights.insert((self.taker.pipeline.clone(), day.to_string()), night);
        self.next.tracked.insert(self.taker.pipeline.clone(), sum);
        self.tracked_edits = edits;
    }

    /// What became of the pipeline's clinicians, by clinician.
    pub fn clinicians(&self) -> BTreeMap<String, String> {
        self.clinicians_of(&self.taker.pipeline)
    }

    /// What became of the clinicians of a pipeline.
    pub fn clinicians_of(&self, of: &str) -> BTreeMap<String, String> {
        let own = self.content().into_iter().flat_map(|content| &content.clinicians);
        let own = own.filter(|((pipeline, _), _)| pipeline == of);
        own.map(|((_, clinician), events)| (clinician.clone(), events.clone())).collect()
    }

    /// Remembers what became of clinicians, from the moment on when the output of the run is published.
    pub fn remember_clinicians(&mut self, histories: BTreeMap<String, String>) {
        let pipeline = self.taker.pipeline.clone();
        self.next.clinicians.retain(|(own, _), _| *own != pipeline);
        let kept = histories.into_iter().filter(|(_, events)| !events.is_empty());
        self.next.clinicians.extend(kept.map(|(clinician, events)| ((pipeline.clone(), clinician), events)));
    }

    /// By kept input of the pipeline, in the order of taking: the business date of the night that took it.
    pub fn nights_of_inputs(&self) -> Vec<Option<Day>> {
        let Some(content) = self.content() else { return Vec::new() };
        let dates: FxHashMap<u64, &str> =
            content.runs.iter().map(|run| (run.sequence, run.taker.business_date.as_str())).collect();
        let own = content.inputs.iter().filter(|input| input.pipeline == self.taker.pipeline);
        own.map(|input| dates.get(&input.sequence).and_then(|date| Day::from_iso(date))).collect()
    }

    /// The newest business date before a day of which an input of one of the feeds is kept that could be used.
    pub fn newest_night_of(&self, feeds: &[&str], before: Day) -> Option<Day> {
        let content = self.content()?;
        let own = content.inputs.iter().filter(|input| {
            input.pipeline == self.taker.pipeline
                && feeds.contains(&input.account.feed.as_str())
                && input.account.brings_rows()
        });
        let sequences: FxHashSet<u64> = own.map(|input| input.sequence).collect();
        let runs = content.runs.iter().filter(|run| sequences.contains(&run.sequence));
        let days = runs.filter_map(|run| Day::from_iso(&run.taker.business_date));
        days.filter(|day| *day < before).max()
    }

    /// The head of the audit log before the first run of this pipeline, period and business date; `None` where nothing is remembered.
    pub fn head_before(&self) -> Option<AuditHead> {
        self.catalogue.as_ref().map(|catalogue| catalogue.head_before(&self.taker))
    }

    /// The latest business date on which this pipeline took an input.
    pub fn newest_business_date(&self) -> Option<Day> {
        let own = self.taken().iter().filter(|taking| taking.taker.pipeline == self.taker.pipeline);
        own.filter_map(|taking| Day::from_iso(&taking.taker.business_date)).max()
    }

    /// What was taken before, to hold inputs against.
    pub fn taken_before(&self) -> TakenBefore<'_> {
        TakenBefore::of(self.taken(), &self.taker)
    }

    /// Remembers the inputs of a run, from the moment on when its output is published.
    pub fn remember(&mut self, inputs: &[InputAccount], run_id: &str) {
        let Some(content) = self.catalogue.as_ref().map(|catalogue| &catalogue.content) else { return };
        let sequence = content.next_sequence();
        let before = TakenBefore::of(&content.taken, &self.taker);
        // What the store keeps from earlier nights is not taken once more, whatever the period.
        let keeps = self.keeps;
        let new = inputs.iter().filter(|input| input.fault.is_empty() && !before.has_for_period(input));
        let new = new.filter(|input| !(keeps && input.taken_before));
        let mut seen = FxHashSet::default();
        let new = new.filter(|input| seen.insert((&input.feed, &input.part, &input.file, &input.sha256)));
        self.next.taken.extend(new.map(|input| TakenInput {
            feed: input.feed.clone(),
            sha256: input.sha256.clone(),
            part: input.part.clone(),
            file: input.file.clone(),
            run_id: run_id.to_owned(),
            taker: self.taker.clone(),
            sequence,
        }));
    }

    /// Remembers the months that a run counted, from the moment on when its output is published.
    pub fn remember_months(&mut self, run: &FacilityMonths, plan: &Plan, business_date: Day) {
        if self.catalogue.is_some() {
            let before = self.next.months.get(&plan.title).map_or(&[][..], Vec::as_slice);
            let lines = lines_after(before, run, plan.period.as_ref(), business_date);
            self.next.months.insert(plan.title.clone(), lines);
        }
    }

    /// Looks whether the store has records of other pipelines alone: this one may have had another title.
    pub fn look_for_other_titles(&mut self) {
        let others = self.content().filter(|content| self.keeps && !content.texts.contains_key(&self.taker.pipeline));
        let others = others.into_iter().flat_map(|content| content.texts.keys()).map(|title| format!("`{title}`"));
        let others: Vec<String> = others.collect();
        self.other_titles = (!others.is_empty()).then(|| {
            format!(
                "the store keeps no records of this pipeline before tonight; it has those of {}, which a pipeline of that title reads",
                others.join(", ")
            )
        });
    }

    /// Looks whether the newest output of a pipeline is remembered: where it is not, the state begins anew, or is of an earlier night.
    ///
    /// # Errors
    /// The output cannot be read.
    pub fn hold_newest(&mut self, plan: &Plan) -> Result<(), FileError> {
        let Some(content) = self.content().filter(|_| !self.takes_over) else { return Ok(()) };
        let Ok(target) = link_target(&link_to_newest(plan)) else { return Ok(()) };
        let folder = plan.output.join(target);
        if read_own_seal(&folder)?.is_none() {
            return Ok(());
        }
        for seal in SEALS {
            let path = folder.join(seal);
            let is_own = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
            let own = if is_own { Some(digest(&path)?.sha256) } else { None };
            if own.is_some_and(|own| content.runs.iter().any(|run| run.output.seal_sha256 == own)) {
                return Ok(());
            }
        }
        self.unknown_output = Some(folder);
        Ok(())
    }

    /// The output whose figures of the plan's period were published, with the day on which the period was closed.
    pub fn closed_output(&self, plan: &Plan) -> Option<(PathBuf, String)> {
        let catalogue = self.catalogue.as_ref()?;
        let period = plan.period.as_ref()?.name.clone();
        let closed = catalogue.content.closed.get(&(plan.title.clone(), period))?;
        let run = catalogue.content.runs.iter().find(|run| run.sequence == closed.sequence)?;
        let output = catalogue.output_of(run);
        Some((output.place.join(output.name), closed.closed_on.clone()))
    }

    /// The outputs of this pipeline whose figures were published: they are never removed.
    pub fn published_outputs(&self) -> Vec<PathBuf> {
        let Some(catalogue) = &self.catalogue else { return Vec::new() };
        let of_closed = catalogue.content.closed.values().filter_map(|closed| {
            let run = catalogue.content.runs.iter().find(|run| run.sequence == closed.sequence)?;
            let output = catalogue.output_of(run);
            Some(output.place.join(output.name))
        });
        of_closed.collect()
    }

    /// What a person should know of the state, in words.
    pub fn notes(&self) -> Vec<String> {
        let lost = self.lost.iter().map(|LostOutput { folder, business_date }| {
            let shown = shown(folder);
            format!("the run as of {business_date} was killed before {shown} had its place, and somebody took its files away; for that output run again with --as-of {business_date}")
        });
        let taken_over =
            "what chartroom 0.1 remembered is taken over; its files in the state folder are not read again";
        let unknown = self.unknown_output.as_ref().map(|folder| {
            format!("the state remembers no run of {}: it begins anew, or is of an earlier night; what was told of files before is told again", shown(folder))
        });
        let later =
            self.newest_business_date().filter(|newest| self.keeps && newest.to_string() > self.taker.business_date);
        let later = later.map(|newest| {
            let today = &self.taker.business_date;
            format!("the store has records of nights after {today} (the newest {newest}); they are in the figures of this run too")
        });
        lost.chain(unknown)
            .chain(later)
            .chain(self.other_titles.clone())
            .chain(self.takes_over.then(|| taken_over.to_owned()))
            .collect()
    }

    /// What is remembered of the run, to be committed with its output; `None` where nothing is.
    pub fn to_commit(&mut self, run_id: &str) -> Option<RunToCommit<'_>> {
        let next = (self.next.clone(), &self.tracked_edits);
        let taker = self.taker.clone();
        self.catalogue.as_mut().map(|catalogue| RunToCommit::new(catalogue, taker, run_id.to_owned(), next))
    }
}

/// Refuses a store that has lost its records.
///
/// # Errors
/// See [`FileError::Damaged`]; the state cannot be read.
pub fn hold_records(plan: &Plan) -> Result<(), FileError> {
    match &plan.state {
        // One that is in use, or damaged, is told when it is opened.
        Some(folder) => Catalogue::look(folder).map_or(Ok(()), |catalogue| without_its_records(plan, &catalogue)),
        None => Ok(()),
    }
}

/// That a store which keeps nothing is the first one: where a run of the same pipeline, which kept its records, has left an output, the state folder is gone or is
/// another one, and every figure would be without the records of all nights before.
fn without_its_records(plan: &Plan, catalogue: &Catalogue) -> Result<(), FileError> {
    let keeps = plan.records.as_ref().is_some_and(|records| records.takes);
    let has_records = catalogue.content.texts.contains_key(&plan.title);
    let Ok(target) = link_target(&link_to_newest(plan)) else { return Ok(()) };
    let folder = plan.output.join(target);
    if !keeps || has_records || !kept_its_records(&folder, &plan.title)? {
        return Ok(());
    }
    let place = plan.state.clone().unwrap_or_default();
    let what = format!(
        "it keeps no records, and the run that left {} kept them: the folder was emptied, or is another one",
        shown(&folder)
    );
    let to_do = "Put the state folder back, or restore a backup (chartroom state restore); where the records are to begin anew, take the link to the newest output away";
    Err(FileError::Damaged { path: place, line: None, what, to_do })
}

/// Whether the run of an output was of a pipeline and kept its records, as its results say.
fn kept_its_records(folder: &Path, pipeline: &str) -> Result<bool, FileError> {
    let Some(bytes) = read_if_there(&folder.join("data/run_results.json"))? else { return Ok(false) };
    let results: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let of = |key: &str| results.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
    Ok(of("records_of") == pipeline && of("pipeline") == pipeline)
}

/// Whether the store keeps records for a plan: then a night has something to look at also where nothing came.
pub fn keeps_records(plan: &Plan) -> bool {
    let (Some(records), Some(folder)) = (&plan.records, &plan.state) else { return false };
    let kept = Catalogue::look(folder).map(|catalogue| catalogue.content.inputs);
    kept.is_ok_and(|kept| kept.iter().any(|input| input.pipeline == records.pipeline))
}

/// Whether a folder that stands may still be replaced by an output that was to take its place: this program sealed it, it is what it was then, and it can be removed.
fn may_replace(folder: &Path) -> Result<bool, FileError> {
    Ok(read_changed(folder)?.is_none() && is_removable(folder)?)
}

/// What edition 0.1 left is remembered where there is no catalogue yet.
fn take_over(catalogue: &mut Catalogue, folder: &Path) -> Result<bool, FileError> {
    if !catalogue.is_new() {
        return Ok(false);
    }
    let earlier = earlier_state::read(folder)?;
    let takes_over = earlier.is_some();
    catalogue.content = earlier.unwrap_or_default();
    Ok(takes_over)
}

/// What of a state folder cannot be read whole, or is not what the last run left. A run ends with it, before anything is read.
pub fn faults(plan: &Plan) -> Vec<FileError> {
    let Some(folder) = plan.state.as_deref() else { return Vec::new() };
    // What stands there while another run is at work is on its way.
    match lock::is_held(folder) {
        Err(error) => return vec![error],
        Ok(true) => return Vec::new(),
        Ok(false) => {}
    }
    match Catalogue::look(folder) {
        Err(error) => vec![error],
        Ok(catalogue) if catalogue.is_new() => {
            let mut faults = earlier_state::faults(folder);
            faults.extend(without_its_records(plan, &catalogue).err());
            faults
        }
        Ok(catalogue) => {
            let mut faults: Vec<FileError> = recovery::look(&plan.output).err().into_iter().collect();
            faults.extend(upkeep::faults_of_segments(folder, &catalogue.content));
            faults.extend(catalogue.each_tracked(&plan.title, &mut |_| {}).err());
            faults.extend(without_its_records(plan, &catalogue).err());
            faults
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{
        commit::{Committed, Remember, Way, commit},
        staging::Staging,
    };

    fn digest(digits: &str) -> String {
        format!("{digits:0>64}")
    }

    fn input(file: &str, sha256: &str) -> InputAccount {
        InputAccount {
            feed: "discharges".into(),
            file: file.into(),
            sha256: digest(sha256),
            bytes: 1,
            ..InputAccount::default()
        }
    }

    /// Runs once on a state folder; of each input: taken before, another version, a later one taken.
    fn run(folder: &Path, period: &str, business_date: &str, inputs: &[(&str, &str)]) -> Vec<(bool, bool, String)> {
        let taker = Taker { pipeline: "Monthly".into(), period: period.into(), business_date: business_date.into() };
        let mut state = StateFolder::open(Some(folder), folder, taker).expect("open");
        let mut inputs: Vec<InputAccount> = inputs.iter().map(|(file, sha256)| input(file, sha256)).collect();
        let before = state.taken_before();
        inputs.iter_mut().for_each(|input| before.compare(input));
        state.remember(&inputs, "run");
        publish(folder, &mut state);
        inputs.into_iter().map(|input| (input.already_taken, input.other_version, input.later_taken)).collect()
    }

    /// Publishes an output, so that what was remembered with it stands.
    fn publish(folder: &Path, state: &mut StateFolder) {
        let place = tempfile::tempdir_in(folder).expect("a folder");
        let mut staging = Staging::create(&place.path().join("out")).expect("staging");
        staging.write("seal", b"a seal").expect("written");
        let mut run = state.to_commit("run");
        let remember = run.as_mut().map(|run| run as &mut dyn Remember);
        let done = commit(&mut staging, ("out", Way::FreeName), "seal", remember, &|| {}).expect("published");
        assert!(matches!(done, Committed::Published(None)));
    }

    const NOTHING: (bool, bool, String) = (false, false, String::new());

    #[test]
    fn a_rerun_of_the_same_pipeline_and_period_finds_nothing_of_its_own() {
        let folder = tempfile::tempdir().expect("folder");
        for day in ["2026-11-01", "2026-11-01", "2026-11-02"] {
            assert_eq!(run(folder.path(), "2026-10", day, &[("a-2026-10.csv", "1")]), [NOTHING]);
        }
    }

    #[test]
    fn the_same_bytes_for_another_month_or_under_another_name_are_told_and_a_longer_period_is_not_another() {
        let folder = tempfile::tempdir().expect("folder");
        assert_eq!(run(folder.path(), "2026-10", "2026-11-01", &[("a.csv", "1")]), [NOTHING]);
        assert_eq!(run(folder.path(), "2026-Q4", "2026-12-01", &[("a.csv", "1")]), [NOTHING]);
        let taken = (true, false, String::new());
        assert_eq!(run(folder.path(), "2026-11", "2026-12-01", &[("a.csv", "1")]), std::slice::from_ref(&taken));
        assert_eq!(run(folder.path(), "2026-10", "2026-12-01", &[("b.csv", "1")]), std::slice::from_ref(&taken));
        // Repeated on the same day the finding is repeated, so that the bytes of the output are the same; later it is known.
        assert_eq!(run(folder.path(), "2026-10", "2026-12-01", &[("b.csv", "1")]), [taken]);
        assert_eq!(run(folder.path(), "2026-10", "2026-12-02", &[("b.csv", "1")]), [NOTHING]);
        assert_eq!(run(folder.path(), "2026-10", "2026-12-02", &[("a.csv", "1")]), [NOTHING]);
    }

    #[test]
    fn a_name_with_other_bytes_is_a_new_version_once() {
        let folder = tempfile::tempdir().expect("folder");
        run(folder.path(), "2026-10", "2026-11-01", &[("a.csv", "1")]);
        let version = (false, true, String::new());
        assert_eq!(run(folder.path(), "2026-10", "2026-11-02", &[("a.csv", "2")]), std::slice::from_ref(&version));
        assert_eq!(run(folder.path(), "2026-10", "2026-11-02", &[("a.csv", "2")]), [version]);
        assert_eq!(run(folder.path(), "2026-10", "2026-11-03", &[("a.csv", "2")]), [NOTHING]);
    }

    #[test]
    fn a_file_older_than_the_last_one_taken_is_told() {
        let folder = tempfile::tempdir().expect("folder");
        let files = [("d-2026-10-04.csv", "4"), ("d-2026-10-05.csv", "5"), ("e-2026-12-31.csv", "6")];
        assert_eq!(run(folder.path(), "", "2026-10-06", &files), [NOTHING, NOTHING, NOTHING]);
        let found = run(folder.path(), "", "2026-10-07", &[("d-2026-10-03.csv", "3"), ("d-2026-10-06.csv", "7")]);
        assert_eq!(found, [(false, false, "d-2026-10-05.csv".to_owned()), NOTHING]);
    }

    /// Held against every line of the ledger each would take minutes.
    #[test]
    fn many_inputs_are_held_against_a_long_ledger_in_seconds() {
        let folder = tempfile::tempdir().expect("folder");
        let members = (0..30_000)
            .map(|number| InputAccount { part: format!("member-{number}.csv"), ..input("folder-2026-10-01.zip", "1") });
        let files = (0..30_000).map(|number| input(&format!("d-{}.csv", 20_000_000 + number), &format!("{number:x}")));
        let mut inputs: Vec<InputAccount> = members.chain(files).collect();
        let begin = std::time::Instant::now();
        for (day, is_known) in [("2026-10-01", false), ("2026-10-02", true)] {
            let taker = Taker { business_date: day.into(), ..Taker::default() };
            let mut state =
                StateFolder::open(Some(folder.path()), folder.path(), Taker { pipeline: "Monthly".into(), ..taker })
                    .expect("open");
            let before = state.taken_before();
            inputs.iter_mut().for_each(|input| before.compare(input));
            assert!(inputs.iter().all(|input| before.has_earlier(input) == is_known));
            assert!(inputs.iter().all(|input| (before.first_taken("discharges", &input.file) == 1) == is_known));
            state.remember(&inputs, "run");
            publish(folder.path(), &mut state);
        }
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    }
}
