//! The one reader of a field by its name: what conditions, the choices of a pipeline and whoever else names a field are answered by.

use crate::{
    partition::{
        decode::constant_value,
        encounter::{Diagnosis, Document, Encounter, PackedCode, Procedure},
        value::{Value, short},
    },
    record::{
        cell::Cell,
        code::CodeSystem,
        constant::{Choice, Constant},
        date::{DateFormat, Day, Moment},
        field::{CanonicalTable, Field, FieldType},
        vocabulary,
    },
};

/// The value of a field of an encounter, once its codes are judged. A field of diagnoses, procedures or documents is blank here: an encounter has several.
pub fn value_of<'a>(encounter: &Encounter<'a>, field: Field) -> Cell<Value<'a>> {
    let number = |cell: Cell<i32>| cell.map_value(|number| Value::Number(number.into()));
    match field {
        Field::EncounterId => words(encounter.encounter_id),
        Field::PatientId => words(encounter.patient_id),
        Field::MedicalRecordNumber => words(encounter.medical_record_number),
        Field::PatientName => words(encounter.patient_name.iter().copied().find(|part| !part.is_empty()).unwrap_or("")),
        Field::SocialSecurityNumber => words(encounter.social_security_number),
        Field::FacilityId => words(encounter.facility_id),
        Field::EncounterClass => words(encounter.encounter_class).map_value(in_any_case),
        Field::Service => words(encounter.service),
        Field::AdmissionDate => encounter.admission_date.map_value(Value::Moment),
        Field::DischargeDate => encounter.discharge_date.map_value(Value::Moment),
        Field::BirthDate => encounter.birth_date.map_value(|day| Value::Moment(Moment::on(day))),
        Field::DeathDate => encounter.death_date.map_value(Value::Moment),
        Field::DeathFlag => encounter.death_flag.map_value(Value::Flag),
        Field::Age => number(encounter.stated_age),
        Field::AgeBand => words(encounter.age_band_text),
        Field::ReferenceAge => number(encounter.reference_age),
        Field::ReferenceYear => number(encounter.reference_year),
        Field::Sex => encounter.sex.map_value(|sex| Value::Text(sex.letter())),
        Field::Race => words(encounter.race),
        Field::Ethnicity => words(encounter.ethnicity),
        Field::ZipCode => words(encounter.zip_code),
        Field::State => words(encounter.state),
        Field::County => words(encounter.county),
        Field::Payer => encounter.payer.map_value(Value::Text),
        Field::AdmissionType => encounter.admission_type.map_value(|kind| short(&[kind.0])),
        Field::PointOfOrigin => encounter.point_of_origin.map_value(|origin| short(&[origin.0])),
        Field::DischargeStatus => encounter.discharge_status.map_value(|status| short(&status.digits())),
        Field::DiagnosisRelatedGroup => words(encounter.diagnosis_related_group),
        Field::TotalCharges => encounter.total_charges.map_value(Value::Number),
        Field::BirthWeight => number(encounter.birth_weight_grams),
        // Counted as the run counts it, however the export does; a negative one stays what it is.
        Field::LengthOfStay => {
            number(encounter.stated_length_of_stay.map_value(|days| encounter.stated_stay().unwrap_or(days)))
        }
        Field::PlannedReadmission => encounter.planned_readmission.map_value(Value::Flag),
        Field::AttendingNpi => words(encounter.attending_npi),
        Field::AttendingName => words(encounter.attending_name),
        Field::OperatingNpi => words(encounter.operating_npi),
        Field::EmployerName => words(encounter.employer_name),
        Field::Coder => words(encounter.coder),
        Field::Weight => words(encounter.weight),
        Field::CodedDate => encounter.coded_date.map_value(Value::Moment),
        Field::AdmittingDiagnosis => {
            // It is read under the system of the first diagnosis.
            let other_system = encounter.diagnoses.first().map_or("", |first| first.other_system);
            code(encounter.admitting.code, encounter.admitting_diagnosis, other_system)
        }
        // Fields of the rows that hang on it, of which there are several, and of registers.
        _ => {
            debug_assert!(
                field.entry().table != CanonicalTable::Encounters,
                "{} is a field of encounters",
                field.name()
            );
            Cell::Blank
        }
    }
}

