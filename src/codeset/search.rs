//! Codes by the words of their titles, ranked; a slip of the keyboard does no harm.

use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use super::sets::CodeSets;
use crate::record::{
    code::{CodeId, CodeSystem},
    date::Day,
};

/// One code found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its system.
    pub system: CodeSystem,
    /// The code without its dot.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Whether it is valid on the day asked for, or ever was where none is asked for.
    pub valid: bool,
}

/// How well a word of a title answers a word that is asked for; less is better.
fn distance(asked: &str, word: &str) -> Option<u32> {
    if asked == word {
        return Some(0);
    }
    if asked.len() >= 2 && word.starts_with(asked) {
        return Some(1);
    }
    let allowed = match asked.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let slips = damerau_levenshtein(asked, word);
    (slips <= allowed).then_some(3 + 4 * slips as u32)
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Codes whose titles have every word of `text`, best first: valid codes, then words as asked, then titles with fewer other words, then codes in their order.
/// A text that is a code, or its first letters, finds the codes under it.
pub fn search(sets: &CodeSets, text: &str, systems: &[CodeSystem], on: Option<Day>, limit: usize) -> Vec<Found> {
    let asked: Vec<String> = words(text).collect();
    let mut ranked: Vec<((bool, bool, u32, usize, usize), CodeSystem, CodeId)> = Vec::new();
    for (place, system) in systems.iter().enumerate() {
        let table = sets.table(*system);
        // Each distinct word of the titles is compared once.
        let mut vocabulary: BTreeMap<String, Vec<Option<u32>>> = BTreeMap::new();
        for id in table.ids() {
            for word in words(table.title(id)) {
                if !vocabulary.contains_key(&word) {
                    let answers = asked.iter().map(|asked| distance(asked, &word)).collect();
                    vocabulary.insert(word, answers);
                }
            }
        }
        let prefix = text.trim().replace('.', "").to_ascii_uppercase();
        for id in table.ids() {
            let valid = if on.is_some() { table.in_force(id, on) } else { table.was_ever_valid(id) };
            if !asked.is_empty() && prefix.len() >= 3 && table.code(id).text().starts_with(&prefix) {
                ranked.push(((!valid, false, 0, table.code(id).text().len(), place), *system, id));
                continue;
            }
            let title: Vec<String> = words(table.title(id)).collect();
            let mut cost = 0;
            let mut order = 0;
            let mut last = 0;
            let all = !asked.is_empty()
                && (0..asked.len()).all(|number| {
                    let best = title
                        .iter()
                        .enumerate()
                        .filter_map(|(at, word)| vocabulary[word][number].map(|distance| (distance, at)))
                        .min();
                    let Some((distance, at)) = best else { return false };
                    cost += distance;
                    order += u32::from(at < last);
                    last = at;
                    true
                });
            if all {
                ranked.push(((!valid, true, cost * 4 + order, title.len(), place), *system, id));
            }
        }
    }
    ranked.sort_by(|left, right| (left.0, left.1, left.2).cmp(&(right.0, right.1, right.2)));
    ranked
        .into_iter()
        .take(limit)
        .map(|((invalid, ..), system, id)| {
            let table = sets.table(system);
            Found { system, code: table.code(id).text().to_owned(), title: table.title(id).to_owned(), valid: !invalid }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> Vec<String> {
        let sets = CodeSets::default();
        let on = Day::from_iso("2026-10-01");
        search(&sets, text, &[CodeSystem::Icd10Cm], on, 5).into_iter().map(|found| found.code).collect()
    }

    #[test]
    fn the_words_of_a_title_find_its_code_first() {
        assert_eq!(first("type 2 diabetes without complications")[0], "E119");
        assert_eq!(first("essential hypertension")[0], "I10");
        assert_eq!(first("unspecified appendicitis")[0], "K37");
    }

    #[test]
    fn a_slip_of_the_keyboard_does_no_harm() {
        let found = first("pnuemonia unspecified organism");
        assert!(found.contains(&"J189".to_owned()), "{found:?}");
    }

    #[test]
    fn a_code_finds_itself_and_what_is_under_it() {
        assert_eq!(first("E11.9")[0], "E119");
    }
}
