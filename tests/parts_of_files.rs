//! Several sheets or members as one feed, formulas without a value, fixed width with several positions, and `check`: nothing of a file is passed over in silence.

use std::{io::Write as _, path::Path};

use rust_xlsxwriter::{Formula, Workbook};

use crate::command::{chartroom, printed, results, run_folder};

const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\n\
    admission_date = \"admitted\"\ndischarge_date = \"discharged\"\ndiagnosis_code = { columns = [\"dx\"] }\n";
const HEADING: [&str; 4] = ["visit", "admitted", "discharged", "dx"];

fn write(folder: &Path, files: &str, layout: &str, more: &str) {
    std::fs::write(folder.join("visits.toml"), layout).expect("written");
    let text = format!(
        "title = \"Visits\"\n[[ingest]]\nname = \"visits\"\nfiles = \"{files}\"\nlayout = \"visits.toml\"\n{more}"
    );
    std::fs::write(folder.join("pipeline.toml"), text).expect("written");
}

fn command(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(folder).args(arguments).output().expect("the program starts"))
}

/// Runs into a fresh output folder.
fn run(folder: &Path) -> (String, String, i32) {
    let _ = std::fs::remove_dir_all(folder.join("out"));
    command(folder, &["run", "pipeline.toml", "--as-of", "2026-11-01"])
}

/// Values of the findings of one rule.
fn values(folder: &Path, rule: &str) -> Vec<String> {
    let path = run_folder(&folder.join("out")).join("data/findings.csv");
    let mut reader = csv::Reader::from_path(path).expect("findings");
    reader.records().map(|row| row.expect("a row")).filter(|row| &row[0] == rule).map(|row| row[5].to_owned()).collect()
}

/// A workbook with a sheet of visits for each name, of so many rows.
fn months(sheets: &[(&str, u32)]) -> Workbook {
    let mut book = Workbook::new();
    for (month, (name, rows)) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (column, heading) in HEADING.iter().enumerate() {
            sheet.write_string(0, column as u16, *heading).expect("a cell");
        }
        for row in 1..=*rows {
            let cells = [
                format!("{name}{row}"),
                format!("2026-{:02}-03", month + 8),
                format!("2026-{:02}-09", month + 8),
                "I10".into(),
            ];
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(row, column as u16, cell).expect("a cell");
            }
        }
    }
    book
}

/// Part and rows read of each input.
fn read(folder: &Path) -> Vec<(String, u64)> {
    let results = results(&folder.join("out"));
    let inputs = results["inputs"].as_array().expect("inputs");
    inputs
        .iter()
        .map(|input| (input["part"].as_str().expect("a part").to_owned(), input["read"].as_u64().expect("a count")))
        .collect()
}

#[test]
fn sheets_are_inputs_of_their_own_and_one_that_is_not_read_is_said() {
    let work = tempfile::tempdir().expect("a folder");
    let mut book = months(&[("Aug", 3), ("Sep", 4), ("Oct", 5)]);
    let hidden = book.add_worksheet().set_name("Codes").expect("a name").set_hidden(true);
    for row in 0..3 {
        hidden.write_string(row, 0, "x").expect("a cell");
        hidden.write_string(row, 1, "y").expect("a cell");
    }
    book.save(work.path().join("export.xlsx")).expect("saved");

    // Nothing is stated: one is read, and the others are named with their rows, those of the same heading apart.
    write(work.path(), "export.xlsx", LAYOUT, "");
    let (account, _, code) = run(work.path());
    assert_eq!(code, 0, "{account}");
    assert_eq!(read(work.path()), [("Aug".to_owned(), 3)]);
    let told =
        "sheet `Sep` (4 rows, fits the layout), sheet `Oct` (5 rows, fits the layout), hidden sheet `Codes` (2 rows)";
    assert_eq!(values(work.path(), "FIL018"), [told]);
    assert!(account.contains(told), "{account}");
    let (checked, _, code) = command(work.path(), &["check", "pipeline.toml"]);
    assert!(checked.contains(told) && code == 0, "{checked}");

    for (stated, parts) in [
        ("sheets = \"*\"\n", &["Aug", "Sep", "Oct"][..]),
        ("sheets = [\"Oct\", \"A*\"]\n", &["Aug", "Oct"]),
        ("sheets = [3, 1]\n", &["Aug", "Oct"]),
        ("sheet = \"Sep\"\n", &["Sep"]),
    ] {
        write(work.path(), "export.xlsx", LAYOUT, stated);
        let (account, errors, code) = run(work.path());
        assert_eq!(code, 0, "{account}{errors}");
        let found: Vec<String> = read(work.path()).into_iter().map(|(part, _)| part).collect();
        assert_eq!(found, parts, "{stated}");
    }
    write(work.path(), "export.xlsx", LAYOUT, "sheets = \"*\"\n");
    run(work.path());
    let results = results(&work.path().join("out"));
    assert_eq!((results["totals"]["read"].as_u64(), results["totals"]["accepted"].as_u64()), (Some(12), Some(12)));
    // The hidden sheet is left out by choice, and still in sight.
    assert_eq!(values(work.path(), "FIL018"), [""; 0]);
    assert_eq!(values(work.path(), "FIL019"), ["hidden sheet `Codes` (2 rows)"]);
}

