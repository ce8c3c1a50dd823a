//! What the words of a column name mean: `ADMITTIME`, `adm_dt` and `DateOfAdmission` all say "admission date".

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::languages::{HEADINGS, LANGUAGES};

/// Letters from which a word of another language is looked for within longer ones.
const LONG: usize = 5;

/// Words of column names with the words they mean. A meaning of two words stands for both.
const WORDS: &[(&str, &str)] = &[
    ("abstract", "encounter"),
    ("accession", "accession"),
    ("account", "encounter"),
    ("acct", "encounter"),
    ("additional", "secondary"),
    ("adm", "admission"),
    ("admi", "admission"),
    ("admission", "admission"),
    ("admissions", "admission"),
    ("admit", "admission"),
    ("admitted", "admission"),
    ("admitting", "admission"),
    ("admsn", "admission"),
    ("admt", "admission"),
    ("admtg", "admission"),
    ("age", "age"),
    ("alive", "alive"),
    ("amount", "charges"),
    ("amt", "charges"),
    ("anaesthesia", "anaesthetic"),
    ("anaesthetics", "anaesthetic"),
    ("anchor", "anchor"),
    ("anesthesia", "anaesthetic"),
    ("anesthetic", "anaesthetic"),
    ("anesthetics", "anaesthetic"),
    ("at", "at"),
    ("atndg", "attending"),
    ("att", "attending"),
    ("attend", "attending"),
    ("attending", "attending"),
    ("attndg", "attending"),
    ("authenticated", "signed"),
    ("authentication", "signed"),
    ("author", "author"),
    ("autopsies", "autopsy"),
    ("baby", "infant"),
    ("band", "band"),
    ("bassinets", "bassinet"),
    ("bdate", "birth date"),
    ("beds", "bed"),
    ("begin", "start"),
    ("bene", "patient"),
    ("beneficiary", "patient"),
    ("bills", "bill"),
    ("birth", "birth"),
    ("birthday", "birth date"),
    ("births", "birth"),
    ("born", "birth"),
    ("brth", "birth"),
    ("brthdt", "birth date"),
    ("bth", "birth"),
    ("bwt", "birth weight"),
    ("by", "by"),
    ("case", "encounter"),
    ("category", "type"),
    ("cd", "code"),
    ("census", "census"),
    ("cesarean", "caesarean"),
    ("character", "characters"),
    ("characters", "characters"),
    ("charge", "charges"),
    ("charges", "charges"),
    ("chars", "characters"),
    ("chart", "chart"),
    ("chg", "charges"),
    ("chgs", "charges"),
    ("chrg", "charges"),
    ("claim", "encounter"),
    ("class", "class"),
    ("clinician", "physician"),
    ("clm", "encounter"),
    ("cm", "code"),
    ("code", "code"),
    ("codes", "code"),
    ("condition", "diagnosis"),
    ("conditions", "diagnosis"),
    ("consultations", "consultation"),
    ("cosign", "cosigned"),
    ("cosigned", "cosigned"),
    ("cosigner", "cosigner"),
    ("cost", "charges"),
    ("count", "count"),
    ("countersigned", "cosigned"),
    ("countersigner", "cosigner"),
    ("cpt", "procedure"),
    ("csn", "encounter id"),
    ("date", "date"),
    ("datetime", "date"),
    ("day", "days"),
    ("days", "days"),
    ("dc", "discharge"),
    ("dead", "death"),
    ("death", "death"),
    ("deaths", "death"),
    ("deceased", "death"),
    ("decedent", "patient"),
    ("deliveries", "delivery"),
    ("desc", "text"),
    ("descr", "text"),
    ("description", "text"),
    ("destination", "destination"),
    ("destn", "destination"),
    ("dgns", "diagnosis"),
    ("diag", "diagnosis"),
    ("diagnoses", "diagnosis"),
    ("diagnosis", "diagnosis"),
    ("dictated", "dictated"),
    ("dictation", "dictated"),
    ("dictator", "author"),
    ("died", "death"),
    ("dis", "discharge"),
    ("disc", "discharge"),
    ("disch", "discharge"),
    ("discharge", "discharge"),
    ("discharged", "discharge"),
    ("discharges", "discharge"),
    ("dischg", "discharge"),
    ("disp", "disposition"),
    ("dispo", "disposition"),
    ("disposition", "disposition"),
    ("dispub", "discharge status"),
    ("doa", "admission date"),
    ("dob", "birth date"),
    ("doc", "document"),
    ("doctor", "physician"),
    ("document", "document"),
    ("dod", "death date"),
    ("dr", "physician"),
    ("drg", "drg"),
    ("dsch", "discharge"),
    ("dschd", "discharge"),
    ("dschrg", "discharge"),
    ("dt", "date"),
    ("dte", "date"),
    ("dth", "death"),
    ("dttm", "date"),
    ("dx", "diagnosis"),
    ("ecode", "diagnosis"),
    ("effective", "start"),
    ("empi", "patient id"),
    ("employer", "employer"),
    ("enc", "encounter"),
    ("encntr", "encounter"),
    ("encounter", "encounter"),
    ("encounters", "encounter"),
    ("end", "stop"),
    ("episode", "encounter"),
    ("ethn", "ethnicity"),
    ("ethnic", "ethnicity"),
    ("ethnicity", "ethnicity"),
    ("event", "event"),
    ("expected", "expected"),
    ("expire", "death"),
    ("expired", "death"),
    ("fac", "facility"),
    ("facility", "facility"),
    ("female", "female"),
    ("fin", "encounter id"),
    ("financial", "financial"),
    ("flag", "flag"),
    ("form", "document"),
    ("from", "start"),
    ("full", "full"),
    ("gender", "sex"),
    ("gndr", "sex"),
    ("grams", "grams"),
    ("group", "group"),
    ("grp", "group"),
    ("hadm", "encounter"),
    ("har", "encounter id"),
    ("hcpcs", "procedure"),
    ("hisp", "ethnicity"),
    ("hispanic", "ethnicity"),
    ("hosp", "facility"),
    ("hospital", "facility"),
    ("hsp", "facility"),
    ("icd", "icd"),
    ("id", "id"),
    ("identifier", "id"),
    ("in", "of"),
    ("ind", "flag"),
    ("indicator", "flag"),
    ("infant", "infant"),
    ("infections", "infection"),
    ("ins", "payer"),
    ("institution", "facility"),
    ("insurance", "payer"),
    ("insurer", "payer"),
    ("ip", "of"),
    ("key", "id"),
    ("len", "length"),
    ("length", "length"),
    ("line", "sequence"),
    ("liveborn", "liveborn"),
    ("lngth", "length"),
    ("location", "location"),
    ("long", "long"),
    ("los", "los"),
    ("main", "principal"),
    ("male", "male"),
    ("maternal", "mother"),
    ("med", "medical"),
    ("medical", "medical"),
    ("medrec", "medical record"),
    ("member", "patient"),
    ("method", "method"),
    ("midnight", "census"),
    ("month", "months"),
    ("months", "months"),
    ("mortality", "death"),
    ("mos", "months"),
    ("mother", "mother"),
    ("mothers", "mother"),
    ("movements", "movement"),
    ("mpi", "patient id"),
    ("mrn", "mrn"),
    ("mrno", "mrn"),
    ("ms", "ms"),
    ("msdrg", "drg"),
    ("name", "name"),
    ("nbr", "id"),
    ("newborns", "newborn"),
    ("no", "id"),
    ("note", "document"),
    ("npi", "npi"),
    ("nr", "id"),
    ("num", "id"),
    ("number", "id"),
    ("odiag", "secondary diagnosis"),
    ("of", "of"),
    ("on", "of"),
    ("op", "operating"),
    ("oper", "operating"),
    ("operating", "operating"),
    ("operator", "operating"),
    ("opoa", "secondary poa"),
    ("order", "sequence"),
    ("org", "facility"),
    ("organization", "facility"),
    ("origin", "origin"),
    ("oth", "secondary"),
    ("other", "secondary"),
    ("pat", "patient"),
    ("patient", "patient"),
    ("patients", "patient"),
    ("pay", "payer"),
    ("payer", "payer"),
    ("payment", "payer"),
    ("payor", "payer"),
    ("pcn", "encounter id"),
    ("pdx", "principal diagnosis"),
    ("person", "patient"),
    ("phys", "physician"),
    ("physician", "physician"),
    ("poa", "poa"),
    ("point", "point"),
    ("position", "sequence"),
    ("post", "post"),
    ("postal", "zip"),
    ("postcode", "zip"),
    ("ppoa", "principal poa"),
    ("ppr", "principal procedure"),
    ("ppx", "principal procedure"),
    ("pr", "procedure"),
    ("practitioner", "physician"),
    ("prcdr", "procedure"),
    ("present", "present"),
    ("prim", "principal"),
    ("primary", "principal"),
    ("prin", "principal"),
    ("princ", "principal"),
    ("principal", "principal"),
    ("priority", "priority"),
    ("privilege", "privileges"),
    ("privileges", "privileges"),
    ("proc", "procedure"),
    ("procedure", "procedure"),
    ("procedures", "procedure"),
    ("procs", "procedure"),
    ("prov", "physician"),
    ("provider", "physician"),
    ("providers", "physician"),
    ("pt", "patient"),
    ("ptnt", "patient"),
    ("px", "procedure"),
    ("race", "race"),
    ("rank", "sequence"),
    ("rec", "record"),
    ("record", "record"),
    ("reg", "registration"),
    ("registration", "registration"),
    ("residence", "of"),
    ("rev", "version"),
    ("revision", "version"),
    ("roster", "staff"),
    ("sdx", "secondary diagnosis"),
    ("sec", "secondary"),
    ("secondary", "secondary"),
    ("security", "security"),
    ("separation", "discharge"),
    ("sepmode", "discharge method"),
    ("seq", "sequence"),
    ("sequence", "sequence"),
    ("serv", "service"),
    ("service", "service"),
    ("sex", "sex"),
    ("short", "short"),
    ("signature", "signed"),
    ("signed", "signed"),
    ("site", "facility"),
    ("soc", "social"),
    ("social", "social"),
    ("source", "source"),
    ("spoa", "secondary poa"),
    ("src", "source"),
    ("ssn", "ssn"),
    ("staff", "staff"),
    ("start", "start"),
    ("stat", "status"),
    ("state", "state"),
    ("status", "status"),
    ("stay", "stay"),
    ("stop", "stop"),
    ("stus", "status"),
    ("subject", "patient"),
    ("surgeon", "surgeon"),
    ("surgery", "procedure"),
    ("svc", "service"),
    ("system", "version"),
    ("tertiary", "secondary"),
    ("text", "text"),
    ("the", "of"),
    ("through", "stop"),
    ("thru", "stop"),
    ("time", "date"),
    ("timestamp", "date"),
    ("title", "text"),
    ("tm", "date"),
    ("tot", "total"),
    ("total", "total"),
    ("transcribed", "transcribed"),
    ("transcription", "transcribed"),
    ("ts", "date"),
    ("typ", "type"),
    ("type", "type"),
    ("ub", "of"),
    ("unit", "unit"),
    ("units", "unit"),
    ("until", "stop"),
    ("ver", "version"),
    ("version", "version"),
    ("visit", "encounter"),
    ("vital", "vital"),
    ("vocabulary", "version"),
    ("ward", "unit"),
    ("weight", "weight"),
    ("written", "dictated"),
    ("wt", "weight"),
    ("year", "years"),
    ("years", "years"),
    ("yr", "years"),
    ("yrs", "years"),
    ("zip", "zip"),
    ("zipcode", "zip"),
];

