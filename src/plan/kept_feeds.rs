//! Feeds whose records the store keeps: `[store]` of the pipeline that takes them, and `from = "store"` of one that reads what another has taken.

use std::path::Path;

use super::{
    FeedPlan, RecordsInStore,
    feeds::{self, Feeds},
};
use crate::{
    fs::path::shown,
    problem::{
        FAILING_FILE,
        named_files::NamedFiles,
        reader::{At, Section, read_file, tables_of},
    },
    record::{
        delivery::{Delivery, NewestBy},
        field::CanonicalTable,
    },
    store::catalogue::Catalogue,
};

/// Name of what is kept of the sections `[[ingest]]`.
pub const INGEST: &str = "ingest";
/// Name of what says that the numbers of encounters are each facility's own.
const BY_FACILITY: &str = "encounter_numbers_by_facility";
/// Begin of the names of what says which rows of a feed are of one record, and which of them is the newest.
const IDENTITY: &str = "identity of ";
/// What a night examines of the kept records.
const EXAMINE: &[(&str, bool)] = &[("changed", false), ("everything", true)];
/// Keys of `[[ingest]]` that speak of files that come: nothing of them is kept.
const OF_FILES: &[&str] = &["files", "required", "expect", "due_after_days", "holidays", "expected_records"];

/// Reads the feeds of a pipeline, from its own sections or from what the store kept of another's.
pub fn read_all(
    top: &mut Section<'_>,
    text: &str,
    named: &mut NamedFiles<'_>,
    state: Option<&Path>,
    title: Option<&At<String>>,
) -> (Feeds, Option<RecordsInStore>) {
    let from_span = top.value_span("from");
    let from = top.word("from", &[("store", ())]);
    let records_of = top.text("records_of");
    let store_span = top.value_span("store");
    let store = top.section("store", |section| (section.days("history_days"), section.word("examine", EXAMINE)));
    let keeps = store.is_some() && from_span.is_none();
    let (history_days, examine) = store.unwrap_or_default();
    let examines_everything = examine.as_ref().is_some_and(|examine| examine.value);
    let nothing = || Feeds { feeds: Vec::new(), complete: false };
    let mut contradicts = |span: Option<std::ops::Range<usize>>, message: &str, to_do: &str| {
        top.problem("contradiction", span.unwrap_or_default(), message, Some(to_do.to_owned()));
    };
    if let (None, Some(records_of)) = (&from_span, &records_of) {
        contradicts(
            Some(records_of.span.clone()),
            "`records_of` is stated without `from`",
            "write from = \"store\", or leave it out",
        );
    }
    if (keeps || from_span.is_some()) && state.is_none() {
        let span = from_span.clone().or(store_span);
        contradicts(span, "the store lies in the state folder, and none is named", "write state = \"state\"");
        return (nothing(), None);
    }
    if history_days.is_some() && from_span.is_some() {
        contradicts(
            from_span,
            "records that come from the store are kept there already, and how long is said where they are kept",
            "leave `history_days` out",
        );
        return (nothing(), None);
    }
    if from_span.is_none() {
        let feeds = feeds::read(top, named);
        if keeps && feeds.complete {
            refuse_unstated_delivery(top, &feeds);
        }
        let Some(title) = title.filter(|_| keeps) else { return (feeds, None) };
        let mut texts = named.layouts.clone();
        texts.insert(INGEST.to_owned(), tables_of(text, "ingest", OF_FILES));
        texts.extend(feeds.feeds.iter().map(|feed| (format!("{IDENTITY}{}", feed.plan.name), identity(&feed.plan))));
        return (
            feeds,
            Some(RecordsInStore {
                pipeline: title.value.clone(),
                texts,
                takes: true,
                history_days,
                examines_everything,
            }),
        );
    }
    let (Some(from), Some(state)) = (from, state) else { return (nothing(), None) };
    if let Some(span) = top.value_span("ingest") {
        let to_do = "leave the sections [[ingest]] out: how the records are read is kept with them".to_owned();
        top.problem("contradiction", span, "the records come from the store, so no export is read", Some(to_do));
        top.sections("ingest", |section| drop(section.entries()));
        return (nothing(), None);
    }
    let records = kept(top, &from.span, state, records_of.as_ref());
    // A run that is to have all records in its lists examines them all, unless it is said that it need not.
    let examines_everything = examine.is_none_or(|examine| examine.value);
    match records.map(|records| RecordsInStore { examines_everything, ..records }) {
        Some(records) => (feeds_of(top, &records, named), Some(records)),
        None => (nothing(), None),
    }
}

/// What decides when a row is kept, and cannot be decided anew: the column of its number, and the columns that say how new it is and that it is taken back.
fn identity(feed: &FeedPlan) -> String {
    let key = feed.layout.key().name();
    let columns = feed.layout.kept_columns();
    let of_key = columns.into_iter().filter(|column| column.field == key).flat_map(|column| column.names);
    let (newest, deletion) = match &feed.delivery {
        Some(Delivery { newest_by, deletion, .. }) => {
            let newest = match newest_by {
                NewestBy::Column { name, .. } => format!("the column {name}"),
                NewestBy::FileNameDate | NewestBy::Order => "its file".to_owned(),
            };
            let deletion = deletion.as_ref().map(|mark| format!("{} of {}", mark.column, mark.values.join(" or ")));
            (newest, deletion.unwrap_or_else(|| "none".to_owned()))
        }
        None => ("its file".to_owned(), "none".to_owned()),
    };
    format!(
        "number in {}; as new as {newest} says; mark of deletion: {deletion}",
        of_key.collect::<Vec<_>>().join(" or ")
    )
}

