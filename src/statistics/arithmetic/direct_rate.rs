//! Direct standardisation: the rate that a standard population would have with the own rates of each stratum.
//!
//! `r = Σ wᵢ dᵢ / nᵢ` with the own events dᵢ, the own cases nᵢ and the share wᵢ of stratum i in the standard population. With `uᵢ = wᵢ / nᵢ` its variance is `v = Σ uᵢ² dᵢ`.
//! CountLimits after Fay and Feuer (Statistics in Medicine, 1997) and after Dobson and others (Statistics in Medicine, 1991).

use super::chi_square::{lower_point, upper_point};
use super::count_limits::{Confidence, LimitSettings, count_limits};
use super::fraction::Fraction;

/// With fewer events than this a directly standardised rate is not published (Public Health England, Technical Guide, 2018).
pub const FEWEST_EVENTS: u128 = 10;

/// Own cases and weight of one stratum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightedStratum {
    /// Cases of the hospital.
    pub cases: u64,
    /// Events among them.
    pub events: u64,
    /// People of the standard population in the stratum, or any other whole number in the same proportions. A stratum with weight 0 takes no part.
    pub weight: u64,
}

/// A lower and an upper limit of a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimits {
    /// The lower limit, never below 0.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
}

/// A directly standardised rate.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectRate {
    /// Events of the strata that take part.
    pub events: u128,
    /// The rate, as events a case.
    pub rate: Fraction,
    /// CountLimits from the gamma distribution, after Fay and Feuer.
    pub fay_feuer: RateLimits,
    /// CountLimits of the count of events, brought to the scale of the rate after Dobson. None without events or with more than a count can hold.
    pub dobson: Option<RateLimits>,
    /// Whether there are fewer than [`FEWEST_EVENTS`] events, so that the rate should not be published.
    pub too_few_events: bool,
}

/// Why there is no directly standardised rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDirectRate {
    /// No stratum has a weight.
    NoWeights,
    /// Strata with a weight have no own cases, so that their rates are not known. They have to be merged with others; to leave them out would change the standard population.
    StrataWithoutCases {
        /// How many.
        strata: usize,
    },
}

/// The directly standardised rate of the strata.
///
/// # Errors
/// When no stratum has a weight, or strata with a weight have no own cases.
pub fn direct_rate(strata: &[WeightedStratum], settings: LimitSettings) -> Result<DirectRate, NoDirectRate> {
    let taking_part: Vec<&WeightedStratum> = strata.iter().filter(|stratum| stratum.weight > 0).collect();
    let without_cases = taking_part.iter().filter(|stratum| stratum.cases == 0).count();
    if without_cases > 0 {
        return Err(NoDirectRate::StrataWithoutCases { strata: without_cases });
    }
    let all_weights: u128 = taking_part.iter().map(|stratum| u128::from(stratum.weight)).sum();
    // What one event in each stratum adds to the rate, with its events.
    let mut parts = Vec::with_capacity(taking_part.len());
    for stratum in &taking_part {
        let share = Fraction::new(stratum.weight, all_weights).ok_or(NoDirectRate::NoWeights)?;
        let each = share.divided_by(&Fraction::whole(stratum.cases)).ok_or(NoDirectRate::NoWeights)?;
        parts.push((each, Fraction::whole(stratum.events)));
    }
    let largest = parts.iter().map(|(each, _)| each).max().cloned().ok_or(NoDirectRate::NoWeights)?;
    let rate = Fraction::sum(parts.iter().map(|(each, events)| each * events).collect());
    let variance = Fraction::sum(parts.iter().map(|(each, events)| &(each * each) * events).collect());
    let events: u128 = taking_part.iter().map(|stratum| u128::from(stratum.events)).sum();
    Ok(DirectRate {
        events,
        fay_feuer: fay_feuer(&rate, &variance, &largest, settings.confidence),
        dobson: dobson(events, &rate, &variance, settings),
        rate,
        too_few_events: events < FEWEST_EVENTS,
    })
}

