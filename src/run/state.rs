//! What a run remembers from night to night: which inputs were taken. One file, written whole, under a lock.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    fs::{self, FileError, lock::Lock},
    record::account::InputAccount,
};

/// Name of the ledger in the state folder.
const LEDGER: &str = "inputs_taken.csv";

/// The state folder of a run, locked while the run goes on; without a folder nothing is remembered.
#[derive(Debug)]
pub struct State {
    ledger: Option<PathBuf>,
    taken: BTreeMap<(String, String, String), (String, String)>,
    _lock: Option<Lock>,
}

impl State {
    /// Opens and locks the state folder; makes it where it is not there.
    ///
    /// # Errors
    /// Another run holds the lock, or the folder cannot be read or written.
    pub fn open(folder: Option<&Path>) -> Result<State, FileError> {
        let Some(folder) = folder else { return Ok(State { ledger: None, taken: BTreeMap::new(), _lock: None }) };
        fs::create_private_folder(folder)?;
        let lock = Lock::acquire(folder)?;
        let ledger = folder.join(LEDGER);
        let mut taken = BTreeMap::new();
        if ledger.exists() {
            let text = fs::read_text(&ledger)?;
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for row in reader.records().filter_map(Result::ok) {
                let cell = |at: usize| row.get(at).unwrap_or("").to_owned();
                taken.insert((cell(0), cell(1), cell(2)), (cell(3), cell(4)));
            }
        }
        Ok(State { ledger: Some(ledger), taken, _lock: Some(lock) })
    }

    /// Whether an input of the feed with the same bytes was taken under another name by an earlier run. The same file in the same place, taken again by a
    /// run that is repeated, is no repetition of the input.
    pub fn has_taken(&self, input: &InputAccount) -> bool {
        let key = (input.feed.clone(), input.sha256.clone(), input.part.clone());
        self.taken.get(&key).is_some_and(|(file, _)| *file != input.file)
    }

    /// Remembers the inputs of a run that was published.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn remember(&mut self, inputs: &[InputAccount], run_id: &str) -> Result<(), FileError> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        for input in inputs.iter().filter(|input| input.fault.is_empty()) {
            let key = (input.feed.clone(), input.sha256.clone(), input.part.clone());
            self.taken.entry(key).or_insert_with(|| (input.file.clone(), run_id.to_owned()));
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        let _ = writer.write_record(["feed", "sha256", "part", "file", "run_id"]);
        for ((feed, sha256, part), (file, run_id)) in &self.taken {
            let _ = writer.write_record([feed, sha256, part, file, run_id]);
        }
        fs::write_atomic(ledger, &writer.into_inner().unwrap_or_default())
    }
}
