//! A slot: one column of an export, bound to a canonical field, with what its layout says of its text.

use rustc_hash::FxHashMap;

use crate::record::{
    date::{DateFormat, Moment},
    field::{Field, Table},
};

/// Unit of a stated age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AgeUnit {
    /// Completed years.
    Years,
    /// Completed months.
    Months,
    /// Completed days.
    Days,
}

/// A stated repair of what a spreadsheet does to codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Give codes of ICD-9-CM, and of ICD-10-PCS of digits alone, back the leading zeros that a spreadsheet took.
    RestoreIcd9Zeros,
    /// Take an `X` on the right of a code of ICD-10 (WHO) as filler: `I10X` is I10.
    DropFillerX,
    /// Pad with zeros on the left to the width that the field has in its standard list (`1` becomes `01`), or to the layout's `padded_width`.
    PadZeros,
    /// Take upper and lower case as the same letter (`f` becomes `F`).
    UpperCase,
}

/// One column of a feed bound to a canonical field.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The canonical field.
    pub field: Field,
    /// 0-based position among repeated fields (DX1 is 0); 0 where the field stands once.
    pub position: u8,
    /// Formats a date may have; tried in order.
    pub formats: Vec<DateFormat>,
    /// Values of the export, translated to canonical ones. Empty: no translation.
    pub values: FxHashMap<Vec<u8>, Vec<u8>>,
    /// The same by the text in lower case, where the layout translates and no two of its texts differ only by case.
    pub values_in_lower_case: FxHashMap<Vec<u8>, Vec<u8>>,
    /// Whether a text that `values` does not have is unreadable (a stated list) or stands as it is.
    pub only_listed: bool,
    /// Unit of an age.
    pub unit: AgeUnit,
    /// Repairs, applied before anything else.
    pub repairs: Vec<Repair>,
    /// Width to which zeros are padded; 0 where that repair is not asked for.
    pub padded_width: usize,
    /// Between the whole and the parts of an amount of money: `.`, or `,` where the layout says so.
    pub decimal: u8,
    /// Texts that mean "nothing" in this column, beside those of the feed.
    pub missing: Vec<Vec<u8>>,
}

impl Slot {
    /// A slot whose text is taken as it stands; dates as `YYYY-MM-DD`.
    pub fn plain(field: Field, position: u8) -> Slot {
        Slot {
            field,
            position,
            formats: vec![DateFormat::new("%Y-%m-%d", 1930).expect("a format")],
            values: FxHashMap::default(),
            values_in_lower_case: FxHashMap::default(),
            only_listed: false,
            unit: AgeUnit::Years,
            repairs: Vec::new(),
            padded_width: 0,
            decimal: b'.',
            missing: Vec::new(),
        }
    }

    /// The canonical text of a value of the export; `None` where a stated list does not have it.
    #[inline]
    pub fn canonical<'a>(&'a self, text: &'a [u8]) -> Option<&'a [u8]> {
        if self.values.is_empty() {
            return Some(text);
        }
        match self.translated(text) {
            Some(value) => Some(value),
            None if self.only_listed => None,
            None => Some(text),
        }
    }

    /// What the list of values has for a text; `None` where it does not have it, or there is no list.
    #[inline]
    pub fn translated(&self, text: &[u8]) -> Option<&[u8]> {
        if self.values.is_empty() {
            return None;
        }
        self.values.get(text).or_else(|| self.in_lower_case(text)).map(Vec::as_slice)
    }

    fn in_lower_case(&self, text: &[u8]) -> Option<&Vec<u8>> {
        if self.values_in_lower_case.is_empty() {
            return None;
        }
        self.values_in_lower_case.get(lower_case(text).as_slice())
    }

    /// Whether a repair changes the text before it is read. Lost zeros of ICD-9-CM are given back when the code is judged.
    #[inline]
    pub fn is_repaired(&self) -> bool {
        self.padded_width > 0 || self.repairs.contains(&Repair::UpperCase)
    }

    /// The text after the repairs that the layout asks for; as it stands where they change nothing.
    pub fn repaired<'t>(&self, text: &'t [u8]) -> std::borrow::Cow<'t, [u8]> {
        let mut repaired = std::borrow::Cow::Borrowed(text);
        if self.repairs.contains(&Repair::UpperCase)
            && let Ok(letters) = std::str::from_utf8(text)
        {
            repaired = letters.to_uppercase().into_bytes().into();
        }
        if repaired.len() < self.padded_width && repaired.iter().all(u8::is_ascii_digit) {
            let mut padded = vec![b'0'; self.padded_width - repaired.len()];
            padded.extend_from_slice(&repaired);
            repaired = padded.into();
        }
        repaired
    }

    /// Reads a date by the first of the stated formats that fits.
    #[inline]
    pub fn moment(&self, text: &[u8]) -> Option<Moment> {
        self.formats.iter().find_map(|format| format.read(text))
    }
}

/// A text in lower case; bytes that are no text as they stand.
pub fn lower_case(text: &[u8]) -> Vec<u8> {
    std::str::from_utf8(text).map_or_else(|_| text.to_vec(), |text| text.to_lowercase().into_bytes())
}

/// What a run knows of one feed once its layout is checked.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Name of the `[[ingest]]` section.
    pub name: String,
    /// What one row is.
    pub table: Table,
    /// The slots, indexed by the slot number of a cell.
    pub slots: Vec<Slot>,
    /// Texts that mean "nothing": `?`, `NA`, `EMPTY`.
    pub missing: Vec<Vec<u8>>,
    /// Canonical values that hold for every row of the feed, each with a slot that takes it as it stands.
    pub constants: Vec<(Slot, Vec<u8>)>,
    /// Encounters are examined only where each of these fields has one of its values: a declared choice of the pipeline. Empty: all are.
    pub only: Vec<(Field, Vec<String>)>,
}

impl Feed {
    /// Whether a text means "nothing" in this feed; blanks alone always do.
    #[inline]
    pub fn is_missing(&self, text: &[u8]) -> bool {
        text.is_empty() || self.missing.iter().any(|token| token.as_slice() == text)
    }

    /// Whether a text means "nothing" in a column of this feed.
    #[inline]
    pub fn is_missing_in(&self, slot: &Slot, text: &[u8]) -> bool {
        self.is_missing(text) || slot.missing.iter().any(|token| token.as_slice() == text)
    }

    /// Whether a text means "nothing" for a field of this feed.
    pub fn is_missing_for(&self, field: Field, text: &[u8]) -> bool {
        self.is_missing(text) || self.slots.iter().any(|slot| slot.field == field && self.is_missing_in(slot, text))
    }
}
