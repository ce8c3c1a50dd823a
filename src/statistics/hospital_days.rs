//! What happened on each day at each facility: admissions, discharges, deaths and days of stay of inpatients, adults and children apart from newborns. Censuses, service days
//! and most measures of a hospital are sums over these days, so that months with changing beds and leap years come out right (Horton, Calculating and Reporting Healthcare
//! Statistics, chapters 3 to 6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expected::{Strata, stratum_of};
use crate::{
    partition::encounter::{Diagnosis, Encounter, Procedure},
    record::{code::CodeSystem, date::Day, diagnosis_kinds::DiagnosisKinds, month::Month, take_away::take_away_fields},
};

/// Facilities that are told apart; the rest are counted together under no name. A state has some five hundred.
const MOST_FACILITIES: usize = 1000;

/// Days without any admission or discharge that a facility of some size hardly has.
const QUIET_DAYS: i32 = 6;

/// Discharges of a month below which a facility may have had none in one.
const FEW_DISCHARGES: u64 = 5;

/// Adults and children, and newborns, in this order.
pub type ByPatients = [u32; 2];

/// The place of adults and children in [`ByPatients`].
pub const ADULTS_AND_CHILDREN: usize = 0;
/// The place of newborns.
pub const NEWBORNS: usize = 1;

/// What is counted of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCounts {
    /// Admitted on the day.
    pub admitted: ByPatients,
    /// Discharged on the day, deaths included.
    pub discharged: ByPatients,
    /// Of those discharged: admitted on the same day.
    pub same_day: ByPatients,
    /// Of those discharged: their admission is not known, or lies after the discharge, so that they were in no census.
    pub not_admitted: ByPatients,
    /// Of those discharged: died.
    pub died: ByPatients,
    /// Of those: less than 48 hours after admission.
    pub died_early: ByPatients,
    /// Of those who died: whether it was within 48 hours is not known, because one of the times is not stated and two midnights lie between.
    pub died_unclear: ByPatients,
    /// Of those discharged: with a known length of stay.
    pub stays: ByPatients,
    /// Their days of stay.
    pub stay_days: ByPatients,
    /// Of those discharged: operated on; and of them: died within ten days after the last operation.
    pub operated: [u32; 2],
    /// Of those discharged: treated for pregnancy, childbirth or the puerperium; and of them: died.
    pub obstetric: [u32; 2],
    /// Of those discharged: delivered in the stay, by the code of the outcome of delivery; and of them: by caesarean section.
    pub delivered: [u32; 2],
}

take_away_fields!(
    DayCounts: admitted, discharged, same_day, not_admitted, died, died_early, died_unclear, stays, stay_days, operated, obstetric, delivered,
);

impl DayCounts {
    /// Adds those of another day.
    pub fn add(&mut self, other: &DayCounts) {
        let pairs = [
            (&mut self.admitted, other.admitted),
            (&mut self.discharged, other.discharged),
            (&mut self.same_day, other.same_day),
            (&mut self.not_admitted, other.not_admitted),
            (&mut self.died, other.died),
            (&mut self.died_early, other.died_early),
            (&mut self.died_unclear, other.died_unclear),
            (&mut self.stays, other.stays),
            (&mut self.stay_days, other.stay_days),
            (&mut self.operated, other.operated),
            (&mut self.obstetric, other.obstetric),
            (&mut self.delivered, other.delivered),
        ];
        for (own, more) in pairs {
            own.iter_mut().zip(more).for_each(|(own, more)| *own += more);
        }
    }

