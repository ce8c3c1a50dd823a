//! What the measures of a span are counted from: one base a facility, and the base of several together, which is their sum.

use super::{
    census::{CensusOfSpan, Span},
    hospital_days::{ADULTS_AND_CHILDREN, AccountCounts, DayCounts, FacilityDays, NEWBORNS},
    readmissions::{ReadmissionCounts, WITHIN_DAYS},
};
use crate::{
    partition::registers::events::EventCounts,
    record::{date::Day, field::CanonicalTable, listed::some_of, month::Month},
};

/// Why a figure is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotKnown {
    /// Why.
    pub why: WhyNotKnown,
    /// The facility of which it is not known, of several; blank: of the one or of all.
    pub facility: String,
}

/// Why a measure is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNotKnown {
    /// Nothing of the span is held.
    NothingHeld,
    /// The records state no days of admission.
    NoAdmissions,
    /// Of the discharges the month alone is known.
    MonthsAlone,
    /// Patients who are still in the house are not among the records, so that the census is not known.
    NobodyInTheHouse,
    /// The daily census does not tell newborns apart, and there are newborns.
    NewbornsAreNotApart,
    /// The daily census counts more newborns than patients.
    MoreNewbornsThanPatients,
    /// The records discharge more patients than they admit.
    CensusIsNegative,
    /// The bed file is not there, or does not speak of the whole span, or cannot be read.
    NoBeds,
    /// The days after the last discharges that a return may fall on are not held yet.
    ReturnsAreToCome,
    /// Of the days after the last discharges that a return may fall on, a month is missing.
    ReturnsAreNotHeld,
    /// Readmissions are counted by month, and the span is not one of whole months.
    NotWholeMonths,
    /// No record states the patient's number and its days.
    NoPatientNumbers,
    /// A register is not there, or does not speak of the facility or of the first days of the span.
    NoFeed(CanonicalTable),
    /// No record has diagnoses or procedures.
    NotCoded,
    /// No record states charges.
    NoCharges,
    /// A fetal death states neither weeks nor weight.
    UndatedFetalDeaths,
    /// Records begin within the span.
    BeginsWithin,
    /// No discharge has a group with a weight.
    NoGroupWeights,
    /// It is kept of whole facilities alone, not of the records that are asked for.
    NotOfParts,
    /// What it is counted from has no feed yet, in words.
    NoFeedYet(&'static str),
}

impl NotKnown {
    /// In words.
    pub fn words(&self) -> String {
        let words = self.why.words();
        if self.facility.is_empty() { words } else { format!("{}: {words}", self.facility) }
    }
}

impl From<WhyNotKnown> for NotKnown {
    fn from(why: WhyNotKnown) -> NotKnown {
        NotKnown { why, facility: String::new() }
    }
}

impl WhyNotKnown {
    fn words(self) -> String {
        let words = match self {
            WhyNotKnown::NothingHeld => "nothing of these days is held",
            WhyNotKnown::NoAdmissions => "the records state no day of admission",
            WhyNotKnown::MonthsAlone => "the records state the month of discharge, not the day",
            WhyNotKnown::NobodyInTheHouse => {
                "the daily census does not speak of all these days, and too few patients are in the house in the records: add the daily census, or export those who are not discharged yet"
            }
            WhyNotKnown::NewbornsAreNotApart => {
                "the daily census does not tell newborns apart: add the column census_newborns"
            }
            WhyNotKnown::MoreNewbornsThanPatients => "the daily census counts more newborns than patients",
            WhyNotKnown::CensusIsNegative => "more patients left than came: admissions are missing",
            WhyNotKnown::NoBeds => {
                "no bed file speaks of all these days, or a row of it cannot be read: see the table beds"
            }
            WhyNotKnown::ReturnsAreToCome => "the 30 days after the last discharge are not held yet",
            WhyNotKnown::ReturnsAreNotHeld => "nothing is held of the month after, on which a return may fall",
            WhyNotKnown::NotWholeMonths => "readmissions are counted by month: ask for whole months",
            WhyNotKnown::NoPatientNumbers => "the records state no patient number, or no days",
            WhyNotKnown::NoFeed(table) => {
                return format!("no feed of the table {} speaks of these days", table.name());
            }
            WhyNotKnown::NotCoded => "no record of these days has codes",
            WhyNotKnown::NoCharges => "the records state no charges",
            WhyNotKnown::UndatedFetalDeaths => {
                "a fetal death states neither weeks nor weight: map gestation_weeks or birth_weight_grams of the table births"
            }
            WhyNotKnown::NoGroupWeights => {
                "no discharge has a DRG with a weight: map diagnosis_related_group, and name the file of weights as drg_weights"
            }
            WhyNotKnown::NotOfParts => "it is counted of whole facilities, not of a part of their records",
            WhyNotKnown::BeginsWithin => "the records begin within these days",
            WhyNotKnown::NoFeedYet(what) => return format!("there is no feed of {what} yet"),
        };
        words.to_owned()
    }
}

