//! Hands the figures of all desks to the statistics and writes workbook and text.

use std::collections::BTreeMap;

use super::{
    examination::Outcome,
    findings_by_value::ValueCount,
    outputs::{account, label, why_not_whole},
    pipeline::RunFault,
    releases::imported::Imported,
    results::{CodeAccount, ConformityAccount, DeficiencyAccount, RuleAccount, RunResults, WithoutExemptList},
    trends::trend_rows,
};
use crate::{
    codeset::{
        describe::dotted,
        normalise::is_well_formed,
        other_systems::{is_other_system, title},
        sets::CodeSets,
    },
    coding::{
        comorbidity::{
            ahrq::AhrqTable,
            index::Index,
            quan::QuanTables,
            tally::{BitCounts, ComorbidityTally},
        },
        judge::JudgeOn,
        tally::CodeTally,
    },
    deficiency::{
        index::DocumentIndex,
        kind::KINDS,
        tally::{AGE_BUCKETS, DeficiencyTally},
    },
    edits::{
        engine::ActiveRules,
        explain::{RuleLine, rules_in_force},
        scorecard::Scorecard,
        trend::judge::Trends,
    },
    fs::staging::Staging,
    partition::{
        decode::{Offsets, SettledDates},
        encounter::PackedCode,
    },
    plan::Plan,
    record::{
        account::counts_by_field,
        code::{CodeSystem, CodeVerdict},
        date::Day,
        field::Field,
        month::Month,
    },
    statistics::{
        sheets::{ComorbidityRows, ConformityRow, DeficiencyRows, EditRow, InputRow, Report, book},
        text, xlsx,
    },
};

/// Months without a document index that are named one by one.
const MONTHS_IN_WORDS: usize = 6;

/// The rules with their figures.
pub fn rule_accounts(rules: &ActiveRules, scorecard: &Scorecard, inputs_unusable: bool) -> Vec<RuleAccount> {
    (0..rules.count())
        .map(|number| (number, rules.described(number)))
        .zip(&scorecard.scores)
        .map(|((number, rule), score)| RuleAccount {
            code: rule.code.to_owned(),
            name: rule.name.to_owned(),
            severity: rule.severity.name(),
            examined: score.examined,
            failed: score.failed,
            accepted: score.accepted,
            not_applicable: score.not_applicable,
            unknown: score.unknown,
            status: score.status(inputs_unusable).name(),
            reported: rules.reporting(number as u16).name(),
            values: 0,
        })
        .collect()
}

/// Enters how many distinct values stand in `findings.csv`.
pub fn count_values(accounts: &mut [RuleAccount], values: &[ValueCount]) {
    for value in values {
        accounts[usize::from(value.rule)].values += 1;
    }
}

/// The codes with their verdicts.
pub fn code_account(codes: &CodeTally) -> CodeAccount {
    let verdicts = |counts: &[u64], other: u64| {
        let mut named: BTreeMap<&'static str, u64> =
            CodeVerdict::ALL.iter().zip(counts).map(|(verdict, count)| (verdict.name(), *count)).collect();
        named.insert("other_system", other);
        named
    };
    CodeAccount {
        diagnoses: verdicts(&codes.by_verdict(false), codes.diagnoses_other_system),
        procedures: verdicts(&codes.by_verdict(true), codes.procedures_other_system),
        by_system: by_system(codes),
        zeros_restored: codes.zeros_restored,
        mapped: codes.mapped,
        gem_ranked: codes.gem_ranked,
        gem_confirmed: codes.gem_confirmed,
        no_target: codes.no_target,
        to_coder: codes.to_coder,
        unresolved: codes.unresolved,
    }
}

/// What of AHRQ's measures leans on the exempt list of another year.
pub fn without_exempt_list(tally: &ComorbidityTally) -> Vec<WithoutExemptList> {
    let conditions = &AhrqTable::shipped().index.conditions;
    let of = |((fiscal_year, list_of), (encounters, measures)): (&(i32, i32), &(u64, BitCounts))| WithoutExemptList {
        fiscal_year: *fiscal_year,
        list_of_fiscal_year: *list_of,
        encounters: *encounters,
        measures: conditions
            .iter()
            .zip(measures.0)
            .filter(|(_, encounters)| *encounters > 0)
            .map(|(condition, encounters)| (condition.name.clone(), encounters))
            .collect(),
    };
    tally.leaning.iter().map(of).collect()
}

