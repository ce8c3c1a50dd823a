//! Census of the nursing units: from the daily census by unit, the transfers between units and the bed file.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    record::date::Day,
    statistics::{
        census::Span,
        labels::{Labelled, Labels},
        measured_records::MeasuredRecords,
    },
};

/// The sheet; `None` where the daily census has no units.
pub fn sheet(records: &MeasuredRecords<'_>, labels: &Labels) -> Option<Sheet> {
    let span = records.span()?;
    let span = Span { first: span.first, last: span.last.min(records.held.through).max(span.first) };
    let rows: Vec<Vec<CellValue>> =
        records.hospital.facilities().flat_map(|(name, _)| rows(records, name, (span, labels))).collect();
    if rows.is_empty() || !records.hospital.is_told_apart() {
        return None;
    }
    Some(Sheet {
        name: "Units",
        title: format!("Census of the nursing units, {}", span.label()),
        summary: "Census, transfers, patient days and occupancy by nursing unit",
        notes: vec![
            "Population: patients at the census hour of the daily census, added up over the days; those admitted and discharged within a day are not known by unit. Transfers are those of the table movements. The hospital's own figures ignore transfers.".to_owned(),
            "[x] not available: a day of the unit's census, the bed file or the table movements is missing.".to_owned(),
        ],
        tables: vec![Table {
            name: "units".to_owned(),
            caption: "By unit".to_owned(),
            columns: vec![
                column("Facility", 14),
                column("Unit", 20),
                column("In words", 24),
                column("Opening census", 12),
                column("Admissions", 12),
                column("Transfers in", 12),
                column("Discharges", 12),
                column("Transfers out", 12),
                column("Closing census, calculated", 14),
                column("Closing census, as counted", 14),
                column("Patient days", 12),
                column("Average daily census", 12),
                column("Occupancy of beds, %", 12),
            ],
            rows,
            chart: None,
        }],
    })
}

fn rows(records: &MeasuredRecords<'_>, facility: &str, (span, labels): (Span, &Labels)) -> Vec<Vec<CellValue>> {
    let (registers, one) = (records.registers, records.is_of_one());
    let Some(census) = &registers.census else { return Vec::new() };
    let of = (span.first, span.last);
    let transfers = registers.movements.as_ref().map(|moves| moves.transfers(facility, one, of));
    let row = |unit: &str| {
        let on = |day: Day| census.of_unit(facility, one, unit, day);
        let sum =
            |of: &dyn Fn(Day) -> Option<u32>| -> Option<u64> { span.each().map(|day| of(day).map(u64::from)).sum() };
        let patients = |day: Day| on(day).and_then(|census| census.patients).map(u64::from);
        let opening = patients(Day(span.first.0 - 1));
        let closing = patients(span.last);
        let admissions = sum(&|day| on(day)?.admissions);
        let discharges = sum(&|day| on(day)?.discharges);
        let moved = transfers.as_ref().map(|units| units.get(unit).copied().unwrap_or_default());
        let calculated = opening.zip(admissions).zip(discharges).zip(moved).and_then(
            |(((opening, admissions), discharges), [into, out])| {
                (opening + admissions + into).checked_sub(discharges + out)
            },
        );
        let days = sum(&|day| on(day)?.patients);
        let beds = registers.beds.as_ref().and_then(|beds| beds.count_days((facility, one), Some(unit), of));
        let count = |count: Option<u64>| count.map_or(CellValue::NotAvailable, CellValue::Count);
        vec![
            CellValue::code(facility),
            CellValue::code(unit),
            CellValue::text(labels.words(Labelled::Unit, unit)),
            count(opening),
            count(admissions),
            count(moved.map(|[into, _]| into)),
            count(discharges),
            count(moved.map(|[_, out]| out)),
            count(calculated),
            count(closing),
            count(days),
            days.map_or(CellValue::NotAvailable, |days| CellValue::mean(days, span.days(), 1)),
            days.zip(beds).map_or(CellValue::NotAvailable, |(days, [beds, _])| CellValue::percent(days, beds, 1)),
        ]
    };
    census.units(facility, one).map(row).collect()
}
