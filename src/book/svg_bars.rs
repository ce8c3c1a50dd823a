//! Lying bars with their names and figures, the greatest on top; and the chart of Pareto, which has the cumulated share beside them on a scale of its own from 0 to 100 %.
//!
//! The share stands beside the bars and not over them: two scales over one another say something by where they cross, and they cross anywhere.

use crate::book::{
    chart_points::Points,
    svg::{Anchor, AxisScale, Drawing, LINE, cut, lines, series_class, width_of},
    svg_line::told,
    texts::BookWords,
};

/// A picture up to this width has the names above their bars.
const NARROW: f64 = 480.0;
/// Height of a bar.
const BAR: f64 = 18.0;
/// Room above the first bar for what stands over the shares.
const TOP: f64 = 8.0;
/// Room beneath the last bar for the axis and its title.
const FOOT: f64 = 46.0;
/// The share that is marked: few causes make most of it.
const MARKED_SHARE: f64 = 80.0;

/// Where the bars lie.
struct Rows {
    /// Names in lines.
    names: Vec<Vec<String>>,
    /// Upper border of every row.
    tops: Vec<f64>,
    /// Height of its part above the bar.
    above: Vec<f64>,
    /// Height of its bar's part.
    height: Vec<f64>,
    /// End of the last row.
    bottom: f64,
}

/// The picture of bars.
pub fn bar_chart(points: &Points, width: f64, texts: &BookWords) -> Drawing {
    draw(points, width, width, texts)
}

/// The picture of Pareto.
pub fn pareto_chart(points: &Points, width: f64, texts: &BookWords) -> Drawing {
    if points.series.len() < 2 {
        return bar_chart(points, width, texts);
    }
    let shares = width * if width <= NARROW { 0.34 } else { 0.26 };
    let bars = width - shares - 20.0;
    let mut drawing = draw(points, width, bars, texts);
    draw_shares(&mut drawing, points, (bars + 20.0, width), &rows_of(points, width, bars, true));
    drawing
}

fn is_narrow(width: f64) -> bool {
    width <= NARROW
}

/// The rows of a picture of a width, whose bars have a part of it.
fn rows_of(points: &Points, width: f64, bars: f64, has_shares: bool) -> Rows {
    let (narrow, mut y) = (is_narrow(width), TOP + if has_shares { LINE } else { 0.0 });
    let room = if narrow { bars } else { name_room(points, bars) };
    let names: Vec<Vec<String>> = points.names.iter().map(|name| lines(&name.short, room, 2)).collect();
    let mut rows = Rows { names: Vec::new(), tops: Vec::new(), above: Vec::new(), height: Vec::new(), bottom: 0.0 };
    for name in &names {
        let words = LINE * name.len().max(1) as f64;
        let (above, height) = if narrow { (words + 2.0, BAR) } else { (0.0, words.max(BAR)) };
        rows.tops.push(y);
        rows.above.push(above);
        rows.height.push(height);
        y += above + height + 8.0;
    }
    rows.names = names;
    rows.bottom = y;
    rows
}

/// Room for the names beside the bars: what the longest needs on two lines, two fifths of the picture at the most.
fn name_room(points: &Points, bars: f64) -> f64 {
    let most = (bars * 0.46).min(280.0);
    points.names.iter().map(|name| width_of(&cut(&name.short, most))).fold(0.0, f64::max).min(most)
}