#[test]
fn a_stated_sheet_that_is_not_there_costs_the_others_nothing() {
    let work = tempfile::tempdir().expect("a folder");
    months(&[("Aug", 3), ("Sep", 4)]).save(work.path().join("export.xlsx")).expect("saved");
    write(work.path(), "export.xlsx", LAYOUT, "sheets = [\"Aug\", \"Oct\"]\n");
    let (account, _, code) = run(work.path());
    assert_eq!(code, 65, "{account}");
    assert_eq!(read(work.path()), [("Aug".to_owned(), 3), ("Oct".to_owned(), 0)]);
}

#[test]
fn a_draft_reads_the_sheets_of_one_heading_and_names_the_others() {
    let work = tempfile::tempdir().expect("a folder");
    let mut book = months(&[("Aug", 3), ("Sep", 4)]);
    let notes = book.add_worksheet().set_name("Wards").expect("a name");
    for row in 0..3 {
        notes.write_string(row, 0, "ward").expect("a cell");
        notes.write_string(row, 1, "beds").expect("a cell");
    }
    book.save(work.path().join("export.xlsx")).expect("saved");
    let (draft, _, code) = command(work.path(), &["layout", "draft", "export.xlsx"]);
    assert_eq!(code, 0);
    assert!(draft.contains("sheets = [\"Aug\", \"Sep\"]") && draft.contains("sheet `Wards` (2 rows)"), "{draft}");
    let (draft, _, _) = command(work.path(), &["layout", "draft", "export.xlsx", "--sheet", "Sep"]);
    assert!(draft.contains("sheet = \"Sep\"") && draft.contains("sheet `Aug` (3 rows)"), "{draft}");
    assert_eq!(command(work.path(), &["layout", "draft", "nothing.xlsx"]).2, 74);
}

#[test]
fn members_are_chosen_by_pattern_and_the_others_are_counted() {
    let work = tempfile::tempdir().expect("a folder");
    let mut folder = zip::ZipWriter::new(std::fs::File::create(work.path().join("export.zip")).expect("a file"));
    for (name, text) in [
        ("visits-2026-09.csv", "visit,admitted,discharged,dx\n1,2026-09-01,2026-09-02,I10\n"),
        (
            "visits-2026-10.csv",
            "visit,admitted,discharged,dx\n2,2026-10-01,2026-10-02,I10\n3,2026-10-01,2026-10-02,I10\n",
        ),
        ("wards.csv", "ward,beds\nA,4\nB,5\n"),
    ] {
        folder.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        folder.write_all(text.as_bytes()).expect("written");
    }
    folder.finish().expect("finished");
    write(work.path(), "export.zip", LAYOUT, "member = \"visits-*.csv\"\n");
    let (account, _, code) = run(work.path());
    assert_eq!(code, 0, "{account}");
    assert_eq!(read(work.path()), [("visits-2026-09.csv".to_owned(), 1), ("visits-2026-10.csv".to_owned(), 2)]);
    assert_eq!(values(work.path(), "FIL019"), ["member `wards.csv` (2 rows)"]);
    let (draft, _, _) = command(work.path(), &["layout", "draft", "export.zip"]);
    assert!(draft.contains("member = \"visits-*-*.csv\"") && draft.contains("member `wards.csv` (2 rows)"), "{draft}");
}

