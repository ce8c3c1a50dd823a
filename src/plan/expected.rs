//! When a file of a feed is due: `required`, `expect`, `due_after_days` and the calendar of `holidays`.

use crate::{
    fs::path::shown,
    problem::{named_files::NamedFiles, reader::Section},
    record::date::Day,
};

/// When a file of a feed is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// There may be none: `required = false`.
    Never,
    /// Whenever a file of encounters came: nothing is stated.
    WithOthers,
    /// In every run: `required = true`.
    Always,
    /// So many new files in every run: `expect = 3`.
    Files(u64),
    /// A new file every day: `expect = "daily"`.
    Daily,
    /// A new file every day but Saturdays, Sundays and holidays: `expect = "working_days"`.
    WorkingDays {
        /// The holidays, in order.
        holidays: Vec<Day>,
    },
}

/// What is expected of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// When a file is due.
    pub due: Due,
    /// The file of a day is due in the run of so many days later.
    pub after_days: i32,
}

impl Expected {
    /// Nothing is due.
    pub fn nothing() -> Expected {
        Expected { due: Due::Never, after_days: 0 }
    }

    /// Files that are due in the run of a business date, and the expectation in words. `others_came`: a file of encounters came.
    pub fn due_on(&self, business_date: Day, others_came: bool) -> (u64, String) {
        let day = Day(business_date.0 - self.after_days);
        let of_day = if self.after_days == 0 { String::new() } else { format!(", now that of {day}") };
        match &self.due {
            Due::Never => (0, String::new()),
            Due::WithOthers => (u64::from(others_came), "a file is due when others come".to_owned()),
            Due::Always => (1, "a file is due in every run".to_owned()),
            Due::Files(count) => (*count, format!("{count} new files are due in every run")),
            Due::Daily => (1, format!("a new file is due every day{of_day}")),
            Due::WorkingDays { holidays } => {
                let works = !day.is_weekend() && holidays.binary_search(&day).is_err();
                (u64::from(works), format!("a new file is due every working day{of_day}"))
            }
        }
    }

    /// Whether files count that an earlier business date has taken.
    pub fn counts_old_files(&self) -> bool {
        matches!(self.due, Due::Never | Due::WithOthers | Due::Always)
    }
}

/// Reads what a section says of when its files are due.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>) -> Expected {
    const MOST_DAYS: i64 = 31;
    let required = section.flag("required");
    let expect = section.text_or_number("expect");
    let after_days = section.number("due_after_days", 0..=MOST_DAYS);
    let calendar = section.text("holidays");
    if let (Some(required), Some(_)) = (&required, &expect) {
        let suggestion = "keep `expect`, which says when a file is due".to_owned();
        section.problem(
            "contradiction",
            required.span.clone(),
            "`required` and `expect` are both stated",
            Some(suggestion),
        );
    }
    let mut due = match required.map(|required| required.value) {
        None => Due::WithOthers,
        Some(true) => Due::Always,
        Some(false) => Due::Never,
    };
    if let Some(expect) = &expect {
        due = match (expect.value.as_str(), expect.value.replace('_', "").parse::<u64>()) {
            ("daily", _) => Due::Daily,
            ("working_days", _) => Due::WorkingDays { holidays: Vec::new() },
            (_, Ok(count)) if (1..=10_000).contains(&count) => Due::Files(count),
            _ => {
                let suggestion =
                    "write \"daily\", \"working_days\", or the number of files that each run should find".to_owned();
                section.problem(
                    "unknown-word",
                    expect.span.clone(),
                    format!("`{}` is no value of `expect`", expect.value),
                    Some(suggestion),
                );
                due
            }
        };
    }
    if let Some(calendar) = &calendar {
        let path = named.folder.join(&calendar.value);
        match &mut due {
            Due::WorkingDays { holidays } => {
                if let Some(text) = named.text(section, calendar, &path, "calendar of holidays") {
                    *holidays = read_holidays(section, &shown(&path), &text);
                }
            }
            _ => section.problem(
                "contradiction",
                calendar.span.clone(),
                "holidays are stated, but no file is expected on working days",
                Some("write expect = \"working_days\", or leave `holidays` out".to_owned()),
            ),
        }
    }
    if let Some(days) = &after_days
        && !matches!(due, Due::Daily | Due::WorkingDays { .. })
    {
        let suggestion = "write expect = \"daily\" or \"working_days\", or leave `due_after_days` out".to_owned();
        section.problem(
            "contradiction",
            days.span.clone(),
            "`due_after_days` is stated, but no file is expected by the day",
            Some(suggestion),
        );
    }
    Expected { due, after_days: after_days.map_or(0, |days| days.value as i32) }
}

/// A calendar: a day a line, `YYYY-MM-DD`, what it is called after a comma or a blank. Lines that begin with `#`, blank lines and a heading say nothing.
fn read_holidays(section: &mut Section<'_>, path: &str, text: &str) -> Vec<Day> {
    let mut holidays = Vec::new();
    let mut wrong = Vec::new();
    let mut at = 0;
    let mut first = true;
    for line in text.split_inclusive('\n') {
        let span = at..at + line.trim_end().len();
        at += line.len();
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let cell = line.split([',', ';', ' ', '\t']).next().unwrap_or_default().trim_matches('"');
        match Day::from_iso(cell) {
            Some(day) => holidays.push(day),
            None if first && !line.starts_with(|letter: char| letter.is_ascii_digit()) => {}
            None => wrong.push(span),
        }
        first = false;
    }
    // A heading without a day below it is no calendar; an empty file is one without holidays.
    if holidays.is_empty() && !first {
        section.problems().add_other_file(path, "calendar of holidays", text);
    } else if !wrong.is_empty() {
        section.problems().source(path, text);
        for span in wrong {
            let message = "the line does not begin with a day, YYYY-MM-DD";
            section.problems().add("bad-calendar", path, Some(span), message, None);
        }
    }
    holidays.sort_unstable();
    holidays.dedup();
    holidays
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    #[test]
    fn a_file_is_due_on_working_days_alone_and_so_many_days_later() {
        // 2026-11-26 is a Thursday, and Thanksgiving Day.
        let holidays = vec![day("2026-11-26")];
        let due = |after_days, on: &str| {
            Expected { due: Due::WorkingDays { holidays: holidays.clone() }, after_days }.due_on(day(on), false).0
        };
        let of_week = |after_days| {
            [
                "2026-11-23",
                "2026-11-24",
                "2026-11-25",
                "2026-11-26",
                "2026-11-27",
                "2026-11-28",
                "2026-11-29",
                "2026-11-30",
            ]
            .map(|on| due(after_days, on))
        };
        assert_eq!(of_week(0), [1, 1, 1, 0, 1, 0, 0, 1]);
        // The file of a day comes in the night after it: the run of Saturday has Friday's.
        assert_eq!(of_week(1), [0, 1, 1, 1, 0, 1, 0, 0]);
    }

    #[test]
    fn what_is_not_stated_is_due_when_others_come() {
        let of = |due, others| Expected { due, after_days: 0 }.due_on(day("2026-11-28"), others).0;
        assert_eq!((of(Due::WithOthers, true), of(Due::WithOthers, false)), (1, 0));
        assert_eq!((of(Due::Never, true), of(Due::Always, false), of(Due::Files(3), false)), (0, 1, 3));
        assert_eq!(of(Due::Daily, false), 1);
    }
}
