//! The codes of a partition, each entered once: what is counted or written of a code is found by its place, without looking the code up again.

use rustc_hash::FxHashMap;

use crate::{
    codeset::sets::CodeSets,
    partition::encounter::PackedCode,
    record::code::{CodeId, CodePlace, CodeSystem},
};

/// One code of the partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexedCode {
    /// Its system.
    pub system: CodeSystem,
    /// The code.
    pub code: PackedCode,
    /// Its id, where the system has the code, on whatever day.
    pub id: Option<CodeId>,
}

/// The codes, in the order in which they first came.
#[derive(Debug)]
pub struct CodeIndex<'s> {
    sets: &'s CodeSets,
    /// By system and id.
    of_id: [Vec<Option<CodePlace>>; CodeSystem::ALL.len()],
    /// Of codes that their system does not have.
    of_code: FxHashMap<(CodeSystem, PackedCode), CodePlace>,
    codes: Vec<IndexedCode>,
}

impl<'s> CodeIndex<'s> {
    /// An empty index.
    pub fn new(sets: &'s CodeSets) -> CodeIndex<'s> {
        CodeIndex { sets, of_id: Default::default(), of_code: FxHashMap::default(), codes: Vec::new() }
    }

    /// The place of a code of a system, with its id where the system has it; it is entered when it first comes.
    #[inline]
    pub fn enter(&mut self, system: CodeSystem, code: PackedCode, id: Option<CodeId>) -> CodePlace {
        let next = CodePlace::new(self.codes.len());
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
            self.codes.push(IndexedCode { system, code, id });
        }
        place
    }

    /// The code sets that judge.
    pub fn sets(&self) -> &'s CodeSets {
        self.sets
    }

    /// The codes, by place.
    pub fn codes(&self) -> &[IndexedCode] {
        &self.codes
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
            let mut code_index = CodeIndex::new(sets);
            let mut places: std::collections::BTreeMap<(usize, usize), CodePlace> = Default::default();
            for (code, system) in codes {
                let (packed, of) = (PackedCode::new(CODES[code].as_bytes()).expect("short"), CodeSystem::ALL[system]);
                let id = sets.table(of).find(packed.text().as_bytes());
                let place = code_index.enter(of, packed, id);
                prop_assert_eq!(*places.entry((code, system)).or_insert(place), place);
                prop_assert_eq!(code_index.codes()[place.index()], IndexedCode { system: of, code: packed, id });
            }
            prop_assert_eq!(places.len(), code_index.codes().len());
        }
    }
}
