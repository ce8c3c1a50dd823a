//! Asks the trend rules of judged figures.

use std::collections::BTreeSet;

use super::{
    figure::{Figure, TrendVerdict},
    judge::Trends,
};
use crate::{
    edits::{
        acceptance::accepted,
        engine::ActiveRules,
        rule::{EditContext, Test},
        scorecard::Scorecard,
    },
    record::finding::{Finding, FindingKey, Found, Origin},
    record::life::values_digest,
};

/// Findings on figures stand in no input.
const NOWHERE: Origin = Origin { input: u16::MAX, row: 0 };

/// Whether any rule of the run asks for figures: without one nothing is counted.
pub fn asks_trends(rules: &ActiveRules) -> bool {
    rules.rules.iter().any(|(rule, _)| matches!(rule.test, Test::Trend { .. }))
}

/// Asks every rule of the figures of its measure. A warning is no finding where the critical twin, in force in this run, has found the figure.
pub fn examine_figures(
    trends: &Trends,
    rules: &ActiveRules,
    context: &EditContext,
    scorecard: &mut Scorecard,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut found: BTreeSet<(usize, &str)> = BTreeSet::new();
    for (number, (rule, severity)) in rules.rules.iter().enumerate() {
        let Test::Trend { measure, twin, applies, violates } = rule.test else { continue };
        let score = &mut scorecard.scores[number];
        score.not_applicable += trends.few_cases.get(&measure).copied().unwrap_or(0);
        for (place, figure) in trends.figures.iter().enumerate().filter(|(_, figure)| figure.measure == measure) {
            if !applies(figure) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            if !violates(figure) || twin.is_some_and(|twin| found.contains(&(place, twin))) {
                continue;
            }
            found.insert((place, rule.code));
            score.failed += 1;
            score.records_failed += 1;
            let subject = figure.subject();
            let key = FindingKey::of(rule.code, Some(&subject), rule.field, Found::Once, 0);
            let raw = figure.words();
            let values = values_digest(&raw, "");
            let accepted =
                accepted(&rules.acceptances, rule.code, &subject, None, context).or_else(|| rules.decided(key, values));
            if accepted.is_some() {
                score.accept(1);
            }
            findings.push(Finding {
                rule: number as u16,
                severity: *severity,
                key,
                subject,
                field: rule.field,
                position: 0,
                raw,
                values,
                other: None,
                origin: NOWHERE,
                accepted,
            });
        }
    }
    findings
}

/// Whether a figure is judged.
pub fn is_judged(figure: &Figure) -> bool {
    figure.verdict != TrendVerdict::NotApplicable
}

/// Whether a figure lies beyond the warning limits; also beyond the critical ones.
pub fn is_unusual(figure: &Figure) -> bool {
    figure.verdict >= TrendVerdict::Warning
}

/// Whether a figure lies beyond the critical limits.
pub fn is_implausible(figure: &Figure) -> bool {
    figure.verdict == TrendVerdict::Critical
}
