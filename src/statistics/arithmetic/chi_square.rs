//! Quantiles of the chi-square distribution, from both tails.
//!
//! The chi-square distribution with k degrees of freedom at x is the gamma distribution of shape k/2 at x/2. Its tail areas are the regularised incomplete gamma functions
//! P(a, x) and Q(a, x) = 1 - P(a, x), worked out by the power series below a + 1 and by the continued fraction from there on (Abramowitz and Stegun, Handbook of
//! Mathematical Functions, 6.5.29 and 6.5.31). The quantile is found by halving. Each tail is worked out as itself, so that a small area keeps its digits.

use std::f64::consts::PI;

/// Beyond this many degrees of freedom the approximation by Wilson and Hilferty is taken, which from here on agrees in the first nine digits.
const MOST_DEGREES: f64 = 2_000_000.0;

/// From this shape on, the factor before the sums is taken from Stirling's series: the difference of large logarithms would lose digits.
const LARGE_SHAPE: f64 = 50.0;

/// A sum has settled when a step adds less than this share of it.
const SETTLED: f64 = 1e-16;

/// Steps after which a sum is taken as it is. The slowest, at a million degrees of freedom, takes some ten thousand.
const MOST_STEPS: u32 = 200_000;

/// Share of the normal distribution below 0.
const HALF: f64 = 0.5;

/// The point below which a chi-square variable with so many degrees of freedom lies with this chance.
///
/// None unless the chance is between 0 and 1 (both excluded) and the degrees of freedom are a finite number above 0. A point too small for an `f64` is 0.
#[must_use]
pub fn lower_point(chance: f64, degrees: f64) -> Option<f64> {
    if !is_question(chance, degrees) {
        return None;
    }
    if degrees > MOST_DEGREES {
        let distance = normal_point(chance.min(1.0 - chance))?;
        return Some(wilson_hilferty(if chance < HALF { -distance } else { distance }, degrees));
    }
    let shape = degrees / 2.0;
    Some(2.0 * first_where(|x| tail_areas(shape, x).lower >= chance))
}

/// The point above which a chi-square variable with so many degrees of freedom lies with this chance.
///
/// None unless the chance is between 0 and 1 (both excluded) and the degrees of freedom are a finite number above 0.
#[must_use]
pub fn upper_point(chance: f64, degrees: f64) -> Option<f64> {
    if !is_question(chance, degrees) {
        return None;
    }
    if degrees > MOST_DEGREES {
        let distance = normal_point(chance.min(1.0 - chance))?;
        return Some(wilson_hilferty(if chance < HALF { distance } else { -distance }, degrees));
    }
    let shape = degrees / 2.0;
    Some(2.0 * first_where(|x| tail_areas(shape, x).upper <= chance))
}

/// The point above which a standard normal variable lies with this chance, for chances up to one half: its square is a chi-square variable with one degree of freedom.
#[must_use]
pub fn normal_point(chance: f64) -> Option<f64> {
    if chance > 0.0 && chance < HALF {
        upper_point(2.0 * chance, 1.0).map(f64::sqrt)
    } else {
        (chance.to_bits() == HALF.to_bits()).then_some(0.0)
    }
}

fn is_question(chance: f64, degrees: f64) -> bool {
    chance > 0.0 && chance < 1.0 && degrees > 0.0 && degrees.is_finite()
}

/// The quantile at so many standard deviations from the mean (Wilson and Hilferty, The distribution of chi-square, 1931).
fn wilson_hilferty(distance: f64, degrees: f64) -> f64 {
    let spread = 2.0 / (9.0 * degrees);
    let root = 1.0 - spread + distance * spread.sqrt();
    degrees * root * root * root
}

/// The least number from 0 on that holds, if all above it hold too. The halving is one of bit patterns, which are in the order of the numbers: no digit is lost near 0.
fn first_where(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut above) = (0_u64, f64::MAX.to_bits());
    while below < above {
        let middle = below + (above - below) / 2;
        if holds(f64::from_bits(middle)) {
            above = middle;
        } else {
            below = middle + 1;
        }
    }
    f64::from_bits(below)
}

