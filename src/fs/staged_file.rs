//! A new file of an output, hashed and counted while it is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{
    Arc,
    atomic::{AtomicI32, Ordering},
};

use sha2::{Digest, Sha256};

use super::{FileDigest, FileError, create_private_file, hexadecimal};

/// A new file in a staging folder, hashed and counted while it is written.
#[derive(Debug)]
pub struct StagedFile {
    writer: BufWriter<Hashing>,
    path: PathBuf,
}

#[derive(Debug)]
struct Hashing {
    file: File,
    sha256: Sha256,
    bytes: u64,
    said: WhatWasSaid,
}

/// The last error of the operating system about a file, for writers that do not hand it on.
#[derive(Debug, Clone, Default)]
pub struct WhatWasSaid(Arc<AtomicI32>);

impl WhatWasSaid {
    /// The error; `None` where there was none.
    pub fn error(&self) -> Option<io::Error> {
        let code = self.0.load(Ordering::Relaxed);
        (code != 0).then(|| io::Error::from_raw_os_error(code))
    }
}

impl StagedFile {
    pub(super) fn create(path: PathBuf) -> Result<StagedFile, FileError> {
        let hashing = Hashing {
            file: create_private_file(&path)?,
            sha256: Sha256::new(),
            bytes: 0,
            said: WhatWasSaid::default(),
        };
        Ok(StagedFile { writer: BufWriter::with_capacity(1 << 16, hashing), path })
    }

    /// Where the file lies now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the operating system will have said about the file.
    pub fn what_was_said(&self) -> WhatWasSaid {
        self.writer.get_ref().said.clone()
    }

    /// Ends the file, flushes it to disk and gives its length and SHA-256.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn finish(self) -> Result<FileDigest, FileError> {
        let StagedFile { writer, path } = self;
        let hashing = writer.into_inner().map_err(|error| FileError::write(&path)(error.into_error()))?;
        hashing.file.sync_all().map_err(FileError::write(&path))?;
        Ok(FileDigest { bytes: hashing.bytes, sha256: hexadecimal(&hashing.sha256.finalize()) })
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
        self.bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
