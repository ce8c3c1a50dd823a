//! From a file to UTF-8 text: decompression, encodings, and the digest of the file as it lies on disk, in one reading.

use std::{
    io::{self, BufReader, Read},
    sync::{Arc, Mutex, PoisonError},
};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use sha2::{Digest as _, Sha256};

use super::{
    fault::SourceFault,
    input_file::{InputFile, InputReader},
    zip_folder::{Member, members, open_member},
};
use crate::fs::{FileDigest, hexadecimal, opening::is_systems_answer};

mod binary;
mod encoding;

/// Bytes looked at before anything is decided.
pub const HEAD_BYTES: usize = 64 << 10;
/// How much larger than its file a compressed export may be; real exports compress 5 to 60 times.
const LARGEST_RATIO: u64 = 1000;
/// Bytes below which the ratio is not looked at.
const RATIO_FLOOR: u64 = 64 << 20;
/// Bytes that a caller may hold without finding the end of a record in them; no row of an export is longer.
const LONGEST_RECORD: usize = 64 << 20;

/// What a file is, by its first bytes and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Text as it is.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstandard,
    /// A zip folder that is no workbook.
    Zip,
    /// A workbook: xlsx, xlsb, ods (a zip) or xls (a compound file).
    Workbook,
}

/// The digest of a file that is read from its begin to its end, made while it is read.
#[derive(Debug, Clone, Default)]
struct RunningDigest {
    state: Arc<Mutex<(Sha256, u64)>>,
}

impl RunningDigest {
    fn result(&self) -> FileDigest {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        FileDigest { bytes: state.1, sha256: hexadecimal(&state.0.clone().finalize()) }
    }
}

struct HashingReader {
    reader: InputReader,
    digest: RunningDigest,
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut state = self.digest.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.update(&buffer[..count]);
        state.1 += count as u64;
        Ok(count)
    }
}

/// What a file is.
///
/// # Errors
/// The file cannot be read or is empty.
pub fn container(file: &InputFile) -> Result<Container, SourceFault> {
    let mut head = [0; 8];
    let count = read_full(&mut file.reader(), &mut head).map_err(SourceFault::Read)?;
    if count == 0 {
        return Err(SourceFault::Empty);
    }
    Ok(match &head[..count] {
        [0x1f, 0x8b, ..] => Container::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Container::Zstandard,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Container::Workbook,
        [b'P', b'K', 3, 4, ..] => zip_kind(file)?,
        [b'P', b'K', 5, 6, ..] => return Err(SourceFault::Empty),
        _ => Container::Plain,
    })
}

fn zip_kind(file: &InputFile) -> Result<Container, SourceFault> {
    let is_workbooks = |member: &Member| {
        matches!(
            member.name.replace('\\', "/").as_str(),
            "[Content_Types].xml" | "xl/workbook.xml" | "xl/workbook.bin" | "content.xml" | "mimetype"
        )
    };
    Ok(if members(file)?.iter().any(is_workbooks) { Container::Workbook } else { Container::Zip })
}

/// Lines of a member of a zip folder that are not blank; `None` where it cannot be read, is no text, or holds more than is looked through for a count.
pub fn count_lines(file: &InputFile, member: &Member) -> Option<u64> {
    const LOOKED_THROUGH: u64 = 1 << 30;
    let mut source = match open_text(file, Container::Zip, Some(member), None) {
        Ok(source) => source,
        Err(SourceFault::Empty) => return Some(0),
        Err(_) => return None,
    };
    let (mut piece, mut lines, mut is_blank, mut seen) = (Vec::new(), 0, true, 0);
    while source.fill(&mut piece, 1 << 20).ok()? {
        seen += piece.len() as u64;
        if seen > LOOKED_THROUGH {
            return None;
        }
        for byte in &piece {
            match byte {
                b'\n' | b'\r' => is_blank = true,
                byte if is_blank && !byte.is_ascii_whitespace() => {
                    (is_blank, lines) = (false, lines + 1);
                }
                _ => {}
            }
        }
        piece.clear();
    }
    Some(lines)
}

/// Text of a file, decompressed and decoded, piece by piece.
pub struct TextSource {
    reader: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    file: InputFile,
    /// Made while the file is read; `None` where the file is not read in order.
    digest: Option<RunningDigest>,
    /// Name of the encoding the text is read in.
    pub encoding: &'static str,
    /// Whether the encoding was stated, marked in the file, or proven, rather than guessed.
    pub encoding_guessed: bool,
    limit: UnpackingLimit,
    given: u64,
    ended: bool,
    pending: Vec<u8>,
}

