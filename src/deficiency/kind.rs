//! The kinds of chart deficiency. Codes are never reused.

use serde::{Deserialize, Serialize};

/// A kind of deficiency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DeficiencyKind {
    /// The document is not in the chart.
    MissingDocument,
    /// The document is there and nobody signed it.
    Unsigned,
    /// A countersignature is due and not given.
    NotCosigned,
    /// The document was written or signed after it was due; it is there.
    Late,
    /// The document is there and holds no text: a blank form is no document.
    Blank,
    /// The document bears no date of writing, so that nothing can be said of its timeliness.
    Undated,
}

/// What is printed of a kind.
#[derive(Debug, Clone, Copy)]
pub struct KindEntry {
    /// The kind.
    pub kind: DeficiencyKind,
    /// Stable code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Whether the record is incomplete while it lasts.
    pub open: bool,
}

/// Every kind, in the order of reports.
pub const KINDS: [KindEntry; 6] = [
    KindEntry {
        kind: DeficiencyKind::MissingDocument,
        code: "DEF01",
        name: "missing document",
        meaning: "the matrix expects the document and the index has none",
        remedy: "the clinician dictates or writes it",
        open: true,
    },
    KindEntry {
        kind: DeficiencyKind::Unsigned,
        code: "DEF02",
        name: "unsigned",
        meaning: "the document has no signature of its author",
        remedy: "the author reads and signs it",
        open: true,
    },
    KindEntry {
        kind: DeficiencyKind::NotCosigned,
        code: "DEF03",
        name: "not cosigned",
        meaning: "a countersigner is named and has not signed",
        remedy: "the countersigner reads and signs it",
        open: true,
    },
    KindEntry {
        kind: DeficiencyKind::Blank,
        code: "DEF05",
        name: "blank document",
        meaning: "the document has no text",
        remedy: "the author completes the form or removes it",
        open: true,
    },
    KindEntry {
        kind: DeficiencyKind::Late,
        code: "DEF04",
        name: "late",
        meaning: "the document came after it was due; the record is complete in it",
        remedy: "none for the chart; counts toward the clinician's timeliness",
        open: false,
    },
    KindEntry {
        kind: DeficiencyKind::Undated,
        code: "DEF06",
        name: "undated",
        meaning: "the document bears no date of writing or signature",
        remedy: "the author dates and times it",
        open: true,
    },
];

impl DeficiencyKind {
    /// What is printed of the kind.
    pub fn entry(self) -> &'static KindEntry {
        KINDS.iter().find(|entry| entry.kind == self).expect("every kind is listed: a test counts them")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_once() {
        for kind in [
            DeficiencyKind::MissingDocument,
            DeficiencyKind::Unsigned,
            DeficiencyKind::NotCosigned,
            DeficiencyKind::Late,
            DeficiencyKind::Blank,
            DeficiencyKind::Undated,
        ] {
            assert_eq!(KINDS.iter().filter(|entry| entry.kind == kind).count(), 1);
        }
    }
}
