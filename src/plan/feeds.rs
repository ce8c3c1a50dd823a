//! The `[[ingest]]` sections: which files, read by which layout.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
};

use super::{
    FeedPlan,
    choice::choices_of,
    deliveries,
    expected::{self, Due, Expected},
    input_files::{self, InputFiles, Unmatched, meant},
};
use crate::{
    fs::path::shown,
    ingest::layout::{Format, Layout, read_members, read_sheets},
    problem::{
        closest,
        named_files::{LAYOUT, NamedFiles},
        reader::{At, Section},
    },
    record::{
        constant::Choice,
        field::{CanonicalTable, DICTIONARY, Field},
        period::Period,
    },
};

/// Feeds of a pipeline.
const MOST_FEEDS: usize = 200;

/// Feeds as read: what later checks need to point at them.
#[derive(Debug)]
pub struct Feeds {
    /// The feeds, encounters first.
    pub feeds: Vec<ReadFeed>,
    /// Whether every section could be read, so that what is missing is truly missing.
    pub complete: bool,
}

impl Feeds {
    /// Whether a feed brings rows of a table.
    pub fn bring(&self, table: CanonicalTable) -> bool {
        self.feeds.iter().any(|feed| feed.plan.layout.table == table)
    }
}

/// One feed with the places it was written at.
#[derive(Debug)]
pub struct ReadFeed {
    /// The feed.
    pub plan: FeedPlan,
    /// Where its files are named.
    pub files_span: Range<usize>,
    /// Where its encounters are chosen.
    pub only_span: Option<Range<usize>>,
    name_span: Range<usize>,
}

/// Reads all feeds and puts the tables in the order in which rows of one encounter stand: encounters first.
pub fn read(top: &mut Section<'_>, named: &mut NamedFiles<'_>) -> Feeds {
    let start = top.span.start..top.span.start + 1;
    let mut looked = Looked::default();
    let (mut written, mut first_of_too_many) = (0, None);
    let sections = top.sections("ingest", |section| {
        written += 1;
        if written > MOST_FEEDS {
            // None of its keys is looked at: a pipeline of thousands of feeds would hold thousands of layouts only to be refused.
            section.entries();
            first_of_too_many.get_or_insert(section.span.clone());
            return None;
        }
        read_feed(section, named, &mut looked)
    });
    let mut feeds: Vec<ReadFeed> = sections.into_iter().flatten().collect();
    let complete = written > 0 && feeds.len() == written;
    if !top.has("ingest") {
        top.problem(
            "missing-section",
            start,
            "a pipeline needs at least one section [[ingest]]",
            Some("it names the files of an export and their layout".to_owned()),
        );
    } else if complete && !feeds.iter().any(|feed| feed.plan.layout.table == CanonicalTable::Encounters) {
        top.problem(
            "no-encounters",
            feeds[0].name_span.clone(),
            "no section [[ingest]] brings encounters",
            Some("add the feed whose layout has table = \"encounters\"".to_owned()),
        );
    }
    if let Some(span) = first_of_too_many {
        let message = format!("a pipeline has at most {MOST_FEEDS} feeds, and this one has {written}");
        let to_do = "let one feed read the files of one kind, by a pattern, or write several pipelines";
        top.problem("too-many-feeds", span, message, Some(to_do.to_owned()));
    } else {
        tell_repeated(top, &feeds);
    }
    looked.tell_names_written_wrongly(top, named);
    feeds.sort_by_key(|feed| feed.plan.layout.table);
    Feeds { feeds, complete }
}

/// Where files were looked for, by all sections, also those that are wrong elsewhere.
#[derive(Debug, Default)]
struct Looked {
    read: Vec<PathBuf>,
    /// Patterns that nothing matches, of feeds of which nothing is said of when a file is due.
    unmatched: Vec<At<Unmatched>>,
}

impl Looked {
    /// A pattern that nothing matches is no fault: nothing may have come yet. Where a file that no feed reads has nearly the name, the
    /// name is written wrongly.
    fn tell_names_written_wrongly(&self, top: &mut Section<'_>, named: &NamedFiles<'_>) {
        // The first ones tell what is the matter; each is held against every name in its folder.
        const MOST: usize = 200;
        let read: BTreeSet<String> = self.read.iter().map(|file| shown(file)).collect();
        for At { value: Unmatched { pattern, looked_for, fault }, span } in self.unmatched.iter().take(MOST) {
            let meant = meant(named.folder, pattern, &read).filter(|_| fault.is_none());
            if let Some(meant) = meant {
                top.problem(
                    "missing-file",
                    span.clone(),
                    format!("no file matches `{pattern}`"),
                    Some(format!("looked for {looked_for}; did you mean `{meant}`?")),
                );
            }
        }
    }
}

/// Two feeds have two names, and no file is taken twice as the same table.
fn tell_repeated(top: &mut Section<'_>, feeds: &[ReadFeed]) {
    let mut names = BTreeSet::new();
    let mut first_of = BTreeMap::new();
    for feed in feeds {
        let FeedPlan { name, files, layout, source, .. } = &feed.plan;
        if !names.insert(name) {
            top.problem(
                "repeated-name",
                feed.name_span.clone(),
                format!("an earlier section [[ingest]] has the name `{name}` too"),
                Some("findings and the account tell feeds apart by their names".to_owned()),
            );
        }
        let mut shared = None;
        for file in files {
            let earlier = *first_of.entry((file, layout.table, &source.sheets, &source.members)).or_insert(name);
            if !std::ptr::eq(earlier, name) {
                shared = shared.or(Some((earlier, file)));
            }
        }
        if let Some((earlier, file)) = shared {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!("the feed `{earlier}` reads {} already", shown(file)),
                Some("every row would be taken twice; narrow one of the file patterns".to_owned()),
            );
        }
    }
}

