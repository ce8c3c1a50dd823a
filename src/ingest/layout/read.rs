//! Reads a layout file: every fault is collected with its place.

use rustc_hash::FxHashMap;

use super::{
    ColumnRule, ColumnSource, Format, Layout, STATE_THE_FORMAT, SourceOptions,
    fitting::{
        check_constant, check_kind, check_order, check_source, check_values, is_sequence_of_wide_row, read_repairs,
    },
};
use crate::{
    partition::{
        row::MOST_SLOTS,
        slot::{AgeUnit, lower_case},
    },
    problem::{
        closest,
        reader::{Entry, Section},
    },
    record::{
        date::DateFormat,
        field::{DICTIONARY, Field, Kind, Table},
    },
};

pub(super) fn read_layout(top: &mut Section<'_>) -> Option<Layout> {
    let title = top.required_text("title");
    let tables: Vec<(&str, Table)> = Table::ALL.iter().map(|table| (table.name(), *table)).collect();
    if !top.has("table") {
        top.required_text("table");
        return None;
    }
    let table = top.word("table", &tables)?;
    let source = top.section("source", read_source).unwrap_or_default();
    let missing = tokens(top);
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
    if slots > MOST_SLOTS {
        top.problem("too-many-columns", span.clone(), format!("a layout maps at most {MOST_SLOTS} columns"), None);
    }
    let layout = Layout {
        title: title.map(|title| title.value).unwrap_or_default(),
        table: table.value,
        source,
        numbers_by_facility: false,
        delivery: None,
        missing,
        columns,
    };
    for column in &layout.columns {
        if let super::ColumnSource::Named(names) = &column.source
            && names.iter().any(|name| name == UNANSWERED)
        {
            top.problem(
                "unanswered",
                table.span.clone(),
                format!(
                    "the draft of this layout asks which column {} is, and nobody has answered",
                    column.field.name()
                ),
                Some(format!("write its name in place of \"{UNANSWERED}\", or take the line out")),
            );
        }
    }
    if has_columns && !layout.fields().any(|field| field == layout.key()) {
        let key = layout.key().name();
        top.problem(
            "missing-key-field",
            table.span.clone(),
            format!("a layout of {} needs the field `{key}`", layout.table.name()),
            Some(format!("map it under [columns]: {key} = \"COLUMN\"")),
        );
    }
    let of_someone = |field| matches!(field, Field::EncounterId | Field::PatientId);
    if has_columns && layout.table == Table::Deaths && !layout.fields().any(of_someone) {
        top.problem(
            "missing-key-field",
            table.span,
            "a layout of deaths needs the field `encounter_id` or `patient_id`",
            Some("map the number by which the register names the patient's stay, or else the patient".to_owned()),
        );
    }
    Some(layout)
}

/// Texts that mean "nothing".
fn tokens(section: &mut Section<'_>) -> Vec<Vec<u8>> {
    section.texts("missing").into_iter().map(|token| token.value.trim().as_bytes().to_vec()).collect()
}

/// What a draft writes where it found no column.
pub const UNANSWERED: &str = "STATE THE COLUMN";

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
        sheet: section.text_or_number("sheet").map(|sheet| sheet.value),
        member: section.text("member").map(|member| member.value),
        record_length: section.number("record_length", 1).map(|length| length.value as usize),
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
        let suggestion = near.map_or_else(
            || "`chartroom explain fields` lists the fields".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        section.problem("unknown-field", entry.key.span.clone(), message, Some(suggestion));
        return None;
    };
    let plain = ColumnRule {
        field,
        source: ColumnSource::Named(Vec::new()),
        formats: vec![DateFormat::new("%Y-%m-%d", 1930).expect("a format")],
        values: Values::default(),
        unit: AgeUnit::Years,
        repairs: Vec::new(),
        padded_width: 0,
        decimal: b'.',
        missing: Vec::new(),
        optional: false,
        first_slot: 0,
    };
    if is_sequence_of_wide_row(field, table) {
        section.problem(
            "no-effect",
            entry.key.span.clone(),
            format!("`{name}` has no effect on a row of encounters: the columns of a wide row are its positions"),
            Some("take the line out; the order of `columns` is the sequence".to_owned()),
        );
        return None;
    }
    if !entry.is_section() {
        let names: Vec<String> = section.entry_texts(entry).into_iter().map(|name| name.value).collect();
        return (!names.is_empty()).then_some(ColumnRule { source: ColumnSource::Named(names), ..plain });
    }
    let span = entry.span();
    section.entry_section(entry, |column| {
        let names = column.texts("column");
        let positions = column.texts("columns");
        let constant = column.text("constant");
        let start = column.number("start", 1);
        let width = column.number("width", 1);
        let stated = [!names.is_empty(), !positions.is_empty(), constant.is_some(), start.is_some()]
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
        let source = if !positions.is_empty() {
            let mut runs = Vec::new();
            for run in positions {
                match read_run(&run.value) {
                    Some(names) => runs.push(names),
                    None => column.problem("bad-range", run.span, "numbered columns are written `DX{1..25}`", None),
                }
            }
            ColumnSource::Positions(runs)
        } else if let Some(constant) = constant {
            check_constant(column, field, table, &constant);
            ColumnSource::Constant(constant.value)
        } else if let Some(start) = start {
            if width.is_none() {
                column.problem("missing-key", start.span, "a fixed-width column needs `width` beside `start`", None);
            }
            ColumnSource::Fixed { start: start.value as usize, width: width.map_or(1, |width| width.value as usize) }
        } else {
            ColumnSource::Named(names.into_iter().map(|name| name.value).collect())
        };
        check_source(column, field, table, &source, &span);
        let formats = read_formats(column, field);
        check_kind(column, field, formats.as_deref());
        check_values(column, field);
        let unit =
            column.word("unit", &[("years", AgeUnit::Years), ("months", AgeUnit::Months), ("days", AgeUnit::Days)]);
        let (repairs, padded_width) = read_repairs(column, field);
        let decimal = column.word("decimal", &[(".", b'.'), (",", b',')]);
        ColumnRule {
            source,
            formats: formats.unwrap_or_else(|| plain.formats.clone()),
            values: read_values(column),
            unit: unit.map_or(AgeUnit::Years, |unit| unit.value),
            repairs,
            padded_width,
            decimal: decimal.map_or(b'.', |decimal| decimal.value),
            missing: tokens(column),
            optional: column.flag("optional").is_some_and(|flag| flag.value),
            ..plain.clone()
        }
    })
}

