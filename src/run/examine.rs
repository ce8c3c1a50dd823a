//! The third step of a run: the partitions are examined on all threads, and what came of each is written in their order.

use crate::{
    coding::{frequency::CodeFrequency, mapping::CodeMap},
    deficiency::tables::Deficiencies,
    edits::tables::{RecordsToCorrect, ToCorrectLine},
    examination::{
        columns::{coded_records, column::Columns, findings_by_value, record_sources},
        outcome::Outcome,
        partition::{Examination, examine_partition, frequency_of_partition},
        patient::Stays,
    },
    fs::staging::Staging,
    ingest::tables::Superseded,
    parallel::in_order,
    plan::Plan,
    rows::{
        cutter::{LastCut, cut},
        sorter::Sorter,
        standing::Standing,
    },
    run::{
        fault::RunFault,
        given::Given,
        in_force::InForce,
        parquet::sink::{EncodedPartition, Encoder, ParquetSink},
        prepare::Prepared,
        read::{Accounts, Read},
        results::OutputAccount,
        set_aside::count_repeated,
    },
};

/// What the examination of all partitions came to.
pub struct Examined {
    /// Tallies of the run, and the values that are reported by value; its lists are written and no longer here.
    pub total: Outcome,
    /// The stays in brief, for the examination by patient.
    pub stays: Stays,
    /// The Parquet files.
    pub parquet: [OutputAccount; 3],
    /// By input: rows of encounters and what hangs on them that were accepted.
    pub accepted: Vec<u64>,
}

/// Examines every partition.
///
/// # Errors
/// A file cannot be read or written, or the run was interrupted.
pub fn examine(
    plan: &Plan,
    given: &Given<'_>,
    prepared: &mut Prepared,
    (read, accounts): (&mut Read, &mut Accounts),
    in_force: &InForce,
) -> Result<Examined, RunFault> {
    let Prepared { staging, scratch, feeds, outputs, .. } = prepared;
    let sorter = std::mem::replace(&mut read.sorter, Sorter::in_memory(0));
    let read = &*read;
    let Accounts { inputs, duplicates, set_aside } = accounts;
    let (labels, rules) = (read.labels.as_slice(), &in_force.rules);
    let none = CodeFrequency::default();
    let of = (plan, given.business_date);
    let with = in_force.examination(of, feeds, read, &none);
    let asks_frequency = plan.coding.diagnoses.iter().chain(&plan.coding.procedures).any(CodeMap::asks_frequency);
    let counted = if asks_frequency { count_codes(&sorter, inputs.len(), &with, given)? } else { none.clone() };
    let with = Examination { frequency: &counted, ..with };
    let (mut files, encoders) = ColumnFiles::begin(staging, in_force)?;

    let mut total = Outcome::of(rules.count());
    let mut accepted: Vec<u64> = vec![0; inputs.len()];
    let mut last = LastCut::none(read.deliveries.are_stated());
    let mut merge = sorter.into_merge().map_err(RunFault::Write)?;
    given.progress.step("examining", inputs.iter().map(|input| input.read).sum());
    let mut stays = Stays::new(scratch);
    let write = |(standing, outcome, encoded): (Standing, Outcome, anyhow::Result<EncodedOutcome>)| {
        let Standing { duplicates: repeated, set_aside: older, .. } = standing;
        let mut outcome = outcome;
        for rows in [&older, &std::mem::take(&mut outcome.undecided)] {
            outputs.write::<Superseded>(rows.iter().map(|row| (row, labels)))?;
            set_aside.count(rows, inputs);
        }
        stays.add(std::mem::take(&mut outcome.stays)).map_err(RunFault::Write)?;
        files.write(&encoded?)?;
        count_repeated(&repeated, inputs);
        duplicates.extend_from_slice(&repeated);
        outputs.not_listed(outcome.not_listed);
        outputs.findings(&std::mem::take(&mut outcome.findings), rules, labels)?;
        outputs.write::<Deficiencies>(&std::mem::take(&mut outcome.deficiencies))?;
        let to_correct = std::mem::take(&mut outcome.to_correct);
        outputs.write::<RecordsToCorrect>(to_correct.iter().map(|record| ToCorrectLine { record, rules }))?;
        given.progress.advance(outcome.examined);
        total.merge(outcome);
        given.go_on()
    };
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| {
            let mut standing = read.deliveries.standing(cut, feeds);
            let rows = std::mem::take(&mut standing.rows);
            let mut outcome = examine_partition(&rows, standing.goes_on, &with);
            let encoded = encoders.encode(&mut outcome);
            (standing, outcome, encoded)
        },
        write,
    )?;
    Ok(Examined { total, stays, parquet: files.end()?, accepted })
}

