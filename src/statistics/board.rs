//! The board page: ten to twelve measures, each with this month, last month, the same month last year, its trend, its limits and what it says.

use super::{
    arithmetic::{
        chart_rules::ChartRule,
        control_chart::{ChartSettings, ControlChart, CountedMonth, proportion_chart},
        fraction::{Fraction, printed_half_up},
        individuals_chart::{IndividualsSettings, individuals_chart},
        standardised::Standardised,
    },
    census::Span,
    expected::{REFERENCE_MONTHS, months_held, standardise, sums},
    measure_base::MeasureBase,
    measure_list::MEASURES,
    measured_records::MeasuredRecords,
    measures::{Measure, MeasureResult, PrintedAs},
    settings::MeasureLimit,
};
use crate::{
    book::{
        board::{BoardChange, BoardRow},
        text::shown,
        value::CellValue,
    },
    record::month::Month,
};

/// Months of a trend: a year and the month before it.
pub const TREND_MONTHS: i32 = 13;
/// Months of a control chart, as on the sheet of the limits.
const CHART_MONTHS: i32 = 24;

/// Months with figures from which on control limits are told.
const FEWEST_MONTHS: usize = 12;

/// What is charted of a row, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charted {
    Proportion,
    Individuals,
}

/// The measures of the page in their order: name, the words of the row, its unit, and how it is charted.
const ROWS: [(&str, &str, &str, Charted); 8] = [
    ("Discharges, adults and children", "Discharges, adults and children", "", Charted::Individuals),
    ("Average daily census, adults and children", "Patients in the house on the average day", "", Charted::Individuals),
    ("Average stay, days, adults and children", "Average stay, adults and children", "days", Charted::Individuals),
    ("Occupancy of beds, %", "Occupancy of beds", "%", Charted::Individuals),
    ("Gross death rate, %", "Deaths, gross", "% of discharges", Charted::Proportion),
    ("Net death rate, %", "Deaths, net", "% of discharges", Charted::Proportion),
    ("Caesarean sections, %", "Caesarean sections", "% of deliveries", Charted::Proportion),
    ("Readmitted within 30 days, %", "Readmitted within 30 days", "%", Charted::Proportion),
];

/// The months of the control charts, oldest first, with what they are counted from; the last thirteen are those of the trend.
pub fn trend(records: &MeasuredRecords<'_>, last: Month) -> Vec<(Span, Option<MeasureBase>)> {
    let of = |back: i32| {
        let month = last.back(back);
        let span = Span { first: month.first(), last: month.last() };
        (span, records.base(span).filter(|base| base.is_held))
    };
    (0..CHART_MONTHS).rev().map(of).collect()
}

/// A row, with the room between its limits in thousandths, by which its change is weighed.
#[derive(Debug, Clone)]
pub struct WeighedRow {
    /// The row.
    pub row: BoardRow,
    /// The room between the limits of its control chart; `None` where there is none.
    pub room: Option<i128>,
}

/// The rows of the measures, from the months of the control charts.
pub fn rows(months: &[(Span, Option<MeasureBase>)], limits: &[MeasureLimit]) -> Vec<WeighedRow> {
    let mut rows = Vec::new();
    for (name, words, unit, charted) in ROWS {
        let Some(measure) = MEASURES.iter().find(|measure| measure.name == name) else { continue };
        let limit = limits.iter().find(|limit| limit.measure == name);
        rows.push(row(measure, (words, unit), charted, months, limit));
    }
    rows
}

fn row(
    measure: &Measure,
    (words, unit): (&str, &str),
    charted: Charted,
    months: &[(Span, Option<MeasureBase>)],
    limit: Option<&MeasureLimit>,
) -> WeighedRow {
    let figure =
        |base: &Option<MeasureBase>| base.as_ref().map_or(CellValue::NotAvailable, |base| measure.figure(base));
    let shown_from = months.len().saturating_sub(TREND_MONTHS as usize);
    let trend: Vec<CellValue> = months[shown_from..].iter().map(|(_, base)| figure(base)).collect();
    let back = |back: usize| trend.len().checked_sub(back + 1).map_or(CellValue::NotAvailable, |at| trend[at].clone());
    let chart = chart(measure, charted, months);
    let (limits, verdict, asks_attention) = match limit {
        Some(limit) => {
            let (verdict, asks_attention) = limit.verdict(&back(0));
            (limit.words(), verdict, asks_attention)
        }
        None => by_chart(measure, months, chart.as_ref()),
    };
    let room = chart.as_ref().and_then(|chart| {
        let point = chart.points.iter().rev().flatten().next()?;
        let times = if matches!(measure.unit, PrintedAs::Percent(_)) { 100_000u32 } else { 1000 };
        (&(&point.upper - &point.lower) * &Fraction::whole(times)).printed(0).parse().ok()
    });
    let row = BoardRow {
        measure: words.to_owned(),
        unit: unit.to_owned(),
        is_part: false,
        sheet: Some("Measures"),
        this_month: back(0),
        last_month: back(1),
        same_month_last_year: back(12),
        trend,
        limits,
        verdict,
        asks_attention,
    };
    WeighedRow { row, room: room.filter(|room| *room > 0) }
}

