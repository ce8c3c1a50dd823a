//! Brings the rows of every feed together by key, whatever their order and number, in bounded memory.
//!
//! Blocks of rows are sorted as they arrive and held; beyond a budget they are spilled to one temporary file. The merge then yields rows in the one order
//! that depends on their content alone: key, table (the encounter's own row first), feed, cells, fingerprint, and only then where they stood.
//! Equal rows are therefore neighbours, and the order of rows in an export never shows in an output.

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::BinaryHeap,
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::PathBuf,
};

use crate::rows::row::Row;

/// Bytes held in memory before sorted runs go to disk.
pub const HELD_BYTES: usize = 288 << 20;
/// Rows of a run below which it is joined with others before it is spilled.
const SHORT_RUN: usize = 48;
/// Bytes of a run that was joined of short ones.
const JOINED_BYTES: usize = 24 << 20;
/// Bytes read at once from each spilled run while merging.
const WINDOW: usize = 96 << 10;

/// Orders two rows by content first and origin last.
pub fn order(left: Row<'_>, right: Row<'_>) -> Ordering {
    left.key()
        .cmp(right.key())
        .then_with(|| left.feed().cmp(&right.feed()))
        .then_with(|| left.content().cmp(right.content()))
        .then_with(|| left.fingerprint().cmp(&right.fingerprint()))
        .then_with(|| left.origin().cmp(&right.origin()))
}

/// Sorts the rows of one buffer; feeds are numbered so that encounters come before what hangs on them.
pub fn sort_rows(bytes: Vec<u8>) -> Vec<u8> {
    let mut places: Vec<(u64, u32)> = Vec::new();
    let mut at = 0;
    let mut sorted = true;
    let mut previous: Option<Row<'_>> = None;
    while let Some(row) = Row::first(&bytes[at..]) {
        sorted = sorted && previous.is_none_or(|previous| order(previous, row) != Ordering::Greater);
        previous = Some(row);
        places.push((prefix(row.key()), at as u32));
        at += row.bytes().len();
    }
    if sorted {
        return bytes;
    }
    let row_at = |place: u32| Row::first(&bytes[place as usize..]).expect("a place of a row");
    places.sort_unstable_by(|left, right| left.0.cmp(&right.0).then_with(|| order(row_at(left.1), row_at(right.1))));
    let mut result = Vec::with_capacity(bytes.len());
    for (_, place) in places {
        result.extend_from_slice(row_at(place).bytes());
    }
    result
}

/// Runs of few and therefore very long rows become one: a merge holds at least one whole row of every run.
fn with_short_runs_joined(runs: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let (short, mut others): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| is_short(run));
    let mut joined = Vec::new();
    for run in short {
        joined.extend_from_slice(&run);
        if joined.len() >= JOINED_BYTES {
            others.push(sort_rows(std::mem::take(&mut joined)));
        }
    }
    others.extend((!joined.is_empty()).then(|| sort_rows(joined)));
    others
}

/// Whether a run has few rows.
fn is_short(run: &[u8]) -> bool {
    Row::all(run).nth(SHORT_RUN).is_none()
}

/// First eight bytes of a key as a number that orders as the bytes do.
fn prefix(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(first)
}

/// Takes sorted runs of rows and gives them back as one.
#[derive(Debug)]
pub struct Sorter {
    /// Where rows are spilled; `None` where none may be.
    folder: Option<PathBuf>,
    budget: usize,
    held: Vec<Vec<u8>>,
    held_bytes: usize,
    /// Of those, bytes of runs of few rows; they go to disk sooner, because much else holds such rows whole.
    short_bytes: usize,
    spills: Vec<File>,
    /// Of each spilled run: the file, its start and its end.
    spilled: Vec<(usize, u64, u64)>,
    /// Bytes in the file that is being written; `None` when the next spill begins a file.
    spilling: Option<u64>,
}

impl Sorter {
    /// A sorter that spills into `folder` (private to the run) beyond `budget` bytes.
    pub fn new(folder: PathBuf, budget: usize) -> Sorter {
        Sorter { folder: Some(folder), ..Sorter::in_memory(budget) }
    }

