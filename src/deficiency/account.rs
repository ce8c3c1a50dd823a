//! The account of chart deficiencies: what `run_results.json` says of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    clinicians::{ClinicianEvent, ClinicianStanding},
    index::DocumentIndex,
    tally::DeficiencyTally,
};
use crate::record::{account::grouped, month::Month};

/// Months without a document index that are named one by one.
const MONTHS_IN_WORDS: usize = 6;

/// Clinicians with open deficiencies, where the pipeline has levels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ClinicianAccount {
    /// Clinicians with an open deficiency.
    pub clinicians: u64,
    /// Clinicians by the level that they have reached.
    pub by_level: BTreeMap<String, u64>,
    /// Clinicians who reached another level tonight.
    pub changed: u64,
    /// Clinicians on the suspension list.
    pub suspended: u64,
    /// Of those, since tonight.
    pub newly_suspended: u64,
    /// Clinicians who are off it since tonight.
    pub reinstated: u64,
    /// Clinicians who are excused.
    pub excused: u64,
    /// Whether this was a night for letters.
    pub letter_night: bool,
    /// Whether letters were due and are made later, because the document index did not come.
    pub letters_held_back: bool,
    /// Letters that were made.
    pub letters: u64,
}

impl ClinicianAccount {
    /// The clinicians of a night, counted.
    pub fn of(standings: &[ClinicianStanding], letter_night: bool, letters_held_back: bool) -> ClinicianAccount {
        let with = |is: &dyn Fn(&ClinicianStanding) -> bool| standings.iter().filter(|one| is(one)).count() as u64;
        let has = |one: &ClinicianStanding, event: &ClinicianEvent| one.events.contains(event);
        let is_level = |event: &ClinicianEvent| matches!(event, ClinicianEvent::Level(_) | ClinicianEvent::NoLevel);
        let mut by_level: BTreeMap<String, u64> = BTreeMap::new();
        for standing in standings.iter().filter(|standing| !standing.level.is_empty()) {
            *by_level.entry(standing.level.clone()).or_default() += 1;
        }
        ClinicianAccount {
            clinicians: with(&|one| one.deficiencies > 0),
            by_level,
            changed: with(&|one| one.events.iter().any(is_level)),
            suspended: with(&|one| one.suspended_since.is_some()),
            newly_suspended: with(&|one| has(one, &ClinicianEvent::Suspended)),
            reinstated: with(&|one| has(one, &ClinicianEvent::Reinstated)),
            excused: with(&|one| one.excused_through.is_some()),
            letter_night,
            letters_held_back,
            letters: with(&|one| one.letter.is_some()),
        }
    }

    /// The lines of the printed account.
    pub fn lines(&self) -> Vec<String> {
        if self.clinicians + self.suspended + self.changed == 0 {
            return Vec::new();
        }
        let levels: Vec<String> =
            self.by_level.iter().map(|(level, count)| format!("{level} {}", grouped(*count))).collect();
        let levels = if levels.is_empty() { "none at a level".to_owned() } else { levels.join(", ") };
        let mut lines = vec![format!("  clinicians {}: {levels}: worklists/clinicians.csv", grouped(self.clinicians))];
        if self.suspended + self.reinstated > 0 {
            lines.push(format!(
                "  on the suspension list {}, since tonight {}; taken off it tonight {}",
                grouped(self.suspended),
                grouped(self.newly_suspended),
                grouped(self.reinstated)
            ));
        }
        if self.letters > 0 {
            lines.push(format!("  letters {}: letters/", grouped(self.letters)));
        }
        lines
    }
}

/// Chart deficiencies of a run.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct DeficiencyAccount {
    /// Open deficiencies.
    pub open: u64,
    /// Records with at least one: a record with five deficiencies is one incomplete record.
    pub incomplete_records: u64,
    /// Of those, records past their limit on the business date.
    pub delinquent_records: u64,
    /// Open deficiencies by kind.
    pub by_kind: BTreeMap<String, u64>,
    /// Whether missing documents were looked for: `judged`, `judged in some charts` or `not applicable`; empty where the pipeline does not ask.
    pub missing_documents: &'static str,
    /// Why not, in words; empty where they were.
    pub why: String,
    /// Charts in which no document can be called missing: the document index does not hold them.
    pub charts_without_index: u64,
    /// Documents of kinds that the matrix does not name.
    pub unnamed_documents: u64,
}

