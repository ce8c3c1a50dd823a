//! What of a patient's name is compared between records: hashes of its words, never the name.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// What two names say of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameComparison {
    /// One name, as far as both are written out.
    Same,
    /// Two names.
    Different,
    /// Nothing: a name is missing, is a family name alone, or is what a ward calls a newborn.
    Unsaid,
}

/// Words that are no part of a name.
const TITLES: [&[u8]; 9] = [b"MR", b"MRS", b"MS", b"MISS", b"DR", b"JR", b"SR", b"OF", b"AND"];

/// What a ward calls a newborn before it has a name.
const NEWBORN: [&[u8]; 13] = [
    b"BABY",
    b"BABYBOY",
    b"BABYGIRL",
    b"BBOY",
    b"BGIRL",
    b"BB",
    b"BG",
    b"NB",
    b"INFANT",
    b"NEWBORN",
    b"TWIN",
    b"TRIPLET",
    b"QUADRUPLET",
];

/// The most words of a name that are compared.
const MOST_WORDS: usize = 12;

const OF_NEWBORN: u8 = 1;
const OF_SEVERAL: u8 = 2;
const FAMILY_FIRST: u8 = 4;

/// Appends what is compared of a name in one part or several, of which the first is the family name then: nothing where it has no word. Letters without their accents, in capitals; points, dashes and apostrophes part no letters
/// but the dash; what stands before a comma is the family name.
pub fn write(parts: &[&str], bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.extend([0, 0]);
    let mut word: Vec<u8> = Vec::with_capacity(24);
    let end_word = |word: &mut Vec<u8>, bytes: &mut Vec<u8>| {
        let words = (bytes.len() - start - 2) / 4;
        if !word.is_empty() && words < MOST_WORDS && !TITLES.contains(&word.as_slice()) {
            bytes[start] |= marks(word);
            let mut hasher = FxHasher::default();
            hasher.write(word);
            bytes.extend_from_slice(&((hasher.finish() >> 16) as u32).to_le_bytes());
        }
        word.clear();
    };
    let mut letter = |letter: char, bytes: &mut Vec<u8>| match letter {
        ',' => {
            end_word(&mut word, bytes);
            let words = (bytes.len() - start - 2) / 4;
            if bytes[start] & FAMILY_FIRST == 0 && words > 0 {
                bytes[start] |= FAMILY_FIRST;
                bytes[start + 1] = words as u8;
            }
        }
        '.' | '\'' | '\u{2019}' | '`' => {}
        _ if letter.is_ascii_alphanumeric() => word.push(letter.to_ascii_uppercase() as u8),
        _ if is_combining_mark(letter) => {}
        _ if letter.is_alphanumeric() => {
            word.extend(letter.to_uppercase().flat_map(|letter| letter.to_string().into_bytes()));
        }
        _ => end_word(&mut word, bytes),
    };
    for name in parts.iter().filter(|part| !part.is_empty()) {
        if name.is_ascii() {
            name.bytes().for_each(|byte| letter(char::from(byte), bytes));
        } else {
            name.nfd().for_each(|each| letter(each, bytes));
        }
        letter(if parts.len() > 1 && !parts[1].is_empty() { ',' } else { ' ' }, bytes);
    }
    if bytes.len() == start + 2 {
        bytes.truncate(start);
    }
}

/// What a word says of the person: a newborn without a name, and which of several.
fn marks(word: &[u8]) -> u8 {
    if NEWBORN.contains(&word) {
        let several = matches!(word, b"TWIN" | b"TRIPLET" | b"QUADRUPLET");
        return if several { OF_NEWBORN | OF_SEVERAL } else { OF_NEWBORN };
    }
    if matches!(word, [b'A'..=b'H' | b'1'..=b'8'] | b"II" | b"III") { OF_SEVERAL } else { 0 }
}

