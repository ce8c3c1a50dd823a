//! Files that hold others: zip folders, workbooks of every format, gzip and Zstandard; cut at every structure, with headings that lie, and changed at
//! random.

use std::io::Write as _;

use flate2::{Compression, Crc, write::DeflateEncoder};

use super::{
    HostileFile, compound_file,
    mutation::Chance,
    texts::{HEADING, rows, sound},
};

/// Numbers that headings lie with, little-endian.
const LIES: [u32; 5] = [0, 1, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff];

/// A member of a zip folder, as its two headings state it.
#[derive(Clone, Default)]
pub struct Member {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    checksum: u32,
    packed: Vec<u8>,
    size: u32,
}

impl Member {
    /// A member that is what it says.
    pub fn of(name: impl AsRef<[u8]>, bytes: &[u8]) -> Member {
        let mut checksum = Crc::new();
        checksum.update(bytes);
        let (packed, size) = (packed(bytes), bytes.len() as u32);
        Member { name: name.as_ref().to_vec(), flags: 0, method: 8, checksum: checksum.sum(), packed, size }
    }

    /// A member that is stored, and takes more bytes of its folder than its content has.
    pub fn that_takes(name: impl AsRef<[u8]>, content: &[u8], more: &[u8]) -> Member {
        let packed = [content, more].concat();
        Member { method: 0, packed, ..Member::of(name, content) }
    }

