//! Whether a text looks like the name of a column. What does not is shown by its position: it may be a cell of a record.

/// Digits in a row from which a text may be a number of a person, a stay or a day.
const LONGEST_NUMBER: usize = 3;
/// Characters of the longest name.
const LONGEST_NAME: usize = 64;
/// Words before or after the name of a person.
const TITLES: [&str; 12] = ["mr", "mrs", "ms", "miss", "dr", "md", "jr", "sr", "herr", "frau", "mme", "sra"];
/// Months; a date may have the first three letters or more.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a text looks like the name of a column: it has a letter, begins with no digit, and has not the shape of an identifier, a date, an address or a person.
pub fn looks_like_a_name(text: &str) -> bool {
    let text = text.trim();
    let begins_well = text.chars().next().is_some_and(|first| !first.is_ascii_digit());
    text.chars().count() <= LONGEST_NAME
        && begins_well
        && text.chars().any(char::is_alphabetic)
        && !text.contains(['\n', '\r', '@', '^'])
        && !has_long_number(text)
        && !is_date(text)
        && !is_code(text)
        && !is_person(text)
}

/// A column as messages and accounts name it: by its name where that looks like one, else by its position, from 1.
pub fn shown_name(name: &str, place: usize) -> String {
    if looks_like_a_name(name) { name.to_owned() } else { format!("column {}", place + 1) }
}

/// Whether a row looks like one of data: at least a third of its texts are numbers, dates, codes or identifiers.
pub fn looks_like_data(row: &[String]) -> bool {
    let filled = || row.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    let data = filled().filter(|text| {
        let number = text.chars().all(|letter| letter.is_ascii_digit() || "+-., :/".contains(letter));
        number || has_long_number(text) || is_date(text) || is_code(text)
    });
    let count = data.count();
    count > 0 && count * 3 >= filled().count()
}

fn has_long_number(text: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_digit()).any(|digits| digits.len() > LONGEST_NUMBER)
}

/// Digits on both sides of a mark that dates have, or beside the name of a month.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ', ',', ':']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let month = |part: &str| part.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(&part.to_lowercase()));
    parts.windows(2).any(|pair| {
        number(pair[0]) && number(pair[1]) || number(pair[0]) && month(pair[1]) || month(pair[0]) && number(pair[1])
    })
}

/// A diagnosis or procedure code: a letter, a digit, and one more digit or a dot (`I10`, `E11.9`); or seven letters and digits with a digit in front.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let diagnosis = bytes.len() >= 3
        && bytes.len() <= 8
        && bytes[0].is_ascii_alphabetic()
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_alphanumeric();
    let procedure = bytes.len() == 7 && bytes[0].is_ascii_digit();
    plain && (diagnosis || procedure)
}

/// `SMITH, JOHN`; and without a word of headings among them `Dr Smith`, `John A. Smith`, `JOHN SMITH`.
fn is_person(text: &str) -> bool {
    let after_comma = text.split_once(',').map(|(last, first)| (last.trim(), first.trim().chars().next()));
    if after_comma.is_some_and(|(last, first)| !last.is_empty() && first.is_some_and(char::is_alphabetic)) {
        return true;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.trim_end_matches('.').to_lowercase()).collect();
    let is_title = |word: &String| TITLES.contains(&word.as_str());
    if words.len() < 2 || lower.iter().any(|word| !is_title(word) && is_of_headings(word)) {
        return false;
    }
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(is_of_person);
    lower.iter().any(is_title) || words.len() <= 4 && words.iter().all(|word| capital(word))
}

fn is_of_person(letter: char) -> bool {
    letter.is_alphabetic() || "'’-.".contains(letter)
}

/// Words that stand in headings of medical records and in no person's name.
fn is_of_headings(word: &str) -> bool {
    super::draft::words::is_known(word) || HEADINGS.binary_search(&word).is_ok()
}

/// Further words of headings, beside those that a draft knows; sorted.
const HEADINGS: [&str; 40] = [
    "address",
    "amount",
    "area",
    "average",
    "bed",
    "blood",
    "body",
    "city",
    "comment",
    "comments",
    "cost",
    "country",
    "department",
    "dept",
    "email",
    "first",
    "flag",
    "from",
    "group",
    "height",
    "hospital",
    "insurance",
    "language",
    "last",
    "marital",
    "middle",
    "note",
    "notes",
    "number",
    "phone",
    "rate",
    "result",
    "score",
    "size",
    "street",
    "test",
    "to",
    "type",
    "unit",
    "ward",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns_look_like_names() {
        for name in [
            "record_id",
            "MRN",
            "DX1",
            "DX25",
            "PRDATE12",
            "POA_3",
            "Admission Date",
            "Total Charges",
            "ICD10_CODE",
            "ms_drg",
            "Geburtsdatum",
            "Date of birth",
            "Fecha de alta",
            "HCC018",
            "Length of stay (days)",
            "LOS",
            "Ward",
            "NOTE",
            "PR_DATE-1",
            "Marital Status",
            "Discharge Unit",
            "E_CODE",
            "A1C_RESULT",
            "X",
            "_id",
            "入院日",
        ] {
            assert!(looks_like_a_name(name), "{name}");
            assert_eq!(shown_name(name, 4), name);
        }
    }

    #[test]
    fn cells_of_records_do_not() {
        for cell in [
            "",
            "12",
            "000123456",
            "M0012345",
            "MRN 00412233",
            "V-2026-118",
            "2026-10-01",
            "01/10/2026",
            "10-OCT-26",
            "Oct 3",
            "3 October 26",
            "SMITH, JOHN",
            "SMITH^JOHN^A",
            "Dr. Cho",
            "John A. Smith",
            "John Smith",
            "MARY JONES",
            "E11.9",
            "I10",
            "0DTJ4ZZ",
            "12.50",
            "078-05-1120",
            "a.b@c.org",
            "O'Neil, Ann",
            "Max Mustermann",
        ] {
            assert!(!looks_like_a_name(cell), "{cell}");
            assert_eq!(shown_name(cell, 4), "column 5");
        }
    }

    #[test]
    fn a_row_of_a_third_numbers_dates_and_codes_is_data() {
        let row = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        assert!(looks_like_data(&row("V1|M7|2026-10-01|2026-10-03|F|44|I10|HOME")));
        assert!(!looks_like_data(&row("record_id|patient_id|admit_date|DX1|DX2|PR1")));
        assert!(!looks_like_data(&row("Discharges of October|||")));
        assert!(!looks_like_data(&row("|||")));
    }

    #[test]
    fn the_words_of_headings_are_sorted() {
        assert!(HEADINGS.is_sorted());
    }
}
