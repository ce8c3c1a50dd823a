//! `chartroom code CODE [--on DATE] [--with CODE] [--store FOLDER]`.

use std::{
    cell::Cell,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    codeset::{Fault, ListFormat, StoreArguments, table},
    complain,
    exit::Exit,
    print, print_piece,
};
use crate::{
    codeset::{
        describe::{ANSWER_COLUMNS, answers, describe, describe_pair, no_answer},
        normalise::normalise,
        sets::GemDirection,
    },
    fs::{FileError, opening, uninterrupted},
    record::{code::CodeSystem, date::Day, shown},
    run::releases::imported::Imported,
};

#[derive(Debug, Args)]
pub struct CodeArguments {
    /// The code, with or without its dot, in any case
    #[arg(required_unless_present = "file")]
    code: Option<String>,
    /// Many codes: a CSV file with a column `code` and, where each has its own, a column `date` and a column `system`; `-` for standard input. Prints CSV
    #[arg(long, value_name = "FILE", conflicts_with_all = ["code", "with"])]
    file: Option<PathBuf>,
    /// The day to judge it on, YYYY-MM-DD; without it, all periods are shown
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Another diagnosis of the same record: shows what the notes of the ICD-10-CM tabular list say of the two
    #[arg(long, value_name = "CODE")]
    with: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

/// Prints all that is known of a code.
pub fn code(arguments: &CodeArguments) -> Exit {
    let on = match &arguments.on {
        None => None,
        Some(text) => match Day::from_iso(text) {
            Some(day) => Some(day),
            None => {
                complain("error: --on takes a day, YYYY-MM-DD");
                return Exit::Configuration;
            }
        },
    };
    if let Some(file) = &arguments.file {
        return many(file, on, &arguments.store).unwrap_or_else(|fault| fault.complain());
    }
    // No code has what cannot be seen.
    let code = &*shown::shown(arguments.code.as_deref().unwrap_or_default());
    let with = arguments.with.as_deref().map(shown::shown);
    let opened =
        arguments.store.open().and_then(|store| Imported::open(&store, &GemDirection::ALL).map_err(Fault::from));
    match opened {
        Ok(mut imported) => {
            let sets = imported.sets();
            let described = |code: &str| {
                let groups = imported.groups_of(normalise(code.as_bytes()).code);
                describe(code, on, &sets, &groups)
            };
            let answer = match &with {
                None => described(code),
                // Of a code that is none, "no note names the other" would be no answer.
                Some(other) => described(code).and_then(|_| described(other)).map(|_| describe_pair(code, other)),
            };
            match answer {
                Ok(text) => print(&text),
                Err(why) => {
                    complain(&format!("error: {why}"));
                    Exit::Gate
                }
            }
        }
        Err(fault) => fault.complain(),
    }
}

/// Rows that are answered and printed together.
const ROWS_AT_A_TIME: usize = 1_000;

/// Answers a file of codes, a row for each system that knows a code; every row of the file has an answer. A column `system` narrows it to one.
fn many(file: &Path, on: Option<Day>, store: &StoreArguments) -> Result<Exit, Fault> {
    let list: Box<dyn Read> = match file.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(opening::open(file).map_err(FileError::read(file))?.0),
    };
    let since_row = Cell::new(0);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(BoundedRows { reader: list, since_row: &since_row });
    let unreadable = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
            Fault::Input(format!("{} {error}", shown::path(file)))
        }
        csv::ErrorKind::Io(error) => Fault::Store(FileError::read(file)(error)),
        csv::ErrorKind::Utf8 { pos, .. } => {
            let line = pos.map_or(String::new(), |place| format!(" in line {}", place.line()));
            Fault::Input(format!("{} is no text in UTF-8{line}", shown::path(file)))
        }
        _ => Fault::Input(format!("{} cannot be read as comma-separated values", shown::path(file))),
    };
    let heading = reader.headers().map_err(unreadable)?.clone();
    let place = |name: &str| heading.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let Some(code) = place("code") else {
        return Err(Fault::Input(format!("{} has no column `code` in its heading", shown::path(file))));
    };
    let (date, system) = (place("date"), place("system"));
    let mut imported = Imported::open(&store.open()?, &[])?;
    let sets = imported.sets();
    let mut rows = vec![ANSWER_COLUMNS.map(str::to_owned).to_vec()];
    let (mut record, mut is_more) = (csv::StringRecord::new(), true);
    while is_more {
        since_row.set(0);
        let read = reader.read_record(&mut record);
        is_more = matches!(read, Ok(true));
        if is_more {
            let cell = |place: Option<usize>| place.and_then(|place| record.get(place)).map_or("", str::trim);
            let row = record.position().map_or(0, csv::Position::line);
            let (code, date, system) = (cell(Some(code)), cell(date), cell(system));
            let refused = |why: &str| vec![no_answer(row, code, date, why)];
            let answered = match (Day::from_iso(date), CodeSystem::from_name(&system.to_ascii_lowercase())) {
                _ if code.is_empty() => refused("no code"),
                (None, _) if !date.is_empty() => refused("the date is not YYYY-MM-DD"),
                (_, None) if !system.is_empty() => refused("the system is not known"),
                (day, system) => answers(row, code, day.or(on), system, &sets),
            };
            rows.extend(answered.into_iter().map(|row| row.to_vec()));
        }
        // What was answered before a line that cannot be read is printed: whoever reads on sees where it ended.
        if !is_more || rows.len() >= ROWS_AT_A_TIME {
            if let Err(exit) = print_piece(&table(&rows, ListFormat::Csv)) {
                return Ok(exit);
            }
            rows.clear();
        }
        read.map_err(unreadable)?;
    }
    Ok(Exit::Done)
}

/// A list of codes, read row by row: one that does not end where a row of a list must is no list.
struct BoundedRows<'r> {
    reader: Box<dyn Read>,
    /// Bytes read since the last whole row.
    since_row: &'r Cell<usize>,
}

impl Read for BoundedRows<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        /// A code, a date and a system have some 40 bytes; the columns beside them are those of an export.
        const LONGEST_ROW: usize = 1 << 20;
        if self.since_row.get() > LONGEST_ROW {
            let words = format!("has a row of more than {} MiB; it is no list of codes", LONGEST_ROW >> 20);
            return Err(io::Error::new(ErrorKind::FileTooLarge, words));
        }
        let count = uninterrupted(|| self.reader.read(buffer))?;
        self.since_row.set(self.since_row.get() + count);
        Ok(count)
    }
}
