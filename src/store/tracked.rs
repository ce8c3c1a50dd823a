//! Findings and deficiencies with a life: a row each in the catalogue. They are many, so that a run reads and writes those rows alone that it needs; what all of them
//! come to stands in the content ([`TrackedSum`]), which the audit log digests.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::{catalogue::CATALOGUE, fault};
use crate::{
    fs::FileError,
    record::{
        date::Day,
        finding::FindingKey,
        life::{LifeEvent, LifeEvents, LifeOf},
    },
};

/// One finding or deficiency that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedRow {
    /// What it is known by.
    pub key: FindingKey,
    /// What it is.
    pub of: LifeOf,
    /// Code of its rule or kind.
    pub code: String,
    /// The facility; empty where none is named.
    pub facility_id: String,
    /// The encounter, or what else it speaks of.
    pub record: String,
    /// The field at fault, or the kind of document.
    pub field: String,
    /// Digest of its value when it was found last; see [`crate::record::life::value_digest`].
    pub value: u64,
    /// What became of it.
    pub events: LifeEvents,
}

/// One that was never followed before. A first night has as many as there are findings, so that each takes little room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTracked {
    /// What it is known by.
    pub key: FindingKey,
    of: LifeOf,
    value: u64,
    day: Day,
    first: LifeEvent,
    more: Box<[LifeEvent]>,
    /// Code, facility, record and field, and where each but the first begins.
    texts: Box<str>,
    begins: [u32; 3],
}

impl NewTracked {
    /// One with what became of it on its first night: at least one event.
    pub fn of(
        (key, of, value): (FindingKey, LifeOf, u64),
        [code, facility_id, record, field]: [&str; 4],
        (day, events): (Day, &[LifeEvent]),
    ) -> NewTracked {
        let begins = [code.len(), code.len() + facility_id.len(), code.len() + facility_id.len() + record.len()];
        let begins = begins.map(|begin| begin as u32);
        let texts = [code, facility_id, record, field].concat().into_boxed_str();
        let (first, more) = events.split_first().map_or((LifeEvent::Found, &[][..]), |(first, more)| (*first, more));
        NewTracked { key, of, value, day, first, more: more.into(), texts, begins }
    }

    /// Its row.
    pub fn row(&self) -> TrackedRow {
        let [facility, record, field] = self.begins.map(|begin| begin as usize);
        let events = std::iter::once(self.first).chain(self.more.iter().copied());
        TrackedRow {
            key: self.key,
            of: self.of,
            code: self.texts[..facility].to_owned(),
            facility_id: self.texts[facility..record].to_owned(),
            record: self.texts[record..field].to_owned(),
            field: self.texts[field..].to_owned(),
            value: self.value,
            events: LifeEvents(events.map(|event| (self.day, event)).collect()),
        }
    }
}

/// What a run does to the rows of one pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackedEdits {
    /// Title of the pipeline.
    pub pipeline: String,
    /// Rows that were not there before, in the order of keys.
    pub new: Vec<NewTracked>,
    /// Rows that changed, in the order of keys.
    pub written: Vec<TrackedRow>,
    /// Keys of rows that go.
    pub removed: Vec<FindingKey>,
}

/// How many rows there are, and the sum of their digests: what is added and taken away in any order comes to the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TrackedSum {
    /// Rows.
    pub rows: u64,
    /// The sum, as four numbers of 64 bits, the last one lowest; what runs over is lost.
    sum: [u64; 4],
}

impl TrackedSum {
    /// With a row more.
    pub fn add(&mut self, row: &TrackedRow) {
        self.rows += 1;
        self.shift(digest_of(row), false);
    }

    /// With a row less.
    pub fn remove(&mut self, row: &TrackedRow) {
        self.rows = self.rows.wrapping_sub(1);
        self.shift(digest_of(row), true);
    }

    fn shift(&mut self, digest: [u64; 4], takes: bool) {
        let mut carry = false;
        for (own, other) in self.sum.iter_mut().zip(digest).rev() {
            let (once, first) = if takes { own.overflowing_sub(other) } else { own.overflowing_add(other) };
            let carried = u64::from(carry);
            let (twice, second) = if takes { once.overflowing_sub(carried) } else { once.overflowing_add(carried) };
            (*own, carry) = (twice, first || second);
        }
    }