/// The meanings of the words of a column name; words that are not known stand for themselves, digits for nothing.
pub fn meanings(name: &str) -> BTreeSet<String> {
    said(name).0
}

/// The words that are known, of every language: each meaning with the words that have it.
pub fn by_meaning() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut meanings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (word, meaning) in WORDS.iter().chain(LANGUAGES).filter(|(word, meaning)| word != meaning) {
        meanings.entry(meaning).or_default().push(word);
    }
    meanings
}

/// Whether a name is understood by words of another language, or of another country's data set: its lists of values are not those of UB-04.
pub fn is_foreign(name: &str) -> bool {
    said(name).1
}

/// The meanings of a name, and whether a word of another language was needed.
fn said(name: &str) -> (BTreeSet<String>, bool) {
    // The signs for "number" of `N° séjour` and `Nº`.
    let folded = folded(&name.replace(['°', 'º'], " numero "));
    let letters: String = folded.chars().filter(|letter| letter.is_alphabetic()).collect::<String>().to_lowercase();
    let all = |meaning: &str| meaning.split(' ').map(str::to_owned).collect::<BTreeSet<String>>();
    if let Some((_, meaning)) = HEADINGS.iter().find(|(heading, _)| *heading == letters) {
        return (all(meaning), true);
    }
    let mut found = BTreeSet::new();
    let mut foreign = false;
    for word in joined_initials(split(&folded)) {
        // Alone a P stands for the principal one: `POA-P`.
        let word = if word == "p" { "principal".to_owned() } else { word };
        match cut(&word, 4) {
            Some(parts) => {
                foreign |= parts.iter().any(|(meaning, other)| *other && *meaning != "of");
                found.extend(parts.into_iter().flat_map(|(meaning, _)| all(meaning)));
            }
            None => {
                found.insert(word);
            }
        }
    }
    (found, foreign)
}

