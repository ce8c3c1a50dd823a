//! Who shares a social security number and a birth date: one person under two patient numbers, or twins. See the page of PAT006.

use crate::{command::run_folder, dates_and_stays::Site};

const COLUMNS: &str = "encounter_id = \"ID\"\npatient_id = \"MRN\"\nadmission_date = \"ADM\"\ndischarge_date = \"DIS\"\nbirth_date = \"DOB\"\nsex = \"SEX\"\n\
                       admission_type = \"TYPE\"\nsocial_security_number = \"SSN\"\npatient_name = \"NAME\"\ndiagnosis_code = \"DX\"\n";

/// Two records of one social security number, birth date and sex, under two patient numbers: encounter and the other record of each finding.
fn found(rows: &[[&str; 3]]) -> Vec<(String, String)> {
    let mut export = "ID,MRN,ADM,DIS,DOB,SEX,TYPE,SSN,NAME,DX\n".to_owned();
    for (place, [birth, kind, name]) in rows.iter().enumerate() {
        let (day, born) = if birth.is_empty() { ("2026-07-05", "2026-07-05") } else { ("2026-08-05", *birth) };
        export += &format!("E{place},P{place},{day},2026-08-09,{born},F,{kind},221-45-6789,\"{name}\",Z38.00\n");
    }
    let site = Site::new(&export, COLUMNS, "");
    site.run();
    for name in ["findings.csv", "run_results.json", "statistics.txt", "worklists/patients_to_review.csv"] {
        let text = std::fs::read_to_string(run_folder(&site.path().join("out")).join("data").join(name)).expect(name);
        assert!(!text.to_lowercase().contains("quillfeather"), "a name stands in {name}");
    }
    site.findings("PAT006")
}

#[test]
fn newborn_twins_of_one_sex_are_two_by_their_given_names() {
    let two = [["", "4", "Quillfeather, Ann"], ["", "4", "Quillfeather, Bella"]];
    assert!(found(&two).is_empty());
    // The same newborn, sent under two numbers.
    let one = [["", "4", "Quillfeather, Ann"], ["", "4", "ANN QUILLFEATHER"]];
    assert_eq!(found(&one), [("E1".to_owned(), "E0".to_owned())]);
}

#[test]
fn newborns_without_a_name_are_two_unless_a_letter_says_that_they_are_one() {
    let letters = [["", "4", "Quillfeather, Baby Girl A"], ["", "4", "Quillfeather, Baby Girl B"]];
    assert!(found(&letters).is_empty());
    let none = [["", "4", "Quillfeather, Baby Girl"], ["", "4", "Quillfeather, Baby Girl"]];
    assert!(found(&none).is_empty());
    let same = [["", "4", "Quillfeather, Baby Girl A"], ["", "4", "QUILLFEATHER BABY GIRL A"]];
    assert_eq!(found(&same).len(), 1);
    // Without a type of admission the day of birth says that they are newborns.
    let untyped = [["", "", "Quillfeather"], ["", "", "Quillfeather"]];
    assert!(found(&untyped).is_empty(), "a family name alone");
}

#[test]
fn a_name_in_several_columns_is_one_name() {
    let heading = "ID,MRN,ADM,DIS,DOB,SEX,TYPE,SSN,LAST,FIRST,DX\n";
    let row = |number: u8, first: &str| {
        format!("E{number},P{number},2026-07-05,2026-07-09,2026-07-05,F,4,221-45-6789,Quillfeather,{first},Z38.31\n")
    };
    let columns = COLUMNS.replace("\"NAME\"", "{ columns = [\"LAST\", \"FIRST\"] }");
    for (second, findings) in [("Bella", 0), ("ANN", 1)] {
        let site = Site::new(&format!("{heading}{}{}", row(1, "Ann"), row(2, second)), &columns, "");
        site.run();
        assert_eq!(site.findings("PAT006").len(), findings, "{second}");
    }
    // A patients feed has the names as well.
    let people = "MRN,LAST,FIRST\nP1,Quillfeather,Ann\nP2,Quillfeather,Bella\n";
    let of_stays = columns.replace("patient_name = { columns = [\"LAST\", \"FIRST\"] }\n", "");
    let site = Site::new(&format!("{heading}{}{}", row(1, "x"), row(2, "x")), &of_stays, "").and(
        "patients",
        people,
        "patient_id = \"MRN\"\npatient_name = { columns = [\"LAST\", \"FIRST\"] }\n",
    );
    site.run();
    assert!(site.findings("PAT006").is_empty());
    let site = Site::new("ID\n", &columns.replace("\"FIRST\"]", "\"FIRST\", \"MIDDLE\", \"SUFFIX\"]"), "");
    assert!(site.refused().contains("family name, given name, middle name"));
}

#[test]
fn grown_people_are_one_by_their_names_or_where_no_name_says_otherwise() {
    let grown = |left, right| found(&[["1960-01-01", "1", left], ["1960-01-01", "1", right]]).len();
    assert_eq!(grown("Quillfeather, Ann", "Ann M. Quillfeather"), 1);
    assert_eq!(grown("Quillfeather, Ann", "Woodall, Ann"), 1, "a family name can change");
    assert_eq!(grown("Quillfeather, Ann", ""), 1);
    assert_eq!(grown("", ""), 1);
    assert_eq!(grown("Quillfeather, Ann", "Quillfeather, Bella"), 0, "twins, grown up under one number");
}
