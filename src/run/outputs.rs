//! The files of a run, written as the run goes on: findings, quarantine, duplicates, worklists, results.

use std::{collections::BTreeMap, io::Write as _};

use sha2::{Digest as _, Sha256};

use super::{
    account::some_of,
    examination::ToCorrect,
    findings_by_value::ValueCount,
    pipeline::RunFault,
    quarantine::{Quarantined, written},
    results::{OutputAccount, RunResults},
};
use crate::{
    codeset::sets::CodeSets,
    coding::{
        tally::CodeTally,
        worklist::{DECIDE_COLUMNS, RESTORED_COLUMNS, TEMPLATE_COLUMNS, restored, template, to_decide},
    },
    deficiency::{
        document_type::{TYPE_COLUMNS, UnnamedTypes},
        examine::Deficiency,
        matrix::Matrix,
        tally::{COLUMNS, worklist_row},
    },
    edits::{
        engine::ActiveRules,
        reporting::Reporting,
        trend::figure::{Figure, Verdict},
    },
    fs::{FileDigest, staged_file::StagedFile, staging::Staging},
    ingest::{cutter::Duplicate, standing::SetAside},
    plan::Plan,
    record::{
        account::InputAccount,
        finding::{Finding, Origin, Severity},
        long_text,
        shown::{cell, in_json},
    },
};

/// An input as outputs name it: file, and the member or sheet where it is a part of one.
pub fn label(input: &InputAccount) -> String {
    if input.part.is_empty() { input.file.clone() } else { format!("{} [{}]", input.file, input.part) }
}

/// Why tables are not whole: the inputs that were not used, and the feeds of which a file did not come.
pub fn why_not_whole<'i>(inputs: impl Iterator<Item = &'i InputAccount>) -> String {
    let (missing, unusable): (Vec<_>, Vec<_>) =
        inputs.filter(|input| !input.fault.is_empty()).partition(|input| !input.missing.is_empty());
    let unusable: Vec<String> = unusable.into_iter().map(label).collect();
    let were = if unusable.len() == 1 { "was" } else { "were" };
    let unusable = (!unusable.is_empty()).then(|| format!("{} {were} not used", some_of(&unusable)));
    let missing = missing.iter().map(|input| format!("the file of {} did not come", input.feed));
    unusable.into_iter().chain(missing).collect::<Vec<_>>().join("; ")
}

/// One comma-separated output.
struct Table {
    writer: csv::Writer<StagedFile>,
    path: &'static str,
    rows: u64,
}

impl Table {
    fn create(staging: &Staging, path: &'static str, columns: &[&str]) -> Result<Table, RunFault> {
        let mut table = Table {
            writer: csv::WriterBuilder::new().from_writer(staging.file(&format!("data/{path}"))?),
            path,
            rows: 0,
        };
        table.record(columns.iter().copied())?;
        table.rows = 0;
        Ok(table)
    }

    fn record<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<(), RunFault> {
        for text in cells {
            self.writer
                .write_field(long_text::shown_as(text, cell, || "the input".to_owned()).as_bytes())
                .map_err(csv_fault)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(csv_fault)?;
        self.rows += 1;
        Ok(())
    }

    fn finish(self) -> Result<OutputAccount, RunFault> {
        let file =
            self.writer.into_inner().map_err(|error| RunFault::Write(std::io::Error::from(error.error().kind())))?;
        let digest = file.finish()?;
        Ok(OutputAccount { path: self.path.to_owned(), rows: self.rows, bytes: digest.bytes, sha256: digest.sha256 })
    }
}

fn csv_fault(error: csv::Error) -> RunFault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => RunFault::Write(error),
        _ => RunFault::Internal("a row of an output cannot be written".to_owned()),
    }
}

/// Columns of the facilities' months; the first six are those of `edits::trend::facility_months`.
const FACILITY_MONTHS: [&str; 16] = [
    "facility_id",
    "month",
    "measure",
    "of",
    "numerator",
    "denominator",
    "unit",
    "figure",
    "months",
    "mean",
    "warning_low",
    "warning_high",
    "critical_low",
    "critical_high",
    "verdict",
    "why",
];

