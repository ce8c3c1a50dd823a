//! Two sealed outputs of one pipeline against each other: figures, records, findings.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    archive::own_seal::{OwnSeal, read_own_seal},
    book::{
        csv::{CsvColumn, CsvLines, CsvTable},
        figures::{SheetFigure, SheetFigures},
    },
    edits::tables::Findings,
    fs::{FileError, read_if_there},
    run::{
        desks::DEFICIENCIES,
        stored_records::{StoredFault, StoredGroup, StoredGroups},
    },
    tracking::{account::CHANGED, tables::ToResolve},
};

/// A figure that differs. What one output has and the other has not is empty there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChange {
    /// Which figure; its value is the one before.
    pub figure: SheetFigure,
    /// The value after.
    pub after: String,
}

/// What became of a record or finding between two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Only the second output has it.
    New,
    /// Only the first one has it.
    Gone,
    /// Both have it, and it differs.
    Changed,
}

impl ChangeKind {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::New => "new",
            ChangeKind::Gone => "gone",
            ChangeKind::Changed => "changed",
        }
    }
}

/// A record that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordChange {
    /// Facility of the record.
    pub facility_id: String,
    /// Its number.
    pub encounter_id: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// The columns of the coded records that differ.
    pub columns: String,
}

/// A finding or deficiency that only one of two outputs has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingChange {
    /// Code of the rule, or of the kind of deficiency.
    pub rule: String,
    /// Facility of the record.
    pub facility_id: String,
    /// The record; empty where the finding is of none.
    pub encounter_id: String,
    /// What became of it: new or gone.
    pub kind: ChangeKind,
    /// Its key.
    pub finding_key: String,
}

/// What differs between two outputs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutputDifferences {
    /// Figures, in the order of the workbook.
    pub figures: Vec<FigureChange>,
    /// Figures that both have.
    pub figures_in_both: usize,
    /// Records, by facility and number.
    pub records: Vec<RecordChange>,
    /// Findings and deficiencies, by rule or kind.
    pub findings: Vec<FindingChange>,
    /// One of the outputs is of a run that examined what changed: its lists have the records that it examined, and of findings those that are open, or none.
    pub is_partial: bool,
}

