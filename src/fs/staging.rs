//! An output in the making: written beside its final place, where it appears whole, by one rename, or not at all.
//!
//! A run that makes `out/2026-10` works in `out/.2026-10.at-work` (see [`super::work_folder`]): the output grows in `output` there, and spilled
//! data lie in `scratch`. It is published by [`super::commit::commit`]: `output` is renamed to a name that nothing has, or it and a folder that
//! stands exchange their names, where the caller has made sure that the folder is its own and unchanged.
//!
//! What is replaced or taken away ([`Staging::retire`]) moves into the work folder by a rename and is removed from there, so that no
//! name ever carries half a folder. A run that was killed leaves its work folder; the next run, whatever it makes, sweeps it.

use std::{
    collections::BTreeMap,
    io::{self, Seek, Write},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{
    EntryKind, FileDigest, FileError, cannot_exchange, create_private_file, create_private_folder, folder_of, list,
    lock::gate,
    remove, remove_file, rename, rename_to_free_name,
    staged_file::{StagedFile, WrittenFile, WrittenFiles},
    sync, uninterrupted,
    work_folder::WorkFolder,
};

/// A folder in the making. Dropped without being published it vanishes, and what stood before stands.
#[derive(Debug)]
pub struct Staging {
    /// The folder that the output will stand in.
    place: PathBuf,
    work: WorkFolder,
    written: WrittenFiles,
}

impl Staging {
    /// Sweeps what killed runs left in the folder that the output will stand in, and makes a new, empty work folder there.
    ///
    /// # Errors
    /// [`FileError::Busy`] when another run is making an output of the same name, [`FileError::Foreign`] when something that this
    /// program did not make has the name of the work folder, [`FileError::Write`] when the place cannot be written.
    pub fn create(output: &Path) -> Result<Staging, FileError> {
        let name = output
            .file_name()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "an output folder needs a name"))
            .map_err(FileError::write(output))?;
        let place = folder_of(output).to_owned();
        let work = WorkFolder::create(&place, name, output)?;
        create_private_folder(&work.path().join("output"))?;
        Ok(Staging { place, work, written: WrittenFiles::default() })
    }

    /// The same, where files are hashed with SHA-512 as well while they are written, if that is asked for.
    #[must_use]
    pub fn with_sha512(mut self, asked: bool) -> Staging {
        self.written.with_sha512 = asked;
        self
    }

    /// The files that were written to their end, by path relative to the folder in the making.
    pub fn written(&self) -> BTreeMap<String, WrittenFile> {
        self.written.all()
    }

    /// The folder in the making, on the same file system as the output folder.
    pub fn folder(&self) -> PathBuf {
        self.work.path().join("output")
    }

    /// A private folder for spilled intermediate data, never published, removed with the work folder.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn scratch(&self) -> Result<PathBuf, FileError> {
        let scratch = self.work.path().join("scratch");
        create_private_folder(&scratch)?;
        Ok(scratch)
    }

    /// Opens a new file at a path relative to the folder in the making, with the folders it needs.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn file(&self, relative: &str) -> Result<StagedFile, FileError> {
        let path = self.folder().join(relative);
        create_private_folder(folder_of(&path))?;
        StagedFile::create(path, relative, self.written.clone())
    }

    /// Writes a whole file at a path relative to the folder in the making.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<FileDigest, FileError> {
        let mut file = self.file(relative)?;
        file.write_all(bytes).map_err(FileError::write(file.path()))?;
        file.finish()
    }

    /// Opens a new file for a writer that seeks, which therefore cannot be hashed on the way.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn seekable(&self, relative: &str) -> Result<impl Write + Seek + Send + use<>, FileError> {
        let path = self.folder().join(relative);
        create_private_folder(folder_of(&path))?;
        create_private_file(&path)
    }

    /// The folder that the output will stand in.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The work folder.
    pub(super) fn work(&self) -> &Path {
        self.work.path()
    }

    /// The name of the work folder, beside which the output will stand.
    pub(super) fn name_of_work(&self) -> String {
        super::path::file_name(self.work.path())
    }

    /// Leaves the work folder to the next run, which has to bring something to its end.
    pub(super) fn leave(&mut self) {
        self.work.leave();
    }

    /// Flushes the output to disk, and the folder that it lies in.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub(super) fn flush(&self) -> Result<(), FileError> {
        sync_tree(&self.folder())?;
        sync(self.work.path())
    }

    /// Gives the output a name beside the work folder that nothing has. Gives `false`, and changes nothing, where something has the name
    /// by now.
    ///
    /// # Errors
    /// [`FileError::Write`]; the name is then still free.
    pub(super) fn take_free_name(&self, name: &str) -> Result<bool, FileError> {
        let _gate = gate(&self.place)?;
        self.take_free_name_behind_gate(name)
    }

    /// The same, by whoever holds the gate of the place.
    pub(super) fn take_free_name_behind_gate(&self, name: &str) -> Result<bool, FileError> {
        rename_to_free_name(&self.folder(), &self.place.join(name))
    }

    /// Lets the output take the place of a folder that stands; at no moment does the name carry half an output or none. The caller has made
    /// sure that the folder may be replaced.
    ///
    /// # Errors
    /// [`FileError::Write`]; the folder then still stands, or the next run puts the whole output in its place.
    pub(super) fn take_place_of(&mut self, name: &str) -> Result<(), FileError> {
        let _gate = gate(&self.place)?;
        self.take_place_of_behind_gate(name)
    }

    /// The same, by whoever holds the gate of the place.
    pub(super) fn take_place_of_behind_gate(&mut self, name: &str) -> Result<(), FileError> {
        exchange(self.work.path(), &self.place, name).inspect_err(|_| {
            // Neither folder could have the name: the next run gives it to the new one.
            if self.place.join(name).symlink_metadata().is_err() {
                self.work.leave();
            }
        })
    }

    /// Takes a folder away that stands beside the work folder. The caller has made sure that it may go.
    ///
    /// # Errors
    /// [`FileError::Write`]; the folder then still stands whole, or the next run removes the rest.
    pub fn retire(&self, name: &str) -> Result<(), FileError> {
        self.prepare_removal()?;
        let aside = self.work.path().join("removed").join(name);
        rename(&self.place.join(name), &aside)?;
        sync(&self.place)?;
        remove(&aside)
    }

    /// Makes room for folders that will be [taken away](Staging::retire).
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn prepare_removal(&self) -> Result<(), FileError> {
        create_private_folder(&self.work.path().join("removed"))
    }

    /// Makes a symbolic link that names `target`, to stand beside the work folder in place of the link that is there. It has not its name yet.
    ///
    /// # Errors
    /// [`FileError::Foreign`] where something that is no link has the name, [`FileError::Write`].
    pub fn prepare_link(&self, link: &str, target: &str) -> Result<(), FileError> {
        let path = self.place.join(link);
        refuse_what_is_no_link(&path)?;
        let fresh = self.fresh_link();
        remove_file(&fresh)?;
        uninterrupted(|| symlink(target, &fresh)).map_err(FileError::write(&path))
    }

    /// Gives the link that was prepared its name; it appears by a rename.
    ///
    /// # Errors
    /// As [`Staging::prepare_link`].
    pub fn put_link(&self, link: &str) -> Result<(), FileError> {
        let path = self.place.join(link);
        let _gate = gate(&self.place)?;
        refuse_what_is_no_link(&path)?;
        rename(&self.fresh_link(), &path)?;
        sync(&self.place)
    }

    fn fresh_link(&self) -> PathBuf {
        self.work.path().join("link")
    }
}

