//! What a run remembers from night to night: which inputs were taken. One file, read and written whole, under a lock, and committed together with
//! the output of the run ([`crate::fs::commit`]). What is told from it: [`TakenBefore`].

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::{
    remembered_months::{self, RememberedMonths},
    state_file, state_manifest,
    taken_before::TakenBefore,
};
use crate::{
    book::csv::in_memory,
    fs::{
        FileError,
        commit::{Followers, look},
        lock::Lock,
    },
    record::{account::InputAccount, date::Day, period::Period},
};

/// Name of the ledger in the state folder.
const LEDGER: &str = "inputs_taken.csv";
/// Columns of the ledger; the first five are those of its first edition.
const COLUMNS: [&str; 9] =
    ["feed", "sha256", "part", "file", "run_id", "pipeline", "period", "business_date", "sequence"];

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
pub(super) struct LedgerEntry {
    pub(super) feed: String,
    pub(super) sha256: String,
    pub(super) part: String,
    pub(super) file: String,
    run_id: String,
    pub(super) taker: Taker,
    /// Number of the run in the ledger; 0 in a ledger of the first edition.
    pub(super) sequence: u64,
}

/// The state folder of a run, locked while the run goes on; without a folder nothing is remembered.
#[derive(Debug, Default)]
pub struct StateFolder {
    /// What is remembered of the run, to be committed with its output; `None` where nothing is.
    followers: Option<Followers>,
    taker: Taker,
    taken: Vec<LedgerEntry>,
    _lock: Option<Lock>,
}

impl StateFolder {
    /// Opens and locks the state folder; makes it where it is not there. What a killed run left in it is brought to its end.
    ///
    /// # Errors
    /// Another run holds the lock; the folder cannot be read or written; the ledger is damaged.
    pub fn open(folder: Option<&Path>, taker: Taker) -> Result<StateFolder, FileError> {
        let Some(folder) = folder else { return Ok(StateFolder { taker, ..StateFolder::default() }) };
        let lock = Lock::acquire(folder)?;
        let followers = Followers::open(folder)?;
        let taken = read(&folder.join(LEDGER))?;
        Ok(StateFolder { followers: Some(followers), taker, taken, _lock: Some(lock) })
    }

    /// Reads the state folder without a lock and without making it, to look at it only.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn look(folder: Option<&Path>, taker: Taker) -> Result<StateFolder, FileError> {
        let taken = folder.map_or(Ok(Vec::new()), |folder| read(&folder.join(LEDGER)))?;
        Ok(StateFolder { taker, taken, ..StateFolder::default() })
    }

    /// Remembers what the files of the folder will be when the output is published. Everything else is remembered before.
    ///
    /// # Errors
    /// The manifest of the folder cannot be written.
    pub fn seal(&mut self) -> Result<(), FileError> {
        let known = [LEDGER, remembered_months::FILE];
        self.followers.as_mut().map_or(Ok(()), |followers| state_manifest::remember(followers, &known))
    }

    /// What is remembered of the run, to be committed with its output.
    pub fn followers(&mut self) -> Option<&mut Followers> {
        self.followers.as_mut()
    }

    /// The latest business date on which this pipeline took an input.
    pub fn newest_business_date(&self) -> Option<Day> {
        let own = self.taken.iter().filter(|taking| taking.taker.pipeline == self.taker.pipeline);
        own.filter_map(|taking| Day::from_iso(&taking.taker.business_date)).max()
    }

    /// What was taken before, to hold inputs against.
    pub fn taken_before(&self) -> TakenBefore<'_> {
        TakenBefore::of(&self.taken, &self.taker)
    }

    /// Remembers the inputs of a run, from the moment on when its output is published.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn remember(&mut self, inputs: &[InputAccount], run_id: &str) -> Result<(), FileError> {
        let Some(followers) = &mut self.followers else { return Ok(()) };
        let sequence = self.taken.iter().map(|taking| taking.sequence).max().unwrap_or(0) + 1;
        let before = TakenBefore::of(&self.taken, &self.taker);
        let new = inputs.iter().filter(|input| input.fault.is_empty() && !before.has_for_period(input));
        let mut seen = FxHashSet::default();
        let new: Vec<LedgerEntry> = new
            .filter(|input| seen.insert((&input.feed, &input.part, &input.file, &input.sha256)))
            .map(|input| LedgerEntry {
                feed: input.feed.clone(),
                sha256: input.sha256.clone(),
                part: input.part.clone(),
                file: input.file.clone(),
                run_id: run_id.to_owned(),
                taker: self.taker.clone(),
                sequence,
            })
            .collect();
        self.taken.extend(new);
        followers.add(LEDGER, &written(&self.taken))
    }
}

