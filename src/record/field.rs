//! The data dictionary: every canonical field, the table it stands in, what it holds and whether it identifies a patient.
//!
//! Layout files, rules, outputs and the identity masks all take their names from here.

/// What one row of a canonical table is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CanonicalTable {
    /// One row a discharge abstract or visit; diagnoses and procedures may stand on the same row.
    Encounters,
    /// One row a diagnosis, keyed by encounter.
    Diagnoses,
    /// One row a procedure, keyed by encounter.
    Procedures,
    /// One row a document of the chart, keyed by encounter.
    Documents,
    /// One row a patient, keyed by patient.
    Patients,
    /// One row a term of privileges of a practitioner: the staff file.
    Staff,
    /// One row a day and nursing unit (or service, or whole facility): the daily census.
    Census,
    /// One row a death: the deaths register.
    Deaths,
    /// One row a birth: the birth register.
    Births,
    /// One row a decision on a finding or deficiency: a worklist that comes back.
    Decisions,
    /// One row an absence of a clinician with notice.
    Absences,
    /// One row a unit (or whole facility) and day from which its beds are so many: the bed file.
    Beds,
    /// One row a patient's move within a stay: to another unit, on leave, or back.
    Movements,
    /// One row an autopsy, or a body that a coroner took.
    Autopsies,
    /// One row a delivery: a woman, however many infants.
    Deliveries,
    /// One row an anaesthetic that was given.
    Anaesthetics,
    /// One row an infection as infection control counts it.
    Infections,
    /// One row a consultation.
    Consultations,
    /// One row a final bill.
    Bills,
    /// One row a coder and day (or week, or month) with the hours worked.
    StaffHours,
}

impl CanonicalTable {
    /// Every table, in the order of reports.
    pub const ALL: [CanonicalTable; 20] = [
        CanonicalTable::Encounters,
        CanonicalTable::Diagnoses,
        CanonicalTable::Procedures,
        CanonicalTable::Documents,
        CanonicalTable::Patients,
        CanonicalTable::Staff,
        CanonicalTable::Census,
        CanonicalTable::Deaths,
        CanonicalTable::Births,
        CanonicalTable::Decisions,
        CanonicalTable::Absences,
        CanonicalTable::Beds,
        CanonicalTable::Movements,
        CanonicalTable::Autopsies,
        CanonicalTable::Deliveries,
        CanonicalTable::Anaesthetics,
        CanonicalTable::Infections,
        CanonicalTable::Consultations,
        CanonicalTable::Bills,
        CanonicalTable::StaffHours,
    ];

    /// The word in layout files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            CanonicalTable::Encounters => "encounters",
            CanonicalTable::Diagnoses => "diagnoses",
            CanonicalTable::Procedures => "procedures",
            CanonicalTable::Documents => "documents",
            CanonicalTable::Patients => "patients",
            CanonicalTable::Staff => "staff",
            CanonicalTable::Census => "census",
            CanonicalTable::Deaths => "deaths",
            CanonicalTable::Births => "births",
            CanonicalTable::Decisions => "decisions",
            CanonicalTable::Absences => "absences",
            CanonicalTable::Beds => "beds",
            CanonicalTable::Movements => "movements",
            CanonicalTable::Autopsies => "autopsies",
            CanonicalTable::Deliveries => "deliveries",
            CanonicalTable::Anaesthetics => "anaesthetics",
            CanonicalTable::Infections => "infections",
            CanonicalTable::Consultations => "consultations",
            CanonicalTable::Bills => "bills",
            CanonicalTable::StaffHours => "staff_hours",
        }
    }

    /// The field that keys its rows.
    pub fn key(self) -> Field {
        match self {
            CanonicalTable::Encounters
            | CanonicalTable::Diagnoses
            | CanonicalTable::Procedures
            | CanonicalTable::Documents => Field::EncounterId,
            CanonicalTable::Patients => Field::PatientId,
            CanonicalTable::Staff => Field::PractitionerNpi,
            CanonicalTable::Census => Field::CensusDate,
            CanonicalTable::Deaths => Field::DeathDate,
            CanonicalTable::Births => Field::BirthDate,
            CanonicalTable::Decisions => Field::FindingKey,
            CanonicalTable::Absences => Field::Clinician,
            CanonicalTable::Beds => Field::BedsFrom,
            CanonicalTable::Movements => Field::MovedAt,
            CanonicalTable::Autopsies => Field::AutopsyDate,
            CanonicalTable::Deliveries => Field::DeliveryDate,
            CanonicalTable::Anaesthetics => Field::AnaestheticDate,
            CanonicalTable::Infections => Field::InfectionDate,
            CanonicalTable::Consultations => Field::ConsultationDate,
            CanonicalTable::Bills => Field::BillDate,
            CanonicalTable::StaffHours => Field::HoursDate,
        }
    }

    /// Whether its rows are encounters or belong to them; the others are small and held in memory.
    pub fn is_of_encounters(self) -> bool {
        self.key() == Field::EncounterId
    }

    /// Whether records are only held against it: nothing of it fills a record.
    pub fn is_register(self) -> bool {
        matches!(
            self,
            CanonicalTable::Staff
                | CanonicalTable::Census
                | CanonicalTable::Deaths
                | CanonicalTable::Births
                | CanonicalTable::Decisions
                | CanonicalTable::Absences
                | CanonicalTable::Beds
                | CanonicalTable::Movements
                | CanonicalTable::Autopsies
                | CanonicalTable::Deliveries
                | CanonicalTable::Anaesthetics
                | CanonicalTable::Infections
                | CanonicalTable::Consultations
                | CanonicalTable::Bills
                | CanonicalTable::StaffHours
        )
    }
}

