//! The message of a chart in words: first, last, least and greatest of every series, and its gaps. It is what those read who do not see the picture.

use crate::book::{
    chart_points::{ChartSeries, Points},
    texts::{BookWords, fill},
};

/// The message of a chart; of its first three series.
pub fn message(points: &Points, texts: &BookWords) -> String {
    let names: Vec<&str> = points.names.iter().map(|name| name.whole.as_str()).collect();
    let sentence = |(number, series): (usize, &ChartSeries)| {
        let of_bars = (number == 0 && points.are_sorted).then(|| message_of_bars(series, &names, texts)).flatten();
        of_bars.unwrap_or_else(|| message_of(series, &names, texts))
    };
    let mut sentences: Vec<String> = points.series.iter().take(3).enumerate().map(sentence).collect();
    for limit in &points.limits {
        if let Some(last) = limit.values.iter().rposition(Option::is_some) {
            sentences.push(fill(&texts.limit, &[("series", &limit.name), ("last", &limit.printed[last])]));
        }
    }
    sentences.join(" ")
}

/// The message of sorted bars: the two greatest, and what stands last; `None` where they are fewer than three or one has no figure.
fn message_of_bars(series: &ChartSeries, names: &[&str], texts: &BookWords) -> Option<String> {
    let [Some(_), Some(_), .., Some(_)] = series.values.as_slice() else { return None };
    let last = series.values.len() - 1;
    let values = [
        ("series", series.name.as_str()),
        ("first", series.printed[0].as_str()),
        ("first_at", names.first()?),
        ("second", series.printed[1].as_str()),
        ("second_at", names.get(1)?),
        ("last", series.printed[last].as_str()),
        ("last_at", names.get(last)?),
    ];
    Some(fill(&texts.message_of_bars, &values))
}

/// The message of one series over named points.
pub fn message_of(series: &ChartSeries, names: &[&str], texts: &BookWords) -> String {
    let known: Vec<(usize, f64)> =
        series.values.iter().enumerate().filter_map(|(at, value)| value.map(|value| (at, value))).collect();
    let (Some((first, _)), Some((last, _))) = (known.first(), known.last()) else {
        return texts.no_figures.clone().into_owned();
    };
    // Of several that are alike, the first one is named.
    let least = known.iter().rev().min_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    let greatest = known.iter().max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
    let (least, greatest) = (least.map_or(*first, |known| known.0), greatest.map_or(*first, |known| known.0));
    let name = |at: usize| names.get(at).copied().unwrap_or_default();
    let printed = |at: usize| series.printed[at].as_str();
    let values = [
        ("series", series.name.as_str()),
        ("first", printed(*first)),
        ("first_at", name(*first)),
        ("last", printed(*last)),
        ("last_at", name(*last)),
        ("least", printed(least)),
        ("least_at", name(least)),
        ("greatest", printed(greatest)),
        ("greatest_at", name(greatest)),
    ];
    let mut message = fill(if known.len() == 1 { &texts.message_of_one } else { &texts.message }, &values);
    let gaps = series.values.len() - known.len();
    if gaps > 0 {
        message.push(' ');
        message.push_str(&fill(&texts.gaps, &[("count", &texts.count(gaps as u64))]));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_first_last_least_greatest_and_gaps() {
        let series = ChartSeries {
            name: "Census".to_owned(),
            values: vec![None, Some(26.0), Some(19.0), Some(19.0), None, Some(31.0), Some(31.0), Some(20.0)],
            printed: ["[x]", "26", "19", "19", "", "31", "31", "20"].map(str::to_owned).to_vec(),
        };
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let message = message_of(&series, &names, &BookWords::default());
        assert_eq!(message, "Census: first 26 (b), last 20 (h), least 19 (c), greatest 31 (f). Without a figure: 2.");
        let none = ChartSeries { name: String::new(), values: vec![None], printed: vec![String::new()] };
        assert_eq!(message_of(&none, &["a"], &BookWords::default()), "No figures.");
    }
}
