//! Decisions on findings and deficiencies: worklists that came back, filled in. The last row that came is in force.

use std::collections::BTreeMap;

use super::RegisterRow;
use crate::record::{
    date::Day,
    field::Field,
    finding::{FindingKey, Origin},
    life::Disposition,
};

/// What a row decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionWord {
    /// Verified or waived.
    Settled(Disposition),
    /// Open again, whatever was decided before.
    Open,
    /// Nothing but who is to resolve it.
    Assigned,
}

/// The words of a decision, as a clerk may write them.
const WORDS: &[(&str, DecisionWord)] = &[
    ("verified", DecisionWord::Settled(Disposition::Verified)),
    ("verified as true", DecisionWord::Settled(Disposition::Verified)),
    ("verify", DecisionWord::Settled(Disposition::Verified)),
    ("waived", DecisionWord::Settled(Disposition::Waived)),
    ("waive", DecisionWord::Settled(Disposition::Waived)),
    ("open", DecisionWord::Open),
    ("reopen", DecisionWord::Open),
    ("reopened", DecisionWord::Open),
    ("assigned", DecisionWord::Assigned),
    ("assign", DecisionWord::Assigned),
];

/// One row that decides something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorklistDecision {
    /// What it decides on.
    pub key: FindingKey,
    /// What; `None` where it only assigns or notes.
    pub word: Option<DecisionWord>,
    /// The value that it is decided of, as the worklist has it; empty where it does not say.
    pub value: Box<str>,
    /// Who is to resolve it; empty where nobody is named.
    pub assigned_to: Box<str>,
    /// Why.
    pub note: Box<str>,
    /// Who decided.
    pub by: Box<str>,
    /// When; `None` where it is not said.
    pub on: Option<Day>,
    /// Where the row stood: inputs are numbered in the order in which they were taken.
    pub origin: Origin,
    /// Fingerprint of the row.
    pub fingerprint: u64,
}

/// What is in force of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce<'d> {
    /// What is decided, with the row that says it; `None`: nothing, or it is open again.
    pub settled: Option<(Disposition, &'d WorklistDecision)>,
    /// Who is to resolve it; empty where nobody is named.
    pub assigned_to: &'d str,
    /// The last note.
    pub note: &'d str,
}

/// All decisions, by key and in the order in which they came.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    rows: Vec<WorklistDecision>,
    /// Rows that say something of a key that is none, or a word that is none.
    unreadable: Vec<Origin>,
}

impl Decisions {
    /// Takes one row; one that decides nothing is none.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let (assigned_to, note) = (row.words(Field::AssignedTo), row.words(Field::DecisionNote));
        let written = row.words(Field::Decision).trim();
        if written.is_empty() && assigned_to.is_empty() && note.is_empty() {
            return;
        }
        let word = word_of(written);
        let key = key_of(row.words(Field::FindingKey)).filter(|_| written.is_empty() || word.is_some());
        let Some(key) = key else { return self.unreadable.push(row.origin()) };
        self.rows.push(WorklistDecision {
            key,
            word,
            value: row.words(Field::DecidedValue).into(),
            assigned_to: assigned_to.into(),
            note: note.into(),
            by: row.words(Field::DecidedBy).into(),
            on: row.day(Field::DecidedOn).value(),
            origin: row.origin(),
            fingerprint: row.fingerprint(),
        });
    }

    /// Rows came once more: what each says is said again, behind what came in between. Rows of other tables are none.
    pub fn repeat(&mut self, rows: impl Iterator<Item = (Origin, Origin)>) {
        let places: BTreeMap<Origin, usize> =
            self.rows.iter().enumerate().map(|(place, decision)| (decision.origin, place)).collect();
        if places.is_empty() {
            return;
        }
        for (of, again) in rows {
            if let Some(place) = places.get(&of) {
                let repeated = WorklistDecision { origin: again, ..self.rows[*place].clone() };
                self.rows.push(repeated);
            }
        }
    }

    /// Puts them in order.
    pub fn sort(&mut self) {
        self.rows.sort_by_key(|decision| (decision.key, decision.origin));
        self.unreadable.sort_unstable();
    }

    /// Every decision, by key and in the order in which they came.
    pub fn all(&self) -> &[WorklistDecision] {
        &self.rows
    }

    /// Rows that decide something and cannot be read.
    pub fn unreadable(&self) -> &[Origin] {
        &self.unreadable
    }

    /// The decisions on a key, in the order in which they came.
    pub fn on(&self, key: FindingKey) -> &[WorklistDecision] {
        let start = self.rows.partition_point(|decision| decision.key < key);
        let rest = &self.rows[start..];
        &rest[..rest.partition_point(|decision| decision.key == key)]
    }

    /// What is in force of a key: each of the three is of the last row that says it.
    pub fn in_force(&self, key: FindingKey) -> InForce<'_> {
        let mut in_force = InForce { settled: None, assigned_to: "", note: "" };
        for decision in self.on(key) {
            match decision.word {
                Some(DecisionWord::Settled(disposition)) => in_force.settled = Some((disposition, decision)),
                Some(DecisionWord::Open) => in_force.settled = None,
                Some(DecisionWord::Assigned) | None => {}
            }
            if !decision.assigned_to.is_empty() {
                in_force.assigned_to = &decision.assigned_to;
            }
            if !decision.note.is_empty() {
                in_force.note = &decision.note;
            }
        }
        in_force
    }
}

/// The key of a text, as worklists have it.
fn key_of(text: &str) -> Option<FindingKey> {
    let digits = text.trim().strip_prefix(['k', 'K']).filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok().map(FindingKey)
}

fn word_of(text: &str) -> Option<DecisionWord> {
    let text = text.trim();
    WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, word)| *word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(row: u64, word: Option<DecisionWord>, assigned_to: &str) -> WorklistDecision {
        WorklistDecision {
            key: FindingKey(5),
            word,
            value: "".into(),
            assigned_to: assigned_to.into(),
            note: "".into(),
            by: "M. Cho".into(),
            on: None,
            origin: Origin { input: 0, row },
            fingerprint: row,
        }
    }

    #[test]
    fn the_last_row_that_says_something_is_in_force_and_a_blank_one_takes_nothing_back() {
        let verified = Some(DecisionWord::Settled(Disposition::Verified));
        let rows = vec![
            decision(4, None, "coding desk"),
            decision(2, verified, "front desk"),
            decision(3, Some(DecisionWord::Assigned), ""),
        ];
        let mut decisions = Decisions { rows, ..Decisions::default() };
        decisions.sort();
        let in_force = decisions.in_force(FindingKey(5));
        assert_eq!(in_force.settled.map(|(settled, row)| (settled, row.origin.row)), Some((Disposition::Verified, 2)));
        assert_eq!(in_force.assigned_to, "coding desk");
        decisions.rows.push(decision(9, Some(DecisionWord::Open), ""));
        assert_eq!(decisions.in_force(FindingKey(5)).settled, None);
        assert_eq!(decisions.in_force(FindingKey(6)), InForce { settled: None, assigned_to: "", note: "" });
    }

    #[test]
    fn keys_and_words_are_read_as_clerks_write_them() {
        assert_eq!(key_of(" Ke59dab572219bf63 "), Some(FindingKey(0xe59d_ab57_2219_bf63)));
        assert_eq!([key_of("e59dab572219bf63"), key_of("k12"), key_of("")], [None; 3]);
        assert_eq!(word_of("Verified as true"), Some(DecisionWord::Settled(Disposition::Verified)));
        assert_eq!([word_of(""), word_of("done")], [None, None]);
    }
}