    /// A sorter that writes nothing anywhere, for the first rows of an input.
    pub fn in_memory(budget: usize) -> Sorter {
        Sorter {
            folder: None,
            budget,
            held: Vec::new(),
            held_bytes: 0,
            short_bytes: 0,
            spills: Vec::new(),
            spilled: Vec::new(),
            spilling: None,
        }
    }

    /// Bytes of the rows that are in memory.
    pub fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Takes one run, sorted by [`sort_rows`].
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn add(&mut self, run: Vec<u8>) -> io::Result<()> {
        if run.is_empty() {
            return Ok(());
        }
        self.held_bytes += run.len();
        self.short_bytes += if is_short(&run) { run.len() } else { 0 };
        self.held.push(run);
        let is_full = self.held_bytes > self.budget || self.short_bytes > JOINED_BYTES;
        if let Some(folder) = self.folder.as_ref().filter(|_| is_full) {
            if self.spilling.is_none() {
                self.spills.push(tempfile::tempfile_in(folder)?);
            }
            let place = self.spills.len() - 1;
            let mut end = self.spilling.unwrap_or(0);
            for run in with_short_runs_joined(std::mem::take(&mut self.held)) {
                self.spills[place].write_all(&run)?;
                self.spilled.push((place, end, end + run.len() as u64));
                end += run.len() as u64;
            }
            self.spilling = Some(end);
            (self.held_bytes, self.short_bytes) = (0, 0);
        }
        Ok(())
    }

    /// Takes over the runs of another sorter.
    ///
    /// # Errors
    /// A temporary file cannot be read or written.
    pub fn absorb(&mut self, other: Sorter) -> io::Result<()> {
        let first = self.spills.len();
        if !other.spills.is_empty() {
            // What was spilled stays where it is; the next spill begins a file of its own.
            self.spills.extend(other.spills);
            self.spilled.extend(other.spilled.into_iter().map(|(place, start, end)| (first + place, start, end)));
            self.spilling = None;
        }
        for run in other.held {
            self.add(run)?;
        }
        Ok(())
    }

    /// All rows, in order. The sorter keeps them, so that they can be gone through again.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn merge(&self) -> io::Result<Merge<'_>> {
        let held = self.held.iter().map(|run| Cursor::of(run.into(), (0, 0, 0)));
        let spilled = self.spilled.iter().map(|run| Cursor::of(Cow::Owned(Vec::new()), *run));
        Merge::of(Spills::Lent(&self.spills), spilled.chain(held))
    }

    /// The same for the last time: a run is given up as soon as its last row is passed.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn into_merge(self) -> io::Result<Merge<'static>> {
        let held = self.held.into_iter().map(|run| Cursor::of(Cow::Owned(run), (0, 0, 0)));
        let spilled = self.spilled.into_iter().map(|run| Cursor::of(Cow::Owned(Vec::new()), run));
        Merge::of(Spills::Own(self.spills), spilled.chain(held))
    }
}

/// The spilled files of a sorter that keeps its rows, or of one that does not.
#[derive(Debug)]
enum Spills<'r> {
    Lent(&'r [File]),
    Own(Vec<File>),
}

impl Spills<'_> {
    fn files(&self) -> &[File] {
        match self {
            Spills::Lent(files) => files,
            Spills::Own(files) => files,
        }
    }
}

/// One run being merged: a window of bytes and, for a spilled run, where the rest lies.
#[derive(Debug)]
struct Cursor<'r> {
    window: Cow<'r, [u8]>,
    at: usize,
    /// The begin of the key of the row in hand, which nearly always tells two rows apart; `None` at the end of the run.
    begin: Option<u64>,
    /// Which spilled file.
    file: usize,
    next: u64,
    end: u64,
}

impl<'r> Cursor<'r> {
    /// Before the first row of a window, or of a spilled run: its file, start and end.
    fn of(window: Cow<'r, [u8]>, (file, next, end): (usize, u64, u64)) -> Cursor<'r> {
        Cursor { window, at: 0, begin: None, file, next, end }
    }

    #[inline]
    fn row(&self) -> Option<Row<'_>> {
        Row::first(&self.window[self.at..])
    }

    /// Steps over the current row.
    fn advance(&mut self, spills: &[File]) -> io::Result<()> {
        self.at += self.row().map_or(0, |row| row.bytes().len());
        self.load(spills)
    }

