//! An encounter as the editor's claim: what the rules of family `MCE` ask of it.
//!
//! The editor is for acute inpatient care: encounters of another class, or without a readable discharge date, are not asked, nor are codes that are not in
//! force on the day (edit 1 is the rules on the code itself). A code was given its flags when it was judged, so most questions end at a bit.
//!
//! The last two digits of a rule's code are the number of the edit; the first tells several rules of one edit apart; 00 is the class of an invalid discharge
//! date, which is no edit. Edits that other rules ask already have no rule of their own, so that nothing is found twice: 1 is COD101 to COD106 and COD201 to
//! COD206, and of the admitting diagnosis FLD063 and COD302 to COD306; 2 is LOG123, 3 is LOG124, 14 is FLD041 and LOG104, 15 of a missing or unreadable sex
//! is FLD007 and FLD031, 16 is FLD033 and FLD034. Of edit 4 the codes of liveborn infants are LOG116 and those of chapter 15 are LOG117 and LOG126; of edit 5
//! those of chapter 15 on a man are LOG118. A missing or unreadable date of discharge is FLD005 and FLD022, a day past all code tables COD110. The alert that
//! another payer may come before Medicare ended in 2001 and is asked of claims alone.
//!
//! `tests/mce_encounters.rs` holds these rules to the verdicts of CMS's own program, and names where they differ on purpose.

use super::{
    claim::Revision,
    days,
    edit::{Edit, EditSet},
    questions::{self, ClaimFacts},
};
use crate::{
    edits::{facts, rule::EditContext},
    partition::encounter::{Diagnosis, Encounter, Procedure},
    record::{
        cell::Cell,
        code::{CodeSystem, CodeVerdict, Judgement},
        date::Day,
        diagnosis_kinds::DiagnosisKinds,
        editor_flags::EditorFlags as Flags,
        field::Field,
        vocabulary::Sex,
    },
};

/// The day of discharge of an encounter that the editor is for: an inpatient's, on a day that the editor has tables of.
#[inline]
pub fn asked_on(encounter: &Encounter<'_>) -> Option<Day> {
    facts::discharged(encounter).filter(|day| days::are_known(*day) && encounter.is_inpatient())
}

/// The flags of a code in force on the day.
#[inline]
pub fn flags(judgement: Option<Judgement>) -> Option<Flags> {
    judgement.filter(|judgement| judgement.verdict == CodeVerdict::Valid).map(|judgement| judgement.editor)
}

/// Whether a diagnosis is asked.
#[inline]
pub fn asks_diagnosis(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    flags(diagnosis.judgement).is_some() && asked_on(encounter).is_some()
}

/// How many diagnoses are asked of a record of which none has any of these flags, where all are in force.
#[inline]
pub fn asks_without(encounter: &Encounter<'_>, flags: Flags) -> Option<usize> {
    let none_has = encounter.all_in_force && !encounter.editor_flags.any(flags);
    none_has.then(|| asked_on(encounter).map_or(0, |_| encounter.diagnoses.len()))
}

/// Whether a diagnosis is asked as the principal one.
#[inline]
pub fn asks_principal(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.position == 1 && asks_diagnosis(encounter, diagnosis)
}

/// Whether a procedure is asked.
#[inline]
pub fn asks_procedure(encounter: &Encounter<'_>, procedure: &Procedure<'_>) -> bool {
    flags(procedure.judgement).is_some() && asked_on(encounter).is_some()
}

/// Whether the admitting diagnosis is asked.
#[inline]
pub fn asks_admitting(encounter: &Encounter<'_>) -> bool {
    flags(encounter.admitting.judgement).is_some() && asked_on(encounter).is_some()
}

/// The encounter's sex in the editor's numbers: 1 male, 2 female, 0 unknown or missing, 3 what is none of these.
#[inline]
pub fn sex(encounter: &Encounter<'_>) -> u8 {
    match encounter.sex {
        Cell::Value(Sex::Male) => 1,
        Cell::Value(Sex::Female) => 2,
        Cell::Value(Sex::Unknown) | Cell::Blank => 0,
        Cell::Unreadable => 3,
    }
}

/// Whether edit 5 is asked: while it was in force (`continues` is false) a sex that is missing or unknown conflicts too, unless the export has no sex at all;
/// where the edit is continued after its end, a known sex alone is asked.
#[inline]
pub fn asks_sex(encounter: &Encounter<'_>, context: &EditContext, continues: bool) -> bool {
    if continues { matches!(sex(encounter), 1 | 2) } else { context.is_mapped(Field::Sex) }
}

/// Of how many diagnoses edit 5 is asked, where the record as a whole tells that none of them conflicts.
#[inline]
pub fn passes_over_sex(encounter: &Encounter<'_>, context: &EditContext, continues: bool) -> Option<usize> {
    const OF_ONE_SEX: Flags =
        Flags::FEMALE.with(Flags::MALE).with(Flags::FEMALE_UNTIL_2024).with(Flags::MALE_UNTIL_2024);
    if !asks_sex(encounter, context, continues) {
        return Some(0);
    }
    if encounter.kinds.any(DiagnosisKinds::MATERNAL) { None } else { asks_without(encounter, OF_ONE_SEX) }
}

