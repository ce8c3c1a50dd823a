//! Hostile settings: pipelines, layouts, matrices, profiles, site maps and histories that are absurd, endless, or lead elsewhere.

use std::path::Path;

use super::{
    bounded::{CANARY, ORDINARY, published, run},
    texts::sound,
};

/// Settings that are sound; each case changes one file of them.
const SITE: &[(&str, &str)] = &[
    (
        "pipeline.toml",
        "title = \"Visits\"\nkeep_outputs_days = 400\n\n[[ingest]]\nname = \"visits\"\nfiles = \"inbox/visits.csv\"\nlayout = \"visits\"\n\
         expected_records = 3\ndue_after_days = 1\nholidays = \"holidays.csv\"\nexpect = \"working_days\"\n\n\
         [[ingest]]\nname = \"documents\"\nfiles = \"inbox/documents.csv\"\nlayout = \"documents\"\n\n\
         [edits]\nprofile = \"own\"\nhistory = \"history.csv\"\nlong_stay_days = 100\nlongest_stay_days = 1000\n\n[edits.targets]\n0042 = 180\n\n\
         [edits.trend]\nleast_months = 8\nleast_cases = 50\nrace_unknown = { critical_deviations = 4, critical_difference = 7.5 }\n\
         discharges = { warning_below_percent = 90, critical_below_percent = 60.5 }\nservice_discharges = { warning_mean = 4, critical_mean = 9 }\n\n\
         [[edits.rule]]\ncode = \"WARD-01\"\ntitle = \"Own rule\"\nviolates = \"service = 'PED'\"\nfirst = \"2026-10-01\"\n\n\
         [[edits.accept]]\nrule = \"FLD004\"\nreason = \"known\"\nauthor = \"M. A.\"\nuntil = \"2026-12-31\"\n\n\
         [[coding.diagnoses]]\nfrom = \"icd9cm\"\nto = \"icd10cm\"\nby = \"site_map\"\nsite_map = \"map.csv\"\n\n\
         [deficiency]\nmatrix = \"charts\"\ndelinquent_after_days = 30\n\n[statistics]\ntop = 10\nformat = \"text\"\n",
    ),
    (
        "layouts/visits.toml",
        "title = \"Visits\"\ntable = \"encounters\"\nmissing = [\"?\"]\n\n[source]\nencoding = \"utf-8\"\ndelimiter = \",\"\nheader_row = 1\n\n[columns]\n\
         encounter_id = { column = \"visit\", repair = \"pad_zeros\", padded_width = 8 }\nservice = \"service\"\nattending_name = \"attending\"\n\
         payer = { column = \"payer\", values = [\"MA\"] }\nadmission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
         diagnosis_code = { columns = \"dx{1..1}\" }\n",
    ),
    (
        "layouts/documents.toml",
        "title = \"Documents\"\ntable = \"documents\"\n[columns]\nencounter_id = \"visit\"\ndocument_type = \"kind\"\nsigned_at = { column = \"signed\", formats = [\"%Y-%m-%d\"] }\n",
    ),
    (
        "matrices/charts.toml",
        "title = \"Charts\"\n\n[authentication]\ndue_days = 30\ncitation = \"bylaws\"\n\n[[expect]]\ndocument = \"history_and_physical\"\ndue_hours = 24\n\
         due_from = \"admission\"\nnot_earlier_than_days = 30\nminimum_stay_days = 0\ncitation = \"bylaws\"\n",
    ),
    (
        "profiles/own.toml",
        "title = \"Own\"\nsource = \"own\"\nfiscal_year_last_month = 6\n\n[[condition]]\nname = \"an edit\"\nsource = \"own\"\nrules = [\"LOG104\"]\nat_most = 3\n\n\
         [[condition]]\nname = \"a share\"\nsource = \"own\"\nmeasure = \"share_of_target\"\npercent_at_least = 95.5\nafter_days = 60\n\n\
         [[condition]]\nname = \"codes\"\nsource = \"own\"\nrules = [\"diagnosis-unknown\"]\nposition = 1\npercent_at_most = 1\nafter_months = 12\n",
    ),
    ("map.csv", "from_system,from_code,to_system,to_code,note\nicd9cm,25000,icd10cm,E11.9,\n"),
    (
        "history.csv",
        "facility_id,month,measure,of,numerator,denominator\n0042,2026-09,race_unknown,,3,181\n0042,2026-09,discharges,,181,\n",
    ),
    ("holidays.csv", "2026-11-26, Thanksgiving\n"),
];

/// What becomes of a case.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The settings are refused: exit 2.
    Refused,
    /// Any documented end.
    Documented,
}

