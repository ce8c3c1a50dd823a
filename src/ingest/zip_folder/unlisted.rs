//! What stands in a zip folder and its directory does not list: a second folder before it or behind it, a member that was left out of the list.
//!
//! Whoever reads by the directory passes over such rows without a word. So the bytes that no listed member takes are looked through for the heading of a member.
//! A program that unpacks itself has bytes of its own before the first member, and a member may hold a zip folder: neither is taken for one.

use std::io::{self, Read as _, Seek as _, SeekFrom};

use super::{LENGTHS, LOCAL_HEADING, SourceFault, damaged};
use crate::ingest::input_file::InputFile;

/// Bytes of an entry of the directory, its name and further fields left out.
const ENTRY: u64 = 46;
/// Bytes of a gap looked at together.
const PIECE: usize = 64 << 10;
/// The highest version of the format that a heading may ask for: 6.3 (APPNOTE 4.4.3), with room for later ones.
const HIGHEST_VERSION: u8 = 99;
/// The highest system that a heading may name (APPNOTE 4.4.2: 0 to 19, and 30).
const HIGHEST_SYSTEM: u8 = 30;
/// The highest way of packing (APPNOTE 4.4.5).
const HIGHEST_METHOD: u16 = 99;

/// Where an entry of the directory stands, and where it says that its member does.
#[derive(Debug, Clone, Copy)]
pub struct ListedMember {
    /// Place of the entry.
    pub entry_start: u64,
    /// Place of the member's own heading.
    pub heading_start: u64,
    /// Bytes of the member behind its heading.
    pub packed_bytes: u64,
}

/// Refuses a zip folder that holds more than its directory lists.
///
/// # Errors
/// It does, or the system cannot read it.
pub fn refuse_unlisted(file: &InputFile, listed: &[ListedMember]) -> Result<(), SourceFault> {
    let mut taken = Vec::with_capacity(listed.len() + 1);
    for member in listed {
        let [name_end, start, end] = places_of(file, member)?;
        taken.extend([(member.heading_start, name_end), (start, end)]);
    }
    // What stands behind the name in a heading or in an entry of the directory, and the comments, may hold anything.
    taken.extend(listed.iter().map(|member| (member.entry_start, member.entry_start.saturating_add(ENTRY))));
    taken.sort_unstable();
    taken.push((file.bytes(), file.bytes()));
    let mut at = 0;
    for (start, end) in taken {
        let gap_end = start.min(file.bytes());
        if gap_end > at {
            let look = look_through(file, at, gap_end).map_err(|_| damaged())?;
            if let Some(found) = look {
                return Err(fault(found));
            }
        }
        at = at.max(end);
    }
    Ok(())
}

fn fault(found: Signature) -> SourceFault {
    SourceFault::Damaged(match found {
        Signature::Folder => {
            "is two zip folders one behind the other, of which only one would be read; send each as a file of its own"
                .to_owned()
        }
        Signature::Member => "holds a member that its directory does not list; make the folder anew".to_owned(),
    })
}

/// Of a listed member: the end of its name, and start and end of what is packed. Where no heading stands, the member is damaged: whoever reads it is told so.
fn places_of(file: &InputFile, member: &ListedMember) -> Result<[u64; 3], SourceFault> {
    let mut reader = file.reader();
    let mut heading = [0; LOCAL_HEADING];
    reader.seek(SeekFrom::Start(member.heading_start)).map_err(|_| damaged())?;
    reader.read_exact(&mut heading).map_err(|_| damaged())?;
    let name = u64::from(number(&heading, LENGTHS));
    let name_end = member.heading_start.saturating_add(LOCAL_HEADING as u64 + name);
    let start = name_end.saturating_add(u64::from(number(&heading, LENGTHS + 2)));
    Ok([name_end, start, start.saturating_add(member.packed_bytes)])
}

fn number(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// What was found where no listed member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    /// A whole folder: the heading of a member, and behind it the end of a directory.
    Folder,
    /// The heading of a member.
    Member,
}

/// Looks through the bytes of a gap, from `start` to before `end`.
fn look_through(file: &InputFile, start: u64, end: u64) -> io::Result<Option<Signature>> {
    let mut reader = file.reader();
    reader.seek(SeekFrom::Start(start))?;
    let mut reader = reader.take(end - start);
    let (mut held, mut held_start, mut found) = (Vec::with_capacity(2 * PIECE), start, None);
    loop {
        let before = held.len();
        (&mut reader).take(PIECE as u64).read_to_end(&mut held)?;
        let is_last = held.len() == before;
        for at in memchr::memmem::find_iter(&held, b"PK") {
            let rest = &held[at..];
            if rest.len() < LOCAL_HEADING && !is_last {
                break;
            }
            match found {
                None if is_heading(rest, end - held_start - at as u64) => found = Some(Signature::Member),
                Some(Signature::Member) if rest.starts_with(b"PK\x05\x06") => return Ok(Some(Signature::Folder)),
                _ => {}
            }
        }
        if is_last {
            return Ok(found);
        }
        // A heading may lie across two pieces.
        let kept = held.len().min(LOCAL_HEADING - 1);
        held_start += (held.len() - kept) as u64;
        held.drain(..held.len() - kept);
    }
}

/// Whether the heading of a member begins here, with so many bytes `left` in the gap. A program that unpacks itself knows the four bytes of the mark as well; what
/// follows them in it is no heading.
fn is_heading(bytes: &[u8], left: u64) -> bool {
    if bytes.len() < LOCAL_HEADING || !bytes.starts_with(b"PK\x03\x04") {
        return false;
    }
    let (version, system, method) = (bytes[4], bytes[5], number(bytes, 8));
    let (name, further) = (number(bytes, LENGTHS), number(bytes, LENGTHS + 2));
    version <= HIGHEST_VERSION
        && system <= HIGHEST_SYSTEM
        && method <= HIGHEST_METHOD
        && name > 0
        && LOCAL_HEADING as u64 + u64::from(name) + u64::from(further) <= left
}
