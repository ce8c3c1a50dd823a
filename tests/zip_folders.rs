//! Zip folders and what is like them: every member that holds rows is read or named, or the folder is refused.

use std::io::{Read as _, Write as _};

use crate::{
    command::{chartroom, printed, results},
    hostile_corpus::containers::{Member, zip_of},
    visits_site::{HEADING, accepted, forms, night, put, site},
};

#[test]
fn every_member_of_a_zip_folder_is_read_or_named() {
    let rows = |visit: &str| format!("{HEADING}{visit},F,2020-03-01,2020-03-04\n").into_bytes();
    let members = [
        ("a.csv", rows("1")),
        ("a.csv", rows("2")),
        (".\\dir\\b.csv", rows("3")),
        ("..\\c.csv", rows("4")),
        ("\\\\server\\share\\d.csv", rows("5")),
        ("C:\\exports\\e.csv", rows("6")),
        ("dir\\.f.csv", rows("7")),
        ("__MACOSX/._a.csv", vec![0, 5, 0x16, 7, 0, 2, 0, 0]),
    ];
    let members: Vec<Member> = members.iter().map(|(name, bytes)| Member::of(name, bytes)).collect();
    let site = site("\"inbox/*.zip\"");
    put(site.path(), "visits.zip", zip_of(&members, &[]));
    let (account, errors, code) = night(site.path());
    assert_eq!(code, 0, "{account}{errors}");
    assert_eq!(accepted(site.path()), 6, "{account}");
    // A hidden member is not meant to be read, but its row is told.
    assert!(account.contains("hidden member `dir\\.f.csv` (1 row)"), "{account}");
    let parts: Vec<String> = results(&site.path().join("out"))["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| input["part"].as_str().expect("a part").to_owned())
        .collect();
    assert!(parts.contains(&"a.csv".to_owned()) && parts.contains(&"a.csv (2)".to_owned()), "{parts:?}");
}

#[test]
fn a_workbook_that_holds_a_part_twice_is_refused() {
    let (_, book) = forms().pop().expect("a workbook");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a zip folder");
    let mut parts: Vec<(String, Vec<u8>)> = (0..archive.len())
        .map(|place| {
            let mut part = archive.by_index(place).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("read");
            (part.name().expect("a name").into_owned(), bytes)
        })
        .collect();
    for is_twice in [false, true] {
        if is_twice {
            let sheet = parts.iter().find(|(name, _)| name.ends_with("sheet1.xml")).expect("a sheet").clone();
            parts.push(sheet);
        }
        let members: Vec<Member> = parts.iter().map(|(name, bytes)| Member::of(name, bytes)).collect();
        let site = site("\"inbox/*.xlsx\"");
        put(site.path(), "a.xlsx", zip_of(&members, &[]));
        let (account, errors, code) = night(site.path());
        assert_eq!(code, if is_twice { 65 } else { 0 }, "{account}{errors}");
    }
}

/// An export of one visit.
fn rows(visit: &str) -> Vec<u8> {
    format!("{HEADING}{visit},F,2020-03-01,2020-03-04\n").into_bytes()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).expect("written");
    gzip.finish().expect("gzip")
}

/// What a run and a check say of one file in the inbox: all words, and the exit codes of both.
fn said(name: &str, bytes: &[u8], more: &str) -> (String, i32, i32, Option<u64>) {
    let site = site("\"inbox/*\"");
    let pipeline = std::fs::read_to_string(site.path().join("nightly.toml")).expect("a pipeline");
    std::fs::write(site.path().join("nightly.toml"), pipeline + more).expect("written");
    put(site.path(), name, bytes);
    let (account, errors, code) = night(site.path());
    let (checked, more, check) =
        printed(&chartroom(site.path()).args(["check", "nightly.toml"]).output().expect("starts"));
    let accepted = (code == 0).then(|| accepted(site.path()));
    (format!("{account}{errors}\n---\n{checked}{more}"), code, check, accepted)
}

