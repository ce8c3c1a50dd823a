//! What has to agree: opening census + admissions - discharges = closing census; the services = the hospital; births = admissions of newborns; the deaths of the records = those
//! of the deaths register; discharges = abstracts = coded + uncoded. (Horton, chapters 3 to 6.)

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    census::{CensusOfSpan, Span},
    hospital_days::NEWBORNS,
    measured_records::MeasuredRecords,
    tally::{Dimension, Tally},
};
use crate::{
    partition::registers::{census::CensusDay, events::Event},
    record::{
        date::Day,
        field::{CanonicalTable, Field},
    },
};

/// Two figures that have to be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// What is held against what.
    pub what: &'static str,
    /// The first, in words, and what it comes to.
    pub first: (&'static str, i64),
    /// The second.
    pub second: (&'static str, i64),
}

impl Reconciliation {
    /// Whether they are the same.
    pub fn agrees(&self) -> bool {
        self.first.1 == self.second.1
    }
}

/// Two figures that have to agree, as `run_results.json` has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReconciliationAccount {
    /// What is held against what.
    pub what: String,
    /// Whether they agree; absent where they were not held against each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
    /// The first figure less the second; absent where they were not held against each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<i64>,
    /// Why they were not held against each other; empty where they were.
    pub not_held: String,
}

/// The lines of the printed account; none where everything that was held against each other agrees.
pub fn lines(accounts: &[ReconciliationAccount]) -> Vec<String> {
    let count = |agrees| accounts.iter().filter(|own| own.agrees == agrees).count();
    if count(Some(false)) == 0 {
        return Vec::new();
    }
    let of = |own: &ReconciliationAccount| format!("{} (by {})", own.what, own.difference.unwrap_or(0));
    let differing: Vec<String> = accounts.iter().filter(|own| own.agrees == Some(false)).map(of).collect();
    vec![
        format!(
            "reconciled   {:>9}   agree {}, differ {}, not held against each other {}",
            accounts.len(),
            count(Some(true)),
            count(Some(false)),
            count(None)
        ),
        format!("  does not reconcile: {}", differing.join(", ")),
    ]
}

/// What could be held against one another, and what not, with the reason.
#[derive(Debug, Clone, Default)]
pub struct Reconciliations {
    /// What was.
    pub held: Vec<Reconciliation>,
    /// What was not: what, and why.
    pub not_held: Vec<(&'static str, String)>,
}

impl Reconciliations {
    /// A line each.
    pub fn accounts(&self) -> Vec<ReconciliationAccount> {
        let held = self.held.iter().map(|own| ReconciliationAccount {
            what: own.what.to_owned(),
            agrees: Some(own.agrees()),
            difference: Some(own.first.1 - own.second.1),
            not_held: String::new(),
        });
        let not_held = self.not_held.iter().map(|(what, why)| ReconciliationAccount {
            what: (*what).to_owned(),
            agrees: None,
            difference: None,
            not_held: why.clone(),
        });
        held.chain(not_held).collect()
    }

