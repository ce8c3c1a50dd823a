//! What is wrong with a line of a file that somebody keeps: a map, a history, a release.

/// A fault with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFault {
    /// 1-based line of the text, or row of the sheet.
    pub line: u64,
    /// What is wrong; never a cell's content.
    pub message: String,
}

impl LineFault {
    /// A fault of a line.
    pub fn new(line: u64, message: impl Into<String>) -> LineFault {
        LineFault { line, message: message.into() }
    }
}
