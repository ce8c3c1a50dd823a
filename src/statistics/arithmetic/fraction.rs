//! Quotients of whole numbers, kept exact until they are printed.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Sub};

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;

/// A denominator longer than this (in bits) is not reduced any more: finding the common divisor would cost more than the shorter numbers save.
const LONGEST_REDUCED: u64 = 4_096;

/// Bits of the quotient that is rounded to an `f64`; its mantissa has 53.
const QUOTIENT_BITS: i64 = 66;

/// An exact quotient of whole numbers. The denominator is above 0.
#[derive(Debug, Clone)]
pub struct Fraction {
    numerator: BigInt,
    denominator: BigUint,
}

impl Fraction {
    /// `numerator / denominator`; none when the denominator is 0.
    #[must_use]
    pub fn new(numerator: impl Into<BigInt>, denominator: impl Into<BigUint>) -> Option<Fraction> {
        let denominator = denominator.into();
        if denominator == BigUint::ZERO { None } else { Some(Fraction::reduced(numerator.into(), denominator)) }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: impl Into<BigInt>) -> Fraction {
        Fraction { numerator: number.into(), denominator: BigUint::from(1_u8) }
    }

    /// The exact value of an `f64`, which is always a whole number times a power of two; none for what is not a finite number.
    #[must_use]
    pub fn of_float(value: f64) -> Option<Fraction> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let stored_exponent = (bits >> 52) & 0x7ff;
        let stored_mantissa = bits & ((1 << 52) - 1);
        // A stored exponent of 0 marks numbers without the leading 1.
        let (mantissa, exponent) = match stored_exponent {
            0 => (stored_mantissa, -1_074),
            stored => (stored_mantissa | (1 << 52), stored.cast_signed() - 1_075),
        };
        let sign = if value < 0.0 { Sign::Minus } else { Sign::Plus };
        let shift = exponent.unsigned_abs();
        Some(if exponent >= 0 {
            Fraction::whole(BigInt::from_biguint(sign, BigUint::from(mantissa) << shift))
        } else {
            Fraction::reduced(BigInt::from_biguint(sign, BigUint::from(mantissa)), BigUint::from(1_u8) << shift)
        })
    }

    /// The exact value of a decimal number in plain writing, such as `-0.00123` or `17`; none for anything else or for more than 60 characters.
    #[must_use]
    pub fn of_decimal(text: &str) -> Option<Fraction> {
        if text.len() > 60 {
            return None;
        }
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let ends_in_point = unsigned.contains('.') && decimals.is_empty();
        if whole.is_empty() || ends_in_point || !whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let digits = BigUint::parse_bytes(format!("{whole}{decimals}").as_bytes(), 10)?;
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        let places = u8::try_from(decimals.len()).ok()?;
        Fraction::new(BigInt::from_biguint(sign, digits), power_of_ten(places))
    }

    /// Sum of fractions, the same in whichever order they come. They are added two by two, so that long denominators meet late.
    #[must_use]
    pub fn sum(mut terms: Vec<Fraction>) -> Fraction {
        while terms.len() > 1 {
            terms = terms
                .chunks(2)
                .map(|pair| if let [one, other] = pair { one + other } else { pair[0].clone() })
                .collect();
        }
        terms.pop().unwrap_or_else(|| Fraction::whole(0))
    }

    /// The quotient of two fractions; none when the divisor is 0.
    #[must_use]
    pub fn divided_by(&self, divisor: &Fraction) -> Option<Fraction> {
        let numerator = &self.numerator * BigInt::from(divisor.denominator.clone());
        let (sign, magnitude) = (divisor.numerator.sign(), divisor.numerator.magnitude());
        let numerator = if sign == Sign::Minus { -numerator } else { numerator };
        Fraction::new(numerator, &self.denominator * magnitude)
    }

    /// The numerator, with the sign.
    #[must_use]
    pub fn numerator(&self) -> &BigInt {
        &self.numerator
    }

    /// The denominator, above 0.
    #[must_use]
    pub fn denominator(&self) -> &BigUint {
        &self.denominator
    }

    /// The fraction without its sign.
    #[must_use]
    pub fn magnitude(&self) -> Fraction {
        Fraction { numerator: self.numerator.magnitude().clone().into(), denominator: self.denominator.clone() }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.numerator.sign() == Sign::NoSign
    }

    /// The nearest `f64`; of two equally near the one with the even last bit. The same on every machine, because the division is one of whole numbers. Below 10^-307, where
    /// an `f64` has fewer digits, it may be the one beside it.
    #[must_use]
    pub fn to_float(&self) -> f64 {
        if self.is_zero() {
            return 0.0;
        }
        let length = |number: &BigUint| i64::try_from(number.bits()).unwrap_or(i64::MAX);
        let numerator = self.numerator.magnitude();
        let shift = length(&self.denominator).saturating_sub(length(numerator)).saturating_add(QUOTIENT_BITS);
        let (quotient, remainder) = if shift >= 0 {
            (numerator << shift.unsigned_abs()).div_rem(&self.denominator)
        } else {
            numerator.div_rem(&(&self.denominator << shift.unsigned_abs()))
        };
        // The last bit stands for all that the division left over, so that what only seems to be half way is not taken for it.
        let sticky = u128::from(remainder != BigUint::ZERO);
        let rounded = (u128::try_from(quotient).unwrap_or(u128::MAX) | sticky) as f64;
        let exponent = i32::try_from(-shift).unwrap_or(if shift > 0 { i32::MIN } else { i32::MAX });
        let value = libm::scalbn(rounded, exponent);
        if self.numerator.sign() == Sign::Minus { -value } else { value }
    }

    /// The square root as an `f64`; none below 0.
    #[must_use]
    pub fn root_to_float(&self) -> Option<f64> {
        (self.numerator.sign() != Sign::Minus).then(|| self.to_float().sqrt())
    }

    /// Written with so many decimals, rounded half up (the sign put aside): 2.345 is 2.35 and -2.345 is -2.35. What rounds to 0 has no sign.
    #[must_use]
    pub fn printed(&self, decimals: u8) -> String {
        let twice = self.numerator.magnitude() * power_of_ten(decimals) * 2_u8 + &self.denominator;
        let units = twice / (&self.denominator * 2_u8);
        written(&units, decimals, self.numerator.sign() == Sign::Minus)
    }

    /// The square root written with so many decimals, rounded half up, worked out in whole numbers only; none below 0.
    #[must_use]
    pub fn root_printed(&self, decimals: u8) -> Option<String> {
        if self.numerator.sign() == Sign::Minus {
            return None;
        }
        // With s the root in units of the last decimal, floor(s + 1/2) = floor((floor(2s) + 1) / 2), and floor(2s) is the root of the floor of 4s².
        let scale = power_of_ten(decimals);
        let doubled = (self.numerator.magnitude() * &scale * &scale * 4_u8 / &self.denominator).sqrt();
        Some(written(&((doubled + 1_u8) / 2_u8), decimals, false))
    }

    /// The fraction in lowest terms, if the denominator is not too long for that.
    fn reduced(numerator: BigInt, denominator: BigUint) -> Fraction {
        if denominator.bits() > LONGEST_REDUCED {
            return Fraction { numerator, denominator };
        }
        let divisor = numerator.magnitude().gcd(&denominator);
        Fraction { numerator: numerator / BigInt::from(divisor.clone()), denominator: denominator / divisor }
    }
}

