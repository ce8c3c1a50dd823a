//! The morning page: what a night came to, on one screen, as text and as a page. It answers in this order: did it run and how did it end, what to do first, what did not
//! come, what is new, what was corrected, who became delinquent, what is due today. A line that has nothing to say is not there; each names its worklist.
//!
//! It holds counts, names of files and names of worklists, and no patient's data.

mod first;
mod lines;

use first::to_do;
use lines::lines;

use crate::{
    book::{
        html,
        sheet::{Book, Sheet},
        table::{Table, column},
        value::CellValue,
    },
    plan::Plan,
    record::{date::Day, shown::shown},
    run::pipeline::Done,
};

/// Things of one kind that the page names; of more it says how many.
const MOST_NAMED: usize = 5;

/// One line of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MorningLine {
    /// What it is about.
    pub label: &'static str,
    /// What it says.
    pub words: String,
    /// Where to look: a worklist or list of the output, or a command; empty where there is nothing more.
    pub look: &'static str,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MorningPage {
    /// Title of the pipeline.
    pub title: String,
    /// The business date.
    pub business_date: Day,
    /// How the night ended, in one sentence.
    pub ending: String,
    /// What to do first, in order.
    pub to_do: Vec<MorningLine>,
    /// What else there is.
    pub lines: Vec<MorningLine>,
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day in words: `Tuesday 6 October 2026`.
pub fn day_in_words(day: Day) -> String {
    let (year, month, of_month) = day.ymd();
    // Day 0, 1970-01-01, was a Thursday.
    let weekday = DAYS[(day.0 + 3).rem_euclid(7) as usize];
    let month = MONTHS.get(month as usize - 1).copied().unwrap_or_default();
    format!("{weekday} {of_month} {month} {year}")
}

/// Why a run ended as it did, in words; of exit 0 nothing.
fn why(exit: u8) -> &'static str {
    match exit {
        0 => "",
        1 => "findings reached fail_on or fail_on_new",
        2 => "the pipeline file or the command is wrong",
        65 => "an input could not be used",
        66 => "a file that is due did not come",
        70 => "a fault of the program",
        74 => "a file or folder could not be read or written",
        75 => "another run is at work",
        130 | 143 => "it was interrupted",
        _ => "it did not come to its end",
    }
}

impl MorningPage {
    /// The page of a run that was published.
    pub fn of(plan: &Plan, done: &Done, exit: u8) -> MorningPage {
        let results = &done.results;
        let to_do = to_do(plan, done);
        let lines = lines(done);
        let things = match to_do.len() {
            0 => "nothing to look at first".to_owned(),
            1 => "1 thing to look at first".to_owned(),
            many => format!("{many} things to look at first"),
        };
        let why = if exit == 0 { "exit 0".to_owned() } else { format!("exit {exit}: {}", why(exit)) };
        let ending = format!("finished with {things} ({why})");
        let business_date = Day::from_iso(&results.business_date).unwrap_or(Day(0));
        MorningPage { title: plan.title.clone(), business_date, ending, to_do, lines }
    }

    /// The page of a run that published nothing. `fault`: what it said.
    pub fn of_fault(title: &str, business_date: Day, exit: u8, fault: &str) -> MorningPage {
        let first = fault.lines().take(MOST_NAMED).collect::<Vec<_>>().join("; ");
        let look = match exit {
            2 => "chartroom check",
            _ => "chartroom doctor",
        };
        MorningPage {
            title: title.to_owned(),
            business_date,
            ending: format!("nothing was published (exit {exit}: {})", why(exit)),
            to_do: vec![MorningLine { label: "Look first", words: first, look }],
            lines: vec![MorningLine {
                label: "Until then",
                words: "the last output and its worklists stand as they were".to_owned(),
                look: "",
            }],
        }
    }

