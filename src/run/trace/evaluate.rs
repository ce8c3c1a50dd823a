//! The sheets of a run as they would be with some records more, or some less: what stands behind a figure shows in what changes it.

use std::collections::BTreeMap;

use crate::{
    book::{
        figures::{FigureName, figure_cells},
        sheet::Sheet,
        value::{CellValue, Ratio},
    },
    edits::trend::facility_months::FacilityMonths,
    examination::outcome::Outcome,
    partition::registers::Registers,
    plan::Plan,
    record::{date::Day, take_away::TakeAway as _},
    run::{
        desks::{self, SheetSources},
        pipeline::CountedRun,
        settle::{TracedRows, ask_once},
    },
};

/// Name of the board page among the sheets.
pub const BOARD: &str = "Board";

/// A figure as whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureParts {
    /// What is counted; of a quotient what stands above the line.
    pub numerator: i128,
    /// Of a quotient what stands below the line.
    pub denominator: Option<i128>,
}

impl FigureParts {
    /// The parts of a value; `None` where it is no figure.
    pub fn of(value: &CellValue) -> Option<FigureParts> {
        match value {
            CellValue::Count(count) => Some(FigureParts { numerator: i128::from(*count), denominator: None }),
            CellValue::Ratio(Ratio { numerator, denominator, .. }) => {
                Some(FigureParts { numerator: i128::from(*numerator), denominator: Some(i128::from(*denominator)) })
            }
            _ => None,
        }
    }
}

/// What some records or rows add to a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contribution {
    /// To what is counted, or stands above the line.
    pub numerator: i128,
    /// To what stands below the line.
    pub denominator: i128,
    /// With them or without them it is no figure, so that no number says what they add.
    pub is_unclear: bool,
}

impl Contribution {
    /// Whether they add nothing.
    pub fn is_nothing(&self) -> bool {
        *self == Contribution::default()
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Contribution) {
        self.numerator += other.numerator;
        self.denominator += other.denominator;
        self.is_unclear |= other.is_unclear;
    }

    /// What makes one value out of another; nothing where neither is a figure. `keeps`: a quotient of no cases keeps what stands above the line.
    fn between(less: Option<&CellValue>, more: Option<&CellValue>, keeps: bool) -> Contribution {
        if less == more {
            return Contribution::default();
        }
        let no_cases = |value: &CellValue| *value == CellValue::NotApplicable;
        let parts = |value: Option<&CellValue>| match value {
            // A row that comes with its first record, and a quotient of no cases.
            None => Some(FigureParts { numerator: 0, denominator: Some(0) }),
            Some(value) if no_cases(value) => Some(FigureParts { numerator: 0, denominator: Some(0) }),
            Some(value) => FigureParts::of(value),
        };
        let is_kept = keeps && less.is_some_and(no_cases);
        match (parts(less), parts(more)) {
            (Some(less), Some(more)) => Contribution {
                numerator: if is_kept { 0 } else { more.numerator - less.numerator },
                denominator: match (less.denominator, more.denominator) {
                    // A whole number below 0 is written by 1.
                    (None, Some(1)) | (Some(1), None) => 0,
                    (less, more) => more.unwrap_or(0) - less.unwrap_or(0),
                },
                is_unclear: false,
            },
            _ => Contribution { is_unclear: true, ..Contribution::default() },
        }
    }
}

/// How it is found out what some records add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedHow {
    /// They are counted twice: nothing that is held goes, so that every figure stays one. It tells of all sums.
    Twice,
    /// They are left out: it tells of what is counted once however often it is met, such as records in error.
    LeftOut,
}

/// The figures of some sheets by name.
pub type Figures = BTreeMap<FigureName, CellValue>;

/// A run that can be asked for its sheets with other records.
pub struct TracedRun<'t> {
    plan: &'t Plan,
    business_date: Day,
    run: &'t CountedRun,
    traced: &'t TracedRows,
    remembered: FacilityMonths,
    /// The figures of the run itself; of one sheet alone where that is asked for.
    pub figures: Figures,
    /// Headings of the three months of the board page.
    pub months: Option<[String; 3]>,
    of: Option<String>,
}