/// The ledger; empty where there is none.
///
/// # Errors
/// [`FileError::Damaged`], with the first line that no run wrote; [`FileError::Read`].
fn read(ledger: &Path) -> Result<Vec<LedgerEntry>, FileError> {
    let lines = state_file::lines(ledger)?;
    let Some((heading, lines)) = lines.split_first() else { return Ok(Vec::new()) };
    // The columns of earlier editions are the beginning of today's.
    let heading = &heading.values;
    if heading.len() < 5 || !heading.iter().eq(COLUMNS.iter().take(heading.len())) {
        return Err(state_file::damaged(ledger, 1, "the heading is not that of the inputs taken"));
    }
    let mut taken: Vec<LedgerEntry> = Vec::with_capacity(lines.len());
    for line in lines {
        let before = taken.last().map_or(0, |taking| taking.sequence);
        taken.push(taking(&line.values, before).map_err(|what| state_file::damaged(ledger, line.number, what))?);
    }
    Ok(taken)
}

/// One line of the ledger, by today's columns; those that its edition has not are empty. `before`: the number of the run on the line before.
fn taking(values: &[String], before: u64) -> Result<LedgerEntry, &'static str> {
    let cell = |at: usize| values.get(at).cloned().unwrap_or_default();
    let taking = LedgerEntry {
        feed: cell(0),
        sha256: cell(1),
        part: cell(2),
        file: cell(3),
        run_id: cell(4),
        taker: Taker { pipeline: cell(5), period: cell(6), business_date: cell(7) },
        sequence: match values.get(8) {
            Some(number) => number.parse().map_err(|_| "`sequence` is no whole number")?,
            None => 0,
        },
    };
    let Taker { pipeline, period, business_date } = &taking.taker;
    let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    // Runs of the first edition did not say who they were, and have no number.
    let is_of_first_edition = taking.sequence == 0;
    if taking.feed.is_empty() || taking.file.is_empty() || taking.run_id.is_empty() {
        Err("`feed`, `file` or `run_id` is empty")
    } else if taking.sha256.len() != 64 || !taking.sha256.bytes().all(is_digit) {
        Err("`sha256` is no digest of 64 digits")
    } else if pipeline.is_empty() && !is_of_first_edition {
        Err("`pipeline` is empty")
    } else if !period.is_empty() && Period::parse(period).is_err() {
        Err("`period` is no period")
    } else if Day::from_iso(business_date).is_none() && !(is_of_first_edition && business_date.is_empty()) {
        Err("`business_date` is no day, YYYY-MM-DD")
    } else if taking.sequence < before {
        Err("`sequence` is less than on the line before")
    } else if values != &cells(&taking)[..values.len()] {
        Err("a cell is not as this program writes it")
    } else {
        Ok(taking)
    }
}

/// What of a state folder cannot be read whole, each file with its first bad line, cannot be followed, or is not what the last run left. A run ends with it, before anything is read.
pub fn faults(folder: Option<&Path>, pipeline: &str) -> Vec<FileError> {
    let Some(folder) = folder else { return Vec::new() };
    let read =
        [look(folder).err(), read(&folder.join(LEDGER)).err(), RememberedMonths::open(Some(folder), pipeline).err()];
    let mut faults: Vec<FileError> = read.into_iter().flatten().collect();
    // Of a file that cannot be read the line says more than the digest.
    let told: Vec<PathBuf> = faults.iter().map(FileError::path).map(Path::to_owned).collect();
    let differing = state_manifest::faults(folder);
    faults.extend(differing.into_iter().filter(|fault| !told.iter().any(|told| fault.path() == told)));
    faults
}

/// The cells of a line of the ledger.
fn cells(taking: &LedgerEntry) -> [String; 9] {
    let LedgerEntry { feed, sha256, part, file, run_id, taker, sequence } = taking;
    let Taker { pipeline, period, business_date } = taker;
    let sequence = sequence.to_string();
    [feed, sha256, part, file, run_id, pipeline, period, business_date, &sequence].map(String::clone)
}

