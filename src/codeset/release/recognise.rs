//! What a release is, by what it holds; its name is asked only where contents of two kinds look alike.

use super::{
    OfficialSheet, addenda,
    columns::{field, is_code},
    equivalence,
    kind::OfficialFileKind,
    titles::title_place,
};
use crate::record::code::CodeSystem;

/// Lines that are looked at.
const LOOKED_AT: usize = 200;
/// The longest short title of ICD-9-CM.
const SHORT_TITLE: usize = 24;

/// The kind of a text.
pub fn text(name: &str, lines: &[(u64, &str)]) -> Option<OfficialFileKind> {
    let (_, first) = lines.first()?;
    listed(name, first, lines).or_else(|| {
        let head = &lines[..lines.len().min(LOOKED_AT)];
        fixed(name, head, lines)
    })
}

/// Kinds with a heading.
fn listed(name: &str, first: &str, lines: &[(u64, &str)]) -> Option<OfficialFileKind> {
    let name = name.to_ascii_lowercase();
    if first.contains("POAexemptCode") {
        return Some(OfficialFileKind::Exempt);
    }
    if lines.iter().take(4).any(|(_, line)| line.contains("Chronic Condition Indicator")) {
        return Some(OfficialFileKind::Ccir);
    }
    match first.trim() {
        "code,ccsr,default_inpatient" => Some(OfficialFileKind::Ccsr),
        "ccsr,description" => Some(OfficialFileKind::CcsrCategories),
        "code,measure,description" => Some(OfficialFileKind::CmrCodes),
        "measure,description,uses_poa,readmission_weight,mortality_weight" => Some(OfficialFileKind::CmrWeights),
        "map,weights,group,weight" => Some(OfficialFileKind::ComorbidityWeights),
        "group_no,group,label,code_prefix" => {
            // Charlson has 17 groups and Elixhauser 31; prefixes of ICD-10 all begin with a letter.
            let number = |line: &&str| line.split(',').next().and_then(|word| word.parse::<u32>().ok());
            let groups = lines.iter().filter_map(|(_, line)| number(line)).max().unwrap_or(0);
            let digits = lines.iter().skip(1).any(|(_, line)| {
                line.rsplit(',')
                    .next()
                    .and_then(|prefix| prefix.bytes().next())
                    .is_some_and(|byte| byte.is_ascii_digit())
            });
            let charlson = if name.contains("charlson") { true } else { groups <= 17 && !name.contains("elixhauser") };
            Some(match (charlson, digits) {
                (true, false) => OfficialFileKind::QuanCharlsonIcd10,
                (true, true) => OfficialFileKind::QuanCharlsonIcd9,
                (false, false) => OfficialFileKind::QuanElixhauserIcd10,
                (false, true) => OfficialFileKind::QuanElixhauserIcd9,
            })
        }
        _ => None,
    }
}

/// Kinds in fixed columns: the one that most of the first lines are of.
fn fixed(name: &str, head: &[(u64, &str)], lines: &[(u64, &str)]) -> Option<OfficialFileKind> {
    let most = |is: &dyn Fn(&str) -> bool| head.iter().filter(|(_, line)| is(line)).count() * 2 > head.len();
    // Before order files: a flag of a map stands where an order file has its own.
    if most(&|line| equivalence::parts(line).is_some()) {
        return kind_of_map(lines);
    }
    if most(&is_order) {
        let procedures = head.iter().filter(|(_, line)| field(line, 7, 7).bytes().all(|byte| byte.is_ascii_digit()));
        return Some(if procedures.count() * 2 > head.len() {
            OfficialFileKind::Icd10PcsOrder
        } else {
            OfficialFileKind::Icd10CmOrder
        });
    }
    if addenda::action(head[0].1).is_some() {
        return Some(kind_of_addenda(name, lines));
    }
    let titled = |system: CodeSystem| {
        let place = title_place(system);
        most(&|line| {
            is_code(system, field(line, 1, place - 2))
                && field(line, place - 1, place - 1).is_empty()
                && !field(line, place, place).is_empty()
        })
    };
    let long = || {
        let place = |line: &str| line.find(' ').unwrap_or(0);
        lines.iter().any(|(_, line)| line[place(line)..].trim().chars().count() > SHORT_TITLE)
    };
    if titled(CodeSystem::Icd10Pcs) {
        return Some(OfficialFileKind::Icd10PcsCodes);
    }
    if titled(CodeSystem::Icd10Cm) {
        return Some(OfficialFileKind::Icd10CmCodes);
    }
    if titled(CodeSystem::Icd9Procedure) {
        return Some(if long() { OfficialFileKind::Icd9ProcedureLong } else { OfficialFileKind::Icd9ProcedureShort });
    }
    titled(CodeSystem::Icd9Cm)
        .then(|| if long() { OfficialFileKind::Icd9CmLong } else { OfficialFileKind::Icd9CmShort })
}

fn is_order(line: &str) -> bool {
    let order = field(line, 1, 5);
    order.len() == 5
        && order.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(field(line, 15, 15), "0" | "1")
        && field(line, 6, 6).is_empty()
        && field(line, 14, 14).is_empty()
}

