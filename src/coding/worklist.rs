//! The coders' worklists: what no rule may decide, most frequent first. Filled in, either file comes back as a site map.

use crate::{coding::tally::CodeTally, record::code::CodeSystem};

/// Columns of `worklists/codes_to_decide.csv`: a coder fills in `to_code`, and the file is a site map. Rows left blank are left alone.
pub const DECIDE_COLUMNS: [&str; 9] =
    ["from_system", "from_code", "to_system", "to_code", "kind", "text", "occurrences", "reason", "candidates"];
/// Columns of `worklists/site_map_template.csv`: the same without what is known of the codes.
pub const TEMPLATE_COLUMNS: [&str; 6] = ["from_system", "from_code", "to_system", "to_code", "note", "occurrences"];

/// Rows of the worklist, most frequent first, then by kind, system and code.
pub fn to_decide(tally: &CodeTally) -> Vec<[String; 9]> {
    let mut rows: Vec<_> = tally.undecided.values().collect();
    rows.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    rows.into_iter()
        .map(|(undecided, count)| {
            let (kind, system) = match undecided.procedure {
                true => ("procedure", CodeSystem::Icd10Pcs),
                false => ("diagnosis", CodeSystem::Icd10Cm),
            };
            // A code of ICD-10-CM is mapped back to ICD-9-CM.
            let system = if undecided.from_system == system.name() { CodeSystem::Icd9Cm } else { system };
            [
                undecided.from_system.clone(),
                undecided.from_code.clone(),
                system.name().to_owned(),
                String::new(),
                kind.to_owned(),
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
        .map(|[system, code, target, chosen, _, text, count, ..]| [system, code, target, chosen, text, count])
        .collect()
}
