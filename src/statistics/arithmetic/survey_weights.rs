//! Estimates from records with weights: each record of a sample stands for so many stays.
//!
//! Weights are whole numbers of millionths, so that sums are exact and do not depend on the order of the records. Relative standard errors are worked out with parameters a and
//! b that the publisher of a survey gives by year and statistic (National Center for Health Statistics): `RSE(X) = √(a + b/X)` for a total X, `RSE(p) = √(b(1 - p) / (pY))` for
//! a share p of a base Y. Only a printed error has a root in it, and its digits are exact.

use std::cmp::Ordering;

use super::fraction::Fraction;

/// Decimals that a weight may have.
const WEIGHT_DECIMALS: usize = 6;

/// Digits that a weight may have before the point. With more, sums over all records of a file might leave the room of the totals.
const WEIGHT_DIGITS: usize = 9;

/// The weight of a record, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SurveyWeight(u64);

/// Why a text is no weight. The text is not repeated: it comes from a patient's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWeight {
    /// It is not a plain decimal number without sign.
    NotANumber,
    /// It has more than six decimals, not counting zeros at the end.
    TooManyDecimals,
    /// It has more than nine digits before the point, not counting zeros in front.
    TooLarge,
}

impl SurveyWeight {
    /// A weight as files write it, such as `123`, `0123.5` or `87.250000`.
    ///
    /// # Errors
    /// When the text is not a plain decimal number, or does not fit into nine digits and six decimals.
    pub fn read(text: &str) -> Result<SurveyWeight, NoWeight> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_only(whole) || !digits_only(decimals) {
            return Err(NoWeight::NotANumber);
        }
        let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
        if decimals.len() > WEIGHT_DECIMALS {
            return Err(NoWeight::TooManyDecimals);
        }
        if whole.len() > WEIGHT_DIGITS {
            return Err(NoWeight::TooLarge);
        }
        format!("{whole}{decimals:0<WEIGHT_DECIMALS$}").parse().map(SurveyWeight).map_err(|_| NoWeight::NotANumber)
    }

    /// The weight in millionths.
    #[must_use]
    pub fn millionths(self) -> u64 {
        self.0
    }
}

/// The parameters of the standard errors of one statistic. They differ by year, statistic and group; `a` may be negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorParameters {
    /// The part that does not depend on the size of the estimate.
    pub a: Fraction,
    /// The part that is divided by the estimate.
    pub b: Fraction,
}

impl ErrorParameters {
    /// The relative standard error of a total or count: `√(a + b/X)`. None when the estimate is not above 0 or the parameters give a negative square.
    #[must_use]
    pub fn of_total(&self, estimate: &Fraction) -> Option<RelativeError> {
        above_zero(estimate)?;
        RelativeError::from_square(&self.a + &self.b.divided_by(estimate)?)
    }

    /// The relative standard error of a share of a base: `√(b(1 - p) / (pY))`. None when the share is 0 or outside 0 to 1, or the base is not above 0.
    #[must_use]
    pub fn of_share(&self, share: &Fraction, base: &Fraction) -> Option<RelativeError> {
        above_zero(share)?;
        above_zero(base)?;
        let rest = &Fraction::whole(1) - share;
        RelativeError::from_square((&self.b * &rest).divided_by(&(share * base))?)
    }
}

fn above_zero(figure: &Fraction) -> Option<()> {
    (figure.cmp(&Fraction::whole(0)) == Ordering::Greater).then_some(())
}

/// A relative standard error, kept as its square.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelativeError {
    square: Fraction,
}

impl RelativeError {
    fn from_square(square: Fraction) -> Option<RelativeError> {
        (square >= Fraction::whole(0)).then_some(RelativeError { square })
    }

    /// The error of a quotient of two estimates that are not part of each other, such as days of care by discharges: `√(RSE(X)² + RSE(Y)²)`.
    ///
    /// General knowledge of the field, not read in a source. It leaves the correlation of the two out, which makes it too high where both rise together.
    #[must_use]
    pub fn of_quotient(&self, base: &RelativeError) -> RelativeError {
        RelativeError { square: &self.square + &base.square }
    }

    /// Whether it is so many per cent or more.
    #[must_use]
    pub fn is_at_least(&self, percent: u16) -> bool {
        let limit = u32::from(percent);
        &self.square * &Fraction::whole(10_000) >= Fraction::whole(limit * limit)
    }

    /// In per cent of the estimate, rounded half up.
    #[must_use]
    pub fn percent_printed(&self, decimals: u8) -> String {
        // The square is not negative, so that there always is a root.
        (&self.square * &Fraction::whole(10_000)).root_printed(decimals).unwrap_or_default()
    }
}

/// From where on an estimate is shown, and shown without a flag. The defaults are those of the National Center for Health Statistics for its surveys of hospital discharges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReliabilityLimits {
    /// Estimates on fewer records are not shown. Default: 30.
    pub shown_from: u64,
    /// Estimates on fewer records are flagged. Default: 60.
    pub unflagged_from: u64,
    /// Estimates with a relative standard error of so many per cent or more are flagged. Default: 30.
    pub flagged_from_percent: u16,
}

