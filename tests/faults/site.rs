//! A small site, and the nights that are attacked: each as it stands before, and as an undisturbed run leaves it.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    catalogue::{CATALOGUE, dump},
    command::chartroom,
    night_site,
};

/// Stands in every cell that says who a patient is; it may be in no message.
pub const CANARY: &str = "ZAUBERBERG";

const PIPELINE: &str = r#"
title = "Night"
state = "state"
keep_outputs_days = 3
[store]
[[ingest]]
name = "discharges"
files = "inbox/discharges-*.csv"
layout = "discharges.toml"
delivery = "changes"
newest_by = "file_name_date"
[[ingest]]
name = "diagnoses"
files = "inbox/diagnoses-*.xlsx"
layout = "diagnoses.toml"
delivery = "changes"
[[ingest]]
name = "documents"
files = "inbox/documents-*.csv"
layout = "documents.toml"
delivery = "changes"
[deficiency]
matrix = "charts.toml"
letters_on = "every_night"
[[deficiency.level]]
name = "notice"
after_days = 1
[statistics]
format = "text"
"#;
const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
facility_id = "FACILITY"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
birth_date = { column = "BORN", formats = ["%Y-%m-%d"] }
sex = "SEX"
discharge_status = "STATUS"
attending_name = "ATTENDING"
"#;
/// What stands at every place of a folder: kind, permissions and content, links by what they name. Times are left out.
pub type Picture = BTreeMap<String, String>;

/// Takes the picture of a folder.
pub fn picture(folder: &Path) -> Picture {
    let mut found = Picture::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("a folder").map(|entry| entry.expect("an entry")) {
            let path = entry.path();
            let metadata = path.symlink_metadata().expect("told");
            let mode = metadata.permissions().mode() & 0o7777;
            let what = if metadata.is_symlink() {
                format!("link to {}", fs::read_link(&path).expect("a link").display())
            } else if metadata.is_dir() {
                format!("folder {mode:o}")
            } else {
                if path.ends_with(CATALOGUE) {
                    // The same content may lie in other pages of the file.
                    format!("catalogue {mode:o}: {}", dump(&path))
                } else {
                    let digest = chartroom::fs::digest(&path).expect("a file");
                    format!("file {mode:o} of {} octets, {}", digest.bytes, digest.sha256)
                }
            };
            if metadata.is_dir() {
                open.push(path.clone());
            }
            let name = path.strip_prefix(folder).expect("beneath").to_string_lossy().into_owned();
            found.insert(name, what);
        }
    }
    found
}

/// Copies a folder as it stands, links as links.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("made");
    fs::set_permissions(to, from.metadata().expect("told").permissions()).expect("set");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("told");
        if kind.is_symlink() {
            symlink(fs::read_link(&from).expect("a link"), &to).expect("linked");
        } else if kind.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

/// A folder for sites. In memory where that can be had: to flush a file to disk costs nothing there.
pub fn place() -> tempfile::TempDir {
    let begun = |folder: &Path| tempfile::Builder::new().prefix("chartroom-faults-").tempdir_in(folder);
    begun(Path::new("/dev/shm")).or_else(|_| begun(&std::env::temp_dir())).expect("a folder")
}

/// One night to attack.
#[derive(Clone)]
pub struct Scenario {
    /// What it is called in messages.
    pub name: String,
    /// The site before it.
    pub before: PathBuf,
    /// What the program is given.
    pub arguments: Vec<&'static str>,
    /// What stood before it, and what an undisturbed run leaves.
    pub pictures: (Picture, Picture),
}

/// Sites before and after each night, in one place.
pub struct Ground {
    folder: tempfile::TempDir,
    /// The nights.
    pub scenarios: Vec<Scenario>,
}