impl Add for &Fraction {
    type Output = Fraction;

    fn add(self, other: &Fraction) -> Fraction {
        if self.denominator == other.denominator {
            return Fraction::reduced(&self.numerator + &other.numerator, self.denominator.clone());
        }
        let left = &self.numerator * BigInt::from(other.denominator.clone());
        let right = &other.numerator * BigInt::from(self.denominator.clone());
        Fraction::reduced(left + right, &self.denominator * &other.denominator)
    }
}

impl Sub for &Fraction {
    type Output = Fraction;

    fn sub(self, other: &Fraction) -> Fraction {
        self + &Fraction { numerator: -&other.numerator, denominator: other.denominator.clone() }
    }
}

impl Mul for &Fraction {
    type Output = Fraction;

    fn mul(self, other: &Fraction) -> Fraction {
        Fraction::reduced(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> Ordering {
        let left = &self.numerator * BigInt::from(other.denominator.clone());
        let right = &other.numerator * BigInt::from(self.denominator.clone());
        left.cmp(&right)
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Fraction) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

/// An `f64` written with so many decimals, rounded half up; none for what is not a finite number.
///
/// It is the stored value that is rounded. A figure such as 0.15 has no exact `f64`, so that a published figure is better a [`Fraction`].
#[must_use]
pub fn printed_half_up(value: f64, decimals: u8) -> Option<String> {
    Fraction::of_float(value).map(|exact| exact.printed(decimals))
}

fn power_of_ten(exponent: u8) -> BigUint {
    BigUint::from(10_u8).pow(u32::from(exponent))
}

/// A count of units of the last decimal, written as a decimal number.
fn written(units: &BigUint, decimals: u8, negative: bool) -> String {
    let places = usize::from(decimals);
    let digits = format!("{units:0>width$}", width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    let sign = if negative && *units != BigUint::ZERO { "-" } else { "" };
    let point = if places == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: u64) -> Fraction {
        Fraction::new(numerator, denominator).expect("a denominator above 0")
    }

    #[test]
    fn halves_go_up_and_the_sign_is_put_aside() {
        assert_eq!(fraction(2_345, 1_000).printed(2), "2.35");
        assert_eq!(fraction(-2_345, 1_000).printed(2), "-2.35");
        assert_eq!(fraction(1, 2).printed(0), "1");
        assert_eq!(fraction(-1, 1_000).printed(2), "0.00");
        assert_eq!(fraction(999_999, 1_000).printed(2), "1000.00");
        assert_eq!(fraction(5, 100).printed(3), "0.050");
    }

    #[test]
    fn published_exercises_of_hospital_statistics() {
        // 577 beds in 2005: deaths, days of stay, service days over bed-count days.
        assert_eq!(fraction(497 * 100, 15_846).printed(3), "3.136");
        assert_eq!(fraction(136_540, 15_846).printed(3), "8.617");
        assert_eq!(fraction(136_995 * 100, 577 * 365).printed(3), "65.048");
    }

    #[test]
    fn a_float_is_rounded_by_its_stored_value() {
        // 0.125 is stored exactly and 2.675 is stored a little below.
        assert_eq!(printed_half_up(0.125, 2).as_deref(), Some("0.13"));
        assert_eq!(printed_half_up(2.675, 2).as_deref(), Some("2.67"));
        assert_eq!(printed_half_up(-0.0, 1).as_deref(), Some("0.0"));
        assert_eq!(printed_half_up(1e21, 0).as_deref(), Some("1000000000000000000000"));
        assert_eq!(printed_half_up(f64::MIN_POSITIVE / 4.0, 3).as_deref(), Some("0.000"));
        assert_eq!(printed_half_up(f64::NAN, 2), None);
        assert_eq!(printed_half_up(f64::INFINITY, 2), None);
    }

    #[test]
    fn floats_come_back_as_they_went() {
        let values = [1.0, -0.1, 1.0 / 3.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, 123_456_789.125, 2.5e-310];
        for value in values {
            assert_eq!(Fraction::of_float(value).map(|exact| exact.to_float().to_bits()), Some(value.to_bits()));
        }
    }

    #[test]
    fn the_nearest_float_is_the_one_of_the_division() {
        // A division of two whole numbers below 2^53 is rounded correctly by the standard of floating-point arithmetic itself.
        for numerator in 1..200_u32 {
            for denominator in [3_u32, 7, 11, 1_000, 65_537, 999_983] {
                let expected = f64::from(numerator) / f64::from(denominator);
                let found = Fraction::new(numerator, denominator).map(|exact| exact.to_float());
                assert_eq!(found.map(f64::to_bits), Some(expected.to_bits()));
            }
        }
    }

    #[test]
    fn what_is_hardly_more_than_half_way_goes_up() {
        // 2^53 + 1 lies half way between two numbers of 53 bits: the even one is below it, and a little more goes to the one above.
        let half_way = (1_u128 << 53) + 1;
        let scaled = half_way << 60;
        let little_more = Fraction::new(scaled + 1, 1_u64 << 60).expect("a fraction");
        assert_eq!(Fraction::whole(half_way).to_float().to_bits(), 9_007_199_254_740_992_f64.to_bits());
        assert_eq!(little_more.to_float().to_bits(), 9_007_199_254_740_994_f64.to_bits());
    }

    #[test]
    fn roots_are_printed_to_the_digit() {
        assert_eq!(fraction(2, 1).root_printed(20).as_deref(), Some("1.41421356237309504880"));
        assert_eq!(fraction(9, 100).root_printed(1).as_deref(), Some("0.3"));
        assert_eq!(fraction(1, 4).root_printed(0).as_deref(), Some("1"), "half goes up");
        assert_eq!(fraction(2_401, 10_000).root_printed(0).as_deref(), Some("0"));
        assert_eq!(fraction(0, 5).root_printed(2).as_deref(), Some("0.00"));
        assert_eq!(fraction(-1, 5).root_printed(2), None);
    }

    #[test]
    fn decimals_are_read_exactly() {
        assert_eq!(Fraction::of_decimal("-0.00125"), Some(fraction(-1, 800)));
        assert_eq!(Fraction::of_decimal("17"), Some(fraction(17, 1)));
        for text in ["", "-", ".5", "5.", "1e3", "+1", "1 ", "1.2.3", "--1", "1,5"] {
            assert_eq!(Fraction::of_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn sums_do_not_depend_on_the_order() {
        let mut terms: Vec<Fraction> = (1..=40).map(|denominator| fraction(1, denominator)).collect();
        let forward = Fraction::sum(terms.clone());
        terms.reverse();
        assert_eq!(forward, Fraction::sum(terms));
        // The 40th harmonic number, to twelve published decimals.
        assert_eq!(forward.printed(12), "4.278543038936");
        assert!(Fraction::sum(Vec::new()).is_zero());
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(Fraction::new(1, 0_u8), None);
        assert_eq!(fraction(1, 2).divided_by(&fraction(0, 7)), None);
        assert_eq!(fraction(1, 2).divided_by(&fraction(-3, 4)), Some(fraction(-2, 3)));
    }
}
