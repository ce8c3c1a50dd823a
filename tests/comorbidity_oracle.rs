//! Comorbidity against answers that others computed: the R package comorbidity for Quan 2005, AHRQ's own programs for the refined measures.
//!
//! Of the published files of the reference folder's `oracles` the number of cases is known; further files of the same layout pass as well.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
};

use calamine::Reader as _;
use chartroom::{
    codeset::sets::CodeSets,
    coding::comorbidity::{
        ahrq::{AhrqTable, SecondaryDiagnosis},
        index::ComorbidityIndex,
        prefix::PrefixMatch,
        quan::QuanTables,
    },
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};

use crate::shared_folder::{self, say, total};

/// The published files.
const ICD10: &str = "comorbidity_encounters_icd10.csv.gz";
/// See [`ICD10`].
const ICD9: &str = "comorbidity_encounters_icd9.csv.gz";
/// See [`ICD10`].
const AHRQ: &str = "ahrq_cmr_2025_sas.csv.gz";

/// A row by its headings.
type Answer = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Answer> {
    let bytes = std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).expect("text");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn packed(code: &str) -> PackedCode {
    PackedCode::new(code.as_bytes()).expect("a code")
}

/// Files of the oracles whose name has a beginning; those that are published are among them.
fn oracles(beginning: &str, published: &[&str]) -> Vec<PathBuf> {
    let Some(folder) = shared_folder::path("oracles") else { return Vec::new() };
    for file in published {
        shared_folder::path(&format!("oracles/{file}"));
    }
    let entries = std::fs::read_dir(folder).expect("listed");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(beginning)));
    files.sort();
    files
}

/// Compares answers with the oracle's row; returns how many agree and what does not.
fn compare(row: &Answer, ours: impl IntoIterator<Item = (String, String)>, who: &str) -> (u64, Vec<String>) {
    let (mut same, mut mismatches) = (0, Vec::new());
    for (column, ours) in ours {
        let theirs = row.get(&column).unwrap_or_else(|| panic!("no column {column}"));
        if *theirs == ours {
            same += 1;
        } else {
            mismatches.push(format!("{who} {column}: oracle {theirs:?}, ours {ours:?}"));
        }
    }
    (same, mismatches)
}

fn flags(index: &ComorbidityIndex, bits: u64, unknown: u64, prefix: &str) -> Vec<(String, String)> {
    let flag = |place: usize| match (unknown >> place & 1, bits >> place & 1) {
        (1, _) => String::new(),
        (_, bit) => bit.to_string(),
    };
    let conditions = index.conditions.iter().enumerate();
    conditions.map(|(place, condition)| (format!("{prefix}{}", condition.name), flag(place))).collect()
}

#[test]
fn charlson_and_elixhauser_are_those_of_the_r_package() {
    let tables = QuanTables::shipped();
    for encounters in oracles("comorbidity_encounters_", &[ICD10, ICD9]) {
        let name = encounters.file_name().expect("a file").to_string_lossy().into_owned();
        let rest = name.trim_start_matches("comorbidity_encounters_").trim_end_matches(".csv.gz").to_owned();
        let system = if rest.starts_with("icd10") { CodeSystem::Icd10Cm } else { CodeSystem::Icd9Cm };
        let mut found: BTreeMap<String, PrefixMatch> = BTreeMap::new();
        for row in rows(&encounters) {
            *found.entry(row["encounter_id"].clone()).or_default() |= tables.find(system, &packed(&row["code"]));
        }
        for score in ["charlson", "elixhauser"] {
            let answers = rows(&encounters.with_file_name(format!("comorbidity_{score}_{rest}_quan.csv.gz")));
            let (mut same, mut differing, mut mismatches) = (0, 0, Vec::new());
            for row in &answers {
                let (charlson, elixhauser) =
                    tables.settle(found.get(&row["encounter_id"]).copied().unwrap_or_default());
                let number = |name: &str, value: String| (name.to_owned(), value);
                let mut ours = if score == "charlson" {
                    flags(&tables.charlson, u64::from(charlson.conditions), 0, "")
                } else {
                    flags(&tables.elixhauser, u64::from(elixhauser.conditions), 0, "")
                };
                ours.extend(if score == "charlson" {
                    [
                        number("score_charlson", charlson.score_charlson.to_string()),
                        number("score_quan", charlson.score_quan.to_string()),
                        number("score_count", charlson.count.to_string()),
                    ]
                } else {
                    [
                        number("score_vw", elixhauser.van_walraven.to_string()),
                        number("score_swiss", elixhauser.swiss.to_string()),
                        number("score_count", elixhauser.count.to_string()),
                    ]
                });
                assert_eq!(ours.len() + 1, row.len(), "every column is compared");
                let (agree, differ) = compare(row, ours, &format!("{rest} {}", row["encounter_id"]));
                same += agree;
                differing += usize::from(!differ.is_empty());
                mismatches.extend(differ);
            }
            let published = [(ICD10, 4_000), (ICD9, 3_000)].into_iter().find(|(file, _)| *file == name);
            let all = same + mismatches.len() as u64;
            say(&format!("{score} {rest}: {same} of {all} flags and scores agree"));
            let agreed = answers.len() - differing;
            total(
                &format!("{score} {rest}"),
                "encounters",
                answers.len(),
                agreed,
                published.map_or(1, |(_, count)| count),
            );
            mismatches.iter().for_each(|mismatch| println!("{mismatch}"));
            assert!(mismatches.is_empty(), "{} mismatches", mismatches.len());
        }
    }
}

