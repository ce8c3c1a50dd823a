//! The members of a zip folder: every one that the folder lists, also two of one name, and a reader of each.

use std::{
    collections::BTreeSet,
    io::{self, BufReader, Read, Seek as _, SeekFrom},
};

use zip::{CompressionMethod, read::Config, unstable::read::ZipIterable};

use self::unlisted::{ListedMember, refuse_unlisted};
use super::{
    fault::SourceFault,
    input_file::{InputFile, InputReader},
};

mod unlisted;

/// Bytes of a member's own heading, its name and further fields left out.
const LOCAL_HEADING: usize = 30;
/// Where in it the lengths of the name and of the further fields stand.
const LENGTHS: usize = 26;

/// A member, as the directory of its folder states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name with its folders; of several of one name each but the first with its number (`a.csv (2)`).
    pub name: String,
    /// Whether its name is that of a hidden file, or of what a system puts beside the files: nobody means it to be read.
    pub is_hidden: bool,
    heading_start: u64,
    packed_bytes: u64,
    bytes: u64,
    checksum: u32,
    method: CompressionMethod,
    is_encrypted: bool,
}

impl Member {
    /// Its name without its folders, whichever way these are written.
    pub fn last_name(&self) -> &str {
        last_name(&self.name)
    }
}

fn last_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn damaged() -> SourceFault {
    SourceFault::Damaged("is a zip folder that is damaged or cut short; copy it again".to_owned())
}

/// The members of a zip folder, in the order of their names, and those of one name in the order in which they stand; folders left out.
///
/// # Errors
/// The folder is damaged, holds members that its directory does not list, or the system cannot read it.
pub fn members(file: &InputFile) -> Result<Vec<Member>, SourceFault> {
    let mut archive = ZipIterable::try_new(BufReader::new(file.reader()), Config::default()).map_err(|_| damaged())?;
    let (mut members, mut listed) = (Vec::new(), Vec::new());
    for entry in archive.files().map_err(|_| damaged())? {
        let entry = entry.map_err(|_| damaged())?;
        listed.push(ListedMember {
            entry_start: entry.central_header_start(),
            heading_start: entry.header_start(),
            packed_bytes: entry.compressed_size(),
        });
        // A name in no encoding that is known is a name all the same.
        let name = entry
            .name()
            .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |name| name.into_owned());
        let last = last_name(&name);
        // Of a folder nothing is packed, or the two bytes of an empty text: more could be the rows of another member.
        if last.is_empty() && entry.size() == 0 && entry.compressed_size() <= 2 {
            continue;
        }
        members.push(Member {
            is_hidden: last.starts_with('.') || name.starts_with("__MACOSX/"),
            heading_start: entry.header_start(),
            packed_bytes: entry.compressed_size(),
            bytes: entry.size(),
            checksum: entry.crc32(),
            method: entry.compression(),
            is_encrypted: entry.encrypted(),
            name,
        });
    }
    refuse_unlisted(file, &listed)?;
    // Sorting keeps the order of those of one name.
    members.sort_by(|one, other| one.name.cmp(&other.name));
    let mut known: BTreeSet<String> = members.iter().map(|member| member.name.clone()).collect();
    number_repeated(&mut members, &mut known);
    Ok(members)
}

/// Gives each further member of a name one of its own.
fn number_repeated(members: &mut [Member], known: &mut BTreeSet<String>) {
    let (mut name, mut number) = (String::new(), 1);
    for member in members {
        if member.name != name {
            (name, number) = (member.name.clone(), 1);
            continue;
        }
        member.name = loop {
            number += 1;
            let numbered = format!("{name} ({number})");
            if known.insert(numbered.clone()) {
                break numbered;
            }
        };
    }
}

