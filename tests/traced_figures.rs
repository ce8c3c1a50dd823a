//! Every figure of the workbook of the fixtures is traced: what the records and rows of registers add to it comes to the figure, or the figure is one of those that are no sum.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, atomic::AtomicUsize},
};

use chartroom::{
    book::figures::FigureName,
    edits::explain::known,
    plan::{Overrides, Plan, check::check},
    record::date::Day,
    run::{
        options::{Progress, RunOptions},
        stage::Stage,
        trace::{
            adds_up, counted_for_trace,
            evaluate::{Contribution, CountedHow, FigureParts, TracedRun},
            held_rows,
            records::{Again, RecordSets},
            registers::RegisterRows,
        },
    },
};

use crate::command::{chartroom, printed};

struct Silent;

impl Progress for Silent {
    fn step(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
}

/// The fixtures with their pipelines, in a folder of their own.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["pipelines", "fixtures"] {
        copy(&root.join(name), &folder.path().join(name));
    }
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { fs::copy(&from, &to).map(drop).expect("copied") }
    }
}

fn month_of(folder: &Path) -> Plan {
    let overrides = Overrides {
        period: Some("2026-10".to_owned()),
        business_date: Day::from_iso("2026-11-02"),
        ..Overrides::default()
    };
    check(&folder.join("pipelines/monthly-statistics.toml"), &overrides, &known()).expect("a plan")
}

/// What all sets of records and all rows of registers add to every figure: records counted twice, records left out, rows left out.
type Sums = [BTreeMap<FigureName, Contribution>; 3];

fn add(sums: &mut BTreeMap<FigureName, Contribution>, changes: BTreeMap<FigureName, Contribution>) {
    for (name, change) in changes {
        sums.entry(name).or_default().add(&change);
    }
}

/// Figures that are no sum over records: sheet, table and column, each a beginning, and why.
const NO_SUMS: [(&str, &str, &str, &str); 18] = [
    ("Control limits", "", "", "limits of other months"),
    ("Definitions", "", "", "no figures of records"),
    ("Rules", "", "", "numbers of rules"),
    ("Trends", "trends", "Mean", "a mean of other months"),
    ("Trends", "trends", "Critical", "a limit"),
    ("Trends", "trends", "Warning", "a limit"),
    ("Expected", "expected", "Days of stay, expected", "expected by the months before"),
    ("Expected", "expected", "Observed to expected", "a quotient of an expected number"),
    ("Diagnoses", "", "Rank", "a place in the list"),
    ("Procedures", "", "Rank", "a place in the list"),
    ("Diagnoses", "", "Share", "the last rows of a list, which another code pushes out"),
    ("Procedures", "", "Share", "the last rows of a list, which another code pushes out"),
    ("Length of stay", "stays", "Longest", "a greatest value"),
    ("Length of stay", "stays", "Median", "a middle value"),
    ("Deficiencies", "deficiencies_by_clinician", "Oldest, days", "a greatest value"),
    ("Deficiencies", "delinquency", "Value", "the limit of the pipeline, among counts"),
    ("Edits", "edits", "", "edits that are asked of whole files"),
    ("Reconciliation", "reconciliation", "", "a census of one day, which is held only where all days are"),
];

/// Measures that are no sums: a product; one that counts a stay once, however many consultations it has; and the days of the month below the line.
const NO_SUM_MEASURES: [(&str, &str); 4] = [
    ("Bed turnover, indirect", ""),
    ("Consultation rate, %", ""),
    ("Average daily census, adults and children", "Denominator"),
    ("Average daily census, newborns", "Denominator"),
];

