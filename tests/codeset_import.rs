//! The official releases as published: every file of the shared folder is taken in by the program, with the counts that its publisher states.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    command::{chartroom, printed},
    shared_folder::{self, total},
};

/// The official folder, where it has these files: another folder laid out alike may have other releases.
fn official_with(names: &[&str]) -> Option<PathBuf> {
    let files = names.iter().map(|name| shared_folder::path(&format!("codesets/official/{name}")));
    files.collect::<Option<Vec<PathBuf>>>()?.first()?.parent().map(Path::to_owned)
}

fn codeset(folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    printed(&chartroom(folder).arg("codeset").args(arguments).output().expect("the program starts"))
}

fn import(folder: &Path, files: &[&Path]) -> (String, String, i32) {
    let mut arguments = vec!["import"];
    arguments.extend(files.iter().map(|file| file.to_str().expect("a path")));
    codeset(folder, &arguments)
}

/// The bytes of a file, unpacked where it is compressed.
fn unpacked(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("a file");
    if path.extension().is_none_or(|extension| extension != "gz") {
        return bytes;
    }
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).expect("gzip");
    text
}

fn lines(path: &Path) -> Vec<String> {
    encoding_rs::mem::decode_latin1(&unpacked(path)).lines().map(str::to_owned).collect()
}

/// The index of a store: name to rows.
fn stored(folder: &Path) -> BTreeMap<String, u64> {
    let text = std::fs::read_to_string(folder.join("codesets/releases.json")).unwrap_or_else(|_| "{}".to_owned());
    let index: serde_json::Value = serde_json::from_str(&text).expect("json");
    let releases = index["releases"].as_array().cloned().unwrap_or_default();
    let name = |entry: &serde_json::Value| entry["name"].as_str().expect("a name").to_owned();
    releases.iter().map(|entry| (name(entry), entry["rows"].as_u64().expect("rows"))).collect()
}

/// Every file of the store with its bytes.
fn bytes_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder.join("codesets")).expect("a store");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.clone(), std::fs::read(&path).expect("bytes"))).collect()
}

