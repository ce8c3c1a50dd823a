//! Working copies of the worklists: what people fill in lies outside the seal.
//!
//! Each worklist is copied into a folder of the pipeline's own, where no copy is there. A copy that nobody has touched
//! is brought up to date; one that somebody edited is never written to: it is named, and the new worklist lies in the sealed folder.
//! The copies are written and flushed before the output is published ([`prepare`]), so that a full disk or a folder that takes no files is found while nothing is;
//! they take their names after it ([`PreparedCopies::put_in_place`]).
//! A run for an earlier day leaves the copies of a later one as they are.
//! What was written last is known by its digest, which stands in a hidden file beside the copies; where that is lost, every copy counts as edited.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{
    book::csv::{CsvLines, in_memory},
    fs::{
        self, FileError,
        path::shown,
        whole_file::{self, Prepared, WholeFiles},
    },
    record::date::Day,
};

/// The file that remembers what was written.
const RECORD: &str = ".working_copies.csv";
/// Its columns.
const COLUMNS: [&str; 3] = ["file", "sha256", "sealed_folder"];

/// What became of the working copies.
#[derive(Debug, Default)]
pub struct WorkingCopies {
    /// Where they lie; empty where the run has no worklists.
    pub folder: PathBuf,
    /// The worklists of this run, sealed.
    pub sealed: PathBuf,
    /// Copies that were left as they are, why, and where the new worklist lies.
    pub kept: Vec<Kept>,
    /// Whether copies that nobody touched were left as they are, because inputs of the run are missing.
    pub not_refreshed: bool,
    /// The business date of copies that were left as they are, because it is later than that of the run.
    pub newer: Option<Day>,
}

/// A working copy that was left as it is.
#[derive(Debug)]
pub struct Kept {
    /// The copy.
    pub copy: PathBuf,
    /// Why.
    pub why: &'static str,
    /// The worklist of this run.
    pub sealed: PathBuf,
}

impl WorkingCopies {
    /// What a person is told, a line each.
    pub fn words(&self) -> Vec<String> {
        if self.folder.as_os_str().is_empty() {
            return Vec::new();
        }
        let mut lines = vec![format!("worklists to work on: {}", shown(&self.folder))];
        if let Some(day) = self.newer {
            let sealed = shown(&self.sealed);
            lines.push(format!("  worklists stay as they are: those of {day} are newer; those of this run: {sealed}"));
        }
        if self.not_refreshed {
            lines.push(format!(
                "  left as they were, because something is missing from this run; the new ones: {}",
                shown(&self.sealed)
            ));
        }
        lines.extend(
            self.kept.iter().map(|kept| {
                format!("  {}: {} (kept; the new one: {})", kept.why, shown(&kept.copy), shown(&kept.sealed))
            }),
        );
        lines
    }
}

/// Working copies that are written and have not their names yet.
#[derive(Debug, Default)]
pub struct PreparedCopies {
    copies: WorkingCopies,
    /// `None` where the run has no worklists.
    files: Option<WholeFiles>,
    /// The record as it is while the copies take their names: with what stands and what comes.
    begun: Option<Prepared>,
    waiting: Vec<Waiting>,
    /// The record as it is afterwards.
    ended: Option<Prepared>,
    written: Written,
}

/// A copy that waits for its name.
#[derive(Debug)]
struct Waiting {
    name: String,
    prepared: Prepared,
    /// Digest of the copy that it takes the place of; `None` where there is none.
    standing: Option<String>,
    /// What the record says where it does not come to its place.
    known: Known,
}

/// Looks whether the working copies in a folder can be read as a run reads them, and makes and changes nothing.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Foreign`].
pub fn look(folder: &Path) -> Result<(), FileError> {
    if !folder.is_dir() {
        return Ok(());
    }
    whole_file::look(folder)?;
    drop(fs::entries_of(folder).map_err(FileError::read(folder))?);
    for name in read(&folder.join(RECORD))?.keys() {
        let copy = folder.join(name);
        if copy.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            fs::try_to_open(&copy)?;
        }
    }
    Ok(())
}

