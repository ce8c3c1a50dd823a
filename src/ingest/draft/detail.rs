//! What a layout must say of a mapped column beside its name: formats, translations, units, repairs; and what is told about them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ages,
    column::{DraftColumn, percent, shape},
    dates::{DateColumns, DateForm, order_words},
    decided::{DraftDecision, decide},
    guess::{ColumnsOf, DraftMapping, Guess},
    lists::{self, DraftQuestion, ListReading},
    sample::{self, DraftSample},
    sexes,
    stays::moments,
    systems,
    values::{self, Meaning, key},
    write::{format_names, list, marker, quoted},
};
use crate::record::{
    account::counted,
    date::DateFormat,
    field::{CanonicalTable, Field, FieldType},
};

/// First year of the hundred that two-digit years mean where nothing tells better.
const CENTURY_FROM: i32 = 1930;
/// Different words up to which a column is taken for a coded one.
const WORDS: usize = 60;

/// What is said of one mapping.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Keys beside the source, as TOML.
    pub keys: Vec<String>,
    /// Comments above the line.
    pub notes: Vec<String>,
    /// Whether the run refuses the layout until a question is answered.
    pub asks: bool,
    /// Whether the line is written as a comment only.
    pub off: bool,
    /// What is asked before the column is read at all: the line is then written as a comment, once for every answer.
    pub question: Option<DraftQuestion>,
    /// Missing tokens of the columns.
    pub missing: Vec<&'static str>,
}

/// Works out the details of one mapping.
pub fn detail(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, mapping: &DraftMapping) -> Detail {
    let read: Vec<&DraftColumn> = Guess::columns(mapping).iter().map(|at| &columns[*at]).collect();
    let mut detail = Detail {
        missing: read.iter().flat_map(|column| column.missing.keys().copied()).collect(),
        ..Detail::default()
    };
    if read.is_empty() {
        return detail;
    }
    match mapping.field.entry().kind {
        FieldType::Date | FieldType::Moment => dates(sample, columns, guess, mapping, &mut detail),
        _ if values::has_words(mapping.field) => words(sample, columns, guess, mapping, &mut detail),
        FieldType::Code => codes(sample, columns, guess, mapping, &mut detail),
        _ if mapping.field == Field::Age => ages::age(sample, columns, guess, read[0], &mut detail),
        _ => others(sample, guess.table, mapping.field, &read, &mut detail),
    }
    detail
}

