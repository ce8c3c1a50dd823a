//! The rules in force with their figures.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    edits::{
        by_value::ValueCount,
        engine::ActiveRules,
        reporting::Reporting,
        scorecard::{Scorecard, Status},
    },
    record::finding::Severity,
};

/// One rule of the scorecard.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleAccount {
    /// Stable code.
    pub code: String,
    /// Name in the field's words.
    pub name: String,
    /// Severity in this run.
    #[schemars(with = "String")]
    pub severity: Severity,
    /// Times the rule was applied: the denominator.
    pub examined: u64,
    /// Times it failed.
    pub failed: u64,
    /// Times it failed and was verified as true; not among the failed.
    pub accepted: u64,
    /// Times it did not apply.
    pub not_applicable: u64,
    /// Of those, the times in which a blank or unreadable value left the answer of a site's own rule open.
    pub unknown: u64,
    /// `passed`, `passed, with accepted rows`, `failed`, `not applicable` or `error`.
    #[schemars(with = "String")]
    pub status: Status,
    /// How its findings are reported: `by record`, `by value` or `counted`.
    #[schemars(with = "String")]
    pub reported: Reporting,
    /// Of a rule that is reported by value: its lines in `findings.csv`.
    pub values: u64,
}

/// The rules with their figures. `inputs_unusable` says that an input could not be used; see [`RuleScore::status`](crate::edits::scorecard::RuleScore::status).
pub fn rule_accounts(rules: &ActiveRules, scorecard: &Scorecard, inputs_unusable: bool) -> Vec<RuleAccount> {
    (0..rules.count())
        .map(|number| (number, rules.described(number)))
        .zip(&scorecard.scores)
        .map(|((number, rule), score)| RuleAccount {
            code: rule.code.to_owned(),
            name: rule.name.to_owned(),
            severity: rule.severity,
            examined: score.examined,
            failed: score.failed,
            accepted: score.accepted,
            not_applicable: score.not_applicable,
            unknown: score.unknown,
            status: score.status(inputs_unusable),
            reported: rules.reporting(number as u16),
            values: 0,
        })
        .collect()
}

/// Enters how many distinct values stand in `findings.csv`.
pub fn count_values(accounts: &mut [RuleAccount], values: &[ValueCount]) {
    for value in values {
        accounts[usize::from(value.rule)].values += 1;
    }
}
