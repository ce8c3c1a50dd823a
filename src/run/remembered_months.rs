//! What the state folder remembers of facilities' months: one file of the lines of `edits::trend::facility_months`, by pipeline, written whole.
//!
//! The state folder is locked by [`super::state::StateFolder`] while a run goes on, so nothing is locked here.

use std::{collections::BTreeSet, path::Path};

use super::state_file;
use crate::{
    book::csv::{CsvLine, in_memory},
    edits::trend::{
        facility_months::{COLUMNS, FacilityMonths},
        judge::remember,
    },
    fs::{FileError, commit::Followers},
    record::{date::Day, period::Period},
};

/// Name of the file in the state folder.
pub(super) const FILE: &str = "facility_months.csv";
/// The column before those of facility months: two pipelines on one state folder may choose other records of the same facility.
const PIPELINE: &str = "pipeline";
/// The places of the columns of facility months behind it.
const PLACES: [usize; COLUMNS.len()] = [1, 2, 3, 4, 5, 6];

/// The months that earlier runs of a pipeline remembered.
#[derive(Debug, Default)]
pub struct RememberedMonths {
    pipeline: String,
    /// The months.
    pub months: FacilityMonths,
    /// Lines of other pipelines.
    others: Vec<Vec<String>>,
}

impl RememberedMonths {
    /// Reads the file, where there is a state folder and a file in it.
    ///
    /// # Errors
    /// The file cannot be read, or somebody has damaged it, whichever pipeline the line is of: a history would be judged by that is none.
    pub fn open(folder: Option<&Path>, pipeline: &str) -> Result<RememberedMonths, FileError> {
        let mut remembered = RememberedMonths { pipeline: pipeline.to_owned(), ..RememberedMonths::default() };
        let Some(file) = folder.map(|folder| folder.join(FILE)) else { return Ok(remembered) };
        let lines = state_file::lines(&file)?;
        let Some((heading, lines)) = lines.split_first() else { return Ok(remembered) };
        if !heading.values.iter().eq(&headings()) {
            return Err(state_file::damaged(&file, 1, "the heading is not that of the months remembered"));
        }
        let mut pipelines: BTreeSet<&str> = lines.iter().map(|line| line.value(0)).collect();
        pipelines.insert(pipeline);
        let mut first = None;
        for own in pipelines {
            let of_own = lines.iter().filter(|line| line.value(0) == own);
            match FacilityMonths::read_lines(PLACES, of_own.clone().cloned().map(Ok)) {
                Ok(months) => {
                    first = first.into_iter().chain(unlike_written(of_own.collect(), &months)).min();
                    if own == pipeline {
                        remembered.months = months;
                    }
                }
                Err(faults) => {
                    let fault = faults.into_iter().map(|fault| (fault.line, fault.message)).min();
                    first = first.into_iter().chain(fault).min();
                }
            }
        }
        if let Some((line, what)) = first {
            return Err(state_file::damaged(&file, line, &what));
        }
        let others = lines.iter().filter(|line| line.value(0) != pipeline);
        remembered.others = others.map(|line| line.values.clone()).collect();
        Ok(remembered)
    }

    /// Remembers the months of a run, from the moment on when its output is published.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn remember(
        mut self,
        run: &FacilityMonths,
        period: Option<&Period>,
        business_date: Day,
        followers: &mut Followers,
    ) -> Result<(), FileError> {
        remember(&mut self.months, run, period, business_date);
        let own = self.months.lines().into_iter().map(|line| {
            let mut cells = vec![self.pipeline.clone()];
            cells.extend(line);
            cells
        });
        let mut lines: Vec<Vec<String>> = self.others.into_iter().chain(own).collect();
        // By pipeline alone: the lines of each stand in the order of their measures.
        lines.sort_by(|left, right| left.first().cmp(&right.first()));
        followers.add(FILE, &in_memory(headings(), lines))
    }
}

/// The headings of the file.
fn headings() -> Vec<&'static str> {
    std::iter::once(PIPELINE).chain(COLUMNS).collect()
}

