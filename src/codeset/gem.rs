//! General equivalence maps: approximate, no map, combination, scenario and choice list understood.
//!
//! A cluster is one code from every choice list within a scenario (CMS, Diagnosis Code Set General Equivalence Mappings, documentation and user's guide).

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::partition::encounter::PackedCode;

/// What a map says of one source code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// The map does not have the source.
    NotInMap,
    /// The map says that there is no equivalent.
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
    /// The cluster in words: `E119`, or `T508X1A or T508X2A, with Y92009`.
    pub fn text(&self) -> String {
        let lists: Vec<String> = self
            .choices
            .iter()
            .map(|list| list.iter().map(PackedCode::text).collect::<Vec<_>>().join(" or "))
            .collect();
        lists.join(" with ")
    }
}

#[derive(Debug, Clone, Copy)]
struct GemRow {
    target: PackedCode,
    approximate: bool,
    no_map: bool,
    combination: bool,
    scenario: u8,
    choice: u8,
}

/// One direction of the map.
#[derive(Debug, Default)]
pub struct Gem {
    rows: FxHashMap<PackedCode, Vec<GemRow>>,
}

impl Gem {
    /// Reads the shipped table: source, target, five flags.
    pub fn read(text: &str) -> Gem {
        let mut gem = Gem::default();
        for line in text.lines() {
            let mut parts = line.split('\t');
            let (Some(source), Some(target), Some(flags)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let (Some(source), &[approximate, no_map, combination, scenario, choice]) =
                (PackedCode::new(source.as_bytes()), flags.as_bytes())
            else {
                continue;
            };
            gem.rows.entry(source).or_default().push(GemRow {
                target: PackedCode::new(target.as_bytes()).unwrap_or_default(),
                approximate: approximate == b'1',
                no_map: no_map == b'1',
                combination: combination == b'1',
                scenario: scenario.wrapping_sub(b'0'),
                choice: choice.wrapping_sub(b'0'),
            });
        }
        gem
    }

    /// Number of sources, of sources without a map, and of combination rows.
    pub fn counts(&self) -> (usize, usize, usize) {
        let rows = || self.rows.values().flatten();
        (self.rows.len(), rows().filter(|row| row.no_map).count(), rows().filter(|row| row.combination).count())
    }

    /// What the map says of a source.
    pub fn map(&self, source: PackedCode) -> Mapping {
        let Some(rows) = self.rows.get(&source) else { return Mapping::NotInMap };
        if rows.iter().any(|row| row.no_map) {
            return Mapping::NoMap;
        }
        let mut clusters: Vec<Cluster> = rows
            .iter()
            .filter(|row| !row.combination)
            .map(|row| Cluster { scenario: 0, choices: vec![vec![row.target]], approximate: row.approximate })
            .collect();
        let mut scenarios: BTreeMap<u8, BTreeMap<u8, Vec<PackedCode>>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.combination) {
            scenarios.entry(row.scenario).or_default().entry(row.choice).or_default().push(row.target);
        }
        let only_combinations = clusters.is_empty();
        for (scenario, lists) in scenarios {
            clusters.push(Cluster { scenario, choices: lists.into_values().collect(), approximate: true });
        }
        // Exact before approximate, single before combination; otherwise in the order of the map.
        clusters.sort_by_key(|cluster| (cluster.choices.len(), cluster.approximate));
        match clusters.as_slice() {
            [only] if !only_combinations => Mapping::One { target: only.choices[0][0], approximate: only.approximate },
            _ if only_combinations => Mapping::Combination(clusters),
            _ => Mapping::Several(clusters),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::sets::{CodeSets, GemDirection};

    #[test]
    fn the_maps_have_every_source_that_cms_published() {
        let sets = CodeSets::default();
        assert_eq!(sets.gem(GemDirection::Forward).counts().0, 14_567);
        assert!(sets.gem(GemDirection::Backward).counts().0 > 69_000);
    }

    #[test]
    fn a_source_is_one_code_several_or_a_combination() {
        let sets = CodeSets::default();
        let forward = sets.gem(GemDirection::Forward);
        let code = |text: &str| PackedCode::new(text.as_bytes()).expect("short");
        assert_eq!(forward.map(code("4019")), Mapping::One { target: code("I10"), approximate: true });
        assert!(matches!(forward.map(code("1234")), Mapping::NotInMap | Mapping::One { .. }));
        assert!(matches!(forward.map(code("9951")), Mapping::One { .. } | Mapping::Several(_)));
        // Intracapsular fracture, unspecified, closed: right or left is not said.
        assert!(matches!(forward.map(code("82000")), Mapping::Several(_) | Mapping::One { .. }));
    }
}
