//! How the cells of a workbook look: one family of type, near black, no fills; a line under the headings.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, FormatUnderline};

/// The family of all type; every machine has it.
pub const FONT: &str = "Arial";
/// The colour of text.
pub const INK: &str = "#222222";
/// The colours of series, in their order: they stay apart in grey and for readers who do not see colours alike.
pub const SERIES: [&str; 6] = ["#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"];
/// Height of a line of text, in points.
pub const LINE_HEIGHT: f64 = 16.0;
/// Size of text, in points.
const SIZE: f64 = 12.0;

/// Width of a text in a column, in the characters that a workbook measures columns by: those of its default type, which is smaller.
pub fn text_width(text: &str) -> usize {
    (text.chars().count() * 23).div_ceil(20)
}

/// The same of running words, which are narrower on the whole than figures.
pub fn words_width(text: &str) -> usize {
    (text.chars().count() * 19).div_ceil(20)
}

/// Every format.
pub struct Formats {
    /// The title of a sheet.
    pub title: Format,
    /// The caption of a table.
    pub caption: Format,
    /// A line under the title.
    pub note: Format,
    /// Words.
    pub text: Format,
    /// Words that follow a column of figures.
    pub indented: Format,
    /// Codes and numbers that are no quantity.
    pub code: Format,
    /// Text that looks like a formula.
    pub quoted: Format,
    /// The name of a sheet, which leads to it.
    pub link: Format,
    /// Whole numbers.
    pub count: Format,
    /// Days.
    pub day: Format,
    /// Quotients by their decimals.
    pub ratios: BTreeMap<u32, Format>,
    /// What stands in the place of a figure.
    pub symbol: Format,
    /// The heading of words.
    pub heading: Format,
    /// The heading of words that follow figures.
    pub indented_heading: Format,
    /// The heading of figures.
    pub figure_heading: Format,
}

impl Formats {
    /// All of them.
    pub fn new() -> Formats {
        let type_of = |size: f64| Format::new().set_font_name(FONT).set_font_size(size).set_font_color(INK);
        let cell = || type_of(SIZE).set_align(FormatAlign::Top);
        let heading = || {
            let line = type_of(SIZE).set_bold().set_text_wrap().set_align(FormatAlign::Bottom);
            line.set_border_bottom(FormatBorder::Thin).set_border_bottom_color(INK)
        };
        let right = |format: Format| format.set_align(FormatAlign::Right);
        let ratio = |decimals: u32| {
            let zeros =
                if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals as usize)) };
            (decimals, right(cell().set_num_format(zeros)))
        };
        Formats {
            title: type_of(16.0).set_bold(),
            caption: type_of(14.0).set_bold().set_align(FormatAlign::Bottom),
            note: type_of(SIZE),
            text: cell().set_text_wrap(),
            indented: cell().set_text_wrap().set_align(FormatAlign::Left).set_indent(2),
            code: cell().set_num_format("@"),
            quoted: cell().set_quote_prefix(),
            link: cell().set_font_color(SERIES[0]).set_underline(FormatUnderline::Single),
            count: right(cell().set_num_format("#,##0")),
            day: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            ratios: (0..4).map(ratio).collect(),
            symbol: right(cell()),
            heading: heading(),
            indented_heading: heading().set_align(FormatAlign::Left).set_indent(2),
            figure_heading: right(heading()),
        }
    }
}
