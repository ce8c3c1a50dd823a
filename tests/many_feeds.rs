//! Pipelines of very many feeds, patterns and files: neither memory nor time grows with the square of them.

use std::time::Duration;

use crate::{
    command::chartroom,
    hostile_corpus::{
        bounded::{Ended, watch},
        containers::{Member, zip_of},
    },
    visits_site::{HEADING, export, put, site},
};

/// What each command says of `nightly.toml`.
fn ended(folder: &std::path::Path) -> Vec<(&'static str, Ended)> {
    let commands = [
        ("check", &["check", "nightly.toml"][..]),
        ("doctor", &["doctor", "nightly.toml", "--as-of", "2020-04-01"]),
        ("run", &["run", "nightly.toml", "--as-of", "2020-04-01"]),
    ];
    commands
        .into_iter()
        .map(|(name, arguments)| {
            let mut command = chartroom(folder);
            command.args(arguments);
            (name, watch(command, Duration::from_secs(60)))
        })
        .collect()
}

fn write(folder: &std::path::Path, feeds: &[String]) {
    let text = format!("title = \"Nightly\"\noutput = \"out\"\n{}", feeds.concat());
    std::fs::write(folder.join("nightly.toml"), text).expect("written");
}

fn feed(name: &str, files: &str, more: &str) -> String {
    format!("[[ingest]]\nname = \"{name}\"\nfiles = {files}\nlayout = \"visits.toml\"\n{more}")
}

#[test]
fn twenty_thousand_feeds_of_one_file_are_refused_and_not_held() {
    let site = site("\"inbox/*.csv\"");
    put(site.path(), "v.csv", export(3));
    let feeds: Vec<String> = (0..20_000).map(|number| feed(&number.to_string(), "\"inbox/v.csv\"", "")).collect();
    for count in [1_000, 20_000] {
        write(site.path(), &feeds[..count]);
        for (command, ended) in ended(site.path()) {
            let said = ended.printed.clone() + &ended.complained;
            assert_eq!(ended.code, Some(if command == "doctor" { 1 } else { 2 }), "{command} {count}: {said}");
            assert!(said.contains(&format!("at most 200 feeds, and this one has {count}")), "{command}: {said}");
            assert!(ended.peak < 160, "{command} of {count} feeds held {} MiB", ended.peak);
            assert!(said.len() < 200_000, "{command} of {count} feeds said {} bytes", said.len());
        }
    }
}

#[test]
fn feeds_each_of_a_member_of_one_folder_are_read() {
    let site = site("\"inbox/*.csv\"");
    let members: Vec<Member> = (0..40)
        .map(|number| {
            Member::of(format!("{number}.csv"), format!("{HEADING}{number},F,2020-03-01,2020-03-04\n").as_bytes())
        })
        .collect();
    put(site.path(), "all.zip", zip_of(&members, &[]));
    let feeds: Vec<String> = (0..40)
        .map(|number| feed(&number.to_string(), "\"inbox/all.zip\"", &format!("member = \"{number}.csv\"\n")))
        .collect();
    write(site.path(), &feeds);
    for (command, ended) in ended(site.path()) {
        let said = ended.printed.clone() + &ended.complained;
        assert!(ended.code == Some(0) || command == "doctor" && ended.code == Some(1), "{command}: {said}");
        assert!(ended.peak < 300, "{command} held {} MiB", ended.peak);
    }
}

#[test]
fn very_many_files_of_two_feeds_are_told_apart_by_their_names_once() {
    let site = site("\"inbox/*.csv\"");
    for number in 0..12_000 {
        put(site.path(), &format!("v-{number}.csv"), "");
    }
    // Both match every file: the second one is told, and each is looked for once.
    write(site.path(), &[feed("one", "\"inbox/*.csv\"", ""), feed("two", "\"inbox/v-*.csv\"", "")]);
    for (command, ended) in ended(site.path()) {
        let said = ended.printed.clone() + &ended.complained;
        assert_eq!(ended.code, Some(if command == "doctor" { 1 } else { 2 }), "{command}: {said}");
        assert!(said.contains("the feed `one` reads"), "{command}: {said}");
        assert!(ended.took < Duration::from_secs(20), "{command} took {:?}", ended.took);
    }
    let names: Vec<String> = (0..20_000).map(|number| format!("\"inbox/w-{number}.csv\"")).collect();
    write(site.path(), &[feed("one", &format!("[{}]", names.join(", ")), "")]);
    for (command, ended) in ended(site.path()) {
        let said = ended.printed.clone() + &ended.complained;
        assert!(said.contains("names 20000 files or patterns; a section takes 1000"), "{command}: {said}");
        assert!(ended.took < Duration::from_secs(20), "{command} took {:?}", ended.took);
    }
}
