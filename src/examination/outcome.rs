//! What comes of an examination: tallies, lists and columns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    coding::{comorbidity::tally::ComorbidityTally, tally::CodeTally},
    edits::{
        by_value::ValueTally, conditions::ConditionTally, profile::ErrorTally, scorecard::Scorecard,
        table_tally::TableTally, trend::tally::TrendTally,
    },
    examination::{
        at_rest::Marks,
        by_month::{FiguresByMonth, MonthFigures, add_months},
        columns::column::Columns,
        desks::DeskOutcomes,
        patient::BUCKETS,
        record_findings::RecordFindings,
    },
    partition::decode::{OffsetsOf, SettledDates},
    record::{field::CanonicalTable, finding::Finding, take_away::TakeAway},
    rows::{sorter::sort_rows, standing::SetAside},
    statistics::{clinical_groups::GroupTally, hospital_days::HospitalDays, readmissions::Readmissions, tally::Tally},
};

/// Rows of diagnoses, procedures and documents that hang on no encounter, in this order.
pub type Strays = [u64; 3];

/// The place of a table among [`Strays`].
pub fn stray_place(table: CanonicalTable) -> Option<usize> {
    [CanonicalTable::Diagnoses, CanonicalTable::Procedures, CanonicalTable::Documents]
        .iter()
        .position(|known| *known == table)
}

/// What came of one partition, as plain data: it can be merged, written down and sent. Merged in the order of partitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Encounters examined.
    pub examined: u64,
    /// Encounters excluded by a declared choice.
    pub excluded: u64,
    /// Rows excluded, by input: the encounters and what hangs on them.
    pub excluded_rows: Vec<u64>,
    /// Encounters of which none of their number is known to be the newest version.
    pub undecided: Vec<SetAside>,
    /// Their numbers.
    pub undecided_discharges: u64,
    /// Diagnoses, procedures and documents examined.
    pub children: [u64; 3],
    /// Rows that hang on no encounter: of diagnoses, procedures and documents.
    pub orphans: Strays,
    /// Findings that are reported by record, or were verified as true, in the order of encounters.
    pub findings: Vec<Finding>,
    /// The others by severity, heaviest first.
    pub not_listed: [u64; 4],
    /// The rows of those that are reported by value, a partition after the other.
    pub by_value: Vec<Columns>,
    /// Their distinct values.
    pub values: ValueTally,
    /// Figures of the edits.
    pub scorecard: Scorecard,
    /// Figures of coding.
    pub codes: CodeTally,
    /// Figures of comorbidity, over the encounters in the statistics.
    pub comorbidity: ComorbidityTally,
    /// Figures of clinical categories and chronic conditions, over the same.
    pub groups: GroupTally,
    /// What came of the other desks.
    pub desks: DeskOutcomes,
    /// Statistics.
    pub tally: Tally,
    /// The findings of each record in figures.
    pub records: RecordFindings,
    /// The stays in brief, for the edits between the records of one patient, sorted, by [`super::patient::bucket`].
    pub stays: [Vec<u8>; BUCKETS],
    /// Encounters without a patient's number, or undecided; no such edit is asked of them.
    pub without_patient_number: u64,
    /// What the edits between tables count.
    pub tables: TableTally,
    /// Records in error, by field and input.
    pub errors: ErrorTally,
    /// Figures of facilities by month, where an edit asks for them.
    pub trend: TrendTally,
    /// Figures of the profiles' conditions.
    pub conditions: ConditionTally,
    /// By input: what became of dates that are read with other columns.
    pub settled: BTreeMap<u16, SettledDates>,
    /// By input: rows of an encounter number behind those that one stay can have.
    pub beyond_one_stay: BTreeMap<u16, u64>,
    /// Offsets of times that feeds without a time zone state.
    pub offsets: OffsetsOf,
    /// The coded records without their late columns, a partition after the other.
    pub coded: Vec<Columns>,
    /// Where their rows stood, likewise.
    pub sources: Vec<Columns>,
    /// Findings that nobody has verified, by severity, heaviest first.
    pub found: [u64; 4],
    /// What happened on each day at each facility, in the period and outside it.
    pub hospital: HospitalDays,
    /// The same by own sheet of the pipeline, under the values that are its rows.
    pub own_sheets: Vec<HospitalDays>,
    /// Readmissions, from the examination by patient.
    pub readmissions: Readmissions,
    /// Which records are at rest, where that is asked.
    pub marks: Marks,
    /// Where it is asked: statistics, comorbidity, groups and trend by month of discharge, which are no longer (or not yet) in the figures of all.
    pub months: FiguresByMonth,
}

impl Outcome {
    /// Nothing yet, of so many rules.
    pub fn of(rules: usize) -> Outcome {
        Outcome { scorecard: Scorecard::new(rules), ..Outcome::default() }
    }

    /// Adds what was counted of the discharges of a month, or of all.
    pub fn count(&mut self, figures: MonthFigures) {
        let MonthFigures { tally, comorbidity, groups, trend, dated: _ } = figures;
        self.tally.merge(tally);
        self.comorbidity.merge(comorbidity);
        self.groups.merge(groups);
        self.trend.merge(trend);
    }

