//! Charges by payer, service and facility.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, TableColumn, column},
        value::CellValue,
    },
    statistics::{
        labels::{Labelled, Labels},
        tally::{Dimension, Group, Tally},
    },
};

/// The dimensions of the sheet.
const DIMENSIONS: [Dimension; 3] = [Dimension::Payer, Dimension::Service, Dimension::Facility];

/// The sheet; `None` where no discharge of the period states charges.
pub fn sheet(tally: &Tally, labels: &Labels) -> Option<Sheet> {
    let all = tally.all;
    (all.charged > 0).then(|| Sheet {
        name: "Charges",
        title: "Charges by payer, service and facility".to_owned(),
        summary: "Charges of the discharges of the period, in all and on average",
        notes: vec![super::POPULATION.to_owned(), format!(
            "{} of {} state charges; the others, and charges below 0, are in no sum. Charges are as the records state them.",
            all.charged, all.discharges
        )],
        // A row of sums among the rows would be counted by whoever sums or sorts them.
        tables: std::iter::once(all_charges(tally))
            .chain(DIMENSIONS.iter().map(|dimension| by(tally, *dimension, labels)))
            .collect(),
    })
}

fn row(name: &str, group: &Group) -> Vec<CellValue> {
    vec![
        CellValue::code(name),
        CellValue::Count(group.discharges),
        CellValue::Count(group.charged),
        CellValue::mean(group.charges, 100, 2),
        CellValue::mean(group.charges, group.charged.saturating_mul(100), 2),
    ]
}

fn columns(first: &'static str) -> Vec<TableColumn> {
    vec![
        column(first, 22),
        column("Discharges", 12),
        column("With charges", 12),
        column("Charges", 18),
        column("Charges a discharge", 14),
    ]
}

fn all_charges(tally: &Tally) -> Table {
    Table {
        name: "charges_of_all".to_owned(),
        caption: "All discharges".to_owned(),
        columns: columns("Discharges of"),
        rows: vec![row("all groups", &tally.all)],
        chart: None,
    }
}

fn by(tally: &Tally, dimension: Dimension, labels: &Labels) -> Table {
    let name = dimension.title().to_lowercase();
    let of = Labelled::of(dimension).filter(|of| labels.has(*of));
    let mut columns = columns(dimension.title());
    columns.extend(of.map(|_| column("In words", 30)));
    let of_group = |(name, group): &(String, Group)| {
        let mut cells = row(name, group);
        cells.extend(of.map(|of| CellValue::text(labels.words(of, name))));
        cells
    };
    Table {
        name: format!("charges_by_{name}"),
        caption: format!("By {name}"),
        columns,
        rows: tally.groups(dimension).iter().map(of_group).collect(),
        chart: None,
    }
}
