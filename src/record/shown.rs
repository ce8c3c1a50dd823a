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

/// Scripts whose words need joiners of no width between their letters: from Arabic to N'Ko, those of India and south-east Asia, Mongolian, Adlam.
const JOINING: [(char, char); 15] = [
    ('\u{620}', '\u{8ff}'),
    ('\u{900}', '\u{dff}'),
    ('\u{f40}', '\u{fbc}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1780}', '\u{17d3}'),
    ('\u{1820}', '\u{18aa}'),
    ('\u{1a20}', '\u{1aad}'),
    ('\u{1b00}', '\u{1c4f}'),
    ('\u{a800}', '\u{a9ff}'),
    ('\u{aa60}', '\u{abff}'),
    ('\u{fb50}', '\u{fdfb}'),
    ('\u{fe70}', '\u{fefc}'),
    ('\u{10a00}', '\u{10a5f}'),
    ('\u{11000}', '\u{11fff}'),
    ('\u{1e900}', '\u{1e94b}'),
];
/// Scripts that write words without blanks between them, where a space of no width says where a line may end: Thai, Lao, Tibetan, Burmese, Khmer, Tai.
const WITHOUT_BLANKS: [(char, char); 6] = [
    ('\u{e01}', '\u{edf}'),
    ('\u{f40}', '\u{fbc}'),
    ('\u{1000}', '\u{109f}'),
    ('\u{1780}', '\u{17d3}'),
    ('\u{1950}', '\u{19df}'),
    ('\u{1a20}', '\u{1aad}'),
];
/// Ideographs, of which names are written in several forms.
const IDEOGRAPHS: [(char, char); 4] =
    [('\u{3400}', '\u{4dbf}'), ('\u{4e00}', '\u{9fff}'), ('\u{f900}', '\u{faff}'), ('\u{20000}', '\u{323af}')];
/// Signs and pictures that are shown plain or coloured, and joined to one.
const PICTURES: [(char, char); 8] = [
    ('\u{a9}', '\u{a9}'),
    ('\u{ae}', '\u{ae}'),
    ('\u{203c}', '\u{203c}'),
    ('\u{2049}', '\u{2049}'),
    ('\u{2122}', '\u{2139}'),
    ('\u{2190}', '\u{27ff}'),
    ('\u{2900}', '\u{2bff}'),
    ('\u{1f000}', '\u{1faff}'),
];

fn is_among(letter: Option<char>, ranges: &[(char, char)]) -> bool {
    letter.is_some_and(|letter| {
        ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter)) && !is_ignorable(letter)
    })
}

/// What the Unicode standard says is shown as nothing (Default_Ignorable_Code_Point), annotations that are not shown either, and a cell of Braille without dots.
fn is_ignorable(letter: char) -> bool {
    matches!(
        letter,
        // Soft hyphen, grapheme joiner, mark of Arabic letters, fillers and vowels of no width.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        // Spaces and joiners of no width, marks of direction, embeddings, overrides, invisible operators, isolates.
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        // Controls of shorthand and music, tags, selectors of variations.
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a character cannot be seen where it stands, after `before` and in front of `after`: it is obeyed, or it hides what is there.
///
/// Some belong to words and are no trick there: joiners between letters of scripts that are joined (Persian, Hindi), and between pictures; a space of no width
/// between letters of scripts without blanks (Thai); what chooses a form after the ideograph, the Mongolian letter or the picture whose form it is.
pub fn is_unseen(letter: char, before: Option<char>, after: Option<char>) -> bool {
    match letter {
        '\u{200b}' => !(is_among(before, &WITHOUT_BLANKS) && is_among(after, &WITHOUT_BLANKS)),
        '\u{200c}' | '\u{200d}' if is_among(before, &JOINING) && is_among(after, &JOINING) => false,
        '\u{200d}' => {
            let is_picture = is_among(before, &PICTURES) || before == Some('\u{fe0f}');
            !(is_picture && is_among(after, &PICTURES))
        }
        '\u{fe0e}' | '\u{fe0f}' => {
            let is_key = after == Some('\u{20e3}') && before.is_some_and(|key| matches!(key, '0'..='9' | '#' | '*'));
            !(is_key || is_among(before, &PICTURES))
        }
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => !is_among(before, &IDEOGRAPHS),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => !is_among(before, &[('\u{1820}', '\u{18aa}')]),
        // Control characters (C0, delete, C1), separators of lines and paragraphs.
        _ => letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') || is_ignorable(letter),
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
    let mut shown: Option<String> = None;
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = letters.peek().map(|(_, after)| *after);
        let is_escaped = is_unseen(letter, before, after) && !keep.contains(&letter);
        if is_escaped {
            let shown = shown.get_or_insert_with(|| {
                let mut begun = String::with_capacity(text.len() + 16);
                begun.push_str(&text[..at]);
                begun
            });
            escape(shown, letter);
        } else if let Some(shown) = &mut shown {
            shown.push(letter);
        }
        // What follows an escape follows no letter: so what is shown already stays as it is.
        before = (!is_escaped).then_some(letter);
    }
    shown.map_or(text.into(), Cow::Owned)
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
    let is_plain = |byte: u8| !(may_be_unseen(byte) | matches!(byte, b'\\' | b',' | b';' | b'|'));
    // Every byte is asked, whatever the others are: so many are asked at once.
    let all_plain = || value.bytes().fold(true, |plain, byte| plain & is_plain(byte));
    if (first.is_ascii_alphanumeric() || first == b'/') && all_plain() {
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
    const UNSEEN: [char; 36] = [
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
        '\u{e0100}',
        '\u{e01ef}',
        '\u{e0fff}',
        '\u{2800}',
        '\u{180b}',
        '\u{180f}',
        '\u{fe0f}',
        '\u{206a}',
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
            "ᠠ\u{180b}ᠢ",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "ශ්\u{200d}රී",
            "C:\\users\\x",
        ] {
            for form in [shown(text), shown_lines(text), cell(text)] {
                assert!(matches!(form, Cow::Borrowed(form) if form == text), "{text}: {form}");
            }
        }
    }

    #[test]
    fn what_belongs_to_one_script_is_an_escape_elsewhere() {
        for (text, expected) in [
            ("山\u{200b}田", "山\\u{200b}田"),
            ("a—\u{200b}b", "a—\\u{200b}b"),
            ("한\u{200d}국", "한\\u{200d}국"),
            ("מ\u{200b}ש", "מ\\u{200b}ש"),
            ("می\u{200c}", "می\\u{200c}"),
            ("می\u{200c}\u{200c}خ", "می\\u{200c}\\u{200c}خ"),
            ("ไ\u{200b}\u{200b}ท", "ไ\\u{200b}\\u{200b}ท"),
            ("あ\u{e0100}", "あ\\u{e0100}"),
            ("葛\u{e0100}\u{e0101}", "葛\u{e0100}\\u{e0101}"),
            ("é\u{fe0f}", "é\\u{fe0f}"),
            ("山\u{180b}", "山\\u{180b}"),
        ] {
            assert_eq!(shown(text), expected);
            assert_eq!(shown(expected), expected);
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
