//! The `[[ingest]]` sections: which files, read by which layout.

use std::path::{Path, PathBuf};

use super::{
    FeedPlan,
    check::{Reading, named_file, shown},
};
use crate::{
    ingest::layout::Layout,
    problem::{
        closest,
        reader::{At, Section},
    },
    record::field::{DICTIONARY, Field, Table},
};

/// Reads all feeds and puts the tables in the order in which rows of one encounter stand: encounters first.
pub fn read(top: &mut Section<'_>, reading: &mut Reading<'_>) -> Vec<FeedPlan> {
    let span = top.span.start..top.span.start + 1;
    let mut feeds: Vec<FeedPlan> =
        top.sections("ingest", |section| read_feed(section, reading)).into_iter().flatten().collect();
    if !top.has("ingest") {
        top.problem(
            "missing-section",
            span,
            "a pipeline needs at least one section [[ingest]]",
            Some("it names the files of an export and their layout".to_owned()),
        );
    } else if !feeds.is_empty() && !feeds.iter().any(|feed| feed.layout.table == Table::Encounters) {
        top.problem(
            "no-encounters",
            span,
            "no section [[ingest]] brings encounters",
            Some("add the feed whose layout has table = \"encounters\"".to_owned()),
        );
    }
    for (index, feed) in feeds.iter().enumerate() {
        if feeds[..index].iter().any(|earlier| earlier.name == feed.name) {
            let name = feed.name.clone();
            top.problem(
                "repeated-name",
                top.span.clone(),
                format!("two sections [[ingest]] have the name `{name}`"),
                None,
            );
        }
    }
    if feeds.len() > 200 {
        top.problem("too-many-feeds", top.span.clone(), "a pipeline has at most 200 feeds", None);
    }
    feeds.sort_by_key(|feed| feed.layout.table);
    feeds
}

fn read_feed(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<FeedPlan> {
    let name = section.required_text("name");
    let layout = section.required_text("layout");
    let required = section.flag("required").is_none_or(|flag| flag.value);
    if !section.has("files") {
        section.required_text("files");
    }
    let patterns = section.texts("files");
    let sheet = section.text("sheet");
    let member = section.text("member");
    let expected_records = section.number("expected_records", 0).map(|number| number.value as u64);
    let expected_facility = section.text("expected_facility").map(|text| text.value).unwrap_or_default();
    let mut only = Vec::new();
    section.section("only", |table| {
        for entry in table.entries() {
            match Field::from_name(&entry.key.value).filter(|field| field.entry().table == Table::Encounters) {
                Some(field) => {
                    only.push((field, table.entry_texts(&entry).into_iter().map(|text| text.value).collect()))
                }
                None => {
                    let names =
                        DICTIONARY.iter().filter(|entry| entry.table == Table::Encounters).map(|entry| entry.name);
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
    });
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in &patterns {
        files.extend(find(section, reading.folder, pattern, required));
    }
    files.sort();
    files.dedup();
    let layout_name = layout?;
    let path = named_file(reading.folder, "layouts", &layout_name.value);
    let text = reading.text(section, layout_name.span, &path, "layout")?;
    let layout = Layout::parse(&shown(&path), &text, section.problems())?;
    let mut source = layout.source.clone();
    if let Some(sheet) = sheet {
        source.sheet = Some(sheet.value);
    }
    if let Some(member) = member {
        source.member = Some(member.value);
    }
    Some(FeedPlan { name: name?.value, files, layout, source, only, expected_records, expected_facility })
}

/// The files of a glob, in the order of their names.
fn find(section: &mut Section<'_>, folder: &Path, pattern: &At<String>, required: bool) -> Vec<PathBuf> {
    let whole = folder.join(&pattern.value);
    let mut found: Vec<PathBuf> = match glob::glob(&whole.to_string_lossy()) {
        Ok(paths) => paths.filter_map(Result::ok).filter(|path| path.is_file()).collect(),
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
    if found.is_empty() && required {
        section.problem(
            "missing-file",
            pattern.span.clone(),
            format!("no file matches `{}`", pattern.value),
            Some(format!("looked for {}; write required = false if there may be none", shown(&whole))),
        );
    }
    found.sort();
    found
}
