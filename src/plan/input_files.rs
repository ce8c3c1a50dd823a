//! The files of an `[[ingest]]` section: those that its patterns match, and what is told of patterns that match nothing.

use std::{
    collections::BTreeSet,
    ops::Range,
    path::{Component, Path, PathBuf},
};

use super::{
    deliveries::{in_order_of_dates, in_order_of_names},
    file_pattern::{Matched, PatternFault, find as matches_of},
};
use crate::{
    fs::{
        entries_of,
        opening::{NoFile, what_is},
        path::{neighbours, plain, shown},
    },
    problem::{
        closest,
        named_files::NamedFiles,
        reader::{At, Section},
    },
};

/// Signs that make a text a pattern.
const WILD: [char; 3] = ['*', '?', '['];

/// Patterns of a section: where one matches nothing, it is held against every name that lies there.
const MOST_PATTERNS: usize = 1_000;

/// A pattern that nothing matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// As it is written.
    pub pattern: String,
    /// Where was looked, as a person would write it.
    pub looked_for: String,
    /// Why nothing can come there, with what to do: the folder is not there or cannot be looked through. `None` where it is only empty.
    pub fault: Option<String>,
}

/// The files of a section.
#[derive(Debug, Default)]
pub struct InputFiles {
    /// Those that match, oldest first: by the date in the name, and those of one pattern by name. What matches and can be no file is among them.
    pub files: Vec<PathBuf>,
    /// Folders that match.
    pub folders: Vec<PathBuf>,
    /// Every pattern, with its folder, as a person would write it.
    pub looked_for: Vec<String>,
    /// Patterns that nothing matches, each with its place.
    pub unmatched: Vec<At<Unmatched>>,
}

/// Reads `files`; `is_by_order`: they stand in the order in which the section names them, and not by the dates in their names.
pub fn read(
    section: &mut Section<'_>,
    named: &NamedFiles<'_>,
    is_by_order: bool,
) -> Option<(InputFiles, Range<usize>)> {
    if !section.has("files") {
        section.required_text("files");
        return None;
    }
    let span = section.value_span("files")?;
    let before = section.problems().len();
    let patterns = section.texts("files");
    if patterns.is_empty() && section.problems().len() == before {
        section.problem(
            "missing-file",
            span.clone(),
            "`files` names no file",
            Some("write a file or a pattern, for example \"exports/discharges-*.csv\"".to_owned()),
        );
    }
    if patterns.len() > MOST_PATTERNS {
        let message = format!("`files` names {} files or patterns; a section takes {MOST_PATTERNS}", patterns.len());
        let to_do = "write a pattern that they have in common, for example \"exports/discharges-*.csv\"";
        section.problem("too-many-patterns", span.clone(), message, Some(to_do.to_owned()));
        return None;
    }
    let mut found = InputFiles::default();
    for pattern in &patterns {
        find(section, named.folder, pattern, &mut found);
    }
    let mut known = BTreeSet::new();
    found.files.retain(|file| known.insert(plain(file)));
    found.folders.retain(|folder| known.insert(plain(folder)));
    if !is_by_order {
        in_order_of_dates(&mut found.files);
    }
    Some((found, span))
}

/// The files of a pattern.
fn find(section: &mut Section<'_>, folder: &Path, pattern: &At<String>, found: &mut InputFiles) {
    let whole = folder.join(&pattern.value);
    found.looked_for.push(shown(&whole));
    let before = found.files.len();
    let fault = match matches_of(folder, &pattern.value) {
        Ok(matches) => {
            for (path, matched) in matches {
                match matched {
                    Matched::File | Matched::NoFile(_) => found.files.push(path),
                    Matched::Folder => found.folders.push(path),
                }
            }
            missing_folder(folder, &pattern.value)
        }
        Err(fault @ PatternFault::Answer { .. }) => Some(fault.to_string()),
        Err(fault) => {
            let to_do = match fault {
                PatternFault::TooWide(_) | PatternFault::OfTheSystem(_) => Some(
                    "name the folder that the exports come into, for example \"inbox/discharges-*.csv\"".to_owned(),
                ),
                _ => None,
            };
            section.problem("bad-pattern", pattern.span.clone(), fault.to_string(), to_do);
            return;
        }
    };
    in_order_of_names(&mut found.files[before..]);
    if found.files.len() == before || fault.is_some() {
        let unmatched = Unmatched { pattern: pattern.value.clone(), looked_for: shown(&whole), fault };
        found.unmatched.push(At { value: unmatched, span: pattern.span.clone() });
    }
}

