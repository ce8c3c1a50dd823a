//! The account of an input: what was read of one file (member, sheet) and where its rows went.

use serde::{Deserialize, Serialize};

use super::field::Table;

/// One file, or one member of a zip, or one sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct InputAccount {
    /// Name of the `[[ingest]]` section.
    pub feed: String,
    /// What a row is; `None` only before the layout is known.
    pub table: Option<Table>,
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
    /// Rows that repeat another row of the feed in every column.
    pub duplicate: u64,
    /// Of the accepted rows, those that the pipeline excludes by a declared choice (`only`).
    pub excluded: u64,
    /// Of the accepted rows, older versions of records: a newer one takes their place.
    #[serde(default)]
    pub superseded: u64,
    /// Of the accepted rows, newest versions of records that are withdrawn, and what hangs on them.
    #[serde(default)]
    pub withdrawn: u64,
    /// Of the accepted rows, encounters of which another version may be the newest as well.
    #[serde(default)]
    pub undecided: u64,
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
    /// Notes beneath or titles above the table, as many cells as hold text.
    pub notes: u64,
    /// Cells of a workbook that hold an error, `#REF!` for example; they are read as that text.
    #[serde(default)]
    pub error_cells: u64,
    /// Cells of a workbook with a whole number of more than 15 digits, of which a spreadsheet keeps 15.
    #[serde(default)]
    pub long_numbers: u64,
    /// Why the input as a whole could not be used, in words without cell content; empty when it could.
    pub fault: String,
    /// Number of records that the pipeline file or transmittal says there are.
    pub expected_records: Option<u64>,
    /// Facility that the pipeline file or transmittal says every record is of; empty when none is stated.
    pub expected_facility: String,
    /// Values of more bytes than a list shows ([`LONGEST_SHOWN`](super::long_text::LONGEST_SHOWN)); they are read whole.
    #[serde(default)]
    pub long_values: u64,
    /// What the file is, where its name says otherwise; empty where the two agree.
    #[serde(default)]
    pub named_otherwise: String,
    /// SHA-256 equals that of an input taken earlier in this run or, where state is kept, under another name or for another period in an earlier run.
    pub already_taken: bool,
    /// Where state is kept: an earlier run took an input of this name with other bytes.
    #[serde(default)]
    pub other_version: bool,
    /// Where state is kept: the file with a later day in its name that an earlier run took; empty where there is none.
    #[serde(default)]
    pub later_taken: String,
}

impl InputAccount {
    /// The law of conservation: read = accepted + quarantined + duplicate.
    pub fn balances(&self) -> bool {
        self.read == self.accepted + self.quarantined + self.duplicate
    }
}
