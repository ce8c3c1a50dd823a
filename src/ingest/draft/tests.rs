//! Drafts of real exports and of made ones: they run, they ask where they must, and they keep what identifies a patient to themselves.

use std::path::{Path, PathBuf};

use super::{draft, sample};
use crate::{
    ingest::layout::Layout,
    problem::Problems,
    record::{date::Moment, field::Field},
};

/// A draft of texts written to files of these names.
fn of(files: &[(&str, &[u8])]) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        })
        .collect();
    draft(&paths, None).expect("a table")
}

fn parse(text: &str) -> (Option<Layout>, Problems) {
    let mut problems = Problems::default();
    let layout = Layout::parse("draft.toml", text, &mut problems);
    (layout, problems)
}

/// The layout of a draft that asks nothing.
fn layout(text: &str) -> Layout {
    let (layout, problems) = parse(text);
    layout.unwrap_or_else(|| panic!("{}\n{text}", problems.render(false)))
}

fn line<'t>(text: &'t str, field: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(&format!("{field} ="))).unwrap_or_else(|| panic!("no {field} in\n{text}"))
}

#[test]
fn a_list_of_people_is_not_called_patients_without_a_check() {
    let list = "Id,NAME,GENDER,ZIP\nd1,Vicente Kilback,M,91950\nd2,Mary Mann,F,92103\n";
    assert!(of(&[("providers.csv", list.as_bytes())]).contains("# CHECK: one row a patient is a guess"));
    assert!(!of(&[("patients.csv", list.as_bytes())]).contains("one row a patient is a guess"));
}

#[test]
fn drafts_of_the_samples_parse_bind_and_map_what_written_layouts_map() {
    let pairs = [
        ("mimic-iv-demo/admissions.csv", "mimic-iv-admissions"),
        ("mimic-iv-demo/diagnoses_icd.csv", "mimic-iv-diagnoses"),
        ("mimic-iv-demo/patients.csv", "mimic-iv-patients"),
        ("synthea/encounters.csv", "synthea-encounters"),
        ("synthea/conditions.csv", "synthea-conditions"),
        ("synthea/procedures.csv", "synthea-procedures"),
        ("synthea/patients.csv", "synthea-patients"),
    ];
    for (file, written) in pairs {
        let Some(path) = crate::shared_folder::path(&format!("samples/{file}")) else { continue };
        let text = draft(std::slice::from_ref(&path), None).expect("a table");
        let drafted = layout(&text);
        let layouts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipelines/samples/layouts");
        let written = layout(&std::fs::read_to_string(layouts.join(format!("{written}.toml"))).expect("written"));
        assert_eq!(drafted.table, written.table, "{file}");
        let sample = sample::read(&path, None).expect("a table");
        let mine = drafted.bind(&sample.header).expect("bound").placement;
        let theirs = written.bind(&sample.header).expect("bound").placement;
        let (mine_feed, their_feed) = (drafted.feed("a"), written.feed("b"));
        for (at, slot) in theirs.slots.iter().enumerate() {
            let Some(slot) = slot else { continue };
            let wanted = their_feed.slots[usize::from(*slot)].field;
            let found = mine.slots[at].map(|slot| mine_feed.slots[usize::from(slot)].field);
            assert_eq!(found, Some(wanted), "{file} {}", sample.header[at]);
        }
    }
}

#[test]
fn drafts_of_registers_map_what_the_shipped_layouts_map() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, shipped) in [
        ("staff.csv", "staff-file"),
        ("census-2026-10.csv", "daily-census"),
        ("daily-census-2026-10.csv", "daily-census"),
        ("beds.csv", "bed-file"),
        ("movements.csv", "movements"),
        ("autopsies.csv", "autopsies"),
        ("deliveries.csv", "deliveries"),
        ("anaesthetics.csv", "anaesthetics"),
        ("infections.csv", "infections"),
        ("consultations.csv", "consultations"),
        ("bills.csv", "bills"),
        ("staff-hours.csv", "staff-hours"),
        ("deaths-2026-10.csv", "deaths-register"),
        ("births-2026-10.csv", "birth-register"),
    ] {
        let path = root.join("fixtures/registers").join(file);
        let drafted = layout(&draft(std::slice::from_ref(&path), None).expect("a table"));
        let shipped = std::fs::read_to_string(root.join(format!("pipelines/layouts/{shipped}.toml"))).expect("shipped");
        let shipped = layout(&shipped);
        assert_eq!(drafted.table, shipped.table, "{file}");
        let header = sample::read(&path, None).expect("a table").header;
        let fields = |layout: &Layout| {
            let (slots, feed) = (layout.bind(&header).expect("bound").placement.slots, layout.feed("a"));
            slots.iter().map(|slot| slot.map(|slot| feed.slots[usize::from(slot)].field)).collect::<Vec<_>>()
        };
        assert_eq!(fields(&drafted), fields(&shipped), "{file}");
    }
}

