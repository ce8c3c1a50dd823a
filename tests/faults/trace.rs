//! What a run asks of the system, as `strace` tells it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::site::Scenario;

/// The calls that touch files.
const CALLS: &str = "open,openat,creat,read,pread64,readv,write,pwrite64,writev,copy_file_range,sendfile,rename,renameat,renameat2,\
    link,linkat,symlink,symlinkat,readlink,readlinkat,fsync,fdatasync,unlink,unlinkat,rmdir,mkdir,mkdirat,truncate,ftruncate,\
    fallocate,stat,lstat,fstat,statx,newfstatat,access,faccessat,faccessat2,getdents64,flock,fcntl,lseek,close,dup,dup2,dup3,\
    fchmod,chmod,fchmodat";

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub thread: u32,
    /// Name of the call.
    pub name: String,
    /// Its arguments as written by `strace -xx -y`.
    pub arguments: Vec<String>,
    /// What it gave; `None` where it failed.
    pub result: Option<i64>,
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Create,
    Open,
    Write,
    Rename,
    Sync,
    Unlink,
    Mkdir,
    Link,
    Truncate,
    Chmod,
    Read,
    Stat,
    List,
    Lock,
}

impl Kind {
    /// Whether the disk is another one after such a call.
    pub fn changes(self) -> bool {
        !matches!(self, Kind::Open | Kind::Read | Kind::Stat | Kind::List | Kind::Lock)
    }

    /// What the system may answer instead.
    pub fn errors(self) -> &'static [&'static str] {
        match self {
            Kind::Create => &["EIO", "ENOSPC", "EACCES", "EMFILE", "EINTR"],
            Kind::Open => &["EIO", "EACCES", "EMFILE", "EINTR"],
            Kind::Write | Kind::Sync | Kind::Truncate => &["EIO", "ENOSPC", "EINTR"],
            Kind::Rename | Kind::Mkdir | Kind::Link => &["EIO", "ENOSPC", "EACCES"],
            Kind::Unlink | Kind::Chmod | Kind::Stat => &["EIO", "EACCES"],
            Kind::Read => &["EIO", "EINTR"],
            Kind::List => &["EIO"],
            Kind::Lock => &["EIO", "EINTR"],
        }
    }
}

impl Call {
    /// What it is for; `None` where nothing can be told by making it fail.
    pub fn kind(&self) -> Option<Kind> {
        let makes = || self.arguments.iter().any(|argument| argument.contains("O_CREAT"));
        Some(match self.name.as_str() {
            "creat" => Kind::Create,
            "open" | "openat" => {
                if makes() {
                    Kind::Create
                } else {
                    Kind::Open
                }
            }
            "write" | "pwrite64" | "writev" | "copy_file_range" | "sendfile" => Kind::Write,
            "rename" | "renameat" | "renameat2" => Kind::Rename,
            "fsync" | "fdatasync" => Kind::Sync,
            "unlink" | "unlinkat" | "rmdir" => Kind::Unlink,
            "mkdir" | "mkdirat" => Kind::Mkdir,
            "link" | "linkat" | "symlink" | "symlinkat" => Kind::Link,
            "truncate" | "ftruncate" | "fallocate" => Kind::Truncate,
            "chmod" | "fchmod" | "fchmodat" => Kind::Chmod,
            "read" | "pread64" | "readv" => Kind::Read,
            "stat" | "lstat" | "fstat" | "statx" | "newfstatat" | "access" | "faccessat" | "faccessat2"
            | "readlink" | "readlinkat" => Kind::Stat,
            "getdents64" => Kind::List,
            "flock" => Kind::Lock,
            _ => return None,
        })
    }

