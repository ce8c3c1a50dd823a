//! A site's own map of codes, made by its coders: `from_system,from_code,to_system,to_code,note`; the coders' worklist, filled in, is one.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use crate::{
    codeset::{
        normalise::{is_well_formed, normalise},
        readings::{KnownOfColumn, Readings, readings},
        sets::CodeSets,
    },
    partition::encounter::PackedCode,
    record::{
        code::{CodeSystem, CodeVerdict},
        line_fault::LineFault,
        line_of_text::LineCounter,
        shown::read_cell,
    },
};

/// What stands in `to_code` where a code deliberately has no target.
pub const NO_TARGET: &str = "none";
/// What the official maps write for it, which coders do as well.
const NO_TARGET_OF_MAPS: [&str; 2] = ["NoDx", "NoPCS"];

/// What coders decided of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It deliberately has no target.
    NoTarget,
    /// One code, or several that only together say what the source says; all are assigned.
    Codes {
        /// System of the codes.
        system: CodeSystem,
        /// The codes, in the order they were written.
        codes: Vec<PackedCode>,
        /// The codes as text, joined by `+`.
        text: String,
    },
}

/// A site map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteMap {
    rows: BTreeMap<(String, String), Decision>,
    /// Those that were written with their dot, so that they speak of that code alone and of no text that lost zeros.
    with_dot: BTreeSet<(String, String)>,
    /// Rows whose target is blank: not yet decided.
    pub undecided: usize,
}

/// One row: its line and its cells.
pub type MapRow = (u64, Vec<String>);

/// What target codes are held to.
#[derive(Debug, Clone, Copy)]
pub struct KnownCodes<'s> {
    /// The code sets.
    pub sets: &'s CodeSets,
    /// Whether releases were imported that may have codes beyond the sets: then a code that is not known is taken by its form.
    pub with_imported: bool,
}

