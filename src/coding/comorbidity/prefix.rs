//! Prefixes of codes compiled to a tree: one look-up by the first three characters, then a step for each further one.

use std::collections::{BTreeMap, BTreeSet};

use crate::partition::encounter::PackedCode;

/// Characters a step tells apart: none, ten digits, 26 letters.
const SYMBOLS: usize = 37;

/// What the prefixes of a code say: sets of conditions as bits, before any hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrefixMatch {
    /// Conditions of Charlson.
    pub charlson: u32,
    /// Conditions of Elixhauser.
    pub elixhauser: u32,
}

impl std::ops::BitOr for PrefixMatch {
    type Output = PrefixMatch;

    #[inline]
    fn bitor(self, other: PrefixMatch) -> PrefixMatch {
        PrefixMatch { charlson: self.charlson | other.charlson, elixhauser: self.elixhauser | other.elixhauser }
    }
}

impl std::ops::BitOrAssign for PrefixMatch {
    #[inline]
    fn bitor_assign(&mut self, other: PrefixMatch) {
        *self = *self | other;
    }
}

/// A place in the tree.
#[derive(Debug, Clone, Copy, Default)]
struct PrefixNode {
    /// What every prefix up to here says.
    found: PrefixMatch,
    /// Where further characters lead; 0 where none does.
    row: u16,
}

/// Prefixes of three to five characters and what each says.
#[derive(Debug)]
pub struct PrefixTree {
    /// By the first three characters: a node, 0 for none.
    lead: Vec<u16>,
    nodes: Vec<PrefixNode>,
    rows: Vec<[u16; SYMBOLS]>,
}

/// The place of a character; 0 for everything that no prefix has.
const SYMBOL: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0' + 1,
            letter @ b'A'..=b'Z' => letter - b'A' + 11,
            _ => 0,
        };
        byte += 1;
    }
    table
};

#[inline]
fn symbol(byte: u8) -> usize {
    usize::from(SYMBOL[usize::from(byte)])
}

#[inline]
fn lead(code: &[u8]) -> usize {
    (symbol(code[0]) * SYMBOLS + symbol(code[1])) * SYMBOLS + symbol(code[2])
}

impl PrefixTree {
    /// Compiles prefixes.
    ///
    /// # Panics
    /// A prefix has fewer than three or more than five characters, which no shipped table has (a test reads each).
    pub fn new(prefixes: &[(&str, PrefixMatch)]) -> PrefixTree {
        let mut said: BTreeMap<&[u8], PrefixMatch> = BTreeMap::new();
        let mut places: BTreeSet<&[u8]> = BTreeSet::new();
        for (prefix, found) in prefixes {
            let prefix = prefix.as_bytes();
            assert!((3..=5).contains(&prefix.len()), "a shipped prefix has three to five characters");
            *said.entry(prefix).or_default() |= *found;
            places.extend((3..=prefix.len()).map(|length| &prefix[..length]));
        }
        let mut tree = PrefixTree {
            lead: vec![0; SYMBOLS * SYMBOLS * SYMBOLS],
            nodes: vec![PrefixNode::default()],
            rows: vec![[0; SYMBOLS]],
        };
        let mut place_of: BTreeMap<&[u8], usize> = BTreeMap::new();
        // In the order of the text a place comes before every place under it.
        for place in places {
            let (above, last) = place.split_at(place.len() - 1);
            let parent = place_of.get(above).copied();
            let inherited = parent.map_or(PrefixMatch::default(), |parent| tree.nodes[parent].found);
            let node = tree.nodes.len();
            tree.nodes.push(PrefixNode { found: inherited | said.get(place).copied().unwrap_or_default(), row: 0 });
            place_of.insert(place, node);
            match parent {
                None => tree.lead[lead(place)] = node as u16,
                Some(parent) => {
                    if tree.nodes[parent].row == 0 {
                        tree.nodes[parent].row = tree.rows.len() as u16;
                        tree.rows.push([0; SYMBOLS]);
                    }
                    tree.rows[usize::from(tree.nodes[parent].row)][symbol(last[0])] = node as u16;
                }
            }
        }
        tree
    }

    /// What every prefix of a code says together.
    #[inline]
    pub fn find(&self, code: &PackedCode) -> PrefixMatch {
        let mut node = self.nodes[usize::from(self.lead[lead(&code.0)])];
        for byte in &code.0[3..5] {
            if node.row == 0 {
                break;
            }
            match self.rows[usize::from(node.row)][symbol(*byte)] {
                0 => break,
                next => node = self.nodes[usize::from(next)],
            }
        }
        node.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_its_prefixes_say_and_nothing_else() {
        let says = |bit: u32| PrefixMatch { charlson: bit, elixhauser: 0 };
        let tree = PrefixTree::new(&[("I50", says(1)), ("I501", says(2)), ("40201", says(4)), ("I10", says(8))]);
        for (code, bits) in [
            ("I50", 1),
            ("I501", 3),
            ("I5019", 3),
            ("I509", 1),
            ("I5", 0),
            ("4020", 0),
            ("40201", 4),
            ("402", 0),
            ("", 0),
        ] {
            let code = PackedCode::new(code.as_bytes()).expect("short");
            assert_eq!(tree.find(&code).charlson, bits, "{}", code.text());
        }
    }
}