#[test]
fn every_official_file_is_taken_with_the_counts_of_its_publisher() {
    let Some(official) = shared_folder::path("codesets/official") else { return };
    let work = tempfile::tempdir().expect("a folder");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&official).expect("files").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let (output, errors, code) = import(work.path(), &files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    assert_eq!((code, errors.as_str()), (0, ""), "{output}");
    println!("{output}");
    let there = |names: &[&str]| names.iter().all(|name| official.join(name).is_file());
    for (names, expected) in [
        (&["cms_2026_dx.zip"][..], "74719 billable codes of 98186 rows"),
        (&["icd10pcs_order_2026.txt.gz"], "79115 billable codes of 80029 rows"),
        (&["icd10cm_order_2025.txt.gz", "cms_2026_dx.zip"], "against icd10cm-2025: 487 added, 28 deleted, 38 retitled"),
        (&["2018_I9gem.txt.gz"], "14567 sources in 24860 rows, 422 without a map, 2338 rows of combinations"),
        (&["2018_I10gem.txt.gz"], "71704 sources in 81593 rows, 731 without a map, 9033 rows of combinations"),
        (&["ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx"], "487 codes new on 2025-10-01"),
        (&["icd10cm_order_addenda_2027.txt.gz"], "codes: 190 added, 30 deleted, 4 retitled"),
        (&["cms_2026_dx.zip"], "icd10OrderFiles.pdf"),
    ] {
        assert!(!there(names) || output.contains(expected), "{expected} in\n{output}");
    }
    let stored = stored(work.path());
    total("codesets/official", "files", files.len(), files.len(), 25);
    // Rows of the files that are one line a row, counted here.
    for (file, name, beside) in [
        ("icd10cm_order_2025.txt.gz", "icd10cm-2025", 0),
        ("icd10pcs_order_2026.txt.gz", "icd10pcs-2026", 0),
        ("CMS32_DESC_LONG_DX.txt.gz", "icd9cm-long-v32", 0),
        ("CMS32_DESC_SHORT_DX.txt.gz", "icd9cm-short-v32", 0),
        ("CMS32_DESC_LONG_SG.txt.gz", "icd9pcs-long-v32", 0),
        ("CMS32_DESC_SHORT_SG.txt.gz", "icd9pcs-short-v32", 0),
        ("2018_I9gem.txt.gz", "gem-icd9cm-icd10cm-2018", 0),
        ("2018_I10gem.txt.gz", "gem-icd10cm-icd9cm-2018", 0),
        ("gem_i9pcs.txt.gz", "gem-icd9pcs-icd10pcs-2018", 0),
        ("gem_pcsi9.txt.gz", "gem-icd10pcs-icd9pcs-2018", 0),
        ("POAexemptCodesFY26.txt.gz", "poa-exempt-2026", 1),
        ("CCIR_v2025-1.csv.gz", "ccir-v2025.1", 3),
        ("dxccsr_v2025-1_bare.csv.gz", "ccsr-v2025.1", 1),
        ("dxccsr_categories_v2025-1.csv", "ccsr-categories-v2025.1", 2),
        ("elixhauser_ahrq_cmr_v2025-1_codes.csv.gz", "cmr-codes-v2025.1", 1),
        ("elixhauser_ahrq_cmr_v2025-1_measures_weights.csv", "cmr-weights-v2025.1", 1),
        ("quan2005_charlson_icd10_prefixes.csv", "quan-charlson-icd10-2005", 1),
        ("comorbidity_weights_charlson_elixhauser.csv", "comorbidity-weights-published", 1),
    ] {
        if !official.join(file).is_file() {
            continue;
        }
        let rows = lines(&official.join(file)).len() as u64 - beside;
        assert_eq!(stored.get(name), Some(&rows), "{file} as {name} of {:?}", stored.keys());
    }
    if there(&["CMR-Reference-File-v2025-1.xlsx"]) {
        assert_eq!(stored["cmr-measures-v2025.1"], 38);
    }

    let before = bytes_of(work.path());
    let (again, _, code) = import(work.path(), &files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    assert_eq!(code, 0);
    assert!(!again.contains("stored;") && !again.contains("replaces"), "{again}");
    assert_eq!(bytes_of(work.path()), before, "the same bytes change nothing");
}

#[test]
fn the_order_files_of_two_years_differ_as_their_lines_do() {
    let Some(official) = official_with(&["icd10cm_order_2025.txt.gz", "cms_2026_dx.zip"]) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let (earlier, later) = (official.join("icd10cm_order_2025.txt.gz"), official.join("cms_2026_dx.zip"));
    assert_eq!(import(work.path(), &[&earlier]).2, 0);
    let (output, _, code) = import(work.path(), &[&later]);
    assert_eq!(code, 0);
    assert!(output.contains("487 added, 28 deleted, 38 retitled"), "{output}");
    assert!(output.contains("left alone: ") && output.contains("icd10cmCodesFile.pdf"), "{output}");

    let (text, _, code) = codeset(work.path(), &["diff", "icd10cm-2025", "icd10cm-2026", "--list", "--format", "csv"]);
    assert_eq!(code, 0);
    let listed: BTreeSet<(String, String)> = csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|record| record.expect("a row"))
        .filter(|record| &record[0] != "retitled")
        .map(|record| (record[0].to_owned(), record[1].to_owned()))
        .collect();
    let order = |lines: &[String]| -> BTreeSet<String> {
        lines.iter().filter(|line| &line[14..15] == "1").map(|line| line[6..13].trim().to_owned()).collect()
    };
    let before = order(&lines(&earlier));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&later).expect("the zip")).expect("a zip");
    let mut member = String::new();
    archive.by_name("icd10cm_order_2026.txt").expect("the member").read_to_string(&mut member).expect("text");
    let after = order(&member.lines().map(str::to_owned).collect::<Vec<_>>());
    let row = |word: &str, code: &String| (word.to_owned(), code.clone());
    let expected: BTreeSet<(String, String)> = after
        .difference(&before)
        .map(|code| row("added", code))
        .chain(before.difference(&after).map(|code| row("deleted", code)))
        .collect();
    assert_eq!(listed, expected);

    for (one, other) in [("icd10cm-2025", "icd10cm-codes-2026"), ("2024-10-01", "2025-10-01")] {
        let (text, _, _) = codeset(work.path(), &["diff", one, other]);
        assert!(text.contains("487 added, 28 deleted"), "{text}");
    }
    let (text, _, _) = codeset(work.path(), &["diff", earlier.to_str().expect("a path"), "shipped"]);
    assert!(text.contains("0 added, 0 deleted"), "{text}");
    let (_, errors, code) = codeset(work.path(), &["diff", "icd10cm-2025", "icd10cm-2062"]);
    assert_eq!(code, 2);
    assert!(errors.contains("did you mean `icd10cm-2025`?") || errors.contains("did you mean `icd10cm-2026`?"));
}

