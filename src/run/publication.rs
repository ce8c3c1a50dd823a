//! Publishing: where a run's sealed folder goes, and what is done beside it.
//!
//! A sealed folder is never replaced unasked. The run that has the same bytes as the newest folder of its name writes nothing; one with
//! other bytes takes the next number (`NAME-2`, `NAME-3`); with `--replace` the newest folder is replaced, where this program sealed it for
//! the same pipeline and it is still what it was then. What the run remembers is committed with the folder, in [`crate::fs::commit`]; what is done
//! beside it is prepared before, and put into place after it ([`super::follow_up`]).

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use crate::{
    archive::own_seal::{OwnSeal, is_same, read_changed, read_own_seal},
    fs::{
        FileError,
        commit::{Committed, Remember, Way, commit},
        digest,
        path::{plain, shown},
        removal::is_removable,
        staging::Staging,
    },
    plan::Plan,
    record::date::Day,
    run::{
        fault::RunFault,
        follow_up::{FollowUp, Newest, refuse_link},
        options::RunOptions,
        retention::Removed,
        stage::Ending,
        working_copies::WorkingCopies,
    },
};

/// How an output came to its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// Nothing had its name.
    First,
    /// Something else has the name that it would have had first: this path.
    Beside(PathBuf),
    /// The same bytes lay there; nothing was written.
    SameAs,
    /// It took the place of an earlier output, as asked for.
    Replaced,
}

/// What a run left.
#[derive(Debug)]
pub struct Publication {
    /// The sealed folder.
    pub folder: PathBuf,
    /// How it came there.
    pub placed: Placed,
    /// Where the link to the newest folder leads.
    pub newest: Newest,
    /// The working copies of the worklists.
    pub worklists: WorkingCopies,
    /// Old folders.
    pub removed: Removed,
    /// The business date, where something was missing from the run or could not be used: it is worth running again.
    pub run_again: Option<Day>,
    /// What a person should know, in words.
    pub notes: Vec<String>,
    /// Of those, what is said of the state.
    pub notes_of_state: Vec<String>,
    /// What could not be done after the output was published, in words.
    pub faults: Vec<String>,
}

/// The run's own folder: its pipeline's title in plain letters, the period, and the business date.
pub fn folder_name(plan: &Plan, business_date: Day) -> String {
    format!("{}-as-of-{business_date}", family_name(plan))
}

/// What the folders of a pipeline and period have in common: their name without the business date.
pub fn family_name(plan: &Plan) -> String {
    let period = plan.period.as_ref().map_or(String::new(), |period| format!("-{}", period.name.replace("..", "-to-")));
    format!("{}{period}", plain_title(&plan.title))
}

/// A title in small letters, digits and hyphens, of at most 60 characters.
pub fn plain_title(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let short: String = name.chars().take(60).collect();
    short.trim_end_matches('-').to_owned()
}

/// What stands at a name and its numbers.
struct FoundThere {
    /// The highest number that something has; 1 is the name without a number. 0: nothing stands.
    highest: u32,
    /// The folder of the highest number that this program sealed.
    newest: Option<(String, OwnSeal)>,
}

impl FoundThere {
    fn at(place: &Path, name: &str) -> Result<FoundThere, FileError> {
        let mut numbered: Vec<(u32, String)> = Vec::new();
        match crate::fs::entries_of(place) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::read(place)(error)),
            Ok(entries) => {
                for entry in entries {
                    let own = entry.map_err(FileError::read(place))?.file_name().to_string_lossy().into_owned();
                    if let Some(number) = number_of(&own, name) {
                        numbered.push((number, own));
                    }
                }
            }
        }
        numbered.sort_unstable_by(|one, other| other.cmp(one));
        let mut newest = None;
        for (_, name) in &numbered {
            if let Some(seal) = read_own_seal(&place.join(name))? {
                newest = Some((name.clone(), seal));
                break;
            }
        }
        Ok(FoundThere { highest: numbered.first().map_or(0, |(number, _)| *number), newest })
    }

    fn next(&self, name: &str) -> String {
        if self.highest == 0 { name.to_owned() } else { format!("{name}-{}", self.highest + 1) }
    }

    /// Why the newest folder may not be replaced; `None` where it may, or where nothing stands.
    ///
    /// # Errors
    /// The folder cannot be read.
    fn irreplaceable(&self, place: &Path, name: &str) -> Result<Option<(PathBuf, String)>, FileError> {
        Ok(match &self.newest {
            _ if self.highest == 0 => None,
            Some((newest, _)) if number_of(newest, name) == Some(self.highest) => {
                let path = place.join(newest);
                let changed = read_changed(&path)?.map(|why| format!("it is no longer what was sealed ({why})"));
                let kept = match changed {
                    None if !is_removable(&path)? => Some("it, or a folder in it, is read-only".to_owned()),
                    changed => changed,
                };
                kept.map(|why| (path, why))
            }
            _ => {
                let last = if self.highest == 1 { name.to_owned() } else { format!("{name}-{}", self.highest) };
                Some((place.join(last), "this program did not seal it".to_owned()))
            }
        })
    }
}

