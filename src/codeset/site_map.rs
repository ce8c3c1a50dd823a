//! A site's own map of codes, made by its coders: `from_system,from_code,to_system,to_code,note`.

use std::collections::BTreeMap;

use crate::{
    codeset::normalise::{is_well_formed, normalise},
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};

/// A site map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteMap {
    rows: BTreeMap<(String, String), (CodeSystem, PackedCode)>,
    /// Rows whose target is blank: not yet decided.
    pub undecided: usize,
}

/// A fault in a site map, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteMapFault {
    /// 1-based line.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl SiteMap {
    /// Reads a site map. Rows with a blank target are counted as undecided.
    ///
    /// # Errors
    /// Every fault, with its line.
    pub fn read(text: &str) -> Result<SiteMap, Vec<SiteMapFault>> {
        let mut map = SiteMap::default();
        let mut faults = Vec::new();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let head: Vec<String> = reader
            .headers()
            .map(|head| head.iter().map(|name| name.trim().to_lowercase()).collect())
            .unwrap_or_default();
        let column = |name: &str| head.iter().position(|column| column == name);
        let (Some(from_system), Some(from_code), Some(to_system), Some(to_code)) =
            (column("from_system"), column("from_code"), column("to_system"), column("to_code"))
        else {
            let message = "the heading must have the columns from_system, from_code, to_system and to_code".to_owned();
            return Err(vec![SiteMapFault { line: 1, message }]);
        };
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(fault) => {
                    let line = fault.position().map_or(0, csv::Position::line);
                    let message = "a row cannot be read as comma-separated values".to_owned();
                    faults.push(SiteMapFault { line, message });
                    continue;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |at: usize| record.get(at).unwrap_or("").trim();
            if cell(to_code).is_empty() {
                map.undecided += 1;
                continue;
            }
            let Some(system) = CodeSystem::from_name(cell(to_system)) else {
                faults.push(SiteMapFault {
                    line,
                    message: "to_system must be icd10cm, icd10pcs, icd9cm or icd9pcs".to_owned(),
                });
                continue;
            };
            let target = normalise(cell(to_code).as_bytes()).code;
            if target.is_empty() || !is_well_formed(system, target.text().as_bytes()) {
                faults.push(SiteMapFault {
                    line,
                    message: format!("to_code does not have the form of {}", system.title()),
                });
                continue;
            }
            if cell(from_code).is_empty() {
                faults.push(SiteMapFault { line, message: "from_code is blank".to_owned() });
                continue;
            }
            let known = map.rows.insert(key(cell(from_system), cell(from_code)), (system, target));
            if known.is_some_and(|known| known != (system, target)) {
                faults.push(SiteMapFault { line, message: "the same code is mapped to two targets".to_owned() });
            }
        }
        if faults.is_empty() { Ok(map) } else { Err(faults) }
    }

    /// The target of a code.
    pub fn find(&self, from_system: &str, from_code: &str) -> Option<(CodeSystem, PackedCode)> {
        self.rows.get(&key(from_system, from_code)).copied()
    }

    /// Whether any code of that system is decided.
    pub fn maps_from(&self, from_system: &str) -> bool {
        self.rows.keys().any(|(system, _)| system == from_system)
    }

    /// Number of decided rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is decided.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A code of a system that ships is the same with and without its dot; any other system's code is its text.
fn key(system: &str, code: &str) -> (String, String) {
    let code = match CodeSystem::from_name(system) {
        Some(_) => normalise(code.as_bytes()).code.text().to_owned(),
        None => code.to_owned(),
    };
    (system.to_owned(), code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decided_rows_map_and_faults_name_their_line() {
        let map = SiteMap::read(
            "from_system,from_code,to_system,to_code,note\nsnomed,44054006,icd10cm,E11.9,\nsnomed,1,icd10cm,,later\n",
        )
        .expect("map");
        assert_eq!(map.find("snomed", "44054006").map(|(_, code)| code.text().to_owned()).as_deref(), Some("E119"));
        assert_eq!((map.len(), map.undecided), (1, 1));
        let faults = SiteMap::read(
            "from_system,from_code,to_system,to_code\na,1,icd11,X\na,2,icd10cm,!!\na,3,icd10cm,I10\na,3,icd10cm,I11.9\na,,icd10cm,I10\n",
        )
        .expect_err("faults");
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3, 5, 6]);
        assert_eq!(SiteMap::read("code,target\n").expect_err("heading")[0].line, 1);
    }

    #[test]
    fn a_shipped_system_s_code_is_found_with_and_without_its_dot() {
        let map = SiteMap::read(
            "from_system,from_code,to_system,to_code\nicd9cm,250.00,icd10cm,E11.9\nlocal,a.1,icd10cm,I10\n",
        )
        .expect("map");
        assert!(map.find("icd9cm", "25000").is_some());
        assert!(map.find("icd9cm", "250.00").is_some());
        assert!(map.find("local", "a.1").is_some());
        assert!(map.find("local", "A1").is_none(), "another system's codes are taken as they are");
    }
}
