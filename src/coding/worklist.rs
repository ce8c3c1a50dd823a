//! The coders' worklists: what no rule may decide, most frequent first. Filled in, either file comes back as a site map.

use crate::{
    book::csv::{CsvColumn, CsvTable},
    codeset::{describe::dotted, gem::MapCandidate, sets::CodeSets},
    coding::tally::{CodeTally, Undecided},
    record::code::CodeSystem,
};

/// `worklists/codes_to_decide.csv`: a coder fills in `to_code` with a code, codes joined by `+`, or `none`, and the file is a site map.
/// Rows left blank are left alone. The four columns of candidates name them in one order, the best first, with `; ` between.
#[derive(Debug)]
pub struct CodesToDecide;

/// A line of [`CodesToDecide`].
#[derive(Debug)]
pub struct ToDecideLine<'r> {
    undecided: &'r Undecided,
    count: u64,
    /// Codes, titles, whether each is approximate, and how often each stands in the run.
    candidates: [String; 4],
}

impl CsvTable for CodesToDecide {
    type Row<'r> = ToDecideLine<'r>;
    const PATH: &'static str = "worklists/codes_to_decide.csv";

    fn columns<'r>() -> Vec<CsvColumn<ToDecideLine<'r>>> {
        vec![
            ("from_system", |line| line.undecided.from_system.as_str().into()),
            ("from_code", |line| line.undecided.from_code.as_str().into()),
            ("to_system", |line| target(line.undecided).name().into()),
            ("to_code", |_| "".into()),
            ("kind", |line| if line.undecided.procedure { "procedure" } else { "diagnosis" }.into()),
            ("text", |line| line.undecided.text.as_str().into()),
            ("occurrences", |line| line.count.to_string().into()),
            ("reason", |line| line.undecided.reason.as_ref().into()),
            ("candidates", |line| line.candidates[0].as_str().into()),
            ("candidate_titles", |line| line.candidates[1].as_str().into()),
            ("candidate_approximate", |line| line.candidates[2].as_str().into()),
            ("candidate_occurrences", |line| line.candidates[3].as_str().into()),
        ]
    }
}

/// `worklists/site_map_template.csv`: the same without what is known of the codes.
#[derive(Debug)]
pub struct SiteMapTemplate;

/// A line of [`SiteMapTemplate`]: what is undecided, and how often.
pub type TemplateLine<'r> = (&'r Undecided, u64);

impl CsvTable for SiteMapTemplate {
    type Row<'r> = TemplateLine<'r>;
    const PATH: &'static str = "worklists/site_map_template.csv";

    fn columns<'r>() -> Vec<CsvColumn<TemplateLine<'r>>> {
        vec![
            ("from_system", |(undecided, _)| undecided.from_system.as_str().into()),
            ("from_code", |(undecided, _)| undecided.from_code.as_str().into()),
            ("to_system", |(undecided, _)| target(undecided).name().into()),
            ("to_code", |_| "".into()),
            ("note", |(undecided, _)| undecided.text.as_str().into()),
            ("occurrences", |(_, count)| count.to_string().into()),
        ]
    }
}

/// `zeros_restored.csv`: each text that was given leading zeros back, with the code it was read as.
#[derive(Debug)]
pub struct ZerosRestored;

/// A line of [`ZerosRestored`]: the code system, the text, the code, its title, and how often.
pub type RestoredLine<'r> = (CodeSystem, &'r str, &'r str, &'r str, u64);

impl CsvTable for ZerosRestored {
    type Row<'r> = RestoredLine<'r>;
    const PATH: &'static str = "zeros_restored.csv";

    fn columns<'r>() -> Vec<CsvColumn<RestoredLine<'r>>> {
        vec![
            ("system", |line| line.0.name().into()),
            ("written", |line| line.1.into()),
            ("code", |line| dotted(line.0, line.2).into()),
            ("title", |line| line.3.into()),
            ("occurrences", |line| line.4.to_string().into()),
        ]
    }
}

/// Candidates shown of one code. V54.12 has over five hundred, and nobody reads a cell of so many.
const MOST_SHOWN: usize = 24;

/// Lines of `zeros_restored.csv`, most frequent first, then by system, text and code.
pub fn restored<'t>(tally: &'t CodeTally, sets: &'t CodeSets) -> impl Iterator<Item = RestoredLine<'t>> {
    let mut rows: Vec<_> = tally.restored.iter().collect();
    rows.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
    rows.into_iter().map(|((system, written, code), count)| {
        let table = sets.table(*system);
        let title = table.find(code.text().as_bytes()).map_or("", |id| table.title(id));
        (*system, written.text(), code.text(), title, *count)
    })
}

/// What is undecided, most frequent first, then by kind, system and code: the lines of the template.
pub fn in_order(tally: &CodeTally) -> Vec<TemplateLine<'_>> {
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

/// Lines of the worklist, most frequent first, then by kind, system and code.
pub fn to_decide<'t>(tally: &'t CodeTally, sets: &'t CodeSets) -> impl Iterator<Item = ToDecideLine<'t>> {
    in_order(tally).into_iter().map(move |(undecided, count)| ToDecideLine {
        undecided,
        count,
        candidates: candidate_cells(undecided, tally, sets),
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
    let title = |candidate: &MapCandidate| {
        let titles =
            candidate.codes.iter().map(|code| table.find(code.text().as_bytes()).map_or("", |id| table.title(id)));
        titles.collect::<Vec<_>>().join(" + ")
    };
    let more = candidates.len().saturating_sub(MOST_SHOWN);
    let cell = |of: &dyn Fn(&MapCandidate) -> String| {
        candidates.iter().take(MOST_SHOWN).map(of).collect::<Vec<_>>().join("; ")
    };
    let mut codes = cell(&MapCandidate::text);
    if more > 0 {
        codes.push_str(&format!("; and {more} more"));
    }
    if !ranked {
        return [codes, cell(&title), String::new(), String::new()];
    }
    let yes_no = |candidate: &MapCandidate| if candidate.approximate { "yes" } else { "no" }.to_owned();
    let occurrences = |candidate: &MapCandidate| tally.frequency.of(system, candidate).to_string();
    [codes, cell(&title), cell(&yes_no), cell(&occurrences)]
}
