//! The code sets of a run: the tables that ship, loaded when first asked for.

use std::{collections::BTreeMap, sync::OnceLock};

use crate::{
    codeset::{
        gem::{Cluster, CodeChange, CodeMapping, Gem, later_targets},
        icd10_who,
        normalise::{ICD9_LAST, normalise},
        other_systems::CodeLists,
        release::{
            exempt::is_shipped,
            extend::{Later, extend, last_change},
            kind::OfficialFileKind,
        },
        table::{CodeTable, Grouping},
        tabular::Conventions,
    },
    partition::encounter::PackedCode,
    record::{
        code::{CodeSystem, CodeVerdict, Judgement},
        date::Day,
    },
};

macro_rules! shipped {
    ($name:literal) => {
        include_bytes!(concat!("tables/", $name, ".tsv.zst"))
    };
}

/// The shipped tables.
pub(super) const SHIPPED: [(&str, &[u8]); 11] = [
    ("icd10cm", shipped!("icd10cm")),
    ("icd10cm_chapters", shipped!("icd10cm_chapters")),
    ("icd10cm_blocks", shipped!("icd10cm_blocks")),
    ("icd10pcs", shipped!("icd10pcs")),
    ("icd9cm", shipped!("icd9cm")),
    ("icd9pcs", shipped!("icd9pcs")),
    ("gem_icd9cm_icd10cm", shipped!("gem_icd9cm_icd10cm")),
    ("gem_icd10cm_icd9cm", shipped!("gem_icd10cm_icd9cm")),
    ("icd10cm_conventions", shipped!("icd10cm_conventions")),
    ("icd10cm_chronic", shipped!("icd10cm_chronic")),
    ("icd10cm_ccsr", shipped!("icd10cm_ccsr")),
];

/// First day on which ICD-10-CM and ICD-10-PCS are reported (45 CFR 162.1002(c)).
pub const ICD10_FROM: &str = "2015-10-01";

/// The newest release that the shipped tables of ICD-10-CM and ICD-10-PCS know: 2026-10-01, fiscal year 2027.
pub const SHIPPED_NEWEST: Day = Day(20_727);

/// Direction of a general equivalence map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GemDirection {
    /// ICD-9-CM to ICD-10-CM.
    Forward,
    /// ICD-10-CM to ICD-9-CM.
    Backward,
    /// ICD-9-CM procedures to ICD-10-PCS; imported, none ships.
    ProceduresForward,
    /// ICD-10-PCS to ICD-9-CM procedures; imported, none ships.
    ProceduresBackward,
}

impl GemDirection {
    /// Every direction.
    pub const ALL: [GemDirection; 4] = [
        GemDirection::Forward,
        GemDirection::Backward,
        GemDirection::ProceduresForward,
        GemDirection::ProceduresBackward,
    ];

    /// The direction between two systems.
    pub fn between(from: CodeSystem, to: CodeSystem) -> Option<GemDirection> {
        match (from, to) {
            (CodeSystem::Icd9Cm, CodeSystem::Icd10Cm) => Some(GemDirection::Forward),
            (CodeSystem::Icd10Cm, CodeSystem::Icd9Cm) => Some(GemDirection::Backward),
            (CodeSystem::Icd9Procedure, CodeSystem::Icd10Pcs) => Some(GemDirection::ProceduresForward),
            (CodeSystem::Icd10Pcs, CodeSystem::Icd9Procedure) => Some(GemDirection::ProceduresBackward),
            _ => None,
        }
    }

    /// The system mapped from.
    pub fn from(self) -> CodeSystem {
        self.reverse().to()
    }

    /// The system mapped to.
    pub fn to(self) -> CodeSystem {
        match self {
            GemDirection::Forward => CodeSystem::Icd10Cm,
            GemDirection::Backward => CodeSystem::Icd9Cm,
            GemDirection::ProceduresForward => CodeSystem::Icd10Pcs,
            GemDirection::ProceduresBackward => CodeSystem::Icd9Procedure,
        }
    }

