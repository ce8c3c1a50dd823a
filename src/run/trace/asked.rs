//! Which figure is asked for: a cell of the workbook of a sealed output, or the name that a figure has on the page.

use std::path::{Path, PathBuf};

use super::evaluate::{BOARD, TracedRun};
use crate::{
    archive::own_seal::{OwnSeal, read_own_seal},
    book::{
        board::COLUMNS,
        figures::{FigureName, SheetFigure},
        html_ids::figure_id,
        xlsx_place::{CellPlaceFault, PlacedCell, cell_of, placed},
    },
    fs::{FileError, path::shown},
    run::compare::{CompareFault, figures_in},
};

/// Name of the workbook in a sealed output.
const WORKBOOK: &str = "data/statistics.xlsx";

/// A sealed output whose figures are traced.
#[derive(Debug)]
pub struct TracedOutput {
    /// The folder.
    pub folder: PathBuf,
    /// What it says of its run.
    pub seal: OwnSeal,
    /// Its figures.
    pub figures: Vec<SheetFigure>,
}

/// A figure that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedFigure {
    /// By its four keys, with the value that was published; none of the board page, which is in no list.
    Named(FigureName, Option<String>),
    /// By its name on the page, where no sheet has it: one of the board page.
    OnBoard(String),
}

/// Why it is not known which figure is asked for.
#[derive(Debug, thiserror::Error)]
pub enum AskedFault {
    /// It is no output of this program.
    #[error("{0} is no workbook of a sealed output; name the statistics.xlsx of an output, or its folder")]
    NoOutput(String),
    /// What is asked for is neither a cell nor a name.
    #[error(
        "`{0}` is no cell; write the sheet and the cell, such as 'Measures!C5', or the name of a figure on the page, such as f-groups-med-discharges-0kq3w9xe"
    )]
    NoCell(String),
    /// The cell is no figure.
    #[error("{0} is no figure: it is a word, a heading or blank")]
    NoFigure(String),
    /// The workbook does not say it.
    #[error(transparent)]
    Place(#[from] CellPlaceFault),
    /// The output has no list of its figures, or it cannot be read.
    #[error(transparent)]
    Output(#[from] CompareFault),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

impl TracedOutput {
    /// The output that a workbook, a page or a folder is of.
    ///
    /// # Errors
    /// It is none, or its figures cannot be read.
    pub fn of(path: &Path) -> Result<TracedOutput, AskedFault> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = match path.is_dir() {
            true => Some(path.clone()),
            false => path.parent().and_then(Path::parent).map(Path::to_owned),
        };
        let no_output = || AskedFault::NoOutput(shown(&path));
        let folder = folder.ok_or_else(no_output)?;
        let seal = read_own_seal(&folder)?.ok_or_else(no_output)?;
        let figures = figures_in(&folder)?;
        Ok(TracedOutput { folder, seal, figures })
    }

    /// Which figure is meant.
    ///
    /// # Errors
    /// It is none.
    pub fn figure(&self, asked: &str) -> Result<AskedFigure, AskedFault> {
        if asked.starts_with("f-") {
            let is_it =
                |figure: &&SheetFigure| figure_id(&figure.sheet, &figure.table, &figure.row, &figure.column) == asked;
            let found = self.figures.iter().find(is_it);
            return Ok(found.map_or_else(|| AskedFigure::OnBoard(asked.to_owned()), named));
        }
        let no_cell = || AskedFault::NoCell(asked.to_owned());
        let (sheet, cell) = asked.rsplit_once('!').ok_or_else(no_cell)?;
        let sheet = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\'')).unwrap_or(sheet);
        let place = cell_of(cell).ok_or_else(no_cell)?;
        let no_figure = || AskedFault::NoFigure(asked.to_owned());
        match placed(&self.folder.join(WORKBOOK), sheet, place)? {
            PlacedCell::OfBoard { row, column } => {
                let name = FigureName { sheet: BOARD.to_owned(), table: "board".to_owned(), row, column };
                Ok(AskedFigure::Named(name, None))
            }
            PlacedCell::OfTable { table, row, column } => {
                let of_table = self.figures.iter().filter(|figure| figure.table == table);
                let mut rows: Vec<&str> = Vec::new();
                for figure in of_table.clone() {
                    if rows.last() != Some(&figure.row.as_str()) {
                        rows.push(&figure.row);
                    }
                }
                let row = rows.get(row).ok_or_else(no_figure)?;
                let mut own = of_table.filter(|figure| figure.row == **row && figure.column == column);
                own.next().map(named).ok_or_else(no_figure)
            }
        }
    }
}

fn named(figure: &SheetFigure) -> AskedFigure {
    let SheetFigure { sheet, table, row, column, value } = figure.clone();
    AskedFigure::Named(FigureName { sheet, table, row, column }, Some(value))
}

impl AskedFigure {
    /// The sheet that it stands on.
    pub fn sheet(&self) -> &str {
        match self {
            AskedFigure::Named(name, _) => &name.sheet,
            AskedFigure::OnBoard(_) => BOARD,
        }
    }

    /// Its keys; of a name that no figure has, keys that no figure has.
    pub fn name(&self, asked: &TracedRun<'_>) -> FigureName {
        match self {
            AskedFigure::Named(name, _) => name.clone(),
            AskedFigure::OnBoard(id) => {
                let months = asked.months.clone().unwrap_or_default();
                let columns: Vec<(String, &str)> = months.into_iter().zip(COLUMNS).collect();
                let is_it = |name: &&FigureName| {
                    let own = columns.iter().find(|(month, _)| *month == name.column);
                    own.is_some_and(|(_, column)| figure_id("board", "board", &name.row, column) == *id)
                };
                asked.figures.keys().find(is_it).cloned().unwrap_or(FigureName {
                    sheet: BOARD.to_owned(),
                    table: "board".to_owned(),
                    row: String::new(),
                    column: String::new(),
                })
            }
        }
    }
}
