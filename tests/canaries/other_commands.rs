//! The commands that are no run, on files, folders and words that hold patients' data.

use std::path::Path;

use super::{
    COMMANDS, listen,
    sites::{CASES, LAYOUT, bad_rows, row, site, text_of, write},
    song, tree,
};

/// Hears every command; what it writes for its owner (a sheet, a store) is the owner's, and its name sings as little as what is printed.
pub fn all(songs: &mut Vec<String>) -> u64 {
    drafts(songs) + sheets(songs) + codes(songs) + folders(songs)
}

fn hear(songs: &mut Vec<String>, work: &Path, arguments: &[&str]) -> u64 {
    songs.extend(
        listen(work, arguments, &[0, 1, 2, 65, 66, 74]).into_iter().map(|song| format!("{arguments:?}: {song}")),
    );
    1
}

/// A draft of each of the files on which a run goes wrong.
fn drafts(songs: &mut Vec<String>) -> u64 {
    let mut tried = 0;
    for (_, make) in CASES {
        let work = tempfile::tempdir().expect("a folder");
        make(work.path());
        let mut inbox = tree(&work.path().join("inbox"));
        inbox.sort();
        for file in inbox.iter().take(4) {
            let name = file.strip_prefix(work.path()).expect("beneath").to_string_lossy().into_owned();
            tried += hear(songs, work.path(), &["layout", "draft", &name]);
        }
    }
    tried
}

/// A sample is drawn and scored; then sheets that patients' data stands in at every place, and what is no sheet.
fn sheets(songs: &mut Vec<String>) -> u64 {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    site(work, LAYOUT, "", &[]);
    let rows: Vec<Vec<String>> = (0..5).map(|visit| row(&format!("CNRYVISIT{visit}"))).collect();
    write(work, "inbox/visits.csv", text_of(&rows, 0));
    let (_, run) = COMMANDS[2];
    let mut tried = hear(songs, work, run);
    let folder = "out/nightly-2020-03-latest";
    tried += hear(songs, work, &["audit", "sample", folder, "--out", "sheet.csv", "--records", "3"]);
    tried += hear(songs, work, &["audit", "sample", folder, "--out", "sheet.csv", "--records", "3"]);
    tried += hear(songs, work, &["audit", "score", "sheet.csv"]);
    let sheet = std::fs::read_to_string(work.join("sheet.csv")).expect("a sheet");
    assert!(song(sheet.as_bytes()).is_some(), "the sheet is for its owner, and names the record");
    let lines: Vec<Vec<&str>> = sheet.lines().map(|line| line.split(',').collect()).collect();
    for place in 0..lines[0].len() {
        for token in ["Cnryova Zdenka", "987-65-4329", "1931-07-19", "I10 Cnryova"] {
            let turned = lines.iter().enumerate().map(|(number, cells)| {
                let cell = |(at, cell): (usize, &&str)| {
                    if at == place && number > 0 { token.to_owned() } else { (*cell).to_owned() }
                };
                cells.iter().enumerate().map(cell).collect::<Vec<_>>().join(",") + "\n"
            });
            write(work, "turned.csv", turned.collect::<String>());
            tried += hear(songs, work, &["audit", "score", "turned.csv"]);
        }
    }
    write(
        work,
        "twice.csv",
        format!(
            "{sheet}{}Cnryova,987-65-4329\n",
            sheet.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>()
        ),
    );
    for file in ["twice.csv", "inbox/visits.csv", "visits.toml", "out"] {
        tried += hear(songs, work, &["audit", "score", file]);
        tried += hear(songs, work, &["audit", "sample", file]);
    }
    tried
}

/// Files of patients where code sets and lists of codes are meant.
fn codes(songs: &mut Vec<String>) -> u64 {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let rows = text_of(&bad_rows(), 0);
    write(work, "visits.csv", &rows);
    write(
        work,
        "list.csv",
        "code,title,first_day,last_day\nCnryova Zdenka,987-65-4329,1931-07-19,CNRYPID77\nCNRYPID77,x,,\n",
    );
    write(
        work,
        "icd10cm_order_2026.txt",
        "00001 CNRYPID 0 Cnryova Zdenka                                              Cnryova Zdenka\n",
    );
    write(work, "icd10cm-codes-2026.txt", rows.replace(',', " "));
    write(work, "wrong_columns.csv", "name,date,system\nCnryova Zdenka,1931-07-19,987-65-4329\n");
    write(work, "store/releases.json", &rows);
    let mut tried = 0;
    for file in ["visits.csv", "list.csv", "icd10cm_order_2026.txt", "icd10cm-codes-2026.txt"] {
        for arguments in [
            &["codeset", "import", file, "--store", "new"][..],
            &["codeset", "import", file, "--store", "new", "--system", "local_X", "--release", "1"],
            &["codeset", "import", file, "--store", "new", "--as-it-is", "--from", "2020-01-01"],
            &["codeset", "import", file, "--store", "store"],
            &["codeset", "diff", file, file],
            &["code", "I10", "--store", file],
            &["codeset", "search", "heart", "--store", file],
        ] {
            tried += hear(songs, work, arguments);
        }
    }
    for arguments in [
        &["codeset", "list", "--store", "store"][..],
        &["codeset", "list", "--store", "new"],
        &["codeset", "search", "heart", "--store", "store"],
        &["code", "I10", "--store", "store"],
        &["code", "--file", "wrong_columns.csv"],
        &["code", "--file", "visits.csv"],
        &["explain", "visits.csv"],
        &["rules"],
        &["completions", "bash"],
        &["man"],
    ] {
        tried += hear(songs, work, arguments);
    }
    tried
}

/// Folders and files where others are meant.
fn folders(songs: &mut Vec<String>) -> u64 {
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    let rows = text_of(&bad_rows(), 0);
    for name in [
        "visits.csv",
        "taken/visits.csv",
        "taken/pipelines/nightly.toml",
        "taken/nightly.toml",
        "bag/bagit.txt",
        "bag/data/visits.csv",
        "bag/manifest-sha256.txt",
        "half/data/visits.csv",
        "half/bag-info.txt",
    ] {
        write(work, name, &rows);
    }
    write(work, "half/bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    write(
        work,
        "half/manifest-sha256.txt",
        format!("{}  data/visits.csv\nCnryova Zdenka\n987-65-4329  data/none\n", "0".repeat(64)),
    );
    let mut tried = 0;
    for path in ["visits.csv", "taken", "bag", "half"] {
        for arguments in [
            &["verify", path][..],
            &["verify", path, "--json"],
            &["doctor", path],
            &["init", path],
            &["audit", "sample", path],
            &["run", path],
            &["check", path],
        ] {
            tried += hear(songs, work, arguments);
        }
    }
    tried
}
