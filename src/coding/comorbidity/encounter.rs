//! The comorbidities of one encounter, from its judged diagnoses.

use super::{
    ahrq::{AhrqRefined, SecondaryDiagnosis},
    charlson::Charlson,
    editions::AhrqEditions,
    elixhauser::Elixhauser,
    prefix::PrefixMatch,
    quan::QuanTables,
};
use crate::{
    codeset::release::{edition::fiscal_year, exempt::ExemptCodes},
    partition::encounter::{Diagnosis, Encounter},
    record::{
        code::{CodeSystem, CodeVerdict, Judgement},
        date::Day,
        vocabulary::PresentOnAdmission,
    },
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
    /// What of AHRQ's measures leans on the exempt list of another fiscal year.
    pub leaning: Option<SubstituteList>,
}

/// AHRQ's measures of a discharge of whose fiscal year no list of exempt codes is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubstituteList {
    /// Fiscal year of discharge.
    pub fiscal_year: i32,
    /// Fiscal year of the list that stood in.
    pub list_of: i32,
    /// Measures that the encounter has by that list alone.
    pub measures: u64,
}

/// The comorbidities of an encounter whose diagnoses have been judged.
///
/// A diagnosis counts when its own system knows the code, on whatever day: a prefix says nothing of a code that never was, nor of a text with several
/// readings. Present-on-admission marks are taken
/// as available when any diagnosis of the encounter has a readable one. A code that the list of the fiscal year of discharge exempts is present whatever its mark;
/// where that list is not at hand the nearest stands in for it, which is said of each measure that turns on it. `on` is the day that codes are judged on, which
/// tells the version of AHRQ's software.
pub fn comorbidities(
    encounter: &Encounter<'_>,
    quan: &QuanTables,
    refined: &AhrqEditions,
    exempt: &ExemptCodes,
    on: Option<Day>,
) -> Comorbidities {
    let known = || encounter.diagnoses.iter().filter(|diagnosis| is_known(diagnosis));
    let found = known().fold(PrefixMatch::default(), |found, diagnosis| {
        found | diagnosis.system.map_or(PrefixMatch::default(), |system| quan.find(system, &diagnosis.code))
    });
    let (charlson, elixhauser) = quan.settle(found);
    let is_icd10 = |diagnosis: &&Diagnosis<'_>| diagnosis.system == Some(CodeSystem::Icd10Cm);
    let marks_available = encounter.diagnoses.iter().any(|diagnosis| diagnosis.present_on_admission.value().is_some());
    let discharged = encounter.discharge_day_or_month();
    let list = std::cell::LazyCell::new(|| discharged.map(|day| exempt.nearest(day)));
    let table = refined.of(on);
    // A code marked Y or W is present without asking the list, and most codes have no measure.
    let is_exempt = |diagnosis: &Diagnosis<'_>| match diagnosis.present_on_admission.value() {
        Some(PresentOnAdmission::Yes | PresentOnAdmission::Undetermined) => false,
        _ => table.measures_of(&diagnosis.code) != 0 && list.is_some_and(|list| list.has(diagnosis.code)),
    };
    let counted_by_list = std::cell::Cell::new(false);
    let measures = |by_list: bool| {
        let secondary = known().filter(is_icd10).filter(|diagnosis| diagnosis.position != 1);
        table.evaluate(
            secondary.map(|diagnosis| SecondaryDiagnosis {
                code: diagnosis.code,
                present_on_admission: diagnosis.present_on_admission.value(),
                exempt: by_list && is_exempt(diagnosis) && {
                    counted_by_list.set(true);
                    true
                },
            }),
            marks_available,
        )
    };
    // As the software does, a record whose codes are all unreadable has none of the measures, and indices of 0.
    let refined = encounter.diagnoses.iter().any(|diagnosis| is_icd10(&diagnosis)).then(|| measures(true));
    let stood_in = |day: &Day| marks_available && !exempt.knows(*day);
    let leaning = discharged.filter(stood_in).and_then(|day| Some(((day, (*list)?), refined?)));
    let leaning = leaning.map(|((day, list), refined)| SubstituteList {
        fiscal_year: fiscal_year(day),
        list_of: list.fiscal_year,
        measures: if counted_by_list.get() { refined.conditions & !measures(false).conditions } else { 0 },
    });
    Comorbidities { charlson, elixhauser, refined, leaning }
}

fn is_known(diagnosis: &Diagnosis<'_>) -> bool {
    let valid_of_who =
        |judgement: Judgement| diagnosis.system == Some(CodeSystem::Icd10) && judgement.verdict == CodeVerdict::Valid;
    diagnosis.judgement.is_some_and(|judgement| judgement.id.is_some() || valid_of_who(judgement))
}