/// Codes by system and verdict. What a revision says that is no code system is not repeated here: it may be anything.
fn by_system(codes: &CodeTally) -> BTreeMap<String, BTreeMap<&'static str, u64>> {
    let mut systems: BTreeMap<String, BTreeMap<&'static str, u64>> = BTreeMap::new();
    let mut add = |name: &str, verdict: &'static str, count: u64| {
        if count > 0 {
            *systems.entry(name.to_owned()).or_default().entry(verdict).or_default() += count;
        }
    };
    for (system, counts) in CodeSystem::ALL.into_iter().zip(codes.by_system()) {
        for (verdict, count) in CodeVerdict::ALL.into_iter().zip(counts) {
            add(system.name(), verdict.name(), count);
        }
    }
    for (name, counts) in codes.by_other_system.iter().flat_map(|systems| systems.rows()) {
        let name = if is_other_system(name) { name } else { "unreadable revision" };
        let verdicts = CodeVerdict::ALL.map(CodeVerdict::name).into_iter().chain(["not_judged"]);
        for (verdict, count) in verdicts.zip(counts.0) {
            add(name, verdict, count);
        }
    }
    systems
}

/// The deficiencies counted.
pub fn deficiency_account(tally: &DeficiencyTally, index: &DocumentIndex) -> DeficiencyAccount {
    let (missing_documents, why) = match (&index.unusable, tally.charts_without_index() == 0) {
        (Some(why), _) => ("not applicable", why.clone()),
        (None, true) => ("judged", String::new()),
        (None, false) => ("judged in part", without_index(tally)),
    };
    DeficiencyAccount {
        missing_documents,
        why,
        charts_without_index: tally.charts_without_index(),
        unnamed_documents: tally.unnamed_types.documents(),
        open: tally.open(),
        incomplete_records: tally.incomplete_records,
        delinquent_records: tally.delinquent_records,
        by_kind: tally.by_kind.iter().map(|(kind, count)| (kind.entry().code.to_owned(), *count)).collect(),
    }
}

/// The months that the document index does not hold, in words.
fn without_index(tally: &DeficiencyTally) -> String {
    if tally.without_index_of_others.is_some() {
        let charts = tally.charts_without_index();
        return format!(
            "the document index has no document of any of {charts} charts, of too many facilities and months to be told"
        );
    }
    let of = |((month, facility), charts): (&(Month, String), &u64)| {
        let facility = if facility.is_empty() { String::new() } else { format!(" of facility {facility}") };
        format!("{charts} discharged {month}{facility}")
    };
    let months: Vec<String> = tally.without_index.iter().take(MONTHS_IN_WORDS).map(of).collect();
    let more = tally.without_index.len() - months.len();
    let more = if more == 0 { String::new() } else { format!("; and {more} months more") };
    format!("the document index has no document of any of these charts: {}{more}", months.join("; "))
}

