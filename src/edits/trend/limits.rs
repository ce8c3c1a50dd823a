//! The arithmetic of limits: whole numbers only, so that a verdict is the same on every machine.
//!
//! A figure is a quotient in millionths, rounded half up once. From there on comparisons are exact: squares are compared by cross multiplication, and no root is
//! taken but to show a limit.

use super::settings::Distance;

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
}

impl Series {
    /// Brings figures together.
    pub fn of(figures: impl Iterator<Item = i128>) -> Series {
        let none = Series { count: 0, sum: 0, squares: 0, widened: (1, 1) };
        figures.fold(none, |series, figure| Series {
            count: series.count + 1,
            sum: series.sum + figure,
            squares: series.squares + figure * figure,
            ..series
        })
    }

    /// The same for a month of fewer cases than the mean month: its figure is the more left to chance, and the variance so many times as large. `all` are the
    /// cases of all months of the series.
    pub fn for_cases(self, cases: u64, all: u64) -> Series {
        let (mean, own) = (i128::from(all), i128::from(cases) * self.count);
        Series { widened: if own > 0 && own < mean { (mean, own) } else { (1, 1) }, ..self }
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
        let limit = (deviations * deviations * self.count).saturating_mul(self.spread()).saturating_mul(above);
        off > self.count * i128::from(distance.difference)
            && (off * off * (self.count - 1) * ONE).saturating_mul(below) > limit
    }

    /// How far from the mean a limit lies, rounded half up: to be shown, not to be compared.
    pub fn reach(&self, distance: Distance) -> i128 {
        let deviations = i128::from(distance.deviations);
        let below = ONE * self.count * (self.count - 1) * self.widened.1;
        let above = (deviations * deviations).saturating_mul(self.spread()).saturating_mul(self.widened.0);
        let reach = if below == 0 { 0 } else { rounded_root(above, below) };
        reach.max(i128::from(distance.difference))
    }

    /// `m` times the sum of squares less the square of the sum: `m (m-1)` times the variance.
    fn spread(&self) -> i128 {
        self.count * self.squares - self.sum * self.sum
    }
}

/// Numbers of codes on many records: how many records, how many codes, and the sum of the squares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
        assert_eq!(series.for_cases(50, 8 * 200).reach(distance(1000, 0)), 4_276_180);
        assert_eq!(series.for_cases(800, 8 * 200), series);
        // Beyond every number that is held: never passed, and shown as the root of the greatest.
        let wild = Series::of([0, 1 << 50].into_iter()).for_cases(1, 1 << 40);
        assert!(!wild.is_beyond(1 << 50, distance(1_000_000, 0)) && wild.reach(distance(1_000_000, 0)) > 1 << 50);
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
            let expected = off > floor * count && off * off * 1_000_000 * (count - 1) * own > k * k * squared * wide;
            let series = Series::of(figures.into_iter()).for_cases(cases, mean_cases * count as u64);
            prop_assert_eq!(series.is_beyond(figure, distance(deviations, difference)), expected);
            // What is shown as limit is the limit, to a unit.
            let reach = series.reach(distance(deviations, difference));
            prop_assert!(!series.is_beyond(sum / count + (reach - 2).max(0), distance(deviations, difference)));
            prop_assert!(series.is_beyond(sum / count + reach + 2, distance(deviations, difference)));
        }
    }
}
