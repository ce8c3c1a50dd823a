//! The examination of one partition: decode, coding, edits, deficiency, statistics. Pure: no I/O, no clock, no shared state.

use crate::{
    codeset::{
        code_index::CodeIndex,
        groups::{CodeGroups, Groups},
        sets::CodeSets,
    },
    coding::{
        comorbidity::{
            editions::AhrqEditions,
            encounter::{Comorbidities, comorbidities},
            quan::QuanTables,
        },
        frequency::CodeFrequency,
        judge::{DottedInputs, JudgeOn, judge_with_dots},
        mapping::{CodeMap, Mapped, Mapper},
    },
    edits::{
        between::stay_rows,
        conditions::Conditions,
        engine::{ActiveRules, examine},
        facts,
        reporting::Reporting,
        rule, stay,
        tables::ToCorrect,
        trend::{examine::asks_trends, tally::TrendCounting},
    },
    examination::{
        at_rest::Marks,
        by_month::{CountedTogether, MonthFigures},
        columns::{
            coded_records::{CodedRecord, CodedRecords, OptionalColumns, RecordOutcome},
            findings_by_value::FindingsByValue,
            record_sources::RecordSources,
        },
        desks::{self, DeskContexts, DeskFigures},
        outcome::{Outcome, stray_place},
        patient::{BUCKETS, bucket},
        undecided,
    },
    partition::{
        decode::{Decoded, Patients, decode, decode_part},
        encounter::{Diagnosis, Encounter, Orphan},
        registers::bills::Bills,
        value_of::is_one_of,
    },
    record::record_set::record_digest,
    record::{
        date::Day,
        finding::Severity,
        long_text::{LONGEST_SHOWN, shown},
    },
    rows::{row::Row, slot::Feed, sorter::sort_rows, standing::Deliveries},
    statistics::{
        case_mix::GroupWeights,
        clinical_groups::GroupTally,
        hospital_days::{CountedWith, HospitalDays},
        own_sheet::OwnSheet,
        partition_tally::PartitionTally,
        place::StatisticsPlace,
        tally::{Target, Targets},
    },
};

/// What an examination is made with; the same for every partition of a run.
#[derive(Debug)]
pub struct Examination<'e> {
    /// Feeds of the run.
    pub feeds: &'e [Feed],
    /// How they are delivered.
    pub deliveries: &'e Deliveries,
    /// Patients of the run.
    pub patients: &'e Patients,
    /// Code sets.
    pub sets: &'e CodeSets,
    /// Clinical categories and the chronic indicator.
    pub groups: &'e Groups,
    /// Versions of AHRQ's refined comorbidity software.
    pub refined: &'e AhrqEditions,
    /// The day codes are judged on.
    pub judge_on: JudgeOn,
    /// Inputs that write their codes with dots.
    pub dotted: &'e DottedInputs,
    /// Maps of diagnoses and of procedures.
    pub maps: (&'e [CodeMap], &'e [CodeMap]),
    /// How often codes stand in the whole run, where a map's policy asks for it before the first is mapped.
    pub frequency: &'e CodeFrequency,
    /// Edits in force.
    pub rules: &'e ActiveRules,
    /// Sets of edits that the profiles ask for together.
    pub conditions: &'e Conditions,
    /// What edits may know.
    pub context: &'e rule::EditContext,
    /// What the other desks are asked with.
    pub desks: DeskContexts<'e>,
    /// Weights of diagnosis-related groups.
    pub group_weights: &'e GroupWeights,
    /// Own sheets of the pipeline.
    pub own_sheets: &'e [OwnSheet],
    /// Names of the inputs, for the sources of records.
    pub inputs: &'e [String],
    /// The columns of the coded records.
    pub shape: OptionalColumns,
    /// Whether it is asked which records are at rest.
    pub marks: bool,
    /// Whether it is asked what is counted of each month of discharge.
    pub by_month: bool,
}

/// Records whose texts are read before those of the next ones: few enough to stay in a core's own cache.
const TEXTS_AT_A_TIME: usize = 128;

