//! Confidence limits of a count of events, taken as a Poisson variable.

use super::chi_square::{lower_point, normal_point, upper_point};

/// Below this many events the limits are exact, from it on they are Byar's, which are then within 0.2 % of the exact ones (Public Health England, Technical Guide, 2018).
pub const EXACT_BELOW: u64 = 10;

/// From here on Byar's limits are taken even if exact ones are asked for: they agree in the first nine digits.
const ALWAYS_BYAR_FROM: u64 = 1_000_000;

/// How sure limits are, in parts of a thousand: 950 for the usual 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confidence(u16);

impl Confidence {
    /// From 500 to 999 parts of a thousand; none outside.
    #[must_use]
    pub const fn per_thousand(parts: u16) -> Option<Confidence> {
        if parts >= 500 && parts <= 999 { Some(Confidence(parts)) } else { None }
    }

    /// The chance left over at each side.
    #[must_use]
    pub fn each_tail(self) -> f64 {
        f64::from(1_000 - self.0) / 2_000.0
    }

    /// Standard deviations to each side of a normal mean: 1.959964 for 95 %.
    #[must_use]
    pub fn standard_deviations(self) -> f64 {
        // Each tail is between 0.0005 and 0.25, for which there always is a point.
        normal_point(self.each_tail()).unwrap_or(f64::INFINITY)
    }
}

impl Default for Confidence {
    fn default() -> Confidence {
        Confidence(950)
    }
}

/// What limits of a count are worked out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSettings {
    /// How sure the limits are. Default: 95 %.
    pub confidence: Confidence,
    /// Counts below this have exact limits, others Byar's. Default: [`EXACT_BELOW`].
    pub exact_below: u64,
}

impl Default for LimitSettings {
    fn default() -> LimitSettings {
        LimitSettings { confidence: Confidence::default(), exact_below: EXACT_BELOW }
    }
}

/// The method that limits come from; it is printed beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitMethod {
    /// Chi-square quantiles.
    Exact,
    /// Byar's approximation of the exact limits.
    Byar,
    /// Normal approximation with the variance of days inside strata.
    VarianceInsideStrata,
}

impl LimitMethod {
    /// The name as it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LimitMethod::Exact => "exact Poisson",
            LimitMethod::Byar => "Byar",
            LimitMethod::VarianceInsideStrata => "variance inside strata",
        }
    }
}

/// A lower and an upper limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CountLimits {
    /// The lower limit, never below 0.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// Where they come from.
    pub method: LimitMethod,
}

impl CountLimits {
    /// Both limits times a factor that is not negative.
    #[must_use]
    pub fn times(self, factor: f64) -> CountLimits {
        CountLimits { lower: self.lower * factor, upper: self.upper * factor, method: self.method }
    }

    /// Both limits divided by a number above 0.
    #[must_use]
    pub fn divided_by(self, divisor: f64) -> CountLimits {
        CountLimits { lower: self.lower / divisor, upper: self.upper / divisor, method: self.method }
    }
}

/// Limits of the mean of a Poisson variable of which so many events were seen.
#[must_use]
pub fn count_limits(events: u64, settings: LimitSettings) -> CountLimits {
    if events < settings.exact_below.min(ALWAYS_BYAR_FROM) {
        exact_limits(events, settings.confidence)
    } else {
        byar_limits(events, settings.confidence)
    }
}

/// `lower = χ²(α/2; 2O) / 2` and `upper = χ²(1 - α/2; 2O + 2) / 2` (Ulm, American Journal of Epidemiology, 1990). The lower limit of no events is 0.
fn exact_limits(events: u64, confidence: Confidence) -> CountLimits {
    let tail = confidence.each_tail();
    let degrees = 2.0 * events as f64;
    let lower = lower_point(tail, degrees).unwrap_or(0.0) / 2.0;
    let upper = upper_point(tail, degrees + 2.0).unwrap_or(f64::INFINITY) / 2.0;
    CountLimits { lower, upper, method: LimitMethod::Exact }
}

