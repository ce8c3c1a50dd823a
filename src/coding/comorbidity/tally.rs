//! What comorbidity came to over a run: encounters by condition and by score. Integers only; the order of merging never shows.

use crate::record::take_away::{TakeAway, take_away_fields};
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use super::encounter::Comorbidities;

/// A score of an index, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IndexScore {
    /// Charlson 1987.
    Charlson,
    /// Charlson under the weights of Quan 2011.
    CharlsonQuan,
    /// Elixhauser under the weights of van Walraven.
    VanWalraven,
    /// Elixhauser under the Swiss weights.
    Swiss,
    /// AHRQ's index of readmission.
    Readmission,
    /// AHRQ's index of death in hospital.
    Mortality,
    /// AHRQ's index of readmission of records without present-on-admission marks: over the measures that are known without them.
    ReadmissionWithoutMarks,
    /// AHRQ's index of death in hospital of records without marks.
    MortalityWithoutMarks,
}

impl IndexScore {
    /// What a person reads.
    pub fn title(self) -> &'static str {
        match self {
            IndexScore::Charlson => "Charlson, weights of 1987",
            IndexScore::CharlsonQuan => "Charlson, weights of Quan 2011",
            IndexScore::VanWalraven => "Elixhauser, van Walraven",
            IndexScore::Swiss => "Elixhauser, Swiss weights",
            IndexScore::Readmission => "AHRQ readmission index",
            IndexScore::Mortality => "AHRQ mortality index",
            IndexScore::ReadmissionWithoutMarks => "AHRQ readmission index, records without marks",
            IndexScore::MortalityWithoutMarks => "AHRQ mortality index, records without marks",
        }
    }
}

/// Encounters by bit of an index: the first is bit 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u64>", into = "Vec<u64>")]
pub struct BitCounts(pub [u64; 64]);

impl From<Vec<u64>> for BitCounts {
    /// Of fewer counts the others are 0.
    fn from(counts: Vec<u64>) -> BitCounts {
        BitCounts(std::array::from_fn(|bit| counts.get(bit).copied().unwrap_or(0)))
    }
}

impl From<BitCounts> for Vec<u64> {
    fn from(counts: BitCounts) -> Vec<u64> {
        counts.0.to_vec()
    }
}

impl Default for BitCounts {
    fn default() -> BitCounts {
        BitCounts([0; 64])
    }
}

impl BitCounts {
    fn count(&mut self, mut bits: u64) {
        while bits != 0 {
            self.0[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }

    fn merge(&mut self, other: &BitCounts) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }
}

/// Encounters by condition and by score.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComorbidityTally {
    /// Encounters counted.
    pub encounters: u64,
    /// Encounters with each condition of Charlson, by its bit.
    pub charlson: BitCounts,
    /// Encounters with each condition of Elixhauser.
    pub elixhauser: BitCounts,
    /// Encounters to which AHRQ's software applies.
    pub refined_encounters: u64,
    /// Of those, encounters without present-on-admission marks.
    pub without_marks: u64,
    /// Of those to which it applies, encounters with each measure; a measure that uses marks is missing, not absent, in those without marks.
    pub refined: BitCounts,
    /// Encounters without a list of exempt codes of their own fiscal year, by that year and the year of the list that stood in, with those that have each
    /// measure by that list alone.
    pub leaning: BTreeMap<(i32, i32), (u64, BitCounts)>,
    /// Encounters by score. Where marks are missing, AHRQ's indices are over the measures that are known, and stand apart.
    scores: FxHashMap<(IndexScore, i32), u64>,
}

impl ComorbidityTally {
    /// Counts one encounter.
    pub fn count(&mut self, of: &Comorbidities) {
        self.encounters += 1;
        self.charlson.count(u64::from(of.charlson.conditions));
        self.elixhauser.count(u64::from(of.elixhauser.conditions));
        let mut score = |score, value| *self.scores.entry((score, value)).or_default() += 1;
        score(IndexScore::Charlson, of.charlson.score_charlson);
        score(IndexScore::CharlsonQuan, of.charlson.score_quan);
        score(IndexScore::VanWalraven, of.elixhauser.van_walraven);
        score(IndexScore::Swiss, of.elixhauser.swiss);
        let Some(refined) = of.refined else { return };
        let (readmission, mortality) = match refined.unknown {
            0 => (IndexScore::Readmission, IndexScore::Mortality),
            _ => (IndexScore::ReadmissionWithoutMarks, IndexScore::MortalityWithoutMarks),
        };
        score(readmission, refined.readmission_index);
        score(mortality, refined.mortality_index);
        self.refined_encounters += 1;
        self.without_marks += u64::from(refined.unknown != 0);
        self.refined.count(refined.conditions);
        if let Some(leaning) = of.leaning {
            let (encounters, measures) = self.leaning.entry((leaning.fiscal_year, leaning.list_of)).or_default();
            *encounters += 1;
            measures.count(leaning.measures);
        }
    }

    /// Encounters by score, in the order of scores and values.
    pub fn scores(&self) -> Vec<((IndexScore, i32), u64)> {
        let mut sorted: Vec<_> = self.scores.iter().map(|(score, count)| (*score, *count)).collect();
        sorted.sort_unstable();
        sorted
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: ComorbidityTally) {
        self.encounters += other.encounters;
        self.refined_encounters += other.refined_encounters;
        self.without_marks += other.without_marks;
        self.charlson.merge(&other.charlson);
        self.elixhauser.merge(&other.elixhauser);
        self.refined.merge(&other.refined);
        for (years, (encounters, measures)) in other.leaning {
            let (sum, counts) = self.leaning.entry(years).or_default();
            *sum += encounters;
            counts.merge(&measures);
        }
        for (score, count) in other.scores {
            *self.scores.entry(score).or_default() += count;
        }
    }
}

impl TakeAway for BitCounts {
    fn take_away(&mut self, part: &BitCounts) -> bool {
        self.0.iter_mut().zip(part.0).fold(true, |are_there, (own, part)| own.take_away(&part) & are_there)
    }
}

take_away_fields!(
    ComorbidityTally: encounters, charlson, elixhauser, refined_encounters, without_marks, refined, leaning, scores,
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{ahrq::AhrqRefined, charlson::Charlson},
        *,
    };

    fn tally(encounters: &[(u32, Option<u64>)]) -> ComorbidityTally {
        let mut tally = ComorbidityTally::default();
        for (conditions, unknown) in encounters {
            tally.count(&Comorbidities {
                charlson: Charlson { conditions: *conditions, ..Charlson::default() },
                refined: unknown.map(|unknown| AhrqRefined { unknown, ..AhrqRefined::default() }),
                ..Comorbidities::default()
            });
        }
        tally
    }

    proptest! {
        #[test]
        fn tallies_of_parts_merge_to_the_tally_of_the_whole(
            encounters in prop::collection::vec((any::<u32>(), prop::option::of(any::<u64>())), 0..30),
            cut in any::<prop::sample::Index>(),
        ) {
            let (left, right) = encounters.split_at(cut.index(encounters.len() + 1));
            let mut merged = tally(right);
            merged.merge(tally(left));
            prop_assert_eq!(merged, tally(&encounters));
        }
    }
}