/// Examines one partition; see [`decode_part`] for one that `goes_on` with the last one's number.
pub fn examine_partition(rows: &[u8], goes_on: bool, with: &Examination<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut code_index = CodeIndex::new(with.sets);
    let mut decoded = decode_part(rows, goes_on, with.feeds, with.patients);
    judge_with_dots(&mut decoded, &mut code_index, with.judge_on, with.dotted);
    for orphan in &decoded.orphans {
        if let Some(place) = stray_place(orphan.table) {
            outcome.orphans[place] += 1;
        }
    }
    outcome.settled = std::mem::take(&mut decoded.settled);
    outcome.beyond_one_stay = std::mem::take(&mut decoded.beyond_one_stay);
    outcome.offsets = std::mem::take(&mut decoded.offsets);
    let mut encounters = chosen(&decoded, with.feeds, &mut outcome);
    if decoded.shares_numbers {
        undecided::mark(&mut encounters);
    }
    outcome.examined = encounters.len() as u64;
    let mut records = edit(&encounters, &decoded.orphans, with, &mut outcome);
    desks::examine(&encounters, &with.desks, &mut records, &mut outcome.desks);
    if with.marks {
        let examined = (encounters.as_slice(), records.as_slice());
        let all = (&*decoded.encounters(), decoded.orphans.as_slice());
        outcome.marks = Marks::of(rows, examined, all, (with.patients, with.context.business_date));
    }
    let mut mapper = Mapper::new(with.sets, with.maps.0, with.maps.1, with.frequency);
    outcome.codes.frequency.count(&encounters, with.maps.0, with.maps.1);
    let mapped = map(&encounters, with.judge_on, &mut mapper, &mut outcome);
    let clinical: Vec<CodeGroups> = code_index.codes().iter().map(|met| with.groups.of_indexed(met)).collect();
    let comorbid: Vec<Comorbidities> = encounters
        .iter()
        .map(|encounter| {
            let on = judged_on(encounter, with.judge_on);
            comorbidities(encounter, QuanTables::shipped(), with.refined, &with.context.exempt, on)
        })
        .collect();
    let places = places(&encounters, &records, decoded.shares_numbers, with, &mut outcome);
    let together = CountedTogether::of(&encounters, with.by_month);
    let counted = (encounters.as_slice(), places.as_slice(), comorbid.as_slice());
    let mut figures = count(counted, &together, (&mapped.0, &mapped.1), (&code_index, &clinical), with);
    let coded: Vec<CodedRecord<'_>> = encounters
        .iter()
        .zip(&records)
        .zip(&comorbid)
        .map(|((encounter, outcome), comorbid)| CodedRecord {
            encounter,
            outcome,
            comorbid,
            principal_category: principal_category(encounter, with.groups, &clinical),
        })
        .collect();
    let mut columns = CodedRecords::new(with.shape);
    let mut sources = RecordSources::default();
    go_through(&encounters, &coded, (&mut columns, &mut sources), (&together, &mut figures), with, &mut outcome);
    for ((month, _), figures) in together.months.iter().zip(figures) {
        match month {
            Some(month) => drop(outcome.months.insert(*month, figures)),
            None => {
                let MonthFigures { tally, comorbidity, groups, trend, dated: _ } = figures;
                (outcome.tally, outcome.comorbidity) = (tally, comorbidity);
                (outcome.groups, outcome.trend) = (groups, trend);
            }
        }
    }
    columns.add_codes(&coded, (&mapped.0, &mapped.1), (&code_index, &clinical), (with.sets, with.groups));
    decoded.orphans.iter().for_each(|orphan| sources.add_orphan(orphan, with.inputs));
    outcome.coded = vec![columns.finish()];
    outcome.sources = vec![sources.finish()];
    outcome
}

