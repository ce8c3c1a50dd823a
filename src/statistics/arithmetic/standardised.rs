//! Indirect standardisation: what would be expected if the hospital's own cases had the rates of a reference, stratum by stratum.
//!
//! `E = Σ nᵢ Oᵢ / Nᵢ` with the own cases nᵢ, the reference events Oᵢ and the reference cases Nᵢ of stratum i; the ratio is observed / E and the standardised rate is the ratio
//! times the crude rate of the reference (Public Health England, Technical Guide: Confidence Intervals, 2018).
//!
//! The expected number is an exact [`Fraction`], not a sum of `f64`: it does not depend on the order of the strata, it is the same on every machine, and a figure that lies
//! half way between two printed ones is known to do so. Whole numbers of any length carry it; three thousand strata take about a hundredth of a second. Only limits are `f64`.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;

use super::count_limits::{Confidence, CountLimits, LimitMethod, LimitSettings, count_limits};
use super::fraction::Fraction;

/// Own cases and reference of one stratum, for events such as deaths or readmissions. A case may have several events: that events are no more than cases is for the caller to
/// see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventStratum {
    /// Cases of the hospital.
    pub own_cases: u64,
    /// Events among them.
    pub own_events: u64,
    /// Cases of the reference.
    pub reference_cases: u64,
    /// Events among them.
    pub reference_events: u64,
}

/// Own stays and reference of one stratum, for days of stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayStratum {
    /// Stays of the hospital.
    pub own_stays: u64,
    /// Days of these stays together.
    pub own_days: u64,
    /// Stays of the reference.
    pub reference_stays: u64,
    /// Days of these stays together.
    pub reference_days: u64,
    /// Sum of the squared days of each reference stay, if limits are wanted.
    pub reference_squared_days: Option<u128>,
}

/// Strata with own cases but without reference cases. They have no expected number and take no part: neither their cases nor their events (or days) are in any other figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WithoutReference {
    /// Strata with own cases but without reference.
    pub strata: u64,
    /// Their own cases.
    pub cases: u128,
    /// Their own events or days.
    pub observed: u128,
}

/// A figure with its limits.
#[derive(Debug, Clone, PartialEq)]
pub struct WithLimits {
    /// The figure.
    pub value: Fraction,
    /// Its limits, if there are any.
    pub limits: Option<CountLimits>,
}

/// Observed and expected numbers of the strata with a reference, and what follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// Own cases that take part.
    pub cases: u128,
    /// Observed events or days of these cases.
    pub observed: u128,
    /// Expected events or days of these cases.
    pub expected: Fraction,
    /// Own cases that take no part.
    pub without_reference: WithoutReference,
    /// Observed / expected; none when nothing is expected.
    pub ratio: Option<WithLimits>,
    /// Crude rate (or mean days) of the reference over all its strata; none without reference cases.
    pub reference_rate: Option<Fraction>,
    /// The ratio times the crude rate of the reference; none if either is missing.
    pub rate: Option<WithLimits>,
}

/// Ratio and rate of events, with Poisson limits. A stratum without any cases changes nothing.
#[must_use]
pub fn standardise_events(strata: &[EventStratum], settings: LimitSettings) -> Standardised {
    let totals = totals(strata.iter().map(|stratum| Row {
        cases: stratum.own_cases,
        observed: stratum.own_events,
        reference_cases: stratum.reference_cases,
        reference_observed: stratum.reference_events,
    }));
    let limits = event_limits(totals.observed, &totals.expected, settings);
    totals.finished(limits)
}

/// Ratio of observed to expected events. Poisson limits of the observed events are divided by the expected ones, which are taken as known. None when nothing is expected.
#[must_use]
pub fn event_ratio(observed: u64, expected: &Fraction, settings: LimitSettings) -> Option<WithLimits> {
    let value = Fraction::whole(observed).divided_by(expected)?;
    Some(WithLimits { value, limits: event_limits(observed.into(), expected, settings) })
}

