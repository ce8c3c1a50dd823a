//! The scorecard: for every rule how often it applied, failed, and did not apply.

use crate::record::take_away::take_away_fields;
use serde::{Deserialize, Serialize, Serializer};

/// Figures of one rule. Examined is the denominator: the times it applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleScore {
    /// Times the rule applied.
    pub examined: u64,
    /// Times it was violated.
    pub failed: u64,
    /// Times it did not apply.
    pub not_applicable: u64,
    /// Of the times it did not apply, those in which a blank or unreadable value left open whether it does or is violated; site rules alone count them.
    pub unknown: u64,
    /// Times it was violated and verified as true; not among the failed.
    pub accepted: u64,
    /// Encounters (or inputs) with at least one failure.
    pub records_failed: u64,
}

/// What became of a rule in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It applied and was never violated.
    Passed,
    /// It was violated.
    Failed,
    /// It was violated, and every time verified as true.
    Accepted,
    /// It never applied.
    NotApplicable,
    /// It could not be examined: an input that it speaks of could not be used.
    Error,
}

impl Status {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::Accepted => "passed, with accepted rows",
            Status::NotApplicable => "not applicable",
            Status::Error => "error",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl RuleScore {
    /// Counts failures on one encounter as verified.
    pub fn accept(&mut self, failures: u64) {
        self.failed -= failures;
        self.accepted += failures;
        self.records_failed -= 1;
    }

    /// Counts some of the failures on one encounter as verified, others are left.
    pub fn accept_some(&mut self, failures: u64) {
        self.failed -= failures;
        self.accepted += failures;
    }

    /// What became of the rule. `inputs_unusable` says that no encounter could be read because an input could not be used.
    pub fn status(&self, inputs_unusable: bool) -> Status {
        match self {
            RuleScore { failed: 1.., .. } => Status::Failed,
            RuleScore { accepted: 1.., .. } => Status::Accepted,
            RuleScore { examined: 1.., .. } => Status::Passed,
            RuleScore { not_applicable: 0, .. } if inputs_unusable => Status::Error,
            _ => Status::NotApplicable,
        }
    }
}

/// The scores of all rules of a run, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    /// One a rule.
    pub scores: Vec<RuleScore>,
}

impl Scorecard {
    /// An empty scorecard of so many rules.
    pub fn new(rules: usize) -> Scorecard {
        Scorecard { scores: vec![RuleScore::default(); rules] }
    }

    /// Adds the scorecard of another partition.
    pub fn merge(&mut self, other: &Scorecard) {
        for (sum, more) in self.scores.iter_mut().zip(&other.scores) {
            sum.examined += more.examined;
            sum.failed += more.failed;
            sum.accepted += more.accepted;
            sum.not_applicable += more.not_applicable;
            sum.unknown += more.unknown;
            sum.records_failed += more.records_failed;
        }
    }
}

take_away_fields!(RuleScore: examined, failed, accepted, not_applicable, unknown, records_failed);
take_away_fields!(Scorecard: scores);
