//! What coding came to over a run: codes by verdict, what was mapped, and what a coder must decide.

use std::collections::BTreeMap;

use crate::{
    codeset::gem::Candidate,
    coding::frequency::CodeFrequency,
    record::{
        code::{CodeSystem, CodeVerdict},
        long_text::{LONGEST_SHOWN, shown},
    },
};

/// A code that no rule may decide, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// Whether it is a procedure and not a diagnosis.
    pub procedure: bool,
    /// System it was written in.
    pub from_system: String,
    /// The code, normalised where its system is shipped, else as written.
    pub from_code: String,
    /// The export's own words for it, the first in the order of the alphabet.
    pub text: String,
    /// Why it is for a coder: `no map`, `several candidates`, `combination`, `not in the site map`, `unknown code`.
    pub reason: &'static str,
    /// System of the candidates.
    pub candidate_system: Option<CodeSystem>,
    /// Candidates; those of a general map are ranked when the run is over.
    pub candidates: Vec<Candidate>,
}

/// Codes of a run by what became of them. Integers only; the order of merging never shows.
#[derive(Debug, Clone, Default)]
pub struct CodeTally {
    /// Diagnoses by verdict, in the order of [`CodeVerdict::ALL`].
    pub diagnoses: [u64; CodeVerdict::ALL.len()],
    /// Diagnoses of a system that is not shipped.
    pub diagnoses_other_system: u64,
    /// Procedures by verdict.
    pub procedures: [u64; CodeVerdict::ALL.len()],
    /// Procedures of a system that is not shipped.
    pub procedures_other_system: u64,
    /// Diagnoses whose leading zeros were restored.
    pub zeros_restored: u64,
    /// Diagnoses and procedures mapped.
    pub mapped: u64,
    /// Of those, taken from several candidates as the first ranked.
    pub gem_ranked: u64,
    /// Of those, taken from several candidates because the map leads back from that one alone.
    pub gem_confirmed: u64,
    /// Diagnoses and procedures that coders decided have no target.
    pub no_target: u64,
    /// Diagnoses and procedures that a coder must decide, counted by occurrence.
    pub to_coder: u64,
    /// Codes neither valid nor mapped.
    pub unresolved: u64,
    /// What a coder must decide, with how often each stands.
    pub undecided: BTreeMap<(bool, String, String), (Undecided, u64)>,
    /// Codes of the systems that general maps lead to, by how often each stands.
    pub frequency: CodeFrequency,
}

impl CodeTally {
    /// Adds one occurrence of a code that a coder must decide.
    pub fn undecided(&mut self, mut undecided: Undecided, count: u64) {
        self.to_coder += count;
        for text in [&mut undecided.from_code, &mut undecided.text] {
            if text.len() > LONGEST_SHOWN {
                *text = shown(text, || "the input".to_owned()).into_owned();
            }
        }
        let key = (undecided.procedure, undecided.from_system.clone(), undecided.from_code.clone());
        match self.undecided.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert((undecided, count));
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let (kept, times) = entry.get_mut();
                *times += count;
                if !undecided.text.is_empty() && (kept.text.is_empty() || undecided.text < kept.text) {
                    kept.text = undecided.text;
                }
            }
        }
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: CodeTally) {
        for (sum, more) in self.diagnoses.iter_mut().zip(other.diagnoses) {
            *sum += more;
        }
        for (sum, more) in self.procedures.iter_mut().zip(other.procedures) {
            *sum += more;
        }
        self.diagnoses_other_system += other.diagnoses_other_system;
        self.procedures_other_system += other.procedures_other_system;
        self.zeros_restored += other.zeros_restored;
        self.mapped += other.mapped;
        self.gem_ranked += other.gem_ranked;
        self.gem_confirmed += other.gem_confirmed;
        self.no_target += other.no_target;
        self.frequency.merge(other.frequency);
        self.unresolved += other.unresolved;
        for (undecided, count) in other.undecided.into_values() {
            self.undecided(undecided, count);
        }
    }
}
