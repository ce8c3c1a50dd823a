//! Columns of standard lists: whether their values prove that the list is the standard one, and what is asked where they do not.
//!
//! A value is translated only where it means one thing. Numbers mean what their maker's list says, and a list of the export's own looks like any other.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    column::percent,
    values::{self, Meaning, key},
    write::{list, quoted},
};
use crate::record::{field::Field, vocabulary::DischargeStatus};

/// What a person must write in the place of a text that the draft does not know.
pub use crate::ingest::layout::STATE_THE_TEXT;

/// Different values up to which a question shows them.
const SHOWN: usize = 30;

/// How the texts of a column become values of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListReading {
    /// As they stand or by their words, which name one value each; with a note.
    Words(Option<String>),
    /// Like this, proven: the keys of the layout and why.
    Proven(Vec<String>, String),
    /// Nothing proves it.
    Ask(DraftQuestion),
}

/// A question, with the lines that a person can take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftQuestion {
    /// What is not proven, with counts.
    pub reason: String,
    /// What each line says, and its keys beside the source.
    pub choices: Vec<(String, Vec<String>)>,
}

/// Values of a column with their counts.
pub type ValueCounts<'v> = BTreeMap<&'v str, u32>;

/// A list that a data set has of its own: texts with what they are in the standard list. A hint for the person who is asked, never written unasked.
struct OwnList {
    field: Field,
    /// Whose list it is.
    of: &'static str,
    /// All its texts.
    texts: &'static [&'static str],
    /// Canonical values with the texts that mean them; texts that mean no one value are left out.
    values: &'static [(&'static str, &'static [&'static str])],
}

const OWN_LISTS: &[OwnList] = &[
    OwnList {
        field: Field::DischargeStatus,
        of: "the national hospital discharge survey (1 home, 2 against advice, 3 short-term hospital, 4 long-term care, 5 alive, 6 dead, 9 not stated)",
        texts: &["1", "2", "3", "4", "5", "6", "9"],
        values: &[("01", &["1"]), ("02", &["3"]), ("07", &["2"]), ("20", &["6"])],
    },
    OwnList {
        field: Field::DischargeStatus,
        of: "the uniform list of the healthcare cost and utilization project (1 routine, 2 short-term hospital, 5 other facilities, 6 home health care, 7 against advice, 20 died, 21 court, 99 alive)",
        texts: &["1", "2", "5", "6", "7", "20", "21", "99"],
        values: &[("01", &["1"]), ("02", &["2"]), ("06", &["6"]), ("07", &["7"]), ("20", &["20"]), ("21", &["21"])],
    },
    OwnList {
        field: Field::DischargeStatus,
        of: "the discharge method of English hospital episodes (1 on advice, 2 self-discharge, 3 by a tribunal, 4 died, 5 stillborn)",
        texts: &["1", "2", "3", "4", "5", "8", "9"],
        values: &[("07", &["2"]), ("20", &["4"])],
    },
    OwnList {
        field: Field::DischargeStatus,
        of: "the hospital discharges of Ecuador (1 alive, 2 died within 48 hours, 3 died after 48 hours)",
        texts: &["1", "2", "3"],
        values: &[("01", &["1"]), ("20", &["2", "3"])],
    },
    OwnList {
        field: Field::DischargeStatus,
        of: "the mode de sortie of French hospitals (6 another unit, 7 transfer, 8 home, 9 died)",
        texts: &["0", "6", "7", "8", "9"],
        values: &[("01", &["8"]), ("02", &["7"]), ("20", &["9"])],
    },
    OwnList {
        field: Field::DischargeStatus,
        of: "the Entlassungsgrund of German hospitals (01 regular, 04 against advice, 06 another hospital, 07 died)",
        texts: &[
            "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17", "22",
        ],
        values: &[("01", &["01"]), ("02", &["06"]), ("07", &["04"]), ("20", &["07"])],
    },
];

