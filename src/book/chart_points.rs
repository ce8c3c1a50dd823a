//! What a chart shows, taken out of its table: names of points, series and limits with their gaps. Whoever draws has nothing to do with cells.

use crate::{
    book::{
        table::{Chart, ChartKind, Table},
        texts::{BookWords, fill},
        value::CellValue,
    },
    record::{date::Day, month::Month, shown::shown},
};

/// Bars of things that have no order of their own; more are counted together.
const MOST_BARS: usize = 12;
/// Upright columns, ages of a pyramid: a month of days and a month more.
const MOST_COLUMNS: usize = 62;
/// Points of a line: more cannot be told apart.
const MOST_POINTS: usize = 1_000;
/// ChartSeries: there are six colours.
const MOST_SERIES: usize = 6;
/// What the program's own tables write in the row of what they count together.
const ALL_OTHERS: &str = "all others";

/// What the points are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointsAre {
    /// Days.
    Days,
    /// Months.
    Months,
    /// Anything else.
    Words,
}

/// The name of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointName {
    /// As a sentence has it: `1 Oct 2026`.
    pub whole: String,
    /// As an axis has it: `1 Oct`.
    pub short: String,
    /// What stands beneath it where it changes: the year.
    pub beneath: String,
}

/// A series or a limit.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Its heading.
    pub name: String,
    /// A figure for every point; `None` is a gap.
    pub values: Vec<Option<f64>>,
    /// The figures as they are printed, and the symbols.
    pub printed: Vec<String>,
}

/// What a chart shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// What the points are.
    pub are: PointsAre,
    /// Whether they are sorted by the first series, the greatest first.
    pub are_sorted: bool,
    /// Their names.
    pub names: Vec<PointName>,
    /// The series; each has a value for every name.
    pub series: Vec<ChartSeries>,
    /// The limits likewise.
    pub limits: Vec<ChartSeries>,
    /// Title of the axis of names.
    pub categories: String,
    /// Title of the axis of figures, with the unit.
    pub values: String,
    /// What is said beneath: that more rows are in the table.
    pub note: Option<String>,
}

impl Points {
    /// The least and the greatest of all figures and limits; `None` where there is none.
    pub fn span(&self) -> Option<(f64, f64)> {
        let values = self.series.iter().chain(&self.limits).flat_map(|series| series.values.iter().flatten());
        values.fold(None, |span, value| match span {
            None => Some((*value, *value)),
            Some((least, greatest)) => Some((value.min(least), value.max(greatest))),
        })
    }
}

/// A row that is drawn: its name, and its figures by series and limit.
type DrawnRow<'t> = (PointName, Vec<(Option<f64>, String)>, &'t [CellValue]);

/// The points of a chart.
pub fn points(table: &Table, chart: &Chart, texts: &BookWords) -> Points {
    let columns: Vec<usize> = chart.series.iter().take(MOST_SERIES).chain(&chart.limits).copied().collect();
    let series_count = chart.series.len().min(MOST_SERIES);
    let most = match chart.kind {
        // They are sorted and counted together below.
        ChartKind::Bar | ChartKind::Pareto => usize::MAX,
        ChartKind::Column | ChartKind::Pyramid => MOST_COLUMNS,
        ChartKind::Line => MOST_POINTS,
    };
    let count = chart.rows.min(table.rows.len()).min(most);
    let (are, names) = names_of(table, chart, count, texts);
    let figures = |row: &Vec<CellValue>| {
        let figure = |column: &usize| {
            row.get(*column).map_or((None, String::new()), |value| (figure(value), texts.printed(value)))
        };
        columns.iter().map(figure).collect::<Vec<_>>()
    };
    let mut rows: Vec<DrawnRow<'_>> =
        names.into_iter().zip(&table.rows[..count]).map(|(name, row)| (name, figures(row), row.as_slice())).collect();
    let are_sorted = matches!(chart.kind, ChartKind::Bar | ChartKind::Pareto);
    if are_sorted {
        sort(&mut rows);
        count_together(&mut rows, chart, texts);
    }
    let left_out = table.rows.len() - count;
    let note = (left_out > 0).then(|| {
        fill(
            &texts.first_rows,
            &[("shown", &texts.count(count as u64)), ("count", &texts.count(table.rows.len() as u64))],
        )
    });
    let series_at = |(place, column): (usize, &usize)| ChartSeries {
        name: heading(table, *column),
        values: rows.iter().map(|row| row.1[place].0).collect(),
        printed: rows.iter().map(|row| row.1[place].1.clone()).collect(),
    };
    let mut series: Vec<ChartSeries> = columns.iter().enumerate().map(series_at).collect();
    let limits = series.split_off(series_count);
    let names = rows.into_iter().map(|row| row.0).collect();
    Points {
        are,
        are_sorted,
        names,
        series,
        limits,
        categories: heading(table, chart.categories),
        values: shown(chart.values).into_owned(),
        note,
    }
}

