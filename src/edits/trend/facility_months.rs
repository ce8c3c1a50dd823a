//! The counts of facilities by month, and the file they are kept in: comma-separated values with the columns `facility_id`, `month` (`YYYY-MM`), `measure`, `of`
//! (the service), `numerator` and `denominator`. Other columns are not read, so that what a run puts out can be given to another as history.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::measure::{TrendMeasure, Unit};
use crate::{
    book::csv::{CsvLine, CsvLines},
    record::take_away::{TakeAway, take_away_fields},
    record::{line_fault::LineFault, month::Month},
};

/// A quotient of counts; with the denominator 0 there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotient {
    /// Above the line.
    pub numerator: u64,
    /// Below the line.
    pub denominator: u64,
}

/// The counts of one month at one facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCounts {
    /// Discharges.
    pub discharges: u64,
    /// By the place of the measure in [`TrendMeasure::RATES`].
    pub rates: [Quotient; TrendMeasure::RATES.len()],
    /// Discharges by service; empty where the export has no services.
    pub services: BTreeMap<String, u64>,
}

impl MonthCounts {
    fn add(&mut self, other: MonthCounts) {
        self.discharges += other.discharges;
        for (own, theirs) in self.rates.iter_mut().zip(other.rates) {
            own.numerator += theirs.numerator;
            own.denominator += theirs.denominator;
        }
        for (service, count) in other.services {
            *self.services.entry(service).or_default() += count;
        }
    }
}

/// Counts by facility and month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityMonths(pub BTreeMap<String, BTreeMap<Month, MonthCounts>>);

/// The columns, in the order they are written in.
pub const COLUMNS: [&str; 6] = ["facility_id", "month", "measure", "of", "numerator", "denominator"];

impl FacilityMonths {
    /// The counts of a month at a facility.
    pub fn get(&self, facility: &str, month: Month) -> Option<&MonthCounts> {
        self.0.get(facility)?.get(&month)
    }

    /// Adds counts; how many months of facilities, and services of these, were not known before.
    pub fn add(&mut self, other: FacilityMonths) -> (usize, usize) {
        let (mut months_more, mut services_more) = (0, 0);
        for (facility, months) in other.0 {
            let own = self.0.entry(facility).or_default();
            for (month, counts) in months {
                months_more += usize::from(!own.contains_key(&month));
                let own = own.entry(month).or_default();
                let before = own.services.len();
                own.add(counts);
                services_more += own.services.len() - before;
            }
        }
        (months_more, services_more)
    }

    /// The services of all months, as often as they stand.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.0.values().flat_map(BTreeMap::values).flat_map(|counts| counts.services.keys()).map(String::as_str)
    }

    /// The first month of any facility.
    pub fn first(&self) -> Option<Month> {
        self.0.values().filter_map(|months| months.keys().next()).min().copied()
    }

    /// Leaves out every month from one on; `None` leaves all as they are.
    pub fn drop_from(&mut self, first: Option<Month>) {
        if let Some(first) = first {
            self.0.values_mut().for_each(|months| months.retain(|month, _| *month < first));
        }
    }

    /// Leaves the services out.
    pub fn drop_services(&mut self) {
        self.0.values_mut().flat_map(BTreeMap::values_mut).for_each(|counts| counts.services.clear());
    }

    /// The lines of a file, in the order of facilities, months and measures.
    pub fn lines(&self) -> Vec<[String; 6]> {
        let mut lines = Vec::new();
        for (facility, months) in &self.0 {
            for (month, counts) in months {
                let mut line = |measure: TrendMeasure, of: &str, numerator: u64, denominator: String| {
                    lines.push([
                        facility.clone(),
                        month.to_string(),
                        measure.name().to_owned(),
                        of.to_owned(),
                        numerator.to_string(),
                        denominator,
                    ]);
                };
                for (measure, quotient) in TrendMeasure::RATES.into_iter().zip(counts.rates) {
                    if quotient.denominator > 0 {
                        line(measure, "", quotient.numerator, quotient.denominator.to_string());
                    }
                }
                line(TrendMeasure::Discharges, "", counts.discharges, String::new());
                for (service, count) in &counts.services {
                    line(TrendMeasure::ServiceDischarges, service, *count, String::new());
                }
            }
        }
        lines
    }

    /// Reads a file. Lines of coders and practitioners are passed over: they are of a run, not of a month.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn read(text: &str) -> Result<FacilityMonths, Vec<LineFault>> {
        let file = CsvLines::read(text);
        let Ok(places) = file.places(COLUMNS) else {
            let what = format!("the heading must have the columns {}", COLUMNS.join(", "));
            return Err(vec![LineFault::new(1, what)]);
        };
        FacilityMonths::read_lines(places, file.lines)
    }

    /// The same of lines that are read; `places` are those of the [`COLUMNS`].
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn read_lines(
        places: [usize; COLUMNS.len()],
        lines: impl IntoIterator<Item = Result<CsvLine, LineFault>>,
    ) -> Result<FacilityMonths, Vec<LineFault>> {
        let mut months = FacilityMonths::default();
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for line in lines {
            let line = match line {
                Ok(line) => line,
                Err(fault) => {
                    faults.push(fault);
                    continue;
                }
            };
            let mut fault = |what: &str| faults.push(LineFault::new(line.number, what));
            let cells = places.map(|place| line.value(place));
            match read_line(cells) {
                Ok(None) => {}
                Ok(Some((month, measure, counted))) => {
                    if !seen.insert(cells[..4].iter().map(|cell| (*cell).to_owned()).collect::<Vec<String>>()) {
                        fault("the figure of this facility and month stands on an earlier line");
                        continue;
                    }
                    let counts = months.0.entry(cells[0].to_owned()).or_default().entry(month).or_default();
                    match (measure, TrendMeasure::RATES.iter().position(|rate| *rate == measure)) {
                        (_, Some(place)) => counts.rates[place] = counted,
                        (TrendMeasure::Discharges, _) => counts.discharges = counted.numerator,
                        _ => {
                            counts.services.insert(cells[3].to_owned(), counted.numerator);
                        }
                    }
                }
                Err(what) => fault(what),
            }
        }
        for counts in months.0.values_mut().flat_map(BTreeMap::values_mut).filter(|counts| counts.discharges == 0) {
            // The cases of a month that states no discharges are those it counts a case by.
            let of_cases = TrendMeasure::RATES.into_iter().zip(counts.rates);
            let of_cases = of_cases.filter(|(measure, _)| *measure != TrendMeasure::PresentOnAdmissionUnknown);
            counts.discharges = of_cases.map(|(_, quotient)| quotient.denominator).max().unwrap_or(0);
        }
        if faults.is_empty() { Ok(months) } else { Err(faults) }
    }
}

