//! The fourth step of a run, once every partition is examined: the accounts must balance, and the edits between records, tables, files and months are asked.

use crate::{
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
            facility_months::FacilityMonths,
            judge::Trends,
            table::{self, FacilityMonthsTable},
        },
    },
    examination::{
        outcome::Outcome,
        patient::{PatientFindings, Stays},
        record_findings::FoundBetween,
    },
    ingest::{
        account::{enter_dates, enter_offsets},
        tables::Duplicates,
    },
    plan::Plan,
    record::{account::InputAccount, date::Day, field::CanonicalTable, finding::Finding},
    rows::{duplicates::DuplicateRows, sorter::Sorter},
    run::{
        at_rest::{AllRecords, ExaminedTonight, LeftByNight, RecordFigures, count_between, with_those_at_rest},
        conserve::conserve,
        desks::DesksInForce,
        examine::ExaminedRun,
        fault::RunFault,
        options::RunOptions,
        outputs::{OutputAccount, Outputs},
        prepare::PreparedRun,
        read::{Accounts, ReadInputs},
        too_many_values::enter_too_many_values,
        trends::judged,
    },
};

/// What is asked once of all records together: between tables, files and months.
pub struct AskedOnce {
    /// Sets of edits that the profiles ask for together.
    pub counted: Vec<Counted>,
    /// Values that are reported by value.
    pub values: Vec<ValueCount>,
    /// Facilities' months against their history.
    pub trends: Trends,
    /// Findings of whole files.
    pub file_findings: Vec<FileFinding>,
    /// What is found between tables.
    between_tables: Vec<Finding>,
    /// What is found of inputs.
    of_inputs: Vec<Finding>,
    /// What is found of facilities' months.
    of_trends: Vec<Finding>,
}

/// What is held of a run whose figures are traced.
pub struct TracedRows {
    /// All rows of encounters and of what hangs on them.
    pub rows: Sorter,
    /// What brings records of one patient together: digest of the key of a stay, and of the key of its encounter.
    pub stays: Vec<(u64, u64)>,
    /// What the records come to, before anything is asked once of all of them.
    pub counted: Outcome,
}

/// What a run came to, in figures.
pub struct SettledRun {
    /// Tallies of the run.
    pub total: Outcome,
    /// What is asked once of all records together.
    pub asked: AskedOnce,
    /// What is held for a trace, where one is asked for.
    pub traced: Option<TracedRows>,
    /// The Parquet files.
    pub parquet: [OutputAccount; 3],
    /// What the night leaves for the next one, where it leaves anything.
    pub left: Option<LeftByNight>,
    /// Records that were examined on this night.
    pub examined_tonight: u64,
}

/// Settles the accounts and asks what is asked once.
///
/// # Errors
/// Rows do not add up, or a file cannot be read or written.
pub fn settle(
    plan: &Plan,
    options: &RunOptions<'_>,
    prepared: &mut PreparedRun,
    (read, accounts): (&ReadInputs, &mut Accounts),
    in_force: &DesksInForce,
    examined: ExaminedRun,
) -> Result<SettledRun, RunFault> {
    let ExaminedRun { mut total, stays, records, parquet: [sources, by_value], rows, set_aside: of_records, kept_rows } =
        examined;
    let PreparedRun { staging, scratch, outputs, feeds, state, .. } = prepared;
    let Accounts { inputs, duplicates, set_aside } = accounts;
    let DesksInForce { rules, shape, .. } = in_force;
    let labels = read.labels.as_slice();
    let mut followed = Vec::new();
    let between = examine_between_records(&mut total, stays, in_force, labels, (outputs, &mut followed))?;
    let examined_tonight = total.examined + total.excluded;
    let figures = RecordFigures { outcome: total, rows, set_aside: of_records, charts: in_force.charts.clone() };
    let tonight = ExaminedTonight { figures, rows: kept_rows.as_ref(), followed: &followed };
    let accounts = (inputs.as_mut_slice(), &mut *set_aside, &mut *outputs);
    let AllRecords { mut total, accepted, left, joined } =
        with_those_at_rest(plan, options, (feeds, scratch), (read, in_force), tonight, accounts)?;
    let traced = kept_rows.filter(|_| options.traces);
    let traced = traced.map(|rows| TracedRows { rows, stays: joined, counted: total.clone() });
    enter_in_accounts(&mut total, &accepted, inputs);
    conserve(inputs, &total, set_aside).map_err(|fault| match read.scope.changed() {
        Some(_) => RunFault::ExamineEverything("what the night before left does not add up".to_owned()),
        None => fault,
    })?;
    let coded = records.write(*shape, &between, (rules, labels), (staging, outputs), options)?;
    for (place, input) in inputs.iter_mut().enumerate() {
        input.fits_revision = total.codes.missing_revisions(place);
    }
    enter_too_many_values(&total, feeds, inputs);
    let mut remembered = state.remembered_months();
    if plan.records.is_some() {
        // What was remembered of months whose records are kept is older than the records.
        remembered.drop_from(total.trend.months.first());
    }
    let asked = ask_once(plan, &mut total, inputs, in_force, &remembered, options.business_date);
    for findings in [&asked.between_tables, &asked.of_inputs, &asked.of_trends] {
        outputs.findings(findings, rules, labels)?;
    }
    let figures = asked.trends.figures.iter().filter(|figure| table::is_listed(figure));
    outputs.write::<FacilityMonthsTable>(figures)?;
    let by_facility = plan.edits.encounter_numbers_by_facility;
    let of_values = asked.values.iter().map(|value| FindingLine::of_value(value, by_facility, rules, labels));
    outputs.write::<Findings>(of_values)?;
    let duplicates = std::mem::replace(duplicates, DuplicateRows::new(scratch.clone()));
    duplicates.each(|row| outputs.write::<Duplicates>([(&row, labels)]))?;
    Ok(SettledRun { total, asked, traced, parquet: [coded, sources, by_value], left, examined_tonight })
}

