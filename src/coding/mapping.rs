//! Maps codes to another system: the site's own map first, then the general equivalence map, and never silently where there is a choice.

use rustc_hash::FxHashMap;

use crate::{
    codeset::{
        gem::{CodeMapping, MapCandidate},
        normalise::without_filler,
        other_systems::OTHER_SYSTEMS,
        readings::{KnownOfColumn, Readings, readings},
        sets::{CodeSets, GemDirection},
        site_map::{Decision, SiteMap},
    },
    coding::{
        frequency::CodeFrequency,
        tally::{CodeTally, Undecided},
    },
    partition::encounter::{CodeRepairs, Diagnosis, PackedCode, Procedure},
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
    },
};

/// Where a general equivalence map may be applied without a coder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GemPolicy {
    /// Where it names one single target.
    #[default]
    OneToOne,
    /// Where it names one single target and the meaning is the same.
    Exact,
    /// As one to one; of several single targets the first ranked, marked `gem_ranked`.
    FirstRanked,
    /// As one to one; of several single targets the only one from which the map leads back to the source, marked `gem_confirmed`.
    ReverseConfirmed,
}

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
    /// A general equivalence map.
    Gem {
        /// Direction.
        direction: GemDirection,
        /// Where it is applied.
        policy: GemPolicy,
    },
}

impl CodeMap {
    /// Name of the system it maps from.
    pub fn from(&self) -> &str {
        match self {
            CodeMap::Site { from, .. } => from,
            CodeMap::Gem { direction, .. } => direction.from().name(),
        }
    }

    /// The system that a general map leads to; of a site map, whose rows lead anywhere, none.
    pub fn general_to(&self) -> Option<CodeSystem> {
        match self {
            CodeMap::Site { .. } => None,
            CodeMap::Gem { direction, .. } => Some(direction.to()),
        }
    }

    /// Whether the facility's own frequency must be known before the first code is mapped.
    pub fn asks_frequency(&self) -> bool {
        matches!(self, CodeMap::Gem { policy: GemPolicy::FirstRanked, .. })
    }
}

/// What mapping made of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mapped<'m> {
    /// The target, the first of a cluster; empty where none was chosen.
    pub code: PackedCode,
    /// The other codes of a cluster.
    pub further: &'m [PackedCode],
    /// A cluster as text, `A+B`; empty where the target is one code.
    pub cluster: &'m str,
    /// The system of the target.
    pub system: Option<CodeSystem>,
    /// `site_map`, `no_target` (a coder's decision as well), `gem`, `gem_ranked`, `gem_confirmed`, `coder` or, where no map was asked for, empty.
    pub how: &'static str,
}

impl Mapped<'_> {
    /// Every code of the target as text; empty where none was chosen.
    pub fn text(&self) -> &str {
        if self.cluster.is_empty() { self.code.text() } else { self.cluster }
    }
}

/// What was asked of the maps: whether of a procedure, the day, the system and the code.
type Question = (bool, Option<Day>, String, String);

/// Maps the codes of a partition and counts what became of every one. Answers are kept by code, since a partition has few distinct ones.
#[derive(Debug)]
pub struct Mapper<'m> {
    sets: &'m CodeSets,
    diagnosis_maps: &'m [CodeMap],
    procedure_maps: &'m [CodeMap],
    frequency: &'m CodeFrequency,
    known: FxHashMap<Question, (Mapped<'m>, Option<Undecided>)>,
}

