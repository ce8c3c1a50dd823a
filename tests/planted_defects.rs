//! Generated discharge abstracts with planted defects: every one that an edit covers is found each time by its rule, at its record, field and position, with the
//! value that was planted; and nothing else is found.
//!
//! Seeds come from `CHARTROOM_SEEDS`, rows from `CHARTROOM_ROWS`, the generator from the folder `CHARTROOM_SHARED`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use chartroom::{
    codeset::sets::CodeSets,
    edits::engine::ActiveRules,
    record::{field::Field, finding::Severity},
};

use crate::{
    generated_abstracts::{Found, Hit, Place, examined, generate},
    shared_folder::{self, say},
};

/// What a planted kind must and may give.
struct Kind {
    name: &'static str,
    /// One of these must be found on the record.
    found_by: &'static [&'static str],
    /// Rules that the planted value breaks in truth as well, with the reason beside it.
    also: &'static [&'static str],
}

const fn kind(name: &'static str, found_by: &'static [&'static str], also: &'static [&'static str]) -> Kind {
    Kind { name, found_by, also }
}

/// A changed or removed principal diagnosis of a newborn was its code of liveborn infant.
const WITHOUT_LIVEBORN: &str = "LOG113";

/// A changed or removed diagnosis of a mother was her only code of pregnancy, and her outcome of delivery or weeks of gestation now stand without one.
const WITHOUT_PREGNANCY: &str = "LOG153";

/// Rules that fail on the generator's clean data as such, and why; tolerated on any row. [`a_clean_file_gives_no_finding_but_those_of_its_codes_drawn_at_random`]
/// holds the list to clean files.
const OF_CLEAN_DATA: &[(&str, &str)] = &[
    // The generator draws each code by itself and says that it does not look at excludes and code first notes.
    ("CNV101", "pairs under an excludes 1 note are drawn"),
    ("CNV102", "manifestations are drawn without their etiology"),
    ("CNV103", "an etiology is drawn after its manifestation"),
    ("CNV104", "codes are drawn without the further code that their note asks for"),
    ("LOG122", "injuries are drawn as principal diagnosis without an external cause"),
    ("LOG151", "external causes are drawn without an injury"),
    ("LOG154", "normal delivery is drawn beside complications of delivery"),
    ("LOG155", "liveborn codes are drawn as secondary diagnoses too"),
    ("POA007", "the mark U, unknown, is drawn as any other; the edit is optional and is asked here like all"),
    ("POA004", "marks are drawn by themselves: an external cause may be unmarked where its injury is marked"),
];

fn is_of_clean_data(code: &str) -> bool {
    OF_CLEAN_DATA.iter().any(|(known, _)| *known == code)
}

/// The mark of the former code still stands beside the code that took its place: an exempt code has a mark, or one that is not exempt the mark of exempt ones.
const MARK_OF_EXEMPT: &str = "POA005";
/// See [`MARK_OF_EXEMPT`].
const MARK_OF_NOT_EXEMPT: &str = "POA006";

const KINDS: &[Kind] = &[
    kind("missing_patient_id", &["FLD002"], &[]),
    kind("missing_facility_id", &["FLD003"], &[]),
    kind("missing_admit_date", &["FLD004"], &[]),
    kind("missing_discharge_date", &["FLD005"], &[]),
    kind("missing_birth_date", &["FLD006"], &[]),
    kind("missing_sex", &["FLD007"], &[]),
    kind("missing_payer", &["FLD008"], &[]),
    kind("missing_discharge_status", &["FLD009"], &[]),
    // The mark of the missing diagnosis still stands in its place.
    kind("missing_principal_dx", &["FLD013"], &[WITHOUT_LIVEBORN, WITHOUT_PREGNANCY, "POA003"]),
    kind("missing_npi", &["FLD010"], &[]),
    kind("bad_date_format", &["FLD021", "FLD022", "FLD023"], &[]),
    kind("impossible_date", &["FLD021", "FLD022", "FLD023"], &[]),
    // The procedures then lie after the discharge, and a discharge moved into the year before is too early for codes of this year.
    kind("discharge_before_admit", &["LOG101"], &["LOG106", "COD104", "COD204"]),
    // A birth moved to as much as 400 days after the admission may lie after the business date.
    // The birth date is then another than on the patient's other records.
    kind("admit_before_birth", &["LOG102"], &["FLD052", "PAT004"]),
    kind("age_birth_mismatch", &["LOG103"], &[]),
    kind("age_out_of_range", &["FLD041"], &[]),
    kind("bad_sex", &["FLD031"], &[]),
    kind("bad_payer", &["FLD032"], &[]),
    // 08 was in the list until 2005.
    kind("bad_discharge_status", &["FLD033", "FLD034"], &[]),
    kind("bad_admit_type", &["FLD035"], &[]),
    kind("bad_admit_source", &["FLD036", "FLD061", "LOG114"], &[]),
    kind("bad_zip", &["FLD042"], &[]),
    kind("npi_checkdigit", &["FLD045"], &[]),
    kind("negative_charges", &["FLD049"], &[]),
    // Where the made code is one of the tabular list but for the placeholder X, CNV105 says so; see [`lacks_placeholder`].
    kind("dx_not_in_table", &["COD102"], &[]),
    kind("dx_not_billable", &["COD103"], &[WITHOUT_LIVEBORN, WITHOUT_PREGNANCY]),
    // 250.00, and a code whose letter became a 1, may be codes of ICD-9-CM: then the revision is wrong, not the form. 250.00 has a dot.
    kind("dx_bad_format", &["COD101", "COD106"], &["COD107"]),
    kind("dx_dotted", &["COD107"], &[]),
    kind("dx_lowercase_padded", &["COD107"], &[]),
    kind("dx_duplicate", &["LOG124"], &[WITHOUT_PREGNANCY, MARK_OF_EXEMPT, MARK_OF_NOT_EXEMPT]),
    kind("dx_gap", &["LOG125"], &[WITHOUT_PREGNANCY]),
    // Three external causes (Y65.5-) say that a wrong procedure was done.
    kind(
        "external_cause_principal",
        &["LOG123"],
        &[WITHOUT_LIVEBORN, WITHOUT_PREGNANCY, MARK_OF_EXEMPT, MARK_OF_NOT_EXEMPT, "LOG124", "MCE018"],
    ),
    // The sex edits ended on 2024-09-30 and are continued. A maternal code on a man is LOG190, and so is his age another rule's; codes of one sex may be for
    // adults alone, or not acceptable, manifestations or questionable where they are put first; a few of women leave the side open, and a few of men are the
    // newborn's. The sex is then another than on the patient's other records.
    kind(
        "sex_dx_conflict_male",
        &["LOG190", "MCE205"],
        &[
            "LOG117",
            "LOG119",
            "LOG124",
            "MCE004",
            "MCE006",
            "MCE009",
            "MCE020",
            "PAT005",
            WITHOUT_LIVEBORN,
            WITHOUT_PREGNANCY,
            MARK_OF_EXEMPT,
            MARK_OF_NOT_EXEMPT,
        ],
    ),
    kind(
        "sex_dx_conflict_female",
        &["MCE205"],
        &[
            "LOG119",
            "LOG124",
            "MCE004",
            "MCE006",
            "MCE008",
            "MCE009",
            "PAT005",
            WITHOUT_LIVEBORN,
            WITHOUT_PREGNANCY,
            MARK_OF_EXEMPT,
            MARK_OF_NOT_EXEMPT,
        ],
    ),
    // Among the codes of the newborn edit are those of liveborn infants, those of one sex, and those not acceptable as principal; a liveborn code put
    // first asks for the admission of a newborn.
    kind(
        "age_dx_conflict_newborn",
        &["MCE004", "LOG116"],
        &["LOG119", "LOG124", "LOG130", "MCE009", "MCE205", WITHOUT_PREGNANCY, MARK_OF_EXEMPT, MARK_OF_NOT_EXEMPT],
    ),
    kind("poa_invalid", &["FLD037"], &[]),
    kind("poa_missing", &["POA001"], &[]),
    kind("pr_bad_format", &["COD201"], &[]),
    kind("pr_not_in_table", &["COD202"], &[]),
    kind("pr_date_outside", &["LOG106"], &[]),
    kind("pr_date_missing", &["LOG107"], &[]),
    // The rule counts the repeated rows of the file; the list of duplicates says which they are.
    kind("duplicate_row", &["FIL005"], &[]),
    kind("duplicate_record_id", &["DUP001"], &[]),
    // The same stay at the same facility overlaps itself; that is not said twice.
    kind("duplicate_stay", &["PAT001"], &[]),
    // The stay that overlaps is a copy: a newborn's is then admitted days after the birth, and born twice.
    kind("overlapping_stay", &["PAT002"], &["LOG112", "PAT009"]),
];

/// What was planted in a field.
#[derive(Debug)]
struct Planted {
    kind: String,
    /// The field of the file, `*` for the whole row.
    field: String,
    injected: String,
}

fn seeds() -> Vec<u64> {
    let text = std::env::var("CHARTROOM_SEEDS").unwrap_or_else(|_| "1,2,3".to_owned());
    let seeds: Vec<u64> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|seed| seed.parse().ok()).collect();
    assert!(!seeds.is_empty(), "CHARTROOM_SEEDS names no seed");
    seeds
}

fn rows() -> u64 {
    std::env::var("CHARTROOM_ROWS").ok().and_then(|rows| rows.parse().ok()).unwrap_or(100_000)
}

#[test]
fn every_planted_kind_is_found_and_nothing_else_is() {
    let sets = CodeSets::default();
    let folder = tempfile::tempdir().expect("a folder");
    for seed in seeds() {
        let file = folder.path().join("planted.csv");
        let Some(()) = generate(rows(), seed, "0.03", &file) else { return };
        let found = examined(&file, &sets);
        let truth = std::fs::read_to_string(folder.path().join("planted.csv.truth.csv")).expect("the truth");
        let lists = Lists::of(&file);
        check(seed, &read_truth(&truth), &found, &lists);
    }
}

/// What is planted, by data row: row, number, kind, field, value before, value planted.
fn read_truth(text: &str) -> BTreeMap<u64, Vec<Planted>> {
    let mut planted: BTreeMap<u64, Vec<Planted>> = BTreeMap::new();
    for line in csv::Reader::from_reader(text.as_bytes()).records() {
        let line = line.expect("a line of the truth");
        let text = |place: usize| line[place].to_owned();
        let row = line[0].parse().expect("a data row");
        planted.entry(row).or_default().push(Planted { kind: text(2), field: text(3), injected: text(5) });
    }
    planted
}

/// What is known of a generated file beside the truth.
struct Lists {
    /// Diagnoses by data row and 1-based position.
    diagnoses: Vec<Vec<String>>,
    /// The codes the generator draws from: those of ICD-10-CM in force all year.
    codes: BTreeSet<String>,
}

impl Lists {
    fn of(file: &Path) -> Lists {
        let mut reader = csv::Reader::from_path(file).expect("a generated file");
        let columns: Vec<usize> = reader
            .headers()
            .expect("a heading")
            .iter()
            .enumerate()
            .filter(|(_, name)| name.starts_with("DX"))
            .map(|(at, _)| at)
            .collect();
        let row = |row: csv::StringRecord| columns.iter().map(|at| row[*at].to_owned()).collect();
        let diagnoses = reader.records().map(|record| row(record.expect("a row"))).collect();
        let list = shared_folder::path("bench/codes/icd10cm_fy2026.tsv").expect("the generator's list");
        let list = std::fs::read_to_string(list).expect("text");
        let valid =
            list.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>()).filter(|cells| cells[1] == "1");
        Lists { diagnoses, codes: valid.map(|cells| cells[0].to_owned()).collect() }
    }

    /// Whether a made code of six characters is one of the list but for the placeholder X before its last (ICD-10-CM Official Guidelines I.A.4).
    fn lacks_placeholder(&self, code: &str) -> bool {
        code.len() == 6 && self.codes.contains(&format!("{}X{}", &code[..5], &code[5..]))
    }
}