/// Writes the working copies of worklists. `source`: the worklists, in a folder that becomes `sealed`. `folder`: where the copies lie. `refresh`: copies that nobody
/// touched are brought up to date.
///
/// # Errors
/// A file or folder cannot be read or written; the copies stand as they did.
pub fn prepare(source: &Path, sealed: &Path, folder: &Path, refresh: bool) -> Result<PreparedCopies, FileError> {
    let names: Vec<String> = match source.symlink_metadata() {
        Ok(_) => fs::list(source)?.iter().filter_map(|entry| entry.path.to_str().map(str::to_owned)).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(FileError::read(source)(error)),
    };
    if names.is_empty() {
        return Ok(PreparedCopies::default());
    }
    let files = WholeFiles::beside(folder, fs::folder_of(sealed))?;
    let lists = sealed.join("data/worklists");
    let mut copies = WorkingCopies { folder: folder.to_owned(), sealed: lists.clone(), ..WorkingCopies::default() };
    let before = read(&folder.join(RECORD))?;
    let (mut begun, mut written, mut waiting) = (before.clone(), before.clone(), Vec::new());
    let sealed_name = sealed.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let own_day = business_date_of(&sealed_name);
    for name in names {
        let copy = folder.join(&name);
        let list = source.join(&name);
        let sha256 = fs::digest(&list)?.sha256;
        let mut keep = |why| copies.kept.push(Kept { copy: copy.clone(), why, sealed: lists.join(&name) });
        let now = match copy.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(FileError::read(&copy)(error)),
            Ok(metadata) if !metadata.is_file() => {
                keep("no plain file");
                continue;
            }
            Ok(_) => Some(fs::digest(&copy)?.sha256),
        };
        let known = before.get(&name).cloned().unwrap_or_default();
        // A list of an earlier day would take the place of what is to be done now.
        let of_later_day =
            known.last().and_then(|(_, sealed)| business_date_of(sealed)).filter(|day| Some(*day) > own_day);
        if now.is_some() && of_later_day.is_some() {
            copies.newer = copies.newer.max(of_later_day);
            continue;
        }
        let own = (sha256.clone(), sealed_name.clone());
        match &now {
            Some(now) if *now == sha256 => {}
            Some(now) if !known.iter().any(|(sha256, _)| sha256 == now) => {
                keep("edited since");
                continue;
            }
            Some(_) if is_open(&copy) => {
                keep("open in another program");
                continue;
            }
            Some(_) if !refresh => {
                copies.not_refreshed = true;
                continue;
            }
            _ => {
                // The record goes first, with what stands and what comes: a run that is killed between the two leaves a copy that the next one knows.
                let standing = known.iter().filter(|(sha256, _)| Some(sha256) == now.as_ref());
                begun.insert(name.clone(), standing.cloned().chain([own.clone()]).collect());
                let prepared = files.prepare_copy(OsStr::new(&name), &list)?;
                waiting.push(Waiting { name: name.clone(), prepared, standing: now, known });
            }
        }
        written.insert(name, vec![own]);
    }
    let record = |of: &Written| files.prepare(OsStr::new(RECORD), &record_of(of));
    let begun = (!waiting.is_empty()).then(|| record(&begun)).transpose()?;
    let ended = (written != before || begun.is_some()).then(|| record(&written)).transpose()?;
    Ok(PreparedCopies { copies, files: Some(files), begun, waiting, ended, written })
}

