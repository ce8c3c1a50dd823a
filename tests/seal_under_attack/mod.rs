//! Sealed folders under attack: whatever is done to one, `verify` finds it.
//!
//! One folder of a real run is mutated again and again and put back each time; a thousand mutations of each kind, from a fixed seed. Every one must be found, and the
//! file that was touched (or the manifest that speaks of it) must be named. What is no damage: the whole folder under another name or in another place, other
//! times and permissions of its files. The order of lines in a manifest says nothing of the content, but this program writes one order, so another one is somebody's doing and is found.

mod files;
mod folder;
mod tag_files;
mod two_seals;
mod unanswered;

use std::path::{Path, PathBuf};

use chartroom::archive::{
    own_seal::{changed, own_seal},
    verify::{verify, verify_by_rfc},
};

use crate::{
    command::{chartroom, printed, run_folder},
    faults::table::record,
};
use folder::{Chance, Folder, MANIFEST, TAG_MANIFEST, Touched};

/// Mutations of each kind.
const OF_EACH_KIND: u64 = 1_000;

/// Does something to a folder. The path is another folder outside of it.
type Mutation = fn(&Folder, &mut Chance, &Path) -> Touched;

/// A sealed folder of a small run in `work`.
fn sealed(work: &Path) -> PathBuf {
    sealed_with(work, "")
}

/// The same with something more in its `[archive]`.
fn sealed_with(work: &Path, more: &str) -> PathBuf {
    let layout = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\n\
        admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
        discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";
    let pipeline = "title = \"Nightly\"\nperiod = \"2020-03\"\n[archive]\nsource_organization = \"General Hospital\"\n\
        [statistics]\nformat = \"text\"\n[[ingest]]\nname = \"visits\"\nfiles = \"visits.csv\"\nlayout = \"visits.toml\"\n";
    let visits =
        "visit,sex,admitted,left\n1,F,2020-03-01,2020-03-04\n2,M,2020-03-05,2020-03-01\n3,X,2020-03-05,2020-03-11\nx\n";
    let pipeline = pipeline.replace("[archive]\n", &format!("[archive]\n{more}"));
    for (name, text) in [("visits.toml", layout), ("nightly.toml", &pipeline), ("visits.csv", visits)] {
        std::fs::write(work.join(name), text).expect("written");
    }
    let output = chartroom(work).args(["run", "nightly.toml", "--as-of", "2020-04-01"]).output().expect("it starts");
    let (account, errors, code) = printed(&output);
    assert_eq!(code, 0, "{account}{errors}");
    run_folder(&work.join("out"))
}
/// Whether a mutation was found, with the name of what was touched.
fn is_found(folder: &Folder, touched: &Touched) -> bool {
    let verdict = verify(&folder.root);
    let names = |path: &str| touched.iter().any(|name| path == name || path.starts_with(&format!("{name}/")));
    !verdict.valid
        && verdict.errors().any(|fault| {
            fault.path.as_deref().is_some_and(names)
                || fault
                    .listed_in
                    .as_deref()
                    .is_some_and(|place| touched.iter().any(|name| place.starts_with(name.as_str())))
        })
}

#[test]
fn a_thousand_mutations_of_each_kind_are_found() {
    let work = tempfile::tempdir().expect("a folder");
    let sealed = sealed(work.path());
    // Two halves of the kinds at a time, each on a folder of its own.
    let kinds: Vec<(&str, Mutation)> = files::KINDS.iter().chain(tag_files::KINDS).copied().collect();
    let halves = kinds.chunks(kinds.len().div_ceil(2)).enumerate();
    let missed: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = halves
            .map(|(half, kinds)| {
                let (root, outside) =
                    (work.path().join(format!("half-{half}")), work.path().join(format!("outside-{half}")));
                crate::command::copy(&sealed, &root);
                std::fs::create_dir(&outside).expect("made");
                scope.spawn(move || {
                    let folder = Folder::of(&root);
                    kinds.iter().flat_map(|kind| mutate(&folder, *kind, &outside, OF_EACH_KIND)).collect::<Vec<_>>()
                })
            })
            .collect();
        runs.into_iter().flat_map(|run| run.join().expect("it ends")).collect()
    });
    let tried = kinds.len() as u64 * OF_EACH_KIND;
    assert!(
        missed.is_empty(),
        "{} of {tried} mutations were not found:\n{}",
        missed.len(),
        missed[..missed.len().min(20)].join("\n")
    );
    record("verify mutations", tried, tried - missed.len() as u64, "cargo test --test chartroom seal_under_attack");
}

