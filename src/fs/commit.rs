//! The publication protocol: an output appears whole, by one rename. Where something is remembered of it, the two belong together, and what is remembered
//! is the commit point: from there on the output counts as published, and whoever works on the same state next gives it its place.
//!
//! | step | what is done | killed or failed after it |
//! | --- | --- | --- |
//! | 1 | the output is sealed and flushed in its own work folder ([`super::staging`]) | nothing is published; the work folder is swept |
//! | 2 | the record `pending` is written there: who remembers it. It is flushed, and keeps the work folder from being swept by others | nothing is published: nobody remembers the output, so the record is taken back ([`announced_in`], [`withdraw`]) |
//! | **3** | **[`Remember::commit`]: one transaction of the store. This is the commit point** | published: the next start brings the output to its place ([`finish`]) |
//! | 4 | the output is renamed to its place, and the folder of that is flushed | as 3, and the output has its place |
//! | 5 | [`Remember::placed`]: the store notes that it has its place | done; what is left is swept |
//! | 6 | `pending` is removed, and the work folder | done |
//!
//! What can fail for want of room or of a right fails in steps 1 to 3, where nothing is published. What fails after step 3 is told
//! ([`Committed::Remembered`], [`Committed::Published`]), and the next run on the same state makes it good. An output that lies there already, to the
//! byte, needs steps 3 and 5 alone. Where nothing is remembered, step 1 and the rename remain, and the rename is the commit point.

use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    FileError, digest, hexadecimal,
    lock::gate,
    read_if_there, remove_file, rename, rename_to_free_name,
    staging::{self, Staging, exchange},
    sync, uninterrupted,
    whole_file::write_flushed,
    work_folder::{clear, hold, is_work_folder},
};

/// The record of a commit that is under way, in the work folder of its output.
const PENDING: &str = "pending";
/// What to do where a record cannot be followed.
const TO_DO: &str = "A run was killed while it published. Take the folder of this file away; then run again";
/// What to do where the folder of an output cannot be looked at.
const TO_DO_FOR_PLACE: &str = "Mount the folder where it is a share, or put it back; where it is gone for good, make an empty one. Then run again";

/// What remembers an output: the store.
pub trait Remember {
    /// Its folder, as an absolute path: the record says whom the output belongs to.
    fn folder(&self) -> PathBuf;
    /// Whether this very output is remembered already, and nothing new is to be remembered with it.
    fn has_nothing_new(&self, output: &Announced) -> bool;
    /// Step 3: remembers the run, with the output that it has or will have.
    ///
    /// # Errors
    /// Nothing is remembered then.
    fn commit(&mut self, output: &Announced) -> Result<(), FileError>;
    /// Step 5: the output has its place, under this name.
    ///
    /// # Errors
    /// The next start finds it there, and notes it.
    fn placed(&mut self, output: &Announced, name: &str) -> Result<(), FileError>;
}

/// How an output comes to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// Nothing has the name.
    FreeName,
    /// It takes the place of the folder of the name. The caller has made sure that this one may be replaced.
    Replacing,
    /// The same lies there, to the byte.
    LiesThere,
}

/// An output that is to have its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// The folder that it will stand in.
    pub place: PathBuf,
    /// Its name there.
    pub name: String,
    /// Name of the work folder beside it.
    pub work: String,
    /// How it comes to its place.
    pub way: Way,
    /// The file that tells it from every other, relative to it.
    pub seal: String,
    /// SHA-256 of that file.
    pub seal_sha256: String,
}

/// The record of step 2.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pending {
    /// The folder of the store that remembers the output; relative to the work folder where both lie in one folder.
    store: PathBuf,
    /// SHA-256 of the file that tells the output from every other.
    seal_sha256: String,
}

/// What a commit came to.
#[derive(Debug)]
pub enum Committed {
    /// Something has the name by now: nothing was published.
    NameTaken,
    /// It is remembered, and could not be brought to its place: the next run does that.
    Remembered(FileError),
    /// Published. What could not be done after it, if anything: the next run makes it good.
    Published(Option<FileError>),
}

