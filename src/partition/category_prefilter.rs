//! The tens of categories that codes are of: a small set by which most questions of one code about many others are answered without looking at them.

use crate::partition::encounter::PackedCode;

/// The tens of categories (`E1` has E10 to E19) of some codes, a bit each. Codes of other forms than a letter and a digit share bits: the set says
/// for certain that a code is not among them, and only perhaps that it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CategoryPrefilter([u64; 5]);

/// Number of a code's ten.
#[inline]
fn ten(code: PackedCode) -> usize {
    let (letter, digit) = (code.0[0], code.0[1]);
    (usize::from(letter.wrapping_sub(b'A')) * 10 + usize::from(digit.wrapping_sub(b'0').min(9))).min(5 * 64 - 1)
}

impl CategoryPrefilter {
    /// The tens of some codes.
    #[inline]
    pub fn of(codes: impl Iterator<Item = PackedCode>) -> CategoryPrefilter {
        let mut tens = CategoryPrefilter::default();
        for code in codes {
            let place = ten(code);
            tens.0[place / 64] |= 1 << (place % 64);
        }
        tens
    }

    /// Adds the tens from that of one code to that of another.
    pub fn add_range(&mut self, first: PackedCode, last: PackedCode) {
        for place in ten(first)..=ten(last) {
            self.0[place / 64] |= 1 << (place % 64);
        }
    }

    /// Whether a code's ten is among them.
    #[inline]
    pub fn has(&self, code: PackedCode) -> bool {
        let place = ten(code);
        self.0[place / 64] & (1 << (place % 64)) != 0
    }

    /// Whether a ten is among both.
    #[inline]
    pub fn meet(&self, other: &CategoryPrefilter) -> bool {
        self.0.iter().zip(&other.0).any(|(left, right)| left & right != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What the set denies is never among the codes.
        #[test]
        fn nothing_that_was_added_is_denied(codes in prop::collection::vec("[0-9A-Z][0-9A-Z][0-9A-Z]{0,5}", 0..12), asked in "[A-Z][0-9A-Z]{2}") {
            let packed = |text: &String| PackedCode::new(text.as_bytes()).expect("a code");
            let (codes, asked) = (codes.iter().map(packed).collect::<Vec<_>>(), packed(&asked));
            let tens = CategoryPrefilter::of(codes.iter().copied());
            prop_assert!(codes.iter().all(|code| tens.has(*code)));
            let same = |code: &PackedCode| code.0[..2] == asked.0[..2];
            prop_assert!(tens.has(asked) || !codes.iter().any(same));
            prop_assert_eq!(tens.meet(&CategoryPrefilter::of([asked].into_iter())), tens.has(asked));
        }
    }
}
