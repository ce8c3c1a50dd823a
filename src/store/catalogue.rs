//! The catalogue: opened and read when a run begins, written once when it is published.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, Row, params};

use super::{
    audit_log::{AuditEntry, AuditHead, Deed, broken},
    content::{
        ClosedPeriod, Content, KeptFeed, KeptInput, OutputPlace, RememberedRun, TakenInput, Taker, json, way_of, word,
    },
    fault,
    schema::{EDITIONS, bring_up, edition},
    segment::Segment,
};
use crate::fs::{
    FileDigest, FileError,
    commit::{Announced, relative_to},
    create_private_file,
    path::plain,
    remove_file, sync,
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
            catalogue.content = read_content(&connection, &path)?;
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

    /// Commits what is to be remembered from now on, with what was done. This is the commit point of a run.
    ///
    /// # Errors
    /// Nothing is remembered then.
    pub fn commit(&mut self, next: Content, deed: Deed) -> Result<(), FileError> {
        let deed = Deed { state_sha256: next.sha256(), ..deed };
        let entry = self.head.next(&deed);
        let path = self.folder.join(CATALOGUE);
        let mut tries = 0;
        loop {
            tries += 1;
            let written = self.write(&path, &next, &entry);
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

    fn write(&mut self, path: &Path, next: &Content, entry: &AuditEntry) -> Result<(), FileError> {
        if (1..EDITIONS.len()).contains(&self.edition) {
            let before = self.folder.join(format!("{OF_EDITION}{}.sqlite", self.edition));
            if before.symlink_metadata().is_err() {
                self.copy_to(&before)?;
            }
        }
        if let Some(connection) = &mut self.connection {
            return transact(connection, path, self.edition, (&self.content, next), entry);
        }
        // The first catalogue has its name when all of it is there: an empty file of that name is never one.
        remove_unfinished(&self.folder)?;
        let fresh = self.folder.join(UNFINISHED);
        create_private_file(&fresh)?;
        let mut connection = connected(&fresh, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // What was taken over stands in no table yet.
        transact(&mut connection, path, 0, (&Content::default(), next), entry)?;
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
    (before, next): (&Content, &Content),
    entry: &AuditEntry,
) -> Result<(), FileError> {
    let of = fault::of(path);
    let transaction = connection.transaction().map_err(&of)?;
    bring_up(&transaction, path, from, EDITIONS)?;
    write_content(&transaction, before, next).map_err(&of)?;
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

fn number_of(placed: OutputPlace) -> i64 {
    match placed {
        OutputPlace::NotYet => 0,
        OutputPlace::AtItsPlace => 1,
        OutputPlace::Gone => 2,
    }
}

fn read_content(connection: &Connection, path: &Path) -> Result<Content, FileError> {
    let wrong = || fault::damaged(path, "a cell of it is not as this program writes it");
    let mut content = Content::default();
    let mut ways = Vec::new();
    let read = |content: &mut Content, ways: &mut Vec<(String, i64)>| -> rusqlite::Result<()> {
        let mut statement = connection.prepare(
            "SELECT sequence, run_id, pipeline, period, business_date, place, name, work, seal, seal_sha256, way, published FROM run ORDER BY sequence",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let output = Announced {
                place: PathBuf::from(row.get::<_, String>(5)?),
                name: row.get(6)?,
                work: row.get(7)?,
                way: crate::fs::commit::Way::FreeName,
                seal: row.get(8)?,
                seal_sha256: row.get(9)?,
            };
            let taker = taker(row, 2)?;
            let (sequence, run_id) = (row.get::<_, i64>(0)? as u64, row.get(1)?);
            content.runs.push(RememberedRun { sequence, run_id, taker, output, placed: OutputPlace::NotYet });
            ways.push((row.get(10)?, row.get(11)?));
        }
        let mut statement = connection.prepare(
            "SELECT feed, sha256, part, file, run_id, pipeline, period, business_date, sequence FROM input_taken ORDER BY line",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            content.taken.push(TakenInput {
                feed: row.get(0)?,
                sha256: row.get(1)?,
                part: row.get(2)?,
                file: row.get(3)?,
                run_id: row.get(4)?,
                taker: taker(row, 5)?,
                sequence: row.get::<_, i64>(8)? as u64,
            });
        }
        let mut statement = connection.prepare(
            "SELECT pipeline, facility_id, month, measure, \"of\", numerator, denominator FROM facility_month ORDER BY pipeline, line",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cell = |at| row.get::<_, String>(at);
            let line = [cell(1)?, cell(2)?, cell(3)?, cell(4)?, cell(5)?, cell(6)?];
            content.months.entry(cell(0)?).or_default().push(line);
        }
        let mut statement = connection.prepare("SELECT pipeline, period, sequence, closed_on FROM closed_period")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let closed = ClosedPeriod { sequence: row.get::<_, i64>(2)? as u64, closed_on: row.get(3)? };
            content.closed.insert((row.get(0)?, row.get(1)?), closed);
        }
        let mut statement = connection.prepare("SELECT pipeline, name, text FROM kept_text")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            content.texts.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
        }
        let mut statement = connection.prepare("SELECT pipeline, name, columns FROM kept_feed ORDER BY number")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            content.feeds.push(KeptFeed { pipeline: row.get(0)?, name: row.get(1)?, columns: from_json(row, 2)? });
        }
        let mut statement = connection
            .prepare("SELECT pipeline, sequence, file_sha256, path, account FROM kept_input ORDER BY number")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let sequence = row.get::<_, i64>(1)? as u64;
            let (file_sha256, path, account) = (row.get(2)?, row.get(3)?, from_json(row, 4)?);
            content.inputs.push(KeptInput { pipeline: row.get(0)?, sequence, file_sha256, path, account });
        }
        let mut statement = connection.prepare(
            "SELECT name, pipeline, sequence, rows, bytes, sha256, feeds FROM segment ORDER BY sequence, name",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = |at| row.get::<_, i64>(at).map(|number| number as u64);
            content.segments.push(Segment {
                name: row.get(0)?,
                pipeline: row.get(1)?,
                sequence: number(2)?,
                rows: number(3)?,
                digest: FileDigest { bytes: number(4)?, sha256: row.get(5)? },
                feeds: from_json(row, 6)?,
            });
        }
        Ok(())
    };
    read(&mut content, &mut ways).map_err(fault::of(path))?;
    for (run, (way, published)) in content.runs.iter_mut().zip(ways) {
        run.output.way = way_of(&way).ok_or_else(wrong)?;
        let known = [OutputPlace::NotYet, OutputPlace::AtItsPlace, OutputPlace::Gone];
        run.placed = known.into_iter().find(|placed| number_of(*placed) == published).ok_or_else(wrong)?;
    }
    Ok(content)
}

/// Plain data of a cell that is JSON.
fn from_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|_| rusqlite::Error::InvalidQuery)
}

