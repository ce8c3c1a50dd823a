//! Words for the codes of a site: services, payers, facilities, nursing units, as the pipeline file gives them.

use std::collections::BTreeMap;

use super::tally::Dimension;
use crate::{book::value::CellValue, problem::reader::Section};

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

    /// Whether any code has words.
    pub fn has(&self, of: Labelled) -> bool {
        self.0.get(&of).is_some_and(|labels| !labels.is_empty())
    }
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
