//! FIL031: whether times are in UTC or of several clocks, and no time zone is stated.

use crate::{
    edits::rule::{Rule, RulePeriod, Test},
    record::{account::counts_by_field, finding::Severity},
};

/// See the page of the rule.
pub const RULE: Rule = Rule {
    code: "FIL031",
    name: "times-without-time-zone",
    severity: Severity::Warning,
    life: RulePeriod::ALWAYS,
    field: None,
    message: "times are in UTC or of several clocks, and the layout states no time zone: evenings may fall on the next day",
    test: Test::Input {
        applies: |input| input.fault.is_empty(),
        violates: |input| !input.times_in_utc.is_empty() || !input.times_of_several_clocks.is_empty(),
        shows: |input| {
            let parts = [("in UTC", &input.times_in_utc), ("of several clocks", &input.times_of_several_clocks)];
            let words = parts.into_iter().filter(|(_, counts)| !counts.is_empty());
            words.map(|(what, counts)| format!("{what}: {}", counts_by_field(counts))).collect::<Vec<_>>().join("; ")
        },
    },
    page: include_str!("times_without_time_zone.md"),
};
