//! Search in the titles of codes: every word of the query in the title, by its beginning first, then with slips of the pen.

use rustc_hash::FxHashMap;

/// A title to be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Titled<'t> {
    /// The code, without its dot.
    pub code: &'t str,
    /// Its title.
    pub title: &'t str,
    /// Whether the code may be submitted on the day of the search.
    pub valid: bool,
}

/// How well a title answers; smaller is better, in the order of the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Slips over all words.
    pub slips: usize,
    /// Not valid on the day.
    pub invalid: bool,
    /// Not the very title.
    pub not_whole: bool,
    /// Words of the query that are only the beginning of a word, or come as one.
    pub beginnings: usize,
    /// Words of the query that stand before the one asked for earlier.
    pub out_of_order: usize,
    /// Words of the title that were not asked for.
    pub beside: usize,
}

/// Words of a text: letters and digits, lower case.
pub fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Slips that a word may hold: none in a word of up to three letters, one in one of up to seven, two in a longer one.
fn most_slips(word: &str) -> usize {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// How a word of a title answers a word of the query: slips, and whether it is only its beginning. Numbers are never taken for others.
fn answers(asked: &str, word: &str) -> Option<(usize, bool)> {
    if asked == word {
        return Some((0, false));
    }
    if asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if word.starts_with(asked) {
        return Some((0, true));
    }
    let most = most_slips(asked);
    if most == 0 || word.chars().count().abs_diff(asked.chars().count()) > most {
        return None;
    }
    // Two letters that changed places are one slip.
    let slips = strsim::osa_distance(asked, word);
    (slips <= most).then_some((slips, false))
}

/// The titles that hold every word of a query, best first, at most `limit`. Equal ranks stand in the order of codes.
pub fn search<'t>(query: &str, titles: impl Iterator<Item = Titled<'t>>, limit: usize) -> Vec<(Rank, Titled<'t>)> {
    let asked = words(query);
    if asked.is_empty() {
        return Vec::new();
    }
    // The words of titles are few and come again and again.
    let mut met: Vec<FxHashMap<String, Option<(usize, bool)>>> = vec![FxHashMap::default(); asked.len()];
    let mut found: Vec<(Rank, Titled<'t>)> =
        titles.filter_map(|titled| rank(&asked, titled, &mut met).map(|rank| (rank, titled))).collect();
    found.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| one.1.code.cmp(other.1.code)));
    found.truncate(limit);
    found
}

fn rank(asked: &[String], titled: Titled<'_>, met: &mut [FxHashMap<String, Option<(usize, bool)>>]) -> Option<Rank> {
    let words = words(titled.title);
    let mut rank = Rank {
        slips: 0,
        invalid: !titled.valid,
        not_whole: words != asked,
        beginnings: 0,
        out_of_order: 0,
        beside: words.len().saturating_sub(asked.len()),
    };
    let mut last = None;
    for (asked, met) in asked.iter().zip(met) {
        let answer = |word: &String, met: &mut FxHashMap<String, Option<(usize, bool)>>| match met.get(word) {
            Some(answer) => *answer,
            None => {
                let answer = answers(asked, word);
                met.insert(word.clone(), answer);
                answer
            }
        };
        // Of two words that answer alike, one behind the last is in order.
        let best = words
            .iter()
            .enumerate()
            .filter_map(|(at, word)| {
                answer(word, met).map(|(slips, begins)| (slips, begins, last.is_some_and(|last| at <= last), at))
            })
            .min()?;
        let (slips, begins, before, at) = best;
        rank.slips += slips;
        rank.beginnings += usize::from(begins);
        rank.out_of_order += usize::from(before);
        last = Some(at);
    }
    Some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codeset::sets::CodeSets, record::code::CodeSystem, record::date::Day};

    fn first(query: &str, limit: usize) -> Vec<String> {
        let sets = CodeSets::default();
        let table = sets.table(CodeSystem::Icd10Cm);
        let on = Day::from_iso("2026-10-01");
        let titles = table.ids().map(|id| Titled {
            code: table.code(id).text(),
            title: table.title(id),
            valid: table.in_force(id, on),
        });
        search(query, titles, limit).into_iter().map(|(_, titled)| titled.code.to_owned()).collect()
    }

    #[test]
    fn what_coders_type_finds_the_code_they_mean() {
        for (query, code) in [
            ("type 2 diabetes without complications", "E119"),
            ("Essential (primary) hypertension", "I10"),
            ("pnuemonia unspecified organism", "J189"),
            ("sepsis unspecified organism", "A419"),
            ("hypertension essential primary", "I10"),
            ("single liveborn vaginal", "Z3800"),
            ("covid 19", "U071"),
        ] {
            assert_eq!(first(query, 1), [code], "{query}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_finds_pneumonia_and_numbers_stay_what_they_are() {
        let found = first("pnuemonia", 50);
        assert!(found.contains(&"J189".to_owned()) && found.len() == 50, "{found:?}");
        // Type 1 of stage 2 has the words too, in another order.
        assert!(first("type 2 diabetes", 20).iter().all(|code| code.starts_with("E11")));
        assert!(first("", 5).is_empty() && first("xyzzyqqq", 5).is_empty());
    }

    #[test]
    fn a_code_that_is_valid_on_the_day_stands_before_a_header() {
        assert_eq!(first("chronic kidney disease stage 3", 1), ["N1830"]);
    }
}
