//! Looks at a workbook before any library does: what it is, and whether it would take more room than an export may.
//!
//! The libraries that read workbooks make room by what a file states: a damaged or hostile one of a few kilobytes can ask for terabytes, and a failed
//! allocation ends the process. So every part is unpacked once and measured, and what the library would hold of it is reckoned from that:
//!
//! | kind | how it is read | guarded by |
//! | --- | --- | --- |
//! | xlsx | cell by cell; shared strings and formats as a whole | number and size of the strings, strings stated, formats, longest value |
//! | xlsb | cell by cell; shared strings as a whole | the same of its records, and lengths that leave the part |
//! | ods | all sheets as a whole, repeated cells multiplied out | cells, rows and text after repetition; sound XML |
//! | xls | all sheets as a whole, the rectangle of each | rectangles, cells, texts of cells; chains of sectors that run in circles |

mod binary_records;
mod compound;
mod markup;
mod old_records;
mod open_document;

use std::io::{self, BufReader, Read};

pub use self::open_document::{ErrorNumbers, is_error};
use self::{
    markup::{Markup, Measuring},
    old_records::OldBookRefusal,
};
use super::{
    fault::SourceFault,
    input_file::{InputFile, InputReader},
};

/// Kind of workbook, by its contents and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkbookFormat {
    /// Excel 2007 and later.
    Xlsx,
    /// Excel binary workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
    /// Excel 97 to 2003.
    Xls,
}

/// What a look at a workbook tells before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardLook {
    /// Its kind.
    pub kind: WorkbookFormat,
    /// Whether cells of an xlsx hold formulas.
    pub formulas: bool,
    /// Whether an xlsx says that its formulas must be calculated when it is opened: no spreadsheet program has saved it since it was written.
    pub never_calculated: bool,
    /// Whether an xlsb holds formulas whose value is an error.
    pub error_formulas: bool,
    /// Whether an ods has numbers that show an error.
    pub error_numbers: bool,
}

impl GuardLook {
    fn of(kind: WorkbookFormat) -> GuardLook {
        GuardLook { kind, formulas: false, never_calculated: false, error_formulas: false, error_numbers: false }
    }
}

/// Bytes that all parts of a workbook may unpack to.
const LARGEST_UNPACKED: u64 = 400 << 20;
/// How much larger than its file a workbook may be, where it is larger than a real one is.
const LARGEST_RATIO: u64 = 200;
/// Bytes below which the ratio is not looked at.
const RATIO_FLOOR: u64 = 100 << 20;
/// Entries that a workbook's zip folder may have.
const MOST_ENTRIES: usize = 10_000;
/// Bytes of an xls file that are held while it is read.
const LARGEST_XLS: u64 = 64 << 20;
/// Bytes that a library may hold of the texts and formats of a workbook, its cells left out.
const MOST_HELD_BESIDE_CELLS: u64 = 160 << 20;
/// Bytes that a library may hold of a workbook that it reads as a whole.
const MOST_HELD: u64 = 320 << 20;
/// Bytes of one value, tag or record. A cell holds 32,767 characters.
const LONGEST_VALUE: u64 = 4 << 20;
/// Bytes of the part that lists the sheets and names of a binary workbook.
const MOST_KEPT: u64 = 4 << 20;

