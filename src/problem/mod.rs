//! A coded fault in a configuration file: where it stands, what is wrong, what to do.
//!
//! Checks collect problems and go on, so that one look shows all of them.

pub mod named_files;
pub mod one_or_many;
mod quoting;
pub mod reader;
mod synonyms;
mod written_text;

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::record::{
    listed,
    shown::{shown, shown_lines},
};

/// Code of a file that is there and that the system would not let be read: no fault of what is written in it.
pub const FAILING_FILE: &str = "cannot-read-file";

/// One fault of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code, for example `unknown-key`.
    pub code: &'static str,
    /// The file as the user named it.
    pub path: String,
    /// Bytes of the file that are at fault; `None` where the whole file is.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub suggestion: Option<String>,
}

/// Problems of a set of configuration files, with the texts to show them in.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    found: Vec<Problem>,
    texts: Vec<(String, String)>,
}

impl Problems {
    /// Remembers the text of a file, so that its problems can be shown in it.
    pub fn source(&mut self, path: &str, text: &str) {
        if !self.texts.iter().any(|(known, _)| known == path) {
            self.texts.push((path.to_owned(), text.to_owned()));
        }
    }

    /// Adds a problem; numbers of persons in what it quotes are covered.
    pub fn push(&mut self, problem: Problem) {
        // What is near a word of ours is none of a patient's, and neither is the word that is meant.
        let is_meant = problem.suggestion.as_deref().is_some_and(|words| words.starts_with("did you mean"));
        let of = if is_meant { "" } else { problem.code };
        self.found.push(Problem {
            message: quoting::cover_words(of, problem.message),
            suggestion: problem.suggestion.map(|words| quoting::cover_words(of, words)),
            ..problem
        });
    }

    /// Adds that a file is another than was meant (`what`: a pipeline file, a layout); nothing of it is quoted.
    pub fn add_other_file(&mut self, path: &str, what: &str, text: &str) {
        let words = match what {
            "pipeline file" => "name the pipeline file: it names the exports, under `files` of [[ingest]]".to_owned(),
            _ => format!("name the {what} here; an export belongs under `files` of [[ingest]]"),
        };
        let message = format!("this is no {what} but looks like {}", quoting::looks_like(text));
        self.add("other-file", path, None, message, Some(words));
    }

    /// Adds a problem from its parts.
    pub fn add(
        &mut self,
        code: &'static str,
        path: &str,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        suggestion: Option<String>,
    ) {
        self.push(Problem { code, path: path.to_owned(), span, message: message.into(), suggestion });
    }

    /// Takes over the problems of another check.
    pub fn extend(&mut self, other: Problems) {
        self.found.extend(other.found);
        for (path, text) in other.texts {
            self.source(&path, &text);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether the system would not let a file be read.
    pub fn is_of_the_system(&self) -> bool {
        self.found.iter().any(|problem| problem.code == FAILING_FILE)
    }

    /// Number of problems.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The problems, in the order of files and of positions in them.
    pub fn sorted(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.found.iter().collect();
        let place = |path: &str| self.texts.iter().position(|(known, _)| known == path).unwrap_or(usize::MAX);
        sorted.sort_by_key(|problem| {
            (place(&problem.path), problem.path.clone(), problem.span.as_ref().map_or(0, |span| span.start))
        });
        sorted.dedup();
        sorted
    }

    /// Line and column of a problem, from 1; `None` where it is of a whole file.
    pub fn place(&self, problem: &Problem) -> Option<(usize, usize)> {
        let (_, source) = self.texts.iter().find(|(path, _)| *path == problem.path)?;
        let before = &source[..within(problem.span.as_ref()?, source).start];
        let line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        Some((before.matches('\n').count() + 1, line.chars().count() + 1))
    }

    /// The problems as a person reads them: path:line:column, the line, a caret, what to do; what cannot be seen in the files and in the words about them as escapes.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        let sorted = self.sorted();
        let mut text = String::new();
        let (first, others) = listed::first(&sorted);
        for problem in first {
            let title = Level::ERROR.primary_title(shown(&problem.message)).id(problem.code);
            let source = self.texts.iter().find(|(path, _)| *path == problem.path).map(|(_, text)| text.as_str());
            let quoted = match (&problem.span, source) {
                (Some(span), Some(source)) => quoting::quoted(problem, source, within(span, source)),
                _ => None,
            };
            let group = match quoted {
                Some((source, span)) => {
                    // Escapes are longer than what they stand for: the span moves with the text before it.
                    let [start, end] = [span.start, span.end].map(|at| of_file(&source[..at]).len());
                    let snippet = Snippet::source(of_file(&source))
                        .path(shown(&problem.path))
                        .annotation(AnnotationKind::Primary.span(start..end));
                    title.element(snippet)
                }
                None => {
                    let place = self.place(problem).map(|(line, column)| format!(":{line}:{column}"));
                    title.element(Level::NOTE.message(format!(
                        "in {}{}",
                        shown(&problem.path),
                        place.unwrap_or_default()
                    )))
                }
            };
            let group = match &problem.suggestion {
                Some(suggestion) => group.element(Level::HELP.message(shown(suggestion))),
                None => group,
            };
            text.push_str(&renderer.render(&[group]));
            text.push_str("\n\n");
        }
        let count = sorted.len();
        if let Some(more) = listed::more(others) {
            text.push_str(&format!("{more}\n"));
        }
        text.push_str(&format!("{count} problem{} found; nothing was run\n", if count == 1 { "" } else { "s" }));
        text
    }
}

/// The text of a file as it is shown; a line may end with a carriage return and a line feed.
fn of_file(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| match line.strip_suffix("\r\n") {
        Some(line) => shown_lines(line).into_owned() + "\r\n",
        None => shown_lines(line).into_owned(),
    });
    lines.collect()
}