/// The data row that a planted row repeats, in whole or in its number or stay: the generator copies the row above.
fn original(row: u64, kind: &str) -> Option<u64> {
    matches!(kind, "duplicate_row" | "duplicate_record_id" | "duplicate_stay" | "overlapping_stay").then(|| row - 1)
}

/// The field and position of a column of the file.
fn place_of(column: &str) -> Place {
    let repeated = [
        ("DX", Field::DiagnosisCode),
        ("POA", Field::PresentOnAdmission),
        ("PRDATE", Field::ProcedureDate),
        ("PR", Field::ProcedureCode),
    ];
    for (name, field) in repeated {
        if let Some(position) = column.strip_prefix(name).and_then(|number| number.parse().ok()) {
            return (Some(field), position);
        }
    }
    let field = match column {
        "record_id" => Field::EncounterId,
        "admit_date" => Field::AdmissionDate,
        "zip" => Field::ZipCode,
        "admit_type" => Field::AdmissionType,
        "admit_source" => Field::PointOfOrigin,
        "ms_drg" => Field::DiagnosisRelatedGroup,
        name => Field::from_name(name).unwrap_or_else(|| panic!("no field {name}")),
    };
    (Some(field), 0)
}

/// Whether a finding is the one of a planted defect: one of its rules, in the field and at the position that was planted, with the value that was planted.
fn is_of(hit: &Hit, kind: &Kind, row: u64, planted: &[Planted], lists: &Lists) -> bool {
    if !kind.found_by.contains(&hit.code) {
        return false;
    }
    let above = row - 1;
    match kind.name {
        // The two records of one number: nothing says which is the first.
        "duplicate_record_id" => hit.place == (Some(Field::EncounterId), 0) && hit.value == planted[0].injected,
        // The truth has the number of the other record; the finding stands on one of the two and shows the other.
        "duplicate_stay" | "overlapping_stay" => {
            let field = if kind.name == "duplicate_stay" { Field::EncounterId } else { Field::AdmissionDate };
            let two = [Some(hit.row), hit.beside];
            hit.place == (Some(field), 0) && (two == [Some(row), Some(above)] || two == [Some(above), Some(row)])
        }
        // The finding stands on the diagnosis that follows the gap.
        "dx_gap" => planted.iter().any(|planted| {
            let (field, position) = place_of(&planted.field);
            let next = &lists.diagnoses[row as usize - 1][usize::from(position)];
            hit.row == row && hit.place == (field, position + 1) && hit.value == *next && planted.injected.is_empty()
        }),
        _ => planted
            .iter()
            .any(|planted| hit.row == row && hit.place == place_of(&planted.field) && hit.value == planted.injected),
    }
}

