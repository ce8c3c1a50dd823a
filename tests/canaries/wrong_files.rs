//! Files of patients, and of others, where a configuration belongs: the name of an export is given where that of a pipeline or a layout is meant.

use std::path::Path;

use super::{
    listen,
    sites::{LAYOUT, bad_rows, fixed_width, row, text_of, workbook_of, write, zip_of},
};

/// What is found under the name: what it is, its octets.
fn contents() -> Vec<(&'static str, Vec<u8>)> {
    let rows = text_of(&bad_rows(), 0);
    let quoted: String = rows.lines().map(|line| format!("\"{}\"\n", line.replace(',', "\",\""))).collect();
    let utf_16: Vec<u8> = [0xfffe].into_iter().chain(rows.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let patient = row("V1").join(",");
    let mut found: Vec<(&str, Vec<u8>)> = [
        ("an export", rows.clone()),
        ("one without heading", rows.lines().skip(1).map(|line| format!("{line}\n")).collect()),
        ("one whose cells are all quoted", quoted),
        ("one parted by semicolons", rows.replace(',', ";")),
        ("one parted by tabs", rows.replace(',', "\t")),
        ("one parted by bars", rows.replace(',', "|")),
        ("one that begins with a mark of byte order", format!("\u{feff}{rows}")),
        ("one of one column", "name\nCnryova Zdenka\n987-65-4329\n".to_owned()),
        ("one whose lines are remarks", rows.lines().map(|line| format!("# {line}\n")).collect()),
        ("one whose cells hold signs of equality", rows.replace("V1,", "V1 = ,").replace("CNRYPID77", "x=CNRYPID77")),
        ("one of days", "1931-07-19x,Cnryova Zdenka\n1931-07-19x,987-65-4329\n".to_owned()),
        ("fixed width", fixed_width(&bad_rows()).1),
        ("HL7", "MSH|^~\\&|ADT\rPID|1||CNRYPID77||Cnryova^Zdenka||19310719|F\r".replace('\r', "\n")),
        ("JSON", "{\n\"name\": \"Cnryova Zdenka\",\n\"ssn\": \"987-65-4329\"\n}\n".to_owned()),
        ("XML", "<patient>\n<name>Cnryova Zdenka</name>\n</patient>\n".to_owned()),
        ("settings of another program", "CNRYPID77 = \"Cnryova Zdenka\"\nSSN = \"987-65-4329\"\n".to_owned()),
        ("the same without quotes", "CNRYPID77 = Cnryova Zdenka\nssn = 987-65-4329\nborn=1931-07-19\n".to_owned()),
        ("one line", "Cnryova Zdenka 987-65-4329".to_owned()),
        ("a configuration into which a row was pasted", format!("title = \"x\"\n{patient}\n[columns]\n{patient}\n")),
        ("one whose keys are patients", format!("title = \"x\"\n\"{patient}\" = 1\n\"987-65-4329\" = 2\n[columns]\n\"{patient}\" = 1\n\"Cnryova Zdenka\" = \"x\"\n[severity]\n\"Cnryova Zdenka\" = \"error\"\n[edits.severity]\n\"Cnryova Zdenka\" = \"error\"\n")),
        (
            "one whose values are of the wrong kind",
            "title = 1931-07-19\nperiod = [\"Cnryova Zdenka\"]\noutput = 987654329\nstate = { x = \"Cnryova Zdenka\" }\n\
             keep_outputs_days = \"CNRYPID77\"\nfail_on = \"Cnryova Zdenka\"\ntable = \"Cnryova Zdenka\"\nfiscal_year_last_month = \"987-65-4329\"\n\
             [[expect]]\ndocument = 987654329\nwithin_hours = \"Cnryova\"\n[[condition]]\nname = 987654329\nat_most = \"Cnryova Zdenka\"\n"
                .to_owned(),
        ),
        ("one whose values are not quoted", "title = Cnryova Zdenka\nperiod = 987-65-4329\noutput = 1931-07-19 CNRYPID77\n".to_owned()),
        ("one whose text is not closed", format!("title = \"\"\"x\n{rows}")),
        ("one whose list is not closed", format!("title = \"x\"\nignore = [\n\"x\",\n{}", rows.replace('\n', ",\n"))),
    ]
    .map(|(what, text)| (what, text.into_bytes()))
    .to_vec();
    found.push(("bytes that are no text", b"CNRY\x00\x01\xffCnryova Zdenka".to_vec()));
    found.push(("zeros and a name", b"\0\0Cnryova Zdenka\0\n".to_vec()));
    found.push(("an export in UTF-16", utf_16));
    found.push(("a workbook", workbook_of(&bad_rows())));
    found.push(("a zip folder", zip_of(&[("visits.csv", rows.as_bytes())])));
    found
}

/// Where it is named, and the commands that are asked of it: where the file is read as TOML all of them.
const PLACES: [(&str, &str, usize); 9] = [
    ("layout", "[[ingest]]\nname = \"visits\"\nfiles = \"inbox/*\"\nlayout = \"wrong.toml\"\n", 2),
    ("profile", "[edits]\nprofile = \"wrong.toml\"\n", 2),
    ("matrix", "[deficiency]\nmatrix = \"wrong.toml\"\n", 2),
    (
        "holidays",
        "[[ingest]]\nname = \"more\"\nfiles = \"inbox/*\"\nlayout = \"visits.toml\"\nexpect = \"working_days\"\nholidays = \"wrong.toml\"\n",
        2,
    ),
    ("history", "[edits]\nhistory = \"wrong.toml\"\n", 1),
    (
        "site map",
        "[[coding.diagnoses]]\nfrom = \"local\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"wrong.toml\"\n",
        1,
    ),
    (
        "site map that is a workbook",
        "[[coding.diagnoses]]\nfrom = \"local\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"wrong.xlsx\"\n",
        1,
    ),
    ("store of code sets", "[coding]\ncodesets = \"store\"\n", 1),
    ("input", "[[ingest]]\nname = \"more\"\nfiles = \"wrong.toml\"\nlayout = \"visits.toml\"\n", 1),
];

/// Names every content in every place; two of them at a time.
pub fn all(songs: &mut Vec<String>) -> u64 {
    let contents = contents();
    let half = contents.len() / 2;
    std::thread::scope(|scope| {
        let other = scope.spawn(|| of(&contents[half..]));
        let (sang, tried) = of(&contents[..half]);
        let (also, more) = other.join().expect("heard");
        songs.extend(sang.into_iter().chain(also));
        tried + more
    })
}

fn of(contents: &[(&str, Vec<u8>)]) -> (Vec<String>, u64) {
    let (mut songs, mut tried) = (Vec::new(), 0);
    let work = tempfile::tempdir().expect("a folder");
    let work = work.path();
    write(work, "visits.toml", LAYOUT);
    write(work, "inbox/visits.csv", text_of(&[row("V1")], 0));
    for (what, octets) in contents {
        for name in ["wrong.toml", "wrong.xlsx", "store/releases.json"] {
            write(work, name, octets);
        }
        let mut hear = |place: &str, arguments: &[&str]| {
            let sang = listen(work, arguments, &[0, 1, 2, 65, 66, 74]);
            songs.extend(sang.into_iter().map(|song| format!("{what} as {place}, {arguments:?}: {song}")));
            tried += 1;
        };
        for arguments in [
            &["check", "wrong.toml"][..],
            &["check", "wrong.toml", "--effective"],
            &["run", "wrong.toml"],
            &["run", "wrong.toml", "--log", "json"],
            &["run", "wrong.toml", "--log", "text", "--quiet"],
            &["doctor", "wrong.toml"],
        ] {
            hear("pipeline", arguments);
        }
        for (place, section, count) in PLACES {
            pipeline(work, section);
            for arguments in [&["check", "nightly.toml"][..], &["doctor", "nightly.toml"]].into_iter().take(count) {
                hear(place, arguments);
            }
        }
    }
    (songs, tried)
}

fn pipeline(work: &Path, section: &str) {
    let sound = "title = \"Nightly\"\nperiod = \"2020-03\"\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/*\"\nlayout = \"visits.toml\"\n";
    let text = if section.contains("name = \"visits\"") {
        format!("title = \"Nightly\"\n{section}")
    } else {
        format!("{sound}{section}")
    };
    write(work, "nightly.toml", text);
}