/// Areas of a gamma distribution below and above a point.
struct TailAreas {
    lower: f64,
    upper: f64,
}

fn tail_areas(shape: f64, x: f64) -> TailAreas {
    if x <= 0.0 {
        return TailAreas { lower: 0.0, upper: 1.0 };
    }
    if x < shape + 1.0 {
        let lower = (density_factor(shape, x) * power_series(shape, x)).min(1.0);
        TailAreas { lower, upper: 1.0 - lower }
    } else {
        let upper = (density_factor(shape, x) * continued_fraction(shape, x)).min(1.0);
        TailAreas { lower: 1.0 - upper, upper }
    }
}

/// `x^shape · e^-x / Γ(shape)`.
fn density_factor(shape: f64, x: f64) -> f64 {
    if shape < LARGE_SHAPE {
        return libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    }
    let excess = (x - shape) / shape;
    let distance = shape * (excess - libm::log1p(excess));
    let square = shape * shape;
    let correction = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1_260.0 * square)) / square) / shape;
    (shape / (2.0 * PI)).sqrt() * libm::exp(-distance - correction)
}

/// `1/a + x/(a(a+1)) + x²/(a(a+1)(a+2)) + …`
fn power_series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut total = term;
    let mut divisor = shape;
    for _ in 0..MOST_STEPS {
        divisor += 1.0;
        term *= x / divisor;
        total += term;
        if term < total * SETTLED {
            break;
        }
    }
    total
}