    /// Counts what was done for one who was discharged.
    fn count_care(&mut self, encounter: &Encounter<'_>) {
        let operations = || encounter.procedures.iter().filter(|procedure| is_operation(procedure));
        if operations().next().is_some() {
            self.operated[0] += 1;
            let last = operations().filter_map(|operation| operation.date.value()).map(|moment| moment.day).max();
            let died = encounter.death_date.value().or(encounter.discharge_date.value()).map(|moment| moment.day);
            let is_soon = last.zip(died).is_some_and(|(last, died)| died.0 - last.0 <= POSTOPERATIVE_DAYS);
            self.operated[1] += u32::from(encounter.died() && is_soon);
        }
        let is_of = |kind: DiagnosisKinds| encounter.diagnoses.iter().any(|diagnosis| diagnosis.kinds.any(kind));
        let delivered = is_of(DiagnosisKinds::OUTCOME_OF_DELIVERY);
        let of_mother = |diagnosis: &Diagnosis<'_>| diagnosis.kinds.any(DiagnosisKinds::MATERNAL);
        if delivered || encounter.principal_diagnosis().is_some_and(of_mother) {
            self.obstetric[0] += 1;
            self.obstetric[1] += u32::from(encounter.died());
        }
        if delivered {
            self.delivered[0] += 1;
            self.delivered[1] += u32::from(encounter.procedures.iter().any(is_caesarean));
        }
    }
}

/// Days after an operation within which a death is postoperative (Horton, chapter 5).
const POSTOPERATIVE_DAYS: i32 = 10;

/// Whether a procedure is an operation: of the section Medical and Surgical of ICD-10-PCS, or 01 to 86 of ICD-9-CM.
fn is_operation(procedure: &Procedure<'_>) -> bool {
    let code = procedure.code.text();
    match procedure.system {
        Some(CodeSystem::Icd10Pcs) => code.starts_with('0'),
        Some(CodeSystem::Icd9Procedure) => code.get(..2).is_some_and(|chapter| ("01"..="86").contains(&chapter)),
        _ => false,
    }
}

/// Whether a procedure is a caesarean section: extraction of products of conception by an open approach (10D00Z0 to 10D00Z2) of ICD-10-PCS; 74.0, 74.1, 74.2, 74.4, 74.99 of
/// ICD-9-CM.
fn is_caesarean(procedure: &Procedure<'_>) -> bool {
    let code = procedure.code.text();
    match procedure.system {
        Some(CodeSystem::Icd10Pcs) => matches!(code, "10D00Z0" | "10D00Z1" | "10D00Z2"),
        Some(CodeSystem::Icd9Procedure) => matches!(code, "740" | "741" | "742" | "744" | "7499"),
        _ => false,
    }
}

/// What is counted of the accounts of one day: discharges of every class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCounts {
    /// Discharged on the day, and their charges in cents as far as they are stated.
    pub discharged: [u64; 2],
    /// Of them: those that state charges.
    pub charged: u64,
    /// Of the inpatients among them: those whose group has a weight, and their weights in ten-thousandths.
    pub case_mix: [u64; 2],
    /// Final bill made on the day, and their charges.
    pub billed: [u64; 2],
    /// Coded on the day, and their charges; those that do not say when, on the day of discharge.
    pub coded: [u64; 2],
}

take_away_fields!(AccountCounts: discharged, charged, case_mix, billed, coded);

impl AccountCounts {
    /// Adds those of another day.
    pub fn add(&mut self, other: &AccountCounts) {
        self.charged += other.charged;
        let pairs = [
            (&mut self.discharged, other.discharged),
            (&mut self.billed, other.billed),
            (&mut self.coded, other.coded),
            (&mut self.case_mix, other.case_mix),
        ];
        for (own, more) in pairs {
            own.iter_mut().zip(more).for_each(|(own, more)| *own = own.saturating_add(more));
        }
    }
}

/// What is counted of one facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacilityDays {
    /// By day.
    pub days: BTreeMap<Day, DayCounts>,
    /// Discharges of which the month alone is known.
    pub months: BTreeMap<Month, DayCounts>,
    /// Accounts by day.
    pub accounts: BTreeMap<Day, AccountCounts>,
    /// Discharges of adults and children by month and stratum.
    pub strata: Strata,
    /// Inpatients admitted and not discharged.
    pub in_house: ByPatients,
    /// Records that state no day of discharge that can be read, and that the patient left: they are in no census.
    pub without_discharge: ByPatients,
}

