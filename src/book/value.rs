//! The value of a cell, and quotients of whole numbers.

use crate::record::date::Day;

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Words.
    Text(String),
    /// A code or number that is no quantity.
    Code(String),
    /// A count.
    Count(u64),
    /// A day.
    Day(Day),
    /// A quotient, rounded half up when it is printed.
    Ratio(Ratio),
    /// Nothing: the denominator is 0, or the value is not known.
    Blank,
}

/// A quotient of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Above the line.
    pub numerator: u64,
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

    /// A code.
    pub fn code(text: impl Into<String>) -> CellValue {
        CellValue::Code(text.into())
    }

    /// A percentage; blank without a denominator.
    pub fn percent(numerator: u64, denominator: u64, decimals: u32) -> CellValue {
        if denominator == 0 {
            return CellValue::Blank;
        }
        CellValue::Ratio(Ratio { numerator, denominator, decimals, percent: true })
    }

    /// A mean; blank without a denominator.
    pub fn mean(numerator: u64, denominator: u64, decimals: u32) -> CellValue {
        if denominator == 0 {
            return CellValue::Blank;
        }
        CellValue::Ratio(Ratio { numerator, denominator, decimals, percent: false })
    }
}

impl Ratio {
    /// The quotient in units of the last decimal printed, rounded half up; a percentage times 100.
    pub fn scaled(&self) -> u128 {
        let scale = 10u128.pow(self.decimals) * if self.percent { 100 } else { 1 };
        (2 * u128::from(self.numerator) * scale + u128::from(self.denominator)) / (2 * u128::from(self.denominator))
    }

    /// As it is printed, without a percent sign.
    pub fn text(&self) -> String {
        let scaled = self.scaled();
        if self.decimals == 0 {
            return scaled.to_string();
        }
        let unit = 10u128.pow(self.decimals);
        format!("{}.{:0width$}", scaled / unit, scaled % unit, width = self.decimals as usize)
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
        assert_eq!(CellValue::percent(1, 0, 2), CellValue::Blank);
    }
}
