//! What the text of a code column can mean, from the export to the coded records: lost zeros, dots, filler, revisions, other systems. See the page `code-readings`.

use std::path::{Path, PathBuf};

use polars::prelude::{AnyValue, ParquetReader, SerReader as _};

use crate::command::{chartroom, printed, run_folder};

/// A run on one file of discharges; gives the folder of its outputs and what was printed.
fn run(work: &Path, layout: &str, rows: &str, coding: &str) -> (PathBuf, String) {
    std::fs::create_dir_all(work.join("layouts")).expect("a folder");
    std::fs::write(work.join("layouts/stays.toml"), layout).expect("written");
    std::fs::write(work.join("stays.csv"), rows).expect("written");
    let pipeline = format!(
        "title = \"Stays\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays\"\n{coding}[statistics]\nformat = \"both\"\n"
    );
    std::fs::write(work.join("pipeline.toml"), pipeline).expect("written");
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("runs");
    let (out, error, code) = printed(&output);
    assert!(code == 0 || code == 1, "{out}{error}");
    (run_folder(&work.join("out")).join("data"), out)
}

fn layout(columns: &str) -> String {
    format!(
        "title = \"Stays\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
         discharge_date = {{ column = \"DISCHARGED\", formats = [\"%Y-%m-%d\"] }}\n{columns}\n"
    )
}

fn rows_of(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// Findings of a rule: encounter and value.
fn found(data: &Path, rule: &str) -> Vec<(String, String)> {
    let rows = rows_of(&data.join("findings.csv"));
    rows.into_iter().filter(|row| row[0] == rule).map(|row| (row[2].clone(), row[5].clone())).collect()
}

fn restored(data: &Path) -> Vec<(String, String)> {
    rows_of(&data.join("zeros_restored.csv")).into_iter().map(|row| (row[1].clone(), row[2].clone())).collect()
}

fn total(data: &Path, pointer: &str) -> u64 {
    let text = std::fs::read_to_string(data.join("run_results.json")).expect("results");
    let results: serde_json::Value = serde_json::from_str(&text).expect("json");
    results.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap_or(0)
}

/// A column of the coded records, lists joined with `;`, in the order of encounters.
fn coded(data: &Path, column: &str) -> Vec<String> {
    let reader = ParquetReader::new(std::fs::File::open(data.join("coded_records.parquet")).expect("the records"));
    let frame = reader.with_columns(Some(vec![column.to_owned()])).finish().expect("a table");
    let column = frame.column(column).expect("the column");
    let cell = |row| match column.get(row).expect("a cell") {
        AnyValue::List(codes) => codes.iter().map(|code| code.str_value().into_owned()).collect::<Vec<_>>().join(";"),
        value => value.str_value().into_owned(),
    };
    (0..frame.height()).map(cell).collect()
}

fn pair(left: &str, right: &str) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

#[test]
fn categories_of_a_dotted_file_stand_and_only_the_part_before_the_dot_is_padded() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { column = \"DX\", repair = [\"restore_icd9_zeros\"] }";
    // Hypertension and pneumonia as categories, septicaemia and HIV without their zero, old infarction, pneumococcus.
    let rows = "ID,DISCHARGED,DX\nA,2010-05-01,401\nB,2010-05-01,038.9\nC,2010-05-01,38\nD,2010-05-01,42\nE,2010-05-01,412\nF,2010-05-01,41.2\nG,2010-05-01,401.9\n";
    let (data, out) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(restored(&data), [pair("38", "038"), pair("41.2", "041.2"), pair("42", "042")]);
    assert_eq!(found(&data, "COD103"), [pair("A", "401"), pair("C", "38")], "categories are said as such");
    assert!(found(&data, "COD108").is_empty() && found(&data, "COD113").is_empty());
    assert!(out.contains("leading zeros given back to 3"), "{out}");
    assert_eq!(total(&data, "/codes/diagnoses/valid"), 5);
}

#[test]
fn of_several_readings_nothing_is_chosen_and_a_coder_decides_for_the_text_as_written() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { column = \"DX\", repair = [\"restore_icd9_zeros\"] }\nprocedure_code = { columns = \"PR{1..2}\", repair = [\"restore_icd9_zeros\"] }\nadmitting_diagnosis = \"ADX\"";
    let rows = "ID,DISCHARGED,DX,PR1,PR2,ADX\nA,2010-05-01,412,331,9904,412\nB,2010-05-01,4019,331,117,4019\n";
    let coding = "[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"gem\"\n";
    let (data, _) = run(work.path(), &layout(columns), rows, coding);
    assert_eq!(found(&data, "COD108"), [pair("A", "412")]);
    assert_eq!(found(&data, "COD111"), [pair("A", "331"), pair("B", "331")]);
    assert_eq!(found(&data, "COD112"), [pair("A", "412")]);
    assert_eq!(found(&data, "COD203"), [pair("B", "117")], "11.7 is a subcategory as written");
    let worklist = rows_of(&data.join("worklists/codes_to_decide.csv"));
    let row = |system: &str, code: &str| {
        let found = worklist.iter().find(|row| row[0] == system && row[1] == code);
        found.map(|row| (row[2].as_str(), row[8].as_str())).unwrap_or_else(|| panic!("{code}: {worklist:?}"))
    };
    assert_eq!(row("icd9pcs", "331"), ("icd9pcs", "331; 0331"));
    assert_eq!(row("icd9cm", "412"), ("icd9cm", "412; 0412"));
    assert_eq!(total(&data, "/codes/diagnoses/several_readings"), 1);
    assert_eq!(total(&data, "/codes/mapped"), 0, "neither of old infarction nor of pneumococcus");
    let statistics = std::fs::read_to_string(data.join("statistics.txt")).expect("statistics");
    assert!(
        !statistics.contains("Old myocardial infarction") && !statistics.contains("Incision of lung"),
        "{statistics}"
    );
}

#[test]
fn filler_is_no_part_of_a_code_wherever_it_stands() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { columns = \"DX{1..3}\" }\nprocedure_code = { columns = \"PR{1..1}\" }\nadmitting_diagnosis = \"ADX\"";
    let rows = "ID,DISCHARGED,DX1,DX2,DX3,PR1,ADX\nA,2010-06-15,486--,4019-,-----,9904,486__\nB,2010-06-15,486.-,V5867,_____,9904_,-----\n";
    let (data, _) = run(work.path(), &layout(columns), rows, "");
    assert_eq!((total(&data, "/codes/diagnoses/valid"), total(&data, "/codes/procedures/valid")), (4, 2));
    for rule in ["COD101", "COD102", "COD103", "COD201", "COD302"] {
        assert!(found(&data, rule).is_empty(), "{rule}");
    }
    let statistics = std::fs::read_to_string(data.join("statistics.txt")).expect("statistics");
    assert!(!statistics.contains("486.-") && !statistics.contains("486-"), "{statistics}");
}

#[test]
fn a_dot_that_is_not_where_it_belongs_is_found() {
    let work = tempfile::tempdir().expect("a folder");
    let rows = "ID,DISCHARGED,DX\nA,2026-10-01,E1.19\nB,2026-10-01,I1.0\nC,2026-10-01,.E119\nD,2026-10-01,0.270346\nE,2026-10-01,E11.9\nF,2026-10-01,E119\n";
    let (data, _) = run(work.path(), &layout("diagnosis_code = \"DX\""), rows, "");
    let expected = [pair("A", "E1.19"), pair("B", "I1.0"), pair("C", ".E119"), pair("D", "0.270346")];
    assert_eq!(found(&data, "COD113"), expected);
}

#[test]
fn codes_of_the_who_are_judged_as_such_and_never_as_those_of_the_united_states() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { columns = \"DX{1..2}\", repair = [\"drop_filler_x\"] }\ndiagnosis_revision = { constant = \"icd10\" }";
    // B24, I84 and E10.9 with four characters are codes of the WHO alone; E99 is no category.
    let rows = "ID,DISCHARGED,DX1,DX2\nA,2012-01-01,B24,I10X\nB,2020-01-01,I84.9,E109\nC,2020-01-01,E999,E11.65X\n";
    let (data, _) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(total(&data, "/codes/by_system/icd10/valid"), 5);
    assert_eq!(found(&data, "COD102"), [pair("C", "E999")]);
    assert_eq!(total(&data, "/codes/by_system/icd10cm/valid"), 0);
    let statistics = std::fs::read_to_string(data.join("statistics.txt")).expect("statistics");
    assert!(statistics.contains("ICD-10 (WHO)") && statistics.contains("I80-I89"), "{statistics}");
}

#[test]
fn a_text_that_is_no_revision_is_refused_in_a_layout_and_found_in_data() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(work.path().join("layouts")).expect("a folder");
    let faulty = layout("diagnosis_code = \"DX\"\ndiagnosis_revision = { constant = \"icd10mc\" }");
    std::fs::write(work.path().join("layouts/stays.toml"), faulty).expect("written");
    std::fs::write(work.path().join("stays.csv"), "ID,DISCHARGED,DX\n").expect("written");
    let pipeline = "title = \"Stays\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays\"\n";
    std::fs::write(work.path().join("pipeline.toml"), pipeline).expect("written");
    let output = chartroom(work.path()).args(["check", "pipeline.toml"]).output().expect("runs");
    let (out, error, _) = printed(&output);
    assert!(format!("{out}{error}").contains("did you mean `icd10cm`?"), "{out}{error}");

    let columns = "diagnosis_code = \"DX\"\ndiagnosis_revision = \"REV\"";
    let rows = "ID,DISCHARGED,DX,REV\nA,2026-10-01,I10,tenth\nB,2026-10-01,I10,icd10cm\nC,2026-10-01,44054006,snomed\nD,2026-10-01,X9,local_wards\n";
    let (data, _) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(found(&data, "COD116"), [pair("A", "I10")]);
    assert_eq!(total(&data, "/codes/diagnoses/valid"), 1);
    for pointer in ["snomed/valid", "local_wards/valid", "unreadable revision/not_judged"] {
        assert_eq!(total(&data, &format!("/codes/by_system/{pointer}")), 1, "{pointer}");
    }
}

#[test]
fn a_file_of_another_revision_is_said_in_one_line_that_names_what_the_layout_lacks() {
    let work = tempfile::tempdir().expect("a folder");
    // Shifted dates, codes of ICD-9-CM, and no revision.
    let rows = "ID,DISCHARGED,DX\nA,2024-05-01,4019\nB,2024-05-01,25000\nC,2024-05-01,41401\nD,2024-05-01,5849\nE,2024-05-01,V1582\nF,2024-05-01,486\n";
    let (data, out) = run(work.path(), &layout("diagnosis_code = \"DX\""), rows, "");
    let line = "diagnosis_revision = { constant = \"icd9cm\" }";
    assert!(out.contains(line), "{out}");
    assert_eq!(found(&data, "COD118"), [pair("", line)]);
    // Stated, nothing is said.
    let stated = layout(&format!("diagnosis_code = \"DX\"\n{line}"));
    let other = tempfile::tempdir().expect("a folder");
    let (data, out) = run(other.path(), &stated, &rows.replace("2024", "2012"), "");
    assert!(!out.contains("another code system") && found(&data, "COD118").is_empty(), "{out}");
    // Codes of the WHO without their revision, as Brazil sends them.
    let rows = "ID,DISCHARGED,DX\nA,2020-05-01,B24\nB,2020-05-01,I64\nC,2020-05-01,J180\nD,2020-05-01,E149\nE,2020-05-01,O800\nF,2020-05-01,A09\n";
    let other = tempfile::tempdir().expect("a folder");
    let (_, out) = run(other.path(), &layout("diagnosis_code = \"DX\""), rows, "");
    assert!(out.contains("diagnosis_revision = { constant = \"icd10\" }"), "{out}");
}

#[test]
fn an_imported_list_says_which_codes_of_a_system_there_are() {
    let work = tempfile::tempdir().expect("a folder");
    let path = work.path();
    std::fs::write(path.join("tariff.csv"), "code,title,first_day,last_day\nA1,Bed day,,\nA2,Old item,,2019-12-31\n")
        .expect("written");
    let output =
        chartroom(path).args(["codeset", "import", "tariff.csv", "--system", "local_tariff"]).output().expect("runs");
    let (out, error, code) = printed(&output);
    assert_eq!(code, 0, "{out}{error}");
    let columns = "procedure_code = { columns = \"PR{1..3}\" }\nprocedure_revision = { constant = \"local_tariff\" }";
    let rows = "ID,DISCHARGED,PR1,PR2,PR3\nA,2026-10-01,A1,A2,A3\n";
    let (data, _) = run(path, &layout(columns), rows, "[coding]\ncodesets = \"codesets\"\n");
    let of = |verdict: &str| total(&data, &format!("/codes/by_system/local_tariff/{verdict}"));
    assert_eq!(["valid", "expired", "unknown"].map(of), [1, 1, 1]);
    assert_eq!(found(&data, "COD202"), [pair("A", "A3")]);
    let refused =
        chartroom(path).args(["codeset", "import", "tariff.csv", "--system", "icd9cm"]).output().expect("runs");
    assert_ne!(printed(&refused).2, 0);
}

#[test]
fn many_codes_are_answered_from_a_file_and_every_shipped_table_is_listed() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("codes.csv"), "code,date,system\nE11.9,2026-10-01,\n41.2,2014-01-01,\nzzz,,\nE11.9,1.10.2026,\n,2026-10-01,\nV58.1,2014-01-01,icd9cm\nV58.1,,volume 3\n")
        .expect("written");
    let output = chartroom(work.path()).args(["code", "--file", "codes.csv"]).output().expect("runs");
    let (out, error, code) = printed(&output);
    assert_eq!(code, 0, "{error}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "row,code,date,system,read_as,verdict,title,chapter,block");
    assert!(lines[1].starts_with("2,E11.9,2026-10-01,icd10cm,E11.9,valid,Type 2 diabetes"), "{out}");
    assert!(out.contains("\n3,41.2,2014-01-01,icd9cm,041.2,valid,Pneumococcus"), "{out}");
    // Every row has an answer, also one that asks nothing; the number of the row joins the two files.
    for row in [
        "4,zzz,,,,unknown,,,",
        "5,E11.9,1.10.2026,,,the date is not YYYY-MM-DD,,,",
        "6,,2026-10-01,,,no code,,,",
        "8,V58.1,,,,the system is not known,,,",
    ] {
        assert!(lines.contains(&row), "{row} is missing in\n{out}");
    }
    assert!(
        lines
            .iter()
            .filter(|line| line.starts_with("7,"))
            .all(|line| line.starts_with("7,V58.1,2014-01-01,icd9cm,V58.1,")),
        "{out}"
    );
    assert_eq!(lines.len(), 9, "two systems know 41.2: {out}");
    // A file that cannot be read is a fault of the file system.
    let output = chartroom(work.path()).args(["code", "--file", "no-file.csv"]).output().expect("runs");
    assert_eq!(printed(&output).2, 74);
    let output = chartroom(work.path()).args(["codeset", "list", "--format", "csv"]).output().expect("runs");
    let (out, ..) = printed(&output);
    for row in [
        "charlson,shipped,shipped,,,17,",
        "elixhauser,shipped,shipped,,,31,",
        "refined_codes,shipped,shipped,2025-10-01,2026-09-30,",
        "poa_exempt,shipped,shipped,2023-10-01,2026-09-30,",
    ] {
        assert!(out.contains(row), "{row} is missing in\n{out}");
    }
}

#[test]
fn signs_behind_codes_of_the_who_are_no_part_of_them() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { columns = \"DX{1..3}\" }\ndiagnosis_revision = { constant = \"icd10\" }";
    // Meningitis in tuberculosis, retinopathy in diabetes, a staphylococcus that is coded beside a wound.
    let rows = "ID,DISCHARGED,DX1,DX2,DX3\nA,2019-03-01,A17.0\u{2020},G01*,\nB,2019-03-01,E10.3+,H36.0 *,B95.6!\n";
    let (data, _) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(coded(&data, "diagnosis_code"), ["A170;G01", "E103;H360;B956"]);
    assert_eq!(coded(&data, "diagnosis_verdict"), ["valid", "valid"]);
    assert_eq!(total(&data, "/codes/by_system/icd10/valid"), 5);
}

#[test]
fn one_column_of_the_revision_holds_for_every_code_of_its_row() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { columns = \"DX{1..3}\" }\ndiagnosis_revision = { column = \"V\", values = { icd9cm = \"9\", icd10cm = \"0\" } }\nprocedure_code = { columns = \"PR{1..2}\" }\nprocedure_revision = { column = \"V\", values = { icd9pcs = \"9\", icd10pcs = \"0\" } }";
    // Of a stay without a day nothing but the column says the revision.
    let rows = "ID,DISCHARGED,V,DX1,DX2,DX3,PR1,PR2\nA,,9,486,4019,25000,9904,3324\nB,2024-03-01,0,I10,,J189,30233N1,\nC,,9,,,,,\n";
    let (data, out) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(coded(&data, "diagnosis_system"), ["icd9cm", "icd10cm", ""]);
    assert_eq!(coded(&data, "procedure_system"), ["icd9pcs", "icd10pcs", ""]);
    assert_eq!(coded(&data, "diagnosis_code"), ["486;4019;25000", "I10;J189", ""], "no code, no diagnosis");
    assert_eq!(total(&data, "/codes/by_system/icd9cm/valid"), 3, "{out}");
    assert_eq!(total(&data, "/codes/by_system/icd9pcs/valid"), 2);
    // A column a position still speaks of its own code alone.
    let other = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { columns = \"DX{1..2}\" }\ndiagnosis_revision = { columns = \"V{1..2}\" }";
    let rows = "ID,DISCHARGED,V1,V2,DX1,DX2\nA,2024-03-01,icd9cm,icd10cm,486,I10\n";
    let (data, _) = run(other.path(), &layout(columns), rows, "");
    assert_eq!(coded(&data, "diagnosis_system"), ["icd9cm,icd10cm"]);
}

#[test]
fn a_procedure_number_below_one_is_of_chapter_00_and_filler_stands_in_no_list() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = { column = \"DX\", repair = [\"restore_icd9_zeros\"] }\nprocedure_code = { columns = \"PR{1..2}\", repair = [\"restore_icd9_zeros\"] }";
    // Revision of a hip replacement, 00.71; 331 and 412 can be two codes each.
    let rows = "ID,DISCHARGED,DX,PR1,PR2\nA,2012-05-01,486--,0.71,331-\nB,2012-05-01,412__,.71,\n";
    let (data, _) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(coded(&data, "procedure_code"), ["0071;331", "0071"]);
    assert_eq!(coded(&data, "diagnosis_code"), ["486", "412"]);
    assert_eq!(restored(&data), [pair(".71", "0071"), pair("0.71", "0071")].map(|(text, _)| pair(&text, "00.71")));
    let worklist = rows_of(&data.join("worklists/codes_to_decide.csv"));
    let codes: Vec<&str> = worklist.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(codes, ["412", "331"], "{worklist:?}");
    // What a coder decides of the text holds for it with its filler and without.
    let decided = "from_system,from_code,to_system,to_code\nicd9pcs,331,icd9pcs,0331\n";
    let other = tempfile::tempdir().expect("a folder");
    std::fs::write(other.path().join("decided.csv"), decided).expect("written");
    let coding =
        "[[coding.procedures]]\nfrom = \"icd9pcs\"\nto = \"icd9pcs\"\nby = \"site_map\"\nsite_map = \"decided.csv\"\n";
    let (data, _) = run(other.path(), &layout(columns), rows, coding);
    assert_eq!(total(&data, "/codes/mapped"), 1);
}

#[test]
fn codes_of_other_systems_have_their_verdicts_in_the_account_and_in_the_records() {
    let work = tempfile::tempdir().expect("a folder");
    let columns = "diagnosis_code = \"DX\"\nprocedure_code = { columns = \"PR{1..2}\" }\nprocedure_revision = { constant = \"hcpcs\" }";
    let rows = "ID,DISCHARGED,DX,PR1,PR2\nA,2026-10-01,I10,G0008,J1885\nB,2026-10-01,I10,J18855,\n";
    let (data, out) = run(work.path(), &layout(columns), rows, "");
    assert_eq!(coded(&data, "procedure_verdict"), ["valid", "malformed"]);
    assert!(out.contains("codes                5   valid 4,"), "{out}");
}

#[test]
fn a_code_that_is_asked_for_shows_all_that_it_can_be() {
    let work = tempfile::tempdir().expect("a folder");
    let asked = |arguments: &[&str]| {
        let output = chartroom(work.path()).args(arguments).output().expect("runs");
        let (out, error, _) = printed(&output);
        out + &error
    };
    for (code, words, wrong) in [
        ("16070", "with lost zeros  0016070  ICD-10-PCS", "error"),
        ("38", "with lost zeros  038  ICD-9-CM diagnoses", "malformed"),
        (".71", "00.71  ICD-9-CM procedures", "malformed"),
        ("A17.0\u{2020}", "A17.0  ICD-10 (WHO)", "error"),
        ("I64", "I64  ICD-10 (WHO)", "error"),
        ("36415", "it has the form of CPT and HCPCS, whose codes do not ship", "ICD-O"),
        ("80146002", "it has the form of SNOMED CT, whose codes do not ship", "ICD-O"),
    ] {
        let said = asked(&["code", code]);
        assert!(said.contains(words) && !said.contains(wrong), "{code}: {said}");
    }
    std::fs::write(work.path().join("codes.csv"), "code\nG01*\n").expect("written");
    let said = asked(&["code", "--file", "codes.csv"]);
    assert!(said.contains("2,G01*,,icd10,G01,valid,"), "{said}");
}

#[test]
fn items_for_payment_without_their_revision_are_said_in_one_line() {
    let columns = "diagnosis_code = \"DX\"\nprocedure_code = { columns = \"PR{1..2}\" }";
    let rows = |pairs: [[&str; 2]; 4]| {
        let row = |(place, [first, second]): (usize, &[&str; 2])| format!("{place},2026-05-01,I10,{first},{second}\n");
        format!("ID,DISCHARGED,DX,PR1,PR2\n{}", pairs.iter().enumerate().map(row).collect::<String>())
    };
    for (codes, system) in [
        ([["J1885", "99213"], ["G0008", "36415"], ["J7030", "99214"], ["A4550", "27447"]], Some("hcpcs")),
        ([["99213", "36415"], ["99214", "27447"], ["0042T", "99285"], ["93000", "71046"]], Some("cpt")),
        (
            [["80146002", "44054006"], ["22298006", "38341003"], ["195967001", "80146002"], ["80146002", ""]],
            Some("snomed"),
        ),
        ([["0DTJ4ZZ", "99213"], ["30233N1", "36415"], ["5A1955Z", "99214"], ["0DTJ4ZZ", "27447"]], None),
        ([["W371", "X100"], ["W199", "R249"], ["Y532", "Z942"], ["W371", "X1"]], None),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        let (data, out) = run(work.path(), &layout(columns), &rows(codes), "");
        let line = system.map(|system| format!("procedure_revision = {{ constant = \"{system}\" }}"));
        let lines: Vec<String> = found(&data, "COD118").into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, line.iter().cloned().collect::<Vec<_>>(), "{out}");
        assert!(line.is_none_or(|line| out.contains(&line)), "{out}");
    }
}