/// How a field's text becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A civil day, by the formats the layout states.
    Date,
    /// A civil day with a time where the format has one.
    Moment,
    /// A whole number.
    Number,
    /// An amount with two decimals, kept in hundredths: money in cents, and hours.
    Money,
    /// Yes or no.
    Flag,
    /// A value of a standard list (sex, discharge status, ...).
    Listed,
    /// A diagnosis or procedure code.
    Code,
}

/// What the data dictionary says of one field.
#[derive(Debug, Clone, Copy)]
pub struct FieldDefinition {
    /// The field.
    pub field: Field,
    /// Name in layout files, rules and output columns.
    pub name: &'static str,
    /// The table it stands in.
    pub table: CanonicalTable,
    /// How its text becomes a value.
    pub kind: FieldType,
    /// Whether it identifies a patient (45 CFR 164.514(b)(2) classes): masked outside worklists that need it.
    pub identifying: bool,
    /// Where the field comes from: the data set or form that defines it, or who keeps it.
    pub source: &'static str,
    /// One sentence for people.
    pub meaning: &'static str,
}

macro_rules! dictionary {
    ($($variant:ident $name:literal $table:ident $kind:ident $identifying:literal $source:literal $meaning:literal;)*) => {
        /// A canonical field.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)*
        }

        /// The data dictionary, in the order of the fields.
        pub static DICTIONARY: &[FieldDefinition] = &[
            $(FieldDefinition { field: Field::$variant, name: $name, table: CanonicalTable::$table, kind: FieldType::$kind, identifying: $identifying, source: $source, meaning: $meaning },)*
        ];
    };
}

