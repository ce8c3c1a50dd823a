//! A slot: one column of an export, bound to a canonical field, with what its layout says of its text.

use rustc_hash::FxHashMap;

use crate::record::{
    constant::Choice,
    date::{DateFormat, Moment},
    date_format::BesideDate,
    field::{CanonicalTable, Field},
    partial_date::KnownDate,
    time_zone::TimeZone,
};

/// Unit of a stated age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AgeUnit {
    /// Completed years.
    Years,
    /// Completed months.
    Months,
    /// Completed weeks.
    Weeks,
    /// Completed days.
    Days,
    /// Completed hours.
    Hours,
}

/// How an export counts the days of a stay that it states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StayCounts {
    /// The day of discharge is not counted, as hospital statistics count: 1 to 5 October are 4 days.
    #[default]
    Exclusive,
    /// The day of discharge is counted: 1 to 5 October are 5 days.
    Inclusive,
}

/// How the order of day and month in a column of dates is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// The formats state it.
    #[default]
    Stated,
    /// Another column names the month; see [`Says::Month`].
    ByMonth,
    /// The stated length of stay and the other date of the stay leave one reading.
    ByStay,
}

/// A column that says how another one is to be read. Its slot numbers follow those of the slots.
#[derive(Debug, Clone)]
pub struct Companion {
    /// The field that is read with it.
    pub of: Field,
    /// What it says.
    pub says: Says,
}

/// What a column says of another one.
#[derive(Debug, Clone)]
pub enum Says {
    /// The unit of an age, by the texts of the export in lower case.
    Unit(FxHashMap<Vec<u8>, AgeUnit>),
    /// The year of a date; the first of the hundred years that two digits mean.
    YearOfDate(i32),
    /// The month of a date.
    MonthOfDate,
    /// The month, with or without the year, that a date of two readings must lie in: in any of these formats.
    Month(Vec<DateFormat>),
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
    /// Whether what the column says holds for every position of a row: the revision, where one column states it for several codes.
    pub every_position: bool,
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
    /// How a stated stay is counted.
    pub stay_counts: StayCounts,
    /// How the order of day and month is known.
    pub order: DateOrder,
    /// The hospital's time zone, where the layout states it.
    pub zone: Option<TimeZone>,
}

impl Slot {
    /// A slot whose text is taken as it stands; dates as `YYYY-MM-DD`.
    pub fn plain(field: Field, position: u8) -> Slot {
        Slot {
            field,
            position,
            every_position: false,
            formats: vec![DateFormat::new("%Y-%m-%d", 1930).expect("a format")],
            values: FxHashMap::default(),
            values_in_lower_case: FxHashMap::default(),
            only_listed: false,
            unit: AgeUnit::Years,
            repairs: Vec::new(),
            padded_width: 0,
            decimal: b'.',
            missing: Vec::new(),
            stay_counts: StayCounts::Exclusive,
            order: DateOrder::Stated,
            zone: None,
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
        self.formats.iter().find_map(|format| format.read(text)).map(|moment| self.by_zone(moment))
    }

    /// A moment by the clocks of the hospital, where the layout states its zone.
    #[inline]
    pub fn by_zone(&self, moment: Moment) -> Moment {
        self.zone.map_or(moment, |zone| zone.local(moment))
    }

    /// Whether times of the column may state an offset that no zone brings to the hospital's clock.
    pub fn keeps_offsets(&self) -> bool {
        self.zone.is_none() && self.formats.iter().any(DateFormat::reads_offset)
    }

    /// Whether it is a column of dates that must be read with others of its row, or may state a month or a year alone.
    pub fn is_read_with_others(&self) -> bool {
        self.order != DateOrder::Stated || self.formats.iter().any(|format| !format.gives_day())
    }

    /// Every reading of a date by the stated formats, each once.
    pub fn readings(&self, text: &[u8], beside: BesideDate) -> Vec<KnownDate> {
        let mut readings = Vec::new();
        for reading in self.formats.iter().filter_map(|format| format.read_known(text, beside)) {
            let reading = match reading {
                KnownDate::Day(moment) => KnownDate::Day(self.by_zone(moment)),
                within => within,
            };
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        readings
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
    pub table: CanonicalTable,
    /// The slots, indexed by the slot number of a cell.
    pub slots: Vec<Slot>,
    /// Texts that mean "nothing": `?`, `NA`, `EMPTY`.
    pub missing: Vec<Vec<u8>>,
    /// Canonical values that hold for every row of the feed, each with a slot that takes it as it stands.
    pub constants: Vec<(Slot, Vec<u8>)>,
    /// Encounters are examined only where each of these fields has one of its values: a declared choice of the pipeline. Empty: all are.
    pub only: Vec<(Field, Vec<Choice>)>,
    /// Columns that say how others are to be read.
    pub companions: Vec<Companion>,
    /// The rows have no number of their own and are numbered by their place, so that rows that are alike are kept.
    pub numbered_by_place: bool,
}

impl Feed {
    /// A feed of a table without name, columns or settings.
    pub fn of(table: CanonicalTable) -> Feed {
        Feed {
            name: String::new(),
            table,
            slots: Vec::new(),
            missing: Vec::new(),
            constants: Vec::new(),
            only: Vec::new(),
            companions: Vec::new(),
            numbered_by_place: false,
        }
    }

    /// The companion of a slot number behind the slots.
    #[inline]
    pub fn companion(&self, number: u8) -> Option<&Companion> {
        self.companions.get(usize::from(number).checked_sub(self.slots.len())?)
    }

    /// Whether times of it may state an offset that no zone brings to the hospital's clock.
    pub fn keeps_offsets(&self) -> bool {
        self.slots.iter().any(Slot::keeps_offsets)
    }

    /// Whether some of its columns must be read with others of their row.
    pub fn reads_columns_together(&self) -> bool {
        !self.companions.is_empty() || self.slots.iter().any(Slot::is_read_with_others)
    }

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
