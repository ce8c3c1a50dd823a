//! Raw rows to typed encounters.
//!
//! Decoding never fails: what cannot be read becomes `Cell::Unreadable`, and the raw text stays with the row.

mod values;

use rustc_hash::{FxHashMap, FxHashSet};

use self::values::{age, cents, flag, listed, listed_or, moment, number, revision, text, when, whole_number};
use super::{
    encounter::{Diagnosis, Document, Encounter, Orphan, PackedCode, PatientDiffers, Procedure},
    row::Row,
    slot::{Feed, Repair, Slot},
    tens::Tens,
};
use crate::record::{
    cell::Cell,
    date::Moment,
    field::{Field, Kind, Table},
    vocabulary::{AdmissionType, DischargeStatus, PointOfOrigin, PresentOnAdmission, Sex},
};

/// The patients of a run: rows by patient number. The first row of a number, in the order of content, is the one used.
#[derive(Debug, Default)]
pub struct Patients {
    bytes: Vec<u8>,
    starts: FxHashMap<Vec<u8>, usize>,
    repeated: FxHashSet<Vec<u8>>,
    /// Whether the run has a patients feed at all.
    pub given: bool,
}

impl Patients {
    /// Takes one patient row.
    pub fn add(&mut self, row: Row<'_>) {
        let start = self.bytes.len();
        if let std::collections::hash_map::Entry::Vacant(entry) = self.starts.entry(row.key().to_vec()) {
            entry.insert(start);
            self.bytes.extend_from_slice(row.bytes());
        } else {
            self.repeated.insert(row.key().to_vec());
        }
    }

    /// Whether several rows with other content bear the number.
    pub fn is_repeated(&self, patient_id: &[u8]) -> bool {
        !self.repeated.is_empty() && self.repeated.contains(patient_id)
    }

    /// The patient's row.
    pub fn find(&self, patient_id: &[u8]) -> Option<Row<'_>> {
        self.starts.get(patient_id).and_then(|start| Row::first(&self.bytes[*start..]))
    }

    /// Number of patients.
    pub fn count(&self) -> usize {
        self.starts.len()
    }
}

/// The typed contents of a partition before its children are hung on the encounters.
#[derive(Debug, Default)]
pub struct Decoded<'a> {
    encounters: Vec<Encounter<'a>>,
    /// Every diagnosis, those of one encounter together, by position. Judged in place by the coding desk.
    pub diagnoses: Vec<Diagnosis<'a>>,
    /// Every procedure, those of one encounter together, by position.
    pub procedures: Vec<Procedure<'a>>,
    documents: Vec<Document<'a>>,
    diagnosis_ends: Vec<usize>,
    procedure_ends: Vec<usize>,
    document_ends: Vec<usize>,
    /// Rows that hang on no encounter.
    pub orphans: Vec<Orphan<'a>>,
    /// Positions of the wide row in hand, kept so that their room is used again.
    diagnosis_positions: Vec<Position<'a>>,
    procedure_positions: Vec<Position<'a>>,
}

impl Decoded<'_> {
    /// The encounters without their children; index `i` owns [`Decoded::diagnoses_of`] `i`.
    pub fn heads(&self) -> &[Encounter<'_>] {
        &self.encounters
    }

    /// Range of the diagnoses of encounter `index`.
    pub fn diagnoses_of(&self, index: usize) -> std::ops::Range<usize> {
        range(&self.diagnosis_ends, index)
    }

    /// Range of the procedures of encounter `index`.
    pub fn procedures_of(&self, index: usize) -> std::ops::Range<usize> {
        range(&self.procedure_ends, index)
    }

    /// The encounters with their children, as the desks examine them.
    pub fn encounters(&self) -> Vec<Encounter<'_>> {
        self.encounters
            .iter()
            .enumerate()
            .map(|(index, head)| (index, head, &self.diagnoses[range(&self.diagnosis_ends, index)]))
            .map(|(index, head, diagnoses)| Encounter {
                tens: Tens::of(diagnoses.iter().map(|diagnosis| diagnosis.code)),
                diagnoses,
                procedures: &self.procedures[range(&self.procedure_ends, index)],
                documents: &self.documents[range(&self.document_ends, index)],
                ..head.clone()
            })
            .collect()
    }
}

