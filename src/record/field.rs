//! The data dictionary: every canonical field, the table it stands in, what it holds and whether it identifies a patient.
//!
//! Layout files, rules, outputs and the identity masks all take their names from here.

/// What one row of a canonical table is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Table {
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
}

impl Table {
    /// Every table, in the order of reports.
    pub const ALL: [Table; 9] = [
        Table::Encounters,
        Table::Diagnoses,
        Table::Procedures,
        Table::Documents,
        Table::Patients,
        Table::Staff,
        Table::Census,
        Table::Deaths,
        Table::Births,
    ];

    /// The word in layout files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Table::Encounters => "encounters",
            Table::Diagnoses => "diagnoses",
            Table::Procedures => "procedures",
            Table::Documents => "documents",
            Table::Patients => "patients",
            Table::Staff => "staff",
            Table::Census => "census",
            Table::Deaths => "deaths",
            Table::Births => "births",
        }
    }

    /// The field that keys its rows.
    pub fn key(self) -> Field {
        match self {
            Table::Encounters | Table::Diagnoses | Table::Procedures | Table::Documents => Field::EncounterId,
            Table::Patients => Field::PatientId,
            Table::Staff => Field::PractitionerNpi,
            Table::Census => Field::CensusDate,
            Table::Deaths => Field::DeathDate,
            Table::Births => Field::BirthDate,
        }
    }

    /// Whether its rows are encounters or hang on them; the others are small and held in memory.
    pub fn is_of_encounters(self) -> bool {
        self.key() == Field::EncounterId
    }

    /// Whether records are only held against it: nothing of it fills a record.
    pub fn is_register(self) -> bool {
        matches!(self, Table::Staff | Table::Census | Table::Deaths | Table::Births)
    }
}

/// How a field's text becomes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A civil day, by the formats the layout states.
    Date,
    /// A civil day with a time where the format has one.
    Moment,
    /// A whole number.
    Number,
    /// An amount of money, kept in cents.
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
pub struct Entry {
    /// The field.
    pub field: Field,
    /// Name in layout files, rules and output columns.
    pub name: &'static str,
    /// The table it stands in.
    pub table: Table,
    /// How its text becomes a value.
    pub kind: Kind,
    /// Whether it identifies a patient (45 CFR 164.514(b)(2) classes): masked outside worklists that need it.
    pub identifying: bool,
    /// One sentence for people.
    pub meaning: &'static str,
}

macro_rules! dictionary {
    ($($variant:ident $name:literal $table:ident $kind:ident $identifying:literal $meaning:literal;)*) => {
        /// A canonical field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
        }

        /// The data dictionary, in the order of the fields.
        pub static DICTIONARY: &[Entry] = &[
            $(Entry { field: Field::$variant, name: $name, table: Table::$table, kind: Kind::$kind, identifying: $identifying, meaning: $meaning },)*
        ];
    };
}

