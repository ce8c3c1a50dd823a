//! What the rules of the tabular list's conventions ask, and what their findings show: the two codes and the note.

use crate::{
    codeset::tabular::{Conventions, Note, NoteKind, Over, TabularList},
    partition::encounter::{Diagnosis, Encounter},
    record::{
        code::{CodeSystem, CodeVerdict},
        diagnosis_kinds::DiagnosisKinds,
    },
};

use super::facts;

/// The discharges for which the edition that ships is in force: it is of fiscal year 2026, and holds until a newer one ships.
pub const IN_FORCE_FROM: &str = "2025-10-01";

/// Whether a diagnosis is a code of ICD-10-CM that is valid on its day.
#[inline]
pub fn is_valid_icd10(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.system == Some(CodeSystem::Icd10Cm) && facts::verdict(diagnosis) == Some(CodeVerdict::Valid)
}

/// What stands over a valid code of ICD-10-CM.
#[inline]
fn over(diagnosis: &Diagnosis<'_>) -> Option<Over<'static>> {
    if !is_valid_icd10(diagnosis) {
        return None;
    }
    Conventions::shipped().of(diagnosis.judgement?.notes)
}

/// The diagnosis that an excludes 1 note over this one names. A pair that both notes name is the later diagnosis's.
pub fn excluded_partner<'e, 'a>(encounter: &'e Encounter<'a>, diagnosis: &Diagnosis<'a>) -> Option<&'e Diagnosis<'a>> {
    if !diagnosis.kinds.any(DiagnosisKinds::EXCLUDES) {
        return None;
    }
    let excluded = over(diagnosis)?.excluded()?;
    if !excluded.may_have_of(&encounter.tens) {
        return None;
    }
    let place = facts::diagnoses_before(encounter, diagnosis).len();
    encounter
        .diagnoses
        .iter()
        .enumerate()
        .find(|(other_place, other)| {
            *other_place != place
                && excluded.has(other.code)
                && is_valid_icd10(other)
                && (*other_place < place
                    || !over(other).and_then(Over::excluded).is_some_and(|named| named.has(diagnosis.code)))
        })
        .map(|(_, other)| other)
}

/// The code first list of a manifestation of which the record has no code.
pub fn missing_etiology(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> Option<&'static TabularList> {
    unmet(encounter, diagnosis, |list| list.of_manifestation)
}

/// The use additional code list of which the record has no code, where every record needs one.
pub fn missing_additional(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> Option<&'static TabularList> {
    unmet(encounter, diagnosis, |list| list.demanded)
}

fn unmet(
    encounter: &Encounter<'_>,
    diagnosis: &Diagnosis<'_>,
    counts: impl Fn(&TabularList) -> bool,
) -> Option<&'static TabularList> {
    over(diagnosis)?.lists().find(|list| {
        let may = list.named.may_have_of(&encounter.tens);
        counts(list) && !(may && encounter.diagnoses.iter().any(|other| list.named.has(other.code)))
    })
}

/// Whether the order of the record's diagnoses is known.
#[inline]
pub fn is_ordered(encounter: &Encounter<'_>) -> bool {
    encounter.diagnoses.iter().all(|diagnosis| diagnosis.position > 0)
}

/// The code first list that names a diagnosis which stands after this one and none that stands before, with that diagnosis.
pub fn etiology_after<'e, 'a>(
    encounter: &'e Encounter<'a>,
    diagnosis: &Diagnosis<'a>,
) -> Option<(&'static TabularList, &'e Diagnosis<'a>)> {
    let before = facts::diagnoses_before(encounter, diagnosis);
    let after = encounter.diagnoses.get(before.len() + 1..).unwrap_or_default();
    over(diagnosis)?
        .lists()
        .filter(|list| list.kind == NoteKind::CodeFirst && !before.iter().any(|other| list.named.has(other.code)))
        .find_map(|list| Some((list, after.iter().find(|other| is_valid_icd10(other) && list.named.has(other.code))?)))
}

/// What a finding of a rule of conventions shows beside the code: the other code and the note. `None` for other rules.
pub fn shown(rule: &str, encounter: &Encounter<'_>, place: usize) -> Option<String> {
    let conventions = Conventions::shipped();
    let diagnosis = rule.starts_with("CNV").then(|| encounter.diagnoses.get(place)).flatten()?;
    let raw = diagnosis.raw;
    let note = |note: &'static Note| note.shown.as_str();
    let first_line = |list: &TabularList| conventions.lines(list).first().map_or("", note);
    match rule {
        "CNV101" => {
            let partner = excluded_partner(encounter, diagnosis)?;
            Some(format!("{raw} with {}: {}", partner.raw, note(conventions.exclusion(diagnosis.code, partner.code)?)))
        }
        "CNV102" => Some(format!("{raw}: {}", first_line(missing_etiology(encounter, diagnosis)?))),
        "CNV103" => {
            let (list, other) = etiology_after(encounter, diagnosis)?;
            let line = conventions.lines(list).iter().find(|line| line.named.has(other.code))?;
            Some(format!("{raw} before {}: {}", other.raw, note(line)))
        }
        "CNV104" => Some(format!("{raw}: {}", first_line(missing_additional(encounter, diagnosis)?))),
        "CNV105" => {
            let meant = conventions.with_placeholders(diagnosis.code)?;
            Some(format!("{raw} for {}: {}", meant.text(), note(conventions.seventh_note(meant)?)))
        }
        "CNV106" => Some(format!("{raw}: {}", note(conventions.seventh_note(diagnosis.code)?))),
        _ => None,
    }
}

/// Whether a diagnosis is well formed but no code of ICD-10-CM.
#[inline]
pub fn is_unknown_icd10(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.system == Some(CodeSystem::Icd10Cm) && facts::verdict(diagnosis) == Some(CodeVerdict::Unknown)
}

/// Whether the code would be one with placeholders before its last character.
pub fn lacks_placeholder(diagnosis: &Diagnosis<'_>) -> bool {
    Conventions::shipped().with_placeholders(diagnosis.code).is_some()
}

/// Whether the code has seven characters and its category a list of seventh characters.
pub fn has_list_of_seventh(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.code.0[6] != 0 && Conventions::shipped().seventh_characters(diagnosis.code).is_some()
}

/// Whether the seventh character is not in the list of the code's category.
pub fn seventh_not_listed(diagnosis: &Diagnosis<'_>) -> bool {
    let listed = Conventions::shipped().seventh_characters(diagnosis.code);
    listed.is_some_and(|letters| !letters.contains(&diagnosis.code.0[6]))
}
