//! The account of coding: what `run_results.json` says of codes, and what their sheet is made from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    codeset::other_systems::is_other_system,
    coding::tally::CodeTally,
    record::code::{CodeSystem, CodeVerdict},
};

/// Codes by verdict, and what mapping came to.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CodeAccount {
    /// Diagnosis codes by verdict; `other_system` are codes of a system that is no ICD.
    pub diagnoses: BTreeMap<&'static str, u64>,
    /// Procedure codes by verdict.
    pub procedures: BTreeMap<&'static str, u64>,
    /// Codes by the name of their system and by verdict; `not_judged` are those whose revision is no code system, all under the name `unreadable revision`.
    pub by_system: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Codes whose leading zeros were restored.
    pub zeros_restored: u64,
    /// Codes mapped to another system.
    pub mapped: u64,
    /// Of those, taken as the first ranked of several candidates.
    pub gem_ranked: u64,
    /// Of those, taken as the only one of several candidates that the map leads back from.
    pub gem_confirmed: u64,
    /// Codes that coders decided have no target.
    pub no_target: u64,
    /// Codes that a coder must decide.
    pub to_coder: u64,
    /// Codes that are not valid and not mapped, or of a system without a map.
    pub unresolved: u64,
}

impl CodeAccount {
    /// The codes of a run with their verdicts.
    pub fn of(codes: &CodeTally) -> CodeAccount {
        let verdicts = |counts: &[u64], other: u64| {
            let mut named: BTreeMap<&'static str, u64> =
                CodeVerdict::ALL.iter().zip(counts).map(|(verdict, count)| (verdict.name(), *count)).collect();
            named.insert("other_system", other);
            named
        };
        CodeAccount {
            diagnoses: verdicts(&codes.by_verdict(false), codes.diagnoses_other_system),
            procedures: verdicts(&codes.by_verdict(true), codes.procedures_other_system),
            by_system: by_system(codes),
            zeros_restored: codes.zeros_restored,
            mapped: codes.mapped,
            gem_ranked: codes.gem_ranked,
            gem_confirmed: codes.gem_confirmed,
            no_target: codes.no_target,
            to_coder: codes.to_coder,
            unresolved: codes.unresolved,
        }
    }
}

/// Codes by system and verdict. What a revision says that is no code system is not repeated here: it may be anything.
fn by_system(codes: &CodeTally) -> BTreeMap<String, BTreeMap<&'static str, u64>> {
    let mut systems: BTreeMap<String, BTreeMap<&'static str, u64>> = BTreeMap::new();
    let mut add = |name: &str, verdict: &'static str, count: u64| {
        if count > 0 {
            *systems.entry(name.to_owned()).or_default().entry(verdict).or_default() += count;
        }
    };
    for (system, counts) in CodeSystem::ALL.into_iter().zip(codes.by_system()) {
        for (verdict, count) in CodeVerdict::ALL.into_iter().zip(counts) {
            add(system.name(), verdict.name(), count);
        }
    }
    for (name, counts) in codes.by_other_system.iter().flat_map(|systems| systems.rows()) {
        let name = if is_other_system(name) { name } else { "unreadable revision" };
        let verdicts = CodeVerdict::ALL.map(CodeVerdict::name).into_iter().chain(["not_judged"]);
        for (verdict, count) in verdicts.zip(counts.0) {
            add(name, verdict, count);
        }
    }
    systems
}
