//! Raw rows to typed encounters.
//!
//! Decoding never fails: what cannot be read becomes `Cell::Unreadable`, and the raw text stays with the row.

mod clocks;
mod fields;
mod patients;
mod together;
pub(super) mod values;

use std::collections::BTreeMap;

pub use self::{
    clocks::{Offsets, OffsetsOf},
    patients::{Patients, read_row},
    together::SettledDates,
    values::{constant_value, is_readable},
};
use crate::{
    partition::{
        category_prefilter::CategoryPrefilter,
        comparison::are_of_several_facilities,
        decode::{
            clocks::bring_to_one_clock,
            fields::{blank_document, blank_encounter, count_age_from_birth, set, set_document},
            patients::fill_from_patient,
            together::settle,
            values::{CellReading, revision, text, whole_number},
        },
        encounter::{Admitting, CodeRepairs, Diagnosis, Document, Encounter, Orphan, PackedCode, Procedure},
    },
    record::{
        cell::Cell,
        code::{is_blank_filler, is_filler},
        diagnosis_kinds::DiagnosisKinds,
        editor_flags::EditorFlags,
        field::{CanonicalTable, Field, FieldType},
        finding::Origin,
        scientific::is_scientific,
        vocabulary::PresentOnAdmission,
    },
    rows::{
        row::Row,
        slot::{Feed, Repair, Slot},
    },
};

/// The dates of a row that are filled, each with its field and whether no stated format reads it. Columns that are read together with others are left out:
/// what one of them says, it does not say alone.
pub fn dates_unread(row: Row<'_>, feed: &Feed) -> Vec<(Field, bool)> {
    let mut found = Vec::new();
    let mut cells = row.cells();
    while let Some((slot, written)) = cells.next_written() {
        let Some(slot) = feed.slots.get(usize::from(slot)) else { continue };
        if !matches!(slot.field.entry().kind, FieldType::Date | FieldType::Moment) || slot.is_read_with_others() {
            continue;
        }
        if let Some(reading) = CellReading::of(written, slot, feed) {
            found.push((slot.field, reading.moment().is_unreadable()));
        }
    }
    found
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
    /// By input: rows of a number behind those that one stay can have.
    pub beyond_one_stay: BTreeMap<u16, u64>,
    /// Whether several encounters bear one number.
    pub shares_numbers: bool,
    /// By input: what became of dates that are read with other columns.
    pub settled: BTreeMap<u16, SettledDates>,
    /// Positions of the wide row in hand, kept so that their room is used again.
    diagnosis_positions: Vec<Position<'a>>,
    procedure_positions: Vec<Position<'a>>,
    /// By feed: whether some of its columns must be read with others of their row.
    reads_together: Vec<bool>,
    /// Whether a feed states offsets of times and no time zone.
    keeps_offsets: bool,
    /// The offsets that such feeds state.
    pub offsets: OffsetsOf,
}

impl Decoded<'_> {
    /// The encounters without their children; index `i` owns [`Decoded::diagnoses_of`] `i`.
    pub fn heads(&self) -> &[Encounter<'_>] {
        &self.encounters
    }

    /// Sets what the coding desk judged of the admitting diagnosis of encounter `index`.
    pub fn set_admitting(&mut self, index: usize, admitting: Admitting) {
        self.encounters[index].admitting = admitting;
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
                tens: CategoryPrefilter::of(diagnoses.iter().map(|diagnosis| diagnosis.code)),
                kinds: diagnoses.iter().fold(DiagnosisKinds::default(), |kinds, one| kinds.with(one.kinds)),
                editor_flags: diagnoses
                    .iter()
                    .filter_map(Diagnosis::in_force)
                    .fold(EditorFlags::NONE, |flags, judgement| flags.with(judgement.editor)),
                all_in_force: diagnoses.iter().all(|diagnosis| diagnosis.in_force().is_some()),
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
/// marked by `same_number`; what hangs on the number hangs on the first, and on none where they are of different facilities.
pub fn decode<'a>(bytes: &'a [u8], feeds: &'a [Feed], patients: &'a Patients) -> Decoded<'a> {
    decode_part(bytes, false, feeds, patients)
}

