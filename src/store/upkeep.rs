//! What is done with a state folder beside the runs: it is looked through, copied, put back, and written out for people.

use std::path::{Path, PathBuf};

use super::{
    audit_log::{AuditHead, Deed},
    catalogue::{CATALOGUE, Catalogue, OF_EDITION, UNFINISHED},
    content::{Content, KeptInput, OutputPlace, RememberedRun, TakenInput},
    night_files::NightFile,
    segment::{SEGMENTS, Segment},
    tracked::TrackedRow,
};
use crate::{
    book::csv::in_memory,
    fs::{
        FileError, create_private_folder, digest, entries_of, lock::Lock, path::shown, remove_file, rename, sync,
        whole_file::copy_flushed, write_new,
    },
};

/// Every name that a state folder has of its own; what else lies there is somebody's.
const OWN_NAMES: &[&str] = &[".lock", CATALOGUE, "catalogue.sqlite-journal", SEGMENTS];
/// Files of edition 0.1, which stay when they are taken over.
const NAMES_OF_0_1: &[&str] = &["inputs_taken.csv", "facility_months.csv", "manifest-sha256.txt"];

/// What is in a state folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateAccount {
    /// Runs that are remembered.
    pub runs: usize,
    /// Lines of the ledger.
    pub inputs: usize,
    /// Lines of facilities' months.
    pub months: usize,
    /// Inputs whose rows are kept.
    pub kept_inputs: usize,
    /// Rows that are kept.
    pub kept_rows: u64,
    /// Size of the segments in octets.
    pub kept_octets: u64,
    /// Findings and deficiencies that are followed.
    pub followed: u64,
    /// The head of the audit log.
    pub head: AuditHead,
    /// What is wrong, in words; empty where all is well.
    pub faults: Vec<String>,
    /// What lies there and is not of the state.
    pub strangers: Vec<String>,
}

/// Looks a state folder through. Nothing is changed but that what a killed run left half is rolled back.
///
/// # Errors
/// [`FileError::Busy`] while a run is at work; the catalogue cannot be read, or is not what the last run left.
pub fn check(folder: &Path) -> Result<StateAccount, FileError> {
    let _lock = lock_of(folder)?;
    let catalogue = Catalogue::open(folder)?;
    let mut faults = catalogue.integrity()?;
    for pipeline in catalogue.content.tracked.keys() {
        faults.extend(catalogue.each_tracked(pipeline, &mut |_| {}).err().map(|error| error.to_string()));
    }
    let waiting = |run: &&RememberedRun| run.placed == OutputPlace::NotYet;
    faults.extend(catalogue.content.runs.iter().filter(waiting).map(|run| {
        format!(
            "the output of the run as of {} has not its place yet; the next run gives it its place",
            run.taker.business_date
        )
    }));
    for segment in &catalogue.content.segments {
        let path = folder.join(SEGMENTS).join(&segment.name);
        match digest(&path) {
            Ok(found) if found == segment.digest => {}
            Ok(_) => faults.push(format!("{}: it is not the segment that the catalogue names", shown(&path))),
            Err(error) => faults.push(error.to_string()),
        }
    }
    let mut strangers: Vec<String> = unnamed_segments(folder, &catalogue.content)?;
    strangers.retain(|name| !name.starts_with(&format!("{SEGMENTS}/{SET_ASIDE}")));
    for entry in entries_of(folder).map_err(FileError::read(folder))? {
        let name = entry.map_err(FileError::read(folder))?.file_name().to_string_lossy().into_owned();
        if !OWN_NAMES.contains(&name.as_str())
            && !NAMES_OF_0_1.contains(&name.as_str())
            && !name.starts_with(BEFORE_RESTORE)
            && !name.starts_with(OF_EDITION)
        {
            strangers.push(name);
        }
    }
    strangers.sort();
    let Content { runs, taken, months, inputs, segments, tracked, .. } = &catalogue.content;
    Ok(StateAccount {
        followed: tracked.values().map(|sum| sum.rows).sum(),
        runs: runs.len(),
        inputs: taken.len(),
        months: months.values().map(Vec::len).sum(),
        kept_inputs: inputs.len(),
        kept_rows: segments.iter().map(|segment| segment.rows).sum(),
        kept_octets: segments.iter().map(|segment| segment.digest.bytes).sum(),
        head: catalogue.head().clone(),
        faults,
        strangers,
    })
}