fn read_feed(section: &mut Section<'_>, named: &mut NamedFiles<'_>, looked: &mut Looked) -> Option<ReadFeed> {
    let name = section.required_words("name");
    let delivery = deliveries::read(section);
    // What the store kept of a section says nothing of files.
    let is_kept = named.kept.is_some();
    let files = match is_kept {
        true => Some((InputFiles::default(), section.span.clone())),
        false => input_files::read(section, named, deliveries::is_by_order(&delivery)),
    };
    let mut expected = if is_kept { Expected::nothing() } else { expected::read(section, named) };
    let unmatched_before = looked.unmatched.len();
    if let Some((files, _)) = &files {
        looked.read.extend(files.files.iter().cloned());
        if expected.due == Due::WithOthers {
            looked.unmatched.extend(files.unmatched.iter().cloned());
        }
    }
    let sheets = read_sheets(section);
    let members = read_members(section);
    let expected_records = section.number("expected_records", 0..=i64::MAX);
    let expected_facility = section.text("expected_facility");
    let expected_period = section.text("expected_period").and_then(|text| {
        let period = Period::parse(&text.value);
        period.map_err(|message| section.problem("bad-period", text.span, message, None)).ok()
    });
    let only_span = section.value_span("only");
    let only = section.section("only", read_only).unwrap_or_default();
    let layout_name = section.required_text("layout")?;
    let path = named.path("layouts", &layout_name.value);
    let text = named.text(section, &layout_name, &path, LAYOUT)?;
    let mut layout = Layout::parse(&shown(&path), &text, section.problems())?;
    // People decide, and go away, when they do.
    if matches!(layout.table, CanonicalTable::Decisions | CanonicalTable::Absences) && expected.due == Due::WithOthers {
        expected.due = Due::Never;
        looked.unmatched.truncate(unmatched_before);
    }
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
    let only = check_only(section, &layout, &layout_name.value, only, only_span.clone());
    let (InputFiles { files, folders, looked_for, unmatched }, files_span) = files?;
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
        only_span,
        plan: FeedPlan {
            name: name.value,
            files,
            folders,
            looked_for,
            unmatched: unmatched.into_iter().map(|unmatched| unmatched.value).collect(),
            expected,
            layout,
            source,
            only,
            expected_records: expected_records.map(|number| number.value as u64),
            expected_facility: expected_facility.map(|text| text.value).filter(|facility| !facility.is_empty()),
            expected_period,
            delivery,
        },
    })
}

/// Fields of encounters with the values that are written for them.
type Only = Vec<(At<Field>, Vec<At<String>>)>;

fn read_only(table: &mut Section<'_>) -> Only {
    let mut only = Vec::new();
    for entry in table.entries() {
        let before = table.problems().len();
        let values = table.entry_texts(&entry);
        if values.is_empty() && table.problems().len() == before {
            table.problem(
                "empty",
                entry.span(),
                format!("no value of `{}` is named, so no encounter would be examined", entry.key.value),
                None,
            );
        }
        match Field::from_name(&entry.key.value) {
            Some(field) if field.entry().table == CanonicalTable::Encounters => {
                only.push((At { value: field, span: entry.key.span.clone() }, values));
            }
            Some(field) => {
                let table_name = field.entry().table.name();
                table.problem(
                    "unknown-field",
                    entry.key.span.clone(),
                    format!(
                        "`{}` is a field of {table_name}, and `only` chooses by what an encounter has once",
                        field.name()
                    ),
                    Some(
                        "a rule of the site can ask for any of several: any(diagnosis WHERE code = 'E119')".to_owned(),
                    ),
                );
            }
            None => {
                let names =
                    DICTIONARY.iter().filter(|entry| entry.table == CanonicalTable::Encounters).map(|entry| entry.name);
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

/// A choice of encounters can only be made where encounters are read, by fields that are filled, and by values that these can have.
fn check_only(
    section: &mut Section<'_>,
    layout: &Layout,
    name: &str,
    only: Only,
    span: Option<Range<usize>>,
) -> Vec<(Field, Vec<Choice>)> {
    if layout.table != CanonicalTable::Encounters {
        if let Some(span) = span {
            section.problem(
                "contradiction",
                span,
                format!("`only` chooses encounters, but the layout `{name}` reads {}", layout.table.name()),
                Some(
                    "write it under the [[ingest]] that reads the encounters; their other rows go with them".to_owned(),
                ),
            );
        }
        return Vec::new();
    }
    let feed = layout.feed(name);
    let mut chosen = Vec::with_capacity(only.len());
    for (field, texts) in only {
        if !field.value.stands_in(CanonicalTable::Patients) && !layout.fields().any(|mapped| mapped == field.value) {
            let field_name = field.value.name();
            section.problem(
                "contradiction",
                field.span.clone(),
                format!("the layout `{name}` does not map `{field_name}`, so no encounter would be examined"),
                Some(format!("map it under [columns]: {field_name} = \"COLUMN\"")),
            );
        }
        // Of the several columns of a name each is read alike.
        let slot = feed.slots.iter().find(|slot| slot.field == field.value);
        let choices = texts.into_iter().flat_map(|text| match choices_of(field.value, &text.value, slot) {
            Ok(choices) => choices,
            Err((message, suggestion)) => {
                section.problem("never-true", text.span, message, Some(suggestion));
                Vec::new()
            }
        });
        chosen.push((field.value, choices.collect()));
    }
    chosen
}