/// Why two outputs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareFault {
    /// A folder is no output of this program.
    #[error("{0} is no sealed output of this program")]
    NoOutput(String),
    /// The two are of different pipelines.
    #[error("the first is of `{0}`, the second of `{1}`: only outputs of one pipeline can be compared")]
    OtherPipeline(String, String),
    /// An output lacks a table: an earlier build made it.
    #[error("{0} has no {1}: an earlier build of the program made it")]
    NoTable(String, &'static str),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The coded records cannot be read.
    #[error(transparent)]
    Records(#[from] StoredFault),
}

/// Compares two sealed outputs, the earlier one first.
///
/// # Errors
/// They are none, or of two pipelines; a file cannot be read.
pub fn compare(before: &Path, after: &Path) -> Result<(OwnSeal, OwnSeal, OutputDifferences), CompareFault> {
    // A link to the newest output is taken for what it names.
    let followed = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let (before, after) = (&followed(before), &followed(after));
    let seal = |folder: &Path| -> Result<OwnSeal, CompareFault> {
        let no_output = || CompareFault::NoOutput(crate::fs::path::shown(folder));
        read_own_seal(folder)?.ok_or_else(no_output)
    };
    let seals = (seal(before)?, seal(after)?);
    if seals.0.pipeline != seals.1.pipeline {
        return Err(CompareFault::OtherPipeline(seals.0.pipeline, seals.1.pipeline));
    }
    let (figures, figures_in_both) = changed_figures(&figures_in(before)?, &figures_in(after)?);
    let is_partial = is_of_changed_records(before)? || is_of_changed_records(after)?;
    // A month that is counted from what the nights left has no list of what is open.
    let lists_open = |folder: &Path| folder.join("data").join(ToResolve::PATH).exists();
    let findings = match is_partial && !(lists_open(before) && lists_open(after)) {
        true => Vec::new(),
        false => changed_findings(&findings_in(before, is_partial)?, &findings_in(after, is_partial)?),
    };
    let mut records = changed_records(before, after)?;
    // What one of them did not examine is neither new nor gone.
    records.retain(|change| !is_partial || change.kind == ChangeKind::Changed);
    Ok((seals.0, seals.1, OutputDifferences { figures, figures_in_both, records, findings, is_partial }))
}

/// The lines of a table of an output, by the places of some columns.
fn lines_of<const N: usize>(
    folder: &Path,
    table: &'static str,
    columns: [&str; N],
) -> Result<Vec<[String; N]>, CompareFault> {
    let absent = || CompareFault::NoTable(crate::fs::path::shown(folder), table);
    let bytes = read_if_there(&folder.join("data").join(table))?.ok_or_else(absent)?;
    let file = CsvLines::read(&String::from_utf8_lossy(&bytes));
    let places = file.places(columns).map_err(|_| absent())?;
    Ok(file
        .lines
        .into_iter()
        .filter_map(Result::ok)
        .map(|line| places.map(|place| line.value(place).to_owned()))
        .collect())
}

/// The figures of an output, in its order.
///
/// # Errors
/// It has none, or they cannot be read.
pub fn figures_in(folder: &Path) -> Result<Vec<SheetFigure>, CompareFault> {
    let lines = lines_of(folder, SheetFigures::PATH, ["sheet", "table", "row", "column", "value"])?;
    let figure = |[sheet, table, row, column, value]: [String; 5]| SheetFigure { sheet, table, row, column, value };
    Ok(lines.into_iter().map(figure).collect())
}

/// The sheets of what is open on the day of a run: with every day their figures are others, whatever the records.
const OF_THE_DAY: [&str; 2] = ["Deficiencies", "Clinicians"];

/// How many of some figures speak of the discharges of a period, and how many of the day of the run.
pub fn of_period_and_day(figures: &[FigureChange]) -> (u64, u64) {
    let of_day = figures.iter().filter(|change| OF_THE_DAY.contains(&change.figure.sheet.as_str())).count() as u64;
    (figures.len() as u64 - of_day, of_day)
}

/// The figures that differ, in the order of the second output, then those that only the first one has; and how many both have.
pub fn changed_figures(before: &[SheetFigure], after: &[SheetFigure]) -> (Vec<FigureChange>, usize) {
    type Name<'f> = (&'f str, &'f str, &'f str, &'f str);
    fn name(figure: &SheetFigure) -> Name<'_> {
        (&figure.sheet, &figure.table, &figure.row, &figure.column)
    }
    let mut known: BTreeMap<Name<'_>, &str> =
        before.iter().map(|figure| (name(figure), figure.value.as_str())).collect();
    let (mut changes, mut in_both) = (Vec::new(), 0);
    for figure in after {
        let value = known.remove(&name(figure));
        in_both += usize::from(value.is_some());
        if value != Some(figure.value.as_str()) {
            let before = SheetFigure { value: value.unwrap_or_default().to_owned(), ..figure.clone() };
            changes.push(FigureChange { figure: before, after: figure.value.clone() });
        }
    }
    let gone = before.iter().filter(|figure| known.contains_key(&name(figure)));
    changes.extend(gone.map(|figure| FigureChange { figure: figure.clone(), after: String::new() }));
    (changes, in_both)
}

/// Rule, facility, record and key of each finding.
type FindingName = [String; 4];

