//! The board page of a run: the measures of the statistics, and what other desks add to them.

use crate::{
    book::{
        board::{Board, BoardRow},
        value::CellValue,
    },
    plan::Plan,
    record::{date::Day, month::Month},
    run::sheets::cover,
    statistics::{
        board::{TREND_MONTHS, changes, expected_row, rows, trend},
        census::Span,
        measure_base::MeasureBase,
        measured_records::MeasuredRecords,
        settings::MeasureLimit,
    },
};

/// A figure of another desk: how many, of the day of the run.
#[derive(Debug, Clone, Copy)]
pub struct OtherFigure {
    /// Name, for limits.
    pub name: &'static str,
    /// Words of the row.
    pub words: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// The sheet that has more of it.
    pub sheet: &'static str,
    /// How many; `None`: it is not known.
    pub count: Option<u64>,
    /// Of how many.
    pub of: u64,
}

/// The page; `None` where no inpatient was discharged.
pub fn page(
    plan: &Plan,
    records: &MeasuredRecords<'_>,
    (others, differing): (&[OtherFigure], &[&str]),
    business_date: Day,
) -> Option<Board> {
    let last = Month::of(records.span()?.last);
    let months = trend(records, last);
    let limits = &plan.statistics.limits;
    let weighed = rows(&months, limits);
    let changes = changes(&weighed);
    let mut rows: Vec<BoardRow> = weighed.into_iter().map(|own| own.row).collect();
    let after_deaths = rows.iter().position(|row| row.measure == "Deaths, gross");
    if let Some((at, row)) = after_deaths.zip(expected_row(records, last)) {
        rows.insert(at + 1, row);
    }
    for other in others {
        if let Some(count) = other.count {
            rows.push(of_tonight(other, (count, other.of), limits));
        }
    }
    // A month that is not over is named with the day through which it is held.
    let name = |(span, base): &(Span, Option<MeasureBase>)| match base {
        Some(base) if base.span != *span => format!("{} through {}", span.label(), base.span.last),
        _ => span.label(),
    };
    let label = |back: usize| months.len().checked_sub(back + 1).map_or(String::new(), |at| name(&months[at]));
    let trend_from = months.len().saturating_sub(TREND_MONTHS as usize);
    let hospital = cover::hospital(plan);
    let hospital = if hospital.is_empty() { plan.title.as_str() } else { hospital };
    let board = Board {
        title: format!("{hospital}, {}, internal edition, {business_date}", label(0)),
        months: [label(0), label(1), label(12)],
        trend_months: months[trend_from..].iter().map(|(span, _)| span.label()).collect(),
        changes,
        rows,
        notes: notes(differing, months.last().and_then(|(_, base)| base.as_ref())),
    };
    Some(board)
}

/// A row of what is counted on the day of the run alone.
fn of_tonight(other: &OtherFigure, (above, below): (u64, u64), limits: &[MeasureLimit]) -> BoardRow {
    let figure = CellValue::percent(above, below, 1);
    let limit = limits.iter().find(|limit| limit.measure == other.name);
    let (verdict, asks_attention) = limit.map_or((String::new(), false), |limit| limit.verdict(&figure));
    BoardRow {
        measure: other.words.to_owned(),
        unit: other.unit.to_owned(),
        is_part: false,
        sheet: Some(other.sheet),
        this_month: figure.clone(),
        last_month: CellValue::NotAvailable,
        same_month_last_year: CellValue::NotAvailable,
        trend: Vec::new(),
        limits: limit.map_or(String::new(), MeasureLimit::words),
        verdict,
        asks_attention,
    }
}

/// What is said beneath the measures; `differing`: what does not reconcile.
fn notes(differing: &[&str], base: Option<&MeasureBase>) -> Vec<String> {
    let mut notes: Vec<String> = base.into_iter().flat_map(MeasureBase::missing).collect();
    if !differing.is_empty() {
        notes.push(format!("Does not reconcile: {}. See the sheet Reconciliation.", differing.join(", ")));
    }
    notes.push("Limits without \"at least\" or \"at most\" are those of the control chart of 24 months, as on the sheet Control limits: three sigma to each side of their mean. [x] not available, because what it is counted from is not held.".to_owned());
    notes.push("Delinquent records are those of the day of the run; records in error are those of all records examined, whatever their month. Other months of them are not kept.".to_owned());
    notes
}