fn dates(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, mapping: &DraftMapping, detail: &mut Detail) {
    let read: Vec<&DraftColumn> = Guess::columns(mapping).iter().map(|at| &columns[*at]).collect();
    let found: DateColumns = match read.as_slice() {
        [one] => one.dates.clone(),
        several => super::dates::study(
            several.iter().flat_map(|column| column.values.iter().map(|(value, count)| (value.as_str(), *count))),
        ),
    };
    let serial = |column: &&DraftColumn| column.filled == 0 || column.share(shape::serial_date) >= 95;
    if found.forms.is_empty() && read.iter().any(|column| column.filled > 0) && read.iter().all(serial) {
        serials(mapping.field, &read, detail);
        return;
    }
    if found.forms.is_empty() {
        let column = read.first().map_or("", |column| column.name.as_str());
        detail.notes.push(format!(
            "NOTE: {} has no date in the rows read; state its format and take the # away.",
            quoted(column)
        ));
        detail.keys.push("formats = [\"%Y-%m-%d\"]".to_owned());
        detail.off = true;
        return;
    }
    let one = match mapping.source {
        ColumnsOf::Column(at) if found.must_ask() => Some(at),
        _ => None,
    };
    let decision = one.and_then(|at| decide(sample, columns, guess, (mapping.field, at), &found.all_formats()));
    match decision {
        Some(DraftDecision::Order(format, why)) => {
            detail.notes.push(format!("NOTE: {why}."));
            detail.keys.push(format!("formats = [{}]", quoted(&format)));
            return;
        }
        Some(DraftDecision::RowByRow(keys, why)) => {
            detail.notes.push(format!("NOTE: {why}."));
            detail.keys.extend(keys);
            return;
        }
        None => {}
    }
    let mixed = found.mixed_orders();
    for form in &found.forms {
        match form {
            DateForm::Proven { format, values, proof: Some(proof) } if mixed.is_none() => {
                detail.notes.push(format!("NOTE: {} is proven by {proof} of {values} values.", quoted(format)));
            }
            DateForm::Proven { .. } | DateForm::Mixed { .. } => {}
            DateForm::Ask { values, formats } => {
                let others = proven_elsewhere(columns, guess, formats);
                detail.notes.push(format!(
                    "ASK: the order of day, month and year is not proven by {values} values: {}{others}. Ask who made the export, then state it.",
                    format_names(form)
                ));
            }
        }
    }
    if let Some(mixed) = mixed {
        let of = |(format, sure): &(String, u32)| format!("{sure} surely {} ({})", order_words(format), quoted(format));
        let sure: Vec<String> = mixed.formats.iter().map(of).collect();
        detail.notes.push(format!(
            "ASK: two orders of day and month are mixed in this column: {}, and {} that can be either. No format is right for all. Where another column tells the order, write both formats and decided_by: a column that names the month, or length_of_stay_days beside a date that is sure. Else ask who made the export for a new one with one order, best year-month-day.",
            sure.join(", "),
            mixed.either
        ));
    }
    let filled: u32 = read.iter().map(|column| column.filled).sum();
    let others = filled - found.dates;
    if found.slips > 0 {
        let typed = match sample.kind {
            sample::SampledFormat::Workbook(_) => ", but for those that are dates by their type",
            _ => "",
        };
        let slips = found.slips;
        detail
            .notes
            .push(format!("NOTE: another form of date in {slips} of {filled} values; a run finds them{typed}."));
    }
    if others > 0 {
        detail.notes.push(format!("NOTE: no date in {others} of {filled} values; a run finds them."));
    }
    let proven = found.formats();
    if found.must_ask() {
        detail.asks = true;
        detail.keys.push(marker());
    } else {
        let texts: Vec<String> = proven.iter().map(|format| (*format).to_owned()).collect();
        let one = if texts.len() == 1 { format!("[{}]", list(&texts)) } else { list(&texts) };
        detail.keys.push(format!("formats = {one}"));
    }
    if found.two_digit_years() {
        let (from, why) = century(sample, columns, guess, mapping);
        detail.notes.push(format!("CHECK: years have two digits; they are read as {from} to {}{why}. Ask for four digits, or state the first year.", from + 99));
        detail.keys.push(format!("two_digit_years_from = {from}"));
    }
}

/// What other columns of the file prove of the order, in words: a hint, because columns of one file may come from two programs.
fn proven_elsewhere(columns: &[DraftColumn], guess: &Guess, formats: &[(String, u32)]) -> String {
    let mapped = guess.mappings.iter().flat_map(Guess::columns).map(|at| &columns[at]);
    let mut found: BTreeSet<&str> =
        mapped.filter(|column| !column.dates.must_ask()).flat_map(|column| column.dates.formats()).collect();
    found.retain(|format| formats.iter().any(|(own, _)| own == format));
    match found.iter().collect::<Vec<_>>().as_slice() {
        [only] => format!("; another column of the file has {}", quoted(only)),
        _ => String::new(),
    }
}

/// The first year of the hundred that the two-digit years of a column mean: one in which no stay ends before it begins, and no birth follows its stay.
fn century(
    sample: &DraftSample,
    columns: &[DraftColumn],
    guess: &Guess,
    mapping: &DraftMapping,
) -> (i32, &'static str) {
    let column = |field: Field| -> Option<(usize, DateColumns)> {
        let mapping = guess.mapping(field)?;
        let ColumnsOf::Column(at) = mapping.source else { return None };
        Some((at, columns[at].dates.clone()))
    };
    let (Some((from, admission)), Some((to, discharge))) = (column(Field::AdmissionDate), column(Field::DischargeDate))
    else {
        return (CENTURY_FROM, "");
    };
    if admission.must_ask() || discharge.must_ask() || admission.forms.is_empty() || discharge.forms.is_empty() {
        return (CENTURY_FROM, "");
    }
    let backward = |century: i32| {
        let begins = moments(sample, from, &admission.formats(), century);
        let ends = moments(sample, to, &discharge.formats(), century);
        begins
            .iter()
            .zip(&ends)
            .filter(|(begin, end)| matches!((begin, end), (Some(begin), Some(end)) if end.day < begin.day))
            .count()
    };
    let stays = admission.two_digit_years() && discharge.two_digit_years();
    let best = [0, 10, 20, -10, 30, -20, 40, 50, 60]
        .map(|shift| CENTURY_FROM + shift)
        .into_iter()
        .min_by_key(|century| backward(*century));
    let century = if stays { best.unwrap_or(CENTURY_FROM) } else { CENTURY_FROM };
    if mapping.field == Field::BirthDate {
        // A birth is at most a hundred years before the last stay of the file.
        let last = moments(sample, from, &admission.formats(), century)
            .into_iter()
            .flatten()
            .map(|moment| moment.day.ymd().0)
            .max();
        return (last.map_or(CENTURY_FROM, |year| year - 99), ", the hundred years before the last admission");
    }
    let why = if century == CENTURY_FROM { "" } else { ", so that no stay ends before it begins" };
    (century, why)
}

