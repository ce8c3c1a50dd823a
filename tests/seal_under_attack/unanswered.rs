//! What the system does not answer while a folder is verified is no damage of it, and tag files without end are not held.

use std::{io::Write as _, path::Path, process::Command, time::Duration};

use super::sealed;
use crate::{
    command::{chartroom, printed},
    faults::trace::has_strace,
    hostile_corpus::bounded::watch,
};

/// Verifies a folder while every one of these calls that touches a path of it fails; whether one came, what was printed, and the exit code.
fn verified(folder: &Path, path: &Path, calls: &str, error: &str, more: &[&str]) -> (bool, String, i32) {
    let log = tempfile::NamedTempFile::new().expect("a file");
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(log.path())
        // The folder itself is opened with a slash behind its name.
        .arg("-P")
        .arg(path)
        .arg("-P")
        .arg(path.join(""))
        .args(["-e", &format!("trace={calls}"), "-e", &format!("inject={calls}:error={error}")])
        .arg(env!("CARGO_BIN_EXE_chartroom"))
        .arg("verify")
        .arg(folder)
        .args(more)
        .output()
        .expect("strace starts");
    let came = std::fs::read_to_string(log.path()).is_ok_and(|log| log.contains("(INJECTED)"));
    let (text, errors, code) = printed(&output);
    (came, text + &errors, code)
}

#[test]
fn what_the_system_does_not_answer_is_no_damage() {
    if !has_strace() {
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let folder = sealed(work.path()).canonicalize().expect("a path");
    let mut tried = 0;
    let names = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/run_results.json"];
    for name in names.into_iter().chain(["data/findings.csv", "data", "data/worklists", ""]) {
        let path = if name.is_empty() { folder.clone() } else { folder.join(name) };
        for (calls, error) in [("openat", "EIO"), ("openat", "EACCES"), ("read", "EIO"), ("getdents64", "EIO")] {
            for more in [&[][..], &["--rfc"], &["--json"]] {
                let (came, text, code) = verified(&folder, &path, calls, error, more);
                if !came {
                    assert!(path.is_dir() == (calls == "read") || calls == "getdents64", "{name} {calls}: {text}");
                    continue;
                }
                tried += 1;
                let place = format!("{name}: {calls} {error} {more:?}: {text}");
                assert_eq!(code, 74, "{place}");
                let told = if error == "EIO" { "Input/output error" } else { "Permission denied" };
                assert!(text.contains(told) && text.contains(name), "{place}");
                for claim in ["missing", "NOT VALID", "no bag", "not-as-written", "extra-", "unlisted", "payload-count"]
                {
                    assert!(!text.contains(claim), "{claim}: {place}");
                }
            }
        }
    }
    assert!(tried >= 60, "{tried}");
}

#[test]
fn damage_beside_what_cannot_be_read_is_said() {
    if !has_strace() {
        return;
    }
    let work = tempfile::tempdir().expect("a folder");
    let folder = sealed(work.path()).canonicalize().expect("a path");
    std::fs::write(folder.join("data/findings.csv"), "other").expect("written");
    std::fs::write(folder.join("data/added.csv"), "added").expect("written");
    std::fs::remove_file(folder.join("data/run_results.json")).expect("removed");
    let (came, text, code) = verified(&folder, &folder.join("data/worklists"), "openat", "EACCES", &[]);
    assert!(came);
    assert_eq!(code, 74, "{text}");
    for told in [
        "NO VERDICT",
        "digest-mismatch: data/findings.csv",
        "extra-file: data/added.csv",
        "missing-file: data/run_results.json",
        "data/worklists: cannot be read: Permission denied",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("missing-file: data/worklists"), "{text}");
}

#[test]
fn tag_files_without_end_are_told_and_not_held() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &[u8]| std::fs::write(at(name), text).expect("written");
    let sparse = |name: &str, octets: u64| {
        std::fs::File::create(at(name)).and_then(|file| file.set_len(octets)).expect("made");
    };
    let sound = |name: &str| match name {
        "bagit.txt" => write(name, b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        // The digest of `abc` (RFC 1321).
        "manifest-md5.txt" => write(name, b"900150983cd24fb0d6963f7d28e17f72  data/a\n"),
        _ => std::fs::remove_file(at(name)).expect("removed"),
    };
    std::fs::create_dir(at("data")).expect("made");
    write("data/a", b"abc");
    sound("bagit.txt");
    sound("manifest-md5.txt");
    let verified = || {
        let mut command = chartroom(folder.path());
        command.args(["verify", "."]);
        watch(command, Duration::from_secs(60))
    };
    let undisturbed = verified();
    assert_eq!(undisturbed.code, Some(0), "{undisturbed:?}");
    let lines = |line: &str, count: usize| {
        let mut file = std::io::BufWriter::new(std::fs::File::create(at("manifest-md5.txt")).expect("made"));
        for number in 0..count {
            writeln!(file, "{}", line.replace("NUMBER", &number.to_string())).expect("written");
        }
    };
    let digest = "900150983cd24fb0d6963f7d28e17f72";
    for (name, make, told) in [
        ("manifest-md5.txt", &(|| sparse("manifest-md5.txt", 1_500 << 20)) as &dyn Fn(), "too-large"),
        ("manifest-md5.txt", &|| sparse("manifest-md5.txt", 60 << 20), "longer than any path"),
        ("bag-info.txt", &|| sparse("bag-info.txt", 3 << 30), "too-large"),
        ("fetch.txt", &|| sparse("fetch.txt", 3 << 30), "too-large"),
        ("bagit.txt", &|| sparse("bagit.txt", 3 << 30), "too-large"),
        ("manifest-md5.txt", &|| lines("", 400_000), "there are 390000 more of this kind"),
        ("manifest-md5.txt", &|| lines(&format!("{digest}  data/NUMBER"), 100_000), "more of this kind"),
        ("manifest-md5.txt", &|| lines(&format!("{digest}  ../NUMBER"), 100_000), "more of this kind"),
    ] {
        make();
        let ended = verified();
        let place = format!(
            "{name} {told}: {:?} {} MiB {}",
            ended.code,
            ended.peak,
            &ended.printed[..ended.printed.len().min(2_000)]
        );
        assert_eq!(ended.code, Some(1), "{place}");
        assert!(ended.printed.contains(told) && ended.printed.contains(name), "{place}");
        assert!(ended.peak < 200, "{place}");
        sound(name);
    }
    let mended = verified();
    assert_eq!(mended.code, Some(0), "{mended:?}");
}
