//! Counts by facility and month of discharge: mergeable integers, made partition by partition.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use super::{
    facility_months::{FacilityMonths, MonthCounts, Quotient},
    limits::Spread,
    measure::TrendMeasure,
};
use crate::{
    edits::{
        facts::{exempt_on, is_external_cause},
        rule::EditContext,
    },
    partition::encounter::Encounter,
    record::take_away::{TakeAway, take_away_fields},
    record::{
        bounded::{Distinct, MOST_VALUES},
        date::Day,
        field::Field,
        month::Month,
        vocabulary::PresentOnAdmission,
    },
};

/// Names of coders or practitioners kept apart at one facility; those met after so many are counted among all others.
const MOST_NAMES: usize = 10_000;

/// Names of all facilities together; of more, nobody is judged. A state of 500 hospitals has some 50,000 practitioners in a year.
const MOST_NAMES_OF_ALL: usize = 200_000;

/// Months of facilities that are held; of more, none is judged or remembered. Five hundred hospitals have 30,000 in five years.
const MOST_FACILITY_MONTHS: usize = 50_000;

/// Services of months of facilities that are held; of more, no service is judged or remembered. A hospital of 60 services has 720 in a year.
const MOST_SERVICE_MONTHS: usize = 100_000;

/// Words that say that a value is not known. Codes differ from programme to programme; a layout's `missing` names those of an export.
const UNKNOWN: [&str; 10] = [
    "unknown",
    "unk",
    "u",
    "99",
    "9999",
    "not stated",
    "unable to obtain",
    "patient declined to answer",
    "declined",
    "refused",
];

/// Coded discharges by name, at one facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameCounts {
    /// By name.
    by_name: FxHashMap<Box<str>, Spread>,
    /// All together, also those without a name.
    pub all: Spread,
}

impl NameCounts {
    /// The names with so many cases, in their order, with what was counted of each.
    pub fn with_cases(&self, least: u64) -> Vec<(&str, Spread)> {
        let enough = self.by_name.iter().filter(|(_, spread)| spread.cases >= least);
        let mut names: Vec<(&str, Spread)> = enough.map(|(name, spread)| (&**name, *spread)).collect();
        names.sort_unstable_by_key(|(name, _)| *name);
        names
    }

    /// Number of names.
    pub fn count(&self) -> u64 {
        self.by_name.len() as u64
    }

    /// Adds coded discharges of a name; a blank one is among all alone.
    fn add(&mut self, name: &str, spread: Spread) {
        self.all.add(spread);
        if name.is_empty() {
            return;
        }
        if let Some(own) = self.by_name.get_mut(name) {
            own.add(spread);
        } else if self.by_name.len() < MOST_NAMES {
            self.by_name.insert(name.into(), spread);
        }
    }
}

/// What is counted for the trend edits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendTally {
    /// By facility and month of discharge.
    pub months: FacilityMonths,
    /// By facility: coders, of the discharges of the period.
    pub coders: BTreeMap<String, NameCounts>,
    /// By facility: attending practitioners, by NPI or else by name, of the discharges of the period.
    pub attendings: BTreeMap<String, NameCounts>,
    /// What was too much to be held, and is not judged.
    pub too_much: TooMuch,
    /// Services of months, and names, that are held.
    pub(super) held: [usize; 3],
    /// Coders and attending practitioners of one partition, until they are merged.
    pub(super) of_partition: [NamedSpreads; 2],
}

/// What has so many values that it is not judged: the columns are surely mapped wrongly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TooMuch {
    /// The facilities and the months, where their months are too many.
    pub months: Option<Box<(Distinct, Distinct)>>,
    /// The services, where those of the months are too many.
    pub services: Option<Box<Distinct>>,
    /// The coders and the attending practitioners, where those of all facilities are too many.
    pub names: Option<Box<[Distinct; 2]>>,
}

