//! What the edits between tables count of the encounters: by facility and day, by entry of the deaths register, by practitioner.
//!
//! Each partition counts its own; the tallies are merged and then held against the registers by [`between_tables`](super::between_tables).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{births, facts, rule::EditContext};
use crate::{
    partition::encounter::Encounter,
    record::take_away::{TakeAway, take_away_fields},
    record::{
        bounded::{Distinct, MOST_VALUES},
        date::Day,
        field::Field,
        finding::Origin,
    },
};

/// Days and deliveries of all facilities that are held; of more, none is held against a register. Five hundred hospitals have 550,000 days in three years, and on each discharges
/// beside what is counted by day.
const MOST_DAYS: usize = 2_000_000;

/// Practitioners that are held against the staff file; of more, none is. A state has some 50,000.
const MOST_PRACTITIONERS: usize = 300_000;

/// Figures of one day at one facility.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTally {
    /// Inpatients discharged, deaths included.
    pub discharges: u32,
    /// Of those, newborns.
    pub newborn_discharges: u32,
    /// Of the discharges, deaths.
    pub deaths: u32,
    /// Records of infants born on the day in the facility.
    pub births: u32,
}

/// Figures of one facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityTally {
    /// Inpatients discharged by day: what lies before the first of these days or after the last is not asked of the facility.
    pub days_of_discharge: BTreeMap<Day, u32>,
    /// By day. Discharges and deaths are counted only where a register asks for them.
    pub days: BTreeMap<Day, DayTally>,
    /// By first and last possible day of delivery: infants born alive at the least, by the outcomes that stand on the mothers' records.
    pub deliveries: BTreeMap<(Day, Day), u32>,
}

/// A practitioner whom records name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Number of records.
    pub records: u64,
    /// Where the first of them stood.
    pub first: Origin,
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTally {
    /// By facility.
    pub facilities: BTreeMap<String, FacilityTally>,
    /// Entries of the deaths register that a record was found for, with whether it is that of a death.
    pub deaths_met: Vec<(usize, bool)>,
    /// By number: the practitioners of the records, where there is a staff file.
    pub practitioners: BTreeMap<String, Named>,
    /// The facilities and the days, where they are too many to be held against the registers; none is held then.
    pub too_many_days: Option<Box<(Distinct, Distinct)>>,
    /// The practitioners, where they are too many to be held against the staff file; none is held then.
    pub too_many_practitioners: Option<Box<Distinct>>,
    /// Days and deliveries that are held.
    held_days: usize,
}

impl TableTally {
    /// Counts encounters.
    pub fn count(&mut self, encounters: &[Encounter<'_>], context: &EditContext) {
        // Neighbours are mostly of one facility, which is looked up once for all of them.
        for of_one in encounters.chunk_by(|left, right| left.facility_id == right.facility_id) {
            let facility_id = of_one[0].facility_id;
            if !self.facilities.contains_key(facility_id) {
                self.facilities.insert(facility_id.to_owned(), FacilityTally::default());
            }
            let facility = self.facilities.get_mut(facility_id).expect("it was put there");
            for encounter in of_one.iter().filter(|encounter| encounter.is_inpatient() && !encounter.undecided) {
                facility.count(encounter, context);
            }
        }
        if let Some(deaths) = &context.registers.deaths {
            let met = encounters.iter().filter_map(|encounter| {
                let stay = (facts::admitted(encounter)?, facts::discharged(encounter)?);
                let place =
                    deaths.of(encounter.encounter_id, encounter.patient_number(), encounter.facility_id, stay)?;
                Some((place, encounter.died()))
            });
            self.deaths_met.extend(met);
        }
        if context.registers.staff.is_some() {
            for encounter in encounters {
                self.count_practitioners(encounter);
            }
        }
    }

    fn count_practitioners(&mut self, encounter: &Encounter<'_>) {
        let surgeons = encounter.procedures.iter().map(|procedure| procedure.surgeon_npi);
        let mut numbers: Vec<&str> = surgeons
            .chain([encounter.attending_npi, encounter.operating_npi])
            .filter(|text| !text.is_empty())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let origin = encounter.origin();
            match self.practitioners.get_mut(number) {
                Some(named) => *named = Named { records: named.records + 1, first: named.first.min(origin) },
                None => {
                    self.practitioners.insert(number.to_owned(), Named { records: 1, first: origin });
                }
            }
        }
    }