/// `lower = O (1 - 1/(9O) - z/(3√O))³` and the same with O + 1 and + z for the upper limit (Byar, in Breslow and Day, volume II, 1987).
fn byar_limits(events: u64, confidence: Confidence) -> CountLimits {
    let distance = confidence.standard_deviations();
    let cube = |value: f64| value * value * value;
    let seen = events as f64;
    let one_more = seen + 1.0;
    // A negative cube would be a negative count: the limit is 0 then.
    let lower = if events == 0 {
        0.0
    } else {
        seen * cube((1.0 - 1.0 / (9.0 * seen) - distance / (3.0 * seen.sqrt())).max(0.0))
    };
    let upper = one_more * cube(1.0 - 1.0 / (9.0 * one_more) + distance / (3.0 * one_more.sqrt()));
    CountLimits { lower, upper, method: LimitMethod::Byar }
}

#[cfg(test)]
mod tests {
    use super::super::fraction::printed_half_up;
    use super::*;

    fn printed(limits: CountLimits, decimals: u8) -> [String; 2] {
        [limits.lower, limits.upper].map(|value| printed_half_up(value, decimals).unwrap_or_default())
    }

    fn by(exact_below: u64) -> LimitSettings {
        LimitSettings { exact_below, ..LimitSettings::default() }
    }

    #[test]
    fn limits_of_five_and_of_no_events() {
        assert_eq!(printed(count_limits(5, LimitSettings::default()), 4), ["1.6235", "11.6683"]);
        assert_eq!(printed(count_limits(5, by(0)), 3), ["1.611", "11.668"]);
        assert_eq!(printed(count_limits(0, LimitSettings::default()), 4), ["0.0000", "3.6889"]);
    }

    #[test]
    fn the_method_changes_at_ten_events() {
        assert_eq!(count_limits(9, LimitSettings::default()).method, LimitMethod::Exact);
        assert_eq!(count_limits(10, LimitSettings::default()).method, LimitMethod::Byar);
    }

    #[test]
    fn published_limits_of_a_poisson_count() {
        // The table of exact 95 % limits for a count that handbooks of epidemiology print.
        for (events, lower, upper) in [
            (1, "0.025", "5.572"),
            (2, "0.242", "7.225"),
            (3, "0.619", "8.767"),
            (10, "4.795", "18.390"),
            (100, "81.364", "121.627"),
        ] {
            assert_eq!(printed(count_limits(events, by(u64::MAX)), 3), [lower, upper], "{events} events");
        }
    }

    #[test]
    fn byar_is_near_the_exact_limits_from_ten_events_on() {
        for events in (10..400).chain([5_000, 999_999]) {
            let (exact, byar) = (count_limits(events, by(u64::MAX)), count_limits(events, by(0)));
            assert_eq!(exact.method, LimitMethod::Exact);
            assert!((byar.lower / exact.lower - 1.0).abs() < 0.002, "{events}");
            assert!((byar.upper / exact.upper - 1.0).abs() < 0.002, "{events}");
        }
    }

    #[test]
    fn limits_enclose_the_count_at_every_confidence() {
        for parts in [500, 800, 950, 998, 999] {
            let confidence = Confidence::per_thousand(parts).expect("a confidence");
            for events in [0, 1, 2, 9, 10, 11, 1_000_000, u64::MAX] {
                for exact_below in [0, u64::MAX] {
                    let limits = count_limits(events, LimitSettings { confidence, exact_below });
                    assert!(
                        0.0 <= limits.lower && limits.lower <= events as f64 && events as f64 <= limits.upper,
                        "{events} {parts}"
                    );
                }
            }
        }
        assert_eq!(Confidence::per_thousand(1_000), None);
        assert_eq!(Confidence::per_thousand(499), None);
    }
}
