//! The official releases, read exactly as their publishers put them out: recognised by what they hold, checked line by line, and placed in time.
//!
//! Nothing is opened here: a [`OpenedRelease`] comes as text or as the rows of sheets, and leaves as a [`OfficialTable`] of text cells in the columns of its
//! [`kind::OfficialFileKind`]. A line that is not of the layout refuses the file; a file that is whole in every line but lacks codes of its release is refused as
//! cut short, unless that is asked for.

pub mod addenda;
pub mod change;
pub mod columns;
pub mod comorbidity;
pub mod conversion;
pub mod edition;
pub mod equivalence;
pub mod exempt;
pub mod extend;
pub mod groups;
pub mod kind;
pub mod known;
pub mod list;
pub mod recognise;
pub mod stored;
pub mod titles;

use kind::OfficialFileKind;

use crate::record::{line_fault::LineFault, listed, shown::shown};

/// A release as it was opened.
#[derive(Debug, Clone)]
pub struct OpenedRelease {
    /// Name of the file, and of the member where it came out of a zip folder; a hint only.
    pub name: String,
    /// What it holds.
    pub content: OfficialContent,
}

/// What a release holds, unpacked and decoded.
#[derive(Debug, Clone)]
pub enum OfficialContent {
    /// Text.
    Text(String),
    /// The sheets of a workbook.
    Sheets(Vec<OfficialSheet>),
}

/// A sheet: its heading as first row, and what stands above, beneath and beside the table.
#[derive(Debug, Clone, Default)]
pub struct OfficialSheet {
    /// Name of the sheet.
    pub name: String,
    /// Titles and notes.
    pub notes: Vec<String>,
    /// Rows with the sheet's own row numbers.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A table of a release: cells in the columns of its kind, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialTable {
    /// What it is.
    pub kind: OfficialFileKind,
    /// Cells by column.
    pub rows: Vec<Vec<String>>,
}

impl OfficialTable {
    /// The codes of the release that are valid for submission, with their titles; a table of another sort gives its codes where it has any.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &str)> {
        let columns = self.kind.facts().columns;
        let place = |name: &str| columns.iter().position(|column| *column == name);
        let code = place("code").or_else(|| place("source"));
        let (title, billable) = (place("title").or_else(|| place("description")), place("billable"));
        self.rows
            .iter()
            .filter(move |row| billable.is_none_or(|at| row[at] == "1"))
            .filter_map(move |row| Some((row[code?].as_str(), title.map_or("", |at| row[at].as_str()))))
    }
}

/// Why a release is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReleaseRefusal {
    /// It is of no kind that is known.
    Unknown,
    /// Lines that are not of the layout.
    Malformed(OfficialFileKind, Vec<LineFault>),
    /// Every line is well, but it is not the whole release, or another than it says.
    Incomplete(OfficialFileKind, String),
    /// Its release cannot be told.
    Undated(OfficialFileKind, String),
}

impl std::fmt::Display for ReleaseRefusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReleaseRefusal::Unknown => write!(formatter, "is no release of a kind that is known"),
            ReleaseRefusal::Malformed(kind, faults) => {
                let (title, count) = (kind.facts().title, faults.len());
                write!(
                    formatter,
                    "is not of the layout of {title}: {count} line{}",
                    if count == 1 { "" } else { "s" }
                )?;
                for line in listed::lines(faults.iter().map(|fault| format!("line {}: {}", fault.line, fault.message)))
                {
                    write!(formatter, "\n  {}", shown(&line))?;
                }
                Ok(())
            }
            ReleaseRefusal::Incomplete(kind, why) | ReleaseRefusal::Undated(kind, why) => {
                write!(formatter, "{}: {}", kind.facts().title, shown(why))
            }
        }
    }
}

/// A table in the making.
#[derive(Debug, Default)]
pub struct TableInTheMaking {
    /// Rows with their lines.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Lines that are not of the layout.
    pub faults: Vec<LineFault>,
    /// Signs that the file is not whole.
    pub missing: Vec<String>,
    /// What a reader should know beside the rows.
    pub notes: Vec<String>,
}

impl TableInTheMaking {
    /// Adds a row.
    pub fn row(&mut self, line: u64, cells: &[&str]) {
        self.rows.push((line, cells.iter().map(|cell| (*cell).to_owned()).collect()));
    }

