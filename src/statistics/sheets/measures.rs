//! The measures of the period beside those of the period before and of the year before, by facility, and month by month.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    record::{date::Day, listed::some_of, month::Month},
    statistics::{
        census::Span,
        hospital_days::FacilityDays,
        labels::Labels,
        measure_base::{CensusSource, MeasureBase, named},
        measure_list::MEASURES,
        measured_records::MeasuredRecords,
        measures::Measure,
    },
};

/// Months of the trend: a year and the month before it.
const TREND_MONTHS: i32 = 13;

/// The sheets: the measures of the period, the months that end with it, and the facilities, where there are several. None where no inpatient was discharged.
pub fn sheets(records: &MeasuredRecords<'_>, labels: &Labels) -> Vec<Sheet> {
    let Some((span, base)) = records.span().and_then(|span| Some((span, records.base(span)?))) else {
        return Vec::new();
    };
    let of = |name, title: String, summary, notes: Vec<String>, tables: Vec<Table>| Sheet {
        name,
        title,
        summary,
        notes,
        tables,
    };
    let (table, remarks) = measures(records, &base, span);
    let mut sheets = vec![
        of(
            "Measures",
            format!("Measures of hospital statistics, {}", label_of(&base, span)),
            "Census, beds, stay, deaths, autopsies, obstetrics, infections, readmissions and accounts: this period, the one before, and the year before",
            [notes(&base), remarks].concat(),
            vec![table],
        ),
        of(
            "Months",
            format!("Month by month, the {TREND_MONTHS} months through {}", month_of(span.last).label()),
            "Measures month by month, the thirteen months that end with the period",
            notes(&base),
            vec![by_month(records, span)],
        ),
    ];
    let title = || format!("Measures by facility, {}", label_of(&base, span));
    if let Some(tables) = by_facility(records, &base, (span, labels)) {
        sheets.push(of("Facilities", title(), "Measures by facility", notes(&base), tables.into()));
    }
    sheets
}

/// The span in words; of one that is not over, through which day it is held.
fn label_of(base: &MeasureBase, asked: Span) -> String {
    if base.span == asked { asked.label() } else { format!("{} through {}", asked.label(), base.span.last) }
}

/// What is said of every measure.
fn notes(base: &MeasureBase) -> Vec<String> {
    let by = match base.census_source {
        CensusSource::Counted => "the daily census",
        CensusSource::Records => "the stays of the records",
        CensusSource::Both => "the daily census of some facilities, and the stays of the records of others",
    };
    vec![
        format!(
            "Population: inpatients without a fatal finding; accounts are of every class. Adults and children stand apart from newborns; death rates include both. Service days are those of {by}."
        ),
        "[x] not available, because what it is counted from is not held; [z] not applicable, because there are no cases. The sheet Definitions says what is counted."
            .to_owned(),
    ]
}

/// The month of a day.
fn month_of(day: Day) -> Span {
    let month = Month::of(day);
    Span { first: month.first(), last: month.last() }
}

fn measures(records: &MeasuredRecords<'_>, base: &MeasureBase, span: Span) -> (Table, Vec<String>) {
    let mut compared = vec![span];
    for other in [span.before(), span.a_year_before()] {
        // Of a span longer than a year the same days a year before are largely its own.
        if !compared.contains(&other) && other.last < span.first {
            compared.push(other);
        }
    }
    let others: Vec<(Span, Option<MeasureBase>)> =
        compared[1..].iter().map(|span| (*span, records.base(*span))).collect();
    let row = |measure: &Measure| {
        let figure =
            |base: &Option<MeasureBase>| base.as_ref().map_or(CellValue::NotAvailable, |base| measure.figure(base));
        let mut row = vec![CellValue::text(measure.group), CellValue::text(measure.name), measure.figure(base)];
        row.extend(others.iter().map(|(_, base)| figure(base)));
        row.extend(measure.parts(base));
        row.push(CellValue::text(measure.remark(base)));
        row
    };
    let mut columns = vec![column("Of", 14), column("Measure", 46), column(label_of(base, span), 14)];
    columns.extend(others.iter().map(|(span, _)| column(span.label(), 14)));
    columns.extend([column("Numerator", 12), column("Denominator", 14), column("Remark", 50)]);
    let mut remarks = base.remarks();
    if records.is_cut() {
        remarks
            .push("Measures are of the last five years that are held; other sheets are of all discharges.".to_owned());
    }
    let without = records.without_records();
    if !without.is_empty() {
        remarks.push(format!(
            "The bed file or the daily census names facilities of which no record is held: {}. They are in no figure.",
            some_of(&without)
        ));
    }
    for (span, other) in &others {
        let remarks_of = other.iter().filter(|base| !base.silent.is_empty() && base.is_held);
        remarks.extend(remarks_of.map(|base| {
            format!("In {} nothing is held of {}: they are in no figure of it.", span.label(), named(&base.silent))
        }));
    }
    let table = Table {
        name: "measures".to_owned(),
        caption: "All facilities".to_owned(),
        columns,
        rows: MEASURES.iter().map(row).collect(),
        chart: None,
    };
    (table, remarks)
}

