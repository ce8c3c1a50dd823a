//! All that is known of a code, in words: `chartroom code CODE [--on DATE]`.

use std::fmt::Write as _;

use crate::{
    codeset::{
        gem::{Cluster, CodeMapping},
        groups::{Chronic, Groups, body_system},
        normalise::{is_well_formed, normalise},
        other_systems::titles_by_form,
        readings::{KnownOfColumn, Readings, dot_place, readings, without_signs},
        sets::{CodeSets, GemDirection, LAST_KNOWN_DAY, other_revision},
        table::{CodeTable, NOT_ENDED},
        tabular::{self, Conventions, NoteKind},
    },
    partition::encounter::PackedCode,
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
    },
};

/// Describes a code in every system that knows it.
///
/// # Errors
/// No system knows it: in words why.
pub fn describe(raw: &str, on: Option<Day>, sets: &CodeSets, groups: &Groups) -> Result<String, String> {
    let code = normalise(raw.as_bytes()).code;
    let text = code.text().as_bytes().to_vec();
    let mut out = String::new();
    let mut known = false;
    for system in CodeSystem::SHIPPED.into_iter().filter(|system| may_be_of(*system, &text)) {
        let about;
        let table = match system {
            CodeSystem::Icd10Cm | CodeSystem::Icd10Pcs => {
                about = sets.table_about(system, code.text());
                &about
            }
            _ => sets.table(system),
        };
        let Some(code) = read_in(table, raw, on) else { continue };
        let text = code.text().as_bytes();
        if !is_well_formed(system, text) {
            continue;
        }
        let header = system != CodeSystem::Icd10Pcs && text.len() >= 2 && table.codes_under(text, None) > 0;
        if code.is_empty() || (table.find(text).is_none() && !header) {
            continue;
        }
        if known {
            out.push('\n');
        }
        known = true;
        describe_in((sets, groups), table, code, on, &mut out);
    }
    let who = sets.table(CodeSystem::Icd10);
    let of_who = normalise(without_signs(raw.as_bytes())).code;
    let length = of_who.text().len();
    // A code of the United States is not said twice; four characters are the most that its own form has nearly everywhere.
    if !known && (3..=4).contains(&length) && who.judge(of_who.text().as_bytes(), on).verdict == CodeVerdict::Valid {
        known = true;
        describe_of_who(who, of_who, &mut out);
    }
    if let Some(words) = other_readings(raw, on, sets) {
        known = true;
        out.push_str(&words);
    }
    if !known {
        let shapes: Vec<&str> = CodeSystem::SHIPPED
            .into_iter()
            .filter(|system| !code.is_empty() && is_well_formed(*system, &text))
            .map(CodeSystem::title)
            .collect();
        let others = titles_by_form(&raw.trim().to_ascii_uppercase());
        let others = match others.as_slice() {
            [] => String::new(),
            some => format!("; it has the form of {}, whose codes do not ship", some.join(" and ")),
        };
        return Err(match shapes.as_slice() {
            [] => format!("`{raw}` has the form of no code system that ships{others}"),
            some => format!("`{raw}` has the form of {}, but is no code of it on any day{others}", some.join(" and ")),
        });
    }
    Ok(out)
}

/// What a text is as a code of a system. A dot after three characters says more of ICD-10 than of an E code of ICD-9-CM whose zero is lost.
fn read_in(table: &CodeTable, raw: &str, on: Option<Day>) -> Option<PackedCode> {
    match readings(table, raw.as_bytes(), KnownOfColumn { on, ..KnownOfColumn::default() }) {
        Readings::One(one) if !(one.restored && one.code.0[0].is_ascii_alphabetic()) => Some(one.code),
        _ => None,
    }
}

/// Whether a text can be a code or a category of a system by its form, so that the tables of the others need not be read.
fn may_be_of(system: CodeSystem, code: &[u8]) -> bool {
    is_well_formed(system, code)
        || system == CodeSystem::Icd9Cm && code.len() == 2 && code.iter().all(u8::is_ascii_digit)
}

