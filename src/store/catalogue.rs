//! The catalogue: opened and read when a run begins, written once when it is published.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Row, params};

use super::{
    audit_log::{AuditEntry, AuditHead, Deed, broken},
    content::{Content, OutputPlace, RememberedRun, Taker},
    content_tables::{number_of, read_content, write_content},
    fault,
    schema::{EDITIONS, FIRST_WITH_LIVES, bring_up, edition},
    tracked::{self, TrackedEdits, TrackedRow},
};
use crate::{
    fs::{
        FileError,
        commit::{Announced, relative_to},
        create_private_file,
        path::plain,
        remove_file, sync,
    },
    record::finding::FindingKey,
};

/// Name of the catalogue in the state folder.
pub const CATALOGUE: &str = "catalogue.sqlite";
/// Name of the first catalogue until it is whole.
pub(super) const UNFINISHED: &str = ".catalogue.sqlite.new";
/// Begin of the name of the copy that is made before a catalogue is brought up to another edition.
pub const OF_EDITION: &str = "catalogue-of-edition-";
/// How often a transaction is tried: a signal may interrupt the flush of a file, which SQLite takes for an error of the disk.
const TRIES: usize = 3;

/// An open catalogue with what it remembers. The caller holds the lock of the state folder while it writes.
#[derive(Debug)]
pub struct Catalogue {
    /// The state folder, as an absolute path.
    folder: PathBuf,
    /// `None` where there is no catalogue yet: the first commit makes it.
    connection: Option<Connection>,
    /// What is remembered.
    pub content: Content,
    /// Edition of its tables; 0 where there are none.
    edition: usize,
    log: Vec<AuditEntry>,
    head: AuditHead,
}

