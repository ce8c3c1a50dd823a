//! The words of coded columns, translated to the standard lists where they name one value and no other.

use crate::record::{field::Field, vocabulary};

/// What one word of an export means in a standard list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// This value.
    One(&'static str),
    /// One of these, and the word does not tell which.
    Either(&'static str),
    /// Not known here.
    Unknown,
}

/// Words of one field: the canonical value and what exports write for it, in lower case, marks as blanks.
type Words = &'static [(&'static str, &'static [&'static str])];

const SEX: Words = &[
    ("M", &["m", "male", "man", "boy"]),
    ("F", &["f", "female", "woman", "girl"]),
    ("U", &["u", "unknown", "unk", "undetermined", "not known"]),
];

const DISCHARGE_STATUS: Words = &[
    ("01", &["home", "home or self care", "home self care", "routine", "discharged to home", "routine discharge"]),
    (
        "02",
        &[
            "acute hospital",
            "short term hospital",
            "short term general hospital",
            "acute care hospital",
            "another hospital",
        ],
    ),
    ("03", &["skilled nursing facility", "snf", "skilled nursing", "skilled nursing facility snf"]),
    ("04", &["assisted living", "intermediate care facility", "icf", "custodial care"]),
    ("05", &["cancer center", "children s hospital", "childrens hospital"]),
    ("06", &["home health care", "home health", "home health service", "home with home health", "hha"]),
    ("07", &["against advice", "against medical advice", "left against medical advice", "ama", "left ama"]),
    ("20", &["died", "expired", "dead", "deceased", "death", "dead expired"]),
    ("21", &["court law enforcement", "law enforcement", "jail", "prison"]),
    ("30", &["still a patient", "still patient", "inhouse", "in house"]),
    ("50", &["hospice home", "home hospice", "hospice at home"]),
    ("51", &["hospice facility", "hospice medical facility", "inpatient hospice"]),
    ("61", &["swing bed"]),
    (
        "62",
        &["rehab", "inpatient rehab", "rehab facility", "inpatient rehabilitation facility", "rehabilitation", "irf"],
    ),
    (
        "63",
        &["ltach", "ltch", "ltac", "long term care hospital", "chronic long term acute care", "long term acute care"],
    ),
    ("65", &["psych facility", "psychiatric hospital", "psychiatric facility", "psych hospital"]),
    ("66", &["critical access hospital", "cah"]),
];

const ADMISSION_TYPE: Words = &[
    ("1", &["emergency", "ew emer", "direct emer", "emergent", "emer"]),
    ("2", &["urgent"]),
    ("3", &["elective", "scheduled", "surgical same day admission"]),
    ("4", &["newborn", "birth", "nb"]),
    ("5", &["trauma", "trauma center", "trauma centre"]),
    ("9", &["not available", "information not available", "unavailable"]),
];

const POINT_OF_ORIGIN: Words = &[
    ("1", &["non health care facility", "non facility", "walk in self referral", "self referral", "home"]),
    (
        "2",
        &[
            "clinic",
            "clinic referral",
            "physician referral",
            "clinic or physician s office",
            "clinic or physicians office",
        ],
    ),
    ("4", &["transfer from hospital", "transfer from a hospital", "hospital", "other hospital", "acute hospital"]),
    (
        "5",
        &[
            "transfer from skilled nursing facility",
            "skilled nursing facility",
            "snf",
            "transfer from snf",
            "nursing home",
        ],
    ),
    ("6", &["other facility", "transfer from other facility", "another health care facility"]),
    ("8", &["court law enforcement", "law enforcement"]),
    ("9", &["information not available", "not available", "unknown"]),
    ("D", &["internal transfer to or from psych", "distinct unit", "transfer from distinct unit"]),
    ("E", &["ambulatory surgery center", "ambulatory surgery transfer", "asc"]),
    ("F", &["hospice"]),
];

const PRESENT_ON_ADMISSION: Words = &[
    ("Y", &["y", "yes"]),
    ("N", &["n", "no"]),
    ("U", &["u", "unknown"]),
    ("W", &["w", "clinically undetermined"]),
    ("1", &["1", "e", "exempt"]),
];

/// Yes and no in five languages, and what columns of deaths say.
const FLAG: Words = &[
    (
        "1",
        &[
            "1",
            "y",
            "yes",
            "t",
            "true",
            "s",
            "si",
            "sim",
            "o",
            "oui",
            "j",
            "ja",
            "dead",
            "died",
            "deceased",
            "expired",
            "obito",
            "fallecido",
            "fallecida",
            "muerto",
            "muerta",
            "falecido",
            "decede",
            "deces",
            "verstorben",
            "gestorben",
            "tot",
        ],
    ),
    ("0", &["0", "n", "no", "f", "false", "nao", "non", "nein", "alive", "vivo", "viva", "vivant", "lebend"]),
];

/// Beginnings of words that say death in five languages.
const DEATH: &[&str] = &[
    "dead", "died", "death", "deceas", "expired", "obito", "fallec", "muert", "defunc", "falec", "morte", "deces",
    "decede", "verstorb", "gestorb", "tod",
];

const DIAGNOSIS_REVISION: Words = &[
    ("icd9cm", &["9", "09", "icd9", "icd 9", "icd9cm", "icd 9 cm", "i9", "icd9 cm"]),
    ("icd10cm", &["10", "icd10", "icd 10", "icd10cm", "icd 10 cm", "i10", "icd10 cm"]),
    ("snomed", &["snomed", "snomed ct", "snomedct", "sct"]),
];

