//! The kept rows of a pipeline: written as segments of the night on which they came, and brought among the rows of later runs, all of them or those of some records.

use std::path::PathBuf;

use rustc_hash::FxHashSet;

use super::{
    at_rest::is_of,
    fault::RunFault,
    kept_records::{KeptQuarantine, KeptRecords, NewInput, NewRecords, OF_QUARANTINE},
    what_changed::Touched,
};
use crate::{
    plan::Plan,
    record::record_set::record_digest,
    rows::{
        row::{Row, renumbered},
        slot::Feed,
        sorter::{Sorter, sort_rows},
    },
    store::{
        content::{KeptColumn, KeptFeed},
        lookup::LookupTable,
        night_files::NightFile,
        record_blocks,
        segment::{self, SEGMENTS, Segment},
        segment_files::SegmentFiles,
    },
};

/// The feeds of a segment as they are read now, by their places in it.
struct FeedsNow<'k> {
    feeds: Vec<Option<FeedNow>>,
    kept: &'k KeptRecords,
}

impl FeedsNow<'_> {
    fn of(&self, feed: u32) -> Option<&FeedNow> {
        self.feeds.get(feed as usize).and_then(Option::as_ref)
    }

    /// The numbers that a row has in this run.
    fn place(&self, feed: u32, input: u32) -> Option<(u8, u16)> {
        Some((self.of(feed)?.0, *self.kept.places.get(&input)?))
    }

    /// The cells of a row under the slots that they have now, where these are others.
    fn cells(&self, feed: u32, content: &[u8]) -> Option<Vec<u8>> {
        Some(renumbered(content, self.of(feed)?.1.as_ref()?))
    }

    /// Whether it has rows of encounters, or of what hangs on them; and others.
    fn tables(&self, feeds: &[Feed]) -> [bool; 2] {
        let own = || self.feeds.iter().flatten().map(|(place, _)| feeds[usize::from(*place)].table.is_of_encounters());
        [own().any(|is_of_encounters| is_of_encounters), own().any(|is_of_encounters| !is_of_encounters)]
    }
}

