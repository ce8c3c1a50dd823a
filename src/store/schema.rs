//! The tables of the catalogue, edition after edition. An edition is never changed; the next one is a step more in the list.

use std::path::Path;

use rusqlite::Connection;

use super::fault;
use crate::fs::FileError;

/// Says in the head of the file whose it is: `CHRT`.
const APPLICATION: i32 = 0x4348_5254;

/// The first edition of the tables that has findings with a life.
pub const FIRST_WITH_LIVES: usize = 2;

/// What makes each edition of the one before it; the first of nothing.
pub const EDITIONS: &[&str] = &["
    -- A run, and where its output stands. `published`: 0 not yet at its place, 1 at its place, 2 somebody took it away before.
    CREATE TABLE run (
        sequence INTEGER PRIMARY KEY, run_id TEXT NOT NULL, pipeline TEXT NOT NULL, period TEXT NOT NULL, business_date TEXT NOT NULL,
        place TEXT NOT NULL, name TEXT NOT NULL, work TEXT NOT NULL, way TEXT NOT NULL, seal TEXT NOT NULL, seal_sha256 TEXT NOT NULL,
        published INTEGER NOT NULL
    ) STRICT;
    -- The ledger: an input, and the run that first took it for its pipeline and period.
    CREATE TABLE input_taken (
        line INTEGER PRIMARY KEY, feed TEXT NOT NULL, sha256 TEXT NOT NULL, part TEXT NOT NULL, file TEXT NOT NULL, run_id TEXT NOT NULL,
        pipeline TEXT NOT NULL, period TEXT NOT NULL, business_date TEXT NOT NULL, sequence INTEGER NOT NULL
    ) STRICT;
    -- Figures of facilities' months, by pipeline, in the order of their measures.
    CREATE TABLE facility_month (
        pipeline TEXT NOT NULL, line INTEGER NOT NULL, facility_id TEXT NOT NULL, month TEXT NOT NULL, measure TEXT NOT NULL,
        \"of\" TEXT NOT NULL, numerator TEXT NOT NULL, denominator TEXT NOT NULL, PRIMARY KEY (pipeline, line)
    ) STRICT, WITHOUT ROWID;
    -- A period whose figures are published: the run that they are of, and the day on which it was closed.
    CREATE TABLE closed_period (
        pipeline TEXT NOT NULL, period TEXT NOT NULL, sequence INTEGER NOT NULL, closed_on TEXT NOT NULL, PRIMARY KEY (pipeline, period)
    ) STRICT, WITHOUT ROWID;
    -- What is kept of how the feeds of a pipeline are read.
    CREATE TABLE kept_text (pipeline TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (pipeline, name)) STRICT, WITHOUT ROWID;
    -- A feed as it was when rows of it were kept; `columns`: JSON, by the slot numbers of cells.
    CREATE TABLE kept_feed (number INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, name TEXT NOT NULL, columns TEXT NOT NULL) STRICT;
    -- An input whose rows are kept; `account`: JSON, as it was told when it was taken.
    CREATE TABLE kept_input (
        number INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, sequence INTEGER NOT NULL, file_sha256 TEXT NOT NULL, path TEXT NOT NULL, account TEXT NOT NULL
    ) STRICT;
    -- A file of kept rows; `feeds`: JSON, numbers of kept feeds by the place that rows have.
    CREATE TABLE segment (
        name TEXT PRIMARY KEY, pipeline TEXT NOT NULL, sequence INTEGER NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL, feeds TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- The audit log: every change of state, each entry chained to the one before.
    CREATE TABLE audit_entry (number INTEGER PRIMARY KEY, what TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT;
    CREATE TABLE audit_head (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), number INTEGER NOT NULL, sha256 TEXT NOT NULL) STRICT;
", "
    -- A finding or deficiency that is followed, by its key; `events`: what became of it, each with its day.
    CREATE TABLE tracked (
        pipeline TEXT NOT NULL, key INTEGER NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, facility_id TEXT NOT NULL, record TEXT NOT NULL,
        field TEXT NOT NULL, value INTEGER NOT NULL, events TEXT NOT NULL, PRIMARY KEY (pipeline, key)
    ) STRICT, WITHOUT ROWID;
    -- How many a pipeline follows, and the sum of their digests.
    CREATE TABLE tracked_sum (pipeline TEXT PRIMARY KEY, rows INTEGER NOT NULL, sum TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- A clinician with open deficiencies, or who had some; `events`: what became of the clinician, each with its day.
    CREATE TABLE clinician (pipeline TEXT NOT NULL, clinician TEXT NOT NULL, events TEXT NOT NULL, PRIMARY KEY (pipeline, clinician)) STRICT, WITHOUT ROWID;
    -- A night of a pipeline: `basis` digests all but the records that findings come from; `account`: JSON, what was new, open and corrected.
    CREATE TABLE night (
        pipeline TEXT NOT NULL, business_date TEXT NOT NULL, basis TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (pipeline, business_date)
    ) STRICT, WITHOUT ROWID;
"];

/// The edition of a catalogue; 0 where there are no tables yet.
///
/// # Errors
/// [`FileError::Damaged`] where it is no catalogue, or one of a newer edition of the program; whatever SQLite answers.
pub fn edition(connection: &Connection, path: &Path, editions: &[&str]) -> Result<usize, FileError> {
    let number =
        |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0)).map_err(fault::of(path));
    let (application, edition) = (number("application_id")?, number("user_version")?);
    let is_empty = application == 0 && edition == 0 && !has_tables(connection, path)?;
    match usize::try_from(edition) {
        _ if is_empty => Ok(0),
        Ok(edition) if application == APPLICATION && (1..=editions.len()).contains(&edition) => Ok(edition),
        Ok(edition) if application == APPLICATION && edition > editions.len() => Err(FileError::Damaged {
            path: path.to_owned(),
            line: None,
            what: format!(
                "a newer edition of chartroom wrote it (tables of edition {edition}; this program knows {})",
                editions.len()
            ),
            to_do: "Run the newer edition, or restore a backup from before it was installed with `chartroom state restore`",
        }),
        _ => Err(FileError::Foreign { path: path.to_owned() }),
    }
}

fn has_tables(connection: &Connection, path: &Path) -> Result<bool, FileError> {
    let count = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    Ok(count.map_err(fault::of(path))? > 0)
}

/// Makes the tables that a catalogue of an edition lacks; in the transaction that the caller has begun.
///
/// # Errors
/// Whatever SQLite answers.
pub fn bring_up(connection: &Connection, path: &Path, from: usize, editions: &[&str]) -> Result<(), FileError> {
    let step = |text: &str| connection.execute_batch(text).map_err(fault::of(path));
    editions.iter().skip(from).try_for_each(|edition| step(edition))?;
    if from < editions.len() {
        step(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {}", editions.len()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[&str] = &[
        "CREATE TABLE one (cell TEXT) STRICT",
        "ALTER TABLE one ADD COLUMN more TEXT; CREATE TABLE two (cell TEXT) STRICT",
    ];

    #[test]
    fn a_catalogue_is_brought_up_step_by_step_and_a_newer_one_or_a_strangers_is_refused() {
        let path = Path::new("state/catalogue.sqlite");
        let connection = Connection::open_in_memory().expect("opened");
        assert_eq!(edition(&connection, path, TWO).expect("empty"), 0);
        bring_up(&connection, path, 0, &TWO[..1]).expect("made");
        assert_eq!(edition(&connection, path, TWO).expect("read"), 1);
        connection.execute("INSERT INTO one VALUES ('kept')", []).expect("written");
        bring_up(&connection, path, 1, TWO).expect("brought up");
        assert_eq!(edition(&connection, path, TWO).expect("read"), 2);
        let kept: (String, Option<String>) = connection
            .query_row("SELECT cell, more FROM one", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("there");
        assert_eq!(kept, ("kept".to_owned(), None));
        let newer = edition(&connection, path, &TWO[..1]).expect_err("newer").to_string();
        assert!(
            newer.contains("a newer edition of chartroom wrote it (tables of edition 2; this program knows 1)"),
            "{newer}"
        );
        let strangers = Connection::open_in_memory().expect("opened");
        strangers.execute_batch("CREATE TABLE letters (text TEXT)").expect("made");
        let foreign = edition(&strangers, path, TWO).expect_err("foreign");
        assert!(matches!(foreign, FileError::Foreign { .. }), "{foreign}");
    }
}
