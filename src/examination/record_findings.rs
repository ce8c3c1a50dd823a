//! The findings of each record in figures. The edits between records add to them, so they are held until all partitions are examined, and what depends on them
//! (columns of the coded records, the worklist of records to correct) is made after.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    edits::tables::ToCorrect,
    examination::columns::{
        build::Numbers,
        column::{Columns, Presence, Single},
    },
    record::{
        finding::{Finding, FindingKey, Origin},
        subject::Subject,
    },
};

/// The findings of the records of a partition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFindings {
    /// Where each record's row stood, in the order of records.
    pub origins: Vec<Origin>,
    /// Its findings by severity, heaviest first.
    pub counts: Vec<[u16; 4]>,
    /// Those with an error or a fatal finding, in the same order.
    pub to_correct: Vec<ToCorrect>,
}

/// What the edits between records found, by the record.
#[derive(Debug, Default)]
pub struct FoundBetween {
    records: FxHashMap<Origin, FoundOfRecord>,
}

#[derive(Debug, Default)]
struct FoundOfRecord {
    counts: [u16; 4],
    to_correct: Option<Box<ToCorrectBetween>>,
}

/// What is to be corrected by findings between records, in little memory: there may be one of every record.
#[derive(Debug)]
struct ToCorrectBetween {
    /// Facility, number and attending practitioner, one after the other.
    texts: Box<str>,
    /// Bytes of the first and of the second.
    lengths: [u32; 2],
    unnumbered: Option<u64>,
    findings: Vec<(u16, FindingKey)>,
}

impl ToCorrectBetween {
    fn of(record: &ToCorrect) -> ToCorrectBetween {
        let (facility, number) = (record.subject.facility_id(), record.subject.encounter_id());
        ToCorrectBetween {
            texts: [facility, number, &record.attending].concat().into(),
            lengths: [facility.len() as u32, number.len() as u32],
            unnumbered: match &record.subject {
                Subject::Encounter { unnumbered, .. } => *unnumbered,
                _ => None,
            },
            findings: record.findings.clone(),
        }
    }

    fn to_correct(&self, origin: Origin) -> ToCorrect {
        let (facility, rest) = self.texts.split_at(self.lengths[0] as usize);
        let (number, attending) = rest.split_at(self.lengths[1] as usize);
        ToCorrect {
            origin,
            subject: Subject::Encounter {
                facility_id: facility.into(),
                encounter_id: number.into(),
                unnumbered: self.unnumbered,
            },
            counts: [0; 4],
            findings: self.findings.clone(),
            attending: attending.to_owned(),
        }
    }
}

impl FoundBetween {
    /// Adds the findings of some patients' records, and what is to be corrected by them.
    pub fn add(&mut self, findings: &[Finding], to_correct: &[ToCorrect]) {
        for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
            let count = &mut self.records.entry(finding.origin).or_default().counts[finding.severity as usize];
            *count = count.saturating_add(1);
        }
        for own in to_correct {
            match &mut self.records.entry(own.origin).or_default().to_correct {
                Some(known) => known.findings.extend(&own.findings),
                none => *none = Some(Box::new(ToCorrectBetween::of(own))),
            }
        }
    }
}

impl RecordFindings {
    /// Adds the records of the next partition.
    pub fn merge(&mut self, next: RecordFindings) {
        self.origins.extend(next.origins);
        self.counts.extend(next.counts);
        self.to_correct.extend(next.to_correct);
    }

    /// Bytes that they take, the texts of records to correct counted as a few words.
    pub fn bytes(&self) -> usize {
        const OF_TEXTS: usize = 64;
        let to_correct = self
            .to_correct
            .iter()
            .map(|record| size_of::<ToCorrect>() + OF_TEXTS + record.findings.len() * size_of::<(u16, FindingKey)>());
        self.origins.len() * (size_of::<Origin>() + size_of::<[u16; 4]>()) + to_correct.sum::<usize>()
    }

    /// Adds what the edits between records found.
    pub fn add(&mut self, between: &FoundBetween) {
        let mut own = std::mem::take(&mut self.to_correct).into_iter().peekable();
        for (origin, counts) in self.origins.iter().zip(&mut self.counts) {
            let mut to_correct = own.next_if(|record| record.origin == *origin);
            if let Some(found) = between.records.get(origin) {
                counts.iter_mut().zip(found.counts).for_each(|(sum, more)| *sum = sum.saturating_add(more));
                match (&mut to_correct, &found.to_correct) {
                    (Some(own), Some(more)) => own.findings.extend(more.findings.iter().copied()),
                    (None, Some(more)) => to_correct = Some(more.to_correct(*origin)),
                    (_, None) => {}
                }
            }
            self.to_correct.extend(to_correct.map(|record| ToCorrect { counts: *counts, ..record }));
        }
    }

    /// The columns of the coded records that say how many findings a record has, by severity.
    pub fn columns(&self) -> Columns {
        let mut columns = Columns::of(self.counts.len());
        let presence = columns.present(Presence::Single(Single::of_every(self.counts.len())));
        for severity in 0..4 {
            let mut numbers = Numbers::default();
            self.counts.iter().for_each(|counts| numbers.number(counts[severity].into()));
            columns.push(numbers.finish(), presence);
        }
        columns
    }
}
