//! Evaluates a checked expression on a record, in three values and without allocating.

use std::ops::Range;

use regex::bytes::Regex;

use super::{
    source::{Child, ValueOf, read},
    tree::{Children, Comparison},
};
use crate::{
    partition::{encounter::Encounter, value::Value},
    record::{
        cell::Cell,
        constant::Constant,
        date::{Day, Moment},
        field::Field,
        period::Period,
    },
};

/// What a condition may know beside the record.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'r> {
    /// The day the run speaks of.
    pub business_date: Day,
    /// Period of the statistics.
    pub period: Option<&'r Period>,
    /// By field: whether any feed of encounters or patients maps it.
    pub mapped: &'r [bool],
}

impl Surroundings<'_> {
    /// Whether any export has a field.
    pub fn is_mapped(&self, field: Field) -> bool {
        self.mapped.get(field as usize).copied().unwrap_or(false)
    }
}

/// Place of a part among the parts of its expression.
pub type Id = u32;

/// A checked expression: its parts in one list, each after those it is made of; the last is the whole.
#[derive(Debug, Clone, Default)]
pub struct Expression {
    pub(super) parts: Vec<Part>,
    pub(super) constants: Vec<Constant>,
    pub(super) members: Vec<Id>,
    pub(super) patterns: Vec<Regex>,
}

/// One part: a condition (it is true, false or unknown) or a value.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Condition: always so.
    Truth(bool),
    /// Condition: the flag is set.
    Holds(Id),
    /// Condition: the two values compare so.
    Compare { comparison: Comparison, left: Id, right: Id },
    /// Condition: the value is one of the constants.
    Among { value: Id, constants: Range<u32> },
    /// Condition: the field is blank.
    IsBlank(ValueOf),
    /// Condition: the field holds no value of its own.
    IsUnreadable(ValueOf),
    /// Condition: the condition is unknown.
    IsUnknown(Id),
    /// Condition: the other way round.
    Not(Id),
    /// Condition: all members.
    And(Range<u32>),
    /// Condition: one of the members.
    Or(Range<u32>),
    /// Condition: the text begins with the constant.
    StartsWith { value: Id, constant: u32 },
    /// Condition: the text ends with the constant.
    EndsWith { value: Id, constant: u32 },
    /// Condition: the pattern is found in the text.
    Matches { value: Id, pattern: u32 },
    /// Condition: any child satisfies it.
    Any { children: Children, condition: Option<Id> },
    /// Condition: every child satisfies it.
    All { children: Children, condition: Id },
    /// Value: of the record.
    Read(ValueOf),
    /// Value: a constant.
    Constant(u32),
    /// Value: characters of a text.
    Length(Id),
    /// Value: sum or difference of two numbers.
    Sum { minus: bool, left: Id, right: Id },
    /// Value: days from the right day to the left.
    DaysBetween { left: Id, right: Id },
    /// Value: a day so many days later or earlier.
    Shift { minus: bool, day: Id, days: Id },
    /// Value: children that satisfy the condition.
    Count { children: Children, condition: Option<Id> },
}

/// What an expression is asked of.
#[derive(Debug, Clone, Copy)]
pub struct EvaluatedRecord<'r, 'a> {
    /// The encounter.
    pub encounter: &'r Encounter<'a>,
    /// The diagnosis, procedure or document in hand.
    pub child: Child<'r, 'a>,
    /// What the run knows.
    pub around: Surroundings<'r>,
}

impl Expression {
    /// Whether the record satisfies the condition; `None`: unknown.
    pub fn truth(&self, record: &EvaluatedRecord<'_, '_>) -> Option<bool> {
        self.condition((self.parts.len() - 1) as Id, record)
    }

    fn condition(&self, id: Id, record: &EvaluatedRecord<'_, '_>) -> Option<bool> {
        match &self.parts[id as usize] {
            Part::Truth(truth) => Some(*truth),
            Part::Holds(value) => match self.value(*value, record)? {
                Value::Flag(flag) => Some(flag),
                _ => None,
            },
            Part::Compare { comparison, left, right } => {
                let order = self.value(*left, record)?.order(&self.value(*right, record)?)?;
                Some(comparison.holds(order))
            }
            Part::Among { value, constants } => {
                let value = self.value(*value, record)?;
                let among = &self.constants[constants.start as usize..constants.end as usize];
                Some(
                    among.iter().any(|constant| value.order(&Value::from(constant)).is_some_and(|order| order.is_eq())),
                )
            }
            Part::IsBlank(source) => match read(*source, record.encounter, record.child, record.around) {
                Cell::Blank if source.field().is_none_or(|field| record.around.is_mapped(field)) => Some(true),
                Cell::Blank => None,
                Cell::Unreadable | Cell::Value(_) => Some(false),
            },
            Part::IsUnreadable(source) => {
                Some(read(*source, record.encounter, record.child, record.around).is_unreadable())
            }
            Part::IsUnknown(condition) => Some(self.condition(*condition, record).is_none()),
            Part::Not(condition) => self.condition(*condition, record).map(|truth| !truth),
            Part::And(members) => decided(self.members(members), false, |member| self.condition(*member, record)),
            Part::Or(members) => decided(self.members(members), true, |member| self.condition(*member, record)),
            Part::StartsWith { value, constant } => self.value(*value, record)?.starts_with(self.text(*constant)),
            Part::EndsWith { value, constant } => self.value(*value, record)?.ends_with(self.text(*constant)),
            Part::Matches { value, pattern } => {
                Some(self.patterns[*pattern as usize].is_match(self.value(*value, record)?.text()?.as_bytes()))
            }
            Part::Any { children, condition } => self.quantified(*children, *condition, true, record),
            Part::All { children, condition } => self.quantified(*children, Some(*condition), false, record),
            Part::Read(_)
            | Part::Constant(_)
            | Part::Length(_)
            | Part::Sum { .. }
            | Part::DaysBetween { .. }
            | Part::Shift { .. }
            | Part::Count { .. } => None,
        }
    }