/// A part of a base that may not be known.
pub type Known<T> = Result<T, NotKnown>;

/// The census of a span as the hospital counted it: patients at the census hour of every day, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedCensus {
    /// Patients, newborns among them.
    pub patients: u64,
    /// Newborns, where every day's are told.
    pub newborns: Option<u64>,
}

impl CountedCensus {
    /// Inpatient service days: the census of each day, and those admitted and discharged within a day.
    fn service_days(self, counts: &DayCounts) -> Result<[u64; 2], WhyNotKnown> {
        let no_newborns = counts.discharged[NEWBORNS] + counts.admitted[NEWBORNS] == 0;
        let newborns = self.newborns.or(no_newborns.then_some(0)).ok_or(WhyNotKnown::NewbornsAreNotApart)?;
        let adults = self.patients.checked_sub(newborns).ok_or(WhyNotKnown::MoreNewbornsThanPatients)?;
        let same_day = counts.same_day.map(u64::from);
        Ok([adults + same_day[ADULTS_AND_CHILDREN], newborns + same_day[NEWBORNS]])
    }
}

/// By what the service days of a base are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CensusSource {
    /// By the daily census.
    Counted,
    /// By the stays of the records.
    Records,
    /// Of some facilities by one, of others by the other.
    Both,
}

/// What registers say of a facility and span.
#[derive(Debug, Clone, Default)]
pub struct FromRegisters {
    /// Bed count days and bassinet count days, as the bed file has them.
    pub bed_days: Option<[u64; 2]>,
    /// The daily census, where it speaks of every day: it is believed before that of the records.
    pub counted: Option<CountedCensus>,
    /// Nights of patients on leave.
    pub days_on_leave: u64,
    /// What each register of events counts; a table that does not speak of the span is not there.
    pub events: Vec<(CanonicalTable, EventCounts)>,
    /// The final bills speak of the facility.
    pub has_bills: bool,
    /// There is a register of deliveries, whether it speaks of the facility or not.
    pub delivery_register: bool,
}

/// How far records are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The last day on which anything happened at any facility; never after the business date.
    pub through: Day,
    /// The last of them of which the whole day is held: a business date is not over.
    pub whole: Day,
    /// Somebody is in the house at any facility: the export has open stays.
    pub has_open_stays: bool,
}