take_away_fields!(FacilityDays: days, months, accounts, strata, in_house, without_discharge);

impl FacilityDays {
    /// The first day on which a discharge is held, or the first of its month where the day is not known.
    pub fn first_discharge(&self) -> Option<Day> {
        let day = self.days.iter().find(|(_, counts)| counts.discharged != [0, 0]).map(|(day, _)| *day);
        let month = self.months.keys().next().map(|month| month.first());
        day.into_iter().chain(month).min()
    }

    /// Discharges of a month, those of which the month alone is known among them.
    fn discharged_in(&self, month: Month) -> u64 {
        let days = self.days.range(month.first()..=month.last()).map(|(_, counts)| counts);
        let all = days.chain(self.months.get(&month));
        all.map(|counts| u64::from(counts.discharged[0]) + u64::from(counts.discharged[1])).sum()
    }

    /// Whether so few are discharged that a month without a discharge is none that is missing: fewer than five a month, from the first to the last.
    pub fn is_small(&self) -> bool {
        let last =
            self.days.iter().rev().find(|(_, counts)| counts.discharged != [0, 0]).map(|(day, _)| Month::of(*day));
        let last = last.into_iter().chain(self.months.keys().next_back().copied()).max();
        let Some((first, last)) = self.first_discharge().map(Month::of).zip(last) else { return true };
        let all = self.days.values().chain(self.months.values());
        let discharged: u64 = all.map(|counts| u64::from(counts.discharged[0]) + u64::from(counts.discharged[1])).sum();
        discharged < FEW_DISCHARGES * u64::try_from(last.0 - first.0 + 1).unwrap_or(1)
    }

    /// The last day on which anything happened.
    pub fn last_day(&self) -> Option<Day> {
        self.days.keys().next_back().copied()
    }

    /// Whether of so many days after a day some are not held, although others may be: the facility, if it is not small, has no discharge in the month after, or nothing any more.
    pub fn lacks_days_after(&self, day: Day, days: i32) -> bool {
        let stops = self.last_day().is_none_or(|last| last.0 + QUIET_DAYS < day.0 + days);
        !self.is_small() && (stops || self.discharged_in(Month::of(day).back(-1)) == 0)
    }

    /// Adds what is counted of others.
    pub fn add(&mut self, other: &FacilityDays) {
        for (day, counts) in &other.days {
            self.days.entry(*day).or_default().add(counts);
        }
        for (month, counts) in &other.months {
            self.months.entry(*month).or_default().add(counts);
        }
        for (day, counts) in &other.accounts {
            self.accounts.entry(*day).or_default().add(counts);
        }
        for (stratum, counts) in &other.strata {
            self.strata.entry(*stratum).or_default().add(counts);
        }
        self.in_house.iter_mut().zip(other.in_house).for_each(|(own, more)| *own += more);
        self.without_discharge.iter_mut().zip(other.without_discharge).for_each(|(own, more)| *own += more);
    }
}

/// What is known of an encounter beside its record.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountedWith {
    /// The day of its final bill.
    pub final_bill: Option<Day>,
    /// Charlson's score, by Quan 2005.
    pub charlson_score: i32,
    /// The weight of its diagnosis-related group, in ten-thousandths.
    pub group_weight: Option<u32>,
}

/// By facility.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HospitalDays {
    facilities: BTreeMap<String, FacilityDays>,
}

take_away_fields!(HospitalDays: facilities);

/// How soon after admission a patient died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeathAfterAdmission {
    /// In less than 48 hours.
    Within48Hours,
    /// Later.
    Later,
    /// Two midnights lie between, and one of the times is not stated.
    Unclear,
}

