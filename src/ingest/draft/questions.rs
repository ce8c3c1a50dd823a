//! Columns that are left out though they look like a field: each is named with the line that would read it.

use super::{
    column::{DraftColumn, shape},
    detail::detail,
    guess::{DraftMapping, Guess, fits},
    lists::DraftQuestion,
    names,
    sample::DraftSample,
    sexes,
    stays::{DraftStay, dates_of, stay},
    systems,
    write::{place, quoted},
};
use crate::record::field::{Field, FieldType};

/// A field that the draft asks about and does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutQuestions {
    /// The field.
    pub field: Field,
    /// The columns that may hold it.
    pub columns: Vec<usize>,
    /// What is asked, with the lines that a person can take.
    pub question: DraftQuestion,
    /// Where the field comes from, beside the keys of each line; `None` where the keys say it.
    pub place: Option<String>,
}

/// Words of other people and things: what a name says is then theirs, not the patient's.
const OF_OTHERS: &[&str] = &[
    "mother",
    "physician",
    "attending",
    "operating",
    "surgeon",
    "author",
    "employer",
    "payer",
    "coder",
    "staff",
    "infant",
    "cosigner",
    "father",
    "spouse",
    "contact",
    "guarantor",
    "subscriber",
    "address",
];

/// The columns among `free` that may hold a field which nothing else holds.
pub fn left_out(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, free: &[usize]) -> Vec<LeftOutQuestions> {
    let mut found: Vec<LeftOutQuestions> = Vec::new();
    let wanted = |field: Field, found: &[LeftOutQuestions]| {
        let known = guess
            .mappings
            .iter()
            .any(|mapping| mapping.field == field && mapping.source != super::guess::ColumnsOf::NotFound);
        let asked = guess.questions.iter().chain(found).any(|question| question.field == field);
        field.stands_in(guess.table) && !known && !asked
    };
    for at in free {
        let column = &columns[*at];
        if column.filled == 0 {
            continue;
        }
        let Some((field, why)) = looks_like(column, guess, |field| wanted(field, &found)) else { continue };
        let question = question(sample, columns, guess, field, *at, why);
        found.push(LeftOutQuestions { field, columns: vec![*at], question, place: Some(place(sample, columns, *at)) });
    }
    found.extend(stay_left_out(sample, columns, guess, free, |field| wanted(field, &found)));
    found.sort_by_key(|question| question.field);
    found
}

/// Two columns of dates that may be admission and discharge though their names do not say so: `Arrived` and `Left`.
fn stay_left_out(
    sample: &DraftSample,
    columns: &[DraftColumn],
    guess: &Guess,
    free: &[usize],
    wanted: impl Fn(Field) -> bool,
) -> Vec<LeftOutQuestions> {
    let fields = [Field::AdmissionDate, Field::DischargeDate];
    if !fields.into_iter().all(wanted) {
        return Vec::new();
    }
    let is_free = |column: &DraftColumn| {
        names::fields(&column.meanings, guess.table).is_empty() && !OF_OTHERS.iter().any(|word| column.says(word))
    };
    let free: Vec<(usize, &DraftColumn)> =
        free.iter().map(|at| (*at, &columns[*at])).filter(|(_, column)| is_free(column)).collect();
    let Some(DraftStay { from, to, held, rows }) = stay(&dates_of(sample, &free)) else { return Vec::new() };
    let ask = |field: Field, at: usize| {
        let why = format!(
            "{} may be {}: in {held} of {rows} rows {} lies within a year after {}",
            quoted(&columns[at].name),
            field.name(),
            quoted(&columns[to].name),
            quoted(&columns[from].name)
        );
        let question = question(sample, columns, guess, field, at, why);
        LeftOutQuestions { field, columns: vec![at], question, place: Some(place(sample, columns, at)) }
    };
    vec![ask(Field::AdmissionDate, from), ask(Field::DischargeDate, to)]
}

/// The field that a column may hold, and what speaks for and against it.
fn looks_like(column: &DraftColumn, guess: &Guess, wanted: impl Fn(Field) -> bool) -> Option<(Field, String)> {
    let name = quoted(&column.name);
    let named = names::fields(&column.meanings, guess.table);
    if let Some((field, _)) = named
        .iter()
        .find(|(field, _)| !matches!(field, Field::ZipCode | Field::AgeBand) && wanted(*field) && !fits(*field, column))
    {
        return Some((*field, format!("{name} is called like {}, but {}", field.name(), against(*field, column))));
    }
    let of_others = OF_OTHERS.iter().any(|word| column.says(word));
    let spoken = names::spoken_of(&column.meanings, guess.table);
    if let Some(field) = spoken.into_iter().find(|field| !of_others && wanted(*field) && holds(*field, column)) {
        let what = match (field.entry().kind, partial(column)) {
            (FieldType::Date | FieldType::Moment, Some((_, what))) => format!("tells of {}, but {what}", field.name()),
            _ => format!("may be {} by its name and values", field.name()),
        };
        return Some((field, format!("{name} {what}")));
    }
    // What is called something else is that.
    if !named.is_empty() || of_others {
        return None;
    }
    let share = |holds: &dyn Fn(&str) -> bool| column.share(holds);
    let both = ["m", "f"].iter().all(|sex| column.values.keys().any(|text| text.to_lowercase().starts_with(sex)));
    if wanted(Field::Sex) && both && share(&sexes::is_word) >= 95 {
        return Some((Field::Sex, format!("{name} may be sex: its values are words or letters for the sexes")));
    }
    let alike = |kind| systems::judge(kind, &[column], systems::sets()).0;
    if wanted(Field::DiagnosisCode) && share(&shape::icd10cm) >= 90 && column.values.len() > 3 {
        let fits = alike(systems::CodedAs::Diagnoses);
        if fits.share("icd10cm") >= 50 {
            return Some((Field::DiagnosisCode, format!("{name} may be a diagnosis: {}", fits.words())));
        }
    }
    if wanted(Field::ProcedureCode) && share(&shape::icd10pcs) >= 90 {
        let fits = alike(systems::CodedAs::Procedures);
        return Some((Field::ProcedureCode, format!("{name} may be a procedure: {}", fits.words())));
    }
    if wanted(Field::AttendingNpi) && column.filled >= 5 && share(&shape::npi) >= 95 {
        let what = "its values have the check digit of an NPI, though perhaps of another practitioner";
        return Some((Field::AttendingNpi, format!("{name} may be the attending's number: {what}")));
    }
    None
}

