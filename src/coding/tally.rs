//! What coding came to over a run: codes by verdict, what was mapped, and what a coder must decide.

use std::{borrow::Cow, collections::BTreeMap};

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use crate::{
    codeset::{gem::MapCandidate, normalise::without_filler, other_systems::OTHER_SYSTEMS},
    coding::{frequency::CodeFrequency, mapping::Coded},
    partition::encounter::PackedCode,
    record::take_away::TakeAway,
    record::{
        bounded::{BoundedSum, ByValue, Distinct},
        code::{CodeSystem, CodeVerdict},
        long_text::{LONGEST_SHOWN, shown},
    },
};

/// Different diagnoses, and procedures, that are listed for a coder; of more none is. Every code of ICD-10-CM are 74,000.
const MOST_UNDECIDED: usize = 100_000;
/// Bytes of these codes as they are written.
const MOST_UNDECIDED_BYTES: usize = 16 << 20;
/// Bytes of the export's own words for a code that a coder is shown.
const LONGEST_WORDS: usize = 2_000;
/// A code that no rule may decide, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    pub reason: Cow<'static, str>,
    /// System of the candidates.
    pub candidate_system: Option<CodeSystem>,
    /// Candidates; those of a general map are ranked when the run is over.
    pub candidates: Vec<MapCandidate>,
}

/// Codes by system, in the order of [`CodeSystem::ALL`], and by verdict, in that of [`CodeVerdict::ALL`].
pub type BySystem = [[u64; CodeVerdict::ALL.len()]; CodeSystem::ALL.len()];

/// How the codes of one kind of an input fit the revisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionFit {
    /// Codes that were judged under an ICD.
    pub codes: u64,
    /// Those that are valid, or were once, under their own.
    pub own: u64,
    /// Of the others, those that would be codes of another system, in the order of [`CodeSystem::ALL`], or have the form of one of [`OTHER_SYSTEMS`].
    pub others: FitOthers,
}

/// Codes by the systems of which they would be: those of [`CodeSystem::ALL`], then those of [`OTHER_SYSTEMS`].
pub type FitOthers = [u64; CodeSystem::ALL.len() + OTHER_SYSTEMS.len()];

/// So few codes say nothing of a revision.
const FEWEST_CODES: u64 = 5;

impl RevisionFit {
    /// The other revision that most codes fit, where most do not fit their own.
    pub fn other_revision(&self) -> Option<&'static str> {
        if self.codes < FEWEST_CODES || self.own * 2 >= self.codes {
            return None;
        }
        // Of two that fit alike the earlier in the order of reports: every code of ICD-10-CM has a category of ICD-10.
        let best = CodeSystem::ALL.into_iter().rev().max_by_key(|system| self.others[*system as usize])?;
        if self.others[best as usize] * 2 > self.codes {
            // Nearly every text with a category of ICD-10 fits ICD-10, a slip in a code of ICD-10-CM too; codes of ICD-10 that are none of ICD-10-CM are many
            // in a file of ICD-10 (as `layout draft` asks).
            let cm = self.others[CodeSystem::Icd10Cm as usize];
            let is_cm = best == CodeSystem::Icd10 && cm * 100 >= self.others[best as usize] * 85;
            return Some(if is_cm { CodeSystem::Icd10Cm } else { best }.name());
        }
        // Of systems that do not ship the form alone speaks: nearly all codes must have it, and of CPT some of HCPCS must not be CPT. A concept has its check digit.
        let of = |name: &str| {
            let place = OTHER_SYSTEMS.iter().position(|system| system.name == name);
            place.map_or(0, |place| self.others[CodeSystem::ALL.len() + place])
        };
        let (cpt, hcpcs) = (of("cpt"), of("hcpcs"));
        match () {
            () if of("snomed") * 2 > self.codes => Some("snomed"),
            () if hcpcs * 10 < self.codes * 9 => None,
            () if (hcpcs - cpt) * 20 >= self.codes => Some("hcpcs"),
            () => (cpt * 10 >= self.codes * 9).then_some("cpt"),
        }
    }
}

/// Codes of another system by verdict, in the order of [`CodeVerdict::ALL`]; last those that nobody could judge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherVerdicts(pub [u64; CodeVerdict::ALL.len() + 1]);

impl BoundedSum for OtherVerdicts {
    fn sum(&mut self, other: &OtherVerdicts) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }
}

/// Codes of a run by what became of them. Integers only; the order of merging never shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeTally {
    /// Codes of ICD of each input.
    by_input: Vec<BySystem>,
    /// Codes of each input that do not fit their own revision, by the systems of which they would be codes: diagnoses and procedures apart.
    fit_others: Vec<[FitOthers; 2]>,
    /// Diagnoses of a system that is not shipped.
    pub diagnoses_other_system: u64,
    /// Procedures of a system that is not shipped.
    pub procedures_other_system: u64,
    /// Codes of other systems by name, diagnoses and procedures apart; the last place is of those that nobody could judge.
    pub by_other_system: [ByValue<OtherVerdicts>; 2],
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
    /// Diagnoses and procedures that are listed there, and the bytes of their codes.
    held: [(usize, usize); 2],
    /// Diagnoses, and procedures, where too many different ones are for a coder to be listed: how often they stand, and which they are.
    too_many: [Option<Box<(u64, Distinct)>>; 2],
    /// Codes of the systems that general maps lead to, by how often each stands.
    pub frequency: CodeFrequency,
}

