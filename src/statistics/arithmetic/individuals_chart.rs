//! Control charts of individual values with moving ranges (`XmR`).
//!
//! Centre line: the mean of the values. CountLimits: 2.66 mean moving ranges to each side (Shewhart; NHS England, Making Data Count). Everything is exact.

use super::chart_rules::{ChartRuleSet, PlacedPoint, fired};
use super::control_chart::{ChartPoint, ChartWarning, ControlChart, NoChart, warnings};
use super::fraction::Fraction;

/// Hundredths of a mean moving range from the centre line to a limit: 3 / 1.128.
const LIMIT_HUNDREDTHS: u16 = 266;

/// Thousandths of the mean moving range above which a moving range is out of control.
const LARGE_RANGE_THOUSANDTHS: u16 = 3_267;

/// What a chart of individual values is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndividualsSettings {
    /// The rules. Default: those of the NHS.
    pub rules: ChartRuleSet,
    /// Whether moving ranges above 3.267 times their mean are left out and the mean is taken once more. Default: no.
    pub leave_out_large_ranges: bool,
    /// Whether a limit below 0 is set to 0, as for counts, days and rates. Default: yes. The rules do not change by it.
    pub never_negative: bool,
}

impl Default for IndividualsSettings {
    fn default() -> IndividualsSettings {
        IndividualsSettings { rules: ChartRuleSet::default(), leave_out_large_ranges: false, never_negative: true }
    }
}

/// A chart of individual values, such as discharges or mean days of stay a month. `None` is a month that is not held; no moving range goes over it.
///
/// # Errors
/// When there is no value, or no two months adjoin.
pub fn individuals_chart(values: &[Option<Fraction>], settings: IndividualsSettings) -> Result<ControlChart, NoChart> {
    let held: Vec<Fraction> = values.iter().flatten().cloned().collect();
    let centre = mean(held).ok_or(NoChart::NoPoints)?;
    let ranges: Vec<Fraction> =
        values.windows(2).filter_map(|pair| Some((pair[1].as_ref()? - pair[0].as_ref()?).magnitude())).collect();
    let all_ranges = ranges.len();
    let kept = if settings.leave_out_large_ranges { without_large(ranges) } else { ranges };
    let left_out = all_ranges - kept.len();
    let mean_range = mean(kept).ok_or(NoChart::NoMovingRange)?;
    let distance = &mean_range * &part(LIMIT_HUNDREDTHS, 100);
    let sigma = &distance * &part(1, 3);
    let variance = &sigma * &sigma;
    let place = |value: &Fraction| PlacedPoint::new(value.clone(), &centre, &variance);
    let placed: Vec<Option<PlacedPoint>> = values.iter().map(|value| value.as_ref().map(place)).collect();
    let lower = &centre - &distance;
    let lower = if settings.never_negative { lower.max(Fraction::whole(0)) } else { lower };
    let upper = &centre + &distance;
    let rules = fired(&placed, settings.rules);
    let point = |(value, rules): (&Option<Fraction>, _)| {
        Some(ChartPoint { value: value.clone()?, lower: lower.clone(), upper: upper.clone(), rules })
    };
    let points: Vec<Option<ChartPoint>> = values.iter().zip(rules).map(point).collect();
    let warnings = warnings(&points, (left_out > 0).then_some(ChartWarning::RangesLeftOut { ranges: left_out }));
    Ok(ControlChart {
        centre,
        sigma_z: None,
        corrected: false,
        mean_moving_range: Some(mean_range),
        points,
        rules: settings.rules,
        warnings,
    })
}

/// The ranges that are not above 3.267 times the mean of all.
fn without_large(ranges: Vec<Fraction>) -> Vec<Fraction> {
    let Some(mean) = mean(ranges.clone()) else { return ranges };
    let most = &mean * &part(LARGE_RANGE_THOUSANDTHS, 1_000);
    ranges.into_iter().filter(|range| *range <= most).collect()
}

fn mean(values: Vec<Fraction>) -> Option<Fraction> {
    let count = Fraction::whole(values.len());
    Fraction::sum(values).divided_by(&count)
}

/// A constant of a formula; the denominator is not 0.
fn part(numerator: u16, denominator: u16) -> Fraction {
    Fraction::new(numerator, denominator).unwrap_or_else(|| Fraction::whole(0))
}

#[cfg(test)]
mod tests {
    use super::super::chart_rules::ChartRule;
    use super::*;

    fn wholes(values: &[i64]) -> Vec<Option<Fraction>> {
        values.iter().map(|&value| Some(Fraction::whole(value))).collect()
    }

    fn first(chart: &ControlChart) -> &ChartPoint {
        chart.points.iter().flatten().next().expect("a point")
    }

