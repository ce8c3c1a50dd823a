//! Charts of the workbook. What a chart draws stands in its table; where a month of it is not held, in a table of its own on the last sheet but one, whose cell is then empty: a
//! symbol would be drawn as 0.

use rust_xlsxwriter::{
    Chart as XlsxChart, ChartAxis, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLine, ChartLineDashType,
    ChartSolidFill, ChartType,
};

use super::{
    table::{Chart, ChartKind, Table},
    text::shown,
    value::{CellValue, Ratio},
    xlsx_formats::{FONT, INK, SERIES},
};

/// Name of the sheet of what charts draw.
pub const DATA_SHEET: &str = "Chart data";

/// Width of a chart in pixels, and its height.
const CHART: (u32, u32) = (760, 340);

/// What charts with gaps draw, one beneath the other.
#[derive(Debug, Default)]
pub struct ChartData {
    /// Each with its first row, its title, headings, and rows.
    pub blocks: Vec<ChartBlock>,
    rows: u32,
}

/// What one chart draws.
#[derive(Debug)]
pub struct ChartBlock {
    /// Row of its headings.
    pub top: u32,
    /// Title of the chart.
    pub title: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Cells; a gap is blank.
    pub rows: Vec<Vec<CellValue>>,
}

/// Rows before the first block: the title of the sheet, and a line.
const HEAD: u32 = 3;

impl ChartData {
    /// Puts down what a chart draws; gives the row of its headings.
    fn put(&mut self, table: &Table, chart: &Chart, columns: &[usize]) -> u32 {
        let (top, words) = (HEAD + self.rows + 1, words_column(table, chart));
        let of_row = |row: &Vec<CellValue>| {
            let gap = |at: usize| if row[at].symbol().is_some() { CellValue::Blank } else { row[at].clone() };
            let mut cells = vec![CellValue::text(name_of(row, chart, words))];
            cells.extend(columns.iter().map(|at| gap(*at)));
            if chart.kind == ChartKind::Pyramid {
                // The left side of a pyramid goes down from 0.
                cells[1] = negative(&cells[1]);
            }
            cells
        };
        let rows: Vec<Vec<CellValue>> = table.rows.iter().take(chart.rows).map(of_row).collect();
        let heading = |at: usize| table.columns[at].heading.clone().into_owned();
        let headings = std::iter::once(chart.categories).chain(columns.iter().copied()).map(heading).collect();
        self.rows += rows.len() as u32 + 3;
        self.blocks.push(ChartBlock { top, title: chart.title.clone(), headings, rows });
        top
    }
}

/// Letters of a name beside a bar.
const NAME: usize = 44;

/// The column of the words of the points: the one beside their codes, or the one that is called so.
fn words_column(table: &Table, chart: &Chart) -> Option<usize> {
    let is_code = |row: &Vec<CellValue>| matches!(row[chart.categories], CellValue::Code(_));
    if !matches!(chart.kind, ChartKind::Bar | ChartKind::Column) || !table.rows.iter().any(is_code) {
        return None;
    }
    let has_words =
        |at: usize| table.rows.iter().any(|row| matches!(row.get(at), Some(CellValue::Text(text)) if !text.is_empty()));
    let named = table.columns.iter().position(|column| column.heading == "In words");
    named.into_iter().chain([chart.categories + 1]).find(|at| has_words(*at))
}

