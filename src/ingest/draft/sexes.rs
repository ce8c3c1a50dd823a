//! Reads a column of sexes: by words and letters of five languages where the letters of the column agree, by diagnoses where they are numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lists::{DraftQuestion, ListReading, STATE_THE_TEXT, ValueCounts, shown},
    values::plain,
    write::quoted,
};

const MALE: &[&str] = &[
    "male",
    "man",
    "boy",
    "masculino",
    "masculin",
    "masc",
    "hombre",
    "homem",
    "homme",
    "varon",
    "mann",
    "mannlich",
    "maennlich",
    "mannl",
];
const FEMALE: &[&str] = &[
    "female", "woman", "girl", "femenino", "feminino", "feminin", "fem", "mujer", "mulher", "femme", "frau",
    "weiblich", "weibl",
];
const UNKNOWN: &[&str] = &[
    "u",
    "unknown",
    "unk",
    "undetermined",
    "indeterminate",
    "not known",
    "not specified",
    "indeterminado",
    "ignorado",
    "desconocido",
    "desconhecido",
    "indetermine",
    "inconnu",
    "unbekannt",
    "unbestimmt",
];

/// Rows with a diagnosis that one sex alone has, by the text of the sex column: of women (pregnancy, birth, puerperium), of men (prostate, male genitals).
pub type Evidence = BTreeMap<String, (u32, u32)>;

/// Whether a text may be a sex: a word, or a letter that some language has for one.
pub fn is_sex(text: &str) -> bool {
    let plain = plain(text);
    let word = plain.as_str();
    MALE.contains(&word)
        || FEMALE.contains(&word)
        || UNKNOWN.contains(&word)
        || matches!(word, "m" | "f" | "h" | "w" | "v" | "0" | "1" | "2" | "3" | "9")
}

/// Whether a text is a word or letter of sex, numbers left out.
pub fn is_word(text: &str) -> bool {
    is_sex(text) && !text.bytes().all(|byte| byte.is_ascii_digit())
}

/// How the texts are read. `flag` is the letter of the sex that the heading asks for: F under `FEMALE`.
pub fn reading(counts: &ValueCounts<'_>, flag: Option<char>, evidence: &Evidence) -> ListReading {
    let all: u32 = counts.values().sum();
    if let Some(asked) = flag {
        return of_flag(counts, asked);
    }
    // Beside texts that are sexes a rare other one is a slip of that row.
    let words: Vec<&str> = counts.keys().copied().filter(|text| is_sex(text)).collect();
    let known: u32 = words.iter().map(|text| counts[text]).sum();
    if all > 0 && known * 2 < all {
        return ask(counts, format!("{known} of {all} texts are sexes as far as is known here"), Vec::new());
    }
    let numbers: Vec<&str> =
        words.iter().copied().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).collect();
    let of_numbers: u32 = numbers.iter().map(|text| counts[text]).sum();
    if of_numbers * 2 > all {
        return of_digits(counts, &numbers, evidence);
    }
    let has = |letter: &str| {
        let common = |text: &&str| plain(text) == letter && u64::from(counts[text]) * 100 >= u64::from(all);
        words.iter().any(common)
    };
    let (m, f, h, w, v) = (has("m"), has("f"), has("h"), has("w"), has("v"));
    // M is male but beside H (hombre, homem: then M is mujer, mulher) or V (varón, or the Dutch vrouw: then nothing tells).
    if m && v && !f {
        let male = [("M", "V"), ("F", "M")];
        let female = [("M", "M"), ("F", "V")];
        return ask(
            counts,
            format!(
                "V is a man in Spanish (varón) and a woman in Dutch (vrouw), and nothing in {all} rows proves which"
            ),
            vec![("V is male".to_owned(), vec![written(&male)]), ("V is female".to_owned(), vec![written(&female)])],
        );
    }
    if m && h && (f || w) || f && w {
        return ask(
            counts,
            format!("letters of several languages for the sexes stand in its {all} values"),
            Vec::new(),
        );
    }
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for text in words {
        let plain = plain(text);
        let sex = match plain.as_str() {
            "m" if h => "F",
            "m" | "h" => "M",
            "v" if f || h => continue,
            "v" => "M",
            "w" | "f" => "F",
            word if MALE.contains(&word) => "M",
            word if FEMALE.contains(&word) => "F",
            word if UNKNOWN.contains(&word) => "U",
            // A number beside letters says nothing.
            _ => continue,
        };
        found.entry(sex).or_default().insert(text);
    }
    let translated: BTreeMap<&str, Vec<&str>> =
        found.into_iter().map(|(sex, texts)| (sex, texts.into_iter().collect())).collect();
    let changed = translated.iter().any(|(sex, texts)| texts.iter().any(|text| text != sex));
    if !changed {
        return ListReading::Words(None);
    }
    let why = if m && h { "beside H (hombre, homem) M is a woman" } else { "each word or letter says one sex" };
    ListReading::Proven(vec![table(&translated)], why.to_owned())
}

