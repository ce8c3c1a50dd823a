//! Addenda: what a release adds, deletes and revises, with the publisher's own counts as a trailer.

use super::{
    TableInTheMaking,
    columns::{field, is_code},
    kind::OfficialFileKind,
};
use crate::record::code::CodeSystem;

/// The step that a line of an addendum is, by its first twelve columns.
pub fn action(line: &str) -> Option<&'static str> {
    match field(line, 1, 12) {
        "Add:" => Some("add"),
        "Delete:" => Some("delete"),
        "Revise from:" => Some("revise from"),
        "Revise to:" => Some("revise to"),
        _ => None,
    }
}

/// Reads addenda. Of the order file: 14 valid for submission, 16-22 code, 24-83 short title, 85 on long title; of the codes file: 14-20 code, 22 on title.
///
/// The trailer counts additions, deletions and revisions, of the order file for headers and codes apart; it is held to the lines.
pub fn read(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    let of_order = matches!(kind, OfficialFileKind::Icd10CmOrderAddenda | OfficialFileKind::Icd10PcsOrderAddenda);
    let system = match kind {
        OfficialFileKind::Icd10CmOrderAddenda | OfficialFileKind::Icd10CmCodesAddenda => CodeSystem::Icd10Cm,
        _ => CodeSystem::Icd10Pcs,
    };
    let mut reading = TableInTheMaking::default();
    let steps = lines.iter().take_while(|(_, text)| action(text).is_some()).count();
    let mut revised: Option<&str> = None;
    for (line, text) in &lines[..steps] {
        let action = action(text).unwrap_or("");
        let (billable, code, short, title) = if of_order {
            (field(text, 14, 14), field(text, 16, 22), field(text, 24, 83), field(text, 85, usize::MAX))
        } else {
            ("1", field(text, 14, 20), "", field(text, 22, usize::MAX))
        };
        let header_of_procedures = system == CodeSystem::Icd10Pcs && billable == "0" && code.len() == 3;
        if billable != "0" && billable != "1" {
            reading.fault(*line, "column 14 is neither 0 nor 1");
        } else if !is_code(system, code) && !header_of_procedures {
            reading.fault(*line, format!("holds no code of {} in its place", system.title()));
        } else if title.is_empty() || of_order && short.is_empty() {
            reading.fault(*line, "a title is blank");
        } else {
            reading.row(*line, &[action, billable, code, short, title]);
        }
        let paired = match action {
            "revise to" => revised.take() == Some(code),
            _ => revised.take().is_none(),
        };
        if !paired {
            reading.fault(*line, "a revision has not both of its lines");
        }
        revised = (action == "revise from").then_some(code);
    }
    for (line, text) in &lines[steps..] {
        if action(text).is_some() {
            reading.fault(*line, "stands after the trailer");
        }
    }
    hold_to_trailer(&mut reading, &lines[steps..]);
    reading
}

fn hold_to_trailer(reading: &mut TableInTheMaking, trailer: &[(u64, &str)]) {
    let count = |action: &str, billable: &str| {
        reading.rows.iter().filter(|(_, row)| row[0] == action && row[1] == billable).count()
    };
    let (mut missing, mut stated_any, mut headers) = (Vec::new(), false, false);
    for (_, text) in trailer {
        match text.trim() {
            "Headers" => headers = true,
            "Codes" => headers = false,
            text => {
                let Some((number, word)) = text.split_once(' ') else { continue };
                let (Ok(stated), Some(action)) = (number.parse::<usize>(), step(word)) else { continue };
                let found = count(action, if headers { "0" } else { "1" });
                stated_any = true;
                if found != stated {
                    let of = if headers { "headers" } else { "codes" };
                    missing.push(format!("its trailer counts {stated} {word} of {of}, its lines are {found}"));
                }
            }
        }
    }
    if !stated_any {
        missing.push("has no trailer of counts: it is cut short".to_owned());
    }
    let notes = format!(
        "codes: {} added, {} deleted, {} retitled",
        count("add", "1"),
        count("delete", "1"),
        count("revise to", "1")
    );
    reading.notes.push(notes);
    reading.missing.append(&mut missing);
}

fn step(word: &str) -> Option<&'static str> {
    match word {
        "addition" | "additions" => Some("add"),
        "deletion" | "deletions" => Some("delete"),
        "revision" | "revisions" => Some("revise to"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trailer_is_held_to_the_lines() {
        let lines = [
            (1, "Delete:      B880    Other acariasis"),
            (2, "Add:         B8801   Infestation by Demodex mites"),
            (3, "Codes"),
            (4, "      2 additions"),
            (5, "      1 deletions"),
        ];
        let reading = read(OfficialFileKind::Icd10CmCodesAddenda, &lines);
        assert!(reading.faults.is_empty(), "{:?}", reading.faults);
        assert_eq!(reading.missing, ["its trailer counts 2 additions of codes, its lines are 1"]);
        assert_eq!(read(OfficialFileKind::Icd10CmCodesAddenda, &lines[..2]).missing.len(), 1, "no trailer");
    }
}
