//! The account of a run as a person reads it at the end.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{
    file_findings::look_at,
    results::RunResults,
    unusable_inputs::{parts_not_read, why_not_whole},
};
use crate::{
    edits::{
        account::{
            acceptances::AcceptanceStatus, conformity::Conformity, not_asked::NotAskedAccount, rules::RuleAccount,
        },
        reporting::Reporting,
        trend::figure::TrendVerdict,
    },
    record::{
        account::{InputAccount, counted, counted_as, grouped},
        finding::Severity,
        listed::{self, some_of},
        shown::shown,
    },
};

/// The account, a few lines to a screen.
pub fn account(results: &RunResults) -> String {
    let desks = &results.desks;
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&shown(&words));
        text.push('\n');
    };
    let period = if results.period.is_empty() { String::new() } else { format!(", period {}", results.period) };
    line(format!("{}, as of {}{period}", results.pipeline, results.business_date));
    line(String::new());
    // The true cause first: what follows from it stands beneath.
    let unused = results.unusable_inputs.iter().map(|reason| format!("not used: {reason}"));
    let missing = results.inputs.iter().filter(|input| !input.missing.is_empty());
    let missing = missing.map(|input| format!("missing: {}: {}", input.feed, input.missing));
    let causes: Vec<String> = unused.chain(listed::lines(missing)).collect();
    if !causes.is_empty() {
        causes.into_iter().for_each(&mut line);
        line(String::new());
    }
    let totals = &results.totals;
    line(format!(
        "files        {:>9}   rows read {}, accepted {}, quarantined {}, duplicate {}{}",
        grouped(totals.files),
        grouped(totals.read),
        grouped(totals.accepted),
        grouped(totals.quarantined),
        grouped(totals.duplicate),
        if totals.excluded > 0 { format!(" (excluded by choice {})", grouped(totals.excluded)) } else { String::new() },
    ));
    if !results.records_of.is_empty() {
        line(format!("  {}", from_the_store(results)));
    } else if let Some(words) = new_files(&results.inputs) {
        line(format!("  {words}"));
    }
    // What was told of a file on the night that took it is not told every night.
    let is_of_tonight = |input: &&InputAccount| results.records_of.is_empty() || !input.taken_before;
    let of_tonight: Vec<InputAccount> = results.inputs.iter().filter(is_of_tonight).cloned().collect();
    if let Some(words) = sent_again(&of_tonight) {
        line(format!("  sent again: {words}"));
    }
    let of_inputs = |input: &InputAccount| {
        let mut lines: Vec<String> = parts_not_read(input).map(|words| format!("  {words}")).collect();
        if input.formulas_without_value > 0 {
            let label = input.label();
            let count = grouped(input.formulas_without_value);
            lines.push(format!("  formulas: {label}: {count} cells hold a formula with no stored value"));
        }
        lines
    };
    let by_place = results.inputs.iter().filter(|input| input.numbered_by_place).map(|input| {
        format!("  rows without a number, numbered by their place; rows that are alike are kept: {}", input.file)
    });
    listed::lines(by_place).into_iter().for_each(&mut line);
    listed::lines(results.inputs.iter().flat_map(of_inputs)).into_iter().for_each(&mut line);
    if !results.folders_not_read.is_empty() {
        line(format!("  folders not read: {}", some_of(&results.folders_not_read)));
    }
    listed::lines(look_at(results).into_iter().map(|words| format!("  {words}"))).into_iter().for_each(&mut line);
    let encounters = &results.encounters;
    line(format!(
        "encounters   {:>9}   in statistics {}, rejected {}, outside the period {}, undated {}, undecided {}",
        grouped(encounters.examined),
        grouped(encounters.in_statistics),
        grouped(encounters.rejected),
        grouped(encounters.outside_period),
        grouped(encounters.undated),
        grouped(encounters.undecided),
    ));
    if encounters.superseded + encounters.withdrawn > 0 {
        line(format!(
            "  not examined: superseded by a newer version {}, withdrawn {}: superseded.csv",
            grouped(encounters.superseded),
            grouped(encounters.withdrawn),
        ));
    }
    if encounters.undecided > 0 {
        line(format!(
            "  undecided: {} of {} with other content are in no figure; say how the feed is delivered (chartroom docs deliveries)",
            counted(encounters.undecided, "record"),
            counted(encounters.undecided_discharges, "number"),
        ));
    }
    let findings = |name: &str| grouped(results.findings.get(name).copied().unwrap_or(0));
    line(format!(
        "findings     {:>9}   fatal {}, error {}, warning {}, info {}",
        grouped(results.findings.values().sum()),
        findings("fatal"),
        findings("error"),
        findings("warning"),
        findings("info"),
    ));
    let not_asked = desks.not_asked.iter().map(|account| not_asked(account, &results.inputs));
    for words in heaviest(results).chain(unlisted(&desks.rules)).chain(not_asked) {
        line(format!("  {words}"));
    }
    if !desks.conformity.is_empty() {
        let with = |status: Conformity| {
            grouped(desks.conformity.iter().filter(|condition| condition.status == status).count() as u64)
        };
        line(format!(
            "conformity   {:>9}   passed {}, passed with failed rows {}, failed {}, not applicable {}",
            grouped(desks.conformity.len() as u64),
            with(Conformity::Passed),
            with(Conformity::PassedWithFailedRows),
            with(Conformity::Failed),
            with(Conformity::NotApplicable),
        ));
        for failed in desks.conformity.iter().filter(|condition| condition.status == Conformity::Failed) {
            let of = if failed.of.is_empty() { String::new() } else { format!(" ({})", failed.of) };
            line(format!("  failed: {}{of}: {}", failed.condition, failed.why));
        }
    }
    let trends = &desks.trends;
    if trends.within + trends.warning + trends.critical > 0 {
        line(format!(
            "trends       {:>9}   within the limits {}, beyond warning limits {}, beyond critical limits {}, not applicable {}",
            grouped(trends.within + trends.warning + trends.critical + trends.not_applicable),
            grouped(trends.within),
            grouped(trends.warning),
            grouped(trends.critical),
            grouped(trends.not_applicable),
        ));
        for beyond in trends.beyond.iter().filter(|beyond| beyond.verdict == TrendVerdict::Critical.name()) {
            line(format!("  beyond critical limits: {}: {}", beyond.measure, beyond.figure));
        }
    }
    if !desks.acceptances.is_empty() {
        let with = |status: AcceptanceStatus| {
            desks.acceptances.iter().filter(|acceptance| acceptance.status == status).count() as u64
        };
        line(format!(
            "verified     {:>9}   acceptances in use {}, unused {}, expired {}",
            grouped(desks.acceptances.iter().map(|acceptance| acceptance.findings).sum()),
            grouped(with(AcceptanceStatus::InUse)),
            grouped(with(AcceptanceStatus::Unused)),
            grouped(with(AcceptanceStatus::Expired)),
        ));
    }
    for setting in &desks.unmet_settings {
        line(format!("  without effect: {setting}"));
    }
    let valid: u64 = desks.codes.by_system.values().map(|verdicts| verdicts.get("valid").copied().unwrap_or(0)).sum();
    let all: u64 =
        [&desks.codes.diagnoses, &desks.codes.procedures].iter().flat_map(|verdicts| verdicts.values()).sum();
    line(format!(
        "codes        {:>9}   valid {}, mapped {}, for a coder {}, unresolved {}",
        grouped(all),
        grouped(valid),
        grouped(desks.codes.mapped),
        grouped(desks.codes.to_coder),
        grouped(desks.codes.unresolved),
    ));
    for list in desks.without_exempt_list.iter().filter(|list| !list.measures.is_empty()) {
        line(format!("  present on admission: {}", list.words()));
    }
    if desks.codes.zeros_restored > 0 {
        line(format!(
            "  leading zeros given back to {}: zeros_restored.csv says which",
            grouped(desks.codes.zeros_restored)
        ));
    }
    for input in results.inputs.iter().filter(|input| !input.fits_revision.is_empty()) {
        line(format!(
            "  {}: most codes fit another code system; where it is theirs, its layout needs under [columns]: {}",
            input.file, input.fits_revision
        ));
    }
    desks.lines().into_iter().for_each(&mut line);
    text
}

