//! A staging folder: outputs are written beside their final place and appear there whole, by rename, or not at all.
//!
//! For an output folder `out/2026-10` the staging folder is `out/.2026-10.staging`; an earlier output that is being
//! replaced stands for a moment as `out/.2026-10.replaced`. The names are fixed, so that the next run finds and clears what
//! a killed one left:
//!
//! | found at start | what happened | what is done |
//! | --- | --- | --- |
//! | staging only, or staging beside the output | killed while writing | staging is removed |
//! | replaced and staging, no output | killed between the two renames; everything was already flushed | rolled forward: staging becomes the output |
//! | replaced only | the output was moved aside and lost its successor | rolled back: replaced becomes the output again |
//! | replaced beside the output | killed while clearing up | replaced is removed |

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{
    EntryKind, FileDigest, FileError, create_private_file, create_private_folder, folder_of, hexadecimal, list, lock,
    sync,
};

/// A folder in the making. Dropped without [`Staging::publish`] it vanishes and the output folder is as it was.
#[derive(Debug)]
pub struct Staging {
    places: Places,
    marker: String,
    published: bool,
    /// Keeps a second run from sweeping the folder of one at work; follows the folder through its rename.
    _lock: File,
}

/// The output folder and the names that stand beside it while it is being made.
#[derive(Debug)]
struct Places {
    output: PathBuf,
    staging: PathBuf,
    replaced: PathBuf,
    scratch: PathBuf,
}

impl Places {
    fn of(output: &Path) -> Result<Places, FileError> {
        let name = output
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "an output folder needs a name"))
            .map_err(FileError::write(output))?;
        let beside = |suffix: &str| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(suffix);
            folder_of(output).join(hidden)
        };
        Ok(Places {
            output: output.to_owned(),
            staging: beside(".staging"),
            replaced: beside(".replaced"),
            scratch: beside(".scratch"),
        })
    }
}

impl Staging {
    /// Recovers from an earlier run's end (see the module's table) and makes a new, empty staging folder.
    ///
    /// An existing output folder is replaced at publication only if it is empty or holds the file `marker`, the sign that
    /// this program wrote it.
    ///
    /// # Errors
    /// [`FileError::Busy`] when another run is writing the same output, [`FileError::Foreign`] when the output folder is
    /// somebody else's, [`FileError::Write`] when the place cannot be written.
    pub fn create(output: &Path, marker: &str) -> Result<Staging, FileError> {
        let places = Places::of(output)?;
        create_private_folder(folder_of(output))?;
        recover(&places)?;
        refuse_foreign(output, marker)?;
        create_private_folder(&places.staging)?;
        let lock = File::open(&places.staging).map_err(FileError::write(&places.staging))?;
        lock::take(&lock, output)?;
        Ok(Staging { places, marker: marker.to_owned(), published: false, _lock: lock })
    }

    /// The staging folder, on the same file system as the output folder.
    pub fn folder(&self) -> &Path {
        &self.places.staging
    }

    /// A private folder for spilled intermediate data, never published, removed with the staging folder.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn scratch(&self) -> Result<&Path, FileError> {
        create_private_folder(&self.places.scratch)?;
        Ok(&self.places.scratch)
    }

    /// Opens a new file at a path relative to the staging folder, with the folders it needs.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn file(&self, relative: &str) -> Result<StagedFile, FileError> {
        let path = self.places.staging.join(relative);
        create_private_folder(folder_of(&path))?;
        let hashing = Hashing { file: create_private_file(&path)?, sha256: Sha256::new(), bytes: 0 };
        Ok(StagedFile { writer: BufWriter::with_capacity(1 << 16, hashing), path })
    }

    /// Writes a whole file at a path relative to the staging folder.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<FileDigest, FileError> {
        let mut file = self.file(relative)?;
        file.write_all(bytes).map_err(FileError::write(&file.path))?;
        file.finish()
    }

    /// Opens a new file for a writer that seeks, which therefore cannot be hashed on the way.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn seekable(&self, relative: &str) -> Result<impl Write + Seek + Send + use<>, FileError> {
        let path = self.places.staging.join(relative);
        create_private_folder(folder_of(&path))?;
        create_private_file(&path)
    }

    /// Makes the staging folder the output folder: everything is flushed to disk, an earlier output moves aside, the
    /// staging folder takes its name, the earlier output is removed. At no moment does the name carry half an output.
    ///
    /// # Errors
    /// [`FileError::Write`]; the earlier output then still stands, or is restored by the next run.
    pub fn publish(mut self) -> Result<PathBuf, FileError> {
        let places = &self.places;
        refuse_foreign(&places.output, &self.marker)?;
        sync_tree(&places.staging)?;
        let parent = folder_of(&places.output);
        sync(parent)?;
        let replaces = places.output.symlink_metadata().is_ok();
        if replaces {
            rename(&places.output, &places.replaced)?;
        }
        if let Err(error) = rename(&places.staging, &places.output) {
            if replaces {
                rename(&places.replaced, &places.output)?;
            }
            return Err(error);
        }
        self.published = true;
        sync(parent)?;
        remove(&self.places.replaced)?;
        remove(&self.places.scratch)?;
        Ok(self.places.output.clone())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.published {
            // A failure here is not worth more than the error that led to it; the next run sweeps what is left.
            let _ = remove(&self.places.staging);
            let _ = remove(&self.places.scratch);
        }
    }
}