impl Default for ReliabilityLimits {
    fn default() -> ReliabilityLimits {
        ReliabilityLimits { shown_from: 30, unflagged_from: 60, flagged_from_percent: 30 }
    }
}

/// Whether an estimate can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reliability {
    /// Too few records: no figure is printed.
    NotShown,
    /// Few records or a large standard error: the figure is printed with a flag.
    Flagged,
    /// The figure is printed without a flag.
    Reliable,
}

/// The reliability of an estimate on so many records. Without a relative standard error (no parameters known) the number of records alone decides.
#[must_use]
pub fn reliability(records: u64, error: Option<&RelativeError>, limits: &ReliabilityLimits) -> Reliability {
    if records < limits.shown_from {
        Reliability::NotShown
    } else if records < limits.unflagged_from
        || error.is_some_and(|error| error.is_at_least(limits.flagged_from_percent))
    {
        Reliability::Flagged
    } else {
        Reliability::Reliable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Fraction {
        Fraction::of_decimal(text).expect("a decimal number")
    }

    fn parameters(a: &str, b: &str) -> ErrorParameters {
        ErrorParameters { a: decimal(a), b: decimal(b) }
    }

    #[test]
    fn weights_are_read_as_millionths() {
        let read = |text| SurveyWeight::read(text).map(SurveyWeight::millionths);
        assert_eq!(read("00123"), Ok(123_000_000));
        assert_eq!(read("87.25"), Ok(87_250_000));
        assert_eq!(read("0.000001"), Ok(1));
        assert_eq!(read("1.50000000"), Ok(1_500_000));
        assert_eq!(read("0"), Ok(0));
        assert_eq!(read("999999999.999999"), Ok(999_999_999_999_999));
        assert_eq!(read("0000000001000000000"), Err(NoWeight::TooLarge));
        assert_eq!(read("0.0000001"), Err(NoWeight::TooManyDecimals));
        for text in ["", " 1", "-1", "1e3", ".5", "5.", "1,5", "1.2.3", "٣"] {
            assert_eq!(read(text), Err(NoWeight::NotANumber), "{text}");
        }
    }

    #[test]
    fn errors_of_totals() {
        // √(0.01 + 900 / 10,000) = √0.1.
        let error = parameters("0.01", "900").of_total(&Fraction::whole(10_000)).expect("an error");
        assert_eq!(error.percent_printed(2), "31.62");
        // √(900 / 10,000) is exactly 30 %, √(900 / 10,001) a little less.
        let at = |estimate: u32| parameters("0", "900").of_total(&Fraction::whole(estimate)).expect("an error");
        assert!(at(10_000).is_at_least(30));
        assert!(!at(10_001).is_at_least(30));
        assert_eq!(parameters("-0.5", "900").of_total(&Fraction::whole(10_000)), None);
        assert_eq!(parameters("0.01", "900").of_total(&Fraction::whole(0)), None);
    }

    #[test]
    fn errors_of_shares() {
        // √(400 x 0.75 / (0.25 x 4,000)) = √0.3.
        let by = parameters("0", "400");
        let error = by.of_share(&decimal("0.25"), &Fraction::whole(4_000)).expect("an error");
        assert_eq!(error.percent_printed(2), "54.77");
        assert!(
            by.of_share(&Fraction::whole(1), &Fraction::whole(9))
                .is_some_and(|error| error.percent_printed(1) == "0.0")
        );
        assert_eq!(by.of_share(&Fraction::whole(0), &Fraction::whole(9)), None);
        assert_eq!(by.of_share(&Fraction::whole(2), &Fraction::whole(9)), None);
        assert_eq!(by.of_share(&decimal("0.5"), &Fraction::whole(0)), None);
    }

    #[test]
    fn errors_of_quotients_add_as_squares() {
        // 3 % and 4 % make 5 %.
        let of = |b: &str| parameters("0", b).of_total(&Fraction::whole(10_000)).expect("an error");
        assert_eq!(of("9").of_quotient(&of("16")).percent_printed(3), "5.000");
    }

    #[test]
    fn reliability_by_records_and_error() {
        let limits = ReliabilityLimits::default();
        let error = |estimate: u32| parameters("0", "900").of_total(&Fraction::whole(estimate));
        assert_eq!(reliability(29, error(1_000_000).as_ref(), &limits), Reliability::NotShown);
        assert_eq!(reliability(30, error(1_000_000).as_ref(), &limits), Reliability::Flagged);
        assert_eq!(reliability(59, None, &limits), Reliability::Flagged);
        assert_eq!(reliability(60, None, &limits), Reliability::Reliable);
        assert_eq!(reliability(60, error(10_000).as_ref(), &limits), Reliability::Flagged);
        assert_eq!(reliability(60, error(10_001).as_ref(), &limits), Reliability::Reliable);
        let own = ReliabilityLimits { shown_from: 10, unflagged_from: 10, flagged_from_percent: 50 };
        assert_eq!(reliability(10, error(10_000).as_ref(), &own), Reliability::Reliable);
    }
}