/// The figure of a cell as it is printed, so that what is drawn and what is read are the same; `None` for everything else, which is a gap.
pub fn figure(value: &CellValue) -> Option<f64> {
    match value {
        CellValue::Count(count) => Some(*count as f64),
        CellValue::Ratio(ratio) => ratio.text().parse().ok(),
        _ => None,
    }
}

fn heading(table: &Table, column: usize) -> String {
    table.columns.get(column).map_or_else(String::new, |column| shown(&column.heading).into_owned())
}

/// The greatest first, what is counted together already last.
fn sort(rows: &mut [DrawnRow<'_>]) {
    rows.sort_by(|one, other| {
        let key = |row: &DrawnRow<'_>| (row.0.whole.starts_with(ALL_OTHERS), row.1.first().and_then(|figure| figure.0));
        let (own, theirs) = (key(one), key(other));
        let by_figure = theirs.1.unwrap_or(-1.0).total_cmp(&own.1.unwrap_or(-1.0));
        own.0.cmp(&theirs.0).then(by_figure)
    });
}

/// Counts together what is more than [`MOST_BARS`]. Where the figures are no counts, whose sum means something, the rest is left out.
fn count_together(rows: &mut Vec<DrawnRow<'_>>, chart: &Chart, texts: &BookWords) {
    if rows.len() <= MOST_BARS {
        return;
    }
    let rest = rows.split_off(MOST_BARS - 1);
    let count = |row: &DrawnRow<'_>| match chart.series.first().and_then(|column| row.2.get(*column)) {
        Some(CellValue::Count(count)) => Some(u128::from(*count)),
        _ => None,
    };
    let Some(sum) = rest.iter().map(count).sum::<Option<u128>>() else {
        rows.extend(rest.into_iter().take(1));
        return;
    };
    let name = fill(&texts.all_others, &[("count", &texts.count(rest.len() as u64))]);
    let mut figures = vec![(Some(sum as f64), texts.number(&sum.to_string()))];
    // The share cumulated over all of them is that of the last one.
    let last = rest.last().map_or(&[][..], |row| &row.1[..]);
    figures.extend(
        last.iter()
            .skip(1)
            .map(|figure| if chart.kind == ChartKind::Pareto { figure.clone() } else { (None, String::new()) }),
    );
    rows.push((PointName { short: name.clone(), whole: name, beneath: String::new() }, figures, &[]));
}

fn names_of(table: &Table, chart: &Chart, count: usize, texts: &BookWords) -> (PointsAre, Vec<PointName>) {
    let cells = || table.rows[..count].iter().map(|row| row.get(chart.categories).unwrap_or(&CellValue::Blank));
    let days: Option<Vec<PointName>> = cells().map(|cell| day_name(cell, texts)).collect();
    let months: Option<Vec<PointName>> = cells().map(|cell| month_name(cell, texts)).collect();
    match (days, months) {
        (Some(names), _) => (PointsAre::Days, names),
        (_, Some(names)) => (PointsAre::Months, names),
        _ => {
            let is_of_figures = table.figure_columns();
            let beside = chart.categories + 1;
            // A code is not alone: the words in the column beside it belong to its name.
            let has_words = is_of_figures.get(beside) == Some(&false) && !chart.series.contains(&beside);
            let name = |row: &Vec<CellValue>| {
                let cell = row.get(chart.categories).unwrap_or(&CellValue::Blank);
                let mut name = shown(&crate::book::text::shown(cell)).into_owned();
                if let (CellValue::Code(_), true, Some(CellValue::Text(words))) = (cell, has_words, row.get(beside)) {
                    name = format!("{name} {}", shown(words));
                }
                PointName { short: name.clone(), whole: name, beneath: String::new() }
            };
            (PointsAre::Words, table.rows[..count].iter().map(name).collect())
        }
    }
}

