//! The comorbidities of one encounter, from its judged diagnoses.

use super::{
    ahrq::{AhrqRefined, AhrqTable, SecondaryDiagnosis},
    charlson::Charlson,
    elixhauser::Elixhauser,
    prefix::Found,
    quan::QuanTables,
};
use crate::{
    partition::encounter::{Diagnosis, Encounter},
    record::{code::CodeSystem, vocabulary::PresentOnAdmission},
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
/// as available when any diagnosis of the encounter has a readable one; the mark 1 stands for the list of exempt codes.
pub fn comorbidities(encounter: &Encounter<'_>, quan: &QuanTables, refined: &AhrqTable) -> Comorbidities {
    let known = || encounter.diagnoses.iter().filter(|diagnosis| is_known(diagnosis));
    let found = known().fold(Found::default(), |found, diagnosis| {
        found | diagnosis.system.map_or(Found::default(), |system| quan.find(system, &diagnosis.code))
    });
    let (charlson, elixhauser) = quan.settle(found);
    let is_icd10 = |diagnosis: &&Diagnosis<'_>| diagnosis.system == Some(CodeSystem::Icd10Cm);
    let marks_available = encounter.diagnoses.iter().any(|diagnosis| diagnosis.present_on_admission.value().is_some());
    let refined = known().any(|diagnosis| is_icd10(&diagnosis)).then(|| {
        let secondary = known().filter(is_icd10).filter(|diagnosis| diagnosis.position != 1);
        refined.evaluate(
            secondary.map(|diagnosis| SecondaryDiagnosis {
                code: diagnosis.code,
                present_on_admission: diagnosis.present_on_admission.value(),
                exempt: diagnosis.present_on_admission.value() == Some(PresentOnAdmission::Exempt),
            }),
            marks_available,
        )
    });
    Comorbidities { charlson, elixhauser, refined }
}

fn is_known(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.judgement.is_some_and(|judgement| judgement.id.is_some())
}