/// The same of a partition whose first rows may go on with the number that the last one ends with: a number with more rows than a stay can have. What hangs on
/// it hangs on none from there on.
pub fn decode_part<'a>(bytes: &'a [u8], goes_on: bool, feeds: &'a [Feed], patients: &'a Patients) -> Decoded<'a> {
    let mut goes_on = goes_on;
    // Room for what such rows usually hold: growing step by step would copy it all twice over.
    let mut decoded = Decoded {
        encounters: Vec::with_capacity(bytes.len() / BYTES_AN_ENCOUNTER),
        diagnoses: Vec::with_capacity(bytes.len() / BYTES_A_DIAGNOSIS),
        procedures: Vec::with_capacity(bytes.len() / BYTES_AN_ENCOUNTER),
        reads_together: feeds.iter().map(Feed::reads_columns_together).collect(),
        keeps_offsets: feeds.iter().any(Feed::keeps_offsets),
        ..Decoded::default()
    };
    let mut group: Vec<Row<'a>> = Vec::new();
    for row in Row::all(bytes) {
        let belongs = group.first().is_some_and(|first: &Row<'a>| !row.key().is_empty() && first.key() == row.key());
        if !belongs && !group.is_empty() {
            decode_group(&group, std::mem::take(&mut goes_on), feeds, patients, &mut decoded);
            group.clear();
        }
        group.push(row);
    }
    if !group.is_empty() {
        decode_group(&group, goes_on, feeds, patients, &mut decoded);
    }
    decoded
}

fn decode_group<'a>(
    group: &[Row<'a>],
    goes_on: bool,
    feeds: &'a [Feed],
    patients: &'a Patients,
    decoded: &mut Decoded<'a>,
) {
    let table = |row: &Row<'a>| feeds[usize::from(row.feed())].table;
    let is_head = |row: &&Row<'a>| table(row) == CanonicalTable::Encounters;
    let heads = group.iter().filter(is_head).count();
    let orphan = |row: &Row<'a>| Orphan {
        table: table(row),
        encounter_id: text(row.number()),
        facility_id: facility_of(*row, &feeds[usize::from(row.feed())]),
        origin: row.origin(),
        content: row.fingerprint(),
        is_beyond: goes_on,
    };
    if goes_on {
        group.iter().for_each(|row| *decoded.beyond_one_stay.entry(row.origin().input).or_default() += 1);
    }
    if heads == 0 {
        decoded.orphans.extend(group.iter().map(orphan));
        return;
    }
    decoded.shares_numbers |= heads > 1;
    // What names a number of several facilities, or one that a spreadsheet has cut, would hang on the wrong one: it hangs on none.
    let ambiguous = heads > 1
        && heads < group.len()
        && (is_scientific(group[0].number()) || names_several_facilities(group, feeds));
    let hangs_on_none = ambiguous || goes_on;
    if hangs_on_none {
        decoded.orphans.extend(group.iter().filter(|row| !is_head(row)).map(orphan));
    }
    for (index, head) in group.iter().filter(is_head).enumerate() {
        let diagnoses_start = decoded.diagnoses.len();
        let procedures_start = decoded.procedures.len();
        let documents_start = decoded.documents.len();
        decode_encounter_row(*head, u16::try_from(heads - 1).unwrap_or(u16::MAX), feeds, patients, decoded);
        if index == 0 && heads < group.len() && !hangs_on_none {
            for row in group.iter().filter(|row| !is_head(row)) {
                decode_child_row(*row, table(row), feeds, decoded);
            }
            // What stands on a wide row alone is in order already.
            decoded.diagnoses[diagnoses_start..].sort_by_key(|diagnosis| (diagnosis.position, diagnosis.origin.input));
            decoded.procedures[procedures_start..]
                .sort_by_key(|procedure| (procedure.position, procedure.origin.input));
            leave_codes_beyond(decoded, (diagnoses_start, procedures_start), *head);
            decoded.documents[documents_start..].sort_by(|left, right| {
                (left.document_type, left.event_date.value(), left.document_id, left.author).cmp(&(
                    right.document_type,
                    right.event_date.value(),
                    right.document_id,
                    right.author,
                ))
            });
        }
        if decoded.keeps_offsets
            && let Some(encounter) = decoded.encounters.last_mut()
        {
            let procedures = &mut decoded.procedures[procedures_start..];
            let documents = &mut decoded.documents[documents_start..];
            bring_to_one_clock(encounter, procedures, documents, &mut decoded.offsets);
        }
        decoded.diagnosis_ends.push(decoded.diagnoses.len());
        decoded.procedure_ends.push(decoded.procedures.len());
        decoded.document_ends.push(decoded.documents.len());
    }
}

