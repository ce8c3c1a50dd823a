//! What the measures of a run are counted from, by facility and span: the days of the records, and what registers say of them.

use std::borrow::Cow;

use super::{
    census::Span,
    hospital_days::{FacilityDays, HospitalDays},
    measure_base::{
        CountedCensus, CountedSpan, FromRegisters, Held, Known, MeasureBase, WhyNotKnown, service_days_of_records,
    },
    readmissions::{ReadmissionCounts, Readmissions},
};
use crate::{
    partition::registers::{Registers, events::EventCounts},
    record::{date::Day, field::CanonicalTable, period::Period},
};

/// Days that are measured at the most: five years. A single record of a wrong year would make a run without a period one of a century.
const MOST_DAYS: i32 = 1827;

/// Days about a day within which a facility with inpatients has an admission or a discharge.
const ABOUT: i32 = 31;

/// Days without an event at the end of the records that are taken for quiet, not for missing.
const QUIET_DAYS: i32 = 3;

/// The registers of which rows are counted by day.
const EVENT_TABLES: [CanonicalTable; 6] = [
    CanonicalTable::Births,
    CanonicalTable::Autopsies,
    CanonicalTable::Deliveries,
    CanonicalTable::Anaesthetics,
    CanonicalTable::Infections,
    CanonicalTable::Consultations,
];

/// What the measures of a run are counted from.
#[derive(Debug, Clone)]
pub struct MeasuredRecords<'m> {
    /// What happened on each day.
    pub hospital: Cow<'m, HospitalDays>,
    /// Records that name no facility are of the one that is named.
    is_of_one_name: bool,
    /// Readmissions.
    pub readmissions: &'m Readmissions,
    /// What records are held against.
    pub registers: &'m Registers,
    /// The period of the statistics, where one is asked for.
    pub period: Option<&'m Period>,
    /// How far records are held.
    pub held: Held,
}

impl<'m> MeasuredRecords<'m> {
    /// What is counted of a run.
    pub fn of(
        (hospital, readmissions): (&'m HospitalDays, &'m Readmissions),
        registers: &'m Registers,
        (period, business_date): (Option<&'m Period>, Day),
    ) -> MeasuredRecords<'m> {
        let joined = hospital.of_one_name();
        let is_of_one_name = joined.is_some();
        let hospital = joined.map_or(Cow::Borrowed(hospital), Cow::Owned);
        let last = hospital.facilities().filter_map(|(_, own)| own.days.keys().next_back().copied()).max();
        let last = last.map_or(business_date, |last| last.min(business_date));
        // A few days without an event are held as well; of the business date itself the day is not over.
        let through = Day(last.0 + QUIET_DAYS).min(business_date);
        let whole = if last < business_date { last } else { Day(last.0 - 1) };
        let has_open_stays = hospital.facilities().any(|(_, own)| own.in_house != [0, 0]);
        let held = Held { through, whole, has_open_stays };
        MeasuredRecords { hospital, is_of_one_name, readmissions, registers, period, held }
    }

    /// The days that are measured: those of the period, or all on which discharges are held; of more than five years the last five that are held.
    pub fn span(&self) -> Option<Span> {
        let span = match self.period {
            Some(period) => Span { first: period.first, last: period.last },
            None => {
                let days = || {
                    let own = self.hospital.facilities().flat_map(|(_, own)| &own.days);
                    own.filter(|(_, counts)| counts.discharged != [0, 0]).map(|(day, _)| *day)
                };
                Span { first: days().min()?, last: days().max()? }
            }
        };
        if span.days() <= MOST_DAYS as u64 {
            return Some(span);
        }
        let last = span.last.min(self.held.through).max(span.first);
        Some(Span { first: span.first.max(Day(last.0 - MOST_DAYS + 1)), last })
    }

    /// Whether more is asked, or held, than is measured.
    pub fn is_cut(&self) -> bool {
        let first = self.hospital.facilities().filter_map(|(_, own)| own.first_discharge()).min();
        let asked = self.period.map_or(first, |period| first.map(|first| first.max(period.first)));
        self.span().zip(asked).is_some_and(|(span, asked)| asked < span.first)
    }

    /// Whether the records are of one facility: a register then need not name it.
    pub fn is_of_one(&self) -> bool {
        self.hospital.facilities().count() == 1
    }

    /// The census that was counted on a day, of the facilities that are asked of: patients, and newborns among them.
    pub fn counted_on(&self, of: Option<&str>, day: Day) -> Option<(u64, Option<u64>)> {
        let (mut patients, mut newborns) = (0, Some(0));
        // A facility without inpatients about that day has no census.
        let about = Span { first: Day(day.0 - ABOUT), last: Day(day.0 + ABOUT) };
        let of_all = self.with_inpatients(about).filter(|_| of.is_none());
        for name in of.into_iter().chain(of_all) {
            let counted = self.registers.census.as_ref()?.days(name, self.is_of_one())?.get(&day)?;
            patients += u64::from(counted.patients?);
            newborns = newborns.zip(counted.newborns).map(|(sum, more)| sum + u64::from(more));
        }
        Some((patients, newborns))
    }

    /// The facilities that admitted or discharged an inpatient in a span. Records that name no facility, of several, are of none that a register speaks of.
    pub fn with_inpatients(&self, span: Span) -> impl Iterator<Item = &str> {
        let is_named = |name: &str| !name.is_empty() || self.is_of_one();
        let facilities = self.hospital.facilities().filter(move |(name, _)| is_named(name));
        facilities.filter(move |(_, own)| own.days.range(span.first..=span.last).next().is_some()).map(|(name, _)| name)
    }