#[test]
fn a_file_that_is_not_as_published_is_refused_and_leaves_no_trace() {
    let names = ["icd10cm_order_2025.txt.gz", "2018_I9gem.txt.gz", "POAexemptCodesFY26.txt.gz", "cms_2026_dx.zip"];
    let Some(official) = official_with(&names) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let order = unpacked(&official.join("icd10cm_order_2025.txt.gz"));
    let text = String::from_utf8(order.clone()).expect("text");
    let cut_at_a_line = text.lines().take(50_000).fold(String::new(), |text, line| text + line + "\r\n");
    let without_a_line = text.replacen("00003 A001    1 ", "", 1);
    let packed = std::fs::read(official.join("icd10cm_order_2025.txt.gz")).expect("gzip");
    let map = unpacked(&official.join("2018_I9gem.txt.gz"));
    let exempt = unpacked(&official.join("POAexemptCodesFY26.txt.gz"));
    let zip = std::fs::read(official.join("cms_2026_dx.zip")).expect("zip");
    let cases: [(&str, &[u8], i32, &str); 11] = [
        ("icd10cm_order_2025.txt", &order[..order.len() / 2], 65, ""),
        ("icd10cm_order_2025.txt", cut_at_a_line.as_bytes(), 65, "missing"),
        ("icd10cm_order_2025.txt", without_a_line.as_bytes(), 65, "line 3: columns 1-5 are no order number"),
        ("icd10cm_order_2026.txt", &order, 65, "its codes are those of fiscal year 2025"),
        ("icd10cm_order_2025.txt.gz", &packed[..packed.len() / 2], 65, "damaged"),
        ("2018_I9gem.txt", &map[..map.len() / 2], 65, ""),
        ("POAexemptCodesFY26.txt", &exempt[..exempt.len() / 2], 65, ""),
        ("cms_2026_dx.zip", &zip[..zip.len() / 2], 65, "zip folder that is damaged"),
        (
            "letter.txt",
            b"Dear colleague,\nplease find the release attached.\n",
            65,
            "no release of a kind that is known",
        ),
        ("empty.txt", b"", 65, "is empty"),
        ("POAexemptCodes.txt", b"Order\tPOAexemptCode\tDescription\r\n98181\tZ99.89\tDependence\r\n", 65, "--release"),
    ];
    for (name, bytes, expected, words) in cases {
        let path = work.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        let (output, errors, code) = import(work.path(), &[&path]);
        assert_eq!(code, expected, "{name}: {output}{errors}");
        assert!(errors.contains("nothing stored") && errors.contains(words), "{name}: {errors}");
        assert!(stored(work.path()).is_empty(), "{name}");
        std::fs::remove_file(&path).expect("removed");
    }
    // A file under another name is known by its codes.
    let path = work.path().join("download.txt");
    std::fs::write(&path, &order).expect("written");
    let (output, _, code) = import(work.path(), &[&path, &work.path().join("absent.txt")]);
    assert_eq!(code, 74, "the other one is not there");
    assert!(output.contains("icd10cm-2025: stored") && output.contains("told by its codes"), "{output}");
    assert_eq!(stored(work.path()).len(), 1);
}

