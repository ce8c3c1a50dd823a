//! Gives the names of a tree their meaning, checks the types, and lays the parts out flat.

use std::cmp::Ordering;

use regex::bytes::{Regex, RegexBuilder};

use super::{
    constant::{constant, is_constant, own_type},
    evaluate::{Expression, Id, Part},
    fault::ExpressionFault,
    parse::parse,
    source::{Type, ValueOf, find},
    tree::{AskedState, Children, Comparison, Function, Node, Quantifier, Tree},
};
use crate::{
    partition::value_of::comparable_code,
    record::{constant::Constant, field::Field},
};

/// The most memory of one compiled pattern, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// Parses and checks a condition that is asked of every encounter (`inside` is `None`) or of everything of a kind that hangs on one.
///
/// # Errors
/// Every name that is not known, else the first other fault, with its place in the text.
pub fn compile(text: &str, inside: Option<Children>) -> Result<Expression, Vec<ExpressionFault>> {
    let tree = parse(text).map_err(|fault| vec![fault])?;
    let mut unknown = Vec::new();
    unknown_names(&tree, inside, &mut unknown);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut checker = Checker { expression: Expression::default(), inside, asked_of_children: false };
    checker.condition(&tree).map_err(|fault| vec![fault])?;
    Ok(checker.expression)
}

/// Collects the names that are not known where they stand.
fn unknown_names(tree: &Tree, inside: Option<Children>, faults: &mut Vec<ExpressionFault>) {
    let inside = match &tree.kind {
        Node::Name(name) => {
            faults.extend(source(name, inside, tree).err());
            return;
        }
        Node::Of { children, .. } => Some(*children),
        _ => inside,
    };
    for part in tree.parts() {
        unknown_names(part, inside, faults);
    }
}

fn source(name: &str, inside: Option<Children>, tree: &Tree) -> Result<(ValueOf, Type), ExpressionFault> {
    find(name, inside).map_err(|(message, suggestion)| {
        ExpressionFault::new("unknown-field", tree.span.clone(), message).suggesting(suggestion)
    })
}

struct Checker {
    expression: Expression,
    inside: Option<Children>,
    asked_of_children: bool,
}

impl Checker {
    fn push(&mut self, part: Part) -> Id {
        self.expression.parts.push(part);
        (self.expression.parts.len() - 1) as Id
    }

    fn constants(&mut self, constants: impl IntoIterator<Item = Constant>) -> std::ops::Range<u32> {
        let start = self.expression.constants.len() as u32;
        self.expression.constants.extend(constants);
        start..self.expression.constants.len() as u32
    }

    fn constant(&mut self, constant: Constant) -> Id {
        let place = self.constants([constant]).start;
        self.push(Part::Constant(place))
    }

    fn source(&self, name: &str, tree: &Tree) -> Result<(ValueOf, Type), ExpressionFault> {
        source(name, self.inside, tree)
    }

    /// A part that is true, false or unknown. It is the last one laid out when this returns.
    fn condition(&mut self, tree: &Tree) -> Result<Id, ExpressionFault> {
        let part = match &tree.kind {
            Node::Truth(truth) => Part::Truth(*truth),
            Node::Name(_) => {
                let (value, kind) = self.value(tree)?;
                if kind != Type::Flag {
                    return Err(no_condition(tree, kind));
                }
                Part::Holds(value)
            }
            Node::Compare { comparison, left, right } => self.comparison(*comparison, left, right, tree)?,
            Node::In { negated, value, list } => {
                let among = self.among(value, list)?;
                self.negated_if(*negated, among)
            }
            Node::Between { negated, value, low, high } => {
                let between = self.between(value, low, high)?;
                self.negated_if(*negated, between)
            }
            Node::Is { negated, value, state } => {
                let is = self.state(value, *state)?;
                self.negated_if(*negated, is)
            }
            Node::Not(condition) => Part::Not(self.condition(condition)?),
            Node::And(conditions) => Part::And(self.members(conditions)?),
            Node::Or(conditions) => Part::Or(self.members(conditions)?),
            Node::Of { quantifier: Quantifier::Any, children, condition } => {
                let condition = self.asked_of(*children, condition.as_deref(), tree)?;
                Part::Any { children: *children, condition }
            }
            Node::Of { quantifier: Quantifier::All, children, condition } => {
                let Some(condition) = self.asked_of(*children, condition.as_deref(), tree)? else {
                    return Err(ExpressionFault::new("bad-expression", tree.span.clone(), "all(…) needs a condition")
                        .suggesting(format!("write all({} WHERE …)", children.word())));
                };
                Part::All { children: *children, condition }
            }
            Node::Call { function, arguments } if *function != Function::Length => {
                self.text_question(*function, arguments, tree)?
            }
            Node::Text(_)
            | Node::Number(_)
            | Node::Date(_)
            | Node::Sum { .. }
            | Node::Call { .. }
            | Node::Of { .. } => {
                let (_, kind) = self.value(tree)?;
                return Err(no_condition(tree, kind));
            }
        };
        Ok(self.push(part))
    }