/// Numbers for days: a spreadsheet's where they are days of our time, else asked, because other programs count from other years.
fn serials(field: Field, read: &[&DraftColumn], detail: &mut Detail) {
    let excel = DateFormat::new("excel", CENTURY_FROM).ok();
    let year = |text: &String| excel.as_ref()?.read(text.as_bytes()).map(|moment| moment.day.ymd().0);
    let years: Vec<i32> = read.iter().flat_map(|column| column.values.keys()).filter_map(year).collect();
    let (first, last) = (years.iter().min().copied().unwrap_or(0), years.iter().max().copied().unwrap_or(0));
    let begins = if field == Field::BirthDate { 1900 } else { 1990 };
    let keys = vec!["formats = [\"excel\"]".to_owned()];
    if (1990..=2040).contains(&last) && first >= begins {
        detail.notes.push(
            "CHECK: numbers that a spreadsheet keeps for days, counted from 1900; state \"excel_1904\" where the workbook counts from 1904.".to_owned(),
        );
        detail.keys = keys;
        return;
    }
    detail.question = Some(DraftQuestion {
        reason: format!(
            "numbers for days: as a spreadsheet counts them, from 1900, they are days of {first} to {last}; SAS counts from 1960"
        ),
        choices: vec![
            ("counted from 1900 by a spreadsheet".to_owned(), keys),
            ("counted from 1904".to_owned(), vec!["formats = [\"excel_1904\"]".to_owned()]),
        ],
    });
}

/// Reads a coded column, and translates its words.
fn words(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, mapping: &DraftMapping, detail: &mut Detail) {
    let field = mapping.field;
    let at = Guess::columns(mapping);
    let read: Vec<&DraftColumn> = at.iter().map(|at| &columns[*at]).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for (word, count) in read.iter().flat_map(|column| &column.values) {
        *seen.entry(word.as_str()).or_insert(0) += count;
    }
    let filled: u32 = seen.values().sum();
    let reading = if field == Field::Sex {
        let codes: Vec<usize> = [Field::DiagnosisCode, Field::AdmittingDiagnosis]
            .into_iter()
            .filter_map(|field| guess.mapping(field))
            .flat_map(Guess::columns)
            .collect();
        let flag = read.first().and_then(|column| match () {
            () if column.says("female") => Some('F'),
            () if column.says("male") => Some('M'),
            () => None,
        });
        sexes::reading(&seen, flag, &sexes::evidence(&sample.rows, at[0], &codes))
    } else {
        lists::reading(field, &seen, read.iter().any(|column| column.foreign))
    };
    match reading {
        ListReading::Words(note) => detail.notes.extend(note),
        ListReading::Proven(keys, why) => {
            detail.notes.push(format!("NOTE: {why}."));
            detail.keys.extend(keys);
            return;
        }
        ListReading::Ask(question) => {
            detail.question = Some(question);
            return;
        }
    }
    let listed: u32 = seen.iter().filter(|(word, _)| values::is_listed(field, word)).map(|(_, count)| count).sum();
    let mut translated: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut changed = false;
    let mut unknown: Vec<(&str, u32)> = Vec::new();
    for (word, count) in &seen {
        if values::is_listed(field, word) {
            translated.entry((*word).to_owned()).or_default().push((*word).to_owned());
            continue;
        }
        // Beside values of the list a rare other word is a slip of that row, not a habit of the export.
        let slip = percent(listed, filled) >= 95 && percent(*count, filled) < 1;
        match values::meaning(field, word) {
            Meaning::One(value) if !slip => {
                changed = true;
                translated.entry(value.to_owned()).or_default().push((*word).to_owned());
            }
            Meaning::Either(options) if !slip => {
                let rows = counted(u64::from(*count), "row");
                detail.notes.push(format!("CHECK: {} ({rows}) is not translated: {options}.", quoted(word)));
            }
            _ => unknown.push((word, *count)),
        }
    }
    note_unknown(&unknown, seen.len(), detail);
    if changed {
        let pairs: Vec<String> =
            translated.iter().map(|(value, words)| format!("{} = {}", key(value), list(words))).collect();
        detail.keys.push(format!("values = {{ {} }}", pairs.join(", ")));
    }
}

