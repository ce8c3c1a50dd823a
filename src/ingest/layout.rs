//! Layout files: how the columns of one hospital's export become canonical fields. One TOML file an export, no Rust.

#[cfg(test)]
mod effects;
mod fitting;
mod read;
#[cfg(test)]
mod shipped;

use crate::{
    ingest::place::{DeliveryColumns, FacilityOf, Placement},
    partition::slot::{AgeUnit, Feed, Repair, Slot},
    problem::{Problems, closest, reader::read_file},
    record::{
        date::DateFormat,
        delivery::{Delivery, NewestBy},
        field::{Field, Kind, Table},
    },
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
    /// Sheet by name, or by position from 1 when it is a number.
    pub sheet: Option<String>,
    /// Member of a zip folder; `*` stands for any text.
    pub member: Option<String>,
    /// Characters of a fixed-width record; where none is stated, it ends with the last column.
    pub record_length: Option<usize>,
}

/// Where a field's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ColumnSource {
    /// A column by any of its names.
    Named(Vec<String>),
    /// Columns of a repeated field by position. Of each run, written `DX{1..25}` or as a single name, at least one column must be there.
    Positions(Vec<Vec<String>>),
    /// The same text for every row.
    Constant(String),
    /// Characters of a fixed-width row: 1-based start and width.
    Fixed { start: usize, width: usize },
}

#[derive(Debug, Clone)]
struct ColumnRule {
    field: Field,
    source: ColumnSource,
    formats: Vec<DateFormat>,
    values: read::Values,
    unit: AgeUnit,
    repairs: Vec<Repair>,
    padded_width: usize,
    decimal: u8,
    missing: Vec<Vec<u8>>,
    optional: bool,
    first_slot: usize,
}

/// A layout, checked.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Title for people.
    pub title: String,
    /// What one row is.
    pub table: Table,
    /// How the file is read.
    pub source: SourceOptions,
    /// Whether the numbers of encounters are each facility's own: the pipeline says so.
    pub numbers_by_facility: bool,
    /// How the feed is delivered: the pipeline says so.
    pub delivery: Option<Delivery>,
    missing: Vec<Vec<u8>>,
    columns: Vec<ColumnRule>,
}

/// One file's columns bound to the layout's slots.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Where each column goes.
    pub placement: Placement,
    /// Columns that the layout does not map, in file order.
    pub unmapped: Vec<String>,
    /// Column names that stand more than once, in file order.
    pub repeated: Vec<String>,
}

/// The marker a draft writes where the order of day and month is not proven.
pub const STATE_THE_FORMAT: &str = "STATE THE FORMAT";

