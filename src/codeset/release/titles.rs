//! Order files, codes files and titles: one code a line in fixed columns.

use super::{
    TableInTheMaking,
    columns::{field, is_code},
    kind::{EffectiveSpan, OfficialFileKind},
};
use crate::record::code::CodeSystem;

/// The system of a kind of titles.
fn system_of(kind: OfficialFileKind) -> CodeSystem {
    match kind.facts().span {
        EffectiveSpan::CodesOf(system) | EffectiveSpan::AtLeast(system) => system,
        EffectiveSpan::FiscalYear | EffectiveSpan::Undated(_) => CodeSystem::Icd10Cm,
    }
}

/// Whether a text is a header of ICD-10-PCS: the first three characters of a table.
fn is_table(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// Reads an order file: 1-5 order, 7-13 code, 15 valid for submission, 17-76 short title, 78 on long title (CMS, ICD-10-CM order files).
///
/// Order numbers count the lines, so a line that was lost shows; a header is followed by what it heads.
pub fn read_order(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    let system = system_of(kind);
    let mut reading = TableInTheMaking::default();
    let mut expected = 1;
    let mut header: Option<&str> = None;
    for (line, text) in lines {
        let (order, code, billable) = (field(text, 1, 5), field(text, 7, 13), field(text, 15, 15));
        let (short, long) = (field(text, 17, 76), field(text, 78, usize::MAX));
        let heads_a_table = billable == "0" && system == CodeSystem::Icd10Pcs;
        let number = order.parse::<u64>().ok().filter(|_| order.len() == 5);
        let blanks = [6, 14, 16, 77].iter().all(|at| field(text, *at, *at).is_empty());
        let fault = match number {
            None => Some("columns 1-5 are no order number".to_owned()),
            Some(_) if !blanks => Some("columns 6, 14, 16 and 77 are not blank".to_owned()),
            Some(number) if number != expected => {
                Some(format!("order number {number} where {expected} follows: lines are missing or moved"))
            }
            _ if billable != "0" && billable != "1" => Some("column 15 is neither 0 nor 1".to_owned()),
            _ if !(is_code(system, code) || heads_a_table && is_table(code)) => {
                Some(format!("columns 7-13 hold no code of {}", system.title()))
            }
            _ if short.is_empty() || long.is_empty() => Some("a title is blank".to_owned()),
            _ => None,
        };
        expected = number.unwrap_or(expected) + 1;
        if let Some(fault) = fault {
            reading.fault(*line, fault);
            continue;
        }
        if let Some(above) = header.take().filter(|above| !code.starts_with(above)) {
            reading.fault(*line, format!("the header {above} before it heads nothing"));
        }
        header = (billable == "0").then_some(code);
        reading.row(*line, &[code, billable, short, long]);
    }
    if let Some(above) = header {
        reading.missing.push(format!("ends at the header {above}, whose codes are missing"));
    }
    let billable = reading.rows.iter().filter(|(_, row)| row[1] == "1").count();
    reading.notes.push(format!("{billable} billable codes of {} rows", reading.rows.len()));
    reading
}

/// Width of the code's columns and the blank behind them: 1-7 in a codes file of ICD-10 (titles from 9 in ICD-10-CM, where one more is blank),
/// 1-5 for diagnoses and 1-4 for procedures of ICD-9-CM.
pub fn title_place(system: CodeSystem) -> usize {
    match system {
        CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs | CodeSystem::Icd10 => 9,
        CodeSystem::Icd9Cm => 7,
        CodeSystem::Icd9Procedure => 6,
    }
}

/// Reads a codes file or the titles of ICD-9-CM: a code and its title.
pub fn read_codes(kind: OfficialFileKind, lines: &[(u64, &str)]) -> TableInTheMaking {
    let system = system_of(kind);
    let place = title_place(system);
    let mut reading = TableInTheMaking::default();
    for (line, text) in lines {
        let (code, title) = (field(text, 1, place - 2), field(text, place, usize::MAX));
        if !is_code(system, code) {
            reading.fault(*line, format!("columns 1-{} hold no code of {}", place - 2, system.title()));
        } else if !field(text, place - 1, place - 1).is_empty() {
            reading.fault(*line, format!("column {} is not blank", place - 1));
        } else if title.is_empty() {
            reading.fault(*line, "the title is blank");
        } else {
            reading.row(*line, &[code, title]);
        }
    }
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "00001 A00     0 Cholera                                                      Cholera";

    #[test]
    fn a_line_that_was_lost_shows_in_the_order_numbers() {
        let later = ORDER.replace("00001 A00     0", "00003 A000    1");
        let reading = read_order(OfficialFileKind::Icd10CmOrder, &[(1, ORDER), (2, &later)]);
        assert_eq!(reading.rows.len(), 1);
        assert_eq!(reading.faults[0].line, 2);
        assert!(reading.faults[0].message.contains("order number 3 where 2 follows"), "{:?}", reading.faults);
    }

    #[test]
    fn a_file_that_ends_at_a_header_is_cut_short() {
        assert_eq!(read_order(OfficialFileKind::Icd10CmOrder, &[(1, ORDER)]).missing.len(), 1);
    }
}
