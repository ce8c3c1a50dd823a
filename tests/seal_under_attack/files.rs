//! What is done to files, folders and links of a sealed folder, whatever they say.

use std::{os::unix::fs::symlink, path::Path};

use chartroom::archive::algorithm::{Algorithm, checksums};

use super::Mutation;

/// Every kind.
pub const KINDS: &[(&str, Mutation)] = &[
    ("one byte of the payload changed", |folder, chance, _| {
        let name = chance.of(&folder.payload).clone();
        folder.edit(&name, |bytes| {
            let place = chance.below(bytes.len());
            bytes[place] ^= 1 + chance.below(255) as u8;
        })
    }),
    ("one byte of a tag file changed", |folder, chance, _| {
        let name = chance.of(&folder.tags).clone();
        folder.edit(&name, |bytes| {
            let place = chance.below(bytes.len());
            bytes[place] ^= 1 + chance.below(255) as u8;
        })
    }),
    ("one bit changed", |folder, chance, _| {
        let name = folder.any(chance);
        folder.edit(&name, |bytes| {
            let place = chance.below(bytes.len());
            bytes[place] ^= 1 << chance.below(8);
        })
    }),
    ("a byte added", |folder, chance, _| {
        let name = folder.any(chance);
        folder.edit(&name, |bytes| bytes.insert(chance.below(bytes.len() + 1), chance.next() as u8))
    }),
    ("a byte removed", |folder, chance, _| {
        let name = folder.any(chance);
        folder.edit(&name, |bytes| {
            bytes.remove(chance.below(bytes.len()));
        })
    }),
    ("a file cut short", |folder, chance, _| {
        let name = folder.any(chance);
        folder.edit(&name, |bytes| bytes.truncate(chance.below(bytes.len())))
    }),
    ("a file written to at its end", |folder, chance, _| {
        let name = folder.any(chance);
        let more = ["\n", " ", "\r\n", "\0", "x,y,z\n", "\u{feff}"];
        folder.edit(&name, |bytes| bytes.extend_from_slice(chance.of(&more).as_bytes()))
    }),
    ("a file removed", |folder, chance, _| {
        let name = folder.any(chance);
        std::fs::remove_file(folder.at(&name)).expect("removed");
        vec![name]
    }),
    ("a file renamed", |folder, chance, _| {
        let name = folder.any(chance);
        let renamed = match Path::new(&name).parent().and_then(Path::to_str).unwrap_or_default() {
            "" => chance.name(),
            parent => format!("{parent}/{}", chance.name()),
        };
        std::fs::rename(folder.at(&name), folder.at(&renamed)).expect("renamed");
        vec![name, renamed]
    }),
    ("a file moved to another folder", |folder, chance, _| {
        let name = folder.any(chance);
        let file = Path::new(&name).file_name().and_then(|name| name.to_str()).expect("a name");
        let moved = format!("{}/moved-{file}", folder.any_folder(chance));
        std::fs::rename(folder.at(&name), folder.at(&moved)).expect("moved");
        vec![name, moved]
    }),
    ("a letter of a name in other case", |folder, chance, _| {
        let name = folder.any(chance);
        let start = name.rfind('/').map_or(0, |at| at + 1);
        let letters: Vec<usize> = (start..name.len()).filter(|at| name.as_bytes()[*at].is_ascii_lowercase()).collect();
        let mut renamed = name.clone().into_bytes();
        renamed[*chance.of(&letters)].make_ascii_uppercase();
        let renamed = String::from_utf8(renamed).expect("text");
        std::fs::rename(folder.at(&name), folder.at(&renamed)).expect("renamed");
        vec![name, renamed]
    }),
    ("two files exchanged", |folder, chance, _| {
        let one = folder.any(chance);
        let others: Vec<&String> =
            folder.files.iter().filter(|(_, bytes)| **bytes != folder.files[&one]).map(|(name, _)| name).collect();
        let other = chance.of(&others).to_string();
        folder.write(&one, &folder.files[&other]);
        folder.write(&other, &folder.files[&one]);
        vec![one, other]
    }),
    ("one file in place of another", |folder, chance, _| {
        let one = folder.any(chance);
        let others: Vec<&String> =
            folder.files.iter().filter(|(_, bytes)| **bytes != folder.files[&one]).map(|(name, _)| name).collect();
        folder.write(&one, &folder.files[*chance.of(&others)]);
        vec![one]
    }),
    ("a file added to the payload", |folder, chance, _| {
        let name = format!("{}/{}", folder.any_folder(chance), chance.name());
        let content: &str = chance.of::<&str>(&["", "x", "record\n1\n"]);
        folder.write(&name, content.as_bytes());
        vec![name]
    }),
    ("a file added beside the payload", |folder, chance, _| {
        let name = chance.name();
        let content: &str = chance.of::<&str>(&["", "x", "record\n1\n"]);
        folder.write(&name, content.as_bytes());
        vec![name]
    }),
    ("a fetch file added", |folder, chance, _| {
        let listed = chance.of(&folder.payload).clone();
        let length = ["-".to_owned(), folder.files[&listed].len().to_string()];
        let text = format!("https://example.org/{} {} {listed}\n", chance.below(1000), chance.of(&length));
        folder.write("fetch.txt", if chance.below(10) == 0 { b"" } else { text.as_bytes() });
        vec!["fetch.txt".to_owned()]
    }),
    ("a further manifest added, with right digests", |folder, chance, _| {
        let is_further = |one: &Algorithm| !folder.tags.contains(&format!("manifest-{}.txt", one.name()));
        let further: Vec<Algorithm> = Algorithm::ALL.into_iter().filter(is_further).collect();
        let algorithm = *chance.of(&further);
        let of_payload = chance.below(2) == 0;
        let listed: Vec<&String> =
            if of_payload { folder.payload.iter().collect() } else { folder.tags.iter().collect() };
        let lines = listed
            .iter()
            .map(|name| format!("{}  {name}\n", checksums(&folder.at(name), &[algorithm]).expect("read")[0]));
        let name = format!("{}manifest-{}.txt", if of_payload { "" } else { "tag" }, algorithm.name());
        folder.write(&name, lines.collect::<String>().as_bytes());
        vec![name]
    }),
    ("an empty folder added", |folder, chance, _| {
        let name = match chance.below(2) {
            0 => chance.name(),
            _ => format!("{}/{}", folder.any_folder(chance), chance.name()),
        };
        std::fs::create_dir(folder.at(&name)).expect("made");
        vec![name]
    }),
    ("a folder renamed", |folder, chance, _| {
        let name = folder.any_folder(chance);
        let renamed = match name.rsplit_once('/') {
            Some((parent, _)) => format!("{parent}/{}", chance.name()),
            None => chance.name(),
        };
        std::fs::rename(folder.at(&name), folder.at(&renamed)).expect("renamed");
        vec![name, renamed]
    }),
    ("a folder in place of a file", |folder, chance, _| {
        let name = folder.any(chance);
        std::fs::remove_file(folder.at(&name)).expect("removed");
        std::fs::create_dir(folder.at(&name)).expect("made");
        vec![name]
    }),
    ("a link to a copy outside in place of a file", |folder, chance, outside| {
        let name = folder.any(chance);
        let copy = outside.join("copy");
        std::fs::write(&copy, &folder.files[&name]).expect("written");
        std::fs::remove_file(folder.at(&name)).expect("removed");
        symlink(&copy, folder.at(&name)).expect("linked");
        vec![name]
    }),
    ("a link within the folder in place of a file", |folder, chance, _| {
        let name = folder.any(chance);
        let same: Vec<String> = folder
            .files
            .iter()
            .filter(|(other, bytes)| **other != name && **bytes == folder.files[&name])
            .map(|(name, _)| name.clone())
            .collect();
        // A file with the same content where there is one: only the link itself is then a change.
        let target = if same.is_empty() { folder.any(chance) } else { chance.of(&same).clone() };
        std::fs::remove_file(folder.at(&name)).expect("removed");
        symlink(folder.at(&target), folder.at(&name)).expect("linked");
        vec![name]
    }),
    ("a link to a folder added", |folder, chance, outside| {
        let name = format!("{}/{}", folder.any_folder(chance), chance.name());
        symlink(if chance.below(2) == 0 { outside } else { &folder.root }, folder.at(&name)).expect("linked");
        vec![name]
    }),
    ("a socket in place of a file", |folder, chance, outside| {
        let name = folder.any(chance);
        std::fs::remove_file(folder.at(&name)).expect("removed");
        // The path of a socket is short: it is made outside and moved.
        let socket = outside.join("s");
        drop(std::fs::remove_file(&socket));
        drop(std::os::unix::net::UnixListener::bind(&socket).expect("bound"));
        std::fs::rename(&socket, folder.at(&name)).expect("moved");
        vec![name]
    }),
];
