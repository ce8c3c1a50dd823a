//! What the rules of the tabular list's conventions ask, and what their findings show: the two codes and the note.

use crate::{
    codeset::tabular::{Conventions, Note, Stand},
    partition::encounter::{Diagnosis, Encounter},
    record::code::{CodeSystem, CodeVerdict},
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
fn stand(diagnosis: &Diagnosis<'_>) -> Option<&'static Stand> {
    if !is_valid_icd10(diagnosis) {
        return None;
    }
    Conventions::shipped().stand_of(diagnosis.judgement?.id?)
}

/// The diagnosis that an excludes 1 note over this one names. A pair that both notes name is the later diagnosis's.
pub fn excluded_partner<'e, 'a>(encounter: &'e Encounter<'a>, diagnosis: &Diagnosis<'a>) -> Option<&'e Diagnosis<'a>> {
    let excluded = &stand(diagnosis)?.excluded;
    if excluded.is_empty() || !encounter.diagnoses.iter().any(|other| excluded.may_have(other.code)) {
        return None;
    }
    let place = facts::diagnoses_before(encounter, diagnosis).len();
    encounter
        .diagnoses
        .iter()
        .enumerate()
        .find(|(other_place, other)| {
            *other_place != place
                && is_valid_icd10(other)
                && excluded.has(other.code)
                && (*other_place < place || !stand(other).is_some_and(|stand| stand.excluded.has(diagnosis.code)))
        })
        .map(|(_, other)| other)
}

/// Whether a code first list over the code names codes; of manifestations alone where that is asked.
#[inline]
pub fn has_code_first(diagnosis: &Diagnosis<'_>, of_manifestation: bool) -> bool {
    stand(diagnosis).is_some_and(|stand| !stand.code_first.is_empty() && (stand.of_manifestation || !of_manifestation))
}

/// The code first list of a manifestation of which the record has no code.
pub fn missing_etiology(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> Option<&'static Note> {
    unmet(encounter, &stand(diagnosis)?.code_first, |note| note.of_manifestation)
}

/// The use additional code list of which the record has no code, where every record needs one.
pub fn missing_additional(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>) -> Option<&'static Note> {
    unmet(encounter, &stand(diagnosis)?.demanded, |_| true)
}

fn unmet(encounter: &Encounter<'_>, lists: &[Vec<u32>], counts: impl Fn(&Note) -> bool) -> Option<&'static Note> {
    let conventions = Conventions::shipped();
    let list = lists.iter().find(|list| {
        counts(conventions.note(list[0]))
            && !encounter.diagnoses.iter().any(|other| conventions.names(list, other.code))
    })?;
    Some(conventions.note(list[0]))
}

/// Whether the order of the record's diagnoses is known.
#[inline]
pub fn is_ordered(encounter: &Encounter<'_>) -> bool {
    encounter.diagnoses.iter().all(|diagnosis| diagnosis.position > 0)
}

/// The code first line that names a diagnosis which stands after this one, while none that its list names stands before.
pub fn etiology_after<'e, 'a>(
    encounter: &'e Encounter<'a>,
    diagnosis: &Diagnosis<'a>,
) -> Option<(&'static Note, &'e Diagnosis<'a>)> {
    let before = facts::diagnoses_before(encounter, diagnosis);
    let after = encounter.diagnoses.get(before.len() + 1..).unwrap_or_default();
    let conventions = Conventions::shipped();
    stand(diagnosis)?.code_first.iter().find_map(|list| {
        let lines = || list.iter().map(|place| conventions.note(*place));
        let names = |other: &Diagnosis<'_>| lines().find(|note| note.named.has(other.code));
        if before.iter().any(|other| names(other).is_some()) {
            return None;
        }
        after.iter().filter(|other| is_valid_icd10(other)).find_map(|other| Some((names(other)?, other)))
    })
}

/// What a finding of a rule of conventions shows beside the code: the other code and the note. `None` for other rules.
pub fn shown(rule: &str, encounter: &Encounter<'_>, place: usize) -> Option<String> {
    let conventions = Conventions::shipped();
    let diagnosis = rule.starts_with("CNV").then(|| encounter.diagnoses.get(place)).flatten()?;
    let raw = diagnosis.raw;
    let note = |note: &Note| format!("{} {} \"{}\"", note.holder, note.kind.words(), note.text);
    match rule {
        "CNV101" => {
            let partner = excluded_partner(encounter, diagnosis)?;
            Some(format!("{raw} with {}: {}", partner.raw, note(conventions.exclusion(diagnosis.code, partner.code)?)))
        }
        "CNV102" => Some(format!("{raw}: {}", note(missing_etiology(encounter, diagnosis)?))),
        "CNV103" => {
            let (line, other) = etiology_after(encounter, diagnosis)?;
            Some(format!("{raw} before {}: {}", other.raw, note(line)))
        }
        "CNV104" => Some(format!("{raw}: {}", note(missing_additional(encounter, diagnosis)?))),
        "CNV105" => Some(format!("{raw} for {}", conventions.with_placeholders(diagnosis.code)?.text())),
        _ => None,
    }
}

/// Whether a use additional code list over the code is for every record.
#[inline]
pub fn has_demand(diagnosis: &Diagnosis<'_>) -> bool {
    stand(diagnosis).is_some_and(|stand| !stand.demanded.is_empty())
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
