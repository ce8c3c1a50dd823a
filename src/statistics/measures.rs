//! A measure of hospital statistics: its numerator and denominator as whole numbers, its definition and its source.

use super::measure_base::{MeasureBase, NotKnown};
use crate::book::value::{CellValue, Ratio};

/// What a measure comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeasureResult {
    /// So many.
    Count(u64),
    /// A quotient of whole numbers; times 100 where the measure is a percentage.
    Quotient {
        /// Above the line; below 0 where more was taken away than was there.
        numerator: i64,
        /// Below the line.
        denominator: u64,
    },
    /// It is not known.
    NotKnown(NotKnown),
}

/// How a measure is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintedAs {
    /// Whole ones.
    Count,
    /// A mean, with so many decimals.
    Mean(u32),
    /// A percentage, with so many decimals.
    Percent(u32),
    /// A mean of money: the numerator is in cents.
    Money,
}

/// A measure.
#[derive(Debug)]
pub struct Measure {
    /// What it is about: the measures of a sheet stand together by it.
    pub group: &'static str,
    /// Its name, with the unit.
    pub name: &'static str,
    /// How it is printed.
    pub unit: PrintedAs,
    /// What is counted above the line, in words.
    pub numerator: &'static str,
    /// What is counted below it; empty of a count.
    pub denominator: &'static str,
    /// The convention, where one is to be told.
    pub note: &'static str,
    /// Where the formula is from.
    pub source: &'static str,
    /// What it comes to.
    pub of: fn(&MeasureBase) -> MeasureResult,
}

impl Measure {
    /// The figure as it is printed.
    pub fn figure(&self, base: &MeasureBase) -> CellValue {
        match (self.unit, (self.of)(base)) {
            (_, MeasureResult::NotKnown(_)) => CellValue::NotAvailable,
            (_, MeasureResult::Count(count)) => CellValue::Count(count),
            (_, MeasureResult::Quotient { denominator: 0, .. }) => CellValue::NotApplicable,
            (PrintedAs::Money, MeasureResult::Quotient { numerator, denominator }) => CellValue::Ratio(Ratio {
                numerator,
                denominator: denominator.saturating_mul(100),
                decimals: 2,
                percent: false,
            }),
            (unit, MeasureResult::Quotient { numerator, denominator }) => {
                let (decimals, percent) = match unit {
                    PrintedAs::Count | PrintedAs::Money => (0, false),
                    PrintedAs::Mean(decimals) => (decimals, false),
                    PrintedAs::Percent(decimals) => (decimals, true),
                };
                CellValue::Ratio(Ratio { numerator, denominator, decimals, percent })
            }
        }
    }

    /// What is to be said of a figure beside it: why it is not known, or that it is over 100 %.
    pub fn remark(&self, base: &MeasureBase) -> String {
        match (self.of)(base) {
            MeasureResult::NotKnown(why) => why.words(),
            MeasureResult::Quotient { denominator: 0, .. } => "no cases".to_owned(),
            MeasureResult::Quotient { numerator, denominator }
                if matches!(self.unit, PrintedAs::Percent(_))
                    && u64::try_from(numerator).is_ok_and(|numerator| numerator > denominator) =>
            {
                "over 100 %: look at the numerator and the denominator".to_owned()
            }
            _ => String::new(),
        }
    }

    /// Numerator and denominator of a figure; a count has a numerator alone.
    pub fn parts(&self, base: &MeasureBase) -> [CellValue; 2] {
        match (self.of)(base) {
            MeasureResult::Count(count) => [CellValue::Count(count), CellValue::Blank],
            MeasureResult::Quotient { numerator, denominator } if self.unit == PrintedAs::Money => {
                let money = Ratio { numerator, denominator: 100, decimals: 2, percent: false };
                [CellValue::Ratio(money), CellValue::Count(denominator)]
            }
            MeasureResult::Quotient { numerator, denominator } => {
                let above = u64::try_from(numerator).map_or_else(
                    |_| CellValue::Ratio(Ratio { numerator, denominator: 1, decimals: 0, percent: false }),
                    CellValue::Count,
                );
                [above, CellValue::Count(denominator)]
            }
            MeasureResult::NotKnown(_) => [CellValue::Blank, CellValue::Blank],
        }
    }
}
