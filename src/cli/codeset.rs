//! `chartroom codeset import | list | search | diff`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};

use super::{complain, exit::Exit, print};
use crate::{
    codeset::{
        describe::dotted,
        release::{
            Kind, Release,
            compare::{Changes, compare},
            days_in_force, read_rows, read_text, release_of,
            store::{Entry, Store},
        },
        search::search,
        sets::CodeSets,
        table::CodeTable,
    },
    fs::FileError,
    ingest::{
        decode::{Container, container, open_text, zip_members},
        workbook::read_sheet,
    },
    record::{code::CodeSystem, date::Day},
};

#[derive(Debug, Subcommand)]
pub enum CodesetCommand {
    /// Take official releases as they are published, zips included
    Import(ImportArguments),
    /// List the code sets that ship and those imported
    List(ListArguments),
    /// Find codes by the words of their titles
    Search(SearchArguments),
    /// Say what changed between two releases, or two days of the shipped tables
    Diff(DiffArguments),
}

#[derive(Debug, Args)]
pub struct ImportArguments {
    /// Files: order, codes and addenda files, titles, equivalence maps, CCSR, CCIR, AHRQ reference files, conversion tables
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder of the imported code sets
    #[arg(long, value_name = "FOLDER", default_value = "codesets")]
    store: PathBuf,
    /// The release, where the file's name does not say it: 2026, 2025-1, 32
    #[arg(long)]
    release: Option<String>,
}

#[derive(Debug, Args)]
pub struct ListArguments {
    /// Folder of the imported code sets
    #[arg(long, value_name = "FOLDER", default_value = "codesets")]
    store: PathBuf,
}

#[derive(Debug, Args)]
pub struct SearchArguments {
    /// Words of a title, or a code
    #[arg(required = true)]
    text: Vec<String>,
    /// Only this system
    #[arg(long, value_enum)]
    system: Option<SystemName>,
    /// Codes valid on this day first, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// So many codes
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "lowercase")]
enum SystemName {
    /// ICD-10-CM
    Icd10Cm,
    /// ICD-10-PCS
    Icd10Pcs,
    /// ICD-9-CM diagnoses
    Icd9Cm,
    /// ICD-9-CM procedures
    Icd9Pcs,
}

#[derive(Debug, Args)]
pub struct DiffArguments {
    /// A release of the store (icd10cm-2025), a file, or a day of the shipped table (icd10cm@2025-10-01)
    before: String,
    /// The release to compare it with
    after: String,
    /// Folder of the imported code sets
    #[arg(long, value_name = "FOLDER", default_value = "codesets")]
    store: PathBuf,
    /// List the codes, not only their number
    #[arg(long)]
    list: bool,
    /// Print comma-separated values: change, code, title before, title after
    #[arg(long)]
    csv: bool,
}

/// Runs one of the commands.
pub fn codeset(command: &CodesetCommand) -> Exit {
    match command {
        CodesetCommand::Import(arguments) => import(arguments),
        CodesetCommand::List(arguments) => list(arguments),
        CodesetCommand::Search(arguments) => find(arguments),
        CodesetCommand::Diff(arguments) => diff(arguments),
    }
}