/// The number of a name: 1 for the name itself, 2 for `NAME-2`; `None` for any other.
fn number_of(own: &str, name: &str) -> Option<u32> {
    let rest = own.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(1);
    }
    let digits = rest.strip_prefix('-')?;
    // No run comes to a number of ten digits, and the next of it would be none.
    let number: u32 = digits.parse().ok().filter(|_| digits.len() < 10)?;
    (number >= 2 && !digits.starts_with(['0', '+'])).then_some(number)
}

/// Whether a run gives such an end to the name of an output, behind `-as-of-`: the business date, and a number from 2.
pub(super) fn is_dated(end: &str) -> bool {
    let date = end.get(..10).filter(|date| Day::from_iso(date).is_some());
    date.is_some_and(|date| number_of(end, date).is_some())
}

/// Refuses, before anything is read, what could not be published as it is asked for.
///
/// # Errors
/// Another pipeline whose title reads alike has the name; something that is no link has that of the link; or `--replace` is asked for what may not be replaced.
pub fn refuse(plan: &Plan, options: &RunOptions<'_>, never_removed: &[PathBuf]) -> Result<(), RunFault> {
    refuse_link(plan)?;
    if let Some(folder) = of_other_pipeline(plan, options.business_date)? {
        return Err(RunFault::OtherPipeline(folder));
    }
    if !options.replace {
        return Ok(());
    }
    let name = folder_name(plan, options.business_date);
    let standing = FoundThere::at(&plan.output, &name)?;
    let absolute = |path: &Path| plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let newest = standing.newest.as_ref().map(|(newest, _)| plan.output.join(newest));
    if let Some(folder) = newest.filter(|newest| never_removed.contains(&absolute(newest))) {
        let why = "its figures were published, the month is closed".to_owned();
        return Err(RunFault::Irreplaceable { folder, why });
    }
    match standing.irreplaceable(&plan.output, &name)? {
        Some((folder, why)) => Err(RunFault::Irreplaceable { folder, why }),
        None => Ok(()),
    }
}

/// The folder of the run's name that another pipeline sealed, whose title reads alike.
///
/// # Errors
/// The output folder cannot be read.
pub fn of_other_pipeline(plan: &Plan, business_date: Day) -> Result<Option<PathBuf>, FileError> {
    let newest = FoundThere::at(&plan.output, &folder_name(plan, business_date))?.newest;
    Ok(newest.filter(|(_, seal)| seal.pipeline != plan.title).map(|(name, _)| plan.output.join(name)))
}

/// Gives a sealed folder its place, and with it what is remembered of the run; then what is done beside it. `ending`: what the run ends with. `never_removed`:
/// outputs that no run removes, however old they are.
///
/// # Errors
/// The folder cannot be published; what stood before stands.
pub fn publish(
    staging: &mut Staging,
    plan: &Plan,
    options: &RunOptions<'_>,
    ending: Ending,
    (mut remember, never_removed): (Option<&mut dyn Remember>, &[PathBuf]),
) -> Result<Publication, RunFault> {
    let name = folder_name(plan, options.business_date);
    let whole = ending.is_whole();
    let last_file = plan.archive.algorithms.last_file();
    for _ in 0..MOST_TRIES {
        let standing = FoundThere::at(&plan.output, &name)?;
        let mut notes = Vec::new();
        let free = standing.next(&name);
        let (own, way, placed) = match &standing.newest {
            Some((newest, seal)) => {
                let path = plan.output.join(newest);
                if is_same(&staging.folder(), &path)? && read_changed(&path)?.is_none() {
                    (newest, Way::LiesThere, Placed::SameAs)
                } else if options.replace
                    && may_replace(&standing, plan, &name, (seal, whole && !ending.cut_short), &mut notes)?
                {
                    (newest, Way::Replacing, Placed::Replaced)
                } else {
                    (&free, Way::FreeName, Placed::Beside(path))
                }
            }
            None if standing.highest == 0 => (&free, Way::FreeName, Placed::First),
            None => (&free, Way::FreeName, Placed::Beside(plan.output.join(&name))),
        };
        let folder = plan.output.join(own);
        let follow_up = FollowUp::prepare(staging, plan, options, (whole, never_removed), &folder)?;
        let seal = digest(&staging.folder().join(&last_file))?;
        options.stage.publishing(folder.join(&last_file), seal.sha256, ending);
        let remember = remember.as_mut().map(|remember| &mut **remember as &mut dyn Remember);
        let fault = match commit(staging, (own, way), &last_file, remember, &|| options.stage.published())? {
            Committed::Published(fault) => fault,
            Committed::Remembered(fault) => return Err(RunFault::NotAtItsPlace { folder, fault }),
            // Something took the name since it was looked at: look again.
            Committed::NameTaken => {
                options.stage.working();
                continue;
            }
        };
        let mut publication = follow_up.put_in_place(staging, plan, folder);
        publication.placed = placed;
        publication.notes.splice(0..0, notes);
        publication.faults.splice(0..0, fault.iter().map(|fault| format!("{fault}; the next run makes it good")));
        publication.run_again = (!whole).then_some(options.business_date);
        options.stage.finished(publication.faults.is_empty());
        return Ok(publication);
    }
    Err(RunFault::File(FileError::Foreign { path: plan.output.join(name) }))
}

