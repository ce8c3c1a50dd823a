//! Maps codes to another system: the site's own map first, then the general equivalence map, and never silently where there is a choice.

use rustc_hash::FxHashMap;

use crate::{
    codeset::{
        gem::Mapping,
        sets::{CodeSets, GemDirection},
        site_map::SiteMap,
    },
    coding::tally::{CodeTally, Undecided},
    partition::encounter::{Diagnosis, PackedCode, Procedure},
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
    },
};

/// A map that a pipeline asks for.
#[derive(Debug, Clone)]
pub enum CodeMap {
    /// The site's own map, from a system by its name in the export.
    Site {
        /// System of the export: `snomed`, `icd9cm`, ...
        from: String,
        /// The map.
        map: SiteMap,
    },
    /// The general equivalence map of diagnoses.
    Gem {
        /// Direction.
        direction: GemDirection,
    },
}

impl CodeMap {
    /// Name of the system it maps from.
    pub fn from(&self) -> &str {
        match self {
            CodeMap::Site { from, .. } => from,
            CodeMap::Gem { direction: GemDirection::Forward } => CodeSystem::Icd9Cm.name(),
            CodeMap::Gem { direction: GemDirection::Backward } => CodeSystem::Icd10Cm.name(),
        }
    }
}

/// What mapping made of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mapped {
    /// The target; empty where none was chosen.
    pub code: PackedCode,
    /// The system of the target.
    pub system: Option<CodeSystem>,
    /// `site_map`, `gem`, `coder` or, where no map was asked for, empty.
    pub how: &'static str,
}

/// What was asked of the maps: whether of a procedure, the day, the system and the code.
type Question = (bool, Option<Day>, String, String);

/// Maps the codes of a partition and counts what became of every one. Answers are kept by code, since a partition has few distinct ones.
#[derive(Debug)]
pub struct Mapper<'m> {
    sets: &'m CodeSets,
    diagnosis_maps: &'m [CodeMap],
    procedure_maps: &'m [CodeMap],
    known: FxHashMap<Question, (Mapped, Option<Undecided>)>,
}

impl<'m> Mapper<'m> {
    /// A mapper over the maps of a pipeline, in the order they are tried.
    pub fn new(sets: &'m CodeSets, diagnosis_maps: &'m [CodeMap], procedure_maps: &'m [CodeMap]) -> Mapper<'m> {
        Mapper { sets, diagnosis_maps, procedure_maps, known: FxHashMap::default() }
    }

    /// Maps one diagnosis and counts it. A target must be valid on the day, where there is one.
    pub fn diagnosis(&mut self, diagnosis: &Diagnosis<'_>, on: Option<Day>, tally: &mut CodeTally) -> Mapped {
        if diagnosis.raw.is_empty() {
            return Mapped::default();
        }
        tally.zeros_restored += u64::from(diagnosis.zeros_restored);
        let verdict = diagnosis.judgement.map(|judgement| judgement.verdict);
        match verdict {
            Some(verdict) => tally.diagnoses[verdict as usize] += 1,
            None => tally.diagnoses_other_system += 1,
        }
        if diagnosis.zeros_ambiguous {
            tally.undecided(
                Undecided {
                    procedure: false,
                    from_system: CodeSystem::Icd9Cm.name().to_owned(),
                    from_code: diagnosis.raw.trim().to_owned(),
                    text: diagnosis.text.to_owned(),
                    reason: "leading zeros: another reading is valid too",
                    candidates: readings(self.sets, diagnosis.raw.trim(), diagnosis.code),
                },
                1,
            );
        }
        let maps = self.diagnosis_maps;
        let code = if diagnosis.system.is_some() { diagnosis.code.text() } else { diagnosis.raw.trim() };
        self.map(false, maps, diagnosis.system, diagnosis.other_system, code, diagnosis.text, verdict, on, tally)
    }

    /// Maps one procedure and counts it; the day as with diagnoses.
    pub fn procedure(&mut self, procedure: &Procedure<'_>, on: Option<Day>, tally: &mut CodeTally) -> Mapped {
        if procedure.raw.is_empty() {
            return Mapped::default();
        }
        let verdict = procedure.judgement.map(|judgement| judgement.verdict);
        match verdict {
            Some(verdict) => tally.procedures[verdict as usize] += 1,
            None => tally.procedures_other_system += 1,
        }
        let maps = self.procedure_maps;
        let code = if procedure.system.is_some() { procedure.code.text() } else { procedure.raw.trim() };
        self.map(true, maps, procedure.system, procedure.other_system, code, procedure.text, verdict, on, tally)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the facts of one code, spelled out once for diagnoses and procedures"
    )]
    fn map(
        &mut self,
        procedure: bool,
        maps: &[CodeMap],
        system: Option<CodeSystem>,
        other_system: &str,
        code: &str,
        text: &str,
        verdict: Option<CodeVerdict>,
        on: Option<Day>,
        tally: &mut CodeTally,
    ) -> Mapped {
        let from = match system {
            Some(system) => system.name(),
            None => other_system,
        };
        let valid = verdict == Some(CodeVerdict::Valid);
        let asked = maps.iter().any(|map| map.from() == from);
        if !asked && system.is_some() {
            // Nothing was asked of this code: it is resolved when it is valid.
            tally.unresolved += u64::from(!valid);
            return Mapped::default();
        }
        let key = (procedure, on, from.to_owned(), code.to_owned());
        let (mapped, undecided) =
            self.known.entry(key).or_insert_with(|| decide(self.sets, maps, system, from, code, on));
        match undecided {
            None => tally.mapped += 1,
            Some(undecided) => {
                tally.unresolved += 1;
                tally.undecided(Undecided { procedure, text: text.to_owned(), ..undecided.clone() }, 1);
            }
        }
        *mapped
    }
}

