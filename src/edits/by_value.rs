//! The distinct values of the rules whose findings are reported by value, each with its count.
//!
//! As many are held as fit [`HELD_BYTES`]; what is met after that is counted together.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use serde::{Deserialize, Serialize};

use crate::{
    edits::engine::Described,
    record::take_away::TakeAway,
    record::{
        field::Field,
        finding::{Finding, FindingKey, Found, Origin, Severity},
        subject::Subject,
    },
};

/// Encounters named with a value.
pub const SAMPLES: usize = 3;
/// Bytes of values and samples that a run holds.
const HELD_BYTES: usize = 16 << 20;

/// A distinct value of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// Index into the run's list of rules.
    pub rule: u16,
    /// The severity in force.
    pub severity: Severity,
    /// The field at fault.
    pub field: Option<Field>,
    /// The value as it stood in the export; `None`: values of the rule that were met when no more could be held.
    pub value: Option<String>,
    /// Findings with the value.
    pub count: u64,
    /// The first encounters with the value, each once.
    pub samples: Vec<ValueSample>,
}

/// An encounter that is named with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueSample {
    /// The encounter.
    pub subject: Subject,
    /// Where the value stood.
    pub origin: Origin,
    /// Its position there.
    pub position: u16,
}

/// The distinct values of one partition, or of the run.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueTally {
    /// In the order in which they were met.
    values: Vec<ValueCount>,
    /// By rule and value: the place among the values.
    places: FxHashMap<u16, FxHashMap<Box<str>, u32>>,
    /// By rule: what was met when no more could be held.
    further: BTreeMap<u16, ValueCount>,
    held_bytes: usize,
}

impl ValueTally {
    /// Adds a finding.
    pub fn add(&mut self, finding: &Finding) {
        let known = self.places.get(&finding.rule).and_then(|values| values.get(finding.raw.as_str()));
        match known {
            Some(place) => {
                let value = &mut self.values[*place as usize];
                value.count += 1;
                value.sample(&ValueSample::of(finding));
            }
            None => self.enter(ValueCount {
                rule: finding.rule,
                severity: finding.severity,
                field: finding.field,
                value: Some(finding.raw.clone()),
                count: 1,
                samples: vec![ValueSample::of(finding)],
            }),
        }
    }

    fn enter(&mut self, value: ValueCount) {
        let text = value.value.as_deref().unwrap_or_default();
        self.places.entry(value.rule).or_default().insert(text.into(), self.values.len() as u32);
        self.values.push(value);
    }

    /// Adds the values of the next partition. Partitions come in their order, so that the same values are held and the same samples named whatever the threads.
    pub fn merge(&mut self, other: ValueTally) {
        for value in other.values {
            let text = value.value.as_deref().unwrap_or_default();
            if let Some(place) = self.places.get(&value.rule).and_then(|values| values.get(text)) {
                self.values[*place as usize].absorb(value);
                continue;
            }
            let bytes = value.bytes();
            if self.held_bytes + bytes <= HELD_BYTES {
                self.held_bytes += bytes;
                self.enter(value);
            } else {
                self.count_further(value);
            }
        }
    }

    fn count_further(&mut self, value: ValueCount) {
        match self.further.get_mut(&value.rule) {
            Some(further) => further.absorb(value),
            None => {
                self.further.insert(value.rule, ValueCount { value: None, ..value });
            }
        }
    }

    /// The values by rule, the most frequent first; last of a rule those that were counted together.
    pub fn sorted(self) -> Vec<ValueCount> {
        let mut values = self.values;
        values.extend(self.further.into_values());
        values.sort_by(|one, other| {
            let key = |value: &ValueCount| (value.rule, value.value.is_none(), std::cmp::Reverse(value.count));
            key(one).cmp(&key(other)).then_with(|| one.value.cmp(&other.value))
        });
        values
    }
}

impl ValueCount {
    /// What the value is known by from run to run: its rule and field, and no record.
    pub fn key(&self, rule: &Described<'_>) -> FindingKey {
        FindingKey::of(rule.code, None, self.field, Found::Value(self.value.as_deref().unwrap_or("")), 0)
    }

    /// Bytes that it takes: text and samples, the text once more as the key, and what holds them.
    fn bytes(&self) -> usize {
        let length = |sample: &ValueSample| sample.subject.facility_id().len() + sample.subject.encounter_id().len();
        self.value.as_deref().map_or(0, str::len) * 2 + self.samples.iter().map(length).sum::<usize>() + 200
    }

