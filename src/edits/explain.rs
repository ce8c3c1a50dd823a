//! The list of edits and their pages, for people.

use super::{
    engine::ActiveRules,
    rules::RULES,
    site_rule::{GROUP, SiteRule},
};
use crate::{
    book::csv::in_memory,
    problem::closest,
    record::{date::Day, finding::Severity, shown::shown},
};

/// One line of the table of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine<'r> {
    /// Stable code.
    pub code: &'r str,
    /// Name in the field's words.
    pub name: &'r str,
    /// Its own severity.
    pub severity: Severity,
    /// Group of the catalogue.
    pub group: &'static str,
    /// What it is asked of: input, encounter, diagnosis, procedure, document, row, patient, facility month, practitioner.
    pub level: &'static str,
    /// The field at fault; empty where it is none alone.
    pub field: &'static str,
    /// First day of discharge it is for; empty: from the beginning.
    pub first_day: String,
    /// Last day of discharge it is for; empty: still in force.
    pub last_day: String,
    /// What a finding says.
    pub message: &'r str,
    /// Where the rule comes from.
    pub source: &'r str,
}

/// All rules, or those for discharges of a day, in the order of reports; after those that ship, a site's own.
pub fn rules_table(site: &[SiteRule], on: Option<Day>) -> Vec<RuleLine<'_>> {
    let shipped = RULES.iter().map(|rule| RuleLine {
        code: rule.code,
        name: rule.name,
        severity: rule.severity,
        group: rule.group(),
        level: rule.level().name(),
        field: rule.field.map_or("", |field| field.name()),
        first_day: rule.life.first.unwrap_or("").to_owned(),
        last_day: rule.life.last.unwrap_or("").to_owned(),
        message: rule.message,
        source: rule.source(),
    });
    let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
    let own = site.iter().map(|rule| RuleLine {
        code: &rule.code,
        name: &rule.title,
        severity: rule.severity,
        group: GROUP,
        level: rule.level.name(),
        field: rule.field.map_or("", |field| field.name()),
        first_day: day(rule.first),
        last_day: day(rule.last),
        message: &rule.message,
        source: &rule.source,
    });
    // Days are written so that their order is the order of texts.
    let day = on.map(|on| on.to_string());
    let in_force = |line: &RuleLine<'_>| {
        day.as_ref().is_none_or(|day| line.first_day <= *day && (line.last_day.is_empty() || line.last_day >= *day))
    };
    shipped.chain(own).filter(in_force).collect()
}

/// The rules of a run that are in force for discharges of a day, with their severities in the run.
pub fn rules_in_force(rules: &ActiveRules, on: Day) -> Vec<RuleLine<'_>> {
    let mut table = rules_table(&rules.site, Some(on));
    table.retain_mut(|line| {
        let active = (0..rules.count()).map(|number| rules.described(number)).find(|active| active.code == line.code);
        line.severity = active.map_or(line.severity, |active| active.severity);
        active.is_some()
    });
    table
}

/// The page of a rule by its code or name, in any case; of one that ships or of a site's own.
pub fn explain(name: &str, site: &[SiteRule]) -> Option<String> {
    let wanted = name.to_lowercase();
    let shipped = RULES.iter().find(|rule| rule.code.to_lowercase() == wanted || rule.name == wanted);
    let own = || site.iter().find(|rule| rule.code.to_lowercase() == wanted || rule.title.to_lowercase() == wanted);
    shipped.map(|rule| rule.page.to_owned()).or_else(|| own().map(SiteRule::page))
}

/// Codes or names that a word was probably meant for: the codes that begin so, else the one nearest to it.
pub fn near(word: &str) -> Vec<&'static str> {
    const MOST: usize = 10;
    let wanted = word.to_uppercase();
    let begin_so = RULES.iter().map(|rule| rule.code).filter(|code| !wanted.is_empty() && code.starts_with(&wanted));
    let begin_so: Vec<&str> = begin_so.take(MOST).collect();
    if begin_so.is_empty() {
        return closest(word, RULES.iter().flat_map(|rule| [rule.code, rule.name])).into_iter().collect();
    }
    begin_so
}

