//! The arithmetic of limits: whole numbers only, so that a verdict is the same on every machine.
//!
//! A figure is a quotient in millionths, rounded half up once. From there on comparisons are exact: squares are compared by cross multiplication, and no root is
//! taken but to show a limit.

use crate::record::take_away::take_away_fields;
use serde::{Deserialize, Serialize};

use super::{measure::Unit, settings::Distance};

/// Millionths in one.
pub const ONE: i128 = 1_000_000;

/// A quotient in millionths, rounded half up; `denominator` is not 0.
pub fn rate(numerator: u64, denominator: u64) -> i128 {
    let denominator = i128::from(denominator.max(1));
    (2 * i128::from(numerator) * ONE + denominator) / (2 * denominator)
}

/// The figures of the months of a history: how many, their sum, and the sum of their squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series {
    count: i128,
    sum: i128,
    squares: i128,
    /// What the variance is multiplied by, as a quotient of at least one.
    widened: (i128, i128),
    /// The variance that chance alone gives a month, in millionths squared, as a quotient; see [`Series::for_cases`].
    chance: (i128, i128),
}

/// What two and three standard deviations become where they are known from 2 to 12 months only, in thousandths: the quantile of Student's t with one degree of
/// freedom less than months at the probability of so many deviations (0.97725 and 0.99865), times the root of 1 + 1/months, by so many deviations. That is the
/// limit of a prediction: one more figure of the same kind lies within it as often as within so many deviations of a known mean. Source: Hahn and Meeker,
/// Statistical Intervals, 4.8.
const OF_TWO: [u64; 11] = [8553, 2613, 1849, 1572, 1430, 1345, 1288, 1247, 1217, 1193, 1173];
/// See [`OF_TWO`].
const OF_THREE: [u64; 11] = [96266, 7393, 3436, 2417, 1983, 1748, 1602, 1503, 1431, 1378, 1336];

/// How many times as much as by Poisson's law the numbers of codes of cases vary: some cases have many. The 275 admissions of the MIMIC-IV demo have 16.4 diagnoses
/// a case with a variance of 81.3, five times as much; less is taken, so that nothing is overlooked.
const OVER_CHANCE: i128 = 3;

impl Distance {
    /// The distance with its deviations as a prediction from so many months needs them; fewer than two and a half are widened as two, others as three.
    pub fn predicted_from(self, months: u64) -> Distance {
        let widened = if self.deviations < 2_500 { OF_TWO } else { OF_THREE };
        let by = widened[months.clamp(2, 12) as usize - 2];
        Distance { deviations: (self.deviations * by + 500) / 1000, ..self }
    }
}

impl Series {
    /// Brings figures together.
    pub fn of(figures: impl Iterator<Item = i128>) -> Series {
        let none = Series { count: 0, sum: 0, squares: 0, widened: (1, 1), chance: (0, 1) };
        figures.fold(none, |series, figure| Series {
            count: series.count + 1,
            sum: series.sum + figure,
            squares: series.squares + figure * figure,
            ..series
        })
    }

    /// The same for a month of fewer cases than the mean month: its figure is the more left to chance, and the variance so many times as large. `all` are the
    /// cases of all months of the series. The variance is no smaller than chance makes it, however steady a few months were: p (1 - p) / n of a share p of n
    /// cases (Shewhart's p chart), [`OVER_CHANCE`] u / n of u codes a case (his u chart; Montgomery, Introduction to Statistical Quality Control, chapter 7).
    pub fn for_cases(self, cases: u64, all: u64, unit: Unit) -> Series {
        let (mean_cases, own) = (i128::from(all), i128::from(cases) * self.count);
        let widened = if own > 0 && own < mean_cases { (mean_cases, own) } else { (1, 1) };
        let mean = self.mean();
        let of_one_case = if unit == Unit::Percent { mean * (ONE - mean) } else { OVER_CHANCE * mean * ONE };
        Series { widened, chance: (of_one_case, i128::from(cases.max(1))), ..self }
    }

    /// Number of figures.
    pub fn count(&self) -> u64 {
        self.count as u64
    }

    /// Their mean, rounded half up.
    pub fn mean(&self) -> i128 {
        if self.count == 0 { 0 } else { (2 * self.sum + self.count) / (2 * self.count) }
    }

