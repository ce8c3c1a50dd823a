//! Names that columns of registers have, by field.

use super::names::{Names, names};
use crate::record::field::{CanonicalTable as Table, Field};

const STAFF: &[Table] = &[Table::Staff];
const CENSUS: &[Table] = &[Table::Census];
const DEATHS: &[Table] = &[Table::Deaths];
const BIRTHS: &[Table] = &[Table::Births];
const BEDS: &[Table] = &[Table::Beds];
const MOVEMENTS: &[Table] = &[Table::Movements];
const AUTOPSIES: &[Table] = &[Table::Autopsies];
const DELIVERIES: &[Table] = &[Table::Deliveries];
const ANAESTHETICS: &[Table] = &[Table::Anaesthetics];
const INFECTIONS: &[Table] = &[Table::Infections];
const CONSULTATIONS: &[Table] = &[Table::Consultations];
const BILLS: &[Table] = &[Table::Bills];
const STAFF_HOURS: &[Table] = &[Table::StaffHours];

/// Registers whose rows may name an encounter.
const OF_ENCOUNTERS: &[Table] = &[
    Table::Movements,
    Table::Autopsies,
    Table::Deliveries,
    Table::Anaesthetics,
    Table::Infections,
    Table::Consultations,
    Table::Bills,
];

/// Names of the fields of registers.
pub(super) const OF_REGISTERS: &[Names] = &[
    names(Field::EncounterId, OF_ENCOUNTERS, &["encounter id", "encounter", "record id", "stay id", "admission id"]),
    names(Field::PatientId, OF_ENCOUNTERS, &["patient id", "patient", "mrn"]),
    names(Field::FacilityId, OF_ENCOUNTERS, &["facility id", "facility", "facility code"]),
    names(Field::FacilityId, STAFF_HOURS, &["facility id", "facility", "facility code"]),
    names(Field::PractitionerNpi, STAFF, &["npi physician", "npi", "id physician", "id staff", "id"]),
    names(Field::PractitionerName, STAFF, &["name physician", "name staff", "name", "physician"]),
    names(
        Field::PrivilegesFrom,
        STAFF,
        &["privileges start", "date privileges start", "date start", "start", "date privileges"],
    ),
    names(Field::PrivilegesThrough, STAFF, &["privileges stop", "date privileges stop", "date stop", "stop"]),
    names(Field::BedsFrom, BEDS, &["from", "start", "date", "effective date", "valid from"]),
    names(Field::BedUnit, BEDS, &["unit", "id unit", "name unit", "service"]),
    names(Field::InpatientBeds, BEDS, &["bed", "bed count", "count bed", "staffed bed"]),
    names(Field::Bassinets, BEDS, &["bassinet", "bassinet count", "count bassinet"]),
    names(Field::MovedAt, MOVEMENTS, &["moved", "date moved", "date movement", "date"]),
    names(Field::Movement, MOVEMENTS, &["movement", "movement type", "type"]),
    names(Field::FromUnit, MOVEMENTS, &["start unit", "start", "from unit"]),
    names(Field::ToUnit, MOVEMENTS, &["to unit", "to"]),
    names(Field::AutopsyDate, AUTOPSIES, &["autopsy date", "autopsy", "date"]),
    names(Field::AutopsyPatient, AUTOPSIES, &["autopsy patient", "patient type", "type"]),
    names(Field::Autopsied, AUTOPSIES, &["autopsied", "autopsied flag"]),
    names(Field::CoronerCase, AUTOPSIES, &["coroner encounter", "coroner"]),
    names(Field::DeliveryDate, DELIVERIES, &["date delivery", "delivery", "date"]),
    names(Field::Caesarean, DELIVERIES, &["caesarean", "caesarean section"]),
    names(Field::PreviousCaesarean, DELIVERIES, &["caesarean previous", "caesarean prior"]),
    names(Field::AnaestheticDate, ANAESTHETICS, &["anaesthetic date", "anaesthetic", "date"]),
    names(Field::AnaestheticDeath, ANAESTHETICS, &["anaesthetic death", "death", "death it of"]),
    names(Field::InfectionDate, INFECTIONS, &["date infection", "infection", "date"]),
    names(Field::HospitalAcquired, INFECTIONS, &["acquired facility", "acquired"]),
    names(Field::CleanSurgicalCase, INFECTIONS, &["clean encounter surgical", "clean encounter", "clean"]),
    names(Field::ConsultationDate, CONSULTATIONS, &["consultation date", "consultation", "date"]),
    names(Field::BillDate, BILLS, &["bill date", "bill final", "bill date final", "bill", "date"]),
    names(Field::HoursDate, STAFF_HOURS, &["date hours", "date"]),
    names(Field::Coder, STAFF_HOURS, &["coder", "coder id", "coder name", "name"]),
    names(Field::ProductiveHours, STAFF_HOURS, &["hours productive", "hours"]),
    names(Field::CensusDate, CENSUS, &["census date", "date"]),
    names(Field::CensusUnit, CENSUS, &["census unit", "unit", "id unit", "name unit", "service"]),
    names(Field::CensusPatients, CENSUS, &["census patient", "census", "patient", "census count", "count patient"]),
    names(Field::CensusNewborns, CENSUS, &["newborn", "newborn census", "count newborn", "nursery"]),
    names(Field::CensusAdmissions, CENSUS, &["admission census", "admission", "admission count"]),
    names(Field::CensusDischarges, CENSUS, &["census discharge", "discharge", "count discharge"]),
    names(Field::DeathDate, DEATHS, &["date death", "death", "date"]),
    names(Field::PatientId, DEATHS, &["mrn", "id medical record"]),
    names(Field::BirthDate, BIRTHS, &["birth date", "birth", "date"]),
    names(Field::PatientId, BIRTHS, &["infant mrn", "id infant", "id infant patient"]),
    names(Field::BirthNumber, BIRTHS, &["birth id", "birth certificate id", "id register", "id"]),
    names(Field::Liveborn, BIRTHS, &["liveborn", "flag liveborn"]),
    names(Field::MotherPatientId, BIRTHS, &["id mother patient", "mother mrn", "id mother", "mother"]),
];