/// The facility that a row names: with its number, where numbers are each facility's own, and else in a column of its own.
pub fn facility_of<'a>(row: Row<'a>, feed: &'a Feed) -> &'a str {
    if !row.facility().is_empty() {
        return text(row.facility());
    }
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let slot = feed.slots.get(usize::from(number)).filter(|slot| slot.field == Field::FacilityId);
        if let Some(reading) = slot.and_then(|slot| CellReading::of(written, slot, feed)) {
            return reading.words();
        }
    }
    let constant = feed.constants.iter().find(|(slot, _)| slot.field == Field::FacilityId);
    constant.map_or("", |(slot, value)| CellReading::constant(slot, value).words())
}

/// Diagnoses of one stay, and procedures: a claim has at most 25 of each, and a stay of a year some hundred. What is more hangs on no stay, so that a rule that
/// holds each code against the others never takes long.
pub const MOST_CODES_OF_A_STAY: usize = 2_000;

/// Takes codes behind the most that a stay can have off it, the last ones by their position; those of its own row stay.
fn leave_codes_beyond<'a>(decoded: &mut Decoded<'a>, (diagnoses, procedures): (usize, usize), head: Row<'a>) {
    let own = head.origin();
    let mut beyond: Vec<(CanonicalTable, Origin)> = Vec::new();
    let mut leave = |table: CanonicalTable, place: usize, origin: Origin| {
        let stays = place < MOST_CODES_OF_A_STAY || origin == own;
        beyond.extend((!stays).then_some((table, origin)));
        stays
    };
    if decoded.diagnoses.len() - diagnoses > MOST_CODES_OF_A_STAY {
        let all = decoded.diagnoses.split_off(diagnoses).into_iter().enumerate();
        let kept = all.filter(|(place, diagnosis)| leave(CanonicalTable::Diagnoses, *place, diagnosis.origin));
        decoded.diagnoses.extend(kept.map(|(_, diagnosis)| diagnosis));
    }
    if decoded.procedures.len() - procedures > MOST_CODES_OF_A_STAY {
        let all = decoded.procedures.split_off(procedures).into_iter().enumerate();
        let kept = all.filter(|(place, procedure)| leave(CanonicalTable::Procedures, *place, procedure.origin));
        decoded.procedures.extend(kept.map(|(_, procedure)| procedure));
    }
    for (table, origin) in beyond {
        *decoded.beyond_one_stay.entry(origin.input).or_default() += 1;
        let encounter_id = text(head.number());
        let (facility_id, content) = (text(head.facility()), head.fingerprint());
        decoded.orphans.push(Orphan { table, encounter_id, facility_id, origin, content, is_beyond: true });
    }
}

