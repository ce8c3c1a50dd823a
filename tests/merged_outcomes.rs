//! Any cut of the same rows into partitions comes to the same figures and the same lists, and what comes of an examination can be written down and read again.

use chartroom::{
    codeset::{groups::Groups, sets::CodeSets},
    coding::{
        comorbidity::editions::AhrqEditions,
        frequency::CodeFrequency,
        judge::{DottedInputs, JudgeOn},
    },
    deficiency::{examine::ChartContext as DeficiencyContext, index::DocumentIndex, matrix::Matrix},
    edits::{
        conditions::{ConditionTally, Conditions},
        engine::ActiveRules,
        profile::{Condition, ConditionMeasure, Limit, Profile, RuleSet},
        rule::{EditContext, mapped_fields},
    },
    engine::arrow,
    examination::{
        columns::{
            coded_records::{self, OptionalColumns},
            column::{ColumnValues, Columns, Presence},
            findings_by_value, record_sources,
        },
        desks::{DeskContexts, DeskOutcomes},
        outcome::Outcome,
        partition::{Examination, examine_partition},
        patient::Stays,
        record_findings::FoundBetween,
    },
    ingest::{
        delimited::{Dialect, RawChunk, split},
        layout::Layout,
        place::place,
    },
    partition::decode::Patients,
    problem::Problems,
    record::{date::Day, month::Month, record_set::record_digest, take_away::TakeAway},
    rows::{row::Row, slot::Feed, sorter::sort_rows, standing::Deliveries},
};
use proptest::prelude::*;

use crate::command::root;

/// The rows of the repository's own discharges and of their documents, sorted, with their feeds.
fn fixture() -> (Vec<u8>, Vec<Feed>) {
    let (mut rows, mut feeds) = (Vec::new(), Vec::new());
    for (table, layout) in [("discharges", "discharge-abstract"), ("documents", "document-index")] {
        let layout =
            std::fs::read_to_string(root().join(format!("pipelines/layouts/{layout}.toml"))).expect("a layout");
        let layout = Layout::parse("layout.toml", &layout, &mut Problems::default()).expect("sound");
        let feed = layout.feed(table);
        for month in ["09", "10"] {
            let path = root().join(format!("fixtures/{table}/{table}-2026-{month}.csv"));
            let mut text = std::fs::read(path).expect("a fixture");
            let body = text.iter().position(|byte| *byte == b'\n').expect("a heading") + 1;
            let records = text.split_off(body);
            let heading = String::from_utf8(text).expect("text");
            let header: Vec<String> = heading.trim_end().split(',').map(str::to_owned).collect();
            let binding = layout.bind(&header).expect("every column");
            let dialect = Dialect { delimiter: b',', quote: b'"' };
            let block = split(RawChunk { text: records, first_line: 2 }, dialect, header.len());
            let input = feeds.len() as u16 * 2 + u16::from(month == "10");
            place(&block, &binding.placement, &feed, feeds.len() as u8, input, &mut rows);
        }
        feeds.push(feed);
    }
    (sort_rows(rows), feeds)
}

/// A profile that asks for edits of diagnoses together, and for an edit of all records.
fn profile() -> Profile {
    let condition = |name: &str, codes: &[&str], of_all_records: bool| Condition {
        name: name.to_owned(),
        source: "a test".to_owned(),
        measure: ConditionMeasure::Rules(RuleSet {
            codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            position: None,
            of_all_records,
        }),
        limit: Limit::Count(0),
        after: None,
    };
    Profile {
        name: "test".to_owned(),
        title: "Test".to_owned(),
        source: "a test".to_owned(),
        ignore: Vec::new(),
        apply: Vec::new(),
        severity: Vec::new(),
        fiscal_year_last_month: 9,
        conditions: vec![
            condition("codes", &["COD101", "COD102", "COD103"], false),
            condition("records", &["FLD006", "FLD007"], true),
        ],
    }
}

/// Examines the rows cut before the keys at these places, and merges what comes of each part.
fn examined(rows: &[u8], cuts: &[usize], with: &Examination<'_>) -> Outcome {
    let mut starts = vec![0];
    let (mut key, mut at) = (None, 0);
    for row in Row::all(rows) {
        if key.is_some_and(|key: &[u8]| key != row.key()) {
            starts.push(at);
        }
        key = Some(row.key());
        at += row.bytes().len();
    }
    let mut bounds: Vec<usize> = cuts.iter().map(|cut| starts[cut % starts.len()]).collect();
    bounds.extend([0, rows.len()]);
    bounds.sort_unstable();
    bounds.dedup();
    let mut total = Outcome::of(with.rules.count());
    for part in bounds.windows(2) {
        total.merge(examine_partition(&rows[part[0]..part[1]], false, with));
    }
    total
}