/// The control chart of the months that are over; `None` where there are too few.
fn chart(measure: &Measure, charted: Charted, months: &[(Span, Option<MeasureBase>)]) -> Option<ControlChart> {
    let counted: Vec<Option<CountedMonth>> = months
        .iter()
        .map(|(span, base)| {
            let base = base.as_ref().filter(|base| base.span == *span && !base.is_partial)?;
            match (measure.of)(base) {
                MeasureResult::Count(events) => Some(CountedMonth { events, base: 1 }),
                MeasureResult::Quotient { numerator, denominator } if denominator > 0 => {
                    Some(CountedMonth { events: u64::try_from(numerator).ok()?, base: denominator })
                }
                _ => None,
            }
        })
        .collect();
    if counted.iter().flatten().count() < FEWEST_MONTHS {
        return None;
    }
    match charted {
        Charted::Proportion => proportion_chart(&counted, &ChartSettings::default()).ok(),
        Charted::Individuals => {
            let of = |month: &Option<CountedMonth>| month.and_then(|month| Fraction::new(month.events, month.base));
            let values: Vec<Option<Fraction>> = counted.iter().map(of).collect();
            individuals_chart(&values, IndividualsSettings::default()).ok()
        }
    }
}

/// Limits and verdict by the control chart: of this month, or of the last one that has a figure.
fn by_chart(
    measure: &Measure,
    months: &[(Span, Option<MeasureBase>)],
    chart: Option<&ControlChart>,
) -> (String, String, bool) {
    let Some(chart) = chart else { return (String::new(), "fewer than 12 months held".to_owned(), false) };
    let Some((at, point)) = chart.points.iter().enumerate().rev().find_map(|(at, point)| Some((at, point.as_ref()?)))
    else {
        return (String::new(), String::new(), false);
    };
    if point.lower == point.upper {
        return (String::new(), "no limits: the months do not differ".to_owned(), false);
    }
    let (decimals, times) = match measure.unit {
        PrintedAs::Count => (0, 1u8),
        PrintedAs::Mean(decimals) => (decimals, 1),
        PrintedAs::Money => (2, 1),
        PrintedAs::Percent(decimals) => (decimals, 100),
    };
    let printed = |value: &Fraction| {
        let value = (value * &Fraction::whole(times)).printed(u8::try_from(decimals).unwrap_or(2));
        shown(&CellValue::printed(&value))
    };
    let limits = format!("{} to {}", printed(&point.lower), printed(&point.upper));
    let rules: Vec<&str> = point.rules.iter().map(|rule: &ChartRule| rule.name()).collect();
    let words = if rules.is_empty() { "within".to_owned() } else { rules.join(", ") };
    let is_this_month = at + 1 == months.len();
    let verdict = if is_this_month { words } else { format!("{}: {words}", months[at].0.label()) };
    (limits, verdict, !rules.is_empty())
}

/// The most that is said of changes.
const MOST_CHANGES: usize = 3;

