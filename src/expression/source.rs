//! The names of an expression: canonical fields and derived ones, what type each has, and how it is read from a record.

use super::{evaluate::Surroundings, tree::Children};
use crate::{
    partition::{
        encounter::{Diagnosis, Document, Encounter, Procedure},
        value::Value,
        value_of::{value_of, value_of_diagnosis, value_of_document, value_of_procedure},
    },
    problem::closest,
    record::{
        cell::Cell,
        date::Moment,
        field::{CanonicalTable, DICTIONARY, Field, FieldType},
        vocabulary,
    },
};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any text; compared by its bytes.
    Text,
    /// A text of a standard list.
    Listed(Field),
    /// A code: dots and lower case do not matter.
    Code,
    /// A whole number.
    Number,
    /// An amount in cents.
    Money,
    /// A day.
    Date,
    /// A day with a time where the export has one.
    Moment,
    /// True or false.
    Flag,
}

impl Type {
    /// The words in faults.
    pub fn name(self) -> &'static str {
        match self {
            Type::Text => "a text",
            Type::Listed(_) => "a text of a list",
            Type::Code => "a code",
            Type::Number => "a whole number",
            Type::Money => "an amount of money",
            Type::Date => "a date",
            Type::Moment => "a date and time",
            Type::Flag => "true or false",
        }
    }

    /// Whether its values are texts.
    pub fn is_text(self) -> bool {
        matches!(self, Type::Text | Type::Listed(_) | Type::Code)
    }

    /// Whether its values are days.
    pub fn is_day(self) -> bool {
        matches!(self, Type::Date | Type::Moment)
    }
}

/// What follows from a record and its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Age in completed years at admission; see [`Encounter::age_years`].
    AgeYears,
    /// Length of stay in days, a same-day stay counting 1; see [`Encounter::length_of_stay`].
    LengthOfStay,
    /// The day the run speaks of.
    BusinessDate,
    /// First day of the period of the run.
    PeriodStart,
    /// Last day of the period of the run.
    PeriodEnd,
}

const DERIVED: [(&str, Derived, Type); 5] = [
    ("age_years", Derived::AgeYears, Type::Number),
    ("length_of_stay", Derived::LengthOfStay, Type::Number),
    ("business_date", Derived::BusinessDate, Type::Date),
    ("period_start", Derived::PeriodStart, Type::Date),
    ("period_end", Derived::PeriodEnd, Type::Date),
];

/// Short names of the fields of what hangs on an encounter; inside, the canonical names are understood as well.
const SHORT: [(Children, &str, Field); 16] = [
    (Children::Diagnosis, "code", Field::DiagnosisCode),
    (Children::Diagnosis, "position", Field::DiagnosisSequence),
    (Children::Diagnosis, "revision", Field::DiagnosisRevision),
    (Children::Diagnosis, "text", Field::DiagnosisText),
    (Children::Procedure, "code", Field::ProcedureCode),
    (Children::Procedure, "position", Field::ProcedureSequence),
    (Children::Procedure, "revision", Field::ProcedureRevision),
    (Children::Procedure, "text", Field::ProcedureText),
    (Children::Procedure, "date", Field::ProcedureDate),
    (Children::Document, "id", Field::DocumentId),
    (Children::Document, "type", Field::DocumentType),
    (Children::Document, "author", Field::DocumentAuthor),
    (Children::Document, "cosigner", Field::DocumentCosigner),
    (Children::Document, "date", Field::EventDate),
    (Children::Document, "signed", Field::SignedAt),
    (Children::Document, "cosigned", Field::CosignedAt),
];

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueOf {
    /// A field of the encounter.
    Encounter(Field),
    /// A field of the diagnosis, procedure or document in hand.
    Child(Field),
    /// What follows from the record and the run.
    Derived(Derived),
}

impl ValueOf {
    /// The canonical field; `None` where it is derived.
    pub fn field(self) -> Option<Field> {
        match self {
            ValueOf::Encounter(field) | ValueOf::Child(field) => Some(field),
            ValueOf::Derived(_) => None,
        }
    }
}

fn table_of(children: Children) -> CanonicalTable {
    match children {
        Children::Diagnosis => CanonicalTable::Diagnoses,
        Children::Procedure => CanonicalTable::Procedures,
        Children::Document => CanonicalTable::Documents,
    }
}

