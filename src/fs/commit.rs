//! The publication protocol: an output and what is remembered of it (its followers: the files of the state folder) appear together or not at all,
//! with one commit point.
//!
//! | step | what is done | killed or failed after it |
//! | --- | --- | --- |
//! | 1 | [`Followers::open`]: the work folder `.state.at-work` is made in the state folder, before anything is read | nothing published; the folder is swept |
//! | 2 | [`Followers::add`]: each follower is written and flushed there, under its final name | as 1 |
//! | 3 | the output is sealed and flushed in its own work folder ([`super::staging`]) | as 1 |
//! | 4 | the record `pending` is written there: the place that the output will have, the digest of its seal, the names and digests of the followers. It is written as `pending.new`, flushed with the names of the followers, renamed | nothing published: the output is not at its place, so the next run drops the followers |
//! | **5** | **[`at_its_place`]: the output is renamed to its place. This is the commit point** | published: the next run rolls the followers forward |
//! | 6 | the folder of the output is flushed, so that the rename lasts | as 5 |
//! | 7 | each follower is renamed over the file of its name, and the state folder is flushed | as 5: those that are no longer in the work folder have their place |
//! | 8 | `pending` is removed, then the work folder | done; what is left is swept |
//!
//! What can fail for want of room or of a right fails in steps 1 to 4, where nothing is published. What fails after step 5 is told
//! ([`Committed::Published`]), and the next run on the same state, whatever it makes, makes it good: [`recover`]. An output that lies there already,
//! to the byte, is committed by step 4: nothing is renamed in step 5. Without a state folder there are no followers, and steps 3, 5 and 6 remain.
//!
//! A store that keeps outputs otherwise than in folders replaces [`at_its_place`] and [`is_at_its_place`], and nothing else.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    FileDigest, FileError, digest, folder_of, hexadecimal,
    lock::{self, gate},
    read_if_there, remove_file, rename,
    staging::Staging,
    sync, uninterrupted,
    whole_file::write_flushed,
    work_folder::{WorkFolder, can_work, clear, hold, is_work_folder, path_of, settle},
};

/// Name of the work folder in a state folder.
const NAME: &str = "state";
/// The record of a commit that is under way.
const PENDING: &str = "pending";
/// What to do where the record cannot be followed.
const TO_DO: &str = "A run was killed while it published. Put the files of an earlier backup of the state folder in their places and take the folder of this file away; then run again";

/// What to do where the folder of the output cannot be looked at.
const TO_DO_FOR_PLACE: &str = "Mount the folder where it is a share, or put it back; where it is gone for good, take the folder of this file away. Then run again";

/// What is remembered of an output: whole files that take their places in one folder together with it.
#[derive(Debug)]
pub struct Followers {
    folder: PathBuf,
    work: WorkFolder,
    files: Vec<Follower>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Follower {
    name: String,
    digest: FileDigest,
}

/// The record of step 4.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pending {
    /// Where the output will stand: an absolute path.
    output: PathBuf,
    /// The file of the output that tells it from every other, relative to it.
    seal: String,
    /// SHA-256 of that file.
    seal_sha256: String,
    followers: Vec<Follower>,
}

impl Followers {
    /// Step 1: brings to its end what a killed run left, and makes the work folder. The caller holds the lock of the folder.
    ///
    /// # Errors
    /// As [`recover`]; [`FileError::Write`] where the folder takes no files.
    pub fn open(folder: &Path) -> Result<Followers, FileError> {
        recover(folder)?;
        let work = WorkFolder::create(folder, OsStr::new(NAME), folder)?;
        Ok(Followers { folder: folder.to_owned(), work, files: Vec::new() })
    }