fn draw(points: &Points, width: f64, bars: f64, texts: &BookWords) -> Drawing {
    let has_shares = bars < width;
    let rows = rows_of(points, width, bars, has_shares);
    // The title of the shares may stand on two lines.
    let foot = if has_shares { FOOT + LINE } else { FOOT };
    let mut drawing = Drawing::new(width, rows.bottom + foot);
    let Some(series) = points.series.first() else { return drawing };
    let greatest = series.values.iter().flatten().copied().fold(0.0, f64::max);
    let narrow = is_narrow(width);
    let scale = AxisScale::to_greatest(greatest, if bars < 300.0 { 2 } else { 5 });
    let left = if narrow { 2.0 } else { name_room(points, bars) + 12.0 };
    // The figure of the longest bar has room behind it.
    let figures = series.printed.iter().map(|printed| width_of(printed)).fold(0.0, f64::max) + 8.0;
    let right = bars - figures;
    let x = |value: f64| left + scale.part(value) * (right - left);
    for (value, digits) in scale.steps() {
        drawing.line(
            (x(value), rows.tops.first().copied().unwrap_or(TOP) - 4.0),
            (x(value), rows.bottom),
            if value == 0.0 { "x" } else { "g" },
        );
        let anchor = if narrow && value == 0.0 { Anchor::Start } else { Anchor::Middle };
        drawing.words((x(value), rows.bottom + 16.0), anchor, "q", &texts.number(&digits));
    }
    let title = (f64::midpoint(left, right), rows.bottom + 38.0);
    drawing.words(title, Anchor::Middle, "q", &cut(&points.values, bars));
    for (at, name) in rows.names.iter().enumerate() {
        let bar = rows.tops[at] + rows.above[at] + (rows.height[at] - BAR) / 2.0;
        let first = if narrow {
            rows.tops[at] + 13.0
        } else {
            rows.tops[at] + rows.height[at] / 2.0 + 5.0 - LINE * (name.len().max(1) - 1) as f64 / 2.0
        };
        for (line, words) in name.iter().enumerate() {
            let (x, anchor) = if narrow { (0.0, Anchor::Start) } else { (left - 10.0, Anchor::End) };
            drawing.words((x, first + LINE * line as f64), anchor, "", words);
        }
        let end = series.values[at].map_or(left, x);
        if series.values[at].is_some() {
            drawing.area((left, bar), (end - left, BAR), &format!("{} b", series_class(0)), &told(points, series, at));
        }
        drawing.words((end + 6.0, bar + 14.0), Anchor::Start, "o", &series.printed[at]);
    }
    drawing
}

/// The cumulated share at every row, from 0 to 100 %, with a dashed line at 80.
fn draw_shares(drawing: &mut Drawing, points: &Points, (left, right): (f64, f64), rows: &Rows) {
    let Some(series) = points.series.get(1) else { return };
    let (from, to) = (left + 14.0, right - 22.0);
    let x = |share: f64| from + share.clamp(0.0, 100.0) / 100.0 * (to - from);
    for share in [0.0, 50.0, MARKED_SHARE, 100.0] {
        let class = if share == MARKED_SHARE {
            "k"
        } else if share == 0.0 {
            "x"
        } else {
            "g"
        };
        drawing.line((x(share), TOP + LINE), (x(share), rows.bottom), class);
        // The marked one has its figure above, where the next one leaves it room.
        if share != MARKED_SHARE {
            drawing.words((x(share), rows.bottom + 16.0), Anchor::Middle, "q", &format!("{share:.0}"));
        }
    }
    drawing.words((x(MARKED_SHARE), TOP + 11.0), Anchor::Middle, "q", "80 %");
    for (line, words) in lines(&series.name, right - left, 2).iter().enumerate() {
        let place = (f64::midpoint(from, to), rows.bottom + 38.0 + LINE * line as f64);
        drawing.words(place, Anchor::Middle, "q", words);
    }
    let middle = |at: usize| rows.tops[at] + rows.above[at] + rows.height[at] / 2.0;
    let places: Vec<Option<(f64, f64)>> = series
        .values
        .iter()
        .take(rows.tops.len())
        .enumerate()
        .map(|(at, value)| value.map(|value| (x(value), middle(at))))
        .collect();
    drawing.path(&places, &format!("{} l", series_class(1)));
    for (at, place) in places.iter().enumerate() {
        let Some(place) = place else { continue };
        drawing.mark(*place, 1, 4.0, &told(points, series, at));
        // Words stand on the side that has room, so that the line does not run through them.
        let (beside, anchor) = if place.0 - from > width_of(&series.printed[at]) + 12.0 {
            (-9.0, Anchor::End)
        } else {
            (9.0, Anchor::Start)
        };
        drawing.words(
            (place.0 + beside, place.1 + if beside < 0.0 { 14.0 } else { 0.0 }),
            anchor,
            "o",
            &series.printed[at],
        );
    }
}