/// What changed since last month: what asks for attention first, then the greatest changes, each weighed by the room between its limits, or else by the figure of last month.
pub fn changes(rows: &[WeighedRow]) -> Vec<BoardChange> {
    let mut changed: Vec<(bool, u128, BoardChange)> = Vec::new();
    for WeighedRow { row, room } in rows {
        let Some((now, before)) = thousandths(&row.this_month).zip(thousandths(&row.last_month)) else {
            continue;
        };
        if now == before {
            continue;
        }
        // Of a month before without any, nothing can be said in shares of it.
        let share = now.abs_diff(before) * 1000 / room.unwrap_or(before).unsigned_abs().max(1);
        let way = if now > before { "up" } else { "down" };
        let limits = match (row.asks_attention, row.limits.is_empty()) {
            (true, false) => format!("; {} (limits {})", row.verdict, row.limits),
            (true, true) => format!("; {}", row.verdict),
            (false, _) => String::new(),
        };
        let words =
            format!("{}: {way} from {} to {}{limits}.", row.name(), shown(&row.last_month), shown(&row.this_month));
        changed.push((row.asks_attention, share, BoardChange { words, sheet: row.sheet }));
    }
    changed.sort_by_key(|(asks_attention, share, _)| (!*asks_attention, u128::MAX - *share));
    changed.into_iter().take(MOST_CHANGES).map(|(.., change)| change).collect()
}

/// A figure in thousandths; `None` of a symbol.
fn thousandths(value: &CellValue) -> Option<i128> {
    match value {
        CellValue::Count(count) => Some(i128::from(*count) * 1000),
        CellValue::Ratio(ratio) => {
            let times = if ratio.percent { 100 } else { 1 };
            Some(i128::from(ratio.numerator) * 1000 * times / i128::from(ratio.denominator))
        }
        _ => None,
    }
}

impl MeasureLimit {
    /// In words: `at least 75, at most 85`.
    pub fn words(&self) -> String {
        let least = self.at_least.map(|least| format!("at least {}", decimal(least)));
        let most = self.at_most.map(|most| format!("at most {}", decimal(most)));
        [least, most].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Whether a figure keeps it, in words, and whether it asks for attention.
    pub fn verdict(&self, figure: &CellValue) -> (String, bool) {
        let Some(figure) = thousandths(figure) else { return ("no figure".to_owned(), false) };
        let is_below = self.at_least.is_some_and(|least| figure < i128::from(least));
        let is_above = self.at_most.is_some_and(|most| figure > i128::from(most));
        match (is_below, is_above) {
            (true, _) => ("below the limit".to_owned(), true),
            (_, true) => ("above the limit".to_owned(), true),
            _ => ("met".to_owned(), false),
        }
    }
}

/// Thousandths without needless zeros.
fn decimal(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Observed to expected deaths, for the three months of the page; `None` where no month before is held.
pub fn expected_row(records: &MeasuredRecords<'_>, last: Month) -> Option<BoardRow> {
    let strata = records.hospital.all().strata;
    let of = |month: Month| -> Option<Standardised> {
        let before = (month.back(REFERENCE_MONTHS), month.back(1));
        let own = sums(&strata, (month, month));
        if own.is_empty() || months_held(&strata, before) == 0 {
            return None;
        }
        Some(standardise(&own, &sums(&strata, before)).deaths)
    };
    let figure = |own: &Option<Standardised>| {
        let ratio = own.as_ref().and_then(|own| own.ratio.as_ref());
        ratio.map_or(CellValue::NotAvailable, |ratio| CellValue::printed(&ratio.value.printed(2)))
    };
    let trend: Vec<Option<Standardised>> = (0..TREND_MONTHS).rev().map(|back| of(last.back(back))).collect();
    let now = trend.last().cloned().flatten();
    now.as_ref()?;
    let limits = now.and_then(|own| own.ratio).and_then(|ratio| ratio.limits);
    let (words, verdict, asks_attention) = match limits {
        None => (String::new(), "no deaths expected".to_owned(), false),
        Some(limits) => {
            let printed = |limit: f64| printed_half_up(limit, 2).unwrap_or_default();
            let verdict = match (limits.lower > 1.0, limits.upper < 1.0) {
                (true, _) => "more than expected",
                (_, true) => "fewer than expected",
                _ => "as expected",
            };
            (format!("{} to {}", printed(limits.lower), printed(limits.upper)), verdict.to_owned(), limits.lower > 1.0)
        }
    };
    let figures: Vec<CellValue> = trend.iter().map(figure).collect();
    let back =
        |back: usize| figures.len().checked_sub(back + 1).map_or(CellValue::NotAvailable, |at| figures[at].clone());
    Some(BoardRow {
        measure: "observed to expected".to_owned(),
        unit: String::new(),
        is_part: true,
        sheet: Some("Expected"),
        this_month: back(0),
        last_month: back(1),
        same_month_last_year: back(12),
        trend: figures,
        limits: words,
        verdict,
        asks_attention,
    })
}