impl std::fmt::Debug for TextSource {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("TextSource").field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

/// Opens a file, or one member of a zip folder, as text. `stated` is the encoding a layout states.
///
/// # Errors
/// The file cannot be read, is no text, is damaged, or the stated encoding is not known.
pub fn open_text(
    file: &InputFile,
    container: Container,
    member: Option<&Member>,
    stated: Option<&str>,
) -> Result<TextSource, SourceFault> {
    let stated = match stated {
        None => None,
        Some(label) => Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            SourceFault::NotFound(format!(
                "the encoding `{label}` of the layout is not known; use utf-8, windows-1252, iso-8859-1 or utf-16le"
            ))
        })?),
    };
    let limit = UnpackingLimit { compressed_bytes: file.bytes() };
    // The first look at a file, for its encoding, needs no digest.
    let mut probe = unpacked(file, container, member, file.reader())?;
    let mut head = vec![0; HEAD_BYTES];
    let count = read_full(&mut *probe, &mut head).map_err(decompression_fault)?;
    head.truncate(count);
    if head.is_empty() {
        return Err(SourceFault::Empty);
    }
    let (encoding, guessed) = match Encoding::for_bom(&head) {
        Some((encoding, _)) => (encoding, false),
        None => match stated {
            Some(encoding) => (encoding, false),
            None => encoding::find_encoding(&head, &mut *probe, limit)?,
        },
    };
    drop(probe);
    if encoding != UTF_16LE && encoding != UTF_16BE {
        binary::refuse_binary(&head)?;
    }
    let digest = RunningDigest::default();
    let reader = unpacked(file, container, member, HashingReader { reader: file.reader(), digest: digest.clone() })?;
    let has_mark = head.starts_with(&[0xef, 0xbb, 0xbf]);
    let mut source = TextSource {
        reader,
        // UTF-8 is handed on as it is: a row that is not valid is rejected alone, not repaired.
        decoder: (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal()),
        file: file.clone(),
        // The members of a zip folder are read where they stand.
        digest: (container != Container::Zip).then_some(digest),
        encoding: encoding.name(),
        encoding_guessed: guessed,
        limit,
        given: 0,
        ended: false,
        pending: Vec::new(),
    };
    if encoding == UTF_8 && has_mark {
        let mut mark = [0; 3];
        read_full(&mut *source.reader, &mut mark).map_err(decompression_fault)?;
    }
    Ok(source)
}

/// The bytes of a file, or of a member of a zip folder, unpacked. `read`: how the file itself is read.
fn unpacked(
    file: &InputFile,
    container: Container,
    member: Option<&Member>,
    read: impl Read + Send + 'static,
) -> Result<Box<dyn Read + Send>, SourceFault> {
    Ok(match container {
        Container::Plain | Container::Workbook => Box::new(read),
        Container::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(256 << 10, read))),
        Container::Zstandard => Box::new(zstd::stream::read::Decoder::new(read).map_err(decompression_fault)?),
        Container::Zip => {
            let member = member.ok_or_else(|| SourceFault::NotFound("is a zip folder; name its member".to_owned()))?;
            open_member(file, member)?
        }
    })
}

/// What a file may unpack to.
#[derive(Debug, Clone, Copy)]
struct UnpackingLimit {
    compressed_bytes: u64,
}

impl UnpackingLimit {
    fn check(self, given: u64) -> Result<(), SourceFault> {
        if given > RATIO_FLOOR && given > self.compressed_bytes.saturating_mul(LARGEST_RATIO) {
            return Err(SourceFault::TooLarge(format!(
                "unpacks to more than {LARGEST_RATIO} times its size; this is no ordinary export"
            )));
        }
        Ok(())
    }
}

