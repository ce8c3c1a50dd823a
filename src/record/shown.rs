//! Text from outside (data, names of files, arguments, configurations) as it is shown to a person: on a terminal, in a log, in a list, in a workbook.
//!
//! A terminal obeys control characters, an editor and a browser obey the marks of direction, and a spreadsheet runs a cell that begins like a formula. So what is
//! shown has every character that cannot be seen as a visible escape, `\u{1b}`, and lists have a quote mark before what would be a formula. Letters of every
//! language stay as they are.
//!
//! | form | for |
//! | --- | --- |
//! | [`shown`] | one value within a message |
//! | [`shown_lines`] | a whole text of several lines |
//! | [`in_json`], [`in_toml`] | text within the quotes of such a file, whose reader gets it back |
//! | [`cell`], and [`read_cell`] back | a cell of comma-separated values |

use std::{borrow::Cow, fmt::Write as _, path::Path};

/// First character of the scripts (Hebrew and Arabic on to the last) whose words need joiners and spaces of no width.
const FIRST_OF_JOINING_SCRIPTS: char = '\u{590}';

/// Whether a character cannot be seen where it stands, after `before`: it is obeyed, or it hides what is there.
///
/// Joiners and spaces of no width belong to the words of many scripts (Persian, Hindi, Thai) and to emoji; they stay after a character of such a script.
pub fn is_unseen(letter: char, before: Option<char>) -> bool {
    match letter {
        '\u{200b}'..='\u{200d}' => {
            before.is_none_or(|before| before < FIRST_OF_JOINING_SCRIPTS || is_unseen(before, None))
        }
        // Control characters: C0, delete, C1.
        _ if letter.is_control() => true,
        // Marks of direction, embeddings, overrides and isolates.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        // Separators of lines and paragraphs.
        '\u{2028}' | '\u{2029}' => true,
        // What has no width or no ink: soft hyphen, grapheme joiner, fillers, word joiner, invisible operators, byte-order mark, annotations, tags.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' => true,
        '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

/// Whether a byte may begin a character that is unseen: a control character, or the first byte of one beyond ASCII.
fn may_be_unseen(byte: u8) -> bool {
    !(b' '..0x7f).contains(&byte)
}

/// The text with every unseen character, but those that `keep` names, in the words that `escape` writes.
fn with_escapes<'t>(text: &'t str, keep: &[char], escape: impl Fn(&mut String, char)) -> Cow<'t, str> {
    if !text.bytes().any(may_be_unseen) {
        return text.into();
    }
    let mut before = None;
    let mut unseen = |letter: char| {
        let is_unseen = is_unseen(letter, before) && !keep.contains(&letter);
        before = Some(letter);
        is_unseen
    };
    let Some(first) = text.char_indices().find(|(_, letter)| unseen(*letter)).map(|(at, _)| at) else {
        return text.into();
    };
    let mut shown = String::with_capacity(text.len() + 16);
    shown.push_str(&text[..first]);
    let mut before = text[..first].chars().next_back();
    for letter in text[first..].chars() {
        match is_unseen(letter, before) && !keep.contains(&letter) {
            true => escape(&mut shown, letter),
            false => shown.push(letter),
        }
        before = Some(letter);
    }
    shown.into()
}

fn visible(text: &mut String, letter: char) {
    let _ = write!(text, "\\u{{{:x}}}", u32::from(letter));
}

/// One value as it stands in a message: on one line, with `\u{1b}` for what cannot be seen. What is shown already stays as it is.
pub fn shown(text: &str) -> Cow<'_, str> {
    with_escapes(text, &[], visible)
}

/// A path as [`shown`].
pub fn path(path: &Path) -> String {
    shown(&path.to_string_lossy()).into_owned()
}

/// A text of several lines: line feeds and tabs stay, everything else as in [`shown`].
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    with_escapes(text, &['\n', '\t'], visible)
}

/// A JSON text: what cannot be seen as `\u202e`, which its reader takes for the character itself. Such characters stand within strings alone; the line feeds between
/// them stay.
pub fn in_json(text: &str) -> Cow<'_, str> {
    with_escapes(text, &['\n', '\t', '\r'], |text, letter| {
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    })
}

