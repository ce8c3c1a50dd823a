//! Runs the page of every edit: its example must give exactly its findings and its figures.

use std::collections::BTreeMap;

use chartroom::{
    codeset::{code_index::CodeIndex, sets::CodeSets},
    coding::judge::{JudgeOn, judge},
    edits::{
        between::examine_patients,
        between_tables::examine_tables,
        engine::{ActiveRules, examine, examine_inputs},
        rule::{EditContext, Rule, RulePeriod, Test, fields_of_patients_alone},
        rules::RULES,
        scorecard::Scorecard,
        table_tally::TableTally,
        trend::{
            examine::examine_figures,
            facility_months::FacilityMonths,
            judge::{KnownMonths, judge as judge_trends},
            settings::TrendSettings,
            tally::TrendTally,
        },
    },
    partition::{
        decode::{Patients, decode},
        encounter::Encounter,
        registers::Registers,
    },
    record::{
        account::InputAccount,
        date::{DateFormat, Day},
        field::{CanonicalTable, Field, FieldType},
        finding::{Finding, Origin, Severity},
        period::Period,
    },
    rows::{
        row::{Row, RowWriter},
        slot::{Feed, Repair, Slot},
        sorter::sort_rows,
    },
};

const HEADINGS: [&str; 7] = ["What it checks", "Why", "Source", "Example", "Findings", "What to do", "History"];

struct Fence<'p> {
    kind: &'p str,
    text: String,
}

fn fences(page: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(kind), None) => open = Some(Fence { kind, text: String::new() }),
            (None, Some(fence)) => {
                fence.text.push_str(line);
                fence.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// A table of an example: canonical headings, numbered where a field stands more than once (`diagnosis_code_2`).
///
/// `values` are value lists by field name, as a layout would state them.
fn read_table(
    table: CanonicalTable,
    text: &str,
    values: &toml::Table,
    feeds: &mut Vec<Feed>,
    rows: &mut Vec<u8>,
    held: &mut Vec<u8>,
) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headings: Vec<String> = reader.headers().expect("headings").iter().map(str::to_owned).collect();
    let slots: Vec<Slot> = headings
        .iter()
        .map(|heading| {
            let (name, number) = match heading.rsplit_once('_') {
                Some((name, number)) if number.parse::<u8>().is_ok() => {
                    (name, number.parse::<u8>().expect("number") - 1)
                }
                _ => (heading.as_str(), 0),
            };
            let field = Field::from_name(name).unwrap_or_else(|| panic!("{name} is no field"));
            let mut slot = Slot::plain(field, number);
            if field.entry().kind == FieldType::Moment {
                slot.formats.push(DateFormat::new("%Y-%m-%d %H:%M", 1930).expect("a format"));
            }
            if matches!(field, Field::DiagnosisCode | Field::ProcedureCode) {
                slot.repairs.push(Repair::RestoreIcd9Zeros);
            }
            if let Some(list) = values.get(name) {
                slot.only_listed = true;
                for value in list.as_array().expect("a list of values") {
                    let value = value.as_str().expect("text").as_bytes().to_vec();
                    slot.values.insert(value.clone(), value);
                }
            }
            slot
        })
        .collect();
    let key_at = slots.iter().position(|slot| slot.field == table.key()).expect("a key column");
    let feed = feeds.len() as u8;
    feeds.push(Feed { name: table.name().into(), table, slots, ..Feed::of(table) });
    for (number, record) in reader.records().enumerate() {
        let record = record.expect("row");
        let out = if table.is_of_encounters() { &mut *rows } else { &mut *held };
        let origin = Origin { input: u16::from(feed), row: number as u64 + 2 };
        let mut writer = RowWriter::begin(out, feed, record[key_at].as_bytes(), origin, number as u64);
        for (slot, cell) in record.iter().enumerate() {
            if !cell.is_empty() {
                writer.cell(slot as u8, cell.as_bytes());
            }
        }
        writer.end();
    }
}

fn line(finding: &Finding) -> String {
    let field = finding.field.map_or("", Field::name);
    format!("{} | {field} | {} | {}", finding.subject.encounter_id(), finding.position, finding.raw)
}