/// Copies a state folder, as it is between two runs, into a folder that is not there yet or is empty. Gives the head of its audit log.
///
/// # Errors
/// [`FileError::Busy`] while a run is at work; [`FileError::Foreign`] where something lies in the folder; [`FileError::Write`].
pub fn backup(folder: &Path, to: &Path) -> Result<AuditHead, FileError> {
    let _lock = lock_of(folder)?;
    let catalogue = Catalogue::open(folder)?;
    empty_folder(to)?;
    copy_segments(&catalogue.content, folder, to)?;
    catalogue.copy_to(&to.join(CATALOGUE))?;
    sync(to)?;
    // What was written is what will be put back one day: it is read before that day.
    Catalogue::look(to).map(|copy| copy.head().clone())
}

/// Begin of the name under which the catalogue stays that was there before another was put back.
const BEFORE_RESTORE: &str = "catalogue-before-restore-";

/// Begin of the name of a segment that was there before another state was put back.
const SET_ASIDE: &str = "before-restore-";

/// What a restore came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the catalogue is that was there before.
    pub aside: Option<PathBuf>,
    /// The head of the audit log.
    pub head: AuditHead,
    /// Business date of the newest run that is remembered now; empty where there is none.
    pub newest: String,
    /// Files whose rows were kept since: they have to come once more.
    pub files_since: Vec<String>,
    /// Periods that were closed since, each with its pipeline: they are closed no more.
    pub closed_since: Vec<String>,
}

/// Puts a backup into the place of what a state folder remembers. The catalogue that was there stays under another name.
///
/// # Errors
/// [`FileError::Busy`] while a run is at work; the backup cannot be read or is not what was written; [`FileError::Write`].
pub fn restore(folder: &Path, from: &Path) -> Result<Restored, FileError> {
    let backup = Catalogue::look(from)?;
    if backup.is_new() {
        return Err(FileError::read(&from.join(CATALOGUE))(rustix::io::Errno::NOENT.into()));
    }
    create_private_folder(folder)?;
    let _lock = Lock::acquire(folder)?;
    let path = folder.join(CATALOGUE);
    let (mut aside, mut files_since, mut closed_since) = (None, Vec::new(), Vec::new());
    if path.symlink_metadata().is_ok() {
        // Its journal, if a run was killed, belongs to it alone, and must be gone before another catalogue has its name: it is rolled back. Where that
        // cannot be done it moves as it is.
        if let Ok(before) = Catalogue::open(folder) {
            let is_since = |input: &&KeptInput| !backup.content.inputs.contains(input);
            files_since = before.content.inputs.iter().filter(is_since).map(|input| input.path.clone()).collect();
            let closed = before.content.closed.keys().filter(|key| !backup.content.closed.contains_key(*key));
            closed_since = closed.map(|(pipeline, period)| format!("{period} of {pipeline}")).collect();
            files_since.sort();
            files_since.dedup();
        }
        let name = (1..).map(|number| folder.join(format!("{BEFORE_RESTORE}{number}.sqlite")));
        let name = name.into_iter().find(|name| name.symlink_metadata().is_err());
        if let Some(name) = &name {
            // At every instant one of the two catalogues has the name.
            crate::fs::give_second_name(&path, name)?;
            let journal = folder.join(format!("{CATALOGUE}-journal"));
            if journal.symlink_metadata().is_ok() {
                rename(&journal, &name.with_extension("sqlite-journal"))?;
            }
            sync(folder)?;
        }
        aside = name;
    }
    // What later nights took is remembered no more; it stays under other names, which no run sweeps.
    for unnamed in unnamed_segments(folder, &backup.content)? {
        let path = folder.join(&unnamed);
        let name = crate::fs::path::file_name(&path);
        if !name.starts_with(SET_ASIDE) {
            rename(&path, &free_name(&folder.join(SEGMENTS), &name))?;
        }
    }
    copy_segments(&backup.content, from, folder)?;
    let fresh = folder.join(UNFINISHED);
    remove_file(&fresh)?;
    backup.copy_to(&fresh)?;
    rename(&fresh, &path)?;
    sync(folder)?;
    let mut catalogue = Catalogue::open(folder)?;
    let content = catalogue.content.clone();
    catalogue.commit(content, Deed { kind: "restore".to_owned(), ..Deed::default() })?;
    let newest = catalogue.content.runs.iter().map(|run| run.taker.business_date.clone()).max().unwrap_or_default();
    Ok(Restored { aside, head: catalogue.head().clone(), newest, files_since, closed_since })
}

