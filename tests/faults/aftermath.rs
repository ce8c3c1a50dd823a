//! What must hold of a site after a disturbed night, and after the next one.

use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output},
};

use super::site::{CANARY, Picture, Scenario, picture};

/// What a place in a site is, as far as publishing goes.
fn unit(path: &str) -> Option<&str> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        // Work folders and temporary files: they may be left by a night that was killed, and by none other. The lock, and the record of the
        // working copies, are the program's own; the record grows with each copy.
        _ if parts.iter().any(|part| part.starts_with('.')) => None,
        // Nor is the journal of the catalogue: it is rolled back.
        ["state", JOURNAL] => None,
        // Nor a segment that the catalogue does not name: it is swept.
        ["state", "segments", ..] => None,
        // The folders themselves are made when they are needed.
        ["out" | "state"] | ["out", "worklists"] | ["out", "worklists", _] => None,
        // A sealed folder is there as a whole or not at all.
        ["out", folder, ..] if folder != "worklists" => path.get(..4 + folder.len()),
        _ => Some(path),
    }
}

/// The journal of the catalogue.
const JOURNAL: &str = "catalogue.sqlite-journal";

/// Whether a name is one that no undisturbed night leaves.
fn is_hidden(part: &str) -> bool {
    part == JOURNAL || part.starts_with('.') && part != ".lock" && part != ".working_copies.csv"
}

fn part<'p>(picture: &'p Picture, of: &str) -> Vec<(&'p String, &'p String)> {
    let beneath = format!("{of}/");
    picture.range(of.to_owned()..).take_while(|(path, _)| *path == of || path.starts_with(&beneath)).collect()
}

/// Holds what stands after a night that was disturbed: of every output, list and the catalogue the old one or the new one, whole; no output that is not remembered,
/// and nothing listed of an output that is not there. Gives whether the night was committed: then the next run gives its output its place, where it has not one.
pub fn nothing_is_half(now: &Picture, (before, after): &(Picture, Picture)) -> Result<bool, String> {
    let units: BTreeSet<&str> =
        now.keys().chain(before.keys()).chain(after.keys()).filter_map(|path| unit(path)).collect();
    let sealed = |of: &str| of.starts_with("out/") && !of.starts_with("out/worklists/");
    let changed = |of: &&str| part(before, of) != part(after, of);
    let is_new = |of: &str| part(now, of) == part(after, of);
    for of in &units {
        if part(now, of) != part(before, of) && !is_new(of) {
            return Err(format!("{of} is neither what it was nor what it was to become: {:?}", part(now, of)));
        }
    }
    // The night's output is what appears under `out`; links and removals follow it.
    let output = |of: &&str| sealed(of) && after.get(*of).is_some_and(|what| what.starts_with("folder"));
    let outputs: Vec<&str> = units.iter().copied().filter(changed).filter(output).collect();
    let published = outputs.iter().all(|of| is_new(of));
    let catalogue = "state/catalogue.sqlite";
    let committed = is_new(catalogue) && changed(&catalogue);
    if changed(&catalogue) && published && !committed && !outputs.is_empty() {
        return Err("an output is at its place, and nobody remembers it".to_owned());
    }
    if !published {
        let follows = |of: &&str| *of != catalogue && is_new(of) && !output(of) && now.contains_key(*of);
        let early = units.iter().copied().filter(changed).find(follows);
        let gone = units.iter().copied().find(|of| before.contains_key(*of) && !now.contains_key(*of));
        if let Some(early) = early.or(gone) {
            return Err(format!("{early} is of a night whose output is not there"));
        }
    }
    let link = now.get("out/night-latest").and_then(|what| what.strip_prefix("link to "));
    match link {
        Some(target) if !now.contains_key(&format!("out/{target}")) => Err(format!("the link leads nowhere: {target}")),
        _ => Ok(published || committed),
    }
}

/// The differences between two sites, in words.
pub fn differences(found: &Picture, wanted: &Picture) -> Option<String> {
    let names: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    let differs = |name: &&&String| found.get(**name) != wanted.get(**name);
    let lines: Vec<String> = names
        .iter()
        .filter(differs)
        .take(4)
        .map(|name| format!("{name}: found {:?}, wanted {:?}", found.get(*name), wanted.get(*name)))
        .collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// A site without what only a disturbed night leaves.
pub fn without_leftovers(site: &Picture) -> Picture {
    let is_plain = |(path, _): &(&String, &String)| !path.split('/').any(is_hidden);
    site.iter().filter(is_plain).map(|(path, what)| (path.clone(), what.clone())).collect()
}

/// No patient is named in what a run says.
pub fn names_nobody(done: &Output) -> Result<(), String> {
    let says = |octets: &[u8]| octets.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
    if says(&done.stderr) || says(&done.stdout) { Err("a patient is named in a message".to_owned()) } else { Ok(()) }
}

/// Runs a night undisturbed.
///
/// # Errors
/// It does not end with 0, or names a patient.
pub fn run(mut command: Command) -> Result<(), String> {
    let done = command.output().expect("the program starts");
    names_nobody(&done)?;
    let errors = String::from_utf8_lossy(&done.stderr);
    match done.status.code() {
        Some(0) => Ok(()),
        code => Err(format!("the next run ends with {code:?}: {errors}")),
    }
}

/// Runs the night once more on a site that was disturbed: then it is as if it had never been.
///
/// # Errors
/// See [`run`]; or the site is not what an undisturbed run leaves.
pub fn again(scenario: &Scenario, site: &Path) -> Result<(), String> {
    run(scenario.command(site, &[]))?;
    match differences(&picture(site), &scenario.pictures.1) {
        Some(differences) => Err(format!("after the next run: {differences}")),
        None => Ok(()),
    }
}
