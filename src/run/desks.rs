//! The desks of a run, in the order of the field: what each holds records against, its tables, sheets and accounts. A new desk is a line in each list.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::deficiency::index_of_rows::ChartCounts;
use crate::{
    book::{board::Board, csv::CsvTable, figures::SheetFigures, sheet::Sheet},
    codeset::sets::CodeSets,
    coding::{
        self,
        account::CodeAccount,
        comorbidity::account::{WithoutExemptList, without_exempt_list},
        frequency::CodeFrequency,
        judge::{DottedInputs, JudgeOn},
        worklist::{self, CodesToDecide, SiteMapTemplate, ZerosRestored},
    },
    deficiency::{
        self,
        account::{ClinicianAccount, DeficiencyAccount},
        clinician_tables::ClinicianList,
        index::{DocumentIndex, LastIndex},
        index_of_rows::{self, charts_with_documents, document_index},
        sheet::DelinquencyLimit,
        tables::{Deficiencies, DocumentTypes},
    },
    edits::{
        self,
        account::{
            acceptances::{AcceptanceAccount, acceptance_accounts},
            conformity::ConformityAccount,
            file_findings::FileFinding,
            not_asked::{NotAskedAccount, not_asked},
            rules::{RuleAccount, count_values, rule_accounts},
            trends::TrendAccount,
        },
        conditions::Conditions,
        engine::ActiveRules,
        rule,
        tables::{Accepted, Findings, PatientsToReview, RecordsToCorrect},
        trend::{judge::Trends, table::FacilityMonthsTable},
    },
    examination::{
        columns::coded_records::OptionalColumns,
        desks::{DeskContexts, DeskOutcomes},
        outcome::{Outcome, stray_place},
        partition::Examination,
    },
    ingest::tables::{Duplicates, Quarantine, Superseded},
    partition::registers::Registers,
    plan::Plan,
    record::{
        account::InputAccount,
        date::Day,
        field::{CanonicalTable, Field},
        life::DecidedKeys,
        month::Month,
    },
    rows::{slot::Feed, sorter::Sorter, standing::Deliveries},
    run::{
        clinicians::follow_deficiency,
        conformity::{conformity, unmet_settings},
        dotted_columns::dotted_inputs,
        edit_context::edit_context,
        fault::RunFault,
        lives::{RecordsTonight, keeps},
        options::RunOptions,
        outputs::{Outputs, TableHeading},
        read::ReadInputs,
        releases::imported::Imported,
        settle::AskedOnce,
        sheets::{
            board::{OtherFigure, page},
            chosen::{DEFINITIONS, chosen},
        },
        unusable_inputs::why_not_whole,
        what_changed,
    },
    statistics::{
        self,
        measured_records::MeasuredRecords,
        own_sheet::OwnSheet,
        reconciliation::{self, ReconciliationAccount, reconcile},
        settings::{DELINQUENT, IN_ERROR},
        tally::Dimension,
    },
    tracking::{
        account::NightAccount,
        tables::{NoLongerFound, ToResolve},
    },
};

/// What the desks hold records against.
#[derive(Debug)]
pub struct DesksInForce {
    /// Edits.
    pub rules: ActiveRules,
    /// Sets of edits that the profiles ask for together.
    pub conditions: Conditions,
    /// What edits may know beside the record.
    pub context: rule::EditContext,
    /// What the document index can be asked.
    pub index: DocumentIndex,
    /// The charts with a document among those that are examined.
    pub charts: ChartCounts,
    /// The index of an earlier night, where none came tonight.
    pub last_index: Option<LastIndex>,
    /// Inputs that write their codes with dots.
    pub dotted: DottedInputs,
    /// The columns of the coded records.
    pub shape: OptionalColumns,
}

