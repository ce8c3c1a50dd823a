//! How a feed is delivered, as its section `[[ingest]]` says: `delivery`, `newest_by`, `deletion`; and the order of its files.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    ingest::layout::{Format, Layout},
    problem::reader::{At, Section},
    record::{
        date::DateFormat,
        delivery::{DateInName, Deletion, DeliveredContent, Delivery, NewestBy},
        field::{CanonicalTable, Field},
    },
};

/// A delivery as it is written, before the layout is known.
pub struct WrittenDelivery {
    content: Option<At<DeliveredContent>>,
    newest_by: Option<At<NewestBy>>,
    formats: Vec<At<String>>,
    deletion: Option<At<Deletion>>,
}

/// Reads the keys of a section.
pub fn read(section: &mut Section<'_>) -> WrittenDelivery {
    let content = section.word("delivery", &[("changes", DeliveredContent::Changes), ("full", DeliveredContent::Full)]);
    let span = section.value_span("newest_by").unwrap_or_default();
    let mut formats = Vec::new();
    let newest_by = if section.is_section("newest_by") {
        let column = section.section("newest_by", |column| {
            formats = column.texts("formats");
            column.required_text("column")
        });
        column.flatten().map(|name| NewestBy::Column { name: name.value, formats: Vec::new() })
    } else {
        let by_files = [("file_name_date", false), ("order", true)];
        let by_order = section.word("newest_by", &by_files);
        by_order.map(|by_order| if by_order.value { NewestBy::Order } else { NewestBy::FileNameDate })
    };
    let deletion_span = section.value_span("deletion").unwrap_or_default();
    let deletion = section.section("deletion", |deletion| {
        let column = deletion.required_text("column");
        if !deletion.has("values") {
            deletion.required_text("values");
        }
        let values: Vec<String> = deletion.texts("values").into_iter().map(|text| text.value).collect();
        Some(Deletion { column: column?.value, values }).filter(|deletion| !deletion.values.is_empty())
    });
    WrittenDelivery {
        content,
        newest_by: newest_by.map(|value| At { value, span }),
        formats,
        deletion: deletion.flatten().map(|value| At { value, span: deletion_span }),
    }
}

/// Whether the files stand in the order in which the section names them, and not by their dates.
pub fn is_by_order(written: &WrittenDelivery) -> bool {
    written.newest_by.as_ref().is_some_and(|newest_by| newest_by.value == NewestBy::Order)
}

/// Holds a delivery against the layout.
pub fn check(section: &mut Section<'_>, written: WrittenDelivery, layout: &Layout) -> Option<Delivery> {
    let WrittenDelivery { content, newest_by, formats, deletion } = written;
    let Some(content) = content else {
        let spans = [newest_by.map(|at| at.span), deletion.map(|at| at.span)];
        if let (Some(span), false) = (spans.into_iter().flatten().next(), section.has("delivery")) {
            section.problem(
                "contradiction",
                span,
                "it is not said how the feed is delivered",
                Some("write delivery = \"changes\" or delivery = \"full\" beside it".to_owned()),
            );
        }
        return None;
    };
    let numbered = layout.table == CanonicalTable::Documents && layout.fields().any(|field| field == Field::DocumentId);
    let without_numbers = match layout.table {
        CanonicalTable::Documents if !numbered => Some((
            "documents of this layout bear no number",
            "map document_id in the layout, or deliver every document: \"full\"",
        )),
        CanonicalTable::Encounters if layout.numbers_rows() => Some((
            "rows of this layout are numbered by their place",
            "map a column with the number of the stay as encounter_id, or have every stay sent each time: delivery = \"full\"",
        )),
        table if table.is_register() => {
            Some(("rows of a register bear no number", "deliver every row: delivery = \"full\""))
        }
        _ => None,
    };
    if let Some((what, suggestion)) = without_numbers.filter(|_| content.value == DeliveredContent::Changes) {
        section.problem(
            "contradiction",
            content.span.clone(),
            format!("{what}, so that a newer version of one cannot be told from another one"),
            Some(suggestion.to_owned()),
        );
    }
    let mut by = NewestBy::FileNameDate;
    if let Some(newest_by) = newest_by {
        by = newest_by.value;
        if let NewestBy::Column { name, formats: stated } = &mut by {
            if content.value == DeliveredContent::Full {
                section.problem(
                    "contradiction",
                    newest_by.span.clone(),
                    "of full files one is the newest as a whole, and a column speaks of single rows",
                    Some("write newest_by = \"file_name_date\" or newest_by = \"order\"".to_owned()),
                );
            }
            check_place(section, name, newest_by.span.clone(), layout);
            for format in &formats {
                match DateFormat::new(&format.value, 1930) {
                    Ok(format) => stated.push(format),
                    Err(message) => section.problem("bad-format", format.span.clone(), message, None),
                }
            }
            if formats.is_empty() {
                *stated = layout.formats_of(name).to_vec();
            }
        }
    }
    if let Some(deletion) = &deletion {
        check_place(section, &deletion.value.column, deletion.span.clone(), layout);
    }
    Some(Delivery { content: content.value, newest_by: by, deletion: deletion.map(|at| at.value) })
}

