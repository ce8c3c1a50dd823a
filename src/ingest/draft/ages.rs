//! Ages: the unit that another column says of each row, and ages that no one has.

use super::{
    column::DraftColumn,
    detail::Detail,
    guess::Guess,
    lists::{DraftQuestion, STATE_THE_TEXT, shown},
    sample::DraftSample,
    values::plain,
    write::{beside, list, quoted},
};

/// Different units up to which a column beside an age can be its unit.
const UNITS: usize = 9;
/// Years that no one has.
const OLDEST: f64 = 130.0;

/// Words for units of age in five languages, by the layout's name for the unit.
const WORDS: &[(&str, &[&str])] = &[
    ("hours", &["h", "hr", "hrs", "hour", "hours", "hora", "horas", "heure", "heures", "stunde", "stunden"]),
    ("weeks", &["w", "wk", "wks", "week", "weeks", "semana", "semanas", "semaine", "semaines", "woche", "wochen"]),
    (
        "years",
        &["y", "yr", "yrs", "year", "years", "a", "ano", "anos", "anio", "anios", "an", "ans", "jahr", "jahre", "j"],
    ),
    ("months", &["mo", "mos", "mon", "month", "months", "mes", "meses", "mois", "monat", "monate"]),
    ("days", &["d", "dy", "day", "days", "dia", "dias", "jour", "jours", "tag", "tage", "t"]),
];

/// Units that data sets write as numbers: a hint for the person who is asked.
const NUMBERED: &[(&str, &[(&str, &str)])] = &[
    ("the national hospital discharge survey", &[("years", "1"), ("months", "2"), ("days", "3")]),
    ("the hospital system of Brazil", &[("years", "4"), ("months", "3"), ("days", "2")]),
];

/// Whether a column is the unit of an age that stands in another column.
pub fn is_unit(column: &DraftColumn) -> bool {
    let named = column.says("age") && (column.says("unit") || column.says("type"));
    named && column.filled > 0 && column.values.len() <= UNITS
}

/// Whether of two columns that are called ages the first is the unit of the second: few different texts under a name with a word for "code".
pub fn is_code_beside(column: &DraftColumn, other: &DraftColumn) -> bool {
    column.says("code")
        && !other.says("code")
        && column.values.len() <= UNITS
        && other.values.len() > column.values.len()
}

/// What a layout must say of an age.
pub fn age(sample: &DraftSample, columns: &[DraftColumn], guess: &Guess, column: &DraftColumn, detail: &mut Detail) {
    if let Some(at) = guess.age_unit {
        beside_unit(column, &columns[at], &beside(sample, columns, at), detail);
        return;
    }
    if column.says("days") {
        detail.keys.push("unit = \"days\"".to_owned());
        return;
    }
    if column.says("months") {
        detail.keys.push("unit = \"months\"".to_owned());
        return;
    }
    let too_old = |text: &str| text.parse::<f64>().is_ok_and(|age| age > OLDEST);
    let above: u32 = column.values.iter().filter(|(text, _)| too_old(text)).map(|(_, count)| count).sum();
    let all = column.filled;
    if u64::from(above) * 100 < u64::from(all) {
        if above > 0 {
            detail
                .notes
                .push(format!("NOTE: {above} of {all} values are above 130 and no ages in years; a run finds them."));
        }
        return;
    }
    detail.question = Some(DraftQuestion {
        reason: format!("{above} of {all} values are above 130, so that they are no years, or some of them are codes"),
        choices: [
            ("years", "the others are years, and a run finds these"),
            ("months", "all are months"),
            ("days", "all are days"),
        ]
        .map(|(unit, what)| {
            let keys = if unit == "years" { Vec::new() } else { vec![format!("unit = {}", quoted(unit))] };
            (what.to_owned(), keys)
        })
        .to_vec(),
    });
}

/// An age whose unit another column says.
fn beside_unit(column: &DraftColumn, unit: &DraftColumn, place: &str, detail: &mut Detail) {
    let counts = unit.values.iter().map(|(text, count)| (text.as_str(), *count)).collect();
    let meaning = |text: &String| {
        let plain = plain(text);
        // What follows the word is the range of the ages: "Años (1 a 115 años de edad)".
        let word = plain.split(' ').next().unwrap_or("");
        WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(unit, _)| *unit)
    };
    let known: Vec<(&str, &String)> = unit.values.keys().filter_map(|text| Some((meaning(text)?, text))).collect();
    let with = |units: &str| vec![format!("unit_column = {place}, units = {{ {units} }}")];
    // A letter alone may be another word in another language; beside two other units of one language it is what it says.
    if known.len() == unit.values.len() && !known.is_empty() {
        let units: Vec<String> = ["years", "months", "weeks", "days", "hours"]
            .into_iter()
            .filter_map(|name| {
                let texts: Vec<String> =
                    known.iter().filter(|(unit, _)| *unit == name).map(|(_, text)| (*text).clone()).collect();
                (!texts.is_empty()).then(|| format!("{name} = {}", list(&texts)))
            })
            .collect();
        detail.notes.push(format!("NOTE: the column {} says the unit of each age.", quoted(&unit.name)));
        detail.keys.extend(with(&units.join(", ")));
        return;
    }
    let mut choices: Vec<(String, Vec<String>)> = NUMBERED
        .iter()
        .filter(|(_, units)| unit.values.keys().all(|text| units.iter().any(|(_, number)| number == text)))
        .map(|(of, units)| {
            let units: Vec<String> =
                units.iter().map(|(unit, number)| format!("{unit} = {}", quoted(number))).collect();
            (format!("as {of} numbers its units"), with(&units.join(", ")))
        })
        .collect();
    let template = ["years", "months", "days"].map(|unit| format!("{unit} = \"{STATE_THE_TEXT}\"")).join(", ");
    choices.push(("beside each unit the texts that mean it".to_owned(), with(&template)));
    detail.question = Some(DraftQuestion {
        reason: format!(
            "the column {} beside it may say the unit of each age{}, so that not all of its {} values are years",
            quoted(&unit.name),
            shown(&counts),
            column.filled
        ),
        choices,
    });
}