#[test]
fn the_draft_of_generated_abstracts_maps_every_column_but_the_remarks() {
    let header = "record_id,patient_id,facility_id,admit_date,discharge_date,birth_date,age,sex,zip,payer,admit_type,\
                  admit_source,discharge_status,ms_drg,total_charges,attending_npi,attending_name,remarks,DX1,DX2,POA1,POA2,PR1,PR2,\
                  PRDATE1,PRDATE2";
    let mut text = format!("{header}\n");
    for number in 1..30 {
        text.push_str(&format!(
            "R{number},P{number},F1,2026-10-{number:02},2026-10-30,1950-01-01,76,F,12345,MA,1,1,01,470,100.00,1234567893,\"A, B\",,\
             I10,E119,Y,N,0DTJ4ZZ,,2026-10-30,\n"
        ));
    }
    let text = of(&[("abstracts.csv", text.as_bytes())]);
    let bound = layout(&text).bind(&header.split(',').map(str::to_owned).collect::<Vec<_>>()).expect("bound");
    assert_eq!(bound.unmapped, ["remarks"]);
    assert_eq!(line(&text, "diagnosis_code"), "diagnosis_code = { columns = \"DX{1..2}\" }");
}

#[test]
fn an_order_of_day_and_month_that_is_not_proven_is_asked_and_refused_until_it_is_stated() {
    let text = of(&[(
        "visits.csv",
        b"visit_id,patient_id,admit_date,discharge_date\n1,7,03/04/2024,13/04/2024\n2,8,05/06/2024,06/06/2024\n",
    )]);
    assert!(line(&text, "discharge_date").contains("[\"%d/%m/%Y\"]"), "{text}");
    assert!(text.contains("# ASK: the order of day, month and year is not proven by 2 values"), "{text}");
    let (refused, problems) = parse(&text);
    assert!(refused.is_none());
    let codes: Vec<&str> = problems.sorted().iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["ambiguous-date"]);
    layout(&text.replace("\"STATE THE FORMAT\"", "\"%d/%m/%Y\""));
}

#[test]
fn a_second_file_of_the_export_can_prove_the_order() {
    let first: (&str, &[u8]) = ("a.csv", b"visit_id,admit_date\n1,03/04/2024\n");
    let second: (&str, &[u8]) = ("b.csv", b"admit_date,visit_id\n03/25/2024,2\n");
    assert!(parse(&of(&[first])).0.is_none());
    assert!(line(&of(&[first, second]), "admission_date").contains("[\"%m/%d/%Y\"]"));
}

#[test]
fn files_of_different_exports_are_not_drafted_together() {
    let folder = tempfile::tempdir().expect("folder");
    let paths = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    std::fs::write(&paths[0], "visit_id,sex\n1,F\n").expect("written");
    std::fs::write(&paths[1], "visit_id,zip\n1,12345\n").expect("written");
    let (path, fault) = draft(&paths, None).expect_err("different columns");
    assert_eq!(path, paths[1]);
    assert!(fault.to_string().contains("other columns"), "{fault}");
}

#[test]
fn two_digit_years_are_read_so_that_no_stay_ends_before_it_begins() {
    // A stay over the turn from 29 to 30 would be read as 2029 to 1930.
    let text = of(&[("visits.csv", b"visit_id,admit_date,discharge_date\n1,12/31/29,01/13/30\n2,02/14/96,02/15/96\n")]);
    let layout = layout(&text);
    let feed = layout.feed("visits");
    let read = |field: Field, text: &str| -> Moment {
        let slot = feed.slots.iter().find(|slot| slot.field == field).expect("mapped");
        slot.moment(text.as_bytes()).expect("a date")
    };
    assert!(read(Field::AdmissionDate, "12/31/29") < read(Field::DischargeDate, "01/13/30"));
    assert!(text.contains("# CHECK: years have two digits"), "{text}");
}

