//! A disk as a power failure finds it: what was flushed is there, of the rest whatever the failure leaves.
//!
//! As strict as POSIX: to flush a file makes its data last and none of its names; a change of names lasts when one of the folders it was made in is flushed. A
//! rename is one change, as on every file system with a journal.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Component, Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use super::trace::Call;

/// Number of a file or folder.
type Inode = usize;
/// The site itself.
const ROOT: Inode = 0;
/// Names: by folder and name, what stands there.
type Names = BTreeMap<(Inode, String), Inode>;

/// What a file holds, with a number that no other content has.
#[derive(Debug, Clone, Default)]
struct Data {
    octets: Arc<Vec<u8>>,
    version: usize,
}

#[derive(Debug, Clone)]
enum Node {
    Folder,
    Link(PathBuf),
    /// Data as flushed, and as written.
    File(Data, Data),
}

/// One change of names, whole or not at all: each name with what it is to be.
#[derive(Debug, Clone)]
struct Change {
    folders: BTreeSet<Inode>,
    names: Vec<((Inode, String), Option<Inode>)>,
    /// What has to stand at a name before.
    needs: Vec<((Inode, String), Inode)>,
}

/// What a power failure takes of what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing: the power stays on.
    None,
    /// All.
    All,
    /// The data, and not the names.
    Data,
    /// Some of the names, and of some files the data or their second half; by the number which.
    Some(u64),
}

/// An open file.
#[derive(Clone)]
struct Open {
    inode: Inode,
    place: Rc<Cell<usize>>,
    appends: bool,
}

/// The disk beneath a site while a run goes on.
pub struct Disk {
    site: PathBuf,
    nodes: Vec<(Node, u32)>,
    lasting: Names,
    now: Names,
    pending: Vec<Change>,
    open: BTreeMap<i32, Open>,
    versions: usize,
}

impl Disk {
    /// The disk on which a site stands, all of it flushed. The calls speak of it as `site`.
    pub fn of(before: &Path, site: &Path) -> Disk {
        let mut disk = Disk {
            site: site.to_owned(),
            nodes: vec![(Node::Folder, 0o700)],
            lasting: Names::new(),
            now: Names::new(),
            pending: Vec::new(),
            open: BTreeMap::new(),
            versions: 0,
        };
        disk.load(before, ROOT);
        disk.now = disk.lasting.clone();
        disk
    }