impl<'m> Mapper<'m> {
    /// A mapper over the maps of a pipeline, in the order they are tried. `frequency` is that of the whole run; only [`GemPolicy::FirstRanked`] asks it.
    pub fn new(
        sets: &'m CodeSets,
        diagnosis_maps: &'m [CodeMap],
        procedure_maps: &'m [CodeMap],
        frequency: &'m CodeFrequency,
    ) -> Mapper<'m> {
        Mapper { sets, diagnosis_maps, procedure_maps, frequency, known: FxHashMap::default() }
    }

    /// Maps one diagnosis and counts it. A target must be valid on the day, where there is one.
    #[inline]
    pub fn diagnosis(&mut self, diagnosis: &Diagnosis<'_>, on: Option<Day>, tally: &mut CodeTally) -> Mapped<'m> {
        let verdict = diagnosis.judgement.map(|judgement| judgement.verdict);
        // Nearly every code of nearly every run: valid as it stands, and no map asked for.
        if let (Some(system), Some(CodeVerdict::Valid)) = (diagnosis.system, verdict)
            && self.diagnosis_maps.is_empty()
            && !diagnosis.zeros_restored
        {
            tally.judged(diagnosis.origin.input, system, CodeVerdict::Valid);
            return Mapped::default();
        }
        let coded = Coded {
            procedure: false,
            input: diagnosis.origin.input,
            raw: diagnosis.raw,
            code: diagnosis.code,
            zeros_restored: diagnosis.zeros_restored,
            repairs: diagnosis.repairs,
            system: diagnosis.system,
            other_system: diagnosis.other_system,
            verdict: verdict.or(diagnosis.other_verdict),
            text: diagnosis.text,
        };
        self.one(&coded, self.diagnosis_maps, on, tally)
    }

    /// Maps one procedure and counts it; the day as with diagnoses.
    pub fn procedure(&mut self, procedure: &Procedure<'_>, on: Option<Day>, tally: &mut CodeTally) -> Mapped<'m> {
        let verdict = procedure.judgement.map(|judgement| judgement.verdict);
        let coded = Coded {
            procedure: true,
            input: procedure.origin.input,
            raw: procedure.raw,
            code: procedure.code,
            zeros_restored: procedure.zeros_restored,
            repairs: procedure.repairs,
            system: procedure.system,
            other_system: procedure.other_system,
            verdict: verdict.or(procedure.other_verdict),
            text: procedure.text,
        };
        self.one(&coded, self.procedure_maps, on, tally)
    }

    fn one(&mut self, coded: &Coded<'_>, maps: &'m [CodeMap], on: Option<Day>, tally: &mut CodeTally) -> Mapped<'m> {
        if coded.raw.is_empty() {
            return Mapped::default();
        }
        tally.count(coded);
        let valid = coded.verdict == Some(CodeVerdict::Valid);
        let Some(system) = coded.system else {
            if !wants_map(coded.other_system) && !maps.iter().any(|map| map.from() == coded.other_system) {
                // Judged under its own name, and nobody asked for another.
                tally.unresolved += u64::from(!valid);
                return Mapped::default();
            }
            return self.map(coded, maps, coded.raw.trim(), on, tally);
        };
        use CodeVerdict::{Malformed, Unknown, WrongRevision};
        if matches!(coded.verdict, Some(Malformed | Unknown | WrongRevision)) {
            self.count_fit(coded, system, tally);
        }
        if coded.verdict == Some(CodeVerdict::SeveralReadings) {
            return self.several_readings(coded, system, maps, on, tally);
        }
        if maps.is_empty() {
            tally.unresolved += u64::from(!valid);
            return Mapped::default();
        }
        self.map(coded, maps, coded.code.text(), on, tally)
    }

    /// Counts the other systems that a code fits which does not fit its own.
    #[cold]
    fn count_fit(&self, coded: &Coded<'_>, system: CodeSystem, tally: &mut CodeTally) {
        let alike = |other: &CodeSystem| *other != system && other.is_of_procedures() == coded.procedure;
        for other in CodeSystem::ALL.into_iter().filter(alike) {
            let judged = self.sets.table(other).judge(coded.code.text().as_bytes(), None);
            if judged.verdict == CodeVerdict::Valid {
                tally.fits_other(coded, other as usize);
            }
        }
        let text = if coded.code.is_empty() { coded.raw.trim() } else { coded.code.text() };
        for (place, other) in OTHER_SYSTEMS.iter().enumerate() {
            if other.has(coded.procedure) && (other.is_well_formed)(text) {
                tally.fits_other(coded, CodeSystem::ALL.len() + place);
            }
        }
    }

    /// A text with several readings: what coders decided of it stands under the text as it was written; where they did not, all readings go to them.
    fn several_readings(
        &mut self,
        coded: &Coded<'_>,
        system: CodeSystem,
        maps: &'m [CodeMap],
        on: Option<Day>,
        tally: &mut CodeTally,
    ) -> Mapped<'m> {
        let written = without_filler(coded.raw);
        let decided = maps.iter().find_map(|map| match map {
            CodeMap::Site { from, map } if from == system.name() => map.find_as_written(from, written),
            _ => None,
        });
        if let Some(decision) = decided {
            let mapped = by_site_map(decision);
            tally.mapped += u64::from(!mapped.code.is_empty());
            tally.no_target += u64::from(mapped.code.is_empty());
            return mapped;
        }
        let known =
            KnownOfColumn { zeros_lost: true, x_is_filler: coded.repairs.x_is_filler, dotted_column: false, on };
        let candidates = match readings(self.sets.table(system), coded.raw.as_bytes(), known) {
            Readings::Several(codes) => codes,
            Readings::One(one) => vec![one.code],
        };
        let candidate = |code| MapCandidate { codes: vec![code], cluster: false, approximate: false };
        tally.unresolved += 1;
        tally.undecided(
            Undecided {
                procedure: coded.procedure,
                from_system: system.name().to_owned(),
                from_code: written.to_owned(),
                text: coded.text.to_owned(),
                reason: "leading zeros are lost: the text can be several codes".into(),
                candidate_system: Some(system),
                candidates: candidates.into_iter().map(candidate).collect(),
            },
            1,
        );
        Mapped { how: if maps.is_empty() { "" } else { "coder" }, ..Mapped::default() }
    }

    fn map(
        &mut self,
        coded: &Coded<'_>,
        maps: &'m [CodeMap],
        code: &str,
        on: Option<Day>,
        tally: &mut CodeTally,
    ) -> Mapped<'m> {
        let Coded { procedure, system, other_system, verdict, text, .. } = *coded;
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
            self.known.entry(key).or_insert_with(|| decide(self.sets, self.frequency, maps, system, from, code, on));
        match undecided {
            None if mapped.code.is_empty() => tally.no_target += 1,
            None => {
                tally.mapped += 1;
                tally.gem_ranked += u64::from(mapped.how == RANKED);
                tally.gem_confirmed += u64::from(mapped.how == CONFIRMED);
            }
            Some(undecided) => {
                tally.unresolved += 1;
                tally.undecided(Undecided { procedure, text: text.to_owned(), ..undecided.clone() }, 1);
            }
        }
        *mapped
    }
}

