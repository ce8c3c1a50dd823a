//! The sample: of each stratum, the records whose encounter numbers have the smallest SHA-256 together with a seed.
//!
//! Which records are drawn depends on the seed and on the records alone: not on their order, on a clock or on a random state. Whoever has the seed and the
//! same coded records draws the same sample.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::allocation::Allocation;
use crate::record::{
    bounded::{MOST_VALUES, NOT_STATED},
    date::Day,
    period::Period,
};

/// Name of the one stratum of a sample that is not stratified.
pub const ALL: &str = "all";

/// Diagnosis or procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeKind {
    /// A diagnosis.
    Diagnosis,
    /// A procedure.
    Procedure,
}

impl CodeKind {
    /// Both, in the order of a sheet.
    pub const ALL: [CodeKind; 2] = [CodeKind::Diagnosis, CodeKind::Procedure];

    /// The word in sheets.
    pub fn name(self) -> &'static str {
        match self {
            CodeKind::Diagnosis => "diagnosis",
            CodeKind::Procedure => "procedure",
        }
    }

    /// Reads the word in any case.
    pub fn read(text: &str) -> Option<CodeKind> {
        CodeKind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text))
    }
}

/// One code of a coded record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignedCode {
    /// Diagnosis or procedure.
    pub kind: CodeKind,
    /// 1-based position; 0 where the export gives none.
    pub position: u32,
    /// Code system: `icd10cm` and so on, or the export's own word.
    pub system: String,
    /// The code, without a dot where it could be normalised.
    pub code: String,
    /// `Y`, `N`, `U`, `W` or `1`; empty where there is none.
    pub present_on_admission: String,
}

/// What an audit needs of a coded record. Nothing in it identifies a patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SampledRecord {
    /// Number of the encounter.
    pub encounter_id: String,
    /// The coder; empty where none is stated.
    pub coder: String,
    /// Hospital service.
    pub service: String,
    /// Payer.
    pub payer: String,
    /// Facility.
    pub facility_id: String,
    /// MS-DRG as the export states it.
    pub diagnosis_related_group: String,
    /// Day of discharge.
    pub discharged: Option<Day>,
    /// Diagnoses by position, then procedures by position.
    pub codes: Vec<AssignedCode>,
}

/// What a sample is stratified by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StratifiedBy {
    /// Coder.
    Coder,
    /// Hospital service.
    Service,
    /// Payer.
    Payer,
    /// Facility.
    Facility,
}

impl StratifiedBy {
    fn of(self, record: &SampledRecord) -> &str {
        match self {
            StratifiedBy::Coder => &record.coder,
            StratifiedBy::Service => &record.service,
            StratifiedBy::Payer => &record.payer,
            StratifiedBy::Facility => &record.facility_id,
        }
    }
}

/// What a sample is drawn by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleChoice {
    /// Strata; `None`: all records are one.
    pub by: Option<StratifiedBy>,
    /// The seed, any text. Another seed draws another sample.
    pub seed: String,
    /// Discharges that are drawn from; `None`: all.
    pub period: Option<Period>,
    /// How the sample is spread.
    pub allocation: Allocation,
}

/// Draws a sample from records that are offered one by one, in any order.
#[derive(Debug)]
pub struct Sampler {
    choice: SampleChoice,
    strata: BTreeMap<String, Stratum>,
    has_too_many_strata: bool,
    left_out: NotDrawn,
}

#[derive(Debug, Default)]
struct Stratum {
    records: u64,
    /// The records of the smallest digests; no more than the sample can come to.
    smallest: BTreeMap<([u8; 32], (String, String)), SampledRecord>,
}

/// Records that are not drawn from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NotDrawn {
    /// Without any code: nothing to audit.
    pub uncoded: u64,
    /// Without an encounter number: the chart cannot be found.
    pub without_number: u64,
    /// Not discharged in the period, or on no readable day where one is asked for.
    pub outside_period: u64,
}

