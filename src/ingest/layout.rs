//! Layout files: how the columns of one hospital's export become canonical fields. One TOML file an export, no Rust.

mod beside;
#[cfg(test)]
mod effects;
mod fitting;
mod fixed_columns;
mod misfit;
mod read;
#[cfg(test)]
mod shipped;
mod values;

pub use self::{
    misfit::Misfit,
    read::{read_members, read_sheets},
};
use crate::{
    ingest::{
        column_name::{looks_like_a_name, shown_name},
        heading::filled_fields,
        place::{DeliveryColumns, FacilityOf, Placement},
    },
    problem::{Problems, reader::read_file},
    record::{
        date::DateFormat,
        delivery::{Delivery, NewestBy},
        field::{CanonicalTable, Field, FieldType},
        time_zone::TimeZone,
    },
    rows::slot::{AgeUnit, Companion, DateOrder, Feed, Repair, Says, Slot, StayCounts},
    store::content::KeptColumn,
};

/// What kind of file a layout expects, where it states one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with a delimiter.
    Delimited,
    /// Text in columns of fixed width.
    FixedWidth,
    /// xlsx, xls, xlsb or ods.
    Workbook,
}

/// How the file is to be read; what is not stated is found out from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceOptions {
    /// Kind of file.
    pub format: Option<Format>,
    /// Byte between fields.
    pub delimiter: Option<u8>,
    /// Encoding by its WHATWG label.
    pub encoding: Option<String>,
    /// 1-based row of the heading; 0 says that there is none.
    pub header_row: Option<u64>,
    /// Sheets of a workbook, each by name, by position from 1 when it is a number, or by a pattern in which `*` stands for any text. Empty: none is stated.
    pub sheets: Vec<String>,
    /// Members of a zip folder, each by name or by a pattern. Empty: none is stated.
    pub members: Vec<String>,
    /// What positions of fixed width count.
    pub positions_in: PositionsIn,
    /// Length of a fixed-width record; where none is stated, it ends with the last column.
    pub record_length: Option<usize>,
}

/// What positions, widths and lengths of a fixed-width record count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PositionsIn {
    /// Characters, as a person counts them.
    #[default]
    Characters,
    /// Bytes of the file, as a record layout of a mainframe counts them: a letter with an accent is two in UTF-8, and one in windows-1252.
    Bytes,
}

/// A field of a fixed-width row: where it begins, counted from 1, and how wide it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedPosition {
    /// Begin, from 1.
    pub start: usize,
    /// Width.
    pub width: usize,
}

/// Where a field's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ColumnSource {
    /// A column by any of its names.
    Named(Vec<String>),
    /// Columns of a repeated field by position. Of each run, written `DX{1..25}` or as a single name, at least one column must be there, and none may be missing before one that is.
    Positions(Vec<Vec<String>>),
    /// The same text for every row.
    Constant(String),
    /// Fields of a fixed-width row, one a position.
    Fixed(Vec<FixedPosition>),
    /// The place of the row: the input's number in the run and the row's in the file.
    RowNumber,
}

#[derive(Debug, Clone)]
struct ColumnRule {
    field: Field,
    source: ColumnSource,
    formats: Vec<DateFormat>,
    values: values::Values,
    unit: AgeUnit,
    repairs: Vec<Repair>,
    padded_width: usize,
    decimal: u8,
    missing: Vec<Vec<u8>>,
    optional: bool,
    first_slot: usize,
    stay_counts: StayCounts,
    order: DateOrder,
    /// Columns that say how this one is to be read, with what they say.
    companions: Vec<(Says, ColumnSource)>,
}

/// A layout, checked.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Title for people.
    pub title: String,
    /// What one row is.
    pub table: CanonicalTable,
    /// How the file is read.
    pub source: SourceOptions,
    /// Whether the numbers of encounters are each facility's own: the pipeline says so.
    pub numbers_by_facility: bool,
    /// How the feed is delivered: the pipeline says so.
    pub delivery: Option<Delivery>,
    /// The hospital's time zone, where it is stated.
    pub time_zone: Option<TimeZone>,
    missing: Vec<Vec<u8>>,
    columns: Vec<ColumnRule>,
}

