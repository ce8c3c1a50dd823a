//! The files of a run, written as the run goes on: the tables of the desks, and the results.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    book::csv::{CsvTable, CsvWriter},
    edits::{
        engine::ActiveRules,
        reporting::Reporting,
        tables::{Accepted, AcceptedLine, FindingLine, Findings},
    },
    fs::{FileDigest, staged_file::StagedFile, staging::Staging},
    ingest::{
        block::RejectedRow,
        quarantine::{Quarantined, written},
        tables::{Quarantine, QuarantineLine},
    },
    record::finding::{Finding, Severity},
    run::{desks::ClinicianDeficiencies, fault::RunFault, lives::follow_finding},
    tracking::night::Night,
};

/// A table and its headings.
pub type TableHeading = (&'static str, Vec<&'static str>);

/// One output.
#[derive(Debug, Clone, Default, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutputAccount {
    /// Path in the output folder.
    pub path: String,
    /// Rows, headings not counted; 0 for documents.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// The outputs of a run.
#[derive(Default)]
pub struct Outputs {
    files: BTreeMap<&'static str, CsvWriter<StagedFile>>,
    /// By acceptance of the pipeline: findings it took.
    pub taken: Vec<u64>,
    /// What findings and deficiencies were on the nights before, and what they are tonight.
    pub night: Night,
    /// Open deficiencies by clinician, where the pipeline has levels.
    pub clinicians: Option<ClinicianDeficiencies>,
    counts: [u64; 4],
}

impl Outputs {
    /// Begins every table with its heading.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn create(staging: &Staging, tables: Vec<TableHeading>) -> Result<Outputs, RunFault> {
        let begin = |(path, headings): TableHeading| {
            let file = staging.file(&format!("data/{path}"))?;
            Ok((path, CsvWriter::begin(file, headings)?))
        };
        let files = tables.into_iter().map(begin).collect::<Result<_, RunFault>>()?;
        Ok(Outputs { files, taken: Vec::new(), night: Night::default(), clinicians: None, counts: [0; 4] })
    }

    /// Writes lines of a table.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write<'r, T: CsvTable>(&mut self, lines: impl IntoIterator<Item = T::Row<'r>>) -> Result<(), RunFault> {
        let (columns, file) = (T::columns(), self.file(T::PATH)?);
        for line in lines {
            file.row(&columns, &line)?;
        }
        Ok(())
    }

    fn file(&mut self, path: &str) -> Result<&mut CsvWriter<StagedFile>, RunFault> {
        self.files.get_mut(path).ok_or_else(|| no_table(path))
    }

    /// Counts findings, and writes those that are listed: the accepted ones apart.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn findings(&mut self, findings: &[Finding], rules: &ActiveRules, inputs: &[String]) -> Result<(), RunFault> {
        let (accepted, open): (Vec<&Finding>, Vec<&Finding>) =
            findings.iter().partition(|finding| finding.accepted.is_some());
        self.taken.resize(rules.acceptances.len(), 0);
        for finding in &accepted {
            let place = usize::from(finding.accepted.unwrap_or_default());
            self.taken.get_mut(place).into_iter().for_each(|taken| *taken += 1);
        }
        findings.iter().try_for_each(|finding| follow_finding(self, finding, rules))?;
        let (columns, file) = (Accepted::columns(), self.files.get_mut(Accepted::PATH));
        let Some(file) = file else { return Err(no_table(Accepted::PATH)) };
        for finding in accepted {
            file.row(&columns, &accepted_line(finding, rules, &self.night))?;
        }
        open.iter().for_each(|finding| self.counts[finding.severity as usize] += 1);
        let listed = open.into_iter().filter(|finding| rules.reporting(finding.rule) != Reporting::Counted);
        self.write::<Findings>(listed.map(|finding| FindingLine::of(finding, rules, inputs)))
    }

    /// Counts findings that no line of their own is written for, by severity.
    pub fn not_listed(&mut self, counts: [u64; 4]) {
        self.counts.iter_mut().zip(counts).for_each(|(sum, more)| *sum += more);
    }

    /// Findings by severity.
    pub fn finding_counts(&self) -> BTreeMap<&'static str, u64> {
        Severity::ALL.iter().map(|severity| (severity.name(), self.counts[*severity as usize])).collect()
    }

    /// Writes the rejected rows of one input; a long one goes on in further lines, which count as the one row they are.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn quarantine(
        &mut self,
        rejected: Quarantined,
        input: &str,
        mut keep: impl FnMut(&RejectedRow) -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        rejected.each(|rejected| {
            keep(rejected)?;
            self.quarantined_row((input, rejected.number), rejected.reason, &rejected.raw)
        })
    }

    /// Lists one row that cannot be read, with its input and number.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn quarantined_row(&mut self, (input, row): (&str, u64), why: &str, raw: &[u8]) -> Result<(), RunFault> {
        let (columns, file) = (Quarantine::columns(), self.file(Quarantine::PATH)?);
        for (place, text) in written(raw).into_iter().enumerate() {
            let reason = if place == 0 { why } else { "continued" };
            file.row(&columns, &QuarantineLine { input, row, reason, text })?;
            if place > 0 {
                file.continues();
            }
        }
        Ok(())
    }

    /// Ends every table: one account a file, in the order of their names.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(self) -> Result<Vec<OutputAccount>, RunFault> {
        let end = |(path, file): (&'static str, CsvWriter<StagedFile>)| {
            let (file, rows) = file.end()?;
            Ok(account(path, rows, &file.finish()?))
        };
        self.files.into_iter().map(end).collect()
    }
}

fn no_table(path: &str) -> RunFault {
    RunFault::Internal(format!("{path} is in no list of tables"))
}

/// The line of a finding that somebody has accepted: in the pipeline file, or on a worklist.
fn accepted_line<'r>(finding: &'r Finding, rules: &'r ActiveRules, night: &'r Night) -> AcceptedLine<'r> {
    let rule = rules.described(usize::from(finding.rule));
    match rules.accepted_by(finding.accepted.unwrap_or_default()) {
        Ok(acceptance) => AcceptedLine {
            finding,
            rule,
            reason: acceptance.reason.as_str().into(),
            author: &acceptance.author,
            until: acceptance.until,
        },
        Err(disposition) => {
            let in_force = night.decisions.in_force(finding.key);
            let note = if in_force.note.is_empty() { String::new() } else { format!(": {}", in_force.note) };
            let by = in_force.settled.map_or("", |(_, decision)| &decision.by);
            let reason = format!("{} on a worklist{note}", disposition.name());
            AcceptedLine { finding, rule, reason: reason.into(), author: by, until: None }
        }
    }
}

/// One output with its digest.
pub fn account(path: &str, rows: u64, digest: &FileDigest) -> OutputAccount {
    OutputAccount { path: path.to_owned(), rows, bytes: digest.bytes, sha256: digest.sha256.clone() }
}
