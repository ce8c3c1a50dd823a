//! What column names say: for each canonical field the names it goes by, in words of [`super::words`].

use std::collections::BTreeSet;

use super::register_names::OF_REGISTERS;
use crate::record::field::{CanonicalTable as Table, Field};

/// Words that add nothing to a name that is understood without them.
///
/// `c` ends the names of Epic's category columns (`SEX_C`), `adt` begins those of its admission tables, `loc` and `formatted` stand in Cerner's.
/// `d` and `l` are what French leaves of its articles, `n` begins many words for "number", and the last are how a heading spells the form of its dates, the
/// table it is from or the data set.
const FILLERS: &[&str] = &[
    "code",
    "of",
    "at",
    "i",
    "v",
    "value",
    "ms",
    "expected",
    "c",
    "adt",
    "loc",
    "formatted",
    "d",
    "l",
    "n",
    "f",
    "dd",
    "mm",
    "yy",
    "yyyy",
    "ccyy",
    "hh",
    "mi",
    "ss",
    "jj",
    "tt",
    "jjjj",
    "aaaa",
    "dbo",
    "tbl",
    "fld",
    "col",
    "str",
    "txt",
    "nis",
    "nrd",
    "kid",
    "sid",
    "hcup",
    "hes",
];
/// Words that add nothing either, save to the name of a number: a patient's number is not an encounter's.
const OWNERS: &[&str] = &["patient", "facility", "encounter"];
/// Words beside which `physician` adds nothing.
const ROLES: &[&str] = &["attending", "operating", "surgeon", "author", "cosigner"];

/// Names of a field, the surest first, in tables of one kind.
pub(super) struct Names {
    field: Field,
    tables: &'static [Table],
    names: &'static [&'static str],
}

const ALL: &[Table] =
    &[Table::Encounters, Table::Diagnoses, Table::Procedures, Table::Documents, Table::Deaths, Table::Births];
const PEOPLE: &[Table] = &[Table::Encounters, Table::Patients];
const OF_PATIENTS: &[Table] = &[
    Table::Encounters,
    Table::Diagnoses,
    Table::Procedures,
    Table::Documents,
    Table::Patients,
    Table::Deaths,
    Table::Births,
];
const ENCOUNTERS: &[Table] = &[Table::Encounters];
const DIAGNOSES: &[Table] = &[Table::Diagnoses];
const PROCEDURES: &[Table] = &[Table::Procedures];
const DOCUMENTS: &[Table] = &[Table::Documents];
const PATIENTS: &[Table] = &[Table::Patients];
const WITH_FACILITY: &[Table] =
    &[Table::Encounters, Table::Staff, Table::Census, Table::Deaths, Table::Births, Table::Beds];
const WITH_DIAGNOSES: &[Table] = &[Table::Encounters, Table::Diagnoses];
const WITH_PROCEDURES: &[Table] = &[Table::Encounters, Table::Procedures];