    fn load(&mut self, folder: &Path, inode: Inode) {
        let mut entries: Vec<_> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let (path, metadata) = (entry.path(), entry.metadata().expect("told"));
            let node = if metadata.is_symlink() {
                Node::Link(fs::read_link(&path).expect("a link"))
            } else if metadata.is_dir() {
                Node::Folder
            } else {
                self.versions += 1;
                let data = Data { octets: Arc::new(fs::read(&path).expect("a file")), version: self.versions };
                Node::File(data.clone(), data)
            };
            let own = self.new_node(node, metadata.permissions().mode() & 0o7777);
            self.lasting.insert((inode, entry.file_name().to_string_lossy().into_owned()), own);
            if metadata.is_dir() {
                self.load(&path, own);
            }
        }
    }

    fn new_node(&mut self, node: Node, mode: u32) -> Inode {
        self.nodes.push((node, mode));
        self.nodes.len() - 1
    }

    /// The folder and name of a path of the site; `None` outside it. Links on the way are followed.
    fn place(&self, path: &Path) -> Option<(Inode, String)> {
        let path = self.site.join(path);
        let path = path.strip_prefix(&self.site).ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((self.compiled(ROOT, path.parent()?)?, name))
    }

    fn compiled(&self, from: Inode, path: &Path) -> Option<Inode> {
        path.components().try_fold(from, |folder, part| match part {
            Component::Normal(name) => {
                let own = *self.now.get(&(folder, name.to_string_lossy().into_owned()))?;
                match &self.nodes[own].0 {
                    Node::Link(target) => self.compiled(folder, target),
                    _ => Some(own),
                }
            }
            Component::CurDir => Some(folder),
            _ => None,
        })
    }

    fn inode(&self, path: &Path) -> Option<Inode> {
        let whole = self.site.join(path);
        self.compiled(ROOT, whole.strip_prefix(&self.site).ok()?)
    }

    /// Changes names at once. Where it is not flushed it can last only if what moves or goes has come to last before.
    fn change(&mut self, names: Vec<((Inode, String), Option<Inode>)>) {
        let folders = names.iter().map(|((folder, _), _)| *folder).collect();
        let moved = |own: Inode| names.iter().any(|(_, to)| *to == Some(own));
        let needs = names
            .iter()
            .filter_map(|(name, to)| Some((name, to, *self.now.get(name)?)))
            .filter(|(_, to, own)| to.is_none() || moved(*own))
            .map(|(name, _, own)| (name.clone(), own))
            .collect();
        for (name, own) in &names {
            set(&mut self.now, name, *own);
        }
        self.pending.push(Change { folders, names, needs });
    }

    fn flush(&mut self, inode: Inode) {
        if let Node::File(lasting, now) = &mut self.nodes[inode].0 {
            lasting.clone_from(now);
            return;
        }
        // What was done to the same names before lasts with it.
        let mut lasts: BTreeSet<(Inode, String)> = BTreeSet::new();
        let mut done = Vec::new();
        for change in std::mem::take(&mut self.pending).into_iter().rev() {
            let own = change.folders.contains(&inode) || change.names.iter().any(|(name, _)| lasts.contains(name));
            if own {
                lasts.extend(change.names.iter().map(|(name, _)| name.clone()));
                done.push(change);
            } else {
                self.pending.push(change);
            }
        }
        self.pending.reverse();
        for (name, own) in done.iter().rev().flat_map(|change| &change.names) {
            set(&mut self.lasting, name, *own);
        }
    }

    /// Changes what a file holds.
    fn edit(&mut self, inode: Inode, edit: impl FnOnce(&mut Vec<u8>)) {
        if let Node::File(_, now) = &mut self.nodes[inode].0 {
            self.versions += 1;
            now.version = self.versions;
            edit(Arc::make_mut(&mut now.octets));
        }
    }

    fn write(&mut self, open: &Open, at: Option<usize>, data: &[u8]) {
        self.edit(open.inode, |now| {
            let from = at.unwrap_or(if open.appends { now.len() } else { open.place.get() });
            now.resize(now.len().max(from + data.len()), 0);
            now[from..from + data.len()].copy_from_slice(data);
            if at.is_none() {
                open.place.set(from + data.len());
            }
        });
    }

    /// Does what a call did. Calls that only look change nothing.
    ///
    /// # Panics
    /// A call that changes files is not known here: the model would be wrong.
    pub fn follow(&mut self, call: &Call) {
        let Some(result) = call.result else { return };
        let paths = call.paths();
        let flags = |flag: &str| call.arguments.iter().any(|argument| argument.split('|').any(|own| own == flag));
        let own = call.descriptor(0).and_then(|(number, _)| number);
        let opened = own.and_then(|number| self.open.get(&number)).cloned();
        match call.name.as_str() {
            "open" | "openat" | "creat" => {
                let number = i32::try_from(result).expect("a number");
                self.open.remove(&number);
                let inode = match self.inode(&paths[0]) {
                    Some(inode) => inode,
                    None => {
                        let Some(place) = self.place(&paths[0]) else { return };
                        let inode = self.new_node(Node::File(Data::default(), Data::default()), 0o600);
                        if !flags("O_TMPFILE") {
                            self.change(vec![(place, Some(inode))]);
                        }
                        inode
                    }
                };
                if flags("O_TRUNC") {
                    self.edit(inode, Vec::clear);
                }
                self.open.insert(number, Open { inode, place: Rc::default(), appends: flags("O_APPEND") });
            }
            "close" => drop(own.and_then(|number| self.open.remove(&number))),
            "dup" | "dup2" | "dup3" | "fcntl" => {
                let copies = call.name != "fcntl" || flags("F_DUPFD") || flags("F_DUPFD_CLOEXEC");
                if let Some(open) = opened.filter(|_| copies) {
                    self.open.insert(i32::try_from(result).expect("a number"), open);
                }
            }
            "lseek" => opened.into_iter().for_each(|open| open.place.set(result as usize)),
            "read" => opened.into_iter().for_each(|open| open.place.set(open.place.get() + result as usize)),
            "write" => {
                let Some(open) = opened else { return };
                let data = call.octets(1).expect("data");
                self.write(&open, None, &data[..result as usize]);
            }
            "pwrite64" => {
                let Some(open) = opened else { return };
                let data = call.octets(1).expect("data");
                self.write(&open, Some(call.number(3).expect("a place") as usize), &data[..result as usize]);
            }
            "copy_file_range" => {
                let Some(open) = call.descriptor(2).and_then(|(number, _)| self.open.get(&number?)).cloned() else {
                    return;
                };
                let from = opened.expect("what is copied is of the site");
                let Node::File(_, data) = &self.nodes[from.inode].0 else { return };
                let data = data.octets[from.place.get()..from.place.get() + result as usize].to_vec();
                from.place.set(from.place.get() + data.len());
                self.write(&open, None, &data);
            }
            "ftruncate" => {
                let Some(open) = opened else { return };
                let length = call.number(1).expect("a length") as usize;
                self.edit(open.inode, |now| now.resize(length, 0));
            }
            "fsync" | "fdatasync" => opened.into_iter().for_each(|open| self.flush(open.inode)),
            "mkdir" | "mkdirat" => {
                let Some(place) = self.place(&paths[0]) else { return };
                let inode = self.new_node(Node::Folder, 0o700);
                self.change(vec![(place, Some(inode))]);
            }
            "symlink" | "symlinkat" => {
                let Some(place) = self.place(&paths[0]) else { return };
                let target = call.octets(0).expect("a target");
                let inode = self.new_node(Node::Link(String::from_utf8_lossy(&target).into_owned().into()), 0o777);
                self.change(vec![(place, Some(inode))]);
            }
            "link" | "linkat" => {
                let (Some(inode), Some(place)) = (self.inode(&paths[0]), self.place(&paths[1])) else { return };
                self.change(vec![(place, Some(inode))]);
            }
            "rename" | "renameat" | "renameat2" => {
                let (Some(from), Some(to)) = (self.place(&paths[0]), self.place(&paths[1])) else { return };
                let other = self.now.get(&to).copied().filter(|_| flags("RENAME_EXCHANGE"));
                let own = self.now.get(&from).copied();
                self.change(vec![(from, other), (to, own)]);
            }
            "unlink" | "unlinkat" | "rmdir" => {
                let Some(place) = self.place(&paths[0]) else { return };
                self.change(vec![(place, None)]);
            }
            "sendfile" | "writev" | "truncate" | "fallocate" => {
                assert!(!paths.iter().any(|path| self.inode(path).is_some()), "{} is not modelled", call.name);
            }
            _ => {}
        }
    }

    /// What a power failure leaves now.
    pub fn after(&self, loss: Loss) -> Left {
        let mut chance = Chance(match loss {
            Loss::Some(seed) => seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            _ => 1,
        });
        let mut names = self.lasting.clone();
        for change in &self.pending {
            let stays = match loss {
                Loss::All => false,
                Loss::Data | Loss::None => true,
                Loss::Some(_) => chance.half(),
            };
            if stays && change.needs.iter().all(|(name, own)| names.get(name) == Some(own)) {
                for (name, own) in &change.names {
                    set(&mut names, name, *own);
                }
            }
        }
        let left = |(node, mode): &(Node, u32)| {
            let node = match node {
                Node::File(lasting, now) => {
                    let data = match loss {
                        Loss::None => now.clone(),
                        Loss::Some(_) if lasting.version != now.version && !chance.half() => match chance.half() {
                            true => now.clone(),
                            false => now.torn(lasting),
                        },
                        _ => lasting.clone(),
                    };
                    Node::File(data.clone(), data)
                }
                other => other.clone(),
            };
            (node, *mode)
        };
        Left { names, nodes: self.nodes.iter().map(left).collect() }
    }
}

