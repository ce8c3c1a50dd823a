//! The value of a cell, and quotients of whole numbers.

use crate::record::date::Day;

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Words.
    Text(String),
    /// A code or number that is no quantity.
    Code(String),
    /// The name of a sheet of the workbook, which leads to it.
    SheetName(&'static str),
    /// A count.
    Count(u64),
    /// A day.
    Day(Day),
    /// A quotient, rounded half up when it is printed.
    Ratio(Ratio),
    /// There is nothing that it could be said of, such as a rate of no cases: `[z]`.
    NotApplicable,
    /// It is not known, because what it is counted from is not held: `[x]`.
    NotAvailable,
    /// It is not shown, so that nobody can be found by it: `[c]`.
    Withheld,
    /// It is more than nothing and less than half of the last digit printed: `[low]`.
    Low,
    /// It is counted on too few records of a survey to be relied on: `[u]`.
    Unreliable,
    /// Nothing stands there.
    Blank,
}

/// A quotient of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line; below 0 where more were taken away than were there.
    pub numerator: i64,
    /// Below the line; never 0.
    pub denominator: u64,
    /// Decimals printed.
    pub decimals: u32,
    /// Whether it is a percentage.
    pub percent: bool,
}

impl CellValue {
    /// Words.
    pub fn text(text: impl Into<String>) -> CellValue {
        CellValue::Text(text.into())
    }

    /// What stands in the place of a figure, where it is none: its symbol.
    pub fn symbol(&self) -> Option<&'static str> {
        match self {
            CellValue::NotApplicable => Some("[z]"),
            CellValue::NotAvailable => Some("[x]"),
            CellValue::Withheld => Some("[c]"),
            CellValue::Low => Some("[low]"),
            CellValue::Unreliable => Some("[u]"),
            _ => None,
        }
    }

    /// The value as files have it: texts whole, figures as they are printed, without marks of thousands, symbols in their place.
    pub fn written(&self) -> String {
        match self {
            CellValue::Text(text) | CellValue::Code(text) => text.clone(),
            CellValue::SheetName(name) => (*name).to_owned(),
            CellValue::Count(count) => count.to_string(),
            CellValue::Day(day) => day.to_string(),
            CellValue::Ratio(ratio) => ratio.text(),
            _ => self.symbol().unwrap_or_default().to_owned(),
        }
    }

    /// Whether a figure stands there, or what stands in the place of one.
    pub fn is_of_figures(&self) -> bool {
        matches!(self, CellValue::Count(_) | CellValue::Ratio(_)) || self.symbol().is_some()
    }

    /// A code.
    pub fn code(text: impl Into<String>) -> CellValue {
        CellValue::Code(text.into())
    }

    /// A percentage; `[z]` without a denominator.
    pub fn percent(numerator: u64, denominator: u64, decimals: u32) -> CellValue {
        if denominator == 0 {
            return CellValue::NotApplicable;
        }
        CellValue::ratio(numerator, denominator, decimals, true)
    }

    fn ratio(numerator: u64, denominator: u64, decimals: u32, percent: bool) -> CellValue {
        let numerator = i64::try_from(numerator).unwrap_or(i64::MAX);
        CellValue::Ratio(Ratio { numerator, denominator, decimals, percent })
    }

    /// A figure that was printed half up with a point, such as `0.86`; a text that is no number stays one.
    pub fn printed(text: &str) -> CellValue {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits: String = [whole, part].concat();
        match (digits.parse::<i64>(), u32::try_from(part.len())) {
            (Ok(numerator), Ok(decimals @ ..=9)) => {
                CellValue::Ratio(Ratio { numerator, denominator: 10u64.pow(decimals), decimals, percent: false })
            }
            _ => CellValue::text(text),
        }
    }

    /// A mean; `[z]` without a denominator.
    pub fn mean(numerator: u64, denominator: u64, decimals: u32) -> CellValue {
        if denominator == 0 {
            return CellValue::NotApplicable;
        }
        CellValue::ratio(numerator, denominator, decimals, false)
    }
}

impl Ratio {
    /// The quotient in units of the last decimal printed, rounded half up (away from 0); a percentage times 100.
    pub fn scaled(&self) -> i128 {
        let scale = 10u128.pow(self.decimals) * if self.percent { 100 } else { 1 };
        let denominator = u128::from(self.denominator);
        let scaled = (2 * u128::from(self.numerator.unsigned_abs()) * scale + denominator) / (2 * denominator);
        let scaled = i128::try_from(scaled).unwrap_or(i128::MAX);
        if self.numerator < 0 { -scaled } else { scaled }
    }

    /// As it is printed, without a percent sign.
    pub fn text(&self) -> String {
        let scaled = self.scaled();
        if self.decimals == 0 {
            return scaled.to_string();
        }
        let (unit, size) = (10u128.pow(self.decimals), scaled.unsigned_abs());
        let sign = if scaled < 0 { "-" } else { "" };
        format!("{sign}{}.{:0width$}", size / unit, size % unit, width = self.decimals as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_exercises_come_out_rounded_half_up() {
        // 577 beds, 2005: 497 deaths of 15,846 discharges are 3.14 %; 136,540 days make 8.62 on average.
        let text = |value: CellValue| match value {
            CellValue::Ratio(ratio) => ratio.text(),
            _ => String::new(),
        };
        assert_eq!(text(CellValue::percent(497, 15_846, 2)), "3.14");
        assert_eq!(text(CellValue::mean(136_540, 15_846, 2)), "8.62");
        assert_eq!(text(CellValue::percent(1, 8, 0)), "13");
        assert_eq!(text(CellValue::mean(1, 8, 2)), "0.13");
        assert_eq!(CellValue::percent(1, 0, 2), CellValue::NotApplicable);
        for printed in ["0.86", "12", "-0.50", "1.069"] {
            assert_eq!(text(CellValue::printed(printed)), printed);
        }
        let below = Ratio { numerator: -1, denominator: 8, decimals: 2, percent: false };
        assert_eq!(text(CellValue::Ratio(below)), "-0.13");
    }
}
