//! General equivalence maps: source, target, and five flags (CMS, GEMs documentation).

use std::collections::BTreeSet;

use super::{TableInTheMaking, columns::is_code, kind::OfficialFileKind};
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

/// Reads a map: approximate, no map, combination, scenario, choice list.
///
/// The maps as published hold rows whose flags contradict their target or each other, and a code in lower case; they are taken, and counted in a note. A
/// target that says there is none counts, whatever the flag says.
pub fn read(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    let (source_system, target_system) = match kind {
        OfficialFileKind::GemIcd9Cm => (CodeSystem::Icd9Cm, CodeSystem::Icd10Cm),
        OfficialFileKind::GemIcd10Cm => (CodeSystem::Icd10Cm, CodeSystem::Icd9Cm),
        OfficialFileKind::GemIcd9Procedure => (CodeSystem::Icd9Procedure, CodeSystem::Icd10Pcs),
        _ => (CodeSystem::Icd10Pcs, CodeSystem::Icd9Procedure),
    };
    let mut reading = TableInTheMaking::default();
    let (mut lower_case, mut no_target, mut scenarios) = (0, 0, 0);
    for (line, text) in lines {
        let Some([source, target, flags]) = parts(text) else {
            reading.fault(*line, "is not source, target and five flags");
            continue;
        };
        let code = |text: &str| if is_no_target(text) { text.to_owned() } else { text.to_ascii_uppercase() };
        let (own, other) = (code(source), code(target));
        if !is_code(source_system, &own) {
            reading.fault(*line, format!("the source is no code of {}", source_system.title()));
        } else if !is_no_target(target) && !is_code(target_system, &other) {
            reading.fault(*line, format!("the target is no code of {}", target_system.title()));
        } else {
            let flag = flags.as_bytes();
            lower_case += usize::from(own != source || other != target);
            no_target += usize::from(is_no_target(target) != (flag[1] == b'1'));
            scenarios += usize::from((flag[2] == b'1') != (flag[3] != b'0' && flag[4] != b'0'));
            reading.row(*line, &[&own, &other, flags]);
        }
    }
    for (count, what) in [
        (lower_case, "a code in lower case, taken in upper case"),
        (no_target, "a target and a flag `no map` that contradict each other; the target counts"),
        (scenarios, "a flag `combination` that contradicts scenario and choice list"),
    ] {
        if count > 0 {
            reading.notes.push(format!("as published, {count} row{} with {what}", if count == 1 { "" } else { "s" }));
        }
    }
    let counted = |at: usize| reading.rows.iter().filter(|(_, row)| row[2].as_bytes()[at] == b'1').count();
    let unmapped: BTreeSet<&String> =
        reading.rows.iter().filter(|(_, row)| is_no_target(&row[1])).map(|(_, row)| &row[0]).collect();
    let sources: BTreeSet<&String> = reading.rows.iter().map(|(_, row)| &row[0]).collect();
    let note = format!(
        "{} sources in {} rows, {} without a map, {} rows of combinations",
        sources.len(),
        reading.rows.len(),
        unmapped.len(),
        counted(2)
    );
    reading.notes.push(note);
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_no_row_is_a_fault_and_a_published_contradiction_is_a_note() {
        let lines = [
            (1, "T500X6A NoDx  11000"),
            (2, "T8853XD v5889 10000"),
            (3, "A000    0010  00013"),
            (4, "A000    0010  0000"),
            (5, "A000    001X  00000"),
        ];
        let reading = read(OfficialFileKind::GemIcd10Cm, &lines);
        assert_eq!(reading.rows[1].1, ["T8853XD", "V5889", "10000"]);
        assert_eq!(reading.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(reading.notes.len(), 3, "{:?}", reading.notes);
    }
}
