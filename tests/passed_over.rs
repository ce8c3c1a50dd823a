//! Records that an edit passes over as a whole come to the same as if each of their diagnoses were asked.

use chartroom::{
    codeset::{code_index::CodeIndex, sets::CodeSets},
    coding::judge::{JudgeOn, judge},
    edits::{
        rule::{EditContext, Rule, Test, mapped_fields},
        rule_loops::{RuleLoop, ask},
        rules::RULES,
        scorecard::RuleScore,
    },
    partition::{
        decode::{Patients, decode},
        encounter::Encounter,
    },
    record::{
        date::Day,
        field::{CanonicalTable, Field},
        finding::Origin,
    },
    rows::{
        row::RowWriter,
        slot::{Feed, Slot},
        sorter::sort_rows,
    },
};
use proptest::{prelude::*, sample::select};

/// Diagnoses of a record, each with its mark.
const DIAGNOSES: u8 = 4;
/// Columns before them.
const PLAIN: [Field; 5] =
    [Field::AdmissionDate, Field::DischargeDate, Field::BirthDate, Field::Sex, Field::DischargeStatus];

/// In force, with and without a flag of the Medicare Code Editor, of chapters that other edits ask of; categories, ended, unknown and malformed ones, and blanks.
const CODES: [&str; 22] = [
    "I10", "E119", "K219", "N400", "C61", "O80", "Z370", "Z3800", "P0700", "Y6551", "H9190", "F0280", "Z5111",
    "S72001A", "V00", "O30", "I1O", "Q9999", "4019", "25000", "V3000", "",
];

fn record() -> impl Strategy<Value = Vec<&'static str>> {
    let days = select(vec!["", "2007-03-05", "2014-03-05", "2021-11-30", "2024-09-30", "2026-10-05"]);
    let births = select(vec!["", "1950-01-01", "2015-02-03", "2026-10-01"]);
    let sex = select(vec!["M", "F", "U", "", "x"]);
    // Mostly sound codes, so that whole records are passed over.
    let code = prop_oneof![6 => select(CODES[..14].to_vec()), 1 => select(CODES.to_vec())];
    let codes = prop::collection::vec((code, select(vec!["Y", "N", "1", ""])), usize::from(DIAGNOSES));
    (days.clone(), days, births, sex, select(vec!["01", "20", ""]), codes).prop_map(
        |(admitted, discharged, born, sex, status, codes)| {
            let mut cells = vec![admitted, discharged, born, sex, status];
            cells.extend(codes.iter().flat_map(|(code, mark)| [*code, *mark]));
            cells
        },
    )
}

fn feed() -> Feed {
    let of_diagnoses = (0..DIAGNOSES).flat_map(|position| {
        [Field::DiagnosisCode, Field::PresentOnAdmission].map(|field| Slot::plain(field, position))
    });
    let plain = PLAIN.iter().map(|field| Slot::plain(*field, 0));
    Feed { slots: plain.chain(of_diagnoses).collect(), ..Feed::of(CanonicalTable::Encounters) }
}

fn rows(records: &[Vec<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, cells) in records.iter().enumerate() {
        let key = format!("E{number:05}");
        let origin = Origin { input: 0, row: number as u64 + 2 };
        let mut writer = RowWriter::begin(&mut bytes, 0, key.as_bytes(), origin, number as u64);
        for (slot, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            writer.cell(slot as u8, cell.as_bytes());
        }
        writer.end();
    }
    sort_rows(bytes)
}

/// The rule as it would be asked one diagnosis after the other.
fn one_by_one(rule: &Rule) -> Rule {
    match rule.test {
        Test::Diagnosis { applies, violates, .. } => {
            Rule { test: Test::Diagnosis { applies, violates, compiled: None }, ..*rule }
        }
        _ => *rule,
    }
}

/// The score of a rule, and the failing places.
fn asked(rule: &Rule, encounters: &[Encounter<'_>], context: &EditContext) -> (RuleScore, Vec<(u32, u16, u32)>) {
    let (mut score, mut failed) = (RuleScore::default(), Vec::new());
    let life = Some(rule.life.days());
    ask(rule, &mut RuleLoop { rule: 0, life, context, encounters, first: 0, score: &mut score, failed: &mut failed });
    (score, failed)
}

#[test]
fn every_edit_on_diagnoses_comes_to_what_asking_each_of_them_comes_to() {
    let (sets, feeds, patients) = (CodeSets::default(), [feed()], Patients::default());
    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("a day"));
    context.mapped = mapped_fields(&feeds);
    let of_diagnoses: Vec<&Rule> = RULES.iter().filter(|rule| matches!(rule.test, Test::Diagnosis { .. })).collect();
    assert!(of_diagnoses.len() > 40, "{}", of_diagnoses.len());
    let (sound, failed) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let held = runner.run(&prop::collection::vec(record(), 1..80), |records| {
        let bytes = rows(&records);
        let mut decoded = decode(&bytes, &feeds, &patients);
        judge(&mut decoded, &mut CodeIndex::new(&sets), JudgeOn::DischargeDate);
        let encounters = decoded.encounters();
        sound.set(sound.get() + encounters.iter().filter(|encounter| encounter.all_in_force).count());
        for rule in &of_diagnoses {
            let whole = asked(rule, &encounters, &context);
            failed.set(failed.get() + whole.1.len());
            prop_assert_eq!(&whole, &asked(&one_by_one(rule), &encounters, &context), "{}", rule.code);
        }
        Ok(())
    });
    held.expect("both ways come to the same");
    assert!(sound.get() > 300 && failed.get() > 300, "sound records {}, failures {}", sound.get(), failed.get());
}