/// Whether the encounter rows of one number are of different facilities.
fn names_several_facilities(group: &[Row<'_>], feeds: &[Feed]) -> bool {
    let heads = group.iter().filter(|row| feeds[usize::from(row.feed())].table == CanonicalTable::Encounters);
    are_of_several_facilities(heads.copied(), feeds)
}

/// The most positions a wide row may have for diagnoses or procedures.
const POSITIONS: usize = 128;

/// What the cells of one position say, of a wide row while its cells are walked or of a row of a long table.
#[derive(Debug, Clone, Copy, Default)]
struct Position<'a> {
    /// The code with the blanks around it, which the edits tell from a code written soundly.
    code: Option<(&'a [u8], &'a Slot)>,
    /// Present on admission, or the procedure's date.
    mark: Option<CellReading<'a>>,
    revision: Option<CellReading<'a>>,
    surgeon: &'a [u8],
    text: &'a [u8],
    sequence: Option<CellReading<'a>>,
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
    encounter.encounter_id = text(row.number());
    let (mut every_diagnosis, mut every_procedure) = (Position::default(), Position::default());
    let mut diagnoses = std::mem::take(&mut decoded.diagnosis_positions);
    let mut procedures = std::mem::take(&mut decoded.procedure_positions);
    for (slot, value) in &feed.constants {
        match slot.field.entry().table {
            CanonicalTable::Diagnoses => fill(&mut every_diagnosis, CellReading::constant(slot, value), value),
            CanonicalTable::Procedures => fill(&mut every_procedure, CellReading::constant(slot, value), value),
            _ => set(&mut encounter, CellReading::constant(slot, value)),
        }
    }
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let Some(slot) = feed.slots.get(usize::from(number)) else { continue };
        let Some(reading) = CellReading::of(written, slot, feed) else { continue };
        let index = usize::from(slot.position).min(POSITIONS - 1);
        match slot.field.entry().table {
            // The principal diagnosis is never taken for filler: there has to be one.
            CanonicalTable::Diagnoses if index > 0 && slot.field == Field::DiagnosisCode && is_empty(reading.text) => {}
            CanonicalTable::Procedures if slot.field == Field::ProcedureCode && is_empty(reading.text) => {}
            CanonicalTable::Diagnoses if slot.every_position => fill(&mut every_diagnosis, reading, written.text),
            CanonicalTable::Procedures if slot.every_position => fill(&mut every_procedure, reading, written.text),
            CanonicalTable::Diagnoses => fill(at(&mut diagnoses, index), reading, written.text),
            CanonicalTable::Procedures => fill(at(&mut procedures, index), reading, written.text),
            _ => set(&mut encounter, reading),
        }
    }
    if decoded.reads_together[usize::from(row.feed())] {
        let settled = settle(&mut encounter, row, feed);
        decoded.settled.entry(row.origin().input).or_default().count(settled);
    }
    let patient_number = if patients.given { encounter.patient_number() } else { "" };
    if !patient_number.is_empty() {
        match patients.find(patient_number.as_bytes()) {
            Some(patient) => {
                encounter.patient_repeated = patients.is_repeated(patient_number.as_bytes());
                fill_from_patient(&mut encounter, patient, feeds);
            }
            None => encounter.patient_unknown = !patients.partial,
        }
    }
    count_age_from_birth(&mut encounter);
    encounter.age = encounter.age_at_admission();
    encounter.ages = encounter.ages_at_admission();
    for (index, position) in diagnoses.iter_mut().enumerate().filter(|(_, position)| position.used) {
        if every_diagnosis.used {
            position.fill_from(&every_diagnosis);
        }
        decoded.diagnoses.push(diagnosis(row, position, index as u16 + 1));
    }
    for (index, position) in procedures.iter_mut().enumerate().filter(|(_, position)| position.used) {
        if every_procedure.used {
            position.fill_from(&every_procedure);
        }
        decoded.procedures.push(procedure(row, position, index as u16 + 1));
    }
    diagnoses.clear();
    procedures.clear();
    decoded.diagnosis_positions = diagnoses;
    decoded.procedure_positions = procedures;
    decoded.encounters.push(encounter);
}

/// Whether a code is filler of a field that holds none.
#[inline]
fn is_empty(code: &[u8]) -> bool {
    is_filler(code) || is_blank_filler(code)
}

fn at<'p, 'a>(positions: &'p mut Vec<Position<'a>>, index: usize) -> &'p mut Position<'a> {
    if positions.len() <= index {
        positions.resize(index + 1, Position::default());
    }
    &mut positions[index]
}

impl<'a> Position<'a> {
    /// Fills what the position leaves blank from what the layout states for every position.
    fn fill_from(&mut self, every: &Position<'a>) {
        self.mark = self.mark.or(every.mark);
        self.revision = self.revision.or(every.revision);
        if self.surgeon.is_empty() {
            self.surgeon = every.surgeon;
        }
        if self.text.is_empty() {
            self.text = every.text;
        }
    }
}

/// Fills one part of a position; `written` is the text with the blanks around it.
fn fill<'a>(position: &mut Position<'a>, reading: CellReading<'a>, written: &'a [u8]) {
    position.used = true;
    match reading.slot.field {
        Field::DiagnosisCode | Field::ProcedureCode => position.code = Some((written, reading.slot)),
        Field::PresentOnAdmission | Field::ProcedureDate => position.mark = Some(reading),
        Field::DiagnosisRevision | Field::ProcedureRevision => position.revision = Some(reading),
        Field::DiagnosisSequence | Field::ProcedureSequence => position.sequence = Some(reading),
        Field::SurgeonNpi => position.surgeon = reading.text,
        _ => position.text = reading.text,
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
        dot_misplaced: false,
        repairs: code_repairs(position),
        system,
        other_system,
        other_verdict: None,
        judgement: None,
        place: None,
        kinds: DiagnosisKinds::default(),
        present_on_admission: position.mark.map_or(Cell::Blank, |mark| mark.listed(PresentOnAdmission::read)),
        text: text(position.text),
    }
}

fn code_repairs(position: &Position<'_>) -> CodeRepairs {
    let repairs = position.code.map_or(&[][..], |(_, slot)| slot.repairs.as_slice());
    if repairs.is_empty() {
        return CodeRepairs::default();
    }
    CodeRepairs {
        zeros_lost: repairs.contains(&Repair::RestoreIcd9Zeros),
        x_is_filler: repairs.contains(&Repair::DropFillerX),
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
        zeros_restored: false,
        dot_misplaced: false,
        repairs: code_repairs(position),
        system,
        other_system,
        other_verdict: None,
        judgement: None,
        place: None,
        date: position.mark.map_or(Cell::Blank, |mark| mark.moment()),
        surgeon_npi: text(position.surgeon),
        text: text(position.text),
    }
}

