//! Findings and deficiencies from night to night: a few nights of one department as its clerks live them. What is new, what comes back with a decision, what holds no
//! more, what changed because the pipeline did; clinicians from notice to suspension and back; and the page of each morning.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    command::{chartroom, printed},
    night_site::{self, DISCHARGES, STAYS},
};

const PIPELINE: &str = r#"
title = "Night"
state = "state"
fail_on_new = "error"
[store]
[night]
metrics = "night.prom"
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
deletion = { column = "ACTION", values = ["D"] }
required = false
[[ingest]]
name = "diagnoses"
files = "inbox/diagnoses-*.csv"
layout = "diagnoses.toml"
delivery = "changes"
required = false
[[ingest]]
name = "documents"
files = "inbox/documents-*.csv"
layout = "documents.toml"
delivery = "changes"
required = false
[[ingest]]
name = "decisions"
files = ["inbox/*resolve*.csv", "inbox/*resolve*.xlsx"]
layout = "decisions.toml"
[deficiency]
matrix = "charts.toml"
[statistics]
format = "text"
"#;
const DOCUMENTS: &str = "DOCUMENT,STAY,TYPE,AUTHOR,SIGNED\n";

/// A site with a pipeline, to which lines may be added.
struct Site {
    folder: tempfile::TempDir,
}

/// What a night came to.
struct Morning {
    account: String,
    errors: String,
    code: i32,
    page: String,
    output: PathBuf,
}