/// Copies the segments that a catalogue names from one state folder into another, and reads each copy. What stands there under the name of one is that segment, or is
/// refused.
fn copy_segments(content: &Content, from: &Path, to: &Path) -> Result<(), FileError> {
    if content.segments.is_empty() {
        return Ok(());
    }
    let folder = to.join(SEGMENTS);
    create_private_folder(&folder)?;
    for segment in &content.segments {
        let (source, path) = (from.join(SEGMENTS).join(&segment.name), folder.join(&segment.name));
        if path.symlink_metadata().is_ok() {
            match digest(&path)? == segment.digest {
                true => continue,
                // A segment of a later night than the backup, which is remembered no more. It stays under another name.
                false => rename(&path, &free_name(&folder, &segment.name))?,
            }
        }
        copy_flushed(&source, &path)?;
        if digest(&path)? != segment.digest {
            return Err(super::fault::damaged(&source, "it is not the segment that the catalogue names"));
        }
    }
    sync(&folder)
}

/// A name for a file that is set aside: `000007.parquet` is `before-restore-1-000007.parquet`.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let names = (1..u32::MAX).map(|number| folder.join(format!("{SET_ASIDE}{number}-{name}")));
    let free = names.into_iter().find(|path| path.symlink_metadata().is_err());
    free.unwrap_or_else(|| folder.join(name))
}

/// The segments that are gone, or have not the size that the catalogue says. What they hold is compared when they are read.
pub fn faults_of_segments(folder: &Path, content: &Content) -> Vec<FileError> {
    content.segments.iter().filter_map(|segment| fault_of_segment(folder, segment)).collect()
}

/// The same of one segment.
pub fn fault_of_segment(folder: &Path, segment: &Segment) -> Option<FileError> {
    let path = folder.join(SEGMENTS).join(&segment.name);
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() && metadata.len() == segment.digest.bytes => None,
        Ok(_) => Some(super::fault::damaged(&path, "it is not the segment that the catalogue names")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Some(super::fault::damaged(&path, "the catalogue names it, and it is gone"))
        }
        Err(error) => Some(FileError::read(&path)(error)),
    }
}

/// The names below `segments` that the catalogue does not name, as seen from the state folder.
fn unnamed_segments(folder: &Path, content: &Content) -> Result<Vec<String>, FileError> {
    let folder = folder.join(SEGMENTS);
    let entries = match entries_of(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::read(&folder))?,
    };
    let mut unnamed = Vec::new();
    for entry in entries {
        let name = entry.map_err(FileError::read(&folder))?.file_name().to_string_lossy().into_owned();
        if !content.segments.iter().any(|segment| segment.name == name) {
            unnamed.push(format!("{SEGMENTS}/{name}"));
        }
    }
    unnamed.sort();
    Ok(unnamed)
}

/// Removes the segments that no catalogue names and that a run would have written: those of runs that were killed. Gives their names.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Write`].
pub fn sweep_segments(folder: &Path, content: &Content) -> Result<Vec<String>, FileError> {
    let mut swept = unnamed_segments(folder, content)?;
    let is_of_a_run = |name: &str| {
        let name = name.strip_prefix(SEGMENTS).and_then(|name| name.strip_prefix('/')).unwrap_or_default();
        let mut endings = NightFile::ALL.iter().map(|kind| kind.ending()).chain([".parquet"]);
        let number = endings.find_map(|ending| name.strip_suffix(ending));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        number.is_some_and(|number| match number.split_once('-') {
            None => number.len() >= 6 && is_number(number),
            Some((number, joined)) => number.len() >= 6 && is_number(number) && is_number(joined),
        })
    };
    swept.retain(|name| is_of_a_run(name));
    swept.iter().try_for_each(|name| remove_file(&folder.join(name)))?;
    Ok(swept)
}

/// Removes what runs that were killed left in a state folder, as a run does when it begins. Gives the names.
///
/// # Errors
/// [`FileError::Busy`] while a run is at work; the catalogue cannot be read; [`FileError::Write`].
pub fn sweep(folder: &Path) -> Result<Vec<String>, FileError> {
    let _lock = lock_of(folder)?;
    let catalogue = Catalogue::open(folder)?;
    sweep_segments(folder, &catalogue.content)
}

/// A table as it is written out: its name, headings and lines.
type ExportedTable<'t> = (&'static str, &'t [&'t str], Vec<Vec<String>>);

