//! Paths as they are listed in manifests and fetch files: how they are written, read, and kept inside the bag.
//!
//! BagIt 1.0 percent-encodes line feed, carriage return and `%`, and nothing else (RFC 8493, section 2.1.3). Earlier versions
//! encode nothing, so `%25` there is a name with those three characters.

use unicode_normalization::UnicodeNormalization;

/// Why a listed path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathRefusal {
    /// It leads, or on some system could lead, out of the bag: absolute, `..`, `~`, a drive, a variable, a NUL.
    Unsafe(&'static str),
    /// It names nothing, or a folder.
    NotAFile,
}

/// A path read from a manifest line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPath {
    /// Relative to the bag, components joined by `/`, decoded.
    pub path: String,
    /// It was written with needless `.` or empty components (`./data/a`, `data//a`).
    pub relative: bool,
    /// It holds a `%` that BagIt 1.0 demands to be encoded.
    pub bare_percent: bool,
}

/// Writes a path for a BagIt 1.0 manifest.
pub fn encode(path: &str) -> String {
    path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Reads a path; `encoded` says that the bag's version percent-encodes.
///
/// # Errors
/// A path that is not safe to follow, or that names no file.
pub fn read(text: &str, encoded: bool) -> Result<ListedPath, PathRefusal> {
    let (decoded, bare_percent) = if encoded { decode(text) } else { (text.to_owned(), false) };
    refuse_unsafe(&decoded)?;
    let components: Vec<&str> =
        decoded.split('/').filter(|component| !component.is_empty() && *component != ".").collect();
    if components.is_empty() || decoded.ends_with('/') || decoded.ends_with("/.") {
        return Err(PathRefusal::NotAFile);
    }
    let path = components.join("/");
    Ok(ListedPath { relative: path != decoded, path, bare_percent })
}

/// Decodes `%0A`, `%0D` and `%25`; says whether a `%` without such a sequence was met.
pub fn decode(text: &str) -> (String, bool) {
    let mut decoded = String::with_capacity(text.len());
    let mut bare = false;
    let mut rest = text;
    while let Some(position) = rest.find('%') {
        decoded.push_str(&rest[..position]);
        let sequence = rest.get(position + 1..position + 3).map(str::to_ascii_uppercase);
        let character = match sequence.as_deref() {
            Some("0A") => Some('\n'),
            Some("0D") => Some('\r'),
            Some("25") => Some('%'),
            _ => None,
        };
        decoded.push(character.unwrap_or('%'));
        bare |= character.is_none();
        rest = &rest[position + if character.is_some() { 3 } else { 1 }..];
    }
    decoded.push_str(rest);
    (decoded, bare)
}

fn refuse_unsafe(path: &str) -> Result<(), PathRefusal> {
    let first = path.split(['/', '\\']).next().unwrap_or_default();
    let reason = if path.contains('\0') {
        "holds a NUL"
    } else if path.starts_with(['/', '\\']) {
        "is absolute"
    } else if path.starts_with('~') {
        "begins with a home folder"
    } else if matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
        "begins with a drive letter"
    } else if path.split(['/', '\\']).any(|component| component == "..") {
        "climbs out by `..`"
    } else if first.len() > 2 && first.starts_with('%') && first.ends_with('%') {
        "begins with a variable"
    } else {
        return Ok(());
    };
    Err(PathRefusal::Unsafe(reason))
}

/// The path in Unicode normalization form C, by which names that look alike are compared.
pub fn normalised(path: &str) -> String {
    path.nfc().collect()
}

/// The path as a system that ignores case sees it.
pub fn folded(path: &str) -> String {
    normalised(&path.to_lowercase())
}

/// Whether the operating system, not a person, made the file: it comes and goes unasked.
pub fn is_system_file(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some(".DS_Store" | "Thumbs.db" | "desktop.ini"))
}

/// What keeps a name from being stored on some system in use, if anything (RFC 8493, section 6.1.2).
pub fn unportable(path: &str) -> Option<&'static str> {
    const DEVICES: [&str; 22] = [
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9", "LPT1",
        "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ];
    path.split('/').find_map(|component| {
        let stem = component.split('.').next().unwrap_or_default();
        if component.chars().any(|letter| letter.is_control() || "<>:\"\\|?*".contains(letter)) {
            Some("a character that Windows does not store")
        } else if DEVICES.iter().any(|device| device.eq_ignore_ascii_case(stem)) {
            Some("the name of a Windows device")
        } else if component.ends_with([' ', '.']) {
            Some("a space or full stop at the end, which Windows drops")
        } else if component.len() > 255 {
            Some("more than 255 octets in one name")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_that_lead_out_of_the_bag_are_refused() {
        for path in [
            "/tmp/foo",
            "../../../README.md",
            "data/../../x",
            "data/..",
            "data\\..\\..\\x",
            "\\.\\./\\.\\./README.md",
            "~/foo",
            "~root/foo",
            "C:\\Windows\\System32\\setx.exe",
            "c:foo",
            "%HomeDrive%\\Windows\\System32\\setx.exe",
            "\\\\?\\UNC\\server\\Windows\\System32\\setx.exe",
            "data/a\0b",
        ] {
            assert!(matches!(read(path, false), Err(PathRefusal::Unsafe(_))), "{path:?}");
        }
        assert!(read("data%0A/%2e%2e/x", true).is_ok(), "only three sequences are decoded");
    }

    #[test]
    fn odd_but_harmless_names_are_read_as_they_stand() {
        for path in ["data/~test3.txt", "data/%7Edir2/x", "data/a..b", "data/...", "data/ leading and trailing "] {
            assert_eq!(read(path, false).map(|listed| listed.path), Ok(path.to_owned()));
        }
        assert_eq!(read("./data//a", false).map(|listed| (listed.path, listed.relative)), Ok(("data/a".into(), true)));
        assert_eq!(read("data/", false), Err(PathRefusal::NotAFile));
        assert_eq!(read("", false), Err(PathRefusal::NotAFile));
    }

    #[test]
    fn an_encoded_percent_sign_is_not_decoded_twice() {
        assert_eq!(decode("data/file%250A1.txt"), ("data/file%0A1.txt".into(), false));
        assert_eq!(decode("data/a%0ab%0Dc"), ("data/a\nb\rc".into(), false));
        assert_eq!(decode("data/100%"), ("data/100%".into(), true));
        assert_eq!(decode("data/%é"), ("data/%é".into(), true));
    }

    #[test]
    fn the_two_forms_of_an_accented_name_are_one() {
        assert_ne!("Nu\u{301}n\u{303}ez", "Núñez");
        assert_eq!(normalised("Nu\u{301}n\u{303}ez"), normalised("Núñez"));
        assert_eq!(folded("data/HELLO.txt"), folded("data/hello.txt"));
    }

    proptest! {
        #[test]
        fn whatever_is_encoded_is_decoded_to_the_same_and_stands_on_one_line(path in "\\PC*|[%0AD25\r\n]*") {
            let encoded = encode(&path);
            prop_assert!(!encoded.contains(['\r', '\n']));
            prop_assert_eq!(decode(&encoded), (path, false));
        }
    }
}
