//! One night: every finding and deficiency is seen once, and what it was on the nights before says what it is tonight.
//!
//! A night that is run again on its day says what it said: what became of something on this very day, or after it, is left out of account and written anew.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    account::{LifeCounts, NightAccount},
    tables::NoLongerFoundLine,
};
use crate::{
    partition::registers::decisions::Decisions,
    record::record_set::record_digest,
    record::{
        date::Day,
        finding::{FindingKey, Origin, Severity},
        life::{
            Decided, DecidedKeys, Disposition, Life, LifeEvent, LifeEvents, LifeOf, LifeState, LifeStatus, is_value,
        },
    },
    store::tracked::{NewTracked, TrackedEdits, TrackedRow, TrackedSum},
};

/// What the nights before left of one key.
#[derive(Debug, Clone, Copy)]
struct Held {
    /// As it stood before this day; `None` where it was not there.
    life: Option<Life>,
    of: LifeOf,
    /// Digest of its value before this day.
    value: u64,
    /// Something is written of it on this day or after it, which is written anew.
    is_rewritten: bool,
    /// How it was seen tonight.
    seen: Option<LifeStatus>,
    /// A decision stands against a value that is no longer there.
    is_overtaken: bool,
    /// It is gone for longer than histories are kept.
    is_past: bool,
}

impl Held {
    /// Whether it was there before this day and was not seen tonight.
    fn is_gone(&self) -> bool {
        self.seen.is_none() && self.life.is_some_and(|life| life.state != LifeState::Gone)
    }
}

/// Who has accepted a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptedBy {
    /// A section of the pipeline file.
    Pipeline,
    /// A decision that came back with a worklist.
    Decision(Disposition),
}

/// A finding or deficiency as it is seen.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'s> {
    /// What it is.
    pub of: LifeOf,
    /// What it is known by.
    pub key: FindingKey,
    /// Code of its rule or kind.
    pub code: &'s str,
    /// Severity of a finding.
    pub severity: Option<Severity>,
    /// The facility; empty where none is named.
    pub facility_id: &'s str,
    /// The encounter, or what else it speaks of.
    pub record: &'s str,
    /// The field at fault, or the kind of document.
    pub field: &'s str,
    /// What its values are known by; see [`crate::record::life::values_digest`].
    pub values: u64,
    /// Who has accepted it.
    pub accepted: Option<AcceptedBy>,
    /// The record is incomplete past its limit.
    pub delinquent: bool,
    /// It speaks of an encounter, and not of a day, a month or a practitioner.
    pub is_of_a_record: bool,
}

/// What is known of it tonight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenTonight {
    /// How it stands.
    pub status: LifeStatus,
    /// The night on which it was found first.
    pub first_seen: Day,
}

/// A key that was followed before, and of which something happened tonight.
#[derive(Debug, Clone)]
struct Change {
    key: FindingKey,
    of: LifeOf,
    code: Box<str>,
    facility_id: Box<str>,
    record: Box<str>,
    field: Box<str>,
    value: u64,
    events: Vec<LifeEvent>,
}

/// How a night begins.
#[derive(Debug, Clone, Default)]
pub struct NightBegin {
    /// The night before, where there was one.
    pub previous: Option<Day>,
    /// Whether edits, code sets, layouts or settings are others than then.
    pub edits_changed: bool,
    /// Why nobody becomes delinquent, in words; empty where there is no reason.
    pub delinquency_held: String,
    /// The day on which the document index came last.
    pub documents_as_of: Option<Day>,
    /// What was corrected longer ago than so many days is forgotten; `None`: nothing is.
    pub history_days: Option<i32>,
    /// By input: its name, where it came tonight.
    pub came_tonight: Vec<Option<String>>,
}

impl NightBegin {
    fn name_of(&self, origin: Origin) -> Option<&str> {
        self.came_tonight.get(usize::from(origin.input))?.as_deref()
    }
}

/// Rows that are named one by one.
const MOST_NAMED: usize = 5;

/// A night at work. Without [`Night::follow`] nothing is followed, and the decisions alone are known.
#[derive(Debug, Default)]
pub struct Night {
    today: Option<Day>,
    begin: NightBegin,
    /// Whether earlier nights are known.
    remembers: bool,
    /// Digests of the charts in which no document could be called missing.
    without_index: FxHashSet<u64>,
    /// Digests of the records with a deficiency that was there before this day.
    with_deficiency: FxHashSet<u64>,
    lives: FxHashMap<FindingKey, Held>,
    /// Numbers of the encounters of which rows came tonight; asked where edits changed.
    touched: FxHashSet<u64>,
    /// What was decided.
    pub decisions: Decisions,
    /// By key: the last decision that held of it.
    decided: FxHashMap<FindingKey, Decided>,
    new: Vec<NewTracked>,
    changes: Vec<Change>,
    counts: [LifeCounts; 2],
    records_with_new: [FxHashSet<u64>; 2],
    became_delinquent: FxHashSet<u64>,
}

