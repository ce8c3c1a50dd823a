//! General equivalence maps: approximate, no map, combination, scenario and choice list understood.
//!
//! A cluster is one code from every choice list within a scenario (CMS, Diagnosis Code Set General Equivalence Mappings, documentation and user's guide).

use std::{collections::BTreeMap, sync::LazyLock};

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use crate::{
    codeset::{normalise::ICD9_LAST, release::equivalence::is_no_target},
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// First day on which ICD-10 is reported.
const ICD10_FIRST: Day = Day(ICD9_LAST.0 + 1);

/// What a map says of one source code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeMapping {
    /// The map does not have the source.
    NotInMap,
    /// There is no equivalent: the map says so.
    NoMap,
    /// Exactly one target, alone sufficient.
    One {
        /// The target.
        target: PackedCode,
        /// The meaning is near, not the same.
        approximate: bool,
    },
    /// Several targets, each alone sufficient; one must be chosen. Also a source that has single targets beside combinations.
    Several(Vec<Cluster>),
    /// Only combinations of targets together say what the source says.
    Combination(Vec<Cluster>),
    /// Since the map's edition the source or its targets changed: what is left is a coder's choice, even of one; none where all targets ended.
    Changed(Vec<Cluster>, CodeChange),
}

/// What changed since the edition of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeChange {
    /// The source is newer than the map; its clusters are those of the code it was divided from.
    SourceNew,
    /// The source ended before the map; its clusters are those of the codes it was divided into.
    SourceEnded,
    /// The one target was divided; the clusters are the codes it was divided into.
    TargetDivided,
    /// The one target, or all of several, ended.
    TargetEnded,
    /// Of several targets all but one ended.
    OthersEnded,
    /// A later edition of the map has other targets; the clusters are those of both.
    LaterEdition,
}

impl CodeChange {
    /// Why a coder is asked.
    pub fn reason(self) -> &'static str {
        match self {
            CodeChange::SourceNew => "newer than the map: approximate, by the code it was divided from",
            CodeChange::SourceEnded => "ended before the map: approximate, by the codes it was divided into",
            CodeChange::TargetDivided => "its target was divided since the map",
            CodeChange::TargetEnded => "its target ended since the map",
            CodeChange::OthersEnded => "its other targets ended since the map",
            CodeChange::LaterEdition => "a later edition of the map has other targets",
        }
    }
}

/// One way to say the source: one code from every choice list of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The scenario; 0 for a single target.
    pub scenario: u8,
    /// The choice lists: for each, the codes to choose one from.
    pub choices: Vec<Vec<PackedCode>>,
    /// The meaning is near, not the same.
    pub approximate: bool,
}

impl Cluster {
    /// Every choice of one code from each list; a code that two lists share is not joined to itself.
    fn candidates(&self) -> Vec<MapCandidate> {
        let mut chosen: Vec<Vec<PackedCode>> = vec![Vec::new()];
        for list in &self.choices {
            chosen = chosen
                .iter()
                .flat_map(|earlier| list.iter().map(|code| [earlier.as_slice(), &[*code]].concat()))
                .collect();
        }
        for codes in &mut chosen {
            let mut seen = Vec::with_capacity(codes.len());
            codes.retain(|code| {
                !seen.contains(code) && {
                    seen.push(*code);
                    true
                }
            });
        }
        let as_candidate = |codes| MapCandidate { codes, cluster: self.scenario != 0, approximate: self.approximate };
        chosen.into_iter().map(as_candidate).collect()
    }

    /// The cluster in words: `E119`, or `T508X1A or T508X2A with Y92009`.
    pub fn text(&self) -> String {
        let lists: Vec<String> = self
            .choices
            .iter()
            .map(|list| list.iter().map(PackedCode::text).collect::<Vec<_>>().join(" or "))
            .collect();
        lists.join(" with ")
    }
}

/// One way to say the source, with every choice made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MapCandidate {
    /// The codes, in the order of the choice lists; one where it is no cluster.
    pub codes: Vec<PackedCode>,
    /// Whether the codes say the source only together, by a scenario of the map.
    pub cluster: bool,
    /// The meaning is near, not the same.
    pub approximate: bool,
}