/// The first line of a pipeline that is not the one that a run writes of these months, in every cell: also in those that the figures do not need.
fn unlike_written(own: Vec<&CsvLine>, months: &FacilityMonths) -> Option<(u64, String)> {
    let again = months.lines();
    let differs = own.iter().zip(&again).find(|(line, again)| line.values[1..] != **again).map(|(own, _)| *own);
    let line = differs.or_else(|| own.last().copied().filter(|_| own.len() != again.len()))?;
    Some((line.number, "the line is not one that this program writes in this place".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::trend::facility_months::MonthCounts;
    use crate::fs::{
        commit::{Way, commit},
        staging::Staging,
    };
    use crate::record::month::Month;

    fn months(lines: &[(&str, u64)]) -> FacilityMonths {
        let mut months = FacilityMonths::default();
        for (month, discharges) in lines {
            let month = Month::parse(month).expect("a month");
            let counts = MonthCounts { discharges: *discharges, ..MonthCounts::default() };
            months.0.entry("0042".to_owned()).or_default().insert(month, counts);
        }
        months
    }

    fn run(folder: &Path, pipeline: &str, period: &str, lines: &[(&str, u64)]) -> Vec<(String, u64)> {
        let remembered = RememberedMonths::open(Some(folder), pipeline).expect("read");
        let period = Period::parse(period).ok();
        let on = Day::from_iso("2026-11-01").expect("a day");
        let mut followers = Followers::open(folder).expect("followers");
        remembered.remember(&months(lines), period.as_ref(), on, &mut followers).expect("written");
        let place = tempfile::tempdir_in(folder).expect("a folder");
        let mut staging = Staging::create(&place.path().join("out")).expect("staging");
        staging.write("seal", b"a seal").expect("written");
        commit(&mut staging, "out", Way::FreeName, "seal", Some(&mut followers)).expect("published");
        drop(followers);
        let again = RememberedMonths::open(Some(folder), pipeline).expect("read").months;
        let own = again.0.get("0042").into_iter().flatten();
        own.map(|(month, counts)| (month.to_string(), counts.discharges)).collect()
    }

    fn line(month: &str, discharges: u64) -> (String, u64) {
        (month.to_owned(), discharges)
    }

    #[test]
    fn a_month_of_the_period_is_replaced_another_only_by_more_and_a_coming_one_not_taken() {
        let folder = tempfile::tempdir().expect("folder");
        let of = |period, lines: &[(&str, u64)]| run(folder.path(), "Monthly", period, lines);
        let first = of("2026-10", &[("2026-09", 50), ("2026-10", 200), ("2026-12", 3)]);
        assert_eq!(first, [line("2026-09", 50), line("2026-10", 200)]);
        let path = folder.path().join(FILE);
        let bytes = std::fs::read(&path).expect("file");
        of("2026-10", &[("2026-09", 50), ("2026-10", 200), ("2026-12", 3)]);
        assert_eq!(std::fs::read(&path).expect("file"), bytes, "a rerun changes no byte");
        let later = of("2026-10", &[("2026-09", 49), ("2026-10", 190)]);
        assert_eq!(later, [line("2026-09", 50), line("2026-10", 190)]);
        assert_eq!(of("", &[("2026-10", 189), ("2026-09", 60)]), [line("2026-09", 60), line("2026-10", 190)]);
    }

    #[test]
    fn pipelines_do_not_see_each_other_and_keep_their_lines() {
        let folder = tempfile::tempdir().expect("folder");
        run(folder.path(), "Inpatients, all", "2026-10", &[("2026-10", 200)]);
        assert_eq!(run(folder.path(), "Births", "2026-10", &[("2026-10", 9)]), [line("2026-10", 9)]);
        assert_eq!(run(folder.path(), "Inpatients, all", "2026-09", &[]), [line("2026-10", 200)]);
    }

    #[test]
    fn a_damaged_file_is_an_error_with_its_line() {
        let folder = tempfile::tempdir().expect("folder");
        run(folder.path(), "Monthly", "2026-10", &[("2026-10", 200)]);
        let path = folder.path().join(FILE);
        let text = std::fs::read_to_string(&path).expect("file").replace("2026-10", "2026-1O");
        std::fs::write(&path, text).expect("written");
        let error = RememberedMonths::open(Some(folder.path()), "Monthly").expect_err("damaged").to_string();
        let other = RememberedMonths::open(Some(folder.path()), "Yearly").expect_err("damaged").to_string();
        assert_eq!(other, error, "whichever pipeline the line is of");
        assert!(error.contains("facility_months.csv, line 2: `month` is no month"), "{error}");
    }
}
