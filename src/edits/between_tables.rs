//! The edits between tables that are asked once all records are counted: facility and day by day, register row by row, practitioner by practitioner.
//!
//! What is missing is one finding, and what follows from it is none: a run of days that a register does not speak of is one finding at its first day, and what such a day, row
//! or register would answer is not applicable.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    acceptance::accepted,
    engine::ActiveRules,
    rule::{EditContext, Test},
    scorecard::Scorecard,
    table_tally::{DayTally, FacilityTally, Named, TableTally},
};
use crate::{
    partition::registers::{
        RegisterEntry, Registers,
        census::CensusDay,
        deaths::{Death, Deaths},
    },
    record::{
        date::Day,
        field::CanonicalTable,
        finding::{Finding, FindingKey, Found, Origin},
        life::values_digest,
        subject::Subject,
    },
};

/// What a rule between tables is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedOfEach {
    /// Every facility and day on which records or a register tell of something.
    Days,
    /// Every row of the registers.
    Entries,
    /// Every practitioner whom records name, where there is a staff file.
    Practitioners,
}

/// Whether a register speaks of a day on which records tell of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterCoverage {
    /// There is no such register, or the records tell of nothing that day.
    NotAsked,
    /// It does.
    Covered,
    /// It does not, and this is the first of a run of such days through the stated one.
    MissingThrough(Day),
    /// It does not, as on the day before.
    StillMissing,
}

impl RegisterCoverage {
    /// Whether a rule on missing days is asked: once for each run of them.
    pub fn is_asked(self) -> bool {
        matches!(self, RegisterCoverage::Covered | RegisterCoverage::MissingThrough(_))
    }

    /// Whether a run of missing days begins.
    pub fn begins_missing(self) -> bool {
        matches!(self, RegisterCoverage::MissingThrough(_))
    }
}

/// One day at one facility.
#[derive(Debug, Clone, Copy)]
pub struct FacilityDay<'t> {
    /// The facility.
    pub facility_id: &'t str,
    /// The day.
    pub day: Day,
    /// Figures of the records.
    pub tally: DayTally,
    /// Whether the day lies from the first through the last day on which the facility discharged anybody: outside, records are not complete.
    pub in_span: bool,
    /// The census of the day.
    pub census: Option<CensusDay>,
    /// The census of the day before.
    pub census_before: Option<CensusDay>,
    /// Whether the census has the day of these discharges.
    pub census_cover: RegisterCoverage,
    /// Whether the deaths register speaks of the day of these deaths.
    pub deaths_cover: RegisterCoverage,
    /// Whether the birth register speaks of the day of these births.
    pub births_cover: RegisterCoverage,
    /// Infants born alive by the birth register; `None` where it does not speak of the day.
    pub registered: Option<u32>,
    /// Infants born alive at the least by the outcomes of delivery that are due by the day: see [`FacilityDay::unmet`].
    pub liveborn: u32,
    /// Of those, infants for whom no record of birth of the facility is left, each record taken for the delivery that must end soonest.
    pub unmet: u32,
    /// Whether births are to be asked: the facility has records of birth, or it is the first day on which it should have.
    pub births_asked: bool,
}

impl FacilityDay<'_> {
    /// In words, the days of a run that is missing from here on.
    pub fn missing_through(&self, cover: RegisterCoverage) -> String {
        match cover {
            RegisterCoverage::MissingThrough(last) if last != self.day => {
                format!("{}: {} to {last}", self.facility_id, self.day)
            }
            _ => format!("{}: {}", self.facility_id, self.day),
        }
    }
}

/// What a rule between tables is asked of, one at a time.
#[derive(Debug, Clone, Copy)]
pub enum AskedOf<'t> {
    /// A facility and day.
    Day(FacilityDay<'t>),
    /// A row of a register.
    Entry {
        /// The row.
        entry: &'t RegisterEntry,
        /// Of a row of the deaths register: the death.
        death: Option<&'t Death>,
        /// Of a death: whether a record was found for it, and whether that is of a death.
        met: Option<bool>,
        /// Of a death: whether its facility discharged patients before and after, so that a record should be there.
        in_span: bool,
    },
    /// A practitioner whom records name.
    Practitioner {
        /// The number.
        number: &'t str,
        /// How often, and where first.
        named: Named,
        /// Whether the staff file has a row of the number.
        known: bool,
    },
}