    /// The kind of release that the map is imported as.
    pub fn kind(self) -> OfficialFileKind {
        match self {
            GemDirection::Forward => OfficialFileKind::GemIcd9Cm,
            GemDirection::Backward => OfficialFileKind::GemIcd10Cm,
            GemDirection::ProceduresForward => OfficialFileKind::GemIcd9Procedure,
            GemDirection::ProceduresBackward => OfficialFileKind::GemIcd10Pcs,
        }
    }

    /// The shipped table of the map; none of procedures.
    pub fn shipped(self) -> Option<&'static str> {
        match self {
            GemDirection::Forward => Some("gem_icd9cm_icd10cm"),
            GemDirection::Backward => Some("gem_icd10cm_icd9cm"),
            GemDirection::ProceduresForward | GemDirection::ProceduresBackward => None,
        }
    }

    /// The way back.
    #[must_use]
    pub fn reverse(self) -> GemDirection {
        match self {
            GemDirection::Forward => GemDirection::Backward,
            GemDirection::Backward => GemDirection::Forward,
            GemDirection::ProceduresForward => GemDirection::ProceduresBackward,
            GemDirection::ProceduresBackward => GemDirection::ProceduresForward,
        }
    }
}

/// All code sets.
#[derive(Debug, Default)]
pub struct CodeSets {
    tables: [OnceLock<CodeTable>; CodeSystem::ALL.len()],
    gems: [OnceLock<Gem>; 4],
    later: Vec<Later>,
    /// Imported lists of codes of systems that are no ICD of ours.
    pub lists: CodeLists,
}

/// The text of a shipped table.
pub(crate) fn unpacked(bytes: &[u8]) -> String {
    let text = zstd::decode_all(bytes).expect("a shipped table unpacks: a test reads each");
    String::from_utf8(text).expect("a shipped table is UTF-8: a test reads each")
}

impl CodeSets {
    /// The shipped tables, continued by releases that are newer, the oldest first. A release of days that the shipped tables know is left aside.
    pub fn continued(mut later: Vec<Later>) -> CodeSets {
        later.sort_by_key(|release| release.from);
        CodeSets { later, ..CodeSets::default() }
    }

    /// The text of a shipped table, continued.
    fn text(&self, system: CodeSystem, shipped: &[u8]) -> String {
        let mut text = unpacked(shipped);
        for release in self.later.iter().filter(|release| release.system == system) {
            let from = release.from.to_string().replace('-', "");
            if last_change(&text).is_none_or(|last| last < from.as_str()) {
                text = extend(&text, release);
            }
        }
        text
    }

    /// The table of a system.
    pub fn table(&self, system: CodeSystem) -> &CodeTable {
        let place = system as usize;
        self.tables[place].get_or_init(|| match system {
            CodeSystem::Icd10Cm => {
                let mut table = self.shipped_table(system, "");
                table.note(|code| Conventions::shipped().number_of(code), is_shipped);
                table
            }
            _ => self.shipped_table(system, ""),
        })
    }

    /// The table of a system as far as it concerns one code: the codes that begin with the same two characters, without what the notes say of them. Of the
    /// code and of what is under it, it answers as [`CodeSets::table`] does, and it is read in a fraction of the time.
    pub fn table_about(&self, system: CodeSystem, code: &str) -> CodeTable {
        self.shipped_table(system, code.get(..2).unwrap_or(code))
    }