/// What is said where no document could be called missing.
const NOT_APPLICABLE: &str = "not applicable";

impl DeficiencyAccount {
    /// The deficiencies of a run, counted.
    pub fn of(tally: &DeficiencyTally, index: &DocumentIndex) -> DeficiencyAccount {
        let (missing_documents, why) = match (&index.unusable, tally.charts_without_index() == 0) {
            (Some(why), _) => (NOT_APPLICABLE, why.clone()),
            (None, true) => ("judged", String::new()),
            (None, false) => ("judged in some charts", without_index(tally)),
        };
        DeficiencyAccount {
            missing_documents,
            why,
            charts_without_index: tally.charts_without_index(),
            unnamed_documents: tally.unnamed_types.documents(),
            open: tally.open(),
            incomplete_records: tally.incomplete_records,
            delinquent_records: tally.delinquent_records,
            by_kind: tally.by_kind.iter().map(|(kind, count)| (kind.entry().code.to_owned(), *count)).collect(),
        }
    }
}

impl DeficiencyAccount {
    /// Whether nothing could be called missing: there is no document index that can be used.
    pub fn is_without_index(&self) -> bool {
        self.missing_documents == NOT_APPLICABLE
    }

    /// The lines of the printed account.
    pub fn lines(&self) -> Vec<String> {
        if self.missing_documents.is_empty() {
            return vec!["deficiencies not asked for: the pipeline has no section [deficiency]".to_owned()];
        }
        let mut lines = Vec::new();
        if self.is_without_index() && self.open == 0 {
            lines.push(format!("deficiencies not applicable: {}", self.why));
        } else {
            lines.push(format!(
                "deficiencies {:>9}   incomplete records {}, of them delinquent {}",
                grouped(self.open),
                grouped(self.incomplete_records),
                grouped(self.delinquent_records),
            ));
            if !self.why.is_empty() {
                let judged = match self.missing_documents {
                    "judged in some charts" => "looked for in some charts alone",
                    other => other,
                };
                lines.push(format!("  missing documents {judged}: {}", self.why));
            }
        }
        if self.unnamed_documents > 0 {
            lines.push(format!(
                "  {} documents are of kinds that the matrix does not name: worklists/document_types.csv",
                grouped(self.unnamed_documents)
            ));
        }
        lines
    }

    /// What the run sheet says of missing documents.
    pub fn fact(&self) -> String {
        let why = if self.why.is_empty() { String::new() } else { format!(": {}", self.why) };
        format!("{}{why}", self.missing_documents)
    }
}

/// The months that the document index does not hold, in words.
fn without_index(tally: &DeficiencyTally) -> String {
    if tally.without_index_of_others.is_some() {
        let charts = tally.charts_without_index();
        return format!(
            "the document index has no document of any of {charts} charts, of too many facilities and months to be told"
        );
    }
    let of = |((month, facility), charts): (&(Month, String), &u64)| {
        let facility = if facility.is_empty() { String::new() } else { format!(" of facility {facility}") };
        format!("{charts} discharged {month}{facility}")
    };
    let months: Vec<String> = tally.without_index.iter().take(MONTHS_IN_WORDS).map(of).collect();
    let more = tally.without_index.len() - months.len();
    let more = if more == 0 { String::new() } else { format!("; and {more} months more") };
    format!("the document index has no document of any of these charts: {}{more}", months.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::date::Day;

    fn told(tally: &DeficiencyTally, unusable: Option<&str>) -> (&'static str, String) {
        let index = DocumentIndex { unusable: unusable.map(str::to_owned), ..DocumentIndex::default() };
        let account = DeficiencyAccount::of(tally, &index);
        (account.missing_documents, account.why)
    }

    #[test]
    fn missing_documents_are_judged_as_far_as_the_document_index_goes() {
        let mut tally = DeficiencyTally::default();
        assert_eq!(told(&tally, None), ("judged", String::new()));
        assert_eq!(told(&tally, Some("no index")), ("not applicable", "no index".to_owned()));
        let month = |number: u32| Month::of(Day::from_ymd(2026, number, 1).expect("a day"));
        (1..=8).for_each(|number| tally.count_without_index("0042", month(number)));
        let (judged, why) = told(&tally, None);
        assert_eq!(judged, "judged in some charts");
        assert!(why.contains("1 discharged 2026-06 of facility 0042; and 2 months more"), "{why}");
    }
}