impl<'t> AskedOf<'t> {
    /// What a finding on it speaks of.
    pub fn subject(&self) -> Subject {
        match self {
            AskedOf::Day(day) => Subject::FacilityDay { facility_id: day.facility_id.into(), day: day.day },
            AskedOf::Entry { entry, death, .. } => Subject::RegisterRow {
                register: entry.table,
                facility_id: (&*entry.facility_id).into(),
                encounter_id: death.map_or("", |death| &*death.encounter_id).into(),
                content: entry.content,
            },
            AskedOf::Practitioner { number, .. } => {
                Subject::Practitioner { facility_id: "".into(), practitioner: (*number).to_owned() }
            }
        }
    }

    /// The day; `None` where it is asked of another.
    pub fn day(&self) -> Option<&FacilityDay<'t>> {
        match self {
            AskedOf::Day(day) => Some(day),
            _ => None,
        }
    }
}

/// Asks the rules between tables. `first_input` is the first input of a table: where a finding on a day points.
pub fn examine_tables(
    tally: &TableTally,
    rules: &ActiveRules,
    context: &EditContext,
    first_input: &dyn Fn(CanonicalTable) -> u16,
    scorecard: &mut Scorecard,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let asked = |subjects: AskedOfEach| {
        rules.rules.iter().any(|(rule, _)| matches!(rule.test, Test::Tables { of, .. } if of == subjects))
    };
    let mut ask = |kind: AskedOfEach, asked_of: AskedOf<'_>| {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            let Test::Tables { of, table, applies, violates, shows } = rule.test else { continue };
            if of != kind {
                continue;
            }
            let score = &mut scorecard.scores[number];
            if !applies(&asked_of, context) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            if !violates(&asked_of, context) {
                continue;
            }
            score.failed += 1;
            score.records_failed += 1;
            let (field, origin) = match &asked_of {
                AskedOf::Day(_) => (rule.field, Origin { input: first_input(table), row: 0 }),
                AskedOf::Entry { entry, .. } => {
                    (rule.field.or(entry.unreadable.as_ref().map(|(field, _)| *field)), entry.origin)
                }
                AskedOf::Practitioner { named, .. } => (rule.field, named.first),
            };
            let subject = asked_of.subject();
            let key = FindingKey::of(rule.code, Some(&subject), field, Found::Once, 0);
            let raw = shows(&asked_of);
            let values = values_digest(&raw, "");
            let accepted =
                accepted(&rules.acceptances, rule.code, &subject, None, context).or_else(|| rules.decided(key, values));
            if accepted.is_some() {
                score.accept(1);
            }
            findings.push(Finding {
                rule: number as u16,
                severity: *severity,
                key,
                subject,
                field,
                position: 0,
                raw,
                values,
                other: None,
                origin,
                accepted,
            });
        }
    };
    if asked(AskedOfEach::Days) {
        for (facility_id, facility) in &tally.facilities {
            let one = tally.facilities.len() == 1;
            for day in days_of(facility_id, facility, &context.registers, one) {
                ask(AskedOfEach::Days, AskedOf::Day(day));
            }
        }
    }
    if asked(AskedOfEach::Entries) {
        ask_entries(tally, &context.registers, &mut |subject| ask(AskedOfEach::Entries, subject));
    }
    if let Some(staff) = &context.registers.staff {
        for (number, named) in &tally.practitioners {
            let known = staff.knows(number);
            ask(AskedOfEach::Practitioners, AskedOf::Practitioner { number, named: *named, known });
        }
    }
    findings
}