/// The names of `DX{1..25}`, or of `DX{01..25}` where the export pads its numbers; a text without braces is one name.
fn read_run(text: &str) -> Option<Vec<String>> {
    let Some((before, rest)) = text.split_once('{') else {
        return Some(vec![text.to_owned()]);
    };
    let (range, after) = rest.split_once('}')?;
    let (first, last) = range.split_once("..")?;
    let width = if first.starts_with('0') { first.trim().len() } else { 0 };
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let ordered = first <= last && last - first < 120;
    ordered.then(|| (first..=last).map(|number| format!("{before}{number:0width$}{after}")).collect())
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
            Ok(read) => formats.push((read, format.span)),
            Err(message) => column.problem("bad-format", format.span, message, None),
        }
    }
    check_order(column, &formats);
    Some(formats.into_iter().map(|(format, _)| format).collect())
}

/// The values of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// Texts of the export to canonical ones.
    pub translated: FxHashMap<Vec<u8>, Vec<u8>>,
    /// The same by texts in lower case.
    pub in_lower_case: FxHashMap<Vec<u8>, Vec<u8>>,
    /// Whether no other text is known.
    pub only_listed: bool,
}

/// `values` is a list (these and no others) or a table from canonical values to the export's (these are translated, the canonical values themselves are
/// known, and no others). Case is ignored in a table, but for texts that differ only by it and mean different things.
fn read_values(column: &mut Section<'_>) -> Values {
    let mut values = Values::default();
    if !column.has("values") {
        return values;
    }
    let others = column.flag("other_values").is_some_and(|flag| flag.value);
    values.only_listed = !others;
    let translated = &mut values.translated;
    if !column.is_section("values") {
        for text in column.texts("values") {
            let value = text.value.trim().as_bytes().to_vec();
            translated.insert(value.clone(), value);
        }
        return values;
    }
    column.section("values", |table| {
        let entries = table.entries();
        for entry in &entries {
            for text in table.entry_texts(entry) {
                let canonical = entry.key.value.clone().into_bytes();
                if translated.insert(text.value.trim().as_bytes().to_vec(), canonical).is_some() {
                    table.problem("repeated-value", text.span, format!("`{}` is translated twice", text.value), None);
                }
            }
        }
        let stated = lower_cased(translated);
        for entry in &entries {
            // A canonical value that the export uses for another is the export's own word.
            let canonical = entry.key.value.clone().into_bytes();
            if stated.get(&lower_case(&canonical)).is_none_or(|meaning| meaning.as_ref() == Some(&canonical)) {
                translated.entry(canonical.clone()).or_insert(canonical);
            }
        }
    });
    values.in_lower_case = lower_cased(&values.translated)
        .into_iter()
        .filter_map(|(text, meaning)| meaning.map(|meaning| (text, meaning)))
        .collect();
    values
}

/// The texts in lower case with what they mean; `None` where texts that differ only by case mean different things.
fn lower_cased(translated: &FxHashMap<Vec<u8>, Vec<u8>>) -> FxHashMap<Vec<u8>, Option<Vec<u8>>> {
    let mut found: FxHashMap<Vec<u8>, Option<Vec<u8>>> = FxHashMap::default();
    for (text, meaning) in translated {
        found
            .entry(lower_case(text))
            .and_modify(|known| {
                if known.as_ref() != Some(meaning) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(meaning.clone()));
    }
    found
}