/// What the measures of one facility (or of several) and one span are counted from.
#[derive(Debug, Clone)]
pub struct MeasureBase {
    /// The days that are counted: of a span that is not over, those through the last day held.
    pub span: Span,
    /// Anything of the span is held.
    pub is_held: bool,
    /// What happened in them.
    pub counts: DayCounts,
    /// Of the discharges: of which the month alone is known.
    pub of_months: u64,
    /// Inpatient service days.
    pub service_days: Known<[u64; 2]>,
    /// By what they are counted.
    pub census_source: CensusSource,
    /// Nights on leave that were taken off.
    pub days_on_leave: u64,
    /// Bed count days and bassinet count days.
    pub bed_days: Known<[u64; 2]>,
    /// Readmissions after the discharges of these days.
    pub readmissions: Known<ReadmissionCounts>,
    /// What the registers of events count, by table; one that is not there is not known.
    pub events: Vec<(CanonicalTable, EventCounts)>,
    /// There is a register of deliveries, so that codes do not stand in for it.
    pub delivery_register: bool,
    /// Records begin within the span, so that it is none to be compared with.
    pub is_partial: bool,
    /// It is of a part of the records.
    pub is_of_part: bool,
    /// Facilities whose records end within the span, each with the last day.
    pub stopped: Vec<(String, Day)>,
    /// Accounts discharged in the span.
    pub accounts: AccountCounts,
    /// Accounts at the end of the span that have no final bill yet, and their charges in cents.
    pub not_billed: Known<[u64; 2]>,
    /// Accounts at the end of the span that are not coded yet, and their charges.
    pub not_coded: [u64; 2],
    /// Facilities of which nothing of the span is held, although something before it is.
    pub silent: Vec<String>,
}

/// Days after which nearly every patient of a span has been discharged.
const LONGEST_USUAL_STAY: i32 = 90;

/// Days without any admission or discharge that a facility of some size hardly has.
const USUAL_GAP: i32 = 6;

/// A mean census below this says little by one midnight.
const SMALL_CENSUS: u64 = 5;

impl MeasureBase {
    /// What a facility's days come to in a span.
    pub fn of(
        facility: &FacilityDays,
        asked: Span,
        registers: FromRegisters,
        readmissions: Known<ReadmissionCounts>,
        held: Held,
    ) -> MeasureBase {
        let span = Span { first: asked.first, last: asked.last.min(held.through.max(asked.first)) };
        let counted = CountedSpan::of(facility, span);
        let by_records = || service_days_of_records(facility, &counted, held);
        let (counts, of_months) = (counted.counts, counted.of_months);
        let happened = counts.admitted != [0, 0] || counts.discharged != [0, 0];
        // Admissions alone are those of stays that were discharged later: the discharges of the days are not held, unless the facility is so small that it may have had none.
        let has_begun = facility.first_discharge().is_some_and(|first| first <= span.last);
        let begins_within = !facility.is_small()
            && facility.first_discharge().is_some_and(|first| first.0 > span.first.0 + USUAL_GAP && first <= span.last);
        let stopped = facility
            .last_day()
            .filter(|last| last.0 + USUAL_GAP < span.last.0 && *last >= span.first && !facility.is_small());
        let of_records = counts.discharged != [0, 0] || happened && has_begun && facility.is_small();
        let is_held = (of_records || registers.counted.is_some() && facility.is_small()) && asked.first <= held.through;
        let known = |result: Result<[u64; 2], WhyNotKnown>| result.map_err(NotKnown::from);
        let (service_days, census_source) = match registers.counted {
            _ if !is_held => (Err(WhyNotKnown::NothingHeld), CensusSource::Records),
            None if begins_within => (Err(WhyNotKnown::BeginsWithin), CensusSource::Records),
            Some(counted) => (counted.service_days(&counts), CensusSource::Counted),
            None => {
                let days =
                    by_records().map(|[adults, newborns]| [adults.saturating_sub(registers.days_on_leave), newborns]);
                (days, CensusSource::Records)
            }
        };
        let days_on_leave = if census_source == CensusSource::Records { registers.days_on_leave } else { 0 };
        let CountedAccounts { accounts, not_billed, not_coded } = CountedAccounts::of(facility, span);
        MeasureBase {
            span,
            is_held,
            counts,
            of_months,
            service_days: known(service_days),
            census_source,
            days_on_leave,
            bed_days: registers.bed_days.ok_or(WhyNotKnown::NoBeds.into()),
            readmissions: match readmissions {
                _ if !is_held => Err(WhyNotKnown::NothingHeld.into()),
                _ if asked.last.0 + WITHIN_DAYS > held.whole.0 => Err(WhyNotKnown::ReturnsAreToCome.into()),
                _ if facility.lacks_days_after(asked.last, WITHIN_DAYS) => Err(WhyNotKnown::ReturnsAreNotHeld.into()),
                Ok(counted) if counted.ended() == 0 && counts.discharged != [0, 0] => {
                    Err(WhyNotKnown::NoPatientNumbers.into())
                }
                counted => counted,
            },
            events: registers.events,
            delivery_register: registers.delivery_register,
            is_partial: begins_within,
            is_of_part: false,
            stopped: stopped.map(|day| (String::new(), day)).into_iter().collect(),
            accounts,
            not_billed: match registers.has_bills {
                _ if !is_held => Err(WhyNotKnown::NothingHeld.into()),
                true => Ok(not_billed),
                false => Err(WhyNotKnown::NoFeed(CanonicalTable::Bills).into()),
            },
            not_coded,
            silent: Vec::new(),
        }
    }

