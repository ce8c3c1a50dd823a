//! The registers of a run: small tables that records are held against, whole in memory, compact and sorted.
//!
//! A register that is not in the pipeline, holds no row or could not be read whole is `None`: nothing can be said by it, and the edits that ask it do not
//! apply. The input edits report an empty or unusable input once.

pub mod absences;
pub mod beds;
pub mod bills;
pub mod births;
pub mod by_facility;
pub mod census;
pub mod deaths;
pub mod decisions;
pub mod events;
pub mod movements;
pub mod staff;
pub mod staff_hours;

use crate::{
    partition::{
        decode::values::{self, cents, flag, text, whole_number},
        registers::{
            absences::Absences, beds::Beds, bills::Bills, births::Births, census::Census, deaths::Deaths,
            decisions::Decisions, events::Events, movements::Movements, staff::Staff, staff_hours::StaffHours,
        },
    },
    record::{
        cell::Cell,
        date::{Day, Moment},
        field::{CanonicalTable, DICTIONARY, Field, FieldType},
        finding::Origin,
    },
    rows::{row::Row, slot::Feed},
};

/// The registers of a run.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    /// The staff file.
    pub staff: Option<Staff>,
    /// The daily census.
    pub census: Option<Census>,
    /// The deaths register.
    pub deaths: Option<Deaths>,
    /// The birth register.
    pub births: Option<Births>,
    /// What was decided of findings and deficiencies.
    pub decisions: Decisions,
    /// Absences of clinicians.
    pub absences: Absences,
    /// The bed file.
    pub beds: Option<Beds>,
    /// Moves of patients within their stays.
    pub movements: Option<Movements>,
    /// What is counted by day: autopsies, deliveries, births, anaesthetics, infections, consultations.
    pub events: Events,
    /// Final bills.
    pub bills: Option<Bills>,
    /// Hours worked by coders.
    pub staff_hours: Option<StaffHours>,
    /// Every row of them, in the order of tables and content.
    pub entries: Vec<RegisterEntry>,
}

/// One row of a register, in brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterEntry {
    /// The register.
    pub table: CanonicalTable,
    /// Where the row stood.
    pub origin: Origin,
    /// The facility, where the row names one.
    pub facility_id: Box<str>,
    /// Fingerprint of the row.
    pub content: u64,
    /// The first of its dates, numbers and flags that cannot be read, with its text.
    pub unreadable: Option<(Field, Box<str>)>,
}

impl Registers {
    /// Takes one row of a register; rows of other tables are none.
    pub fn add(&mut self, row: Row<'_>, feed: &Feed) {
        let entry = RegisterRow { row, feed };
        match feed.table {
            CanonicalTable::Staff => self.staff.get_or_insert_default().add(&entry),
            CanonicalTable::Census => self.census.get_or_insert_default().add(&entry),
            CanonicalTable::Deaths => self.deaths.get_or_insert_default().add(&entry),
            CanonicalTable::Births => {
                self.births.get_or_insert_default().add(&entry);
                self.events.add(&entry);
            }
            CanonicalTable::Autopsies
            | CanonicalTable::Deliveries
            | CanonicalTable::Anaesthetics
            | CanonicalTable::Infections
            | CanonicalTable::Consultations => self.events.add(&entry),
            CanonicalTable::Movements => self.movements.get_or_insert_default().add(&entry),
            CanonicalTable::Bills => self.bills.get_or_insert_default().add(&entry),
            CanonicalTable::StaffHours => self.staff_hours.get_or_insert_default().add(&entry),
            // What is wrong with a decision is told on the night on which it comes: see there.
            CanonicalTable::Decisions => return self.decisions.add(&entry),
            CanonicalTable::Absences => self.absences.add(&entry),
            CanonicalTable::Beds => self.beds.get_or_insert_default().add(&entry),
            _ => return,
        }
        self.entries.push(RegisterEntry {
            table: feed.table,
            origin: row.origin(),
            facility_id: entry.words(Field::FacilityId).into(),
            content: row.fingerprint(),
            unreadable: entry.unreadable(),
        });
    }

