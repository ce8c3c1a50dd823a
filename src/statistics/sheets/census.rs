//! The census day by day, and whether it balances.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, TableColumn, column},
        value::CellValue,
    },
    record::date::Day,
    statistics::{
        census::{CensusOfDay, CensusOfSpan, Span},
        hospital_days::{ADULTS_AND_CHILDREN, NEWBORNS},
        measured_records::MeasuredRecords,
    },
};

/// Days that are listed; a longer span is told by its sums alone.
const MOST_DAYS: u64 = 366;

/// The sheet. `None` where no inpatient was discharged.
pub fn sheet(records: &MeasuredRecords<'_>) -> Option<Sheet> {
    let span = records.span()?;
    let all = records.hospital.all();
    let census = CensusOfSpan::of(&all, span);
    let counted_on = |day: Day| records.counted_on(None, day).map(|(patients, _)| patients);
    let differing =
        census.days.iter().filter(|day| counted_on(day.day).is_some_and(|count| count != at_midnight(day))).count();
    let compared = census.days.iter().filter(|day| counted_on(day.day).is_some()).count();
    let mut notes = Vec::new();
    if differing > 0 {
        notes.push(format!(
            "Does not reconcile: on {differing} of {compared} days the census that was counted is not the one of the records. Look for admissions and discharges that are missing or late."
        ));
    }
    if all.in_house == [0, 0] {
        notes.push("No patient is in the house in these records: who was not discharged yet is in no census. Give an export with the patients in the house.".to_owned());
    }
    notes.push("Population: inpatients without a fatal finding, by the stays of the records; those who are in the house as well.".to_owned());
    notes.push("Midnight census = that of the day before + admissions - discharges, deaths included. Service days of a day = midnight census + those admitted and discharged on the day.".to_owned());
    if span.days() > MOST_DAYS {
        notes.push(format!("Days are listed for at most {MOST_DAYS} days: ask for a shorter period."));
    }
    let mut tables = vec![balance(&census)];
    if span.days() <= MOST_DAYS {
        tables.push(by_day(&census, &counted_on, compared > 0));
    }
    Some(Sheet {
        name: "Census",
        title: format!("Census of inpatients, {}", Span::label(span)),
        summary: "Midnight census, admissions, discharges and service days by day; whether the census balances",
        notes,
        tables,
    })
}

fn at_midnight(day: &CensusOfDay) -> u64 {
    u64::try_from(day.at_midnight.iter().sum::<i64>()).unwrap_or(0)
}

/// A number of patients; one below 0 is none that a census can have.
fn patients(count: i64) -> CellValue {
    u64::try_from(count).map_or(CellValue::NotAvailable, CellValue::Count)
}

fn balance(census: &CensusOfSpan) -> Table {
    let (counts, closing, service_days) = (census.counts(), census.closing(), census.service_days());
    let row = |name: &str, own: usize| {
        let left = counts.discharged[own] - counts.not_admitted[own];
        vec![
            CellValue::text(name),
            patients(census.opening[own]),
            CellValue::Count(counts.admitted[own].into()),
            CellValue::Count(left.into()),
            patients(closing[own]),
            patients(service_days[own]),
            CellValue::Count(counts.same_day[own].into()),
            CellValue::Count(counts.not_admitted[own].into()),
        ]
    };
    Table {
        name: "census_balance".to_owned(),
        caption: "Opening census + admissions - discharges = closing census".to_owned(),
        columns: vec![
            column("Patients", 24),
            column("Opening census", 12),
            column("Admissions", 12),
            column("Discharges", 12),
            column("Closing census", 12),
            column("Service days", 12),
            column("Admitted and discharged on one day", 16),
            column("Discharged without a known admission, in no census", 18),
        ],
        rows: vec![row("Adults and children", ADULTS_AND_CHILDREN), row("Newborns", NEWBORNS)],
        chart: None,
    }
}

fn by_day(census: &CensusOfSpan, counted_on: &dyn Fn(Day) -> Option<u64>, with_counted: bool) -> Table {
    let row = |day: &CensusOfDay| {
        let service_days = day.service_days();
        let mut row = vec![CellValue::Day(day.day)];
        for own in [ADULTS_AND_CHILDREN, NEWBORNS] {
            row.extend([
                CellValue::Count(day.counts.admitted[own].into()),
                CellValue::Count(day.counts.discharged[own].into()),
                CellValue::Count(day.counts.died[own].into()),
                patients(day.at_midnight[own]),
                patients(service_days[own]),
            ]);
        }
        if with_counted {
            row.push(counted_on(day.day).map_or(CellValue::NotAvailable, CellValue::Count));
        }
        row
    };
    let of = |words: &str, of: &str| column(format!("{words}, {of}"), 14);
    let mut columns: Vec<TableColumn> = vec![column("Day", 14)];
    for patients in ["adults and children", "newborns"] {
        columns.extend(
            ["Admissions", "Discharges", "Of them deaths", "Midnight census", "Service days"]
                .map(|words| of(words, patients)),
        );
    }
    columns.extend(with_counted.then(|| column("Census as counted", 14)));
    // The census that was counted is believed before that of the records.
    let (drawn, title) = if with_counted {
        (columns.len() - 1, "Census as counted by day")
    } else {
        (4, "Midnight census of adults and children by day")
    };
    Table {
        name: "census_by_day".to_owned(),
        caption: "By day".to_owned(),
        columns,
        rows: census.days.iter().map(row).collect(),
        chart: Some(Chart {
            kind: ChartKind::Line,
            values: "Patients at midnight",
            title: title.to_owned(),
            categories: 0,
            series: vec![drawn],
            limits: Vec::new(),
            rows: census.days.len(),
        }),
    }
}