#[test]
fn a_member_of_a_zip_that_is_malformed_keeps_the_whole_zip_out() {
    let Some(official) = official_with(&["icd10cm_order_2025.txt.gz"]) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let path = work.path().join("2025-code-descriptions.zip");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).expect("a file"));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("icd10cm_order_2025.txt", options).expect("a member");
    archive.write_all(&unpacked(&official.join("icd10cm_order_2025.txt.gz"))).expect("written");
    archive.start_file("icd10cm_codes_2025.txt", options).expect("a member");
    archive.write_all(b"A000    Cholera\r\nA001    Cholera\r\nA009\r\nA0100   Typhoid fever\r\n").expect("written");
    archive.finish().expect("a zip");
    let (_, errors, code) = import(work.path(), &[&path]);
    assert_eq!(code, 65);
    assert!(
        errors.contains("member icd10cm_codes_2025.txt") && errors.contains("line 3: the title is blank"),
        "{errors}"
    );
    assert!(stored(work.path()).is_empty());
}

#[test]
fn titles_are_found_with_and_without_slips_of_the_pen() {
    let work = tempfile::tempdir().expect("a folder");
    let search = |arguments: &[&str]| {
        let (text, errors, code) = codeset(work.path(), &[&["search"], arguments, &["--format", "csv"]].concat());
        assert_eq!(code, 0, "{errors}");
        csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(|record| record.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let found = search(&["pnuemonia"]);
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|row| row[2].to_lowercase().contains("pneumonia")), "{found:?}");
    assert_eq!(search(&["type", "2", "diabetes", "without", "complications"])[0][0], "E11.9");
    assert_eq!(search(&["acute appendicitis", "--limit", "3"]).len(), 3);
    assert_eq!(search(&["typhoid fever", "--system", "icd9cm", "--on", "2015-09-30"])[0][0], "002.0");
    assert_eq!(search(&["resection appendix percutaneous endoscopic", "--system", "icd10pcs"])[0][0], "0DTJ4ZZ");
    let on = search(&["vaping related disorder", "--on", "2019-10-01"]);
    assert_eq!((on[0][0].as_str(), on[0][1].as_str()), ("U07.0", "not valid"), "in force from 2020-04-01");
    assert_eq!(codeset(work.path(), &["search", "x", "--system", "icd11"]).2, 2);
}

#[test]
fn rows_that_are_missing_from_a_known_release_and_titles_that_are_not_its_own_are_told() {
    let names = ["dxccsr_v2025-1_bare.csv.gz", "icd10cm_order_2025.txt.gz"];
    let Some(official) = official_with(&names) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let ccsr = String::from_utf8(unpacked(&official.join("dxccsr_v2025-1_bare.csv.gz"))).expect("text");
    let path = work.path().join("dxccsr_v2025-1_bare.csv");
    std::fs::write(&path, &ccsr).expect("written");
    let whole = import(work.path(), &[&path]).0;
    assert!(whole.contains("87137 rows") && !whole.contains("published with"), "{whole}");
    std::fs::write(&path, ccsr.replacen("A000,INF003,N\n", "", 1).replacen("A000,INF003,N\r\n", "", 1))
        .expect("written");
    let cut = import(work.path(), &[&path]).0;
    assert!(cut.contains("87136 rows, but the release was published with 87137: rows are missing"), "{cut}");

    // The shipped titles are the latest, so that a few codes of the official file were retitled since.
    let order = String::from_utf8(unpacked(&official.join("icd10cm_order_2025.txt.gz"))).expect("text");
    let path = work.path().join("icd10cm_order_2025.txt");
    let differing = |text: &str| -> u64 {
        std::fs::write(&path, text).expect("written");
        let output = import(work.path(), &[&path]).0;
        let line = output.lines().find(|line| line.contains("from the shipped table")).unwrap_or("  0").to_owned();
        line.trim().split(' ').next().and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{output}"))
    };
    let before = differing(&order);
    println!("{before} titles of the order file of 2025 are others than the latest");
    assert!(before < 60);
    let cholera = order.replace("Cholera", "Kholera");
    let altered = cholera.lines().filter(|line| line[14..15] == *"1" && line[77..].contains("Kholera")).count() as u64;
    assert!(altered > 2);
    assert_eq!(differing(&cholera), before + altered);
}

