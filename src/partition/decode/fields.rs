//! One field of an encounter or a document from what its cell says.

use crate::{
    partition::{
        category_prefilter::CategoryPrefilter,
        decode::values::{CellReading, cents, flag, text, whole_number},
        encounter::{Admitting, Document, Encounter, NAME_PARTS, PatientDiffers, Unlisted},
    },
    record::{
        age_band::AgeBand,
        cell::Cell,
        date::Day,
        diagnosis_kinds::DiagnosisKinds,
        editor_flags::EditorFlags,
        field::{CanonicalTable, Field, FieldType},
        partial_date::PartialDates,
        race::{is_ethnicity, is_race},
        vocabulary::{AdmissionType, DischargeStatus, PointOfOrigin, Sex},
    },
    rows::{
        row::Row,
        slot::{AgeUnit, Feed, StayCounts},
    },
};

/// A document of which nothing is known but its row.
pub fn blank_document(row: Row<'_>) -> Document<'_> {
    Document {
        origin: row.origin(),
        document_id: "",
        document_type: "",
        author: "",
        cosigner: "",
        event_date: Cell::Blank,
        dictated_at: Cell::Blank,
        transcribed_at: Cell::Blank,
        signed_at: Cell::Blank,
        cosigned_at: Cell::Blank,
        character_count: Cell::Blank,
    }
}

/// Sets one field of a document.
pub fn set_document<'a>(document: &mut Document<'a>, reading: CellReading<'a>) {
    match reading.slot.field {
        Field::DocumentId => document.document_id = reading.words(),
        Field::DocumentType => document.document_type = reading.words(),
        Field::DocumentAuthor => document.author = reading.words(),
        Field::DocumentCosigner => document.cosigner = reading.words(),
        Field::EventDate => document.event_date = reading.moment(),
        Field::DictatedAt => document.dictated_at = reading.moment(),
        Field::TranscribedAt => document.transcribed_at = reading.moment(),
        Field::SignedAt => document.signed_at = reading.moment(),
        Field::CosignedAt => document.cosigned_at = reading.moment(),
        Field::CharacterCount => document.character_count = reading.read(whole_number).map_value(i64::from),
        _ => {}
    }
}

/// An encounter of which nothing is known but its row.
pub fn blank_encounter<'a>(row: Row<'a>, feeds: &'a [Feed]) -> Encounter<'a> {
    Encounter {
        row,
        patient: None,
        feeds,
        same_number: 0,
        undecided: false,
        patient_unknown: false,
        patient_repeated: false,
        patient_differs: PatientDiffers::default(),
        encounter_id: "",
        patient_id: "",
        medical_record_number: "",
        patient_name: [""; NAME_PARTS],
        social_security_number: "",
        facility_id: "",
        encounter_class: "",
        service: "",
        admission_date: Cell::Blank,
        discharge_date: Cell::Blank,
        birth_date: Cell::Blank,
        death_date: Cell::Blank,
        death_flag: Cell::Blank,
        stated_age: Cell::Blank,
        stated_age_days: None,
        age: None,
        age_band_text: "",
        age_band: Cell::Blank,
        ages: None,
        reference_age: Cell::Blank,
        reference_year: Cell::Blank,
        sex: Cell::Blank,
        race: "",
        ethnicity: "",
        zip_code: "",
        state: "",
        county: "",
        payer: Cell::Blank,
        admission_type: Cell::Blank,
        point_of_origin: Cell::Blank,
        discharge_status: Cell::Blank,
        diagnosis_related_group: "",
        total_charges: Cell::Blank,
        birth_weight_grams: Cell::Blank,
        stated_length_of_stay: Cell::Blank,
        stay_counts: StayCounts::Exclusive,
        partial: PartialDates::default(),
        planned_readmission: Cell::Blank,
        attending_npi: "",
        attending_name: "",
        operating_npi: "",
        employer_name: "",
        coder: "",
        weight: "",
        coded_date: Cell::Blank,
        admitting_diagnosis: "",
        admitting: Admitting::default(),
        unlisted: Unlisted::default(),
        tens: CategoryPrefilter::default(),
        kinds: DiagnosisKinds::default(),
        editor_flags: EditorFlags::NONE,
        all_in_force: false,
        diagnoses: &[],
        procedures: &[],
        documents: &[],
    }
}