impl TextSource {
    /// Appends at least `wanted` bytes of text to `buffer`, or all that is left; false at the end. The caller takes whole records out of `buffer` between
    /// calls: what is left in it is the begin of one record.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, unpacks to more than an export may, or a record is longer than any of an export.
    pub fn fill(&mut self, buffer: &mut Vec<u8>, wanted: usize) -> Result<bool, SourceFault> {
        let start = buffer.len();
        if start > LONGEST_RECORD {
            return Err(SourceFault::TooLarge(format!(
                "has a row of more than {} MiB; it is no table, or its line ends are lost",
                LONGEST_RECORD >> 20
            )));
        }
        while !self.ended && buffer.len() - start < wanted {
            match &mut self.decoder {
                None => {
                    let from = buffer.len();
                    buffer.resize(from + wanted, 0);
                    let count = read_full(&mut *self.reader, &mut buffer[from..]).map_err(decompression_fault)?;
                    buffer.truncate(from + count);
                    self.ended = count < wanted;
                    self.given += count as u64;
                }
                Some(decoder) => {
                    self.pending.resize(256 << 10, 0);
                    let count = read_full(&mut *self.reader, &mut self.pending).map_err(decompression_fault)?;
                    self.ended = count < self.pending.len();
                    self.given += count as u64;
                    let room = decoder.max_utf8_buffer_length(count).unwrap_or(count * 3 + 16);
                    let from = buffer.len();
                    buffer.resize(from + room, 0);
                    let (_, _, written, _) =
                        decoder.decode_to_utf8(&self.pending[..count], &mut buffer[from..], self.ended);
                    buffer.truncate(from + written);
                }
            }
            self.limit.check(self.given)?;
        }
        Ok(buffer.len() > start)
    }

    /// Size and digest of the file, once [`TextSource::fill`] has come to the end.
    ///
    /// # Errors
    /// The system cannot read the file.
    pub fn digest(&self) -> Result<FileDigest, SourceFault> {
        self.digest.as_ref().map_or_else(|| self.file.digest(), |digest| Ok(digest.result()))
    }
}

