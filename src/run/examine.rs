//! The third step of a run: the partitions are examined on all threads, and what came of each is written in their order. Where the edits between records add
//! to it, it is put aside, and written by [`super::records`].

use crate::{
    coding::{frequency::CodeFrequency, mapping::CodeMap},
    examination::{
        columns::{
            column::{ColumnType, Columns},
            findings_by_value, record_sources,
        },
        outcome::Outcome,
        partition::{Examination, examine_partition, frequency_of_partition},
        patient::Stays,
    },
    fs::staging::Staging,
    ingest::tables::Superseded,
    parallel::in_order,
    plan::Plan,
    record::record_set::record_digest,
    record::take_away::TakeAway,
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        sorter::Sorter,
        standing::StandingRows,
    },
    run::{
        at_rest::RowCounts,
        desks::{self, DesksInForce},
        fault::RunFault,
        options::RunOptions,
        outputs::OutputAccount,
        parquet::sink::{EncodedPartition, ParquetSink},
        prepare::PreparedRun,
        read::{Accounts, ReadInputs},
        records::{RecordsOfPartition, RecordsPutAside},
        set_aside::{SetAsideCount, count_repeated},
    },
};

/// What the examination of all partitions came to.
pub struct ExaminedRun {
    /// Tallies of the run, and the values that are reported by value; its lists are written and no longer here.
    pub total: Outcome,
    /// The stays in brief, for the examination by patient.
    pub stays: Stays,
    /// The coded records, put aside.
    pub records: RecordsPutAside,
    /// The Parquet files of the sources of records, and of findings that are reported by value.
    pub parquet: [OutputAccount; 2],
    /// By input: what became of the rows of encounters and of what hangs on them.
    pub rows: Vec<RowCounts>,
    /// Versions of records that are not in the figures.
    pub set_aside: SetAsideCount,
    /// All these rows once more, where it is asked which records are at rest.
    pub kept_rows: Option<Sorter>,
}

/// Examines every partition.
///
/// # Errors
/// A file cannot be read or written, or the run was interrupted.
pub fn examine(
    plan: &Plan,
    options: &RunOptions<'_>,
    prepared: &mut PreparedRun,
    (read, accounts): (&mut ReadInputs, &mut Accounts),
    in_force: &DesksInForce,
) -> Result<ExaminedRun, RunFault> {
    let PreparedRun { staging, scratch, feeds, outputs, .. } = prepared;
    let sorter = std::mem::replace(&mut read.sorter, Sorter::in_memory(0));
    let read = &*read;
    let Accounts { inputs, duplicates, set_aside } = accounts;
    let (labels, rules) = (read.labels.as_slice(), &in_force.rules);
    let none = CodeFrequency::default();
    let of = (plan, options.business_date);
    let with = in_force.examination(of, feeds, read, &none);
    let with = Examination { marks: with.marks || options.traces, ..with };
    let (rows_before, set_aside_before) = (inputs.iter().map(RowCounts::of).collect::<Vec<_>>(), *set_aside);
    let asks_frequency = plan.coding.diagnoses.iter().chain(&plan.coding.procedures).any(CodeMap::asks_frequency);
    let counted = if asks_frequency { count_codes(&sorter, inputs.len(), &with, options)? } else { none.clone() };
    let with = Examination { frequency: &counted, ..with };
    let mut files = ColumnFiles::begin(staging)?;
    let mut records = RecordsPutAside::new(scratch);

    let mut total = Outcome::of(rules.count());
    let mut accepted: Vec<u64> = vec![0; inputs.len()];
    let mut last = LastCut::none(read.deliveries.are_stated());
    let kept_rows;
    let mut merge = if with.marks {
        kept_rows = Some(sorter);
        kept_rows.as_ref().map(Sorter::merge).transpose().map_err(RunFault::Write)?
    } else {
        kept_rows = None;
        Some(sorter.into_merge().map_err(RunFault::Write)?)
    };
    options.progress.step("examining", inputs.iter().map(|input| input.read).sum());
    let mut stays = Stays::new(scratch);
    // Where edits changed it is asked which records did: those of which rows came tonight.
    let of_tonight: Option<Vec<bool>> =
        outputs.night.asks_touched().then(|| inputs.iter().map(|input| !input.taken_before).collect());
    let write = |(standing, outcome, encoded, touched): ExaminedPartition| {
        let encoded = encoded?;
        outputs.night.touch(touched);
        let StandingRows { duplicates: repeated, set_aside: older, .. } = standing;
        let mut outcome = outcome;
        for rows in [&older, &std::mem::take(&mut outcome.undecided)] {
            outputs.write::<Superseded>(rows.iter().map(|row| (row, labels)))?;
            set_aside.count(rows, inputs);
        }
        stays.add(std::mem::take(&mut outcome.stays)).map_err(RunFault::Write)?;
        let EncodedOutcome { records: of_partition, sources, by_value } = encoded;
        of_partition.into_iter().try_for_each(|partition| records.add(partition))?;
        files.write(sources, by_value)?;
        count_repeated(&repeated, inputs);
        duplicates.add(&repeated).map_err(RunFault::Write)?;
        outputs.not_listed(outcome.not_listed);
        outputs.findings(&std::mem::take(&mut outcome.findings), rules, labels)?;
        let stay_open = desks::write_lists(&mut outcome.desks, outputs)?;
        outcome.marks.open.extend(stay_open);
        options.progress.advance(outcome.examined);
        total.merge(outcome);
        options.go_on()
    };
    in_order(
        rayon::current_num_threads(),
        || match &mut merge {
            Some(merge) => cut(merge, &mut accepted, &mut last).map_err(RunFault::Write),
            None => Ok(None),
        },
        |cut| {
            let touched = of_tonight.as_ref().map_or_else(Vec::new, |new| touched(&cut.rows, new));
            let mut standing = read.deliveries.standing(cut, feeds);
            let rows = std::mem::take(&mut standing.rows);
            let mut outcome = examine_partition(&rows, standing.goes_on, &with);
            let encoded = EncodedOutcome::of(&mut outcome);
            (standing, outcome, encoded, touched)
        },
        write,
    )?;
    drop(merge);
    total.sum_months();
    let mut rows: Vec<RowCounts> = inputs.iter().map(RowCounts::of).collect();
    let mut are_there = rows.take_away(&rows_before);
    rows.iter_mut().zip(accepted).for_each(|(rows, accepted)| rows.accepted = accepted);
    let mut of_records = *set_aside;
    are_there &= of_records.take_away(&set_aside_before);
    debug_assert!(are_there, "what was counted before is a part of all");
    Ok(ExaminedRun { total, stays, records, parquet: files.end()?, rows, set_aside: of_records, kept_rows })
}

