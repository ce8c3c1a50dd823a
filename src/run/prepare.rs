//! The first step of a run: what it may not do is refused, and what it writes to is made ready. Nothing is read yet.

use std::path::PathBuf;

use crate::{
    archive::algorithm::Algorithm,
    fs::{
        staging::Staging,
        work_folder::{settle, settle_below},
    },
    plan::Plan,
    rows::slot::Feed,
    run::{
        fault::RunFault,
        options::RunOptions,
        outputs::{Outputs, TableHeading},
        places, publication,
        releases::release_store::ReleaseStore,
        state::{StateFolder, hold_records, taker},
    },
};

/// What a run writes to, and what it remembers.
pub struct PreparedRun {
    /// The state folder, locked.
    pub state: StateFolder,
    /// The folder that becomes the output.
    pub staging: Staging,
    /// A folder for temporary files.
    pub scratch: PathBuf,
    /// The store of imported code sets, where the pipeline names one.
    pub store: Option<ReleaseStore>,
    /// The feeds, in the order of the plan.
    pub feeds: Vec<Feed>,
    /// The tables, each begun with its heading.
    pub outputs: Outputs,
}

/// Makes a run ready; `tables` are those that it writes.
///
/// # Errors
/// A place cannot be used, another run holds a lock, or what is remembered is damaged.
pub fn prepare(plan: &Plan, options: &RunOptions<'_>, tables: Vec<TableHeading>) -> Result<PreparedRun, RunFault> {
    let mut unmatched = plan.feeds.iter().flat_map(|feed| &feed.unmatched);
    if let Some(fault) = unmatched.find_map(|unmatched| unmatched.fault.clone()) {
        return Err(RunFault::Inbox(fault));
    }
    if let Some(fault) = places::no_folders(plan).into_iter().next() {
        return Err(RunFault::Place(fault));
    }
    // Before a state folder is made: where it is gone it is put back, and nothing is in the way.
    hold_records(plan)?;
    let mut state = StateFolder::open(plan.state.as_deref(), &plan.output, taker(plan, options.business_date))?;
    publication::refuse(plan, options, &state.published_outputs())?;
    state.hold_newest(plan)?;
    state.keeps = plan.records.as_ref().is_some_and(|records| records.takes);
    state.look_for_other_titles();
    let staging = Staging::create(&plan.output.join(publication::folder_name(plan, options.business_date)))?;
    let staging = staging.with_sha512(plan.archive.algorithms.has(Algorithm::Sha512));
    // Folders of worklists may lie elsewhere than in earlier nights.
    settle_below(&plan.output)?;
    settle_below(&plan.worklists).map_err(RunFault::of_worklists)?;
    // Before anything is published it is seen that nobody else holds the folder that is written to after it.
    settle(&plan.worklists.join(publication::family_name(plan))).map_err(RunFault::of_worklists)?;
    let scratch = staging.scratch()?;
    let store = plan.coding.codesets.as_deref().map(ReleaseStore::open).transpose()?;
    let feeds = plan.feeds.iter().map(|feed| Feed { only: feed.only.clone(), ..feed.layout.feed(&feed.name) });
    let feeds = feeds.collect();
    let outputs = Outputs::create(&staging, tables)?;
    Ok(PreparedRun { state, staging, scratch, store, feeds, outputs })
}