    #[test]
    fn twelve_months_with_none_outside() {
        let values = wholes(&[12, 15, 11, 14, 13, 18, 12, 16, 14, 13, 15, 24]);
        for leave_out_large_ranges in [false, true] {
            let settings = IndividualsSettings { leave_out_large_ranges, ..IndividualsSettings::default() };
            let chart = individuals_chart(&values, settings).expect("a chart");
            assert_eq!(chart.centre.printed(2), "14.75");
            assert_eq!(
                (first(&chart).lower.printed(2), first(&chart).upper.printed(2)),
                ("5.08".into(), "24.42".into())
            );
            assert!(chart.points.iter().flatten().all(|point| point.rules.is_empty()));
            assert!(chart.warnings.is_empty());
        }
    }

    #[test]
    fn the_moving_range_does_not_go_over_a_gap() {
        let mut values = wholes(&[10, 12, 100, 90, 92]);
        values[2] = None;
        let chart = individuals_chart(&values, IndividualsSettings::default()).expect("a chart");
        // Ranges 2 and 2; mean 51; limits 51 -+ 5.32.
        assert_eq!(chart.mean_moving_range, Some(Fraction::whole(2)));
        assert_eq!((first(&chart).lower.printed(2), first(&chart).upper.printed(2)), ("45.68".into(), "56.32".into()));
        assert!(chart.points[2].is_none());
        assert_eq!(chart.warnings, [ChartWarning::FewPoints { points: 4 }]);
    }

    #[test]
    fn one_large_range_is_left_out_when_asked_for() {
        // Ten ranges of 1 and one of 11: mean 21/11 = 1.909, times 3.267 = 6.24, so that 11 goes and the mean is 1.
        let values = wholes(&[5, 6, 5, 6, 5, 6, 5, 6, 5, 6, 5, 16]);
        let with =
            |leave_out_large_ranges| IndividualsSettings { leave_out_large_ranges, ..IndividualsSettings::default() };
        let all = individuals_chart(&values, with(false)).expect("a chart");
        assert_eq!(all.mean_moving_range, Fraction::new(21, 11_u8));
        let kept = individuals_chart(&values, with(true)).expect("a chart");
        assert_eq!(kept.mean_moving_range, Some(Fraction::whole(1)));
        assert_eq!(kept.warnings, [ChartWarning::RangesLeftOut { ranges: 1 }]);
        assert_eq!(kept.points[11].as_ref().map(|point| point.rules.clone()), Some(vec![ChartRule::OutsideLimits]));
    }

    #[test]
    fn a_value_on_the_limit_is_not_outside() {
        // Two pairs of months with a gap between them: both ranges are 100, so that the limits are 266 from the mean of 0.
        let pairs = |values: &[i64]| -> Vec<Option<Fraction>> {
            values.chunks(2).flat_map(|pair| wholes(pair).into_iter().chain([None])).collect()
        };
        let free = IndividualsSettings { never_negative: false, ..IndividualsSettings::default() };
        let on = individuals_chart(&pairs(&[266, 166, -266, -166]), free).expect("a chart");
        assert_eq!((first(&on).lower.clone(), first(&on).upper.clone()), (Fraction::whole(-266), Fraction::whole(266)));
        assert!(on.points.iter().flatten().all(|point| !point.rules.contains(&ChartRule::OutsideLimits)));
        let beyond = individuals_chart(&pairs(&[267, 167, -267, -167]), free).expect("a chart");
        let outside = beyond.points.iter().flatten().filter(|point| point.rules.contains(&ChartRule::OutsideLimits));
        assert_eq!(outside.count(), 2);
    }

    #[test]
    fn the_lower_limit_is_clipped_only_for_what_cannot_be_negative() {
        let values = wholes(&[1, 9, 1, 9]);
        let clipped = individuals_chart(&values, IndividualsSettings::default()).expect("a chart");
        assert!(first(&clipped).lower.is_zero());
        let free = IndividualsSettings { never_negative: false, ..IndividualsSettings::default() };
        assert_eq!(individuals_chart(&values, free).map(|chart| first(&chart).lower.printed(2)), Ok("-16.28".into()));
    }

    #[test]
    fn no_values_or_no_neighbours() {
        let one = || Some(Fraction::whole(1));
        let settings = IndividualsSettings::default();
        assert_eq!(individuals_chart(&[], settings), Err(NoChart::NoPoints));
        assert_eq!(individuals_chart(&[None, None], settings), Err(NoChart::NoPoints));
        assert_eq!(individuals_chart(&[one(), None, one()], settings), Err(NoChart::NoMovingRange));
        assert!(individuals_chart(&[one(), one()], settings).is_ok_and(|chart| first(&chart).lower == chart.centre));
    }
}
