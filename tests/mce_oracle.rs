//! The Medicare Code Editor, claim by claim, against the verdicts of CMS's own program.
//!
//! Claims are read from `oracles/mce_icd10_claims.jsonl.gz` and `mce_icd9_claims.jsonl.gz` of the shared folder (`CHARTROOM_SHARED`).

use std::{collections::BTreeMap, io::Read as _, time::Instant};

use chartroom::{
    codeset::sets::CodeSets,
    edits::mce::{
        claim::{Claim, ClaimVerdict, Revision},
        edit::EditSet,
        editor::MedicareCodeEditor,
    },
    record::{code::CodeSystem, date::Day},
};
use serde::Deserialize;

use crate::shared_folder;

/// A claim with the verdict of the reference.
#[derive(Debug, Deserialize)]
pub struct Given {
    pub id: u64,
    pub icd_version: u8,
    pub discharge_date: String,
    pub age: i32,
    pub sex: u8,
    pub discharge_status: u16,
    pub length_of_stay: i32,
    pub admit_dx: String,
    pub dx: Vec<String>,
    pub pr: Vec<String>,
    pub edit_type: String,
    pub edit_counts: BTreeMap<String, u16>,
    pub dx_edits: Vec<Vec<String>>,
    pub pr_edits: Vec<Vec<String>>,
    pub admit_edits: Vec<String>,
}

/// A claim with codes as the editor takes them.
struct Codes<'g> {
    given: &'g Given,
    diagnoses: Vec<&'g str>,
    procedures: Vec<&'g str>,
    discharged: Day,
}

impl Given {
    /// The day of discharge.
    pub fn discharged(&self) -> Day {
        let number = |range: std::ops::Range<usize>| self.discharge_date[range].parse::<u32>().expect("digits");
        Day::from_ymd(number(0..4) as i32, number(4..6), number(6..8)).expect("a day")
    }
}

impl<'g> Codes<'g> {
    fn of(given: &'g Given) -> Codes<'g> {
        Codes {
            given,
            diagnoses: given.dx.iter().map(String::as_str).collect(),
            procedures: given.pr.iter().map(String::as_str).collect(),
            discharged: given.discharged(),
        }
    }

    fn claim(&self) -> Claim<'_> {
        Claim {
            revision: if self.given.icd_version == 9 { Revision::Icd9 } else { Revision::Icd10 },
            discharged: Some(self.discharged),
            age: self.given.age,
            sex: self.given.sex,
            discharge_status: self.given.discharge_status,
            length_of_stay: self.given.length_of_stay,
            admitting: &self.given.admit_dx,
            diagnoses: &self.diagnoses,
            procedures: &self.procedures,
        }
    }
}

/// Claims with the lines they stand on.
pub fn claims(file: &str) -> Option<Vec<(String, Given)>> {
    let packed = std::fs::read(shared_folder::path(&format!("oracles/{file}"))?).expect("a file");
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(&packed[..]).read_to_string(&mut text).expect("gzip");
    Some(text.lines().map(|line| (line.to_owned(), serde_json::from_str(line).expect("a claim"))).collect())
}

fn names(set: EditSet) -> Vec<String> {
    sorted(set.iter().map(|edit| edit.name().to_owned()))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names
}

/// What differs, in words; empty where nothing does.
fn differences(given: &Given, verdict: &ClaimVerdict) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: String, reference: &[String], own: Vec<String>| {
        let reference = sorted(reference.iter().cloned());
        if reference != own {
            found.push(format!("{what}: reference {reference:?}, own {own:?}"));
        }
    };
    let parts = [(&given.dx, &given.dx_edits, &verdict.diagnoses), (&given.pr, &given.pr_edits, &verdict.procedures)];
    for (codes, edits, sets) in parts {
        assert!(codes.len() == edits.len() && codes.len() == sets.len());
        for ((code, edits), set) in codes.iter().zip(edits).zip(sets) {
            compare(code.clone(), edits, names(*set));
        }
    }
    compare(format!("admitting {}", given.admit_dx), &given.admit_edits, names(verdict.admitting));
    compare("edit type".to_owned(), std::slice::from_ref(&given.edit_type), vec![verdict.review().name().to_owned()]);
    let counts: BTreeMap<String, u16> = verdict.raised().map(|(edit, count)| (edit.name().to_owned(), count)).collect();
    if counts != given.edit_counts {
        found.push(format!("counts: reference {:?}, own {counts:?}", given.edit_counts));
    }
    found
}