fn written(taken: &[LedgerEntry]) -> Vec<u8> {
    in_memory(COLUMNS, taken.iter().map(cells))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::{
        commit::{Committed, Way, commit},
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
        let mut state = StateFolder::open(Some(folder), taker).expect("open");
        let mut inputs: Vec<InputAccount> = inputs.iter().map(|(file, sha256)| input(file, sha256)).collect();
        let before = state.taken_before();
        inputs.iter_mut().for_each(|input| before.compare(input));
        state.remember(&inputs, "run").expect("written");
        publish(folder, &mut state);
        inputs.into_iter().map(|input| (input.already_taken, input.other_version, input.later_taken)).collect()
    }

    /// Publishes an output, so that what was remembered with it stands.
    fn publish(folder: &Path, state: &mut StateFolder) {
        let place = tempfile::tempdir_in(folder).expect("a folder");
        let mut staging = Staging::create(&place.path().join("out")).expect("staging");
        staging.write("seal", b"a seal").expect("written");
        let done = commit(&mut staging, "out", Way::FreeName, "seal", state.followers()).expect("published");
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
                StateFolder::open(Some(folder.path()), Taker { pipeline: "Monthly".into(), ..taker }).expect("open");
            let before = state.taken_before();
            inputs.iter_mut().for_each(|input| before.compare(input));
            assert!(inputs.iter().all(|input| before.has_earlier(input) == is_known));
            assert!(inputs.iter().all(|input| (before.first_taken("discharges", &input.file) == 1) == is_known));
            state.remember(&inputs, "run").expect("written");
            publish(folder.path(), &mut state);
        }
        assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
    }

    #[test]
    fn a_ledger_of_the_first_edition_is_read() {
        let folder = tempfile::tempdir().expect("folder");
        let first = format!("feed,sha256,part,file,run_id\ndischarges,{},,a.csv,x\n", digest("1"));
        std::fs::write(folder.path().join(LEDGER), first).expect("written");
        assert_eq!(run(folder.path(), "2026-10", "2026-11-01", &[("a.csv", "1")]), [NOTHING]);
        assert_eq!(run(folder.path(), "2026-10", "2026-11-01", &[("b.csv", "1")]), [(true, false, String::new())]);
    }

    #[test]
    fn a_ledger_is_read_whole_or_its_first_bad_line_is_told_and_it_stands() {
        let folder = tempfile::tempdir().expect("folder");
        run(folder.path(), "2026-10", "2026-11-01", &[("a.csv", "1"), ("b, c.csv", "2")]);
        run(folder.path(), "", "2026-11-02", &[("d.csv", "3")]);
        let path = folder.path().join(LEDGER);
        let sound = std::fs::read_to_string(&path).expect("read");
        let heading = COLUMNS.join(",") + "\n";
        let changed = |from: &str, to: &str| sound.replacen(from, to, 1);
        for (damaged, line) in [
            (sound.replacen("feed,", "feeds,", 1), 1),
            (changed(&digest("1"), &digest("1")[1..]), 2),
            (changed(&digest("2"), &digest("G")), 3),
            (changed("2026-11-02", "2 November"), 4),
            (changed("2026-11-02", ""), 4),
            (changed("2026-10,", "October,"), 2),
            (changed(",2\n", ",two\n"), 4),
            (changed(",2\n", ",\n"), 4),
            (changed(",1\n", ",3\n"), 3),
            (changed("discharges", ""), 2),
            (format!("{heading}{sound}"), 2),
            (sound[..sound.len() - 20].to_owned(), 4),
        ] {
            assert_ne!(damaged, sound);
            std::fs::write(&path, &damaged).expect("written");
            let error = StateFolder::open(Some(folder.path()), Taker::default()).expect_err("damaged").to_string();
            assert!(error.contains(&format!("{LEDGER}, line {line}: ")), "{error}\n{damaged}");
            assert_eq!(faults(Some(folder.path()), "").remove(0).to_string(), error);
            assert_eq!(std::fs::read_to_string(&path).expect("read"), damaged, "it stands");
        }
    }
}
