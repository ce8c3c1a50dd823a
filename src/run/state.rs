//! What a run remembers from night to night: which inputs were taken. One file, read and written whole, under a lock, and committed together with
//! the output of the run ([`crate::fs::commit`]).
//!
//! Three things are told from it, each of an input that is new to the run's pipeline and period: the same bytes were taken before, under another name, or by the
//! same pipeline for a period that has no day in common with this one; the name was taken before with other bytes, so this is a new version; a later file of the same kind
//! was taken before. Taking the same file for the same period again is a rerun, and no finding of its own: on the business date of the first taking the findings
//! are those of the first taking, so that a repeated run gives the same bytes, and on later days there are none.

use std::path::Path;

use super::{remembered_months::RememberedMonths, state_file};
use crate::{
    fs::{FileError, commit::Followers, lock::Lock},
    record::{account::InputAccount, date::Day, delivery::DateInName, period::Period, shown},
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
struct Taking {
    feed: String,
    sha256: String,
    part: String,
    file: String,
    run_id: String,
    taker: Taker,
    /// Number of the run in the ledger; 0 in a ledger of the first edition.
    sequence: u64,
}

impl Taking {
    fn is_of(&self, input: &InputAccount) -> bool {
        self.feed == input.feed && self.part == input.part
    }

    fn is(&self, input: &InputAccount) -> bool {
        self.is_of(input) && self.file == input.file && self.sha256 == input.sha256
    }
}

/// The state folder of a run, locked while the run goes on; without a folder nothing is remembered.
#[derive(Debug, Default)]
pub struct State {
    /// What is remembered of the run, to be committed with its output; `None` where nothing is.
    followers: Option<Followers>,
    taker: Taker,
    taken: Vec<Taking>,
    _lock: Option<Lock>,
}

impl State {
    /// Opens and locks the state folder; makes it where it is not there. What a killed run left in it is brought to its end.
    ///
    /// # Errors
    /// Another run holds the lock; the folder cannot be read or written; the ledger is damaged.
    pub fn open(folder: Option<&Path>, taker: Taker) -> Result<State, FileError> {
        let Some(folder) = folder else { return Ok(State { taker, ..State::default() }) };
        let lock = Lock::acquire(folder)?;
        let followers = Followers::open(folder)?;
        let taken = read(&folder.join(LEDGER))?;
        Ok(State { followers: Some(followers), taker, taken, _lock: Some(lock) })
    }

    /// Reads the state folder without a lock and without making it, to look at it only.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn look(folder: Option<&Path>, taker: Taker) -> Result<State, FileError> {
        let taken = folder.map_or(Ok(Vec::new()), |folder| read(&folder.join(LEDGER)))?;
        Ok(State { taker, taken, ..State::default() })
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

    /// Number of the run that first took a file of this name for a feed; the greatest number where none did.
    pub fn first_taken(&self, feed: &str, file: &str) -> u64 {
        let of_file = self.taken.iter().filter(|taking| taking.feed == feed && taking.file == file);
        of_file.map(|taking| taking.sequence).min().unwrap_or(u64::MAX)
    }

    /// Holds an input against what earlier runs took, and says so in its account.
    pub fn compare(&self, input: &mut InputAccount) {
        let own = |taking: &&Taking| taking.is(input);
        let known = self.taken.iter().find(own);
        let for_period = |taking: &&Taking| {
            own(taking) && taking.taker.pipeline == self.taker.pipeline && taking.taker.period == self.taker.period
        };
        let known_for_period = self.taken.iter().find(for_period);
        if let Some(earlier) = self.before(known_for_period) {
            let mut same = earlier.iter().filter(|taking| taking.is_of(input) && taking.sha256 == input.sha256);
            let other = same.find(|taking| {
                taking.file != input.file && known.is_none_or(|known| taking.sequence < known.sequence)
                    || self.is_of_another_period(&taking.taker)
            });
            if let Some(other) = other {
                input.already_taken = true;
                if input.same_bytes_as.is_empty() && other.file != input.file {
                    input.same_bytes_as.clone_from(&other.file);
                }
            }
        }
        if let Some(earlier) = self.before(known) {
            let of_input: Vec<&Taking> = earlier.into_iter().filter(|taking| taking.is_of(input)).collect();
            input.other_version =
                of_input.iter().any(|taking| taking.file == input.file && taking.sha256 != input.sha256);
            let dated = |name: &str| DateInName::find(name).map(|date| (date.kind, date.digits));
            let own = dated(&input.file);
            let later = of_input
                .iter()
                .filter_map(|taking| Some((dated(&taking.file)?, &taking.file)))
                .filter(|((kind, day), _)| own.as_ref().is_some_and(|(own, from)| own == kind && from < day))
                .max();
            input.later_taken = later.map(|(_, file)| file.clone()).unwrap_or_default();
        }
    }

    /// Whether an earlier business date has taken an input already, for this pipeline: the same name and the same bytes.
    pub fn has_earlier(&self, input: &InputAccount) -> bool {
        self.taken.iter().any(|taking| {
            taking.is(input)
                && taking.taker.pipeline == self.taker.pipeline
                && taking.taker.business_date < self.taker.business_date
        })
    }

    /// What was taken before an input was: all, where it is new; nothing to be told, where it was taken on an earlier business date.
    fn before(&self, own: Option<&Taking>) -> Option<Vec<&Taking>> {
        match own {
            None => Some(self.taken.iter().collect()),
            Some(own) if own.taker.business_date == self.taker.business_date => {
                Some(self.taken.iter().filter(|taking| taking.sequence < own.sequence).collect())
            }
            Some(_) => None,
        }
    }

    /// Whether a run was of this pipeline and of a period that has no day in common with this one's.
    fn is_of_another_period(&self, other: &Taker) -> bool {
        let periods = [&other.period, &self.taker.period].map(|name| Period::parse(name).ok());
        match periods {
            [Some(then), Some(now)] => {
                other.pipeline == self.taker.pipeline && (then.last < now.first || now.last < then.first)
            }
            _ => false,
        }
    }

    /// Remembers the inputs of a run, from the moment on when its output is published.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn remember(&mut self, inputs: &[InputAccount], run_id: &str) -> Result<(), FileError> {
        let Some(followers) = &mut self.followers else { return Ok(()) };
        let sequence = self.taken.iter().map(|taking| taking.sequence).max().unwrap_or(0) + 1;
        for input in inputs.iter().filter(|input| input.fault.is_empty()) {
            let again = |taking: &Taking| {
                taking.is(input)
                    && taking.taker.pipeline == self.taker.pipeline
                    && taking.taker.period == self.taker.period
            };
            if !self.taken.iter().any(again) {
                self.taken.push(Taking {
                    feed: input.feed.clone(),
                    sha256: input.sha256.clone(),
                    part: input.part.clone(),
                    file: input.file.clone(),
                    run_id: run_id.to_owned(),
                    taker: self.taker.clone(),
                    sequence,
                });
            }
        }
        followers.add(LEDGER, &written(&self.taken))
    }
}

