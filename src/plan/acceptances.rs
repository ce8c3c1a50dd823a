//! The `[[edits.accept]]` sections: findings that were verified as true.

use super::{
    check::{Reading, required_words},
    edits::code_of,
    site_rules::{condition, read_day},
};
use crate::{
    edits::{acceptance::Acceptance, site_rule::SiteRule},
    problem::reader::Section,
};

/// The most acceptances of one pipeline; findings number them in sixteen bits.
const MOST: usize = 10_000;

/// Reads the acceptances; `site` are the site's own rules, which they may name too.
pub fn read(section: &mut Section<'_>, reading: &Reading<'_>, ignore: &[String], site: &[SiteRule]) -> Vec<Acceptance> {
    let acceptances = section.sections("accept", |accept| read_one(accept, reading, ignore, site));
    if acceptances.len() > MOST {
        let span = section.value_span("accept").unwrap_or_else(|| section.span.clone());
        section.problem("out-of-range", span, format!("a pipeline accepts at most {MOST} times"), None);
    }
    acceptances.into_iter().flatten().collect()
}

fn read_one(
    section: &mut Section<'_>,
    reading: &Reading<'_>,
    ignore: &[String],
    site: &[SiteRule],
) -> Option<Acceptance> {
    let rule = match section.text("rule") {
        None => Some(String::new()),
        Some(rule) if site.iter().any(|own| own.code == rule.value) => Some(rule.value),
        Some(rule) => {
            let code = code_of(section, reading, &rule);
            if let Some(code) = code.as_ref().filter(|code| ignore.contains(code)) {
                let message = format!("`{code}` is ignored above, so there is nothing to accept");
                section.problem("contradiction", rule.span, message, Some("keep one of the two".to_owned()));
            }
            code
        }
    };
    let facility = section.text("facility").map(|facility| facility.value).unwrap_or_default();
    let record = section.text("record").map(|record| record.value).unwrap_or_default();
    let condition = section.text("condition").map(|text| condition(section, &text, None));
    let reason = required_words(section, "reason");
    let author = required_words(section, "author");
    let until = read_day(section, "until");
    let condition = match condition {
        Some(condition) => Some(condition?),
        None => None,
    };
    let rule = rule?;
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