impl Layout {
    /// Reads and checks a layout; every fault is collected.
    pub fn parse(path: &str, text: &str, problems: &mut Problems) -> Option<Layout> {
        let before = problems.len();
        let layout = read_file(path, text, problems, read::read_layout).flatten();
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
            for position in 0..column.width() {
                slots.push(Slot {
                    field: column.field,
                    position: position as u8,
                    formats: column.formats.clone(),
                    values: column.values.translated.clone(),
                    values_in_lower_case: column.values.in_lower_case.clone(),
                    only_listed: column.values.only_listed,
                    unit: column.unit,
                    repairs: column.repairs.clone(),
                    padded_width: column.padded_width,
                    decimal: column.decimal,
                    missing: column.missing.clone(),
                });
            }
        }
        Feed {
            name: name.to_owned(),
            table: self.table,
            slots,
            missing: self.missing.clone(),
            constants,
            only: Vec::new(),
        }
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
            .filter_map(|column| match column.source {
                ColumnSource::Fixed { start, width } => Some((start - 1, width)),
                _ => None,
            })
            .collect()
    }

    /// Binds the columns of one file.
    ///
    /// # Errors
    /// Every column that is missing, with the columns whose names are close.
    pub fn bind(&self, header: &[String]) -> Result<Binding, String> {
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
                ColumnSource::Constant(_) | ColumnSource::Fixed { .. } => None,
            })
        };
        let known = stated().filter(|names| names.iter().any(|name| find(name).is_some())).count();
        let is_heading = known * 3 >= stated().count();
        let mut slots: Vec<Option<u8>> = vec![None; header.len()];
        let mut faults = Vec::new();
        let mut twice = Vec::new();
        let mut key_column = None;
        let mut constant_key = Vec::new();
        let mut facility = None;
        for column in &self.columns {
            let is_key = column.field == self.key();
            let is_facility = self.numbers_by_facility && column.field == Field::FacilityId;
            let mut place = |at: usize, slot: usize| {
                // A cell goes to one slot: the second use of a column would silently take it from the first.
                if slots[at].is_some() {
                    twice.push(format!(
                        "the column `{}` is mapped twice, again for {}",
                        header[at],
                        column.field.name()
                    ));
                }
                slots[at] = Some(slot as u8);
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
                    None => faults.push(missing_column(column.field, names, header, is_heading)),
                },
                ColumnSource::Positions(runs) => {
                    let mut slot = column.first_slot;
                    for run in runs {
                        let mut any = false;
                        for name in run {
                            if let Some(at) = find(name) {
                                any = true;
                                place(at, slot);
                            }
                            slot += 1;
                        }
                        if !any && !column.optional {
                            let alike = numbered_alike(run, header).filter(|_| is_heading && run.len() > 1);
                            faults.push(match alike {
                                Some(alike) => format!(
                                    "the columns from `{}` to `{}` for {} are not there; are they `{alike}`?",
                                    run[0],
                                    run[run.len() - 1],
                                    column.field.name()
                                ),
                                None => missing_column(column.field, &run[..1], header, is_heading),
                            });
                        }
                    }
                }
                ColumnSource::Fixed { .. } => {
                    if column.first_slot < header.len() {
                        place(column.first_slot, column.first_slot);
                    }
                }
            }
        }
        let delivery = self
            .delivery
            .as_ref()
            .and_then(|delivery| bind_delivery(delivery, (header, is_heading), find, &mut faults));
        faults.append(&mut twice);
        if !faults.is_empty() {
            return Err(faults.join("; "));
        }
        let is_of_delivery = |at: usize| {
            delivery.as_ref().is_some_and(|delivery| {
                delivery.version == Some(at) || delivery.deletion.as_ref().is_some_and(|(column, _)| *column == at)
            })
        };
        let unmapped = header
            .iter()
            .zip(&slots)
            .enumerate()
            .filter(|(at, (name, slot))| slot.is_none() && !name.trim().is_empty() && !is_of_delivery(*at))
            .map(|(_, (name, _))| name.clone())
            .collect();
        let repeated = header
            .iter()
            .enumerate()
            .filter(|(at, name)| !name.trim().is_empty() && header[..*at].contains(name))
            .map(|(_, name)| name.clone())
            .collect();
        let placement = Placement { slots, key_column, constant_key, facility, delivery };
        Ok(Binding { placement, unmapped, repeated })
    }

    /// The formats that the layout states for the dates of a column of the export; none where it maps no date by that name.
    pub fn formats_of(&self, name: &str) -> &[DateFormat] {
        let is_named = |column: &&ColumnRule| match &column.source {
            ColumnSource::Named(names) => {
                names.iter().any(|own| own.trim().to_lowercase() == name.trim().to_lowercase())
            }
            _ => false,
        };
        let mut dates =
            self.columns.iter().filter(|column| matches!(column.field.entry().kind, Kind::Date | Kind::Moment));
        dates.find(|column| is_named(column)).map_or(&[], |column| &column.formats)
    }
}