dictionary! {
    EncounterId "encounter_id" Encounters Text false "UB-04 form locator 3a" "The facility's own number of the discharge abstract or visit; every table of its diagnoses, procedures and documents names it.";
    PatientId "patient_id" Encounters Text true "UHDDS, personal identification" "The facility's number of the patient.";
    MedicalRecordNumber "medical_record_number" Encounters Text true "UB-04 form locator 3b" "Number under which the chart is filed.";
    PatientName "patient_name" Encounters Text true "UB-04 form locator 8" "The patient's name.";
    SocialSecurityNumber "social_security_number" Encounters Text true "Social Security Administration" "Social security number.";
    FacilityId "facility_id" Encounters Text false "UHDDS, hospital identification" "The facility that reports.";
    EncounterClass "encounter_class" Encounters Text false "the facility's own" "Inpatient, outpatient, emergency and so on, in the layout's own words.";
    Service "service" Encounters Text false "the facility's own" "Hospital service at discharge.";
    AdmissionDate "admission_date" Encounters Moment false "UHDDS, admission date; UB-04 form locators 12 and 13" "Day (and time) of the inpatient order.";
    DischargeDate "discharge_date" Encounters Moment false "UHDDS, discharge date; UB-04 form locators 6 and 16" "Day (and time) of discharge.";
    BirthDate "birth_date" Encounters Date true "UHDDS, date of birth; UB-04 form locator 10" "The patient's day of birth.";
    DeathDate "death_date" Encounters Moment false "the facility's own" "Day (and time) of death.";
    DeathFlag "death_flag" Encounters Flag false "the facility's own" "Whether the patient died during the stay.";
    Age "age" Encounters Number false "the facility's own" "Age as the export states it, in completed years at admission after the layout's unit is applied.";
    AgeBand "age_band" Encounters Text false "public-use files" "Age at admission as a band, as the export has it: [70-80), 70-79, 85+, <1.";
    ReferenceAge "reference_age" Encounters Number false "public-use files" "Age in completed years in the reference year, where no birth date is given.";
    ReferenceYear "reference_year" Encounters Number false "public-use files" "The year in which the patient had the reference age.";
    Sex "sex" Encounters Listed false "UHDDS, sex; UB-04 form locator 11" "M, F or U.";
    Race "race" Encounters Text false "UHDDS, race and ethnicity" "Race.";
    Ethnicity "ethnicity" Encounters Text false "UHDDS, race and ethnicity" "Ethnicity.";
    ZipCode "zip_code" Encounters Text true "UHDDS, residence; UB-04 form locator 9" "ZIP code of residence, 5 or 9 digits.";
    State "state" Encounters Text false "UHDDS, residence; UB-04 form locator 9" "State of residence.";
    County "county" Encounters Text true "UHDDS, residence; FIPS county codes" "County of residence, as the export codes it (FIPS or the state's own).";
    Payer "payer" Encounters Text false "UHDDS, expected source of payment; UB-04 form locator 50" "Expected principal source of payment.";
    AdmissionType "admission_type" Encounters Listed false "UHDDS, type of admission; UB-04 form locator 14" "UB-04 form locator 14.";
    PointOfOrigin "point_of_origin" Encounters Listed false "UB-04 form locator 15" "UB-04 form locator 15.";
    DischargeStatus "discharge_status" Encounters Listed false "UHDDS, disposition of patient; UB-04 form locator 17" "UB-04 form locator 17, two digits.";
    DiagnosisRelatedGroup "diagnosis_related_group" Encounters Text false "MS-DRG, 42 CFR 412.60" "MS-DRG as the export states it.";
    TotalCharges "total_charges" Encounters Money false "UHDDS, total charges; UB-04 form locator 47" "Total charges.";
    BirthWeight "birth_weight_grams" Encounters Number false "UHDDS, birth weight of neonate; UB-04 value code 54" "Birth weight of a newborn, in grams.";
    LengthOfStay "length_of_stay_days" Encounters Number false "the facility's own" "Length of stay as the export states it, in days. It is counted as hospital statistics count: without the day of discharge, and 1 for a stay within one day.";
    AttendingNpi "attending_npi" Encounters Text false "UHDDS, attending physician; UB-04 form locator 76" "National Provider Identifier of the attending practitioner.";
    AttendingName "attending_name" Encounters Text false "UB-04 form locator 76" "The attending practitioner.";
    OperatingNpi "operating_npi" Encounters Text false "UHDDS, operating physician; UB-04 form locator 77" "National Provider Identifier of the operating practitioner.";
    EmployerName "employer_name" Encounters Text true "the facility's own" "The patient's employer.";
    Coder "coder" Encounters Text false "the facility's own" "The coder who coded the record, by name or number.";
    Weight "weight" Encounters Text false "the survey's own" "How many discharges the record of a survey stands for: up to nine digits and six decimals.";
    CodedDate "coded_date" Encounters Moment false "the facility's own" "Day (and time) on which coding was completed.";
    AdmittingDiagnosis "admitting_diagnosis" Encounters Code false "UB-04 form locator 69" "Diagnosis at admission.";
    DiagnosisSequence "diagnosis_sequence" Diagnoses Number false "UHDDS, principal and other diagnoses" "Position of the diagnosis; 1 is the principal diagnosis.";
    DiagnosisCode "diagnosis_code" Diagnoses Code false "UHDDS, principal and other diagnoses; UB-04 form locator 67" "Diagnosis code.";
    DiagnosisRevision "diagnosis_revision" Diagnoses Listed false "UB-04 form locator 66" "Code system of the diagnosis: icd10cm or icd9cm.";
    DiagnosisText "diagnosis_text" Diagnoses Text false "the facility's own" "The export's own words for the diagnosis.";
    PresentOnAdmission "present_on_admission" Diagnoses Listed false "UB-04 form locator 67, eighth position" "Y, N, U, W or 1 (exempt).";
    ProcedureSequence "procedure_sequence" Procedures Number false "UHDDS, procedures" "Position of the procedure; 1 is the principal procedure.";
    ProcedureCode "procedure_code" Procedures Code false "UHDDS, procedures; UB-04 form locator 74" "Procedure code.";
    ProcedureRevision "procedure_revision" Procedures Listed false "the facility's own" "Code system of the procedure: icd10pcs or icd9pcs.";
    ProcedureText "procedure_text" Procedures Text false "the facility's own" "The export's own words for the procedure.";
    ProcedureDate "procedure_date" Procedures Moment false "UHDDS, dates of procedures; UB-04 form locator 74" "Day (and time) of the procedure.";
    SurgeonNpi "surgeon_npi" Procedures Text false "UHDDS, operating physician" "National Provider Identifier of the surgeon.";
    DocumentId "document_id" Documents Text false "the facility's own" "Number of the document.";
    DocumentType "document_type" Documents Text false "42 CFR 482.24(c)" "Kind of document: history_and_physical, discharge_summary, operative_report and so on.";
    DocumentAuthor "document_author" Documents Text false "42 CFR 482.24(c)(1)" "Clinician responsible for the document.";
    DocumentCosigner "document_cosigner" Documents Text false "the facility's own" "Clinician who must countersign, where one must.";
    EventDate "event_date" Documents Moment false "the facility's own" "When the event the document tells of took place (operation, consultation).";
    DictatedAt "dictated_at" Documents Moment false "the facility's own" "When the document was dictated or written.";
    TranscribedAt "transcribed_at" Documents Moment false "the facility's own" "When it was transcribed.";
    SignedAt "signed_at" Documents Moment false "42 CFR 482.24(c)(1)" "When its author signed it.";
    CosignedAt "cosigned_at" Documents Moment false "the facility's own" "When it was countersigned.";
    CharacterCount "character_count" Documents Number false "the facility's own" "Length of the document's text in characters; 0 is a blank form.";
    PlannedReadmission "planned_readmission" Encounters Flag false "the facility's own" "Whether a readmission is planned, where the export says so beside the discharge status.";
    PractitionerNpi "practitioner_npi" Staff Text false "42 CFR 482.22, medical staff" "National Provider Identifier of the practitioner, or the number by which the abstracts name practitioners.";
    PractitionerName "practitioner_name" Staff Text false "42 CFR 482.22, medical staff" "The practitioner's name.";
    PrivilegesFrom "privileges_from" Staff Date false "42 CFR 482.22, medical staff" "First day of the privileges; blank: from the beginning.";
    PrivilegesThrough "privileges_through" Staff Date false "42 CFR 482.22, medical staff" "Last day of the privileges; blank: still in force.";
    CensusDate "census_date" Census Date false "the facility's daily census" "Day of the census.";
    CensusUnit "census_unit" Census Text false "the facility's daily census" "Nursing unit or service; the facility's figures are the sums over its units.";
    CensusPatients "census_patients" Census Number false "the facility's daily census" "Patients in the house at the census hour.";
    CensusAdmissions "census_admissions" Census Number false "the facility's daily census" "Patients admitted since the census before.";
    CensusDischarges "census_discharges" Census Number false "the facility's daily census" "Patients discharged since the census before, deaths included.";
    CensusNewborns "census_newborns" Census Number false "the facility's daily census" "Newborns among the patients at the census hour; blank: the census does not tell them apart.";
    BirthNumber "birth_number" Births Text false "the birth register" "Number of the birth in the register.";
    Liveborn "liveborn" Births Flag false "the birth register" "Whether the infant was born alive; a register of live births alone has no such column.";
    MotherPatientId "mother_patient_id" Births Text true "the birth register" "The facility's number of the mother.";
    FindingKey "finding_key" Decisions Text false "worklists of a run" "Key of the finding or deficiency that is decided on, as the worklist has it.";
    Decision "decision" Decisions Listed false "the department's own" "verified: the value is true; waived: it need not be resolved; open: neither any more; assigned: only somebody is named. Blank: nothing is decided.";
    DecidedValue "decided_value" Decisions Text false "worklists of a run" "The value that is decided of, as the worklist has it.";
    AssignedTo "assigned_to" Decisions Text false "the department's own" "Who is to resolve it.";
    DecisionNote "note" Decisions Text false "the department's own" "Why, in words.";
    DecidedBy "decided_by" Decisions Text false "the department's own" "Who decided.";
    DecidedOn "decided_on" Decisions Date false "the department's own" "Day of the decision.";
    Clinician "clinician" Absences Text false "the medical staff office" "The clinician, named as the document index names authors.";
    AbsentFrom "absent_from" Absences Date false "the medical staff office" "First day of the absence.";
    AbsentThrough "absent_through" Absences Date false "the medical staff office" "Last day of the absence.";
    BedsFrom "beds_from" Beds Date false "the bed file" "First day on which the numbers of the row hold.";
    BedUnit "bed_unit" Beds Text false "the bed file" "Nursing unit; the facility's beds are the sums over its units.";
    InpatientBeds "inpatient_beds" Beds Number false "the bed file" "Inpatient beds set up and staffed, without bassinets.";
    Bassinets "bassinets" Beds Number false "the bed file" "Bassinets of the nursery.";
    MovedAt "moved_at" Movements Moment false "the admission office" "Day (and time) of the move.";
    Movement "movement" Movements Listed false "the admission office" "transfer: to another unit; leave: the patient goes on leave; return: the patient is back.";
    FromUnit "from_unit" Movements Text false "the admission office" "Unit that the patient leaves.";
    ToUnit "to_unit" Movements Text false "the admission office" "Unit that the patient comes to.";
    AutopsyDate "autopsy_date" Autopsies Date false "pathology" "Day of the autopsy; of a body that a coroner took, the day on which it was taken.";
    AutopsyPatient "autopsy_patient" Autopsies Listed false "pathology" "inpatient, newborn, fetus, or outpatient (who died elsewhere, or was a patient before); blank: inpatient.";
    Autopsied "autopsied" Autopsies Flag false "pathology" "Whether the hospital's pathologist made the autopsy; blank: yes.";
    CoronerCase "coroner_case" Autopsies Flag false "pathology" "Whether the coroner or medical examiner took the case.";
    DeliveryDate "delivery_date" Deliveries Date false "the delivery room" "Day of the delivery.";
    Caesarean "caesarean" Deliveries Flag false "the delivery room" "Whether it was a caesarean section.";
    PreviousCaesarean "previous_caesarean" Deliveries Flag false "the delivery room" "Whether the woman had a caesarean section before; blank: not known.";
    AnaestheticDate "anaesthetic_date" Anaesthetics Date false "the anaesthesia record" "Day of the anaesthetic.";
    AnaestheticDeath "anaesthetic_death" Anaesthetics Flag false "the anaesthesia record" "Whether the patient died of it.";
    InfectionDate "infection_date" Infections Date false "infection control" "Day on which the infection was found.";
    HospitalAcquired "hospital_acquired" Infections Flag false "infection control" "Whether it was acquired in the hospital; blank: yes.";
    CleanSurgicalCase "clean_surgical_case" Infections Flag false "infection control" "Whether it followed an operation on a clean case.";
    ConsultationDate "consultation_date" Consultations Date false "the facility's own" "Day of the consultation.";
    BillDate "bill_date" Bills Date false "patient accounting" "Day of the final bill of the encounter.";
    HoursDate "hours_date" StaffHours Date false "the payroll" "Day on which the hours were worked, or the first of the week or month.";
    ProductiveHours "productive_hours" StaffHours Money false "the payroll" "Hours worked on coding: paid hours less paid time off, meetings and training; two decimals.";
    GestationWeeks "gestation_weeks" Births Number false "the birth register" "Completed weeks of gestation.";
}