#[test]
fn every_figure_of_the_fixtures_is_the_sum_of_what_stands_behind_it() {
    let folder = site();
    let plan = month_of(folder.path());
    let as_of = Day::from_iso("2026-11-02").expect("a day");
    let options = RunOptions {
        business_date: as_of,
        today: as_of,
        replace: false,
        everything: true,
        traces: true,
        stop: Arc::new(AtomicUsize::new(0)),
        stage: Arc::new(Stage::default()),
        progress: &Silent,
    };
    let run = counted_for_trace(&plan, &options).expect("a run");
    let traced = held_rows(&run).expect("rows");
    let asked = TracedRun::of(&plan, as_of, (&run, traced), None);
    let sets = RecordSets::of(traced).expect("sets");
    let again = Again::of(&plan, &options, &run);
    let mut sums = Sums::default();
    for number in 0..sets.count {
        let rows = again.picked(&traced.rows, |row| sets.number(row) == number).expect("rows");
        let part = again.outcome(&rows).expect("figures");
        add(&mut sums[0], asked.of_records(&part, CountedHow::Twice));
        add(&mut sums[1], asked.of_records(&part, CountedHow::LeftOut));
    }
    let registers = RegisterRows::of(&run.read.register_rows, &run.prepared.feeds, &run.accounts.inputs);
    for table in registers.tables() {
        for place in registers.of_table(table) {
            add(&mut sums[2], asked.of_registers(&registers.without(&[place])));
        }
    }
    let (mut are_sums, mut no_sums) = (0, Vec::new());
    for (name, value) in &asked.figures {
        let Some(parts) = FigureParts::of(value) else { continue };
        let of_registers = sums[2].get(name).copied().unwrap_or_default();
        let is_sum = sums[..2].iter().any(|of_records| {
            let mut sum = of_records.get(name).copied().unwrap_or_default();
            sum.add(&of_registers);
            adds_up(&sum, parts)
        });
        if is_sum {
            are_sums += 1;
        } else {
            no_sums.push(name);
        }
    }
    let is_known = |name: &&&FigureName| {
        let begins = |text: &str, begin: &str| text.starts_with(begin);
        NO_SUM_MEASURES.iter().any(|(row, column)| name.row.ends_with(row) && begins(&name.column, column))
            || NO_SUMS.iter().any(|(sheet, table, column, _)| {
                name.sheet == *sheet && begins(&name.table, table) && begins(&name.column, column)
            })
    };
    let unknown: Vec<&&FigureName> = no_sums.iter().filter(|name| !is_known(name)).collect();
    assert!(unknown.is_empty(), "{} figures are no sums: {unknown:#?}", unknown.len());
    assert!(are_sums > 3800 && no_sums.len() < 260, "{are_sums} sums, {} others", no_sums.len());
}

/// The rows of an export by their numbers, as a spreadsheet counts them: the heading is row 1.
fn rows_of(folder: &Path, file: &str) -> BTreeMap<u64, BTreeMap<String, String>> {
    let file = folder.join("fixtures/discharges").join(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).expect("an export");
    let headings = reader.headers().expect("headings").clone();
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("a row");
        let line = record.position().map_or(0, csv::Position::line);
        let row = headings.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
        rows.insert(line, row);
    }
    rows
}

/// The lines of a trace that the command writes.
fn traced(folder: &Path, cell: &str) -> (String, Vec<BTreeMap<String, String>>) {
    let list = folder.join("trace.csv");
    let _ = fs::remove_file(&list);
    let workbook = "out/monthly-statistics-2026-10-latest/data/statistics.xlsx";
    let arguments = ["trace", workbook, cell, "--to", "trace.csv"];
    let (text, errors, code) = printed(&chartroom(folder).args(arguments).output().expect("the program starts"));
    assert_eq!((errors.as_str(), code), ("", 0), "{cell}: {text}");
    let mut reader = csv::Reader::from_path(&list).expect("a list");
    let headings = reader.headers().expect("headings").clone();
    let line = |line: csv::StringRecord| {
        headings.iter().map(str::to_owned).zip(line.iter().map(str::to_owned)).collect::<BTreeMap<_, _>>()
    };
    let lines = reader.records().map(|record| line(record.expect("a line"))).collect();
    (text, lines)
}