    fn negated_if(&mut self, negated: bool, part: Part) -> Part {
        if negated { Part::Not(self.push(part)) } else { part }
    }

    fn members(&mut self, conditions: &[Tree]) -> Result<std::ops::Range<u32>, ExpressionFault> {
        let ids = conditions
            .iter()
            .map(|condition| self.condition(condition))
            .collect::<Result<Vec<Id>, ExpressionFault>>()?;
        let start = self.expression.members.len() as u32;
        self.expression.members.extend(ids);
        Ok(start..self.expression.members.len() as u32)
    }

    /// A part that has a value of a type.
    fn value(&mut self, tree: &Tree) -> Result<(Id, Type), ExpressionFault> {
        match &tree.kind {
            Node::Name(name) => {
                let (source, kind) = self.source(name, tree)?;
                Ok((self.push(Part::Read(source)), kind))
            }
            Node::Sum { minus, left, right } => self.sum(*minus, left, right, tree),
            Node::Call { function: Function::Length, arguments } => {
                let (value, _) = self.text_argument(Function::Length, arguments, 1, tree)?;
                Ok((self.push(Part::Length(value)), Type::Number))
            }
            Node::Of { quantifier: Quantifier::Count, children, condition } => {
                let condition = self.asked_of(*children, condition.as_deref(), tree)?;
                Ok((self.push(Part::Count { children: *children, condition }), Type::Number))
            }
            _ => match own_type(tree) {
                Some(kind) => {
                    let constant = constant(tree, kind, tree)?;
                    Ok((self.constant(constant), kind))
                }
                None => Err(ExpressionFault::new(
                    "mixed-types",
                    tree.span.clone(),
                    "a condition stands where a value should",
                )
                .suggesting("join conditions with AND and OR; a condition can be asked whether it IS UNKNOWN")),
            },
        }
    }

    /// Two values of types that can be compared; a constant takes the type of the other side.
    fn pair(&mut self, left: &Tree, right: &Tree) -> Result<(Id, Id, Type), ExpressionFault> {
        if is_constant(left) {
            let (value, kind) = self.value(right)?;
            let constant = constant(left, kind, right)?;
            return Ok((self.constant(constant), value, kind));
        }
        let (value, kind) = self.value(left)?;
        if is_constant(right) {
            let constant = constant(right, kind, left)?;
            return Ok((value, self.constant(constant), kind));
        }
        let (other, other_kind) = self.value(right)?;
        let comparable =
            kind == other_kind || (kind.is_text() && other_kind.is_text()) || (kind.is_day() && other_kind.is_day());
        if !comparable {
            let message = format!("`{left}` is {}, `{right}` is {}", kind.name(), other_kind.name());
            return Err(ExpressionFault::new("mixed-types", right.span.clone(), message));
        }
        Ok((value, other, kind))
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        left: &Tree,
        right: &Tree,
        whole: &Tree,
    ) -> Result<Part, ExpressionFault> {
        if is_constant(left) && is_constant(right) {
            return Err(ExpressionFault::new(
                "never-true",
                whole.span.clone(),
                "two constants are compared: the answer never changes",
            )
            .suggesting("compare a field with a constant; TRUE and FALSE are conditions"));
        }
        if left == right {
            return Err(ExpressionFault::new("never-true", whole.span.clone(), "a value is compared with itself"));
        }
        let (left_value, right_value, kind) = self.pair(left, right)?;
        if kind == Type::Flag && !matches!(comparison, Comparison::Equal | Comparison::Different) {
            return Err(ExpressionFault::new("mixed-types", whole.span.clone(), "true and false have no order")
                .suggesting("compare with = or <>"));
        }
        self.possible(comparison, left, right_value, right)?;
        Ok(Part::Compare { comparison, left: left_value, right: right_value })
    }