    fn sample(&mut self, sample: &ValueSample) {
        if self.samples.len() < SAMPLES && !self.names(&sample.subject) {
            self.samples.push(sample.clone());
        }
    }

    fn names(&self, subject: &Subject) -> bool {
        self.samples.iter().any(|sample| sample.subject == *subject)
    }

    fn absorb(&mut self, other: ValueCount) {
        self.count += other.count;
        other.samples.iter().for_each(|sample| self.sample(sample));
    }
}

impl TakeAway for ValueTally {
    /// Of the encounters that are named with a value, those that the part names go.
    fn take_away(&mut self, part: &ValueTally) -> bool {
        let mut are_there = self.further.is_empty() && part.further.is_empty();
        for value in &part.values {
            let text = value.value.as_deref().unwrap_or_default();
            let place = self.places.get(&value.rule).and_then(|values| values.get(text));
            let Some(own) = place.map(|place| &mut self.values[*place as usize]) else { return false };
            are_there &= own.count.take_away(&value.count);
            own.samples.retain(|sample| !value.names(&sample.subject));
        }
        let left = std::mem::take(self);
        left.values.into_iter().filter(|value| value.count > 0).for_each(|value| {
            self.held_bytes += value.bytes();
            self.enter(value);
        });
        are_there
    }
}

impl ValueTally {
    /// Whether every value is told apart.
    pub fn is_told_apart(&self) -> bool {
        self.further.is_empty()
    }

    /// Whether an encounter is named with every value.
    pub fn are_named(&self) -> bool {
        self.values.iter().all(|value| !value.samples.is_empty())
    }
}

impl ValueSample {
    fn of(finding: &Finding) -> ValueSample {
        ValueSample { subject: finding.subject.clone(), origin: finding.origin, position: finding.position }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: u16, encounter: &str, raw: &str) -> Finding {
        Finding {
            rule,
            severity: Severity::Info,
            subject: Subject::encounter("", encounter),
            field: Some(Field::DiagnosisCode),
            position: 1,
            raw: raw.to_owned(),
            other: None,
            origin: Origin { input: 0, row: 2 },
            values: 0,
            accepted: None,
            key: FindingKey::default(),
        }
    }

    fn tally(findings: &[(u16, &str, &str)]) -> ValueTally {
        let mut tally = ValueTally::default();
        findings.iter().for_each(|(rule, encounter, raw)| tally.add(&finding(*rule, encounter, raw)));
        tally
    }

    #[test]
    fn the_most_frequent_value_of_a_rule_comes_first_with_three_encounters_each_once() {
        let mut all = ValueTally::default();
        all.merge(tally(&[(1, "A", "i10"), (0, "A", "e11.9"), (1, "A", "i10"), (1, "B", "J18.9")]));
        all.merge(tally(&[(1, "C", "J18.9"), (1, "D", "J18.9"), (1, "E", "J18.9"), (1, "F", "k35")]));
        let told: Vec<String> = all
            .sorted()
            .iter()
            .map(|value| {
                format!(
                    "{} {} {} {}",
                    value.rule,
                    value.value.as_deref().unwrap_or("-"),
                    value.count,
                    value.samples.iter().map(|sample| sample.subject.encounter_id()).collect::<Vec<_>>().join(" ")
                )
            })
            .collect();
        assert_eq!(told, ["0 e11.9 1 A", "1 J18.9 4 B C D", "1 i10 2 A", "1 k35 1 F"]);
    }

    #[test]
    fn values_that_no_more_can_be_held_of_are_counted_together_and_none_is_lost() {
        let mut all = ValueTally::default();
        let long = |number: usize| format!("{number:06}{}", "x".repeat(100_000));
        for number in 0..200 {
            let value = long(number);
            all.merge(tally(&[(3, "A", &value), (3, "B", &value)]));
        }
        all.merge(tally(&[(3, "C", &long(0)), (3, "C", &long(199))]));
        assert!(all.held_bytes <= HELD_BYTES);
        let values = all.sorted();
        assert_eq!(values.iter().map(|value| value.count).sum::<u64>(), 402);
        assert!(values.len() < 100, "{}", values.len());
        let (first, last) = (&values[0], &values[values.len() - 1]);
        assert_eq!((first.count, first.value.as_deref() == Some(long(0).as_str())), (3, true));
        assert_eq!(last.value, None);
    }
}
