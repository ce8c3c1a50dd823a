//! A small line for a cell of a table: its own scale from least to greatest, gaps as gaps, its last point marked.

use crate::book::{
    chart_points::{ChartSeries, figure},
    svg::Drawing,
    svg_message::message_of,
    texts::BookWords,
    value::CellValue,
};

/// Width and height in pixels.
const SIZE: (f64, f64) = (120.0, 24.0);
/// Air around the line, so that its marks are whole.
const AIR: f64 = 4.0;

/// The small line of some cells with their names, oldest first. `name` is what they are of.
pub fn sparkline(name: &str, cells: &[(&str, &CellValue)], texts: &BookWords) -> String {
    let series = ChartSeries {
        name: name.to_owned(),
        values: cells.iter().map(|(_, value)| figure(value)).collect(),
        printed: cells.iter().map(|(_, value)| texts.printed(value)).collect(),
    };
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let known: Vec<f64> = series.values.iter().flatten().copied().collect();
    let (least, greatest) =
        known.iter().fold((f64::MAX, f64::MIN), |(least, greatest), value| (value.min(least), value.max(greatest)));
    let mut drawing = Drawing::new(SIZE.0, SIZE.1);
    let across = (SIZE.0 - 2.0 * AIR) / (cells.len().max(2) - 1) as f64;
    let place = |(at, value): (usize, &Option<f64>)| {
        value.map(|value| {
            // Figures that are all alike lie in the middle.
            let part = if greatest > least { (value - least) / (greatest - least) } else { 0.5 };
            (AIR + across * at as f64, SIZE.1 - AIR - part * (SIZE.1 - 2.0 * AIR))
        })
    };
    let points: Vec<Option<(f64, f64)>> = series.values.iter().enumerate().map(place).collect();
    drawing.path(&points, "s1 l");
    for (at, point) in points.iter().enumerate() {
        let is_alone = (at == 0 || points[at - 1].is_none()) && points.get(at + 1).is_none_or(Option::is_none);
        let is_last = points[at + 1..].iter().all(Option::is_none);
        if let (Some(point), true) = (point, is_alone || is_last) {
            drawing.mark(*point, 0, if is_last { 3.0 } else { 2.0 }, "");
        }
    }
    drawing.small_picture(&message_of(&series, &names, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_stays_a_gap_and_a_point_alone_is_a_mark() {
        let values =
            [CellValue::Count(3), CellValue::Count(5), CellValue::NotAvailable, CellValue::Count(4), CellValue::Blank];
        let cells: Vec<(&str, &CellValue)> = ["a", "b", "c", "d", "e"].into_iter().zip(&values).collect();
        let picture = sparkline("Stays", &cells, &BookWords::default());
        // One stretch of two points, and the last known point alone.
        assert_eq!((picture.matches("class=\"s1 l\"").count(), picture.matches("class=\"s1 m\"").count()), (1, 1));
        let line = picture.split("s1 l\" d=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a line");
        assert_eq!((line.matches('M').count(), line.matches('L').count()), (1, 1));
        assert!(picture.contains(
            "<title>Stays: first 3 (a), last 4 (d), least 3 (a), greatest 5 (b). Without a figure: 2.</title>"
        ));
        assert!(!sparkline("", &[], &BookWords::default()).contains("NaN"));
    }
}