    /// What some of the records come to in the span of all of them; `by_records`: whether the census of the records is known.
    ///
    /// What registers say is said of whole facilities, and so are readmissions.
    pub fn of_part(part: &FacilityDays, whole: &MeasureBase, by_records: &Known<()>) -> MeasureBase {
        let span = whole.span;
        let CountedSpan { census, counts, of_months } = CountedSpan::of(part, span);
        let CountedAccounts { accounts, not_billed, not_coded } = CountedAccounts::of(part, span);
        let not_of_parts = || NotKnown::from(WhyNotKnown::NotOfParts);
        let service_days = match by_records {
            _ if !whole.is_held => Err(WhyNotKnown::NothingHeld.into()),
            // On which nights of leave which of them were is not known.
            _ if whole.days_on_leave > 0 => Err(not_of_parts()),
            Err(_) if whole.census_source != CensusSource::Records => Err(not_of_parts()),
            Err(why) => Err(why.clone()),
            Ok(()) => Ok(census.service_days().map(|days| u64::try_from(days).unwrap_or(0))),
        };
        MeasureBase {
            span,
            is_held: whole.is_held,
            counts,
            of_months,
            service_days,
            census_source: CensusSource::Records,
            days_on_leave: 0,
            bed_days: Err(not_of_parts()),
            readmissions: Err(not_of_parts()),
            events: Vec::new(),
            delivery_register: whole.delivery_register,
            is_partial: whole.is_partial,
            is_of_part: true,
            stopped: Vec::new(),
            accounts,
            not_billed: whole.not_billed.clone().map(|_| not_billed),
            not_coded,
            silent: Vec::new(),
        }
    }

    /// Several facilities together: sums. What is not known of one that is held is not known of all, and names it.
    ///
    /// `None` where there is no facility.
    pub fn together(parts: Vec<(String, MeasureBase)>) -> Option<MeasureBase> {
        let one = parts.len() == 1;
        let (mut all, mut silent) = (None::<MeasureBase>, Vec::new());
        let last = parts.len().saturating_sub(1);
        for (place, (name, mut part)) in parts.into_iter().enumerate() {
            if !part.is_held {
                silent.push(name);
                // One has to be there, so that the sum is of something.
                if place < last || all.is_some() {
                    continue;
                }
            } else if !one {
                part.stopped.iter_mut().for_each(|(own, _)| own.clone_from(&name));
                part.name_what_is_not_known(&name);
            }
            match &mut all {
                Some(all) => all.add(part),
                None => all = Some(part),
            }
        }
        let mut all = all?;
        all.silent = silent;
        Some(all)
    }

    fn name_what_is_not_known(&mut self, name: &str) {
        fn mark<T>(known: &mut Known<T>, name: &str) {
            if let Err(why) = known {
                name.clone_into(&mut why.facility);
            }
        }
        mark(&mut self.service_days, name);
        mark(&mut self.bed_days, name);
        mark(&mut self.readmissions, name);
        mark(&mut self.not_billed, name);
    }