/// A text for a TOML string in double quotes, on one line, its backslashes and quotes already escaped: what cannot be seen as `\u202E` or `\U000E0001`.
pub fn in_toml(text: &str) -> Cow<'_, str> {
    with_escapes(text, &[], |text, letter| {
        let number = u32::from(letter);
        let _ = if number > 0xffff { write!(text, "\\U{number:08X}") } else { write!(text, "\\u{number:04X}") };
    })
}

/// Whether a spreadsheet takes a text that begins so for a formula. The wide forms of East Asian keyboards count as the narrow ones.
pub fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
}

/// What parts cells where a spreadsheet is told, or guesses, another separator than the comma: it opens the rest of such a cell as a cell of its own. A tab is
/// escaped before.
const SEPARATORS: [char; 3] = [',', ';', '|'];
/// The mark by which a spreadsheet takes a cell as text.
const MARK: char = '\'';

/// A value as a cell of comma-separated values: what cannot be seen as `\u{1b}`, and a quote mark before what a spreadsheet would take for a formula, at the begin
/// and after what other separators are. Numbers stay numbers. [`read_cell`] gives the value back.
pub fn cell(value: &str) -> Cow<'_, str> {
    let first = value.as_bytes().first().copied().unwrap_or(b'a');
    let plain = |byte: u8| !(may_be_unseen(byte) || matches!(byte, b'\\' | b',' | b';' | b'|'));
    if (first.is_ascii_alphanumeric() || first == b'/') && value.bytes().all(plain) {
        return value.into();
    }
    match escaped(value) {
        Cow::Borrowed(text) => with_marks(text),
        Cow::Owned(text) => with_marks(&text).into_owned().into(),
    }
}

/// The value that [`cell`] wrote; what a person wrote otherwise stays as it is.
pub fn read_cell(cell: &str) -> Cow<'_, str> {
    match without_marks(cell) {
        Cow::Borrowed(text) => unescaped(text),
        Cow::Owned(text) => unescaped(&text).into_owned().into(),
    }
}

/// With visible escapes, and with the backslash of what only looks like one escaped as well.
fn escaped(value: &str) -> Cow<'_, str> {
    let shown = match value.match_indices("\\u{").any(|(at, _)| escape_at(&value[at..]).is_some()) {
        false => value.into(),
        true => {
            let mut text = String::with_capacity(value.len() + 16);
            for (at, letter) in value.char_indices() {
                match letter == '\\' && escape_at(&value[at..]).is_some() {
                    true => visible(&mut text, letter),
                    false => text.push(letter),
                }
            }
            Cow::Owned(text)
        }
    };
    match shown {
        Cow::Borrowed(text) => self::shown(text),
        Cow::Owned(text) => self::shown(&text).into_owned().into(),
    }
}

/// The character that an escape at the begin of a text stands for, and the escape's length.
fn escape_at(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix("\\u{")?;
    let digits = rest.find('}').filter(|length| (1..=6).contains(length))?;
    let number = u32::from_str_radix(&rest[..digits], 16).ok()?;
    let is_written_so = rest[..digits].bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    Some((char::from_u32(number).filter(|_| is_written_so)?, digits + "\\u{}".len()))
}

fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u{") {
        return text.into();
    }
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\\u{") {
        value.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = escape_at(rest).unwrap_or(('\\', 1));
        value.push(letter);
        rest = &rest[length..];
    }
    value.push_str(rest);
    value.into()
}

/// The places at which a spreadsheet may see a cell begin: after blanks and quotes, at the begin and after each separator.
fn begins(text: &str) -> impl Iterator<Item = usize> {
    let after = text.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len());
    std::iter::once(0).chain(after).map(|at| {
        let rest = &text[at..];
        at + rest.len() - rest.trim_start_matches(|letter: char| letter == '"' || letter.is_whitespace()).len()
    })
}

/// What stands at a begin: a number of marks, and whether a formula follows.
fn marks_at(text: &str) -> (usize, bool) {
    let rest = text.trim_start_matches(MARK);
    (text.len() - rest.len(), begins_formula(rest))
}

