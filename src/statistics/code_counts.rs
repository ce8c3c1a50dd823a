//! Discharges by code: of too many different codes all are counted as one.

use rustc_hash::FxHashMap;

use super::tally::Group;
use crate::{
    partition::encounter::PackedCode,
    record::{bounded::Distinct, code::CodeSystem},
};

/// Codes counted.
pub type CodeCounts = FxHashMap<(CodeSystem, PackedCode), Group>;

/// Different codes of a list, more than all revisions have together; of more, all are counted as one.
const MOST_CODES: usize = 250_000;

/// What stands for all codes of a list that has too many.
pub const ALL_CODES: (CodeSystem, PackedCode) = (CodeSystem::Icd10Cm, PackedCode([0; 8]));

/// Adds the codes of another list; `too_many` has the codes of lists that have too many to be told apart.
pub(super) fn add_codes(own: &mut CodeCounts, theirs: CodeCounts, too_many: &mut Distinct) {
    let is_one = own.contains_key(&ALL_CODES);
    for (key, group) in theirs {
        if is_one && key != ALL_CODES {
            too_many.enter(key.1.text());
            own.entry(ALL_CODES).or_default().add(group);
        } else {
            own.entry(key).or_default().add(group);
        }
    }
    if own.len() > MOST_CODES || own.len() > 1 && own.contains_key(&ALL_CODES) {
        let mut all = Group::default();
        for (key, group) in std::mem::take(own) {
            all.add(group);
            if key != ALL_CODES {
                too_many.enter(key.1.text());
            }
        }
        own.insert(ALL_CODES, all);
    }
}

/// The most frequent codes: by discharges, then by code.
pub fn top(counts: &CodeCounts, rows: usize) -> Vec<((CodeSystem, PackedCode), Group)> {
    let mut sorted: Vec<_> = counts.iter().map(|(code, group)| (*code, *group)).collect();
    sorted.sort_by(|left, right| right.1.discharges.cmp(&left.1.discharges).then_with(|| left.0.cmp(&right.0)));
    sorted.truncate(rows);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(codes: std::ops::Range<usize>) -> CodeCounts {
        let one = Group { discharges: 1, ..Group::default() };
        let key = |code: usize| (CodeSystem::Icd10Cm, PackedCode::new(format!("{code:07}").as_bytes()).expect("short"));
        codes.map(|code| (key(code), one)).collect()
    }

    #[test]
    fn so_many_codes_as_the_bound_are_told_apart_and_of_one_more_all_are_one_whatever_the_order() {
        let half = MOST_CODES / 2;
        let added = |parts: &[std::ops::Range<usize>]| {
            let (mut own, mut too_many) = (CodeCounts::default(), Distinct::default());
            parts.iter().for_each(|part| add_codes(&mut own, counts(part.clone()), &mut too_many));
            (own, too_many.count())
        };
        let (whole, none) = added(&[0..half, half..MOST_CODES]);
        assert_eq!((whole.len(), none), (MOST_CODES, 0));
        for parts in [[0..half, half..MOST_CODES + 1, 0..3], [0..3, half..MOST_CODES + 1, 0..half]] {
            let (own, too_many) = added(&parts);
            assert_eq!((own.len(), too_many), (1, MOST_CODES as u64 + 1));
            assert_eq!(own[&ALL_CODES].discharges, MOST_CODES as u64 + 4);
        }
    }
}