impl DesksInForce {
    /// Puts it together; takes the registers and the exempt lists over.
    ///
    /// # Errors
    /// The rows cannot be read again, or the run was interrupted.
    pub fn of(
        plan: &Plan,
        options: &RunOptions<'_>,
        feeds: &[Feed],
        read: &mut ReadInputs,
        inputs: &[InputAccount],
        (decided, last_index, follows): (DecidedKeys, Option<LastIndex>, bool),
    ) -> Result<DesksInForce, RunFault> {
        let rules = ActiveRules::new(&plan.edits.ignore, &plan.edits.severity)
            .applying(&plan.edits.apply)
            .with_acceptances(&plan.edits.acceptances)
            .with_site(&plan.edits.site)
            .with_reporting(&plan.edits.by_value, plan.edits.info_findings)
            .with_decided(decided, follows);
        let conditions = Conditions::new(&plan.edits.profiles, &rules);
        let registers = std::mem::take(&mut read.registers);
        let mut context = edit_context(plan, feeds, inputs, registers, options.business_date);
        context.exempt = std::mem::take(&mut read.imported.exempt);
        let mut charts = ChartCounts::new();
        let index = match &plan.deficiency {
            Some(_) => {
                let documents = inputs.iter().filter(|input| input.table == Some(CanonicalTable::Documents));
                // Of what is kept it is known how far it goes.
                let broken = if last_index.is_some() { String::new() } else { why_not_whole(documents) };
                let of = (feeds, &read.deliveries);
                let counted = charts_of(&read.sorter, inputs.len(), of, options)?;
                charts = counted.clone().unwrap_or_default();
                let all = || match counted {
                    Some(counted) => what_changed::all_charts(read, inputs.len(), feeds, counted, options).map(Some),
                    None => Ok(None),
                };
                document_index(inputs, feeds, &broken, all)?
            }
            None => DocumentIndex::default(),
        };
        let dotted = dotted_inputs(&read.sorter, inputs.len(), feeds, options)?;
        let shape = OptionalColumns::of(feeds, (!plan.coding.diagnoses.is_empty(), !plan.coding.procedures.is_empty()));
        Ok(DesksInForce { rules, conditions, context, index, charts, last_index, dotted, shape })
    }

    /// What a partition is examined with.
    pub fn examination<'e>(
        &'e self,
        (plan, business_date): (&'e Plan, Day),
        feeds: &'e [Feed],
        read: &'e ReadInputs,
        frequency: &'e CodeFrequency,
    ) -> Examination<'e> {
        let follows = read.scope.changed().is_some() || keeps(plan) && what_changed::why_always(plan).is_none();
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
            desks: DeskContexts {
                deficiency: plan.deficiency.as_ref().map(|deficiency| deficiency::examine::ChartContext {
                    matrix: &deficiency.matrix,
                    index: &self.index,
                    business_date,
                    delinquent_after_days: deficiency.delinquent_after_days,
                    decided: &self.rules.decided,
                    last_index: self.last_index.as_ref(),
                }),
            },
            group_weights: &plan.statistics.group_weights,
            own_sheets: &plan.statistics.own_sheets,
            inputs: &read.labels,
            shape: self.shape,
            marks: follows,
            by_month: follows,
        }
    }
}

/// The document index of an earlier night, where none came tonight: the night, and by input whether it was there by then.
pub fn last_index(day: Day, was_there: Vec<bool>) -> LastIndex {
    LastIndex { day, was_there }
}

/// The open deficiencies of a run by clinician, while its lists are written.
pub type ClinicianDeficiencies = deficiency::clinicians::Clinicians;

/// All that a plan says of how records are read and examined, in one text: of two plans with the same text every record is examined to the same.
pub fn settings_of_examination(plan: &Plan) -> String {
    let layouts = plan.records.as_ref().map(|records| &records.texts);
    let deficiency = plan.deficiency.as_ref().map(|own| (&own.matrix, own.delinquent_after_days));
    let own_sheets: Vec<String> = plan.statistics.own_sheets.iter().map(OwnSheet::settings_of_counting).collect();
    format!(
        "{layouts:?} {:?} {:?} {deficiency:?} {own_sheets:?} {:?}",
        plan.edits, plan.coding, plan.statistics.group_weights
    )
}

/// Adds charts with a document to others.
pub fn add_charts(own: &mut ChartCounts, more: ChartCounts) {
    index_of_rows::add_charts(own, more);
}

/// The charts with a document among the rows of a partition; none where the pipeline does not look at charts.
pub fn charts_among(rows: &[u8], with: &Examination<'_>) -> ChartCounts {
    match with.desks.deficiency {
        Some(_) => index_of_rows::charts_among(rows, with.feeds),
        None => ChartCounts::new(),
    }
}

/// The charts with a document among some rows; `None` where they are of too many months and facilities.
///
/// # Errors
/// A temporary file cannot be read, or the run was interrupted.
pub fn charts_of(
    rows: &Sorter,
    inputs: usize,
    (feeds, deliveries): (&[Feed], &Deliveries),
    options: &RunOptions<'_>,
) -> Result<Option<ChartCounts>, RunFault> {
    charts_with_documents(rows, inputs, (feeds, deliveries), || options.go_on())
}

