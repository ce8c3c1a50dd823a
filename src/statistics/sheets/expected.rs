//! Observed deaths and days of stay against those expected of the same patients, by indirect standardisation.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, TableColumn, column},
        value::CellValue,
    },
    record::month::Month,
    statistics::{
        arithmetic::{
            fraction::{Fraction, printed_half_up},
            standardised::Standardised,
        },
        census::Span,
        expected::{REFERENCE_MONTHS, Strata, months_held, standardise, sums},
        hospital_days::FacilityDays,
        labels::Labels,
        measured_records::MeasuredRecords,
    },
};

/// The sheet; `None` where the span is not one of whole months, or no month before it is held.
pub fn sheet(records: &MeasuredRecords<'_>, labels: &Labels) -> Option<Sheet> {
    let span = records.span()?;
    let months = span.months()?;
    let before = (months.0.back(REFERENCE_MONTHS), months.0.back(1));
    let all = records.hospital.all();
    let held = months_held(&all.strata, before);
    if held == 0 || months_held(&all.strata, months) == 0 {
        return None;
    }
    let reference = sums(&all.strata, before);
    let row = |name: CellValue, strata: &Strata| {
        let own = standardise(&sums(strata, months), &reference);
        let mut row = vec![name];
        row.extend(deaths(&own.deaths));
        row.extend(days(&own.days));
        row
    };
    let table = |name: &str, caption: &str, rows: Vec<Vec<CellValue>>| Table {
        name: name.to_owned(),
        caption: caption.to_owned(),
        columns: columns(),
        rows,
        chart: None,
    };
    let mut tables = vec![table(
        "expected",
        "Observed to expected, all facilities",
        vec![row(CellValue::text("All facilities"), &all.strata)],
    )];
    let facilities = || records.hospital.facilities();
    if facilities().count() > 1 && records.hospital.is_told_apart() {
        let of_facility = |(name, days): (&str, &FacilityDays)| row(labels.facility(name), &days.strata);
        let rows = facilities().map(of_facility).collect();
        tables.push(table("expected_by_facility", "Observed to expected, by facility", rows));
    }
    let of = |span: (Month, Month)| Span { first: span.0.first(), last: span.1.last() }.label();
    Some(Sheet {
        name: "Expected",
        title: format!("Observed and expected deaths and days of stay, {}", span.label()),
        summary: "Deaths and days of stay against those expected of the same patients, with limits",
        notes: vec![
            format!(
                "Population: inpatients, adults and children, without a fatal finding. Expected by indirect standardisation: age group, sex, type of admission and Charlson score (0, 1 to 2, 3 to 4, 5 and more), each with its rate in the reference: the own discharges of {}, of which {held} of {REFERENCE_MONTHS} months are held.",
                of(before)
            ),
            "A ratio of 1 is as expected. Limits of deaths are of 95 %: exact Poisson limits below 10 deaths, Byar's from 10 on; limits of days are by the variance within the strata. What lies within them may be chance. Cases of strata without a reference take no part.".to_owned(),
        ],
        tables,
    })
}

fn columns() -> Vec<TableColumn> {
    let mut columns = vec![column("Facility", 20)];
    for (of, observed) in [("deaths", "Deaths"), ("days of stay", "Days of stay")] {
        columns.extend([
            column(format!("Discharges, {of}"), 12),
            column(format!("{observed}, observed"), 12),
            column(format!("{observed}, expected"), 12),
            column(format!("Observed to expected, {of}"), 12),
            column(format!("Lower limit, {of}"), 12),
            column(format!("Upper limit, {of}"), 12),
            column(format!("What it says, {of}"), 18),
            column(format!("Discharges without a reference, {of}"), 14),
        ]);
    }
    columns
}

fn deaths(own: &Standardised) -> Vec<CellValue> {
    cells(own, 2)
}

fn days(own: &Standardised) -> Vec<CellValue> {
    cells(own, 0)
}

/// A count that may be longer than a cell's.
fn count(count: u128) -> CellValue {
    CellValue::Count(u64::try_from(count).unwrap_or(u64::MAX))
}

fn cells(own: &Standardised, decimals: u8) -> Vec<CellValue> {
    let ratio = own.ratio.as_ref();
    let limits = ratio.and_then(|ratio| ratio.limits);
    let limit = |limit: Option<f64>| {
        let none = if ratio.is_some() { CellValue::NotAvailable } else { CellValue::NotApplicable };
        limit.and_then(|limit| printed_half_up(limit, 2)).map_or(none, |text| CellValue::printed(&text))
    };
    let verdict = match limits {
        None if ratio.is_none() => "nothing expected",
        None => "no limits: a stratum has one stay in the reference",
        Some(limits) if limits.lower > 1.0 => "more than expected",
        Some(limits) if limits.upper < 1.0 => "fewer than expected",
        Some(_) => "as expected",
    };
    vec![
        count(own.cases),
        count(own.observed),
        CellValue::printed(&own.expected.printed(decimals)),
        ratio.map_or(CellValue::NotApplicable, |ratio| CellValue::printed(&Fraction::printed(&ratio.value, 2))),
        limit(limits.map(|limits| limits.lower)),
        limit(limits.map(|limits| limits.upper)),
        CellValue::text(verdict),
        count(own.without_reference.cases),
    ]
}