/// One file's columns bound to the layout's slots.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Where each column goes.
    pub placement: Placement,
    /// Columns that the layout does not map, in file order; those whose text does not look like a name by their position.
    pub unmapped: Vec<String>,
    /// Column names that stand more than once, in file order; shown alike.
    pub repeated: Vec<String>,
}

/// The marker a draft writes where the order of day and month is not proven.
pub const STATE_THE_FORMAT: &str = "STATE THE FORMAT";

/// The marker a draft writes where the texts of a value are not known.
pub const STATE_THE_TEXT: &str = "STATE THE TEXT";

impl Layout {
    /// Reads and checks a layout; every fault is collected.
    pub fn parse(path: &str, text: &str, problems: &mut Problems) -> Option<Layout> {
        let before = problems.len();
        let layout = read_file(path, "layout", text, problems, read::read_layout).flatten();
        if problems.len() > before { None } else { layout }
    }

    /// The feed that rows of this layout belong to.
    pub fn feed(&self, name: &str) -> Feed {
        let mut slots = Vec::new();
        let mut constants = Vec::new();
        for column in &self.columns {
            if let ColumnSource::Constant(text) = &column.source {
                constants.push((Slot::plain(column.field, 0), text.clone().into_bytes()));
                continue;
            }
            if column.source == ColumnSource::RowNumber {
                continue;
            }
            for position in 0..column.width() {
                slots.push(Slot {
                    field: column.field,
                    position: position as u8,
                    every_position: self.table == CanonicalTable::Encounters && column.holds_for_every_position(),
                    formats: column.formats.clone(),
                    values: column.values.translated.clone(),
                    values_in_lower_case: column.values.in_lower_case.clone(),
                    only_listed: column.values.only_listed,
                    unit: column.unit,
                    repairs: column.repairs.clone(),
                    padded_width: column.padded_width,
                    decimal: column.decimal,
                    missing: column.missing.clone(),
                    stay_counts: column.stay_counts,
                    order: column.order,
                    zone: self.time_zone,
                });
            }
        }
        Feed {
            name: name.to_owned(),
            table: self.table,
            slots,
            missing: self.missing.clone(),
            constants,
            companions: self.companions().map(|(of, says, _)| Companion { of: of.field, says: says.clone() }).collect(),
            numbered_by_place: self.numbers_rows(),
            ..Feed::of(self.table)
        }
    }

    /// The columns by the slot numbers of cells, as the store knows kept cells by them.
    pub fn kept_columns(&self) -> Vec<KeptColumn> {
        let kept = |field: Field, position: usize, source: &ColumnSource| KeptColumn {
            field: field.name().to_owned(),
            position: position as u8,
            names: match source {
                ColumnSource::Named(names) => names.clone(),
                ColumnSource::Positions(names) => names.get(position).cloned().unwrap_or_default(),
                ColumnSource::Fixed(places) => places
                    .get(position)
                    .map(|place| format!("{} to {}", place.start, place.start + place.width - 1))
                    .into_iter()
                    .collect(),
                ColumnSource::Constant(_) | ColumnSource::RowNumber => Vec::new(),
            },
        };
        let is_read =
            |column: &&ColumnRule| !matches!(column.source, ColumnSource::Constant(_) | ColumnSource::RowNumber);
        let columns = self.columns.iter().filter(is_read);
        let columns =
            columns.flat_map(|column| (0..column.width()).map(|place| kept(column.field, place, &column.source)));
        let companions = self.companions().map(|(of, says, source)| {
            let says = match says {
                Says::Unit(_) => "unit of",
                Says::YearOfDate(_) => "year of",
                Says::MonthOfDate | Says::Month(_) => "month of",
            };
            KeptColumn { field: format!("{says} {}", of.field.name()), ..kept(of.field, 0, source) }
        });
        columns.chain(companions).collect()
    }

    /// Whether the rows are numbered by their place.
    pub fn numbers_rows(&self) -> bool {
        self.columns.iter().any(|column| column.source == ColumnSource::RowNumber)
    }

    /// The columns that say how others are to be read, in the order of their slots: the column read with them, what they say, where they are.
    fn companions(&self) -> impl Iterator<Item = (&ColumnRule, &Says, &ColumnSource)> {
        self.columns.iter().flat_map(|column| column.companions.iter().map(move |(says, at)| (column, says, at)))
    }

