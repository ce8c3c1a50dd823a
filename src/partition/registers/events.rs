//! What registers count by day: autopsies, deliveries, births, anaesthetics, infections and consultations, by facility.
//!
//! A row that is there twice, word for word, counts once. A register speaks of a facility from the month of its first row on.

use std::collections::{BTreeMap, BTreeSet};

use super::{RegisterRow, by_facility::ByFacility};
use crate::record::{
    cell::Cell,
    date::Day,
    field::{CanonicalTable, Field},
    month::Month,
};

/// What is counted of the rows of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Autopsy of an inpatient, adult or child.
    InpatientAutopsy,
    /// Autopsy of a newborn inpatient.
    NewbornAutopsy,
    /// Autopsy of a fetus.
    FetalAutopsy,
    /// Autopsy of a patient who died elsewhere, or was an inpatient before.
    OutpatientAutopsy,
    /// Body of an inpatient that the coroner took, without an autopsy by the hospital.
    CoronerWithoutAutopsy,
    /// Body of another patient that was brought for an autopsy.
    OutpatientBody,
    /// Delivery.
    Delivery,
    /// Delivery by caesarean section.
    Caesarean,
    /// Caesarean section of a woman who had none before.
    PrimaryCaesarean,
    /// Delivery of a woman who had no caesarean section before.
    WithoutCaesareanBefore,
    /// Other delivery of a woman who had a caesarean section before.
    VaginalAfterCaesarean,
    /// Delivery of a woman who had a caesarean section before.
    AfterCaesarean,
    /// Infant born alive.
    LiveBirth,
    /// Fetal death of 20 to 27 weeks, or of 501 to 1,000 grams.
    IntermediateFetalDeath,
    /// Fetal death of 28 weeks or more, or of 1,001 grams or more.
    LateFetalDeath,
    /// Fetal death of neither a known age nor a known weight.
    UndatedFetalDeath,
    /// Anaesthetic.
    Anaesthetic,
    /// Death of an anaesthetic.
    AnaestheticDeath,
    /// Infection acquired in the hospital.
    Infection,
    /// Infection after an operation on a clean case.
    CleanCaseInfection,
    /// Encounter with a consultation, on the day of its first.
    PatientConsulted,
}

/// Number of [`Event`]s.
const EVENTS: usize = Event::PatientConsulted as usize + 1;

/// How many of each [`Event`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventCounts([u32; EVENTS]);

impl EventCounts {
    /// How many there are.
    pub fn of(&self, event: Event) -> u64 {
        self.0[event as usize].into()
    }

    /// Adds others.
    pub fn add(&mut self, other: &EventCounts) {
        self.0.iter_mut().zip(other.0).for_each(|(own, more)| *own = own.saturating_add(more));
    }

    fn count(&mut self, event: Event, is: bool) {
        self.0[event as usize] += u32::from(is);
    }
}

/// The rows of a facility in one register.
#[derive(Debug, Clone, Default)]
struct FacilityEvents {
    first: Option<Month>,
    days: BTreeMap<Day, EventCounts>,
}

/// The registers of what is counted by day.
#[derive(Debug, Clone, Default)]
pub struct Events {
    tables: BTreeMap<CanonicalTable, ByFacility<FacilityEvents>>,
    seen: BTreeSet<(CanonicalTable, u64)>,
    /// First consultation of an encounter: facility, encounter.
    consulted: BTreeMap<(Box<str>, Box<str>), Day>,
}

impl Events {
    /// Takes one row. A row without a readable day is of no day.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let (table, facility_id) = (row.table(), row.words(Field::FacilityId));
        let own = self.tables.entry(table).or_default().entry(facility_id);
        let Some(day) = row.day(table.key()).value() else { return };
        own.first = Some(own.first.map_or(Month::of(day), |first| first.min(Month::of(day))));
        if !self.seen.insert((table, row.fingerprint())) {
            return;
        }
        if table == CanonicalTable::Consultations {
            let encounter = row.words(Field::EncounterId);
            if !encounter.is_empty() {
                let first = self.consulted.entry((facility_id.into(), encounter.into())).or_insert(day);
                *first = day.min(*first);
            }
            return;
        }
        let counts = own.days.entry(day).or_default();
        match table {
            CanonicalTable::Autopsies => count_autopsy(row, counts),
            CanonicalTable::Deliveries => count_delivery(row, counts),
            CanonicalTable::Births => count_birth(row, counts),
            CanonicalTable::Anaesthetics => {
                counts.count(Event::Anaesthetic, true);
                counts.count(Event::AnaestheticDeath, is_said(row, Field::AnaestheticDeath));
            }
            CanonicalTable::Infections => {
                let acquired = row.flag(Field::HospitalAcquired) != Cell::Value(false);
                counts.count(Event::Infection, acquired);
                counts.count(Event::CleanCaseInfection, acquired && is_said(row, Field::CleanSurgicalCase));
            }
            _ => {}
        }
    }

    /// Takes away the registers that are not `whole`, and counts the encounters with a consultation.
    pub fn finish(&mut self, whole: &impl Fn(CanonicalTable) -> bool) {
        self.tables.retain(|table, _| whole(*table));
        self.seen = BTreeSet::new();
        if let Some(own) = self.tables.get_mut(&CanonicalTable::Consultations) {
            for ((facility, _), day) in std::mem::take(&mut self.consulted) {
                own.entry(&facility).days.entry(day).or_default().count(Event::PatientConsulted, true);
            }
        }
    }

    /// Whether there is a register, of whatever facility it speaks.
    pub fn is_there(&self, table: CanonicalTable) -> bool {
        self.tables.contains_key(&table)
    }

    /// What a register counts of a facility from a day through another; `None` where it says nothing of it: it is not there, or does not speak of the facility, or not yet of the
    /// first day. `one`: see [`ByFacility::of`].
    pub fn of(
        &self,
        table: CanonicalTable,
        facility_id: &str,
        one: bool,
        (first, last): (Day, Day),
    ) -> Option<EventCounts> {
        let own = self.tables.get(&table)?.of(facility_id, one)?;
        own.first.filter(|month| *month <= Month::of(first))?;
        let mut sum = EventCounts::default();
        if first <= last {
            own.days.range(first..=last).for_each(|(_, counts)| sum.add(counts));
        }
        Some(sum)
    }
}