/// What a number can be where it lost its leading zeros, in words; `None` where nothing else than it says.
fn other_readings(raw: &str, on: Option<Day>, sets: &CodeSets) -> Option<String> {
    let text = normalise(raw.as_bytes());
    if text.dot.is_some() || text.code.is_empty() || !text.code.text().bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut out = String::new();
    for system in [CodeSystem::Icd9Cm, CodeSystem::Icd9Procedure] {
        let table = sets.table(system);
        let codes =
            match readings(table, raw.as_bytes(), KnownOfColumn { zeros_lost: true, on, ..KnownOfColumn::default() }) {
                Readings::One(one) => vec![one.code],
                Readings::Several(codes) => codes,
            };
        for code in codes.into_iter().filter(|code| *code != text.code) {
            let title = table.find(code.text().as_bytes()).map_or("", |id| table.title(id));
            let _ = writeln!(out, "with lost zeros  {}  {}  {title}", dotted(system, code.text()), system.title());
        }
    }
    // Only a part of the tables of ICD-10-PCS is read, that of the code.
    let full = format!("{:0>7}", text.code.text());
    let pcs = CodeSystem::Icd10Pcs;
    let table = (4..7).contains(&text.code.text().len()).then(|| sets.table_about(pcs, &full));
    if let Some((id, table)) = table.as_ref().and_then(|table| Some((table.find(full.as_bytes())?, table))) {
        let _ = writeln!(out, "with lost zeros  {full}  {}  {}", pcs.title(), table.title(id));
    }
    (!out.is_empty()).then_some(out)
}

/// Columns of the answers to many codes. `row` is the line of the file that was asked about.
pub const ANSWER_COLUMNS: [&str; 9] =
    ["row", "code", "date", "system", "read_as", "verdict", "title", "chapter", "block"];

/// The answer to a row that asks nothing: why, in the place of the verdict.
pub fn no_answer(row: u64, code: &str, date: &str, why: &str) -> [String; 9] {
    let blank = String::new;
    [row.to_string(), code.to_owned(), date.to_owned(), blank(), blank(), why.to_owned(), blank(), blank(), blank()]
}

/// What is known of one code in few words: a row for each system that knows it, or one without a system where none does. `only`: the one system that is asked.
pub fn answers(row: u64, raw: &str, on: Option<Day>, only: Option<CodeSystem>, sets: &CodeSets) -> Vec<[String; 9]> {
    let date = on.map_or_else(String::new, |day| day.to_string());
    let mut rows = Vec::new();
    for system in CodeSystem::ALL.into_iter().filter(|system| only.is_none_or(|only| only == *system)) {
        let bare = if system == CodeSystem::Icd10 { without_signs(raw.as_bytes()) } else { raw.as_bytes() };
        let normalised = normalise(bare).code;
        if normalised.is_empty() || system != CodeSystem::Icd9Cm && !may_be_of(system, normalised.text().as_bytes()) {
            continue;
        }
        let table = sets.table(system);
        let Some(code) = read_in(table, raw, on) else { continue };
        let text = code.text();
        let judged = table.judge(text.as_bytes(), on);
        if matches!(judged.verdict, CodeVerdict::Malformed | CodeVerdict::Unknown)
            || system == CodeSystem::Icd10 && !rows.is_empty() && only.is_none()
        {
            continue;
        }
        let title = table.find(text.as_bytes()).map_or("", |id| table.title(id)).to_owned();
        let (chapter, block) = table.block_of_code(code).map_or_else(Default::default, |(_, block)| {
            (table.grouping.chapters[block.chapter].0.clone(), block.name.clone())
        });
        let read_as = dotted(system, text);
        let verdict = judged.verdict.name().to_owned();
        let (raw, date) = (raw.to_owned(), date.clone());
        rows.push([row.to_string(), raw, date, system.name().to_owned(), read_as, verdict, title, chapter, block]);
    }
    if rows.is_empty() {
        rows.push(no_answer(row, raw, &date, CodeVerdict::Unknown.name()));
    }
    rows
}

/// What is known of a code of ICD-10 of the WHO: its place, and its title where a list was imported.
fn describe_of_who(table: &CodeTable, code: PackedCode, out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
    let text = code.text();
    let _ = writeln!(out, "{}  {}", dotted(table.system, text), table.system.title());
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(out, "  {name:<12}{words}");
    };
    if let Some(title) = table.find(text.as_bytes()).map(|id| table.title(id)).filter(|title| !title.is_empty()) {
        line("title", title);
    }
    let how = if table.categories_alone { "by its form and its category" } else { "by the imported list" };
    line("verdict", &format!("valid {how}"));
    if let Some((_, block)) = table.block_of_code(code) {
        let (number, title) = &table.grouping.chapters[block.chapter];
        line("chapter", &format!("{number}  {title}"));
        line("block", &block.name);
    }
}

