//! Workbooks made to do harm by their size, each read in a process of its own: it must end by itself, in words, and within 512 MiB.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use chartroom::ingest::{input_file::InputFile, workbook::read_sheet};

use super::{
    bounded::{ORDINARY, watch},
    compound_file::of as file_of,
    conclude,
};

/// Processor time that one may take, with a library built for debugging in mind.
const LONGEST: Duration = Duration::from_secs(60);
/// Names the workbook that the process which is started by a test shall read.
const VARIABLE: &str = "CHARTROOM_TEST_WORKBOOK";

#[test]
fn reads_the_workbook_that_the_environment_names() {
    let Some(path) = std::env::var_os(VARIABLE) else { return };
    match InputFile::open(Path::new(&path)).and_then(|file| read_sheet(&file, None, None)) {
        Ok(table) => println!("OUTCOME read {} rows", table.block.rows.len()),
        Err(fault) => println!("OUTCOME refused: {fault}"),
    }
}

/// What is wrong with the reading of a workbook; `words` stand in its outcome.
fn faults(path: &Path, words: &str) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args([
            "--exact",
            "hostile_corpus::harmful_workbooks::reads_the_workbook_that_the_environment_names",
            "--nocapture",
        ])
        .env(VARIABLE, path);
    let ended = watch(command, LONGEST);
    let mut faults = ended.faults(ORDINARY);
    let outcome =
        ended.printed.lines().find_map(|line| line.split_once("OUTCOME ")).map_or("no outcome", |(_, rest)| rest);
    let name = path.file_name().expect("a name").to_string_lossy();
    println!("{name}: {outcome} ({} MiB, {:?})", ended.peak, ended.took);
    if !outcome.contains(words) {
        faults.push(format!("`{words}` expected, but {outcome}"));
    }
    faults.into_iter().map(|fault| format!("{name}: {fault}")).collect()
}

struct Made {
    folder: tempfile::TempDir,
    books: Vec<(PathBuf, &'static str)>,
}

impl Made {
    /// Adds a file; `words` stand in its outcome.
    fn add(&mut self, name: &str, words: &'static str, bytes: &[u8]) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        self.books.push((path, words));
    }

    fn zip<'p>(&mut self, name: &str, words: &'static str, parts: impl IntoIterator<Item = (&'p str, Piece)>) {
        let path = self.folder.path().join(name);
        let mut archive = zip::ZipWriter::new(File::create(&path).expect("file"));
        for (part, piece) in parts {
            archive
                .start_file(part, zip::write::SimpleFileOptions::default().compression_level(Some(1)))
                .expect("part");
            archive.write_all(piece.before.as_bytes()).expect("written");
            for _ in 0..piece.times {
                archive.write_all(piece.repeated.as_bytes()).expect("written");
            }
            archive.write_all(piece.after.as_bytes()).expect("written");
        }
        archive.finish().expect("zip");
        self.books.push((path, words));
    }

    fn xlsx(&mut self, name: &str, words: &'static str, strings: Piece, styles: Piece, sheet: Piece) {
        let relationships = |kind: &str, target: &str| {
            Piece::of(&format!(
                "<Relationships><Relationship Id='r1' Type='x/relationships/{kind}' Target='{target}'/></Relationships>"
            ))
        };
        self.zip(
            name,
            words,
            [
                ("_rels/.rels", relationships("officeDocument", "xl/workbook.xml")),
                ("xl/_rels/workbook.xml.rels", relationships("worksheet", "worksheets/sheet1.xml")),
                (
                    "xl/workbook.xml",
                    Piece::of("<workbook><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>"),
                ),
                ("xl/sharedStrings.xml", strings.within("<sst>", "</sst>")),
                ("xl/styles.xml", styles.within("<styleSheet>", "</styleSheet>")),
                ("xl/worksheets/sheet1.xml", sheet.within("<worksheet><sheetData>", "</sheetData></worksheet>")),
            ],
        );
    }

    fn ods(&mut self, name: &str, words: &'static str, rows: Piece) {
        let start = "<office:document-content><office:body><office:spreadsheet><table:table table:name='A'>";
        let end = "</table:table></office:spreadsheet></office:body></office:document-content>";
        self.zip(
            name,
            words,
            [
                ("mimetype", Piece::of("application/vnd.oasis.opendocument.spreadsheet")),
                ("META-INF/manifest.xml", Piece::of("<manifest/>")),
                ("content.xml", rows.within(start, end)),
            ],
        );
    }
}

/// Text with a part that is repeated, written without being held.
#[derive(Default)]
struct Piece {
    before: String,
    repeated: String,
    times: usize,
    after: String,
}

impl Piece {
    fn of(text: &str) -> Piece {
        Piece { before: text.to_owned(), ..Piece::default() }
    }

