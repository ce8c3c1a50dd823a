//! The sheet of an audit: one row a code, written with the auditor's columns blank and read when they are filled in.

use super::sample::{AuditSample, CodeKind, SampledRecord};
use crate::record::{shown::read_cell, vocabulary::PresentOnAdmission};

/// Columns of the sheet, in their order.
pub const COLUMNS: [&str; 16] = [
    "encounter_id",
    "coder",
    "service",
    "stratum",
    "kind",
    "position",
    "system",
    "code",
    "present_on_admission",
    "diagnosis_related_group",
    "audited_code",
    "audited_present_on_admission",
    "audited_diagnosis_related_group",
    "verdict",
    "reason",
    "facility_id",
];

/// Columns without which a sheet cannot be scored.
pub const NEEDED: [&str; 5] = ["encounter_id", "kind", "code", "audited_code", "verdict"];

/// The rows of a sample, without the heading.
pub fn rows(sample: &AuditSample) -> Vec<[String; 16]> {
    sample.records.iter().flat_map(|(stratum, record)| record_rows(stratum, record)).collect()
}

fn record_rows<'r>(stratum: &'r str, record: &'r SampledRecord) -> impl Iterator<Item = [String; 16]> + 'r {
    record.codes.iter().map(move |code| {
        let position = if code.position == 0 { String::new() } else { code.position.to_string() };
        let mut row: [String; 16] = Default::default();
        let filled = [
            record.encounter_id.as_str(),
            &record.coder,
            &record.service,
            stratum,
            code.kind.name(),
            &position,
            &code.system,
            &code.code,
            &code.present_on_admission,
            &record.diagnosis_related_group,
        ];
        for (cell, text) in row.iter_mut().zip(filled) {
            text.clone_into(cell);
        }
        row[COLUMNS.len() - 1].clone_from(&record.facility_id);
        row
    })
}

/// What an auditor finds of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuditVerdict {
    /// The code is right and stands where it belongs.
    Correct,
    /// The code is right and stands in the wrong place.
    Resequenced,
    /// Another code belongs here.
    Wrong,
    /// No code belongs here.
    Extra,
    /// A code that should have been assigned; the auditor adds its row.
    Missed,
}

impl AuditVerdict {
    /// Every verdict.
    pub const ALL: [AuditVerdict; 5] = [
        AuditVerdict::Correct,
        AuditVerdict::Resequenced,
        AuditVerdict::Wrong,
        AuditVerdict::Extra,
        AuditVerdict::Missed,
    ];

    /// The word in sheets.
    pub fn name(self) -> &'static str {
        match self {
            AuditVerdict::Correct => "correct",
            AuditVerdict::Resequenced => "resequenced",
            AuditVerdict::Wrong => "wrong",
            AuditVerdict::Extra => "extra",
            AuditVerdict::Missed => "missed",
        }
    }
}

/// One row of a filled-in sheet, made comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedRow {
    /// 1-based line or row of the sheet.
    pub line: u64,
    /// Encounter number.
    pub encounter_id: String,
    /// The facility; empty where none is stated, and in sheets of earlier editions.
    pub facility_id: String,
    /// Coder, service and stratum; empty on a row that the auditor added without them.
    pub groups: [String; 3],
    /// Diagnosis or procedure.
    pub kind: CodeKind,
    /// Position; 0 where none is stated.
    pub position: u32,
    /// Present on admission as coded: `Y`, `N`, `U`, `W`, `1`, or empty.
    pub present_on_admission: String,
    /// DRG as coded.
    pub diagnosis_related_group: String,
    /// Present on admission as audited; empty where it was not.
    pub audited_present_on_admission: String,
    /// DRG as audited; empty where it was not.
    pub audited_diagnosis_related_group: String,
    /// What was found; `None` where the row is not audited yet.
    pub verdict: Option<AuditVerdict>,
    /// The auditor's reason, in lower case, blanks evened out.
    pub reason: String,
}

/// A row that contradicts itself. Words that hold no cell content.
pub type RowFault = &'static str;

/// Finds the columns of a sheet by its heading, in any order and case; those that are not there read as blank.
///
/// # Errors
/// The names of the needed columns that are missing.
pub fn columns(heading: &[String]) -> Result<[Option<usize>; 16], Vec<&'static str>> {
    let at = |name: &str| {
        heading.iter().position(|cell| cell.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(name))
    };
    let missing: Vec<&'static str> = NEEDED.into_iter().filter(|name| at(name).is_none()).collect();
    if missing.is_empty() { Ok(COLUMNS.map(at)) } else { Err(missing) }
}

