//! Control charts of monthly proportions (p) and rates (u), with Laney's correction for over-dispersion (p' and u').
//!
//! Centre line `p̄ = Σx / Σn`, sigma `√(p̄(1 - p̄) / nᵢ)` or `√(ū / nᵢ)`, limits three sigma to each side (Shewhart). Laney (Quality Engineering, 2002):
//! `zᵢ = (pᵢ - p̄) / σᵢ`, `σz = mean |zᵢ - zᵢ₋₁| / 1.128`, limits at `3 σᵢ σz`.

use std::cmp::Ordering;

use super::chart_rules::{ChartRule, ChartRuleSet, PlacedPoint, fired};
use super::fraction::Fraction;

/// With fewer points than this the limits are not yet to be relied on (NHS England, Making Data Count).
pub const FEWEST_POINTS: usize = 12;

/// Mean range of two values of a normal variable, in standard deviations.
const MEAN_RANGE_OF_TWO: f64 = 1.128;

/// Events of a month and what they are counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedMonth {
    /// Events.
    pub events: u64,
    /// Cases that could have the event (p), or cases or days at risk (u). A month without any has no rate and is a gap; its events are in no figure.
    pub base: u64,
}

/// When sigma is multiplied by Laney's σz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverDispersion {
    /// Never: plain p and u charts.
    Never,
    /// When σz is above this number.
    WhenAbove(Fraction),
    /// Always, as Laney proposed. With σz below 1 the limits become narrower than plain ones.
    Always,
}

impl Default for OverDispersion {
    /// When σz is above 1.2. Below that the limits would move by less than a fifth, and with a year or two of months σz is off by as much by chance alone. The limits are never
    /// narrowed.
    fn default() -> OverDispersion {
        OverDispersion::WhenAbove(&Fraction::whole(1) + &Fraction::new(1, 5_u8).unwrap_or_else(|| Fraction::whole(0)))
    }
}

/// What a chart of proportions or rates is made by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChartSettings {
    /// The rules. Default: those of the NHS.
    pub rules: ChartRuleSet,
    /// Laney's correction. Default: when σz is above 1.2.
    pub over_dispersion: OverDispersion,
}

/// A control chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlChart {
    /// The centre line.
    pub centre: Fraction,
    /// Laney's σz; none when no two months adjoin or there is no spread to compare with. Not for individual values.
    pub sigma_z: Option<f64>,
    /// Whether the limits have been multiplied by σz.
    pub corrected: bool,
    /// Mean of the moving ranges that were used; for individual values only.
    pub mean_moving_range: Option<Fraction>,
    /// The months in their order; none is a gap.
    pub points: Vec<Option<ChartPoint>>,
    /// The rules that were looked at.
    pub rules: ChartRuleSet,
    /// What the reader of the chart should know.
    pub warnings: Vec<ChartWarning>,
}

/// A month on a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartPoint {
    /// The proportion, rate or value.
    pub value: Fraction,
    /// The lower limit, not below 0 where values cannot be.
    pub lower: Fraction,
    /// The upper limit, for proportions not above 1.
    pub upper: Fraction,
    /// The rules that fired.
    pub rules: Vec<ChartRule>,
}

/// What the reader of a chart should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartWarning {
    /// There are fewer than [`FEWEST_POINTS`] points.
    FewPoints {
        /// How many.
        points: usize,
    },
    /// Months are held but have no cases; they are gaps.
    MonthsWithoutCases {
        /// How many.
        months: usize,
    },
    /// Moving ranges were left out because they were too large.
    RangesLeftOut {
        /// How many.
        ranges: usize,
    },
}

/// Why there is no chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoChart {
    /// There is no point.
    NoPoints,
    /// A month has more events than cases, which a proportion cannot have.
    EventsAboveCases {
        /// Its place, from 0.
        month: usize,
    },
    /// No two months adjoin, so that individual values have no moving range.
    NoMovingRange,
}

/// A chart of proportions: events that a case has or has not, such as deaths of discharges. `None` is a month that is not held.
///
/// # Errors
/// When there is no point or a month has more events than cases.
pub fn proportion_chart(months: &[Option<CountedMonth>], settings: &ChartSettings) -> Result<ControlChart, NoChart> {
    let above = months.iter().position(|month| month.is_some_and(|month| month.events > month.base));
    if let Some(month) = above {
        return Err(NoChart::EventsAboveCases { month });
    }
    let one = Fraction::whole(1);
    attribute_chart(months, settings, Some(&one), |centre| centre * &(&one - centre))
}