pub(super) const fn names(field: Field, tables: &'static [Table], names: &'static [&'static str]) -> Names {
    Names { field, tables, names }
}

const NAMES: &[Names] = &[
    names(
        Field::EncounterId,
        ALL,
        &[
            "encounter id",
            "admission id",
            "discharge id",
            "stay id",
            "encounter",
            "record id",
            "encounter patient id",
            "encounter facility id",
            "encounter facility id patient",
            "facility record id",
            "chart encounter id",
        ],
    ),
    names(Field::EncounterId, ENCOUNTERS, &["id"]),
    names(Field::PatientId, OF_PATIENTS, &["patient id", "patient"]),
    names(Field::PatientId, PATIENTS, &["id", "record id"]),
    names(
        Field::MedicalRecordNumber,
        PEOPLE,
        &["mrn", "id mrn", "id mrn patient", "medical record id", "medical record", "chart id", "unit id", "chart"],
    ),
    names(Field::PatientName, PEOPLE, &["patient name", "full name", "name"]),
    names(Field::SocialSecurityNumber, PEOPLE, &["ssn", "social security id", "social security"]),
    names(Field::FacilityId, WITH_FACILITY, &["facility id", "facility", "facility code"]),
    names(
        Field::EncounterClass,
        ENCOUNTERS,
        &["class encounter", "class patient", "encounter type", "patient type", "class"],
    ),
    names(
        Field::Service,
        ENCOUNTERS,
        &[
            "discharge service",
            "service",
            "medical service",
            "id service",
            "id patient service",
            "discharge id service",
        ],
    ),
    names(
        Field::AdmissionDate,
        ENCOUNTERS,
        &[
            "admission date",
            "admission",
            "encounter start",
            "start date",
            "start",
            "encounter start date",
            "date registration",
        ],
    ),
    names(
        Field::DischargeDate,
        ENCOUNTERS,
        &["discharge date", "discharge", "encounter stop", "stop date", "stop", "encounter stop date"],
    ),
    names(Field::BirthDate, PEOPLE, &["birth date", "birth"]),
    names(Field::DeathDate, PEOPLE, &["death date", "death"]),
    names(Field::DeathFlag, ENCOUNTERS, &["death flag", "death", "death status", "death discharge", "vital status"]),
    names(
        Field::Age,
        ENCOUNTERS,
        &[
            "age",
            "age years",
            "age admission",
            "age admission years",
            "age days",
            "age months",
            "age admission days",
            "age admission months",
            "age start",
            "admission age start",
        ],
    ),
    names(Field::AgeBand, ENCOUNTERS, &["age", "age band", "age group", "age admission", "age years"]),
    names(Field::ReferenceAge, PEOPLE, &["age anchor"]),
    names(Field::ReferenceYear, PEOPLE, &["anchor years"]),
    names(
        Field::Sex,
        PEOPLE,
        &["sex", "birth sex", "legal sex", "id sex", "female", "flag female", "male", "flag male"],
    ),
    names(Field::Race, PEOPLE, &["race", "id race"]),
    names(Field::Ethnicity, PEOPLE, &["ethnicity", "ethnicity group", "ethnicity flag"]),
    names(Field::ZipCode, PEOPLE, &["zip"]),
    names(Field::State, PEOPLE, &["state"]),
    names(Field::County, PEOPLE, &["county"]),
    names(
        Field::Payer,
        ENCOUNTERS,
        &[
            "payer",
            "payer principal",
            "payer type",
            "payer source",
            "payer principal source",
            "class financial",
            "payer name",
            "payer id",
            "class financial id",
            // FIN_CLASS: the short word for an account number is here the one for "financial".
            "class encounter id",
        ],
    ),
    names(
        Field::AdmissionType,
        ENCOUNTERS,
        &["admission type", "admission priority", "admission id type", "admission method"],
    ),
    names(
        Field::PointOfOrigin,
        ENCOUNTERS,
        &["origin point", "admission source", "admission location", "admission id source"],
    ),
    names(
        Field::DischargeStatus,
        ENCOUNTERS,
        &[
            "discharge status",
            "discharge disposition",
            "disposition",
            "patient status",
            "discharge location",
            "discharge id disposition",
            "discharge id status",
            "discharge method",
            "destination discharge",
            "discharge reason",
            "discharge type",
            "patient discharge status",
        ],
    ),
    names(Field::DiagnosisRelatedGroup, ENCOUNTERS, &["drg", "drg id"]),
    names(Field::TotalCharges, ENCOUNTERS, &["charges total", "charges encounter total", "charges"]),
    names(Field::BirthWeight, ENCOUNTERS, &["birth weight", "birth grams weight"]),
    names(
        Field::LengthOfStay,
        ENCOUNTERS,
        &[
            "los",
            "length stay",
            "days los",
            "days length stay",
            "stay days",
            "stay length days",
            "stay total days",
            "los total",
        ],
    ),
    names(Field::AttendingNpi, ENCOUNTERS, &["attending npi", "attending id"]),
    names(Field::AttendingName, ENCOUNTERS, &["attending name", "attending"]),
    names(Field::OperatingNpi, ENCOUNTERS, &["npi operating", "npi surgeon", "id operating", "id surgeon"]),
    names(Field::EmployerName, PEOPLE, &["employer name", "employer"]),
    names(Field::Coder, ENCOUNTERS, &["coder", "coder id", "coder name"]),
    names(
        Field::Weight,
        ENCOUNTERS,
        &["weight", "discharge weight", "discwt", "sample weight", "survey weight", "patwt"],
    ),
    names(Field::CodedDate, ENCOUNTERS, &["coded date", "coding date", "coded"]),
    names(Field::AdmittingDiagnosis, ENCOUNTERS, &["admission diagnosis", "admission diagnosis icd"]),
    names(
        Field::DiagnosisSequence,
        DIAGNOSES,
        &[
            "id sequence",
            "diagnosis sequence",
            "sequence",
            "diagnosis id sequence",
            "diagnosis priority",
            "priority",
            "diagnosis id",
        ],
    ),
    names(
        Field::DiagnosisCode,
        WITH_DIAGNOSES,
        &[
            "diagnosis principal",
            "diagnosis icd principal",
            "diagnosis",
            "code icd",
            "diagnosis icd",
            "icd",
            "current icd list",
            "icd principal",
        ],
    ),
    names(Field::DiagnosisCode, DIAGNOSES, &["code"]),
    names(
        Field::DiagnosisRevision,
        ENCOUNTERS,
        &[
            "icd version",
            "diagnosis version",
            "diagnosis icd version",
            "code icd version",
            "code diagnosis version",
            "icd flag",
            "flag icd version",
        ],
    ),
    names(
        Field::DiagnosisRevision,
        DIAGNOSES,
        &[
            "icd version",
            "diagnosis version",
            "code version",
            "code type",
            "diagnosis type",
            "icd type",
            "version",
            "diagnosis icd version",
        ],
    ),
    names(
        Field::DiagnosisText,
        DIAGNOSES,
        &["diagnosis text", "text", "diagnosis name", "long text", "short text", "icd text"],
    ),
    names(
        Field::PresentOnAdmission,
        WITH_DIAGNOSES,
        &[
            "poa",
            "admission present",
            "poa principal",
            "flag poa",
            "diagnosis poa",
            "diagnosis poa principal",
            "admission flag present",
        ],
    ),
    names(
        Field::ProcedureSequence,
        PROCEDURES,
        &["id sequence", "procedure sequence", "sequence", "id procedure sequence", "priority"],
    ),
    names(
        Field::ProcedureCode,
        WITH_PROCEDURES,
        &["principal procedure", "procedure", "icd procedure", "icd principal procedure"],
    ),
    names(Field::ProcedureCode, PROCEDURES, &["code icd", "icd", "code"]),
    names(
        Field::ProcedureRevision,
        PROCEDURES,
        &["icd version", "procedure version", "code version", "code type", "version"],
    ),
    names(Field::ProcedureText, PROCEDURES, &["procedure text", "text", "name procedure", "long text", "short text"]),
    names(
        Field::ProcedureDate,
        PROCEDURES,
        &["date procedure", "date", "chart date", "date start", "start", "date service"],
    ),
    names(Field::ProcedureDate, ENCOUNTERS, &["date principal procedure", "date procedure"]),
    names(Field::SurgeonNpi, PROCEDURES, &["npi surgeon", "npi operating", "npi", "id surgeon"]),
    names(Field::DocumentId, DOCUMENTS, &["document id", "id", "document"]),
    names(Field::DocumentType, DOCUMENTS, &["document type", "type", "document name", "document text"]),
    names(
        Field::DocumentAuthor,
        DOCUMENTS,
        &[
            "author",
            "author id",
            "author name",
            "by dictated",
            "physician",
            "id physician",
            "name physician",
            "attending",
        ],
    ),
    names(Field::DocumentCosigner, DOCUMENTS, &["cosigner", "by cosigned", "cosigner id", "cosigner name"]),
    names(Field::EventDate, DOCUMENTS, &["event", "date event", "date service", "date procedure"]),
    names(
        Field::DictatedAt,
        DOCUMENTS,
        &["dictated", "date dictated", "created", "created date", "date document", "chart date"],
    ),
    names(Field::TranscribedAt, DOCUMENTS, &["transcribed", "date transcribed"]),
    names(Field::SignedAt, DOCUMENTS, &["signed", "date signed"]),
    names(Field::CosignedAt, DOCUMENTS, &["cosigned", "cosigned date"]),
    names(
        Field::CharacterCount,
        DOCUMENTS,
        &["characters", "characters count", "length", "length text", "document length"],
    ),
];

/// The names of every field.
fn all() -> impl Iterator<Item = &'static Names> {
    NAMES.iter().chain(OF_REGISTERS)
}

