//! Files that are due and did not come. What came is examined and published all the same.

use std::collections::BTreeSet;

use super::unread_files::may_be_it;
use crate::{
    plan::{Plan, expected::Due},
    record::{account::InputAccount, date::Day, listed::some_of},
};

/// Why nothing is run: no file of encounters, or of what hangs on them, came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NothingCame {
    /// Feeds of which a file is due, with the expectation in words; empty where none is.
    pub due: Vec<String>,
    /// Where was looked, and what lies there that may be it.
    pub looked_for: String,
}

/// Says so where nothing came that could be examined. Patients and registers stand where they are from night to night.
pub fn nothing_came(plan: &Plan, business_date: Day) -> Option<NothingCame> {
    if some_came(plan) {
        return None;
    }
    let due = plan.feeds.iter().filter(|feed| feed.files.is_empty()).filter_map(|feed| {
        let (count, words) = feed.expected.due_on(business_date, false);
        (count > 0).then(|| {
            let may_be_it = may_be_it(feed, &plan.feeds);
            format!("{}: {words}, and nothing matches {}{may_be_it}", feed.name, some_of(&feed.looked_for))
        })
    });
    let of_encounters = || plan.feeds.iter().filter(|feed| feed.layout.table.is_of_encounters());
    let patterns: Vec<String> = of_encounters().flat_map(|feed| &feed.looked_for).cloned().collect();
    let may_be_it = of_encounters().map(|feed| may_be_it(feed, &plan.feeds)).find(|words| !words.is_empty());
    let looked_for = format!("{}{}", some_of(&patterns), may_be_it.unwrap_or_default());
    Some(NothingCame { due: due.collect(), looked_for })
}

fn some_came(plan: &Plan) -> bool {
    // What is kept may belong to encounters of a later night.
    let keeps = plan.records.as_ref().is_some_and(|records| records.takes);
    plan.feeds.iter().any(|feed| (keeps || feed.layout.table.is_of_encounters()) && !feed.files.is_empty())
}

/// The feeds that lack files on a business date, each as an input of its own. Where state is kept, and a file is expected by the day or by
/// number, one counts that no earlier business date has taken, and that is not one of them under another name.
pub fn missing_inputs(plan: &Plan, business_date: Day, inputs: &[InputAccount]) -> Vec<InputAccount> {
    let others_came = some_came(plan);
    // By feed and file, and by feed: what came and was not taken before.
    let is_new = |input: &&InputAccount| !input.taken_before && !input.is_sent_again();
    let new: BTreeSet<(&str, &str)> =
        inputs.iter().filter(is_new).map(|input| (input.feed.as_str(), input.file.as_str())).collect();
    let not_before: BTreeSet<&str> =
        inputs.iter().filter(|input| !input.taken_before).map(|input| input.feed.as_str()).collect();
    let missing = plan.feeds.iter().filter_map(|feed| {
        let (due, words) = feed.expected.due_on(business_date, others_came);
        let came = match plan.records {
            // What the store keeps is there, and a file may have left the inbox since tonight's run took it.
            Some(_) if feed.expected.due == Due::WithOthers => {
                inputs.iter().filter(|input| input.feed == feed.name && input.fault.is_empty()).count()
            }
            Some(_) if !feed.expected.counts_old_files() => new.iter().filter(|(own, _)| *own == feed.name).count(),
            _ => {
                let came = feed.files.iter().filter(|file| {
                    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                    feed.expected.counts_old_files() || new.contains(&(feed.name.as_str(), name.as_str()))
                });
                came.count()
            }
        };
        let came = came as u64;
        (came < due).then(|| {
            let missing = match (&feed.expected.due, came) {
                (Due::Files(_), _) => format!("{words}, and {came} came"),
                _ if feed.files.is_empty() => format!("{words}, and none came"),
                _ if not_before.contains(feed.name.as_str()) => {
                    format!("{words}, and none came; what came was sent before")
                }
                _ => format!("{words}, and none came; those that match were taken before"),
            };
            let missing = missing + &may_be_it(feed, &plan.feeds);
            InputAccount {
                feed: feed.name.clone(),
                table: Some(feed.layout.table),
                file: feed.unmatched.first().map_or_else(|| feed.name.clone(), |unmatched| unmatched.pattern.clone()),
                fault: missing.clone(),
                missing,
                ..InputAccount::default()
            }
        })
    });
    missing.collect()
}