/// Columns of the list of accepted rows that are not in the figures.
const SUPERSEDED: [&str; 9] =
    ["input", "row", "table", "number", "became", "why", "newest_input", "newest_row", "changed_fields"];

/// The outputs of a run.
pub struct Outputs {
    findings: Table,
    accepted: Table,
    /// By acceptance of the pipeline: findings it took.
    pub taken: Vec<u64>,
    counts: [u64; 4],
    quarantine: Table,
    duplicates: Table,
    superseded: Table,
    deficiencies: Table,
    to_correct: Table,
    patients_to_review: Table,
    facility_months: Table,
    to_decide: Table,
    template: Table,
    zeros_restored: Table,
    document_types: Table,
}

impl Outputs {
    /// Begins every output with its heading.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn create(staging: &Staging) -> Result<Outputs, RunFault> {
        Ok(Outputs {
            findings: Table::create(
                staging,
                "findings.csv",
                &[
                    "rule",
                    "severity",
                    "encounter_id",
                    "field",
                    "position",
                    "value",
                    "message",
                    "input",
                    "row",
                    "count",
                    "samples",
                ],
            )?,
            accepted: Table::create(
                staging,
                "accepted.csv",
                &["rule", "severity", "encounter_id", "field", "position", "value", "reason", "author", "until"],
            )?,
            taken: Vec::new(),
            counts: [0; 4],
            quarantine: Table::create(staging, "quarantine.csv", &["input", "row", "reason", "text"])?,
            duplicates: Table::create(staging, "duplicates.csv", &["input", "row", "repeats_input", "repeats_row"])?,
            superseded: Table::create(staging, "superseded.csv", &SUPERSEDED)?,
            deficiencies: Table::create(staging, "worklists/deficiencies.csv", &COLUMNS)?,
            to_correct: Table::create(
                staging,
                "worklists/records_to_correct.csv",
                &["encounter_id", "fatal", "error", "warning", "info", "rules", "attending_name"],
            )?,
            patients_to_review: Table::create(
                staging,
                "worklists/patients_to_review.csv",
                &["rule", "severity", "encounter_id", "field", "other_encounter_id", "message"],
            )?,
            facility_months: Table::create(staging, "facility_months.csv", &FACILITY_MONTHS)?,
            to_decide: Table::create(staging, "worklists/codes_to_decide.csv", &DECIDE_COLUMNS)?,
            template: Table::create(staging, "worklists/site_map_template.csv", &TEMPLATE_COLUMNS)?,
            zeros_restored: Table::create(staging, "zeros_restored.csv", &RESTORED_COLUMNS)?,
            document_types: Table::create(staging, "worklists/document_types.csv", &TYPE_COLUMNS)?,
        })
    }

    /// Writes findings.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn findings(&mut self, findings: &[Finding], rules: &ActiveRules, inputs: &[String]) -> Result<(), RunFault> {
        for finding in findings {
            let rule = rules.described(usize::from(finding.rule));
            let position = if finding.position == 0 { String::new() } else { finding.position.to_string() };
            if let Some(place) = finding.accepted.map(usize::from) {
                let acceptance = &rules.acceptances[place];
                self.taken.resize(rules.acceptances.len(), 0);
                self.taken[place] += 1;
                self.accepted.record(
                    [
                        rule.code,
                        finding.severity.name(),
                        &finding.encounter_id,
                        finding.field.map_or("", |field| field.name()),
                        &position,
                        &finding.raw,
                        &acceptance.reason,
                        &acceptance.author,
                        &acceptance.until.map_or(String::new(), |until| until.to_string()),
                    ]
                    .into_iter(),
                )?;
                continue;
            }
            self.counts[finding.severity as usize] += 1;
            if rules.reporting(finding.rule) == Reporting::Counted {
                continue;
            }
            let row = if finding.origin.row == 0 { String::new() } else { finding.origin.row.to_string() };
            let input = inputs.get(usize::from(finding.origin.input)).map_or("", String::as_str);
            self.findings.record(
                [
                    rule.code,
                    finding.severity.name(),
                    &finding.encounter_id,
                    finding.field.map_or("", |field| field.name()),
                    &position,
                    &finding.raw,
                    rule.message,
                    input,
                    &row,
                    "1",
                    "",
                ]
                .into_iter(),
            )?;
        }
        Ok(())
    }

    /// Writes a line for each value of the rules that are reported by value.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn values(&mut self, values: &[ValueCount], rules: &ActiveRules, inputs: &[String]) -> Result<(), RunFault> {
        for value in values {
            let rule = rules.described(usize::from(value.rule));
            let position = if value.position == 0 { String::new() } else { value.position.to_string() };
            let input = inputs.get(usize::from(value.origin.input)).map_or("", String::as_str);
            self.findings.record(
                [
                    rule.code,
                    value.severity.name(),
                    value.samples.first().map_or("", String::as_str),
                    value.field.map_or("", |field| field.name()),
                    &position,
                    value.value.as_deref().unwrap_or("(further values)"),
                    rule.message,
                    input,
                    &value.origin.row.to_string(),
                    &value.count.to_string(),
                    &value.samples.join("; "),
                ]
                .into_iter(),
            )?;
        }
        Ok(())
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
    pub fn quarantine(&mut self, rejected: Quarantined, input: &str) -> Result<(), RunFault> {
        rejected.each(|row| {
            for (place, text) in written(&row.raw).iter().enumerate() {
                let reason = if place == 0 { row.reason } else { "continued" };
                self.quarantine.record([input, &row.number.to_string(), reason, text].into_iter())?;
                self.quarantine.rows -= u64::from(place > 0);
            }
            Ok(())
        })
    }

    /// Writes the repeated rows.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn duplicates(&mut self, duplicates: &[Duplicate], inputs: &[String]) -> Result<(), RunFault> {
        let name = |input: u16| inputs.get(usize::from(input)).map_or("", String::as_str);
        for duplicate in duplicates {
            let (row, of) = (duplicate.origin.row.to_string(), duplicate.of.row.to_string());
            self.duplicates.record([name(duplicate.origin.input), &row, name(duplicate.of.input), &of].into_iter())?;
        }
        Ok(())
    }

    /// Writes the rows that are superseded, withdrawn or undecided.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn superseded(&mut self, rows: &[SetAside], inputs: &[String]) -> Result<(), RunFault> {
        let name = |origin: Origin| inputs.get(usize::from(origin.input)).map_or("", String::as_str);
        for row in rows {
            let (own, newest) = (row.origin.row.to_string(), row.newest.map(|origin| origin.row.to_string()));
            self.superseded.record(
                [
                    name(row.origin),
                    &own,
                    row.table.name(),
                    &row.number,
                    row.fate.name(),
                    row.why,
                    row.newest.map_or("", name),
                    newest.as_deref().unwrap_or(""),
                    &row.changed,
                ]
                .into_iter(),
            )?;
        }
        Ok(())
    }

    /// Writes chart deficiencies.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn deficiencies(&mut self, deficiencies: &[Deficiency]) -> Result<(), RunFault> {
        for deficiency in deficiencies {
            let row = worklist_row(deficiency);
            self.deficiencies.record(row.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// Writes the kinds of document that the matrix does not name.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn document_types(&mut self, unnamed: &UnnamedTypes, matrix: &Matrix) -> Result<(), RunFault> {
        for (written, documents, meant) in unnamed.listed(&matrix.words()) {
            self.document_types.record([written, &documents.to_string(), meant].into_iter())?;
        }
        Ok(())
    }

    /// Writes the records that have errors.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn to_correct(&mut self, records: &[ToCorrect], rules: &ActiveRules) -> Result<(), RunFault> {
        for record in records {
            let counts = record.counts.map(|count| count.to_string());
            let mut codes: Vec<&str> =
                record.rules.iter().map(|rule| rules.described(usize::from(*rule)).code).collect();
            codes.dedup();
            let codes = codes.join(" ");
            let cells = std::iter::once(record.encounter_id.as_str()).chain(counts.iter().map(String::as_str));
            self.to_correct.record(cells.chain([codes.as_str(), record.attending.as_str()]))?;
        }
        Ok(())
    }

    /// Writes the findings between the records of one patient.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn patients_to_review(&mut self, findings: &[Finding], rules: &ActiveRules) -> Result<(), RunFault> {
        for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
            let rule = rules.described(usize::from(finding.rule));
            let field = finding.field.map_or("", |field| field.name());
            self.patients_to_review.record(
                [rule.code, finding.severity.name(), &finding.encounter_id, field, &finding.raw, rule.message]
                    .into_iter(),
            )?;
        }
        Ok(())
    }

    /// Writes the figures of facilities' months, and of the coders and practitioners that are judged.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn facility_months(&mut self, figures: &[Figure]) -> Result<(), RunFault> {
        for figure in figures {
            let of_practitioner = figure.measure.is_of_practitioner();
            if of_practitioner && figure.verdict == Verdict::NotApplicable {
                continue;
            }
            let unit = figure.measure.unit();
            let limit = |limit: Option<i128>| limit.map_or(String::new(), |limit| unit.shown(limit));
            let trend = figure.trend.as_ref();
            let (warning, critical) = (trend.and_then(|trend| trend.warning), trend.and_then(|trend| trend.critical));
            let months = trend.map(|trend| trend.months).filter(|_| !of_practitioner);
            let cells = [
                figure.month.map_or(String::new(), |month| month.to_string()),
                figure.measure.name().to_owned(),
                figure.of.clone(),
                figure.numerator.to_string(),
                figure.denominator.to_string(),
                unit.name().to_owned(),
                figure.shown(),
                months.map_or(String::new(), |months| months.to_string()),
                limit(trend.map(|trend| trend.mean)),
                limit(warning.map(|bounds| bounds.0)),
                limit(warning.map(|bounds| bounds.1)),
                limit(critical.map(|bounds| bounds.0)),
                limit(critical.map(|bounds| bounds.1)),
                figure.verdict.name().to_owned(),
                figure.why.clone(),
            ];
            let cells = std::iter::once(figure.facility.as_str()).chain(cells.iter().map(String::as_str));
            self.facility_months.record(cells)?;
        }
        Ok(())
    }

    /// Writes the coders' worklists.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn code_worklists(&mut self, codes: &CodeTally, sets: &CodeSets) -> Result<(), RunFault> {
        for row in to_decide(codes, sets) {
            self.to_decide.record(row.iter().map(String::as_str))?;
        }
        for row in template(codes) {
            self.template.record(row.iter().map(String::as_str))?;
        }
        for row in restored(codes, sets) {
            self.zeros_restored.record(row.iter().map(String::as_str))?;
        }
        Ok(())
    }

    /// Ends every output and enters it in the results, with the Parquet files already written.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn finish(self, results: &mut RunResults, parquet: [OutputAccount; 3]) -> Result<(), RunFault> {
        results.outputs.extend(parquet);
        for table in [
            self.findings,
            self.accepted,
            self.quarantine,
            self.duplicates,
            self.superseded,
            self.deficiencies,
            self.to_correct,
            self.patients_to_review,
            self.facility_months,
            self.to_decide,
            self.template,
            self.zeros_restored,
            self.document_types,
        ] {
            results.outputs.push(table.finish()?);
        }
        results.outputs.sort();
        Ok(())
    }
}

/// One output with its digest.
pub fn account(path: &str, rows: u64, digest: &FileDigest) -> OutputAccount {
    OutputAccount { path: path.to_owned(), rows, bytes: digest.bytes, sha256: digest.sha256.clone() }
}

/// Writes `run_results.json`.
///
/// # Errors
/// The file cannot be written.
pub fn write_results(staging: &Staging, results: &RunResults) -> Result<(), RunFault> {
    let mut text = serde_json::to_string_pretty(results)
        .map_err(|_| RunFault::Internal("the results cannot be written as JSON".to_owned()))?;
    text.push('\n');
    let mut file = staging.file("data/run_results.json")?;
    file.write_all(in_json(&text).as_bytes()).map_err(RunFault::Write)?;
    file.finish()?;
    Ok(())
}

/// The name of a run: everything that goes into it, digested.
pub fn run_id(plan: &Plan, inputs: &[InputAccount], business_date: &str) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(business_date);
    add(plan.period.as_ref().map_or("", |period| period.name.as_str()));
    for (name, sha256) in &plan.sources {
        add(name);
        add(sha256);
    }
    for input in inputs {
        add(&input.feed);
        add(&input.part);
        add(&input.sha256);
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