/// A partition that was examined: its rows, what came of them, the columns, and the encounters of which rows came tonight.
type ExaminedPartition = (StandingRows, Outcome, anyhow::Result<EncodedOutcome>, Vec<u64>);

/// The encounters of which rows stand in one of these inputs: digests of their numbers, each run of rows once.
fn touched(rows: &[u8], inputs: &[bool]) -> Vec<u64> {
    let is_of_them = |row: &Row<'_>| inputs.get(usize::from(row.origin().input)).copied().unwrap_or(false);
    let mut records: Vec<u64> = Row::all(rows).filter(is_of_them).map(|row| record_digest(row.number())).collect();
    records.dedup();
    records
}

/// The Parquet files that are written as the partitions come.
struct ColumnFiles {
    sources: ParquetSink,
    by_value: ParquetSink,
}

/// The columns of one outcome, encoded on any thread.
struct EncodedOutcome {
    records: Vec<RecordsOfPartition>,
    sources: Vec<EncodedPartition>,
    by_value: Vec<EncodedPartition>,
}

impl EncodedOutcome {
    /// Takes the columns out of an outcome and encodes them.
    fn of(outcome: &mut Outcome) -> anyhow::Result<EncodedOutcome> {
        let encode = |columns: &mut Vec<Columns>| -> anyhow::Result<Vec<EncodedPartition>> {
            std::mem::take(columns).into_iter().map(EncodedPartition::of).collect()
        };
        let findings = std::mem::take(&mut outcome.records);
        // An examination gives one set of columns.
        let coded = encode(&mut outcome.coded)?.into_iter();
        Ok(EncodedOutcome {
            records: coded.zip([findings]).map(|(coded, findings)| RecordsOfPartition { coded, findings }).collect(),
            sources: encode(&mut outcome.sources)?,
            by_value: encode(&mut outcome.by_value)?,
        })
    }
}

impl ColumnFiles {
    fn begin(staging: &Staging) -> Result<ColumnFiles, RunFault> {
        let begin = |path, columns: &[(&'static str, ColumnType)]| -> Result<ParquetSink, RunFault> {
            Ok(ParquetSink::new(staging.file(path)?, columns.iter().copied())?)
        };
        Ok(ColumnFiles {
            sources: begin("data/record_sources.parquet", &record_sources::COLUMNS)?,
            by_value: begin("data/findings_by_value.parquet", &findings_by_value::COLUMNS)?,
        })
    }

    fn write(&mut self, sources: Vec<EncodedPartition>, by_value: Vec<EncodedPartition>) -> anyhow::Result<()> {
        sources.into_iter().try_for_each(|partition| self.sources.write(partition))?;
        by_value.into_iter().try_for_each(|partition| self.by_value.write(partition))
    }

    fn end(self) -> Result<[OutputAccount; 2], RunFault> {
        Ok([
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
    options: &RunOptions<'_>,
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
            options.go_on()
        },
    )?;
    Ok(frequency)
}
