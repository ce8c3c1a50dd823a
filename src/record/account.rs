//! The account of an input: what was read of one file (member, sheet) and where its rows went.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{bounded::MOST_TOLD, field::CanonicalTable};

/// One file, or one member of a zip, or one sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
pub struct InputAccount {
    /// Name of the `[[ingest]]` section.
    pub feed: String,
    /// What a row is; null only before the layout is known.
    pub table: Option<CanonicalTable>,
    /// File name without folders.
    pub file: String,
    /// Member of a zip or sheet of a workbook; empty for a plain file.
    pub part: String,
    /// Size in bytes as it lies on disk.
    pub bytes: u64,
    /// SHA-256 of those bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Encoding the text was read in.
    pub encoding: String,
    /// Rows read: every record of the table, readable or not; blank lines, headings and notes are none.
    pub read: u64,
    /// Rows accepted as canonical rows.
    pub accepted: u64,
    /// Rows that cannot be read, kept with reason and raw text.
    pub quarantined: u64,
    /// Why the first of these cannot be read, in words without cell content; each has its own reason in the quarantine.
    #[serde(skip)]
    pub first_quarantined: &'static str,
    /// Rows that repeat another row of the feed in every column.
    pub duplicate: u64,
    /// Of these, the rows that repeat a row of this very input.
    #[serde(default)]
    pub repeats_itself: u64,
    /// Of the accepted rows, those that the pipeline excludes by a declared choice (`only`).
    pub excluded: u64,
    /// Of the accepted rows, older versions of records: a newer one takes their place.
    #[serde(default)]
    pub superseded: u64,
    /// Of the accepted rows, newest versions of records that are withdrawn, and what belongs to them.
    #[serde(default)]
    pub withdrawn: u64,
    /// Of the accepted rows, encounters of which another version may be the newest as well.
    #[serde(default)]
    pub undecided: u64,
    /// An earlier business date has taken it: the same name and the same bytes. Known where state is kept.
    #[serde(default)]
    pub taken_before: bool,
    /// Its rows are not in the run: an earlier night took it, and its feed is no longer in the pipeline, or none of its rows could be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_in_run: bool,
    /// How its feed is delivered: `changes` or `full`; empty where the pipeline does not say so.
    #[serde(default)]
    pub delivery: String,
    /// Its feed is ordered by the dates in the names of its files, and this name has none.
    #[serde(default)]
    pub undated: bool,
    /// A full file without a row, or with rows that cannot be read: nothing is withdrawn because it is missing from it.
    #[serde(default)]
    pub withdraws_nothing: bool,
    /// Columns that the layout does not map, in file order.
    pub unmapped_columns: Vec<String>,
    /// Column names that stand more than once.
    pub repeated_columns: Vec<String>,
    /// The text ends within a row: the last one has no line end, and ends before its last field or inside a field.
    #[serde(default)]
    pub ends_in_mid_row: bool,
    /// Zero bytes in rows that cannot be read. No text holds one: they stand where a file was not copied whole.
    #[serde(default)]
    pub zero_bytes: u64,
    /// Notes beneath or titles above the table, as many cells as hold text.
    pub notes: u64,
    /// Cells of a workbook that hold an error, `#REF!` for example; they are read as that text.
    #[serde(default)]
    pub error_cells: u64,
    /// Cells of a workbook with a whole number of more than 15 digits, of which a spreadsheet keeps 15.
    #[serde(default)]
    pub long_numbers: u64,
    /// Cells of a workbook with a formula and no stored value; they are read as the text `#NO VALUE`.
    #[serde(default)]
    pub formulas_without_value: u64,
    /// Cells of a workbook that are dates, times or booleans by their type, in columns of text, codes or numbers.
    #[serde(default)]
    pub cells_of_other_type: u64,
    /// What the file holds besides and no feed of the run reads: sheets, members of a zip folder, further tables of the sheet.
    #[serde(default)]
    pub unread: Vec<UnreadPart>,
    /// Whether the layout or the pipeline states which sheets or members are read.
    #[serde(default)]
    pub parts_stated: bool,
    /// Why the input as a whole could not be used, in words without cell content; empty when it could.
    pub fault: String,
    /// What is expected of the feed, where the input is no file but the place of files that are due and did not come; `fault` is stated with
    /// it, because what such files hold is missing.
    #[serde(default)]
    pub missing: String,
    /// Number of records that the pipeline file or transmittal says there are.
    pub expected_records: Option<u64>,
    /// Facility that the pipeline file or transmittal says every record is of; empty when none is stated.
    pub expected_facility: String,
    /// Values of more than 32,000 bytes; they are read whole, and lists show their beginning.
    #[serde(default)]
    pub long_values: u64,
    /// Identifiers in scientific notation (4.56E+09), of which a spreadsheet has cut the digits: field and cells.
    #[serde(default)]
    pub cut_identifiers: BTreeMap<String, u64>,
    /// Columns with so many different values that they are counted together: field and values. Of the inputs of a feed they stand at the first.
    #[serde(default)]
    pub too_many_values: BTreeMap<String, u64>,
    /// Rows of one encounter number behind those that one stay can have.
    #[serde(default)]
    pub rows_beyond_one_stay: u64,
    /// The rows have no number of their own and are numbered by their place; rows that are alike are kept.
    #[serde(default)]
    pub numbered_by_place: bool,
    /// Dates with two readings, of which another column decided one: field and rows.
    #[serde(default)]
    pub dates_decided: BTreeMap<String, u64>,
    /// Dates with two readings of which no other column decides one, or which it contradicts; they are unreadable.
    #[serde(default)]
    pub dates_undecided: BTreeMap<String, u64>,
    /// Dates of which only the month or the year is stated: field and rows.
    #[serde(default)]
    pub partial_dates: BTreeMap<String, u64>,
    /// The time zone that the layout states, with the edition of the tz database; empty where it states none.
    #[serde(default)]
    pub time_zone: String,
    /// Times that all state UTC, where no time zone is stated: field and times.
    #[serde(default)]
    pub times_in_utc: BTreeMap<String, u64>,
    /// Times whose offsets are of several clocks, where no time zone is stated: field and times.
    #[serde(default)]
    pub times_of_several_clocks: BTreeMap<String, u64>,
    /// What the file is, where its name says otherwise; empty where the two agree.
    #[serde(default)]
    pub named_otherwise: String,
    /// Lines that the layout lacks: the revision that most codes of the input fit, where they do not fit the one they were judged under. Empty where none does.
    #[serde(default)]
    pub fits_revision: String,
    /// SHA-256 equals that of an input taken earlier in this run or, where state is kept, under another name or for another period in an earlier run.
    pub already_taken: bool,
    /// Of an input that was taken before: the name under which its bytes were taken first; empty where it is this very name.
    #[serde(default)]
    pub same_bytes_as: String,
    /// Where state is kept: an earlier run took an input of this name with other bytes.
    #[serde(default)]
    pub other_version: bool,
    /// Where state is kept: the file with a later day in its name that an earlier run took; empty where there is none.
    #[serde(default)]
    pub later_taken: String,
}

