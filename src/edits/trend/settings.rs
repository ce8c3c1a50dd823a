//! How far a figure may lie from the trend. `[edits.trend]` of a pipeline changes each.

use super::measure::TrendMeasure;

/// A distance that must be passed in both ways: in deviations, and in the figure itself, so that a steady history does not make trifles findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// Multiples of the standard deviation (of coders and practitioners: of the standard error), in thousandths.
    pub deviations: u64,
    /// Difference of the figure from the mean, in millionths of its unit: of a code a case, of the whole.
    pub difference: u64,
}

/// The limits of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From where a figure is unusual.
    pub warning: Distance,
    /// From where it is implausible.
    pub critical: Distance,
}

/// The standard deviations of the monthly discharges that an implausible month lies beyond as well: a facility whose months are uneven has had such months.
pub const DEVIATIONS_OF_VOLUME: Distance = Distance { deviations: 3_000, difference: 0 };

/// The limits of discharges, as shares of the monthly mean in thousandths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VolumeLimits {
    /// Below and above which a month is unusual.
    pub warning: (u64, u64),
    /// Below and above which it is implausible.
    pub critical: (u64, u64),
}

/// The monthly means from which it is told that a service has no discharges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// With discharges in all months of the history but one: unusual.
    pub warning_mean: u64,
    /// With discharges in every month of the history: implausible.
    pub critical_mean: u64,
}

/// The settings of the trend edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendSettings {
    /// Months of the twelve before that must be known.
    pub least_months: u64,
    /// Cases (of present on admission: diagnoses) that a month, a coder or a practitioner must have, and that an implausible month must differ by more than.
    pub least_cases: u64,
    /// By the place of the measure in [`TrendMeasure::RATES`].
    pub rates: [Limits; TrendMeasure::RATES.len()],
    /// Of the discharges of a month.
    pub discharges: VolumeLimits,
    /// Of the discharges of a service.
    pub service_discharges: ServiceLimits,
    /// Of coders.
    pub coders: Limits,
    /// Of attending practitioners.
    pub attendings: Limits,
}

/// Limits by deviations in whole numbers and differences in millionths.
const fn limits(deviations: [u64; 2], differences: [u64; 2]) -> Limits {
    Limits {
        warning: Distance { deviations: deviations[0] * 1000, difference: differences[0] },
        critical: Distance { deviations: deviations[1] * 1000, difference: differences[1] },
    }
}

impl Default for TrendSettings {
    /// Two and three standard deviations, the common limits of control charts (Shewhart), widened as a prediction from few months needs them, with floors of
    /// the catalogue's own. Thirty cases, because of sixty facilities with seven measures a dozen figures a year pass three deviations by chance alone: what an
    /// error is worth must be a difference that someone can go and look for.
    ///
    /// 95 and 120 percent of the monthly mean are those of 10 NYCRR 400.18. Half of a month that lies there is at most 60 percent of the mean, twice such a month
    /// at least 190. A service with a mean of ten discharges a month has none in a month once in 22,000 (Poisson, e to the -10), with a mean of five once in 148.
    fn default() -> TrendSettings {
        TrendSettings {
            least_months: 6,
            least_cases: 30,
            rates: [
                limits([2, 3], [500_000, 1_000_000]),
                limits([2, 3], [50_000, 150_000]),
                limits([2, 3], [20_000, 50_000]),
                limits([2, 3], [20_000, 50_000]),
                limits([2, 3], [50_000, 100_000]),
                limits([2, 3], [20_000, 50_000]),
                limits([2, 3], [200_000, 500_000]),
            ],
            discharges: VolumeLimits { warning: (95_000, 120_000), critical: (60_000, 190_000) },
            service_discharges: ServiceLimits { warning_mean: 5, critical_mean: 10 },
            coders: limits([3, 4], [1_000_000, 2_000_000]),
            attendings: limits([3, 4], [1_000_000, 2_000_000]),
        }
    }
}