fn read_line(cells: [&str; 6]) -> Result<Option<(Month, TrendMeasure, Quotient)>, &'static str> {
    let [_, month, measure, of, numerator, denominator] = cells;
    let measure = TrendMeasure::from_name(measure.trim()).ok_or("`measure` is none of the measures of a month")?;
    if measure.is_of_practitioner() {
        return Ok(None);
    }
    let month = Month::parse(month.trim()).ok_or("`month` is no month, YYYY-MM")?;
    let numerator = numerator.trim().parse().map_err(|_| "`numerator` is no whole number")?;
    if measure.unit() == Unit::Discharges {
        return if measure == TrendMeasure::ServiceDischarges && of.is_empty() {
            Err("`of` does not name the service")
        } else {
            Ok(Some((month, measure, Quotient { numerator, denominator: 1 })))
        };
    }
    let denominator: u64 = denominator.trim().parse().map_err(|_| "`denominator` is no whole number")?;
    if measure.unit() == Unit::Percent && numerator > denominator {
        return Err("`numerator` is more than `denominator`");
    }
    Ok(Some((month, measure, Quotient { numerator, denominator })))
}

take_away_fields!(Quotient: numerator, denominator);
take_away_fields!(MonthCounts: discharges, rates, services);

impl TakeAway for FacilityMonths {
    fn take_away(&mut self, part: &FacilityMonths) -> bool {
        self.0.take_away(&part.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::csv::in_memory;

    const HEAD: &str = "facility_id,month,measure,of,numerator,denominator\n";

    #[test]
    fn facilities_and_services_whose_names_begin_like_formulas_come_back_from_a_run() {
        for name in ["-12A", "'-12A", "=A", "a;=b", "x\u{1b}y", "\\u{1b}"] {
            let lines = [
                [name, "2026-09", "service_discharges", name, "150", ""],
                [name, "2026-09", "discharges", "", "200", ""],
            ];
            let text = String::from_utf8(in_memory(COLUMNS, lines)).expect("text");
            let months = FacilityMonths::read(&text).expect("sound");
            let counts = months.get(name, Month::parse("2026-09").expect("month")).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((counts.discharges, counts.services.get(name)), (200, Some(&150)), "{text}");
        }
    }

    fn written(months: &FacilityMonths) -> String {
        let mut text = HEAD.to_owned();
        for line in months.lines() {
            text.push_str(&line.join(","));
            text.push('\n');
        }
        text
    }

    #[test]
    fn what_is_written_is_read_again_and_further_columns_do_not_matter() {
        let lines = "0042,2026-09,diagnoses_per_case,,1200,200\n0042,2026-09,discharges,,200,\n0042,2026-09,service_discharges,MED,150,\n";
        let text = format!("{HEAD}{lines}");
        let months = FacilityMonths::read(&text).expect("sound");
        assert_eq!(written(&months), text);
        let more = "verdict,facility_id,month,measure,of,numerator,denominator\n".to_owned()
            + &lines.lines().map(|line| format!("within limits,{line}\n")).collect::<String>();
        assert_eq!(FacilityMonths::read(&more).expect("sound"), months);
        assert_eq!(FacilityMonths::read(HEAD).expect("sound"), FacilityMonths::default());
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let text = format!(
            "{HEAD}0042,2026-13,discharges,,1,\n0042,2026-09,discharged,,1,\n0042,2026-09,discharges,,many,\n0042,2026-09,race_unknown,,3,2\n0042,2026-09,service_discharges,,3,\n0042,,coder_diagnoses_per_case,LEE,3,1\n0042,2026-09,discharges,,1,\n0042,2026-09,discharges,,2,\n"
        );
        let faults = FacilityMonths::read(&text).expect_err("faults");
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<u64>>(), [2, 3, 4, 5, 6, 9]);
        assert_eq!(FacilityMonths::read("month,measure\n").expect_err("faults")[0].line, 1);
    }

    #[test]
    fn a_month_without_a_line_of_discharges_has_those_it_counts_by() {
        let months = FacilityMonths::read(&format!("{HEAD},2026-09,race_unknown,,3,120\n")).expect("sound");
        assert_eq!(months.get("", Month::parse("2026-09").expect("month")).map(|counts| counts.discharges), Some(120));
    }
}
