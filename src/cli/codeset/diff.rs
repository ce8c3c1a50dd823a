//! `chartroom codeset diff A B`.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use clap::Args;

use super::{Fault, ListFormat, StoreArguments, of_refusal, system, table};
use crate::{
    cli::{exit::Exit, print},
    codeset::{
        groups::Groups,
        release::{
            OfficialTable,
            change::{ReleaseChange, compare, entries, has_headers, titles},
            edition::Stated,
            kind::OfficialFileKind,
        },
        sets::{CodeSets, GemDirection},
    },
    record::{code::CodeSystem, date::Day, shown},
    run::releases::{import::read_file, release_store::ReleaseStore},
};

#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The earlier one: a release of the store (icd10cm-2025), a file, a shipped table (icd10cm, gem_icd9cm_icd10cm), the shipped table on a day
    /// (2024-10-01, icd10pcs@2025-10-01), or `shipped`
    #[arg(value_name = "A")]
    before: String,
    /// The later one
    #[arg(value_name = "B")]
    after: String,
    /// Code system of the shipped table
    #[arg(long, default_value = "icd10cm")]
    system: String,
    /// Print every code
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

/// One side of a comparison.
enum Side {
    /// A release, with its first day.
    Release(OfficialTable, Option<Day>),
    /// The shipped table on a day, or on the other side's.
    Shipped(Option<Day>),
}

/// Compares two releases.
pub fn diff(arguments: &DiffArguments) -> Result<Exit, Fault> {
    let stated_system = system(&arguments.system)?;
    let store = arguments.store.open()?;
    let sets = CodeSets::default();
    let before = side(&arguments.before, &store, &sets)?;
    let after = side(&arguments.after, &store, &sets)?;
    let mut headers = None;
    let named = [&arguments.before, &arguments.after].into_iter().find_map(|name| system_of(name));
    let stated_system = named.unwrap_or(stated_system);
    let (changes, of_titles) = match (&before, &after) {
        (Side::Release(one, _), Side::Release(other, _)) if one.kind == other.kind => {
            let (one, other) = alike(one, other);
            let (one, other) = (&one, &other);
            headers = has_headers(one.kind).then(|| compare(&entries(one, true), &entries(other, true)));
            (compare(&entries(one, false), &entries(other, false)), one.kind.titled_system().is_some())
        }
        _ => {
            let system = [&before, &after]
                .into_iter()
                .find_map(|side| match side {
                    Side::Release(table, _) => Some(table.kind.titled_system()),
                    Side::Shipped(_) => None,
                })
                .unwrap_or(Some(stated_system));
            let one = titled(&before, &after, system, &sets)?;
            let other = titled(&after, &before, system, &sets)?;
            let mut changes = compare(&one, &other);
            // The shipped table has one title a code, and of some codes none.
            changes.changed.retain(|change| !change.before.is_empty() && !change.after.is_empty());
            (changes, true)
        }
    };
    let word = if of_titles { "retitled" } else { "changed" };
    if arguments.format == ListFormat::Csv {
        let heading = ["change", "key", "before", "after"].map(str::to_owned).to_vec();
        let rows = [("added", &changes.added), ("deleted", &changes.deleted), (word, &changes.changed)]
            .into_iter()
            .flat_map(|(word, changes)| changes.iter().map(move |change| cells(word, change)));
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
        return Ok(print(&table(&rows, ListFormat::Csv)));
    }
    let named = shown::shown(&format!("{} to {}", arguments.before, arguments.after)).into_owned();
    let mut text = format!("{named}: {}\n", changes.counts(of_titles));
    if let Some(headers) = &headers {
        let _ = writeln!(text, "headers: {}", headers.counts(of_titles));
    }
    if [&before, &after].into_iter().any(|side| matches!(side, Side::Shipped(_))) {
        text.push_str(
            "titles of the shipped table are the latest alone; those that differ may be older than the release\n",
        );
    }
    let shipped = [&arguments.before, &arguments.after].into_iter().find_map(|name| shipped_table(name));
    if shipped.is_some_and(|table| table.kind == OfficialFileKind::Ccsr) {
        text.push_str("the shipped table has of the categories of a code the first alone\n");
    }
    if arguments.list {
        for (word, changes) in [("added", &changes.added), ("deleted", &changes.deleted), (word, &changes.changed)] {
            for change in changes {
                let title = if change.before.is_empty() { &change.after } else { &change.before };
                let _ = writeln!(text, "{word:<9} {:<8} {title}", change.key);
                if !change.before.is_empty() && !change.after.is_empty() {
                    let _ = writeln!(text, "{:<9} {:<8} {}", "", "", change.after);
                }
            }
        }
    }
    Ok(print(&text))
}

fn cells(word: &str, change: &ReleaseChange) -> Vec<String> {
    vec![word.to_owned(), change.key.clone(), change.before.clone(), change.after.clone()]
}