/// So many mutations of a kind, each undone; what was not found.
fn mutate(folder: &Folder, (kind, mutation): (&str, Mutation), outside: &Path, count: u64) -> Vec<String> {
    let mut chance = Chance(kind.bytes().fold(12, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))));
    let mut missed = Vec::new();
    for number in 0..count {
        let touched = mutation(folder, &mut chance, outside);
        if !is_found(folder, &touched) {
            missed.push(format!("{kind}, number {number}: {touched:?}"));
        }
        folder.put_back(&touched);
    }
    let verdict = verify(&folder.root);
    assert!(verdict.valid && verdict.faults.is_empty(), "after {kind} the folder was not put back: {verdict}");
    missed
}

/// `verify` as a user runs it: its exit code, by our own seal and by the RFC alone.
fn codes(folder: &Path) -> (i32, i32) {
    let of =
        |more: &[&str]| printed(&chartroom(folder).args(["verify", "."]).args(more).output().expect("it starts")).2;
    (of(&[]), of(&["--rfc"]))
}

/// Edits a tag file and lets the tag manifest agree.
fn edited(folder: &Folder, name: &str, edit: impl FnOnce(&str) -> String) -> Touched {
    let text = edit(folder.text(name));
    let mut touched = folder.edit(name, |bytes| *bytes = text.into_bytes());
    folder.seal_tags_again();
    touched.push(TAG_MANIFEST.to_owned());
    touched
}

fn declared(folder: &Folder, edit: impl FnOnce(&str) -> String) -> Touched {
    edited(folder, "bagit.txt", edit)
}

fn told(folder: &Folder, edit: impl FnOnce(&str) -> String) -> Touched {
    edited(folder, "bag-info.txt", edit)
}

/// Folders were sealed before the organization stood in the payload: their line is taken as it is, and everything else is held as ever.
#[test]
fn a_folder_sealed_before_the_organization_stood_in_the_payload_is_judged_by_all_but_that_line() {
    let work = tempfile::tempdir().expect("a folder");
    let root = sealed(work.path());
    let results = std::fs::read_to_string(root.join("data/run_results.json")).expect("read");
    let line = "  \"source_organization\": \"General Hospital\",\n";
    assert_eq!(results.matches(line).count(), 1, "{results}");
    let before = results.replace(line, "");
    // As it was sealed then: the digest of the payload, and the number of its octets, are those of the shorter file.
    let digest = |text: &str| {
        std::fs::write(root.join("data/run_results.json"), text).expect("written");
        chartroom::fs::digest(&root.join("data/run_results.json")).expect("read").sha256
    };
    let (with, without) = (digest(&results), digest(&before));
    let put = |name: &str, edit: &dyn Fn(String) -> String| {
        let text = std::fs::read_to_string(root.join(name)).expect("read");
        std::fs::write(root.join(name), edit(text)).expect("written");
    };
    put(MANIFEST, &|text| text.replace(&with, &without));
    let octets = |text: String| {
        let of = text.lines().find_map(|line| line.strip_prefix("Payload-Oxum: ")).expect("a line").to_owned();
        let (octets, files) = of.split_once('.').expect("two numbers");
        let fewer = octets.parse::<usize>().expect("a number") - line.len();
        text.replace(&of, &format!("{fewer}.{files}"))
    };
    put("bag-info.txt", &octets);
    Folder::of(&root).seal_tags_again();
    assert_eq!(codes(&root), (0, 0));
    let folder = Folder::of(&root);
    for (name, from, to, code) in [
        ("bag-info.txt", "General Hospital", "Another Hospital", 0),
        ("bag-info.txt", "Internal-Sender-Description: Nightly", "Internal-Sender-Description: Daily", 1),
        ("bag-info.txt", "Payload-Oxum", "Contact-Name: me\nPayload-Oxum", 1),
        ("bagit.txt", "UTF-8", "ISO-8859-1", 1),
    ] {
        let touched = edited(&folder, name, |text| text.replace(from, to));
        assert_eq!(codes(&root), (code, 0), "{to}");
        folder.put_back(&touched);
    }
}

