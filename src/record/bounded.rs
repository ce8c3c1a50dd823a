//! Sums by value, with a bound: a column that is mapped wrongly has as many values as the file has rows.
//!
//! Where the values of a run are more than the bound, or their texts longer than what is held of them, all of them are counted together and none is listed. The rule depends on nothing but the values
//! themselves, so it is the same whatever the threads, the order of the rows and the order in which tallies are merged; and the sum is always right.

use crate::record::take_away::TakeAway;
use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

/// The most values by which anything is counted: facilities, services, payers, coders, clinicians. The United States have about 6,100 hospitals, and a hospital
/// has some hundred services and a few thousand plans of payers and practitioners.
pub const MOST_VALUES: usize = 10_000;

/// Bytes of the texts of values by which one thing is counted: a column of notes has few values and long ones.
pub const MOST_BYTES: usize = 8 << 20;

/// So many different values are told exactly where they are counted together; of more it is said that they are at least so many.
pub const MOST_TOLD: usize = 1_000_000;

/// What stands for values that are counted together.
pub const ALL_OTHERS: &str = "all others";

/// What stands for a value that the export does not give.
pub const NOT_STATED: &str = "not stated";

/// What can be added up.
pub trait BoundedSum: Default {
    /// Adds another.
    fn sum(&mut self, other: &Self);
}

impl BoundedSum for u64 {
    fn sum(&mut self, other: &u64) {
        *self += other;
    }
}

/// How many different values there are, up to [`MOST_TOLD`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinct(FxHashSet<u64>);

impl Distinct {
    /// Enters a value.
    pub fn enter(&mut self, value: impl Hash) {
        if self.0.len() < MOST_TOLD {
            // The standard library's hash with its fixed keys: good enough that two values of a million never meet, and the same in every run.
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            self.0.insert(hasher.finish());
        }
    }

    /// Adds the values of another.
    pub fn merge(&mut self, other: Distinct) {
        if self.0.len() < other.0.len() {
            let smaller = std::mem::replace(self, other);
            return self.merge(smaller);
        }
        for hash in other.0 {
            if self.0.len() >= MOST_TOLD {
                return;
            }
            self.0.insert(hash);
        }
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len() as u64
    }
}

/// Sums by value, of at most `MOST` different values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByValue<T, const MOST: usize = MOST_VALUES> {
    listed: FxHashMap<Box<str>, T>,
    /// Bytes of the values that are listed.
    bytes: usize,
    together: Option<Box<Together<T>>>,
}

/// The values that were counted together, and their sum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Together<T> {
    sum: T,
    values: Distinct,
}

impl<T, const MOST: usize> Default for ByValue<T, MOST> {
    fn default() -> ByValue<T, MOST> {
        ByValue { listed: FxHashMap::default(), bytes: 0, together: None }
    }
}

impl<T: BoundedSum, const MOST: usize> ByValue<T, MOST> {
    /// Adds to the sum of a value.
    #[inline]
    pub fn add(&mut self, value: &str, more: &T) {
        match self.listed.get_mut(value) {
            Some(own) => own.sum(more),
            None => self.of(value).sum(more),
        }
    }

    /// The sum to which something of a value is to be added.
    pub fn of(&mut self, value: &str) -> &mut T {
        if self.together.is_none() {
            if self.listed.contains_key(value) {
                return self.listed.get_mut(value).expect("it is there");
            }
            if self.listed.len() < MOST && self.bytes + value.len() <= MOST_BYTES {
                self.bytes += value.len();
                return self.listed.entry(value.into()).or_default();
            }
            self.put_together();
        }
        let together = self.together.get_or_insert_with(Box::default);
        together.values.enter(value);
        &mut together.sum
    }

    /// Counts all values together from here on.
    fn put_together(&mut self) {
        let together = self.together.get_or_insert_with(Box::default);
        self.bytes = 0;
        for (value, sum) in std::mem::take(&mut self.listed) {
            together.values.enter(&*value);
            together.sum.sum(&sum);
        }
    }