fn range(ends: &[usize], index: usize) -> std::ops::Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] };
    start..ends[index]
}

/// Bytes of rows for each encounter and each diagnosis, by wide discharge abstracts.
const BYTES_AN_ENCOUNTER: usize = 240;
const BYTES_A_DIAGNOSIS: usize = 24;

/// Decodes a partition: rows sorted by key, all rows of a key together, encounter rows of a key before the rows that hang on it.
///
/// Rows with an empty key are encounters of their own. A second encounter row of the same number (other content) is an encounter of its own too,
/// marked by `same_number`; what hangs on the number hangs on the first.
pub fn decode<'a>(bytes: &'a [u8], feeds: &'a [Feed], patients: &'a Patients) -> Decoded<'a> {
    // Room for what such rows usually hold: growing step by step would copy it all twice over.
    let mut decoded = Decoded {
        encounters: Vec::with_capacity(bytes.len() / BYTES_AN_ENCOUNTER),
        diagnoses: Vec::with_capacity(bytes.len() / BYTES_A_DIAGNOSIS),
        procedures: Vec::with_capacity(bytes.len() / BYTES_AN_ENCOUNTER),
        ..Decoded::default()
    };
    let mut group: Vec<Row<'a>> = Vec::new();
    for row in Row::all(bytes) {
        let belongs = group.first().is_some_and(|first: &Row<'a>| !row.key().is_empty() && first.key() == row.key());
        if !belongs && !group.is_empty() {
            decode_group(&group, feeds, patients, &mut decoded);
            group.clear();
        }
        group.push(row);
    }
    if !group.is_empty() {
        decode_group(&group, feeds, patients, &mut decoded);
    }
    decoded
}

fn decode_group<'a>(group: &[Row<'a>], feeds: &'a [Feed], patients: &'a Patients, decoded: &mut Decoded<'a>) {
    let table = |row: &Row<'a>| feeds[usize::from(row.feed())].table;
    let is_head = |row: &&Row<'a>| table(row) == Table::Encounters;
    let heads: Vec<&Row<'a>> = group.iter().filter(is_head).collect();
    if heads.is_empty() {
        for row in group {
            decoded.orphans.push(Orphan { table: table(row), encounter_id: text(row.key()), origin: row.origin() });
        }
        return;
    }
    for (index, head) in heads.iter().enumerate() {
        let diagnoses_start = decoded.diagnoses.len();
        let procedures_start = decoded.procedures.len();
        let documents_start = decoded.documents.len();
        decode_encounter_row(**head, heads.len() as u16 - 1, feeds, patients, decoded);
        if index == 0 {
            for row in group.iter().filter(|row| !is_head(row)) {
                decode_child_row(*row, table(row), feeds, decoded);
            }
        }
        decoded.diagnoses[diagnoses_start..].sort_by_key(|diagnosis| (diagnosis.position, diagnosis.origin.input));
        decoded.procedures[procedures_start..].sort_by_key(|procedure| (procedure.position, procedure.origin.input));
        decoded.documents[documents_start..].sort_by(|left, right| {
            (left.document_type, moment_order(left.event_date), left.document_id, left.author).cmp(&(
                right.document_type,
                moment_order(right.event_date),
                right.document_id,
                right.author,
            ))
        });
        decoded.diagnosis_ends.push(decoded.diagnoses.len());
        decoded.procedure_ends.push(decoded.procedures.len());
        decoded.document_ends.push(decoded.documents.len());
    }
}

fn moment_order(cell: Cell<Moment>) -> Option<Moment> {
    cell.value()
}

/// The most positions a wide row may have for diagnoses or procedures.
const POSITIONS: usize = 128;

/// Text of one position of a wide row while its cells are walked.
#[derive(Debug, Clone, Copy, Default)]
struct Position<'a> {
    code: Option<(&'a [u8], &'a Slot)>,
    mark: Option<(&'a [u8], &'a Slot)>,
    revision: Option<(&'a [u8], &'a Slot)>,
    surgeon: &'a [u8],
    text: &'a [u8],
    sequence: Option<(&'a [u8], &'a Slot)>,
    used: bool,
}