#[test]
fn a_formula_that_was_never_calculated_is_counted() {
    let work = tempfile::tempdir().expect("a folder");
    let mut book = months(&[("Oct", 3)]);
    let sheet = book.worksheet_from_index(0).expect("a sheet");
    // The program writes a zero, and says of the workbook that it must be calculated when it is opened.
    sheet.write_formula(1, 3, Formula::new("=CONCAT(\"I\",\"10\")").set_result("0")).expect("a cell");
    book.save(work.path().join("export.xlsx")).expect("saved");
    write(work.path(), "export.xlsx", LAYOUT, "");
    let (account, _, _) = run(work.path());
    assert!(account.contains("1 cells hold a formula with no stored value"), "{account}");
    assert_eq!(values(work.path(), "FIL020"), ["1"]);
}

/// An OpenDocument sheet of visits: the rows beneath the heading as XML.
fn open_document(path: &Path, rows: &str) {
    let text =
        |cell: &str| format!("<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>");
    let heading: String = HEADING.iter().chain(&["los"]).map(|name| text(name)).collect();
    let content = format!(
        "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:calcext='c'><office:body><office:spreadsheet>\
         <table:table table:name='Visits'><table:table-row>{heading}</table:table-row>{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest/>"),
        ("content.xml", content.as_str()),
    ] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("saved");
}

#[test]
fn formulas_of_an_open_document_without_a_value_or_with_an_error_are_counted() {
    let work = tempfile::tempdir().expect("a folder");
    let formula = "<table:table-cell table:formula='of:=[.A1]'";
    let text =
        |cell: &str| format!("<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>");
    let rows: String = [
        // A number, as LibreOffice and others write it.
        format!("{formula} office:value-type='float' office:value='6'><text:p>6</text:p></table:table-cell>"),
        // Never calculated.
        format!("{formula}/>"),
        // An error of LibreOffice, and two of Apache OpenOffice, which writes a zero beneath them.
        format!("{formula} office:value-type='string' office:string-value='' calcext:value-type='error'><text:p>#N/A</text:p></table:table-cell>"),
        format!("{formula} office:value-type='float' office:value='0'><text:p>#DIV/0!</text:p></table:table-cell>"),
        format!("{formula} office:value-type='float' office:value='0'><text:p>Err:502</text:p></table:table-cell>"),
        // A formula that shows nothing, and a zero that is one.
        format!("{formula} office:value-type='string' office:string-value=''><text:p/></table:table-cell>"),
        format!("{formula} office:value-type='float' office:value='0'><text:p>0</text:p></table:table-cell>"),
        // Yes or no, and no number.
        format!("{formula} office:value-type='boolean' office:boolean-value='true'><text:p>TRUE</text:p></table:table-cell>"),
    ]
    .iter()
    .enumerate()
    .map(|(row, stay)| {
        let cells: String =
            [&format!("V{row}"), "2026-10-03", "2026-10-09", "I10"].map(text).concat();
        format!("<table:table-row>{cells}{stay}</table:table-row>")
    })
    .collect();
    open_document(&work.path().join("export.ods"), &rows);
    write(work.path(), "export.ods", &format!("{LAYOUT}length_of_stay_days = \"los\"\n"), "");
    let (account, _, _) = run(work.path());
    assert!(account.contains("1 cells hold a formula with no stored value"), "{account}");
    assert_eq!((values(work.path(), "FIL020"), values(work.path(), "FIL012")), (vec!["1".into()], vec!["3".into()]));
    assert_eq!(values(work.path(), "FLD028"), ["#NO VALUE", "#N/A", "#ERROR!", "#ERROR!", "TRUE"], "{account}");
    assert_eq!(values(work.path(), "FIL021"), ["1"]);
    // The stay that is 6 days by its dates is stated as 0 in one row alone.
    assert_eq!(values(work.path(), "LOG105"), ["0"]);
}

