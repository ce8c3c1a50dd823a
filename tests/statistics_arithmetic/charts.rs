//! Charts against a recomputation in plain numbers: integers for individual values, `f64` for proportions and rates; the rules point by point over every window that holds the
//! point.

use chartroom::statistics::arithmetic::chart_rules::{ChartRule, ChartRuleSet};
use chartroom::statistics::arithmetic::control_chart::{
    ChartSettings, ControlChart, CountedMonth, OverDispersion, proportion_chart, rate_chart,
};
use chartroom::statistics::arithmetic::fraction::Fraction;
use chartroom::statistics::arithmetic::individuals_chart::{IndividualsSettings, individuals_chart};

use super::random::Random;

/// A point of the recomputation: the sign of its distance from the centre, how many thirds of the way to a limit it is beyond, and a number that is in the order of the values.
#[derive(Clone, Copy)]
struct Seen {
    sign: i32,
    thirds: i32,
    order: i128,
}

/// The rules at a point: some window of the right length with the point in it has the pattern, and the point is one of those that make it.
fn rules_at(points: &[Option<Seen>], place: usize, set: ChartRuleSet) -> Vec<ChartRule> {
    let any = |length: usize, pattern: &dyn Fn(&[Seen], Seen) -> bool| {
        (0..points.len()).any(|first| {
            let holds_point = first <= place && place < first + length && first + length <= points.len();
            if !holds_point || points[first..first + length].iter().any(Option::is_none) {
                return false;
            }
            let window: Vec<Seen> = points[first..first + length].iter().flatten().copied().collect();
            pattern(&window, window[place - first])
        })
    };
    let side = |window: &[Seen], _: Seen| {
        window.iter().map(|seen| seen.sign).sum::<i32>().unsigned_abs() as usize == window.len()
    };
    let trend = |window: &[Seen], _: Seen| {
        let mut up = window.to_vec();
        up.sort_by_key(|seen| seen.order);
        up.dedup_by_key(|seen| seen.order);
        let orders = |list: &[Seen]| list.iter().map(|seen| seen.order).collect::<Vec<_>>();
        let (as_seen, sorted) = (orders(window), orders(&up));
        let reversed: Vec<i128> = sorted.iter().rev().copied().collect();
        as_seen == sorted || as_seen == reversed
    };
    let many = |least: usize, thirds: i32| {
        move |window: &[Seen], point: Seen| {
            let far = window.iter().filter(|seen| seen.thirds * seen.sign * point.sign >= thirds).count();
            point.thirds >= thirds && far >= least
        }
    };
    let near = |window: &[Seen], point: Seen| {
        point.thirds == 2 && side(window, point) && window.iter().filter(|seen| seen.thirds == 2).count() >= 2
    };
    let outside = points[place].is_some_and(|seen| seen.thirds == 3);
    let found = match set {
        ChartRuleSet::Nhs => [
            (ChartRule::OutsideLimits, outside),
            (ChartRule::SevenOneSide, any(7, &side)),
            (ChartRule::SevenTrending, any(7, &trend)),
            (ChartRule::TwoOfThreeNearLimit, any(3, &near)),
        ],
        ChartRuleSet::WesternElectric => [
            (ChartRule::OutsideLimits, outside),
            (ChartRule::TwoOfThreeBeyondTwoSigma, any(3, &many(2, 2))),
            (ChartRule::FourOfFiveBeyondOneSigma, any(5, &many(4, 1))),
            (ChartRule::EightOneSide, any(8, &side)),
        ],
    };
    found.into_iter().filter(|(_, fired)| *fired).map(|(rule, _)| rule).collect()
}

