//! The shipped tables, held to what the publishers say of their releases and to the official files where the reference folder has them.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read as _,
    path::Path,
};

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::{
    codeset::{
        describe::dotted,
        normalise::{ICD9_LAST, is_well_formed, normalise},
        readings::{KnownOfColumn, Readings, readings},
        sets::CodeSets,
        table::{CodeTable, NOT_ENDED},
    },
    fs::hexadecimal,
    partition::encounter::PackedCode,
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
    },
    shared_folder::{self, total},
};

pub(super) fn day(text: &str) -> Day {
    Day::from_iso(text).expect("a day")
}

/// The bytes of a file of the reference folder, unpacked.
fn shared(name: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(shared_folder::path(name)?).expect("a file");
    if !name.ends_with(".gz") {
        return Some(bytes);
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text).expect("a gzip file");
    Some(text)
}

/// Text of a file of the reference folder; the old CMS files are ISO-8859-1.
pub(super) fn shared_text(name: &str) -> Option<String> {
    shared(name).map(|bytes| encoding_rs::mem::decode_latin1(&bytes).into_owned())
}

/// An official order file: code, whether it is valid for submission, long title.
fn order_file(text: &str) -> Vec<(String, bool, String)> {
    text.lines()
        .filter(|line| line.len() > 77)
        .map(|line| (line[6..13].trim().to_owned(), &line[14..15] == "1", line[77..].trim().to_owned()))
        .collect()
}

pub(super) fn in_force(table: &CodeTable, on: Day) -> BTreeSet<&str> {
    table.ids().filter(|id| table.in_force(*id, Some(on))).map(|id| table.code(id).text()).collect()
}

#[test]
fn each_release_has_as_many_codes_as_its_publisher_says() {
    let sets = CodeSets::default();
    // FY2016 to FY2026; 0: not held to a figure.
    for (system, counts) in [
        (CodeSystem::Icd10Cm, [69_823, 71_486, 71_704, 71_932, 72_184, 72_616, 0, 73_639, 74_044, 74_260, 74_719]),
        (
            CodeSystem::Icd10Pcs,
            [71_974, 75_789, 78_705, 78_881, 77_559, 78_115, 78_220, 78_496, 78_603, 78_948, 79_115],
        ),
    ] {
        for (year, count) in (2015..).zip(counts) {
            let on = Day::from_ymd(year, 10, 1).expect("a day");
            assert!(count == 0 || in_force(sets.table(system), on).len() == count, "{} of {on}", system.title());
        }
    }
    // Releases between two Octobers, and the last of ICD-9-CM.
    assert_eq!(in_force(sets.table(CodeSystem::Icd10Pcs), day("2021-01-01")).len(), 78_136);
    assert_eq!(in_force(sets.table(CodeSystem::Icd10Cm), day("2022-04-01")).len(), 72_750);
    assert_eq!(in_force(sets.table(CodeSystem::Icd10Cm), day("2023-04-01")).len(), 73_674);
    assert_eq!(in_force(sets.table(CodeSystem::Icd9Cm), ICD9_LAST).len(), 14_567);
    assert_eq!(in_force(sets.table(CodeSystem::Icd9Procedure), ICD9_LAST).len(), 3_882);
    assert!(in_force(sets.table(CodeSystem::Icd9Cm), day("2015-10-01")).is_empty());
    let table = sets.table(CodeSystem::Icd10Cm);
    let (before, after) = (in_force(table, day("2025-09-30")), in_force(table, day("2025-10-01")));
    assert_eq!((after.difference(&before).count(), before.difference(&after).count()), (487, 28));
}

#[test]
fn periods_of_a_code_follow_each_other_and_every_group_is_known() {
    let sets = CodeSets::default();
    for system in CodeSystem::ALL {
        let table = sets.table(system);
        for id in table.ids() {
            let code = table.code(id).text();
            assert!(is_well_formed(system, code.as_bytes()), "{code}");
            let periods = table.periods(id);
            assert!(periods.iter().all(|period| period.first <= period.last && period.first != NOT_ENDED), "{code}");
            assert!(periods.windows(2).all(|pair| pair[0].last < pair[1].first), "{code}");
            assert!(table.block(id).is_some(), "{} {code} has no block", system.title());
        }
    }
}