/// Sets one field of an encounter.
pub fn set<'a>(encounter: &mut Encounter<'a>, reading: CellReading<'a>) {
    let field = reading.slot.field;
    match field {
        Field::EncounterId => encounter.encounter_id = reading.words(),
        Field::PatientId => encounter.patient_id = reading.words(),
        Field::MedicalRecordNumber => encounter.medical_record_number = reading.words(),
        Field::PatientName => {
            let part = usize::from(reading.slot.position).min(NAME_PARTS - 1);
            encounter.patient_name[part] = reading.words();
        }
        Field::SocialSecurityNumber => encounter.social_security_number = reading.words(),
        Field::FacilityId => encounter.facility_id = reading.words(),
        Field::EncounterClass => encounter.encounter_class = reading.words(),
        Field::Service => encounter.service = reading.words(),
        Field::AdmissionDate => encounter.admission_date = reading.moment(),
        Field::DischargeDate => encounter.discharge_date = reading.moment(),
        Field::BirthDate => encounter.birth_date = reading.moment().map_value(|moment| moment.day),
        Field::DeathDate => encounter.death_date = reading.moment(),
        Field::DeathFlag => encounter.death_flag = reading.listed(flag),
        Field::Age => set_age(encounter, reading),
        Field::AgeBand => {
            encounter.age_band_text = reading.words();
            encounter.age_band = reading.listed(AgeBand::read);
        }
        Field::ReferenceAge => encounter.reference_age = reading.read(whole_number),
        Field::ReferenceYear => encounter.reference_year = reading.read(whole_number),
        Field::Sex => encounter.sex = reading.listed(Sex::read),
        Field::Race => (encounter.race, encounter.unlisted.race) = reading.words_of(is_race),
        Field::Ethnicity => (encounter.ethnicity, encounter.unlisted.ethnicity) = reading.words_of(is_ethnicity),
        Field::ZipCode => encounter.zip_code = reading.words(),
        Field::State => encounter.state = reading.words(),
        Field::County => encounter.county = reading.words(),
        Field::Payer => encounter.payer = reading.read(|known| Cell::Value(text(known))),
        Field::AdmissionType => encounter.admission_type = reading.listed(AdmissionType::read),
        Field::PointOfOrigin => encounter.point_of_origin = reading.listed(PointOfOrigin::read),
        Field::DischargeStatus => encounter.discharge_status = reading.listed(DischargeStatus::read),
        Field::DiagnosisRelatedGroup => encounter.diagnosis_related_group = reading.words(),
        Field::TotalCharges => encounter.total_charges = reading.read(|known| cents(known, reading.slot.decimal)),
        Field::BirthWeight => encounter.birth_weight_grams = reading.read(whole_number),
        Field::LengthOfStay => {
            encounter.stated_length_of_stay = reading.read(whole_number);
            encounter.stay_counts = reading.slot.stay_counts;
        }
        Field::PlannedReadmission => encounter.planned_readmission = reading.listed(flag),
        Field::AttendingNpi => encounter.attending_npi = reading.words(),
        Field::AttendingName => encounter.attending_name = reading.words(),
        Field::OperatingNpi => encounter.operating_npi = reading.words(),
        Field::EmployerName => encounter.employer_name = reading.words(),
        Field::Coder => encounter.coder = reading.words(),
        Field::Weight => encounter.weight = reading.words(),
        Field::CodedDate => encounter.coded_date = reading.moment(),
        Field::AdmittingDiagnosis => encounter.admitting_diagnosis = reading.code(),
        // Carried for the patient's row and the outputs by their raw text only, or fields of the long tables.
        _ => debug_assert!(field.entry().table != CanonicalTable::Encounters || field.entry().kind == FieldType::Text),
    }
}

/// The stated age in completed years; see [`set_age_in`].
fn set_age<'a>(encounter: &mut Encounter<'a>, reading: CellReading<'a>) {
    set_age_in(encounter, reading, reading.slot.unit);
}

/// The age stated in a unit, in completed years. Months are twelve a year by the calendar too; days are counted from the birth date once that is known, and
/// until then taken as 365.25 a year; weeks and hours are days.
pub fn set_age_in<'a>(encounter: &mut Encounter<'a>, reading: CellReading<'a>, unit: AgeUnit) {
    let number = reading.read(whole_number);
    let days = |number: Cell<i32>, of: fn(i32) -> i32| number.map_value(of);
    encounter.stated_age_days = None;
    let days = match unit {
        AgeUnit::Years => {
            encounter.stated_age = number;
            return;
        }
        AgeUnit::Months => {
            encounter.stated_age = number.map_value(|months| months.div_euclid(12));
            return;
        }
        AgeUnit::Weeks => days(number, |weeks| weeks.saturating_mul(7)),
        AgeUnit::Days => number,
        AgeUnit::Hours => days(number, |hours| hours.div_euclid(24)),
    };
    encounter.stated_age_days = days.value();
    encounter.stated_age = days.map_value(|days| (i64::from(days) * 4).div_euclid(1461) as i32);
}

/// Counts an age stated in days from the birth date: 365 days are a year in one life and not in another.
pub fn count_age_from_birth(encounter: &mut Encounter<'_>) {
    /// No one lives longer, and no day of such a life leaves the calendar.
    const LONGEST_LIFE: i32 = 130 * 366;
    if let (Some(days @ 0..=LONGEST_LIFE), Some(birth)) = (encounter.stated_age_days, encounter.birth_date.value()) {
        encounter.stated_age = Cell::Value(Day(birth.0.saturating_add(days)).completed_years_since(birth));
    }
}
