//! Which release a table is, and the days it is in force: by what is stated, by its name, by what it says of itself, and by its codes.
//!
//! The shipped tables know the day of every code, so a release of a year that they cover must have exactly the codes of one of its days. That tells an
//! April release from an October one, finds the year of a renamed file, and shows a file that was cut short.

use rustc_hash::FxHashSet;

use super::{
    OfficialContent, OpenedRelease, ReadRelease, ReleaseRefusal,
    kind::{EffectiveSpan, OfficialFileKind, is_icd9},
};
use crate::{
    codeset::{normalise::ICD9_LAST, sets::CodeSets, table::CodeTable},
    partition::encounter::PackedCode,
    record::{
        code::{CodeId, CodeSystem},
        date::Day,
    },
};

/// How many codes of a draft may be others than those of the first day in force, of a hundred.
const MOST_CHANGED_PERCENT: usize = 5;

/// A release's name and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Name of the release: a fiscal year (`2026`, in April `2026-04`), a version (`v32`, `v2025.1`), or a word.
    pub release: String,
    /// First day in force.
    pub from: Option<Day>,
    /// Last day in force.
    pub until: Option<Day>,
}

/// What a user states over what a file says.
#[derive(Debug, Clone, Default)]
pub struct Stated {
    /// Name of the release.
    pub release: Option<String>,
    /// First day in force.
    pub from: Option<Day>,
    /// The code system of a plain list of codes; the file is one then.
    pub system: Option<String>,
    /// Take the file although it is not whole or differs from what is known of its release.
    pub as_it_is: bool,
}

/// A year, and the version it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    fiscal_year: i32,
    version: Option<String>,
}

/// 1 October that begins a fiscal year.
fn first_day(fiscal_year: i32) -> Option<Day> {
    Day::from_ymd(fiscal_year - 1, 10, 1)
}

/// The fiscal year of a day.
pub fn fiscal_year(day: Day) -> i32 {
    let (year, month, _) = day.ymd();
    if month >= 10 { year + 1 } else { year }
}

/// The first year or version in a text: `2026`, `FY26`, `Order26`, `v2025-1`, `CMS32`.
fn said(text: &str) -> Option<Said> {
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (before, number) = (&lower[..at], &lower[at..at + length]);
        let value: i32 = number.parse().unwrap_or(0);
        let after = &lower[at + length..];
        if length == 4 && (1998..=2098).contains(&value) {
            let part = after.strip_prefix(['.', '-']).unwrap_or("");
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let version = (before.ends_with('v') && !digits.is_empty()).then(|| format!("v{value}.{digits}"));
            return Some(Said { fiscal_year: value, version });
        }
        if length == 2 && (before.ends_with("fy") || before.ends_with("order")) {
            return Some(Said { fiscal_year: 2000 + value, version: None });
        }
        // Version 32 of ICD-9-CM is that of fiscal year 2015, and each year had one.
        if length == 2 && (before.ends_with("cms") || before.ends_with('v')) && (20..=33).contains(&value) {
            return Some(Said { fiscal_year: 1983 + value, version: Some(format!("v{value}")) });
        }
        at += length;
    }
    None
}

/// What a source says of its own release.
fn said_inside(source: &OpenedRelease) -> Option<Said> {
    match &source.content {
        // The end of a text is the trailer of an addendum, which names the file it comes from before the one it leads to.
        OfficialContent::Text(text) if super::addenda::action(text).is_some() => {
            let files = text.lines().filter(|line| line.contains("_order_") || line.contains("_codes_"));
            files.filter_map(said).max_by_key(|said| said.fiscal_year)
        }
        OfficialContent::Text(text) => {
            text.lines().next().filter(|line| line.contains("Order") || line.contains(" Refined ")).and_then(said)
        }
        OfficialContent::Sheets(sheets) => sheets.iter().flat_map(|sheet| &sheet.notes).find_map(|note| {
            let at = note.find("FY ").or_else(|| note.find(", v20"))?;
            said(&note[at..])
        }),
    }
}

/// What stated words say: a year, a year and month, or a version.
fn said_by(release: &str, kind: OfficialFileKind) -> Option<Said> {
    let number = release.trim_start_matches('v').parse::<i32>().ok();
    match (number, kind.facts().span) {
        (Some(version @ 20..=33), _) => said(&format!("v{version}")),
        _ => said(release),
    }
}

/// How the codes of a file stand to those in force on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    missing: usize,
    beside: usize,
}

fn difference(table: &CodeTable, codes: &FxHashSet<PackedCode>, on: Day) -> Difference {
    let in_force = |id| table.in_force(id, Some(on));
    let known = table.ids().filter(|id| in_force(*id)).count();
    let shared = codes.iter().filter(|code| table.find(code.text().as_bytes()).is_some_and(in_force)).count();
    Difference { missing: known - shared, beside: codes.len() - shared }
}