impl Site {
    fn new(pipeline: &str) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        night_site::make(folder.path(), pipeline, DISCHARGES);
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines/layouts");
        for layout in ["decisions.toml", "absences.toml"] {
            fs::copy(shipped.join(layout), folder.path().join(layout)).expect("copied");
        }
        Site { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file into the inbox, which is emptied after every night.
    fn file(&self, name: &str, text: &str) {
        fs::write(self.path().join("inbox").join(name), text).expect("written");
    }

    fn run(&self, day: &str) -> Morning {
        let output = chartroom(self.path()).args(["run", "night.toml", "--as-of", day]).output().expect("starts");
        let (account, errors, code) = printed(&output);
        let page = fs::read_to_string(self.path().join("out/morning/night.txt")).unwrap_or_default();
        Morning { account, errors, code, page, output: self.path().join(format!("out/night-as-of-{day}")) }
    }

    /// Runs a night and empties the inbox.
    fn night(&self, day: &str) -> Morning {
        let morning = self.run(day);
        for file in fs::read_dir(self.path().join("inbox")).expect("the inbox") {
            fs::remove_file(file.expect("a file").path()).expect("removed");
        }
        morning
    }

    fn history(&self, key: &str) -> String {
        printed(&chartroom(self.path()).args(["history", "night.toml", key]).output().expect("starts")).0
    }
}

impl Morning {
    /// The lines of a worklist by their columns.
    fn lines(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let path = self.output.join("data").join(name);
        let mut reader =
            csv::Reader::from_path(&path).unwrap_or_else(|_| panic!("{name}: {} {}", self.account, self.errors));
        let headings = reader.headers().expect("headings").clone();
        let line = |row: csv::StringRecord| {
            headings.iter().zip(row.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
        };
        reader.records().map(|row| line(row.expect("a row"))).collect()
    }

    /// Record and code of each line, with its status.
    fn statuses(&self, name: &str) -> Vec<String> {
        let mut statuses: Vec<String> = self
            .lines(name)
            .iter()
            .map(|line| format!("{} {} {}", line["encounter_id"], line["code"], line["status"]))
            .collect();
        statuses.sort();
        statuses
    }

    fn key(&self, record: &str, code: &str) -> String {
        let lines = self.lines("worklists/to_resolve.csv");
        let line = lines.iter().find(|line| line["encounter_id"] == record && line["code"] == code);
        line.unwrap_or_else(|| panic!("{record} {code}: {lines:?}"))["finding_key"].clone()
    }
}

/// The first night: a sex that is in no list, a stay that is very long, a discharge summary without a signature, and a record without a fault.
fn first_night(site: &Site) -> Morning {
    let stays = [
        "S1,P1,2026-09-28,2026-10-03,1950-01-01,Q,01,\"Cho, M\",\n",
        "S2,P2,2025-01-01,2026-10-01,1950-01-01,F,01,\"Cho, M\",\n",
        "S3,P3,2026-10-01,2026-10-02,1950-01-01,M,01,\"Doe, J\",\n",
    ];
    site.file("discharges-2026-10-05.csv", &format!("{STAYS}{}", stays.concat()));
    site.file("diagnoses-2026-10-05.csv", "STAY,POSITION,CODE\nS1,1,I21.4\nS2,1,J18.9\nS3,1,I21.4\n");
    let documents = "D1,S1,discharge_summary,\"Cho, M\",2026-10-04\nD2,S2,discharge_summary,\"Cho, M\",2026-10-04\nD3,S3,discharge_summary,\"Doe, J\",\n";
    site.file("documents-2026-10-05.csv", &format!("{DOCUMENTS}{documents}"));
    site.night("2026-10-05")
}

#[test]
fn a_week_of_findings_from_new_to_corrected_verified_and_reopened() {
    let site = Site::new(PIPELINE);
    let first = first_night(&site);
    let all_new = ["S1 FLD031 new", "S2 LOG104 new", "S3 DEF02 new", "S3 DEF06 new"];
    assert_eq!(first.statuses("worklists/to_resolve.csv"), all_new);
    assert_eq!(first.code, 1, "an error is new: {} {}", first.account, first.errors);
    assert!(
        first.page.contains("New tonight     2 findings in 2 records (1 error, 1 warning); 2 deficiencies in 1 record"),
        "{}",
        first.page
    );
    let (long_stay, unsigned, undated) =
        (first.key("S2", "LOG104"), first.key("S3", "DEF02"), first.key("S3", "DEF06"));

    // The sex is corrected; the long stay is verified, the undated document waived, the signature assigned. Two lines are left blank.
    site.file(
        "discharges-2026-10-06.csv",
        &format!("{STAYS}S1,P1,2026-09-28,2026-10-03,1950-01-01,F,01,\"Cho, M\",\n"),
    );
    let decisions = format!(
        "finding_key,decision,assigned_to,note,decided_by,decided_on,status\n{long_stay},verified,,right,A. Reyes,2026-10-05,new\n{undated},waive,,,A. Reyes,,new\n{unsigned},,front desk,,,,new\n{},,,,,,new\nk0000000000000001,verified,,,A. Reyes,,\nnonsense,verified,,,,,\n",
        first.key("S1", "FLD031")
    );
    site.file("to_resolve-2026-10-05.csv", &decisions);
    let second = site.run("2026-10-06");
    assert_eq!(second.code, 0, "nothing is new: {}", second.account);
    assert_eq!(second.statuses("worklists/to_resolve.csv"), ["S3 DEF02 open"]);
    assert_eq!(second.statuses("worklists/no_longer_found.csv"), ["S1 FLD031 corrected"]);
    assert_eq!(second.lines("worklists/to_resolve.csv")[0]["owner"], "front desk");
    assert_eq!(second.lines("worklists/to_resolve.csv")[0]["first_seen"], "2026-10-05");
    let accepted = second.lines("accepted.csv");
    assert_eq!(
        (accepted[0]["reason"].as_str(), accepted[0]["author"].as_str()),
        ("verified on a worklist: right", "A. Reyes")
    );
    assert!(second.account.contains("decisions without effect: 1 key is of no finding"), "{}", second.account);
    assert!(
        second.account.contains("decisions that cannot be read: 1 (to_resolve-2026-10-05.csv row 7)"),
        "{}",
        second.account
    );
    assert!(second.page.contains("Corrected       1 finding (worklists/no_longer_found.csv)"), "{}", second.page);
    // The night again on its day: the same bytes.
    let again = site.night("2026-10-06");
    assert!(again.account.contains("nothing to do"), "{}", again.account);

    // A quiet night: the verified one stays verified, and the waived one waived.
    let third = site.night("2026-10-07");
    assert_eq!(third.statuses("worklists/to_resolve.csv"), ["S3 DEF02 open"]);
    assert_eq!(third.lines("accepted.csv").len(), 1);
    assert!(!third.account.contains("decisions"), "told once: {}", third.account);
    assert_eq!(third.lines("worklists/to_resolve.csv")[0]["days_open"], "2");

    // The day of discharge is corrected, and the stay is as long: the value is not the one that was verified. The document is signed.
    site.file(
        "discharges-2026-10-08.csv",
        &format!("{STAYS}S2,P2,2025-01-01,2026-09-30,1950-01-01,F,01,\"Cho, M\",\n"),
    );
    site.file("documents-2026-10-08.csv", &format!("{DOCUMENTS}D3,S3,discharge_summary,\"Doe, J\",2026-10-07\n"));
    let fourth = site.night("2026-10-08");
    assert_eq!(fourth.statuses("worklists/to_resolve.csv"), ["S2 LOG104 reopened"]);
    let gone = ["S3 DEF02 corrected", "S3 DEF06 corrected"];
    assert_eq!(fourth.statuses("worklists/no_longer_found.csv"), gone);
    assert!(fourth.account.contains("decisions that hold no more: 1"), "{}", fourth.account);

    // The month that is counted from the store knows it too: the finding is a failure again.
    let month = "title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\n[statistics]\nformat = \"text\"\n";
    fs::write(site.path().join("month.toml"), month).expect("written");
    let of_month = || -> (usize, bool) {
        let out = site.path().join("out-month");
        let _ = fs::remove_dir_all(&out);
        let arguments = ["run", "month.toml", "--as-of", "2026-10-09", "--out", "out-month"];
        let (account, errors, code) = printed(&chartroom(site.path()).args(arguments).output().expect("starts"));
        assert_eq!(code, 0, "{account}{errors}");
        let folder = crate::command::run_folder(&out).join("data");
        let lines = |name: &str| fs::read_to_string(folder.join(name)).expect("a table");
        (lines("accepted.csv").lines().count() - 1, lines("findings.csv").contains("LOG104"))
    };
    assert_eq!(of_month(), (0, true));
    // Verified once more, for the value as it is now; as a workbook.
    workbook(
        &site.path().join("inbox/resolved.xlsx"),
        &[["finding_key", "decision", "decided_by"], [&long_stay, "Verified", "B. Ito"]],
    );
    let fifth = site.night("2026-10-09");
    assert_eq!(fifth.statuses("worklists/to_resolve.csv"), Vec::<String>::new(), "{}", fifth.account);
    assert_eq!(fifth.lines("accepted.csv")[0]["author"], "B. Ito");
    assert_eq!(of_month(), (1, false));

    // Withdrawn: gone. Sent again: reopened, and the decision holds as the value is the same.
    site.file(
        "discharges-2026-10-10.csv",
        &format!("{STAYS}S2,P2,2025-01-01,2026-09-30,1950-01-01,F,01,\"Cho, M\",D\n"),
    );
    let sixth = site.night("2026-10-10");
    assert_eq!(sixth.statuses("worklists/no_longer_found.csv"), ["S2 LOG104 corrected"]);
    let told = site.history(&long_stay);
    assert!(told.contains("verified by A. Reyes") && told.contains("Verified by B. Ito"), "{told}");
    let told = told.split("\n\n").next().unwrap_or_default().to_owned() + "\n";
    let nights = "finding LOG104, record S2\n2026-10-05  new\n2026-10-06  verified\n2026-10-08  reopened\n2026-10-08  value changed\n2026-10-09  verified\n2026-10-10  corrected\n";
    assert_eq!(told, nights);
    let (sound, _, code) =
        printed(&chartroom(site.path()).args(["state", "check", "night.toml"]).output().expect("starts"));
    assert_eq!(code, 0, "{sound}");
}

fn workbook(path: &Path, rows: &[[&str; 3]]) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string(row, column, *cell).expect("written");
        }
    }
    workbook.save(path).expect("saved");
}

