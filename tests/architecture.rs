//! The walls of the house, as `src/ARCHITECTURE.md` draws them: who may import whom, who alone uses what, and how long a file or function may be.
//! Each exception is named here with its reason; one that is no longer needed fails too.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::command::root;

/// The rooms by rank: a room imports its own rank and those below.
const RANKS: [&[&str]; 8] = [
    &["record"],
    &["rows", "partition", "book", "expression", "fs", "codeset", "problem", "parallel", "template"],
    &["store"],
    DESKS,
    &["plan"],
    &["examination"],
    &["engine", "run"],
    &["cli", "docs"],
];

/// The desks of the department; no desk imports a desk.
const DESKS: &[&str] = &["ingest", "edits", "coding", "deficiency", "statistics", "tracking", "archive"];

/// The files outside its own folder that know the deficiency desk. A new desk touches no more than these: at most [`MOST_OF_A_DESK`].
const OF_DEFICIENCY: &[(&str, &str)] = &[
    ("src/lib.rs", "the folder"),
    ("src/plan/mod.rs", "its section"),
    ("src/examination/desks.rs", "its examination and its tally"),
    ("src/run/clinicians.rs", "its clinicians: levels, list and letters"),
    ("src/run/desks.rs", "what it holds charts against, its tables, sheet and account"),
    ("src/docs/mod.rs", "its page"),
];

/// Files outside its folder that a desk touches.
const MOST_OF_A_DESK: usize = 6;

/// Outside packages that one room owns, or several by name.
const OWNERS: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("tracing", &["cli"]),
    ("tracing_subscriber", &["cli"]),
    ("signal_hook", &["cli"]),
    ("annotate_snippets", &["problem"]),
    ("toml", &["problem"]),
    ("calamine", &["ingest", "book"]),
    ("chardetng", &["ingest"]),
    ("flate2", &["ingest"]),
    ("quick_xml", &["ingest"]),
    ("zip", &["ingest"]),
    ("regex", &["expression"]),
    ("rust_xlsxwriter", &["book"]),
    ("polars", &["run", "engine", "store"]),
    ("rusqlite", &["store"]),
    ("polars_arrow", &["run", "engine"]),
    ("polars_parquet", &["run", "engine"]),
    ("chrono_tz", &["record"]),
    ("compact_str", &["record"]),
    ("md5", &["archive"]),
    ("sha1", &["archive"]),
    ("mimalloc", &["main"]),
    ("csv", &["book", "cli", "codeset", "ingest", "run"]),
    ("strsim", &["codeset", "ingest", "plan", "problem", "run"]),
    ("encoding_rs", &["archive", "ingest"]),
    ("glob", &["fs", "ingest", "plan"]),
    ("memchr", &["archive", "codeset", "ingest"]),
    ("zstd", &["codeset", "coding", "ingest", "run", "store"]),
    ("chrono", &["cli", "ingest", "record"]),
    ("rayon", &["archive", "cli", "deficiency", "examination", "ingest", "run", "store"]),
    ("rmp_serde", &["run"]),
    ("serde_bytes", &["run"]),
    ("roaring", &["record"]),
    ("minijinja", &["template"]),
    ("num_bigint", &["statistics"]),
    ("num_integer", &["statistics"]),
    ("libm", &["statistics"]),
    ("tempfile", &["archive", "fs", "ingest", "rows"]),
    ("unicode_normalization", &["archive", "codeset", "edits", "ingest"]),
    ("anyhow", &["engine", "run"]),
];

/// Outside packages that may stand in any room, and why.
const ANYWHERE: &[(&str, &str)] = &[
    ("serde", "settings, accounts and outcomes are plain data"),
    ("serde_json", "what is written down as JSON is each room's own"),
    ("schemars", "settings and accounts have their schema"),
    ("thiserror", "each room says its own errors"),
    ("rustc_hash", "maps that are looked up and never gone through"),
    ("sha2", "digests: of files, rows, keys and draws"),
];

/// Rooms that ask the operating system itself, and for what.
const SYSTEM: &[(&str, &str)] = &[
    ("fs", "files"),
    ("cli", "signals and the terminal"),
    ("plan", "the kind of a file that a pattern matches"),
    ("run", "whether a process still lives"),
    ("store", "what the system answers, in place of the numbers of SQLite"),
];

/// Files beside `fs` that touch files themselves.
const FILES: &[(&str, &str)] = &[
    ("src/rows/sorter.rs", "temporary files without a name"),
    ("src/ingest/input_file.rs", "an input is read by several threads at once, from places"),
    ("src/archive/tag_lines.rs", "a manifest is read line by line through an open file"),
    ("src/plan/file_pattern.rs", "a pattern asks the kind of what it matches"),
    ("src/cli/check.rs", "the paths of a folder's entries"),
    ("src/store/segment.rs", "a segment is written by a writer of columns, into a file that `fs` has made"),
    ("src/store/lookup.rs", "a table is read from places, a few entries at a time"),
    ("src/store/record_blocks.rs", "blocks are read by several threads at once, from places"),
];

