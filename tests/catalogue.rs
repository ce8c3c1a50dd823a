//! The catalogue of a state folder, as tests look at it and harm it.

use std::path::Path;

use rusqlite::{Connection, types::ValueRef};

/// Its name in a state folder.
pub const CATALOGUE: &str = "catalogue.sqlite";

/// Every row of every table of a catalogue, in words. Whether an output has its place is not among them: a run that was killed notes it later. A journal that a
/// killed run left is rolled back in a copy; an unreadable catalogue is told by its error.
pub fn dump(catalogue: &Path) -> String {
    let copy = tempfile::tempdir().expect("a folder");
    let path = copy.path().join(CATALOGUE);
    std::fs::copy(catalogue, &path).expect("copied");
    let journal = catalogue.with_file_name(format!("{CATALOGUE}-journal"));
    if journal.exists() {
        std::fs::copy(journal, copy.path().join(format!("{CATALOGUE}-journal"))).expect("copied");
    }
    let connection = Connection::open(&path).expect("opened");
    rows(&connection).unwrap_or_else(|error| format!("unreadable: {error}"))
}

fn rows(connection: &Connection) -> rusqlite::Result<String> {
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names: Vec<String> = names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut text = String::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2"))?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            text += &name;
            for (place, column) in columns.iter().enumerate().filter(|(_, column)| *column != "published") {
                let cell = match row.get_ref(place)? {
                    ValueRef::Null => String::new(),
                    ValueRef::Integer(number) => number.to_string(),
                    ValueRef::Real(number) => number.to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    ValueRef::Blob(octets) => format!("{octets:?}"),
                };
                text += &format!(" | {column}: {cell}");
            }
            text.push('\n');
        }
    }
    Ok(text)
}

/// Does something to a catalogue with SQL, as a person with `sqlite3` would.
pub fn edit(catalogue: &Path, sql: &str) {
    Connection::open(catalogue).expect("opened").execute_batch(sql).expect("done");
}

/// The lines of the ledger: name of the file, business date, number of the run.
pub fn ledger(catalogue: &Path) -> Vec<(String, String, i64)> {
    if !catalogue.exists() {
        return Vec::new();
    }
    let connection = Connection::open(catalogue).expect("opened");
    let mut statement =
        connection.prepare("SELECT file, business_date, sequence FROM input_taken ORDER BY line").expect("a ledger");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("read");
    rows.map(|row| row.expect("a line")).collect()
}

/// The lines of months of a catalogue, each as comma-separated values with its pipeline first.
pub fn months(catalogue: &Path) -> String {
    let connection = Connection::open(catalogue).expect("opened");
    let mut statement = connection
        .prepare("SELECT pipeline, facility_id, month, measure, \"of\", numerator, denominator FROM facility_month ORDER BY pipeline, line")
        .expect("months");
    let line =
        |row: &rusqlite::Row<'_>| (0..7).map(|at| row.get::<_, String>(at)).collect::<rusqlite::Result<Vec<_>>>();
    statement.query_map([], line).expect("read").map(|line| line.expect("a line").join(",") + "\n").collect()
}