/// The ledger; empty where there is none.
///
/// # Errors
/// [`FileError::Damaged`], with the first line that no run wrote; [`FileError::Read`].
fn read(ledger: &Path) -> Result<Vec<Taking>, FileError> {
    let rows = state_file::rows(ledger)?;
    let Some(((_, heading), rows)) = rows.split_first() else { return Ok(Vec::new()) };
    // The columns of earlier editions are the beginning of today's.
    if heading.len() < 5 || !heading.iter().eq(COLUMNS.iter().copied().take(heading.len())) {
        return Err(state_file::damaged(ledger, 1, "the heading is not that of the inputs taken"));
    }
    let mut taken: Vec<Taking> = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let before = taken.last().map_or(0, |taking| taking.sequence);
        taken.push(taking(row, before).map_err(|what| state_file::damaged(ledger, *line, what))?);
    }
    Ok(taken)
}

/// One line of the ledger, by today's columns; those that its edition has not are empty. `before`: the number of the run on the line before.
fn taking(row: &csv::StringRecord, before: u64) -> Result<Taking, &'static str> {
    let cell = |at: usize| shown::read_cell(row.get(at).unwrap_or("")).into_owned();
    let taking = Taking {
        feed: cell(0),
        sha256: cell(1),
        part: cell(2),
        file: cell(3),
        run_id: cell(4),
        taker: Taker { pipeline: cell(5), period: cell(6), business_date: cell(7) },
        sequence: match row.get(8) {
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
    } else {
        Ok(taking)
    }
}

/// What of a state folder cannot be read whole, each file with its first bad line. A run ends with it, before anything is read.
pub fn faults(folder: Option<&Path>, pipeline: &str) -> Vec<FileError> {
    let ledger = folder.and_then(|folder| read(&folder.join(LEDGER)).err());
    ledger.into_iter().chain(RememberedMonths::open(folder, pipeline).err()).collect()
}

fn written(taken: &[Taking]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A writer to memory does not fail.
    let _ = writer.write_record(COLUMNS);
    for taking in taken {
        let Taking { feed, sha256, part, file, run_id, taker, sequence } = taking;
        let Taker { pipeline, period, business_date } = taker;
        let sequence = sequence.to_string();
        let cells = [feed, sha256, part, file, run_id, pipeline, period, business_date, &sequence];
        let _ = writer.write_record(cells.map(|cell| shown::cell(cell).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
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
        let mut state = State::open(Some(folder), taker).expect("open");
        let mut inputs: Vec<InputAccount> = inputs.iter().map(|(file, sha256)| input(file, sha256)).collect();
        inputs.iter_mut().for_each(|input| state.compare(input));
        state.remember(&inputs, "run").expect("written");
        publish(folder, &mut state);
        inputs.into_iter().map(|input| (input.already_taken, input.other_version, input.later_taken)).collect()
    }

    /// Publishes an output, so that what was remembered with it stands.
    fn publish(folder: &Path, state: &mut State) {
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
            let error = State::open(Some(folder.path()), Taker::default()).expect_err("damaged").to_string();
            assert!(error.contains(&format!("{LEDGER}, line {line}: ")), "{error}\n{damaged}");
            assert_eq!(faults(Some(folder.path()), "").remove(0).to_string(), error);
            assert_eq!(std::fs::read_to_string(&path).expect("read"), damaged, "it stands");
        }
    }
}