impl MapCandidate {
    /// As a coder writes it: `E119`, or `T508X1A+Y92009`.
    pub fn text(&self) -> String {
        self.codes.iter().map(PackedCode::text).collect::<Vec<_>>().join("+")
    }
}

/// The sources that the edition that ships (CDC, fiscal year 2013) leads to one target, and an edition of 2014, 2015, 2016 or 2018 to others: system, source, the first
/// such edition, and the single targets of the later editions. Facts of the editions as published; see `tables/README.md`.
const CHANGED: &str = include_str!("tables/gem_changed.tsv");

/// The targets that later editions have for a source of the map from a system, where they are others than the one that ships; `None` where they are not.
pub fn later_targets(from: CodeSystem, source: PackedCode) -> Option<&'static [PackedCode]> {
    static LATER: LazyLock<FxHashMap<(CodeSystem, PackedCode), Vec<PackedCode>>> = LazyLock::new(|| {
        let rows = CHANGED.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            let system = CodeSystem::from_name(cells.next()?)?;
            let source = PackedCode::new(cells.next()?.as_bytes())?;
            let targets = cells.nth(1)?.split_ascii_whitespace();
            Some(((system, source), targets.filter_map(|code| PackedCode::new(code.as_bytes())).collect()))
        });
        rows.collect()
    });
    LATER.get(&(from, source)).map(Vec::as_slice)
}

#[derive(Debug, Clone, Copy)]
struct GemRow {
    source: PackedCode,
    target: PackedCode,
    approximate: bool,
    no_map: bool,
    combination: bool,
    scenario: u8,
    choice: u8,
}

/// One direction of the map.
#[derive(Debug)]
pub struct Gem {
    /// In the order of sources, and of one source in that of the map.
    rows: Vec<GemRow>,
    /// First day in force: its codes of ICD-10 are those of that day.
    pub edition: Day,
    /// Whether it is the edition that ships, which others followed.
    pub shipped: bool,
}

impl Default for Gem {
    fn default() -> Gem {
        Gem { rows: Vec::new(), edition: ICD10_FIRST, shipped: false }
    }
}

impl Gem {
    /// Reads the table that ships.
    pub fn read_shipped(text: &str) -> Gem {
        Gem { shipped: true, ..Gem::read(text) }
    }

    /// Reads a table in the form of the shipped one: source, target, five flags.
    pub fn read(text: &str) -> Gem {
        let mut gem = Gem::default();
        for line in text.lines() {
            let mut parts = line.split('\t');
            if let (Some(source), Some(target), Some(flags)) = (parts.next(), parts.next(), parts.next()) {
                gem.add(source, target, flags);
            }
        }
        gem.sorted()
    }

    /// Makes a map of the rows of an imported release, in force from a day: source, target, five flags.
    pub fn from_rows(rows: &[Vec<String>], edition: Day) -> Gem {
        let mut gem = Gem { edition, ..Gem::default() };
        for row in rows {
            if let [source, target, flags, ..] = row.as_slice() {
                gem.add(source, target, flags);
            }
        }
        gem.sorted()
    }

    /// Adds one row; a row that has not this form is none.
    fn add(&mut self, source: &str, target: &str, flags: &str) {
        let (Some(source), &[approximate, _, combination, scenario, choice]) =
            (PackedCode::new(source.as_bytes()), flags.as_bytes())
        else {
            return;
        };
        self.rows.push(GemRow {
            source,
            target: PackedCode::new(target.as_bytes()).unwrap_or_default(),
            approximate: approximate == b'1',
            // As published, the target and the flag contradict each other in a few rows; the target counts.
            no_map: is_no_target(target),
            combination: combination == b'1',
            scenario: scenario.wrapping_sub(b'0'),
            choice: choice.wrapping_sub(b'0'),
        });
    }

    fn sorted(mut self) -> Gem {
        self.rows.sort_by_key(|row| row.source);
        self
    }

    /// Number of sources, of sources without a map, and of combination rows.
    pub fn counts(&self) -> (usize, usize, usize) {
        let sources = self.rows.chunk_by(|left, right| left.source == right.source).count();
        let count = |is: fn(&GemRow) -> bool| self.rows.iter().filter(|row| is(row)).count();
        (sources, count(|row| row.no_map), count(|row| row.combination))
    }

