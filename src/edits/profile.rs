//! Profiles: the standard that a batch of records is held to, as conditions with limits and citations.
//!
//! A profile is a data file. Its conditions ask for shares of what was examined, so every verdict carries its numerator and its denominator; where there is
//! nothing to examine, or the day has not come, a condition is not applicable and says so.

use crate::record::take_away::TakeAway;
use serde::{Deserialize, Serialize};

use super::{
    account::conformity::{Conformity, ConformityAccount},
    conditions::Counted,
};
use crate::record::{
    account::InputAccount,
    date::{Day, days_in_month},
    field::Field,
    finding::{Origin, Severity},
    record_set::RecordSet,
};

/// A profile as its file states it.
#[derive(Debug, Clone)]
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
    /// The last month of the fiscal year, from 1; see [`Start::FiscalYear`].
    pub fiscal_year_last_month: u32,
    /// Its conditions, in the order of the file.
    pub conditions: Vec<Condition>,
}

impl Default for Profile {
    fn default() -> Profile {
        Profile {
            name: String::new(),
            title: String::new(),
            source: String::new(),
            ignore: Vec::new(),
            apply: Vec::new(),
            severity: Vec::new(),
            fiscal_year_last_month: 12,
            conditions: Vec::new(),
        }
    }
}

/// One condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Name for people.
    pub name: String,
    /// Statute, rule or standard.
    pub source: String,
    /// What is measured.
    pub measure: ConditionMeasure,
    /// What it must keep to.
    pub limit: Limit,
    /// The day from which it is asked; `None`: always.
    pub after: Option<After>,
}

/// The day from which a condition is asked: so long after an end. On that day the time that a statute grants is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// How long.
    pub time: Time,
    /// After the end of what.
    pub start: Start,
}

/// A time as statutes state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Days.
    Days(i32),
    /// Calendar months: the last day of a month stays one.
    Months(i32),
}

/// What a time begins with the end of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The month or other period of the run.
    Period,
    /// The fiscal year in which the last day of the period lies.
    FiscalYear,
}

impl Time {
    /// In words.
    pub fn words(self) -> String {
        match self {
            Time::Days(days) => format!("{days} days"),
            Time::Months(months) => format!("{months} months"),
        }
    }
}

impl Start {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Start::Period => "period",
            Start::FiscalYear => "fiscal year",
        }
    }
}

impl After {
    /// The end that the time begins with, and the day on which it is over. The fiscal year's last month counts from 1.
    pub fn days(self, period_end: Day, fiscal_year_last_month: u32) -> (Day, Day) {
        let end = match self.start {
            Start::Period => period_end,
            Start::FiscalYear => {
                let (year, month, _) = period_end.ymd();
                let year = if month <= fiscal_year_last_month { year } else { year + 1 };
                last_day(year, fiscal_year_last_month).unwrap_or(period_end)
            }
        };
        let over = match self.time {
            Time::Days(days) => Day(end.0.saturating_add(days)),
            Time::Months(months) => months_later(end, months),
        };
        (end, over)
    }
}

fn last_day(year: i32, month: u32) -> Option<Day> {
    Day::from_ymd(year, month, days_in_month(year, month))
}

/// The same day so many months later; the last day of a month gives the last day of one.
fn months_later(day: Day, months: i32) -> Day {
    let (year, month, of_month) = day.ymd();
    let count = year * 12 + month as i32 - 1 + months;
    let (later_year, later_month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    let ends_month = of_month == days_in_month(year, month);
    let last = days_in_month(later_year, later_month);
    let later = if ends_month { last } else { of_month.min(last) };
    Day::from_ymd(later_year, later_month, later).unwrap_or(Day(i32::MAX))
}

/// Edits that are counted together: what fails several of them is counted once (see [`conditions`](super::conditions)).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleSet {
    /// Their codes.
    pub codes: Vec<String>,
    /// Of diagnoses and procedures, those at this position alone.
    pub position: Option<u16>,
    /// Whether records are counted, of all records: also where no edit of the set applies.
    pub of_all_records: bool,
}

/// What a condition measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionMeasure {
    /// Records or codes that fail any of these edits, of those to which any applies.
    Rules(RuleSet),
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

/// Records in error, counted by field and input. An error is a finding of severity error or fatal that was not verified as true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorTally {
    /// Records with at least one.
    pub records: RecordSet,
    /// By field: records with at least one in it.
    fields: Vec<RecordSet>,
    /// By input: records examined.
    pub examined: Vec<u64>,
}

impl ErrorTally {
    /// Counts a record that was examined.
    pub fn examined(&mut self, input: usize) {
        add(&mut self.examined, input, 1);
    }