fn describe_in(
    (sets, groups): (&CodeSets, &Groups),
    table: &CodeTable,
    code: PackedCode,
    on: Option<Day>,
    out: &mut String,
) {
    let text = code.text();
    let id = table.find(text.as_bytes());
    let _ = writeln!(out, "{}  {}", dotted(table.system, text), table.system.title());
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(out, "  {name:<12}{words}");
    };
    if let Some(title) = id.map(|id| table.title(id)).filter(|title| !title.is_empty()) {
        line("title", title);
    }
    let judged = sets.judge_by(table, text.as_bytes(), on);
    line(
        "verdict",
        &match on {
            Some(day) => format!("{} on {day}", words_for(judged.verdict)),
            None if judged.verdict == CodeVerdict::Valid => "valid in the times below".to_owned(),
            None => words_for(judged.verdict).to_owned(),
        },
    );
    if on.is_some_and(|day| day > LAST_KNOWN_DAY) {
        line("note", &format!("the tables end on {LAST_KNOWN_DAY}; a later day is judged by their last year"));
    }
    for period in id.map(|id| table.periods(id)).unwrap_or_default() {
        let last = if period.last == NOT_ENDED { "still in force".to_owned() } else { format!("to {}", period.last) };
        let flags = &table.flag_words[usize::from(period.flags)];
        let flags = if flags.is_empty() { String::new() } else { format!("; code editor: {}", flag_words(flags)) };
        line("in force", &format!("{} {last}{flags}", period.first));
    }
    if let Some((first, last)) =
        table.header_days(text.as_bytes()).filter(|_| id.is_none_or(|id| !table.was_ever_valid(id)))
    {
        let last = if last == NOT_ENDED { "still in force".to_owned() } else { format!("to {last}") };
        line("codes under", &format!("{first} {last}"));
    }
    let under = table.codes_under(text.as_bytes(), on);
    if table.system != CodeSystem::Icd10Pcs && under > 0 {
        line("header of", &format!("{under} codes"));
    }
    if let Some((_, block)) = table.block_of_code(code) {
        let (number, title) = &table.grouping.chapters[block.chapter];
        line("chapter", &format!("{number}  {title}"));
        line("block", &format!("{}  {}", block.name, block.title));
    }
    if table.system == CodeSystem::Icd10Cm {
        describe_groups_and_notes(code, groups, out);
    }
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(out, "  {name:<12}{words}");
    };
    let direction = other_revision(table.system).and_then(|other| GemDirection::between(table.system, other));
    if let Some((direction, target)) = direction.map(|direction| (direction, direction.to())) {
        let target_table = sets.table(target);
        let with_title = |cluster: &Cluster| {
            let title = match cluster.choices.as_slice() {
                [list] if list.len() == 1 => {
                    target_table.find(list[0].text().as_bytes()).map_or("", |id| target_table.title(id))
                }
                _ => "",
            };
            format!("{}{}  {title}", cluster.text(), if cluster.approximate { " (approximate)" } else { "" })
                .trim_end()
                .to_owned()
        };
        let name = format!("to {}", target.name());
        match sets.map(direction, code, on) {
            CodeMapping::NotInMap => {}
            CodeMapping::NoMap => line(&name, "no equivalent in the general equivalence map"),
            found => {
                for cluster in &found.clusters() {
                    line(&name, &with_title(cluster));
                }
                if let CodeMapping::Changed(_, how) = found {
                    line(&name, how.reason());
                }
            }
        }
    }
}

