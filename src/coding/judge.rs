//! Judges the codes of a partition in place.

use crate::{
    codeset::{
        normalise::{normalise, restore_zeros},
        sets::{CodeSets, system_on},
    },
    partition::{
        decode::Decoded,
        encounter::{Diagnosis, Procedure},
    },
    record::{code::CodeSystem, date::Day},
};

/// The day codes are judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JudgeOn {
    /// The day of discharge; a record without a readable one is judged on any day.
    DischargeDate,
    /// Any day on which the code was in force: for research data with shifted dates.
    AnyDate,
}

/// Judges every diagnosis and procedure.
///
/// The system is the one the export states for the code; where it states none, the one reported on the day of discharge, and without a day ICD-10.
pub fn judge(decoded: &mut Decoded<'_>, sets: &CodeSets, judge_on: JudgeOn) {
    let days: Vec<Option<Day>> =
        decoded.heads().iter().map(|head| head.discharge_date.value().map(|moment| moment.day)).collect();
    for (index, day) in days.into_iter().enumerate() {
        let on = match judge_on {
            JudgeOn::DischargeDate => day,
            JudgeOn::AnyDate => None,
        };
        // Read first, judged after: the look-ups of one record do not depend on each other, and so close together they overlap.
        let diagnoses = decoded.diagnoses_of(index);
        let diagnoses = &mut decoded.diagnoses[diagnoses];
        diagnoses.iter_mut().for_each(|diagnosis| read_diagnosis(diagnosis, sets, day, on));
        for diagnosis in diagnoses {
            diagnosis.judgement = diagnosis
                .system
                .filter(|_| !diagnosis.raw.is_empty())
                .map(|system| sets.judge_packed(system, diagnosis.code, on));
        }
        let procedures = decoded.procedures_of(index);
        for procedure in &mut decoded.procedures[procedures] {
            judge_procedure(procedure, sets, day, on);
        }
    }
}

/// Reads a diagnosis as a code of its system; one of a system that does not ship keeps none.
fn read_diagnosis(diagnosis: &mut Diagnosis<'_>, sets: &CodeSets, day: Option<Day>, on: Option<Day>) {
    if diagnosis.raw.is_empty() {
        return;
    }
    let found = normalise(diagnosis.raw.as_bytes());
    diagnosis.code = found.code;
    diagnosis.normalised = found.changed;
    if !diagnosis.other_system.is_empty() {
        return;
    }
    let system = diagnosis.system.unwrap_or_else(|| day.map_or(CodeSystem::Icd10Cm, |day| system_on(false, day)));
    diagnosis.system = Some(system);
    if diagnosis.restore_zeros && system == CodeSystem::Icd9Cm {
        let restored = restore_zeros(sets.table(system), found.code, on);
        diagnosis.code = restored.code;
        diagnosis.zeros_restored = restored.restored;
        diagnosis.zeros_ambiguous = restored.ambiguous;
    }
}

fn judge_procedure(procedure: &mut Procedure<'_>, sets: &CodeSets, day: Option<Day>, on: Option<Day>) {
    if procedure.raw.is_empty() {
        return;
    }
    let found = normalise(procedure.raw.as_bytes());
    procedure.code = found.code;
    procedure.normalised = found.changed;
    if !procedure.other_system.is_empty() {
        return;
    }
    let system = procedure.system.unwrap_or_else(|| day.map_or(CodeSystem::Icd10Pcs, |day| system_on(true, day)));
    procedure.system = Some(system);
    if procedure.restore_zeros && system == CodeSystem::Icd9Procedure {
        // Where two readings are valid the code stands as written: it is found invalid, and a coder decides.
        let restored = restore_zeros(sets.table(system), found.code, on);
        if restored.restored && !restored.ambiguous {
            procedure.code = restored.code;
            procedure.zeros_restored = true;
        }
    }
    procedure.judgement = Some(sets.judge_packed(system, procedure.code, on));
}
