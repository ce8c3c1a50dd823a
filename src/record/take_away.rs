//! Counts of which a part can be taken away: what is counted from night to night is not counted anew, but what the records that changed came to before is taken
//! out of it.

use std::{collections::BTreeMap, hash::Hash};

use rustc_hash::FxHashMap;

/// What a part can be taken away from: as if the part had never been merged into it.
pub trait TakeAway: Default + PartialEq {
    /// Takes a part away that was merged into it before; whether all of it was there. Where it was not, what is left is of no use.
    #[must_use]
    fn take_away(&mut self, part: &Self) -> bool;
}

macro_rules! of_numbers {
    ($($number:ty),*) => {
        $(impl TakeAway for $number {
            fn take_away(&mut self, part: &$number) -> bool {
                let is_there = *self >= *part;
                *self = self.saturating_sub(*part);
                is_there
            }
        })*
    };
}

of_numbers!(u16, u32, u64, usize);

/// Takes parts away one by one.
fn each<'t, T: TakeAway + 't>(own: impl Iterator<Item = &'t mut T>, parts: impl Iterator<Item = &'t T>) -> bool {
    own.zip(parts).fold(true, |are_there, (own, part)| own.take_away(part) & are_there)
}

impl<T: TakeAway, const LENGTH: usize> TakeAway for [T; LENGTH]
where
    [T; LENGTH]: Default,
{
    fn take_away(&mut self, part: &[T; LENGTH]) -> bool {
        each(self.iter_mut(), part.iter())
    }
}

impl<T: TakeAway> TakeAway for Vec<T> {
    /// Behind its end there is nothing to take from.
    fn take_away(&mut self, part: &Vec<T>) -> bool {
        let nothing = T::default();
        part.iter().skip(self.len()).all(|part| *part == nothing) & each(self.iter_mut(), part.iter())
    }
}

impl<T: TakeAway, S: TakeAway> TakeAway for (T, S) {
    fn take_away(&mut self, part: &(T, S)) -> bool {
        self.0.take_away(&part.0) & self.1.take_away(&part.1)
    }
}

macro_rules! of_maps {
    ($($map:ident: $($bound:ident)|+),*) => {
        $(impl<K: $($bound +)+, V: TakeAway> TakeAway for $map<K, V> {
            /// A key of which nothing is left goes.
            fn take_away(&mut self, part: &$map<K, V>) -> bool {
                let mut are_there = true;
                for (key, part) in part {
                    let Some(own) = self.get_mut(key) else {
                        are_there &= *part == V::default();
                        continue;
                    };
                    are_there &= own.take_away(part);
                    if *own == V::default() {
                        self.remove(key);
                    }
                }
                are_there
            }
        })*
    };
}

of_maps!(BTreeMap: Ord, FxHashMap: Hash | Eq);

/// Takes a part away field by field.
macro_rules! take_away_fields {
    ($of:ty: $($field:ident),+ $(,)?) => {
        impl $crate::record::take_away::TakeAway for $of {
            fn take_away(&mut self, part: &$of) -> bool {
                let mut are_there = true;
                $(are_there &= $crate::record::take_away::TakeAway::take_away(&mut self.$field, &part.$field);)+
                are_there
            }
        }
    };
}
pub(crate) use take_away_fields;