#[test]
fn hidden_members_that_are_packed_are_named_and_what_a_system_puts_beside_is_not() {
    let (_, workbook) = forms().pop().expect("a workbook");
    let inner = zip_of(&[Member::of("c.csv", &rows("3"))], &[]);
    let members = [
        ("a.csv", rows("1")),
        (".b.csv.gz", packed(&rows("2"))),
        (".in.zip", inner),
        (".x.xlsx", workbook),
        (".DS_Store", b"\0\0\0\x01Bud1\0\0\x10\0".to_vec()),
        ("__MACOSX/._a.csv", vec![0, 5, 0x16, 7, 0, 2, 0, 0]),
        (".blank", b" \n\n".to_vec()),
    ];
    let members: Vec<Member> = members.iter().map(|(name, bytes)| Member::of(name, bytes)).collect();
    let (words, code, check, accepted) = said("visits.zip", &zip_of(&members, &[]), "");
    assert_eq!((code, check, accepted), (0, 0, Some(1)), "{words}");
    for name in [".b.csv.gz", ".in.zip", ".x.xlsx"] {
        let told = format!("hidden member `{name}` (rows not counted)");
        assert_eq!(words.matches(&told).count(), 2, "{told}: run and check\n{words}");
    }
    assert!(!["DS_Store", "MACOSX", ".blank"].iter().any(|name| words.contains(name)), "{words}");
}

#[test]
fn of_a_folder_of_hidden_members_alone_it_is_said_what_is_there() {
    let two = [rows("1"), b"2,F,2020-03-01,2020-03-04\n".to_vec()].concat();
    let folder = zip_of(&[Member::of(".b.csv", &two)], &[]);
    let (words, code, check, _) = said("visits.zip", &folder, "");
    assert_eq!((code, check), (65, 65), "{words}");
    assert!(!words.contains("without the stated member"), "{words}");
    for one in words.split("---") {
        assert!(one.contains("hidden members alone") && one.contains("`.b.csv` (2 rows)"), "{words}");
    }
    // One that is stated is read, however it is hidden; a pattern means it where the dot is written out.
    for (member, is_read) in [(".b.csv", true), (".*.csv", true), ("*.csv", false), ("*", false)] {
        let (words, code, check, accepted) = said("visits.zip", &folder, &format!("member = \"{member}\"\n"));
        let right = if is_read { (0, 0, Some(2)) } else { (65, 65, None) };
        assert_eq!((code, check, accepted), right, "{member}: {words}");
        assert!(is_read || words.matches("`.b.csv` (2 rows)").count() == 2, "{member}: {words}");
    }
}

/// The bytes of a folder with more at a place; what its directory says of places behind it is moved along.
fn with_bytes_at(folder: &[u8], place: usize, more: &[u8]) -> Vec<u8> {
    let (mut moved, mut at) = (folder.to_vec(), 0);
    while at + 4 <= moved.len() {
        let field = match &moved[at..at + 4] {
            b"PK\x01\x02" => at + 42,
            b"PK\x05\x06" => at + 16,
            _ => {
                at += 1;
                continue;
            }
        };
        let stated = u32::from_le_bytes(moved[field..field + 4].try_into().expect("four bytes"));
        if stated as usize >= place {
            moved.splice(field..field + 4, (stated + more.len() as u32).to_le_bytes());
        }
        at += 4;
    }
    moved.splice(place..place, more.iter().copied());
    moved
}

/// Where the directory of a folder begins.
fn directory(folder: &[u8]) -> usize {
    memchr::memmem::find(folder, b"PK\x01\x02").expect("a directory")
}