/// The groups a code is counted in, and the notes of the tabular list over it.
fn describe_groups_and_notes(code: PackedCode, groups: &Groups, out: &mut String) {
    let mut line = |name: &str, words: &str| {
        let _ = writeln!(out, "  {name:<12}{words}");
    };
    let of = groups.of(CodeSystem::Icd10Cm, code);
    let [categories, indicator] = &groups.editions;
    for number in groups.categories(of.set) {
        let name = groups.category(*number);
        let words = match groups.complete {
            false => "; the first of its categories, the edition that ships has no others",
            true if of.default_inpatient == *number => "; the default for an inpatient's principal diagnosis",
            true if of.default_inpatient == 0 => "; not for a principal diagnosis",
            true => "",
        };
        let title = Some(groups.title(*number)).filter(|title| !title.is_empty()).unwrap_or(body_system(name));
        line("CCSR", &format!("{name}  {title}{words} ({categories})"));
    }
    match of.chronic {
        Chronic::Unknown => {}
        Chronic::Chronic => line("CCIR", &format!("chronic ({indicator})")),
        Chronic::NotChronic => line("CCIR", &format!("not chronic ({indicator})")),
        Chronic::NotApplicable => line("CCIR", &format!("chronic or not does not apply ({indicator})")),
    }
    let notes = Conventions::shipped().notes_over(code);
    for note in &notes {
        let name = if note.kind == NoteKind::UseAdditional { "additional" } else { note.kind.words() };
        line(name, &format!("{}: {}", note.holder, note.text));
    }
    if !notes.is_empty() {
        line("notes of", tabular::EDITION);
    }
}

/// What the notes of the tabular list say of two codes that stand on one record: `chartroom code CODE --with CODE`.
pub fn describe_pair(left: &str, right: &str) -> String {
    let (left, right) = (normalise(left.as_bytes()).code, normalise(right.as_bytes()).code);
    let mut out = String::new();
    for (code, other) in [(left, right), (right, left)] {
        for note in Conventions::shipped().notes_over(code).into_iter().filter(|note| note.named.has(other)) {
            let (code, other) = (dotted(CodeSystem::Icd10Cm, code.text()), dotted(CodeSystem::Icd10Cm, other.text()));
            let _ = writeln!(out, "{code} with {other}: {} {} \"{}\"", note.holder, note.kind.words(), note.text);
        }
    }
    if out.is_empty() {
        let _ = writeln!(out, "no note of the {} over either code names the other", tabular::EDITION);
    }
    out
}

/// A code as it is printed, with its dot.
pub fn dotted(system: CodeSystem, code: &str) -> String {
    let Some(place) = code.bytes().next().and_then(|first| dot_place(system, first)) else { return code.to_owned() };
    match code.split_at_checked(usize::from(place)) {
        Some((head, tail)) if !tail.is_empty() => format!("{head}.{tail}"),
        _ => code.to_owned(),
    }
}

/// A verdict in words.
pub fn words_for(verdict: CodeVerdict) -> &'static str {
    match verdict {
        CodeVerdict::Valid => "valid",
        CodeVerdict::Malformed => "malformed",
        CodeVerdict::Unknown => "unknown",
        CodeVerdict::Header => "a header: more characters are required",
        CodeVerdict::NotYetValid => "not yet valid",
        CodeVerdict::Expired => "expired",
        CodeVerdict::WrongRevision => "of the wrong revision",
        CodeVerdict::SeveralReadings => "several readings: nothing was chosen",
    }
}

/// The editor's flags in words.
fn flag_words(flags: &str) -> String {
    let words: Vec<&str> = flags.split('|').map(|flag| flag_word(flag).unwrap_or(flag)).collect();
    words.join(", ")
}