struct Case {
    name: String,
    file: &'static str,
    bytes: Vec<u8>,
    end: End,
}

struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: impl Into<String>, file: &'static str, bytes: impl AsRef<[u8]>, end: End) {
        self.0.push(Case { name: name.into(), file, bytes: bytes.as_ref().to_vec(), end });
    }

    /// A file of the site with one text in place of another.
    fn with(&mut self, file: &'static str, from: &str, to: &str, end: End) {
        let text = text_of(file);
        assert!(text.contains(from), "{file} has no {from}");
        let begin: String = to.chars().take(40).collect();
        self.add(format!("{file}: {from:?} to {begin:?}"), file, text.replacen(from, to, 1), end);
    }
}

fn text_of(file: &str) -> &'static str {
    SITE.iter().find(|(name, _)| *name == file).expect("a file of the site").1
}

/// What any file of settings may turn out to be.
fn any_file(cases: &mut Cases) {
    for (file, sound) in SITE.iter().filter(|(file, _)| file.ends_with("toml") && *file != "layouts/documents.toml") {
        let file: &'static str = file;
        let mut case = |name: &str, bytes: &[u8], end| cases.add(format!("{file}: {name}"), file, bytes, end);
        case("nothing", b"", End::Refused);
        case("zeros", &[0; 5000], End::Refused);
        case("UTF-16", &sound.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), End::Refused);
        case("stray bytes", &[sound.as_bytes(), b"# \xff\xfe\n"].concat(), End::Refused);
        case("a mark", &[b"\xef\xbb\xbf", sound.as_bytes()].concat(), End::Documented);
        case("an open string", &[sound.as_bytes(), b"[x]\ny = \"\"\"open"].concat(), End::Refused);
        let front = |text: &str| format!("{text}\n{sound}").into_bytes();
        case("deep lists", &front(&format!("deep = {}1{}", "[".repeat(50_000), "]".repeat(50_000))), End::Refused);
        case("deep tables", &front(&format!("deep = {}1{}", "{a=".repeat(50_000), "}".repeat(50_000))), End::Refused);
        case("deep keys", &front(&format!("{} = 1", vec!["a"; 20_000].join("."))), End::Refused);
        case("deep sections", format!("{sound}\n[{}]\nx = 1\n", vec!["a"; 5_000].join(".")).as_bytes(), End::Refused);
        case("a key twice", &front("title = \"again\""), End::Refused);
        case("a long key", &front(&format!("{} = 1", "k".repeat(200_000))), End::Refused);
        case("a long list", &front(&format!("list = [{}]", "1,".repeat(100_000))), End::Refused);
        let titled = |title: &str| {
            sound.replacen(&sound[..sound.find('\n').unwrap_or(0)], &format!("title = {title}"), 1).into_bytes()
        };
        case("a title that is a number", &titled("9223372036854775808"), End::Refused);
        case("a title that is a list", &titled("[[[]]]"), End::Refused);
        case("a title of signs", &titled("\"\\u202e\\ufeff<script>&x=1\""), End::Documented);
        case("a long title", &titled(&format!("\"{}\"", "t".repeat(300_000))), End::Documented);
    }
}

/// Numbers where any is written.
fn numbers(cases: &mut Cases) {
    let written: [(&str, &[&str]); 4] = [
        (
            "pipeline.toml",
            &[
                "keep_outputs_days = 400",
                "expected_records = 3",
                "due_after_days = 1",
                "long_stay_days = 100",
                "longest_stay_days = 1000",
                "0042 = 180",
                "least_months = 8",
                "least_cases = 50",
                "critical_deviations = 4",
                "critical_difference = 7.5",
                "warning_below_percent = 90",
                "critical_mean = 9",
                "delinquent_after_days = 30",
                "top = 10",
            ],
        ),
        ("layouts/visits.toml", &["header_row = 1", "padded_width = 8"]),
        (
            "matrices/charts.toml",
            &["due_days = 30", "due_hours = 24", "not_earlier_than_days = 30", "minimum_stay_days = 0"],
        ),
        (
            "profiles/own.toml",
            &[
                "fiscal_year_last_month = 6",
                "at_most = 3",
                "percent_at_least = 95.5",
                "after_days = 60",
                "position = 1",
                "after_months = 12",
            ],
        ),
    ];
    for (file, keys) in written {
        for (number, key) in keys.iter().enumerate() {
            let name = key.split_once('=').expect("a key").0;
            cases.with(file, key, &format!("{name}= 9223372036854775807"), End::Documented);
            let other = ["-1", "1e308", "nan", "2147483648", "99999999999999999999", "true"][number % 6];
            let refused = other != "2147483648";
            cases.with(file, key, &format!("{name}= {other}"), if refused { End::Refused } else { End::Documented });
        }
    }
    let title = format!("title = \"{}\"", "t".repeat(40_000));
    let in_workbook =
        text_of("pipeline.toml").replacen("title = \"Visits\"", &title, 1).replace("\"text\"", "\"both\"");
    cases.add("a long title in a workbook", "pipeline.toml", in_workbook, End::Documented);
    cases.with("pipeline.toml", "expect = \"working_days\"", "expect = 9223372036854775807", End::Refused);
    for year in [
        "period = \"9999999-01\"",
        "period = \"0000\"",
        "period = \"2026-10-01..1026-10-01\"",
        "period = \"0001-01-01..9999-12-31\"",
        "period = \"2026-Q9\"",
    ] {
        cases.with("pipeline.toml", "keep_outputs_days = 400", year, End::Documented);
    }
}