#[test]
fn rows_that_the_directory_does_not_list_are_a_fault_of_the_folder() {
    let day = |visit: &str| zip_of(&[Member::of("visits.csv", &rows(visit)), Member::of("more.csv", &rows("9"))], &[]);
    let (one, two) = (day("1"), day("2"));
    let alone = zip_of(&[Member::of("left-out.csv", &rows("7"))], &[]);
    let member = &alone[..directory(&alone)];
    let between = one.windows(4).rposition(|bytes| bytes == b"PK\x03\x04").expect("a second member");
    let comment = [&one[..one.len() - 2], &(alone.len() as u16).to_le_bytes(), &alone].concat();
    let behind = "one behind the other";
    let unlisted = "a member that its directory does not list";
    for (what, bytes, told) in [
        ("day1 and day2", [&one[..], &two].concat(), behind),
        ("three days", [&one[..], &two, &one].concat(), behind),
        ("with bytes of nothing between", [&one[..], &[0; 100_000], &two].concat(), behind),
        ("a member before the first", with_bytes_at(&one, 0, member), unlisted),
        ("a member between two", with_bytes_at(&one, between, member), unlisted),
        ("a member before the directory", with_bytes_at(&one, directory(&one), member), unlisted),
        ("a member behind the folder", [&one[..], member].concat(), unlisted),
        ("a folder cut short behind it", [&one[..], &two[..directory(&two)]].concat(), unlisted),
        ("a folder in the words about it", comment, behind),
    ] {
        let (words, code, check, _) = said("both.zip", &bytes, "");
        assert_eq!((code, check), (65, 65), "{what}: {words}");
        assert_eq!(words.matches(told).count(), 2, "{what}: run and check\n{words}");
    }
    // A workbook is such a folder: the first of two would be lost as well.
    let (_, workbook) = forms().pop().expect("a workbook");
    let (words, code, ..) = said("both.xlsx", &[&workbook[..], &workbook].concat(), "");
    assert_eq!(code, 65, "{words}");
    assert!(words.contains(behind), "{words}");
}

/// Rows in bytes that a member, its heading or its entry takes and does not need: whoever reads by the directory passes over them.
#[test]
fn rows_in_bytes_that_a_member_takes_and_does_not_need_are_told() {
    let one = Member::of("visits.csv", &rows("1"));
    let alone = zip_of(&[Member::of("left-out.csv", &rows("7"))], &[]);
    let hidden = &alone[..directory(&alone)];
    let length = |folder: &mut [u8], at: usize, bytes: usize| {
        folder[at..at + 2].copy_from_slice(&(bytes as u16).to_le_bytes());
    };
    let plain = zip_of(&[one.clone(), Member::of("more.csv", &rows("9"))], &[]);
    let mut in_heading = with_bytes_at(&plain, 30 + "visits.csv".len(), hidden);
    length(&mut in_heading, 28, hidden.len());
    let entry = directory(&plain);
    let mut in_entry = with_bytes_at(&plain, entry + 46 + "visits.csv".len(), hidden);
    length(&mut in_entry, entry + 32, hidden.len());
    let end = in_entry.len() - 22;
    length(&mut in_entry, end + 12, end - entry);
    let apple = [0, 5, 0x16, 7, 0, 2, 0, 0];
    let with = |member: Member| zip_of(&[one.clone(), member], &[]);
    let unlisted = "a member that its directory does not list";
    for (what, bytes, told, expected) in [
        ("behind the name in a heading", in_heading, unlisted, 65),
        ("in the comment of an entry", in_entry, unlisted, 65),
        ("a folder that takes them", with(Member::that_takes("x/", b"", hidden)), "damaged", 65),
        (
            "a file of a system that takes them",
            with(Member::that_takes("__MACOSX/._a.csv", &apple, hidden)),
            "._a.csv",
            0,
        ),
    ] {
        let (words, code, check, _) = said("visits.zip", &bytes, "");
        assert_eq!((code, check), (expected, expected), "{what}: {words}");
        assert!(words.matches(told).count() >= 2, "{what}: run and check\n{words}");
    }
}

/// A folder as a program writes it that cannot go back in its output: sizes and checksum stand behind the member (flag bit 3).
fn streamed(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut folder = zip::ZipWriter::new_stream(Vec::new());
    folder.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
    folder.write_all(bytes).expect("written");
    folder.finish().expect("a folder").into_inner()
}