impl Field {
    /// What the dictionary says of the field.
    #[inline]
    pub fn entry(self) -> &'static FieldDefinition {
        &DICTIONARY[self as usize]
    }

    /// Name in layout files, rules and output columns.
    #[inline]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The field of a name.
    pub fn from_name(name: &str) -> Option<Field> {
        DICTIONARY.iter().find(|entry| entry.name == name).map(|entry| entry.field)
    }

    /// Width of a number in its standard list: UB-04 discharge status, five digits of a ZIP code, MS-DRG.
    pub fn standard_width(self) -> Option<usize> {
        match self {
            Field::DischargeStatus => Some(2),
            Field::ZipCode => Some(5),
            Field::DiagnosisRelatedGroup => Some(3),
            _ => None,
        }
    }

    /// Whether the field holds numbers that are names: a spreadsheet that takes them for numbers cuts their digits.
    pub fn is_identifier(self) -> bool {
        matches!(
            self,
            Field::EncounterId
                | Field::PatientId
                | Field::MedicalRecordNumber
                | Field::SocialSecurityNumber
                | Field::FacilityId
                | Field::AttendingNpi
                | Field::OperatingNpi
                | Field::SurgeonNpi
                | Field::PractitionerNpi
                | Field::Coder
                | Field::DocumentId
                | Field::BirthNumber
                | Field::MotherPatientId
                | Field::FindingKey
                | Field::DiagnosisCode
                | Field::ProcedureCode
                | Field::AdmittingDiagnosis
        )
    }

    /// Whether the field may stand on a row of `table`: its own, the key fields on any, diagnoses and procedures on a wide encounter row,
    /// and the patient's own facts on a patient row.
    pub fn stands_in(self, table: CanonicalTable) -> bool {
        let own = self.entry().table;
        if own == table {
            return true;
        }
        match table {
            CanonicalTable::Encounters => matches!(own, CanonicalTable::Diagnoses | CanonicalTable::Procedures),
            CanonicalTable::Diagnoses | CanonicalTable::Procedures | CanonicalTable::Documents => {
                matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId)
            }
            CanonicalTable::Patients => matches!(
                self,
                Field::PatientId
                    | Field::MedicalRecordNumber
                    | Field::PatientName
                    | Field::SocialSecurityNumber
                    | Field::BirthDate
                    | Field::DeathDate
                    | Field::ReferenceAge
                    | Field::ReferenceYear
                    | Field::Sex
                    | Field::Race
                    | Field::Ethnicity
                    | Field::ZipCode
                    | Field::State
                    | Field::County
                    | Field::EmployerName
            ),
            CanonicalTable::Staff | CanonicalTable::Census | CanonicalTable::Beds => self == Field::FacilityId,
            CanonicalTable::Deaths => {
                matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId | Field::DeathDate)
            }
            CanonicalTable::Births => matches!(
                self,
                Field::EncounterId | Field::PatientId | Field::FacilityId | Field::BirthDate | Field::BirthWeight
            ),
            CanonicalTable::Movements
            | CanonicalTable::Autopsies
            | CanonicalTable::Deliveries
            | CanonicalTable::Anaesthetics
            | CanonicalTable::Infections
            | CanonicalTable::Consultations
            | CanonicalTable::Bills => matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId),
            CanonicalTable::StaffHours => matches!(self, Field::FacilityId | Field::Coder),
            CanonicalTable::Decisions | CanonicalTable::Absences => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_indexed_by_its_fields_and_names_are_unique() {
        for (index, entry) in DICTIONARY.iter().enumerate() {
            assert_eq!(entry.field as usize, index);
            assert_eq!(Field::from_name(entry.name), Some(entry.field));
            assert!(!entry.source.is_empty() && !entry.meaning.is_empty(), "{}", entry.name);
        }
    }
}
