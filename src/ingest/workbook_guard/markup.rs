//! Measures of an XML part, taken while it passes: nothing of it is kept, so a part of any size costs no memory.
//!
//! A library reads one event (a tag, a text) at a time into memory and keeps one value for each element of some kinds. Both are measured here.

use memchr::{memchr, memchr3};

/// Bytes of a tag that are looked at; the tags that matter are shorter.
const TAG_BYTES: usize = 4096;

/// What was measured of one part.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Markup {
    /// Bytes of the longest tag, text or comment.
    pub longest_event: u64,
    /// Bytes of text in the richest cell or shared string.
    pub longest_cell: u64,
    /// Shared strings.
    pub shared_strings: u64,
    /// Cell formats.
    pub cell_formats: u64,
    /// Other elements that a library keeps: sheets, names, relationships, fonts, fills, borders.
    pub kept_elements: u64,
    /// Shared strings that the part says it has: the largest number stated.
    pub stated_strings: u64,
    /// Formulas of cells.
    pub formulas: u64,
    /// It says that its formulas must be calculated when it is opened: programs that write a workbook and calculate nothing say so.
    pub never_calculated: bool,
    /// It says that another part is encrypted.
    pub declares_encryption: bool,
    /// It declares a document type, which no spreadsheet program writes, and which may hold anything.
    pub declares_type: bool,
    /// Tags opened less tags closed.
    pub open_tags: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum MarkupState {
    #[default]
    Text,
    Tag,
    Quoted(u8),
    Comment,
    CharacterData,
}

/// Takes the bytes of a part piece by piece.
#[derive(Debug, Default)]
pub struct Measuring {
    found: Markup,
    state: MarkupState,
    event: u64,
    cell: u64,
    tag: Vec<u8>,
    /// The last bytes taken, which tell the end of comments and character data.
    last: [u8; 3],
}

impl Measuring {
    /// Takes the next bytes.
    pub fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let (count, end) = match self.state {
                MarkupState::Text => upto(memchr(b'<', bytes), bytes),
                MarkupState::Tag => upto(memchr3(b'>', b'"', b'\'', bytes), bytes),
                MarkupState::Quoted(quote) => upto(memchr(quote, bytes), bytes),
                MarkupState::Comment | MarkupState::CharacterData => upto(memchr(b'>', bytes), bytes),
            };
            let (taken, rest) = bytes.split_at(count);
            self.pass(taken);
            if end {
                self.turn(taken[count - 1]);
            }
            bytes = rest;
        }
    }

    /// What was measured, once the part has ended.
    pub fn end(mut self) -> Markup {
        self.close_event();
        self.found
    }

    fn pass(&mut self, taken: &[u8]) {
        self.event += taken.len() as u64;
        match self.state {
            MarkupState::Text | MarkupState::CharacterData => self.cell += taken.len() as u64,
            MarkupState::Tag | MarkupState::Quoted(_) => {
                let room = TAG_BYTES.saturating_sub(self.tag.len());
                self.tag.extend_from_slice(&taken[..taken.len().min(room)]);
                // A comment or character data is told by its first bytes; quotes mean nothing in it.
                if self.tag.starts_with(b"!--") {
                    self.state = MarkupState::Comment;
                } else if self.tag.starts_with(b"![CDATA[") {
                    self.state = MarkupState::CharacterData;
                }
            }
            MarkupState::Comment => {}
        }
        for byte in &taken[taken.len().saturating_sub(3)..] {
            self.last = [self.last[1], self.last[2], *byte];
        }
    }

    /// At the byte that ends a run: `<` in text, `>` or a quote elsewhere.
    fn turn(&mut self, byte: u8) {
        match (self.state, byte) {
            (MarkupState::Text, _) => {
                self.cell -= 1;
                self.close_event();
                self.tag.clear();
                self.state = MarkupState::Tag;
            }
            // An instruction ends with `?>` and may hold `>`.
            (MarkupState::Tag, b'>') if self.tag.first() == Some(&b'?') && self.last[1] != b'?' => {}
            (MarkupState::Tag, b'>') => {
                self.tag_ended();
                self.close_event();
                self.state = MarkupState::Text;
            }
            (MarkupState::Tag, quote) if !matches!(self.tag.first(), Some(b'/' | b'?' | b'!')) => {
                self.state = MarkupState::Quoted(quote);
            }
            (MarkupState::Quoted(_), _) => self.state = MarkupState::Tag,
            // `<!-->` opens a comment and does not end it.
            (MarkupState::Comment, _) if self.last == *b"-->" && self.event >= 6 => self.text_again(),
            (MarkupState::CharacterData, _) if self.last == *b"]]>" => self.text_again(),
            _ => {}
        }
    }

    fn text_again(&mut self) {
        self.close_event();
        self.state = MarkupState::Text;
    }

    fn close_event(&mut self) {
        self.found.longest_cell = self.found.longest_cell.max(self.cell);
        self.found.longest_event = self.found.longest_event.max(self.event);
        self.event = 0;
    }

    fn tag_ended(&mut self) {
        let tag = self.tag.strip_suffix(b">").unwrap_or(&self.tag);
        match tag.first() {
            None | Some(b'?') => return,
            Some(b'!') => {
                self.found.declares_type |= tag.len() > 1 && tag[1].eq_ignore_ascii_case(&b'd');
                return;
            }
            Some(b'/') => {
                self.found.open_tags -= 1;
                return;
            }
            Some(_) => {}
        }
        // Of a long tag only the begin is kept, so its end is told by the last bytes taken.
        if self.last[1] != b'/' {
            self.found.open_tags += 1;
        }
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or(tag);
        match name.rsplit(|byte| *byte == b':').next().unwrap_or(name) {
            b"c" | b"table-cell" | b"covered-table-cell" => self.cell = 0,
            b"si" => {
                self.cell = 0;
                self.found.shared_strings += 1;
            }
            b"xf" => self.found.cell_formats += 1,
            b"f" => self.found.formulas += 1,
            b"calcPr" => self.found.never_calculated |= is_set(tag, "fullCalcOnLoad"),
            b"encryption-data" => self.found.declares_encryption = true,
            b"sst" => self.found.stated_strings = self.found.stated_strings.max(stated_count(tag)),
            b"sheet" | b"definedName" | b"Relationship" | b"numFmt" | b"font" | b"fill" | b"border" => {
                self.found.kept_elements += 1;
            }
            _ => {}
        }
    }
}

