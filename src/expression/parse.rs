//! Tokens to a tree. From loosest to tightest: OR, AND, NOT, comparison (IN, BETWEEN, IS), sum.

use super::{
    fault::ExpressionFault,
    token::{PlacedToken, Token, tokens},
    tree::{AskedState, Children, Comparison, Function, Node, Quantifier, Tree},
};

/// How deep parts may stand in one another; more is no rule that a person can read.
const DEEPEST: usize = 40;

/// Words that are no field names. `date` is one only before a text in quotes.
const KEYWORDS: [&str; 9] = ["and", "or", "not", "in", "between", "is", "null", "where", "true"];

/// Parses an expression.
///
/// # Errors
/// The first place at which the text is no expression.
pub fn parse(text: &str) -> Result<Tree, ExpressionFault> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    if parser.token() == &Token::End {
        return Err(ExpressionFault::new("bad-expression", 0..text.len(), "the expression says nothing"));
    }
    let tree = parser.either()?;
    match parser.token() {
        Token::End => Ok(tree),
        _ => Err(parser.wrong("AND, OR or the end of the expression")),
    }
}

struct Parser {
    tokens: Vec<PlacedToken>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn token(&self) -> &Token {
        &self.tokens[self.at].token
    }

    fn following(&self) -> &Token {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)].token
    }

    fn start(&self) -> usize {
        self.tokens[self.at].span.start
    }

    fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// A tree that began at `start` and ends with the last token taken.
    fn tree(&self, start: usize, kind: Node) -> Tree {
        Tree { kind, span: start..self.tokens[self.at.saturating_sub(1)].span.end }
    }

    fn is_word(&self, keyword: &str) -> bool {
        matches!(self.token(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found = self.is_word(keyword);
        if found {
            self.advance();
        }
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.token(), Token::Sign(here) if *here == sign);
        if found {
            self.advance();
        }
        found
    }

    fn need_sign(&mut self, sign: &str) -> Result<(), ExpressionFault> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.wrong(&format!("`{sign}`"))) }
    }

    /// The fault that something else was expected at this token.
    fn wrong(&self, wanted: &str) -> ExpressionFault {
        let found = match self.token() {
            Token::Word(word) => format!("`{word}`"),
            Token::Text(_) => "a text in quotes".to_owned(),
            Token::Number(digits) => format!("`{digits}`"),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end of the expression".to_owned(),
        };
        ExpressionFault::new(
            "bad-expression",
            self.tokens[self.at].span.clone(),
            format!("{found} stands where {wanted} should"),
        )
    }

    fn deeper(&mut self) -> Result<(), ExpressionFault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("the expression is nested more than {DEEPEST} deep");
            return Err(ExpressionFault::new("bad-expression", self.tokens[self.at].span.clone(), message)
                .suggesting("make several rules of it"));
        }
        Ok(())
    }

    fn either(&mut self) -> Result<Tree, ExpressionFault> {
        self.deeper()?;
        let start = self.start();
        let mut conditions = vec![self.both()?];
        while self.take_word("or") {
            conditions.push(self.both()?);
        }
        self.depth -= 1;
        Ok(self.joined(start, conditions, Node::Or))
    }

    fn both(&mut self) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        let mut conditions = vec![self.negation()?];
        while self.take_word("and") {
            conditions.push(self.negation()?);
        }
        Ok(self.joined(start, conditions, Node::And))
    }

    fn joined(&self, start: usize, mut conditions: Vec<Tree>, join: fn(Vec<Tree>) -> Node) -> Tree {
        match conditions.len() {
            1 => conditions.remove(0),
            _ => self.tree(start, join(conditions)),
        }
    }

    fn negation(&mut self) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        if !self.take_word("not") {
            return self.predicate();
        }
        self.deeper()?;
        let condition = Box::new(self.negation()?);
        self.depth -= 1;
        Ok(self.tree(start, Node::Not(condition)))
    }

    fn predicate(&mut self) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        let mut left = self.sum()?;
        let depth = self.depth;
        loop {
            let value = || Box::new(left.clone());
            let kind = if let Some(comparison) = self.comparison() {
                Node::Compare { comparison, left: value(), right: Box::new(self.sum()?) }
            } else if self.take_word("is") {
                let negated = self.take_word("not");
                let state = AskedState::WORDS.iter().find(|(word, _)| self.is_word(word)).map(|(_, state)| *state);
                let state = state.ok_or_else(|| self.wrong("NULL, UNREADABLE or UNKNOWN"))?;
                self.advance();
                Node::Is { negated, value: value(), state }
            } else if self.is_word("in") || self.is_word("between") || self.is_word("not") {
                let negated = self.take_word("not");
                if self.take_word("in") {
                    Node::In { negated, value: value(), list: self.list()? }
                } else if self.take_word("between") {
                    let low = Box::new(self.sum()?);
                    if !self.take_word("and") {
                        return Err(self.wrong("AND and the upper bound of BETWEEN"));
                    }
                    Node::Between { negated, value: value(), low, high: Box::new(self.sum()?) }
                } else {
                    return Err(self.wrong("IN or BETWEEN"));
                }
            } else {
                break;
            };
            self.deeper()?;
            left = self.tree(start, kind);
        }
        self.depth = depth;
        Ok(left)
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let Token::Sign(sign) = self.token() else { return None };
        let found = Comparison::SIGNS.iter().find(|(known, _)| known == sign).map(|(_, comparison)| *comparison)?;
        self.advance();
        Some(found)
    }

    fn list(&mut self) -> Result<Vec<Tree>, ExpressionFault> {
        self.need_sign("(")?;
        let mut items = vec![self.sum()?];
        while self.take_sign(",") {
            items.push(self.sum()?);
        }
        if !self.take_sign(")") {
            return Err(self.wrong("`,` or `)`"));
        }
        Ok(items)
    }

    fn sum(&mut self) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        let mut left = self.atom()?;
        let depth = self.depth;
        while let Token::Sign(sign @ ("+" | "-")) = self.token() {
            let minus = *sign == "-";
            self.deeper()?;
            self.advance();
            let right = Box::new(self.atom()?);
            left = self.tree(start, Node::Sum { minus, left: Box::new(left), right });
        }
        self.depth = depth;
        Ok(left)
    }

    fn atom(&mut self) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        match self.token().clone() {
            Token::Text(text) => {
                self.advance();
                Ok(self.tree(start, Node::Text(text)))
            }
            Token::Number(digits) => {
                self.advance();
                Ok(self.tree(start, Node::Number(digits)))
            }
            Token::Sign("-") => {
                self.advance();
                let Token::Number(digits) = self.token().clone() else { return Err(self.wrong("a number")) };
                self.advance();
                Ok(self.tree(start, Node::Number(format!("-{digits}"))))
            }
            Token::Sign("(") => {
                self.advance();
                let inner = self.either()?;
                self.need_sign(")")?;
                Ok(Tree { span: start..self.tokens[self.at - 1].span.end, ..inner })
            }
            Token::Word(word) => self.word(&word),
            Token::Sign(_) | Token::End => Err(self.wrong("a field, a constant or `(`")),
        }
    }

    fn word(&mut self, word: &str) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        let lower = word.to_ascii_lowercase();
        if lower == "date"
            && let Token::Text(text) = self.following().clone()
        {
            self.advance();
            self.advance();
            return Ok(self.tree(start, Node::Date(text)));
        }
        if matches!(lower.as_str(), "true" | "false") {
            self.advance();
            return Ok(self.tree(start, Node::Truth(lower == "true")));
        }
        if self.following() == &Token::Sign("(") && !KEYWORDS.contains(&lower.as_str()) {
            return self.call(&lower);
        }
        if lower == "null" {
            return Err(ExpressionFault::new(
                "never-true",
                self.tokens[self.at].span.clone(),
                "nothing is equal to NULL",
            )
            .suggesting("write `field IS NULL` or `field IS NOT NULL`"));
        }
        if KEYWORDS.contains(&lower.as_str()) {
            return Err(self.wrong("a field, a constant or `(`"));
        }
        self.advance();
        Ok(self.tree(start, Node::Name(lower)))
    }

    fn call(&mut self, name: &str) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        if let Some((_, quantifier)) = Quantifier::WORDS.iter().find(|(word, _)| *word == name) {
            return self.of(*quantifier);
        }
        let Some((_, function)) = Function::NAMES.iter().find(|(known, _)| *known == name) else {
            let names = Function::NAMES.map(|(name, _)| name).into_iter();
            let names: Vec<&str> = names.chain(Quantifier::WORDS.map(|(word, _)| word)).collect();
            let suggestion = crate::problem::closest(name, names.iter().copied()).map_or_else(
                || format!("the functions are: {}", names.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(ExpressionFault::new(
                "bad-expression",
                self.tokens[self.at].span.clone(),
                format!("there is no function `{name}`"),
            )
            .suggesting(suggestion));
        };
        self.advance();
        self.deeper()?;
        let arguments = self.list()?;
        self.depth -= 1;
        Ok(self.tree(start, Node::Call { function: *function, arguments }))
    }

    fn of(&mut self, quantifier: Quantifier) -> Result<Tree, ExpressionFault> {
        let start = self.start();
        self.advance();
        self.need_sign("(")?;
        let children = Children::WORDS.iter().find(|(word, _)| self.is_word(word)).map(|(_, children)| *children);
        let Some(children) = children else { return Err(self.wrong("diagnosis, procedure or document")) };
        self.advance();
        let condition = match self.take_word("where") || self.take_sign(",") {
            true => Some(Box::new(self.either()?)),
            false => None,
        };
        if !self.take_sign(")") {
            return Err(self.wrong(if condition.is_some() { "`)`" } else { "WHERE or `)`" }));
        }
        Ok(self.tree(start, Node::Of { quantifier, children, condition }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}")).to_string()
    }

    #[test]
    fn or_binds_loosest_then_and_then_not_then_comparisons_then_sums() {
        for (written, meant) in [
            ("a = 1 or b = 2 and not c = 3 - 4", "(a = 1) OR ((b = 2) AND (NOT (c = (3 - 4))))"),
            ("a BETWEEN 1 AND 2 AND b in ('x','y')", "(a BETWEEN 1 AND 2) AND (b IN ('x', 'y'))"),
            ("a not between 1 and 2", "a NOT BETWEEN 1 AND 2"),
            ("NOT NOT a IS NOT NULL", "NOT (NOT (a IS NOT NULL))"),
            ("a - b - c != -5", "((a - b) - c) <> -5"),
            ("((a)) = date '2026-10-01'", "a = DATE '2026-10-01'"),
            ("Any(Diagnosis, code = 'I10')", "any(diagnosis WHERE code = 'I10')"),
            ("count(procedure) >= 2", "count(procedure) >= 2"),
            ("date > '2026-10-01'", "date > '2026-10-01'"),
            ("(a = 1) is unknown", "(a = 1) IS UNKNOWN"),
        ] {
            assert_eq!(printed(written), meant);
            assert_eq!(parse(meant), parse(written), "{written}");
        }
    }

    #[test]
    fn a_text_that_is_no_expression_is_a_fault_at_its_token() {
        for (text, span) in [
            ("", 0..0),
            ("age >", 5..5),
            ("age > 5 5", 8..9),
            ("age = NULL", 6..10),
            ("(age > 5", 8..8),
            ("age BETWEEN 1 OR 2", 14..16),
            ("any(encounter)", 4..13),
            ("lenght(sex) = 1", 0..6),
            ("sex IN ()", 8..9),
            ("age IS 5", 7..8),
            ("AND age > 5", 0..3),
        ] {
            assert_eq!(parse(text).map(|tree| tree.to_string()).expect_err(text).span, span, "{text}");
        }
    }

    #[test]
    fn depth_has_a_limit_so_that_no_text_exhausts_the_stack() {
        for text in ["(".repeat(4000), "NOT ".repeat(1900), "1 - ".repeat(1900), "1 = ".repeat(1900)] {
            assert!(parse(&format!("{text}1")).is_err());
        }
        let wide = vec!["age > 1"; 600].join(" AND ");
        assert!(parse(&wide).is_ok());
    }
}
