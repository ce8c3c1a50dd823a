//! `chartroom audit`: a sample of coded records for the auditor, and what the filled-in sheets come to.

mod sample;
mod score;

use clap::Subcommand;

use super::exit::Exit;
use crate::record::shown::shown;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Draw records of a finished run and write the sheet an auditor fills in
    Sample(sample::SampleArguments),
    /// Score filled-in sheets: accuracy by coder, service and stratum, errors by reason
    Score(score::ScoreArguments),
}

/// Runs a command on audits.
pub fn audit(command: &AuditCommand) -> Exit {
    match command {
        AuditCommand::Sample(arguments) => sample::sample(arguments),
        AuditCommand::Score(arguments) => score::score(arguments),
    }
}

/// Rows as text in columns, figures to the right. The first row is the heading, the first column a name.
fn in_columns(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().map(|cell| shown(cell)).zip(&widths).enumerate().map(|(at, (cell, width))| match at {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
