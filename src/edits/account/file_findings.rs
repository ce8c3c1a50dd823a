//! Findings of whole files: which file, which rule, and in its words what is the matter.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    edits::engine::ActiveRules,
    record::{
        account::InputAccount,
        finding::{Finding, Severity},
    },
};

/// A finding of a whole file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FileFinding {
    /// The file, with its member or sheet.
    pub input: String,
    /// Its place among the inputs.
    #[serde(skip)]
    pub place: usize,
    /// Code of the rule.
    pub rule: String,
    /// Severity in this run.
    #[schemars(with = "String")]
    pub severity: Severity,
    /// What is the matter, in the rule's words; without cells.
    pub words: String,
}

/// The findings of severity warning or worse, in the order of the inputs.
pub fn file_findings(findings: &[Finding], rules: &ActiveRules, inputs: &[InputAccount]) -> Vec<FileFinding> {
    let weighs = findings.iter().filter(|finding| finding.severity <= Severity::Warning);
    let of = |finding: &Finding| {
        let rule = rules.described(usize::from(finding.rule));
        let message = rule.message;
        let shown = if finding.raw.is_empty() { String::new() } else { format!(": {}", finding.raw) };
        FileFinding {
            input: inputs[usize::from(finding.origin.input)].label(),
            place: usize::from(finding.origin.input),
            rule: rule.code.to_owned(),
            severity: finding.severity,
            words: format!("{message}{shown}"),
        }
    };
    weighs.map(of).collect()
}
