//! A release newer than the tables that ship: their codes, continued to its days.

use std::collections::BTreeMap;

use super::OfficialTable;
use crate::record::{code::CodeSystem, date::Day};

/// A release that continues a shipped table.
#[derive(Debug, Clone)]
pub struct Later {
    /// The system.
    pub system: CodeSystem,
    /// First day in force.
    pub from: Day,
    /// The order file.
    pub table: OfficialTable,
}

fn compact(day: Day) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// The newest first day among the periods of a table's text.
pub fn last_change(text: &str) -> Option<&str> {
    let periods = text.lines().filter_map(|line| line.split('\t').nth(1)).flat_map(str::split_ascii_whitespace);
    periods.filter_map(|period| period.get(..8)).max()
}

/// Continues the text of a shipped table (code, periods, title) by a release: a code that the release has goes on or begins on its first day, another
/// ends on the day before. The words of the editor on a code go on with it; a code that begins has none.
pub fn extend(text: &str, later: &Later) -> String {
    let (from, before) = (compact(later.from), compact(Day(later.from.0 - 1)));
    let mut codes: BTreeMap<&str, (String, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut parts = line.split('\t');
            Some((parts.next()?, (parts.next()?.to_owned(), parts.next()?)))
        })
        .collect();
    let valid: BTreeMap<&str, &str> = later.table.codes().collect();
    for (code, (periods, _)) in &mut codes {
        let open = periods.rsplit(' ').next().filter(|period| {
            let days = period.split_once(':').map_or(*period, |(days, _)| days);
            days.len() == 8
        });
        match (open.map(str::len), valid.contains_key(code)) {
            (Some(length), false) => {
                let at = periods.len() - length + 8;
                periods.insert_str(at, &format!("-{before}"));
            }
            (None, true) => {
                if !periods.is_empty() {
                    periods.push(' ');
                }
                periods.push_str(&from);
            }
            _ => {}
        }
    }
    for (code, title) in valid {
        codes.entry(code).or_insert((from.clone(), "")).1 = title;
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (code, (periods, title)) in codes {
        for part in [code, "\t", &periods, "\t", title, "\n"] {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::release::kind::OfficialFileKind;

    #[test]
    fn codes_go_on_begin_and_end_with_a_release() {
        let row = |code: &str, billable: &str| [code, billable, "short", "Title"].map(str::to_owned).to_vec();
        let table = OfficialTable {
            kind: OfficialFileKind::Icd10CmOrder,
            rows: vec![row("A00", "0"), row("A000", "1"), row("A002", "1"), row("A009", "1")],
        };
        let later = Later { system: CodeSystem::Icd10Cm, from: Day::from_ymd(2027, 10, 1).unwrap(), table };
        let text = "A00\t\tCholera\nA000\t20151001\tOld\nA001\t20151001:cc|mcc\tGone\nA009\t20151001-20200930\tBack\n";
        assert_eq!(last_change(text), Some("20151001"));
        assert_eq!(
            extend(text, &later),
            "A00\t\tCholera\nA000\t20151001\tTitle\nA001\t20151001-20270930:cc|mcc\tGone\nA002\t20271001\tTitle\n\
             A009\t20151001-20200930 20271001\tTitle\n"
        );
    }
}
