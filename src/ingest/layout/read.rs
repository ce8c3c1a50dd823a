//! Reads a layout file: every fault is collected with its place.

use crate::{
    ingest::layout::{
        ColumnRule, ColumnSource, Format, Layout, PositionsIn, STATE_THE_FORMAT, SourceOptions,
        beside::{Beside, UNITS, YEARS, read_beside, takes_parts},
        fitting::{
            check_constant, check_kind, check_order, check_row_number, check_source, check_values,
            is_sequence_of_wide_row, read_repairs,
        },
        fixed_columns::{LONGEST_RECORD, check_fixed_width, read_fixed},
        values::{Values, read_values},
    },
    problem::{
        closest,
        reader::{At, Entry, Section},
    },
    record::{
        date::DateFormat,
        field::{CanonicalTable, DICTIONARY, Field, FieldType},
        time_zone::TimeZone,
    },
    rows::{
        row::MOST_SLOTS,
        slot::{AgeUnit, DateOrder, StayCounts},
    },
};

pub(super) fn read_layout(top: &mut Section<'_>) -> Option<Layout> {
    let title = top.required_text("title");
    let tables: Vec<(&str, CanonicalTable)> = CanonicalTable::ALL.iter().map(|table| (table.name(), *table)).collect();
    if !top.has("table") {
        top.required_text("table");
        return None;
    }
    let table = top.word("table", &tables)?;
    let mut source = top.section("source", read_source).unwrap_or_default();
    let time_zone = read_time_zone(top);
    let missing = tokens(top);
    let mut columns = Vec::new();
    let mut written_at = Vec::new();
    let mut slots = 0;
    let has_columns = top.has("columns");
    let span = top.span.clone();
    top.section("columns", |section| {
        for entry in section.entries() {
            if let Some(mut column) = read_column(section, &entry, table.value) {
                column.first_slot = slots;
                slots += column.width();
                if columns.iter().any(|known: &ColumnRule| known.field == column.field) {
                    section.problem(
                        "repeated-field",
                        entry.key.span.clone(),
                        format!("the field `{}` is mapped twice", entry.key.value),
                        None,
                    );
                }
                written_at.push(entry.key.span.clone());
                columns.push(column);
            }
        }
    });
    check_fixed_width(top, &mut source, &columns, &written_at);
    if !has_columns {
        top.problem(
            "missing-section",
            span.start..span.start + 1,
            "a layout needs the section [columns]",
            Some("write one line a field, for example `encounter_id = \"VISIT_NO\"`".to_owned()),
        );
    }
    slots += columns.iter().map(|column| column.companions.len()).sum::<usize>();
    if slots > MOST_SLOTS {
        top.problem("too-many-columns", span.clone(), format!("a layout maps at most {MOST_SLOTS} columns"), None);
    }
    let layout = Layout {
        title: title.map(|title| title.value).unwrap_or_default(),
        table: table.value,
        source,
        numbers_by_facility: false,
        delivery: None,
        time_zone,
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
                Some(format!("write its name in place of \"{UNANSWERED}\", or delete the line")),
            );
        }
    }
    let maps = |field: Field| layout.fields().any(|own| own == field);
    let stay = [Field::AdmissionDate, Field::DischargeDate, Field::LengthOfStay];
    if layout.columns.iter().any(|column| column.order == DateOrder::ByStay) && !stay.into_iter().all(maps) {
        top.problem(
            "missing-key-field",
            table.span.clone(),
            "`decided_by = \"length_of_stay_days\"` needs the admission, the discharge and the stated stay",
            Some("map `admission_date`, `discharge_date` and `length_of_stay_days`".to_owned()),
        );
    }
    if has_columns && !layout.fields().any(|field| field == layout.key()) {
        let key = layout.key().name();
        top.problem(
            "missing-key-field",
            table.span.clone(),
            format!("a layout of {} needs the field `{key}`", layout.table.name()),
            Some(match layout.table {
                CanonicalTable::Encounters => format!(
                    "map it under [columns]: {key} = \"COLUMN\"; where the export has no number of the stay, {key} = {{ row_number = true }}"
                ),
                _ => format!("map it under [columns]: {key} = \"COLUMN\""),
            }),
        );
    }
    let of_someone = |field| matches!(field, Field::EncounterId | Field::PatientId);
    if has_columns && layout.table == CanonicalTable::Deaths && !layout.fields().any(of_someone) {
        top.problem(
            "missing-key-field",
            table.span,
            "a layout of deaths needs the field `encounter_id` or `patient_id`",
            Some("map the number by which the register names the patient's stay, or else the patient".to_owned()),
        );
    }
    Some(layout)
}