fn ask_entries(tally: &TableTally, registers: &Registers, ask: &mut dyn FnMut(AskedOf<'_>)) {
    let deaths = registers.deaths.as_ref().map_or(&[][..], |deaths| deaths.entries());
    let places: BTreeMap<Origin, usize> =
        deaths.iter().enumerate().map(|(place, death)| (death.origin, place)).collect();
    let mut met: BTreeMap<usize, bool> = BTreeMap::new();
    for (place, died) in &tally.deaths_met {
        *met.entry(*place).or_insert(false) |= died;
    }
    for entry in &registers.entries {
        let place = places.get(&entry.origin).copied().filter(|_| entry.table == CanonicalTable::Deaths);
        let death = place.map(|place| &deaths[place]);
        let in_span = death.and_then(|death| death.day.zip(span_of(tally, &death.facility_id)));
        ask(AskedOf::Entry {
            entry,
            death,
            met: place.and_then(|place| met.get(&place).copied()),
            in_span: in_span.is_some_and(|(day, (first, last))| first <= day && day <= last),
        });
    }
}

/// First and last day on which a facility discharged anybody; where the register names none, the only facility of the records.
fn span_of(tally: &TableTally, facility_id: &str) -> Option<(Day, Day)> {
    let own = tally.facilities.get(facility_id);
    let only = || tally.facilities.values().next().filter(|_| tally.facilities.len() == 1);
    let nameless = facility_id.is_empty() || tally.facilities.contains_key("");
    own.or_else(|| only().filter(|_| nameless)).and_then(FacilityTally::span)
}

/// The days of one facility, in order.
fn days_of<'t>(
    facility_id: &'t str,
    facility: &FacilityTally,
    registers: &Registers,
    one: bool,
) -> Vec<FacilityDay<'t>> {
    let census = registers.census.as_ref().map(|census| census.days(facility_id, one));
    let births = registers.births.as_ref().map(|births| births.of(facility_id, one));
    let (liveborn, unmet) = births_against_outcomes(facility);
    let no_days = BTreeMap::new();
    let counted = census.flatten().unwrap_or(&no_days);
    let mut days: BTreeSet<Day> = facility.days.keys().chain(liveborn.keys()).chain(counted.keys()).copied().collect();
    days.extend(births.flatten().iter().flat_map(|births| births.liveborn.keys()));
    let has_births = facility.days.values().any(|tally| tally.births > 0);
    let mut births_due = false;
    let mut described: Vec<FacilityDay<'t>> = Vec::with_capacity(days.len());
    for day in days {
        let tally = facility.days.get(&day).copied().unwrap_or_default();
        let in_span = facility.span().is_some_and(|(first, last)| first <= day && day <= last);
        let cover = |given: bool, told: bool, spoken: bool| match (given && told, spoken) {
            (false, _) => RegisterCoverage::NotAsked,
            (true, true) => RegisterCoverage::Covered,
            (true, false) => RegisterCoverage::StillMissing,
        };
        let speaks = |deaths: &Deaths| deaths.speaks_of(facility_id, one, day);
        let of_births = births.flatten().filter(|births| births.months.have(day));
        let registered = of_births.map(|births| births.liveborn.get(&day).copied().unwrap_or(0));
        let liveborn = liveborn.get(&day).copied().unwrap_or(0);
        let should_have = in_span && (liveborn > 0 || registered.is_some_and(|registered| registered > 0));
        let births_asked = has_births || should_have && !births_due;
        births_due |= should_have;
        described.push(FacilityDay {
            facility_id,
            day,
            tally,
            in_span,
            census: counted.get(&day).copied(),
            census_before: counted.get(&Day(day.0 - 1)).copied(),
            census_cover: cover(census.is_some(), tally.discharges > 0, counted.contains_key(&day)),
            deaths_cover: cover(
                registers.deaths.is_some(),
                tally.deaths > 0,
                registers.deaths.as_ref().is_some_and(speaks),
            ),
            births_cover: cover(births.is_some(), tally.births > 0 && in_span, registered.is_some()),
            registered,
            liveborn,
            unmet: unmet.get(&day).copied().unwrap_or(0),
            births_asked,
        });
    }
    join_missing(&mut described, |day| &mut day.census_cover);
    join_missing(&mut described, |day| &mut day.deaths_cover);
    join_missing(&mut described, |day| &mut day.births_cover);
    described
}

/// Marks the first of each run of missing days with the last one. A day that is not asked does not end a run.
fn join_missing<'t>(
    days: &mut [FacilityDay<'t>],
    cover: for<'d> fn(&'d mut FacilityDay<'t>) -> &'d mut RegisterCoverage,
) {
    let mut start = None;
    for place in 0..days.len() {
        match *cover(&mut days[place]) {
            RegisterCoverage::Covered => start = None,
            RegisterCoverage::StillMissing => {
                let through = days[place].day;
                *cover(&mut days[*start.get_or_insert(place)]) = RegisterCoverage::MissingThrough(through);
            }
            RegisterCoverage::NotAsked | RegisterCoverage::MissingThrough(_) => {}
        }
    }
}

