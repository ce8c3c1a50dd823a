//! The lines of a tag file, read one by one in its encoding: a manifest may be longer than what one wants to hold.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};

use super::tag_file::TagEncoding;
use crate::fs::{FileError, opening, uninterrupted};

/// Octets of a manifest or fetch file. One of 64 MiB lists some 400,000 files; what is far larger is none.
pub const LARGEST_LIST: u64 = 64 << 20;
/// Octets of a line, as UTF-8. A path has at most 4,096, threefold where every one is encoded, and a checksum 128.
pub const LONGEST_LINE: usize = 64 << 10;
/// Octets read at a time.
const PIECE: usize = 64 << 10;

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagLine {
    /// Its text, without its end.
    Text(String),
    /// It has more than [`LONGEST_LINE`] octets, and is passed over.
    TooLong,
}

/// Why reading ended before the end of the file.
#[derive(Debug)]
pub enum Ended {
    /// The octets are no text in the encoding.
    Undecodable,
    /// The file has more than [`LARGEST_LIST`] octets.
    TooLarge,
    /// It cannot be read.
    File(FileError),
}

/// A tag file that is read line by line. Lines end with LF, CR or CR LF and are numbered from 1; an ended last line opens no further one.
pub struct TagLines {
    file: io::Take<File>,
    /// `None`: octets are code points (ISO-8859-1).
    decoder: Option<Decoder>,
    /// Whether the file begins with the byte-order mark of UTF-8.
    pub has_mark: bool,
    octets: Vec<u8>,
    read: u64,
    text: String,
    /// Where in the text the next line begins.
    at: usize,
    /// Where in the text no line end was found yet.
    looked: usize,
    is_long: bool,
    number: usize,
    is_read: bool,
}

impl TagLines {
    /// Opens a tag file.
    ///
    /// # Errors
    /// [`FileError::Read`].
    pub fn open(path: &Path, encoding: TagEncoding) -> Result<TagLines, FileError> {
        let (file, _) = opening::open(path).map_err(FileError::read(path))?;
        let mut lines = TagLines {
            file: file.take(LARGEST_LIST + 1),
            decoder: None,
            has_mark: false,
            octets: Vec::new(),
            read: 0,
            text: String::new(),
            at: 0,
            looked: 0,
            is_long: false,
            number: 0,
            is_read: false,
        };
        lines.more().map_err(FileError::read(path))?;
        lines.has_mark = lines.octets.starts_with(b"\xef\xbb\xbf");
        lines.decoder = match encoding {
            TagEncoding::Latin1 => None,
            TagEncoding::Utf8 => Some(UTF_8.new_decoder_with_bom_removal()),
            TagEncoding::Utf16 if lines.octets.starts_with(&[0xff, 0xfe]) => {
                Some(UTF_16LE.new_decoder_with_bom_removal())
            }
            TagEncoding::Utf16 => Some(UTF_16BE.new_decoder_with_bom_removal()),
            TagEncoding::Other(encoding) => Some(encoding.new_decoder()),
        };
        Ok(lines)
    }

    /// Reads the next octets, as many as a piece where the file has them.
    fn more(&mut self) -> io::Result<()> {
        self.octets.resize(PIECE, 0);
        let mut filled = 0;
        while filled < PIECE {
            match uninterrupted(|| self.file.read(&mut self.octets[filled..]))? {
                0 => break,
                count => filled += count,
            }
        }
        self.octets.truncate(filled);
        self.read += filled as u64;
        self.is_read = filled < PIECE;
        Ok(())
    }

    /// Decodes the octets that were read last; whether they are text.
    fn decode(&mut self) -> bool {
        let octets = std::mem::take(&mut self.octets);
        let Some(decoder) = &mut self.decoder else {
            self.text.extend(octets.iter().copied().map(char::from));
            return true;
        };
        self.text.reserve(decoder.max_utf8_buffer_length_without_replacement(octets.len()).unwrap_or(4 * PIECE));
        let (result, read) = decoder.decode_to_string_without_replacement(&octets, &mut self.text, self.is_read);
        read == octets.len() && result == DecoderResult::InputEmpty
    }

