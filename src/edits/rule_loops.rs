//! The loops under the rules: one rule, asked of a few encounters.

use crate::{
    edits::{
        rule::{EditContext, Rule, Test},
        scorecard::RuleScore,
    },
    partition::encounter::{Diagnosis, Document, Encounter, Procedure},
    record::{date::Day, field::CanonicalTable},
};

/// A failing place: encounter, rule, and diagnosis, procedure or document of the encounter.
pub type FailingPlace = (u32, u16, u32);

/// One rule while it is asked of a few encounters.
#[derive(Debug)]
pub struct RuleLoop<'s, 'e, 'a> {
    /// The rule's place in the list of the run.
    pub rule: u16,
    /// First and last day of discharge, where the rule is not for all.
    pub life: Option<(Day, Day)>,
    /// What the rule may know beside the record.
    pub context: &'s EditContext,
    /// The encounters.
    pub encounters: &'e [Encounter<'a>],
    /// Place of the first of them among all encounters.
    pub first: usize,
    /// The rule's score.
    pub score: &'s mut RuleScore,
    /// The failing places of all rules.
    pub failed: &'s mut Vec<FailingPlace>,
}

/// Whether a rule of this life is for discharges of the record's day.
#[inline]
pub fn in_force(life: Option<(Day, Day)>, encounter: &Encounter<'_>, context: &EditContext) -> bool {
    life.is_none_or(|(first, last)| {
        let day = encounter.discharge_day_or_month().unwrap_or(context.business_date);
        first <= day && day <= last
    })
}

/// The diagnoses up to the principal one, by position.
#[inline]
fn up_to_principal<'e, 'a>(encounter: &'e Encounter<'a>) -> &'e [Diagnosis<'a>] {
    let behind = encounter.diagnoses.iter().position(|diagnosis| diagnosis.position > 1);
    &encounter.diagnoses[..behind.unwrap_or(encounter.diagnoses.len())]
}

impl<'e, 'a> RuleLoop<'_, 'e, 'a> {
    /// Asks of every encounter.
    #[inline]
    pub fn ask_encounters(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &EditContext) -> bool,
    ) {
        self.ask(
            std::slice::from_ref,
            |_, _| None,
            |_, encounter, context| applies(encounter, context),
            |_, encounter, context| violates(encounter, context),
        );
    }

    /// Asks of every diagnosis.
    #[inline]
    pub fn ask_diagnoses(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
    ) {
        self.ask(|encounter| encounter.diagnoses, |_, _| None, applies, violates);
    }

    /// Asks of every diagnosis of the records that the rule does not pass over; see `asked!`.
    #[inline]
    pub fn ask_diagnoses_unless(
        &mut self,
        passes_over: impl Fn(&Encounter<'_>, &EditContext) -> Option<usize>,
        applies: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
    ) {
        self.ask(|encounter| encounter.diagnoses, passes_over, applies, violates);
    }

    /// Asks of the principal diagnosis. Diagnoses stand by position, so those behind it are not looked at.
    #[inline]
    pub fn ask_principal_diagnosis(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
    ) {
        let behind = |encounter: &Encounter<'a>| encounter.diagnoses.len() - up_to_principal(encounter).len();
        self.score.not_applicable += self.encounters.iter().map(|encounter| behind(encounter) as u64).sum::<u64>();
        self.ask(up_to_principal, |_, _| None, applies, violates);
    }

    /// Asks of every procedure.
    #[inline]
    pub fn ask_procedures(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Procedure<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &Procedure<'_>, &EditContext) -> bool,
    ) {
        self.ask(|encounter| encounter.procedures, |_, _| None, applies, violates);
    }

    /// Asks of every document.
    #[inline]
    pub fn ask_documents(
        &mut self,
        applies: impl Fn(&Encounter<'_>, &Document<'_>, &EditContext) -> bool,
        violates: impl Fn(&Encounter<'_>, &Document<'_>, &EditContext) -> bool,
    ) {
        self.ask(|encounter| encounter.documents, |_, _| None, applies, violates);
    }

    /// Asks of every child of the encounters that are not passed over.
    #[inline]
    fn ask<C: 'e>(
        &mut self,
        children: impl Fn(&'e Encounter<'a>) -> &'e [C],
        passes_over: impl Fn(&'e Encounter<'a>, &EditContext) -> Option<usize>,
        applies: impl Fn(&'e Encounter<'a>, &'e C, &EditContext) -> bool,
        violates: impl Fn(&'e Encounter<'a>, &'e C, &EditContext) -> bool,
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
            if let Some(applicable) = passes_over(encounter, context) {
                examined += applicable as u64;
                not_applicable += (children.len() - applicable) as u64;
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
pub fn ask(rule: &Rule, rule_loop: &mut RuleLoop<'_, '_, '_>) {
    match rule.test {
        Test::Encounter { compiled: Some(compiled), .. }
        | Test::Diagnosis { compiled: Some(compiled), .. }
        | Test::Procedure { compiled: Some(compiled), .. }
        | Test::Document { compiled: Some(compiled), .. } => compiled(rule_loop),
        Test::Encounter { applies, violates, compiled: None } => rule_loop.ask_encounters(applies, violates),
        Test::Diagnosis { applies, violates, compiled: None } => rule_loop.ask_diagnoses(applies, violates),
        Test::Procedure { applies, violates, compiled: None } => rule_loop.ask_procedures(applies, violates),
        Test::Document { applies, violates, compiled: None } => rule_loop.ask_documents(applies, violates),
        // A row on the encounter's own row can hang on nothing; the rows that hang on no encounter are counted apart.
        Test::Orphan { table: CanonicalTable::Diagnoses } => {
            rule_loop.ask_diagnoses(|encounter, diagnosis, _| diagnosis.origin != encounter.origin(), |_, _, _| false);
        }
        Test::Orphan { table: CanonicalTable::Procedures } => {
            rule_loop.ask_procedures(|encounter, procedure, _| procedure.origin != encounter.origin(), |_, _, _| false);
        }
        Test::Orphan { table: CanonicalTable::Documents } => rule_loop.ask_documents(|_, _, _| true, |_, _, _| false),
        Test::Orphan { .. } | Test::Input { .. } | Test::Patient { .. } | Test::Tables { .. } | Test::Trend { .. } => {}
    }
}
