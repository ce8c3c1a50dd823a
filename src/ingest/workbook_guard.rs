//! Looks at a workbook before any library does: what it is, and whether it would take more room than an export may.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use super::fault::SourceFault;

/// Kind of workbook, by its contents and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Excel 2007 and later.
    Xlsx,
    /// Excel binary workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
    /// Excel 97 to 2003.
    Xls,
}

/// Bytes that all parts of a workbook may unpack to.
const LARGEST_UNPACKED: u64 = 400 << 20;
/// Entries that a workbook's zip folder may have.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of an xls file: the format holds 65,536 rows a sheet.
const LARGEST_XLS: u64 = 120 << 20;
/// Cells that the rectangle of an OpenDocument sheet may span.
const LARGEST_RECTANGLE: u64 = 4_000_000;

/// Looks at a workbook.
///
/// # Errors
/// It is no workbook, is damaged, protected, or would take more room than an export may; the words say which.
pub fn check(path: &Path) -> Result<Kind, SourceFault> {
    let mut head = [0; 4096];
    let mut file = File::open(path).map_err(SourceFault::Read)?;
    let count = file.read(&mut head).map_err(SourceFault::Read)?;
    match &head[..count] {
        [] => Err(SourceFault::Empty),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => check_compound(path),
        [b'P', b'K', ..] => check_zip(path),
        text => Err(SourceFault::NotATable(format!(
            "is no workbook, whatever its name: it looks like {}; open it in Excel and save it as xlsx, or name it in a layout of text",
            looks_like(text)
        ))),
    }
}

fn looks_like(text: &[u8]) -> &'static str {
    let start = text.trim_ascii_start();
    let lower = start[..start.len().min(300)].to_ascii_lowercase();
    let has = |words: &[u8]| lower.windows(words.len()).any(|window| window == words);
    if has(b"<html") || has(b"<!doctype html") || has(b"<table") {
        "a web page (HTML)"
    } else if lower.starts_with(b"<?xml") || has(b"<workbook") {
        "XML (SpreadsheetML)"
    } else if text.contains(&0) {
        "a binary file of another kind"
    } else {
        "text (CSV)"
    }
}

fn check_compound(path: &Path) -> Result<Kind, SourceFault> {
    let size = std::fs::metadata(path).map_err(SourceFault::Read)?.len();
    if size > LARGEST_XLS {
        return Err(SourceFault::TooLarge("is larger than an xls workbook can be; save it as xlsx".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(SourceFault::Read)?;
    // An encrypted xlsx is a compound file with a stream of this name, in UTF-16.
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) {
        return Err(SourceFault::Password);
    }
    if size < 1536 {
        return Err(SourceFault::Damaged("is a workbook cut short; copy it again".to_owned()));
    }
    Ok(Kind::Xls)
}

fn check_zip(path: &Path) -> Result<Kind, SourceFault> {
    let damaged = || SourceFault::Damaged("is a workbook that is damaged or cut short; copy it again".to_owned());
    let file = File::open(path).map_err(SourceFault::Read)?;
    let size = file.metadata().map_err(SourceFault::Read)?.len();
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|_| damaged())?;
    if archive.len() > MOST_ENTRIES {
        return Err(SourceFault::TooLarge("has more parts than a workbook of an export".to_owned()));
    }
    let mut names = Vec::new();
    let mut unpacked = 0u64;
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|_| damaged())?;
        unpacked = unpacked.saturating_add(entry.size());
        names.push(entry.name().map_err(|_| damaged())?.into_owned());
    }
    let too_large = || {
        SourceFault::TooLarge(format!(
            "unpacks to more than {} MiB; save it as CSV, or split it",
            LARGEST_UNPACKED >> 20
        ))
    };
    if unpacked > LARGEST_UNPACKED || unpacked / size.max(1) > 2000 {
        return Err(too_large());
    }
    // What a part declares need not be what it unpacks to: every part is unpacked once, counted, and thrown away.
    let mut really = 0u64;
    for name in &names {
        let Ok(entry) = archive.by_name(name) else { return Err(damaged()) };
        let mut part = entry.take(LARGEST_UNPACKED + 1);
        really += std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| damaged())?;
        if really > LARGEST_UNPACKED {
            return Err(too_large());
        }
    }
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("xl/workbook.xml") {
        check_shared_strings(&mut archive, &names)?;
        Ok(Kind::Xlsx)
    } else if has("xl/workbook.bin") {
        Ok(Kind::Xlsb)
    } else if has("content.xml") {
        check_rectangles(&mut archive)?;
        Ok(Kind::Ods)
    } else {
        Err(SourceFault::NotATable("is a zip folder that holds no workbook".to_owned()))
    }
}

