//! Drafts of layouts: what the values prove is written, everything else is a question with the line that answers it, and an answered draft reads every row.
//!
//! The facts: UB-04 form locators 14, 15 and 17 (NUBC), ISO 5218 for sex, the record layouts of the named data sets, the code tables that ship.

use std::{fmt::Write as _, path::Path};

use crate::command::{chartroom, printed, results};

/// The draft of a text under a file name.
pub fn draft(file: &str, text: &str) -> String {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join(file), text).expect("written");
    let output = chartroom(work.path()).args(["layout", "draft", file]).output().expect("the program starts");
    let (draft, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0), "{draft}");
    draft
}

/// A table with a heading and as many rows as asked, made by number.
pub fn table(heading: &str, rows: usize, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{heading}\n");
    for number in 0..rows {
        let _ = writeln!(text, "{}", row(number));
    }
    text
}

/// The line of a field that is written as a fact.
pub fn fact<'t>(draft: &'t str, field: &str) -> Option<&'t str> {
    draft.lines().find_map(|line| line.strip_prefix(&format!("{field} = ")))
}

/// The lines of a field that stand as questions, without their marks.
pub fn asked<'t>(draft: &'t str, field: &str) -> Vec<&'t str> {
    draft.lines().filter_map(|line| line.strip_prefix(&format!("# {field} = "))).collect()
}

/// The draft with the first line taken for every question that has a line without a blank to fill.
fn answered(draft: &str) -> String {
    let mut text = String::new();
    let mut waiting = false;
    for line in draft.lines() {
        waiting |= line.starts_with("# ASK:");
        let choice = line.strip_prefix("# ").filter(|line| {
            let word = line.split(' ').next().unwrap_or("");
            word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && line[word.len()..].starts_with(" = ")
        });
        match choice {
            Some(choice) if waiting && !choice.contains("STATE THE") => {
                waiting = false;
                text.push_str(choice);
            }
            _ => {
                waiting &= line.starts_with('#');
                text.push_str(line);
            }
        }
        text.push('\n');
    }
    text
}

/// Runs a file by a layout: exit code, rows accepted.
fn run(folder: &Path, file: &str, text: &str, layout: &str) -> (i32, Option<u64>, String) {
    std::fs::write(folder.join(file), text).expect("written");
    std::fs::write(folder.join("drafted.toml"), layout).expect("written");
    let pipeline = format!("title = \"x\"\n[[ingest]]\nname = \"x\"\nfiles = \"{file}\"\nlayout = \"drafted.toml\"\n");
    std::fs::write(folder.join("pipeline.toml"), pipeline).expect("written");
    let output = chartroom(folder).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output();
    let (account, errors, code) = printed(&output.expect("the program starts"));
    let accepted = folder.join("out").is_dir().then(|| results(&folder.join("out"))["totals"]["accepted"].as_u64());
    (code, accepted.flatten(), format!("{account}{errors}"))
}

#[test]
fn a_status_list_that_is_ub04_only_with_zeros_before_it_is_a_question() {
    // The national hospital discharge survey: 6 is dead, in UB-04 home health service.
    for statuses in [&["1", "2", "3", "4", "5", "6", "9"][..], &["1", "2"], &["1", "4", "5"]] {
        let text = table("visit_id,discharge_status,discharge_date", 40, |row| {
            format!("{row},{},2010-06-15", statuses[row % statuses.len()])
        });
        let draft = draft("survey.csv", &text);
        assert_eq!(fact(&draft, "discharge_status"), None, "{draft}");
        let lines = asked(&draft, "discharge_status");
        assert!(lines.iter().any(|line| line.contains("pad_zeros")) && lines.len() > 1, "{draft}");
        assert!(draft.contains(&format!("\"{}\" in ", statuses[0])), "counts are shown: {draft}");
    }
}

