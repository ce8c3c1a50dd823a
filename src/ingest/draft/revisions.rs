//! States the code system of codes, where they prove it, or asks.

use super::{
    column::DraftColumn,
    guess::{ColumnsOf, Guess, KnownColumns},
    lists::DraftQuestion,
    questions::LeftOutQuestions,
    sample::DraftSample,
    stays::moments,
    systems::{self, SystemVerdict},
    write::quoted,
};
use crate::record::{
    date::Day,
    field::{CanonicalTable, Field},
};

/// States the code system where no column tells it, the codes prove it and the days of discharge do not imply it already; where the codes prove none, asks.
pub fn take_systems(sample: &DraftSample, columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    let pairs = [
        (Field::DiagnosisCode, Field::DiagnosisRevision, systems::CodedAs::Diagnoses),
        (Field::ProcedureCode, Field::ProcedureRevision, systems::CodedAs::Procedures),
    ];
    for (code, revision, kind) in pairs {
        let Some(mapping) = taken.mappings.iter().find(|mapping| mapping.field == code) else { continue };
        if taken.speaks_of(revision) || !revision.stands_in(table) {
            continue;
        }
        let read: Vec<&DraftColumn> = Guess::columns(mapping).iter().map(|at| &columns[*at]).collect();
        let (fits, verdict) = systems::judge(kind, &read, systems::sets());
        if fits.codes == 0 {
            continue;
        }
        let foreign = read.iter().any(|column| column.foreign);
        let implied = systems::implied(kind, discharge_days(sample, columns, taken));
        match verdict {
            SystemVerdict::One(name) => {
                taken.systems.insert(code, name);
                if implied != Some(name) {
                    taken.add(revision, ColumnsOf::Constant(name), None);
                    if let Some(mapping) = taken.mappings.last_mut() {
                        mapping.reason = Some(fits.words());
                    }
                }
            }
            // Codes that both revisions of ICD-10 have are of the one that the days of discharge imply, unless the heading is of another country.
            SystemVerdict::Ask(names)
                if !foreign
                    && implied.is_some_and(|implied| implied.starts_with("icd10") && names.contains(&implied))
                    && names.iter().all(|name| name.starts_with("icd10")) => {}
            SystemVerdict::Ask(names) => {
                let mut choices: Vec<(String, Vec<String>)> =
                    names.iter().map(|name| (String::new(), vec![format!("constant = {}", quoted(name))])).collect();
                if names.is_empty() {
                    choices.push((String::new(), vec!["constant = \"local\"".to_owned()]));
                }
                let reason = match names.len() {
                    0 => format!(
                        "{}; a system of the export's own can be stated, and its codes are then not judged",
                        fits.words()
                    ),
                    _ if fits.national > 0 => format!(
                        "{}, and {} have a fifth character that ICD-10-CM does not have: a national ICD-10 (GM, AM, CA), whose codes are then judged by form",
                        fits.words(),
                        fits.national
                    ),
                    1 => format!("{}, and numbers of other lists have the same form", fits.words()),
                    _ => format!("{}: they do not prove one system", fits.words()),
                };
                taken.questions.push(LeftOutQuestions {
                    field: revision,
                    columns: Vec::new(),
                    question: DraftQuestion { reason, choices },
                    place: Some(String::new()),
                });
            }
        }
    }
}

/// Takes the one column of the revision of a wide row for its procedures too, unless it speaks of diagnoses alone.
pub fn share_revision(columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    let of = |field: Field| taken.mappings.iter().find(|mapping| mapping.field == field);
    let source = of(Field::DiagnosisRevision).map(|mapping| &mapping.source);
    let (Some(ColumnsOf::Column(at)), CanonicalTable::Encounters) = (source, table) else { return };
    let at = *at;
    if of(Field::ProcedureCode).is_some()
        && !taken.speaks_of(Field::ProcedureRevision)
        && !columns[at].says("diagnosis")
    {
        taken.add(Field::ProcedureRevision, ColumnsOf::Column(at), None);
    }
}

/// The days of discharge, where their column is read.
fn discharge_days(sample: &DraftSample, columns: &[DraftColumn], taken: &KnownColumns) -> impl Iterator<Item = Day> {
    let at = taken.mappings.iter().find_map(|mapping| match (mapping.field, &mapping.source) {
        (Field::DischargeDate, ColumnsOf::Column(at)) if !columns[*at].dates.must_ask() => Some(*at),
        _ => None,
    });
    let days = at.map_or_else(Vec::new, |at| moments(sample, at, &columns[at].dates.formats(), 1930));
    days.into_iter().flatten().map(|moment| moment.day)
}