/// Writes the workbook and, where asked for, its text; enters them in the results.
///
/// # Errors
/// A file cannot be written.
pub fn write(
    plan: &Plan,
    results: &RunResults,
    (total, trends): (&Outcome, &Trends),
    (sets, imported): (&CodeSets, &Imported),
    rules: &ActiveRules,
    staging: &Staging,
) -> Result<Vec<super::results::OutputAccount>, RunFault> {
    let id = |system: CodeSystem, code: &PackedCode| sets.table(system).find(code.text().as_bytes());
    // What stands where a code belongs and is none can be anything, a patient's name or number too: the workbook does not have it.
    let is_code = |system: CodeSystem, code: &str| {
        let code = code.as_bytes();
        sets.table(system).find(code).is_some() || system == CodeSystem::Icd10 && is_well_formed(system, code)
    };
    let title_of = |system: CodeSystem, code: &PackedCode| match id(system, code) {
        Some(id) => sets.table(system).title(id).to_owned(),
        None if is_code(system, code.text()) => String::new(),
        None => "in no table; the findings have what is written".to_owned(),
    };
    let printed = |system: CodeSystem, code: &str| match is_code(system, code) {
        true => dotted(system, code),
        false => "(no code)".to_owned(),
    };
    let chapter_of = |system: CodeSystem, code: &PackedCode| {
        let table = sets.table(system);
        let (_, block) = table.block_of_code(*code)?;
        Some((block.chapter + 1, table.grouping.chapters[block.chapter].1.clone()))
    };
    let block_of = |system: CodeSystem, code: &PackedCode| {
        let (_, block) = sets.table(system).block_of_code(*code)?;
        Some((block.name.clone(), block.title.clone()))
    };
    let business_date = Day::from_iso(&results.business_date)
        .ok_or_else(|| RunFault::Internal("the business date is no day".to_owned()))?;
    let report = Report {
        title: &plan.title,
        business_date,
        period: &results.period,
        tally: &total.tally,
        top: plan.statistics.top,
        title_of: &title_of,
        chapter_of: &chapter_of,
        block_of: &block_of,
        dotted: &printed,
        run: run_facts(plan, results, rules),
        inputs: results.inputs.iter().map(input_row).collect(),
        encounters: encounter_rows(results),
        not_whole: why_not_whole(results.inputs.iter()),
        undecided: [results.encounters.undecided_discharges, results.encounters.undecided],
        code_sets: results
            .code_sets
            .iter()
            .map(|set| [set.name.clone(), set.release.clone(), set.sha256.clone()])
            .collect(),
        edits: results
            .rules
            .iter()
            .map(|rule| EditRow {
                code: rule.code.clone(),
                name: rule.name.clone(),
                severity: rule.severity.to_owned(),
                counts: [rule.examined, rule.failed, rule.accepted, rule.not_applicable, rule.unknown],
                status: rule.status.to_owned(),
            })
            .collect(),
        verdicts: results
            .codes
            .diagnoses
            .iter()
            .map(|(verdict, count)| {
                (verdict.replace('_', " "), *count, results.codes.procedures.get(verdict).copied().unwrap_or(0))
            })
            .collect(),
        systems: results
            .codes
            .by_system
            .iter()
            .map(|(name, verdicts)| {
                let title = match CodeSystem::from_name(name) {
                    Some(system) => system.title(),
                    None => title(name),
                };
                let title = title.to_owned();
                let valid = verdicts.get("valid").copied().unwrap_or(0);
                (title, verdicts.values().sum(), valid)
            })
            .collect(),
        mapping: vec![
            ("leading zeros restored".to_owned(), results.codes.zeros_restored),
            ("mapped to another system".to_owned(), results.codes.mapped),
            ("of those, first ranked of several".to_owned(), results.codes.gem_ranked),
            ("of those, confirmed by the map back".to_owned(), results.codes.gem_confirmed),
            ("decided to have no target".to_owned(), results.codes.no_target),
            ("for a coder to decide".to_owned(), results.codes.to_coder),
            ("unresolved".to_owned(), results.codes.unresolved),
        ],
        rules: rule_rows(plan, rules, business_date),
        conformity: results.conformity.iter().map(conformity_row).collect(),
        acceptances: results
            .acceptances
            .iter()
            .map(|accept| {
                let text = [&accept.rule, &accept.reason, &accept.author, &accept.until].map(String::clone);
                (accept.number, text, accept.findings, accept.status.to_owned())
            })
            .collect(),
        unmet_settings: results.unmet_settings.clone(),
        trends: trend_rows(trends),
        comorbidity: comorbidity_rows(
            &total.comorbidity,
            imported.refined.words(plan.coding.judge_on == JudgeOn::AnyDate),
        ),
        groups: imported.groups(),
        group_tally: &total.groups,
        deficiencies: plan.deficiency.as_ref().map(|deficiency| {
            let types = total.deficiency_tally.unnamed_types.listed(&deficiency.matrix.words());
            deficiency_rows(&total.deficiency_tally, &results.deficiencies, &types)
        }),
    };
    let book = book(&report);
    let mut written = Vec::new();
    if plan.statistics.workbook {
        let bytes = xlsx::render(&book).map_err(|_| RunFault::Internal("the workbook cannot be made".to_owned()))?;
        written.push(account("statistics.xlsx", 0, &staging.write("data/statistics.xlsx", &bytes)?));
    }
    if plan.statistics.text {
        written.push(account(
            "statistics.txt",
            0,
            &staging.write("data/statistics.txt", text::render(&book).as_bytes())?,
        ));
    }
    Ok(written)
}

