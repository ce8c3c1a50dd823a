//! How the findings of a rule are reported: a line a record, a line a value, or as a count.
//!
//! Only the lists differ. The scorecard, tolerances, gates and acceptances count every finding, however it is reported.

use serde::{Serialize, Serializer};

use super::{engine::Described, rule::Level};
use crate::record::finding::Severity;

/// How the findings of a rule are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reporting {
    /// A line of `findings.csv` for each.
    #[default]
    ByRecord,
    /// A line of `findings.csv` for each distinct value, with the count; each stands in `findings_by_value.parquet`.
    ByValue,
    /// Counted alone: on the scorecard and in the account.
    Counted,
}

impl Reporting {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Reporting::ByRecord => "by record",
            Reporting::ByValue => "by value",
            Reporting::Counted => "counted",
        }
    }
}

impl Serialize for Reporting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Codes of rules that are reported by value: the value is the fault wherever it stands, and it is repaired once, in the export or in its layout.
pub static BY_VALUE: &[&str] = &["COD107", "COD108", "COD109", "COD207", "FLD090", "FLD091"];

/// Codes of rules that state a fact of the period, true of whole months of records: counted alone, unless a pipeline or profile makes them errors.
pub static OF_THE_PERIOD: &[&str] = &["COD110", "FIL102", "MCE000"];

/// Whether rules of a level can be reported by value: their findings speak of a value of one record.
pub fn has_values(level: Level) -> bool {
    matches!(level, Level::Encounter | Level::Diagnosis | Level::Procedure | Level::Document)
}

/// How the findings of a rule are reported. `by_value` are the codes for which the pipeline asks it, `info` says whether findings of severity info are listed.
pub fn reporting(rule: &Described<'_>, by_value: &[String], info: bool) -> Reporting {
    let is_of_period = OF_THE_PERIOD.contains(&rule.code) && rule.severity > Severity::Error;
    if is_of_period || rule.severity == Severity::Info && !info {
        Reporting::Counted
    } else if has_values(rule.level) && (BY_VALUE.contains(&rule.code) || by_value.iter().any(|code| code == rule.code))
    {
        Reporting::ByValue
    } else {
        Reporting::ByRecord
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::{engine::ActiveRules, rules::RULES};

    fn of(code: &str, severity: Option<Severity>, by_value: &[&str], info: bool) -> Reporting {
        let severity: Vec<_> = severity.map(|severity| (code.to_owned(), severity)).into_iter().collect();
        let rules = ActiveRules::new(&[], &severity);
        let number = (0..rules.count()).find(|number| rules.described(*number).code == code).expect("a rule");
        let by_value: Vec<String> = by_value.iter().map(|code| (*code).to_owned()).collect();
        reporting(&rules.described(number), &by_value, info)
    }

    #[test]
    fn the_lists_name_rules_that_ship_and_values_they_have() {
        for code in BY_VALUE.iter().chain(OF_THE_PERIOD) {
            let rule = RULES.iter().find(|rule| rule.code == *code).unwrap_or_else(|| panic!("{code}"));
            assert!(has_values(rule.level()), "{code}");
        }
    }

    #[test]
    fn a_fact_of_the_period_is_a_count_until_it_is_made_an_error() {
        assert_eq!(of("FIL102", None, &[], true), Reporting::Counted);
        assert_eq!(of("FIL102", Some(Severity::Warning), &[], true), Reporting::Counted);
        assert_eq!(of("FIL102", Some(Severity::Fatal), &[], true), Reporting::ByRecord);
    }

    #[test]
    fn a_pipeline_may_ask_for_values_and_against_information() {
        assert_eq!(of("COD107", None, &[], true), Reporting::ByValue);
        assert_eq!(of("COD102", None, &[], true), Reporting::ByRecord);
        assert_eq!(of("COD102", None, &["COD102"], true), Reporting::ByValue);
        assert_eq!(of("COD107", None, &[], false), Reporting::Counted);
        assert_eq!(of("FIL009", None, &[], false), Reporting::Counted);
        assert_eq!(of("FIL004", None, &["FIL004"], false), Reporting::ByRecord);
    }
}