    fn repeat(text: &str, times: usize) -> Piece {
        Piece { repeated: text.to_owned(), times, ..Piece::default() }
    }

    fn within(mut self, before: &str, after: &str) -> Piece {
        self.before.insert_str(0, before);
        self.after.push_str(after);
        self
    }
}

fn none() -> Piece {
    Piece::default()
}

fn make() -> Made {
    let mut made = Made { folder: tempfile::tempdir().expect("folder"), books: Vec::new() };
    let two_rows = "<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c><c r='B1' t='inlineStr'><is><t>b</t></is></c></row><row r='2'><c r='A2'><v>1</v></c><c r='B2'><v>2</v></c></row>";
    made.xlsx("sound.xlsx", "read 2 rows", none(), none(), Piece::of(two_rows));
    made.xlsx(
        "far-cell.xlsx",
        "read",
        none(),
        none(),
        Piece::of(&format!("{two_rows}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")),
    );
    // Strings: more stated than there are, a million of them, one of many runs, one shown by every cell.
    let stated = |count: &str| Piece::of(&format!("<sst xmlns='x' uniqueCount = '{count}'><si/></sst>"));
    made.xlsx("stated-strings.xlsx", "states more texts", stated("4294967295"), none(), Piece::of(two_rows));
    made.xlsx("many-strings.xlsx", "more room", Piece::repeat("<si/>", 20_000_000), none(), Piece::of(two_rows));
    made.xlsx(
        "long-string.xlsx",
        "longer",
        Piece::repeat("<r><t>0123456789abcdef</t></r>", 2_000_000).within("<si>", "</si>"),
        none(),
        Piece::of(two_rows),
    );
    made.xlsx(
        "long-event.xlsx",
        "longer",
        none(),
        none(),
        Piece::repeat("x", 90 << 20).within("<row r='1'><c r='A1' t='str'><v>", "</v></c></row>"),
    );
    made.xlsx("long-comment.xlsx", "longer", none(), none(), Piece::repeat("<a>", 30 << 20).within("<!-->", "-->"));
    made.xlsx(
        "shared-by-all.xlsx",
        "more cells",
        Piece::repeat("x", 1 << 20).within("<si><t>", "</t></si>"),
        none(),
        Piece::repeat("<row><c t='s'><v>0</v></c><c t='s'><v>0</v></c></row>", 200_000),
    );
    // Formats: a long name that each of them copies, and very many.
    let font = format!("<fonts><font><name val='{}'/></font></fonts>", "n".repeat(1 << 20));
    made.xlsx(
        "copied-name.xlsx",
        "more room",
        none(),
        Piece::repeat("<xf fontId='0'/>", 60_000).within(&format!("{font}<cellXfs>"), "</cellXfs>"),
        Piece::of(two_rows),
    );
    made.xlsx(
        "many-formats.xlsx",
        "more room",
        none(),
        Piece::repeat("<xf/>", 10_000_000).within("<cellXfs>", "</cellXfs>"),
        Piece::of(two_rows),
    );
    // Cells: nearly as many as are accepted, and a heading that spans the whole sheet.
    let row = |cells: usize| format!("<row>{}</row>", "<c><v>1</v></c>".repeat(cells));
    made.xlsx("most-cells.xlsx", "read 45000 rows", none(), none(), Piece::repeat(&row(100), 45_000));
    let end_to_end =
        |kind: &str| format!("<row><c{kind}><v>7</v></c>{}<c{kind}><v>8</v></c></row>", "<c/>".repeat(16_382));
    made.xlsx(
        "wide-heading.xlsx",
        "more cells",
        none(),
        none(),
        Piece::repeat(&end_to_end(""), 600).within(&end_to_end(" t='str'"), ""),
    );
    made.xlsx("unended.xlsx", "damaged", none(), none(), Piece::of("<row>"));
    // What is repeated in an OpenDocument sheet.
    let cell = "<table:table-cell office:value-type='float' office:value='1'/>";
    let repeated = "<table:table-cell office:value='1' table:number-columns-repeated='16384'/>";
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type='string' table:number-columns-repeated='16384'><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let ods_row =
        |attributes: &str, cells: &str| Piece::of(&format!("<table:table-row {attributes}>{cells}</table:table-row>"));
    made.ods("sound.ods", "read 1 rows", ods_row("", &format!("{cell}{cell}")));
    made.ods("blank-end.ods", "read 1 rows", ods_row("", &format!("{cell}{cell}<table:table-cell table:number-columns-repeated='16382'/>")).within("", "<table:table-row table:number-rows-repeated='1048575'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"));
    made.ods("repeated-rows.ods", "more cells", ods_row("table:number-rows-repeated='1048576'", repeated));
    made.ods(
        "repeated-columns.ods",
        "more cells",
        Piece::repeat(&format!("<table:table-row>{repeated}</table:table-row>"), 10_000),
    );
    made.ods("repeated-text.ods", "more cells", ods_row("", &text(&"x".repeat(1 << 20))));
    made.ods("blanks.ods", "more cells", ods_row("", &text("<text:s text:c='4000000000'/>")));
    made.ods(
        "unended.ods",
        "damaged",
        Piece::of("<table:table-row><table:table-cell office:value-type='string'><office:annotation>"),
    );
    made.ods("other-end.ods", "damaged", Piece::of("</table:other>"));
    // As much as is accepted: what is reckoned must hold.
    let fifty =
        "<table:table-row><table:table-cell office:value='1.5' table:number-columns-repeated='50'/></table:table-row>";
    made.ods("most-cells.ods", "read 36000 rows", Piece::repeat(fifty, 36_000));
    // Old workbooks: far corners, a text that every cell shows, a circle of sectors.
    for (name, words, stream) in old_books() {
        made.add(name, words, &file_of(&stream));
    }
    let mut circle = file_of(&vec![0; 20_000]);
    let table_sectors = (20_000usize.div_ceil(512) + 300).div_ceil(128);
    circle[512 + table_sectors * 4..516 + table_sectors * 4].copy_from_slice(&(table_sectors as u32).to_le_bytes());
    made.add("circle.xls", "damaged", &circle);
    made
}

fn old_books() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let number = |row: u16, column: u16| {
        record(0x203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 2], &1.5f64.to_le_bytes()].concat())
    };
    let shown =
        |row: u16, column: u16| record(0xfd, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 6]].concat());
    let dimensions =
        |rows: u32| record(0x200, &[&0u32.to_le_bytes()[..], &rows.to_le_bytes(), &[0, 0, 200, 0, 0, 0]].concat());
    let book = |sheet: Vec<u8>| {
        let strings = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &8000u16.to_le_bytes(), &[0], &[b'x'; 8000]].concat();
        let begin = [record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0]), record(0xfc, &strings)].concat();
        let place = (begin.len() + 4 + 9 + 4) as u32;
        let listed = record(0x85, &[&place.to_le_bytes()[..], &[0, 0, 1, 0, b'A']].concat());
        [begin, listed, record(0x0a, &[]), record(0x809, &[0, 6, 0x10, 0, 0, 0, 0, 0]), sheet, record(0x0a, &[])]
            .concat()
    };
    let near = [number(0, 0), number(0, 1), number(1, 0), number(1, 1)].concat();
    let texts: Vec<u8> = (0..60_000).flat_map(|row| [shown(row, 0), shown(row, 1)].concat()).collect();
    let most: Vec<u8> = (0..60_000).flat_map(|row| (0..40).flat_map(move |column| number(row, column))).collect();
    vec![
        ("most-cells.xls", "read 60000 rows", book([dimensions(60_000), most].concat())),
        ("sound.xls", "read 2 rows", book(near.clone())),
        ("far-corners.xls", "spans more cells", book([number(0, 0), number(65_535, 255)].concat())),
        ("text-of-all.xls", "spans more cells", book(texts)),
        ("stated-range.xls", "damaged", book([dimensions(u32::MAX - 1), near].concat())),
    ]
}

#[test]
fn no_workbook_made_to_do_harm_takes_the_process_or_its_memory() {
    let made = make();
    let faults = made.books.iter().flat_map(|(path, words)| faults(path, words)).collect();
    conclude("workbooks made to do harm", "no_workbook_made_to_do_harm", (made.books.len() as u64, faults));
}