/// The fields a column of this name may hold in a table, the surest first. The number is how far the name is from the surest one.
pub fn fields(meanings: &BTreeSet<String>, table: Table) -> Vec<(Field, usize)> {
    let mut found: Vec<(Field, usize)> = all()
        .filter(|entry| entry.tables.contains(&table))
        .filter_map(|entry| {
            let rank = entry.names.iter().enumerate().filter_map(|(rank, name)| {
                let extra = distance(meanings, name)?;
                Some(rank + 20 * extra)
            });
            Some((entry.field, rank.min()?))
        })
        .collect();
    found.sort_by_key(|(field, rank)| (*rank, *field));
    // A reading that passes over more of the name than the best one does is none.
    let least = found.first().map_or(0, |(_, rank)| rank / 20);
    found.retain(|(_, rank)| rank / 20 == least);
    found
}

/// The names of a field in a table, in words that [`super::words::by_meaning`] has the spellings of; the surest first.
pub fn of(field: Field, table: Table) -> Vec<&'static str> {
    let own = all().filter(|entry| entry.field == field && entry.tables.contains(&table));
    own.flat_map(|entry| entry.names).copied().collect()
}

/// The fields that a name speaks of among other words, the one of which it says most first: `client_dob_confirmed` may be the birth date.
pub fn spoken_of(meanings: &BTreeSet<String>, table: Table) -> Vec<Field> {
    let mut found: Vec<(usize, Field)> = all()
        .filter(|entry| entry.tables.contains(&table))
        .flat_map(|entry| {
            entry.names.iter().filter_map(|name| {
                let wanted: Vec<&str> = name.split(' ').collect();
                wanted.iter().all(|word| meanings.contains(*word)).then_some((wanted.len(), entry.field))
            })
        })
        .collect();
    found.sort_by_key(|(words, field)| (std::cmp::Reverse(*words), *field));
    let mut fields: Vec<Field> = Vec::new();
    for (_, field) in found {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

/// How many fillers a name has beside the words of `wanted`; `None` where it lacks one of them or says more.
fn distance(meanings: &BTreeSet<String>, wanted: &str) -> Option<usize> {
    let wanted: BTreeSet<&str> = wanted.split(' ').collect();
    if !wanted.iter().all(|word| meanings.contains(*word)) {
        return None;
    }
    let extra: Vec<&String> = meanings.iter().filter(|word| !wanted.contains(word.as_str())).collect();
    let adds_nothing = |word: &str| {
        FILLERS.contains(&word)
            || (OWNERS.contains(&word) && !wanted.contains("id"))
            || (word == "physician" && ROLES.iter().any(|role| wanted.contains(role)))
    };
    extra.iter().all(|word| adds_nothing(word)).then_some(extra.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::draft::words::meanings;

    fn field(name: &str, table: Table) -> Option<Field> {
        fields(&meanings(name), table).first().map(|(field, _)| *field)
    }

    #[test]
    fn names_of_well_known_exports_are_understood() {
        let encounters = [
            ("HADM_ID", Field::EncounterId),
            ("Id", Field::EncounterId),
            ("VisitNo", Field::EncounterId),
            ("subject_id", Field::PatientId),
            ("MRN", Field::MedicalRecordNumber),
            ("dischtime", Field::DischargeDate),
            ("CLM_ADMSN_DT", Field::AdmissionDate),
            ("START", Field::AdmissionDate),
            ("DOB", Field::BirthDate),
            ("PATIENT_GENDER_CD", Field::Sex),
            ("insurance", Field::Payer),
            ("admission_location", Field::PointOfOrigin),
            ("PTNT_DSCHRG_STUS_CD", Field::DischargeStatus),
            ("hospital_expire_flag", Field::DeathFlag),
            ("age_in_days", Field::Age),
            ("TOTAL_CLAIM_COST", Field::TotalCharges),
            ("Attending Physician NPI", Field::AttendingNpi),
            ("Principal Diagnosis Code", Field::DiagnosisCode),
            ("ms_drg", Field::DiagnosisRelatedGroup),
        ];
        for (name, expected) in encounters {
            assert_eq!(field(name, Table::Encounters), Some(expected), "{name}");
        }
        assert_eq!(field("seq_num", Table::Diagnoses), Some(Field::DiagnosisSequence));
        assert_eq!(field("icd_code", Table::Diagnoses), Some(Field::DiagnosisCode));
        assert_eq!(field("icd_version", Table::Diagnoses), Some(Field::DiagnosisRevision));
        assert_eq!(field("icd_code", Table::Procedures), Some(Field::ProcedureCode));
        assert_eq!(field("signed_at", Table::Documents), Some(Field::SignedAt));
        assert_eq!(field("Privileges Through", Table::Staff), Some(Field::PrivilegesThrough));
        assert_eq!(field("MIDNIGHT_CENSUS_DT", Table::Census), Some(Field::CensusDate));
        assert_eq!(field("census_date", Table::Census), Some(Field::CensusDate));
        assert_eq!(field("Mother MRN", Table::Births), Some(Field::MotherPatientId));
    }

    #[test]
    fn names_of_the_usual_systems_extracts_are_understood() {
        // Epic's Clarity, Cerner's Millennium, Meditech's data repository.
        let encounters = [
            ("PAT_ENC_CSN_ID", Field::EncounterId),
            ("HSP_ACCOUNT_ID", Field::EncounterId),
            ("PAT_ID", Field::PatientId),
            ("PAT_MRN_ID", Field::MedicalRecordNumber),
            ("HOSP_ADMSN_TIME", Field::AdmissionDate),
            ("HOSP_DISCH_TIME", Field::DischargeDate),
            ("HOSP_ADMSN_TYPE_C", Field::AdmissionType),
            ("ADMIT_SOURCE_C", Field::PointOfOrigin),
            ("DISCH_DISP_C", Field::DischargeStatus),
            ("ADT_PAT_CLASS_C", Field::EncounterClass),
            ("SEX_C", Field::Sex),
            ("PATIENT_RACE_C", Field::Race),
            ("ETHNIC_GROUP_C", Field::Ethnicity),
            ("FIN_CLASS", Field::Payer),
            ("ACCT_FIN_CLASS_C", Field::Payer),
            ("HOSP_SERV_C", Field::Service),
            ("ENCNTR_ID", Field::EncounterId),
            ("FIN_NBR", Field::EncounterId),
            ("PERSON_ID", Field::PatientId),
            ("REG_DT_TM", Field::AdmissionDate),
            ("INPATIENT_ADMIT_DT_TM", Field::AdmissionDate),
            ("DISCH_DT_TM", Field::DischargeDate),
            ("BIRTH_DT_TM", Field::BirthDate),
            ("DECEASED_DT_TM", Field::DeathDate),
            ("SEX_CD", Field::Sex),
            ("ETHNIC_GRP_CD", Field::Ethnicity),
            ("ENCNTR_TYPE_CD", Field::EncounterClass),
            ("DISCH_DISPOSITION_CD", Field::DischargeStatus),
            ("MED_SERVICE_CD", Field::Service),
            ("NAME_FULL_FORMATTED", Field::PatientName),
            ("LOC_FACILITY_CD", Field::FacilityId),
            ("FINANCIAL_CLASS_CD", Field::Payer),
            ("AccountNumber", Field::EncounterId),
            ("VisitID", Field::EncounterId),
            ("UnitNumber", Field::MedicalRecordNumber),
            ("AdmitDateTime", Field::AdmissionDate),
            ("DischargeDateTime", Field::DischargeDate),
            ("BirthDateTime", Field::BirthDate),
            ("DischargeDispositionID", Field::DischargeStatus),
            ("InpatientServiceID", Field::Service),
            ("FinancialClassID", Field::Payer),
            ("AdmitTypeID", Field::AdmissionType),
            ("AdmitSourceID", Field::PointOfOrigin),
            ("RaceID", Field::Race),
        ];
        for (name, expected) in encounters {
            assert_eq!(field(name, Table::Encounters), Some(expected), "{name}");
        }
    }

    #[test]
    fn names_that_say_more_are_left_alone() {
        for name in
            ["edregtime", "REASONCODE", "PAYER_COVERAGE", "language", "admit_provider_id", "birthplace", "PROVIDER"]
        {
            assert_eq!(field(name, Table::Encounters), None, "{name}");
        }
    }

    #[test]
    fn every_name_is_of_words_and_its_field_may_stand_in_its_tables() {
        for entry in all() {
            for table in entry.tables {
                assert!(entry.field.stands_in(*table), "{} {}", entry.field.name(), table.name());
            }
        }
    }
}
