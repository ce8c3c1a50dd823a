//! Why the columns of a file do not fit a layout, in one line that quotes the layout and no cell of a record.

use std::fmt;

use crate::{ingest::column_name::looks_like_data, problem::closest, record::field::Field};

/// Faults told one by one; more are counted.
const TOLD: usize = 3;

/// A row that a layout cannot be bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Columns that are not there and not optional, in the order of the layout; a run such as `DX{1..25}` is one.
    missing: Vec<Missing>,
    /// What is mapped twice, and what the pipeline asks for and is not there, in words.
    twice: Vec<String>,
    /// Columns that the layout states.
    stated: usize,
    /// What the row is.
    row: RowKind,
}

/// What a row is that a heading was looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A heading: it has a third of the layout's columns.
    Heading,
    /// A row of numbers, dates and codes.
    Data,
    /// Words, and few of them the layout's.
    Other,
}

/// A column that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    field: Field,
    /// As a message names it: `` `ADM` `` or `` `DX1` to `DX25` ``.
    wanted: Wanted,
    /// What it may be called in the file.
    alike: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Any(Vec<String>),
    Run { first: String, last: String },
}

impl Misfit {
    /// Nothing amiss so far with the row `header` of a layout that states so many columns, of which the row has some.
    pub(super) fn new(header: &[String], known: usize, stated: usize) -> Misfit {
        let row = if known * 3 >= stated {
            RowKind::Heading
        } else if looks_like_data(header) {
            RowKind::Data
        } else {
            RowKind::Other
        };
        Misfit { missing: Vec::new(), twice: Vec::new(), stated, row }
    }

    /// Notes a column that is not there under any of its names. Of a heading the likest name is told; of another row none is.
    pub(super) fn lacks<'h>(&mut self, field: Field, names: &[String], header: impl Iterator<Item = &'h str> + Clone) {
        let near = || names.iter().find_map(|name| closest(name, header.clone()));
        let alike = if self.is_heading() { near().map(str::to_owned) } else { None };
        self.missing.push(Missing { field, wanted: Wanted::Any(names.to_vec()), alike });
    }

    /// Notes a run of numbered columns of which none is there, with the columns that are numbered alike.
    pub(super) fn lacks_run(&mut self, field: Field, run: &[String], alike: String) {
        let (first, last) = (run[0].clone(), run[run.len() - 1].clone());
        self.missing.push(Missing { field, wanted: Wanted::Run { first, last }, alike: Some(alike) });
    }

    /// Notes a column that is not there and that a key of the pipeline names: it says how the rows are delivered.
    pub(super) fn lacks_delivery<'h>(&mut self, name: &str, key: &str, header: impl Iterator<Item = &'h str>) {
        let near = if self.is_heading() { closest(name, header) } else { None };
        let near = near.map_or(String::new(), |near| format!("; is it `{near}`?"));
        self.twice.push(format!("the column `{name}` that `{key}` of the pipeline names is not there{near}"));
    }

    /// Notes a column that is mapped twice.
    pub(super) fn maps_twice(&mut self, column: &str, field: Field) {
        self.twice.push(format!("the column `{column}` is mapped twice, again for {}", field.name()));
    }

    /// Whether the row is a heading, so that its texts are names.
    pub(super) fn is_heading(&self) -> bool {
        self.row == RowKind::Heading
    }

    /// Whether nothing was noted.
    pub(super) fn is_none(&self) -> bool {
        self.missing.is_empty() && self.twice.is_empty()
    }

    /// The misfit in words; `row` is the 1-based row that was held against the layout, as a person sees it.
    pub fn words(&self, row: u64) -> String {
        let count = self.missing.len();
        match self.row {
            RowKind::Heading => self.to_string(),
            RowKind::Data => format!("no heading; row {row} looks like data; {} missing", columns(count)),
            RowKind::Other => {
                let names: Vec<String> =
                    self.missing.iter().take(TOLD).map(|missing| missing.wanted.to_string()).collect();
                let more = if count > TOLD { format!(" and {} more", count - TOLD) } else { String::new() };
                format!(
                    "no heading of this layout; {count} of {} missing: {}{more}",
                    columns(self.stated),
                    names.join(", ")
                )
            }
        }
    }
}

/// A number of columns in words.
fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}

impl fmt::Display for Misfit {
    /// The faults of a heading: the first in full, the others counted.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing.iter().take(TOLD).map(Missing::to_string);
        let told: Vec<String> = missing.chain(self.twice.iter().take(TOLD).cloned()).collect();
        formatter.write_str(&told.join("; "))?;
        let more = (self.missing.len() + self.twice.len()) - told.len();
        if more > 0 {
            write!(formatter, "; and {more} more")?;
        }
        if self.missing.iter().take(TOLD).any(|missing| missing.alike.is_none()) {
            formatter.write_str("; state the name, or `optional = true`, in the layout")?;
        }
        Ok(())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.name();
        match (&self.wanted, &self.alike) {
            (wanted @ Wanted::Run { .. }, Some(alike)) => {
                write!(formatter, "the columns {wanted} for {field} are not there; are they `{alike}`?")
            }
            (wanted, Some(alike)) => {
                write!(formatter, "the column {wanted} for {field} is not there; is it `{alike}`?")
            }
            (wanted, None) => write!(formatter, "the column {wanted} for {field} is not there"),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Any(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                formatter.write_str(&names.join(" or "))
            }
            Wanted::Run { first, last } => write!(formatter, "from `{first}` to `{last}`"),
        }
    }
}
