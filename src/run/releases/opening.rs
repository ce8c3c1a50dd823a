//! Opens a release as it was published: plain, compressed, a zip folder with members of several kinds, or a workbook.

use std::path::Path;

use crate::{
    codeset::release::{OfficialContent, OfficialSheet, OpenedRelease},
    ingest::{
        decode::{Container, TextSource, container, open_text},
        fault::SourceFault,
        input_file::InputFile,
        workbook::{SheetTable, read_sheet},
        zip_folder::{Member, members},
    },
};

/// Sheets that a workbook of a release may have.
const MOST_SHEETS: usize = 64;

/// Bytes of text that a file may have, all members together: the largest official release has some 20 MiB.
const MOST_BYTES: usize = 256 << 20;

/// A file that was opened.
#[derive(Debug)]
pub struct OpenedFile {
    /// What may be a release.
    pub sources: Vec<OpenedRelease>,
    /// Members of a zip folder that are documents, not tables.
    pub left_alone: Vec<String>,
    /// SHA-256 of the file as it was given.
    pub sha256: String,
}

/// Opens a file.
///
/// # Errors
/// It cannot be read, is damaged, or is neither text nor workbook.
pub fn open(path: &Path) -> Result<OpenedFile, SourceFault> {
    let file = InputFile::open(path)?;
    let opened = file.answered(open_parts(&file))?;
    file.is_as_opened().map(|()| opened)
}

fn open_parts(file: &InputFile) -> Result<OpenedFile, SourceFault> {
    let (path, sha256) = (file.path(), file.digest()?.sha256);
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut opened = OpenedFile { sources: Vec::new(), left_alone: Vec::new(), sha256 };
    match container(file)? {
        Container::Workbook => {
            opened.sources.push(OpenedRelease { name, content: OfficialContent::Sheets(sheets(file)?) })
        }
        Container::Zip => {
            let mut taken = 0;
            for member in members(file)? {
                if member.is_hidden || is_document(&member.name) {
                    opened.left_alone.push(member.name);
                    continue;
                }
                let text = text(file, Container::Zip, Some(&member), MOST_BYTES - taken)?;
                taken += text.len();
                let content = OfficialContent::Text(text);
                opened.sources.push(OpenedRelease { name: format!("{name}!{}", member.name), content });
            }
        }
        plain => opened
            .sources
            .push(OpenedRelease { name, content: OfficialContent::Text(text(file, plain, None, MOST_BYTES)?) }),
    }
    Ok(opened)
}

/// Whether a member of a zip folder is something else than text, by the ending of its name.
fn is_document(member: &str) -> bool {
    let ending = member.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    !matches!(ending.as_str(), "txt" | "csv" | "tsv" | "dat")
}

/// The text of a file or member. Official texts are UTF-8 or, the old ones, ISO-8859-1; nothing else is guessed.
fn text(
    file: &InputFile,
    container: Container,
    member: Option<&Member>,
    most_bytes: usize,
) -> Result<String, SourceFault> {
    let read_as = |encoding| read_all(open_text(file, container, member, Some(encoding))?, most_bytes);
    let bytes = read_as("utf-8")?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => {
            let bytes = read_as("iso-8859-1")?;
            String::from_utf8(bytes).map_err(|_| SourceFault::NotATable("is no text".to_owned()))
        }
    }
}

fn read_all(mut source: TextSource, most_bytes: usize) -> Result<Vec<u8>, SourceFault> {
    /// Bytes taken at a time.
    const PIECE: usize = 1 << 20;
    let (mut bytes, mut piece) = (Vec::new(), Vec::new());
    while source.fill(&mut piece, PIECE)? {
        if bytes.len() + piece.len() > most_bytes {
            return Err(SourceFault::TooLarge(format!(
                "has more than {} MiB of text, which no release has",
                MOST_BYTES >> 20
            )));
        }
        bytes.append(&mut piece);
    }
    Ok(bytes)
}

/// The sheets that hold tables, in their order.
fn sheets(file: &InputFile) -> Result<Vec<OfficialSheet>, SourceFault> {
    let mut sheets = Vec::new();
    for number in 1..=MOST_SHEETS {
        match read_sheet(file, Some(&number.to_string()), None) {
            Ok(table) => sheets.push(sheet(&table)),
            Err(SourceFault::NotFound(_)) if number > 1 => break,
            Err(fault) => return Err(fault),
        }
    }
    Ok(sheets)
}

fn sheet(table: &SheetTable) -> OfficialSheet {
    let block = &table.block;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let rows = block.rows.iter().map(|row| {
        let cells = (0..row.field_count as usize).map(|at| text(block.field(row, at))).collect();
        (row.number, cells)
    });
    OfficialSheet {
        name: table.sheet.clone(),
        notes: table.notes.iter().map(|(_, note)| note.clone()).collect(),
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_held_up_to_its_bound_and_no_further() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("codes.txt");
        std::fs::write(&path, "A00 Cholera\n".repeat(1000)).expect("written");
        let file = InputFile::open(&path).expect("opened");
        let of = |most_bytes| text(&file, Container::Plain, None, most_bytes).map(|text| text.len());
        assert_eq!(of(12_000).expect("it is within the bound"), 12_000);
        assert!(matches!(of(11_999), Err(SourceFault::TooLarge(_))));
    }
}
