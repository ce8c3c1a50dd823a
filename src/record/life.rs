//! The life of a finding or a deficiency: what became of it from night to night, by its key.

use std::fmt;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::{date::Day, finding::FindingKey};

/// What has a life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LifeOf {
    /// A finding of an edit.
    Finding,
    /// A chart deficiency.
    Deficiency,
}

impl LifeOf {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            LifeOf::Finding => "finding",
            LifeOf::Deficiency => "deficiency",
        }
    }

    /// The kind of a word.
    pub fn from_name(name: &str) -> Option<LifeOf> {
        [LifeOf::Finding, LifeOf::Deficiency].into_iter().find(|of| of.name() == name)
    }
}

/// What became of it on a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeEvent {
    /// Found for the first time.
    Found,
    /// Found for the first time on a record that did not change: an edit, a code set, a layout or a setting did.
    FoundByChange,
    /// Not found any more; it was found last on this day.
    Corrected(Day),
    /// Not found any more on a record that did not change; it was found last on this day.
    GoneByChange(Day),
    /// Found again after it was gone, or open again after a decision that no longer holds.
    Reopened,
    /// Its value is another one; before it was the one of this [`value_digest`].
    ValueChanged(u64),
    /// Somebody has said that the value is true.
    Verified(Decided),
    /// Somebody has said that it need not be resolved.
    Waived(Decided),
    /// The record is incomplete past its limit.
    Delinquent,
}

/// A decision as a life knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// Fingerprint of the row that says it; 0 where the pipeline file does.
    pub row: u64,
    /// What [`value_digest`] gives of the value that it speaks of.
    pub value: u64,
}

impl fmt::Display for LifeEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LifeEvent::Found => write!(formatter, "found"),
            LifeEvent::FoundByChange => write!(formatter, "found by change of edits"),
            LifeEvent::Corrected(last) => write!(formatter, "corrected, last seen {last}"),
            LifeEvent::GoneByChange(last) => write!(formatter, "gone by change of edits, last seen {last}"),
            LifeEvent::Reopened => write!(formatter, "reopened"),
            LifeEvent::ValueChanged(before) => write!(formatter, "value changed, before {before:016x}"),
            LifeEvent::Verified(Decided { row, value }) => write!(formatter, "verified {row:016x} {value:016x}"),
            LifeEvent::Waived(Decided { row, value }) => write!(formatter, "waived {row:016x} {value:016x}"),
            LifeEvent::Delinquent => write!(formatter, "delinquent"),
        }
    }
}

impl LifeEvent {
    /// The event of a text, as it is shown.
    fn read(text: &str) -> Option<LifeEvent> {
        let last = |before: &str| Day::from_iso(text.strip_prefix(before)?);
        let value = |before: &str| u64::from_str_radix(text.strip_prefix(before)?, 16).ok();
        let decided = |before: &str| {
            let (row, value) = text.strip_prefix(before)?.split_once(' ')?;
            Some(Decided { row: u64::from_str_radix(row, 16).ok()?, value: u64::from_str_radix(value, 16).ok()? })
        };
        match text {
            "found" => Some(LifeEvent::Found),
            "found by change of edits" => Some(LifeEvent::FoundByChange),
            "reopened" => Some(LifeEvent::Reopened),
            "delinquent" => Some(LifeEvent::Delinquent),
            _ => last("corrected, last seen ")
                .map(LifeEvent::Corrected)
                .or_else(|| last("gone by change of edits, last seen ").map(LifeEvent::GoneByChange))
                .or_else(|| value("value changed, before ").map(LifeEvent::ValueChanged))
                .or_else(|| decided("verified ").map(LifeEvent::Verified))
                .or_else(|| decided("waived ").map(LifeEvent::Waived)),
        }
    }

    /// The word that a person reads.
    pub fn word(self) -> &'static str {
        match self {
            LifeEvent::Found => "new",
            LifeEvent::FoundByChange => "new, because edits, code sets or layouts changed",
            LifeEvent::Corrected(_) => "corrected",
            LifeEvent::GoneByChange(_) => "gone, because edits, code sets or layouts changed",
            LifeEvent::Reopened => "reopened",
            LifeEvent::ValueChanged(_) => "value changed",
            LifeEvent::Verified(_) => "verified",
            LifeEvent::Waived(_) => "waived",
            LifeEvent::Delinquent => "delinquent",
        }
    }
}

