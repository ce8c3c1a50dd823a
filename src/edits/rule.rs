//! What a rule is.

use crate::{
    codeset::release::exempt::ExemptCodes,
    edits::{
        between::PatientRecords,
        between_tables::{AskedOf, AskedOfEach},
        rule_loops::RuleLoop,
        stay::JoinKey,
        trend::{figure::Figure, measure::TrendMeasure},
    },
    expression::evaluate::Surroundings,
    partition::{
        encounter::{Diagnosis, Document, Encounter, Procedure},
        registers::Registers,
    },
    record::{
        account::InputAccount,
        date::Day,
        field::{CanonicalTable, DICTIONARY, Field},
        finding::Severity,
        period::Period,
    },
    rows::slot::Feed,
};

/// What rules may know beside the record.
#[derive(Debug, Clone)]
pub struct EditContext {
    /// The day the run speaks of.
    pub business_date: Day,
    /// Period of the statistics.
    pub period: Option<Period>,
    /// Stays longer than this are findings, in days.
    pub long_stay_days: i32,
    /// Stays longer than this are errors, in days, where the pipeline says so.
    pub longest_stay_days: Option<i32>,
    /// By field: whether any feed of encounters or patients maps it. A required field that no export has is not applicable.
    pub mapped: Vec<bool>,
    /// Diagnoses exempt from present-on-admission reporting, by day: the lists that ship and those that were imported.
    pub exempt: ExemptCodes,
    /// By feed: the facility that every record should be of; `None` where none is stated.
    pub expected_facilities: Vec<Option<String>>,
    /// By feed: the period that every discharge should lie in; `None` where none is stated.
    pub expected_periods: Vec<Option<Period>>,
    /// Whether patient numbers are each facility's own: the same number at another facility is another patient.
    pub patient_numbers_by_facility: bool,
    /// By field: whether it comes from the patients' rows alone, so that it is missing where the patient is.
    pub of_patients_alone: Vec<bool>,
    /// Whether every input of encounters could be used; where one could not, rows that hang on none may hang on one of its own.
    pub encounters_whole: bool,
    /// The registers that records are held against.
    pub registers: Registers,
}

/// By field: whether any of the feeds maps it. On a wide row the place of a diagnosis is its column, so its sequence counts as mapped. Registers fill no
/// record.
pub fn mapped_fields<'f>(feeds: impl IntoIterator<Item = &'f Feed>) -> Vec<bool> {
    let mut mapped = vec![false; DICTIONARY.len()];
    for feed in feeds.into_iter().filter(|feed| !feed.table.is_register()) {
        for slot in &feed.slots {
            mapped[slot.field as usize] = true;
            if feed.table == CanonicalTable::Encounters && slot.field == Field::DiagnosisCode {
                mapped[Field::DiagnosisSequence as usize] = true;
            }
        }
        for (slot, _) in &feed.constants {
            mapped[slot.field as usize] = true;
        }
    }
    mapped
}

/// By field: whether a feed of patients maps it, and none of encounters.
pub fn fields_of_patients_alone<'f>(feeds: impl IntoIterator<Item = &'f Feed> + Clone) -> Vec<bool> {
    let of = |table: CanonicalTable| mapped_fields(feeds.clone().into_iter().filter(move |feed| feed.table == table));
    of(CanonicalTable::Patients)
        .into_iter()
        .zip(of(CanonicalTable::Encounters))
        .map(|(patients, encounters)| patients && !encounters)
        .collect()
}

impl EditContext {
    /// What conditions may know of it.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { business_date: self.business_date, period: self.period.as_ref(), mapped: &self.mapped }
    }

    /// A context in which every field is mapped and nothing is stated.
    pub fn on(business_date: Day) -> EditContext {
        EditContext {
            business_date,
            period: None,
            long_stay_days: 365,
            longest_stay_days: None,
            mapped: vec![true; DICTIONARY.len()],
            exempt: ExemptCodes::default(),
            expected_facilities: Vec::new(),
            expected_periods: Vec::new(),
            patient_numbers_by_facility: false,
            of_patients_alone: vec![false; DICTIONARY.len()],
            encounters_whole: true,
            registers: Registers::default(),
        }
    }

    /// Whether any feed maps the field.
    #[inline]
    pub fn is_mapped(&self, field: Field) -> bool {
        self.mapped[field as usize]
    }

    /// Whether the record should have the field: a feed maps it, and not a patients feed alone that has no row for the patient. What is missing with the
    /// patient is found once, at the patient.
    #[inline]
    pub fn is_expected(&self, field: Field, encounter: &Encounter<'_>) -> bool {
        self.mapped[field as usize] && !(self.of_patients_alone[field as usize] && encounter.patient.is_none())
    }
}

