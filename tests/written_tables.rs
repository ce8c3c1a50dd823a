//! Every table that a run writes is read back by the program's own reader as what was written, whatever stands in the cells.

use std::{collections::BTreeSet, fmt::Write as _};

use chartroom::book::csv::{CsvLines, in_memory};

use crate::command::{chartroom, printed, root, run_folder};

/// Texts that something is wrong with where a table is written or read carelessly.
const HOSTILE: [&str; 16] = [
    "=1+1",
    "+5",
    "-12A",
    "@SUM(A1)",
    "'quoted'",
    "''=x",
    "a,b;=c|+d",
    "say \"no\"",
    "two\nlines",
    "tab\there",
    "\u{1b}[31m",
    "\u{202e}turned",
    "\\u{1b}",
    "\\x41",
    "＝１",
    "plain",
];

const STAYS: &str = r#"title = "Stays"
table = "encounters"
[columns]
encounter_id = "ID"
facility_id = "FAC"
service = "SERVICE"
attending_name = "ATT"
payer = "PAYER"
sex = "SEX"
patient_id = "PAT"
birth_date = "BIRTH"
admission_date = "ADM"
discharge_date = "DIS"
diagnosis_code = { columns = "DX{1..2}" }
"#;

const DOCUMENTS: &str = r#"title = "Documents"
table = "documents"
[columns]
encounter_id = "ID"
document_id = "DOC"
document_type = "TYPE"
document_author = "AUTH"
signed_at = { column = "SIGNED", formats = ["%Y-%m-%d %H:%M"] }
"#;

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// Stays and documents with these texts wherever a text may stand; some rows stand twice, some overlap, one cannot be read, and of each number there is a second
/// version.
fn files() -> [String; 2] {
    let mut stays = "ID,FAC,SERVICE,ATT,PAYER,SEX,PAT,BIRTH,ADM,DIS,DX1,DX2\n".to_owned();
    let mut documents = "ID,DOC,TYPE,AUTH,SIGNED\n".to_owned();
    for (number, text) in HOSTILE.iter().enumerate() {
        let cell = quoted(text);
        let mut row = |id: &str, admitted: u32, sex: &str| {
            let line = format!(
                "{id},{cell},{cell},{cell},{cell},{sex},{cell},1960-01-01,2026-10-{admitted:02},2026-10-20,{cell},I10\n"
            );
            stays.push_str(&line);
            if admitted == 3 {
                stays.push_str(&line);
            }
        };
        row(&quoted(&format!("{text}{number}")), 2, &cell);
        row(&quoted(&format!("{text}{number}b")), 3, "F");
        row(&quoted(&format!("{text}{number}")), 4, "F");
        let _ = writeln!(stays, "{cell},{cell}");
        let _ = writeln!(documents, "{},{cell},{cell},{cell},", quoted(&format!("{text}{number}b")));
    }
    [stays, documents]
}

#[test]
fn every_table_of_a_run_is_read_back_as_it_was_written() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).expect("written");
    let [stays, documents] = files();
    write("stays.csv", &stays);
    write("documents.csv", &documents);
    write("stays.toml", STAYS);
    write("documents.toml", DOCUMENTS);
    let matrix = root().join("pipelines/matrices/expected-documents.toml");
    let feed =
        |name: &str| format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{name}.csv\"\nlayout = \"{name}.toml\"\n");
    write(
        "pipeline.toml",
        &format!(
            "title = \"T\"\n{}{}[[coding.diagnoses]]\nfrom = \"icd10cm\"\nto = \"icd9cm\"\nby = \"gem\"\n[edits]\n[deficiency]\nmatrix = \"{}\"\n[statistics]\nformat = \"text\"\n",
            feed("stays"),
            feed("documents"),
            matrix.display()
        ),
    );
    let output = chartroom(work.path()).args(["run", "pipeline.toml", "--as-of", "2026-12-20"]).output();
    let (_, errors, code) = printed(&output.expect("it starts"));
    assert!(code <= 1, "{errors}");
    let data = run_folder(&work.path().join("out")).join("data");
    let texts: BTreeSet<&str> = HOSTILE.into_iter().collect();
    let (mut tables, mut with_rows, mut facilities) = (0, BTreeSet::new(), BTreeSet::new());
    for folder in [data.clone(), data.join("worklists")] {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|end| end != "csv") {
                continue;
            }
            let written = std::fs::read_to_string(&path).expect("text");
            let read = CsvLines::read(&written);
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let facility = read.places(["facility_id"]).ok().map(|[place]| place);
            let lines: Vec<Vec<String>> = read.lines.into_iter().map(|line| line.expect("a line").values).collect();
            for line in &lines {
                if let Some(facility) = facility.map(|place| line[place].clone()).filter(|text| !text.is_empty()) {
                    assert!(texts.contains(facility.as_str()), "{name}: {facility:?} was in no row");
                    facilities.insert(facility);
                }
            }
            let again = in_memory(read.headings.iter().map(String::as_str), &lines);
            assert_eq!(String::from_utf8(again).expect("text"), written, "{name}");
            tables += 1;
            if !lines.is_empty() {
                with_rows.insert(name);
            }
        }
    }
    assert_eq!(tables, 14);
    for name in ["findings.csv", "duplicates.csv", "quarantine.csv", "records_to_correct.csv", "document_types.csv"] {
        assert!(with_rows.contains(name), "{name} has no line: {with_rows:?}");
    }
    assert_eq!(facilities.len(), HOSTILE.len(), "every facility is read back: {facilities:?}");
}