    /// The same of a facility and span; `None` where a day is missing.
    fn counted(&self, of: &str, span: Span) -> Option<CountedCensus> {
        self.registers.census.as_ref()?;
        let mut sum = CountedCensus { patients: 0, newborns: Some(0) };
        for day in span.each() {
            let (patients, newborns) = self.counted_on(Some(of), day)?;
            sum.patients += patients;
            sum.newborns = sum.newborns.zip(newborns).map(|(sum, more)| sum + more);
        }
        Some(sum)
    }

    /// The first day of the bed file of a facility.
    fn first_bed_day(&self, name: &str) -> Option<Day> {
        self.registers.beds.as_ref()?.first_day(name, self.is_of_one())
    }

    fn said_by_registers(&self, name: &str, days: &FacilityDays, span: Span) -> FromRegisters {
        let (registers, one, of) = (self.registers, self.is_of_one(), (span.first, span.last));
        if name.is_empty() && !one {
            // Records that name no facility, of several: no register speaks of them, and they add no beds.
            let there = EVENT_TABLES.iter().filter(|table| registers.events.is_there(**table));
            return FromRegisters {
                bed_days: Some([0, 0]),
                events: there.map(|table| (*table, EventCounts::default())).collect(),
                has_bills: registers.bills.is_some(),
                ..FromRegisters::default()
            };
        }
        let beds = |first: Day| {
            let beds = registers.beds.as_ref()?;
            beds.count_days((name, one), None, (first, span.last))
        };
        // A facility that opens within the span has no beds before.
        let opened = days.days.keys().next().filter(|first| span.first < **first && **first <= span.last);
        let opened = opened.map(|first| self.first_bed_day(name).unwrap_or(*first).max(span.first).min(*first));
        let events = EVENT_TABLES
            .iter()
            .filter_map(|table| registers.events.of(*table, name, one, of).map(|counts| (*table, counts)));
        FromRegisters {
            bed_days: beds(span.first).or_else(|| beds(opened?)),
            counted: self.counted(name, span),
            days_on_leave: registers.movements.as_ref().map_or(0, |movements| movements.days_on_leave(name, one, of)),
            events: events.collect(),
            has_bills: registers.bills.as_ref().is_some_and(|bills| bills.speaks_from(name, one).is_some()),
            delivery_register: registers.events.is_there(CanonicalTable::Deliveries),
        }
    }

    /// What became of the discharges of a facility in whole months.
    fn returns(&self, name: &str, span: Span) -> Known<ReadmissionCounts> {
        let (first, last) = span.months().ok_or(WhyNotKnown::NotWholeMonths)?;
        let nameless = self.readmissions.facilities.get("").filter(|_| self.is_of_one_name);
        let months = self.readmissions.facilities.get(name).into_iter().chain(nameless);
        let mut sum = ReadmissionCounts::default();
        for (_, counts) in months.flat_map(|months| months.range(first..=last)) {
            sum.add(counts);
        }
        Ok(sum)
    }

    /// What the measures of a facility are counted from; `asked` is the span that is asked for.
    pub fn base_of(&self, name: &str, days: &FacilityDays, asked: Span) -> MeasureBase {
        let last = asked.last.min(self.held.through).max(asked.first);
        let registers = self.said_by_registers(name, days, Span { first: asked.first, last });
        MeasureBase::of(days, asked, registers, self.returns(name, asked), self.held)
    }

    /// Whether the census of the records is known, whatever registers say.
    pub fn census_of_records(&self, asked: Span) -> Known<()> {
        let last = asked.last.min(self.held.through).max(asked.first);
        let span = Span { first: asked.first, last };
        let all = self.hospital.all();
        Ok(service_days_of_records(&all, &CountedSpan::of(&all, span), self.held).map(|_| ())?)
    }

    /// What the measures of all facilities together are counted from; `None` where there is none.
    ///
    /// A facility that had not opened when the span ended is no part of it.
    pub fn base(&self, asked: Span) -> Option<MeasureBase> {
        let has_opened = |days: &FacilityDays| {
            let first = days.days.keys().next().copied();
            let month = days.months.keys().next().map(|month| month.first());
            first.into_iter().chain(month).min().is_some_and(|first| first <= asked.last)
        };
        let all = || self.hospital.facilities();
        let open = all().any(|(_, days)| has_opened(days));
        let parts = all().filter(|(_, days)| !open || has_opened(days));
        // Of too many facilities none is named.
        let shown = |name: &str| if self.hospital.is_told_apart() { name.to_owned() } else { String::new() };
        MeasureBase::together(parts.map(|(name, days)| (shown(name), self.base_of(name, days, asked))).collect())
    }

    /// Facilities that the bed file or the daily census names, and of which no record is held.
    pub fn without_records(&self) -> Vec<String> {
        if self.is_of_one() || !self.hospital.is_told_apart() {
            return Vec::new();
        }
        let is_held = |name: &str| self.hospital.facilities().any(|(own, _)| own == name);
        let beds = self.registers.beds.iter().flat_map(|beds| beds.names());
        let census = self.registers.census.iter().flat_map(|census| census.names());
        let mut names: Vec<String> = beds.chain(census).filter(|name| !is_held(name)).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }
}