    fn add(&mut self, other: MeasureBase) {
        fn sum<T>(own: &mut Known<T>, more: Known<T>, add: impl Fn(&mut T, T)) {
            match (&mut *own, more) {
                (Ok(own), Ok(more)) => add(own, more),
                (Ok(_), Err(why)) => *own = Err(why),
                (Err(_), _) => {}
            }
        }
        let pairs = |own: &mut [u64; 2], more: [u64; 2]| own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
        self.is_held |= other.is_held;
        self.delivery_register |= other.delivery_register;
        self.is_partial |= other.is_partial;
        self.stopped.extend(other.stopped);
        self.counts.add(&other.counts);
        self.of_months += other.of_months;
        sum(&mut self.service_days, other.service_days, pairs);
        if self.census_source != other.census_source {
            self.census_source = CensusSource::Both;
        }
        self.days_on_leave += other.days_on_leave;
        sum(&mut self.bed_days, other.bed_days, pairs);
        sum(&mut self.readmissions, other.readmissions, |own, more| own.add(&more));
        // A table counts where it speaks of every facility.
        self.events.retain_mut(|(table, own)| {
            let more = other.events.iter().find(|(other, _)| other == table);
            more.inspect(|(_, more)| own.add(more)).is_some()
        });
        self.accounts.add(&other.accounts);
        sum(&mut self.not_billed, other.not_billed, pairs);
        pairs(&mut self.not_coded, other.not_coded);
    }

    /// What a register counts.
    pub fn events(&self, table: CanonicalTable) -> Known<EventCounts> {
        let counts = self.events.iter().find(|(own, _)| *own == table).map(|(_, counts)| *counts);
        let why = if self.is_of_part { WhyNotKnown::NotOfParts } else { WhyNotKnown::NoFeed(table) };
        counts.ok_or(why.into())
    }

    /// What is missing from the figures as a whole: facilities, and days.
    pub fn missing(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.silent.is_empty() && self.is_held {
            remarks.push(format!("Nothing of these days is held of {}: they are in no figure.", named(&self.silent)));
        }
        for (name, day) in &self.stopped {
            let of = if name.is_empty() { String::new() } else { format!(" of {name}") };
            remarks.push(format!("Nothing{of} is held after {day}: the figures are of the days before."));
        }
        if self.is_partial {
            remarks.push("Records begin within these days: the figures are of the days from then on.".to_owned());
        }
        remarks
    }

    /// What is to be said of the base as a whole: what is missing from its figures, and what is counted apart.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = self.missing();
        let discharged = u64::from(self.counts.discharged[0] + self.counts.discharged[1]);
        let not_admitted =
            u64::from(self.counts.not_admitted[0] + self.counts.not_admitted[1]).saturating_sub(self.of_months);
        if not_admitted > 0 && not_admitted < discharged {
            remarks.push(format!(
                "{not_admitted} of {discharged} discharges state no day of admission that comes before: they are in no census of the records."
            ));
        }
        if self.of_months > 0 && self.of_months < discharged {
            remarks.push(format!(
                "{} of {discharged} discharges state the month alone: they are in no census.",
                self.of_months
            ));
        }
        let unclear = self.counts.died_unclear[0] + self.counts.died_unclear[1];
        if unclear > 0 {
            remarks.push(format!(
                "{unclear} of the deaths may be within 48 hours of admission: a time is not stated, and two midnights lie between. They are counted as later."
            ));
        }
        let weighed = self.accounts.case_mix[0];
        if weighed > 0 && weighed < discharged {
            remarks.push(format!(
                "{} of {discharged} discharges have no DRG with a weight: they are not in the case-mix index.",
                discharged - weighed
            ));
        }
        if let Ok(counts) = &self.readmissions {
            remarks.push(counts.words());
            let left_out = discharged.saturating_sub(counts.ended());
            if left_out > 0 {
                remarks.push(format!(
                    "{left_out} of {discharged} discharges state no patient number or no days: no readmission is known of them."
                ));
            }
        }
        if self.days_on_leave > 0 {
            remarks.push(format!("{} nights on leave are no service days.", self.days_on_leave));
        }
        remarks
    }
}

