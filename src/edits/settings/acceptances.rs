//! The `[[edits.accept]]` sections: findings that were verified as true.

use super::{
    KnownRules,
    site_rules::{condition, read_day},
};
use crate::{
    edits::{acceptance::Acceptance, rule::Level, rules::RULES, site_rule::SiteRule},
    problem::reader::{At, Section},
};

/// The most acceptances of one pipeline; findings number them in sixteen bits.
const MOST: usize = 10_000;

/// Reads the acceptances; `site` are the site's own rules, which they may name too. `by_facility`: several facilities may have an encounter number in common.
pub fn read(
    section: &mut Section<'_>,
    known: KnownRules<'_>,
    ignore: &[String],
    site: &[SiteRule],
    by_facility: bool,
) -> Vec<Acceptance> {
    let acceptances = section.sections("accept", |accept| read_one(accept, known, ignore, (site, by_facility)));
    if acceptances.len() > MOST {
        let span = section.value_span("accept").unwrap_or_else(|| section.span.clone());
        section.problem("out-of-range", span, format!("a pipeline accepts at most {MOST} times"), None);
    }
    acceptances.into_iter().flatten().collect()
}

fn read_one(
    section: &mut Section<'_>,
    known: KnownRules<'_>,
    ignore: &[String],
    (site, by_facility): (&[SiteRule], bool),
) -> Option<Acceptance> {
    let rule = match section.text("rule") {
        None => Some(String::new()),
        Some(rule) if site.iter().any(|own| own.code == rule.value) => Some(rule.value),
        Some(rule) => {
            let code = known.code_of(section, &rule);
            if let Some(code) = code.as_ref().filter(|code| ignore.contains(code)) {
                let message = format!("`{code}` is ignored above, so there is nothing to accept");
                section.problem("contradiction", rule.span, message, Some("keep one of the two".to_owned()));
            }
            code
        }
    };
    let facility = named(section, "facility", "every facility");
    let record = named(section, "record", "every record");
    let condition = section.text("condition").map(|text| condition(section, &text, None));
    let reason = section.required_words("reason");
    let author = section.required_words("author");
    let until = read_day(section, "until");
    let condition = match condition {
        Some(condition) => Some(condition?),
        None => None,
    };
    let (rule, facility, record) = (rule?, facility?, record?);
    let of_facility = condition.as_ref().is_some_and(|condition| condition.text.contains("facility_id"));
    refuse_what_never_holds(section, &rule, site);
    if by_facility
        && facility.is_empty()
        && !record.is_empty()
        && !of_facility
        && speaks_of_records(level_of(&rule, site))
    {
        let span = section.value_span("record").unwrap_or_else(|| section.span.clone());
        let message = "facilities may have this number in common (`encounter_numbers = \"facility\"`), and each would be accepted";
        section.problem("missing-key", span, message, Some("add the facility: facility = \"...\"".to_owned()));
    }
    if rule.is_empty() && facility.is_empty() && record.is_empty() && condition.is_none() {
        let span = section.span.start..section.span.start + 1;
        let suggestion = "name a `rule`, a `record` (its encounter number) or a `condition`";
        section.problem("missing-key", span, "this would accept every finding", Some(suggestion.to_owned()));
        return None;
    }
    Some(Acceptance {
        rule,
        facility,
        record,
        condition,
        reason: reason?.value,
        author: author?.value,
        until: until.map(|until| until.value),
    })
}

/// A text that names something; empty where the key is not written, `None` where it is and names nothing. `all`: what it would mean then.
fn named(section: &mut Section<'_>, key: &'static str, all: &str) -> Option<String> {
    let Some(At { value, span }) = section.text(key) else { return Some(String::new()) };
    if value.trim().is_empty() {
        let suggestion = format!("name the {key}, or take the line out where {all} is meant");
        section.problem("empty", span, format!("`{key}` says nothing"), Some(suggestion));
        return None;
    }
    Some(value.trim().to_owned())
}

/// What a rule is asked of; `None` where any rule is meant.
fn level_of(rule: &str, site: &[SiteRule]) -> Option<Level> {
    let own = || site.iter().find(|own| own.code == rule).map(|own| own.level);
    RULES.iter().find(|shipped| shipped.code == rule).map(|shipped| shipped.level()).or_else(own)
}

/// Whether findings of a level are known by an encounter number.
fn speaks_of_records(level: Option<Level>) -> bool {
    !matches!(level, Some(Level::Input | Level::Table | Level::FacilityMonth | Level::Practitioner))
}

/// Findings on files are never accepted, and a condition is asked of one record alone.
fn refuse_what_never_holds(section: &mut Section<'_>, rule: &str, site: &[SiteRule]) {
    let refusal = match level_of(rule, site) {
        None | Some(Level::Encounter | Level::Diagnosis | Level::Procedure | Level::Document) => return,
        Some(Level::Input) => (
            "rule",
            format!("`{rule}` speaks of a file, which has no facility and no record: such a finding is not accepted"),
            "list the rule under `ignore`, or give it another severity under [edits.severity]",
        ),
        Some(_) => (
            "condition",
            format!("`{rule}` speaks of more than one record, and a condition of one: nothing would be accepted"),
            "name the `facility`, the `record` or both",
        ),
    };
    let (key, message, suggestion) = refusal;
    if let Some(span) = section.value_span(key) {
        section.problem("never-true", span, message, Some(suggestion.to_owned()));
    }
}
