//! Clinicians with open deficiencies: the level that each has reached, who is on the suspension list, who is excused, and who gets a letter tonight.
//!
//! Pure: what the nights before left, the absences and the day are arguments. Where the document index did not come or could not be used (`held`), nobody is raised to
//! a level, suspended or written to, and nobody is reinstated either: what is missing may only not have been told.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{
    examine::Deficiency,
    letter::Letter,
    levels::{AgeFrom, ClinicianLevel, LevelSettings},
};
use crate::{partition::registers::absences::Absences, record::date::Day};

/// What became of a clinician on a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClinicianEvent {
    /// Reached this level, or fell back to it.
    Level(String),
    /// Has reached no level any more.
    NoLevel,
    /// Is on the suspension list from then on.
    Suspended,
    /// Is off it from then on.
    Reinstated,
    /// Got a letter of this level.
    Letter(String),
}

impl fmt::Display for ClinicianEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClinicianEvent::Level(name) => write!(formatter, "level {name}"),
            ClinicianEvent::NoLevel => write!(formatter, "no level"),
            ClinicianEvent::Suspended => write!(formatter, "suspended"),
            ClinicianEvent::Reinstated => write!(formatter, "reinstated"),
            ClinicianEvent::Letter(name) => write!(formatter, "letter {name}"),
        }
    }
}

/// The events of one clinician with their days, in the order of nights: `2026-10-12 level first notice; 2026-10-12 letter first notice`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClinicianHistory(pub Vec<(Day, ClinicianEvent)>);

impl fmt::Display for ClinicianHistory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (day, event)) in self.0.iter().enumerate() {
            let before = if place == 0 { "" } else { "; " };
            write!(formatter, "{before}{day} {event}")?;
        }
        Ok(())
    }
}

impl ClinicianHistory {
    /// The history of a text; events that this program does not write are left out.
    pub fn read(text: &str) -> ClinicianHistory {
        let event = |text: &str| {
            let (day, event) = text.split_once(' ')?;
            let event = match event {
                "no level" => ClinicianEvent::NoLevel,
                "suspended" => ClinicianEvent::Suspended,
                "reinstated" => ClinicianEvent::Reinstated,
                other => match other.split_once(' ')? {
                    ("level", name) => ClinicianEvent::Level(name.to_owned()),
                    ("letter", name) => ClinicianEvent::Letter(name.to_owned()),
                    _ => return None,
                },
            };
            Some((Day::from_iso(day)?, event))
        };
        ClinicianHistory(text.split("; ").filter_map(event).collect())
    }

    /// Those before a day.
    pub fn before(mut self, day: Day) -> ClinicianHistory {
        self.0.retain(|(own, _)| *own < day);
        self
    }

    fn level(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|(_, event)| match event {
            ClinicianEvent::Level(name) => Some(Some(name.as_str())),
            ClinicianEvent::NoLevel => Some(None),
            _ => None,
        })?
    }

    fn suspended_since(&self) -> Option<Day> {
        self.0.iter().rev().find_map(|(day, event)| match event {
            ClinicianEvent::Suspended => Some(Some(*day)),
            ClinicianEvent::Reinstated => Some(None),
            _ => None,
        })?
    }
}

/// An open deficiency, with the night on which it was found first.
#[derive(Debug, Clone)]
pub struct OpenDeficiency {
    /// The deficiency.
    pub deficiency: Deficiency,
    /// The night on which it was found first; without a store this one.
    pub first_seen: Day,
}

impl OpenDeficiency {
    /// The day from which on it is at a level.
    fn reaches(&self, level: &ClinicianLevel) -> Option<Day> {
        let from = match level.from {
            AgeFrom::Discharge => self.deficiency.discharged,
            AgeFrom::Due => self.deficiency.due?,
            AgeFrom::FirstSeen => self.first_seen,
        };
        Some(Day(from.0 + level.after_days + 1))
    }
}

/// The open deficiencies of a run by clinician.
#[derive(Debug, Clone)]
pub struct Clinicians {
    tonight: Day,
    open: BTreeMap<String, Vec<OpenDeficiency>>,
}