impl PreparedCopies {
    /// Gives the copies their names, once the output is published.
    ///
    /// # Errors
    /// A name cannot be given; copies that have theirs until then stand.
    pub fn put_in_place(self) -> Result<WorkingCopies, FileError> {
        let PreparedCopies { mut copies, files, begun, waiting, ended, mut written } = self;
        let Some(files) = files else { return Ok(copies) };
        if let Some(begun) = begun {
            files.put(begun)?;
        }
        let mut is_as_prepared = true;
        for Waiting { name, prepared, standing, known } in waiting {
            let copy = copies.folder.join(&name);
            // A person may have come to it since it was looked at.
            let why = match &standing {
                Some(_) if is_open(&copy) => Some("open in another program"),
                Some(standing) => (!files.put_over(prepared, standing)?).then_some("edited since"),
                None => (!files.put_new(prepared)?).then_some("edited since"),
            };
            if let Some(why) = why {
                copies.kept.push(Kept { copy, why, sealed: copies.sealed.join(&name) });
                written.insert(name, known);
                is_as_prepared = false;
            }
        }
        match ended {
            Some(ended) if is_as_prepared => files.put(ended)?,
            _ if is_as_prepared => {}
            _ => files.write(OsStr::new(RECORD), &record_of(&written))?,
        }
        Ok(copies)
    }
}

/// Whether an office program says, by a file beside it, that it has a file open.
fn is_open(copy: &Path) -> bool {
    let name = copy.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    [format!(".~lock.{name}#"), format!("~${name}")].iter().any(|mark| copy.with_file_name(mark).exists())
}

/// The business date in the name of a sealed folder (`NAME-as-of-2026-10-06`, `NAME-as-of-2026-10-06-2`).
fn business_date_of(sealed: &str) -> Option<Day> {
    let (_, date) = sealed.rsplit_once("-as-of-")?;
    Day::from_iso(date.get(..10)?)
}

/// By file: digest of what was written, and the sealed folder it came from; the newest last. Of a copy that was being written when a run was
/// killed there are two.
type Written = BTreeMap<String, Known>;

/// What is known of one file.
type Known = Vec<(String, String)>;

/// What was written last. Lines that were damaged are passed over: their copies count as edited, and nobody's work is lost.
///
/// # Errors
/// The record is there and cannot be read: what it says must not be forgotten for a passing fault.
fn read(record: &Path) -> Result<Written, FileError> {
    let bytes = fs::read_if_there(record)?.unwrap_or_default();
    let lines = CsvLines::read(&String::from_utf8_lossy(&bytes)).lines;
    let sound = lines.into_iter().filter_map(Result::ok);
    let mut written = Written::new();
    for line in sound {
        if let Ok([file, sha256, sealed]) = <[String; COLUMNS.len()]>::try_from(line.values) {
            written.entry(file).or_default().push((sha256, sealed));
        }
    }
    Ok(written)
}

