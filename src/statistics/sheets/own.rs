//! A site's own sheets, from what is counted of their records.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, TableColumn, column},
        value::CellValue,
    },
    record::{
        bounded::NOT_STATED,
        field::Field,
        vocabulary::{AdmissionType, DischargeStatus},
    },
    statistics::{
        census::Span,
        hospital_days::HospitalDays,
        labels::{Labelled, Labels},
        measure_base::{Known, MeasureBase},
        measured_records::MeasuredRecords,
        measures::Measure,
        own_sheet::{Breakdown, OwnSheet, SideBySide, table_stem},
        tally::AGE_GROUPS,
    },
};

/// The bases of a sheet: one a row and span.
struct Bases {
    spans: Vec<(String, Span)>,
    /// All records of the sheet, by span; `None` where no facility is held.
    all: Vec<Option<MeasureBase>>,
    /// By value: its words, and the bases by span.
    rows: Vec<(CellValue, String, Vec<Option<MeasureBase>>)>,
}

/// The sheet; `None` where no inpatient was discharged.
pub fn sheet(own: &OwnSheet, counted: &HospitalDays, records: &MeasuredRecords<'_>, labels: &Labels) -> Option<Sheet> {
    let period = records.span()?;
    let bases = bases(own, counted, records, labels, period);
    let stem = table_stem(own.name);
    let mut tables = Vec::new();
    match (own.by, own.over) {
        (None, _) => tables.push(by_span(own, &bases, &stem)),
        (Some(by), SideBySide::Period) => tables.push(by_value(own, by, &bases, &stem)),
        (Some(by), _) => {
            let of = |(place, measure): (usize, &&'static Measure)| side_by_side((by, measure), &bases, (&stem, place));
            tables.extend(own.measures.iter().enumerate().map(of));
        }
    }
    Some(Sheet {
        name: own.name,
        title: own.title.clone(),
        summary: "A sheet of the pipeline's own",
        notes: notes(own, counted),
        tables,
    })
}

fn notes(own: &OwnSheet, counted: &HospitalDays) -> Vec<String> {
    let of = match &own.condition {
        Some(condition) => {
            format!("Population: inpatients without a fatal finding for which is true: {}.", condition.text.trim())
        }
        None => "Population: inpatients without a fatal finding.".to_owned(),
    };
    let mut notes = vec![
        format!("{of} Accounts are of every class. Adults and children stand apart from newborns; death rates include both."),
        "[x] not available, because it is not held or not kept in these parts; [z] not applicable, because there are no cases.".to_owned(),
    ];
    if !counted.is_told_apart() {
        notes.push(
            "There are more values than are told apart: those that came last stand together under \"not stated\"."
                .to_owned(),
        );
    }
    notes
}

/// What the measures of every row and span are counted from.
fn bases(
    own: &OwnSheet,
    counted: &HospitalDays,
    records: &MeasuredRecords<'_>,
    labels: &Labels,
    period: Span,
) -> Bases {
    let spans = own.spans(period);
    let wholes: Vec<Option<MeasureBase>> = spans.iter().map(|(_, span)| records.base(*span)).collect();
    let by_records: Vec<Known<()>> = spans.iter().map(|(_, span)| records.census_of_records(*span)).collect();
    // A facility has registers of its own.
    let of_facilities = own.condition.is_none() && own.by == Some(Breakdown::Field(Field::FacilityId));
    let part = |days: &crate::statistics::hospital_days::FacilityDays, at: usize| {
        wholes[at].as_ref().map(|whole| MeasureBase::of_part(days, whole, &by_records[at]))
    };
    let all_counted = counted.all();
    let all = (0..spans.len())
        .map(|at| if own.condition.is_none() { wholes[at].clone() } else { part(&all_counted, at) })
        .collect();
    let mut rows: Vec<(CellValue, String, Vec<Option<MeasureBase>>)> = Vec::new();
    if of_facilities {
        for (name, days) in records.hospital.facilities() {
            let bases = spans.iter().map(|(_, span)| Some(records.base_of(name, days, *span))).collect();
            let words = labels.words(Labelled::Facility, name).to_owned();
            rows.push((CellValue::code(if name.is_empty() { NOT_STATED } else { name }), words, bases));
        }
    } else if let Some(by) = own.by {
        let mut values: Vec<_> = counted.facilities().collect();
        values.sort_by_key(|(value, _)| (rank(by, value), (*value).to_owned()));
        for (value, days) in values {
            let bases = (0..spans.len()).map(|at| part(days, at)).collect();
            let value = if value.is_empty() { NOT_STATED } else { value };
            rows.push((CellValue::code(value), words(by, value, labels), bases));
        }
    }
    Bases { spans, all, rows }
}

/// Where a value stands among the others: groups of age in their order, what is not stated last.
fn rank(by: Breakdown, value: &str) -> usize {
    match by {
        _ if value == NOT_STATED => usize::MAX,
        Breakdown::AgeGroup => AGE_GROUPS.iter().position(|(name, _)| *name == value).unwrap_or(AGE_GROUPS.len()),
        Breakdown::Field(_) => 0,
    }
}

/// The words of a value; blank where it has none.
fn words(by: Breakdown, value: &str, labels: &Labels) -> String {
    let Breakdown::Field(field) = by else { return String::new() };
    match field {
        Field::Service => labels.words(Labelled::Service, value).to_owned(),
        Field::Payer => labels.words(Labelled::Payer, value).to_owned(),
        Field::FacilityId => labels.words(Labelled::Facility, value).to_owned(),
        Field::DischargeStatus => DischargeStatus::read(value.as_bytes()).map_or("", DischargeStatus::title).to_owned(),
        Field::AdmissionType => AdmissionType::read(value.as_bytes()).map_or("", AdmissionType::title).to_owned(),
        Field::Sex => [("F", "Female"), ("M", "Male"), ("U", "Unknown")]
            .into_iter()
            .find_map(|(letter, words)| (letter == value).then(|| words.to_owned()))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn figure(measure: &Measure, base: Option<&MeasureBase>) -> CellValue {
    base.map_or(CellValue::NotAvailable, |base| measure.figure(base))
}

/// The first reason for a figure that is not known.
fn remark(measures: &[&'static Measure], base: Option<&MeasureBase>) -> CellValue {
    let reason = base.and_then(|base| measures.iter().map(|own| own.remark(base)).find(|why| !why.is_empty()));
    CellValue::text(reason.unwrap_or_default())
}

fn measure_columns(measures: &[&'static Measure]) -> impl Iterator<Item = TableColumn> {
    measures.iter().map(|measure| column(measure.name, 16))
}

/// A row a span, a column a measure.
fn by_span(own: &OwnSheet, bases: &Bases, stem: &str) -> Table {
    let mut columns = vec![column(if own.over == SideBySide::Period { "Records" } else { "Days" }, 22)];
    columns.extend(measure_columns(&own.measures));
    columns.push(column("Remark", 40));
    let row = |((name, _), base): (&(String, Span), &Option<MeasureBase>)| {
        let mut row = vec![CellValue::text(name.clone())];
        row.extend(own.measures.iter().map(|measure| figure(measure, base.as_ref())));
        row.push(remark(&own.measures, base.as_ref()));
        row
    };
    let rows: Vec<Vec<CellValue>> = bases.spans.iter().zip(&bases.all).map(row).collect();
    let chart = (rows.len() > 1).then(|| chart(ChartKind::Line, own.measures[0], (0, 1), rows.len()));
    Table { name: stem.to_owned(), caption: own.title.clone(), columns, rows, chart }
}

/// A row a value, a column a measure; the last row is all of them.
fn by_value(own: &OwnSheet, by: Breakdown, bases: &Bases, stem: &str) -> Table {
    let has_words = bases.rows.iter().any(|(_, words, _)| !words.is_empty());
    let mut columns = vec![column(by.heading(), 22)];
    columns.extend(has_words.then(|| column("In words", 34)));
    columns.extend(measure_columns(&own.measures));
    columns.push(column("Remark", 40));
    let row = |value: CellValue, words: &str, base: Option<&MeasureBase>| {
        let mut row = vec![value];
        row.extend(has_words.then(|| CellValue::text(words)));
        row.extend(own.measures.iter().map(|measure| figure(measure, base)));
        row.push(remark(&own.measures, base));
        row
    };
    let mut rows: Vec<Vec<CellValue>> =
        bases.rows.iter().map(|(value, words, own)| row(value.clone(), words, own[0].as_ref())).collect();
    let values = rows.len();
    rows.push(row(CellValue::text("all"), "", bases.all[0].as_ref()));
    let chart = (1..=30).contains(&values).then(|| {
        let first = 1 + usize::from(has_words);
        chart(ChartKind::Bar, own.measures[0], (usize::from(has_words), first), values)
    });
    Table { name: stem.to_owned(), caption: own.title.clone(), columns, rows, chart }
}

/// One measure: a row a value, a column a span; the last row is all of them.
fn side_by_side((by, measure): (Breakdown, &'static Measure), bases: &Bases, (stem, place): (&str, usize)) -> Table {
    let has_words = bases.rows.iter().any(|(_, words, _)| !words.is_empty());
    let mut columns = vec![column(by.heading(), 22)];
    columns.extend(has_words.then(|| column("In words", 34)));
    columns.extend(bases.spans.iter().map(|(name, _)| column(name.clone(), 12)));
    let row = |value: CellValue, words: &str, own: &[Option<MeasureBase>]| {
        let mut row = vec![value];
        row.extend(has_words.then(|| CellValue::text(words)));
        row.extend(own.iter().map(|base| figure(measure, base.as_ref())));
        row
    };
    let mut rows: Vec<Vec<CellValue>> =
        bases.rows.iter().map(|(value, words, own)| row(value.clone(), words, own)).collect();
    rows.push(row(CellValue::text("all"), "", &bases.all));
    Table { name: format!("{stem}__{}", place + 1), caption: measure.name.to_owned(), columns, rows, chart: None }
}

fn chart(kind: ChartKind, measure: &'static Measure, (categories, series): (usize, usize), rows: usize) -> Chart {
    Chart {
        kind,
        title: measure.name.to_owned(),
        values: measure.name,
        categories,
        series: vec![series],
        limits: Vec::new(),
        rows,
    }
}