#[test]
fn stored_releases_are_compared_with_the_tables_that_ship_by_name() {
    let files = ["2018_I9gem.txt.gz", "CCIR_v2025-1.csv.gz", "dxccsr_v2025-1_bare.csv.gz", "icd10cm_order_2025.txt.gz"];
    let Some(official) = official_with(&files) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> = files.iter().map(|file| official.join(file)).collect();
    assert_eq!(import(work.path(), &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>()).2, 0);
    let diff = |one: &str, other: &str| codeset(work.path(), &["diff", one, other, "--list"]);
    let (text, errors, code) = diff("gem_icd9cm_icd10cm", "gem-icd9cm-icd10cm-2018");
    assert_eq!(code, 0, "{errors}");
    for line in ["deleted   00845 A047 00000", "added     00845 A0471 10000", "added     00845 A0472 10000"] {
        assert!(text.contains(line), "{line} in\n{}", &text[..400]);
    }
    let (text, _, code) = diff("icd10cm_chronic", "ccir-v2025.1");
    // Cytokine release syndrome, grades 2 to 5 and not stated, was chronic in v2023.1 and is not in v2025.1; nothing else changed.
    assert!(code == 0 && text.contains(" 4 changed"), "{}", &text[..200]);
    let (text, _, code) = diff("icd10cm_ccsr", "ccsr-v2025.1");
    assert!(
        code == 0 && text.contains("the first alone") && text.contains("added     A000 INF003"),
        "{}",
        &text[..400]
    );
    for (one, other) in [("icd10cm-2025", "icd10cm"), ("icd10cm-2025", "icd10cm@2024-10-01")] {
        let (text, errors, code) = diff(one, other);
        assert!(code == 0 && text.contains("0 added, 0 deleted"), "{text}{errors}");
    }
    let (_, errors, code) = diff("icd10cm_blocks", "icd10cm-2025");
    assert!(code == 2 && errors.contains("no release of its kind is published"), "{errors}");
    assert!(diff("gem_icd9cm_icd10cn", "icd10cm").1.contains("did you mean `gem_icd9cm_icd10cm`?"));
}

