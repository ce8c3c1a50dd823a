//! What the records at rest come to by month of discharge, so that a period of whole months is counted without examining them. A night that examined everything leaves all
//! of it; each later one leaves what it added and what it took away, and joins these with the former once they pass a share of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{fault::RunFault, kept_records::KeptRecords};
use crate::{
    edits::engine::ActiveRules,
    examination::{
        by_month::{
            DischargedIn, FiguresByMonth, MonthFigures, StandsToPeriod, YEARS, add_months, are_same, take_months,
        },
        outcome::Outcome,
    },
    record::{finding::Severity, month::Month, period::Period},
    statistics::place::StatisticsPlaces,
    store::{night_files::NightFile, segment::Segment},
};

/// The rule that asks of a discharge whether it lies in the period: the only one of which the answer depends on the period.
pub const OF_PERIOD: &str = "FIL102";

/// What nights have left by month is joined once that of the nights after the first takes this part of its room: one half.
const JOINED_FROM: u64 = 2;

/// What a night changes by month.
#[derive(Debug, Default)]
pub struct ChangedMonths {
    /// What came to it.
    pub added: FiguresByMonth,
    /// What is to be taken out of it.
    pub taken: FiguresByMonth,
}

/// The same as it is written down.
#[derive(Debug, Default, Serialize, Deserialize)]
struct WrittenMonths {
    added: BTreeMap<DischargedIn, WrittenMonth>,
    taken: BTreeMap<DischargedIn, WrittenMonth>,
}

/// The figures of a month, packed, and what is asked of a month that lies outside a period.
#[derive(Debug, Serialize, Deserialize)]
struct WrittenMonth {
    places: StatisticsPlaces,
    dated: u64,
    #[serde(with = "serde_bytes")]
    figures: Vec<u8>,
}

impl WrittenMonth {
    fn of(figures: &MonthFigures) -> Option<WrittenMonth> {
        let bytes = rmp_serde::to_vec(figures).ok()?;
        let packed = zstd::encode_all(bytes.as_slice(), 3).ok()?;
        Some(WrittenMonth { places: figures.tally.places(), dated: figures.dated, figures: packed })
    }

    /// Its figures; those of a month that is not `wanted` without all but the places.
    fn read(&self, wanted: bool) -> Option<MonthFigures> {
        if !wanted {
            let mut figures = MonthFigures { dated: self.dated, ..MonthFigures::default() };
            figures.tally.places = self.places;
            return Some(figures);
        }
        rmp_serde::from_slice(&zstd::decode_all(self.figures.as_slice()).ok()?).ok()
    }
}

impl ChangedMonths {
    /// Where what came is what was there before, nothing changed.
    fn without_what_stayed(mut self) -> ChangedMonths {
        let same = |(month, figures): (&DischargedIn, &MonthFigures)| {
            self.added.get(month).is_some_and(|added| are_same(added, figures))
        };
        let stayed: Vec<DischargedIn> =
            self.taken.iter().filter(|entry| same(*entry)).map(|(month, _)| *month).collect();
        for month in stayed {
            self.added.remove(&month);
            self.taken.remove(&month);
        }
        self
    }

    fn is_empty(&self) -> bool {
        self.added.is_empty() && self.taken.is_empty()
    }

    /// As bytes.
    fn written(&self) -> Result<Vec<u8>, RunFault> {
        let written = |months: &FiguresByMonth| -> Option<BTreeMap<DischargedIn, WrittenMonth>> {
            months.iter().map(|(month, figures)| Some((*month, WrittenMonth::of(figures)?))).collect()
        };
        let bytes = written(&self.added)
            .zip(written(&self.taken))
            .and_then(|(added, taken)| rmp_serde::to_vec(&WrittenMonths { added, taken }).ok());
        bytes.ok_or_else(|| RunFault::Internal("the figures of months cannot be written".to_owned()))
    }
}

impl KeptRecords {
    /// What the records at rest come to by month; of months that are not `wanted` the places alone.
    ///
    /// # Errors
    /// A file is gone or was changed; everything is to be examined where the nights' figures do not fit each other.
    pub fn months(&self, wanted: &dyn Fn(DischargedIn) -> bool) -> Result<FiguresByMonth, RunFault> {
        let unfit = || RunFault::ExamineEverything("what the nights before left by month does not add up".to_owned());
        let (mut months, mut taken) = (FiguresByMonth::new(), FiguresByMonth::new());
        for file in self.beside(NightFile::Months) {
            let bytes = NightFile::read(&self.folder, file)?;
            let written: WrittenMonths = rmp_serde::from_slice(&bytes).map_err(|_| unfit())?;
            for (into, from) in [(&mut months, written.added), (&mut taken, written.taken)] {
                for (month, written) in from {
                    let figures = written.read(wanted(month)).ok_or_else(unfit)?;
                    into.entry(month).or_default().merge(figures);
                }
            }
        }
        if take_months(&mut months, &taken) { Ok(months) } else { Err(unfit()) }
    }