    /// The sources that begin with a text, in order.
    pub fn sources_under(&self, beginning: &str) -> Vec<PackedCode> {
        let mut sources: Vec<PackedCode> =
            self.rows.iter().map(|row| row.source).filter(|source| source.text().starts_with(beginning)).collect();
        sources.dedup();
        sources
    }

    /// What the map says of a source.
    pub fn map(&self, source: PackedCode) -> CodeMapping {
        let start = self.rows.partition_point(|row| row.source < source);
        let rows = &self.rows[start..];
        let rows = &rows[..rows.partition_point(|row| row.source == source)];
        if rows.is_empty() {
            return CodeMapping::NotInMap;
        }
        if rows.iter().any(|row| row.no_map) {
            return CodeMapping::NoMap;
        }
        let mut clusters: Vec<Cluster> = rows
            .iter()
            .filter(|row| !row.combination)
            .map(|row| Cluster { scenario: 0, choices: vec![vec![row.target]], approximate: row.approximate })
            .collect();
        let mut scenarios: BTreeMap<u8, (BTreeMap<u8, Vec<PackedCode>>, bool)> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.combination) {
            let (lists, approximate) = scenarios.entry(row.scenario).or_default();
            lists.entry(row.choice).or_default().push(row.target);
            *approximate |= row.approximate;
        }
        clusters.extend(scenarios.into_iter().map(|(scenario, (lists, approximate))| Cluster {
            scenario,
            choices: lists.into_values().collect(),
            approximate,
        }));
        CodeMapping::from_clusters(clusters)
    }
}

impl CodeMapping {
    /// What the clusters of one source amount to, in order: single before combination, exact before approximate, otherwise as the map has them.
    fn from_clusters(mut clusters: Vec<Cluster>) -> CodeMapping {
        clusters.sort_by_key(|cluster| (cluster.choices.len(), cluster.approximate));
        match clusters.as_slice() {
            [] => CodeMapping::NoMap,
            [only] if only.scenario == 0 => {
                CodeMapping::One { target: only.choices[0][0], approximate: only.approximate }
            }
            all if all.iter().all(|cluster| cluster.scenario != 0) => CodeMapping::Combination(clusters),
            _ => CodeMapping::Several(clusters),
        }
    }

    /// The ways the mapping gives to say the source; none where it has no equivalent.
    pub fn clusters(&self) -> Vec<Cluster> {
        match self {
            CodeMapping::NotInMap | CodeMapping::NoMap => Vec::new(),
            CodeMapping::One { target, approximate } => {
                vec![Cluster { scenario: 0, choices: vec![vec![*target]], approximate: *approximate }]
            }
            CodeMapping::Several(clusters) | CodeMapping::Combination(clusters) | CodeMapping::Changed(clusters, _) => {
                clusters.clone()
            }
        }
    }

    /// The same with every choice made, each set of codes once; ranked by nothing yet.
    pub fn candidates(&self) -> Vec<MapCandidate> {
        let mut candidates: Vec<MapCandidate> = Vec::new();
        for candidate in self.clusters().iter().flat_map(Cluster::candidates) {
            let same = |known: &MapCandidate| known.codes == candidate.codes && known.cluster == candidate.cluster;
            match candidates.iter_mut().find(|known| same(known)) {
                Some(known) => known.approximate &= candidate.approximate,
                None => candidates.push(candidate),
            }
        }
        candidates
    }

