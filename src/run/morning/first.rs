//! What somebody should look at first in the morning, the heaviest first.

use super::{MOST_NAMED, MorningLine};
use crate::{
    edits::account::conformity::Conformity,
    fs::path::file_name,
    plan::{FeedPlan, Plan},
    record::{
        account::{counted, counted_as},
        finding::Severity,
        listed::some_of,
    },
    run::{
        pipeline::Done,
        results::RunResults,
        unread_files::{files_read, unread_files},
    },
    tracking::account::LifeCounts,
};

/// What somebody should look at first, the heaviest first.
pub(super) fn to_do(plan: &Plan, done: &Done) -> Vec<MorningLine> {
    let results = &done.results;
    let mut to_do = Vec::new();
    for fault in &done.publication.faults {
        let look = "chartroom doctor";
        to_do.push(MorningLine { label: "Not done", words: format!("published, but {fault}"), look });
    }
    named(&results.unusable_inputs, "Not used", "get the file again, or correct its layout", &mut to_do);
    let missing: Vec<String> = results
        .inputs
        .iter()
        .filter(|input| !input.missing.is_empty())
        .map(|input| format!("{}: {}", input.feed, input.missing))
        .collect();
    let (renamed, missing): (Vec<String>, Vec<String>) =
        missing.into_iter().partition(|words| words.contains("that this run does not read"));
    named(&renamed, "Missing", "see whether it is the file of another name", &mut to_do);
    named(&missing, "Missing", "ask the sender", &mut to_do);
    if let Some(words) = gate(plan, done) {
        to_do.push(MorningLine { label: "Findings", words, look: "worklists/records_to_correct.csv" });
    }
    let mut more = |label: &'static str, words: String, look: &'static str| {
        if !words.is_empty() {
            to_do.push(MorningLine { label, words, look });
        }
    };
    let desks = &results.desks;
    let failed = desks.conformity.iter().filter(|condition| condition.status == Conformity::Failed);
    let failed: Vec<String> = failed.map(|condition| format!("{}: {}", condition.condition, condition.why)).collect();
    if !failed.is_empty() {
        more("Limits", format!("failed: {}", some_of(&failed)), "sheet Conformity");
    }
    let totals = tonight(results);
    if totals.quarantined > 0 {
        more("Rows", format!("{} cannot be read", counted(totals.quarantined, "row")), "quarantine.csv");
    }
    if results.encounters.undecided > 0 {
        let words = format!(
            "{} in no figure, because nothing says which version is newer",
            counted_as(results.encounters.undecided, "record is", "records are")
        );
        more("Undecided", words, "superseded.csv");
    }
    let decisions = &desks.night.decisions;
    if decisions.unreadable > 0 {
        let rows = decisions.unreadable_rows.join("; ");
        more(
            "Decisions",
            format!("{} cannot be read: {rows}", counted(decisions.unreadable, "row")),
            "chartroom docs night-to-night",
        );
    }
    if desks.clinicians.newly_suspended > 0 {
        more(
            "Suspended",
            format!("{} since tonight", counted(desks.clinicians.newly_suspended, "clinician")),
            "worklists/clinicians.csv",
        );
    }
    more("Not read", unread(plan), "chartroom doctor");
    named(&done.publication.notes_of_state, "State", "chartroom state check", &mut to_do);
    to_do
}

/// Files of the inbox that no feed reads.
fn unread(plan: &Plan) -> String {
    let feeds: Vec<&FeedPlan> = plan.feeds.iter().collect();
    let unread = unread_files(&feeds, &files_read(&plan.feeds));
    let names: Vec<String> = unread.iter().flatten().map(|path| file_name(path)).collect();
    if names.is_empty() { String::new() } else { format!("no feed of this pipeline reads {}", some_of(&names)) }
}

/// What became of the rows that came tonight.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowsTonight {
    pub read: u64,
    pub quarantined: u64,
    pub duplicate: u64,
}

pub(super) fn tonight(results: &RunResults) -> RowsTonight {
    let new = results.inputs.iter().filter(|input| !input.taken_before);
    new.fold(RowsTonight::default(), |sum, input| RowsTonight {
        read: sum.read + input.read,
        quarantined: sum.quarantined + input.quarantined,
        duplicate: sum.duplicate + input.duplicate,
    })
}

/// The findings that reached the limit of the pipeline, in words. A fault of a whole file is told with the file, and not once more.
fn gate(plan: &Plan, done: &Done) -> Option<String> {
    let results = &done.results;
    if !done.ending.gate {
        return None;
    }
    if let Some(gate) = plan.fail_on_new.filter(|gate| new_of(&results.desks.night.findings, *gate) > 0) {
        let mut counts = results.desks.night.findings.new_by_severity;
        counts.iter_mut().skip(gate as usize + 1).for_each(|count| *count = 0);
        return Some(format!("new tonight: {}", findings_in_words(&counts)));
    }
    let gate = plan.fail_on?;
    let mut counts = [Severity::Fatal, Severity::Error, Severity::Warning].map(|severity| {
        let of_files = results.desks.file_findings.iter().filter(|finding| finding.severity == severity);
        let all = results.findings.get(severity.name()).copied().unwrap_or(0);
        all.saturating_sub(of_files.count() as u64)
    });
    counts.iter_mut().skip(gate as usize + 1).for_each(|count| *count = 0);
    (counts.iter().sum::<u64>() > 0 || gate == Severity::Info).then(|| findings_in_words(&counts))
}

pub(super) fn new_of(counts: &LifeCounts, gate: Severity) -> u64 {
    counts.new_by_severity.iter().take(gate as usize + 1).sum()
}

/// `2 fatal findings, 3 errors and 1 warning`; what is none is left out.
pub(super) fn findings_in_words([fatal, errors, warnings]: &[u64; 3]) -> String {
    let of = |count: u64, one: &str, many: &str| (count > 0).then(|| counted_as(count, one, many));
    let words: Vec<String> = [
        of(*fatal, "fatal finding", "fatal findings"),
        of(*errors, "error", "errors"),
        of(*warnings, "warning", "warnings"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() { "findings".to_owned() } else { words.join(", ") }
}

fn named(of: &[String], label: &'static str, look: &'static str, to_do: &mut Vec<MorningLine>) {
    for words in of.iter().take(MOST_NAMED) {
        to_do.push(MorningLine { label, words: words.clone(), look });
    }
    if of.len() > MOST_NAMED {
        let words = format!("and {} more", of.len() - MOST_NAMED);
        to_do.push(MorningLine { label, words, look: "data/run_results.json" });
    }
}