dictionary! {
    EncounterId "encounter_id" Encounters Text false "The facility's own number of the discharge abstract or visit; keys everything that hangs on it.";
    PatientId "patient_id" Encounters Text true "The facility's number of the patient.";
    MedicalRecordNumber "medical_record_number" Encounters Text true "Number under which the chart is filed.";
    PatientName "patient_name" Encounters Text true "The patient's name.";
    SocialSecurityNumber "social_security_number" Encounters Text true "Social security number.";
    FacilityId "facility_id" Encounters Text false "The facility that reports.";
    EncounterClass "encounter_class" Encounters Text false "Inpatient, outpatient, emergency and so on, in the layout's own words.";
    Service "service" Encounters Text false "Hospital service at discharge.";
    AdmissionDate "admission_date" Encounters Moment false "Day (and time) of the inpatient order.";
    DischargeDate "discharge_date" Encounters Moment false "Day (and time) of discharge.";
    BirthDate "birth_date" Encounters Date true "The patient's day of birth.";
    DeathDate "death_date" Encounters Moment false "Day (and time) of death.";
    DeathFlag "death_flag" Encounters Flag false "Whether the patient died during the stay.";
    Age "age" Encounters Number false "Age as the export states it, in completed years at admission after the layout's unit is applied.";
    AgeBand "age_band" Encounters Text false "Age at admission as a band, as the export has it: [70-80), 70-79, 85+, <1.";
    ReferenceAge "reference_age" Encounters Number false "Age in completed years in the reference year, where no birth date is given.";
    ReferenceYear "reference_year" Encounters Number false "The year in which the patient had the reference age.";
    Sex "sex" Encounters Listed false "M, F or U.";
    Race "race" Encounters Text false "Race.";
    Ethnicity "ethnicity" Encounters Text false "Ethnicity.";
    ZipCode "zip_code" Encounters Text true "ZIP code of residence, 5 or 9 digits.";
    State "state" Encounters Text false "State of residence.";
    County "county" Encounters Text true "County of residence, as the export codes it (FIPS or the state's own).";
    Payer "payer" Encounters Text false "Expected principal source of payment.";
    AdmissionType "admission_type" Encounters Listed false "UB-04 form locator 14.";
    PointOfOrigin "point_of_origin" Encounters Listed false "UB-04 form locator 15.";
    DischargeStatus "discharge_status" Encounters Listed false "UB-04 form locator 17, two digits.";
    DiagnosisRelatedGroup "diagnosis_related_group" Encounters Text false "MS-DRG as the export states it.";
    TotalCharges "total_charges" Encounters Money false "Total charges.";
    BirthWeight "birth_weight_grams" Encounters Number false "Birth weight of a newborn, in grams.";
    LengthOfStay "length_of_stay_days" Encounters Number false "Length of stay as the export states it, in days.";
    AttendingNpi "attending_npi" Encounters Text false "National Provider Identifier of the attending practitioner.";
    AttendingName "attending_name" Encounters Text false "The attending practitioner.";
    OperatingNpi "operating_npi" Encounters Text false "National Provider Identifier of the operating practitioner.";
    EmployerName "employer_name" Encounters Text true "The patient's employer.";
    Coder "coder" Encounters Text false "The coder who coded the record, by name or number.";
    CodedDate "coded_date" Encounters Moment false "Day (and time) on which coding was completed.";
    AdmittingDiagnosis "admitting_diagnosis" Encounters Code false "Diagnosis at admission.";
    DiagnosisSequence "diagnosis_sequence" Diagnoses Number false "Position of the diagnosis; 1 is the principal diagnosis.";
    DiagnosisCode "diagnosis_code" Diagnoses Code false "Diagnosis code.";
    DiagnosisRevision "diagnosis_revision" Diagnoses Listed false "Code system of the diagnosis: icd10cm or icd9cm.";
    DiagnosisText "diagnosis_text" Diagnoses Text false "The export's own words for the diagnosis.";
    PresentOnAdmission "present_on_admission" Diagnoses Listed false "Y, N, U, W or 1 (exempt).";
    ProcedureSequence "procedure_sequence" Procedures Number false "Position of the procedure; 1 is the principal procedure.";
    ProcedureCode "procedure_code" Procedures Code false "Procedure code.";
    ProcedureRevision "procedure_revision" Procedures Listed false "Code system of the procedure: icd10pcs or icd9pcs.";
    ProcedureText "procedure_text" Procedures Text false "The export's own words for the procedure.";
    ProcedureDate "procedure_date" Procedures Moment false "Day (and time) of the procedure.";
    SurgeonNpi "surgeon_npi" Procedures Text false "National Provider Identifier of the surgeon.";
    DocumentId "document_id" Documents Text false "Number of the document.";
    DocumentType "document_type" Documents Text false "Kind of document: history_and_physical, discharge_summary, operative_report and so on.";
    DocumentAuthor "document_author" Documents Text false "Clinician responsible for the document.";
    DocumentCosigner "document_cosigner" Documents Text false "Clinician who must countersign, where one must.";
    EventDate "event_date" Documents Moment false "When the event the document tells of took place (operation, consultation).";
    DictatedAt "dictated_at" Documents Moment false "When the document was dictated or written.";
    TranscribedAt "transcribed_at" Documents Moment false "When it was transcribed.";
    SignedAt "signed_at" Documents Moment false "When its author signed it.";
    CosignedAt "cosigned_at" Documents Moment false "When it was countersigned.";
    CharacterCount "character_count" Documents Number false "Length of the document's text in characters; 0 is a blank form.";
    PlannedReadmission "planned_readmission" Encounters Flag false "Whether a readmission is planned, where the export says so beside the discharge status.";
    PractitionerNpi "practitioner_npi" Staff Text false "National Provider Identifier of the practitioner, or the number by which the abstracts name practitioners.";
    PractitionerName "practitioner_name" Staff Text false "The practitioner's name.";
    PrivilegesFrom "privileges_from" Staff Date false "First day of the privileges; blank: from the beginning.";
    PrivilegesThrough "privileges_through" Staff Date false "Last day of the privileges; blank: still in force.";
    CensusDate "census_date" Census Date false "Day of the census.";
    CensusUnit "census_unit" Census Text false "Nursing unit or service; the facility's figures are the sums over its units.";
    CensusPatients "census_patients" Census Number false "Patients in the house at the census hour.";
    CensusAdmissions "census_admissions" Census Number false "Patients admitted since the census before.";
    CensusDischarges "census_discharges" Census Number false "Patients discharged since the census before, deaths included.";
    BirthNumber "birth_number" Births Text false "Number of the birth in the register.";
    Liveborn "liveborn" Births Flag false "Whether the infant was born alive; a register of live births alone has no such column.";
    MotherPatientId "mother_patient_id" Births Text true "The facility's number of the mother.";
}

impl Field {
    /// What the dictionary says of the field.
    #[inline]
    pub fn entry(self) -> &'static Entry {
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
                | Field::DiagnosisCode
                | Field::ProcedureCode
                | Field::AdmittingDiagnosis
        )
    }

    /// Whether the field may stand on a row of `table`: its own, the key fields on any, diagnoses and procedures on a wide encounter row,
    /// and the patient's own facts on a patient row.
    pub fn stands_in(self, table: Table) -> bool {
        let own = self.entry().table;
        if own == table {
            return true;
        }
        match table {
            Table::Encounters => matches!(own, Table::Diagnoses | Table::Procedures),
            Table::Diagnoses | Table::Procedures | Table::Documents => {
                matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId)
            }
            Table::Patients => matches!(
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
            Table::Staff | Table::Census => self == Field::FacilityId,
            Table::Deaths => {
                matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId | Field::DeathDate)
            }
            Table::Births => {
                matches!(self, Field::EncounterId | Field::PatientId | Field::FacilityId | Field::BirthDate)
            }
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
        }
    }
}
