//! What the words of a column name mean: `ADMITTIME`, `adm_dt` and `DateOfAdmission` all say "admission date".

use std::collections::BTreeSet;

/// Words of column names with the words they mean. A meaning of two words stands for both.
const WORDS: &[(&str, &str)] = &[
    ("abstract", "encounter"),
    ("account", "encounter"),
    ("acct", "encounter"),
    ("additional", "secondary"),
    ("adm", "admission"),
    ("admission", "admission"),
    ("admissions", "admission"),
    ("admit", "admission"),
    ("admitted", "admission"),
    ("admitting", "admission"),
    ("admsn", "admission"),
    ("admt", "admission"),
    ("admtg", "admission"),
    ("age", "age"),
    ("amount", "charges"),
    ("amt", "charges"),
    ("anchor", "anchor"),
    ("at", "at"),
    ("atndg", "attending"),
    ("att", "attending"),
    ("attend", "attending"),
    ("attending", "attending"),
    ("attndg", "attending"),
    ("authenticated", "signed"),
    ("authentication", "signed"),
    ("author", "author"),
    ("baby", "infant"),
    ("bdate", "birth date"),
    ("begin", "start"),
    ("bene", "patient"),
    ("beneficiary", "patient"),
    ("birth", "birth"),
    ("birthday", "birth date"),
    ("births", "birth"),
    ("born", "birth"),
    ("bth", "birth"),
    ("bwt", "birth weight"),
    ("by", "by"),
    ("case", "encounter"),
    ("category", "type"),
    ("cd", "code"),
    ("census", "census"),
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
    ("cosign", "cosigned"),
    ("cosigned", "cosigned"),
    ("cosigner", "cosigner"),
    ("cost", "charges"),
    ("count", "count"),
    ("countersigned", "cosigned"),
    ("countersigner", "cosigner"),
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
    ("desc", "text"),
    ("descr", "text"),
    ("description", "text"),
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
    ("doa", "admission date"),
    ("dob", "birth date"),
    ("doc", "document"),
    ("doctor", "physician"),
    ("document", "document"),
    ("dod", "death date"),
    ("dr", "physician"),
    ("drg", "drg"),
    ("dsch", "discharge"),
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
    ("fin", "encounter id"),
    ("financial", "financial"),
    ("flag", "flag"),
    ("form", "document"),
    ("from", "start"),
    ("full", "full"),
    ("gender", "sex"),
    ("grams", "grams"),
    ("group", "group"),
    ("grp", "group"),
    ("hadm", "encounter"),
    ("har", "encounter id"),
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
    ("ins", "payer"),
    ("institution", "facility"),
    ("insurance", "payer"),
    ("insurer", "payer"),
    ("key", "id"),
    ("len", "length"),
    ("length", "length"),
    ("line", "sequence"),
    ("liveborn", "liveborn"),
    ("location", "location"),
    ("long", "long"),
    ("los", "los"),
    ("main", "principal"),
    ("maternal", "mother"),
    ("med", "medical"),
    ("medical", "medical"),
    ("medrec", "medical record"),
    ("member", "patient"),
    ("midnight", "census"),
    ("month", "months"),
    ("months", "months"),
    ("mortality", "death"),
    ("mos", "months"),
    ("mother", "mother"),
    ("mothers", "mother"),
    ("mpi", "patient id"),
    ("mrn", "mrn"),
    ("ms", "ms"),
    ("msdrg", "drg"),
    ("name", "name"),
    ("nbr", "id"),
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
    ("until", "stop"),
    ("ver", "version"),
    ("version", "version"),
    ("visit", "encounter"),
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
    let mut found = BTreeSet::new();
    for word in split(name) {
        match cut(&word, 4) {
            Some(parts) => found.extend(parts.into_iter().flat_map(|meaning| meaning.split(' ')).map(str::to_owned)),
            None => {
                found.insert(word);
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

/// Whether a word, in lower case, is one that column names have.
pub fn is_known(word: &str) -> bool {
    WORDS.binary_search_by_key(&word, |(known, _)| known).is_ok()
}

/// The meanings of a run of letters that is at most `most` known words written together, the fewest words winning.
fn cut(word: &str, most: usize) -> Option<Vec<&'static str>> {
    if let Some((_, meaning)) = WORDS.iter().find(|(known, _)| *known == word) {
        return Some(vec![meaning]);
    }
    if most == 1 {
        return None;
    }
    WORDS
        .iter()
        .filter_map(|(known, meaning)| {
            let mut parts = vec![*meaning];
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
    fn a_word_that_is_not_known_is_not_cut_to_pieces() {
        assert_eq!(said("birthplace"), "birthplace");
        assert_eq!(said("prefix"), "prefix");
        assert_eq!(said("county"), "county");
    }

    #[test]
    fn the_words_stand_in_order_and_once() {
        for pair in WORDS.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} {}", pair[0].0, pair[1].0);
        }
    }
}
