//! `chartroom audit score FILE...`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use clap::Args;

use crate::{
    archive::own_seal::refuse_in_sealed,
    book::{csv::in_memory, text, value::CellValue},
    cli::{
        audit::in_columns,
        complain,
        exit::{Exit, exit_of_place},
        print,
    },
    coding::audit::{
        count::{AuditCount, AuditMeasure, ErrorKind, STANDARD, meets_standard},
        score::{AuditScore, GROUPS},
    },
    fs::write_new,
    record::{listed, shown},
    run::audit::{self, SheetUnusable},
};

/// Reasons that are printed by name. An auditor's own words may tell of a patient: they stand in the file of `--out` alone.
const PRINTED_REASONS: [&str; 12] = [
    "not stated",
    "clinical validity",
    "coding guideline",
    "data entry",
    "documentation",
    "missed documentation",
    "official advice",
    "present on admission",
    "query",
    "sequence",
    "specificity",
    "unsupported",
];
const OWN_WORDS: &str = "in the auditor's own words";

#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// Filled-in sheets: CSV or a workbook
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Write every measure with numerator and denominator, and errors by reason, as CSV
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Scores sheets. A sheet or a row that cannot be used is named, the others are scored, and the exit code tells. Where the system cannot read one now,
/// nothing is written: the same command has all of them in an hour.
pub fn score(arguments: &ScoreArguments) -> Exit {
    let is_there = |out: &Path| {
        complain(&format!("error: {} is there already; name another file with --out", shown::path(out)));
        Exit::Configuration
    };
    if let Some(out) = arguments.out.as_deref().filter(|out| out.symlink_metadata().is_ok()) {
        return is_there(out);
    }
    if let Some(Err(error)) = arguments.out.as_deref().map(refuse_in_sealed) {
        complain(&format!("error: {error}"));
        return exit_of_place(&error);
    }
    let (mut score, mut known, mut unusable, mut unread) = (AuditScore::default(), BTreeSet::new(), false, false);
    for file in &arguments.files {
        if let Err(fault) = audit::score(file, &mut score, &mut known) {
            complain(&format!("error: {} {fault}", shown::path(file)));
            unusable = true;
            unread |= matches!(fault, SheetUnusable::Source(fault) if fault.is_of_the_system());
        }
    }
    if unread {
        complain("error: nothing was scored or written, because the score would be of a part of the sheets; run again");
        return Exit::FileSystem;
    }
    let faults = score.faults.iter().map(|fault| format!("{} row {}: {}", fault.sheet, fault.line, fault.message));
    listed::lines(faults).iter().for_each(|line| complain(line));
    if let Some(out) = arguments.out.as_ref().filter(|_| unusable) {
        complain(&format!("error: nothing is written to {}: not every sheet could be used", shown::path(out)));
    } else if let Some(out) = &arguments.out {
        let rows = figures(&score);
        let Some((headings, lines)) = rows.split_first() else { return Exit::Done };
        let bytes = in_memory(headings.iter().map(String::as_str), lines);
        match write_new(out, &bytes) {
            Ok(true) => {}
            Ok(false) => return is_there(out),
            Err(error) => {
                complain(&format!("error: {error}"));
                return Exit::from(&error);
            }
        }
    }
    match print(&printed(&score)) {
        Exit::Done if unusable || score.faulty > 0 || !score.faults.is_empty() => Exit::Input,
        exit => exit,
    }
}

fn percent([numerator, denominator]: [u64; 2]) -> String {
    text::shown(&CellValue::percent(numerator, denominator, 1))
}

/// The tables of the console.
fn printed(score: &AuditScore) -> String {
    let total = &score.total;
    let mut text = format!(
        "records reviewed {}, left out: not finished {}, with rows that cannot be used {}\n",
        total.records, score.unfinished, score.faulty
    );
    for (name, groups) in shown_groups(score) {
        text.push_str(&format!("\n{}", in_columns(&group_rows(name, groups, total))));
    }
    let mut rows = vec![["measure", "right", "of", "%", "standard 95 %"].map(str::to_owned).to_vec()];
    for measure in AuditMeasure::ALL {
        let figure @ [numerator, denominator] = total.measure(measure);
        let met = match meets_standard(figure) {
            None => "",
            Some(true) => "met",
            Some(false) => "not met",
        };
        let cells = [measure.name().to_owned(), numerator.to_string(), denominator.to_string(), percent(figure)];
        rows.push(cells.into_iter().chain(std::iter::once(met.to_owned())).collect());
    }
    text.push_str(&format!("\n{}", in_columns(&rows)));
    if !score.reasons.is_empty() {
        text.push_str(&format!("\n{}", in_columns(&reason_rows(score))));
    }
    text
}