    /// 64 hexadecimal digits.
    pub fn hexadecimal(&self) -> String {
        self.sum.iter().map(|part| format!("{part:016x}")).collect()
    }

    /// The sum of its digits.
    pub(super) fn read(rows: u64, hexadecimal: &str) -> Option<TrackedSum> {
        let part = |place: usize| u64::from_str_radix(hexadecimal.get(place * 16..place * 16 + 16)?, 16).ok();
        (hexadecimal.len() == 64)
            .then(|| Some(TrackedSum { rows, sum: [part(0)?, part(1)?, part(2)?, part(3)?] }))
            .flatten()
    }
}

fn digest_of(row: &TrackedRow) -> [u64; 4] {
    let TrackedRow { key, of, code, facility_id, record, field, value, events } = row;
    let mut hasher = Sha256::new();
    let (key, value, events) = (key.to_string(), value.to_string(), events.to_string());
    for cell in [&key, of.name(), code, facility_id, record, field, &value, &events] {
        hasher.update((cell.len() as u64).to_le_bytes());
        hasher.update(cell);
    }
    let digest = hasher.finalize();
    std::array::from_fn(|part| u64::from_be_bytes(std::array::from_fn(|byte| digest[part * 8 + byte])))
}

/// A key as SQLite numbers it.
fn number(key: FindingKey) -> i64 {
    key.0 as i64
}

const COLUMNS: &str = "key, kind, code, facility_id, record, field, value, events";

fn read_row(row: &Row<'_>) -> rusqlite::Result<Option<TrackedRow>> {
    let (of, events): (String, String) = (row.get(1)?, row.get(7)?);
    let read = LifeOf::from_name(&of).zip(LifeEvents::read(&events));
    let Some((of, events)) = read else { return Ok(None) };
    Ok(Some(TrackedRow {
        key: FindingKey(row.get::<_, i64>(0)? as u64),
        of,
        code: row.get(2)?,
        facility_id: row.get(3)?,
        record: row.get(4)?,
        field: row.get(5)?,
        value: row.get::<_, i64>(6)? as u64,
        events,
    }))
}

fn not_as_written(path: &Path) -> FileError {
    fault::damaged(path, "a finding that is followed is not as this program writes it")
}

/// Hands every row of a pipeline to `take`, in the order in which SQLite has them, and gives their sum.
///
/// # Errors
/// Whatever SQLite answers; a row that this program does not write.
pub(super) fn each(
    connection: &Connection,
    folder: &Path,
    pipeline: &str,
    take: &mut dyn FnMut(TrackedRow),
) -> Result<TrackedSum, FileError> {
    let path = folder.join(CATALOGUE);
    let of = fault::of(&path);
    let mut sum = TrackedSum::default();
    let select = format!("SELECT {COLUMNS} FROM tracked WHERE pipeline = ?1 ORDER BY key");
    let mut statement = connection.prepare(&select).map_err(&of)?;
    let mut rows = statement.query([pipeline]).map_err(&of)?;
    while let Some(row) = rows.next().map_err(&of)? {
        let row = read_row(row).map_err(&of)?.ok_or_else(|| not_as_written(&path))?;
        sum.add(&row);
        take(row);
    }
    Ok(sum)
}

/// The row of a key.
///
/// # Errors
/// Whatever SQLite answers; a row that this program does not write.
pub(super) fn of_key(
    connection: &Connection,
    folder: &Path,
    pipeline: &str,
    key: FindingKey,
) -> Result<Option<TrackedRow>, FileError> {
    let path = folder.join(CATALOGUE);
    let of = fault::of(&path);
    let select = format!("SELECT {COLUMNS} FROM tracked WHERE pipeline = ?1 AND key = ?2");
    let mut statement = connection.prepare_cached(&select).map_err(&of)?;
    let row = statement.query_row(params![pipeline, number(key)], read_row).optional().map_err(&of)?;
    row.map(|row| row.ok_or_else(|| not_as_written(&path))).transpose()
}