/// Compares the rules of a chart and counts those that fired.
fn compare_rules(
    chart: &ControlChart,
    seen: &[Option<Seen>],
    set: ChartRuleSet,
    fired: &mut std::collections::BTreeMap<ChartRule, u32>,
) {
    for (place, point) in chart.points.iter().enumerate() {
        assert_eq!(point.is_some(), seen[place].is_some());
        let Some(point) = point else { continue };
        assert_eq!(point.rules, rules_at(seen, place, set), "point {place}");
        for rule in &point.rules {
            *fired.entry(*rule).or_default() += 1;
        }
    }
}

/// A series that wanders and jumps, with gaps.
fn series(random: &mut Random) -> Vec<Option<i64>> {
    let length = 5 + random.below(40);
    let drift = random.below(5).cast_signed() - 2;
    (0..length.cast_signed())
        .map(|month| {
            let noise = random.below(13).cast_signed() + random.below(13).cast_signed();
            let jump = if random.below(12) == 0 { random.below(60).cast_signed() - 30 } else { 0 };
            (random.below(15) > 0).then_some(100 + drift * month + noise + jump)
        })
        .collect()
}

#[test]
fn individual_values_in_integers() {
    let mut random = Random::new(3);
    let mut fired = std::collections::BTreeMap::new();
    for round in 0..600 {
        let values = series(&mut random);
        let set = if round % 2 == 0 { ChartRuleSet::Nhs } else { ChartRuleSet::WesternElectric };
        let held: Vec<i128> = values.iter().flatten().map(|&value| value.into()).collect();
        let ranges: Vec<i128> = values.windows(2).filter_map(|pair| Some((pair[1]? - pair[0]?).abs().into())).collect();
        if ranges.is_empty() {
            continue;
        }
        let (count, sum) = (held.len() as i128, held.iter().sum::<i128>());
        let (range_count, range_sum) = (ranges.len() as i128, ranges.iter().sum::<i128>());
        // |v - sum/count| > thirds/3 x 2.66 x range_sum/range_count, all brought over one denominator.
        let seen: Vec<Option<Seen>> = values
            .iter()
            .map(|value| {
                let value = i128::from((*value)?);
                let distance = value * count - sum;
                let beyond = |thirds: i128| distance.abs() * 300 * range_count > thirds * 266 * range_sum * count;
                let thirds = [1, 2, 3].into_iter().filter(|&thirds| beyond(thirds)).count() as i32;
                Some(Seen { sign: distance.signum() as i32, thirds, order: value })
            })
            .collect();
        let fractions: Vec<Option<Fraction>> = values.iter().map(|value| value.map(Fraction::whole)).collect();
        let settings = IndividualsSettings { rules: set, never_negative: false, ..IndividualsSettings::default() };
        let chart = individuals_chart(&fractions, settings).expect("a chart");
        compare_rules(&chart, &seen, set, &mut fired);
        let (mean, distance) = (sum as f64 / count as f64, 2.66 * range_sum as f64 / range_count as f64);
        for point in chart.points.iter().flatten() {
            assert!((point.lower.to_float() - (mean - distance)).abs() < 1e-9);
            assert!((point.upper.to_float() - (mean + distance)).abs() < 1e-9);
        }
    }
    assert_eq!(fired.len(), 7, "every rule has fired somewhere: {fired:?}");
}

/// CountLimits and scores in `f64`, straight from the formulas.
struct Plain {
    centre: f64,
    sigma_z: Option<f64>,
    sigmas: Vec<Option<f64>>,
    values: Vec<Option<f64>>,
}

fn plain(months: &[Option<CountedMonth>], proportion: bool) -> Plain {
    let sum = |of: fn(&CountedMonth) -> u64| months.iter().flatten().map(of).sum::<u64>() as f64;
    let centre = sum(|month| month.events) / sum(|month| month.base);
    let spread = if proportion { centre * (1.0 - centre) } else { centre };
    let values: Vec<Option<f64>> =
        months.iter().map(|month| month.map(|month| month.events as f64 / month.base as f64)).collect();
    let sigmas: Vec<Option<f64>> =
        months.iter().map(|month| month.map(|month| (spread / month.base as f64).sqrt())).collect();
    let mut total = 0.0;
    let mut steps = 0;
    for month in 1..months.len() {
        if let (Some(value), Some(before), Some(sigma), Some(sigma_before)) =
            (values[month], values[month - 1], sigmas[month], sigmas[month - 1])
        {
            total += ((value - centre) / sigma - (before - centre) / sigma_before).abs();
            steps += 1;
        }
    }
    let sigma_z = (steps > 0 && spread > 0.0).then(|| total / f64::from(steps) / 1.128);
    Plain { centre, sigma_z, sigmas, values }
}