impl SiteMap {
    /// Reads a site map of comma-separated values; a spreadsheet may also have saved it with semicolons or tabs.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn read(text: &str, known: KnownCodes<'_>) -> Result<SiteMap, Vec<LineFault>> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or("");
        let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
        let delimiter = [b';', b'\t'].into_iter().find(|other| count(*other) > count(b',')).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let mut faults = Vec::new();
        let mut lines = LineCounter::new(text.as_bytes());
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = lines.line(record.position().map_or(0, csv::Position::byte));
                    rows.push((line, record.iter().map(str::to_owned).collect()));
                }
                Err(fault) => faults.push(LineFault {
                    line: lines.line(fault.position().map_or(0, csv::Position::byte)),
                    message: "a row cannot be read as comma-separated values".to_owned(),
                }),
            }
        }
        match SiteMap::from_rows(rows, "line", known) {
            Ok(map) if faults.is_empty() => Ok(map),
            Ok(_) => Err(faults),
            Err(others) => {
                faults.extend(others);
                faults.sort_by_key(|fault| fault.line);
                Err(faults)
            }
        }
    }

    /// Makes a site map of rows, the heading first; `place` is the word for where a row stands, `line` or `row`. Rows with a blank target are counted as undecided.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn from_rows(
        rows: impl IntoIterator<Item = MapRow>,
        place: &str,
        known: KnownCodes<'_>,
    ) -> Result<SiteMap, Vec<LineFault>> {
        let mut rows = rows.into_iter();
        let head = rows.next().unwrap_or_default();
        let names: Vec<String> = head.1.iter().map(|name| name.trim().to_lowercase()).collect();
        let column = |name: &str| names.iter().position(|column| column == name);
        let (Some(from_system), Some(from_code), Some(to_system), Some(to_code)) =
            (column("from_system"), column("from_code"), column("to_system"), column("to_code"))
        else {
            let message = "the heading must have the columns from_system, from_code, to_system and to_code".to_owned();
            return Err(vec![LineFault::new(head.0.max(1), message)]);
        };
        let mut map = SiteMap::default();
        let mut lines: BTreeMap<(String, String), u64> = BTreeMap::new();
        let mut faults = Vec::new();
        for (line, cells) in rows {
            let cells: Vec<_> = cells.iter().map(|cell| read_cell(cell)).collect();
            let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
            if cell(to_code).is_empty() {
                map.undecided += usize::from(cells.iter().any(|cell| !cell.trim().is_empty()));
                continue;
            }
            if cell(from_code).is_empty() {
                faults.push(LineFault::new(line, "from_code is blank"));
                continue;
            }
            let decision = match decide(cell(to_system), cell(to_code), known) {
                Ok(decision) => decision,
                Err(message) => {
                    faults.push(LineFault::new(line, message));
                    continue;
                }
            };
            let key = key_of_row(known.sets, cell(from_system), cell(from_code));
            if cell(from_code).contains('.') {
                map.with_dot.insert(key.clone());
            }
            let earlier = *lines.entry(key.clone()).or_insert(line);
            match map.rows.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(decision);
                }
                Entry::Occupied(entry) if !same(entry.get(), &decision) => {
                    let message = format!("the same code is decided otherwise on {place} {earlier}");
                    faults.push(LineFault::new(line, message));
                }
                Entry::Occupied(_) => {}
            }
        }
        map.add_restored(known.sets);
        if faults.is_empty() { Ok(map) } else { Err(faults) }
    }

    /// A spreadsheet that saves `0010` keeps 10: a decided code that is none of ICD-9-CM stands as well for the only code it can have been.
    fn add_restored(&mut self, sets: &CodeSets) {
        let system = CodeSystem::Icd9Cm;
        let mut restored = Vec::new();
        for ((from, code), decision) in self.rows.iter().filter(|((from, _), _)| from == system.name()) {
            let written = normalise(code.as_bytes());
            let known = KnownOfColumn { zeros_lost: true, ..KnownOfColumn::default() };
            let table = sets.table(system);
            // A row decides of codes that are billed: a category among the readings is not what it speaks of.
            let billed =
                |code: &PackedCode| table.find(code.text().as_bytes()).is_some_and(|id| table.was_ever_valid(id));
            let only = match readings(table, written.code.text().as_bytes(), known) {
                Readings::One(found) => Some(found.code),
                Readings::Several(codes) => {
                    let mut billed = codes.into_iter().filter(billed);
                    billed.next().filter(|_| billed.next().is_none())
                }
            };
            if let Some(only) = only.filter(|only| *only != written.code) {
                restored.push(((from.clone(), only.text().to_owned()), decision.clone()));
            }
        }
        for (key, decision) in restored {
            self.rows.entry(key).or_insert(decision);
        }
    }

    /// What was decided of a code.
    pub fn find(&self, from_system: &str, from_code: &str) -> Option<&Decision> {
        self.rows.get(&key(from_system, from_code))
    }

    /// What was decided of a text that can be several codes, by a row that has the text itself and not one of the codes with its dot.
    pub fn find_as_written(&self, from_system: &str, text: &str) -> Option<&Decision> {
        let key = key(from_system, text);
        self.rows.get(&key).filter(|_| !self.with_dot.contains(&key))
    }

    /// Whether any code of that system is decided.
    pub fn maps_from(&self, from_system: &str) -> bool {
        self.rows.keys().any(|(system, _)| system == from_system)
    }

    /// Number of decided codes.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Two decisions are the same where they assign the same codes, in whatever order.
fn same(left: &Decision, right: &Decision) -> bool {
    match (left, right) {
        (Decision::Codes { system, codes, .. }, Decision::Codes { system: other_system, codes: other_codes, .. }) => {
            let sorted = |codes: &[PackedCode]| {
                let mut codes = codes.to_vec();
                codes.sort_unstable();
                codes
            };
            system == other_system && sorted(codes) == sorted(other_codes)
        }
        (left, right) => left == right,
    }
}