/// AHRQ's reference file of the version that a file of answers is of.
fn reference_file(version: &str) -> Option<AhrqTable> {
    let path =
        shared_folder::path(&format!("codesets/official/CMR-Reference-File-v{}.xlsx", version.replace('.', "-")))?;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).expect("a workbook");
    let sheet = book.worksheet_range("DX_to_Comorb_Mapping").expect("the sheet of codes");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    Some(AhrqTable::read_reference_sheet(&rows).expect("a reference file"))
}

fn secondary(row: &Answer) -> Vec<PackedCode> {
    let codes = (2..).map_while(|place| row.get(&format!("I10_DX{place}")));
    codes.filter(|code| !code.is_empty()).map(|code| packed(code)).collect()
}

/// Holds a table to every flag and both indices of some patients, of whom so many are published.
fn refined(patients: &[&Answer], table: &AhrqTable, what: &str, published: usize) {
    let (mut same, mut differing, mut mismatches) = (0, 0, Vec::new());
    for row in patients {
        let secondary = secondary(row).into_iter().map(|code| SecondaryDiagnosis {
            code,
            present_on_admission: None,
            exempt: false,
        });
        let measures = table.evaluate(secondary, false);
        let mut ours = flags(&table.index, measures.conditions, measures.unknown, "CMR_");
        ours.push(("CMR_Index_Readmission".to_owned(), measures.readmission_index.to_string()));
        ours.push(("CMR_Index_Mortality".to_owned(), measures.mortality_index.to_string()));
        let columns = row.keys().filter(|name| name.starts_with("CMR_") && *name != "CMR_VERSION").count();
        assert_eq!(ours.len(), columns, "every column is compared");
        let (agree, differ) = compare(row, ours, &format!("patient {}", row["PATID"]));
        same += agree;
        differing += usize::from(!differ.is_empty());
        mismatches.extend(differ);
    }
    let all = same + mismatches.len() as u64;
    say(&format!("{what}: {same} of {all} flags and indices agree"));
    total(what, "patients", patients.len(), patients.len() - differing, published);
    mismatches.iter().for_each(|mismatch| println!("{mismatch}"));
    assert!(mismatches.is_empty(), "{} mismatches", mismatches.len());
}

/// Codes that the shipped version takes otherwise than v2025.1, which the answers are of; held to the reference file wherever that is there.
const CODES_TAKEN_OTHERWISE: &[&str] = &[
    "C50A0", "C50A1", "C50A2", "E11A", "E83820", "E83821", "E83823", "E83825", "E8814", "G35A", "G35B0", "G35B1",
    "G35B2", "G35C0", "G35C1", "G35C2", "G35D", "H05831", "H05832", "H05833", "H05839", "I27840", "I27841", "I27848",
    "I27849", "M05A", "R939",
];

/// Codes of ICD-10-CM to which two versions give other measures.
fn otherwise(table: &AhrqTable, other: &AhrqTable) -> Vec<String> {
    let sets = CodeSets::default();
    let codes = sets.table(CodeSystem::Icd10Cm);
    let differ = codes.ids().map(|id| codes.code(id)).filter(|code| table.measures_of(code) != other.measures_of(code));
    differ.map(|code| code.text().to_owned()).collect()
}

#[test]
fn refined_measures_are_those_of_the_ahrq_programs() {
    for answers in oracles("ahrq_cmr_", &[AHRQ]) {
        let patients = rows(&answers);
        let published = if answers.ends_with(AHRQ) { 3_000 } else { 1 };
        let version = patients.first().expect("a patient")["CMR_VERSION"].clone();
        let shipped = AhrqTable::shipped();
        let table = reference_file(&version);
        // The shipped version is another one: it must agree wherever the two give every code of a patient the same.
        let is_alike = |code: &PackedCode| match &table {
            Some(table) => shipped.measures_of(code) == table.measures_of(code),
            None => !CODES_TAKEN_OTHERWISE.contains(&code.text()),
        };
        let alike: Vec<&Answer> = patients.iter().filter(|row| secondary(row).iter().all(is_alike)).collect();
        match &table {
            Some(table) => {
                refined(
                    &patients.iter().collect::<Vec<_>>(),
                    table,
                    &format!("AHRQ's reference file v{version}"),
                    published,
                );
                assert_eq!(otherwise(table, shipped), CODES_TAKEN_OTHERWISE, "codes that the versions take otherwise");
            }
            None => say(&format!("its {} patients are held against the shipped table alone", patients.len())),
        }
        assert!(alike.len() * 100 >= patients.len() * 99, "the versions differ in few codes");
        refined(
            &alike,
            shipped,
            &format!(
                "AHRQ's shipped table, {} patients set aside for a code that it takes otherwise",
                patients.len() - alike.len()
            ),
            // One patient in a hundred may have such a code.
            published * 99 / 100,
        );
    }
}
