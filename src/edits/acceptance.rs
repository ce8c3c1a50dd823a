//! Verify with reason: findings that somebody has looked at and confirmed as true.
//!
//! An accepted finding is no failure, but it is not forgotten: it is counted apart, with the reason and who gave it, and comes back when its time is over.

use super::{rule::EditContext, site_rule::RuleCondition};
use crate::{
    expression::{evaluate::EvaluatedRecord, source::Child},
    partition::encounter::Encounter,
    record::{date::Day, subject::Subject},
};

/// One `[[edits.accept]]` of a pipeline.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Code of the rule it is for; empty: any rule.
    pub rule: String,
    /// The facility it is for; empty: any.
    pub facility: String,
    /// Number of the one encounter it is for, or of a trend edit the facility and month (`0042 2026-10`; `2026-10` where the facility is named); empty: any. See
    /// [`Subject::record`].
    pub record: String,
    /// The records it is for; a record of which it is unknown is not accepted.
    pub condition: Option<RuleCondition>,
    /// Why the value is true.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// Last business date it holds on; `None`: until it is taken out.
    pub until: Option<Day>,
}

impl Acceptance {
    /// Whether its time is over.
    pub fn is_expired(&self, business_date: Day) -> bool {
        self.until.is_some_and(|until| until < business_date)
    }

    /// Whether its record is what a finding speaks of.
    fn is_of(&self, subject: &Subject) -> bool {
        self.record == subject.record() || !self.facility.is_empty() && self.record == subject.record_in_facility()
    }

    /// Whether it is for a finding of the rule on the record. `encounter` is `None` for findings on more or less than one record, which no condition speaks of.
    pub fn covers(
        &self,
        rule: &str,
        subject: &Subject,
        encounter: Option<&Encounter<'_>>,
        context: &EditContext,
    ) -> bool {
        if self.is_expired(context.business_date)
            || !self.rule.is_empty() && self.rule != rule
            || !self.facility.is_empty() && self.facility != subject.facility_id()
            || !self.record.is_empty() && !self.is_of(subject)
        {
            return false;
        }
        match (&self.condition, encounter) {
            (None, _) => true,
            (Some(condition), Some(encounter)) => {
                condition.expression.truth(&EvaluatedRecord {
                    encounter,
                    child: Child::None,
                    around: context.surroundings(),
                }) == Some(true)
            }
            (Some(_), None) => false,
        }
    }
}

/// The first acceptance that is for a finding.
pub fn accepted(
    acceptances: &[Acceptance],
    rule: &str,
    subject: &Subject,
    encounter: Option<&Encounter<'_>>,
    context: &EditContext,
) -> Option<u16> {
    let place = acceptances.iter().position(|acceptance| acceptance.covers(rule, subject, encounter, context))?;
    u16::try_from(place).ok()
}