/// A sample.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSample {
    /// By stratum in the order of names: name, records it has, records drawn.
    pub strata: Vec<(String, u64, u64)>,
    /// There are more than [`MOST_VALUES`] strata, and nothing is drawn: the column is surely mapped wrongly.
    pub has_too_many_strata: bool,
    /// Records that were not drawn from.
    pub left_out: NotDrawn,
    /// The records drawn, with their strata: by stratum, then by encounter number.
    pub records: Vec<(String, SampledRecord)>,
}

impl Sampler {
    /// A sampler without records.
    pub fn new(choice: SampleChoice) -> Sampler {
        Sampler { choice, strata: BTreeMap::new(), has_too_many_strata: false, left_out: NotDrawn::default() }
    }

    /// Takes note of a record. Of several records of one encounter number, which an edit finds, the first in the order of content may be drawn.
    pub fn offer(&mut self, record: SampledRecord) {
        let in_period = |period: &Period| record.discharged.is_some_and(|day| period.contains(day));
        if !self.choice.period.as_ref().is_none_or(in_period) {
            self.left_out.outside_period += 1;
        } else if record.encounter_id.is_empty() {
            self.left_out.without_number += 1;
        } else if record.codes.is_empty() {
            self.left_out.uncoded += 1;
        } else {
            self.keep(record);
        }
    }

    fn keep(&mut self, record: SampledRecord) {
        let name = match self.choice.by {
            None => ALL,
            Some(by) => Some(by.of(&record)).filter(|name| !name.is_empty()).unwrap_or(NOT_STATED),
        };
        if !self.strata.contains_key(name) {
            self.has_too_many_strata |= self.strata.len() >= MOST_VALUES;
            if self.has_too_many_strata {
                self.strata.clear();
                return;
            }
            self.strata.insert(name.to_owned(), Stratum::default());
        }
        let Some(stratum) = self.strata.get_mut(name) else { return };
        stratum.records += 1;
        let number = (record.encounter_id.clone(), record.facility_id.clone());
        let key = (digest(&self.choice.seed, &record.encounter_id, &record.facility_id), number);
        match stratum.smallest.get_mut(&key) {
            Some(known) if record < *known => *known = record,
            Some(_) => {}
            None => {
                stratum.smallest.insert(key, record);
            }
        }
        if stratum.smallest.len() > self.choice.allocation.most_of_one() {
            stratum.smallest.pop_last();
        }
    }

    /// Draws.
    pub fn draw(self) -> AuditSample {
        let sizes: Vec<u64> = self.strata.values().map(|stratum| stratum.records).collect();
        let quotas = self.choice.allocation.quotas(&sizes);
        let mut sample = AuditSample {
            left_out: self.left_out,
            has_too_many_strata: self.has_too_many_strata,
            ..AuditSample::default()
        };
        if sample.has_too_many_strata {
            return sample;
        }
        for ((name, stratum), quota) in self.strata.into_iter().zip(quotas) {
            let quota = usize::try_from(quota).unwrap_or(usize::MAX);
            let mut drawn: Vec<SampledRecord> = stratum.smallest.into_values().take(quota).collect();
            drawn.sort();
            sample.strata.push((name.clone(), stratum.records, drawn.len() as u64));
            sample.records.extend(drawn.into_iter().map(|record| (name.clone(), record)));
        }
        sample
    }
}

