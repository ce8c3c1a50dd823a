//! What the edits may know in a run beside the record they are asked of.

use crate::{
    codeset::release::exempt::ExemptCodes,
    edits::rule,
    partition::registers::Registers,
    plan::Plan,
    record::{account::InputAccount, date::Day, field::CanonicalTable},
    rows::slot::Feed,
    run::taking::is_whole,
};

/// What the edits may know; of the exempt lists nothing yet.
pub fn edit_context(
    plan: &Plan,
    feeds: &[Feed],
    inputs: &[InputAccount],
    registers: Registers,
    business_date: Day,
) -> rule::EditContext {
    // What stands in a table of which a part could not be read is not missing from a record. (Of patients it is asked by patient.)
    let asked_apart = |table| matches!(table, CanonicalTable::Encounters | CanonicalTable::Patients);
    let told = feeds.iter().filter(|feed| asked_apart(feed.table) || is_whole(feed.table, inputs));
    rule::EditContext {
        business_date,
        period: plan.period.clone(),
        long_stay_days: plan.edits.long_stay_days,
        longest_stay_days: plan.edits.longest_stay_days,
        mapped: rule::mapped_fields(told),
        patient_numbers_by_facility: plan.edits.patient_numbers_by_facility,
        of_patients_alone: rule::fields_of_patients_alone(feeds),
        encounters_whole: is_whole(CanonicalTable::Encounters, inputs),
        registers,
        exempt: ExemptCodes::default(),
        expected_facilities: plan.feeds.iter().map(|feed| feed.expected_facility.clone()).collect(),
        expected_periods: plan.feeds.iter().map(|feed| feed.expected_period.clone()).collect(),
    }
}
