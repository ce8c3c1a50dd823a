//! Every measure of hospital statistics, in the order of the sheet.
//!
//! Adults and children stand apart from newborns, except in the death rates that include both. (Horton, Calculating and Reporting Healthcare Statistics, chapters 3 to 6.)

use super::{
    case_mix,
    hospital_days::{ADULTS_AND_CHILDREN, DayCounts, NEWBORNS},
    measure_base::{Known, MeasureBase, WhyNotKnown},
    measures::{Measure, MeasureResult, PrintedAs},
    readmissions::ReadmissionCounts,
};
use crate::{
    partition::registers::events::{Event, EventCounts},
    record::field::CanonicalTable,
};

/// The book that most formulas are of.
pub const HORTON: &str = "Horton, Calculating and Reporting Healthcare Statistics";
/// Of the index rules.
const READMISSIONS: &str = "HCUP Nationwide Readmissions Database; CMS hospital-wide readmission";
/// Of the case mix.
const CASE_MIX: &str = "CMS, relative weights of MS-DRGs";
/// Of accounts.
const AHIMA: &str = "AHIMA, discharged not final billed";

fn both(pair: [u32; 2]) -> u64 {
    u64::from(pair[ADULTS_AND_CHILDREN]) + u64::from(pair[NEWBORNS])
}

fn count(base: &MeasureBase, of: impl Fn(&DayCounts) -> u32) -> MeasureResult {
    if base.is_held {
        MeasureResult::Count(of(&base.counts).into())
    } else {
        MeasureResult::NotKnown(WhyNotKnown::NothingHeld.into())
    }
}

fn quotient(base: &MeasureBase, numerator: u64, denominator: u64) -> MeasureResult {
    if base.is_held {
        MeasureResult::Quotient { numerator: i64::try_from(numerator).unwrap_or(i64::MAX), denominator }
    } else {
        MeasureResult::NotKnown(WhyNotKnown::NothingHeld.into())
    }
}

/// A count, or a quotient, of what may not be known.
fn known(result: Known<MeasureResult>) -> MeasureResult {
    result.unwrap_or_else(MeasureResult::NotKnown)
}

/// A quotient of service days by something.
fn of_service_days(base: &MeasureBase, own: usize, denominator: Known<u64>) -> MeasureResult {
    known(base.service_days.clone().and_then(|days| Ok(quotient(base, days[own], denominator?))))
}

/// Something that is asked of service days and bed count days of adults and children.
fn of_beds(base: &MeasureBase, of: impl Fn(u64, u64) -> MeasureResult) -> MeasureResult {
    let days = base.service_days.clone().and_then(|days| Ok((days, base.bed_days.clone()?)));
    known(days.map(|(days, beds)| of(days[ADULTS_AND_CHILDREN], beds[0])))
}

/// Whether any account of the days has codes: without them nothing is known of operations and deliveries.
fn is_coded(base: &MeasureBase) -> bool {
    base.accounts.discharged[0] == 0 || base.accounts.coded[0] > 0
}

/// A quotient of what codes tell.
fn of_codes(base: &MeasureBase, numerator: u32, denominator: u32) -> MeasureResult {
    if is_coded(base) {
        quotient(base, numerator.into(), denominator.into())
    } else {
        MeasureResult::NotKnown(WhyNotKnown::NotCoded.into())
    }
}

/// A measure whose feed is still to come.
fn not_yet(what: &'static str) -> MeasureResult {
    MeasureResult::NotKnown(WhyNotKnown::NoFeedYet(what).into())
}

/// A rate of readmissions.
fn of_readmissions(base: &MeasureBase, of: impl Fn(&ReadmissionCounts) -> u64) -> MeasureResult {
    known(base.readmissions.clone().map(|counts| quotient(base, of(&counts), counts.index)))
}

