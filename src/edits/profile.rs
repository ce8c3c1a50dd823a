//! Profiles: the standard that a batch of records is held to, as conditions with limits and citations.
//!
//! A profile is a data file. Its conditions ask for shares of what was examined, so every verdict carries its numerator and its denominator; where there is
//! nothing to examine, or the day has not come, a condition is not applicable and says so.

use crate::record::{account::InputAccount, date::Day, field::Field, finding::Severity};

/// A profile as its file states it.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Name of its file.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Where its conditions come from, as a whole.
    pub source: String,
    /// Edits that are not applied under it.
    pub ignore: Vec<String>,
    /// Optional edits that are applied under it.
    pub apply: Vec<String>,
    /// Severities under it.
    pub severity: Vec<(String, Severity)>,
    /// Its conditions, in the order of the file.
    pub conditions: Vec<Condition>,
}

/// One condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Name for people.
    pub name: String,
    /// Statute, rule or standard.
    pub source: String,
    /// What is measured.
    pub measure: Measure,
    /// What it must keep to.
    pub limit: Limit,
    /// Days after the end of the month or period from which it is asked; `None`: always.
    pub after_days: Option<i32>,
}

/// What a condition measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Failures of these edits, of the times they were examined.
    Rules(Vec<String>),
    /// Records with an error in this field, of the records examined.
    Field(Field),
    /// Records with an error, of the records examined.
    RecordsInError,
    /// The same in every input by itself.
    RecordsInErrorOfInput,
    /// Rows that cannot be read, of the rows read.
    RowsQuarantined,
    /// Rows that repeat another, of the rows read.
    RowsDuplicate,
    /// Discharges of the period, of the target of each facility.
    ShareOfTarget,
    /// Something the records do not carry; never applicable.
    NotCarried(String),
}

/// What a measure must keep to. Shares are in thousandths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// So many at the most.
    Count(u64),
    /// A share at the most.
    ShareAtMost(u64),
    /// A share at the least.
    ShareAtLeast(u64),
}

/// Thousandths of a percent in a whole.
const WHOLE: u128 = 100_000;

impl Limit {
    /// Whether a measure keeps to it.
    pub fn is_kept(self, numerator: u64, denominator: u64) -> bool {
        let share = u128::from(numerator) * WHOLE;
        let bound = |limit: u64| u128::from(denominator) * u128::from(limit);
        match self {
            Limit::Count(most) => numerator <= most,
            Limit::ShareAtMost(most) => share <= bound(most),
            Limit::ShareAtLeast(least) => share >= bound(least),
        }
    }

    /// The limit in words.
    pub fn words(self) -> String {
        let percent = |thousandths: u64| {
            let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
            format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
        };
        match self {
            Limit::Count(most) => format!("at most {most}"),
            Limit::ShareAtMost(most) => format!("at most {}", percent(most)),
            Limit::ShareAtLeast(least) => format!("at least {}", percent(least)),
        }
    }
}

/// What became of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conformity {
    /// Kept, without a failed row.
    Passed,
    /// Kept, with failed rows below the limit.
    PassedWithFailedRows,
    /// Not kept.
    Failed,
    /// Nothing to examine, or the day has not come.
    NotApplicable,
}

impl Conformity {
    /// The words in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Conformity::Passed => "passed",
            Conformity::PassedWithFailedRows => "passed, with failed rows",
            Conformity::Failed => "failed",
            Conformity::NotApplicable => "not applicable",
        }
    }
}

/// The verdict on a condition, or on a condition of one input or facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Name of the profile.
    pub profile: String,
    /// Name of the condition.
    pub condition: String,
    /// The input or facility it speaks of; empty: the whole run.
    pub of: String,
    /// What was counted.
    pub numerator: u64,
    /// Of what.
    pub denominator: u64,
    /// The limit in words.
    pub limit: String,
    /// What became of it.
    pub conformity: Conformity,
    /// Why, where the figures do not say it.
    pub why: String,
    /// Statute, rule or standard.
    pub source: String,
}

/// Records in error, counted by field and input. An error is a finding of severity error or fatal that was not verified as true.
#[derive(Debug, Clone, Default)]
pub struct ErrorTally {
    /// Records with at least one.
    pub records: u64,
    /// By field: records with at least one in it.
    pub fields: Vec<u64>,
    /// By input: records with at least one.
    pub inputs: Vec<u64>,
    /// By input: records examined.
    pub examined: Vec<u64>,
}

