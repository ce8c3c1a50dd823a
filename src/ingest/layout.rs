//! Layout files: how the columns of one hospital's export become canonical fields. One TOML file an export, no Rust.

use rustc_hash::FxHashMap;

use crate::{
    ingest::place::Placement,
    partition::slot::{AgeUnit, Feed, Repair, Slot},
    problem::{
        Problems, closest,
        reader::{Entry, Section, read_file},
    },
    record::{
        date::DateFormat,
        field::{DICTIONARY, Field, Kind, Table},
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
}

/// Where a field's text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ColumnSource {
    /// A column by any of its names.
    Named(Vec<String>),
    /// Numbered columns `DX{1..25}`: what stands before and after the number, first and last.
    Numbered { before: String, after: String, first: u32, last: u32 },
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
    values: FxHashMap<Vec<u8>, Vec<u8>>,
    only_listed: bool,
    unit: AgeUnit,
    repairs: Vec<Repair>,
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
        let layout = read_file(path, text, problems, read_layout).flatten();
        if problems.len() > before { None } else { layout }
    }

    /// The feed that rows of this layout belong to.
    pub fn feed(&self, name: &str) -> Feed {
        let mut slots = Vec::new();
        let mut constants = Vec::new();
        for column in &self.columns {
            if let ColumnSource::Constant(text) = &column.source {
                constants.push((column.field, text.clone().into_bytes()));
                continue;
            }
            for position in 0..column.width() {
                slots.push(Slot {
                    field: column.field,
                    position: position as u8,
                    formats: column.formats.clone(),
                    values: column.values.clone(),
                    only_listed: column.only_listed,
                    unit: column.unit,
                    repairs: column.repairs.clone(),
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
        if self.table == Table::Patients { Field::PatientId } else { Field::EncounterId }
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
        let mut slots: Vec<Option<u8>> = vec![None; header.len()];
        let mut faults = Vec::new();
        let mut key_column = None;
        let mut constant_key = Vec::new();
        for column in &self.columns {
            let is_key = column.field == self.key();
            let mut place = |at: usize, slot: usize| {
                slots[at] = Some(slot as u8);
                if is_key {
                    key_column = Some(at);
                }
            };
            match &column.source {
                ColumnSource::Constant(text) => {
                    if is_key {
                        constant_key = text.clone().into_bytes();
                    }
                }
                ColumnSource::Named(names) => match names.iter().find_map(|name| find(name)) {
                    Some(at) => place(at, column.first_slot),
                    None if column.optional => {}
                    None => faults.push(missing_column(column.field, names, header)),
                },
                ColumnSource::Numbered { before, after, first, last } => {
                    let mut any = false;
                    for (index, number) in (*first..=*last).enumerate() {
                        if let Some(at) = find(&format!("{before}{number}{after}")) {
                            any = true;
                            place(at, column.first_slot + index);
                        }
                    }
                    if !any && !column.optional {
                        faults.push(missing_column(column.field, &[format!("{before}{first}{after}")], header));
                    }
                }
                ColumnSource::Fixed { .. } => {
                    if column.first_slot < header.len() {
                        place(column.first_slot, column.first_slot);
                    }
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults.join("; "));
        }
        let unmapped = header
            .iter()
            .zip(&slots)
            .filter(|(name, slot)| slot.is_none() && !name.trim().is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        let repeated = header
            .iter()
            .enumerate()
            .filter(|(at, name)| !name.trim().is_empty() && header[..*at].contains(name))
            .map(|(_, name)| name.clone())
            .collect();
        Ok(Binding { placement: Placement { slots, key_column, constant_key }, unmapped, repeated })
    }
}

fn missing_column(field: Field, names: &[String], header: &[String]) -> String {
    let wanted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let near = names.iter().find_map(|name| closest(name, header.iter().map(String::as_str)));
    match near {
        Some(near) => format!("the column {wanted} for {} is not there; is it `{near}`?", field.name()),
        None => format!(
            "the column {wanted} for {} is not there; state its name, or `optional = true`, in the layout",
            field.name()
        ),
    }
}

impl ColumnRule {
    fn width(&self) -> usize {
        match self.source {
            ColumnSource::Numbered { first, last, .. } => (last - first + 1) as usize,
            _ => 1,
        }
    }
}

fn read_layout(top: &mut Section<'_>) -> Option<Layout> {
    let title = top.required_text("title");
    let tables: Vec<(&str, Table)> = Table::ALL.iter().map(|table| (table.name(), *table)).collect();
    if !top.has("table") {
        top.required_text("table");
        return None;
    }
    let table = top.word("table", &tables)?;
    let source = top.section("source", read_source).unwrap_or_default();
    let missing = top.texts("missing").into_iter().map(|token| token.value.trim().as_bytes().to_vec()).collect();
    let mut columns = Vec::new();
    let mut slots = 0;
    let has_columns = top.has("columns");
    let span = top.span.clone();
    top.section("columns", |section| {
        for entry in section.entries() {
            if let Some(mut column) = read_column(section, &entry, table.value) {
                column.first_slot = slots;
                slots += if matches!(column.source, ColumnSource::Constant(_)) { 0 } else { column.width() };
                if columns.iter().any(|known: &ColumnRule| known.field == column.field) {
                    section.problem(
                        "repeated-field",
                        entry.key.span.clone(),
                        format!("the field `{}` is mapped twice", entry.key.value),
                        None,
                    );
                }
                columns.push(column);
            }
        }
    });
    if !has_columns {
        top.problem(
            "missing-section",
            span.start..span.start + 1,
            "a layout needs the section [columns]",
            Some("write one line a field, for example `encounter_id = \"VISIT_NO\"`".to_owned()),
        );
    }
    if slots > 250 {
        top.problem("too-many-columns", span.clone(), "a layout maps at most 250 columns", None);
    }
    let layout = Layout {
        title: title.map(|title| title.value).unwrap_or_default(),
        table: table.value,
        source,
        missing,
        columns,
    };
    if has_columns && !layout.fields().any(|field| field == layout.key()) {
        let key = layout.key().name();
        top.problem(
            "missing-key-field",
            table.span,
            format!("a layout of {} needs the field `{key}`", layout.table.name()),
            Some(format!("map it under [columns]: {key} = \"COLUMN\"")),
        );
    }
    Some(layout)
}

fn read_source(section: &mut Section<'_>) -> SourceOptions {
    let format = section.word(
        "format",
        &[("delimited", Format::Delimited), ("fixed_width", Format::FixedWidth), ("workbook", Format::Workbook)],
    );
    let delimiter = section.text("delimiter").and_then(|text| match text.value.as_bytes() {
        [byte] => Some(*byte),
        b"\\t" => Some(b'\t'),
        _ => {
            let named = match text.value.as_str() {
                "tab" => Some(b'\t'),
                "comma" => Some(b','),
                "semicolon" => Some(b';'),
                "pipe" => Some(b'|'),
                _ => None,
            };
            if named.is_none() {
                section.problem(
                    "bad-delimiter",
                    text.span,
                    "`delimiter` is one character",
                    Some("write for example \",\" or \"tab\"".to_owned()),
                );
            }
            named
        }
    });
    let encoding = section.text("encoding");
    if let Some(encoding) = &encoding
        && encoding_rs::Encoding::for_label(encoding.value.as_bytes()).is_none()
    {
        let known = ["utf-8", "windows-1252", "iso-8859-1", "utf-16le", "utf-16be"];
        let suggestion = closest(&encoding.value, known).map_or_else(
            || format!("write for example {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        section.problem(
            "unknown-encoding",
            encoding.span.clone(),
            format!("the encoding `{}` is not known", encoding.value),
            Some(suggestion),
        );
    }
    SourceOptions {
        format: format.map(|format| format.value),
        delimiter,
        encoding: encoding.map(|encoding| encoding.value),
        header_row: section.number("header_row", 0).map(|row| row.value as u64),
        sheet: section.text("sheet").map(|sheet| sheet.value),
        member: section.text("member").map(|member| member.value),
    }
}

fn read_column(section: &mut Section<'_>, entry: &Entry<'_>, table: Table) -> Option<ColumnRule> {
    let name = &entry.key.value;
    let Some(field) = Field::from_name(name).filter(|field| field.stands_in(table)) else {
        let names = DICTIONARY.iter().filter(|entry| entry.field.stands_in(table)).map(|entry| entry.name);
        let near = closest(name, names);
        let elsewhere = Field::from_name(name).is_some();
        let message = if elsewhere {
            format!("the field `{name}` does not stand in a table of {}", table.name())
        } else {
            format!("there is no field `{name}`")
        };
        let suggestion =
            near.map_or_else(|| "the README lists the fields".to_owned(), |near| format!("did you mean `{near}`?"));
        section.problem("unknown-field", entry.key.span.clone(), message, Some(suggestion));
        return None;
    };
    let plain = ColumnRule {
        field,
        source: ColumnSource::Named(Vec::new()),
        formats: vec![DateFormat::new("%Y-%m-%d", 1930).expect("a format")],
        values: FxHashMap::default(),
        only_listed: false,
        unit: AgeUnit::Years,
        repairs: Vec::new(),
        optional: false,
        first_slot: 0,
    };
    if !entry.is_section() {
        let names: Vec<String> = section.entry_texts(entry).into_iter().map(|name| name.value).collect();
        return (!names.is_empty()).then_some(ColumnRule { source: ColumnSource::Named(names), ..plain });
    }
    let span = entry.span();
    section.entry_section(entry, |column| {
        let names = column.texts("column");
        let numbered = column.text("columns");
        let constant = column.text("constant");
        let start = column.number("start", 1);
        let width = column.number("width", 1);
        let stated = [!names.is_empty(), numbered.is_some(), constant.is_some(), start.is_some()]
            .iter()
            .filter(|stated| **stated)
            .count();
        if stated != 1 {
            column.problem(
                "column-source",
                span.clone(),
                format!("`{}` needs exactly one of column, columns, constant, or start and width", field.name()),
                None,
            );
        }
        let source = if let Some(numbered) = numbered {
            let source = read_numbered(&numbered.value);
            if source.is_none() {
                column.problem("bad-range", numbered.span, "numbered columns are written `DX{1..25}`", None);
            }
            source.unwrap_or(ColumnSource::Named(Vec::new()))
        } else if let Some(constant) = constant {
            ColumnSource::Constant(constant.value)
        } else if let Some(start) = start {
            if width.is_none() {
                column.problem("missing-key", start.span, "a fixed-width column needs `width` beside `start`", None);
            }
            ColumnSource::Fixed { start: start.value as usize, width: width.map_or(1, |width| width.value as usize) }
        } else {
            ColumnSource::Named(names.into_iter().map(|name| name.value).collect())
        };
        let formats = read_formats(column, field);
        let (values, only_listed) = read_values(column);
        let unit =
            column.word("unit", &[("years", AgeUnit::Years), ("months", AgeUnit::Months), ("days", AgeUnit::Days)]);
        let mut repairs = Vec::new();
        for repair in column.texts("repair") {
            match repair.value.as_str() {
                "restore_icd9_zeros" => repairs.push(Repair::RestoreIcd9Zeros),
                "pad_zeros" => repairs.push(Repair::PadZeros),
                "upper_case" => repairs.push(Repair::UpperCase),
                other => {
                    let known = ["restore_icd9_zeros", "pad_zeros", "upper_case"];
                    let suggestion = closest(other, known).map_or_else(
                        || format!("write one of: {}", known.join(", ")),
                        |near| format!("did you mean `{near}`?"),
                    );
                    column.problem(
                        "unknown-word",
                        repair.span,
                        format!("there is no repair `{other}`"),
                        Some(suggestion),
                    );
                }
            }
        }
        ColumnRule {
            source,
            formats: formats.unwrap_or_else(|| plain.formats.clone()),
            values,
            only_listed,
            unit: unit.map_or(AgeUnit::Years, |unit| unit.value),
            repairs,
            optional: column.flag("optional").is_some_and(|flag| flag.value),
            ..plain.clone()
        }
    })
}

fn read_numbered(text: &str) -> Option<ColumnSource> {
    let (before, rest) = text.split_once('{')?;
    let (range, after) = rest.split_once('}')?;
    let (first, last) = range.split_once("..")?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last && last - first < 120).then(|| ColumnSource::Numbered {
        before: before.to_owned(),
        after: after.to_owned(),
        first,
        last,
    })
}

fn read_formats(column: &mut Section<'_>, field: Field) -> Option<Vec<DateFormat>> {
    let century = column.number("two_digit_years_from", 1).map_or(1930, |year| year.value as i32);
    let stated = column.texts("formats");
    if stated.is_empty() {
        return None;
    }
    let mut formats = Vec::new();
    for format in stated {
        if !matches!(field.entry().kind, Kind::Date | Kind::Moment) {
            column.problem(
                "not-a-date",
                format.span,
                format!("`{}` is no date and has no formats", field.name()),
                None,
            );
            continue;
        }
        if format.value == STATE_THE_FORMAT {
            column.problem(
                "ambiguous-date",
                format.span,
                format!(
                    "the order of day and month in `{}` is not stated, and the draft could not prove it",
                    field.name()
                ),
                Some("ask who made the export, then write \"%d/%m/%Y\" or \"%m/%d/%Y\"".to_owned()),
            );
            continue;
        }
        match DateFormat::new(&format.value, century) {
            Ok(format) => formats.push(format),
            Err(message) => column.problem("bad-format", format.span, message, None),
        }
    }
    Some(formats)
}

type Values = (FxHashMap<Vec<u8>, Vec<u8>>, bool);

/// `values` is a list (these and no others) or a table from canonical values to the export's (these are translated, and no others are known).
fn read_values(column: &mut Section<'_>) -> Values {
    let mut values = FxHashMap::default();
    if !column.has("values") {
        return (values, false);
    }
    let others = column.flag("other_values").is_some_and(|flag| flag.value);
    if column.is_section("values") {
        column.section("values", |table| {
            for entry in table.entries() {
                for text in table.entry_texts(&entry) {
                    if values
                        .insert(text.value.trim().as_bytes().to_vec(), entry.key.value.clone().into_bytes())
                        .is_some()
                    {
                        table.problem(
                            "repeated-value",
                            text.span,
                            format!("`{}` is translated twice", text.value),
                            None,
                        );
                    }
                }
            }
        });
    } else {
        for text in column.texts("values") {
            let value = text.value.trim().as_bytes().to_vec();
            values.insert(value.clone(), value);
        }
    }
    (values, !others)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(slot(3).canonical(b"M"), None);
        assert_eq!(feed.constants, [(Field::FacilityId, b"F1".to_vec())]);
    }

    #[test]
    fn a_missing_column_names_the_close_candidate() {
        let (layout, _) = parse(GOOD);
        let header: Vec<String> = ["VISITS", "PATIENT", "ADM", "SEX", "DX1"].map(str::to_owned).to_vec();
        let fault = layout.expect("layout").bind(&header).expect_err("missing");
        assert_eq!(fault, "the column `VISIT` for encounter_id is not there; is it `VISITS`?");
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
