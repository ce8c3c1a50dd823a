//! The coders' worklist goes out with what no rule may decide, and comes back filled in as a site map.

use std::{io::Write as _, path::Path};

use crate::command::{chartroom, printed, results, run_folder};

const LAYOUT: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
diagnosis_code = { columns = "DX{1..2}" }
diagnosis_revision = { constant = "icd9cm" }
"#;

/// A worklist with `to_code` filled in by source code, as the coder saves it; the other rows stay blank.
fn fill(rows: &[csv::StringRecord], chosen: &[(&str, &str)]) -> Vec<Vec<String>> {
    let mut filled = vec![
        "from_system,from_code,to_system,to_code,kind,text,occurrences,reason,candidates,candidate_titles,candidate_approximate,candidate_occurrences"
            .split(',')
            .map(str::to_owned)
            .collect::<Vec<String>>(),
    ];
    for row in rows {
        let mut cells: Vec<String> = row.iter().map(str::to_owned).collect();
        if let Some((_, choice)) = chosen.iter().find(|(code, _)| *code == cells[1]) {
            cells[3] = (*choice).to_owned();
        }
        filled.push(cells);
    }
    filled
}

fn save_csv(path: &Path, rows: &[Vec<String>]) {
    let mut writer = csv::Writer::from_path(path).expect("a file");
    for row in rows {
        writer.write_record(row).expect("written");
    }
    writer.flush().expect("written");
}

/// As Excel has it after the csv was opened and saved: what reads as a number is one, so zeros in front are gone.
fn save_xlsx(path: &Path, rows: &[Vec<String>]) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).expect("written"),
                Err(_) => sheet.write_string(row, column, cell).expect("written"),
            };
        }
    }
    workbook.save(path).expect("saved");
}

/// As LibreOffice saves a sheet of its own kind, zeros in front gone as well.
fn save_ods(path: &Path, rows: &[Vec<String>]) {
    let escaped = |cell: &str| cell.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut sheet = String::new();
    for cells in rows {
        sheet.push_str("<table:table-row>");
        for cell in cells {
            let text = format!("<text:p>{}</text:p></table:table-cell>", escaped(cell));
            match cell.parse::<f64>() {
                Ok(number) => sheet.push_str(&format!(
                    "<table:table-cell office:value-type=\"float\" office:value=\"{number}\">{text}"
                )),
                Err(_) if cell.is_empty() => sheet.push_str("<table:table-cell/>"),
                Err(_) => sheet.push_str(&format!("<table:table-cell office:value-type=\"string\">{text}")),
            }
        }
        sheet.push_str("</table:table-row>");
    }
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Sheet1\">{sheet}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    for (name, bytes) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", content.as_str()),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(bytes.as_bytes()).expect("written");
    }
    archive.finish().expect("saved");
}

fn site_map(file: &str) -> String {
    format!("[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"{file}\"\n")
}

fn write_pipeline(work: &Path, maps: &str) {
    let pipeline = format!(
        "title = \"Maps\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[coding]\njudge_on = \"any_date\"\n{maps}[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"gem\"\n[statistics]\nformat = \"both\"\n"
    );
    std::fs::write(work.join("pipeline.toml"), pipeline).expect("written");
}

fn run(work: &Path, maps: &str) {
    write_pipeline(work, maps);
    let _ = std::fs::remove_dir_all(work.join("out"));
    let output = chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
    let (_, errors, code) = printed(&output);
    assert_eq!((errors.as_str(), code), ("", 0));
}

fn worklist(work: &Path) -> Vec<csv::StringRecord> {
    let path = run_folder(&work.join("out")).join("data/worklists/codes_to_decide.csv");
    csv::Reader::from_path(path).expect("a worklist").records().map(|row| row.expect("a row")).collect()
}