/// Looks at a workbook.
///
/// # Errors
/// It is no workbook, is damaged, protected, or would take more room than an export may; the words say which.
pub fn check(file: &InputFile) -> Result<GuardLook, SourceFault> {
    let mut head = Vec::new();
    file.reader().take(4096).read_to_end(&mut head).map_err(SourceFault::Read)?;
    match &head[..] {
        [] => Err(SourceFault::Empty),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => check_compound(file),
        [b'P', b'K', ..] => check_zip(file),
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

fn damaged() -> SourceFault {
    SourceFault::Damaged("is a workbook that is damaged or cut short; copy it again".to_owned())
}

fn too_large() -> SourceFault {
    SourceFault::TooLarge("takes more room than an Excel export may; save its sheet as CSV, or split it".to_owned())
}

fn check_compound(file: &InputFile) -> Result<GuardLook, SourceFault> {
    let size = file.bytes();
    if size > LARGEST_XLS {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(size as usize);
    file.reader().take(LARGEST_XLS).read_to_end(&mut bytes).map_err(SourceFault::Read)?;
    // An encrypted xlsx is a compound file with a stream of this name, in UTF-16.
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memchr::memmem::find(&bytes, &name).is_some() {
        return Err(SourceFault::Password);
    }
    let stream = compound::workbook_stream(&bytes).map_err(|_| damaged())?;
    let held = old_records::bytes_held(&stream).map_err(|refusal| match refusal {
        OldBookRefusal::Damaged => damaged(),
        OldBookRefusal::Password => SourceFault::Password,
    })?;
    if held.saturating_add(2 * size) > MOST_HELD {
        return Err(SourceFault::TooLarge(
            "spans more cells than can be read of this old format; delete what stands far from the table, or save it as xlsx or CSV".to_owned(),
        ));
    }
    Ok(GuardLook::of(WorkbookFormat::Xls))
}

type Archive = zip::ZipArchive<BufReader<InputReader>>;

fn check_zip(file: &InputFile) -> Result<GuardLook, SourceFault> {
    let size = file.bytes();
    let mut archive = zip::ZipArchive::new(BufReader::new(file.reader())).map_err(|_| damaged())?;
    if archive.has_duplicate_names() {
        return Err(SourceFault::Damaged(
            "is a workbook that holds a part twice; open it in Excel, save it again, and send that".to_owned(),
        ));
    }
    if archive.len() > MOST_ENTRIES {
        return Err(SourceFault::TooLarge("has more parts than a workbook of an export".to_owned()));
    }
    let mut names = Vec::new();
    let mut stated = 0u64;
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|_| damaged())?;
        stated = stated.saturating_add(entry.size());
        if entry.encrypted() {
            return Err(SourceFault::Password);
        }
        names.push(entry.name().map_err(|_| damaged())?.into_owned());
    }
    let kind = kind_of(&mut archive, &names)?;
    if kind == WorkbookFormat::Ods && is_encrypted(&mut archive) {
        return Err(SourceFault::Password);
    }
    let mut looked = GuardLook::of(kind);
    let most = if size.saturating_mul(LARGEST_RATIO) < RATIO_FLOOR {
        RATIO_FLOOR
    } else {
        LARGEST_UNPACKED.min(size.saturating_mul(LARGEST_RATIO))
    };
    let unpacks_to_much =
        || SourceFault::TooLarge(format!("unpacks to more than {} MiB; save it as CSV, or split it", most >> 20));
    if stated > most {
        return Err(unpacks_to_much());
    }
    // What a part states need not be what it unpacks to: every part is unpacked once, measured, and thrown away.
    let (mut unpacked, mut held) = (0u64, 0u64);
    for name in &names {
        let (bytes, part) = measure_part(&mut archive, name, most - unpacked)?;
        unpacked += bytes;
        if unpacked > most {
            return Err(unpacks_to_much());
        }
        looked.formulas |= part.formulas > 0;
        looked.never_calculated |= part.never_calculated;
        if is_read(name) {
            held = held.saturating_add(held_of_markup(&part, name, bytes)?);
        }
        if kind == WorkbookFormat::Xlsb && name.to_ascii_lowercase().ends_with(".bin") {
            let (bytes, error_formulas) = held_of_records(&mut archive, name)?;
            held = held.saturating_add(bytes);
            looked.error_formulas |= error_formulas;
        }
        if held > MOST_HELD_BESIDE_CELLS {
            return Err(too_large());
        }
    }
    if kind == WorkbookFormat::Ods {
        looked.error_numbers = check_open_document(&mut archive)?;
    }
    Ok(looked)
}

/// A part's name as it is compared: some programs write it with backslashes, or letters in another case.
fn plain(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// What a zip folder with a workbook's parts is. The parts may have any name: what they are, the list of content types says.
fn kind_of(archive: &mut Archive, names: &[String]) -> Result<WorkbookFormat, SourceFault> {
    let has = |name: &str| names.iter().any(|known| plain(known) == name);
    if has("xl/workbook.xml") {
        return Ok(WorkbookFormat::Xlsx);
    }
    if has("xl/workbook.bin") {
        return Ok(WorkbookFormat::Xlsb);
    }
    if has("content.xml") {
        return Ok(WorkbookFormat::Ods);
    }
    let types = names.iter().find(|name| plain(name) == "[content_types].xml");
    let types = types.map(|name| text_of_part(archive, name)).unwrap_or_default();
    let says = |word: &str| types.contains(word);
    if says("ms-excel.sheet.binary") {
        return Ok(WorkbookFormat::Xlsb);
    }
    if says("spreadsheetml.sheet.main") || says("spreadsheetml.template.main") || says("ms-excel.sheet.macroenabled") {
        return Ok(WorkbookFormat::Xlsx);
    }
    let what = if says("wordprocessingml") {
        "is a Word document"
    } else if says("presentationml") {
        "is a presentation"
    } else {
        "is a zip folder that holds no workbook"
    };
    Err(SourceFault::NotATable(what.to_owned()))
}

/// The begin of a part as text in lower case; nothing where it cannot be read.
fn text_of_part(archive: &mut Archive, name: &str) -> String {
    let mut bytes = Vec::new();
    let read = archive.by_name(name).map(|part| part.take(MOST_KEPT).read_to_end(&mut bytes));
    if matches!(read, Ok(Ok(_))) { String::from_utf8_lossy(&bytes).to_ascii_lowercase() } else { String::new() }
}

/// Whether the list of an OpenDocument's parts says that one is encrypted.
fn is_encrypted(archive: &mut Archive) -> bool {
    measure_part(archive, "META-INF/manifest.xml", MOST_KEPT).is_ok_and(|(_, part)| part.declares_encryption)
}

/// Whether a library reads a part when it reads cells. Others may hold anything, UTF-16 among it, and are measured only by their size.
fn is_read(name: &str) -> bool {
    let name = plain(name);
    ![
        "customxml/",
        "docprops/",
        "xl/charts/",
        "xl/drawings/",
        "xl/diagrams/",
        "xl/media/",
        "xl/embeddings/",
        "thumbnails/",
    ]
    .iter()
    .any(|folder| name.starts_with(folder))
}

/// Unpacks a part, one byte more than `most` at the most.
fn measure_part(archive: &mut Archive, name: &str, most: u64) -> Result<(u64, Markup), SourceFault> {
    let mut part = archive.by_name(name).map_err(|_| damaged())?.take(most + 1);
    let mut measuring = Measuring::default();
    let mut buffer = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        match part.read(&mut buffer) {
            Ok(0) => return Ok((bytes, measuring.end())),
            Ok(count) => {
                bytes += count as u64;
                measuring.take(&buffer[..count]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(damaged()),
        }
    }
}

/// Bytes that a library holds of an XML part. Parts that are none measure as little, but for values too long to be held.
fn held_of_markup(part: &Markup, name: &str, bytes: u64) -> Result<u64, SourceFault> {
    let lower = name.to_ascii_lowercase();
    let is_markup = lower.ends_with(".xml") || lower.ends_with(".rels");
    if part.stated_strings > bytes {
        return Err(SourceFault::Damaged(
            "states more texts than it holds; it is damaged or made to do harm".to_owned(),
        ));
    }
    if is_markup && (part.open_tags != 0 || part.declares_type) {
        return Err(damaged());
    }
    // Pictures are read by nobody; in one, no value ends.
    if part.longest_event > LONGEST_VALUE && (is_markup || !lower.contains("media/") && !lower.contains("pictures/")) {
        return Err(SourceFault::TooLarge("holds a value longer than any cell can be".to_owned()));
    }
    if is_markup && part.longest_cell > 2 * LONGEST_VALUE {
        return Err(SourceFault::TooLarge("holds a text longer than any cell can hold".to_owned()));
    }
    let text = if part.shared_strings > 0 { bytes } else { 0 };
    let strings = part.stated_strings.max(part.shared_strings * 2) * 24 + part.shared_strings * 32 + text;
    // A format holds copies of its font, fill and border, names and all.
    let formats = part.cell_formats.saturating_mul(700 + 2 * part.longest_event);
    Ok(strings.saturating_add(formats).saturating_add(part.kept_elements.saturating_mul(400)))
}

/// Bytes that a library holds of a part of a binary workbook, and whether the part holds formulas whose value is an error.
fn held_of_records(archive: &mut Archive, name: &str) -> Result<(u64, bool), SourceFault> {
    let part = archive.by_name(name).map_err(|_| damaged())?;
    let bytes = part.size();
    let records = binary_records::measure(BufReader::new(part)).map_err(|_| damaged())?;
    let read_by_library = !["printersettings", "vbaproject", "activex", "embeddings"]
        .iter()
        .any(|word| name.to_ascii_lowercase().contains(word));
    if !read_by_library {
        return Ok((0, false));
    }
    if records.cut_short || records.longest > LONGEST_VALUE || records.kept_bytes > MOST_KEPT {
        return Err(damaged());
    }
    let held = if records.shared_strings > 0 { records.shared_strings * 80 + bytes } else { 0 };
    Ok((held, records.error_formulas > 0))
}

fn check_open_document(archive: &mut Archive) -> Result<bool, SourceFault> {
    let content = archive.by_name("content.xml").map_err(|_| damaged())?;
    let content = open_document::look(content).map_err(|_| damaged())?;
    if content.bytes_held > MOST_HELD {
        return Err(SourceFault::TooLarge(
            "spans more cells than can be read of this format; delete what stands far from the table, or save it as CSV".to_owned(),
        ));
    }
    Ok(!content.error_numbers.is_empty())
}

/// The cells of an OpenDocument that was looked at which hold a number and show an error.
///
/// # Errors
/// It is damaged.
pub fn error_numbers(file: &InputFile) -> Result<ErrorNumbers, SourceFault> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file.reader())).map_err(|_| damaged())?;
    let content = archive.by_name("content.xml").map_err(|_| damaged())?;
    Ok(open_document::look(content).map_err(|_| damaged())?.error_numbers)
}
