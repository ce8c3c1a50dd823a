//! Holds every input against its layout without taking it: opened, its heading bound, its first rows read, and nothing written.
//!
//! It is the very reading that a run does, stopped after the first piece of each input: what is told here is what a run would meet.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    ingest::{
        decode::{HEAD_BYTES, open_text},
        fault::SourceFault,
        heading::IsHeading,
        input_file::InputFile,
        inputs::{InputPart, inputs_of},
        take::{InputTask, TakeFault, take},
        workbook::book::SourceWorkbook,
    },
    partition::decode::dates_unread,
    plan::{FeedPlan, Plan},
    record::{
        account::{InputAccount, UnreadPart},
        field::{CanonicalTable, Field},
    },
    rows::{slot::Feed, sorter::Sorter},
    run::taking::ReadOfFiles,
};

/// Share of the rows looked at, in percent, from which a rejected row or an unread date is no slip but a layout that does not fit.
const MOSTLY: u64 = 50;

/// What came of holding one input against its layout.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    /// Place of its feed in the plan.
    pub feed: usize,
    /// The file.
    pub file: PathBuf,
    /// The account of the rows looked at; its fault says why the input as a whole cannot be used.
    pub account: InputAccount,
    /// Whether the fault is what the system answered: a run would publish nothing.
    pub is_unreadable: bool,
    /// Dates of the rows looked at that no stated format reads: field, unread, filled.
    pub dates_unread: Vec<(Field, u64, u64)>,
    /// What else is worth a look, in words without cell content.
    pub remarks: Vec<String>,
}

impl Trial {
    /// Whether a run would call the input unusable.
    pub fn is_unusable(&self) -> bool {
        self.account.is_unusable()
    }

    /// What does not fit, in one line without cell content; empty where all fits.
    pub fn words(&self) -> String {
        let account = &self.account;
        let mut words = Vec::new();
        if !account.fault.is_empty() {
            words.push(account.fault.clone());
            words.extend(self.unread_words());
            return words.join("; ");
        }
        if account.quarantined > 0 {
            let share = account.quarantined * 100 / account.read.max(1);
            let all = if account.quarantined == account.read { ": every row would be rejected" } else { "" };
            words.push(format!(
                "{} of the first {} rows do not fit the layout{all}{}",
                account.quarantined,
                account.read,
                if share >= MOSTLY && all.is_empty() { ": most would be rejected" } else { "" }
            ));
            words.extend(Some(account.damage()).filter(|damage| !damage.is_empty()));
        }
        for (field, unread, filled) in &self.dates_unread {
            words.push(format!(
                "{unread} of the first {filled} values of {} fit no format that the layout states",
                field.name()
            ));
        }
        if account.formulas_without_value > 0 {
            words.push(format!("{} cells hold a formula with no stored value", account.formulas_without_value));
        }
        if account.cells_of_other_type > 0 {
            words.push(format!(
                "{} cells are dates, times or TRUE and FALSE where a text, a code or a number belongs",
                account.cells_of_other_type
            ));
        }
        words.extend(self.unread_words());
        words.extend(self.remarks.iter().cloned());
        words.join("; ")
    }

    /// What the file holds and no feed reads.
    fn unread_words(&self) -> impl Iterator<Item = String> {
        [
            ("rows not read", UnreadPart::list(self.account.unread_unasked())),
            ("left out by choice", UnreadPart::list(self.account.unread_by_choice())),
        ]
        .into_iter()
        .filter(|(_, unread)| !unread.is_empty())
        .map(|(what, unread)| format!("{what}: {unread}"))
    }
}