/// Whether a hidden member is what a system puts beside the files unasked: an AppleDouble file (RFC 1740) or the view of a folder (`.DS_Store`).
pub fn is_of_a_system(file: &InputFile, member: &Member) -> bool {
    let Ok(mut reader) = open_member(file, member) else { return false };
    let mut head = Vec::new();
    // Read to its end it is whole, and takes no bytes of another.
    let read = (&mut reader).take(8).read_to_end(&mut head).and_then(|_| io::copy(&mut reader, &mut io::sink()));
    read.is_ok() && matches!(head.as_slice(), [0, 5, 0x16, 0 | 7, ..] | [0, 0, 0, 1, b'B', b'u', b'd', b'1'])
}

/// The unpacked bytes of a member, checked at their end.
///
/// # Errors
/// It is damaged, protected or packed in a way that is not supported, or the system cannot read it.
pub fn open_member(file: &InputFile, member: &Member) -> Result<Box<dyn Read + Send>, SourceFault> {
    if member.is_encrypted {
        return Err(SourceFault::Password);
    }
    let mut reader = file.reader();
    let mut heading = [0; LOCAL_HEADING];
    reader.seek(SeekFrom::Start(member.heading_start)).map_err(|_| damaged())?;
    reader.read_exact(&mut heading).map_err(|_| damaged())?;
    let [b'P', b'K', 3, 4, ..] = heading else { return Err(damaged()) };
    let length = |at: usize| u64::from(u16::from_le_bytes([heading[at], heading[at + 1]]));
    let names = length(LENGTHS) + length(LENGTHS + 2);
    let start = member.heading_start.checked_add(LOCAL_HEADING as u64 + names).ok_or_else(damaged)?;
    reader.seek(SeekFrom::Start(start)).map_err(|_| damaged())?;
    let bytes = BufReader::with_capacity(256 << 10, reader).take(member.packed_bytes);
    let reader = match member.method {
        CompressionMethod::Stored => Unpacking::Stored(bytes),
        CompressionMethod::Deflated => Unpacking::Deflated(flate2::read::DeflateDecoder::new(bytes)),
        _ => {
            return Err(SourceFault::NotATable(
                "is a zip folder with a compression that is not supported; save it again with the ordinary one"
                    .to_owned(),
            ));
        }
    };
    let (checksum, size, packed) = (member.checksum, member.bytes, member.packed_bytes);
    Ok(Box::new(CheckedMember { reader, seen: flate2::Crc::new(), checksum, size, packed }))
}

type Packed = io::Take<BufReader<InputReader>>;

/// The bytes of a member as it is packed.
enum Unpacking {
    Stored(Packed),
    Deflated(flate2::read::DeflateDecoder<Packed>),
}

impl Unpacking {
    /// Packed bytes that were needed so far.
    fn needed(&self, given: u64) -> u64 {
        match self {
            Unpacking::Stored(_) => given,
            Unpacking::Deflated(decoder) => decoder.total_in(),
        }
    }
}

impl Read for Unpacking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Unpacking::Stored(bytes) => bytes.read(buffer),
            Unpacking::Deflated(decoder) => decoder.read(buffer),
        }
    }
}

/// A member of a zip folder, checked at its end against the sizes and the checksum that the folder states: a changed byte would otherwise pass as data, and
/// packed bytes that the member does not need could hold rows of another.
struct CheckedMember {
    reader: Unpacking,
    seen: flate2::Crc,
    checksum: u32,
    size: u64,
    packed: u64,
}

