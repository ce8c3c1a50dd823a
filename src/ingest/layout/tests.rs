use super::*;
use crate::{
    ingest::{delimited, place::place},
    partition::decode::{Patients, decode},
};

fn parse(text: &str) -> (Option<Layout>, Problems) {
    let mut problems = Problems::default();
    let layout = Layout::parse("a.toml", text, &mut problems);
    (layout, problems)
}

const GOOD: &str = r#"
title = "Abstracts"
table = "encounters"
missing = ["?", "NA"]
[columns]
encounter_id = "VISIT"
patient_id = ["MRN", "PATIENT"]
admission_date = { column = "ADM", formats = ["%d/%m/%Y"] }
sex = { column = "SEX", values = { M = ["1", "male"], F = "2" } }
payer = { column = "PAYER", values = ["MA", "MB"], optional = true }
facility_id = { constant = "F1" }
diagnosis_code = { columns = "DX{1..3}" }
"#;

/// A renamed DX1 takes the principal diagnosis of every record with it.
#[test]
fn a_numbered_column_that_is_missing_before_others_is_asked_for() {
    let (layout, _) = parse(GOOD);
    let layout = layout.expect("layout");
    let bind = |names: &[&str]| {
        let header: Vec<String> =
            ["VISIT", "PATIENT", "ADM", "SEX"].iter().chain(names).map(|name| (*name).to_owned()).collect();
        layout.bind(&header).map(|_| ()).map_err(|misfit| misfit.to_string())
    };
    assert_eq!((bind(&["DX1"]), bind(&["DX1", "DX2"])), (Ok(()), Ok(())));
    for (names, lost) in [(&["DXA", "DX2", "DX3"], "`DX1`"), (&["DX1", "DXB", "DX3"], "`DX2`")] {
        let why = bind(names).expect_err("a column is missing");
        assert!(why.contains(lost) && !why.contains("`DX3`"), "{why}");
    }
}

#[test]
fn columns_are_bound_by_name_alias_and_number() {
    let (layout, problems) = parse(GOOD);
    assert!(problems.is_empty(), "{}", problems.render(false));
    let layout = layout.expect("layout");
    let header: Vec<String> =
        ["visit ", "PATIENT", "ADM", "SEX", "DX1", "DX2", "NOTE", "NOTE"].map(str::to_owned).to_vec();
    let bound = layout.bind(&header).expect("bound");
    assert_eq!(bound.placement.key_column, Some(0));
    assert_eq!(bound.unmapped, ["NOTE", "NOTE"]);
    assert_eq!(bound.repeated, ["NOTE"]);
    let feed = layout.feed("abstracts");
    let slot = |column: usize| &feed.slots[usize::from(bound.placement.slots[column].expect("bound"))];
    assert_eq!((slot(5).field, slot(5).position), (Field::DiagnosisCode, 1));
    assert_eq!(slot(3).canonical(b"male"), Some(&b"M"[..]));
    for written in [&b"M"[..], b"Male", b"MALE", b"1", b"m"] {
        assert_eq!(slot(3).canonical(written), Some(&b"M"[..]));
    }
    assert_eq!(slot(3).canonical(b"3"), None);
    let constants: Vec<_> = feed.constants.iter().map(|(slot, text)| (slot.field, text.as_slice())).collect();
    assert_eq!(constants, [(Field::FacilityId, &b"F1"[..])]);
}

#[test]
fn a_text_may_mean_nothing_in_one_column_alone() {
    let text = "title = \"x\"\ntable = \"encounters\"\nmissing = \"?\"\n[columns]\n\
                encounter_id = { column = \"ID\", missing = \"0\" }\nzip_code = { column = \"ZIP\", missing = [\"99999\", \"XX\"] }\nstate = \"ST\"\n";
    let (layout, problems) = parse(text);
    assert!(problems.is_empty(), "{}", problems.render(false));
    let layout = layout.expect("layout");
    let feeds = [layout.feed("x")];
    let header = ["ID", "ZIP", "ST"].map(str::to_owned);
    let binding = layout.bind(&header).expect("bound");
    let chunk = delimited::RawChunk { text: b"1,99999,99999\n0,?,XX\n2,12345,XX\n".to_vec(), first_line: 2 };
    let block = delimited::split(chunk, delimited::Dialect { delimiter: b',', quote: b'"' }, 3);
    let mut rows = Vec::new();
    place(&block, &binding.placement, &feeds[0], 0, 0, &mut rows);
    let nobody = Patients::default();
    let decoded = decode(&rows, &feeds, &nobody);
    let cells: Vec<_> = decoded
        .encounters()
        .iter()
        .map(|encounter| (encounter.encounter_id, encounter.zip_code, encounter.state))
        .collect();
    assert_eq!(cells, [("1", "", "99999"), ("", "", "XX"), ("2", "12345", "XX")]);
}