#[test]
fn what_the_pipeline_changed_is_counted_apart_from_what_records_changed() {
    let site = Site::new(PIPELINE);
    first_night(&site);
    // The edit of the sex is no longer asked; a new edit of the site finds S3, which did not change, and S4, which came tonight.
    let edits = "\n[edits]\nignore = [\"FLD031\"]\n[[edits.rule]]\ncode = \"SITE01\"\ntitle = \"men\"\nseverity = \"warning\"\nviolates = \"sex = 'M'\"\nmessage = \"a man\"\nwhy = \"a test\"\nsource = \"here\"\n";
    fs::write(site.path().join("night.toml"), format!("{PIPELINE}{edits}")).expect("written");
    site.file(
        "discharges-2026-10-06.csv",
        &format!("{STAYS}S4,P4,2026-10-01,2026-10-02,1950-01-01,M,01,\"Doe, J\",\n"),
    );
    site.file("diagnoses-2026-10-06.csv", "STAY,POSITION,CODE\nS4,1,I21.4\n");
    let second = site.night("2026-10-06");
    assert!(second.code <= 1, "{} {}", second.account, second.errors);
    let findings: Vec<String> =
        second.statuses("worklists/to_resolve.csv").into_iter().filter(|line| !line.contains("DEF")).collect();
    assert_eq!(findings, ["S2 LOG104 open", "S3 SITE01 new, edits changed", "S4 SITE01 new"], "{}", second.account);
    assert_eq!(second.statuses("worklists/no_longer_found.csv"), ["S1 FLD031 gone, edits changed"]);
    assert!(
        second.page.contains(
            "Edits changed   because edits, code sets, layouts or settings changed, and no record did: 1 new, 1 gone"
        ),
        "{}",
        second.page
    );
}