fn upto(found: Option<usize>, bytes: &[u8]) -> (usize, bool) {
    found.map_or((bytes.len(), false), |at| (at + 1, true))
}

/// Whether an attribute of a tag says yes.
fn is_set(tag: &[u8], attribute: &str) -> bool {
    let text = String::from_utf8_lossy(tag);
    let Some((_, rest)) = text.split_once(attribute) else { return false };
    let value =
        rest.trim_start_matches(|character: char| character.is_whitespace() || matches!(character, '=' | '"' | '\''));
    value.starts_with('1') || value.starts_with("true")
}

/// The `uniqueCount` of a tag; more than any part can hold where the tag is too long to be looked at.
fn stated_count(tag: &[u8]) -> u64 {
    if tag.len() + 1 >= TAG_BYTES {
        return u64::MAX;
    }
    let text = String::from_utf8_lossy(tag);
    let Some((_, rest)) = text.split_once("uniqueCount") else { return 0 };
    let digits: String = rest
        .trim_start_matches(|character: char| character.is_whitespace() || matches!(character, '=' | '"' | '\'' | '+'))
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn measure(text: &[u8], step: usize) -> Markup {
        let mut measuring = Measuring::default();
        text.chunks(step).for_each(|piece| measuring.take(piece));
        measuring.end()
    }

    #[test]
    fn texts_formats_and_nesting_are_counted() {
        let text = br#"<?xml version="1.0"?><sst uniqueCount = '7'><x:si><t a="<>">abc</t></x:si><si/><!-- <si> "' --><xf/></sst>"#;
        for step in [1, 2, 3, 7, 1000] {
            let found = measure(text, step);
            assert_eq!((found.shared_strings, found.cell_formats, found.stated_strings), (2, 1, 7), "{step}");
            assert_eq!(found.open_tags, 0, "{step}");
        }
        assert_eq!(measure(b"<a><b></a>", 4).open_tags, 1);
    }

    #[test]
    fn a_long_value_shows_whatever_it_is_hidden_in() {
        let long = "x><y ".repeat(2000);
        for text in [
            format!("<a>{}</a>", "x".repeat(10_000)),
            format!("<a b=\"{long}\"/>"),
            format!("<a><!--{long}--></a>"),
            format!("<a><![CDATA[{long}]]></a>"),
            format!("<a><!-->{long}--></a>"),
            format!("<?a >{long}?>"),
        ] {
            for step in [1, 3, 64, 100_000] {
                assert!(measure(text.as_bytes(), step).longest_event >= 10_000, "{step} {}", &text[..20]);
            }
        }
        let runs = format!("<si>{}</si>", "<r><t>xy</t></r>".repeat(500));
        assert_eq!(measure(runs.as_bytes(), 9).longest_cell, 1000);
        assert_eq!(measure(format!("<a b='{}'/>", "x".repeat(9000)).as_bytes(), 100).open_tags, 0);
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_measure_the_same(
            text in prop::collection::vec(prop::sample::select(b"<>/!-[]CDATA\"' asi".to_vec()), 0..120),
            step in 1usize..20,
        ) {
            prop_assert_eq!(measure(&text, step), measure(&text, 1000));
        }
    }
}