/// The readings of a code that lost zeros: the one taken first, then the others.
fn readings(sets: &CodeSets, written: &str, taken: PackedCode) -> Vec<String> {
    let table = sets.table(CodeSystem::Icd9Cm);
    let mut found = vec![taken.text().to_owned()];
    for width in written.len().max(3)..=5 {
        let padded = format!("{written:0>width$}");
        if padded != taken.text()
            && table
                .find(padded.as_bytes())
                .is_some_and(|id| table.in_force(id, Some(crate::codeset::normalise::ICD9_LAST)))
        {
            found.push(padded);
        }
    }
    found
}

fn decide(
    sets: &CodeSets,
    maps: &[CodeMap],
    system: Option<CodeSystem>,
    from: &str,
    code: &str,
    on: Option<Day>,
) -> (Mapped, Option<Undecided>) {
    let mut reason = "no map for this system";
    let mut candidates = Vec::new();
    for map in maps.iter().filter(|map| map.from() == from) {
        match map {
            CodeMap::Site { map, .. } => match map.find(from, code) {
                Some((target_system, target)) => {
                    return (Mapped { code: target, system: Some(target_system), how: "site_map" }, None);
                }
                None => reason = "not in the site map",
            },
            CodeMap::Gem { direction } => {
                let source = PackedCode::new(code.as_bytes()).unwrap_or_default();
                let target_system = match direction {
                    GemDirection::Forward => CodeSystem::Icd10Cm,
                    GemDirection::Backward => CodeSystem::Icd9Cm,
                };
                match sets.map(*direction, source, on) {
                    Mapping::One { target, .. } => {
                        return (Mapped { code: target, system: Some(target_system), how: "gem" }, None);
                    }
                    Mapping::NotInMap => {
                        reason = if system.is_some_and(|system| sets.table(system).find(code.as_bytes()).is_some()) {
                            "not in the map"
                        } else {
                            "unknown code"
                        }
                    }
                    Mapping::NoMap => reason = "no equivalent in the map",
                    Mapping::Several(clusters) => {
                        reason = "several candidates";
                        candidates = clusters.iter().map(crate::codeset::gem::Cluster::text).collect();
                    }
                    Mapping::Combination(clusters) => {
                        reason = "a combination of codes";
                        candidates = clusters.iter().map(crate::codeset::gem::Cluster::text).collect();
                    }
                }
            }
        }
    }
    let undecided = Undecided {
        procedure: false,
        from_system: from.to_owned(),
        from_code: code.to_owned(),
        text: String::new(),
        reason,
        candidates,
    };
    (Mapped { how: "coder", ..Mapped::default() }, Some(undecided))
}