/// Steps 1 to 6. `seal`: the file of the output that tells it from every other, relative to it. `committed` is told when step 3 is done.
///
/// # Errors
/// [`FileError::Write`], [`FileError::Read`]; nothing is published then.
pub fn commit(
    staging: &mut Staging,
    (name, way): (&str, Way),
    seal: &str,
    remember: Option<&mut dyn Remember>,
    committed: &dyn Fn(),
) -> Result<Committed, FileError> {
    if way != Way::LiesThere {
        staging.flush()?;
    }
    let Some(remember) = remember else { return publish(staging, name, way, committed) };
    let announced = Announced {
        place: staging.place().to_owned(),
        name: name.to_owned(),
        work: staging.name_of_work(),
        way,
        seal: seal.to_owned(),
        seal_sha256: digest(&staging.folder().join(seal))?.sha256,
    };
    if way == Way::LiesThere {
        if !remember.has_nothing_new(&announced) {
            remember.commit(&announced)?;
        }
        committed();
        return Ok(Committed::Published(remember.placed(&announced, name).err()));
    }
    announce(staging, &announced, &remember.folder())?;
    // Nobody else of this program takes the name between the look and the rename.
    let gate = gate(staging.place())?;
    if way == Way::FreeName && staging.place().join(name).symlink_metadata().is_ok() {
        drop(gate);
        withdraw(staging.work())?;
        return Ok(Committed::NameTaken);
    }
    if let Err(error) = remember.commit(&announced) {
        drop(gate);
        withdraw(staging.work())?;
        return Err(error);
    }
    committed();
    let brought = match way {
        Way::FreeName => staging.take_free_name_behind_gate(name).and_then(|is_free| match is_free {
            true => Ok(()),
            false => Err(FileError::Foreign { path: staging.place().join(name) }),
        }),
        _ => staging.take_place_of_behind_gate(name),
    };
    drop(gate);
    if let Err(error) = brought {
        staging.leave();
        return Ok(Committed::Remembered(error));
    }
    let done = sync(staging.place()).and_then(|()| remember.placed(&announced, name));
    let done = match done {
        // What is not noted is found by the next start, which looks by the record of the work folder too.
        Err(error) => {
            staging.leave();
            Err(error)
        }
        Ok(()) => withdraw(staging.work()),
    };
    Ok(Committed::Published(done.err()))
}

/// Publishes an output of which nothing is remembered.
fn publish(staging: &mut Staging, name: &str, way: Way, committed: &dyn Fn()) -> Result<Committed, FileError> {
    match way {
        Way::FreeName => {
            if !staging.take_free_name(name)? {
                return Ok(Committed::NameTaken);
            }
        }
        Way::Replacing => staging.take_place_of(name)?,
        Way::LiesThere => {}
    }
    committed();
    Ok(Committed::Published(sync(staging.place()).err()))
}

/// Step 2.
fn announce(staging: &Staging, announced: &Announced, store: &Path) -> Result<(), FileError> {
    let work = super::path::plain(&std::path::absolute(staging.work()).map_err(FileError::read(staging.work()))?);
    let record = Pending { store: relative_to(store, &work), seal_sha256: announced.seal_sha256.clone() };
    let path = work.join(PENDING);
    let fresh = work.join("pending.new");
    let mut text = serde_json::to_string(&record).map_err(|error| FileError::write(&path)(error.into()))?;
    // One letter of it changed, and the record would be of another output.
    text = format!("{text}\n{}\n", sha256_of(text.as_bytes()));
    remove_file(&fresh)?;
    write_flushed(&fresh, text.as_bytes()).map_err(|error| error.about(&path))?;
    sync(&work)?;
    rename(&fresh, &path)?;
    sync(&work)
}

/// Takes the record of a work folder back; the folder is then swept as any other.
///
/// # Errors
/// [`FileError::Write`].
pub fn withdraw(work: &Path) -> Result<(), FileError> {
    remove_file(&work.join(PENDING))?;
    sync(work)
}