/// How often another number is tried where a name that was free is taken: by another run each time, or, for good, by a name that the disk takes for the same.
const MOST_TRIES: u32 = 100;

/// Whether the newest folder may be replaced by the run's, as asked for; why not is noted.
///
/// # Errors
/// The folder cannot be read.
fn may_replace(
    standing: &FoundThere,
    plan: &Plan,
    name: &str,
    (seal, whole): (&OwnSeal, bool),
    notes: &mut Vec<String>,
) -> Result<bool, FileError> {
    let (folder, why) = match standing.irreplaceable(&plan.output, name)? {
        Some(irreplaceable) => irreplaceable,
        None if seal.whole && !whole => {
            let newest = standing.newest.as_ref().map_or(name, |(newest, _)| newest);
            let why = "all of its inputs were complete, and tonight's were not";
            (plan.output.join(newest), why.to_owned())
        }
        None => return Ok(true),
    };
    notes.push(format!("{} is not replaced: {why}", shown(&folder)));
    Ok(false)
}

impl Publication {
    /// What a person is told after the account of the run, a line each.
    pub fn words(&self) -> String {
        let mut lines = Vec::new();
        let folder = shown(&self.folder);
        match &self.placed {
            Placed::First => {}
            Placed::SameAs => lines.push(format!("the same as what lies in {folder}; nothing to do")),
            Placed::Replaced => lines.push(format!("replaced what lay in {folder}")),
            Placed::Beside(other) => {
                lines.push(format!("{} stays as it is; this run lies beside it in {folder}", shown(other)));
            }
        }
        match &self.newest {
            Newest::This(link) => lines.push(format!("newest: {}", shown(link))),
            Newest::Other { link, folder, is_later } => {
                let why = if *is_later { "which is of a later day" } else { "for which every input could be used" };
                lines.push(format!("newest: {} stays with {folder}, {why}", shown(link)));
            }
            Newest::Unknown => {}
        }
        lines.extend(self.worklists.words());
        lines.extend(self.removed.words());
        lines.extend(self.notes.iter().cloned());
        lines.extend(self.run_again.map(|day| self.when_it_is_there(day)));
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// What to do when what is missing from a run has come. As of an earlier day the stays of the nights since would lie in the future.
    fn when_it_is_there(&self, day: Day) -> String {
        let to_do = match &self.newest {
            Newest::Other { is_later: true, .. } => {
                format!("run the next night, which takes the late file as well; nights after {day} have run already")
            }
            _ => format!(
                "on the same day, run again with --as-of {day}; on a later day, run that day's night, which takes the late file too"
            ),
        };
        format!("when every file is there and can be read: {to_do}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_numbers_from_two() {
        let of = |own: &str| number_of(own, "nightly-as-of-2026-10-06");
        assert_eq!(of("nightly-as-of-2026-10-06"), Some(1));
        assert_eq!(of("nightly-as-of-2026-10-06-2"), Some(2));
        assert_eq!(of("nightly-as-of-2026-10-06-10"), Some(10));
        for other in ["-1", "-0", "-02", "-4294967295", "-+3", "-two", "-2-old", " 2", "2"] {
            assert!(of(&format!("nightly-as-of-2026-10-06{other}")).is_none(), "{other}");
        }
    }

    #[test]
    fn a_title_becomes_a_plain_name() {
        assert_eq!(plain_title("Nightly: A & B (2026)"), "nightly-a-b-2026");
        assert_eq!(plain_title(&"long ".repeat(30)).len(), 59);
    }
}