/// `L = v/(2r) χ²(α/2; 2r²/v)` and `U = (v + m²)/(2(r + m)) χ²(1 - α/2; 2(r + m)²/(v + m²))` with m the largest uᵢ. Without events L is 0.
fn fay_feuer(rate: &Fraction, variance: &Fraction, largest: &Fraction, confidence: Confidence) -> RateLimits {
    let tail = confidence.each_tail();
    let gamma = |mean: &Fraction, variance: &Fraction| {
        let scale = variance.divided_by(mean)?.to_float() / 2.0;
        let degrees = (mean * mean).divided_by(variance)?.to_float() * 2.0;
        Some((scale, degrees))
    };
    let lower = gamma(rate, variance).and_then(|(scale, degrees)| Some(scale * lower_point(tail, degrees)?));
    let upper = gamma(&(rate + largest), &(variance + &(largest * largest)))
        .and_then(|(scale, degrees)| Some(scale * upper_point(tail, degrees)?));
    RateLimits { lower: lower.unwrap_or(0.0), upper: upper.unwrap_or(f64::INFINITY) }
}

/// `r + √(v/O) (limit of O - O)`, with limits of the count after Byar or exact ones.
fn dobson(events: u128, rate: &Fraction, variance: &Fraction, settings: LimitSettings) -> Option<RateLimits> {
    let count = u64::try_from(events).ok()?;
    let scale = variance.divided_by(&Fraction::whole(events))?.root_to_float()?;
    let limits = count_limits(count, settings);
    let (rate, seen) = (rate.to_float(), count as f64);
    Some(RateLimits {
        lower: (rate + scale * (limits.lower - seen)).max(0.0),
        upper: rate + scale * (limits.upper - seen),
    })
}

#[cfg(test)]
mod tests {
    use super::super::fraction::printed_half_up;
    use super::*;

    fn strata(rows: &[(u64, u64, u64)]) -> Vec<WeightedStratum> {
        rows.iter().map(|&(cases, events, weight)| WeightedStratum { cases, events, weight }).collect()
    }

    fn per_thousand(limits: RateLimits) -> [String; 2] {
        [limits.lower, limits.upper].map(|value| printed_half_up(value * 1_000.0, 2).unwrap_or_default())
    }

    #[test]
    fn three_strata_per_thousand() {
        let rows = strata(&[(1_200, 4, 50), (800, 9, 35), (300, 15, 15)]);
        let result = direct_rate(&rows, LimitSettings::default()).expect("a rate");
        assert_eq!((&result.rate * &Fraction::whole(1_000)).printed(2), "13.10");
        assert_eq!(per_thousand(result.fay_feuer), ["8.70", "19.00"]);
        assert_eq!(result.dobson.map(per_thousand), Some(["8.69", "18.96"].map(str::to_string)));
        assert!(!result.too_few_events);
    }

    #[test]
    fn one_stratum_has_the_exact_poisson_limits() {
        // With a single stratum Fay and Feuer's limits are the exact limits of the count, divided by the cases.
        let exact = LimitSettings { exact_below: u64::MAX, ..LimitSettings::default() };
        for events in [0, 1, 5, 28, 400] {
            let result = direct_rate(&strata(&[(1_000, events, 3)]), exact).expect("a rate");
            let limits = count_limits(events, exact);
            assert!((result.fay_feuer.lower * 1_000.0 - limits.lower).abs() < 1e-9, "{events}");
            assert!((result.fay_feuer.upper * 1_000.0 - limits.upper).abs() < 1e-9, "{events}");
            if let Some(dobson) = result.dobson {
                assert!((dobson.lower * 1_000.0 - limits.lower).abs() < 1e-9, "{events}");
            }
        }
    }

    #[test]
    fn strata_without_weight_take_no_part() {
        let result =
            direct_rate(&strata(&[(100, 5, 2), (0, 0, 0), (50, 50, 0)]), LimitSettings::default()).expect("a rate");
        assert_eq!(
            (result.events, result.rate, result.too_few_events),
            (5, Fraction::whole(1).divided_by(&Fraction::whole(20)).expect("1/20"), true)
        );
    }

    #[test]
    fn no_rate_where_a_weighted_stratum_has_no_cases() {
        let settings = LimitSettings::default();
        assert_eq!(direct_rate(&[], settings), Err(NoDirectRate::NoWeights));
        assert_eq!(direct_rate(&strata(&[(9, 1, 0)]), settings), Err(NoDirectRate::NoWeights));
        assert_eq!(
            direct_rate(&strata(&[(9, 1, 1), (0, 0, 1)]), settings),
            Err(NoDirectRate::StrataWithoutCases { strata: 1 })
        );
    }
}