/// Whether edit 5 of a diagnosis is asked elsewhere: codes of chapter 15 on a man (LOG118, LOG190).
#[inline]
pub fn is_maternal_on_male(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> bool {
    sex(encounter) == 1 && facts::is_maternal(diagnosis)
}

/// The encounter's age, where one is known.
#[inline]
pub fn age(encounter: &Encounter<'_>) -> Option<i32> {
    encounter.age_years()
}

/// Edit 4, of a code with this judgement. An age out of range conflicts with every range; of an age that is known as a band, or by the year of birth, every age
/// that it leaves possible must conflict.
pub fn has_age_conflict(encounter: &Encounter<'_>, judgement: Option<Judgement>) -> bool {
    // Most codes are of no age, and then neither the ages nor the day are looked for.
    let Some(flags) = flags(judgement).filter(|flags| flags.any(questions::AGE)) else { return false };
    let (Some((youngest, oldest)), Some(day)) = (facts::ages_asked(encounter), asked_on(encounter)) else {
        return false;
    };
    (youngest..=oldest).all(|age| questions::age_conflict(flags, age, day).has(Edit::AgeConflict))
}

/// Edit 5, of a diagnosis or procedure. `continues`: as the tables had it until the sex edits ended.
#[inline]
pub fn has_sex_conflict(encounter: &Encounter<'_>, judgement: Option<Judgement>, continues: bool) -> bool {
    flags(judgement).is_some_and(|flags| questions::sex_conflict(flags, sex(encounter), continues))
}

/// Whether the principal diagnosis raises an edit.
pub fn principal_raises(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>, edit: Edit) -> bool {
    flags(diagnosis.judgement)
        .filter(|flags| *flags != Flags::NONE)
        .is_some_and(|flags| questions::of_principal(flags, &claim_facts(encounter)).has(edit))
}

/// Whether a diagnosis raises an edit that any diagnosis can.
pub fn diagnosis_raises(diagnosis: &Diagnosis<'_>, flag: Flags) -> bool {
    flags(diagnosis.judgement).is_some_and(|flags| flags.any(flag))
}

/// Whether a procedure raises an edit other than the one on sex.
pub fn procedure_raises(encounter: &Encounter<'_>, procedure: &Procedure<'_>, edit: Edit) -> bool {
    procedure_edits(encounter, procedure).has(edit)
}

/// Whether a procedure has limited coverage of any kind (edit 17).
pub fn has_limited_coverage(encounter: &Encounter<'_>, procedure: &Procedure<'_>) -> bool {
    const NUMBER: u8 = 17;
    procedure_edits(encounter, procedure).iter().any(|edit| edit.number() == NUMBER)
}

/// The flags that tell nothing without another: most procedures have one of these, if any.
const SILENT: Flags = Flags::OPERATING_ROOM
    .with(Flags::FEMALE)
    .with(Flags::MALE)
    .with(Flags::FEMALE_UNTIL_2024)
    .with(Flags::MALE_UNTIL_2024);

/// The revision of a procedure's code; one that is in force has a system.
fn revision(procedure: &Procedure<'_>) -> Revision {
    match procedure.system {
        Some(CodeSystem::Icd9Cm | CodeSystem::Icd9Procedure) => Revision::Icd9,
        _ => Revision::Icd10,
    }
}

fn procedure_edits(encounter: &Encounter<'_>, procedure: &Procedure<'_>) -> EditSet {
    match flags(procedure.judgement) {
        Some(flags) if flags.0 & !SILENT.0 != 0 => {
            questions::of_procedure(flags, revision(procedure), &claim_facts(encounter))
        }
        _ => EditSet::NONE,
    }
}

/// Edit 13.
pub fn is_bilateral(encounter: &Encounter<'_>) -> bool {
    let principal = encounter.principal_diagnosis().and_then(|principal| flags(principal.judgement));
    let joints = encounter
        .procedures
        .iter()
        .filter(|procedure| flags(procedure.judgement).is_some_and(|flags| flags.any(Flags::BILATERAL)));
    questions::is_bilateral(principal.unwrap_or(Flags::NONE), joints.map(|procedure| procedure.code))
}

/// An age that is not known: coverage ends at an age, so none is past it.
const NO_AGE: i32 = 0;

/// A stay that is not known: no shorter than any.
const NO_STAY: i32 = i32::MAX;

fn claim_facts(encounter: &Encounter<'_>) -> ClaimFacts {
    let mut facts = ClaimFacts {
        discharged: asked_on(encounter).unwrap_or(Day(0)),
        age: age(encounter).unwrap_or(NO_AGE),
        sex: sex(encounter),
        discharge_status: encounter.discharge_status.value().map_or(0, |status| u16::from(status.0)),
        length_of_stay: encounter.length_of_stay().unwrap_or(NO_STAY),
        sex_edits_continue: false,
        principal: Flags::NONE,
        secondary: Flags::NONE,
        has_secondary: false,
        procedures: Flags::NONE,
        specific_operation: false,
    };
    for diagnosis in encounter.diagnoses {
        let flags = flags(diagnosis.judgement).unwrap_or(Flags::NONE);
        if diagnosis.position == 1 {
            facts.principal = flags;
        } else if !diagnosis.raw.is_empty() {
            facts.secondary = facts.secondary.with(flags);
            facts.has_secondary = true;
        }
    }
    for procedure in encounter.procedures {
        facts.add_procedure(flags(procedure.judgement).unwrap_or(Flags::NONE));
    }
    facts
}
