//! Sealed folders under attack: whatever is done to one, `verify` finds it.
//!
//! One folder of a real run is mutated again and again and put back each time; a thousand mutations of each kind, from a fixed seed. Every one must be found, and the
//! file that was touched (or the manifest that speaks of it) must be named. What is no damage: the whole folder under another name or in another place, other
//! times and permissions of its files. The order of lines in a manifest says nothing of the content, but this program writes one order, so another one is somebody's doing and is found.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use chartroom::archive::{
    algorithm::{Algorithm, checksums},
    own_seal::{changed, own_seal},
    verify::{verify, verify_by_rfc},
};

use crate::{
    command::{chartroom, printed, run_folder},
    faults::table::record,
};

/// Mutations of each kind.
const OF_EACH_KIND: u64 = 1_000;

const MANIFEST: &str = "manifest-sha256.txt";
const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// A sealed folder of a small run in `work`.
fn sealed(work: &Path) -> PathBuf {
    let layout = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\nsex = \"sex\"\n\
        admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\n\
        discharge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n";
    let pipeline = "title = \"Nightly\"\nperiod = \"2020-03\"\n[archive]\nsource_organization = \"General Hospital\"\n\
        [statistics]\nformat = \"text\"\n[[ingest]]\nname = \"visits\"\nfiles = \"visits.csv\"\nlayout = \"visits.toml\"\n";
    let visits =
        "visit,sex,admitted,left\n1,F,2020-03-01,2020-03-04\n2,M,2020-03-05,2020-03-01\n3,X,2020-03-05,2020-03-11\nx\n";
    for (name, text) in [("visits.toml", layout), ("nightly.toml", pipeline), ("visits.csv", visits)] {
        std::fs::write(work.join(name), text).expect("written");
    }
    let output = chartroom(work).args(["run", "nightly.toml", "--as-of", "2020-04-01"]).output().expect("it starts");
    let (account, errors, code) = printed(&output);
    assert_eq!(code, 0, "{account}{errors}");
    run_folder(&work.join("out"))
}

/// Numbers that look like chance and are the same on every machine: splitmix64 (Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }

    /// A name that no file of the folder has.
    fn name(&mut self) -> String {
        let pieces = ["a", "Z", "9", "-", "_", " ", ".", "ü", "名", "=", "%", "#", "~"];
        let stems = ["notes", ".hidden", "Thumbs", ".DS_Store", "data", "manifest", "findings", "копия", "~$x"];
        let mut name = (*self.of(&stems)).to_owned();
        for _ in 0..self.below(6) {
            let piece: &str = self.of::<&str>(&pieces);
            name.push_str(piece);
        }
        format!("{name}{}{}", self.below(1_000_000), self.of(&["", ".csv", ".txt", ".tmp", ".bak"]))
    }
}

/// The folder that is mutated, and what is in it when nothing is.
struct Folder {
    root: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
    folders: BTreeSet<String>,
    /// Files of the payload, and beside it.
    payload: Vec<String>,
    tags: Vec<String>,
}

/// What a mutation touched: the paths to put back, of which one must be named.
type Touched = Vec<String>;

