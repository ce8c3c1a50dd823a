//! A chart of upright columns from zero, side by side for several series.

use crate::book::{
    chart_points::{Points, PointsAre},
    svg::{Anchor, AxisScale, Drawing, LINE, cut, lines, series_class, width_of},
    svg_line::{Plot, draw_figures_axis, draw_key, draw_names, key_height, steps_width, told},
    texts::BookWords,
};

/// Height of the picture without the key.
const HEIGHT: f64 = 330.0;

/// The picture.
pub fn column_chart(points: &Points, width: f64, texts: &BookWords) -> Drawing {
    let scale = AxisScale::from_zero(points.span().map_or(1.0, |span| span.1), 5);
    let count = points.series.len().max(1);
    let key = if count > 1 { key_height(points, width) } else { 0.0 };
    let left = steps_width(&scale, texts) + 10.0;
    let across = (width - left - 8.0) / points.names.len().max(1) as f64;
    let wrapped = wrapped_names(points, across);
    let foot =
        wrapped.as_ref().map_or(62.0, |names| names.iter().map(Vec::len).max().unwrap_or(1) as f64 * LINE + 32.0);
    let mut drawing = Drawing::new(width, HEIGHT + key - 62.0 + foot);
    if count > 1 {
        draw_key(&mut drawing, points, width, true);
    }
    let plot = Plot { left, right: width - 8.0, top: key + 34.0, bottom: drawing.height - foot };
    draw_figures_axis(&mut drawing, &scale, plot, &points.values, texts);
    let own = (across * 0.76 / count as f64).min(60.0);
    let begin = |at: usize| plot.left + across * (at as f64 + 0.5) - own * count as f64 / 2.0;
    for (number, series) in points.series.iter().enumerate() {
        let widest = series.printed.iter().map(|printed| width_of(printed)).fold(0.0, f64::max);
        let has_figures = widest + 4.0 <= if count == 1 { across } else { own };
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let height = scale.part(*value) * (plot.bottom - plot.top);
            let x = begin(at) + own * number as f64;
            let corner = (x + 1.0, plot.bottom - height);
            drawing.area(
                corner,
                (own - 2.0, height),
                &format!("{} b", series_class(number)),
                &told(points, series, at),
            );
            if has_figures {
                drawing.words((x + own / 2.0, corner.1 - 4.0), Anchor::Middle, "o", &series.printed[at]);
            }
        }
    }
    let middle = |at: usize| plot.left + across * (at as f64 + 0.5);
    match wrapped {
        None => draw_names(&mut drawing, points, plot, &middle, across),
        Some(names) => {
            for (at, line, words) in names
                .iter()
                .enumerate()
                .flat_map(|(at, name)| name.iter().enumerate().map(move |(line, words)| (at, line, words)))
            {
                drawing.words((middle(at), plot.bottom + 18.0 + LINE * line as f64), Anchor::Middle, "q", words);
            }
            let title = cut(&points.categories, plot.right - plot.left);
            drawing.words((f64::midpoint(plot.left, plot.right), drawing.height - 6.0), Anchor::Middle, "q", &title);
        }
    }
    drawing
}

/// The names in lines beneath their columns, where there is room for words; `None` where only some of them can be written.
fn wrapped_names(points: &Points, across: f64) -> Option<Vec<Vec<String>>> {
    let widest_word = |name: &str| name.split(' ').map(width_of).fold(0.0, f64::max);
    let fits = points.are == PointsAre::Words
        && points.names.iter().all(|name| widest_word(&name.short) + 6.0 <= across || across >= 70.0);
    fits.then(|| points.names.iter().map(|name| lines(&name.short, across - 6.0, 3)).collect())
}