/// Asks a trend rule: of the encounters, and of the months of `csv facility_months`. Those of the period are the run's, the others its history.
fn run_trend(
    found: &[Fence<'_>],
    encounters: &[Encounter<'_>],
    rules: &ActiveRules,
    context: &EditContext,
    scorecard: &mut Scorecard,
) -> Vec<String> {
    let mut settings = TrendSettings::default();
    for fence in found.iter().filter(|fence| fence.kind == "toml trend") {
        let given: toml::Table = fence.text.parse().expect("toml");
        assert_eq!(given.keys().collect::<Vec<_>>(), ["least_cases"]);
        settings.least_cases = given["least_cases"].as_integer().expect("a number").unsigned_abs();
    }
    let period = context.period.as_ref().expect("a period");
    let mut tally = TrendTally::of(encounters.iter(), context);
    let mut history = FacilityMonths::default();
    for fence in found.iter().filter(|fence| fence.kind == "csv facility_months") {
        let months = FacilityMonths::read(&fence.text).expect("sound facility months");
        for (facility, months) in months.0 {
            for (month, counts) in months {
                let of_run = period.contains(month.first());
                let own = if of_run { &mut tally.months } else { &mut history };
                own.0.entry(facility.clone()).or_default().insert(month, counts);
            }
        }
    }
    let known = KnownMonths {
        remembered: &FacilityMonths::default(),
        stated: &history,
        period: Some(period),
        business_date: context.business_date,
    };
    let trends = judge_trends(&tally, &known, &settings);
    examine_figures(&trends, rules, context, scorecard).iter().map(line).collect()
}

/// Findings and figures of one rule on its page's example.
fn run(rule: &'static Rule, sets: &CodeSets) -> String {
    let mut rules = ActiveRules::only(rule.code);
    rules.rules = vec![(rule, rule.severity)];
    let found = fences(rule.page);
    let mut scorecard = Scorecard::new(1);
    let mut lines: Vec<String> = Vec::new();
    let inputs: Vec<InputAccount> = found
        .iter()
        .filter(|fence| fence.kind == "toml input")
        .map(|fence| {
            let given: toml::Table = fence.text.parse().expect("toml");
            let mut account = serde_json::to_value(InputAccount::default()).expect("json");
            for (name, value) in given {
                assert!(account.get(&name).is_some(), "{}: an input has no {name}", rule.code);
                account[name.as_str()] = serde_json::to_value(value).expect("json");
            }
            serde_json::from_value(account).expect("an account")
        })
        .collect();
    if !inputs.is_empty() {
        lines.extend(examine_inputs(&inputs, &rules, &mut scorecard).iter().map(line));
    }
    let values: toml::Table = found
        .iter()
        .find(|fence| fence.kind == "toml values")
        .map_or_else(toml::Table::new, |fence| fence.text.parse().expect("toml"));
    let (mut feeds, mut rows, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for table in CanonicalTable::ALL {
        for fence in found.iter().filter(|fence| fence.kind == format!("csv {}", table.name())) {
            read_table(table, &fence.text, &values, &mut feeds, &mut rows, &mut held);
        }
    }
    let (mut patients, mut registers) = (Patients::default(), Registers::default());
    for row in Row::all(&sort_rows(held)) {
        let feed = &feeds[usize::from(row.feed())];
        if feed.table == CanonicalTable::Patients { patients.add(row) } else { registers.add(row, feed) }
    }
    patients.given = patients.count() > 0;
    registers.finish(|_| true);
    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("day"));
    context.period = Period::parse("2026-10").ok();
    context.expected_facilities = vec![Some("0042".to_owned()); feeds.len()];
    for fence in found.iter().filter(|fence| fence.kind == "toml exempt") {
        let given: toml::Table = fence.text.parse().expect("toml");
        let day = |name: &str| given[name].as_str().and_then(Day::from_iso).expect("a day");
        let codes = given["codes"].as_array().expect("codes").iter().map(|code| code.as_str().expect("text"));
        context.exempt.add(day("from"), day("until"), codes);
    }
    context.of_patients_alone = fields_of_patients_alone(&feeds);
    context.registers = registers;
    if let Some(fence) = found.iter().find(|fence| fence.kind == "toml context") {
        let given: toml::Table = fence.text.parse().expect("toml");
        assert_eq!(given.keys().collect::<Vec<_>>(), ["longest_stay_days"], "{}", rule.code);
        context.longest_stay_days = given["longest_stay_days"].as_integer().and_then(|days| i32::try_from(days).ok());
    }
    context.expected_periods = vec![Period::parse("2026-10").ok(); feeds.len()];
    let rows = sort_rows(rows);
    let mut decoded = decode(&rows, &feeds, &patients);
    judge(&mut decoded, &mut CodeIndex::new(sets), JudgeOn::DischargeDate);
    let encounters = decoded.encounters();
    let examined = examine(&encounters, &decoded.orphans, &rules, &context);
    lines.extend(examined.findings.iter().map(line));
    scorecard.merge(&examined.scorecard);
    lines.extend(examine_patients(&encounters, &rules, &context, &mut scorecard).iter().map(line));
    let mut tally = TableTally::default();
    tally.count(&encounters, &context);
    lines.extend(examine_tables(&tally, &rules, &context, &|_| 0, &mut scorecard).iter().map(line));
    if matches!(rule.test, Test::Trend { .. }) {
        lines.extend(run_trend(&found, &encounters, &rules, &context, &mut scorecard));
    }
    let score = scorecard.scores[0];
    lines
        .push(format!("examined {}, failed {}, not applicable {}", score.examined, score.failed, score.not_applicable));
    lines.join("\n")
}

/// What a page says its example gives.
fn expected(rule: &Rule) -> String {
    let fence = fences(rule.page).into_iter().find(|fence| fence.kind == "findings");
    fence.unwrap_or_else(|| panic!("{} has no findings", rule.code)).text.trim_end().to_owned()
}

#[test]
fn every_page_is_true() {
    let sets = CodeSets::default();
    let mut faults = Vec::new();
    for rule in RULES {
        let (expected, found) = (expected(rule), run(rule, &sets));
        if found != expected {
            faults.push(format!("{} {}\n  page:\n{expected}\n  run:\n{found}\n", rule.code, rule.name));
        }
    }
    assert!(faults.is_empty(), "{} pages are not true:\n{}", faults.len(), faults.join("\n"));
}

/// The rule with both answers of its test replaced where one is given.
fn changed(rule: &Rule, applies: Option<bool>, violates: Option<bool>) -> Rule {
    // Closures that catch nothing are functions; so each constant answer is written out.
    macro_rules! answer {
        ($answer:expr, $own:expr, |$($parameter:ident),+|) => {
            match $answer {
                Some(true) => |$($parameter),+| true,
                Some(false) => |$($parameter),+| false,
                None => $own,
            }
        };
    }
    let test = match rule.test {
        Test::Encounter { applies: own, violates: fails, .. } => Test::Encounter {
            applies: answer!(applies, own, |_a, _b|),
            violates: answer!(violates, fails, |_a, _b|),
            compiled: None,
        },
        Test::Diagnosis { applies: own, violates: fails, .. } => Test::Diagnosis {
            applies: answer!(applies, own, |_a, _b, _c|),
            violates: answer!(violates, fails, |_a, _b, _c|),
            compiled: None,
        },
        Test::Procedure { applies: own, violates: fails, .. } => Test::Procedure {
            applies: answer!(applies, own, |_a, _b, _c|),
            violates: answer!(violates, fails, |_a, _b, _c|),
            compiled: None,
        },
        Test::Document { applies: own, violates: fails, .. } => Test::Document {
            applies: answer!(applies, own, |_a, _b, _c|),
            violates: answer!(violates, fails, |_a, _b, _c|),
            compiled: None,
        },
        Test::Input { applies: own, violates: fails, shows } => {
            Test::Input { applies: answer!(applies, own, |_a|), violates: answer!(violates, fails, |_a|), shows }
        }
        Test::Patient { together, applies: own, violates: fails } => Test::Patient {
            together,
            applies: answer!(applies, own, |_a, _b, _c|),
            violates: match violates {
                Some(true) => |_, place, _| Some(usize::from(place == 0)),
                Some(false) => |_, _, _| None,
                None => fails,
            },
        },
        Test::Tables { of, table, applies: own, violates: fails, shows } => Test::Tables {
            of,
            table,
            applies: answer!(applies, own, |_a, _b|),
            violates: answer!(violates, fails, |_a, _b|),
            shows,
        },
        Test::Trend { measure, twin, applies: own, violates: fails } => Test::Trend {
            measure,
            twin,
            applies: answer!(applies, own, |_a|),
            violates: answer!(violates, fails, |_a|),
        },
        // Whether a row hangs on an encounter is found out when rows are put together; the rule is which table's rows it asks. Taken away it asks none, and
        // with another answer it says the same of every row that hangs on one.
        Test::Orphan { .. } if applies == Some(false) => Test::Orphan { table: CanonicalTable::Encounters },
        Test::Orphan { table } => {
            let fails = violates == Some(true);
            match table {
                CanonicalTable::Diagnoses => Test::Diagnosis {
                    applies: |_, _, _| true,
                    violates: if fails { |_, _, _| true } else { |_, _, _| false },
                    compiled: None,
                },
                CanonicalTable::Procedures => Test::Procedure {
                    applies: |_, _, _| true,
                    violates: if fails { |_, _, _| true } else { |_, _, _| false },
                    compiled: None,
                },
                CanonicalTable::Documents => Test::Document {
                    applies: |_, _, _| true,
                    violates: if fails { |_, _, _| true } else { |_, _, _| false },
                    compiled: None,
                },
                _ => panic!("{}: no such row hangs on an encounter", rule.code),
            }
        }
    };
    Rule { test, ..*rule }
}

#[test]
fn a_page_fails_when_its_rule_is_taken_away_or_says_yes_to_everything() {
    let sets = CodeSets::default();
    for rule in RULES {
        for (applies, violates, what) in [
            (Some(false), None, "never applies"),
            (None, Some(false), "is never violated"),
            (None, Some(true), "is always violated"),
        ] {
            let found = run(Box::leak(Box::new(changed(rule, applies, violates))), &sets);
            assert_ne!(found, expected(rule), "{} {}: its page is true even if it {what}", rule.code, rule.name);
        }
    }
}

#[test]
fn a_page_of_a_rule_with_a_life_shows_a_record_outside_it() {
    let sets = CodeSets::default();
    for rule in RULES.iter().filter(|rule| rule.life != RulePeriod::ALWAYS) {
        let found = run(Box::leak(Box::new(Rule { life: RulePeriod::ALWAYS, ..*rule })), &sets);
        assert_ne!(found, expected(rule), "{} {}: its page is true without its life", rule.code, rule.name);
    }
}

#[test]
fn conventions_are_warnings_that_show_the_note_which_asks() {
    for rule in RULES.iter().filter(|rule| rule.code.starts_with("CNV")) {
        // Use additional notes stand over many common codes; its page says so, and how to raise it.
        let severity = if rule.code == "CNV104" { Severity::Info } else { Severity::Warning };
        assert_eq!(rule.severity, severity, "{}", rule.code);
        let page = expected(rule);
        let findings: Vec<&str> = page.lines().filter(|line| line.contains(" | ")).collect();
        assert!(findings.iter().all(|line| line.ends_with('"') && line.contains(" \"")), "{}: {page}", rule.code);
    }
}

#[test]
fn every_page_has_its_headings_and_an_example_that_fails_and_one_that_passes() {
    for rule in RULES {
        for heading in HEADINGS {
            assert!(rule.page.contains(&format!("\n## {heading}\n")), "{} lacks {heading}", rule.code);
        }
        assert!(rule.page.starts_with(&format!("# {} {}\n", rule.code, rule.name)), "{} has another title", rule.code);
        let severity = format!("\n\nSeverity: {}.\n", rule.severity.name());
        assert!(rule.page.contains(&severity), "{} has another severity on its page", rule.code);
        assert!(
            rule.page.contains(&format!("\nMessage: {}.\n", rule.message)),
            "{} has another message on its page",
            rule.code
        );
        let figures: Vec<u64> = expected(rule)
            .lines()
            .last()
            .expect("figures")
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|part| part.parse().ok())
            .collect();
        assert!(figures[0] > figures[1], "{} never passes", rule.code);
        assert!(figures[1] > 0, "{} never fails", rule.code);
    }
}

#[test]
fn a_warning_comes_after_the_critical_twin_that_takes_its_place() {
    for (place, rule) in RULES.iter().enumerate() {
        let Test::Trend { measure, twin, .. } = rule.test else { continue };
        let Some(twin) = twin else { continue };
        let critical = RULES[..place].iter().find(|earlier| earlier.code == twin).expect("the twin stands before");
        assert!(matches!(critical.test, Test::Trend { measure: of, twin: None, .. } if of == measure), "{}", rule.code);
        assert!(critical.severity < rule.severity && critical.field == rule.field, "{}", rule.code);
        assert_eq!(twin.replace("TRD", "TRW"), rule.code);
    }
}

#[test]
fn codes_and_names_are_unique_and_pages_stand_beside_their_rules() {
    let mut seen = BTreeMap::new();
    for rule in RULES {
        assert!(seen.insert(rule.code, rule.name).is_none(), "{} stands twice", rule.code);
    }
    let names: std::collections::BTreeSet<&str> = seen.values().copied().collect();
    assert_eq!(names.len(), RULES.len());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/edits/rules");
    let pages = std::fs::read_dir(folder)
        .expect("folder")
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|kind| kind == "md")))
        .count();
    assert_eq!(pages, RULES.len(), "a page without a rule, or a rule without a page");
}