/// Writes what is remembered as comma-separated values into a folder that is not there yet or is empty: `runs.csv`, `inputs_taken.csv`, `facility_months.csv`,
/// `inputs_kept.csv`, `findings_followed.csv`, `clinicians.csv`, `audit_log.csv`. Gives the rows of each.
///
/// # Errors
/// [`FileError::Busy`], [`FileError::Foreign`], [`FileError::Write`]; the catalogue cannot be read.
pub fn export(folder: &Path, to: &Path) -> Result<Vec<(&'static str, usize)>, FileError> {
    let _lock = lock_of(folder)?;
    let catalogue = Catalogue::open(folder)?;
    empty_folder(to)?;
    let Content { runs, taken, months, inputs, .. } = &catalogue.content;
    let runs = runs.iter().map(|run| {
        let output = catalogue.output_of(run);
        let placed = match run.placed {
            OutputPlace::NotYet => "not yet at its place",
            OutputPlace::AtItsPlace => "at its place",
            OutputPlace::Gone => "taken away",
        };
        let RememberedRun { sequence, run_id, taker, .. } = run;
        let place = output.place.join(&output.name).to_string_lossy().into_owned();
        vec![
            sequence.to_string(),
            run_id.clone(),
            taker.pipeline.clone(),
            taker.period.clone(),
            taker.business_date.clone(),
            place,
            output.seal_sha256,
            placed.to_owned(),
        ]
    });
    let taken = taken.iter().map(|line| {
        let TakenInput { feed, sha256, part, file, run_id, taker, sequence } = line.clone();
        vec![feed, sha256, part, file, run_id, taker.pipeline, taker.period, taker.business_date, sequence.to_string()]
    });
    let months = months.iter().flat_map(|(pipeline, lines)| {
        lines.iter().map(|line| std::iter::once(pipeline.clone()).chain(line.iter().cloned()).collect::<Vec<_>>())
    });
    let kept = inputs.iter().enumerate().map(|(number, input)| {
        let KeptInput { pipeline, sequence, file_sha256, path, account } = input;
        vec![
            number.to_string(),
            pipeline.clone(),
            sequence.to_string(),
            account.feed.clone(),
            path.clone(),
            account.part.clone(),
            file_sha256.clone(),
            account.read.to_string(),
            account.quarantined.to_string(),
        ]
    });
    let mut followed = Vec::new();
    for pipeline in catalogue.content.tracked.keys() {
        catalogue.each_tracked(pipeline, &mut |row| {
            let TrackedRow { key, of, code, facility_id, record, field, value: _, events } = row;
            let cells = [&key.to_string(), of.name(), &code, &facility_id, &record, &field, &events.to_string()];
            followed.push(std::iter::once(pipeline.as_str()).chain(cells).map(str::to_owned).collect());
        })?;
    }
    let log =
        catalogue.log().iter().map(|entry| vec![entry.number.to_string(), entry.what.clone(), entry.sha256.clone()]);
    let clinicians = catalogue.content.clinicians.iter();
    let clinicians =
        clinicians.map(|((pipeline, clinician), events)| vec![pipeline.clone(), clinician.clone(), events.clone()]);
    let tables: [ExportedTable<'_>; 7] = [
        (
            "runs.csv",
            &["sequence", "run_id", "pipeline", "period", "business_date", "output", "seal_sha256", "placed"],
            runs.collect(),
        ),
        (
            "inputs_taken.csv",
            &["feed", "sha256", "part", "file", "run_id", "pipeline", "period", "business_date", "sequence"],
            taken.collect(),
        ),
        (
            "facility_months.csv",
            &["pipeline", "facility_id", "month", "measure", "of", "numerator", "denominator"],
            months.collect(),
        ),
        (
            "inputs_kept.csv",
            &["number", "pipeline", "sequence", "feed", "path", "part", "file_sha256", "rows", "quarantined"],
            kept.collect(),
        ),
        (
            "findings_followed.csv",
            &["pipeline", "finding_key", "kind", "code", "facility_id", "encounter_id", "field", "events"],
            followed,
        ),
        ("clinicians.csv", &["pipeline", "clinician", "events"], clinicians.collect()),
        ("audit_log.csv", &["number", "what", "sha256"], log.collect()),
    ];
    let mut written = Vec::new();
    for (name, headings, lines) in tables {
        let path = to.join(name);
        if !write_new(&path, &in_memory(headings.iter().copied(), &lines))? {
            return Err(FileError::Foreign { path });
        }
        written.push((name, lines.len()));
    }
    Ok(written)
}

/// The lock of a state folder that is there.
fn lock_of(folder: &Path) -> Result<Lock, FileError> {
    if !folder.is_dir() {
        return Err(FileError::read(folder)(rustix::io::Errno::NOENT.into()));
    }
    Lock::acquire(folder)
}

/// Makes a folder, or takes one that is empty.
///
/// # Errors
/// Something lies in it; [`FileError::Write`].
pub fn empty_folder(folder: &Path) -> Result<(), FileError> {
    create_private_folder(folder)?;
    match entries_of(folder).map_err(FileError::read(folder))?.next() {
        None => Ok(()),
        Some(_) => Err(FileError::Damaged {
            path: folder.to_owned(),
            line: None,
            what: "something lies in it already".to_owned(),
            to_do: "Name a new folder",
        }),
    }
}