fn decode_encounter_row<'a>(
    row: Row<'a>,
    same_number: u16,
    feeds: &'a [Feed],
    patients: &'a Patients,
    decoded: &mut Decoded<'a>,
) {
    let feed = &feeds[usize::from(row.feed())];
    let mut encounter = blank_encounter(row, feeds);
    encounter.same_number = same_number;
    encounter.encounter_id = text(row.key());
    let (mut diagnosis_revision, mut procedure_revision) = (None, None);
    let mut diagnoses = std::mem::take(&mut decoded.diagnosis_positions);
    let mut procedures = std::mem::take(&mut decoded.procedure_positions);
    for (field, value) in &feed.constants {
        match field {
            Field::DiagnosisRevision => diagnosis_revision = Some((value.as_slice(), &*PLAIN_REVISION)),
            Field::ProcedureRevision => procedure_revision = Some((value.as_slice(), &*PLAIN_REVISION)),
            _ => set(&mut encounter, *field, value, None),
        }
    }
    for (number, value) in row.cells() {
        let Some(slot) = feed.slots.get(usize::from(number)) else { continue };
        let trimmed = value.trim_ascii();
        if feed.is_missing_in(slot, trimmed) {
            continue;
        }
        let index = usize::from(slot.position).min(POSITIONS - 1);
        match slot.field.entry().table {
            Table::Diagnoses => {
                fill(at(&mut diagnoses, index), slot, value);
            }
            Table::Procedures => {
                fill(at(&mut procedures, index), slot, value);
            }
            Table::Encounters | Table::Documents | Table::Patients => {
                set(&mut encounter, slot.field, value, Some(slot))
            }
        }
    }
    if !encounter.patient_id.is_empty() && patients.given {
        match patients.find(encounter.patient_id.as_bytes()) {
            Some(patient) => {
                encounter.patient_repeated = patients.is_repeated(encounter.patient_id.as_bytes());
                fill_from_patient(&mut encounter, patient, feeds);
            }
            None => encounter.patient_unknown = true,
        }
    }
    encounter.age = encounter.age_at_admission();
    for (index, position) in diagnoses.iter_mut().enumerate().filter(|(_, position)| position.used) {
        position.revision = position.revision.or(diagnosis_revision);
        decoded.diagnoses.push(diagnosis(row, position, index as u16 + 1));
    }
    for (index, position) in procedures.iter_mut().enumerate().filter(|(_, position)| position.used) {
        position.revision = position.revision.or(procedure_revision);
        decoded.procedures.push(procedure(row, position, index as u16 + 1));
    }
    diagnoses.clear();
    procedures.clear();
    decoded.diagnosis_positions = diagnoses;
    decoded.procedure_positions = procedures;
    decoded.encounters.push(encounter);
}

static PLAIN_REVISION: std::sync::LazyLock<Slot> =
    std::sync::LazyLock::new(|| Slot::plain(Field::DiagnosisRevision, 0));

fn at<'p, 'a>(positions: &'p mut Vec<Position<'a>>, index: usize) -> &'p mut Position<'a> {
    if positions.len() <= index {
        positions.resize(index + 1, Position::default());
    }
    &mut positions[index]
}

fn fill<'a>(position: &mut Position<'a>, slot: &'a Slot, value: &'a [u8]) {
    position.used = true;
    match slot.field {
        Field::DiagnosisCode | Field::ProcedureCode => position.code = Some((value, slot)),
        Field::PresentOnAdmission | Field::ProcedureDate => position.mark = Some((value, slot)),
        Field::DiagnosisRevision | Field::ProcedureRevision => position.revision = Some((value, slot)),
        Field::DiagnosisSequence | Field::ProcedureSequence => position.sequence = Some((value, slot)),
        Field::SurgeonNpi => position.surgeon = value.trim_ascii(),
        _ => position.text = value,
    }
}

