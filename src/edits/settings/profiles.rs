//! Profiles: data files in `profiles/` beside the pipeline.

use super::{KnownRules, severity_of};
use crate::{
    edits::profile::{After, Condition, ConditionMeasure, Limit, Profile, RuleSet, Start, Time},
    fs::path::shown,
    problem::{
        closest,
        named_files::NamedFiles,
        reader::{At, Section, read_file},
    },
    record::field::{DICTIONARY, Field},
};

/// Reads the profiles that a section names, in its order.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>, known: KnownRules<'_>) -> Vec<Profile> {
    let names = section.texts("profile");
    let mut profiles = Vec::new();
    for name in names {
        let path = named.path("profiles", &name.value);
        let Some(text) = named.text(section, &name, &path, "profile") else { continue };
        let shown = shown(&path);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        profiles.extend(
            read_file(&shown, "profile", &text, section.problems(), |top| read_profile(top, known, stem)).flatten(),
        );
    }
    profiles
}

fn read_profile(top: &mut Section<'_>, known: KnownRules<'_>, name: String) -> Option<Profile> {
    let title = top.required_words("title");
    let source = top.required_words("source");
    let mut ignore = Vec::new();
    for rule in top.texts("ignore") {
        ignore.extend(known.code_of(top, &rule));
    }
    let mut apply = Vec::new();
    for rule in top.texts("apply") {
        apply.extend(known.code_of(top, &rule));
    }
    let severity = top
        .section("severity", |table| {
            let mut given = Vec::new();
            for entry in table.entries() {
                let code = known.code_of(table, &entry.key);
                let severity = severity_of(code.as_deref(), &entry, table);
                given.extend(code.zip(severity));
            }
            given
        })
        .unwrap_or_default();
    let last_month = top.number("fiscal_year_last_month", 1..=12);
    let conditions = top.sections("condition", |section| read_condition(section, known, &ignore));
    Some(Profile {
        name,
        title: title?.value,
        source: source?.value,
        ignore,
        apply,
        severity,
        fiscal_year_last_month: last_month.map_or(12, |month| month.value as u32),
        conditions: conditions.into_iter().flatten().collect(),
    })
}

fn read_condition(section: &mut Section<'_>, known: KnownRules<'_>, ignore: &[String]) -> Option<Condition> {
    let name = section.required_words("name");
    let source = section.required_words("source");
    let measure = read_measure(section, known, ignore);
    let limit = read_limit(section);
    let after = read_after(section);
    Some(Condition { name: name?.value, source: source?.value, measure: measure?, limit: limit?, after })
}

/// From when a condition is asked. No statute grants more than ten years.
fn read_after(section: &mut Section<'_>) -> Option<After> {
    let days = section.number("after_days", 0..=i64::MAX);
    let months = section.number("after_months", 0..=i64::MAX);
    let start = section.word("after", &[("period", Start::Period), ("fiscal_year", Start::FiscalYear)]);
    let bounded = |number: i64, most: i32| i32::try_from(number).unwrap_or(most).min(most);
    let time = match (&days, &months) {
        (Some(_), Some(months)) => {
            let message = "a condition is asked after days or after months, not both";
            section.problem("contradiction", months.span.clone(), message, None);
            return None;
        }
        (Some(days), None) => Time::Days(bounded(days.value, 3653)),
        (None, Some(months)) => Time::Months(bounded(months.value, 120)),
        (None, None) => {
            if let Some(start) = start {
                let message = "`after` says the end that a time begins with, and no time is stated";
                let what_to_do = "write `after_days` or `after_months` beside it".to_owned();
                section.problem("contradiction", start.span, message, Some(what_to_do));
            }
            return None;
        }
    };
    Some(After { time, start: start.map_or(Start::Period, |start| start.value) })
}

fn read_measure(section: &mut Section<'_>, known: KnownRules<'_>, ignore: &[String]) -> Option<ConditionMeasure> {
    let rules = section.texts("rules");
    let field = section.text("field");
    let not_carried = section.text("not_carried");
    let position = section.number("position", 1..=i64::MAX);
    let of = section.word("of", &[("records", true)]);
    let measure = section.word(
        "measure",
        &[
            ("records_in_error", 0),
            ("records_in_error_of_input", 1),
            ("rows_quarantined", 2),
            ("rows_duplicate", 3),
            ("share_of_target", 4),
        ],
    );
    let stated = usize::from(section.has("rules"))
        + usize::from(section.has("field"))
        + usize::from(section.has("measure"))
        + usize::from(section.has("not_carried"));
    if stated != 1 {
        let span = section.span.start..section.span.start + 1;
        let message = "a condition measures one thing: `rules`, `field`, `measure` or `not_carried`";
        section.problem("contradiction", span, message, None);
        return None;
    }
    for span in [position.as_ref().map(|at| &at.span), of.as_ref().map(|at| &at.span)].into_iter().flatten() {
        if !section.has("rules") {
            let message = "`position` and `of` say what is counted of `rules`";
            section.problem("contradiction", span.clone(), message, None);
        }
    }
    if !rules.is_empty() {
        let mut codes = Vec::new();
        for rule in &rules {
            let Some(code) = known.code_of(section, rule) else { continue };
            if ignore.contains(&code) {
                let message = format!("`{code}` is ignored by this profile, so its condition is never asked");
                section.problem("contradiction", rule.span.clone(), message, None);
            }
            codes.push(code);
        }
        return Some(ConditionMeasure::Rules(RuleSet {
            codes,
            position: position.map(|position| u16::try_from(position.value).unwrap_or(u16::MAX)),
            of_all_records: of.is_some(),
        }));
    }
    if let Some(field) = field {
        return field_of(section, &field).map(ConditionMeasure::Field);
    }
    if let Some(why) = not_carried {
        return Some(ConditionMeasure::NotCarried(why.value));
    }
    Some(match measure?.value {
        0 => ConditionMeasure::RecordsInError,
        1 => ConditionMeasure::RecordsInErrorOfInput,
        2 => ConditionMeasure::RowsQuarantined,
        3 => ConditionMeasure::RowsDuplicate,
        _ => ConditionMeasure::ShareOfTarget,
    })
}

fn field_of(section: &mut Section<'_>, name: &At<String>) -> Option<Field> {
    let field = Field::from_name(&name.value);
    if field.is_none() {
        let suggestion = closest(&name.value, DICTIONARY.iter().map(|entry| entry.name))
            .map(|near| format!("did you mean `{near}`?"));
        section.problem("unknown-field", name.span.clone(), format!("there is no field `{}`", name.value), suggestion);
    }
    field
}

fn read_limit(section: &mut Section<'_>) -> Option<Limit> {
    let count = section.number("at_most", 0..=i64::MAX).map(|count| Limit::Count(count.value as u64));
    let most = section.percent("percent_at_most").map(Limit::ShareAtMost);
    let least = section.percent("percent_at_least").map(Limit::ShareAtLeast);
    let stated = ["at_most", "percent_at_most", "percent_at_least"].iter().filter(|key| section.has(key)).count();
    if stated != 1 {
        let span = section.span.start..section.span.start + 1;
        let message = "a condition has one limit: `at_most`, `percent_at_most` or `percent_at_least`";
        section.problem("contradiction", span, message, None);
        return None;
    }
    count.or(most).or(least)
}
