//! The manifest of a state folder of edition 0.1: a line a file, as `sha256sum` writes it. A ledger that was cut at the end of a line, or is gone, reads as the
//! shorter memory of an earlier night; the manifest tells it from one. A folder without one is of an edition before it, and is taken as it is.

use std::{collections::BTreeMap, ffi::OsStr, path::Path};

use crate::fs::{FileError, digest, read_if_there};

/// Name of the manifest in the state folder.
const MANIFEST: &str = "manifest-sha256.txt";

/// What to do with a file that is not what its line says.
const TO_DO: &str = "Put back the files of the newest backup, all of the same night and manifest-sha256.txt with them; or, if the change was meant, delete the line that names the file from manifest-sha256.txt";

/// What to do with a manifest that is none: without it the other files are taken as they are.
const TO_DO_FOR_MANIFEST: &str = "Put back the files of the newest backup, all of the same night; where there is none, move this file away: the next run takes the others as they are";

fn damaged(path: &Path, line: u64, what: &str) -> FileError {
    FileError::Damaged { path: path.to_owned(), line: Some(line), what: what.to_owned(), to_do: TO_DO_FOR_MANIFEST }
}

/// The digests of a manifest, by the names of files.
type Lines = BTreeMap<String, String>;

/// Every file of a state folder that is not what the manifest says.
pub fn faults(folder: &Path) -> Vec<FileError> {
    let lines = match read(folder) {
        Ok(lines) => lines.unwrap_or_default(),
        Err(error) => return vec![error],
    };
    let of_file = |(name, listed): (String, String)| {
        let path = folder.join(&name);
        let found = match digest_if_there(&path) {
            Ok(found) => found,
            Err(error) => return Some(error),
        };
        let what = match found {
            Some(found) if found == listed => return None,
            Some(_) => "it is not what the last run left: its digest is not the one in manifest-sha256.txt beside it",
            None => "the last run left it, as manifest-sha256.txt beside it says, and it is gone",
        };
        Some(FileError::Damaged { path, line: None, what: what.to_owned(), to_do: TO_DO })
    };
    lines.into_iter().filter_map(of_file).collect()
}

fn digest_if_there(path: &Path) -> Result<Option<String>, FileError> {
    // What is no file is an error of reading.
    read_if_there(path)?.map(|_| digest(path).map(|digest| digest.sha256)).transpose()
}

/// Reads the manifest.
///
/// # Errors
/// [`FileError::Damaged`], with the first line that is none; [`FileError::Read`].
fn read(folder: &Path) -> Result<Option<Lines>, FileError> {
    let path = folder.join(MANIFEST);
    let Some(bytes) = read_if_there(&path)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&bytes);
    if text.is_empty() {
        return Err(damaged(&path, 1, "the file is empty, and lists nothing"));
    }
    let mut lines = Lines::new();
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        let is_name = |name: &str| Path::new(name).file_name() == Some(OsStr::new(name)) && name != MANIFEST;
        let cut = line.strip_suffix('\n').map(|line| line.split_once("  "));
        let (sha256, name) = match cut {
            None => return Err(damaged(&path, number, "the line is cut off")),
            Some(Some((sha256, name)))
                if sha256.len() == 64
                    && sha256.bytes().all(is_digit)
                    && is_name(name)
                    && !name.contains('\u{fffd}') =>
            {
                (sha256, name)
            }
            Some(_) => return Err(damaged(&path, number, "the line is not a digest and the name of a file beside it")),
        };
        if lines.insert(name.to_owned(), sha256.to_owned()).is_some() {
            return Err(damaged(&path, number, "the file of the line is listed before"));
        }
    }
    Ok(Some(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn said(manifest: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("abc"), "abc").expect("written");
        std::fs::write(folder.path().join(MANIFEST), manifest).expect("written");
        faults(folder.path()).into_iter().next().map_or(Ok(()), |error| Err(error.to_string()))
    }

    #[test]
    fn a_file_is_what_its_line_says_or_it_is_told() {
        assert_eq!(said(&format!("{DIGEST_OF_ABC}  abc\n")), Ok(()));
        for (manifest, words) in [
            (format!("{}  abc\n", DIGEST_OF_ABC.replace("ba", "ab")), "abc: it is not what the last run left"),
            (format!("{DIGEST_OF_ABC}  abc\n{DIGEST_OF_ABC}  gone\n"), "gone: the last run left it"),
            (String::new(), "manifest-sha256.txt, line 1: the file is empty"),
            (format!("{DIGEST_OF_ABC}  abc"), "line 1: the line is cut off"),
            (format!("{DIGEST_OF_ABC}  abc\n{DIGEST_OF_ABC}  abc\n"), "line 2: the file of the line is listed before"),
            (format!("{DIGEST_OF_ABC}  abc\n{DIGEST_OF_ABC}  ../abc\n"), "line 2: the line is not"),
            (format!("{DIGEST_OF_ABC} abc\n"), "line 1: the line is not"),
            (format!("{}  abc\n", &DIGEST_OF_ABC[1..]), "line 1: the line is not"),
            (format!("{}  abc\n", DIGEST_OF_ABC.to_uppercase()), "line 1: the line is not"),
        ] {
            let error = said(&manifest).expect_err("told");
            assert!(error.contains(words) && error.contains("newest backup"), "{manifest}: {error}");
        }
    }

    #[test]
    fn a_folder_without_a_manifest_or_with_files_that_it_does_not_list_is_taken_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("abc"), "abc").expect("written");
        assert!(faults(folder.path()).is_empty());
        std::fs::write(folder.path().join("other"), "other").expect("written");
        std::fs::write(folder.path().join(MANIFEST), format!("{DIGEST_OF_ABC}  abc\n")).expect("written");
        assert!(faults(folder.path()).is_empty());
        assert!(faults(Path::new("no/such/folder")).is_empty());
    }
}