/// Events with their days, in the order of nights: `2026-10-05 found; 2026-10-07 corrected, last seen 2026-10-06`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifeEvents(pub Vec<(Day, LifeEvent)>);

impl fmt::Display for LifeEvents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (day, event)) in self.0.iter().enumerate() {
            let before = if place == 0 { "" } else { "; " };
            write!(formatter, "{before}{day} {event}")?;
        }
        Ok(())
    }
}

impl LifeEvents {
    /// The events of a text; `None` where it is none that this program writes.
    pub fn read(text: &str) -> Option<LifeEvents> {
        let event = |text: &str| {
            let (day, event) = text.split_once(' ')?;
            Some((Day::from_iso(day)?, LifeEvent::read(event)?))
        };
        text.split("; ").map(event).collect::<Option<Vec<_>>>().map(LifeEvents)
    }

    /// Those before a day.
    pub fn before(mut self, day: Day) -> LifeEvents {
        self.0.retain(|(own, _)| *own < day);
        self
    }

    /// The digest of the value before a day, where it has changed since.
    pub fn value_before(&self, day: Day) -> Option<u64> {
        self.0.iter().filter(|(own, _)| *own >= day).find_map(|(_, event)| match event {
            LifeEvent::ValueChanged(before) => Some(*before),
            _ => None,
        })
    }

    /// The last decision that held of it, whether it still does or not.
    pub fn decided(&self) -> Option<Decided> {
        self.0.iter().rev().find_map(|(_, event)| match event {
            LifeEvent::Verified(decided) | LifeEvent::Waived(decided) => Some(*decided),
            _ => None,
        })
    }

    /// What they come to; `None` of none.
    pub fn life(&self) -> Option<Life> {
        let (first_seen, _) = *self.0.first()?;
        let mut life = Life { first_seen, state: LifeState::Open, delinquent: false };
        for (_, event) in &self.0 {
            match event {
                LifeEvent::Found | LifeEvent::FoundByChange | LifeEvent::Reopened => life.state = LifeState::Open,
                LifeEvent::Corrected(_) | LifeEvent::GoneByChange(_) => {
                    (life.state, life.delinquent) = (LifeState::Gone, false);
                }
                LifeEvent::Verified(_) => life.state = LifeState::Settled(Disposition::Verified),
                LifeEvent::Waived(_) => life.state = LifeState::Settled(Disposition::Waived),
                LifeEvent::Delinquent => life.delinquent = true,
                LifeEvent::ValueChanged(_) => {}
            }
        }
        Some(life)
    }
}

/// How it stands after a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeState {
    /// Found, and nobody has decided.
    Open,
    /// Not found.
    Gone,
    /// Found, and somebody has decided.
    Settled(Disposition),
}

/// A life in brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// The night on which it was found first.
    pub first_seen: Day,
    /// How it stands.
    pub state: LifeState,
    /// Whether its record was delinquent by it already.
    pub delinquent: bool,
}

/// How it stands on the night of a run, as worklists say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LifeStatus {
    /// Found for the first time.
    New,
    /// Found for the first time because edits, code sets or layouts changed.
    NewByChange,
    /// Found again, or open again.
    Reopened,
    /// Found before, and open.
    Open,
    /// Verified as true.
    Verified,
    /// Waived.
    Waived,
    /// Not found any more.
    Corrected,
    /// Not found any more because edits, code sets or layouts changed.
    GoneByChange,
}

impl LifeStatus {
    /// The word in worklists.
    pub fn name(self) -> &'static str {
        match self {
            LifeStatus::New => "new",
            LifeStatus::NewByChange => "new, edits changed",
            LifeStatus::Reopened => "reopened",
            LifeStatus::Open => "open",
            LifeStatus::Verified => "verified",
            LifeStatus::Waived => "waived",
            LifeStatus::Corrected => "corrected",
            LifeStatus::GoneByChange => "gone, edits changed",
        }
    }
}

/// What a person decided of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// The value is true.
    Verified,
    /// It need not be resolved.
    Waived,
}

impl Disposition {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Disposition::Verified => "verified",
            Disposition::Waived => "waived",
        }
    }
}

/// The keys of which somebody has decided, each with the value that was decided of.
#[derive(Debug, Clone, Default)]
pub struct DecidedKeys(FxHashMap<FindingKey, (Disposition, Option<u64>)>);

