//! The coders' worklists: what no rule may decide, most frequent first. Filled in, either file comes back as a site map.

use crate::{
    codeset::{describe::dotted, gem::Candidate, sets::CodeSets},
    coding::tally::{CodeTally, Undecided},
    record::code::CodeSystem,
};

/// Columns of `worklists/codes_to_decide.csv`: a coder fills in `to_code` with a code, codes joined by `+`, or `none`, and the file is a site map.
/// Rows left blank are left alone. The four columns of candidates name them in one order, the best first, with `; ` between.
pub const DECIDE_COLUMNS: [&str; 12] = [
    "from_system",
    "from_code",
    "to_system",
    "to_code",
    "kind",
    "text",
    "occurrences",
    "reason",
    "candidates",
    "candidate_titles",
    "candidate_approximate",
    "candidate_occurrences",
];
/// Columns of `worklists/site_map_template.csv`: the same without what is known of the codes.
pub const TEMPLATE_COLUMNS: [&str; 6] = ["from_system", "from_code", "to_system", "to_code", "note", "occurrences"];

/// Candidates shown of one code. V54.12 has over five hundred, and nobody reads a cell of so many.
const MOST_SHOWN: usize = 24;

/// Columns of `zeros_restored.csv`: each text that was given leading zeros back, with the code it was read as.
pub const RESTORED_COLUMNS: [&str; 5] = ["system", "written", "code", "title", "occurrences"];

/// Rows of `zeros_restored.csv`, most frequent first, then by system, text and code.
pub fn restored(tally: &CodeTally, sets: &CodeSets) -> Vec<[String; 5]> {
    let mut rows: Vec<_> = tally.restored.iter().collect();
    rows.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
    rows.into_iter()
        .map(|((system, written, code), count)| {
            let table = sets.table(*system);
            let title = table.find(code.text().as_bytes()).map_or("", |id| table.title(id));
            [
                system.name().to_owned(),
                written.text().to_owned(),
                dotted(*system, code.text()),
                title.to_owned(),
                count.to_string(),
            ]
        })
        .collect()
}

/// What is undecided, most frequent first, then by kind, system and code.
fn in_order(tally: &CodeTally) -> Vec<(&Undecided, u64)> {
    let mut rows: Vec<_> = tally.undecided.values().map(|(undecided, count)| (undecided, *count)).collect();
    rows.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
    rows
}

/// The system that a coder is asked for.
fn target(undecided: &Undecided) -> CodeSystem {
    // Of a text with several readings the question is which of them it is.
    if let Some(own) = undecided.candidate_system.filter(|system| system.name() == undecided.from_system) {
        return own;
    }
    match (undecided.procedure, CodeSystem::from_name(&undecided.from_system)) {
        // A code of ICD-10 is mapped back to ICD-9-CM.
        (false, Some(CodeSystem::Icd10Cm)) => CodeSystem::Icd9Cm,
        (true, Some(CodeSystem::Icd10Pcs)) => CodeSystem::Icd9Procedure,
        (false, _) => CodeSystem::Icd10Cm,
        (true, _) => CodeSystem::Icd10Pcs,
    }
}

/// Rows of the worklist, most frequent first, then by kind, system and code.
pub fn to_decide<'t>(tally: &'t CodeTally, sets: &'t CodeSets) -> impl Iterator<Item = [String; 12]> + 't {
    in_order(tally).into_iter().map(move |(undecided, count)| {
        let [candidates, titles, approximate, occurrences] = candidate_cells(undecided, tally, sets);
        [
            undecided.from_system.clone(),
            undecided.from_code.clone(),
            target(undecided).name().to_owned(),
            String::new(),
            if undecided.procedure { "procedure" } else { "diagnosis" }.to_owned(),
            undecided.text.clone(),
            count.to_string(),
            undecided.reason.to_owned(),
            candidates,
            titles,
            approximate,
            occurrences,
        ]
    })
}

/// The candidates of a code, ranked: as a coder writes them, their titles, whether each is approximate, and how often each stands in the run.
fn candidate_cells(undecided: &Undecided, tally: &CodeTally, sets: &CodeSets) -> [String; 4] {
    let Some(system) = undecided.candidate_system else { return Default::default() };
    let mut candidates = undecided.candidates.clone();
    // The readings of a text that lost its zeros are of its own system: none was taken, and nothing was counted.
    let ranked = system.name() != undecided.from_system;
    if ranked {
        tally.frequency.rank(system, &mut candidates);
    }
    let table = sets.table(system);
    let title = |candidate: &Candidate| {
        let titles =
            candidate.codes.iter().map(|code| table.find(code.text().as_bytes()).map_or("", |id| table.title(id)));
        titles.collect::<Vec<_>>().join(" + ")
    };
    let more = candidates.len().saturating_sub(MOST_SHOWN);
    let cell =
        |of: &dyn Fn(&Candidate) -> String| candidates.iter().take(MOST_SHOWN).map(of).collect::<Vec<_>>().join("; ");
    let mut codes = cell(&Candidate::text);
    if more > 0 {
        codes.push_str(&format!("; and {more} more"));
    }
    if !ranked {
        return [codes, cell(&title), String::new(), String::new()];
    }
    let yes_no = |candidate: &Candidate| if candidate.approximate { "yes" } else { "no" }.to_owned();
    let occurrences = |candidate: &Candidate| tally.frequency.of(system, candidate).to_string();
    [codes, cell(&title), cell(&yes_no), cell(&occurrences)]
}

/// Rows of the template, in the same order.
pub fn template(tally: &CodeTally) -> impl Iterator<Item = [String; 6]> + '_ {
    in_order(tally).into_iter().map(|(undecided, count)| {
        [
            undecided.from_system.clone(),
            undecided.from_code.clone(),
            target(undecided).name().to_owned(),
            String::new(),
            undecided.text.clone(),
            count.to_string(),
        ]
    })
}
