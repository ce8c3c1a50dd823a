//! Rules that tell a special cause on a control chart.
//!
//! A rule marks every point that belongs to its pattern, not only the last one, as the charts of the NHS do (Making Data Count). Rules look at unbroken runs of months only: a
//! gap ends a run. All comparisons are exact: distances are compared as squares, so that no root is taken.

use std::cmp::Ordering;

use super::fraction::Fraction;

/// A set of rules. Sets are not mixed: with more rules there are more false alarms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartRuleSet {
    /// The four rules of NHS England, Making Data Count.
    #[default]
    Nhs,
    /// The four rules of the Western Electric handbook of statistical quality control (1956).
    WesternElectric,
}

impl ChartRuleSet {
    /// The name as it is printed beside a chart.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ChartRuleSet::Nhs => "NHS Making Data Count",
            ChartRuleSet::WesternElectric => "Western Electric",
        }
    }

    /// The rules of the set, in the order in which they are printed.
    #[must_use]
    pub fn rules(self) -> [ChartRule; 4] {
        match self {
            ChartRuleSet::Nhs => [
                ChartRule::OutsideLimits,
                ChartRule::SevenOneSide,
                ChartRule::SevenTrending,
                ChartRule::TwoOfThreeNearLimit,
            ],
            ChartRuleSet::WesternElectric => [
                ChartRule::OutsideLimits,
                ChartRule::TwoOfThreeBeyondTwoSigma,
                ChartRule::FourOfFiveBeyondOneSigma,
                ChartRule::EightOneSide,
            ],
        }
    }
}

/// A rule. A point on a limit is not beyond it, and a point on the centre line is on no side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChartRule {
    /// Beyond a limit (three sigma). In both sets.
    OutsideLimits,
    /// Seven points in a row on one side of the centre line.
    SevenOneSide,
    /// Seven points in a row, each above the one before or each below it.
    SevenTrending,
    /// Two of three points in a row beyond two thirds of the way to a limit, but not outside it; all three on that side. The two are marked.
    TwoOfThreeNearLimit,
    /// Two of three points in a row beyond two sigma on one side. The two are marked.
    TwoOfThreeBeyondTwoSigma,
    /// Four of five points in a row beyond one sigma on one side. The four are marked.
    FourOfFiveBeyondOneSigma,
    /// Eight points in a row on one side of the centre line.
    EightOneSide,
}

impl ChartRule {
    /// The name as it is printed at a point.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ChartRule::OutsideLimits => "outside the limits",
            ChartRule::SevenOneSide => "7 on one side",
            ChartRule::SevenTrending => "7 trending",
            ChartRule::TwoOfThreeNearLimit => "2 of 3 near a limit",
            ChartRule::TwoOfThreeBeyondTwoSigma => "2 of 3 beyond 2 sigma",
            ChartRule::FourOfFiveBeyondOneSigma => "4 of 5 beyond 1 sigma",
            ChartRule::EightOneSide => "8 on one side",
        }
    }

    /// Points in a row that the rule looks at.
    fn length(self) -> usize {
        match self {
            ChartRule::OutsideLimits => 1,
            ChartRule::TwoOfThreeNearLimit | ChartRule::TwoOfThreeBeyondTwoSigma => 3,
            ChartRule::FourOfFiveBeyondOneSigma => 5,
            ChartRule::SevenOneSide | ChartRule::SevenTrending => 7,
            ChartRule::EightOneSide => 8,
        }
    }
}

/// A point as the rules see it.
#[derive(Debug, Clone)]
pub struct PlacedPoint {
    value: Fraction,
    side: Ordering,
    /// Whole sigmas that it is beyond: 0 to 3.
    sigmas: u8,
}

