//! An age pyramid: one sex to the left, the other to the right, on one scale, the youngest at the foot.

use crate::book::{
    chart_points::{ChartSeries, Points},
    svg::{Anchor, AxisScale, Drawing, LINE, cut, series_class, width_of},
    svg_line::told,
    texts::BookWords,
};

/// Height of a row of ages.
const ROW: f64 = 20.0;
/// Room above the rows for the names of the sides.
const TOP: f64 = 46.0;
/// Room beneath for the axis and its title.
const FOOT: f64 = 46.0;

/// The picture.
pub fn pyramid_chart(points: &Points, width: f64, texts: &BookWords) -> Drawing {
    let bottom = TOP + ROW * points.names.len() as f64;
    let mut drawing = Drawing::new(width, bottom + FOOT);
    let sides: Vec<&ChartSeries> = points.series.iter().take(2).collect();
    let greatest = sides.iter().flat_map(|side| side.values.iter().flatten()).copied().fold(0.0, f64::max);
    let scale = AxisScale::to_greatest(greatest, if width < 480.0 { 2 } else { 3 });
    let most_of_names = width * 0.24;
    let names = points.names.iter().map(|name| width_of(&cut(&name.short, most_of_names)));
    let middle = names.fold(0.0, f64::max).max(width_of(&cut(&points.categories, most_of_names))) + 20.0;
    let figures =
        sides.iter().flat_map(|side| &side.printed).map(|printed| width_of(printed)).fold(0.0, f64::max) + 8.0;
    let length = (width - middle) / 2.0 - figures;
    // The foot of a side is where its bars begin, next to the names; they grow outwards.
    let foot = |side: usize| width / 2.0 + if side == 0 { -middle / 2.0 } else { middle / 2.0 };
    let outwards = |side: usize| if side == 0 { -1.0 } else { 1.0 };
    let outer = |side: usize| if side == 0 { Anchor::End } else { Anchor::Start };
    for (side, series) in sides.iter().enumerate() {
        let x = |value: f64| foot(side) + outwards(side) * scale.part(value) * length;
        for (value, digits) in scale.steps() {
            drawing.line((x(value), TOP - 4.0), (x(value), bottom), if value == 0.0 { "x" } else { "g" });
            drawing.words((x(value), bottom + 16.0), Anchor::Middle, "q", &texts.number(&digits));
        }
        let name = cut(&series.name, length + figures);
        let words = width_of(&name) + 18.0;
        let begin = foot(side) + outwards(side) * (length / 2.0) - words / 2.0;
        drawing.area((begin.max(0.0), 5.0), (12.0, 11.0), &format!("{} b", series_class(side)), "");
        drawing.words((begin.max(0.0) + 18.0, 15.0), Anchor::Start, "", &name);
        for (at, value) in series.values.iter().enumerate() {
            let y = bottom - ROW * (at + 1) as f64;
            let end = value.map_or(foot(side), x);
            if value.is_some() {
                let corner = (end.min(foot(side)), y + 2.0);
                let size = ((end - foot(side)).abs(), ROW - 4.0);
                drawing.area(corner, size, &format!("{} b", series_class(side)), &told(points, series, at));
            }
            drawing.words((end + outwards(side) * 6.0, y + 15.0), outer(side), "o", &series.printed[at]);
        }
    }
    for (at, name) in points.names.iter().enumerate() {
        let y = bottom - ROW * (at + 1) as f64 + 15.0;
        drawing.words((width / 2.0, y), Anchor::Middle, "", &cut(&name.short, most_of_names));
    }
    let title = cut(&points.categories, most_of_names);
    drawing.words((width / 2.0, TOP - LINE / 2.0), Anchor::Middle, "q", &title);
    drawing.words((width / 2.0, bottom + 38.0), Anchor::Middle, "q", &cut(&points.values, width));
    drawing
}