    /// The folder that they take their places in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// SHA-256 of the follower of a name; `None` where none was [added](Followers::add).
    pub fn digest_of(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|file| file.name == name).map(|file| file.digest.sha256.as_str())
    }

    /// Step 2: writes a follower and flushes it; it has its final place after the commit.
    ///
    /// # Errors
    /// [`FileError::Write`], of the file that it will be.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.work.path().join(name);
        write_flushed(&path, bytes).map_err(|error| error.about(&self.folder.join(name)))?;
        self.files.push(Follower { name: name.to_owned(), digest: digest(&path)? });
        Ok(())
    }

    /// Step 4.
    fn announce(&self, output: &Path, seal: &str, seal_sha256: String) -> Result<(), FileError> {
        let output = std::path::absolute(output).map_err(FileError::read(output))?;
        let record = Pending { output, seal: seal.to_owned(), seal_sha256, followers: self.files.clone() };
        let path = self.work.path().join(PENDING);
        let fresh = self.work.path().join("pending.new");
        let mut text = serde_json::to_string(&record).map_err(|error| FileError::write(&path)(error.into()))?;
        // One letter of it changed, and the record would be of another output, or of other files.
        text = format!("{text}\n{}\n", sha256_of(text.as_bytes()));
        remove_file(&fresh)?;
        write_flushed(&fresh, text.as_bytes()).map_err(|error| error.about(&path))?;
        // The names of the followers last before the record can: one that is named in it and not there has taken its place.
        sync(self.work.path())?;
        rename(&fresh, &path)?;
        sync(self.work.path())
    }

    /// The record is taken back: what it announced did not come to be.
    fn withdraw(&self) -> Result<(), FileError> {
        remove_file(&self.work.path().join(PENDING))?;
        sync(self.work.path())
    }

    /// Steps 7 and 8.
    fn follow(&mut self) -> Result<(), FileError> {
        let done = roll_forward(&self.folder, self.work.path(), &self.files);
        if done.is_err() {
            self.work.leave();
        }
        done
    }
}

/// How an output comes to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Nothing has the name.
    FreeName,
    /// It takes the place of the folder of the name. The caller has made sure that this one may be replaced.
    Replacing,
    /// The same lies there, to the byte.
    LiesThere,
}

/// What a commit came to.
#[derive(Debug)]
pub enum Committed {
    /// Something has the name by now: nothing was published.
    NameTaken,
    /// Published. What could not be done after it, if anything: the next run makes it good.
    Published(Option<FileError>),
}

/// Steps 3 to 8. `seal`: the file of the output that tells it from every other, relative to it.
///
/// # Errors
/// [`FileError::Write`], [`FileError::Read`]; nothing is published then.
pub fn commit(
    staging: &mut Staging,
    name: &str,
    way: Way,
    seal: &str,
    mut followers: Option<&mut Followers>,
) -> Result<Committed, FileError> {
    if way != Way::LiesThere {
        staging.flush()?;
    }
    if let Some(followers) = &followers {
        let sealed = digest(&staging.folder().join(seal))?.sha256;
        followers.announce(&staging.place().join(name), seal, sealed)?;
    }
    match at_its_place(staging, name, way) {
        Ok(true) => {}
        Ok(false) => {
            followers.as_ref().map_or(Ok(()), |followers| followers.withdraw())?;
            return Ok(Committed::NameTaken);
        }
        Err(error) => {
            // Neither folder could have the name: the next run gives it to the new one, and the followers with it.
            if let Some(followers) = followers.as_mut().filter(|_| staging.is_left()) {
                followers.work.leave();
            }
            return Err(error);
        }
    }
    let lasting = sync(staging.place());
    let followed = followers.map_or(Ok(()), Followers::follow);
    Ok(Committed::Published(lasting.and(followed).err()))
}

/// Step 5, the commit point. Gives `false` where something has the name by now.
fn at_its_place(staging: &mut Staging, name: &str, way: Way) -> Result<bool, FileError> {
    match way {
        Way::FreeName => staging.take_free_name(name),
        Way::Replacing => staging.take_place_of(name).map(|()| true),
        Way::LiesThere => Ok(true),
    }
}