#[test]
fn a_status_list_with_the_sparse_numbers_of_ub04_is_given_its_zeros_back() {
    let text =
        table("visit_id,discharge_status", 60, |row| format!("{row},{}", ["1", "3", "6", "20", "62", "65"][row % 6]));
    let draft = draft("visits.csv", &text);
    assert!(fact(&draft, "discharge_status").is_some_and(|line| line.contains("pad_zeros")), "{draft}");
    let text = table("visit_id,discharge_status", 60, |row| format!("{row},{}", ["01", "03", "06", "20"][row % 4]));
    assert_eq!(fact(&self::draft("visits.csv", &text), "discharge_status"), Some("\"discharge_status\""));
}

#[test]
fn lists_of_other_countries_and_data_sets_are_questions() {
    // 11 and 18 are no statuses of UB-04; 6 to 8 no types of admission; the others are lists of England, France, Germany, Ecuador and HCUP.
    for (heading, values, field) in [
        ("discharge_disposition_id", &["1", "3", "6", "11", "18"][..], "discharge_status"),
        ("admission_type_id", &["1", "2", "3", "6", "8"], "admission_type"),
        ("DISMETH", &["1", "2", "4"], "discharge_status"),
        ("Mode de sortie", &["6", "7", "8", "9"], "discharge_status"),
        ("Entlassungsgrund", &["01", "04", "06", "07"], "discharge_status"),
        ("Entlassungsgrund", &["011", "061", "079"], "discharge_status"),
        ("con_egrpa", &["1", "2", "3"], "discharge_status"),
        ("con_egrpa", &["Alta", "Fallecido"], "discharge_status"),
        ("DISPUNIFORM", &["1", "2", "5", "6", "7", "20", "99"], "discharge_status"),
        ("ASOURCE", &["1", "2", "3", "4", "5"], "point_of_origin"),
    ] {
        let text = table(&format!("visit_id,{heading}"), 200, |row| format!("{row},{}", values[row % values.len()]));
        let draft = draft("visits.csv", &text);
        assert_eq!(fact(&draft, field), None, "{heading} {draft}");
        assert!(!asked(&draft, field).is_empty(), "{heading} {draft}");
    }
}

#[test]
fn numbers_say_no_sex_until_diagnoses_prove_it() {
    for numbers in [["1", "2"], ["1", "3"], ["0", "1"]] {
        let text = table("visit_id,SEX,DX1,DX2", 60, |row| format!("{row},{},J189,I10", numbers[row % 2]));
        let draft = draft("visits.csv", &text);
        assert_eq!(fact(&draft, "sex"), None, "{draft}");
        assert!(!asked(&draft, "sex").is_empty(), "{draft}");
    }
    // Births under 1, prostates under 2: the list of Epic.
    let text = table("visit_id,discharge_date,SEX,DX1,DX2", 80, |row| {
        let code = match row % 8 {
            0 => "O80",
            1 => "N400",
            _ => "J189",
        };
        format!("{row},2026-03-02,{},{code},I10", row % 2 + 1)
    });
    let draft = draft("visits.csv", &text);
    assert_eq!(fact(&draft, "sex"), Some("{ column = \"SEX\", values = { F = \"1\", M = \"2\" } }"), "{draft}");
}

#[test]
fn letters_and_words_of_the_sexes_are_read_in_five_languages() {
    for (heading, male, female) in [
        ("SEXO", "Masculino", "Feminino"),
        ("sexo", "H", "M"),
        ("sexo", "Hombre", "Mujer"),
        ("Sexe", "H", "F"),
        ("Geschlecht", "m", "w"),
        ("Geschlecht", "männlich", "weiblich"),
        ("D.O.S. Gender", "male", "female"),
    ] {
        let heading = heading.replace("D.O.S. ", "");
        let text = table(&format!("visit_id,{heading}"), 30, |row| format!("{row},{}", [male, female][row % 2]));
        let draft = draft("visits.csv", &text);
        let line = fact(&draft, "sex").unwrap_or_else(|| panic!("{heading} {draft}"));
        assert!(line.contains(&format!("F = \"{female}\"")) && line.contains(&format!("M = \"{male}\"")), "{line}");
    }
    // V is varón or vrouw.
    let text = table("visit_id,sexo", 30, |row| format!("{row},{}", ["V", "M"][row % 2]));
    assert_eq!(fact(&self::draft("visits.csv", &text), "sex"), None);
    // HCUP's FEMALE.
    let text = table("KEY,FEMALE", 30, |row| format!("{row},{}", row % 2));
    let line = self::draft("core.csv", &text);
    assert_eq!(fact(&line, "sex"), Some("{ column = \"FEMALE\", values = { F = \"1\", M = \"0\" } }"));
}

