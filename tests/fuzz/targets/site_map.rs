//! A site's own map of codes.

use std::sync::OnceLock;

use chartroom::codeset::{
    sets::CodeSets,
    site_map::{KnownCodes, SiteMap},
};

pub fn seeds() -> Vec<Vec<u8>> {
    [
        "from_system,from_code,to_system,to_code,note\nicd9cm,25000,icd10cm,E11.9,\nicd9cm,250.01,icd10cm,E10.9+I10,two\nsnomed,44054006,icd10cm,none,\nlocal,A,icd10cm,,later\n",
        "\u{feff}from_code;from_system;to_code;to_system\n\"25000\";icd9cm;E11.9;icd10cm\n25000;icd9cm;I10;icd10cm\n",
        "from_system\tfrom_code\tto_system\tto_code\nicd9pcs\t0040\ticd10pcs\t0DTJ4ZZ\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// Every fault has a line of the text; a map has no more decisions than the text has rows.
pub fn run(bytes: &[u8]) {
    static SETS: OnceLock<CodeSets> = OnceLock::new();
    let text = String::from_utf8_lossy(bytes);
    let known = KnownCodes { sets: SETS.get_or_init(CodeSets::default), with_imported: bytes.len().is_multiple_of(2) };
    let lines = text.split(['\n', '\r']).count() as u64;
    match SiteMap::read(&text, known) {
        Ok(map) => assert!((map.len() + map.undecided) as u64 <= lines),
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                assert!(
                    !fault.message.is_empty() && (1..=lines.max(1)).contains(&fault.line),
                    "{fault:?} of {lines} lines"
                );
            }
        }
    }
}