/// The list of deficiencies.
pub const DEFICIENCIES: &str = Deficiencies::PATH;

fn heading<T: CsvTable>() -> TableHeading {
    (T::PATH, T::headings())
}

/// The tables of every desk, in the order of the field; those of what is followed from night to night where the run `keeps` its records, that
/// of clinicians where the pipeline `has_levels`.
pub fn tables(keeps: bool, has_levels: bool) -> Vec<TableHeading> {
    let mut tables = vec![
        heading::<Quarantine>(),
        heading::<Duplicates>(),
        heading::<Superseded>(),
        heading::<Findings>(),
        heading::<Accepted>(),
        heading::<RecordsToCorrect>(),
        heading::<PatientsToReview>(),
        heading::<FacilityMonthsTable>(),
        heading::<CodesToDecide>(),
        heading::<SiteMapTemplate>(),
        heading::<ZerosRestored>(),
        heading::<Deficiencies>(),
        heading::<DocumentTypes>(),
        heading::<SheetFigures>(),
    ];
    if keeps {
        tables.extend([heading::<ToResolve>(), heading::<NoLongerFound>()]);
    }
    if has_levels {
        tables.push(heading::<ClinicianList>());
    }
    tables
}

/// Writes the lists that came of a partition, and gives them up. Gives the records, by the digests of their keys, whose deficiencies stay open although nothing is found in
/// them tonight.
///
/// # Errors
/// A file cannot be written.
pub fn write_lists(outcome: &mut DeskOutcomes, outputs: &mut Outputs) -> Result<Vec<u64>, RunFault> {
    let deficiencies = std::mem::take(&mut outcome.deficiencies);
    let without_index = std::mem::take(&mut outcome.charts_without_index);
    let mut stay_open = Vec::new();
    if outputs.night.follows() {
        stay_open
            .extend(without_index.iter().filter(|(number, _)| outputs.night.has_open(*number)).map(|(_, key)| *key));
        outputs.night.without_index(without_index.into_iter().map(|(number, _)| number));
    }
    deficiencies.iter().try_for_each(|deficiency| follow_deficiency(outputs, deficiency))?;
    outputs.write::<Deficiencies>(&deficiencies)?;
    Ok(stay_open)
}

/// Writes the lists of codes and of kinds of document, once all records are examined.
///
/// # Errors
/// A file cannot be written.
pub fn write_lists_of_words(
    plan: &Plan,
    sets: &CodeSets,
    total: &Outcome,
    outputs: &mut Outputs,
) -> Result<(), RunFault> {
    outputs.write::<CodesToDecide>(worklist::to_decide(&total.codes, sets))?;
    outputs.write::<SiteMapTemplate>(worklist::in_order(&total.codes))?;
    outputs.write::<ZerosRestored>(worklist::restored(&total.codes, sets))?;
    if let Some(deficiency) = &plan.deficiency {
        outputs
            .write::<DocumentTypes>(total.desks.deficiency_tally.unnamed_types.listed(&deficiency.matrix.words()))?;
    }
    Ok(())
}

/// Columns with more different values than a tally counts apart: how many each tally met, or 0.
pub fn too_many_values(total: &Outcome) -> Vec<(Field, u64)> {
    let (tally, deficiencies) = (&total.tally, &total.desks.deficiency_tally);
    let mut found = vec![
        (Field::Service, tally.too_many(Dimension::Service)),
        (Field::Payer, tally.too_many(Dimension::Payer)),
        (Field::FacilityId, tally.too_many(Dimension::Facility)),
        (Field::AgeBand, tally.too_many(Dimension::AgeBand)),
        (Field::Coder, tally.coders.too_many()),
        (Field::FacilityId, deficiencies.too_many_facilities()),
        (Field::DocumentAuthor, deficiencies.by_clinician.too_many()),
        (Field::DocumentType, deficiencies.unnamed_types.too_many()),
        (Field::DiagnosisCode, tally.too_many_diagnoses.count()),
        (Field::DiagnosisCode, total.codes.too_many_undecided(false)),
        (Field::ProcedureCode, tally.too_many_procedures.count()),
        (Field::ProcedureCode, total.codes.too_many_undecided(true)),
    ];
    found.extend(total.trend.too_much.told());
    found.extend(total.tables.too_much());
    found
}