/// Codes and names of all rules.
pub fn known() -> Vec<(&'static str, &'static str)> {
    RULES.iter().map(|rule| (rule.code, rule.name)).collect()
}

/// The rules as an aligned table.
pub fn rules_text(site: &[SiteRule], on: Option<Day>) -> String {
    let table = rules_table(site, on);
    let widest = |of: fn(&RuleLine<'_>) -> usize| table.iter().map(of).max().unwrap_or(0);
    let code_width = widest(|line| line.code.len()).max(7);
    let name_width = widest(|line| line.name.chars().count());
    let mut text = String::new();
    for line in &table {
        let (code, severity, name, field) = (line.code, line.severity.name(), line.name, line.field);
        text.push_str(&shown(format!("{code:<code_width$} {severity:<8} {name:<name_width$}  {field}").trim_end()));
        text.push('\n');
    }
    let own = if site.is_empty() { String::new() } else { format!(", {} of them the site's own", site.len()) };
    text.push_str(&format!("{} edits{own}; `chartroom explain CODE` shows the page of one\n", table.len()));
    text
}

/// The rules as comma-separated values.
pub fn rules_csv(site: &[SiteRule], on: Option<Day>) -> String {
    let headings =
        ["code", "name", "severity", "group", "level", "field", "first_day", "last_day", "message", "source"];
    let table = rules_table(site, on);
    let lines = table.iter().map(|line| {
        let RuleLine { code, name, severity, group, level, field, first_day, last_day, message, source } = line;
        [code, name, severity.name(), group, level, field, first_day, last_day, message, source]
    });
    String::from_utf8_lossy(&in_memory(headings, lines)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::rules::REMOVED;

    #[test]
    fn a_page_is_found_by_code_and_by_name_in_any_case() {
        assert_eq!(explain("log101", &[]), explain("Discharge-Before-Admission", &[]));
        assert!(explain("LOG101", &[]).is_some_and(|page| page.starts_with("# LOG101 discharge-before-admission")));
        assert_eq!(explain("LOG999", &[]), None);
    }

    #[test]
    fn every_rule_has_a_group_a_source_a_life_and_a_code_of_its_family() {
        let table = rules_table(&[], None);
        assert!(table.len() >= 65, "{} edits", table.len());
        for (line, rule) in table.iter().zip(RULES) {
            assert!(!line.group.is_empty() && !line.source.is_empty(), "{}", line.code);
            let (first, last) = rule.life.days();
            assert!(first < last, "{}", line.code);
            assert!(line.code.len() == 6 && line.code[3..].bytes().all(|byte| byte.is_ascii_digit()), "{}", line.code);
            assert!(REMOVED.iter().all(|(code, _)| *code != line.code), "{} was removed", line.code);
        }
    }

    #[test]
    fn the_table_of_a_day_has_the_edits_of_that_day_alone() {
        let on = |day: &str| rules_table(&[], Day::from_iso(day));
        let has = |lines: &[RuleLine<'_>], code: &str| lines.iter().any(|line| line.code == code);
        // The sex edits of the Medicare Code Editor ended on 2024-09-30; maternity was 12 to 55 until 2019-09-30.
        assert!(has(&on("2024-09-30"), "MCE005") && !has(&on("2024-10-01"), "MCE005"));
        assert!(has(&on("2019-09-30"), "LOG126") && !has(&on("2019-10-01"), "LOG126"));
        assert!(on("2026-10-01").len() < rules_table(&[], None).len());
    }

    #[test]
    fn the_table_as_csv_has_a_line_a_rule() {
        let text = rules_csv(&[], None);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(
            reader.records().filter(|record| record.as_ref().is_ok_and(|record| record.len() == 10)).count(),
            RULES.len()
        );
    }
}
