//! The inbox: folders, files that are due, files that do not fit their layouts, files that no feed reads.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{Remark, state_files::look};
use crate::{
    fs::{self, path::shown},
    plan::{FeedPlan, Plan},
    record::{account::InputAccount, date::Day, listed::some_of},
    run::{
        expected_files::{missing_inputs, nothing_came},
        state::keeps_records,
        trial::{Trial, try_inputs},
        unread_files::{files_read, unread_files},
    },
};

pub fn examine(plan: &Plan, business_date: Day, others: &[Plan]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for fault in plan.feeds.iter().flat_map(|feed| &feed.unmatched).filter_map(|unmatched| unmatched.fault.as_deref()) {
        let why = "The run ends with 74, and nothing is published";
        remarks.push(Remark::fails(fault, why, ""));
    }
    // Nothing is read where the records come from the store.
    if plan.records.as_ref().is_some_and(|records| !records.takes) {
        return remarks;
    }
    let trials = try_inputs(plan);
    if remarks.is_empty() {
        remarks.extend(due(plan, business_date, &trials));
    }
    remarks.extend(fits(plan, &trials));
    remarks.extend(unread(plan, others));
    remarks
}

/// Files that are due and are not there.
fn due(plan: &Plan, business_date: Day, trials: &[Trial]) -> Vec<Remark> {
    let lacks = |what: String, why: &str| Remark::fails(what, why, "See that the file comes before the run");
    if let Some(nothing) = nothing_came(plan, business_date) {
        if nothing.due.is_empty() {
            if keeps_records(plan) {
                return Vec::new();
            }
            return vec![Remark::look(
                format!("no file matches {}", nothing.looked_for),
                "As things stand the run says \"nothing new\" and ends with 0",
                "See whether an export should have come; `expect` in the pipeline file says when one is due",
            )];
        }
        let why = match keeps_records(plan) {
            true => "As things stand the run is published without it and ends with 66",
            false => "As things stand the run ends with 66, and nothing is published",
        };
        return nothing.due.into_iter().map(|due| lacks(due, why)).collect();
    }
    let keeps = plan.records.is_some();
    let by_the_day = trials.iter().filter(|trial| keeps || !plan.feeds[trial.feed].expected.counts_old_files());
    let state = look(plan, business_date);
    let before = state.taken_before();
    // A trial does not come to the end of a file, so the digests are made here: of a folder of many members once.
    let mut digests: BTreeMap<&Path, Option<String>> = BTreeMap::new();
    let mut contents = BTreeSet::new();
    let mut inputs: Vec<InputAccount> = Vec::new();
    for trial in by_the_day {
        let digest = || fs::digest(&trial.file).ok().map(|digest| digest.sha256);
        let Some(sha256) = digests.entry(&trial.file).or_insert_with(digest).clone() else { continue };
        let mut account = InputAccount { sha256, ..trial.account.clone() };
        account.already_taken = !contents.insert((account.feed.clone(), account.part.clone(), account.sha256.clone()));
        before.compare(&mut account);
        account.taken_before = before.has_earlier(&account);
        inputs.push(account);
    }
    // What the store keeps is there.
    let kept = state.kept_records(plan).ok().flatten();
    inputs.extend(
        kept.into_iter().flat_map(|kept| kept.inputs).map(|input| InputAccount { taken_before: true, ..input.account }),
    );
    missing_inputs(plan, business_date, &inputs)
        .into_iter()
        .map(|input| {
            let why = "As things stand the run is published without it and ends with 66";
            lacks(format!("{}: {}", input.feed, input.missing), why)
        })
        .collect()
}

/// Files that do not fit their layouts.
fn fits(plan: &Plan, trials: &[Trial]) -> Vec<Remark> {
    let told = trials.iter().filter(|trial| trial.is_unusable() || !trial.words().is_empty()).map(|trial| {
        let part = &trial.account.part;
        let part = if part.is_empty() { String::new() } else { format!(" [{part}]") };
        let what = format!("{}{part}: {}", shown(&trial.file), trial.words());
        let feed = &plan.feeds[trial.feed];
        let to_do = format!(
            "Have the file sent again, or correct the layout of the feed {} (\"{}\")",
            feed.name, feed.layout.title
        );
        if trial.is_unreadable {
            let to_do = "See that the disk or share answers, and that the file may be read by the user of the run";
            Remark::fails(what, "The run ends with 74, and nothing is published", to_do)
        } else if trial.is_unusable() {
            Remark::fails(what, "The run goes on without the file and ends with 65", to_do)
        } else {
            Remark::look(what, "The rest of the file is read", to_do)
        }
    });
    told.collect()
}

/// Files that lie where feeds look, and that no feed of the site reads.
fn unread(plan: &Plan, others: &[Plan]) -> Vec<Remark> {
    let read = files_read(others.iter().chain([plan]).flat_map(|plan| &plan.feeds));
    let feeds: Vec<&FeedPlan> = plan.feeds.iter().collect();
    let told = unread_files(&feeds, &read).into_iter().map(|files| {
        let files: Vec<String> = files.iter().map(|file| shown(file)).collect();
        Remark::look(
            format!("no feed reads {}", some_of(&files)),
            "The run passes over what no `files` matches",
            "See whether it should be read, and whether it is named as it should be",
        )
    });
    let folders: Vec<String> = plan.feeds.iter().flat_map(|feed| &feed.folders).map(|folder| shown(folder)).collect();
    let folders = (!folders.is_empty()).then(|| {
        Remark::look(
            format!("`files` matches folders: {}", some_of(&folders)),
            "The run does not read what lies in a folder",
            "Where exports lie in it, name them with a pattern of their own (`/*.csv` after the folder)",
        )
    });
    told.chain(folders).collect()
}