const RANKED: &str = "gem_ranked";
const CONFIRMED: &str = "gem_confirmed";

/// Whether codes of a system that is no ICD are of use here only once they are mapped: clinical terms and a site's own codes are, procedures for payment and
/// the codes of tumour registries stand for themselves.
fn wants_map(system: &str) -> bool {
    !OTHER_SYSTEMS.iter().any(|other| other.name == system && other.name != "snomed")
}

/// The facts of one code, of diagnoses and procedures alike.
#[derive(Debug, Clone, Copy)]
pub struct Coded<'c> {
    /// Whether it is a procedure.
    pub procedure: bool,
    /// The input it stood in.
    pub input: u16,
    /// As written.
    pub raw: &'c str,
    /// As read.
    pub code: PackedCode,
    /// Whether zeros were given back.
    pub zeros_restored: bool,
    /// What the layout says of its column.
    pub repairs: CodeRepairs,
    /// Its system.
    pub system: Option<CodeSystem>,
    /// The revision as written, where it is no ICD.
    pub other_system: &'c str,
    /// The verdict; none where nothing says what it is of.
    pub verdict: Option<CodeVerdict>,
    /// The export's own words.
    pub text: &'c str,
}

/// What coders decided, as a mapping.
fn by_site_map(decision: &Decision) -> Mapped<'_> {
    match decision {
        Decision::NoTarget => Mapped { how: "no_target", ..Mapped::default() },
        Decision::Codes { system, codes, text } => {
            let (code, further) =
                codes.split_first().map_or((PackedCode::default(), &[][..]), |(first, rest)| (*first, rest));
            let cluster = if further.is_empty() { "" } else { text.as_str() };
            Mapped { code, further, cluster, system: Some(*system), how: "site_map" }
        }
    }
}