/// A count of what a register has.
fn of_events(base: &MeasureBase, table: CanonicalTable, of: impl Fn(&EventCounts) -> u64) -> MeasureResult {
    known(base.events(table).map(|counts| MeasureResult::Count(of(&counts))))
}

/// A quotient of what a register has: numerator and denominator.
fn of_register(
    base: &MeasureBase,
    table: CanonicalTable,
    of: impl Fn(&EventCounts, &DayCounts) -> (u64, u64),
) -> MeasureResult {
    known(base.events(table).map(|counts| {
        let (numerator, denominator) = of(&counts, &base.counts);
        quotient(base, numerator, denominator)
    }))
}

/// Deliveries and caesarean sections: of the register, or else by the codes of the records.
fn deliveries(base: &MeasureBase) -> Known<(u64, u64)> {
    match base.events(CanonicalTable::Deliveries) {
        Ok(counts) => Ok((counts.of(Event::Delivery), counts.of(Event::Caesarean))),
        Err(_) if !base.is_held => Err(WhyNotKnown::NothingHeld.into()),
        Err(why) if base.delivery_register => Err(why),
        Err(_) if !is_coded(base) => Err(WhyNotKnown::NotCoded.into()),
        Err(_) => Ok((base.counts.delivered[0].into(), base.counts.delivered[1].into())),
    }
}

/// Unautopsied coroner's cases are out of the hospital's reach.
fn available(counts: &EventCounts, days: &DayCounts) -> u64 {
    both(days.died).saturating_sub(counts.of(Event::CoronerWithoutAutopsy))
}

fn autopsies(counts: &EventCounts) -> u64 {
    counts.of(Event::InpatientAutopsy) + counts.of(Event::NewbornAutopsy)
}

/// What the birth register counts, where every fetal death states its age or weight.
fn births(base: &MeasureBase) -> Known<EventCounts> {
    let counts = base.events(CanonicalTable::Births)?;
    if counts.of(Event::UndatedFetalDeath) > 0 {
        return Err(WhyNotKnown::UndatedFetalDeaths.into());
    }
    Ok(counts)
}

fn fetal_deaths(counts: &EventCounts) -> u64 {
    counts.of(Event::IntermediateFetalDeath) + counts.of(Event::LateFetalDeath)
}

/// A measure of Horton's book.
macro_rules! measure {
    ($group:literal, $name:literal, $unit:expr, $numerator:literal / $denominator:literal, $note:literal, $of:expr) => {
        measure!($group, $name, $unit, $numerator / $denominator, $note, HORTON, $of)
    };
    ($group:literal, $name:literal, $unit:expr, $numerator:literal / $denominator:literal, $note:literal, $source:expr, $of:expr) => {
        Measure {
            group: $group,
            name: $name,
            unit: $unit,
            numerator: $numerator,
            denominator: $denominator,
            note: $note,
            source: $source,
            of: $of,
        }
    };
}

use PrintedAs::{Count, Mean, Money, Percent};