/// SHA-256 of the seed, an octet 0 and the encounter number; then, where the record states a facility, an octet 0 and the facility: the record of one facility is
/// not drawn because that of another with its number is.
fn digest(seed: &str, encounter_id: &str, facility_id: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(seed.as_bytes());
    digest.update([0]);
    digest.update(encounter_id.as_bytes());
    if !facility_id.is_empty() {
        digest.update([0]);
        digest.update(facility_id.as_bytes());
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn record(number: u32, service: &str) -> SampledRecord {
        SampledRecord {
            encounter_id: format!("E{number}"),
            service: service.to_owned(),
            discharged: Day::from_iso("2026-10-05"),
            codes: vec![AssignedCode {
                kind: CodeKind::Diagnosis,
                position: 1,
                system: "icd10cm".to_owned(),
                code: "I10".to_owned(),
                present_on_admission: "Y".to_owned(),
            }],
            ..SampledRecord::default()
        }
    }

    fn draw(records: &[SampledRecord], seed: &str, allocation: Allocation) -> AuditSample {
        let choice = SampleChoice { by: Some(StratifiedBy::Service), seed: seed.to_owned(), period: None, allocation };
        let mut sampler = Sampler::new(choice);
        records.iter().cloned().for_each(|record| sampler.offer(record));
        sampler.draw()
    }

    #[test]
    fn records_are_drawn_by_the_smallest_digest_of_seed_and_number() {
        // sha256sum of `seed\0E1` .. `seed\0E4` begins with d4, bb, 41 and 26.
        let firsts = [1, 2, 3, 4].map(|number| digest("seed", &format!("E{number}"), "")[0]);
        assert_eq!(firsts, [0xd4, 0xbb, 0x41, 0x26]);
        let records: Vec<SampledRecord> = (1..=4).map(|number| record(number, "MED")).collect();
        let drawn = draw(&records, "seed", Allocation::Each(2));
        let numbers: Vec<&str> = drawn.records.iter().map(|(_, record)| record.encounter_id.as_str()).collect();
        assert_eq!(numbers, ["E3", "E4"]);
    }

    #[test]
    fn what_cannot_be_audited_is_counted_and_not_drawn() {
        let choice = SampleChoice {
            by: None,
            seed: String::new(),
            period: Some(Period::parse("2026-10").expect("a month")),
            allocation: Allocation::Proportional(5),
        };
        let mut sampler = Sampler::new(choice);
        sampler.offer(record(1, ""));
        sampler.offer(SampledRecord { codes: Vec::new(), ..record(2, "") });
        sampler.offer(SampledRecord { encounter_id: String::new(), ..record(3, "") });
        sampler.offer(SampledRecord { discharged: None, ..record(4, "") });
        sampler.offer(SampledRecord { discharged: Day::from_iso("2026-11-01"), ..record(5, "") });
        let sample = sampler.draw();
        assert_eq!(sample.strata, [(ALL.to_owned(), 1, 1)]);
        assert_eq!(sample.left_out, NotDrawn { uncoded: 1, without_number: 1, outside_period: 2 });
    }

    #[test]
    fn by_a_column_that_every_record_has_of_its_own_nothing_is_drawn() {
        let records: Vec<SampledRecord> =
            (0..=MOST_VALUES as u32).map(|number| record(number, &number.to_string())).collect();
        let sample = draw(&records, "seed", Allocation::Each(2));
        assert!(sample.has_too_many_strata && sample.records.is_empty() && sample.strata.is_empty());
        let sample = draw(&records[1..], "seed", Allocation::Each(2));
        assert_eq!((sample.has_too_many_strata, sample.records.len()), (false, MOST_VALUES));
    }

    proptest! {
        #[test]
        fn the_order_of_records_changes_nothing_and_every_stratum_is_there(
            services in prop::collection::vec(0usize..5, 1..120),
            turn in 0usize..120,
            wanted in 1u64..40,
            each in any::<bool>(),
            seed in "[a-z]{0,6}",
        ) {
            let names = ["MED", "SURG", "OB", "", "PSY"];
            let records: Vec<SampledRecord> =
                services.iter().enumerate().map(|(number, service)| record(number as u32, names[*service])).collect();
            let mut turned = records.clone();
            turned.rotate_left(turn % records.len());
            turned.reverse();
            let allocation = if each { Allocation::Each(wanted) } else { Allocation::Proportional(wanted) };
            let sample = draw(&records, &seed, allocation);
            prop_assert_eq!(&sample, &draw(&turned, &seed, allocation));
            let strata: BTreeSet<usize> = services.iter().copied().collect();
            prop_assert_eq!(sample.strata.len(), strata.len());
            prop_assert!(sample.strata.iter().all(|(_, size, drawn)| *drawn >= 1 && drawn <= size));
            prop_assert_eq!(sample.records.len() as u64, sample.strata.iter().map(|stratum| stratum.2).sum::<u64>());
            let numbers: BTreeSet<&str> = sample.records.iter().map(|(_, record)| record.encounter_id.as_str()).collect();
            prop_assert_eq!(numbers.len(), sample.records.len());
        }
    }
}
