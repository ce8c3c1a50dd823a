//! Reads and checks a pipeline file with everything it names.

use std::path::Path;

use super::{Overrides, Plan, RecordsInStore, feeds::Feeds, read};
use crate::{
    edits::settings::KnownRules,
    fs::{
        self,
        path::{file_name, neighbours, plain, shown},
    },
    problem::{
        FAILING_FILE, Problems, closest,
        named_files::{NamedFiles, digest},
        reader::{At, Section, read_file},
    },
    record::{
        field::{CanonicalTable, Field},
        period::Period,
    },
};

/// Checks a pipeline file. `known_rules` are codes and names of all edits.
///
/// # Errors
/// Every problem of the pipeline file and of the files it names.
pub fn check(
    path: &Path,
    overrides: &Overrides,
    known_rules: &[(&'static str, &'static str)],
) -> Result<Plan, Problems> {
    let mut problems = Problems::default();
    let shown_path = shown(path);
    let text = match fs::read_configuration_text(path) {
        Ok(text) => text,
        Err(error) if error.is_of_the_system() => {
            problems.add(FAILING_FILE, &shown_path, None, format!("the pipeline file: {error}"), None);
            return Err(problems);
        }
        Err(error) => {
            let suggestion = closest(
                &file_name(path),
                neighbours(path).iter().map(String::as_str).filter(|name| *name != file_name(path)),
            )
            .map(|near| format!("did you mean `{near}`, in the same folder?"));
            problems.add("missing-file", &shown_path, None, format!("the pipeline file: {error}"), suggestion);
            return Err(problems);
        }
    };
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut named = NamedFiles::of(&folder);
    named.remember(path, digest(text.as_bytes()));
    let plan = read_file(&shown_path, "pipeline file", &text, &mut problems, |top| {
        read(top, &text, &mut named, overrides, KnownRules(known_rules))
    })
    .flatten();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

/// The period in force. One written in the file is checked even where the command line goes before it.
pub(super) fn read_period(top: &mut Section<'_>, overrides: &Overrides) -> Option<Period> {
    let written = top.text("period").and_then(|text| match Period::parse(&text.value) {
        Ok(period) => Some(At { value: period, span: text.span }),
        Err(message) => {
            top.problem("bad-period", text.span, message, None);
            None
        }
    });
    let given = overrides.period.as_deref().map(Period::parse);
    if let Some(Err(message)) = &given {
        top.problems().add("bad-period", "--period", None, message.clone(), None);
    }
    let period = match &given {
        Some(given) => given.clone().ok(),
        None => written.as_ref().map(|written| written.value.clone()),
    };
    if let (Some(period), Some(business_date)) = (&period, overrides.business_date)
        && period.first > business_date
    {
        let message = format!("the period begins on {}, after the business date {business_date}", period.first);
        let suggestion = Some("give another --period or --as-of".to_owned());
        match written.filter(|_| given.is_none()) {
            Some(written) => top.problem("contradiction", written.span, message, suggestion),
            None => top.problems().add("contradiction", "--period", None, message, suggestion),
        }
    }
    period
}

/// The folders a run writes to are apart from one another and from what it reads.
pub(super) fn check_folders(
    top: &mut Section<'_>,
    output: &Path,
    state: Option<&Path>,
    written_state: Option<&At<String>>,
    feeds: &Feeds,
) {
    let output = plain(output);
    if state.is_some_and(|state| plain(state) == output) {
        let message = "the state folder is the output folder";
        let suggestion = Some("name two folders: outputs are handed on, the state stays".to_owned());
        match written_state {
            Some(written) => top.problem("contradiction", written.span.clone(), message, suggestion),
            None => top.problems().add("contradiction", "--state", None, message, suggestion),
        }
    }
    for feed in &feeds.feeds {
        if feed.plan.files.iter().any(|file| plain(file).starts_with(&output)) && output != Path::new(".") {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!("the feed `{}` would read what runs write to {}", feed.plan.name, shown(&output)),
                Some("name another output folder, or a narrower file pattern".to_owned()),
            );
        }
    }
}

/// Keys the tables of encounters by number and facility; each must state its facility.
pub(super) fn number_by_facility(top: &mut Section<'_>, feeds: &mut Feeds) {
    for feed in feeds.feeds.iter_mut().filter(|feed| feed.plan.layout.table.is_of_encounters()) {
        feed.plan.layout.numbers_by_facility = true;
        if !feed.plan.layout.fields().any(|field| field == Field::FacilityId) {
            top.problem(
                "contradiction",
                feed.files_span.clone(),
                format!(
                    "encounter numbers are each facility's own, but the layout of `{}` maps no facility_id",
                    feed.plan.name
                ),
                Some("map facility_id in the layout, as a column or a constant".to_owned()),
            );
        }
    }
}

/// A field of the patient may stand in the layout of the encounters or in that of the patients; where it stands in neither, no encounter would be examined.
pub(super) fn refuse_choices_of_nothing(top: &mut Section<'_>, feeds: &Feeds) {
    let of_patients = |field: Field| {
        let mut patients = feeds.feeds.iter().filter(|feed| feed.plan.layout.table == CanonicalTable::Patients);
        patients.any(|feed| feed.plan.layout.fields().any(|mapped| mapped == field))
    };
    for feed in &feeds.feeds {
        let mut fields = feed.plan.only.iter().map(|(field, _)| *field);
        let own = |field: Field| feed.plan.layout.fields().any(|mapped| mapped == field);
        let missing =
            fields.find(|field| field.stands_in(CanonicalTable::Patients) && !own(*field) && !of_patients(*field));
        if let Some((field, span)) = missing.zip(feed.only_span.clone()) {
            let name = field.name();
            top.problem(
                "contradiction",
                span,
                format!("no layout maps `{name}`, so no encounter would be examined"),
                Some(format!("map it in the layout of the encounters or of the patients: {name} = \"COLUMN\"")),
            );
        }
    }
}

/// What is new is known where the records are kept.
pub fn refuse_gate_on_new(top: &mut Section<'_>, records: Option<&RecordsInStore>) {
    if records.is_some_and(|records| records.takes) {
        return;
    }
    if let Some(span) = top.value_span("fail_on_new") {
        let to_do = "add the section [store], or write fail_on".to_owned();
        top.problem("contradiction", span, "what is new is known only where the records are kept", Some(to_do));
    }
}