/// Writes what a run did to the rows; in the transaction that the caller has begun.
pub(super) fn write(connection: &Connection, edits: &TrackedEdits) -> rusqlite::Result<()> {
    let TrackedEdits { pipeline, new, written, removed } = edits;
    let mut statement = connection.prepare("DELETE FROM tracked WHERE pipeline = ?1 AND key = ?2")?;
    for key in removed {
        statement.execute(params![pipeline, number(*key)])?;
    }
    let mut statement =
        connection.prepare("INSERT OR REPLACE INTO tracked VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    let mut put = |row: &TrackedRow| {
        let TrackedRow { key, of, code, facility_id, record, field, value, events } = row;
        let (key, value, events) = (number(*key), *value as i64, events.to_string());
        statement.execute(params![pipeline, key, of.name(), code, facility_id, record, field, value, events]).map(drop)
    };
    new.iter().try_for_each(|new| put(&new.row()))?;
    written.iter().try_for_each(put)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u64) -> TrackedRow {
        TrackedRow {
            key: FindingKey(key),
            of: LifeOf::Finding,
            code: "LOG110".to_owned(),
            facility_id: "0042".to_owned(),
            record: format!("E{key}"),
            field: "sex".to_owned(),
            value: key,
            events: LifeEvents(vec![(Day(20_000), LifeEvent::Found)]),
        }
    }

    #[test]
    fn the_sum_is_the_same_in_any_order_and_tells_a_row_that_was_changed() {
        let mut sum = TrackedSum::default();
        (0..100).for_each(|key| sum.add(&row(key)));
        let mut other = TrackedSum::default();
        (0..200).rev().for_each(|key| other.add(&row(key)));
        (100..200).for_each(|key| other.remove(&row(key)));
        assert_eq!(sum, other);
        assert_eq!(TrackedSum::read(100, &sum.hexadecimal()), Some(sum));
        other.remove(&row(7));
        other.add(&TrackedRow { record: "E8".to_owned(), ..row(7) });
        assert_ne!(sum, other);
        assert_eq!(sum.rows, other.rows);
    }

    #[test]
    fn a_new_one_is_the_row_that_it_stands_for() {
        let row = row(7);
        let TrackedRow { key, of, code, facility_id, record, field, value, events } = &row;
        let new = |events: &[LifeEvent]| {
            NewTracked::of((*key, *of, *value), [code, facility_id, record, field], (Day(20_000), events)).row()
        };
        assert_eq!(new(&[LifeEvent::Found]), row);
        let both = new(&[LifeEvent::Found, LifeEvent::Delinquent]);
        assert_eq!(both.events.to_string(), format!("{events}; {} delinquent", Day(20_000)));
    }

    #[test]
    fn rows_are_written_read_and_taken_out() {
        let connection = Connection::open_in_memory().expect("opened");
        super::super::schema::bring_up(&connection, Path::new("state"), 0, super::super::schema::EDITIONS)
            .expect("made");
        let keys = [3, u64::MAX, 1 << 63, 12];
        let edits =
            TrackedEdits { pipeline: "Nightly".to_owned(), written: keys.map(row).to_vec(), ..TrackedEdits::default() };
        write(&connection, &edits).expect("written");
        let folder = Path::new("state");
        let mut read = Vec::new();
        let sum = each(&connection, folder, "Nightly", &mut |row| read.push(row.key.0)).expect("read");
        assert_eq!((read.len(), sum.rows), (4, 4));
        assert_eq!(of_key(&connection, folder, "Nightly", FindingKey(u64::MAX)).expect("read"), Some(row(u64::MAX)));
        assert_eq!(of_key(&connection, folder, "Monthly", FindingKey(3)).expect("read"), None);
        let edits = TrackedEdits { removed: vec![FindingKey(3)], written: Vec::new(), ..edits };
        write(&connection, &edits).expect("written");
        assert_eq!(of_key(&connection, folder, "Nightly", FindingKey(3)).expect("read"), None);
    }
}
