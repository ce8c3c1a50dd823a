//! Age bands: ages that an export gives by ranges, `[70-80)`, `70-79`, `85+`, `<1`, `0 to 4`.

/// The oldest age that is one (Medicare Code Editor edit 14).
pub const OLDEST: i32 = 124;

/// An age band: first and last age in completed years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgeBand {
    /// First age.
    pub low: i32,
    /// Last age; [`OLDEST`] where the band is open.
    pub high: i32,
}

impl AgeBand {
    /// Reads a band as exports write them; `None` where the text is none. Bands of months or days are under one year, or the years that they make.
    pub fn read(text: &[u8]) -> Option<AgeBand> {
        let text = std::str::from_utf8(text).ok()?.trim().to_lowercase();
        let (text, a_year) = without_unit(&text);
        let years = |number: i32| number / a_year;
        let (low, high) = bounds(text)?;
        let band = AgeBand { low: years(low), high: high.map_or(OLDEST, years) };
        (band.low <= band.high && band.high <= OLDEST).then_some(band)
    }
}

/// The text without the unit behind it, and how many of that unit are a year.
fn without_unit(text: &str) -> (&str, i32) {
    const UNITS: [(&[&str], i32); 4] = [
        (&["years of age", "years old", "year old", "years", "year", "yrs", "yr"], 1),
        (&["months", "month", "mos", "mo"], 12),
        (&["weeks", "week", "wks", "wk"], 53),
        (&["days", "day"], 366),
    ];
    for (words, a_year) in UNITS {
        for word in words {
            if let Some(rest) = text.strip_suffix(word) {
                return (rest.trim_end(), a_year);
            }
        }
    }
    (text, 1)
}

/// First and last number of a band; the last is `None` where the band is open.
fn bounds(text: &str) -> Option<(i32, Option<i32>)> {
    for (mark, first) in [(">=", 0), ("=>", 0), ("≥", 0), (">", 1), ("over", 1), ("from", 0)] {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some((number(rest)? + first, None));
        }
    }
    for (mark, less) in [("<=", 0), ("=<", 0), ("≤", 0), ("<", 1), ("under", 1), ("less than", 1), ("up to", 0)] {
        if let Some(rest) = text.strip_prefix(mark) {
            return Some((0, Some(number(rest)? - less)));
        }
    }
    for end in ["+", "and over", "and older", "and above", "and up", "or over", "or older", "or more", "plus"] {
        if let Some(rest) = text.strip_suffix(end) {
            let (rest, _) = without_unit(rest.trim_end());
            return Some((number(rest)?, None));
        }
    }
    // Brackets say whether the ends belong to the band: [70-80) is 70 to 79.
    let after_first = i32::from(text.starts_with('('));
    let before_last = i32::from(text.ends_with(')') || text.ends_with('['));
    let inner = text.trim_start_matches(['[', '(']).trim_end_matches([']', ')', '[']);
    if let Some(age) = number(inner) {
        return Some((age, Some(age)));
    }
    for between in [" to ", "..", "–", "-", ",", ";", "_"] {
        if let Some((low, high)) = inner.split_once(between) {
            let (low, _) = without_unit(low.trim());
            return Some((number(low)? + after_first, Some(number(high)? - before_last)));
        }
    }
    None
}

fn number(text: &str) -> Option<i32> {
    let text = text.trim();
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_read_as_exports_write_them() {
        for (text, low, high) in [
            ("[70-80)", 70, 79),
            ("[70-79]", 70, 79),
            ("(70,80]", 71, 80),
            ("70-79", 70, 79),
            (" 70 – 79 ", 70, 79),
            ("0 to 4", 0, 4),
            ("0 to 17", 0, 17),
            ("70 or Older", 70, OLDEST),
            ("85+", 85, OLDEST),
            ("85 years and over", 85, OLDEST),
            (">=85", 85, OLDEST),
            (">85", 86, OLDEST),
            ("<1", 0, 0),
            ("Under 1 year", 0, 0),
            ("<= 17", 0, 17),
            ("5-9 Years", 5, 9),
            ("0-27 days", 0, 0),
            ("1-11 months", 0, 0),
            ("12-23 months", 1, 1),
            ("45", 45, 45),
        ] {
            assert_eq!(AgeBand::read(text.as_bytes()), Some(AgeBand { low, high }), "{text}");
        }
        for text in ["", "adult", "80-70", "-5", "70-", "[)", "1950-1960", "?", "4.5", "70-80-90"] {
            assert_eq!(AgeBand::read(text.as_bytes()), None, "{text}");
        }
    }
}