/// Reads the choice of one row; the error says what is wrong with it.
fn decide(to_system: &str, to_code: &str, known: KnownCodes<'_>) -> Result<Decision, String> {
    if std::iter::once(NO_TARGET).chain(NO_TARGET_OF_MAPS).any(|word| to_code.eq_ignore_ascii_case(word)) {
        return Ok(Decision::NoTarget);
    }
    let system = CodeSystem::from_name(&to_system.to_lowercase())
        .ok_or_else(|| "to_system must be icd10cm, icd10pcs, icd9cm, icd9pcs or icd10".to_owned())?;
    let parts: Vec<&str> = to_code.split('+').map(str::trim).collect();
    let mut codes: Vec<PackedCode> = Vec::with_capacity(parts.len());
    for (at, part) in parts.iter().enumerate() {
        let subject = if parts.len() == 1 { "to_code".to_owned() } else { format!("code {} of to_code", at + 1) };
        let title = system.title();
        if part.is_empty() {
            return Err(format!("{subject} is blank"));
        }
        let code = normalise(part.as_bytes()).code;
        if code.is_empty() || !is_well_formed(system, code.text().as_bytes()) {
            return Err(format!("{subject} does not have the form of {title}"));
        }
        let table = known.sets.table(system);
        match table.find(code.text().as_bytes()) {
            Some(id) if table.was_ever_valid(id) => {}
            Some(_) => return Err(format!("{subject} is a category of {title}: more characters are required")),
            None if table.judge(code.text().as_bytes(), None).verdict == CodeVerdict::Valid => {}
            None if known.with_imported => {}
            None => return Err(format!("{subject} is no code of {title}")),
        }
        if codes.contains(&code) {
            return Err(format!("{subject} is there already"));
        }
        codes.push(code);
    }
    let text = codes.iter().map(PackedCode::text).collect::<Vec<_>>().join("+");
    Ok(Decision::Codes { system, codes, text })
}

/// A code of an ICD is the same with and without its dot; any other system's code is its text.
fn key(system: &str, code: &str) -> (String, String) {
    let code = match CodeSystem::from_name(system) {
        Some(_) => match normalise(code.as_bytes()).code {
            // Too long to be a code of the system: its own text tells it from the others.
            none if none.is_empty() => code.to_owned(),
            code => code.text().to_owned(),
        },
        None => code.to_owned(),
    };
    (system.to_owned(), code)
}

