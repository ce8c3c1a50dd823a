//! What is no text at all, told by its begin.

use crate::ingest::fault::SourceFault;

/// Refuses what is no text, naming what it looks like.
///
/// # Errors
/// The begin of the file is that of something else.
pub fn refuse_binary(head: &[u8]) -> Result<(), SourceFault> {
    if !head.is_empty() && head.iter().all(|byte| *byte == 0) {
        return Err(SourceFault::Damaged(
            "holds zero bytes alone: it was not copied whole; ask for it again".to_owned(),
        ));
    }
    let looks_like = match head {
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF document"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => Some("a picture"),
        [b'P', b'A', b'R', b'1', ..] => Some("a Parquet file"),
        [0x7f, b'E', b'L', b'F', ..] | [b'M', b'Z', ..] => Some("a program"),
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => Some("a database file"),
        [b'P', b'K', 3, 4, ..] => Some("a zip folder or workbook that is packed once more; unpack it"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("a workbook that is packed; unpack it"),
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("a file that is compressed twice; unpack it"),
        _ if head.get(257..262) == Some(b"ustar") => Some("a tar archive; unpack it"),
        _ => None,
    };
    if let Some(what) = looks_like.filter(|what| what.ends_with("unpack it")) {
        return Err(SourceFault::NotATable(format!("holds {what}")));
    }
    // A text may hold a byte that none should; its row is then rejected alone.
    if head.contains(&0) && (looks_like.is_some() || is_mostly_binary(head)) {
        let what = looks_like.unwrap_or("a binary file");
        return Err(SourceFault::NotATable(format!("is no table but looks like {what}; export it as CSV or Excel")));
    }
    let start = head.trim_ascii_start();
    let lower = start[..start.len().min(15)].to_ascii_lowercase();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") || lower.starts_with(b"<table") {
        return Err(SourceFault::NotATable(
            "is a web page (HTML), whatever its name; open it in Excel and save it as xlsx or CSV".to_owned(),
        ));
    }
    if lower.starts_with(b"<?xml") {
        return Err(SourceFault::NotATable(
            "is an XML document, whatever its name; open it in Excel and save it as xlsx or CSV".to_owned(),
        ));
    }
    if head.starts_with(b"%PDF") {
        return Err(SourceFault::NotATable(
            "is no table but looks like a PDF document; export it as CSV or Excel".to_owned(),
        ));
    }
    Ok(())
}

/// Whether bytes that no text has are many (one in twenty) and stand in most lines: text that was damaged or padded has them in some places only.
fn is_mostly_binary(head: &[u8]) -> bool {
    let alien = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b);
    let count = head.iter().filter(|byte| alien(byte)).count();
    let lines: Vec<&[u8]> = head.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let marred = lines.iter().filter(|line| line.iter().any(alien)).count();
    count * 20 >= head.len() && marred * 2 > lines.len()
}
