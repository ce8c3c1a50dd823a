//! The steps that a clinician with incomplete records is taken through: notices, warnings, suspension. Each is a line of the pipeline file; the days and the words are
//! the hospital's own (medical staff bylaws).

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    problem::{
        named_files::NamedFiles,
        reader::{At, Section},
    },
    record::date::Day,
    template::{Template, TemplateMarkup},
};

/// What the days of a level are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeFrom {
    /// Discharge.
    Discharge,
    /// The day on which the document or signature was due.
    Due,
    /// The night on which the deficiency was found first; without a store the night of the run.
    FirstSeen,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicianLevel {
    /// Its name, as letters and lists have it.
    pub name: String,
    /// A deficiency reaches it when it is older than so many days.
    pub after_days: i32,
    /// What the days are counted from.
    pub from: AgeFrom,
    /// Whether who reaches it is on the suspension list.
    pub suspends: bool,
    /// Whether who is at it gets a letter.
    pub letter: bool,
}

/// Days on which letters are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LettersOn {
    /// Every night.
    EveryNight,
    /// One day of the week, 0 for Monday.
    Weekday(i32),
}

/// What the pipeline says of clinicians.
#[derive(Debug, Clone)]
pub struct LevelSettings {
    /// The levels, the mildest first.
    pub levels: Vec<ClinicianLevel>,
    /// When letters are made.
    pub letters_on: LettersOn,
    /// Nobody is suspended before so many days after a first letter.
    pub suspension_notice_days: i32,
    /// An absence of fewer days excuses nobody.
    pub absence_minimum_days: i32,
    /// So many days after the return are excused too.
    pub absence_grace_days: i32,
    /// The letter as text and as a page.
    pub templates: [Template; 2],
}

/// One level, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Level")]
#[serde(deny_unknown_fields)]
pub struct LevelSection {
    /// Its name, as letters and lists have it.
    pub name: String,
    /// A deficiency reaches it when it is older than so many days.
    pub after_days: u32,
    /// What the days are counted from: discharge, due or first_seen. Default: discharge.
    pub from: Option<AgeFromWord>,
    /// Whether who reaches it is on the suspension list. Default: false.
    pub suspends: Option<bool>,
    /// Whether who is at it gets a letter. Default: true.
    pub letter: Option<bool>,
}

/// What the days of a level are counted from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgeFromWord {
    /// Discharge.
    Discharge,
    /// The day on which the document or signature was due.
    Due,
    /// The night on which the deficiency was found first.
    FirstSeen,
}

/// When letters are made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LettersOnWord {
    /// Every night.
    EveryNight,
    /// Mondays.
    Monday,
    /// Tuesdays.
    Tuesday,
    /// Wednesdays.
    Wednesday,
    /// Thursdays.
    Thursday,
    /// Fridays.
    Friday,
    /// Saturdays.
    Saturday,
    /// Sundays.
    Sunday,
}

const DAYS: &[(&str, LettersOn)] = &[
    ("every_night", LettersOn::EveryNight),
    ("monday", LettersOn::Weekday(0)),
    ("tuesday", LettersOn::Weekday(1)),
    ("wednesday", LettersOn::Weekday(2)),
    ("thursday", LettersOn::Weekday(3)),
    ("friday", LettersOn::Weekday(4)),
    ("saturday", LettersOn::Weekday(5)),
    ("sunday", LettersOn::Weekday(6)),
];

/// The letter that ships, as text.
const LETTER_TEXT: &str = include_str!("../../pipelines/templates/letter.txt");
/// The letter that ships, as a page.
const LETTER_PAGE: &str = include_str!("../../pipelines/templates/letter.html");

impl LettersOn {
    /// The last day up to this one on which letters are made.
    pub fn last(self, today: Day) -> Day {
        match self {
            LettersOn::EveryNight => today,
            // Day 0, 1970-01-01, was a Thursday.
            LettersOn::Weekday(weekday) => Day(today.0 - (today.0 + 3 - weekday).rem_euclid(7)),
        }
    }
}