    /// Reads on until a whole row is in the window or the run ends.
    fn load(&mut self, spills: &[File]) -> io::Result<()> {
        while self.next < self.end && self.row().is_none() {
            let Some(file) = spills.get(self.file) else { break };
            let window = self.window.to_mut();
            window.drain(..self.at);
            self.at = 0;
            let wanted = WINDOW.min((self.end - self.next) as usize);
            let start = window.len();
            window.resize(start + wanted, 0);
            file.read_exact_at(&mut window[start..], self.next)?;
            self.next += wanted as u64;
        }
        self.begin = self.row().map(|row| prefix(row.key()));
        Ok(())
    }
}

impl PartialEq for Cursor<'_> {
    fn eq(&self, other: &Cursor<'_>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cursor<'_> {}

impl PartialOrd for Cursor<'_> {
    fn partial_cmp(&self, other: &Cursor<'_>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cursor<'_> {
    /// Reversed, so that the heap's greatest is the cursor with the least row.
    fn cmp(&self, other: &Cursor<'_>) -> Ordering {
        match (self.begin, other.begin) {
            (Some(own), Some(theirs)) => theirs.cmp(&own).then_with(|| match (self.row(), other.row()) {
                (Some(left), Some(right)) => order(right, left),
                _ => Ordering::Equal,
            }),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
        }
    }
}

/// Rows of all runs in order.
#[derive(Debug)]
pub struct Merge<'r> {
    spills: Spills<'r>,
    heap: BinaryHeap<Cursor<'r>>,
    /// The cursor with the least row; kept out of the heap so that runs already in order cost no heap work.
    top: Option<Cursor<'r>>,
}

impl<'r> Merge<'r> {
    fn of(spills: Spills<'r>, cursors: impl Iterator<Item = Cursor<'r>>) -> io::Result<Merge<'r>> {
        let mut merge = Merge { spills, heap: BinaryHeap::new(), top: None };
        for mut cursor in cursors {
            cursor.load(merge.spills.files())?;
            if cursor.begin.is_some() {
                merge.heap.push(cursor);
            }
        }
        merge.top = merge.heap.pop();
        Ok(merge)
    }

    /// The least row not yet taken.
    pub fn row(&self) -> Option<Row<'_>> {
        self.top.as_ref().and_then(Cursor::row)
    }

    /// Steps to the next row.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub fn advance(&mut self) -> io::Result<()> {
        let Some(mut top) = self.top.take() else { return Ok(()) };
        top.advance(self.spills.files())?;
        self.top = if top.begin.is_none() {
            self.heap.pop()
        } else if self.heap.peek().is_some_and(|next| *next > top) {
            let next = self.heap.pop();
            self.heap.push(top);
            next
        } else {
            Some(top)
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{record::finding::Origin, rows::row::RowWriter};
    use proptest::prelude::*;

    fn rows(keys: &[(u16, u16)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (index, (key, value)) in keys.iter().enumerate() {
            let origin = Origin { input: 0, row: index as u64 };
            let mut writer = RowWriter::begin(&mut bytes, 0, format!("E{key}").as_bytes(), origin, 7);
            writer.cell(0, value.to_string().as_bytes());
            writer.end();
        }
        bytes
    }

    proptest! {
        #[test]
        fn every_row_comes_back_once_and_in_order(keys in prop::collection::vec((0u16..50, 0u16..4), 0..400), cut in 1usize..60, budget in 1usize..4000) {
            let folder = tempfile::tempdir().expect("folder");
            let all = rows(&keys);
            let mut sorter = Sorter::new(folder.path().to_path_buf(), budget);
            let rows: Vec<Row<'_>> = Row::all(&all).collect();
            for chunk in rows.chunks(cut) {
                let run: Vec<u8> = chunk.iter().flat_map(|row| row.bytes().to_vec()).collect();
                sorter.add(sort_rows(run)).expect("held");
            }
            let mut merge = sorter.merge().expect("merge");
            let mut out = Vec::new();
            while let Some(row) = merge.row() {
                out.extend_from_slice(row.bytes());
                merge.advance().expect("advance");
            }
            prop_assert_eq!(out, sort_rows(all));
        }
    }
}