impl TooMuch {
    /// The columns that are surely mapped wrongly, each with its different values. A facility has a month's file for some years, and a state some hundred
    /// facilities: of the two the one that is farther from it.
    pub fn told(&self) -> Vec<(Field, u64)> {
        let mut told = Vec::new();
        if let Some((facilities, months)) = self.months.as_deref() {
            let of_facilities = facilities.count() > MOST_VALUES as u64 || facilities.count() > months.count();
            told.push(if of_facilities {
                (Field::FacilityId, facilities.count())
            } else {
                (Field::DischargeDate, months.count())
            });
        }
        told.extend(self.services.as_deref().map(|services| (Field::Service, services.count())));
        if let Some([coders, attendings]) = self.names.as_deref() {
            // Names are counted for each facility: where that is mapped wrongly, a few names are many.
            let facilities = self.months.as_deref().map_or(0, |(facilities, _)| facilities.count());
            let (coders, attendings) = (coders.count(), attendings.count());
            let fields: &[Field] = match coders > attendings {
                _ if coders.max(attendings) <= facilities => &[],
                true => &[Field::Coder],
                false => &[Field::AttendingNpi, Field::AttendingName],
            };
            told.extend(fields.iter().map(|field| (*field, coders.max(attendings))));
        }
        told
    }
}

/// Coded discharges by facility and name, facility after facility in the order they were met: few texts, because every partition makes them anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NamedSpreads {
    /// Each facility, and its names after it.
    texts: String,
    /// Of each facility: where it ends in `texts`, and how many names it has.
    facilities: Vec<(u32, u32)>,
    /// Of each name: where it ends in `texts`, and what was counted.
    names: Vec<(u32, Spread)>,
}

impl NamedSpreads {
    fn add_facility<'n>(&mut self, facility: &str, names: impl Iterator<Item = (&'n str, Spread)>) {
        self.texts.push_str(facility);
        let (end, before) = (self.texts.len() as u32, self.names.len());
        for (name, spread) in names {
            self.texts.push_str(name);
            self.names.push((self.texts.len() as u32, spread));
        }
        self.facilities.push((end, (self.names.len() - before) as u32));
    }

    /// Enters the names of all facilities.
    fn enter_names(&self, distinct: &mut Distinct) {
        let mut names = self.names.iter();
        for (end, count) in &self.facilities {
            let mut start = *end as usize;
            for (end, _) in names.by_ref().take(*count as usize) {
                distinct.enter(&self.texts[start..*end as usize]);
                start = *end as usize;
            }
        }
    }

    /// Adds the names to those of facilities; how many were not known before.
    fn add_to(self, facilities: &mut BTreeMap<String, NameCounts>) -> usize {
        let mut more = 0;
        let (mut start, mut names) = (0, self.names.into_iter());
        for (end, count) in self.facilities {
            let facility = &self.texts[start..end as usize];
            start = end as usize;
            if count == 0 {
                continue;
            }
            let own = facilities.entry(facility.to_owned()).or_default();
            let before = own.by_name.len();
            for (end, spread) in names.by_ref().take(count as usize) {
                own.add(&self.texts[start..end as usize], spread);
                start = end as usize;
            }
            more += own.by_name.len() - before;
        }
        more
    }
}