/// A path as seen from a folder, where both lie in one folder; else as it is. A site may be moved as a whole between a kill and the next run.
pub fn relative_to(path: &Path, from: &Path) -> PathBuf {
    let common: PathBuf =
        path.components().zip(from.components()).take_while(|(one, other)| one == other).map(|(one, _)| one).collect();
    let (Ok(down), Ok(up)) = (path.strip_prefix(&common), from.strip_prefix(&common)) else { return path.to_owned() };
    let up = up.components().count();
    // Further apart they are no parts of one site.
    if up > 3 || common.parent().is_none() {
        path.to_owned()
    } else {
        std::iter::repeat_n("..", up).collect::<PathBuf>().join(down)
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

/// An output that a run announced in a folder of outputs and that is not at its place, or was not known to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// Its work folder.
    pub work: PathBuf,
    /// The folder of the store that remembers it, if anything does.
    pub store: PathBuf,
    /// SHA-256 of the file that tells it from every other.
    pub seal_sha256: String,
}

/// The work folders of a folder of outputs that bear the record of a commit, but for those of runs that live.
///
/// # Errors
/// [`FileError::Damaged`] where a record is not what was written; [`FileError::Read`].
pub fn announced_in(place: &Path) -> Result<Vec<CutOff>, FileError> {
    let entries = match super::entries_of(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(FileError::read(place))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let work = entry.map_err(FileError::read(place))?.path();
        let name = work.file_name().unwrap_or_default();
        if !super::work_folder::is_name_of_work_folder(name) || !is_work_folder(&work) || !is_pending(&work)? {
            continue;
        }
        let Some(_held) = hold(&work)? else { continue };
        let record = work.join(PENDING);
        let text = read_if_there(&record)?.unwrap_or_default();
        let pending = pending_in(&text).ok_or_else(|| FileError::Damaged {
            path: record.clone(),
            line: None,
            what: "the record of what was being published cannot be read".to_owned(),
            to_do: TO_DO,
        })?;
        let absolute = super::path::plain(&std::path::absolute(&work).map_err(FileError::read(&work))?);
        let store = super::path::plain(&absolute.join(&pending.store));
        found.push(CutOff { work, store, seal_sha256: pending.seal_sha256 });
    }
    found.sort_by(|left, right| left.work.cmp(&right.work));
    Ok(found)
}

/// The record in a text; `None` where it is not what was written.
fn pending_in(text: &[u8]) -> Option<Pending> {
    let text = std::str::from_utf8(text).ok()?;
    let (record, digest) = text.split_once('\n')?;
    let record = Some(record).filter(|_| digest.trim_end() == sha256_of(record.as_bytes()))?;
    serde_json::from_str(record).ok()
}

fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// What became of an output that is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// It has its place, under this name.
    At(String),
    /// It is neither there nor in its work folder: somebody has taken it away.
    Gone,
}

/// Steps 4 and 6 for an output that is remembered, by a later run. `may_replace`: whether a folder that stands may still be replaced; where it may not, the output
/// takes the next free number beside it.
///
/// # Errors
/// [`FileError::Damaged`] where the folder of the output cannot be looked at: whether it was published is not known then. [`FileError::Read`],
/// [`FileError::Write`], [`FileError::Busy`].
pub fn finish(
    announced: &Announced,
    may_replace: &dyn Fn(&Path) -> Result<bool, FileError>,
) -> Result<Finished, FileError> {
    let Announced { place, name, work, way, .. } = announced;
    if let Err(error) = super::entries_of(place) {
        let shown = crate::record::shown::path(place);
        let what =
            format!("a run was killed while it published here, and the folder {shown} cannot be looked at ({error})");
        return Err(FileError::Damaged { path: place.clone(), line: None, what, to_do: TO_DO_FOR_PLACE });
    }
    let work = place.join(work);
    let held = if is_work_folder(&work) && is_pending(&work)? {
        Some(hold(&work)?.ok_or_else(|| FileError::Busy { path: place.clone() })?)
    } else {
        None
    };
    let _gate = gate(place)?;
    if held.is_some() {
        staging::recover(place, &work)?;
    }
    let fresh = work.join("output");
    let mut at = None;
    if is_sealed_so(&place.join(name), announced)? {
        at = Some(name.clone());
    } else if held.is_some() && is_sealed_so(&fresh, announced)? {
        let target = place.join(name);
        if *way == Way::Replacing && target.symlink_metadata().is_ok() && may_replace(&target)? {
            exchange(&work, place, name)?;
            at = Some(name.clone());
        } else {
            for number in 1..MOST_NUMBERS {
                let own = if number == 1 { name.clone() } else { next_name(name, number) };
                if rename_to_free_name(&fresh, &place.join(&own))? {
                    at = Some(own);
                    break;
                }
            }
        }
        sync(place)?;
    }
    if held.is_some() {
        withdraw(&work)?;
        clear(&work)?;
    }
    Ok(at.map_or(Finished::Gone, Finished::At))
}

/// How many numbers of a name are tried.
const MOST_NUMBERS: u32 = 10_000;

/// A name with a number behind it, where the name itself is taken: of `NAME-3` the next is `NAME-4`.
fn next_name(name: &str, number: u32) -> String {
    let numbered = name.rsplit_once('-').and_then(|(base, last)| Some((base, last.parse::<u32>().ok()?)));
    match numbered {
        Some((base, last)) if is_date_end(base) => format!("{base}-{}", last + number - 1),
        _ => format!("{name}-{number}"),
    }
}

