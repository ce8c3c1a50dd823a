//! What a rule is.

use crate::{
    partition::encounter::{Diagnosis, Document, Encounter, Procedure},
    record::{
        account::InputAccount,
        date::Day,
        field::{DICTIONARY, Field, Table},
        finding::Severity,
        period::Period,
    },
};

/// What rules may know beside the record.
#[derive(Debug, Clone)]
pub struct Context {
    /// The day the run speaks of.
    pub business_date: Day,
    /// Period of the statistics.
    pub period: Option<Period>,
    /// Stays longer than this are findings, in days.
    pub long_stay_days: i32,
    /// By field: whether any feed of encounters or patients maps it. A required field that no export has is not applicable.
    pub mapped: Vec<bool>,
    /// By feed: the facility that every record should be of; empty where none is stated.
    pub expected_facilities: Vec<String>,
}

impl Context {
    /// A context in which every field is mapped and nothing is stated.
    pub fn on(business_date: Day) -> Context {
        Context {
            business_date,
            period: None,
            long_stay_days: 365,
            mapped: vec![true; DICTIONARY.len()],
            expected_facilities: Vec::new(),
        }
    }

    /// Whether any feed maps the field.
    #[inline]
    pub fn is_mapped(&self, field: Field) -> bool {
        self.mapped[field as usize]
    }
}

/// The two questions of a rule: whether it applies, and whether it is violated where it applies.
#[derive(Debug, Clone, Copy)]
pub enum Test {
    /// Asked of every encounter.
    Encounter {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Context) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Context) -> bool,
    },
    /// Asked of every diagnosis.
    Diagnosis {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Diagnosis<'_>, &Context) -> bool,
    },
    /// Asked of every procedure.
    Procedure {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Procedure<'_>, &Context) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Procedure<'_>, &Context) -> bool,
    },
    /// Asked of every document of the chart index.
    Document {
        /// Whether the rule applies.
        applies: fn(&Encounter<'_>, &Document<'_>, &Context) -> bool,
        /// Whether it is violated.
        violates: fn(&Encounter<'_>, &Document<'_>, &Context) -> bool,
    },
    /// Violated by every row of the table that hangs on no encounter.
    Orphan {
        /// The table.
        table: Table,
    },
    /// Asked of every input once it is read.
    Input {
        /// Whether the rule applies.
        applies: fn(&InputAccount) -> bool,
        /// Whether it is violated.
        violates: fn(&InputAccount) -> bool,
    },
}

/// An edit.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable code; never used again for another rule.
    pub code: &'static str,
    /// Name in the field's words.
    pub name: &'static str,
    /// Its own severity; a pipeline may give another.
    pub severity: Severity,
    /// The field at fault.
    pub field: Option<Field>,
    /// What a finding says; holds no patient data.
    pub message: &'static str,
    /// The two questions.
    pub test: Test,
    /// Its page.
    pub page: &'static str,
}
