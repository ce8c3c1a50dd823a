//! The tables of the three values, row by row, on a record that is written out.

use crate::{
    codeset::normalise::normalise,
    edits::rule::EditContext,
    expression::{check::compile, evaluate::EvaluatedRecord, source::Child},
    partition::decode::{Patients, decode},
    record::{
        date::Day,
        field::{CanonicalTable, Field},
        finding::Origin,
        period::Period,
    },
    rows::{
        row::RowWriter,
        slot::{Feed, Slot},
    },
};

const CELLS: [(Field, u8, &str); 10] = [
    (Field::AdmissionDate, 0, "2026-10-01"),
    (Field::DischargeDate, 0, "31/31/2026"),
    (Field::BirthDate, 0, "1990-10-02"),
    (Field::Age, 0, "35"),
    (Field::Sex, 0, "F"),
    (Field::DischargeStatus, 0, "01"),
    (Field::TotalCharges, 0, "1250.50"),
    (Field::DeathFlag, 0, "N"),
    (Field::ProcedureDate, 0, "2026-10-02"),
    (Field::ProcedureDate, 2, "soon"),
];

/// What the condition is on a woman admitted on her last day of being 35, with an unreadable discharge date, a blank ZIP code, and three procedures: one dated,
/// one undated, one with an unreadable date.
fn truth(text: &str, unmapped: Option<Field>) -> Option<bool> {
    let mut slots: Vec<Slot> = CELLS.iter().map(|(field, position, _)| Slot::plain(*field, *position)).collect();
    slots.extend((0..3).map(|position| Slot::plain(Field::ProcedureCode, position)));
    let feeds = [Feed {
        name: "stays".to_owned(),
        table: CanonicalTable::Encounters,
        slots,
        ..Feed::of(CanonicalTable::Encounters)
    }];
    let mut bytes = Vec::new();
    let mut writer = RowWriter::begin(&mut bytes, 0, b"E1", Origin { input: 0, row: 2 }, 0);
    for (slot, (_, _, text)) in CELLS.iter().enumerate() {
        writer.cell(slot as u8, text.as_bytes());
    }
    for slot in 0..3 {
        writer.cell((CELLS.len() + slot) as u8, b"0W3P8ZZ");
    }
    writer.end();
    let patients = Patients::default();
    let mut decoded = decode(&bytes, &feeds, &patients);
    for procedure in &mut decoded.procedures {
        procedure.code = normalise(procedure.raw.as_bytes()).code;
    }
    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("day"));
    context.period = Period::parse("2026-10").ok();
    if let Some(field) = unmapped {
        context.mapped[field as usize] = false;
    }
    let expression = compile(text, None).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
    expression.truth(&EvaluatedRecord {
        encounter: &decoded.encounters()[0],
        child: Child::None,
        around: context.surroundings(),
    })
}

fn all_are(expected: Option<bool>, conditions: &[&str]) {
    for text in conditions {
        assert_eq!(truth(text, None), expected, "{text}");
    }
}

const T: &str = "sex = 'F'";
const F: &str = "sex = 'M'";
const U: &str = "zip_code = '19801'";

#[test]
fn not_and_or_follow_the_tables_of_sql() {
    for (left, right, and, or) in [
        (T, T, Some(true), Some(true)),
        (T, F, Some(false), Some(true)),
        (T, U, None, Some(true)),
        (F, F, Some(false), Some(false)),
        (F, U, Some(false), None),
        (U, U, None, None),
    ] {
        for (left, right) in [(left, right), (right, left)] {
            assert_eq!(truth(&format!("{left} AND {right}"), None), and, "{left} AND {right}");
            assert_eq!(truth(&format!("{left} OR {right}"), None), or, "{left} OR {right}");
        }
    }
    assert_eq!([T, F, U].map(|text| truth(&format!("NOT {text}"), None)), [Some(false), Some(true), None]);
    assert_eq!(
        [T, F, U].map(|text| truth(&format!("({text}) IS UNKNOWN"), None)),
        [Some(false), Some(false), Some(true)]
    );
}

#[test]
fn blank_and_unreadable_values_are_unknown_and_told_apart_by_is() {
    all_are(
        None,
        &[
            "zip_code <> '19801'",
            "zip_code IN ('19801')",
            "zip_code NOT IN ('19801')",
            "discharge_date > '2026-01-01'",
            "discharge_date NOT BETWEEN '2026-01-01' AND '2026-01-02'",
            "discharge_date - admission_date > 30",
            "length(zip_code) = 0",
            "starts_with(zip_code, '1')",
            "matches(zip_code, '.')",
            "length_of_stay > 0",
        ],
    );
    all_are(
        Some(true),
        &["zip_code IS NULL", "discharge_date IS NOT NULL", "discharge_date IS UNREADABLE", "length_of_stay IS NULL"],
    );
    all_are(Some(false), &["discharge_date IS NULL", "admission_date IS UNREADABLE", "sex IS NULL"]);
    assert_eq!(truth("zip_code IS NULL", Some(Field::ZipCode)), None);
    assert_eq!(truth("sex IS NULL", Some(Field::Sex)), Some(false));
}

#[test]
fn a_bound_alone_can_decide_between() {
    // x BETWEEN low AND high is x >= low AND x <= high: one false side decides, whatever the other is.
    all_are(Some(false), &["age BETWEEN 40 AND discharge_date - admission_date"]);
    all_are(None, &["age BETWEEN 30 AND discharge_date - admission_date"]);
}

#[test]
fn questions_over_rows_are_the_or_and_the_and_of_the_rows_and_count_counts_the_true() {
    // One date is known, one blank, one unreadable.
    all_are(
        Some(true),
        &["any(procedure WHERE date = '2026-10-02')", "any(procedure)", "all(document WHERE type = 'x')"],
    );
    all_are(None, &["any(procedure WHERE date = '2026-10-03')", "all(procedure WHERE date = '2026-10-02')"]);
    all_are(
        Some(false),
        &["all(procedure WHERE date = '2026-10-03')", "any(document)", "any(document WHERE type = 'x')"],
    );
    for (condition, count) in [
        ("date = '2026-10-02'", 1),
        ("NOT date = '2026-10-02'", 0),
        ("(date = '2026-10-02') IS UNKNOWN", 2),
        ("date IS NULL", 1),
        ("date IS UNREADABLE", 1),
        ("date >= admission_date AND sex = 'F'", 1),
        ("position = 3", 1),
    ] {
        assert_eq!(truth(&format!("count(procedure WHERE {condition}) = {count}"), None), Some(true), "{condition}");
    }
    all_are(Some(true), &["count(procedure) = 3", "count(document) = 0"]);
}

#[test]
fn values_mean_what_the_dictionary_says() {
    all_are(
        Some(true),
        &[
            "age_years = 35 AND age = 35",
            "business_date = '2026-11-01' AND period_start = admission_date AND period_end = DATE '2026-10-31'",
            "business_date - 31 = admission_date",
            "30 + admission_date = period_end",
            "total_charges = 1250.5 AND total_charges + 0.5 = 1251",
            "discharge_status = '01' AND discharge_status < '02'",
            "NOT death_flag AND death_flag = FALSE AND death_flag <> TRUE",
            "length(sex) = 1 AND matches(discharge_status, '^\\d{2}$')",
            "any(procedure WHERE code = '0w3.p8zz' AND starts_with(code, '0W') AND ends_with(code, 'zz'))",
        ],
    );
}

#[test]
fn a_sum_out_of_range_is_unknown() {
    all_are(None, &["admission_date + 9000000000 > business_date", "age + 9223372036854775807 > 0"]);
}