impl CodeTally {
    /// Counts that a code which does not fit its own revision would be one of another system, by its place in [`FitOthers`].
    pub fn fits_other(&mut self, coded: &Coded<'_>, place: usize) {
        let input = usize::from(coded.input);
        if self.fit_others.len() <= input {
            self.fit_others.resize(input + 1, Default::default());
        }
        self.fit_others[input][usize::from(coded.procedure)][place] += 1;
    }

    /// Codes of ICD of all inputs.
    pub fn by_system(&self) -> BySystem {
        let mut sums = BySystem::default();
        for codes in &self.by_input {
            add(&mut sums, codes);
        }
        sums
    }

    /// Diagnoses, or procedures, of ICD by verdict, in the order of [`CodeVerdict::ALL`].
    pub fn by_verdict(&self, procedures: bool) -> [u64; CodeVerdict::ALL.len()] {
        by_verdict(&self.by_system(), procedures)
    }

    /// How the codes of one kind of an input fit the revisions. A code that ended or is not in force yet, and a category, fit their own.
    fn fit(&self, input: usize, procedures: bool) -> RevisionFit {
        let by_verdict = self.by_input.get(input).map_or_else(Default::default, |codes| by_verdict(codes, procedures));
        let others = self.fit_others.get(input).map_or_else(Default::default, |others| others[usize::from(procedures)]);
        let fits_not = [CodeVerdict::Malformed, CodeVerdict::Unknown, CodeVerdict::WrongRevision];
        let codes = by_verdict.iter().sum();
        RevisionFit {
            codes,
            own: codes - fits_not.map(|verdict| by_verdict[verdict as usize]).iter().sum::<u64>(),
            others,
        }
    }

    /// The lines that the layout of an input lacks, where its codes fit another revision than the one they were judged under.
    pub fn missing_revisions(&self, input: usize) -> String {
        let line = |(procedures, field): (bool, &str)| {
            let system = self.fit(input, procedures).other_revision()?;
            Some(format!("{field} = {{ constant = \"{system}\" }}"))
        };
        let lines: Vec<String> =
            [(false, "diagnosis_revision"), (true, "procedure_revision")].into_iter().filter_map(line).collect();
        lines.join("; ")
    }

    /// Counts one code of ICD by its verdict.
    #[inline]
    pub fn judged(&mut self, input: u16, system: CodeSystem, verdict: CodeVerdict) {
        let input = usize::from(input);
        if self.by_input.len() <= input {
            self.by_input.resize(input + 1, BySystem::default());
        }
        self.by_input[input][system as usize][verdict as usize] += 1;
    }

    /// Counts one code by its system and verdict, and the zeros that were given back to it.
    pub fn count(&mut self, coded: &Coded<'_>) {
        match (coded.system, coded.verdict) {
            (Some(system), Some(verdict)) => {
                self.judged(coded.input, system, verdict);
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
                systems.of(&shown(coded.other_system, || "the input".to_owned())).0[place] += 1;
            }
        }
    }

    /// Adds one occurrence of a code that a coder must decide.
    pub fn undecided(&mut self, mut undecided: Undecided, count: u64) {
        self.to_coder += count;
        if undecided.from_code.len() > LONGEST_SHOWN {
            undecided.from_code = shown(&undecided.from_code, || "the input".to_owned()).into_owned();
        }
        if undecided.text.len() > LONGEST_WORDS {
            undecided.text.truncate(undecided.text.floor_char_boundary(LONGEST_WORDS));
            undecided.text.push_str(" ...");
        }
        let kind = usize::from(undecided.procedure);
        if let Some(too_many) = &mut self.too_many[kind] {
            too_many.0 += count;
            too_many.1.enter((&undecided.from_system, &undecided.from_code));
            return;
        }
        let key = (undecided.procedure, undecided.from_system.clone(), undecided.from_code.clone());
        match self.undecided.entry(key) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                self.held[kind].0 += 1;
                self.held[kind].1 += undecided.from_code.len();
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
        if self.held[kind].0 > MOST_UNDECIDED || self.held[kind].1 > MOST_UNDECIDED_BYTES {
            self.list_none(kind);
        }
    }

    /// Lists no diagnosis, or no procedure, for a coder from here on.
    fn list_none(&mut self, kind: usize) {
        let mut too_many = self.too_many[kind].take().unwrap_or_default();
        self.undecided.retain(|(procedure, system, code), (_, count)| {
            let is_of_kind = usize::from(*procedure) == kind;
            if is_of_kind {
                too_many.0 += *count;
                too_many.1.enter((system, code));
            }
            !is_of_kind
        });
        self.held[kind] = (0, 0);
        self.too_many[kind] = Some(too_many);
    }

