//! Discharges by the clinical categories (CCSR) of all their diagnoses and by their chronic conditions (CCIR).
//!
//! What depends on one code alone (the category of a principal diagnosis, how often a chronic code stands) is taken from the counts of codes at the end of
//! the run; here stands only what needs the whole record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tally::{CodeCounts, Group};
use crate::{
    codeset::groups::{Chronic, CodeGroups, Groups},
    partition::encounter::PackedCode,
    record::take_away::take_away_fields,
};

/// Counts of whole records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTally {
    /// Discharges with a diagnosis of a category, once a record, by the number of the category.
    by_category: Vec<u64>,
    /// Discharges by the number of their distinct chronic diagnoses.
    pub by_chronic: BTreeMap<usize, u64>,
    /// By category the number of the record that was counted there last, so that a record counts once.
    last_record: Vec<u32>,
    records: u32,
    /// Chronic codes of the record at hand.
    chronic: Vec<PackedCode>,
}

impl GroupTally {
    /// Counts one record by its diagnoses with their groups, in any order and however often a code is repeated.
    #[inline]
    pub fn count(&mut self, diagnoses: impl Iterator<Item = (PackedCode, CodeGroups)>, groups: &Groups) {
        if self.by_category.is_empty() {
            self.by_category.resize(groups.category_count(), 0);
            self.last_record.resize(groups.category_count(), 0);
        }
        self.records += 1;
        self.chronic.clear();
        for (code, of) in diagnoses {
            for category in groups.categories(of.set) {
                let place = usize::from(*category);
                if self.last_record[place] != self.records {
                    self.last_record[place] = self.records;
                    self.by_category[place] += 1;
                }
            }
            if of.chronic == Chronic::Chronic && !self.chronic.contains(&code) {
                self.chronic.push(code);
            }
        }
        *self.by_chronic.entry(self.chronic.len()).or_default() += 1;
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: GroupTally) {
        if self.by_category.len() < other.by_category.len() {
            self.by_category.resize(other.by_category.len(), 0);
            self.last_record.resize(other.by_category.len(), 0);
        }
        self.by_category.iter_mut().zip(&other.by_category).for_each(|(sum, more)| *sum += more);
        for (conditions, count) in other.by_chronic {
            *self.by_chronic.entry(conditions).or_default() += count;
        }
    }

    /// Discharges with a diagnosis of a category.
    pub fn of_category(&self, number: u16) -> u64 {
        self.by_category.get(usize::from(number)).copied().unwrap_or(0)
    }
}

/// Discharges by the category of their principal diagnosis, by its number; 0 where the code has none.
pub fn by_principal(principal: &CodeCounts, groups: &Groups) -> BTreeMap<u16, Group> {
    let mut sums: BTreeMap<u16, Group> = BTreeMap::new();
    for ((system, code), group) in principal {
        sums.entry(groups.principal(groups.of(*system, *code))).or_default().add(*group);
    }
    sums
}

/// Discharges of counted codes by indicator.
pub fn by_indicator(counts: &CodeCounts, groups: &Groups) -> BTreeMap<Chronic, u64> {
    let mut sums: BTreeMap<Chronic, u64> = BTreeMap::new();
    for ((system, code), group) in counts {
        *sums.entry(groups.of(*system, *code).chronic).or_default() += group.discharges;
    }
    sums
}

take_away_fields!(GroupTally: by_category, by_chronic);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{codeset::groups::GroupRows, record::code::CodeSystem};

    fn groups() -> Groups {
        let rows = |text: &str| -> Vec<Vec<String>> {
            text.split(' ').map(|line| line.split(',').map(str::to_owned).collect()).collect()
        };
        // E1122: diabetes with kidney disease, both categories; E119 the first of them; N189 the second.
        let categories = rows("E1122,END003,Y E1122,GEN003,N E119,END003,Y N189,GEN003,Y");
        let chronic = rows("E1122,,1 E119,,1 J189,,0");
        Groups::new(
            GroupRows { categories: &categories, complete: true, titles: &[], chronic: &chronic },
            [String::new(), String::new()],
        )
    }

    fn packed(text: &str) -> PackedCode {
        PackedCode::new(text.as_bytes()).expect("a code")
    }

    fn tally(records: &[Vec<&str>]) -> GroupTally {
        let (groups, mut tally) = (groups(), GroupTally::default());
        for codes in records {
            let diagnoses = codes.iter().map(|code| (packed(code), groups.of(CodeSystem::Icd10Cm, packed(code))));
            tally.count(diagnoses, &groups);
        }
        tally
    }

    #[test]
    fn a_record_counts_once_in_a_category_and_a_chronic_code_once_in_a_record() {
        let tally = tally(&[vec!["E1122", "E119", "N189", "E119"], vec!["J189"], vec!["N189"]]);
        let groups = groups();
        let of = |name: &str| {
            (1..groups.category_count() as u16)
                .find(|number| groups.category(*number) == name)
                .map(|number| tally.of_category(number))
        };
        assert_eq!((of("END003"), of("GEN003")), (Some(1), Some(2)));
        assert_eq!(tally.by_chronic, BTreeMap::from([(0, 2), (2, 1)]));
    }

    #[test]
    fn the_categories_of_principal_diagnoses_add_up_to_the_principal_diagnoses() {
        let one = Group { discharges: 1, ..Group::default() };
        let mut counts = CodeCounts::default();
        for (system, code) in [
            (CodeSystem::Icd10Cm, "E1122"),
            (CodeSystem::Icd10Cm, "E119"),
            (CodeSystem::Icd10Cm, "J189"),
            (CodeSystem::Icd9Cm, "25000"),
        ] {
            counts.entry((system, packed(code))).or_default().add(one);
        }
        let groups = groups();
        let by_name: Vec<(&str, u64)> = by_principal(&counts, &groups)
            .into_iter()
            .map(|(number, group)| (groups.category(number), group.discharges))
            .collect();
        assert_eq!(by_name, [("", 2), ("END003", 2)]);
        assert_eq!(by_indicator(&counts, &groups).get(&Chronic::Chronic), Some(&2));
    }

    proptest! {
        #[test]
        fn tallies_of_parts_merge_to_the_tally_of_the_whole(
            records in prop::collection::vec(prop::collection::vec(prop::sample::select(vec!["E1122", "E119", "N189", "J189"]), 0..6), 0..20),
            cut in any::<prop::sample::Index>(),
        ) {
            let (left, right) = records.split_at(cut.index(records.len() + 1));
            let whole = tally(&records);
            let mut merged = tally(right);
            merged.merge(tally(left));
            prop_assert_eq!(merged.by_chronic, whole.by_chronic);
            for number in 0..4 {
                prop_assert_eq!(merged.by_category.get(number), whole.by_category.get(number));
            }
        }
    }
}