#[test]
fn yes_and_no_as_one_and_two_are_a_question_and_as_zero_and_one_a_fact() {
    let of = |values: [&str; 2]| {
        draft("visits.csv", &table("visit_id,DIED", 30, |row| format!("{row},{}", values[row % 2])))
    };
    assert_eq!(fact(&of(["0", "1"]), "death_flag"), Some("\"DIED\""));
    let numbered = of(["1", "2"]);
    assert_eq!(fact(&numbered, "death_flag"), None, "{numbered}");
    assert_eq!(asked(&numbered, "death_flag").len(), 3, "{numbered}");
    let marks = table("visit_id,DX1,DX2,POA1,POA2", 40, |row| format!("{row},J189,I10,{},1", row % 2 + 1));
    let marks = draft("visits.csv", &marks);
    assert_eq!(fact(&marks, "present_on_admission"), None, "{marks}");
    assert!(!asked(&marks, "present_on_admission").is_empty(), "{marks}");
}

#[test]
fn a_unit_beside_an_age_is_a_question_unless_it_is_written_in_words() {
    let text = table("id,age,age_units", 40, |row| format!("{row},{},{}", row + 1, ["1", "1", "2", "3"][row % 4]));
    let draft = draft("survey.csv", &text);
    assert_eq!(fact(&draft, "age"), None, "{draft}");
    let line =
        "{ column = \"age\", unit_column = \"age_units\", units = { years = \"1\", months = \"2\", days = \"3\" } }";
    assert!(asked(&draft, "age").contains(&line), "{draft}");
    // Brazil: 4 are years, 3 months, 2 days.
    let text = table("N_AIH,COD_IDADE,IDADE", 40, |row| format!("{row},{},{}", ["4", "4", "3", "2"][row % 4], row + 1));
    let draft = self::draft("sih.csv", &text);
    assert!(
        asked(&draft, "age").iter().any(|line| line.contains("years = \"4\", months = \"3\", days = \"2\"")),
        "{draft}"
    );
    let text =
        table("id,age,age_unit", 40, |row| format!("{row},{},{}", row + 1, ["years", "months", "days"][row % 3]));
    let draft = self::draft("visits.csv", &text);
    assert!(fact(&draft, "age").is_some_and(|line| line.contains("unit_column = \"age_unit\"")), "{draft}");
    let work = tempfile::tempdir().expect("a folder");
    let (code, accepted, account) = run(work.path(), "visits.csv", &text, &draft);
    assert_eq!((code, accepted), (0, Some(40)), "{account}");
}