fn of_store(error: &FileError) -> Exit {
    complain(&format!("error: {error}"));
    Exit::FileSystem
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The releases of a file: one, or as many as its zip has; and the members left alone.
fn releases_of(path: &Path) -> Result<(Vec<(String, Release)>, Vec<String>), String> {
    let kind = container(path).map_err(|fault| fault.to_string())?;
    let text_of = |member: Option<&str>| -> Result<String, String> {
        let mut source = open_text(path, kind, member, None).map_err(|fault| fault.to_string())?;
        let mut bytes = Vec::new();
        loop {
            let mut piece = Vec::new();
            if !source.fill(&mut piece, 1 << 20).map_err(|fault| fault.to_string())? {
                break;
            }
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| "is no text in an encoding that is known".to_owned())
    };
    match kind {
        Container::Workbook => {
            let table = read_sheet(path, Some("DX_to_Comorb_Mapping"), None)
                .or_else(|_| read_sheet(path, None, None))
                .map_err(|fault| fault.to_string())?;
            let rows: Vec<Vec<String>> = table
                .block
                .rows
                .iter()
                .map(|row| {
                    (0..row.field_count as usize)
                        .map(|at| String::from_utf8_lossy(table.block.field(row, at)).into_owned())
                        .collect()
                })
                .collect();
            let release = read_rows(&rows).map_err(|fault| fault.to_string())?;
            Ok((vec![(name_of(path), release)], Vec::new()))
        }
        Container::Zip => {
            let mut found = Vec::new();
            let mut left = Vec::new();
            for member in zip_members(path).map_err(|fault| fault.to_string())? {
                if !["txt", "csv"].iter().any(|ending| member.to_ascii_lowercase().ends_with(ending)) {
                    left.push(member);
                    continue;
                }
                let text = text_of(Some(&member)).map_err(|fault| format!("[{member}] {fault}"))?;
                let release = read_text(&member, &text).map_err(|fault| format!("[{member}] {fault}"))?;
                found.push((member, release));
            }
            Ok((found, left))
        }
        _ => {
            let name = name_of(path);
            let release = read_text(&name, &text_of(None)?).map_err(|fault| fault.to_string())?;
            Ok((vec![(name, release)], Vec::new()))
        }
    }
}

fn import(arguments: &ImportArguments) -> Exit {
    let mut store = match Store::open(&arguments.store) {
        Ok(store) => store,
        Err(error) => return of_store(&error),
    };
    let mut unusable = false;
    let mut text = String::new();
    for path in &arguments.files {
        let file = name_of(path);
        let digest = match crate::fs::digest(path) {
            Ok(digest) => digest,
            Err(error) => return of_store(&error),
        };
        let (releases, left) = match releases_of(path) {
            Ok(found) => found,
            Err(fault) => {
                complain(&format!("error: {file} {fault}; nothing of it was stored"));
                unusable = true;
                continue;
            }
        };
        for (member, release) in releases {
            let named = arguments.release.clone().or_else(|| release_of(&member)).or_else(|| release_of(&file));
            let prefix_kind = release.kind == Kind::ComorbidityPrefixes;
            let named = match named {
                // Several tables of prefixes have one release: each is named by its file.
                Some(named) if prefix_kind => format!("{named}-{}", member.split('.').next().unwrap_or("")),
                Some(named) => named,
                None => "undated".to_owned(),
            };
            let days = days_in_force(&named).filter(|_| !prefix_kind);
            let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
            let entry = Entry {
                kind: release.kind.name().to_owned(),
                release: named.clone(),
                first_day: day(days.map(|days| days.0)),
                last_day: day(days.map(|days| days.1)),
                source: if member == file { file.clone() } else { format!("{file} [{member}]") },
                sha256: digest.sha256.clone(),
                figures: release.figures.clone(),
            };
            let _ = writeln!(text, "{}: {}", entry.source, release.kind.title());
            let force = days.map_or_else(String::new, |(first, last)| format!(", in force {first} to {last}"));
            let _ = writeln!(text, "  release {named}{force}, sha256 {}", &digest.sha256[..16]);
            let figures: Vec<String> = release.figures.iter().map(|(name, count)| format!("{count} {name}")).collect();
            let _ = writeln!(text, "  {}", figures.join(", "));
            if release.kind.is_code_list() {
                match store.before(release.kind, &named).map(Entry::name) {
                    None => {}
                    Some(before) => match store.get(&before) {
                        Ok(Some(earlier)) => {
                            let _ = writeln!(text, "  against {before}: {}", counts(&compare(&earlier, &release)));
                        }
                        Ok(None) => {}
                        Err(error) => return of_store(&error),
                    },
                }
            }
            if let Err(error) = store.put(entry, &release) {
                return of_store(&error);
            }
        }
        for member in left {
            let _ = writeln!(text, "{file} [{member}]: left alone, it is no table");
        }
    }
    let printed = print(&text);
    if unusable { Exit::Input } else { printed }
}

fn counts(changes: &Changes) -> String {
    format!("{} added, {} deleted, {} retitled", changes.added.len(), changes.deleted.len(), changes.retitled.len())
}

fn list(arguments: &ListArguments) -> Exit {
    let store = match Store::open(&arguments.store) {
        Ok(store) => store,
        Err(error) => return of_store(&error),
    };
    let mut text = String::from("shipped\n");
    for table in CodeSets::provenance() {
        let _ = writeln!(text, "  {:<32} {}  {}", table.name, &table.sha256[..16], table.release);
    }
    let _ = writeln!(text, "\nimported into {}", arguments.store.display());
    if store.entries.is_empty() {
        text.push_str("  nothing; chartroom codeset import FILE\n");
    }
    for entry in &store.entries {
        let force = if entry.first_day.is_empty() {
            "no days stated".to_owned()
        } else {
            format!("{} to {}", entry.first_day, entry.last_day)
        };
        let figures: Vec<String> = entry.figures.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let _ = writeln!(text, "  {:<32} {}  {force}  {}", entry.name(), &entry.sha256[..16], figures.join(", "));
    }
    print(&text)
}

fn find(arguments: &SearchArguments) -> Exit {
    let on = match arguments.on.as_deref().map(Day::from_iso) {
        Some(None) => {
            complain("error: --on takes a day, YYYY-MM-DD");
            return Exit::Configuration;
        }
        on => on.flatten(),
    };
    let systems = match arguments.system {
        None => CodeSystem::ALL.to_vec(),
        Some(SystemName::Icd10Cm) => vec![CodeSystem::Icd10Cm],
        Some(SystemName::Icd10Pcs) => vec![CodeSystem::Icd10Pcs],
        Some(SystemName::Icd9Cm) => vec![CodeSystem::Icd9Cm],
        Some(SystemName::Icd9Pcs) => vec![CodeSystem::Icd9Procedure],
    };
    let found = search(&CodeSets::default(), &arguments.text.join(" "), &systems, on, arguments.limit);
    if found.is_empty() {
        complain("no title has all of these words");
        return Exit::Done;
    }
    let mut text = String::new();
    for code in found {
        let note = match (code.valid, on) {
            (true, _) => "",
            (false, None) => "  (header)",
            (false, Some(_)) => "  (not valid on the day)",
        };
        let _ = writeln!(text, "{:<8} {:<9} {}{note}", code.system.name(), dotted(code.system, &code.code), code.title);
    }
    print(&text)
}

/// The codes of a shipped table that are valid on a day, as a release.
fn shipped(table: &CodeTable, on: Day) -> Release {
    let kind = match table.system {
        CodeSystem::Icd10Cm => Kind::Icd10CmCodes,
        CodeSystem::Icd10Pcs => Kind::Icd10Pcs,
        CodeSystem::Icd9Cm => Kind::Icd9CmLong,
        CodeSystem::Icd9Procedure => Kind::Icd9PcsLong,
    };
    let valid = table.ids().filter(|id| table.in_force(*id, Some(on)));
    let rows = valid.map(|id| vec![table.code(id).text().to_owned(), table.title(id).to_owned()]).collect();
    Release { kind, columns: ["code", "title"].map(str::to_owned).to_vec(), rows, figures: Vec::new() }
}

fn release_named(name: &str, store: &Store) -> Result<Release, Exit> {
    if let Some((system, day)) = name.split_once('@') {
        let found = CodeSystem::from_name(system).zip(Day::from_iso(day));
        let Some((system, day)) = found else {
            complain(&format!("error: `{name}` is no day of a shipped table; write for example icd10cm@2025-10-01"));
            return Err(Exit::Configuration);
        };
        return Ok(shipped(CodeSets::default().table(system), day));
    }
    match store.get(name) {
        Ok(Some(release)) => return Ok(release),
        Ok(None) => {}
        Err(error) => return Err(of_store(&error)),
    }
    let path = Path::new(name);
    if !path.is_file() {
        complain(&format!(
            "error: `{name}` is neither a release of the store, nor a file, nor a day of a shipped table; `chartroom codeset list` lists the releases"
        ));
        return Err(Exit::Configuration);
    }
    match releases_of(path) {
        Ok((releases, _)) => {
            match releases.into_iter().map(|(_, release)| release).find(|release| release.kind.is_code_list()) {
                Some(release) => Ok(release),
                None => {
                    complain(&format!("error: {} holds no list of codes", name_of(path)));
                    Err(Exit::Input)
                }
            }
        }
        Err(fault) => {
            complain(&format!("error: {} {fault}", name_of(path)));
            Err(Exit::Input)
        }
    }
}

fn diff(arguments: &DiffArguments) -> Exit {
    let store = match Store::open(&arguments.store) {
        Ok(store) => store,
        Err(error) => return of_store(&error),
    };
    let (before, after) = match (release_named(&arguments.before, &store), release_named(&arguments.after, &store)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    let changes = compare(&before, &after);
    let mut text = String::new();
    if arguments.csv {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let _ = writer.write_record(["change", "code", "title_before", "title_after"]);
        for (code, title) in &changes.added {
            let _ = writer.write_record(["added", code, "", title]);
        }
        for (code, title) in &changes.deleted {
            let _ = writer.write_record(["deleted", code, title, ""]);
        }
        for (code, was, is) in &changes.retitled {
            let _ = writer.write_record(["retitled", code, was, is]);
        }
        return print(&String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()));
    }
    let _ = writeln!(text, "{} against {}: {}", arguments.after, arguments.before, counts(&changes));
    if arguments.list {
        for (code, title) in &changes.added {
            let _ = writeln!(text, "  + {code:<8} {title}");
        }
        for (code, title) in &changes.deleted {
            let _ = writeln!(text, "  - {code:<8} {title}");
        }
        for (code, was, is) in &changes.retitled {
            let _ = writeln!(text, "  ~ {code:<8} {was}\n             {is}");
        }
    }
    print(&text)
}