/// Compares what [`write`] made of two names.
///
/// A name is the same whatever the order of its words, with a middle name or without. Where both are written with the family name first, the given names decide: a
/// family name can change. Newborns without a name are one where their names are the same to the last word and say which of several they are.
pub fn compare(left: &[u8], right: &[u8]) -> NameComparison {
    let (Some(left), Some(right)) = (Words::read(left), Words::read(right)) else { return NameComparison::Unsaid };
    let is_newborn = |words: Words<'_>| words.marks & OF_NEWBORN != 0;
    let is_told_apart = |words: Words<'_>| is_newborn(words) && words.marks & OF_SEVERAL != 0;
    if is_newborn(left) || is_newborn(right) {
        return match (is_told_apart(left), is_told_apart(right)) {
            (false, false) => NameComparison::Unsaid,
            (true, true) if left.are_all_in(right) && right.are_all_in(left) => NameComparison::Same,
            _ => NameComparison::Different,
        };
    }
    let agree = |left: Words<'_>, right: Words<'_>| left.are_all_in(right) || right.are_all_in(left);
    let given_agree = left.given().zip(right.given()).is_some_and(|(left, right)| agree(left, right));
    match agree(left, right) {
        true if left.count().min(right.count()) > 1 => NameComparison::Same,
        true => NameComparison::Unsaid,
        false if given_agree => NameComparison::Same,
        false => NameComparison::Different,
    }
}

#[derive(Debug, Clone, Copy)]
struct Words<'a> {
    marks: u8,
    /// How many of the words, from the first, are of the family name; 0 where the name does not say.
    family: usize,
    hashes: &'a [u8],
}

impl<'a> Words<'a> {
    fn read(bytes: &'a [u8]) -> Option<Words<'a>> {
        let ([marks, family], hashes) = bytes.split_first_chunk()?;
        Some(Words { marks: *marks, family: usize::from(*family), hashes })
    }

    fn count(self) -> usize {
        self.hashes.len() / 4
    }

    fn are_all_in(self, other: Words<'_>) -> bool {
        self.hashes.chunks_exact(4).all(|own| other.hashes.chunks_exact(4).any(|word| word == own))
    }

    /// The given names, where what stands before a comma is the family name.
    fn given(self) -> Option<Words<'a>> {
        let hashes = &self.hashes[self.family * 4..];
        (self.family > 0 && !hashes.is_empty()).then_some(Words { hashes, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_words_and_newborns_by_what_tells_them_apart() {
        let words = |name: &str| {
            let mut bytes = Vec::new();
            write(&[name], &mut bytes);
            bytes
        };
        for (left, right, names) in [
            ("SMITH, ANNA", "Anna Smith", NameComparison::Same),
            ("SMITH, ANNA M.", "Mrs. Anna Smith", NameComparison::Same),
            ("O'Brien, Se\u{e1}n", "OBRIEN, SEAN", NameComparison::Same),
            ("Smith-Jones, Anna", "Jones, Anna", NameComparison::Same),
            ("Smith, Anna", "Jones, Anna", NameComparison::Same),
            ("Smith, Anna", "Smith, Bella", NameComparison::Different),
            ("Anna Smith", "Bella Smith", NameComparison::Different),
            ("Anna Smith", "Anna Jones", NameComparison::Different),
            ("Smith", "Anna Smith", NameComparison::Unsaid),
            ("Smith", "SMITH", NameComparison::Unsaid),
            ("Smith", "Jones", NameComparison::Different),
            ("", "Anna Smith", NameComparison::Unsaid),
            (" - ", "Anna Smith", NameComparison::Unsaid),
            ("Smith, Baby Girl A", "Smith, Baby Girl B", NameComparison::Different),
            ("Smith, Baby Girl A", "BABY GIRL A SMITH", NameComparison::Same),
            ("BG 1 Smith", "BG 2 Smith", NameComparison::Different),
            ("Smith, Twin Boy I", "Smith, Twin Boy II", NameComparison::Different),
            ("Smith, Baby Girl A", "Smith, Anna", NameComparison::Different),
            ("Smith, Baby Girl", "Smith, Baby Girl", NameComparison::Unsaid),
            ("Smith, Baby Girl", "Smith, Anna", NameComparison::Unsaid),
            ("Baby Girl A Smith", "Baby Girl Smith", NameComparison::Different),
            ("\u{738b}\u{5c0f}\u{660e}", "\u{738b}\u{5c0f}\u{7ea2}", NameComparison::Different),
        ] {
            assert_eq!(compare(&words(left), &words(right)), names, "{left} | {right}");
            assert_eq!(compare(&words(right), &words(left)), names, "{right} | {left}");
        }
        assert!(words(&"word ".repeat(100)).len() <= 2 + 4 * MOST_WORDS);
        assert!(words("").is_empty());
        let parts = |parts: [&str; 3]| {
            let mut bytes = Vec::new();
            write(&parts, &mut bytes);
            bytes
        };
        assert_eq!(parts(["Smith", "Anna", "M"]), words("Smith, Anna M"));
        assert_eq!(parts(["Anna M Smith", "", ""]), words("Anna M Smith"));
    }
}
