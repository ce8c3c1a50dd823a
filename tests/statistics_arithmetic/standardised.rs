//! Standardisation against plain whole numbers, and figures that must not change with the order of strata.

use chartroom::statistics::arithmetic::count_limits::{LimitSettings, count_limits};
use chartroom::statistics::arithmetic::direct_rate::{WeightedStratum, direct_rate};
use chartroom::statistics::arithmetic::fraction::Fraction;
use chartroom::statistics::arithmetic::standardised::{
    EventStratum, StayStratum, standardise_days, standardise_events,
};

use super::random::Random;

fn strata(random: &mut Random, count: usize) -> Vec<EventStratum> {
    (0..count)
        .map(|_| {
            let reference_cases = random.below(200_000);
            let reference_events = random.below(reference_cases / 10 + 1);
            let own_cases = random.below(400);
            EventStratum { own_cases, own_events: random.below(own_cases / 8 + 1), reference_cases, reference_events }
        })
        .collect()
}

/// Puts the strata into another order.
fn shuffle<T>(random: &mut Random, list: &mut [T]) {
    for place in (1..list.len()).rev() {
        let other = random.below(place as u64 + 1) as usize;
        list.swap(place, other);
    }
}

#[test]
fn expected_numbers_by_long_division() {
    let mut random = Random::new(5);
    for count in [1, 2, 10, 300, 3_000] {
        let strata = strata(&mut random, count);
        let result = standardise_events(&strata, LimitSettings::default());
        // Each term cut off after 20 decimals: the sum is too low by less than one unit of the 20th decimal for each stratum.
        let scale = 10_u128.pow(20);
        let cut: u128 = strata
            .iter()
            .filter(|stratum| stratum.reference_cases > 0)
            .map(|stratum| {
                let product = u128::from(stratum.own_cases) * u128::from(stratum.reference_events);
                product * scale / u128::from(stratum.reference_cases)
            })
            .sum();
        let low = Fraction::new(cut, scale).expect("a fraction");
        let high = Fraction::new(cut + count as u128, scale).expect("a fraction");
        assert!(low <= result.expected && result.expected <= high);
        let observed: u64 =
            strata.iter().filter(|stratum| stratum.reference_cases > 0).map(|stratum| stratum.own_events).sum();
        assert_eq!(result.observed, u128::from(observed));
    }
}

#[test]
fn nothing_changes_with_the_order_of_strata() {
    let mut random = Random::new(6);
    let mut strata = strata(&mut random, 2_000);
    let first = standardise_events(&strata, LimitSettings::default());
    for _ in 0..3 {
        shuffle(&mut random, &mut strata);
        // Equal in every part, limits to the last bit.
        assert_eq!(standardise_events(&strata, LimitSettings::default()), first);
    }
    let stays: Vec<StayStratum> = strata
        .iter()
        .map(|stratum| StayStratum {
            own_stays: stratum.own_cases,
            own_days: stratum.own_cases * 4 + stratum.own_events,
            reference_stays: stratum.reference_cases + 2,
            reference_days: stratum.reference_events + 7,
            reference_squared_days: Some(u128::from(stratum.reference_events + 7).pow(2)),
        })
        .collect();
    let reversed: Vec<StayStratum> = stays.iter().rev().copied().collect();
    let days = standardise_days(&stays, LimitSettings::default().confidence);
    assert!(days.ratio.as_ref().is_some_and(|ratio| ratio.limits.is_some()));
    assert_eq!(days, standardise_days(&reversed, LimitSettings::default().confidence));
}

#[test]
fn a_tie_is_known_to_be_a_tie() {
    // Thirds and sevenths that add up to exactly 0.125: 1/3 + 1/7 + ... as floats they need not.
    let row = |own_cases, reference_events, reference_cases| EventStratum {
        own_cases,
        own_events: 0,
        reference_cases,
        reference_events,
    };
    // 1/24 + 2/56 + 1/21 = 7/168 + 6/168 + 8/168 = 21/168 = 1/8.
    let result = standardise_events(&[row(1, 1, 24), row(2, 1, 56), row(1, 1, 21)], LimitSettings::default());
    assert_eq!(result.expected, Fraction::new(1, 8_u8).expect("an eighth"));
    assert_eq!(result.expected.printed(2), "0.13");
}

#[test]
fn a_hospital_like_its_reference_has_a_ratio_of_one() {
    let mut random = Random::new(7);
    let same: Vec<EventStratum> = strata(&mut random, 400)
        .into_iter()
        .map(|stratum| EventStratum {
            own_cases: stratum.reference_cases,
            own_events: stratum.reference_events,
            ..stratum
        })
        .collect();
    let result = standardise_events(&same, LimitSettings::default());
    assert_eq!(result.ratio.map(|ratio| ratio.value), Some(Fraction::whole(1)));
    assert_eq!(result.rate.map(|rate| rate.value), result.reference_rate);
}

#[test]
fn a_direct_rate_with_the_own_cases_as_weights_is_the_crude_rate() {
    let mut random = Random::new(8);
    for _ in 0..50 {
        let rows: Vec<WeightedStratum> = (0..=random.below(12))
            .map(|_| {
                let cases = 1 + random.below(900);
                WeightedStratum { cases, events: random.below(cases / 5 + 1), weight: cases }
            })
            .collect();
        let (cases, events) = rows.iter().fold((0, 0), |sums, row| (sums.0 + row.cases, sums.1 + row.events));
        let result = direct_rate(&rows, LimitSettings::default()).expect("a rate");
        assert_eq!(Some(&result.rate), Fraction::new(events, cases).as_ref());
        // All parts are then equal, so that the limits are those of the count.
        let exact = count_limits(events, LimitSettings { exact_below: u64::MAX, ..LimitSettings::default() });
        assert!((result.fay_feuer.lower * cases as f64 - exact.lower).abs() < 1e-8);
        assert!((result.fay_feuer.upper * cases as f64 - exact.upper).abs() < 1e-8);
    }
}
