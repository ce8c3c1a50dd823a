//! The comorbidities of one encounter, from its judged diagnoses.

use super::{
    ahrq::{AhrqRefined, SecondaryDiagnosis},
    charlson::Charlson,
    editions::AhrqEditions,
    elixhauser::Elixhauser,
    prefix::Found,
    quan::QuanTables,
};
use crate::{
    codeset::release::exempt::ExemptCodes,
    partition::encounter::{Diagnosis, Encounter},
    record::{code::CodeSystem, date::Day, vocabulary::PresentOnAdmission},
};

/// All three indices of one encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comorbidities {
    /// Charlson by Quan 2005, all diagnoses of either revision.
    pub charlson: Charlson,
    /// Elixhauser by Quan 2005, all diagnoses of either revision.
    pub elixhauser: Elixhauser,
    /// AHRQ's refined measures over the secondary diagnoses; `None` where no diagnosis is of ICD-10-CM, which the software is for.
    pub refined: Option<AhrqRefined>,
}

/// The comorbidities of an encounter whose diagnoses have been judged.
///
/// A diagnosis counts when its own system knows the code, on whatever day: a prefix says nothing of a code that never was. Present-on-admission marks are taken
/// as available when any diagnosis of the encounter has a readable one. A code that the imported list of the day of discharge exempts is present whatever its
/// mark; where no list of the day was imported, the mark 1 stands for it. `on` is the day that codes are judged on, which tells the version of AHRQ's software.
pub fn comorbidities(
    encounter: &Encounter<'_>,
    quan: &QuanTables,
    refined: &AhrqEditions,
    exempt: &ExemptCodes,
    on: Option<Day>,
) -> Comorbidities {
    let known = || encounter.diagnoses.iter().filter(|diagnosis| is_known(diagnosis));
    let found = known().fold(Found::default(), |found, diagnosis| {
        found | diagnosis.system.map_or(Found::default(), |system| quan.find(system, &diagnosis.code))
    });
    let (charlson, elixhauser) = quan.settle(found);
    let is_icd10 = |diagnosis: &&Diagnosis<'_>| diagnosis.system == Some(CodeSystem::Icd10Cm);
    let marks_available = encounter.diagnoses.iter().any(|diagnosis| diagnosis.present_on_admission.value().is_some());
    let discharged = encounter.discharge_day_or_month();
    // A code marked Y or W is present without asking the list.
    let is_exempt = |diagnosis: &Diagnosis<'_>| match diagnosis.present_on_admission.value() {
        Some(PresentOnAdmission::Exempt) => true,
        Some(PresentOnAdmission::Yes | PresentOnAdmission::Undetermined) => false,
        _ => discharged.is_some_and(|day| exempt.is_exempt(diagnosis.code, day)),
    };
    let refined = refined.of(on);
    // As the software does, a record whose codes are all unreadable has none of the measures, and indices of 0.
    let refined = encounter.diagnoses.iter().any(|diagnosis| is_icd10(&diagnosis)).then(|| {
        let secondary = known().filter(is_icd10).filter(|diagnosis| diagnosis.position != 1);
        refined.evaluate(
            secondary.map(|diagnosis| SecondaryDiagnosis {
                code: diagnosis.code,
                present_on_admission: diagnosis.present_on_admission.value(),
                exempt: is_exempt(diagnosis),
            }),
            marks_available,
        )
    });
    Comorbidities { charlson, elixhauser, refined }
}

fn is_known(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.judgement.is_some_and(|judgement| judgement.id.is_some())
}