impl TrendTally {
    /// Counts encounters; see [`TrendCounting::count`].
    pub fn of<'e, 'a: 'e>(encounters: impl Iterator<Item = &'e Encounter<'a>>, context: &EditContext) -> TrendTally {
        let mut counting = TrendCounting::default();
        for encounter in encounters {
            counting.count(encounter, context);
        }
        let mut tally = TrendTally::default();
        tally.merge(counting.tally(context));
        tally
    }

    /// The same names beside the counts of other months.
    pub fn with_months(mut self, months: FacilityMonths) -> TrendTally {
        (self.held[0], self.held[1]) = (months.0.values().map(BTreeMap::len).sum(), months.services().count());
        self.months = months;
        self
    }

    /// Adds the tally of a partition.
    ///
    /// What is too much is dropped whole, so that it depends neither on the order of the rows nor on that of the partitions.
    pub fn merge(&mut self, other: TrendTally) {
        if let Some(services) = &mut self.too_much.services {
            other.months.services().for_each(|service| services.enter(service));
        }
        if let Some(months) = &mut self.too_much.months {
            enter_months(&other.months, months);
        } else {
            let mut more = other.months;
            if self.too_much.services.is_some() {
                more.drop_services();
            }
            let (months, services) = self.months.add(more);
            self.held[0] += months;
            self.held[1] += services;
            if self.held[1] > MOST_SERVICE_MONTHS {
                let mut distinct = Distinct::default();
                self.months.services().for_each(|service| distinct.enter(service));
                self.too_much.services = Some(Box::new(distinct));
                self.months.drop_services();
                self.held[1] = 0;
            }
            if self.held[0] > MOST_FACILITY_MONTHS || self.months.0.len() > MOST_VALUES {
                let mut distinct = Box::default();
                enter_months(&self.months, &mut distinct);
                self.too_much.months = Some(distinct);
                self.months = FacilityMonths::default();
            }
        }
        let [coders, attendings] = other.of_partition;
        if let Some(names) = &mut self.too_much.names {
            [coders, attendings].iter().zip(names.iter_mut()).for_each(|(spreads, names)| spreads.enter_names(names));
            return;
        }
        self.held[2] += add_names(&mut self.coders, other.coders) + add_names(&mut self.attendings, other.attendings);
        self.held[2] += coders.add_to(&mut self.coders) + attendings.add_to(&mut self.attendings);
        if self.held[2] > MOST_NAMES_OF_ALL {
            let distinct = [&self.coders, &self.attendings].map(|facilities| {
                let mut distinct = Distinct::default();
                facilities.values().flat_map(|names| names.by_name.keys()).for_each(|name| distinct.enter(&**name));
                distinct
            });
            self.too_much.names = Some(Box::new(distinct));
            (self.coders, self.attendings) = Default::default();
        }
    }
}

/// Adds the names of facilities; how many were not known before.
fn add_names(own: &mut BTreeMap<String, NameCounts>, other: BTreeMap<String, NameCounts>) -> usize {
    let mut more = 0;
    for (facility, theirs) in other {
        let own = own.entry(facility).or_default();
        let (all, before) = (own.all, own.by_name.len());
        theirs.by_name.into_iter().for_each(|(name, spread)| own.add(&name, spread));
        own.all = all;
        own.all.add(theirs.all);
        more += own.by_name.len() - before;
    }
    more
}

fn enter_months(counted: &FacilityMonths, (facilities, months): &mut (Distinct, Distinct)) {
    for (facility, own) in &counted.0 {
        facilities.enter(facility.as_str());
        own.keys().for_each(|month| months.enter(month.0));
    }
}

/// Counts of one month at one facility while they are made.
#[derive(Debug, Default)]
struct Counts<'a> {
    discharges: u64,
    coded: u64,
    diagnoses: u64,
    external_causes: u64,
    race_unknown: u64,
    payer_unknown: u64,
    home: u64,
    marks_needed: u64,
    marks_unknown: u64,
    procedures: u64,
    services: FxHashMap<&'a str, u64>,
}

/// A month of a facility while it is counted.
#[derive(Debug)]
struct FacilityMonth<'a> {
    facility: &'a str,
    /// Its place among the facilities.
    place: usize,
    month: Month,
    first: Day,
    last: Day,
    counts: Counts<'a>,
}

/// Coded discharges by name, in the order they were met.
#[derive(Debug, Default)]
struct ByName<'a> {
    places: FxHashMap<&'a str, u32>,
    counted: Vec<(&'a str, Spread)>,
}