/// The days on which the codes of a system changed.
fn days_of_change(table: &CodeTable) -> Vec<Day> {
    let mut days: Vec<Day> = table.ids().flat_map(|id| table.periods(id).iter().map(|period| period.first)).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The last fiscal year that a shipped table knows: the one of its last change.
fn last_known(days: &[Day]) -> i32 {
    days.last().map_or(0, |day| fiscal_year(*day))
}

fn edition(said: &Said, from: Day) -> Edition {
    let year = said.fiscal_year;
    let (_, month, _) = from.ymd();
    let release = match &said.version {
        Some(version) => version.clone(),
        None if month == 10 => year.to_string(),
        None => format!("{year}-{month:02}"),
    };
    Edition { release, from: Some(from), until: last_day(from) }
}

/// The last day of the fiscal year of a day.
fn last_day(from: Day) -> Option<Day> {
    Day::from_ymd(fiscal_year(from), 9, 30)
}

/// Tells the release of a table and holds its codes to those of the shipped table.
///
/// # Errors
/// [`ReleaseRefusal::Undated`] where nothing says the release, [`ReleaseRefusal::Incomplete`] where codes are missing or it is another release than its name says.
pub fn tell(
    source: &OpenedRelease,
    read: &mut ReadRelease,
    stated: &Stated,
    sets: &CodeSets,
) -> Result<Edition, ReleaseRefusal> {
    let kind = read.table.kind;
    if !stated.as_it_is && !read.missing.is_empty() {
        return Err(ReleaseRefusal::Incomplete(kind, read.missing.join("; ")));
    }
    read.notes.append(&mut read.missing);
    let named = match &stated.release {
        Some(release) => said_by(release, kind),
        None => stated.from.map(|from| Said { fiscal_year: fiscal_year(from), version: None }),
    };
    let by_name = source.name.rsplit(['/', '!']).find_map(said);
    let known = named.or(by_name).or_else(|| said_inside(source));
    let mut edition = match kind.facts().span {
        EffectiveSpan::Undated(word) => Edition { release: word.to_owned(), from: None, until: None },
        EffectiveSpan::FiscalYear => {
            let said = known.ok_or_else(|| undated(kind))?;
            let from = stated.from.or_else(|| first_day(said.fiscal_year)).ok_or_else(|| undated(kind))?;
            edition(&said, from)
        }
        EffectiveSpan::AtLeast(system) => {
            let said = known.ok_or_else(|| undated(kind))?;
            let from = stated.from.or_else(|| first_day(said.fiscal_year)).ok_or_else(|| undated(kind))?;
            let table = sets.table(system);
            if said.fiscal_year <= last_known(&days_of_change(table)) {
                let found = difference(table, &codes_of(read), from);
                let why = format!("{} codes in force on {from} are missing: it is cut short", found.missing);
                accept(kind, found.missing == 0, why, stated, read)?;
            }
            edition(&said, from)
        }
        EffectiveSpan::CodesOf(system) => {
            let known = known.or_else(|| said_by_targets(read, sets));
            by_codes(kind, sets.table(system), known, stated, read)?
        }
    };
    if let Some(release) = &stated.release {
        edition.release.clone_from(release);
    }
    if let Some(from) = stated.from {
        edition.from = Some(from);
        edition.until = last_day(from);
    }
    Ok(edition)
}

/// The year of a map from ICD-9-CM, whose own codes stand still: the first whose codes all its targets are.
fn said_by_targets(read: &mut ReadRelease, sets: &CodeSets) -> Option<Said> {
    let system = match read.table.kind {
        OfficialFileKind::GemIcd9Cm => CodeSystem::Icd10Cm,
        OfficialFileKind::GemIcd9Procedure => CodeSystem::Icd10Pcs,
        _ => return None,
    };
    let table = sets.table(system);
    let targets: Vec<CodeId> = read.table.rows.iter().filter_map(|row| table.find(row[1].as_bytes())).collect();
    let all = |day: &&Day| targets.iter().all(|id| table.in_force(*id, Some(**day)));
    let day = days_of_change(table).iter().find(all).copied()?;
    read.notes.push(format!("release told by its targets, all in force on {day}"));
    Some(Said { fiscal_year: fiscal_year(day), version: None })
}

fn undated(kind: OfficialFileKind) -> ReleaseRefusal {
    ReleaseRefusal::Undated(
        kind,
        "neither its name nor its content says of which release it is; state it with --release 2026".to_owned(),
    )
}

fn codes_of(read: &ReadRelease) -> FxHashSet<PackedCode> {
    read.table.codes().filter_map(|(code, _)| PackedCode::new(code.as_bytes())).collect()
}

/// Refuses, or notes where the file is to be taken as it is.
fn accept(
    kind: OfficialFileKind,
    well: bool,
    why: String,
    stated: &Stated,
    read: &mut ReadRelease,
) -> Result<(), ReleaseRefusal> {
    if well {
        return Ok(());
    }
    if !stated.as_it_is {
        return Err(ReleaseRefusal::Incomplete(kind, why));
    }
    read.notes.push(why);
    Ok(())
}

/// The release whose codes a table has.
fn by_codes(
    kind: OfficialFileKind,
    table: &CodeTable,
    known: Option<Said>,
    stated: &Stated,
    read: &mut ReadRelease,
) -> Result<Edition, ReleaseRefusal> {
    let codes = codes_of(read);
    let days = days_of_change(table);
    let mut of_year: Vec<Day> = Vec::new();
    if let Some(said) = &known {
        of_year.extend(stated.from.or_else(|| first_day(said.fiscal_year)));
        if stated.from.is_none() {
            of_year.extend(days.iter().filter(|day| fiscal_year(**day) == said.fiscal_year));
        }
        let stated_newer = stated.from.is_some_and(|from| days.last().is_some_and(|last| from > *last));
        let newer = (said.fiscal_year > last_known(&days) || stated_newer) && !is_icd9(kind);
        if let (true, Some(from)) = (newer, of_year.first()) {
            read.notes.push("newer than the shipped table, so not held to it".to_owned());
            return Ok(edition(said, *from));
        }
    }
    if let (Some(said), Some(first)) = (&known, days.first())
        && stated.from.is_none()
        && said.fiscal_year < fiscal_year(*first)
        && !is_icd9(kind)
    {
        return of_a_draft(kind, table, (said, *first), &codes, stated, read);
    }
    // ICD-9-CM stood still from its last day on, and its maps went on.
    let on = |day: Day| if is_icd9(kind) { day.min(ICD9_LAST) } else { day };
    let same = |day: &&Day| difference(table, &codes, on(**day)) == Difference { missing: 0, beside: 0 };
    // The day of a table that stood unchanged over years is that of its last year, ICD-9-CM in version 32.
    let elsewhere = || days.iter().rev().find(same).copied();
    if let Some((said, day)) = known.as_ref().zip(of_year.iter().find(same)) {
        return Ok(edition(said, *day));
    }
    match (known, elsewhere()) {
        (None, None) => Err(undated(kind)),
        (None, Some(day)) => {
            let said = Said { fiscal_year: fiscal_year(day), version: None };
            read.notes.push(format!("release told by its codes, those in force on {day}"));
            Ok(edition(&said, day))
        }
        (Some(said), other) => {
            let year = said.fiscal_year;
            let nearest = of_year.iter().map(|day| (difference(table, &codes, on(*day)), *day)).min();
            let (found, day) = nearest.ok_or_else(|| undated(kind))?;
            let why = match other {
                Some(other) => format!(
                    "said to be of fiscal year {year}, but its codes are those of fiscal year {}",
                    fiscal_year(other)
                ),
                None => format!(
                    "{} codes in force on {day} are missing and {} are beside them: it is cut short or changed",
                    found.missing, found.beside
                ),
            };
            accept(kind, false, why, stated, read)?;
            Ok(edition(&said, day))
        }
    }
}

/// A map that was published before its system came into force, for a draft of it: the codes changed little until the first day. It is whole where it has the
/// codes of that day, or nearly all of them and, of diagnoses, the last.
fn of_a_draft(
    kind: OfficialFileKind,
    table: &CodeTable,
    (said, first): (&Said, Day),
    codes: &FxHashSet<PackedCode>,
    stated: &Stated,
    read: &mut ReadRelease,
) -> Result<Edition, ReleaseRefusal> {
    let found = difference(table, codes, first);
    if found != (Difference { missing: 0, beside: 0 }) {
        let in_force = || table.ids().filter(|id| table.in_force(*id, Some(first)));
        let last = in_force().map(|id| *table.code(id)).max();
        let reaches = kind != OfficialFileKind::GemIcd10Cm || last.is_some_and(|last| codes.contains(&last));
        let why = format!(
            "of a draft of fiscal year {}: {} codes in force on {first} are not in it and {} are beside them",
            said.fiscal_year, found.missing, found.beside
        );
        let whole = reaches && found.missing * 100 <= in_force().count() * MOST_CHANGED_PERCENT;
        accept(kind, whole, format!("{why}: it is cut short or changed"), stated, read)?;
        read.notes.push(why);
    }
    let from = first_day(said.fiscal_year).ok_or_else(|| undated(kind))?;
    Ok(edition(said, from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_versions_are_found_in_names() {
        for (name, year, version) in [
            ("icd10cm_order_2025.txt.gz", 2025, None),
            ("cms_2026_dx.zip", 2026, None),
            ("POAexemptCodesFY26.txt.gz", 2026, None),
            ("ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", 2026, None),
            ("CCIR_v2025-1.csv.gz", 2025, Some("v2025.1")),
            ("CMS32_DESC_LONG_DX.txt.gz", 2015, Some("v32")),
            ("2018_I9gem.txt.gz", 2018, None),
            ("Order26\tPOAexemptCode", 2026, None),
        ] {
            let expected = Said { fiscal_year: year, version: version.map(str::to_owned) };
            assert_eq!(said(name), Some(expected), "{name}");
        }
        assert_eq!(said("gem_i9pcs.txt.gz"), None);
        assert_eq!(said("icd10pcs.txt"), None);
    }
}