/// A span on character boundaries of its text. It never parts a carriage return from its line feed: what stands before would be longer shown alone than it is in the file.
fn within(span: &Range<usize>, text: &str) -> Range<usize> {
    let clamp = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        if text[..at].ends_with('\r') && text[at..].starts_with('\n') { at - 1 } else { at }
    };
    let start = clamp(span.start);
    start..clamp(span.end).max(start)
}

/// The candidate that a name was probably meant to be, whatever its case, dashes, underscores and blanks: what a word of the field stands for (`los`), else the
/// name that is written most alike.
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let bare = |text: &str| text.to_lowercase().replace(['-', '_', ' ', '.'], "");
    let wanted = bare(name);
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(meant) = synonyms::meant(&wanted, candidates.iter().copied()) {
        return Some(meant);
    }
    candidates
        .into_iter()
        .map(|candidate| {
            let candidate_bare = bare(candidate);
            // `icd9` of `icd9cm`: a word cut short is likelier meant than one that only sounds alike.
            let begins = wanted.len() >= 3 && candidate_bare.starts_with(&wanted);
            let likeness = strsim::jaro_winkler(&wanted, &candidate_bare);
            (if begins { likeness.max(0.97) } else { likeness }, candidate)
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_at_a_line_end_of_two_letters_is_shown() {
        for text in ["\r\n", "\r\ntitle = 1\r\n", "a\r\n\r\n"] {
            let mut problems = Problems::default();
            problems.source("layout.toml", text);
            for start in 0..text.len() {
                problems.add("missing-key", "layout.toml", Some(start..start + 1), "needs the key", None);
            }
            assert!(problems.render(false).contains("missing-key"), "{text:?}");
        }
    }

    #[test]
    fn a_problem_is_shown_where_it_stands() {
        let mut problems = Problems::default();
        problems.source("nightly.toml", "title = \"x\"\ntilte = 1\n");
        problems.add(
            "unknown-key",
            "nightly.toml",
            Some(12..17),
            "there is no key `tilte` here",
            Some("did you mean `title`?".to_owned()),
        );
        let text = problems.render(false);
        for words in
            ["error[unknown-key]: there is no key `tilte` here", "nightly.toml:2:1", "^^^^^", "did you mean `title`?"]
        {
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn nothing_in_a_file_or_its_name_is_obeyed_by_a_terminal_and_the_caret_stays_in_its_place() {
        let mut problems = Problems::default();
        let text = "title = \"\u{1b}[2J\u{9b}31m\u{202e}\"\r\ntilte = 1\r\n";
        let at = text.find("tilte").expect("there");
        problems.source("n\u{1b}.toml", text);
        problems.add("unknown-key", "n\u{1b}.toml", Some(at..at + 5), "no \u{9b}", Some("\u{202e}".to_owned()));
        problems.add("wrong", "n\u{1b}.toml", Some(9..at - 3), "wrong", None);
        let text = problems.render(false);
        assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
        assert!(text.contains("2 | tilte = 1\n  | ^^^^^") && text.contains("\\u{1b}[2J\\u{9b}31m\\u{202e}"), "{text}");
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(closest("admision_date", ["admission_date", "age"]), Some("admission_date"));
        assert_eq!(closest("zzz", ["admission_date", "age"]), None);
        assert_eq!(closest("icd9", ["icd10cm", "icd9cm", "icd10pcs"]), Some("icd9cm"));
        assert_eq!(closest("ICD-10-PCS", ["icd10cm", "icd9cm", "icd10pcs"]), Some("icd10pcs"));
    }
}
