//! A temporary file without a name, for what a run cannot hold in memory: blocks of bytes, read back once in the order in which they were added.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _},
    path::PathBuf,
};

/// Bytes of the buffers.
const BUFFER: usize = 1 << 16;

/// Blocks that are added. The file is made with the first of them.
#[derive(Debug)]
pub struct Spill {
    folder: PathBuf,
    file: Option<BufWriter<File>>,
}

/// Blocks that are read back.
#[derive(Debug)]
pub struct SpilledBlocks(Option<BufReader<File>>);

impl Spill {
    /// Nothing yet; `folder` is private to the run.
    pub fn new(folder: PathBuf) -> Spill {
        Spill { folder, file: None }
    }

    /// Adds a block.
    ///
    /// # Errors
    /// The file cannot be made or written.
    pub fn add(&mut self, block: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::with_capacity(BUFFER, tempfile::tempfile_in(&self.folder)?)),
        };
        file.write_all(&(block.len() as u64).to_le_bytes())?;
        file.write_all(block)
    }

    /// Ends the adding; the blocks are read from the first on.
    ///
    /// # Errors
    /// The file cannot be written to its end.
    pub fn read(self) -> io::Result<SpilledBlocks> {
        let Some(file) = self.file else { return Ok(SpilledBlocks(None)) };
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(SpilledBlocks(Some(BufReader::with_capacity(BUFFER, file))))
    }
}

impl SpilledBlocks {
    /// The next block; `None` after the last.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_block(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = &mut self.0 else { return Ok(None) };
        let mut length = [0; 8];
        match file.read(&mut length)? {
            0 => return Ok(None),
            read => file.read_exact(&mut length[read..])?,
        }
        let mut block = vec![0; u64::from_le_bytes(length) as usize];
        file.read_exact(&mut block)?;
        Ok(Some(block))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn blocks_come_back_as_they_were_added(
            blocks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200_000usize), 0..6),
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut spill = Spill::new(folder.path().to_path_buf());
            blocks.iter().try_for_each(|block| spill.add(block)).expect("written");
            let mut read = spill.read().expect("ended");
            for block in &blocks {
                prop_assert_eq!(read.next_block().expect("read"), Some(block.clone()));
            }
            prop_assert_eq!(read.next_block().expect("read"), None);
        }
    }
}
