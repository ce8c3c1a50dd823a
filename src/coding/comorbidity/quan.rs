//! The code lists of Quan 2005 for ICD-9-CM and ICD-10, compiled once: a code in, the conditions of Charlson and Elixhauser out.

use std::sync::OnceLock;

use super::{
    charlson::{self, Charlson},
    elixhauser::{self, Elixhauser},
    index::{Comorbidity, ComorbidityIndex},
    prefix::{PrefixMatch, PrefixTree},
};
use crate::{partition::encounter::PackedCode, record::code::CodeSystem};

/// Both indices with their prefixes.
#[derive(Debug)]
pub struct QuanTables {
    /// Conditions of Charlson; weights of Charlson 1987 and of Quan 2011.
    pub charlson: ComorbidityIndex,
    /// Conditions of Elixhauser; weights of van Walraven and the Swiss ones.
    pub elixhauser: ComorbidityIndex,
    icd9: PrefixTree,
    icd10: PrefixTree,
}

/// One line of a shipped table.
struct Line<'t> {
    condition: Comorbidity,
    icd9: &'t str,
    icd10: &'t str,
}

fn lines(table: &str) -> Vec<Line<'_>> {
    let read = |line| {
        let [name, title, first, second, icd9, icd10] =
            <[&str; 6]>::try_from(str::split(line, '\t').collect::<Vec<_>>()).ok()?;
        let weights = [first.parse().ok()?, second.parse().ok()?];
        Some(Line { condition: Comorbidity { name: name.to_owned(), title: title.to_owned(), weights }, icd9, icd10 })
    };
    table.lines().map(|line| read(line).expect("a shipped table reads: a test reads each")).collect()
}

