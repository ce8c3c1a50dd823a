//! A chart of lines over days or months: gaps as gaps, limits thin and dashed, names and last figures at the right end.

use crate::book::{
    chart_points::{ChartSeries, Points, PointsAre},
    svg::{Anchor, AxisScale, Drawing, LINE, cut, series_class, width_of},
    texts::BookWords,
};

/// Points up to which each has a mark; the marks of more would lie over each other.
const MOST_MARKS: usize = 31;
/// Height of the picture without names of series above it.
const HEIGHT: f64 = 330.0;

/// Where the lines are: left, right, top and bottom of the plot.
#[derive(Debug, Clone, Copy)]
pub struct Plot {
    /// Left border.
    pub left: f64,
    /// Right border.
    pub right: f64,
    /// Upper border.
    pub top: f64,
    /// Lower border.
    pub bottom: f64,
}

/// Words at the right end of a line.
struct EndWords {
    /// Height at which they would stand best.
    y: f64,
    words: String,
    /// The series whose mark stands before them; none for a limit.
    series: Option<usize>,
}

/// The picture.
pub fn line_chart(points: &Points, width: f64, texts: &BookWords) -> Drawing {
    let (least, greatest) = points.span().unwrap_or((0.0, 1.0));
    let scale = AxisScale::around(least, greatest, 5);
    let is_direct = points.series.len() <= 3;
    let key = if is_direct { 0.0 } else { key_height(points, width) };
    let mut drawing = Drawing::new(width, HEIGHT + key);
    if !is_direct {
        draw_key(&mut drawing, points, width, false);
    }
    let room = width * 0.3;
    let words: Vec<String> = end_words(points, is_direct, &|_| 0.0).into_iter().map(|end| end.words).collect();
    let right = words.iter().map(|words| width_of(words)).fold(0.0, f64::max).min(room) + 24.0;
    let plot = Plot {
        left: steps_width(&scale, texts) + 10.0,
        right: width - right,
        top: key + 30.0,
        bottom: HEIGHT + key - 62.0,
    };
    draw_figures_axis(&mut drawing, &scale, plot, &points.values, texts);
    let across = (plot.right - plot.left - 16.0) / (points.names.len().max(2) - 1) as f64;
    let x = |at: usize| plot.left + 8.0 + across * at as f64;
    let y = |value: f64| plot.bottom - scale.part(value) * (plot.bottom - plot.top);
    draw_names(&mut drawing, points, plot, &x, across);
    let places = |series: &ChartSeries| -> Vec<Option<(f64, f64)>> {
        series.values.iter().enumerate().map(|(at, value)| value.map(|value| (x(at), y(value)))).collect()
    };
    for limit in &points.limits {
        drawing.path(&places(limit), "k");
    }
    for (number, series) in points.series.iter().enumerate() {
        let places = places(series);
        drawing.path(&places, &format!("{} l", series_class(number)));
        for (at, place) in places.iter().enumerate() {
            let is_alone = (at == 0 || places[at - 1].is_none()) && places.get(at + 1).is_none_or(Option::is_none);
            if let (Some(place), true) = (place, is_alone || places.len() <= MOST_MARKS) {
                let size = if is_alone && places.len() > MOST_MARKS { 2.5 } else { 4.0 };
                drawing.mark(*place, number, size, &told(points, series, at));
            }
        }
    }
    draw_end_words(&mut drawing, end_words(points, is_direct, &y), plot, room);
    drawing
}

/// What a point says when it is pointed at.
pub fn told(points: &Points, series: &ChartSeries, at: usize) -> String {
    let name = points.names.get(at).map_or("", |name| name.whole.as_str());
    format!("{name}: {} {}", series.name, series.printed[at])
}

fn end_words(points: &Points, is_direct: bool, y: &dyn Fn(f64) -> f64) -> Vec<EndWords> {
    let last = |series: &ChartSeries| {
        let at = series.values.iter().rposition(Option::is_some)?;
        Some((series.values[at]?, series.printed[at].clone()))
    };
    let mut ends = Vec::new();
    for (number, series) in points.series.iter().enumerate().filter(|_| is_direct) {
        if let Some((value, printed)) = last(series) {
            let is_named = points.series.len() > 1 || !points.limits.is_empty();
            let words = if is_named { format!("{} {printed}", series.name) } else { printed };
            ends.push(EndWords { y: y(value), words, series: Some(number) });
        }
    }
    for limit in &points.limits {
        if let Some((value, printed)) = last(limit) {
            ends.push(EndWords { y: y(value), words: format!("{} {printed}", limit.name), series: None });
        }
    }
    ends
}

