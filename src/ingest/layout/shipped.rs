//! The shipped layouts, and those of the samples held to the real files they are for.

use std::path::{Path, PathBuf};

use crate::{
    ingest::layout::Layout,
    problem::Problems,
    record::{
        date::Moment,
        field::{Field, FieldType},
    },
    rows::slot::Feed,
    shared_folder::{self, total},
};

/// Folders of layouts: those that ship, and those of the samples.
const FOLDERS: [&str; 2] = ["pipelines/layouts", "tests/pipelines/samples/layouts"];

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> Layout {
    let name = path.file_stem().expect("a name").to_string_lossy();
    let mut problems = Problems::default();
    let text = std::fs::read_to_string(path).expect("a layout");
    Layout::parse(&name, &text, &mut problems).unwrap_or_else(|| panic!("{}", problems.render(false)))
}

/// The layout of a sample.
fn of_sample(name: &str) -> Layout {
    read(&in_repository(FOLDERS[1]).join(format!("{name}.toml")))
}

/// The rows of a sample of the reference folder, heading first.
fn sample(file: &str) -> Option<Vec<Vec<String>>> {
    let path = shared_folder::path(&format!("samples/{file}"))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("readable");
    Some(reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect())
}

/// The date of a field in a row; panics where a text that is there is no date. The text itself is not shown.
fn moment(feed: &Feed, slots: &[Option<u8>], row: &[String], field: Field) -> Option<Moment> {
    let at = slots.iter().position(|slot| slot.is_some_and(|slot| feed.slots[usize::from(slot)].field == field))?;
    let slot = &feed.slots[usize::from(slots[at].expect("bound"))];
    let text = row[at].trim();
    (!feed.is_missing(text.as_bytes()))
        .then(|| slot.moment(text.as_bytes()).unwrap_or_else(|| panic!("no date: {}", field.name())))
}

#[test]
fn every_layout_is_without_fault() {
    let mut count = 0;
    for folder in FOLDERS {
        for entry in std::fs::read_dir(in_repository(folder)).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                read(&path);
                count += 1;
            }
        }
    }
    assert!(count >= 13);
}

#[test]
fn every_date_of_the_samples_is_read() {
    let pairs = [
        ("mimic-iv-demo/admissions.csv", "mimic-iv-admissions", 275),
        ("mimic-iv-demo/diagnoses_icd.csv", "mimic-iv-diagnoses", 4_506),
        ("mimic-iv-demo/patients.csv", "mimic-iv-patients", 100),
        ("synthea/encounters.csv", "synthea-encounters", 2_590),
        ("synthea/conditions.csv", "synthea-conditions", 1_534),
        ("synthea/procedures.csv", "synthea-procedures", 4_637),
        ("synthea/patients.csv", "synthea-patients", 59),
    ];
    for (file, name, published) in pairs {
        let Some(rows) = sample(file) else { return };
        let layout = of_sample(name);
        let slots = layout.bind(&rows[0]).unwrap_or_else(|fault| panic!("{file}: {fault}")).placement.slots;
        let feed = layout.feed(name);
        let dates: Vec<Field> =
            layout.fields().filter(|field| matches!(field.entry().kind, FieldType::Date | FieldType::Moment)).collect();
        for row in &rows[1..] {
            for field in &dates {
                moment(&feed, &slots, row, *field);
            }
        }
        total(&format!("samples/{file}, dates"), "rows", rows.len() - 1, rows.len() - 1, published);
    }
}

#[test]
fn no_stay_of_the_shifted_years_ends_before_it_begins_and_years_are_shifted() {
    let Some(rows) = sample("mimic-iv-demo/admissions.csv") else { return };
    let layout = of_sample("mimic-iv-admissions");
    let slots = layout.bind(&rows[0]).expect("bound").placement.slots;
    let feed = layout.feed("admissions");
    for row in &rows[1..] {
        let of = |field: Field| moment(&feed, &slots, row, field);
        let (admission, discharge) =
            (of(Field::AdmissionDate).expect("dated"), of(Field::DischargeDate).expect("dated"));
        assert!(admission.minutes() <= discharge.minutes());
        assert!(discharge.day.0 - admission.day.0 < 366);
        assert!((2100..=2210).contains(&admission.day.ymd().0));
        if let Some(death) = of(Field::DeathDate) {
            assert!(admission.day <= death.day && death.day.0 <= discharge.day.0 + 1);
        }
    }
}

#[test]
fn stays_of_a_patient_follow_the_anchor_year_of_the_patient() {
    let (Some(admissions), Some(patients)) =
        (sample("mimic-iv-demo/admissions.csv"), sample("mimic-iv-demo/patients.csv"))
    else {
        return;
    };
    let layout = of_sample("mimic-iv-admissions");
    let slots = layout.bind(&admissions[0]).expect("bound").placement.slots;
    let feed = layout.feed("admissions");
    let column = |rows: &[Vec<String>], name: &str| rows[0].iter().position(|column| column == name).expect("column");
    let (subject, number, year) =
        (column(&admissions, "subject_id"), column(&patients, "subject_id"), column(&patients, "anchor_year"));
    for row in &admissions[1..] {
        let patient = patients.iter().find(|patient| patient[number] == row[subject]).expect("known");
        let anchor: i32 = patient[year].parse().expect("a year");
        let admitted = moment(&feed, &slots, row, Field::AdmissionDate).expect("dated").day.ymd().0;
        assert!((admitted - anchor).abs() <= 25, "a stay {} years from the anchor", admitted - anchor);
    }
}