#[test]
fn a_category_with_a_letter_is_grouped_where_the_tabular_list_has_it() {
    let sets = CodeSets::default();
    let table = sets.table(CodeSystem::Icd10Cm);
    for (code, block, chapter) in [
        ("C4A0", "C43-C44", 2),
        ("C7A00", "C7A", 2),
        ("D3A00", "D3A", 2),
        ("I1A0", "I10-I1A", 9),
        ("M1A00X0", "M05-M14", 13),
        ("O9A111", "O94-O9A", 15),
        ("QA0011", "QA0", 17),
        ("QA171", "QA0", 17),
        ("Z3A39", "Z30-Z39", 21),
        ("U071", "U00-U49", 22),
    ] {
        let id = table.find(code.as_bytes()).unwrap_or_else(|| panic!("{code}"));
        assert_eq!(
            table.block(id).map(|block| (block.name.as_str(), CodeTable::chapter_number(block))).unzip(),
            (Some(block), Some(chapter)),
            "{code}"
        );
    }
}

#[test]
fn headers_have_chapter_and_block_and_so_do_external_causes() {
    let sets = CodeSets::default();
    let block_of = |system: CodeSystem, code: &str| {
        let table = sets.table(system);
        table
            .block_of_code(PackedCode::new(code.as_bytes()).expect("short"))
            .map(|(_, block)| (block.name.clone(), table.grouping.chapters[block.chapter].0.clone()))
    };
    use CodeSystem::{Icd9Cm, Icd9Procedure, Icd10, Icd10Cm};
    for (system, code, block, chapter) in [
        (Icd9Cm, "250", "249-259", "3"),
        (Icd9Cm, "038", "030-041", "1"),
        (Icd9Cm, "E0008", "E000", "E"),
        (Icd9Cm, "E0069", "E001-E030", "E"),
        (Icd9Cm, "E8000", "E800-E807", "E"),
        (Icd9Cm, "E8490", "E849", "E"),
        (Icd9Cm, "E849", "E849", "E"),
        (Icd9Cm, "E8120", "E810-E819", "E"),
        (Icd9Cm, "E9320", "E930-E949", "E"),
        (Icd9Cm, "E9790", "E979", "E"),
        (Icd9Procedure, "870", "87-99", "16"),
        (Icd10Cm, "E11", "E08-E13", "4"),
        (Icd10, "E119", "E10-E14", "IV"),
        (Icd10, "A90", "A92-A99", "I"),
        (Icd10, "V892", "V80-V89", "XX"),
    ] {
        assert_eq!(block_of(system, code), Some((block.to_owned(), chapter.to_owned())), "{code}");
    }
    for (system, code) in [(Icd9Cm, "25"), (Icd9Cm, "25099"), (Icd10, "E9999"), (CodeSystem::Icd10Pcs, "0DT")] {
        assert_eq!(block_of(system, code), None, "{code}");
    }
}

#[test]
fn a_header_lives_from_its_first_code_to_its_last() {
    let sets = CodeSets::default();
    let verdict = |code: &str, on: &str| sets.judge(CodeSystem::Icd10Cm, code.as_bytes(), Some(day(on))).verdict;
    let table = sets.table(CodeSystem::Icd10Cm);
    for code in ["E7254", "S060X2", "E11"] {
        let (first, last) = table.header_days(code.as_bytes()).unwrap_or_else(|| panic!("{code}"));
        let on = |on: Day| sets.judge(CodeSystem::Icd10Cm, code.as_bytes(), Some(on)).verdict;
        assert_eq!(on(first), CodeVerdict::Header, "{code}");
        if first > day("2015-10-01") {
            assert_eq!(on(Day(first.0 - 1)), CodeVerdict::NotYetValid, "{code}");
        }
        if last != NOT_ENDED {
            assert_eq!(on(Day(last.0 + 1)), CodeVerdict::Expired, "{code}");
        }
    }
    assert_eq!(verdict("S060X2", "2026-10-03"), CodeVerdict::Expired);
    assert_eq!(verdict("E7254", "2020-10-03"), CodeVerdict::NotYetValid);
    assert_eq!(verdict("E11", "2026-10-03"), CodeVerdict::Header);
    assert_eq!(sets.judge(CodeSystem::Icd9Cm, b"250", Some(day("2014-01-01"))).verdict, CodeVerdict::Header);
}