impl KeptRecords {
    fn feeds_now(&self, plan: &Plan, segment: &Segment) -> FeedsNow<'_> {
        let now = |number: &u64| {
            let kept = self.feeds.get(usize::try_from(*number).ok()?)?;
            let place = plan.feeds.iter().position(|feed| feed.name == kept.name)?;
            let now = plan.feeds[place].layout.kept_columns();
            let renumbers = (kept.columns != now).then(|| slots_now(&kept.columns, &now));
            Some((place as u8, renumbers))
        };
        FeedsNow { feeds: segment.feeds.iter().map(now).collect(), kept: self }
    }

    fn path_of(&self, segment: &Segment) -> PathBuf {
        self.folder.join(SEGMENTS).join(&segment.name)
    }

    /// Goes through the kept rows, so many at a time, each with the numbers that its feed and its input have in this run.
    ///
    /// # Errors
    /// A segment is gone or was changed; the error of `take`.
    pub fn each_group(
        &self,
        plan: &Plan,
        take: &mut dyn FnMut(Vec<u8>) -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        self.segments.iter().try_for_each(|segment| self.each_group_of(plan, segment, take))
    }

    fn each_group_of(
        &self,
        plan: &Plan,
        segment: &Segment,
        take: &mut dyn FnMut(Vec<u8>) -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        let now = self.feeds_now(plan, segment);
        let place = |feed: u32, input: u32| now.place(feed, input);
        let cells = |feed: u32, content: &[u8]| now.cells(feed, content);
        segment::read(&self.path_of(segment), segment, &place, &cells, take)
    }

    /// Brings the kept rows among those of the run: rows of encounters into one sorter, of patients and registers into the other.
    ///
    /// # Errors
    /// A segment is gone or was changed; a temporary file cannot be written.
    pub fn load(
        &self,
        plan: &Plan,
        feeds: &[Feed],
        (sorter, held): (&mut Sorter, &mut Sorter),
        go_on: &dyn Fn() -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        self.each_group(plan, &mut |rows| {
            let (mut of_encounters, mut others) = (Vec::with_capacity(rows.len()), Vec::new());
            for row in Row::all(&rows) {
                let is_of_encounters = feeds[usize::from(row.feed())].table.is_of_encounters();
                let own = if is_of_encounters { &mut of_encounters } else { &mut others };
                own.extend_from_slice(row.bytes());
            }
            sorter.add(sort_rows(of_encounters)).map_err(RunFault::Write)?;
            held.add(sort_rows(others)).map_err(RunFault::Write)?;
            go_on()
        })
    }

    /// Brings the kept rows of some records among those of the run.
    ///
    /// # Errors
    /// A segment is gone or was changed; a temporary file cannot be written.
    pub fn load_records(
        &self,
        plan: &Plan,
        feeds: &[Feed],
        records: &FxHashSet<u64>,
        sorter: &mut Sorter,
        go_on: &dyn Fn() -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        let mut in_order: Vec<u64> = records.iter().copied().collect();
        in_order.sort_unstable();
        for segment in &self.segments {
            let now = self.feeds_now(plan, segment);
            let [has_encounters, _] = now.tables(feeds);
            if !has_encounters {
                continue;
            }
            let beside = |kind: NightFile| {
                let name = kind.name(segment.stem());
                let is_named = self.night_files.iter().any(|file| file.name == name);
                is_named.then(|| self.folder.join(SEGMENTS).join(name))
            };
            let table = beside(NightFile::Records).map(|table| LookupTable::open(&table)).transpose()?;
            let table = table.filter(|table| table.is_of_this_edition);
            if let Some((blocks, table)) = beside(NightFile::Rows).zip(table) {
                let place = |feed: u32, input: u32| now.place(feed, input);
                let cells = |feed: u32, content: &[u8]| now.cells(feed, content);
                let is_wanted = |key: &[u8]| records.contains(&record_digest(key));
                for rows in record_blocks::read((&blocks, &table), &in_order, &is_wanted, &place, &cells)? {
                    sorter.add(sort_rows(rows)).map_err(RunFault::Write)?;
                }
            } else {
                self.each_group_of(plan, segment, &mut |rows| {
                    let mut own = Vec::new();
                    let of_encounters = |row: &Row<'_>| feeds[usize::from(row.feed())].table.is_of_encounters();
                    for row in Row::all(&rows).filter(of_encounters).filter(|row| is_of(*row, records)) {
                        own.extend_from_slice(row.bytes());
                    }
                    sorter.add(sort_rows(own)).map_err(RunFault::Write)
                })?;
            }
            go_on()?;
        }
        Ok(())
    }

    /// Brings the kept rows of patients and registers among those of the run, and tells which rows came on this very business date: that night is run again.
    ///
    /// # Errors
    /// As [`KeptRecords::load_records`].
    pub fn load_held(
        &self,
        plan: &Plan,
        feeds: &[Feed],
        (held, touched): (&mut Sorter, &mut Touched),
        go_on: &dyn Fn() -> Result<(), RunFault>,
    ) -> Result<(), RunFault> {
        // Segments that were joined may hold rows of today beside older ones.
        let of_today = self.inputs.iter().zip(&self.of_today).filter(|(_, of_today)| **of_today);
        let first = of_today.map(|(input, _)| input.sequence).min();
        for segment in &self.segments {
            let [_, has_others] = self.feeds_now(plan, segment).tables(feeds);
            if !has_others && first.is_none_or(|first| segment.sequence < first) {
                continue;
            }
            self.each_group_of(plan, segment, &mut |rows| {
                let mut others = Vec::new();
                for row in Row::all(&rows) {
                    let feed = &feeds[usize::from(row.feed())];
                    if self.of_today[usize::from(row.origin().input)] {
                        touched.enter(row, feed);
                    }
                    if !feed.table.is_of_encounters() {
                        others.extend_from_slice(row.bytes());
                    }
                }
                held.add(sort_rows(others)).map_err(RunFault::Write)?;
                go_on()
            })?;
        }
        Ok(())
    }

    /// Writes the rows of a run as segments: those of encounters and of what hangs on them (the first sorter), and others, the rows that could not be read among them. They
    /// exist when the catalogue names them.
    ///
    /// # Errors
    /// A segment cannot be written.
    pub fn keep(
        &self,
        plan: &Plan,
        (first, sequence): (u32, u64),
        inputs: Vec<NewInput>,
        [of_encounters, held, quarantine]: [&Sorter; 3],
    ) -> Result<NewRecords, RunFault> {
        let mut feeds = self.feeds.clone();
        // By the place of a feed in the plan: its number in the catalogue.
        let numbers: Vec<u64> = plan.feeds.iter().map(|feed| number_of(&mut feeds, &self.pipeline, feed)).collect();
        let of_quarantine = number_among(&mut feeds, KeptQuarantine::feed(&self.pipeline));
        // The numbers of new inputs follow on those that were kept, here and in the catalogue.
        let kept = self.inputs.len() as u32;
        let mut segments = Vec::new();
        for (sorters, is_of_encounters) in [(vec![of_encounters], true), (vec![held, quarantine], false)] {
            let is_own = |place: &usize| plan.feeds[*place].layout.table.is_of_encounters() == is_of_encounters;
            let own: Vec<usize> = (0..numbers.len()).filter(is_own).collect();
            let mut of_segment: Vec<u64> = own.iter().map(|place| numbers[*place]).collect();
            of_segment.extend((!is_of_encounters).then_some(of_quarantine));
            let stem = if is_of_encounters { format!("{sequence:06}") } else { format!("{sequence:06}-0") };
            let mut files: Option<SegmentFiles> = None;
            for sorter in sorters {
                let mut merge = sorter.merge().map_err(RunFault::Write)?;
                while let Some(row) = merge.row() {
                    let files = match &mut files {
                        Some(files) => files,
                        none => none.insert(SegmentFiles::begin(
                            &self.folder,
                            (&self.pipeline, sequence),
                            &stem,
                            of_segment.clone(),
                            is_of_encounters,
                        )?),
                    };
                    let place = own.iter().position(|place| *place == usize::from(row.feed()));
                    let feed = if row.feed() == OF_QUARANTINE { own.len() } else { place.unwrap_or(own.len()) };
                    files.add(row, feed as u8, first + (u32::from(row.origin().input) - kept))?;
                    merge.advance().map_err(RunFault::Write)?;
                }
            }
            if let Some(files) = files {
                segments.extend(files.end()?);
            }
        }
        Ok(NewRecords { inputs, segments, feeds })
    }
}