/// The name of a point: a code with its words.
fn name_of(row: &[CellValue], chart: &Chart, words: Option<usize>) -> String {
    let own = shown(&row[chart.categories]);
    let words = words.and_then(|at| row.get(at)).map(shown).filter(|words| !words.is_empty());
    let name = words.map_or_else(|| own.clone(), |words| format!("{own} {words}"));
    if name.chars().count() <= NAME {
        return name;
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

/// A count below 0.
fn negative(value: &CellValue) -> CellValue {
    match value {
        CellValue::Count(count) => {
            let numerator = -i64::try_from(*count).unwrap_or(i64::MAX);
            CellValue::Ratio(Ratio { numerator, denominator: 1, decimals: 0, percent: false })
        }
        other => other.clone(),
    }
}

/// Where a chart finds what it draws.
struct Drawn<'s> {
    sheet: &'s str,
    top: u32,
    categories: u16,
    columns: Vec<u16>,
}

/// Draws the chart of a table whose headings stand in row `top` of a sheet.
pub fn make_chart(sheet: &str, table: &Table, chart: &Chart, top: u32, data: &mut ChartData) -> XlsxChart {
    let columns: Vec<usize> = chart.series.iter().chain(&chart.limits).copied().collect();
    let has_gaps = chart.kind == ChartKind::Pyramid
        || words_column(table, chart).is_some()
        || chart.kind == ChartKind::Line
            && table.rows.iter().take(chart.rows).any(|row| columns.iter().any(|at| row[*at].symbol().is_some()));
    let drawn = if has_gaps {
        let top = data.put(table, chart, &columns);
        Drawn { sheet: DATA_SHEET, top, categories: 0, columns: (1..=columns.len() as u16).collect() }
    } else {
        let columns = columns.iter().map(|at| *at as u16).collect();
        Drawn { sheet, top, categories: chart.categories as u16, columns }
    };
    draw(table, chart, &drawn)
}

fn draw(table: &Table, chart: &Chart, from: &Drawn<'_>) -> XlsxChart {
    let kind = match chart.kind {
        ChartKind::Column | ChartKind::Pareto => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Pyramid => ChartType::BarStacked,
        ChartKind::Line => ChartType::Line,
    };
    let mut drawn = XlsxChart::new(kind);
    draw_series(&mut drawn, table, chart, from);
    dress(&mut drawn, table, chart);
    drawn.set_alt_text(message(table, chart));
    drawn.set_width(CHART.0).set_height(CHART.1);
    drawn
}

/// The series and limits of a chart.
fn draw_series(drawn: &mut XlsxChart, table: &Table, chart: &Chart, from: &Drawn<'_>) {
    let rows = chart.rows.min(table.rows.len()) as u32;
    let (first, last) = (from.top + 1, from.top + rows);
    // The cumulated share of a Pareto chart is in percent: a line on an axis of its own.
    let series = if chart.kind == ChartKind::Pareto { 1 } else { chart.series.len() };
    for (place, column) in from.columns.iter().enumerate() {
        let is_limit = place >= chart.series.len();
        if !is_limit && place >= series {
            continue;
        }
        let color = SERIES[place % SERIES.len()];
        let mut format = ChartFormat::new();
        if is_limit {
            let line = ChartLine::new().set_color(INK).set_width(1.0).set_dash_type(ChartLineDashType::Dash).clone();
            format.set_line(&line);
        } else if chart.kind == ChartKind::Line {
            format.set_line(ChartLine::new().set_color(color).set_width(2.25));
        } else {
            format.set_solid_fill(ChartSolidFill::new().set_color(color));
        }
        let own = drawn.add_series();
        own.set_name((from.sheet, from.top, *column))
            .set_categories((from.sheet, first, from.categories, last, from.categories))
            .set_values((from.sheet, first, *column, last, *column))
            .set_format(&mut format);
        if chart.kind == ChartKind::Pyramid {
            own.set_gap(20).set_overlap(100);
        }
    }
    drawn.show_empty_cells_as(rust_xlsxwriter::ChartEmptyCells::Gaps);
    if let (ChartKind::Pareto, Some(column)) = (chart.kind, from.columns.get(1)) {
        let mut line = XlsxChart::new(ChartType::Line);
        let mut format = ChartFormat::new();
        format.set_line(ChartLine::new().set_color(SERIES[1]).set_width(2.25));
        line.add_series()
            .set_name((from.sheet, from.top, *column))
            .set_categories((from.sheet, first, from.categories, last, from.categories))
            .set_values((from.sheet, first, *column, last, *column))
            .set_secondary_axis(true)
            .set_format(&mut format);
        line.y2_axis().set_min(0.0).set_max(100.0).set_name(table.columns[chart.series[1]].heading.as_ref());
        drawn.combine(&line);
    }
}

/// Title, axes and key of a chart.
fn dress(drawn: &mut XlsxChart, table: &Table, chart: &Chart) {
    let font = |size: f64, bold: bool| {
        let mut font = ChartFont::new();
        font.set_name(FONT).set_size(size).set_color(INK);
        if bold {
            font.set_bold()
        } else {
            font.unset_bold()
        };
        font
    };
    drawn.title().set_name(&chart.title).set_font(&font(14.0, true));
    let light = ChartLine::new().set_color("#D9D9D9").set_width(0.75).clone();
    let categories = table.columns[chart.categories].heading.clone();
    let (of_categories, of_values) = (categories.as_ref(), chart.values);
    // Of lying bars the axis of the figures lies.
    let is_lying = matches!(chart.kind, ChartKind::Bar | ChartKind::Pyramid);
    let is_of_days = matches!(table.rows.first().and_then(|row| row.get(chart.categories)), Some(CellValue::Day(_)));
    let is_from_zero = chart.kind != ChartKind::Pyramid
        && chart.series.iter().chain(&chart.limits).all(|at| is_never_negative(table, *at));
    let of_points = |axis: &mut ChartAxis| {
        axis.set_name(of_categories).set_name_font(&font(11.0, false)).set_font(&font(10.0, false));
        if is_of_days {
            axis.set_num_format("d mmm");
        }
        if chart.kind == ChartKind::Bar {
            axis.set_reverse();
        }
        if chart.kind == ChartKind::Pyramid {
            axis.set_label_position(ChartAxisLabelPosition::Low);
        }
    };
    let of_figures = |axis: &mut ChartAxis| {
        axis.set_name(of_values).set_name_font(&font(11.0, false)).set_font(&font(10.0, false));
        axis.set_major_gridlines(true).set_major_gridlines_line(&light);
        if is_from_zero {
            axis.set_min(0.0);
        }
        if chart.kind == ChartKind::Pyramid {
            axis.set_num_format("#,##0;#,##0");
        }
    };
    if is_lying {
        of_points(drawn.y_axis());
        of_figures(drawn.x_axis());
        drawn.y_axis().set_major_gridlines(false);
    } else {
        of_points(drawn.x_axis());
        of_figures(drawn.y_axis());
    }
    if chart.series.len() + chart.limits.len() == 1 {
        drawn.legend().set_hidden();
    } else {
        drawn.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom).set_font(&font(10.0, false));
    }
}

/// Whether no figure of a column is below 0.
fn is_never_negative(table: &Table, at: usize) -> bool {
    table.rows.iter().all(|row| !matches!(row[at], CellValue::Ratio(ratio) if ratio.numerator < 0))
}

/// What a chart shows, in words: the greatest of its first series.
fn message(table: &Table, chart: &Chart) -> String {
    let Some(series) = chart.series.first() else { return chart.title.clone() };
    let figure = |row: &Vec<CellValue>| match &row[*series] {
        CellValue::Count(count) => Some(i128::from(*count) * 1000),
        CellValue::Ratio(ratio) => Some(i128::from(ratio.numerator) * 1000 / i128::from(ratio.denominator)),
        _ => None,
    };
    let rows = table.rows.iter().take(chart.rows);
    let greatest = rows.filter_map(|row| figure(row).map(|figure| (figure, row))).max_by_key(|(figure, _)| *figure);
    let printed = |value: &CellValue| shown(value);
    match greatest {
        Some((_, row)) => {
            format!("{}: most at {}, {}.", chart.title, printed(&row[chart.categories]), printed(&row[*series]))
        }
        None => chart.title.clone(),
    }
}
