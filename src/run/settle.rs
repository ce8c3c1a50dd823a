//! The fourth step of a run, once every partition is examined: the accounts must balance, and the edits between records, tables, files and months are asked.

use crate::{
    coding::worklist::{self, CodesToDecide, SiteMapTemplate, ZerosRestored},
    deficiency::tables::DocumentTypes,
    edits::{
        account::file_findings::{FileFinding, file_findings},
        between::patient_rules,
        between_tables::examine_tables,
        by_value::ValueCount,
        conditions::Counted,
        engine::examine_inputs,
        tables::{FindingLine, Findings, PatientsToReview, ToReviewLine},
        trend::{
            examine::examine_figures,
            judge::Trends,
            table::{self, FacilityMonthsTable},
        },
    },
    examination::outcome::Outcome,
    ingest::{
        account::{enter_dates, enter_offsets},
        tables::Duplicates,
    },
    plan::Plan,
    record::{account::InputAccount, field::Table},
    run::{
        conserve::conserve,
        examine::Examined,
        fault::RunFault,
        given::Given,
        in_force::InForce,
        outputs::Outputs,
        prepare::Prepared,
        read::{Accounts, Read},
        results::OutputAccount,
        too_many_values::enter_too_many_values,
        trends::judged,
    },
};

/// What a run came to, in figures.
pub struct Settled {
    /// Tallies of the run.
    pub total: Outcome,
    /// Sets of edits that the profiles ask for together.
    pub counted: Vec<Counted>,
    /// Values that are reported by value.
    pub values: Vec<ValueCount>,
    /// Facilities' months against their history.
    pub trends: Trends,
    /// Findings of whole files.
    pub file_findings: Vec<FileFinding>,
    /// The Parquet files.
    pub parquet: [OutputAccount; 3],
}

/// Settles the accounts and asks what is asked once.
///
/// # Errors
/// Rows do not add up, or a file cannot be read or written.
pub fn settle(
    plan: &Plan,
    given: &Given<'_>,
    prepared: &mut Prepared,
    (read, accounts): (&Read, &mut Accounts),
    in_force: &InForce,
    examined: Examined,
) -> Result<Settled, RunFault> {
    let Examined { mut total, stays, parquet, accepted } = examined;
    let Prepared { outputs, feeds, remembered, .. } = prepared;
    let Accounts { inputs, duplicates, set_aside } = accounts;
    let InForce { rules, conditions, context, .. } = in_force;
    let labels = read.labels.as_slice();
    enter_in_accounts(&mut total, &accepted, inputs);
    conserve(inputs, &total, set_aside)?;
    // With as many not applicable as have no patient's number, a rule's figures add up to the encounters examined.
    for number in patient_rules(rules) {
        total.scorecard.scores[number].not_applicable += total.without_patient_number;
    }
    let between = stays.examine(rules, conditions, context).map_err(RunFault::Write)?;
    total.scorecard.merge(&between.scorecard);
    total.conditions.merge(between.tally);
    outputs.findings(&between.findings, rules, labels)?;
    let to_review = between.findings.iter().filter(|finding| finding.accepted.is_none());
    outputs.write::<PatientsToReview>(
        to_review.map(|finding| ToReviewLine { finding, rule: rules.described(usize::from(finding.rule)) }),
    )?;
    let first_input = |table: Table| inputs.iter().position(|input| input.table == Some(table)).unwrap_or(0) as u16;
    let between_tables = examine_tables(&total.tables, rules, context, &first_input, &mut total.scorecard);
    outputs.findings(&between_tables, rules, labels)?;
    for (place, input) in inputs.iter_mut().enumerate() {
        input.fits_revision = total.codes.missing_revisions(place);
    }
    enter_too_many_values(&total, feeds, inputs);
    let mut input_findings = examine_inputs(inputs, rules, &mut total.scorecard);
    outputs.findings(&input_findings, rules, labels)?;
    let file_findings = file_findings(&input_findings, rules, inputs);
    total.findings.append(&mut input_findings);
    let trends = judged(plan, &total.trend, &remembered.months, given.business_date);
    let trend_findings = examine_figures(&trends, rules, context, &mut total.scorecard);
    outputs.findings(&trend_findings, rules, labels)?;
    outputs.write::<FacilityMonthsTable>(trends.figures.iter().filter(|figure| table::is_listed(figure)))?;
    conditions.count_inputs(inputs, rules, &mut total.conditions);
    conditions.count_sums(&total.scorecard, &mut total.conditions);
    let counted = conditions.counted(std::mem::take(&mut total.conditions));
    let values = std::mem::take(&mut total.values).sorted();
    let by_facility = plan.edits.encounter_numbers_by_facility;
    outputs.write::<Findings>(values.iter().map(|value| FindingLine::of_value(value, by_facility, rules, labels)))?;
    duplicates.sort_unstable();
    outputs.write::<Duplicates>(duplicates.iter().map(|row| (row, labels)))?;
    write_lists_of_words(plan, read, &total, outputs)?;
    Ok(Settled { total, counted, values, trends, file_findings, parquet })
}

/// Enters in the accounts of the inputs what only the examination of their rows tells.
fn enter_in_accounts(total: &mut Outcome, accepted: &[u64], inputs: &mut [InputAccount]) {
    for (input, accepted) in inputs.iter_mut().zip(accepted) {
        if input.table.is_some_and(Table::is_of_encounters) {
            input.accepted = *accepted;
        }
    }
    for (input, excluded) in inputs.iter_mut().zip(&total.excluded_rows) {
        input.excluded = *excluded;
    }
    for (input, settled) in std::mem::take(&mut total.settled) {
        enter_dates(&mut inputs[usize::from(input)], settled);
    }
    for (input, rows) in std::mem::take(&mut total.beyond_one_stay) {
        inputs[usize::from(input)].rows_beyond_one_stay = rows;
    }
    for ((input, field), offsets) in std::mem::take(&mut total.offsets) {
        enter_offsets(&mut inputs[usize::from(input)], field, offsets);
    }
}

/// Writes the lists of codes and of kinds of document.
fn write_lists_of_words(plan: &Plan, read: &Read, total: &Outcome, outputs: &mut Outputs) -> Result<(), RunFault> {
    outputs.write::<CodesToDecide>(worklist::to_decide(&total.codes, &read.sets))?;
    outputs.write::<SiteMapTemplate>(worklist::in_order(&total.codes))?;
    outputs.write::<ZerosRestored>(worklist::restored(&total.codes, &read.sets))?;
    if let Some(deficiency) = &plan.deficiency {
        outputs.write::<DocumentTypes>(total.deficiency_tally.unnamed_types.listed(&deficiency.matrix.words()))?;
    }
    Ok(())
}