#[test]
fn proportions_and_rates_in_floats() {
    let mut random = Random::new(11);
    let mut fired = std::collections::BTreeMap::new();
    let mut compared = 0;
    for round in 0..800 {
        let proportion = round % 2 == 0;
        let set = if round % 4 < 2 { ChartRuleSet::Nhs } else { ChartRuleSet::WesternElectric };
        let base = 40 + random.below(900);
        let months: Vec<Option<CountedMonth>> = series(&mut random)
            .iter()
            .map(|value| {
                let base = base + random.below(base / 4);
                let events = (value.map(i64::unsigned_abs)? * base / 400).min(base);
                Some(CountedMonth { events, base })
            })
            .collect();
        if months.iter().flatten().count() == 0 {
            continue;
        }
        let always = random.below(2) == 0;
        let over_dispersion = if always { OverDispersion::Always } else { OverDispersion::Never };
        let settings = ChartSettings { rules: set, over_dispersion };
        let chart = if proportion { proportion_chart(&months, &settings) } else { rate_chart(&months, &settings) };
        let chart = chart.expect("a chart");
        let expected = plain(&months, proportion);
        assert!((chart.centre.to_float() - expected.centre).abs() < 1e-12);
        match (chart.sigma_z, expected.sigma_z) {
            (Some(found), Some(sigma)) => assert!((found - sigma).abs() < 1e-9 * sigma.max(1.0)),
            (found, sigma) => assert_eq!(found, sigma),
        }
        let factor = expected.sigma_z.filter(|&sigma| always && sigma > 0.0).unwrap_or(1.0);
        let (events, bases) =
            months.iter().flatten().fold((0, 0), |sums, month| (sums.0 + month.events, sums.1 + month.base));
        let mut too_near = false;
        let mut seen = Vec::new();
        for (place, month) in months.iter().enumerate() {
            let (Some(month), Some(value), Some(sigma)) = (month, expected.values[place], expected.sigmas[place])
            else {
                seen.push(None);
                continue;
            };
            let score = ((value - expected.centre) / (sigma * factor)).abs();
            too_near |= (1..=3).any(|sigmas| (score - f64::from(sigmas)).abs() < 1e-9);
            let thirds = (1..=3).filter(|&sigmas| score > f64::from(sigmas)).count() as i32;
            let side = i128::from(month.events) * i128::from(bases) - i128::from(events) * i128::from(month.base);
            // Proportions to 30 binary places are in the order of the proportions: bases are below 2^11, so that two that differ do so by more than 2^-22.
            let order = (i128::from(month.events) << 30) / i128::from(month.base);
            seen.push(Some(Seen { sign: side.signum() as i32, thirds, order }));
            let point = chart.points[place].as_ref().expect("a point");
            let lower = (expected.centre - 3.0 * sigma * factor).max(0.0);
            let upper = expected.centre + 3.0 * sigma * factor;
            let upper = if proportion { upper.min(1.0) } else { upper };
            assert!((point.lower.to_float() - lower).abs() < 1e-9 && (point.upper.to_float() - upper).abs() < 1e-9);
        }
        if !too_near {
            compared += 1;
            compare_rules(&chart, &seen, set, &mut fired);
        }
    }
    assert!(compared > 700, "{compared}");
    assert!(fired.len() >= 6, "{fired:?}");
}