/// Whether a name ends in a date, `YYYY-MM-DD`.
fn is_date_end(name: &str) -> bool {
    let end = name.len().checked_sub(10).map(|start| &name.as_bytes()[start..]);
    let is_right = |(at, byte): (usize, &u8)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() };
    end.is_some_and(|end| end.iter().enumerate().all(is_right))
}

/// Whether a folder is an output that was announced.
fn is_sealed_so(folder: &Path, announced: &Announced) -> Result<bool, FileError> {
    let seal = folder.join(&announced.seal);
    match uninterrupted(|| seal.symlink_metadata()) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(FileError::read(&seal)(error)),
        Ok(metadata) if metadata.is_file() => Ok(digest(&seal)?.sha256 == announced.seal_sha256),
        Ok(_) => Ok(false),
    }
}

/// Whether a folder holds what a run of an edition without a store left that was killed while it published: that edition finishes it.
pub fn is_of_earlier_edition(state: &Path) -> bool {
    let work = super::work_folder::path_of(state, OsStr::new("state"));
    is_work_folder(&work) && is_pending(&work).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAL: &str = "tagmanifest-sha256.txt";

    /// A store that only counts.
    #[derive(Default)]
    struct Memory {
        folder: PathBuf,
        committed: Vec<Announced>,
        placed: Vec<String>,
        takes_nothing: bool,
    }

    impl Remember for Memory {
        fn folder(&self) -> PathBuf {
            self.folder.clone()
        }

        fn has_nothing_new(&self, output: &Announced) -> bool {
            self.committed.iter().any(|known| known.seal_sha256 == output.seal_sha256)
        }

        fn commit(&mut self, output: &Announced) -> Result<(), FileError> {
            match self.takes_nothing {
                true => Err(FileError::write(&self.folder)(io::ErrorKind::StorageFull.into())),
                false => {
                    self.committed.push(output.clone());
                    Ok(())
                }
            }
        }

        fn placed(&mut self, _: &Announced, name: &str) -> Result<(), FileError> {
            self.placed.push(name.to_owned());
            Ok(())
        }
    }

    /// An output of a night, sealed and not yet published.
    fn sealed(place: &Path, text: &str) -> Staging {
        let staging = Staging::create(&place.join("out/night")).unwrap();
        staging.write(SEAL, text.as_bytes()).unwrap();
        staging
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    fn text(place: &Path, name: &str) -> String {
        std::fs::read_to_string(place.join("out").join(name).join(SEAL)).unwrap()
    }

    /// Leaves an output as a run does that is killed right after the commit point.
    fn killed(place: &Path, content: &str, way: Way) -> Announced {
        let mut staging = sealed(place, content);
        let announced = Announced {
            place: place.join("out"),
            name: "night".to_owned(),
            work: staging.name_of_work(),
            way,
            seal: SEAL.to_owned(),
            seal_sha256: digest(&staging.folder().join(SEAL)).unwrap().sha256,
        };
        announce(&staging, &announced, &place.join("state")).unwrap();
        staging.leave();
        announced
    }

    #[test]
    fn an_output_is_remembered_before_it_has_its_place_and_nothing_is_published_that_is_not_remembered() {
        let place = tempfile::tempdir().unwrap();
        let mut memory = Memory { folder: place.path().join("state"), ..Memory::default() };
        let mut staging = sealed(place.path(), "tonight");
        let told = std::cell::Cell::new(false);
        let done = commit(&mut staging, ("night", Way::FreeName), SEAL, Some(&mut memory), &|| told.set(true)).unwrap();
        drop(staging);
        assert!(matches!(done, Committed::Published(None)) && told.get());
        assert_eq!((memory.committed.len(), memory.placed.as_slice()), (1, &["night".to_owned()][..]));
        assert_eq!(names(&place.path().join("out")), ["night"]);
        // The name is taken: nothing is remembered.
        let mut staging = sealed(place.path(), "another");
        let taken = commit(&mut staging, ("night", Way::FreeName), SEAL, Some(&mut memory), &|| {}).unwrap();
        assert!(matches!(taken, Committed::NameTaken));
        assert_eq!(memory.committed.len(), 1);
        // The store takes nothing: nothing is published.
        memory.takes_nothing = true;
        let failed = commit(&mut staging, ("night-2", Way::FreeName), SEAL, Some(&mut memory), &|| {});
        assert!(matches!(failed, Err(FileError::Write { .. })));
        drop(staging);
        assert_eq!(
            (names(&place.path().join("out")), text(place.path(), "night")),
            (vec!["night".to_owned()], "tonight".to_owned())
        );
    }

    #[test]
    fn what_a_killed_run_remembered_gets_its_place_and_a_folder_that_stands_is_never_lost() {
        let may = |answer: bool| move |_: &Path| Ok(answer);
        // (what stands before, the way, whether it may be replaced, where the output comes, what stands after)
        for (before, way, replaced, at) in [
            (None, Way::FreeName, false, "night"),
            (Some("a person's"), Way::FreeName, false, "night-2"),
            (Some("yesterday"), Way::Replacing, true, "night"),
            (Some("changed since"), Way::Replacing, false, "night-2"),
            (None, Way::Replacing, true, "night"),
        ] {
            let place = tempfile::tempdir().unwrap();
            if let Some(before) = before {
                std::fs::create_dir_all(place.path().join("out/night")).unwrap();
                std::fs::write(place.path().join("out/night").join(SEAL), before).unwrap();
            }
            let announced = killed(place.path(), "tonight", way);
            let waiting = announced_in(&place.path().join("out")).unwrap();
            assert_eq!(waiting.len(), 1);
            assert_eq!(waiting[0].store, place.path().join("state"));
            // Whoever else works there leaves it alone.
            drop(Staging::create(&place.path().join("out/other")).unwrap());
            assert_eq!(finish(&announced, &may(replaced)).unwrap(), Finished::At(at.to_owned()), "{before:?}");
            assert_eq!(text(place.path(), at), "tonight");
            if at != "night" {
                assert_eq!(Some(text(place.path(), "night").as_str()), before, "it stands");
            }
            assert!(names(&place.path().join("out")).iter().all(|name| !name.ends_with(".at-work")));
            // Once more it changes nothing, under the name that the output has by now.
            let known = Announced { name: at.to_owned(), ..announced };
            assert_eq!(finish(&known, &may(replaced)).unwrap(), Finished::At(at.to_owned()));
        }
    }

    #[test]
    fn an_output_that_somebody_took_away_is_gone_and_a_folder_that_cannot_be_looked_at_is_told() {
        let place = tempfile::tempdir().unwrap();
        let announced = killed(place.path(), "tonight", Way::FreeName);
        std::fs::remove_dir_all(place.path().join("out").join(&announced.work)).unwrap();
        assert_eq!(finish(&announced, &|_| Ok(true)).unwrap(), Finished::Gone);
        std::fs::rename(place.path().join("out"), place.path().join("an-unmounted-share")).unwrap();
        let told = finish(&announced, &|_| Ok(true)).expect_err("told").to_string();
        assert!(told.contains("which cannot be looked at") || told.contains("cannot be looked at"), "{told}");
    }

    #[test]
    fn a_record_that_was_changed_is_told_and_one_that_is_taken_back_is_swept() {
        let place = tempfile::tempdir().unwrap();
        let announced = killed(place.path(), "tonight", Way::FreeName);
        let record = place.path().join("out").join(&announced.work).join(PENDING);
        let sound = std::fs::read_to_string(&record).unwrap();
        std::fs::write(&record, sound.replacen("state", "stale", 1)).unwrap();
        assert!(matches!(announced_in(&place.path().join("out")), Err(FileError::Damaged { .. })));
        std::fs::write(&record, sound).unwrap();
        withdraw(&place.path().join("out").join(&announced.work)).unwrap();
        drop(Staging::create(&place.path().join("out/other")).unwrap());
        assert_eq!(names(&place.path().join("out")), Vec::<String>::new());
    }

    #[test]
    fn names_are_numbered_from_two_and_paths_are_told_within_a_site() {
        let of = |name: &str| next_name(name, 2);
        assert_eq!(of("night-as-of-2026-10-06"), "night-as-of-2026-10-06-2");
        assert_eq!(of("night-as-of-2026-10-06-2"), "night-as-of-2026-10-06-3");
        assert_eq!(of("night"), "night-2");
        let relative =
            |path: &str, from: &str| relative_to(Path::new(path), Path::new(from)).to_string_lossy().into_owned();
        assert_eq!(relative("/site/out", "/site/state"), "../out");
        assert_eq!(relative("/site/state", "/site/out/.night.at-work"), "../../state");
        assert_eq!(relative("/elsewhere/out", "/site/state"), "/elsewhere/out");
    }
}
