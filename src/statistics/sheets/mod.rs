//! The sheets of the workbook, one a file, in one ordered list.

mod chapters;
mod clinical_groups;
mod coders;
mod codes;
mod coding;
mod comorbidity;
mod conformity;
mod contents;
mod deficiencies;
mod definitions;
mod discharges;
mod edits;
mod groups;
mod rules;
mod run_sheet;
mod stays;
mod trends;

use super::{
    book::{Book, Sheet, Table},
    clinical_groups::GroupTally,
    tally::Tally,
};
use crate::{
    codeset::groups::Groups,
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// Looks a code's group up: its number or range, and its title.
pub type Lookup<'r, N> = dyn Fn(CodeSystem, &PackedCode) -> Option<(N, String)> + 'r;

/// What the sheets are made from: the statistics, and what other desks hand in as plain rows.
pub struct Report<'r> {
    /// Title of the pipeline.
    pub title: &'r str,
    /// The day the run speaks of.
    pub business_date: Day,
    /// Name of the period; empty when there is none.
    pub period: &'r str,
    /// The statistics.
    pub tally: &'r Tally,
    /// Rows of the lists of most frequent codes.
    pub top: usize,
    /// Title of a code.
    pub title_of: &'r dyn Fn(CodeSystem, &PackedCode) -> String,
    /// Chapter of a code: number and title.
    pub chapter_of: &'r Lookup<'r, usize>,
    /// Block of a code: range and title.
    pub block_of: &'r Lookup<'r, String>,
    /// A code with its dot; what is no code is not shown.
    pub dotted: &'r dyn Fn(CodeSystem, &str) -> String,
    /// Facts of the run, name and value.
    pub run: Vec<(String, String)>,
    /// Inputs with hashes and their conservation.
    pub inputs: Vec<InputRow>,
    /// Where encounters went, in words and counts.
    pub encounters: Vec<(String, u64)>,
    /// Why the figures are not of everything: files that did not come or could not be used, in words; empty where they are.
    pub not_whole: String,
    /// Discharges that are undecided, and the records that bear their numbers.
    pub undecided: [u64; 2],
    /// Code sets: name, release, sha256.
    pub code_sets: Vec<[String; 3]>,
    /// Edits.
    pub edits: Vec<EditRow>,
    /// The edits in force and their day: code, name, group, severity in this run, level, first and last day, message, source.
    pub rules: (Day, Vec<[String; 9]>),
    /// Conditions of the profiles.
    pub conformity: Vec<ConformityRow>,
    /// Acceptances: number in the pipeline; rule, reason, author, last day; findings; status.
    pub acceptances: Vec<(u64, [String; 4], u64, String)>,
    /// Facilities' months against their trend.
    pub trends: TrendRows,
    /// Settings that had no effect.
    pub unmet_settings: Vec<String>,
    /// Codes by verdict: verdict, diagnoses, procedures.
    pub verdicts: Vec<(String, u64, u64)>,
    /// Codes by system: its title, how many, and how many of them valid.
    pub systems: Vec<(String, u64, u64)>,
    /// What mapping came to, in words and counts.
    pub mapping: Vec<(String, u64)>,
    /// Comorbidity.
    pub comorbidity: ComorbidityRows,
    /// Clinical categories and chronic conditions by code.
    pub groups: &'r Groups,
    /// Discharges by these.
    pub group_tally: &'r GroupTally,
    /// Chart deficiencies; `None` where the pipeline does not look for them.
    pub deficiencies: Option<DeficiencyRows>,
}

/// One input on the run sheet.
pub struct InputRow {
    /// File, with member or sheet.
    pub name: String,
    /// Feed.
    pub feed: String,
    /// Rows read, accepted, quarantined, duplicate; of the accepted superseded, withdrawn, undecided, excluded.
    pub counts: [u64; 8],
    /// SHA-256.
    pub sha256: String,
    /// Encoding, unmapped columns, faults.
    pub note: String,
}

/// One edit on the scorecard.
pub struct EditRow {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Severity.
    pub severity: String,
    /// Examined, failed, verified as true, not applicable, of these unknown.
    pub counts: [u64; 5],
    /// Status.
    pub status: String,
}

