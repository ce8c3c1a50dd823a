//! The sealed folder that is mutated, and the chance that chooses what is done to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// The manifest of the payload.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// The manifest of the files beside it.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// Numbers that look like chance and are the same on every machine: splitmix64 (Steele, Lea and Flood, 2014).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub fn of<'c, T>(&mut self, choices: &'c [T]) -> &'c T {
        &choices[self.below(choices.len())]
    }

    /// A name that no file of the folder has.
    pub fn name(&mut self) -> String {
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
pub struct Folder {
    pub root: PathBuf,
    pub files: BTreeMap<String, Vec<u8>>,
    pub folders: BTreeSet<String>,
    /// Files of the payload, and beside it.
    pub payload: Vec<String>,
    pub tags: Vec<String>,
}

/// What a mutation touched: the paths to put back, of which one must be named.
pub type Touched = Vec<String>;

impl Folder {
    pub fn of(root: &Path) -> Folder {
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

    pub fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.at(name), bytes).expect("written");
    }

    pub fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.files[name]).expect("text")
    }

    pub fn any(&self, chance: &mut Chance) -> String {
        chance.of(&self.files.keys().collect::<Vec<_>>()).to_string()
    }

    pub fn any_folder(&self, chance: &mut Chance) -> String {
        chance.of(&self.folders.iter().collect::<Vec<_>>()).to_string()
    }

    pub fn any_manifest(&self, chance: &mut Chance) -> String {
        (*chance.of(&[MANIFEST, TAG_MANIFEST])).to_owned()
    }

    /// Writes other bytes than were there into a file.
    pub fn edit(&self, name: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Touched {
        let mut bytes = self.files[name].clone();
        edit(&mut bytes);
        assert_ne!(bytes, self.files[name], "{name} is what it was");
        self.write(name, &bytes);
        vec![name.to_owned()]
    }

    /// Writes the lines of a manifest anew.
    pub fn relist(&self, name: &str, edit: impl FnOnce(&mut Vec<String>)) -> Touched {
        let mut lines: Vec<String> = self.text(name).lines().map(str::to_owned).collect();
        edit(&mut lines);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        self.edit(name, |bytes| *bytes = text.into_bytes())
    }

    /// Lets the tag manifest say of the tag files what is true now.
    pub fn seal_tags_again(&self) {
        let lines = self.tags.iter().filter(|name| *name != TAG_MANIFEST).map(|name| {
            let digest = chartroom::fs::digest(&self.at(name)).expect("read").sha256;
            format!("{digest}  {name}\n")
        });
        self.write(TAG_MANIFEST, lines.collect::<String>().as_bytes());
    }

    pub fn put_back(&self, touched: &Touched) {
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
