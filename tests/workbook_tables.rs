//! Tables of the workbook are what a person filters, sorts and sums: rows of one kind, their sums apart.

use calamine::{Data, DataType as _, Xlsx, open_workbook};

use crate::command::{chartroom, printed, results, root, run_folder};

/// Name, sheet, headings and rows of every native table.
type Tables = Vec<(String, String, Vec<String>, Vec<Vec<Data>>)>;

fn tables(path: &std::path::Path) -> Tables {
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    workbook.load_tables().expect("tables");
    let names: Vec<String> = workbook.table_names().into_iter().cloned().collect();
    names
        .into_iter()
        .map(|name| {
            let table = workbook.table_by_name(&name).expect("a table");
            let rows = table.data().rows().map(<[Data]>::to_vec).collect();
            (name, table.sheet_name().to_owned(), table.columns().to_vec(), rows)
        })
        .collect()
}

/// Sum of a column, by its heading.
fn sum(headings: &[String], rows: &[Vec<Data>], heading: &str) -> Option<u64> {
    let at = headings.iter().position(|own| own == heading)?;
    Some(rows.iter().filter_map(|row| row.get(at)).filter_map(|cell| cell.as_f64()).map(|count| count as u64).sum())
}

#[test]
fn sums_stand_in_tables_of_their_own() {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        crate::command::copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments = ["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01"];
    let (_, errors, code) = printed(&chartroom(work.path()).args(arguments).output().expect("it starts"));
    assert_eq!(code, 0, "{errors}");
    let out = work.path().join("out");
    let results = results(&out);
    let discharges = results["encounters"]["in_statistics"].as_u64().expect("a count");
    let mut groups = 0;
    for (name, sheet, headings, rows) in tables(&run_folder(&out).join("data/statistics.xlsx")) {
        if sheet == "Groups"
            && let Some(sum) = sum(&headings, &rows, "Discharges")
        {
            groups += 1;
            assert_eq!(sum, discharges, "{name}");
        }
        if let Some(sum) = sum(&headings, &rows, "Read") {
            assert_eq!(Some(sum), results["totals"]["read"].as_u64(), "{name}");
        }
        // The definitions are words: a measure may be called "all-listed diagnoses".
        let begins_with_all = |row: &&Vec<Data>| row[0].to_string().to_lowercase().starts_with("all");
        assert!(sheet == "Definitions" || rows.len() < 2 || !rows.iter().any(|row| begins_with_all(&row)), "{name}");
    }
    assert!(groups > 5, "{groups} tables");
}