impl QuanTables {
    /// The tables that ship.
    pub fn shipped() -> &'static QuanTables {
        static TABLES: OnceLock<QuanTables> = OnceLock::new();
        TABLES.get_or_init(|| {
            QuanTables::read(include_str!("tables/charlson.tsv"), include_str!("tables/elixhauser.tsv"))
        })
    }

    fn read(charlson: &str, elixhauser: &str) -> QuanTables {
        let (charlson, elixhauser) = (lines(charlson), lines(elixhauser));
        let tree = |of: for<'l> fn(&'l Line<'_>) -> &'l str| {
            let mut prefixes: Vec<(&str, PrefixMatch)> = Vec::new();
            for (place, line) in charlson.iter().enumerate() {
                let found = PrefixMatch { charlson: 1 << place, elixhauser: 0 };
                prefixes.extend(of(line).split(' ').map(|prefix| (prefix, found)));
            }
            for (place, line) in elixhauser.iter().enumerate() {
                let found = PrefixMatch { charlson: 0, elixhauser: 1 << place };
                prefixes.extend(of(line).split(' ').map(|prefix| (prefix, found)));
            }
            PrefixTree::new(&prefixes)
        };
        let (icd9, icd10) = (tree(|line| line.icd9), tree(|line| line.icd10));
        let index = |lines: Vec<Line<'_>>, hierarchy: &[(&str, &str)]| {
            ComorbidityIndex::new(lines.into_iter().map(|line| line.condition).collect(), hierarchy)
        };
        QuanTables {
            charlson: index(charlson, &charlson::HIERARCHY),
            elixhauser: index(elixhauser, &elixhauser::HIERARCHY),
            icd9,
            icd10,
        }
    }

    /// The conditions of a diagnosis, before the hierarchy; none of a procedure.
    #[inline]
    pub fn find(&self, system: CodeSystem, code: &PackedCode) -> PrefixMatch {
        match system {
            // Quan's prefixes are of ICD-10 itself, and hold for the modification of the United States.
            CodeSystem::Icd10Cm | CodeSystem::Icd10 => self.icd10.find(code),
            CodeSystem::Icd9Cm => self.icd9.find(code),
            CodeSystem::Icd10Pcs | CodeSystem::Icd9Procedure => PrefixMatch::default(),
        }
    }

    /// Both indices of the conditions found in an encounter's codes.
    #[inline]
    pub fn settle(&self, found: PrefixMatch) -> (Charlson, Elixhauser) {
        (Charlson::of(found.charlson, &self.charlson), Elixhauser::of(found.elixhauser, &self.elixhauser))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn packed(code: &str) -> PackedCode {
        PackedCode::new(code.as_bytes()).expect("short")
    }

    fn found(codes: &[String]) -> PrefixMatch {
        let tables = QuanTables::shipped();
        codes.iter().fold(PrefixMatch::default(), |sum, code| sum | tables.find(CodeSystem::Icd10Cm, &packed(code)))
    }

    fn names(index: &ComorbidityIndex, bits: u32) -> Vec<&str> {
        let conditions = index.conditions.iter().enumerate();
        conditions.filter(|(place, _)| bits >> place & 1 == 1).map(|(_, condition)| condition.name.as_str()).collect()
    }

    #[test]
    fn codes_of_the_published_lists_have_their_conditions() {
        let tables = QuanTables::shipped();
        assert_eq!((tables.charlson.conditions.len(), tables.elixhauser.conditions.len()), (17, 31));
        for (system, code, charlson, elixhauser) in [
            (CodeSystem::Icd10Cm, "I2510", vec![], vec![]),
            (CodeSystem::Icd10Cm, "I252", vec!["mi"], vec![]),
            (CodeSystem::Icd10Cm, "I110", vec!["chf"], vec!["chf", "hypc"]),
            (CodeSystem::Icd10Cm, "I426", vec!["chf"], vec!["chf", "alcohol"]),
            (CodeSystem::Icd9Cm, "40403", vec!["chf", "rend"], vec!["chf", "hypc", "rf"]),
            (CodeSystem::Icd9Cm, "V560", vec!["rend"], vec!["rf"]),
            (CodeSystem::Icd10Pcs, "I252", vec![], vec![]),
        ] {
            let found = tables.find(system, &packed(code));
            assert_eq!(names(&tables.charlson, found.charlson), charlson, "{code}");
            assert_eq!(names(&tables.elixhauser, found.elixhauser), elixhauser, "{code}");
        }
    }

    #[test]
    fn the_tree_agrees_with_a_walk_over_every_prefix() {
        let tables = QuanTables::shipped();
        let (charlson, elixhauser) =
            (lines(include_str!("tables/charlson.tsv")), lines(include_str!("tables/elixhauser.tsv")));
        for (system, of) in [
            (CodeSystem::Icd9Cm, (|line| line.icd9) as for<'l> fn(&'l Line<'_>) -> &'l str),
            (CodeSystem::Icd10Cm, |line| line.icd10),
        ] {
            let prefixes: Vec<&str> = charlson.iter().chain(&elixhauser).flat_map(|line| of(line).split(' ')).collect();
            for prefix in prefixes {
                for code in [
                    prefix.to_owned(),
                    format!("{prefix}0"),
                    format!("{prefix}A9"),
                    prefix[..prefix.len() - 1].to_owned(),
                ] {
                    let walk = |lines: &[Line<'_>]| {
                        let has = |line: &Line<'_>| of(line).split(' ').any(|prefix| code.starts_with(prefix));
                        lines.iter().enumerate().map(|(place, line)| u32::from(has(line)) << place).sum::<u32>()
                    };
                    let expected = PrefixMatch { charlson: walk(&charlson), elixhauser: walk(&elixhauser) };
                    assert_eq!(tables.find(system, &packed(&code)), expected, "{code}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn conditions_of_a_union_are_the_union_of_conditions(
            left in prop::collection::vec("[A-Z][0-9]{2}[0-9A-Z]{0,4}", 0..12),
            right in prop::collection::vec("[A-Z][0-9]{2}[0-9A-Z]{0,4}", 0..12),
        ) {
            let together: Vec<String> = left.iter().chain(&right).cloned().collect();
            prop_assert_eq!(found(&together), found(&left) | found(&right));
        }

        #[test]
        fn the_order_of_codes_and_repetitions_do_not_matter(
            codes in prop::collection::vec("[EIKNC][0-9]{2}[0-9]{0,2}", 0..16).prop_shuffle(),
        ) {
            let mut sorted = codes.clone();
            sorted.sort();
            sorted.extend(codes.clone());
            let tables = QuanTables::shipped();
            prop_assert_eq!(tables.settle(found(&codes)), tables.settle(found(&sorted)));
        }

        #[test]
        fn settled_conditions_are_among_those_found_and_settling_again_changes_nothing(bits in 0u32..1 << 17) {
            let index = &QuanTables::shipped().charlson;
            let settled = Charlson::of(bits, index);
            prop_assert_eq!(settled.conditions & !bits, 0);
            prop_assert_eq!(Charlson::of(settled.conditions, index), settled);
        }
    }
}
