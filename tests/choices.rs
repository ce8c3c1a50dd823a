//! The choices of a pipeline (`only`) through the program: a field is compared by what it is, however the export and the pipeline write it.

use std::{collections::BTreeSet, fs, path::Path};

use chartroom::record::field::{CanonicalTable, DICTIONARY};

use crate::command::{chartroom, printed, results, run_folder};

/// A field, how its column is read, what two records of the export say in it, and how the value of the first may be written.
struct Case {
    field: &'static str,
    column: &'static str,
    texts: [&'static str; 2],
    written: &'static [&'static str],
}

const fn case(
    field: &'static str,
    column: &'static str,
    texts: [&'static str; 2],
    written: &'static [&'static str],
) -> Case {
    Case { field, column, texts, written }
}

const DATES: &str = "formats = [\"%m/%d/%Y\", \"%m/%d/%Y %H:%M\"]";
const NAMES: &str = "";

/// Every field that an encounter has once.
const CASES: &[Case] = &[
    case("patient_id", NAMES, ["P7", "P8"], &["P7"]),
    case("patient_id", "repair = \"pad_zeros\", padded_width = 4", ["12", "0013"], &["0012", "12"]),
    case("medical_record_number", NAMES, ["M1", "M2"], &["M1", " M1 "]),
    case("patient_name", NAMES, ["Doe", "Roe"], &["Doe"]),
    case("social_security_number", NAMES, ["221456789", "221456780"], &["221456789", "221-45-6789"]),
    case("social_security_number", NAMES, ["221-45-6789", "221-45-6780"], &["221456789", "221-45-6789"]),
    case("facility_id", NAMES, ["0042", "42"], &["0042"]),
    case("encounter_class", NAMES, ["INPATIENT", "emergency"], &["inpatient", "INPATIENT", "Inpatient"]),
    case(
        "encounter_class",
        "values = { inpatient = \"I\", emergency = \"E\" }",
        ["I", "E"],
        &["inpatient", "Inpatient"],
    ),
    case(
        "encounter_class",
        "values = { inpatient = \"INPATIENT\", emergency = \"ER\" }",
        ["INPATIENT", "ER"],
        &["inpatient", "INPATIENT"],
    ),
    case("service", NAMES, ["MED", "SUR"], &["MED"]),
    case("service", "repair = \"upper_case\"", ["med", "SUR"], &["MED", "med"]),
    case("service", "values = { medicine = [\"1\", \"4\"], surgery = \"2\" }", ["4", "2"], &["medicine"]),
    case("admission_date", DATES, ["10/01/2026", "10/02/2026"], &["2026-10-01"]),
    case(
        "discharge_date",
        DATES,
        ["10/03/2026 14:30", "10/03/2026 09:00"],
        &["2026-10-03 14:30", "2026-10-03T14:30:00"],
    ),
    case("discharge_date", DATES, ["10/03/2026 14:30", "10/04/2026 14:30"], &["2026-10-03"]),
    case("discharge_date", DATES, ["10/31/2026 23:59", "11/01/2026"], &["2026-10", "2026-10-01..2026-10-31"]),
    case("discharge_date", "formats = [\"%Y-%m\"]", ["2026-10", "2026-11"], &["2026-10", "2026-10-01..2026-10-31"]),
    case("admission_date", "formats = [\"%Y-%m\"]", ["2026-10", "2025-12"], &["2026", "2026-Q4"]),
    case("birth_date", DATES, ["02/01/1950", "01/02/1950"], &["1950-02-01"]),
    case("death_date", DATES, ["10/03/2026", "10/02/2026"], &["2026-10-03"]),
    case("death_flag", NAMES, ["Y", "N"], &["yes", "1", "TRUE", "y"]),
    case("death_flag", "values = { Y = \"2\", N = \"1\" }", ["2", "1"], &["yes", "true"]),
    case("age", NAMES, ["70", "7"], &["70", "70.0"]),
    case("age", "unit = \"months\"", ["25", "12"], &["2"]),
    case("age_band", NAMES, ["70-79", "80-89"], &["70-79"]),
    case("reference_age", NAMES, ["61.0", "6"], &["61"]),
    case("reference_year", NAMES, ["2145", "2150"], &["2145"]),
    case("sex", NAMES, ["F", "M"], &["F", "f"]),
    case("sex", "values = { F = \"2\", M = \"1\" }", ["2", "1"], &["F", "f"]),
    case("sex", "values = { F = \"f\", M = \"m\" }", ["f", "m"], &["F", "f"]),
    case("race", "values = { white = \"1\", black = \"2\" }", ["1", "2"], &["white", "White"]),
    case("ethnicity", NAMES, ["hispanic", "cuban"], &["hispanic"]),
    case("zip_code", "repair = \"pad_zeros\"", ["1980", "01981"], &["01980", "1980"]),
    case("state", NAMES, ["DE", "MD"], &["DE"]),
    case("county", NAMES, ["10003", "10005"], &["10003"]),
    case("payer", "values = { medicare = \"M\", medicaid = \"D\" }", ["M", "D"], &["medicare", "MEDICARE"]),
    case("payer", "values = [\"MA\", \"MB\"]", ["MA", "MB"], &["MA", "ma"]),
    case("admission_type", NAMES, ["1", "3"], &["1"]),
    case("admission_type", "values = { 1 = \"E\", 3 = \"L\" }", ["E", "L"], &["1"]),
    case("point_of_origin", NAMES, ["D", "1"], &["D", "d"]),
    case("discharge_status", NAMES, ["01", "02"], &["01", "1"]),
    case("discharge_status", "repair = \"pad_zeros\"", ["1", "02"], &["01", "1"]),
    case("discharge_status", "values = { 01 = \"home\", 20 = \"died\" }", ["home", "died"], &["01", "1"]),
    case("diagnosis_related_group", "repair = \"pad_zeros\"", ["64", "065"], &["064", "64"]),
    case("total_charges", "decimal = \",\"", ["1.250,50", "12,50"], &["1250.50", "1250.5", "$1,250.50"]),
    case("birth_weight_grams", NAMES, ["3500", "350"], &["3500", "3500.0"]),
    case("length_of_stay_days", NAMES, ["2", "12"], &["2"]),
    // 1 to 5 October are 4 days by the count of hospital statistics and 5 by one that takes the day of discharge; a stay within one day is 1 by both.
    case("length_of_stay_days", "stay_counts = \"inclusive\"", ["5", "4"], &["4"]),
    case("length_of_stay_days", "stay_counts = \"inclusive\"", ["1", "3"], &["1"]),
    case("length_of_stay_days", NAMES, ["0", "2"], &["1"]),
    case("planned_readmission", NAMES, ["yes", "no"], &["1", "Y"]),
    case("attending_npi", NAMES, ["1234567893", "1200000085"], &["1234567893"]),
    case("attending_name", NAMES, ["Dr. Grey", "Dr. Brown"], &["Dr. Grey"]),
    case("operating_npi", NAMES, ["1234567893", "1200000085"], &["1234567893"]),
    case("employer_name", NAMES, ["Mill", "Mine"], &["Mill"]),
    case("coder", NAMES, ["007", "7"], &["007"]),
    case("weight", NAMES, ["120.50", "9"], &["120.50"]),
    case("coded_date", DATES, ["10/05/2026", "10/06/2026"], &["2026-10-05"]),
    case("admitting_diagnosis", NAMES, ["e11.9", "I10"], &["E119", "E11.9", "e119", "e11.9"]),
];

