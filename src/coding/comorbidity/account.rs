//! The account of comorbidity: what of AHRQ's measures leans on the exempt list of another year.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ahrq::AhrqTable,
    tally::{BitCounts, ComorbidityTally},
};

/// Encounters with present-on-admission marks, discharged in a fiscal year whose list of exempt diagnoses is not at hand: of AHRQ's measures the list of another
/// year stood in for it.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct WithoutExemptList {
    /// Fiscal year of discharge.
    pub fiscal_year: i32,
    /// Fiscal year of the list that stood in.
    pub list_of_fiscal_year: i32,
    /// Encounters in the statistics.
    pub encounters: u64,
    /// Encounters that have a measure by that list alone, by measure.
    pub measures: BTreeMap<String, u64>,
}

impl WithoutExemptList {
    /// The same in words.
    pub fn words(&self) -> String {
        let leaning: Vec<String> =
            self.measures.iter().map(|(measure, encounters)| format!("{measure} of {encounters}")).collect();
        let leaning = if leaning.is_empty() {
            "no measure leans on it".to_owned()
        } else {
            format!("measures that lean on it: {}", leaning.join(", "))
        };
        format!(
            "no list of codes exempt from present-on-admission reporting of fiscal year {} is at hand; for AHRQ's measures of {} encounters that of {} stood in: {leaning}",
            self.fiscal_year, self.encounters, self.list_of_fiscal_year
        )
    }
}

/// The fiscal years without a list of their own, in their order.
pub fn without_exempt_list(tally: &ComorbidityTally) -> Vec<WithoutExemptList> {
    let conditions = &AhrqTable::shipped().index.conditions;
    let of = |((fiscal_year, list_of), (encounters, measures)): (&(i32, i32), &(u64, BitCounts))| WithoutExemptList {
        fiscal_year: *fiscal_year,
        list_of_fiscal_year: *list_of,
        encounters: *encounters,
        measures: conditions
            .iter()
            .zip(measures.0)
            .filter(|(_, encounters)| *encounters > 0)
            .map(|(condition, encounters)| (condition.name.clone(), encounters))
            .collect(),
    };
    tally.leaning.iter().map(of).collect()
}