/// What a night comes to.
#[derive(Debug)]
pub struct NightEnd {
    /// The figures.
    pub account: NightAccount,
    /// What is no longer found, in order.
    pub no_longer_found: Vec<NoLongerFoundLine>,
    /// What is to be written.
    pub edits: TrackedEdits,
    /// The sum of all rows from then on.
    pub sum: TrackedSum,
}

/// Whether a text of a worklist that came back is the value of a finding: as it was written, or as a spreadsheet writes it. A worklist that does not say is of the
/// value that stood.
fn is_said(text: &str, values: u64) -> bool {
    let text = text.trim();
    let plain = text.strip_prefix('\'').unwrap_or(text);
    let day = |separator: char, order: [usize; 3]| {
        let parts: Vec<u32> = plain.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let [year, month, day] = order.map(|place| parts.get(place).copied().unwrap_or(0));
        Day::from_ymd(i32::try_from(year).ok()?, month, day).filter(|_| parts.len() == 3)
    };
    let days = [day('/', [2, 0, 1]), day('.', [2, 1, 0])].into_iter().flatten().map(|day| day.to_string());
    text.is_empty()
        || is_value(values, text)
        || is_value(values, plain)
        || days.into_iter().any(|day| is_value(values, &day))
}

impl Night {
    /// A night that follows nothing, with what was decided.
    pub fn with(decisions: Decisions) -> Night {
        Night { decisions, ..Night::default() }
    }

    /// From now on everything is followed, as of a day.
    pub fn follow(&mut self, today: Day, begin: NightBegin) {
        (self.today, self.begin, self.remembers) = (Some(today), begin, true);
    }

    /// What the nights of a pipeline came to is known, and nothing is followed.
    pub fn remembers(&mut self) {
        self.remembers = true;
    }

    /// Whether findings and deficiencies are followed.
    pub fn follows(&self) -> bool {
        self.today.is_some()
    }

    /// Why nobody becomes delinquent tonight, in words; empty where there is no reason.
    pub fn delinquency_held(&self) -> &str {
        &self.begin.delinquency_held
    }

    /// Days since a night.
    pub fn days_since(&self, night: Day) -> i32 {
        self.today.map_or(0, |today| today.0 - night.0)
    }

    /// Whether it is asked which records have rows of tonight.
    pub fn asks_touched(&self) -> bool {
        self.follows() && self.begin.edits_changed
    }

    /// Rows of these encounters came tonight: digests of their numbers.
    pub fn touch(&mut self, records: impl IntoIterator<Item = u64>) {
        self.touched.extend(records);
    }

    /// Takes what the nights before left of one key.
    pub fn remember(&mut self, row: TrackedRow) {
        let Some(today) = self.today else { return };
        let value = row.events.value_before(today).unwrap_or(row.value);
        let all = row.events.0.len();
        let before = row.events.before(today);
        self.decided.extend(before.decided().map(|decided| (row.key, decided)));
        let is_rewritten = before.0.len() < all;
        let life = before.life();
        let last = before.0.last().map_or(today, |(day, _)| *day);
        let is_kept = self.begin.history_days.is_none_or(|days| today.0 - last.0 <= days);
        let is_past = !is_kept && !is_rewritten && life.is_some_and(|life| life.state == LifeState::Gone);
        if row.of == LifeOf::Deficiency && life.is_some_and(|life| life.state != LifeState::Gone) {
            self.with_deficiency.insert(record_digest(row.record.as_bytes()));
        }
        let held = Held { life, of: row.of, value, is_rewritten, seen: None, is_overtaken: false, is_past };
        self.lives.insert(row.key, held);
    }

    /// Takes what is known of one key, where nothing is followed.
    pub fn know(&mut self, row: TrackedRow) {
        let (life, of, value) = (row.events.life(), row.of, row.value);
        self.decided.extend(row.events.decided().map(|decided| (row.key, decided)));
        let held = Held { life, of, value, is_rewritten: false, seen: None, is_overtaken: false, is_past: false };
        self.lives.insert(row.key, held);
    }

