//! A comorbidity index: its conditions with weights, and the conditions that a graver one silences.

/// A condition of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comorbidity {
    /// Short name, in columns.
    pub name: String,
    /// What a person reads.
    pub title: String,
    /// Its weight in each of the two scores of the index.
    pub weights: [i32; 2],
}

/// Conditions in the order of their bits.
#[derive(Debug)]
pub struct ComorbidityIndex {
    /// The conditions; bit 0 is the first.
    pub conditions: Vec<Comorbidity>,
    /// Where all bits of the first are set, those of the second are cleared.
    silences: Vec<(u64, u64)>,
}

/// What an index makes of a set of conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SettledComorbidities {
    /// The conditions after the hierarchy, as bits.
    pub conditions: u64,
    /// The two scores.
    pub scores: [i32; 2],
    /// How many conditions.
    pub count: u32,
}

impl ComorbidityIndex {
    /// An index of conditions and a hierarchy by names, the graver first, in the order in which it is to be applied.
    pub fn new(conditions: Vec<Comorbidity>, hierarchy: &[(&str, &str)]) -> ComorbidityIndex {
        let bit = |name: &str| {
            conditions.iter().position(|condition| condition.name == name).map_or(0, |place| 1u64 << place)
        };
        let silences =
            hierarchy.iter().map(|(graver, milder)| (bit(graver), bit(milder))).filter(|(graver, _)| *graver != 0);
        ComorbidityIndex { silences: silences.collect(), conditions }
    }

    /// The bit of a condition.
    pub fn bit(&self, name: &str) -> Option<u64> {
        self.conditions.iter().position(|condition| condition.name == name).map(|place| 1 << place)
    }

    /// Applies the hierarchy and adds the weights up.
    #[inline]
    pub fn settle(&self, found: u64) -> SettledComorbidities {
        let mut conditions = found;
        if conditions == 0 {
            return SettledComorbidities::default();
        }
        for (graver, milder) in &self.silences {
            if conditions & graver != 0 {
                conditions &= !milder;
            }
        }
        let mut settled = SettledComorbidities { conditions, scores: [0; 2], count: conditions.count_ones() };
        let mut rest = conditions;
        while rest != 0 {
            let weights = self.conditions[rest.trailing_zeros() as usize].weights;
            settled.scores[0] += weights[0];
            settled.scores[1] += weights[1];
            rest &= rest - 1;
        }
        settled
    }
}
