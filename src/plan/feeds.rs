//! The `[[ingest]]` sections: which files, read by which layout.

use std::{
    collections::BTreeSet,
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    FeedPlan,
    check::{Reading, named_file, neighbours, required_words, shown},
    deliveries::{self, in_order_of_dates, in_order_of_names},
};
use crate::{
    ingest::layout::{Format, Layout, read_members, read_sheets},
    problem::{
        closest,
        reader::{At, Section},
    },
    record::{
        field::{DICTIONARY, Field, Table},
        period::Period,
    },
};

/// Feeds as read: what later checks need to point at them.
#[derive(Debug)]
pub struct Feeds {
    /// The feeds, encounters first.
    pub feeds: Vec<ReadFeed>,
    /// Whether every section could be read, so that what is missing is truly missing.
    pub complete: bool,
}

/// One feed with the places it was written at.
#[derive(Debug)]
pub struct ReadFeed {
    /// The feed.
    pub plan: FeedPlan,
    /// Where its files are named.
    pub files_span: Range<usize>,
    name_span: Range<usize>,
}

/// Reads all feeds and puts the tables in the order in which rows of one encounter stand: encounters first.
pub fn read(top: &mut Section<'_>, reading: &mut Reading<'_>) -> Feeds {
    let start = top.span.start..top.span.start + 1;
    let sections = top.sections("ingest", |section| read_feed(section, reading));
    let written = sections.len();
    let mut feeds: Vec<ReadFeed> = sections.into_iter().flatten().collect();
    let complete = written > 0 && feeds.len() == written;
    if !top.has("ingest") {
        top.problem(
            "missing-section",
            start,
            "a pipeline needs at least one section [[ingest]]",
            Some("it names the files of an export and their layout".to_owned()),
        );
    } else if complete && !feeds.iter().any(|feed| feed.plan.layout.table == Table::Encounters) {
        top.problem(
            "no-encounters",
            feeds[0].name_span.clone(),
            "no section [[ingest]] brings encounters",
            Some("add the feed whose layout has table = \"encounters\"".to_owned()),
        );
    }
    for (index, feed) in feeds.iter().enumerate() {
        check_against(top, feed, &feeds[..index]);
    }
    if feeds.len() > 200 {
        top.problem("too-many-feeds", feeds[200].name_span.clone(), "a pipeline has at most 200 feeds", None);
    }
    feeds.sort_by_key(|feed| feed.plan.layout.table);
    Feeds { feeds, complete }
}

/// Two feeds have two names, and no file is taken twice as the same table.
fn check_against(top: &mut Section<'_>, feed: &ReadFeed, earlier: &[ReadFeed]) {
    if earlier.iter().any(|earlier| earlier.plan.name == feed.plan.name) {
        top.problem(
            "repeated-name",
            feed.name_span.clone(),
            format!("an earlier section [[ingest]] has the name `{}` too", feed.plan.name),
            Some("findings and the account tell feeds apart by their names".to_owned()),
        );
    }
    for earlier in earlier {
        let same_part = earlier.plan.layout.table == feed.plan.layout.table
            && earlier.plan.source.sheets == feed.plan.source.sheets
            && earlier.plan.source.members == feed.plan.source.members;
        let shared = feed.plan.files.iter().find(|file| earlier.plan.files.contains(file));
        if let (true, Some(file)) = (same_part, shared) {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!("the feed `{}` reads {} already", earlier.plan.name, shown(file)),
                Some("every row would be taken twice; narrow one of the file patterns".to_owned()),
            );
        }
    }
}