/// Holds every input of a plan against its layout.
pub fn try_inputs(plan: &Plan) -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    let mut read_of = ReadOfFiles::default();
    let mut first_feed_of: BTreeMap<(&Path, String), usize> = BTreeMap::new();
    for (place, feed_plan) in plan.feeds.iter().enumerate() {
        let feed = Feed { only: feed_plan.only.clone(), ..feed_plan.layout.feed(&feed_plan.name) };
        for file in &feed_plan.files {
            let account = InputAccount {
                feed: feed.name.clone(),
                table: Some(feed.table),
                file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
                parts_stated: !feed_plan.source.sheets.is_empty() || !feed_plan.source.members.is_empty(),
                ..InputAccount::default()
            };
            let trial = Trial { feed: place, file: file.clone(), account, ..Trial::default() };
            let with_fault = |part: String, fault: SourceFault| Trial {
                is_unreadable: matches!(fault, SourceFault::Read(_)),
                account: InputAccount { part, fault: fault.to_string(), ..trial.account.clone() },
                ..trial.clone()
            };
            let is_heading: IsHeading<'_> = &|names, fullest_above| feed_plan.layout.is_heading(names, fullest_above);
            let found = InputFile::open(file).and_then(|file| inputs_of(&file, &feed_plan.source, is_heading));
            let found = match found {
                Ok(found) => found,
                Err(fault) => {
                    trials.push(with_fault(String::new(), fault));
                    continue;
                }
            };
            let mut book = found.book;
            for part in found.inputs {
                let mut own = trial.clone();
                own.account.part = part.part().to_owned();
                // Wanted where one export serves two tables, a slip of a file pattern otherwise.
                let first = *first_feed_of.entry((file, own.account.part.clone())).or_insert(place);
                if first != place {
                    own.remarks.push(format!("the feed {} reads it too", plan.feeds[first].name));
                }
                if feed_plan.files.first() == Some(file) {
                    own.remarks.extend(without_discharge_date(&feed));
                }
                try_one(&part, book.as_mut(), feed_plan, &feed, &mut own);
                read_of.add(file, trials.len(), part.part());
                trials.push(own);
            }
            for (part, fault) in found.missing {
                read_of.add(file, trials.len(), &part);
                trials.push(with_fault(part, fault));
            }
            read_of.leaves(file, found.unread);
        }
    }
    let mut accounts: Vec<InputAccount> = trials.iter().map(|trial| trial.account.clone()).collect();
    read_of.say(&mut accounts);
    for (trial, account) in trials.iter_mut().zip(accounts) {
        trial.account = account;
    }
    trials
}

/// Says that a layout of encounters reads no day of discharge.
fn without_discharge_date(feed: &Feed) -> Option<String> {
    let reads = feed.slots.iter().chain(feed.constants.iter().map(|(slot, _)| slot));
    let is_without =
        feed.table == CanonicalTable::Encounters && !reads.into_iter().any(|slot| slot.field == Field::DischargeDate);
    is_without.then(|| "the layout has no discharge_date: every stay is undated, and in no figure".to_owned())
}

/// Says where the stated encoding is not the one that the text proves: letters with accents would be read as two wrong ones each.
fn encoding_doubt(part: &InputPart, stated: Option<&str>) -> Option<String> {
    let stated = stated.filter(|label| !label.eq_ignore_ascii_case("utf-8") && !label.eq_ignore_ascii_case("utf8"))?;
    if part.sheet.is_some() {
        return None;
    }
    let mut source = open_text(&part.file, part.container, part.member.as_ref(), None).ok()?;
    let mut head = Vec::new();
    source.fill(&mut head, HEAD_BYTES).ok()?;
    let is_proven = source.encoding == "UTF-8" && !source.encoding_guessed && !head.is_ascii();
    is_proven.then(|| format!("the layout states encoding = \"{stated}\", and the text is UTF-8"))
}

fn try_one(
    part: &InputPart,
    mut book: Option<&mut SourceWorkbook>,
    feed_plan: &FeedPlan,
    feed: &Feed,
    trial: &mut Trial,
) {
    let taking =
        InputTask { feed, feed_index: 0, input_index: 0, layout: &feed_plan.layout, source: &feed_plan.source };
    let untouched = trial.account.clone();
    let fresh = || Sorter::in_memory(usize::MAX);
    let mut sorter = fresh();
    let mut quarantine = |_: &crate::ingest::block::RejectedRow| Ok(());
    let first_piece = |_: u64| false;
    let mut taken =
        take(part, book.as_deref_mut(), &taking, &mut trial.account, &mut sorter, &mut quarantine, &first_piece, false);
    if matches!(taken, Err(TakeFault::Doubt)) {
        trial.account = untouched.clone();
        sorter = fresh();
        taken = take(part, book, &taking, &mut trial.account, &mut sorter, &mut quarantine, &first_piece, true);
    }
    if let Err(TakeFault::Source(fault)) = taken {
        trial.is_unreadable = matches!(fault, SourceFault::Read(_));
        trial.account = InputAccount { fault: fault.to_string(), ..untouched };
        return;
    }
    trial.remarks.extend(encoding_doubt(part, feed_plan.source.encoding.as_deref()));
    let Ok(mut merge) = sorter.merge() else { return };
    while let Some(row) = merge.row() {
        for (field, is_unread) in dates_unread(row, feed) {
            let place = trial.dates_unread.iter().position(|(own, ..)| *own == field).unwrap_or_else(|| {
                trial.dates_unread.push((field, 0, 0));
                trial.dates_unread.len() - 1
            });
            let (_, unread, filled) = &mut trial.dates_unread[place];
            *filled += 1;
            *unread += u64::from(is_unread);
        }
        if merge.advance().is_err() {
            break;
        }
    }
    trial.dates_unread.retain(|(_, unread, _)| *unread > 0);
    trial.dates_unread.sort_by_key(|(field, ..)| *field);
}
