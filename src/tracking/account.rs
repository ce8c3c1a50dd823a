//! The account of a night: what `run_results.json` says of findings and deficiencies as they stand from night to night.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::account::{counted, counted_as, grouped};

/// Findings, or deficiencies, by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LifeCounts {
    /// Found for the first time.
    pub new: u64,
    /// Records with at least one of those.
    pub records_with_new: u64,
    /// Of the new and reopened: fatal, error and warning; of deficiencies all 0.
    pub new_by_severity: [u64; 3],
    /// Found again, or open again because a decision no longer holds.
    pub reopened: u64,
    /// Open on this night, the new and reopened ones among them.
    pub open: u64,
    /// Days since the oldest of the open ones was found first.
    pub oldest_days: i32,
    /// Verified as true.
    pub verified: u64,
    /// Waived.
    pub waived: u64,
    /// No longer found.
    pub corrected: u64,
    /// Found for the first time on records that did not change: edits, code sets, layouts or settings did.
    pub new_by_change: u64,
    /// No longer found on records that did not change.
    pub gone_by_change: u64,
    /// Open deficiencies that are due on this day.
    pub due_today: u64,
    /// Open deficiencies that were due on an earlier day.
    pub overdue: u64,
    /// Not looked for on this night, because an input did not come or could not be used: they stay open.
    pub not_looked_for: u64,
}

/// What became of the decisions that came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecisionCounts {
    /// Keys of which something is decided.
    pub keys: u64,
    /// Of those, with a decision that came tonight.
    pub tonight: u64,
    /// Keys of tonight's decisions that no finding or deficiency has or had.
    pub unknown: u64,
    /// Decisions that hold no more since tonight, or do not hold at all, because the value is another one.
    pub value_changed: u64,
    /// Rows of tonight with a key or a word that is none.
    pub unreadable: u64,
    /// Where the first of them stand: file and row.
    pub unreadable_rows: Vec<String>,
}

/// The account of a night.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NightAccount {
    /// Whether findings and deficiencies are followed from night to night: in a pipeline that keeps its records.
    pub followed: bool,
    /// Why not, where the records are kept all the same; empty where there is no reason.
    pub not_followed: String,
    /// The night before, `YYYY-MM-DD`; empty where this is the first.
    pub previous_night: String,
    /// Whether edits, code sets, layouts or settings are others than on the night before.
    pub edits_changed: bool,
    /// Findings: fatal ones, errors and warnings, but for those that are reported by value and those of files.
    pub findings: LifeCounts,
    /// Open chart deficiencies.
    pub deficiencies: LifeCounts,
    /// Records that became delinquent on this night.
    pub became_delinquent: u64,
    /// Why nobody becomes delinquent on this night, in words; empty where there is no reason.
    pub delinquency_held: String,
    /// The day on which the document index came last, `YYYY-MM-DD`; empty where it never did.
    pub documents_as_of: String,
    /// Decisions.
    pub decisions: DecisionCounts,
    /// What of the kept records was examined: `changed` or `everything`; empty where none are kept.
    pub examined: String,
    /// Why everything was; empty where it was not.
    pub everything_because: String,
    /// Records that were examined on this night.
    pub records_examined: u64,
    /// Records that are kept, each once.
    pub records_kept: u64,
}

/// The word for a night that examined what changed.
pub const CHANGED: &str = "changed";
/// The word for one that examined all that is kept.
pub const EVERYTHING: &str = "everything";

impl NightAccount {
    /// The lines of the printed account.
    pub fn lines(&self) -> Vec<String> {
        if !self.not_followed.is_empty() {
            return vec![format!("what is new and corrected is not told: {}", self.not_followed)];
        }
        if !self.followed {
            return self.counted_from_nights();
        }
        let mut lines = Vec::new();
        for (name, counts, worklist) in [
            ("findings", &self.findings, "worklists/to_resolve.csv"),
            ("deficiencies", &self.deficiencies, "worklists/deficiencies.csv"),
        ] {
            lines.extend(counts.lines(name, worklist));
        }
        if self.became_delinquent > 0 {
            lines.push(format!("  became delinquent: {}", counted(self.became_delinquent, "record")));
        }
        // Where nothing is open nobody has to know.
        if !self.delinquency_held.is_empty() && self.deficiencies.open > 0 {
            lines.push(format!("  nobody becomes delinquent tonight: {}", self.delinquency_held));
        }
        lines.extend(self.decisions.lines());
        if !lines.is_empty() {
            lines.insert(0, "from night to night".to_owned());
        }
        lines
    }
}

impl NightAccount {
    /// What a run that reads the store has examined, where it need not examine everything.
    fn counted_from_nights(&self) -> Vec<String> {
        match self.examined.as_str() {
            CHANGED => vec![format!(
                "counted from what the nights left: the lists have the {} of {} records that are open",
                grouped(self.records_examined),
                grouped(self.records_kept)
            )],
            EVERYTHING => vec![format!("all records were examined: {}", self.everything_because)],
            _ => Vec::new(),
        }
    }
}

impl LifeCounts {
    /// Whether nothing was ever found.
    pub fn are_none(&self) -> bool {
        *self == LifeCounts::default()
    }

    fn lines(&self, name: &str, worklist: &str) -> Vec<String> {
        if self.are_none() {
            return Vec::new();
        }
        let mut lines = vec![format!(
            "  {name}: new {}, reopened {}, corrected {}; open {} (oldest {}); verified {}, waived {}: {worklist}",
            grouped(self.new),
            grouped(self.reopened),
            grouped(self.corrected),
            grouped(self.open),
            days(self.oldest_days),
            grouped(self.verified),
            grouped(self.waived),
        )];
        if self.new_by_change + self.gone_by_change > 0 {
            lines.push(format!(
                "  {name} because edits, code sets or layouts changed: new {}, gone {}",
                grouped(self.new_by_change),
                grouped(self.gone_by_change),
            ));
        }
        if self.not_looked_for > 0 {
            lines.push(format!(
                "  {name} not looked for tonight, because an input did not come or could not be used: {}; they stay open",
                grouped(self.not_looked_for)
            ));
        }
        lines
    }
}

impl DecisionCounts {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.unknown > 0 {
            let keys = counted_as(self.unknown, "key is", "keys are");
            lines.push(format!("  decisions without effect: {keys} of no finding or deficiency"));
        }
        if self.value_changed > 0 {
            lines.push(format!(
                "  decisions that hold no more: {}, because the value is another one by now",
                grouped(self.value_changed)
            ));
        }
        if self.unreadable > 0 {
            lines.push(format!(
                "  decisions that cannot be read: {} ({}): write verified, waived, open or assigned, and leave the key as it is",
                grouped(self.unreadable),
                self.unreadable_rows.join("; ")
            ));
        }
        lines
    }
}

/// `1 day`, `58 days`.
pub fn days(days: i32) -> String {
    format!("{days} {}", if days == 1 { "day" } else { "days" })
}