#[test]
fn an_earlier_day_and_a_feed_that_cannot_be_used_close_nothing() {
    let site = Site::new(PIPELINE);
    first_night(&site);
    let third = site.night("2026-10-07");
    assert_eq!(third.statuses("worklists/to_resolve.csv").len(), 4);
    // As of a day before the newest night nothing is followed, and nothing is lost.
    let second = site.night("2026-10-06");
    assert!(second.account.contains("a later night has run"), "{}", second.account);
    // Documents that cannot be read: what was missing stays open, and the page says why nobody becomes delinquent.
    site.file("documents-2026-10-08.csv", "nothing that fits\n1\n");
    let fourth = site.night("2026-10-08");
    assert_eq!(fourth.code, 65, "{}", fourth.account);
    assert_eq!(fourth.statuses("worklists/no_longer_found.csv"), Vec::<String>::new(), "{}", fourth.account);
    assert!(fourth.page.contains("as of Monday 5 October 2026, when the document index came last"), "{}", fourth.page);
    assert!(fourth.page.contains("1  Not used"), "{}", fourth.page);
    let fifth = site.night("2026-10-09");
    assert_eq!(fifth.statuses("worklists/to_resolve.csv").len(), 4, "{}", fifth.account);
}

const LEVELS: &str = r#"
letters_on = "monday"
suspension_notice_days = 1
[[deficiency.level]]
name = "first notice"
after_days = 7
[[deficiency.level]]
name = "suspension"
after_days = 30
suspends = true
[[ingest]]
name = "absences"
files = "inbox/absences*.csv"
layout = "absences.toml"
delivery = "full"
newest_by = "order"
"#;