    /// Slots of the fields; those of the companions follow.
    fn slot_count(&self) -> usize {
        self.columns.iter().map(ColumnRule::width).sum()
    }

    /// The fields that the layout maps.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.columns.iter().map(|column| column.field)
    }

    /// The field that keys the rows.
    pub fn key(&self) -> Field {
        self.table.key()
    }

    /// Widths of a fixed-width layout: 0-based start and width of every column, in the order of slots.
    pub fn fixed_columns(&self) -> Vec<(usize, usize)> {
        self.columns
            .iter()
            .map(|column| &column.source)
            .chain(self.companions().map(|(_, _, source)| source))
            .flat_map(|source| match source {
                ColumnSource::Fixed(positions) => positions.as_slice(),
                _ => &[],
            })
            .map(|position| (position.start - 1, position.width))
            .collect()
    }

    /// Whether a row can be the heading: it has all columns that must be there, and at least one name of the layout, so that no row of data is taken for it.
    /// `fullest_above`: filled fields of the fullest row above it. Beneath records one name alone is a value that happens to be alike.
    pub fn is_heading(&self, header: &[String], fullest_above: usize) -> bool {
        let known = self.known_names(header);
        let is_beneath_records = fullest_above > 1 && fullest_above >= filled_fields(header);
        known > usize::from(is_beneath_records) && self.bind(header).is_ok()
    }

    /// How many names of a row are names of the layout.
    pub fn known_names(&self, header: &[String]) -> usize {
        let lower = |name: &str| name.trim().to_lowercase();
        let header: Vec<String> = header.iter().map(|name| lower(name)).collect();
        self.names().filter(|name| header.contains(&lower(name))).count()
    }

    /// Whether it knows columns by their names.
    pub fn has_names(&self) -> bool {
        self.names().next().is_some()
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        let names = self.columns.iter().flat_map(|column| match &column.source {
            ColumnSource::Named(names) => vec![names.as_slice()],
            ColumnSource::Positions(runs) => runs.iter().map(Vec::as_slice).collect(),
            ColumnSource::Constant(_) | ColumnSource::Fixed(_) | ColumnSource::RowNumber => Vec::new(),
        });
        names.flatten()
    }

    /// Binds the columns of one file.
    ///
    /// # Errors
    /// What is missing, with the columns whose names are close, and what is mapped twice.
    pub fn bind(&self, header: &[String]) -> Result<Binding, Misfit> {
        let find = |name: &str| {
            header.iter().position(|column| column == name).or_else(|| {
                let wanted = name.trim().to_lowercase();
                header.iter().position(|column| column.trim().to_lowercase() == wanted)
            })
        };
        let stated = || {
            self.columns.iter().filter_map(|column| match &column.source {
                ColumnSource::Named(names) => Some(names.as_slice()),
                ColumnSource::Positions(runs) => runs.first().map(Vec::as_slice),
                ColumnSource::Constant(_) | ColumnSource::Fixed(_) | ColumnSource::RowNumber => None,
            })
        };
        let known = stated().filter(|names| names.iter().any(|name| find(name).is_some())).count();
        let mut misfit = Misfit::new(header, known, stated().count());
        // Names that may be told; a cell of a record is none.
        let names_there = header.iter().map(String::as_str).filter(|name| looks_like_a_name(name));
        let mut twice: Vec<(usize, Field)> = Vec::new();
        let mut slots: Vec<Option<u8>> = vec![None; header.len()];
        let mut again: Vec<(usize, u8)> = Vec::new();
        let mut fields: Vec<(usize, Field)> = Vec::new();
        let mut key_column = None;
        let mut constant_key = Vec::new();
        let mut facility = None;
        for column in &self.columns {
            let is_key = column.field == self.key();
            let is_facility = self.numbers_by_facility && column.field == Field::FacilityId;
            let mut place = |at: usize, slot: usize| {
                // One column may feed two fields; twice in one field is a slip.
                if fields.contains(&(at, column.field)) {
                    twice.push((at, column.field));
                }
                fields.push((at, column.field));
                match slots[at] {
                    None => slots[at] = Some(slot as u8),
                    Some(_) => again.push((at, slot as u8)),
                }
                if is_key {
                    key_column = Some(at);
                }
                if is_facility {
                    facility = Some(FacilityOf::Column(at));
                }
            };
            match &column.source {
                ColumnSource::Constant(text) => {
                    if is_key {
                        constant_key = text.clone().into_bytes();
                    }
                    if is_facility {
                        facility = Some(FacilityOf::Constant(text.trim().as_bytes().to_vec()));
                    }
                }
                ColumnSource::Named(names) => match names.iter().find_map(|name| find(name)) {
                    Some(at) => place(at, column.first_slot),
                    None if column.optional => {}
                    None => misfit.lacks(column.field, names, names_there.clone()),
                },
                ColumnSource::Positions(runs) => {
                    let mut slot = column.first_slot;
                    for run in runs {
                        let mut last = None;
                        for (position, name) in run.iter().enumerate() {
                            if let Some(at) = find(name) {
                                last = Some(position);
                                place(at, slot);
                            }
                            slot += 1;
                        }
                        // An export may have fewer columns than the run. One that lacks a column before others has lost or renamed it: DX1, the principal diagnosis.
                        let is_lost =
                            |(position, name): &(usize, &String)| Some(*position) < last && find(name).is_none();
                        if let Some((_, lost)) = run.iter().enumerate().find(is_lost).filter(|_| !column.optional) {
                            misfit.lacks(column.field, std::slice::from_ref(lost), names_there.clone());
                        }
                        if last.is_none() && !column.optional {
                            let alike = numbered_alike(run, names_there.clone());
                            match alike.filter(|_| misfit.is_heading() && run.len() > 1) {
                                Some(alike) => misfit.lacks_run(column.field, run, alike),
                                None => misfit.lacks(column.field, &run[..1], names_there.clone()),
                            }
                        }
                    }
                }
                ColumnSource::Fixed(positions) => {
                    for slot in column.first_slot..column.first_slot + positions.len() {
                        if slot < header.len() {
                            place(slot, slot);
                        }
                    }
                }
                ColumnSource::RowNumber => {}
            }
        }
        for (slot, (column, _, source)) in (self.slot_count()..).zip(self.companions()) {
            let at = match source {
                ColumnSource::Named(names) => names.iter().find_map(|name| find(name)),
                _ => (slot < header.len()).then_some(slot),
            };
            match (at, source) {
                (Some(at), _) if slots[at].is_none() => slots[at] = Some(slot as u8),
                (Some(at), _) => again.push((at, slot as u8)),
                (None, ColumnSource::Named(names)) if !column.optional => {
                    misfit.lacks(column.field, names, names_there.clone());
                }
                _ => {}
            }
        }
        for (at, field) in twice {
            misfit.maps_twice(&shown_name(&header[at], at), field);
        }
        let delivery =
            self.delivery.as_ref().and_then(|delivery| bind_delivery(delivery, names_there.clone(), find, &mut misfit));
        if !misfit.is_none() {
            return Err(misfit);
        }
        let filled = || header.iter().enumerate().filter(|(_, name)| !name.trim().is_empty());
        let is_of_delivery = |at: usize| {
            delivery.as_ref().is_some_and(|delivery| {
                delivery.version == Some(at) || delivery.deletion.as_ref().is_some_and(|(column, _)| *column == at)
            })
        };
        let is_unmapped = |at: &usize| slots[*at].is_none() && !is_of_delivery(*at);
        // One name that fits may be a cell that happens to be alike: the texts beside it are then not surely names.
        let is_surely_heading = known > 1;
        let shown = |(at, name): (usize, &String)| shown_name(if is_surely_heading { name } else { "" }, at);
        let unmapped = filled().filter(|(at, _)| is_unmapped(at)).map(shown).collect();
        let repeated = filled().filter(|(at, name)| header[..*at].contains(name)).map(shown).collect();
        let numbered_by_place = self.numbers_rows();
        Ok(Binding {
            placement: Placement { slots, again, key_column, constant_key, facility, numbered_by_place, delivery },
            unmapped,
            repeated,
        })
    }

    /// Whether the layout maps a column to a field.
    pub fn has_field(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == field)
    }

    /// The formats that the layout states for the dates of a column of the export; none where it maps no date by that name.
    pub fn formats_of(&self, name: &str) -> &[DateFormat] {
        let is_named = |column: &&ColumnRule| match &column.source {
            ColumnSource::Named(names) => {
                names.iter().any(|own| own.trim().to_lowercase() == name.trim().to_lowercase())
            }
            _ => false,
        };
        let mut dates = self
            .columns
            .iter()
            .filter(|column| matches!(column.field.entry().kind, FieldType::Date | FieldType::Moment));
        dates.find(|column| is_named(column)).map_or(&[], |column| &column.formats)
    }
}