/// Facilities by their names, or how many they are where they have none.
pub fn named(facilities: &[String]) -> String {
    if facilities.iter().all(String::is_empty) {
        return format!("{} facilities", facilities.len());
    }
    some_of(facilities)
}

/// What is counted of a facility in a span.
pub struct CountedSpan {
    census: CensusOfSpan,
    /// Those of which the month alone is known among them.
    counts: DayCounts,
    /// Discharges of which the month alone is known.
    of_months: u64,
}

impl CountedSpan {
    /// Counts it.
    pub fn of(facility: &FacilityDays, span: Span) -> CountedSpan {
        let census = CensusOfSpan::of(facility, span);
        let (mut counts, mut of_months) = (census.counts(), 0);
        for (_, own) in facility.months.range(Month::of(span.first)..=Month::of(span.last)) {
            counts.add(own);
            of_months += u64::from(own.discharged[0] + own.discharged[1]);
        }
        CountedSpan { census, counts, of_months }
    }
}

/// What is counted of the accounts of a facility in a span, and at its end: accounts and their charges in cents.
struct CountedAccounts {
    accounts: AccountCounts,
    not_billed: [u64; 2],
    not_coded: [u64; 2],
}

impl CountedAccounts {
    fn of(facility: &FacilityDays, span: Span) -> CountedAccounts {
        let (mut accounts, mut before) = (AccountCounts::default(), AccountCounts::default());
        facility.accounts.range(span.first..=span.last).for_each(|(_, own)| accounts.add(own));
        facility.accounts.range(..=span.last).for_each(|(_, own)| before.add(own));
        let open = |done: [u64; 2]| [0, 1].map(|at| before.discharged[at].saturating_sub(done[at]));
        CountedAccounts { accounts, not_billed: open(before.billed), not_coded: open(before.coded) }
    }
}

/// Inpatient service days by the stays of the records.
pub fn service_days_of_records(
    facility: &FacilityDays,
    counted: &CountedSpan,
    held: Held,
) -> Result<[u64; 2], WhyNotKnown> {
    let CountedSpan { census, counts, of_months } = counted;
    let of_months = *of_months;
    let discharged = u64::from(counts.discharged[0] + counts.discharged[1]);
    let not_admitted = u64::from(counts.not_admitted[0] + counts.not_admitted[1]);
    if discharged > 0 && of_months == discharged {
        return Err(WhyNotKnown::MonthsAlone);
    }
    if discharged > 0 && not_admitted == discharged && counts.admitted == [0, 0] {
        return Err(WhyNotKnown::NoAdmissions);
    }
    if census.days.iter().any(|day| day.at_midnight.iter().any(|count| *count < 0)) {
        return Err(WhyNotKnown::CensusIsNegative);
    }
    let midnights: u64 = census.days.iter().map(|day| patients(day.at_midnight)).sum();
    let days = census.days.len() as u64;
    // An export of discharges alone has fewer and fewer patients in the house as its end comes near.
    let is_full = patients(census.closing()) * 2 * days >= midnights;
    let is_small = midnights < SMALL_CENSUS * days && (facility.in_house != [0, 0] || held.has_open_stays);
    let is_past = census.days.last().is_some_and(|last| last.day.0 + LONGEST_USUAL_STAY <= held.through.0);
    if !is_full && !is_small && !is_past {
        return Err(WhyNotKnown::NobodyInTheHouse);
    }
    Ok(census.service_days().map(|days| u64::try_from(days).unwrap_or(0)))
}

fn patients(at_midnight: [i64; 2]) -> u64 {
    u64::try_from(at_midnight.iter().sum::<i64>()).unwrap_or(0)
}
