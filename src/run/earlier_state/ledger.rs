//! The ledger of edition 0.1, `inputs_taken.csv`: which files were taken.

use std::path::Path;

use super::lines;
use crate::{
    fs::FileError,
    record::{date::Day, period::Period},
    store::content::{TakenInput, Taker},
};

/// Name of the ledger in the state folder.
pub const LEDGER: &str = "inputs_taken.csv";
/// Columns of the ledger; the first five are those of its first edition.
const COLUMNS: [&str; 9] =
    ["feed", "sha256", "part", "file", "run_id", "pipeline", "period", "business_date", "sequence"];

/// The ledger; empty where there is none.
///
/// # Errors
/// [`FileError::Damaged`], with the first line that no run wrote; [`FileError::Read`].
pub fn read(ledger: &Path) -> Result<Vec<TakenInput>, FileError> {
    let read = lines::lines(ledger)?;
    let Some((heading, lines)) = read.split_first() else { return Ok(Vec::new()) };
    // The columns of earlier editions are the beginning of today's.
    let heading = &heading.values;
    if heading.len() < 5 || !heading.iter().eq(COLUMNS.iter().take(heading.len())) {
        return Err(lines::damaged(ledger, 1, "the heading is not that of the inputs taken"));
    }
    let mut taken: Vec<TakenInput> = Vec::with_capacity(lines.len());
    for line in lines {
        let before = taken.last().map_or(0, |taking| taking.sequence);
        taken.push(taking(&line.values, before).map_err(|what| lines::damaged(ledger, line.number, what))?);
    }
    Ok(taken)
}

/// One line of the ledger, by today's columns; those that its edition has not are empty. `before`: the number of the run on the line before.
fn taking(values: &[String], before: u64) -> Result<TakenInput, &'static str> {
    let cell = |at: usize| values.get(at).cloned().unwrap_or_default();
    let taking = TakenInput {
        feed: cell(0),
        sha256: cell(1),
        part: cell(2),
        file: cell(3),
        run_id: cell(4),
        taker: Taker { pipeline: cell(5), period: cell(6), business_date: cell(7) },
        sequence: match values.get(8) {
            Some(number) => number.parse().map_err(|_| "`sequence` is no whole number")?,
            None => 0,
        },
    };
    let Taker { pipeline, period, business_date } = &taking.taker;
    let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    // Runs of the first edition did not say who they were, and have no number.
    let is_of_first_edition = taking.sequence == 0;
    if taking.feed.is_empty() || taking.file.is_empty() || taking.run_id.is_empty() {
        Err("`feed`, `file` or `run_id` is empty")
    } else if taking.sha256.len() != 64 || !taking.sha256.bytes().all(is_digit) {
        Err("`sha256` is no digest of 64 digits")
    } else if pipeline.is_empty() && !is_of_first_edition {
        Err("`pipeline` is empty")
    } else if !period.is_empty() && Period::parse(period).is_err() {
        Err("`period` is no period")
    } else if Day::from_iso(business_date).is_none() && !(is_of_first_edition && business_date.is_empty()) {
        Err("`business_date` is no day, YYYY-MM-DD")
    } else if taking.sequence < before {
        Err("`sequence` is less than on the line before")
    } else if values != &cells(&taking)[..values.len()] {
        Err("a cell is not as this program writes it")
    } else {
        Ok(taking)
    }
}

/// The cells of a line of the ledger.
fn cells(taking: &TakenInput) -> [String; 9] {
    let TakenInput { feed, sha256, part, file, run_id, taker, sequence } = taking;
    let Taker { pipeline, period, business_date } = taker;
    let sequence = sequence.to_string();
    [feed, sha256, part, file, run_id, pipeline, period, business_date, &sequence].map(String::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(digits: &str) -> String {
        format!("{digits:0>64}")
    }

    fn read_text(text: &str) -> Result<Vec<TakenInput>, String> {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join(LEDGER);
        std::fs::write(&path, text).expect("written");
        read(&path).map_err(|error| error.to_string())
    }

    #[test]
    fn a_ledger_of_the_first_edition_is_read() {
        let taken = read_text(&format!("feed,sha256,part,file,run_id\ndischarges,{},,a.csv,x\n", digest("1")));
        let taken = taken.expect("sound");
        assert_eq!((taken.len(), taken[0].sequence, taken[0].file.as_str()), (1, 0, "a.csv"));
        assert_eq!(taken[0].taker, Taker::default());
    }

    #[test]
    fn a_ledger_is_read_whole_or_its_first_bad_line_is_told() {
        let heading = COLUMNS.join(",") + "\n";
        let line = |file: &str, number: &str, rest: &str| {
            format!("discharges,{},,{file},run,Monthly,{rest}\n", digest(number))
        };
        let sound = [
            heading.clone(),
            line("a.csv", "1", "2026-10,2026-11-01,1"),
            line("\"b, c.csv\"", "2", "2026-10,2026-11-01,1"),
            line("d.csv", "3", ",2026-11-02,2"),
        ]
        .concat();
        assert_eq!(read_text(&sound).expect("sound").iter().map(|taken| taken.sequence).collect::<Vec<_>>(), [1, 1, 2]);
        let changed = |from: &str, to: &str| sound.replacen(from, to, 1);
        for (damaged, line) in [
            (sound.replacen("feed,", "feeds,", 1), 1),
            (changed(&digest("1"), &digest("1")[1..]), 2),
            (changed(&digest("2"), &digest("G")), 3),
            (changed("2026-11-02", "2 November"), 4),
            (changed("2026-11-02", ""), 4),
            (changed("2026-10,", "October,"), 2),
            (changed(",2\n", ",two\n"), 4),
            (changed(",2\n", ",\n"), 4),
            (changed(",1\n", ",3\n"), 3),
            (changed("discharges", ""), 2),
            (format!("{heading}{sound}"), 2),
            (sound[..sound.len() - 20].to_owned(), 4),
        ] {
            assert_ne!(damaged, sound);
            let error = read_text(&damaged).expect_err("damaged");
            assert!(error.contains(&format!("{LEDGER}, line {line}: ")), "{error}\n{damaged}");
        }
    }
}