#[test]
fn every_code_comes_back_from_the_ways_people_write_it() {
    let sets = CodeSets::default();
    for system in CodeSystem::ALL {
        let table = sets.table(system);
        for id in table.ids() {
            let code = table.code(id).text();
            let printed = dotted(system, code);
            for written in [
                code.to_owned(),
                printed.clone(),
                printed.to_lowercase(),
                format!(" {printed}  "),
                format!("{printed}-"),
            ] {
                let found = normalise(written.as_bytes());
                assert_eq!((found.code.text(), found.changed), (code, written != code), "{written}");
                assert_eq!(normalise(found.code.text().as_bytes()).code, found.code);
            }
        }
    }
}

#[test]
fn the_readme_of_the_tables_gives_their_rows_and_digests() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/codeset/tables");
    let readme = std::fs::read_to_string(folder.join("README.md")).expect("the README");
    for table in super::provenance::shipped_tables() {
        let packed = std::fs::read(folder.join(format!("{}.tsv.zst", table.name))).expect("a table");
        let text = String::from_utf8(zstd::decode_all(packed.as_slice()).expect("zstd")).expect("UTF-8");
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{}.tsv.zst` |", table.name)))
            .unwrap_or_else(|| panic!("{} is not in the README", table.name));
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().replace([',', '`'], "")).collect();
        let digest = hexadecimal(&Sha256::digest(&packed));
        assert_eq!(cells[2..5], [text.lines().count().to_string(), packed.len().to_string(), digest], "{}", table.name);
        assert_eq!(cells[4], table.sha256);
    }
}

/// Holds a table to an order file on some days: the same valid codes, the same headers, no other code.
fn hold_to_order_file(sets: &CodeSets, system: CodeSystem, rows: &[(String, bool, String)], days: &[&str]) {
    let table = sets.table(system);
    let official: BTreeSet<&str> = rows.iter().filter(|row| row.1).map(|row| row.0.as_str()).collect();
    for on in days {
        assert!(in_force(table, day(on)) == official, "{} on {on}", system.title());
        for (code, valid, _) in rows {
            if *valid || system == CodeSystem::Icd10Cm {
                let verdict = sets.judge(system, code.as_bytes(), Some(day(on))).verdict;
                assert_eq!(verdict, if *valid { CodeVerdict::Valid } else { CodeVerdict::Header }, "{code} on {on}");
            }
        }
    }
    let titles = |code: &str| table.find(code.as_bytes()).map_or("", |id| table.title(id));
    let (mut same, mut none) = (0, 0);
    for (code, _, title) in rows.iter().filter(|row| row.1) {
        same += usize::from(ascii(titles(code)) == ascii(title));
        none += usize::from(titles(code).is_empty());
    }
    let title = system.title();
    total(
        &format!("{title} on {}, titles ({none} not shipped)", days.join(", ")),
        "codes",
        official.len(),
        same,
        70_000,
    );
    assert!(same * 1000 >= official.len() * 998, "titles: {same} of {} are the same", official.len());
}

/// A title without accents, which the order files do not have.
fn ascii(title: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    title.nfd().filter(char::is_ascii).collect::<String>().to_lowercase()
}

#[test]
fn the_official_order_files_agree() {
    let sets = CodeSets::default();
    if let Some(text) = shared_text("codesets/official/icd10cm_order_2025.txt.gz") {
        hold_to_order_file(&sets, CodeSystem::Icd10Cm, &order_file(&text), &["2024-10-01", "2025-09-30"]);
    }
    if let Some(bytes) = shared("codesets/official/cms_2026_dx.zip") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
        let mut text = String::new();
        archive.by_name("icd10cm_order_2026.txt").expect("the order file").read_to_string(&mut text).expect("text");
        let rows = order_file(&text);
        assert_eq!(rows.len(), 98_186);
        let days = ["2025-10-01", "2026-03-31", "2026-04-01", "2026-09-30"];
        hold_to_order_file(&sets, CodeSystem::Icd10Cm, &rows, &days);
    }
    if let Some(text) = shared_text("codesets/official/icd10pcs_order_2026.txt.gz") {
        hold_to_order_file(&sets, CodeSystem::Icd10Pcs, &order_file(&text), &["2025-10-01", "2026-03-31"]);
    }
}