/// What a record is told apart by: its number, with its facility where the sheet has that.
pub fn record_of(encounter_id: &str, facility_id: &str) -> String {
    if facility_id.is_empty() { encounter_id.to_owned() } else { format!("{encounter_id} of {facility_id}") }
}

/// Reads one row; `None` where it says nothing.
///
/// # Errors
/// The number of the encounter, where one is stated, and what is wrong.
pub fn read_row(
    line: u64,
    cells: &[String],
    columns: &[Option<usize>; 16],
) -> Result<Option<AuditedRow>, (String, RowFault)> {
    let cell = |name: &str| {
        let place = COLUMNS.iter().position(|column| *column == name).and_then(|at| columns[at]);
        read_cell(place.and_then(|at| cells.get(at)).map_or("", |text| text.trim()))
    };
    if COLUMNS.iter().all(|name| cell(name).is_empty()) {
        return Ok(None);
    }
    let encounter_id = cell("encounter_id").into_owned();
    if encounter_id.is_empty() {
        return Err((encounter_id, "the encounter number is blank; an added row needs the number of its record"));
    }
    let read = || -> Result<AuditedRow, RowFault> {
        let kind = CodeKind::read(&cell("kind")).ok_or("kind must be diagnosis or procedure")?;
        let position = match whole(&cell("position")) {
            "" => 0,
            text => text.parse().map_err(|_| "position must be a number")?,
        };
        let system = &*cell("system");
        let (code, audited) = (code(&cell("code"), system)?, code(&cell("audited_code"), system)?);
        Ok(AuditedRow {
            line,
            facility_id: cell("facility_id").into_owned(),
            encounter_id: encounter_id.clone(),
            groups: ["coder", "service", "stratum"].map(|name| cell(name).into_owned()),
            kind,
            position,
            present_on_admission: mark(&cell("present_on_admission"))?,
            diagnosis_related_group: group(&cell("diagnosis_related_group")),
            audited_present_on_admission: mark(&cell("audited_present_on_admission"))?,
            audited_diagnosis_related_group: group(&cell("audited_diagnosis_related_group")),
            verdict: verdict(&code, &audited, &cell("verdict"))?,
            reason: cell("reason").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
        })
    };
    read().map(Some).map_err(|fault| (record_of(&encounter_id, &cell("facility_id")), fault))
}

/// What was found of a code: the auditor's word, held to the codes; without a word, what the codes say. A row with a code and nothing else is not audited yet.
fn verdict(code: &str, audited: &str, word: &str) -> Result<Option<AuditVerdict>, RowFault> {
    if word.is_empty() {
        return Ok(match (code.is_empty(), audited.is_empty()) {
            (_, true) => None,
            (true, false) => Some(AuditVerdict::Missed),
            (false, false) if code == audited => Some(AuditVerdict::Correct),
            (false, false) => Some(AuditVerdict::Wrong),
        });
    }
    let stated = AuditVerdict::ALL.into_iter().find(|verdict| verdict.name().eq_ignore_ascii_case(word));
    let stated = stated.ok_or("verdict must be correct, resequenced, wrong, extra or missed")?;
    let agrees = match stated {
        AuditVerdict::Correct | AuditVerdict::Resequenced => {
            !code.is_empty() && (audited.is_empty() || audited == code)
        }
        AuditVerdict::Wrong => !code.is_empty() && audited != code,
        AuditVerdict::Extra => !code.is_empty() && audited.is_empty(),
        AuditVerdict::Missed => code.is_empty() && !audited.is_empty(),
    };
    if agrees { Ok(Some(stated)) } else { Err("verdict, code and audited_code contradict each other") }
}

/// A code made comparable: upper case, no dot, no blanks; the zeros a spreadsheet took from an ICD-10-PCS code of digits given back.
fn code(text: &str, system: &str) -> Result<String, RowFault> {
    if text.contains('+') {
        return Err("a code was turned into a number by a spreadsheet; write it as text");
    }
    let mut code: String = text.chars().filter(|letter| !matches!(letter, '.' | ' ')).collect();
    code.make_ascii_uppercase();
    let digits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    Ok(if digits && system == "icd10pcs" { format!("{code:0>7}") } else { code })
}

