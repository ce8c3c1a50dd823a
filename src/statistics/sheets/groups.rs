//! Discharges by service, payer, age, sex, disposition, type of admission and facility.

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, TableColumn, column},
        value::CellValue,
    },
    record::{
        bounded::NOT_STATED,
        vocabulary::{AdmissionType, DischargeStatus},
    },
    statistics::{
        labels::{Labelled, Labels},
        tally::{AGE_GROUPS, Dimension, Group, NOT_IN_LIST, Tally},
    },
};

/// The sheet.
pub fn sheet(tally: &Tally, labels: &Labels) -> Sheet {
    // A table of its own: a row of sums among the rows would be counted by whoever sums or sorts them.
    let mut tables = vec![all(tally)];
    // Most exports have ages and no bands of them.
    let shown = |dimension: &Dimension| *dimension != Dimension::AgeBand || !tally.groups(*dimension).is_empty();
    tables.extend(Dimension::ALL.into_iter().filter(shown).map(|dimension| by(tally, dimension, labels)));
    tables.push(age_by_sex(tally));
    Sheet {
        name: "Groups",
        title: "Discharges by service, payer, age, sex, disposition".to_owned(),
        summary: "Discharges, days of stay and deaths by service, payer, age, sex, disposition, type of admission and facility",
        notes: vec![super::POPULATION.to_owned(), "Every table beneath the first adds up to it.".to_owned()],
        tables,
    }
}

fn all(tally: &Tally) -> Table {
    let all = tally.all;
    Table {
        name: "all_discharges".to_owned(),
        caption: "All discharges".to_owned(),
        columns: columns("Discharges of"),
        rows: if all.discharges == 0 { Vec::new() } else { vec![row("all groups", None, all, all.discharges)] },
        chart: None,
    }
}

/// The columns of every table of the sheet but the last.
fn columns(groups: &'static str) -> Vec<TableColumn> {
    vec![
        column(groups, 22),
        column("Discharges", 12),
        column("Share, %", 10),
        column("Newborns", 11),
        column("Deaths", 10),
        column("Days, adults and children", 12),
        column("Average stay, adults and children", 14),
        column("Days, newborns", 12),
        column("Average stay, newborns", 12),
    ]
}

fn by(tally: &Tally, dimension: Dimension, labels: &Labels) -> Table {
    let rows = tally.groups(dimension);
    let with_words = has_words(dimension) || Labelled::of(dimension).is_some_and(|of| labels.has(of));
    let all = tally.all;
    let body: Vec<Vec<CellValue>> = rows
        .iter()
        .map(|(name, group)| row(name, words_of(dimension, name, labels).as_deref(), *group, all.discharges))
        .collect();
    let chart =
        matches!(dimension, Dimension::Service | Dimension::Payer | Dimension::Age | Dimension::AgeBand).then(|| {
            Chart {
                limits: Vec::new(),
                kind: ChartKind::Column,
                values: "Discharges",
                title: format!("Discharges by {}", dimension.title().to_lowercase()),
                categories: 0,
                series: vec![1],
                rows: rows.len(),
            }
        });
    let mut columns = columns(dimension.title());
    // Last, so that the figures of all tables of the sheet stand beneath each other.
    columns.extend(with_words.then(|| column("In words", 44)));
    Table {
        name: format!("by_{}", dimension.title().to_lowercase().replace(' ', "_")),
        caption: format!("By {}", dimension.title().to_lowercase()),
        columns,
        rows: body,
        chart,
    }
}

fn row(name: &str, words: Option<&str>, group: Group, all: u64) -> Vec<CellValue> {
    let adults = group.adults_and_children();
    let mut row = vec![
        CellValue::code(name),
        CellValue::Count(group.discharges),
        CellValue::percent(group.discharges, all, 1),
        CellValue::Count(group.newborns),
        CellValue::Count(group.deaths),
        CellValue::Count(adults.days),
        CellValue::mean(adults.days, adults.stays, 2),
        CellValue::Count(group.newborn_days),
        CellValue::mean(group.newborn_days, group.newborn_stays, 2),
    ];
    row.extend(words.map(CellValue::text));
    row
}

/// The words of a value: of its standard list, or as the pipeline file has them. `None` where the dimension has no words.
fn words_of(dimension: Dimension, name: &str, labels: &Labels) -> Option<String> {
    let of = Labelled::of(dimension).filter(|of| labels.has(*of));
    words(dimension, name).map(str::to_owned).or_else(|| of.map(|of| labels.words(of, name).to_owned()))
}

/// Whether the values of a dimension are codes that a person may want in words.
fn has_words(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Disposition | Dimension::AdmissionType | Dimension::Sex)
}

fn words(dimension: Dimension, name: &str) -> Option<&'static str> {
    let known = match dimension {
        Dimension::Disposition => DischargeStatus::read(name.as_bytes()).map(DischargeStatus::title),
        Dimension::AdmissionType => AdmissionType::read(name.as_bytes()).map(AdmissionType::title),
        _ => [("F", "Female"), ("M", "Male"), ("U", "Unknown")]
            .into_iter()
            .find_map(|(letter, word)| (letter == name).then_some(word)),
    };
    has_words(dimension).then(|| match name {
        NOT_STATED => "no value in the export",
        NOT_IN_LIST => "a value that is none of the list",
        _ => known.unwrap_or("a value without a title"),
    })
}

fn age_by_sex(tally: &Tally) -> Table {
    let names = AGE_GROUPS.iter().map(|group| group.0).chain(std::iter::once(NOT_STATED));
    let rows: Vec<Vec<CellValue>> = names
        .zip(tally.age_by_sex)
        .filter(|(name, counts)| *name != NOT_STATED || counts.iter().sum::<u64>() > 0)
        .map(|(name, [female, male, other])| {
            vec![CellValue::code(name), CellValue::Count(female), CellValue::Count(male), CellValue::Count(other)]
        })
        .collect();
    Table {
        name: "age_by_sex".to_owned(),
        caption: "Age by sex".to_owned(),
        columns: vec![column("Age", 22), column("Female", 12), column("Male", 10), column("Other or not stated", 11)],
        chart: Some(Chart {
            kind: ChartKind::Pyramid,
            values: "Discharges",
            title: "Discharges by age and sex".to_owned(),
            categories: 0,
            series: vec![1, 2],
            limits: Vec::new(),
            rows: rows.len(),
        }),
        rows,
    }
}
