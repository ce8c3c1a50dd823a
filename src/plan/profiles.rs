//! Profiles: data files in `profiles/` beside the pipeline.

use super::{
    check::{Reading, named_file, required_words, shown},
    edits::{SEVERITIES, code_of},
};
use crate::{
    edits::profile::{After, Condition, Limit, Measure, Profile, RuleSet, Start, Time},
    problem::{
        closest,
        reader::{At, Section, read_file},
    },
    record::field::{DICTIONARY, Field},
};

/// Reads the profiles that a section names, in its order.
pub fn read(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Vec<Profile> {
    let names = section.texts("profile");
    let mut profiles = Vec::new();
    for name in names {
        let path = named_file(reading.folder, "profiles", &name.value);
        let Some(text) = reading.text(section, &name, &path, "profile") else { continue };
        let shown = shown(&path);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        profiles.extend(
            read_file(&shown, "profile", &text, section.problems(), |top| read_profile(top, reading, stem)).flatten(),
        );
    }
    profiles
}

fn read_profile(top: &mut Section<'_>, reading: &Reading<'_>, name: String) -> Option<Profile> {
    let title = required_words(top, "title");
    let source = required_words(top, "source");
    let mut ignore = Vec::new();
    for rule in top.texts("ignore") {
        ignore.extend(code_of(top, reading, &rule));
    }
    let mut apply = Vec::new();
    for rule in top.texts("apply") {
        apply.extend(code_of(top, reading, &rule));
    }
    let severity = top
        .section("severity", |table| {
            let mut given = Vec::new();
            for entry in table.entries() {
                let code = code_of(table, reading, &entry.key);
                let severity = table.entry_word(&entry, &SEVERITIES);
                given.extend(code.zip(severity.map(|severity| severity.value)));
            }
            given
        })
        .unwrap_or_default();
    let last_month = top.number("fiscal_year_last_month", 1..=12);
    let conditions = top.sections("condition", |section| read_condition(section, reading, &ignore));
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

fn read_condition(section: &mut Section<'_>, reading: &Reading<'_>, ignore: &[String]) -> Option<Condition> {
    let name = required_words(section, "name");
    let source = required_words(section, "source");
    let measure = read_measure(section, reading, ignore);
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

fn read_measure(section: &mut Section<'_>, reading: &Reading<'_>, ignore: &[String]) -> Option<Measure> {
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
            let Some(code) = code_of(section, reading, rule) else { continue };
            if ignore.contains(&code) {
                let message = format!("`{code}` is ignored by this profile, so its condition is never asked");
                section.problem("contradiction", rule.span.clone(), message, None);
            }
            codes.push(code);
        }
        return Some(Measure::Rules(RuleSet {
            codes,
            position: position.map(|position| u16::try_from(position.value).unwrap_or(u16::MAX)),
            of_all_records: of.is_some(),
        }));
    }
    if let Some(field) = field {
        return field_of(section, &field).map(Measure::Field);
    }
    if let Some(why) = not_carried {
        return Some(Measure::NotCarried(why.value));
    }
    Some(match measure?.value {
        0 => Measure::RecordsInError,
        1 => Measure::RecordsInErrorOfInput,
        2 => Measure::RowsQuarantined,
        3 => Measure::RowsDuplicate,
        _ => Measure::ShareOfTarget,
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