/// The measures that are asked of each facility and month, with their headings there.
const IN_BRIEF: &[(&str, &str)] = &[
    ("Admissions, adults and children", "Admissions, adults and children"),
    ("Discharges, adults and children", "Discharges, adults and children"),
    ("Discharges, newborns", "Discharges, newborns"),
    ("Inpatient service days, adults and children", "Service days, adults and children"),
    ("Average daily census, adults and children", "Average daily census, adults and children"),
    ("Average daily census, newborns", "Average daily census, newborns"),
    ("Occupancy of beds, %", "Occupancy of beds, %"),
    ("Average stay, days, adults and children", "Average stay, days, adults and children"),
    ("Deaths", "Deaths"),
    ("Gross death rate, %", "Gross death rate, %"),
    ("Net death rate, %", "Net death rate, %"),
    ("Caesarean sections, %", "Caesarean sections, %"),
    ("Readmitted within 30 days, %", "Readmitted within 30 days, %"),
];

fn in_brief() -> impl Iterator<Item = (&'static Measure, &'static str)> {
    IN_BRIEF.iter().filter_map(|(name, heading)| {
        MEASURES.iter().find(|measure| measure.name == *name).map(|measure| (measure, *heading))
    })
}

/// The first reason for a figure that is not known.
fn first_reason(base: &MeasureBase) -> CellValue {
    CellValue::text(in_brief().map(|(measure, _)| measure.remark(base)).find(|why| !why.is_empty()).unwrap_or_default())
}

/// All facilities together, and a row for each, where there are several.
fn by_facility(
    records: &MeasuredRecords<'_>,
    all: &MeasureBase,
    (span, labels): (Span, &Labels),
) -> Option<[Table; 2]> {
    if records.hospital.facilities().count() < 2 || !records.hospital.is_told_apart() {
        return None;
    }
    let row = |name: CellValue, base: &MeasureBase| {
        let mut row = vec![name];
        row.extend(in_brief().map(|(measure, _)| measure.figure(base)));
        row.push(first_reason(base));
        row
    };
    let of_facility = |(name, days): (&str, &FacilityDays)| {
        let base = records.base_of(name, days, span);
        row(labels.facility(name), &base)
    };
    let table = |name: &str, caption: &str, rows: Vec<Vec<CellValue>>| {
        let mut columns = vec![column("Facility", 20)];
        columns.extend(in_brief().map(|(_, heading)| column(heading, 14)));
        columns.push(column("Remark", 50));
        Table { name: name.to_owned(), caption: caption.to_owned(), columns, rows, chart: None }
    };
    Some([
        table("measures_of_all", "All facilities", vec![row(CellValue::text("All facilities"), all)]),
        table("measures_by_facility", "By facility", records.hospital.facilities().map(of_facility).collect()),
    ])
}

/// The months that end with the last one of the period.
fn by_month(records: &MeasuredRecords<'_>, span: Span) -> Table {
    let last = Month::of(span.last);
    let row = |back: i32| {
        let month = last.back(back);
        let span = Span { first: month.first(), last: month.last() };
        let base = records.base(span);
        let figure = |measure: &Measure| base.as_ref().map_or(CellValue::NotAvailable, |base| measure.figure(base));
        let label = base.as_ref().map_or_else(|| span.label(), |base| label_of(base, span));
        let mut row = vec![CellValue::text(label)];
        row.extend(in_brief().map(|(measure, _)| figure(measure)));
        row.push(base.as_ref().map_or(CellValue::Blank, first_reason));
        row
    };
    let mut columns = vec![column("Month", 14)];
    columns.extend(in_brief().map(|(_, heading)| column(heading, 14)));
    columns.push(column("Remark", 50));
    let discharges = in_brief().position(|(_, heading)| heading.starts_with("Discharges"));
    Table {
        name: "measures_by_month".to_owned(),
        caption: "By month".to_owned(),
        columns,
        rows: (0..TREND_MONTHS).rev().map(row).collect(),
        chart: discharges.map(|place| Chart {
            kind: ChartKind::Line,
            values: "Discharges",
            title: "Discharges of adults and children by month".to_owned(),
            categories: 0,
            series: vec![place + 1],
            limits: Vec::new(),
            rows: TREND_MONTHS as usize,
        }),
    }
}
