//! The look at a workbook before a library reads it.

use std::{cell::OnceCell, collections::BTreeMap};

use chartroom::ingest::{
    input_file::InputFile,
    workbook_guard::{WorkbookFormat, check},
};

use super::compound_file;

/// Workbooks by the first byte of a case: 0 and 1 are parts of xlsx and ods, 2 a whole compound file, others whole files.
pub fn seeds() -> Vec<Vec<u8>> {
    let sheet = "0<worksheet><dimension ref=\"A1:B2\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a &amp; b</t></is></c><c r=\"B1\"><f>1+1</f><v>2</v></c></row>\
        <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" s=\"1\"><v>46300</v></c></row></sheetData><!-- x --></worksheet>";
    let content = "1<office:document-content><office:body><office:spreadsheet><table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"3\">\
        <table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"2\"><text:p>1</text:p></table:table-cell></table:table-row></table:table>\
        </office:spreadsheet></office:body></office:document-content>";
    let mut seeds = vec![sheet.as_bytes().to_vec(), content.as_bytes().to_vec()];
    let stream: Vec<u8> = [[0x09u8, 0x08, 8, 0, 0, 6, 5, 0, 0, 0, 0, 0].as_slice(), &[0x0a, 0, 0, 0]].concat();
    seeds.push([b"2".as_slice(), &stream].concat());
    seeds.push(
        [
            b"3".as_slice(),
            &zip_of(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &sheet.as_bytes()[1..])]),
        ]
        .concat(),
    );
    seeds
}

/// Parts that are stored and not packed: a change of their bytes is a change of the markup.
fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let size = (bytes.len() as u32).to_le_bytes();
        let common = [
            &[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x5d][..],
            &checksum(bytes).to_le_bytes(),
            &size,
            &size,
            &(name.len() as u16).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        let place = (file.len() as u32).to_le_bytes();
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), bytes].concat());
        list.extend([b"PK\x01\x02\x14\0", &common[..], &[0; 10], &place, name.as_bytes()].concat());
    }
    let count = (parts.len() as u16).to_le_bytes();
    let (size, start) = ((list.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes());
    [&file[..], &list, b"PK\x05\x06\0\0\0\0", &count, &count, &size, &start, &[0, 0]].concat()
}

/// CRC-32 as zip has it (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// The file of a case.
fn file_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let (first, rest) = bytes.split_first()?;
    let names = BTreeMap::from([(b'0', "xl/worksheets/sheet1.xml"), (b'1', "content.xml")]);
    Some(match first {
        b'0' => zip_of(&[("xl/workbook.xml", b"<workbook/>"), (names[first], rest)]),
        b'1' => zip_of(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), (names[first], rest)]),
        b'2' => compound_file::of(rest),
        _ => rest.to_vec(),
    })
}

/// A workbook is told by its kind or refused in words; markup that does not end is never let through.
pub fn run(bytes: &[u8]) {
    thread_local!(static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() });
    let Some(file) = file_of(bytes) else { return };
    FOLDER.with(|folder| {
        let path = folder.get_or_init(|| tempfile::tempdir().expect("a folder")).path().join("book");
        std::fs::write(&path, file).expect("written");
        match check(&InputFile::open(&path).expect("it is there")) {
            Err(fault) => assert!(!fault.to_string().is_empty()),
            Ok(looked) => match bytes[0] {
                b'0' => assert_eq!(looked.kind, WorkbookFormat::Xlsx),
                b'1' => assert_eq!(looked.kind, WorkbookFormat::Ods),
                b'2' => assert_eq!(looked.kind, WorkbookFormat::Xls),
                _ => {}
            },
        }
    });
}