impl DecidedKeys {
    /// Enters a decision. `value`: what [`values_digest`] gave of the values that it speaks of; `None`: it holds whatever the value.
    pub fn enter(&mut self, key: FindingKey, disposition: Disposition, value: Option<u64>) {
        self.0.insert(key, (disposition, value));
    }

    /// Whether nothing is decided.
    pub fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// The decision that holds of a key with values; see [`values_digest`].
    #[inline]
    pub fn of(&self, key: FindingKey, values: u64) -> Option<Disposition> {
        let (disposition, decided) = self.0.get(&key)?;
        decided.is_none_or(|decided| decided == values).then_some(*disposition)
    }
}

/// What the values that a finding speaks of are known by: in the upper half the one at fault ([`value_digest`]), in the lower half what the rule was asked with beside
/// it (the days of the stay, birth, sex).
pub fn values_digest(value: &str, beside: &str) -> u64 {
    let lower = if beside.is_empty() { 0 } else { value_digest(beside) & u64::from(u32::MAX) };
    value_digest(value) >> 32 << 32 | lower
}

/// Whether the value at fault is the one of a text.
pub fn is_value(values: u64, text: &str) -> bool {
    values >> 32 == value_digest(text) >> 32
}

/// Bytes of a value that its digest speaks of: a longer one is shown shortened.
const BYTES_OF_VALUE: usize = 128;

/// What a value is known by from night to night: the first 64 bits of the SHA-256 of its first 128 bytes.
pub fn value_digest(value: &str) -> u64 {
    let bytes = value.as_bytes();
    let digest = Sha256::digest(&bytes[..bytes.len().min(BYTES_OF_VALUE)]);
    u64::from_be_bytes(std::array::from_fn(|place| digest[place]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    #[test]
    fn events_are_read_as_they_are_written_and_come_to_a_life() {
        let decided = Decided { row: 7, value: u64::MAX };
        let events = LifeEvents(vec![
            (day("2026-10-01"), LifeEvent::Found),
            (day("2026-10-02"), LifeEvent::Corrected(day("2026-10-01"))),
            (day("2026-10-03"), LifeEvent::Reopened),
            (day("2026-10-04"), LifeEvent::Delinquent),
            (day("2026-10-05"), LifeEvent::Verified(decided)),
            (day("2026-10-06"), LifeEvent::GoneByChange(day("2026-10-05"))),
            (day("2026-10-07"), LifeEvent::FoundByChange),
            (day("2026-10-07"), LifeEvent::ValueChanged(12)),
            (day("2026-10-08"), LifeEvent::Waived(decided)),
        ]);
        let text = events.to_string();
        assert_eq!(LifeEvents::read(&text), Some(events.clone()), "{text}");
        let state = |before: &str| events.clone().before(day(before)).life().map(|life| (life.state, life.delinquent));
        assert_eq!(state("2026-10-01"), None);
        assert_eq!(state("2026-10-02"), Some((LifeState::Open, false)));
        assert_eq!(state("2026-10-03"), Some((LifeState::Gone, false)));
        assert_eq!(state("2026-10-05"), Some((LifeState::Open, true)));
        assert_eq!(state("2026-10-06"), Some((LifeState::Settled(Disposition::Verified), true)));
        assert_eq!(state("2026-10-07"), Some((LifeState::Gone, false)));
        assert_eq!(state("2026-10-09"), Some((LifeState::Settled(Disposition::Waived), false)));
        assert_eq!(events.value_before(day("2026-10-07")), Some(12));
        assert_eq!(events.value_before(day("2026-10-08")), None);
        assert_eq!(LifeEvents::read("2026-10-01 lost"), None);
    }

    #[test]
    fn a_decision_holds_as_long_as_its_value() {
        let mut decided = DecidedKeys::default();
        decided.enter(FindingKey(1), Disposition::Verified, Some(values_digest("9100", "")));
        decided.enter(FindingKey(2), Disposition::Waived, None);
        assert_eq!(decided.of(FindingKey(1), values_digest("9100", "")), Some(Disposition::Verified));
        assert_eq!(decided.of(FindingKey(1), values_digest("9200", "")), None);
        assert_eq!(decided.of(FindingKey(1), values_digest("9100", "F")), None);
        assert!(is_value(values_digest("9100", "F"), "9100") && !is_value(values_digest("9100", "F"), "9200"));
        assert_eq!(decided.of(FindingKey(2), 3), Some(Disposition::Waived));
        assert_eq!(decided.of(FindingKey(3), values_digest("9100", "")), None);
    }
}