/// Counts by field in words: `encounter_id 2, patient_id 4`.
pub fn counts_by_field(counts: &BTreeMap<String, u64>) -> String {
    counts.iter().map(|(field, count)| format!("{field} {count}")).collect::<Vec<_>>().join(", ")
}

/// Columns with too many values in words: `facility_id has 84,211 different values`.
pub fn too_many_values(counts: &BTreeMap<String, u64>) -> String {
    let words = |(field, count): (&String, &u64)| {
        let least = if *count >= MOST_TOLD as u64 { "at least " } else { "" };
        format!("{field} has {least}{} different values", grouped(*count))
    };
    counts.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// A count with thousands separated, as US reports print it.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 record`, `2,000 records`.
pub fn counted(count: u64, noun: &str) -> String {
    counted_as(count, noun, &format!("{noun}s"))
}

/// A count with a noun that has a plural of its own: `1 key is`, `2 keys are`.
pub fn counted_as(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A part of a file that holds rows and is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
pub struct UnreadPart {
    /// `sheet`, `hidden sheet`, `member` or `table`.
    pub kind: String,
    /// Its name; of a table, its sheet and the row it begins on.
    pub part: String,
    /// Rows beneath its heading; null where they could not be counted.
    pub rows: Option<u64>,
    /// Whether its heading fits the layout that the file is read by.
    #[serde(default)]
    pub fits: bool,
}

impl UnreadPart {
    /// The part in words: ``sheet `Sep` (20 rows, fits the layout)``.
    pub fn words(&self) -> String {
        let rows = match self.rows {
            Some(1) => "1 row".to_owned(),
            Some(rows) => format!("{rows} rows"),
            None => "rows not counted".to_owned(),
        };
        format!("{} `{}` ({rows}{})", self.kind, self.part, if self.fits { ", fits the layout" } else { "" })
    }

    /// Parts in words.
    pub fn list<'p>(parts: impl Iterator<Item = &'p UnreadPart>) -> String {
        parts.map(UnreadPart::words).collect::<Vec<_>>().join(", ")
    }
}

impl InputAccount {
    /// The input as outputs name it: its file, and the member or sheet where it is a part of one.
    pub fn label(&self) -> String {
        if self.part.is_empty() { self.file.clone() } else { format!("{} [{}]", self.file, self.part) }
    }

    /// Whether it has rows and not one of them can be read: it is as useless as one that cannot be opened.
    pub fn is_without_readable_row(&self) -> bool {
        self.read > 0 && self.quarantined == self.read
    }

    /// Whether it came and cannot be used as a whole.
    pub fn is_unusable(&self) -> bool {
        self.missing.is_empty() && (!self.fault.is_empty() || self.is_without_readable_row())
    }

    /// What is wrong with the text of the file as a whole, in words; empty where nothing is seen.
    pub fn damage(&self) -> String {
        let mut words = Vec::new();
        if self.ends_in_mid_row {
            words.push("the file ends in the middle of a row".to_owned());
        }
        if self.zero_bytes > 0 {
            let bytes = if self.zero_bytes == 1 { "byte" } else { "bytes" };
            words.push(format!("the file holds {} zero {bytes}, which no text does", self.zero_bytes));
        }
        words.join("; ")
    }

    /// How many rows cannot be read, and why where the whole file tells: `1 of 2; the file ends in the middle of a row`.
    pub fn unreadable_rows(&self) -> String {
        let damage = self.damage();
        let damage = if damage.is_empty() { damage } else { format!("; {damage}") };
        format!("{} of {}{damage}", self.quarantined, self.read)
    }

    /// Why not one row can be read, and where each has its reason.
    pub fn without_readable_row(&self) -> String {
        let first = self.first_quarantined;
        let first = if first.is_empty() { String::new() } else { format!("; the first: {first}") };
        format!("no row can be read: {}{first}; quarantine.csv has each row with its reason", self.unreadable_rows())
    }

    /// Parts that are not read although nothing says so, or although they fit the layout: rows may be missing. Those that the layout or the pipeline leaves
    /// out by naming others are told apart.
    pub fn unread_unasked(&self) -> impl Iterator<Item = &UnreadPart> {
        self.unread.iter().filter(|part| !self.is_by_choice(part))
    }

    /// Parts that are not read because the layout or the pipeline names others.
    pub fn unread_by_choice(&self) -> impl Iterator<Item = &UnreadPart> {
        self.unread.iter().filter(|part| self.is_by_choice(part))
    }

    fn is_by_choice(&self, part: &UnreadPart) -> bool {
        self.parts_stated && !part.fits && part.kind != "table"
    }

    /// Whether its rows came before, under another name or for another period. Two exports without a row are two quiet days, and the same bytes.
    pub fn is_sent_again(&self) -> bool {
        self.already_taken && self.read > 0
    }

    /// Whether it could be used and has rows that did not come before.
    pub fn brings_rows(&self) -> bool {
        self.fault.is_empty() && self.read > self.quarantined && !self.is_sent_again()
    }

    /// The law of conservation: read = accepted + quarantined + duplicate.
    pub fn balances(&self) -> bool {
        self.read == self.accepted + self.quarantined + self.duplicate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(
            (grouped(0).as_str(), grouped(999).as_str(), grouped(1000).as_str(), grouped(1_234_567).as_str()),
            ("0", "999", "1,000", "1,234,567")
        );
    }
}
