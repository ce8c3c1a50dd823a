//! The compound file around an xls workbook (MS-CFB): its chains of sectors are followed with a bound, because a damaged chain can run in a circle.

/// Sector numbers from here on mean something else than a sector.
const RESERVED: u32 = 0xffff_fffa;
const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Streams shorter than this lie in the small sectors.
const SMALL_STREAM: u64 = 4096;
const SMALL_SECTOR: usize = 64;

/// Why a compound file is refused: a chain leaves the file, or is longer than the file.
#[derive(Debug, PartialEq, Eq)]
pub struct BrokenChain;

struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
    /// The chain from each sector.
    next: Vec<u32>,
}

impl Sectors<'_> {
    fn sector(&self, number: u32) -> Result<&[u8], BrokenChain> {
        let start = (number as usize).checked_mul(self.size).ok_or(BrokenChain)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty()).ok_or(BrokenChain)?;
        Ok(&rest[..rest.len().min(self.size)])
    }

    /// The bytes of a chain, up to `length`.
    fn chain(&self, start: u32, length: u64) -> Result<Vec<u8>, BrokenChain> {
        let mut found = Vec::new();
        let mut at = start;
        while at != END_OF_CHAIN && (found.len() as u64) < length {
            let sector = self.sector(at)?;
            let wanted = usize::try_from(length - found.len() as u64).unwrap_or(usize::MAX);
            found.extend_from_slice(&sector[..sector.len().min(wanted)]);
            // No sound stream is longer than the file that holds it.
            if found.len() > self.bytes.len() + self.size {
                return Err(BrokenChain);
            }
            at = *self.next.get(at as usize).ok_or(BrokenChain)?;
        }
        Ok(found)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn number(bytes: &[u8], at: usize) -> Result<u32, BrokenChain> {
    bytes.get(at..at + 4).and_then(|four| numbers(four).next()).ok_or(BrokenChain)
}

/// The workbook's stream, with every chain that leads to it followed.
///
/// # Errors
/// A chain leaves the file or runs in a circle, or there is no workbook inside.
pub fn workbook_stream(file: &[u8]) -> Result<Vec<u8>, BrokenChain> {
    let size = match file.get(30..32) {
        Some([9, 0]) => 512,
        Some([12, 0]) => 4096,
        _ => return Err(BrokenChain),
    };
    let mut sectors = Sectors { bytes: file.get(size..).ok_or(BrokenChain)?, size, next: Vec::new() };
    sectors.next = chains(file, &sectors)?;
    let folder = sectors.chain(number(file, 48)?, u64::MAX)?;
    let entries: Vec<&[u8]> = folder.chunks_exact(128).collect();
    let root = entries.first().ok_or(BrokenChain)?;
    let small = if number(file, 64)? > 0 {
        let bytes = sectors.chain(number(root, 116)?, stream_length(root, size)?)?;
        let next = sectors.chain(number(file, 60)?, u64::from(number(file, 64)?) * size as u64)?;
        (bytes, numbers(&next).collect())
    } else {
        (Vec::new(), Vec::new())
    };
    let small = Sectors { bytes: &small.0, size: SMALL_SECTOR, next: small.1 };
    for name in ["workbook", "book"] {
        let Some(entry) = entries.iter().find(|entry| entry_name(entry).eq_ignore_ascii_case(name)) else { continue };
        let (start, length) = (number(entry, 116)?, stream_length(entry, size)?);
        let stream = if length < SMALL_STREAM { &small } else { &sectors }.chain(start, length)?;
        return Ok(stream);
    }
    Err(BrokenChain)
}

/// The table of chains, from the sectors that the heading and its continuations list.
fn chains(file: &[u8], sectors: &Sectors<'_>) -> Result<Vec<u32>, BrokenChain> {
    let count = sectors.bytes.len() / sectors.size + 1;
    let mut listed: Vec<u32> = numbers(file.get(76..512).ok_or(BrokenChain)?).collect();
    let mut continuation = number(file, 68)?;
    for _ in 0..=count {
        if continuation >= RESERVED {
            break;
        }
        listed.extend(numbers(sectors.sector(continuation)?));
        continuation = listed.pop().ok_or(BrokenChain)?;
    }
    if continuation < RESERVED {
        return Err(BrokenChain);
    }
    listed.retain(|sector| *sector < RESERVED);
    // A table that lists a sector again and again would be many times the file's size.
    if listed.len() > count {
        return Err(BrokenChain);
    }
    let mut next = Vec::new();
    for sector in listed {
        next.extend(numbers(sectors.sector(sector)?));
    }
    Ok(next)
}

fn stream_length(entry: &[u8], sector_size: usize) -> Result<u64, BrokenChain> {
    let low = u64::from(number(entry, 120)?);
    Ok(if sector_size == 512 { low } else { low | u64::from(number(entry, 124)?) << 32 })
}

fn entry_name(entry: &[u8]) -> String {
    let units: Vec<u16> = entry[..64].chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(&units[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compound_file::of as file_of;

    #[test]
    fn a_stream_is_put_together_from_its_sectors() {
        let stream: Vec<u8> = (0..10_000u32).map(|at| at as u8).collect();
        let found = workbook_stream(&file_of(&stream)).expect("a stream");
        assert_eq!(&found[..stream.len()], &stream[..]);
    }

    #[test]
    fn a_chain_in_a_circle_or_out_of_the_file_is_refused() {
        let stream = vec![1; 10_000];
        let sound = file_of(&stream);
        let table_sectors = (stream.len().div_ceil(512) + 300).div_ceil(128);
        for (sector, target) in [
            (table_sectors, table_sectors as u32),
            (table_sectors + 3, table_sectors as u32 + 2),
            (table_sectors + 3, 60_000),
        ] {
            let mut file = sound.clone();
            file[512 + sector * 4..516 + sector * 4].copy_from_slice(&target.to_le_bytes());
            // The stream's circle is cut by its stated length only where that is short, so it is stated long.
            let entry = 512 + table_sectors * 512 + 128;
            file[entry + 120..entry + 124].copy_from_slice(&u32::MAX.to_le_bytes());
            assert_eq!(workbook_stream(&file), Err(BrokenChain), "{sector} -> {target}");
        }
    }
}