/// Writers of comma-separated values beside `book::csv`: none. Readers of foreign files, which no guard was written into:
const FOREIGN_CSV: &[(&str, &str)] = &[
    ("src/codeset/release/list.rs", "official lists"),
    ("src/codeset/release/columns.rs", "official lists"),
    ("src/codeset/site_map.rs", "maps that people fill in, with any separator"),
    ("src/run/audit.rs", "sheets that auditors fill in, with any separator"),
    ("src/cli/code.rs", "a list of codes of any size, row by row"),
];

/// Files longer than 600 lines.
const LONG_FILES: &[(&str, &str)] = &[];

/// Functions longer than 100 lines, each a list of cases or steps that reads best in one place.
const LONG_FUNCTIONS: &[(&str, &str)] = &[
    ("src/run/account.rs account", "the account, line after line as it is printed"),
    ("src/run/taking.rs take_all", "every input in turn, with what becomes of it"),
    ("src/ingest/layout.rs bind", "every kind of column of a layout"),
    ("src/ingest/layout/read.rs read_column", "every key of a column"),
    ("src/ingest/layout/read.rs read_layout", "every section of a layout"),
    ("src/ingest/take.rs take_text", "the one loop from bytes to rows"),
    ("src/codeset/release/kind.rs facts", "every kind of official file"),
    ("src/edits/engine.rs examine", "the one loop over rules and encounters"),
];

struct Source {
    /// Path from the root: `src/run/mod.rs`.
    path: String,
    room: String,
    /// The text without comments and without its tests.
    code: String,
    text: String,
}

/// Every file of the library; those of tests alone are left out.
fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut open = vec![root().join("src")];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).expect("text");
                let path = path.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
                found.push(source(path, text));
            }
        }
    }
    found.retain(|source| !is_of_tests(&source.path));
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// Files that are modules of tests.
fn is_of_tests(path: &str) -> bool {
    ["tests.rs", "conformance.rs", "tampering.rs", "layout/shipped.rs"].iter().any(|end| path.ends_with(end))
}

fn source(path: String, text: String) -> Source {
    let room = path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs").to_owned();
    let without_tests = text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code = without_tests.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>();
    let mut code = code.join("\n");
    // A module that is compiled for tests alone, or a folder that stands in the tests.
    while let Some(start) = code.find("\n#[cfg(test)]\n") {
        let end = code[start + 14..].find(';').map_or(code.len(), |end| start + 14 + end + 1);
        code.replace_range(start..end, "");
    }
    Source { path, room, code, text }
}

/// The modules of this crate that a text names: each path's segments below `crate`.
fn imports(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != ':') {
            tree(&code[at + 7..], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Reads a path or a tree of paths (`a::{b, c::d}`) and gives back what follows it.
fn tree<'c>(mut rest: &'c str, above: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'c str {
    let depth = above.len();
    loop {
        rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            rest = inner;
            loop {
                rest = tree(rest, above, found).trim_start();
                match rest.strip_prefix(',') {
                    Some(more) if !more.trim_start().starts_with('}') => rest = more,
                    more => {
                        rest = more.unwrap_or(rest).trim_start();
                        rest = rest.strip_prefix('}').unwrap_or(rest);
                        break;
                    }
                }
            }
            break;
        }
        let length = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        above.push(rest[..length].to_owned());
        rest = &rest[length..];
        match rest.strip_prefix("::") {
            Some(more) => rest = more,
            None => {
                found.push(above.clone());
                // `as name`, generic arguments and the like belong to nobody.
                let end = rest.find([',', '}', ';', '{']).unwrap_or(rest.len());
                if rest[..end].trim_start().starts_with("as ") {
                    rest = &rest[end..];
                }
                break;
            }
        }
    }
    above.truncate(depth);
    rest
}