/// What is taken without a coder: the code and the word for it; otherwise why not.
fn choose(
    sets: &CodeSets,
    frequency: &CodeFrequency,
    (direction, policy): (GemDirection, GemPolicy),
    source: PackedCode,
    mapping: &CodeMapping,
) -> Result<(PackedCode, &'static str), &'static str> {
    let several = match mapping {
        CodeMapping::NotInMap => return Err("not in the map"),
        CodeMapping::NoMap => return Err("no equivalent in the map"),
        CodeMapping::One { approximate: true, .. } if policy == GemPolicy::Exact => return Err("approximate only"),
        CodeMapping::One { target, .. } => return Ok((*target, "gem")),
        CodeMapping::Combination(_) => return Err("a combination of codes"),
        CodeMapping::Several(_) => "several candidates",
        CodeMapping::Changed(_, how) => how.reason(),
    };
    let mut singles = mapping.candidates();
    singles.retain(|candidate| !candidate.cluster);
    match policy {
        GemPolicy::OneToOne | GemPolicy::Exact => Err(several),
        GemPolicy::FirstRanked => {
            frequency.rank(direction.to(), &mut singles);
            singles.first().map(|first| (first.codes[0], RANKED)).ok_or(several)
        }
        GemPolicy::ReverseConfirmed => {
            let leads_back = |candidate: &MapCandidate| {
                let back = sets.map(direction.reverse(), candidate.codes[0], None).candidates();
                back.iter().any(|target| !target.cluster && target.codes == [source])
            };
            singles.retain(leads_back);
            match singles.as_slice() {
                [only] => Ok((only.codes[0], CONFIRMED)),
                _ => Err(several),
            }
        }
    }
}

fn decide<'m>(
    sets: &CodeSets,
    frequency: &CodeFrequency,
    maps: &'m [CodeMap],
    system: Option<CodeSystem>,
    from: &str,
    code: &str,
    on: Option<Day>,
) -> (Mapped<'m>, Option<Undecided>) {
    let mut reason = "no map for this system";
    let mut candidates = Vec::new();
    let mut candidate_system = None;
    for map in maps.iter().filter(|map| map.from() == from) {
        match map {
            CodeMap::Site { map, .. } => match map.find(from, code) {
                Some(decision) => return (by_site_map(decision), None),
                None => reason = "not in the site map",
            },
            CodeMap::Gem { direction, policy } => {
                let source = PackedCode::new(code.as_bytes()).unwrap_or_default();
                let mapping = sets.map(*direction, source, on);
                match choose(sets, frequency, (*direction, *policy), source, &mapping) {
                    Ok((code, how)) => {
                        return (Mapped { code, system: Some(direction.to()), how, ..Mapped::default() }, None);
                    }
                    Err(why) => reason = why,
                }
                let is_code = |system| sets.table(system).find(code.as_bytes()).is_some();
                if mapping == CodeMapping::NotInMap && !system.is_some_and(is_code) {
                    reason = "unknown code";
                }
                candidates = mapping.candidates();
                candidate_system = Some(direction.to());
            }
        }
    }
    let undecided = Undecided {
        procedure: false,
        from_system: from.to_owned(),
        from_code: code.to_owned(),
        text: String::new(),
        reason: reason.into(),
        candidate_system,
        candidates,
    };
    (Mapped { how: "coder", ..Mapped::default() }, Some(undecided))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::gem::Gem;

    // Made up. 1: one exact target. 2: one approximate. 3: two singles, one led back from. 4: two singles, both led back from. 5: two singles, neither;
    // Y leads back only within a cluster. 6: a cluster alone. 7: a single beside a cluster. 8: no map. 9: an exact and an approximate single.
    const THERE: &str = "1\tA\t00000\n2\tB\t10000\n3\tC\t10000\n3\tD\t10000\n4\tE\t10000\n4\tF\t10000\n5\tX\t10000\n5\tY\t10000\n6\tG\t10111\n6\tH\t10112\n7\tJ\t10000\n7\tG\t10111\n7\tH\t10112\n8\tNoDx\t11000\n9\tK\t10000\n9\tL\t00000\n";
    const BACK: &str = "C\t3\t10000\nD\t30\t10000\nE\t4\t10000\nF\t4\t10000\nX\t50\t10000\nY\t5\t10111\nY\t51\t10112\n";

    fn packed(code: &str) -> PackedCode {
        PackedCode::new(code.as_bytes()).expect("short")
    }

    fn decided(policy: GemPolicy, direction: GemDirection, code: &str) -> (String, String) {
        let sets =
            CodeSets::default().with_map(direction, Gem::read(THERE)).with_map(direction.reverse(), Gem::read(BACK));
        let mut frequency = CodeFrequency::default();
        // D stands more often than C, F as often as E; K, approximate, more often than L.
        for (code, occurrences) in [("D", 5), ("C", 2), ("E", 1), ("F", 1), ("K", 9)] {
            frequency.add(direction.to(), packed(code), occurrences);
        }
        let maps = [CodeMap::Gem { direction, policy }];
        let from = direction.from();
        let (mapped, undecided) = decide(&sets, &frequency, &maps, Some(from), from.name(), code, None);
        match undecided {
            Some(undecided) => (String::new(), undecided.reason.into_owned()),
            None => (mapped.text().to_owned(), mapped.how.to_owned()),
        }
    }

    #[test]
    fn each_policy_takes_what_it_may_and_leaves_the_rest_to_a_coder() {
        use GemPolicy::{Exact, FirstRanked, OneToOne, ReverseConfirmed};
        const SEVERAL: (&str, &str) = ("", "several candidates");
        const ALL: [GemPolicy; 4] = [OneToOne, Exact, FirstRanked, ReverseConfirmed];
        let one = [("A", "gem"); 4];
        let near = [("B", "gem"), ("", "approximate only"), ("B", "gem"), ("B", "gem")];
        let cluster = [("", "a combination of codes"); 4];
        let none = [("", "no equivalent in the map"); 4];
        for (code, expected) in [
            ("1", one),
            ("2", near),
            ("3", [SEVERAL, SEVERAL, ("D", "gem_ranked"), ("C", "gem_confirmed")]),
            ("4", [SEVERAL, SEVERAL, ("E", "gem_ranked"), SEVERAL]),
            ("5", [SEVERAL, SEVERAL, ("X", "gem_ranked"), SEVERAL]),
            ("6", cluster),
            ("7", [SEVERAL, SEVERAL, ("J", "gem_ranked"), SEVERAL]),
            ("8", none),
            ("9", [SEVERAL, SEVERAL, ("L", "gem_ranked"), SEVERAL]),
            ("99", [("", "unknown code"); 4]),
        ] {
            for direction in [GemDirection::Forward, GemDirection::ProceduresForward] {
                for (policy, expected) in ALL.into_iter().zip(expected) {
                    let (target, how) = decided(policy, direction, code);
                    assert_eq!((target.as_str(), how.as_str()), expected, "{code} {policy:?} {direction:?}");
                }
            }
        }
    }
}
