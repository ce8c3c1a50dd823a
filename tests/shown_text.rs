//! Text from outside (data, names of files, arguments, configurations) as it is shown: nothing that a terminal, an editor or a spreadsheet would obey.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use chartroom::record::shown::{begins_formula, is_number, is_unseen, read_cell};

use crate::command::{chartroom, printed, run_folder};

/// Sets a terminal's title, clears its screen, in C0 and in C1; turns text round; parts lines; hides.
const HOSTILE: &str = "\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2066}\u{2028}\u{feff}\u{7f}";

/// What is behind a line feed in everything hostile: a line that begins so was made from outside.
const FORGED: &str = "error: forged";

/// The first character of a text that is obeyed or hides something; tabs are neither, and line feeds where no line of outside begins with them.
fn unseen(text: &str) -> Option<char> {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
    let place = (0..letters.len()).find(|place| {
        is_unseen(letters[*place], at(place.checked_sub(1)), at(Some(place + 1)))
            && !matches!(letters[*place], '\n' | '\t')
    });
    let is_forged = text.lines().any(|line| line.trim_start_matches([' ', '|', '"']).starts_with(FORGED));
    place.map(|place| letters[place]).or(is_forged.then_some('\n'))
}

fn assert_shown(what: &str, text: &str) {
    assert_eq!(unseen(text), None, "{what}: {text:?}");
}

#[test]
fn a_forged_line_and_an_unseen_letter_are_found() {
    for (text, found) in [
        ("error: no file x\nerror: forged\n", Some('\n')),
        ("  | error: forged", Some('\n')),
        ("error: no file x\\u{a}error: forged\n", None),
        ("a\u{200b}b", Some('\u{200b}')),
        ("ภาษา\u{200b}ไทย", None),
    ] {
        assert_eq!(unseen(text), found, "{text}");
    }
}

/// A text in TOML, whatever is in it.
fn toml(text: &str) -> String {
    let escaped: String = text.chars().map(|letter| format!("\\U{:08X}", u32::from(letter))).collect();
    format!("\"{escaped}\"")
}

/// A site whose title, organization, file name and cells are hostile.
fn site(work: &Path, cell: &str) {
    let columns = ["visit", "place", "service", "payer", "doctor", "coder", "dx", "race"];
    let layout = format!(
        "title = {}\ntable = \"encounters\"\n[source]\nformat = \"delimited\"\ndelimiter = \",\"\n[columns]\nencounter_id = \"visit\"\nfacility_id = \"place\"\nservice = \"service\"\npayer = \"payer\"\n\
         attending_name = \"doctor\"\ncoder = \"coder\"\nrace = \"race\"\nsex = \"sex\"\ndiagnosis_code = {{ columns = \"dx{{1..1}}\" }}\n\
         admission_date = {{ column = \"admitted\", formats = [\"%Y-%m-%d\"] }}\ndischarge_date = {{ column = \"left\", formats = [\"%Y-%m-%d\"] }}\n",
        toml(&format!("Layout {HOSTILE}"))
    );
    let pipeline = format!(
        "title = {}\nperiod = \"2020-03\"\n[archive]\nsource_organization = {}\n[edits]\n[[ingest]]\nname = \"visits\"\nfiles = \"visits*.csv\"\nlayout = \"visits.toml\"\n",
        toml(&format!("Nightly {HOSTILE}\nerror: forged")),
        toml(&format!("=cmd|' /C calc'!A0 {HOSTILE}")),
    );
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heading = columns.map(|name| if name == "dx" { "dx1" } else { name });
    writer.write_record(heading.into_iter().chain(["sex", "admitted", "left", HOSTILE])).expect("written");
    for number in 0..3 {
        let cells = columns.map(|name| if name == "visit" { format!("{cell}{number}") } else { cell.to_owned() });
        let others = ["Q", "2020-03-05", if number == 0 { "2020-03-01" } else { "2020-03-09" }, cell];
        writer.write_record(cells.iter().map(String::as_str).chain(others)).expect("written");
    }
    let mut text = writer.into_inner().expect("written");
    // A row of another width goes into quarantine.
    text.extend_from_slice(format!("{cell};{cell}\n").as_bytes());
    std::fs::write(work.join("visits.toml"), layout).expect("written");
    std::fs::write(work.join("nightly.toml"), pipeline).expect("written");
    std::fs::write(work.join(format!("visits-{}\nerror: forged.csv", HOSTILE.replace('/', ""))), text)
        .expect("written");
    std::fs::write(work.join(format!("visits-2{HOSTILE}.csv")), b"%PDF-1.7 \x00\x01").expect("written");
}

