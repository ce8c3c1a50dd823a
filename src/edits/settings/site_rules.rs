//! The `[[edits.rule]]` sections: a site's own rules, checked as the file is read.

use super::{KnownRules, SEVERITIES};
use crate::{
    edits::{
        rule::Level,
        site_rule::{RuleCondition, SiteRule, children_of},
    },
    expression::{check::compile, tree::Children},
    problem::{
        closest,
        reader::{At, Section},
    },
    record::{
        date::Day,
        field::{CanonicalTable, DICTIONARY, Field},
        finding::Severity,
    },
};

/// Levels as a pipeline file writes them.
const LEVELS: [(&str, Level); 4] = [
    ("encounter", Level::Encounter),
    ("diagnosis", Level::Diagnosis),
    ("procedure", Level::Procedure),
    ("document", Level::Document),
];

/// The most rules of one pipeline; findings number all rules of a run in sixteen bits.
const MOST: usize = 1000;

/// Reads the site's own rules.
pub fn read(section: &mut Section<'_>, known: KnownRules<'_>) -> Vec<SiteRule> {
    let mut codes: Vec<String> = Vec::new();
    let rules = section.sections("rule", |rule| read_rule(rule, known, &mut codes));
    if rules.len() > MOST {
        let span = section.value_span("rule").unwrap_or_else(|| section.span.clone());
        section.problem("out-of-range", span, format!("a pipeline has at most {MOST} rules of its own"), None);
    }
    rules.into_iter().flatten().collect()
}

fn read_rule(section: &mut Section<'_>, known: KnownRules<'_>, codes: &mut Vec<String>) -> Option<SiteRule> {
    let code = read_code(section, known, codes);
    let title = section.required_words("title");
    let severity = section.word("severity", &SEVERITIES).map_or(Severity::Error, |severity| severity.value);
    let level = section.word("level", &LEVELS).map_or(Level::Encounter, |level| level.value);
    let field = read_field(section, level);
    let children = children_of(level);
    let applies = section.text("applies").map(|text| condition(section, &text, children));
    let question = read_question(section, children);
    let first = read_day(section, "first");
    let last = read_day(section, "last");
    if let (Some(first), Some(last)) = (&first, &last)
        && last.value < first.value
    {
        section.problem("contradiction", last.span.clone(), "the last day is before the first", None);
    }
    let message = section.text("message");
    let mut words = |key: &'static str| section.text(key).map(|text| text.value).unwrap_or_default();
    let (why, source) = (words("why"), words("source"));
    let applies = match applies {
        Some(condition) => Some(condition?),
        None => None,
    };
    let (question, required) = question?;
    let title = title?.value;
    Some(SiteRule {
        code: code?,
        severity,
        level,
        field,
        first: first.map(|first| first.value),
        last: last.map(|last| last.value),
        applies,
        question,
        required,
        message: message
            .map(|message| message.value)
            .filter(|words| !words.trim().is_empty())
            .unwrap_or_else(|| title.clone()),
        title,
        why,
        source,
    })
}

/// A code that no edit has or may come to have: three letters and a number are kept for those that ship.
fn read_code(section: &mut Section<'_>, known: KnownRules<'_>, codes: &mut Vec<String>) -> Option<String> {
    let code = section.required_text("code")?;
    let bytes = code.value.as_bytes();
    let well_formed = (3..=16).contains(&bytes.len())
        && bytes[0].is_ascii_uppercase()
        && bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'));
    let reserved =
        bytes.len() == 6 && bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[3..].iter().all(u8::is_ascii_digit);
    let shipped = known.has(&code.value);
    let (kind, message, suggestion) = if shipped {
        (
            "repeated-code",
            format!("`{}` is the code of an edit that ships", code.value),
            "write a code of the site's own, such as `SITE001`",
        )
    } else if reserved {
        let message = format!("`{}` has the form of the codes that ship: three letters and three digits", code.value);
        ("repeated-code", message, "write a code of the site's own, such as `SITE001`")
    } else if !well_formed {
        let message = format!("`{}` is no code of a rule", code.value);
        ("bad-code", message, "write 3 to 16 capital letters, digits, `-` and `_`, a letter first")
    } else if codes.contains(&code.value) {
        let message = format!("`{}` is the code of another rule above", code.value);
        ("repeated-code", message, "give every rule a code of its own")
    } else {
        codes.push(code.value.clone());
        return Some(code.value);
    };
    section.problem(kind, code.span, message, Some(suggestion.to_owned()));
    None
}

