//! What else a night came to, a line each.

use std::collections::BTreeSet;

use super::{
    MorningLine, day_in_words,
    first::{RowsTonight, findings_in_words, tonight},
};
use crate::{
    fs::path::{file_name, shown as shown_path},
    record::{
        account::{InputAccount, counted, counted_as, grouped},
        date::Day,
        finding::Severity,
        listed::some_of,
    },
    run::{pipeline::Done, results::RunResults},
    tracking::account::{CHANGED, EVERYTHING, LifeCounts, NightAccount, days},
};

/// What else the night came to.
pub(super) fn lines(done: &Done) -> Vec<MorningLine> {
    let results = &done.results;
    let mut lines = Vec::new();
    let mut line = |label: &'static str, words: String, look: &'static str| {
        if !words.is_empty() {
            lines.push(MorningLine { label, words, look });
        }
    };
    let night = &results.desks.night;
    let (findings, deficiencies) = (&night.findings, &night.deficiencies);
    if night.followed {
        line("New tonight", new_tonight(findings, deficiencies), "worklists/to_resolve.csv");
        line("Corrected", corrected(findings, deficiencies), "worklists/no_longer_found.csv");
        // On a first night everything is new.
        if !night.previous_night.is_empty() {
            line("Still open", still_open(findings, deficiencies), "worklists/to_resolve.csv");
        }
        let look = "worklists/to_resolve.csv, worklists/no_longer_found.csv";
        line("Edits changed", by_change(findings, deficiencies), look);
        line("Decisions", decisions(results), "accepted.csv");
    } else {
        let of = |severity: Severity| results.findings.get(severity.name()).copied().unwrap_or(0);
        let counts = [of(Severity::Fatal), of(Severity::Error), of(Severity::Warning)];
        if counts.iter().any(|count| *count > 0) {
            line("Findings", findings_in_words(&counts), "findings.csv");
        }
        line("Not followed", night.not_followed.clone(), "");
    }
    line("Records", records(results), "chartroom history NUMBER");
    line("Examined", examined(night), "");
    line("Deficiencies", deficiencies_tonight(results), "worklists/deficiencies.csv");
    if night.became_delinquent > 0 {
        let words = counted_as(night.became_delinquent, "record became", "records became");
        line("Delinquent", format!("{words} delinquent"), "worklists/deficiencies.csv");
    }
    line("Clinicians", clinicians(results), "worklists/clinicians.csv");
    line("Letters", letters(results), "data/letters");
    line("Due", due(deficiencies), "worklists/to_resolve.csv");
    if results.desks.codes.to_coder > 0 {
        line("For a coder", counted(results.desks.codes.to_coder, "code"), "worklists/codes_to_decide.csv");
    }
    let again = results.inputs.iter().filter(|input| !input.taken_before && input.is_sent_again());
    let again: BTreeSet<String> = again.map(|input| input.file.clone()).collect();
    if !again.is_empty() {
        let words = format!("{}: rows that came before; take the file away", some_of(&Vec::from_iter(again)));
        line("Sent again", words, "");
    }
    line("Rows", balance(results), if tonight(results).duplicate > 0 { "duplicates.csv" } else { "" });
    line("Lists", lists(done), "");
    lines
}

/// How many records the night examined, and why all of them where it did.
fn examined(night: &NightAccount) -> String {
    let kept = counted(night.records_kept, "record");
    match (night.examined.as_str(), night.everything_because.as_str()) {
        (CHANGED, _) => {
            format!("{} of {kept}: those that came, and those that are open", grouped(night.records_examined))
        }
        _ if night.previous_night.is_empty() => String::new(),
        (EVERYTHING, why) => format!("all {kept}, because {why}"),
        _ => String::new(),
    }
}

/// Where the lists of the night lie, and which of those to work on are not of tonight.
fn lists(done: &Done) -> String {
    let folder = shown_path(&done.publication.folder.join("data"));
    let copies = &done.publication.worklists;
    let of_tonight = match (copies.not_refreshed || copies.newer.is_some(), copies.kept.len()) {
        (true, _) => {
            "; those to work on are of an earlier night, because something is missing from this one".to_owned()
        }
        (false, 0) => String::new(),
        (false, _) => {
            let names: Vec<String> = copies.kept.iter().map(|kept| file_name(&kept.copy)).collect();
            format!("; {} of those to work on was edited and is left as it is: tonight's is there", some_of(&names))
        }
    };
    format!("{folder}{of_tonight}")
}

