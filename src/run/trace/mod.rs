//! Which records, and which rows of registers, stand behind a figure of the workbook.
//!
//! The run is made once more, and nothing of it is published. Then the records are asked in halves what they add to the figure: the very examination and the very sheets of a run
//! say it, so that nothing here knows how a figure is counted.

pub mod asked;
pub mod evaluate;
pub mod explain;
pub mod records;
pub mod registers;
pub mod table;

use asked::AskedFigure;
use evaluate::{Contribution, CountedHow, FigureParts, TracedRun};
use records::{Again, RecordSearch, RecordSets, TracedRecord};
use registers::{RegisterRows, TracedEntry};

use crate::{
    archive::own_seal::SealedInput,
    book::{figures::FigureName, value::CellValue},
    plan::Plan,
    run::{
        fault::RunFault,
        options::RunOptions,
        pipeline::{CountedRun, count},
        settle::TracedRows,
    },
};

/// What stands behind a figure.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The figure.
    pub name: FigureName,
    /// The figure as it is counted now; `None` where there is none of that name.
    pub value: Option<CellValue>,
    /// The records, those that hang together beside each other.
    pub records: Vec<TracedRecord>,
    /// The rows of registers.
    pub entries: Vec<TracedEntry>,
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Whether what is found adds up to the figure.
    pub adds_up: bool,
    /// Inputs of the published run that are gone, or are other files now.
    pub others_now: Vec<String>,
}

/// Counts a run for a trace, and nothing else.
///
/// # Errors
/// See [`RunFault`].
pub fn counted_for_trace(plan: &Plan, options: &RunOptions<'_>) -> Result<CountedRun, RunFault> {
    count(plan, options, Some("a figure is traced"))
}

/// The rows that a counted run holds.
///
/// # Errors
/// It holds none, because it was not counted for a trace.
pub fn held_rows(run: &CountedRun) -> Result<&TracedRows, RunFault> {
    run.settled.traced.as_ref().ok_or_else(|| RunFault::Internal("the rows of the run are not held".to_owned()))
}

/// Traces a figure; the options have to say that figures are traced. `published`: the inputs of the run whose figure it is.
///
/// # Errors
/// See [`RunFault`].
pub fn trace(
    plan: &Plan,
    options: &RunOptions<'_>,
    figure: &AskedFigure,
    published: &[SealedInput],
) -> Result<Trace, RunFault> {
    let run = counted_for_trace(plan, options)?;
    let traced = held_rows(&run)?;
    let asked = TracedRun::of(plan, options.business_date, (&run, traced), Some(figure.sheet()));
    let name = &figure.name(&asked);
    let value = asked.figures.get(name).cloned();
    let mut trace = Trace {
        name: name.clone(),
        value: value.clone(),
        records: Vec::new(),
        entries: Vec::new(),
        inputs: run.read.labels.clone(),
        adds_up: true,
        others_now: published
            .iter()
            .filter(|input| !input.is_among(&run.accounts.inputs))
            .map(SealedInput::label)
            .collect(),
    };
    let Some(parts) = value.as_ref().and_then(FigureParts::of) else { return Ok(trace) };
    let sets = RecordSets::of(traced)?;
    let again = Again::of(plan, options, &run);
    let way = way_of(&asked, &again, traced, name, parts)?;
    let mut search =
        RecordSearch { asked: &asked, again: &again, sets: &sets, name, way, found: Vec::new(), together: 0 };
    search.search(&traced.rows, (0, sets.count))?;
    trace.records = search.found;
    let rows = RegisterRows::of(&run.read.register_rows, &run.prepared.feeds, &run.accounts.inputs);
    for table in rows.tables() {
        rows.search(&asked, name, &rows.of_table(table), &mut trace.entries);
    }
    let mut sum = Contribution::default();
    trace.records.iter().map(|record| &record.adds).for_each(|adds| sum.add(adds));
    trace.entries.iter().map(|entry| &entry.adds).for_each(|adds| sum.add(adds));
    trace.adds_up = adds_up(&sum, parts);
    Ok(trace)
}

/// Whether what is found comes to a figure; what stands below the line may be of no record, such as the days of a month.
pub fn adds_up(sum: &Contribution, parts: FigureParts) -> bool {
    !sum.is_unclear
        && sum.numerator == parts.numerator
        && (sum.denominator == 0 || Some(sum.denominator) == parts.denominator)
}

/// How it is found out what records add to a figure.
fn way_of(
    asked: &TracedRun<'_>,
    again: &Again<'_>,
    traced: &TracedRows,
    name: &FigureName,
    parts: FigureParts,
) -> Result<CountedHow, RunFault> {
    let all = again.outcome(&traced.rows)?;
    let adds = |way| asked.of_records(&all, way).get(name).copied().unwrap_or_default();
    let twice = adds(CountedHow::Twice);
    if twice.numerator == parts.numerator && !twice.is_unclear {
        return Ok(CountedHow::Twice);
    }
    let is_once = adds(CountedHow::LeftOut).numerator == parts.numerator || twice.is_nothing();
    Ok(if is_once { CountedHow::LeftOut } else { CountedHow::Twice })
}
