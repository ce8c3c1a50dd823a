//! Losses that pass every edit of a record, planted in a generated file whose months are uneven: a month of one facility without a field.

use std::path::Path;

use chartroom::{codeset::sets::CodeSets, record::finding::Severity};

use crate::generated_abstracts::{examined, generate};

/// The generated file with the rows of the largest facility in July changed, cell by heading.
fn with_july_changed(clean: &Path, change: impl Fn(&str, &str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut reader = csv::Reader::from_path(clean).expect("a generated file");
    let heading = reader.headers().expect("a heading").clone();
    let column = |name: &str| heading.iter().position(|column| column == name).expect("a column");
    let (facility, discharged) = (column("facility_id"), column("discharge_date"));
    let mut writer = csv::Writer::from_path(folder.path().join("changed.csv")).expect("a file");
    writer.write_record(&heading).expect("written");
    for record in reader.records() {
        let record = record.expect("a row");
        if &record[facility] != "F100" || !record[discharged].starts_with("2026-07") {
            writer.write_record(&record).expect("written");
            continue;
        }
        let cells = heading.iter().zip(&record).map(|(name, cell)| change(name, cell));
        writer.write_record(cells).expect("written");
    }
    writer.flush().expect("written");
    folder
}

#[test]
fn losses_planted_in_a_month_of_one_facility_are_its_only_errors_of_trend() {
    let sets = CodeSets::default();
    let folder = tempfile::tempdir().expect("a folder");
    let clean = folder.path().join("clean.csv");
    let Some(()) = generate(40_000, 1, "0", &clean) else { return };
    let blank = |names: &'static [&'static str]| {
        move |name: &str, cell: &str| if names.contains(&name) { String::new() } else { cell.to_owned() }
    };
    let secondary = |name: &str, cell: &str| {
        let is_secondary = name.strip_prefix("DX").is_some_and(|number| number != "1");
        if is_secondary { String::new() } else { cell.to_owned() }
    };
    let procedures = |name: &str, cell: &str| if name.starts_with("PR") { String::new() } else { cell.to_owned() };
    let errors = |changed: tempfile::TempDir| -> Vec<(&'static str, String)> {
        let found = examined(&changed.path().join("changed.csv"), &sets).trends;
        let errors = found.into_iter().filter(|(_, severity, _)| *severity <= Severity::Error);
        errors.map(|(code, _, value)| (code, value.split(':').next().unwrap_or_default().to_owned())).collect()
    };
    for (code, changed) in [
        ("TRD104", with_july_changed(&clean, blank(&["payer"]))),
        ("TRD105", with_july_changed(&clean, blank(&["discharge_status"]))),
        ("TRD101", with_july_changed(&clean, secondary)),
        ("TRD107", with_july_changed(&clean, procedures)),
    ] {
        assert_eq!(errors(changed), [(code, "F100 2026-07".to_owned())]);
    }
    assert!(errors(with_july_changed(&clean, |_, cell| cell.to_owned())).is_empty());
}