fn diagnosis<'a>(row: Row<'a>, position: &Position<'a>, number: u16) -> Diagnosis<'a> {
    let (system, other_system) = revision(position.revision);
    Diagnosis {
        sequence_unreadable: false,
        origin: row.origin(),
        position: number,
        raw: text(position.code.map_or(&[], |(value, _)| value)),
        code: PackedCode::default(),
        normalised: false,
        zeros_restored: false,
        zeros_ambiguous: false,
        restore_zeros: position.code.is_some_and(|(_, slot)| slot.repairs.contains(&Repair::RestoreIcd9Zeros)),
        system,
        other_system,
        judgement: None,
        present_on_admission: position
            .mark
            .map_or(Cell::Blank, |(value, slot)| listed(value, slot, PresentOnAdmission::read)),
        text: text(position.text),
    }
}

fn procedure<'a>(row: Row<'a>, position: &Position<'a>, number: u16) -> Procedure<'a> {
    let (system, other_system) = revision(position.revision);
    Procedure {
        origin: row.origin(),
        position: number,
        raw: text(position.code.map_or(&[], |(value, _)| value)),
        code: PackedCode::default(),
        normalised: false,
        system,
        other_system,
        judgement: None,
        date: position.mark.map_or(Cell::Blank, |(value, slot)| moment(value, slot)),
        surgeon_npi: text(position.surgeon),
        text: text(position.text),
    }
}

/// A row of a long table: one diagnosis, procedure or document.
fn decode_child_row<'a>(row: Row<'a>, table: Table, feeds: &'a [Feed], decoded: &mut Decoded<'a>) {
    let feed = &feeds[usize::from(row.feed())];
    let mut position = Position::default();
    for (field, value) in &feed.constants {
        if matches!(field, Field::DiagnosisRevision | Field::ProcedureRevision) {
            position.revision = Some((value, &PLAIN_REVISION));
        }
    }
    let mut document = blank_document(row);
    for (number, value) in row.cells() {
        let Some(slot) = feed.slots.get(usize::from(number)) else { continue };
        if feed.is_missing_in(slot, value.trim_ascii()) {
            continue;
        }
        if table == Table::Documents {
            set_document(&mut document, value, slot);
        } else if slot.field.entry().table == table {
            fill(&mut position, slot, value);
        }
    }
    let number = position.sequence.and_then(|(value, _)| text(value.trim_ascii()).parse::<u16>().ok()).unwrap_or(0);
    match table {
        Table::Diagnoses => {
            let sequence_unreadable = position.sequence.is_some() && number == 0;
            decoded.diagnoses.push(Diagnosis { sequence_unreadable, ..diagnosis(row, &position, number) });
        }
        Table::Procedures => decoded.procedures.push(procedure(row, &position, number)),
        Table::Documents => decoded.documents.push(document),
        Table::Encounters | Table::Patients => {}
    }
}

fn blank_document(row: Row<'_>) -> Document<'_> {
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

fn set_document<'a>(document: &mut Document<'a>, value: &'a [u8], slot: &'a Slot) {
    let words = || text(slot.canonical(value.trim_ascii()).unwrap_or(value.trim_ascii()));
    match slot.field {
        Field::DocumentId => document.document_id = words(),
        Field::DocumentType => document.document_type = words(),
        Field::DocumentAuthor => document.author = words(),
        Field::DocumentCosigner => document.cosigner = words(),
        Field::EventDate => document.event_date = moment(value, slot),
        Field::DictatedAt => document.dictated_at = moment(value, slot),
        Field::TranscribedAt => document.transcribed_at = moment(value, slot),
        Field::SignedAt => document.signed_at = moment(value, slot),
        Field::CosignedAt => document.cosigned_at = moment(value, slot),
        Field::CharacterCount => document.character_count = number(value, slot).map_value(i64::from),
        _ => {}
    }
}

fn fill_from_patient<'a>(encounter: &mut Encounter<'a>, patient: Row<'a>, feeds: &'a [Feed]) {
    encounter.patient = Some(patient);
    let feed = &feeds[usize::from(patient.feed())];
    let mut of_patient = blank_encounter(patient, feeds);
    for (field, value) in &feed.constants {
        set(&mut of_patient, *field, value, None);
    }
    for (number, value) in patient.cells() {
        let Some(slot) = feed.slots.get(usize::from(number)) else { continue };
        if !feed.is_missing_in(slot, value.trim_ascii()) {
            set(&mut of_patient, slot.field, value, Some(slot));
        }
    }
    encounter.patient_differs = PatientDiffers {
        sex: encounter.sex.value().is_some() && of_patient.sex.value().is_some() && encounter.sex != of_patient.sex,
        birth_date: encounter.birth_date.value().is_some()
            && of_patient.birth_date.value().is_some()
            && encounter.birth_date != of_patient.birth_date,
    };
    encounter.birth_date = encounter.birth_date.or(of_patient.birth_date);
    encounter.death_date = encounter.death_date.or(of_patient.death_date);
    encounter.sex = encounter.sex.or(of_patient.sex);
    encounter.reference_age = encounter.reference_age.or(of_patient.reference_age);
    encounter.reference_year = encounter.reference_year.or(of_patient.reference_year);
    for (own, theirs) in [
        (&mut encounter.medical_record_number, of_patient.medical_record_number),
        (&mut encounter.social_security_number, of_patient.social_security_number),
        (&mut encounter.race, of_patient.race),
        (&mut encounter.ethnicity, of_patient.ethnicity),
        (&mut encounter.zip_code, of_patient.zip_code),
        (&mut encounter.state, of_patient.state),
        (&mut encounter.county, of_patient.county),
        (&mut encounter.employer_name, of_patient.employer_name),
    ] {
        if own.is_empty() {
            *own = theirs;
        }
    }
}

