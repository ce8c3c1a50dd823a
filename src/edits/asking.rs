//! The loops under the rules: one rule, asked of a few encounters.

use super::{
    rule::{Context, Rule, Test},
    scorecard::Score,
};
use crate::{
    partition::encounter::{Diagnosis, Document, Encounter, Procedure},
    record::{date::Day, diagnosis_kinds::DiagnosisKinds, field::Table},
};

/// A failing place: encounter, rule, and diagnosis, procedure or document of the encounter.
pub type Place = (u32, u16, u32);

/// One rule while it is asked of a few encounters.
#[derive(Debug)]
pub struct Asking<'s, 'e, 'a> {
    /// The rule's place in the list of the run.
    pub rule: u16,
    /// First and last day of discharge, where the rule is not for all.
    pub life: Option<(Day, Day)>,
    /// What the rule may know beside the record.
    pub context: &'s Context,
    /// The encounters.
    pub encounters: &'e [Encounter<'a>],
    /// Place of the first of them among all encounters.
    pub first: usize,
    /// The rule's score.
    pub score: &'s mut Score,
    /// The failing places of all rules.
    pub failed: &'s mut Vec<Place>,
}

/// Whether a rule of this life is for discharges of the record's day.
#[inline]
pub fn in_force(life: Option<(Day, Day)>, encounter: &Encounter<'_>, context: &Context) -> bool {
    life.is_none_or(|(first, last)| {
        let day = encounter.discharge_day_or_month().unwrap_or(context.business_date);
        first <= day && day <= last
    })
}

impl<'e, 'a> Asking<'_, 'e, 'a> {
    /// Asks of every encounter.
    #[inline]
    pub fn ask_encounters(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Context) -> bool,
        violates: impl Fn(&Encounter<'_>, &Context) -> bool,
    ) {
        self.ask(
            std::slice::from_ref,
            |_, encounter, context| applies(encounter, context),
            |_, encounter, context| violates(encounter, context),
        );
    }

    /// Asks of every diagnosis.
    #[inline]
    pub fn ask_diagnoses(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
        violates: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
    ) {
        self.ask(|encounter| encounter.diagnoses, applies, violates);
    }

    /// Asks of every diagnosis, where the rule applies to diagnoses of a kind alone.
    #[inline]
    pub fn ask_diagnoses_of(
        &mut self,
        kind: DiagnosisKinds,
        applies: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
        violates: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
    ) {
        let passed_over = |encounter: &&Encounter<'a>| !encounter.kinds.any(kind);
        let none = self.encounters.iter().filter(passed_over).map(|encounter| encounter.diagnoses.len() as u64);
        self.score.not_applicable += none.sum::<u64>();
        self.ask(|encounter| if encounter.kinds.any(kind) { encounter.diagnoses } else { &[] }, applies, violates);
    }

    /// Asks of every procedure.
    #[inline]
    pub fn ask_procedures(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Procedure<'_>, &Context) -> bool,
        violates: impl Fn(&Encounter<'_>, &Procedure<'_>, &Context) -> bool,
    ) {
        self.ask(|encounter| encounter.procedures, applies, violates);
    }

    /// Asks of every document.
    #[inline]
    pub fn ask_documents(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Document<'_>, &Context) -> bool,
        violates: impl Fn(&Encounter<'_>, &Document<'_>, &Context) -> bool,
    ) {
        self.ask(|encounter| encounter.documents, applies, violates);
    }

    /// Asks of every child of every encounter.
    #[inline]
    fn ask<C: 'e>(
        &mut self,
        children: impl Fn(&'e Encounter<'a>) -> &'e [C],
        applies: impl Fn(&'e Encounter<'a>, &'e C, &Context) -> bool,
        violates: impl Fn(&'e Encounter<'a>, &'e C, &Context) -> bool,
    ) {
        let (encounters, context) = (self.encounters, self.context);
        let (mut examined, mut not_applicable, mut failed, mut records_failed) = (0, 0, 0, 0);
        for (index, encounter) in encounters.iter().enumerate() {
            let children = children(encounter);
            // Many tables hang on few encounters: most have no document.
            if children.is_empty() {
                continue;
            }
            if !in_force(self.life, encounter, context) {
                not_applicable += children.len() as u64;
                continue;
            }
            let failed_before = failed;
            for (child, asked) in children.iter().enumerate() {
                if !applies(encounter, asked, context) {
                    not_applicable += 1;
                    continue;
                }
                examined += 1;
                if violates(encounter, asked, context) {
                    failed += 1;
                    self.failed.push(((self.first + index) as u32, self.rule, child as u32));
                }
            }
            records_failed += u64::from(failed > failed_before);
        }
        self.score.examined += examined;
        self.score.not_applicable += not_applicable;
        self.score.failed += failed;
        self.score.records_failed += records_failed;
    }
}

/// Asks a rule. Where its loops are compiled for it they are taken; else its two questions are called for every child.
pub fn ask(rule: &Rule, asking: &mut Asking<'_, '_, '_>) {
    match rule.test {
        Test::Encounter { walk: Some(walk), .. }
        | Test::Diagnosis { walk: Some(walk), .. }
        | Test::Procedure { walk: Some(walk), .. }
        | Test::Document { walk: Some(walk), .. } => walk(asking),
        Test::Encounter { applies, violates, walk: None } => asking.ask_encounters(applies, violates),
        Test::Diagnosis { applies, violates, walk: None } => asking.ask_diagnoses(applies, violates),
        Test::Procedure { applies, violates, walk: None } => asking.ask_procedures(applies, violates),
        Test::Document { applies, violates, walk: None } => asking.ask_documents(applies, violates),
        // A row on the encounter's own row can hang on nothing; the rows that hang on no encounter are counted apart.
        Test::Orphan { table: Table::Diagnoses } => {
            asking.ask_diagnoses(|encounter, diagnosis, _| diagnosis.origin != encounter.origin(), |_, _, _| false);
        }
        Test::Orphan { table: Table::Procedures } => {
            asking.ask_procedures(|encounter, procedure, _| procedure.origin != encounter.origin(), |_, _, _| false);
        }
        Test::Orphan { table: Table::Documents } => asking.ask_documents(|_, _, _| true, |_, _, _| false),
        Test::Orphan { .. } | Test::Input { .. } | Test::Patient { .. } | Test::Tables { .. } | Test::Trend { .. } => {}
    }
}