    /// Adds the sums of another.
    pub fn merge(&mut self, other: ByValue<T, MOST>) {
        if let Some(theirs) = other.together {
            self.put_together();
            let own = self.together.get_or_insert_with(Box::default);
            own.sum.sum(&theirs.sum);
            own.values.merge(theirs.values);
        }
        for (value, sum) in other.listed {
            self.add(&value, &sum);
        }
    }

    /// The sum of a value that is listed.
    pub fn get(&self, value: &str) -> Option<&T> {
        self.listed.get(value)
    }

    /// The values that are listed, in the order of the alphabet; those that are counted together are none.
    pub fn sorted(&self) -> Vec<(&str, &T)> {
        let mut rows: Vec<(&str, &T)> = self.listed.iter().map(|(value, sum)| (&**value, sum)).collect();
        rows.sort_unstable_by_key(|(value, _)| *value);
        rows
    }

    /// What was counted together; `None` where every value is listed.
    pub fn all_others(&self) -> Option<&T> {
        self.together.as_deref().map(|together| &together.sum)
    }

    /// The rows of a report: the values in the order of the alphabet, or the one row of all others.
    pub fn rows(&self) -> Vec<(&str, &T)> {
        match self.all_others() {
            Some(sum) => vec![(ALL_OTHERS, sum)],
            None => self.sorted(),
        }
    }

    /// How many different values were counted together; 0 where every value is listed.
    pub fn too_many(&self) -> u64 {
        self.together.as_deref().map_or(0, |together| together.values.count())
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.together.is_none()
    }
}

impl<T: BoundedSum + TakeAway, const MOST: usize> TakeAway for ByValue<T, MOST> {
    /// Of values that are counted together it cannot be known which are gone.
    fn take_away(&mut self, part: &ByValue<T, MOST>) -> bool {
        let mut are_there = self.together.is_none() && part.together.is_none();
        for (value, sum) in &part.listed {
            let Some(own) = self.listed.get_mut(value) else {
                are_there &= *sum == T::default();
                continue;
            };
            are_there &= own.take_away(sum);
            if *own == T::default() {
                self.listed.remove(value);
                self.bytes -= value.len();
            }
        }
        are_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally(values: &[u16]) -> ByValue<u64, 20> {
        let mut tally = ByValue::default();
        values.iter().for_each(|value| *tally.of(&value.to_string()) += 1);
        tally
    }

    proptest! {
        #[test]
        fn the_order_of_values_and_of_merging_never_shows(values in prop::collection::vec(0u16..40, 0..200), cuts in prop::collection::vec(1usize..60, 1..6), turn in any::<bool>()) {
            let mut parts = Vec::new();
            let mut rest = values.as_slice();
            for cut in cuts {
                let (own, others) = rest.split_at(cut.min(rest.len()));
                parts.push(tally(own));
                rest = others;
            }
            parts.push(tally(rest));
            if turn { parts.reverse(); }
            let mut merged = ByValue::default();
            parts.into_iter().for_each(|part| merged.merge(part));
            let distinct: std::collections::BTreeSet<u16> = values.iter().copied().collect();
            prop_assert_eq!(&merged, &tally(&values));
            let rows = merged.rows();
            prop_assert_eq!(rows.iter().map(|(_, sum)| **sum).sum::<u64>(), values.len() as u64);
            if distinct.len() > 20 {
                prop_assert_eq!((rows.len(), rows[0].0, merged.too_many()), (1, ALL_OTHERS, distinct.len() as u64));
            } else {
                prop_assert_eq!((rows.len(), merged.too_many()), (distinct.len(), 0));
            }
        }
    }

    #[test]
    fn so_many_values_as_the_bound_are_listed_and_one_more_are_not() {
        let values: Vec<u16> = (0..20).collect();
        assert_eq!(tally(&values).rows().len(), 20);
        let values: Vec<u16> = (0..21).collect();
        let tally = tally(&values);
        assert_eq!((tally.rows(), tally.too_many(), tally.get("3")), (vec![(ALL_OTHERS, &21)], 21, None));
    }
}