    /// Counts and lengths are never negative, and no stay is counted as 0 days.
    fn possible(&self, comparison: Comparison, left: &Tree, right: Id, at: &Tree) -> Result<(), ExpressionFault> {
        let is_stay = matches!(&left.kind, Node::Name(name) if name.starts_with("length_of_stay"));
        if is_stay && comparison == Comparison::Equal && self.number_at(right) == Some(0) {
            return Err(ExpressionFault::new("never-true", at.span.clone(), format!("`{left}` is never 0"))
                .suggesting("a stay within one day counts as 1"));
        }
        let counted = matches!(left.kind, Node::Of { .. } | Node::Call { .. });
        let Some(number) = self.number_at(right).filter(|_| counted) else { return Ok(()) };
        let possible = match comparison {
            Comparison::Equal | Comparison::AtMost => number >= 0,
            Comparison::Less => number > 0,
            Comparison::Different | Comparison::Greater | Comparison::AtLeast => true,
        };
        if possible {
            Ok(())
        } else {
            Err(ExpressionFault::new("never-true", at.span.clone(), format!("`{left}` is never negative")))
        }
    }

    fn number_at(&self, id: Id) -> Option<i64> {
        match self.expression.parts[id as usize] {
            Part::Constant(place) => match self.expression.constants[place as usize] {
                Constant::Number(number) => Some(number),
                Constant::Text(_) | Constant::Moment(_) | Constant::Flag(_) => None,
            },
            _ => None,
        }
    }

    /// A value that is not a constant.
    fn asked(&mut self, tree: &Tree) -> Result<(Id, Type), ExpressionFault> {
        if is_constant(tree) {
            return Err(ExpressionFault::new(
                "never-true",
                tree.span.clone(),
                "a constant is asked: the answer never changes",
            )
            .suggesting("ask a field"));
        }
        self.value(tree)
    }

    fn among(&mut self, value: &Tree, list: &[Tree]) -> Result<Part, ExpressionFault> {
        let (id, kind) = self.asked(value)?;
        let mut constants = Vec::with_capacity(list.len());
        for item in list {
            if !is_constant(item) {
                return Err(ExpressionFault::new("bad-expression", item.span.clone(), "IN takes constants")
                    .suggesting("compare with a field by = and join the comparisons with OR"));
            }
            constants.push(constant(item, kind, value)?);
        }
        Ok(Part::Among { value: id, constants: self.constants(constants) })
    }

    fn between(&mut self, value: &Tree, low: &Tree, high: &Tree) -> Result<Part, ExpressionFault> {
        if is_constant(value) {
            self.asked(value)?;
        }
        let (left, lowest, kind) = self.pair(value, low)?;
        let (right, highest, _) = self.pair(value, high)?;
        if kind == Type::Flag {
            return Err(ExpressionFault::new("mixed-types", value.span.clone(), "true and false have no order"));
        }
        if self.order(lowest, highest) == Some(Ordering::Greater) {
            let span = low.span.start..high.span.end;
            return Err(ExpressionFault::new(
                "never-true",
                span,
                "nothing lies between: the first bound is above the second",
            )
            .suggesting(format!("write BETWEEN {high} AND {low}")));
        }
        let low = self.push(Part::Compare { comparison: Comparison::AtLeast, left, right: lowest });
        let high = self.push(Part::Compare { comparison: Comparison::AtMost, left: right, right: highest });
        let start = self.expression.members.len() as u32;
        self.expression.members.extend([low, high]);
        Ok(Part::And(start..start + 2))
    }