#[test]
fn the_addenda_of_2027_take_effect_on_their_day() {
    let Some(text) = shared_text("codesets/official/icd10cm_order_addenda_2027.txt.gz") else { return };
    let sets = CodeSets::default();
    let verdict = |code: &str, on: &str| sets.judge(CodeSystem::Icd10Cm, code.as_bytes(), Some(day(on))).verdict;
    let (mut added, mut deleted) = (0, 0);
    for line in text.lines().filter(|line| line.len() > 24) {
        let (action, valid, code) = (line[..12].trim(), &line[13..14] == "1", line[15..22].trim());
        match (action, valid) {
            ("Add:", true) => {
                assert_eq!(verdict(code, "2026-10-01"), CodeVerdict::Valid, "{code}");
                assert_ne!(verdict(code, "2026-09-30"), CodeVerdict::Valid, "{code}");
                added += 1;
            }
            ("Add:", false) => assert_eq!(verdict(code, "2026-10-01"), CodeVerdict::Header, "{code}"),
            ("Delete:", true) => {
                assert_eq!(verdict(code, "2026-09-30"), CodeVerdict::Valid, "{code}");
                let after = verdict(code, "2026-10-01");
                assert!(matches!(after, CodeVerdict::Header | CodeVerdict::Expired), "{code} {after:?}");
                deleted += 1;
            }
            _ => {}
        }
    }
    assert_eq!((added, deleted), (190, 30));
    total("the addenda of 2027", "codes", added + deleted, added + deleted, 220);
}

#[test]
fn icd_9_cm_of_the_last_release_agrees_with_its_titles() {
    let sets = CodeSets::default();
    for (system, name) in [(CodeSystem::Icd9Cm, "DX"), (CodeSystem::Icd9Procedure, "SG")] {
        let Some(text) = shared_text(&format!("codesets/official/CMS32_DESC_LONG_{name}.txt.gz")) else { return };
        let official: BTreeMap<&str, &str> =
            text.lines().filter_map(|line| line.split_once(' ')).map(|(code, title)| (code, title.trim())).collect();
        let table = sets.table(system);
        assert!(in_force(table, day("2014-10-01")).into_iter().eq(official.keys().copied()), "{}", system.title());
        let codes = official.len();
        for (code, title) in official {
            let id = table.find(code.as_bytes()).expect("in force");
            assert_eq!(
                ascii(table.title(id)),
                ascii(&title.split_whitespace().collect::<Vec<_>>().join(" ")),
                "{code}"
            );
        }
        total(
            &format!("CMS32_DESC_LONG_{name}.txt.gz"),
            "codes",
            codes,
            codes,
            if name == "DX" { 14_567 } else { 3_882 },
        );
    }
}

#[test]
fn the_editor_s_tables_of_the_registry_are_the_same() {
    let sets = CodeSets::default();
    for (system, name, rows) in [
        (CodeSystem::Icd10Cm, "mce_v44_0_icd10dx", 85_122),
        (CodeSystem::Icd10Pcs, "mce_v44_0_icd10pr", 86_910),
        (CodeSystem::Icd9Cm, "mce_icd9dx", 23_012),
        (CodeSystem::Icd9Procedure, "mce_icd9pr", 4_279),
    ] {
        let Some(text) = shared_text(&format!("codesets/registry/{name}.csv.gz")) else { return };
        let table = sets.table(system);
        let compact = |text: &str| day(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]));
        let words = |flags: &str| {
            flags.split(['|', ';', ' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let mut official: BTreeSet<(String, Day, Day, BTreeSet<String>)> = BTreeSet::new();
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.expect("a row");
            let last = if row[2].is_empty() { NOT_ENDED } else { compact(&row[2]) };
            official.insert((row[0].to_owned(), compact(&row[1]), last, words(&row[3])));
        }
        let ours: BTreeSet<_> = table
            .ids()
            .flat_map(|id| table.periods(id).iter().map(move |period| (id, *period)))
            .map(|(id, period)| {
                let flags = words(&table.flag_words[usize::from(period.flags)]);
                (table.code(id).text().to_owned(), period.first, period.last, flags)
            })
            .collect();
        total(name, "rows", official.len(), official.intersection(&ours).count(), rows);
        let other: Vec<_> = ours.symmetric_difference(&official).take(3).collect();
        assert!(other.is_empty(), "{name}: {other:?}");
    }
}