/// How the texts of a column are read. `foreign`: the heading is of another language or country, whose lists are its own.
pub fn reading(field: Field, counts: &ValueCounts<'_>, foreign: bool) -> ListReading {
    match field {
        _ if counts.is_empty() => ListReading::Words(None),
        Field::DischargeStatus => discharge_status(counts, foreign),
        Field::AdmissionType | Field::PointOfOrigin => one_place(field, counts, foreign),
        Field::PresentOnAdmission => marks(field, counts),
        Field::DeathFlag | Field::Liveborn | Field::PlannedReadmission => flags(field, counts),
        _ => words(field, counts),
    }
}

fn total(counts: &ValueCounts<'_>) -> u32 {
    counts.values().sum()
}

fn rows(counts: &ValueCounts<'_>, holds: impl Fn(&str) -> bool) -> u32 {
    counts.iter().filter(|(text, _)| holds(text)).map(|(_, count)| count).sum()
}

fn is_number(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Words are translated where most of them are known.
fn words(field: Field, counts: &ValueCounts<'_>) -> ListReading {
    let known = rows(counts, |text| values::meaning(field, text) != Meaning::Unknown || values::is_listed(field, text));
    if counts.is_empty() || percent(known, total(counts)) >= 50 {
        return ListReading::Words(None);
    }
    ask(field, counts, format!("{known} of {} texts are known here", total(counts)), Vec::new())
}

fn discharge_status(counts: &ValueCounts<'_>, foreign: bool) -> ListReading {
    let field = Field::DischargeStatus;
    let all = total(counts);
    let numbers = rows(counts, is_number);
    if percent(numbers, all) < 95 {
        return if foreign { foreign_words(field, counts) } else { words(field, counts) };
    }
    let padded = |text: &str| if text.len() == 1 { format!("0{text}") } else { text.to_owned() };
    let listed = |text: &str| DischargeStatus::read(text.as_bytes()).is_some();
    let as_they_stand = rows(counts, listed);
    let with_zeros = rows(counts, |text| listed(&padded(text)));
    let single = counts.keys().any(|text| text.len() == 1 && is_number(text));
    // No list of a few numbers in a row has these: they are what tells UB-04 from any other.
    let of_ub04: Vec<&str> =
        counts.keys().copied().filter(|text| text.len() == 2 && *text >= "20" && listed(text)).collect();
    let proof = of_ub04.contains(&"20") || of_ub04.len() > 1;
    let of_ub04 = rows(counts, |text| of_ub04.contains(&text));
    if !foreign && !single && (percent(as_they_stand, all) >= 95) {
        let note = (!proof && counts.len() > 3).then(|| {
            "CHECK: read as UB-04 (form locator 17) by their two digits; none is above 09, so no death (20) is among them.".to_owned()
        });
        return ListReading::Words(note);
    }
    if !foreign && single && proof && with_zeros == all {
        let why = format!(
            "{of_ub04} of {all} values are 20 and above and of UB-04, and all others are of it with a zero before them: zeros on the left are lost; they are given back"
        );
        return ListReading::Proven(vec!["repair = [\"pad_zeros\"]".to_owned()], why);
    }
    let mut choices = Vec::new();
    if single && with_zeros == all {
        choices.push((
            "as UB-04 (form locator 17) without its zeros".to_owned(),
            vec!["repair = [\"pad_zeros\"]".to_owned()],
        ));
    } else if !single && as_they_stand == all {
        choices.push(("as UB-04 (form locator 17)".to_owned(), Vec::new()));
    }
    let reason = if as_they_stand == all && !single {
        format!("the heading is of another country, and nothing proves that its {all} values are of UB-04")
    } else if with_zeros == all {
        format!(
            "a list of the export's own, or UB-04 without its zeros: all {all} values are of UB-04 only with a zero before them, and nothing proves which"
        )
    } else {
        format!(
            "{with_zeros} of {all} values would be of UB-04 (form locator 17), the others are not: it is a list of the export's own"
        )
    };
    ask(field, counts, reason, choices)
}

/// Words of another language: what they say of a death is known, where the others went is not.
fn foreign_words(field: Field, counts: &ValueCounts<'_>) -> ListReading {
    let all = total(counts);
    let died: Vec<String> =
        counts.keys().filter(|text| values::says_death(text)).map(|text| (*text).to_owned()).collect();
    let mut choices = Vec::new();
    if !died.is_empty() {
        choices.push((
            "those who died alone (write the other texts beside them: 01 home, 02 another hospital, 07 against advice)"
                .to_owned(),
            vec![format!("values = {{ \"20\" = {} }}", list(&died))],
        ));
    }
    ask(
        field,
        counts,
        format!("its {all} texts are words of another language, not of UB-04 (form locator 17)"),
        choices,
    )
}

/// A list of one digit or letter: UB-04 type of admission and point of origin.
fn one_place(field: Field, counts: &ValueCounts<'_>, foreign: bool) -> ListReading {
    let all = total(counts);
    let short = rows(counts, |text| text.len() <= 2);
    if percent(short, all) < 95 {
        return if foreign {
            ask(field, counts, "its texts are words of another language".to_owned(), Vec::new())
        } else {
            words(field, counts)
        };
    }
    let listed = rows(counts, |text| values::is_listed(field, text));
    let place = if field == Field::AdmissionType { 14 } else { 15 };
    let others = all - listed;
    // One slip in a thousand; more is another list.
    if !foreign && u64::from(others) * 1000 <= u64::from(all) {
        return ListReading::Words(Some(format!(
            "CHECK: read as UB-04, form locator {place}; a list of the export's own needs `values`."
        )));
    }
    let reason = match others {
        0 => format!(
            "the heading is of another country, and nothing proves that its {all} values are of UB-04 (form locator {place})"
        ),
        _ => format!(
            "{listed} of {all} values would be of UB-04 (form locator {place}), the others are not: it is a list of the export's own"
        ),
    };
    let choices = if others == 0 { vec![(format!("as UB-04 (form locator {place})"), Vec::new())] } else { Vec::new() };
    ask(field, counts, reason, choices)
}

/// Marks of present on admission: letters, or numbers that say nothing by themselves.
fn marks(field: Field, counts: &ValueCounts<'_>) -> ListReading {
    let numbers = rows(counts, is_number);
    let all = total(counts);
    if all == 0 || numbers * 2 < all && counts.keys().any(|text| values::meaning(field, text) == Meaning::One("Y")) {
        return words(field, counts);
    }
    if numbers < all {
        return words(field, counts);
    }
    let distinct: BTreeSet<&str> = counts.keys().copied().collect();
    let mut choices = Vec::new();
    if distinct.is_subset(&BTreeSet::from(["0", "1"])) {
        choices.push(("1 is yes and 0 is no".to_owned(), vec![pairs(&[("Y", "1"), ("N", "0")], counts)]));
    } else if distinct.is_subset(&BTreeSet::from(["1", "2", "9"])) {
        choices.push(("1 is yes and 2 is no".to_owned(), vec![pairs(&[("Y", "1"), ("N", "2"), ("U", "9")], counts)]));
        choices.push((
            "1 is no and 2 is yes (the condition onset flag of Australia: 1 arose during the stay)".to_owned(),
            vec![pairs(&[("Y", "2"), ("N", "1"), ("U", "9")], counts)],
        ));
    }
    ask(field, counts, format!("the {all} marks are numbers, and nothing proves which says yes"), choices)
}

/// Yes and no: 0 and 1 are what they are everywhere, 1 and 2 are not.
fn flags(field: Field, counts: &ValueCounts<'_>) -> ListReading {
    let all = total(counts);
    let known = rows(counts, |text| values::meaning(field, text) != Meaning::Unknown);
    let distinct: BTreeSet<&str> = counts.keys().copied().filter(|text| is_number(text)).collect();
    if counts.is_empty() || percent(known, all) >= 95 && !distinct.iter().any(|text| !matches!(*text, "0" | "1")) {
        let ones = distinct.len() == 1 && distinct.contains("1") && counts.len() == 1;
        if !ones || field != Field::DeathFlag {
            return ListReading::Words(None);
        }
        return ask(
            field,
            counts,
            format!("all {all} values are 1: one number alone proves nothing"),
            vec![("1 is yes".to_owned(), Vec::new())],
        );
    }
    let mut choices = Vec::new();
    if distinct.is_subset(&BTreeSet::from(["1", "2", "9"])) && distinct.len() >= 2 {
        choices.push(("1 is yes and 2 is no".to_owned(), vec![pairs(&[("1", "1"), ("0", "2")], counts)]));
        choices.push(("2 is yes and 1 is no".to_owned(), vec![pairs(&[("1", "2"), ("0", "1")], counts)]));
    }
    ask(field, counts, format!("nothing proves which of its {all} values say yes"), choices)
}

/// `values` of the pairs of canonical value and text, those texts left out that the column does not have.
pub fn pairs(pairs: &[(&str, &str)], counts: &ValueCounts<'_>) -> String {
    let written: Vec<String> = pairs
        .iter()
        .filter(|(_, text)| counts.contains_key(text))
        .map(|(value, text)| format!("{} = {}", key(value), quoted(text)))
        .collect();
    format!("values = {{ {} }}", written.join(", "))
}

/// A question with its counts, the lists of data sets that may be meant, and the line that states a list of the export's own.
fn ask(field: Field, counts: &ValueCounts<'_>, reason: String, mut choices: Vec<(String, Vec<String>)>) -> ListReading {
    for own in OWN_LISTS.iter().filter(|own| own.field == field) {
        // A German reason has a third digit, which says how the stay is counted.
        let is_text = |own: &str, text: &str| own == text || own.len() == 2 && text.len() == 3 && text.starts_with(own);
        let fits = !counts.is_empty() && counts.keys().all(|text| own.texts.iter().any(|own| is_text(own, text)));
        if fits {
            let values: Vec<String> = own
                .values
                .iter()
                .filter_map(|(value, texts)| {
                    let there: Vec<String> = counts
                        .keys()
                        .filter(|text| texts.iter().any(|own| is_text(own, text)))
                        .map(|text| (*text).to_owned())
                        .collect();
                    (!there.is_empty()).then(|| format!("{} = {}", key(value), list(&there)))
                })
                .collect();
            choices.push((format!("as {}", own.of), vec![format!("values = {{ {} }}", values.join(", "))]));
        }
    }
    let (what, template) = match field {
        Field::DischargeStatus => (
            "01 home, 02 another hospital, 03 skilled nursing, 06 home health, 07 against advice, 20 died",
            &["01", "02", "07", "20"][..],
        ),
        Field::AdmissionType => {
            ("1 emergency, 2 urgent, 3 elective, 4 newborn, 5 trauma, 9 not known", &["1", "3"][..])
        }
        Field::PointOfOrigin => {
            ("1 no facility, 2 clinic, 4 hospital, 5 nursing facility, 9 not known", &["1", "4"][..])
        }
        Field::PresentOnAdmission => ("Y, N, U, W, 1 exempt", &["Y", "N"][..]),
        Field::Sex => ("M, F, U unknown", &["M", "F"][..]),
        _ => ("1 yes, 0 no", &["1", "0"][..]),
    };
    let lines: Vec<String> = template.iter().map(|value| format!("{} = \"{STATE_THE_TEXT}\"", key(value))).collect();
    choices.push((
        format!("a list of its own: beside each value its texts ({what}); take out what the export does not have"),
        vec![format!("values = {{ {} }}", lines.join(", "))],
    ));
    ListReading::Ask(DraftQuestion { reason: format!("{reason}{}", shown(counts)), choices })
}

/// The values of a coded column with their counts; nothing where they may be anything. A word that stands once may be a slip of any other column.
pub fn shown(counts: &ValueCounts<'_>) -> String {
    let coded = counts.len() <= SHOWN && counts.keys().all(|text| text.chars().count() <= 40);
    // A word that stands in one row of fifty and more, beside few others, is a word of a list and no patient's name.
    let all = total(counts);
    let is_of_list = |count: u32| counts.len() <= 12 && count >= 5 && u64::from(count) * 50 >= u64::from(all);
    let words: Vec<String> = counts
        .iter()
        .filter(|(text, count)| is_number(text) || is_of_list(**count))
        .map(|(text, count)| format!("{} in {count}", quoted(text)))
        .collect();
    if !coded || words.is_empty() {
        return String::new();
    }
    format!(" ({})", words.join(", "))
}