#[test]
fn positions_run_over_a_principal_column_and_padded_numbers() {
    let text = "title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
                diagnosis_code = { columns = [\"PDX\", \"SDX{01..03}\"] }\n";
    let (layout, problems) = parse(text);
    assert!(problems.is_empty(), "{}", problems.render(false));
    let layout = layout.expect("layout");
    let header: Vec<String> = ["SDX01", "SDX02", "ID", "PDX"].map(str::to_owned).to_vec();
    let bound = layout.bind(&header).expect("bound");
    let feed = layout.feed("x");
    let position = |column: usize| feed.slots[usize::from(bound.placement.slots[column].expect("bound"))].position;
    assert_eq!([position(3), position(0), position(1)], [0, 1, 2]);
    let header: Vec<String> = ["SDX01", "ID"].map(str::to_owned).to_vec();
    assert!(layout.bind(&header).expect_err("no principal diagnosis").to_string().contains("`PDX`"));
}

#[test]
fn a_column_feeds_two_fields_but_not_one_field_twice() {
    let text = "title = \"x\"\ntable = \"encounters\"\n[columns]\npatient_id = \"ID\"\nencounter_id = \"ID\"\n";
    let layout = parse(text).0.expect("layout");
    let bound = layout.bind(&["ID".to_owned()]).expect("bound").placement;
    assert_eq!((bound.slots, bound.again, bound.key_column), (vec![Some(0)], vec![(0, 1)], Some(0)));
    let text = "title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
                diagnosis_code = { columns = [\"DX\", \"DX\"] }\n";
    let fault = parse(text).0.expect("layout").bind(&["ID".to_owned(), "DX".to_owned()]).expect_err("twice");
    assert_eq!(fault.to_string(), "the column `DX` is mapped twice, again for diagnosis_code");
}

#[test]
fn a_row_of_data_is_not_quoted_where_a_heading_should_be() {
    let (layout, _) = parse(GOOD);
    let row: Vec<String> = ["VISIT7", "MRN123", "1960-01-01", "F", "E119"].map(str::to_owned).to_vec();
    let fault = layout.expect("layout").bind(&row).expect_err("no heading");
    assert_eq!(fault.words(1), "no heading; row 1 looks like data; 5 columns missing");
    let row: Vec<String> = ["SMITH", "JONES", "HOME", "F", "HEART FAILURE"].map(str::to_owned).to_vec();
    let (layout, _) = parse(GOOD);
    let fault = layout.expect("layout").bind(&row).expect_err("no heading").words(1);
    assert_eq!(fault, "no heading of this layout; 5 of 6 columns missing: `ADM`, `DX1`, `VISIT` and 2 more");
}

#[test]
fn a_heading_that_lacks_many_columns_names_three_and_counts_the_others() {
    let (layout, _) = parse(&format!("{GOOD}age = \"AGE\"\nzip_code = \"ZIP\"\nstate = \"ST\"\ncounty = \"CTY\"\n"));
    let header: Vec<String> = ["VISIT", "PATIENT", "ADM", "DX1"].map(str::to_owned).to_vec();
    let fault = layout.expect("layout").bind(&header).expect_err("missing").words(1);
    let told = "the column `AGE` for age is not there; the column `CTY` for county is not there; \
                the column `SEX` for sex is not there; and 2 more; \
                state the name, or `optional = true`, in the layout";
    assert_eq!(fault, told);
}

#[test]
fn unmapped_columns_are_named_where_they_look_like_names() {
    let (layout, _) = parse(GOOD);
    let header = ["VISIT", "MRN", "ADM", "SEX", "DX1", "ATTENDING", "SMITH, JOHN", "00412233", "2026-10-01", "NOTE"];
    let bound = layout.expect("layout").bind(&header.map(str::to_owned)).expect("bound");
    assert_eq!(bound.unmapped, ["ATTENDING", "column 7", "column 8", "column 9", "NOTE"]);
}

#[test]
fn a_missing_column_names_the_close_candidate() {
    let (layout, _) = parse(GOOD);
    let header: Vec<String> = ["VISITS", "PATIENT", "ADM", "SEX", "DX1"].map(str::to_owned).to_vec();
    let fault = layout.expect("layout").bind(&header).expect_err("missing");
    assert_eq!(fault.to_string(), "the column `VISIT` for encounter_id is not there; is it `VISITS`?");
}

#[test]
fn missing_numbered_columns_name_those_that_are_numbered_alike() {
    let (layout, _) = parse(&GOOD.replace("DX{1..3}", "DX{1..25}"));
    let mut header: Vec<String> = ["VISIT", "PATIENT", "ADM", "SEX"].map(str::to_owned).to_vec();
    for number in 1..=25 {
        header.extend([format!("DIAG{number}"), format!("POA{number}"), format!("PROC{number}")]);
    }
    let fault = layout.expect("layout").bind(&header).expect_err("missing");
    let told = "the columns from `DX1` to `DX25` for diagnosis_code are not there; are they `DIAG{1..25}`?";
    assert_eq!(fault.to_string(), told);
}

#[test]
fn every_fault_of_a_layout_is_found_with_its_place() {
    let (_, problems) = parse(
        "title = \"x\"\ntable = \"encounters\"\n[columns]\nadmision_date = \"A\"\ndischarge_date = { column = \"D\", formats = [\"STATE THE FORMAT\"] }\nsex = { column = \"S\", valuse = {} }\n",
    );
    let codes: Vec<&str> = problems.sorted().iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        ["missing-key-field", "unknown-field", "ambiguous-date", "unknown-key"],
        "{}",
        problems.render(false)
    );
}