    /// The mapping with each target replaced by what stands for it on a day: itself, the codes it was divided into, or nothing.
    ///
    /// Only one target that stands for itself stays the one to take; whatever was divided or lost an alternative is a coder's choice, even of one.
    /// A cluster that lost a whole choice list can no longer be said.
    #[must_use]
    pub fn with_successors(self, successors: impl Fn(PackedCode) -> Vec<PackedCode>) -> CodeMapping {
        let mut kept = Vec::new();
        for cluster in self.clusters() {
            let choices: Vec<Vec<PackedCode>> = cluster
                .choices
                .iter()
                .map(|list| list.iter().flat_map(|target| successors(*target)).collect())
                .collect();
            let approximate = cluster.approximate || choices != cluster.choices;
            if cluster.scenario == 0 {
                kept.extend(choices.into_iter().flatten().map(|target| Cluster {
                    scenario: 0,
                    choices: vec![vec![target]],
                    approximate,
                }));
            } else if choices.iter().all(|list| !list.is_empty()) {
                kept.push(Cluster { scenario: cluster.scenario, choices, approximate });
            }
        }
        match self {
            CodeMapping::NotInMap | CodeMapping::NoMap => self,
            CodeMapping::Changed(_, how) => CodeMapping::Changed(kept, how),
            _ if kept.is_empty() => CodeMapping::Changed(kept, CodeChange::TargetEnded),
            CodeMapping::One { target, .. } if kept.iter().all(|cluster| cluster.choices[0][0] == target) => self,
            CodeMapping::One { .. } => CodeMapping::Changed(kept, CodeChange::TargetDivided),
            CodeMapping::Combination(_) => CodeMapping::Combination(kept),
            CodeMapping::Several(_) if kept.len() == 1 => CodeMapping::Changed(kept, CodeChange::OthersEnded),
            CodeMapping::Several(_) => CodeMapping::Several(kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A made-up map: one exact target, two targets, one scenario of two choice lists beside a single target, no map.
    const MAP: &str = "1\tA\t00000\n2\tB\t10000\n2\tC\t00000\n3\tD\t10111\n3\tE\t10111\n3\tF\t10112\n4\tG\t10000\n4\tH\t10111\n4\tI\t10112\n5\tNoDx\t11000\n";

    fn code(text: &str) -> PackedCode {
        PackedCode::new(text.as_bytes()).expect("short")
    }

    fn words(mapping: &CodeMapping) -> Vec<String> {
        mapping.clusters().iter().map(Cluster::text).collect()
    }

    #[test]
    fn flags_become_single_targets_choices_and_combinations() {
        let gem = Gem::read(MAP);
        assert_eq!(gem.counts(), (5, 1, 5));
        assert_eq!(gem.map(code("1")), CodeMapping::One { target: code("A"), approximate: false });
        assert!(matches!(gem.map(code("2")), CodeMapping::Several(_)));
        assert_eq!(words(&gem.map(code("2"))), ["C", "B"], "exact first");
        assert!(matches!(gem.map(code("3")), CodeMapping::Combination(_)));
        assert_eq!(words(&gem.map(code("3"))), ["D or E with F"]);
        assert!(
            matches!(gem.map(code("4")), CodeMapping::Several(_)),
            "a choice between a single code and a combination"
        );
        assert_eq!(words(&gem.map(code("4"))), ["G", "H with I"]);
        assert_eq!(gem.map(code("5")), CodeMapping::NoMap);
        assert_eq!(gem.map(code("6")), CodeMapping::NotInMap);
    }

    #[test]
    fn targets_that_ended_are_replaced_by_what_they_were_divided_into() {
        let gem = Gem::read(MAP);
        // A was divided into A1 and A2, C and E ended, I was divided into one code only.
        let on_day = |text: &str| {
            gem.map(code(text)).with_successors(|target| match target.text() {
                "A" => vec![code("A1"), code("A2")],
                "C" | "E" => vec![],
                "I" => vec![code("I1")],
                _ => vec![target],
            })
        };
        assert!(matches!(on_day("1"), CodeMapping::Changed(_, CodeChange::TargetDivided)), "a coder decides");
        assert_eq!(words(&on_day("1")), ["A1", "A2"]);
        assert!(on_day("1").clusters().iter().all(|cluster| cluster.approximate));
        assert!(
            matches!(on_day("2"), CodeMapping::Changed(_, CodeChange::OthersEnded)),
            "one is left, and still a coder's"
        );
        assert_eq!(words(&on_day("2")), ["B"]);
        assert_eq!(words(&on_day("3")), ["D with F"]);
        assert_eq!(words(&on_day("4")), ["G", "H with I1"]);
        let ended = |text: &str| gem.map(code(text)).with_successors(|_| vec![]);
        for source in ["1", "2", "3", "4"] {
            assert_eq!(ended(source), CodeMapping::Changed(vec![], CodeChange::TargetEnded), "{source}");
        }
        assert_eq!(ended("5"), CodeMapping::NoMap);
        assert_eq!(ended("6"), CodeMapping::NotInMap);
    }
}
