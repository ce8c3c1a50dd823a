//! Text files that no export should be, and some are: sizes, encodings, delimited and fixed-width traps.

use super::{
    HostileFile,
    bounded::CANARY,
    mutation::{Chance, DICTIONARY},
};

/// The heading that the layout of the corpus knows.
pub const HEADING: &str = "visit,service,attending,payer,admitted,dx1";
/// Positions of the fixed-width layout of the corpus: visit 1-8, attending 9-20, admitted 21-30, dx 31-37.
const FIXED_WIDTH: usize = 37;

/// Rows of an ordinary export, numbered from `first`.
pub fn rows(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|number| format!("{number},MED,{CANARY} é,MA,2026-10-0{},I10\n", number % 9 + 1))
        .collect()
}

/// An ordinary export of three rows.
pub fn sound() -> String {
    format!("{HEADING}\n{}", rows(1, 3))
}

/// Files of every size that is none.
pub fn sizes() -> Vec<HostileFile> {
    let mut files = vec![HostileFile::read_none("empty.csv", b"")];
    for (name, bytes) in [
        ("one-letter.csv", &b"a"[..]),
        ("one-newline.csv", b"\n"),
        ("one-return.csv", b"\r"),
        ("one-quote.csv", b"\""),
        ("one-comma.csv", b","),
        ("one-zero.csv", b"\0"),
        ("one-high.csv", b"\xff"),
        ("end-of-file.csv", b"\x1a"),
        ("mark.csv", b"\xef\xbb\xbf"),
        ("half-a-mark.csv", b"\xef\xbb"),
        ("mark-of-utf16.csv", b"\xff\xfe"),
        ("mark-of-utf16be.csv", b"\xfe\xff"),
        ("mark-and-newline.csv", b"\xef\xbb\xbf\n"),
        ("two-quotes.csv", b"\"\""),
        ("three-quotes.csv", b"\"\"\""),
        ("start-of-zip.csv", b"PK"),
        ("start-of-zip.zip", b"PK\x03\x04"),
        ("end-of-zip.zip", b"PK\x05\x06"),
        ("start-of-gzip.gz", b"\x1f\x8b"),
        ("start-of-zstd.zst", b"\x28\xb5\x2f\xfd"),
        ("start-of-xls.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ] {
        files.push(HostileFile::new(name, bytes));
    }
    for (name, piece, times) in [
        ("newlines.csv", "\n", 200_000),
        ("returns.csv", "\r", 200_000),
        ("quotes.csv", "\"", 200_001),
        ("commas.csv", ",", 200_000),
        ("commas-and-newlines.csv", ",\n", 100_000),
        ("quoted-nothing.csv", "\"\",", 100_000),
        ("zeros.csv", "\0", 100_000),
        ("blanks.csv", " ", 100_000),
        ("headings.csv", "visit,service\n", 20_000),
    ] {
        files.push(HostileFile::new(name, piece.repeat(times).as_bytes()));
    }
    files.push(HostileFile::read("heading-alone.csv", format!("{HEADING}\n"), 0));
    files.push(HostileFile::read("heading-without-end.csv", HEADING, 0));
    files.push(HostileFile::read("row-without-end.csv", sound().trim_end(), 3));
    let wide = |columns: usize| (0..columns).map(|number| format!("c{number}")).collect::<Vec<_>>().join(",");
    files.push(HostileFile::new("many-columns.csv", format!("visit,{}\n1,{}\n", wide(30_000), ",".repeat(30_000))));
    files.push(HostileFile::new("many-columns-of-one-name.csv", format!("visit{}\n1\n", ",visit".repeat(20_000))));
    let long = format!("{HEADING}\n1,MED,{},MA,2026-10-01,I10\n{}", "x".repeat(4 << 20), rows(2, 2));
    files.push(HostileFile::read("long-cell.csv", long, 3));
    let of_lines =
        |lines: usize| format!("{HEADING}\n1,MED,\"{}\",MA,2026-10-01,I10\n{}", "x\n".repeat(lines), rows(2, 2));
    files.push(HostileFile::read("cell-of-lines.csv", of_lines(150), 3));
    // Beyond 200 lines a quote is taken for one that is never closed, and every line is a row that cannot be read.
    files.push(HostileFile::new("long-cell-of-lines.csv", of_lines(50_000)));
    // Each line opens a quote, so that its end is looked for in those that follow.
    let opened = format!("\"{}\n", "x,".repeat(2000)).repeat(1500);
    files.push(HostileFile::new("quote-opened-on-every-line.csv", format!("{HEADING}\n{opened}")));
    let long = format!("{HEADING}\n{},MED,x,MA,2026-10-01,I10\n{}", "9".repeat(1 << 20), rows(2, 2));
    files.push(HostileFile::read("long-key.csv", long, 3));
    files
}

fn in_utf16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn in_utf32(text: &str, big_endian: bool) -> Vec<u8> {
    let bytes = |letter: char| if big_endian { (letter as u32).to_be_bytes() } else { (letter as u32).to_le_bytes() };
    text.chars().flat_map(bytes).collect()
}

/// The letters and digits of code page 037, blanks and line ends for the rest: enough to look like the text of a mainframe.
fn in_ebcdic(text: &str) -> Vec<u8> {
    let place = |letter: u8| match letter.to_ascii_uppercase() {
        digit @ b'0'..=b'9' => 0xf0 + (digit - b'0'),
        letter @ b'A'..=b'I' => 0xc1 + (letter - b'A'),
        letter @ b'J'..=b'R' => 0xd1 + (letter - b'J'),
        letter @ b'S'..=b'Z' => 0xe2 + (letter - b'S'),
        b',' => 0x6b,
        b'-' => 0x60,
        b'\n' => 0x15,
        _ => 0x40,
    };
    text.bytes().map(place).collect()
}

/// One export in every encoding, with and without its mark, whole and damaged.
pub fn encodings() -> Vec<HostileFile> {
    let text = sound();
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
    let odd = |mut bytes: Vec<u8>| {
        bytes.push(b'x');
        bytes
    };
    let latin: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
    let mut files = vec![
        HostileFile::read("utf8.csv", &text, 3),
        HostileFile::read("utf8-mark.csv", marked(b"\xef\xbb\xbf", text.clone().into_bytes()), 3),
        HostileFile::read("utf16le-mark.csv", marked(b"\xff\xfe", in_utf16(&text, false)), 3),
        HostileFile::read("utf16be-mark.csv", marked(b"\xfe\xff", in_utf16(&text, true)), 3),
        HostileFile::read("utf16le.csv", in_utf16(&text, false), 3),
        HostileFile::read("utf16be.csv", in_utf16(&text, true), 3),
        HostileFile::read("windows-1252.csv", latin.clone(), 3),
        HostileFile::new("utf16le-odd.csv", odd(in_utf16(&text, false))),
        HostileFile::new("utf16be-odd.csv", odd(in_utf16(&text, true))),
        HostileFile::new("utf16le-mark-odd.csv", odd(marked(b"\xff\xfe", in_utf16(&text, false)))),
        HostileFile::new("utf32le.csv", in_utf32(&text, false)),
        HostileFile::new("utf32be.csv", in_utf32(&text, true)),
        HostileFile::new("utf32le-mark.csv", marked(b"\xff\xfe\0\0", in_utf32(&text, false))),
        HostileFile::new("utf32be-mark.csv", marked(b"\0\0\xfe\xff", in_utf32(&text, true))),
        HostileFile::new("ebcdic.csv", in_ebcdic(&text)),
        HostileFile::new("utf8-mark-on-latin.csv", marked(b"\xef\xbb\xbf", latin)),
        HostileFile::new("mark-of-the-other-end.csv", marked(b"\xfe\xff", in_utf16(&text, false))),
        HostileFile::new("two-marks.csv", marked(b"\xef\xbb\xbf\xef\xbb\xbf", text.clone().into_bytes())),
        HostileFile::new("utf7.csv", text.replace('é', "+AOk-")),
        HostileFile::new("escapes.csv", text.replace("MED", "\u{1b}[2J\u{1b}]0;x\u{7}")),
        HostileFile::new(
            "unpaired.csv",
            marked(b"\xff\xfe", [in_utf16(HEADING, false), b"\n\0\x00\xd8x\0".to_vec()].concat()),
        ),
        HostileFile::new("overlong.csv", [text.as_bytes(), b"4,\xc0\xaf,x,MA,2026-10-01,I10\n"].concat()),
        HostileFile::new("surrogates.csv", [text.as_bytes(), b"4,\xed\xa0\x80,x,MA,2026-10-01,I10\n"].concat()),
        HostileFile::new("cut-letter.csv", [text.as_bytes(), b"4,MED,\xc3"].concat()),
    ];
    // A row with stray bytes or zero bytes is one row, whatever becomes of it.
    for (name, bytes) in [
        ("stray", &b"\xff"[..]),
        ("zero", b"\0"),
        ("long-zero", &[0; 64]),
        ("end", b"\x1a"),
        ("high", b"\xf4\x90\x80\x80"),
    ] {
        let damaged = [text.as_bytes(), b"4,M", bytes, b"D,x,MA,2026-10-01,I10\n", rows(5, 2).as_bytes()].concat();
        files.push(HostileFile::read(&format!("{name}-byte.csv"), damaged, 6));
    }
    for (name, end) in [("mac", "\r"), ("dos", "\r\n")] {
        files.push(HostileFile::read(&format!("lines-of-{name}.csv"), text.replace('\n', end), 3));
    }
    for (name, end) in [
        ("return-return", "\r\r\n"),
        ("newline-return", "\n\r"),
        ("form-feed", "\x0c"),
        ("next-line", "\u{85}"),
        ("separator", "\u{2028}"),
    ] {
        files.push(HostileFile::new(&format!("lines-of-{name}.csv"), text.replace('\n', end)));
    }
    let mixed =
        format!("{HEADING}\r\n{}\r{}\n{}\r\n", rows(1, 1).trim_end(), rows(2, 1).trim_end(), rows(3, 1).trim_end());
    files.push(HostileFile::new("mixed-lines.csv", mixed));
    files
}

/// Traps of delimited text.
pub fn traps() -> Vec<HostileFile> {
    let after = rows(50, 2);
    let with = |name: &str, row: &str| HostileFile::new(name, format!("{}{row}\n{after}", sound()));
    let mut files = vec![
        with("quote-never-closed.csv", "4,\"MED,x,MA,2026-10-01,I10"),
        with("quote-in-the-middle.csv", "4,M\"E\"D,x,MA,2026-10-01,I10"),
        with("quote-at-the-end.csv", "4,MED,x\",MA,2026-10-01,I10"),
        with("text-after-quote.csv", "4,\"MED\"x,y,MA,2026-10-01,I10"),
        with("blank-before-quote.csv", "4, \"MED\",x,MA,2026-10-01,I10"),
        with("escaped-by-backslash.csv", "4,\"M\\\"D\",x,MA,2026-10-01,I10"),
        with("quoted-newline.csv", "4,\"M\nD\",x,MA,2026-10-01,I10"),
        with("quoted-return.csv", "4,\"M\r\nD\",x,MA,2026-10-01,I10"),
        with("single-quotes.csv", "4,'MED,x',y,MA,2026-10-01,I10"),
        with("mark-in-the-middle.csv", "\u{feff}4,MED,x,MA,2026-10-01,I10"),
        with("heading-again.csv", HEADING),
        with("semicolons-from-here.csv", "4;MED;x;MA;2026-10-01;I10\n5;MED;x;MA;2026-10-01;I10"),
        with("tabs-from-here.csv", "4\tMED\tx\tMA\t2026-10-01\tI10"),
        with("short-row.csv", "4"),
        with("long-row.csv", "4,MED,x,MA,2026-10-01,I10,7,8,9"),
        with("trailing-commas.csv", "4,MED,x,MA,2026-10-01,I10,,,,"),
        with("total-line.csv", "Total,,,,,3"),
        with("note-line.csv", "(3 rows affected)"),
        with("ruler.csv", "-----,-----,-----,-----,-----,-----"),
        with("markup.csv", "<table><tr><td>4</td></tr></table>"),
        with("formula.csv", "=cmd|' /C calc'!A0,@SUM(1),+1,-1,2026-10-01,I10"),
    ];
    for delimiter in [";", "\t", "|", "^", "~", ":", " ", "\u{1f}", "§", "||", ",,"] {
        let name =
            format!("delimiter-{:x}-{}.csv", u32::from(delimiter.chars().next().unwrap_or(' ')), delimiter.len());
        files.push(HostileFile::new(&name, sound().replace(',', delimiter)));
    }
    files.push(HostileFile::new("no-heading.csv", rows(1, 4)));
    files.push(HostileFile::new("heading-at-the-end.csv", format!("{}{HEADING}\n", rows(1, 4))));
    files.push(HostileFile::new("titles.csv", format!("{}{}", "A title\n,,,\n".repeat(30), sound())));
    files.push(HostileFile::new("quoted-heading-never-closed.csv", format!("\"{}", sound())));
    files.push(HostileFile::new("blank-names.csv", format!("visit,,,,\n{}", rows(1, 2))));
    files.push(HostileFile::new("names-alike.csv", format!("visit,Visit,VISIT ,payer,admitted,dx1\n{}", rows(1, 2))));
    files.push(HostileFile::new("web-page.csv", "<html><body>503 Service Unavailable</body></html>\n"));
    files.push(HostileFile::new("statement.csv", format!("sep=,\n{}", sound())));
    files.push(HostileFile::new("json.csv", "[{\"visit\":1}]\n"));
    files
}

/// A row of fixed width, with its end.
pub fn fixed_row(number: usize) -> String {
    format!("{number:08}{CANARY:<12}2026-10-01I10    \n")
}

/// Traps of fixed-width text, read by the fixed-width layout of the corpus.
pub fn fixed_width() -> Vec<HostileFile> {
    let row = |number: usize| fixed_row(number).trim_end_matches('\n').to_owned();
    let whole: String = (1..4).map(fixed_row).collect();
    assert_eq!(row(1).len(), FIXED_WIDTH);
    let with = |name: &str, bytes: &[u8]| HostileFile::new(name, [whole.as_bytes(), bytes, whole.as_bytes()].concat());
    let mut files = vec![
        HostileFile::read("fixed.txt", &whole, 3),
        HostileFile::read("fixed-dos.txt", whole.replace('\n', "\r\n"), 3),
        HostileFile::new("fixed-one-line.txt", whole.replace('\n', "")),
        HostileFile::new("fixed-utf16.txt", in_utf16(&whole, false)),
        HostileFile::new("fixed-ebcdic.txt", in_ebcdic(&whole)),
        HostileFile::new("fixed-mark.txt", format!("\u{feff}{whole}")),
        HostileFile::new("fixed-cut.txt", &whole[..FIXED_WIDTH + 10]),
        with("fixed-short-row.txt", b"00000009\n"),
        with("fixed-long-row.txt", format!("{}{}\n", row(9), "x".repeat(5000)).as_bytes()),
        with("fixed-wide-letters.txt", format!("00000009{}2026-10-01I10    \n", "é".repeat(12)).as_bytes()),
        with("fixed-wide-signs.txt", format!("00000009{}2026-10-01I10    \n", "\u{1f600}".repeat(12)).as_bytes()),
        with("fixed-stray.txt", b"00000009\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe2026-10-01I10    \n"),
        with("fixed-zeros.txt", &[b"00000009", &[0; 12][..], b"2026-10-01I10    \n"].concat()),
        with("fixed-tabs.txt", b"00000009\t\t\t2026-10-01\tI10\n"),
        with("fixed-blank.txt", format!("{}\n", " ".repeat(FIXED_WIDTH)).as_bytes()),
        with("fixed-quotes.txt", format!("{}\n", "\"".repeat(FIXED_WIDTH)).as_bytes()),
    ];
    let mut chance = Chance::of(7);
    for number in 0..30 {
        files.push(HostileFile::new(&format!("fixed-changed-{number:02}.txt"), chance.change(whole.as_bytes())));
    }
    files
}

/// An export with a few bytes changed, over and over.
pub fn changed() -> Vec<HostileFile> {
    let mut chance = Chance::of(11);
    let base = format!("{HEADING}\n{}4,\"a \"\"b\"\"\r\nc\",\"x,y\",MA,2026-10-04,\"I10\"\n{}", rows(1, 3), rows(5, 3));
    let mut files: Vec<HostileFile> = (0..60)
        .map(|number| HostileFile::new(&format!("changed-{number:02}.csv"), chance.change(base.as_bytes())))
        .collect();
    for (number, word) in DICTIONARY.iter().enumerate() {
        let place = base.len() / 2;
        let bytes = [&base.as_bytes()[..place], *word, &base.as_bytes()[place..]].concat();
        files.push(HostileFile::new(&format!("word-{number:02}.csv"), bytes));
    }
    files
}