impl PlacedPoint {
    /// A point with the centre line and the square of its sigma (a third of the way to a limit).
    #[must_use]
    pub fn new(value: Fraction, centre: &Fraction, variance: &Fraction) -> PlacedPoint {
        let distance = &value - centre;
        let square = &distance * &distance;
        let beyond = [3_u8, 2, 1].into_iter().find(|sigmas| square > variance * &Fraction::whole(sigmas * sigmas));
        PlacedPoint { side: value.cmp(centre), sigmas: beyond.unwrap_or(0), value }
    }
}

/// The rules of a set that fired at each point, in the order of the set; nothing at a gap.
#[must_use]
pub fn fired(points: &[Option<PlacedPoint>], set: ChartRuleSet) -> Vec<Vec<ChartRule>> {
    let mut fired = vec![Vec::new(); points.len()];
    for rule in set.rules() {
        let mut marked = vec![false; points.len()];
        for (first, window) in points.windows(rule.length()).enumerate() {
            let Some(window) = window.iter().map(Option::as_ref).collect::<Option<Vec<&PlacedPoint>>>() else {
                continue;
            };
            for (offset, belongs) in members(rule, &window).into_iter().enumerate() {
                marked[first + offset] |= belongs;
            }
        }
        for (rules, _) in fired.iter_mut().zip(marked).filter(|(_, marked)| *marked) {
            rules.push(rule);
        }
    }
    fired
}