fn type_of(field: Field) -> Type {
    match field.entry().kind {
        FieldType::Text => Type::Text,
        FieldType::Listed => Type::Listed(field),
        FieldType::Code => Type::Code,
        FieldType::Number => Type::Number,
        FieldType::Money => Type::Money,
        FieldType::Date => Type::Date,
        FieldType::Moment => Type::Moment,
        FieldType::Flag => Type::Flag,
    }
}

/// The field that a name means where a diagnosis, procedure or document is in hand, or none of them.
///
/// # Errors
/// What is wrong with the name and what to do.
pub fn find(name: &str, inside: Option<Children>) -> Result<(ValueOf, Type), (String, String)> {
    if let Some((_, _, field)) = SHORT.iter().find(|(children, short, _)| Some(*children) == inside && *short == name) {
        return Ok((ValueOf::Child(*field), type_of(*field)));
    }
    if let Some((_, derived, kind)) = DERIVED.iter().find(|(known, ..)| *known == name) {
        return Ok((ValueOf::Derived(*derived), *kind));
    }
    match Field::from_name(name) {
        Some(field) if field.entry().table == CanonicalTable::Encounters => {
            Ok((ValueOf::Encounter(field), type_of(field)))
        }
        Some(field) if inside.map(table_of) == Some(field.entry().table) => Ok((ValueOf::Child(field), type_of(field))),
        Some(field) if field.entry().table.is_register() => {
            let table = field.entry().table.name();
            Err((
                format!("`{name}` is a field of {table}, not of the record"),
                "conditions speak of records".to_owned(),
            ))
        }
        Some(field) => {
            let owner = Children::WORDS.iter().find(|(_, children)| table_of(*children) == field.entry().table);
            let owner = owner.map_or("", |(word, _)| word);
            let message = format!("`{name}` is a field of each {owner}, not of the record");
            Err((message, format!("ask any({owner} WHERE …), all({owner} WHERE …) or count({owner} WHERE …)")))
        }
        None => {
            let names = visible(inside);
            let suggestion = closest(name, names.iter().copied()).map_or_else(
                || "`chartroom docs fields` lists the canonical fields".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Err((format!("there is no field `{name}`"), suggestion))
        }
    }
}

/// Every name that is understood.
fn visible(inside: Option<Children>) -> Vec<&'static str> {
    let tables = [Some(CanonicalTable::Encounters), inside.map(table_of)];
    let fields = DICTIONARY.iter().filter(|entry| tables.contains(&Some(entry.table))).map(|entry| entry.name);
    let short = SHORT.iter().filter(|(children, ..)| Some(*children) == inside).map(|(_, short, _)| *short);
    fields.chain(short).chain(DERIVED.iter().map(|(name, ..)| *name)).collect()
}

/// Whether a listed field can hold the text, in the words of its standard list. Revisions may be a layout's own words.
pub fn is_listed(field: Field, text: &str) -> bool {
    vocabulary::has(field, text.as_bytes()).unwrap_or(!text.is_empty())
}

/// What is in hand beside the encounter.
#[derive(Debug, Clone, Copy)]
pub enum Child<'c, 'a> {
    /// Nothing.
    None,
    /// A diagnosis.
    Diagnosis(&'c Diagnosis<'a>),
    /// A procedure.
    Procedure(&'c Procedure<'a>),
    /// A document.
    Document(&'c Document<'a>),
}

/// Reads a value. A derived value that cannot be made is blank.
pub fn read<'a>(
    source: ValueOf,
    encounter: &Encounter<'a>,
    child: Child<'_, 'a>,
    around: Surroundings<'_>,
) -> Cell<Value<'a>> {
    match source {
        ValueOf::Encounter(field) => value_of(encounter, field),
        ValueOf::Child(field) => match child {
            Child::Diagnosis(diagnosis) => value_of_diagnosis(diagnosis, field),
            Child::Procedure(procedure) => value_of_procedure(procedure, field),
            Child::Document(document) => value_of_document(document, field),
            Child::None => Cell::Blank,
        },
        ValueOf::Derived(derived) => {
            let value = match derived {
                Derived::AgeYears => encounter.age_years().map(|years| Value::Number(years.into())),
                Derived::LengthOfStay => encounter.length_of_stay().map(|days| Value::Number(days.into())),
                Derived::BusinessDate => Some(Value::Moment(Moment::on(around.business_date))),
                Derived::PeriodStart => around.period.map(|period| Value::Moment(Moment::on(period.first))),
                Derived::PeriodEnd => around.period.map(|period| Value::Moment(Moment::on(period.last))),
            };
            value.map_or(Cell::Blank, Cell::Value)
        }
    }
}