/// What the program says to arguments in a folder; nothing of it may be obeyed.
fn told(work: &Path, arguments: &[&str]) -> (String, String, i32) {
    let output = chartroom(work).args(arguments).output().expect("the program starts");
    let (out, errors, code) = printed(&output);
    assert!(String::from_utf8(output.stdout).is_ok() && String::from_utf8(output.stderr).is_ok(), "{arguments:?}");
    assert_shown(&format!("{arguments:?}: standard output"), &out);
    assert_shown(&format!("{arguments:?}: standard error"), &errors);
    (out, errors, code)
}

/// The folder that the link to the newest names.
fn newest(out: &Path) -> PathBuf {
    let entries = std::fs::read_dir(out).expect("a folder").map(|entry| entry.expect("an entry").path());
    let link = entries.into_iter().find(|path| path.is_symlink()).expect("a link to the newest");
    link.canonicalize().expect("it leads somewhere")
}

/// Every file of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for path in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                open.push(path)
            } else if path.is_file() {
                found.push(path)
            }
        }
    }
    found
}

#[test]
fn nothing_from_outside_is_obeyed_on_the_terminal_in_a_log_or_in_a_file() {
    let work = tempfile::tempdir().expect("a folder");
    site(work.path(), &format!("{HOSTILE}\n{FORGED}"));
    let run = ["run", "nightly.toml", "--as-of", "2020-04-01", "--format", "both", "--state", "state"];
    let (account, errors, code) = told(work.path(), &run);
    assert_eq!(code, 65, "{account}{errors}");
    assert!(account.contains("\\u{1b}]0;x\\u{7}") && account.contains("\\u{a}error: forged"), "{account}{errors}");
    for text in [&account, &errors] {
        assert!(text.lines().all(|line| !line.starts_with("error: forged")), "a name wrote a line of its own: {text}");
    }
    for more in [&["--log", "text"][..], &["--log", "json"], &["--quiet"], &["--dry-run"], &["--replace"]] {
        let (_, log, _) = told(work.path(), &[&run[..], more].concat());
        if more.contains(&"json") {
            let events: Vec<serde_json::Value> =
                log.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
            let title = format!("Nightly {HOSTILE}\nerror: forged");
            assert!(events.iter().any(|event| event["pipeline"] == title), "the log gives the text back: {log}");
        }
        if more.contains(&"text") {
            let is_event = |line: &str| line.len() > 10 && line[..4].bytes().all(|digit| digit.is_ascii_digit());
            assert!(log.lines().all(is_event), "an event a line: {log}");
        }
    }
    told(work.path(), &["check", "nightly.toml"]);
    told(work.path(), &["check", "nightly.toml", "--effective"]);
    told(work.path(), &["doctor", "nightly.toml"]);
    let folder = newest(&work.path().join("out"));
    let name = folder.to_str().expect("text");
    let seed = format!("{HOSTILE}\n{FORGED}");
    let sample = ["audit", "sample", name, "--out", "sheet.csv", "--records", "3", "--seed", &seed];
    assert_eq!(told(work.path(), &sample).2, 0);
    told(work.path(), &["audit", "score", "sheet.csv"]);
    std::fs::write(folder.join(format!("data/{HOSTILE}.csv")), "x").expect("written");
    assert_eq!(told(work.path(), &["verify", name]).2, 1);
    let (json, _, _) = told(work.path(), &["verify", name, "--json"]);
    let verdict: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(verdict["faults"][0]["path"], format!("data/{HOSTILE}.csv"));
    std::fs::remove_file(folder.join(format!("data/{HOSTILE}.csv"))).expect("removed");
    // The files that are text, the state's and the working copies too.
    let mut seen = 0;
    for path in [work.path().join("out"), work.path().join("state")].iter().flat_map(|folder| files(folder)) {
        let shown = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert_shown("a name of a file", &shown);
        let Ok(text) = String::from_utf8(std::fs::read(&path).expect("read")) else { continue };
        if ["csv", "txt", "json"].iter().any(|kind| path.extension().is_some_and(|own| own == *kind)) {
            assert_shown(&shown, &text);
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} files of text");
    let information = std::fs::read_to_string(folder.join("bag-info.txt")).expect("bag-info.txt");
    assert!(information.lines().all(|line| line.contains(": ") && !line.starts_with("error")), "{information}");
    assert!(information.contains("Internal-Sender-Description: Nightly \\u{1b}]0;x"), "{information}");
    // Readers of JSON get the text itself.
    let results = std::fs::read(folder.join("data/run_results.json")).expect("read");
    let results: serde_json::Value = serde_json::from_slice(&results).expect("JSON");
    assert_eq!(results["pipeline"], format!("Nightly {HOSTILE}\nerror: forged"));
    // Every part of the workbook.
    let workbook = std::fs::File::open(folder.join("data/statistics.xlsx")).expect("a workbook");
    let mut parts = zip::ZipArchive::new(workbook).expect("a zip");
    for place in 0..parts.len() {
        let mut part = parts.by_index(place).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        let name = part.name().expect("a name").into_owned();
        assert_shown(&name, &text.replace('\r', ""));
        assert!(!text.contains("_x001B_") && !text.contains("_x0007_"), "{name}: an escape of the format");
    }
}

#[test]
fn no_cell_of_a_list_is_a_formula_and_every_value_comes_back() {
    for cell in [
        "=1+1",
        "-12A",
        "+x",
        "@x",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "\t=1",
        "\";=1",
        "a;=1",
        "a,=1",
        "a|@x",
        "'=1",
        " =1",
        "\u{feff}=1",
    ] {
        let work = tempfile::tempdir().expect("a folder");
        site(work.path(), cell);
        let (account, errors, code) =
            told(work.path(), &["run", "nightly.toml", "--as-of", "2020-04-01", "--format", "text"]);
        assert_eq!(code, 65, "{account}{errors}");
        let folder = run_folder(&work.path().join("out"));
        let mut came_back = 0;
        for path in files(&folder.join("data")).iter().filter(|path| path.extension().is_some_and(|kind| kind == "csv"))
        {
            let is_quarantine = path.ends_with("quarantine.csv");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("read");
            for record in reader.records().map(|record| record.expect("a record")) {
                for written in &record {
                    // As it is opened by commas, and as other separators open it.
                    for part in std::iter::once(written).chain(written.split([',', ';', '|', '\t'])) {
                        let begin = part.trim_start_matches(|letter: char| letter == '"' || letter.is_whitespace());
                        let is_number = is_number(begin.trim_end());
                        assert!(is_number || !begins_formula(begin), "{}: {written:?} of {cell:?}", path.display());
                    }
                    came_back += u32::from(!is_quarantine && read_cell(written) == cell);
                }
            }
        }
        assert!(came_back >= 1, "{cell:?} can be found {came_back} times");
    }
}

#[test]
fn arguments_are_shown_and_not_obeyed() {
    let work = tempfile::tempdir().expect("a folder");
    let odd = format!("x{HOSTILE}\nerror: forged");
    let list = work.path().join("list.csv");
    std::fs::write(&list, "code\nI10\n").expect("written");
    for (arguments, expected) in [
        (vec![odd.as_str()], 2),
        (vec!["run", &odd], 2),
        (vec!["run", "--log", "text", &odd], 2),
        (vec!["run", "--log", "json", &odd, &odd], 2),
        (vec!["run", "--log", &odd, "x"], 2),
        (vec!["run", &odd, "--as-of", &odd], 2),
        (vec!["run", &odd, "--period", &odd], 2),
        (vec!["run", &odd, "--threads", &odd], 2),
        (vec!["run", &odd, "--format", &odd], 2),
        (vec!["run", "x", &odd], 2),
        (vec!["run", &format!("--{odd}")], 2),
        (vec!["check", &odd], 2),
        (vec!["doctor", &odd], 2),
        (vec!["verify", &odd], 74),
        (vec!["explain", &odd], 2),
        (vec!["explain", "LOG101", &odd, &odd], 2),
        (vec!["rules", &odd], 2),
        (vec!["rules", "--on", &odd], 2),
        (vec!["code", &odd], 1),
        (vec!["code", "I10", "--with", &odd], 1),
        (vec!["code", "I10", "--on", &odd], 2),
        (vec!["code", "--file", &odd], 74),
        (vec!["codeset", &odd], 2),
        (vec!["codeset", "search", &odd], 0),
        (vec!["codeset", "search", "x", "--system", &odd], 2),
        (vec!["codeset", "list", "--store", &odd], 0),
        (vec!["codeset", "import", &odd], 74),
        (vec!["codeset", "import", "list.csv", "--from", &odd], 2),
        (vec!["codeset", "diff", &odd, &odd], 2),
        (vec!["layout", "draft", &odd], 74),
        (vec!["audit", "sample", &odd], 65),
        (vec!["audit", "sample", "x", "--records", &odd], 2),
        (vec!["audit", "sample", "x", "--by", &odd], 2),
        (vec!["audit", "sample", "x", "--seed", &odd], 65),
        (vec!["audit", "score", &odd], 65),
        (vec!["completions", &odd], 2),
        (vec!["init", "x", "--as-of", &odd], 2),
    ] {
        let (out, errors, code) = told(work.path(), &arguments);
        assert_eq!(code, expected, "{arguments:?}: {out}{errors}");
        assert!(
            code == 0 || errors.contains("error: ") || errors.contains("error[") || errors.contains("ERROR"),
            "{arguments:?}: {errors}"
        );
        // Of sheets that cannot be used there is a score too, of no record.
        assert_eq!(out.is_empty(), code != 0 && !arguments.contains(&"score"), "{arguments:?}: {out}");
    }
    // A site in a folder of such a name; what is written there for a shell is for that shell.
    let (account, errors, code) = told(work.path(), &["init", &odd]);
    assert_eq!(code, 0, "{account}{errors}");
}

#[test]
fn a_draft_of_hostile_headings_is_a_layout_that_names_them_rightly() {
    let work = tempfile::tempdir().expect("a folder");
    let heading = format!("visit{HOSTILE}");
    let mut text = format!("{heading},sex,admitted,left\n");
    (0..40).for_each(|number| {
        text.push_str(&format!("V{number},F,2020-03-0{},2020-03-1{}\n", number % 9 + 1, number % 9))
    });
    std::fs::write(work.path().join("visits.csv"), text).expect("written");
    let (draft, errors, code) = told(work.path(), &["layout", "draft", "visits.csv"]);
    assert_eq!(code, 0, "{errors}");
    let layout: toml::Table = toml::from_str(&draft).unwrap_or_else(|error| panic!("{error}\n{draft}"));
    assert!(layout.to_string().len() > 50);
    let named =
        |value: &toml::Value| value.to_string().contains("]0;x") || value.as_str().is_some_and(|name| name == heading);
    assert!(layout.values().any(named) || draft.contains("]0;x"), "{draft}");
}

#[test]
fn a_configuration_is_quoted_in_a_problem_and_not_obeyed() {
    let work = tempfile::tempdir().expect("a folder");
    for text in [
        format!("titel = \"{HOSTILE}\"\n"),
        format!("{HOSTILE} = 1\n"),
        format!("title = \"x\"\n# {HOSTILE}\nwrong = {}\n", toml(HOSTILE)),
        format!(
            "title = \"x\"\n[[ingest]]\nname = {}\nfiles = {}\nlayout = {}\n",
            toml(HOSTILE),
            toml(HOSTILE),
            toml(HOSTILE)
        ),
        format!(
            "title = \"x\"\n[edits]\nignore = [{}]\n[edits.severity]\n{} = \"error\"\n",
            toml(HOSTILE),
            toml(HOSTILE)
        ),
    ] {
        let path = work.path().join(format!("nightly{HOSTILE}.toml"));
        std::fs::write(&path, &text).expect("written");
        let name = path.to_str().expect("text");
        for arguments in [
            vec!["check", name],
            vec!["run", name, "--log", "json"],
            vec!["run", name, "--log", "text"],
            vec!["doctor", name],
        ] {
            let (out, errors, code) = told(work.path(), &arguments);
            assert!(code == 2 || arguments[0] == "doctor", "{text:?}: {out}{errors}");
        }
    }
}