    /// Whether a figure lies farther from the mean than the distance, both in standard deviations of the figures (with one less than their number below the
    /// line) and in itself. At least two figures. A limit that no number holds is never passed.
    pub fn is_beyond(&self, figure: i128, distance: Distance) -> bool {
        // (x - S/m)^2 > (k/1000)^2 (mQ - S^2) / (m(m-1)), times m^2 (m-1) 10^6.
        let off = (self.count * figure - self.sum).abs();
        let deviations = i128::from(distance.deviations);
        let (above, below) = self.widened;
        let squared = deviations * deviations;
        let limit = (squared * self.count).saturating_mul(self.spread()).saturating_mul(above);
        // The same against the variance of chance, times m^2 n 10^6.
        let (variance, cases) = self.chance;
        let by_chance = squared.saturating_mul(variance).saturating_mul(self.count * self.count);
        off > self.count * i128::from(distance.difference)
            && (off * off * (self.count - 1) * ONE).saturating_mul(below) > limit
            && (off * off * ONE).saturating_mul(cases) > by_chance
    }

    /// Whether what a month has more or fewer than its cases would have at the mean is worth more than so many cases: of a share so many cases themselves, of codes a case
    /// the codes of so many mean cases, and of no fewer than so many codes.
    pub fn is_worth(&self, figure: i128, cases: u64, least: u64, unit: Unit) -> bool {
        let off = (self.count * figure - self.sum).abs();
        off * i128::from(cases) > i128::from(least) * self.one_case(unit)
    }

    /// How far from the mean a figure is worth so many cases, rounded half up: to be shown, not to be compared.
    pub fn reach_of_worth(&self, cases: u64, least: u64, unit: Unit) -> i128 {
        let below = i128::from(cases.max(1)) * self.count.max(1);
        (2 * i128::from(least) * self.one_case(unit) + below) / (2 * below)
    }

    /// What one case counts for, times the number of figures.
    fn one_case(&self, unit: Unit) -> i128 {
        if unit == Unit::Percent { ONE * self.count } else { self.sum.max(ONE * self.count) }
    }

    /// How far from the mean a limit lies, rounded half up: to be shown, not to be compared.
    pub fn reach(&self, distance: Distance) -> i128 {
        let deviations = i128::from(distance.deviations);
        let below = ONE * self.count * (self.count - 1) * self.widened.1;
        let squared = deviations * deviations;
        let above = squared.saturating_mul(self.spread()).saturating_mul(self.widened.0);
        let reach = if below == 0 { 0 } else { rounded_root(above, below) };
        let by_chance = rounded_root(squared.saturating_mul(self.chance.0), ONE * self.chance.1);
        reach.max(by_chance).max(i128::from(distance.difference))
    }

    /// `m` times the sum of squares less the square of the sum: `m (m-1)` times the variance.
    fn spread(&self) -> i128 {
        self.count * self.squares - self.sum * self.sum
    }
}

/// Numbers of codes on many records: how many records, how many codes, and the sum of the squares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Records.
    pub cases: u64,
    /// Their codes.
    pub codes: u64,
    /// Sum of the squares of the numbers of codes.
    pub squares: u64,
}

impl Spread {
    /// Counts one record.
    #[inline]
    pub fn count(&mut self, codes: u64) {
        self.cases += 1;
        self.codes += codes;
        self.squares += codes * codes;
    }

    /// Adds others.
    pub fn add(&mut self, other: Spread) {
        self.cases += other.cases;
        self.codes += other.codes;
        self.squares += other.squares;
    }

    /// Those that are in this and not in a part of it.
    pub fn without(self, part: Spread) -> Spread {
        Spread { cases: self.cases - part.cases, codes: self.codes - part.codes, squares: self.squares - part.squares }
    }

    /// The variance of the mean, in millionths squared, rounded down. At least two records.
    fn variance_of_mean(&self) -> i128 {
        let [cases, codes, squares] = [self.cases, self.codes, self.squares].map(i128::from);
        (cases * squares - codes * codes) * ONE * ONE / (cases * cases * (cases - 1))
    }

    /// Whether the mean lies farther from that of others than the distance: in standard errors of the difference (Welch) and in itself. Both have at least two records.
    pub fn is_beyond(&self, others: &Spread, distance: Distance) -> bool {
        let off = (rate(self.codes, self.cases) - rate(others.codes, others.cases)).abs();
        let deviations = i128::from(distance.deviations);
        let variance = self.variance_of_mean() + others.variance_of_mean();
        off > i128::from(distance.difference) && off * off * ONE > deviations * deviations * variance
    }

    /// How far from the mean of others a limit lies, rounded half up: to be shown.
    pub fn reach(&self, others: &Spread, distance: Distance) -> i128 {
        let deviations = i128::from(distance.deviations);
        let variance = self.variance_of_mean() + others.variance_of_mean();
        rounded_root(deviations * deviations * variance, ONE).max(i128::from(distance.difference))
    }
}