/// Where each encounter counts. Those of one number, of which none is known to be the newest, are listed and count nowhere.
fn places(
    encounters: &[Encounter<'_>],
    records: &[RecordOutcome],
    shares_numbers: bool,
    with: &Examination<'_>,
    outcome: &mut Outcome,
) -> Vec<StatisticsPlace> {
    let place_of = |(encounter, record): (&Encounter<'_>, &RecordOutcome)| {
        StatisticsPlace::of(encounter, record.rejected, with.context.period.as_ref())
    };
    let mut places: Vec<StatisticsPlace> = encounters.iter().zip(records).map(place_of).collect();
    if shares_numbers {
        for of_number in undecided::place(encounters, &mut places) {
            outcome.undecided.append(&mut undecided::listed(&encounters[of_number], with.feeds));
            outcome.undecided_discharges += 1;
        }
    }
    places
}

/// Counts the statistics, comorbidity and clinical groups of those that are counted together.
fn count(
    (encounters, places, comorbid): (&[Encounter<'_>], &[StatisticsPlace], &[Comorbidities]),
    together: &CountedTogether,
    (diagnoses, procedures): (&[Mapped<'_>], &[Mapped<'_>]),
    (code_index, clinical): (&CodeIndex<'_>, &[CodeGroups]),
    with: &Examination<'_>,
) -> Vec<MonthFigures> {
    let (diagnoses, procedures) = (targets_of(with.maps.0, diagnoses), targets_of(with.maps.1, procedures));
    let mut next = (0, 0);
    let first = |encounter: &Encounter<'_>| {
        let first = next;
        next = (first.0 + encounter.diagnoses.len(), first.1 + encounter.procedures.len());
        (first.0..next.0, first.1..next.1)
    };
    let targets: Vec<_> = encounters.iter().map(first).collect();
    let mut tally = PartitionTally::default();
    let of_month = |(_, own): &(_, Vec<usize>)| {
        let mut figures = MonthFigures::default();
        for number in own {
            let encounter = &encounters[*number];
            let of_encounter = targets[*number].clone();
            let targets = Targets {
                diagnoses: diagnoses.get(of_encounter.0).unwrap_or(&[]),
                procedures: procedures.get(of_encounter.1).unwrap_or(&[]),
            };
            tally.count(encounter, places[*number], targets);
            figures.dated += u64::from(facts::discharged(encounter).is_some());
            if places[*number] == StatisticsPlace::InStatistics {
                figures.comorbidity.count(&comorbid[*number]);
                count_groups(encounter, targets, (with.groups, clinical), &mut figures.groups);
            }
        }
        figures.tally = tally.settle(code_index.codes());
        figures
    };
    together.months.iter().map(of_month).collect()
}

/// Goes through the texts of all records: columns, sources, stays, and the counts of tables and trends. All that reads the texts of a record does it at once:
/// they stand far apart, and to fetch them is most of the work.
fn go_through(
    encounters: &[Encounter<'_>],
    records: &[CodedRecord<'_>],
    (columns, sources): (&mut CodedRecords, &mut RecordSources),
    (together, figures): (&CountedTogether, &mut [MonthFigures]),
    with: &Examination<'_>,
    outcome: &mut Outcome,
) {
    let asks_trends = asks_trends(with.rules);
    let mut counting: Vec<TrendCounting<'_>> = together.months.iter().map(|_| TrendCounting::default()).collect();
    outcome.own_sheets.resize(with.own_sheets.len(), HospitalDays::default());
    let mut first = 0;
    let (mut stays, rows_of_stays) = (Vec::new(), stay_rows(with.rules, with.context));
    for (encounters, records) in encounters.chunks(TEXTS_AT_A_TIME).zip(records.chunks(TEXTS_AT_A_TIME)) {
        columns.add(records);
        for (encounter, record) in encounters.iter().zip(records) {
            // Two versions of a stay are no two stays.
            let before = stays.len();
            let numbered =
                !encounter.undecided && stay::write(encounter, !record.outcome.rejected, rows_of_stays, &mut stays);
            if with.marks {
                let of_record = record_digest(encounter.row.key());
                let joined = Row::all(&stays[before..]).map(|row| (record_digest(row.key()), of_record));
                outcome.marks.stays.extend(joined);
            }
            outcome.without_patient_number += u64::from(!numbered);
            if !record.outcome.rejected && !encounter.undecided {
                let bills = with.context.registers.bills.as_ref();
                let final_bill = bills.and_then(|bills| final_bill(bills, encounter));
                let score = record.comorbid.charlson.score_quan;
                let discharged = encounter.discharge_date.value().map(|moment| moment.day);
                let group_weight =
                    discharged.and_then(|day| with.group_weights.of(encounter.diagnosis_related_group, day));
                let of = CountedWith { final_bill, charlson_score: score, group_weight };
                outcome.hospital.count(encounter, with.context.business_date, of);
                for (sheet, counted) in with.own_sheets.iter().zip(&mut outcome.own_sheets) {
                    if let Some(row) = sheet.row_of(encounter, with.context.surroundings()) {
                        counted.count_under(&row, encounter, with.context.business_date, of);
                    }
                }
            }
            sources.add(encounter, with.inputs);
        }
        outcome.tables.count(encounters, with.context);
        let counts = |record: &CodedRecord<'_>| asks_trends && !record.outcome.rejected && !record.encounter.undecided;
        for (number, record) in (first..).zip(records).filter(|(_, record)| counts(record)) {
            counting[together.place(number)].count(record.encounter, with.context);
        }
        first += records.len();
    }
    outcome.stays = by_bucket(&stays);
    if asks_trends {
        for (figures, counting) in figures.iter_mut().zip(counting) {
            figures.trend = counting.tally(with.context);
        }
    }
}

/// The day of the final bill of an encounter. What was discharged before the month from which on bills are held counts as billed: nothing is known of it.
fn final_bill(bills: &Bills, encounter: &Encounter<'_>) -> Option<Day> {
    let stated = bills.first_of(encounter.encounter_id, encounter.facility_id);
    let discharged = encounter.discharge_date.value().map(|moment| moment.day);
    let from = bills.speaks_from(encounter.facility_id, true);
    stated.or(discharged.zip(from).filter(|(discharged, from)| discharged < from).map(|(discharged, _)| discharged))
}

/// The stays in brief, by bucket and sorted.
fn by_bucket(rows: &[u8]) -> [Vec<u8>; BUCKETS] {
    let mut buckets: [Vec<u8>; BUCKETS] = Default::default();
    for row in Row::all(rows) {
        buckets[bucket(row.key())].extend_from_slice(row.bytes());
    }
    buckets.map(sort_rows)
}

/// Asks the edits, and notes the records that must be corrected.
fn edit(
    encounters: &[Encounter<'_>],
    orphans: &[Orphan<'_>],
    with: &Examination<'_>,
    outcome: &mut Outcome,
) -> Vec<RecordOutcome> {
    let mut edited = examine(encounters, orphans, with.rules, with.context);
    outcome.conditions = with.conditions.count(encounters, &edited, with.rules, with.context);
    let mut records: Vec<RecordOutcome> = edited
        .by_severity
        .iter()
        .map(|counts| RecordOutcome {
            findings: *counts,
            rejected: counts[Severity::Fatal as usize] > 0,
            is_open: false,
            desks: DeskFigures::default(),
        })
        .collect();
    outcome.records.origins = encounters.iter().map(Encounter::origin).collect();
    outcome.records.counts.clone_from(&edited.by_severity);
    // Findings come in the order of encounters, so each record's own are the next so many.
    let mut rest = edited.findings.as_slice();
    for ((encounter, record), count) in encounters.iter().zip(&mut records).zip(&edited.counts) {
        let (own, others) = rest.split_at(*count as usize);
        rest = others;
        record.is_open = own.iter().any(|finding| with.rules.keeps_open(finding));
        if record.findings[Severity::Fatal as usize] + record.findings[Severity::Error as usize] > 0 {
            let heavy = own.iter().filter(|finding| finding.severity <= Severity::Error && finding.accepted.is_none());
            outcome.records.to_correct.push(ToCorrect {
                origin: encounter.origin(),
                subject: encounter.subject(),
                counts: record.findings,
                findings: heavy.map(|finding| (finding.rule, finding.key)).collect(),
                attending: encounter.attending_name.to_owned(),
            });
        }
    }
    for finding in edited.findings.iter_mut().filter(|finding| finding.raw.len() > LONGEST_SHOWN) {
        let input = with.inputs.get(usize::from(finding.origin.input)).map_or("", String::as_str);
        finding.raw = shown(&finding.raw, || format!("{input} row {}", finding.origin.row)).into_owned();
    }
    for finding in edited.findings.iter().filter(|finding| finding.accepted.is_none()) {
        outcome.found[finding.severity as usize] += 1;
    }
    let mut by_value = FindingsByValue::default();
    edited.findings.retain(|finding| {
        let reporting = with.rules.reporting(finding.rule);
        if reporting == Reporting::ByRecord || finding.accepted.is_some() {
            return true;
        }
        outcome.not_listed[finding.severity as usize] += 1;
        if reporting == Reporting::ByValue {
            by_value.add(finding, with.rules, with.inputs);
        }
        false
    });
    let (rows, values) = by_value.finish();
    outcome.by_value = Some(rows).filter(|rows| rows.rows > 0).into_iter().collect();
    outcome.values = values;
    outcome.findings = edited.findings;
    outcome.scorecard = edited.scorecard;
    outcome.errors = edited.errors;
    records
}

/// Counts and maps the codes: of every diagnosis, and of every procedure, what it was mapped to.
fn map<'e>(
    encounters: &[Encounter<'_>],
    judge_on: JudgeOn,
    mapper: &mut Mapper<'e>,
    outcome: &mut Outcome,
) -> (Vec<Mapped<'e>>, Vec<Mapped<'e>>) {
    let (mut diagnoses, mut procedures) = (Vec::new(), Vec::new());
    for encounter in encounters {
        outcome.children[0] += encounter.diagnoses.len() as u64;
        outcome.children[1] += encounter.procedures.len() as u64;
        outcome.children[2] += encounter.documents.len() as u64;
        let on = judged_on(encounter, judge_on);
        let codes = &mut outcome.codes;
        diagnoses.extend(encounter.diagnoses.iter().map(|diagnosis| mapper.diagnosis(diagnosis, on, codes)));
        procedures.extend(encounter.procedures.iter().map(|procedure| mapper.procedure(procedure, on, codes)));
    }
    (diagnoses, procedures)
}

/// The day on which the codes of an encounter are judged; none where dates are shifted.
fn judged_on(encounter: &Encounter<'_>, judge_on: JudgeOn) -> Option<Day> {
    match judge_on {
        JudgeOn::DischargeDate => encounter.discharge_day_or_month(),
        JudgeOn::AnyDate => None,
    }
}

/// The groups of a diagnosis, by its place on the code index.
#[inline]
fn groups_of(diagnosis: &Diagnosis<'_>, clinical: &[CodeGroups]) -> CodeGroups {
    diagnosis.place.map_or(CodeGroups::default(), |place| clinical[place.index()])
}

/// The category that counts for an inpatient's principal diagnosis; blank where there is none or the source does not say.
fn principal_category<'g>(encounter: &Encounter<'_>, groups: &'g Groups, clinical: &[CodeGroups]) -> &'g str {
    let principal = encounter.diagnoses.iter().find(|diagnosis| diagnosis.position == 1);
    principal.map_or("", |diagnosis| groups.category(groups_of(diagnosis, clinical).default_inpatient))
}

/// Counts one encounter by the groups of its diagnoses; those that were mapped by the groups of their targets.
fn count_groups(
    encounter: &Encounter<'_>,
    targets: Targets<'_>,
    (groups, clinical): (&Groups, &[CodeGroups]),
    tally: &mut GroupTally,
) {
    let own = |diagnosis: &Diagnosis<'_>| (diagnosis.code, groups_of(diagnosis, clinical));
    if targets.diagnoses.iter().all(Option::is_none) {
        return tally.count(encounter.diagnoses.iter().map(own), groups);
    }
    let of_targets = encounter.diagnoses.iter().zip(targets.diagnoses).flat_map(|(diagnosis, target)| {
        let keys = target.iter().flat_map(Target::keys).map(|(system, code)| (code, groups.of(system, code)));
        keys.chain(target.is_none().then(|| own(diagnosis)))
    });
    tally.count(of_targets, groups);
}

/// Counts the codes of one partition that candidates are ranked by: the pass before the examination, where a map's policy asks for it.
pub fn frequency_of_partition(rows: &[u8], with: &Examination<'_>) -> CodeFrequency {
    let mut decoded = decode(rows, with.feeds, with.patients);
    judge_with_dots(&mut decoded, &mut CodeIndex::new(with.sets), with.judge_on, with.dotted);
    let encounters = chosen(&decoded, with.feeds, &mut Outcome::default());
    let mut frequency = CodeFrequency::default();
    frequency.count(&encounters, with.maps.0, with.maps.1);
    frequency
}

/// What statistics count in the place of the codes that were mapped.
fn targets_of<'m>(maps: &[CodeMap], mapped: &[Mapped<'m>]) -> Vec<Option<Target<'m>>> {
    if maps.is_empty() {
        return Vec::new();
    }
    let target = |mapped: &Mapped<'m>| {
        let system = mapped.system.filter(|_| !mapped.code.is_empty())?;
        Some(Target { system, code: mapped.code, further: mapped.further })
    };
    mapped.iter().map(target).collect()
}

/// The encounters that the pipeline's declared choices keep; the others are counted.
fn chosen<'d>(decoded: &'d Decoded<'_>, feeds: &[Feed], outcome: &mut Outcome) -> Vec<Encounter<'d>> {
    let mut encounters = decoded.encounters();
    if feeds.iter().all(|feed| feed.only.is_empty()) {
        return encounters;
    }
    encounters.retain(|encounter| {
        let only = &feeds[usize::from(encounter.row.feed())].only;
        let kept = only.iter().all(|(field, values)| is_one_of(encounter, *field, values));
        if !kept {
            outcome.excluded += 1;
            let children = encounter.diagnoses.iter().map(|diagnosis| diagnosis.origin);
            let children = children.chain(encounter.procedures.iter().map(|procedure| procedure.origin));
            let children = children.chain(encounter.documents.iter().map(|document| document.origin));
            // A wide row is one row, however many diagnoses stand on it.
            let own = encounter.origin();
            for origin in std::iter::once(own).chain(children.filter(|origin| *origin != own)) {
                let input = usize::from(origin.input);
                if outcome.excluded_rows.len() <= input {
                    outcome.excluded_rows.resize(input + 1, 0);
                }
                outcome.excluded_rows[input] += 1;
            }
        }
        kept
    });
    encounters
}
