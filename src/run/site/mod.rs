//! A new site: every file of it, as `chartroom init` writes them.
//!
//! Layouts, matrix and profile are those that ship in `pipelines`, so that each stands in one place.

mod example;

use std::path::Path;

use crate::{plan::written::json_schema, record::date::Day};

/// Folders of a site that may be empty.
pub const FOLDERS: [&str; 3] = ["inbox", "out", "state"];

/// A file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Path in the site.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The files that are the same at every site.
const FILES: [(&str, &str); 21] = [
    ("README.md", include_str!("files/README.md")),
    ("nightly.toml", include_str!("files/nightly.toml")),
    ("layouts/discharge-abstract.toml", include_str!("../../../pipelines/layouts/discharge-abstract.toml")),
    ("layouts/document-index.toml", include_str!("../../../pipelines/layouts/document-index.toml")),
    ("layouts/decisions.toml", include_str!("../../../pipelines/layouts/decisions.toml")),
    ("layouts/absences.toml", include_str!("../../../pipelines/layouts/absences.toml")),
    ("layouts/staff-file.toml", include_str!("../../../pipelines/layouts/staff-file.toml")),
    ("layouts/daily-census.toml", include_str!("../../../pipelines/layouts/daily-census.toml")),
    ("layouts/deaths-register.toml", include_str!("../../../pipelines/layouts/deaths-register.toml")),
    ("layouts/birth-register.toml", include_str!("../../../pipelines/layouts/birth-register.toml")),
    ("layouts/bed-file.toml", include_str!("../../../pipelines/layouts/bed-file.toml")),
    ("layouts/movements.toml", include_str!("../../../pipelines/layouts/movements.toml")),
    ("layouts/autopsies.toml", include_str!("../../../pipelines/layouts/autopsies.toml")),
    ("layouts/deliveries.toml", include_str!("../../../pipelines/layouts/deliveries.toml")),
    ("layouts/anaesthetics.toml", include_str!("../../../pipelines/layouts/anaesthetics.toml")),
    ("layouts/infections.toml", include_str!("../../../pipelines/layouts/infections.toml")),
    ("layouts/consultations.toml", include_str!("../../../pipelines/layouts/consultations.toml")),
    ("layouts/bills.toml", include_str!("../../../pipelines/layouts/bills.toml")),
    ("layouts/staff-hours.toml", include_str!("../../../pipelines/layouts/staff-hours.toml")),
    ("matrices/expected-documents.toml", include_str!("../../../pipelines/matrices/expected-documents.toml")),
    ("profiles/internal.toml", include_str!("../../../pipelines/profiles/internal.toml")),
];

/// The files that name the site's folder and the program.
const SCHEDULE: [(&str, &str); 3] = [
    ("schedule/chartroom-nightly.service", include_str!("files/chartroom-nightly.service")),
    ("schedule/chartroom-nightly.timer", include_str!("files/chartroom-nightly.timer")),
    ("schedule/crontab.txt", include_str!("files/crontab.txt")),
];

/// Every file of a site but the example records. `folder` and `program` are absolute.
pub fn files(folder: &Path, program: &Path) -> Vec<SiteFile> {
    let of = |path: &str, text: String| SiteFile { path: path.to_owned(), text };
    let mut files: Vec<SiteFile> = FILES.iter().map(|(path, text)| of(path, (*text).to_owned())).collect();
    files.push(of("pipeline.schema.json", json_schema()));
    let pipeline = folder.join("nightly.toml").display().to_string();
    let (folder, program) = (folder.display().to_string(), program.display().to_string());
    let filled = |text: &str| {
        [
            ("{folder of systemd}", folder.replace('%', "%%")),
            ("{program of systemd}", word_of_systemd(&program)),
            ("{pipeline of systemd}", word_of_systemd(&pipeline).replace('$', "$$")),
            ("{folder of cron}", word_of_cron(&folder)),
            ("{program of cron}", word_of_cron(&program)),
        ]
        .into_iter()
        .fold(text.to_owned(), |text, (place, value)| text.replace(place, &value))
    };
    files.extend(SCHEDULE.iter().map(|(path, text)| of(path, filled(text))));
    files
}

/// The example inbox: the discharges of the days before `as_of`, and their documents.
pub fn example_inbox(as_of: Day) -> Vec<SiteFile> {
    let newest = example::newest_day(as_of);
    let of = |kind: &str, text| SiteFile { path: format!("inbox/{kind}-example-{newest}.csv"), text };
    vec![of("discharges", example::discharges(newest)), of("documents", example::documents(newest))]
}

/// A word of `ExecStart`: in quotes, with the marks that mean something in them doubled (systemd.service(5), "Command lines").
fn word_of_systemd(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"))
}

/// A word of a command in a crontab: in quotes of the shell; a percent sign would end the command (crontab(5)).
fn word_of_cron(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''").replace('%', "\\%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_blank_a_quote_and_a_percent_sign_is_one_word_in_each_schedule() {
        let files = files(Path::new("/srv/the night's 100% run"), Path::new("/opt/chart room/chartroom"));
        let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.clone()).expect(path);
        let service = text("schedule/chartroom-nightly.service");
        assert!(service.contains("\nWorkingDirectory=/srv/the night's 100%% run\n"), "{service}");
        assert!(
            service.contains(
                "\nExecStart=\"/opt/chart room/chartroom\" run \"/srv/the night's 100%% run/nightly.toml\"\n"
            )
        );
        let cron = text("schedule/crontab.txt");
        assert!(cron.contains("cd '/srv/the night'\\''s 100\\% run' && '/opt/chart room/chartroom' run"), "{cron}");
        assert!(files.iter().all(|file| !file.text.contains(" of systemd}") && !file.text.contains(" of cron}")));
    }
}
