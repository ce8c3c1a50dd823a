//! A new file of an output, hashed and counted while it is written.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI32, Ordering},
};

use sha2::{Digest, Sha256, Sha512};

use super::{FileDigest, FileError, create_private_file, hexadecimal};

/// A file as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its length and SHA-256.
    pub digest: FileDigest,
    /// SHA-512 as 128 lower-case hexadecimal digits, where it is asked for.
    pub sha512: Option<String>,
}

/// The files of a folder in the making that were written to their end, by path relative to it.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenFiles {
    files: Arc<Mutex<BTreeMap<String, WrittenFile>>>,
    /// Whether they are hashed with SHA-512 too.
    pub with_sha512: bool,
}

impl WrittenFiles {
    /// What was written until now.
    pub fn all(&self) -> BTreeMap<String, WrittenFile> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, relative: String, written: WrittenFile) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(relative, written);
    }
}

/// A new file in a staging folder, hashed and counted while it is written.
#[derive(Debug)]
pub struct StagedFile {
    writer: BufWriter<Hashing>,
    path: PathBuf,
    relative: String,
    beside: WrittenFiles,
}

#[derive(Debug)]
struct Hashing {
    file: File,
    sha256: Sha256,
    sha512: Option<Sha512>,
    bytes: u64,
    said: LastSystemError,
}

/// The last error of the operating system about a file, for writers that do not hand it on.
#[derive(Debug, Clone, Default)]
pub struct LastSystemError(Arc<AtomicI32>);

impl LastSystemError {
    /// The error; `None` where there was none.
    pub fn error(&self) -> Option<io::Error> {
        let code = self.0.load(Ordering::Relaxed);
        (code != 0).then(|| io::Error::from_raw_os_error(code))
    }
}

impl StagedFile {
    /// A new file at a path, of which `beside` is told under its relative path when it is finished.
    pub(super) fn create(path: PathBuf, relative: &str, beside: WrittenFiles) -> Result<StagedFile, FileError> {
        let hashing = Hashing {
            file: create_private_file(&path)?,
            sha256: Sha256::new(),
            sha512: beside.with_sha512.then(Sha512::new),
            bytes: 0,
            said: LastSystemError::default(),
        };
        let writer = BufWriter::with_capacity(1 << 16, hashing);
        Ok(StagedFile { writer, path, relative: relative.to_owned(), beside })
    }

    /// Where the file lies now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the operating system will have said about the file.
    pub fn what_was_said(&self) -> LastSystemError {
        self.writer.get_ref().said.clone()
    }

    /// Ends the file, flushes it to disk and gives its length and SHA-256.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn finish(self) -> Result<FileDigest, FileError> {
        let StagedFile { writer, path, relative, beside } = self;
        let hashing = writer.into_inner().map_err(|error| FileError::write(&path)(error.into_error()))?;
        hashing.file.sync_all().map_err(FileError::write(&path))?;
        let digest = FileDigest { bytes: hashing.bytes, sha256: hexadecimal(&hashing.sha256.finalize()) };
        let sha512 = hashing.sha512.map(|sha512| hexadecimal(&sha512.finalize()));
        beside.add(relative, WrittenFile { digest: digest.clone(), sha512 });
        Ok(digest)
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        let length = written.inspect_err(|error| {
            self.said.0.store(error.raw_os_error().unwrap_or_default(), Ordering::Relaxed);
        })?;
        self.sha256.update(&bytes[..length]);
        if let Some(sha512) = &mut self.sha512 {
            sha512.update(&bytes[..length]);
        }
        self.bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