#[test]
fn the_benchmark_s_codes_are_judged_as_it_knows_them() {
    let sets = CodeSets::default();
    let verdict = |code: &str, on: Day| sets.judge(CodeSystem::Icd10Cm, code.as_bytes(), Some(on)).verdict;
    let lines = |name: &str, published: usize| {
        let text = shared_text(&format!("bench/codes/{name}")).unwrap_or_default();
        let count = text.lines().count();
        if !text.is_empty() {
            total(name, "codes", count, count, published);
        }
        text
    };
    let text = lines("icd10cm_fy2026.tsv", 75_000);
    if !text.is_empty() {
        let table = sets.table(CodeSystem::Icd10Cm);
        for row in text.lines().skip(1) {
            let cells: Vec<&str> = row.split('\t').collect();
            let all_year = table.find(cells[0].as_bytes()).is_some_and(|id| {
                (day("2025-10-01").0..=day("2026-09-30").0).all(|on| table.in_force(id, Some(Day(on))))
            });
            assert_eq!(all_year, cells[1] == "1", "{}", cells[0]);
            assert_eq!(verdict(cells[0], day("2026-04-01")) == CodeVerdict::Valid, cells[1] == "1", "{}", cells[0]);
        }
    }
    for header in lines("icd10cm_2026apr_headers.txt", 23_000).lines() {
        assert_eq!(verdict(header, day("2026-04-01")), CodeVerdict::Header, "{header}");
    }
    for code in lines("icd10pcs_fy2026.txt", 74_000).lines() {
        let judged = sets.judge(CodeSystem::Icd10Pcs, code.as_bytes(), Some(day("2025-10-01")));
        assert_eq!(judged.verdict, CodeVerdict::Valid, "{code}");
    }
}

const ZEROS_LOST: KnownOfColumn =
    KnownOfColumn { zeros_lost: true, dotted_column: false, x_is_filler: false, on: None };

#[test]
fn the_codes_of_the_mimic_demo_are_valid_under_their_own_revision() {
    let Some(text) = shared_text("samples/mimic-iv-demo/diagnoses_icd.csv") else { return };
    let sets = CodeSets::default();
    // The export has its codes as text: without the repair each stands as it is written. With it, each is the same code or said to have several readings.
    let (mut several, mut categories, mut rows) = (BTreeMap::<String, usize>::new(), 0, 0);
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.expect("a row");
        let code = normalise(row[3].as_bytes()).code;
        let system = if &row[4] == "9" { CodeSystem::Icd9Cm } else { CodeSystem::Icd10Cm };
        rows += 1;
        match readings(sets.table(system), row[3].as_bytes(), ZEROS_LOST) {
            Readings::Several(codes) => {
                assert!(codes.contains(&code) || code.text().len() < 5, "{}", &row[3]);
                *several.entry(row[3].to_owned()).or_default() += 1;
            }
            Readings::One(one) => match sets.judge(system, one.code.text().as_bytes(), None).verdict {
                CodeVerdict::Header => categories += 1,
                verdict => assert_eq!(verdict, CodeVerdict::Valid, "{}", &row[3]),
            },
        }
    }
    println!("{categories} categories as written, several readings: {several:?}");
    total("samples/mimic-iv-demo, codes", "diagnoses", rows, rows, 4_506);
}

#[test]
fn a_code_that_lost_its_zeros_comes_back_or_is_said() {
    let sets = CodeSets::default();
    for (system, dot) in [(CodeSystem::Icd9Cm, 3), (CodeSystem::Icd9Procedure, 2)] {
        let table = sets.table(system);
        let (mut back, mut several, mut categories) = (0, 0, 0);
        for code in in_force(table, ICD9_LAST) {
            let number = code.trim_start_matches('0');
            if !code.bytes().all(|byte| byte.is_ascii_digit()) || number.is_empty() {
                continue;
            }
            match readings(table, number.as_bytes(), ZEROS_LOST) {
                Readings::Several(codes) => {
                    assert!(codes.iter().any(|reading| reading.text() == code), "{code}");
                    several += 1;
                }
                Readings::One(one) if one.code.text() == code => back += 1,
                // 00845 as 845, which is a category: not billable, and said as such.
                Readings::One(one) => {
                    let judged = sets.judge(system, one.code.text().as_bytes(), Some(ICD9_LAST));
                    assert_eq!(judged.verdict, CodeVerdict::Header, "{code} as {number}");
                    categories += 1;
                }
            }
            // With its dot a code has one reading, whatever it lost.
            let dotted = format!("{}.{}", &code[..dot], &code[dot..]);
            let dotted = dotted.trim_start_matches('0').trim_end_matches('.');
            if dotted.contains('.') && !dotted.starts_with('.') {
                let read = readings(table, dotted.as_bytes(), ZEROS_LOST);
                assert!(matches!(read, Readings::One(one) if one.code.text() == code), "{code} as {dotted}");
            }
        }
        println!(
            "{system:?}: {back} are back or stand, {several} have several readings, {categories} are categories as written"
        );
        assert!(back > 0 && several > 0);
    }
}