    /// The columns that are surely mapped wrongly, each with its different values.
    pub fn too_much(&self) -> Vec<(Field, u64)> {
        let mut told = Vec::new();
        if let Some((facilities, days)) = self.too_many_days.as_deref() {
            let of_facilities = facilities.count() > MOST_VALUES as u64 || facilities.count() * 100 > days.count();
            told.push(if of_facilities {
                (Field::FacilityId, facilities.count())
            } else {
                (Field::DischargeDate, days.count())
            });
        }
        if let Some(practitioners) = self.too_many_practitioners.as_deref() {
            told.extend([Field::AttendingNpi, Field::OperatingNpi].map(|field| (field, practitioners.count())));
        }
        told
    }

    /// Adds the figures of another partition. What is too much is dropped whole, whatever the order.
    pub fn merge(&mut self, other: TableTally) {
        if let Some(known) = &mut self.too_many_days {
            enter_days(&other.facilities, known);
        } else {
            for (facility_id, theirs) in other.facilities {
                let own = self.facilities.entry(facility_id).or_default();
                let before = own.held();
                own.merge(theirs);
                self.held_days += own.held() - before;
            }
            if self.facilities.len() > MOST_VALUES || self.held_days > MOST_DAYS {
                let mut distinct = Box::default();
                enter_days(&std::mem::take(&mut self.facilities), &mut distinct);
                self.too_many_days = Some(distinct);
            }
        }
        self.deaths_met.extend(other.deaths_met);
        if let Some(known) = &mut self.too_many_practitioners {
            other.practitioners.keys().for_each(|number| known.enter(number.as_str()));
            return;
        }
        for (number, theirs) in other.practitioners {
            let own = self.practitioners.entry(number).or_insert(Named { records: 0, first: theirs.first });
            *own = Named { records: own.records + theirs.records, first: own.first.min(theirs.first) };
        }
        if self.practitioners.len() > MOST_PRACTITIONERS {
            let mut distinct = Distinct::default();
            std::mem::take(&mut self.practitioners).keys().for_each(|number| distinct.enter(number.as_str()));
            self.too_many_practitioners = Some(Box::new(distinct));
        }
    }
}

fn enter_days(of: &BTreeMap<String, FacilityTally>, (facilities, days): &mut (Distinct, Distinct)) {
    for (facility_id, tally) in of {
        facilities.enter(facility_id.as_str());
        tally.days_of_discharge.keys().chain(tally.days.keys()).for_each(|day| days.enter(day.0));
    }
}

impl FacilityTally {
    /// First and last day of discharge.
    pub fn span(&self) -> Option<(Day, Day)> {
        let mut days = self.days_of_discharge.keys().copied();
        let first = days.next()?;
        Some((first, days.next_back().unwrap_or(first)))
    }

    /// Days and deliveries that are held.
    fn held(&self) -> usize {
        self.days_of_discharge.len() + self.days.len() + self.deliveries.len()
    }

    fn merge(&mut self, theirs: FacilityTally) {
        for (day, more) in theirs.days_of_discharge {
            *self.days_of_discharge.entry(day).or_insert(0) += more;
        }
        for (day, more) in theirs.days {
            let sum = self.days.entry(day).or_default();
            sum.discharges += more.discharges;
            sum.newborn_discharges += more.newborn_discharges;
            sum.deaths += more.deaths;
            sum.births += more.births;
        }
        for (days, more) in theirs.deliveries {
            *self.deliveries.entry(days).or_insert(0) += more;
        }
    }

    fn count(&mut self, encounter: &Encounter<'_>, context: &EditContext) {
        let born = births::born_here(encounter);
        if let Some(day) = facts::discharged(encounter) {
            *self.days_of_discharge.entry(day).or_insert(0) += 1;
            let counted = context.registers.census.is_some() || context.registers.deaths.is_some();
            let left = encounter.discharge_status.value().is_none_or(|status| status.0 != 30);
            if counted && left {
                let tally = self.days.entry(day).or_default();
                tally.discharges += 1;
                tally.newborn_discharges += u32::from(born.is_some());
                tally.deaths += u32::from(encounter.died());
            }
        }
        if let Some(day) = born {
            self.days.entry(day).or_default().births += 1;
        }
        if let Some((days, liveborn)) = births::delivery(encounter)
            && liveborn > 0
        {
            *self.deliveries.entry(days).or_insert(0) += liveborn;
        }
    }
}

take_away_fields!(DayTally: discharges, newborn_discharges, deaths, births);
take_away_fields!(FacilityTally: days_of_discharge, days, deliveries);

impl TakeAway for TableTally {
    /// A facility stays, also where nothing of it is left.
    fn take_away(&mut self, part: &TableTally) -> bool {
        let mut are_there = true;
        for (facility_id, part) in &part.facilities {
            are_there &= self.facilities.get_mut(facility_id).is_some_and(|own| own.take_away(part));
        }
        self.held_days = self.facilities.values().map(FacilityTally::held).sum();
        are_there
    }
}
