//! What is done beside a published folder: the link to the newest one, the working copies of the worklists, the removal of old folders.
//!
//! What can fail for want of room or of a right is done before the folder is published ([`FollowUp::prepare`]); then names are given and taken alone
//! ([`FollowUp::put_in_place`]). Nothing of that undoes the publication: what fails all the same is told, and made good by the next run.

use std::{
    io::ErrorKind,
    path::{Component, Path, PathBuf},
};

use crate::{
    archive::own_seal::read_own_seal,
    fs::{FileError, link_target, path::shown, staging::Staging},
    plan::Plan,
    record::date::Day,
    run::{
        fault::RunFault,
        options::RunOptions,
        publication::{Placed, Publication, family_name, is_dated},
        retention::{OldFolders, Removed},
        working_copies::{self, PreparedCopies, WorkingCopies},
    },
};

/// Where the link to the newest folder leads after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Newest {
    /// To this run's folder, by this link.
    This(PathBuf),
    /// The link stays with another folder.
    Other {
        /// The link.
        link: PathBuf,
        /// Name of the folder.
        folder: String,
        /// Whether its business date is later; else it is of the same day, and of inputs that could all be used.
        is_later: bool,
    },
    /// It could not be made, which is told as a fault.
    Unknown,
}

/// The link to the newest folder of a pipeline and period.
pub fn link_to_newest(plan: &Plan) -> PathBuf {
    plan.output.join(format!("{}-latest", family_name(plan)))
}

/// Refuses what has the name of the link to the newest folder and is not this pipeline's link: it would be replaced.
///
/// # Errors
/// [`FileError::Foreign`]; [`FileError::Read`] where it cannot be looked at.
pub fn refuse_link(plan: &Plan) -> Result<(), FileError> {
    let link = link_to_newest(plan);
    let is_own = match link_target(&link) {
        Ok(target) => names_own_folder(plan, &target)?,
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        // It is no link.
        Err(error) if error.kind() == ErrorKind::InvalidInput => false,
        Err(error) => return Err(FileError::read(&link)(error)),
    };
    if is_own { Ok(()) } else { Err(FileError::Foreign { path: link }) }
}

/// Whether the target of a link beside the sealed folders is one of them: it has a name that this pipeline gives, there or not, or bears its seal.
fn names_own_folder(plan: &Plan, target: &Path) -> Result<bool, FileError> {
    let path = plan.output.join(target);
    let resolved = |path: &Path| path.canonicalize().ok();
    let is_beside = target.components().filter(|part| *part != Component::CurDir).count() == 1 && target.is_relative()
        || path.parent().and_then(resolved).is_some_and(|above| Some(above) == resolved(&plan.output));
    let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| is_beside) else { return Ok(false) };
    let end = name.strip_prefix(&family_name(plan)).and_then(|rest| rest.strip_prefix("-as-of-"));
    if end.is_some_and(is_dated) {
        return Ok(true);
    }
    Ok(read_own_seal(&path)?.is_some_and(|seal| seal.pipeline == plan.title))
}

/// What is ready to be put into place beside a folder when it is published.
#[derive(Debug)]
pub struct FollowUp {
    newest: Newest,
    /// Whether the link is to be moved; else it leads where it should.
    moves_link: bool,
    copies: PreparedCopies,
    old: Option<OldFolders>,
    notes: Vec<String>,
}

impl FollowUp {
    /// Makes ready what is done beside a folder that will be published as `folder`. `whole`: every input of the run could be used.
    ///
    /// # Errors
    /// [`RunFault::Worklists`], [`RunFault::File`]: nothing is published.
    pub fn prepare(
        staging: &Staging,
        plan: &Plan,
        options: &RunOptions<'_>,
        (whole, never_removed): (bool, &[PathBuf]),
        folder: &Path,
    ) -> Result<FollowUp, RunFault> {
        let (newest, moves_link) = newest_after(plan, options.business_date, whole, folder)?;
        if moves_link {
            staging.prepare_link(&name_of(&link_to_newest(plan)), &name_of(folder))?;
        }
        let family = plan.worklists.join(family_name(plan));
        // A night of which something is missing has shorter worklists: they would hide what is still to be done.
        let copies = working_copies::prepare(&staging.folder().join("data/worklists"), folder, &family, whole);
        let copies = copies.map_err(RunFault::of_worklists)?;
        let mut notes = Vec::new();
        let old = match plan.keep_outputs_days {
            Some(_) if options.business_date > options.today => {
                notes.push("no old folder was removed: the business date lies in the future".to_owned());
                None
            }
            Some(days) => Some(OldFolders::find(
                staging,
                plan,
                (options.business_date, days),
                (folder, never_removed),
                moves_link,
            )?),
            None => None,
        };
        Ok(FollowUp { newest, moves_link, copies, old, notes })
    }

    /// Puts into place what was made ready, once the folder is published.
    pub fn put_in_place(self, staging: &Staging, plan: &Plan, folder: PathBuf) -> Publication {
        let FollowUp { mut newest, moves_link, copies, old, notes } = self;
        let mut faults = Vec::new();
        if moves_link && let Err(error) = staging.put_link(&name_of(&link_to_newest(plan))) {
            faults.push(error.to_string());
            newest = Newest::Unknown;
        }
        let worklists = copies.put_in_place().unwrap_or_else(|error| {
            faults.push(error.to_string());
            WorkingCopies::default()
        });
        let mut removed = Removed::default();
        // A link that could not be moved may lead to a folder that would go.
        if let Some(old) = old.filter(|_| newest != Newest::Unknown) {
            removed = old.remove(staging);
            faults.append(&mut removed.faults);
        }
        Publication {
            folder,
            placed: Placed::First,
            newest,
            worklists,
            removed,
            run_again: None,
            notes,
            notes_of_state: Vec::new(),
            faults,
        }
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Where the link `NAME-latest` leads when a folder is published, and whether it is to be moved for that: it names the folder, unless it names one of a later
/// business date, or of the same date with all its inputs where this one lacks some.
fn newest_after(plan: &Plan, business_date: Day, whole: bool, folder: &Path) -> Result<(Newest, bool), FileError> {
    let path = link_to_newest(plan);
    let target = match link_target(&path) {
        Ok(target) => Some(target),
        // Nothing is there, or something that is no link, which is refused.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidInput) => None,
        Err(error) => return Err(FileError::read(&path)(error)),
    };
    if let Some(target) = target {
        if target == Path::new(&name_of(folder)) {
            return Ok((Newest::This(path), false));
        }
        if let Some(seal) = read_own_seal(&plan.output.join(&target))? {
            let is_later = seal.business_date > business_date;
            if is_later || seal.business_date == business_date && seal.whole && !whole {
                return Ok((Newest::Other { link: path, folder: shown(&target), is_later }, false));
            }
        }
    }
    Ok((Newest::This(path), true))
}
