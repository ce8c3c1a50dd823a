//! The list of edits and their pages, for people.

use super::rules::RULES;

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
            &format!("{:<7} {:<8} {:<width$}  {field}", rule.code, rule.severity.name(), rule.name)
                .trim_end()
                .to_owned(),
        );
        text.push('\n');
    }
    text.push_str(&format!("{} edits; `chartroom explain CODE` shows the page of one\n", RULES.len()));
    text
}

/// The rules as comma-separated values.
pub fn rules_csv() -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let _ = writer.write_record(["code", "name", "severity", "field", "message"]);
    for rule in RULES {
        let field = rule.field.map_or("", |field| field.name());
        let _ = writer.write_record([rule.code, rule.name, rule.severity.name(), field, rule.message]);
    }
    writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