/// Runs discharges (number, day, and codes with marks) on a store and gives the findings as record and rule.
fn findings(work: &Path, codesets: &str, as_of: &str, discharges: &[(&str, &str, &str)]) -> BTreeSet<(String, String)> {
    let rows = discharges.iter().map(|(number, day, codes)| format!("{number},{day},{day},{codes}\n"));
    let heading = "number,admitted,discharged,DX1,POA1,DX2,POA2\n";
    std::fs::write(work.join("discharges.csv"), heading.to_owned() + &rows.collect::<String>()).expect("written");
    let layout = "title = \"Test\"\ntable = \"encounters\"\n[source]\nformat = \"delimited\"\n[columns]\n\
        encounter_id = \"number\"\nadmission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
        discharge_date = { column = \"discharged\", formats = [\"%Y-%m-%d\"] }\n\
        diagnosis_code = { columns = \"DX{1..25}\" }\npresent_on_admission = { columns = \"POA{1..25}\" }\n";
    std::fs::write(work.join("test.toml"), layout).expect("written");
    let pipeline = format!(
        "title = \"Test\"\noutput = \"out\"\n[[ingest]]\nname = \"discharges\"\nfiles = \"discharges.csv\"\n\
         layout = \"test.toml\"\n[coding]\n{codesets}\n"
    );
    std::fs::write(work.join("pipeline.toml"), pipeline).expect("written");
    let _ = std::fs::remove_dir_all(work.join("out"));
    let (output, errors, code) = printed(
        &chartroom(work).args(["run", "pipeline.toml", "--as-of", as_of]).output().expect("the program starts"),
    );
    assert_eq!(code, 0, "{output}{errors}");
    let path = crate::command::run_folder(&work.join("out")).join("data/findings.csv");
    let mut reader = csv::Reader::from_path(path).expect("findings");
    let heading = reader.headers().expect("a heading").clone();
    let place =
        |name: &str| heading.iter().position(|cell| cell == name).unwrap_or_else(|| panic!("{name}: {heading:?}"));
    let (record, rule) = (place("encounter_id"), place("rule"));
    reader.records().map(|row| row.expect("a row")).map(|row| (row[record].to_owned(), row[rule].to_owned())).collect()
}

#[test]
fn exempt_diagnoses_may_be_blank_by_the_shipped_list_and_by_an_imported_one_in_its_place() {
    let work = tempfile::tempdir().expect("a folder");
    let list = "Order26\tPOAexemptCode\tDescription\r\n98181\tZ99.89\tDependence on other enabling machines\r\n";
    std::fs::write(work.path().join("POAexemptCodesFY26.txt"), list).expect("written");
    assert_eq!(codeset(work.path(), &["import", "POAexemptCodesFY26.txt"]).2, 0);
    let discharges = [
        ("E1", "2026-09-30", "I10,Y,Z9989,"),
        ("E2", "2026-10-01", "I10,Y,Z9989,"),
        ("E3", "2026-09-30", "I10,,Z9989,1"),
        ("E4", "2026-09-30", "I10,Y,Z99.89,"),
        ("E5", "2026-09-30", "I10,Y,Z7982,"),
    ];
    let flagged = |codesets: &str| -> Vec<String> {
        let found = findings(work.path(), codesets, "2026-11-01", &discharges);
        found.into_iter().filter(|(_, rule)| rule == "POA001").map(|(record, _)| record).collect()
    };
    assert_eq!(flagged(""), ["E3"], "of a year without a list, nobody is accused whom the nearest list exempts");
    assert_eq!(flagged("codesets = \"codesets\""), ["E3", "E5"], "this list exempts Z99.89 alone");
}

#[test]
fn a_release_newer_than_the_shipped_tables_says_what_is_valid_in_its_days() {
    let work = tempfile::tempdir().expect("a folder");
    let line = |order: u32, code: &str, billable: u8, title: &str| {
        format!("{order:05} {code:<7} {billable} {title:<60} {title}\r\n")
    };
    let release = line(1, "A00", 0, "Cholera") + &line(2, "A000", 1, "Cholera") + &line(3, "A00A", 1, "Cholera, new");
    std::fs::write(work.path().join("icd10cm_order_2028.txt"), release).expect("written");
    let (output, errors, code) = codeset(work.path(), &["import", "icd10cm_order_2028.txt"]);
    assert_eq!(code, 0, "{errors}");
    assert!(output.contains("in force 2027-10-01 to 2028-09-30") && output.contains("not held to it"), "{output}");
    let discharges = [
        ("E1", "2027-10-02", "A00A,Y,,"),
        ("E2", "2027-10-02", "A001,Y,,"),
        ("E3", "2027-09-30", "A00A,Y,,"),
        ("E4", "2027-09-30", "A001,Y,,"),
        ("E5", "2027-10-02", "A000,Y,,"),
    ];
    let of_codes = |codesets: &str| -> Vec<(String, String)> {
        let found = findings(work.path(), codesets, "2027-11-01", &discharges);
        found.into_iter().filter(|(_, rule)| rule.starts_with("COD10")).collect()
    };
    let row = |record: &str, rule: &str| (record.to_owned(), rule.to_owned());
    assert_eq!(of_codes(""), [row("E1", "COD102"), row("E3", "COD102")]);
    assert_eq!(of_codes("codesets = \"codesets\""), [row("E2", "COD105"), row("E3", "COD104")]);
}
