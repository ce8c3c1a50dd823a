//! Releases that were imported are what runs and `chartroom code` go by: maps, clinical groups, AHRQ's comorbidity measures, exempt lists.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::{Path, PathBuf},
};

use chartroom::{codeset::sets::CodeSets, record::code::CodeSystem};
use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader as _};

use crate::{
    command::{chartroom, printed, results, run_folder},
    shared_folder::{self, say, total},
};

/// An official file of the reference folder.
fn official(name: &str) -> Option<PathBuf> {
    shared_folder::path(&format!("codesets/official/{name}"))
}

fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).expect("a file");
    let mut text = Vec::new();
    match path.extension().is_some_and(|ending| ending == "gz") {
        true => drop(flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).expect("gzip")),
        false => text = bytes,
    }
    String::from_utf8(text).unwrap_or_else(|fault| encoding_rs::mem::decode_latin1(fault.as_bytes()).into_owned())
}

fn import(work: &Path, files: &[&Path]) -> String {
    let output = chartroom(work).args(["codeset", "import"]).args(files).output().expect("the program starts");
    let (output, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{output}");
    output
}

const LAYOUT: &str = "title = \"Stays\"\ntable = \"encounters\"\n[source]\nformat = \"delimited\"\n[columns]\n\
    encounter_id = \"ID\"\ndischarge_date = { column = \"DISCHARGED\", formats = [\"%Y-%m-%d\"] }\n\
    diagnosis_code = { columns = \"DX{1..60}\" }\npresent_on_admission = { columns = \"POA{1..60}\" }\n";

/// A stay: its number, its day of discharge, and its diagnoses with their marks.
type Stay<'s> = (&'s str, &'s str, Vec<(&'s str, &'s str)>);

/// Runs stays with lines of the section `[coding]`, and leaves the output in `out`.
fn run(work: &Path, coding: &str, stays: &[Stay<'_>]) {
    let most = stays.iter().map(|(_, _, codes)| codes.len()).max().unwrap_or(0);
    let with_marks = stays.iter().any(|(_, _, codes)| codes.iter().any(|(_, mark)| !mark.is_empty()));
    let mut heading = vec!["ID".to_owned(), "DISCHARGED".to_owned()];
    heading.extend((1..=most).map(|place| format!("DX{place}")));
    heading.extend((1..=most).filter(|_| with_marks).map(|place| format!("POA{place}")));
    let mut writer = csv::Writer::from_path(work.join("stays.csv")).expect("a file");
    writer.write_record(&heading).expect("written");
    for (number, day, codes) in stays {
        let at = |place: usize| codes.get(place).copied().unwrap_or_default();
        let codes = (0..most).map(|place| at(place).0);
        let marks = (0..most).filter(|_| with_marks).map(|place| at(place).1);
        writer.write_record([*number, *day].into_iter().chain(codes).chain(marks)).expect("written");
    }
    writer.flush().expect("written");
    let layout = LAYOUT.replace("60", &most.to_string());
    let layout = match with_marks {
        true => layout,
        false => layout.lines().filter(|line| !line.starts_with("present_on")).collect::<Vec<_>>().join("\n"),
    };
    std::fs::write(work.join("stays.toml"), layout).expect("written");
    let pipeline = format!(
        "title = \"Stays\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[statistics]\nformat = \"both\"\ntop = 40\n[coding]\n{coding}"
    );
    std::fs::write(work.join("pipeline.toml"), pipeline).expect("written");
    let _ = std::fs::remove_dir_all(work.join("out"));
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    let (output, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{output}");
}

/// Columns of the coded records that are no days, which the reader of the tests does not know.
fn coded_records(work: &Path, columns: &[&str]) -> DataFrame {
    let path = run_folder(&work.join("out")).join("data/coded_records.parquet");
    let columns = columns.iter().map(|name| (*name).to_owned()).collect();
    let reader = ParquetReader::new(std::fs::File::open(path).expect("the coded records"));
    reader.with_columns(Some(columns)).finish().expect("a table")
}

const GROUPS: [&str; 4] = ["encounter_id", "diagnosis_ccsr", "diagnosis_chronic", "principal_ccsr_default"];
const REFINED: [&str; 4] = ["encounter_id", "ahrq_conditions", "ahrq_readmission_index", "ahrq_mortality_index"];

/// The text of a cell; blank where there is none.
fn cell(frame: &DataFrame, name: &str, row: usize) -> String {
    match frame.column(name).expect("a column").get(row).expect("a row") {
        AnyValue::Null => String::new(),
        value => value.str_value().into_owned(),
    }
}

fn list(frame: &DataFrame, name: &str, row: usize) -> Vec<String> {
    match frame.column(name).expect("a column").get(row).expect("a row") {
        AnyValue::List(series) => series
            .iter()
            .map(|value| if value == AnyValue::Null { String::new() } else { value.str_value().into_owned() })
            .collect(),
        other => panic!("{name} is {other:?}"),
    }
}

fn statistics(work: &Path) -> String {
    std::fs::read_to_string(run_folder(&work.join("out")).join("data/statistics.txt")).expect("statistics")
}

/// The rows of a table of the statistics, by its caption: cells are set apart by two blanks or more.
fn table(statistics: &str, caption: &str) -> Vec<Vec<String>> {
    let (_, rest) = statistics.split_once(&format!("\n{caption}\n")).unwrap_or_else(|| panic!("{caption}"));
    // Under the heading stands a ruler.
    let lines = rest.lines().take_while(|line| !line.trim().is_empty()).skip(2);
    lines
        .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect())
        .collect()
}

fn worklist(work: &Path) -> Vec<csv::StringRecord> {
    let path = run_folder(&work.join("out")).join("data/worklists/codes_to_decide.csv");
    csv::Reader::from_path(path).expect("a worklist").records().map(|row| row.expect("a row")).collect()
}

fn code_sets(work: &Path) -> BTreeSet<String> {
    let results = results(&work.join("out"));
    let sets = results["code_sets"].as_array().expect("a list").iter();
    sets.map(|set| set["name"].as_str().expect("a name").to_owned()).collect()
}

const IMPORTED: &str = "codesets = \"codesets\"\n";

#[test]
fn clinical_groups_by_the_imported_editions_stand_in_the_coded_records_and_in_the_workbook() {
    let Some(((ccsr, titles), ccir)) = official("dxccsr_v2025-1_bare.csv.gz")
        .zip(official("dxccsr_categories_v2025-1.csv"))
        .zip(official("CCIR_v2025-1.csv.gz"))
    else {
        return;
    };
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    import(work, &[&ccsr, &titles, &ccir]);
    let mut categories: BTreeMap<String, (Vec<String>, String)> = BTreeMap::new();
    for line in text_of(&ccsr).lines().skip(1) {
        let cells: Vec<&str> = line.trim().split(',').collect();
        let of = categories.entry(cells[0].to_owned()).or_default();
        of.0.push(cells[1].to_owned());
        if cells[2] == "Y" {
            of.1 = cells[1].to_owned();
        }
    }
    let chronic: BTreeMap<String, &str> = text_of(&ccir)
        .lines()
        .skip(3)
        .map(|line| {
            let code = line.split(',').next().expect("a code").trim_matches('\'').trim().to_owned();
            let word = match line.rsplit(',').next().expect("an indicator").trim() {
                "0" => "not_chronic",
                "1" => "chronic",
                _ => "not_applicable",
            };
            (code, word)
        })
        .collect();
    // Every 7th code of the table, seven a record, and a record of two diabetes codes of one category. The table has a few codes that ICD-10-CM never had.
    let sets = CodeSets::default();
    let known = |code: &&str| sets.table(CodeSystem::Icd10Cm).find(code.as_bytes()).is_some();
    let drawn: Vec<&str> = categories.keys().step_by(7).map(String::as_str).filter(known).collect();
    assert!(drawn.len() * 7 * 100 > categories.len() * 99);
    let numbers: Vec<String> = (10_000..10_000 + drawn.len()).map(|number| number.to_string()).collect();
    let mut stays: Vec<Stay<'_>> = drawn
        .chunks(7)
        .zip(&numbers)
        .map(|(codes, number)| (number.as_str(), "2025-03-04", codes.iter().map(|code| (*code, "")).collect()))
        .collect();
    stays.push(("90000", "2025-03-04", vec![("E1122", ""), ("E1142", ""), ("E1122", "")]));
    run(work, IMPORTED, &stays);

    let frame = coded_records(work, &GROUPS);
    let (mut principal, mut listed, mut by_chronic) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for (row, (number, _, codes)) in stays.iter().enumerate() {
        assert_eq!(cell(&frame, "encounter_id", row), *number);
        let of = |code: &str| &categories[code];
        let expected: Vec<String> = codes.iter().map(|(code, _)| of(code).0.join(" ")).collect();
        assert_eq!(list(&frame, "diagnosis_ccsr", row), expected, "{codes:?}");
        let default = &of(codes[0].0).1;
        assert_eq!(cell(&frame, "principal_ccsr_default", row), *default, "{codes:?}");
        let words: Vec<&str> = codes.iter().map(|(code, _)| chronic.get(*code).copied().unwrap_or("")).collect();
        assert_eq!(list(&frame, "diagnosis_chronic", row), words, "{codes:?}");
        *principal.entry(default.clone()).or_insert(0u64) += 1;
        let of_record: BTreeSet<&String> = codes.iter().flat_map(|(code, _)| &of(code).0).collect();
        for category in of_record {
            *listed.entry(category.clone()).or_insert(0u64) += 1;
        }
        let conditions: BTreeSet<&str> =
            codes.iter().filter(|(code, _)| chronic.get(*code) == Some(&"chronic")).map(|(code, _)| *code).collect();
        *by_chronic.entry(conditions.len()).or_insert(0u64) += 1;
    }

    let statistics = statistics(work);
    assert!(statistics.contains("Software Refined v2025.1, Chronic Condition Indicator Refined v2025.1"));
    let title: BTreeMap<String, String> = text_of(&titles)
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split_once(','))
        .map(|(category, title)| (category.to_owned(), title.trim_matches('"').to_owned()))
        .collect();
    let mut seen = (0, 0);
    for row in table(&statistics, "By clinical category") {
        let Some(of_listed) = listed.get(&row[0]) else { continue };
        let counts: Vec<&String> = row.iter().filter(|cell| cell.bytes().all(|byte| byte.is_ascii_digit())).collect();
        assert_eq!(*counts[0], principal.get(&row[0]).copied().unwrap_or(0).to_string(), "{row:?}");
        assert_eq!(**counts.last().expect("a count"), of_listed.to_string(), "{row:?}");
        if row[1].len() < 50 {
            assert_eq!(row[1], title[&row[0]], "{row:?}");
        }
        seen.0 += 1;
        seen.1 += principal.get(&row[0]).copied().unwrap_or(0);
    }
    assert_eq!(seen.0, listed.len(), "every category has its row");
    assert_eq!(seen.1 + principal.get("").copied().unwrap_or(0), stays.len() as u64);
    for (row, (conditions, count)) in table(&statistics, "By number of chronic conditions").into_iter().zip(&by_chronic)
    {
        assert_eq!(row[..2], [conditions.to_string(), count.to_string()]);
    }
    let used = code_sets(work);
    for name in ["ccsr-v2025.1", "ccsr-categories-v2025.1", "ccir-v2025.1"] {
        assert!(used.contains(name), "{name} in {used:?}");
    }
    assert!(!used.contains("icd10cm_ccsr") && !used.contains("icd10cm_chronic"), "{used:?}");

    // E11.22 has diabetes with complication first, which is its default, and chronic kidney disease besides.
    let described =
        |arguments: &[&str]| printed(&chartroom(work).arg("code").args(arguments).output().expect("it starts")).0;
    for text in [described(&["E11.22"]), described(&["E11.22", "--store", "codesets"])] {
        for words in [
            "CCSR        END003  Diabetes mellitus with complication; the default for an inpatient's principal diagnosis (v2025.1)",
            "CCSR        GEN003  Chronic kidney disease (v2025.1)",
            "CCIR        chronic (v2025.1)",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
    }
    let shipped = described(&["E11.22", "--store", "elsewhere"]);
    assert!(shipped.contains("(v2023.1)") && !shipped.contains("GEN003"), "{shipped}");
}

#[test]
fn without_an_import_groups_are_those_of_the_edition_that_ships() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    // Diabetes and hypertension are chronic, pneumonia is not; an accident says neither; 250.00 is of ICD-9-CM.
    let stays: [Stay<'_>; 3] = [
        ("1", "2025-03-04", vec![("J189", ""), ("E119", ""), ("I10", "")]),
        ("2", "2025-03-04", vec![("E119", ""), ("V892XXA", ""), ("E119", "")]),
        ("3", "2014-03-04", vec![("25000", "")]),
    ];
    run(work, "", &stays);
    let frame = coded_records(work, &GROUPS);
    assert_eq!(list(&frame, "diagnosis_ccsr", 0), ["RSP002", "END002", "CIR007"]);
    assert_eq!(list(&frame, "diagnosis_chronic", 0), ["not_chronic", "chronic", "chronic"]);
    assert_eq!(list(&frame, "diagnosis_chronic", 1), ["chronic", "not_applicable", "chronic"]);
    assert_eq!(
        (list(&frame, "diagnosis_ccsr", 2), list(&frame, "diagnosis_chronic", 2)),
        (vec![String::new()], vec![String::new()])
    );
    assert_eq!(cell(&frame, "principal_ccsr_default", 0), "", "the edition that ships does not say the default");
    let rows = table(&statistics(work), "By number of chronic conditions");
    let counts: Vec<&[String]> = rows.iter().map(|row| &row[..2]).collect();
    assert_eq!(counts, [["0", "1"], ["1", "1"], ["2", "1"]]);
}

const FORWARD: &str = "[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"gem\"\n";
const BACKWARD: &str = "[[coding.diagnoses]]\nfrom = \"icd10cm\"\nto = \"icd9cm\"\nby = \"gem\"\n";

/// By code, what it was mapped to, and of those for a coder reason and candidates.
fn mapped(work: &Path) -> (BTreeMap<String, String>, BTreeMap<String, (String, String)>) {
    let frame = coded_records(work, &["diagnosis_code", "diagnosis_mapped_code"]);
    let mut targets = BTreeMap::new();
    for row in 0..frame.height() {
        let codes = list(&frame, "diagnosis_code", row).into_iter();
        targets.extend(codes.zip(list(&frame, "diagnosis_mapped_code", row)).filter(|(_, target)| !target.is_empty()));
    }
    let undecided =
        worklist(work).iter().map(|row| (row[1].to_owned(), (row[7].to_owned(), row[8].to_owned()))).collect();
    (targets, undecided)
}

#[test]
fn the_official_map_is_used_once_it_is_imported_and_the_one_that_ships_is_not_taken_where_it_is_out_of_date() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    // 008.45 and 802.25: their targets were divided in 2017 and 2016. 001.0 is one to one in either edition.
    let old: [Stay<'_>; 1] = [("1", "2014-09-05", vec![("00845", ""), ("80225", ""), ("0010", "")])];
    // A04.71 came in October 2017; the edition of 2015 has A04.7 alone.
    let new: [Stay<'_>; 1] = [("1", "2018-03-05", vec![("A0471", ""), ("A000", "")])];
    let for_coder = |reason: &str, candidates: &str| (reason.to_owned(), candidates.to_owned());
    run(work, FORWARD, &old);
    let (targets, undecided) = mapped(work);
    assert_eq!(targets, BTreeMap::from([("0010".to_owned(), "A000".to_owned())]));
    assert_eq!(undecided["00845"], for_coder("its target was divided since the map", "A0471; A0472"));
    assert_eq!(undecided["80225"], for_coder("its target was divided since the map", "S02650A; S02651A; S02652A"));
    run(work, BACKWARD, &new);
    let (targets, undecided) = mapped(work);
    assert_eq!(targets, BTreeMap::from([("A000".to_owned(), "0010".to_owned())]));
    let newer = "newer than the map: approximate, by the code it was divided from";
    assert_eq!(undecided["A0471"], for_coder(newer, "00845"));
    assert!(code_sets(work).contains("gem_icd10cm_icd9cm"));

    let Some((forward, backward)) = official("2018_I9gem.txt.gz").zip(official("2018_I10gem.txt.gz")) else { return };
    import(work, &[&forward, &backward]);
    run(work, &format!("{IMPORTED}{BACKWARD}"), &new);
    assert_eq!(mapped(work).0["A0471"], "00845", "one to one in the edition of 2018");
    let used = code_sets(work);
    assert!(used.contains("gem-icd10cm-icd9cm-2018") && !used.contains("gem_icd10cm_icd9cm"), "{used:?}");
    assert!(statistics(work).contains("gem-icd10cm-icd9cm-2018"), "the run sheet says so");

    // All sources of the official map: what was applied is what the map has one target for, alone and no part of a combination.
    let text = text_of(&forward);
    let mut rows: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        rows.entry(cells[0]).or_default().push((cells[1], cells[2]));
    }
    let expected: BTreeMap<String, String> = rows
        .iter()
        .filter_map(|(source, rows)| match rows.as_slice() {
            [(target, flags)] if &flags[1..3] == "00" => Some(((*source).to_owned(), (*target).to_owned())),
            _ => None,
        })
        .collect();
    let sources: Vec<&str> = rows.keys().copied().collect();
    let numbers: Vec<String> = (0..sources.len()).map(|number| format!("{number:05}")).collect();
    let stays: Vec<Stay<'_>> = sources
        .chunks(25)
        .zip(&numbers)
        .map(|(codes, number)| (number.as_str(), "2014-09-05", codes.iter().map(|code| (*code, "")).collect()))
        .collect();
    run(work, &format!("{IMPORTED}{FORWARD}"), &stays);
    let (targets, undecided) = mapped(work);
    say(&format!("{} sources applied, {} for a coder", targets.len(), undecided.len()));
    total("2018_I9gem.txt.gz, a whole run", "sources", sources.len(), targets.len() + undecided.len(), 14_567);
    assert_eq!(targets, expected);
    assert_eq!(targets.len() + undecided.len(), sources.len());
    assert_eq!(undecided["00845"], for_coder("several candidates", "A0471; A0472"));
    assert_eq!(undecided["80225"].1, "S02650A; S02651A; S02652A");
}

#[test]
fn an_exempt_code_counts_as_present_on_admission_whatever_its_mark() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let stays: [Stay<'_>; 5] = [
        ("blank", "2026-09-05", vec![("J189", "Y"), ("I69320", "")]),
        ("no", "2026-09-05", vec![("J189", "Y"), ("I69320", "N")]),
        ("one", "2026-09-05", vec![("J189", "Y"), ("I69320", "1")]),
        ("other year", "2026-10-05", vec![("J189", "Y"), ("I69320", "")]),
        ("yes", "2026-09-05", vec![("J189", "Y"), ("I69320", "Y")]),
    ];
    let found = |coding: &str| -> Vec<String> {
        run(work, coding, &stays);
        let frame = coded_records(work, &REFINED);
        (0..stays.len()).map(|row| cell(&frame, "ahrq_conditions", row)).collect()
    };
    assert_eq!(found(""), ["CBVD", "CBVD", "CBVD", "CBVD", "CBVD"], "by the lists that ship");
    // An imported list stands in the place of the one that ships, and every list ends with category Z99. I69.320, aphasia following cerebral infarction, is on
    // the true list and not on this one; then the mark 1 counts for nothing either. The other year is nearest to it.
    let list = "Order26\tPOAexemptCode\tDescription\r\n1\tI69.321\tDysphasia\r\n2\tZ99.89\tDependence\r\n";
    std::fs::write(work.join("POAexemptCodesFY26.txt"), list).expect("written");
    let said = import(work, &[Path::new("POAexemptCodesFY26.txt")]);
    assert!(said.contains("2 rows, but the release was published with 38349: rows are missing"), "{said}");
    assert_eq!(found(IMPORTED), ["", "", "", "", "CBVD"]);
}

