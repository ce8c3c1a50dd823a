//! The rules of a run against the verdicts of CMS's own Medicare Code Editor: the claims of `mce_oracle` as encounters of an export.
//!
//! What a rule says of a code is compared with the editor's edits of that code, both ways. Where the two differ on purpose a reason says why, and each reason
//! is held to the cases it is for; everything else must be the same.

use std::collections::{BTreeMap, BTreeSet};

use chartroom::{
    codeset::{code_index::CodeIndex, sets::CodeSets},
    coding::judge::{JudgeOn, judge},
    edits::{
        engine::{ActiveRules, examine},
        rule::{EditContext, mapped_fields},
    },
    partition::{
        decode::{Patients, decode},
        encounter::{Diagnosis, Encounter},
    },
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
        field::{CanonicalTable, Field},
        finding::Origin,
    },
    rows::{
        row::RowWriter,
        slot::{Feed, Slot},
        sorter::sort_rows,
    },
};

use super::{
    mce_oracle::{Given, claims},
    shared_folder::{say, total},
};

/// Edits by the rules that find them.
const RULES_OF: &[(&str, &[&str])] = &[
    (
        "INVALID_CODE",
        &[
            "COD101", "COD102", "COD103", "COD104", "COD105", "COD106", "COD201", "COD202", "COD203", "COD204",
            "COD205", "COD206",
        ],
    ),
    ("INVALID_ADMIT_DX", &["FLD063", "COD302", "COD303", "COD304", "COD305", "COD306"]),
    ("E_CODE_AS_PDX", &["LOG123"]),
    ("DUPLICATE_OF_PDX", &["LOG124"]),
    ("AGE_CONFLICT", &["MCE004", "MCE104", "LOG116", "LOG117", "LOG126"]),
    ("SEX_CONFLICT", &["MCE005", "MCE105", "MCE405", "LOG118"]),
    ("MANIFESTATION_AS_PDX", &["MCE006"]),
    ("NONSPECIFIC_PDX", &["MCE007"]),
    ("QUESTIONABLE_ADMISSION", &["MCE008"]),
    ("QUESTIONABLE_OBSTETRIC_ADMISSION", &["MCE108"]),
    ("UNACCEPTABLE_PDX", &["MCE009"]),
    ("REQUIRES_SDX", &["MCE109"]),
    ("NONSPECIFIC_OR", &["MCE010"]),
    ("NON_COVERED", &["MCE011"]),
    ("OPEN_BIOPSY", &["MCE012"]),
    ("BILATERAL", &["MCE013"]),
    ("INVALID_AGE", &["FLD041"]),
    ("INVALID_SEX", &["FLD007", "FLD031", "MCE015"]),
    ("INVALID_DISCHARGE_STATUS", &["FLD033", "FLD034", "LOG120", "LOG129"]),
    ("LIMITED_COVERAGE", &["MCE017"]),
    ("WRONG_PROCEDURE_PERFORMED", &["MCE018"]),
    ("INCONSISTENT_WITH_LENGTH_OF_STAY", &["MCE019"]),
    ("UNSPECIFIED", &["MCE020"]),
];

/// Where an edit stands: a part of the claim and a 1-based position, 0 for the claim as a whole.
type Place = (&'static str, usize, &'static str);

fn name_of(edit: &str) -> Option<&'static str> {
    let edit = if edit.starts_with("LIMITED_COVERAGE") { "LIMITED_COVERAGE" } else { edit };
    RULES_OF.iter().map(|(name, _)| *name).find(|name| *name == edit)
}

/// The editor's edits by place. Which range of age is not an edit of its own, and the alert of other payers is asked of claims alone.
fn reference(given: &Given) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    let parts = [("diagnosis", &given.dx_edits), ("procedure", &given.pr_edits)];
    for (part, edits) in parts {
        for (place, edits) in edits.iter().enumerate() {
            for edit in edits.iter().filter(|edit| !edit.starts_with("AGE:") && *edit != "MEDICARE_IS_SECONDARY_PAYER")
            {
                found.insert((part, place + 1, name_of(edit).unwrap_or_else(|| panic!("no rule for {edit}"))));
            }
        }
    }
    found.extend(given.admit_edits.iter().map(|edit| ("admitting", 0, name_of(edit).expect("an edit with a rule"))));
    for edit in ["BILATERAL", "INVALID_AGE", "INVALID_SEX", "INVALID_DISCHARGE_STATUS"] {
        if given.edit_counts.contains_key(edit) {
            found.insert(("claim", 0, name_of(edit).expect("an edit with a rule")));
        }
    }
    found
}