#[test]
fn headings_of_four_languages_and_of_national_data_sets_are_understood() {
    let days = "2019-03-04";
    for (heading, value, field) in [
        ("D.O.B.", days, "birth_date"),
        ("Pt. D.O.B.", days, "birth_date"),
        ("Patient_DOB", days, "birth_date"),
        ("DateOfBirth", days, "birth_date"),
        ("dbo.tbl.BirthDt", days, "birth_date"),
        ("NASC", days, "birth_date"),
        ("fecha de nacimiento", days, "birth_date"),
        ("Date de naissance", days, "birth_date"),
        ("naissance", days, "birth_date"),
        ("Geburtsdatum", days, "birth_date"),
        ("DT_INTER", days, "admission_date"),
        ("fecha_ingreso", days, "admission_date"),
        ("Date d'entrée", days, "admission_date"),
        ("Aufnahmedatum", days, "admission_date"),
        ("ADMIDATE", days, "admission_date"),
        ("DT_SAIDA", days, "discharge_date"),
        ("Fecha de egreso", days, "discharge_date"),
        ("date_sortie", days, "discharge_date"),
        ("Entlassungsdatum", days, "discharge_date"),
        ("DISDATE", days, "discharge_date"),
        ("DIAS_PERM", "4", "length_of_stay_days"),
        ("dia_estad", "4", "length_of_stay_days"),
        ("durée de séjour", "4", "length_of_stay_days"),
        ("Verweildauer", "4", "length_of_stay_days"),
        ("L.O.S.", "4", "length_of_stay_days"),
        ("time_in_hospital", "4", "length_of_stay_days"),
        ("edad", "44", "age"),
        ("IDADE", "44", "age"),
        ("Alter in Jahren am Aufnahmetag", "44", "age"),
        ("STARTAGE", "44", "age"),
        ("DIAG_PRINC", "J189", "diagnosis_code"),
        ("Hauptdiagnose", "J18.9", "diagnosis_code"),
        ("cau_cie10", "J189", "diagnosis_code"),
        ("DP", "J189", "diagnosis_code"),
    ] {
        let text = table(&format!("visit_id,discharge_status,{heading}"), 12, |row| format!("{row},01,{value}"));
        let draft = draft("visits.csv", &text);
        let line = fact(&draft, field).unwrap_or_else(|| panic!("{heading}: {draft}"));
        assert!(line.contains(&heading.replace('"', "")), "{heading}: {line}");
    }
    for (heading, field) in [("MORTE", "death_flag"), ("fallecido", "death_flag")] {
        let text = table(&format!("visit_id,{heading}"), 12, |row| format!("{row},{}", row % 2));
        assert!(fact(&draft("visits.csv", &text), field).is_some(), "{heading}");
    }
}

#[test]
fn a_column_that_looks_like_a_field_and_is_left_out_is_named() {
    let text = table("visit_id,client_dob_verified,Geburtsjahr_x,zzz_sex_r", 30, |row| {
        format!("{row},19{:02}-03-14,1950,{}", row + 30, ["M", "F"][row % 2])
    });
    let found = draft("visits.csv", &text);
    assert!(asked(&found, "birth_date").iter().any(|line| line.contains("client_dob_verified")), "{found}");
    assert!(asked(&found, "sex").iter().any(|line| line.contains("zzz_sex_r")), "{found}");
    // A year is no day, and the layout can read it.
    let text =
        table("Fallnummer;Geburtsjahr;Geschlecht", 30, |row| format!("{row};{};{}", 1930 + row, ["m", "w"][row % 2]));
    let draft = draft("p21.csv", &text);
    assert_eq!(fact(&draft, "birth_date"), None, "{draft}");
    assert_eq!(asked(&draft, "birth_date"), ["{ column = \"Geburtsjahr\", formats = [\"%Y\"] }"], "{draft}");
    let work = tempfile::tempdir().expect("a folder");
    let (code, accepted, account) = run(work.path(), "p21.csv", &text, &answered(&draft));
    assert_eq!((code, accepted), (0, Some(30)), "{account}");
}

#[test]
fn a_heading_that_says_something_else_is_not_overruled_by_its_values() {
    let text =
        table("visit_id,provider_gender,k", 30, |row| format!("{row},{},{}", ["M", "F"][row % 2], ["F", "M"][row % 2]));
    let draft = draft("visits.csv", &text);
    assert_eq!(fact(&draft, "sex"), Some("\"k\""), "{draft}");
}