    fn value<'v>(&'v self, id: Id, record: &EvaluatedRecord<'_, 'v>) -> Option<Value<'v>> {
        match &self.parts[id as usize] {
            Part::Read(source) => read(*source, record.encounter, record.child, record.around).value(),
            Part::Constant(constant) => Some(Value::from(&self.constants[*constant as usize])),
            Part::Length(value) => Some(Value::Number(self.value(*value, record)?.text()?.chars().count() as i64)),
            Part::Sum { minus, left, right } => {
                let (left, right) = (self.number(*left, record)?, self.number(*right, record)?);
                let sum = if *minus { left.checked_sub(right) } else { left.checked_add(right) };
                sum.map(Value::Number)
            }
            Part::DaysBetween { left, right } => {
                let (left, right) = (self.day(*left, record)?, self.day(*right, record)?);
                Some(Value::Number(i64::from(left.0) - i64::from(right.0)))
            }
            Part::Shift { minus, day, days } => {
                let (day, days) = (i64::from(self.day(*day, record)?.0), self.number(*days, record)?);
                let shifted = if *minus { day.checked_sub(days) } else { day.checked_add(days) };
                Some(Value::Moment(Moment::on(Day(i32::try_from(shifted?).ok()?))))
            }
            Part::Count { children, condition } => {
                let mut count = 0;
                each(*children, record, |record| {
                    let counts = condition.is_none_or(|condition| self.condition(condition, record) == Some(true));
                    count += i64::from(counts);
                    false
                });
                Some(Value::Number(count))
            }
            _ => None,
        }
    }

    fn number(&self, id: Id, record: &EvaluatedRecord<'_, '_>) -> Option<i64> {
        match self.value(id, record)? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn day(&self, id: Id, record: &EvaluatedRecord<'_, '_>) -> Option<Day> {
        match self.value(id, record)? {
            Value::Moment(moment) => Some(moment.day),
            _ => None,
        }
    }

    fn text(&self, constant: u32) -> &str {
        match &self.constants[constant as usize] {
            Constant::Text(text) => text,
            Constant::Number(_) | Constant::Moment(_) | Constant::Flag(_) => "",
        }
    }

    fn members(&self, members: &Range<u32>) -> std::slice::Iter<'_, Id> {
        self.members[members.start as usize..members.end as usize].iter()
    }

    /// Any child (`deciding` true) or every child (`deciding` false): one child decides, else one unknown child leaves it unknown.
    fn quantified(
        &self,
        children: Children,
        condition: Option<Id>,
        deciding: bool,
        record: &EvaluatedRecord<'_, '_>,
    ) -> Option<bool> {
        let mut answer = Some(!deciding);
        each(children, record, |record| {
            let own = condition.map_or(Some(true), |condition| self.condition(condition, record));
            match own {
                Some(truth) if truth == deciding => answer = Some(deciding),
                Some(_) => {}
                None => answer = None,
            }
            own == Some(deciding)
        });
        answer
    }
}

/// Conditions joined: the first that is `deciding` decides, else one unknown leaves it unknown.
fn decided<T>(members: impl Iterator<Item = T>, deciding: bool, ask: impl Fn(T) -> Option<bool>) -> Option<bool> {
    let mut answer = Some(!deciding);
    for member in members {
        match ask(member) {
            Some(truth) if truth == deciding => return Some(deciding),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

/// Goes through what hangs on the encounter until `enough` says so.
fn each<'a>(
    children: Children,
    record: &EvaluatedRecord<'_, 'a>,
    mut enough: impl FnMut(&EvaluatedRecord<'_, 'a>) -> bool,
) {
    let encounter = record.encounter;
    match children {
        Children::Diagnosis => {
            encounter.diagnoses.iter().any(|row| enough(&EvaluatedRecord { child: Child::Diagnosis(row), ..*record }))
        }
        Children::Procedure => {
            encounter.procedures.iter().any(|row| enough(&EvaluatedRecord { child: Child::Procedure(row), ..*record }))
        }
        Children::Document => {
            encounter.documents.iter().any(|row| enough(&EvaluatedRecord { child: Child::Document(row), ..*record }))
        }
    };
}
