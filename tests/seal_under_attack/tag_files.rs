//! What is done to the text of manifests and tag files, mostly so that the seal agrees with itself afterwards.

use super::{
    Mutation,
    folder::{Chance, Folder, MANIFEST, TAG_MANIFEST, Touched},
};

/// Every kind.
pub const KINDS: &[(&str, Mutation)] = &[
    ("a digit of a digest changed", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| {
            let line = chance.below(lines.len());
            let place = chance.below(64);
            let digit = &lines[line][place..=place];
            let other = (u32::from_str_radix(digit, 16).expect("a digit") + 1 + chance.below(15) as u32) % 16;
            lines[line].replace_range(place..=place, &format!("{other:x}"));
        })
    }),
    ("a digest in capital letters", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| {
            let letters = |line: &String| line[..64].bytes().any(|digit| digit.is_ascii_lowercase());
            let with_letters: Vec<usize> = (0..lines.len()).filter(|line| letters(&lines[*line])).collect();
            let line = *chance.of(&with_letters);
            let digest = lines[line][..64].to_uppercase();
            lines[line].replace_range(..64, &digest);
        })
    }),
    ("a line of a manifest removed", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| drop(lines.remove(chance.below(lines.len()))))
    }),
    ("a line of a manifest doubled", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| {
            let line = chance.of(lines).clone();
            lines.insert(chance.below(lines.len() + 1), line);
        })
    }),
    ("lines of a manifest in another order", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| {
            let line = lines.remove(chance.below(lines.len() - 1));
            lines.push(line);
        })
    }),
    ("a line of a manifest written otherwise", |folder, chance, _| {
        let name = folder.any_manifest(chance);
        folder.relist(&name, |lines| {
            let place = chance.below(lines.len());
            let (digest, path) = lines[place]
                .split_once("  ")
                .map(|(digest, path)| (digest.to_owned(), path.to_owned()))
                .expect("two columns");
            lines[place] = match chance.below(6) {
                0 => format!("{digest} {path}"),
                1 => format!("{digest}  ./{path}"),
                2 => format!("{digest} *{path}"),
                3 => format!("{digest}\t{path}"),
                4 => format!("{digest}  {path}\r"),
                _ => format!("{digest}  {path}\n"),
            };
        })
    }),
    ("a tag file edited", |folder, chance, _| {
        let name = (*chance.of(&["bag-info.txt", "bagit.txt"])).to_owned();
        folder.edit(&name, |bytes| {
            let line = format!("Contact-Name: {}\n", chance.below(1000));
            let text = String::from_utf8(bytes.clone()).expect("text");
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            lines.insert(chance.below(lines.len() + 1), &line);
            *bytes = lines.concat().into_bytes();
        })
    }),
    ("bag-info edited and the tag manifest removed", |folder, chance, _| {
        let mut touched = edit_bag_info(folder, chance);
        std::fs::remove_file(folder.at(TAG_MANIFEST)).expect("removed");
        touched.push(TAG_MANIFEST.to_owned());
        touched
    }),
    ("bag-info edited and the tag manifest made to agree", |folder, chance, _| {
        let mut touched = edit_bag_info(folder, chance);
        folder.seal_tags_again();
        touched.push(TAG_MANIFEST.to_owned());
        touched
    }),
    ("bagit edited and the tag manifest made to agree", |folder, chance, _| {
        let mut touched = edit_bagit(folder, chance);
        folder.seal_tags_again();
        touched.push(TAG_MANIFEST.to_owned());
        touched
    }),
    ("one byte of a tag file changed, added or removed and the tag manifest made to agree", |folder, chance, _| {
        let name = (*chance.of(&["bag-info.txt", "bagit.txt", MANIFEST])).to_owned();
        let mut touched = folder.edit(&name, |bytes| {
            let place = chance.below(bytes.len());
            match chance.below(3) {
                0 => bytes[place] ^= 1 + chance.below(255) as u8,
                1 => bytes.insert(place, chance.next() as u8),
                _ => drop(bytes.remove(place)),
            }
        });
        folder.seal_tags_again();
        touched.push(TAG_MANIFEST.to_owned());
        touched
    }),
    ("a tag file removed and the tag manifest made to agree", |folder, chance, _| {
        let name = (*chance.of(&["bag-info.txt", "bagit.txt", MANIFEST])).to_owned();
        std::fs::remove_file(folder.at(&name)).expect("removed");
        let without: String = folder
            .text(TAG_MANIFEST)
            .split_inclusive('\n')
            .filter(|line| !line.contains(&format!("  {name}")))
            .collect();
        folder.write(TAG_MANIFEST, without.as_bytes());
        vec![name, TAG_MANIFEST.to_owned()]
    }),
    ("a file changed and removed from the manifest", |folder, chance, _| {
        let name = chance.of(&folder.payload).clone();
        let mut touched = folder.edit(&name, |bytes| bytes.push(b'x'));
        touched.extend(folder.relist(MANIFEST, |lines| lines.retain(|line| !line.ends_with(&format!("  {name}")))));
        folder.seal_tags_again();
        touched.push(TAG_MANIFEST.to_owned());
        touched
    }),
];

/// Changes, removes or doubles a line of `bag-info.txt`, adds one, or writes the same lines in other bytes.
fn edit_bag_info(folder: &Folder, chance: &mut Chance) -> Touched {
    folder.edit("bag-info.txt", |bytes| {
        let text = String::from_utf8(bytes.clone()).expect("text");
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let line = chance.below(lines.len());
        match chance.below(6) {
            0 => drop(lines.remove(line)),
            1 => {
                let value = lines[line].find(':').expect("a label") + 2;
                lines[line].insert(value, 'x');
            }
            2 => lines.insert(line, lines[line].clone()),
            3 => lines.insert(line, format!("Bag-Group-Identifier: {}\n", chance.below(1000))),
            4 => lines.insert(line, format!("Source-Organization: {}\n", chance.name())),
            _ => lines = vec![in_other_bytes(&text, chance)],
        }
        *bytes = lines.concat().into_bytes();
    })
}

/// Lets `bagit.txt` declare another version or encoding, or declare the same in other bytes.
fn edit_bagit(folder: &Folder, chance: &mut Chance) -> Touched {
    folder.edit("bagit.txt", |bytes| {
        let text = String::from_utf8(bytes.clone()).expect("text");
        let text = match chance.below(5) {
            0 => text.replace(
                "1.0",
                chance.of::<&str>(&["0.93", "0.94", "0.95", "0.96", "0.97", "1.1", "2.0", "01.0", "1.00"]),
            ),
            1 => text.replace(
                "UTF-8",
                chance.of::<&str>(&["ISO-8859-1", "UTF-16", "US-ASCII", "utf-8", "UTF8", "windows-1252"]),
            ),
            2 => {
                let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
                lines.reverse();
                lines.concat()
            }
            3 => {
                format!("{text}{}\n", chance.of(&["", "Signed-By: me", " UTF-8", "Tag-File-Character-Encoding: UTF-8"]))
            }
            _ => in_other_bytes(&text, chance),
        };
        *bytes = text.into_bytes();
    })
}

/// The same lines, as another program may write them.
fn in_other_bytes(text: &str, chance: &mut Chance) -> String {
    match chance.below(6) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace('\n', "\r"),
        2 => text.trim_end().to_owned(),
        3 => format!("\u{feff}{text}"),
        4 => text.replacen('\n', chance.of::<&str>(&[" \n", "\t\n", "\n\n"]), 1),
        _ => text.replacen(": ", chance.of::<&str>(&[":  ", ":\t", " : "]), 1),
    }
}