/// Ratio and mean of days of stay.
///
/// Days are no events, so that Poisson limits would be wrong (far too narrow). Limits are given only if each stratum that takes part has the sum of squared days of at least
/// two reference stays: the days of a stay are taken to vary inside its stratum as they do in the reference, `Var(D) = Σ nᵢ sᵢ²` with `sᵢ² = (Qᵢ - Dᵢ²/Nᵢ) / (Nᵢ - 1)`, and the
/// limits are `(D ± z √Var(D)) / E`, not below 0. The expected days are taken as known. Variances of independent stays add up; the normal approximation needs some tens of
/// stays.
#[must_use]
pub fn standardise_days(strata: &[StayStratum], confidence: Confidence) -> Standardised {
    let totals = totals(strata.iter().map(|stratum| Row {
        cases: stratum.own_stays,
        observed: stratum.own_days,
        reference_cases: stratum.reference_stays,
        reference_observed: stratum.reference_days,
    }));
    let limits = variance_of_days(strata).and_then(|variance| day_limits(&totals, &variance, confidence));
    totals.finished(limits)
}

/// One stratum, whatever is counted in it.
struct Row {
    cases: u64,
    observed: u64,
    reference_cases: u64,
    reference_observed: u64,
}

/// Sums over the strata.
struct Totals {
    cases: u128,
    observed: u128,
    expected: Fraction,
    reference_cases: u128,
    reference_observed: u128,
    without_reference: WithoutReference,
}

impl Totals {
    fn finished(self, limits: Option<CountLimits>) -> Standardised {
        let ratio = Fraction::whole(self.observed).divided_by(&self.expected).map(|value| WithLimits { value, limits });
        let reference_rate = Fraction::new(self.reference_observed, self.reference_cases);
        let rate = ratio.as_ref().zip(reference_rate.as_ref()).map(|(ratio, crude)| WithLimits {
            value: &ratio.value * crude,
            limits: ratio.limits.map(|limits| limits.times(crude.to_float())),
        });
        Standardised {
            cases: self.cases,
            observed: self.observed,
            expected: self.expected,
            without_reference: self.without_reference,
            ratio,
            reference_rate,
            rate,
        }
    }
}

fn totals(rows: impl Iterator<Item = Row>) -> Totals {
    let mut cases = 0_u128;
    let mut observed = 0_u128;
    let mut reference_cases = 0_u128;
    let mut reference_observed = 0_u128;
    let mut without_reference = WithoutReference::default();
    // Terms with the same denominator are added as whole numbers first: hospitals have far more strata than different sizes of strata.
    let mut numerators: BTreeMap<u64, BigInt> = BTreeMap::new();
    for row in rows {
        if row.reference_cases > 0 {
            reference_cases += u128::from(row.reference_cases);
            reference_observed += u128::from(row.reference_observed);
            cases += u128::from(row.cases);
            observed += u128::from(row.observed);
            let common = row.reference_observed.gcd(&row.reference_cases);
            let numerator = u128::from(row.cases) * u128::from(row.reference_observed / common);
            *numerators.entry(row.reference_cases / common).or_default() += numerator;
        } else if row.cases > 0 || row.observed > 0 {
            without_reference.strata += 1;
            without_reference.cases += u128::from(row.cases);
            without_reference.observed += u128::from(row.observed);
        }
    }
    let terms = numerators.into_iter().filter_map(|(denominator, numerator)| Fraction::new(numerator, denominator));
    let expected = Fraction::sum(terms.collect());
    Totals { cases, observed, expected, reference_cases, reference_observed, without_reference }
}

fn event_limits(observed: u128, expected: &Fraction, settings: LimitSettings) -> Option<CountLimits> {
    let divisor = expected.to_float();
    let observed = u64::try_from(observed).ok()?;
    (divisor > 0.0).then(|| count_limits(observed, settings).divided_by(divisor))
}

