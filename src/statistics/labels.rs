//! Words for the codes of a site: services, payers, facilities, nursing units, as the pipeline file gives them.

use std::collections::BTreeMap;

use super::tally::Dimension;
use crate::{
    book::csv::CsvLines,
    book::value::CellValue,
    problem::{
        named_files::NamedFiles,
        reader::{At, Section},
    },
};

/// What has labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Labelled {
    /// Hospital services.
    Service,
    /// Payers.
    Payer,
    /// Facilities.
    Facility,
    /// Nursing units.
    Unit,
}

/// The keys of the section.
const KEYS: [(&str, Labelled); 4] = [
    ("service", Labelled::Service),
    ("payer", Labelled::Payer),
    ("facility", Labelled::Facility),
    ("unit", Labelled::Unit),
];

impl Labelled {
    /// What a dimension's values are, where they may have labels.
    pub fn of(dimension: Dimension) -> Option<Labelled> {
        match dimension {
            Dimension::Service => Some(Labelled::Service),
            Dimension::Payer => Some(Labelled::Payer),
            Dimension::Facility => Some(Labelled::Facility),
            _ => None,
        }
    }
}

/// Words by what they are of, and code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<Labelled, BTreeMap<String, String>>);

impl Labels {
    /// The words of a code; blank where it has none.
    pub fn words(&self, of: Labelled, code: &str) -> &str {
        self.0.get(&of).and_then(|labels| labels.get(code)).map_or("", String::as_str)
    }

    /// A facility with its words, as the first cell of a row.
    pub fn facility(&self, name: &str) -> CellValue {
        match (name, self.words(Labelled::Facility, name)) {
            ("", _) => CellValue::code("not stated"),
            (name, "") => CellValue::code(name),
            (name, words) => CellValue::code(format!("{name} {words}")),
        }
    }

    /// These, and those of others for codes that these have no words for.
    #[must_use]
    pub fn before(mut self, others: Labels) -> Labels {
        for (of, words) in others.0 {
            let own = self.0.entry(of).or_default();
            for (code, words) in words {
                own.entry(code).or_insert(words);
            }
        }
        self
    }

    /// Whether any code has words.
    pub fn has(&self, of: Labelled) -> bool {
        self.0.get(&of).is_some_and(|labels| !labels.is_empty())
    }
}

/// Reads a file of labels.
pub fn read_file(section: &mut Section<'_>, named: &mut NamedFiles<'_>, file: &At<String>) -> Labels {
    let mut labels = Labels::default();
    let path = named.folder.join(&file.value);
    let Some(text) = named.text(section, file, &path, "file of labels") else { return labels };
    let lines = CsvLines::read(&text);
    let mut fault = |message: String| {
        let to_do = "the columns are of, code, words; `of` is service, payer, facility or unit".to_owned();
        section.problem("bad-labels", file.span.clone(), message, Some(to_do));
    };
    let [of, code, words] = match lines.places(["of", "code", "words"]) {
        Ok(places) => places,
        Err(missing) => {
            fault(format!("the file of labels has no column {}", missing.join(", ")));
            return labels;
        }
    };
    for line in &lines.lines {
        let line = match line {
            Ok(line) => line,
            Err(unread) => {
                fault(format!("line {} of the labels: {}", unread.line, unread.message));
                continue;
            }
        };
        let kind = KEYS.iter().find(|(name, _)| line.value(of).trim().eq_ignore_ascii_case(name));
        match kind {
            Some((_, kind)) => {
                let own = labels.0.entry(*kind).or_default();
                if own.insert(line.value(code).trim().to_owned(), line.value(words).trim().to_owned()).is_some() {
                    fault(format!("line {} of the labels: an earlier line has words for this code", line.number));
                }
            }
            None => fault(format!("line {} of the labels: it does not say what the code is of", line.number)),
        }
    }
    labels
}

/// Reads the section `[statistics.labels]`: a table for each of services, payers, facilities and units, with the words of each code.
pub fn read(section: &mut Section<'_>) -> Labels {
    let mut labels = Labels::default();
    for (key, of) in KEYS {
        let own = section.section(key, |table| {
            let entries = table.entries();
            let words = |entry| table.entry_texts(entry).into_iter().next().map(|text| text.value);
            let labels = entries.iter().map(words).collect::<Vec<_>>().into_iter().zip(&entries);
            labels.filter_map(|(words, entry)| Some((entry.key.value.clone(), words?))).collect::<BTreeMap<_, _>>()
        });
        labels.0.extend(own.map(|own| (of, own)));
    }
    labels
}