/// A new file in a staging folder, hashed and counted while it is written.
#[derive(Debug)]
pub struct StagedFile {
    writer: BufWriter<Hashing>,
    path: PathBuf,
}

#[derive(Debug)]
struct Hashing {
    file: File,
    sha256: Sha256,
    bytes: u64,
}

impl StagedFile {
    /// Where the file lies now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ends the file, flushes it to disk and gives its length and SHA-256.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn finish(self) -> Result<FileDigest, FileError> {
        let StagedFile { writer, path } = self;
        let hashing = writer.into_inner().map_err(|error| FileError::write(&path)(error.into_error()))?;
        hashing.file.sync_all().map_err(FileError::write(&path))?;
        Ok(FileDigest { bytes: hashing.bytes, sha256: hexadecimal(&hashing.sha256.finalize()) })
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.sha256.update(&bytes[..length]);
        self.bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Brings an output folder and what stands beside it into a settled state, without starting a new output.
///
/// # Errors
/// [`FileError::Busy`] when a run is at work on it, [`FileError::Write`].
pub fn settle(output: &Path) -> Result<(), FileError> {
    recover(&Places::of(output)?)
}

fn recover(places: &Places) -> Result<(), FileError> {
    let stands = |path: &Path| path.symlink_metadata().is_ok();
    let staging_stands = stands(&places.staging);
    if staging_stands {
        let folder = File::open(&places.staging).map_err(FileError::write(&places.staging))?;
        lock::take(&folder, &places.output)?;
    }
    if stands(&places.replaced) && !stands(&places.output) {
        let successor = if staging_stands { &places.staging } else { &places.replaced };
        rename(successor, &places.output)?;
        sync(folder_of(&places.output))?;
    }
    remove(&places.replaced)?;
    remove(&places.staging)?;
    remove(&places.scratch)
}

fn refuse_foreign(output: &Path, marker: &str) -> Result<(), FileError> {
    let foreign = || Err(FileError::Foreign { path: output.to_owned() });
    match std::fs::read_dir(output) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => foreign(),
        Err(error) => Err(FileError::read(output)(error)),
        Ok(_) if output.join(marker).is_file() => Ok(()),
        Ok(mut content) => content.next().map_or(Ok(()), |_| foreign()),
    }
}

fn sync_tree(folder: &Path) -> Result<(), FileError> {
    for entry in list(folder)? {
        if matches!(entry.kind, EntryKind::File(_) | EntryKind::Folder) {
            sync(&folder.join(entry.path))?;
        }
    }
    sync(folder)
}

fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    std::fs::rename(from, to).map_err(FileError::write(to))
}