#[test]
fn clinicians_are_warned_before_they_are_suspended_and_reinstated_when_all_is_signed() {
    let pipeline = PIPELINE.replace("matrix = \"charts.toml\"\n", &format!("matrix = \"charts.toml\"\n{LEVELS}"));
    let site = Site::new(&pipeline);
    // Cho has a summary of 1 September to sign, Lee one of 25 September and is away for a fortnight.
    let stays = "S1,P1,2026-08-28,2026-09-01,1950-01-01,F,01,\"Cho, M\",\nS2,P2,2026-09-20,2026-09-25,1950-01-01,F,01,\"Lee, K\",\n";
    site.file("discharges-2026-10-05.csv", &format!("{STAYS}{stays}"));
    site.file("diagnoses-2026-10-05.csv", "STAY,POSITION,CODE\nS1,1,I21.4\nS2,1,I21.4\n");
    let documents = "D1,S1,discharge_summary,\"Cho, M\",\nD2,S2,discharge_summary,\"Lee, K\",\n";
    site.file("documents-2026-10-05.csv", &format!("{DOCUMENTS}{documents}"));
    site.file("absences.csv", "clinician,absent_from,absent_through\n\"Lee, K\",2026-09-30,2026-10-13\n");
    let of = |morning: &Morning| -> Vec<String> {
        let lines = morning.lines("worklists/clinicians.csv");
        lines.iter().map(|line| format!("{}: {} [{}]", line["clinician"], line["level"], line["tonight"])).collect()
    };
    // 5 October is a Monday. Past 30 days, and never written to: the first notice comes first.
    let monday = site.night("2026-10-05");
    let warned = "Cho, M: first notice [level first notice; letter first notice]";
    assert_eq!(of(&monday), [warned, "Lee, K:  []"], "{}", monday.account);
    let letter = fs::read_to_string(monday.output.join("data/letters/0001-first-notice.txt")).expect("a letter");
    assert!(letter.contains("To: Cho, M") && letter.contains("record S1, discharged 2026-09-01"), "{letter}");
    assert!(!letter.contains("P1"), "no patient is named: {letter}");
    assert!(monday.output.join("data/letters/0001-first-notice.html").is_file());
    // On the next night the warning stands, and the suspension follows; letters are made on Mondays alone.
    let note = |day: &str| {
        let row = format!("{DOCUMENTS}N{day},S1,note,\"Cho, M\",2026-09-02\n");
        site.file(&format!("documents-{day}.csv"), &row);
    };
    note("2026-10-06");
    let tuesday = site.night("2026-10-06");
    assert_eq!(of(&tuesday), ["Cho, M: suspension [level suspension; suspended]", "Lee, K:  []"]);
    assert!(!tuesday.output.join("data/letters").exists());
    assert!(
        tuesday.page.contains("1  Suspended    1 clinician since tonight (worklists/clinicians.csv)"),
        "{}",
        tuesday.page
    );
    // A night without a document index takes nobody on the list and nobody off it.
    let held = site.night("2026-10-07");
    assert_eq!(of(&held), ["Cho, M: suspension []", "Lee, K:  []"], "{}", held.page);
    assert!(
        held.page.contains("as of Tuesday 6 October 2026, when the document index came last: 4 open"),
        "{}",
        held.page
    );
    // Monday the 12th was missed: Wednesday makes its letters.
    note("2026-10-14");
    let wednesday = site.night("2026-10-14");
    assert_eq!(of(&wednesday), ["Cho, M: suspension [letter suspension]", "Lee, K:  []"]);
    // Three days after the return Lee is excused no more; Cho has signed.
    site.file("documents-2026-10-17.csv", &format!("{DOCUMENTS}D1,S1,discharge_summary,\"Cho, M\",2026-10-16\n"));
    let saturday = site.night("2026-10-17");
    assert_eq!(of(&saturday), ["Cho, M:  [no level; reinstated]", "Lee, K: first notice [level first notice]"]);
    let told = site.history("Cho, M");
    let events = [
        "2026-10-05 level first notice",
        "2026-10-05 letter first notice",
        "2026-10-06 level suspension",
        "2026-10-06 suspended",
        "2026-10-14 letter suspension",
        "2026-10-17 no level",
        "2026-10-17 reinstated",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), events);
    let sheets = fs::read_to_string(saturday.output.join("data/statistics.txt")).expect("a text");
    assert!(sheets.contains("\n== Clinicians ==\n"), "{sheets}");
}

#[test]
fn a_letter_template_of_the_site_is_tried_by_check_and_used_by_the_run() {
    let levels = LEVELS.replace("letters_on = \"monday\"", "letters_on = \"every_night\"\nletter_text = \"own.txt\"");
    let pipeline = PIPELINE.replace("matrix = \"charts.toml\"\n", &format!("matrix = \"charts.toml\"\n{levels}"));
    let site = Site::new(&pipeline);
    fs::write(site.path().join("own.txt"), "Dear {{ clinician }}\nand {{ hospital }}\n").expect("written");
    let (_, errors, code) = printed(&chartroom(site.path()).args(["check", "night.toml"]).output().expect("starts"));
    assert_eq!(code, 2, "{errors}");
    assert!(errors.contains("own.txt, line 2: it asks for a name that is not there"), "{errors}");
    fs::write(site.path().join("own.txt"), "Dear {{ clinician }}: {{ records }}\n").expect("written");
    site.file(
        "discharges-2026-10-05.csv",
        &format!("{STAYS}S1,P1,2026-09-20,2026-09-25,1950-01-01,F,01,\"Cho, M\",\n"),
    );
    site.file("documents-2026-10-05.csv", &format!("{DOCUMENTS}D1,S1,discharge_summary,\"Cho, M\",\n"));
    let night = site.night("2026-10-05");
    let letter = fs::read_to_string(night.output.join("data/letters/0001-first-notice.txt"));
    assert_eq!(letter.expect("a letter"), "Dear Cho, M: 1\n", "{} {}", night.account, night.errors);
}

