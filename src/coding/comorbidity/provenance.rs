//! Where the comorbidity tables come from, for the run sheet.

use sha2::{Digest as _, Sha256};

use crate::{
    codeset::{provenance::Provenance, sets::unpacked},
    fs::hexadecimal,
};

/// The shipped tables as they lie in the program: name and bytes.
const TABLES: [(&str, &[u8]); 4] = [
    ("charlson", include_bytes!("tables/charlson.tsv")),
    ("elixhauser", include_bytes!("tables/elixhauser.tsv")),
    ("refined_measures", include_bytes!("tables/refined_measures.tsv")),
    ("refined_codes", include_bytes!("tables/refined_codes.tsv.zst")),
];

/// First and last day of a shipped comorbidity table, `YYYY-MM-DD`: AHRQ's are of a fiscal year; Quan's lists have no days.
pub fn days_of(name: &str) -> (&'static str, &'static str) {
    if name.starts_with("refined") { ("2025-10-01", "2026-09-30") } else { ("", "") }
}

/// Rows of a shipped comorbidity table; 0 where there is none of the name.
pub fn rows_of(name: &str) -> usize {
    let bytes = TABLES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, bytes)| bytes);
    let text = if name == "refined_codes" { unpacked(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
    text.lines().count()
}

/// Provenance of every shipped comorbidity table.
pub fn provenance() -> Vec<Provenance> {
    const QUAN: &str =
        "PyPI comorbidipy 0.5.0 (Quan 2005), the Quan 2011 weight of AIDS/HIV PyPI pycomorb 1.20261001.1; no dates";
    const REFINED: &str = "PyPI elixhauser-ahrq 2026.1.3 (AHRQ CMR v2026.1); of fiscal year 2026, and of earlier ones for which no version was imported";
    TABLES
        .into_iter()
        .map(|(name, bytes)| (name, if name.starts_with("refined") { REFINED } else { QUAN }, bytes))
        .map(|(name, release, bytes)| Provenance { name, release, sha256: hexadecimal(&Sha256::digest(bytes)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_of_the_tables_gives_their_digests() {
        let readme = include_str!("tables/README.md");
        for table in provenance() {
            let row = readme.lines().find(|line| line.starts_with(&format!("| `{}.tsv", table.name)));
            assert!(row.is_some_and(|row| row.contains(&table.sha256)), "{}", table.name);
        }
    }
}