#[test]
fn a_whole_run_gives_the_flags_and_indices_of_the_ahrq_programs() {
    let oracle = shared_folder::path("oracles/ahrq_cmr_2025_sas.csv.gz");
    let Some((oracle, reference)) = oracle.zip(official("CMR-Reference-File-v2025-1.xlsx")) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    import(work, &[&reference]);
    let text = text_of(&oracle);
    let mut patients: Vec<BTreeMap<String, String>> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.expect("a row")).collect();
    patients.sort_by(|left, right| left["PATID"].cmp(&right["PATID"]));
    let stays: Vec<Stay<'_>> = patients
        .iter()
        .map(|row| {
            let codes = (1..).map_while(|place| row.get(&format!("I10_DX{place}")));
            (row["PATID"].as_str(), "2025-09-15", codes.map(|code| (code.as_str(), "")).collect())
        })
        .collect();
    // By the day of discharge, in the fiscal year of the version; and on no day, as with shifted dates.
    for coding in [IMPORTED.to_owned(), format!("{IMPORTED}judge_on = \"any_date\"\n")] {
        run(work, &coding, &stays);
        let frame = coded_records(work, &REFINED);
        let mut mismatches = Vec::new();
        for (row, patient) in patients.iter().enumerate() {
            assert_eq!(cell(&frame, "encounter_id", row), patient["PATID"]);
            let flags: BTreeSet<String> = patient
                .iter()
                .filter(|(name, value)| {
                    name.starts_with("CMR_") && !name.contains("Index") && *name != "CMR_VERSION" && *value == "1"
                })
                .map(|(name, _)| name.trim_start_matches("CMR_").to_owned())
                .collect();
            let found = cell(&frame, "ahrq_conditions", row);
            let found: BTreeSet<String> = found.split_whitespace().map(str::to_owned).collect();
            let indices = ["ahrq_readmission_index", "ahrq_mortality_index"].map(|name| cell(&frame, name, row));
            let expected = ["CMR_Index_Readmission", "CMR_Index_Mortality"].map(|name| patient[name].clone());
            if (&found, &indices) != (&flags, &expected) {
                mismatches.push(format!("{}: {found:?} {indices:?}, not {flags:?} {expected:?}", patient["PATID"]));
            }
        }
        let agreed = patients.len() - mismatches.len();
        total("AHRQ's programs, a whole run", "patients", patients.len(), agreed, 3_000);
        mismatches.iter().for_each(|mismatch| println!("{mismatch}"));
        assert!(mismatches.is_empty(), "{} patients differ", mismatches.len());
    }
    run(work, IMPORTED, &stays[..1]);
    let statistics = statistics(work);
    assert!(statistics.contains("v2025.1 for discharges until 2025-09-30, v2026.1 for later ones"), "{statistics}");
    assert!(code_sets(work).contains("cmr-codes-v2025.1"));
}