/// The discharges a rule is for: edits come and go, and a record is held to those of its own day.
///
/// A record without a readable discharge date is held to those of the business date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RulePeriod {
    /// First day of discharge, `YYYY-MM-DD`; `None`: from the beginning.
    pub first: Option<&'static str>,
    /// Last day of discharge, included; `None`: still in force.
    pub last: Option<&'static str>,
}

impl RulePeriod {
    /// For every day.
    pub const ALWAYS: RulePeriod = RulePeriod { first: None, last: None };

    /// From a day on.
    pub const fn from(first: &'static str) -> RulePeriod {
        RulePeriod { first: Some(first), last: None }
    }

    /// Through a day.
    pub const fn until(last: &'static str) -> RulePeriod {
        RulePeriod { first: None, last: Some(last) }
    }

    /// First and last day as days; the far ends where none is stated.
    pub fn days(self) -> (Day, Day) {
        let day = |text: &str| Day::from_iso(text).expect("a rule's first and last day are days: a test reads each");
        (self.first.map_or(Day(i32::MIN), day), self.last.map_or(Day(i32::MAX), day))
    }
}

/// What a rule is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every input.
    Input,
    /// Every encounter.
    Encounter,
    /// Every diagnosis.
    Diagnosis,
    /// Every procedure.
    Procedure,
    /// Every document.
    Document,
    /// Every row of a long table.
    Row,
    /// Every encounter beside the others of its patient.
    Patient,
    /// Every day of a facility, row of a register, or practitioner, once all records are counted.
    Table,
    /// Every month of a facility beside the twelve before it.
    FacilityMonth,
    /// Every coder or practitioner of a facility beside the others.
    Practitioner,
}

impl Level {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Level::Input => "input",
            Level::Encounter => "encounter",
            Level::Diagnosis => "diagnosis",
            Level::Procedure => "procedure",
            Level::Document => "document",
            Level::Row => "row",
            Level::Patient => "patient",
            Level::Table => "table",
            Level::FacilityMonth => "facility month",
            Level::Practitioner => "practitioner",
        }
    }
}

/// Families of codes and the groups of the catalogue they stand for. A code is three letters of its family and a number.
pub const GROUPS: &[(&str, &str)] = &[
    ("FIL", "file"),
    ("FLD", "field"),
    ("LOG", "within record"),
    ("COD", "codes"),
    ("CNV", "conventions"),
    ("POA", "present on admission"),
    ("MCE", "Medicare Code Editor"),
    ("DUP", "repeated records"),
    ("TAB", "between tables"),
    ("DOC", "documents"),
    ("PAT", "between records of one patient"),
    ("TRD", "trend, critical"),
    ("TRW", "trend, warning"),
];

