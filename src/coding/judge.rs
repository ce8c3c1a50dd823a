//! Judges the codes of a partition in place.

use crate::{
    codeset::{
        normalise::{normalise, restore_zeros},
        roll::CodeRoll,
        sets::{CodeSets, system_on},
        tabular::Conventions,
    },
    partition::{
        decode::Decoded,
        encounter::{Admitting, Diagnosis, Encounter, PackedCode, Procedure},
    },
    record::{
        code::{CodeSystem, CodeVerdict, Judgement, RollPlace},
        date::Day,
        diagnosis_kinds::DiagnosisKinds,
        partial_date::PartialDate,
    },
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

/// Judges every diagnosis and procedure and the admitting diagnosis, and enters all but that on the roll of the partition's codes.
///
/// The system is the one the export states for the code; where it states none, the one reported on the day of discharge, and without a day ICD-10.
pub fn judge(decoded: &mut Decoded<'_>, roll: &mut CodeRoll<'_>, judge_on: JudgeOn) {
    let sets = roll.sets();
    let days: Vec<(Option<Day>, Option<Day>)> = decoded.heads().iter().map(days_of_codes).collect();
    for (index, (day, judged_on)) in days.into_iter().enumerate() {
        let on = match judge_on {
            JudgeOn::DischargeDate => judged_on,
            JudgeOn::AnyDate => None,
        };
        // Read first, judged after: the look-ups of one record do not depend on each other, and so close together they overlap.
        let diagnoses = decoded.diagnoses_of(index);
        let diagnoses = &mut decoded.diagnoses[diagnoses];
        diagnoses.iter_mut().for_each(|diagnosis| read_diagnosis(diagnosis, sets, day, on));
        for diagnosis in diagnoses.iter_mut() {
            (diagnosis.place, diagnosis.judgement) = entered(diagnosis.raw, diagnosis.system, diagnosis.code, roll, on);
            diagnosis.kinds = kinds(diagnosis);
        }
        let procedures = decoded.procedures_of(index);
        for procedure in &mut decoded.procedures[procedures] {
            read_procedure(procedure, sets, day, on);
            (procedure.place, procedure.judgement) = entered(procedure.raw, procedure.system, procedure.code, roll, on);
        }
        if !decoded.heads()[index].admitting_diagnosis.is_empty() {
            decoded.set_admitting(index, judge_admitting(decoded, index, sets, (day, on)));
        }
    }
}

/// The day by which the system of codes is told, and the day on which they are judged. Lists of codes change on the first of a month, so the month of a
/// discharge is as good as its day; a year alone tells the system where all of it was of one, and its codes are judged on any day.
fn days_of_codes(encounter: &Encounter<'_>) -> (Option<Day>, Option<Day>) {
    if let Some(day) = encounter.discharge_day_or_month() {
        return (Some(day), Some(day));
    }
    let year =
        encounter.partial.discharge.filter(|year| system_on(false, year.first()) == system_on(false, year.last()));
    (year.map(PartialDate::first), None)
}

/// Enters a code of a system that ships and judges it. What cannot be a code at all keeps no place.
#[inline]
fn entered(
    raw: &str,
    system: Option<CodeSystem>,
    code: PackedCode,
    roll: &mut CodeRoll<'_>,
    on: Option<Day>,
) -> (Option<RollPlace>, Option<Judgement>) {
    let Some(system) = system.filter(|_| !raw.is_empty()) else { return (None, None) };
    let judgement = roll.sets().judge_packed(system, code, on);
    (Some(roll.enter(system, code, judgement.id)), Some(judgement))
}

/// Judges the admitting diagnosis under the system of the first diagnosis and with the same repair; without one, under the system of the day.
fn judge_admitting(
    decoded: &Decoded<'_>,
    index: usize,
    sets: &CodeSets,
    (day, on): (Option<Day>, Option<Day>),
) -> Admitting {
    let first = decoded.diagnoses[decoded.diagnoses_of(index)].first();
    if first.is_some_and(|first| !first.other_system.is_empty()) {
        return Admitting::default();
    }
    let of_day = || day.map_or(CodeSystem::Icd10Cm, |day| system_on(false, day));
    let system = first.and_then(|first| first.system).unwrap_or_else(of_day);
    let mut code = normalise(decoded.heads()[index].admitting_diagnosis.as_bytes()).code;
    if system == CodeSystem::Icd9Cm && first.is_some_and(|first| first.restore_zeros) {
        code = restore_zeros(sets.table(system), code, on).code;
    }
    Admitting { code, judgement: Some(sets.judge_packed(system, code, on)) }
}

/// What a judged diagnosis speaks of. What a code that is none would mean is not asked: the rule on the code itself has found it.
#[inline]
fn kinds(diagnosis: &Diagnosis<'_>) -> DiagnosisKinds {
    let (Some(system), Some(judgement)) = (diagnosis.system, diagnosis.judgement) else {
        return DiagnosisKinds::default();
    };
    use CodeVerdict::{Expired, Header, NotYetValid, Valid};
    if !matches!(judgement.verdict, Valid | Header | NotYetValid | Expired) {
        return DiagnosisKinds::default();
    }
    let [first, second, third, ..] = diagnosis.code.0;
    let told = DiagnosisKinds::of(system, [first, second, third]);
    if judgement.notes == 0 || system != CodeSystem::Icd10Cm || judgement.verdict != Valid {
        return told;
    }
    Conventions::shipped().of(judgement.notes).map_or(told, |over| told.with(over.kinds()))
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

/// Reads a procedure as a code of its system.
fn read_procedure(procedure: &mut Procedure<'_>, sets: &CodeSets, day: Option<Day>, on: Option<Day>) {
    if procedure.raw.is_empty() {
        return;
    }
    let found = normalise(procedure.raw.as_bytes());
    procedure.code = found.code;
    procedure.normalised = found.changed;
    if procedure.other_system.is_empty() {
        let on_day = || day.map_or(CodeSystem::Icd10Pcs, |day| system_on(true, day));
        procedure.system = Some(procedure.system.unwrap_or_else(on_day));
    }
    if procedure.restore_zeros && procedure.system == Some(CodeSystem::Icd9Procedure) {
        // Where two readings are valid the code stands as written: it is found invalid, and a coder decides.
        let restored = restore_zeros(sets.table(CodeSystem::Icd9Procedure), found.code, on);
        if restored.restored && !restored.ambiguous {
            procedure.code = restored.code;
            procedure.zeros_restored = true;
        }
    }
}
