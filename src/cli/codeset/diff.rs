//! `chartroom codeset diff A B`.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use clap::Args;

use super::{Fault, Format, StoreArguments, system, table};
use crate::{
    cli::{exit::Exit, print},
    codeset::{
        release::{
            Table,
            change::{Change, compare, entries, has_headers, titles},
            edition::Stated,
        },
        sets::CodeSets,
    },
    record::{code::CodeSystem, date::Day},
    run::releases::{import::read_file, store::Store},
};

#[derive(Debug, Args)]
pub struct DiffArguments {
    /// The earlier one: a release of the store (icd10cm-2025), a file, a day of the shipped table (2024-10-01), or `shipped`
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
    format: Format,
}

/// One side of a comparison.
enum Side {
    /// A release, with its first day.
    Release(Table, Option<Day>),
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
    let (changes, of_titles) = match (&before, &after) {
        (Side::Release(one, _), Side::Release(other, _)) if one.kind == other.kind => {
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
    if arguments.format == Format::Csv {
        let heading = ["change", "key", "before", "after"].map(str::to_owned).to_vec();
        let rows = [("added", &changes.added), ("deleted", &changes.deleted), (word, &changes.changed)]
            .into_iter()
            .flat_map(|(word, changes)| changes.iter().map(move |change| cells(word, change)));
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
        return Ok(print(&table(&rows, Format::Csv)));
    }
    let mut text = format!("{} to {}: {}\n", arguments.before, arguments.after, changes.counts(of_titles));
    if let Some(headers) = &headers {
        let _ = writeln!(text, "headers: {}", headers.counts(of_titles));
    }
    if [&before, &after].into_iter().any(|side| matches!(side, Side::Shipped(_))) {
        text.push_str(
            "titles of the shipped table are the latest alone; those that differ may be older than the release\n",
        );
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

fn cells(word: &str, change: &Change) -> Vec<String> {
    vec![word.to_owned(), change.key.clone(), change.before.clone(), change.after.clone()]
}

fn side(name: &str, store: &Store, sets: &CodeSets) -> Result<Side, Fault> {
    if name == "shipped" {
        return Ok(Side::Shipped(None));
    }
    if let Some(on) = Day::from_iso(name) {
        return Ok(Side::Shipped(Some(on)));
    }
    if let Some(entry) = store.index.find(name) {
        return Ok(Side::Release(store.table(entry)?, entry.first_day()));
    }
    let path = Path::new(name);
    if !path.is_file() {
        let known: Vec<&str> = store.index.releases.iter().map(|entry| entry.name.as_str()).collect();
        let hint = match crate::problem::closest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`chartroom codeset list` shows the releases".to_owned(),
        };
        return Err(Fault::Arguments(format!(
            "`{name}` is no release of the store, no file, no day and not `shipped`; {hint}"
        )));
    }
    let file = read_file(path, &Stated::default(), sets)
        .map_err(|refusal| Fault::Input(format!("{}: {refusal}", path.display())))?;
    // Of a zip folder the order file is meant, which comes first among the kinds.
    let release = file.releases.into_iter().min_by_key(|release| release.table.kind);
    let release = release.ok_or_else(|| Fault::Input(format!("{} holds no release", path.display())))?;
    Ok(Side::Release(release.table, release.edition.from))
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