#[test]
fn a_worklist_filled_in_by_a_coder_comes_back_as_a_site_map() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("stays.toml"), LAYOUT).expect("written");
    // 0010 is cholera, one to one; 24900, secondary diabetes, has several equivalents: E08.9, E09.9, E13.9.
    let stays = "ID,DISCHARGED,DX1,DX2\n1,2014-03-04,0010,24900\n2,2014-03-05,24900,\n3,2014-03-06,24900,0010\n";
    std::fs::write(work.path().join("stays.csv"), stays).expect("written");
    run(work.path(), "");
    let before = worklist(work.path());
    let codes: Vec<(&str, &str, &str, &str)> = before.iter().map(|row| (&row[1], &row[2], &row[4], &row[6])).collect();
    assert_eq!(codes[0], ("24900", "icd10cm", "diagnosis", "3"), "{before:?}");
    assert!(codes.iter().all(|code| code.0 != "0010"), "cholera is one to one");
    assert_eq!(&before[0][8], "E089; E099; E139");

    // The coder decides the first and leaves the others.
    save_csv(&work.path().join("decided.csv"), &fill(&before, &[("24900", "E08.9")]));
    let mapped = |work: &Path| results(&work.join("out"))["codes"]["mapped"].as_u64().expect("a count");
    let mapped_before = mapped(work.path());
    run(work.path(), &site_map("decided.csv"));
    let after = worklist(work.path());
    assert_eq!(after.len(), before.len() - 1);
    assert!(after.iter().all(|row| &row[1] != "24900"), "{after:?}");
    assert_eq!(mapped(work.path()), mapped_before + 3);
}

// 0010 cholera, one to one. 24900, secondary diabetes: several. 80602, fracture of the neck with cord injury: clusters alone. E9331 has no equivalent.
const STAYS: &str = "ID,DISCHARGED,DX1,DX2\n1,2014-03-04,0010,24900\n2,2014-03-05,24900,80602\n3,2014-03-06,24900,E9331\n4,2014-03-06,80602,E9331\n5,2014-03-06,80602,\n6,2014-03-07,E9331,\n";

#[test]
fn clusters_and_deliberate_blanks_come_back_from_csv_and_from_a_workbook() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    std::fs::write(work.join("stays.toml"), LAYOUT).expect("written");
    std::fs::write(work.join("stays.csv"), STAYS).expect("written");
    run(work, "");
    let before = worklist(work);
    let row = |code: &str| before.iter().find(|row| &row[1] == code).expect("a row");
    let candidates: Vec<&str> = row("80602")[8].split("; ").collect();
    assert_eq!(candidates.len(), 8, "four scenarios of one code and two: {candidates:?}");
    assert!(candidates.contains(&"S14131A+S12000A"), "{candidates:?}");
    assert_eq!(row("80602")[9].split("; ").filter(|titles| titles.contains(" + ")).count(), 8);
    assert_eq!(&row("80602")[10], "yes; yes; yes; yes; yes; yes; yes; yes");
    assert_eq!((&row("E9331")[7], &row("E9331")[8]), ("no equivalent in the map", ""));
    let counted = |work: &Path, name: &str| results(&work.join("out"))["codes"][name].as_u64().expect("a count");
    let mapped_before = counted(work, "mapped");

    let chosen = [("24900", "E08.9"), ("80602", "S14131A + S12.000A"), ("E9331", "none")];
    let filled = fill(&before, &chosen);
    save_csv(&work.join("filled.csv"), &filled);
    save_xlsx(&work.join("filled.xlsx"), &filled);
    save_ods(&work.join("filled.ods"), &filled);
    let without_target = fill(&before, &[("24900", "E08.9"), ("80602", "S14131A + S12.000A"), ("E9331", "NoDx")]);
    save_csv(&work.join("as the maps write it.csv"), &without_target);
    for file in ["filled.csv", "filled.xlsx", "filled.ods", "as the maps write it.csv"] {
        run(work, &site_map(file));
        assert!(worklist(work).is_empty(), "{file}: {:?}", worklist(work));
        // 24900 and 80602 stand three times each; E9331 three times is decided and has no target.
        assert_eq!(counted(work, "mapped"), mapped_before + 6, "{file}");
        assert_eq!((counted(work, "no_target"), counted(work, "to_coder")), (3, 0), "{file}");
        let statistics = run_folder(&work.join("out")).join("data/statistics.txt");
        let statistics = std::fs::read_to_string(statistics).expect("statistics");
        assert!(statistics.contains("S14.131A") && statistics.contains("S12.000A"), "both codes are counted");
    }
}