    /// Those that do not agree.
    pub fn differing(&self) -> impl Iterator<Item = &Reconciliation> {
        self.held.iter().filter(|own| !own.agrees())
    }
}

const CENSUS: &str = "Census as counted";
const CLOSING: &str = "Closing census of the records";
const DISCHARGES: &str = "Discharges as counted";
const BIRTHS: &str = "Births";
const DEATHS: &str = "Deaths";

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Holds the figures of the period against one another. `None` where no inpatient was discharged.
pub fn reconcile(records: &MeasuredRecords<'_>, tally: &Tally) -> Option<Reconciliations> {
    let span = records.span()?;
    let span = Span { first: span.first, last: span.last.min(records.held.through).max(span.first) };
    let all = records.hospital.all();
    let counts = CensusOfSpan::of(&all, span).counts();
    let mut own = Reconciliations::default();
    census(records, span, &mut own);
    let services: u64 = tally.groups(Dimension::Service).iter().map(|(_, group)| group.discharges).sum();
    own.held.push(Reconciliation {
        what: "Services",
        first: ("discharges of all services", signed(services)),
        second: ("discharges of the hospital", signed(tally.all.discharges)),
    });
    own.held.push(Reconciliation {
        what: "Coding",
        first: ("abstracts", signed(tally.all.discharges)),
        second: ("coded + not coded", signed(tally.coders.all().coded.records + tally.uncoded)),
    });
    match of_register(records, CanonicalTable::Births, span) {
        Some(events) => own.held.push(Reconciliation {
            what: BIRTHS,
            first: ("live births of the birth register", signed(events)),
            second: ("admissions of newborns", counts.admitted[NEWBORNS].into()),
        }),
        None => own.not_held.push((BIRTHS, no_feed(CanonicalTable::Births))),
    }
    match deaths_of_register(records, span) {
        Some(deaths) => own.held.push(Reconciliation {
            what: DEATHS,
            first: ("deaths of the deaths register", signed(deaths)),
            second: ("deaths of the records", i64::from(counts.died[0]) + i64::from(counts.died[1])),
        }),
        None => own.not_held.push((DEATHS, no_feed(CanonicalTable::Deaths))),
    }
    Some(own)
}

fn no_feed(table: CanonicalTable) -> String {
    format!("no feed of the table {} speaks of all these days", table.name())
}

/// A figure of the daily census over all facilities and the days of a span; `None` where one is missing.
fn sum_of(records: &MeasuredRecords<'_>, span: Span, of: impl Fn(&CensusDay) -> Option<u32>) -> Option<u64> {
    let census = records.registers.census.as_ref()?;
    let (mut sum, one) = (0, records.is_of_one());
    for name in records.with_inpatients(span) {
        let days = census.days(name, one)?;
        for day in span.each() {
            sum += u64::from(of(days.get(&day)?)?);
        }
    }
    Some(sum)
}

/// The census that was counted follows from its admissions and discharges, is that of the records at the end, and counts their discharges.
fn census(records: &MeasuredRecords<'_>, span: Span, own: &mut Reconciliations) {
    let before = Day(span.first.0 - 1);
    let on = |day: Day| records.counted_on(None, day).map(|(patients, _)| signed(patients));
    let (opening, closing) = (on(before), on(span.last));
    let admissions = sum_of(records, span, |day| day.admissions);
    let discharges = sum_of(records, span, |day| day.discharges);
    match (opening, closing, admissions, discharges) {
        (Some(opening), Some(closing), Some(admissions), Some(discharges)) => own.held.push(Reconciliation {
            what: CENSUS,
            first: ("opening census + admissions - discharges", opening + signed(admissions) - signed(discharges)),
            second: ("closing census", closing),
        }),
        _ => {
            let why = format!(
                "the daily census does not state patients on the day before and on the last day, and {} and {} of every day",
                Field::CensusAdmissions.name(),
                Field::CensusDischarges.name()
            );
            own.not_held.push((CENSUS, why));
        }
    }
    let of_records = CensusOfSpan::of(&records.hospital.all(), span);
    match closing {
        Some(closing) => own.held.push(Reconciliation {
            what: CLOSING,
            first: ("patients of the records on the last day", of_records.closing().iter().sum()),
            second: ("patients of the daily census", closing),
        }),
        None => own.not_held.push((CLOSING, no_feed(CanonicalTable::Census))),
    }
    let counts = of_records.counts();
    match discharges {
        Some(discharges) => own.held.push(Reconciliation {
            what: DISCHARGES,
            first: ("discharges of the daily census", signed(discharges)),
            second: ("discharges of the records", i64::from(counts.discharged[0]) + i64::from(counts.discharged[1])),
        }),
        None => own.not_held.push((DISCHARGES, no_feed(CanonicalTable::Census))),
    }
}

/// Live births of the register.
fn of_register(records: &MeasuredRecords<'_>, table: CanonicalTable, span: Span) -> Option<u64> {
    let (mut sum, one) = (0, records.is_of_one());
    for name in records.with_inpatients(span) {
        sum += records.registers.events.of(table, name, one, (span.first, span.last))?.of(Event::LiveBirth);
    }
    Some(sum)
}

/// Entries of the deaths register in a span; `None` where it does not speak of its first and last day.
fn deaths_of_register(records: &MeasuredRecords<'_>, span: Span) -> Option<u64> {
    let deaths = records.registers.deaths.as_ref()?;
    let speaks = |name: &str, day: Day| deaths.speaks_of(name, records.is_of_one(), day);
    records.with_inpatients(span).all(|name| speaks(name, span.first) && speaks(name, span.last)).then_some(())?;
    let in_span = |day: &Day| span.first <= *day && *day <= span.last;
    Some(deaths.entries().iter().filter(|entry| entry.day.as_ref().is_some_and(in_span)).count() as u64)
}
