//! Where the bytes of a text stand in a TOML file, past its quotes and escapes.

/// The place in a TOML string, as it is written with its quotes, of a byte of its value.
pub(super) fn written_place(written: &str, byte: usize) -> Option<usize> {
    let quote = written.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let tripled = quote.to_string().repeat(3);
    let mut at = if written.starts_with(&tripled) { 3 } else { 1 };
    if at == 3 {
        let rest = &written[at..];
        at += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let mut value = 0;
    while value < byte {
        let rest = &written[at..];
        let letter = rest.chars().next()?;
        let plain = (letter.len_utf8(), letter.len_utf8());
        let (taken, made) = if letter == '\\' && quote == '"' { escape(rest) } else { plain };
        at += taken;
        value += made;
    }
    Some(at)
}

/// Bytes of an escape as written, and of what it stands for.
fn escape(rest: &str) -> (usize, usize) {
    let digits = match rest.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        // A line that goes on: nothing up to the next letter.
        Some(b'\n' | b'\r' | b' ' | b'\t') => {
            let blanks = rest[1..].len() - rest[1..].trim_start().len();
            return (1 + blanks, 0);
        }
        _ => return (2.min(rest.len()), 1),
    };
    let made = rest.get(2..2 + digits).and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
    ((2 + digits).min(rest.len()), made.map_or(1, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use crate::problem::{Problems, reader::read_file};

    #[test]
    fn a_byte_of_a_text_is_found_in_the_way_it_is_written() {
        for text in [
            "key = \"age > x\"\n",
            "key = 'age > x'\n",
            "key = '''\nage > x'''\n",
            "key = \"\"\"\r\nage\r\n> x\"\"\"\r\n",
            "key = \"\\u00e9\\t\\\\d \\\"é> x\"\n",
            "key = \"\"\"age \\\n    > x\"\"\"\n",
        ] {
            let mut problems = Problems::default();
            let span = read_file("a.toml", "layout", text, &mut problems, |top| {
                let written = top.text("key")?;
                let byte = written.value.find('x')?;
                Some(top.inside_text(&written, byte..byte + 1))
            });
            let span = span.flatten().expect("a place");
            assert_eq!((&text[span.clone()], span.start), ("x", text.rfind('x').expect("x")), "{text}");
        }
    }
}
