//! The reference folder's generator of discharge abstracts, and its files taken through the desks up to the edits.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use chartroom::{
    codeset::{code_index::CodeIndex, sets::CodeSets},
    coding::judge::{JudgeOn, judge},
    edits::{
        between::{examine_patient, patient_rules, stay_rows},
        conditions::{ConditionTally, Conditions},
        engine::{ActiveRules, examine, examine_inputs},
        rule::{EditContext, mapped_fields},
        scorecard::Scorecard,
        stay,
        trend::{
            examine::examine_figures,
            facility_months::FacilityMonths,
            judge::{KnownMonths, judge as judge_trends},
            settings::TrendSettings,
            tally::TrendTally,
        },
    },
    ingest::{
        delimited::{Dialect, RawChunk, split},
        layout::Layout,
        place::place,
    },
    partition::decode::{Patients, decode},
    problem::Problems,
    record::{account::InputAccount, date::Day, field::Field, finding::Severity},
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        sorter::{Sorter, sort_rows},
    },
};

use crate::shared_folder::{self, say};

const LAYOUT: &str = r#"
title = "Generated discharge abstracts"
table = "encounters"
[columns]
encounter_id = "record_id"
patient_id = "patient_id"
facility_id = "facility_id"
admission_date = "admit_date"
discharge_date = "discharge_date"
birth_date = "birth_date"
age = "age"
sex = "sex"
zip_code = "zip"
payer = { column = "payer", values = ["MA", "MB", "MC", "HM", "CI", "BL", "SP", "CH", "VA", "WC", "OF", "ZZ"] }
admission_type = "admit_type"
point_of_origin = "admit_source"
discharge_status = "discharge_status"
diagnosis_related_group = "ms_drg"
total_charges = "total_charges"
attending_npi = "attending_npi"
attending_name = "attending_name"
diagnosis_code = { columns = "DX{1..25}" }
present_on_admission = { columns = "POA{1..25}" }
procedure_code = { columns = "PR{1..15}" }
procedure_date = { columns = "PRDATE{1..15}" }
"#;

/// A rule that failed on a data row, with its field, position and value; and the data row that it is at odds with, where the rule is between two records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    pub row: u64,
    pub code: &'static str,
    pub severity: Severity,
    pub place: Place,
    pub value: String,
    pub beside: Option<u64>,
}

/// A field and a position, 0 for a field of which there is one.
pub type Place = (Option<Field>, u16);