    /// Adds a fault.
    pub fn fault(&mut self, line: u64, message: impl Into<String>) {
        self.faults.push(LineFault::new(line, message));
    }

    /// Refuses rows whose key (the first cells, as many as the kind says) is there already.
    fn refuse_repeated(&mut self, kind: OfficialFileKind) {
        let keys = kind.facts().key_columns;
        let mut first: rustc_hash::FxHashMap<&[String], u64> = rustc_hash::FxHashMap::default();
        let mut faults = Vec::new();
        for (line, row) in &self.rows {
            let earlier = *first.entry(&row[..keys]).or_insert(*line);
            if earlier != *line {
                faults.push(LineFault::new(*line, format!("repeats line {earlier}")));
            }
        }
        self.faults.extend(faults);
        self.faults.sort_by_key(|fault| fault.line);
    }
}

/// A release that was read: its tables, and what is to be said of them.
#[derive(Debug)]
pub struct ReadRelease {
    /// The table.
    pub table: OfficialTable,
    /// Signs that the file is not whole.
    pub missing: Vec<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Reads a release; a workbook may hold several tables.
///
/// # Errors
/// [`ReleaseRefusal::Unknown`] and [`ReleaseRefusal::Malformed`].
pub fn read(source: &OpenedRelease) -> Result<Vec<ReadRelease>, ReleaseRefusal> {
    let readings = match &source.content {
        OfficialContent::Text(text) => {
            let lines: Vec<(u64, &str)> = lines(text);
            let kind = recognise::text(&source.name, &lines).ok_or(ReleaseRefusal::Unknown)?;
            vec![(kind, read_text(kind, &lines))]
        }
        OfficialContent::Sheets(sheets) => recognise::sheets(sheets)
            .into_iter()
            .map(|(kind, sheet)| {
                let reading = match kind {
                    OfficialFileKind::Conversion => conversion::read(sheet),
                    OfficialFileKind::CmrMeasures => comorbidity::read_measures(sheet),
                    _ => comorbidity::read_code_sheet(sheet),
                };
                (kind, reading)
            })
            .collect(),
    };
    if readings.is_empty() {
        return Err(ReleaseRefusal::Unknown);
    }
    readings
        .into_iter()
        .map(|(kind, mut reading)| {
            // An addendum names a code several times by design; its rows are steps, not entries.
            if !kind.is_addenda() {
                reading.refuse_repeated(kind);
            }
            if !reading.faults.is_empty() {
                return Err(ReleaseRefusal::Malformed(kind, reading.faults));
            }
            if reading.rows.is_empty() {
                return Err(ReleaseRefusal::Incomplete(kind, "it has no rows".to_owned()));
            }
            let rows = reading.rows.into_iter().map(|(_, row)| row).collect();
            Ok(ReadRelease { table: OfficialTable { kind, rows }, missing: reading.missing, notes: reading.notes })
        })
        .collect()
}

fn read_text(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    match kind {
        OfficialFileKind::Icd10CmOrder | OfficialFileKind::Icd10PcsOrder => titles::read_order(kind, lines),
        OfficialFileKind::Icd10CmCodes
        | OfficialFileKind::Icd10PcsCodes
        | OfficialFileKind::Icd9CmLong
        | OfficialFileKind::Icd9CmShort
        | OfficialFileKind::Icd9ProcedureLong
        | OfficialFileKind::Icd9ProcedureShort => titles::read_codes(kind, lines),
        OfficialFileKind::Icd10CmOrderAddenda
        | OfficialFileKind::Icd10PcsOrderAddenda
        | OfficialFileKind::Icd10CmCodesAddenda
        | OfficialFileKind::Icd10PcsCodesAddenda => addenda::read(kind, lines),
        OfficialFileKind::GemIcd9Cm
        | OfficialFileKind::GemIcd10Cm
        | OfficialFileKind::GemIcd9Procedure
        | OfficialFileKind::GemIcd10Pcs => equivalence::read(kind, lines),
        OfficialFileKind::Exempt => exempt::read(lines),
        OfficialFileKind::Ccir => groups::read_ccir(lines),
        OfficialFileKind::Ccsr => groups::read_ccsr(lines),
        _ => columns::read_listed(kind, lines),
    }
}

/// Lines with their numbers, without their ends; blank ones are passed over.
fn lines(text: &str) -> Vec<(u64, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).collect()
}