type Archive = zip::ZipArchive<BufReader<File>>;

/// The declared number of shared strings must fit the part they stand in: a library makes room for as many as are declared.
fn check_shared_strings(archive: &mut Archive, names: &[String]) -> Result<(), SourceFault> {
    for name in names.iter().filter(|name| name.ends_with("sharedStrings.xml")) {
        let Ok(entry) = archive.by_name(name) else { continue };
        let size = entry.size();
        let mut head = Vec::new();
        let _ = entry.take(4096).read_to_end(&mut head);
        let text = String::from_utf8_lossy(&head);
        for key in ["uniqueCount=\"", "count=\""] {
            let stated = text
                .split_once(key)
                .and_then(|(_, rest)| rest.split('"').next())
                .and_then(|number| number.parse::<u64>().ok());
            if stated.is_some_and(|stated| stated > size.max(64)) && key.starts_with('u') {
                return Err(SourceFault::Damaged(
                    "states more texts than it holds; it is damaged or made to do harm".to_owned(),
                ));
            }
        }
    }
    Ok(())
}

/// The rectangle that the filled cells of an OpenDocument sheet span, with repeated rows and columns multiplied out.
fn check_rectangles(archive: &mut Archive) -> Result<(), SourceFault> {
    use quick_xml::events::Event;
    let damaged = || SourceFault::Damaged("is an OpenDocument workbook that is damaged; copy it again".to_owned());
    let entry = archive.by_name("content.xml").map_err(|_| damaged())?;
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(entry));
    let mut buffer = Vec::new();
    let (mut row, mut column, mut rows_repeated) = (0u64, 0u64, 1u64);
    let (mut widest, mut last_row, mut row_filled) = (0u64, 0u64, false);
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|_| damaged())?;
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            match event {
                Event::End(element) if element.local_name().as_ref() == b"table-row" => {
                    row += rows_repeated;
                    if row_filled {
                        last_row = row;
                    }
                }
                Event::End(element) if element.local_name().as_ref() == b"table" => {
                    if widest.saturating_mul(last_row) > LARGEST_RECTANGLE {
                        return Err(SourceFault::TooLarge("has a filled cell so far out that its sheet spans millions of cells; delete what stands far from the table".to_owned()));
                    }
                    (row, widest, last_row) = (0, 0, 0);
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
            buffer.clear();
            continue;
        };
        let repeated = |wanted: &[u8]| {
            element
                .attributes()
                .flatten()
                .find(|attribute| attribute.key.local_name().as_ref() == wanted)
                .and_then(|attribute| String::from_utf8_lossy(&attribute.value).parse::<u64>().ok())
                .unwrap_or(1)
        };
        match element.local_name().as_ref() {
            b"table-row" => {
                (column, row_filled) = (0, false);
                rows_repeated = repeated(b"number-rows-repeated");
            }
            b"table-cell" => {
                let filled = element
                    .attributes()
                    .flatten()
                    .any(|attribute| attribute.key.local_name().as_ref() == b"value-type");
                let count = repeated(b"number-columns-repeated");
                column += count;
                if filled {
                    row_filled = true;
                    widest = widest.max(column);
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}