/// By last possible day of delivery: infants born alive at the least, and those of them for whom no record of birth is left.
///
/// A record of birth is of one day; a delivery may be of several. Each record is taken for the delivery of its day that must have ended soonest, which
/// leaves as few infants without a record as any other assignment would (earliest due date first). Deliveries that can lie before the first discharge of the
/// facility are left out: their infants may have been discharged before.
fn births_against_outcomes(facility: &FacilityTally) -> (BTreeMap<Day, u32>, BTreeMap<Day, u32>) {
    let mut due: BTreeMap<Day, u32> = BTreeMap::new();
    let mut unmet: BTreeMap<Day, u32> = BTreeMap::new();
    let Some((first_discharge, _)) = facility.span() else { return (due, unmet) };
    let mut deliveries = facility.deliveries.iter().filter(|((first, _), _)| *first >= first_discharge).peekable();
    let births: Vec<(Day, u32)> =
        facility.days.iter().filter(|(_, tally)| tally.births > 0).map(|(day, tally)| (*day, tally.births)).collect();
    // Deliveries that may be of the day in hand, by their last possible day.
    let mut open: BTreeMap<Day, u32> = BTreeMap::new();
    for (day, births) in births {
        while let Some(((_, last), liveborn)) = deliveries.next_if(|((first, _), _)| *first <= day) {
            *open.entry(*last).or_insert(0) += liveborn;
            *due.entry(*last).or_insert(0) += liveborn;
        }
        let mut left = births;
        while let Some(mut delivery) = open.first_entry() {
            if *delivery.key() < day {
                let last = *delivery.key();
                *unmet.entry(last).or_insert(0) += delivery.remove();
                continue;
            }
            let taken = left.min(*delivery.get());
            left -= taken;
            *delivery.get_mut() -= taken;
            if *delivery.get() == 0 {
                delivery.remove();
            }
            if left == 0 {
                break;
            }
        }
    }
    for ((_, last), liveborn) in deliveries {
        *open.entry(*last).or_insert(0) += liveborn;
        *due.entry(*last).or_insert(0) += liveborn;
    }
    for (last, infants) in open {
        *unmet.entry(last).or_insert(0) += infants;
    }
    (due, unmet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The fewest infants that any pairing of records and deliveries leaves over, by trying them all.
    fn fewest_unmet(births: &[i32], deliveries: &[(i32, i32)]) -> usize {
        let Some(((first, last), others)) = deliveries.split_first() else { return 0 };
        let mut fewest = 1 + fewest_unmet(births, others);
        for (place, _) in births.iter().enumerate().filter(|(_, day)| first <= *day && *day <= last) {
            let mut left = births.to_vec();
            left.remove(place);
            fewest = fewest.min(fewest_unmet(&left, others));
        }
        fewest
    }

    proptest! {
        /// No other way of pairing births with deliveries leaves fewer infants without a record.
        #[test]
        fn births_are_paired_as_well_as_can_be(
            births in prop::collection::vec(0i32..6, 0..5),
            deliveries in prop::collection::vec((0i32..6, 0i32..3), 0..5),
        ) {
            let deliveries: Vec<(i32, i32)> = deliveries.into_iter().map(|(first, days)| (first, first + days)).collect();
            let mut facility = FacilityTally { days_of_discharge: [(Day(0), 1), (Day(9), 1)].into(), ..FacilityTally::default() };
            for day in &births {
                facility.days.entry(Day(*day)).or_default().births += 1;
            }
            for (first, last) in &deliveries {
                *facility.deliveries.entry((Day(*first), Day(*last))).or_insert(0) += 1;
            }
            let (due, unmet) = births_against_outcomes(&facility);
            prop_assert_eq!(due.values().sum::<u32>() as usize, deliveries.len());
            prop_assert_eq!(unmet.values().sum::<u32>() as usize, fewest_unmet(&births, &deliveries));
            prop_assert!(unmet.iter().all(|(day, infants)| infants <= &due[day]));
        }
    }

    #[test]
    fn deliveries_before_the_first_discharge_are_not_asked() {
        let mut facility =
            FacilityTally { days_of_discharge: [(Day(5), 1), (Day(9), 1)].into(), ..FacilityTally::default() };
        facility.deliveries.insert((Day(4), Day(6)), 1);
        assert_eq!(births_against_outcomes(&facility), (BTreeMap::new(), BTreeMap::new()));
    }
}