/// Whether the texts of a column look like codes of some system: short, with a digit, in one word. A blank column says nothing against it.
pub fn is_like_codes(column: &DraftColumn) -> bool {
    let is_code = |text: &str| {
        (2..=10).contains(&text.len())
            && text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-')
    };
    column.filled == 0 || column.share(is_code) >= 90 && column.date_share() < 50
}

/// Whether the values of a column are what a field has, beyond not speaking against it.
fn holds(field: Field, column: &DraftColumn) -> bool {
    match field {
        Field::Sex => column.share(sexes::is_sex) >= 90 && column.values.len() <= 8,
        Field::Age => column.share(|text| text.parse::<f64>().is_ok_and(|age| (0.0..=130.0).contains(&age))) >= 95,
        Field::LengthOfStay => column.share(shape::number) >= 95,
        Field::DiagnosisCode | Field::ProcedureCode => {
            is_like_codes(column) && column.share(|text| text.len() < 3) < 50
        }
        Field::AttendingNpi => column.values.len() > 3 && fits(field, column),
        Field::DischargeStatus | Field::DeathFlag | Field::PresentOnAdmission => {
            fits(field, column) && column.values.len() <= 40
        }
        Field::EncounterId => column.is_unique(),
        Field::BirthDate | Field::AdmissionDate | Field::DischargeDate | Field::DeathDate => {
            column.date_share() >= 80 || partial(column).is_some()
        }
        Field::ProcedureDate => column.date_share() >= 80,
        _ => false,
    }
}

/// A date of which a column has the year or the month alone: the formats of a layout, and what the values are.
pub fn partial(column: &DraftColumn) -> Option<(&'static str, String)> {
    let number = |text: &str, length: usize, least: u32, most: u32| {
        let digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().is_ok_and(|number| digits && (least..=most).contains(&number))
    };
    let year = |text: &str| number(text, 4, 1850, 2150);
    let month = |text: &str| number(text, 2, 1, 12) || number(text, 1, 1, 12);
    let parts = |text: &str, at: usize| text.is_char_boundary(at) && text.len() == 6;
    let year_month = |text: &str| parts(text, 4) && year(&text[..4]) && month(&text[4..]);
    let month_year = |text: &str| parts(text, 2) && month(&text[..2]) && year(&text[2..]);
    let all = column.filled;
    type Form<'f> = (&'static str, &'f dyn Fn(&str) -> bool, &'static str);
    let forms: [Form<'_>; 4] = [
        ("%Y", &year, "years"),
        ("%Y%m", &year_month, "years with their months"),
        ("%m%Y", &month_year, "months with their years"),
        ("%m", &month, "months"),
    ];
    forms.into_iter().find(|(_, holds, _)| column.filled > 0 && column.share(holds) >= 95).map(
        |(format, holds, what)| {
            let count: u32 = column.values.iter().filter(|(text, _)| holds(text)).map(|(_, count)| count).sum();
            (format, format!("{count} of {all} values are {what}, not days"))
        },
    )
}

/// Why the values of a column are not those of the field that it is called like.
fn against(field: Field, column: &DraftColumn) -> String {
    let filled = column.filled;
    let count = |holds: &dyn Fn(&str) -> bool| -> u32 {
        column.values.iter().filter(|(text, _)| holds(text)).map(|(_, count)| count).sum()
    };
    match field.entry().kind {
        FieldType::Date | FieldType::Moment => partial(column).map_or_else(
            || format!("{} of {filled} values are dates of a form that is known here", column.dates.dates),
            |(_, what)| what,
        ),
        FieldType::Number => format!("{} of {filled} values are numbers such as it has", count(&shape::number)),
        _ => format!("most of its {filled} values are none that it has"),
    }
}

/// The question about a column, with the line that reads it.
fn question(
    sample: &DraftSample,
    columns: &[DraftColumn],
    guess: &Guess,
    field: Field,
    at: usize,
    why: String,
) -> DraftQuestion {
    let of_stay = matches!(field, Field::AdmissionDate | Field::DischargeDate | Field::BirthDate | Field::DeathDate);
    if let (true, Some((format, _))) = (of_stay, partial(&columns[at])) {
        let mut keys = vec![format!("formats = [{}]", quoted(format))];
        if format == "%m" {
            keys.push("year_column = \"STATE THE COLUMN\"".to_owned());
        }
        return DraftQuestion {
            reason: format!("{why}. Take the # away to read it as far as it goes"),
            choices: vec![(String::new(), keys)],
        };
    }
    let found = detail(sample, columns, guess, &DraftMapping::of_column(field, at));
    let reason = format!("{why}. Take the # away if it is");
    match found.question {
        Some(question) => DraftQuestion { reason: format!("{why}. {}", sentence(&question.reason)), ..question },
        None => DraftQuestion { reason, choices: vec![(String::new(), found.keys)] },
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
