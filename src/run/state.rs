//! What a run remembers from night to night: which inputs were taken. One file, written whole, under a lock.
//!
//! Three things are told from it, each of an input that is new to the run's pipeline and period: the same bytes were taken before, under another name, or by the
//! same pipeline for a period that has no day in common with this one; the name was taken before with other bytes, so this is a new version; a later file of the same kind
//! was taken before. Taking the same file for the same period again is a rerun, and no finding of its own: on the business date of the first taking the findings
//! are those of the first taking, so that a repeated run gives the same bytes, and on later days there are none.

use std::path::{Path, PathBuf};

use crate::{
    fs::{self, FileError, lock::Lock},
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
    ledger: Option<PathBuf>,
    taker: Taker,
    taken: Vec<Taking>,
    _lock: Option<Lock>,
}

impl State {
    /// Opens and locks the state folder; makes it where it is not there.
    ///
    /// # Errors
    /// Another run holds the lock, or the folder cannot be read or written.
    pub fn open(folder: Option<&Path>, taker: Taker) -> Result<State, FileError> {
        let Some(folder) = folder else { return Ok(State { ledger: None, taker, taken: Vec::new(), _lock: None }) };
        fs::create_private_folder(folder)?;
        let lock = Lock::acquire(folder)?;
        let ledger = folder.join(LEDGER);
        let taken = if ledger.exists() { read(&fs::read_text(&ledger)?) } else { Vec::new() };
        Ok(State { ledger: Some(ledger), taker, taken, _lock: Some(lock) })
    }

    /// Reads the state folder without a lock and without making it, to look at it only.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn look(folder: Option<&Path>, taker: Taker) -> Result<State, FileError> {
        let ledger = folder.map(|folder| folder.join(LEDGER)).filter(|ledger| ledger.exists());
        let taken = ledger.map_or(Ok(Vec::new()), |ledger| fs::read_text(&ledger).map(|text| read(&text)))?;
        Ok(State { ledger: None, taker, taken, _lock: None })
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

    /// Remembers the inputs of a run that was published.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn remember(&mut self, inputs: &[InputAccount], run_id: &str) -> Result<(), FileError> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
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
        fs::write_atomic(ledger, &written(&self.taken))
    }
}

fn read(text: &str) -> Vec<Taking> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    rows.map(|row| {
        let cell = |at: usize| shown::read_cell(row.get(at).unwrap_or("")).into_owned();
        Taking {
            feed: cell(0),
            sha256: cell(1),
            part: cell(2),
            file: cell(3),
            run_id: cell(4),
            taker: Taker { pipeline: cell(5), period: cell(6), business_date: cell(7) },
            sequence: cell(8).parse().unwrap_or(0),
        }
    })
    .collect()
}

/// The ledger of a state folder and the first of its lines that no run wrote; `None` where it is whole, or none is there. A line that cannot be read is
/// passed over by a run, and its file would be taken as new.
///
/// # Errors
/// The ledger cannot be read.
pub fn damaged_line(folder: &Path) -> Result<Option<(PathBuf, u64)>, FileError> {
    let ledger = folder.join(LEDGER);
    if !ledger.exists() {
        return Ok(None);
    }
    let text = fs::read_text(&ledger)?;
    // The columns of the first edition are the beginning of today's.
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut columns = 0;
    for (at, row) in reader.records().enumerate() {
        let is_whole = row.as_ref().is_ok_and(|row| match at {
            0 => {
                columns = row.len();
                columns >= 5 && row.iter().eq(COLUMNS.iter().copied().take(columns))
            }
            _ => {
                row.get(1)
                    .is_some_and(|sha256| sha256.len() == 64 && sha256.bytes().all(|digit| digit.is_ascii_hexdigit()))
                    && (columns < 8 || row.get(7).is_some_and(|day| day.is_empty() || Day::from_iso(day).is_some()))
                    && (columns < 9 || row.get(8).is_some_and(|number| number.parse::<u64>().is_ok()))
            }
        });
        if !is_whole {
            let line =
                row.as_ref().map_or_else(csv::Error::position, csv::StringRecord::position).map(csv::Position::line);
            return Ok(Some((ledger, line.unwrap_or(at as u64 + 1))));
        }
    }
    let is_cut = !text.ends_with('\n');
    let lines = text.lines().count() as u64;
    Ok(is_cut.then_some((ledger, lines.max(1))))
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

    fn input(file: &str, sha256: &str) -> InputAccount {
        InputAccount {
            feed: "discharges".into(),
            file: file.into(),
            sha256: sha256.into(),
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
        inputs.into_iter().map(|input| (input.already_taken, input.other_version, input.later_taken)).collect()
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
        std::fs::write(folder.path().join(LEDGER), "feed,sha256,part,file,run_id\ndischarges,1,,a.csv,x\n")
            .expect("written");
        assert_eq!(run(folder.path(), "2026-10", "2026-11-01", &[("a.csv", "1")]), [NOTHING]);
        assert_eq!(run(folder.path(), "2026-10", "2026-11-01", &[("b.csv", "1")]), [(true, false, String::new())]);
    }
}