    /// In these charts no document could be called missing: digests of their numbers.
    pub fn without_index(&mut self, records: impl IntoIterator<Item = u64>) {
        self.without_index.extend(records);
    }

    /// Whether a record had a deficiency before this day: digest of its number.
    pub fn has_open(&self, record: u64) -> bool {
        self.with_deficiency.contains(&record)
    }

    /// The keys of which something is decided, each once.
    pub fn keys_decided(&self) -> Vec<FindingKey> {
        let mut keys: Vec<FindingKey> = self.decisions.all().iter().map(|decision| decision.key).collect();
        keys.dedup();
        keys
    }

    /// The keys of which a decision may hold, each with the values that it speaks of: those that stood on the worklist of the night before it came. A decision that
    /// came on an earlier night holds of what it held of then, and of nothing where it held of nothing.
    pub fn decided_keys(&self) -> DecidedKeys {
        let mut keys = DecidedKeys::default();
        for of_key in self.decisions.all().chunk_by(|one, other| one.key == other.key) {
            let key = of_key[0].key;
            let Some((disposition, decision)) = self.decisions.in_force(key).settled else { continue };
            let bound = self.decided.get(&key).filter(|decided| decided.row == decision.fingerprint);
            let held = self.lives.get(&key).filter(|held| held.life.is_some());
            let came_tonight = self.begin.name_of(decision.origin).is_some();
            let values = match (disposition, bound, held) {
                // Without a store nothing is known of earlier nights.
                _ if !self.remembers => None,
                (Disposition::Waived, Some(_), _) => None,
                (Disposition::Verified, Some(bound), _) => Some(bound.value),
                (Disposition::Waived, None, Some(_)) if came_tonight => None,
                (Disposition::Verified, None, Some(held))
                    if came_tonight && (held.of == LifeOf::Deficiency || is_said(&decision.value, held.value)) =>
                {
                    Some(held.value)
                }
                _ => continue,
            };
            keys.enter(key, disposition, values);
        }
        keys
    }

    /// Sees a finding or deficiency; `None` where nothing is followed.
    pub fn see(&mut self, sighting: &Sighting<'_>) -> Option<SeenTonight> {
        let today = self.today?;
        let Sighting { of, key, code, severity, facility_id, record, accepted, delinquent, .. } = *sighting;
        let value = sighting.values;
        let held = self.lives.get(&key).copied();
        let life = held.and_then(|held| held.life);
        let first_seen = life.map_or(today, |life| life.first_seen);
        // The same key once more on this night says nothing new.
        if let Some(status) = held.and_then(|held| held.seen) {
            return Some(SeenTonight { status, first_seen });
        }
        if life.is_none() && accepted == Some(AcceptedBy::Pipeline) {
            return Some(SeenTonight { status: LifeStatus::Verified, first_seen: today });
        }
        let is_by_change = self.begin.edits_changed && !self.touched.contains(&record_digest(record.as_bytes()));
        // The same number may be another record at another facility.
        let of_record = record_digest([facility_id, record].join("\0").as_bytes());
        let mut events = Vec::new();
        let mut status = match life {
            None if is_by_change => {
                events.push(LifeEvent::FoundByChange);
                LifeStatus::NewByChange
            }
            None => {
                events.push(LifeEvent::Found);
                LifeStatus::New
            }
            Some(Life { state: LifeState::Gone, .. }) if is_by_change => {
                events.push(LifeEvent::FoundByChange);
                LifeStatus::NewByChange
            }
            Some(Life { state: LifeState::Gone, .. }) => {
                events.push(LifeEvent::Reopened);
                LifeStatus::Reopened
            }
            Some(Life { state: LifeState::Settled(_), .. }) if accepted.is_none() => {
                events.push(LifeEvent::Reopened);
                LifeStatus::Reopened
            }
            Some(_) => LifeStatus::Open,
        };
        if life.is_some() && held.is_some_and(|held| held.value != value) {
            events.push(LifeEvent::ValueChanged(held.map_or(0, |held| held.value)));
        }
        if let Some(accepted) = accepted {
            let (disposition, row) = match accepted {
                AcceptedBy::Pipeline => (Disposition::Verified, 0),
                AcceptedBy::Decision(disposition) => {
                    let settled = self.decisions.in_force(key).settled;
                    (disposition, settled.map_or(0, |(_, decision)| decision.fingerprint))
                }
            };
            let decided = Decided { row, value };
            let stands = life.is_some_and(|life| {
                life.state == LifeState::Settled(disposition)
                    && self.decided.get(&key).is_some_and(|before| before.row == row)
            });
            status = match disposition {
                Disposition::Verified => LifeStatus::Verified,
                Disposition::Waived => LifeStatus::Waived,
            };
            if !stands {
                events.push(match disposition {
                    Disposition::Verified => LifeEvent::Verified(decided),
                    Disposition::Waived => LifeEvent::Waived(decided),
                });
            }
        } else if delinquent && self.begin.delinquency_held.is_empty() && !life.is_some_and(|life| life.delinquent) {
            events.push(LifeEvent::Delinquent);
            self.became_delinquent.insert(of_record);
        }
        self.count(of, (status, severity), sighting.is_of_a_record.then_some(of_record), today.0 - first_seen.0);
        match held {
            _ if events.is_empty() => {}
            None => {
                let new =
                    NewTracked::of((key, of, value), [code, facility_id, record, sighting.field], (today, &events));
                self.new.push(new);
            }
            Some(_) => self.changes.push(Change {
                key,
                of,
                code: code.into(),
                facility_id: facility_id.into(),
                record: record.into(),
                field: sighting.field.into(),
                value,
                events,
            }),
        }
        // Told on the night on which it happens.
        let settled = self.decisions.in_force(key).settled.filter(|_| accepted.is_none());
        let is_overtaken = settled.is_some_and(|(_, decision)| {
            status == LifeStatus::Reopened || self.begin.name_of(decision.origin).is_some()
        });
        let unknown = Held { life, of, value, is_rewritten: false, seen: None, is_overtaken, is_past: false };
        let held = self.lives.entry(key).or_insert(unknown);
        (held.seen, held.is_overtaken) = (Some(status), is_overtaken);
        Some(SeenTonight { status, first_seen })
    }