impl ErrorTally {
    /// Counts a record that was examined.
    pub fn examined(&mut self, input: usize) {
        add(&mut self.examined, input, 1);
    }

    /// Counts a record by the fields of its errors, if it has any.
    pub fn count(&mut self, input: usize, errors: impl Iterator<Item = Option<Field>>) {
        let mut fields: Vec<Option<Field>> = errors.collect();
        if fields.is_empty() {
            return;
        }
        self.records += 1;
        add(&mut self.inputs, input, 1);
        fields.sort_unstable();
        fields.dedup();
        for field in fields.into_iter().flatten() {
            add(&mut self.fields, field as usize, 1);
        }
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: &ErrorTally) {
        self.records += other.records;
        for (own, theirs) in [
            (&mut self.fields, &other.fields),
            (&mut self.inputs, &other.inputs),
            (&mut self.examined, &other.examined),
        ] {
            for (place, count) in theirs.iter().enumerate() {
                add(own, place, *count);
            }
        }
    }
}

fn add(counts: &mut Vec<u64>, place: usize, more: u64) {
    if counts.len() <= place {
        counts.resize(place + 1, 0);
    }
    counts[place] += more;
}

/// What conditions are held against.
#[derive(Debug)]
pub struct Measured<'m> {
    /// Of each edit in force: code, examined, failed.
    pub rules: &'m [(&'m str, u64, u64)],
    /// Records in error.
    pub errors: &'m ErrorTally,
    /// Records examined.
    pub examined: u64,
    /// Inputs, with their names.
    pub inputs: &'m [(String, &'m InputAccount)],
    /// Of each facility: discharges of the period and the target of the whole period.
    pub volumes: &'m [(String, u64, u64)],
    /// Last day of the period; `None` without one.
    pub period_end: Option<Day>,
    /// The business date.
    pub business_date: Day,
}

/// Holds a run against a profile.
pub fn evaluate(profile: &Profile, measured: &Measured<'_>) -> Vec<Verdict> {
    profile.conditions.iter().flat_map(|condition| verdicts(profile, condition, measured)).collect()
}