/// Paths that lead elsewhere, patterns that never end, and files that name each other.
fn paths(cases: &mut Cases) {
    let long = "x/".repeat(3000);
    let paths = [
        "../../../../../../etc/passwd",
        "/etc/shadow",
        "",
        ".",
        "..",
        "/",
        "pipeline.toml",
        "layouts",
        "a\\nb",
        "~/x",
        "loop",
        &long,
    ];
    let keys = ["layout = \"visits\"", "matrix = \"charts\"", "profile = \"own\"", "site_map = \"map.csv\""];
    for (number, path) in paths.into_iter().enumerate() {
        for key in [keys[number % 4], keys[(number + 1) % 4]] {
            let name = key.split_once('=').expect("a key").0;
            cases.with("pipeline.toml", key, &format!("{name}= \"{path}\""), End::Documented);
        }
    }
    let stars = format!("inbox/{}z", "*v".repeat(2000));
    let many = format!("[{}]", "\"inbox/v*\",".repeat(3000));
    for pattern in [
        "\"\"",
        "\"**\"",
        "\"[\"",
        "\"***\"",
        "\"inbox/**/**/**/**/*\"",
        "\"inbox/visits.csv/\"",
        "\"inbox\"",
        "\"loop/*\"",
        "\"\\u0000\"",
        "[]",
        "[\"inbox/visits.csv\", \"inbox/visits.csv\"]",
        &many,
        &format!("\"{stars}\""),
    ] {
        cases.with("pipeline.toml", "files = \"inbox/visits.csv\"", &format!("files = {pattern}"), End::Documented);
    }
    for output in [
        "output = \"inbox\"",
        "output = \".\"",
        "output = \"\"",
        "output = \"loop\"",
        "output = \"pipeline.toml\"",
        "worklists = \"inbox\"",
        "worklists = \"loop\"",
        "state = \"pipeline.toml\"",
        "state = \"loop\"",
    ] {
        cases.with("pipeline.toml", "keep_outputs_days = 400", output, End::Documented);
    }
}