fn write(work: &Path, name: &str, text: &str) {
    fs::write(work.join(name), text).expect("written");
}

/// A layout that reads one field beside the number.
fn layout(field: &str, column: &str) -> String {
    let more = if column.is_empty() { String::new() } else { format!(", {column}") };
    format!(
        "title = \"T\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n{field} = {{ column = \"A\"{more} }}\n"
    )
}

fn feed(name: &str, only: &str) -> String {
    format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{name}.csv\"\nlayout = \"{name}.toml\"\nonly = {{ {only} }}\n")
}

/// The numbers of the records that a rule was asked of which finds every one.
const EVERY_RECORD: &str = "[[edits.rule]]\ncode = \"HERE\"\ntitle = \"Here\"\nviolates = \"encounter_id IS NOT NULL\"\nfield = \"encounter_id\"\n";

fn kept(work: &Path) -> BTreeSet<String> {
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    let (_, errors, code) = printed(&output);
    assert!(code < 2, "{errors}");
    let mut findings =
        csv::Reader::from_path(run_folder(&work.join("out")).join("data/findings.csv")).expect("findings");
    let rows = findings.records().map(|row| row.expect("a row"));
    rows.filter(|row| &row[0] == "HERE").map(|row| row[2].to_owned()).collect()
}

#[test]
fn a_choice_by_any_field_keeps_exactly_the_records_that_have_its_value() {
    let work = tempfile::tempdir().expect("a folder");
    let mut pipeline = "title = \"T\"\n".to_owned();
    let mut expected = BTreeSet::new();
    let mut place = 0;
    for Case { field, column, texts, written } in CASES {
        for text in *written {
            let name = format!("feed-{place}");
            pipeline += &feed(&name, &format!("{field} = \"{text}\""));
            write(work.path(), &format!("{name}.toml"), &layout(field, column));
            let quoted = texts.map(|text| format!("\"{text}\""));
            let [has, other] = quoted;
            let rows = format!("ID,A\nHAS{place}-{field}-{text},{has}\nOTHER{place},{other}\nBLANK{place},\n");
            write(
                work.path(),
                &format!("{name}.csv"),
                &rows.replace(&format!("-{text},"), &format!("-{},", text.trim().replace(',', ""))),
            );
            expected.insert(format!("HAS{place}-{field}-{}", text.trim().replace(',', "")));
            place += 1;
        }
    }
    write(work.path(), "numbers.toml", &layout("patient_id", ""));
    write(work.path(), "numbers.csv", "ID,A\nONE,P1\nTWO,P2\n");
    pipeline += &feed("numbers", "encounter_id = \"TWO\"");
    expected.insert("TWO".to_owned());
    write(work.path(), "pipeline.toml", &(pipeline + EVERY_RECORD));
    let kept = kept(work.path());
    let missing: Vec<&String> = expected.difference(&kept).collect();
    let wrong: Vec<&String> = kept.difference(&expected).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "left out: {missing:?}; taken wrongly: {wrong:?}");
    assert_eq!(results(&work.path().join("out"))["encounters"]["excluded"], place * 2 + 1);
}

