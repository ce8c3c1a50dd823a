//! What findings on files are known by: the content of the file.

use std::collections::BTreeMap;

use super::engine::ActiveRules;
use crate::record::{
    account::InputAccount,
    finding::{Finding, FindingKey, Found},
    subject::Subject,
};

/// Gives findings on inputs their subjects and keys: the section, the part, and the SHA-256 of the file, or its name where it could not be read. So a finding keeps its key
/// when the file is renamed, and when another file comes or goes. Files with the same content are told apart by their order.
pub fn know_by_content(findings: &mut [Finding], inputs: &[InputAccount], rules: &ActiveRules) {
    let mut again: BTreeMap<(u16, Subject), u32> = BTreeMap::new();
    for finding in findings {
        let Some(input) = inputs.get(usize::from(finding.origin.input)) else { continue };
        let content = if input.sha256.is_empty() { &input.file } else { &input.sha256 };
        let subject = Subject::File { feed: input.feed.clone(), part: input.part.clone(), content: content.clone() };
        let again = again.entry((finding.rule, subject.clone())).or_default();
        let code = rules.rules[usize::from(finding.rule)].0.code;
        finding.key = FindingKey::of(code, Some(&subject), finding.field, Found::Once, (*again).into());
        finding.subject = subject;
        *again += 1;
    }
}