fn with_marks(text: &str) -> Cow<'_, str> {
    // A cell with a comma or a quote mark is written in quote marks: behind another separator their end follows the number, and it is none.
    let is_quoted = text.contains([',', '"']);
    let needs_mark = |at: &usize| {
        let rest = &text[*at..];
        let (marks, formula) = marks_at(rest);
        // A number at the begin of the cell is the whole of it; after a separator it ends at the next one.
        let is_number = match *at {
            0 => is_number(rest.trim_end()),
            _ => !is_quoted && is_number(rest.split(SEPARATORS).next().unwrap_or(rest).trim_end()),
        };
        formula && (marks > 0 || !is_number)
    };
    let mut places = begins(text).filter(needs_mark).peekable();
    if places.peek().is_none() {
        return text.into();
    }
    let mut marked = String::with_capacity(text.len() + 4);
    let mut done = 0;
    for place in places {
        marked.push_str(&text[done..place]);
        marked.push(MARK);
        done = place;
    }
    marked.push_str(&text[done..]);
    marked.into()
}

fn without_marks(text: &str) -> Cow<'_, str> {
    let has_mark = |at: &usize| matches!(marks_at(&text[*at..]), (1.., true));
    let mut places = begins(text).filter(has_mark).peekable();
    if places.peek().is_none() {
        return text.into();
    }
    let mut value = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        value.push_str(&text[done..place]);
        done = place + MARK.len_utf8();
    }
    value.push_str(&text[done..]);
    value.into()
}