impl Read for CheckedMember {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.seen.update(&buffer[..count]);
        // The checksum counts bytes modulo 2^32 only.
        let whole = self.seen.sum() == self.checksum && self.seen.amount() == self.size as u32;
        let given = self.size;
        if count == 0 && !buffer.is_empty() && !(whole && self.reader.needed(given) == self.packed) {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// A zip folder of stored members, written by hand: a library writes no two of one name.
    pub(crate) fn stored(members: &[(&[u8], &[u8])]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in members {
            let start = bytes.len() as u32;
            let mut crc = flate2::Crc::new();
            crc.update(content);
            let mut heading = Vec::new();
            for number in [20, 0, 0, 0, 0x21] {
                heading.extend_from_slice(&u16::to_le_bytes(number));
            }
            for number in [crc.sum(), content.len() as u32, content.len() as u32] {
                heading.extend_from_slice(&number.to_le_bytes());
            }
            heading.extend_from_slice(&(name.len() as u16).to_le_bytes());
            heading.extend_from_slice(&[0, 0]);
            for piece in [&b"PK\x03\x04"[..], &heading, name, content] {
                bytes.extend_from_slice(piece);
            }
            for piece in [&b"PK\x01\x02\x14\x00"[..], &heading, &[0; 10], &start.to_le_bytes(), name] {
                directory.extend_from_slice(piece);
            }
        }
        let count = (members.len() as u16).to_le_bytes();
        let (size, start) = ((directory.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
        for piece in [&directory[..], b"PK\x05\x06\0\0\0\0", &count, &count, &size, &start, &[0, 0]] {
            bytes.extend_from_slice(piece);
        }
        bytes
    }

    fn opened(bytes: &[u8]) -> (tempfile::TempDir, InputFile) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.zip");
        std::fs::File::create(&path).expect("a file").write_all(bytes).expect("written");
        let file = InputFile::open(&path).expect("opened");
        (folder, file)
    }

    #[test]
    fn two_members_of_one_name_are_two_and_keep_their_order() {
        let (_folder, file) = opened(&stored(&[
            (b"b.csv", b"first"),
            (b"b.csv (2)", b"another"),
            (b"b.csv", b"second"),
            (b"a.csv", b"a"),
        ]));
        let read = |member: &Member| {
            let mut text = String::new();
            open_member(&file, member).expect("opened").read_to_string(&mut text).expect("read");
            (member.name.clone(), text)
        };
        let read: Vec<(String, String)> = members(&file).expect("members").iter().map(read).collect();
        let expected = [("a.csv", "a"), ("b.csv", "first"), ("b.csv (3)", "second"), ("b.csv (2)", "another")];
        assert_eq!(read, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
    }

    /// A folder of one member that says it is packed into more bytes than it needs: a second member could stand in the rest.
    #[test]
    fn a_member_that_claims_more_packed_bytes_than_it_needs_is_damaged() {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file("a.csv", zip::write::SimpleFileOptions::default()).expect("begun");
        writer.write_all(&b"id,sex\n1,F\n".repeat(50)).expect("written");
        let sound = writer.finish().expect("finished").into_inner();
        let directory = sound.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
        for more in [0, 40] {
            // The heading of a member has its packed size at 18, its entry in the directory at 20, the end has the place of the directory at 16.
            let mut bytes = sound[..directory].to_vec();
            bytes.extend_from_slice(&vec![b'x'; more]);
            let place = bytes.len();
            bytes.extend_from_slice(&sound[directory..]);
            let end = bytes.len() - 22;
            for at in [18, place + 20] {
                let packed = u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four")) + more as u32;
                bytes[at..at + 4].copy_from_slice(&packed.to_le_bytes());
            }
            bytes[end + 16..end + 20].copy_from_slice(&(place as u32).to_le_bytes());
            let (_folder, file) = opened(&bytes);
            let member = members(&file).expect("members").remove(0);
            let read = open_member(&file, &member).expect("opened").read_to_end(&mut Vec::new());
            assert_eq!(read.map_err(|error| error.kind()).ok(), (more == 0).then_some(550), "{more}");
        }
    }

    #[test]
    fn folders_are_no_members_and_hidden_is_what_its_own_name_says() {
        let (_folder, file) = opened(&stored(&[
            (b"dir/", b""),
            (b"dir\\", b""),
            (b".\\dir\\a.csv", b"a"),
            (b"dir\\.b.csv", b"b"),
            (b"__MACOSX/._a.csv", b"c"),
            (b"\xff\xfe.csv", b"d"),
            (b"trailing\\", b"rows"),
        ]));
        let members = members(&file).expect("members");
        let hidden: Vec<&str> =
            members.iter().filter(|member| member.is_hidden).map(|member| member.name.as_str()).collect();
        assert_eq!(hidden, ["__MACOSX/._a.csv", "dir\\.b.csv"]);
        assert_eq!(members.len(), 5);
    }
}