/// `FEMALE` of 0 and 1.
fn of_flag(counts: &ValueCounts<'_>, asked: char) -> ListReading {
    let other = if asked == 'F' { "M" } else { "F" };
    let asked = if asked == 'F' { "F" } else { "M" };
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for text in counts.keys() {
        match plain(text).as_str() {
            "1" | "y" | "yes" | "true" | "t" => found.entry(asked).or_default().push(text),
            "0" | "n" | "no" | "false" => found.entry(other).or_default().push(text),
            "f" if !counts.keys().any(|text| plain(text) == "m") => found.entry(other).or_default().push(text),
            _ => {}
        }
    }
    let known: u32 = found.values().flatten().map(|text| counts[text]).sum();
    let all: u32 = counts.values().sum();
    if found.len() < 2 || known * 100 < all * 95 {
        return ask(
            counts,
            format!("the heading asks for one sex, and {known} of {all} values are yes or no"),
            Vec::new(),
        );
    }
    ListReading::Proven(vec![table(&found)], "the heading asks for one sex, and the values are yes and no".to_owned())
}

/// Numbers: proven by the diagnoses that one sex alone has, else asked.
fn of_digits(counts: &ValueCounts<'_>, numbers: &[&str], evidence: &Evidence) -> ListReading {
    let all: u32 = counts.values().sum();
    let mut common: Vec<&str> =
        numbers.iter().copied().filter(|text| u64::from(counts[text]) * 100 >= u64::from(all) * 5).collect();
    common.sort_by_key(|text| std::cmp::Reverse(counts[text]));
    let of = |text: &str| evidence.get(text).copied().unwrap_or((0, 0));
    let women: u32 = evidence.values().map(|(women, _)| women).sum();
    let men: u32 = evidence.values().map(|(_, men)| men).sum();
    if let [first, second] = common.as_slice() {
        for (female, male) in [(*first, *second), (*second, *first)] {
            let (of_women, wrong_men) = of(female);
            let of_men = of(male).1;
            let nearly = |part: u32, whole: u32| u64::from(part) * 100 >= u64::from(whole) * 98;
            if women >= 5 && nearly(of_women, women) && men >= 1 && nearly(of_men, men) && wrong_men * 50 <= men {
                let sexes = BTreeMap::from([("F", vec![female]), ("M", vec![male])]);
                let why = format!(
                    "{of_women} of {women} rows with codes of pregnancy and childbirth have {}, and {of_men} of {men} with codes of male organs have {}",
                    quoted(female),
                    quoted(male)
                );
                return ListReading::Proven(vec![table(&sexes)], why);
            }
        }
    }
    let has = |text: &str| counts.contains_key(text);
    let unknown: Vec<(&str, &str)> = ["0", "9", "3"]
        .into_iter()
        .filter(|text| has(text) && (has("1") && has("2")) && (*text != "3"))
        .map(|text| ("U", text))
        .collect();
    let mut choices = Vec::new();
    if has("1") && has("2") {
        let with = |sexes: [(&'static str, &'static str); 2]| -> String {
            let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            for (sex, text) in sexes.iter().chain(&unknown) {
                texts.entry(sex).or_default().push(text);
            }
            table(&texts)
        };
        choices.push(("1 is male and 2 is female, as in ISO 5218".to_owned(), vec![with([("M", "1"), ("F", "2")])]));
        choices.push((
            "1 is female and 2 is male, as in Epic's own list".to_owned(),
            vec![with([("M", "2"), ("F", "1")])],
        ));
    } else if has("1") && has("3") {
        choices.push((
            "1 is male and 3 is female, as in the hospital system of Brazil".to_owned(),
            vec![written(&[("M", "1"), ("F", "3")])],
        ));
    } else if has("0") && has("1") {
        choices.push(("1 is male and 0 is female".to_owned(), vec![written(&[("M", "1"), ("F", "0")])]));
        choices.push(("0 is male and 1 is female".to_owned(), vec![written(&[("M", "0"), ("F", "1")])]));
    }
    let reason = if women + men > 0 {
        format!(
            "the sexes are numbers, and codes of pregnancy ({women} rows) and of male organs ({men} rows) do not prove which is which"
        )
    } else {
        format!("the sexes are numbers, and nothing in {all} rows proves which is which")
    };
    ask(counts, reason, choices)
}