/// The findings and deficiencies of an output; `open`: those that are open alone, which every night has.
fn findings_in(folder: &Path, open: bool) -> Result<BTreeSet<FindingName>, CompareFault> {
    if open {
        let columns = ["code", "facility_id", "encounter_id", "finding_key"];
        return Ok(lines_of(folder, ToResolve::PATH, columns)?.into_iter().collect());
    }
    let findings = lines_of(folder, Findings::PATH, ["rule", "facility_id", "encounter_id", "finding_key"])?;
    let columns = ["code", "facility_id", "encounter_id", "deficiency_key"];
    let deficiencies = lines_of(folder, DEFICIENCIES, columns)?;
    Ok(findings.into_iter().chain(deficiencies).collect())
}

/// Whether an output is of a night that examined what changed.
///
/// # Errors
/// Its results cannot be read.
pub fn is_of_changed_records(folder: &Path) -> Result<bool, CompareFault> {
    let bytes = read_if_there(&folder.join("data/run_results.json"))?.unwrap_or_default();
    let results: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok(results["night"]["examined"] == CHANGED)
}

fn changed_findings(before: &BTreeSet<FindingName>, after: &BTreeSet<FindingName>) -> Vec<FindingChange> {
    let change = |kind: ChangeKind| {
        move |[rule, facility_id, encounter_id, finding_key]: &FindingName| FindingChange {
            rule: rule.clone(),
            facility_id: facility_id.clone(),
            encounter_id: encounter_id.clone(),
            kind,
            finding_key: finding_key.clone(),
        }
    };
    let new = after.difference(before).map(change(ChangeKind::New));
    let mut changes: Vec<FindingChange> = new.chain(before.difference(after).map(change(ChangeKind::Gone))).collect();
    changes.sort();
    changes
}

/// What the coded records are ordered by: the number and the facility.
type RecordKey = (String, String);

/// The coded records of an output, at one of them.
struct RecordsAt {
    groups: StoredGroups,
    group: StoredGroup,
    keys: Vec<RecordKey>,
    /// Row in the group.
    at: usize,
}

impl RecordsAt {
    fn open(folder: &Path) -> Result<RecordsAt, CompareFault> {
        let group = StoredGroup { columns: Vec::new(), rows: 0 };
        let mut records = RecordsAt { groups: StoredGroups::open(folder)?, group, keys: Vec::new(), at: 0 };
        records.load()?;
        Ok(records)
    }

    /// Goes on to the next group that has rows, or to the end.
    fn load(&mut self) -> Result<(), CompareFault> {
        while self.at >= self.keys.len() {
            let Some(group) = self.groups.next_group()? else {
                self.keys.clear();
                self.at = 0;
                return Ok(());
            };
            self.keys = group.texts("encounter_id").into_iter().zip(group.texts("facility_id")).collect();
            (self.group, self.at) = (group, 0);
        }
        Ok(())
    }

    fn key(&self) -> Option<RecordKey> {
        self.keys.get(self.at).cloned()
    }

    fn step(&mut self) -> Result<(), CompareFault> {
        self.at += 1;
        self.load()
    }

    /// The columns in which two records differ; one that only one of them has differs where it has a value.
    fn differs_in(&self, other: &RecordsAt) -> Vec<String> {
        let value = |records: &RecordsAt, name: &str| {
            let column = records.group.columns.iter().find(|(own, _)| own == name);
            column.map(|(_, array)| array.sliced(records.at, 1)).filter(|value| !value.is_null(0))
        };
        let own = self.group.columns.iter().map(|(name, _)| name);
        let others = other.group.columns.iter().map(|(name, _)| name);
        let names = own.chain(others.filter(|name| self.group.columns.iter().all(|(own, _)| own != *name)));
        names.filter(|name| value(self, name) != value(other, name)).cloned().collect()
    }
}