/// The edits in force on the last day of the period, or on the business date.
fn rule_rows(plan: &Plan, rules: &ActiveRules, business_date: Day) -> (Day, Vec<[String; 9]>) {
    let on = plan.period.as_ref().map_or(business_date, |period| period.last);
    let row = |line: RuleLine<'_>| {
        let (code, name, severity) = (line.code.to_owned(), line.name.to_owned(), line.severity.name().to_owned());
        let (group, level) = (line.group.to_owned(), line.level.to_owned());
        let (message, source) = (line.message.to_owned(), line.source.replace('\n', " "));
        [code, name, group, severity, level, line.first_day, line.last_day, message, source]
    };
    (on, rules_in_force(rules, on).into_iter().map(row).collect())
}

fn conformity_row(account: &ConformityAccount) -> ConformityRow {
    ConformityRow {
        names: [&account.profile, &account.condition, &account.of].map(String::clone),
        counts: [account.numerator, account.denominator],
        limit: account.limit.clone(),
        status: account.status.to_owned(),
        why: account.why.clone(),
        source: account.source.clone(),
    }
}

fn run_facts(plan: &Plan, results: &RunResults, rules: &ActiveRules) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut facts = vec![
        fact("Run", results.run_id.clone()),
        fact("chartroom", results.chartroom_version.clone()),
        fact("Business date", results.business_date.clone()),
        fact("Period", if results.period.is_empty() { "none".to_owned() } else { results.period.clone() }),
        fact("Edits in force", rules.count().to_string()),
        fact(
            "Edits ignored",
            if plan.edits.ignore.is_empty() { "none".to_owned() } else { plan.edits.ignore.join(", ") },
        ),
        fact("Stays are long from, days", (plan.edits.long_stay_days + 1).to_string()),
        fact(
            "Codes are judged on",
            match plan.coding.judge_on {
                JudgeOn::DischargeDate => "the day of discharge".to_owned(),
                JudgeOn::AnyDate => "any day (dates are shifted)".to_owned(),
            },
        ),
    ];
    for (code, severity) in &plan.edits.severity {
        facts.push(fact("Severity given", format!("{code} {}", severity.name())));
    }
    if plan.deficiency.is_some() {
        let deficiencies = &results.deficiencies;
        let why = if deficiencies.why.is_empty() { String::new() } else { format!(": {}", deficiencies.why) };
        facts.push(fact("Missing documents", format!("{}{why}", deficiencies.missing_documents)));
    }
    for list in &results.without_exempt_list {
        facts.push(fact("Present on admission", list.words()));
    }
    for (name, digest) in &plan.sources {
        facts.push(fact(&format!("SHA-256 of {name}"), digest.clone()));
    }
    facts
}

/// Enters into the account of an input what became of its dates that are read with other columns.
pub fn account_dates(input: &mut crate::record::account::InputAccount, settled: SettledDates) {
    let named = |counts: BTreeMap<Field, u64>| {
        counts.into_iter().map(|(field, count)| (field.name().to_owned(), count)).collect()
    };
    input.dates_decided = named(settled.decided);
    input.dates_undecided = named(settled.undecided);
    input.partial_dates = named(settled.partial);
}

/// Enters into the account of an input a field whose times need a time zone: all are in UTC, or they are of several clocks. A feed that states its zone needs
/// none.
pub fn account_offsets(input: &mut crate::record::account::InputAccount, field: Field, offsets: Offsets) {
    if input.time_zone.is_empty() && offsets.are_mixed() {
        input.times_of_several_clocks.insert(field.name().to_owned(), offsets.count);
    } else if input.time_zone.is_empty() && offsets.are_utc() {
        input.times_in_utc.insert(field.name().to_owned(), offsets.count);
    }
}