/// What was found in a file, by data row from 1 on.
pub struct Found {
    pub hits: BTreeSet<Hit>,
    /// Data rows that repeat another, and that other.
    pub repeated: Vec<(u64, u64)>,
    /// What FIL005 shows for the file: how many rows repeat others.
    pub rows_repeated: Option<String>,
    /// What the trend edits find.
    pub trends: Vec<(&'static str, Severity, String)>,
}

/// Makes a file; `None` where the generator, Python or numpy is absent.
pub fn generate(rows: u64, seed: u64, error_rate: &str, out: &Path) -> Option<()> {
    let generator = shared_folder::path("bench/gen_discharges.py")?;
    let made = Command::new("python3")
        .arg(&generator)
        .args([&rows.to_string(), &seed.to_string(), error_rate])
        .arg(out)
        .output();
    match made {
        Ok(output) if output.status.success() => Some(()),
        Ok(output) => {
            say(&format!(
                "skipped: the generator needs Python with numpy: {}",
                String::from_utf8_lossy(&output.stderr)
            ));
            None
        }
        Err(error) => {
            say(&format!("skipped: python3 does not start: {error}"));
            None
        }
    }
}

/// Takes a generated file through the desks up to the edits.
pub fn examined(file: &Path, sets: &CodeSets) -> Found {
    let mut problems = Problems::default();
    let layout = Layout::parse("generated.toml", LAYOUT, &mut problems).expect("the layout is sound");
    let feed = layout.feed("generated");
    let mut text = std::fs::read(file).expect("a generated file");
    let body = text.iter().position(|byte| *byte == b'\n').expect("a heading") + 1;
    let records = text.split_off(body);
    let header: Vec<String> =
        String::from_utf8(text).expect("ASCII").trim_end().split(',').map(str::to_owned).collect();
    let binding = layout.bind(&header).expect("every column");
    let dialect = Dialect { delimiter: b',', quote: b'"' };
    let block = split(RawChunk { text: records, first_line: 2 }, dialect, header.len());
    assert!(block.rejected.is_empty(), "every row can be read");
    // A quoted field may hold a line end: data rows are counted, and lines are where they begin.
    let data_row: BTreeMap<u64, u64> =
        block.rows.iter().enumerate().map(|(place, row)| (row.number, place as u64 + 1)).collect();
    let mut rows = Vec::new();
    place(&block, &binding.placement, &feed, 0, 0, &mut rows);
    let folder = tempfile::tempdir().expect("a folder");
    let mut sorter = Sorter::new(folder.path().to_owned(), usize::MAX);
    sorter.add(sort_rows(rows)).expect("sorted");
    let mut merge = sorter.merge().expect("merged");

    let mut context = EditContext::on(Day::from_iso("2026-11-01").expect("day"));
    let rules = ActiveRules::new(&[], &[]);
    context.mapped = mapped_fields([&feed]);
    let (feeds, patients) = ([feed], Patients::default());
    let mut found = Found { hits: BTreeSet::new(), repeated: Vec::new(), rows_repeated: None, trends: Vec::new() };
    let mut tally = TrendTally::default();
    let mut account = InputAccount { read: block.rows.len() as u64, ..InputAccount::default() };
    let mut stays = Vec::new();
    let (mut accepted, mut last) = (Vec::new(), LastCut::none(false));
    while let Some(part) = cut(&mut merge, &mut accepted, &mut last).expect("rows") {
        account.duplicate += part.duplicates.len() as u64;
        let rows =
            part.duplicates.iter().map(|duplicate| (data_row[&duplicate.origin.row], data_row[&duplicate.of.row]));
        found.repeated.extend(rows);
        let mut decoded = decode(&part.rows, &feeds, &patients);
        judge(&mut decoded, &mut CodeIndex::new(sets), JudgeOn::DischargeDate);
        let encounters = decoded.encounters();
        for finding in examine(&encounters, &decoded.orphans, &rules, &context).findings {
            let code = rules.rules[usize::from(finding.rule)].0.code;
            let row = data_row[&finding.origin.row];
            let (place, value) = ((finding.field, finding.position), finding.raw);
            found.hits.insert(Hit { row, code, severity: finding.severity, place, value, beside: None });
        }
        tally.merge(TrendTally::of(encounters.iter(), &context));
        for encounter in &encounters {
            stay::write(encounter, true, stay_rows(&rules, &context), &mut stays);
        }
    }
    let stays = sort_rows(stays);
    let (asked, mut scorecard, mut findings) = (patient_rules(&rules), Scorecard::new(rules.count()), Vec::new());
    let of_patients: Vec<Row<'_>> = Row::all(&stays).collect();
    for patient in of_patients.chunk_by(|left, right| left.key() == right.key()) {
        let rows: Vec<u8> = patient.iter().flat_map(|row| row.bytes()).copied().collect();
        let conditions = (&Conditions::default(), &mut ConditionTally::default());
        let found = (&mut findings, &mut Vec::new());
        examine_patient(&rows, &asked, &rules, &context, &mut scorecard, found, conditions);
    }
    for finding in findings {
        let code = rules.rules[usize::from(finding.rule)].0.code;
        // A finding between records shows the other record's number, and the generator numbers records by their rows.
        let beside = finding.raw.strip_prefix('R').and_then(|number| number.parse().ok());
        let row = data_row[&finding.origin.row];
        let (place, value) = ((finding.field, finding.position), finding.raw);
        found.hits.insert(Hit { row, code, severity: finding.severity, place, value, beside });
    }
    let none = FacilityMonths::default();
    let known = KnownMonths { remembered: &none, stated: &none, period: None, business_date: context.business_date };
    let trends = judge_trends(&tally, &known, &TrendSettings::default());
    for finding in examine_figures(&trends, &rules, &context, &mut Scorecard::new(rules.count())) {
        let code = rules.rules[usize::from(finding.rule)].0.code;
        found.trends.push((code, finding.severity, finding.raw));
    }
    let whole_file = examine_inputs(&[account], &ActiveRules::only("FIL005"), &mut Scorecard::new(1));
    found.rows_repeated = whole_file.first().map(|finding| finding.raw.clone());
    found
}