#[test]
fn what_the_rfc_lets_pass_exits_1_where_this_program_sealed_the_folder() {
    let work = tempfile::tempdir().expect("a folder");
    let root = sealed(work.path());
    let folder = Folder::of(&root);
    assert_eq!(codes(&root), (0, 0));
    type Deed = fn(&Folder) -> Touched;
    let deeds: [(&str, Deed); 14] = [
        ("no tag manifest", |folder| {
            std::fs::remove_file(folder.at(TAG_MANIFEST)).expect("removed");
            vec![TAG_MANIFEST.to_owned()]
        }),
        ("a file beside the payload", |folder| {
            folder.write("notes.txt", b"mine");
            vec!["notes.txt".to_owned()]
        }),
        ("a fetch file", |folder| {
            let name = "data/findings.csv";
            folder.write("fetch.txt", format!("https://example.org/f - {name}\n").as_bytes());
            vec!["fetch.txt".to_owned()]
        }),
        ("an empty folder", |folder| {
            std::fs::create_dir(folder.at("data/mine")).expect("made");
            vec!["data/mine".to_owned()]
        }),
        ("the mark of the program taken from bag-info, and no tag manifest", |folder| {
            let text = folder.text("bag-info.txt").replace("chartroom", "another program");
            folder.write("bag-info.txt", text.as_bytes());
            std::fs::remove_file(folder.at(TAG_MANIFEST)).expect("removed");
            vec!["bag-info.txt".to_owned(), TAG_MANIFEST.to_owned()]
        }),
        ("the mark taken from bag-info, and the tag manifest made to agree", |folder| {
            let text = folder.text("bag-info.txt").replace("chartroom", "another program");
            folder.write("bag-info.txt", text.as_bytes());
            folder.seal_tags_again();
            vec!["bag-info.txt".to_owned(), TAG_MANIFEST.to_owned()]
        }),
        ("lines of the tag manifest in another order", |folder| folder.relist(TAG_MANIFEST, |lines| lines.reverse())),
        ("another encoding declared", |folder| declared(folder, |text| text.replace("UTF-8", "ISO-8859-1"))),
        ("version 0.93 declared", |folder| declared(folder, |text| text.replace("1.0", "0.93"))),
        ("version 0.97 declared", |folder| declared(folder, |text| text.replace("1.0", "0.97"))),
        ("CR LF in bagit.txt", |folder| declared(folder, |text| text.replace('\n', "\r\n"))),
        ("bagit.txt without its last line end", |folder| declared(folder, |text| text.trim_end().to_owned())),
        ("another organization", |folder| told(folder, |text| text.replace("General Hospital", "Evil"))),
        ("an organization more", |folder| told(folder, |text| format!("Source-Organization: Evil\n{text}"))),
    ];
    for (what, deed) in deeds {
        let touched = deed(&folder);
        assert_eq!(codes(&root), (1, 0), "{what}");
        assert!(verify_by_rfc(&root).valid, "{what}");
        assert!(changed(&root).is_some(), "{what}");
        folder.put_back(&touched);
        assert_eq!((codes(&root), changed(&root)), ((0, 0), None), "{what}");
    }
    // Under another name and in another place it is the same folder.
    let moved = work.path().join("moved");
    std::fs::rename(&root, &moved).expect("moved");
    assert_eq!(codes(&moved), (0, 0));
    assert!(own_seal(&moved).is_some());
}

#[test]
fn a_bag_of_others_is_judged_by_the_rfc_also_where_it_has_a_file_of_our_name() {
    let work = tempfile::tempdir().expect("a folder");
    let root = work.path().join("bag");
    std::fs::create_dir_all(root.join("data")).expect("made");
    // Other programs write a `run_results.json` as well.
    let results = r#"{"metadata": {"invocation_id": "1"}, "results": []}"#;
    std::fs::write(root.join("data/run_results.json"), results).expect("written");
    let digest = chartroom::fs::digest(&root.join("data/run_results.json")).expect("read").sha256;
    std::fs::write(root.join(MANIFEST), format!("{digest} data/run_results.json\n")).expect("written");
    std::fs::write(root.join("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        .expect("written");
    std::fs::write(root.join("bag-info.txt"), "Bag-Software-Agent: bagit.py v1.8.1\n").expect("written");
    std::fs::write(root.join("notes.txt"), "beside").expect("written");
    assert_eq!(codes(&root), (0, 0));
}