/// Tells of words that are not known. A word that stands once may be a slip of any other column: it is counted, not shown.
fn note_unknown(unknown: &[(&str, u32)], different: usize, detail: &mut Detail) {
    let rows: u32 = unknown.iter().map(|(_, count)| count).sum();
    if rows == 0 {
        return;
    }
    let shown: Vec<String> = unknown
        .iter()
        .filter(|(word, count)| *count > 1 && different <= WORDS && word.len() <= 40)
        .map(|(word, _)| quoted(word))
        .collect();
    let shown = if shown.is_empty() { String::new() } else { format!(": {}", shown.join(", ")) };
    let rows = counted(u64::from(rows), "row");
    detail.notes.push(format!("CHECK: not known here in {rows}{shown}; a run finds them."));
}

/// Looks for leading zeros that a spreadsheet took from ICD-9-CM codes. Only what is known to be ICD-9-CM is looked at.
fn codes(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, mapping: &DraftMapping, detail: &mut Detail) {
    let (revision, system, category) = match mapping.field {
        Field::DiagnosisCode => (Field::DiagnosisRevision, "icd9cm", 3),
        Field::ProcedureCode => (Field::ProcedureRevision, "icd9pcs", 2),
        _ => return,
    };
    let read = Guess::columns(mapping);
    let its: Vec<&DraftColumn> = read.iter().map(|at| &columns[*at]).collect();
    if guess.systems.get(&mapping.field) == Some(&"icd10pcs") {
        cut_icd10pcs(&its, detail);
        return;
    }
    let stated = match guess.mapping(revision).map(|mapping| &mapping.source) {
        Some(ColumnsOf::Column(at)) => Some(*at),
        _ if guess.systems.get(&mapping.field) == Some(&system) => None,
        _ => return,
    };
    let is_icd9 =
        |row: &Vec<String>| stated.is_none_or(|at| values::meaning(revision, &row[at]) == Meaning::One(system));
    let all = sample.rows.iter().filter(|row| is_icd9(row)).flat_map(|row| read.iter().map(|at| row[*at].as_str()));
    let (mut numbers, mut short, mut zeros) = (0, 0, 0);
    for code in all.filter(|code| !code.is_empty()) {
        let (before, dotted) = code.split_once('.').map_or((code, false), |(before, _)| (before, true));
        if before.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            continue;
        }
        numbers += 1;
        // Procedures without a dot have two digits and more, and a lost zero makes another procedure of them.
        short += u32::from(before.len() < category && (dotted || mapping.field == Field::DiagnosisCode));
        zeros += u32::from(code.starts_with('0'));
    }
    if short > 0 {
        detail.notes.push(format!(
            "NOTE: {} of ICD-9-CM with fewer than {category} digits{}: a spreadsheet took their zeros; they are given back.",
            counted(u64::from(short), "code"),
            if category == 3 { "" } else { " before the dot" }
        ));
        // Beside a line of the revision this is said there.
        if guess.mapping(revision).is_none() {
            let kind = if category == 3 { systems::CodedAs::Diagnoses } else { systems::CodedAs::Procedures };
            detail.notes.push(format!("NOTE: {}.", systems::judge(kind, &its, systems::sets()).0.words()));
        }
        detail.keys.push("repair = [\"restore_icd9_zeros\"]".to_owned());
    } else if numbers >= 200 && zeros == 0 {
        detail.notes.push(format!(
            "CHECK: none of {numbers} ICD-9-CM codes begins with 0: if a spreadsheet took the zeros, add repair = [\"restore_icd9_zeros\"]."
        ));
    }
    let blank = read.iter().filter(|at| columns[**at].filled == 0).count();
    if blank > 0 && read.len() > 1 {
        detail.notes.push(format!("NOTE: {blank} of {} columns are blank in every row read.", read.len()));
    }
}