/// The groups that tell something: a grouping in which nothing is stated, or which repeats that by coder or service, is left away.
fn shown_groups(score: &AuditScore) -> Vec<(&'static str, &BTreeMap<String, AuditCount>)> {
    let [coders, services, strata] = &score.groups;
    let tells = |groups: &BTreeMap<String, AuditCount>| groups.len() > 1 || !groups.contains_key("not stated");
    let is_own = strata != coders && strata != services && !(strata.len() == 1 && strata.contains_key("all"));
    [(GROUPS[0], coders, true), (GROUPS[1], services, true), (GROUPS[2], strata, is_own)]
        .into_iter()
        .filter(|(_, groups, shown)| *shown && !groups.is_empty() && tells(groups))
        .map(|(name, groups, _)| (name, groups))
        .collect()
}

fn group_rows(name: &str, groups: &BTreeMap<String, AuditCount>, total: &AuditCount) -> Vec<Vec<String>> {
    let heading = [
        name,
        "records",
        "without error",
        "correct",
        "wrong",
        "extra",
        "missed",
        "code over code, %",
        "record over record, %",
        "principal, %",
        "POA, %",
        "DRG, %",
    ];
    let row = |name: &str, count: &AuditCount| {
        let of_code = [ErrorKind::Wrong, ErrorKind::Extra, ErrorKind::Missed].map(|kind| count.errors(kind));
        let measures = [
            AuditMeasure::CodeOverCode,
            AuditMeasure::RecordOverRecord,
            AuditMeasure::PrincipalDiagnosis,
            AuditMeasure::PresentOnAdmission,
            AuditMeasure::DiagnosisRelatedGroup,
        ];
        let counts = [count.records, count.without_error, count.correct.iter().sum()];
        let mut cells = vec![name.to_owned()];
        cells.extend(counts.into_iter().chain(of_code).map(|count| count.to_string()));
        cells.extend(measures.map(|measure| percent(count.measure(measure))));
        cells
    };
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(groups.iter().map(|(name, count)| row(name, count)));
    rows.push(row("total", total));
    rows
}

fn reason_rows(score: &AuditScore) -> Vec<Vec<String>> {
    let mut printed: BTreeMap<(bool, &str), [u64; ErrorKind::ALL.len()]> = BTreeMap::new();
    for (reason, counts) in &score.reasons {
        let name = PRINTED_REASONS.into_iter().find(|known| *known == reason.as_str());
        let sums = printed.entry((name.is_none(), name.unwrap_or(OWN_WORDS))).or_default();
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let mut rows = vec![vec!["errors by reason".to_owned()]];
    rows[0].extend(ErrorKind::ALL.map(|kind| kind.name().to_owned()));
    for ((_, name), counts) in printed {
        rows.push(std::iter::once(name.to_owned()).chain(counts.map(|count| count.to_string())).collect());
    }
    rows
}

/// Every figure as a row: what it is of, name, measure, numerator, denominator, per cent, standard, whether it is met.
fn figures(score: &AuditScore) -> Vec<[String; 8]> {
    let heading = ["group", "name", "measure", "numerator", "denominator", "percent", "standard", "met"];
    let mut rows = vec![heading.map(str::to_owned)];
    let named = GROUPS.into_iter().zip(&score.groups);
    let groups =
        named.flat_map(|(group, counts)| counts.iter().map(move |(name, count)| (group, name.as_str(), count)));
    for (group, name, count) in std::iter::once(("total", "", &score.total)).chain(groups) {
        let mut counted = |what: &str, number: u64| {
            let blank = String::new;
            rows.push([
                group.to_owned(),
                name.to_owned(),
                what.to_owned(),
                number.to_string(),
                blank(),
                blank(),
                blank(),
                blank(),
            ]);
        };
        counted("records", count.records);
        counted("correct codes", count.correct.iter().sum());
        for kind in ErrorKind::ALL {
            counted(&format!("errors: {}", kind.name()), count.errors(kind));
        }
        for measure in AuditMeasure::ALL {
            let figure = count.measure(measure);
            let met = meets_standard(figure).map_or("", |met| if met { "yes" } else { "no" });
            rows.push([
                group.to_owned(),
                name.to_owned(),
                measure.name().to_owned(),
                figure[0].to_string(),
                figure[1].to_string(),
                percent(figure),
                STANDARD.to_string(),
                met.to_owned(),
            ]);
        }
    }
    for (reason, counts) in &score.reasons {
        for (kind, count) in ErrorKind::ALL.into_iter().zip(counts).filter(|(_, count)| **count > 0) {
            let blank = String::new;
            let what = format!("errors: {}", kind.name());
            rows.push([
                "reason".to_owned(),
                reason.clone(),
                what,
                count.to_string(),
                blank(),
                blank(),
                blank(),
                blank(),
            ]);
        }
    }
    rows
}