/// Conditions that nest, repeat and grow.
fn rules(cases: &mut Cases) {
    let violates = |condition: &str| format!("violates = \"{condition}\"");
    let deep = |count: usize| format!("{}service = 'PED'{}", "(".repeat(count), ")".repeat(count));
    for (condition, end) in [
        (deep(30_000), End::Refused),
        ("NOT ".repeat(30_000) + "service = 'PED'", End::Refused),
        (vec!["service = 'PED'"; 5_000].join(" OR "), End::Documented),
        (format!("service IN ({})", vec!["'PED'"; 20_000].join(",")), End::Documented),
        ("any(diagnosis WHERE ".repeat(500) + "code = 'I10'" + &")".repeat(500), End::Refused),
        ("matches(service, '(((((a*)*)*)*)*)*$')".to_owned(), End::Documented),
        ("matches(service, '((a{1000}){1000}){1000}')".to_owned(), End::Refused),
        ("matches(service, '(')".to_owned(), End::Refused),
        ("admission_date > '99999-99-99'".to_owned(), End::Refused),
        ("admission_date - discharge_date > 99999999999999999999".to_owned(), End::Refused),
        ("admission_date + 9223372036854775807 > discharge_date".to_owned(), End::Documented),
        ("admission_date + 2147483647 > discharge_date".to_owned(), End::Documented),
        ("length_of_stay + 9223372036854775807 > 0 - 9223372036854775807".to_owned(), End::Documented),
        ("count(diagnosis WHERE code = 'I10') >= 99999999999".to_owned(), End::Documented),
        ("service = 'open".to_owned(), End::Refused),
        ("\\u0000\\u001b[2J".to_owned(), End::Refused),
        ("service = '\\U0001F600' OR sérvice = 1".to_owned(), End::Refused),
        (String::new(), End::Refused),
    ] {
        cases.with("pipeline.toml", "violates = \"service = 'PED'\"", &violates(&condition), end);
    }
    for code in ["", "../../x", "FLD004", "a b", "\\u001b[2J", "=1+1", &"C".repeat(10_000)] {
        cases.with("pipeline.toml", "code = \"WARD-01\"", &format!("code = \"{code}\""), End::Documented);
    }
    let many: String = (0..3_000)
        .map(|number| {
            format!("[[edits.rule]]\ncode = \"R-{number}\"\ntitle = \"t\"\nviolates = \"service = 'PED'\"\n\n")
        })
        .collect();
    cases.with("pipeline.toml", "[[edits.rule]]\n", &format!("{many}[[edits.rule]]\n"), End::Documented);
    let many = "[[edits.accept]]\nrule = \"FLD004\"\nrecord = \"1\"\nreason = \"r\"\nauthor = \"a\"\n\n".repeat(5_000);
    cases.with("pipeline.toml", "[[edits.accept]]\n", &format!("{many}[[edits.accept]]\n"), End::Documented);
    cases.with("pipeline.toml", "until = \"2026-12-31\"", "until = \"0000-00-00\"", End::Refused);
    cases.with("pipeline.toml", "first = \"2026-10-01\"", "first = \"999999999-01-01\"", End::Refused);
}

/// Layouts that ask for what no file has.
fn layouts(cases: &mut Cases) {
    let file = "layouts/visits.toml";
    for columns in [
        "dx{1..99999999}",
        "dx{5..1}",
        "dx{0..18446744073709551616}",
        "dx{1..}",
        "{1..9}",
        "dx{1..2}{1..2}",
        "dx{-1..1}",
    ] {
        cases.with(file, "dx{1..1}", columns, End::Documented);
    }
    for delimiter in ["\\u0000", "\\\"", "\\n", "é", "", ",,", "\\r"] {
        let end = if delimiter == "," { End::Documented } else { End::Refused };
        cases.with(file, "delimiter = \",\"", &format!("delimiter = \"{delimiter}\""), end);
    }
    for encoding in ["utf-7", "replacement", "x-user-defined", "utf-16le", "", "iso-2022-jp"] {
        cases.with(file, "encoding = \"utf-8\"", &format!("encoding = \"{encoding}\""), End::Documented);
    }
    for formats in
        ["[]", "[\"%\"]", "[\"%%%%%%%%\"]", "[\"\"]", "[\"%Y%Y%Y\"]", "[\"%9999d\"]", "\"%s\"", "[\"%Y-%m-%d\\u0000\"]"]
    {
        cases.with(file, "formats = [\"%Y-%m-%d\"]", &format!("formats = {formats}"), End::Documented);
    }
    let many = vec!["\"%Y-%m-%d\""; 5_000].join(",");
    cases.with(file, "formats = [\"%Y-%m-%d\"]", &format!("formats = [{many}]"), End::Documented);
    let many: String = (0..20_000).map(|number| format!("\"v{number}\",")).collect();
    cases.with(file, "values = [\"MA\"]", &format!("values = [{many}]"), End::Documented);
    cases.with(file, "missing = [\"?\"]", &format!("missing = [{many}]"), End::Documented);
    cases.with(file, "column = \"visit\"", &format!("column = [{many}]"), End::Documented);
    cases.with(file, "values = [\"MA\"]", "values = { a = \"x\", b = \"X\", c = [\"x\"] }", End::Documented);
    let fixed = |position: &str| {
        format!(
            "title = \"V\"\ntable = \"encounters\"\n[source]\nformat = \"fixed_width\"\n[columns]\nencounter_id = {{ start = 1, width = 4 }}\ndiagnosis_code = {{ {position} }}\n"
        )
    };
    for position in [
        "start = 9223372036854775807, width = 9223372036854775807",
        "start = 1, width = 9223372036854775807",
        "start = 9223372036854775807, width = 1",
        "start = 5, width = 7, repeat = 9223372036854775807",
        "start = 5, width = 7, repeat = 25, step = 9223372036854775807",
        "start = 0, width = 0",
        "positions = []",
        "positions = [{ start = 9223372036854775807, width = 2 }, { start = 5, width = 2 }]",
    ] {
        cases.add(format!("fixed width: {position}"), file, fixed(position), End::Documented);
    }
    let wide: String = (0..30_000).map(|number| format!("{{ start = {}, width = 1 }},", number + 5)).collect();
    cases.add("fixed width: thousands of positions", file, fixed(&format!("positions = [{wide}]")), End::Documented);
    let record = fixed("start = 5, width = 7").replace("[columns]", "record_length = 9223372036854775807\n[columns]");
    cases.add("fixed width: a long record", file, record, End::Documented);
}