/// The outputs with their rows, a line each.
pub fn outputs_of(results: &RunResults, folder: &str) -> String {
    let mut text = "\noutputs\n".to_owned();
    // Letters are many, and stand in one folder.
    let (letters, others): (Vec<_>, Vec<_>) =
        results.outputs.iter().partition(|output| output.path.starts_with("letters/"));
    let rows = |rows: u64| match rows {
        0 => String::new(),
        rows => format!("{:>9} {}", grouped(rows), if rows == 1 { "row" } else { "rows" }),
    };
    let mut lines: Vec<(&str, String)> =
        others.iter().map(|output| (output.path.as_str(), rows(output.rows))).collect();
    if !letters.is_empty() {
        lines.push(("letters", format!("{:>9} files", grouped(letters.len() as u64))));
        lines.sort();
    }
    let paths: Vec<String> = lines.iter().map(|(path, _)| format!("{folder}/data/{path}")).collect();
    let width = paths.iter().map(|path| path.chars().count()).max().unwrap_or(0);
    for ((_, rows), path) in lines.iter().zip(&paths) {
        text.push_str(format!("  {path:<width$}{rows}").trim_end());
        text.push('\n');
    }
    text
}

/// How many of the files are new, where earlier business dates have taken some of them.
fn new_files(inputs: &[InputAccount]) -> Option<String> {
    let of = |new: bool| {
        // What is not used is told as such, and is no new file: it counts as one when it can be read.
        let fresh = |input: &&InputAccount| !input.taken_before && !input.is_sent_again() && input.fault.is_empty();
        let files = inputs.iter().filter(|input| input.missing.is_empty());
        let files = files.filter(|input| if new { fresh(input) } else { input.taken_before });
        files.map(|input| (&input.feed, &input.file)).collect::<BTreeSet<_>>().len() as u64
    };
    match (of(true), of(false)) {
        (_, 0) => None,
        (0, before) if inputs.iter().all(|input| input.fault.is_empty() || !input.missing.is_empty()) => {
            Some(format!("nothing new: {} taken on an earlier date", were(before)))
        }
        (new, before) => Some(format!("{} new, {} taken on an earlier date", grouped(new), were(before))),
    }
}

