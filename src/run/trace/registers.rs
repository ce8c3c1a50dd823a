//! The rows of registers behind a figure: beds, the daily census, births, autopsies and the like.

use super::evaluate::{Contribution, TracedRun};
use crate::{
    book::figures::FigureName,
    partition::registers::Registers,
    record::{
        account::InputAccount,
        field::{CanonicalTable, DICTIONARY, FieldType},
        finding::Origin,
    },
    rows::{row::Row, slot::Feed},
    run::taking::is_whole,
};

/// The registers whose rows state numbers of a day, not events.
const OF_NUMBERS: [CanonicalTable; 3] = [CanonicalTable::Census, CanonicalTable::Beds, CanonicalTable::StaffHours];

/// Rows that may stand for each other.
const MOST_ALIKE: usize = 16;

/// Whether a column of a feed is of numbers.
fn is_number(feed: &Feed, slot: u8) -> bool {
    let field = feed.slots.get(usize::from(slot)).map(|slot| slot.field);
    let of = DICTIONARY.iter().find(|entry| Some(entry.field) == field);
    of.is_some_and(|entry| matches!(entry.kind, FieldType::Number | FieldType::Money))
}

/// One row of a register that stands behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedEntry {
    /// The register.
    pub table: CanonicalTable,
    /// Where the row stood.
    pub origin: Origin,
    /// What it adds.
    pub adds: Contribution,
}

/// The rows of the registers of a run.
pub struct RegisterRows<'t> {
    rows: Vec<Row<'t>>,
    feeds: &'t [Feed],
    inputs: &'t [InputAccount],
}

impl<'t> RegisterRows<'t> {
    /// Reads them.
    pub fn of(bytes: &'t [u8], feeds: &'t [Feed], inputs: &'t [InputAccount]) -> RegisterRows<'t> {
        RegisterRows { rows: Row::all(bytes).collect(), feeds, inputs }
    }

    fn table(&self, row: Row<'_>) -> CanonicalTable {
        self.feeds[usize::from(row.feed())].table
    }

    /// The tables that have rows.
    pub fn tables(&self) -> Vec<CanonicalTable> {
        let mut tables: Vec<CanonicalTable> = self.rows.iter().map(|row| self.table(*row)).collect();
        tables.sort();
        tables.dedup();
        tables
    }

    /// The places of the rows of a table.
    pub fn of_table(&self, table: CanonicalTable) -> Vec<usize> {
        (0..self.rows.len()).filter(|place| self.table(self.rows[*place]) == table).collect()
    }

    /// The registers without some rows. Of tables of numbers the rows stay, and their numbers are 0: a bed file or daily census with a day missing says nothing at all.
    pub fn without(&self, places: &[usize]) -> Registers {
        let mut registers = Registers::default();
        let mut left_out = places.iter().peekable();
        for (place, row) in self.rows.iter().enumerate() {
            let feed = &self.feeds[usize::from(row.feed())];
            if left_out.peek() != Some(&&place) {
                registers.add(*row, feed);
                continue;
            }
            left_out.next();
            if OF_NUMBERS.contains(&feed.table) {
                let zero: &[u8] = b"0";
                let bytes = row.with_cells(|slot| is_number(feed, slot).then_some(zero));
                Row::first(&bytes).into_iter().for_each(|row| registers.add(row, feed));
            }
        }
        registers.finish(|table| is_whole(table, self.inputs));
        registers
    }

    /// Finds the rows among some of a table that a figure hangs on, half by half.
    pub fn search(&self, asked: &TracedRun<'_>, name: &FigureName, places: &[usize], found: &mut Vec<TracedEntry>) {
        let adds = asked.of_registers(&self.without(places)).get(name).copied().unwrap_or_default();
        if adds.is_nothing() || places.is_empty() {
            return;
        }
        if let [place] = places {
            let row = self.rows[*place];
            found.push(TracedEntry { table: self.table(row), origin: row.origin(), adds });
            return;
        }
        let before = found.len();
        let (one, other) = places.split_at(places.len() / 2);
        self.search(asked, name, one, found);
        self.search(asked, name, other, found);
        // Rows of which each stands for the other, as two consultations of one stay: neither is missed alone.
        if found.len() == before && places.len() <= MOST_ALIKE {
            for (at, place) in places.iter().enumerate() {
                let row = self.rows[*place];
                let adds = if at == 0 { adds } else { Contribution::default() };
                found.push(TracedEntry { table: self.table(row), origin: row.origin(), adds });
            }
        }
    }
}
