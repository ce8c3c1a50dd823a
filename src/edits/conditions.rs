//! Conditions over several edits: the distinct records, codes, rows and inputs that fail any of them, of those to which any of them applies.
//!
//! A record without a sex fails one of two edits and is one record of one; so what is counted are the things that the edits are asked of, not the askings.
//! Where an edit of the set is asked of records, records are counted, and a code that fails makes its record fail; else the codes (documents, rows) themselves.
//! Integers a record, for the sets of the pipeline's profiles alone; tallies of partitions add up.

use serde::{Deserialize, Serialize};

use crate::{
    edits::{
        between::PatientRecords,
        engine::{ActiveRules, Examined},
        profile::{ConditionMeasure, Profile, RuleSet},
        rule::{EditContext, Level, RulePeriod, Test},
        rule_loops::in_force,
        scorecard::Scorecard,
        stay::JoinKey,
    },
    partition::encounter::Encounter,
    record::take_away::TakeAway,
    record::{
        account::InputAccount,
        date::Day,
        finding::{Finding, Origin},
        record_set::RecordSet,
    },
};

/// What a set of edits came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The set.
    pub set: RuleSet,
    /// Things that fail any of its edits and were not verified as true.
    pub failed: u64,
    /// Things to which any of its edits applies.
    pub applied: u64,
}

/// An edit of a set by its place in the list of the run, with the discharges it is for.
#[derive(Debug, Clone, Copy)]
struct Member {
    number: usize,
    life: Option<(Day, Day)>,
}

/// A set with its edits by what they are asked of.
#[derive(Debug, Clone)]
struct Sorted {
    set: RuleSet,
    inputs: Vec<Member>,
    encounters: Vec<Member>,
    /// Of diagnoses, procedures and documents.
    children: [Vec<Member>; 3],
    /// Rows of long tables, each table's its own.
    rows: Vec<Member>,
    /// By the patient's number, and by the identity under it.
    patients: [Vec<Member>; 2],
    /// Of what is asked once all records are counted (days of facilities, entries of registers, figures of months), each by one edit.
    sums: Vec<Member>,
}

impl Sorted {
    fn counts_records(&self) -> bool {
        self.set.of_all_records || !self.encounters.is_empty() || self.patients.iter().any(|own| !own.is_empty())
    }

    fn asks_children(&self) -> bool {
        self.children.iter().any(|own| !own.is_empty())
    }

    /// Whether one record is asked in several places: then records are told apart by where they stood.
    fn is_scattered(&self) -> bool {
        let within = usize::from(!self.encounters.is_empty() || self.asks_children());
        within + self.patients.iter().filter(|own| !own.is_empty()).count() > 1
    }
}

/// The sets of edits of a run's profiles.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    sets: Vec<Sorted>,
    /// By the number of an edit: the sets that it is in.
    sets_of: Vec<Vec<u16>>,
}

/// Figures of the sets, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionTally {
    /// Failed and applied.
    counts: Vec<[u64; 2]>,
    /// The same of sets whose records are asked in several places: which records they are.
    scattered: Vec<[RecordSet; 2]>,
}

const FAILED: usize = 0;
const APPLIED: usize = 1;

impl ConditionTally {
    fn of(sets: usize) -> ConditionTally {
        ConditionTally { counts: vec![[0; 2]; sets], scattered: vec![Default::default(); sets] }
    }

    /// Adds the tally of another partition.
    pub fn merge(&mut self, other: ConditionTally) {
        if self.counts.is_empty() {
            *self = other;
            return;
        }
        for (own, theirs) in self.counts.iter_mut().zip(other.counts) {
            own.iter_mut().zip(theirs).for_each(|(sum, more)| *sum += more);
        }
        for (own, theirs) in self.scattered.iter_mut().zip(other.scattered) {
            own.iter_mut().zip(theirs).for_each(|(all, more)| all.merge(more));
        }
    }
}

/// A diagnosis, procedure or document: what it is, where it stood, and its position there.
type Code = (Level, Origin, u16);

impl Conditions {
    /// Whether an edit, by its place in the list of the run, is in one of the sets.
    pub fn asks(&self, number: usize) -> bool {
        self.sets_of.get(number).is_some_and(|sets| !sets.is_empty())
    }