/// Columns of a file of fixed width have no names: they are counted.
fn check_place(section: &mut Section<'_>, name: &str, span: std::ops::Range<usize>, layout: &Layout) {
    if layout.source.format != Some(Format::FixedWidth) {
        return;
    }
    let columns = layout.fixed_columns().len();
    if !(1..=columns).any(|place| name.eq_ignore_ascii_case(&format!("column {place}"))) {
        section.problem(
            "unknown-column",
            span,
            format!("a file of fixed width has no column `{name}`"),
            Some(format!("name it by its place in the layout, from `column 1` to `column {columns}`")),
        );
    }
}

/// Puts the files of one pattern in the order of their names: without the ending, numbers as numbers, and what is a copy of another by its name behind it. So
/// `discharges-2026-10-resent.csv` and `Copy of discharges-2026-10.csv` come after `discharges-2026-10.csv`.
pub fn in_order_of_names(files: &mut [PathBuf]) {
    let stem = |file: &PathBuf| file.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    let stems: BTreeSet<String> = files.iter().map(stem).collect();
    // What a stem is a copy of: the longest of the others that it ends with, behind a blank or a mark.
    let original = |own: &str| {
        let starts = own.char_indices().filter(|(at, _)| *at > 0 && own[..*at].ends_with([' ', '_', '-', '.', '~']));
        starts.map(|(at, _)| &own[at..]).find(|rest| stems.contains(*rest)).map(str::to_owned)
    };
    files.sort_by_cached_key(|file| {
        let own = stem(file);
        let original = original(&own);
        let is_copy = original.is_some();
        let folder = file.parent().map(PathBuf::from);
        (folder, natural(original.as_deref().unwrap_or(&own)), is_copy, natural(&own), file.clone())
    });
}

/// Puts files in the order of the dates in their names; those without one first, and those of one date as they stood.
pub fn in_order_of_dates(files: &mut [PathBuf]) {
    files.sort_by_cached_key(|file| {
        let name = file.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        DateInName::find(&name).map(|date| (*date.seconds.start(), *date.seconds.end()))
    });
}

/// A name as parts that are ordered as a person orders them: numbers as numbers.
fn natural(name: &str) -> Vec<(String, u128)> {
    let mut parts: Vec<(String, u128)> = vec![(String::new(), 0)];
    let mut rest = name;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count().min(38);
        if digits > 0 {
            let number = rest[..digits].parse().unwrap_or(0);
            parts.push((String::new(), number));
            rest = &rest[digits..];
        } else {
            let letters = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
            parts.push((rest[..letters].to_owned(), 0));
            rest = &rest[letters..];
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(names: &[&str]) -> Vec<String> {
        let mut files: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        files.reverse();
        in_order_of_names(&mut files);
        in_order_of_dates(&mut files);
        files.iter().map(|file| file.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_copy_comes_after_what_it_is_a_copy_of_and_a_later_date_after_an_earlier() {
        for names in [
            ["d-2026-10.csv", "d-2026-10-resent.csv"],
            ["d-2026-10.csv", "d-2026-10 (1).csv"],
            ["d-2026-10.csv", "d-2026-10_v2.csv"],
            ["d-2026-10.csv", "Copy of d-2026-10.csv"],
            ["d-2026-10.csv", "RESEND_d-2026-10.csv"],
            ["part-9.csv", "part-10.csv"],
            ["z-2026-10-05.csv", "a-2026-10-06.csv"],
            ["z-2026-10.csv", "a-2026-11-05.csv"],
            ["a_20261005_0300.csv", "a_20261005_1500.csv"],
        ] {
            assert_eq!(ordered(&names), names);
        }
    }
}