/// `1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - …)))`, from the front (the method of Lentz in the form of Thompson and Barnett, 1986).
fn continued_fraction(shape: f64, x: f64) -> f64 {
    const SMALLEST: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < SMALLEST { SMALLEST } else { value };
    let mut partial_denominator = x + 1.0 - shape;
    let mut upward = 1.0 / SMALLEST;
    let mut downward = 1.0 / away_from_zero(partial_denominator);
    let mut value = downward;
    for step in 1..=MOST_STEPS {
        let step = f64::from(step);
        let partial_numerator = -step * (step - shape);
        partial_denominator += 2.0;
        downward = 1.0 / away_from_zero(partial_numerator * downward + partial_denominator);
        upward = away_from_zero(partial_denominator + partial_numerator / upward);
        let change = downward * upward;
        value *= change;
        // The nearest numbers above and below 1 count as 1.
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use std::f64::consts::LN_2;

    use super::*;

    fn near(found: Option<f64>, expected: f64, share: f64) {
        let found = found.expect("a point");
        assert!((found - expected).abs() <= expected.abs() * share, "{found:e} is not {expected:e}");
    }

    #[test]
    fn published_percentage_points() {
        // Table of the upper percentage points of the chi-square distribution, as every textbook prints it: degrees, chance above, point.
        let table = [
            (1.0, 0.05, "3.841"),
            (1.0, 0.001, "10.828"),
            (2.0, 0.05, "5.991"),
            (5.0, 0.01, "15.086"),
            (10.0, 0.95, "3.940"),
            (10.0, 0.025, "20.483"),
            (20.0, 0.975, "9.591"),
            (30.0, 0.995, "13.787"),
            (50.0, 0.05, "67.505"),
            (100.0, 0.005, "140.169"),
            (100.0, 0.99, "70.065"),
        ];
        for (degrees, chance, point) in table {
            let found = upper_point(chance, degrees).and_then(|x| super::super::fraction::printed_half_up(x, 3));
            assert_eq!(found.as_deref(), Some(point), "{degrees} degrees, {chance}");
        }
    }

    #[test]
    fn normal_points_are_the_published_ones() {
        near(normal_point(0.025), 1.959_963_984_540_054, 1e-14);
        near(normal_point(0.005), 2.575_829_303_548_901, 1e-14);
        near(normal_point(0.001), 3.090_232_306_167_813_5, 1e-14);
        assert_eq!(normal_point(0.5), Some(0.0));
        assert_eq!(normal_point(0.6), None);
    }

    #[test]
    fn two_degrees_of_freedom_have_a_closed_form() {
        // With two degrees of freedom the area above x is e^(-x/2).
        for exponent in 1..=300 {
            let chance = 10_f64.powi(-exponent);
            near(upper_point(chance, 2.0), -2.0 * chance.ln(), 1e-13);
            near(lower_point(chance, 2.0), -2.0 * (-chance).ln_1p(), 1e-13);
        }
    }

    #[test]
    fn even_degrees_of_freedom_are_sums_of_poisson_chances() {
        // The area above 2m with 2(k+1) degrees of freedom is the chance of at most k events when m are expected.
        for events in 0..60_u32 {
            for chance in [1e-9, 0.001, 0.025, 0.5, 0.9] {
                let mean = upper_point(chance, 2.0 * f64::from(events + 1)).expect("a point") / 2.0;
                let mut term = (-mean).exp();
                let mut total = term;
                for count in 1..=events {
                    term *= mean / f64::from(count);
                    total += term;
                }
                assert!((total - chance).abs() <= chance * 1e-11, "{events} events, {chance}: {total}");
            }
        }
    }

    // The points of the next test were worked out with 40 digits by another program (mpmath 1.3, incomplete gamma function and halving).
    #[test]
    fn far_tails_and_broken_degrees() {
        near(lower_point(0.025, 0.02), 2.0 * 3.522_685_997_313_745e-161, 1e-11);
        near(upper_point(0.025, 0.02), 2.0 * 0.047_137_958_431_590_45, 1e-13);
        near(lower_point(1e-10, 0.5), 2.0 * 6.749_697_893_111_73e-41, 1e-12);
        near(lower_point(1e-12, 4.0), 2.0 * 1.414_214_229_040_193_8e-6, 1e-13);
        near(upper_point(1e-12, 4.0), 2.0 * 31.099_873_195_769_15, 1e-13);
        near(lower_point(0.001, 36.0), 2.0 * 7.662_056_395_807_813, 1e-13);
        near(upper_point(0.001, 200.0), 2.0 * 133.770_263_911_378_6, 1e-13);
        near(lower_point(0.025, 2_000.0), 2.0 * 938.973_018_407_695_2, 1e-13);
        near(lower_point(0.025, 5.7), 2.0 * 0.555_067_465_490_246_4, 1e-13);
        near(upper_point(0.025, 7.3), 2.0 * 8.236_622_502_055_074, 1e-13);
    }

    #[test]
    fn the_change_to_the_approximation_leaves_no_step() {
        for chance in [0.001, 0.025, 0.4, 0.975] {
            for point in [lower_point, upper_point] {
                let exact = point(chance, MOST_DEGREES).expect("a point");
                let approximate = point(chance, MOST_DEGREES * (1.0 + 1e-12)).expect("a point");
                assert!((exact - approximate).abs() < 1e-8 * exact, "{chance}: {exact} {approximate}");
            }
        }
    }

    #[test]
    fn questions_without_answer() {
        for (chance, degrees) in
            [(0.0, 1.0), (1.0, 1.0), (-0.1, 1.0), (f64::NAN, 1.0), (0.5, 0.0), (0.5, f64::NAN), (0.5, f64::INFINITY)]
        {
            assert_eq!(lower_point(chance, degrees), None);
            assert_eq!(upper_point(chance, degrees), None);
        }
        assert!(upper_point(5e-324, 1e-300).is_some());
        assert!(lower_point(5e-324, 1e-300).is_some());
        // The median with two degrees of freedom.
        near(lower_point(0.5, 2.0), 2.0 * LN_2, 1e-15);
    }
}