fn verdicts(profile: &Profile, condition: &Condition, measured: &Measured<'_>) -> Vec<Verdict> {
    let verdict = |of: &str, numerator: u64, denominator: u64, nothing: &str| {
        let waiting = condition.after_days.and_then(|days| match measured.period_end {
            None => Some("the run has no period".to_owned()),
            Some(end) if measured.business_date.0 - end.0 < days => {
                Some(format!("asked from {} on", Day(end.0 + days)))
            }
            Some(_) => None,
        });
        let (conformity, why) = if let Some(why) = waiting {
            (Conformity::NotApplicable, why)
        } else if denominator == 0 {
            (Conformity::NotApplicable, nothing.to_owned())
        } else if !condition.limit.is_kept(numerator, denominator) {
            (Conformity::Failed, format!("{numerator} of {denominator}, {}", condition.limit.words()))
        } else if numerator > 0
            && !matches!(condition.limit, Limit::ShareAtLeast(_))
            && condition.measure != Measure::ShareOfTarget
        {
            (Conformity::PassedWithFailedRows, format!("{numerator} of {denominator}, {}", condition.limit.words()))
        } else {
            (Conformity::Passed, String::new())
        };
        Verdict {
            profile: profile.name.clone(),
            condition: condition.name.clone(),
            of: of.to_owned(),
            numerator,
            denominator,
            limit: condition.limit.words(),
            conformity,
            why,
            source: condition.source.clone(),
        }
    };
    let no_records = "no records were examined";
    match &condition.measure {
        Measure::Rules(codes) => {
            let (mut failed, mut examined) = (0, 0);
            for (code, asked, violated) in measured.rules {
                if codes.iter().any(|wanted| wanted == code) {
                    examined += asked;
                    failed += violated;
                }
            }
            vec![verdict("", failed, examined, "the edits never applied")]
        }
        Measure::Field(field) => {
            let failed = measured.errors.fields.get(*field as usize).copied().unwrap_or(0);
            vec![verdict("", failed, measured.examined, no_records)]
        }
        Measure::RecordsInError => vec![verdict("", measured.errors.records, measured.examined, no_records)],
        Measure::RecordsInErrorOfInput => {
            let count = |counts: &[u64], place: usize| counts.get(place).copied().unwrap_or(0);
            let of_records = (0..measured.inputs.len()).filter(|place| count(&measured.errors.examined, *place) > 0);
            of_records
                .map(|place| {
                    let (failed, examined) =
                        (count(&measured.errors.inputs, place), count(&measured.errors.examined, place));
                    verdict(&measured.inputs[place].0, failed, examined, no_records)
                })
                .collect()
        }
        Measure::RowsQuarantined => {
            let rows = measured.inputs.iter().map(|(_, input)| input);
            let (bad, read) = rows.fold((0, 0), |sum, input| (sum.0 + input.quarantined, sum.1 + input.read));
            vec![verdict("", bad, read, "no rows were read")]
        }
        Measure::RowsDuplicate => {
            let rows = measured.inputs.iter().map(|(_, input)| input);
            let (bad, read) = rows.fold((0, 0), |sum, input| (sum.0 + input.duplicate, sum.1 + input.read));
            vec![verdict("", bad, read, "no rows were read")]
        }
        Measure::ShareOfTarget if measured.volumes.is_empty() => {
            vec![verdict("", 0, 0, "no target is stated: see [edits.targets]")]
        }
        Measure::ShareOfTarget => measured
            .volumes
            .iter()
            .map(|(facility, discharges, target)| verdict(facility, *discharges, *target, "the target is 0"))
            .collect(),
        Measure::NotCarried(why) => vec![verdict("", 0, 0, why)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_percent_is_kept_at_two_percent_and_broken_one_record_above() {
        let two = Limit::ShareAtMost(2000);
        assert!(two.is_kept(20, 1000));
        assert!(!two.is_kept(21, 1000));
        assert!(!two.is_kept(1, 49));
        assert!(two.is_kept(1, 50));
    }

    #[test]
    fn ninety_five_percent_of_a_target_is_reached_at_the_record_that_reaches_it() {
        let least = Limit::ShareAtLeast(95_000);
        assert!(least.is_kept(95, 100));
        assert!(!least.is_kept(94, 100));
        assert!(least.is_kept(19, 20));
    }

    #[test]
    fn one_in_a_thousand_is_a_tenth_of_a_percent() {
        assert_eq!(Limit::ShareAtMost(100).words(), "at most 0.1 %");
        assert!(Limit::ShareAtMost(100).is_kept(1, 1000));
        assert!(!Limit::ShareAtMost(100).is_kept(2, 1999));
    }

    fn measured_on<'m>(errors: &'m ErrorTally, volumes: &'m [(String, u64, u64)], business_date: i32) -> Measured<'m> {
        Measured {
            rules: &[],
            errors,
            examined: 100,
            inputs: &[],
            volumes,
            period_end: Some(Day(0)),
            business_date: Day(business_date),
        }
    }

    fn profile(measure: Measure, limit: Limit, after_days: Option<i32>) -> Profile {
        let condition = Condition { name: "condition".to_owned(), source: String::new(), measure, limit, after_days };
        Profile { conditions: vec![condition], ..Profile::default() }
    }

    #[test]
    fn a_condition_of_timeliness_waits_for_its_day() {
        let errors = ErrorTally::default();
        let volumes = [("0042".to_owned(), 90, 100)];
        let timely = profile(Measure::ShareOfTarget, Limit::ShareAtLeast(95_000), Some(60));
        let on = |day: i32| evaluate(&timely, &measured_on(&errors, &volumes, day))[0].conformity;
        assert_eq!((on(59), on(60)), (Conformity::NotApplicable, Conformity::Failed));
    }

    #[test]
    fn failed_rows_below_the_limit_are_told() {
        let mut errors = ErrorTally::default();
        errors.count(0, [Some(Field::Sex), Some(Field::Sex), Some(Field::Payer)].into_iter());
        errors.count(0, std::iter::empty());
        errors.examined(0);
        let tolerant = profile(Measure::RecordsInError, Limit::ShareAtMost(2000), None);
        let verdict = &evaluate(&tolerant, &measured_on(&errors, &[], 0))[0];
        assert_eq!((verdict.numerator, verdict.denominator), (1, 100));
        assert_eq!(verdict.conformity, Conformity::PassedWithFailedRows);
        let of_sex = profile(Measure::Field(Field::Sex), Limit::Count(0), None);
        assert_eq!(evaluate(&of_sex, &measured_on(&errors, &[], 0))[0].conformity, Conformity::Failed);
        let of_race = profile(Measure::Field(Field::Race), Limit::Count(0), None);
        assert_eq!(evaluate(&of_race, &measured_on(&errors, &[], 0))[0].conformity, Conformity::Passed);
    }
}