fn joined(words: impl IntoIterator<Item = Option<String>>) -> String {
    words.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn some(count: u64, words: String) -> Option<String> {
    (count > 0).then_some(words)
}

/// `3 findings in 2 records and 1 reopened (2 errors, 2 warnings)`.
fn new_of_kind(counts: &LifeCounts, one: &str, many: &str) -> Option<String> {
    let new = some(
        counts.new,
        format!("{} in {}", counted_as(counts.new, one, many), counted(counts.records_with_new, "record")),
    );
    let new = if counts.records_with_new == 0 { some(counts.new, counted_as(counts.new, one, many)) } else { new };
    let reopened = some(counts.reopened, format!("{} reopened", grouped(counts.reopened)));
    let words: Vec<String> = [new, reopened].into_iter().flatten().collect();
    let severities = match counts.new_by_severity.iter().sum::<u64>() {
        0 => String::new(),
        _ => format!(" ({})", findings_in_words(&counts.new_by_severity)),
    };
    (!words.is_empty()).then(|| words.join(" and ") + &severities)
}

fn new_tonight(findings: &LifeCounts, deficiencies: &LifeCounts) -> String {
    joined([new_of_kind(findings, "finding", "findings"), new_of_kind(deficiencies, "deficiency", "deficiencies")])
}

fn corrected(findings: &LifeCounts, deficiencies: &LifeCounts) -> String {
    joined([
        some(findings.corrected, counted(findings.corrected, "finding")),
        some(deficiencies.corrected, counted_as(deficiencies.corrected, "deficiency", "deficiencies")),
    ])
}

fn still_open(findings: &LifeCounts, deficiencies: &LifeCounts) -> String {
    let of = |counts: &LifeCounts, name: String| {
        let since = if counts.oldest_days == 0 {
            "since tonight".to_owned()
        } else {
            format!("for up to {}", days(counts.oldest_days))
        };
        some(counts.open, format!("{name} {since}"))
    };
    joined([
        of(findings, counted(findings.open, "finding")),
        of(deficiencies, counted_as(deficiencies.open, "deficiency", "deficiencies")),
    ])
}

fn by_change(findings: &LifeCounts, deficiencies: &LifeCounts) -> String {
    let new = findings.new_by_change + deficiencies.new_by_change;
    let gone = findings.gone_by_change + deficiencies.gone_by_change;
    let words = format!(
        "because edits, code sets, layouts or settings changed, and no record did: {} new, {} gone",
        grouped(new),
        grouped(gone)
    );
    some(new + gone, words).unwrap_or_default()
}

fn decisions(results: &RunResults) -> String {
    let counts = &results.desks.night.decisions;
    joined([
        some(counts.tonight, format!("{} tonight", counted_as(counts.tonight, "came", "came"))),
        some(
            counts.unknown,
            format!("{} of no finding or deficiency, and without effect", counted_as(counts.unknown, "is", "are")),
        ),
        some(
            counts.value_changed,
            format!(
                "{} no more, because the value is another one by now (status reopened)",
                counted_as(counts.value_changed, "holds", "hold")
            ),
        ),
    ])
}

fn records(results: &RunResults) -> String {
    let Some(changes) = &results.desks.records_tonight else { return String::new() };
    joined([
        some(changes.new, format!("{} new", grouped(changes.new))),
        some(changes.corrected, format!("{} corrected", grouped(changes.corrected))),
        some(changes.withdrawn, format!("{} withdrawn", grouped(changes.withdrawn))),
    ])
}

fn deficiencies_tonight(results: &RunResults) -> String {
    let (account, night) = (&results.desks.deficiencies, &results.desks.night);
    if account.missing_documents.is_empty() || account.open == 0 {
        return String::new();
    }
    let words = format!(
        "{} open in {}, of which {} delinquent",
        grouped(account.open),
        counted(account.incomplete_records, "record"),
        grouped(account.delinquent_records)
    );
    match (night.delinquency_held.is_empty(), Day::from_iso(&night.documents_as_of)) {
        (true, _) => words,
        (false, Some(day)) => format!(
            "as of {}, when the document index came last: {words}; nobody becomes delinquent, is suspended or written to tonight",
            day_in_words(day)
        ),
        (false, None) => format!("no document index came yet: {words}"),
    }
}

fn clinicians(results: &RunResults) -> String {
    let account = &results.desks.clinicians;
    let levels: Vec<String> =
        account.by_level.iter().map(|(level, count)| format!("{level} {}", grouped(*count))).collect();
    joined([
        (!levels.is_empty()).then(|| levels.join(", ")),
        some(
            account.changed,
            format!("{} since tonight", counted_as(account.changed, "at another level", "at another level")),
        ),
        some(account.reinstated, format!("{} taken off the suspension list tonight", grouped(account.reinstated))),
    ])
}

fn letters(results: &RunResults) -> String {
    let account = &results.desks.clinicians;
    some(account.letters, format!("{} to be sent", counted(account.letters, "letter"))).unwrap_or_default()
}

fn due(deficiencies: &LifeCounts) -> String {
    joined([
        some(
            deficiencies.due_today,
            format!("{} today", counted_as(deficiencies.due_today, "deficiency", "deficiencies")),
        ),
        some(deficiencies.overdue, format!("{} overdue", grouped(deficiencies.overdue))),
    ])
}

/// Where the rows of the night went.
fn balance(results: &RunResults) -> String {
    let RowsTonight { read, quarantined, duplicate } = tonight(results);
    let is_empty = |input: &&InputAccount| {
        !input.taken_before
            && input.read == 0
            && input.fault.is_empty()
            && input.missing.is_empty()
            && !input.not_in_run
    };
    let empty: Vec<String> = results.inputs.iter().filter(is_empty).map(|input| input.file.clone()).collect();
    let empty = some(empty.len() as u64, format!("a heading and no row: {}", some_of(&empty)));
    if read == 0 {
        return joined([Some("none came".to_owned()), empty]);
    }
    let accepted = read.saturating_sub(quarantined + duplicate);
    let balance = format!(
        "everything balances: {} read = {} accepted + {} quarantined + {} repeated",
        grouped(read),
        grouped(accepted),
        grouped(quarantined),
        grouped(duplicate)
    );
    joined([Some(balance), empty])
}