#[test]
fn words_are_translated_and_those_that_fit_two_values_are_asked() {
    let mut text = "visit_id;gender;disposition;Age_Days\n".to_owned();
    for number in 0..40 {
        let sex = ["male", "Female"][number % 2];
        let to = ["HOME", "Expired", "HOSPICE", "SNF"][number % 4];
        text.push_str(&format!("{number};{sex};{to};{}\n", number * 400));
    }
    let text = of(&[("visits.csv", text.as_bytes())]);
    assert!(line(&text, "sex").contains("F = \"Female\", M = \"male\""), "{text}");
    assert!(
        line(&text, "discharge_status").contains("\"01\" = \"HOME\", \"03\" = \"SNF\", \"20\" = \"Expired\""),
        "{text}"
    );
    assert!(
        text.contains("# CHECK: \"HOSPICE\" (10 rows) is not translated: 50 (at home) or 51 (in a facility)."),
        "{text}"
    );
    assert!(line(&text, "age").contains("unit = \"days\""), "{text}");
    layout(&text);
}

#[test]
fn missing_tokens_lost_zeros_and_encodings_are_stated() {
    let mut text = b"visit_id\tpatient_name\tdisposition\tzip\tadmit_date\r\n".to_vec();
    for number in 0..30 {
        text.extend_from_slice(format!("{number}\tM").as_bytes());
        text.push(0xfc);
        let zip = ["2134", "10001"][number % 2];
        let date = if number == 3 { "NULL".to_owned() } else { format!("2026-01-{:02}", number + 1) };
        text.extend_from_slice(format!("ller\t{}\t{zip}\t{date}\r\n", [1, 3, 20][number % 3]).as_bytes());
    }
    let text = of(&[("visits.txt", &text)]);
    assert!(text.contains("delimiter = \"tab\"") && text.contains("encoding = \"windows-1252\""), "{text}");
    assert!(text.contains("missing = \"NULL\""), "{text}");
    assert!(line(&text, "zip_code").contains("repair = [\"pad_zeros\"]"), "{text}");
    assert!(line(&text, "discharge_status").contains("repair = [\"pad_zeros\"]"), "{text}");
    layout(&text);
}

#[test]
fn an_export_without_heading_is_guessed_from_its_values() {
    let mut text = String::new();
    for number in 1..40 {
        let (sex, code) = (["M", "F"][number % 2], ["I10", "E11.9", "J18.9", "S72.141A", "A41.9"][number % 5]);
        text.push_str(&format!(
            "A{number:04},{sex},19{:02}-05-17,2026-03-01,2026-03-{:02},{code}\n",
            number + 20,
            number % 27 + 2
        ));
    }
    let text = of(&[("export.csv", text.as_bytes())]);
    assert!(text.contains("header_row = 0"), "{text}");
    for (field, column) in [
        ("encounter_id", 1),
        ("sex", 2),
        ("birth_date", 3),
        ("admission_date", 4),
        ("discharge_date", 5),
        ("diagnosis_code", 6),
    ] {
        assert!(line(&text, field).contains(&format!("\"column {column}\"")), "{field}\n{text}");
    }
    layout(&text);
}

#[test]
fn a_principal_diagnosis_stands_before_the_numbered_ones() {
    let text =
        of(&[("a.csv", b"VisitNo,PDX,SDX01,SDX02,POA_P,OPOA01,OPOA02\n1,I10,E119,,Y,N,\n2,A419,J189,N179,Y,Y,Y\n")]);
    assert_eq!(line(&text, "diagnosis_code"), "diagnosis_code = { columns = [\"PDX\", \"SDX{01..02}\"] }");
    layout(&text);
}

#[test]
fn fixed_width_is_cut_and_runs() {
    let mut text = String::new();
    for number in 0..20 {
        text.push_str(&format!("A{number:05}  2026-10-{:02} {}\n", number + 1, ["M", "F"][number % 2]));
    }
    let text = of(&[("export.dat", text.as_bytes())]);
    assert!(line(&text, "encounter_id").contains("start = 1, width = 6"), "{text}");
    assert_eq!(layout(&text).fixed_columns()[0], (0, 6));
    assert_eq!(layout(&text).source.record_length, Some(20), "{text}");
}