/// Finds the columns that say how a row is delivered. In a file of fixed width they are counted: `column 3`.
fn bind_delivery<'h>(
    delivery: &Delivery,
    names_there: impl Iterator<Item = &'h str> + Clone,
    find: impl Fn(&str) -> Option<usize>,
    misfit: &mut Misfit,
) -> Option<DeliveryColumns> {
    let mut column = |name: &str, key: &str| {
        let found = find(name);
        if found.is_none() {
            misfit.lacks_delivery(name, key, names_there.clone());
        }
        found
    };
    let version = match &delivery.newest_by {
        NewestBy::Column { name, .. } => column(name, "newest_by"),
        NewestBy::FileNameDate | NewestBy::Order => None,
    };
    let deletion = delivery.deletion.as_ref().and_then(|deletion| {
        let at = column(&deletion.column, "deletion")?;
        Some((at, deletion.values.clone()))
    });
    (version.is_some() || deletion.is_some()).then_some(DeliveryColumns { version, deletion })
}

/// Columns of a header that are numbered like a run of the layout under another name, as a layout writes them: `DIAG{1..25}`. Of several, the one that covers
/// most of the run, and then the one whose name is likest.
fn numbered_alike<'h>(run: &[String], header: impl Iterator<Item = &'h str>) -> Option<String> {
    let parts = |name: &str| {
        let name = name.trim();
        let digits = name.find(|letter: char| letter.is_ascii_digit())?;
        let end = name[digits..].find(|letter: char| !letter.is_ascii_digit()).map_or(name.len(), |at| digits + at);
        Some((name[..digits].to_owned(), name[digits..end].to_owned(), name[end..].to_owned()))
    };
    let (wanted, ..) = parts(run.first()?)?;
    let mut series: std::collections::BTreeMap<(String, String), Vec<String>> = std::collections::BTreeMap::new();
    for (before, number, after) in header.filter_map(parts) {
        series.entry((before, after)).or_default().push(number);
    }
    let likeness = |before: &str| {
        let initials = before.bytes().next().map(|letter| letter.to_ascii_lowercase())
            == wanted.bytes().next().map(|letter| letter.to_ascii_lowercase());
        (initials, (strsim::jaro_winkler(&wanted.to_lowercase(), &before.to_lowercase()) * 1000.0) as u32)
    };
    let ((before, after), numbers) = series
        .into_iter()
        .filter(|(_, numbers)| numbers.len() >= 2)
        .max_by_key(|((before, _), numbers)| (likeness(before).0, numbers.len().min(run.len()), likeness(before).1))?;
    Some(format!("{before}{{{}..{}}}{after}", numbers.first()?, numbers.last()?))
}

impl ColumnRule {
    /// Whether one column says it of all codes of a row: the revision is a fact of the row where the layout names a single column for it.
    fn holds_for_every_position(&self) -> bool {
        let is_single = match &self.source {
            ColumnSource::Named(_) => true,
            ColumnSource::Fixed(positions) => positions.len() == 1,
            ColumnSource::Positions(_) | ColumnSource::Constant(_) | ColumnSource::RowNumber => false,
        };
        is_single && matches!(self.field, Field::DiagnosisRevision | Field::ProcedureRevision)
    }

    fn width(&self) -> usize {
        match &self.source {
            ColumnSource::Positions(runs) => runs.iter().map(Vec::len).sum(),
            ColumnSource::Fixed(positions) => positions.len(),
            ColumnSource::Constant(_) | ColumnSource::RowNumber => 0,
            ColumnSource::Named(_) => 1,
        }
    }
}

#[cfg(test)]
mod tests;