impl Catalogue {
    /// Opens the catalogue of a state folder to read and to write; where there is none, nothing is remembered. What a killed run left half is rolled back.
    ///
    /// # Errors
    /// [`FileError::Damaged`] where it is not what the last run left; [`FileError::Foreign`] where something else has its name; [`FileError::Busy`],
    /// [`FileError::Read`], [`FileError::Write`].
    pub fn open(folder: &Path) -> Result<Catalogue, FileError> {
        Catalogue::read(folder, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// The same to look at it only: nothing is made, changed or rolled back.
    ///
    /// # Errors
    /// As [`Catalogue::open`].
    pub fn look(folder: &Path) -> Result<Catalogue, FileError> {
        Catalogue::read(folder, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    fn read(folder: &Path, flags: OpenFlags) -> Result<Catalogue, FileError> {
        let folder = plain(&std::path::absolute(folder).map_err(FileError::read(folder))?);
        let path = folder.join(CATALOGUE);
        if flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
            remove_unfinished(&folder)?;
        }
        let mut catalogue = Catalogue {
            folder,
            connection: None,
            content: Content::default(),
            edition: 0,
            log: Vec::new(),
            head: AuditHead::default(),
        };
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(catalogue),
            Err(error) => return Err(FileError::read(&path)(error)),
            Ok(metadata) if !metadata.is_file() => return Err(FileError::Foreign { path }),
            Ok(_) => {}
        }
        // What the system answers is told in its own words, where SQLite would say that it cannot open it.
        let (_, metadata) = crate::fs::opening::open(&path).map_err(FileError::read(&path))?;
        if metadata.len() == 0 {
            return Err(fault::damaged(&path, "the file is empty"));
        }
        let connection = connected(&path, flags)?;
        catalogue.edition = edition(&connection, &path, EDITIONS)?;
        if catalogue.edition > 0 {
            (catalogue.log, catalogue.head) = read_log(&connection).map_err(fault::of(&path))?;
            if let Some(what) = broken(&catalogue.log, &catalogue.head) {
                return Err(fault::damaged(&path, &format!("the audit log is broken: {what}")));
            }
            catalogue.content = read_content(&connection, &path, catalogue.edition)?;
            hold(&catalogue.content, &catalogue.log, &path)?;
        }
        catalogue.connection = Some(connection);
        Ok(catalogue)
    }

    /// The audit log of a state folder and its head, whatever the tables beside it say.
    ///
    /// # Errors
    /// As [`Catalogue::look`], but for a log that is broken.
    pub fn log_of(folder: &Path) -> Result<(Vec<AuditEntry>, AuditHead), FileError> {
        let path = folder.join(CATALOGUE);
        crate::fs::opening::open(&path).map_err(FileError::read(&path))?;
        let connection = connected(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        match edition(&connection, &path, EDITIONS)? {
            0 => Err(fault::damaged(&path, "there are no tables in it")),
            _ => read_log(&connection).map_err(fault::of(&path)),
        }
    }

    /// What SQLite finds wrong with the file, in its own words of pages and cells; nothing where it is sound.
    ///
    /// # Errors
    /// Whatever SQLite answers.
    pub fn integrity(&self) -> Result<Vec<String>, FileError> {
        let path = self.folder.join(CATALOGUE);
        let Some(connection) = &self.connection else { return Ok(Vec::new()) };
        let said = || -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare("PRAGMA integrity_check(100)")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        let said: Vec<String> = said().map_err(fault::of(&path))?;
        Ok(said.into_iter().filter(|line| line != "ok").collect())
    }

    /// Writes a copy of the catalogue, whole and without its journal, to a path that nothing has.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn copy_to(&self, path: &Path) -> Result<(), FileError> {
        let Some(connection) = &self.connection else { return Ok(()) };
        create_private_file(path)?;
        let text = path.to_str().ok_or_else(|| FileError::write(path)(std::io::ErrorKind::InvalidFilename.into()))?;
        connection.execute("VACUUM INTO ?1", [text]).map_err(fault::of(path))?;
        sync(path)
    }

    /// The state folder, as an absolute path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether nothing was ever committed here.
    pub fn is_new(&self) -> bool {
        self.edition == 0
    }

    /// The audit log, in order.
    pub fn log(&self) -> &[AuditEntry] {
        &self.log
    }

    /// The head of the audit log.
    pub fn head(&self) -> &AuditHead {
        &self.head
    }

    /// The head of the audit log before the first run of a taker: what its run sheet prints, so that a night that is run again prints the same.
    pub fn head_before(&self, taker: &Taker) -> AuditHead {
        let is_own = |entry: &&AuditEntry| {
            serde_json::from_str::<Deed>(&entry.what).is_ok_and(|deed| {
                deed.kind == "run"
                    && (&deed.pipeline, &deed.period, &deed.business_date)
                        == (&taker.pipeline, &taker.period, &taker.business_date)
            })
        };
        let before = match self.log.iter().position(|entry| is_own(&entry)) {
            Some(place) => place.checked_sub(1).map(|place| &self.log[place]),
            None => self.log.last(),
        };
        before.map_or_else(AuditHead::default, AuditEntry::head)
    }

    /// Where an output of the catalogue stands.
    pub fn output_of(&self, run: &RememberedRun) -> Announced {
        let place = crate::fs::path::plain(&self.folder.join(&run.output.place));
        Announced { place, ..run.output.clone() }
    }

    /// An output as the catalogue has it: as seen from the state folder.
    pub fn as_kept(&self, output: &Announced) -> Announced {
        let place = plain(&std::path::absolute(&output.place).unwrap_or_else(|_| output.place.clone()));
        Announced { place: relative_to(&place, &self.folder), ..output.clone() }
    }

    /// Hands every finding and deficiency that a pipeline follows to `take`.
    ///
    /// # Errors
    /// They are not what the last run left; whatever SQLite answers.
    pub fn each_tracked(&self, pipeline: &str, take: &mut dyn FnMut(TrackedRow)) -> Result<(), FileError> {
        let Some(connection) = self.connection.as_ref().filter(|_| self.edition >= FIRST_WITH_LIVES) else {
            return Ok(());
        };
        let sum = tracked::each(connection, &self.folder, pipeline, take)?;
        match sum == self.content.tracked.get(pipeline).copied().unwrap_or_default() {
            true => Ok(()),
            false => {
                let what =
                    "the findings that are followed are not what the last run left: the sum of their digests differs";
                Err(fault::damaged(&self.folder.join(CATALOGUE), what))
            }
        }
    }

    /// The finding or deficiency of a key that a pipeline follows.
    ///
    /// # Errors
    /// Whatever SQLite answers.
    pub fn tracked(&self, pipeline: &str, key: FindingKey) -> Result<Option<TrackedRow>, FileError> {
        match self.connection.as_ref().filter(|_| self.edition >= FIRST_WITH_LIVES) {
            Some(connection) => tracked::of_key(connection, &self.folder, pipeline, key),
            None => Ok(None),
        }
    }

    /// Commits what is to be remembered from now on, with what was done. This is the commit point of a run.
    ///
    /// # Errors
    /// Nothing is remembered then.
    pub fn commit(&mut self, next: Content, deed: Deed) -> Result<(), FileError> {
        self.commit_with(next, &TrackedEdits::default(), deed)
    }

    /// The same with what becomes of the findings and deficiencies that are followed; their sum stands in the content.
    ///
    /// # Errors
    /// Nothing is remembered then.
    pub fn commit_with(&mut self, next: Content, tracked: &TrackedEdits, deed: Deed) -> Result<(), FileError> {
        let deed = Deed { state_sha256: next.sha256(), ..deed };
        let entry = self.head.next(&deed);
        let path = self.folder.join(CATALOGUE);
        let mut tries = 0;
        loop {
            tries += 1;
            let written = self.write(&path, (&next, tracked), &entry);
            let Err(error) = written else { break };
            // A transaction that failed at its very end may stand all the same.
            self.connection = None;
            match Catalogue::open(&self.folder) {
                Ok(again) if again.head == entry.head() => {
                    *self = again;
                    return Ok(());
                }
                Ok(again) if tries < TRIES && is_of_the_disk(&error) => {
                    (self.connection, self.edition) = (again.connection, again.edition);
                }
                _ => return Err(error),
            }
        }
        self.edition = EDITIONS.len();
        self.head = entry.head();
        self.log.push(entry);
        self.content = next;
        Ok(())
    }

    fn write(
        &mut self,
        path: &Path,
        (next, tracked): (&Content, &TrackedEdits),
        entry: &AuditEntry,
    ) -> Result<(), FileError> {
        if (1..EDITIONS.len()).contains(&self.edition) {
            let before = self.folder.join(format!("{OF_EDITION}{}.sqlite", self.edition));
            if before.symlink_metadata().is_err() {
                self.copy_to(&before)?;
            }
        }
        if let Some(connection) = &mut self.connection {
            return transact(connection, path, self.edition, (&self.content, next, tracked), entry);
        }
        // The first catalogue has its name when all of it is there: an empty file of that name is never one.
        remove_unfinished(&self.folder)?;
        let fresh = self.folder.join(UNFINISHED);
        create_private_file(&fresh)?;
        let mut connection = connected(&fresh, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // What was taken over stands in no table yet.
        transact(&mut connection, path, 0, (&Content::default(), next, tracked), entry)?;
        connection.close().map_err(|(_, error)| fault::of(path)(error))?;
        if !crate::fs::rename_to_free_name(&fresh, path)? {
            return Err(FileError::Foreign { path: path.to_owned() });
        }
        sync(&self.folder)?;
        self.connection = Some(connected(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?);
        Ok(())
    }

    /// Notes what became of the output of a run.
    ///
    /// # Errors
    /// The next start finds it out, and notes it.
    pub fn note(&mut self, sequence: u64, placed: OutputPlace, name: &str) -> Result<(), FileError> {
        let path = self.folder.join(CATALOGUE);
        let Some(run) = self.content.runs.iter_mut().find(|run| run.sequence == sequence) else { return Ok(()) };
        if run.placed == placed && run.output.name == name {
            return Ok(());
        }
        let number = number_of(placed);
        let mut tries = 0;
        loop {
            tries += 1;
            let Some(connection) = &self.connection else { return Ok(()) };
            let statement = "UPDATE run SET published = ?2, name = ?3 WHERE sequence = ?1";
            match connection.execute(statement, params![sequence as i64, number, name]).map_err(fault::of(&path)) {
                Err(error) if tries < TRIES && is_of_the_disk(&error) => {}
                written => {
                    written?;
                    break;
                }
            }
        }
        (run.placed, run.output.name) = (placed, name.to_owned());
        Ok(())
    }
}

/// One transaction: the tables that are missing, what is new, and its entry.
fn transact(
    connection: &mut Connection,
    path: &Path,
    from: usize,
    (before, next, tracked): (&Content, &Content, &TrackedEdits),
    entry: &AuditEntry,
) -> Result<(), FileError> {
    let of = fault::of(path);
    let transaction = connection.transaction().map_err(&of)?;
    bring_up(&transaction, path, from, EDITIONS)?;
    write_content(&transaction, before, next).map_err(&of)?;
    tracked::write(&transaction, tracked).map_err(&of)?;
    let number = entry.number as i64;
    transaction
        .execute("INSERT INTO audit_entry VALUES (?1, ?2, ?3)", params![number, entry.what, entry.sha256])
        .and_then(|_| {
            transaction.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?1, ?2)", params![number, entry.sha256])
        })
        .map_err(&of)?;
    transaction.commit().map_err(&of)
}

/// Removes a catalogue that a killed run had not finished.
fn remove_unfinished(folder: &Path) -> Result<(), FileError> {
    [UNFINISHED.to_owned(), format!("{UNFINISHED}-journal")].iter().try_for_each(|name| remove_file(&folder.join(name)))
}

/// Whether the disk could not be written: what a signal that came in between looks like.
fn is_of_the_disk(error: &FileError) -> bool {
    matches!(error, FileError::Write { source, .. } if source.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()))
}

fn connected(path: &Path, flags: OpenFlags) -> Result<Connection, FileError> {
    let of = fault::of(path);
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags).map_err(&of)?;
    // EXTRA flushes the folder when the journal is removed: after a power failure too a run that was published is remembered. Nothing is spilled outside the state folder.
    let set = "PRAGMA synchronous = EXTRA; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON";
    connection.execute_batch(set).map_err(&of)?;
    Ok(connection)
}

/// That the content is what the last entry of the log says.
fn hold(content: &Content, log: &[AuditEntry], path: &Path) -> Result<(), FileError> {
    let Some(last) = log.last() else { return Ok(()) };
    let deed: Deed = serde_json::from_str(&last.what)
        .map_err(|_| fault::damaged(path, "the last entry of the audit log cannot be read"))?;
    match deed.state_sha256 == content.sha256() {
        true => Ok(()),
        false => {
            Err(fault::damaged(path, "it is not what the last run left: its digest is not the one in the audit log"))
        }
    }
}

fn read_log(connection: &Connection) -> rusqlite::Result<(Vec<AuditEntry>, AuditHead)> {
    let mut statement = connection.prepare("SELECT number, what, sha256 FROM audit_entry ORDER BY number")?;
    let entry =
        |row: &Row<'_>| Ok(AuditEntry { number: row.get::<_, i64>(0)? as u64, what: row.get(1)?, sha256: row.get(2)? });
    let entries = statement.query_map([], entry)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let head = connection.query_row("SELECT number, sha256 FROM audit_head", [], |row| {
        Ok(AuditHead { number: row.get::<_, i64>(0)? as u64, sha256: row.get(1)? })
    });
    match head {
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok((entries, AuditHead::default())),
        head => Ok((entries, head?)),
    }
}