/// The cell of a figure of the sheet Measures, this month: the table begins in row 11 behind its heading.
fn cell_of_measure(folder: &Path, measure: &str) -> String {
    let figures = fs::read_to_string(folder.join("out/monthly-statistics-2026-10-latest/data/figures.csv"));
    let figures = figures.expect("figures");
    let mut rows: Vec<&str> = Vec::new();
    for line in figures.lines().filter(|line| line.starts_with("Measures,")) {
        let row = line.split('"').nth(1).or_else(|| line.split(',').nth(2)).expect("a row");
        if rows.last() != Some(&row) {
            rows.push(row);
        }
    }
    let at = rows.iter().position(|row| row.split_once(" / ").is_some_and(|(_, name)| name == measure));
    format!("Measures!C{}", 11 + at.unwrap_or_else(|| panic!("{measure} of {rows:?}")))
}

#[test]
fn the_traced_records_of_a_measure_are_those_that_a_plain_loop_counts() {
    let folder = site();
    let run = ["run", "pipelines/monthly-statistics.toml", "--period", "2026-10", "--as-of", "2026-11-02", "--quiet"];
    printed(&chartroom(folder.path()).args(run).output().expect("the program starts"));
    let export = rows_of(folder.path(), "discharges-2026-10.csv");
    let row_of = |line: &BTreeMap<String, String>| -> &BTreeMap<String, String> {
        assert_eq!(line["file"], "discharges-2026-10.csv", "{line:?}");
        &export[&line["row"].parse::<u64>().expect("a number")]
    };
    // Every death of the month, and nobody else, has one of the statuses of death.
    let (text, lines) = traced(folder.path(), &cell_of_measure(folder.path(), "Deaths"));
    let died = |row: &BTreeMap<String, String>| ["20", "40", "41", "42"].contains(&row["discharge_status"].as_str());
    assert!(lines.iter().all(|line| died(row_of(line)) && line["numerator"] == "1"), "{lines:?}");
    let deaths = lines.len();
    assert!(text.contains(&format!("{deaths} records stand behind it, and they add up to it")), "{text}");
    // The rate has the same above the line, and all discharges below it.
    let (_, lines) = traced(folder.path(), &cell_of_measure(folder.path(), "Gross death rate, %"));
    let above: Vec<_> = lines.iter().filter(|line| line["numerator"] == "1").collect();
    assert_eq!(above.len(), deaths);
    assert!(above.iter().all(|line| died(row_of(line))));
    let below: BTreeSet<&String> =
        lines.iter().filter(|line| line["denominator"] == "1").map(|line| &line["encounter_id"]).collect();
    assert_eq!(below.len(), lines.len(), "each record once");
    // Days of stay are those between the two dates of each record, and 1 within a day.
    let (_, lines) = traced(folder.path(), &cell_of_measure(folder.path(), "Average stay, days, adults and children"));
    let day = |text: &str| Day::from_iso(text).expect("a day").0;
    for line in &lines {
        let row = row_of(line);
        let days = (day(&row["discharge_date"]) - day(&row["admit_date"])).max(1);
        assert_eq!(line["numerator"], days.to_string(), "{line:?} {row:?}");
    }
    // A file that was overwritten under its name is another one: what is listed then is not what was published.
    let export_file = folder.path().join("fixtures/discharges/discharges-2026-10.csv");
    let text = fs::read_to_string(&export_file).expect("an export");
    fs::write(&export_file, text.replacen("A000152", "A999152", 1)).expect("written");
    let arguments = ["trace", "out/monthly-statistics-2026-10-latest", &cell_of_measure(folder.path(), "Deaths")];
    let (told, _, code) = printed(&chartroom(folder.path()).args(arguments).output().expect("the program starts"));
    assert!(code == 1 && told.contains("gone, or others now: discharges-2026-10.csv"), "{code} {told}");
    assert!(told.contains("by pipelines/monthly-statistics.toml"), "{told}");
    fs::write(&export_file, text).expect("written");
    // What is no cell, or lies in no table, is told.
    for (cell, words) in [
        ("Measures!A1", "lies in no table"),
        ("Measures", "is no cell"),
        ("No!A1", "no sheet of that name"),
        ("Measures!A12", "is no figure"),
    ] {
        let arguments = ["trace", "out/monthly-statistics-2026-10-latest", cell];
        let (_, errors, code) =
            printed(&chartroom(folder.path()).args(arguments).output().expect("the program starts"));
        assert!(code == 2 && errors.contains(words), "{cell}: {code} {errors}");
    }
}
