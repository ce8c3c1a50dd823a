//! What is wrong with an expression, and where.

use std::ops::Range;

/// A fault of an expression. Its words go into the problem of the configuration file that the expression stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionFault {
    /// Stable code: `bad-expression`, `unknown-field`, `mixed-types`, `ambiguous-date`, `bad-date`, `bad-pattern`, `never-true`.
    pub code: &'static str,
    /// Bytes of the expression that are at fault.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: Option<String>,
}

impl ExpressionFault {
    /// A fault without a suggestion.
    pub fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> ExpressionFault {
        ExpressionFault { code, span, message: message.into(), suggestion: None }
    }

    /// The fault with what to do.
    pub fn suggesting(self, suggestion: impl Into<String>) -> ExpressionFault {
        ExpressionFault { suggestion: Some(suggestion.into()), ..self }
    }
}