    /// Adds the figures of all months to those of all, and gives them.
    pub fn sum_months(&mut self) {
        let months = std::mem::take(&mut self.months);
        months.values().for_each(|figures| self.count(figures.clone()));
        self.months = months;
    }

    /// Adds what came of the next partitions. Any cut of the same rows into partitions gives the same figures, and the same lists in the same order.
    pub fn merge(&mut self, next: Outcome) {
        self.examined += next.examined;
        self.excluded += next.excluded;
        self.undecided_discharges += next.undecided_discharges;
        if self.excluded_rows.len() < next.excluded_rows.len() {
            self.excluded_rows.resize(next.excluded_rows.len(), 0);
        }
        add(&mut self.excluded_rows, &next.excluded_rows);
        add(&mut self.children, &next.children);
        add(&mut self.orphans, &next.orphans);
        add(&mut self.not_listed, &next.not_listed);
        add(&mut self.found, &next.found);
        self.hospital.merge(next.hospital);
        if self.own_sheets.len() < next.own_sheets.len() {
            self.own_sheets.resize(next.own_sheets.len(), HospitalDays::default());
        }
        self.own_sheets.iter_mut().zip(next.own_sheets).for_each(|(own, more)| own.merge(more));
        self.readmissions.merge(next.readmissions);
        self.marks.merge(next.marks);
        add_months(&mut self.months, next.months);
        self.without_patient_number += next.without_patient_number;
        self.tables.merge(next.tables);
        for (input, settled) in next.settled {
            self.settled.entry(input).or_default().merge(settled);
        }
        for (input, rows) in next.beyond_one_stay {
            *self.beyond_one_stay.entry(input).or_default() += rows;
        }
        for (place, offsets) in next.offsets {
            self.offsets.entry(place).or_default().merge(offsets);
        }
        self.scorecard.merge(&next.scorecard);
        self.errors.merge(next.errors);
        self.conditions.merge(next.conditions);
        self.codes.merge(next.codes);
        self.comorbidity.merge(next.comorbidity);
        self.groups.merge(next.groups);
        self.desks.merge(next.desks);
        self.tally.merge(next.tally);
        self.trend.merge(next.trend);
        self.values.merge(next.values);
        self.undecided.extend(next.undecided);
        self.findings.extend(next.findings);
        self.records.merge(next.records);
        for (bucket, more) in self.stays.iter_mut().zip(next.stays).filter(|(_, more)| !more.is_empty()) {
            bucket.extend_from_slice(&more);
            *bucket = sort_rows(std::mem::take(bucket));
        }
        self.by_value.extend(next.by_value);
        self.coded.extend(next.coded);
        self.sources.extend(next.sources);
    }
}

impl TakeAway for Outcome {
    /// Of figures alone: lists and columns stay as they are.
    fn take_away(&mut self, part: &Outcome) -> bool {
        let mut are_there = true;
        are_there &= self.examined.take_away(&part.examined);
        are_there &= self.excluded.take_away(&part.excluded);
        are_there &= self.excluded_rows.take_away(&part.excluded_rows);
        are_there &= self.undecided_discharges.take_away(&part.undecided_discharges);
        are_there &= self.children.take_away(&part.children);
        are_there &= self.orphans.take_away(&part.orphans);
        are_there &= self.not_listed.take_away(&part.not_listed);
        are_there &= self.found.take_away(&part.found);
        are_there &= self.without_patient_number.take_away(&part.without_patient_number);
        are_there &= self.tables.take_away(&part.tables);
        are_there &= self.settled.take_away(&part.settled);
        are_there &= self.beyond_one_stay.take_away(&part.beyond_one_stay);
        are_there &= self.offsets.take_away(&part.offsets);
        are_there &= self.scorecard.take_away(&part.scorecard);
        are_there &= self.errors.take_away(&part.errors);
        are_there &= self.conditions.take_away(&part.conditions);
        are_there &= self.codes.take_away(&part.codes);
        are_there &= self.comorbidity.take_away(&part.comorbidity);
        are_there &= self.groups.take_away(&part.groups);
        are_there &= self.desks.take_away(&part.desks);
        are_there &= self.tally.take_away(&part.tally);
        are_there &= self.trend.take_away(&part.trend);
        are_there &= self.values.take_away(&part.values);
        are_there &= self.hospital.take_away(&part.hospital);
        are_there &= self.own_sheets.take_away(&part.own_sheets);
        are_there &= self.readmissions.take_away(&part.readmissions);
        are_there
    }
}

impl Outcome {
    /// Whether every value is told apart wherever values are counted: of too many that are counted together none can be taken away on a later night.
    pub fn is_told_apart(&self) -> bool {
        self.values.is_told_apart()
            && self.trend.is_told_apart()
            && self.tables.too_many_days.is_none()
            && self.tables.too_many_practitioners.is_none()
            && self.desks.is_told_apart()
            && self.codes.is_told_apart()
            && self.hospital.is_told_apart()
            && self.own_sheets.iter().all(HospitalDays::is_told_apart)
    }
}

fn add(sums: &mut [u64], more: &[u64]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}