/// The three Parquet files of a run while they are written.
struct ColumnFiles {
    coded: ParquetSink,
    sources: ParquetSink,
    by_value: ParquetSink,
}

/// Encodes the columns of a partition for these files, on any thread.
struct Encoders {
    coded: Encoder,
    sources: Encoder,
    by_value: Encoder,
}

/// The columns of one outcome, encoded: coded records, their sources, and findings that are reported by value.
type EncodedOutcome = [Vec<EncodedPartition>; 3];

impl Encoders {
    /// Takes the columns out of an outcome and encodes them.
    fn encode(&self, outcome: &mut Outcome) -> anyhow::Result<EncodedOutcome> {
        let encode = |columns: &mut Vec<Columns>, encoder: &Encoder| {
            std::mem::take(columns)
                .into_iter()
                .map(|columns| encoder.encode(columns))
                .collect::<anyhow::Result<Vec<_>>>()
        };
        Ok([
            encode(&mut outcome.coded, &self.coded)?,
            encode(&mut outcome.sources, &self.sources)?,
            encode(&mut outcome.by_value, &self.by_value)?,
        ])
    }
}

impl ColumnFiles {
    fn begin(staging: &Staging, in_force: &InForce) -> Result<(ColumnFiles, Encoders), RunFault> {
        let records = coded_records::columns(in_force.shape);
        let (coded, of_coded) = ParquetSink::new(staging.file("data/coded_records.parquet")?, records)?;
        let rows = record_sources::COLUMNS.into_iter();
        let (sources, of_sources) = ParquetSink::new(staging.file("data/record_sources.parquet")?, rows)?;
        let values = findings_by_value::COLUMNS.into_iter();
        let (by_value, of_values) = ParquetSink::new(staging.file("data/findings_by_value.parquet")?, values)?;
        let encoders = Encoders { coded: of_coded, sources: of_sources, by_value: of_values };
        Ok((ColumnFiles { coded, sources, by_value }, encoders))
    }

    fn write(&mut self, encoded: &EncodedOutcome) -> anyhow::Result<()> {
        let [coded, sources, by_value] = encoded;
        coded.iter().try_for_each(|partition| self.coded.write(partition))?;
        sources.iter().try_for_each(|partition| self.sources.write(partition))?;
        by_value.iter().try_for_each(|partition| self.by_value.write(partition))
    }

    fn end(self) -> Result<[OutputAccount; 3], RunFault> {
        Ok([
            self.coded.finish()?.account("coded_records.parquet")?,
            self.sources.finish()?.account("record_sources.parquet")?,
            self.by_value.finish()?.account("findings_by_value.parquet")?,
        ])
    }
}

/// The pass before the examination: how often codes stand in the whole run.
fn count_codes(
    sorter: &Sorter,
    inputs: usize,
    with: &Examination<'_>,
    given: &Given<'_>,
) -> Result<CodeFrequency, RunFault> {
    let mut merge = sorter.merge().map_err(RunFault::Write)?;
    let mut frequency = CodeFrequency::default();
    let (mut accepted, mut last) = (vec![0; inputs], LastCut::none(with.deliveries.are_stated()));
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| frequency_of_partition(&with.deliveries.standing(cut, with.feeds).rows, with),
        |partition| {
            frequency.merge(partition);
            given.go_on()
        },
    )?;
    Ok(frequency)
}
