//! A site's own rules: conditions of the pipeline file, asked after the edits that ship.

use crate::{
    edits::{
        facts,
        rule::{EditContext, Level},
        rule_loops::FailingPlace,
        scorecard::RuleScore,
    },
    expression::{
        evaluate::{EvaluatedRecord, Expression},
        source::Child,
        tree::Children,
    },
    partition::encounter::Encounter,
    record::{date::Day, field::Field, finding::Severity},
};

/// The group of the catalogue that a site's own rules stand in.
pub const GROUP: &str = "site";

/// One rule of the site.
#[derive(Debug, Clone)]
pub struct SiteRule {
    /// Code of the site's own; never one of an edit that ships.
    pub code: String,
    /// Name for people.
    pub title: String,
    /// Severity.
    pub severity: Severity,
    /// What it is asked of: every encounter, diagnosis, procedure or document.
    pub level: Level,
    /// The field at fault.
    pub field: Option<Field>,
    /// First and last day of discharge it is for; a record without one is held to the business date.
    pub first: Option<Day>,
    /// Last day, included.
    pub last: Option<Day>,
    /// Where it applies; everywhere where there is none.
    pub applies: Option<RuleCondition>,
    /// What is asked where it applies.
    pub question: RuleCondition,
    /// Whether the question says what must hold (`requires`) and not what must not (`violates`).
    pub required: bool,
    /// What a finding says; holds no patient data.
    pub message: String,
    /// Why the site has it.
    pub why: String,
    /// Where it comes from.
    pub source: String,
}

/// A checked condition with its text.
#[derive(Debug, Clone)]
pub struct RuleCondition {
    /// As written.
    pub text: String,
    /// As evaluated.
    pub expression: Expression,
}

/// The rows that rules of a level are asked of, where they hang on the encounter.
pub fn children_of(level: Level) -> Option<Children> {
    match level {
        Level::Diagnosis => Some(Children::Diagnosis),
        Level::Procedure => Some(Children::Procedure),
        Level::Document => Some(Children::Document),
        Level::Input
        | Level::Encounter
        | Level::Row
        | Level::Patient
        | Level::Table
        | Level::FacilityMonth
        | Level::Practitioner => None,
    }
}

impl SiteRule {
    /// Asks the rule of an encounter, or of each of its children. `place` is the encounter's place and the rule's number in the run.
    ///
    /// Where the condition of application or the question is unknown the rule does not apply, and is counted as unknown too.
    pub fn ask(
        &self,
        encounter: &Encounter<'_>,
        place: (u32, u16),
        context: &EditContext,
        score: &mut RuleScore,
        failed: &mut Vec<FailingPlace>,
    ) {
        let children = match self.level {
            Level::Diagnosis => encounter.diagnoses.len(),
            Level::Procedure => encounter.procedures.len(),
            Level::Document => encounter.documents.len(),
            Level::Input
            | Level::Encounter
            | Level::Row
            | Level::Patient
            | Level::Table
            | Level::FacilityMonth
            | Level::Practitioner => 1,
        };
        if !self.in_force(encounter, context) {
            score.not_applicable += children as u64;
            return;
        }
        let failed_before = score.failed;
        for child in 0..children {
            let asked = match self.level {
                Level::Diagnosis => Child::Diagnosis(&encounter.diagnoses[child]),
                Level::Procedure => Child::Procedure(&encounter.procedures[child]),
                Level::Document => Child::Document(&encounter.documents[child]),
                Level::Input
                | Level::Encounter
                | Level::Row
                | Level::Patient
                | Level::Table
                | Level::FacilityMonth
                | Level::Practitioner => Child::None,
            };
            match self.violated(&EvaluatedRecord { encounter, child: asked, around: context.surroundings() }) {
                Answer::NotApplicable => score.not_applicable += 1,
                Answer::Unknown => {
                    score.not_applicable += 1;
                    score.unknown += 1;
                }
                Answer::Passed => score.examined += 1,
                Answer::Failed => {
                    score.examined += 1;
                    score.failed += 1;
                    failed.push((place.0, place.1, child as u32));
                }
            }
        }
        score.records_failed += u64::from(score.failed > failed_before);
    }

    fn in_force(&self, encounter: &Encounter<'_>, context: &EditContext) -> bool {
        if self.first.is_none() && self.last.is_none() {
            return true;
        }
        let day = facts::discharged(encounter).unwrap_or(context.business_date);
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }

    fn violated(&self, record: &EvaluatedRecord<'_, '_>) -> Answer {
        match self.applies.as_ref().map_or(Some(true), |applies| applies.expression.truth(record)) {
            Some(true) => {}
            Some(false) => return Answer::NotApplicable,
            None => return Answer::Unknown,
        }
        match self.question.expression.truth(record) {
            None => Answer::Unknown,
            Some(holds) if holds == self.required => Answer::Passed,
            Some(_) => Answer::Failed,
        }
    }

    /// The rule's page, in the order of the pages that ship.
    pub fn page(&self) -> String {
        let day = |day: Option<Day>| day.map_or(String::new(), |day| day.to_string());
        let force = match (self.first, self.last) {
            (None, None) => String::new(),
            (first, None) => format!(" Discharges from {}.", day(first)),
            (None, last) => format!(" Discharges through {}.", day(last)),
            (first, last) => format!(" Discharges from {} through {}.", day(first), day(last)),
        };
        let field = self.field.map_or(String::new(), |field| format!(" Field: {}.", field.name()));
        let mut page = format!(
            "# {} {}\n\nA rule of the site. Severity: {}. Asked of every {}.{field}{force}\n\n## What\n\n{}.\n",
            crate::record::shown::shown(&self.code),
            crate::record::shown::shown(&self.title),
            self.severity.name(),
            self.level.name(),
            crate::record::shown::shown(&self.message),
        );
        if let Some(applies) = &self.applies {
            page.push_str(&format!("\n## Applies where\n\n    {}\n", indented(&applies.text)));
        }
        let heading = if self.required { "Requires" } else { "Violated where" };
        page.push_str(&format!("\n## {heading}\n\n    {}\n", indented(&self.question.text)));
        for (heading, text) in [("Why", &self.why), ("Source", &self.source)] {
            if !text.is_empty() {
                page.push_str(&format!("\n## {heading}\n\n{}\n", text.trim()));
            }
        }
        page
    }
}

fn indented(text: &str) -> String {
    text.trim().replace('\n', "\n    ")
}

/// What became of one question.
enum Answer {
    NotApplicable,
    Unknown,
    Passed,
    Failed,
}
