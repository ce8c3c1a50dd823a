//! `figures.csv`: the figures of the sheets of a workbook, a line a cell, so that two runs can be compared and others can read them.

use crate::book::{
    csv::{CsvColumn, CsvTable},
    sheet::Sheet,
    value::CellValue,
};

/// One figure: where it stands in the workbook, and its value as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SheetFigure {
    /// Name of the sheet.
    pub sheet: String,
    /// Name of the table.
    pub table: String,
    /// The words that the row begins with; of rows that begin alike the second one ends in `#2`.
    pub row: String,
    /// Heading of the column.
    pub column: String,
    /// A whole number, or a quotient with a point; empty where the workbook has none.
    pub value: String,
}

/// `figures.csv`: a line a figure, in the order of sheets, tables, rows and columns.
#[derive(Debug)]
pub struct SheetFigures;

impl CsvTable for SheetFigures {
    type Row<'r> = &'r SheetFigure;
    const PATH: &'static str = "figures.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r SheetFigure>> {
        vec![
            ("sheet", |figure| figure.sheet.as_str().into()),
            ("table", |figure| figure.table.as_str().into()),
            ("row", |figure| figure.row.as_str().into()),
            ("column", |figure| figure.column.as_str().into()),
            ("value", |figure| figure.value.as_str().into()),
        ]
    }
}

/// Where a figure stands: the four keys of `figures.csv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureName {
    /// Name of the sheet.
    pub sheet: String,
    /// Name of the table.
    pub table: String,
    /// The words of the row.
    pub row: String,
    /// Heading of the column.
    pub column: String,
}

/// Every cell of a column of figures with its name, in the order of sheets, tables, rows and columns.
pub fn figure_cells(sheets: &[Sheet]) -> Vec<(FigureName, &CellValue)> {
    let mut cells = Vec::new();
    for sheet in sheets {
        for table in &sheet.tables {
            let columns = table.figure_columns();
            for (row, label) in table.rows.iter().zip(table.row_labels()) {
                let own = row.iter().zip(&table.columns).zip(&columns).filter(|(_, is_of_figures)| **is_of_figures);
                cells.extend(own.map(|((value, column), _)| {
                    let name = FigureName {
                        sheet: sheet.name.to_owned(),
                        table: table.name.clone(),
                        row: label.clone(),
                        column: column.heading.clone().into_owned(),
                    };
                    (name, value)
                }));
            }
        }
    }
    cells
}

/// The figures of some sheets: every count and quotient, and what is blank in a column of them.
pub fn figures_of(sheets: &[Sheet]) -> Vec<SheetFigure> {
    let figure = |(name, value): (FigureName, &CellValue)| {
        let FigureName { sheet, table, row, column } = name;
        SheetFigure { sheet, table, row, column, value: value.written() }
    };
    figure_cells(sheets).into_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::table::{Table, column};

    #[test]
    fn a_figure_is_named_by_sheet_table_row_and_column() {
        let row = |code: &str, name: &str, count: u64, of: u64| {
            vec![
                CellValue::code(code),
                CellValue::text(name),
                CellValue::Count(count),
                CellValue::percent(count, of, 1),
            ]
        };
        let table = Table {
            name: "services".to_owned(),
            caption: String::new(),
            columns: vec![column("Service", 9), column("In words", 9), column("Discharges", 9), column("Share", 9)],
            rows: vec![row("MED", "Medicine", 3, 4), row("SUR", "", 1, 4), row("SUR", "", 0, 0)],
            chart: None,
        };
        let sheet = Sheet { name: "Groups", title: String::new(), summary: "", notes: Vec::new(), tables: vec![table] };
        let lines: Vec<[String; 3]> =
            figures_of(&[sheet]).into_iter().map(|figure| [figure.row, figure.column, figure.value]).collect();
        let expected = [
            ["MED / Medicine", "Discharges", "3"],
            ["MED / Medicine", "Share", "75.0"],
            ["SUR", "Discharges", "1"],
            ["SUR", "Share", "25.0"],
            ["SUR #2", "Discharges", "0"],
            ["SUR #2", "Share", "[z]"],
        ];
        assert_eq!(lines, expected.map(|line| line.map(str::to_owned)));
    }
}