impl DeathAfterAdmission {
    /// How soon the patient of an encounter died, who died in this stay; by the length of stay where the days are not both known.
    pub fn of(encounter: &Encounter<'_>) -> DeathAfterAdmission {
        let died = encounter.death_date.value().or(encounter.discharge_date.value());
        if let Some((admitted, died)) = encounter.admission_date.value().zip(died)
            && admitted.minute.is_some()
            && died.minute.is_some()
        {
            let within = died.minutes() - admitted.minutes() < 48 * 60;
            return if within { DeathAfterAdmission::Within48Hours } else { DeathAfterAdmission::Later };
        }
        let of_days = encounter.admission_date.value().zip(died).map(|(admitted, died)| died.day.0 - admitted.day.0);
        match of_days.or_else(|| encounter.midnights()) {
            Some(midnights) if midnights < 2 => DeathAfterAdmission::Within48Hours,
            Some(2) => DeathAfterAdmission::Unclear,
            _ => DeathAfterAdmission::Later,
        }
    }
}

/// Whether a record is one of a patient who is still in the house: he leaves on a day to come, or nothing of the record says that he left (patient discharge status 30, or none).
fn is_in_the_house(encounter: &Encounter<'_>) -> bool {
    let status = encounter.discharge_status;
    let stays = status.is_blank() || status.value().is_some_and(|status| status.0 == 30);
    encounter.discharge_date.value().is_some()
        || encounter.discharge_date.is_blank() && stays && encounter.death_date.is_blank()
}

impl HospitalDays {
    /// Counts an encounter that stands in the statistics or lies outside their period, as it stands on the business date: of days to come, and of others than inpatients, nothing.
    ///
    pub fn count(&mut self, encounter: &Encounter<'_>, business_date: Day, of: CountedWith) {
        self.count_under(encounter.facility_id, encounter, business_date, of);
    }

    /// The same under another name than that of its facility.
    pub fn count_under(&mut self, name: &str, encounter: &Encounter<'_>, business_date: Day, of: CountedWith) {
        self.count_account(name, encounter, business_date, of);
        if !encounter.is_inpatient() {
            return;
        }
        let own = if encounter.is_newborn() { NEWBORNS } else { ADULTS_AND_CHILDREN };
        let admitted = encounter.admission_date.value().map(|moment| moment.day);
        let discharged = encounter.discharge_date.value().map(|moment| moment.day);
        let is_in_order = admitted.zip(discharged).is_none_or(|(admitted, discharged)| admitted <= discharged);
        let partial = encounter.partial.discharge.filter(|_| discharged.is_none());
        let of_year = partial.is_some_and(|partial| partial.month.is_none());
        let is_to_come = |day: Option<Day>| day.is_some_and(|day| day > business_date);
        if of_year || is_to_come(admitted) || partial.is_none() && discharged.is_none() && admitted.is_none() {
            return;
        }
        // Who leaves on a day to come is in the house.
        let discharged = discharged.filter(|day| *day <= business_date);
        let has_left = partial.is_none() && discharged.is_none() && !is_in_the_house(encounter);
        let facility = self.facility(name);
        if has_left {
            facility.without_discharge[own] += 1;
            return;
        }
        if let Some(day) = admitted.filter(|_| is_in_order && partial.is_none()) {
            facility.days.entry(day).or_default().admitted[own] += 1;
        }
        let month = discharged.map(Month::of).or(partial.map(|partial| Month::of(partial.first())));
        if let Some(month) = month.filter(|_| own == ADULTS_AND_CHILDREN) {
            let stratum = stratum_of(encounter, of.charlson_score);
            facility.strata.entry((month, stratum)).or_default().count(encounter);
        }
        let counts = match (discharged, partial) {
            (Some(day), _) => facility.days.entry(day).or_default(),
            (None, Some(partial)) => facility.months.entry(Month::of(partial.first())).or_default(),
            (None, None) => {
                facility.in_house[own] += 1;
                return;
            }
        };
        counts.discharged[own] += 1;
        counts.count_care(encounter);
        counts.same_day[own] += u32::from(admitted.is_some() && admitted == discharged);
        counts.not_admitted[own] += u32::from(admitted.is_none() || !is_in_order);
        if let Some(days) = encounter.length_of_stay() {
            counts.stays[own] += 1;
            counts.stay_days[own] += days as u32;
        }
        if encounter.died() {
            counts.died[own] += 1;
            match DeathAfterAdmission::of(encounter) {
                DeathAfterAdmission::Within48Hours => counts.died_early[own] += 1,
                DeathAfterAdmission::Unclear => counts.died_unclear[own] += 1,
                DeathAfterAdmission::Later => {}
            }
        }
    }

