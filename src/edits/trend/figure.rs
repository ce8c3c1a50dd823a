//! One figure with its trend and its verdict.

use super::measure::TrendMeasure;
use crate::record::{month::Month, subject::Subject};

/// Where a figure lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrendVerdict {
    /// It is not judged; see [`Figure::why`].
    NotApplicable,
    /// Within the limits.
    Within,
    /// Beyond the warning limits.
    Warning,
    /// Beyond the critical limits.
    Critical,
}

impl TrendVerdict {
    /// The words in outputs.
    pub fn name(self) -> &'static str {
        match self {
            TrendVerdict::NotApplicable => "not applicable",
            TrendVerdict::Within => "within the limits",
            TrendVerdict::Warning => "beyond the warning limits",
            TrendVerdict::Critical => "beyond the critical limits",
        }
    }
}

/// A lower and an upper limit in millionths.
pub type Bounds = (i128, i128);

/// What a figure is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureTrend {
    /// Months of the history that it is made of; 0 where it is the others of the same run.
    pub months: u64,
    /// The mean, in millionths.
    pub mean: i128,
    /// Warning limits; none where zero alone is at fault.
    pub warning: Option<Bounds>,
    /// Critical limits.
    pub critical: Option<Bounds>,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The facility; empty where the export states none.
    pub facility: String,
    /// The month; `None` where it is of the whole run.
    pub month: Option<Month>,
    /// What is measured.
    pub measure: TrendMeasure,
    /// The service, coder or practitioner.
    pub of: String,
    /// Above the line.
    pub numerator: u64,
    /// Below the line; 1 for discharges.
    pub denominator: u64,
    /// What it is held to, where it is judged.
    pub trend: Option<FigureTrend>,
    /// Where it lies.
    pub verdict: TrendVerdict,
    /// Why it is not judged.
    pub why: String,
}

impl Figure {
    /// The quotient in millionths; `None` without a denominator.
    pub fn value(&self) -> Option<i128> {
        (self.denominator > 0).then(|| super::limits::rate(self.numerator, self.denominator))
    }

    /// The quotient as it is shown; empty without a denominator.
    pub fn shown(&self) -> String {
        match self.measure {
            TrendMeasure::Discharges | TrendMeasure::ServiceDischarges => self.numerator.to_string(),
            _ => self.value().map_or(String::new(), |value| self.measure.unit().shown(value)),
        }
    }

    /// What a finding on it speaks of: a facility's month, or that of a service; of the whole run a coder or practitioner.
    pub fn subject(&self) -> Subject {
        let (facility_id, of) = (self.facility.as_str().into(), self.of.clone());
        match self.month {
            Some(month) => Subject::FacilityMonth { facility_id, month, service: of },
            None => Subject::Practitioner { facility_id, practitioner: of },
        }
    }

    /// The figure with its trend in words and figures, as a finding shows it.
    pub fn words(&self) -> String {
        let unit = self.measure.unit();
        let of = match self.measure {
            TrendMeasure::Discharges | TrendMeasure::ServiceDischarges => String::new(),
            _ => format!(" ({} / {})", self.numerator, self.denominator),
        };
        let mut words = format!("{}: {}{of}", self.subject().record(), self.shown());
        let Some(trend) = &self.trend else { return words };
        let mean = unit.shown(trend.mean);
        match trend.months {
            0 => words.push_str(&format!(", all others {mean}")),
            months => words.push_str(&format!(", mean of {months} months {mean}")),
        }
        for (name, bounds) in [("warning", trend.warning), ("critical", trend.critical)] {
            if let Some((low, high)) = bounds {
                words.push_str(&format!(", {name} limits {} to {}", unit.shown(low), unit.shown(high)));
            }
        }
        words
    }
}
