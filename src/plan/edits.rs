//! The `[edits]` section: which edits are applied, and how heavy they weigh.

use super::{
    EditsPlan, acceptances,
    check::{Reading, days},
    profiles, site_rules,
    trend::{self, MOST_CASES},
};
use crate::{
    edits::{reporting::has_values, rules::RULES, site_rule::SiteRule},
    problem::{
        closest,
        reader::{At, Section},
    },
    record::finding::Severity,
};

/// Severities as a pipeline file writes them.
pub const SEVERITIES: [(&str, Severity); 4] =
    [("fatal", Severity::Fatal), ("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

/// Reads the section. Edits are named by code or by name.
pub fn read(section: &mut Section<'_>, reading: &mut Reading<'_>) -> EditsPlan {
    let profiles = profiles::read(section, reading);
    let mut ignore = Vec::new();
    for rule in section.texts("ignore") {
        ignore.extend(code_of(section, reading, &rule));
    }
    let mut apply: Vec<String> = profiles.iter().flat_map(|profile| profile.apply.clone()).collect();
    for rule in section.texts("apply") {
        let code = code_of(section, reading, &rule);
        if let Some(code) = code.as_ref().filter(|code| ignore.contains(code)) {
            let message = format!("`{code}` is ignored above and applied here");
            section.problem("contradiction", rule.span, message, Some("keep one of the two".to_owned()));
        }
        apply.extend(code);
    }
    let severity = section.section("severity", |table| read_severity(table, reading, &ignore)).unwrap_or_default();
    let targets = section
        .section("targets", |table| {
            let mut targets: Vec<(String, u64)> = Vec::new();
            for entry in table.entries() {
                targets
                    .extend(table.entry_number(&entry, 1..=MOST_CASES).map(|target| (entry.key.value.clone(), target)));
            }
            targets.sort();
            targets
        })
        .unwrap_or_default();
    let long_stay_days = days(section, "long_stay_days", EditsPlan::default().long_stay_days);
    let longest = days(section, "longest_stay_days", i32::MAX);
    let longest_stay_days = section.value_span("longest_stay_days").map(|span| {
        if longest <= long_stay_days {
            let message = format!("stays would be errors from {longest} days, and warnings from {long_stay_days} only");
            let suggestion = Some("state more days here, or fewer in `long_stay_days`".to_owned());
            section.problem("contradiction", span, message, suggestion);
        }
        longest
    });
    let patient_numbers_by_facility =
        section.word("patient_numbers", &[("shared", false), ("facility", true)]).is_some_and(|word| word.value);
    let encounter_numbers_by_facility =
        section.word("encounter_numbers", &[("shared", false), ("facility", true)]).is_some_and(|word| word.value);
    let history = trend::read_history(section, reading);
    let trend = section.section("trend", trend::read).unwrap_or_default();
    let site = site_rules::read(section, reading);
    let by_value = read_by_value(section, reading, &site);
    let info_findings = section.flag("info_findings").is_none_or(|flag| flag.value);
    let acceptances = acceptances::read(section, reading, &ignore, &site);
    // The pipeline's own words come last and go before those of a profile.
    let ignore_all: Vec<String> = profiles.iter().flat_map(|profile| profile.ignore.clone()).chain(ignore).collect();
    let severity = profiles.iter().flat_map(|profile| profile.severity.clone()).chain(severity).collect();
    EditsPlan {
        ignore: ignore_all,
        apply,
        by_value,
        info_findings,
        profiles,
        targets,
        severity,
        long_stay_days,
        longest_stay_days,
        patient_numbers_by_facility,
        encounter_numbers_by_facility,
        site,
        acceptances,
        trend,
        history,
    }
}

/// The edits that are reported by value: those that speak of a value of one record.
fn read_by_value(section: &mut Section<'_>, reading: &Reading<'_>, site: &[SiteRule]) -> Vec<String> {
    let mut codes = Vec::new();
    for rule in section.texts("by_value") {
        let own = site.iter().find(|own| own.code == rule.value).map(|own| (own.code.clone(), own.level));
        let shipped = || {
            let code = code_of(section, reading, &rule)?;
            let level = RULES.iter().find(|shipped| shipped.code == code)?.level();
            Some((code, level))
        };
        let Some((code, level)) = own.or_else(shipped) else { continue };
        if !has_values(level) {
            let message =
                format!("`{code}` is asked of a {}, and has no value of a record to be reported by", level.name());
            section.problem("no-effect", rule.span.clone(), message, Some("take it out".to_owned()));
        }
        codes.push(code);
    }
    codes
}

/// The code of an edit named by code or name; a problem where there is none.
pub fn code_of(section: &mut Section<'_>, reading: &Reading<'_>, rule: &At<String>) -> Option<String> {
    let known = reading.known_rules.iter().find(|(code, name)| *code == rule.value || *name == rule.value);
    if known.is_none() {
        let names = reading.known_rules.iter().flat_map(|(code, name)| [*code, *name]);
        let suggestion = closest(&rule.value, names).map_or_else(
            || "`chartroom rules` lists them".to_owned(),
            |near| format!("did you mean `{near}`? `chartroom rules` lists them"),
        );
        section.problem(
            "unknown-rule",
            rule.span.clone(),
            format!("there is no edit `{}`", rule.value),
            Some(suggestion),
        );
    }
    known.map(|(code, _)| (*code).to_owned())
}

fn read_severity(table: &mut Section<'_>, reading: &Reading<'_>, ignore: &[String]) -> Vec<(String, Severity)> {
    let mut given: Vec<(String, Severity)> = Vec::new();
    for entry in table.entries() {
        let code = code_of(table, reading, &entry.key);
        let severity = table.entry_word(&entry, &SEVERITIES);
        let Some(code) = code else { continue };
        let contradiction = if ignore.contains(&code) {
            Some(format!("`{code}` is ignored above and given a severity here"))
        } else if given.iter().any(|(earlier, _)| *earlier == code) {
            Some(format!("`{code}` is given a severity twice, by its code and by its name"))
        } else {
            None
        };
        if let Some(message) = contradiction {
            table.problem("contradiction", entry.key.span.clone(), message, Some("keep one of the two".to_owned()));
        }
        given.extend(severity.map(|severity| (code, severity.value)));
    }
    given
}