    /// The codes of the shipped table of a system, continued, that begin with a text.
    fn shipped_table(&self, system: CodeSystem, beginning: &str) -> CodeTable {
        let (text, grouping) = match system {
            CodeSystem::Icd10Cm => {
                let (chapters, blocks) = (shipped!("icd10cm_chapters"), shipped!("icd10cm_blocks"));
                (self.text(system, shipped!("icd10cm")), Grouping::from_tables(&unpacked(chapters), &unpacked(blocks)))
            }
            CodeSystem::Icd10Pcs => (self.text(system, shipped!("icd10pcs")), Grouping::sections()),
            CodeSystem::Icd9Cm => (unpacked(shipped!("icd9cm")), Grouping::icd9_diagnoses()),
            CodeSystem::Icd9Procedure => (unpacked(shipped!("icd9pcs")), Grouping::icd9_procedures()),
            CodeSystem::Icd10 => (icd10_who::table_text(), icd10_who::grouping()),
        };
        let mut table = CodeTable::read(system, lines_beginning(&text, beginning), grouping);
        table.categories_alone = system == CodeSystem::Icd10;
        table
    }

    /// Takes an imported list of codes of ICD-10 (WHO): code, title, first and last day. A code under which others of the list stand is a category.
    #[must_use]
    pub fn with_icd10_list(mut self, rows: &[Vec<String>]) -> CodeSets {
        let mut codes: BTreeMap<String, (String, String)> = BTreeMap::new();
        for row in rows {
            let compact = |at: usize| row.get(at).map(|day| day.replace('-', "")).unwrap_or_default();
            let (first, last) = (compact(2), compact(3));
            let first = if first.is_empty() { "00010101" } else { &first };
            let period = if last.is_empty() { first.to_owned() } else { format!("{first}-{last}") };
            let (periods, title) = codes.entry(normalise(row[0].as_bytes()).code.text().to_owned()).or_default();
            if !periods.is_empty() {
                periods.push(' ');
            }
            periods.push_str(&period);
            *title = row.get(1).map(|title| title.replace(['\t', '\n'], " ")).unwrap_or_default();
        }
        let mut text = String::new();
        let mut following = codes.keys().skip(1);
        for (code, (periods, title)) in &codes {
            let is_category = following.next().is_some_and(|next| next.starts_with(code.as_str()));
            let periods = if is_category { "" } else { periods };
            text.push_str(&format!("{code}\t{periods}\t{title}\n"));
        }
        let table = CodeTable::read(CodeSystem::Icd10, &text, icd10_who::grouping());
        self.tables[CodeSystem::Icd10 as usize] = OnceLock::from(table);
        self
    }

    /// Takes an imported map in the place of the one that ships, where one does.
    #[must_use]
    pub fn with_map(mut self, direction: GemDirection, gem: Gem) -> CodeSets {
        self.gems[direction as usize] = OnceLock::from(gem);
        self
    }

    /// The general equivalence map in a direction: the imported one, else the one that ships, and of procedures an empty one.
    pub fn gem(&self, direction: GemDirection) -> &Gem {
        self.gems[direction as usize].get_or_init(|| match direction.shipped() {
            Some(name) => Gem::read_shipped(&CodeSets::shipped_text(name)),
            None => Gem::default(),
        })
    }

    /// The text of a shipped table by its name; empty where there is none.
    pub fn shipped_text(name: &str) -> String {
        SHIPPED.iter().find(|(known, _)| *known == name).map_or_else(String::new, |(_, bytes)| unpacked(bytes))
    }