/// The loops of one rule over a few encounters.
pub type Walk = fn(&mut RuleLoop<'_, '_, '_>);

/// The two questions of a rule: whether it applies, and whether it is violated where it applies.
#[derive(Debug, Clone, Copy)]
pub enum Test {
    /// Asked of every encounter.
    Encounter {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &EditContext) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &EditContext) -> bool,
        /// The loops compiled for the rule; see `asked!`.
        compiled: Option<Walk>,
    },
    /// Asked of every diagnosis.
    Diagnosis {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Diagnosis<'_>, &EditContext) -> bool,
        /// The loops compiled for the rule; see `asked!`.
        compiled: Option<Walk>,
    },
    /// Asked of every procedure.
    Procedure {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Procedure<'_>, &EditContext) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Procedure<'_>, &EditContext) -> bool,
        /// The loops compiled for the rule; see `asked!`.
        compiled: Option<Walk>,
    },
    /// Asked of every document of the chart index.
    Document {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Document<'_>, &EditContext) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Document<'_>, &EditContext) -> bool,
        /// The loops compiled for the rule; see `asked!`.
        compiled: Option<Walk>,
    },
    /// Asked of every encounter beside the others of its patient, by its place among them.
    Patient {
        /// By what the records are brought together.
        together: JoinKey,
        /// Whether the rule applies.
        applies: fn(&PatientRecords<'_>, usize, &EditContext) -> bool,
        /// The place of the record that it is at odds with, where it is violated.
        violates: fn(&PatientRecords<'_>, usize, &EditContext) -> Option<usize>,
    },
    /// Violated by every row of the table that hangs on no encounter.
    Orphan {
        /// The table.
        table: CanonicalTable,
    },
    /// Asked once all records are counted: of every day of a facility, row of a register, or practitioner.
    Tables {
        /// Of which of them.
        of: AskedOfEach,
        /// The table whose input a finding on a day names.
        table: CanonicalTable,
        /// Whether the rule applies.
        applies: fn(&AskedOf<'_>, &EditContext) -> bool,
        /// Whether it is violated.
        violates: fn(&AskedOf<'_>, &EditContext) -> bool,
        /// The value that a finding shows.
        shows: fn(&AskedOf<'_>) -> String,
    },
    /// Asked of every figure of a measure, of a facility's month or of its practitioners.
    Trend {
        /// The measure.
        measure: TrendMeasure,
        /// Code of the critical twin, whose finding on a figure takes the place of this rule's.
        twin: Option<&'static str>,
        /// Whether the rule applies.
        applies: fn(&Figure) -> bool,
        /// Whether it is violated.
        violates: fn(&Figure) -> bool,
    },
    /// Asked of every input once it is read.
    Input {
        /// Whether the rule applies.
        applies: fn(&InputAccount) -> bool,
        /// Whether it is violated.
        violates: fn(&InputAccount) -> bool,
        /// What a finding shows: names and counts, never cells.
        shows: fn(&InputAccount) -> String,
    },
}

/// Builds a [`Test`] with its loops: the two questions stand in their place in the loops, not behind a pointer, which halves what a run's edits cost.
macro_rules! asked {
    (Encounter { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(@ Encounter ask_encounters $applies, $violates)
    };
    (Diagnosis { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(@ Diagnosis ask_diagnoses $applies, $violates)
    };
    // Applies to diagnoses of a kind alone: where a record has none of it, none is looked at.
    (Diagnosis of $kind:ident { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(Diagnosis {
            applies: $applies,
            violates: $violates,
            passes_over: |encounter, _| {
                (!encounter.kinds.any($crate::record::diagnosis_kinds::DiagnosisKinds::$kind)).then_some(0)
            },
        })
    };
    // Where the record as a whole tells that no diagnosis is at fault, `passes_over` gives the number of those to which the rule applies, and none is looked at.
    (Diagnosis { applies: $applies:expr, violates: $violates:expr, passes_over: $passes_over:expr $(,)? }) => {
        $crate::edits::rule::Test::Diagnosis {
            applies: $applies,
            violates: $violates,
            compiled: Some(|rule_loop| rule_loop.ask_diagnoses_unless($passes_over, $applies, $violates)),
        }
    };
    // Applies to the principal diagnosis alone.
    (PrincipalDiagnosis { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(@ Diagnosis ask_principal_diagnosis $applies, $violates)
    };
    (Procedure { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(@ Procedure ask_procedures $applies, $violates)
    };
    (Document { applies: $applies:expr, violates: $violates:expr $(,)? }) => {
        asked!(@ Document ask_documents $applies, $violates)
    };
    (@ $kind:ident $compiled:ident $applies:expr, $violates:expr) => {
        $crate::edits::rule::Test::$kind {
            applies: $applies,
            violates: $violates,
            compiled: Some(|rule_loop| rule_loop.$compiled($applies, $violates)),
        }
    };
}
pub(crate) use asked;

/// An edit.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable code; never used again for another rule.
    pub code: &'static str,
    /// Name in the field's words.
    pub name: &'static str,
    /// Its own severity; a pipeline may give another.
    pub severity: Severity,
    /// The discharges it is for.
    pub life: RulePeriod,
    /// The field at fault.
    pub field: Option<Field>,
    /// What a finding says; holds no patient data.
    pub message: &'static str,
    /// The two questions.
    pub test: Test,
    /// Its page.
    pub page: &'static str,
}

impl Rule {
    /// The group of the catalogue, by the family of the code.
    pub fn group(&self) -> &'static str {
        GROUPS.iter().find(|(family, _)| self.code.starts_with(family)).map_or("", |(_, group)| group)
    }

    /// What the rule is asked of.
    pub fn level(&self) -> Level {
        match self.test {
            Test::Input { .. } => Level::Input,
            Test::Encounter { .. } => Level::Encounter,
            Test::Diagnosis { .. } => Level::Diagnosis,
            Test::Procedure { .. } => Level::Procedure,
            Test::Document { .. } => Level::Document,
            Test::Orphan { .. } => Level::Row,
            Test::Patient { .. } => Level::Patient,
            Test::Tables { .. } => Level::Table,
            Test::Trend { measure, .. } if measure.is_of_practitioner() => Level::Practitioner,
            Test::Trend { .. } => Level::FacilityMonth,
        }
    }

    /// Where the rule comes from: the section `Source` of its page.
    pub fn source(&self) -> &'static str {
        let section = self.page.split("\n## Source\n").nth(1).unwrap_or("");
        section.split("\n## ").next().unwrap_or("").trim()
    }
}