/// A text without the marks over and under its letters: `Décès` is `Deces`.
pub fn folded(text: &str) -> String {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).collect::<String>().replace('ß', "ss")
}

/// Letters written apart put together where that makes a word: `D.O.B.` is `dob`.
fn joined_initials(words: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let run = rest.iter().take_while(|word| word.len() == 1).count();
        let initials = (2..=run).rev().find_map(|length| {
            let word = rest[..length].concat();
            known(&word).is_some().then_some((word, length))
        });
        match initials {
            Some((word, length)) => {
                found.push(word);
                rest = &rest[length..];
            }
            None => {
                found.push(first.clone());
                rest = after;
            }
        }
    }
    found
}

/// Runs of letters in lower case, cut where a capital follows a small letter.
fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small = false;
    for letter in name.chars() {
        let ends = !letter.is_alphabetic() || (small && letter.is_uppercase());
        if ends && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphabetic() {
            word.extend(letter.to_lowercase());
        }
        small = letter.is_lowercase();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// What a whole word means, and whether it is one of another language.
fn known(word: &str) -> Option<(&'static str, bool)> {
    let of = |list: &'static [(&'static str, &'static str)]| {
        list.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
    };
    of(WORDS).map(|meaning| (meaning, false)).or_else(|| of(LANGUAGES).map(|meaning| (meaning, true)))
}

