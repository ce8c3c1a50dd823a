//! General equivalence maps: source, target, and five flags (CMS, GEMs documentation).

use std::collections::BTreeSet;

use super::{Reading, columns::is_code, kind::Kind};
use crate::record::code::CodeSystem;

/// Source, target and flags of a line of a map: three words, the last of five digits of which the first three are 0 or 1.
pub fn parts(line: &str) -> Option<[&str; 3]> {
    let mut words = line.split_ascii_whitespace();
    let parts = [words.next()?, words.next()?, words.next()?];
    let flags = parts[2].as_bytes();
    let well = flags.len() == 5
        && flags.iter().all(u8::is_ascii_digit)
        && flags[..3].iter().all(|flag| *flag <= b'1')
        && words.next().is_none();
    well.then_some(parts)
}

/// Whether a target says that there is none.
pub fn is_no_target(target: &str) -> bool {
    matches!(target, "NoDx" | "NoPCS" | "NoI9")
}

/// Reads a map: approximate, no map, combination, scenario, choice list. A target is none exactly where the second flag says so, and scenario and choice
/// list are given exactly where the third does.
pub fn read(kind: Kind, lines: &[(u64, &str)]) -> Reading {
    let (source_system, target_system) = match kind {
        Kind::GemIcd9Cm => (CodeSystem::Icd9Cm, CodeSystem::Icd10Cm),
        Kind::GemIcd10Cm => (CodeSystem::Icd10Cm, CodeSystem::Icd9Cm),
        Kind::GemIcd9Procedure => (CodeSystem::Icd9Procedure, CodeSystem::Icd10Pcs),
        _ => (CodeSystem::Icd10Pcs, CodeSystem::Icd9Procedure),
    };
    let mut reading = Reading::default();
    for (line, text) in lines {
        let Some([source, target, flags]) = parts(text) else {
            reading.fault(*line, "is not source, target and five flags");
            continue;
        };
        let flag = flags.as_bytes();
        let fault = if !is_code(source_system, source) {
            Some(format!("the source is no code of {}", source_system.title()))
        } else if !is_no_target(target) && !is_code(target_system, target) {
            Some(format!("the target is no code of {}", target_system.title()))
        } else if is_no_target(target) != (flag[1] == b'1') {
            Some("target and flag `no map` contradict each other".to_owned())
        } else if (flag[2] == b'1') != (flag[3] != b'0' && flag[4] != b'0') {
            Some("flag `combination`, scenario and choice list contradict each other".to_owned())
        } else {
            None
        };
        match fault {
            Some(fault) => reading.fault(*line, fault),
            None => reading.row(*line, &[source, target, flags]),
        }
    }
    let counted = |at: usize| reading.rows.iter().filter(|(_, row)| row[2].as_bytes()[at] == b'1').count();
    let sources: BTreeSet<&String> = reading.rows.iter().map(|(_, row)| &row[0]).collect();
    let note = format!(
        "{} sources in {} rows, {} without a map, {} rows of combinations",
        sources.len(),
        reading.rows.len(),
        counted(1),
        counted(2)
    );
    reading.notes.push(note);
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_targets_hold_each_other() {
        let lines = [
            (1, "T500X6A NoDx  11000"),
            (2, "T500X6A 9744  11000"),
            (3, "A000    0010  00011"),
            (4, "A000    0010  0000"),
            (5, "A000    0010  00000"),
        ];
        let reading = read(Kind::GemIcd10Cm, &lines);
        assert_eq!(reading.rows.len(), 2);
        assert_eq!(reading.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3, 4]);
    }
}