impl<'a> ByName<'a> {
    fn of(&mut self, name: &'a str) -> &mut Spread {
        let next = self.counted.len() as u32;
        let place = *self.places.entry(name).or_insert(next);
        if place == next {
            self.counted.push((name, Spread::default()));
        }
        &mut self.counted[place as usize].1
    }
}

/// The names of a facility while they are counted.
#[derive(Debug, Default)]
struct FacilityNames<'a> {
    facility: &'a str,
    coders: ByName<'a>,
    attendings: ByName<'a>,
}

/// A partition while it is counted: names are the partition's own texts.
///
/// Encounter by encounter, so that it can be done while another desk has the diagnoses at hand.
#[derive(Debug, Default)]
pub struct TrendCounting<'a> {
    places: FxHashMap<(&'a str, Month), usize>,
    months: Vec<FacilityMonth<'a>>,
    facilities: FxHashMap<&'a str, usize>,
    names: Vec<FacilityNames<'a>>,
    last: usize,
}

impl<'a> TrendCounting<'a> {
    /// The counts of the month of a day; discharges of one facility and month often follow each other.
    fn month(&mut self, facility: &'a str, day: Day) -> &mut Counts<'a> {
        let last = self.months.get(self.last);
        if !last.is_some_and(|month| month.first <= day && day <= month.last && month.facility == facility) {
            let month = Month::of(day);
            let next = self.months.len();
            self.last = *self.places.entry((facility, month)).or_insert(next);
            if self.last == next {
                let (first, last) = (month.first(), month.last());
                let place = *self.facilities.entry(facility).or_insert(self.names.len());
                if place == self.names.len() {
                    self.names.push(FacilityNames { facility, ..FacilityNames::default() });
                }
                self.months.push(FacilityMonth { facility, place, month, first, last, counts: Counts::default() });
            }
        }
        &mut self.months[self.last].counts
    }

    /// Counts an encounter that is not rejected; one without a readable discharge date is of no month.
    pub fn count(&mut self, encounter: &Encounter<'a>, context: &EditContext) {
        let Some(discharged) = encounter.discharge_day_or_month() else { return };
        let facility = encounter.facility_id;
        let counts = self.month(facility, discharged);
        counts.discharges += 1;
        let mut diagnoses = 0;
        for diagnosis in encounter.diagnoses.iter().filter(|diagnosis| !diagnosis.raw.is_empty()) {
            diagnoses += 1;
            counts.external_causes += u64::from(is_external_cause(diagnosis));
            let mark = diagnosis.present_on_admission.value();
            if mark != Some(PresentOnAdmission::Exempt) && exempt_on(diagnosis, discharged, context) != Some(true) {
                counts.marks_needed += 1;
                counts.marks_unknown += u64::from(mark == Some(PresentOnAdmission::Unknown));
            }
        }
        counts.diagnoses += diagnoses;
        counts.coded += u64::from(diagnoses > 0);
        counts.procedures += encounter.procedures.iter().filter(|procedure| !procedure.raw.is_empty()).count() as u64;
        counts.race_unknown += u64::from(is_unknown(encounter.race));
        // A payer that is not in the layout's list is none of the unknown: FLD032 finds it.
        let payer = encounter.payer;
        counts.payer_unknown += u64::from(payer.is_blank() || payer.value().is_some_and(is_unknown));
        counts.home += u64::from(encounter.discharge_status.value().is_some_and(|status| status.0 == 1));
        if !encounter.service.is_empty() {
            *counts.services.entry(encounter.service).or_default() += 1;
        }
        // What is not coded yet is nobody's coding.
        if diagnoses > 0 && context.period.as_ref().is_none_or(|period| period.contains(discharged)) {
            let names = &mut self.names[self.months[self.last].place];
            if context.is_mapped(Field::Coder) {
                names.coders.of(encounter.coder).count(diagnoses);
            }
            let npi = encounter.attending_npi;
            let attending = if npi.is_empty() { encounter.attending_name } else { npi };
            names.attendings.of(attending).count(diagnoses);
        }
    }

    /// What was counted.
    pub fn tally(self, context: &EditContext) -> TrendTally {
        let mut tally = TrendTally::default();
        for FacilityMonth { facility, month, counts, .. } in self.months {
            let months = tally.months.0.entry(facility.to_owned()).or_default();
            months.insert(month, counts.month(context));
        }
        for FacilityNames { facility, coders, attendings } in self.names {
            for (spreads, names) in tally.of_partition.iter_mut().zip([coders, attendings]) {
                spreads.add_facility(facility, names.counted.into_iter());
            }
        }
        tally
    }
}

impl Counts<'_> {
    /// The counts as quotients; what no export maps has the denominator 0.
    fn month(self, context: &EditContext) -> MonthCounts {
        let rates = TrendMeasure::RATES.map(|measure| {
            let (numerator, denominator) = match measure {
                TrendMeasure::DiagnosesPerCase => (self.diagnoses, self.coded),
                TrendMeasure::ExternalCausesPerCase => (self.external_causes, self.coded),
                TrendMeasure::RaceUnknown => (self.race_unknown, self.discharges),
                TrendMeasure::PayerUnknown => (self.payer_unknown, self.discharges),
                TrendMeasure::StatusHome => (self.home, self.discharges),
                TrendMeasure::PresentOnAdmissionUnknown => (self.marks_unknown, self.marks_needed),
                _ => (self.procedures, self.coded),
            };
            let is_mapped = measure.field().is_none_or(|field: Field| context.is_mapped(field));
            if is_mapped { Quotient { numerator, denominator } } else { Quotient::default() }
        });
        let services = self.services.into_iter().map(|(service, count)| (service.to_owned(), count)).collect();
        MonthCounts { discharges: self.discharges, rates, services }
    }
}

