//! What a document index can be asked: a document is missing from a chart only where the index would have it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    partition::encounter::Document,
    record::{date::Day, month::Month},
};

/// Which steps of a document the input it stands in has a column for: a step of which nothing is told is not one that was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordedSteps {
    /// Signatures.
    pub signed: bool,
    /// Countersignatures.
    pub cosigned: bool,
    /// When documents were dictated, transcribed or signed.
    pub written: bool,
}

/// The document index of a run.
///
/// An index without one document of any chart that a facility discharged in a month does not hold that month yet (or that facility): nothing is missing there
/// by it. An index of which a part could not be read says of no document that it is missing.
#[derive(Debug, Clone, Default)]
pub struct DocumentIndex {
    /// Why no document is called missing, whatever the chart; `None` where it is asked month by month.
    pub unusable: Option<String>,
    /// By month of discharge: the facilities with a document of a chart of that month.
    pub facilities: BTreeMap<Month, BTreeSet<String>>,
    /// By input: what it tells of a document.
    pub told: Vec<RecordedSteps>,
}

impl DocumentIndex {
    /// Whether a chart discharged by a facility in a month would have its documents here.
    pub fn holds(&self, facility: &str, month: Month) -> bool {
        self.unusable.is_none() && self.facilities.get(&month).is_some_and(|facilities| facilities.contains(facility))
    }

    /// What the index tells of a document.
    pub fn told(&self, document: &Document<'_>) -> RecordedSteps {
        self.told.get(usize::from(document.origin.input)).copied().unwrap_or_default()
    }
}

/// The document index of an earlier night, where none came tonight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastIndex {
    /// The night on which it came.
    pub day: Day,
    /// By input: whether it was there by then. Of a record that came later no document can be called missing.
    pub was_there: Vec<bool>,
}
