//! The finding of a rule on an encounter: what is at fault, its raw text, where it stands, and what it is known by.

use rustc_hash::FxHashMap;

use crate::{
    edits::{conventions, engine::Described, rule::Level},
    partition::encounter::Encounter,
    record::{
        field::Field,
        finding::{Finding, FindingKey, Found},
        life::values_digest,
        subject::Subject,
    },
};

/// What tells an encounter from the other versions of its number, of which none is known to be the newest: its content; 0 where there is one alone.
pub fn version_of(encounter: &Encounter<'_>) -> u64 {
    if encounter.same_number == 0 || encounter.encounter_id.is_empty() { 0 } else { encounter.row.fingerprint() }
}

/// The key of a finding on a version of an encounter; `seen` are the values and positions that its rule found on it before, where it found several.
pub fn key(
    finding: &Finding,
    rule: &Described<'_>,
    version: u64,
    seen: Option<&mut FxHashMap<(u16, String), u32>>,
) -> FindingKey {
    let found = rule.found(finding);
    let again = seen.map_or(0, |seen| {
        let of = match found {
            Found::Once => return 0,
            Found::Position(position) => (position, String::new()),
            Found::Value(value) => (0, value.to_owned()),
        };
        let count = seen.entry(of).or_default();
        *count += 1;
        *count - 1
    });
    FindingKey::of(rule.code, Some(&finding.subject), finding.field, found, version.wrapping_add(again.into()))
}

/// The finding; `child` is the place of the diagnosis, procedure or document. It has no key yet.
pub fn finding(
    encounter: &Encounter<'_>,
    subject: Subject,
    child: usize,
    number: u16,
    rule: &Described<'_>,
) -> Finding {
    let field = rule.field;
    let (position, raw, origin) = match rule.level {
        Level::Diagnosis => {
            let diagnosis = &encounter.diagnoses[child];
            let raw = match field {
                Some(Field::PresentOnAdmission) => raw_mark(encounter, diagnosis.position),
                _ => diagnosis.raw,
            };
            (diagnosis.position, raw, diagnosis.origin)
        }
        Level::Procedure => {
            let procedure = &encounter.procedures[child];
            let raw = match field {
                Some(Field::ProcedureDate) => encounter.raw(Field::ProcedureDate, place(procedure.position)),
                Some(Field::SurgeonNpi) => procedure.surgeon_npi,
                _ => procedure.raw,
            };
            (procedure.position, raw, procedure.origin)
        }
        Level::Document => {
            let document = &encounter.documents[child];
            (u16::try_from(child + 1).unwrap_or(u16::MAX), document.document_id, document.origin)
        }
        Level::Encounter
        | Level::Row
        | Level::Input
        | Level::Patient
        | Level::Table
        | Level::FacilityMonth
        | Level::Practitioner => match field {
            // The key is kept apart from the other cells.
            Some(Field::EncounterId) => (0, encounter.encounter_id, encounter.origin()),
            // A rule on all diagnoses together shows the principal one, which may stand on a row of its own.
            Some(Field::DiagnosisCode) => encounter
                .principal_diagnosis()
                .map_or((0, "", encounter.origin()), |principal| (principal.position, principal.raw, principal.origin)),
            // What the encounter's row leaves blank stands in the patient's, and so does its fault.
            Some(field) => {
                let (raw, origin) = encounter.raw_and_origin(field, 0);
                (0, raw, origin)
            }
            None => (0, "", encounter.origin()),
        },
    };
    Finding {
        rule: number,
        severity: rule.severity,
        subject,
        field,
        position,
        raw: conventions::shown(rule.code, encounter, child).unwrap_or_else(|| masked(field, raw)),
        other: None,
        origin,
        values: 0,
        accepted: None,
        key: FindingKey::default(),
    }
}

fn place(position: u16) -> u8 {
    u8::try_from(position.saturating_sub(1)).unwrap_or(u8::MAX)
}

fn raw_mark<'a>(encounter: &Encounter<'a>, position: u16) -> &'a str {
    encounter.raw(Field::PresentOnAdmission, place(position))
}

/// A social security number or name is not needed to correct it: the last four characters tell the record's owner which it is.
fn masked(field: Option<Field>, raw: &str) -> String {
    match field {
        Some(Field::SocialSecurityNumber | Field::PatientName) => {
            let count = raw.chars().count();
            let kept: String = raw.chars().skip(count.saturating_sub(4)).collect();
            format!("{}{kept}", "*".repeat(count.saturating_sub(4)))
        }
        _ => raw.to_owned(),
    }
}

/// What the values that a finding speaks of are known by: the one at fault, and the days of the stay, birth, sex and status, which many rules are asked with.
pub fn values(finding: &Finding, encounter: &Encounter<'_>, rule: &Described<'_>) -> u64 {
    let beside = match rule.level {
        Level::Encounter | Level::Diagnosis | Level::Procedure => format!(
            "{:?} {:?} {:?} {:?} {:?}",
            encounter.admission_date.value(),
            encounter.discharge_date.value(),
            encounter.birth_date.value(),
            encounter.sex.value(),
            encounter.discharge_status.value().map(|status| status.text()),
        ),
        _ => String::new(),
    };
    values_digest(&finding.raw, &beside)
}
