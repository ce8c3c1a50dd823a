//! Judges the codes of a partition in place.

use crate::{
    codeset::{
        normalise::{normalise, restore_zeros},
        sets::{CodeSets, system_on},
    },
    partition::{
        decode::Decoded,
        encounter::{Diagnosis, PackedCode, Procedure},
    },
    record::{
        code::{CodeId, CodeSystem, CodeVerdict, Judgement},
        date::Day,
        editor_flags::EditorFlags,
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

/// Judges every diagnosis and procedure.
///
/// The system is the one the export states for the code; where it states none, the one reported on the day of discharge, and without a day ICD-10.
pub fn judge(decoded: &mut Decoded<'_>, sets: &CodeSets, judge_on: JudgeOn) {
    let mut lately = Lately::new();
    let days: Vec<Option<Day>> =
        decoded.heads().iter().map(|head| head.discharge_date.value().map(|moment| moment.day)).collect();
    for (index, day) in days.into_iter().enumerate() {
        let on = match judge_on {
            JudgeOn::DischargeDate => day,
            JudgeOn::AnyDate => None,
        };
        let diagnoses = decoded.diagnoses_of(index);
        for diagnosis in &mut decoded.diagnoses[diagnoses] {
            judge_diagnosis(diagnosis, sets, day, on, &mut lately);
        }
        let procedures = decoded.procedures_of(index);
        for procedure in &mut decoded.procedures[procedures] {
            judge_procedure(procedure, sets, day, on, &mut lately);
        }
    }
}

fn judge_diagnosis(
    diagnosis: &mut Diagnosis<'_>,
    sets: &CodeSets,
    day: Option<Day>,
    on: Option<Day>,
    lately: &mut Lately,
) {
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
    diagnosis.judgement = Some(lately.judge(sets, system, diagnosis.code, on));
}

fn judge_procedure(
    procedure: &mut Procedure<'_>,
    sets: &CodeSets,
    day: Option<Day>,
    on: Option<Day>,
    lately: &mut Lately,
) {
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
    procedure.judgement = Some(lately.judge(sets, system, procedure.code, on));
}

/// Codes met lately, by their place in a small table: a hospital's records come back to a few thousand codes, and these stay in the processor's cache where
/// the whole table does not.
struct Lately {
    places: Vec<Met>,
}

/// A valid code with the one period it has been in force.
#[derive(Clone, Copy)]
struct Met {
    code: PackedCode,
    system: CodeSystem,
    id: CodeId,
    first: Day,
    last: Day,
    editor: EditorFlags,
}

/// A power of two, so that a place is a mask.
const PLACES: usize = 8192;

impl Lately {
    fn new() -> Lately {
        let nobody = Met {
            code: PackedCode::default(),
            system: CodeSystem::Icd10Cm,
            id: CodeId(0),
            first: Day(1),
            last: Day(0),
            editor: EditorFlags::NONE,
        };
        Lately { places: vec![nobody; PLACES] }
    }

    #[inline]
    fn judge(&mut self, sets: &CodeSets, system: CodeSystem, code: PackedCode, on: Option<Day>) -> Judgement {
        let place = (code.number().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize & (PLACES - 1);
        let met = &mut self.places[place];
        if met.code == code
            && met.system == system
            && on.is_none_or(|on| met.first <= on && on <= met.last)
            && !code.is_empty()
        {
            let editor = if on.is_some() { met.editor } else { EditorFlags::NONE };
            return Judgement { id: Some(met.id), verdict: CodeVerdict::Valid, editor };
        }
        let judgement = sets.judge(system, code.text().as_bytes(), on);
        if let (Some(id), CodeVerdict::Valid) = (judgement.id, judgement.verdict)
            && let table = sets.table(system)
            && let [period] = table.periods(id)
        {
            let editor = table.editor_bits(period);
            *met = Met { code, system, id, first: period.first, last: period.last, editor };
        }
        judgement
    }
}