    /// What the general equivalence map says of a normalised code, with targets that are valid on a day; on no day, as the map has them.
    ///
    /// On a day after the map's edition a target that was divided since stands for the codes it was divided into, and one that ended is dropped; on an
    /// earlier day that of the edition counts. ICD-9-CM targets are taken on its last day. A source that came after the map is read as the code it was divided
    /// from, one that ended before it as the codes it was divided into: candidates for a coder, never one to be taken unseen.
    ///
    /// The edition that ships, fiscal year 2013, was followed by others until 2018: its one target is taken only where none of them has another, and it has not been divided or ended
    /// since, because a later edition then has another.
    pub fn map(&self, direction: GemDirection, source: PackedCode, on: Option<Day>) -> CodeMapping {
        let gem = self.gem(direction);
        let mapping = match gem.map(source) {
            CodeMapping::NotInMap if direction == GemDirection::Backward => self.map_as_divided(source),
            mapping => mapping,
        };
        let table = self.table(direction.to());
        let to_icd10 = matches!(direction, GemDirection::Forward | GemDirection::ProceduresForward);
        let asked = on.map(|on| if to_icd10 { on.max(gem.edition) } else { ICD9_LAST });
        let mapping = match asked {
            Some(asked) => mapping.with_successors(|target| standing_for(table, target, asked)),
            None => mapping,
        };
        let CodeMapping::One { target, .. } = mapping else { return mapping };
        if !gem.shipped {
            return mapping;
        }
        let cluster = |target| Cluster { scenario: 0, choices: vec![vec![target]], approximate: true };
        let successors = if to_icd10 { standing_for(table, target, LAST_KNOWN_DAY) } else { vec![target] };
        if successors != [target] {
            let how = if successors.is_empty() { CodeChange::TargetEnded } else { CodeChange::TargetDivided };
            // Of a day on which ICD-10 was reported the targets are those of the day.
            let of_the_day = successors.is_empty() || on.is_some_and(|on| on >= gem.edition);
            let offered = if of_the_day { vec![target] } else { successors };
            return CodeMapping::Changed(offered.into_iter().map(cluster).collect(), how);
        }
        match later_targets(direction.from(), source) {
            Some(later) => {
                // Those that are codes of the day, where a day is asked for.
                let stands = |code: &PackedCode| {
                    let id = table.find(code.text().as_bytes());
                    id.is_some_and(|id| asked.is_none_or(|asked| table.in_force(id, Some(asked))))
                };
                let offered = std::iter::once(target).chain(later.iter().copied().filter(stands));
                CodeMapping::Changed(offered.map(cluster).collect(), CodeChange::LaterEdition)
            }
            None => mapping,
        }
    }

    /// The mapping of the nearest code above a code of ICD-10-CM that the map does not have, else of the codes beneath it.
    fn map_as_divided(&self, source: PackedCode) -> CodeMapping {
        let text = source.text();
        let table = self.table(CodeSystem::Icd10Cm);
        if !table.find(text.as_bytes()).is_some_and(|id| table.was_ever_valid(id)) {
            return CodeMapping::NotInMap;
        }
        let gem = self.gem(GemDirection::Backward);
        let approximate = |mapping: &CodeMapping| {
            mapping.clusters().into_iter().map(|cluster| Cluster { approximate: true, ..cluster }).collect::<Vec<_>>()
        };
        let above = (3..text.len())
            .rev()
            .filter_map(|length| PackedCode::new(&text.as_bytes()[..length]))
            .map(|above| gem.map(above))
            .find(|mapping| *mapping != CodeMapping::NotInMap);
        match above {
            Some(mapping @ (CodeMapping::One { .. } | CodeMapping::Several(_))) => {
                CodeMapping::Changed(approximate(&mapping), CodeChange::SourceNew)
            }
            Some(mapping) => mapping,
            None => {
                let mut clusters: Vec<Cluster> = Vec::new();
                for cluster in gem.sources_under(text).into_iter().flat_map(|below| approximate(&gem.map(below))) {
                    if !clusters.contains(&cluster) {
                        clusters.push(cluster);
                    }
                }
                if clusters.is_empty() {
                    CodeMapping::NotInMap
                } else {
                    CodeMapping::Changed(clusters, CodeChange::SourceEnded)
                }
            }
        }
    }

    /// [`CodeSets::judge`] of a packed code: most are valid codes with one time in force, and one look-up tells that.
    #[inline]
    pub fn judge_packed(&self, system: CodeSystem, code: PackedCode, on: Option<Day>) -> Judgement {
        let valid = on.and_then(|on| self.table(system).valid_on(code, on));
        valid.unwrap_or_else(|| self.judge(system, code.text().as_bytes(), on))
    }