/// The field that is blamed: one of the rows the rule is asked of. A finding on a diagnosis or procedure blames its code where nothing else is said.
fn read_field(section: &mut Section<'_>, level: Level) -> Option<Field> {
    let (table, own) = match level {
        Level::Diagnosis => (CanonicalTable::Diagnoses, Some(Field::DiagnosisCode)),
        Level::Procedure => (CanonicalTable::Procedures, Some(Field::ProcedureCode)),
        Level::Document => (CanonicalTable::Documents, Some(Field::DocumentId)),
        Level::Encounter
        | Level::Input
        | Level::Row
        | Level::Patient
        | Level::Table
        | Level::FacilityMonth
        | Level::Practitioner => (CanonicalTable::Encounters, None),
    };
    let Some(written) = section.text("field") else { return own };
    let of_level = |field: Field| field.entry().table == table;
    let found = Field::from_name(&written.value).filter(|field| of_level(*field));
    if found.is_none() {
        let names = DICTIONARY.iter().filter(|entry| of_level(entry.field)).map(|entry| entry.name);
        let suggestion = closest(&written.value, names.clone()).map_or_else(
            || format!("the fields are: {}", names.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("`{}` is no field of a rule of level {}", written.value, level.name());
        section.problem("unknown-field", written.span, message, Some(suggestion));
    }
    found
}

/// `violates` or `requires`, one of the two; whether it is `requires`.
fn read_question(section: &mut Section<'_>, children: Option<Children>) -> Option<(RuleCondition, bool)> {
    let violates = section.text("violates");
    let requires = section.text("requires");
    match (violates, requires) {
        (Some(text), None) => Some((condition(section, &text, children)?, false)),
        (None, Some(text)) => Some((condition(section, &text, children)?, true)),
        (Some(_), Some(text)) => {
            let message = "a rule has `violates` or `requires`, not both";
            section.problem("contradiction", text.span, message, Some("make two rules of it".to_owned()));
            None
        }
        (None, None) => {
            if !section.has("violates") && !section.has("requires") {
                let span = section.span.start..section.span.start + 1;
                let suggestion = "say what must not be (`violates`) or what must be (`requires`)";
                section.problem("missing-key", span, "the rule asks nothing", Some(suggestion.to_owned()));
            }
            None
        }
    }
}

/// A condition, checked.
pub fn condition(section: &mut Section<'_>, text: &At<String>, children: Option<Children>) -> Option<RuleCondition> {
    match compile(&text.value, children) {
        Ok(expression) => Some(RuleCondition { text: text.value.clone(), expression }),
        Err(faults) => {
            for fault in faults {
                let span = section.inside_text(text, fault.span);
                section.problem(fault.code, span, fault.message, fault.suggestion);
            }
            None
        }
    }
}

/// A day, written `YYYY-MM-DD`.
pub fn read_day(section: &mut Section<'_>, key: &'static str) -> Option<At<Day>> {
    let text = section.text(key)?;
    let day = Day::from_iso(&text.value);
    if day.is_none() {
        let message = format!("`{}` is no day", text.value);
        section.problem("bad-date", text.span.clone(), message, Some("write it as \"2026-10-01\"".to_owned()));
    }
    day.map(|day| At { value: day, span: text.span })
}
