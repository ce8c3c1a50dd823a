//! Definitions: every measure with its formula, its source and its convention.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, column},
        value::CellValue,
    },
    statistics::measure_list,
};

const HORTON: &str = measure_list::HORTON;

/// Measure, numerator, denominator, convention, source.
const MEASURES: &[[&str; 5]] = &[
    [
        "Discharges",
        "encounters discharged in the period",
        "",
        "deaths are discharges; records with a fatal finding are left out and counted on the run sheet",
        HORTON,
    ],
    [
        "Newborns",
        "discharges with type of admission 4 and point of origin other than 6",
        "",
        "a baby born outside is counted with children",
        HORTON,
    ],
    [
        "Deaths",
        "discharges with status 20, 40, 41 or 42",
        "",
        "without a status: the death flag, else a death date within the stay",
        HORTON,
    ],
    [
        "Length of stay",
        "discharge date - admission date, in days",
        "",
        "a stay that begins and ends on one day counts 1; the stay that the export states where the two days are not both known, less the day of discharge \
         where the export counts it",
        HORTON,
    ],
    [
        "Average length of stay",
        "days of stay",
        "discharges with a known stay",
        "adults and children apart from newborns",
        HORTON,
    ],
    [
        "Median length of stay",
        "middle value",
        "",
        "the mean of the two middle values where their number is even",
        HORTON,
    ],
    ["Share, %", "discharges of the group x 100", "all discharges of the period", "", ""],
    [
        "Age",
        "completed years at admission",
        "",
        "from the birth date, else as stated; a birth date after the admission, or more than 124 years before it, is none. A band, or a year of birth, is in \
         an age group where all its ages are",
        "Medicare Code Editor",
    ],
    ["Age band", "age at admission as the export bands it", "", "in the export's own bands", ""],
    [
        "Principal diagnosis",
        "diagnosis in the first position",
        "",
        "condition established after study to be chiefly responsible for the admission",
        "UHDDS",
    ],
    ["All-listed", "records with the code in any position", "", "a code is counted once a record", ""],
];

/// Those that end the sheet.
const LAST_MEASURES: &[[&str; 5]] = &[
    [
        "Records coded",
        "discharges with a principal diagnosis, by the coder stated",
        "",
        "discharges without one are uncoded; shown where the export states coder or coded date",
        "",
    ],
    [
        "Records a coder day",
        "records coded with a coded date",
        "days on which the coder finished a record",
        "an hour likewise, where the coded date has a time; not productive hours (paid hours less paid time off and meetings)",
        "",
    ],
    [
        "Days to coded",
        "coded date - discharge date, in days",
        "",
        "median and longest; records coded before discharge are counted apart",
        "",
    ],
    ["Rounding", "", "", "half up, at printing only; where the denominator is 0 there is nothing to tell: [z]", ""],
];

/// The sheet, with the measures of other desks between.
pub fn sheet(of_desks: &[&[[&'static str; 5]]]) -> Sheet {
    let of_desks = of_desks.iter().copied().flatten();
    let own = measure_list::MEASURES
        .iter()
        .map(|measure| [measure.name, measure.numerator, measure.denominator, measure.note, measure.source]);
    let measures = MEASURES.iter().copied().chain(own).chain(of_desks.copied()).chain(LAST_MEASURES.iter().copied());
    Sheet {
        name: "Definitions",
        title: "Definitions".to_owned(),
        summary: "Every measure with its formula, convention and source",
        notes: Vec::new(),
        tables: vec![Table {
            name: "definitions".to_owned(),
            caption: "Measures".to_owned(),
            columns: vec![
                column("Measure", 24),
                column("Numerator", 44),
                column("Denominator", 36),
                column("Convention", 52),
                column("Source", 36),
            ],
            rows: measures.map(|row| row.iter().map(|cell| CellValue::text(*cell)).collect()).collect(),
            chart: None,
        }],
    }
}
