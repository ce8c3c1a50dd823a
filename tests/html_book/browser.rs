//! The page of the statistics in Chromium: nothing found by axe-core, no message on the console, nothing asked for elsewhere, no page wider than its screen. It needs `node`,
//! `/usr/bin/chromium` and `npm ci` in `tests/browser`; where they are not there, the test says that it was skipped.

use std::{fs, path::Path, process::Command};

use chartroom::book::html_book;

use super::{demo_book, hostile_book};
use crate::{
    command::{chartroom, copy, printed, root, run_folder},
    shared_folder::say,
};

#[test]
fn chromium_and_axe_find_nothing_on_the_page() {
    let look = root().join("tests/browser/look.mjs");
    let modules = root().join("tests/browser/node_modules/axe-core");
    if !Path::new("/usr/bin/chromium").exists() || !modules.exists() {
        say("skipped: Chromium, or `npm ci` in tests/browser, is not there");
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["pipelines", "fixtures"] {
        copy(&root().join(folder), &work.path().join(folder));
    }
    let arguments = ["run", "pipelines/monthly-statistics.toml", "--as-of", "2026-11-01", "--format", "html"];
    let (_, errors, code) = printed(&chartroom(work.path()).args(arguments).output().expect("it starts"));
    assert_eq!(code, 0, "{errors}");
    let month = run_folder(&work.path().join("out")).join("data/statistics.html");
    let mut pages = vec![month];
    for (name, page) in
        [("demo.html", html_book::page(&demo_book::book())), ("hostile.html", html_book::page(&hostile_book::book()))]
    {
        let path = work.path().join(name);
        fs::write(&path, page).expect("a page");
        pages.push(path);
    }
    let output = Command::new("node").arg(look).arg("-").args(&pages).env("QUICK", "1").output().expect("node");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("nothing found"), "{told}");
}