fn remove(path: &Path) -> Result<(), FileError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FileError::write(path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::*;

    const MARKER: &str = "bagit.txt";

    fn content(folder: &Path) -> Vec<(String, String)> {
        list(folder)
            .expect("the folder can be listed")
            .into_iter()
            .filter(|entry| matches!(entry.kind, EntryKind::File(_)))
            .map(|entry| {
                let text = std::fs::read_to_string(folder.join(&entry.path)).expect("the file can be read");
                (entry.path.to_string_lossy().into_owned(), text)
            })
            .collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder can be listed")
            .map(|entry| entry.expect("the entry can be read").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn fill(folder: &Path, text: &str) {
        std::fs::create_dir_all(folder.join("data")).unwrap();
        std::fs::write(folder.join(MARKER), text).unwrap();
        std::fs::write(folder.join("data/findings.csv"), text).unwrap();
    }

    #[test]
    fn an_output_appears_whole_and_nothing_else_stays() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("2026-10");
        let staging = Staging::create(&output, MARKER).unwrap();
        let digest = staging.write("data/worklists/coders.csv", b"abc").unwrap();
        assert_eq!(digest.bytes, 3);
        assert_eq!(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        std::fs::write(staging.scratch().unwrap().join("run-1"), "spill").unwrap();
        assert!(!output.exists());
        staging.publish().unwrap();
        assert_eq!(names(place.path()), ["2026-10"]);
        assert_eq!(content(&output), [("data/worklists/coders.csv".into(), "abc".into())]);
    }

    #[test]
    fn an_abandoned_output_leaves_the_earlier_one_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("out");
        fill(&output, "earlier");
        let staging = Staging::create(&output, MARKER).unwrap();
        staging.write("data/findings.csv", b"half").unwrap();
        drop(staging);
        assert_eq!(names(place.path()), ["out"]);
        assert!(content(&output).iter().all(|(_, text)| text == "earlier"));
    }

    #[test]
    fn a_later_output_replaces_an_earlier_one_entirely() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("out");
        fill(&output, "earlier");
        let staging = Staging::create(&output, MARKER).unwrap();
        staging.write(MARKER, b"later").unwrap();
        staging.publish().unwrap();
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(content(&output), [(MARKER.into(), "later".into())]);
    }

    #[test]
    fn a_folder_of_somebody_else_is_never_replaced() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("home");
        std::fs::create_dir(&output).unwrap();
        drop(Staging::create(&output, MARKER).unwrap());
        std::fs::write(output.join("letter.txt"), "dear").unwrap();
        assert!(matches!(Staging::create(&output, MARKER), Err(FileError::Foreign { .. })));
        let file = place.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(matches!(Staging::create(&file, MARKER), Err(FileError::Foreign { .. })));
        assert_eq!(names(place.path()), ["file", "home"]);
    }

    #[test]
    fn two_runs_never_write_the_same_output_at_once() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("out");
        let first = Staging::create(&output, MARKER).unwrap();
        first.write(MARKER, b"first").unwrap();
        assert!(matches!(Staging::create(&output, MARKER), Err(FileError::Busy { .. })));
        first.publish().unwrap();
        assert_eq!(content(&output), [(MARKER.into(), "first".into())]);
    }

    /// Every state a killed run can leave, built by hand: which of output, staging and replaced stand, and what the output
    /// must hold after the next start.
    #[test]
    fn a_run_killed_at_any_point_leaves_a_whole_output_or_none() {
        let kill_points: [(&str, bool, bool, bool, Option<&str>); 7] = [
            ("before anything", true, false, false, Some("output")),
            ("while writing a first output", false, true, false, None),
            ("while writing a later output", true, true, false, Some("output")),
            ("between the renames", false, true, true, Some("staging")),
            ("after the renames", true, false, true, Some("output")),
            ("the staging folder was removed by hand", false, false, true, Some("replaced")),
            ("all three, which no kill can leave", true, true, true, Some("output")),
        ];
        for (point, output_stands, staging_stands, replaced_stands, expected) in kill_points {
            let place = tempfile::tempdir().unwrap();
            let output = place.path().join("out");
            let states = [("out", output_stands), (".out.staging", staging_stands), (".out.replaced", replaced_stands)];
            for ((name, stands), text) in states.into_iter().zip(["output", "staging", "replaced"]) {
                if stands {
                    fill(&place.path().join(name), text);
                }
            }
            fill(&place.path().join(".out.scratch"), "spill");
            settle(&output).unwrap();
            let found = names(place.path());
            match expected {
                None => assert!(found.is_empty(), "{point}: {found:?}"),
                Some(text) => {
                    assert_eq!(found, ["out"], "{point}");
                    assert!(content(&output).iter().all(|(_, found)| found == text), "{point}");
                }
            }
        }
    }

    /// Runs itself again under several umasks, because a umask belongs to the whole process.
    #[test]
    fn outputs_are_private_whatever_the_umask() {
        const PLACE: &str = "CHARTROOM_TEST_UMASK_PLACE";
        if let Some(place) = std::env::var_os(PLACE) {
            let staging = Staging::create(&Path::new(&place).join("new/out"), MARKER).unwrap();
            staging.write("data/a/b.csv", b"x").unwrap();
            staging.seekable("data/c.xlsx").unwrap().write_all(b"x").unwrap();
            super::super::write_atomic(&staging.folder().join("data/d.json"), b"x").unwrap();
            staging.publish().unwrap();
            return;
        }
        for umask in ["000", "022", "077", "0777"] {
            let place = tempfile::tempdir().unwrap();
            let status = Command::new("sh")
                .args(["-c", &format!("umask {umask}; exec \"$0\" outputs_are_private_whatever_the_umask")])
                .arg(std::env::current_exe().unwrap())
                .env(PLACE, place.path())
                .output()
                .unwrap();
            assert!(status.status.success(), "umask {umask}: {}", String::from_utf8_lossy(&status.stdout));
            let entries = list(place.path()).unwrap();
            assert_eq!(entries.len(), 7, "umask {umask}: {entries:?}");
            for entry in entries {
                let mode = place.path().join(&entry.path).metadata().unwrap().permissions().mode() & 0o777;
                let expected = if entry.kind == EntryKind::Folder { 0o700 } else { 0o600 };
                assert_eq!(mode, expected, "umask {umask}: {}", entry.path.display());
            }
        }
    }
}