    /// The next line with its number; `None` at the end.
    ///
    /// # Errors
    /// Why nothing more of the file is read.
    pub fn next(&mut self, path: &Path) -> Result<Option<(usize, TagLine)>, Ended> {
        loop {
            let end = memchr::memchr2(b'\n', b'\r', &self.text.as_bytes()[self.looked..]).map(|at| self.looked + at);
            // Of a CR at the end of what is decoded it is not known yet whether a LF follows.
            let is_whole =
                |end: usize| end + 1 < self.text.len() || self.text.as_bytes()[end] == b'\n' || self.is_ended();
            if let Some(end) = end.filter(|end| is_whole(*end)) {
                let ending = if self.text[end..].starts_with("\r\n") { 2 } else { 1 };
                let line = self.line(end);
                (self.at, self.looked) = (end + ending, end + ending);
                return Ok(Some(line));
            }
            if self.is_ended() {
                let end = self.text.len();
                if end == self.at && !self.is_long {
                    return Ok(None);
                }
                let line = self.line(end);
                (self.at, self.looked) = (end, end);
                return Ok(Some(line));
            }
            self.looked = end.unwrap_or(self.text.len());
            if self.looked - self.at > LONGEST_LINE {
                (self.is_long, self.at) = (true, self.looked);
            }
            self.text.drain(..self.at);
            (self.looked, self.at) = (self.looked - self.at, 0);
            if self.octets.is_empty() {
                self.more().map_err(|error| Ended::File(FileError::read(path)(error)))?;
            }
            if self.read > LARGEST_LIST {
                return Err(Ended::TooLarge);
            }
            if !self.decode() {
                return Err(Ended::Undecodable);
            }
        }
    }

    /// Whether all that the file holds is decoded.
    fn is_ended(&self) -> bool {
        self.is_read && self.octets.is_empty()
    }

    fn line(&mut self, end: usize) -> (usize, TagLine) {
        self.number += 1;
        let is_long = std::mem::take(&mut self.is_long) || end - self.at > LONGEST_LINE;
        (self.number, if is_long { TagLine::TooLong } else { TagLine::Text(self.text[self.at..end].to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tag_file::lines;

    fn lines_of(octets: &[u8], encoding: TagEncoding) -> Result<Vec<(usize, TagLine)>, Ended> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest-md5.txt");
        std::fs::write(&path, octets).unwrap();
        let mut read = TagLines::open(&path, encoding).unwrap();
        let mut found = Vec::new();
        while let Some(line) = read.next(&path)? {
            found.push(line);
        }
        Ok(found)
    }

    #[test]
    fn lines_are_those_of_the_whole_text_wherever_a_piece_ends() {
        // Line ends of every kind, with each of their octets at and beside the end of a piece.
        for ending in ["\n", "\r", "\r\n", "\r\r\n\n"] {
            for short in 0..4 {
                let text = format!("{}{ending}second é{ending}{ending}last", "a".repeat(PIECE - short));
                for text in [text.clone(), text + ending] {
                    let expected: Vec<(usize, TagLine)> = lines(&text)
                        .map(|(number, line)| {
                            let line = if line.len() > LONGEST_LINE {
                                TagLine::TooLong
                            } else {
                                TagLine::Text(line.to_owned())
                            };
                            (number, line)
                        })
                        .collect();
                    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
                    let latin1: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
                    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
                    assert_eq!(lines_of(text.as_bytes(), TagEncoding::Utf8).unwrap(), expected);
                    assert_eq!(lines_of(&marked, TagEncoding::Utf8).unwrap(), expected);
                    assert_eq!(lines_of(&utf16, TagEncoding::Utf16).unwrap(), expected);
                    assert_eq!(lines_of(&latin1, TagEncoding::Latin1).unwrap(), expected);
                }
            }
        }
        assert_eq!(lines_of(b"", TagEncoding::Utf8).unwrap(), []);
    }

    #[test]
    fn a_line_without_end_and_a_file_without_end_are_not_held() {
        let long = ["a".repeat(3 * LONGEST_LINE), "b".to_owned(), "c".repeat(LONGEST_LINE + 1)].join("\n");
        let found = lines_of(long.as_bytes(), TagEncoding::Utf8).unwrap();
        assert_eq!(found, [(1, TagLine::TooLong), (2, TagLine::Text("b".to_owned())), (3, TagLine::TooLong)]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest-md5.txt");
        File::create(&path).unwrap().set_len(LARGEST_LIST + 1).unwrap();
        let mut read = TagLines::open(&path, TagEncoding::Utf8).unwrap();
        assert!(matches!(read.next(&path), Err(Ended::TooLarge)));
        assert!(read.text.capacity() < 1 << 20);
    }

    #[test]
    fn what_is_no_text_ends_the_reading() {
        for (octets, encoding) in [(&b"a\n\xff\n"[..], TagEncoding::Utf8), (b"\0a\0", TagEncoding::Utf16)] {
            assert!(matches!(lines_of(octets, encoding), Err(Ended::Undecodable)));
        }
    }
}
