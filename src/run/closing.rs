//! Closing a period: the figures of a run are published, and what later runs say of the period are restatements.

use std::path::{Path, PathBuf};

use super::{
    compare::{changed_figures, figures_in, of_period_and_day},
    state::StateFolder,
};
use crate::{
    archive::own_seal::read_changed,
    book::figures::SheetFigure,
    fs::{
        FileError,
        lock::Lock,
        path::{plain, shown},
    },
    plan::Plan,
    record::{
        account::{counted, counted_as, grouped},
        date::Day,
    },
    store::{
        audit_log::Deed,
        catalogue::Catalogue,
        content::{ClosedPeriod, OutputPlace, RememberedRun},
    },
};

/// Why a period cannot be closed.
#[derive(Debug, thiserror::Error)]
pub enum ClosingFault {
    /// The pipeline names no state folder.
    #[error(
        "the pipeline names no state folder, and nothing could remember that the period is closed; write `state = \"state\"`"
    )]
    NoState,
    /// No run of the period is remembered.
    #[error(
        "no run of this pipeline for {0} is remembered; run the pipeline that counts the month first, with --period {0}"
    )]
    NoRun(String),
    /// The sealed output was changed.
    #[error("{0} is no longer what was sealed ({1}); run the pipeline once more, and close the period then")]
    Changed(String, String),
    /// The period is closed.
    #[error(
        "{0} is closed since {1}, with {2}; what later runs say of it are restatements, and chartroom compare lists what they change"
    )]
    Closed(String, String, String),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A period that is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedOutput {
    /// Name of the period.
    pub period: String,
    /// The output whose figures were published.
    pub folder: PathBuf,
    /// The day on which it was closed.
    pub closed_on: String,
    /// Outputs of the same period that came after it.
    pub restatements: Vec<PathBuf>,
}

/// Closes the period of a plan with the newest run of it that has its place.
///
/// # Errors
/// See [`ClosingFault`].
pub fn close(plan: &Plan, today: Day) -> Result<ClosedOutput, ClosingFault> {
    let folder = plan.state.as_deref().ok_or(ClosingFault::NoState)?;
    let period = plan.period.as_ref().map(|period| period.name.clone()).unwrap_or_default();
    let _lock = Lock::acquire(folder)?;
    let mut catalogue = Catalogue::open(folder)?;
    if let Some(closed) = closed_of(&catalogue, plan).into_iter().find(|closed| closed.period == period) {
        return Err(ClosingFault::Closed(period, closed.closed_on, shown(&closed.folder)));
    }
    let is_own = |run: &&RememberedRun| {
        run.taker.pipeline == plan.title && run.taker.period == period && run.placed == OutputPlace::AtItsPlace
    };
    let own = catalogue.content.runs.iter().filter(is_own);
    let run = own.max_by_key(|run| (run.taker.business_date.clone(), run.sequence));
    let run = run.ok_or_else(|| ClosingFault::NoRun(period.clone()))?;
    let output = catalogue.output_of(run);
    let at = output.place.join(&output.name);
    if let Some(why) = read_changed(&at)? {
        return Err(ClosingFault::Changed(shown(&at), why));
    }
    let closed = ClosedPeriod { sequence: run.sequence, closed_on: today.to_string() };
    let deed = Deed {
        kind: "close period".to_owned(),
        pipeline: plan.title.clone(),
        period: period.clone(),
        business_date: run.taker.business_date.clone(),
        run_id: run.run_id.clone(),
        seal_sha256: run.output.seal_sha256.clone(),
        ..Deed::default()
    };
    let mut next = catalogue.content.clone();
    next.closed.insert((plan.title.clone(), period.clone()), closed.clone());
    catalogue.commit(next, deed)?;
    Ok(ClosedOutput { period, folder: at, closed_on: closed.closed_on, restatements: Vec::new() })
}

/// The periods of a plan's pipeline that are closed, in order.
///
/// # Errors
/// The state cannot be read.
pub fn closed(plan: &Plan) -> Result<Vec<ClosedOutput>, ClosingFault> {
    let folder = plan.state.as_deref().ok_or(ClosingFault::NoState)?;
    Ok(closed_of(&Catalogue::look(folder)?, plan))
}

fn closed_of(catalogue: &Catalogue, plan: &Plan) -> Vec<ClosedOutput> {
    let runs = &catalogue.content.runs;
    let folder = |run: &RememberedRun| {
        let output = catalogue.output_of(run);
        output.place.join(output.name)
    };
    let own = catalogue.content.closed.iter().filter(|((pipeline, _), _)| *pipeline == plan.title);
    let closed = own.filter_map(|((_, period), closed)| {
        let run = runs.iter().find(|run| run.sequence == closed.sequence)?;
        let is_later = |later: &&RememberedRun| {
            later.sequence > closed.sequence && later.taker.pipeline == plan.title && later.taker.period == *period
        };
        let mut restatements: Vec<PathBuf> = runs.iter().filter(is_later).map(folder).collect();
        restatements.dedup();
        // Those that were removed since, as old outputs are, are no more.
        restatements.retain(|folder| folder.exists());
        Some(ClosedOutput {
            period: period.clone(),
            folder: folder(run),
            closed_on: closed.closed_on.clone(),
            restatements,
        })
    });
    closed.collect()
}

/// What a run says that restates a closed period; `None` where its period is not closed.
pub fn restatement(state: &StateFolder, plan: &Plan, folder: &Path) -> Option<String> {
    let (published, closed_on) = state.closed_output(plan)?;
    let absolute = |path: &Path| plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    if absolute(&published) == absolute(folder) {
        return None;
    }
    let period = plan.period.as_ref().map(|period| period.name.as_str()).unwrap_or_default();
    let (published_shown, own) = (shown(&published), shown(folder));
    if !published.exists() {
        return Some(format!(
            "{period} is closed since {closed_on} with {published_shown}, which is gone; put it back"
        ));
    }
    let figures = figures_in(&published).and_then(|before| Ok((before, figures_in(folder)?)));
    let differ = match figures {
        Ok((before, after)) => {
            let (of_period, of_day) = of_period_and_day(&changed_figures(&before, &after).0);
            let more = match of_day {
                0 => String::new(),
                count => format!(
                    "; beside that {} of the sheets Deficiencies and Clinicians, which speak of the day of the run",
                    counted(count, "figure")
                ),
            };
            match of_period {
                0 => format!("no figure differs{more}"),
                1 => format!("1 figure differs{more}; chartroom compare {published_shown} {own} has it"),
                count => format!(
                    "{} figures differ{more}; chartroom compare {published_shown} {own} lists them",
                    grouped(count)
                ),
            }
        }
        Err(fault) => fault.to_string(),
    };
    Some(format!("{period} is closed since {closed_on} with {published_shown}: {differ}"))
}

/// What a run restates, in words for its cover: how many of its figures are others than those that were published of its period. Empty where the period is not closed, or none is.
pub fn restates(state: &StateFolder, plan: &Plan, figures: &[SheetFigure]) -> String {
    let Some((published, closed_on)) = state.closed_output(plan) else { return String::new() };
    // What cannot be read is told when the run is published.
    let differ = figures_in(&published).map_or(0, |before| of_period_and_day(&changed_figures(&before, figures).0).0);
    let period = plan.period.as_ref().map(|period| period.name.as_str()).unwrap_or_default();
    match differ {
        0 => String::new(),
        count => format!(
            "Restatement: {period} was published on {closed_on}, and {} since. chartroom compare lists what changed, and the records that did.",
            counted_as(count, "figure is another one", "figures are others")
        ),
    }
}