    fn count(
        &mut self,
        of: LifeOf,
        (status, severity): (LifeStatus, Option<Severity>),
        record: Option<u64>,
        days: i32,
    ) {
        let counts = &mut self.counts[of as usize];
        match status {
            LifeStatus::New => {
                counts.new += 1;
                self.records_with_new[of as usize].extend(record);
            }
            LifeStatus::NewByChange => counts.new_by_change += 1,
            LifeStatus::Reopened => counts.reopened += 1,
            LifeStatus::Verified => counts.verified += 1,
            LifeStatus::Waived => counts.waived += 1,
            LifeStatus::Open | LifeStatus::Corrected | LifeStatus::GoneByChange => {}
        }
        if matches!(status, LifeStatus::New | LifeStatus::Reopened)
            && let Some(count) = severity.and_then(|severity| counts.new_by_severity.get_mut(severity as usize))
        {
            *count += 1;
        }
        if !matches!(status, LifeStatus::Verified | LifeStatus::Waived) {
            counts.open += 1;
            counts.oldest_days = counts.oldest_days.max(days);
        }
    }

    /// Counts an open deficiency by the day on which it is due.
    pub fn count_due(&mut self, due: Option<Day>) {
        let counts = &mut self.counts[LifeOf::Deficiency as usize];
        if let (Some(today), Some(due)) = (self.today, due) {
            counts.due_today += u64::from(due == today);
            counts.overdue += u64::from(due < today);
        }
    }