/// A present-on-admission mark; `E`, `EXEMPT` and `1` are one: exempt from reporting.
fn mark(text: &str) -> Result<String, RowFault> {
    match text.to_ascii_uppercase().as_str() {
        "" => Ok(String::new()),
        "E" | "EXEMPT" => Ok(PresentOnAdmission::Exempt.letter().to_owned()),
        known if PresentOnAdmission::read(known.as_bytes()).is_some() => Ok(known.to_owned()),
        _ => Err("present on admission must be Y, N, U, W or 1 (exempt)"),
    }
}

/// A DRG made comparable: three digits, also where a spreadsheet took its zeros.
fn group(text: &str) -> String {
    let text = whole(text);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{text:0>3}")
    } else {
        text.to_owned()
    }
}

/// A whole number as a workbook may write it.
fn whole(text: &str) -> &str {
    text.strip_suffix(".0").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cells: &[(&str, &str)]) -> Result<Option<AuditedRow>, (String, RowFault)> {
        let mut row = vec![String::new(); COLUMNS.len()];
        for (name, text) in cells {
            row[COLUMNS.iter().position(|column| column == name).expect("a column")] = (*text).to_owned();
        }
        read_row(2, &row, &COLUMNS.map(|name| COLUMNS.iter().position(|column| *column == name)))
    }

    fn found(code: &str, audited: &str, word: &str) -> Result<Option<AuditVerdict>, RowFault> {
        read(&[
            ("encounter_id", "E1"),
            ("kind", "Diagnosis"),
            ("code", code),
            ("audited_code", audited),
            ("verdict", word),
        ])
        .map(|row| row.and_then(|row| row.verdict))
        .map_err(|(_, fault)| fault)
    }

    #[test]
    fn a_verdict_is_read_or_follows_from_the_codes() {
        assert_eq!(found("I10", "", "Correct"), Ok(Some(AuditVerdict::Correct)));
        assert_eq!(found("E119", "e11.9 ", ""), Ok(Some(AuditVerdict::Correct)));
        assert_eq!(found("E119", "E11.65", ""), Ok(Some(AuditVerdict::Wrong)));
        assert_eq!(found("", "N17.9", ""), Ok(Some(AuditVerdict::Missed)));
        assert_eq!(found("I10", "", "resequenced"), Ok(Some(AuditVerdict::Resequenced)));
        assert_eq!(found("I10", "", "wrong"), Ok(Some(AuditVerdict::Wrong)));
        assert_eq!(found("I10", "", "extra"), Ok(Some(AuditVerdict::Extra)));
        assert_eq!(found("I10", "", ""), Ok(None));
    }

    #[test]
    fn contradictions_are_faults() {
        for (code, audited, word) in [
            ("I10", "E119", "correct"),
            ("I10", "I10", "wrong"),
            ("I10", "E119", "extra"),
            ("I10", "E119", "missed"),
            ("", "", "missed"),
            ("", "I10", "wrong"),
        ] {
            assert!(found(code, audited, word).is_err(), "{code} {audited} {word}");
        }
        assert!(found("I10", "", "fine").is_err());
        assert!(found("2.1E+06", "", "correct").is_err());
        assert!(read(&[("kind", "diagnosis"), ("code", "I10")]).is_err());
        assert_eq!(read(&[]), Ok(None));
    }

    #[test]
    fn what_a_spreadsheet_takes_is_given_back() {
        let row = read(&[
            ("encounter_id", "'-7"),
            ("kind", "procedure"),
            ("position", "1.0"),
            ("system", "icd10pcs"),
            ("code", "210093"),
            ("audited_code", "0210093"),
            ("diagnosis_related_group", "3"),
            ("audited_diagnosis_related_group", "003"),
            ("audited_present_on_admission", "exempt"),
        ]);
        let row = row.expect("readable").expect("a row");
        assert_eq!((row.encounter_id.as_str(), row.position, row.verdict), ("-7", 1, Some(AuditVerdict::Correct)));
        assert_eq!(row.diagnosis_related_group, row.audited_diagnosis_related_group);
        assert_eq!(row.audited_present_on_admission, "1");
    }

    #[test]
    fn the_heading_is_found_in_any_order_and_what_is_missing_is_named() {
        let heading = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let found = columns(&heading(&["Verdict", "audited_code", "code", "kind", "\u{feff}encounter_id"]));
        assert_eq!(found.map(|columns| columns[0]), Ok(Some(4)));
        assert_eq!(columns(&heading(&["encounter_id", "kind", "code"])), Err(vec!["audited_code", "verdict"]));
    }
}