fn taker(row: &Row<'_>, at: usize) -> rusqlite::Result<Taker> {
    Ok(Taker { pipeline: row.get(at)?, period: row.get(at + 1)?, business_date: row.get(at + 2)? })
}

/// Writes what is new; runs and lines of the ledger are never changed.
fn write_content(connection: &Connection, before: &Content, next: &Content) -> rusqlite::Result<()> {
    let mut statement =
        connection.prepare("INSERT INTO run VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?;
    for run in &next.runs[before.runs.len()..] {
        let RememberedRun { sequence, run_id, taker, output, placed } = run;
        let Announced { place, name, work, way, seal, seal_sha256 } = output;
        let Taker { pipeline, period, business_date } = taker;
        let (place, way) = (place.to_string_lossy(), word(*way));
        statement.execute(params![
            *sequence as i64,
            run_id,
            pipeline,
            period,
            business_date,
            place,
            name,
            work,
            way,
            seal,
            seal_sha256,
            number_of(*placed)
        ])?;
    }
    let mut statement =
        connection.prepare("INSERT INTO input_taken VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for taken in &next.taken[before.taken.len()..] {
        let TakenInput { feed, sha256, part, file, run_id, taker, sequence } = taken;
        let Taker { pipeline, period, business_date } = taker;
        statement.execute(params![
            feed,
            sha256,
            part,
            file,
            run_id,
            pipeline,
            period,
            business_date,
            *sequence as i64
        ])?;
    }
    for (pipeline, lines) in next.months.iter().filter(|(pipeline, lines)| before.months.get(*pipeline) != Some(lines))
    {
        connection.execute("DELETE FROM facility_month WHERE pipeline = ?1", [pipeline])?;
        let mut statement = connection.prepare("INSERT INTO facility_month VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for (number, line) in (1i64..).zip(lines) {
            let [facility, month, measure, of, numerator, denominator] = line;
            statement.execute(params![pipeline, number, facility, month, measure, of, numerator, denominator])?;
        }
    }
    for ((pipeline, period), ClosedPeriod { sequence, closed_on }) in &next.closed {
        let statement = "INSERT OR REPLACE INTO closed_period VALUES (?1, ?2, ?3, ?4)";
        connection.execute(statement, params![pipeline, period, *sequence as i64, closed_on])?;
    }
    for (pipeline, texts) in next.texts.iter().filter(|(pipeline, texts)| before.texts.get(*pipeline) != Some(texts)) {
        connection.execute("DELETE FROM kept_text WHERE pipeline = ?1", [pipeline])?;
        let mut statement = connection.prepare("INSERT INTO kept_text VALUES (?1, ?2, ?3)")?;
        for (name, text) in texts {
            statement.execute(params![pipeline, name, text])?;
        }
    }
    let mut statement = connection.prepare("INSERT INTO kept_feed VALUES (?1, ?2, ?3, ?4)")?;
    for (number, KeptFeed { pipeline, name, columns }) in (0i64..).zip(&next.feeds).skip(before.feeds.len()) {
        statement.execute(params![number, pipeline, name, json(columns)])?;
    }
    let mut statement = connection.prepare("INSERT INTO kept_input VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (number, KeptInput { pipeline, sequence, file_sha256, path, account }) in
        (0i64..).zip(&next.inputs).skip(before.inputs.len())
    {
        statement.execute(params![number, pipeline, *sequence as i64, file_sha256, path, json(account)])?;
    }
    let gone = before.segments.iter().filter(|segment| !next.segments.contains(segment));
    for segment in gone {
        connection.execute("DELETE FROM segment WHERE name = ?1", [&segment.name])?;
    }
    let mut statement = connection.prepare("INSERT INTO segment VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for segment in next.segments.iter().filter(|segment| !before.segments.contains(segment)) {
        let Segment { name, pipeline, sequence, rows, digest, feeds } = segment;
        let [sequence, rows, bytes] = [sequence, rows, &digest.bytes].map(|number| *number as i64);
        statement.execute(params![name, pipeline, sequence, rows, bytes, digest.sha256, json(feeds)])?;
    }
    Ok(())
}
