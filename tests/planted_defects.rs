//! Generated discharge abstracts with planted defects: every kind that an edit covers is found each time, and nothing else is found.
//!
//! Seeds come from `CHARTROOM_SEEDS`, rows from `CHARTROOM_ROWS`, the generator from the folder `CHARTROOM_SHARED`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
    process::Command,
};

use chartroom::{
    codeset::{roll::CodeRoll, sets::CodeSets},
    coding::judge::{JudgeOn, judge},
    edits::{
        between::{examine_patient, patient_rules},
        conditions::{ConditionTally, Conditions},
        engine::{ActiveRules, examine, examine_inputs},
        rule::{Context, mapped_fields},
        scorecard::Scorecard,
        stay,
    },
    ingest::{
        cutter::cut,
        delimited::{Dialect, RawChunk, split},
        layout::Layout,
        place::place,
        sorter::{Sorter, sort_rows},
    },
    partition::{
        decode::{Patients, decode},
        row::Row,
    },
    problem::Problems,
    record::{account::InputAccount, date::Day, finding::Severity},
};

use crate::shared_folder::{self, say};

const LAYOUT: &str = r#"
title = "Generated discharge abstracts"
table = "encounters"
[columns]
encounter_id = "record_id"
patient_id = "patient_id"
facility_id = "facility_id"
admission_date = "admit_date"
discharge_date = "discharge_date"
birth_date = "birth_date"
age = "age"
sex = "sex"
zip_code = "zip"
payer = { column = "payer", values = ["MA", "MB", "MC", "HM", "CI", "BL", "SP", "CH", "VA", "WC", "OF", "ZZ"] }
admission_type = "admit_type"
point_of_origin = "admit_source"
discharge_status = "discharge_status"
diagnosis_related_group = "ms_drg"
total_charges = "total_charges"
attending_npi = "attending_npi"
attending_name = "attending_name"
diagnosis_code = { columns = "DX{1..25}" }
present_on_admission = { columns = "POA{1..25}" }
procedure_code = { columns = "PR{1..15}" }
procedure_date = { columns = "PRDATE{1..15}" }
"#;

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
    // A made code may stand where only a placeholder X is wanting.
    kind("dx_not_in_table", &["COD102"], &["CNV105"]),
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

/// A rule that failed on a data row, and the data row that it is at odds with, where the rule is between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    row: u64,
    code: &'static str,
    severity: Severity,
    beside: Option<u64>,
}

/// What was found in a file, by data row from 1 on.
struct Found {
    hits: BTreeSet<Hit>,
    /// Data rows that repeat another, and that other.
    repeated: Vec<(u64, u64)>,
    /// What FIL005 shows for the file: how many rows repeat others.
    rows_repeated: Option<String>,
}

/// Makes a file; `None` where the generator, Python or numpy is absent.
fn generate(rows: u64, seed: u64, error_rate: &str, out: &Path) -> Option<()> {
    let generator = shared_folder::path("bench/gen_discharges.py")?;
    let made = Command::new("python3")
        .arg(&generator)
        .args([&rows.to_string(), &seed.to_string(), error_rate])
        .arg(out)
        .output();
    match made {
        Ok(output) if output.status.success() => Some(()),
        Ok(output) => {
            say(&format!(
                "skipped: the generator needs Python with numpy: {}",
                String::from_utf8_lossy(&output.stderr)
            ));
            None
        }
        Err(error) => {
            say(&format!("skipped: python3 does not start: {error}"));
            None
        }
    }
}

/// Takes a generated file through the desks up to the edits.
fn examined(file: &Path, sets: &CodeSets) -> Found {
    let mut problems = Problems::default();
    let layout = Layout::parse("generated.toml", LAYOUT, &mut problems).expect("the layout is sound");
    let feed = layout.feed("generated");
    let mut text = std::fs::read(file).expect("a generated file");
    let body = text.iter().position(|byte| *byte == b'\n').expect("a heading") + 1;
    let records = text.split_off(body);
    let header: Vec<String> =
        String::from_utf8(text).expect("ASCII").trim_end().split(',').map(str::to_owned).collect();
    let binding = layout.bind(&header).expect("every column");
    let dialect = Dialect { delimiter: b',', quote: b'"' };
    let block = split(RawChunk { text: records, first_line: 2 }, dialect, header.len());
    assert!(block.rejected.is_empty(), "every row can be read");
    // A quoted field may hold a line end: data rows are counted, and lines are where they begin.
    let data_row: BTreeMap<u64, u64> =
        block.rows.iter().enumerate().map(|(place, row)| (row.number, place as u64 + 1)).collect();
    let mut rows = Vec::new();
    place(&block, &binding.placement, &feed, 0, 0, &mut rows);
    let folder = tempfile::tempdir().expect("a folder");
    let mut sorter = Sorter::new(folder.path().to_owned(), usize::MAX);
    sorter.add(sort_rows(rows)).expect("sorted");
    let mut merge = sorter.merge().expect("merged");

    let mut context = Context::on(Day::from_iso("2026-11-01").expect("day"));
    let rules = ActiveRules::new(&[], &[]);
    context.mapped = mapped_fields([&feed]);
    let (feeds, patients) = ([feed], Patients::default());
    let mut found = Found { hits: BTreeSet::new(), repeated: Vec::new(), rows_repeated: None };
    let mut account = InputAccount { read: block.rows.len() as u64, ..InputAccount::default() };
    let mut stays = Vec::new();
    let (mut accepted, mut room) = (Vec::new(), 0);
    while let Some(part) = cut(&mut merge, &mut accepted, &mut room).expect("rows") {
        account.duplicate += part.duplicates.len() as u64;
        let rows =
            part.duplicates.iter().map(|duplicate| (data_row[&duplicate.origin.row], data_row[&duplicate.of.row]));
        found.repeated.extend(rows);
        let mut decoded = decode(&part.rows, &feeds, &patients);
        judge(&mut decoded, &mut CodeRoll::new(sets), JudgeOn::DischargeDate);
        let encounters = decoded.encounters();
        for finding in examine(&encounters, &decoded.orphans, &rules, &context).findings {
            let code = rules.rules[usize::from(finding.rule)].0.code;
            let row = data_row[&finding.origin.row];
            found.hits.insert(Hit { row, code, severity: finding.severity, beside: None });
        }
        for encounter in &encounters {
            stay::write(encounter, context.patient_numbers_by_facility, &mut stays);
        }
    }
    let stays = sort_rows(stays);
    let (asked, mut scorecard, mut findings) = (patient_rules(&rules), Scorecard::new(rules.count()), Vec::new());
    let of_patients: Vec<Row<'_>> = Row::all(&stays).collect();
    for patient in of_patients.chunk_by(|left, right| left.key() == right.key()) {
        let rows: Vec<u8> = patient.iter().flat_map(|row| row.bytes()).copied().collect();
        let conditions = (&Conditions::default(), &mut ConditionTally::default());
        examine_patient(&rows, &asked, &rules, &context, &mut scorecard, &mut findings, conditions);
    }
    for finding in findings {
        let code = rules.rules[usize::from(finding.rule)].0.code;
        // A finding between records shows the other record's number, and the generator numbers records by their rows.
        let beside = finding.raw.strip_prefix('R').and_then(|number| number.parse().ok());
        let row = data_row[&finding.origin.row];
        found.hits.insert(Hit { row, code, severity: finding.severity, beside });
    }
    let whole_file = examine_inputs(&[account], &ActiveRules::only("FIL005"), &mut Scorecard::new(1));
    found.rows_repeated = whole_file.first().map(|finding| finding.raw.clone());
    found
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
        let planted = read_truth(&truth);
        check(seed, &planted, &found);
    }
}