/// Holds the editor to every claim of a file, of which so many are published.
fn agree(file: &str, published: usize) {
    let Some(given) = claims(file) else { return };
    let sets = CodeSets::default();
    let editor = MedicareCodeEditor::new(&sets);
    let mut mismatches = Vec::new();
    for (line, given) in &given {
        let codes = Codes::of(given);
        let differences = differences(given, &editor.edit(&codes.claim()));
        if !differences.is_empty() {
            mismatches.push(format!("{line}\n  {}", differences.join("\n  ")));
        }
    }
    shared_folder::total(file, "claims", given.len(), given.len() - mismatches.len(), published);
    assert!(mismatches.is_empty(), "{} claims differ:\n{}", mismatches.len(), mismatches.join("\n"));
}

#[test]
fn every_claim_of_icd10_is_edited_as_by_the_reference() {
    agree("mce_icd10_claims.jsonl.gz", 5_000);
}

#[test]
fn every_claim_of_icd9_is_edited_as_by_the_reference() {
    agree("mce_icd9_claims.jsonl.gz", 2_000);
}

/// Claims of valid codes drawn from the shipped tables, so that the editor can be timed without the oracle's: as many codes a claim, one discharge day.
fn made(sets: &CodeSets) -> Vec<Given> {
    let on = Day::from_iso("2026-01-15").expect("a day");
    let valid = |system| -> Vec<String> {
        let table = sets.table(system);
        let codes = table.ids().filter(|id| table.valid_on(*table.code(*id), on).is_some());
        codes.map(|id| table.code(id).text().to_owned()).collect()
    };
    let (diagnoses, procedures) = (valid(CodeSystem::Icd10Cm), valid(CodeSystem::Icd10Pcs));
    let mut state = 20_260_115_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..5_000)
        .map(|id| {
            let (dx, pr) = (1 + draw(13), draw(4));
            let dx: Vec<String> = (0..dx).map(|_| diagnoses[draw(diagnoses.len())].clone()).collect();
            let pr = (0..pr).map(|_| procedures[draw(procedures.len())].clone()).collect();
            Given {
                id,
                icd_version: 10,
                discharge_date: "20260115".to_owned(),
                age: draw(100) as i32,
                sex: 1 + draw(2) as u8,
                discharge_status: 1 + draw(7) as u16,
                length_of_stay: draw(20) as i32,
                admit_dx: diagnoses[draw(diagnoses.len())].clone(),
                dx,
                pr,
                edit_type: String::new(),
                edit_counts: BTreeMap::new(),
                dx_edits: Vec::new(),
                pr_edits: Vec::new(),
                admit_edits: Vec::new(),
            }
        })
        .collect()
}

/// Claims per second on one thread; `tests/bench/bench.py` runs it and prints the figures of CMS's own program beside them (1,080 to 1,330).
#[test]
#[ignore = "a benchmark: tests/bench/bench.py runs it in a release build"]
fn claims_per_second_on_one_thread() {
    let sets = CodeSets::default();
    let editor = MedicareCodeEditor::new(&sets);
    let oracle = |file| Some((file, claims(file)?.into_iter().map(|(_, given)| given).collect::<Vec<Given>>()));
    let files = ["mce_icd10_claims.jsonl.gz", "mce_icd9_claims.jsonl.gz"];
    let sources = std::iter::once(("made", made(&sets))).chain(files.into_iter().filter_map(oracle));
    for (source, given) in sources {
        let codes: Vec<Codes<'_>> = given.iter().map(Codes::of).collect();
        let claims: Vec<Claim<'_>> = codes.iter().map(Codes::claim).collect();
        let mut verdict = ClaimVerdict::default();
        let mut raised = 0_u64;
        let repeats = 2_000_000 / claims.len().max(1);
        for claim in &claims {
            editor.edit_into(claim, &mut verdict);
        }
        let started = Instant::now();
        for _ in 0..repeats {
            for claim in &claims {
                editor.edit_into(claim, &mut verdict);
                raised += verdict.raised().count() as u64;
            }
        }
        let edited = (repeats * claims.len()) as f64;
        let per_second = edited / started.elapsed().as_secs_f64();
        println!("{source}: {per_second:.0} claims/s, {raised} edits raised in {edited:.0} claims");
        assert!(cfg!(debug_assertions) || per_second >= 133_000.0, "{per_second} claims/s");
    }
}