/// How a clinician stands on a night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicianStanding {
    /// The clinician.
    pub clinician: String,
    /// Name of the level; empty where none is reached.
    pub level: String,
    /// Incomplete records.
    pub records: u64,
    /// Open deficiencies.
    pub deficiencies: u64,
    /// Of the records, delinquent ones.
    pub delinquent: u64,
    /// Days since the discharge of the oldest.
    pub oldest_days: i32,
    /// On the suspension list since; `None`: not on it.
    pub suspended_since: Option<Day>,
    /// Excused through this day.
    pub excused_through: Option<Day>,
    /// The letter of tonight.
    pub letter: Option<Letter>,
    /// What became of the clinician tonight.
    pub events: Vec<ClinicianEvent>,
}

/// The night that clinicians are looked at on.
#[derive(Debug, Clone, Copy)]
pub struct ClinicianNight<'n> {
    /// The business date.
    pub today: Day,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
    /// Whether the document index did not come, or could not be used.
    pub held: bool,
    /// Whether letters are made.
    pub letters: bool,
    /// Whether what became of clinicians on earlier nights is known.
    pub remembers: bool,
    /// The hospital, as letters name it.
    pub organization: &'n str,
}

impl Clinicians {
    /// None yet, on the night of a day.
    pub fn on(tonight: Day) -> Clinicians {
        Clinicians { tonight, open: BTreeMap::new() }
    }

    /// Takes an open deficiency. `first_seen`: the night on which it was found first; `None` where that is not known.
    pub fn add(&mut self, deficiency: &Deficiency, first_seen: Option<Day>) {
        let first_seen = first_seen.unwrap_or(self.tonight);
        let own = self.open.entry(deficiency.clinician.clone()).or_default();
        own.push(OpenDeficiency { deficiency: deficiency.clone(), first_seen });
    }

    /// Every clinician with an open deficiency, or with a history, in the order of names. `before`: what became of each on the nights before this one.
    pub fn standings(
        &self,
        settings: &LevelSettings,
        absences: &Absences,
        before: &BTreeMap<String, ClinicianHistory>,
        night: &ClinicianNight<'_>,
    ) -> Vec<ClinicianStanding> {
        let names: BTreeSet<&String> = self.open.keys().chain(before.keys()).collect();
        let nothing = ClinicianHistory::default();
        names
            .into_iter()
            .map(|name| {
                let open = self.open.get(name).map_or(&[][..], Vec::as_slice);
                standing(name, open, (settings, absences), before.get(name).unwrap_or(&nothing), night)
            })
            .filter(|standing| {
                standing.deficiencies > 0 || !standing.events.is_empty() || standing.suspended_since.is_some()
            })
            .collect()
    }
}

fn standing(
    clinician: &str,
    open: &[OpenDeficiency],
    (settings, absences): (&LevelSettings, &Absences),
    before: &ClinicianHistory,
    night: &ClinicianNight<'_>,
) -> ClinicianStanding {
    let levels = &settings.levels;
    let has_reached =
        |level: &ClinicianLevel| open.iter().any(|own| own.reaches(level).is_some_and(|day| day <= night.today));
    // Nobody is written to whom nothing names.
    let reached = levels
        .iter()
        .rposition(|level| !clinician.is_empty() && has_reached(level))
        .map(|reached| with_warning(reached, settings, before, night));
    let level_before = before.level().and_then(|name| levels.iter().position(|level| level.name == name));
    let excused_through = excused_through(clinician, open, settings, absences, night);
    let level = match (night.held, excused_through) {
        // Nothing is taken back on the word of an index that did not come.
        (true, _) => level_before,
        // Who is away is not raised, but falls back where records were completed.
        (false, Some(_)) => reached.zip(level_before).map(|(reached, before)| reached.min(before)),
        (false, None) => reached,
    };
    let is_suspended = level.is_some_and(|level| levels[level].suspends);
    let was_suspended = before.suspended_since();
    let name = |level: usize| levels[level].name.clone();
    let mut events = Vec::new();
    if level.map(name) != before.level().map(str::to_owned) {
        events.push(level.map_or(ClinicianEvent::NoLevel, |level| ClinicianEvent::Level(name(level))));
    }
    match (was_suspended, is_suspended) {
        (None, true) => events.push(ClinicianEvent::Suspended),
        (Some(_), false) => events.push(ClinicianEvent::Reinstated),
        _ => {}
    }
    let records: BTreeSet<_> = open.iter().map(|own| &own.deficiency.subject).collect();
    let delinquent = open.iter().filter(|own| own.deficiency.delinquent).map(|own| &own.deficiency.subject);
    let mut standing = ClinicianStanding {
        clinician: clinician.to_owned(),
        level: level.map_or_else(String::new, name),
        records: records.len() as u64,
        deficiencies: open.len() as u64,
        delinquent: delinquent.collect::<BTreeSet<_>>().len() as u64,
        oldest_days: open.iter().map(|own| own.deficiency.age_days).max().unwrap_or(0),
        suspended_since: is_suspended.then(|| was_suspended.unwrap_or(night.today)),
        excused_through,
        letter: None,
        events,
    };
    let gets_letter = night.letters && !night.held && excused_through.is_none() && !open.is_empty();
    if let Some(level) = level.filter(|level| gets_letter && levels[*level].letter) {
        standing.letter = Some(letter(&standing, open, (settings, level), before, night));
        standing.events.push(ClinicianEvent::Letter(name(level)));
    }
    standing
}

