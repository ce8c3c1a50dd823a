//! The history of one record: every version of it that the store keeps, and what became of each.

use std::collections::BTreeSet;

use crate::{
    partition::{comparison::words_of, decode::facility_of},
    plan::Plan,
    record::{
        delivery::Fate,
        field::{CanonicalTable, Field},
        finding::{FindingKey, Origin},
    },
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        slot::Feed,
        sorter::{HELD_BYTES, Sorter, sort_rows},
    },
    run::{
        deliveries::{InputSource, deliveries},
        fault::RunFault,
        kept_records::KeptRecords,
    },
    store::catalogue::Catalogue,
};

/// One row of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    /// The table it is of.
    pub table: CanonicalTable,
    /// Number of the encounter or patient.
    pub number: String,
    /// The input, as outputs name it.
    pub input: String,
    /// The row in it.
    pub row: u64,
    /// Facility that the row names; empty where it names none.
    pub facility_id: String,
    /// Business date of the night that took it, `YYYY-MM-DD`.
    pub taken: String,
    /// What became of it, in words: `stands`, `superseded`, ...
    pub fate: String,
    /// Names of the fields that differ from the newest version.
    pub changed: String,
}

/// What became of a finding or deficiency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeLine {
    /// Business date of the night, `YYYY-MM-DD`.
    pub night: String,
    /// What became of it.
    pub what: &'static str,
}

/// What became of a clinician, a line a night: `2026-10-12 level first notice`; none where the store knows none of that name.
///
/// # Errors
/// The state cannot be read.
pub fn clinician(plan: &Plan, name: &str) -> Result<Vec<String>, RunFault> {
    let (Some(folder), Some(records)) = (plan.state.as_deref(), &plan.records) else { return Ok(Vec::new()) };
    let catalogue = Catalogue::look(folder)?;
    let events = catalogue.content.clinicians.get(&(records.pipeline.clone(), name.to_owned()));
    Ok(events.map_or_else(Vec::new, |events| events.split("; ").map(str::to_owned).collect()))
}

/// The life of a finding or deficiency: its code, what it speaks of, and what became of it night by night; `None` where the pipeline never had it.
///
/// # Errors
/// The state cannot be read.
pub fn life(plan: &Plan, key: &str) -> Result<Option<(String, String, Vec<LifeLine>)>, RunFault> {
    let digits = key.strip_prefix(['k', 'K']).filter(|digits| digits.len() == 16);
    let key = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).map(FindingKey);
    let (Some(key), Some(folder), Some(records)) = (key, plan.state.as_deref(), &plan.records) else { return Ok(None) };
    let catalogue = Catalogue::look(folder)?;
    let Some(row) = catalogue.tracked(&records.pipeline, key)? else { return Ok(None) };
    let lines = row.events.0.iter().map(|(day, event)| LifeLine { night: day.to_string(), what: event.word() });
    let facility = if row.facility_id.is_empty() { String::new() } else { format!(" of facility {}", row.facility_id) };
    let of = format!("{} {}{facility}", row.of.name(), row.code);
    Ok(Some((of, row.record, lines.collect())))
}

