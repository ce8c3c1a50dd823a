//! What the desks hold records against in this run: rules, conditions, what edits may know, the document index.

use crate::{
    codeset::release::exempt::ExemptCodes,
    coding::{frequency::CodeFrequency, judge::DottedInputs},
    deficiency::{self, index::DocumentIndex},
    edits::{conditions::Conditions, engine::ActiveRules, rule},
    examination::{columns::coded_records::Shape, partition::Examination},
    partition::registers::Registers,
    plan::Plan,
    record::{account::InputAccount, date::Day, field::Table},
    rows::slot::Feed,
    run::{
        document_index::document_index, dotted_columns::dotted_inputs, fault::RunFault, given::Given, read::Read,
        taking::is_whole,
    },
};

/// What the desks hold records against.
#[derive(Debug)]
pub struct InForce {
    /// Edits.
    pub rules: ActiveRules,
    /// Sets of edits that the profiles ask for together.
    pub conditions: Conditions,
    /// What edits may know beside the record.
    pub context: rule::Context,
    /// What the document index can be asked.
    pub index: DocumentIndex,
    /// Inputs that write their codes with dots.
    pub dotted: DottedInputs,
    /// The columns of the coded records.
    pub shape: Shape,
}

impl InForce {
    /// Puts it together; takes the registers and the exempt lists over.
    ///
    /// # Errors
    /// The rows cannot be read again, or the run was interrupted.
    pub fn of(
        plan: &Plan,
        given: &Given<'_>,
        feeds: &[Feed],
        read: &mut Read,
        inputs: &[InputAccount],
    ) -> Result<InForce, RunFault> {
        let rules = ActiveRules::new(&plan.edits.ignore, &plan.edits.severity)
            .applying(&plan.edits.apply)
            .with_acceptances(&plan.edits.acceptances)
            .with_site(&plan.edits.site)
            .with_reporting(&plan.edits.by_value, plan.edits.info_findings);
        let conditions = Conditions::new(&plan.edits.profiles, &rules);
        let registers = std::mem::take(&mut read.registers);
        let mut context = edit_context(plan, feeds, inputs, registers, given.business_date);
        context.exempt = std::mem::take(&mut read.imported.exempt);
        let index = match &plan.deficiency {
            Some(_) => document_index(&read.sorter, inputs, (feeds, &read.deliveries), given)?,
            None => DocumentIndex::default(),
        };
        let dotted = dotted_inputs(&read.sorter, inputs.len(), feeds, given)?;
        let shape = Shape::of(feeds, (!plan.coding.diagnoses.is_empty(), !plan.coding.procedures.is_empty()));
        Ok(InForce { rules, conditions, context, index, dotted, shape })
    }

    /// What a partition is examined with.
    pub fn examination<'e>(
        &'e self,
        (plan, business_date): (&'e Plan, Day),
        feeds: &'e [Feed],
        read: &'e Read,
        frequency: &'e CodeFrequency,
    ) -> Examination<'e> {
        Examination {
            feeds,
            deliveries: &read.deliveries,
            dotted: &self.dotted,
            patients: &read.patients,
            sets: &read.sets,
            groups: read.imported.groups(),
            refined: &read.imported.refined,
            judge_on: plan.coding.judge_on,
            maps: (&plan.coding.diagnoses, &plan.coding.procedures),
            frequency,
            rules: &self.rules,
            conditions: &self.conditions,
            context: &self.context,
            deficiency: plan.deficiency.as_ref().map(|deficiency| deficiency::examine::Context {
                matrix: &deficiency.matrix,
                index: &self.index,
                business_date,
                delinquent_after_days: deficiency.delinquent_after_days,
            }),
            inputs: &read.labels,
            shape: self.shape,
        }
    }
}

fn edit_context(
    plan: &Plan,
    feeds: &[Feed],
    inputs: &[InputAccount],
    registers: Registers,
    business_date: Day,
) -> rule::Context {
    // What stands in a table of which a part could not be read is not missing from a record. (Of patients it is asked by patient.)
    let asked_apart = |table| matches!(table, Table::Encounters | Table::Patients);
    let told = feeds.iter().filter(|feed| asked_apart(feed.table) || is_whole(feed.table, inputs));
    rule::Context {
        business_date,
        period: plan.period.clone(),
        long_stay_days: plan.edits.long_stay_days,
        longest_stay_days: plan.edits.longest_stay_days,
        mapped: rule::mapped_fields(told),
        patient_numbers_by_facility: plan.edits.patient_numbers_by_facility,
        of_patients_alone: rule::fields_of_patients_alone(feeds),
        encounters_whole: is_whole(Table::Encounters, inputs),
        registers,
        exempt: ExemptCodes::default(),
        expected_facilities: plan.feeds.iter().map(|feed| feed.expected_facility.clone()).collect(),
        expected_periods: plan.feeds.iter().map(|feed| feed.expected_period.clone()).collect(),
    }
}