/// Variance of the sum of own days; none if a stratum that takes part has no sum of squares, less than two reference stays, or a sum of squares that its days cannot have.
fn variance_of_days(strata: &[StayStratum]) -> Option<Fraction> {
    let mut terms = Vec::new();
    for stratum in strata.iter().filter(|stratum| stratum.own_stays > 0 && stratum.reference_stays > 0) {
        let stays = BigInt::from(stratum.reference_stays);
        let days = BigInt::from(stratum.reference_days);
        // N·Q - D² is N times the sum of squared distances from the mean.
        let distances = &stays * stratum.reference_squared_days? - &days * &days;
        if stratum.reference_stays < 2 || distances < BigInt::ZERO {
            return None;
        }
        let divisor = u128::from(stratum.reference_stays) * u128::from(stratum.reference_stays - 1);
        terms.push(Fraction::new(distances * stratum.own_stays, divisor)?);
    }
    (!terms.is_empty()).then(|| Fraction::sum(terms))
}

fn day_limits(totals: &Totals, variance: &Fraction, confidence: Confidence) -> Option<CountLimits> {
    let expected = totals.expected.to_float();
    let observed = Fraction::whole(totals.observed).to_float();
    let distance = confidence.standard_deviations() * variance.root_to_float()?;
    let limits = CountLimits {
        lower: (observed - distance).max(0.0),
        upper: observed + distance,
        method: LimitMethod::VarianceInsideStrata,
    };
    (expected > 0.0).then(|| limits.divided_by(expected))
}

#[cfg(test)]
mod tests {
    use super::super::fraction::printed_half_up;
    use super::*;

    const EXACT: LimitSettings = LimitSettings { exact_below: u64::MAX, ..LIMITS };
    const LIMITS: LimitSettings = LimitSettings { confidence: CONFIDENCE, exact_below: 10 };
    const CONFIDENCE: Confidence = match Confidence::per_thousand(950) {
        Some(confidence) => confidence,
        None => unreachable!(),
    };

    fn printed(figure: Option<&WithLimits>, decimals: u8) -> [String; 3] {
        let figure = figure.expect("a figure");
        let limits = figure.limits.expect("limits");
        let of = |value| printed_half_up(value, decimals).unwrap_or_default();
        [figure.value.printed(decimals), of(limits.lower), of(limits.upper)]
    }

    fn decimal(text: &str) -> Fraction {
        Fraction::of_decimal(text).expect("a decimal number")
    }

    fn three_strata() -> [EventStratum; 3] {
        // Reference rates 0.004, 0.011 and 0.042.
        [(1_200, 4, 4, 1_000), (800, 9, 11, 1_000), (300, 15, 21, 500)].map(
            |(own_cases, own_events, reference_events, reference_cases)| EventStratum {
                own_cases,
                own_events,
                reference_cases,
                reference_events,
            },
        )
    }

    #[test]
    fn eighteen_observed_where_twelve_point_four_are_expected() {
        assert_eq!(printed(event_ratio(18, &decimal("12.4"), EXACT).as_ref(), 3), ["1.452", "0.860", "2.294"]);
    }

    #[test]
    fn three_strata_are_the_same_by_both_methods() {
        for settings in [EXACT, LIMITS] {
            let result = standardise_events(&three_strata(), settings);
            assert_eq!(result.expected, decimal("26.2"));
            assert_eq!((result.observed, result.cases), (28, 2_300));
            assert_eq!(printed(result.ratio.as_ref(), 3), ["1.069", "0.710", "1.545"]);
        }
        // 36 events in 2,500 reference cases: 28 / 26.2 x 1.44 %.
        let result = standardise_events(&three_strata(), LIMITS);
        assert_eq!(result.reference_rate, Fraction::new(36, 2_500_u64));
        assert_eq!(result.rate.map(|rate| rate.value), Fraction::new(28 * 10 * 144, 262_u64 * 10_000));
    }

    #[test]
    fn no_events_have_a_ratio_of_zero_with_an_upper_limit() {
        let ratio = event_ratio(0, &Fraction::whole(1), LIMITS);
        assert_eq!(printed(ratio.as_ref(), 4), ["0.0000", "0.0000", "3.6889"]);
    }

