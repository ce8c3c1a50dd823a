//! What the store remembers of facilities' months for a pipeline: the lines of `edits::trend::facility_months`.

use crate::{
    book::csv::CsvLine,
    edits::trend::{
        facility_months::{COLUMNS, FacilityMonths},
        judge::remember,
    },
    record::{date::Day, period::Period},
    store::content::MonthLine,
};

/// The places of the columns of facility months in a line.
const PLACES: [usize; COLUMNS.len()] = [0, 1, 2, 3, 4, 5];

/// The months of lines that this program wrote; what is none of them is passed over.
pub fn months_of(lines: &[MonthLine]) -> FacilityMonths {
    let lines = (1..).zip(lines).map(|(number, cells)| Ok(CsvLine { number, values: cells.to_vec() }));
    FacilityMonths::read_lines(PLACES, lines).unwrap_or_default()
}

/// The lines that are remembered after a run has counted `run`.
pub fn lines_after(
    before: &[MonthLine],
    run: &FacilityMonths,
    period: Option<&Period>,
    business_date: Day,
) -> Vec<MonthLine> {
    let mut months = months_of(before);
    remember(&mut months, run, period, business_date);
    months.lines()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{edits::trend::facility_months::MonthCounts, record::month::Month};

    fn months(counted: &[(&str, u64)]) -> FacilityMonths {
        let mut months = FacilityMonths::default();
        for (month, discharges) in counted {
            let month = Month::parse(month).expect("a month");
            let counts = MonthCounts { discharges: *discharges, ..MonthCounts::default() };
            months.0.entry("0042".to_owned()).or_default().insert(month, counts);
        }
        months
    }

    #[test]
    fn a_month_of_the_period_is_replaced_another_only_by_more_and_a_coming_one_not_taken() {
        let mut lines = Vec::new();
        let mut of = |period: &str, counted: &[(&str, u64)]| {
            let on = Day::from_iso("2026-11-01").expect("a day");
            lines = lines_after(&lines, &months(counted), Period::parse(period).ok().as_ref(), on);
            let months = months_of(&lines);
            let own = months.0.get("0042").into_iter().flatten();
            own.map(|(month, counts)| (month.to_string(), counts.discharges)).collect::<Vec<_>>()
        };
        let line = |month: &str, discharges: u64| (month.to_owned(), discharges);
        let first = of("2026-10", &[("2026-09", 50), ("2026-10", 200), ("2026-12", 3)]);
        assert_eq!(first, [line("2026-09", 50), line("2026-10", 200)]);
        assert_eq!(of("2026-10", &[("2026-09", 50), ("2026-10", 200), ("2026-12", 3)]), first);
        let later = of("2026-10", &[("2026-09", 49), ("2026-10", 190)]);
        assert_eq!(later, [line("2026-09", 50), line("2026-10", 190)]);
        assert_eq!(of("", &[("2026-10", 189), ("2026-09", 60)]), [line("2026-09", 60), line("2026-10", 190)]);
    }
}
