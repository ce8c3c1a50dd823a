//! Judges the codes of a partition in place.

use crate::{
    codeset::{
        code_index::CodeIndex,
        other_systems::is_revision,
        readings::{CodeReading, KnownOfColumn, Readings, readings},
        sets::{CodeSets, system_on},
        tabular::Conventions,
    },
    partition::{
        decode::Decoded,
        encounter::{Admitting, CodeRepairs, Diagnosis, Encounter, PackedCode, Procedure},
    },
    record::{
        code::{CodePlace, CodeSystem, CodeVerdict, Judgement},
        date::Day,
        diagnosis_kinds::DiagnosisKinds,
        editor_flags::EditorFlags,
        field::Field,
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

/// Which inputs write their codes with dots; see [`KnownOfColumn::dotted_column`]. Known where a layout gives lost zeros back, for there alone it decides something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DottedInputs {
    /// By input: whether its diagnoses are, and its procedures.
    pub of_input: Vec<[bool; 2]>,
}

impl DottedInputs {
    #[inline]
    fn diagnoses(&self, input: u16) -> bool {
        self.of_input.get(usize::from(input)).is_some_and(|dotted| dotted[0])
    }

    #[inline]
    fn procedures(&self, input: u16) -> bool {
        self.of_input.get(usize::from(input)).is_some_and(|dotted| dotted[1])
    }
}

/// Judges every diagnosis and procedure and the admitting diagnosis, and enters all but that on the code index of the partition's codes.
///
/// The system is the one the export states for the code; where it states none, the one reported on the day of discharge, and without a day ICD-10.
pub fn judge(decoded: &mut Decoded<'_>, code_index: &mut CodeIndex<'_>, judge_on: JudgeOn) {
    judge_with_dots(decoded, code_index, judge_on, &DottedInputs::default());
}

/// [`judge`], told which inputs write their codes with dots.
pub fn judge_with_dots(
    decoded: &mut Decoded<'_>,
    code_index: &mut CodeIndex<'_>,
    judge_on: JudgeOn,
    dotted: &DottedInputs,
) {
    let sets = code_index.sets();
    let days: Vec<(Option<Day>, Option<Day>)> = decoded.heads().iter().map(days_of_codes).collect();
    for (index, (day, judged_on)) in days.into_iter().enumerate() {
        let on = match judge_on {
            JudgeOn::DischargeDate => judged_on,
            JudgeOn::AnyDate => None,
        };
        // Read first, judged after: the look-ups of one record do not depend on each other, and so close together they overlap.
        let diagnoses = decoded.diagnoses_of(index);
        let diagnoses = &mut decoded.diagnoses[diagnoses];
        diagnoses.iter_mut().for_each(|diagnosis| read_diagnosis(diagnosis, sets, (day, on), dotted));
        for diagnosis in diagnoses.iter_mut() {
            if diagnosis.judgement.is_none() {
                (diagnosis.place, diagnosis.judgement) =
                    entered(diagnosis.raw, diagnosis.system, diagnosis.code, code_index, on);
                diagnosis.kinds = kinds(diagnosis);
            }
        }
        let procedures = decoded.procedures_of(index);
        for procedure in &mut decoded.procedures[procedures] {
            read_procedure(procedure, sets, (day, on), dotted);
            if procedure.judgement.is_none() {
                (procedure.place, procedure.judgement) =
                    entered(procedure.raw, procedure.system, procedure.code, code_index, on);
            }
        }
        if !decoded.heads()[index].admitting_diagnosis.is_empty() {
            decoded.set_admitting(index, judge_admitting(decoded, index, sets, (day, on), dotted));
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
    code_index: &mut CodeIndex<'_>,
    on: Option<Day>,
) -> (Option<CodePlace>, Option<Judgement>) {
    let Some(system) = system.filter(|_| !raw.is_empty()) else { return (None, None) };
    let judgement = code_index.sets().judge_packed(system, code, on);
    (Some(code_index.enter(system, code, judgement.id)), Some(judgement))
}

/// Judges the admitting diagnosis under the system of the first diagnosis and with the same repair; without one, under the system of the day.
fn judge_admitting(
    decoded: &Decoded<'_>,
    index: usize,
    sets: &CodeSets,
    (day, on): (Option<Day>, Option<Day>),
    dotted: &DottedInputs,
) -> Admitting {
    let first = decoded.diagnoses[decoded.diagnoses_of(index)].first();
    if first.is_some_and(|first| !first.other_system.is_empty()) {
        return Admitting::default();
    }
    let of_day = || day.map_or(CodeSystem::Icd10Cm, |day| system_on(false, day));
    let system = first.and_then(|first| first.system).unwrap_or_else(of_day);
    let repairs = first.map_or_else(CodeRepairs::default, |first| first.repairs);
    let head = &decoded.heads()[index];
    let known = known(repairs, dotted.diagnoses(head.origin().input), on);
    match readings(sets.table(system), head.admitting_diagnosis.as_bytes(), known) {
        Readings::One(CodeReading { code, dot_misplaced, .. }) => {
            Admitting { code, dot_misplaced, judgement: Some(sets.judge_packed(system, code, on)) }
        }
        Readings::Several(_) => Admitting { judgement: Some(UNDECIDED), ..Admitting::default() },
    }
}

/// The judgement on a text with several readings, of which none was chosen.
const UNDECIDED: Judgement = Judgement {
    id: None,
    verdict: CodeVerdict::SeveralReadings,
    editor: EditorFlags::NONE,
    notes: 0,
    listed_exempt: false,
};

fn known(repairs: CodeRepairs, dotted_column: bool, on: Option<Day>) -> KnownOfColumn {
    KnownOfColumn { zeros_lost: repairs.zeros_lost, x_is_filler: repairs.x_is_filler, dotted_column, on }
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
    if system != CodeSystem::Icd10Cm || judgement.verdict != Valid {
        return told;
    }
    let told = if judgement.listed_exempt { told.with(DiagnosisKinds::LISTED_EXEMPT) } else { told };
    if judgement.notes == 0 {
        return told;
    }
    Conventions::shipped().of(judgement.notes).map_or(told, |over| told.with(over.kinds()))
}

/// Reads a diagnosis as a code of its system; one of a system that does not ship keeps none, and of several readings none is chosen.
#[inline]
fn read_diagnosis(
    diagnosis: &mut Diagnosis<'_>,
    sets: &CodeSets,
    (day, on): (Option<Day>, Option<Day>),
    dotted: &DottedInputs,
) {
    if diagnosis.raw.is_empty() {
        return;
    }
    if !diagnosis.other_system.is_empty() {
        diagnosis.other_verdict =
            judge_other(sets, Field::DiagnosisRevision, diagnosis.other_system, diagnosis.raw, on);
        return;
    }
    let system = diagnosis.system.unwrap_or_else(|| day.map_or(CodeSystem::Icd10Cm, |day| system_on(false, day)));
    diagnosis.system = Some(system);
    let known = known(diagnosis.repairs, dotted.diagnoses(diagnosis.origin.input), on);
    match readings(sets.table(system), diagnosis.raw.as_bytes(), known) {
        Readings::One(reading) => {
            diagnosis.code = reading.code;
            diagnosis.normalised = reading.changed;
            diagnosis.zeros_restored = reading.restored;
            diagnosis.dot_misplaced = reading.dot_misplaced;
        }
        Readings::Several(_) => diagnosis.judgement = Some(UNDECIDED),
    }
}

/// The verdict on a code of a system that is no ICD; none where the text is no revision at all, for nobody knows what the code is of.
#[cold]
fn judge_other(sets: &CodeSets, field: Field, system: &str, raw: &str, on: Option<Day>) -> Option<CodeVerdict> {
    is_revision(field, system).then(|| sets.lists.judge(system, raw, on))
}

/// Reads a procedure as a code of its system, as [`read_diagnosis`] does.
#[inline]
fn read_procedure(
    procedure: &mut Procedure<'_>,
    sets: &CodeSets,
    (day, on): (Option<Day>, Option<Day>),
    dotted: &DottedInputs,
) {
    if procedure.raw.is_empty() {
        return;
    }
    if !procedure.other_system.is_empty() {
        procedure.other_verdict =
            judge_other(sets, Field::ProcedureRevision, procedure.other_system, procedure.raw, on);
        return;
    }
    let system = procedure.system.unwrap_or_else(|| day.map_or(CodeSystem::Icd10Pcs, |day| system_on(true, day)));
    procedure.system = Some(system);
    let known = known(procedure.repairs, dotted.procedures(procedure.origin.input), on);
    match readings(sets.table(system), procedure.raw.as_bytes(), known) {
        Readings::One(reading) => {
            procedure.code = reading.code;
            procedure.normalised = reading.changed;
            procedure.zeros_restored = reading.restored;
            procedure.dot_misplaced = reading.dot_misplaced;
        }
        Readings::Several(_) => procedure.judgement = Some(UNDECIDED),
    }
}