/// Whether a value is blank or says that it is not known.
#[inline]
fn is_unknown(text: &str) -> bool {
    let Some(first) = text.bytes().next() else { return true };
    matches!(first | 0x20, b'u' | b'9' | b'n' | b'p' | b'd' | b'r')
        && UNKNOWN.iter().any(|word| word.eq_ignore_ascii_case(text))
}

take_away_fields!(NameCounts: by_name, all);

impl TakeAway for TrendTally {
    fn take_away(&mut self, part: &TrendTally) -> bool {
        let are_there = self.months.take_away(&part.months)
            & self.coders.take_away(&part.coders)
            & self.attendings.take_away(&part.attendings);
        let names = self.coders.values().chain(self.attendings.values());
        self.held = [
            self.months.0.values().map(BTreeMap::len).sum(),
            self.months.services().count(),
            names.map(|names| names.by_name.len()).sum(),
        ];
        are_there
    }
}

impl TrendTally {
    /// Whether every month, service and name is told apart.
    pub fn is_told_apart(&self) -> bool {
        let TooMuch { months, services, names } = &self.too_much;
        let mut facilities = self.coders.values().chain(self.attendings.values());
        months.is_none()
            && services.is_none()
            && names.is_none()
            && facilities.all(|names| names.by_name.len() < MOST_NAMES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_words_for_unknown_are_unknown_and_codes_are_not() {
        assert!(["", "UNKNOWN", "Unk", "u", "99", "Not stated"].into_iter().all(is_unknown));
        assert!(!["9", "2106-3", "MA", "OTHER", "0"].into_iter().any(is_unknown));
    }

    #[test]
    fn names_beyond_the_most_are_among_all_others() {
        let spread = Spread { cases: 1, codes: 2, squares: 4 };
        let mut names = NameCounts::default();
        for number in 0..=MOST_NAMES {
            names.add(&format!("{number:06}"), spread);
        }
        names.add("000000", spread);
        assert_eq!((names.by_name.len(), names.all.cases), (MOST_NAMES, MOST_NAMES as u64 + 2));
        assert_eq!(names.by_name["000000"].cases, 2);
    }
}