/// Whether the output of a record came to its place. What a run left that was killed between two renames has been put right ([`settle`]).
fn is_at_its_place(pending: &Pending) -> Result<bool, FileError> {
    let seal = pending.output.join(&pending.seal);
    match seal.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::read(&seal)(error)),
        Ok(metadata) if metadata.is_file() => Ok(digest(&seal)?.sha256 == pending.seal_sha256),
        Ok(_) => Ok(false),
    }
}

/// Whether a work folder is of a commit that was cut off.
///
/// # Errors
/// [`FileError::Read`]: what could be such a folder is never taken for another.
pub(super) fn is_pending(work: &Path) -> Result<bool, FileError> {
    let record = work.join(PENDING);
    match uninterrupted(|| record.symlink_metadata()) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::read(&record)(error)),
    }
}

/// Whether the followers of a folder may be on their way to their places: a run is at work on it, or was killed while it published. What cannot be told counts as no.
pub fn is_in_motion(folder: &Path) -> bool {
    let work = path_of(folder, OsStr::new(NAME));
    lock::is_held(folder).unwrap_or(false) || is_work_folder(&work) && is_pending(&work).unwrap_or(false)
}

/// The record of a commit that was cut off, with its work folder; `None` where there is none.
///
/// # Errors
/// [`FileError::Damaged`] where it cannot be followed, [`FileError::Read`].
fn cut_off(folder: &Path) -> Result<Option<(PathBuf, Pending)>, FileError> {
    let work = path_of(folder, OsStr::new(NAME));
    if !is_work_folder(&work) || !is_pending(&work)? {
        return Ok(None);
    }
    let record = work.join(PENDING);
    let text = read_if_there(&record)?.unwrap_or_default();
    let pending =
        pending_in(&text).ok_or_else(|| damaged(&record, "the record of what was being published cannot be read"))?;
    let is_name = |name: &str| Path::new(name).file_name() == Some(OsStr::new(name));
    if !pending.followers.iter().all(|follower| is_name(&follower.name)) {
        return Err(damaged(&record, "the record of what was being published names files of other folders"));
    }
    let place = folder_of(&pending.output);
    if let Err(error) = super::entries_of(place) {
        let place = crate::record::shown::path(place);
        let what = format!("a run was killed while it published in {place}, which cannot be looked at ({error})");
        return Err(FileError::Damaged { path: record, line: None, what, to_do: TO_DO_FOR_PLACE });
    }
    Ok(Some((work, pending)))
}

/// The record in a text; `None` where it is not what was written. One of an edition before has no digest behind it.
fn pending_in(text: &[u8]) -> Option<Pending> {
    let text = std::str::from_utf8(text).ok()?;
    let record = match text.split_once('\n') {
        None => text,
        Some((record, digest)) => Some(record).filter(|_| digest.trim_end() == sha256_of(record.as_bytes()))?,
    };
    serde_json::from_str(record).ok()
}

fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn damaged(path: &Path, what: &str) -> FileError {
    FileError::Damaged { path: path.to_owned(), line: None, what: what.to_owned(), to_do: TO_DO }
}

/// Whether the followers are what was written, those that have not their places yet and those that have.
fn whole_followers(folder: &Path, work: &Path, pending: &Pending) -> Result<(), FileError> {
    for follower in &pending.followers {
        // One that is no longer there has its place.
        let waiting = work.join(&follower.name);
        let path = if waiting.symlink_metadata().is_ok() { waiting } else { folder.join(&follower.name) };
        if path.symlink_metadata().is_err() || digest(&path)? != follower.digest {
            return Err(damaged(&path, "it is not what was written"));
        }
    }
    Ok(())
}

/// That nothing was published: a follower that has its place took it after its output had its own, which is gone or was changed since.
fn unpublished(work: &Path, pending: &Pending) -> Result<(), FileError> {
    match pending.followers.iter().any(|follower| work.join(&follower.name).symlink_metadata().is_err()) {
        true => Err(damaged(&work.join(PENDING), "the output that was being published is gone, or was changed since")),
        false => Ok(()),
    }
}