/// The sheets that a section names: `sheet`, one by name or position, or `sheets`, one or several, patterns among them.
pub fn read_sheets(section: &mut Section<'_>) -> Option<At<Vec<String>>> {
    let one = section.text_or_number("sheet");
    let span = section.value_span("sheets");
    let several = section.texts_or_numbers("sheets");
    if let (Some(_), Some(span)) = (&one, &span) {
        section.problem(
            "contradiction",
            span.clone(),
            "`sheet` and `sheets` both say what is read",
            Some("keep one of them: `sheets` takes a list and patterns, `sheet` one name or position".to_owned()),
        );
    }
    match (one, span) {
        (Some(one), _) => Some(At { value: vec![one.value], span: one.span }),
        (None, Some(span)) => patterns(section, "sheets", several, span),
        (None, None) => None,
    }
}

/// The members of a zip folder that a section names.
pub fn read_members(section: &mut Section<'_>) -> Option<At<Vec<String>>> {
    let members = section.texts("member");
    let span = section.value_span("member")?;
    patterns(section, "member", members, span)
}

fn patterns(
    section: &mut Section<'_>,
    key: &str,
    written: Vec<At<String>>,
    span: std::ops::Range<usize>,
) -> Option<At<Vec<String>>> {
    if written.is_empty() {
        section.problem("empty", span, format!("`{key}` names nothing"), Some("write \"*\" for all".to_owned()));
        return None;
    }
    for pattern in &written {
        if let Err(error) = glob::Pattern::new(&pattern.value) {
            let message = format!("the pattern of `{key}` cannot be understood: {}", error.msg);
            section.problem("bad-pattern", pattern.span.clone(), message, None);
        }
    }
    Some(At { value: written.into_iter().map(|pattern| pattern.value).collect(), span })
}

