//! A site's own map of codes, made by its coders: `from_system,from_code,to_system,to_code,note`.

use std::collections::BTreeMap;

use crate::{partition::encounter::PackedCode, record::code::CodeSystem};

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
            let Ok(record) = record else {
                faults.push(SiteMapFault {
                    line: 0,
                    message: "a row cannot be read as comma-separated values".to_owned(),
                });
                continue;
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
            let target = crate::codeset::normalise::normalise(cell(to_code).as_bytes()).code;
            if target.is_empty() || !crate::codeset::normalise::is_well_formed(system, target.text().as_bytes()) {
                faults.push(SiteMapFault {
                    line,
                    message: format!("to_code does not have the form of {}", system.title()),
                });
                continue;
            }
            let key = (cell(from_system).to_owned(), cell(from_code).to_owned());
            let known = map.rows.insert(key, (system, target));
            if known.is_some_and(|known| known != (system, target)) {
                faults.push(SiteMapFault { line, message: "the same code is mapped to two targets".to_owned() });
            }
        }
        if faults.is_empty() { Ok(map) } else { Err(faults) }
    }

    /// The target of a code.
    pub fn find(&self, from_system: &str, from_code: &str) -> Option<(CodeSystem, PackedCode)> {
        self.rows.get(&(from_system.to_owned(), from_code.to_owned())).copied()
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
        let faults = SiteMap::read("from_system,from_code,to_system,to_code\na,1,icd11,X\na,2,icd10cm,!!\n")
            .expect_err("faults");
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [2, 3]);
    }
}