/// Writes words at the ends, pushed apart where they would lie over each other. Words that are too long for the room stand on two lines.
fn draw_end_words(drawing: &mut Drawing, mut ends: Vec<EndWords>, plot: Plot, room: f64) {
    ends.sort_by(|one, other| one.y.total_cmp(&other.y));
    let wrapped: Vec<Vec<String>> = ends.iter().map(|end| crate::book::svg::lines(&end.words, room, 3)).collect();
    let heights: Vec<f64> = wrapped.iter().map(|lines| LINE * lines.len().max(1) as f64).collect();
    // Downwards no one begins before the one above ends; then upwards, so that the last one stays within the plot.
    let mut tops: Vec<f64> = ends.iter().map(|end| end.y - LINE / 2.0).collect();
    for at in 1..tops.len() {
        tops[at] = tops[at].max(tops[at - 1] + heights[at - 1]);
    }
    let mut floor = plot.bottom + LINE;
    for at in (0..tops.len()).rev() {
        tops[at] = tops[at].min(floor - heights[at]);
        floor = tops[at];
    }
    for ((end, lines), top) in ends.iter().zip(&wrapped).zip(&tops) {
        if let Some(series) = end.series {
            drawing.mark((plot.right + 7.0, top + LINE / 2.0), series, 4.0, "");
        } else {
            drawing.line((plot.right, end.y), (plot.right + 4.0, end.y), "k");
        }
        for (line, words) in lines.iter().enumerate() {
            drawing.words((plot.right + 16.0, top + 13.0 + LINE * line as f64), Anchor::Start, "", words);
        }
    }
}

/// Width of the figures at the steps of a scale.
pub fn steps_width(scale: &AxisScale, texts: &BookWords) -> f64 {
    scale.steps().iter().map(|(_, digits)| width_of(&texts.number(digits))).fold(0.0, f64::max)
}

/// The upright axis of figures: a light line and a figure at every step, its title above it.
pub fn draw_figures_axis(drawing: &mut Drawing, scale: &AxisScale, plot: Plot, title: &str, texts: &BookWords) {
    drawing.words((0.0, plot.top - 16.0), Anchor::Start, "q", &cut(title, drawing.width));
    for (value, digits) in scale.steps() {
        let y = plot.bottom - scale.part(value) * (plot.bottom - plot.top);
        drawing.line((plot.left, y), (plot.right, y), if value == scale.from { "x" } else { "g" });
        drawing.words((plot.left - 8.0, y + 5.0), Anchor::End, "q", &texts.number(&digits));
    }
}

/// Names beneath the plot, as many as there is room for, and the year where it changes; beneath them what they are.
pub fn draw_names(drawing: &mut Drawing, points: &Points, plot: Plot, x: &dyn Fn(usize) -> f64, across: f64) {
    let widest = points.names.iter().map(|name| width_of(&cut(&name.short, 110.0))).fold(0.0, f64::max) + 8.0;
    let steps: &[usize] = match points.are {
        PointsAre::Days => &[1, 7, 14, 28, 56, 91, 182, 364],
        PointsAre::Months => &[1, 2, 3, 6, 12, 24, 60, 120],
        PointsAre::Words => &[1, 2, 5, 10, 20, 50, 100, 200],
    };
    let step = steps.iter().find(|step| across * **step as f64 >= widest).or(steps.last()).copied().unwrap_or(1);
    let mut beneath = "";
    for (at, name) in points.names.iter().enumerate().step_by(step) {
        drawing.line((x(at), plot.bottom), (x(at), plot.bottom + 4.0), "x");
        drawing.words((x(at), plot.bottom + 18.0), Anchor::Middle, "q", &cut(&name.short, 110.0));
        if name.beneath != beneath {
            drawing.words((x(at), plot.bottom + 18.0 + LINE), Anchor::Middle, "q", &name.beneath);
            beneath = &name.beneath;
        }
    }
    let middle = f64::midpoint(plot.left, plot.right);
    drawing.words((middle, plot.bottom + 56.0), Anchor::Middle, "q", &cut(&points.categories, plot.right - plot.left));
}

/// Height of the key that [`draw_key`] draws.
pub fn key_height(points: &Points, width: f64) -> f64 {
    let places = key_places(points, width);
    places.last().map_or(0.0, |(_, y)| y + LINE + 6.0)
}

/// Where the names of the series stand: side by side, in as many lines as they need.
fn key_places(points: &Points, width: f64) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (0.0, 0.0);
    let place = |series: &ChartSeries| {
        let own = 34.0 + width_of(&cut(&series.name, width - 60.0));
        if x > 0.0 && x + own > width {
            (x, y) = (0.0, y + LINE + 3.0);
        }
        let place = (x, y);
        x += own + 18.0;
        place
    };
    points.series.iter().map(place).collect()
}

/// Names of the series above the plot, each with its line and mark or its filling.
pub fn draw_key(drawing: &mut Drawing, points: &Points, width: f64, is_filled: bool) {
    for (number, (x, y)) in key_places(points, width).into_iter().enumerate() {
        let class = series_class(number);
        if is_filled {
            drawing.area((x + 6.0, y + 2.0), (20.0, 11.0), &format!("{class} b"), "");
        } else {
            drawing.line((x, y + 8.0), (x + 28.0, y + 8.0), &format!("{class} l"));
            drawing.mark((x + 14.0, y + 8.0), number, 4.0, "");
        }
        drawing.words((x + 34.0, y + 13.0), Anchor::Start, "", &cut(&points.series[number].name, width - 60.0));
    }
}