/// The hospital's time zone by its name in the tz database.
fn read_time_zone(top: &mut Section<'_>) -> Option<TimeZone> {
    let name = top.text("time_zone")?;
    let zone = TimeZone::from_name(&name.value);
    if zone.is_none() {
        let suggestion = closest(&name.value, TimeZone::names()).map_or_else(
            || "write a name of the tz database, \"America/New_York\" for example".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no time zone `{}`", name.value);
        top.problem("unknown-time-zone", name.span, message, Some(suggestion));
    }
    zone
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
        [b'\0' | b'\n' | b'\r' | b'"'] => {
            let message = "`delimiter` cannot be a quote, a line end or a zero byte: these have a meaning of their own";
            section.problem("bad-delimiter", text.span, message, Some("write for example \",\" or \"tab\"".to_owned()));
            None
        }
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
    let positions_in =
        section.word("positions_in", &[("characters", PositionsIn::Characters), ("bytes", PositionsIn::Bytes)]);
    let sheets = read_sheets(section);
    let members = read_members(section);
    let format = format.map(|format| format.value);
    if let Some(sheets) = &sheets
        && matches!(format, Some(Format::Delimited | Format::FixedWidth))
    {
        let message = "a sheet is named, but the format is one of text";
        section.problem("contradiction", sheets.span.clone(), message, Some("leave it out".to_owned()));
    }
    if let Some(positions_in) = &positions_in
        && matches!(format, Some(Format::Delimited | Format::Workbook))
    {
        let message = "`positions_in` is of rows of fixed width";
        section.problem("no-effect", positions_in.span.clone(), message, Some("leave it out".to_owned()));
    }
    SourceOptions {
        format,
        delimiter,
        encoding: encoding.map(|encoding| encoding.value),
        header_row: section.number("header_row", 0..=i64::MAX).map(|row| row.value as u64),
        sheets: sheets.map(|sheets| sheets.value).unwrap_or_default(),
        members: members.map(|members| members.value).unwrap_or_default(),
        positions_in: positions_in.map(|counted| counted.value).unwrap_or_default(),
        record_length: section.number("record_length", 1..=LONGEST_RECORD).map(|length| length.value as usize),
    }
}

fn read_column(section: &mut Section<'_>, entry: &Entry<'_>, table: CanonicalTable) -> Option<ColumnRule> {
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
            || "`chartroom docs fields` lists the fields".to_owned(),
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
        stay_counts: StayCounts::Exclusive,
        order: DateOrder::Stated,
        companions: Vec::new(),
    };
    if is_sequence_of_wide_row(field, table) {
        section.problem(
            "no-effect",
            entry.key.span.clone(),
            format!("`{name}` has no effect on a row of encounters: the columns of a wide row are its positions"),
            Some("delete the line; the order of `columns` is the sequence".to_owned()),
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
        let fixed = read_fixed(column);
        let row_number = column.flag("row_number").is_some_and(|flag| flag.value);
        let has_position = column.has("start") || column.has("positions");
        let stated = [!names.is_empty(), !positions.is_empty(), constant.is_some(), has_position, row_number]
            .iter()
            .filter(|stated| **stated)
            .count();
        if stated != 1 {
            column.problem(
                "column-source",
                span.clone(),
                format!(
                    "`{}` needs exactly one of column, columns, constant, start and width, or positions",
                    field.name()
                ),
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
        } else if row_number {
            check_row_number(column, field, table);
            ColumnSource::RowNumber
        } else if let Some(constant) = constant {
            check_constant(column, field, table, &constant);
            ColumnSource::Constant(constant.value)
        } else if has_position {
            ColumnSource::Fixed(fixed)
        } else {
            ColumnSource::Named(names.into_iter().map(|name| name.value).collect())
        };
        check_source(column, field, table, &source, &span);
        let beside = read_beside(column, field, table);
        let formats = read_formats(column, field, table, &beside);
        check_kind(column, field, formats.as_deref());
        check_values(column, field);
        let unit = column.word("unit", &UNITS);
        let stay_counts =
            column.word("stay_counts", &[("exclusive", StayCounts::Exclusive), ("inclusive", StayCounts::Inclusive)]);
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
            stay_counts: stay_counts.map_or(StayCounts::Exclusive, |counts| counts.value),
            order: beside.order,
            companions: beside.companions,
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

fn read_formats(
    column: &mut Section<'_>,
    field: Field,
    table: CanonicalTable,
    beside: &Beside,
) -> Option<Vec<DateFormat>> {
    let century = column.number("two_digit_years_from", YEARS).map_or(1930, |year| year.value as i32);
    let stated = column.texts("formats");
    if stated.is_empty() {
        let beside = ["year", "year_column", "month_column"].into_iter().find_map(|key| column.value_span(key));
        if let (Some(span), true) = (beside, takes_parts(field, table)) {
            column.problem(
                "missing-key",
                span,
                "where the year or the month stands beside a date, the column states the format of the rest",
                Some("write for example formats = [\"%m\"]".to_owned()),
            );
        }
        return None;
    }
    let mut formats = Vec::new();
    for format in stated {
        if !matches!(field.entry().kind, FieldType::Date | FieldType::Moment) {
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
                Some(
                    "ask who made the export, then write \"%d/%m/%Y\" or \"%m/%d/%Y\"; where both orders stand in the column, write both and `decided_by` with a column that names the month (or \"length_of_stay_days\"), or ask for a new export with one order"
                        .to_owned(),
                ),
            );
            continue;
        }
        let read = if takes_parts(field, table) {
            DateFormat::with_beside(&format.value, century, beside.given)
        } else {
            DateFormat::new(&format.value, century)
        };
        match read {
            Ok(read) => formats.push((read, format.span)),
            Err(message) => column.problem("bad-format", format.span, message, None),
        }
    }
    if beside.order == DateOrder::Stated {
        check_order(column, &formats);
    } else if let (1, Some(span)) = (formats.len(), column.value_span("decided_by")) {
        column.problem(
            "no-effect",
            span,
            "one format leaves nothing to decide: state both orders of day and month",
            None,
        );
    }
    Some(formats.into_iter().map(|(format, _)| format).collect())
}