/// Looks whether [`Followers::open`] could begin, and makes and changes nothing.
///
/// # Errors
/// As [`recover`], while no other run is at work there; [`FileError::Foreign`] where something else has the name of the lock or of the work folder.
pub fn look(folder: &Path) -> Result<(), FileError> {
    if lock::is_held(folder)? {
        // What stands there is on its way.
        return Ok(());
    }
    let Some((work, pending)) = cut_off(folder)? else {
        return match can_work(&folder.join(NAME)) {
            Err(FileError::Busy { .. }) => Ok(()),
            looked => looked,
        };
    };
    match is_at_its_place(&pending)? {
        true => whole_followers(folder, &work, &pending),
        false => unpublished(&work, &pending),
    }
}

/// Brings to its end what a run left that was killed while it published: its followers take their places where its output has its own, and are
/// dropped where it has not. The caller holds the lock of the folder.
///
/// # Errors
/// [`FileError::Damaged`] where the record cannot be followed, or the folder of the output cannot be looked at: whether it was published is not known
/// then. [`FileError::Read`], [`FileError::Write`], [`FileError::Busy`], [`FileError::Held`].
pub fn recover(folder: &Path) -> Result<(), FileError> {
    let Some((work, pending)) = cut_off(folder)? else { return Ok(()) };
    let Some(_held) = hold(&work)? else { return Err(FileError::Busy { path: folder.to_owned() }) };
    settle(folder_of(&pending.output))?;
    if is_at_its_place(&pending)? {
        whole_followers(folder, &work, &pending)?;
        roll_forward(folder, &work, &pending.followers)?;
    } else {
        unpublished(&work, &pending)?;
        remove_file(&work.join(PENDING))?;
        sync(&work)?;
    }
    let _gate = gate(folder)?;
    clear(&work)
}

