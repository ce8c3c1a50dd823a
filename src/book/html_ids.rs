//! Names by which a link or a trace points at a place of the page. They hang on what a figure is, not on where it stands: the same from run to run, and the same where other
//! rows come or go.

use std::collections::BTreeSet;

/// Letters of each part of a name that are kept; the number at the end tells apart what is cut alike.
const LONGEST_PART: usize = 14;

/// The name of a figure: `f-groups-med-medicine-discharges-0kq3w9xe`.
///
/// `row` is what [`super::table::Table::row_labels`] says, `column` the heading: the four are the keys of `figures.csv`, so that whoever has a line of it has the name too.
pub fn figure_id(sheet: &str, table: &str, row: &str, column: &str) -> String {
    let number = number_of(&[sheet, table, row, column]);
    let cut = |text: &str| part(text, LONGEST_PART);
    format!("f-{}-{}-{}-{number}", cut(sheet), cut(row), cut(column))
}

/// The name of a sheet's section.
pub fn sheet_id(sheet: &str) -> String {
    format!("sheet-{}", whole_part(sheet))
}

/// The name of a table, and the begin of the names of what belongs to its chart.
pub fn table_id(sheet: &str, table: &str) -> String {
    format!("table-{}-{}", whole_part(sheet), whole_part(table))
}

/// A text in small letters, digits and single hyphens, cut.
fn part(text: &str, longest: usize) -> String {
    let mut part = String::new();
    for letter in text.chars() {
        if part.len() >= longest {
            break;
        }
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => part.push(letter),
            _ if part.is_empty() || part.ends_with('-') => {}
            _ => part.push('-'),
        }
    }
    part.trim_end_matches('-').to_owned()
}

/// The whole name of a sheet or table; where it is longer or has other letters, cut and with its number.
fn whole_part(text: &str) -> String {
    let part = part(text, 2 * LONGEST_PART);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'_');
    if is_plain && part.len() == text.len() { part } else { format!("{part}-{}", number_of(&[text])) }
}

/// Forty bits of the texts by the function of Fowler, Noll and Vo (FNV-1a, 64 bits, folded), as eight letters and digits.
fn number_of(texts: &[&str]) -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    // A zero byte ends every text, so that their borders count.
    for byte in texts.iter().flat_map(|text| text.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let folded = (hash >> 40) ^ hash;
    (0..8).map(|place| char::from(LETTERS[(folded >> (35 - 5 * place)) as usize & 31])).collect()
}

/// The names that a page has given; no two places have the same.
#[derive(Debug, Default)]
pub struct Names {
    given: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Names {
    /// The name, or where it is given already, with `-2`, `-3`.
    pub fn give(&mut self, name: String) -> String {
        let mut given = name.clone();
        let mut count = 1;
        while !self.given.insert(given.clone()) {
            count += 1;
            given = format!("{name}-{count}");
        }
        given
    }

    /// Words by which a part of the page is called, or where they are given already, with `(2)`, `(3)`.
    pub fn give_words(&mut self, words: String) -> String {
        let mut given = words.clone();
        let mut count = 1;
        while !self.words.insert(given.clone()) {
            count += 1;
            given = format!("{words} ({count})");
        }
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_plain_and_hangs_on_each_of_its_four_keys() {
        let name = figure_id("Groups", "services", "MED / Medicine", "Discharges");
        assert!(name.starts_with("f-groups-med-medicine-discharges-"), "{name}");
        let others = [
            figure_id("Group", "sservices", "MED / Medicine", "Discharges"),
            figure_id("Groups", "service", "MED / Medicine", "Discharges"),
            figure_id("Groups", "services", "MED / Medicine ", "Discharges"),
            figure_id("Groups", "services", "MED / Medicine", "discharges"),
        ];
        for other in &others {
            assert_ne!(&name, other);
        }
        let odd = figure_id("\u{202e}<\"", &"x".repeat(10_000), "Größe", "a b");
        assert!(odd.len() < 70 && odd.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{odd}");
    }

    #[test]
    fn sheets_that_are_cut_alike_have_names_of_their_own() {
        assert_eq!(sheet_id("Stays"), "sheet-stays");
        assert_ne!(sheet_id("Discharges by service A"), sheet_id("Discharges by service B"));
        assert_ne!(sheet_id("Größe"), sheet_id("Grüße"));
        let mut names = Names::default();
        assert_eq!([names.give("a".into()), names.give("a".into()), names.give("a-2".into())], ["a", "a-2", "a-2-2"]);
    }

    #[test]
    fn the_function_agrees_with_its_published_values() {
        // FNV-1a of "a" and a zero byte is that of "a", af63dc4c8601ec8c, times the prime once more.
        let expected = 0xaf63_dc4c_8601_ec8c_u64.wrapping_mul(0x0100_0000_01b3);
        let folded = (expected >> 40) ^ expected;
        let first = (folded >> 35) as usize & 31;
        assert_eq!(number_of(&["a"]).as_bytes()[0], b"0123456789abcdefghjkmnpqrstvwxyz"[first]);
    }
}