/// A chart of rates: events of which a case or day may have several, such as falls a patient day. `None` is a month that is not held.
///
/// # Errors
/// When there is no point.
pub fn rate_chart(months: &[Option<CountedMonth>], settings: &ChartSettings) -> Result<ControlChart, NoChart> {
    attribute_chart(months, settings, None, Fraction::clone)
}

/// `spread` gives the variance of a month with a base of 1 from the centre line.
fn attribute_chart(
    months: &[Option<CountedMonth>],
    settings: &ChartSettings,
    highest: Option<&Fraction>,
    spread: impl Fn(&Fraction) -> Fraction,
) -> Result<ControlChart, NoChart> {
    let held: Vec<Option<CountedMonth>> = months.iter().map(|month| month.filter(|month| month.base > 0)).collect();
    let events: u128 = held.iter().flatten().map(|month| u128::from(month.events)).sum();
    let bases: u128 = held.iter().flatten().map(|month| u128::from(month.base)).sum();
    let centre = Fraction::new(events, bases).ok_or(NoChart::NoPoints)?;
    let unit = spread(&centre);
    let figures: Vec<Option<Figure>> = held
        .iter()
        .map(|month| {
            let month = (*month)?;
            let value = Fraction::new(month.events, month.base)?;
            Some(Figure { value, variance: unit.divided_by(&Fraction::whole(month.base))? })
        })
        .collect();
    let sigma_z = sigma_z(&figures, &centre);
    // A σz of 0 would leave no room between the limits: it tells of repeated figures, not of dispersion.
    let factor = sigma_z.and_then(Fraction::of_float).filter(|factor| !factor.is_zero());
    let factor = factor.filter(|factor| match &settings.over_dispersion {
        OverDispersion::Never => false,
        OverDispersion::WhenAbove(least) => factor > least,
        OverDispersion::Always => true,
    });
    let widened =
        |variance: &Fraction| factor.as_ref().map_or_else(|| variance.clone(), |factor| &(factor * factor) * variance);
    let placed: Vec<Option<PlacedPoint>> = figures
        .iter()
        .map(|figure| {
            figure.as_ref().map(|figure| PlacedPoint::new(figure.value.clone(), &centre, &widened(&figure.variance)))
        })
        .collect();
    let rules = fired(&placed, settings.rules);
    let points = figures.iter().zip(rules).map(|(figure, rules)| {
        let figure = figure.as_ref()?;
        let distance = three_sigma(&widened(&figure.variance));
        let lower = (&centre - &distance).max(Fraction::whole(0));
        let upper = &centre + &distance;
        let upper = highest.map_or_else(|| upper.clone(), |highest| upper.clone().min(highest.clone()));
        Some(ChartPoint { value: figure.value.clone(), lower, upper, rules })
    });
    let points = points.collect::<Vec<_>>();
    let without_cases = months.iter().flatten().filter(|month| month.base == 0).count();
    let warnings =
        warnings(&points, (without_cases > 0).then_some(ChartWarning::MonthsWithoutCases { months: without_cases }));
    Ok(ControlChart {
        centre,
        sigma_z,
        corrected: factor.is_some(),
        mean_moving_range: None,
        points,
        rules: settings.rules,
        warnings,
    })
}

/// A month's value and the square of its sigma.
struct Figure {
    value: Fraction,
    variance: Fraction,
}

/// The warnings of a chart: too few points, and one of its own.
pub(crate) fn warnings(points: &[Option<ChartPoint>], own: Option<ChartWarning>) -> Vec<ChartWarning> {
    let held = points.iter().flatten().count();
    let few = (held < FEWEST_POINTS).then_some(ChartWarning::FewPoints { points: held });
    few.into_iter().chain(own).collect()
}

/// Three times the root. The nearest `f64` of the variance and its root are the same on every machine.
fn three_sigma(variance: &Fraction) -> Fraction {
    let distance = variance.root_to_float().map(|sigma| 3.0 * sigma).and_then(Fraction::of_float);
    distance.unwrap_or_else(|| Fraction::whole(0))
}