/// Tells of codes of ICD-10-PCS of digits alone that lost their leading zeros.
fn cut_icd10pcs(columns: &[&DraftColumn], detail: &mut Detail) {
    let cut: u32 = columns
        .iter()
        .flat_map(|column| &column.values)
        .filter(|(text, _)| systems::is_cut_icd10pcs(text, systems::sets()))
        .map(|(_, count)| count)
        .sum();
    if cut > 0 {
        detail.notes.push(format!(
            "NOTE: {} of ICD-10-PCS with fewer than 7 characters, digits alone: a spreadsheet took their zeros; they are given back.",
            counted(u64::from(cut), "code")
        ));
        detail.keys.push("repair = [\"restore_icd9_zeros\"]".to_owned());
    }
}

fn others(sample: &DraftSample, table: CanonicalTable, field: Field, read: &[&DraftColumn], detail: &mut Detail) {
    let [column] = read else { return };
    match field {
        Field::ZipCode | Field::DiagnosisRelatedGroup => {
            let width = if field == Field::ZipCode { 5 } else { 3 };
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let cut = column.share(|text| text.len() < width && digits(text));
            // Where others keep their zeros, and where all are short, nothing was lost.
            let kept = column.values.keys().any(|text| text.len() == width && text.starts_with('0'));
            let whole = column.share(|text| text.len() == width && digits(text));
            if cut > 0 && !kept && whole > 0 {
                detail.notes.push("NOTE: zeros on the left are lost; they are given back.".to_owned());
                detail.keys.push("repair = [\"pad_zeros\"]".to_owned());
            }
        }
        Field::TotalCharges if column.share(shape::decimal_comma) > 0 => {
            let point = column
                .share(|text| text.rsplit_once('.').is_some_and(|(_, parts)| parts.len() != 3 && !parts.contains(',')));
            if point > 0 {
                detail.question = Some(DraftQuestion {
                    reason: format!(
                        "amounts with a comma and amounts with a point before their parts stand in its {} values",
                        column.filled
                    ),
                    choices: vec![
                        ("the comma stands before the parts".to_owned(), vec!["decimal = \",\"".to_owned()]),
                        ("the point stands before the parts".to_owned(), Vec::new()),
                    ],
                });
                return;
            }
            detail.notes.push("CHECK: commas stand before the parts of an amount, not between thousands.".to_owned());
            detail.keys.push("decimal = \",\"".to_owned());
        }
        Field::PatientId | Field::MedicalRecordNumber | Field::FacilityId if may_lack_zeros(sample, column) => {
            let width = column.values.keys().map(String::len).max().unwrap_or(0);
            detail.notes.push(format!(
                "CHECK: numbers of several lengths in a workbook; if zeros on the left are lost, state repair = [\"pad_zeros\"], padded_width = {width}."
            ));
        }
        Field::EncounterId if table == CanonicalTable::Encounters && column.filled > column.values.len() as u32 => {
            let rows = counted(u64::from(column.filled), "row");
            detail.notes.push(format!("NOTE: {} different numbers in {rows}.", column.values.len()));
        }
        Field::Payer
            if column.values.len() <= 30
                && column.values.iter().all(|(word, count)| *count > 1 && word.len() <= 20) =>
        {
            let words: Vec<String> = column.values.keys().map(|word| quoted(word)).collect();
            detail.notes.push(format!("NOTE: to find other codes, state the list: values = [{}].", words.join(", ")));
        }
        _ => {}
    }
}

/// Whether a spreadsheet may have taken zeros from the numbers of a column: digits of several lengths, none beginning with a zero.
fn may_lack_zeros(sample: &DraftSample, column: &DraftColumn) -> bool {
    let lengths: BTreeSet<usize> = column.values.keys().map(String::len).collect();
    let digits = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    matches!(sample.kind, sample::SampledFormat::Workbook(_)) && lengths.len() > 1 && column.values.keys().all(digits)
}
