//! What can be done in a folder, found out by doing it: the bits of its mode say little of shares, of read-only mounts and of full disks.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{
    FileError, folder_of,
    opening::{NoFile, what_is},
};
use crate::record::shown;

/// Octets that are written to see whether a folder takes any: a full disk still makes empty files.
const OCTETS: [u8; 4096] = [b'.'; 4096];

/// The folder itself, or the nearest one above it that is there: the one in which it would be made.
pub fn nearest(folder: &Path) -> PathBuf {
    let mut at = folder;
    while at.symlink_metadata().is_err() {
        let above = folder_of(at);
        if above == at {
            break;
        }
        at = above;
    }
    at.to_owned()
}

/// Refuses a path that is no folder and where none can be made: it, or what stands above it, is a file, a pipe or a device.
///
/// # Errors
/// [`FileError::Write`], with what stands there and what to do; the system's answer where it cannot say.
pub fn refuse_no_folder(folder: &Path) -> Result<(), FileError> {
    let at = nearest(folder);
    let what = match what_is(&at).map_err(FileError::write(folder))? {
        Err(NoFile::Folder) => return Ok(()),
        Ok(_) => "a file".to_owned(),
        Err(NoFile::Special(what)) => what.to_owned(),
        Err(NoFile::DanglingLink(target)) => {
            let words = format!(
                "{} is a link to {target}, which is not there. Leave the link: mount the share that it leads to, then run again, or name a folder elsewhere",
                shown::path(&at)
            );
            return Err(FileError::write(folder)(io::Error::other(words)));
        }
        Err(NoFile::CircularLink) => "a link that leads in a circle".to_owned(),
        // Nothing on the way is there: the folder that one stands in when it starts is gone.
        Err(NoFile::Absent) => return Ok(()),
    };
    let words = format!("{} is {what}, not a folder; name a folder, or move what stands there away", shown::path(&at));
    Err(FileError::write(folder)(io::Error::other(words)))
}

/// Whether files can be written in a folder, or it can be made: a file without a name is written there.
///
/// # Errors
/// [`FileError::Write`], with what the operating system said.
pub fn can_write(folder: &Path) -> Result<(), FileError> {
    let at = nearest(folder);
    tempfile::tempfile_in(&at).and_then(|mut file| file.write_all(&OCTETS)).map_err(FileError::write(folder))
}

/// Octets that can still be written where a folder stands or would be made; `None` where the file system does not say.
pub fn free_octets(folder: &Path) -> Option<u64> {
    let of = rustix::fs::statvfs(nearest(folder)).ok()?;
    Some(of.f_bavail.saturating_mul(of.f_frsize))
}

/// What a network share is called, where a folder lies on one; `None` on a disk of the machine, and where it cannot be told. Locks do not hold there.
pub fn network_share(folder: &Path) -> Option<&'static str> {
    // The kinds of file system that lie on another machine, by their numbers in Linux (`statfs(2)`).
    const SHARES: [(i64, &str); 5] =
        [(0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB"), (0x517B, "SMB"), (0x0102_1997, "9P")];
    let kind = rustix::fs::statfs(nearest(folder)).ok()?.f_type as i64;
    SHARES.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_look_leaves_nothing_and_a_file_is_no_folder() {
        let place = tempfile::tempdir().unwrap();
        let deep = place.path().join("a/b/c");
        assert_eq!(nearest(&deep), place.path());
        can_write(&deep).unwrap();
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
        assert!(free_octets(&deep).is_some_and(|octets| octets > 0));
        std::fs::write(place.path().join("a"), "a letter").unwrap();
        assert!(matches!(can_write(&place.path().join("a")), Err(FileError::Write { .. })));
        assert!(can_write(&deep).is_err());
        let refused = refuse_no_folder(&deep).unwrap_err().to_string();
        assert!(refused.contains("a is a file, not a folder"), "{refused}");
        refuse_no_folder(&place.path().join("b/c")).unwrap();
        refuse_no_folder(place.path()).unwrap();
        assert_eq!(std::fs::read(place.path().join("a")).unwrap(), b"a letter");
    }
}