    /// The paths it speaks of, in order. Relative ones are relative to the site.
    pub fn paths(&self) -> Vec<PathBuf> {
        let at = |places: &[(Option<usize>, Option<usize>)]| {
            let path = |(folder, name): &(Option<usize>, Option<usize>)| {
                let folder = folder.and_then(|at| self.descriptor(at)).map(|(_, path)| path).unwrap_or_default();
                let name = name.and_then(|at| self.octets(at)).unwrap_or_default();
                folder.join(String::from_utf8_lossy(&name).as_ref())
            };
            places.iter().map(path).collect()
        };
        match self.name.as_str() {
            "open" | "creat" | "stat" | "lstat" | "access" | "readlink" | "unlink" | "rmdir" | "mkdir" | "truncate"
            | "chmod" => at(&[(None, Some(0))]),
            "rename" | "link" => at(&[(None, Some(0)), (None, Some(1))]),
            "symlink" => at(&[(None, Some(1))]),
            "symlinkat" => at(&[(Some(1), Some(2))]),
            "openat" | "statx" | "newfstatat" | "faccessat" | "faccessat2" | "readlinkat" | "unlinkat" | "mkdirat"
            | "fchmodat" => at(&[(Some(0), Some(1))]),
            "renameat" | "renameat2" | "linkat" => at(&[(Some(0), Some(1)), (Some(2), Some(3))]),
            _ => at(&[(Some(0), None)]),
        }
    }

    /// An open file: its number and its path. The folder that the run stands in has no number.
    pub fn descriptor(&self, at: usize) -> Option<(Option<i32>, PathBuf)> {
        let (number, path) = self.arguments.get(at)?.split_once('<')?;
        let path = String::from_utf8_lossy(&unescaped(path.split('>').next()?)).into_owned();
        Some((number.parse().ok(), path.into()))
    }

    /// A text or data.
    pub fn octets(&self, at: usize) -> Option<Vec<u8>> {
        let text = self.arguments.get(at)?.strip_prefix('"')?;
        Some(unescaped(text.split('"').next()?))
    }

    /// A number.
    pub fn number(&self, at: usize) -> Option<i64> {
        self.arguments.get(at)?.parse().ok()
    }
}

/// Octets written as `\x41`; a path may have plain letters.
fn unescaped(text: &str) -> Vec<u8> {
    let digit = |octet: u8| (octet as char).to_digit(16).unwrap_or(0) as u8;
    let mut octets = Vec::with_capacity(text.len() / 4);
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [b'\\', b'x', high, low, rest @ ..] => {
                octets.push(digit(*high) << 4 | digit(*low));
                rest
            }
            [plain, rest @ ..] => {
                octets.push(*plain);
                rest
            }
            [] => return octets,
        }
    }
}

/// Runs a program through `strace` with these options; the trace goes into a file.
fn traced(options: &[&str], trace: &Path) -> Vec<String> {
    let trace = trace.to_string_lossy().into_owned();
    ["strace", "-f", "-o", &trace].iter().chain(options).map(|word| (*word).to_owned()).collect()
}

/// Whether there is an `strace` that may trace. Says so where there is none.
pub fn has_strace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "-e", "trace=none", "true"]).output();
    let is_there = tried.is_ok_and(|tried| tried.status.success());
    if !is_there {
        crate::shared_folder::say("skipped: strace is absent, or may not trace here");
    }
    is_there
}

/// Runs a night undisturbed and gives all its calls.
pub fn record(scenario: &Scenario, site: &Path, trace: &Path) -> Vec<Call> {
    let only = format!("trace={CALLS}");
    let through = traced(&["-y", "-xx", "-s", "100000000", "-e", &only], trace);
    let done = scenario.command(site, &through).output().expect("strace starts");
    assert!(done.status.success(), "{}: {}", scenario.name, String::from_utf8_lossy(&done.stderr));
    let text = fs::read(trace).expect("a trace");
    calls(&String::from_utf8_lossy(&text))
}

fn calls(trace: &str) -> Vec<Call> {
    let mut begun: BTreeMap<u32, String> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Ok(thread) = thread.parse::<u32>() else { continue };
        let rest = rest.trim_start();
        if let Some(half) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread, half.trim_end().to_owned());
        } else if let Some((_, end)) = rest.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>")) {
            let whole = begun.remove(&thread).unwrap_or_default() + end;
            calls.extend(call(thread, &whole));
        } else {
            calls.extend(call(thread, rest));
        }
    }
    calls
}

