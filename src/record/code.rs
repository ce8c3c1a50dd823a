//! Codes as integers: the systems, the verdict on a code, and its id in a frozen table.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::editor_flags::EditorFlags;

/// A code system of diagnoses or procedures whose codes are judged one by one, grouped and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub enum CodeSystem {
    /// ICD-10-CM diagnoses, in force for discharges from 2015-10-01.
    #[serde(rename = "icd10cm")]
    Icd10Cm,
    /// ICD-10-PCS procedures, in force for discharges from 2015-10-01.
    #[serde(rename = "icd10pcs")]
    Icd10Pcs,
    /// ICD-9-CM diagnoses (volumes 1 and 2), in force until 2015-09-30.
    #[serde(rename = "icd9cm")]
    Icd9Cm,
    /// ICD-9-CM procedures (volume 3), in force until 2015-09-30.
    #[serde(rename = "icd9pcs")]
    Icd9Procedure,
    /// ICD-10 of the World Health Organization, as reported outside the United States. Its three-character categories are known; its titles are not shipped.
    #[serde(rename = "icd10")]
    Icd10,
}

impl CodeSystem {
    /// Every system, in the order of reports.
    pub const ALL: [CodeSystem; 5] =
        [CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs, CodeSystem::Icd9Cm, CodeSystem::Icd9Procedure, CodeSystem::Icd10];

    /// The systems whose tables ship with every code.
    pub const SHIPPED: [CodeSystem; 4] =
        [CodeSystem::Icd10Cm, CodeSystem::Icd10Pcs, CodeSystem::Icd9Cm, CodeSystem::Icd9Procedure];

    /// The name in pipeline files, layouts and output columns.
    pub fn name(self) -> &'static str {
        match self {
            CodeSystem::Icd10Cm => "icd10cm",
            CodeSystem::Icd10Pcs => "icd10pcs",
            CodeSystem::Icd9Cm => "icd9cm",
            CodeSystem::Icd9Procedure => "icd9pcs",
            CodeSystem::Icd10 => "icd10",
        }
    }

    /// The name a person reads.
    pub fn title(self) -> &'static str {
        match self {
            CodeSystem::Icd10Cm => "ICD-10-CM",
            CodeSystem::Icd10Pcs => "ICD-10-PCS",
            CodeSystem::Icd9Cm => "ICD-9-CM diagnoses",
            CodeSystem::Icd9Procedure => "ICD-9-CM procedures",
            CodeSystem::Icd10 => "ICD-10 (WHO)",
        }
    }

    /// The system of a [`CodeSystem::name`].
    pub fn from_name(name: &str) -> Option<CodeSystem> {
        CodeSystem::ALL.into_iter().find(|system| system.name() == name)
    }

    /// Whether it is a system of procedures.
    #[inline]
    pub fn is_of_procedures(self) -> bool {
        matches!(self, CodeSystem::Icd10Pcs | CodeSystem::Icd9Procedure)
    }
}

/// Whether a code is zeros alone, dots aside: filler of a field that holds none. No system has such a code, and the Medicare Code Editor passes it over in
/// secondary diagnoses, procedures and the admitting diagnosis.
#[inline]
pub fn is_filler(code: &[u8]) -> bool {
    code.first() == Some(&b'0') && code.iter().all(|byte| matches!(byte, b'0' | b'.'))
}

/// Whether a text is dashes and underscores alone, with dots or blanks between them: filler of a field that holds nothing.
#[inline]
pub fn is_blank_filler(code: &[u8]) -> bool {
    matches!(code.first(), Some(b'-' | b'_')) && code.iter().all(|byte| matches!(byte, b'-' | b'_' | b'.' | b' '))
}

/// A code's place in its system's frozen table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

/// A code's place among those of its partition that were met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodePlace(NonZeroU32);

impl CodePlace {
    /// The place of a 0-based number.
    ///
    /// # Panics
    /// A partition has four thousand million codes, which its bytes do not hold.
    #[inline]
    pub fn new(index: usize) -> CodePlace {
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        CodePlace(number.expect("a partition has fewer codes than bytes"))
    }

    /// Its 0-based number.
    #[inline]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// What a code is on a date. The kinds are kept apart because each has another remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum CodeVerdict {
    /// In force and valid for submission.
    Valid,
    /// Cannot be a code of the system: wrong length or characters.
    Malformed,
    /// Well formed, but never a code of the system.
    Unknown,
    /// A category or subcategory: more characters are required.
    Header,
    /// Comes into force after the date.
    NotYetValid,
    /// Was in force, and ended before the date.
    Expired,
    /// A code of the other revision than the one in force on the date (ICD-9-CM from 2015-10-01, ICD-10 before).
    WrongRevision,
    /// Leading zeros were lost and the text can be several codes; none was chosen, so it has no groups, no comorbidity and no mapping.
    SeveralReadings,
}

impl CodeVerdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [CodeVerdict; 8] = [
        CodeVerdict::Valid,
        CodeVerdict::Malformed,
        CodeVerdict::Unknown,
        CodeVerdict::Header,
        CodeVerdict::NotYetValid,
        CodeVerdict::Expired,
        CodeVerdict::WrongRevision,
        CodeVerdict::SeveralReadings,
    ];

    /// The word in output columns.
    pub fn name(self) -> &'static str {
        match self {
            CodeVerdict::Valid => "valid",
            CodeVerdict::Malformed => "malformed",
            CodeVerdict::Unknown => "unknown",
            CodeVerdict::Header => "header",
            CodeVerdict::NotYetValid => "not_yet_valid",
            CodeVerdict::Expired => "expired",
            CodeVerdict::WrongRevision => "wrong_revision",
            CodeVerdict::SeveralReadings => "several_readings",
        }
    }
}

/// The verdict on one code on one date, with its id where the table knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Place in the table of the system it was judged under; `None` for malformed and unknown codes.
    pub id: Option<CodeId>,
    /// What the code is on the date.
    pub verdict: CodeVerdict,
    /// The Medicare Code Editor's flags on the date; none where the code is not valid or no date is known.
    pub editor: EditorFlags,
    /// Which notes of the tabular list stand over the code, as the conventions number them; 0 where none do.
    pub notes: u16,
    /// Whether the code is on the list of diagnoses exempt from present-on-admission reporting that ships, whatever the date.
    pub listed_exempt: bool,
}
