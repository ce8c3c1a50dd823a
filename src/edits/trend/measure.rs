//! What is measured of a facility's month.

use crate::record::field::Field;

/// A measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrendMeasure {
    /// Diagnoses, of the coded discharges: those with a diagnosis. What is not coded yet is no case, so that a month can be judged while it is coded.
    DiagnosesPerCase,
    /// External-cause codes, of the coded discharges.
    ExternalCausesPerCase,
    /// Discharges whose race is blank or said to be unknown, of the discharges.
    RaceUnknown,
    /// Discharges whose payer is blank or said to be unknown, of the discharges.
    PayerUnknown,
    /// Discharges with status 01, to home or self care, of the discharges.
    StatusHome,
    /// Present-on-admission marks U, documentation insufficient, of the diagnoses that need a mark.
    PresentOnAdmissionUnknown,
    /// Procedures, of the coded discharges.
    ProceduresPerCase,
    /// Discharges of the month.
    Discharges,
    /// Discharges of one service.
    ServiceDischarges,
    /// Diagnoses of one coder's coded discharges in the run, against those of all others at the facility.
    CoderDiagnosesPerCase,
    /// Diagnoses of one attending practitioner's coded discharges in the run, against those of all others at the facility.
    AttendingDiagnosesPerCase,
}

/// The unit in which a measure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Codes a case, with three decimals.
    PerCase,
    /// Percent, with two decimals.
    Percent,
    /// Discharges, with one decimal where it is a mean.
    Discharges,
}

impl TrendMeasure {
    /// Every measure, in the order of reports.
    pub const ALL: [TrendMeasure; 11] = [
        TrendMeasure::DiagnosesPerCase,
        TrendMeasure::ExternalCausesPerCase,
        TrendMeasure::RaceUnknown,
        TrendMeasure::PayerUnknown,
        TrendMeasure::StatusHome,
        TrendMeasure::PresentOnAdmissionUnknown,
        TrendMeasure::ProceduresPerCase,
        TrendMeasure::Discharges,
        TrendMeasure::ServiceDischarges,
        TrendMeasure::CoderDiagnosesPerCase,
        TrendMeasure::AttendingDiagnosesPerCase,
    ];

    /// Those that are a quotient of every month, held against the mean of the monthly quotients; their place here is the place of their counts.
    pub const RATES: [TrendMeasure; 7] = [
        TrendMeasure::DiagnosesPerCase,
        TrendMeasure::ExternalCausesPerCase,
        TrendMeasure::RaceUnknown,
        TrendMeasure::PayerUnknown,
        TrendMeasure::StatusHome,
        TrendMeasure::PresentOnAdmissionUnknown,
        TrendMeasure::ProceduresPerCase,
    ];