fn feed(claims: &[(String, Given)]) -> Feed {
    let most = |count: fn(&Given) -> usize| claims.iter().map(|(_, given)| count(given)).max().unwrap_or(0) as u8;
    let single = [
        Field::AdmissionDate,
        Field::DischargeDate,
        Field::Age,
        Field::Sex,
        Field::DischargeStatus,
        Field::AdmittingDiagnosis,
    ];
    let mut slots: Vec<Slot> = single.iter().map(|field| Slot::plain(*field, 0)).collect();
    slots.extend((0..most(|given| given.dx.len())).map(|place| Slot::plain(Field::DiagnosisCode, place)));
    slots.extend((0..most(|given| given.pr.len())).map(|place| Slot::plain(Field::ProcedureCode, place)));
    for (text, letter) in [("1", "M"), ("2", "F"), ("0", "U")] {
        slots[3].values.insert(text.into(), letter.into());
    }
    slots[3].only_listed = true;
    Feed { name: "claims".into(), table: CanonicalTable::Encounters, slots, ..Feed::of(CanonicalTable::Encounters) }
}

/// The claims as rows of an export.
fn rows(claims: &[(String, Given)], feed: &Feed) -> Vec<u8> {
    let first = |field| feed.slots.iter().position(|slot| slot.field == field).unwrap_or(0);
    let (diagnoses, procedures) = (first(Field::DiagnosisCode), first(Field::ProcedureCode));
    let mut rows = Vec::new();
    for (number, (_, given)) in claims.iter().enumerate() {
        let discharged = given.discharged();
        let mut cells = vec![
            (0, Day(discharged.0 - given.length_of_stay).to_string()),
            (1, discharged.to_string()),
            (2, given.age.to_string()),
            (3, given.sex.to_string()),
            (4, format!("{:02}", given.discharge_status)),
            (5, given.admit_dx.clone()),
        ];
        cells.extend(given.dx.iter().enumerate().map(|(place, code)| (diagnoses + place, code.clone())));
        cells.extend(given.pr.iter().enumerate().map(|(place, code)| (procedures + place, code.clone())));
        let origin = Origin { input: 0, row: number as u64 };
        let mut writer = RowWriter::begin(&mut rows, 0, format!("{number:06}").as_bytes(), origin, number as u64);
        for (slot, cell) in cells.iter().filter(|(_, cell)| !cell.is_empty()) {
            writer.cell(*slot as u8, cell.as_bytes());
        }
        writer.end();
    }
    sort_rows(rows)
}