fn written(sexes: &[(&str, &str)]) -> String {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (sex, text) in sexes {
        texts.entry(sex).or_default().push(text);
    }
    table(&texts)
}

fn table(texts: &BTreeMap<&str, Vec<&str>>) -> String {
    let pairs: Vec<String> = texts
        .iter()
        .map(|(sex, texts)| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            format!("{sex} = {}", super::write::list(&texts))
        })
        .collect();
    format!("values = {{ {} }}", pairs.join(", "))
}

fn ask(counts: &ValueCounts<'_>, reason: String, mut choices: Vec<(String, Vec<String>)>) -> ListReading {
    if choices.is_empty() {
        choices.push((
            "beside each sex its texts".to_owned(),
            vec![format!("values = {{ F = \"{STATE_THE_TEXT}\", M = \"{STATE_THE_TEXT}\" }}")],
        ));
    }
    ListReading::Ask(DraftQuestion { reason: format!("{reason}{}", shown(counts)), choices })
}

/// What the diagnoses of each row say of the sexes.
pub fn evidence(rows: &[Vec<String>], sex: usize, diagnoses: &[usize]) -> Evidence {
    let mut found = Evidence::new();
    for row in rows {
        let (mut women, mut men) = (false, false);
        for at in diagnoses {
            let code: String = row[*at].chars().filter(|letter| *letter != '.').collect::<String>().to_uppercase();
            women |= is_of_women(&code);
            men |= is_of_men(&code);
        }
        if (women || men) && !row[sex].is_empty() {
            let (of_women, of_men) = found.entry(row[sex].clone()).or_insert((0, 0));
            *of_women += u32::from(women && !men);
            *of_men += u32::from(men && !women);
        }
    }
    found
}

/// Pregnancy, childbirth and the puerperium: ICD-10 O00-O9A and Z34; ICD-9-CM 630-679, V22, V23, V27. Z37 and Z38 stand on newborns too in some countries.
fn is_of_women(code: &str) -> bool {
    let digits = code.len() >= 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let formed = |letter: char| code.len() >= 3 && code.starts_with(letter) && code.as_bytes()[1].is_ascii_digit();
    formed('O')
        || code.starts_with("Z34")
        || (digits && ("630".."680").contains(&&code[..3]) && code.len() <= 5)
        || ["V22", "V23", "V27"].iter().any(|category| code.starts_with(category))
}

/// Malignant neoplasms and diseases of male organs: ICD-10 C60-C63 and N40-N50; ICD-9-CM 185-187 and 600-608.
fn is_of_men(code: &str) -> bool {
    let digits = code.len() >= 3 && code.len() <= 5 && code.bytes().all(|byte| byte.is_ascii_digit());
    let category = code.get(..3).unwrap_or("");
    ("C60"..="C63").contains(&category)
        || ("N40"..="N50").contains(&category)
        || (digits && (("185"..="187").contains(&category) || ("600"..="608").contains(&category)))
}
