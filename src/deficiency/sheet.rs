//! Chart deficiencies by kind, clinician and age.

use super::{
    account::DeficiencyAccount,
    kind::{DeficiencyKind, KINDS},
    matrix::Matrix,
    tally::{AGE_BUCKETS, ClinicianCount, DeficiencyTally},
};
use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    record::bounded::NOT_STATED,
};

/// The measures of the desk: name, numerator, denominator, convention and source.
pub const DEFINITIONS: &[[&str; 5]] = &[
    [
        "Incomplete record",
        "record with at least one open deficiency on the business date",
        "",
        "however many deficiencies it has",
        "42 CFR 482.24(c)",
    ],
    [
        "Delinquent record",
        "incomplete record past the limit of days after discharge",
        "",
        "the limit stands in the pipeline file",
        "medical staff bylaws",
    ],
    [
        "Delinquency, % of an average month",
        "delinquent records",
        "discharges of the full months among the last twelve, divided by their number",
        "internal standard; the Joint Commission's former RC.01.04.01 asked for at most 50 %",
        "hospital policy",
    ],
];

/// Kinds of document on the sheet.
const MOST_TYPES: usize = 50;

/// The sheet; without a matrix the pipeline does not look for deficiencies.
pub fn sheet(
    matrix: Option<&Matrix>,
    tally: &DeficiencyTally,
    account: &DeficiencyAccount,
    limit: &DelinquencyLimit,
) -> Sheet {
    let mut sheet = Sheet {
        name: "Deficiencies",
        title: "Chart deficiencies".to_owned(),
        summary: "Chart deficiencies by kind, clinician and age; incomplete and delinquent records",
        notes: Vec::new(),
        tables: Vec::new(),
    };
    let Some(matrix) = matrix else {
        sheet.notes.push("The pipeline does not look for chart deficiencies (no section [deficiency]).".to_owned());
        return sheet;
    };
    sheet
        .notes
        .push("Population: the charts of all records examined, whatever the period of the statistics.".to_owned());
    if !account.why.is_empty() {
        sheet.notes.push(format!("Missing documents: {}: {}.", account.missing_documents, account.why));
    }
    sheet.notes.push(
        "A record with five deficiencies is one incomplete record. Late documents are complete and make no record incomplete."
            .to_owned(),
    );
    sheet.tables = vec![
        records(tally),
        delinquency(tally, limit),
        by_kind(tally),
        by_clinician(tally),
        by_age(tally),
        unnamed_types(tally, matrix),
    ];
    sheet
}

/// What the delinquent records are held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DelinquencyLimit {
    /// Discharges of the full months among the twelve before that of the business date.
    pub discharges: u64,
    /// How many of these months the run has discharges of.
    pub months: u64,
    /// The most that delinquent records may be of an average month's discharges, in percent.
    pub percent: u64,
}

impl DelinquencyLimit {
    /// Whether so many delinquent records are within it; `None` where no month is known.
    fn holds(&self, delinquent: u64) -> Option<bool> {
        let (delinquent, months, percent) = (u128::from(delinquent), u128::from(self.months), u128::from(self.percent));
        (self.discharges > 0).then(|| delinquent * months * 100 <= percent * u128::from(self.discharges))
    }
}

/// Delinquent records against the discharges of an average month: delinquent ÷ (discharges ÷ months).
fn delinquency(tally: &DeficiencyTally, limit: &DelinquencyLimit) -> Table {
    let verdict = match limit.holds(tally.delinquent_records) {
        Some(true) => "within the limit",
        Some(false) => "above the limit",
        None => "not applicable: no full month among the twelve before has discharges",
    };
    let of = |name: &str, value: CellValue, says: String| vec![CellValue::text(name), value, CellValue::text(says)];
    Table {
        name: "delinquency".to_owned(),
        caption: "Delinquent records against an average month (internal standard)".to_owned(),
        columns: vec![column("Measure", 34), column("Value", 12), column("What it says", 40)],
        rows: vec![
            of("Delinquent records", CellValue::Count(tally.delinquent_records), String::new()),
            of(
                "Discharges of an average month",
                CellValue::mean(limit.discharges, limit.months, 1),
                format!(
                    "{} discharges in {} full {}",
                    limit.discharges,
                    limit.months,
                    if limit.months == 1 { "month" } else { "months" }
                ),
            ),
            of(
                "Delinquent, % of an average month",
                CellValue::percent(tally.delinquent_records * limit.months, limit.discharges, 1),
                verdict.to_owned(),
            ),
            of("Limit, %", CellValue::Count(limit.percent), "as the pipeline file has it; 50 by default".to_owned()),
        ],
        chart: None,
    }
}

fn records(tally: &DeficiencyTally) -> Table {
    let share = |count| CellValue::percent(count, tally.records, 1);
    let rows = [
        ("examined", "discharged by the business date", tally.records, CellValue::Blank),
        ("incomplete", "at least one open deficiency", tally.incomplete_records, share(tally.incomplete_records)),
        ("delinquent", "incomplete past the limit", tally.delinquent_records, share(tally.delinquent_records)),
    ];
    Table {
        name: "incomplete_records".to_owned(),
        caption: "Records".to_owned(),
        columns: vec![column("Records", 26), column("Of what", 34), column("Count", 12), column("Share, %", 12)],
        rows: rows
            .into_iter()
            .map(|(name, of, count, share)| {
                vec![CellValue::text(name), CellValue::text(of), CellValue::Count(count), share]
            })
            .collect(),
        chart: None,
    }
}

