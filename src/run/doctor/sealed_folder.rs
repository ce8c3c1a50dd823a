//! The newest sealed folder: whether it is still what was sealed. What was written into it is in no later night.

use super::Remark;
use crate::{
    archive::own_seal::changes_and_unread,
    fs::{link_target, path::shown},
    plan::Plan,
    record::listed::some_of,
    run::{
        follow_up::{link_to_newest, refuse_link},
        publication::family_name,
    },
};

pub fn examine(plan: &Plan) -> Vec<Remark> {
    // Of what is no link of this pipeline it is said that it is somebody's.
    if refuse_link(plan).is_err() {
        return Vec::new();
    }
    let link = link_to_newest(plan);
    let Ok(target) = link_target(&link) else { return Vec::new() };
    let folder = plan.output.join(target);
    if !folder.is_dir() {
        return vec![Remark::look(
            format!("{} leads to {}, which is not there", shown(&link), shown(&folder)),
            "Whoever follows the link finds nothing until the run has moved it on",
            "Put the folder back, or let the run make the next one",
        )];
    }
    let (changes, unread) = changes_and_unread(&folder);
    // What cannot be read may be what it was, and what else is missed may follow from it.
    if !unread.is_empty() {
        return vec![Remark::look(
            format!("it cannot be told whether {} is still what was sealed: {}", shown(&folder), some_of(&unread)),
            "Another account made it, or the disk fails: nothing is known of what lies there",
            "Let the user of the run read it",
        )];
    }
    if changes.is_empty() {
        return Vec::new();
    }
    let folder = shown(&folder);
    vec![Remark::look(
        format!("{folder} is no longer what was sealed: {}", some_of(&changes)),
        "It can no longer prove what was reported, and no run reads what was written into it",
        format!(
            "Fill in the worklists in {}, not in the sealed folder. `chartroom verify {folder}` names every file that differs. To have a sealed folder again, run the same day again",
            shown(&plan.worklists.join(family_name(plan)))
        ),
    )]
}