/// The accounts of the desks, as `run_results.json` has them.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct DeskAccounts {
    /// Findings of whole files, of severity warning or worse.
    pub file_findings: Vec<FileFinding>,
    /// Every rule in force, with its denominators.
    pub rules: Vec<RuleAccount>,
    /// What the run was held to, with the verdicts.
    pub conformity: Vec<ConformityAccount>,
    /// Findings verified as true, by acceptance of the pipeline.
    pub acceptances: Vec<AcceptanceAccount>,
    /// Rules that were not asked because an input could not be used, by table.
    pub not_asked: Vec<NotAskedAccount>,
    /// Settings that had no effect in the run, in words.
    pub unmet_settings: Vec<String>,
    /// Diagnosis and procedure codes by verdict.
    pub codes: CodeAccount,
    /// Discharges whose fiscal year has no list of diagnoses exempt from present-on-admission reporting at hand.
    pub without_exempt_list: Vec<WithoutExemptList>,
    /// Chart deficiencies.
    pub deficiencies: DeficiencyAccount,
    /// Figures of facilities' months against their trend.
    pub trends: TrendAccount,
    /// Figures of the statistics that have to agree.
    pub reconciliations: Vec<ReconciliationAccount>,
    /// What is new, open and corrected since the night before.
    pub night: NightAccount,
    /// Clinicians with open deficiencies.
    pub clinicians: ClinicianAccount,
    /// What became of the records since the night before; absent where nights are not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_tonight: Option<RecordsTonight>,
}

/// What the measures of a run are counted from.
fn measured<'m>(
    plan: &'m Plan,
    total: &'m Outcome,
    registers: &'m Registers,
    business_date: Day,
) -> MeasuredRecords<'m> {
    let counted = (&total.hospital, &total.readmissions);
    MeasuredRecords::of(counted, registers, (plan.period.as_ref(), business_date))
}

/// The board page; `None` where no inpatient was discharged. `in_error`: records with a finding of severity error or worse.
pub fn board(
    plan: &Plan,
    accounts: &DeskAccounts,
    (total, in_error): (&Outcome, u64),
    registers: &Registers,
    business_date: Day,
) -> Option<Board> {
    let limit = delinquency_limit(plan, total, business_date);
    let others = [
        OtherFigure {
            name: DELINQUENT,
            words: "Delinquent records, today",
            unit: "% of an average month's discharges",
            sheet: "Deficiencies",
            count: plan.deficiency.is_some().then_some(accounts.deficiencies.delinquent_records * limit.months),
            of: limit.discharges,
        },
        OtherFigure {
            name: IN_ERROR,
            words: "Records in error, of all examined",
            unit: "%",
            sheet: "Edits",
            count: Some(in_error),
            of: total.examined,
        },
    ];
    let differing = accounts.reconciliations.iter().filter(|own| own.agrees == Some(false));
    let differing: Vec<&str> = differing.map(|own| own.what.as_str()).collect();
    page(plan, &measured(plan, total, registers, business_date), (&others, &differing), business_date)
}

/// The accounts of the desks; `taken` are the findings that each acceptance of the pipeline took.
pub fn accounts(
    plan: &Plan,
    business_date: Day,
    inputs: &[InputAccount],
    (in_force, registers): (&DesksInForce, &Registers),
    (total, asked): (&Outcome, &AskedOnce),
    taken: &[u64],
) -> DeskAccounts {
    let rules = &in_force.rules;
    let inputs_unusable = inputs.iter().any(|input| !input.fault.is_empty());
    let strays = |table| stray_place(table).map_or(0, |place| total.orphans[place]);
    let mut of_rules = rule_accounts(rules, &total.scorecard, inputs_unusable);
    count_values(&mut of_rules, &asked.values);
    let deficiencies =
        plan.deficiency.as_ref().map(|_| DeficiencyAccount::of(&total.desks.deficiency_tally, &in_force.index));
    let reconciled = reconcile(&measured(plan, total, registers, business_date), &total.tally);
    DeskAccounts {
        file_findings: asked.file_findings.clone(),
        rules: of_rules,
        conformity: conformity(plan, inputs, total, &asked.counted, business_date),
        acceptances: acceptance_accounts(&plan.edits.acceptances, taken, business_date),
        not_asked: not_asked(inputs, rules, &total.scorecard, &strays),
        unmet_settings: unmet_settings(plan, total, rules),
        codes: CodeAccount::of(&total.codes),
        without_exempt_list: without_exempt_list(&total.comorbidity),
        deficiencies: deficiencies.unwrap_or_default(),
        trends: TrendAccount::of(&asked.trends),
        reconciliations: reconciled.map_or(Vec::new(), |own| own.accounts()),
        night: NightAccount::default(),
        clinicians: ClinicianAccount::default(),
        records_tonight: None,
    }
}