/// What to say where the folder that a pattern begins with is not there; `None` where it is.
fn missing_folder(folder: &Path, pattern: &str) -> Option<String> {
    let mut inbox = folder.to_path_buf();
    let parts: Vec<Component<'_>> = Path::new(pattern).components().collect();
    for part in &parts[..parts.len().saturating_sub(1)] {
        if part.as_os_str().to_string_lossy().contains(WILD) {
            break;
        }
        inbox.push(part);
    }
    if inbox.as_os_str().is_empty() {
        return None;
    }
    match what_is(&inbox) {
        Ok(Err(NoFile::Folder)) => return None,
        Err(error) => return Some(PatternFault::Answer { path: inbox, error }.to_string()),
        Ok(Err(NoFile::DanglingLink(target))) => {
            let inbox = shown(&inbox);
            return Some(format!(
                "there is no folder {inbox}: it is a link to {target}, which is not there. Mount the share that it leads to, or correct `files`"
            ));
        }
        Ok(_) => {}
    }
    let wanted = inbox.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = entries_of(inbox.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let folders: Vec<String> = beside
        .map(|entries| entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir()).collect::<Vec<_>>())
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let near = closest(&wanted, folders.iter().map(String::as_str))
        .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    let inbox = shown(&inbox);
    Some(format!("there is no folder {inbox}{near}: make it, mount it where it is a share, or correct `files`"))
}

/// The file that a pattern without a match was probably meant for: one that lies where was looked, that no feed reads, and whose name
/// differs in letters. Where only digits differ the file of another day lies there, and nothing is written wrongly.
pub fn meant(folder: &Path, pattern: &str, read: &BTreeSet<String>) -> Option<String> {
    let whole = folder.join(pattern);
    let wanted = whole.file_name()?.to_string_lossy().into_owned();
    let near: Vec<String> =
        neighbours(&whole).into_iter().filter(|name| !read.contains(&shown(&whole.with_file_name(name)))).collect();
    if !wanted.contains(WILD) {
        let digits = |text: &str| text.replace(|letter: char| letter.is_ascii_digit(), "");
        let near = closest(&wanted, near.iter().map(String::as_str))?;
        return (digits(near) != digits(&wanted)).then(|| near.to_owned());
    }
    let letters = |text: &str| -> String { text.chars().filter(|letter| letter.is_alphabetic()).collect() };
    let own = letters(&wanted);
    let differs = |name: &String| {
        let name = letters(name);
        // A capital letter is another letter to the file system.
        name != own && strsim::osa_distance(&own.to_lowercase(), &name.to_lowercase()) <= 2
    };
    near.into_iter().find(|name| own.chars().count() > 6 && differs(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_written_wrongly_is_told_from_a_file_that_has_not_come() {
        let inbox = tempfile::tempdir().expect("a folder");
        for name in ["discharges-2026-10-05.csv", "births-2026-10.csv", "staff.csv"] {
            std::fs::write(inbox.path().join(name), "").expect("written");
        }
        let meant = |pattern: &str| meant(inbox.path(), pattern, &BTreeSet::new());
        let discharges = Some("discharges-2026-10-05.csv".to_owned());
        for wrong in [
            "dischages-*.csv",
            "Discharges-*.csv",
            "discharges-*.CSV",
            "discharge-*.csv",
            "discahrges-*.csv",
            "dischages-2026-10-05.csv",
        ] {
            assert_eq!(meant(wrong), discharges, "{wrong}");
        }
        for right in
            ["discharges-2026-11-*.csv", "discharges-2026-10-06.csv", "deaths-*.csv", "documents-*.csv", "*.xlsx"]
        {
            assert_eq!(meant(right), None, "{right}");
        }
        let read = inbox.path().join("discharges-2026-10-05.csv");
        assert_eq!(super::meant(inbox.path(), "dischages-*.csv", &BTreeSet::from([shown(&read)])), None);
    }
}