    /// The page of a night on which nothing came and nothing was due.
    pub fn of_nothing(title: &str, business_date: Day) -> MorningPage {
        MorningPage {
            title: title.to_owned(),
            business_date,
            ending: "nothing new came, and nothing was due (exit 0)".to_owned(),
            to_do: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// The page as text: at most 110 characters to a line, but for names that are longer.
    pub fn text(&self) -> String {
        let mut text = format!("{}, {}: {}\n", self.title, day_in_words(self.business_date), self.ending);
        let labels = self.to_do.iter().chain(&self.lines).map(|line| line.label.len() + 3);
        let width = labels.max().unwrap_or(0).max(16);
        let mut write = |label: String, line: &MorningLine| {
            text.push_str(&wrapped(&label, &line.words, line.look, width));
        };
        for (place, line) in self.to_do.iter().enumerate() {
            if place == 0 {
                write(String::new(), &MorningLine { label: "", words: String::new(), look: "" });
            }
            write(format!("{}  {}", place + 1, line.label), line);
        }
        for (place, line) in self.lines.iter().enumerate() {
            if place == 0 {
                write(String::new(), &MorningLine { label: "", words: String::new(), look: "" });
            }
            write(line.label.to_owned(), line);
        }
        text.lines().map(|line| shown(line).into_owned() + "\n").collect()
    }

    /// The page as one file of HTML.
    pub fn html(&self) -> String {
        let rows = |lines: &[MorningLine], numbered: bool| -> Vec<Vec<CellValue>> {
            let row = |(place, line): (usize, &MorningLine)| {
                let label = if numbered { format!("{}. {}", place + 1, line.label) } else { line.label.to_owned() };
                vec![CellValue::text(label), CellValue::text(line.words.as_str()), CellValue::code(line.look)]
            };
            lines.iter().enumerate().map(row).collect()
        };
        let table = |name: &str, caption: &str, rows: Vec<Vec<CellValue>>| Table {
            name: name.to_owned(),
            caption: caption.to_owned(),
            columns: vec![column("What", 20), column("How it stands", 60), column("Where to look", 34)],
            rows,
            chart: None,
        };
        let mut tables = Vec::new();
        if !self.to_do.is_empty() {
            tables.push(table("first", "What to do first", rows(&self.to_do, true)));
        }
        if !self.lines.is_empty() {
            tables.push(table("night", "The night", rows(&self.lines, false)));
        }
        let sheet = Sheet {
            name: "Morning",
            title: format!("{}: {}", day_in_words(self.business_date), self.ending),
            summary: "",
            notes: Vec::new(),
            tables,
        };
        html::render(
            &Book { title: self.title.clone(), business_date: self.business_date, board: None, sheets: vec![sheet] }
                .shown(),
        )
    }
}

/// The widest line of the text.
const WIDTH: usize = 110;

/// A line of the text: the label, the words wrapped beside it, and where to look.
fn wrapped(label: &str, words: &str, look: &str, width: usize) -> String {
    let look = if look.is_empty() { String::new() } else { format!("({look})") };
    let mut lines = vec![String::new()];
    for word in words.split_whitespace().chain((!look.is_empty()).then_some(look.as_str())) {
        let line = lines.last_mut().expect("there is one");
        let is_full = !line.is_empty() && width + line.chars().count() + 1 + word.chars().count() > WIDTH;
        match is_full {
            true => lines.push(word.to_owned()),
            false if line.is_empty() => line.push_str(word),
            false => line.push_str(&format!(" {word}")),
        }
    }
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        let label = if place == 0 { label } else { "" };
        text.push_str(format!("{label:<width$}{line}").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    #[test]
    fn days_are_told_in_words() {
        assert_eq!(day_in_words(day("2026-10-06")), "Tuesday 6 October 2026");
        assert_eq!(day_in_words(day("1969-12-31")), "Wednesday 31 December 1969");
    }

    #[test]
    fn lines_are_wrapped_beside_their_label_and_fit_a_screen() {
        let page = MorningPage {
            title: "Night".to_owned(),
            business_date: day("2026-10-06"),
            ending: "finished with 1 thing to look at first (exit 65: an input could not be used)".to_owned(),
            to_do: vec![MorningLine { label: "Not used", words: "word ".repeat(40), look: "ask" }],
            lines: vec![MorningLine {
                label: "New tonight",
                words: "3 findings".to_owned(),
                look: "worklists/to_resolve.csv",
            }],
        };
        let text = page.text();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("\n1  Not used     word word"), "{text}");
        assert!(text.contains("\nNew tonight     3 findings (worklists/to_resolve.csv)\n"), "{text}");
        let html = page.html();
        assert!(html.contains("<th scope=\"row\">1. Not used</th>") && html.contains("Where to look"), "{html}");
    }

    #[test]
    fn a_night_that_failed_says_why_and_what_stands() {
        let page = MorningPage::of_fault("Night", day("2026-10-06"), 74, "the disk is full");
        let text = page.text();
        assert!(
            text.starts_with("Night, Tuesday 6 October 2026: nothing was published (exit 74: a file or folder"),
            "{text}"
        );
        assert!(text.contains("1  Look first   the disk is full (chartroom doctor)"), "{text}");
    }
}
