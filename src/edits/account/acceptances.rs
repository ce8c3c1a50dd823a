//! The acceptances of the pipeline and the findings that they cover.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::{edits::acceptance::Acceptance, record::date::Day};

/// What became of an acceptance in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptanceStatus {
    /// It covers at least one finding.
    InUse,
    /// It covers none.
    Unused,
    /// Its time is over.
    Expired,
}

impl AcceptanceStatus {
    /// The words in outputs.
    pub fn name(self) -> &'static str {
        match self {
            AcceptanceStatus::InUse => "in use",
            AcceptanceStatus::Unused => "unused",
            AcceptanceStatus::Expired => "expired",
        }
    }
}

impl Serialize for AcceptanceStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An acceptance of the pipeline and what it took.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AcceptanceAccount {
    /// Its place in the pipeline file, from 1.
    pub number: u64,
    /// The rule it is for; empty: any.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub author: String,
    /// Last business date; empty: for good.
    pub until: String,
    /// Findings it took.
    pub findings: u64,
    /// `in use`, `unused` or `expired`.
    #[schemars(with = "String")]
    pub status: AcceptanceStatus,
}

/// The acceptances on a business date, in the order of the pipeline; `taken` are the findings that each of them took.
pub fn acceptance_accounts(acceptances: &[Acceptance], taken: &[u64], business_date: Day) -> Vec<AcceptanceAccount> {
    acceptances
        .iter()
        .enumerate()
        .map(|(place, acceptance)| {
            let findings = taken.get(place).copied().unwrap_or(0);
            let status = match findings {
                _ if acceptance.is_expired(business_date) => AcceptanceStatus::Expired,
                0 => AcceptanceStatus::Unused,
                _ => AcceptanceStatus::InUse,
            };
            AcceptanceAccount {
                number: place as u64 + 1,
                rule: acceptance.rule.clone(),
                reason: acceptance.reason.clone(),
                author: acceptance.author.clone(),
                until: acceptance.until.map_or(String::new(), |until| until.to_string()),
                findings,
                status,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_holds_on_its_last_day_and_is_expired_on_the_next() {
        let acceptance = |until: Option<i32>| Acceptance {
            rule: String::new(),
            facility: String::new(),
            record: String::new(),
            condition: None,
            reason: "true as stated".to_owned(),
            author: "M. Alvarez".to_owned(),
            until: until.map(Day),
        };
        let acceptances = [acceptance(None), acceptance(None), acceptance(Some(10)), acceptance(Some(9))];
        let accounts = acceptance_accounts(&acceptances, &[3, 0, 2], Day(10));
        let told: Vec<(u64, u64, &str)> =
            accounts.iter().map(|account| (account.number, account.findings, account.status.name())).collect();
        assert_eq!(told, [(1, 3, "in use"), (2, 0, "unused"), (3, 2, "in use"), (4, 0, "expired")]);
    }
}