/// The values of some columns, record by record, whatever the dictionaries of their partitions.
fn records(parts: &[Columns]) -> Vec<Vec<Vec<Option<String>>>> {
    parts.iter().flat_map(records_of).collect()
}

fn records_of(columns: &Columns) -> Vec<Vec<Vec<Option<String>>>> {
    let mut records = vec![Vec::new(); columns.rows];
    for column in &columns.columns {
        let value = |place: usize| match &column.values {
            ColumnValues::Texts(texts) => String::from_utf8(texts.bytes_of(place).to_vec()).expect("text"),
            ColumnValues::Numbers(numbers) => numbers[place].to_string(),
            ColumnValues::Longs(numbers) => numbers[place].to_string(),
            ColumnValues::Flags(bits, _) => (bits[place / 8] >> (place % 8) & 1).to_string(),
        };
        let mut next = 0;
        let mut take = |is_there: bool| {
            is_there.then(|| {
                let place = column.places.as_ref().map_or(next, |places| places[next] as usize);
                next += 1;
                value(place)
            })
        };
        match &columns.presence[column.presence] {
            Presence::Single(single) => {
                for (number, record) in records.iter_mut().enumerate() {
                    record.push(vec![take(!single.absent.contains(&(number as u32)))]);
                }
            }
            Presence::Lists(lists) => {
                let mut start = 0;
                for (end, record) in lists.ends.iter().zip(&mut records) {
                    record.push((start..*end).map(|entry| take(!lists.absent.contains(&entry))).collect());
                    start = *end;
                }
            }
        }
    }
    records
}

/// Two outcomes of the same rows: their columns record by record, and all else as it is.
fn assert_alike(one: &Outcome, other: &Outcome) {
    for (left, right) in [(&one.coded, &other.coded), (&one.sources, &other.sources), (&one.by_value, &other.by_value)]
    {
        assert_eq!(records(left), records(right));
    }
    let without_columns =
        |outcome: &Outcome| Outcome { coded: vec![], sources: vec![], by_value: vec![], ..outcome.clone() };
    let (one, other) = (without_columns(one), without_columns(other));
    assert!(one.findings == other.findings && one.desks == other.desks, "lists");
    assert!(one.scorecard == other.scorecard && one.tally == other.tally && one.codes == other.codes, "figures");
    assert!(one.trend == other.trend && one.tables == other.tables && one.stays == other.stays, "what is asked after");
    assert!(one == other, "all else");
}

fn with_examination(act: impl Fn(&[u8], &Examination<'_>)) {
    let (rows, feeds) = fixture();
    let rules = ActiveRules::new(&[], &[]).with_reporting(&[], true);
    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("a day"));
    context.mapped = mapped_fields(&feeds);
    let matrix = std::fs::read_to_string(root().join("pipelines/matrices/expected-documents.toml")).expect("a matrix");
    let matrix = Matrix::parse("expected-documents.toml", &matrix, &mut Problems::default()).expect("sound");
    let (sets, groups) = (CodeSets::default(), Groups::shipped());
    // The index has documents of both months, so that missing ones are looked for.
    let mut index = DocumentIndex::default();
    for month in ["2026-09", "2026-10"] {
        let facilities = ["0042".to_owned()].into_iter().collect();
        index.facilities.insert(Month::parse(month).expect("a month"), facilities);
    }
    let inputs = ["d-09", "d-10", "i-09", "i-10"].map(str::to_owned);
    let (deliveries, patients, dotted) = (Deliveries::default(), Patients::default(), DottedInputs::default());
    let (refined, frequency) = (AhrqEditions::default(), CodeFrequency::default());
    let conditions = Conditions::new(&[profile()], &rules);
    act(
        &rows,
        &Examination {
            feeds: &feeds,
            deliveries: &deliveries,
            patients: &patients,
            sets: &sets,
            groups,
            refined: &refined,
            judge_on: JudgeOn::DischargeDate,
            dotted: &dotted,
            maps: (&[], &[]),
            frequency: &frequency,
            rules: &rules,
            conditions: &conditions,
            context: &context,
            desks: DeskContexts {
                deficiency: Some(DeficiencyContext {
                    matrix: &matrix,
                    index: &index,
                    business_date: Day::from_iso("2026-11-01").expect("a day"),
                    delinquent_after_days: 30,
                    decided: &rules.decided,
                    last_index: None,
                }),
            },
            group_weights: &chartroom::statistics::case_mix::GroupWeights::default(),
            own_sheets: &[],
            inputs: &inputs,
            shape: OptionalColumns::of(&feeds, (false, false)),
            marks: true,
            by_month: false,
        },
    );
}