/// Asks what is asked once of all records together.
pub fn ask_once(
    plan: &Plan,
    total: &mut Outcome,
    inputs: &[InputAccount],
    in_force: &DesksInForce,
    remembered: &FacilityMonths,
    business_date: Day,
) -> AskedOnce {
    let DesksInForce { rules, conditions, context, .. } = in_force;
    // With as many not applicable as have no patient's number, a rule's figures add up to the encounters examined.
    for number in patient_rules(rules) {
        total.scorecard.scores[number].not_applicable += total.without_patient_number;
    }
    let first_input =
        |table: CanonicalTable| inputs.iter().position(|input| input.table == Some(table)).unwrap_or(0) as u16;
    let between_tables = examine_tables(&total.tables, rules, context, &first_input, &mut total.scorecard);
    let of_inputs = examine_inputs(inputs, rules, &mut total.scorecard);
    let file_findings = file_findings(&of_inputs, rules, inputs);
    let trends = judged(plan, &total.trend, remembered, business_date);
    let of_trends = examine_figures(&trends, rules, context, &mut total.scorecard);
    conditions.count_inputs(inputs, rules, &mut total.conditions);
    conditions.count_sums(&total.scorecard, &mut total.conditions);
    let counted = conditions.counted(std::mem::take(&mut total.conditions));
    let values = std::mem::take(&mut total.values).sorted();
    AskedOnce { counted, values, trends, file_findings, between_tables, of_inputs, of_trends }
}

/// Asks the edits between records, and writes what they find; gives it by the record.
fn examine_between_records(
    total: &mut Outcome,
    stays: Stays,
    in_force: &DesksInForce,
    labels: &[String],
    (outputs, followed): (&mut Outputs, &mut Vec<Finding>),
) -> Result<FoundBetween, RunFault> {
    let DesksInForce { rules, conditions, context, .. } = in_force;
    let mut found = FoundBetween::default();
    stays.examine(rules, conditions, context, |between| {
        let between = between.map_err(RunFault::Write)?;
        count_between(total, &between);
        let PatientFindings { findings, to_correct, .. } = between;
        let open = || findings.iter().filter(|finding| finding.accepted.is_none());
        followed.extend(findings.iter().filter(|finding| rules.keeps_open(finding)).cloned());
        found.add(&findings, &to_correct);
        outputs.findings(&findings, rules, labels)?;
        let rule = |finding: &Finding| rules.described(usize::from(finding.rule));
        outputs.write::<PatientsToReview>(open().map(|finding| ToReviewLine { finding, rule: rule(finding) }))
    })?;
    Ok(found)
}

/// Enters in the accounts of the inputs what only the examination of their rows tells.
fn enter_in_accounts(total: &mut Outcome, accepted: &[u64], inputs: &mut [InputAccount]) {
    for (input, accepted) in inputs.iter_mut().zip(accepted) {
        if input.table.is_some_and(CanonicalTable::is_of_encounters) {
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
