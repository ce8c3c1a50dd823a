//! The section `[edits]`: which edits are applied, how heavy they weigh, and what the run is held to. How it is written stands in `written`.

mod acceptances;
mod profiles;
mod site_rules;
mod trend;
pub mod written;

use self::trend::MOST_CASES;
use super::{
    acceptance::Acceptance,
    profile::Profile,
    reporting::has_values,
    rule::Test,
    rules::RULES,
    site_rule::SiteRule,
    trend::{facility_months::FacilityMonths, settings::TrendSettings},
};
use crate::{
    problem::{
        closest,
        named_files::NamedFiles,
        reader::{At, Entry, Section},
    },
    record::finding::Severity,
};

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct EditsSettings {
    /// Codes of rules that are not applied.
    pub ignore: Vec<String>,
    /// Codes of optional rules that are applied.
    pub apply: Vec<String>,
    /// Codes of rules whose findings are reported by value, beside those that always are.
    pub by_value: Vec<String>,
    /// Whether findings of severity info are listed; else they are counted alone.
    pub info_findings: bool,
    /// Severities that differ from the rule's own.
    pub severity: Vec<(String, Severity)>,
    /// Stays longer than this are findings, in days.
    pub long_stay_days: i32,
    /// Stays longer than this are errors, in days; `None`: none is too long.
    pub longest_stay_days: Option<i32>,
    /// Whether patient numbers are each facility's own.
    pub patient_numbers_by_facility: bool,
    /// Whether encounter numbers are each facility's own.
    pub encounter_numbers_by_facility: bool,
    /// The site's own rules.
    pub site: Vec<SiteRule>,
    /// Findings that were verified as true.
    pub acceptances: Vec<Acceptance>,
    /// Profiles that the run is held to; what they ignore and how they weigh stands in `ignore` and `severity` already.
    pub profiles: Vec<Profile>,
    /// By facility: discharges expected a month.
    pub targets: Vec<(String, u64)>,
    /// Limits of the trend edits.
    pub trend: TrendSettings,
    /// The facilities' earlier months as the pipeline's own files state them.
    pub history: FacilityMonths,
}

impl Default for EditsSettings {
    fn default() -> EditsSettings {
        EditsSettings {
            ignore: Vec::new(),
            apply: Vec::new(),
            by_value: Vec::new(),
            info_findings: true,
            severity: Vec::new(),
            long_stay_days: 365,
            longest_stay_days: None,
            patient_numbers_by_facility: false,
            encounter_numbers_by_facility: false,
            site: Vec::new(),
            acceptances: Vec::new(),
            profiles: Vec::new(),
            targets: Vec::new(),
            trend: TrendSettings::default(),
            history: FacilityMonths::default(),
        }
    }
}

/// The edits that a pipeline may name.
#[derive(Debug, Clone, Copy)]
pub struct KnownRules<'k>(
    /// Codes and names.
    pub &'k [(&'static str, &'static str)],
);

impl KnownRules<'_> {
    /// Whether an edit that ships has the code.
    fn has(self, code: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == code)
    }

    /// The code of an edit named by code or name; a problem where there is none.
    fn code_of(self, section: &mut Section<'_>, rule: &At<String>) -> Option<String> {
        let known = self.0.iter().find(|(code, name)| *code == rule.value || *name == rule.value);
        if known.is_none() {
            let names = self.0.iter().flat_map(|(code, name)| [*code, *name]);
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
}

/// Severities as a pipeline file writes them.
const SEVERITIES: [(&str, Severity); 4] =
    [("fatal", Severity::Fatal), ("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];

/// Reads the section. Edits are named by code or by name.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>, known: KnownRules<'_>) -> EditsSettings {
    let profiles = profiles::read(section, named, known);
    let mut ignore = Vec::new();
    for rule in section.texts("ignore") {
        ignore.extend(known.code_of(section, &rule));
    }
    let mut apply: Vec<String> = profiles.iter().flat_map(|profile| profile.apply.clone()).collect();
    for rule in section.texts("apply") {
        let code = known.code_of(section, &rule);
        if let Some(code) = code.as_ref().filter(|code| ignore.contains(code)) {
            let message = format!("`{code}` is ignored above and applied here");
            section.problem("contradiction", rule.span, message, Some("keep one of the two".to_owned()));
        }
        apply.extend(code);
    }
    let severity = section.section("severity", |table| read_severity(table, known, &ignore)).unwrap_or_default();
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
    let long_stay_days = section.days("long_stay_days").unwrap_or(EditsSettings::default().long_stay_days);
    let longest = section.days("longest_stay_days").unwrap_or(i32::MAX);
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
    let history = trend::read_history(section, named);
    let trend = section.section("trend", trend::read).unwrap_or_default();
    let site = site_rules::read(section, known);
    let by_value = read_by_value(section, known, &site);
    let info_findings = section.flag("info_findings").is_none_or(|flag| flag.value);
    let acceptances = acceptances::read(section, known, &ignore, &site, encounter_numbers_by_facility);
    // The pipeline's own words come last and go before those of a profile.
    let ignore_all: Vec<String> = profiles.iter().flat_map(|profile| profile.ignore.clone()).chain(ignore).collect();
    let severity = profiles.iter().flat_map(|profile| profile.severity.clone()).chain(severity).collect();
    EditsSettings {
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
fn read_by_value(section: &mut Section<'_>, known: KnownRules<'_>, site: &[SiteRule]) -> Vec<String> {
    let mut codes = Vec::new();
    for rule in section.texts("by_value") {
        let own = site.iter().find(|own| own.code == rule.value).map(|own| (own.code.clone(), own.level));
        let shipped = || {
            let code = known.code_of(section, &rule)?;
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

fn read_severity(table: &mut Section<'_>, known: KnownRules<'_>, ignore: &[String]) -> Vec<(String, Severity)> {
    let mut given: Vec<(String, Severity)> = Vec::new();
    for entry in table.entries() {
        let code = known.code_of(table, &entry.key);
        let severity = severity_of(code.as_deref(), &entry, table);
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
        given.extend(severity.map(|severity| (code, severity)));
    }
    given
}

/// The severity that a pipeline or profile gives an edit. One between records cannot be fatal: it does not say which of the two is wrong, so neither is kept out of
/// the statistics by it.
fn severity_of(code: Option<&str>, entry: &Entry<'_>, table: &mut Section<'_>) -> Option<Severity> {
    let severity = table.entry_word(entry, &SEVERITIES)?;
    let is_between_records =
        |code: &str| RULES.iter().any(|rule| rule.code == code && matches!(rule.test, Test::Patient { .. }));
    if severity.value == Severity::Fatal
        && let Some(code) = code.filter(|code| is_between_records(code))
    {
        table.problem(
            "contradiction",
            severity.span,
            format!("`{code}` is found between two records and does not say which is wrong, so neither is rejected"),
            Some("write \"error\": the record is on the worklist of records to correct then".to_owned()),
        );
        return None;
    }
    Some(severity.value)
}