    #[test]
    fn a_stratum_without_reference_is_told_apart() {
        let mut strata = three_strata().to_vec();
        strata.push(EventStratum { own_cases: 7, own_events: 2, reference_cases: 0, reference_events: 0 });
        strata.push(EventStratum { own_cases: 0, own_events: 0, reference_cases: 0, reference_events: 0 });
        let result = standardise_events(&strata, LIMITS);
        let alone = standardise_events(&three_strata(), LIMITS);
        assert_eq!(result.without_reference, WithoutReference { strata: 1, cases: 7, observed: 2 });
        assert_eq!(Standardised { without_reference: WithoutReference::default(), ..result }, alone);
    }

    #[test]
    fn nothing_expected_has_no_ratio() {
        let none = standardise_events(&[], LIMITS);
        assert_eq!((none.ratio, none.reference_rate, none.rate), (None, None, None));
        let quiet = [EventStratum { own_cases: 5, own_events: 1, reference_cases: 9, reference_events: 0 }];
        let result = standardise_events(&quiet, LIMITS);
        assert!(result.expected.is_zero() && result.ratio.is_none() && result.rate.is_none());
        assert_eq!(event_ratio(3, &Fraction::whole(0), LIMITS), None);
    }

    #[test]
    fn the_largest_numbers_do_no_harm() {
        let most = EventStratum {
            own_cases: u64::MAX,
            own_events: u64::MAX,
            reference_cases: u64::MAX - 1,
            reference_events: u64::MAX,
        };
        let result = standardise_events(&[most, most, most], LIMITS);
        assert_eq!(result.observed, 3 * u128::from(u64::MAX));
        assert_eq!(
            result.ratio.and_then(|ratio| ratio.limits),
            None,
            "more events than a count can hold have no limits"
        );
    }

    /// Reference: stays of 1, 2, 3 and 6 days (mean 3, squares 50) and of 10 and 14 days (mean 12, squares 296).
    fn stays(squares: Option<u128>) -> [StayStratum; 2] {
        [
            StayStratum {
                own_stays: 20,
                own_days: 66,
                reference_stays: 4,
                reference_days: 12,
                reference_squared_days: Some(50),
            },
            StayStratum {
                own_stays: 5,
                own_days: 54,
                reference_stays: 2,
                reference_days: 24,
                reference_squared_days: squares,
            },
        ]
    }

    #[test]
    fn expected_days_are_stays_times_the_mean_of_the_reference() {
        let result = standardise_days(&stays(None), CONFIDENCE);
        // 20 x 3 + 5 x 12 = 120 expected and 120 observed; the reference has 36 days in 6 stays.
        assert_eq!(result.expected, Fraction::whole(120));
        assert_eq!(result.ratio, Some(WithLimits { value: Fraction::whole(1), limits: None }));
        assert_eq!(result.rate, Some(WithLimits { value: Fraction::whole(6), limits: None }));
    }

    #[test]
    fn limits_of_days_come_from_the_variance_inside_strata() {
        // Variances 14/3 and 8, so that Var(D) = 20 x 14/3 + 5 x 8 = 400/3 and 1.96 x 11.547 / 120 = 0.1886.
        let result = standardise_days(&stays(Some(296)), CONFIDENCE);
        assert_eq!(printed(result.ratio.as_ref(), 4), ["1.0000", "0.8114", "1.1886"]);
        assert_eq!(printed(result.rate.as_ref(), 3), ["6.000", "4.868", "7.132"]);
        // Six own days with the same spread: the lower limit would be negative.
        let mut few = stays(Some(296));
        (few[0].own_days, few[1].own_days) = (1, 5);
        assert_eq!(printed(standardise_days(&few, CONFIDENCE).ratio.as_ref(), 4), ["0.0500", "0.0000", "0.2386"]);
        let mut single = stays(Some(296));
        (single[1].reference_stays, single[1].reference_days, single[1].reference_squared_days) = (1, 12, Some(144));
        let alone = standardise_days(&single, CONFIDENCE);
        assert_eq!(alone.ratio.and_then(|ratio| ratio.limits), None, "one stay has no variance");
        // Days 10 and 14 cannot have squares below 288.
        let impossible = standardise_days(&stays(Some(287)), CONFIDENCE);
        assert_eq!(impossible.ratio.and_then(|ratio| ratio.limits), None);
    }
}