/// The value of a field of a diagnosis.
pub fn value_of_diagnosis<'a>(diagnosis: &Diagnosis<'a>, field: Field) -> Cell<Value<'a>> {
    match field {
        Field::DiagnosisCode => code(diagnosis.code, diagnosis.raw, diagnosis.other_system),
        Field::DiagnosisSequence => position(diagnosis.position),
        Field::DiagnosisRevision => revision(diagnosis.system, diagnosis.other_system),
        Field::DiagnosisText => words(diagnosis.text),
        Field::PresentOnAdmission => diagnosis.present_on_admission.map_value(|mark| Value::Text(mark.letter())),
        _ => Cell::Blank,
    }
}

/// The value of a field of a procedure.
pub fn value_of_procedure<'a>(procedure: &Procedure<'a>, field: Field) -> Cell<Value<'a>> {
    match field {
        Field::ProcedureCode => code(procedure.code, procedure.raw, procedure.other_system),
        Field::ProcedureSequence => position(procedure.position),
        Field::ProcedureRevision => revision(procedure.system, procedure.other_system),
        Field::ProcedureText => words(procedure.text),
        Field::ProcedureDate => procedure.date.map_value(Value::Moment),
        Field::SurgeonNpi => words(procedure.surgeon_npi),
        _ => Cell::Blank,
    }
}

/// The value of a field of a document.
pub fn value_of_document<'a>(document: &Document<'a>, field: Field) -> Cell<Value<'a>> {
    match field {
        Field::DocumentId => words(document.document_id),
        Field::DocumentType => words(document.document_type),
        Field::DocumentAuthor => words(document.author),
        Field::DocumentCosigner => words(document.cosigner),
        Field::EventDate => document.event_date.map_value(Value::Moment),
        Field::DictatedAt => document.dictated_at.map_value(Value::Moment),
        Field::TranscribedAt => document.transcribed_at.map_value(Value::Moment),
        Field::SignedAt => document.signed_at.map_value(Value::Moment),
        Field::CosignedAt => document.cosigned_at.map_value(Value::Moment),
        Field::CharacterCount => document.character_count.map_value(Value::Number),
        _ => Cell::Blank,
    }
}

fn words(text: &str) -> Cell<Value<'_>> {
    let text = text.trim_ascii();
    if text.is_empty() { Cell::Blank } else { Cell::Value(Value::Text(text)) }
}

/// A code made comparable. One that is too long for any shipped system is unreadable, or stands as it is written where its system does not ship.
fn code<'a>(packed: PackedCode, raw: &'a str, other_system: &str) -> Cell<Value<'a>> {
    match words(raw) {
        Cell::Value(_) if !packed.is_empty() => Cell::Value(Value::Short(packed)),
        Cell::Value(_) if other_system.is_empty() => Cell::Unreadable,
        as_written => as_written,
    }
}

fn position(number: u16) -> Cell<Value<'static>> {
    if number == 0 { Cell::Blank } else { Cell::Value(Value::Number(number.into())) }
}

fn revision<'a>(system: Option<CodeSystem>, other: &'a str) -> Cell<Value<'a>> {
    system.map_or_else(|| words(other), |system| Cell::Value(Value::Text(system.name())))
}