    /// The word in files and settings.
    pub fn name(self) -> &'static str {
        match self {
            TrendMeasure::DiagnosesPerCase => "diagnoses_per_case",
            TrendMeasure::ExternalCausesPerCase => "external_causes_per_case",
            TrendMeasure::RaceUnknown => "race_unknown",
            TrendMeasure::PayerUnknown => "payer_unknown",
            TrendMeasure::StatusHome => "status_home",
            TrendMeasure::PresentOnAdmissionUnknown => "present_on_admission_unknown",
            TrendMeasure::ProceduresPerCase => "procedures_per_case",
            TrendMeasure::Discharges => "discharges",
            TrendMeasure::ServiceDischarges => "service_discharges",
            TrendMeasure::CoderDiagnosesPerCase => "coder_diagnoses_per_case",
            TrendMeasure::AttendingDiagnosesPerCase => "attending_diagnoses_per_case",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            TrendMeasure::DiagnosesPerCase => "Diagnoses per case",
            TrendMeasure::ExternalCausesPerCase => "External-cause codes per case",
            TrendMeasure::RaceUnknown => "Race unknown, %",
            TrendMeasure::PayerUnknown => "Payer unknown, %",
            TrendMeasure::StatusHome => "Discharged home (01), %",
            TrendMeasure::PresentOnAdmissionUnknown => "Present on admission U, %",
            TrendMeasure::ProceduresPerCase => "Procedures per case",
            TrendMeasure::Discharges => "Discharges",
            TrendMeasure::ServiceDischarges => "Discharges of the service",
            TrendMeasure::CoderDiagnosesPerCase => "Diagnoses per case of the coder",
            TrendMeasure::AttendingDiagnosesPerCase => "Diagnoses per case of the attending",
        }
    }

    /// The measure of a word.
    pub fn from_name(name: &str) -> Option<TrendMeasure> {
        TrendMeasure::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// The unit it is shown in.
    pub fn unit(self) -> Unit {
        match self {
            TrendMeasure::RaceUnknown
            | TrendMeasure::PayerUnknown
            | TrendMeasure::StatusHome
            | TrendMeasure::PresentOnAdmissionUnknown => Unit::Percent,
            TrendMeasure::Discharges | TrendMeasure::ServiceDischarges => Unit::Discharges,
            _ => Unit::PerCase,
        }
    }

    /// Whether it is of one person over the run, not of a month.
    pub fn is_of_practitioner(self) -> bool {
        matches!(self, TrendMeasure::CoderDiagnosesPerCase | TrendMeasure::AttendingDiagnosesPerCase)
    }

    /// The field without which an export does not have it; `None`: every export has it.
    pub fn field(self) -> Option<Field> {
        match self {
            TrendMeasure::DiagnosesPerCase | TrendMeasure::ExternalCausesPerCase => Some(Field::DiagnosisCode),
            TrendMeasure::RaceUnknown => Some(Field::Race),
            TrendMeasure::PayerUnknown => Some(Field::Payer),
            TrendMeasure::StatusHome => Some(Field::DischargeStatus),
            TrendMeasure::PresentOnAdmissionUnknown => Some(Field::PresentOnAdmission),
            TrendMeasure::ProceduresPerCase => Some(Field::ProcedureCode),
            TrendMeasure::ServiceDischarges => Some(Field::Service),
            TrendMeasure::CoderDiagnosesPerCase => Some(Field::Coder),
            TrendMeasure::AttendingDiagnosesPerCase => Some(Field::AttendingNpi),
            TrendMeasure::Discharges => None,
        }
    }
}

impl Unit {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            Unit::PerCase => "per case",
            Unit::Percent => "percent",
            Unit::Discharges => "discharges",
        }
    }

    /// Decimals shown.
    pub fn decimals(self) -> u32 {
        match self {
            Unit::PerCase => 3,
            Unit::Percent => 2,
            Unit::Discharges => 1,
        }
    }

    /// A figure in millionths as it is shown, rounded half up and without a sign for the unit.
    pub fn shown(self, millionths: i128) -> String {
        let scale = 10i128.pow(6 - self.decimals()) / if self == Unit::Percent { 100 } else { 1 };
        let rounded = (2 * millionths.max(0) + scale) / (2 * scale);
        let one = 10i128.pow(self.decimals());
        format!("{}.{:0width$}", rounded / one, rounded % one, width = self.decimals() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_found_by_its_word_and_rates_stand_at_their_place() {
        for measure in TrendMeasure::ALL {
            assert_eq!(TrendMeasure::from_name(measure.name()), Some(measure));
        }
        assert_eq!(TrendMeasure::RATES[..], TrendMeasure::ALL[..7]);
    }

    #[test]
    fn figures_are_rounded_half_up_in_their_unit() {
        assert_eq!(Unit::PerCase.shown(6_123_500), "6.124");
        assert_eq!(Unit::PerCase.shown(6_123_499), "6.123");
        assert_eq!(Unit::Percent.shown(123_450), "12.35");
        assert_eq!(Unit::Percent.shown(1_000_000), "100.00");
        assert_eq!(Unit::Discharges.shown(200_050_000), "200.1");
        assert_eq!(Unit::Percent.shown(-5), "0.00");
    }
}