    /// The sets of the profiles' conditions, with the edits that are in force.
    pub fn new(profiles: &[Profile], rules: &ActiveRules) -> Conditions {
        let mut conditions = Conditions { sets: Vec::new(), sets_of: vec![Vec::new(); rules.count()] };
        for condition in profiles.iter().flat_map(|profile| &profile.conditions) {
            let ConditionMeasure::Rules(set) = &condition.measure else { continue };
            if conditions.sets.iter().any(|known| known.set == *set) {
                continue;
            }
            let mut sorted = Sorted {
                set: set.clone(),
                inputs: Vec::new(),
                encounters: Vec::new(),
                children: Default::default(),
                rows: Vec::new(),
                patients: Default::default(),
                sums: Vec::new(),
            };
            for (number, (rule, _)) in rules.rules.iter().enumerate() {
                if !set.codes.iter().any(|code| code == rule.code) {
                    continue;
                }
                let members = match rule.test {
                    Test::Input { .. } => &mut sorted.inputs,
                    Test::Encounter { .. } => &mut sorted.encounters,
                    Test::Diagnosis { .. } => &mut sorted.children[0],
                    Test::Procedure { .. } => &mut sorted.children[1],
                    Test::Document { .. } => &mut sorted.children[2],
                    Test::Orphan { .. } => &mut sorted.rows,
                    Test::Patient { together, .. } => &mut sorted.patients[together as usize],
                    Test::Tables { .. } | Test::Trend { .. } => &mut sorted.sums,
                };
                members.push(Member { number, life: (rule.life != RulePeriod::ALWAYS).then(|| rule.life.days()) });
                conditions.sets_of[number].push(conditions.sets.len() as u16);
            }
            conditions.sets.push(sorted);
        }
        conditions
    }

    /// An empty tally.
    pub fn tally(&self) -> ConditionTally {
        ConditionTally::of(self.sets.len())
    }

    /// Counts the encounters of one partition, which were examined as `examined` says.
    pub fn count(
        &self,
        encounters: &[Encounter<'_>],
        examined: &Examined,
        rules: &ActiveRules,
        context: &EditContext,
    ) -> ConditionTally {
        let mut tally = self.tally();
        for (place, set) in self.sets.iter().enumerate() {
            let asked = |member: &Member| examined.scorecard.scores[member.number].examined;
            if set.counts_records() {
                let everywhere = set.encounters.iter().any(|member| asked(member) == encounters.len() as u64);
                if everywhere && !set.is_scattered() {
                    tally.counts[place][APPLIED] += encounters.len() as u64;
                    continue;
                }
                let applies = |encounter: &&Encounter<'_>| set.applies_to_record(encounter, rules, context);
                let records = encounters.iter().filter(applies).map(Encounter::origin);
                if set.is_scattered() {
                    tally.scattered[place][APPLIED].merge(records.collect());
                } else {
                    tally.counts[place][APPLIED] += records.count() as u64;
                }
                continue;
            }
            tally.counts[place][APPLIED] += set.rows.iter().map(asked).sum::<u64>();
            for (level, members) in set.children.iter().enumerate() {
                tally.counts[place][APPLIED] += match members.as_slice() {
                    [] => 0,
                    [member] if set.set.position.is_none() => asked(member),
                    members => {
                        let of_record = |encounter| set.children_asked(encounter, level, members, rules, context);
                        encounters.iter().map(of_record).map(|asked| asked as u64).sum()
                    }
                };
            }
        }
        if self.sets.is_empty() {
            return tally;
        }
        let mut rest = examined.findings.as_slice();
        for (encounter, count) in encounters.iter().zip(&examined.counts) {
            let (own, others) = rest.split_at(*count as usize);
            rest = others;
            if !own.is_empty() {
                self.count_failed(own, encounter.origin(), rules, &mut tally);
            }
        }
        // What is left hangs on no encounter, and each row is a thing of its own.
        for finding in rest.iter().filter(|finding| finding.accepted.is_none()) {
            for place in &self.sets_of[usize::from(finding.rule)] {
                tally.counts[usize::from(*place)][FAILED] += 1;
            }
        }
        tally
    }

    /// Counts what fails on one encounter.
    fn count_failed(&self, findings: &[Finding], record: Origin, rules: &ActiveRules, tally: &mut ConditionTally) {
        let mut failed: Vec<(u16, Option<Code>)> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
            let number = usize::from(finding.rule);
            for place in &self.sets_of[number] {
                let set = &self.sets[usize::from(*place)];
                let level = rules.rules[number].0.level();
                let is_child = matches!(level, Level::Diagnosis | Level::Procedure | Level::Document);
                if is_child && set.set.position.is_some_and(|position| position != finding.position) {
                    continue;
                }
                let thing = (!set.counts_records()).then_some((level, finding.origin, finding.position));
                failed.push((*place, thing));
            }
        }
        failed.sort_unstable();
        failed.dedup();
        for (place, _) in failed {
            let place = usize::from(place);
            if self.sets[place].is_scattered() {
                tally.scattered[place][FAILED].insert(record);
            } else {
                tally.counts[place][FAILED] += 1;
            }
        }
    }

    /// Counts to which of a patient's records edits between records apply.
    pub fn count_patient(
        &self,
        records: &PatientRecords<'_>,
        together: JoinKey,
        rules: &ActiveRules,
        context: &EditContext,
        tally: &mut ConditionTally,
    ) {
        for (place, set) in self.sets.iter().enumerate() {
            let members = &set.patients[together as usize];
            if members.is_empty() || set.set.of_all_records {
                continue;
            }
            for (number, stay) in records.stays.iter().enumerate() {
                let asked = members.iter().any(|member| match rules.rules[member.number].0.test {
                    Test::Patient { applies, .. } => applies(records, number, context),
                    _ => false,
                });
                if asked && set.is_scattered() {
                    tally.scattered[place][APPLIED].insert(stay.origin);
                } else if asked {
                    tally.counts[place][APPLIED] += 1;
                }
            }
        }
    }

