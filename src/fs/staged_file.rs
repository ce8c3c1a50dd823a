//! A new file of an output, hashed and counted while it is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
}

impl StagedFile {
    pub(super) fn create(path: PathBuf) -> Result<StagedFile, FileError> {
        let hashing = Hashing { file: create_private_file(&path)?, sha256: Sha256::new(), bytes: 0 };
        Ok(StagedFile { writer: BufWriter::with_capacity(1 << 16, hashing), path })
    }

    /// Where the file lies now.
    pub fn path(&self) -> &Path {
        &self.path
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
        let length = self.file.write(bytes)?;
        self.sha256.update(&bytes[..length]);
        self.bytes += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