/// Whether a text is a number with a sign, as every spreadsheet reads one: `-12`, `+1.5`, `-3e-4`.
pub fn is_number(text: &str) -> bool {
    let figure = text.strip_prefix(['-', '+']).unwrap_or(text);
    figure.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'-' | b'+'))
        && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Characters by the reason for which they are escaped, from the Unicode standard: control characters (Cc), marks of direction (UAX #9), separators of lines
    /// and paragraphs (Zl, Zp), and what is shown as nothing (Default_Ignorable_Code_Point) outside the scripts that need it.
    const UNSEEN: [char; 28] = [
        '\0',
        '\u{7}',
        '\u{8}',
        '\t',
        '\n',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{80}',
        '\u{85}',
        '\u{9b}',
        '\u{9d}',
        '\u{9f}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2028}',
        '\u{2029}',
        '\u{2066}',
        '\u{2069}',
        '\u{2060}',
        '\u{feff}',
        '\u{e0041}',
    ];

    #[test]
    fn what_cannot_be_seen_is_a_visible_escape() {
        for letter in UNSEEN {
            let text = format!("a{letter}b");
            assert_eq!(shown(&text), format!("a\\u{{{:x}}}b", u32::from(letter)));
            let json = format!("\"{}\"", in_json(&text).replace(['\n', '\t', '\r'], " "));
            assert!(serde_json::from_str::<String>(&json).is_ok(), "{json}");
        }
        assert_eq!(shown("\u{1b}]0;title\u{7}\u{1b}[2J"), "\\u{1b}]0;title\\u{7}\\u{1b}[2J");
        assert_eq!(shown_lines("a\tb\n\u{1b}[2J\r\n"), "a\tb\n\\u{1b}[2J\\u{d}\n");
    }

    #[test]
    fn letters_of_every_language_stay() {
        for text in [
            "Müller, Zoë",
            "Nu\u{301}n\u{303}ez",
            "Ђорђевић",
            "Παπαδόπουλος",
            "कुमारी",
            "क्\u{200d}ष",
            "می\u{200c}خواهم",
            "ภาษา\u{200b}ไทย",
            "山田 太郎",
            "葛\u{e0100}城",
            "👩\u{200d}⚕\u{fe0f}",
            "محمد",
            "משה",
            "한국어",
            "10\u{a0}000 €",
            "C:\\users\\x",
        ] {
            for form in [shown(text), shown_lines(text), cell(text)] {
                assert!(matches!(form, Cow::Borrowed(form) if form == text), "{text}: {form}");
            }
        }
    }

    #[test]
    fn no_cell_is_a_formula_whatever_parts_cells() {
        for (value, expected) in [
            ("=1+1", "'=1+1"),
            ("-12A", "'-12A"),
            ("-12", "-12"),
            ("+1.5e3", "+1.5e3"),
            ("-12\"", "'-12\""),
            ("-inf", "'-inf"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            ("\t=1", "\\u{9}=1"),
            ("\n=1", "\\u{a}=1"),
            ("\u{feff}=1", "\\u{feff}=1"),
            (" =1", " '=1"),
            ("\";=1", "\";'=1"),
            ("a;=1;b,@c|+d", "a;'=1;b,'@c|'+d"),
            ("a;\"=1", "a;\"'=1"),
            ("a; -12; -12A", "a; -12; '-12A"),
            (";\"-12", ";\"'-12"),
            ("\";-12", "\";'-12"),
            ("'=1", "''=1"),
            ("O'Neill-Smith, =", "O'Neill-Smith, '="),
            ("a-b=c", "a-b=c"),
            ("\\u{1b}", "\\u{5c}u{1b}"),
        ] {
            assert_eq!(cell(value), expected);
            assert_eq!(read_cell(expected), value);
        }
    }

    #[test]
    fn strings_of_json_and_toml_come_back() {
        let text: String = UNSEEN.iter().collect();
        let json = serde_json::to_string(&text).expect("JSON");
        let safe = in_json(&json);
        assert!(shown(&safe) == safe, "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).expect("JSON"), text);
        let toml: toml::Table = toml::from_str(&format!("a = \"{}\"", in_toml(&text))).expect("TOML");
        assert_eq!(toml["a"].as_str(), Some(text.as_str()));
    }

    fn hostile() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(UNSEEN.to_vec()).prop_map(String::from),
            prop::sample::select(vec![
                "'", "''", "=", "+", "-", "@", "＝", "\"", "\"\"", ",", ";", "|", " ", "1", "-12", "\\", "\\u{", "1b}",
                "5c}u{", "}", "a"
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
    }

    /// The cells that a spreadsheet makes of a line: quotes are text qualifiers at the begin of a cell alone.
    fn opened(line: &str, separator: char) -> Vec<String> {
        let (mut cells, mut rest) = (Vec::new(), line);
        loop {
            let mut text = String::new();
            if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted;
                while let Some(end) = rest.find('"') {
                    text.push_str(&rest[..end]);
                    rest = &rest[end + 1..];
                    let Some(more) = rest.strip_prefix('"') else { break };
                    text.push('"');
                    rest = more;
                }
            }
            let end = rest.find(separator).unwrap_or(rest.len());
            text.push_str(&rest[..end]);
            cells.push(text);
            match rest.get(end + separator.len_utf8()..) {
                Some(more) => rest = more,
                None => return cells,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_value_comes_back_from_its_cell(value in hostile()) {
            let cell = cell(&value);
            prop_assert_eq!(read_cell(&cell), value.as_str(), "{}", cell);
            prop_assert!(shown(&cell) == cell, "what is shown already stays");
        }

        #[test]
        fn no_separator_opens_a_formula(values in prop::collection::vec(hostile(), 1..4)) {
            let cells: Vec<_> = values.iter().map(|value| cell(value)).collect();
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            writer.write_record(cells.iter().map(|cell| cell.as_bytes())).expect("written");
            let line = String::from_utf8(writer.into_inner().expect("written")).expect("text");
            for separator in [',', ';', '|', '\t'] {
                for (place, cell) in opened(line.trim_end_matches('\n'), separator).into_iter().enumerate() {
                    let begin = cell.trim_start_matches(|letter: char| letter == '"' || letter.is_whitespace());
                    // Other separators leave the first cell of the line with what follows it: a number with further cells behind is no formula.
                    let is_number = place == 0 && is_number(&values[0])
                        || is_number(begin.trim_end_matches(|letter: char| letter == '"' || letter.is_whitespace()))
                        || begin.split(SEPARATORS).next().is_some_and(|begin| is_number(begin.trim_end()));
                    prop_assert!(is_number || !begins_formula(begin), "{line:?} by {separator:?}: {cell:?}");
                }
            }
        }

        #[test]
        fn what_is_shown_has_no_unseen_character_and_stays_so(value in hostile()) {
            let once = shown(&value).into_owned();
            prop_assert!(!once.chars().any(|letter| letter.is_control()), "{once:?}");
            prop_assert_eq!(shown(&once), once.as_str());
        }
    }
}