/// A word that is the same in any case.
fn in_any_case(value: Value<'_>) -> Value<'_> {
    match value {
        Value::Text(text) => Value::Word(text),
        other => other,
    }
}

/// A code as it is compared: no dots, no blanks around it, upper case.
pub fn comparable_code(code: &str) -> String {
    code.trim().replace('.', "").to_ascii_uppercase()
}

/// The value that a person means who writes it for a field: letters of a standard list in either case, its numbers with or without the zero before them, codes
/// with or without their dot, a day as `YYYY-MM-DD` and with a time behind it where the field has times. `None` where the field can never have it.
pub fn stated_value(field: Field, text: &str) -> Option<Constant> {
    let text = text.trim();
    match field.entry().kind {
        FieldType::Listed => {
            let mut listed = text.to_ascii_uppercase();
            if let Some(width) = field.standard_width().filter(|_| listed.bytes().all(|byte| byte.is_ascii_digit())) {
                listed = format!("{listed:0>width$}");
            }
            constant_value(field, &listed).or_else(|| constant_value(field, text))
        }
        FieldType::Code => {
            let code = comparable_code(text);
            (!code.is_empty() && PackedCode::new(code.as_bytes()).is_some()).then_some(Constant::Text(code))
        }
        FieldType::Moment => constant_value(field, text).or_else(|| with_time(text).map(Constant::Moment)),
        FieldType::Text | FieldType::Date | FieldType::Number | FieldType::Money | FieldType::Flag => {
            constant_value(field, text)
        }
    }
}

/// What may be written for a field, for whoever wrote something else.
pub fn what_may_be_stated(field: Field) -> String {
    match field.entry().kind {
        FieldType::Listed => match vocabulary::values(field).as_slice() {
            [] => format!("`{}` holds: {}", field.name(), field.entry().meaning),
            values => format!("`{}` takes: {} ({})", field.name(), values.join(", "), field.entry().source),
        },
        FieldType::Code => "write a code of at most seven letters and digits, with or without its dot".to_owned(),
        FieldType::Moment => {
            "write a day as 2026-10-01, a day and a time as 2026-10-01 14:30, a month as 2026-10 or a year as 2026"
                .to_owned()
        }
        FieldType::Date => "write a day as 2026-10-01, a month as 2026-10 or a year as 2026".to_owned(),
        FieldType::Number => "write a whole number".to_owned(),
        FieldType::Money => "write an amount with a point before the cents: 1250.50".to_owned(),
        FieldType::Flag => "write yes or no".to_owned(),
        FieldType::Text => "write a text".to_owned(),
    }
}

/// A day with a time, as `YYYY-MM-DD HH:MM`, with seconds or without.
fn with_time(text: &str) -> Option<Moment> {
    let formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    formats.iter().find_map(|format| DateFormat::new(format, 1930).ok()?.read(text.as_bytes()))
}

/// Whether a field of an encounter has what is chosen. A blank or unreadable field has nothing.
pub fn is_one_of(encounter: &Encounter<'_>, field: Field, choices: &[Choice]) -> bool {
    let value = value_of(encounter, field).value();
    // A code of a system that does not ship stands as it is written.
    let code = match value {
        Some(Value::Text(text)) if field.entry().kind == FieldType::Code => comparable_code(text),
        _ => String::new(),
    };
    let is_equal = |wanted: &Constant| {
        // The edits hold these numbers against each other by their digits.
        if let (Field::SocialSecurityNumber, Some(Value::Text(text)), Constant::Text(wanted)) = (field, value, wanted) {
            let digits = |text: &str| text.replace(['-', ' '], "");
            return digits(text) == digits(wanted);
        }
        let value = if code.is_empty() { value } else { Some(Value::Text(&code)) };
        value.and_then(|value| value.order(&Value::from(wanted))).is_some_and(std::cmp::Ordering::is_eq)
    };
    choices.iter().any(|choice| match choice {
        Choice::Value(wanted) => is_equal(wanted),
        Choice::Days { first, last } => {
            days_of(encounter, field, value).is_some_and(|(earliest, latest)| *first <= earliest && latest <= *last)
        }
    })
}

/// The first and last day that a date of an encounter can mean.
fn days_of(encounter: &Encounter<'_>, field: Field, value: Option<Value<'_>>) -> Option<(Day, Day)> {
    if let Some(Value::Moment(moment)) = value {
        return Some((moment.day, moment.day));
    }
    let known = match field {
        Field::AdmissionDate => encounter.partial.admission,
        Field::DischargeDate => encounter.partial.discharge,
        Field::BirthDate => encounter.partial.birth,
        Field::DeathDate => encounter.partial.death,
        _ => None,
    }?;
    Some((known.first(), known.last()))
}
