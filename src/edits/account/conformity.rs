//! The conditions of the profiles with their verdicts.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// What became of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformity {
    /// Kept, without a failed row.
    Passed,
    /// Kept, with failed rows below the limit.
    PassedWithFailedRows,
    /// Not kept.
    Failed,
    /// Nothing to examine, or the day has not come.
    NotApplicable,
}

impl Conformity {
    /// The words in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Conformity::Passed => "passed",
            Conformity::PassedWithFailedRows => "passed, with failed rows",
            Conformity::Failed => "failed",
            Conformity::NotApplicable => "not applicable",
        }
    }
}

impl Serialize for Conformity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A condition of a profile with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConformityAccount {
    /// Name of the profile.
    pub profile: String,
    /// Name of the condition.
    pub condition: String,
    /// The input or facility it speaks of; empty: the whole run.
    pub of: String,
    /// What was counted.
    pub numerator: u64,
    /// Of what.
    pub denominator: u64,
    /// The limit in words.
    pub limit: String,
    /// `passed`, `passed, with failed rows`, `failed` or `not applicable`.
    #[schemars(with = "String")]
    pub status: Conformity,
    /// Why, where the figures do not say it.
    pub why: String,
    /// Statute, rule or standard.
    pub source: String,
}