/// How many of the files came tonight, and how many the store has of earlier nights.
fn from_the_store(results: &RunResults) -> String {
    let files = |kept: bool| {
        let is_own = |input: &&InputAccount| input.taken_before == kept && (kept || !input.is_sent_again());
        let own = results.inputs.iter().filter(|input| input.missing.is_empty()).filter(is_own);
        own.map(|input| (&input.feed, &input.file)).collect::<BTreeSet<_>>().len() as u64
    };
    if results.records_of != results.pipeline {
        return format!("from the store: what `{}` has taken; no export was read", results.records_of);
    }
    match (files(false), files(true)) {
        (0, kept) => format!("nothing new; from the store: {} of earlier nights", counted(kept, "file")),
        (new, 0) => format!("{} new", grouped(new)),
        (new, kept) => format!("{} new; from the store: {} of earlier nights", grouped(new), counted(kept, "file")),
    }
}

/// The files whose rows came before under another name, each with that name.
fn sent_again(inputs: &[InputAccount]) -> Option<String> {
    let again = inputs.iter().filter(|input| input.is_sent_again() && !input.same_bytes_as.is_empty());
    let names: BTreeSet<String> =
        again.map(|input| format!("{} is {} once more", input.file, input.same_bytes_as)).collect();
    (!names.is_empty()).then(|| some_of(&Vec::from_iter(names)))
}

fn were(count: u64) -> String {
    counted_as(count, "was", "were")
}

/// Fatal findings, errors and warnings that have a line of their own in `findings.csv`, by rule, the most frequent first. Those of whole files are told with
/// the file.
fn heaviest(results: &RunResults) -> impl Iterator<Item = String> {
    let of_files: BTreeSet<&str> = results.desks.file_findings.iter().map(|finding| finding.rule.as_str()).collect();
    [Severity::Fatal, Severity::Error, Severity::Warning].into_iter().filter_map(move |severity| {
        let mut failed: Vec<&RuleAccount> = results
            .desks
            .rules
            .iter()
            .filter(|rule| {
                rule.failed > 0
                    && !of_files.contains(rule.code.as_str())
                    && rule.severity == severity
                    && rule.reported == Reporting::ByRecord
            })
            .collect();
        failed.sort_by_key(|rule| Reverse(rule.failed));
        let named: Vec<String> =
            failed.iter().map(|rule| format!("{} {} {}", grouped(rule.failed), rule.code, rule.name)).collect();
        (!named.is_empty()).then(|| format!("{}: {}", severity.name(), some_of(&named)))
    })
}

/// Findings that have no line of their own in `findings.csv`: of each rule how many they are, and in how many values.
fn unlisted(rules: &[RuleAccount]) -> Vec<String> {
    let of = |reporting: Reporting| {
        let failed = rules.iter().filter(move |rule| rule.failed > 0 && rule.reported == reporting);
        failed.map(move |rule| {
            let values = match rule.values {
                0 => String::new(),
                1 => " (1 value)".to_owned(),
                values => format!(" ({} values)", grouped(values)),
            };
            format!("{}: {} {} {}{values}", reporting.name(), grouped(rule.failed), rule.code, rule.name)
        })
    };
    of(Reporting::Counted).chain(of(Reporting::ByValue)).collect()
}

/// What was not asked because an input could not be used.
fn not_asked(account: &NotAskedAccount, inputs: &[InputAccount]) -> String {
    let rules: Vec<String> = account
        .rules
        .iter()
        .map(|rule| match rule.times {
            0 => rule.code.clone(),
            times => format!("{} on {}", rule.code, counted(times, rule.of)),
        })
        .collect();
    let of_table = inputs.iter().filter(|input| input.table.is_some_and(|table| table.name() == account.table));
    format!("not applied: {}, because {}", some_of(&rules), why_not_whole(of_table))
}
