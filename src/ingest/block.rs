//! A block of physical rows, as every reader hands them on: delimited text, fixed width and workbooks alike.
//!
//! A block owns its text once; a field is a slice of it. Nothing here knows what a column means.

/// One physical row of an export: where it stood and where its fields lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRow {
    /// 1-based row in the file or sheet as a person sees it: the line on which a delimited record begins, or the sheet's row number.
    pub number: u64,
    /// Index of the row's first field in [`RowBlock::fields`].
    pub first_field: u32,
    /// Number of fields the row has.
    pub field_count: u32,
    /// Start and end of the row as it stood, quotes and delimiters included, in [`RowBlock::text`].
    pub raw: (u32, u32),
}

/// A row that cannot be read as a row of this table: kept with its reason, never dropped, never padded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// 1-based row number, as in [`BlockRow::number`].
    pub number: u64,
    /// Why, in words that hold no cell content.
    pub reason: &'static str,
    /// The row as it stood.
    pub raw: Vec<u8>,
}

/// A bounded run of rows of one file or sheet.
#[derive(Debug, Clone, Default)]
pub struct RowBlock {
    /// UTF-8 text; unescaped copies of quoted fields stand behind the rows.
    pub text: Vec<u8>,
    /// Start and end of every field in `text`.
    pub fields: Vec<(u32, u32)>,
    /// The readable rows in file order.
    pub rows: Vec<BlockRow>,
    /// The unreadable rows in file order.
    pub rejected: Vec<RejectedRow>,
    /// Rows that are no records and were passed over: delimiters around blanks, and the heading over again.
    pub passed_over: u64,
    /// Indexes in `fields` of cells that are dates by their type, in order: `YYYY-MM-DD`, with ` HH:MM:SS` where there is a time.
    pub typed_dates: Vec<u32>,
    /// Indexes in `fields` of cells that are booleans, times or durations by their type, in order.
    pub typed_otherwise: Vec<u32>,
}

impl RowBlock {
    /// The bytes of field `index` of `row`; empty where the row is shorter.
    #[inline]
    pub fn field(&self, row: &BlockRow, index: usize) -> &[u8] {
        if index >= row.field_count as usize {
            return &[];
        }
        let (start, end) = self.fields[row.first_field as usize + index];
        &self.text[start as usize..end as usize]
    }

    /// The row as it stood in the file.
    #[inline]
    pub fn raw(&self, row: &BlockRow) -> &[u8] {
        &self.text[row.raw.0 as usize..row.raw.1 as usize]
    }
}
