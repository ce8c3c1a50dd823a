//! The lines of the account on findings of whole files.

use super::results::RunResults;
use crate::edits::account::file_findings::FileFinding;

/// Lines that the account has for them.
const LINES: usize = 5;
/// Rules whose findings have lines of their own in the account: an input that cannot be used, a file that did not come, rows not read, formulas without a
/// value, codes of another revision.
const TOLD: [&str; 5] = ["FIL007", "FIL040", "FIL018", "FIL020", "COD118"];
/// The same bytes came before.
const SENT_AGAIN: &str = "FIL003";
/// Rows repeat others.
const REPEATED: &str = "FIL005";
/// Not one row can be read.
const NOTHING_READ: &str = "FIL011";
/// Some rows cannot be read.
const QUARANTINED: &str = "FIL004";

/// The lines of the account on findings that nothing else in it tells: those of files that are new come first, and of these the heavier ones.
pub fn look_at(results: &RunResults) -> Vec<String> {
    let has =
        |place: usize, rule: &str| results.desks.file_findings.iter().any(|own| own.place == place && own.rule == rule);
    let is_told = |finding: &&FileFinding| {
        let input = &results.inputs[finding.place];
        // What was told of a file on the night that took it is not told every night.
        if !results.records_of.is_empty() && input.taken_before {
            return true;
        }
        let is_named = input.is_sent_again() && !input.same_bytes_as.is_empty();
        match finding.rule.as_str() {
            rule if TOLD.contains(&rule) => true,
            rule if rule == SENT_AGAIN => is_named,
            // What follows from the one is not told once more.
            rule if rule == REPEATED => is_named || has(finding.place, SENT_AGAIN),
            rule if rule == QUARANTINED => has(finding.place, NOTHING_READ),
            _ => false,
        }
    };
    let mut findings: Vec<&FileFinding> =
        results.desks.file_findings.iter().filter(|finding| !is_told(finding)).collect();
    findings.sort_by_key(|finding| (results.inputs[finding.place].taken_before, finding.severity));
    let named = if findings.len() > LINES { LINES - 1 } else { findings.len() };
    let mut lines: Vec<String> = findings[..named]
        .iter()
        .map(|finding| format!("look at: {}: {} {}", finding.input, finding.rule, finding.words))
        .collect();
    if findings.len() > named {
        lines.push(format!("look at: {} more findings of whole files: findings.csv", findings.len() - named));
    }
    lines
}