    /// Writes what a night changes by month, and gives the files that the catalogue names from then on; `everything`: it is all there is.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn leave_months(
        &self,
        changed: ChangedMonths,
        everything: bool,
        write: impl Fn(NightFile, &[u8]) -> Result<Segment, RunFault>,
    ) -> Result<Vec<Segment>, RunFault> {
        let mut files: Vec<Segment> = self.beside(NightFile::Months).cloned().collect();
        if everything {
            // A night that is run again leaves what it left.
            if !files.is_empty() && self.months(&|_| true).is_ok_and(|months| are_all_same(&months, &changed.added)) {
                return Ok(files);
            }
            return Ok(vec![write(NightFile::Months, &changed.written()?)?]);
        }
        let changed = changed.without_what_stayed();
        if changed.is_empty() {
            return Ok(files);
        }
        let bytes = changed.written()?;
        let later: u64 = files.iter().skip(1).map(|file| file.digest.bytes).sum();
        let first = files.first().map_or(0, |file| file.digest.bytes);
        if (later + bytes.len() as u64) * JOINED_FROM <= first {
            files.push(write(NightFile::Months, &bytes)?);
            return Ok(files);
        }
        let mut months = self.months(&|_| true)?;
        add_months(&mut months, changed.added);
        if !take_months(&mut months, &changed.taken) {
            return Err(RunFault::ExamineEverything("what the nights before left by month does not add up".to_owned()));
        }
        let joined = ChangedMonths { added: months, taken: FiguresByMonth::new() };
        Ok(vec![write(NightFile::Months, &joined.written()?)?])
    }
}

fn are_all_same(one: &FiguresByMonth, other: &FiguresByMonth) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((month, own), (of, figures))| month == of && are_same(own, figures))
}

/// Puts what was counted of the discharges of a period in the place of what was counted of all; `months` are all of them by month.
pub fn limit_to(outcome: &mut Outcome, period: &Period, months: FiguresByMonth, rules: &ActiveRules) {
    let months_of_facilities = std::mem::take(&mut outcome.trend.months);
    let mut within = Outcome::default();
    let (mut places, mut dated, mut outside) = (StatisticsPlaces::default(), 0, 0);
    for (month, figures) in months {
        let mut own = figures.tally.places();
        let counted = std::mem::take(&mut own.in_statistics);
        dated += figures.dated;
        match month.stands_to(period) {
            StandsToPeriod::Within => {
                within.count(figures);
                continue;
            }
            StandsToPeriod::Outside => {
                own.outside_period += counted;
                outside += figures.dated;
            }
            StandsToPeriod::Undated => own.undated += counted,
        }
        places.add(own);
    }
    within.tally.places.add(places);
    (outcome.tally, outcome.comorbidity, outcome.groups) = (within.tally, within.comorbidity, within.groups);
    outcome.trend = within.trend.with_months(months_of_facilities);
    let of_period = (0..rules.count()).find(|number| rules.described(*number).code == OF_PERIOD);
    if let Some(number) = of_period {
        let severity = rules.described(number).severity;
        let score = &mut outcome.scorecard.scores[number];
        score.not_applicable -= dated.min(score.not_applicable);
        score.examined += dated;
        score.failed += outside;
        score.records_failed += outside;
        outcome.found[severity as usize] += outside;
        outcome.not_listed[severity as usize] += outside;
    }
}

/// Why the figures of all months do not tell those of a period; `None`: they do.
pub fn why_period_is_unknown(
    period: &Period,
    rules: &ActiveRules,
    asks_together: &dyn Fn(usize) -> bool,
) -> Option<String> {
    let (first, last) = (Month::of(period.first), Month::of(period.last));
    if first.first() != period.first || last.last() != period.last {
        return Some("the period begins or ends within a month".to_owned());
    }
    if !YEARS.contains(&period.first.ymd().0) || !YEARS.contains(&period.last.ymd().0) {
        return Some(format!("months are told apart from {} to {}", YEARS.start(), YEARS.end()));
    }
    let number = (0..rules.count()).find(|number| rules.described(*number).code == OF_PERIOD)?;
    let is_accepted =
        rules.acceptances.iter().any(|acceptance| acceptance.rule.is_empty() || acceptance.rule == OF_PERIOD);
    if rules.described(number).severity <= Severity::Error || is_accepted || asks_together(number) {
        return Some(format!(
            "records are kept out, accepted or counted together with others by {OF_PERIOD}, which asks for the period"
        ));
    }
    None
}
