//! A file of an export, opened once: whatever looks at it, reads it or makes its digest does so through the one descriptor, so that all speak of the same file.
//!
//! The libraries that read compressed text and workbooks make words of their own of whatever goes wrong. So what the system answers is kept here, where it is
//! read, and stands in place of what was made of it: a disk that fails is no damaged workbook.

use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use sha2::{Digest as _, Sha256};

use super::fault::SourceFault;
use crate::fs::{FileDigest, hexadecimal, opening, uninterrupted};

/// An open file. Copies are of the same one.
#[derive(Debug, Clone)]
pub struct InputFile {
    opened: Arc<Opened>,
}

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    file: File,
    stamp: Stamp,
    /// The first thing that the system answered to a reading.
    answer: Mutex<Option<io::Error>>,
    digest: OnceLock<FileDigest>,
}

/// What the system says of a file that changes whenever the file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    /// Time of the last change of the content, and of the last change of what is known of the file: seconds and nanoseconds each. A program can set the first
    /// back, and not the second.
    changed: [(i64, i64); 2],
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            bytes: metadata.len(),
            changed: [(metadata.mtime(), metadata.mtime_nsec()), (metadata.ctime(), metadata.ctime_nsec())],
        }
    }
}

impl InputFile {
    /// Opens a file.
    ///
    /// # Errors
    /// It is no regular file, or the system cannot open it.
    pub fn open(path: &Path) -> Result<InputFile, SourceFault> {
        let (file, metadata) = opening::open(path).map_err(|error| match opening::refusal(&error) {
            Some(refusal) => SourceFault::NoFile(refusal.clone()),
            None => SourceFault::Read(error),
        })?;
        let stamp = Stamp::of(&metadata);
        let (answer, digest) = (Mutex::new(None), OnceLock::new());
        Ok(InputFile { opened: Arc::new(Opened { path: path.to_owned(), file, stamp, answer, digest }) })
    }

    /// The name under which it was opened.
    pub fn path(&self) -> &Path {
        &self.opened.path
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.opened.stamp.bytes
    }

    /// Reads it from its start; every reader has a place of its own.
    pub fn reader(&self) -> InputReader {
        InputReader { file: self.clone(), at: 0 }
    }

    /// Its size and digest; it is read for that once, however often it is asked.
    ///
    /// # Errors
    /// The system cannot read it.
    pub fn digest(&self) -> Result<FileDigest, SourceFault> {
        if let Some(known) = self.opened.digest.get() {
            return Ok(known.clone());
        }
        let mut reader = self.reader();
        let (mut sha256, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 256 << 10]);
        loop {
            let count = reader.read(&mut buffer).map_err(SourceFault::Read)?;
            if count == 0 {
                break;
            }
            sha256.update(&buffer[..count]);
            bytes += count as u64;
        }
        let digest = FileDigest { bytes, sha256: hexadecimal(&sha256.finalize()) };
        Ok(self.opened.digest.get_or_init(|| digest).clone())
    }

    /// Gives what came of a look at the file; where the system refused a reading meanwhile, that, whatever was made of it.
    ///
    /// # Errors
    /// Those of `result`, and the system's answer.
    pub fn answered<T>(&self, result: Result<T, SourceFault>) -> Result<T, SourceFault> {
        match self.opened.answer.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(answer) => Err(SourceFault::Read(answer)),
            None => result,
        }
    }

    /// Says so where the file is not as it was when it was opened: what was read of it is then neither the old file nor the new.
    ///
    /// # Errors
    /// It was changed, or the system cannot say.
    pub fn is_as_opened(&self) -> Result<(), SourceFault> {
        let now = uninterrupted(|| self.opened.file.metadata()).map_err(SourceFault::Read)?;
        if Stamp::of(&now) == self.opened.stamp { Ok(()) } else { Err(SourceFault::Changed) }
    }
}

/// Reads an open file from a place of its own.
#[derive(Debug, Clone)]
pub struct InputReader {
    file: InputFile,
    at: u64,
}

impl Read for InputReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let opened = &self.file.opened;
        match uninterrupted(|| opened.file.read_at(buffer, self.at)) {
            Ok(count) => {
                self.at += count as u64;
                Ok(count)
            }
            Err(error) => {
                let again = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
                opened.answer.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(again);
                Err(error)
            }
        }
    }
}

impl Seek for InputReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(offset) => self.file.bytes().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_file_that_changes_after_it_was_opened_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "id\n1\n").expect("written");
        let file = InputFile::open(&path).expect("opened");
        file.is_as_opened().expect("nothing changed it");
        let mut other = std::fs::OpenOptions::new().append(true).open(&path).expect("opened to append");
        other.write_all(b"2\n").expect("appended");
        assert!(matches!(file.is_as_opened(), Err(SourceFault::Changed)));
    }

    #[test]
    fn what_stands_under_the_name_later_is_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, new) = (folder.path().join("a.csv"), folder.path().join("new.csv"));
        std::fs::write(&path, "abc").expect("written");
        std::fs::write(&new, "another").expect("written");
        let file = InputFile::open(&path).expect("opened");
        std::fs::rename(&new, &path).expect("replaced");
        let mut text = String::new();
        file.reader().read_to_string(&mut text).expect("read");
        // The digest of "abc" is that of the standard.
        let digest = file.digest().expect("digest");
        assert_eq!(text, "abc");
        assert_eq!(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn readers_have_places_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "0123456789").expect("written");
        let file = InputFile::open(&path).expect("opened");
        let (mut one, mut other) = (file.reader(), file.reader());
        one.seek(SeekFrom::End(-3)).expect("sought");
        let (mut end, mut all) = (String::new(), String::new());
        other.read_to_string(&mut all).expect("read");
        one.read_to_string(&mut end).expect("read");
        assert_eq!((end.as_str(), all.as_str()), ("789", "0123456789"));
        assert!(one.seek(SeekFrom::Current(-100)).is_err());
    }
}