/// Tables beside the settings.
fn tables(cases: &mut Cases) {
    for file in ["map.csv", "history.csv", "holidays.csv"] {
        let heading = text_of(file).lines().next().expect("a heading");
        for (name, bytes) in [
            ("nothing", Vec::new()),
            ("zeros", vec![0; 5_000]),
            ("stray bytes", b"\xff\xfe,\xff\n".to_vec()),
            ("UTF-16", text_of(file).encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("an open quote", format!("{heading}\n\"icd9cm,{}", "x\n".repeat(300)).into_bytes()),
            ("long rows", format!("{heading}\n{}\n", "9,".repeat(200_000)).into_bytes()),
            ("many faults", format!("{heading}\n{}", "x,y,z\n".repeat(300)).into_bytes()),
            ("numbers", format!("{heading}\n0042,2026-09,discharges,,18446744073709551615,\n0042,2026-09,race_unknown,,18446744073709551615,18446744073709551615\n").into_bytes()),
            ("months", format!("{heading}\n0042,9999999-99,discharges,,1,\n0042,0000-00,discharges,,-1,\n").into_bytes()),
            ("a circle", format!("{heading}\nicd9cm,25000,icd10cm,E11.9,\nicd10cm,E11.9,icd9cm,25000,\nicd9cm,25000,icd10cm,I10,\n").into_bytes()),
            ("targets", format!("{heading}\nicd9cm,25000,icd10cm,{},\nicd9cm,25001,icd10cm,none+none,\n", "E11.9+".repeat(10_000)).into_bytes()),
        ] {
            cases.add(format!("{file}: {name}"), file, bytes, End::Documented);
        }
    }
}

fn all() -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    any_file(&mut cases);
    numbers(&mut cases);
    paths(&mut cases);
    rules(&mut cases);
    layouts(&mut cases);
    tables(&mut cases);
    cases.0
}

/// Runs one case; what was wrong.
fn faults_of(case: &Case) -> Vec<String> {
    let work = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = work.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    };
    for (name, text) in SITE {
        write(name, text.as_bytes());
    }
    write(case.file, &case.bytes);
    write("inbox/visits.csv", sound().as_bytes());
    write(
        "inbox/documents.csv",
        format!("visit,kind,signed\n00000001,history_and_physical,2026-10-02\n00000002,{CANARY},\n").as_bytes(),
    );
    link_to_itself(&work.path().join("loop"));
    let ended = run(work.path(), &["run", "pipeline.toml", "--as-of", "2026-11-01"]);
    let mut faults = ended.faults(ORDINARY);
    if case.end == End::Refused && ended.code != Some(2) {
        faults.push(format!("ended with {:?} and not with 2", ended.code));
    }
    let (said, shown) = (ended.complained.len(), ended.complained.lines().count());
    if said > 1 << 20 || shown > 2_000 {
        faults.push(format!("complains in {said} bytes and {shown} lines"));
    }
    if matches!(ended.code, Some(0 | 1 | 65 | 66)) {
        let out = if case.name.contains("output =") { None } else { Some(work.path().join("out")) };
        faults.extend(out.into_iter().flat_map(|out| published(&out).1));
    }
    faults.into_iter().map(|fault| format!("{}: {}", case.name, fault.chars().take(600).collect::<String>())).collect()
}

#[cfg(unix)]
fn link_to_itself(path: &Path) {
    std::os::unix::fs::symlink("loop", path).expect("linked");
}

#[cfg(not(unix))]
fn link_to_itself(_: &Path) {}

#[test]
fn hostile_settings_are_refused_or_obeyed_and_do_no_harm() {
    let cases = all();
    let faults = cases.iter().flat_map(faults_of).collect();
    super::conclude("hostile settings", "hostile_settings", (cases.len() as u64, faults));
}

/// The settings that the cases change are sound, or every case would be refused for another reason.
#[test]
fn the_settings_that_are_changed_are_sound() {
    let case =
        Case { name: "sound".to_owned(), file: "map.csv", bytes: text_of("map.csv").into(), end: End::Documented };
    let faults = faults_of(&case);
    assert!(faults.is_empty(), "{faults:#?}");
}