#[test]
fn nothing_that_identifies_a_patient_stands_in_a_draft() {
    let header = "visit_no,mrn,patient_name,ssn,zip,dob,employer,status,sex,remarks,odd\n";
    let mut text = header.to_owned();
    for number in 0..50 {
        let canary = format!("CANARY{}", number % 20);
        // Names slipped into the columns of sex and status, once each.
        let (sex, status) = if number == 7 { (canary.as_str(), canary.as_str()) } else { ("F", "01") };
        text.push_str(&format!(
            "{canary}{number},{canary},{canary},{canary},{canary},{canary},{canary},{status},{sex},{canary},{canary}\n"
        ));
    }
    let text = of(&[("visits.csv", text.as_bytes())]);
    assert!(!text.contains("CANARY"), "{text}");
}

#[test]
fn a_column_whose_name_stands_twice_is_mapped_once() {
    let text = of(&[(
        "a.csv",
        b"visit,code,,CODE,code\n1,I10,x,E11.9,J18.9\n2,A41.9,y,I10,\n3,E11.9,z,I10,\n4,J18.9,z,I10,\n",
    )]);
    let header: Vec<String> = ["visit", "code", "", "CODE", "code"].map(str::to_owned).to_vec();
    let bound = layout(&text).bind(&header).expect("bound");
    assert_eq!(bound.placement.slots.iter().flatten().count(), 2, "{text}");
}

#[test]
fn a_guess_by_values_says_how_many_of_them_it_goes_by_and_the_draft_still_runs() {
    let mut text = String::from("visit_no,k,l,m\n");
    let codes = ["I10", "E11.9", "J18.9", "N17.9", "A41.9"];
    for number in 0..40 {
        let sex = if number == 7 { "?" } else { ["M", "F"][number % 2] };
        let code = if number == 9 { "unclear" } else { codes[number % 5] };
        text.push_str(&format!("V{number},{sex},{code},x{number}\n"));
    }
    let text = of(&[("a.csv", text.as_bytes())]);
    assert!(
        text.contains("# CHECK: guessed from the values: 39 of 39 look like words for the sexes.\nsex ="),
        "{text}"
    );
    assert!(text.contains("# CHECK: guessed from the values: 39 of 40 look like codes of ICD-10-CM;"), "{text}");
    layout(&text);
}

#[test]
fn seven_digits_are_no_code_of_a_procedure() {
    let mut text = String::new();
    for number in 0..60 {
        let code = ["J189", "K3580", "I10", "N179"][number % 4];
        text.push_str(&format!(
            "{},{},{},1976-03-14,2026-10-12,2026-10-25,{code}\n",
            1_948_774 + number * 7,
            1_536_537 + number % 50,
            ["M", "F"][number % 2]
        ));
    }
    let bare = of(&[("n7.csv", text.as_bytes())]);
    assert!(!bare.contains("\nprocedure_code"), "{bare}");
    assert!(bare.contains("# CHECK: guessed from the values: 60 of 60 look like a record's own number"), "{bare}");
    assert!(line(&bare, "encounter_id").contains("column 1"), "{bare}");
    let named = of(&[("h7.csv", format!("ACCT,HIST_NO,GNDR,BD,FROM,THRU,CODE1\n{text}").as_bytes())]);
    assert!(!named.contains("table = \"procedures\"") && named.contains("# CHECK: one row a"), "{named}");
}

#[test]
fn numbers_of_a_spreadsheet_for_days_and_decimal_commas_are_stated_and_to_be_checked() {
    let mut text = String::from("visit_id;admit_date;discharge_date;total_charges\n");
    for number in 0..30 {
        text.push_str(&format!("{number};{};{}.5;1.2{number:02},50\n", 46_298 + number, 46_300 + number));
    }
    let text = of(&[("visits.csv", text.as_bytes())]);
    assert!(line(&text, "admission_date").contains("formats = [\"excel\"]"), "{text}");
    assert!(line(&text, "discharge_date").contains("formats = [\"excel\"]"), "{text}");
    assert!(line(&text, "total_charges").contains("decimal = \",\""), "{text}");
    assert_eq!(text.matches("# CHECK: numbers that a spreadsheet keeps for days").count(), 2, "{text}");
    layout(&text);
}

#[test]
fn what_cannot_be_found_is_asked() {
    let text = of(&[("notes.csv", b"colour,shape\nred,round\nred,round\n")]);
    assert!(text.contains("# ASK: no column was found for encounter_id"), "{text}");
    let (_, problems) = parse(&text);
    assert!(problems.render(false).contains("the draft of this layout asks which column encounter_id is"), "{text}");
}