/// Whether a word, in lower case, is one that column names have.
pub fn is_known(word: &str) -> bool {
    WORDS.binary_search_by_key(&word, |(known, _)| known).is_ok()
}

/// The meanings of a run of letters that is at most `most` known words written together, the fewest words winning.
fn cut(word: &str, most: usize) -> Option<Vec<(&'static str, bool)>> {
    if let Some(meaning) = known(word) {
        return Some(vec![meaning]);
    }
    if most == 1 {
        return None;
    }
    // Short words of other languages stand in too many longer ones.
    let long = LANGUAGES.iter().filter(|(known, _)| known.len() >= LONG).map(|(known, meaning)| (known, meaning, true));
    WORDS
        .iter()
        .map(|(known, meaning)| (known, meaning, false))
        .chain(long)
        .filter_map(|(known, meaning, foreign)| {
            let mut parts = vec![(*meaning, foreign)];
            parts.extend(cut(word.strip_prefix(known)?, most - 1)?);
            Some(parts)
        })
        .min_by_key(Vec::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str) -> String {
        meanings(name).into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_written_apart_and_together_mean_the_same() {
        for name in ["ADMITTIME", "adm_dt", "AdmissionDate", "Admit Date", "ADMSN_DT", "admission.datetime"] {
            assert_eq!(said(name), "admission date", "{name}");
        }
        assert_eq!(said("HADM_ID"), "encounter id");
        assert_eq!(said("ENCOUNTERCLASS"), "class encounter");
        assert_eq!(said("DISCHTIME"), "date discharge");
        assert_eq!(said("DOB"), "birth date");
        assert_eq!(said("hospital_expire_flag"), "death facility flag");
        assert_eq!(said("MedRecNum"), "id medical record");
    }

    #[test]
    fn initials_accents_and_other_languages_are_read() {
        for (name, meaning) in [
            ("D.O.B.", "birth date"),
            ("Pt. D.O.B.", "birth date patient"),
            ("L.O.S.", "los"),
            ("Date d'entrée", "admission d date"),
            ("Geburtsdatum", "birth date"),
            ("Aufnahmedatum", "admission date"),
            ("DT_SAIDA", "date discharge"),
            ("Fecha de Egreso", "date discharge of"),
            ("KH-internes-Kennzeichen", "encounter facility id"),
            ("con_egrpa", "discharge status"),
            ("DIAG_PRINC", "diagnosis principal"),
        ] {
            assert_eq!(said(name), meaning, "{name}");
        }
        assert!(is_foreign("SEXO") && is_foreign("Sexe") && is_foreign("DISMETH"));
        assert!(!is_foreign("sex") && !is_foreign("DischargeDate") && !is_foreign("Date of Birth"));
    }

    #[test]
    fn a_word_that_is_not_known_is_not_cut_to_pieces() {
        assert_eq!(said("birthplace"), "birthplace");
        assert_eq!(said("prefix"), "prefix");
        assert_eq!(said("county"), "county");
    }

    #[test]
    fn the_words_stand_in_order_and_once() {
        for list in [WORDS, LANGUAGES] {
            for pair in list.windows(2) {
                assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
            }
        }
    }
}