impl<'t> TracedRun<'t> {
    /// Asks a run; `of`: the sheet that is asked for alone.
    pub fn of(
        plan: &'t Plan,
        business_date: Day,
        (run, traced): (&'t CountedRun, &'t TracedRows),
        of: Option<&str>,
    ) -> TracedRun<'t> {
        let mut remembered = run.prepared.state.remembered_months();
        if plan.records.is_some() {
            remembered.drop_from(run.settled.total.trend.months.first());
        }
        let of = of.map(str::to_owned);
        let figures = Figures::new();
        let mut asked = TracedRun { plan, business_date, run, traced, remembered, figures, months: None, of };
        (asked.figures, asked.months) = asked.figures_of(&traced.counted, &run.in_force.context.registers);
        asked
    }

    /// The figures with other tallies, or other registers, and the months of the board page.
    fn figures_of(&self, counted: &Outcome, registers: &Registers) -> (Figures, Option<[String; 3]>) {
        let CountedRun { read, accounts, in_force, prepared, .. } = self.run;
        let mut total = counted.clone();
        let asked = ask_once(self.plan, &mut total, &accounts.inputs, in_force, &self.remembered, self.business_date);
        let taken = &prepared.outputs.taken;
        let of_all = (&total, &asked);
        let accounts =
            desks::accounts(self.plan, self.business_date, &accounts.inputs, (in_force, registers), of_all, taken);
        let (mut sheets, mut months) = (Vec::new(), None);
        if self.of.as_deref().is_none_or(|of| of == BOARD) {
            let in_error = total.errors.records.count();
            let board = desks::board(self.plan, &accounts, (&total, in_error), registers, self.business_date);
            months = board.as_ref().map(|board| board.months.clone());
            sheets.extend(board.map(|board| Sheet {
                name: BOARD,
                title: String::new(),
                summary: "",
                notes: Vec::new(),
                tables: vec![board.table()],
            }));
        }
        let sources = SheetSources {
            accounts: &accounts,
            total: &total,
            trends: &asked.trends,
            code_tables: (&read.sets, &read.imported),
            in_force,
            registers,
            clinicians: None,
        };
        if self.of.as_deref() != Some(BOARD) {
            sheets.extend(desks::sheets(self.plan, sources, self.business_date, self.of.as_deref()));
        }
        let figures = figure_cells(&sheets).into_iter().map(|(name, value)| (name, value.clone())).collect();
        (figures, months)
    }

    /// What some records add to every figure that they change.
    pub fn of_records(&self, part: &Outcome, way: CountedHow) -> BTreeMap<FigureName, Contribution> {
        let mut counted = self.traced.counted.clone();
        match way {
            CountedHow::Twice => counted.merge(part.clone()),
            // What is not a sum may not be there; then the figure says nothing, and is told to be no sum.
            CountedHow::LeftOut => drop(counted.take_away(part)),
        }
        let (other, _) = self.figures_of(&counted, &self.run.in_force.context.registers);
        match way {
            // A row that another one pushes out of a list of the most frequent is no less for that.
            CountedHow::Twice => changes((&self.figures, &other), false, |more| more.is_some()),
            CountedHow::LeftOut => changes((&other, &self.figures), false, |_| true),
        }
    }

    /// What rows of registers add to every figure that they change; `without`: the registers without them.
    pub fn of_registers(&self, without: &Registers) -> BTreeMap<FigureName, Contribution> {
        let (others, _) = self.figures_of(&self.traced.counted, without);
        changes((&others, &self.figures), true, |_| true)
    }
}

/// What makes some figures out of others, of those that say something.
fn changes(
    (less, more): (&Figures, &Figures),
    keeps: bool,
    says: impl Fn(Option<&CellValue>) -> bool,
) -> BTreeMap<FigureName, Contribution> {
    let names = less.keys().chain(more.keys().filter(|name| !less.contains_key(*name)));
    let change = |name: &FigureName| {
        let (less, more) = (less.get(name), more.get(name));
        let change = if says(more) { Contribution::between(less, more, keeps) } else { Contribution::default() };
        (!change.is_nothing()).then(|| (name.clone(), change))
    };
    names.filter_map(change).collect()
}