/// Refuses settings that rows were not kept by.
fn hold_identity(top: &mut Section<'_>, records: &RecordsInStore, state: Option<&Path>) {
    // A state that cannot be read is told elsewhere.
    let kept = state.and_then(|state| Catalogue::look(state).ok()).map(|catalogue| catalogue.content.texts);
    let Some(kept) = kept.and_then(|mut texts| texts.remove(&records.pipeline)) else { return };
    let span = top.value_span("store").unwrap_or_default();
    let to_do = "put the setting back; or give the pipeline another title, and its store begins anew".to_owned();
    if kept.contains_key(BY_FACILITY) != records.texts.contains_key(BY_FACILITY) {
        let message = "`encounter_numbers` of [edits] is not what the records of the store were kept by".to_owned();
        top.problem("contradiction", span.clone(), message, Some(to_do.clone()));
    }
    for (name, before) in kept.iter().filter(|(name, _)| name.starts_with(IDENTITY)) {
        if let Some(now) = records.texts.get(name).filter(|now| *now != before) {
            let feed = name.trim_start_matches(IDENTITY);
            let message = format!("the rows of `{feed}` were kept by: {before}. Now: {now}");
            top.problem("contradiction", span.clone(), message, Some(to_do.clone()));
        }
    }
}

/// Of records that are kept, versions come night after night: which one stands must be said.
fn refuse_unstated_delivery(top: &mut Section<'_>, feeds: &Feeds) {
    // Every decision that came is kept, and the last one of a key is in force.
    let is_unstated =
        |feed: &&feeds::ReadFeed| feed.plan.delivery.is_none() && feed.plan.layout.table != CanonicalTable::Decisions;
    for feed in feeds.feeds.iter().filter(is_unstated) {
        let message = format!("the records of `{}` are kept, and nothing says how they are delivered", feed.plan.name);
        let word = if feed.plan.layout.table.is_of_encounters() || feed.plan.layout.table == CanonicalTable::Patients {
            "changes"
        } else {
            "full"
        };
        let to_do = format!("write delivery = \"{word}\" (chartroom docs deliveries)");
        top.problem("missing-key", feed.files_span.clone(), message, Some(to_do));
    }
}

/// What the store of a state folder keeps: of the pipeline that is named, or of the only one.
fn kept(
    top: &mut Section<'_>,
    span: &std::ops::Range<usize>,
    state: &Path,
    records_of: Option<&At<String>>,
) -> Option<RecordsInStore> {
    let catalogue = match Catalogue::look(state) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            top.problem(FAILING_FILE, span.clone(), format!("the store: {error}"), None);
            return None;
        }
    };
    let mut texts = catalogue.content.texts;
    let titles: Vec<String> = texts.keys().cloned().collect();
    let listed = titles.iter().map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ");
    let pipeline = match (records_of, titles.as_slice()) {
        (_, []) => {
            let to_do = "run the pipeline that has the section [store] and this state folder first";
            let message = format!("the store in {} keeps no records yet", shown(state));
            top.problem("missing-records", span.clone(), message, Some(to_do.to_owned()));
            return None;
        }
        (None, [only]) => only.clone(),
        (None, _) => {
            let message = format!("the store in {} keeps the records of several pipelines", shown(state));
            top.problem("missing-key", span.clone(), message, Some(format!("write records_of with one of {listed}")));
            return None;
        }
        (Some(asked), _) if titles.contains(&asked.value) => asked.value.clone(),
        (Some(asked), _) => {
            let message = format!("the store in {} keeps no records of this pipeline", shown(state));
            top.problem("missing-records", asked.span.clone(), message, Some(format!("it keeps those of {listed}")));
            return None;
        }
    };
    let texts = texts.remove(&pipeline).unwrap_or_default();
    Some(RecordsInStore { pipeline, texts, takes: false, history_days: None, examines_everything: true })
}

/// The feeds as the pipeline that keeps the records reads them.
fn feeds_of(top: &mut Section<'_>, records: &RecordsInStore, named: &mut NamedFiles<'_>) -> Feeds {
    let kept = NamedFiles { kept: Some(&records.texts), ..NamedFiles::of(Path::new("")) };
    let mut kept = kept;
    let text = records.texts.get(INGEST).map_or("", String::as_str);
    let path = format!("the feeds of `{}` in the store", records.pipeline);
    let feeds = read_file(&path, "pipeline file", text, top.problems(), |top| feeds::read(top, &mut kept));
    named.sources.append(&mut kept.sources);
    let mut feeds = feeds.unwrap_or(Feeds { feeds: Vec::new(), complete: false });
    if records.texts.contains_key(BY_FACILITY) {
        feeds.feeds.iter_mut().for_each(|feed| {
            feed.plan.layout.numbers_by_facility = feed.plan.layout.table.is_of_encounters();
        });
    }
    feeds
}

/// Holds what two pipelines say of the numbers of encounters against one another: the keys of kept rows are made by it.
pub fn hold_numbers(
    top: &mut Section<'_>,
    records: &mut Option<RecordsInStore>,
    by_facility: bool,
    state: Option<&Path>,
) {
    let Some(records) = records else { return };
    if records.takes {
        if by_facility {
            records.texts.insert(BY_FACILITY.to_owned(), "true".to_owned());
        }
        hold_identity(top, records, state);
    } else if records.texts.contains_key(BY_FACILITY) != by_facility {
        let span = top.value_span("from").unwrap_or_default();
        let said = if by_facility {
            "states it, and the pipeline that keeps the records does not"
        } else {
            "does not state it, and the pipeline that keeps the records does"
        };
        let message =
            format!("`encounter_numbers = \"facility\"` of [edits] must be the same in both: this one {said}");
        top.problem("contradiction", span, message, None);
    }
}