    /// Judges a normalised code on a day, or on any day. A code that its own system does not know but the other revision does is of the wrong revision,
    /// as is a code whose whole system was not in force on the day.
    pub fn judge(&self, system: CodeSystem, code: &[u8], on: Option<Day>) -> Judgement {
        self.judge_by(self.table(system), code, on)
    }

    /// [`CodeSets::judge`] by a table of the code's system, which may be [`CodeSets::table_about`] it.
    pub fn judge_by(&self, table: &CodeTable, code: &[u8], on: Option<Day>) -> Judgement {
        let system = table.system;
        let judgement = table.judge(code, on);
        let Some(other) = other_revision(system) else { return judgement };
        match judgement.verdict {
            CodeVerdict::Unknown | CodeVerdict::Malformed => {
                let other = self.table(other);
                if other.find(code).is_some_and(|id| other.was_ever_valid(id)) {
                    return Judgement { verdict: CodeVerdict::WrongRevision, ..judgement };
                }
                judgement
            }
            CodeVerdict::Expired | CodeVerdict::NotYetValid | CodeVerdict::Header => {
                let other = self.table(other);
                let foreign = on.is_some_and(|on| system_on(system.is_of_procedures(), on) != system);
                if foreign
                    || other.find(code).is_some_and(|id| other.in_force(id, on))
                        && judgement.verdict != CodeVerdict::Header
                {
                    return Judgement { verdict: CodeVerdict::WrongRevision, ..judgement };
                }
                judgement
            }
            CodeVerdict::Valid | CodeVerdict::WrongRevision | CodeVerdict::SeveralReadings => judgement,
        }
    }

    /// First and last day of a shipped table, `YYYY-MM-DD`; blank where it has none.
    pub fn days_of(name: &str) -> (&'static str, &'static str) {
        match name {
            "icd10cm" | "icd10pcs" => (ICD10_FROM, "2027-09-30"),
            "icd9cm" | "icd9pcs" => ("", "2015-09-30"),
            _ => ("", ""),
        }
    }

    /// Rows of a shipped table.
    pub fn rows_of(name: &str) -> usize {
        SHIPPED.iter().find(|(known, _)| *known == name).map_or(0, |(_, bytes)| unpacked(bytes).lines().count())
    }
}

/// The lines of a table in the order of codes that begin with a text.
pub(crate) fn lines_beginning<'t>(text: &'t str, beginning: &str) -> &'t str {
    let line = format!("\n{beginning}");
    let start = if text.starts_with(beginning) { Some(0) } else { text.find(&line).map(|at| at + 1) };
    let Some(start) = start else { return "" };
    let rest = &text[start..];
    let last = rest.rfind(&line).map_or(0, |at| at + 1);
    let end = rest[last..].find('\n').map_or(rest.len(), |length| last + length);
    &rest[..end]
}

/// What stands for a target on a day: itself, the codes it was divided into, or nothing.
fn standing_for(table: &CodeTable, target: PackedCode, on: Day) -> Vec<PackedCode> {
    let text = target.text();
    if table.find(text.as_bytes()).is_some_and(|id| table.in_force(id, Some(on))) {
        return vec![target];
    }
    let under = |beginning: &str| -> Vec<PackedCode> {
        table.under(beginning.as_bytes(), Some(on)).map(|id| *table.code(id)).collect()
    };
    let divided = under(text);
    match text.split_at_checked(6) {
        // S02.65XA was divided where its placeholder stood: S02.650A, S02.651A, S02.652A.
        Some((head, seventh)) if divided.is_empty() && table.system == CodeSystem::Icd10Cm && head.ends_with('X') => {
            let mut divided = under(head.trim_end_matches('X'));
            divided.retain(|code| code.text().len() == 7 && code.text().ends_with(seventh));
            divided
        }
        _ => divided,
    }
}