#[test]
fn what_a_coder_cannot_have_meant_is_said_with_its_line_or_row() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    std::fs::write(work.join("stays.toml"), LAYOUT).expect("written");
    std::fs::write(work.join("stays.csv"), STAYS).expect("written");
    let heading = ["from_system", "from_code", "to_system", "to_code"];
    let rows = [
        heading,
        ["icd9cm", "24900", "icd10cm", "E08"],
        ["icd9cm", "80602", "icd10cm", "S14131A+S12999Z"],
        ["icd9cm", "4019", "icd10cm", "I10"],
        ["icd9cm", "401.9", "icd10cm", "I11.9"],
        ["icd9cm", "4011", "icd10cm", ""],
        ["icd9cm", "4010", "icd10cm", "?"],
    ];
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
    save_csv(&work.join("wrong.csv"), &rows);
    save_xlsx(&work.join("wrong.xlsx"), &rows);
    for (file, place) in [("wrong.csv", "line"), ("wrong.xlsx", "row")] {
        write_pipeline(work, &site_map(file));
        let output = chartroom(work).args(["check", "pipeline.toml"]).output().expect("it starts");
        let (out, errors, code) = printed(&output);
        assert_eq!(code, 2, "{out}{errors}");
        let said = format!("{out}{errors}");
        for message in [
            "2 of the site map: to_code is a category of ICD-10-CM: more characters are required",
            "3 of the site map: code 2 of to_code is no code of ICD-10-CM",
            &format!("5 of the site map: the same code is decided otherwise on {place} 4"),
            "7 of the site map: to_code does not have the form of ICD-10-CM",
        ] {
            assert!(said.contains(&format!("{place} {message}")), "{place} {message} is not in\n{said}");
        }
        assert_eq!(said.matches("of the site map:").count(), 4, "{said}");
    }
}

#[test]
fn procedures_need_an_imported_map_and_policies_are_for_general_maps() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    std::fs::write(work.join("stays.toml"), LAYOUT).expect("written");
    std::fs::write(work.join("stays.csv"), STAYS).expect("written");
    save_csv(
        &work.join("map.csv"),
        &[["from_system", "from_code", "to_system", "to_code"].map(str::to_owned).to_vec()],
    );
    write_pipeline(
        work,
        &format!(
            "{}policy = \"exact\"\n[[coding.procedures]]\nfrom = \"icd9pcs\"\nto = \"icd10pcs\"\nby = \"gem\"\n",
            site_map("map.csv")
        ),
    );
    let output = chartroom(work).args(["check", "pipeline.toml"]).output().expect("it starts");
    let (out, errors, code) = printed(&output);
    let said = format!("{out}{errors}");
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("no general equivalence map of procedures ships, and none from icd9pcs to icd10pcs is imported")
    );
    assert!(said.contains("`policy` has no meaning with by = \"site_map\""), "{said}");
}

#[test]
fn a_policy_takes_the_candidate_that_the_facility_itself_codes_most() {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    // The revision is told by the day: what was discharged after September 2015 is of ICD-10-CM.
    std::fs::write(work.join("stays.toml"), LAYOUT.replace("diagnosis_revision = { constant = \"icd9cm\" }\n", ""))
        .expect("written");
    let stays =
        "ID,DISCHARGED,DX1,DX2\n1,2014-03-04,24900,\n2,2014-03-05,24900,\n3,2017-03-06,E139,\n4,2017-03-06,E139,E089\n";
    std::fs::write(work.join("stays.csv"), stays).expect("written");
    let pipeline = |policy: &str| {
        format!(
            "title = \"Maps\"\n[[ingest]]\nname = \"stays\"\nfiles = \"stays.csv\"\nlayout = \"stays.toml\"\n[[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"gem\"\n{policy}[statistics]\nformat = \"text\"\n"
        )
    };
    let start = |policy: &str| {
        std::fs::write(work.join("pipeline.toml"), pipeline(policy)).expect("written");
        let _ = std::fs::remove_dir_all(work.join("out"));
        let output =
            chartroom(work).args(["run", "pipeline.toml", "--as-of", "2026-11-01"]).output().expect("it starts");
        let (_, errors, _) = printed(&output);
        assert_eq!(errors, "");
        results(&work.join("out"))["codes"].clone()
    };
    let codes = start("");
    assert_eq!((&codes["to_coder"], &codes["gem_ranked"]), (&2.into(), &0.into()));
    let rows = worklist(work);
    assert_eq!((&rows[0][8], &rows[0][11]), ("E139; E089; E099", "2; 1; 0"), "by the facility's own frequency");
    let codes = start("policy = \"first_ranked\"\n");
    assert_eq!((&codes["to_coder"], &codes["mapped"], &codes["gem_ranked"]), (&0.into(), &2.into(), &2.into()));
    let text = std::fs::read_to_string(run_folder(&work.join("out")).join("data/statistics.txt")).expect("statistics");
    assert!(text.contains("of those, first ranked of several"), "{text}");
}