#[test]
fn a_decision_holds_of_what_its_worklist_showed_and_of_nothing_else() {
    let site = Site::new(PIPELINE);
    let stay = |born: &str, sex: &str, admitted: &str| {
        format!("{STAYS}S2,P2,{admitted},2026-10-01,{born},{sex},01,\"Cho, M\",\n")
    };
    site.file("discharges-2026-10-05.csv", &stay("1950-01-01", "F", "2025-01-01"));
    site.file("diagnoses-2026-10-05.csv", "STAY,POSITION,CODE\nS2,1,J18.9\n");
    let key = site.night("2026-10-05").key("S2", "LOG104");
    let decide = |name: &str, rows: &str| site.file(name, &format!("finding_key,decision,value,decided_by\n{rows}"));
    let open = |morning: &Morning| morning.statuses("worklists/to_resolve.csv");
    // The decision comes with a correction of the very value: it holds neither tonight nor on the quiet night after it.
    site.file("discharges-2026-10-06.csv", &stay("1950-01-01", "F", "2025-01-01").replace("2026-10-01", "2026-10-02"));
    decide("resolve-1.csv", &format!("{key},verified,,A\n"));
    assert_eq!(open(&site.night("2026-10-06")), ["S2 LOG104 open"]);
    assert_eq!(open(&site.night("2026-10-07")), ["S2 LOG104 open"]);
    // An old worklist with the value of then, as a spreadsheet writes the day; then one with the value of now.
    decide("resolve-2.csv", &format!("{key},verified,10/1/2026,A\n"));
    assert_eq!(open(&site.night("2026-10-08")), ["S2 LOG104 open"]);
    decide("resolve-3.csv", &format!("{key},verified,10/2/2026,A\n"));
    assert_eq!(open(&site.night("2026-10-09")), Vec::<String>::new());
    // The stay is as long from another day on: what was verified is not what stands.
    site.file("discharges-2026-10-10.csv", &stay("1950-01-01", "F", "2024-01-01").replace("2026-10-01", "2026-10-02"));
    assert_eq!(open(&site.night("2026-10-10")), ["S2 LOG104 reopened"]);
    // And back: it is what was verified.
    let back = stay("1950-01-01", "F", "2025-01-01").replace("2026-10-01", "2026-10-02").replace("Cho, M", "Cho, N");
    site.file("discharges-2026-10-11.csv", &back);
    assert_eq!(open(&site.night("2026-10-11")), Vec::<String>::new());
    // Taken back, and said again in the very words of before.
    decide("resolve-4.csv", &format!("{key},open,,A\n"));
    assert_eq!(open(&site.night("2026-10-12")), ["S2 LOG104 reopened"]);
    decide("resolve-5.csv", &format!("{key},verified,10/2/2026,A\nk0000000000000002,waived,,A\n"));
    assert_eq!(open(&site.night("2026-10-13")), Vec::<String>::new());
    // A decision on a key that nothing has is told, and does not lie in wait for it.
    let other = Site::new(PIPELINE);
    other.file("discharges-2026-10-05.csv", &stay("1950-01-01", "F", "2026-09-01"));
    other.file("diagnoses-2026-10-05.csv", "STAY,POSITION,CODE\nS2,1,J18.9\n");
    other.file("resolve-1.csv", &format!("finding_key,decision,decided_by\n{key},verified,A\n"));
    let first = other.night("2026-10-05");
    assert!(first.account.contains("without effect: 1 key is of no finding"), "{}", first.account);
    other.file("discharges-2026-10-06.csv", &stay("1950-01-01", "F", "2025-01-01"));
    assert_eq!(open(&other.night("2026-10-06")), ["S2 LOG104 new"]);
}