#[test]
fn fixed_width_has_several_positions_and_no_names() {
    let rows: String = (0..12).map(|row| format!("V{row:04} 2026-10-01 2026-10-05 E119  I5022 Z794\n")).collect();
    for diagnoses in [
        "{ start = 29, width = 5, repeat = 3, step = 6 }",
        "{ positions = [{ start = 29, width = 5 }, { start = 35, width = 5 }, { start = 41, width = 5 }] }",
    ] {
        let work = tempfile::tempdir().expect("a folder");
        std::fs::write(work.path().join("export.txt"), &rows).expect("written");
        let layout = format!(
            "title = \"Visits\"\ntable = \"encounters\"\n[source]\nformat = \"fixed_width\"\n[columns]\n\
             encounter_id = {{ start = 1, width = 5 }}\nadmission_date = {{ start = 7, width = 10 }}\n\
             discharge_date = {{ start = 18, width = 10 }}\ndiagnosis_code = {diagnoses}\n"
        );
        write(work.path(), "export.txt", &layout, "");
        let (account, errors, code) = run(work.path());
        assert_eq!(code, 0, "{account}{errors}");
        assert_eq!(results(&work.path().join("out"))["encounters"]["diagnoses"].as_u64(), Some(36));
        let named = layout.replace(diagnoses, "{ columns = \"DX{1..3}\" }");
        write(work.path(), "export.txt", &named, "");
        let (_, errors, code) = command(work.path(), &["check", "pipeline.toml"]);
        assert!(code == 2 && errors.contains("a row of fixed width has no names"), "{errors}");
    }
}

#[test]
fn check_says_of_each_file_what_does_not_fit_and_ends_as_a_run_would() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("a.csv"), "visit,admitted,discharged,dx\nCANARY,2026-10-01,2026-10-05,I10\n")
        .expect("written");
    std::fs::write(work.path().join("b.csv"), "visit,admitted,discharged,code\nCANARY,2026-10-01,2026-10-05,I10\n")
        .expect("written");
    std::fs::write(work.path().join("c.csv"), "visit,admitted,discharged,dx\nCANARY,01/10/2026,2026-10-05,I10\n")
        .expect("written");
    write(work.path(), "?.csv", LAYOUT, "");
    for arguments in [&["check", "pipeline.toml"][..], &["run", "pipeline.toml", "--dry-run", "--as-of", "2026-11-01"]]
    {
        let (text, errors, code) = command(work.path(), arguments);
        assert_eq!(code, 65, "{text}{errors}");
        assert!(text.contains("1 of 3 inputs cannot be used"), "{text}");
        assert!(text.lines().any(|line| line.contains("b.csv: does not fit its layout: the column `dx`")), "{text}");
        let dates = "c.csv: 1 of the first 1 values of admission_date fit no format that the layout states";
        assert!(text.lines().any(|line| line.trim().starts_with(dates)), "{text}");
        assert!(text.lines().any(|line| line.trim() == "a.csv"), "{text}");
        assert!(!text.contains("CANARY") && !errors.contains("CANARY"), "{text}");
        assert!(!work.path().join("out").exists());
    }
    assert_eq!(run(work.path()).2, 65);
}

