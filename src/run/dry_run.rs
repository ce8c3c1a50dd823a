//! What a night would make of the files of its inbox, before it is run.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    plan::Plan,
    run::{
        fault::RunFault,
        kept_records::{KeptRecords, path_in_site},
        taking::taken_again,
    },
    store::catalogue::Catalogue,
};

/// What would become of each file, by its feed and path.
pub type FilesTonight = BTreeMap<(usize, PathBuf), &'static str>;

/// What a night would make of each file of a plan that keeps its records, by feed and file; `None` where it keeps none. Nothing is taken.
///
/// # Errors
/// The state cannot be read.
pub fn what_would_become(plan: &Plan) -> Result<Option<FilesTonight>, RunFault> {
    let Some(folder) = plan.state.as_deref() else { return Ok(None) };
    let content = Catalogue::look(folder)?.content;
    let kept = KeptRecords::of(plan, Some(folder), Some(&content), "")?.filter(|kept| kept.takes);
    let Some(kept) = kept else { return Ok(None) };
    let mut becomes = BTreeMap::new();
    for (place, feed) in plan.feeds.iter().enumerate() {
        for file in &feed.files {
            let path = path_in_site(file, plan.state.as_deref());
            let words = match taken_again(&kept, feed, file, &path) {
                Some(again) if again.is_empty() => "taken on an earlier night: nothing to do",
                Some(_) => "its rows came before under another name: they would be told as repeated",
                None if kept.newest_of(&feed.name, &path).is_some() => {
                    "new bytes under a name that was taken: it would be its newer version"
                }
                None => "new: it would be taken",
            };
            becomes.insert((place, file.clone()), words);
        }
    }
    Ok(Some(becomes))
}
