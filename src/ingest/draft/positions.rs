//! The columns of codes on a wide row, numbered or not, and the columns that go with them.

use std::collections::BTreeSet;

use super::{
    column::{DraftColumn, percent},
    guess::{ColumnsOf, KnownColumns, fits},
    lists::DraftQuestion,
    names,
    pairs::{PairPlaces, Pairing, pair},
    questions,
    ranges::Range,
    sample::DraftSample,
    systems,
    write::{places as places_of, quoted},
};
use crate::record::field::{CanonicalTable, Field};

/// Fields of codes on a wide row, with the fields whose columns go with them.
const WITH_CODES: [(Field, [Field; 3]); 2] = [
    (Field::DiagnosisCode, [Field::PresentOnAdmission, Field::DiagnosisRevision, Field::DiagnosisText]),
    (Field::ProcedureCode, [Field::ProcedureDate, Field::SurgeonNpi, Field::ProcedureText]),
];

/// Takes the columns of codes of a wide row, and those that go with them.
pub fn take_positions(sample: &DraftSample, columns: &[DraftColumn], runs: &[Range], taken: &mut KnownColumns) {
    for (field, others) in WITH_CODES {
        let codes = places(sample, columns, runs, field, taken);
        if codes.is_none() {
            ask_about_codes(sample, columns, runs, field, taken);
        }
        if let Some((codes, note)) = &codes {
            taken.add(field, ColumnsOf::Positions(codes.runs(columns)), None);
            if let Some(mapping) = taken.mappings.last_mut() {
                mapping.reason.clone_from(note);
            }
        }
        for other in others {
            let Some((marks, _)) = places(sample, columns, runs, other, taken) else { continue };
            let Some((codes, _)) = &codes else {
                taken.add(other, ColumnsOf::Positions(marks.runs(columns)), None);
                continue;
            };
            match pair(sample, columns, other, codes, &marks) {
                Pairing::Proven(runs, keys, note) => {
                    taken.add(other, ColumnsOf::Positions(runs), None);
                    if let Some(mapping) = taken.mappings.last_mut() {
                        mapping.reason = note;
                        mapping.keys = keys;
                    }
                }
                Pairing::Ask(question) => taken.ask(other, marks.columns(), question),
            }
        }
    }
}

/// Numbered columns that are called codes and are of no system that is known here: `OPERTN_01` of OPCS-4.
fn ask_about_codes(
    sample: &DraftSample,
    columns: &[DraftColumn],
    runs: &[Range],
    field: Field,
    taken: &mut KnownColumns,
) {
    let kind = if field == Field::DiagnosisCode { systems::CodedAs::Diagnoses } else { systems::CodedAs::Procedures };
    let word = if field == Field::DiagnosisCode { "diagnosis" } else { "procedure" };
    let revision = if field == Field::DiagnosisCode { Field::DiagnosisRevision } else { Field::ProcedureRevision };
    let is_code = |run: &&Range| {
        let free = run.members.values().all(|at| !taken.columns.contains(at));
        let other = ["date", "days", "text", "name", "npi", "surgeon", "version", "type", "poa"]
            .iter()
            .any(|word| run.says(word));
        free && run.says(word) && !other && run.columns(columns).iter().all(|column| questions::is_like_codes(column))
    };
    let Some(run) = runs.iter().find(is_code) else { return };
    let read = run.columns(columns);
    if read.iter().all(|column| column.filled == 0) {
        return;
    }
    let (fits, _) = systems::judge(kind, &read, systems::sets());
    let question = DraftQuestion {
        reason: format!(
            "{} is called like {}, but {}; codes of another system are read beside {} = {{ constant = \"local\" }}",
            quoted(&run.text()),
            field.name(),
            fits.words(),
            revision.name()
        ),
        choices: vec![(
            String::new(),
            vec![places_of(sample, &vec![(run.text(), run.members.values().copied().collect())])],
        )],
    };
    let members = run.members.values().copied().collect();
    taken.ask(field, members, question);
}

/// The columns of a field on a wide row, where there are several; with what is to be said of one that is left out.
fn places(
    sample: &DraftSample,
    columns: &[DraftColumn],
    runs: &[Range],
    field: Field,
    taken: &KnownColumns,
) -> Option<(PairPlaces, Option<String>)> {
    let free = |run: &&Range| !run.members.values().any(|at| taken.columns.contains(at));
    let run = runs.iter().filter(free).find(|run| run.field(columns) == Some(field)).cloned();
    let members: Vec<usize> = run.iter().flat_map(|run| run.members.values().copied()).collect();
    let mut principal = principal(columns, field, &taken.columns, &members);
    let secondary = secondary(columns, field, &taken.columns, &members)
        .filter(|_| !run.as_ref().is_some_and(|run| run.says("secondary")));
    let mut note = None;
    // A principal code that stands in the first numbered column again is one code, not two.
    if let (Some(at), Some(first)) = (principal, members.first()) {
        let both = sample.rows.iter().filter(|row| !row[at].is_empty() && !row[*first].is_empty());
        let (same, all) =
            both.fold((0u32, 0u32), |(same, all), row| (same + u32::from(row[at] == row[*first]), all + 1));
        if all > 0 && percent(same, all) >= 99 {
            note = Some(format!(
                "{} is left out: it has the code of {} again in {same} of {all} rows",
                quoted(&columns[at].name),
                quoted(&columns[*first].name)
            ));
            principal = None;
        }
    }
    let found = PairPlaces { principal, secondary, run };
    (found.run.is_some() || found.principal.is_some() && found.secondary.is_some()).then_some((found, note))
}

/// Whether the columns have two of codes of diagnoses, though no run of numbers: `PDX` and `DX2`.
pub fn has_second_diagnosis(columns: &[DraftColumn]) -> bool {
    let (field, none) = (Field::DiagnosisCode, BTreeSet::new());
    secondary(columns, field, &none, &[]).is_some() && principal(columns, field, &none, &[]).is_some()
}

/// Whether the last number of a name is 2, as in `Dx 2` or `Procedure 2 date`.
fn is_second(column: &DraftColumn) -> bool {
    let mut numbers = column.name.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty());
    numbers.next_back().is_some_and(|digits| digits.trim_start_matches('0') == "2")
}

/// A column of one secondary code that has no number, or the only one that has: `DIAG_SECUN`, `Dx 2`.
fn secondary(columns: &[DraftColumn], field: Field, taken: &BTreeSet<usize>, members: &[usize]) -> Option<usize> {
    columns.iter().enumerate().position(|(at, column)| {
        let mut plain = column.meanings.clone();
        (plain.remove("secondary") || members.is_empty() && is_second(column))
            && !taken.contains(&at)
            && !members.contains(&at)
            && (members.is_empty() || !column.name.bytes().any(|byte| byte.is_ascii_digit()))
            && names::fields(&plain, CanonicalTable::Encounters).first().is_some_and(|(found, _)| *found == field)
            && fits(field, column)
    })
}

/// The column of position 1 that stands outside the numbered ones: `PDX` before `SDX1`.
fn principal(columns: &[DraftColumn], field: Field, taken: &BTreeSet<usize>, members: &[usize]) -> Option<usize> {
    let is_later = |column: &DraftColumn| column.says("secondary") || members.is_empty() && is_second(column);
    columns.iter().enumerate().position(|(at, column)| {
        !taken.contains(&at)
            && !members.contains(&at)
            && !is_later(column)
            && names::fields(&column.meanings, CanonicalTable::Encounters)
                .first()
                .is_some_and(|(found, _)| *found == field)
            && fits(field, column)
    })
}