/// Every measure, in the order of the sheet.
pub const MEASURES: &[Measure] = &[
    measure!(
        "Census",
        "Admissions, adults and children",
        Count,
        "inpatients admitted in the period as far as their records are held, newborns apart" / "",
        "",
        |base| count(base, |counts| counts.admitted[ADULTS_AND_CHILDREN])
    ),
    measure!(
        "Census",
        "Admissions, newborns",
        Count,
        "newborns, who are born in this hospital" / "",
        "",
        |base| count(base, |counts| counts.admitted[NEWBORNS])
    ),
    measure!(
        "Census",
        "Discharges, adults and children",
        Count,
        "inpatients discharged in the period, deaths included, newborns apart" / "",
        "",
        |base| count(base, |counts| counts.discharged[ADULTS_AND_CHILDREN])
    ),
    measure!(
        "Census",
        "Discharges, newborns",
        Count,
        "newborns discharged in the period, deaths included" / "",
        "",
        |base| count(base, |counts| counts.discharged[NEWBORNS])
    ),
    measure!(
        "Census",
        "Inpatient service days, adults and children",
        Count,
        "each day's midnight census and those admitted and discharged on the day, added up" / "",
        "the daily census where it speaks of every day, else the stays of the records without nights on leave",
        |base| known(base.service_days.clone().map(|days| MeasureResult::Count(days[ADULTS_AND_CHILDREN])))
    ),
    measure!("Census", "Inpatient service days, newborns", Count, "the same of newborns" / "", "", |base| known(
        base.service_days.clone().map(|days| MeasureResult::Count(days[NEWBORNS]))
    )),
    measure!(
        "Census",
        "Average daily census, adults and children",
        Mean(1),
        "inpatient service days" / "days of the period",
        "newborns apart",
        |base| of_service_days(base, ADULTS_AND_CHILDREN, Ok(base.span.days()))
    ),
    measure!(
        "Census",
        "Average daily census, newborns",
        Mean(1),
        "newborn service days" / "days of the period",
        "",
        |base| of_service_days(base, NEWBORNS, Ok(base.span.days()))
    ),
    measure!(
        "Stay",
        "Average stay, days, adults and children",
        Mean(2),
        "days of stay of the discharges" / "discharges with a known stay",
        "a stay within one day is one day; days of stay belong to the month of discharge, so that they are not the service days of the month",
        |base| quotient(
            base,
            base.counts.stay_days[ADULTS_AND_CHILDREN].into(),
            base.counts.stays[ADULTS_AND_CHILDREN].into()
        )
    ),
    measure!(
        "Stay",
        "Average stay, days, newborns",
        Mean(2),
        "days of stay of the newborns discharged" / "newborns discharged with a known stay",
        "",
        |base| quotient(base, base.counts.stay_days[NEWBORNS].into(), base.counts.stays[NEWBORNS].into())
    ),
    measure!(
        "Beds",
        "Occupancy of beds, %",
        Percent(1),
        "inpatient service days of adults and children x 100" / "beds of each day, added up",
        "the bed file says how many beds there are from which day on",
        |base| of_service_days(base, ADULTS_AND_CHILDREN, base.bed_days.clone().map(|days| days[0]))
    ),
    measure!(
        "Beds",
        "Occupancy of bassinets, %",
        Percent(1),
        "newborn service days x 100" / "bassinets of each day, added up",
        "",
        |base| of_service_days(base, NEWBORNS, base.bed_days.clone().map(|days| days[1]))
    ),
    measure!(
        "Beds",
        "Bed turnover, direct",
        Mean(2),
        "discharges of adults and children x days of the period" / "beds of each day, added up",
        "discharges a bed",
        |base| known(base.bed_days.clone().map(|beds| quotient(
            base,
            u64::from(base.counts.discharged[ADULTS_AND_CHILDREN]) * base.span.days(),
            beds[0]
        )))
    ),
    measure!(
        "Beds",
        "Bed turnover, indirect",
        Mean(2),
        "service days x days of the period x discharges with a known stay"
            / "beds of each day, added up, x days of stay",
        "occupancy x days of the period / average stay: for periods in which the number of beds changed",
        |base| of_beds(base, |days, beds| quotient(
            base,
            days.saturating_mul(base.span.days()).saturating_mul(base.counts.stays[ADULTS_AND_CHILDREN].into()),
            beds.saturating_mul(base.counts.stay_days[ADULTS_AND_CHILDREN].into())
        ))
    ),
    measure!(
        "Beds",
        "Turnover interval, days",
        Mean(2),
        "beds of each day, added up, - inpatient service days" / "discharges of adults and children",
        "below 0 where more patients than beds were in the house",
        |base| of_beds(base, |days, beds| MeasureResult::Quotient {
            numerator: i64::try_from(beds).unwrap_or(i64::MAX) - i64::try_from(days).unwrap_or(i64::MAX),
            denominator: base.counts.discharged[ADULTS_AND_CHILDREN].into(),
        })
    ),
    measure!("Deaths", "Deaths", Count, "inpatients and newborns discharged in the period who died" / "", "", |base| {
        count(base, |counts| counts.died[ADULTS_AND_CHILDREN] + counts.died[NEWBORNS])
    }),
    measure!(
        "Deaths",
        "Gross death rate, %",
        Percent(2),
        "deaths x 100, newborns included" / "discharges, newborns and deaths included",
        "newborns included",
        |base| quotient(base, both(base.counts.died), both(base.counts.discharged))
    ),
    measure!(
        "Deaths",
        "Net death rate, %",
        Percent(2),
        "(deaths - deaths under 48 hours) x 100" / "discharges - deaths under 48 hours",
        "by the times of admission and death where both are stated, else by the days: less than two midnights",
        |base| {
            let early = both(base.counts.died_early);
            quotient(base, both(base.counts.died) - early, both(base.counts.discharged) - early)
        }
    ),
    measure!(
        "Deaths",
        "Newborn death rate, %",
        Percent(2),
        "deaths of newborns x 100" / "newborns discharged, deaths included",
        "",
        |base| quotient(base, base.counts.died[NEWBORNS].into(), base.counts.discharged[NEWBORNS].into())
    ),
    measure!(
        "Deaths",
        "Postoperative death rate, %",
        Percent(2),
        "deaths within ten days after the last operation x 100" / "patients operated on",
        "operations are procedures of the section Medical and Surgical of ICD-10-PCS, or 01 to 86 of ICD-9-CM; one without a day counts below the line alone",
        |base| of_codes(base, base.counts.operated[1], base.counts.operated[0])
    ),
    measure!(
        "Deaths",
        "Anaesthesia death rate, %",
        Percent(2),
        "deaths of an anaesthetic x 100" / "anaesthetics given",
        "the table anaesthetics",
        |base| of_register(base, CanonicalTable::Anaesthetics, |counts, _| (
            counts.of(Event::AnaestheticDeath),
            counts.of(Event::Anaesthetic)
        ))
    ),
    measure!(
        "Deaths",
        "Maternal death rate, %",
        Percent(2),
        "deaths of obstetric patients x 100" / "obstetric discharges, deaths included",
        "principal diagnosis in chapter O of ICD-10-CM or 630 to 679 of ICD-9-CM, or an outcome of delivery",
        |base| of_codes(base, base.counts.obstetric[1], base.counts.obstetric[0])
    ),
    measure!(
        "Deaths",
        "Fetal death rate, %",
        Percent(2),
        "intermediate and late fetal deaths x 100" / "live births + intermediate and late fetal deaths",
        "from 20 weeks of gestation, or 501 grams, on; the table births",
        |base| known(births(base).map(|counts| {
            quotient(base, fetal_deaths(&counts), counts.of(Event::LiveBirth) + fetal_deaths(&counts))
        }))
    ),
    measure!(
        "Autopsies",
        "Autopsies of inpatients",
        Count,
        "autopsies of inpatients by the hospital's pathologist, newborns included" / "",
        "the table autopsies",
        |base| of_events(base, CanonicalTable::Autopsies, autopsies)
    ),
    measure!(
        "Autopsies",
        "Gross autopsy rate, %",
        Percent(1),
        "autopsies of inpatients x 100" / "deaths of inpatients, newborns included",
        "",
        |base| of_register(base, CanonicalTable::Autopsies, |counts, days| (autopsies(counts), both(days.died)))
    ),
    measure!(
        "Autopsies",
        "Net autopsy rate, %",
        Percent(1),
        "autopsies of inpatients x 100" / "deaths of inpatients - coroner's cases without an autopsy by the hospital",
        "",
        |base| of_register(base, CanonicalTable::Autopsies, |counts, days| (
            autopsies(counts),
            available(counts, days)
        ))
    ),
    measure!(
        "Autopsies",
        "Adjusted hospital autopsy rate, %",
        Percent(1),
        "autopsies of inpatients and of other patients of the hospital x 100"
            / "deaths of inpatients - coroner's cases without an autopsy by the hospital + bodies of other patients brought for one",
        "deaths whose bodies were available",
        |base| of_register(base, CanonicalTable::Autopsies, |counts, days| (
            autopsies(counts) + counts.of(Event::OutpatientAutopsy),
            available(counts, days) + counts.of(Event::OutpatientBody)
        ))
    ),
    measure!(
        "Autopsies",
        "Newborn autopsy rate, %",
        Percent(1),
        "autopsies of newborns x 100" / "deaths of newborns",
        "",
        |base| of_register(base, CanonicalTable::Autopsies, |counts, days| (
            counts.of(Event::NewbornAutopsy),
            days.died[NEWBORNS].into()
        ))
    ),
    measure!(
        "Autopsies",
        "Fetal autopsy rate, %",
        Percent(1),
        "autopsies of fetuses x 100" / "intermediate and late fetal deaths",
        "the tables autopsies and births",
        |base| known(births(base).and_then(|births| {
            Ok(quotient(base, base.events(CanonicalTable::Autopsies)?.of(Event::FetalAutopsy), fetal_deaths(&births)))
        }))
    ),
    measure!(
        "Obstetrics",
        "Deliveries",
        Count,
        "women delivered, however many infants" / "",
        "the table deliveries; without it, discharges with an outcome of delivery (Z37, V27)",
        |base| known(deliveries(base).map(|(deliveries, _)| MeasureResult::Count(deliveries)))
    ),
    measure!(
        "Obstetrics",
        "Caesarean sections, %",
        Percent(1),
        "caesarean sections x 100" / "deliveries",
        "women, not infants; by codes: 10D00Z0 to 10D00Z2, 74.0, 74.1, 74.2, 74.4, 74.99",
        |base| known(deliveries(base).map(|(deliveries, sections)| quotient(base, sections, deliveries)))
    ),
    measure!(
        "Obstetrics",
        "First caesarean sections, %",
        Percent(1),
        "caesarean sections of women who had none before x 100"
            / "deliveries of women who had no caesarean section before",
        "the table deliveries",
        |base| of_register(base, CanonicalTable::Deliveries, |counts, _| (
            counts.of(Event::PrimaryCaesarean),
            counts.of(Event::WithoutCaesareanBefore)
        ))
    ),
    measure!(
        "Obstetrics",
        "Vaginal births after a caesarean section, %",
        Percent(1),
        "other deliveries of women who had a caesarean section before x 100"
            / "deliveries of women who had a caesarean section before",
        "",
        |base| of_register(base, CanonicalTable::Deliveries, |counts, _| (
            counts.of(Event::VaginalAfterCaesarean),
            counts.of(Event::AfterCaesarean)
        ))
    ),
    measure!(
        "Care",
        "Infections acquired in the hospital, %",
        Percent(2),
        "infections acquired in the hospital x 100" / "discharges, newborns and deaths included",
        "the table infections; those present on admission are none",
        |base| of_register(base, CanonicalTable::Infections, |counts, days| (
            counts.of(Event::Infection),
            both(days.discharged)
        ))
    ),
    measure!(
        "Care",
        "Postoperative infections, %",
        Percent(2),
        "infections of clean surgical cases x 100" / "patients operated on",
        "",
        |base| of_register(base, CanonicalTable::Infections, |counts, days| (
            counts.of(Event::CleanCaseInfection),
            days.operated[0].into()
        ))
    ),
    measure!(
        "Care",
        "Consultation rate, %",
        Percent(1),
        "encounters whose first consultation is in the period x 100" / "discharges, newborns and deaths included",
        "the table consultations",
        |base| of_register(base, CanonicalTable::Consultations, |counts, days| (
            counts.of(Event::PatientConsulted),
            both(days.discharged)
        ))
    ),
    measure!(
        "Readmissions",
        "Readmitted within 30 days, %",
        Percent(1),
        "index discharges with a new admission to any facility within 30 days, all causes, x 100"
            / "index discharges: left alive, not to another hospital, not against advice, no planned return",
        "told for months after which 30 days are held; a stay that goes on by the next day elsewhere, or on the same day, is one stay; not adjusted",
        READMISSIONS,
        |base| of_readmissions(base, |counts| counts.readmitted)
    ),
    measure!(
        "Readmissions",
        "Readmitted to the same facility within 30 days, %",
        Percent(1),
        "of them, to the facility that they left, x 100" / "index discharges",
        "",
        READMISSIONS,
        |base| of_readmissions(base, |counts| counts.to_same_facility)
    ),
    measure!(
        "Accounts",
        "Charges a discharge",
        Money,
        "charges of the accounts discharged" / "accounts discharged that state charges, of every class",
        "",
        AHIMA,
        |base| with_charges(base, |base| Ok((base.accounts.discharged[1], base.accounts.charged)))
    ),
    measure!(
        "Accounts",
        "Discharged, not final billed, at the end",
        Count,
        "accounts of every class that have no final bill at the end of the period" / "",
        "the table bills",
        AHIMA,
        |base| known(base.not_billed.clone().map(|accounts| MeasureResult::Count(accounts[0])))
    ),
    measure!(
        "Accounts",
        "Discharged, not final billed, days of charges",
        Mean(1),
        "their charges x days of the period" / "charges of the accounts discharged in the period",
        "",
        AHIMA,
        |base| with_charges(base, |base| Ok((
            base.not_billed.clone()?[1].saturating_mul(base.span.days()),
            base.accounts.discharged[1]
        )))
    ),
    measure!(
        "Accounts",
        "Discharged, not coded, at the end",
        Count,
        "accounts of every class without a principal diagnosis at the end of the period" / "",
        "by the coded date where it is stated, else coded on the day of discharge",
        AHIMA,
        |base| if base.is_held {
            MeasureResult::Count(base.not_coded[0])
        } else {
            MeasureResult::NotKnown(WhyNotKnown::NothingHeld.into())
        }
    ),
    measure!(
        "Case mix",
        "Case-mix index",
        Mean(4),
        "relative weights of the DRGs of the discharges in ten-thousandths, added up"
            / "discharges whose DRG has a weight x 10,000",
        "newborns included; the weights of the day of discharge",
        CASE_MIX,
        |base| match base.accounts.case_mix {
            _ if !base.is_held => MeasureResult::NotKnown(WhyNotKnown::NothingHeld.into()),
            [0, _] => MeasureResult::NotKnown(WhyNotKnown::NoGroupWeights.into()),
            [discharges, weights] => quotient(base, weights, discharges.saturating_mul(case_mix::ONE)),
        }
    ),
    measure!(
        "Not counted yet",
        "Release requests answered within 30 days, %",
        Percent(1),
        "requests for records answered within 30 days x 100" / "requests",
        "",
        AHIMA,
        |_| not_yet("requests for records")
    ),
    measure!(
        "Not counted yet",
        "Duplicate patients, %",
        Percent(1),
        "records of the patient index in sets of possible duplicates x 100" / "records of the patient index",
        "",
        AHIMA,
        |_| not_yet("the patient index")
    ),
];

/// A quotient of charges, where the records state any.
fn with_charges(base: &MeasureBase, of: impl Fn(&MeasureBase) -> Known<(u64, u64)>) -> MeasureResult {
    if base.is_held && base.accounts.discharged[1] == 0 {
        return MeasureResult::NotKnown(WhyNotKnown::NoCharges.into());
    }
    known(of(base).map(|(numerator, denominator)| quotient(base, numerator, denominator)))
}