    /// Counts errors: the fields that they are found in. A record may be counted several times, and is one record.
    pub fn count(&mut self, record: Origin, errors: impl Iterator<Item = Option<Field>>) {
        let mut counted = false;
        for field in errors {
            if !counted {
                self.records.insert(record);
                counted = true;
            }
            if let Some(field) = field {
                let place = field as usize;
                if self.fields.len() <= place {
                    self.fields.resize_with(place + 1, RecordSet::default);
                }
                self.fields[place].insert(record);
            }
        }
    }

    /// Records with at least one error in this field.
    pub fn of_field(&self, field: Field) -> u64 {
        self.fields.get(field as usize).map_or(0, RecordSet::count)
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: ErrorTally) {
        self.records.merge(other.records);
        if self.fields.len() < other.fields.len() {
            self.fields.resize_with(other.fields.len(), RecordSet::default);
        }
        self.fields.iter_mut().zip(other.fields).for_each(|(own, theirs)| own.merge(theirs));
        for (place, count) in other.examined.iter().enumerate() {
            add(&mut self.examined, place, *count);
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
    /// What the sets of edits came to.
    pub rules: &'m [Counted],
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
pub fn evaluate(profile: &Profile, measured: &Measured<'_>) -> Vec<ConformityAccount> {
    profile.conditions.iter().flat_map(|condition| verdicts(profile, condition, measured)).collect()
}

fn verdicts(profile: &Profile, condition: &Condition, measured: &Measured<'_>) -> Vec<ConformityAccount> {
    let verdict = |of: &str, numerator: u64, denominator: u64, nothing: &str| {
        let due = condition
            .after
            .zip(measured.period_end)
            .map(|(after, end)| (after, after.days(end, profile.fiscal_year_last_month)));
        let asked_from = due.map(|(after, (end, over))| {
            let (time, start) = (after.time.words(), after.start.words());
            format!("asked from {over} on, {time} after the end of the {start}, {end}")
        });
        let waits = due.is_some_and(|(_, (_, over))| measured.business_date < over);
        let (status, why) = if condition.after.is_some() && due.is_none() {
            (Conformity::NotApplicable, "the run has no period".to_owned())
        } else if waits {
            (Conformity::NotApplicable, String::new())
        } else if denominator == 0 {
            (Conformity::NotApplicable, nothing.to_owned())
        } else if !condition.limit.is_kept(numerator, denominator) {
            (Conformity::Failed, format!("{numerator} of {denominator}, {}", condition.limit.words()))
        } else if numerator > 0
            && !matches!(condition.limit, Limit::ShareAtLeast(_))
            && condition.measure != ConditionMeasure::ShareOfTarget
        {
            (Conformity::PassedWithFailedRows, format!("{numerator} of {denominator}, {}", condition.limit.words()))
        } else {
            (Conformity::Passed, String::new())
        };
        let why = match asked_from {
            Some(asked_from) if why.is_empty() => asked_from,
            Some(asked_from) => format!("{why}; {asked_from}"),
            None => why,
        };
        ConformityAccount {
            profile: profile.name.clone(),
            condition: condition.name.clone(),
            of: of.to_owned(),
            numerator,
            denominator,
            limit: condition.limit.words(),
            status,
            why,
            source: condition.source.clone(),
        }
    };
    let no_records = "no records were examined";
    match &condition.measure {
        ConditionMeasure::Rules(set) => {
            let counted = measured.rules.iter().find(|counted| counted.set == *set);
            let (failed, applied) = counted.map_or((0, 0), |counted| (counted.failed, counted.applied));
            vec![verdict("", failed, applied, "the edits never applied")]
        }
        ConditionMeasure::Field(field) => {
            let failed = measured.errors.of_field(*field);
            vec![verdict("", failed, measured.examined, no_records)]
        }
        ConditionMeasure::RecordsInError => {
            vec![verdict("", measured.errors.records.count(), measured.examined, no_records)]
        }
        ConditionMeasure::RecordsInErrorOfInput => {
            let count = |counts: &[u64], place: usize| counts.get(place).copied().unwrap_or(0);
            let of_records = (0..measured.inputs.len()).filter(|place| count(&measured.errors.examined, *place) > 0);
            of_records
                .map(|place| {
                    let failed = measured.errors.records.count_of_input(place as u16);
                    let examined = count(&measured.errors.examined, place);
                    verdict(&measured.inputs[place].0, failed, examined, no_records)
                })
                .collect()
        }
        ConditionMeasure::RowsQuarantined => {
            let rows = measured.inputs.iter().map(|(_, input)| input);
            let (bad, read) = rows.fold((0, 0), |sum, input| (sum.0 + input.quarantined, sum.1 + input.read));
            vec![verdict("", bad, read, "no rows were read")]
        }
        ConditionMeasure::RowsDuplicate => {
            let rows = measured.inputs.iter().map(|(_, input)| input);
            let (bad, read) = rows.fold((0, 0), |sum, input| (sum.0 + input.duplicate, sum.1 + input.read));
            vec![verdict("", bad, read, "no rows were read")]
        }
        ConditionMeasure::ShareOfTarget if measured.volumes.is_empty() => {
            vec![verdict("", 0, 0, "no target is stated: see [edits.targets]")]
        }
        ConditionMeasure::ShareOfTarget => measured
            .volumes
            .iter()
            .map(|(facility, discharges, target)| verdict(facility, *discharges, *target, "the target is 0"))
            .collect(),
        ConditionMeasure::NotCarried(why) => vec![verdict("", 0, 0, why)],
    }
}

impl TakeAway for ErrorTally {
    fn take_away(&mut self, part: &ErrorTally) -> bool {
        let mut are_there = self.records.take_away(&part.records) & self.examined.take_away(&part.examined);
        for (own, part) in self.fields.iter_mut().zip(&part.fields) {
            are_there &= own.take_away(part);
        }
        are_there &= self.fields.len() >= part.fields.len();
        // As if the part had never been counted, which alone reached to the end.
        while self.fields.last().is_some_and(|records| *records == RecordSet::default()) {
            self.fields.pop();
        }
        while self.examined.last() == Some(&0) {
            self.examined.pop();
        }
        are_there
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

    fn profile(measure: ConditionMeasure, limit: Limit, after_days: Option<i32>) -> Profile {
        let after = after_days.map(|days| After { time: Time::Days(days), start: Start::Period });
        let condition = Condition { name: "condition".to_owned(), source: String::new(), measure, limit, after };
        Profile { conditions: vec![condition], ..Profile::default() }
    }

    #[test]
    fn a_condition_of_timeliness_waits_for_its_day() {
        let errors = ErrorTally::default();
        let volumes = [("0042".to_owned(), 90, 100)];
        let timely = profile(ConditionMeasure::ShareOfTarget, Limit::ShareAtLeast(95_000), Some(60));
        let on = |day: i32| evaluate(&timely, &measured_on(&errors, &volumes, day))[0].status;
        assert_eq!((on(59), on(60)), (Conformity::NotApplicable, Conformity::Failed));
    }

    #[test]
    fn the_time_of_a_statute_begins_with_the_end_that_it_names() {
        let day = |text: &str| Day::from_iso(text).expect("a day");
        let over = |time, start, period_end, last_month| After { time, start }.days(day(period_end), last_month);
        for (time, start, period_end, last_month, end, due) in [
            // 10 NYCRR 400.18: 60 days from the end of the month of discharge, 180 from the end of the fiscal year.
            (Time::Days(60), Start::Period, "2026-09-30", 12, "2026-09-30", "2026-11-29"),
            (Time::Days(180), Start::FiscalYear, "2026-09-30", 12, "2026-12-31", "2027-06-29"),
            (Time::Days(180), Start::FiscalYear, "2026-06-30", 6, "2026-06-30", "2026-12-27"),
            (Time::Days(180), Start::FiscalYear, "2026-07-31", 6, "2027-06-30", "2027-12-27"),
            // NPCR: 23 and 12 months after the close of the year of diagnosis.
            (Time::Months(23), Start::FiscalYear, "2026-12-31", 12, "2026-12-31", "2028-11-30"),
            (Time::Months(12), Start::FiscalYear, "2026-02-28", 12, "2026-12-31", "2027-12-31"),
            (Time::Months(14), Start::Period, "2026-12-31", 12, "2026-12-31", "2028-02-29"),
        ] {
            assert_eq!(over(time, start, period_end, last_month), (day(end), day(due)), "{period_end} {last_month}");
        }
    }

    #[test]
    fn failed_rows_below_the_limit_are_told() {
        let mut errors = ErrorTally::default();
        let record = |row| Origin { input: 0, row };
        errors.count(record(2), [Some(Field::Sex), Some(Field::Sex), Some(Field::Payer)].into_iter());
        errors.count(record(3), std::iter::empty());
        errors.examined(0);
        let tolerant = profile(ConditionMeasure::RecordsInError, Limit::ShareAtMost(2000), None);
        let verdict = &evaluate(&tolerant, &measured_on(&errors, &[], 0))[0];
        assert_eq!((verdict.numerator, verdict.denominator), (1, 100));
        assert_eq!(verdict.status, Conformity::PassedWithFailedRows);
        let of_sex = profile(ConditionMeasure::Field(Field::Sex), Limit::Count(0), None);
        assert_eq!(evaluate(&of_sex, &measured_on(&errors, &[], 0))[0].status, Conformity::Failed);
        let of_race = profile(ConditionMeasure::Field(Field::Race), Limit::Count(0), None);
        assert_eq!(evaluate(&of_race, &measured_on(&errors, &[], 0))[0].status, Conformity::Passed);
    }
}
