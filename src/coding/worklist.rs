//! The coders' worklists: what no rule may decide, most frequent first, and a template that comes back as a site map.

use crate::coding::tally::CodeTally;

/// Columns of `worklists/codes_to_decide.csv`.
pub const DECIDE_COLUMNS: [&str; 6] = ["from_system", "from_code", "text", "occurrences", "reason", "candidates"];
/// Columns of `worklists/site_map_template.csv`: a coder fills in the target, and the file is a site map.
pub const TEMPLATE_COLUMNS: [&str; 6] = ["from_system", "from_code", "to_system", "to_code", "note", "occurrences"];

/// Rows of the worklist, most frequent first, then by system and code.
pub fn to_decide(tally: &CodeTally) -> Vec<[String; 6]> {
    let mut rows: Vec<_> = tally.undecided.values().collect();
    rows.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    rows.into_iter()
        .map(|(undecided, count)| {
            [
                undecided.from_system.clone(),
                undecided.from_code.clone(),
                undecided.text.clone(),
                count.to_string(),
                undecided.reason.to_owned(),
                undecided.candidates.join("; "),
            ]
        })
        .collect()
}

/// Rows of the template, in the same order.
pub fn template(tally: &CodeTally) -> Vec<[String; 6]> {
    to_decide(tally)
        .into_iter()
        .map(|[system, code, text, count, ..]| [system, code, "icd10cm".to_owned(), String::new(), text, count])
        .collect()
}
