//! Race and ethnicity in the words and codes that exports use.
//!
//! UHDDS asks for six races (American Indian, Eskimo or Aleut; Asian or Pacific Islander; Black; White; other; unknown) and for Hispanic origin, not Hispanic
//! or unknown. Exports write them in many ways, finer as well (`HISPANIC/LATINO - CUBAN`), so a text is known by the words it begins with, whatever its case
//! and punctuation. Known besides are one digit as states number them, the letters of the words, and the codes of CDC's code set of race and ethnicity.
//!
//! Sources: UHDDS (50 FR 31038); OMB, Statistical Policy Directive 15 (1997, and 89 FR 22182 of 2024). Digits, letters and codes are general knowledge.

/// Beginnings of a race. Hispanic origin is among them: many exports have one column for both, and the directive of 2024 has one question.
const RACES: &[&str] = &[
    "african",
    "alaska",
    "aleut",
    "american indian",
    "asian",
    "asked but",
    "biracial",
    "black",
    "caucasian",
    "chinese",
    "declined",
    "eskimo",
    "filipino",
    "guamanian",
    "hawaiian",
    "hispanic",
    "indian",
    "indigenous",
    "japanese",
    "korean",
    "latin",
    "mena",
    "middle eastern",
    "mixed",
    "more than one",
    "multi",
    "native",
    "no response",
    "not available",
    "not hispanic",
    "not reported",
    "not specified",
    "not stated",
    "nonwhite",
    "other",
    "pacific",
    "patient declined",
    "patient refused",
    "portuguese",
    "prefer not",
    "refused",
    "samoan",
    "some other",
    "south american",
    "spanish american",
    "two or more",
    "unable",
    "undetermined",
    "unk",
    "unspecified",
    "vietnamese",
    "white",
];

/// Beginnings of an ethnicity.
const ETHNICITIES: &[&str] = &[
    "asked but",
    "central american",
    "cuban",
    "declined",
    "hispanic",
    "latin",
    "mexican",
    "non hispanic",
    "non latin",
    "non spanish",
    "nonhispanic",
    "no response",
    "not available",
    "not hispanic",
    "not latin",
    "not of hispanic",
    "not reported",
    "not spanish",
    "not specified",
    "not stated",
    "other",
    "patient declined",
    "patient refused",
    "prefer not",
    "puerto rican",
    "refused",
    "south american",
    "spanish",
    "unable",
    "undetermined",
    "unk",
    "unspecified",
];

/// Whether a text is a race, as far as usual words and codes tell.
pub fn is_race(text: &[u8]) -> bool {
    match text {
        [letter] => letter.is_ascii_digit() && *letter != b'0' || b"ABCHIMNOPUW".contains(&letter.to_ascii_uppercase()),
        [b'R' | b'r', b'1'..=b'5' | b'9'] => true,
        b"1002-5" | b"2028-9" | b"2054-5" | b"2076-8" | b"2106-3" | b"2131-1" => true,
        _ => begins(text, RACES),
    }
}

/// Whether a text is an ethnicity, as far as usual words and codes tell.
pub fn is_ethnicity(text: &[u8]) -> bool {
    match text {
        [letter] => letter.is_ascii_digit() && *letter != b'0' || b"HNOUY".contains(&letter.to_ascii_uppercase()),
        [b'E' | b'e', b'1' | b'2'] => true,
        b"2135-2" | b"2186-5" => true,
        _ => begins(text, ETHNICITIES),
    }
}

/// Letters of a text that are looked at; the longest beginning is shorter.
const LOOKED_AT: usize = 24;

/// Whether a text begins with one of some words, in lower case and with one blank for all that is no letter.
fn begins(text: &[u8], words: &[&str]) -> bool {
    let mut plain = [0; LOOKED_AT];
    let mut length = 0;
    for byte in text {
        if length == LOOKED_AT {
            break;
        }
        if byte.is_ascii_alphabetic() {
            plain[length] = byte.to_ascii_lowercase();
            length += 1;
        } else if length > 0 && plain[length - 1] != b' ' {
            plain[length] = b' ';
            length += 1;
        }
    }
    let plain = &plain[..length];
    words.iter().any(|word| word.as_bytes()[0] == *plain.first().unwrap_or(&0) && plain.starts_with(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_categories_of_uhdds_and_of_the_directive_are_known() {
        for race in [
            "American Indian/Eskimo/Aleut",
            "Asian/Pacific Islander",
            "Black",
            "White",
            "Other",
            "Unknown",
            "American Indian or Alaska Native",
            "Black or African American",
            "Native Hawaiian or Other Pacific Islander",
            "Middle Eastern or North African",
            "Hispanic or Latino",
            "Two or more races",
            "BLACK/AFRICAN AMERICAN",
            "WHITE - OTHER EUROPEAN",
            "MULTIPLE RACE/ETHNICITY",
            "white",
            "UNABLE TO OBTAIN",
            "PATIENT DECLINED TO ANSWER",
            "5",
            "W",
            "R9",
            "2106-3",
        ] {
            assert!(is_race(race.as_bytes()), "{race}");
        }
        for ethnicity in [
            "Hispanic origin",
            "Not Hispanic",
            "nonhispanic",
            "NON-HISPANIC",
            "Not of Hispanic origin",
            "Unknown",
            "2186-5",
            "N",
            "2",
            "E1",
        ] {
            assert!(is_ethnicity(ethnicity.as_bytes()), "{ethnicity}");
        }
    }

    #[test]
    fn what_is_no_category_is_not_known() {
        for text in ["Klingon", "R7", "99", "0", "XX", "M/F", "2026-10-01", "-", "whi"] {
            assert!(!is_race(text.as_bytes()) && !is_ethnicity(text.as_bytes()), "{text}");
        }
        assert!(!is_ethnicity(b"White") && !is_ethnicity(b"2106-3"));
    }
}