fn flag_word(flag: &str) -> Option<&'static str> {
    Some(match flag {
        "ecodepdx" => "external cause, not as principal diagnosis",
        "unacceptable" => "unacceptable principal diagnosis",
        "maternity" => "maternity ages",
        "newborn" => "newborns only",
        "pediatric" => "ages 0 to 17",
        "adult" => "ages 15 to 124",
        "female" => "females",
        "male" => "males",
        "manifestation" => "manifestation, not as principal diagnosis",
        "unspecified" => "unspecified though laterality codes exist",
        "qadm" => "questionable admission",
        "reqsdx" => "requires a secondary diagnosis",
        "wrngproc" => "wrong procedure performed",
        "female until 2024-09-30" => "females, until 2024-09-30",
        "male until 2024-09-30" => "males, until 2024-09-30",
        "nonspecific" => "not specific",
        "msp" => "another payer may come before Medicare",
        "mdc08" => "of the musculoskeletal system",
        "clintrial" => "examination in a clinical trial",
        "diabtypeI" => "diabetes of type I",
        "delout" => "outcome of delivery",
        "ncov2" => "list 2 of non-covered procedures: covered with a diagnosis of the list",
        "ncov2agelt78" => "list 2 of non-covered procedures, below the age of 78",
        "ncov2agelt64" => "list 2 of non-covered procedures, below the age of 64",
        "ncov3" => "list 3 of non-covered procedures: covered with a diagnosis of the list",
        "ncov4" => "diabetes, which with kidney disease covers a transplant of the pancreas",
        "ncov5" => "kidney disease, which with diabetes covers a transplant of the pancreas",
        "ncov6" => "list 6 of non-covered procedures: not covered with a diagnosis of the list",
        "ncov7" => "list 7 of non-covered procedures: not covered with a diagnosis of the list",
        "ncov89" => "clinical trial that covers procedures of lists 8 and 9 together",
        "ncov_z302" => "sterilisation, not covered when it is the reason for the stay",
        "ncov45" => "transplant of the pancreas, covered with diabetes and kidney disease",
        "ncov8" => "list 8 of non-covered procedures",
        "ncov9" => "list 9 of non-covered procedures",
        "ncov12agele60" => "covered through the age of 60",
        "ncov13a" => "angioplasty, covered with a stent",
        "ncov13b" => "stent, which covers an angioplasty",
        "or_indic" => "operating room procedure",
        "biopsy" => "open biopsy",
        "bilateral" => "one of a pair of joints",
        "los" => "takes more than 96 hours, and asks for a stay as long",
        "noncovered" => "never covered",
        "kidneyxp" => "transplant of the kidney",
        "lcov" => "limited coverage",
        "csect" => "caesarean section",
        "vagdel" => "vaginal delivery",
        "lcov_kidneyxp" => "limited coverage: kidney",
        "lcov_pancreasxp" => "limited coverage: pancreas",
        "lcov_intxp" => "limited coverage: intestine and several organs",
        "lcov_heartxp" => "limited coverage: heart",
        "lcov_heartlungxp" => "limited coverage: heart and lung",
        "lcov_lungxp" => "limited coverage: lung",
        "lcov_liverxp" => "limited coverage: liver",
        "lcov_lvrs" => "limited coverage: reduction of lung volume",
        "lcov_heartsys" => "limited coverage: heart assist system",
        "lcov_artheartxp" => "artificial heart, covered in a clinical trial alone",
        "lcov_artheartxpa" => "artificial right ventricle",
        "lcov_artheartxpb" => "artificial left ventricle",
        "cc" => "complication or comorbidity",
        "mcc" => "major complication or comorbidity",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_described_in_every_system_that_knows_it() {
        let described = |raw: &str, on: Option<Day>| describe(raw, on, &CodeSets::default(), Groups::shipped());
        let describe = |raw: &str, on: Option<Day>| described(raw, on).expect("a known code");
        let text = describe("e11.9", Day::from_iso("2026-10-31"));
        for words in [
            "E11.9  ICD-10-CM",
            "Type 2 diabetes mellitus without complications",
            "valid on 2026-10-31",
            "E08-E13",
            "2015-10-01 still in force",
        ] {
            assert!(text.contains(words), "{words} is missing in\n{text}");
        }
        // A V code of ICD-9-CM and, by its form, a V category of ICD-10-CM.
        let text = describe("V70", None);
        assert!(text.contains("ICD-10-CM") && text.contains("ICD-9-CM diagnoses"), "{text}");
        for words in
            ["CCSR        END002", "CCIR        chronic (v2023.1)", "excludes 1  E11: type 1 diabetes mellitus (E10.-)"]
        {
            let text = describe("E11.9", None);
            assert!(text.contains(words), "{words} is missing in\n{text}");
        }
        let text = describe_pair("e10.9", "E119");
        assert!(text.starts_with("E10.9 with E11.9: E10 excludes 1 \"type 2 diabetes mellitus (E11.-)\"\n"), "{text}");
        assert!(describe_pair("I10", "J449").starts_with("no note"));
        assert!(described("!!", None).is_err_and(|why| why.contains("has the form of no code system")));
    }

    #[test]
    fn every_flag_of_the_code_editor_is_told_in_words() {
        let sets = CodeSets::default();
        let mut raw: Vec<&str> = CodeSystem::SHIPPED
            .iter()
            .flat_map(|system| sets.table(*system).flag_words.iter().flat_map(|flags| flags.split('|')))
            .filter(|flag| !flag.is_empty() && flag_word(flag).is_none())
            .collect();
        raw.sort_unstable();
        raw.dedup();
        assert!(raw.is_empty(), "{raw:?}");
    }
}