#[test]
fn a_title_padded_with_delimiters_is_no_heading_and_a_row_of_data_neither() {
    let work = tempfile::tempdir().expect("a folder");
    let text = "Discharges October 2026,,,\n,,,\nvisit,admitted,discharged,dx\n1,2026-10-01,2026-10-05,I10\n2,2026-10-02,2026-10-05,I10\n";
    std::fs::write(work.path().join("export.csv"), text).expect("written");
    let optional = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = { column = \"visit\", optional = true }\n\
        admission_date = { column = \"admitted\", optional = true }\ndischarge_date = { column = \"discharged\", optional = true }\n";
    for layout in [LAYOUT, optional] {
        write(work.path(), "export.csv", layout, "");
        let (account, errors, code) = run(work.path());
        assert_eq!(code, 0, "{account}{errors}");
        assert_eq!(read(work.path()), [(String::new(), 2)]);
    }
    let (draft, _, _) = command(work.path(), &["layout", "draft", "export.csv"]);
    assert!(draft.contains("header_row = 3") && draft.contains("encounter_id = \"visit\""), "{draft}");
}

#[test]
fn two_feeds_read_one_file_and_neither_is_accused() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("export.csv"), "visit,admitted,discharged,dx\n1,2026-10-01,2026-10-05,I10\n")
        .expect("written");
    write(work.path(), "export.csv", &LAYOUT.replace("diagnosis_code = { columns = [\"dx\"] }\n", ""), "");
    std::fs::write(
        work.path().join("codes.toml"),
        "title = \"Codes\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"visit\"\ndiagnosis_code = \"dx\"\n",
    )
    .expect("written");
    let path = work.path().join("pipeline.toml");
    let text = std::fs::read_to_string(&path).expect("a pipeline")
        + "[[ingest]]\nname = \"codes\"\nfiles = \"export.csv\"\nlayout = \"codes.toml\"\n";
    std::fs::write(path, text).expect("written");
    let (account, errors, code) = run(work.path());
    assert_eq!(code, 0, "{account}{errors}");
    assert_eq!(values(work.path(), "FIL003"), [""; 0]);
    assert_eq!(results(&work.path().join("out"))["encounters"]["diagnoses"].as_u64(), Some(1));
    let (checked, _, _) = command(work.path(), &["check", "pipeline.toml"]);
    assert!(checked.contains("the feed visits reads it too"), "{checked}");
}

#[test]
fn a_code_that_a_spreadsheet_took_for_a_date_is_said() {
    let work = tempfile::tempdir().expect("a folder");
    let mut book = months(&[("Oct", 3)]);
    let sheet = book.worksheet_from_index(0).expect("a sheet");
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_number_with_format(1, 3, 46_298.0, &day).expect("a cell");
    sheet.write_boolean(2, 3, true).expect("a cell");
    // A date where a date belongs is none of them.
    sheet.write_number_with_format(3, 1, 46_298.0, &day).expect("a cell");
    book.save(work.path().join("export.xlsx")).expect("saved");
    write(work.path(), "export.xlsx", LAYOUT, "");
    run(work.path());
    assert_eq!(values(work.path(), "FIL021"), ["2"]);
}

#[test]
fn check_says_that_a_stated_encoding_is_not_the_files() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("export.csv"), "visit,admitted,discharged,dx\nMüller,2026-10-01,2026-10-05,I10\n")
        .expect("written");
    for (encoding, is_said) in [("windows-1252", true), ("utf-8", false)] {
        let layout = LAYOUT.replace("[columns]", &format!("[source]\nencoding = \"{encoding}\"\n[columns]"));
        write(work.path(), "export.csv", &layout, "");
        let (text, _, code) = command(work.path(), &["check", "pipeline.toml"]);
        assert_eq!((text.contains("and the text is UTF-8"), code), (is_said, 0), "{text}");
        assert_eq!(text.contains("look at 1 of 1 inputs"), is_said, "{text}");
    }
}

#[test]
fn positions_that_cannot_be_are_refused_with_their_place() {
    let work = tempfile::tempdir().expect("a folder");
    std::fs::write(work.path().join("export.txt"), "V1  2026-10-03I10  \n").expect("written");
    for (source, columns, words) in [
        ("", "encounter_id = { start = 0, width = 4 }", "`start` must be at least 1"),
        ("", "encounter_id = { start = 1 }", "needs `width` beside `start`"),
        (
            "record_length = 10",
            "encounter_id = { start = 1, width = 4 }\ndischarge_date = { start = 12, width = 10 }",
            "`discharge_date` starts at 12, behind the end of the record: record_length is 10",
        ),
        (
            "",
            "encounter_id = { start = 1, width = 4 }\ndiagnosis_code = { positions = [{ start = 15, width = 5 }, { start = 18, width = 5 }] }",
            "positions of one field overlap",
        ),
    ] {
        let layout = format!(
            "title = \"x\"\ntable = \"encounters\"\n[source]\nformat = \"fixed_width\"\n{source}\n[columns]\n{columns}\n"
        );
        write(work.path(), "export.txt", &layout, "");
        let (said, errors, code) = command(work.path(), &["check", "pipeline.toml"]);
        let said = said + &errors;
        assert!(code == 2 && said.contains(words), "{words}: {said}");
        assert!(said.contains("1 problem found"), "one fault is told once: {said}");
    }
}