    /// Counts the account of an encounter of any class that was discharged on a known day.
    fn count_account(&mut self, name: &str, encounter: &Encounter<'_>, business_date: Day, of: CountedWith) {
        let discharged = encounter.discharge_date.value().map(|moment| moment.day);
        let Some(discharged) = discharged.filter(|day| *day <= business_date) else { return };
        let stated = encounter.total_charges.value().and_then(|cents| u64::try_from(cents).ok());
        let cents = stated.unwrap_or(0);
        let coded = encounter.principal_diagnosis().is_some_and(|diagnosis| !diagnosis.raw.is_empty());
        let coded_on = encounter.coded_date.value().map(|moment| moment.day);
        let coded = coded.then(|| coded_on.map_or(discharged, |day| day.max(discharged)));
        let accounts = &mut self.facility(name).accounts;
        accounts.entry(discharged).or_default().charged += u64::from(stated.is_some());
        if let Some(weight) = of.group_weight.filter(|_| encounter.is_inpatient()) {
            let case_mix = &mut accounts.entry(discharged).or_default().case_mix;
            case_mix[0] += 1;
            case_mix[1] += u64::from(weight);
        }
        let final_bill = of.final_bill;
        let mut add = |day: Day, of: fn(&mut AccountCounts) -> &mut [u64; 2]| {
            let counts = of(accounts.entry(day).or_default());
            counts[0] += 1;
            counts[1] = counts[1].saturating_add(cents);
        };
        add(discharged, |counts| &mut counts.discharged);
        if let Some(day) = coded {
            add(day, |counts| &mut counts.coded);
        }
        if let Some(day) = final_bill {
            add(day.max(discharged), |counts| &mut counts.billed);
        }
    }

    fn facility(&mut self, name: &str) -> &mut FacilityDays {
        let name =
            if self.facilities.contains_key(name) || self.facilities.len() < MOST_FACILITIES { name } else { "" };
        if !self.facilities.contains_key(name) {
            self.facilities.insert(name.to_owned(), FacilityDays::default());
        }
        self.facilities.get_mut(name).expect("it was put there")
    }

    /// Adds what other encounters come to.
    pub fn merge(&mut self, other: HospitalDays) {
        for (name, days) in other.facilities {
            self.facility(&name).add(&days);
        }
    }

    /// All as of the one facility that is named, where some records of a hospital do not name it; `None` where it is otherwise.
    pub fn of_one_name(&self) -> Option<HospitalDays> {
        let (nameless, named) = (self.facilities.get(""), self.facilities.keys().find(|name| !name.is_empty()));
        if self.facilities.len() != 2 {
            return None;
        }
        let mut joined = HospitalDays::default();
        let own = joined.facility(named?);
        own.add(&self.facilities[named?]);
        own.add(nameless?);
        Some(joined)
    }

    /// The facilities by their names.
    pub fn facilities(&self) -> impl Iterator<Item = (&str, &FacilityDays)> {
        self.facilities.iter().map(|(name, days)| (name.as_str(), days))
    }

    /// All facilities together.
    pub fn all(&self) -> FacilityDays {
        let mut all = FacilityDays::default();
        self.facilities.values().for_each(|days| all.add(days));
        all
    }

    /// Whether no more facilities came than are told apart.
    pub fn is_told_apart(&self) -> bool {
        self.facilities.len() < MOST_FACILITIES
    }
}
