//! Words for kinds of document: the same word in another spelling, and words that the matrix does not have.

use std::collections::BTreeMap;

use crate::problem::closest;

/// Different words that are listed one by one; a column that holds no words at all has more.
const MOST_WORDS: usize = 10_000;

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

/// How often documents are of a kind that the matrix does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnnamedTypes {
    /// Documents by word as written.
    pub words: BTreeMap<String, u64>,
    /// Documents of further words.
    pub further: u64,
}

impl UnnamedTypes {
    /// Counts documents of a word.
    pub fn count(&mut self, word: &str, documents: u64) {
        if let Some(count) = self.words.get_mut(word) {
            *count += documents;
        } else if self.words.len() < MOST_WORDS {
            self.words.insert(word.to_owned(), documents);
        } else {
            self.further += documents;
        }
    }

    /// Documents of all such words.
    pub fn documents(&self) -> u64 {
        self.words.values().sum::<u64>() + self.further
    }

    /// Adds those of another partition.
    pub fn merge(&mut self, other: UnnamedTypes) {
        for (word, documents) in other.words {
            self.count(&word, documents);
        }
        self.further += other.further;
    }

    /// The words, the commonest first, each with the word of the matrix that was probably meant.
    pub fn listed<'m>(&self, named: &[&'m str]) -> Vec<(&str, u64, &'m str)> {
        let mut listed: Vec<(&str, u64, &'m str)> = self
            .words
            .iter()
            .map(|(word, documents)| {
                (word.as_str(), *documents, closest(word, named.iter().copied()).unwrap_or_default())
            })
            .collect();
        listed.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
        listed
    }
}

/// Columns of `worklists/document_types.csv`.
pub const TYPE_COLUMNS: [&str; 3] = ["document_type", "documents", "probably_meant"];

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
