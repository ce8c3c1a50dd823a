//! Coders: records and codes, pace, days from discharge to coding, what is not coded yet.

use std::collections::BTreeMap;

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    partition::registers::staff_hours::StaffHours,
    record::date::Day,
    statistics::{
        coders::{Coder, Coders, Work},
        tally::doubled_median,
    },
};

/// Days since discharge: name and last day.
const AGES: [(&str, i32); 5] = [("0-3", 3), ("4-7", 7), ("8-14", 14), ("15-30", 30), ("31 and more", i32::MAX)];

/// The sheet; `None` where no discharge states a coder or a coded date.
///
/// `hours`: the productive hours of the coders, where the register is there.
pub fn sheet(work: &Coders, hours: Option<&StaffHours>, business_date: Day) -> Option<Sheet> {
    work.is_stated().then(|| Sheet {
        name: "Coders",
        title: "Work of the coders".to_owned(),
        summary: "Records and codes by coder and day, days from discharge to coded, discharges not coded yet",
        notes: vec![
            super::POPULATION.to_owned(),
            "A day or an hour counts for a coder when a record was finished in it: these are not productive hours. Productive hours are those of the table staff_hours from the first to the last day on which the coder finished a record of the period.".to_owned(),
        ],
        tables: coders(work, hours).into_iter().chain([days(work), uncoded(work, business_date)]).collect(),
    })
}

/// All coders together, and each.
fn coders(work: &Coders, hours: Option<&StaffHours>) -> [Table; 2] {
    let coders = work.rows();
    let periods = |coder: &Coder| [coder.by_day.len() as u64, coder.by_hour.len() as u64];
    let productive = |name: &str, coder: &Coder| -> Option<u64> {
        let (first, last) = coder.by_day.keys().next().zip(coder.by_day.keys().next_back())?;
        hours?.of(name, (*first, *last))
    };
    let with_hours = |mut cells: Vec<CellValue>, records: u64, own: Option<u64>| {
        if hours.is_some() {
            cells.extend([
                own.map_or(CellValue::NotAvailable, |hundredths| CellValue::mean(hundredths, 100, 2)),
                own.map_or(CellValue::NotAvailable, |hundredths| CellValue::mean(records * 100, hundredths, 2)),
            ]);
        }
        cells
    };
    let rows: Vec<Vec<CellValue>> = coders
        .iter()
        .map(|(name, coder)| {
            with_hours(row(name, coder, periods(coder)), coder.dated().records, productive(name, coder))
        })
        .collect();
    let of_all: Option<u64> =
        coders.iter().filter(|(_, coder)| !coder.by_day.is_empty()).map(|(name, coder)| productive(name, coder)).sum();
    // Two coders who finish records on one day are two coder days.
    let all =
        coders.iter().map(|(_, coder)| periods(coder)).fold([0; 2], |sum, own| [sum[0] + own[0], sum[1] + own[1]]);
    let table = |name: &str, caption: &str, rows: Vec<Vec<CellValue>>| Table {
        name: name.to_owned(),
        caption: caption.to_owned(),
        columns: [
            column("Coder", 24),
            column("Records coded", 12),
            column("Codes", 12),
            column("Codes a record", 12),
            column("Coder days", 12),
            column("Records a coder day", 14),
            column("Codes a coder day", 14),
            column("Coder hours", 12),
            column("Records a coder hour", 14),
            column("Median days to coded", 14),
            column("Longest", 10),
            column("Coded before discharge", 14),
            column("Without a coded date", 14),
            column("Uncoded", 10),
        ]
        .into_iter()
        .chain(
            ["Productive hours", "Records a productive hour"]
                .map(|heading| column(heading, 14))
                .into_iter()
                .take(if hours.is_some() { 2 } else { 0 }),
        )
        .collect(),
        rows,
        chart: None,
    };
    // A row of sums among the rows would be counted by whoever sums or sorts them.
    [
        table(
            "all_coders",
            "All coders together",
            vec![with_hours(row("all coders", &work.all(), all), work.all().dated().records, of_all)],
        ),
        table("coders", "By coder", rows),
    ]
}

/// `days` and `hours` are those in which a coder finished a record.
fn row(name: &str, coder: &Coder, [days, hours]: [u64; 2]) -> Vec<CellValue> {
    let (dated, timed) = (coder.dated(), coder.timed());
    let longest = coder.days_to_coded.last_key_value();
    vec![
        CellValue::text(name),
        CellValue::Count(coder.coded.records),
        CellValue::Count(coder.coded.codes),
        CellValue::mean(coder.coded.codes, coder.coded.records, 2),
        CellValue::Count(days),
        CellValue::mean(dated.records, days, 1),
        CellValue::mean(dated.codes, days, 1),
        CellValue::Count(hours),
        CellValue::mean(timed.records, hours, 1),
        doubled_median(&coder.days_to_coded).map_or(CellValue::Blank, |doubled| CellValue::mean(doubled, 2, 1)),
        longest.map_or(CellValue::Blank, |(days, _)| CellValue::Count(*days as u64)),
        CellValue::Count(coder.before_discharge),
        CellValue::Count(coder.undated),
        CellValue::Count(coder.uncoded),
    ]
}

fn days(work: &Coders) -> Table {
    let mut days: BTreeMap<Day, (Work, u64)> = BTreeMap::new();
    for (_, coder) in work.rows() {
        for (day, own) in &coder.by_day {
            let (sum, coders) = days.entry(*day).or_default();
            sum.records += own.records;
            sum.codes += own.codes;
            *coders += 1;
        }
    }
    Table {
        name: "coded_by_day".to_owned(),
        caption: "By day coded".to_owned(),
        columns: vec![column("Day", 24), column("Records coded", 12), column("Codes", 12), column("Coders", 12)],
        rows: days
            .into_iter()
            .map(|(day, (sum, coders))| {
                vec![
                    CellValue::Day(day),
                    CellValue::Count(sum.records),
                    CellValue::Count(sum.codes),
                    CellValue::Count(coders),
                ]
            })
            .collect(),
        chart: None,
    }
}

fn uncoded(work: &Coders, business_date: Day) -> Table {
    let mut counts = [0; AGES.len()];
    for (discharged, records) in &work.uncoded_by_discharge {
        let age = business_date.0 - discharged.0;
        let place = AGES.iter().position(|(_, last)| age <= *last).unwrap_or(AGES.len() - 1);
        counts[place] += records;
    }
    let all: u64 = counts.iter().sum();
    Table {
        name: "uncoded_by_age".to_owned(),
        caption: "Discharges not coded on the business date, by days since discharge".to_owned(),
        columns: vec![column("Days since discharge", 24), column("Records", 12), column("Share, %", 12)],
        rows: AGES
            .iter()
            .zip(counts)
            .map(|((name, _), records)| {
                vec![CellValue::code(*name), CellValue::Count(records), CellValue::percent(records, all, 1)]
            })
            .collect(),
        chart: None,
    }
}