const PROCEDURE_REVISION: Words = &[
    ("icd9pcs", &["9", "09", "icd9", "icd 9", "icd9pcs", "icd 9 cm", "icd9proc", "i9"]),
    ("icd10pcs", &["10", "icd10", "icd 10", "icd10pcs", "icd 10 pcs", "i10"]),
    ("snomed", &["snomed", "snomed ct", "snomedct", "sct"]),
];

const DOCUMENT_TYPE: Words = &[
    ("history_and_physical", &["h p", "hp", "h and p", "history physical", "admission history and physical"]),
    ("discharge_summary", &["ds", "dc summary", "d c summary", "discharge"]),
    ("operative_report", &["operative note", "op report", "op note", "operation report", "surgical report"]),
    ("anesthesia_evaluation", &["anesthesia record", "post anesthesia evaluation", "anesthesia"]),
    ("death_summary", &["expiration summary"]),
    ("consultation", &["consult", "consultation report", "consult note"]),
    ("progress_note", &["progress"]),
    ("pathology_report", &["pathology"]),
    ("radiology_report", &["radiology"]),
];

/// Words that name no single value, with what must be found out.
const EITHER: &[(Field, &str, &str)] = &[
    (Field::DischargeStatus, "hospice", "50 (at home) or 51 (in a facility)"),
    (Field::DischargeStatus, "other facility", "02 to 05, 43, 61 to 66 or 70"),
    (Field::DischargeStatus, "healthcare facility", "02 to 05, 43, 61 to 66 or 70"),
    (Field::DischargeStatus, "other", "02 to 05, 43, 61 to 66 or 70"),
    (Field::PointOfOrigin, "emergency room", "1 or 2: 7 (emergency room) was discontinued on 2010-07-01"),
    (Field::AdmissionType, "observation admit", "1, 2 or 3: observation is no type of admission"),
    (Field::DiagnosisRevision, "0", "icd10cm on a UB-04 claim"),
];

fn words_of(field: Field) -> Option<Words> {
    Some(match field {
        Field::Sex => SEX,
        Field::DischargeStatus => DISCHARGE_STATUS,
        Field::AdmissionType => ADMISSION_TYPE,
        Field::PointOfOrigin => POINT_OF_ORIGIN,
        Field::PresentOnAdmission => PRESENT_ON_ADMISSION,
        Field::DeathFlag | Field::Liveborn | Field::PlannedReadmission => FLAG,
        Field::DiagnosisRevision => DIAGNOSIS_REVISION,
        Field::ProcedureRevision => PROCEDURE_REVISION,
        Field::DocumentType => DOCUMENT_TYPE,
        _ => return None,
    })
}

/// Whether the field has words that are translated.
pub fn has_words(field: Field) -> bool {
    words_of(field).is_some()
}

/// Whether a text is a value of the field's own list as it stands.
pub fn is_listed(field: Field, text: &str) -> bool {
    let own = || words_of(field).is_some_and(|words| words.iter().any(|(value, _)| *value == text));
    vocabulary::has(field, text.as_bytes()).unwrap_or_else(own)
}

/// What a word means.
pub fn meaning(field: Field, word: &str) -> Meaning {
    let plain = plain(word);
    if let Some((_, _, options)) = EITHER.iter().find(|(of, known, _)| *of == field && *known == plain) {
        return Meaning::Either(options);
    }
    words_of(field)
        .and_then(|words| {
            words.iter().find(|(value, known)| {
                known.contains(&plain.as_str()) || value.to_lowercase().replace('_', " ") == plain
            })
        })
        .map_or(Meaning::Unknown, |(value, _)| Meaning::One(value))
}

/// Whether a text says of a discharge that it was a death.
pub fn says_death(text: &str) -> bool {
    plain(text).split(' ').any(|word| DEATH.iter().any(|beginning| word.starts_with(beginning)))
}

/// A key of a TOML table: in quotes where it is not a bare one.
pub fn key(text: &str) -> String {
    let bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if bare && text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        text.to_owned()
    } else {
        super::write::quoted(text)
    }
}

/// Lower case without accents, every run of other characters than letters and digits as one blank.
pub fn plain(word: &str) -> String {
    let mut text = String::new();
    for letter in super::words::folded(word).chars() {
        if letter.is_alphanumeric() {
            text.extend(letter.to_lowercase());
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_translated_to_values_of_their_lists() {
        for entry in crate::record::field::DICTIONARY {
            let Some(words) = words_of(entry.field) else { continue };
            for (value, known) in words {
                assert!(is_listed(entry.field, value), "{} {value}", entry.name);
                for word in *known {
                    let others = words.iter().filter(|(_, other)| other.contains(word)).count();
                    assert_eq!((plain(word).as_str(), others), (*word, 1), "{}", entry.name);
                }
            }
        }
    }

    #[test]
    fn a_word_that_fits_two_values_is_not_translated() {
        assert_eq!(meaning(Field::DischargeStatus, "SKILLED NURSING FACILITY"), Meaning::One("03"));
        assert_eq!(meaning(Field::DischargeStatus, "CHRONIC/LONG TERM ACUTE CARE"), Meaning::One("63"));
        assert!(matches!(meaning(Field::DischargeStatus, "HOSPICE"), Meaning::Either(_)));
        assert_eq!(meaning(Field::Sex, "1"), Meaning::Unknown, "a number says no sex");
        assert_eq!(meaning(Field::Sex, "zebra"), Meaning::Unknown);
        assert_eq!(meaning(Field::DocumentType, "H&P"), Meaning::One("history_and_physical"));
    }
}
