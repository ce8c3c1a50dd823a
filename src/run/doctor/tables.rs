//! Code sets that end, and the store of imported releases.

use super::Remark;
use crate::{
    codeset::{
        release::{exempt::ExemptCodes, kind::OfficialFileKind},
        sets::{LAST_KNOWN_DAY, SHIPPED_NEWEST},
    },
    edits::mce,
    fs::FileError,
    plan::Plan,
    record::{date::Day, field::Field},
    run::releases::{imported::Imported, release_store::ReleaseStore},
};

/// Days before the end of a table from which it is said.
const NOTICE_DAYS: i32 = 90;

pub fn examine(plan: &Plan, business_date: Day) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let store = plan.coding.codesets.as_deref().map(|folder| {
        let store = ReleaseStore::open(folder)?;
        let imported = Imported::open(&store, &plan.coding.map_directions())?;
        Ok::<(ReleaseStore, ExemptCodes), FileError>((store, imported.exempt))
    });
    let opened = store.and_then(|opened| {
        opened
            .map_err(|fault| {
                let why = "The run ends with 74, and nothing is published";
                remarks.push(Remark::fails(fault.to_string(), why, ""));
            })
            .ok()
    });
    let codes = last_day_of_codes(opened.as_ref().map(|(store, _)| store));
    let marked = plan.feeds.iter().any(|feed| feed.layout.has_field(Field::PresentOnAdmission));
    // Asked of a site that imports releases: to another it would say the same every night.
    if marked && opened.as_ref().is_some_and(|(_, exempt)| !exempt.knows(business_date)) {
        remarks.push(Remark::look(
            format!("no list of codes exempt from present-on-admission reporting is at hand for {business_date}"),
            "POA005 and POA006 are not applied to such discharges, and AHRQ's measures use the list of another year",
            "Import the list of the fiscal year (chartroom codeset import)",
        ));
    }
    let to_do = "Import the release of the new year (chartroom codeset import), or take a newer version of the program";
    if business_date > codes {
        remarks.push(Remark::fails(
            format!("the tables of ICD-10-CM and ICD-10-PCS end with {codes}"),
            "Codes of later discharges are judged by the year before, and new ones are called unknown",
            to_do,
        ));
    } else if is_near(business_date, codes) {
        remarks.push(Remark::look(
            format!("the tables of ICD-10-CM and ICD-10-PCS end with {codes}, in {} days", codes.0 - business_date.0),
            "Nothing fails tonight; after that day new codes would be called unknown",
            to_do,
        ));
    }
    let editor = mce::days::LAST;
    if is_near(business_date, editor) {
        remarks.push(Remark::look(
            format!("the tables of the Medicare Code Editor end with {editor}"),
            "Its edits are not applied to later discharges (MCE000)",
            "Take a newer version of the program",
        ));
    }
    remarks
}

fn is_near(business_date: Day, last: Day) -> bool {
    business_date.0 >= last.0 - NOTICE_DAYS
}

/// The last day on which both tables of ICD-10 are known: as they ship, or as releases of the store continue them.
fn last_day_of_codes(store: Option<&ReleaseStore>) -> Day {
    let of = |kind: OfficialFileKind| {
        let later = store.into_iter().flat_map(ReleaseStore::used).filter(|entry| entry.kind() == Some(kind));
        let later = later.filter(|entry| entry.first_day().is_some_and(|from| from > SHIPPED_NEWEST));
        later.filter_map(|entry| entry.last_day()).fold(LAST_KNOWN_DAY, Day::max)
    };
    of(OfficialFileKind::Icd10CmOrder).min(of(OfficialFileKind::Icd10PcsOrder))
}