/// The first day on which a clinician may be suspended: so many days after the first letter, where a level before has one. A clinician without a letter gets it
/// first; on the night of a letter it is this one.
fn suspended_from(reached: usize, settings: &LevelSettings, before: &ClinicianHistory, tonight: Day) -> Option<Day> {
    let levels = &settings.levels;
    let has_warning = levels[..reached].iter().any(|level| !level.suspends && level.letter);
    let first = before.0.iter().find(|(_, event)| matches!(event, ClinicianEvent::Letter(_))).map(|(day, _)| *day);
    has_warning.then(|| Day(first.unwrap_or(tonight).0 + settings.suspension_notice_days))
}

/// The level that may be reached tonight.
fn with_warning(
    reached: usize,
    settings: &LevelSettings,
    before: &ClinicianHistory,
    night: &ClinicianNight<'_>,
) -> usize {
    let levels = &settings.levels;
    let is_suspended = before.suspended_since().is_some();
    let from = suspended_from(reached, settings, before, night.today);
    let milder = levels[..reached].iter().rposition(|level| !level.suspends && level.letter);
    match milder {
        Some(milder)
            if levels[reached].suspends
                && night.remembers
                && !is_suspended
                && from.is_some_and(|from| night.today < from) =>
        {
            milder
        }
        _ => reached,
    }
}

fn letter(
    standing: &ClinicianStanding,
    open: &[OpenDeficiency],
    (settings, level): (&LevelSettings, usize),
    before: &ClinicianHistory,
    night: &ClinicianNight<'_>,
) -> Letter {
    let levels = &settings.levels;
    let next = levels.get(level + 1);
    let next_day = next.and_then(|next| {
        let reached = open.iter().filter_map(|own| own.reaches(next)).min()?;
        let from =
            suspended_from(level + 1, settings, before, night.today).filter(|_| next.suspends && night.remembers);
        Some(from.map_or(reached, |from| from.max(reached)))
    });
    // A day that has passed is no deadline.
    let next_day = next_day.filter(|day| *day > night.today);
    let (lines, more) = Letter::lines_of(open.iter().map(|own| &own.deficiency));
    Letter {
        organization: night.organization.to_owned(),
        date: night.today.to_string(),
        clinician: standing.clinician.clone(),
        level: levels[level].name.clone(),
        suspends: levels[level].suspends,
        next_level: next.map_or_else(String::new, |next| next.name.clone()),
        next_date: next_day.map_or_else(String::new, |day| day.to_string()),
        records: standing.records,
        deficiencies: standing.deficiencies,
        delinquent: standing.delinquent,
        oldest_days: standing.oldest_days,
        lines,
        more,
    }
}

/// The last day on which an absence with notice excuses a clinician, where one does tonight. An absence of fewer days than the least excuses nobody, and none excuses
/// who had a delinquent record when it began (a published rule of a medical staff: Orlando Health, 2014).
fn excused_through(
    clinician: &str,
    open: &[OpenDeficiency],
    settings: &LevelSettings,
    absences: &Absences,
    night: &ClinicianNight<'_>,
) -> Option<Day> {
    let own =
        absences.of(clinician).filter(|absence| absence.last.0 - absence.first.0 + 1 >= settings.absence_minimum_days);
    let excuses = own.filter(|absence| {
        let was_delinquent =
            |own: &OpenDeficiency| own.deficiency.discharged.0 + night.delinquent_after_days < absence.first.0;
        !open.iter().any(was_delinquent)
    });
    excuses
        .map(|absence| (absence.first, Day(absence.last.0 + settings.absence_grace_days)))
        .filter(|(first, through)| *first <= night.today && night.today <= *through)
        .map(|(_, through)| through)
        .max()
}
