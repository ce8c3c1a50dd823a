//! A pipeline file, with the files it names beside it.

use std::{cell::OnceCell, path::Path};

use chartroom::plan::{Overrides, check::check};

const LAYOUT: &str =
    "title = \"V\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nadmission_date = \"admitted\"\n";
const MATRIX: &str =
    "title = \"C\"\n[[expect]]\ndocument = \"discharge_summary\"\ndue_days = 30\ncitation = \"bylaws\"\n";
const PROFILE: &str = "title = \"P\"\nsource = \"own\"\n[[condition]]\nname = \"n\"\nsource = \"own\"\nrules = [\"LOG104\"]\nat_most = 3\n";

pub fn seeds() -> Vec<Vec<u8>> {
    let first = "title = \"V\"\nperiod = \"2026-Q4\"\nfail_on = \"error\"\n[[ingest]]\nname = \"visits\"\nfiles = [\"visits.csv\"]\nlayout = \"l\"\n\
        expect = \"working_days\"\ndue_after_days = 1\nonly = { sex = [\"F\", \"U\"] }\nexpected_period = \"2026-10\"\ndelivery = \"full\"\nnewest_by = \"order\"\n";
    let edits = "[edits]\nignore = [\"LOG104\"]\nseverity = { FLD032 = \"info\" }\nprofile = \"p\"\ntargets = { 0042 = 180 }\n[edits.trend]\nleast_months = 8\n\
        race_unknown = { critical_deviations = 4, critical_difference = 7.5 }\n[[edits.rule]]\ncode = \"A1\"\ntitle = \"t\"\nlevel = \"diagnosis\"\n\
        violates = \"code = 'I10'\"\nfirst = \"2026-10-01\"\n[[edits.accept]]\nrule = \"A1\"\nreason = \"r\"\nauthor = \"a\"\nuntil = \"2026-12-31\"\n";
    let rest = "[coding]\njudge_on = \"any_date\"\n[deficiency]\nmatrix = \"m\"\ndelinquent_after_days = 21\n[statistics]\nformat = \"both\"\ntop = 10\n[archive]\nsource_organization = \"H\"\n";
    [first.to_owned(), format!("{first}{edits}"), format!("{first}{rest}")].map(String::into_bytes).to_vec()
}

/// The folder of the pipeline file, with what it names.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    for (folder, name, text) in [("layouts", "l", LAYOUT), ("matrices", "m", MATRIX), ("profiles", "p", PROFILE)] {
        std::fs::create_dir(site.path().join(folder)).expect("made");
        std::fs::write(site.path().join(folder).join(name).with_extension("toml"), text).expect("written");
    }
    std::fs::write(site.path().join("visits.csv"), "visit,admitted\n1,2026-10-01\n").expect("written");
    site
}

/// It is a plan or has problems, which can be shown, and the same ones each time. Nothing beside it is written.
pub fn run(bytes: &[u8]) {
    thread_local!(static SITE: OnceCell<tempfile::TempDir> = const { OnceCell::new() });
    // A pattern of another folder would have the whole disk looked through.
    if bytes.windows(2).any(|two| two == b".." || two == b"**") || bytes.windows(2).any(|two| two == b"\"/") {
        return;
    }
    SITE.with(|known| {
        let site = known.get_or_init(site).path();
        let path = site.join("pipeline.toml");
        std::fs::write(&path, bytes).expect("written");
        let outcome = |path: &Path| {
            let rules = [("LOG104", "stay-longer-than-limit"), ("FLD032", "payer-not-in-list")];
            check(path, &Overrides::default(), &rules).err().map(|problems| problems.render(false))
        };
        let first = outcome(&path);
        assert!(first.as_ref().is_none_or(|text| !text.is_empty()));
        assert_eq!(first, outcome(&path));
        assert_eq!(std::fs::read_dir(site).expect("a folder").count(), 5);
    });
}
