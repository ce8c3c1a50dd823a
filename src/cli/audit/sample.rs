//! `chartroom audit sample FOLDER`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{
    super::{
        complain,
        exit::{Exit, exit_of_place},
        print,
    },
    in_columns,
};
use crate::{
    archive::own_seal::refuse_in_sealed,
    coding::audit::{
        allocation::Allocation,
        sample::{AuditSample, SampleChoice, StratifiedBy},
    },
    fs::write_new,
    record::{bounded::MOST_VALUES, period::Period, shown},
    run::{
        audit::{draw, sample_sheet},
        stored_records::StoredFault,
    },
};

#[derive(Debug, Args)]
pub struct SampleArguments {
    /// Output folder of a finished run
    folder: PathBuf,
    /// Records to draw: in all, shared out in proportion to the strata with one at least of each; with --each, of each stratum
    #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    records: u64,
    /// Stratify by
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Draw the same number of each stratum
    #[arg(long, requires = "by")]
    each: bool,
    /// Any text: the same seed draws the same records, another seed draws others
    #[arg(long, value_name = "TEXT", default_value = "audit")]
    seed: String,
    /// Draw from the discharges of a period only: 2026-10, 2026-Q3, 2026, 2026-01-01..2026-03-31
    #[arg(long)]
    period: Option<String>,
    /// The sheet to write; an existing file is left alone
    #[arg(long, value_name = "FILE", default_value = "audit-sample.csv")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    Coder,
    Service,
    Payer,
    Facility,
}

/// Draws a sample, writes its sheet and says how it was drawn.
pub fn sample(arguments: &SampleArguments) -> Exit {
    match drawn(arguments) {
        Ok(text) => print(&text),
        Err((message, exit)) => {
            complain(&format!("error: {message}"));
            exit
        }
    }
}

fn drawn(arguments: &SampleArguments) -> Result<String, (String, Exit)> {
    let wrong = |message: String| (message, Exit::Configuration);
    let period = arguments.period.as_deref().map(Period::parse).transpose().map_err(wrong)?;
    let is_there = || wrong(format!("{} is there already; name another file with --out", shown::path(&arguments.out)));
    if arguments.out.symlink_metadata().is_ok() {
        return Err(is_there());
    }
    let by = arguments.by.map(|by| match by {
        By::Coder => StratifiedBy::Coder,
        By::Service => StratifiedBy::Service,
        By::Payer => StratifiedBy::Payer,
        By::Facility => StratifiedBy::Facility,
    });
    let allocation =
        if arguments.each { Allocation::Each(arguments.records) } else { Allocation::Proportional(arguments.records) };
    let choice = SampleChoice { by, seed: arguments.seed.clone(), period, allocation };
    let sample = draw(&arguments.folder, choice).map_err(|fault| {
        let exit = match &fault {
            StoredFault::Source { fault, .. } => Exit::from(fault),
            _ => Exit::Input,
        };
        (fault.to_string(), exit)
    })?;
    refuse_in_sealed(&arguments.out).map_err(|error| (error.to_string(), exit_of_place(&error)))?;
    if sample.has_too_many_strata {
        let by = arguments.by.and_then(|by| by.to_possible_value());
        let by = by.as_ref().map_or("one", |by| by.get_name());
        return Err((
            format!(
                "more than {MOST_VALUES} values of {by} stand in the coded records, so its column is surely mapped wrongly; correct the layout and run again, or draw without --by {by}"
            ),
            Exit::Input,
        ));
    }
    if sample.records.is_empty() {
        return Err(("there is no coded record to draw from".to_owned(), Exit::Input));
    }
    let is_new = write_new(&arguments.out, &sample_sheet(&sample));
    if !is_new.map_err(|error| (error.to_string(), Exit::from(&error)))? {
        return Err(is_there());
    }
    Ok(account(arguments, &sample))
}

/// How the sample was drawn; no encounter number.
fn account(arguments: &SampleArguments, sample: &AuditSample) -> String {
    let how = match (arguments.by, arguments.each) {
        (None, _) => "not stratified".to_owned(),
        (Some(_), true) => format!("{} of each stratum, all where it has fewer", arguments.records),
        (Some(_), false) => "in proportion to the strata by largest remainders, one at least of each".to_owned(),
    };
    let codes: usize = sample.records.iter().map(|(_, record)| record.codes.len()).sum();
    let mut rows = vec![vec!["stratum".to_owned(), "records".to_owned(), "drawn".to_owned()]];
    let mut all = (0, 0);
    for (name, records, drawn) in &sample.strata {
        rows.push(vec![name.clone(), records.to_string(), drawn.to_string()]);
        all = (all.0 + records, all.1 + drawn);
    }
    if sample.strata.len() > 1 {
        rows.push(vec!["total".to_owned(), all.0.to_string(), all.1.to_string()]);
    }
    let out = &sample.left_out;
    format!(
        "sample of {} records with {codes} codes: {how}; the smallest SHA-256 of seed `{}` and encounter number\n\n{}\n\
         not drawn from: {} without codes, {} outside the period, {} without an encounter number\n\
         sheet in {}\n",
        sample.records.len(),
        shown::shown(&arguments.seed),
        in_columns(&rows),
        out.uncoded,
        out.outside_period,
        out.without_number,
        shown::path(&arguments.out),
    )
}