/// Reads the keys of the section that speak of clinicians.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>) -> LevelSettings {
    let letters_on = section.word("letters_on", DAYS).map_or(LettersOn::Weekday(0), |on| on.value);
    let suspension_notice_days = section.days("suspension_notice_days").unwrap_or(7);
    let absence_minimum_days = section.days("absence_minimum_days").unwrap_or(3);
    let absence_grace_days = section.days("absence_grace_days").unwrap_or(3);
    let text = section.text("letter_text");
    let page = section.text("letter_html");
    let templates = [
        template(section, named, text, LETTER_TEXT, TemplateMarkup::Text),
        template(section, named, page, LETTER_PAGE, TemplateMarkup::Html),
    ];
    let levels: Vec<ClinicianLevel> = section.sections("level", read_level).into_iter().flatten().collect();
    let alike =
        levels.iter().enumerate().find(|(place, level)| levels[..*place].iter().any(|one| one.name == level.name));
    if let Some((_, level)) = alike {
        let span = section.value_span("level").unwrap_or_else(|| section.span.clone());
        let message = format!("two levels have the name `{}`", level.name);
        section.problem("repeated", span, message, Some("give each level a name of its own".to_owned()));
    }
    LevelSettings { levels, letters_on, suspension_notice_days, absence_minimum_days, absence_grace_days, templates }
}

fn template(
    section: &mut Section<'_>,
    named: &mut NamedFiles<'_>,
    written: Option<At<String>>,
    shipped: &str,
    markup: TemplateMarkup,
) -> Template {
    let own = written.and_then(|written| {
        let path = named.folder.join(&written.value);
        let text = named.text(section, &written, &path, "template of the letter")?;
        let template = Template { name: written.value.clone(), text, markup };
        // A letter that cannot be made is told before the night.
        if let Err(fault) = template.fill(&super::letter::Letter::sample()) {
            let to_do = "copy the template that ships (chartroom docs letters) and change its words".to_owned();
            section.problem("bad-template", written.span, fault.to_string(), Some(to_do));
        }
        Some(template)
    });
    own.unwrap_or_else(|| Template { name: "letter".to_owned(), text: shipped.to_owned(), markup })
}

fn read_level(section: &mut Section<'_>) -> Option<ClinicianLevel> {
    let name = section.required_words("name");
    let after_days = section.days("after_days");
    let words = [("discharge", AgeFrom::Discharge), ("due", AgeFrom::Due), ("first_seen", AgeFrom::FirstSeen)];
    let from = section.word("from", &words).map_or(AgeFrom::Discharge, |from| from.value);
    let suspends = section.flag("suspends").is_some_and(|flag| flag.value);
    let letter = section.flag("letter").is_none_or(|flag| flag.value);
    let name = name?;
    if name.value.contains(';') {
        section.problem("bad-name", name.span, "the name of a level has a semicolon", Some("leave it out".to_owned()));
        return None;
    }
    let Some(after_days) = after_days else {
        let span = section.span.clone();
        section.problem("missing-key", span, "`after_days` is missing", Some("write after_days = 7".to_owned()));
        return None;
    };
    Some(ClinicianLevel { name: name.value, after_days, from, suspends, letter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_made_on_their_day_of_the_week() {
        let day = |text: &str| Day::from_iso(text).expect("a day");
        // 12 October 2026 was a Monday.
        let last = |today: &str| LettersOn::Weekday(0).last(day(today)).to_string();
        assert_eq!(last("2026-10-12"), "2026-10-12");
        assert_eq!(last("2026-10-18"), "2026-10-12");
        assert_eq!(last("2026-10-11"), "2026-10-05");
        assert_eq!(LettersOn::EveryNight.last(day("2026-10-18")), day("2026-10-18"));
    }
}
