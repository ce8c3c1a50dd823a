//! The tables of the catalogue and the content, one made from the other.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};

use super::{
    content::{
        ClosedPeriod, Content, KeptFeed, KeptInput, OutputPlace, RememberedNight, RememberedRun, TakenInput, Taker,
        json, way_of, word,
    },
    fault,
    schema::FIRST_WITH_LIVES,
    segment::Segment,
    tracked::TrackedSum,
};
use crate::fs::{FileDigest, FileError, commit::Announced};

/// Whether an output has its place, as the table of runs says it.
pub(super) fn number_of(placed: OutputPlace) -> i64 {
    match placed {
        OutputPlace::NotYet => 0,
        OutputPlace::AtItsPlace => 1,
        OutputPlace::Gone => 2,
    }
}

/// Reads the content of a catalogue of an edition.
///
/// # Errors
/// Whatever SQLite answers; a cell that this program does not write.
pub(super) fn read_content(connection: &Connection, path: &Path, edition: usize) -> Result<Content, FileError> {
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
    if edition >= FIRST_WITH_LIVES {
        read_nights(connection, &mut content).map_err(fault::of(path))?;
    }
    for (run, (way, published)) in content.runs.iter_mut().zip(ways) {
        run.output.way = way_of(&way).ok_or_else(wrong)?;
        let known = [OutputPlace::NotYet, OutputPlace::AtItsPlace, OutputPlace::Gone];
        run.placed = known.into_iter().find(|placed| number_of(*placed) == published).ok_or_else(wrong)?;
    }
    Ok(content)
}

fn read_nights(connection: &Connection, content: &mut Content) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("SELECT pipeline, rows, sum FROM tracked_sum")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (count, sum) = (row.get::<_, i64>(1)? as u64, row.get::<_, String>(2)?);
        let sum = TrackedSum::read(count, &sum).ok_or(rusqlite::Error::InvalidQuery)?;
        content.tracked.insert(row.get(0)?, sum);
    }
    let mut statement = connection.prepare("SELECT pipeline, business_date, basis, account FROM night")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let night = RememberedNight { basis: row.get(2)?, account: row.get(3)? };
        content.nights.insert((row.get(0)?, row.get(1)?), night);
    }
    let mut statement = connection.prepare("SELECT pipeline, clinician, events FROM clinician")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        content.clinicians.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    Ok(())
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
pub(super) fn write_content(connection: &Connection, before: &Content, next: &Content) -> rusqlite::Result<()> {
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
    write_nights(connection, before, next)
}

/// Writes what is new of findings that are followed, nights and clinicians.
fn write_nights(connection: &Connection, before: &Content, next: &Content) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("INSERT OR REPLACE INTO tracked_sum VALUES (?1, ?2, ?3)")?;
    for (pipeline, sum) in next.tracked.iter().filter(|(pipeline, sum)| before.tracked.get(*pipeline) != Some(sum)) {
        statement.execute(params![pipeline, sum.rows as i64, sum.hexadecimal()])?;
    }
    let mut statement = connection.prepare("INSERT OR REPLACE INTO night VALUES (?1, ?2, ?3, ?4)")?;
    for (night, RememberedNight { basis, account }) in &next.nights {
        let (pipeline, business_date) = night;
        if before.nights.get(night).is_none_or(|before| before.basis != *basis || before.account != *account) {
            statement.execute(params![pipeline, business_date, basis, account])?;
        }
    }
    let mut statement = connection.prepare("DELETE FROM clinician WHERE pipeline = ?1 AND clinician = ?2")?;
    for (pipeline, clinician) in before.clinicians.keys().filter(|key| !next.clinicians.contains_key(*key)) {
        statement.execute(params![pipeline, clinician])?;
    }
    let mut statement = connection.prepare("INSERT OR REPLACE INTO clinician VALUES (?1, ?2, ?3)")?;
    for (key, events) in next.clinicians.iter().filter(|(key, events)| before.clinicians.get(*key) != Some(events)) {
        statement.execute(params![key.0, key.1, events])?;
    }
    Ok(())
}
