//! How often the codes of a system stand in the records of a run: the facility's own frequency, by which candidates are ranked.

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use crate::{
    codeset::gem::MapCandidate,
    coding::mapping::CodeMap,
    partition::encounter::{Encounter, PackedCode},
    record::code::{CodeSystem, CodeVerdict, Judgement},
    record::take_away::take_away_fields,
};

/// Occurrences by system and code, of codes that their system has. Kept for the target systems of general maps alone; a run has few distinct codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFrequency {
    counts: FxHashMap<(CodeSystem, PackedCode), u64>,
}

/// Whether a code is one that its system has, in force or not: others are no candidates of a map, and may be anything.
fn is_of_system(judgement: Option<Judgement>) -> bool {
    judgement.is_some_and(|judged| !matches!(judged.verdict, CodeVerdict::Unknown | CodeVerdict::Malformed))
}

impl CodeFrequency {
    /// Counts the codes of the systems that general maps lead to, over the encounters of a partition.
    pub fn count(&mut self, encounters: &[Encounter<'_>], diagnosis_maps: &[CodeMap], procedure_maps: &[CodeMap]) {
        let targets = |maps: &[CodeMap]| -> Vec<CodeSystem> { maps.iter().filter_map(CodeMap::general_to).collect() };
        let (diagnoses, procedures) = (targets(diagnosis_maps), targets(procedure_maps));
        for encounter in encounters {
            if !diagnoses.is_empty() {
                for diagnosis in encounter.diagnoses {
                    if is_of_system(diagnosis.judgement) {
                        self.add_where(&diagnoses, diagnosis.system, diagnosis.code);
                    }
                }
            }
            if !procedures.is_empty() {
                for procedure in encounter.procedures {
                    if is_of_system(procedure.judgement) {
                        self.add_where(&procedures, procedure.system, procedure.code);
                    }
                }
            }
        }
    }

    fn add_where(&mut self, targets: &[CodeSystem], system: Option<CodeSystem>, code: PackedCode) {
        if let Some(system) = system.filter(|system| targets.contains(system) && !code.is_empty()) {
            self.add(system, code, 1);
        }
    }

    /// Adds occurrences of a code.
    pub fn add(&mut self, system: CodeSystem, code: PackedCode, occurrences: u64) {
        *self.counts.entry((system, code)).or_default() += occurrences;
    }

    /// Adds the occurrences of another partition; sums do not depend on the order.
    pub fn merge(&mut self, other: CodeFrequency) {
        for ((system, code), occurrences) in other.counts {
            self.add(system, code, occurrences);
        }
    }

    /// Occurrences of a candidate; of a cluster those of its rarest code, since it stands at most as often.
    pub fn of(&self, system: CodeSystem, candidate: &MapCandidate) -> u64 {
        let of_code = |code: &PackedCode| self.counts.get(&(system, *code)).copied().unwrap_or(0);
        candidate.codes.iter().map(of_code).min().unwrap_or(0)
    }

    /// Ranks candidates: single exact ones, single approximate ones, clusters; within a rank the more frequent first, then by code.
    pub fn rank(&self, system: CodeSystem, candidates: &mut [MapCandidate]) {
        candidates.sort_by(|left, right| {
            let key = |candidate: &MapCandidate| (candidate.cluster, !candidate.cluster && candidate.approximate);
            key(left)
                .cmp(&key(right))
                .then_with(|| self.of(system, right).cmp(&self.of(system, left)))
                .then_with(|| left.codes.cmp(&right.codes))
        });
    }
}

take_away_fields!(CodeFrequency: counts);

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(codes: &str, approximate: bool) -> MapCandidate {
        let codes: Vec<PackedCode> =
            codes.split('+').map(|code| PackedCode::new(code.as_bytes()).expect("short")).collect();
        MapCandidate { cluster: codes.len() > 1, codes, approximate }
    }

    #[test]
    fn rank_goes_before_frequency_and_frequency_before_the_code() {
        let mut frequency = CodeFrequency::default();
        for (code, occurrences) in [("B", 1), ("C", 9), ("X", 100), ("Y", 3)] {
            frequency.add(CodeSystem::Icd10Cm, PackedCode::new(code.as_bytes()).expect("short"), occurrences);
        }
        let mut candidates = vec![
            candidate("X+Z", false),
            candidate("X+Y", true),
            candidate("A", true),
            candidate("C", true),
            candidate("E", false),
            candidate("D", false),
            candidate("B", false),
        ];
        frequency.rank(CodeSystem::Icd10Cm, &mut candidates);
        let ranked: Vec<String> = candidates.iter().map(MapCandidate::text).collect();
        assert_eq!(ranked, ["B", "D", "E", "C", "A", "X+Y", "X+Z"]);
        assert_eq!(frequency.of(CodeSystem::Icd10Cm, &candidate("X+Y", true)), 3, "as often as its rarest code");
        assert_eq!(frequency.of(CodeSystem::Icd9Cm, &candidate("X", true)), 0, "of another system");
    }
}
