//! Whether what a layout states of a column has an effect on its field: what would be passed over in silence is refused.

use std::ops::Range;

use crate::{
    codeset::other_systems::{is_revision, revisions},
    ingest::layout::ColumnSource,
    partition::{decode::is_readable, encounter::NAME_PARTS},
    problem::{
        closest,
        reader::{At, Section},
    },
    record::{
        date::DateFormat,
        field::{CanonicalTable, Field, FieldType},
    },
    rows::slot::Repair,
};

/// Keys that say how the text of a column becomes a value: a constant, which is the value, has none of them.
const OF_TEXTS: [&str; 16] = [
    "formats",
    "two_digit_years_from",
    "values",
    "other_values",
    "unit",
    "repair",
    "padded_width",
    "decimal",
    "missing",
    "unit_column",
    "units",
    "year",
    "year_column",
    "month_column",
    "decided_by",
    "stay_counts",
];

/// Refuses a constant that no row could have, that nothing reads, or beside which stands what only a column can have.
pub(super) fn check_constant(column: &mut Section<'_>, field: Field, table: CanonicalTable, constant: &At<String>) {
    for key in OF_TEXTS.into_iter().chain(["optional"]) {
        if column.has(key) {
            let span = column.value_span(key).unwrap_or_else(|| constant.span.clone());
            column.problem(
                "no-effect",
                span,
                format!("`{key}` says how a column is read, and `{}` is a constant", field.name()),
                Some("take it out, and write the constant as the canonical value".to_owned()),
            );
        }
    }
    let in_long = field == Field::PatientId && !matches!(table, CanonicalTable::Encounters | CanonicalTable::Patients);
    let code_of_wide =
        table == CanonicalTable::Encounters && matches!(field, Field::DiagnosisCode | Field::ProcedureCode);
    if field == Field::PatientName || in_long || code_of_wide {
        column.problem(
            "no-effect",
            constant.span.clone(),
            format!("`{}` cannot be the same for every row of a table of {}", field.name(), table.name()),
            None,
        );
    } else if is_of_revisions(field) {
        check_revision(column, field, &constant.value, &constant.span);
    } else if !is_readable(field, &constant.value) {
        let suggestion = match field.entry().kind {
            FieldType::Date | FieldType::Moment => "a constant date is written YYYY-MM-DD",
            _ => "a constant is a canonical value",
        };
        column.problem(
            "bad-constant",
            constant.span.clone(),
            format!("`{}` is no value of `{}`", constant.value, field.name()),
            Some(suggestion.to_owned()),
        );
    }
}

fn is_of_revisions(field: Field) -> bool {
    matches!(field, Field::DiagnosisRevision | Field::ProcedureRevision)
}