/// The kinds by their number, the most frequent first, with the cumulated share: a few kinds are most of the work.
fn by_kind(tally: &DeficiencyTally) -> Table {
    let count = |kind: &DeficiencyKind| tally.by_kind.get(kind).copied().unwrap_or(0);
    let mut kinds: Vec<_> = KINDS.iter().map(|entry| (count(&entry.kind), entry)).collect();
    kinds.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let all: u64 = kinds.iter().map(|(count, _)| count).sum();
    let mut cumulated = 0;
    let rows: Vec<Vec<CellValue>> = kinds
        .into_iter()
        .map(|(count, entry)| {
            cumulated += count;
            vec![
                CellValue::code(entry.code),
                CellValue::text(entry.name),
                CellValue::Count(count),
                CellValue::percent(cumulated, all, 1),
                CellValue::text(entry.remedy),
            ]
        })
        .collect();
    let kinds = rows.len();
    Table {
        name: "deficiencies_by_kind".to_owned(),
        caption: "By kind".to_owned(),
        columns: vec![
            column("Code", 26),
            column("Deficiency", 34),
            column("Count", 12),
            column("Cumulated share, %", 12),
            column("What to do", 60),
        ],
        rows,
        chart: Some(Chart {
            kind: ChartKind::Pareto,
            values: "Deficiencies",
            title: "Deficiencies by kind, the most frequent first".to_owned(),
            categories: 1,
            series: vec![2, 3],
            limits: Vec::new(),
            rows: kinds,
        }),
    }
}

fn by_clinician(tally: &DeficiencyTally) -> Table {
    let row = |(name, count): (&str, &ClinicianCount)| {
        vec![
            CellValue::text(stated(name)),
            CellValue::Count(count.open),
            CellValue::Count(count.records),
            CellValue::Count(count.delinquent),
            CellValue::Count(count.late),
            CellValue::Count(count.oldest_days.max(0) as u64),
        ]
    };
    Table {
        name: "deficiencies_by_clinician".to_owned(),
        caption: "By clinician".to_owned(),
        columns: vec![
            column("Clinician", 26),
            column("Open", 12),
            column("Records", 12),
            column("Delinquent", 12),
            column("Late", 10),
            column("Oldest, days", 12),
        ],
        rows: tally.by_clinician.rows().into_iter().map(row).collect(),
        chart: None,
    }
}

fn by_age(tally: &DeficiencyTally) -> Table {
    let rows: Vec<Vec<CellValue>> = AGE_BUCKETS
        .iter()
        .zip(tally.records_by_age.iter().zip(tally.deficiencies_by_age))
        .map(|((age, _), (records, open))| {
            vec![CellValue::code(*age), CellValue::Count(*records), CellValue::Count(open)]
        })
        .collect();
    Table {
        name: "deficiencies_by_age".to_owned(),
        caption: "By days since discharge".to_owned(),
        columns: vec![column("Days", 26), column("Records", 12), column("Deficiencies", 12)],
        chart: Some(Chart {
            kind: ChartKind::Column,
            values: "Incomplete records",
            title: "Incomplete records by days since discharge".to_owned(),
            categories: 0,
            series: vec![1],
            limits: Vec::new(),
            rows: rows.len(),
        }),
        rows,
    }
}

fn unnamed_types(tally: &DeficiencyTally, matrix: &Matrix) -> Table {
    Table {
        name: "document_types_not_named".to_owned(),
        caption: "Kinds of document that the matrix does not name; the whole list is worklists/document_types.csv"
            .to_owned(),
        columns: vec![column("As written", 26), column("Probably meant", 34), column("Documents", 12)],
        rows: tally
            .unnamed_types
            .listed(&matrix.words())
            .into_iter()
            .take(MOST_TYPES)
            .map(|(written, documents, meant)| {
                vec![CellValue::text(stated(written)), CellValue::text(meant), CellValue::Count(documents)]
            })
            .collect(),
        chart: None,
    }
}

fn stated(name: &str) -> &str {
    if name.is_empty() { NOT_STATED } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 561 delinquent records, 1,700 discharges in an average month: 33 %, a published exercise. Divided by the three months' discharges it would be 11 %.
    #[test]
    fn a_published_exercise_of_the_delinquency_rate_comes_out() {
        let tally = DeficiencyTally { delinquent_records: 561, ..DeficiencyTally::default() };
        let limit = DelinquencyLimit { discharges: 5_100, months: 3, percent: 50 };
        let table = delinquency(&tally, &limit);
        assert_eq!(table.rows[2][1], CellValue::percent(561 * 3, 5_100, 1));
        let CellValue::Ratio(ratio) = &table.rows[2][1] else { panic!("a ratio") };
        assert_eq!(ratio.text(), "33.0");
        assert_eq!(limit.holds(561), Some(true));
        assert_eq!(limit.holds(851), Some(false));
        assert_eq!(DelinquencyLimit::default().holds(1), None);
    }
}