/// The last day that the shipped tables know: the end of fiscal year 2027, as a number of days since 1970-01-01.
pub const LAST_KNOWN_DAY: Day = Day(21_091);

/// The system of the same kind in the other revision reported in the United States; ICD-10 of the WHO has none.
pub fn other_revision(system: CodeSystem) -> Option<CodeSystem> {
    match system {
        CodeSystem::Icd10Cm => Some(CodeSystem::Icd9Cm),
        CodeSystem::Icd9Cm => Some(CodeSystem::Icd10Cm),
        CodeSystem::Icd10Pcs => Some(CodeSystem::Icd9Procedure),
        CodeSystem::Icd9Procedure => Some(CodeSystem::Icd10Pcs),
        CodeSystem::Icd10 => None,
    }
}

/// The system that was reported for discharges on a day.
pub fn system_on(procedure: bool, on: Day) -> CodeSystem {
    // 2015-10-01 as a day number; the test below holds it to the date.
    let icd10 = on.0 >= 16_709;
    match (procedure, icd10) {
        (false, true) => CodeSystem::Icd10Cm,
        (false, false) => CodeSystem::Icd9Cm,
        (true, true) => CodeSystem::Icd10Pcs,
        (true, false) => CodeSystem::Icd9Procedure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_about_a_code_answers_as_the_whole_one_does() {
        let sets = CodeSets::default();
        for (system, codes) in [
            (
                CodeSystem::Icd10Cm,
                ["E119", "E11", "E1", "A000", "Z9989", "U071", "QA1", "E1199", "C4A0", "ZZZ"].as_slice(),
            ),
            (CodeSystem::Icd10Pcs, &["0SRC0J9", "5A1955Z", "001", "XY0YX83", "0000000"]),
            (CodeSystem::Icd9Cm, &["25000", "250", "E8490", "V70", "00", "001", "999"]),
            (CodeSystem::Icd9Procedure, &["9672", "00", "0331", "9999"]),
            (CodeSystem::Icd10, &["A170", "Z99", "B9"]),
        ] {
            let whole = sets.table(system);
            for code in codes {
                let about = sets.table_about(system, code);
                assert!(
                    about.len() < whole.len() && (!about.is_empty() || whole.find(code.as_bytes()).is_none()),
                    "{code}"
                );
                let text = code.as_bytes();
                for on in [None, Day::from_iso("2014-06-30"), Day::from_iso("2015-10-01"), Day::from_iso("2026-11-01")]
                {
                    let verdict = |table| sets.judge_by(table, text, on).verdict;
                    assert_eq!(verdict(&about), verdict(whole), "{code} on {on:?}");
                    assert_eq!(about.codes_under(text, on), whole.codes_under(text, on), "{code} on {on:?}");
                }
                let said = |table: &CodeTable| {
                    let id = table.find(text);
                    let periods = id.map(|id| {
                        table.periods(id).iter().map(|period| (period.first, period.last)).collect::<Vec<_>>()
                    });
                    let block = PackedCode::new(text)
                        .and_then(|code| table.block_of_code(code))
                        .map(|(at, block)| (at, block.name.clone()));
                    (id.map(|id| table.title(id).to_owned()), periods, block, table.header_days(text))
                };
                assert_eq!(said(&about), said(whole), "{code}");
            }
        }
    }

    #[test]
    fn an_imported_list_of_icd_10_says_which_codes_there_are() {
        let rows =
            [["A00", "Cholera", "", ""], ["A00.0", "By 01", "", ""], ["A001", "El tor", "2000-01-01", "2010-12-31"]];
        let sets = CodeSets::default().with_icd10_list(&rows.map(|row| row.map(str::to_owned).to_vec()));
        for (code, on, verdict) in [
            ("A00", "2005-01-01", CodeVerdict::Header),
            ("A000", "2005-01-01", CodeVerdict::Valid),
            ("A001", "2005-01-01", CodeVerdict::Valid),
            ("A001", "2011-01-01", CodeVerdict::Expired),
            ("A009", "2005-01-01", CodeVerdict::Unknown),
        ] {
            assert_eq!(sets.judge(CodeSystem::Icd10, code.as_bytes(), day(on)).verdict, verdict, "{code} on {on}");
        }
        // Without a list by form and category: E11.9 and B24 are codes, of the WHO and not of the United States; E89.X and A9999 are none.
        let sets = CodeSets::default();
        for (code, verdict) in [
            ("E119", CodeVerdict::Valid),
            ("B24", CodeVerdict::Valid),
            ("I849", CodeVerdict::Valid),
            ("E9990", CodeVerdict::Unknown),
            ("E89X", CodeVerdict::Malformed),
        ] {
            assert_eq!(sets.judge(CodeSystem::Icd10, code.as_bytes(), None).verdict, verdict, "{code}");
        }
    }

    fn day(text: &str) -> Option<Day> {
        Some(Day::from_iso(text).expect("day"))
    }

    #[test]
    fn the_tables_end_with_fiscal_year_2027() {
        assert_eq!(Some(LAST_KNOWN_DAY), day("2027-09-30"));
    }

    #[test]
    fn the_revision_changes_on_the_first_of_october_2015() {
        assert_eq!(Day::from_iso(ICD10_FROM), Some(Day(16_709)));
        assert_eq!(Day::from_iso("2026-10-01"), Some(SHIPPED_NEWEST));
        let newest = last_change(&unpacked(shipped!("icd10cm"))).map(str::to_owned);
        assert_eq!(newest, Some("20261001".to_owned()));
        assert_eq!(system_on(false, Day(16_708)), CodeSystem::Icd9Cm);
        assert_eq!(system_on(true, Day(16_709)), CodeSystem::Icd10Pcs);
    }

    #[test]
    fn each_verdict_has_its_code() {
        let sets = CodeSets::default();
        for (system, code, on, verdict) in [
            (CodeSystem::Icd10Cm, "E119", "2026-10-01", CodeVerdict::Valid),
            (CodeSystem::Icd10Cm, "E11", "2026-10-01", CodeVerdict::Header),
            (CodeSystem::Icd10Cm, "N183", "2020-09-30", CodeVerdict::Valid),
            (CodeSystem::Icd10Cm, "N183", "2020-10-01", CodeVerdict::Header),
            (CodeSystem::Icd10Cm, "N1830", "2020-09-30", CodeVerdict::NotYetValid),
            (CodeSystem::Icd10Cm, "U071", "2020-03-31", CodeVerdict::NotYetValid),
            (CodeSystem::Icd10Cm, "25000", "2026-10-01", CodeVerdict::WrongRevision),
            (CodeSystem::Icd9Cm, "25000", "2015-09-30", CodeVerdict::Valid),
            (CodeSystem::Icd9Cm, "25000", "2015-10-01", CodeVerdict::WrongRevision),
            (CodeSystem::Icd9Cm, "250", "2015-09-30", CodeVerdict::Header),
            (CodeSystem::Icd10Cm, "Z9999", "2026-10-01", CodeVerdict::Unknown),
            (CodeSystem::Icd10Cm, "UNKNOWN", "2026-10-01", CodeVerdict::Malformed),
            (CodeSystem::Icd10Pcs, "0016070", "2026-10-01", CodeVerdict::Valid),
            (CodeSystem::Icd10Pcs, "001607", "2026-10-01", CodeVerdict::Malformed),
            (CodeSystem::Icd10Pcs, "0I16070", "2026-10-01", CodeVerdict::Malformed),
        ] {
            assert_eq!(sets.judge(system, code.as_bytes(), day(on)).verdict, verdict, "{code} on {on}");
        }
    }
}
