//! The Charlson index: 17 conditions by the code lists of Quan 2005, under the weights of Charlson 1987 and of Quan 2011.

use super::index::ComorbidityIndex;

/// The graver condition and the milder one it silences (Quan 2005; as the R package comorbidity applies it).
pub const HIERARCHY: [(&str, &str); 3] = [("msld", "mld"), ("diabwc", "diab"), ("metacanc", "canc")];

/// Charlson's index of one encounter. The principal diagnosis counts like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Charlson {
    /// Conditions after the hierarchy: bit n is condition n of [`super::quan::QuanTables::charlson`].
    pub conditions: u32,
    /// Sum of the weights of Charlson 1987.
    pub score_charlson: i32,
    /// Sum of the weights of Quan 2011.
    pub score_quan: i32,
    /// Number of conditions.
    pub count: u32,
}

impl Charlson {
    /// The index of the conditions found, before the hierarchy.
    #[inline]
    pub fn of(found: u32, index: &ComorbidityIndex) -> Charlson {
        let settled = index.settle(u64::from(found));
        Charlson {
            conditions: settled.conditions as u32,
            score_charlson: settled.scores[0],
            score_quan: settled.scores[1],
            count: settled.count,
        }
    }
}