#[test]
fn every_field_of_an_encounter_is_among_the_cases_and_no_other_can_be_chosen_by() {
    let mut refused = 0;
    for entry in DICTIONARY {
        let is_here = entry.name == "encounter_id" || CASES.iter().any(|case| case.field == entry.name);
        assert_eq!(is_here, entry.table == CanonicalTable::Encounters, "{}", entry.name);
        if !is_here {
            let errors = faults("sex", "", &format!("{} = \"1\"", entry.name));
            assert!(
                errors.contains("pipeline.toml:6:10") && errors.contains("unknown-field"),
                "{}: {errors}",
                entry.name
            );
            assert!(errors.contains(&format!("is a field of {}", entry.table.name())), "{errors}");
            refused += 1;
        }
    }
    assert!(refused > 25);
}

/// What `check` says of a choice by the field of column A.
fn faults(field: &str, column: &str, only: &str) -> String {
    let work = tempfile::tempdir().expect("a folder");
    write(work.path(), "stays.toml", &layout(field, column));
    write(work.path(), "stays.csv", "ID,A\nE1,\n");
    write(work.path(), "pipeline.toml", &format!("title = \"T\"\n{}", feed("stays", only)));
    let output = chartroom(work.path()).args(["check", "pipeline.toml"]).output().expect("it starts");
    let (account, errors, code) = printed(&output);
    assert_eq!(code, 2, "{only}: {account}{errors}");
    errors
}

#[test]
fn a_value_that_a_field_can_never_have_is_a_fault_with_its_place_and_what_may_be_written() {
    for (field, column, text, words) in [
        ("sex", "", "X", "`sex` takes: F, M, U"),
        ("sex", "values = { F = \"2\", M = \"1\" }", "2", "the layout reads `2` as `F`"),
        ("sex", "values = { F = \"2\", M = \"1\" }", "U", "write one of: F, M"),
        ("race", "values = { white = \"1\", black = \"2\" }", "1", "write `white`, if that is meant"),
        ("payer", "values = { medicare = \"M\" }", "M", "the layout reads `M` as `medicare`"),
        ("payer", "values = [\"MA\", \"MB\"]", "ZZ", "none of the values that the layout lists for `payer`"),
        ("payer", "values = [\"MA\", \"MB\"]", "ZZ", "write one of: MA, MB"),
        ("discharge_status", "", "99", "`discharge_status` takes: 01, 02, 03"),
        ("discharge_status", "values = { 20 = \"1\", 01 = \"2\" }", "2", "the layout reads `2` as `01`"),
        ("death_flag", "values = { Y = \"2\", N = \"1\" }", "1", "the layout reads `1` as `N`"),
        ("length_of_stay_days", "", "0", "a stay within one day counts as 1"),
        ("discharge_date", DATES, "2026-13", "a month as 2026-10"),
        (
            "admission_type",
            "",
            "7",
            "`admission_type` takes: 1, 2, 3, 4, 5, 9 (UHDDS, type of admission; UB-04 form locator 14)",
        ),
        ("point_of_origin", "", "Z", "form locator 15"),
        ("admission_date", DATES, "10/01/2026", "write a day as 2026-10-01"),
        ("admission_date", DATES, "2026-10-32", "write a day as 2026-10-01"),
        ("birth_date", DATES, "1950-02-01 10:00", "write a day as 2026-10-01"),
        ("age", "", "seventy", "write a whole number"),
        ("total_charges", "", "12,50", "1250.50"),
        ("death_flag", "", "perhaps", "write yes or no"),
        ("admitting_diagnosis", "", "E11.9000000", "at most seven"),
        ("service", "", "", "write a text"),
    ] {
        let errors = faults(field, column, &format!("{field} = \"{text}\""));
        let place = format!("pipeline.toml:6:{}", "only = { ".len() + field.len() + " = ".len() + 1);
        assert!(
            errors.contains(&place) && errors.contains("never-true") && errors.contains(words),
            "{field}: {errors}"
        );
    }
    // Each of a list at its own place.
    let errors = faults("sex", "", "sex = [\"F\", \"X\", \"Y\"]");
    assert!(errors.contains("pipeline.toml:6:22") && errors.contains("pipeline.toml:6:27"), "{errors}");
}