impl Data {
    /// Its first half, by sectors, over what was there before: a file that is written in place is not cut where nothing was written.
    fn torn(&self, lasting: &Data) -> Data {
        let half = self.octets.len() / 2;
        let half = if lasting.octets.is_empty() { half } else { half / 512 * 512 };
        let mut octets = self.octets[..half].to_vec();
        octets.extend(lasting.octets.iter().skip(half));
        Data { octets: Arc::new(octets), version: usize::MAX - self.version }
    }
}

fn set(names: &mut Names, name: &(Inode, String), own: Option<Inode>) {
    match own {
        Some(own) => names.insert(name.clone(), own),
        None => names.remove(name),
    };
}

/// A run of chances that is the same everywhere (xorshift).
struct Chance(u64);

impl Chance {
    fn half(&mut self) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 63 == 0
    }
}

/// What a power failure left.
pub struct Left {
    names: Names,
    nodes: Vec<(Node, u32)>,
}

impl Left {
    /// Tells two of them apart.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        self.each(ROOT, Path::new(""), &mut |path, inode| {
            let version = match &self.nodes[inode].0 {
                Node::File(data, _) => data.version,
                _ => 0,
            };
            text += &format!("{} {inode} {version}\n", path.display());
        });
        text
    }

    /// Puts it into a new folder.
    pub fn lay_out(&self, folder: &Path) {
        fs::create_dir(folder).expect("made");
        self.each(ROOT, Path::new(""), &mut |path, inode| {
            let (path, (node, mode)) = (folder.join(path), &self.nodes[inode]);
            match node {
                Node::Link(target) => return symlink(target, path).expect("linked"),
                Node::Folder => fs::create_dir(&path).expect("made"),
                Node::File(data, _) => fs::write(&path, &*data.octets).expect("written"),
            }
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).expect("set");
        });
    }

    fn each(&self, folder: Inode, path: &Path, told: &mut dyn FnMut(&Path, Inode)) {
        let own = self.names.range((folder, String::new())..).take_while(|((own, _), _)| *own == folder);
        for ((_, name), inode) in own {
            let path = path.join(name);
            told(&path, *inode);
            self.each(*inode, &path, told);
        }
    }
}
