//! `chartroom code CODE [--on DATE] [--with CODE] [--store FOLDER]`.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    codeset::{Fault, Format, StoreArguments, table},
    complain,
    exit::Exit,
    print,
};
use crate::{
    codeset::{
        describe::{ANSWER_COLUMNS, answers, describe, describe_pair, no_answer},
        normalise::normalise,
        sets::GemDirection,
    },
    fs::FileError,
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
    let code = arguments.code.as_deref().unwrap_or_default();
    let opened =
        arguments.store.open().and_then(|store| Imported::open(&store, &GemDirection::ALL).map_err(Fault::from));
    match opened {
        Ok(mut imported) => {
            let sets = imported.sets();
            let described = |code: &str| {
                let groups = imported.groups_of(normalise(code.as_bytes()).code);
                describe(code, on, &sets, &groups)
            };
            let answer = match &arguments.with {
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

/// Answers a file of codes, a row for each system that knows a code; every row of the file has an answer. A column `system` narrows it to one.
fn many(file: &Path, on: Option<Day>, store: &StoreArguments) -> Result<Exit, Fault> {
    let mut text = String::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().read_to_string(&mut text).map(|_| ()),
        _ => std::fs::read_to_string(file).map(|read| text = read),
    };
    read.map_err(|source| match source.kind() {
        std::io::ErrorKind::InvalidData => Fault::Input(format!("{} is no text in UTF-8", shown::path(file))),
        _ => Fault::Store(FileError::Read { path: file.to_path_buf(), source }),
    })?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.strip_prefix('\u{feff}').unwrap_or(&text).as_bytes());
    let unreadable = |_| Fault::Input(format!("{} cannot be read as comma-separated values", shown::path(file)));
    let heading = reader.headers().map_err(unreadable)?.clone();
    let place = |name: &str| heading.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let Some(code) = place("code") else {
        return Err(Fault::Input(format!("{} has no column `code` in its heading", shown::path(file))));
    };
    let (date, system) = (place("date"), place("system"));
    let mut imported = Imported::open(&store.open()?, &[])?;
    let sets = imported.sets();
    let mut rows = vec![ANSWER_COLUMNS.map(str::to_owned).to_vec()];
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
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
    Ok(print(&table(&rows, Format::Csv)))
}