#[test]
fn cuts_into_one_two_seven_and_sixty_four_come_to_the_same() {
    with_examination(|rows, with| {
        let whole = examined(rows, &[], with);
        assert!(whole.examined > 300 && whole.findings.len() > 10 && !whole.records.to_correct.is_empty());
        assert!(whole.desks.deficiencies.len() > 100, "{} deficiencies", whole.desks.deficiencies.len());
        assert!(whole.conditions != ConditionTally::default(), "conditions are counted");
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(8));
        for parts in [2, 7, 64] {
            let cuts = prop::collection::vec(any::<usize>(), parts - 1);
            runner
                .run(&cuts, |cuts| {
                    assert_alike(&examined(rows, &cuts, with), &whole);
                    Ok(())
                })
                .unwrap_or_else(|error| panic!("{parts} parts: {error}"));
        }
    });
}

/// A record's findings in figures with those that the edits between records made, whatever the cuts.
#[test]
fn findings_between_records_come_to_the_same_in_each_records_figures() {
    with_examination(|rows, with| {
        let scratch = tempfile::tempdir().expect("a folder");
        let completed = |cuts: &[usize]| {
            let mut outcome = examined(rows, cuts, with);
            let mut stays = Stays::new(scratch.path());
            stays.add(std::mem::take(&mut outcome.stays)).expect("held");
            let (mut between, mut found) = (FoundBetween::default(), 0);
            stays
                .examine(with.rules, with.conditions, with.context, |of_bucket| {
                    let of_bucket = of_bucket?;
                    found += of_bucket.findings.len() as u64;
                    between.add(&of_bucket.findings, &of_bucket.to_correct);
                    Ok::<(), std::io::Error>(())
                })
                .expect("examined");
            let own: u64 = outcome.records.counts.iter().flatten().map(|count| u64::from(*count)).sum();
            outcome.records.add(&between);
            let with_between: u64 = outcome.records.counts.iter().flatten().map(|count| u64::from(*count)).sum();
            assert_eq!(with_between, own + found, "each finding counts once, in one record");
            assert!(found > 0, "the fixture has findings between records");
            let heavy = outcome.records.counts.iter().filter(|counts| counts[0] + counts[1] > 0).count();
            assert_eq!(outcome.records.to_correct.len(), heavy, "every record with an error is to be corrected");
            for record in &outcome.records.to_correct {
                assert_eq!(record.findings.len(), usize::from(record.counts[0] + record.counts[1]));
            }
            (records_of(&outcome.records.columns()), outcome.records)
        };
        let whole = completed(&[]);
        for cuts in [vec![11], (0..6).map(|cut| cut * 41).collect(), (0..63).map(|cut| cut * 5).collect()] {
            assert!(completed(&cuts) == whole, "{} cuts", cuts.len());
        }
    });
}

/// What is counted of each month of discharge is, over all months, what is counted of all.
#[test]
fn the_months_of_discharge_add_up_to_all_discharges() {
    with_examination(|rows, with| {
        let whole = examined(rows, &[], with);
        let by_month = Examination { by_month: true, ..*with };
        for cuts in [vec![], vec![11], (0..6).map(|cut| cut * 41).collect()] {
            let mut outcome = examined(rows, &cuts, &by_month);
            assert_eq!(outcome.tally, Outcome::default().tally, "nothing is counted twice");
            assert!(outcome.months.len() > 2, "two months, and those whose discharge is not known");
            outcome.sum_months();
            outcome.months.clear();
            assert_alike(&outcome, &whole);
        }
    });
}

#[test]
fn columns_that_were_sent_as_arrow_are_the_same() {
    with_examination(|rows, with| {
        let outcome = examine_partition(rows, false, with);
        for (parts, file) in [
            (&outcome.coded, coded_records::early_columns(with.shape).collect::<Vec<_>>()),
            (&outcome.sources, record_sources::COLUMNS.to_vec()),
            (&outcome.by_value, findings_by_value::COLUMNS.to_vec()),
        ] {
            let columns = &parts[0];
            let batch = arrow::record_batch(columns, file.into_iter()).expect("a batch");
            assert_eq!((batch.len(), batch.arrays().len()), (columns.rows, columns.columns.len()));
            let again = arrow::columns(&batch).expect("columns");
            assert!(
                again
                    .columns
                    .iter()
                    .map(|column| &column.values)
                    .eq(columns.columns.iter().map(|column| &column.values))
            );
            assert_eq!(records_of(&again), records_of(columns));
        }
    });
}