#[test]
fn marks_are_paired_with_codes_by_number_or_by_order_and_never_shifted() {
    let columns = |heading: &str, marks: &str| {
        draft("a.csv", &table(&format!("visit_id,{heading}"), 40, |row| format!("{row},{marks}")))
    };
    for (heading, row, line) in [
        ("DX1,DX2,DX3,POA-P,POA-1,POA-2", "J189,I10,E119,Y,N,Y", "{ columns = [\"POA-P\", \"POA-{1..2}\"] }"),
        ("DX1,DX2,DX3,POA1,POA2,POA3", "J189,I10,E119,Y,N,Y", "{ columns = \"POA{1..3}\" }"),
        ("PDX,SDX1,SDX2,POA1,POA2,POA3", "J189,I10,E119,Y,N,Y", "{ columns = \"POA{1..3}\" }"),
        ("PDX,SDX1,SDX2,POA_P,OPOA1,OPOA2", "J189,I10,E119,Y,N,Y", "{ columns = [\"POA_P\", \"OPOA{1..2}\"] }"),
        // The principal has no mark: the run begins with the second place.
        ("DX1,DX2,DX3,POA2,POA3", "J189,I10,E119,N,Y", "{ columns = \"POA{1..3}\" }"),
    ] {
        let draft = columns(heading, row);
        assert_eq!(fact(&draft, "present_on_admission"), Some(line), "{draft}");
    }
    let draft = columns("PDX,SDX1,SDX2,POA1,POA2", "J189,I10,E119,N,Y");
    assert_eq!(fact(&draft, "present_on_admission"), None, "{draft}");
    assert_eq!(asked(&draft, "present_on_admission").len(), 2, "{draft}");
}

#[test]
fn a_principal_code_that_stands_in_the_first_column_again_is_one_code() {
    let text = table("visit_id,PRINCIPAL_DX,DX1,DX2", 30, |row| format!("{row},J189,J189,I10"));
    let draft = draft("a.csv", &text);
    assert_eq!(fact(&draft, "diagnosis_code"), Some("{ columns = \"DX{1..2}\" }"), "{draft}");
}

#[test]
fn a_name_in_several_columns_is_drafted_with_the_family_name_first() {
    for heading in ["FirstName,LastName,MI", "PAT_FIRST_NM,PAT_LAST_NM,PAT_MID_NM", "given_name,surname,Middle Name"] {
        let names: Vec<&str> = heading.split(',').collect();
        let text =
            table(&format!("visit_id,{heading},admit_date,sex"), 20, |row| format!("{row},Ann,Smith,B,2026-01-20,F"));
        let draft = draft("a.csv", &text);
        let expected = format!("{{ columns = [\"{}\", \"{}\", \"{}\"] }}", names[1], names[0], names[2]);
        assert_eq!(fact(&draft, "patient_name"), Some(expected.as_str()), "{draft}");
    }
    let draft = draft(
        "a.csv",
        &table("visit_id,attending_first_name,attending_last_name", 20, |row| format!("{row},Ann,Smith")),
    );
    assert!(!draft.contains("patient_name"), "{draft}");
}

#[test]
fn two_orders_of_day_and_month_are_refused_whatever_the_separator() {
    for days in [
        ["03/04/2024", "25/12/2024", "12/25/2024"],
        ["03.04.2024", "25.12.2024", "12.25.2024"],
        ["03-04-2024", "25-12-2024", "12-25-2024"],
        ["03/04/2024", "25/12/2024", "12-25-2024"],
        ["25.12.2024", "12/25/2024", "12/26/2024"],
        ["25/12/2024 10:00", "12/25/2024", "12/26/2024"],
    ] {
        let text = table("visit_id,admit_date", 3, |row| format!("{row},{}", days[row]));
        let draft = draft("a.csv", &text);
        assert!(fact(&draft, "admission_date").is_some_and(|line| line.contains("STATE THE FORMAT")), "{draft}");
        let work = tempfile::tempdir().expect("a folder");
        let (code, _, account) = run(work.path(), "a.csv", &text, &draft);
        assert!(code == 2 && account.contains("ambiguous-date"), "{account}");
        assert!(account.contains("`decided_by`") && account.contains("a new export"), "{account}");
        assert!(draft.contains("two orders of day and month are mixed"), "{draft}");
    }
}