fn month_words(month: u32, texts: &BookWords) -> &str {
    texts.months.get((month as usize).wrapping_sub(1)).map_or("", |words| words.as_ref())
}

fn day_name(cell: &CellValue, texts: &BookWords) -> Option<PointName> {
    let day = match cell {
        CellValue::Day(day) => *day,
        CellValue::Text(text) | CellValue::Code(text) => Day::from_iso(text)?,
        _ => return None,
    };
    let (year, month, date) = day.ymd();
    let short = format!("{date} {}", month_words(month, texts));
    Some(PointName { whole: format!("{short} {year}"), short, beneath: year.to_string() })
}

/// A month as `2026-10`, or in words that end in a year.
fn month_name(cell: &CellValue, texts: &BookWords) -> Option<PointName> {
    let (CellValue::Text(text) | CellValue::Code(text)) = cell else { return None };
    if let Some(month) = Month::parse(text) {
        let (year, number, _) = month.first().ymd();
        let short = month_words(number, texts).to_owned();
        return Some(PointName { whole: format!("{short} {year}"), short, beneath: year.to_string() });
    }
    let (short, year) = text.rsplit_once(' ')?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let short = shown(short).into_owned();
    (is_year && short.chars().count() <= 12).then(|| PointName {
        whole: format!("{short} {year}"),
        short,
        beneath: year.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::table::column;

    fn table(rows: Vec<Vec<CellValue>>) -> (Table, Chart) {
        let columns = vec![column("Code", 9), column("Title", 30), column("Discharges", 9), column("Cumulated, %", 9)];
        let chart = Chart {
            kind: ChartKind::Pareto,
            title: "Most".to_owned(),
            values: "Discharges",
            categories: 0,
            series: vec![2, 3],
            limits: Vec::new(),
            rows: rows.len(),
        };
        (Table { name: "codes".to_owned(), caption: String::new(), columns, rows, chart: Some(chart.clone()) }, chart)
    }

    #[test]
    fn twenty_causes_are_the_eleven_greatest_and_all_others_whose_sum_is_whole() {
        let total: u64 = (1..=20).sum();
        let mut sum = 0;
        let row = |count: u64| {
            sum += count;
            let code = CellValue::code(format!("C{count:02}"));
            vec![code, CellValue::text("Cause"), CellValue::Count(count), CellValue::percent(sum, total, 1)]
        };
        let (table, chart) = table((1..=20).rev().map(row).collect());
        let points = points(&table, &chart, &BookWords::default());
        assert_eq!(points.names.len(), 12);
        assert_eq!((points.names[0].whole.as_str(), points.names[11].whole.as_str()), ("C20 Cause", "all others (9)"));
        let drawn: f64 = points.series[0].values.iter().flatten().sum();
        assert!((drawn - total as f64).abs() < 1e-9);
        assert_eq!(points.series[0].printed[11], "45");
        assert_eq!(points.series[1].printed[11], "100.0");
    }

    #[test]
    fn symbols_and_blanks_are_gaps_and_zero_is_none() {
        let row = |value: CellValue| vec![CellValue::text("2026-10"), CellValue::Blank, value, CellValue::Blank];
        let values = [
            CellValue::Count(0),
            CellValue::NotAvailable,
            CellValue::NotApplicable,
            CellValue::Withheld,
            CellValue::Low,
            CellValue::Blank,
        ];
        let (table, mut chart) = table(values.into_iter().map(row).collect());
        chart.kind = ChartKind::Line;
        let points = points(&table, &chart, &BookWords::default());
        assert_eq!(points.series[0].values, [Some(0.0), None, None, None, None, None]);
        assert_eq!((points.are, points.names[0].whole.as_str()), (PointsAre::Months, "Oct 2026"));
    }

    #[test]
    fn a_chart_of_columns_that_a_table_does_not_have_is_empty() {
        let (table, mut chart) = table(vec![vec![CellValue::code("A")]]);
        chart.series = vec![7];
        chart.categories = 9;
        chart.limits = vec![8];
        let points = points(&table, &chart, &BookWords::default());
        assert_eq!(points.span(), None);
        assert_eq!(points.series[0].values, [None]);
    }
}