/// Data row to its kind; a kind that plants two fields stands once.
fn read_truth(text: &str) -> BTreeMap<u64, &str> {
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let mut parts = line.split(',');
            Some((parts.next()?.parse().ok()?, parts.nth(1)?))
        })
        .collect()
}

/// The data row that a planted row repeats, in whole or in its number or stay: the generator copies the row above.
fn original(row: u64, kind: &str) -> Option<u64> {
    matches!(kind, "duplicate_row" | "duplicate_record_id" | "duplicate_stay" | "overlapping_stay").then(|| row - 1)
}

fn check(seed: u64, planted: &BTreeMap<u64, &str>, found: &Found) {
    let mut table = format!("seed {seed}\n{:<26}{:>8}{:>8}{:>8}  found by\n", "kind", "planted", "found", "missed");
    let mut faults = Vec::new();
    let mut explained: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
    let mut found_on: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
    for hit in &found.hits {
        found_on.entry(hit.row).or_default().insert(hit.code);
    }
    // The rule speaks of the file and counts its rows; which they are stands in the list of duplicates.
    if found.rows_repeated == Some(found.repeated.len().to_string()) {
        for (row, of) in &found.repeated {
            found_on.entry(*row).or_default().insert("FIL005");
            found_on.entry(*of).or_default().insert("FIL005");
        }
    }
    for kind in KINDS {
        let rows: Vec<u64> =
            planted.iter().filter(|(_, planted)| **planted == kind.name).map(|(row, _)| *row).collect();
        let mut hits = 0;
        for row in &rows {
            let places: Vec<u64> = std::iter::once(*row).chain(original(*row, kind.name)).collect();
            for place in &places {
                explained.entry(*place).or_default().extend(kind.found_by.iter().chain(kind.also));
            }
            let hit = places.iter().any(|place| {
                found_on.get(place).is_some_and(|rules| kind.found_by.iter().any(|code| rules.contains(code)))
            });
            hits += usize::from(hit);
            if !hit {
                faults.push(format!("data row {row}: {} is not found", kind.name));
            }
        }
        let (missed, by) = (rows.len() - hits, kind.found_by.join(" or "));
        let _ = writeln!(table, "{:<26}{:>8}{hits:>8}{missed:>8}  {by}", kind.name, rows.len());
    }
    for name in planted.values().copied().collect::<BTreeSet<_>>() {
        assert!(KINDS.iter().any(|kind| kind.name == name), "the table has no kind {name}");
    }
    let is_explained = |row: u64, code: &str| explained.get(&row).is_some_and(|codes| codes.contains(code));
    let mut untrue: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for hit in found.hits.iter().filter(|hit| !is_of_clean_data(hit.code)) {
        if is_explained(hit.row, hit.code) || hit.beside.is_some_and(|row| is_explained(row, hit.code)) {
            continue;
        }
        let at = |row: u64| planted.get(&row).copied().unwrap_or("clean");
        let beside = hit.beside.map_or(String::new(), |row| format!(", beside {row} ({})", at(row)));
        faults.push(format!(
            "data row {} ({}{beside}): false {} {}",
            hit.row,
            at(hit.row),
            hit.severity.name(),
            hit.code
        ));
        *untrue.entry((at(hit.row), hit.code)).or_default() += 1;
    }
    for (row, _) in found.repeated.iter().filter(|(row, _)| planted.get(row) != Some(&"duplicate_row")) {
        faults.push(format!("data row {row}: falsely taken for a repeated row"));
    }
    let _ = writeln!(table, "false findings: {}", untrue.values().sum::<u64>());
    for ((kind, code), count) in &untrue {
        let _ = writeln!(table, "  {kind}: {code} {count}");
    }
    println!("{table}");
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