/// The square root of a quotient, rounded half up.
fn rounded_root(numerator: i128, denominator: i128) -> i128 {
    // Half a unit more, rounded down: the root of four times the quotient is twice the root.
    ((numerator.saturating_mul(4) / denominator).isqrt() + 1) / 2
}

take_away_fields!(Spread: cases, codes, squares);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn distance(deviations: u64, difference: u64) -> Distance {
        Distance { deviations, difference }
    }

    #[test]
    fn the_textbook_s_eight_values_have_the_mean_5_and_the_sample_deviation_2_138() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squared differences 32, sample variance 32/7.
        let series = Series::of([2, 4, 4, 4, 5, 5, 7, 9].into_iter().map(|value| value * ONE));
        assert_eq!((series.count(), series.mean()), (8, 5 * ONE));
        // The root of 32/7 is 2.138089935...
        assert_eq!(series.reach(distance(1000, 0)), 2_138_090);
        assert_eq!(series.reach(distance(2000, 0)), 4_276_180);
        assert!(!series.is_beyond(7_138_089, distance(1000, 0)) && series.is_beyond(7_138_090, distance(1000, 0)));
        assert!(!series.is_beyond(2_861_911, distance(1000, 0)) && series.is_beyond(2_861_910, distance(1000, 0)));
    }

    #[test]
    fn a_history_without_spread_is_held_to_the_difference_alone_and_the_limit_itself_is_kept() {
        let series = Series::of([3 * ONE; 12].into_iter());
        let limit = distance(3000, 2 * ONE as u64);
        assert!(!series.is_beyond(ONE, limit) && series.is_beyond(ONE - 1, limit));
        assert_eq!(series.reach(limit), 2 * ONE);
    }

    #[test]
    fn a_month_of_a_quarter_of_the_cases_has_limits_twice_as_wide_and_a_larger_one_no_narrower() {
        let series = Series::of([2, 4, 4, 4, 5, 5, 7, 9].into_iter().map(|value| value * ONE));
        let of = |cases| series.for_cases(cases, 8 * 200, Unit::PerCase).reach(distance(1000, 0));
        assert_eq!((of(50), of(800)), (4_276_180, series.reach(distance(1000, 0))));
        // Beyond every number that is held: never passed, and shown as the root of the greatest.
        let wild = Series::of([0, 1 << 50].into_iter()).for_cases(1, 1 << 40, Unit::PerCase);
        assert!(!wild.is_beyond(1 << 50, distance(1_000_000, 0)) && wild.reach(distance(1_000_000, 0)) > 1 << 50);
    }

    #[test]
    fn steady_months_do_not_make_chance_a_finding() {
        // Six months of 40 % each: of 24 cases the standard deviation of chance is the root of 0.4 x 0.6 / 24, 10 points.
        let series = Series::of([400_000; 6].into_iter()).for_cases(24, 6 * 24, Unit::Percent);
        assert_eq!(series.reach(distance(2000, 0)), 200_000);
        assert!(!series.is_beyond(600_000, distance(2000, 0)) && series.is_beyond(600_001, distance(2000, 0)));
        // Three codes a case of 100 cases: the root of 3 x 3/100.
        let series = Series::of([3 * ONE; 6].into_iter()).for_cases(100, 600, Unit::PerCase);
        assert_eq!(series.reach(distance(1000, 0)), 300_000);
    }

    #[test]
    fn a_difference_is_worth_the_cases_that_it_is_of() {
        // 20 points of 151 cases are more than 30 cases, of 150 they are 30.
        let share = Series::of([ONE / 2; 6].into_iter());
        assert!(share.is_worth(300_000, 151, 30, Unit::Percent) && !share.is_worth(300_000, 150, 30, Unit::Percent));
        assert_eq!(share.reach_of_worth(150, 30, Unit::Percent), 200_000);
        // 4 codes a case: 30 mean cases have 120 codes, 1.2 a case of 100. One code in ten cases: 30 codes, 0.3 a case.
        let codes = Series::of([4 * ONE; 6].into_iter());
        assert!(
            codes.is_worth(2_799_999, 100, 30, Unit::PerCase) && !codes.is_worth(2_800_000, 100, 30, Unit::PerCase)
        );
        assert_eq!(codes.reach_of_worth(100, 30, Unit::PerCase), 1_200_000);
        let few = Series::of([ONE / 10; 6].into_iter());
        assert!(few.is_worth(400_001, 100, 30, Unit::PerCase) && !few.is_worth(400_000, 100, 30, Unit::PerCase));
    }

    /// The probability that Student's t lies above a value, by Simpson's rule over the angle whose tangent is the value by the root of the degrees of freedom:
    /// the density is there the cosine to the power of one less than those, and the whole is what it is over all angles.
    fn above(value: f64, degrees: i32) -> f64 {
        let part = |from: f64| {
            let (to, steps) = (std::f64::consts::FRAC_PI_2, 4000);
            let width = (to - from) / f64::from(steps);
            let weight = |step: i32| if step == 0 || step == steps { 1.0 } else { f64::from(2 + 2 * (step % 2)) };
            let term = |step: i32| weight(step) * (from + f64::from(step) * width).cos().abs().powi(degrees - 1);
            (0..=steps).map(term).sum::<f64>() * width / 3.0
        };
        part((value / f64::from(degrees).sqrt()).atan()) / part(-std::f64::consts::FRAC_PI_2)
    }

    #[test]
    fn the_widened_deviations_are_those_of_student_s_t() {
        for (deviations, widened, probability) in [(2.0, OF_TWO, 0.022_750_131_9), (3.0, OF_THREE, 0.001_349_898_03)] {
            for (months, by) in (2..=12).zip(widened) {
                let root = (1.0 + 1.0 / f64::from(months)).sqrt();
                let found = |by: f64| above(by / 1000.0 * deviations / root, months - 1);
                assert!(found(by as f64 - 0.6) > probability && found(by as f64 + 0.6) < probability, "{months}: {by}");
            }
        }
        assert_eq!(distance(3000, 7).predicted_from(12), distance(4008, 7));
        assert_eq!(distance(2000, 7).predicted_from(6), distance(2860, 7));
    }

    #[test]
    fn two_means_are_held_to_the_standard_error_of_their_difference() {
        // 30 records with 2 and 30 with 4 codes: mean 3, sample variance 60/59. 30 records with 5 and 30 with 7: mean 6, the same variance.
        let mut low = Spread::default();
        let mut high = Spread::default();
        for _ in 0..30 {
            low.count(2);
            low.count(4);
            high.count(5);
            high.count(7);
        }
        assert_eq!((low.codes, low.squares), (180, 600));
        // The standard error is the root of 2 x (60/59)/60 = 2/59: 0.184115...
        assert_eq!(low.reach(&high, distance(1000, 0)), 184_115);
        // 3 / 0.184115 = 16.294...
        assert!(low.is_beyond(&high, distance(16_294, 0)) && !low.is_beyond(&high, distance(16_295, 0)));
        assert!(!low.is_beyond(&high, distance(1000, 3 * ONE as u64)));
        let mut both = low;
        both.add(high);
        assert_eq!(both.without(low), high);
    }

    proptest! {
        /// The comparison is that of the definition, in fractions: squared difference from the mean against the variance from the squared differences one by one.
        #[test]
        fn the_comparison_is_the_definition_in_fractions(
            figures in prop::collection::vec(0i128..30_000_000, 2..13),
            figure in 0i128..30_000_000,
            deviations in 0u64..6000,
            difference in 0u64..3_000_000,
            cases in 1u64..500,
            mean_cases in 1u64..500,
        ) {
            let count = figures.len() as i128;
            let sum: i128 = figures.iter().sum();
            // Everything times the count, so that the mean is a whole number.
            let squared: i128 = figures.iter().map(|value| (value * count - sum).pow(2)).sum();
            let off = (figure * count - sum).abs();
            let (k, floor) = (i128::from(deviations), i128::from(difference));
            // Variance times mean cases by own cases, where the own are fewer.
            let (wide, own) = (i128::from(mean_cases.max(cases)), i128::from(cases));
            let series = Series::of(figures.into_iter()).for_cases(cases, mean_cases * count as u64, Unit::PerCase);
            // Codes a case: three times their mean by the cases, as variance of chance.
            let by_chance = off * off * own > k * k * 3 * series.mean() * count * count;
            let expected = by_chance
                && off > floor * count
                && off * off * 1_000_000 * (count - 1) * own > k * k * squared * wide;
            prop_assert_eq!(series.is_beyond(figure, distance(deviations, difference)), expected);
            // What is shown as limit is the limit, to a unit.
            let reach = series.reach(distance(deviations, difference));
            prop_assert!(!series.is_beyond(sum / count + (reach - 2).max(0), distance(deviations, difference)));
            prop_assert!(series.is_beyond(sum / count + reach + 2, distance(deviations, difference)));
        }
    }
}