/// The records that differ: both outputs have them in the order of their numbers.
fn changed_records(before: &Path, after: &Path) -> Result<Vec<RecordChange>, CompareFault> {
    let (mut one, mut other) = (RecordsAt::open(before)?, RecordsAt::open(after)?);
    let mut changes = Vec::new();
    let change = |(encounter_id, facility_id): RecordKey, kind, columns: Vec<String>| RecordChange {
        facility_id,
        encounter_id,
        kind,
        columns: columns.join(", "),
    };
    loop {
        match (one.key(), other.key()) {
            (None, None) => break,
            (Some(key), None) => {
                changes.push(change(key, ChangeKind::Gone, Vec::new()));
                one.step()?;
            }
            (None, Some(key)) => {
                changes.push(change(key, ChangeKind::New, Vec::new()));
                other.step()?;
            }
            (Some(own), Some(theirs)) if own == theirs => {
                let columns = one.differs_in(&other);
                if !columns.is_empty() {
                    changes.push(change(own, ChangeKind::Changed, columns));
                }
                one.step()?;
                other.step()?;
            }
            (Some(own), Some(theirs)) if own < theirs => {
                changes.push(change(own, ChangeKind::Gone, Vec::new()));
                one.step()?;
            }
            (Some(_), Some(theirs)) => {
                changes.push(change(theirs, ChangeKind::New, Vec::new()));
                other.step()?;
            }
        }
    }
    changes.sort();
    Ok(changes)
}

/// `figures_changed.csv`: a line a figure that differs.
#[derive(Debug)]
pub struct FiguresChanged;

impl CsvTable for FiguresChanged {
    type Row<'r> = &'r FigureChange;
    const PATH: &'static str = "figures_changed.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r FigureChange>> {
        vec![
            ("sheet", |change| change.figure.sheet.as_str().into()),
            ("table", |change| change.figure.table.as_str().into()),
            ("row", |change| change.figure.row.as_str().into()),
            ("column", |change| change.figure.column.as_str().into()),
            ("before", |change| change.figure.value.as_str().into()),
            ("after", |change| change.after.as_str().into()),
        ]
    }
}

/// `records_changed.csv`: a line a record that is new, gone or changed.
#[derive(Debug)]
pub struct RecordsChanged;

impl CsvTable for RecordsChanged {
    type Row<'r> = &'r RecordChange;
    const PATH: &'static str = "records_changed.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r RecordChange>> {
        vec![
            ("facility_id", |change| change.facility_id.as_str().into()),
            ("encounter_id", |change| change.encounter_id.as_str().into()),
            ("what", |change| change.kind.name().into()),
            ("columns", |change| change.columns.as_str().into()),
        ]
    }
}

/// `findings_changed.csv`: a line a finding that is new or gone.
#[derive(Debug)]
pub struct FindingsChanged;

impl CsvTable for FindingsChanged {
    type Row<'r> = &'r FindingChange;
    const PATH: &'static str = "findings_changed.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r FindingChange>> {
        vec![
            ("rule", |change| change.rule.as_str().into()),
            ("facility_id", |change| change.facility_id.as_str().into()),
            ("encounter_id", |change| change.encounter_id.as_str().into()),
            ("what", |change| change.kind.name().into()),
            ("finding_key", |change| change.finding_key.as_str().into()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_differs_is_told_once_with_what_it_was_and_is() {
        let figure = |row: &str, value: &str| SheetFigure {
            sheet: "Groups".to_owned(),
            table: "service".to_owned(),
            row: row.to_owned(),
            column: "Discharges".to_owned(),
            value: value.to_owned(),
        };
        let before = [figure("MED", "4"), figure("OBS", "1"), figure("SUR", "2")];
        let after = [figure("MED", "5"), figure("PSY", "1"), figure("SUR", "2")];
        let (changes, in_both) = changed_figures(&before, &after);
        let told: Vec<[&str; 3]> =
            changes.iter().map(|change| [&*change.figure.row, &*change.figure.value, &*change.after]).collect();
        assert_eq!(told, [["MED", "4", "5"], ["PSY", "", "1"], ["OBS", "1", ""]]);
        assert_eq!(in_both, 2);
    }
}
