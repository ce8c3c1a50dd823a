//! Words for kinds of document: the same word in another spelling, and words that the matrix does not have.

use crate::record::take_away::take_away_fields;
use serde::{Deserialize, Serialize};

use crate::{problem::closest, record::bounded::ByValue};

/// Whether two words are the same but for case, blanks and dashes: `Discharge Summary` is `discharge_summary`, and `History & Physical` is
/// `history_and_physical`.
pub fn is_same_word(written: &str, word: &str) -> bool {
    letters(written).eq(letters(word))
}

fn letters(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars()
        .flat_map(|letter| {
            let spelled = if letter == '&' { "and" } else { "" };
            spelled.chars().chain(Some(letter).filter(|letter| letter.is_alphanumeric()))
        })
        .flat_map(char::to_lowercase)
}

/// How often documents are of a kind that the matrix does not name. A column that holds no words at all has too many, and they are not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnnamedTypes {
    words: ByValue<u64>,
}

impl UnnamedTypes {
    /// Counts documents of a word.
    pub fn count(&mut self, word: &str, documents: u64) {
        self.words.add(word, &documents);
    }

    /// Documents of all such words.
    pub fn documents(&self) -> u64 {
        self.words.rows().into_iter().map(|(_, documents)| documents).sum()
    }

    /// How many different words are counted together; 0 where every one is listed.
    pub fn too_many(&self) -> u64 {
        self.words.too_many()
    }

    /// Adds those of another partition.
    pub fn merge(&mut self, other: UnnamedTypes) {
        self.words.merge(other.words);
    }

    /// The words, the commonest first, each with the word of the matrix that was probably meant.
    pub fn listed<'m>(&self, named: &[&'m str]) -> Vec<(&str, u64, &'m str)> {
        let is_word = self.words.too_many() == 0;
        let meant = |word: &str| closest(word, named.iter().copied()).filter(|_| is_word).unwrap_or_default();
        let mut listed: Vec<(&str, u64, &'m str)> =
            self.words.rows().into_iter().map(|(word, documents)| (word, *documents, meant(word))).collect();
        listed.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
        listed
    }
}

take_away_fields!(UnnamedTypes: words);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_are_the_word_and_other_words_are_not() {
        for written in ["Discharge Summary", "DISCHARGE-SUMMARY", "discharge_summary", " DischargeSummary "] {
            assert!(is_same_word(written, "discharge_summary"), "{written}");
        }
        assert!(is_same_word("History & Physical", "history_and_physical"));
        assert!(!is_same_word("death summary", "discharge_summary"));
        assert!(!is_same_word("", "discharge_summary"));
    }

    #[test]
    fn unnamed_words_come_by_frequency_with_the_word_that_was_meant() {
        let mut unnamed = UnnamedTypes::default();
        unnamed.count("Consult", 3);
        unnamed.count("Dischrge Summary", 40);
        let named = ["discharge_summary", "operative_report"];
        assert_eq!(unnamed.listed(&named), [("Dischrge Summary", 40, "discharge_summary"), ("Consult", 3, "")]);
        assert_eq!(unnamed.documents(), 43);
    }
}