/// Steps 7 and 8, but for the work folder itself.
fn roll_forward(folder: &Path, work: &Path, followers: &[Follower]) -> Result<(), FileError> {
    for Follower { name, .. } in followers {
        let fresh = work.join(name);
        if fresh.symlink_metadata().is_ok() {
            rename(&fresh, &folder.join(name))?;
        }
    }
    sync(folder)?;
    remove_file(&work.join(PENDING))?;
    sync(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place with an output folder, a state folder whose ledger says `before`, and a run that has sealed its output.
    struct Night {
        place: tempfile::TempDir,
        staging: Staging,
        followers: Followers,
    }

    const SEAL: &str = "tagmanifest-sha256.txt";

    impl Night {
        fn begin(text: &[u8]) -> Night {
            let place = tempfile::tempdir().unwrap();
            std::fs::create_dir(place.path().join("state")).unwrap();
            for name in ["ledger.csv", "months.csv"] {
                std::fs::write(place.path().join("state").join(name), "before").unwrap();
            }
            let staging = Staging::create(&place.path().join("out/night")).unwrap();
            staging.write("data/findings.csv", text).unwrap();
            staging.write(SEAL, text).unwrap();
            let mut followers = Followers::open(&place.path().join("state")).unwrap();
            for name in ["ledger.csv", "months.csv"] {
                followers.add(name, b"after").unwrap();
            }
            Night { place, staging, followers }
        }

        /// The run is killed: nothing of it is tidied up, and its locks are free.
        fn kill(self) -> tempfile::TempDir {
            let Night { place, mut staging, mut followers } = self;
            followers.work.leave();
            staging.leave();
            place
        }
    }

    fn remembered(place: &tempfile::TempDir) -> [String; 2] {
        ["ledger.csv", "months.csv"]
            .map(|name| std::fs::read_to_string(place.path().join("state").join(name)).expect("a file of the state"))
    }

    /// The next run on the same state.
    fn next(place: &tempfile::TempDir) {
        drop(Followers::open(&place.path().join("state")).expect("recovered"));
        drop(Staging::create(&place.path().join("out/another")).expect("swept"));
        let hidden: Vec<_> = ["out", "state"]
            .iter()
            .flat_map(|folder| super::super::list(&place.path().join(folder)).expect("listed"))
            .filter(|entry| entry.path.to_string_lossy().starts_with('.'))
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }

    fn announced(night: &Night) -> String {
        let sealed = digest(&night.staging.folder().join(SEAL)).unwrap().sha256;
        night.followers.announce(&night.staging.place().join("night"), SEAL, sealed.clone()).unwrap();
        sealed
    }

    #[test]
    fn an_output_and_what_is_remembered_of_it_appear_together() {
        let mut night = Night::begin(b"tonight");
        let done = commit(&mut night.staging, "night", Way::FreeName, SEAL, Some(&mut night.followers));
        assert!(matches!(done, Ok(Committed::Published(None))));
        let Night { place, staging, followers } = night;
        drop((staging, followers));
        assert_eq!(remembered(&place), ["after", "after"]);
        assert!(place.path().join("out/night/data/findings.csv").is_file());
        next(&place);
    }

    #[test]
    fn a_name_that_is_taken_leaves_the_state_as_it_was_and_the_next_name_commits_it() {
        let mut night = Night::begin(b"tonight");
        std::fs::create_dir(night.place.path().join("out/night")).unwrap();
        let at = |night: &mut Night, name: &str| {
            commit(&mut night.staging, name, Way::FreeName, SEAL, Some(&mut night.followers)).unwrap()
        };
        assert!(matches!(at(&mut night, "night"), Committed::NameTaken));
        assert_eq!(remembered(&night.place), ["before", "before"]);
        assert!(!is_pending(night.followers.work.path()).unwrap());
        assert!(matches!(at(&mut night, "night-2"), Committed::Published(None)));
        assert_eq!(remembered(&night.place), ["after", "after"]);
    }

    /// Every step of the table at the top, killed after it.
    #[test]
    fn a_run_killed_at_any_step_is_undone_before_the_commit_point_and_brought_to_its_end_after_it() {
        type Step = fn(&mut Night);
        let steps: [(&str, bool, Step); 8] = [
            ("2: the followers are written", false, |_| {}),
            ("4: the record is being written", false, |night| {
                std::fs::write(night.followers.work.path().join("pending.new"), "{\"outp").unwrap();
            }),
            ("4: the record stands", false, |night| drop(announced(night))),
            ("4: the record stands, and another folder has the name", false, |night| {
                announced(night);
                std::fs::create_dir(night.place.path().join("out/night")).unwrap();
                std::fs::write(night.place.path().join("out/night").join(SEAL), "another night").unwrap();
            }),
            ("5: published", true, |night| {
                announced(night);
                assert!(night.staging.take_free_name("night").unwrap());
            }),
            ("5: between the two renames that replace a folder", true, |night| {
                announced(night);
                let aside = night.staging.folder().with_file_name("replaced");
                std::fs::create_dir_all(aside.join("night")).unwrap();
            }),
            ("7: one follower has its place", true, |night| {
                announced(night);
                assert!(night.staging.take_free_name("night").unwrap());
                let ledger = night.followers.work.path().join("ledger.csv");
                std::fs::rename(ledger, night.place.path().join("state/ledger.csv")).unwrap();
            }),
            ("8: the record is removed", true, |night| {
                announced(night);
                assert!(night.staging.take_free_name("night").unwrap());
                night.followers.follow().unwrap();
            }),
        ];
        for (step, is_published, take) in steps {
            let mut night = Night::begin(b"tonight");
            take(&mut night);
            let place = night.kill();
            next(&place);
            let expected = if is_published { "after" } else { "before" };
            assert_eq!(remembered(&place), [expected, expected], "{step}");
            let published = std::fs::read_to_string(place.path().join("out/night").join(SEAL));
            assert_eq!(published.is_ok_and(|seal| seal == "tonight"), is_published, "{step}");
        }
    }

    #[test]
    fn a_record_that_cannot_be_followed_is_told_and_nothing_is_touched() {
        type Damage = fn(&Path);
        let damages: [(&str, &str, Damage); 6] = [
            ("letter", "the record of what was being published cannot be read", |place| {
                let record = place.join("state/.state.at-work/pending");
                let text = std::fs::read_to_string(&record).unwrap();
                std::fs::write(record, text.replacen("out/night", "out/might", 1)).unwrap();
            }),
            ("place", "it is not what was written", |place| {
                std::fs::remove_file(place.join("state/.state.at-work/ledger.csv")).unwrap();
            }),
            ("record", "the record of what was being published cannot be read", |place| {
                std::fs::write(place.join("state/.state.at-work/pending"), "{").unwrap();
            }),
            ("names", "names files of other folders", |place| {
                let record = place.join("state/.state.at-work/pending");
                let text = std::fs::read_to_string(&record).unwrap();
                // As an edition before wrote it, without a digest.
                let text = text.lines().next().unwrap().replace("\"ledger.csv\"", "\"../ledger.csv\"");
                std::fs::write(record, text).unwrap();
            }),
            ("follower", "it is not what was written", |place| {
                std::fs::write(place.join("state/.state.at-work/ledger.csv"), "aft").unwrap();
            }),
            ("output", "which cannot be looked at", |place| {
                std::fs::rename(place.join("out"), place.join("an-unmounted-share")).unwrap();
            }),
        ];
        for (what, words, damage) in damages {
            let night = Night::begin(b"tonight");
            announced(&night);
            assert!(night.staging.take_free_name("night").unwrap());
            let place = night.kill();
            damage(place.path());
            let error = Followers::open(&place.path().join("state")).expect_err(what);
            assert!(matches!(error, FileError::Damaged { .. }) && error.to_string().contains(words), "{error}");
            assert_eq!(remembered(&place), ["before", "before"], "{what}");
            assert!(is_pending(&place.path().join("state/.state.at-work")).unwrap(), "{what}");
        }
    }

    #[test]
    fn an_output_that_vanished_after_a_follower_took_its_place_is_told_and_the_others_wait() {
        let night = Night::begin(b"tonight");
        announced(&night);
        let placed = night.followers.work.path().join("ledger.csv");
        std::fs::rename(placed, night.place.path().join("state/ledger.csv")).unwrap();
        let place = night.kill();
        for _ in 0..2 {
            let state = place.path().join("state");
            for error in [Followers::open(&state).expect_err("it is told"), look(&state).expect_err("it is told")] {
                let words = "the output that was being published is gone, or was changed since";
                assert!(matches!(error, FileError::Damaged { .. }) && error.to_string().contains(words), "{error}");
            }
            assert!(is_pending(&state.join(".state.at-work")).unwrap());
        }
    }

    #[test]
    fn state_and_outputs_may_lie_in_one_folder() {
        let place = tempfile::tempdir().unwrap();
        let mut staging = Staging::create(&place.path().join("night")).unwrap();
        staging.write(SEAL, b"tonight").unwrap();
        let mut followers = Followers::open(place.path()).unwrap();
        followers.add("ledger.csv", b"after").unwrap();
        let sealed = digest(&staging.folder().join(SEAL)).unwrap().sha256;
        followers.announce(&place.path().join("night"), SEAL, sealed).unwrap();
        assert!(staging.take_free_name("night").unwrap());
        followers.work.leave();
        staging.leave();
        drop((staging, followers));
        // A run without state works beside it and leaves the commit to whom it belongs.
        drop(Staging::create(&place.path().join("another")).unwrap());
        assert!(is_pending(&place.path().join(".state.at-work")).unwrap());
        drop(Followers::open(place.path()).unwrap());
        assert_eq!(std::fs::read_to_string(place.path().join("ledger.csv")).unwrap(), "after");
    }
}