/// Which points of a window of the rule's length belong to its pattern; none if there is no pattern.
fn members(rule: ChartRule, window: &[&PlacedPoint]) -> Vec<bool> {
    let one_side = |side: Ordering| window.iter().all(|point| point.side == side);
    let steps = |step: Ordering| window.windows(2).all(|pair| pair[1].value.cmp(&pair[0].value) == step);
    let all_if = |holds: bool| vec![holds; window.len()];
    let enough = |least: usize, chosen: Vec<bool>| {
        if chosen.iter().filter(|chosen| **chosen).count() >= least { chosen } else { all_if(false) }
    };
    let beyond = |sigmas: u8, least: usize| {
        let on = |side: Ordering| {
            enough(least, window.iter().map(|point| point.side == side && point.sigmas >= sigmas).collect())
        };
        // More than half of the window has to be on the side, so that only one side can have a pattern.
        on(Ordering::Greater).into_iter().zip(on(Ordering::Less)).map(|(above, below)| above || below).collect()
    };
    let sided = one_side(Ordering::Greater) || one_side(Ordering::Less);
    match rule {
        ChartRule::OutsideLimits => window.iter().map(|point| point.sigmas == 3).collect(),
        ChartRule::SevenOneSide | ChartRule::EightOneSide => all_if(sided),
        ChartRule::SevenTrending => all_if(steps(Ordering::Greater) || steps(Ordering::Less)),
        ChartRule::TwoOfThreeNearLimit if sided => enough(2, window.iter().map(|point| point.sigmas == 2).collect()),
        ChartRule::TwoOfThreeNearLimit => all_if(false),
        ChartRule::TwoOfThreeBeyondTwoSigma => beyond(2, 2),
        ChartRule::FourOfFiveBeyondOneSigma => beyond(1, 4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points in tenths of a sigma around 0; `GAP` is a month that is not held.
    const GAP: i32 = i32::MIN;

    fn marked(tenths: &[i32], set: ChartRuleSet, rule: ChartRule) -> String {
        let placed = |&tenths: &i32| {
            let value = Fraction::new(tenths, 10_u8)?;
            (tenths != GAP).then(|| PlacedPoint::new(value, &Fraction::whole(0), &Fraction::whole(1)))
        };
        let points: Vec<Option<PlacedPoint>> = tenths.iter().map(placed).collect();
        fired(&points, set).iter().map(|rules| if rules.contains(&rule) { 'x' } else { '.' }).collect()
    }

    #[test]
    fn a_point_on_the_limit_is_not_outside() {
        assert_eq!(marked(&[30, 31, -30, -31, 0], ChartRuleSet::Nhs, ChartRule::OutsideLimits), ".x.x.");
    }

    #[test]
    fn seven_on_one_side_are_all_marked_and_the_centre_breaks_them() {
        assert_eq!(marked(&[-1, 1, 5, 2, 3, 1, 2, 9, -1], ChartRuleSet::Nhs, ChartRule::SevenOneSide), ".xxxxxxx.");
        assert_eq!(marked(&[1, 1, 1, 0, 1, 1, 1, 1], ChartRuleSet::Nhs, ChartRule::SevenOneSide), "........");
        assert_eq!(marked(&[-1; 9], ChartRuleSet::Nhs, ChartRule::SevenOneSide), "xxxxxxxxx");
        assert_eq!(marked(&[1; 7], ChartRuleSet::WesternElectric, ChartRule::EightOneSide), ".......");
        assert_eq!(marked(&[1; 8], ChartRuleSet::WesternElectric, ChartRule::EightOneSide), "xxxxxxxx");
    }

    #[test]
    fn a_gap_breaks_a_run() {
        assert_eq!(marked(&[1, 1, 1, GAP, 1, 1, 1, 1], ChartRuleSet::Nhs, ChartRule::SevenOneSide), "........");
        assert_eq!(marked(&[1, 2, 3, GAP, 4, 5, 6, 7], ChartRuleSet::Nhs, ChartRule::SevenTrending), "........");
        assert_eq!(marked(&[25, GAP, 25], ChartRuleSet::Nhs, ChartRule::TwoOfThreeNearLimit), "...");
    }

    #[test]
    fn seven_trending_points_have_six_steps_without_a_tie() {
        assert_eq!(marked(&[5, -9, -6, -3, 0, 3, 6, 9, 2], ChartRuleSet::Nhs, ChartRule::SevenTrending), ".xxxxxxx.");
        assert_eq!(marked(&[9, 6, 3, 0, -3, -6, -9], ChartRuleSet::Nhs, ChartRule::SevenTrending), "xxxxxxx");
        assert_eq!(marked(&[1, 2, 3, 3, 4, 5, 6, 7], ChartRuleSet::Nhs, ChartRule::SevenTrending), "........");
    }

    #[test]
    fn two_of_three_near_a_limit_need_all_three_on_its_side() {
        let rule = ChartRule::TwoOfThreeNearLimit;
        assert_eq!(marked(&[21, 5, 30], ChartRuleSet::Nhs, rule), "x.x");
        assert_eq!(marked(&[21, -5, 30], ChartRuleSet::Nhs, rule), "...");
        assert_eq!(marked(&[20, 5, 30], ChartRuleSet::Nhs, rule), "...", "a point at two thirds is not beyond them");
        assert_eq!(marked(&[25, 31, 5], ChartRuleSet::Nhs, rule), "...", "a point outside is not near");
        assert_eq!(marked(&[25, -25, 25], ChartRuleSet::Nhs, rule), "...");
    }

    #[test]
    fn western_electric_counts_points_outside_and_lets_the_others_lie_anywhere() {
        let set = ChartRuleSet::WesternElectric;
        assert_eq!(marked(&[25, -5, 31], set, ChartRule::TwoOfThreeBeyondTwoSigma), "x.x");
        assert_eq!(marked(&[25, -25, 5], set, ChartRule::TwoOfThreeBeyondTwoSigma), "...");
        assert_eq!(marked(&[-11, -15, 8, -25, -35], set, ChartRule::FourOfFiveBeyondOneSigma), "xx.xx");
        assert_eq!(marked(&[-11, -15, 8, -25, 35], set, ChartRule::FourOfFiveBeyondOneSigma), ".....");
    }

    #[test]
    fn no_spread_fires_no_rule() {
        let one = || PlacedPoint::new(Fraction::whole(4), &Fraction::whole(4), &Fraction::whole(0));
        let points: Vec<_> = (0..9).map(|_| Some(one())).collect();
        for set in [ChartRuleSet::Nhs, ChartRuleSet::WesternElectric] {
            assert!(fired(&points, set).iter().all(Vec::is_empty));
        }
    }
}