#[test]
fn mixed_orders_are_told_with_how_many_dates_are_surely_of_each_and_what_to_do() {
    // Days 1 to 12 can be either; 16 of the first of two files are day first, 8 of the second month first.
    let day = |row: usize| match row {
        0..16 => format!("{:02}/03/2024", row + 13),
        16..24 => format!("03/{:02}/2024", row - 3),
        _ => format!("0{}/03/2024", row % 9 + 1),
    };
    let text = table("visit_id,admit_date", 50, |row| format!("{row},{}", day(row)));
    let draft = draft("a.csv", &text);
    let told = draft.lines().find(|line| line.contains("two orders of day and month")).expect("a note").to_owned();
    for part in [
        "16 surely day-first (\"%d/%m/%Y\")",
        "8 surely month-first (\"%m/%d/%Y\")",
        "and 26 that can be either",
        "decided_by",
        "names the month",
        "a new one",
    ] {
        assert!(draft.contains(part), "{part}: {told}\n{draft}");
    }
    assert!(!draft.contains("is not proven"), "{draft}");
    // Two separators, one order each.
    let text = "visit_id,admit_date\n1,25.12.2024\n2,03.04.2024\n3,12/25/2024\n4,12/26/2024\n";
    let draft = self::draft("a.csv", text);
    let joined = draft.replace("\n# ", " ");
    assert!(joined.contains("1 surely day-first") && joined.contains("2 surely month-first"), "{draft}");
    assert!(joined.contains("1 that can be either"), "{draft}");
}

#[test]
fn a_column_of_the_month_or_the_stated_stay_decides_two_orders() {
    let text = "visit_id,admit_date,month year\n1,03/04/2024,Apr-24\n2,25/12/2024,Dec-24\n3,12/25/2024,Dec-24\n4,05/06/2024,May-24\n";
    let draft = draft("a.csv", text);
    let line = fact(&draft, "admission_date").unwrap_or_else(|| panic!("{draft}"));
    assert!(
        line.contains("decided_by = \"month year\"") && line.contains("%d/%m/%Y") && line.contains("%m/%d/%Y"),
        "{draft}"
    );
    assert!(draft.contains("decides 2 of 2 dates that have two readings"), "{draft}");
    let work = tempfile::tempdir().expect("a folder");
    let (code, accepted, account) = run(work.path(), "a.csv", text, &draft);
    assert_eq!((code, accepted), (0, Some(4)), "{account}");
    let text = "visit_id,admit_date,discharge_date,LOS\n1,03/04/2024,2024-04-05,2\n2,25/12/2024,2024-12-28,3\n3,12/25/2024,2024-12-27,2\n4,05/06/2024,2024-05-09,3\n";
    let draft = self::draft("a.csv", text);
    assert!(
        fact(&draft, "admission_date").is_some_and(|line| line.contains("decided_by = \"length_of_stay_days\"")),
        "{draft}"
    );
    // A month that contradicts the dates decides nothing.
    let text = "visit_id,admit_date,month\n1,03/04/2024,4\n2,25/12/2024,7\n3,12/25/2024,8\n4,05/06/2024,5\n";
    let draft = self::draft("a.csv", text);
    assert!(fact(&draft, "admission_date").is_some_and(|line| line.contains("STATE THE FORMAT")), "{draft}");
}

