//! What coding came to over a run: codes by verdict, what was mapped, and what a coder must decide.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::{
    codeset::{gem::Candidate, normalise::without_filler},
    coding::{frequency::CodeFrequency, mapping::Coded},
    partition::encounter::PackedCode,
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

/// How the codes of one kind of an input fit the revisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fit {
    /// Codes that were judged under an ICD.
    pub codes: u64,
    /// Those that are valid, or were once, under their own.
    pub own: u64,
    /// Of the others, those that would be codes of another system, in the order of [`CodeSystem::ALL`].
    pub others: [u64; CodeSystem::ALL.len()],
}

/// So few codes say nothing of a revision.
const FEWEST_CODES: u64 = 5;

impl Fit {
    /// The other revision that most codes fit, where most do not fit their own.
    pub fn other_revision(&self) -> Option<CodeSystem> {
        if self.codes < FEWEST_CODES || self.own * 2 >= self.codes {
            return None;
        }
        // Of two that fit alike the earlier in the order of reports: every code of ICD-10-CM has a category of ICD-10.
        let best = CodeSystem::ALL.into_iter().rev().max_by_key(|system| self.others[*system as usize])?;
        (self.others[best as usize] * 2 > self.codes).then_some(best)
    }
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
    /// Codes by system and verdict: those of ICD in the order of [`CodeSystem::ALL`].
    pub by_system: [[u64; CodeVerdict::ALL.len()]; CodeSystem::ALL.len()],
    /// Codes of other systems by name, diagnoses and procedures apart; the last place is of those that nobody could judge.
    pub by_other_system: [BTreeMap<String, [u64; CodeVerdict::ALL.len() + 1]>; 2],
    /// How the codes of each input fit the revisions, diagnoses and procedures apart: two places an input.
    pub fits: Vec<Fit>,
    /// Diagnoses and procedures whose leading zeros were restored.
    pub zeros_restored: u64,
    /// What was restored: system, text as written (as many characters as a code can have, without filler), the code, and how often.
    pub restored: FxHashMap<(CodeSystem, PackedCode, PackedCode), u64>,
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
    /// The place of the codes of one kind of an input.
    pub fn fit_of(&mut self, input: u16, procedure: bool) -> &mut Fit {
        let place = usize::from(input) * 2 + usize::from(procedure);
        if self.fits.len() <= place {
            self.fits.resize(place + 2, Fit::default());
        }
        &mut self.fits[place]
    }

    /// The lines that the layout of an input lacks, where its codes fit another revision than the one they were judged under.
    pub fn missing_revisions(&self, input: usize) -> String {
        let line = |(place, field): (usize, &str)| {
            let system = self.fits.get(input * 2 + place)?.other_revision()?;
            Some(format!("{field} = {{ constant = \"{}\" }}", system.name()))
        };
        let lines: Vec<String> =
            ["diagnosis_revision", "procedure_revision"].into_iter().enumerate().filter_map(line).collect();
        lines.join("; ")
    }

    /// Counts one code by its system and verdict.
    pub fn count(&mut self, coded: &Coded<'_>) {
        match (coded.system, coded.verdict) {
            (Some(system), Some(verdict)) => {
                self.by_system[system as usize][verdict as usize] += 1;
                let of_kind = if coded.procedure { &mut self.procedures } else { &mut self.diagnoses };
                of_kind[verdict as usize] += 1;
                if coded.zeros_restored {
                    self.zeros_restored += 1;
                    let written = PackedCode::new(without_filler(coded.raw).as_bytes()).unwrap_or_default();
                    *self.restored.entry((system, written, coded.code)).or_default() += 1;
                }
            }
            (_, verdict) => {
                let of_kind =
                    if coded.procedure { &mut self.procedures_other_system } else { &mut self.diagnoses_other_system };
                *of_kind += 1;
                let systems = &mut self.by_other_system[usize::from(coded.procedure)];
                let place = verdict.map_or(CodeVerdict::ALL.len(), |verdict| verdict as usize);
                match systems.get_mut(coded.other_system) {
                    Some(counts) => counts[place] += 1,
                    None => {
                        let name = shown(coded.other_system, || "the input".to_owned()).into_owned();
                        systems.entry(name).or_default()[place] += 1;
                    }
                }
            }
        }
    }

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
        for (own, theirs) in self.by_system.iter_mut().zip(other.by_system) {
            for (sum, more) in own.iter_mut().zip(theirs) {
                *sum += more;
            }
        }
        for (own, theirs) in self.by_other_system.iter_mut().zip(other.by_other_system) {
            for (name, counts) in theirs {
                for (sum, more) in own.entry(name).or_default().iter_mut().zip(counts) {
                    *sum += more;
                }
            }
        }
        if self.fits.len() < other.fits.len() {
            self.fits.resize(other.fits.len(), Fit::default());
        }
        for (own, theirs) in self.fits.iter_mut().zip(other.fits) {
            own.codes += theirs.codes;
            own.own += theirs.own;
            for (sum, more) in own.others.iter_mut().zip(theirs.others) {
                *sum += more;
            }
        }
        self.zeros_restored += other.zeros_restored;
        for (code, count) in other.restored {
            *self.restored.entry(code).or_default() += count;
        }
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