impl DeskAccounts {
    /// The lines at the end of the printed account: of desks that need nothing of the run to say theirs.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.deficiencies.lines();
        lines.extend(self.clinicians.lines());
        lines.extend(reconciliation::lines(&self.reconciliations));
        lines.extend(self.night.lines());
        lines
    }
}

/// What the run sheet says of the desks' settings, and of what they could not do: names and values.
pub fn facts(plan: &Plan, accounts: &DeskAccounts) -> Vec<(&'static str, String)> {
    let ignored = plan.edits.ignore.join(", ");
    let judged_on = match plan.coding.judge_on {
        JudgeOn::DischargeDate => "the day of discharge",
        JudgeOn::AnyDate => "any day (dates are shifted)",
    };
    let mut facts = vec![
        ("Edits in force", accounts.rules.len().to_string()),
        ("Edits ignored", if ignored.is_empty() { "none".to_owned() } else { ignored }),
        ("Stays are long from, days", (plan.edits.long_stay_days + 1).to_string()),
        ("Codes are judged on", judged_on.to_owned()),
    ];
    let severities = plan.edits.severity.iter().map(|(code, severity)| format!("{code} {}", severity.name()));
    facts.extend(severities.map(|severity| ("Severity given", severity)));
    facts.extend(plan.deficiency.as_ref().map(|_| ("Missing documents", accounts.deficiencies.fact())));
    facts.extend(accounts.without_exempt_list.iter().map(|list| ("Present on admission", list.words())));
    facts
}

/// What delinquent records are held against: the discharges of the full months among the twelve before that of the business date.
fn delinquency_limit(plan: &Plan, total: &Outcome, business_date: Day) -> DelinquencyLimit {
    let this = Month::of(business_date);
    let mut discharges: BTreeMap<Month, u64> = BTreeMap::new();
    for (month, counts) in total.trend.months.0.values().flatten() {
        if *month < this && *month >= this.back(12) {
            *discharges.entry(*month).or_default() += counts.discharges;
        }
    }
    discharges.retain(|_, count| *count > 0);
    DelinquencyLimit {
        discharges: discharges.values().sum(),
        months: discharges.len() as u64,
        percent: plan.deficiency.as_ref().map_or(50, |deficiency| deficiency.delinquency_limit_percent),
    }
}

/// What the sheets of the desks are made of.
#[derive(Clone, Copy)]
pub struct SheetSources<'s> {
    /// The accounts of the desks.
    pub accounts: &'s DeskAccounts,
    /// Tallies of the run.
    pub total: &'s Outcome,
    /// Facilities' months against their history.
    pub trends: &'s Trends,
    /// Code tables, shipped and imported.
    pub code_tables: (&'s CodeSets, &'s Imported),
    /// What records are held against.
    pub in_force: &'s DesksInForce,
    /// The registers.
    pub registers: &'s Registers,
    /// The sheet of clinicians, where there is one.
    pub clinicians: Option<&'s Sheet>,
}

/// Sheets that are made together: their names, and what makes them.
type NamedSheets<'s> = (&'s [&'s str], &'s dyn Fn() -> Vec<Sheet>);