impl Folder {
    fn of(root: &Path) -> Folder {
        let mut folder = Folder {
            root: root.to_owned(),
            files: BTreeMap::new(),
            folders: BTreeSet::new(),
            payload: Vec::new(),
            tags: Vec::new(),
        };
        let mut open = vec![root.to_owned()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(&next).expect("a folder").filter_map(Result::ok) {
                let path = entry.path();
                let name = path.strip_prefix(root).expect("beneath").to_str().expect("text").to_owned();
                if path.is_dir() {
                    folder.folders.insert(name);
                    open.push(path);
                } else {
                    folder.files.insert(name, std::fs::read(&path).expect("read"));
                }
            }
        }
        let (payload, tags) = folder.files.keys().cloned().partition(|name| name.starts_with("data/"));
        (folder.payload, folder.tags) = (payload, tags);
        folder
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.at(name), bytes).expect("written");
    }

    fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.files[name]).expect("text")
    }

    fn any(&self, chance: &mut Chance) -> String {
        chance.of(&self.files.keys().collect::<Vec<_>>()).to_string()
    }

    fn any_folder(&self, chance: &mut Chance) -> String {
        chance.of(&self.folders.iter().collect::<Vec<_>>()).to_string()
    }

    fn any_manifest(&self, chance: &mut Chance) -> String {
        (*chance.of(&[MANIFEST, TAG_MANIFEST])).to_owned()
    }

    /// Writes other bytes than were there into a file.
    fn edit(&self, name: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Touched {
        let mut bytes = self.files[name].clone();
        edit(&mut bytes);
        assert_ne!(bytes, self.files[name], "{name} is what it was");
        self.write(name, &bytes);
        vec![name.to_owned()]
    }

    /// Writes the lines of a manifest anew.
    fn relist(&self, name: &str, edit: impl FnOnce(&mut Vec<String>)) -> Touched {
        let mut lines: Vec<String> = self.text(name).lines().map(str::to_owned).collect();
        edit(&mut lines);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.edit(name, |bytes| *bytes = text.into_bytes())
    }

    /// Lets the tag manifest say of the tag files what is true now.
    fn seal_tags_again(&self) {
        let lines = self.tags.iter().filter(|name| *name != TAG_MANIFEST).map(|name| {
            let digest = chartroom::fs::digest(&self.at(name)).expect("read").sha256;
            format!("{digest}  {name}\n")
        });
        self.write(TAG_MANIFEST, lines.collect::<String>().as_bytes());
    }

    fn put_back(&self, touched: &Touched) {
        for name in touched {
            let path = self.at(name);
            match path.symlink_metadata() {
                Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(&path).expect("removed"),
                Ok(_) => std::fs::remove_file(&path).expect("removed"),
                Err(_) => {}
            }
        }
        for name in touched {
            let beneath = format!("{name}/");
            for (file, bytes) in self.files.iter().filter(|(file, _)| *file == name || file.starts_with(&beneath)) {
                std::fs::create_dir_all(self.at(file).parent().expect("a folder")).expect("made");
                self.write(file, bytes);
            }
        }
    }
}

type Mutation = fn(&Folder, &mut Chance, &Path) -> Touched;

/// Every kind of mutation. The path is a folder outside the sealed one.
const KINDS: &[(&str, Mutation)] = &[
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
        let algorithm =
            *chance.of(&[Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha224, Algorithm::Sha384, Algorithm::Sha512]);
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

/// Changes, removes or doubles a line of `bag-info.txt` that is not the organization, which stands nowhere else.
fn edit_bag_info(folder: &Folder, chance: &mut Chance) -> Touched {
    folder.edit("bag-info.txt", |bytes| {
        let text = String::from_utf8(bytes.clone()).expect("text");
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let own: Vec<usize> =
            (0..lines.len()).filter(|line| !lines[*line].starts_with("Source-Organization")).collect();
        let line = *chance.of(&own);
        match chance.below(4) {
            0 => drop(lines.remove(line)),
            1 => {
                let value = lines[line].find(':').expect("a label") + 2;
                lines[line].insert(value, 'x');
            }
            2 => lines.insert(line, lines[line].clone()),
            _ => lines.insert(line, format!("Bag-Group-Identifier: {}\n", chance.below(1000))),
        }
        *bytes = lines.concat().into_bytes();
    })
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
    let halves = KINDS.chunks(KINDS.len().div_ceil(2)).enumerate();
    let missed: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = halves
            .map(|(half, kinds)| {
                let (root, outside) =
                    (work.path().join(format!("half-{half}")), work.path().join(format!("outside-{half}")));
                crate::command::copy(&sealed, &root);
                std::fs::create_dir(&outside).expect("made");
                scope.spawn(move || {
                    let folder = Folder::of(&root);
                    kinds.iter().flat_map(|kind| mutate(&folder, *kind, &outside)).collect::<Vec<_>>()
                })
            })
            .collect();
        runs.into_iter().flat_map(|run| run.join().expect("it ends")).collect()
    });
    let tried = KINDS.len() as u64 * OF_EACH_KIND;
    assert!(
        missed.is_empty(),
        "{} of {tried} mutations were not found:\n{}",
        missed.len(),
        missed[..missed.len().min(20)].join("\n")
    );
    record("verify mutations", tried, tried - missed.len() as u64, "cargo test --test chartroom seal_under_attack");
}

/// A thousand mutations of a kind, each undone; what was not found.
fn mutate(folder: &Folder, (kind, mutation): (&str, Mutation), outside: &Path) -> Vec<String> {
    let mut chance = Chance(kind.bytes().fold(12, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))));
    let mut missed = Vec::new();
    for number in 0..OF_EACH_KIND {
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

#[test]
fn what_the_rfc_lets_pass_exits_1_where_this_program_sealed_the_folder() {
    let work = tempfile::tempdir().expect("a folder");
    let root = sealed(work.path());
    let folder = Folder::of(&root);
    assert_eq!(codes(&root), (0, 0));
    type Deed = fn(&Folder) -> Touched;
    let deeds: [(&str, Deed); 7] = [
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