/// Of a feed whose rows are kept: its place in the plan, and where its columns have other slots now, the slots of each.
type FeedNow = (u8, Option<Vec<Vec<u8>>>);

/// The number of a feed as it is read now, among those that the catalogue has; it is added where it was never read so.
fn number_of(feeds: &mut Vec<KeptFeed>, pipeline: &str, feed: &crate::plan::FeedPlan) -> u64 {
    let (name, columns) = (feed.name.clone(), feed.layout.kept_columns());
    number_among(feeds, KeptFeed { pipeline: pipeline.to_owned(), name, columns })
}

fn number_among(feeds: &mut Vec<KeptFeed>, own: KeptFeed) -> u64 {
    let known = feeds.iter().position(|known| *known == own);
    known.unwrap_or_else(|| {
        feeds.push(own);
        feeds.len() - 1
    }) as u64
}

/// By the slot that a cell had: the slots that its column has now. A column is known by its name. Where several fields are read of one column, each field keeps its own
/// cell, and a field that is new has that of the first.
fn slots_now(before: &[KeptColumn], now: &[KeptColumn]) -> Vec<Vec<u8>> {
    let same = |one: &KeptColumn, other: &KeptColumn| (&one.field, one.position) == (&other.field, other.position);
    let alike = |one: &KeptColumn, other: &KeptColumn| one.names.iter().any(|name| other.names.contains(name));
    let source = |column: &KeptColumn| {
        let exact = before.iter().position(|old| same(old, column) && alike(old, column));
        exact.or_else(|| before.iter().position(|old| alike(old, column)))
    };
    let mut slots = vec![Vec::new(); before.len()];
    for (place, column) in now.iter().enumerate() {
        if let (Some(old), Ok(place)) = (source(column), u8::try_from(place)) {
            slots[old].push(place);
        }
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_found_again_by_the_name_of_its_column_whatever_its_place() {
        let column = |field: &str, position: u8, names: &[&str]| KeptColumn {
            field: field.to_owned(),
            position,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let before = [
            column("encounter_id", 0, &["ID"]),
            column("sex", 0, &["SEX"]),
            column("diagnosis_code", 1, &["DX2"]),
            column("service", 0, &["WARD"]),
        ];
        // A column more, another order, a field that is read of a column of another name, a column that is mapped no more.
        let now = [
            column("sex", 0, &["GENDER", "SEX"]),
            column("encounter_id", 0, &["ID"]),
            column("payer", 0, &["PAYER"]),
            column("service", 0, &["UNIT"]),
        ];
        assert_eq!(slots_now(&before, &now), [vec![1], vec![0], vec![], vec![]]);
        // One column for two fields.
        let both = [column("facility_id", 0, &["F"]), column("service", 0, &["F"])];
        assert_eq!(slots_now(&both, &both), [vec![0], vec![1]]);
        // A second field of a column that one field was read of.
        assert_eq!(slots_now(&both[..1], &both), [vec![0, 1]]);
    }
}