/// Finds the columns that say how a row is delivered. In a file of fixed width they are counted: `column 3`.
fn bind_delivery(
    delivery: &Delivery,
    (header, is_heading): (&[String], bool),
    find: impl Fn(&str) -> Option<usize>,
    faults: &mut Vec<String>,
) -> Option<DeliveryColumns> {
    let mut column = |name: &str, key: &str| {
        let found = find(name);
        if found.is_none() {
            let near = closest(name, header.iter().map(String::as_str)).filter(|_| is_heading);
            let near = near.map_or(String::new(), |near| format!("; is it `{near}`?"));
            faults.push(format!("the column `{name}` that `{key}` of the pipeline names is not there{near}"));
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
fn numbered_alike(run: &[String], header: &[String]) -> Option<String> {
    let parts = |name: &str| {
        let name = name.trim();
        let digits = name.find(|letter: char| letter.is_ascii_digit())?;
        let end = name[digits..].find(|letter: char| !letter.is_ascii_digit()).map_or(name.len(), |at| digits + at);
        Some((name[..digits].to_owned(), name[digits..end].to_owned(), name[end..].to_owned()))
    };
    let (wanted, ..) = parts(run.first()?)?;
    let mut series: std::collections::BTreeMap<(String, String), Vec<String>> = std::collections::BTreeMap::new();
    for (before, number, after) in header.iter().filter_map(|name| parts(name)) {
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

/// What is missing, and what it may be called. A heading of which the layout knows no column may be a row of data, and none of it is shown.
fn missing_column(field: Field, names: &[String], header: &[String], is_heading: bool) -> String {
    let wanted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let near = names.iter().find_map(|name| closest(name, header.iter().map(String::as_str)));
    match near.filter(|_| is_heading) {
        Some(near) => format!("the column {wanted} for {} is not there; is it `{near}`?", field.name()),
        None => format!(
            "the column {wanted} for {} is not there; state its name, or `optional = true`, in the layout",
            field.name()
        ),
    }
}

impl ColumnRule {
    fn width(&self) -> usize {
        match &self.source {
            ColumnSource::Positions(runs) => runs.iter().map(Vec::len).sum(),
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ingest::{delimited, place::place},
        partition::decode::{Patients, decode},
    };

    fn parse(text: &str) -> (Option<Layout>, Problems) {
        let mut problems = Problems::default();
        let layout = Layout::parse("a.toml", text, &mut problems);
        (layout, problems)
    }

    const GOOD: &str = r#"
title = "Abstracts"
table = "encounters"
missing = ["?", "NA"]
[columns]
encounter_id = "VISIT"
patient_id = ["MRN", "PATIENT"]
admission_date = { column = "ADM", formats = ["%d/%m/%Y"] }
sex = { column = "SEX", values = { M = ["1", "male"], F = "2" } }
payer = { column = "PAYER", values = ["MA", "MB"], optional = true }
facility_id = { constant = "F1" }
diagnosis_code = { columns = "DX{1..3}" }
"#;

    #[test]
    fn columns_are_bound_by_name_alias_and_number() {
        let (layout, problems) = parse(GOOD);
        assert!(problems.is_empty(), "{}", problems.render(false));
        let layout = layout.expect("layout");
        let header: Vec<String> =
            ["visit ", "PATIENT", "ADM", "SEX", "DX1", "DX2", "NOTE", "NOTE"].map(str::to_owned).to_vec();
        let bound = layout.bind(&header).expect("bound");
        assert_eq!(bound.placement.key_column, Some(0));
        assert_eq!(bound.unmapped, ["NOTE", "NOTE"]);
        assert_eq!(bound.repeated, ["NOTE"]);
        let feed = layout.feed("abstracts");
        let slot = |column: usize| &feed.slots[usize::from(bound.placement.slots[column].expect("bound"))];
        assert_eq!((slot(5).field, slot(5).position), (Field::DiagnosisCode, 1));
        assert_eq!(slot(3).canonical(b"male"), Some(&b"M"[..]));
        for written in [&b"M"[..], b"Male", b"MALE", b"1", b"m"] {
            assert_eq!(slot(3).canonical(written), Some(&b"M"[..]));
        }
        assert_eq!(slot(3).canonical(b"3"), None);
        let constants: Vec<_> = feed.constants.iter().map(|(slot, text)| (slot.field, text.as_slice())).collect();
        assert_eq!(constants, [(Field::FacilityId, &b"F1"[..])]);
    }

    #[test]
    fn a_text_may_mean_nothing_in_one_column_alone() {
        let text = "title = \"x\"\ntable = \"encounters\"\nmissing = \"?\"\n[columns]\n\
                    encounter_id = { column = \"ID\", missing = \"0\" }\nzip_code = { column = \"ZIP\", missing = [\"99999\", \"XX\"] }\nstate = \"ST\"\n";
        let (layout, problems) = parse(text);
        assert!(problems.is_empty(), "{}", problems.render(false));
        let layout = layout.expect("layout");
        let feeds = [layout.feed("x")];
        let header = ["ID", "ZIP", "ST"].map(str::to_owned);
        let binding = layout.bind(&header).expect("bound");
        let chunk = delimited::RawChunk { text: b"1,99999,99999\n0,?,XX\n2,12345,XX\n".to_vec(), first_line: 2 };
        let block = delimited::split(chunk, delimited::Dialect { delimiter: b',', quote: b'"' }, 3);
        let mut rows = Vec::new();
        place(&block, &binding.placement, &feeds[0], 0, 0, &mut rows);
        let nobody = Patients::default();
        let decoded = decode(&rows, &feeds, &nobody);
        let cells: Vec<_> = decoded
            .encounters()
            .iter()
            .map(|encounter| (encounter.encounter_id, encounter.zip_code, encounter.state))
            .collect();
        assert_eq!(cells, [("1", "", "99999"), ("", "", "XX"), ("2", "12345", "XX")]);
    }

    #[test]
    fn positions_run_over_a_principal_column_and_padded_numbers() {
        let text = "title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
                    diagnosis_code = { columns = [\"PDX\", \"SDX{01..03}\"] }\n";
        let (layout, problems) = parse(text);
        assert!(problems.is_empty(), "{}", problems.render(false));
        let layout = layout.expect("layout");
        let header: Vec<String> = ["SDX01", "SDX02", "ID", "PDX"].map(str::to_owned).to_vec();
        let bound = layout.bind(&header).expect("bound");
        let feed = layout.feed("x");
        let position = |column: usize| feed.slots[usize::from(bound.placement.slots[column].expect("bound"))].position;
        assert_eq!([position(3), position(0), position(1)], [0, 1, 2]);
        let header: Vec<String> = ["SDX01", "ID"].map(str::to_owned).to_vec();
        assert!(layout.bind(&header).expect_err("no principal diagnosis").contains("`PDX`"));
    }

    #[test]
    fn a_column_cannot_be_mapped_twice() {
        let text = "title = \"x\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"ID\"\n\
                    patient_id = \"ID\"\n";
        let fault = parse(text).0.expect("layout").bind(&["ID".to_owned()]).expect_err("twice");
        assert_eq!(fault, "the column `ID` is mapped twice, again for patient_id");
    }

    #[test]
    fn a_row_of_data_is_not_quoted_where_a_heading_should_be() {
        let (layout, _) = parse(GOOD);
        let row: Vec<String> = ["VISIT7", "MRN123", "1960-01-01", "F", "E119"].map(str::to_owned).to_vec();
        let fault = layout.expect("layout").bind(&row).expect_err("no heading");
        assert!(!fault.contains("VISIT7") && !fault.contains("MRN123"), "{fault}");
    }

    #[test]
    fn a_missing_column_names_the_close_candidate() {
        let (layout, _) = parse(GOOD);
        let header: Vec<String> = ["VISITS", "PATIENT", "ADM", "SEX", "DX1"].map(str::to_owned).to_vec();
        let fault = layout.expect("layout").bind(&header).expect_err("missing");
        assert_eq!(fault, "the column `VISIT` for encounter_id is not there; is it `VISITS`?");
    }

    #[test]
    fn missing_numbered_columns_name_those_that_are_numbered_alike() {
        let (layout, _) = parse(&GOOD.replace("DX{1..3}", "DX{1..25}"));
        let mut header: Vec<String> = ["VISIT", "PATIENT", "ADM", "SEX"].map(str::to_owned).to_vec();
        for number in 1..=25 {
            header.extend([format!("DIAG{number}"), format!("POA{number}"), format!("PROC{number}")]);
        }
        let fault = layout.expect("layout").bind(&header).expect_err("missing");
        let told = "the columns from `DX1` to `DX25` for diagnosis_code are not there; are they `DIAG{1..25}`?";
        assert_eq!(fault, told);
    }

    #[test]
    fn every_fault_of_a_layout_is_found_with_its_place() {
        let (_, problems) = parse(
            "title = \"x\"\ntable = \"encounters\"\n[columns]\nadmision_date = \"A\"\ndischarge_date = { column = \"D\", formats = [\"STATE THE FORMAT\"] }\nsex = { column = \"S\", valuse = {} }\n",
        );
        let codes: Vec<&str> = problems.sorted().iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            ["missing-key-field", "unknown-field", "ambiguous-date", "unknown-key"],
            "{}",
            problems.render(false)
        );
    }
}
