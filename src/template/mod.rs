//! The template room: texts and pages that a site may word itself, filled with plain data. Letters of the deficiency desk come from here; later desks use the same.
//!
//! A template is Jinja (minijinja): `{{ name }}`, `{% for line in lines %} … {% endfor %}`, `{% if … %}`. A name that the data does not have is a fault and not a blank:
//! a letter with a hole in it would be sent. In pages (`.html`) what comes from the data is escaped.

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

/// Steps that one filling may take: a template that loops without an end is told, and not waited for.
const MOST_STEPS: u64 = 50_000_000;

/// How what comes from the data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateMarkup {
    /// As it stands.
    Text,
    /// Escaped, as a page needs it.
    Html,
}

/// A template that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name, for people.
    pub name: String,
    /// Its text.
    pub text: String,
    /// What it makes.
    pub markup: TemplateMarkup,
}

/// Why a template cannot be filled: words that hold nothing of the data.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the template {name}{}: {what}", line.map_or(String::new(), |line| format!(", line {line}")))]
pub struct TemplateFault {
    /// The template.
    pub name: String,
    /// Line in it, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: &'static str,
}

impl Template {
    /// Fills the template.
    ///
    /// # Errors
    /// It is no template, asks for a name that the data does not have, or does not end.
    pub fn fill(&self, data: &impl Serialize) -> Result<String, TemplateFault> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
        let syntax = syntax.build().map_err(|error| self.fault(&error))?;
        environment.set_syntax(syntax);
        environment.set_fuel(Some(MOST_STEPS));
        let markup = self.markup;
        environment.set_auto_escape_callback(move |_| match markup {
            TemplateMarkup::Text => AutoEscape::None,
            TemplateMarkup::Html => AutoEscape::Html,
        });
        environment.render_str(&self.text, Value::from(Serde(data))).map_err(|error| self.fault(&error))
    }

    /// The fault of an error: its own text may quote the data, and is not passed on.
    fn fault(&self, error: &minijinja::Error) -> TemplateFault {
        let what = match error.kind() {
            ErrorKind::SyntaxError => "it is no template: a bracket, an `{% end... %}` or a word is missing",
            ErrorKind::UndefinedError => "it asks for a name that is not there",
            ErrorKind::UnknownFilter => "it uses a filter that is not there",
            ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => "it calls a function that is not there",
            ErrorKind::OutOfFuel => "it does not end",
            _ => "it cannot be filled",
        };
        TemplateFault { name: self.name.clone(), line: error.line(), what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Data {
        name: &'static str,
        lines: Vec<u32>,
    }

    fn fill(text: &str, markup: TemplateMarkup) -> Result<String, TemplateFault> {
        let template = Template { name: "letter".to_owned(), text: text.to_owned(), markup };
        template.fill(&Data { name: "O'Neil <MD>", lines: vec![1, 2] })
    }

    #[test]
    fn a_template_is_filled_and_a_page_escapes_what_comes_from_the_data() {
        let text = "Dr {{ name }}\n{% for line in lines %}\n{{ line }}.\n{% endfor %}\n";
        assert_eq!(fill(text, TemplateMarkup::Text), Ok("Dr O'Neil <MD>\n1.\n2.\n".to_owned()));
        let page = fill("<p>{{ name }}</p>", TemplateMarkup::Html).expect("filled");
        assert!(page.contains("&lt;MD&gt;") && page.starts_with("<p>"), "{page}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_the_data() {
        let fault = fill("one\n{{ surname }}", TemplateMarkup::Text).expect_err("a hole");
        assert_eq!(fault.to_string(), "the template letter, line 2: it asks for a name that is not there");
        let fault = fill("{% for line in lines %}", TemplateMarkup::Text).expect_err("no end");
        assert!(fault.to_string().contains("it is no template"), "{fault}");
        let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}";
        assert_eq!(fill(endless, TemplateMarkup::Text).expect_err("long").what, "it does not end");
    }
}
