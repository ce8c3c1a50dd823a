//! Relative weights of diagnosis-related groups, which the case-mix index is a mean of: a file of the site's, dated, because they change with every fiscal year.

use std::collections::BTreeMap;

use crate::{
    book::csv::CsvLines,
    problem::{
        named_files::NamedFiles,
        reader::{At, Section},
    },
    record::date::Day,
};

/// Ten-thousandths in one: weights are published with four decimals.
pub const ONE: u64 = 10_000;

/// A weight while it is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DatedWeight {
    first: Option<Day>,
    last: Option<Day>,
    ten_thousandths: u32,
}

/// Weights by group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupWeights(BTreeMap<String, Vec<DatedWeight>>);

/// A group as it is compared: three digits.
fn comparable(group: &str) -> String {
    format!("{:0>3}", group.trim())
}

impl GroupWeights {
    /// The weight of a group on a day, in ten-thousandths.
    pub fn of(&self, group: &str, day: Day) -> Option<u32> {
        if group.is_empty() || self.0.is_empty() {
            return None;
        }
        let dated = self.0.get(&comparable(group))?;
        let is_in_force =
            |own: &&DatedWeight| own.first.is_none_or(|first| first <= day) && own.last.is_none_or(|last| day <= last);
        dated.iter().find(is_in_force).map(|own| own.ten_thousandths)
    }

    fn add(&mut self, group: &str, weight: DatedWeight) -> Result<(), &'static str> {
        let own = self.0.entry(comparable(group)).or_default();
        let meets = |other: &DatedWeight| {
            let begins = |one: &DatedWeight, other: &DatedWeight| match (one.first, other.last) {
                (Some(first), Some(last)) => first <= last,
                _ => true,
            };
            begins(other, &weight) && begins(&weight, other)
        };
        if own.iter().any(meets) {
            return Err("an earlier line has a weight of this group for these days");
        }
        own.push(weight);
        Ok(())
    }
}

/// A weight as it is written, such as `1.0342`, in ten-thousandths; `None` where it is none, or has more than four decimals.
fn weight_of(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_of_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 4 || part.len() > 4 || !is_of_digits(whole) || !is_of_digits(part) {
        return None;
    }
    format!("{whole}{part:0<4}").parse().ok()
}

/// Reads the file of weights: the columns `drg` and `weight`, and where weights change `first` and `last`, the days from which and through which they hold.
pub fn read_file(section: &mut Section<'_>, named: &mut NamedFiles<'_>, file: &At<String>) -> GroupWeights {
    let mut weights = GroupWeights::default();
    let path = named.folder.join(&file.value);
    let Some(text) = named.text(section, file, &path, "file of DRG weights") else { return weights };
    let lines = CsvLines::read(&text);
    let mut fault = |message: String| {
        let to_do =
            "the columns are drg, weight (1.0342), and first and last (2026-10-01) where weights change".to_owned();
        section.problem("bad-weights", file.span.clone(), message, Some(to_do));
    };
    let [drg, weight] = match lines.places(["drg", "weight"]) {
        Ok(places) => places,
        Err(missing) => {
            fault(format!("the file of DRG weights has no column {}", missing.join(", ")));
            return weights;
        }
    };
    let [first, last] = [["first"], ["last"]].map(|name| lines.places(name).ok().map(|[place]| place));
    for line in &lines.lines {
        let line = match line {
            Ok(line) => line,
            Err(unread) => {
                fault(format!("line {} of the DRG weights: {}", unread.line, unread.message));
                continue;
            }
        };
        let day = |place: Option<usize>| match place.map_or("", |place| line.value(place).trim()) {
            "" => Some(None),
            text => Day::from_iso(text).map(Some),
        };
        let group = line.value(drg).trim();
        let is_group = (1..=3).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit());
        let told = match (weight_of(line.value(weight).trim()), day(first), day(last)) {
            _ if !is_group => Err("a group has one to three digits"),
            (None, ..) => Err("a weight has at most four decimals"),
            (_, None, _) | (.., None) => Err("a day is no day"),
            (Some(ten_thousandths), Some(first), Some(last)) => {
                weights.add(group, DatedWeight { first, last, ten_thousandths })
            }
        };
        if let Err(why) = told {
            fault(format!("line {} of the DRG weights: {why}", line.number));
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_holds_in_its_days() {
        let day = |text| Day::from_iso(text).expect("a day");
        let mut weights = GroupWeights::default();
        let of = |first, last, text| DatedWeight { first, last, ten_thousandths: weight_of(text).expect("a weight") };
        let until = Some(day("2026-09-30"));
        assert_eq!(weights.add("65", of(None, until, "1.0342")), Ok(()));
        assert_eq!(weights.add("065", of(Some(day("2026-10-01")), None, "0.9")), Ok(()));
        assert!(weights.add("065", of(Some(day("2026-09-30")), until, "1")).is_err());
        assert_eq!(weights.of("065", day("2026-09-30")), Some(10_342));
        assert_eq!(weights.of("65", day("2026-10-01")), Some(9_000));
        assert_eq!((weights.of("066", day("2026-10-01")), weights.of("", day("2026-10-01"))), (None, None));
        for wrong in ["", ".5", "1,5", "-1", "1.00001", "12345", "1e3"] {
            assert_eq!(weight_of(wrong), None, "{wrong}");
        }
    }
}
