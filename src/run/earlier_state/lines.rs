//! A file of a state folder of edition 0.1: comma-separated values, written whole by a run. It is read whole or not at all: what is damaged is never taken for
//! less than was remembered.

use std::path::Path;

use crate::{
    book::csv::{CsvLine, CsvLines, in_memory},
    fs::{FileError, read_if_there},
};

/// What to do with a file of the state that cannot be read whole.
const TO_DO: &str = "Put back the files of the newest backup, all of the same night and manifest-sha256.txt with them; where there is none, move the file away and delete its line from manifest-sha256.txt, and the next run takes the others over";

/// The lines of a file, the heading first; none where no run has written the file.
///
/// # Errors
/// [`FileError::Damaged`] where anything in it is not as this program writes it: no text, a zero byte, a line that is cut off, has more or fewer
/// cells than the heading, or is quoted otherwise. [`FileError::Read`].
pub fn lines(path: &Path) -> Result<Vec<CsvLine>, FileError> {
    let Some(bytes) = read_if_there(path)? else { return Ok(Vec::new()) };
    let line_at = |at: usize| bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| damaged(path, line_at(error.valid_up_to()), "there are bytes in it that are no text"))?;
    if let Some(at) = text.find('\0') {
        return Err(damaged(path, line_at(at), "there is a zero byte in it"));
    }
    if text.is_empty() {
        return Err(damaged(path, 1, "the file is empty, and its heading is gone"));
    }
    if !text.ends_with('\n') {
        return Err(damaged(path, text.lines().count() as u64, "the line is cut off"));
    }
    let CsvLines { headings, lines: below } = CsvLines::read(text);
    let mut lines = vec![CsvLine { number: 1, values: headings }];
    for line in below {
        let line = line.map_err(|fault| damaged(path, fault.line, &fault.message))?;
        if line.values.len() != lines[0].values.len() {
            return Err(damaged(path, line.number, "the line has more or fewer cells than the heading"));
        }
        lines.push(line);
    }
    // What stands there is what would be written: no quotation mark too few has swallowed lines.
    let headings = lines[0].values.iter().map(String::as_str);
    let again = in_memory(headings, lines[1..].iter().map(|line| &line.values));
    let again = String::from_utf8(again).unwrap_or_default();
    let mut pairs = text.lines().zip(again.lines()).enumerate();
    let differs = pairs.find(|(_, (own, again))| own != again).map(|(at, _)| at as u64 + 1);
    let last = lines.last().map(|line| line.number).filter(|_| text.lines().count() != again.lines().count());
    match differs.or(last) {
        Some(line) => Err(damaged(path, line, "the line is not written as this program writes it")),
        None => Ok(lines),
    }
}

/// A file of the state that is not as it was written.
pub fn damaged(path: &Path, line: u64, what: &str) -> FileError {
    FileError::Damaged { path: path.to_owned(), line: Some(line), what: what.to_owned(), to_do: TO_DO }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<usize, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("inputs_taken.csv");
        std::fs::write(&path, bytes).expect("written");
        lines(&path).map(|lines| lines.len()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_is_read_whole_or_its_first_bad_line_is_told() {
        assert_eq!(of(b"a,b\n1,2\n\"x, y\",\"say \"\"so\"\"\"\n"), Ok(3));
        assert_eq!(of(b"a,b\r\n1,2\r\n"), Ok(2), "the line ends of another system are no damage");
        for (bytes, line, what) in [
            (&b"a,b\n1,2\n3,\xff\n"[..], 3, "no text"),
            (b"a,b\n1,\0\n", 2, "zero byte"),
            (b"", 1, "empty"),
            (b"a,b\n1,2\n3,4", 3, "cut off"),
            (b"a,b\n1,2,3\n", 2, "more or fewer cells"),
            (b"a,b\n1,2\n3\n", 3, "more or fewer cells"),
            (b"a,b\n1,2\n3,\"4\n5,6\n7,8\n", 3, "as this program writes it"),
            (b"a,b\n1,2\"\n", 2, "as this program writes it"),
            (b"a,b\n\n1,2\n", 2, "as this program writes it"),
        ] {
            let error = of(bytes).expect_err("damaged");
            assert!(error.contains(&format!("inputs_taken.csv, line {line}: ")) && error.contains(what), "{error}");
            assert!(error.contains("Put back the files of the newest backup"), "{error}");
        }
        assert_eq!(lines(Path::new("no/such/inputs_taken.csv")).expect("absent").len(), 0);
    }

    #[test]
    fn what_has_the_name_and_is_no_file_is_not_taken_for_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("inputs_taken.csv");
        std::os::unix::fs::symlink("an-unmounted-share", &path).expect("linked");
        assert!(lines(&path).is_err());
        std::fs::remove_file(&path).expect("removed");
        std::fs::create_dir(&path).expect("made");
        assert!(lines(&path).is_err());
    }
}