/// The trailer names the order file it leads to; without one the form of the codes decides.
fn kind_of_addenda(name: &str, lines: &[(u64, &str)]) -> OfficialFileKind {
    let steps = || lines.iter().filter(|(_, line)| addenda::action(line).is_some());
    let of_order = steps().all(|(_, line)| matches!(field(line, 14, 14), "0" | "1") && field(line, 15, 15).is_empty());
    let says = |word: &str| {
        lines.iter().any(|(_, line)| addenda::action(line).is_none() && line.to_ascii_lowercase().contains(word))
            || name.to_ascii_lowercase().contains(word)
    };
    let place = if of_order { (16, 22) } else { (14, 20) };
    let procedures = if says("icd10cm") {
        false
    } else {
        says("icd10pcs") || steps().all(|(_, line)| matches!(field(line, place.0, place.1).len(), 3 | 7))
    };
    match (procedures, of_order) {
        (false, true) => OfficialFileKind::Icd10CmOrderAddenda,
        (false, false) => OfficialFileKind::Icd10CmCodesAddenda,
        (true, true) => OfficialFileKind::Icd10PcsOrderAddenda,
        (true, false) => OfficialFileKind::Icd10PcsCodesAddenda,
    }
}

/// Direction and kind of a map by all its codes: those of ICD-9-CM are at most five characters, those of ICD-10-PCS always seven.
fn kind_of_map(lines: &[(u64, &str)]) -> Option<OfficialFileKind> {
    let rows: Vec<[&str; 3]> = lines.iter().filter_map(|(_, line)| equivalence::parts(line)).collect();
    let share = |is: &dyn Fn(&[&str; 3]) -> bool| rows.iter().filter(|row| is(row)).count() * 2 > rows.len();
    let from_icd10 = share(&|row| is_code(CodeSystem::Icd10Cm, row[0]) || row[0].len() == 7)
        && !share(&|row| is_code(CodeSystem::Icd9Cm, row[0]) && row[1].len() > 5);
    let seven = |at: usize| {
        rows.iter().map(|row| row[at]).filter(|code| !equivalence::is_no_target(code)).all(|code| code.len() == 7)
    };
    let of_procedures = |at: usize| {
        // The first row alone of a damaged file must not decide.
        seven(at) || share(&|row| row[at].len() == 7 && !is_code(CodeSystem::Icd10Cm, row[at]))
    };
    Some(match (from_icd10, of_procedures(usize::from(!from_icd10))) {
        (false, false) => OfficialFileKind::GemIcd9Cm,
        (true, false) => OfficialFileKind::GemIcd10Cm,
        (false, true) => OfficialFileKind::GemIcd9Procedure,
        (true, true) => OfficialFileKind::GemIcd10Pcs,
    })
    .filter(|_| !rows.is_empty())
}

/// The sheets of a workbook that are tables of a release.
pub fn sheets(sheets: &[OfficialSheet]) -> Vec<(OfficialFileKind, &OfficialSheet)> {
    sheets
        .iter()
        .filter_map(|sheet| {
            let (_, heading) = sheet.rows.first()?;
            let starts = |at: usize, words: &str| heading.get(at).is_some_and(|cell| cell.trim().starts_with(words));
            let kind = if starts(0, "Current code assignment") && starts(1, "Effective") {
                OfficialFileKind::Conversion
            } else if starts(0, "Abbreviation") && starts(1, "Comorbidity Description") {
                OfficialFileKind::CmrMeasures
            } else if starts(0, "ICD-10-CM Diagnosis") && starts(2, "# Comorbidities") {
                OfficialFileKind::CmrCodes
            } else {
                return None;
            };
            Some((kind, sheet))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> Option<OfficialFileKind> {
        text("a.txt", &[(1, line)])
    }

    #[test]
    fn a_line_of_each_layout_is_known_without_a_name() {
        for (line, expected) in [
            (
                "00001 A00     0 Cholera                                                      Cholera",
                OfficialFileKind::Icd10CmOrder,
            ),
            (
                "00002 0016070 1 Bypass                                                       Bypass",
                OfficialFileKind::Icd10PcsOrder,
            ),
            ("A000    Cholera due to Vibrio cholerae 01, biovar cholerae", OfficialFileKind::Icd10CmCodes),
            ("0016070 Bypass Cerebral Ventricle to Nasopharynx", OfficialFileKind::Icd10PcsCodes),
            ("0010  Cholera due to vibrio cholerae", OfficialFileKind::Icd9CmLong),
            ("V9192 Mult gest 2+ monoamn NEC", OfficialFileKind::Icd9CmShort),
            ("0001 Therapeutic ultrasound of vessels of head and neck", OfficialFileKind::Icd9ProcedureLong),
            ("9998 Milk extraction", OfficialFileKind::Icd9ProcedureShort),
            ("0010  A000    00000", OfficialFileKind::GemIcd9Cm),
            ("A000    0010  00000", OfficialFileKind::GemIcd10Cm),
            ("0001  6A750Z4 10000", OfficialFileKind::GemIcd9Procedure),
            ("0016070 0231  10000", OfficialFileKind::GemIcd10Pcs),
            ("Delete:      1 B880    Other acariasis", OfficialFileKind::Icd10CmOrderAddenda),
            ("Delete:      B880    Other acariasis", OfficialFileKind::Icd10CmCodesAddenda),
            ("Order26\tPOAexemptCode\tDescription", OfficialFileKind::Exempt),
            ("Chronic Condition Indicator Refined v2025.1,,", OfficialFileKind::Ccir),
        ] {
            assert_eq!(kind(line), Some(expected), "{line}");
        }
        assert_eq!(kind("encounter_id,discharge_date"), None);
        assert_eq!(kind("Dear colleague, please find the release attached"), None);
    }
}