/// A row of a long table: one diagnosis, procedure or document.
fn decode_child_row<'a>(row: Row<'a>, table: CanonicalTable, feeds: &'a [Feed], decoded: &mut Decoded<'a>) {
    let feed = &feeds[usize::from(row.feed())];
    let mut position = Position::default();
    let mut document = blank_document(row);
    let mut take = |reading: CellReading<'a>, written: &'a [u8]| {
        if table == CanonicalTable::Documents {
            set_document(&mut document, reading);
        } else if reading.slot.field.entry().table == table {
            fill(&mut position, reading, written);
        }
    };
    for (slot, value) in &feed.constants {
        take(CellReading::constant(slot, value), value);
    }
    let mut cells = row.cells();
    while let Some((number, written)) = cells.next_written() {
        let Some(slot) = feed.slots.get(usize::from(number)) else { continue };
        if let Some(reading) = CellReading::of(written, slot, feed) {
            take(reading, written.text);
        }
    }
    let number = position.sequence.and_then(|sequence| sequence.read(whole_number).value());
    let number = number.and_then(|number| u16::try_from(number).ok()).unwrap_or(0);
    let may_be_filler = table == CanonicalTable::Procedures || number != 1;
    position.code = position.code.filter(|(written, _)| !(may_be_filler && is_empty(written.trim_ascii())));
    match table {
        CanonicalTable::Diagnoses => {
            let sequence_unreadable = position.sequence.is_some() && number == 0;
            decoded.diagnoses.push(Diagnosis { sequence_unreadable, ..diagnosis(row, &position, number) });
        }
        CanonicalTable::Procedures => decoded.procedures.push(procedure(row, &position, number)),
        CanonicalTable::Documents => decoded.documents.push(document),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        record::{finding::Origin, vocabulary::Sex},
        rows::row::RowWriter,
    };

    fn feed(table: CanonicalTable, fields: &[(Field, u8)]) -> Feed {
        Feed {
            name: table.name().to_owned(),
            table,
            slots: fields.iter().map(|(field, position)| Slot::plain(*field, *position)).collect(),
            missing: vec![b"?".to_vec()],
            ..Feed::of(table)
        }
    }

    #[test]
    fn long_diagnoses_hang_on_their_encounter_by_position_and_strays_are_kept() {
        let feeds = [
            feed(CanonicalTable::Encounters, &[(Field::AdmissionDate, 0), (Field::PatientId, 0), (Field::Sex, 0)]),
            feed(CanonicalTable::Diagnoses, &[(Field::DiagnosisSequence, 0), (Field::DiagnosisCode, 0)]),
            feed(CanonicalTable::Patients, &[(Field::PatientId, 0), (Field::BirthDate, 0), (Field::Sex, 0)]),
        ];
        let mut patient_rows = Vec::new();
        let mut writer = RowWriter::begin(&mut patient_rows, 2, b"P1", Origin::default(), 0);
        writer.cell(1, b"1950-06-01");
        writer.cell(2, b"F");
        writer.end();
        let mut patients = Patients::default();
        patients.given = true;
        patients.add(Row::first(&patient_rows).expect("row"));

        let mut rows = Vec::new();
        let mut writer = RowWriter::begin(&mut rows, 0, b"E1", Origin { input: 0, row: 2 }, 1);
        writer.cell(0, b"2026-01-31");
        writer.cell(1, b"P1");
        writer.cell(2, b"?");
        writer.end();
        for (row, sequence, code) in [(2, "2", "E11.9"), (3, "1", "I10"), (4, "3", "0000")] {
            let mut writer = RowWriter::begin(&mut rows, 1, b"E1", Origin { input: 1, row }, 1);
            writer.cell(0, sequence.as_bytes());
            writer.cell(1, code.as_bytes());
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
        assert_eq!(codes, [(1, "I10"), (2, "E11.9"), (3, "")]);
        assert_eq!(encounters[0].sex, Cell::Value(Sex::Female));
        assert_eq!(encounters[0].age_years(), Some(75));
        assert_eq!(encounters[0].raw(Field::BirthDate, 0), "1950-06-01");
        assert_eq!(decoded.orphans.len(), 1);
        assert_eq!(decoded.orphans[0].encounter_id, "E9");
    }
}
