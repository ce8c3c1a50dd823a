//! A compound file (MS-CFB), as the workbooks of Excel 97 are kept in.

const END_OF_CHAIN: u32 = 0xffff_fffe;

/// A compound file of one stream: the first sectors are the table of chains, then comes the folder, then the stream. Long streams take wide sectors.
pub fn of(stream: &[u8]) -> Vec<u8> {
    let size = if stream.len() > 6 << 20 { 4096 } else { 512 };
    let sectors = stream.len().div_ceil(size).max(8);
    let table_sectors = (sectors + 300).div_ceil(size / 4);
    let mut file = vec![0; size];
    file[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    file[26] = 3;
    file[28..30].copy_from_slice(&[0xfe, 0xff]);
    file[30] = if size == 512 { 9 } else { 12 };
    file[32] = 6;
    file[44..48].copy_from_slice(&(table_sectors as u32).to_le_bytes());
    let folder = table_sectors as u32;
    file[48..52].copy_from_slice(&folder.to_le_bytes());
    file[60..64].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
    file[68..72].copy_from_slice(&END_OF_CHAIN.to_le_bytes());
    for place in 0..109 {
        let sector = if place < table_sectors { place as u32 } else { u32::MAX };
        file[76 + place * 4..80 + place * 4].copy_from_slice(&sector.to_le_bytes());
    }
    let first = folder + 1;
    let mut next = vec![0xffff_fffd; table_sectors];
    next.push(END_OF_CHAIN);
    next.extend((0..sectors as u32).map(|at| if at + 1 == sectors as u32 { END_OF_CHAIN } else { first + at + 1 }));
    next.resize(table_sectors * (size / 4), u32::MAX);
    file.extend(next.iter().flat_map(|sector| sector.to_le_bytes()));
    for (name, kind, start, length) in [("Root Entry", 5, END_OF_CHAIN, 0), ("Workbook", 2, first, sectors * size)] {
        let mut entry = vec![0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = (name.len() as u8 + 1) * 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(length as u32).to_le_bytes());
        file.extend(entry);
    }
    file.extend(vec![0; size - 256]);
    file.extend_from_slice(stream);
    file.resize(file.len() + sectors * size - stream.len(), 0);
    file
}