#[test]
fn the_answered_draft_of_every_kind_reads_every_row() {
    let who = ["I64", "E149", "A099", "O809", "I849", "J189", "N390", "K359", "J180", "O800"];
    let sih = table(
        "N_AIH,NASC,SEXO,DT_INTER,DT_SAIDA,DIAG_PRINC,DIAG_SECUN,COD_IDADE,IDADE,DIAS_PERM,MORTE,CAR_INT",
        60,
        |row| {
            let (sex, unit) = (["1", "3"][row % 2], ["4", "4", "3", "2"][row % 4]);
            format!("{row},19500314,{sex},20100301,20100304,{},0000,{unit},{},3,{},01", who[row % 10], row + 1, row % 2)
        },
    );
    let inec = table("sexo;cod_edad;edad;fecha_ingr;fecha_egr;dia_estad;con_egrpa;cau_cie10", 60, |row| {
        let (sex, unit) = (["Hombre", "Mujer"][row % 2], ["Años", "Meses", "Días"][row % 3]);
        let status = ["Alta", "Fallecido 48 horas y más"][row % 2];
        format!("{sex};{unit};{row};2019/03/02;2019/03/05;3;{status};{}", who[row % 10])
    });
    let pmsi = table(
        "N° séjour;Sexe;Date de naissance;Date d'entrée;Date de sortie;Mode de sortie;DP;DAS1;GHM",
        60,
        |row| {
            let (sex, status) = (["H", "F"][row % 2], ["8", "7", "9"][row % 3]);
            format!(
                "{row};{sex};14/03/1950;{:02}/03/2019;28/03/2019;{status};{};I10;05M092",
                row % 28 + 1,
                who[row % 10]
            )
        },
    );
    let hes = table(
        "EPIKEY,ENCRYPTED_HESID,ADMIDATE,DISDATE,SEX,MYDOB,STARTAGE,DISMETH,DIAG_01,DIAG_02,OPERTN_01,OPERTN_02,OPDATE_01",
        60,
        |row| {
            let (sex, status) = (row % 2 + 1, [1, 2, 4][row % 3]);
            format!(
                "{row},H{row},2018-03-02,2018-03-05,{sex},031950,68,{status},{},I10,W371,,2018-03-03",
                who[row % 10]
            )
        },
    );
    let hcup = table("KEY_NIS,AGE,FEMALE,LOS,DIED,DISPUNIFORM,TOTCHG,I10_DX1,I10_DX2,I10_PR1,PRDAY1", 60, |row| {
        let status = [1, 2, 5, 6, 7, 20, 99][row % 7];
        format!("{row},{},{},3,0,{status},1200,S72141A,I10,0DTJ4ZZ,1", row + 20, row % 2)
    });
    let p21 = table(
        "IK;KH-internes-Kennzeichen;Geburtsjahr;Geschlecht;Aufnahmedatum;Entlassungsdatum;Entlassungsgrund;Hauptdiagnose",
        60,
        |row| {
            let (sex, status) = (["m", "w"][row % 2], ["011", "079"][row % 2]);
            format!("260100001;K{row};1950;{sex};201903020830;201903051100;{status};I10.90")
        },
    );
    for (file, text) in [
        ("sih.csv", sih),
        ("inec.csv", inec),
        ("pmsi.csv", pmsi),
        ("hes.csv", hes),
        ("hcup.csv", hcup),
        ("p21.csv", p21),
    ] {
        let draft = draft(file, &text);
        // A file without numbers of its records is refused until someone says so.
        let numbered =
            answered(&draft).replace("encounter_id = \"STATE THE COLUMN\"", "encounter_id = { row_number = true }");
        for layout in
            [draft.replace("encounter_id = \"STATE THE COLUMN\"", "encounter_id = { row_number = true }"), numbered]
        {
            let work = tempfile::tempdir().expect("a folder");
            let (code, accepted, account) = run(work.path(), file, &text, &layout);
            assert!(code <= 1 && accepted == Some(60), "{file} {code} {account}\n{layout}");
        }
    }
}

#[test]
fn a_blank_that_a_draft_leaves_to_a_person_is_refused_until_it_is_filled() {
    for line in [
        "sex = { column = \"s\", values = { F = \"STATE THE TEXT\", M = \"1\" } }",
        "age = { column = \"a\", unit_column = \"u\", units = { years = \"STATE THE TEXT\" } }",
    ] {
        let work = tempfile::tempdir().expect("a folder");
        let layout = format!("title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"id\"\n{line}\n");
        let (code, _, account) = run(work.path(), "a.csv", "id,s,a,u\n1,1,2,3\n", &layout);
        assert!(code == 2 && account.contains("unanswered"), "{account}");
    }
}