fn input_row(input: &crate::record::account::InputAccount) -> InputRow {
    let mut notes = Vec::new();
    if !input.fault.is_empty() {
        let what = if input.missing.is_empty() { "not used" } else { "did not come" };
        notes.push(format!("{what}: {}", input.fault));
    }
    if !matches!(input.encoding.as_str(), "" | "UTF-8" | "workbook") {
        notes.push(format!("read as {}", input.encoding));
    }
    if !input.unmapped_columns.is_empty() {
        notes.push(format!("not mapped: {}", input.unmapped_columns.join(", ")));
    }
    if !input.time_zone.is_empty() {
        notes.push(format!("time zone {}", input.time_zone));
    }
    if input.numbered_by_place {
        notes.push("rows without a number, numbered by their place: rows that are alike are kept".to_owned());
    }
    for (what, counts) in [
        ("decided by another column", &input.dates_decided),
        ("two readings and not decided", &input.dates_undecided),
        ("a month or a year alone", &input.partial_dates),
        ("identifiers cut by a spreadsheet", &input.cut_identifiers),
        ("times in UTC and no time zone", &input.times_in_utc),
        ("times of several clocks and no time zone", &input.times_of_several_clocks),
    ] {
        if !counts.is_empty() {
            notes.push(format!("{what}: {}", counts_by_field(counts)));
        }
    }
    InputRow {
        name: label(input),
        feed: input.feed.clone(),
        counts: [
            input.read,
            input.accepted,
            input.quarantined,
            input.duplicate,
            input.superseded,
            input.withdrawn,
            input.undecided,
            input.excluded,
        ],
        sha256: input.sha256.clone(),
        note: notes.join("; "),
    }
}

fn encounter_rows(results: &RunResults) -> Vec<(String, u64)> {
    let encounters = &results.encounters;
    [
        ("accepted", encounters.accepted),
        ("superseded by a newer version", encounters.superseded),
        ("withdrawn", encounters.withdrawn),
        ("excluded by choice", encounters.excluded),
        ("examined", encounters.examined),
        ("in the statistics", encounters.in_statistics),
        ("rejected by a fatal finding", encounters.rejected),
        ("discharged outside the period", encounters.outside_period),
        ("without a readable discharge date", encounters.undated),
        ("undecided between versions", encounters.undecided),
    ]
    .into_iter()
    .map(|(name, count)| (name.to_owned(), count))
    .collect()
}

fn comorbidity_rows(tally: &ComorbidityTally, refined_versions: String) -> ComorbidityRows {
    let (quan, refined) = (QuanTables::shipped(), AhrqTable::shipped());
    let mut conditions = Vec::new();
    let mut list = |name: &'static str, index: &Index, counts: &[u64], known_in: &dyn Fn(usize) -> u64| {
        for (place, (condition, count)) in index.conditions.iter().zip(counts).enumerate() {
            conditions.push((name, condition.title.clone(), *count, known_in(place)));
        }
    };
    list("Charlson", &quan.charlson, &tally.charlson.0, &|_| tally.encounters);
    list("Elixhauser", &quan.elixhauser, &tally.elixhauser.0, &|_| tally.encounters);
    list("AHRQ refined", &refined.index, &tally.refined.0, &|place| {
        tally.refined_encounters - if refined.uses_marks() >> place & 1 == 1 { tally.without_marks } else { 0 }
    });
    ComorbidityRows {
        refined_versions,
        encounters: [tally.encounters, tally.refined_encounters, tally.without_marks],
        conditions,
        scores: tally.scores().into_iter().map(|((score, value), count)| (score.title(), value, count)).collect(),
    }
}

fn deficiency_rows(
    tally: &DeficiencyTally,
    account: &DeficiencyAccount,
    unnamed_types: &[(&str, u64, &str)],
) -> DeficiencyRows {
    DeficiencyRows {
        missing_documents: [account.missing_documents.to_owned(), account.why.clone()],
        unnamed_types: unnamed_types
            .iter()
            .map(|(written, documents, meant)| ((*written).to_owned(), *documents, (*meant).to_owned()))
            .collect(),
        records: [tally.records, tally.incomplete_records, tally.delinquent_records],
        kinds: KINDS
            .iter()
            .map(|entry| {
                (
                    entry.code.to_owned(),
                    entry.name.to_owned(),
                    tally.by_kind.get(&entry.kind).copied().unwrap_or(0),
                    entry.remedy.to_owned(),
                )
            })
            .collect(),
        clinicians: tally
            .by_clinician
            .rows()
            .into_iter()
            .map(|(name, count)| {
                (
                    name.to_owned(),
                    [count.open, count.records, count.delinquent, count.late],
                    count.oldest_days.max(0) as u64,
                )
            })
            .collect(),
        ages: AGE_BUCKETS
            .iter()
            .zip(tally.records_by_age.iter().zip(tally.deficiencies_by_age))
            .map(|((name, _), (records, open))| ((*name).to_owned(), *records, open))
            .collect(),
    }
}
