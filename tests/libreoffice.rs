//! The workbook in LibreOffice: what it shows of every table is what the CSV edition has. Where LibreOffice is not installed, the test says that it was skipped.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::{
    command::{chartroom, copy, printed, root, run_folder},
    shared_folder::say,
};

/// A cell without what a spreadsheet shows beside it: marks of thousands.
fn plain(cell: &str) -> String {
    let digits = cell.replace(',', "");
    if digits.parse::<f64>().is_ok() { digits } else { cell.to_owned() }
}

fn rows_of(path: &Path) -> Vec<Vec<String>> {
    let bytes = fs::read(path).expect("a file");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
    reader.records().map(|row| row.expect("a row").iter().map(plain).collect()).collect()
}

#[test]
fn what_libreoffice_shows_of_every_table_is_what_the_csv_edition_has() {
    if Command::new("soffice").arg("--version").output().is_err() {
        say("skipped: LibreOffice is not installed");
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments = ["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01", "--format", "all"];
    let (_, errors, code) = printed(&chartroom(work.path()).args(arguments).output().expect("it starts"));
    assert_eq!(code, 0, "{errors}");
    let data = run_folder(&work.path().join("out")).join("data");
    let shown = work.path().join("shown");
    // Every sheet, as it is shown, in UTF-8.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let profile = format!("-env:UserInstallation=file://{}/profile", work.path().display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(&shown)
        .arg(data.join("statistics.xlsx"))
        .output()
        .expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let package: serde_json::Value =
        serde_json::from_slice(&fs::read(data.join("statistics/datapackage.json")).expect("a description"))
            .expect("JSON");
    let mut sheets: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    // Tables of one sheet may have the same headings: each is looked for after the one before.
    let mut after: BTreeMap<String, usize> = BTreeMap::new();
    let (mut tables, mut cells) = (0, 0);
    for resource in package["resources"].as_array().expect("resources") {
        let (sheet, path) = (resource["sheet"].as_str().expect("a sheet"), resource["path"].as_str().expect("a path"));
        if sheet == "Board" {
            continue;
        }
        let own = rows_of(&data.join("statistics").join(path));
        let all =
            sheets.entry(sheet.to_owned()).or_insert_with(|| rows_of(&shown.join(format!("statistics-{sheet}.csv"))));
        let width = own[0].len();
        // LibreOffice writes 6 where 6.00 is shown.
        let is_same = |shown: &str, own: &str| match (shown.parse::<f64>(), own.parse::<f64>()) {
            (Ok(shown), Ok(own)) => (shown - own).abs() < 1e-9,
            _ => shown == own,
        };
        let is_row = |shown: &Vec<String>, own: &Vec<String>| {
            // The CSV edition has a mark before what a spreadsheet would take for a formula.
            let own = own.iter().map(|own| own.replace('\'', ""));
            shown.len() >= width
                && shown.iter().zip(own).all(|(shown, own)| is_same(shown.replace('\'', "").trim(), own.trim()))
        };
        let after = after.entry(sheet.to_owned()).or_default();
        let begin = all[*after..].iter().position(|row| is_row(row, &own[0])).map(|begin| begin + *after);
        let begin = begin.unwrap_or_else(|| panic!("the headings of {path} are not on {sheet}"));
        for (place, row) in own.iter().enumerate() {
            let shown = &all[begin + place];
            assert!(is_row(shown, row), "{sheet}, {path}, row {place}: {shown:?} {row:?}");
            assert!(shown.iter().all(|cell| !cell.contains("###")), "{sheet}: a number is cut");
            cells += width;
        }
        *after = begin + own.len();
        tables += 1;
    }
    say(&format!("LibreOffice shows {tables} tables with {cells} cells as the CSV edition has them"));
    assert!(tables > 40 && cells > 10_000, "{tables} {cells}");
}