fn read_feed(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<ReadFeed> {
    let name = required_words(section, "name");
    let required = section.flag("required").is_none_or(|flag| flag.value);
    let delivery = deliveries::read(section);
    let files = read_files(section, reading, required, deliveries::is_by_order(&delivery));
    let sheets = read_sheets(section);
    let members = read_members(section);
    let expected_records = section.number("expected_records", 0);
    let expected_facility = section.text("expected_facility");
    let expected_period = section.text("expected_period").and_then(|text| {
        let period = Period::parse(&text.value);
        period.map_err(|message| section.problem("bad-period", text.span, message, None)).ok()
    });
    let only_span = section.value_span("only");
    let only = section.section("only", read_only).unwrap_or_default();
    let layout_name = section.required_text("layout")?;
    let path = named_file(reading.folder, "layouts", &layout_name.value);
    let text = reading.text(section, &layout_name, &path, "layout")?;
    let mut layout = Layout::parse(&shown(&path), &text, section.problems())?;
    let delivery = deliveries::check(section, delivery, &layout);
    layout.delivery = delivery.clone();
    let mut source = layout.source.clone();
    if let Some(sheets) = sheets {
        if matches!(layout.source.format, Some(Format::Delimited | Format::FixedWidth)) {
            section.problem(
                "contradiction",
                sheets.span,
                format!("a sheet is named, but the layout `{}` reads text", layout_name.value),
                Some("leave it out, or use a layout whose format is workbook".to_owned()),
            );
        }
        source.sheets = sheets.value;
    }
    if let Some(members) = members {
        source.members = members.value;
    }
    check_only(section, &layout, &layout_name.value, &only, only_span);
    let (files, files_span) = files?;
    if let Some(expected) = expected_records.as_ref().filter(|_| files.len() > 1) {
        section.problem(
            "contradiction",
            expected.span.clone(),
            format!("`expected_records` is the count of one file, and {} files match", files.len()),
            Some("write one section [[ingest]] a file, or leave it out".to_owned()),
        );
    }
    let name = name?;
    Some(ReadFeed {
        name_span: name.span,
        files_span,
        plan: FeedPlan {
            name: name.value,
            files,
            layout,
            source,
            only: only.into_iter().map(|(field, values)| (field.value, values)).collect(),
            expected_records: expected_records.map(|number| number.value as u64),
            expected_facility: expected_facility.map(|text| text.value).unwrap_or_default(),
            expected_period,
            delivery,
        },
    })
}

fn read_files(
    section: &mut Section<'_>,
    reading: &Reading<'_>,
    required: bool,
    is_by_order: bool,
) -> Option<(Vec<PathBuf>, Range<usize>)> {
    if !section.has("files") {
        section.required_text("files");
        return None;
    }
    let span = section.value_span("files")?;
    let before = section.problems().len();
    let patterns = section.texts("files");
    if patterns.is_empty() && section.problems().len() == before {
        section.problem(
            "missing-file",
            span.clone(),
            "`files` names no file",
            Some("write a file or a pattern, for example \"exports/discharges-*.csv\"".to_owned()),
        );
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in &patterns {
        files.extend(find(section, reading.folder, pattern, required));
    }
    let mut known = BTreeSet::new();
    files.retain(|file| known.insert(shown(file)));
    if !is_by_order {
        in_order_of_dates(&mut files);
    }
    Some((files, span))
}

type Only = Vec<(At<Field>, Vec<String>)>;

fn read_only(table: &mut Section<'_>) -> Only {
    let mut only = Vec::new();
    for entry in table.entries() {
        let before = table.problems().len();
        let values: Vec<String> = table.entry_texts(&entry).into_iter().map(|text| text.value).collect();
        if values.is_empty() && table.problems().len() == before {
            table.problem(
                "empty",
                entry.span(),
                format!("no value of `{}` is named, so no encounter would be examined", entry.key.value),
                None,
            );
        }
        match Field::from_name(&entry.key.value).filter(|field| field.entry().table == Table::Encounters) {
            Some(field) => only.push((At { value: field, span: entry.key.span.clone() }, values)),
            None => {
                let names = DICTIONARY.iter().filter(|entry| entry.table == Table::Encounters).map(|entry| entry.name);
                let suggestion = closest(&entry.key.value, names).map(|near| format!("did you mean `{near}`?"));
                table.problem(
                    "unknown-field",
                    entry.key.span.clone(),
                    format!("encounters have no field `{}`", entry.key.value),
                    suggestion,
                );
            }
        }
    }
    only
}

/// A choice of encounters can only be made where encounters are read, by fields that are filled.
fn check_only(section: &mut Section<'_>, layout: &Layout, name: &str, only: &Only, span: Option<Range<usize>>) {
    if layout.table != Table::Encounters {
        if let Some(span) = span {
            section.problem(
                "contradiction",
                span,
                format!("`only` chooses encounters, but the layout `{name}` reads {}", layout.table.name()),
                Some("write it where the encounters are read: what hangs on the others goes with them".to_owned()),
            );
        }
        return;
    }
    for (field, _) in only {
        if !field.value.stands_in(Table::Patients) && !layout.fields().any(|mapped| mapped == field.value) {
            let field_name = field.value.name();
            section.problem(
                "contradiction",
                field.span.clone(),
                format!("the layout `{name}` does not map `{field_name}`, so no encounter would be examined"),
                Some(format!("map it under [columns]: {field_name} = \"COLUMN\"")),
            );
        }
    }
}

/// The files of a pattern, in the order of their names. Hidden files are left alone: they are often half written.
fn find(section: &mut Section<'_>, folder: &Path, pattern: &At<String>, required: bool) -> Vec<PathBuf> {
    let whole = folder.join(&pattern.value);
    if whole.is_file() {
        return vec![whole];
    }
    let escaped = Path::new(&glob::Pattern::escape(&folder.to_string_lossy())).join(&pattern.value);
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = match glob::glob_with(&escaped.to_string_lossy(), options) {
        Ok(paths) => paths,
        Err(error) => {
            section.problem(
                "bad-pattern",
                pattern.span.clone(),
                format!("the file pattern cannot be understood: {}", error.msg),
                None,
            );
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for path in paths {
        match path {
            Ok(path) if path.is_file() => found.push(path),
            Ok(_) => {}
            Err(error) => {
                section.problem(
                    "unreadable-file",
                    pattern.span.clone(),
                    format!("{} cannot be looked through: {}", shown(error.path()), error.error()),
                    None,
                );
                return Vec::new();
            }
        }
    }
    if found.is_empty() && required {
        section.problem(
            "missing-file",
            pattern.span.clone(),
            format!("no file matches `{}`", pattern.value),
            Some(what_to_do(&whole)),
        );
    }
    in_order_of_names(&mut found);
    found
}

fn what_to_do(whole: &Path) -> String {
    let looked = shown(whole);
    if whole.is_dir() {
        return format!("{looked} is a folder; name its files, for example with `/*.csv` after it");
    }
    let wanted = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match closest(&wanted, neighbours(whole).iter().map(String::as_str)) {
        Some(near) => format!("looked for {looked}; did you mean `{near}`?"),
        None => format!("looked for {looked}; write required = false if there may be none"),
    }
}
