//! The codes that a note of the tabular list names: `E11.-`, `K40-K46`, `T36-T50 with fifth or sixth character 5`.

use crate::partition::{category_prefilter::CategoryPrefilter, encounter::PackedCode};

/// What a note asks of the characters of a code within its range.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NamedCondition {
    /// The code from this place on begins with one of the texts: `E08-E13 with .44`.
    From(usize, Vec<String>),
    /// The character of intent, the sixth or, before a placeholder, the fifth: `T36-T50 with fifth or sixth character 5`.
    Intent(Vec<u8>),
}

/// A range of codes with all that is under its ends, and what is asked of their characters.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CodeRange {
    first: u64,
    last: u64,
    condition: Option<NamedCondition>,
}

/// Codes named by one note or by several together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedCodes {
    /// Ranges without a condition: in order, none touching the next.
    whole: Vec<(u64, u64)>,
    /// Ranges with one.
    conditional: Vec<CodeRange>,
    /// The tens of categories of all codes named: most codes are told apart by it alone.
    tens: CategoryPrefilter,
}

/// The number of a code, and of the last code that can be under it.
fn ends(text: &str) -> Option<(u64, u64)> {
    let first = PackedCode::new(text.as_bytes())?.number();
    Some((first, first | (u64::MAX >> (8 * text.len().min(7)))))
}

impl CodeRange {
    /// Reads `FIRST`, `FIRST-LAST`, each with `@PLACE:TEXT|TEXT` or `@i:CHARACTER|CHARACTER` after it; codes without dots.
    fn read(text: &str) -> Option<CodeRange> {
        let (range, condition) = text.split_once('@').map_or((text, None), |(range, rest)| (range, Some(rest)));
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let condition = match condition.map(|words| words.split_once(':')) {
            None => None,
            Some(Some(("i", letters))) => {
                Some(NamedCondition::Intent(letters.bytes().filter(|letter| *letter != b'|').collect()))
            }
            Some(Some((place, texts))) => {
                Some(NamedCondition::From(place.parse().ok()?, texts.split('|').map(str::to_owned).collect()))
            }
            Some(None) => return None,
        };
        Some(CodeRange { first: ends(first)?.0, last: ends(last)?.1, condition })
    }

    fn has(&self, code: PackedCode) -> bool {
        let within = (self.first..=self.last).contains(&code.number());
        within
            && match &self.condition {
                None => true,
                Some(NamedCondition::From(place, texts)) => {
                    let rest = code.text().get(*place..).unwrap_or("");
                    texts.iter().any(|text| rest.starts_with(text.as_str()))
                }
                Some(NamedCondition::Intent(letters)) => {
                    let letter = if code.0[5] == b'X' { code.0[4] } else { code.0[5] };
                    letters.contains(&letter)
                }
            }
    }
}

impl NamedCodes {
    /// Reads ranges separated by blanks, as the table of conventions has them.
    pub fn read(text: &str) -> NamedCodes {
        let mut named = NamedCodes::default();
        for range in text.split_ascii_whitespace().filter_map(CodeRange::read) {
            match range.condition {
                None => named.whole.push((range.first, range.last)),
                Some(_) => named.conditional.push(range),
            }
        }
        named.settle();
        named
    }

    /// Adds the codes of another note.
    pub fn add(&mut self, other: &NamedCodes) {
        self.whole.extend_from_slice(&other.whole);
        self.conditional.extend_from_slice(&other.conditional);
        self.settle();
    }

    fn settle(&mut self) {
        self.whole.sort_unstable();
        self.whole.dedup_by(|next, kept| {
            let touches = next.0 <= kept.1;
            if touches {
                kept.1 = kept.1.max(next.1);
            }
            touches
        });
        let ends = self.whole.iter().copied().chain(self.conditional.iter().map(|range| (range.first, range.last)));
        self.tens = CategoryPrefilter::default();
        for (first, last) in ends {
            self.tens.add_range(PackedCode(first.to_be_bytes()), PackedCode(last.to_be_bytes()));
        }
    }

    /// Whether no code is named.
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.conditional.is_empty()
    }

    /// Whether a code of these tens may be among those named.
    #[inline]
    pub fn may_have_of(&self, tens: &CategoryPrefilter) -> bool {
        self.tens.meet(tens)
    }

    /// Whether a code is among those named.
    #[inline]
    pub fn has(&self, code: PackedCode) -> bool {
        if !self.tens.has(code) {
            return false;
        }
        let number = code.number();
        let after = self.whole.partition_point(|(first, _)| *first <= number);
        after > 0 && number <= self.whole[after - 1].1 || self.conditional.iter().any(|range| range.has(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(named: &str, code: &str) -> bool {
        NamedCodes::read(named).has(PackedCode::new(code.as_bytes()).expect("a code"))
    }

    #[test]
    fn a_range_has_all_that_is_under_its_ends() {
        assert!(has("K40-K46", "K4690") && has("K40-K46", "K40") && !has("K40-K46", "K47") && !has("K40-K46", "K389"));
        assert!(has("S062", "S062X0A") && !has("S062", "S063X0A"));
        assert!(has("B380-B382 A52", "B382") && has("B380-B382 A52", "A5279") && !has("B380-B382", "B383"));
    }

    #[test]
    fn a_condition_on_characters_is_kept() {
        // Adverse effect: T38.3X5A has it in the sixth place, T36.95XA in the fifth.
        for (code, is_adverse_effect) in
            [("T383X5A", true), ("T3695XA", true), ("T383X1A", false), ("T3691XA", false), ("T40605A", true)]
        {
            assert_eq!(has("T36-T50@i:5", code), is_adverse_effect, "{code}");
        }
        assert!(has("E08-E13@3:51|52", "E1151") && has("E08-E13@3:51|52", "E0952") && !has("E08-E13@3:51|52", "E1121"));
        assert!(has("I69@4:23", "I69023") && !has("I69@4:23", "I69022"));
    }

    #[test]
    fn overlapping_ranges_are_one() {
        assert_eq!(NamedCodes::read("E10-E13 E11 E12").whole.len(), 1);
        assert!(NamedCodes::read("").is_empty());
    }
}