impl Ground {
    /// Runs every night undisturbed, once.
    pub fn prepare() -> Ground {
        let mut ground = Ground { folder: place(), scenarios: Vec::new() };
        let empty = ground.new_folder("empty");
        night_site::make(&empty, PIPELINE, DISCHARGES);
        comes(&empty, 1, "S1,S2,S3", "");
        let first = ground.night("first night", &empty, &["--as-of", "2026-11-01", "--format", "both"]);
        comes(&first, 2, "S4,S5", "S2");
        let second = ground.night("second night", &first, &["--as-of", "2026-11-02"]);
        comes(&second, 3, "S6", "");
        ground.night("the same day replaced", &second, &["--as-of", "2026-11-02", "--replace"]);
        ground.night("old outputs removed", &second, &["--as-of", "2026-11-06"]);
        ground
    }

    /// The path of a folder that is not there yet.
    pub fn new_folder(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().expect("a place").join(name.replace('/', " "))
    }

    /// A night by its name.
    pub fn scenario(&self, name: &str) -> &Scenario {
        self.scenarios.iter().find(|scenario| scenario.name == name).expect("a scenario")
    }

    /// Runs a night on a copy of a site, and gives the copy.
    pub fn night(&mut self, name: &str, before: &Path, arguments: &[&'static str]) -> PathBuf {
        let before_it = self.new_folder(&format!("before {name}"));
        copy(before, &before_it);
        let after = self.new_folder(&format!("after {name}"));
        copy(before, &after);
        let arguments: Vec<&str> = ["run", "night.toml", "--threads", "1"].iter().chain(arguments).copied().collect();
        let done = chartroom(&after).args(&arguments).output().expect("the program starts");
        assert!(done.status.success(), "{name}: {}", String::from_utf8_lossy(&done.stderr));
        let pictures = (picture(&before_it), picture(&after));
        assert_ne!(pictures.0, pictures.1, "{name} does something");
        self.scenarios.push(Scenario { name: name.to_owned(), before: before_it, arguments, pictures });
        after
    }
}

impl Scenario {
    /// The program with this night's arguments, to be run on a site, by itself or by what `through` names.
    pub fn command(&self, site: &Path, through: &[String]) -> Command {
        let program = chartroom(site);
        let mut command = match through {
            [] => program,
            [first, rest @ ..] => {
                let mut command = Command::new(first);
                command.current_dir(site).args(rest).arg(program.get_program());
                command
            }
        };
        command.args(&self.arguments);
        command
    }
}

/// The files of a day: stays, of which the first ends before it begins and has a code that is none; `corrected` comes once more.
fn comes(site: &Path, day: u32, stays: &str, corrected: &str) {
    let stays: Vec<&str> = stays.split(',').collect();
    let mut discharges = "STAY,PATIENT,FACILITY,ADMITTED,DISCHARGED,BORN,SEX,STATUS,ATTENDING\n".to_owned();
    for (place, stay) in stays.iter().chain(Some(&corrected).filter(|stay| !stay.is_empty())).enumerate() {
        let admitted = if place == 0 { "2026-10-30" } else { "2026-10-20" };
        discharges += &format!(
            "{CANARY}-{stay},{CANARY}-P{stay},0042,{admitted},2026-10-28,1950-03-0{day},F,01,\"{CANARY}, T\"\n"
        );
    }
    let mut documents = "DOCUMENT,STAY,TYPE,AUTHOR,SIGNED\n".to_owned();
    documents +=
        &format!("D{day},{CANARY}-{},discharge_summary,\"{CANARY}, T\",2026-10-29\n", stays.last().expect("a stay"));
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let mut rows = vec![["STAY".to_owned(), "POSITION".to_owned(), "CODE".to_owned()]];
    for (place, stay) in stays.iter().enumerate() {
        let code = if place == 0 { "Q99.X" } else { "I21.4" };
        rows.push([format!("{CANARY}-{stay}"), "1".to_owned(), code.to_owned()]);
    }
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).expect("written");
        }
    }
    let inbox = site.join("inbox");
    fs::write(inbox.join(format!("discharges-2026-11-0{day}.csv")), discharges).expect("written");
    fs::write(inbox.join(format!("documents-2026-11-0{day}.csv")), documents).expect("written");
    book.save(inbox.join(format!("diagnoses-2026-11-0{day}.xlsx"))).expect("written");
}