/// The rows of an encounter, or of a patient with all encounters, by its number, in the order of tables and nights; none where the store keeps no such record. `facility`: only those of one facility.
///
/// # Errors
/// Nothing is kept for the plan; the state cannot be read.
pub fn history(plan: &Plan, number: &str, facility: Option<&str>) -> Result<Vec<VersionLine>, RunFault> {
    let Some(folder) = plan.state.as_deref() else { return Ok(Vec::new()) };
    let content = Catalogue::look(folder)?.content;
    let Some(kept) = KeptRecords::of(plan, Some(folder), Some(&content), "")? else { return Ok(Vec::new()) };
    let feeds: Vec<Feed> = plan.feeds.iter().map(|feed| feed.layout.feed(&feed.name)).collect();
    let mut rows: Vec<u8> = Vec::new();
    let is_at =
        |row: &Row<'_>| facility.is_none_or(|facility| facility_of(*row, &feeds[usize::from(row.feed())]) == facility);
    let of_patient = encounters_of(plan, &kept, &feeds, number)?;
    let is_own = |row: &Row<'_>| {
        let is_named = row.number() == number.as_bytes();
        let is_of_encounters = feeds[usize::from(row.feed())].table.is_of_encounters();
        (is_named || is_of_encounters && of_patient.contains(row.key())) && is_at(row)
    };
    kept.each_group(plan, &mut |group| {
        Row::all(&group).filter(is_own).for_each(|row| rows.extend_from_slice(row.bytes()));
        Ok(())
    })?;
    let mut inputs: Vec<_> = kept.inputs.iter().map(|input| input.account.clone()).collect();
    let source = |(place, input): (usize, &crate::store::content::KeptInput)| InputSource {
        feed: plan.feeds.iter().position(|feed| feed.name == input.account.feed),
        file: None,
        place,
        path: input.path.clone(),
    };
    let sources: Vec<InputSource> = kept.inputs.iter().enumerate().map(source).collect();
    let deliveries = deliveries(plan, &sources, &mut inputs);
    let taken = |origin: Origin| {
        let sequence = kept.inputs.get(usize::from(origin.input)).map(|input| input.sequence);
        let run = content.runs.iter().find(|run| Some(run.sequence) == sequence);
        run.map_or(String::new(), |run| run.taker.business_date.clone())
    };
    let label = |origin: Origin| inputs.get(usize::from(origin.input)).map_or(String::new(), |input| input.label());
    let decided = |row: Row<'_>, fate: &str| match feeds[usize::from(row.feed())].table {
        CanonicalTable::Decisions => {
            let word = |field| words_of(row, field, &feeds);
            let (what, by) = (word(Field::Decision), word(Field::DecidedBy));
            let to = word(Field::AssignedTo);
            let to = if to.is_empty() { String::new() } else { format!(", assigned to {to}") };
            let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
            format!("{what}{by}{to}")
        }
        _ => fate.to_owned(),
    };
    let line = |row: Row<'_>, fate: &str| VersionLine {
        table: feeds[usize::from(row.feed())].table,
        number: String::from_utf8_lossy(row.number()).into_owned(),
        input: label(row.origin()),
        row: row.origin().row,
        facility_id: facility_of(row, &feeds[usize::from(row.feed())]).to_owned(),
        taken: taken(row.origin()),
        fate: decided(row, fate),
        changed: String::new(),
    };
    let mut sorter = Sorter::in_memory(HELD_BYTES);
    sorter.add(sort_rows(rows)).map_err(RunFault::Write)?;
    let mut merge = sorter.merge().map_err(RunFault::Write)?;
    let (mut accepted, mut last) = (vec![0; inputs.len()], LastCut::none(deliveries.are_stated()));
    let mut lines = Vec::new();
    while let Some(cut) = cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write)? {
        let all = cut.rows.clone();
        let standing = deliveries.standing(cut, &feeds);
        let table = |row: &Row<'_>| feeds[usize::from(row.feed())].table;
        let is_encounter = |row: &Row<'_>| table(row) == CanonicalTable::Encounters;
        for row in Row::all(&standing.rows) {
            let alike = Row::all(&standing.rows).filter(|other| is_encounter(other) && other.key() == row.key());
            let undecided = is_encounter(&row) && alike.count() > 1;
            lines.push(line(row, if undecided { Fate::Undecided.name() } else { "stands" }));
        }
        for aside in &standing.set_aside {
            let row = Row::all(&all).find(|row| row.origin() == aside.origin);
            let lines_of =
                row.map(|row| VersionLine { changed: aside.changed.clone(), ..line(row, aside.fate.name()) });
            lines.extend(lines_of);
        }
        for repeated in &standing.duplicates {
            let row = Row::all(&all).find(|row| row.origin() == repeated.of);
            let of = format!("repeats {} row {}", label(repeated.of), repeated.of.row);
            lines.extend(row.map(|row| VersionLine {
                input: label(repeated.origin),
                row: repeated.origin.row,
                taken: taken(repeated.origin),
                ..line(row, &of)
            }));
        }
    }
    lines.sort_by(|one, other| {
        let key = |line: &VersionLine| (line.table, line.taken.clone(), line.input.clone(), line.row);
        (&one.number, key(one)).cmp(&(&other.number, key(other)))
    });
    Ok(lines)
}

/// The keys of the encounters of a patient, in any of their versions.
fn encounters_of(
    plan: &Plan,
    kept: &KeptRecords,
    feeds: &[Feed],
    patient: &str,
) -> Result<BTreeSet<Vec<u8>>, RunFault> {
    let mut keys: BTreeSet<Vec<u8>> = BTreeSet::new();
    kept.each_group(plan, &mut |group| {
        let names_patient = |row: &Row<'_>| {
            feeds[usize::from(row.feed())].table == CanonicalTable::Encounters
                && words_of(*row, Field::PatientId, feeds) == patient
        };
        keys.extend(Row::all(&group).filter(names_patient).map(|row| row.key().to_vec()));
        Ok(())
    })?;
    Ok(keys)
}
