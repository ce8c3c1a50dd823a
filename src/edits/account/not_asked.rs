//! What was not asked because an input could not be used: findings that are not there for that reason are no good news, and are said.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    edits::{
        between_tables::AskedOfEach,
        engine::ActiveRules,
        rule::{Level, Rule, Test},
        scorecard::Scorecard,
    },
    record::{account::InputAccount, field::CanonicalTable},
};

/// A table with inputs that could not be used, and what was not asked for want of them.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotAskedAccount {
    /// The table.
    pub table: &'static str,
    /// The inputs.
    pub inputs: Vec<String>,
    /// The rules.
    pub rules: Vec<NotAskedRule>,
}

/// A rule that was not asked.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NotAskedRule {
    /// Its code.
    pub code: String,
    /// How often it was not asked, as far as that was read; 0 where it is asked of what stands in the input itself.
    pub times: u64,
    /// What it was not asked of: `record`, `row`, `day`, `practitioner`.
    pub of: &'static str,
}

/// By table with an input that could not be used: the inputs, and the rules that were not asked for want of them. `strays` are the rows of a table that belong
/// to no encounter.
pub fn not_asked(
    inputs: &[InputAccount],
    rules: &ActiveRules,
    scorecard: &Scorecard,
    strays: &dyn Fn(CanonicalTable) -> u64,
) -> Vec<NotAskedAccount> {
    let mut accounts = Vec::new();
    for table in CanonicalTable::ALL {
        let unusable: Vec<String> = inputs
            .iter()
            .filter(|input| input.table == Some(table) && !input.fault.is_empty())
            .map(InputAccount::label)
            .collect();
        if unusable.is_empty() {
            continue;
        }
        let asked = rules.rules.iter().zip(&scorecard.scores).filter_map(|((rule, _), score)| {
            let times = match (table, rule.test) {
                // The encounter of such a row may stand in the input that could not be used.
                (CanonicalTable::Encounters, Test::Orphan { table }) => {
                    Some(strays(table)).filter(|strays| *strays > 0)?
                }
                (CanonicalTable::Encounters, _) => return None,
                _ if needs(rule, table) && score.examined == 0 => score.not_applicable,
                _ => return None,
            };
            // Rows of the table that were read stand in its other inputs: of these the rule was asked, and it does not apply.
            let of = asked_of(rule);
            (times == 0 || of.is_some()).then(|| NotAskedRule {
                code: rule.code.to_owned(),
                times,
                of: of.unwrap_or(""),
            })
        });
        accounts.push(NotAskedAccount { table: table.name(), rules: asked.collect(), inputs: unusable });
    }
    accounts.retain(|account| !account.rules.is_empty());
    accounts
}

/// What a rule is asked of, where it is asked of something else than rows of the table that it speaks of.
fn asked_of(rule: &Rule) -> Option<&'static str> {
    match rule.level() {
        Level::Encounter | Level::Patient => Some("record"),
        Level::Row => Some("row"),
        Level::Table => Some(match rule.test {
            Test::Tables { of: AskedOfEach::Days, .. } => "day",
            Test::Tables { of: AskedOfEach::Practitioners, .. } => "practitioner",
            _ => "row",
        }),
        _ => None,
    }
}

/// Whether a rule speaks of what stands in a table beside the encounters.
fn needs(rule: &Rule, table: CanonicalTable) -> bool {
    let of_level = match rule.level() {
        Level::Diagnosis => table == CanonicalTable::Diagnoses,
        Level::Procedure => table == CanonicalTable::Procedures,
        Level::Document => table == CanonicalTable::Documents,
        _ => false,
    };
    of_level
        || rule.field.is_some_and(|field| field.entry().table == table)
        || match rule.test {
            Test::Orphan { table: own } => own == table,
            Test::Tables { of: AskedOfEach::Practitioners, .. } => table == CanonicalTable::Staff,
            Test::Tables { table: own, .. } => own == table,
            _ => false,
        }
}