/// Reads until the buffer is full or the end.
fn read_full(reader: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// An error while decompressing is the system's answer, or else damage.
fn decompression_fault(error: io::Error) -> SourceFault {
    if is_systems_answer(&error) {
        return SourceFault::Read(error);
    }
    SourceFault::Damaged("is compressed and damaged or cut short; copy it again".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, io::Write as _};

    fn text_of(bytes: &[u8], name: &str, stated: Option<&str>) -> Result<(String, String), SourceFault> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join(name);
        File::create(&path).expect("file").write_all(bytes).expect("written");
        let file = InputFile::open(&path)?;
        let kind = container(&file)?;
        let member = if kind == Container::Zip { members(&file)?.first().cloned() } else { None };
        let mut source = open_text(&file, kind, member.as_ref(), stated)?;
        let mut text = Vec::new();
        while source.fill(&mut text, 1000)? {}
        let encoding = source.encoding.to_owned();
        assert_eq!(source.digest()?.bytes, bytes.len() as u64);
        Ok((String::from_utf8_lossy(&text).into_owned(), encoding))
    }

    fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
        let prefix = if mark { "\u{feff}" } else { "" };
        format!("{prefix}{text}")
            .encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "id,name\n1,Müller\n2,Peña\n".repeat(40);
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
            (utf16(&text, true, true), "UTF-16LE"),
            (utf16(&text, false, true), "UTF-16BE"),
            (utf16(&text, true, false), "UTF-16LE"),
            (utf16(&text, false, false), "UTF-16BE"),
            (encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(), "windows-1252"),
        ] {
            let (read, encoding) = text_of(&bytes, "a.csv", None).expect("text");
            assert_eq!((read.as_str(), encoding.as_str()), (text.as_str(), name));
        }
    }

    #[test]
    fn a_single_accent_far_into_the_file_is_not_missed() {
        let mut bytes = b"id,name\n".to_vec();
        for _ in 0..40_000 {
            bytes.extend_from_slice(b"1,Miller\n");
        }
        bytes.extend_from_slice(b"2,M\xfcller\n");
        let (text, encoding) = text_of(&bytes, "a.csv", None).expect("text");
        assert_eq!(encoding, "windows-1252");
        assert!(text.ends_with("2,Müller\n"));
    }

    #[test]
    fn compressed_files_are_read_whatever_their_name_and_damage_is_said() {
        let text = "id,name\n1,a\n".repeat(100);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text.as_bytes()).expect("written");
        let gzip = gzip.finish().expect("gzip");
        let zstandard = zstd::encode_all(text.as_bytes(), 3).expect("zstd");
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("inner/data.csv", zip::write::SimpleFileOptions::default()).expect("member");
        archive.write_all(text.as_bytes()).expect("written");
        let archive = archive.finish().expect("zip").into_inner();
        for bytes in [&gzip, &zstandard, &archive] {
            assert_eq!(text_of(bytes, "export.dat", None).expect("text").0, text);
        }
        for bytes in [&gzip[..gzip.len() - 20], &zstandard[..zstandard.len() - 5], &archive[..archive.len() - 10]] {
            let fault = text_of(bytes, "export.dat", None).expect_err("damaged");
            assert!(matches!(fault, SourceFault::Damaged(_)), "{fault}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_by_what_it_looks_like() {
        for (bytes, words) in [
            (&b"%PDF-1.7\n%\x00\x01"[..], "PDF"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "HTML"),
            (b"<?xml version=\"1.0\"?><Workbook/>", "XML"),
            (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
        ] {
            let fault = text_of(bytes, "export.xls", None).expect_err("refused");
            assert!(fault.to_string().contains(words), "{fault}");
        }
        assert!(matches!(text_of(b"", "a.csv", None), Err(SourceFault::Empty)));
    }

    #[test]
    fn a_text_with_a_zero_byte_is_a_text_and_noise_is_not() {
        for text in [&b"a,b\n1,\0\n"[..], b"id,name\n1,\0\0\0\0\n2,b\n", b"id\0,name\n1,a\n2,b\n3,c\n"] {
            assert_eq!(text_of(text, "a.csv", None).expect("text").0.as_bytes(), text);
        }
        // Bytes without order: a linear congruential generator's high bytes.
        let mut state = 12_345_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let noise: Vec<u8> = (0..4096).map(|_| noise()).collect();
        let fault = text_of(&noise, "a.csv", None).expect_err("refused");
        assert!(fault.to_string().contains("a binary file"), "{fault}");
    }

    #[test]
    fn a_changed_byte_in_a_zip_member_is_damage_and_not_data() {
        for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
            let text = "id,name\n1,a\n2,b\n".repeat(50);
            let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default().compression_method(method);
            archive.start_file("data.csv", options).expect("member");
            archive.write_all(text.as_bytes()).expect("written");
            let mut bytes = archive.finish().expect("zip").into_inner();
            assert_eq!(text_of(&bytes, "a.zip", None).expect("text").0, text);
            // The local heading is 30 bytes and the name; what follows is the member's data.
            bytes[30 + "data.csv".len() + 12] ^= 0x01;
            let fault = text_of(&bytes, "a.zip", None).expect_err("damaged");
            assert!(matches!(fault, SourceFault::Damaged(_)), "{method:?}: {fault}");
        }
    }

    #[test]
    fn one_broken_byte_does_not_turn_a_utf8_file_into_another_encoding() {
        let mut bytes = "id,name\n1,Müller\n2,Peña\n3,Łoś\n".repeat(10).into_bytes();
        bytes.extend_from_slice(b"4,bro\xffken\n5,end\n");
        let (text, encoding) = text_of(&bytes, "a.csv", None).expect("text");
        assert_eq!(encoding, "UTF-8");
        assert!(text.starts_with("id,name\n1,Müller\n"));
        // Nor does the end of a file that was cut in the middle of a character.
        let cut = [&"1,Müller\n".repeat(10).into_bytes()[..], "2,M\u{fc}".as_bytes()].concat();
        assert_eq!(text_of(&cut[..cut.len() - 1], "a.csv", None).expect("text").1, "UTF-8");
    }

    #[test]
    fn what_is_packed_twice_is_said_to_be() {
        let inner = zstd::encode_all(&b"a,b\n1,2\n"[..], 1).expect("zstd");
        let outer = zstd::encode_all(inner.as_slice(), 1).expect("zstd");
        let fault = text_of(&outer, "a.csv.zst", None).expect_err("refused");
        assert!(fault.to_string().contains("compressed twice"), "{fault}");
    }

    #[test]
    fn a_row_without_end_is_refused_before_it_fills_the_memory() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, vec![b'a'; 80 << 20]).expect("written");
        let file = InputFile::open(&path).expect("opened");
        let mut source = open_text(&file, Container::Plain, None, None).expect("text");
        let mut held = Vec::new();
        let fault = loop {
            match source.fill(&mut held, 3 << 20) {
                Ok(true) => {}
                Ok(false) => panic!("the whole file was held"),
                Err(fault) => break fault,
            }
        };
        assert!(fault.to_string().contains("row of more than 64 MiB"), "{fault}");
    }

    #[test]
    fn a_compression_bomb_is_stopped() {
        let zeros = vec![b'a'; 200 << 20];
        let bomb = zstd::encode_all(zeros.as_slice(), 1).expect("zstd");
        for stated in [Some("utf-8"), None] {
            let fault = text_of(&bomb, "a.csv", stated).expect_err("refused");
            assert!(matches!(fault, SourceFault::TooLarge(_)), "{fault}");
        }
    }
}