/// The sheets of the desks in order; `of`: those of one name alone. A new one is a line here.
pub fn sheets(plan: &Plan, sources: SheetSources<'_>, business_date: Day, of: Option<&str>) -> Vec<Sheet> {
    let SheetSources { accounts, total, trends, code_tables: (sets, imported), in_force, registers, clinicians } =
        sources;
    let (tally, top) = (&total.tally, plan.statistics.top);
    let groups = (imported.groups(), &total.groups);
    let matrix = plan.deficiency.as_ref().map(|deficiency| &deficiency.matrix);
    let rules = &in_force.rules;
    let measured = measured(plan, total, registers, business_date);
    let labels = &plan.statistics.labels;
    let limit = || delinquency_limit(plan, total, business_date);
    // The rules in force are those of the last day of the period.
    let last_day = plan.period.as_ref().map_or(business_date, |period| period.last);
    let definitions = [edits::sheets::scorecard::DEFINITIONS, deficiency::sheet::DEFINITIONS];
    let measure_sheets = || statistics::sheets::measures::sheets(&measured, labels);
    let one = |sheet: Option<Sheet>| sheet.into_iter().collect::<Vec<Sheet>>();
    let tables: [NamedSheets<'_>; 25] = [
        (&["Measures", "Months", "Facilities"], &measure_sheets),
        (&["Control limits"], &|| one(statistics::sheets::control_limits::sheet(&measured))),
        (&["Expected"], &|| one(statistics::sheets::expected::sheet(&measured, labels))),
        (&["Census"], &|| one(statistics::sheets::census::sheet(&measured))),
        (&["Units"], &|| one(statistics::sheets::units::sheet(&measured, labels))),
        (&["Reconciliation"], &|| {
            one(reconcile(&measured, tally).as_ref().map(statistics::sheets::reconciliation::sheet))
        }),
        (&["Discharges"], &|| vec![statistics::sheets::discharges::sheet(tally)]),
        (&["Groups"], &|| vec![statistics::sheets::groups::sheet(tally, labels)]),
        (&["Charges"], &|| one(statistics::sheets::charges::sheet(tally, labels))),
        (&["Length of stay"], &|| vec![statistics::sheets::stays::sheet(tally)]),
        (&["Weighted"], &|| one(statistics::sheets::weighted::sheet(&tally.weighted, &plan.statistics.survey, labels))),
        (&["Diagnoses"], &|| vec![statistics::sheets::codes::diagnoses(tally, sets, top)]),
        (&["Procedures"], &|| vec![statistics::sheets::codes::procedures(tally, sets, top)]),
        (&["Chapters"], &|| vec![statistics::sheets::chapters::sheet(tally, sets)]),
        (&["Clinical groups"], &|| vec![statistics::sheets::clinical_groups::sheet(tally, groups, sets, top)]),
        (&["Comorbidity"], &|| {
            vec![coding::sheets::comorbidity::sheet(&total.comorbidity, &imported.refined, plan.coding.judge_on)]
        }),
        (&["Edits"], &|| vec![edits::sheets::scorecard::sheet(&accounts.rules)]),
        (&["Rules"], &|| vec![edits::sheets::rules::sheet(rules, last_day)]),
        (&["Conformity"], &|| {
            let DeskAccounts { conformity, acceptances, unmet_settings, .. } = accounts;
            vec![edits::sheets::conformity::sheet(conformity, acceptances, unmet_settings)]
        }),
        (&["Trends"], &|| vec![edits::sheets::trends::sheet(trends)]),
        (&["Deficiencies"], &|| {
            vec![deficiency::sheet::sheet(matrix, &total.desks.deficiency_tally, &accounts.deficiencies, &limit())]
        }),
        (&["Clinicians"], &|| one(clinicians.cloned())),
        (&["Coding"], &|| vec![coding::sheets::codes::sheet(&accounts.codes)]),
        (&["Coders"], &|| {
            one(statistics::sheets::coders::sheet(&tally.coders, registers.staff_hours.as_ref(), business_date))
        }),
        (&[DEFINITIONS], &|| vec![statistics::sheets::definitions::sheet(&definitions)]),
    ];
    let own_sheets = plan.statistics.own_sheets.iter().zip(&total.own_sheets);
    let chosen_ones = &plan.statistics.sheets;
    let is_wanted = |name: &str| {
        of.is_none_or(|of| of == name) && (chosen_ones.is_empty() || name == DEFINITIONS || chosen_ones.contains(&name))
    };
    let wanted = tables.iter().filter(|(names, _)| names.iter().any(|name| is_wanted(name)));
    let mut all: Vec<Sheet> = wanted.flat_map(|(_, sheets)| sheets()).collect();
    // Before the definitions.
    let place = all.iter().position(|sheet| sheet.name == DEFINITIONS).unwrap_or(all.len());
    let own = own_sheets.filter(|(own, _)| is_wanted(own.name));
    let own: Vec<Sheet> =
        own.filter_map(|(own, counted)| statistics::sheets::own::sheet(own, counted, &measured, labels)).collect();
    all.splice(place..place, own);
    chosen(all, chosen_ones)
}
