//! Tag files as text: their encoding, their lines, the bag declaration (`bagit.txt`) and the bag's metadata (`bag-info.txt`).

use std::borrow::Cow;

use encoding_rs::Encoding;

/// A BagIt version. The versions that exist are 0.93 to 0.97 and 1.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BagVersion {
    /// Before the full stop.
    pub major: u32,
    /// After it.
    pub minor: u32,
}

impl BagVersion {
    /// RFC 8493.
    pub const V1_0: BagVersion = BagVersion { major: 1, minor: 0 };
    /// The last of the drafts, and the rules by which a bag of unknown version is read.
    pub const V0_97: BagVersion = BagVersion { major: 0, minor: 97 };
    const FIRST: BagVersion = BagVersion { major: 0, minor: 93 };
    const WITH_BAG_INFO: BagVersion = BagVersion { major: 0, minor: 96 };

    /// Reads `M.N`.
    pub fn read(text: &str) -> Option<BagVersion> {
        let number = |digits: &str| -> Option<u32> {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let (major, minor) = text.split_once('.')?;
        Some(BagVersion { major: number(major)?, minor: number(minor)? })
    }

    /// Whether the rules of this version are known.
    pub fn is_supported(self) -> bool {
        (BagVersion::FIRST..=BagVersion::V1_0).contains(&self)
    }

    /// Name of the metadata file: `package-info.txt` up to 0.95, `bag-info.txt` since.
    pub fn metadata_file(self) -> &'static str {
        if self < BagVersion::WITH_BAG_INFO { "package-info.txt" } else { "bag-info.txt" }
    }
}

/// The encoding of the tag files other than `bagit.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagEncoding {
    /// UTF-8, the recommended one.
    Utf8,
    /// UTF-16 with a byte-order mark, big-endian without.
    Utf16,
    /// ISO-8859-1: octets are code points.
    Latin1,
    /// Any other registered encoding.
    Other(&'static Encoding),
}

impl TagEncoding {
    /// Reads a registered name, in any case.
    pub fn from_name(name: &str) -> Option<TagEncoding> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Some(TagEncoding::Utf8),
            "UTF-16" => Some(TagEncoding::Utf16),
            "ISO-8859-1" | "LATIN1" | "LATIN-1" | "US-ASCII" | "ASCII" => Some(TagEncoding::Latin1),
            _ => Encoding::for_label(name.as_bytes()).map(TagEncoding::Other),
        }
    }

    /// The text of a tag file, without its byte-order mark; `None` where the octets are not text in this encoding.
    pub fn decode(self, octets: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            TagEncoding::Utf8 => std::str::from_utf8(octets).ok().map(|text| without_mark(Cow::Borrowed(text))),
            TagEncoding::Latin1 => Some(octets.iter().copied().map(char::from).collect::<String>().into()),
            TagEncoding::Utf16 => decode_utf16(octets).map(Cow::Owned).map(without_mark),
            TagEncoding::Other(encoding) => {
                let (text, _, wrong) = encoding.decode(octets);
                (!wrong).then_some(text)
            }
        }
    }
}

fn decode_utf16(octets: &[u8]) -> Option<String> {
    if !octets.len().is_multiple_of(2) {
        return None;
    }
    let little = octets.starts_with(&[0xff, 0xfe]);
    let units = octets.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

fn without_mark(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned().into(),
        None => text,
    }
}

/// The lines of a tag file, ended by LF, CR or CRLF, numbered from 1; an ended last line opens no further one.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.find(['\r', '\n']).unwrap_or(text.len());
        let ending = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = text.get(end + ending..).filter(|after| !after.is_empty());
        Some(&text[..end])
    })
    .enumerate()
    .map(|(index, line)| (index + 1, line))
}

/// What `bagit.txt` declares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declaration {
    /// The version as written.
    pub version_text: Option<String>,
    /// The version, where it is `M.N`.
    pub version: Option<BagVersion>,
    /// The encoding as written.
    pub encoding: Option<String>,
    /// Ways in which the file is not the two lines that version 1.0 demands. Earlier versions tolerate them.
    pub irregular: Vec<String>,
    /// What makes it useless in every version.
    pub wrong: Vec<String>,
}

