//! The codes of a partition, each entered once: what is counted or written of a code is found by its place, without looking the code up again.

use rustc_hash::FxHashMap;

use super::sets::CodeSets;
use crate::{
    partition::encounter::PackedCode,
    record::code::{CodeId, CodeSystem, RollPlace},
};

/// One code that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// Its system.
    pub system: CodeSystem,
    /// The code.
    pub code: PackedCode,
    /// Its id, where the system has the code, on whatever day.
    pub id: Option<CodeId>,
}

/// The codes met, in the order they were met.
#[derive(Debug)]
pub struct CodeRoll<'s> {
    sets: &'s CodeSets,
    /// By system and id.
    of_id: [Vec<Option<RollPlace>>; CodeSystem::ALL.len()],
    /// Of codes that their system does not have.
    of_code: FxHashMap<(CodeSystem, PackedCode), RollPlace>,
    met: Vec<Met>,
}

impl<'s> CodeRoll<'s> {
    /// An empty roll.
    pub fn new(sets: &'s CodeSets) -> CodeRoll<'s> {
        CodeRoll { sets, of_id: Default::default(), of_code: FxHashMap::default(), met: Vec::new() }
    }

    /// The place of a code of a system, with its id where the system has it; it is entered when it is met first.
    #[inline]
    pub fn enter(&mut self, system: CodeSystem, code: PackedCode, id: Option<CodeId>) -> RollPlace {
        let next = RollPlace::new(self.met.len());
        let place = match id {
            Some(CodeId(id)) => {
                let of_id = &mut self.of_id[system as usize];
                if of_id.is_empty() {
                    of_id.resize(self.sets.table(system).len(), None);
                }
                *of_id[id as usize].get_or_insert(next)
            }
            None => *self.of_code.entry((system, code)).or_insert(next),
        };
        if place == next {
            self.met.push(Met { system, code, id });
        }
        place
    }

    /// The code sets that judge.
    pub fn sets(&self) -> &'s CodeSets {
        self.sets
    }

    /// The codes, by place.
    pub fn met(&self) -> &[Met] {
        &self.met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A code has one place, whatever was entered before, and no other code has it.
        #[test]
        fn a_code_has_a_place_of_its_own(codes in prop::collection::vec((0usize..8, 0usize..4), 1..60)) {
            const CODES: [&str; 8] = ["N183", "N1830", "U071", "E119", "E11", "25000", "QQQ", "0016070"];
            static SETS: std::sync::LazyLock<CodeSets> = std::sync::LazyLock::new(CodeSets::default);
            let sets = &*SETS;
            let mut roll = CodeRoll::new(sets);
            let mut places: std::collections::BTreeMap<(usize, usize), RollPlace> = Default::default();
            for (code, system) in codes {
                let (packed, of) = (PackedCode::new(CODES[code].as_bytes()).expect("short"), CodeSystem::ALL[system]);
                let id = sets.table(of).find(packed.text().as_bytes());
                let place = roll.enter(of, packed, id);
                prop_assert_eq!(*places.entry((code, system)).or_insert(place), place);
                prop_assert_eq!(roll.met()[place.index()], Met { system: of, code: packed, id });
            }
            prop_assert_eq!(places.len(), roll.met().len());
        }
    }
}