#[test]
fn an_honest_folder_is_read_whatever_its_members_hold() {
    let inner = zip_of(&[Member::of("c.csv", &rows("3"))], &[]);
    let mark = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    let of = |members: &[(&str, &[u8])], large: bool| {
        let mut folder = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .large_file(large);
        folder.add_directory("exports", options).expect("a folder");
        for (name, bytes) in members {
            folder.start_file(*name, options).expect("a member");
            folder.write_all(bytes).expect("written");
        }
        folder.finish().expect("a folder").into_inner()
    };
    let one = rows("1");
    // What a program that unpacks itself has before the first member: the four bytes of the mark too, among its constants.
    let program = [&b"PK\x03\x04PK\x05\x06PK\x01\x02"[..], &[0x90; 5_000], &b"PK\x03\x04\xff\xff\xff\xff"[..]].concat();
    let plain = of(&[("a.csv", &one)], false);
    assert!(memchr::memmem::find(&streamed("a.csv", &one), b"PK\x07\x08").is_some(), "sizes stand behind the member");
    for (what, bytes, is_hidden_told) in [
        ("a zip folder as a stored member", of(&[("a.csv", &one), (".in.zip", &inner)], false), true),
        ("the mark in a text", of(&[("a.csv", &one), (".mark.txt", &[&mark[..], &[0; 60]].concat())], false), true),
        ("sizes behind the member", streamed("a.csv", &one), false),
        ("a folder of zip64", of(&[("a.csv", &one)], true), false),
        ("bytes behind it", [&plain[..], &[0; 4_096], b"\r\n"].concat(), false),
        ("bytes before the directory", with_bytes_at(&plain, directory(&plain), &program), false),
    ] {
        let (words, code, check, accepted) = said("a.zip", &bytes, "");
        assert_eq!((code, check, accepted), (0, 0, Some(1)), "{what}: {words}");
        assert_eq!(words.contains("hidden member"), is_hidden_told, "{what}: {words}");
    }
}

#[test]
fn a_folder_of_many_members_is_held_against_its_directory_in_one_go() {
    let members: Vec<Member> = (0..5_000).map(|number| Member::of(format!(".{number}"), b" ")).collect();
    let folder = zip_of(&[&members[..], &[Member::of("a.csv", &rows("1"))]].concat(), &[]);
    let begun = std::time::Instant::now();
    let (words, code, _, accepted) = said("many.zip", &folder, "");
    assert_eq!((code, accepted), (0, Some(1)), "{words}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[test]
fn parts_of_packed_text_that_stand_one_behind_the_other_are_all_read() {
    let (one, more) = (rows("1"), b"2,F,2020-03-01,2020-03-04\n");
    let gzip = [packed(&one), packed(more)].concat();
    let frame = |bytes: &[u8]| zstd::encode_all(bytes, 1).expect("zstd");
    // A frame to be skipped (RFC 8878, 3.1.2) between two.
    let skipped = [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..]].concat();
    let zstandard = [frame(&one), skipped, frame(more)].concat();
    for (name, bytes) in [("a.csv.gz", gzip), ("a.csv.zst", zstandard)] {
        let (words, code, _, accepted) = said(name, &bytes, "");
        assert_eq!((code, accepted), (0, Some(2)), "{name}: {words}");
    }
    // What stands behind the last part is neither read nor passed over.
    for (name, bytes) in [("a.csv.gz", packed(&one)), ("a.csv.zst", frame(&one))] {
        let (words, code, ..) = said(name, &[&bytes[..], more].concat(), "");
        assert_eq!(code, 65, "{name}: {words}");
    }
}

#[test]
fn an_archive_of_tar_is_named_as_what_it_is() {
    let text = [HEADING.as_bytes(), &b"1,F,2020-03-01,2020-03-04\n".repeat(4_000)].concat();
    // The heading of POSIX.1-1988 `ustar`: name, mode, owner, group, size, time, checksum, type, and at 257 its mark.
    let mut heading = [0; 512];
    heading[..5].copy_from_slice(b"a.csv");
    heading[100..107].copy_from_slice(b"0000644");
    heading[124..135].copy_from_slice(format!("{:011o}", text.len()).as_bytes());
    heading[156] = b'0';
    heading[257..263].copy_from_slice(b"ustar\0");
    let archive = [&heading[..], &text, &[0; 1024]].concat();
    for (name, bytes) in [("a.tar", archive.clone()), ("a.tar.gz", packed(&archive))] {
        let (words, code, ..) = said(name, &bytes, "");
        assert_eq!(code, 65, "{name}: {words}");
        assert!(words.contains("a tar archive; unpack it"), "{name}: {words}");
    }
}