/// Reads `bagit.txt` (RFC 8493, section 2.1.1).
pub fn read_declaration(text: &str) -> Declaration {
    let mut declaration = Declaration::default();
    for (number, line) in lines(text) {
        let Some((label, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                declaration.irregular.push(format!("line {number} is blank"));
            } else {
                declaration.wrong.push(format!("line {number} is not a label and a value"));
            }
            continue;
        };
        let (place, slot) = match label.trim() {
            "BagIt-Version" => (1, &mut declaration.version_text),
            "Tag-File-Character-Encoding" => (2, &mut declaration.encoding),
            _ => {
                declaration.irregular.push(format!("line {number} is neither the version nor the encoding"));
                continue;
            }
        };
        let plain = value.strip_prefix(' ').is_some_and(|value| value.trim() == value) && label.trim() == label;
        if !plain {
            declaration.irregular.push(format!("line {number} has whitespace beside the one space after the colon"));
        }
        if place != number {
            declaration.irregular.push(format!("line {number} should be line {place}"));
        }
        if slot.replace(value.trim().to_owned()).is_some() {
            declaration.wrong.push(format!("line {number} repeats a label"));
        }
    }
    match declaration.version_text.as_deref() {
        None => declaration.wrong.push("BagIt-Version is missing".to_owned()),
        Some(text) => {
            declaration.version = BagVersion::read(text);
            if declaration.version.is_none() {
                declaration.wrong.push("BagIt-Version is not of the form M.N".to_owned());
            }
        }
    }
    if declaration.encoding.as_deref().is_none_or(str::is_empty) {
        declaration.wrong.push("Tag-File-Character-Encoding is missing".to_owned());
    }
    declaration
}

/// One element of `bag-info.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Line it begins on.
    pub line: usize,
    /// The label, without whitespace around it.
    pub label: String,
    /// The value, its continuation lines joined by one space.
    pub value: String,
    /// The label has whitespace around it or none follows the colon, which version 1.0 forbids.
    pub irregular: bool,
}

/// Reads `bag-info.txt` (RFC 8493, section 2.2.2): its elements in order, and the numbers of the lines that are none.
pub fn read_elements(text: &str) -> (Vec<Element>, Vec<usize>) {
    let mut elements: Vec<Element> = Vec::new();
    let mut malformed = Vec::new();
    for (line, content) in lines(text) {
        if content.trim().is_empty() {
            continue;
        }
        match (content.starts_with([' ', '\t']), elements.last_mut(), content.split_once(':')) {
            (true, Some(element), _) => {
                element.value.push(' ');
                element.value.push_str(content.trim());
            }
            (_, _, Some((label, value))) if !label.trim().is_empty() => elements.push(Element {
                line,
                label: label.trim().to_owned(),
                value: value.trim().to_owned(),
                irregular: label.trim() != label || !value.starts_with([' ', '\t']),
            }),
            _ => malformed.push(line),
        }
    }
    (elements, malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_line_ends_are_read_and_mixed() {
        let found: Vec<_> = lines("a\nb\rc\r\n\nd").collect();
        assert_eq!(found, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
        assert_eq!(lines("a\r\n").count(), 1);
        assert_eq!(lines("").count(), 0);
    }

    #[test]
    fn the_declaration_of_the_rfc_is_regular() {
        let declaration = read_declaration("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        assert_eq!(declaration.version, Some(BagVersion::V1_0));
        assert_eq!(declaration.encoding.as_deref(), Some("UTF-8"));
        assert!(declaration.irregular.is_empty() && declaration.wrong.is_empty());
    }

    #[test]
    fn departures_from_the_two_lines_are_told_apart() {
        for (text, irregular, wrong) in [
            ("BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n", 2, 0),
            ("BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n", 1, 0),
            ("BagIt-Version:1.0\nTag-File-Character-Encoding: UTF-8\n", 1, 0),
            ("Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", 2, 0),
            ("BagIt-Version: .97\nTag-File-Character-Encoding: UTF-8\n", 0, 1),
            ("BagIt-Version: 1\nTag-File-Character-Encoding: UTF-8\n", 0, 1),
            ("BagIt-Version: 0.97\n", 0, 1),
            ("", 0, 2),
            ("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nSigned-By: me\n", 1, 0),
            ("BagIt-Version: 1.0\nBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", 2, 1),
        ] {
            let declaration = read_declaration(text);
            assert_eq!((declaration.irregular.len(), declaration.wrong.len()), (irregular, wrong), "{text:?}");
        }
    }

    #[test]
    fn values_continue_on_indented_lines() {
        let (elements, malformed) = read_elements("A: one\n   two\nnonsense\nB : three\n\nC:4\n");
        let found: Vec<_> =
            elements.iter().map(|element| (&*element.label, &*element.value, element.irregular)).collect();
        assert_eq!(found, [("A", "one two", false), ("B", "three", true), ("C", "4", true)]);
        assert_eq!(malformed, [3]);
    }

    #[test]
    fn tag_files_are_read_in_their_encoding() {
        let utf16 = [0xfe, 0xff, 0, b'a', 0, 0xe9];
        assert_eq!(
            TagEncoding::from_name("utf-16").and_then(|encoding| encoding.decode(&utf16)).as_deref(),
            Some("aé")
        );
        let latin1 = TagEncoding::from_name("ISO-8859-1").unwrap();
        assert_eq!(latin1.decode(&[b'a', 0xe9]).as_deref(), Some("aé"));
        assert_eq!(TagEncoding::Utf8.decode(&[b'a', 0xe9]), None);
        assert!(TagEncoding::from_name("klingon").is_none());
    }
}
