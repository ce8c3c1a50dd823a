//! Looks for what a file pattern matches: every match, whatever it is, so that none vanishes without a word.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    io,
    os::unix::fs::MetadataExt as _,
    path::{Component, Path, PathBuf},
};

use rustix::fs::{PROC_SUPER_MAGIC, statfs};

use crate::fs::{
    entries_of,
    opening::{NoFile, is_systems_answer, what_is},
    path::shown,
    uninterrupted,
};

/// Folders that one pattern may look through: an inbox of ten years has a folder a day, some 3,650. A pattern over a whole disk or share has far more, and would
/// take the night.
pub const MOST_FOLDERS: usize = 10_000;
/// Names that one pattern may look at: exports of many years lie in one folder, and no site has a million of them.
pub const MOST_NAMES: usize = 1_000_000;
/// Folders in one another that `**` goes down into.
pub const DEEPEST: usize = 32;
/// The type of the file system that shows the devices of the kernel as files (`/sys`).
const SYSFS_MAGIC: u64 = 0x6265_6572;

/// What a match is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// A regular file.
    File,
    /// Something that cannot be read as one, or a link behind which anything may lie: a fault of the input.
    NoFile(NoFile),
    /// A folder that `*` met: no fault, but told.
    Folder,
}

/// Why a pattern cannot be looked for.
#[derive(Debug, thiserror::Error)]
pub enum PatternFault {
    /// It is no pattern.
    #[error("the file pattern cannot be understood: {0}")]
    NoPattern(&'static str),
    /// It goes through more than any inbox has.
    #[error("the file pattern looks through more than {0}")]
    TooWide(String),
    /// It goes into a folder that the system makes up.
    #[error("the file pattern looks through {}, which holds no exports: the system makes it up", shown(.0))]
    OfTheSystem(PathBuf),
    /// What the system answered.
    #[error("{} cannot be looked at: {}", shown(path), crate::fs::with_what_to_do(error))]
    Answer {
        /// Of what it was asked.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

/// A part of a pattern between two slashes.
enum Part {
    Literal(OsString),
    Wild(glob::Pattern),
    /// `**`: any number of folders.
    Folders,
}

/// What a pattern matches below a folder, a folder's names in their order. A name that is there as it is written is no pattern. Hidden files and folders are
/// left alone where the pattern does not name them: they are often half written.
///
/// # Errors
/// See [`PatternFault`].
pub fn find(folder: &Path, pattern: &str) -> Result<Vec<(PathBuf, Matched)>, PatternFault> {
    find_within(folder, pattern, MOST_FOLDERS)
}

fn find_within(folder: &Path, pattern: &str, most_folders: usize) -> Result<Vec<(PathBuf, Matched)>, PatternFault> {
    let names_folders = !pattern.contains("**");
    let mut search = Search { matches: Vec::new(), most_folders, folders: 0, names: 0, names_folders };
    search.literal(folder.join(pattern))?;
    if !search.matches.is_empty() {
        return Ok(search.matches);
    }
    glob::Pattern::new(pattern).map_err(|error| PatternFault::NoPattern(error.msg))?;
    let parts = parts(pattern)?;
    // What is written out before the first sign is one folder: whether it is there is asked of an input without a match.
    let first = parts.iter().position(|part| !matches!(part, Part::Literal(_)));
    if let Some(first) = first {
        let written = parts[..first].iter().filter_map(|part| match part {
            Part::Literal(name) => Some(name),
            _ => None,
        });
        let folder = written.fold(folder.to_owned(), |folder, name| folder.join(name));
        search.look(&folder, &parts[first..], 0, &mut Vec::new())?;
    }
    // A link to nothing may be met as a folder on the way and as what is looked for.
    let mut seen = BTreeSet::new();
    search.matches.retain(|(path, _)| seen.insert(path.clone()));
    Ok(search.matches)
}

fn parts(pattern: &str) -> Result<Vec<Part>, PatternFault> {
    let mut parts = Vec::new();
    for component in Path::new(pattern).components() {
        let written = component.as_os_str().to_string_lossy();
        parts.push(match component {
            Component::Normal(_) if written == "**" => Part::Folders,
            Component::Normal(_) if written.contains(['*', '?', '[']) => {
                Part::Wild(glob::Pattern::new(&written).map_err(|error| PatternFault::NoPattern(error.msg))?)
            }
            Component::CurDir => continue,
            _ => Part::Literal(component.as_os_str().to_owned()),
        });
    }
    // `exports/**` is meant for the files in the folders.
    if matches!(parts.last(), Some(Part::Folders)) {
        parts.push(Part::Wild(glob::Pattern::new("*").map_err(|error| PatternFault::NoPattern(error.msg))?));
    }
    Ok(parts)
}

struct Search {
    matches: Vec<(PathBuf, Matched)>,
    most_folders: usize,
    folders: usize,
    names: usize,
    /// Whether a folder that is met is told: not where the pattern goes on into it.
    names_folders: bool,
}

impl Search {
    /// Looks for what matches `parts` in a folder; `depth`: how many folders `**` went down to it; `above`: these folders.
    fn look(
        &mut self,
        folder: &Path,
        parts: &[Part],
        depth: usize,
        above: &mut Vec<(u64, u64)>,
    ) -> Result<(), PatternFault> {
        match parts {
            [] => Ok(()),
            [Part::Literal(name)] => self.literal(folder.join(name)),
            [Part::Literal(name), rest @ ..] => {
                let path = folder.join(name);
                if self.is_folder(&path)? { self.look(&path, rest, depth, above) } else { Ok(()) }
            }
            [Part::Wild(pattern), rest @ ..] => {
                let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
                for name in self.names_in(folder)? {
                    // A name that is no text matches as it is shown.
                    if !pattern.matches_with(&name.to_string_lossy(), options) {
                        continue;
                    }
                    let path = folder.join(name);
                    if rest.is_empty() {
                        self.met(path)?;
                    } else if self.is_folder(&path)? {
                        self.look(&path, rest, depth, above)?;
                    }
                }
                Ok(())
            }
            [Part::Folders, rest @ ..] => {
                self.look(folder, rest, depth, above)?;
                for name in self.names_in(folder)? {
                    let path = folder.join(&name);
                    if name.to_string_lossy().starts_with('.') || !self.is_folder(&path)? {
                        continue;
                    }
                    if depth == DEEPEST {
                        return Err(PatternFault::TooWide(format!("{DEEPEST} folders in one another")));
                    }
                    #[expect(clippy::disallowed_methods, reason = "a pattern asks the kind of what it matches")]
                    let metadata = match uninterrupted(|| std::fs::metadata(&path)) {
                        Ok(metadata) => metadata,
                        Err(error) if is_systems_answer(&error) => return Err(PatternFault::Answer { path, error }),
                        // It was taken away at this moment.
                        Err(_) => continue,
                    };
                    let place = (metadata.dev(), metadata.ino());
                    // A link to a folder above leads round and round.
                    if !above.contains(&place) {
                        above.push(place);
                        self.look(&path, parts, depth + 1, above)?;
                        above.pop();
                    }
                }
                Ok(())
            }
        }
    }

    /// The names in a folder, in order; none where there is no such folder.
    fn names_in(&mut self, folder: &Path) -> Result<Vec<OsString>, PatternFault> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let answer = |error| PatternFault::Answer { path: folder.to_owned(), error };
        let entries = match entries_of(folder) {
            Ok(entries) => entries,
            Err(error) if is_systems_answer(&error) => return Err(answer(error)),
            Err(_) => return Ok(Vec::new()),
        };
        let kind = statfs(folder).map_or(0, |system| system.f_type as u64);
        if [PROC_SUPER_MAGIC as u64, SYSFS_MAGIC].contains(&kind) {
            return Err(PatternFault::OfTheSystem(folder.to_owned()));
        }
        self.folders += 1;
        if self.folders > self.most_folders {
            return Err(PatternFault::TooWide(format!("{} folders", self.most_folders)));
        }
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(answer)?.file_name());
            self.names += 1;
            if self.names > MOST_NAMES {
                return Err(PatternFault::TooWide(format!("{MOST_NAMES} names")));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Whether a folder stands on the way. A link to nothing is a match: what lies behind it is not known, and must not be missed.
    fn is_folder(&mut self, path: &Path) -> Result<bool, PatternFault> {
        Ok(match asked(path)? {
            Err(NoFile::Folder) => true,
            Err(link @ (NoFile::DanglingLink(_) | NoFile::CircularLink)) => {
                self.matches.push((path.to_owned(), Matched::NoFile(link)));
                false
            }
            _ => false,
        })
    }

    /// A name that is written out: whatever stands there is meant.
    fn literal(&mut self, path: PathBuf) -> Result<(), PatternFault> {
        match asked(&path)? {
            Ok(()) => self.matches.push((path, Matched::File)),
            Err(NoFile::Absent) => {}
            Err(no_file) => self.matches.push((path, Matched::NoFile(no_file))),
        }
        Ok(())
    }

    /// A name that a pattern met.
    fn met(&mut self, path: PathBuf) -> Result<(), PatternFault> {
        match asked(&path)? {
            Ok(()) => self.matches.push((path, Matched::File)),
            Err(NoFile::Folder) if self.names_folders => self.matches.push((path, Matched::Folder)),
            Err(NoFile::Folder) => {}
            Err(no_file) => self.matches.push((path, Matched::NoFile(no_file))),
        }
        Ok(())
    }
}

fn asked(path: &Path) -> Result<Result<(), NoFile>, PatternFault> {
    let answer = what_is(path).map_err(|error| PatternFault::Answer { path: path.to_owned(), error })?;
    Ok(answer.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::{ffi::OsStrExt as _, fs::symlink};

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, "").expect("written");
        }
        folder
    }

    /// Matches as they lie below the folder, each with a letter for what it is.
    fn found(folder: &Path, pattern: &str) -> Vec<String> {
        let matches = find(folder, pattern).unwrap_or_else(|fault| panic!("{pattern}: {fault}"));
        let letter = |matched: &Matched| match matched {
            Matched::File => 'F',
            Matched::NoFile(_) => '!',
            Matched::Folder => '/',
        };
        let below = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned();
        matches.iter().map(|(path, matched)| format!("{}{}", letter(matched), below(path))).collect()
    }

    #[test]
    fn patterns_match_as_the_shell_does() {
        let folder = tree(&["a.csv", "b.csv", ".hidden.csv", "2026/10/a.csv", "2026/11/a.csv", "x[1].csv", "x1.csv"]);
        for (pattern, expected) in [
            ("*.csv", vec!["Fa.csv", "Fb.csv", "Fx1.csv", "Fx[1].csv"]),
            ("x[1].csv", vec!["Fx[1].csv"]),
            ("x[0-9].csv", vec!["Fx1.csv"]),
            ("?.csv", vec!["Fa.csv", "Fb.csv"]),
            ("2026/*/a.csv", vec!["F2026/10/a.csv", "F2026/11/a.csv"]),
            ("./2026/../a.csv", vec!["F2026/../a.csv"]),
            ("20*/1[01]/*", vec!["F2026/10/a.csv", "F2026/11/a.csv"]),
            ("**/a.csv", vec!["Fa.csv", "F2026/10/a.csv", "F2026/11/a.csv"]),
            ("2026/**", vec!["F2026/10/a.csv", "F2026/11/a.csv"]),
            (".*.csv", vec!["F.hidden.csv"]),
            ("absent/*.csv", vec![]),
            ("a.csv/*", vec![]),
            ("*", vec!["/2026", "Fa.csv", "Fb.csv", "Fx1.csv", "Fx[1].csv"]),
        ] {
            assert_eq!(found(folder.path(), pattern), expected, "{pattern}");
        }
        assert!(matches!(find(folder.path(), "a[.csv"), Err(PatternFault::NoPattern(_))));
    }

    #[test]
    fn whatever_matches_is_told() {
        let folder = tree(&["a.csv", "day/a.csv"]);
        let at = |name: &str| folder.path().join(name);
        symlink("/mnt/gone/b.csv", at("b.csv")).expect("linked");
        symlink("c.csv", at("c.csv")).expect("linked");
        symlink("/mnt/gone", at("share")).expect("linked");
        std::fs::create_dir(at("d.csv")).expect("made");
        rustix::fs::mkfifoat(rustix::fs::CWD, at("e.csv"), rustix::fs::Mode::RUSR).expect("made");
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"\xfc.csv")), "").expect("written");
        assert_eq!(found(folder.path(), "*.csv"), ["Fa.csv", "!b.csv", "!c.csv", "/d.csv", "!e.csv", "F\u{fffd}.csv"]);
        // What lies behind a link to nothing is not known: it is a match, wherever it stands on the way.
        assert_eq!(found(folder.path(), "*a*/a.csv"), ["Fday/a.csv", "!share"]);
        assert_eq!(found(folder.path(), "**/a.csv"), ["Fa.csv", "!b.csv", "!c.csv", "Fday/a.csv", "!share"]);
        symlink("/mnt/gone", at("day/today")).expect("linked");
        assert_eq!(found(folder.path(), "d*/today/*.csv"), ["!day/today"]);
        assert_eq!(found(folder.path(), "**/today/a.csv"), ["!b.csv", "!c.csv", "!day/today", "!share"]);
        assert_eq!(
            found(folder.path(), "**/*.csv"),
            ["Fa.csv", "!b.csv", "!c.csv", "!e.csv", "F\u{fffd}.csv", "Fday/a.csv", "!day/today", "!share"]
        );
        // A folder that is written out is asked of where nothing matches: it is the inbox itself.
        assert_eq!(found(folder.path(), "day/today/*.csv"), Vec::<String>::new());
        for (name, told) in [("b.csv", "!b.csv"), ("d.csv", "!d.csv"), ("e.csv", "!e.csv")] {
            assert_eq!(found(folder.path(), name), [told]);
        }
    }

    #[test]
    fn a_pattern_ends_on_links_that_lead_round_and_in_folders_of_the_system() {
        let folder = tree(&["a/b/c.csv"]);
        symlink("..", folder.path().join("a/b/up")).expect("linked");
        let found = found(folder.path(), "a/**/*.csv");
        assert!(found.contains(&"Fa/b/c.csv".to_owned()) && found.len() < 4, "{found:?}");
        for pattern in ["/proc/*", "/proc/**/*.csv", "/sys/**/*", "/proc/self/fd/*"] {
            assert!(matches!(find(folder.path(), pattern), Err(PatternFault::OfTheSystem(_))), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_over_more_than_an_inbox_is_bounded() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut deep = folder.path().join("deep");
        for _ in 0..=DEEPEST {
            deep.push("d");
        }
        std::fs::create_dir_all(deep).expect("made");
        let fault = find(folder.path(), "deep/**/*.csv").expect_err("too deep");
        assert!(fault.to_string().contains("more than 32 folders in one another"), "{fault}");
        for number in 0..20 {
            std::fs::create_dir_all(folder.path().join(format!("wide/{number}"))).expect("made");
        }
        // The folder itself is looked through twice: for files, and for the folders in it.
        assert!(find_within(folder.path(), "wide/**/*.csv", 42).is_ok());
        let fault = find_within(folder.path(), "wide/**/*.csv", 20).expect_err("too wide");
        assert!(fault.to_string().contains("more than 20 folders"), "{fault}");
    }
}