    /// Different diagnoses, or procedures, that are too many to be listed for a coder; 0 where each is.
    pub fn too_many_undecided(&self, procedures: bool) -> u64 {
        self.too_many[usize::from(procedures)].as_deref().map_or(0, |too_many| too_many.1.count())
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: CodeTally) {
        if self.by_input.len() < other.by_input.len() {
            self.by_input.resize(other.by_input.len(), BySystem::default());
        }
        for (own, theirs) in self.by_input.iter_mut().zip(&other.by_input) {
            add(own, theirs);
        }
        if self.fit_others.len() < other.fit_others.len() {
            self.fit_others.resize(other.fit_others.len(), Default::default());
        }
        for (own, theirs) in
            self.fit_others.iter_mut().flatten().flatten().zip(other.fit_others.iter().flatten().flatten())
        {
            *own += theirs;
        }
        self.diagnoses_other_system += other.diagnoses_other_system;
        self.procedures_other_system += other.procedures_other_system;
        for (own, theirs) in self.by_other_system.iter_mut().zip(other.by_other_system) {
            own.merge(theirs);
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
        for (kind, theirs) in other.too_many.into_iter().enumerate() {
            if let Some(theirs) = theirs {
                self.list_none(kind);
                self.to_coder += theirs.0;
                let own = self.too_many[kind].get_or_insert_with(Box::default);
                own.0 += theirs.0;
                own.1.merge(theirs.1);
            }
        }
        for (undecided, count) in other.undecided.into_values() {
            self.undecided(undecided, count);
        }
    }
}

/// Adds up codes by system and verdict.
fn add(sums: &mut BySystem, more: &BySystem) {
    for (sum, more) in sums.iter_mut().flatten().zip(more.iter().flatten()) {
        *sum += more;
    }
}

fn by_verdict(codes: &BySystem, procedures: bool) -> [u64; CodeVerdict::ALL.len()] {
    let of_kind = CodeSystem::ALL.into_iter().filter(|system| system.is_of_procedures() == procedures);
    let of_kind: Vec<_> = of_kind.map(|system| codes[system as usize]).collect();
    std::array::from_fn(|verdict| of_kind.iter().map(|counts| counts[verdict]).sum())
}

impl TakeAway for OtherVerdicts {
    fn take_away(&mut self, part: &OtherVerdicts) -> bool {
        self.0.take_away(&part.0)
    }
}

impl TakeAway for CodeTally {
    /// The text that stands with a code which a coder must decide may stay behind.
    fn take_away(&mut self, part: &CodeTally) -> bool {
        let mut are_there = true;
        are_there &= self.by_input.take_away(&part.by_input);
        are_there &= self.fit_others.take_away(&part.fit_others);
        are_there &= self.diagnoses_other_system.take_away(&part.diagnoses_other_system);
        are_there &= self.procedures_other_system.take_away(&part.procedures_other_system);
        are_there &= self.by_other_system.take_away(&part.by_other_system);
        are_there &= self.zeros_restored.take_away(&part.zeros_restored);
        are_there &= self.restored.take_away(&part.restored);
        are_there &= self.mapped.take_away(&part.mapped);
        are_there &= self.gem_ranked.take_away(&part.gem_ranked);
        are_there &= self.gem_confirmed.take_away(&part.gem_confirmed);
        are_there &= self.no_target.take_away(&part.no_target);
        are_there &= self.to_coder.take_away(&part.to_coder);
        are_there &= self.unresolved.take_away(&part.unresolved);
        are_there &= self.frequency.take_away(&part.frequency);
        for (key, (_, count)) in &part.undecided {
            let Some((_, own)) = self.undecided.get_mut(key) else { return false };
            are_there &= own.take_away(count);
            if *own == 0 {
                self.undecided.remove(key);
                let held = &mut self.held[usize::from(key.0)];
                held.0 -= 1;
                held.1 -= key.2.len();
            }
        }
        are_there
    }
}

impl CodeTally {
    /// Whether every code that a coder must decide, and every other system, is told apart.
    pub fn is_told_apart(&self) -> bool {
        self.too_many.iter().all(Option::is_none) && self.by_other_system.iter().all(|systems| systems.too_many() == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 100 codes judged under ICD-9-CM, so many are codes of ICD-10-CM, and so many have a category of ICD-10.
    fn fit(cm: u64, who: u64) -> Option<&'static str> {
        let mut others = FitOthers::default();
        others[CodeSystem::Icd10Cm as usize] = cm;
        others[CodeSystem::Icd10 as usize] = who;
        RevisionFit { codes: 100, own: 0, others }.other_revision()
    }

    #[test]
    fn a_file_of_icd_10_cm_with_slips_is_none_of_icd_10() {
        assert_eq!(fit(100, 100), Some("icd10cm"));
        assert_eq!(fit(90, 99), Some("icd10cm"));
        assert_eq!(fit(60, 99), Some("icd10"));
        assert_eq!(fit(30, 40), None);
    }
}
