//! The list of edits and their pages, for people.

use super::rules::RULES;
use crate::record::finding::Severity;

/// One line of the table of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleLine {
    /// Stable code.
    pub code: &'static str,
    /// Name in the field's words.
    pub name: &'static str,
    /// Its own severity.
    pub severity: Severity,
    /// Group of the catalogue.
    pub group: &'static str,
    /// What it is asked of: input, encounter, diagnosis, procedure, document, row, patient.
    pub level: &'static str,
    /// The field at fault; empty where it is none alone.
    pub field: &'static str,
    /// First day of discharge it is for; empty: from the beginning.
    pub first_day: &'static str,
    /// Last day of discharge it is for; empty: still in force.
    pub last_day: &'static str,
    /// What a finding says.
    pub message: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
}

/// All rules, in the order of reports.
pub fn rules_table() -> Vec<RuleLine> {
    RULES
        .iter()
        .map(|rule| RuleLine {
            code: rule.code,
            name: rule.name,
            severity: rule.severity,
            group: rule.group(),
            level: rule.level().name(),
            field: rule.field.map_or("", |field| field.name()),
            first_day: rule.life.first.unwrap_or(""),
            last_day: rule.life.last.unwrap_or(""),
            message: rule.message,
            source: rule.source(),
        })
        .collect()
}

/// The page of a rule by its code or name, in any case.
pub fn explain(name: &str) -> Option<String> {
    let wanted = name.to_lowercase();
    let rule = RULES.iter().find(|rule| rule.code.to_lowercase() == wanted || rule.name == wanted)?;
    Some(rule.page.to_owned())
}

/// Codes and names of all rules.
pub fn known() -> Vec<(&'static str, &'static str)> {
    RULES.iter().map(|rule| (rule.code, rule.name)).collect()
}

/// The rules as an aligned table.
pub fn rules_text() -> String {
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in RULES {
        let field = rule.field.map_or("", |field| field.name());
        text.push_str(
            format!("{:<7} {:<8} {:<width$}  {field}", rule.code, rule.severity.name(), rule.name).trim_end(),
        );
        text.push('\n');
    }
    text.push_str(&format!("{} edits; `chartroom explain CODE` shows the page of one\n", RULES.len()));
    text
}

/// The rules as comma-separated values.
pub fn rules_csv() -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record([
        "code",
        "name",
        "severity",
        "group",
        "level",
        "field",
        "first_day",
        "last_day",
        "message",
        "source",
    ]);
    for line in rules_table() {
        let _ = writer.write_record([
            line.code,
            line.name,
            line.severity.name(),
            line.group,
            line.level,
            line.field,
            line.first_day,
            line.last_day,
            line.message,
            line.source,
        ]);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::rules::REMOVED;

    #[test]
    fn a_page_is_found_by_code_and_by_name_in_any_case() {
        assert_eq!(explain("log101"), explain("Discharge-Before-Admission"));
        assert!(explain("LOG101").is_some_and(|page| page.starts_with("# LOG101 discharge-before-admission")));
        assert_eq!(explain("LOG999"), None);
    }

    #[test]
    fn every_rule_has_a_group_a_source_a_life_and_a_code_of_its_family() {
        let table = rules_table();
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
    fn the_table_as_csv_has_a_line_a_rule() {
        let text = rules_csv();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(
            reader.records().filter(|record| record.as_ref().is_ok_and(|record| record.len() == 10)).count(),
            RULES.len()
        );
    }
}
