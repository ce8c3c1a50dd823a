//! The trend of the measures against control limits: which months are out of them, and by which rule.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    record::month::Month,
    statistics::{
        arithmetic::{
            control_chart::{
                ChartSettings, ChartWarning, ControlChart, CountedMonth, NoChart, proportion_chart, rate_chart,
            },
            fraction::Fraction,
            individuals_chart::{IndividualsSettings, individuals_chart},
        },
        census::Span,
        measure_base::MeasureBase,
        measure_list::MEASURES,
        measured_records::MeasuredRecords,
        measures::{Measure, MeasureResult, PrintedAs},
    },
};

/// Months of a chart.
const MONTHS: i32 = 24;

/// Kind of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Cases with a property, of cases.
    Proportion,
    /// Events, of which a case may have several.
    Rate,
    /// Means and counts.
    Individuals,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Proportion => "p",
            Kind::Rate => "u",
            Kind::Individuals => "XmR",
        }
    }
}

/// The measures that have a chart.
const CHARTED: [(&str, Kind); 9] = [
    ("Discharges, adults and children", Kind::Individuals),
    ("Average daily census, adults and children", Kind::Individuals),
    ("Average stay, days, adults and children", Kind::Individuals),
    ("Occupancy of beds, %", Kind::Individuals),
    ("Gross death rate, %", Kind::Proportion),
    ("Net death rate, %", Kind::Proportion),
    ("Caesarean sections, %", Kind::Proportion),
    ("Infections acquired in the hospital, %", Kind::Rate),
    ("Readmitted within 30 days, %", Kind::Proportion),
];

/// The sheet; `None` where no inpatient was discharged.
pub fn sheet(records: &MeasuredRecords<'_>) -> Option<Sheet> {
    let last = Month::of(records.span()?.last);
    let months: Vec<(Span, Option<MeasureBase>)> = (0..MONTHS)
        .rev()
        .map(|back| {
            let month = last.back(back);
            let span = Span { first: month.first(), last: month.last() };
            // A month that is not over is no point.
            let base = records.base(span).filter(|base| base.span == span && base.is_held && !base.is_partial);
            (span, base)
        })
        .collect();
    // A month without figures between others is a gap; before the first of them there is nothing.
    let first = months.iter().position(|(_, base)| base.is_some())?;
    let months = &months[first..];
    let (mut tables, mut notes) = (Vec::new(), NOTES.map(str::to_owned).to_vec());
    for (name, kind) in CHARTED {
        let Some(measure) = MEASURES.iter().find(|measure| measure.name == name) else { continue };
        match of_measure(measure, kind, months) {
            Ok(table) => tables.push(table),
            Err(why) => notes.push(format!("{name}: no limits, because {why}.")),
        }
    }
    Some(Sheet {
        name: "Control limits",
        title: format!("Months against control limits, the {MONTHS} months through {}", months.last()?.0.label()),
        summary: "Which months of the trend are out of the ordinary, and by which rule",
        notes,
        tables,
    })
}

/// What is said of every chart.
const NOTES: [&str; 3] = [
    "Population: that of the sheet Measures.",
    "Limits are three sigma to each side of the mean of the months held: p charts of proportions, u charts of rates, XmR charts of means and counts. Where months differ more than chance explains, limits are widened (Laney's p' and u'), and the chart's name says so. Rules: NHS Making Data Count (outside the limits; 7 on one side; 7 trending; 2 of 3 near a limit).",
    "A rule says where to look, not what is wrong. Of fewer than 12 months the limits are uncertain. [x] not available: the month is not held, or not over.",
];

/// The value of a measure in a month, as it is charted.
fn value(measure: &Measure, base: Option<&MeasureBase>) -> Option<(Option<u64>, u64)> {
    match (measure.of)(base?) {
        MeasureResult::Count(count) => Some((Some(count), 1)),
        MeasureResult::Quotient { denominator: 0, .. } | MeasureResult::NotKnown(_) => None,
        MeasureResult::Quotient { numerator, denominator } => Some((u64::try_from(numerator).ok(), denominator)),
    }
}

/// The chart of a measure; an error says why there is none.
fn of_measure(measure: &Measure, kind: Kind, months: &[(Span, Option<MeasureBase>)]) -> Result<Table, &'static str> {
    let values: Vec<Option<(u64, u64)>> = months
        .iter()
        .map(|(_, base)| value(measure, base.as_ref()).and_then(|(above, below)| Some((above?, below))))
        .collect();
    let counted: Vec<Option<CountedMonth>> =
        values.iter().map(|value| value.map(|(events, base)| CountedMonth { events, base })).collect();
    let chart = match kind {
        Kind::Proportion => proportion_chart(&counted, &ChartSettings::default()),
        Kind::Rate => rate_chart(&counted, &ChartSettings::default()),
        Kind::Individuals => {
            let fractions: Vec<Option<Fraction>> =
                values.iter().map(|value| value.and_then(|(above, below)| Fraction::new(above, below))).collect();
            individuals_chart(&fractions, IndividualsSettings::default())
        }
    };
    let chart = chart.map_err(|why| match why {
        NoChart::NoPoints => "no month is held",
        NoChart::EventsAboveCases { .. } => "a month is over 100 %",
        NoChart::NoMovingRange => "no two months in a row are held",
    })?;
    if kind == Kind::Individuals && chart.points.iter().flatten().all(|point| point.lower == point.upper) {
        return Err("the months do not differ");
    }
    let mark = if chart.corrected { "'" } else { "" };
    let key: String = measure.name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    Ok(Table {
        name: format!("limits_{}", key.to_lowercase().trim_matches('_')),
        caption: format!("{} ({}{mark} chart)", measure.name, kind.name()),
        columns: vec![
            column("Month", 16),
            column(measure.name, 16),
            column("Mean", 12),
            column("Lower limit", 12),
            column("Upper limit", 12),
            column("What it says", 44),
        ],
        rows: months.iter().enumerate().map(|(at, (span, _))| row(measure, span, (&chart, at))).collect(),
        chart: Some(Chart {
            kind: ChartKind::Line,
            title: format!("{} by month", measure.name),
            values: measure.name,
            categories: 0,
            series: vec![1],
            limits: vec![2, 3, 4],
            rows: months.len(),
        }),
    })
}

fn row(measure: &Measure, span: &Span, (chart, at): (&ControlChart, usize)) -> Vec<CellValue> {
    let (decimals, times) = match measure.unit {
        PrintedAs::Count => (0, 1u8),
        PrintedAs::Mean(decimals) => (decimals, 1),
        PrintedAs::Money => (2, 1),
        PrintedAs::Percent(decimals) => (decimals, 100),
    };
    let printed = |value: &Fraction| {
        CellValue::printed(&(value * &Fraction::whole(times)).printed(u8::try_from(decimals).unwrap_or(2)))
    };
    let mut row = vec![CellValue::text(span.label())];
    let Some(point) = &chart.points[at] else {
        row.extend(vec![CellValue::NotAvailable; 4]);
        row.push(CellValue::text("not held"));
        return row;
    };
    let few = chart.warnings.iter().any(|warning| matches!(warning, ChartWarning::FewPoints { .. }));
    let rules: Vec<&str> = point.rules.iter().map(|rule| rule.name()).collect();
    let mut says = if rules.is_empty() { "within the limits".to_owned() } else { rules.join(", ") };
    if few {
        says.push_str("; fewer than 12 months");
    }
    row.extend([&point.value, &chart.centre, &point.lower, &point.upper].map(printed));
    row.push(CellValue::text(says));
    row
}