/// Lets the output of a work folder and a folder that stands beside it exchange their names. The gate of the place is held.
///
/// # Errors
/// [`FileError::Write`]; the folder then still stands, or it lies in the work folder and [`recover`] puts the output in its place.
pub(super) fn exchange(work: &Path, place: &Path, name: &str) -> Result<(), FileError> {
    let (fresh, output) = (work.join("output"), place.join(name));
    match uninterrupted(|| Ok(renameat_with(CWD, &fresh, CWD, &output, RenameFlags::EXCHANGE)?)) {
        Ok(()) => Ok(()),
        Err(error) if cannot_exchange(&error) => {
            // The file system cannot exchange: for a moment the name is free, and a run that dies then is rolled forward.
            let aside = work.join("replaced");
            create_private_folder(&aside)?;
            sync(work)?;
            rename(&output, &aside.join(name))?;
            rename(&fresh, &output).inspect_err(|_| {
                let _ = rename(&aside.join(name), &output);
            })
        }
        Err(error) => Err(FileError::write(&output)(error)),
    }
}

fn refuse_what_is_no_link(path: &Path) -> Result<(), FileError> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_symlink() => Err(FileError::Foreign { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Puts right what a run left that was killed while it replaced a folder on a file system that cannot exchange two names:
///
/// | found | what happened | what is done |
/// | --- | --- | --- |
/// | the old folder aside, its name free, the new output there | killed between the two renames; everything was flushed before | rolled forward: the new output takes the name |
/// | the old folder aside, its name free, no new output | the new one was taken away by hand | rolled back |
/// | the old folder aside, its name taken | killed while clearing up | nothing: the old one goes with the work folder |
pub(super) fn recover(place: &Path, work: &Path) -> Result<(), FileError> {
    let aside = work.join("replaced");
    // A link was not made by a run, and leads to folders of others.
    let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    if !is_folder(&aside) {
        return Ok(());
    }
    let entries = match super::entries_of(&aside) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(FileError::read(&aside)(error)),
    };
    for entry in entries {
        let name = entry.map_err(FileError::read(&aside))?.file_name();
        let output = place.join(&name);
        if output.symlink_metadata().is_ok() {
            continue;
        }
        let fresh = work.join("output");
        let successor = if is_folder(&fresh) { fresh } else { aside.join(&name) };
        rename(&successor, &output)?;
        sync(place)?;
    }
    Ok(())
}

fn sync_tree(folder: &Path) -> Result<(), FileError> {
    for entry in list(folder)? {
        if matches!(entry.kind, EntryKind::File(_) | EntryKind::Folder) {
            sync(&folder.join(entry.path))?;
        }
    }
    sync(folder)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    use super::super::{
        commit::{Committed, Way, commit},
        lock,
        work_folder::{MARK, path_of, settle},
    };
    use super::*;

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
        std::fs::write(folder.join("bagit.txt"), text).unwrap();
        std::fs::write(folder.join("data/findings.csv"), text).unwrap();
    }

    /// A work folder as a killed run leaves it.
    fn killed(place: &Path, name: &str) -> PathBuf {
        let work = path_of(place, OsStr::new(name));
        std::fs::create_dir(&work).unwrap();
        std::fs::write(work.join(lock::WORK_LOCK), MARK).unwrap();
        work
    }

    fn published(staging: &mut Staging, name: &str) -> bool {
        matches!(commit(staging, (name, Way::FreeName), "bagit.txt", None, &|| {}).unwrap(), Committed::Published(None))
    }

    #[test]
    fn an_output_appears_whole_and_nothing_else_stays() {
        let place = tempfile::tempdir().unwrap();
        let mut staging = Staging::create(&place.path().join("2026-10")).unwrap();
        let digest = staging.write("data/worklists/coders.csv", b"abc").unwrap();
        assert_eq!(digest.bytes, 3);
        assert_eq!(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        std::fs::write(staging.scratch().unwrap().join("run-1"), "spill").unwrap();
        assert_eq!(names(place.path()), [".2026-10.at-work"]);
        assert!(published(&mut staging, "2026-10"));
        drop(staging);
        assert_eq!(names(place.path()), ["2026-10"]);
        assert_eq!(content(&place.path().join("2026-10")), [("data/worklists/coders.csv".into(), "abc".into())]);
    }

    #[test]
    fn a_name_that_something_has_is_never_taken_whatever_it_is() {
        let place = tempfile::tempdir().unwrap();
        let at = |name: &str| place.path().join(name);
        std::fs::create_dir(at("empty")).unwrap();
        std::fs::write(at("file"), "a letter").unwrap();
        symlink("nowhere", at("link")).unwrap();
        fill(&at("folder"), "earlier");
        let mut staging = Staging::create(&at("new")).unwrap();
        staging.write("bagit.txt", b"later").unwrap();
        for name in ["empty", "file", "link", "folder"] {
            assert!(!published(&mut staging, name), "{name}");
        }
        assert!(published(&mut staging, "new"));
        drop(staging);
        assert_eq!(names(place.path()), ["empty", "file", "folder", "link", "new"]);
        assert!(content(&at("folder")).iter().all(|(_, text)| text == "earlier"));
        assert_eq!(std::fs::read_to_string(at("file")).unwrap(), "a letter");
    }

    #[test]
    fn an_abandoned_output_leaves_the_earlier_one_as_it_was() {
        let place = tempfile::tempdir().unwrap();
        let output = place.path().join("out");
        fill(&output, "earlier");
        let staging = Staging::create(&output).unwrap();
        staging.write("data/findings.csv", b"half").unwrap();
        drop(staging);
        assert_eq!(names(place.path()), ["out"]);
        assert!(content(&output).iter().all(|(_, text)| text == "earlier"));
    }

    #[test]
    fn a_replaced_output_is_replaced_entirely_and_a_retired_one_is_gone() {
        let place = tempfile::tempdir().unwrap();
        fill(&place.path().join("out"), "earlier");
        fill(&place.path().join("old"), "older");
        let mut staging = Staging::create(&place.path().join("out")).unwrap();
        staging.write("bagit.txt", b"later").unwrap();
        assert!(matches!(
            commit(&mut staging, ("out", Way::Replacing), "bagit.txt", None, &|| {}),
            Ok(Committed::Published(None))
        ));
        staging.retire("old").unwrap();
        drop(staging);
        assert_eq!(names(place.path()), ["out"]);
        assert_eq!(content(&place.path().join("out")), [("bagit.txt".into(), "later".into())]);
    }

    #[test]
    fn a_link_is_moved_on_and_anything_else_of_its_name_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let staging = Staging::create(&place.path().join("out")).unwrap();
        for target in ["one", "two"] {
            staging.prepare_link("latest", target).unwrap();
            assert!(std::fs::read_link(place.path().join("latest")).ok().as_deref() != Some(Path::new(target)));
            staging.put_link("latest").unwrap();
            assert_eq!(std::fs::read_link(place.path().join("latest")).unwrap(), Path::new(target));
        }
        fill(&place.path().join("folder"), "somebody's");
        assert!(matches!(staging.prepare_link("folder", "two"), Err(FileError::Foreign { .. })));
        assert_eq!(content(&place.path().join("folder")).len(), 2);
    }

    #[test]
    fn two_runs_never_make_an_output_of_one_name_at_once_and_runs_of_two_names_may() {
        let place = tempfile::tempdir().unwrap();
        let mut first = Staging::create(&place.path().join("out")).unwrap();
        assert!(matches!(Staging::create(&place.path().join("out")), Err(FileError::Busy { .. })));
        let other = Staging::create(&place.path().join("other")).unwrap();
        first.write("bagit.txt", b"first").unwrap();
        assert!(published(&mut first, "out"));
        drop((first, other));
        assert_eq!(content(&place.path().join("out")), [("bagit.txt".into(), "first".into())]);
    }

    #[test]
    fn what_a_killed_run_of_another_day_left_is_swept_and_what_is_not_provably_ours_is_not() {
        let place = tempfile::tempdir().unwrap();
        let work = killed(place.path(), "nightly-as-of-2026-10-05");
        fill(&work.join("output"), "a patient");
        fill(&work.join("removed/older"), "a patient");
        let somebody = place.path().join(".notes.at-work");
        fill(&somebody, "not ours");
        std::fs::write(somebody.join(lock::WORK_LOCK), "mine").unwrap();
        drop(Staging::create(&place.path().join("nightly-as-of-2026-10-06")).unwrap());
        assert_eq!(names(place.path()), [".notes.at-work"]);
        assert_eq!(content(&somebody).len(), 3);
        assert!(matches!(Staging::create(&place.path().join("notes")), Err(FileError::Foreign { .. })));
    }

    /// Every state that a run killed while it replaces a folder can leave where names cannot be exchanged.
    #[test]
    fn a_run_killed_while_it_replaces_leaves_a_whole_output() {
        let kill_points: [(&str, bool, bool, bool, &str); 4] = [
            ("before the renames", true, true, false, "old"),
            ("between the renames", false, true, true, "new"),
            ("after the renames", true, false, true, "old"),
            ("the new output was removed by hand", false, false, true, "replaced"),
        ];
        for (point, output_stands, fresh_stands, aside_stands, expected) in kill_points {
            let place = tempfile::tempdir().unwrap();
            let work = killed(place.path(), "out");
            if output_stands {
                fill(&place.path().join("out"), "old");
            }
            if fresh_stands {
                fill(&work.join("output"), "new");
            }
            if aside_stands {
                fill(&work.join("replaced/out"), "replaced");
            }
            settle(place.path()).unwrap();
            assert_eq!(names(place.path()), ["out"], "{point}");
            assert!(content(&place.path().join("out")).iter().all(|(_, text)| text == expected), "{point}");
        }
    }

    /// Runs itself again under several umasks, because a umask belongs to the whole process.
    #[test]
    fn outputs_are_private_whatever_the_umask() {
        const PLACE: &str = "CHARTROOM_TEST_UMASK_PLACE";
        if let Some(place) = std::env::var_os(PLACE) {
            let mut staging = Staging::create(&Path::new(&place).join("new/out")).unwrap();
            staging.write("data/a/b.csv", b"x").unwrap();
            staging.seekable("data/c.xlsx").unwrap().write_all(b"x").unwrap();
            super::super::write_atomic(&staging.folder().join("data/d.json"), b"x").unwrap();
            assert!(published(&mut staging, "out"));
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
