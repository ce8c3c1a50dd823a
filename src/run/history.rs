//! The history of one record: every version of it that the store keeps, and what became of each.

use crate::{
    partition::decode::facility_of,
    plan::Plan,
    record::{delivery::Fate, field::CanonicalTable, finding::Origin},
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

/// The rows of an encounter or patient by its number, in the order of tables and nights; none where the store keeps no such record. `facility`: only those of one facility.
///
/// # Errors
/// Nothing is kept for the plan; the state cannot be read.
pub fn history(plan: &Plan, number: &str, facility: Option<&str>) -> Result<Vec<VersionLine>, RunFault> {
    let Some(folder) = plan.state.as_deref() else { return Ok(Vec::new()) };
    let content = Catalogue::look(folder)?.content;
    let Some(kept) = KeptRecords::of(plan, Some(folder), Some(&content), "")? else { return Ok(Vec::new()) };
    let feeds: Vec<Feed> = plan.feeds.iter().map(|feed| feed.layout.feed(&feed.name)).collect();
    let mut rows: Vec<u8> = Vec::new();
    let is_own = |row: &Row<'_>| {
        row.number() == number.as_bytes()
            && facility.is_none_or(|facility| facility_of(*row, &feeds[usize::from(row.feed())]) == facility)
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
    let line = |row: Row<'_>, fate: &str| VersionLine {
        table: feeds[usize::from(row.feed())].table,
        input: label(row.origin()),
        row: row.origin().row,
        facility_id: facility_of(row, &feeds[usize::from(row.feed())]).to_owned(),
        taken: taken(row.origin()),
        fate: fate.to_owned(),
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
        (one.table, &one.taken, &one.input, one.row).cmp(&(other.table, &other.taken, &other.input, other.row))
    });
    Ok(lines)
}