#[test]
fn an_outcome_that_is_written_down_and_read_again_is_the_same_and_can_be_merged() {
    with_examination(|rows, with| {
        let whole = examined(rows, &[], with);
        let bytes = rmp_serde::to_vec(&whole).expect("written down");
        let again: Outcome = rmp_serde::from_slice(&bytes).expect("read again");
        assert!(again == whole);
        // Two halves that were sent, merged where they arrive.
        let half = |from: usize, to: usize| rmp_serde::to_vec(&examine_partition(&rows[from..to], false, with));
        let middle = Row::all(rows).map(|row| row.bytes().len()).take(150).sum();
        let [one, two] = [half(0, middle), half(middle, rows.len())]
            .map(|half| rmp_serde::from_slice::<Outcome>(&half.expect("written down")).expect("read again"));
        let mut merged = Outcome::of(with.rules.count());
        merged.merge(one);
        merged.merge(two);
        assert_alike(&merged, &whole);
    });
}

/// The figures of an outcome that are kept from night to night, without what may stay behind of a part that was taken away: the age of the oldest deficiency, and where values
/// stood first.
fn figures(outcome: &Outcome, rules: usize) -> Outcome {
    let Outcome { examined, excluded, undecided_discharges, children, orphans, not_listed, found, .. } = *outcome;
    let mut desks =
        DeskOutcomes { deficiency_tally: outcome.desks.deficiency_tally.clone(), ..DeskOutcomes::default() };
    desks.deficiency_tally.by_clinician = Default::default();
    let (offsets, settled) = (outcome.offsets.clone(), outcome.settled.clone());
    Outcome {
        examined,
        excluded,
        undecided_discharges,
        children,
        orphans,
        not_listed,
        found,
        scorecard: outcome.scorecard.clone(),
        errors: outcome.errors.clone(),
        conditions: outcome.conditions.clone(),
        codes: outcome.codes.clone(),
        comorbidity: outcome.comorbidity.clone(),
        groups: outcome.groups.clone(),
        tally: outcome.tally.clone(),
        tables: outcome.tables.clone(),
        offsets,
        settled,
        trend: outcome.trend.clone(),
        desks,
        without_patient_number: outcome.without_patient_number,
        ..Outcome::of(rules)
    }
}

#[test]
fn what_is_left_of_a_whole_without_a_part_is_what_the_others_come_to() {
    with_examination(|rows, with| {
        let whole = examined(rows, &[], with);
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(16));
        runner
            .run(&(any::<u64>(), 1u64..20), |(seed, share)| {
                let is_of_part = |row: &Row<'_>| record_digest(row.key()).wrapping_mul(seed | 1) >> 32 & 31 < share;
                let of = |part: bool| {
                    let own = Row::all(rows).filter(|row| is_of_part(row) == part);
                    examined(&own.flat_map(|row| row.bytes().to_vec()).collect::<Vec<u8>>(), &[], with)
                };
                let (part, others) = (of(true), of(false));
                let mut left = whole.clone();
                prop_assert!(left.take_away(&part), "all of it was there");
                let rules = with.rules.count();
                prop_assert!(part.examined > 0 && others.examined > 0, "both parts have records");
                prop_assert!(figures(&left, rules).tally == figures(&others, rules).tally, "statistics");
                prop_assert!(figures(&left, rules).scorecard == figures(&others, rules).scorecard, "edits");
                prop_assert!(figures(&left, rules).desks == figures(&others, rules).desks, "deficiencies");
                prop_assert!(figures(&left, rules).trend == figures(&others, rules).trend, "months");
                prop_assert!(figures(&left, rules).codes == figures(&others, rules).codes, "codes");
                prop_assert!(figures(&left, rules).comorbidity == figures(&others, rules).comorbidity, "comorbidity");
                prop_assert!(figures(&left, rules).groups == figures(&others, rules).groups, "groups");
                prop_assert!(figures(&left, rules).conditions == figures(&others, rules).conditions, "conditions");
                prop_assert!(figures(&left, rules).tables == figures(&others, rules).tables, "tables");
                prop_assert!(figures(&left, rules).errors == figures(&others, rules).errors, "errors");
                prop_assert!(figures(&left, rules) == figures(&others, rules), "all else");
                // And with the part again it is the whole.
                left.merge(part);
                prop_assert!(figures(&left, rules) == figures(&whole, rules), "the whole");
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{error}"));
    });
}