fn side(name: &str, store: &ReleaseStore, sets: &CodeSets) -> Result<Side, Fault> {
    if name == "shipped" {
        return Ok(Side::Shipped(None));
    }
    if let Some(on) = Day::from_iso(name) {
        return Ok(Side::Shipped(Some(on)));
    }
    if system_of(name).is_some() {
        let day = name.split_once('@').map(|(_, day)| day);
        return match day.map(Day::from_iso) {
            Some(None) => Err(Fault::Arguments(format!("`{name}`: after the @ stands a day, YYYY-MM-DD"))),
            on => Ok(Side::Shipped(on.flatten())),
        };
    }
    if let Some(table) = shipped_table(name) {
        return Ok(Side::Release(table, None));
    }
    if crate::codeset::provenance::shipped_tables().iter().any(|table| table.name == name) {
        return Err(Fault::Arguments(format!(
            "`{name}` ships, and no release of its kind is published to compare it with"
        )));
    }
    if let Some(entry) = store.index.find(name) {
        return Ok(Side::Release(store.table(entry)?, entry.first_day()));
    }
    let path = Path::new(name);
    if !path.is_file() {
        let shipped = crate::codeset::provenance::shipped_tables();
        let stored = store.index.releases.iter().map(|entry| entry.name.as_str());
        let known: Vec<&str> = stored.chain(shipped.iter().map(|table| table.name)).collect();
        let hint = match crate::problem::closest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`chartroom codeset list` shows the releases".to_owned(),
        };
        return Err(Fault::Arguments(format!(
            "`{name}` is no release of the store, no shipped table, no file and no day; {hint}"
        )));
    }
    let file = read_file(path, &Stated::default(), sets).map_err(|refusal| of_refusal(path, "", &refusal))?;
    // Of a zip folder the order file is meant, which comes first among the kinds.
    let release = file.releases.into_iter().min_by_key(|release| release.table.kind);
    let release = release.ok_or_else(|| Fault::Input(format!("{} holds no release", shown::path(path))))?;
    Ok(Side::Release(release.table, release.edition.from))
}

/// The system of a shipped table of codes, `icd10cm` or `icd10cm@2025-10-01`.
fn system_of(name: &str) -> Option<CodeSystem> {
    CodeSystem::from_name(name.split_once('@').map_or(name, |(system, _)| system))
}

/// A shipped map or grouping in the columns of the release that it is compared with.
fn shipped_table(name: &str) -> Option<OfficialTable> {
    if let Some(direction) = GemDirection::ALL.into_iter().find(|direction| direction.shipped() == Some(name)) {
        let text = CodeSets::shipped_text(name);
        let rows = text.lines().map(|line| line.split('\t').take(3).map(str::to_owned).collect()).collect();
        return Some(OfficialTable { kind: direction.kind(), rows });
    }
    match name {
        "icd10cm_ccsr" => Some(OfficialTable { kind: OfficialFileKind::Ccsr, rows: Groups::shipped_categories() }),
        "icd10cm_chronic" => Some(OfficialTable { kind: OfficialFileKind::Ccir, rows: Groups::shipped_chronic() }),
        _ => None,
    }
}

/// Two tables of a kind without the columns that one of them leaves blank throughout, as shipped tables do.
fn alike(one: &OfficialTable, other: &OfficialTable) -> (OfficialTable, OfficialTable) {
    let filled = |table: &OfficialTable, at: usize| table.rows.iter().any(|row| !row[at].is_empty());
    let columns = one.kind.facts().columns.len();
    let kept: Vec<bool> = (0..columns).map(|at| filled(one, at) && filled(other, at)).collect();
    let without = |table: &OfficialTable| {
        let cells = |row: &Vec<String>| -> Vec<String> {
            row.iter().zip(&kept).map(|(cell, kept)| if *kept { cell.clone() } else { String::new() }).collect()
        };
        OfficialTable { kind: table.kind, rows: table.rows.iter().map(cells).collect() }
    };
    (without(one), without(other))
}

/// Codes and titles of one side; of the shipped table those of the day that is stated, or the first day of the other side.
fn titled(
    side: &Side,
    other: &Side,
    system: Option<CodeSystem>,
    sets: &CodeSets,
) -> Result<BTreeMap<String, String>, Fault> {
    let unlike = || Fault::Arguments("these two cannot be compared: they are not titles of the same system".to_owned());
    let system = system.ok_or_else(unlike)?;
    match side {
        Side::Release(table, _) if table.kind.titled_system() == Some(system) => Ok(titles(table)),
        Side::Release(..) => Err(unlike()),
        Side::Shipped(on) => {
            let on = match (on, other) {
                (Some(on), _) => Some(*on),
                (None, Side::Release(_, from)) => *from,
                (None, Side::Shipped(_)) => None,
            };
            let table = sets.table(system);
            // Without any day, what has not ended.
            let on = on.or_else(|| table.ids().filter_map(|id| Some(table.periods(id).last()?.first)).max());
            let in_force = table.ids().filter(|id| table.in_force(*id, on));
            Ok(in_force.map(|id| (table.code(id).text().to_owned(), table.title(id).to_owned())).collect())
        }
    }
}