    /// Orders what was taken, and takes away the registers that are not `whole`.
    pub fn finish(&mut self, whole: impl Fn(CanonicalTable) -> bool) {
        self.staff = self.staff.take().filter(|_| whole(CanonicalTable::Staff));
        self.census = self.census.take().filter(|_| whole(CanonicalTable::Census));
        self.deaths = self.deaths.take().filter(|_| whole(CanonicalTable::Deaths));
        self.births = self.births.take().filter(|_| whole(CanonicalTable::Births));
        self.beds = self.beds.take().filter(|_| whole(CanonicalTable::Beds));
        self.movements = self.movements.take().filter(|_| whole(CanonicalTable::Movements));
        self.bills = self.bills.take().filter(|_| whole(CanonicalTable::Bills));
        self.staff_hours = self.staff_hours.take().filter(|_| whole(CanonicalTable::StaffHours));
        self.events.finish(&whole);
        if let Some(census) = &mut self.census {
            census.sort();
        }
        if let Some(movements) = &mut self.movements {
            movements.sort();
        }
        if let Some(bills) = &mut self.bills {
            bills.sort();
        }
        if let Some(staff) = &mut self.staff {
            staff.sort();
        }
        if let Some(deaths) = &mut self.deaths {
            deaths.sort();
        }
        self.decisions.sort();
        self.absences.sort();
        self.entries.sort_by_key(|entry| entry.table);
    }
}

/// A row of a register while it is read, through the layout of its feed.
#[derive(Debug, Clone, Copy)]
pub struct RegisterRow<'a> {
    row: Row<'a>,
    feed: &'a Feed,
}

impl<'a> RegisterRow<'a> {
    /// Where the row stood.
    pub fn origin(&self) -> Origin {
        self.row.origin()
    }

    /// What a field says; `None` where nothing is there.
    fn cell(&self, field: Field) -> Option<values::CellReading<'a>> {
        let feed = self.feed;
        let mut cells = self.row.cells();
        while let Some((number, written)) = cells.next_written() {
            if let Some(slot) = feed.slots.get(usize::from(number)).filter(|slot| slot.field == field)
                && let Some(reading) = values::CellReading::of(written, slot, feed)
            {
                return Some(reading);
            }
        }
        let constant = feed.constants.iter().find(|(slot, _)| slot.field == field);
        constant.map(|(slot, value)| values::CellReading::constant(slot, value))
    }

    /// The words of a field; empty where nothing is there.
    pub fn words(&self, field: Field) -> &'a str {
        self.cell(field).map_or("", values::CellReading::words)
    }

    /// A day.
    pub fn day(&self, field: Field) -> Cell<Day> {
        self.cell(field).map_or(Cell::Blank, |cell| cell.moment().map_value(|moment| moment.day))
    }

    /// A whole number that is not negative.
    pub fn count(&self, field: Field) -> Cell<u32> {
        let number = self.cell(field).map_or(Cell::Blank, |cell| cell.read(whole_number));
        match number.map_value(u32::try_from) {
            Cell::Value(Ok(count)) => Cell::Value(count),
            Cell::Blank => Cell::Blank,
            Cell::Value(Err(_)) | Cell::Unreadable => Cell::Unreadable,
        }
    }

    /// An amount in hundredths.
    pub fn hundredths(&self, field: Field) -> Cell<i64> {
        self.cell(field).map_or(Cell::Blank, |cell| cell.read(|text| cents(text, b'.')))
    }

    /// The table of the row.
    pub fn table(&self) -> CanonicalTable {
        self.feed.table
    }

    /// A word of a list.
    pub fn listed<T>(&self, field: Field, read: fn(&[u8]) -> Option<T>) -> Cell<T> {
        self.cell(field).map_or(Cell::Blank, |cell| cell.listed(read))
    }

    /// Day and time.
    pub fn moment(&self, field: Field) -> Cell<Moment> {
        self.cell(field).map_or(Cell::Blank, |cell| cell.moment())
    }

    /// Yes or no.
    pub fn flag(&self, field: Field) -> Cell<bool> {
        self.cell(field).map_or(Cell::Blank, |cell| cell.listed(flag))
    }

    /// Fingerprint of the row.
    pub fn fingerprint(&self) -> u64 {
        self.row.fingerprint()
    }

    /// The first of the row's dates, numbers and flags that cannot be read.
    fn unreadable(&self) -> Option<(Field, Box<str>)> {
        let entry =
            DICTIONARY.iter().filter(|entry| entry.field.stands_in(self.feed.table)).find(|entry| {
                match entry.kind {
                    FieldType::Date | FieldType::Moment => self.day(entry.field).is_unreadable(),
                    FieldType::Number => self.count(entry.field).is_unreadable(),
                    FieldType::Flag => self.flag(entry.field).is_unreadable(),
                    FieldType::Money => self.hundredths(entry.field).is_unreadable(),
                    _ => false,
                }
            })?;
        Some((entry.field, text(self.cell(entry.field)?.text).into()))
    }
}