/// Whether a finding that a planted value gives as well stands where it must: what is said of a mark, at the position whose diagnosis was planted.
fn stands_beside(hit: &Hit, planted: &[Planted]) -> bool {
    let Hit { place: (Some(Field::PresentOnAdmission), position), .. } = hit else { return true };
    planted.iter().any(|planted| place_of(&planted.field) == (Some(Field::DiagnosisCode), *position))
}

fn check(seed: u64, truth: &BTreeMap<u64, Vec<Planted>>, found: &Found, lists: &Lists) {
    let mut table = format!("seed {seed}\n{:<26}{:>8}{:>8}{:>8}  found by\n", "kind", "planted", "found", "missed");
    let mut faults = Vec::new();
    // Findings that a planted defect is found by, and those it gives as well.
    let mut explained: BTreeSet<&Hit> = BTreeSet::new();
    let mut by_row: BTreeMap<u64, Vec<&Hit>> = BTreeMap::new();
    for hit in &found.hits {
        by_row.entry(hit.row).or_default().push(hit);
        if let Some(beside) = hit.beside {
            by_row.entry(beside).or_default().push(hit);
        }
    }
    let repeated: BTreeSet<(u64, u64)> = found.repeated.iter().copied().collect();
    let counted = found.rows_repeated == Some(repeated.len().to_string());
    let (mut all, mut all_found) = (0, 0);
    for kind in KINDS {
        let rows: Vec<(u64, &Vec<Planted>)> = truth
            .iter()
            .filter(|(_, planted)| planted[0].kind == kind.name)
            .map(|(row, planted)| (*row, planted))
            .collect();
        let mut hits = 0;
        for (row, planted) in &rows {
            let above = original(*row, kind.name);
            let there: Vec<&Hit> =
                std::iter::once(*row).chain(above).filter_map(|row| by_row.get(&row)).flatten().copied().collect();
            let of: Vec<&Hit> = there.iter().filter(|hit| is_of(hit, kind, *row, planted, lists)).copied().collect();
            let is_found = match (kind.name, above) {
                // The rule speaks of the file and counts its rows; which they are stands in the list of duplicates.
                ("duplicate_row", Some(above)) => counted && repeated.contains(&(*row, above)),
                _ => !of.is_empty(),
            };
            explained.extend(of);
            explained.extend(there.iter().filter(|hit| kind.also.contains(&hit.code) && stands_beside(hit, planted)));
            // Where the sex was changed as well, every code of the former sex is at odds with it.
            if kind.name.starts_with("sex_dx_conflict") && planted.iter().any(|planted| planted.field == "sex") {
                explained.extend(there.iter().filter(|hit| kind.found_by.contains(&hit.code)));
            }
            if kind.name == "dx_not_in_table" && lists.lacks_placeholder(&planted[0].injected) {
                let said = there.iter().find(|hit| hit.code == "CNV105" && hit.place == place_of(&planted[0].field));
                match said {
                    Some(hit) => drop(explained.insert(hit)),
                    None => faults.push(format!("data row {row}: nothing says that the placeholder is missing")),
                }
            }
            hits += usize::from(is_found);
            if !is_found {
                faults.push(format!("data row {row}: {planted:?} is not found; there is {there:?}"));
            }
        }
        let (missed, by) = (rows.len() - hits, kind.found_by.join(" or "));
        let _ = writeln!(table, "{:<26}{:>8}{hits:>8}{missed:>8}  {by}", kind.name, rows.len());
        (all, all_found) = (all + rows.len(), all_found + hits);
    }
    for planted in truth.values() {
        assert!(KINDS.iter().any(|kind| kind.name == planted[0].kind), "the table has no kind {}", planted[0].kind);
    }
    let at = |row: u64| truth.get(&row).map_or("clean", |planted| planted[0].kind.as_str());
    let mut untrue: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for hit in found.hits.iter().filter(|hit| !is_of_clean_data(hit.code) && !explained.contains(hit)) {
        let beside = hit.beside.map_or(String::new(), |row| format!(", beside {row} ({})", at(row)));
        faults.push(format!("data row {} ({}{beside}): false {hit:?}", hit.row, at(hit.row)));
        *untrue.entry((at(hit.row), hit.code)).or_default() += 1;
    }
    for (row, _) in repeated.iter().filter(|(row, _)| at(*row) != "duplicate_row") {
        faults.push(format!("data row {row}: falsely taken for a repeated row"));
    }
    let _ = writeln!(table, "false findings: {}", untrue.values().sum::<u64>());
    for ((kind, code), count) in &untrue {
        let _ = writeln!(table, "  {kind}: {code} {count}");
    }
    println!("{table}");
    say(&format!("planted defects, seed {seed}: {all_found} of {all} found in their field, position and value"));
    assert!(all > 0, "nothing is planted");
    assert!(faults.is_empty(), "{table}\n{} faults:\n{}", faults.len(), faults[..faults.len().min(60)].join("\n"));
}