/// Why an edit of one side is none of the other; `None`: it should be.
fn reason(place: Place, ours: bool, given: &Given, encounter: &Encounter<'_>) -> Option<&'static str> {
    let (part, position, edit) = place;
    let diagnosis = (part == "diagnosis").then(|| find(encounter, position)).flatten();
    let valid = diagnosis.and_then(|diagnosis| diagnosis.judgement).map(|judgement| judgement.verdict);
    let invalid = valid.is_some_and(|verdict| verdict != CodeVerdict::Valid);
    let code = diagnosis.map(|diagnosis| diagnosis.code.text()).unwrap_or("");
    let system = diagnosis.and_then(|diagnosis| diagnosis.system);
    let maternal = match system {
        Some(CodeSystem::Icd10Cm) => code.starts_with('O'),
        _ => ("630".."680").contains(&code),
    };
    let liveborn = code.starts_with("Z38") || system == Some(CodeSystem::Icd9Cm) && code.starts_with("V3");
    match (edit, ours) {
        ("AGE_CONFLICT" | "SEX_CONFLICT", true) if invalid && (maternal || liveborn) => {
            Some("a category or an ended code of childbirth or birth has a meaning: LOG116 to LOG118 and LOG126 ask it")
        }
        ("SEX_CONFLICT", true) if maternal && given.sex == 1 => {
            Some("any code of pregnancy on a man is LOG118, also the few for which the editor's tables have no sex")
        }
        ("AGE_CONFLICT", true) if maternal || liveborn => {
            Some("any code of childbirth or birth has an age: LOG116, LOG117 and LOG126 go by the chapter")
        }
        ("AGE_CONFLICT", false) if liveborn && given.age < 0 => {
            Some("an age below 0 is FLD041; LOG116 asks whether a code of birth stands on an age of one year or more")
        }
        ("E_CODE_AS_PDX", true) if invalid => {
            Some("a category or an ended code of external cause has a meaning: LOG123 asks it")
        }
        ("DUPLICATE_OF_PDX", true) if given.dx[position - 1] != given.dx[0] => {
            Some("LOG124 finds a repetition of any earlier diagnosis, not of the principal one alone")
        }
        ("DUPLICATE_OF_PDX", false) if code.is_empty() => Some(
            "a text too long to be a code, or zeros in a secondary position, repeats nothing; it is COD101 or a blank",
        ),
        ("INVALID_DISCHARGE_STATUS", false) if [61, 71, 72].contains(&given.discharge_status) => Some(
            "UB-04 had 71 and 72 through 2005-09-30, the editor through 2003-09-30; and both and 61 a month earlier",
        ),
        ("INVALID_DISCHARGE_STATUS", true) if [65, 66].contains(&given.discharge_status) => {
            Some("UB-04 has 65 from 2004-04-01 and 66 from 2006-01-01, the editor from the October before")
        }
        ("INVALID_DISCHARGE_STATUS", true) if [8, 10, 13, 22, 23].contains(&given.discharge_status) => {
            Some("the editor's list had 08, 10, 13, 22 and 23 for a time, which UB-04 has not")
        }
        _ => None,
    }
}

fn find<'e, 'a>(encounter: &'e Encounter<'a>, position: usize) -> Option<&'e Diagnosis<'a>> {
    encounter.diagnoses.iter().find(|diagnosis| usize::from(diagnosis.position) == position)
}

/// Holds the rules of a run to every edit of the claims of a file, of which so many are published.
fn agree(file: &str, published: usize) {
    let Some(given) = claims(file) else { return };
    let sets = CodeSets::default();
    let feeds = [feed(&given)];
    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("a day"));
    context.mapped = mapped_fields(&feeds);
    let rules = ActiveRules::new(&[], &[]).applying(&[]);
    let (bytes, patients) = (rows(&given, &feeds[0]), Patients::default());
    let mut decoded = decode(&bytes, &feeds, &patients);
    judge(&mut decoded, &mut CodeIndex::new(&sets), JudgeOn::DischargeDate);
    let encounters = decoded.encounters();
    assert_eq!(encounters.len(), given.len());
    let mut found: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
    for finding in examine(&encounters, &decoded.orphans, &rules, &context).findings {
        let code = rules.rules[usize::from(finding.rule)].0.code;
        let Some((edit, _)) = RULES_OF.iter().find(|(_, rules)| rules.contains(&code)) else { continue };
        let part = match finding.field {
            Some(Field::DiagnosisCode) if finding.position > 0 => "diagnosis",
            Some(Field::ProcedureCode) if finding.position > 0 => "procedure",
            Some(Field::AdmittingDiagnosis) => "admitting",
            _ => "claim",
        };
        let position = if part == "claim" { 0 } else { usize::from(finding.position) };
        found.entry(finding.subject.encounter_id().to_owned()).or_default().insert((part, position, edit));
    }
    let none = BTreeSet::new();
    let (mut same, mut reasons, mut mismatches) = (0, BTreeMap::<&str, usize>::new(), Vec::new());
    let mut differing = BTreeSet::new();
    for (encounter, (line, given)) in encounters.iter().zip(&given) {
        let reference = reference(given);
        let own = found.get(encounter.encounter_id).unwrap_or(&none);
        same += reference.intersection(own).count();
        for place in reference.symmetric_difference(own) {
            let ours = own.contains(place);
            match reason(*place, ours, given, encounter) {
                Some(reason) => *reasons.entry(reason).or_default() += 1,
                None => {
                    differing.insert(given.id);
                    mismatches.push(format!("claim {}: {place:?}, ours {ours}\n  {line}", given.id));
                }
            }
        }
    }
    let (edits, explained) = (same + mismatches.len(), reasons.values().sum::<usize>());
    say(&format!("{file} as encounters: {same} of {edits} edits agree, and {explained} differ for a reason"));
    let (compared, differing) = (given.len(), differing.len());
    total(&format!("{file} as encounters"), "claims", compared, compared - differing, published);
    for (reason, count) in &reasons {
        println!("  {count:>4} {reason}");
    }
    assert!(same > 0, "{file} has no edit");
    let shown = mismatches.len().min(40);
    assert!(mismatches.is_empty(), "{} edits differ:\n{}", mismatches.len(), mismatches[..shown].join("\n"));
}

#[test]
fn claims_of_icd10_as_encounters_have_the_edits_of_the_reference() {
    agree("mce_icd10_claims.jsonl.gz", 5_000);
}

#[test]
fn claims_of_icd9_as_encounters_have_the_edits_of_the_reference() {
    agree("mce_icd9_claims.jsonl.gz", 2_000);
}
