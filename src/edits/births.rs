//! Births as records tell of them: the infant's own record, and the outcome of delivery on the mother's.

use crate::{
    edits::facts,
    partition::encounter::{Encounter, PackedCode, Procedure},
    record::{code::CodeSystem, date::Day},
};

/// The day of birth where the record is that of an infant born in the facility: a newborn that was not born outside, or, where no type of admission is
/// stated, an infant with a principal diagnosis of liveborn infant.
pub fn born_here(encounter: &Encounter<'_>) -> Option<Day> {
    let by_code = || {
        encounter.admission_type.value().is_none()
            && encounter.principal_diagnosis().is_some_and(facts::is_liveborn)
            && encounter.point_of_origin.value().is_none_or(|origin| origin.0 != b'6')
    };
    if !encounter.is_newborn() && !by_code() {
        return None;
    }
    encounter.birth_date.value().or_else(|| facts::admitted(encounter))
}

/// The first and last day on which the mother can have delivered, with the infants born alive at the least; `None` where the record has no outcome of
/// delivery, or no days.
///
/// A delivery procedure with a date tells the day; else it is some day of the stay.
pub fn delivery(encounter: &Encounter<'_>) -> Option<((Day, Day), u32)> {
    if !OUTCOMES.iter().any(|code| encounter.tens.has(*code)) {
        return None;
    }
    let outcome = encounter.diagnoses.iter().find(|diagnosis| facts::is_outcome_of_delivery(diagnosis))?;
    let liveborn = liveborn_at_least(outcome.system?, outcome.code.text())?;
    let (admitted, discharged) = (facts::admitted(encounter)?, facts::discharged(encounter)?);
    let dated = encounter.procedures.iter().filter(|procedure| is_delivery(procedure));
    let days = dated.filter_map(|procedure| procedure.date.value()).map(|moment| moment.day);
    let known = days.filter(|day| admitted <= *day && *day <= discharged).min();
    let days = known.map_or((admitted, discharged), |day| (day, day));
    (days.0 <= days.1).then_some((days, liveborn))
}

/// Categories of the outcome of delivery, ICD-10-CM and ICD-9-CM: few records have a code of their tens.
const OUTCOMES: [PackedCode; 2] = [PackedCode(*b"Z37\0\0\0\0\0"), PackedCode(*b"V27\0\0\0\0\0")];

/// Infants born alive at the least by an outcome of delivery; `None` where it says nothing of them (Z37.9, V27.9).
///
/// Where the code names no number, "all liveborn" of more than twins are three at the least, and "some liveborn" one.
pub fn liveborn_at_least(system: CodeSystem, code: &str) -> Option<u32> {
    let rest = match system {
        CodeSystem::Icd10Cm => code.strip_prefix("Z37")?,
        CodeSystem::Icd9Cm => code.strip_prefix("V27")?,
        _ => return None,
    };
    match rest.as_bytes() {
        [b'0'] | [b'3'] => Some(1),
        [b'1'] | [b'4'] | [b'7'] => Some(0),
        [b'2'] => Some(2),
        // Triplets to sextuplets: Z37.51 to Z37.54.
        [b'5', number @ b'1'..=b'4'] => Some(u32::from(number - b'0') + 2),
        [b'5', ..] => Some(3),
        [b'6', ..] => Some(1),
        _ => None,
    }
}

/// Whether a procedure is the delivery itself: 10D0 and 10E0 of ICD-10-PCS; forceps, vacuum, breech and caesarean of ICD-9-CM.
fn is_delivery(procedure: &Procedure<'_>) -> bool {
    let code = procedure.code.text();
    match procedure.system {
        Some(CodeSystem::Icd10Pcs) => code.starts_with("10D0") || code.starts_with("10E0"),
        Some(CodeSystem::Icd9Procedure) => {
            matches!(code, "7359" | "740" | "741" | "742" | "744" | "7499") || code.starts_with("72")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ICD-10-CM, Z37: outcome of delivery; ICD-9-CM, V27.
    #[test]
    fn outcomes_of_delivery_say_how_many_were_born_alive() {
        let outcomes = [
            ("Z370", Some(1)),
            ("Z371", Some(0)),
            ("Z372", Some(2)),
            ("Z373", Some(1)),
            ("Z374", Some(0)),
            ("Z3750", Some(3)),
            ("Z3751", Some(3)),
            ("Z3754", Some(6)),
            ("Z3759", Some(3)),
            ("Z3761", Some(1)),
            ("Z3769", Some(1)),
            ("Z377", Some(0)),
            ("Z379", None),
        ];
        for (code, expected) in outcomes {
            assert_eq!(liveborn_at_least(CodeSystem::Icd10Cm, code), expected, "{code}");
        }
        for (code, expected) in
            [("V270", Some(1)), ("V272", Some(2)), ("V275", Some(3)), ("V277", Some(0)), ("V279", None)]
        {
            assert_eq!(liveborn_at_least(CodeSystem::Icd9Cm, code), expected, "{code}");
        }
    }
}
