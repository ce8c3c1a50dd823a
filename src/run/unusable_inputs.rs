//! What a run could not use or not read whole of its inputs, in words.

use std::collections::BTreeMap;

use crate::record::{
    account::{InputAccount, UnreadPart, grouped},
    listed::{self, some_of},
    shown::shown,
};

/// The inputs that could not be used, each fault once: with the first of the inputs that share it, and how many they are.
pub fn faults(inputs: &[InputAccount]) -> Vec<String> {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for input in inputs.iter().filter(|input| !input.fault.is_empty() && input.missing.is_empty()) {
        let place = *places.entry(&input.fault).or_insert(told.len());
        if place == told.len() {
            told.push((&input.fault, Vec::new()));
        }
        told[place].1.push(input.label());
    }
    told.into_iter()
        .map(|(fault, sharing)| match sharing.as_slice() {
            [input] => shown(&format!("{input} {fault}")).into_owned(),
            many => {
                let words = format!("{} files, each {fault}: {}", grouped(many.len() as u64), some_of(many));
                shown(&words).into_owned()
            }
        })
        .collect()
}

/// What to do about inputs that could not be used.
pub const TO_DO_FOR_UNUSABLE: &str =
    "what could not be used is left out of what is published; get it again, or correct its layout, and run again";

/// Why inputs could not be used, each with its name and reason, the first hundred; nothing where all could.
pub fn reasons(inputs: &[InputAccount]) -> Vec<String> {
    let without = inputs.iter().filter(|input| input.is_unusable() && input.fault.is_empty());
    let mut why = faults(inputs);
    why.extend(
        without.map(|input| shown(&format!("{}: {}", input.label(), input.without_readable_row())).into_owned()),
    );
    listed::lines(why)
}

/// The reasons, and what to do.
pub fn why_unusable(inputs: &[InputAccount]) -> Vec<String> {
    let why = reasons(inputs);
    let to_do = (!why.is_empty()).then(|| TO_DO_FOR_UNUSABLE.to_owned());
    // The last line is read where there are many.
    why.into_iter().chain(to_do).collect()
}

/// What the file of an input holds and no feed reads, in words.
pub fn parts_not_read(input: &InputAccount) -> impl Iterator<Item = String> {
    [
        ("rows not read", UnreadPart::list(input.unread_unasked())),
        ("left out by choice", UnreadPart::list(input.unread_by_choice())),
    ]
    .into_iter()
    .filter(|(_, unread)| !unread.is_empty())
    .map(|(words, unread)| format!("{words}: {}: {unread}", input.file))
}

/// Why tables are not whole: the inputs that were not used, and the feeds of which a file did not come.
pub fn why_not_whole<'i>(inputs: impl Iterator<Item = &'i InputAccount>) -> String {
    let (missing, unusable): (Vec<_>, Vec<_>) =
        inputs.filter(|input| !input.fault.is_empty()).partition(|input| !input.missing.is_empty());
    let unusable: Vec<String> = unusable.into_iter().map(InputAccount::label).collect();
    let were = if unusable.len() == 1 { "was" } else { "were" };
    let unusable = (!unusable.is_empty()).then(|| format!("{} {were} not used", some_of(&unusable)));
    let missing = missing.iter().map(|input| format!("the file of {} did not come", input.feed));
    unusable.into_iter().chain(missing).collect::<Vec<_>>().join("; ")
}
