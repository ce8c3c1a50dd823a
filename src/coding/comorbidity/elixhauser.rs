//! The Elixhauser index: 31 conditions by the code lists of Quan 2005, under the weights of van Walraven 2009 and the Swiss weights of Sharma 2021.

use super::index::ComorbidityIndex;

/// The graver condition and the milder one it silences (Quan 2005; as the R package comorbidity applies it).
pub const HIERARCHY: [(&str, &str); 3] = [("hypc", "hypunc"), ("diabc", "diabunc"), ("metacanc", "solidtum")];

/// Elixhauser's index of one encounter. The principal diagnosis counts like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Elixhauser {
    /// Conditions after the hierarchy: bit n is condition n of [`super::quan::QuanTables::elixhauser`].
    pub conditions: u32,
    /// Sum of the weights of van Walraven 2009.
    pub van_walraven: i32,
    /// Sum of the Swiss weights.
    pub swiss: i32,
    /// Number of conditions.
    pub count: u32,
}

impl Elixhauser {
    /// The index of the conditions found, before the hierarchy.
    #[inline]
    pub fn of(found: u32, index: &ComorbidityIndex) -> Elixhauser {
        let settled = index.settle(u64::from(found));
        Elixhauser {
            conditions: settled.conditions as u32,
            van_walraven: settled.scores[0],
            swiss: settled.scores[1],
            count: settled.count,
        }
    }
}