fn blank_encounter<'a>(row: Row<'a>, feeds: &'a [Feed]) -> Encounter<'a> {
    Encounter {
        row,
        patient: None,
        feeds,
        same_number: 0,
        patient_unknown: false,
        patient_repeated: false,
        patient_differs: PatientDiffers::default(),
        encounter_id: "",
        patient_id: "",
        medical_record_number: "",
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
        age: None,
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
        attending_npi: "",
        attending_name: "",
        operating_npi: "",
        employer_name: "",
        coder: "",
        coded_date: Cell::Blank,
        admitting_diagnosis: "",
        tens: Tens::default(),
        diagnoses: &[],
        procedures: &[],
        documents: &[],
    }
}

/// Sets one field of an encounter from its text. A constant has no slot and is read plainly.
fn set<'a>(encounter: &mut Encounter<'a>, field: Field, value: &'a [u8], slot: Option<&'a Slot>) {
    let trimmed = value.trim_ascii();
    let words = || text(slot.map_or(trimmed, |slot| slot.canonical(trimmed).unwrap_or(trimmed)));
    let day = || when(trimmed, slot).map_value(|moment| moment.day);
    match field {
        Field::EncounterId => encounter.encounter_id = text(trimmed),
        Field::PatientId => encounter.patient_id = text(trimmed),
        Field::MedicalRecordNumber => encounter.medical_record_number = text(trimmed),
        Field::SocialSecurityNumber => encounter.social_security_number = text(trimmed),
        Field::FacilityId => encounter.facility_id = words(),
        Field::EncounterClass => encounter.encounter_class = words(),
        Field::Service => encounter.service = words(),
        Field::AdmissionDate => encounter.admission_date = when(trimmed, slot),
        Field::DischargeDate => encounter.discharge_date = when(trimmed, slot),
        Field::BirthDate => encounter.birth_date = day(),
        Field::DeathDate => encounter.death_date = when(trimmed, slot),
        Field::DeathFlag => encounter.death_flag = listed_or(trimmed, slot, flag),
        Field::Age => encounter.stated_age = age(trimmed, slot),
        Field::ReferenceAge => encounter.reference_age = whole_number(trimmed),
        Field::ReferenceYear => encounter.reference_year = whole_number(trimmed),
        Field::Sex => encounter.sex = listed_or(value, slot, Sex::read),
        Field::Race => encounter.race = words(),
        Field::Ethnicity => encounter.ethnicity = words(),
        Field::ZipCode => encounter.zip_code = text(trimmed),
        Field::State => encounter.state = words(),
        Field::County => encounter.county = words(),
        Field::Payer => {
            encounter.payer = match slot.map_or(Some(trimmed), |slot| slot.canonical(trimmed)) {
                Some(known) => Cell::Value(text(known)),
                None => Cell::Unreadable,
            }
        }
        Field::AdmissionType => encounter.admission_type = listed_or(value, slot, AdmissionType::read),
        Field::PointOfOrigin => encounter.point_of_origin = listed_or(value, slot, PointOfOrigin::read),
        Field::DischargeStatus => encounter.discharge_status = listed_or(value, slot, DischargeStatus::read),
        Field::DiagnosisRelatedGroup => encounter.diagnosis_related_group = text(trimmed),
        Field::TotalCharges => encounter.total_charges = cents(trimmed),
        Field::BirthWeight => encounter.birth_weight_grams = whole_number(trimmed),
        Field::LengthOfStay => encounter.stated_length_of_stay = whole_number(trimmed),
        Field::AttendingNpi => encounter.attending_npi = text(trimmed),
        Field::AttendingName => encounter.attending_name = text(trimmed),
        Field::OperatingNpi => encounter.operating_npi = text(trimmed),
        Field::EmployerName => encounter.employer_name = text(trimmed),
        Field::Coder => encounter.coder = words(),
        Field::CodedDate => encounter.coded_date = when(trimmed, slot),
        Field::AdmittingDiagnosis => encounter.admitting_diagnosis = text(trimmed),
        // Carried for the patient's row and the outputs by their raw text only, or fields of the long tables.
        _ => debug_assert!(field.entry().table != Table::Encounters || field.entry().kind == Kind::Text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{partition::row::RowWriter, record::finding::Origin};

    fn feed(table: Table, fields: &[(Field, u8)]) -> Feed {
        Feed {
            name: table.name().to_owned(),
            table,
            slots: fields.iter().map(|(field, position)| Slot::plain(*field, *position)).collect(),
            missing: vec![b"?".to_vec()],
            constants: Vec::new(),
            only: Vec::new(),
        }
    }

    #[test]
    fn long_diagnoses_hang_on_their_encounter_by_position_and_strays_are_kept() {
        let feeds = [
            feed(Table::Encounters, &[(Field::AdmissionDate, 0), (Field::PatientId, 0), (Field::Sex, 0)]),
            feed(Table::Diagnoses, &[(Field::DiagnosisSequence, 0), (Field::DiagnosisCode, 0)]),
            feed(Table::Patients, &[(Field::PatientId, 0), (Field::BirthDate, 0), (Field::Sex, 0)]),
        ];
        let mut patient_rows = Vec::new();
        let mut writer = RowWriter::begin(&mut patient_rows, 2, b"P1", Origin::default(), 0);
        writer.cell(1, b"1950-06-01");
        writer.cell(2, b"F");
        writer.end();
        let mut patients = Patients { given: true, ..Patients::default() };
        patients.add(Row::first(&patient_rows).expect("row"));

        let mut rows = Vec::new();
        let mut writer = RowWriter::begin(&mut rows, 0, b"E1", Origin { input: 0, row: 2 }, 1);
        writer.cell(0, b"2026-01-31");
        writer.cell(1, b"P1");
        writer.cell(2, b"?");
        writer.end();
        for (row, sequence, code) in [(2, &b"2"[..], &b"E11.9"[..]), (3, b"1", b"I10")] {
            let mut writer = RowWriter::begin(&mut rows, 1, b"E1", Origin { input: 1, row }, 1);
            writer.cell(0, sequence);
            writer.cell(1, code);
            writer.end();
        }
        let mut writer = RowWriter::begin(&mut rows, 1, b"E9", Origin { input: 1, row: 9 }, 1);
        writer.cell(1, b"I10");
        writer.end();

        let decoded = decode(&rows, &feeds, &patients);
        let encounters = decoded.encounters();
        assert_eq!(encounters.len(), 1);
        let codes: Vec<_> =
            encounters[0].diagnoses.iter().map(|diagnosis| (diagnosis.position, diagnosis.raw)).collect();
        assert_eq!(codes, [(1, "I10"), (2, "E11.9")]);
        assert_eq!(encounters[0].sex, Cell::Value(Sex::Female));
        assert_eq!(encounters[0].age_years(), Some(75));
        assert_eq!(encounters[0].raw(Field::BirthDate, 0), "1950-06-01");
        assert_eq!(decoded.orphans.len(), 1);
        assert_eq!(decoded.orphans[0].encounter_id, "E9");
    }
}
