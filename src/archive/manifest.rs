//! Manifests and fetch files, line by line.

use super::algorithm::Algorithm;

/// What one line of a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestLine<'a> {
    /// 1-based line number.
    pub number: usize,
    /// The checksum in lower case.
    pub checksum: String,
    /// The path as written.
    pub path: std::borrow::Cow<'a, str>,
    /// The line is as `md5sum` and its kin write it: `*` before the path, or an escaped line.
    pub checksum_tool: bool,
}

/// Why a line is not an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManifestLineFault {
    /// It has no content.
    Blank,
    /// It is not a checksum, whitespace and a path.
    Malformed(&'static str),
}

/// Reads a line of a manifest: `checksum`, linear whitespace, `path` (RFC 8493, section 2.1.3). Where the algorithm is known the checksum must have its length.
///
/// # Errors
/// It is no entry.
pub fn read_line(
    number: usize,
    line: &str,
    algorithm: Option<Algorithm>,
) -> Result<ManifestLine<'_>, ManifestLineFault> {
    if line.trim().is_empty() {
        return Err(ManifestLineFault::Blank);
    }
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |rest| (true, rest));
    let (checksum, rest) =
        line.split_once([' ', '\t']).ok_or(ManifestLineFault::Malformed("there is no path after the checksum"))?;
    if checksum.is_empty() || !checksum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ManifestLineFault::Malformed("the checksum is not hexadecimal"));
    }
    if algorithm.is_some_and(|algorithm| algorithm.digits() != checksum.len()) {
        return Err(ManifestLineFault::Malformed("the checksum has not the length of its algorithm"));
    }
    let path = rest.trim_start_matches([' ', '\t']);
    let (starred, path) = path.strip_prefix('*').map_or((false, path), |rest| (true, rest));
    if path.is_empty() {
        return Err(ManifestLineFault::Malformed("there is no path after the checksum"));
    }
    let path = if escaped { unescape(path).into() } else { path.into() };
    Ok(ManifestLine { number, checksum: checksum.to_ascii_lowercase(), path, checksum_tool: starred || escaped })
}

/// Undoes the escapes of an `md5sum` line that begins with a backslash.
fn unescape(path: &str) -> String {
    let mut letters = path.chars();
    let mut plain = String::with_capacity(path.len());
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    plain
}

/// One line of `fetch.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchLine<'a> {
    /// 1-based line number.
    pub number: usize,
    /// Length in octets; `None` where it is left open (`-`).
    pub length: Option<u64>,
    /// The path as written.
    pub path: &'a str,
}

/// Reads a line of a fetch file: `url`, `length` or `-`, `path` (RFC 8493, section 2.2.3). Nothing is ever fetched.
///
/// # Errors
/// It is no entry.
pub fn read_fetch_line(number: usize, line: &str) -> Result<FetchLine<'_>, ManifestLineFault> {
    if line.trim().is_empty() {
        return Err(ManifestLineFault::Blank);
    }
    let space: &[char] = &[' ', '\t'];
    let fields = line
        .split_once(space)
        .and_then(|(url, rest)| Some((url, rest.trim_start_matches(space).split_once(space)?)))
        .map(|(url, (length, path))| (url, length, path.trim_start_matches(space)));
    let Some((url, length, path)) = fields.filter(|(url, _, path)| !url.is_empty() && !path.is_empty()) else {
        return Err(ManifestLineFault::Malformed("it is not an address, a length and a path"));
    };
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let absolute = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !absolute {
        return Err(ManifestLineFault::Malformed("the address is not an absolute URI"));
    }
    let length = match length {
        "-" => None,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| ManifestLineFault::Malformed("the length is not a number of octets"))?)
        }
        _ => return Err(ManifestLineFault::Malformed("the length is not a number of octets")),
    };
    Ok(FetchLine { number, length, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "d41d8cd98f00b204e9800998ecf8427e";

    fn one(line: &str) -> Result<(String, bool), ManifestLineFault> {
        read_line(1, line, Some(Algorithm::Md5)).map(|read| (read.path.into_owned(), read.checksum_tool))
    }

    #[test]
    fn a_line_is_a_checksum_whitespace_and_the_rest_of_the_line() {
        assert_eq!(one(&format!("{MD5}  data/a b ")), Ok(("data/a b ".into(), false)));
        assert_eq!(one(&format!("{}\t \tdata/a", MD5.to_uppercase())), Ok(("data/a".into(), false)));
        assert_eq!(one(&format!("{MD5} *data/a")), Ok(("data/a".into(), true)));
        assert_eq!(one(&format!("\\{MD5}  data/a\\\\b\\nc")), Ok(("data/a\\b\nc".into(), true)));
    }

    #[test]
    fn other_lines_are_refused() {
        assert_eq!(one("  "), Err(ManifestLineFault::Blank));
        for line in [MD5, &format!("{MD5} "), "data/a", &format!("{} data/a", &MD5[1..]), &format!(" {MD5} data/a")] {
            assert!(matches!(one(line), Err(ManifestLineFault::Malformed(_))), "{line:?}");
        }
    }

    #[test]
    fn a_fetch_line_is_an_address_a_length_and_a_path() {
        let read = |line| read_fetch_line(1, line).map(|read| (read.length, read.path));
        assert_eq!(read("http://example.org/a - data/a b"), Ok((None, "data/a b")));
        assert_eq!(read("ftp://example.org/a \t 12 \t data/a"), Ok((Some(12), "data/a")));
        for line in ["http://example.org/a", "http://example.org/a -", "/a - data/a", "http://example.org/a 1x data/a"]
        {
            assert!(matches!(read(line), Err(ManifestLineFault::Malformed(_))), "{line:?}");
        }
    }
}