/// One condition of a profile.
pub struct ConformityRow {
    /// Profile, condition, and the input or facility it speaks of.
    pub names: [String; 3],
    /// Numerator and denominator.
    pub counts: [u64; 2],
    /// Limit in words.
    pub limit: String,
    /// Status.
    pub status: String,
    /// Why.
    pub why: String,
    /// Statute, rule or standard.
    pub source: String,
}

/// Facilities' months as plain rows.
pub struct TrendRows {
    /// The figures that were judged or could not be.
    pub figures: Vec<TrendRow>,
    /// Headings of the quotients of a month, and whether each is a percentage.
    pub titles: Vec<(&'static str, bool)>,
    /// The months judged and those of their histories.
    pub months: Vec<TrendMonthRow>,
}

/// One figure. Means and limits are in millionths.
pub struct TrendRow {
    /// Facility; empty where none is stated.
    pub facility: String,
    /// Month; empty where the figure is of the whole run.
    pub month: String,
    /// Title of the measure.
    pub measure: &'static str,
    /// Service, coder or practitioner.
    pub of: String,
    /// Numerator and denominator.
    pub counts: [u64; 2],
    /// Whether it is a percentage.
    pub percent: bool,
    /// Decimals shown.
    pub decimals: u32,
    /// Whether the figure itself is a count, the numerator.
    pub is_count: bool,
    /// Months of the history; 0 where there is none.
    pub months: u64,
    /// Mean.
    pub mean: Option<u64>,
    /// Warning limits, critical limits: lower, upper.
    pub limits: [Option<[u64; 2]>; 2],
    /// Verdict.
    pub verdict: &'static str,
    /// Why it is not judged.
    pub why: String,
}

/// One month of a facility.
pub struct TrendMonthRow {
    /// Facility; empty where none is stated.
    pub facility: String,
    /// Month.
    pub month: String,
    /// Discharges.
    pub discharges: u64,
    /// Numerator and denominator, in the order of the headings.
    pub rates: Vec<[u64; 2]>,
}

/// Comorbidity as plain rows.
pub struct ComorbidityRows {
    /// Versions of AHRQ's refined software, and which discharges each measures.
    pub refined_versions: String,
    /// Encounters counted; those to which the measures of AHRQ apply; of those, the ones without present-on-admission marks.
    pub encounters: [u64; 3],
    /// Index, title of the condition, encounters with it, encounters in which it is known.
    pub conditions: Vec<(&'static str, String, u64, u64)>,
    /// Score, value, encounters.
    pub scores: Vec<(&'static str, i32, u64)>,
}

/// Deficiencies as plain rows.
pub struct DeficiencyRows {
    /// Whether missing documents were looked for, and why not.
    pub missing_documents: [String; 2],
    /// Kinds of document that the matrix does not name: as written, documents, the word probably meant.
    pub unnamed_types: Vec<(String, u64, String)>,
    /// Charts examined, incomplete records, delinquent records.
    pub records: [u64; 3],
    /// Code, name, count, what to do.
    pub kinds: Vec<(String, String, u64, String)>,
    /// Clinician; open, records, delinquent, late; oldest in days.
    pub clinicians: Vec<(String, [u64; 4], u64)>,
    /// Age; records, deficiencies.
    pub ages: Vec<(String, u64, u64)>,
}

/// All sheets.
pub fn book(report: &Report<'_>) -> Book {
    let mut sheets: Vec<Sheet> = vec![
        run_sheet::sheet(report),
        discharges::sheet(report),
        groups::sheet(report),
        stays::sheet(report),
        codes::diagnoses(report),
        codes::procedures(report),
        chapters::sheet(report),
        clinical_groups::sheet(report),
        comorbidity::sheet(report),
        edits::sheet(report),
        rules::sheet(report),
        conformity::sheet(report),
        trends::sheet(report),
        deficiencies::sheet(report),
        coding::sheet(report),
        definitions::sheet(report),
    ];
    if let Some(coders) = coders::sheet(report) {
        sheets.insert(sheets.len() - 1, coders);
    }
    sheets.iter_mut().flat_map(|sheet| &mut sheet.tables).for_each(Table::cut);
    sheets.insert(0, contents::sheet(report, &sheets));
    let period = if report.period.is_empty() { String::new() } else { format!(", {}", report.period) };
    Book { title: format!("{}{period}", report.title), business_date: report.business_date, sheets }.shown()
}
