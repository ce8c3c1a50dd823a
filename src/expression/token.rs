//! Cuts the text of an expression into words, texts in quotes, numbers and signs.

use std::ops::Range;

use super::fault::ExpressionFault;

/// The most bytes of one expression.
const LONGEST: usize = 8_000;

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A name or a keyword, as written.
    Word(String),
    /// A text in single quotes, its doubled quotes made single.
    Text(String),
    /// Digits, with a point and more digits where there are cents.
    Number(String),
    /// A sign: `( ) , = <> < <= > >= + -`.
    Sign(&'static str),
    /// The end of the text.
    End,
}

/// A token with the bytes it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedToken {
    /// The token.
    pub token: Token,
    /// Where it stands.
    pub span: Range<usize>,
}

/// The longer signs first: `<=` is not `<` and `=`.
const SIGNS: [&str; 12] = ["<>", "!=", "<=", ">=", "(", ")", ",", "=", "<", ">", "+", "-"];

/// Cuts an expression; the last token is [`Token::End`].
///
/// # Errors
/// A character that begins no token, a quote that is not closed, a number with a stray point, a text that is too long.
pub fn tokens(text: &str) -> Result<Vec<PlacedToken>, ExpressionFault> {
    if text.len() > LONGEST {
        let message = format!("the expression is longer than {LONGEST} bytes");
        return Err(
            ExpressionFault::new("bad-expression", 0..text.len(), message).suggesting("make several rules of it")
        );
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        } else if letter.is_ascii_alphabetic() || letter == '_' {
            let length = rest.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(rest.len());
            (Token::Word(rest[..length].to_owned()), length)
        } else if letter.is_ascii_digit() {
            number(rest, at)?
        } else if letter == '\'' {
            quoted(rest, at)?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(if *sign == "!=" { "<>" } else { sign }), sign.len())
        } else {
            let span = at..at + letter.len_utf8();
            let fault = ExpressionFault::new(
                "bad-expression",
                span,
                format!("`{letter}` begins nothing that is understood here"),
            );
            return Err(if letter == '"' { fault.suggesting("put texts in single quotes") } else { fault });
        };
        found.push(PlacedToken { token, span: at..at + length });
        at += length;
    }
    found.push(PlacedToken { token: Token::End, span: text.len()..text.len() });
    Ok(found)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let length =
        rest.find(|next: char| !next.is_ascii_alphanumeric() && next != '.' && next != '_').unwrap_or(rest.len());
    let written = &rest[..length];
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let sound = match written.split_once('.') {
        Some((whole, cents)) => digits(whole) && digits(cents),
        None => digits(written),
    };
    if !sound {
        let fault = ExpressionFault::new("bad-expression", at..at + length, format!("`{written}` is not a number"));
        return Err(fault.suggesting("write digits, and a point before cents; texts and codes stand in single quotes"));
    }
    Ok((Token::Number(written.to_owned()), length))
}

fn quoted(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, letter)) = letters.next() {
        if letter != '\'' {
            text.push(letter);
        } else if letters.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Ok((Token::Text(text), place + 1));
        }
    }
    Err(ExpressionFault::new("bad-expression", at..at + rest.len(), "the text in quotes has no end")
        .suggesting("close it with a single quote; a quote inside is written twice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_texts_numbers_and_signs_are_cut_with_their_places() {
        let found = tokens("age<=12.50 AND x <> 'O''Neil'").expect("tokens");
        let tokens: Vec<Token> = found.iter().map(|placed| placed.token.clone()).collect();
        let word = |text: &str| Token::Word(text.to_owned());
        assert_eq!(
            tokens,
            [
                word("age"),
                Token::Sign("<="),
                Token::Number("12.50".into()),
                word("AND"),
                word("x"),
                Token::Sign("<>"),
                Token::Text("O'Neil".into()),
                Token::End
            ]
        );
        assert_eq!(found[6].span, 20..29);
    }

    #[test]
    fn what_cannot_be_cut_is_a_fault_at_its_place() {
        for (text, span) in [("age > 5x", 6..8), ("a = 'x", 4..6), ("a = \"x\"", 4..5), ("a ; b", 2..3), ("1.", 0..2)] {
            assert_eq!(tokens(text).expect_err(text).span, span, "{text}");
        }
        assert!(tokens(&"a ".repeat(LONGEST)).is_err());
    }
}