/// Laney's σz, over months that adjoin only, summed in the order of the months; none without such a pair or without spread (no events, or nothing but events).
fn sigma_z(figures: &[Option<Figure>], centre: &Fraction) -> Option<f64> {
    let scores: Vec<Option<f64>> = figures.iter().map(|figure| score(figure.as_ref()?, centre)).collect();
    let steps: Vec<f64> = scores.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs())).collect();
    let total: f64 = steps.iter().fold(0.0, |total, step| total + step);
    (!steps.is_empty()).then(|| total / steps.len() as f64 / MEAN_RANGE_OF_TWO)
}

fn score(figure: &Figure, centre: &Fraction) -> Option<f64> {
    let distance = &figure.value - centre;
    let size = (&distance * &distance).divided_by(&figure.variance)?.root_to_float()?;
    Some(if figure.value.cmp(centre) == Ordering::Less { -size } else { size })
}

#[cfg(test)]
mod tests {
    use super::super::fraction::printed_half_up;
    use super::*;

    const EVENTS: [u64; 12] = [42, 55, 38, 61, 47, 70, 44, 52, 66, 40, 58, 49];
    const CASES: [u64; 12] = [410, 455, 398, 470, 430, 480, 402, 441, 465, 405, 450, 428];

    fn months(events: &[u64], bases: &[u64]) -> Vec<Option<CountedMonth>> {
        events.iter().zip(bases).map(|(&events, &base)| Some(CountedMonth { events, base })).collect()
    }

    fn settings(over_dispersion: OverDispersion) -> ChartSettings {
        ChartSettings { over_dispersion, ..ChartSettings::default() }
    }

    fn limits(chart: &ControlChart, month: usize) -> [String; 2] {
        chart.points[month].as_ref().map(|point| [point.lower.printed(4), point.upper.printed(4)]).expect("a point")
    }

    #[test]
    fn twelve_months_as_p_and_as_p_prime() {
        let months = months(&EVENTS, &CASES);
        let plain = proportion_chart(&months, &settings(OverDispersion::Never)).expect("a chart");
        assert_eq!(plain.centre.printed(5), "0.11884");
        assert_eq!(plain.sigma_z.and_then(|sigma| printed_half_up(sigma, 4)).as_deref(), Some("1.5195"));
        assert_eq!(plain.points[5].as_ref().map(|point| point.value.printed(5)).as_deref(), Some("0.14583"));
        assert_eq!(limits(&plain, 5), ["0.0745", "0.1631"]);
        assert!(!plain.corrected);
        for chosen in [OverDispersion::Always, OverDispersion::default()] {
            let laney = proportion_chart(&months, &settings(chosen)).expect("a chart");
            assert!(laney.corrected);
            assert_eq!(limits(&laney, 5), ["0.0515", "0.1862"]);
        }
        assert!(plain.warnings.is_empty());
    }

    #[test]
    fn a_small_sigma_z_narrows_only_when_asked_to() {
        // Proportions that hardly differ: σz is far below 1.
        let months = months(&[50, 51, 50, 51, 50, 51], &[500; 6]);
        let by_default = proportion_chart(&months, &ChartSettings::default()).expect("a chart");
        assert!(!by_default.corrected && by_default.sigma_z.is_some_and(|sigma| sigma < 0.2));
        let always = proportion_chart(&months, &settings(OverDispersion::Always)).expect("a chart");
        assert!(always.corrected);
        assert!(limits(&always, 0)[0] > limits(&by_default, 0)[0]);
        assert_eq!(always.warnings, [ChartWarning::FewPoints { points: 6 }]);
    }