fn record_of(written: &Written) -> Vec<u8> {
    let known = written.iter().flat_map(|(file, known)| known.iter().map(move |known| (file, known)));
    in_memory(COLUMNS, known.map(|(file, (sha256, sealed))| [file, sha256, sealed]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(place: &Path, night: &str, text: &str) -> PathBuf {
        let folder = place.join(night);
        std::fs::create_dir_all(folder.join("data/worklists")).expect("made");
        for name in ["deficiencies.csv", "codes_to_decide.csv"] {
            std::fs::write(folder.join("data/worklists").join(name), format!("{name}\n{text}\n")).expect("written");
        }
        folder
    }

    fn make_working_copies(sealed: &Path, folder: &Path, refresh: bool) -> Result<WorkingCopies, FileError> {
        prepare(&sealed.join("data/worklists"), sealed, folder, refresh)?.put_in_place()
    }

    fn text(copies: &Path, name: &str) -> String {
        std::fs::read_to_string(copies.join(name)).expect("a copy")
    }

    #[test]
    fn untouched_copies_are_brought_up_to_date_and_edited_ones_are_kept_and_named() {
        let place = tempfile::tempdir().expect("a folder");
        let copies = place.path().join("worklists");
        let night =
            |night: &str| make_working_copies(&sealed(place.path(), night, night), &copies, true).expect("copied");
        assert!(night("first").kept.is_empty());
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\nfirst\n");
        std::fs::write(copies.join("deficiencies.csv"), "deficiencies.csv\nfirst, done\n").expect("edited");
        for later in ["second", "third"] {
            let kept = night(later).kept;
            assert_eq!(kept.len(), 1, "{kept:?}");
            assert_eq!((kept[0].why, &kept[0].copy), ("edited since", &copies.join("deficiencies.csv")));
            assert_eq!(kept[0].sealed, place.path().join(later).join("data/worklists/deficiencies.csv"));
            assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\nfirst, done\n");
            assert_eq!(text(&copies, "codes_to_decide.csv"), format!("codes_to_decide.csv\n{later}\n"));
        }
        std::fs::remove_file(copies.join("deficiencies.csv")).expect("removed");
        assert!(night("fourth").kept.is_empty());
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\nfourth\n");
    }

    #[test]
    fn a_run_for_an_earlier_day_leaves_the_copies_of_a_later_one() {
        let place = tempfile::tempdir().expect("a folder");
        let copies = place.path().join("worklists");
        let night = |name: &str, text: &str| {
            make_working_copies(&sealed(place.path(), name, text), &copies, true).expect("copied")
        };
        night("n-as-of-2026-10-07", "seventh");
        // The eighth has the same lists; from then on they are its own.
        night("n-as-of-2026-10-08", "seventh");
        std::fs::write(copies.join("codes_to_decide.csv"), "edited").expect("edited");
        let earlier = night("n-as-of-2026-10-07-2", "seventh once more");
        assert_eq!(earlier.newer, Day::from_ymd(2026, 10, 8));
        assert!(earlier.kept.is_empty() && !earlier.not_refreshed);
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\nseventh\n");
        assert!(earlier.words()[1].contains("worklists stay as they are: those of 2026-10-08 are newer"));
        // The same day once more, and a later one, are no earlier day.
        let again = night("n-as-of-2026-10-08-2", "eighth");
        assert_eq!((again.newer, again.kept.len()), (None, 1));
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\neighth\n");
    }

    #[test]
    fn without_the_record_every_copy_counts_as_edited() {
        let place = tempfile::tempdir().expect("a folder");
        let copies = place.path().join("worklists");
        make_working_copies(&sealed(place.path(), "first", "1"), &copies, true).expect("copied");
        std::fs::write(copies.join(RECORD), "damaged").expect("written");
        assert_eq!(
            make_working_copies(&sealed(place.path(), "second", "2"), &copies, true).expect("copied").kept.len(),
            2
        );
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\n1\n");
    }

    #[test]
    fn a_copy_that_is_open_or_no_file_or_of_a_night_with_something_missing_is_left_alone() {
        let place = tempfile::tempdir().expect("a folder");
        let copies = place.path().join("worklists");
        make_working_copies(&sealed(place.path(), "first", "1"), &copies, true).expect("copied");
        let partial = make_working_copies(&sealed(place.path(), "second", "2"), &copies, false).expect("copied");
        assert!(partial.not_refreshed && partial.kept.is_empty());
        assert_eq!(text(&copies, "deficiencies.csv"), "deficiencies.csv\n1\n");
        std::fs::write(copies.join(".~lock.deficiencies.csv#"), "").expect("open");
        std::fs::remove_file(copies.join("codes_to_decide.csv")).expect("removed");
        std::os::unix::fs::symlink("elsewhere", copies.join("codes_to_decide.csv")).expect("linked");
        let kept = make_working_copies(&sealed(place.path(), "third", "3"), &copies, true).expect("copied").kept;
        let why: Vec<&str> = kept.iter().map(|kept| kept.why).collect();
        assert_eq!(why, ["no plain file", "open in another program"]);
        assert!(!copies.join("elsewhere").exists());
    }
}