#[test]
fn one_numbered_code_beside_a_principal_one_is_the_second_position() {
    let codes = ["J18.9", "I50.33", "N39.0", "K92.2", "E11.9"];
    for (heading, diagnoses, marks) in [
        (
            "Principal Dx,Dx2,POA-P,POA-2",
            r#"{ columns = ["Principal Dx", "Dx2"] }"#,
            r#"{ columns = ["POA-P", "POA-2"] }"#,
        ),
        ("Dx2,PDX,POA2,POA P", r#"{ columns = ["PDX", "Dx2"] }"#, r#"{ columns = ["POA P", "POA2"] }"#),
        (
            "Diagnosis,Diagnosis 02,POA1,POA2",
            r#"{ columns = ["Diagnosis", "Diagnosis 02"] }"#,
            r#"{ columns = "POA{1..2}" }"#,
        ),
    ] {
        // With the days of the stay, and without a word that says what a row is.
        for (days, row) in [("Admit Date,Discharge Date", "2026-03-01,2026-03-04"), ("Shift,Ward", "late,4B")] {
            let text = table(&format!("Case No,{days},{heading}"), 10, |at| {
                format!("{},{row},{},{},Y,N", 7000 + at, codes[at % 5], codes[(at + 1) % 5])
            });
            let draft = draft("stays.csv", &text);
            assert!(draft.contains("\ntable = \"encounters\"\n"), "{draft}");
            assert_eq!(fact(&draft, "diagnosis_code"), Some(diagnoses), "{draft}");
            assert_eq!(fact(&draft, "present_on_admission"), Some(marks), "{draft}");
        }
    }
    let text = table(
        "Case No,Admitted,Discharged,Principal procedure,Procedure 2,Procedure date,Procedure 2 date",
        10,
        |at| format!("{},2026-03-01,2026-03-04,0SRC0J9,0FT44ZZ,2026-03-02,2026-03-03", 7000 + at),
    );
    let draft = draft("stays.csv", &text);
    assert_eq!(
        fact(&draft, "procedure_code"),
        Some(r#"{ columns = ["Principal procedure", "Procedure 2"] }"#),
        "{draft}"
    );
    let dates = fact(&draft, "procedure_date").unwrap_or_default();
    assert!(dates.starts_with(r#"{ columns = ["Procedure date", "Procedure 2 date"]"#), "{draft}");
}

#[test]
fn a_row_with_a_sex_a_birth_and_a_number_of_its_own_is_a_stay_and_its_two_dates_are_asked_about() {
    let text = table("Case No,Arrived,Left,DOB,Gender,Disposition,Dx1", 10, |at| {
        format!("{},2026-03-0{},2026-03-1{at},1950-03-14,{},01,J18.9", 7000 + at, 1 + at % 9, ["F", "M"][at % 2])
    });
    let stays = draft("export.csv", &text);
    assert!(
        stays.contains("\ntable = \"encounters\"\n") && stays.contains("# CHECK: one row an encounter is a guess"),
        "{stays}"
    );
    for (field, column) in [("admission_date", "Arrived"), ("discharge_date", "Left")] {
        assert_eq!(fact(&stays, field), None, "{stays}");
        let asked = asked(&stays, field);
        assert!(asked.len() == 1 && asked[0].starts_with(&format!("{{ column = \"{column}\", ")), "{stays}");
    }
    // Left as it is, `check` says what comes of it.
    let work = tempfile::tempdir().expect("a folder");
    assert_eq!(run(work.path(), "export.csv", &text, &stays).0, 0);
    let check = |layout: &str| {
        std::fs::write(work.path().join("drafted.toml"), layout).expect("written");
        printed(&chartroom(work.path()).args(["check", "pipeline.toml"]).output().expect("the program starts")).0
    };
    let undated = "export.csv: the layout has no discharge_date: every stay is undated, and in no figure\n";
    assert!(check(&stays).contains(undated), "{}", check(&stays));
    assert!(!check(&answered(&stays)).contains("undated"), "{}", check(&answered(&stays)));
    // A list of codes has the stay's number on as many rows as it has codes.
    let text = table("Case No,Gender,DOB,Dx", 10, |at| format!("{},F,1950-03-14,J18.{}", 7000 + at / 2, at % 10));
    let codes = draft("export.csv", &text);
    assert!(codes.contains("\ntable = \"diagnoses\"\n"), "{codes}");
}