    /// The order of two constants of one type.
    fn order(&self, left: Id, right: Id) -> Option<Ordering> {
        let constant = |id: Id| match self.expression.parts[id as usize] {
            Part::Constant(place) => Some(&self.expression.constants[place as usize]),
            _ => None,
        };
        match (constant(left)?, constant(right)?) {
            (Constant::Number(left), Constant::Number(right)) => Some(left.cmp(right)),
            (Constant::Moment(left), Constant::Moment(right)) => Some(left.day.cmp(&right.day)),
            (Constant::Text(left), Constant::Text(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    fn state(&mut self, value: &Tree, state: AskedState) -> Result<Part, ExpressionFault> {
        if state == AskedState::Unknown {
            return Ok(Part::IsUnknown(self.condition(value)?));
        }
        let Node::Name(name) = &value.kind else {
            return Err(ExpressionFault::new(
                "mixed-types",
                value.span.clone(),
                "only a field can be blank or unreadable",
            )
            .suggesting("a condition can be asked whether it IS UNKNOWN"));
        };
        let (source, kind) = self.source(name, value)?;
        if state == AskedState::Null {
            return Ok(Part::IsBlank(source));
        }
        let listed_text = source.field() == Some(Field::Payer);
        if source.field().is_none() || (kind == Type::Text && !listed_text) {
            let message = format!(
                "`{name}` is never unreadable: {}",
                if source.field().is_none() { "it is derived" } else { "any text is a value of it" }
            );
            return Err(
                ExpressionFault::new("never-true", value.span.clone(), message).suggesting("ask whether it IS NULL")
            );
        }
        Ok(Part::IsUnreadable(source))
    }

    fn sum(&mut self, minus: bool, left: &Tree, right: &Tree, whole: &Tree) -> Result<(Id, Type), ExpressionFault> {
        let (left_id, left_kind, right_id, right_kind) = if is_constant(left) && !is_constant(right) {
            let (right_id, right_kind) = self.value(right)?;
            let (left_id, left_kind) = self.summand(left, right_kind, right)?;
            (left_id, left_kind, right_id, right_kind)
        } else {
            let (left_id, left_kind) = self.value(left)?;
            let (right_id, right_kind) =
                if is_constant(right) { self.summand(right, left_kind, left)? } else { self.value(right)? };
            (left_id, left_kind, right_id, right_kind)
        };
        let (part, kind) = match (left_kind, right_kind) {
            (Type::Number, Type::Number) | (Type::Money, Type::Money) => {
                (Part::Sum { minus, left: left_id, right: right_id }, left_kind)
            }
            (left, right) if minus && left.is_day() && right.is_day() => {
                (Part::DaysBetween { left: left_id, right: right_id }, Type::Number)
            }
            (left, Type::Number) if left.is_day() => (Part::Shift { minus, day: left_id, days: right_id }, Type::Date),
            (Type::Number, right) if !minus && right.is_day() => {
                (Part::Shift { minus, day: right_id, days: left_id }, Type::Date)
            }
            _ => {
                let (sign, joined) = if minus { ("taken from", "-") } else { ("added to", "+") };
                let message = format!("{} cannot be {sign} {}", right_kind.name(), left_kind.name());
                let fault = ExpressionFault::new("mixed-types", whole.span.clone(), message);
                return Err(fault.suggesting(format!(
                    "`{joined}` joins two numbers, two amounts, a date and days{}",
                    if minus { ", or two dates" } else { "" }
                )));
            }
        };
        Ok((self.push(part), kind))
    }

    /// A constant of a sum: a text beside a date is a date, a number beside an amount is an amount.
    fn summand(&mut self, tree: &Tree, beside: Type, of: &Tree) -> Result<(Id, Type), ExpressionFault> {
        let kind = match (&tree.kind, beside) {
            (Node::Text(_), beside) if beside.is_day() => Type::Date,
            (Node::Number(_), Type::Money) => Type::Money,
            (Node::Number(_), Type::Number) => Type::Number,
            _ => return self.value(tree),
        };
        let constant = constant(tree, kind, of)?;
        Ok((self.constant(constant), kind))
    }

    /// A condition on what hangs on the encounter; the fields of the encounter stay visible in it.
    fn asked_of(
        &mut self,
        children: Children,
        condition: Option<&Tree>,
        whole: &Tree,
    ) -> Result<Option<Id>, ExpressionFault> {
        if self.asked_of_children {
            return Err(ExpressionFault::new(
                "bad-expression",
                whole.span.clone(),
                "any, all and count cannot stand in one another",
            )
            .suggesting(
                "join them with AND or OR, or ask the rule of each diagnosis, procedure or document (`level`)",
            ));
        }
        let Some(condition) = condition else { return Ok(None) };
        let outside = self.inside.replace(children);
        self.asked_of_children = true;
        let checked = self.condition(condition);
        (self.inside, self.asked_of_children) = (outside, false);
        checked.map(Some)
    }

    fn text_argument(
        &mut self,
        function: Function,
        arguments: &[Tree],
        count: usize,
        whole: &Tree,
    ) -> Result<(Id, Type), ExpressionFault> {
        let name = function.name();
        if arguments.len() != count {
            let form = if count == 1 { format!("{name}(field)") } else { format!("{name}(field, 'text')") };
            let message = format!("`{name}` takes {count} argument{}", if count == 1 { "" } else { "s" });
            return Err(
                ExpressionFault::new("bad-expression", whole.span.clone(), message).suggesting(format!("write {form}"))
            );
        }
        let (value, kind) = self.asked(&arguments[0])?;
        if !kind.is_text() {
            let message = format!("`{name}` asks a text, `{}` is {}", arguments[0], kind.name());
            return Err(ExpressionFault::new("mixed-types", arguments[0].span.clone(), message));
        }
        Ok((value, kind))
    }

    fn text_question(&mut self, function: Function, arguments: &[Tree], whole: &Tree) -> Result<Part, ExpressionFault> {
        let (value, kind) = self.text_argument(function, arguments, 2, whole)?;
        let wanted = &arguments[1];
        let Node::Text(text) = &wanted.kind else {
            let message = format!("`{}` takes a text in quotes here", function.name());
            return Err(ExpressionFault::new("mixed-types", wanted.span.clone(), message));
        };
        if text.is_empty() {
            return Err(ExpressionFault::new("never-true", wanted.span.clone(), "every text has the empty text in it"));
        }
        if function == Function::Matches {
            self.expression.patterns.push(pattern(text, wanted)?);
            return Ok(Part::Matches { value, pattern: (self.expression.patterns.len() - 1) as u32 });
        }
        let text = if kind == Type::Code { comparable_code(text) } else { text.clone() };
        let constant = self.constants([Constant::Text(text)]).start;
        Ok(match function {
            Function::StartsWith => Part::StartsWith { value, constant },
            _ => Part::EndsWith { value, constant },
        })
    }
}

fn no_condition(tree: &Tree, kind: Type) -> ExpressionFault {
    ExpressionFault::new("mixed-types", tree.span.clone(), format!("`{tree}` is {}, not a condition", kind.name()))
        .suggesting("compare it with something")
}

/// Patterns speak of bytes and of ASCII: `\d`, `\w` and `(?i)` mean the same on every build, and a pattern takes time linear in the text.
fn pattern(text: &str, wanted: &Tree) -> Result<Regex, ExpressionFault> {
    let built = RegexBuilder::new(text).unicode(false).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).build();
    built.map_err(|error| {
        let message = match &error {
            regex::Error::CompiledTooBig(_) => format!("the pattern needs more than {PATTERN_SIZE} bytes"),
            // The last line of a syntax error says what is wrong; those above show the pattern again.
            other => {
                let words = other.to_string();
                let last = words.lines().last().unwrap_or_default();
                format!("the pattern is not understood: {}", last.trim_start_matches("error: "))
            }
        };
        ExpressionFault::new("bad-pattern", wanted.span.clone(), message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sound_conditions_compile() {
        for text in [
            "discharge_date - admission_date > 30",
            "admission_date + 30 < discharge_date",
            "discharge_date > DATE '2026-10-01' AND birth_date <> '2026-10-01'",
            "total_charges BETWEEN 0.01 AND 1000000",
            "total_charges - 100 > 5.5",
            "sex IN ('F', 'U') AND NOT death_flag",
            "death_flag = TRUE OR death_flag IS NULL",
            "length(zip_code) <> 5 AND starts_with(admitting_diagnosis, 'o80.')",
            "any(diagnosis WHERE code = 'E11.9' AND position > 1 AND present_on_admission = 'N' AND sex = 'F')",
            "all(procedure, date BETWEEN admission_date AND discharge_date)",
            "count(diagnosis, starts_with(code, 'S')) >= 2",
            "count(diagnosis) > count(procedure)",
            "any(document WHERE type = 'discharge_summary' AND signed_at IS NULL)",
            "(age_years > 18 AND length_of_stay < 2) IS NOT UNKNOWN",
            "matches(zip_code, '^198[0-9]{2}') AND payer IS UNREADABLE",
            "discharge_date BETWEEN period_start AND period_end AND discharge_date <= business_date",
            "'F' = sex",
        ] {
            if let Err(fault) = compile(text, None) {
                panic!("{text}: {fault:?}");
            }
        }
        assert!(compile("code = 'I10' AND any(procedure WHERE date IS NULL)", Some(Children::Diagnosis)).is_ok());
    }

    #[test]
    fn what_cannot_be_meant_is_a_fault_at_its_place() {
        for (text, code, at) in [
            ("admision_date IS NULL", "unknown-field", "admision_date"),
            ("sex = 'F' AND code = 'I10'", "unknown-field", "code"),
            ("diagnosis_code = 'I10'", "unknown-field", "diagnosis_code"),
            ("any(diagnosis WHERE procedure_code = 'X')", "unknown-field", "procedure_code"),
            ("discharge_date > '10/11/2026'", "ambiguous-date", "'10/11/2026'"),
            ("discharge_date > DATE '2026-02-30'", "bad-date", "DATE '2026-02-30'"),
            ("age = '65'", "mixed-types", "'65'"),
            ("zip_code = 19801", "mixed-types", "19801"),
            ("age > 1.5", "mixed-types", "1.5"),
            ("total_charges > 1.005", "mixed-types", "1.005"),
            ("age = admission_date", "mixed-types", "admission_date"),
            ("age = total_charges", "mixed-types", "total_charges"),
            ("admission_date + discharge_date > 3", "mixed-types", "admission_date + discharge_date"),
            ("sex", "mixed-types", "sex"),
            ("age + 1", "mixed-types", "age + 1"),
            ("NOT age", "mixed-types", "age"),
            ("(age > 5) = sex", "mixed-types", "(age > 5)"),
            ("death_flag > FALSE", "mixed-types", "death_flag > FALSE"),
            ("length(age) > 2", "mixed-types", "age"),
            ("starts_with(sex)", "bad-expression", "starts_with(sex)"),
            ("starts_with(zip_code, state)", "mixed-types", "state"),
            ("matches(zip_code, '(')", "bad-pattern", "'('"),
            ("matches(zip_code, '(a{1000}){1000}')", "bad-pattern", "'(a{1000}){1000}'"),
            ("sex = 'X'", "never-true", "'X'"),
            ("discharge_status IN ('01', '1')", "never-true", "'1'"),
            ("zip_code = ''", "never-true", "''"),
            ("1 = 1", "never-true", "1 = 1"),
            ("age = age", "never-true", "age = age"),
            ("age BETWEEN 10 AND 5", "never-true", "10 AND 5"),
            ("count(diagnosis) < 0", "never-true", "0"),
            ("zip_code IS UNREADABLE", "never-true", "zip_code"),
            ("sex IN (state)", "bad-expression", "state"),
            ("all(diagnosis)", "bad-expression", "all(diagnosis)"),
            ("any(diagnosis WHERE any(procedure))", "bad-expression", "any(procedure)"),
            ("(age > 5) IS NULL", "mixed-types", "(age > 5)"),
        ] {
            let faults = compile(text, None).map(|_| ()).expect_err(text);
            let [fault] = faults.as_slice() else { panic!("{text}: {faults:?}") };
            assert_eq!((fault.code, &text[fault.span.clone()]), (code, at), "{text}: {}", fault.message);
        }
    }

    #[test]
    fn a_name_that_is_nearly_a_field_is_suggested() {
        let faults = compile("any(diagnosis WHERE present_on_admision = 'Y')", None).map(|_| ()).expect_err("fault");
        assert_eq!(faults[0].suggestion.as_deref(), Some("did you mean `present_on_admission`?"));
    }

    #[test]
    fn every_unknown_field_is_told_at_once_and_words_of_the_field_are_understood() {
        let text = "gender = 'F' AND los > 5 OR any(procedure WHERE date IS NULL AND surgon = 'X') AND NOT mrn IS NULL";
        let faults = compile(text, None).map(|_| ()).expect_err("faults");
        let told: Vec<(&str, Option<&str>)> =
            faults.iter().map(|fault| (&text[fault.span.clone()], fault.suggestion.as_deref())).collect();
        assert_eq!(told[0], ("gender", Some("did you mean `sex`?")));
        assert_eq!(told[1], ("los", Some("did you mean `length_of_stay`?")));
        assert_eq!(told[2].0, "surgon");
        assert_eq!(told[3], ("mrn", Some("did you mean `medical_record_number`?")));
        assert_eq!(told.len(), 4);
    }
}