fn call(thread: u32, line: &str) -> Option<Call> {
    let (name, rest) = line.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    let arguments = arguments.trim_end().strip_suffix(')')?;
    let result: String = result.chars().take_while(|letter| *letter == '-' || letter.is_ascii_digit()).collect();
    let result = result.parse().ok().filter(|result| *result >= 0);
    Some(Call { thread, name: name.to_owned(), arguments: split(arguments), result })
}

/// Arguments apart; what stands in brackets stays together. Texts are escaped whole, so that no comma of theirs is in the way.
fn split(arguments: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in arguments.chars() {
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("a part").push(letter);
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// A place at which a run can be disturbed: a call of the main thread on a path of the site.
#[derive(Debug, Clone)]
pub struct Point {
    pub kind: Kind,
    /// Name of the call.
    pub call: String,
    /// The how manieth of its name in the main thread.
    pub number: usize,
    /// What it speaks of.
    pub path: String,
}

/// The points of a run, and how many calls of other threads on the site are not reached.
pub fn points(calls: &[Call], site: &Path) -> (Vec<Point>, usize) {
    let main = calls.first().map_or(0, |call| call.thread);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut points, mut elsewhere) = (Vec::new(), 0);
    for call in calls {
        let own = call.paths().iter().map(|path| site.join(path)).find(|path| path.starts_with(site));
        let Some(kind) = call.kind() else { continue };
        if call.thread != main {
            elsewhere += usize::from(own.is_some());
            continue;
        }
        let number = numbers.entry(&call.name).or_default();
        *number += 1;
        if let Some(path) = own {
            let path = path.strip_prefix(site).expect("beneath").to_string_lossy().into_owned();
            points.push(Point { kind, call: call.name.clone(), number: *number, path });
        }
    }
    (points, elsewhere)
}

/// What is done at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blow {
    /// The run is killed before the call.
    Kill,
    /// The call fails with this error.
    Error(&'static str),
}

/// Runs a night on a site and disturbs it at a point.
pub fn disturb(scenario: &Scenario, site: &Path, point: &Point, blow: Blow, trace: &Path) -> Output {
    let Point { call, number, .. } = point;
    let only = format!("trace={call}");
    let inject = match blow {
        Blow::Kill => format!("inject={call}:signal=KILL:when={number}"),
        Blow::Error(error) => format!("inject={call}:error={error}:when={number}"),
    };
    // Calls are counted by thread, and the places are of the first one: no other thread is followed, or its first call would fail as well.
    let mut through = traced(&["-e", &only, "-e", &inject], trace);
    through.retain(|word| word != "-f");
    scenario.command(site, &through).output().expect("strace starts")
}

#[test]
fn a_line_of_a_trace_is_read_in_both_its_forms() {
    let calls = calls(
        "7 openat(AT_FDCWD<\\x2f\\x73>, \"\\x61\\x2c\\x62\", O_RDWR|O_CREAT, 0600) = 4<\\x2f\\x73\\x2f\\x61>\n\
         7 fsync(4<\\x2f\\x73\\x2f\\x61> <unfinished ...>\n8 unlink(\"\\x63\") = -1 ENOENT (No such file)\n7 <... fsync resumed>) = 0\n\
         7 +++ exited with 0 +++\n",
    );
    assert_eq!(calls.len(), 3);
    assert_eq!((calls[0].kind(), calls[0].result), (Some(Kind::Create), Some(4)));
    assert_eq!(calls[0].paths(), [PathBuf::from("/s/a,b")]);
    assert_eq!((calls[1].kind(), calls[1].result), (Some(Kind::Unlink), None));
    assert_eq!((calls[2].name.as_str(), calls[2].result), ("fsync", Some(0)));
    assert_eq!(calls[2].descriptor(0), Some((Some(4), "/s/a".into())));
    let (points, elsewhere) = points(&calls, Path::new("/s"));
    assert_eq!((points.len(), points[1].number, elsewhere), (2, 1, 1));
}