/// Refuses a revision that is no code system: a guess would count its codes as another's.
fn check_revision(column: &mut Section<'_>, field: Field, name: &str, span: &Range<usize>) {
    if is_revision(field, name) {
        return;
    }
    let known = revisions(field);
    let suggestion = closest(name, known.iter().copied()).map_or_else(
        || format!("write one of: {}; or a site's own system, local_NAME", known.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    column.problem(
        "bad-revision",
        span.clone(),
        format!("`{name}` is no code system that `{}` can have", field.name()),
        Some(suggestion),
    );
}

/// Refuses rows numbered by their place where they have a number of their own, or where other rows name them by it.
pub(super) fn check_row_number(column: &mut Section<'_>, field: Field, table: CanonicalTable) {
    for key in OF_TEXTS.into_iter().chain(["optional"]) {
        if let Some(span) = column.value_span(key) {
            let message = format!("`{key}` says how a column is read, and a row number is none");
            column.problem("no-effect", span, message, None);
        }
    }
    if let (true, Some(span)) =
        (field != Field::EncounterId || table != CanonicalTable::Encounters, column.value_span("row_number"))
    {
        column.problem("no-effect", span, "`row_number` numbers the rows of encounters, as their `encounter_id`", None);
    }
}

/// Refuses a source that the table cannot have: numbered columns where a row has one place, or a sequence where the columns are the places.
pub(super) fn check_source(
    column: &mut Section<'_>,
    field: Field,
    table: CanonicalTable,
    source: &ColumnSource,
    span: &Range<usize>,
) {
    let positional = table == CanonicalTable::Encounters
        && matches!(field.entry().table, CanonicalTable::Diagnoses | CanonicalTable::Procedures)
        || field == Field::PatientName;
    let parts = match source {
        ColumnSource::Positions(runs) => runs.iter().map(Vec::len).sum(),
        ColumnSource::Fixed(positions) => positions.len(),
        _ => 1,
    };
    if field == Field::PatientName && parts > NAME_PARTS {
        column.problem(
            "too-many-positions",
            span.clone(),
            format!("a name stands in {NAME_PARTS} columns at the most: family name, given name, middle name"),
            None,
        );
    }
    if matches!(source, ColumnSource::Positions(_)) && !positional {
        column.problem(
            "no-effect",
            column.value_span("columns").unwrap_or_else(|| span.clone()),
            format!("a row of {} has one `{}`, so it has one column", table.name(), field.name()),
            Some("write `column`; several names in a list are the names that it may have".to_owned()),
        );
    }
    if matches!(source, ColumnSource::Fixed(positions) if positions.len() > 1) && !positional {
        column.problem(
            "no-effect",
            span.clone(),
            format!("a row of {} has one `{}`, so it has one position", table.name(), field.name()),
            Some("write `start` and `width`".to_owned()),
        );
    }
}

/// A sequence on a wide row: its columns are the positions.
pub(super) fn is_sequence_of_wide_row(field: Field, table: CanonicalTable) -> bool {
    table == CanonicalTable::Encounters && matches!(field, Field::DiagnosisSequence | Field::ProcedureSequence)
}

/// Refuses values of a field that does not take any.
pub(super) fn check_values(column: &mut Section<'_>, field: Field) {
    let Some(span) = column.value_span("values") else {
        if let (Some(_), Some(span)) = (column.flag("other_values"), column.value_span("other_values")) {
            column.problem("no-effect", span, "`other_values` has no meaning without `values`", None);
        }
        return;
    };
    let kind = field.entry().kind;
    let refused = match (field, kind) {
        (Field::PatientName, _) => Some(("the name is carried as it is written", None)),
        (_, FieldType::Code) => {
            Some(("codes are not translated here", Some("a site map of the pipeline translates codes")))
        }
        (Field::DiagnosisRevision | Field::ProcedureRevision, _) if !column.is_section("values") => {
            Some(("another code system is taken as it is written", None))
        }
        (_, FieldType::Text)
            if !matches!(field, Field::Payer | Field::Race | Field::Ethnicity) && !column.is_section("values") =>
        {
            Some((
                "a text that is not in the list would be no finding",
                Some("write a rule: requires = \"FIELD IN ('A', 'B')\" under [[edits.rule]] of the pipeline"),
            ))
        }
        _ => None,
    };
    if is_of_revisions(field) && column.is_section("values") {
        column.section("values", |table| {
            for entry in table.entries() {
                check_revision(table, field, &entry.key.value, &entry.key.span);
            }
        });
    }
    if let Some((why, suggestion)) = refused {
        let suggestion = suggestion.map(|text: &str| text.replace("FIELD", field.name()));
        column.problem("no-effect", span, format!("`values` has no effect on `{}`: {why}", field.name()), suggestion);
    }
}

/// The width of the widest numbers that are names; no number is padded to more.
const MOST_WIDTH: i64 = 100;

/// The repairs of a column, and the width to which zeros are padded (0: not at all).
pub(super) fn read_repairs(column: &mut Section<'_>, field: Field) -> (Vec<Repair>, usize) {
    let known = [
        ("restore_icd9_zeros", Repair::RestoreIcd9Zeros),
        ("drop_filler_x", Repair::DropFillerX),
        ("pad_zeros", Repair::PadZeros),
        ("upper_case", Repair::UpperCase),
    ];
    let stated_width =
        column.number("padded_width", 2..=MOST_WIDTH).map(|width| At { value: width.value as usize, span: width.span });
    let kind = field.entry().kind;
    let mut repairs = Vec::new();
    let mut padded_width = 0;
    for repair in column.texts("repair") {
        let Some((_, found)) = known.iter().find(|(name, _)| *name == repair.value) else {
            let names = known.map(|(name, _)| name);
            let suggestion = closest(&repair.value, names).map_or_else(
                || format!("write one of: {}", names.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            column.problem(
                "unknown-word",
                repair.span,
                format!("there is no repair `{}`", repair.value),
                Some(suggestion),
            );
            continue;
        };
        let refused = match found {
            _ if field == Field::PatientName => Some("the name is carried as it is written".to_owned()),
            Repair::RestoreIcd9Zeros | Repair::DropFillerX => {
                (!matches!(field, Field::DiagnosisCode | Field::ProcedureCode)).then(|| {
                    "it is for `diagnosis_code`, which the admitting diagnosis follows, and `procedure_code`".to_owned()
                })
            }
            Repair::UpperCase => {
                let no_letters = matches!(field, Field::AdmissionType | Field::DischargeStatus)
                    || matches!(
                        kind,
                        FieldType::Date
                            | FieldType::Moment
                            | FieldType::Number
                            | FieldType::Money
                            | FieldType::Code
                            | FieldType::Flag
                    );
                no_letters.then(|| "upper and lower case are the same there already".to_owned())
            }
            Repair::PadZeros => match (kind, field.standard_width()) {
                (FieldType::Code, _) => Some("zeros of codes are given back by `restore_icd9_zeros`".to_owned()),
                (FieldType::Listed, Some(_)) if stated_width.is_some() => {
                    Some("its width is that of its standard list; take `padded_width` out".to_owned())
                }
                (_, Some(width)) => {
                    padded_width = stated_width.as_ref().map_or(width, |stated| stated.value);
                    None
                }
                (FieldType::Text | FieldType::Date | FieldType::Moment, None) if stated_width.is_some() => {
                    padded_width = stated_width.as_ref().map_or(0, |stated| stated.value);
                    None
                }
                (FieldType::Text | FieldType::Date | FieldType::Moment, None) => {
                    Some("the field has no width of its own; state it: padded_width = 8".to_owned())
                }
                _ => Some("zeros on the left say nothing there".to_owned()),
            },
        };
        match refused {
            None => repairs.push(*found),
            Some(why) => column.problem(
                "no-effect",
                repair.span,
                format!("the repair `{}` has no effect on `{}`", repair.value, field.name()),
                Some(why),
            ),
        }
    }
    if let Some(stated) = stated_width
        && !repairs.contains(&Repair::PadZeros)
    {
        column.problem(
            "no-effect",
            stated.span,
            "`padded_width` has no meaning without the repair \"pad_zeros\"",
            None,
        );
    }
    (repairs, padded_width)
}

/// Refuses keys of dates, ages and amounts on other fields.
pub(super) fn check_kind(column: &mut Section<'_>, field: Field, formats: Option<&[DateFormat]>) {
    let kind = field.entry().kind;
    let (has_start, has_years) = (column.has("start"), column.has("year_column"));
    let mut refuse = |key: &'static str, holds: bool, why: String| {
        if let (true, Some(span)) = (holds, column.value_span(key)) {
            column.problem("no-effect", span, why, None);
        }
    };
    let short_years = has_years
        || formats
            .is_some_and(|formats| formats.is_empty() || formats.iter().any(|format| format.text().contains("%y")));
    refuse(
        "two_digit_years_from",
        !short_years,
        format!("`{}` has no format with years of two digits (%y)", field.name()),
    );
    refuse("unit", field != Field::Age, format!("`unit` is of ages, and `{}` is none", field.name()));
    refuse(
        "stay_counts",
        field != Field::LengthOfStay,
        format!("`stay_counts` is of `length_of_stay_days`, not of `{}`", field.name()),
    );
    refuse(
        "decimal",
        kind != FieldType::Money,
        format!("`decimal` is of amounts of money, and `{}` is none", field.name()),
    );
    refuse("width", !has_start, "`width` goes with `start`, in a fixed-width layout".to_owned());
}

/// Refuses two formats of a column between which only a guess could choose: the order of day and month differs, and nothing else.
pub(super) fn check_order(column: &mut Section<'_>, formats: &[(DateFormat, Range<usize>)]) {
    for (at, (format, span)) in formats.iter().enumerate() {
        let contrary = formats[..at].iter().find(|(earlier, _)| earlier.contradicts(format));
        if let Some((earlier, _)) = contrary {
            column.problem(
                "ambiguous-date",
                span.clone(),
                format!("`{}` and `{}` read the same text as different days", earlier.text(), format.text()),
                Some("a column has one order of day and month; ask who made the export".to_owned()),
            );
        }
    }
}