fn is_said(row: &RegisterRow<'_>, field: Field) -> bool {
    row.flag(field) == Cell::Value(true)
}

/// Whose body it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AutopsyPatient {
    Inpatient,
    Newborn,
    Fetus,
    Outpatient,
}

fn autopsy_patient(text: &[u8]) -> Option<AutopsyPatient> {
    let words: [(&[u8], AutopsyPatient); 4] = [
        (b"inpatient", AutopsyPatient::Inpatient),
        (b"newborn", AutopsyPatient::Newborn),
        (b"fetus", AutopsyPatient::Fetus),
        (b"outpatient", AutopsyPatient::Outpatient),
    ];
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text)).map(|(_, patient)| *patient)
}

/// Counts a row of the autopsies; one whose patient cannot be read is of none.
fn count_autopsy(row: &RegisterRow<'_>, counts: &mut EventCounts) {
    let autopsied = row.flag(Field::Autopsied) != Cell::Value(false);
    let event = match row.listed(Field::AutopsyPatient, autopsy_patient) {
        Cell::Blank | Cell::Value(AutopsyPatient::Inpatient) => Event::InpatientAutopsy,
        Cell::Value(AutopsyPatient::Newborn) => Event::NewbornAutopsy,
        Cell::Value(AutopsyPatient::Fetus) => Event::FetalAutopsy,
        Cell::Value(AutopsyPatient::Outpatient) => Event::OutpatientAutopsy,
        Cell::Unreadable => return,
    };
    counts.count(event, autopsied);
    let of_inpatient = matches!(event, Event::InpatientAutopsy | Event::NewbornAutopsy);
    let to_coroner = is_said(row, Field::CoronerCase) && !autopsied;
    counts.count(Event::CoronerWithoutAutopsy, of_inpatient && to_coroner);
    counts.count(Event::OutpatientBody, event == Event::OutpatientAutopsy && !to_coroner);
}

fn count_delivery(row: &RegisterRow<'_>, counts: &mut EventCounts) {
    let caesarean = is_said(row, Field::Caesarean);
    counts.count(Event::Delivery, true);
    counts.count(Event::Caesarean, caesarean);
    match row.flag(Field::PreviousCaesarean) {
        Cell::Value(true) => {
            counts.count(Event::AfterCaesarean, true);
            counts.count(Event::VaginalAfterCaesarean, !caesarean);
        }
        Cell::Value(false) => {
            counts.count(Event::WithoutCaesareanBefore, true);
            counts.count(Event::PrimaryCaesarean, caesarean);
        }
        Cell::Blank | Cell::Unreadable => {}
    }
}

/// Counts a birth: fetal deaths by weeks of gestation, or by weight where no weeks are stated. Early ones (under 20 weeks, 500 grams or less) are no part of any rate.
fn count_birth(row: &RegisterRow<'_>, counts: &mut EventCounts) {
    match row.flag(Field::Liveborn) {
        Cell::Value(false) => {}
        Cell::Value(true) | Cell::Blank => return counts.count(Event::LiveBirth, true),
        Cell::Unreadable => return,
    }
    let (weeks, grams) = (row.count(Field::GestationWeeks).value(), row.count(Field::BirthWeight).value());
    let event = match (weeks, grams) {
        (Some(..20), _) | (None, Some(..=500)) => return,
        (Some(..28), _) | (None, Some(..=1000)) => Event::IntermediateFetalDeath,
        (Some(_), _) | (None, Some(_)) => Event::LateFetalDeath,
        (None, None) => Event::UndatedFetalDeath,
    };
    counts.count(event, true);
}