    fn named(&self, name: impl AsRef<[u8]>) -> Member {
        Member { name: name.as_ref().to_vec(), ..self.clone() }
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// The fields that the two headings of a member have in common (APPNOTE 4.3.7 and 4.3.12).
fn in_common(member: &Member) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend([20, 0]);
    bytes.extend(member.flags.to_le_bytes());
    bytes.extend(member.method.to_le_bytes());
    bytes.extend([0, 0, 0x21, 0x5d]);
    for number in [member.checksum, member.packed.len() as u32, member.size] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((member.name.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

/// A zip folder; members at the places of `same` stand in the list only and share the content of the first.
pub fn zip_of(members: &[Member], same: &[Member]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (member, stands) in members.iter().map(|member| (member, true)).chain(same.iter().map(|member| (member, false)))
    {
        let place = if stands { file.len() as u32 } else { 0 };
        if stands {
            file.extend(b"PK\x03\x04");
            file.extend(in_common(member));
            file.extend(&member.name);
            file.extend(&member.packed);
        }
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(in_common(member));
        list.extend([0; 10]);
        list.extend(place.to_le_bytes());
        list.extend(&member.name);
    }
    let (start, count) = (file.len() as u32, (members.len() + same.len()) as u16);
    file.extend(&list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    file.extend((list.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// Where the structures of a zip folder begin.
fn structures(file: &[u8]) -> Vec<usize> {
    (0..file.len().saturating_sub(3))
        .filter(|at| file[*at..].starts_with(b"PK") && matches!(file[at + 2..at + 4], [1, 2] | [3, 4] | [5, 6]))
        .collect()
}

/// A zip folder cut at every structure and within, and with every field of its headings lying.
fn lies_of_zip(name: &str, ending: &str, file: &[u8]) -> Vec<HostileFile> {
    let mut files = Vec::new();
    let places = structures(file);
    // Of many alike the first, one in the middle and the last are enough.
    let chosen: Vec<usize> = match places.len() {
        0..=7 => places.clone(),
        count => [0, 1, count / 2, count - 3, count - 2, count - 1].map(|at| places[at]).to_vec(),
    };
    for at in &chosen {
        for within in [0, 4, 29, 45] {
            let cut = file[..(at + within).min(file.len())].to_vec();
            files.push(HostileFile::new(&format!("{name}-cut-{at}-{within}.{ending}"), cut));
        }
    }
    for at in chosen {
        // Flags and method, checksum, sizes, lengths of name and extra field, and of the list its size and place.
        let fields: &[usize] = match file[at + 2] {
            3 => &[6, 14, 18, 22, 26],
            1 => &[8, 16, 20, 24, 28, 32, 42],
            _ => &[4, 8, 12, 16, 18],
        };
        for field in fields {
            let lie = LIES[(at + field) % LIES.len()];
            let mut lying = file.to_vec();
            let place = at + field..(at + field + 4).min(file.len());
            lying.splice(place.clone(), lie.to_le_bytes()[..place.len()].iter().copied());
            files.push(HostileFile::new(&format!("{name}-lie-{at}-{field}.{ending}"), lying));
        }
    }
    files
}

/// Zip folders of exports.
pub fn zips() -> Vec<HostileFile> {
    let text = sound();
    let member = Member::of("export.csv", text.as_bytes());
    let zip = zip_of(&[member.clone(), Member::of("other.csv", format!("{HEADING}\n{}", rows(30, 3)).as_bytes())], &[]);
    let mut files = lies_of_zip("folder", "zip", &zip);
    files.push(HostileFile::read("two-members.zip", &zip, 6));
    files.push(HostileFile::new("no-member.zip", zip_of(&[], &[])));
    files.push(HostileFile::new("empty-member.zip", zip_of(&[Member::of("a.csv", b"")], &[])));
    for (name, member_name) in [
        ("zero", &b"a\0b.csv"[..]),
        ("parent", b"../../../../tmp/corpus-escaped.csv"),
        ("absolute", b"/tmp/corpus-escaped.csv"),
        ("drive", b"C:\\exports\\a.csv"),
        ("backslash", b"exports\\a.csv"),
        ("share", b"\\\\server\\share\\a.csv"),
        ("nothing", b""),
        ("point", b"."),
        ("slash", b"/"),
        ("blank", b" "),
        ("not-text", b"\xff\xfe\x80.csv"),
        ("escape", b"\x1b[2J\x07.csv"),
        ("newline", b"a\nb\r.csv"),
        ("formula", b"=1+1.csv"),
        ("pattern", b"[*?.csv"),
    ] {
        files.push(HostileFile::new(&format!("name-{name}.zip"), zip_of(&[member.named(member_name)], &[])));
    }
    files.push(HostileFile::new("name-long.zip", zip_of(&[member.named([b'n'; 65_000])], &[])));
    files.push(HostileFile::new(
        "same-name-twice.zip",
        zip_of(&[member.clone(), Member::of("export.csv", format!("{HEADING}\n{}", rows(40, 2)).as_bytes())], &[]),
    ));
    files.push(HostileFile::new("names-of-one-case.zip", zip_of(&[member.clone(), member.named("EXPORT.CSV")], &[])));
    // Members that share their content, as the folder of a bomb has them.
    let sharing: Vec<Member> = (0..200).map(|number| member.named(format!("m{number}.csv"))).collect();
    files.push(HostileFile::new("overlapping.zip", zip_of(std::slice::from_ref(&member), &sharing)));
    let wrong = |change: &dyn Fn(&mut Member)| {
        let mut changed = member.clone();
        change(&mut changed);
        zip_of(&[changed], &[])
    };
    files.push(HostileFile::read_none("wrong-checksum.zip", wrong(&|member| member.checksum ^= 1)));
    files.push(HostileFile::read_none("too-short.zip", wrong(&|member| member.size -= 1)));
    files.push(HostileFile::read_none("too-long.zip", wrong(&|member| member.size += 1)));
    files.push(HostileFile::read_none("encrypted.zip", wrong(&|member| member.flags = 1)));
    for method in [1, 9, 12, 14, 93, 95, 98, 99] {
        files.push(HostileFile::read_none(&format!("method-{method}.zip"), wrong(&|member| member.method = method)));
    }
    let inner = zip_of(std::slice::from_ref(&member), &[]);
    files.push(HostileFile::new("nested.zip", zip_of(&[Member::of("inner.zip", &inner)], &[])));
    files.push(HostileFile::new("nested-gzip.zip", zip_of(&[Member::of("a.csv.gz", &gzip(text.as_bytes()))], &[])));
    files.push(HostileFile::new("folder-with-rows.zip", zip_of(&[member.named("folder/")], &[])));
    files.push(HostileFile::new("before.zip", [b"MZ at the front".as_slice(), &zip].concat()));
    files.push(HostileFile::new("behind.zip", [zip.as_slice(), &[b'x'; 70_000]].concat()));
    files.push(HostileFile::new("twice.zip", [zip.as_slice(), &zip].concat()));
    let mut chance = Chance::of(21);
    for number in 0..40 {
        files.push(HostileFile::new(&format!("changed-{number:02}.zip"), chance.change(&zip)));
    }
    files
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

/// gzip and Zstandard.
pub fn streams() -> Vec<HostileFile> {
    let text = sound();
    let (gz, zst) = (gzip(text.as_bytes()), zstd::encode_all(text.as_bytes(), 1).expect("packed"));
    let second = rows(70, 2);
    let mut files = vec![
        HostileFile::read("export.csv.gz", &gz, 3),
        HostileFile::read("export.csv.zst", &zst, 3),
        HostileFile::read("two.csv.gz", [gz.clone(), gzip(second.as_bytes())].concat(), 5),
        HostileFile::read(
            "two.csv.zst",
            [zst.clone(), zstd::encode_all(second.as_bytes(), 1).expect("packed")].concat(),
            5,
        ),
        HostileFile::new("behind.csv.gz", [gz.as_slice(), b"what is this"].concat()),
        HostileFile::new("zeros-behind.csv.gz", [gz.as_slice(), &[0; 4096]].concat()),
        HostileFile::new("behind.csv.zst", [zst.as_slice(), b"what is this"].concat()),
        HostileFile::new("nothing.csv.gz", gzip(b"")),
        HostileFile::new("nothing.csv.zst", zstd::encode_all(&b""[..], 1).expect("packed")),
        HostileFile::new("in-itself.csv.gz", (0..8).fold(text.clone().into_bytes(), |inner, _| gzip(&inner))),
        HostileFile::new("zip.csv.gz", gzip(&zip_of(&[Member::of("a.csv", text.as_bytes())], &[]))),
        // A frame that asks for a window of 2 TiB, and one of single segment that states 2^63 bytes (RFC 8878, 3.1.1.1).
        HostileFile::new("window.csv.zst", b"\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00"),
        HostileFile::new("stated.csv.zst", b"\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00"),
        HostileFile::new("skipped.csv.zst", [b"\x50\x2a\x4d\x18\xff\xff\xff\xff".as_slice(), &zst].concat()),
        HostileFile::new("dictionary.csv.zst", b"\x28\xb5\x2f\xfd\x23\xff\xff\xff\xff\x00\x01\x00\x00"),
    ];
    // The optional fields of a gzip heading (RFC 1952, 2.3.1): each said to be there, where the data stand.
    for flag in [1u8, 2, 4, 8, 16, 32, 64, 128, 255] {
        let mut lying = gz.clone();
        lying[3] = flag;
        files.push(HostileFile::new(&format!("flag-{flag}.csv.gz"), lying));
    }
    for (name, whole) in [("gz", &gz), ("zst", &zst)] {
        for at in (1..whole.len()).step_by(whole.len() / 12) {
            files.push(HostileFile::new(&format!("cut-{at}.csv.{name}"), &whole[..at]));
        }
        for back in [1, 4, 5, 8] {
            let mut lying = whole.clone();
            let at = whole.len() - back;
            lying[at] ^= 0x55;
            files.push(HostileFile::new(&format!("tail-{back}.csv.{name}"), lying));
        }
        let mut chance = Chance::of(31);
        for number in 0..20 {
            files.push(HostileFile::new(&format!("changed-{number:02}.csv.{name}"), chance.change(whole)));
        }
    }
    files
}

const OFFICE: &str = "http://schemas.openxmlformats.org";

/// The parts of a small workbook in the format of Excel, three rows beneath the heading.
pub fn xlsx_parts() -> Vec<(&'static str, String)> {
    let kind = format!("{OFFICE}/officeDocument/2006/relationships");
    let main = format!("{OFFICE}/spreadsheetml/2006/main");
    let cell = |row: usize, column: usize, text: &str| {
        format!("<c r=\"{}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>", (b'A' + column as u8) as char)
    };
    let row = |(number, line): (usize, &str)| {
        let cells: String = line.split(',').enumerate().map(|(column, text)| cell(number + 1, column, text)).collect();
        format!("<row r=\"{}\">{cells}</row>", number + 1)
    };
    let rows: String = sound().lines().enumerate().map(row).collect();
    vec![
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{OFFICE}/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{OFFICE}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{kind}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{OFFICE}/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{kind}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{main}\" count=\"1\" uniqueCount=\"1\"><si><t>shared</t></si></sst>"),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
    ]
}

fn book_of<N: AsRef<[u8]>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    let members: Vec<Member> = parts.iter().map(|(name, bytes)| Member::of(name, bytes.as_ref())).collect();
    zip_of(&members, &[])
}

/// The parts of a small OpenDocument workbook, three rows beneath the heading.
fn ods_parts() -> Vec<(&'static str, String)> {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let row =
        |line: &str| format!("<table:table-row>{}</table:table-row>", line.split(',').map(cell).collect::<String>());
    let rows: String = sound().lines().map(row).collect();
    let names = ["office", "table", "text"]
        .map(|name| format!(" xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\""))
        .concat();
    vec![
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("META-INF/manifest.xml", "<manifest/>".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content{names}><office:body><office:spreadsheet><table:table table:name=\"A\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ]
}

/// Workbooks of xlsx and ods: the folder damaged, and the markup inside.
pub fn workbooks() -> Vec<HostileFile> {
    let xlsx = book_of(&xlsx_parts());
    let ods = book_of(&ods_parts());
    let mut files = vec![HostileFile::read("export.xlsx", &xlsx, 3), HostileFile::read("export.ods", &ods, 3)];
    files.extend(lies_of_zip("book", "xlsx", &xlsx));
    let mut chance = Chance::of(41);
    for number in 0..20 {
        files.push(HostileFile::new(&format!("changed-{number:02}.xlsx"), chance.change(&xlsx)));
        files.push(HostileFile::new(&format!("changed-{number:02}.ods"), chance.change(&ods)));
    }
    // The markup of one part changed, in a folder that is sound.
    for (ending, parts) in [("xlsx", xlsx_parts()), ("ods", ods_parts())] {
        for at in 0..parts.len() {
            for number in 0..8 {
                let mut changed: Vec<(&str, Vec<u8>)> =
                    parts.iter().map(|(name, text)| (*name, text.clone().into_bytes())).collect();
                changed[at].1 = chance.change(&changed[at].1);
                files.push(HostileFile::new(&format!("part-{at}-{number}.{ending}"), book_of(&changed)));
            }
            let without: Vec<&(&str, String)> =
                parts.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, part)| part).collect();
            let without: Vec<(&str, &str)> = without.iter().map(|(name, text)| (*name, text.as_str())).collect();
            files.push(HostileFile::new(&format!("without-{at}.{ending}"), book_of(&without)));
        }
    }
    files.extend(markup(&xlsx_parts(), "xlsx", "xl/worksheets/sheet1.xml", "<sheetData>"));
    files.extend(markup(&ods_parts(), "ods", "content.xml", "<office:body>"));
    files
}

/// What markup can be made to do: entities that grow, files named from outside, deep nesting, cells and strings that lie.
fn markup(parts: &[(&'static str, String)], ending: &str, part: &str, inside: &str) -> Vec<HostileFile> {
    let with = |name: &str, change: &dyn Fn(&str) -> String| {
        let changed: Vec<(&str, String)> = parts
            .iter()
            .map(|(known, text)| (*known, if *known == part { change(text) } else { text.clone() }))
            .collect();
        HostileFile::new(&format!("{name}.{ending}"), book_of(&changed))
    };
    let laughs: String =
        (1..10).map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10))).collect();
    let nested = |depth: usize| "<n>".repeat(depth) + &"</n>".repeat(depth);
    let mut files = vec![
        with("entities", &|text| format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}]>{}", text.replace("MED", "&l9;"))),
        with("outside", &|text| {
            format!("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>{}", text.replace("MED", "&f;"))
        }),
        with("entity-unknown", &|text| text.replace("MED", "&nothing;&#0;&#xd800;&#1114112;")),
        with("nested", &|text| text.replace(inside, &format!("{}{inside}", nested(100_000)))),
        with("nested-inside", &|text| text.replace(inside, &format!("{inside}{}", nested(100_000)))),
        with("attributes", &|text| {
            text.replacen(
                '>',
                &format!("{}>", (0..20_000).map(|number| format!(" a{number}=\"\"")).collect::<String>()),
                1,
            )
        }),
        with("utf16", &|text| text.chars().flat_map(|letter| [letter, '\0']).collect()),
        with("declared-utf16", &|text| format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{text}")),
        with("comment-open", &|text| text.replace(inside, "<!--")),
        with("data-open", &|text| text.replace(inside, "<![CDATA[")),
        with("tag-open", &|text| format!("{text}<")),
        with("no-markup", &|_| "MED".to_owned()),
        with("nothing", &|_| String::new()),
    ];
    if ending == "xlsx" {
        for (name, from, to) in [
            ("far-cell", "r=\"A4\"", "r=\"XFD1048576\""),
            ("beyond-cell", "r=\"A4\"", "r=\"ZZZZZZZ99999999999\""),
            ("no-place", "r=\"A4\"", "r=\"\""),
            ("row-zero", "r=\"A4\"", "r=\"A0\""),
            ("row-back", "<row r=\"4\">", "<row r=\"1\">"),
            ("row-far", "<row r=\"4\">", "<row r=\"18446744073709551616\">"),
            ("string-far", "t=\"inlineStr\"><is><t>MED</t></is>", "t=\"s\"><v>4294967295</v>"),
            ("string-less", "t=\"inlineStr\"><is><t>MED</t></is>", "t=\"s\"><v>-1</v>"),
            ("number", "t=\"inlineStr\"><is><t>MED</t></is>", "><v>1e999</v>"),
            ("not-a-number", "t=\"inlineStr\"><is><t>MED</t></is>", "t=\"n\"><v>NaN</v>"),
            ("style-far", "t=\"inlineStr\"><is><t>MED</t></is>", "s=\"4294967295\"><v>1</v>"),
            ("kind-unknown", "t=\"inlineStr\"", "t=\"zz\""),
            ("formula-shared", "t=\"inlineStr\"><is><t>MED</t></is>", "><f t=\"shared\" si=\"4294967295\"/><v>1</v>"),
            (
                "merged",
                "</sheetData>",
                "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:XFD1048576\"/></mergeCells>",
            ),
            ("dimension", "<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>"),
        ] {
            files.push(with(name, &|text| text.replacen(from, to, 1)));
        }
    } else {
        for (name, attribute) in [
            ("columns-repeated", "table:number-columns-repeated=\"4294967295\""),
            ("columns-less", "table:number-columns-repeated=\"-1\""),
            ("columns-most", "table:number-columns-repeated=\"18446744073709551615\""),
            ("columns-spanned", "table:number-columns-spanned=\"1000000000\""),
            ("value", "office:value=\"1e999\""),
            ("date", "office:date-value=\"99999-99-99\""),
        ] {
            files.push(with(name, &|text| {
                text.replacen("<table:table-cell", &format!("<table:table-cell {attribute}"), 1)
            }));
        }
        for count in ["4294967295", "0", "-1", "18446744073709551615", "18446744073709551616"] {
            let name = format!("rows-repeated{count}");
            files.push(with(&name, &|text| {
                text.replacen(
                    "<table:table-row>",
                    &format!("<table:table-row table:number-rows-repeated=\"{count}\">"),
                    1,
                )
            }));
        }
    }
    files
}

/// A record of a BIFF8 stream.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

/// The stream of a small workbook of Excel 97: the heading and three rows, each cell a text (LABEL, 0x204).
fn old_stream() -> Vec<u8> {
    let begin = record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let place = (begin.len() + 4 + 9 + 4) as u32;
    let listed = record(0x85, &[&place.to_le_bytes()[..], &[0, 0, 1, 0, b'A']].concat());
    let mut sheet = record(0x809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    for (row, line) in sound().lines().enumerate() {
        for (column, text) in line.split(',').enumerate() {
            let text: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
            let head = [row as u16, column as u16, 0, text.len() as u16].map(u16::to_le_bytes).concat();
            sheet.extend(record(0x204, &[head, vec![0], text].concat()));
        }
    }
    [begin, listed, record(0x0a, &[]), sheet, record(0x0a, &[])].concat()
}

/// Workbooks of Excel 97: the compound file with fields that lie and chains that break, and the records inside.
pub fn old_workbooks() -> Vec<HostileFile> {
    let stream = old_stream();
    let file = compound_file::of(&stream);
    let mut files = vec![HostileFile::read("export.xls", &file, 3)];
    // Sector sizes, counts and first sectors of the heading (MS-CFB 2.2), and the first places of the table of tables.
    for field in [26usize, 28, 30, 32, 40, 44, 48, 56, 60, 64, 68, 72, 76, 80] {
        for lie in LIES {
            let mut lying = file.clone();
            let width = if field < 34 { 2 } else { 4 };
            lying.splice(field..field + width, lie.to_le_bytes()[..width].iter().copied());
            files.push(HostileFile::new(&format!("heading-{field}-{lie:x}.xls"), lying));
        }
    }
    // Name length, kind, siblings, child, first sector and size of the two entries of the folder.
    let folder = (1..file.len()).find(|at| file[*at..].starts_with(b"R\0o\0o\0t\0")).expect("a folder");
    for entry in [folder, folder + 128] {
        for field in [0usize, 64, 66, 68, 72, 76, 116, 120, 124] {
            let lie = LIES[(entry + field) % LIES.len()];
            for lie in [lie, 0xffff_ffff] {
                let mut lying = file.clone();
                lying.splice(entry + field..entry + field + 4, lie.to_le_bytes());
                files.push(HostileFile::new(&format!("entry-{entry}-{field}-{lie:x}.xls"), lying));
            }
        }
    }
    for at in [1, 8, 76, 511, 512, 513, folder, folder + 128, file.len() - 1] {
        files.push(HostileFile::new(&format!("cut-{at}.xls"), &file[..at]));
    }
    // Records that say they are longer, are others, or stand elsewhere.
    let mut chance = Chance::of(51);
    for number in 0..40 {
        files.push(HostileFile::new(&format!("stream-{number:02}.xls"), compound_file::of(&chance.change(&stream))));
    }
    for number in 0..20 {
        files.push(HostileFile::new(&format!("changed-{number:02}.xls"), chance.change(&file)));
    }
    for (number, kind) in
        [0x3c, 0xfc, 0x0fd, 0xbd, 0xbe, 0x06, 0x203, 0x27e, 0x200, 0x31, 0xe0, 0x41e, 0x22, 0x2f, 0x42, 0x85, 0xe5]
            .into_iter()
            .enumerate()
    {
        for data in [&[][..], &[0xff; 3], &[0xff; 12], &[0x41; 8224]] {
            let mut spoilt = stream.clone();
            let place = if number % 2 == 0 { stream.len() - 4 } else { 12 };
            spoilt.splice(place..place, record(kind, data));
            files.push(HostileFile::new(&format!("record-{kind:x}-{}.xls", data.len()), compound_file::of(&spoilt)));
        }
    }
    files
}
