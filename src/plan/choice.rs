//! What a choice of encounters (`only`) names: a value as records have it once the layout has read them.
//!
//! Letter case says nothing where a field has a list: a standard list, yes or no, the class of an encounter, codes, or the list of values that the layout states. Other texts
//! (names, numbers, services without a list) are taken as they are written.

use crate::{
    partition::value_of::{stated_value, what_may_be_stated},
    record::{
        constant::{Choice, Constant},
        field::{Field, FieldType},
        listed,
        period::Period,
    },
    rows::slot::Slot,
};

/// What is wrong, and what may be written.
type ChoiceRefusal = (String, String);

/// What a written value chooses. `slot`: the column of the field, where the layout of the encounters has one.
///
/// # Errors
/// No record can have it.
pub fn choices_of(field: Field, text: &str, slot: Option<&Slot>) -> Result<Vec<Choice>, ChoiceRefusal> {
    let (text, name) = (text.trim(), field.name());
    if text.is_empty() {
        return Err((format!("a blank `{name}` is no value"), what_may_be_stated(field)));
    }
    if field == Field::LengthOfStay && stated_value(field, text) == Some(Constant::Number(0)) {
        return Err((
            "no stay is counted as 0 days".to_owned(),
            "a stay within one day counts as 1: write 1".to_owned(),
        ));
    }
    let list = slot.map(results_of_list).unwrap_or_default();
    let named = named_in(&list, text);
    let is_result = named.as_deref() == Some(text);
    // What the export writes may be another value once it is read.
    let read_as = slot.filter(|_| !is_result).and_then(|slot| slot.translated(text.as_bytes())).map(words);
    let value = match &named {
        Some(named) => stated_value(field, named),
        None => {
            let repaired = slot.map(|slot| words(&slot.repaired(text.as_bytes())));
            stated_value(field, repaired.as_deref().unwrap_or(text)).or_else(|| stated_value(field, text))
        }
    };
    if let Some(read_as) =
        read_as.filter(|read_as| !is_same(field, stated_value(field, read_as).as_ref(), value.as_ref()))
    {
        return Err((
            format!("the layout reads `{text}` as `{read_as}`, and `only` is held against what was read"),
            format!("write `{read_as}`, if that is meant"),
        ));
    }
    let Some(value) = value else {
        return days_of(field, text)
            .map(|days| vec![days])
            .ok_or_else(|| (format!("`{text}` is no value of `{name}`"), allowed(field, slot)));
    };
    if let Some(slot) = slot.filter(|slot| takes_its_list_alone(slot))
        && !list.iter().any(|one| is_same(field, stated_value(field, one).as_ref(), Some(&value)))
    {
        return Err((
            format!("`{text}` is none of the values that the layout lists for `{name}`"),
            allowed(field, Some(slot)),
        ));
    }
    let mut choices = vec![Choice::Value(value)];
    // A column that takes other texts as they stand may have this one too.
    if named.is_some() && !is_result && slot.is_some_and(|slot| !takes_its_list_alone(slot)) {
        choices.extend(stated_value(field, text).map(Choice::Value));
    }
    Ok(choices)
}

/// The days that a month, a quarter, a year or two days name.
fn days_of(field: Field, text: &str) -> Option<Choice> {
    let is_day = matches!(field.entry().kind, FieldType::Date | FieldType::Moment);
    let period = Period::parse(text).ok().filter(|_| is_day)?;
    Some(Choice::Days { first: period.first, last: period.last })
}

/// What the list of a column gives, each once, in their order.
fn results_of_list(slot: &Slot) -> Vec<String> {
    let mut results: Vec<String> = slot.values.values().map(|value| words(value)).collect();
    results.sort_unstable();
    results.dedup();
    results
}

/// The result that a text names: the very one, or the one that differs in letter case alone.
fn named_in(list: &[String], text: &str) -> Option<String> {
    let is_alike = |one: &&String| one.to_lowercase() == text.to_lowercase();
    let mut alike = list.iter().filter(is_alike);
    match (list.iter().find(|one| *one == text), alike.next(), alike.next()) {
        (Some(same), ..) | (None, Some(same), None) => Some(same.clone()),
        _ => None,
    }
}

/// Whether a text that is not in the list of the column is no value: so it is where the layout states the list whole. Fields of free text keep theirs all the same, but for the payer.
fn takes_its_list_alone(slot: &Slot) -> bool {
    let keeps_others =
        matches!(slot.field.entry().kind, FieldType::Text | FieldType::Code) && slot.field != Field::Payer;
    slot.only_listed && !keeps_others
}

/// Whether two values are the same to a record: the class of an encounter in either case.
fn is_same(field: Field, one: Option<&Constant>, other: Option<&Constant>) -> bool {
    match (one, other) {
        (Some(Constant::Text(one)), Some(Constant::Text(other))) if field == Field::EncounterClass => {
            one.eq_ignore_ascii_case(other)
        }
        _ => one == other,
    }
}

/// What may be written: what the layout's own list gives, or else what the field can have.
fn allowed(field: Field, slot: Option<&Slot>) -> String {
    match slot.filter(|slot| takes_its_list_alone(slot)) {
        None => what_may_be_stated(field),
        Some(slot) => {
            let (results, more) = listed::first(results_of_list(slot));
            let more = listed::more(more).map_or(String::new(), |more| format!(", {more}"));
            format!("write one of: {}{more}", results.join(", "))
        }
    }
}

fn words(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
