//! The coded records and the worklist of records to correct: put aside as the partitions come, and written when the edits between records have been asked, so that
//! the findings of these count in a record's own figures.

use std::path::Path;

use anyhow::anyhow;
use serde::{Deserialize, Serialize};

use crate::{
    edits::{
        engine::ActiveRules,
        tables::{RecordsToCorrect, ToCorrect, ToCorrectLine},
    },
    examination::{
        columns::coded_records::{OptionalColumns, PLACE_OF_LATE, columns},
        record_findings::{FoundBetween, RecordFindings},
    },
    fs::{spill::Spill, staging::Staging},
    parallel::in_order,
    run::{
        fault::RunFault,
        options::RunOptions,
        outputs::{OutputAccount, Outputs},
        parquet::sink::{EncodedPartition, ParquetSink},
    },
};

/// Bytes held in memory; what is more goes to a temporary file.
const HELD_BYTES: usize = 8 << 20;

/// The coded records of all partitions, without their late columns.
#[derive(Debug)]
pub struct RecordsPutAside {
    held: Vec<RecordsOfPartition>,
    bytes: usize,
    spilled: Spill,
}

/// The coded records of one partition, encoded, and their findings.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecordsOfPartition {
    /// The columns without the late ones.
    pub coded: EncodedPartition,
    /// The findings by record.
    pub findings: RecordFindings,
}

/// One partition as it comes back.
enum TakenUp {
    Held(Box<RecordsOfPartition>),
    Spilled(Vec<u8>),
}

impl RecordsPutAside {
    /// None yet; `scratch` is a folder for what does not fit the memory.
    pub fn new(scratch: &Path) -> RecordsPutAside {
        RecordsPutAside { held: Vec::new(), bytes: 0, spilled: Spill::new(scratch.to_path_buf()) }
    }

    /// Adds the next partition.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn add(&mut self, partition: RecordsOfPartition) -> Result<(), RunFault> {
        self.bytes += partition.coded.bytes() + partition.findings.bytes();
        if self.bytes <= HELD_BYTES {
            self.held.push(partition);
            return Ok(());
        }
        let block = rmp_serde::to_vec(&partition)
            .map_err(|_| RunFault::Internal("the columns of a partition cannot be written down".to_owned()))?;
        self.spilled.add(&block).map_err(RunFault::Write)
    }

    /// Writes `coded_records.parquet` and the worklist, with what the edits between records found.
    ///
    /// # Errors
    /// A file cannot be read or written, or the run was interrupted.
    pub fn write(
        self,
        shape: OptionalColumns,
        between: &FoundBetween,
        (rules, inputs): (&ActiveRules, &[String]),
        (staging, outputs): (&Staging, &mut Outputs),
        options: &RunOptions<'_>,
    ) -> Result<OutputAccount, RunFault> {
        let mut file = ParquetSink::new(staging.file("data/coded_records.parquet")?, columns(shape))?;
        let mut held = self.held.into_iter();
        let mut blocks = self.spilled.read().map_err(RunFault::Write)?;
        in_order(
            rayon::current_num_threads(),
            || match held.next() {
                Some(partition) => Ok(Some(TakenUp::Held(Box::new(partition)))),
                None => Ok(blocks.next_block().map_err(RunFault::Write)?.map(TakenUp::Spilled)),
            },
            |partition| complete(partition, between),
            |completed: anyhow::Result<(EncodedPartition, Vec<ToCorrect>)>| {
                let (coded, to_correct) = completed?;
                file.write(coded)?;
                outputs.write::<RecordsToCorrect>(to_correct.iter().map(|record| ToCorrectLine {
                    record,
                    rules,
                    inputs,
                }))?;
                options.go_on()
            },
        )?;
        Ok(file.finish()?.account("coded_records.parquet")?)
    }
}

/// A partition with its late columns, and its records to correct.
fn complete(partition: TakenUp, between: &FoundBetween) -> anyhow::Result<(EncodedPartition, Vec<ToCorrect>)> {
    let RecordsOfPartition { mut coded, mut findings } = match partition {
        TakenUp::Held(partition) => *partition,
        TakenUp::Spilled(block) => {
            rmp_serde::from_slice(&block).map_err(|_| anyhow!("the columns of a partition cannot be read back"))?
        }
    };
    findings.add(between);
    coded.insert(PLACE_OF_LATE, EncodedPartition::of(findings.columns())?);
    Ok((coded, findings.to_correct))
}