    /// Counts what the edits between the records of some patients found; each record by one number of its patient.
    pub fn count_between(&self, findings: &[Finding], tally: &mut ConditionTally) {
        let mut failed: Vec<(u16, Origin)> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.accepted.is_none()) {
            let sets = &self.sets_of[usize::from(finding.rule)];
            failed.extend(sets.iter().map(|place| (*place, finding.origin)));
        }
        failed.sort_unstable();
        failed.dedup();
        for (place, record) in failed {
            let place = usize::from(place);
            if self.sets[place].is_scattered() {
                tally.scattered[place][FAILED].insert(record);
            } else {
                tally.counts[place][FAILED] += 1;
            }
        }
    }

    /// Counts the inputs of the run.
    pub fn count_inputs(&self, inputs: &[InputAccount], rules: &ActiveRules, tally: &mut ConditionTally) {
        for (place, set) in self.sets.iter().enumerate() {
            for input in inputs {
                let (mut asked, mut failed) = (false, false);
                for member in &set.inputs {
                    let Test::Input { applies, violates, .. } = rules.rules[member.number].0.test else { continue };
                    if applies(input) {
                        asked = true;
                        failed |= violates(input);
                    }
                }
                tally.counts[place][APPLIED] += u64::from(asked);
                tally.counts[place][FAILED] += u64::from(failed);
            }
        }
    }

    /// Counts what is asked once all records are counted, by the scorecard of the whole run.
    pub fn count_sums(&self, scorecard: &Scorecard, tally: &mut ConditionTally) {
        for (set, counts) in self.sets.iter().zip(&mut tally.counts) {
            for member in &set.sums {
                let score = &scorecard.scores[member.number];
                counts[APPLIED] += score.examined;
                counts[FAILED] += score.failed;
            }
        }
    }

    /// What every set came to.
    pub fn counted(&self, tally: ConditionTally) -> Vec<Counted> {
        let figures = tally.counts.into_iter().zip(tally.scattered);
        let sets = self.sets.iter().zip(figures);
        sets.map(|(sorted, ([failed, applied], [failing, asked]))| Counted {
            set: sorted.set.clone(),
            failed: failed + failing.count(),
            applied: applied + asked.count(),
        })
        .collect()
    }
}

impl Sorted {
    /// Whether the record is one of those that the set's failures are shares of. Whether edits between records apply is not known here.
    fn applies_to_record(&self, encounter: &Encounter<'_>, rules: &ActiveRules, context: &EditContext) -> bool {
        if self.set.of_all_records {
            // A record without a patient's number cannot be held against others.
            return self.patients.iter().all(Vec::is_empty) || !encounter.patient_number().is_empty();
        }
        let of_record = self.encounters.iter().any(|member| match rules.rules[member.number].0.test {
            Test::Encounter { applies, .. } => in_force(member.life, encounter, context) && applies(encounter, context),
            _ => false,
        });
        let mut levels = self.children.iter().enumerate();
        of_record
            || levels.any(|(level, members)| {
                !members.is_empty() && self.children_asked(encounter, level, members, rules, context) > 0
            })
    }

    /// Diagnoses, procedures or documents of a record to which any of the edits applies.
    fn children_asked(
        &self,
        encounter: &Encounter<'_>,
        level: usize,
        members: &[Member],
        rules: &ActiveRules,
        context: &EditContext,
    ) -> usize {
        let here = |position: u16| self.set.position.is_none_or(|wanted| wanted == position);
        let asked = |test: &dyn Fn(&Test) -> bool| {
            members
                .iter()
                .any(|member| in_force(member.life, encounter, context) && test(&rules.rules[member.number].0.test))
        };
        match level {
            0 => {
                let diagnoses = encounter.diagnoses.iter().filter(|diagnosis| here(diagnosis.position));
                diagnoses
                    .filter(|diagnosis| {
                        asked(&|test| matches!(test, Test::Diagnosis { applies, .. } if applies(encounter, diagnosis, context)))
                    })
                    .count()
            }
            1 => {
                let procedures = encounter.procedures.iter().filter(|procedure| here(procedure.position));
                procedures
                    .filter(|procedure| {
                        asked(&|test| matches!(test, Test::Procedure { applies, .. } if applies(encounter, procedure, context)))
                    })
                    .count()
            }
            _ => {
                let documents = encounter.documents.iter();
                documents
                    .filter(|document| {
                        asked(&|test| matches!(test, Test::Document { applies, .. } if applies(encounter, document, context)))
                    })
                    .count()
            }
        }
    }
}

impl TakeAway for ConditionTally {
    fn take_away(&mut self, part: &ConditionTally) -> bool {
        let mut are_there = self.counts.take_away(&part.counts);
        for (own, part) in self.scattered.iter_mut().flatten().zip(part.scattered.iter().flatten()) {
            are_there &= own.take_away(part);
        }
        are_there
    }
}
