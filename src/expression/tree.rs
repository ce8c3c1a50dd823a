//! An expression as it is written: a tree with places, before names have a meaning. Printing a tree and parsing the text gives the same tree.

use std::{fmt, ops::Range};

/// A part of an expression with the bytes it stands in. Trees are equal where they say the same, wherever it stands.
#[derive(Debug, Clone)]
pub struct Tree {
    /// What it says.
    pub kind: Node,
    /// Where it stands.
    pub span: Range<usize>,
}

impl Tree {
    /// The parts right beneath it, in the order in which they are written.
    pub fn parts(&self) -> Vec<&Tree> {
        match &self.kind {
            Node::Name(_) | Node::Text(_) | Node::Number(_) | Node::Date(_) | Node::Truth(_) => Vec::new(),
            Node::Sum { left, right, .. } | Node::Compare { left, right, .. } => vec![left, right],
            Node::Call { arguments, .. } => arguments.iter().collect(),
            Node::Of { condition, .. } => condition.iter().map(|condition| &**condition).collect(),
            Node::In { value, list, .. } => std::iter::once(&**value).chain(list).collect(),
            Node::Between { value, low, high, .. } => vec![value, low, high],
            Node::Is { value, .. } => vec![value],
            Node::Not(condition) => vec![condition],
            Node::And(conditions) | Node::Or(conditions) => conditions.iter().collect(),
        }
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Tree) -> bool {
        self.kind == other.kind
    }
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`, also written `!=`
    Different,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Every comparison with its sign.
    pub const SIGNS: [(&'static str, Comparison); 6] = [
        ("=", Comparison::Equal),
        ("<>", Comparison::Different),
        ("<", Comparison::Less),
        ("<=", Comparison::AtMost),
        (">", Comparison::Greater),
        (">=", Comparison::AtLeast),
    ];

    /// Whether values in this order satisfy it.
    #[inline]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::Different => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        }
    }

    fn sign(self) -> &'static str {
        Comparison::SIGNS.iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }
}

/// What `IS` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedState {
    /// The field is blank.
    Null,
    /// Something stands in the field that is no value of it.
    Unreadable,
    /// The condition is neither true nor false.
    Unknown,
}

impl AskedState {
    /// Every state with its keyword.
    pub const WORDS: [(&'static str, AskedState); 3] =
        [("NULL", AskedState::Null), ("UNREADABLE", AskedState::Unreadable), ("UNKNOWN", AskedState::Unknown)];

    fn word(self) -> &'static str {
        AskedState::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}

/// A function of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `length(text)`: characters.
    Length,
    /// `starts_with(text, 'prefix')`
    StartsWith,
    /// `ends_with(text, 'suffix')`
    EndsWith,
    /// `matches(text, 'pattern')`
    Matches,
}

impl Function {
    /// Every function with its name.
    pub const NAMES: [(&'static str, Function); 4] = [
        ("length", Function::Length),
        ("starts_with", Function::StartsWith),
        ("ends_with", Function::EndsWith),
        ("matches", Function::Matches),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Function::NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }
}

/// A question about the rows that hang on an encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `any(…)`: one of them satisfies the condition.
    Any,
    /// `all(…)`: each of them satisfies it; true where there is none.
    All,
    /// `count(…)`: how many satisfy it.
    Count,
}

impl Quantifier {
    /// Every quantifier with its keyword.
    pub const WORDS: [(&'static str, Quantifier); 3] =
        [("any", Quantifier::Any), ("all", Quantifier::All), ("count", Quantifier::Count)];

    /// Its keyword.
    pub fn word(self) -> &'static str {
        Quantifier::WORDS.iter().find(|(_, quantifier)| *quantifier == self).map_or("", |(word, _)| word)
    }
}

/// What hangs on an encounter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Children {
    /// Diagnoses.
    Diagnosis,
    /// Procedures.
    Procedure,
    /// Documents.
    Document,
}

impl Children {
    /// Every kind with its word.
    pub const WORDS: [(&'static str, Children); 3] =
        [("diagnosis", Children::Diagnosis), ("procedure", Children::Procedure), ("document", Children::Document)];

    /// Its word.
    pub fn word(self) -> &'static str {
        Children::WORDS.iter().find(|(_, children)| *children == self).map_or("", |(word, _)| word)
    }
}

/// What a part of an expression says.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A field, in lower case.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// A number as written, with its minus sign where it has one.
    Number(String),
    /// `DATE '2026-10-01'`
    Date(String),
    /// `TRUE` or `FALSE`
    Truth(bool),
    /// `left + right`, `left - right`
    Sum {
        /// Whether the right side is taken away.
        minus: bool,
        /// Left side.
        left: Box<Tree>,
        /// Right side.
        right: Box<Tree>,
    },
    /// A function of a text.
    Call {
        /// The function.
        function: Function,
        /// What it is given.
        arguments: Vec<Tree>,
    },
    /// A question about the rows that hang on an encounter.
    Of {
        /// The question.
        quantifier: Quantifier,
        /// The rows.
        children: Children,
        /// What is asked of each; none: all of them count.
        condition: Option<Box<Tree>>,
    },
    /// A comparison.
    Compare {
        /// How.
        comparison: Comparison,
        /// Left side.
        left: Box<Tree>,
        /// Right side.
        right: Box<Tree>,
    },
    /// `value [NOT] IN (…)`
    In {
        /// Whether `NOT` stands before it.
        negated: bool,
        /// The value.
        value: Box<Tree>,
        /// The constants.
        list: Vec<Tree>,
    },
    /// `value [NOT] BETWEEN low AND high`, both included
    Between {
        /// Whether `NOT` stands before it.
        negated: bool,
        /// The value.
        value: Box<Tree>,
        /// Lowest.
        low: Box<Tree>,
        /// Highest.
        high: Box<Tree>,
    },
    /// `value IS [NOT] NULL`, `IS [NOT] UNREADABLE`, `IS [NOT] UNKNOWN`
    Is {
        /// Whether `NOT` stands in it.
        negated: bool,
        /// Field or condition.
        value: Box<Tree>,
        /// What is asked.
        state: AskedState,
    },
    /// `NOT condition`
    Not(Box<Tree>),
    /// Conditions joined by `AND`; two at least.
    And(Vec<Tree>),
    /// Conditions joined by `OR`; two at least.
    Or(Vec<Tree>),
}

impl fmt::Display for Tree {
    /// The expression with every inner part in parentheses.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match &self.kind {
            Node::Name(name) => out.write_str(name),
            Node::Text(text) => write!(out, "'{}'", text.replace('\'', "''")),
            Node::Number(digits) => out.write_str(digits),
            Node::Date(text) => write!(out, "DATE '{}'", text.replace('\'', "''")),
            Node::Truth(truth) => out.write_str(if *truth { "TRUE" } else { "FALSE" }),
            Node::Sum { minus, left, right } => {
                write!(out, "{} {} {}", Inner(left), if *minus { "-" } else { "+" }, Inner(right))
            }
            Node::Call { function, arguments } => {
                write!(out, "{}(", function.name())?;
                list(out, arguments, ", ", false)?;
                out.write_str(")")
            }
            Node::Of { quantifier, children, condition } => {
                write!(out, "{}({}", quantifier.word(), children.word())?;
                if let Some(condition) = condition {
                    write!(out, " WHERE {condition}")?;
                }
                out.write_str(")")
            }
            Node::Compare { comparison, left, right } => {
                write!(out, "{} {} {}", Inner(left), comparison.sign(), Inner(right))
            }
            Node::In { negated, value, list: items } => {
                write!(out, "{} {}IN (", Inner(value), not(*negated))?;
                list(out, items, ", ", false)?;
                out.write_str(")")
            }
            Node::Between { negated, value, low, high } => {
                write!(out, "{} {}BETWEEN {} AND {}", Inner(value), not(*negated), Inner(low), Inner(high))
            }
            Node::Is { negated, value, state } => {
                write!(out, "{} IS {}{}", Inner(value), not(*negated), state.word())
            }
            Node::Not(condition) => write!(out, "NOT {}", Inner(condition)),
            Node::And(conditions) => list(out, conditions, " AND ", true),
            Node::Or(conditions) => list(out, conditions, " OR ", true),
        }
    }
}

fn list(out: &mut fmt::Formatter<'_>, items: &[Tree], between: &str, inner: bool) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.write_str(between)?;
        }
        if inner { write!(out, "{}", Inner(item))? } else { write!(out, "{item}")? }
    }
    Ok(())
}

/// A part inside another: in parentheses unless it is a single word or a call.
struct Inner<'t>(&'t Tree);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind {
            Node::Name(_)
            | Node::Text(_)
            | Node::Number(_)
            | Node::Date(_)
            | Node::Truth(_)
            | Node::Call { .. }
            | Node::Of { .. } => write!(out, "{}", self.0),
            _ => write!(out, "({})", self.0),
        }
    }
}