/// The key of a code in a row of a map: what is before its dot has its zeros, as everywhere (the page `code-readings`).
fn key_of_row(sets: &CodeSets, system: &str, code: &str) -> (String, String) {
    let read = CodeSystem::from_name(system)
        .map(|known| readings(sets.table(known), code.as_bytes(), KnownOfColumn::default()));
    match read {
        Some(Readings::One(one)) if one.restored => (system.to_owned(), one.code.text().to_owned()),
        _ => key(system, code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SiteMap, Vec<LineFault>> {
        SiteMap::read(text, KnownCodes { sets: &CodeSets::default(), with_imported: false })
    }

    fn target(map: &SiteMap, system: &str, code: &str) -> Option<String> {
        map.find(system, code).map(|decision| match decision {
            Decision::NoTarget => NO_TARGET.to_owned(),
            Decision::Codes { text, .. } => text.clone(),
        })
    }

    #[test]
    fn decided_rows_map_and_faults_name_their_line() {
        let map = read(
            "from_system,from_code,to_system,to_code,note\nsnomed,44054006,icd10cm,E11.9,\nsnomed,1,icd10cm,,later\n",
        )
        .expect("map");
        assert_eq!(target(&map, "snomed", "44054006").as_deref(), Some("E119"));
        assert_eq!((map.len(), map.undecided), (1, 1));
        let faults = read(
            "from_system,from_code,to_system,to_code\na,1,icd11,X\na,2,icd10cm,!!\na,3,icd10cm,I10\na,3,icd10cm,I11.9\na,,icd10cm,I10\na,4,icd10cm,E11\na,5,icd10cm,E9Z.9\na,6,icd10cm,I10+\na,7,icd10cm,I10+I10\n",
        )
        .expect_err("faults");
        let said: Vec<(u64, &str)> = faults.iter().map(|fault| (fault.line, fault.message.as_str())).collect();
        assert_eq!(
            said,
            [
                (2, "to_system must be icd10cm, icd10pcs, icd9cm, icd9pcs or icd10"),
                (3, "to_code does not have the form of ICD-10-CM"),
                (5, "the same code is decided otherwise on line 4"),
                (6, "from_code is blank"),
                (7, "to_code is a category of ICD-10-CM: more characters are required"),
                (8, "to_code does not have the form of ICD-10-CM"),
                (9, "code 2 of to_code is blank"),
                (10, "code 2 of to_code is there already"),
            ]
        );
        assert_eq!(read("code,target\n").expect_err("heading")[0].line, 1);
    }

    #[test]
    fn a_fault_is_on_its_line_as_a_spreadsheet_saves_it() {
        let rows = "icd9cm,0010,icd10cm,A000\n\nicd9cm,\"00\n11\",icd10cm,E11\nicd9cm,0019,icd10cm,?\n";
        for ends in ["\n", "\r\n"] {
            let text = format!("from_system,from_code,to_system,to_code\n{rows}").replace('\n', ends);
            let lines: Vec<u64> = read(&text).expect_err("faults").iter().map(|fault| fault.line).collect();
            assert_eq!(lines, [4, 6], "{ends:?}");
        }
    }

    #[test]
    fn several_codes_are_a_cluster_and_none_is_a_decision() {
        let map = read(
            "from_system;from_code;to_system;to_code\nicd9cm;80602;icd10cm;s12.000a + S14.131A\nicd9cm;80602;icd10cm;S14131A+S12000A\nicd9cm;V7101;;none\nicd9cm;E9331;icd10cm;NoDx\nicd9pcs;0001;icd10pcs;NoPCS\n",
        )
        .expect("semicolons, and the same cluster twice");
        assert_eq!(target(&map, "icd9cm", "806.02").as_deref(), Some("S12000A+S14131A"));
        for (system, code) in [("icd9cm", "V71.01"), ("icd9cm", "E933.1"), ("icd9pcs", "00.01")] {
            assert_eq!(target(&map, system, code).as_deref(), Some("none"), "{code}");
        }
        let other = "from_system,from_code,to_system,to_code\nicd9cm,4019,icd10cm,I10\nicd9cm,401.9,icd10cm,none\n";
        assert_eq!(read(other).expect_err("contradiction")[0].line, 3);
    }

    #[test]
    fn a_code_beyond_the_sets_is_taken_by_its_form_where_releases_were_imported() {
        let text = "from_system,from_code,to_system,to_code\na,1,icd10cm,E11.9Z\n";
        assert_eq!(read(text).expect_err("unknown")[0].message, "to_code is no code of ICD-10-CM");
        let sets = CodeSets::default();
        assert!(SiteMap::read(text, KnownCodes { sets: &sets, with_imported: true }).is_ok());
    }

    #[test]
    fn zeros_that_a_spreadsheet_took_from_the_source_are_given_back_where_there_is_one_reading() {
        let map = read("from_system,from_code,to_system,to_code\nicd9cm,10,icd10cm,A00.0\nicd9cm,845,icd10cm,B52.9\n")
            .expect("map");
        assert_eq!(target(&map, "icd9cm", "0010").as_deref(), Some("A000"));
        assert_eq!(target(&map, "icd9cm", "10").as_deref(), Some("A000"), "as written too");
        assert_eq!(target(&map, "icd9cm", "0845"), None, "845 is 084.5 or 008.45");
        assert_eq!(target(&map, "icd9cm", "00845"), None);
    }

    #[test]
    fn a_shipped_system_s_code_is_found_with_and_without_its_dot() {
        let map = read("from_system,from_code,to_system,to_code\nicd9cm,250.00,icd10cm,E11.9\nlocal,a.1,icd10cm,I10\n")
            .expect("map");
        assert!(map.find("icd9cm", "25000").is_some());
        assert!(map.find("icd9cm", "250.00").is_some());
        assert!(map.find("local", "a.1").is_some());
        assert!(map.find("local", "A1").is_none(), "another system's codes are taken as they are");
    }
}