    /// Ends the night. `row_of` reads the row of a key; `is_carried` says what was not looked for, which stays as it was: by its kind, its code, and whether no document of its record
    /// could be called missing; `sum` is that of all rows before.
    ///
    /// # Errors
    /// A row cannot be read.
    pub fn end<E>(
        mut self,
        pipeline: &str,
        mut sum: TrackedSum,
        is_carried: &dyn Fn(LifeOf, &str, bool) -> bool,
        row_of: &mut dyn FnMut(FindingKey) -> Result<Option<TrackedRow>, E>,
    ) -> Result<Option<NightEnd>, E> {
        let Some(today) = self.today else { return Ok(None) };
        let mut edits = TrackedEdits { pipeline: pipeline.to_owned(), ..TrackedEdits::default() };
        let mut write = |before: Option<&TrackedRow>, after: TrackedRow, edits: &mut TrackedEdits| {
            if before != Some(&after) {
                before.into_iter().for_each(|before| sum.remove(before));
                match after.events.0.is_empty() {
                    true => edits.removed.push(after.key),
                    false => {
                        sum.add(&after);
                        edits.written.push(after);
                    }
                }
            }
        };
        edits.new = std::mem::take(&mut self.new);
        edits.new.sort_unstable_by_key(|new| new.key.0 as i64);
        let mut changed = FxHashSet::default();
        for change in std::mem::take(&mut self.changes) {
            let before = row_of(change.key)?;
            let mut events = before.clone().map_or_else(LifeEvents::default, |before| before.events.before(today));
            events.0.extend(change.events.iter().map(|event| (today, *event)));
            let Change { key, of, code, facility_id, record, field, value, events: _ } = change;
            let (code, facility_id, record, field) = (code.into(), facility_id.into(), record.into(), field.into());
            write(before.as_ref(), TrackedRow { key, of, code, facility_id, record, field, value, events }, &mut edits);
            changed.insert(key);
        }
        let mut no_longer_found = Vec::new();
        let mut rest: Vec<(FindingKey, Held)> = self
            .lives
            .iter()
            .filter(|(key, held)| {
                (held.is_gone() || held.is_rewritten || held.is_past && held.seen.is_none()) && !changed.contains(key)
            })
            .map(|(key, held)| (*key, *held))
            .collect();
        rest.sort_unstable_by_key(|(key, _)| *key);
        for (key, held) in rest {
            let Some(before) = row_of(key)? else { continue };
            let mut after =
                TrackedRow { events: before.events.clone().before(today), value: held.value, ..before.clone() };
            if held.is_past {
                after.events.0.clear();
            }
            let counts = &mut self.counts[held.of as usize];
            let without_index = self.without_index.contains(&record_digest(before.record.as_bytes()));
            if held.is_gone() && is_carried(held.of, &before.code, without_index) {
                counts.not_looked_for += 1;
                counts.open += 1;
                let days = held.life.map_or(0, |life| today.0 - life.first_seen.0);
                counts.oldest_days = counts.oldest_days.max(days);
            } else if held.is_gone() {
                let last_seen = self.begin.previous.unwrap_or(today);
                let by_change =
                    self.begin.edits_changed && !self.touched.contains(&record_digest(before.record.as_bytes()));
                let (event, status) = match by_change {
                    true => (LifeEvent::GoneByChange(last_seen), LifeStatus::GoneByChange),
                    false => (LifeEvent::Corrected(last_seen), LifeStatus::Corrected),
                };
                *(if by_change { &mut counts.gone_by_change } else { &mut counts.corrected }) += 1;
                after.events.0.push((today, event));
                no_longer_found.push(NoLongerFoundLine {
                    of: held.of,
                    status,
                    code: before.code.clone(),
                    facility_id: before.facility_id.clone(),
                    record: before.record.clone(),
                    field: before.field.clone(),
                    first_seen: held.life.map_or(today, |life| life.first_seen),
                    last_seen,
                    key,
                });
            }
            write(Some(&before), after, &mut edits);
        }
        no_longer_found.sort();
        edits.written.sort_unstable_by_key(|row| row.key.0 as i64);
        edits.new.iter().for_each(|new| sum.add(&new.row()));
        for (counts, records) in self.counts.iter_mut().zip(&self.records_with_new) {
            counts.records_with_new = records.len() as u64;
        }
        let account = self.account();
        Ok(Some(NightEnd { account, no_longer_found, edits, sum }))
    }

    fn account(&mut self) -> NightAccount {
        let [findings, deficiencies] = std::mem::take(&mut self.counts);
        let mut account = NightAccount {
            followed: true,
            previous_night: self.begin.previous.map_or_else(String::new, |day| day.to_string()),
            edits_changed: self.begin.edits_changed,
            findings,
            deficiencies,
            became_delinquent: self.became_delinquent.len() as u64,
            delinquency_held: self.begin.delinquency_held.clone(),
            documents_as_of: self.begin.documents_as_of.map_or_else(String::new, |day| day.to_string()),
            ..NightAccount::default()
        };
        for of_key in self.decisions.all().chunk_by(|one, other| one.key == other.key) {
            account.decisions.keys += 1;
            let is_of_tonight = of_key.iter().any(|decision| self.begin.name_of(decision.origin).is_some());
            account.decisions.tonight += u64::from(is_of_tonight);
            match self.lives.get(&of_key[0].key) {
                None => account.decisions.unknown += u64::from(is_of_tonight),
                Some(held) => account.decisions.value_changed += u64::from(held.is_overtaken),
            }
        }
        for origin in self.decisions.unreadable() {
            let Some(name) = self.begin.name_of(*origin) else { continue };
            account.decisions.unreadable += 1;
            if account.decisions.unreadable_rows.len() < MOST_NAMED {
                account.decisions.unreadable_rows.push(format!("{name} row {}", origin.row));
            }
        }
        account
    }
}

#[cfg(test)]
mod tests;
