//! A chart of a table on a page: its title, its two drawings, and what is said beneath.

use crate::book::{
    chart_points::{self, Points},
    html_ids::Names,
    html_text::{escaped, flowing},
    svg::{AxisScale, Drawing},
    svg_bars::{bar_chart, pareto_chart},
    svg_columns::column_chart,
    svg_line::line_chart,
    svg_message::message,
    svg_pyramid::pyramid_chart,
    table::{Chart, ChartKind, Table},
    texts::{BookWords, fill},
};

/// Widths of a chart on paper and on screens, and on telephones.
const CHART_WIDTHS: (f64, f64) = (700.0, 340.0);

/// A chart with its title, in a figure of a name; drawn twice, for wide screens and paper and for telephones, of which the style sheet shows one.
pub fn chart_of(table: &Table, chart: &Chart, id: &str, texts: &BookWords, names: &mut Names) -> String {
    let points = chart_points::points(table, chart, texts);
    let title = chart.title.as_str();
    let message = message(&points, texts);
    let picture = |width: f64, class: &str, names: &mut Names| {
        let name = names.give(format!("{id}-{class}"));
        draw(&points, chart.kind, width, texts).picture(&name, class, title, &message)
    };
    let wide = picture(CHART_WIDTHS.0, "wide", names);
    let narrow = picture(CHART_WIDTHS.1, "narrow", names);
    let mut notes: Vec<String> = points.note.iter().cloned().collect();
    notes.extend(cut_axis(&points, chart.kind, texts));
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!("<p class=\"quiet\">{}</p>\n", escaped(&notes.join(" ")))
    };
    format!("<figure id=\"{id}\"><figcaption>{}</figcaption>\n{wide}\n{narrow}\n{notes}</figure>\n", flowing(title))
}

fn draw(points: &Points, kind: ChartKind, width: f64, texts: &BookWords) -> Drawing {
    match kind {
        ChartKind::Line => line_chart(points, width, texts),
        ChartKind::Column => column_chart(points, width, texts),
        ChartKind::Bar => bar_chart(points, width, texts),
        ChartKind::Pareto => pareto_chart(points, width, texts),
        ChartKind::Pyramid => pyramid_chart(points, width, texts),
    }
}

/// Says where the axis of a line begins, if that is not zero.
fn cut_axis(points: &Points, kind: ChartKind, texts: &BookWords) -> Option<String> {
    let (least, greatest) = points.span().filter(|_| kind == ChartKind::Line)?;
    let scale = AxisScale::around(least, greatest, 5);
    let (from, digits) = scale.steps().into_iter().next()?;
    (from > 0.0).then(|| fill(&texts.axis_from, &[("from", &texts.number(&digits))]))
}