#[test]
fn a_clean_file_gives_no_finding_but_those_of_its_codes_drawn_at_random() {
    let sets = CodeSets::default();
    let folder = tempfile::tempdir().expect("a folder");
    for seed in seeds() {
        let file = folder.path().join("clean.csv");
        let Some(()) = generate(rows(), seed, "0", &file) else { return };
        let found = examined(&file, &sets);
        let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
        for hit in &found.hits {
            *counts.entry((hit.code, hit.severity)).or_default() += 1;
        }
        println!("seed {seed}: findings on a clean file");
        for ((code, severity), count) in &counts {
            println!("  {code} {} {count}", severity.name());
        }
        let other: Vec<_> = counts.keys().filter(|(code, _)| !is_of_clean_data(code)).collect();
        assert!(other.is_empty(), "seed {seed}: {other:?}");
        let heavy: Vec<_> = counts.keys().filter(|(_, severity)| *severity <= Severity::Error).collect();
        assert!(heavy.is_empty(), "seed {seed}: {heavy:?}");
        // What is tolerated must be there, or it need not be tolerated.
        let absent: Vec<_> =
            OF_CLEAN_DATA.iter().filter(|(code, _)| counts.keys().all(|(found, _)| found != code)).collect();
        assert!(rows() < 100_000 || absent.is_empty(), "seed {seed}: not on clean data: {absent:?}");
        assert!(found.repeated.is_empty() && found.rows_repeated.is_none());
        // Its months are uneven: what is left over of stays stands in months of a tenth of the discharges.
        let errors: Vec<_> = found.trends.iter().filter(|(_, severity, _)| *severity <= Severity::Error).collect();
        assert!(errors.is_empty(), "seed {seed}: {errors:#?}");
        say(&format!(
            "clean file, seed {seed}: {} rows, {} kinds of findings that are true of it, no error, no error of trend",
            rows(),
            counts.len()
        ));
    }
}

#[test]
fn every_rule_that_a_kind_names_is_an_edit() {
    let rules = ActiveRules::new(&[], &[]);
    let known = |code: &str| rules.rules.iter().any(|(rule, _)| rule.code == code);
    for kind in KINDS {
        assert!(!kind.found_by.is_empty(), "{} is found by nothing", kind.name);
        assert!(kind.found_by.iter().chain(kind.also).all(|code| known(code)), "{}", kind.name);
    }
    assert!(OF_CLEAN_DATA.iter().all(|(code, _)| known(code)));
}