    #[test]
    fn rates_have_limits_from_the_mean_rate() {
        // 20 events in 5,000 days: ū = 0.004; with 1,000 days sigma is 0.002, so that the limits are 0 (clipped) and 0.01.
        let months = months(&[4, 1, 11, 4, 0], &[1_000; 5]);
        let chart = rate_chart(&months, &settings(OverDispersion::Never)).expect("a chart");
        assert_eq!(limits(&chart, 0), ["0.0000", "0.0100"]);
        let rules: Vec<_> = chart.points.iter().flatten().map(|point| point.rules.len()).collect();
        assert_eq!(rules, [0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_point_on_the_limit_of_a_proportion_is_inside() {
        // p̄ = 1/2 and n = 36: sigma is 1/12, the limits are 1/4 and 3/4, and 27 of 36 lie on the upper one.
        let months = months(&[27, 9, 18, 28, 8], &[36; 5]);
        let chart = proportion_chart(&months, &settings(OverDispersion::Never)).expect("a chart");
        let outside: Vec<_> =
            chart.points.iter().flatten().map(|point| point.rules.contains(&ChartRule::OutsideLimits)).collect();
        assert_eq!(outside, [false, false, false, true, true]);
    }

    #[test]
    fn proportions_are_clipped_at_both_ends() {
        let low = proportion_chart(&months(&[1, 0, 1], &[10; 3]), &settings(OverDispersion::Never)).expect("a chart");
        assert_eq!(low.points[0].as_ref().map(|point| point.lower.is_zero()), Some(true));
        let high = proportion_chart(&months(&[9, 10, 9], &[10; 3]), &settings(OverDispersion::Never)).expect("a chart");
        assert_eq!(high.points[0].as_ref().map(|point| point.upper == Fraction::whole(1)), Some(true));
    }

    #[test]
    fn gaps_stay_gaps_and_months_without_cases_become_gaps() {
        let mut months = months(&EVENTS, &CASES);
        months[3] = None;
        months[7] = Some(CountedMonth { events: 0, base: 0 });
        let chart = proportion_chart(&months, &ChartSettings::default()).expect("a chart");
        let gaps: Vec<_> = (0..12).filter(|&month| chart.points[month].is_none()).collect();
        assert_eq!(gaps, [3, 7]);
        let expected = [ChartWarning::FewPoints { points: 10 }, ChartWarning::MonthsWithoutCases { months: 1 }];
        assert_eq!(chart.warnings, expected);
    }

    #[test]
    fn events_of_a_month_without_days_are_in_no_figure() {
        let chart = rate_chart(&months(&[4, 9, 6], &[1_000, 0, 1_000]), &ChartSettings::default()).expect("a chart");
        assert_eq!(chart.centre.printed(4), "0.0050");
        assert!(chart.points[1].is_none());
    }

    #[test]
    fn sigma_z_does_not_step_over_a_gap() {
        let month = |events| Some(CountedMonth { events, base: 100 });
        let with_gap = [month(10), month(12), None, month(30), month(28)];
        let chart = rate_chart(&with_gap, &settings(OverDispersion::Never)).expect("a chart");
        // ū = 0.2, sigma = √0.002, both steps are 0.02 / sigma.
        let expected = 0.02 / 0.002_f64.sqrt() / 1.128;
        assert!(chart.sigma_z.is_some_and(|sigma| (sigma - expected).abs() < 1e-12));
        let lonely = rate_chart(&[month(3), None, month(5)], &settings(OverDispersion::Always)).expect("a chart");
        assert_eq!((lonely.sigma_z, lonely.corrected), (None, false));
    }

    #[test]
    fn a_sigma_z_of_zero_corrects_nothing() {
        let month = |events| Some(CountedMonth { events, base: 100 });
        let months = [month(20), month(20), None, month(21), month(21)];
        let chart = proportion_chart(&months, &settings(OverDispersion::Always)).expect("a chart");
        assert_eq!((chart.sigma_z, chart.corrected), (Some(0.0), false));
        assert!(chart.points.iter().flatten().all(|point| point.rules.is_empty()));
    }

    #[test]
    fn charts_without_spread_or_without_sense() {
        let always = settings(OverDispersion::Always);
        for same in [0, 30] {
            let chart = proportion_chart(&months(&[same; 9], &[30; 9]), &always).expect("a chart");
            assert!(chart.sigma_z.is_none() && chart.points.iter().flatten().all(|point| point.rules.is_empty()));
        }
        assert_eq!(proportion_chart(&[], &always), Err(NoChart::NoPoints));
        assert_eq!(rate_chart(&[None, Some(CountedMonth { events: 0, base: 0 })], &always), Err(NoChart::NoPoints));
        assert_eq!(proportion_chart(&months(&[1, 4], &[2, 3]), &always), Err(NoChart::EventsAboveCases { month: 1 }));
        assert!(rate_chart(&months(&[u64::MAX; 14], &[1; 14]), &always).is_ok());
        assert!(rate_chart(&months(&[u64::MAX, 0, 1], &[1, u64::MAX, u64::MAX - 1]), &always).is_ok());
    }
}