fn rank(room: &str) -> Option<usize> {
    RANKS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn rooms_import_downward_and_no_desk_knows_a_desk() {
    let mut faults = BTreeSet::new();
    for source in sources().iter().filter(|source| !["lib", "main"].contains(&source.room.as_str())) {
        let own = rank(&source.room).unwrap_or_else(|| panic!("{}: the room {} has no rank", source.path, source.room));
        for import in imports(&source.code) {
            let other = import[0].as_str();
            let Some(theirs) = rank(other) else { continue };
            let is_desk = |room: &str| DESKS.contains(&room);
            if theirs > own || is_desk(&source.room) && is_desk(other) && other != source.room {
                faults.insert(format!("{} ({}) imports {}", source.path, source.room, import.join("::")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// `super::` stays within the room, so that the imports of other rooms are those of `crate::` alone.
#[test]
fn no_file_leaves_its_room_by_way_of_the_module_above() {
    for source in sources().iter().filter(|source| !["lib", "main"].contains(&source.room.as_str())) {
        // Modules between the file and its room: none for `src/run/mod.rs`, one for `src/run/read.rs`.
        let is_folder = source.path.ends_with("/mod.rs");
        let depth = source.path.matches('/').count() - 1 - usize::from(is_folder);
        assert!(
            !source.code.contains(&"super::".repeat(depth + 1)),
            "{} imports from above its room; write `crate::`",
            source.path
        );
    }
}

#[test]
fn a_desk_touches_five_files_outside_its_folder() {
    // Beside imports: its folder in the library, its settings in a plan, its tallies in an outcome, its page.
    let words = ["mod deficiency;", ".deficiency", "\"deficiencies.md\""];
    let knows = |source: &Source| {
        let imports = imports(&source.code).iter().any(|import| import[0] == "deficiency");
        imports || words.iter().any(|word| source.code.contains(word))
    };
    let outside = sources().into_iter().filter(|source| source.room != "deficiency" && knows(source));
    hold("knows the deficiency desk", &outside.map(|source| source.path).collect(), OF_DEFICIENCY);
    assert!(OF_DEFICIENCY.len() <= MOST_OF_A_DESK, "more than {MOST_OF_A_DESK} files");
}

/// The file of a path of modules, by its longest beginning that is one.
fn file_of(import: &[String], files: &BTreeSet<&str>) -> Option<String> {
    (1..=import.len()).rev().find_map(|length| {
        let path = import[..length].join("/");
        let candidates = [format!("src/{path}.rs"), format!("src/{path}/mod.rs")];
        candidates.into_iter().find(|candidate| files.contains(candidate.as_str()))
    })
}

#[test]
fn no_files_of_different_rooms_import_each_other_in_a_circle() {
    let sources = sources();
    let files: BTreeSet<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    let mut graph: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for source in &sources {
        let to = imports(&source.code).iter().filter_map(|import| file_of(import, &files)).collect();
        graph.insert(&source.path, to);
    }
    let room = |path: &str| path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs").to_owned();
    // What can be reached from each file; a circle over rooms reaches back to its own file through another room.
    for start in graph.keys() {
        let mut seen: BTreeSet<(&str, bool)> = BTreeSet::new();
        let mut open: Vec<(&str, bool)> = vec![(start, false)];
        while let Some((at, was_outside)) = open.pop() {
            for next in graph.get(at).into_iter().flatten() {
                let outside = was_outside || room(next) != room(start);
                assert!(!(outside && next == start), "{start} is imported again by way of {at}");
                let next = files.get(next.as_str()).expect("a file");
                // A file may be met inside the room first, and then once more by way of another.
                if seen.insert((next, outside)) {
                    open.push((next, outside));
                }
            }
        }
    }
}

#[test]
fn outside_packages_have_their_owner() {
    let (mut faults, mut used) = (Vec::new(), BTreeSet::new());
    for source in sources() {
        for (package, owners) in OWNERS {
            let is_used = source.code.match_indices(&format!("{package}::")).any(|(at, _)| {
                let before = source.code[..at].chars().next_back();
                before.is_none_or(|letter| !letter.is_alphanumeric() && !['_', ':'].contains(&letter))
            });
            if is_used {
                used.insert(*package);
                if !owners.contains(&source.room.as_str()) {
                    faults.push(format!("{} uses {package}, which is of {}", source.path, owners.join(", ")));
                }
            }
        }
        if source.code.contains("rustix::") && !SYSTEM.iter().any(|(room, _)| *room == source.room) {
            faults.push(format!("{} asks the operating system", source.path));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let unused: Vec<&str> =
        OWNERS.iter().map(|(package, _)| *package).filter(|package| !used.contains(package)).collect();
    assert!(unused.is_empty(), "owned and not used: {unused:?}");
}

/// A package that is added has its owner, or a reason why it may stand in any room.
#[test]
fn every_package_of_the_manifest_is_in_the_lists() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("it is read");
    let packages = manifest["dependencies"].as_table().expect("a section").keys();
    // The library of `md-5` has another name than its package.
    let name = |package: &String| if package == "md-5" { "md5".to_owned() } else { package.replace('-', "_") };
    let is_listed = |package: &str| {
        OWNERS.iter().any(|(owned, _)| *owned == package) || ANYWHERE.iter().any(|(free, _)| *free == package)
    };
    let missing: Vec<String> =
        packages.map(name).filter(|package| package != "rustix" && !is_listed(package)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(ANYWHERE.iter().all(|(_, reason)| !reason.is_empty()));
}

/// Holds a list of exceptions to the files that need one.
fn hold(what: &str, needs: &BTreeSet<String>, exceptions: &[(&str, &str)]) {
    let named: BTreeSet<String> = exceptions.iter().map(|(name, _)| (*name).to_owned()).collect();
    let (more, less): (Vec<_>, Vec<_>) = (needs.difference(&named).collect(), named.difference(needs).collect());
    assert!(more.is_empty(), "{what}: {more:#?}");
    assert!(less.is_empty(), "{what}: named as exceptions and none any more: {less:#?}");
    assert!(exceptions.iter().all(|(_, reason)| !reason.is_empty()));
}

/// A newcomer who searches for a type finds one. Types that are no more than a private name of their file are not looked at.
#[test]
fn a_public_type_has_a_name_that_no_other_has() {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources() {
        for line in source.code.lines().filter(|line| line.starts_with("pub ")) {
            let mut words = line.split_whitespace().skip(1);
            let kind = words.next().unwrap_or_default();
            if matches!(kind, "struct" | "enum" | "trait" | "type") {
                let letters = words.next().unwrap_or_default().chars().take_while(|letter| letter.is_alphanumeric());
                found.entry(letters.collect()).or_default().insert(source.path.clone());
            }
        }
    }
    assert!(found.len() > 500, "types are read: {}", found.len());
    found.retain(|_, paths| paths.len() > 1);
    assert!(found.is_empty(), "one name, several types: {found:#?}");
}

#[test]
fn files_are_touched_in_fs_alone() {
    let touches = |code: &str| {
        // Not in the middle of another name: `InputFile::open` is ours.
        let has = |word: &str| {
            code.match_indices(word).any(|(at, _)| !code[..at].ends_with(|letter: char| letter.is_alphanumeric()))
        };
        ["std::fs", "File::open", "File::create", "tempfile_in", "fs::File,", "fs::{File,"].into_iter().any(has)
    };
    let own = |source: &Source| source.room == "fs";
    let needs = sources().into_iter().filter(|source| !own(source) && touches(&source.code)).map(|source| source.path);
    hold("touches files", &needs.collect(), FILES);
}

#[test]
fn comma_separated_values_are_written_and_read_in_one_place() {
    let sources = sources();
    let writes =
        sources.iter().filter(|source| source.path != "src/book/csv.rs" && source.code.contains("csv::Writer"));
    assert_eq!(writes.map(|source| source.path.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    let reads = sources.iter().filter(|source| {
        source.path != "src/book/csv.rs"
            && !source.path.starts_with("src/ingest/delimited")
            && source.code.contains("csv::Reader")
    });
    let needs = reads.map(|source| source.path.clone()).collect();
    hold("reads comma-separated values", &needs, FOREIGN_CSV);
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> =
        sources().into_iter().filter(|source| !source.text.starts_with("//! ")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn files_end_at_600_lines_and_functions_at_100() {
    let mut long = BTreeSet::new();
    for entry in compiled(&root().join("src")) {
        let text = std::fs::read_to_string(&entry).expect("text");
        if text.lines().count() > 600 {
            long.insert(entry.strip_prefix(root()).expect("inside").to_string_lossy().into_owned());
        }
    }
    hold("longer than 600 lines", &long, LONG_FILES);
    let mut functions = BTreeSet::new();
    for source in sources() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let Some(name) = function(line.trim_start()) else { continue };
            let closing = format!("{}}}", &line[..indent]);
            let length = lines[start..].iter().position(|line| *line == closing).unwrap_or(0) + 1;
            if length > 100 {
                functions.insert(format!("{} {name}", source.path));
            }
        }
    }
    hold("longer than 100 lines", &functions, LONG_FUNCTIONS);
}

/// The name of a function whose first line this is.
fn function(line: &str) -> Option<&str> {
    let before = line.split("fn ").next()?;
    let is_function = before.split_whitespace().all(|word| word.starts_with("pub") || word == "const");
    let name = line.get(before.len() + 3..).filter(|_| is_function && !line.starts_with("//"))?;
    name.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().filter(|name| !name.is_empty())
}

fn compiled(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(compiled(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn imports_are_found_in_trees() {
    let code = "use crate::{a::{B, c::{self, D as E}}, f};\nfn g() -> crate::h::I<crate::j::K> {}";
    let found: Vec<String> = imports(code).iter().map(|import| import.join("::")).collect();
    assert_eq!(found, ["a::B", "a::c::self", "a::c::D", "f", "h::I", "j::K"]);
}
